//! The verbs of persons: hearing of somebody, judging pairs, opening a person, finding one.

mod dropper_list;
mod droppers;
mod finding;
mod gathering;
mod hearing;
mod judging;
mod learning;
mod reading;
mod review;
mod screening;
mod weighing;

pub use dropper_list::{DropperRow, droppers};
pub use droppers::{Matter, OpenDropper, Step, droppers_of, signal, take};
pub use finding::{Found, Query, find};
pub use hearing::{MAX_FIELD, by_hand, hear, may_judge, on_report_event, part};
pub use judging::{Judged, judge, part_again, undo};
pub use learning::{current, keep_learning, learn};
pub use reading::{Ground, Joint, Listed, Listing, Opened, is_minor, list, mask, offered, open, open_record};
pub use review::{Look, Side, next, one, waiting};
pub use screening::{Hit, screen};

/// Field under which what a record tells is sealed.
const TOLD: &str = "person.told";
/// Field under which a reason is sealed.
const REASON: &str = "person.reason";
