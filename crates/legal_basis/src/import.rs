//! From the profile into the database: what is new is added, what is there is left alone.
//!
//! A text that changed becomes a new version from a date; nothing is ever overwritten, or the law of a past
//! day could no longer be shown.

use kernel::Timestamp;
use profile::{BasisRecord, Profile};
use uuid::Uuid;

use crate::model::{Basis, basis_id, effective};

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
    /// The full record.
    pub record: BasisRecord,
}

/// What must be stored so that the database says what `profile` says. Empty if nothing has changed.
///
/// - An entry that is not there yet comes with its own dates.
/// - An entry whose text changed under the same version comes as a new version from `now`, if it is in
///   force now; with its own dates, if it lies in the past or in the future.
/// - A basis that the profile no longer has gets a version that ends it at `now`.
#[must_use]
pub fn plan(stored: &[Basis], profile: &Profile, now: Timestamp) -> Vec<NewVersion> {
    let mut new = Vec::new();
    let records = profile.legal_bases();
    for (no, record) in records.iter().enumerate() {
        let id = basis_id(profile.id(), &record.key);
        let own: Vec<&Basis> = stored.iter().filter(|b| b.id == id).collect();
        let known = own.iter().rfind(|b| !b.withdrawn && b.record.version == record.version);
        let withdrawn = known.is_some_and(|k| own.iter().any(|b| b.withdrawn && b.version > k.version));
        if known.is_some_and(|k| k.record == *record && !withdrawn) {
            continue;
        }
        let (from, to) = effective(profile, record);
        let in_force = from <= now && to.is_none_or(|to| now < to);
        let effective_from = if known.is_some() && in_force { now } else { from };
        let added = new.iter().filter(|n: &&NewVersion| n.id == id).count();
        new.push(NewVersion {
            id,
            version: next_version(&own, added),
            ordinal: i64::try_from(no).unwrap_or(i64::MAX),
            effective_from,
            effective_to: to,
            withdrawn: false,
            record: record.clone(),
        });
    }
    for last in last_versions(stored).filter(|b| !b.withdrawn) {
        if !records.iter().any(|r| basis_id(profile.id(), &r.key) == last.id) {
            new.push(NewVersion {
                id: last.id,
                version: last.version.saturating_add(1),
                ordinal: last.ordinal,
                effective_from: now,
                effective_to: Some(now),
                withdrawn: true,
                record: last.record.clone(),
            });
        }
    }
    new
}

fn next_version(own: &[&Basis], added: usize) -> i64 {
    let last = own.iter().map(|b| b.version).max().unwrap_or(0);
    last.saturating_add(1).saturating_add(i64::try_from(added).unwrap_or(0))
}

/// The highest version of each basis.
fn last_versions(stored: &[Basis]) -> impl Iterator<Item = &Basis> {
    stored.iter().filter(|b| !stored.iter().any(|o| o.id == b.id && o.version > b.version))
}
