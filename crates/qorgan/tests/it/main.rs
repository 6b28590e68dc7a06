//! The slices put together as the program puts them together.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on says where")]

mod absence;
mod acceptance;
mod attacks;
mod browser;
mod checks;
mod console;
mod country;
mod demonstration;
mod ends;
mod examples;
mod fairness;
mod going_on;
mod gone;
mod hands;
mod iso;
mod kinds;
mod listing;
mod longer;
mod nodes;
mod objection_pages;
mod objections;
mod paper;
mod payers;
mod prevented;
mod real;
mod record;
mod registers;
mod registry;
mod schema;
mod story;
mod talk;
mod told;
mod trial;
mod user;
