//! The life of an entry: seen, reported, confirmed by an officer, listed by a second person, disputed, cleared, expired.
//! What reports say moves it as far as "reported"; everything else is a person's act, and holds for a term that no report
//! makes longer.

use kernel::Timestamp;
use uuid::Uuid;

use super::guard::{self, Beforehand, Guard};
use super::verdict::SEVERAL;
use crate::model::{Decided, Entry, Status, Tally};

/// Why an act does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LifeError {
    /// Something protects the thing.
    #[error("it is protected: {}", .0.as_str())]
    Guarded(Guard),
    /// It stands elsewhere in its life: what is wanted is done already, or something comes before it.
    #[error("an entry that is {} cannot be changed so", .0.as_str())]
    Stands(Status),
}

/// When something is decided, looked at again, and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Now.
    pub now: Timestamp,
    /// When a person looks at it again.
    pub review_at: Timestamp,
    /// When it is over.
    pub until_at: Timestamp,
}

/// What of people's decisions holds at a moment. What is over is over: a number may have another owner by then, and
/// nobody's report revives what people decided about the last one.
#[must_use]
pub fn standing(entry: &Entry, now: Timestamp) -> Decided {
    match entry.decided {
        Decided::Suspect | Decided::Listed if entry.until_at.is_none_or(|until| now >= until) => {
            Decided::Nothing
        }
        other => other,
    }
}

/// The entry without a decision that is over.
#[must_use]
pub fn lapse(entry: Entry, now: Timestamp) -> Entry {
    if standing(&entry, now) == entry.decided {
        return entry;
    }
    Entry {
        decided: Decided::Nothing,
        basis: None,
        until_at: None,
        review_at: None,
        doubted_at: None,
        ..entry
    }
}

/// Where an entry stands at a moment.
#[must_use]
pub fn status(entry: &Entry, now: Timestamp) -> Status {
    match standing(entry, now) {
        Decided::Cleared => Status::Cleared,
        _ if entry.disputed_at.is_some() => Status::Disputed,
        Decided::Listed => Status::Listed,
        Decided::Suspect => Status::Suspect,
        Decided::Nothing if now >= entry.expires_at => Status::Expired,
        Decided::Nothing if is_reported(&entry.tally) => Status::Reported,
        Decided::Nothing => Status::Seen,
    }
}

/// Whether reports name a thing as what harm was done with: one that says so, or the stories of several who do not know
/// each other.
#[must_use]
pub const fn is_reported(tally: &Tally) -> bool {
    tally.harmful > 0 || tally.heard >= SEVERAL
}

/// An officer confirms that fraud is done with it. What was cleared can be confirmed anew once it was reported again: by a
/// person, never by itself.
///
/// # Errors
/// Something protects it; it is confirmed or listed already; an objection waits; nothing was reported since it was cleared.
pub fn confirm(entry: &Entry, beforehand: Beforehand, term: Term) -> Result<Entry, LifeError> {
    guard::confirming(entry, beforehand).map_or(Ok(()), |g| Err(LifeError::Guarded(g)))?;
    // One officer alone does not overturn what was cleared: something must have been reported since.
    let news = entry.tally.last > entry.decided_at;
    match status(entry, term.now) {
        Status::Cleared if !news => Err(LifeError::Stands(Status::Cleared)),
        Status::Seen | Status::Reported | Status::Cleared | Status::Expired => Ok(Entry {
            decided: Decided::Suspect,
            decided_at: Some(term.now),
            basis: None,
            until_at: Some(term.until_at),
            review_at: Some(term.review_at),
            doubted_at: None,
            ..entry.clone()
        }),
        other => Err(LifeError::Stands(other)),
    }
}

/// A second person lists it, on a basis in force.
///
/// # Errors
/// Something protects it; nobody has confirmed it; it is listed already; an objection waits.
pub fn list(
    entry: &Entry,
    beforehand: Beforehand,
    basis: (Uuid, i64),
    term: Term,
) -> Result<Entry, LifeError> {
    guard::listing(entry, beforehand).map_or(Ok(()), |g| Err(LifeError::Guarded(g)))?;
    match status(entry, term.now) {
        Status::Suspect => Ok(Entry {
            decided: Decided::Listed,
            decided_at: Some(term.now),
            basis: Some(basis),
            until_at: Some(term.until_at),
            review_at: Some(term.review_at),
            doubted_at: None,
            ..entry.clone()
        }),
        other => Err(LifeError::Stands(other)),
    }
}

/// Whoever it belongs to objects: until somebody has decided, nothing is declined because of it.
///
/// # Errors
/// Nothing is told of it, or an objection waits already.
pub fn dispute(entry: &Entry, by: &str, now: Timestamp) -> Result<Entry, LifeError> {
    match status(entry, now) {
        Status::Reported | Status::Suspect | Status::Listed => {
            Ok(Entry { disputed_at: Some(now), objected_by: Some(by.to_owned()), ..entry.clone() })
        }
        other => Err(LifeError::Stands(other)),
    }
}

/// An objection, or an institution's doubt, is found without ground: the entry stands as before.
///
/// # Errors
/// Neither waits.
pub fn stand(entry: &Entry, now: Timestamp) -> Result<Entry, LifeError> {
    if entry.disputed_at.is_none() && entry.doubted_at.is_none() {
        return Err(LifeError::Stands(status(entry, now)));
    }
    Ok(Entry { disputed_at: None, objected_by: None, doubted_at: None, ..entry.clone() })
}

/// An institution says that the entry stopped an honest payment. That changes nothing of what is told, or a clerk could
/// open the way for a mule; a person looks at it.
#[must_use]
pub fn doubt(entry: &Entry, now: Timestamp) -> Entry {
    let stands = matches!(standing(entry, now), Decided::Suspect | Decided::Listed);
    Entry { doubted_at: entry.doubted_at.or(stands.then_some(now)), ..entry.clone() }
}

/// It is cleared. That is always possible while anything is told of it.
///
/// # Errors
/// It is cleared already.
pub fn clear(entry: &Entry, now: Timestamp) -> Result<Entry, LifeError> {
    if entry.decided == Decided::Cleared {
        return Err(LifeError::Stands(Status::Cleared));
    }
    Ok(Entry {
        decided: Decided::Cleared,
        decided_at: Some(now),
        basis: None,
        until_at: None,
        disputed_at: None,
        objected_by: None,
        review_at: None,
        doubted_at: None,
        ..entry.clone()
    })
}

/// When what reports say of an entry is too old to be told: a time of its kind after it was last named.
#[must_use]
pub fn expires(entry: &Entry, after: impl Fn(Timestamp) -> Timestamp) -> Timestamp {
    after(entry.tally.last.unwrap_or(entry.header.created_at))
}
