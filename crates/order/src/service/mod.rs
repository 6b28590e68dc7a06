//! One function per verb of the office. Drafting, sending, answers, ends and clocks each in a file of
//! its own.

mod addressed;
mod answering;
pub(crate) mod clearances;
mod clocks;
mod corrections;
mod dispatch;
mod drafting;
mod ending;
pub(crate) mod extending;
mod hands;
mod holders;
mod iso;
mod leading;
mod listing;
pub(crate) mod notices;
mod owning;
pub(crate) mod posting;
mod recording;
mod returns;
mod sanction;
mod sending;
mod suppress;
mod views;

pub use addressed::{
    Addressed, Handed, Owed, PAGE, addressed, addressed_past, answer_at_console, answer_at_console_in,
    handed, handed_waiting, scores,
};
pub use answering::{Outcome, answer, answer_in};
pub use clearances::on_cleared;
pub use clocks::{Ticked, tick};
pub use corrections::{Reach, corrections, reach, restore_in};
pub use dispatch::{
    Paper, ToCarry, answer_in_file, carried, dropped, files_to_drop, hand_over, paper, to_carry,
};
pub use drafting::{Drafted, draft_in, lower_draft_in};
pub use ending::{REASON, cancel, correct, correct_in, on_expunged, on_withdrawn, release};
pub use extending::{Ground, Grounds, draft_extension, grounds};
pub use hands::{Capacity, Hand, InSteadOf, capacities, hands};
pub use holders::{Holders, holders_in, holders_of};
pub use iso::answer_iso;
pub use leading::{ask_other_bank_in, on_answered, on_report_event};
pub use listing::{Dropper, Given, delist, given, list};
pub use notices::{notice_by_code, notices_of};
pub use recording::{Told, record_answer, recordable};
pub use returns::{Claim, Claims, claims, draft_returns, returns_out_of};
pub use sanction::{Decided, decide_sanction, is_signed, sanctions};
pub use sending::{approve_and_send, approve_and_send_many, signing};
pub use suppress::{Offer, Offers, Standing, Suppressed, Terms, Words, offers, suppress};
pub use views::{
    Board, OrderView, board, codes_of_report_in, details_in, drafts, explain, facts_in, objects_of_report_in,
    of_report, of_report_in, of_reports_in, open, open_object_in, to_look_at_in,
};
