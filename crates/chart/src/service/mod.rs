//! The verbs: opening a chart, saying why a tie is there, keeping a view, taking a chart out.

mod asked;
mod collecting;
mod opening;
mod taking;
mod views;

pub(crate) use asked::day_of;
pub use asked::{Asked, Form};
pub use opening::{Opened, Way, Why, open, place, why};
pub use taking::{Taken, took};
pub use views::{Kept, keep, remove, restore, saved, views};

/// Field under which the name of a view is sealed.
const NAME: &str = "chart.name";

/// Things that a chart begins with at most.
const MOST_STARTS: usize = 20;
/// Things that are opened at most.
const MOST_OPEN: usize = 200;
