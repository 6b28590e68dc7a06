//! What a merge moves and what undoing it needs. A merge moves rows and changes none.

use uuid::Uuid;

use crate::model::What;

/// A row of a case, as far as moving it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Row.
    pub id: Uuid,
    /// In which case it lies.
    pub case: Uuid,
    /// Which table.
    pub what: What,
    /// What must not be there twice in one case, a link's target or an offence's code; `None` where nothing must.
    pub same: Option<String>,
}

/// The rows that go over: all but those whose like the other case has already; these stay where they are, and nothing is lost.
#[must_use]
pub fn plan(from: &[Row], into: &[Row]) -> Vec<Row> {
    let has = |row: &&Row| {
        row.same.is_some() && into.iter().any(|other| other.what == row.what && other.same == row.same)
    };
    from.iter().filter(|row| !has(row)).cloned().collect()
}

/// What has happened since to the case that rows came to, and to the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Later {
    /// It was itself merged into another since.
    pub merged: bool,
    /// A row that came was moved on.
    pub moved: bool,
    /// A decision was taken on the whole.
    pub decided: bool,
    /// The whole was referred.
    pub referred: bool,
}

/// Why a merge cannot be undone any more; `None` if it can.
#[must_use]
pub const fn depends(later: Later) -> Option<&'static str> {
    if later.merged {
        Some("merged")
    } else if later.moved {
        Some("moved")
    } else if later.decided {
        Some("decided")
    } else if later.referred {
        Some("referred")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(case: u128, of: Vec<(u8, u8)>) -> Vec<Row> {
        let all = What::ALL;
        let row = |(i, (what, same)): (usize, (u8, u8))| {
            let what = all[usize::from(what) % all.len()];
            // A case has nothing twice to begin with.
            Row {
                id: Uuid::from_u128(case * 1_000 + u128::try_from(i).unwrap()),
                case: Uuid::from_u128(case),
                what,
                same: (same < 6).then(|| format!("{same}-{}", what.as_str())),
            }
        };
        let mut kept: Vec<Row> = Vec::new();
        for row in of.into_iter().enumerate().map(row) {
            if row.same.is_none() || !kept.iter().any(|k| (k.what, &k.same) == (row.what, &row.same)) {
                kept.push(row);
            }
        }
        kept
    }

    /// What a store does: rows change the case in which they lie, and nothing else.
    fn put(all: &mut [Row], moved: &[Row], into: Uuid) {
        for row in all.iter_mut().filter(|r| moved.iter().any(|m| m.id == r.id)) {
            row.case = into;
        }
    }

    proptest! {
        #[test]
        fn merging_and_undoing_gives_what_was(
            a in proptest::collection::vec((any::<u8>(), 0..12_u8), 0..30),
            b in proptest::collection::vec((any::<u8>(), 0..12_u8), 0..30),
            c in proptest::collection::vec((any::<u8>(), 0..12_u8), 0..30),
        ) {
            let (one, two, three) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
            let mut all: Vec<Row> = [rows(1, a), rows(2, b), rows(3, c)].concat();
            let before = all.clone();
            let of = |all: &[Row], case: Uuid| -> Vec<Row> { all.iter().filter(|r| r.case == case).cloned().collect() };
            let first = plan(&of(&all, one), &of(&all, two));
            put(&mut all, &first, two);
            let second = plan(&of(&all, two), &of(&all, three));
            put(&mut all, &second, three);
            // Nothing is lost, nothing but the place has changed, and no case has the same twice.
            prop_assert_eq!(all.len(), before.len());
            for (is, was) in all.iter().zip(&before) {
                prop_assert_eq!((is.id, is.what, &is.same), (was.id, was.what, &was.same));
            }
            for (i, r) in all.iter().enumerate().filter(|(_, r)| r.same.is_some()) {
                let twice = all.iter().skip(i + 1).any(|o| (o.case, o.what, &o.same) == (r.case, r.what, &r.same));
                prop_assert!(!twice, "{:?}", r);
            }
            put(&mut all, &second, two);
            put(&mut all, &first, one);
            prop_assert_eq!(all, before);
        }
    }

    #[test]
    fn what_depends_on_a_merge() {
        assert_eq!(depends(Later::default()), None);
        for (later, why) in [
            (Later { merged: true, moved: true, ..Later::default() }, "merged"),
            (Later { moved: true, decided: true, ..Later::default() }, "moved"),
            (Later { decided: true, ..Later::default() }, "decided"),
            (Later { referred: true, ..Later::default() }, "referred"),
        ] {
            assert_eq!(depends(later), Some(why));
        }
    }
}
