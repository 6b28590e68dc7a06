//! What the queue shows.

use kernel::{Lang, Marking, Money, Timestamp};
use report::{Harm, ReportId};
use uuid::Uuid;

/// Why a row is in the queue, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// A partner is late.
    Late,
    /// Orders wait for a person.
    Drafts,
    /// A payment led to no order: somebody must find out whom to ask.
    NoOrder,
    /// The fraudsters are still in touch and nobody has looked.
    Ongoing,
    /// A partner asks or refuses.
    Question,
    /// No bank finds the payment: something told is wrong, or another bank must be asked.
    NotFound,
    /// The reporter wrote, and nobody has answered.
    Message,
    /// New, everything went out by itself.
    New,
    /// Orders are out and in time.
    Waiting,
    /// Nothing is due.
    Quiet,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Late,
        Self::Drafts,
        Self::NoOrder,
        Self::Ongoing,
        Self::Question,
        Self::NotFound,
        Self::Message,
        Self::New,
        Self::Waiting,
        Self::Quiet,
    ];
    /// As in columns and keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Drafts => "drafts",
            Self::NoOrder => "no_order",
            Self::Ongoing => "ongoing",
            Self::Question => "question",
            Self::NotFound => "not_found",
            Self::Message => "message",
            Self::New => "new",
            Self::Waiting => "waiting",
            Self::Quiet => "quiet",
        }
    }
    /// Reads [`Why::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|w| w.as_str() == text).unwrap_or(Self::Quiet)
    }
    /// Whether a person must act.
    #[must_use]
    pub const fn needs_person(self) -> bool {
        matches!(
            self,
            Self::Late
                | Self::Drafts
                | Self::NoOrder
                | Self::Ongoing
                | Self::Question
                | Self::NotFound
                | Self::Message
        )
    }
}

/// One row of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// The report.
    pub report: ReportId,
    /// Organisation it belongs to.
    pub organisation: String,
    /// Unit it belongs to.
    pub unit: String,
    /// Who may see it.
    pub marking: Marking,
    /// Public number.
    pub number: String,
    /// When it came.
    pub created_at: Timestamp,
    /// Language it was told in.
    pub lang: Lang,
    /// What harm was done.
    pub harm: Harm,
    /// Whether the fraudsters are still in touch.
    pub ongoing: bool,
    /// What was lost.
    pub loss: Money,
    /// What is held now.
    pub held: Money,
    /// What has been asked for and not yet answered: it can still be reached.
    pub reachable: Money,
    /// The longest path so far.
    pub hops: i64,
    /// Orders that wait for a person.
    pub drafts: i64,
    /// Why it is here.
    pub why: Why,
    /// The next moment at which somebody must act.
    pub due: Option<Timestamp>,
    /// Who works on it.
    pub owner: Option<Uuid>,
    /// That person's name.
    pub owner_name: String,
    /// May wait until then.
    pub snoozed_until: Option<Timestamp>,
    /// Why it may wait.
    pub snooze_reason: String,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When the reporter wrote what nobody has answered yet.
    pub word_at: Option<Timestamp>,
    /// When this row last changed.
    pub changed_at: Timestamp,
}
