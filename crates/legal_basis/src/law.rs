//! The law as the staff reads it: every basis with all its versions and the changes that wait.

use access::{Action, Kind, Resource};
use app::App;
use kernel::{Actor, Timestamp};

use crate::change::model::{DraftStatus, LawDraft};
use crate::change::rules::is_withdrawn;
use crate::change::store as drafts;
use crate::error::LegalBasisError;
use crate::model::{Basis, basis_id};
use crate::rules::pick;
use crate::store;

/// How a basis stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BasisState {
    /// One of its versions is in force.
    InForce,
    /// It begins later.
    Planned,
    /// Its last version has ended.
    Ended,
    /// The profile no longer has it.
    Withdrawn,
}

impl BasisState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::InForce, Self::Planned, Self::Ended, Self::Withdrawn];
    /// As written in texts and filters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Planned => "planned",
            Self::Ended => "ended",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One basis: its versions, oldest first, and its drafts, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawBasis {
    /// All versions by number, never none.
    pub versions: Vec<Basis>,
    /// Drafts of changes, whatever became of them. Of a list only those that wait.
    pub drafts: Vec<LawDraft>,
}

impl LawBasis {
    /// The version in force at `now`, by all that is stored.
    #[must_use]
    pub fn current(&self, now: Timestamp) -> Option<&Basis> {
        pick(&self.versions, now, Timestamp::from_micros(i64::MAX))
    }

    /// The version that comes after the present one: the next that begins later than `now`.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<&Basis> {
        let begins =
            self.versions.iter().filter(|b| b.effective_from > now).map(|b| b.effective_from).min()?;
        pick(&self.versions, begins, Timestamp::from_micros(i64::MAX)).or_else(|| {
            let at = self.versions.iter().filter(|b| b.effective_from == begins);
            at.max_by_key(|b| b.version)
        })
    }

    /// The version that a page shows: the one in force, else the next to begin, else the last that was.
    #[must_use]
    pub fn shown(&self, now: Timestamp) -> Option<&Basis> {
        let last = || self.by_time().into_iter().rev().find(|b| !b.is_end());
        self.current(now)
            .or_else(|| self.next(now).filter(|b| !b.is_end()))
            .or_else(last)
            .or(self.versions.last())
    }

    /// How it stands at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> BasisState {
        if self.current(now).is_some() {
            BasisState::InForce
        } else if is_withdrawn(&self.versions) {
            BasisState::Withdrawn
        } else if self.next(now).is_some_and(|b| !b.is_end()) {
            BasisState::Planned
        } else {
            BasisState::Ended
        }
    }

    /// The moment at which the present version ends, by its own last day or by the version after it.
    #[must_use]
    pub fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        self.held(self.current(now)?).1
    }

    /// The moment since which it is in force no longer; `None` if that is not so.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Option<Timestamp> {
        let all = self.by_time();
        let last = all.into_iter().rev().find(|b| b.effective_from <= now)?;
        last.effective_to.filter(|to| *to <= now)
    }

    /// All versions in the order in which they begin.
    #[must_use]
    pub fn by_time(&self) -> Vec<&Basis> {
        let mut all: Vec<&Basis> = self.versions.iter().collect();
        all.sort_by_key(|b| (b.effective_from, b.version));
        all
    }

    /// The version in whose place `version` came: the one that begins before it.
    #[must_use]
    pub fn before(&self, version: i64) -> Option<&Basis> {
        let all = self.by_time();
        let place = all.iter().position(|b| b.version == version)?;
        all.into_iter().take(place).next_back()
    }

    /// From when to when `version` holds by all that is stored: until its last day, or until another takes its place.
    /// Both moments are the same where another took its place before it began.
    #[must_use]
    pub fn held(&self, version: &Basis) -> (Timestamp, Option<Timestamp>) {
        let after = |b: &&Basis| (b.effective_from, b.version) > (version.effective_from, version.version);
        let next = self.versions.iter().filter(after).map(|b| b.effective_from).min();
        (version.effective_from, [version.effective_to, next].into_iter().flatten().min())
    }

    /// Drafts that wait for a second person.
    pub fn waiting(&self) -> impl Iterator<Item = &LawDraft> {
        self.drafts.iter().filter(|d| d.status == DraftStatus::Drafted)
    }
}

fn may_read(actor: &Actor) -> Result<(), LegalBasisError> {
    Ok(access::require(actor, Action::ViewLegalBasis, &Resource::any(Kind::LegalBasis))?)
}

/// Every basis, the preferred first, those that the profile no longer has last.
///
/// # Errors
/// The actor may not, or the database's.
pub async fn overview(app: &App, actor: &Actor) -> Result<Vec<LawBasis>, LegalBasisError> {
    may_read(actor)?;
    let read = app.db.read(|tx| Ok::<_, db::DbError>((store::all(tx)?, drafts::waiting(tx)?)));
    let (all, waiting) = read.await?;
    let mut found: Vec<LawBasis> = all
        .chunk_by(|a, b| a.id == b.id)
        .map(|versions| LawBasis {
            drafts: waiting.iter().filter(|d| versions.iter().any(|b| b.id == d.basis)).cloned().collect(),
            versions: versions.to_vec(),
        })
        .collect();
    found.sort_by_key(|b| (is_withdrawn(&b.versions), b.versions.last().map(|v| (v.ordinal, v.id))));
    Ok(found)
}

/// The basis with this key: the profile's own, else one that it no longer has.
///
/// # Errors
/// There is none, the actor may not, or the database's.
pub async fn one(app: &App, actor: &Actor, key: &str) -> Result<LawBasis, LegalBasisError> {
    may_read(actor)?;
    let (own, key) = (basis_id(app.profile.id(), key), key.to_owned());
    let read = app.db.read(move |tx| {
        let mut versions = store::versions(tx, own)?;
        if versions.is_empty() {
            let all = store::all(tx)?;
            let other = all.iter().find(|b| b.key() == key).map(|b| b.id);
            versions = all.into_iter().filter(|b| Some(b.id) == other).collect();
        }
        let drafts = match versions.first() {
            Some(first) => drafts::of_basis(tx, first.id)?,
            None => Vec::new(),
        };
        Ok::<_, db::DbError>(LawBasis { versions, drafts })
    });
    let found = read.await?;
    if found.versions.is_empty() { Err(LegalBasisError::NotFound) } else { Ok(found) }
}
