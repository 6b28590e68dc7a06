//! Reading lengths of time.

use crate::calendar::Term;
use crate::read::{Read, Value};

/// Longest term a profile may ask for, in days: ten years.
const LONGEST_DAYS: u16 = 3_660;

impl Read for Term {
    fn read(value: &Value<'_>) -> Option<Self> {
        value.table(|node| {
            let minutes = node.opt::<u32>("minutes")?.map(Self::Minutes);
            let calendar = node.opt::<u16>("calendar_days")?.map(Self::CalendarDays);
            let working = node.opt::<u16>("working_days")?.map(Self::WorkingDays);
            let given: Vec<Self> = [minutes, calendar, working].into_iter().flatten().collect();
            let [term] = given.as_slice() else {
                value.expected(
                    "one of `minutes`, `calendar_days`, `working_days`",
                    &format!("{} of them", given.len()),
                );
                return None;
            };
            let fits = match *term {
                Self::Minutes(n) => n > 0 && n <= u32::from(LONGEST_DAYS) * 1_440,
                Self::CalendarDays(n) | Self::WorkingDays(n) => n > 0 && n <= LONGEST_DAYS,
            };
            if !fits {
                value.expected(&format!("a term above zero and of at most {LONGEST_DAYS} days"), "another");
            }
            fits.then_some(*term)
        })
    }
}
