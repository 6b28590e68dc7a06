//! The verbs: opening a chart, saying why a tie is there, keeping a view, taking a chart out.

mod asked;
mod collecting;
mod days;
mod erasing;
mod opening;
mod searching;
mod taking;
mod views;

pub use asked::{Asked, Form};
pub(crate) use days::{begins, day_of};
pub use erasing::{forget, on_expunged, sweep};
pub use opening::{Opened, Way, Why, open, place, why};
pub use taking::{Taken, format, took};
pub use views::{Kept, Listed, keep, remove, restore, saved, views};

/// Field under which the name of a view is sealed.
const NAME: &str = "chart.name";

/// Charts of which somebody's places are kept at most.
const MOST_PLACED: i64 = 200;
/// Things that a chart begins with at most.
const MOST_STARTS: usize = 20;
/// Things that are opened at most.
const MOST_OPEN: usize = 200;
