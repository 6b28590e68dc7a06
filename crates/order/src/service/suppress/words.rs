//! What an officer adds to the picked measures, and how far back and how long data may be asked for.

use kernel::Timestamp;

use crate::details::{ContentClass, DataClass, DetailsFault};

/// What an officer adds for the papers of the picked orders.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// What harm the resources do.
    pub harm: String,
    /// Why nothing narrower than a domain does.
    pub narrower: String,
    /// Why more than the disputed sum is to be touched.
    pub reason: String,
    /// What sort of illegal information it is.
    pub class: Option<ContentClass>,
    /// What data are to be kept or handed over, as far as there are such of a thing; none: what is usual for it.
    pub data: Vec<DataClass>,
    /// Since when data are asked for.
    pub from: Option<Timestamp>,
    /// Till when.
    pub to: Option<Timestamp>,
}

/// Longest time of which records of calls are asked for, seconds: a year and a day.
const MOST_OF_CALLS: i64 = 366 * 86_400;
/// How old data may be that are asked for, seconds: ten years, as old as a payment that can be reported.
const OLDEST_DATA: i64 = 3_653 * 86_400;

impl Words {
    /// Data are of the past, and whom somebody calls is asked for no longer a time than a year.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), DetailsFault> {
        let day = now.plus_secs(86_400);
        let ahead = self.from.is_some_and(|from| from > now) || self.to.is_some_and(|to| to > day);
        let old = self.from.is_some_and(|from| from < now.plus_secs(-OLDEST_DATA));
        let long = self.data.contains(&DataClass::CallRecords)
            && matches!((self.from, self.to), (Some(from), Some(to)) if to > from.plus_secs(MOST_OF_CALLS));
        if ahead || old || long { Err(DetailsFault::Period) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn now() -> Timestamp {
        Timestamp::from_micros(1_780_000_000_000_000)
    }

    fn period(data: DataClass, from_days: i64, to_days: i64) -> Result<(), DetailsFault> {
        let at = |days: i64| Some(now().plus_secs(days * DAY));
        Words { data: vec![data], from: at(from_days), to: at(to_days), ..Words::default() }.check(now())
    }

    /// Bug: data of the year 1900 were asked for; and no paper may ask for what nobody has written yet.
    #[test]
    fn data_are_of_the_past_and_no_older_than_ten_years() {
        for (from, to, fine) in [
            (-1, 0, true),
            (-1, 1, true),
            (-3_653, 0, true),
            (-3_654, 0, false),
            (-46_000, -45_000, false),
            (1, 1, false),
            (-1, 2, false),
        ] {
            assert_eq!(period(DataClass::Statement, from, to).is_ok(), fine, "{from} to {to}");
        }
        assert_eq!(Words::default().check(now()), Ok(()), "without a period: what is usual");
    }

    #[test]
    fn whom_somebody_calls_is_asked_for_no_longer_than_a_year() {
        assert_eq!(period(DataClass::CallRecords, -366, 0), Ok(()));
        assert_eq!(period(DataClass::CallRecords, -367, 0), Err(DetailsFault::Period));
        assert_eq!(period(DataClass::Statement, -367, 0), Ok(()));
    }
}
