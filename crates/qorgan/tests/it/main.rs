//! The slices put together as the program puts them together.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on says where")]

mod absence;
mod acceptance;
mod attacks;
mod bearer;
mod browser;
mod chart;
mod checks;
mod clearances;
mod console;
mod country;
mod crowd;
mod demonstration;
mod ends;
mod erased;
mod examples;
mod fairness;
mod going_on;
mod gone;
mod hands;
mod holders;
mod iso;
mod kinds;
mod listing;
mod lists;
mod live;
mod longer;
mod mine;
mod nodes;
mod objection_pages;
mod objections;
mod paper;
mod payers;
mod persons;
mod persons_again;
mod persons_beside;
mod persons_rights;
#[cfg(test)]
mod persons_words;
mod prevented;
mod private;
mod real;
mod record;
mod registers;
mod registry;
mod schema;
mod schemes;
#[cfg(test)]
mod schemes_large;
mod search;
mod story;
mod talk;
mod told;
mod trial;
mod two_nodes;
mod user;
