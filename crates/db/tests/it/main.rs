//! Tests of the database face, each on both engines. One target, so that it is linked once.

#[cfg(test)]
#[path = "../../../testkit/src/engines.rs"]
mod engines;

#[cfg(test)]
mod check;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod feed;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod lexer;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod rot;
#[cfg(test)]
mod support;
#[cfg(test)]
mod values;
#[cfg(test)]
mod writes;
