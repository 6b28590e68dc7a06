//! What a time away is.

use kernel::{Personal, Timestamp};
use uuid::Uuid;

use crate::model::{Kind, Resource};

kernel::id_kind!(
    /// A time in which somebody is away.
    AbsenceKind,
    AbsenceId,
    "abs"
);

/// Why somebody is away. Kept sealed and shown to the person, the head and the administrator alone: it may be about
/// health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Leave.
    Leave,
    /// Illness.
    Sick,
    /// A business trip.
    Travel,
    /// The shift is over; another goes on.
    ShiftOver,
}

impl Why {
    /// All of them, in the order of forms.
    pub const ALL: [Self; 4] = [Self::Leave, Self::Sick, Self::Travel, Self::ShiftOver];
    /// As written in forms and columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Sick => "sick",
            Self::Travel => "travel",
            Self::ShiftOver => "shift_over",
        }
    }
    /// Reads [`Why::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.as_str() == text)
    }
}

/// A time away as somebody says it. Times are office time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAbsence {
    /// From the form: the same form sent twice is one absence.
    pub id: AbsenceId,
    /// Whose account.
    pub account: Uuid,
    /// First moment.
    pub from: Timestamp,
    /// First moment of being back.
    pub till: Timestamp,
    /// Why.
    pub why: Why,
}

/// A time away. Times are office time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// Whose account.
    pub account: Uuid,
    /// The organisation of that account.
    pub organisation: String,
    /// Its unit.
    pub unit: String,
    /// Who said it, as [`kernel::Actor::label`].
    pub said_by: String,
    /// First moment.
    pub from: Timestamp,
    /// First moment of being back, as said.
    pub till: Timestamp,
    /// Why; `None` where it is not to be shown, or the key is gone.
    pub why: Option<Personal<String>>,
    /// When and by whom it was ended before its time.
    pub ended: Option<(Timestamp, String)>,
}

impl Absence {
    /// Whether the person is away at `now`.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && self.is_open(now)
    }
    /// Whether it goes on or is still to come.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.till
    }
    /// The facts that the access rules decide by.
    #[must_use]
    pub fn resource(&self) -> Resource {
        resource_of(self.id.uuid(), self.account, &self.organisation, &self.unit)
    }
}

/// Being away of somebody, as a thing of the rules.
pub(crate) fn resource_of(id: Uuid, account: Uuid, organisation: &str, unit: &str) -> Resource {
    Resource {
        unit: unit.to_owned(),
        author: format!("staff:{account}"),
        ..Resource::bare(Kind::Absence, id, organisation)
    }
}
