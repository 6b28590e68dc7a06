//! The verbs of the registry: hearing reports, asking, and the acts of people about an entry.

mod acting;
mod asked;
mod asking;
pub mod batch;
mod became;
mod checking;
pub mod cleared;
pub mod crowd;
pub mod export;
mod figures;
pub mod filters;
mod hearing;
mod lapsing;
mod leads;
pub mod objecting;
pub mod private;
mod seen;

pub use acting::{Signed, clear, confirm, list, object, stand};
pub use asked::{Asked, may_audit, report_of, who_asked};
pub use asking::{
    Found, Ground, Opened, Seen, entry, find, is_cleared, is_spared, latest, options, read, status_of,
    to_look_at,
};
pub use became::{Became, Taken, became};
pub use checking::{Answer, MOST_ITEMS, Question, Shown, Told, check, check_live, check_public, is_cut};
pub use figures::{FIGURE_DAYS, Figures, count_payments, figures};
pub use hearing::{entry_id, on_report_event, part};
pub use lapsing::lapse;
pub use seen::seen;

/// Field under which a reason is sealed.
const REASON: &str = "registry.reason";
/// Field under which what an objector said is sealed.
const OBJECTION: &str = "registry.objection";
