//! What an institution does with a filter: believe it or not, and ask it.

use ed25519_dalek::VerifyingKey;

use crate::base::Base;
use crate::delta::Delta;
use crate::document::{self, Head, Refused, What};
use crate::open::{OpenHash, SALT};

/// How far the office's clock may be ahead, seconds.
const AHEAD_SECS: i64 = 300;

/// The highest number that an institution has seen; it keeps this, and hands it in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Seen(pub u64);

/// A filter that is believed.
#[derive(Debug)]
pub struct Filter {
    base: Base,
    delta: Delta,
    head: Head,
    until: i64,
    salt: [u8; SALT],
}

fn fresh(head: &Head, now: i64) -> Result<(), Refused> {
    if now >= head.until {
        return Err(Refused::Over { until: head.until });
    }
    if head.at > now.saturating_add(AHEAD_SECS) {
        return Err(Refused::Early { at: head.at });
    }
    Ok(())
}

impl Filter {
    /// Believes a whole filter and what has changed since, if they are the office's, belong together, are good at `now`
    /// (wall time in seconds), and are not older than what was seen. Moves `seen` on. There is always a change, if an empty one:
    /// whoever could leave it out would hold back for a day what was listed since.
    ///
    /// # Errors
    /// [`Refused`]; `seen` stays then.
    pub fn open(
        base: &[u8],
        delta: &[u8],
        key: &VerifyingKey,
        seen: &mut Seen,
        now: i64,
    ) -> Result<Self, Refused> {
        let whole = document::read(base, key)?;
        if whole.head.what != What::Base {
            return Err(Refused::Other);
        }
        fresh(&whole.head, now)?;
        let change = document::read(delta, key)?;
        if change.head.what != What::Delta {
            return Err(Refused::Other);
        }
        if change.head.base != whole.head.number || change.head.salt != whole.head.salt {
            return Err(Refused::OtherBase { base: change.head.base, given: whole.head.number });
        }
        fresh(&change.head, now)?;
        let filter = Self {
            base: Base::read(whole.body)?,
            delta: Delta::read(change.body)?,
            head: change.head,
            until: whole.head.until.min(change.head.until),
            salt: whole.head.salt,
        };
        if filter.head.number < seen.0 {
            return Err(Refused::RolledBack { number: filter.head.number, seen: seen.0 });
        }
        seen.0 = filter.head.number;
        Ok(filter)
    }

    /// Whether a thing may be listed; `false` is certain, as of the moment at which the filter was made.
    ///
    /// # Errors
    /// [`Refused::Over`]: the filter is nothing any more, and everything is to be asked about.
    pub fn may_hold(&self, thing: &OpenHash, now: i64) -> Result<bool, Refused> {
        if now >= self.until {
            return Err(Refused::Over { until: self.until });
        }
        let key = thing.salted(&self.salt);
        Ok(self.delta.says(key).unwrap_or_else(|| self.base.may_hold(key)))
    }

    /// What is said of its change.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Until when it is good, wall time in seconds.
    #[must_use]
    pub const fn until(&self) -> i64 {
        self.until
    }
}
