//! Reading lengths of time.

use crate::basis_check::{LONGEST_TERM_DAYS, term_fits};
use crate::calendar::Term;
use crate::read::{Read, Value};

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
            let fits = term_fits(*term);
            if !fits {
                value.expected(
                    &format!("a term above zero and of at most {LONGEST_TERM_DAYS} days"),
                    "another",
                );
            }
            fits.then_some(*term)
        })
    }
}
