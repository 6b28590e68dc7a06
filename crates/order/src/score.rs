//! How institutions answer: minutes to confirm and to act, what came late, what was refused, what was met with silence.
//! Pure. Counted are orders, never people.

use std::collections::BTreeMap;

use kernel::Timestamp;

/// One order that was sent, as far as it tells of its executor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Code of the institution that must carry it out.
    pub executor: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When receipt was confirmed.
    pub acknowledged_at: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// By when it was to be answered.
    pub action_due: Timestamp,
    /// Whether anything of it was refused.
    pub refused: bool,
}

/// How one institution answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// Its code.
    pub code: String,
    /// Orders counted: those answered, and those whose time to answer is over.
    pub orders: i64,
    /// Median time to confirm receipt, microseconds; `None` if nothing was confirmed.
    pub receipt: Option<i64>,
    /// Median time to answer, microseconds; `None` if nothing was answered.
    pub answer: Option<i64>,
    /// Share answered after the time was over or not at all, basis points.
    pub late: i64,
    /// Share of which something was refused, basis points.
    pub refused: i64,
    /// Share without any word although the time is over, basis points.
    pub silent: i64,
}

/// The scores of all institutions asked at least `least` times, by code.
#[must_use]
pub fn scores(all: &[Asked], least: i64, now: Timestamp) -> Vec<Score> {
    let mut by_code: BTreeMap<&str, Vec<&Asked>> = BTreeMap::new();
    for one in all {
        // An order that may still be answered in time says nothing yet.
        if one.answered_at.is_some() || one.action_due <= now {
            by_code.entry(&one.executor).or_default().push(one);
        }
    }
    let score = |(code, all): (&str, Vec<&Asked>)| {
        let orders = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let share = |which: &dyn Fn(&Asked) -> bool| {
            let n = i64::try_from(all.iter().filter(|a| which(a)).count()).unwrap_or(i64::MAX);
            n.saturating_mul(10_000).checked_div(orders).unwrap_or(0)
        };
        Score {
            code: code.to_owned(),
            orders,
            receipt: median(all.iter().filter_map(|a| took(a.sent_at, a.acknowledged_at)).collect()),
            answer: median(all.iter().filter_map(|a| took(a.sent_at, a.answered_at)).collect()),
            late: share(&|a| a.answered_at.is_none_or(|at| at > a.action_due)),
            refused: share(&|a| a.refused),
            silent: share(&|a| a.answered_at.is_none() && a.acknowledged_at.is_none()),
        }
    };
    by_code.into_iter().map(score).filter(|s| s.orders >= least).collect()
}

fn took(from: Timestamp, to: Option<Timestamp>) -> Option<i64> {
    Some(to?.micros_since(from).max(0))
}

/// The middle one; of an even number the smaller of the two in the middle.
fn median(mut all: Vec<i64>) -> Option<i64> {
    all.sort_unstable();
    all.get(all.len().checked_sub(1)?.checked_div(2)?).copied()
}

/// The median over institutions of a figure, each institution counting once.
#[must_use]
pub fn median_of(scores: &[Score], figure: impl Fn(&Score) -> Option<i64>) -> Option<i64> {
    median(scores.iter().filter_map(figure).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn asked(code: &str, acknowledged: Option<i64>, answered: Option<i64>, refused: bool) -> Asked {
        Asked {
            executor: code.into(),
            sent_at: T,
            acknowledged_at: acknowledged.map(|s| T.plus_secs(s)),
            answered_at: answered.map(|s| T.plus_secs(s)),
            action_due: T.plus_secs(3_600),
            refused,
        }
    }

    #[test]
    fn what_an_institution_did_is_counted() {
        let all = [
            asked("ZALT", Some(60), Some(600), false),
            asked("ZALT", Some(120), Some(1_200), true),
            asked("ZALT", Some(30), Some(7_200), false),
            asked("ZALT", None, None, false),
            asked("ZBEK", Some(60), Some(60), false),
        ];
        let got = scores(&all, 2, T.plus_secs(4_000));
        assert_eq!(got.len(), 1, "who was asked once is not scored");
        let zalt = &got[0];
        assert_eq!((zalt.orders, zalt.receipt, zalt.answer), (4, Some(60_000_000), Some(1_200_000_000)));
        assert_eq!((zalt.late, zalt.refused, zalt.silent), (5_000, 2_500, 2_500));
    }

    #[test]
    fn what_may_still_be_answered_in_time_says_nothing() {
        let all = [asked("ZALT", None, None, false), asked("ZALT", Some(5), Some(9), false)];
        let got = scores(&all, 1, T.plus_secs(100));
        assert_eq!((got[0].orders, got[0].silent, got[0].late), (1, 0, 0));
        assert!(scores(&[], 0, T).is_empty());
    }

    #[test]
    fn each_institution_counts_once_in_the_median() {
        let mut all = vec![asked("ZALT", Some(1), Some(1), false), asked("ZCAR", Some(9), Some(9), false)];
        all.extend((0..50).map(|_| asked("ZBEK", Some(3), Some(3), false)));
        let got = scores(&all, 1, T.plus_secs(10));
        assert_eq!(median_of(&got, |s| s.answer), Some(3_000_000));
        assert_eq!(median_of(&[], |s| s.answer), None);
    }
}
