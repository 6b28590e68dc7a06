//! One test target: stories with known answers, generated stories, properties, time.
#![cfg(test)]

mod generated;
mod gold;
mod hostile;
mod judged;
mod make;
mod phrases;
mod properties;
mod store;
mod texts;
mod writings;
