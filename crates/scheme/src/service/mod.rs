//! The verbs of the slice: hearing reports, sorting schemes, seeing one, and what people decide about it.

mod acting;
mod hearing;
mod joining;
mod learning;
mod opening;
mod sorting;
mod watching;

pub use acting::{Decided, join_in, part_off, rule, say_kind, seen, take_out, undo};
pub use hearing::{hear, on_news};
pub use learning::learn;
pub use opening::{
    Asked, Listed, Named, Opened, Page, REPORTS, Shared, Tag, Why, cover, list, may_sort, no, open, paying,
    tags, watch, why,
};
pub use sorting::sort;
pub use watching::look;

/// The field under which the reason of a decision is sealed.
const REASON: &str = "scheme.reason";
