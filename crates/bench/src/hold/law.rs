//! What the platform goes by, and what its slices keep to themselves: which limits keep a hop from opening by
//! itself.

use kernel::{Asset, Timestamp};
use order::answer::Fact;
use profile::Limits;
use trail::model::{Account, EndKind, Trail};

/// The demonstration's standing approval: what goes out without a person.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Largest order, smallest units.
    pub per_order: i64,
    /// Largest sum of a day.
    pub per_day: i64,
    /// Deepest hop.
    pub hops: i64,
}

/// What the platform goes by.
#[derive(Debug, Clone)]
pub struct Law {
    /// The asset of all sums.
    pub asset: Asset,
    /// Limits of the profile.
    pub limits: Limits,
    /// What goes out by itself.
    pub standing: Standing,
    /// What counts towards the standing approval's sum of a day.
    pub day: DaySum,
    /// What an order tells of who paid.
    pub payer: TellsPayer,
}

/// What counts towards the sum of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaySum {
    /// All that was asked for, whatever came of it.
    Asked,
    /// What is held, and what an institution still owes a word about.
    CanStillBeHeld,
}

/// What an order tells of who paid, and the asked institution compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TellsPayer {
    /// Nothing, or nobody compares it.
    No,
    /// The payer's institution.
    House,
    /// The payer's account, too, by [`order::payer`]; everybody knows theirs.
    Everybody,
    /// The same, as far as people know it; a third of the liars tell their own account, a third say that they do not know
    /// it, a third leave nothing at all.
    AsPeopleKnow,
    /// The same, and whoever lies about somebody else's payment knows that payer's account and telephone, too.
    InsidersKnow,
}

impl TellsPayer {
    /// Whether everybody is asked from which account they paid, and nothing is held for a payer nobody knows.
    #[must_use]
    pub const fn asks_who_paid(self) -> bool {
        matches!(self, Self::Everybody | Self::AsPeopleKnow | Self::InsidersKnow)
    }
}

/// A movement that can be followed.
#[derive(Debug)]
pub(super) struct Lead {
    pub(super) key: String,
    pub(super) order: usize,
    pub(super) fact: Fact,
}

pub(super) fn account(key: String, institution: &str) -> Account {
    Account { key, institution: institution.to_owned(), masked: String::new() }
}

/// What keeps a hop from opening by itself.
pub(super) fn stops(
    limits: &Limits,
    trail: &Trail,
    lead: &Lead,
    hop: i64,
    (began, now): (Timestamp, Timestamp),
) -> Option<&'static str> {
    let cause = trail.cause(&lead.key);
    let from = trail.edges.iter().find(|e| e.key == cause).map(|e| e.from);
    let degree = from.map_or(0, |from| trail.edges.iter().filter(|e| e.from == from).count());
    if hop > i64::from(limits.max_hops) {
        Some("hop_limit")
    } else if now.micros_since(began) > i64::from(limits.hop_window_hours) * 3_600_000_000 {
        Some("too_old")
    } else if degree > usize::try_from(limits.hub_counterparties).unwrap_or(usize::MAX) {
        Some("hub")
    } else {
        None
    }
}

pub(super) fn end_word(kind: EndKind) -> &'static str {
    match kind {
        EndKind::Held => "held",
        EndKind::HeldElsewhere => "held for another report",
        EndKind::Cash => "cash",
        EndKind::Spent => "spent",
        EndKind::Crypto => "crypto",
        EndKind::Abroad => "abroad",
        EndKind::Moved => "moved, not followed",
        EndKind::Asked => "asked, unanswered",
        EndKind::NotFound => "not found",
        EndKind::Unknown => "not asked or not explained",
        EndKind::Refused => "refused",
        EndKind::Silent => "silent partner",
        EndKind::Released => "released",
        EndKind::Returned => "returned",
    }
}
