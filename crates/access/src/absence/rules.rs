//! What may be said about being away. Pure.

use kernel::{Class, Coded, Timestamp};

use super::model::{Absence, NewAbsence};

/// Nobody is away for longer than this at a time, days: whoever is, leaves the office.
pub const MAX_AWAY_DAYS: i64 = 366;
const DAY_SECS: i64 = 86_400;

/// Why a time away cannot be taken as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AbsenceFault {
    /// It ends before it begins, or no later.
    #[error("an absence ends after it begins")]
    Dates,
    /// It is over already.
    #[error("an absence ends in the future")]
    Over,
    /// Longer than [`MAX_AWAY_DAYS`].
    #[error("an absence lasts at most {MAX_AWAY_DAYS} days")]
    TooLong,
    /// The person has said to be away for a part of this time.
    #[error("another absence lies in this time")]
    Overlaps,
}

impl Coded for AbsenceFault {
    fn class(&self) -> Class {
        match self {
            Self::Dates | Self::Over | Self::TooLong => Class::Invalid,
            Self::Overlaps => Class::Conflict,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Dates => "access.absence_dates",
            Self::Over => "access.absence_over",
            Self::TooLong => "access.absence_long",
            Self::Overlaps => "access.absence_overlaps",
        }
    }
}

/// Whether this can be said at `now` beside what the person has said before.
///
/// # Errors
/// The first fault.
pub fn check(new: &NewAbsence, known: &[Absence], now: Timestamp) -> Result<(), AbsenceFault> {
    if new.till <= new.from {
        return Err(AbsenceFault::Dates);
    }
    if new.till <= now {
        return Err(AbsenceFault::Over);
    }
    if new.till > new.from.plus_secs(MAX_AWAY_DAYS.saturating_mul(DAY_SECS)) {
        return Err(AbsenceFault::TooLong);
    }
    let overlaps = |a: &&Absence| a.is_open(now) && a.from < new.till && new.from < a.till;
    if known.iter().any(|a| overlaps(&a)) { Err(AbsenceFault::Overlaps) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::super::model::{AbsenceId, Why};
    use super::*;
    use uuid::Uuid;

    fn known(from: i64, till: i64, ended: bool) -> Absence {
        Absence {
            id: AbsenceId::from_uuid(Uuid::nil()),
            account: Uuid::nil(),
            organisation: "dep".into(),
            unit: "duty".into(),
            said_by: "staff:x".into(),
            from: Timestamp::from_secs(from),
            till: Timestamp::from_secs(till),
            why: None,
            ended: ended.then(|| (Timestamp::from_secs(from), "staff:x".into())),
        }
    }

    #[test]
    fn what_can_be_said() {
        let now = Timestamp::from_secs(1_000);
        let long = MAX_AWAY_DAYS * DAY_SECS;
        for (from, till, others, expected) in [
            (1_000, 2_000, vec![], Ok(())),
            (500, 2_000, vec![], Ok(())),
            (2_000, 1_500, vec![], Err(AbsenceFault::Dates)),
            (2_000, 2_000, vec![], Err(AbsenceFault::Dates)),
            (100, 1_000, vec![], Err(AbsenceFault::Over)),
            (1_000, 1_000 + long, vec![], Ok(())),
            (1_000, 1_001 + long, vec![], Err(AbsenceFault::TooLong)),
            (2_000, 3_000, vec![known(2_500, 2_600, false)], Err(AbsenceFault::Overlaps)),
            (2_000, 3_000, vec![known(3_000, 4_000, false), known(1_500, 2_000, false)], Ok(())),
            (2_000, 3_000, vec![known(2_500, 2_600, true)], Ok(())),
            // What is over lies in nobody's way.
            (900, 3_000, vec![known(100, 990, false)], Ok(())),
        ] {
            let new = NewAbsence {
                id: AbsenceId::from_uuid(Uuid::nil()),
                account: Uuid::nil(),
                from: Timestamp::from_secs(from),
                till: Timestamp::from_secs(till),
                why: Why::Leave,
            };
            assert_eq!(check(&new, &others, now), expected, "{from} {till}");
        }
    }

    #[test]
    fn when_somebody_is_away() {
        let a = known(100, 200, false);
        let at = Timestamp::from_secs;
        assert_eq!([99, 100, 199, 200].map(|t| a.holds(at(t))), [false, true, true, false]);
        assert_eq!([99, 100, 199, 200].map(|t| a.is_open(at(t))), [true, true, true, false]);
        assert!(!known(100, 200, true).holds(at(150)));
    }
}
