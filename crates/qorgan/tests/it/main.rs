//! The slices put together as the program puts them together.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on says where")]

mod acceptance;
mod attacks;
mod browser;
mod checks;
mod console;
mod country;
mod ends;
mod examples;
mod fairness;
mod gone;
mod hands;
mod iso;
mod kinds;
mod nodes;
mod objection_pages;
mod objections;
mod real;
mod record;
mod schema;
mod story;
mod talk;
mod user;
