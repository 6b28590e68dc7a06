//! What of an entry decides an answer, small enough that millions of them stay in memory: twelve bytes. Answers are made from
//! it alone, whether the entry comes from the database or from memory, so that both say the same.

use kernel::Timestamp;
use uuid::Uuid;

use super::guard::{self, Beforehand};
use super::tally::role;
use super::verdict::SEVERAL;
use crate::model::{Decided, Entry, Role};

const DAY_SECS: i64 = 86_400;

/// What of an entry decides an answer. Times are whole seconds, days are those of UTC, as far as they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gist {
    /// What people have decided.
    pub decided: Decided,
    /// When the decision is over, in seconds from 1970; 0 if it has no end.
    pub until: u32,
    /// When what reports say is too old to be told, in seconds from 1970.
    pub expires: u32,
    /// The day on which it was last named, from 1970; 0 if it never was.
    pub last_day: u16,
    /// Where the law of a listing stands among those that are known ([`Gist::NO_LAW`]: none, or one that does not fit in).
    pub law: u8,
    /// Money was paid to it.
    pub paid: bool,
    /// Somebody named it as what harm was done with, beyond those who paid and lists.
    pub named: bool,
    /// It stands on a list that an institution keeps.
    pub on_list: bool,
    /// It stands in stories.
    pub told: bool,
    /// Several who were verified and do not know each other name it.
    pub heard: bool,
    /// Several institutions have reported it.
    pub partners: bool,
    /// An objection waits.
    pub disputed: bool,
    /// It is a victim's own, or a list of what is never held against anybody protects it: told to nobody.
    pub silent: bool,
    /// Nothing of its own keeps it from being listed.
    pub listable: bool,
}

/// A moment in whole seconds, as far as 2106.
fn secs(at: Timestamp) -> u32 {
    u32::try_from(at.as_secs().max(1)).unwrap_or(u32::MAX)
}

impl Gist {
    /// No law is told with it.
    pub const NO_LAW: u8 = 31;

    /// The gist of an entry; `law` finds the place of a law.
    #[must_use]
    pub fn of(e: &Entry, law: impl FnOnce((Uuid, i64)) -> Option<u8>) -> Self {
        let t = &e.tally;
        Self {
            decided: e.decided,
            until: e.until_at.map_or(0, secs),
            expires: secs(e.expires_at),
            last_day: t
                .last
                .map_or(0, |at| u16::try_from(at.as_secs().div_euclid(DAY_SECS).max(1)).unwrap_or(u16::MAX)),
            law: e.basis.and_then(law).filter(|no| *no < Self::NO_LAW).unwrap_or(Self::NO_LAW),
            paid: t.paid > 0,
            named: t.harmful > t.paid.saturating_add(t.lists),
            on_list: t.lists > 0,
            told: t.told > 0,
            heard: t.heard >= SEVERAL,
            partners: t.partners >= SEVERAL,
            disputed: e.disputed_at.is_some(),
            silent: e.spared || role(e.kind, t) == Role::Victim,
            listable: guard::listing(e, Beforehand::default()).is_none(),
        }
    }

    /// Whether reports name it as what harm was done with.
    #[must_use]
    pub const fn is_harmful(self) -> bool {
        self.paid || self.named || self.on_list
    }

    /// What of people's decisions holds at a moment.
    #[must_use]
    pub fn standing(self, now: Timestamp) -> Decided {
        let over = self.until == 0 || now.as_secs() >= i64::from(self.until);
        match self.decided {
            Decided::Suspect | Decided::Listed if over => Decided::Nothing,
            other => other,
        }
    }

    /// Whether what reports say is not too old.
    #[must_use]
    pub fn is_fresh(self, now: Timestamp) -> bool {
        now.as_secs() < i64::from(self.expires)
    }

    /// In twelve bytes.
    #[must_use]
    pub fn packed(self) -> [u32; 3] {
        let decided = match self.decided {
            Decided::Nothing => 0,
            Decided::Suspect => 1,
            Decided::Listed => 2,
            Decided::Cleared => 3,
        };
        let marks = [
            self.paid,
            self.named,
            self.told,
            self.heard,
            self.partners,
            self.disputed,
            self.silent,
            self.listable,
        ];
        let bits = marks.iter().enumerate().fold(0_u32, |bits, (no, mark)| bits | (u32::from(*mark) << no));
        let low = bits | (decided << 8) | (u32::from(self.law & 31) << 10) | (u32::from(self.on_list) << 15);
        [self.until, self.expires, (u32::from(self.last_day) << 16) | low]
    }

    /// Reads [`Gist::packed`].
    #[must_use]
    pub fn unpacked([until, expires, rest]: [u32; 3]) -> Self {
        let mark = |no: u32| rest >> no & 1 == 1;
        Self {
            decided: match rest >> 8 & 3 {
                0 => Decided::Nothing,
                1 => Decided::Suspect,
                2 => Decided::Listed,
                _ => Decided::Cleared,
            },
            until,
            expires,
            last_day: u16::try_from(rest >> 16).unwrap_or(u16::MAX),
            law: u8::try_from(rest >> 10 & 31).unwrap_or(Self::NO_LAW),
            paid: mark(0),
            named: mark(1),
            told: mark(2),
            heard: mark(3),
            partners: mark(4),
            disputed: mark(5),
            silent: mark(6),
            listable: mark(7),
            on_list: mark(15),
        }
    }
}
