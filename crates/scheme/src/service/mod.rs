//! The verbs of the slice: hearing reports, sorting schemes, seeing one, and what people decide about it.

mod acting;
mod beside;
mod hearing;
mod joining;
mod learning;
mod listing;
mod money;
mod opening;
mod sorting;
mod telling;
mod undoing;
mod watching;

pub use acting::{Decided, join_in, part_off, rule, say_kind, take_out};
pub use beside::{Tag, Why, advised, cover, for_case, tags, why};
pub use hearing::{hear, on_news};
pub use learning::learn;
pub use listing::{Listed, list, watch};
pub use money::{Money, money};
pub use opening::{Asked, Named, Opened, Page, REPORTS, Shared, may_sort, no, open};
pub use sorting::sort;
pub use telling::{Deed, Tie};
pub use undoing::{seen, undo};
pub use watching::look;

/// The field under which the reason of a decision is sealed.
const REASON: &str = "scheme.reason";
