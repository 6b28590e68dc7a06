//! Whether one more request is taken. Pure.

/// Seconds of the window that is counted in.
const WINDOW_SECS: i64 = 60;

/// What an institution may send in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests of any kind.
    pub requests: u32,
    /// Answers that are taken whatever else was sent: the law's clocks run on, however badly a program behaves.
    pub answers_floor: u32,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It answers an order.
    Answer,
    /// Anything else: reading the inbox, reports.
    Other,
}

/// What was sent within one minute of the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// The minute, counted from 1970.
    pub minute: i64,
    /// Requests of any kind that were taken.
    pub requests: u32,
    /// Answers among them.
    pub answers: u32,
}

impl Used {
    /// What of it counts at a moment, in seconds from 1970: nothing of another minute. A clock that was set back begins anew.
    #[must_use]
    pub const fn at(self, now_secs: i64) -> Self {
        let minute = now_secs.div_euclid(WINDOW_SECS);
        if self.minute == minute { self } else { Self { minute, requests: 0, answers: 0 } }
    }
}

/// No more is taken within this minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more requests than the agreement allows in a minute; again in {retry_after_secs} s")]
pub struct Full {
    /// Seconds until the next minute, 1 to 60.
    pub retry_after_secs: u32,
}

/// Takes one more request into account.
///
/// # Errors
/// [`Full`]: the quota is used up and, of an answer, the floor, too.
pub fn admit(quota: Quota, used: Used, purpose: Purpose, now_secs: i64) -> Result<Used, Full> {
    let used = used.at(now_secs);
    let answers = purpose == Purpose::Answer;
    if used.requests >= quota.requests && !(answers && used.answers < quota.answers_floor) {
        let left = WINDOW_SECS.saturating_sub(now_secs.rem_euclid(WINDOW_SECS));
        return Err(Full { retry_after_secs: u32::try_from(left).unwrap_or(60) });
    }
    Ok(Used {
        requests: used.requests.saturating_add(1),
        answers: used.answers.saturating_add(u32::from(answers)),
        ..used
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const QUOTA: Quota = Quota { requests: 10, answers_floor: 3 };

    #[test]
    fn what_is_taken() {
        use Purpose::{Answer, Other};
        let used = |requests, answers| Used { minute: 100, requests, answers };
        // now, used before, purpose: what is used after, or after how many seconds again
        for (now, before, purpose, after) in [
            (6_000, used(0, 0), Other, Ok(used(1, 0))),
            (6_059, used(9, 0), Other, Ok(used(10, 0))),
            (6_000, used(10, 0), Other, Err(60)),
            (6_059, used(10, 0), Other, Err(1)),
            (6_030, used(99, 0), Other, Err(30)),
            // Answers go on below the floor, whatever else was sent, and count as requests, too.
            (6_000, used(0, 0), Answer, Ok(used(1, 1))),
            (6_000, used(10, 0), Answer, Ok(used(11, 1))),
            (6_000, used(99, 2), Answer, Ok(used(100, 3))),
            (6_000, used(10, 3), Answer, Err(60)),
            (6_000, used(9, 9), Answer, Ok(used(10, 10))),
            // Another minute begins anew, also where the clock was set back.
            (6_060, used(10, 3), Other, Ok(Used { minute: 101, requests: 1, answers: 0 })),
            (5_999, used(10, 3), Answer, Ok(Used { minute: 99, requests: 1, answers: 1 })),
        ] {
            let got = admit(QUOTA, before, purpose, now).map_err(|full| full.retry_after_secs);
            assert_eq!(got, after, "{now} {before:?} {purpose:?}");
        }
    }

    proptest! {
        /// Whatever comes in whatever order within a minute: other requests are never more than the quota, and an answer is
        /// refused only when quota and floor are both used up.
        #[test]
        fn floods_stay_within_and_answers_above_the_floor(
            requests in 1..30_u32,
            floor in 1..30_u32,
            sent in proptest::collection::vec(any::<bool>(), 0..200),
        ) {
            let quota = Quota { requests, answers_floor: floor };
            let (mut used, mut others, mut answers) = (Used::default(), 0_u32, 0_u32);
            for answer in sent {
                let purpose = if answer { Purpose::Answer } else { Purpose::Other };
                match admit(quota, used, purpose, 30) {
                    Ok(after) => {
                        used = after;
                        if answer { answers += 1 } else { others += 1 }
                    }
                    Err(full) => {
                        prop_assert_eq!(full.retry_after_secs, 30);
                        prop_assert!(used.requests >= requests);
                        prop_assert!(!answer || answers >= floor);
                    }
                }
            }
            prop_assert!(others <= requests);
            prop_assert_eq!((used.requests, used.answers), (others + answers, answers));
        }
    }
}
