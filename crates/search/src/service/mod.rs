//! The verbs of the slice: keeping the index like what is, and searching.

mod asking;
mod following;
mod searching;

pub use asking::{seal, unseal};
pub use following::{Progress, follow, go_through, sweep};
pub use searching::{PAGE, PAGES, may_search, search};
