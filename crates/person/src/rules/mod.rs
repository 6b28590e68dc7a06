//! What two records are for one another, and who is whose. Pure.

pub mod dropper;
mod gathering;
pub mod holding;
mod line;
pub mod list;
mod second;

pub use gathering::{Bond, Said, gather};
pub use line::{LOOK, Place, SURE, Strength, odds, place, place_of, strength};
pub use second::{Outcome, weigh_words};
