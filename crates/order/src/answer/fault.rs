//! What is wrong with an answer.

use kernel::Money;
use profile::Measure;

use super::MAX_LINES;
use super::holder::{HolderFault, MAX_HOLDERS};

/// What is wrong with an answer, with the JSON pointer of the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// The whole has a wrong shape.
    #[error("`type` must be `answer.v1`")]
    Type,
    /// `answer_id` is not 1 to 64 letters, digits or `-_.`.
    #[error("`answer_id` must be 1 to 64 letters, digits, `-`, `_` or `.`")]
    AnswerId,
    /// No line, or too many.
    #[error("an answer has 1 to {MAX_LINES} lines")]
    Lines,
    /// The object is left out although the answer is about money.
    #[error("`object_id` may be left out only where every line is `A00`")]
    ObjectMissing,
    /// A field of a line is missing.
    #[error("line {line}: code `{code}` must add `{field}`")]
    Missing {
        /// Which line, from 0.
        line: usize,
        /// Its code.
        code: String,
        /// What is missing.
        field: &'static str,
    },
    /// A field of a line cannot be read.
    #[error("line {line}: `{field}` cannot be read")]
    Unreadable {
        /// Which line, from 0.
        line: usize,
        /// Which field.
        field: &'static str,
    },
    /// A text is longer than is kept: nothing of it would be cut off unseen.
    #[error("line {line}: `{field}` has more than {most} characters")]
    Long {
        /// Which line, from 0.
        line: usize,
        /// Which field.
        field: &'static str,
        /// How many characters it may have.
        most: usize,
    },
    /// A field says what an answer of this code does not.
    #[error("line {line}: code `{code}` takes no `{field}`")]
    Stray {
        /// Which line, from 0.
        line: usize,
        /// Its code.
        code: String,
        /// Which field.
        field: &'static str,
    },
    /// More holders than a line takes.
    #[error("line {line}: more than {MAX_HOLDERS} holders")]
    Holders {
        /// Which line, from 0.
        line: usize,
    },
    /// Something of a holder is wrong.
    #[error("line {line}, holder {no}: `{field}` {why}")]
    Holder {
        /// Which line, from 0.
        line: usize,
        /// Which holder of it, from 0.
        no: usize,
        /// Which field, with the place in it where it is a list: `phones/1`.
        field: String,
        /// What is wrong with it.
        why: HolderFault,
    },
    /// Data of a class that the order does not ask for: what was not asked for is not taken.
    #[error("line {line}: the order does not ask for it")]
    NotAsked {
        /// Which line, from 0.
        line: usize,
        /// Which holder of it, from 0, where the devices are meant and not all of it.
        devices_of: Option<usize>,
    },
    /// A time lies in the future.
    #[error("line {line}: `at` lies in the future")]
    Future {
        /// Which line, from 0.
        line: usize,
    },
    /// More would be held than was asked.
    #[error("{held} would be held where at most {cap} was asked")]
    TooMuchHeld {
        /// What the answer says.
        held: Money,
        /// What was asked.
        cap: Money,
    },
    /// The code says nothing about such a measure.
    #[error("line {line}: code `{code}` does not answer the measure `{measure}`")]
    Unfit {
        /// Which line, from 0.
        line: usize,
        /// Its code.
        code: String,
        /// What was ordered.
        measure: Measure,
    },
    /// What is held, held already and moved on comes to more than was asked about.
    #[error("{told} is told of where {cap} was asked about")]
    TooMuchTold {
        /// What the lines come to.
        told: Money,
        /// What was asked about.
        cap: Money,
    },
    /// Nothing is there, and something of it is held or left.
    #[error("one answer says that nothing is there and that something of it is held or left")]
    Contradictory,
    /// `H10` with another sum than the cap.
    #[error("`H10` says all is held, but its amount is not the sum asked")]
    NotAll,
}

impl AnswerFault {
    /// JSON pointer of the field at fault (RFC 6901).
    #[must_use]
    pub fn pointer(&self) -> String {
        match self {
            Self::Type => "/type".into(),
            Self::AnswerId => "/answer_id".into(),
            Self::Lines
            | Self::TooMuchHeld { .. }
            | Self::TooMuchTold { .. }
            | Self::Contradictory
            | Self::NotAll => "/lines".into(),
            Self::ObjectMissing => "/object_id".into(),
            Self::Missing { line, field, .. }
            | Self::Unreadable { line, field }
            | Self::Long { line, field, .. }
            | Self::Stray { line, field, .. } => {
                format!("/lines/{line}/{field}")
            }
            Self::Holders { line } | Self::NotAsked { line, devices_of: None } => {
                format!("/lines/{line}/holders")
            }
            Self::NotAsked { line, devices_of: Some(no) } => format!("/lines/{line}/holders/{no}/devices"),
            Self::Holder { line, no, field, .. } => format!("/lines/{line}/holders/{no}/{field}"),
            Self::Future { line } => format!("/lines/{line}/at"),
            Self::Unfit { line, .. } => format!("/lines/{line}/code"),
        }
    }
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Type => "answer.type",
            Self::AnswerId => "answer.id",
            Self::Lines => "answer.lines",
            Self::ObjectMissing => "answer.object_missing",
            Self::Missing { .. } => "answer.field_missing",
            Self::Unreadable { .. } => "answer.field_unreadable",
            Self::Long { .. } => "answer.too_long",
            Self::Stray { .. } => "answer.stray_field",
            Self::Holders { .. } => "answer.holders",
            Self::Holder { why, .. } => why.code(),
            Self::NotAsked { .. } => "answer.not_asked",
            Self::Future { .. } => "answer.in_future",
            Self::TooMuchHeld { .. } => "answer.too_much_held",
            Self::TooMuchTold { .. } => "answer.too_much_told",
            Self::Contradictory => "answer.contradictory",
            Self::NotAll => "answer.not_all",
            Self::Unfit { .. } => "answer.unfit",
        }
    }
}
