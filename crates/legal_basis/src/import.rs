//! From the profile into the database: what is new is added, what is there is left alone.
//!
//! A text that changed becomes a new version from a date; nothing is ever overwritten, or the law of a past
//! day could no longer be shown. What two persons enacted at the desk stands until the profile brings an entry with
//! a higher version number (decision 0017).

use std::collections::BTreeSet;

use kernel::Timestamp;
use profile::{BasisRecord, Profile};
use uuid::Uuid;

use crate::model::{Basis, basis_id, effective};
use crate::rules::pick;

/// A version that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    /// The basis.
    pub id: Uuid,
    /// Its next version.
    pub version: i64,
    /// Place among the profile's bases.
    pub ordinal: i64,
    /// First moment.
    pub effective_from: Timestamp,
    /// First moment at which it no longer holds.
    pub effective_to: Option<Timestamp>,
    /// Whether it says that the profile no longer knows the basis.
    pub withdrawn: bool,
    /// The draft of the desk that is enacted as this version; `None` for the profile's.
    pub draft: Option<Uuid>,
    /// The full record.
    pub record: BasisRecord,
}

impl NewVersion {
    /// As it is read back once it was stored at `recorded_at`.
    #[must_use]
    pub fn stored(self, recorded_at: Timestamp) -> Basis {
        Basis {
            id: self.id,
            version: self.version,
            ordinal: self.ordinal,
            effective_from: self.effective_from,
            effective_to: self.effective_to,
            recorded_at,
            withdrawn: self.withdrawn,
            draft: self.draft,
            record: self.record,
        }
    }
}

/// What must be stored so that the database says what `profile` says. Empty if nothing has changed.
///
/// - An entry that is not there yet comes with its own dates.
/// - An entry whose text changed under the same version comes as a new version from `now`, if it is in
///   force now; with its own dates, if it lies in the past or in the future.
/// - Where a version that was stored before would hold from `now` on in an entry's place, the entry is said again
///   from that moment on: from `now` on, the database says what the profile says.
/// - Over a version of the desk only entries with a higher version number do any of this, and not before the first of
///   them begins.
/// - A basis that the profile no longer has gets a version that ends it at `now`, the desk's versions included.
#[must_use]
pub fn plan(stored: &[Basis], profile: &Profile, now: Timestamp) -> Vec<NewVersion> {
    let all: Vec<Entry<'_>> = entries(profile);
    let known = all.chunk_by(|a, b| a.record.key == b.record.key);
    let mut new = Vec::new();
    let mut seen = BTreeSet::new();
    for entries in known {
        let Some(first) = entries.first() else { continue };
        let id = basis_id(profile.id(), &first.record.key);
        seen.insert(id);
        new.extend(Line::of(stored, id, now).follow(entries));
    }
    let gone: BTreeSet<Uuid> = stored.iter().map(|b| b.id).filter(|id| !seen.contains(id)).collect();
    new.extend(gone.into_iter().flat_map(|id| Line::of(stored, id, now).withdraw()));
    new
}

/// Whether the profile says something about the basis that is held back by a version of the desk: its last entry,
/// under a number that the desk already knew, has another text than it had.
#[must_use]
pub fn held_back<'p>(versions: &[Basis], profile: &'p Profile) -> Option<&'p BasisRecord> {
    let above = desk_number(versions)?;
    let own = |r: &&BasisRecord| versions.iter().any(|b| b.id == basis_id(profile.id(), &r.key));
    let last = profile.legal_bases().iter().filter(own).max_by_key(|r| r.version)?;
    let known = last_of_profile(versions, last.version);
    (last.version <= above && known.is_none_or(|k| k.record != *last)).then_some(last)
}

/// The number of the profile's entries up to which the desk's versions stand; `None` without one. What was withdrawn
/// since stands no more.
#[must_use]
pub fn desk_number(versions: &[Basis]) -> Option<u32> {
    let gone = versions.iter().filter(|b| b.withdrawn).map(|b| b.version).max().unwrap_or(0);
    versions.iter().filter(|b| b.draft.is_some() && b.version > gone).map(|b| b.record.version).max()
}

/// The version that says what the profile's entry `number` said last.
fn last_of_profile(versions: &[Basis], number: u32) -> Option<&Basis> {
    let of_profile = |b: &&Basis| b.draft.is_none() && !b.withdrawn && b.record.version == number;
    versions.iter().filter(of_profile).max_by_key(|b| b.version)
}

/// An entry of the profile with its moments.
struct Entry<'p> {
    ordinal: i64,
    from: Timestamp,
    to: Option<Timestamp>,
    record: &'p BasisRecord,
}

impl Entry<'_> {
    fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

fn entries(profile: &Profile) -> Vec<Entry<'_>> {
    let one = |(no, record): (usize, _)| {
        let (from, to) = effective(profile, record);
        Entry { ordinal: i64::try_from(no).unwrap_or(i64::MAX), from, to, record }
    };
    profile.legal_bases().iter().enumerate().map(one).collect()
}

/// All versions of one basis, those that are being added among them.
struct Line {
    id: Uuid,
    now: Timestamp,
    versions: Vec<Basis>,
    new: Vec<NewVersion>,
}

impl Line {
    fn of(stored: &[Basis], id: Uuid, now: Timestamp) -> Self {
        let versions = stored.iter().filter(|b| b.id == id).cloned().collect();
        Self { id, now, versions, new: Vec::new() }
    }

    fn push(&mut self, ordinal: i64, span: (Timestamp, Option<Timestamp>), record: &BasisRecord, gone: bool) {
        let last = self.versions.iter().map(|b| b.version).max().unwrap_or(0);
        let version = NewVersion {
            id: self.id,
            version: last.saturating_add(1),
            ordinal,
            effective_from: span.0,
            effective_to: span.1,
            withdrawn: gone,
            draft: None,
            record: record.clone(),
        };
        self.versions.push(version.clone().stored(self.now));
        self.new.push(version);
    }

    /// What holds at `at` by all that is stored by now.
    fn held(&self, at: Timestamp) -> Option<&Basis> {
        pick(&self.versions, at, Timestamp::from_micros(i64::MAX))
    }

    /// The moments from `since` on at which something begins or ends.
    fn moments(&self, entries: &[Entry<'_>], since: Timestamp) -> BTreeSet<Timestamp> {
        let own = self.versions.iter().flat_map(|b| [Some(b.effective_from), b.effective_to]);
        let said = entries.iter().flat_map(|e| [Some(e.from), e.to]);
        let later = own.chain(said).flatten().filter(|at| *at > since);
        std::iter::once(since).chain(later).collect()
    }

    /// Adds what the profile's entries of this basis say.
    fn follow(mut self, entries: &[Entry<'_>]) -> Vec<NewVersion> {
        let desk = desk_number(&self.versions);
        let free = || entries.iter().filter(|e| desk.is_none_or(|number| e.record.version > number));
        let Some(first) = free().map(|e| e.from).min() else { return self.new };
        let since = if desk.is_some() { first.max(self.now) } else { self.now };
        for entry in free() {
            let known = last_of_profile(&self.versions, entry.record.version);
            if known.is_some_and(|k| k.record == *entry.record) {
                continue;
            }
            let from = if known.is_some() && entry.covers(self.now) { self.now } else { entry.from };
            self.push(entry.ordinal, (from, entry.to), entry.record, false);
        }
        for at in self.moments(entries, since) {
            let said = entries.iter().find(|e| e.covers(at));
            if self.held(at).map(|b| &b.record) == said.map(|e| e.record) {
                continue;
            }
            let begun = entries.iter().rfind(|e| e.from <= at).or_else(|| entries.first());
            match (said, begun) {
                (Some(entry), _) => self.push(entry.ordinal, (at, entry.to), entry.record, false),
                (None, Some(entry)) => self.push(entry.ordinal, (at, Some(at)), entry.record, false),
                (None, None) => {}
            }
        }
        self.new
    }

    /// Ends it: the profile has it no longer.
    fn withdraw(mut self) -> Vec<NewVersion> {
        let Some(last) = self.versions.iter().max_by_key(|b| b.version).cloned() else { return self.new };
        if last.withdrawn {
            return self.new;
        }
        for at in self.moments(&[], self.now) {
            let held = self.held(at).cloned();
            if let Some(ended) = held.or_else(|| (at == self.now).then(|| last.clone())) {
                self.push(ended.ordinal, (at, Some(at)), &ended.record, true);
            }
        }
        self.new
    }
}
