//! What acts did, remembered by what they looked at.
//!
//! An act is a function of the moment and of the rows that it reads; ids, salts and seals that it draws stand for the same
//! whatever they are. While it ran for the first time it was heard which tables it touched, reading or writing. In another
//! state whose tables of that set hold the very same rows it would read the same at its first statement, therefore come to
//! the same second statement, and so on to the end: it would touch no other table and do the same. So it is not run there
//! again, and what it wrote is laid over the other state. Nobody says by hand what an act depends on; the unit is a whole
//! table, which is more than it reads and never less.

use std::collections::{BTreeSet, HashMap};

use super::snapshot::{Snapshot, only};
use super::watch::Tables;

/// An act at a moment: its number in the plan, then the number of the moment.
pub(super) type Act = (usize, usize);

/// What it came to: nothing where the office refuses, else what the tables that it touched hold after it.
pub(super) type Outcome = Option<Snapshot>;

/// The memory of one search.
#[derive(Default)]
pub(super) struct Memo {
    touched: HashMap<Act, BTreeSet<Tables>>,
    known: HashMap<(Act, Tables, Snapshot), Outcome>,
}

impl Memo {
    /// What the act would do in this state, if it did it in one that is the same as far as it looked.
    pub(super) fn find(&self, act: Act, state: &Snapshot) -> Option<Outcome> {
        self.touched.get(&act)?.iter().find_map(|tables| {
            let outcome = self.known.get(&(act, *tables, only(state, *tables)))?;
            Some(outcome.map(|after| laid_over(state, &after, *tables)))
        })
    }

    /// Remembers what it did, and in which tables.
    ///
    /// # Errors
    /// A table has changed of which nothing was heard.
    pub(super) fn keep(
        &mut self,
        act: Act,
        (before, after): (&Snapshot, Outcome),
        tables: Tables,
    ) -> anyhow::Result<()> {
        if let Some(after) = &after {
            anyhow::ensure!(
                laid_over(before, after, tables) == *after,
                "act {act:?} changed a table of which nothing was heard"
            );
        }
        self.touched.entry(act).or_default().insert(tables);
        self.known.insert((act, tables, only(before, tables)), after);
        Ok(())
    }
}

/// A state in which these tables hold what they hold in another.
fn laid_over(state: &Snapshot, other: &Snapshot, tables: Tables) -> Snapshot {
    let mut out = *state;
    out.iter_mut()
        .zip(other)
        .enumerate()
        .filter(|(at, _)| tables.has(*at))
        .for_each(|(_, (to, from))| *to = *from);
    out
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::place_of;
    use super::*;

    fn state(of: &[(&str, u32)]) -> Snapshot {
        let mut all = Snapshot::default();
        for (table, no) in of {
            all[place_of(table)] = *no;
        }
        all
    }

    #[test]
    fn an_act_is_remembered_by_the_tables_it_touched_alone() {
        let (orders, staff) = (Tables::one(place_of("orders")), Tables::one(place_of("staff_account")));
        let mut memo = Memo::default();
        let (before, after) =
            (state(&[("orders", 1), ("delivery", 5)]), state(&[("orders", 2), ("delivery", 5)]));
        memo.keep((0, 0), (&before, Some(after)), orders).unwrap();
        // What was not touched may differ, and stays as it is.
        let elsewhere = state(&[("orders", 1), ("delivery", 7), ("staff_account", 3)]);
        let done = state(&[("orders", 2), ("delivery", 7), ("staff_account", 3)]);
        assert_eq!(memo.find((0, 0), &elsewhere), Some(Some(done)));
        // Other rows, another act, another moment.
        assert_eq!(memo.find((0, 0), &state(&[("orders", 4)])), None);
        assert_eq!(memo.find((1, 0), &before), None);
        assert_eq!(memo.find((0, 1), &before), None);
        // Where it looked further, further tables must agree.
        let shut = state(&[("orders", 4), ("staff_account", 9)]);
        memo.keep((0, 0), (&shut, None), orders.and(staff)).unwrap();
        assert_eq!(memo.find((0, 0), &shut), Some(None));
        assert_eq!(memo.find((0, 0), &state(&[("orders", 4)])), None);
    }

    #[test]
    fn a_change_that_was_not_heard_is_an_error() {
        let (before, after) = (state(&[("orders", 1)]), state(&[("orders", 1), ("delivery", 1)]));
        let heard = Tables::one(place_of("orders"));
        assert!(Memo::default().keep((0, 0), (&before, Some(after)), heard).is_err());
    }
}
