//! The verbs of persons: hearing of somebody, judging pairs, opening a person, finding one.

mod bringing;
mod correcting;
mod dropper_list;
mod droppers;
mod finding;
mod forgetting;
mod gathering;
mod hearing;
mod holding;
mod judging;
mod keeping;
mod learning;
mod reading;
mod review;
mod screening;
mod sorting;
mod weighing;

pub use bringing::{ListPage, NewList, bring, lists, open_list, start_list, undo_list, work};
pub use correcting::{
    RecordPage, Version, correct, correct_over, put_record_back, record_page, stands, take_record_back,
};
pub use dropper_list::{DropperNarrow, DropperPlace, DropperRow, Droppers, droppers, tell_due};
pub use droppers::{EarlierTold, Matter, OpenDropper, Step, droppers_of, signal, take};
pub use finding::{Answer, Found, Query, SAME, find};
pub use hearing::{MAX_FIELD, by_hand, hear, may_judge, on_report_event, part};
pub use holding::{holders_of, on_answered};
pub use judging::{Judged, judge, part_again, undo};
pub use keeping::{keep, round};
pub use learning::{AllWeights, Effect, Weights, choose, current, keep_learning, learn, weights};
pub use reading::{
    Ground, Joint, Listed, Listing, Narrow, Opened, Place, by_number, is_minor, list, mask, offered, open,
    open_record,
};
pub use review::{Look, Side, next, one, waiting};
pub use screening::{Hit, Near, NearBy, Screened, near, screen};
pub use sorting::{Plan, carry_out, plan_sorting, sort_marked};
pub use weighing::key_anew;

/// Field under which what a record tells is sealed.
const TOLD: &str = "person.told";
/// Field under which a reason is sealed.
const REASON: &str = "person.reason";
