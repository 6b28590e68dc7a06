//! The desk's pages in process, over a report whose order waits for a person, on each engine.
#![expect(clippy::unwrap_used, reason = "tests")]

mod file;
#[cfg(test)]
mod files;
mod pages;
mod place;
mod queue;
