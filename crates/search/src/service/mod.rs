//! The verbs of the slice: keeping the index like what is, and searching.

mod asking;
mod following;
mod reading;
mod searching;

pub(crate) use asking::words;
pub use asking::{Asked, KEPT_DAYS, forget_questions, seal, unseal};
pub use following::{Progress, follow, go_through, sweep};
pub use searching::{PAGE, PAGES, may_search, search};
