//! What becomes of a try, how long to wait for the next one, how many may be under way. Pure, but for the counts
//! of [`Breakers`], which lie in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::Timestamp;
use profile::RetryTable;

use super::model::{EndpointId, Fault, Topic};
use super::post::Answered;

/// Posts to one endpoint at the same time.
pub const PER_ENDPOINT: usize = 4;
/// Posts to all endpoints at the same time; those that have waited for longer than a second do not count, so that
/// endpoints that do not answer take no place from those that do.
pub const AT_ONCE: usize = 256;
/// Posts to all endpoints at the same time, whatever they wait for.
pub const CEILING: usize = 512;
/// How long it is enough to have noted in the table that an endpoint takes things.
const NOTED_MICROS: i64 = 10_000_000;
/// How long a post counts as quick.
const QUICK_MICROS: i64 = 1_000_000;
/// The longest wait that an answer may ask for.
const MOST_ASKED_SECS: i64 = 86_400;

/// What a try leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Taken.
    Done(u16),
    /// Nobody wants anything here any more.
    Gone(u16),
    /// Not taken: again, not before the seconds that the answer asked for.
    Again {
        /// HTTP status, if one came.
        status: Option<u16>,
        /// Why.
        fault: Fault,
        /// Seconds that were asked for; 0 if none were.
        not_before_secs: i64,
    },
}

/// Judges what came of a try: 2xx takes it, 410 ends the endpoint, everything else is a failure, a redirect too.
#[must_use]
pub fn verdict(came: Result<Answered, Fault>) -> Verdict {
    match came {
        Ok(Answered { status: status @ 200..300, .. }) => Verdict::Done(status),
        Ok(Answered { status: 410, .. }) => Verdict::Gone(410),
        Ok(Answered { status, retry_after_secs }) => {
            let asked = i64::from(retry_after_secs.unwrap_or(0)).min(MOST_ASKED_SECS);
            Verdict::Again { status: Some(status), fault: Fault::Status, not_before_secs: asked }
        }
        Err(fault) => Verdict::Again { status: None, fault, not_before_secs: 0 },
    }
}

/// How long to wait before the next try by a table of the profile. Up to `jitter_percent` of the wait is drawn on
/// top, so that endpoints are not struck in step. `made` counts tries made; `None` gives up.
#[must_use]
pub fn wait_secs(table: &RetryTable, made: i64, draw: u64) -> Option<i64> {
    let next = u32::try_from(made.saturating_add(1)).unwrap_or(u32::MAX);
    let base = u64::from(table.wait_before(next)?);
    let spread = base.saturating_mul(u64::from(table.jitter_percent)) / 100;
    let drawn = draw.checked_rem(spread.saturating_add(1)).unwrap_or(0);
    i64::try_from(base.saturating_add(drawn)).ok()
}

/// The topics of a form, each once, in a fixed order. `None` if there is none, or one that cannot be asked for.
#[must_use]
pub fn topics(asked: &[Topic]) -> Option<Vec<Topic>> {
    let known = Topic::SUBSCRIBABLE.into_iter().filter(|t| asked.contains(t)).collect::<Vec<_>>();
    let foreign = asked.iter().any(|t| !Topic::SUBSCRIBABLE.contains(t));
    (!known.is_empty() && !foreign).then_some(known)
}

/// Per endpoint: failures in a row, and when it may be tried again. In memory: each process learns for itself, and
/// begins with what the table says.
#[derive(Debug, Clone)]
pub struct Breakers {
    /// Failures in a row after which an endpoint is only probed.
    break_after: i64,
    /// How often a silent endpoint is probed.
    probe_secs: i64,
    all: Arc<Mutex<All>>,
}

#[derive(Debug, Default)]
struct All {
    of: HashMap<EndpointId, Breaker>,
    /// When each post that the network has began.
    flights: HashMap<u64, Timestamp>,
    /// Posts of which is not yet kept what came of them.
    under_way: usize,
    drawn: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Breaker {
    failures: i64,
    probe_at: Timestamp,
    in_flight: usize,
    /// When it was last noted in the table that all is well.
    noted: Option<Timestamp>,
}

/// What a try says about its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It took something, as it did a moment ago: nothing to note.
    Well,
    /// It took something.
    Took,
    /// It took something after it had failed.
    Back,
    /// It took nothing.
    Failed,
}

impl Breakers {
    /// With the profile's bounds, every endpoint as good as new.
    #[must_use]
    pub fn new(bounds: profile::Breaker) -> Self {
        Self {
            break_after: i64::from(bounds.failures.max(1)),
            probe_secs: i64::from(bounds.probe_seconds),
            all: Arc::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns what an earlier process, or another one, has seen: the endpoint is probed at once.
    pub fn learn(&self, endpoint: EndpointId, failures: i64, now: Timestamp) {
        let fresh = || Breaker { failures, probe_at: now, ..Breaker::default() };
        self.lock().of.entry(endpoint).or_insert_with(fresh);
    }

    /// How many posts may begin now.
    #[must_use]
    pub fn free(&self, now: Timestamp) -> usize {
        let all = self.lock();
        let quick = all.flights.values().filter(|began| now.micros_since(**began) < QUICK_MICROS).count();
        AT_ONCE.saturating_sub(quick).min(CEILING.saturating_sub(all.flights.len()))
    }

    /// Takes a place among the posts to `endpoint`, if there is one; dropping it gives the place back, whatever
    /// became of the post. To a silent endpoint goes one post at a time, and only when its probe is due.
    #[must_use]
    pub fn take(&self, endpoint: EndpointId, now: Timestamp) -> Option<Flight> {
        let mut all = self.lock();
        let breaker = all.of.entry(endpoint).or_default();
        let open = breaker.failures >= self.break_after;
        let room = if open {
            breaker.in_flight == 0 && now >= breaker.probe_at
        } else {
            breaker.in_flight < PER_ENDPOINT
        };
        if !room {
            return None;
        }
        breaker.in_flight = breaker.in_flight.saturating_add(1);
        all.drawn = all.drawn.wrapping_add(1);
        all.under_way = all.under_way.saturating_add(1);
        let number = all.drawn;
        all.flights.insert(number, now);
        drop(all);
        Some(Flight { breakers: self.clone(), endpoint, number })
    }

    /// Until when nothing more is posted to a silent endpoint; `None` if it is not silent.
    #[must_use]
    pub fn silent_until(&self, endpoint: EndpointId, now: Timestamp) -> Option<Timestamp> {
        let all = self.lock();
        let breaker = all.of.get(&endpoint).filter(|b| b.failures >= self.break_after)?;
        // While a probe is under way its next one is not known.
        Some(if now < breaker.probe_at { breaker.probe_at } else { now.plus_secs(self.probe_secs) })
    }

    /// Silent endpoints whose probe is due.
    #[must_use]
    pub fn to_probe(&self, now: Timestamp) -> Vec<EndpointId> {
        let due = |b: &Breaker| b.failures >= self.break_after && b.in_flight == 0 && now >= b.probe_at;
        let mut all: Vec<EndpointId> =
            self.lock().of.iter().filter(|(_, b)| due(b)).map(|(endpoint, _)| *endpoint).collect();
        all.sort_unstable();
        all
    }

    /// There is nothing to probe the endpoint with: look again after a while.
    pub fn nothing_to_probe(&self, endpoint: EndpointId, now: Timestamp) {
        let after = now.plus_secs(self.probe_secs);
        if let Some(breaker) = self.lock().of.get_mut(&endpoint) {
            breaker.probe_at = after;
        }
    }

    /// Notes what became of a try.
    #[must_use]
    pub fn end(&self, endpoint: EndpointId, taken: bool, now: Timestamp) -> News {
        let after = now.plus_secs(self.probe_secs);
        let mut all = self.lock();
        let breaker = all.of.entry(endpoint).or_default();
        if !taken {
            breaker.failures = breaker.failures.saturating_add(1);
            breaker.probe_at = after;
            breaker.noted = None;
            return News::Failed;
        }
        let failed_before = std::mem::take(&mut breaker.failures) > 0;
        let fresh = breaker.noted.is_some_and(|at| now.micros_since(at) < NOTED_MICROS);
        if fresh {
            return News::Well;
        }
        breaker.noted = Some(now);
        if failed_before { News::Back } else { News::Took }
    }

    /// How many posts are under way, or what came of them still to be kept.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.lock().under_way
    }

    /// Whether the endpoint is only probed at present.
    #[must_use]
    pub fn is_open(&self, endpoint: EndpointId) -> bool {
        self.lock().of.get(&endpoint).is_some_and(|b| b.failures >= self.break_after)
    }
}

/// A post under way.
#[derive(Debug)]
pub struct Flight {
    breakers: Breakers,
    endpoint: EndpointId,
    number: u64,
}

impl Flight {
    /// The network is done with it: it takes no place among all posts any more, only among those of its endpoint.
    /// Gives how many the network still has.
    pub fn landed(&mut self) -> usize {
        let mut all = self.breakers.lock();
        all.flights.remove(&self.number);
        all.flights.len()
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut all = self.breakers.lock();
        all.flights.remove(&self.number);
        all.under_way = all.under_way.saturating_sub(1);
        if let Some(breaker) = all.of.get_mut(&self.endpoint) {
            breaker.in_flight = breaker.in_flight.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn answered(status: u16) -> Result<Answered, Fault> {
        Ok(Answered { status, retry_after_secs: None })
    }

    fn endpoint(n: u128) -> EndpointId {
        EndpointId::from_uuid(Uuid::from_u128(n))
    }

    const T: Timestamp = Timestamp::from_secs(1_000);
    const BOUNDS: profile::Breaker = profile::Breaker { failures: 5, probe_seconds: 15 };

    #[test]
    fn what_comes_of_a_try() {
        for status in [200, 201, 204, 299] {
            assert_eq!(verdict(answered(status)), Verdict::Done(status));
        }
        for status in [100, 199, 300, 301, 302, 307, 308, 400, 401, 404, 408, 429, 500, 503, 599] {
            let again = Verdict::Again { status: Some(status), fault: Fault::Status, not_before_secs: 0 };
            assert_eq!(verdict(answered(status)), again);
        }
        assert_eq!(verdict(answered(410)), Verdict::Gone(410));
        let timeout = Verdict::Again { status: None, fault: Fault::Timeout, not_before_secs: 0 };
        assert_eq!(verdict(Err(Fault::Timeout)), timeout);
        for (asked, kept) in [(0, 0), (120, 120), (86_400, 86_400), (u32::MAX, 86_400)] {
            let busy = verdict(Ok(Answered { status: 503, retry_after_secs: Some(asked) }));
            let again = Verdict::Again { status: Some(503), fault: Fault::Status, not_before_secs: kept };
            assert_eq!(busy, again);
        }
    }

    #[test]
    fn the_table_of_notices_is_followed_and_ends() {
        let notice = RetryTable {
            name: "notice".into(),
            waits_seconds: vec![5, 300, 1_800],
            then_every_seconds: None,
            jitter_percent: 20,
        };
        let secs: Vec<Option<i64>> = (1..5).map(|made| wait_secs(&notice, made, 0)).collect();
        assert_eq!(secs, [Some(5), Some(300), Some(1_800), None]);
        for draw in 0..1_000 {
            let wait = wait_secs(&notice, 2, draw).unwrap();
            assert!((300..=360).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn topics_are_a_set_of_those_that_can_be_asked_for() {
        use Topic::{Order, Release, Reminder, Test};
        assert_eq!(topics(&[Reminder, Order, Order]), Some(vec![Order, Reminder]));
        assert_eq!(topics(&[Release]), Some(vec![Release]));
        for wrong in [&[][..], &[Test], &[Order, Test], &[Topic::Resumed]] {
            assert_eq!(topics(wrong), None);
        }
    }

    #[test]
    fn a_silent_endpoint_is_probed_and_comes_back() {
        let (breakers, dead, alive) = (Breakers::new(BOUNDS), endpoint(1), endpoint(2));
        for _ in 0..5 {
            let _flight = breakers.take(dead, T).unwrap();
            assert_eq!(breakers.end(dead, false, T), News::Failed);
        }
        assert!(breakers.is_open(dead) && !breakers.is_open(alive));
        assert!(breakers.take(dead, T.plus_secs(14)).is_none());
        assert!(breakers.to_probe(T.plus_secs(14)).is_empty());
        assert_eq!(breakers.silent_until(dead, T.plus_secs(14)), Some(T.plus_secs(15)));
        assert_eq!(breakers.silent_until(dead, T.plus_secs(15)), Some(T.plus_secs(30)));
        assert_eq!(breakers.silent_until(alive, T), None);
        assert_eq!(breakers.to_probe(T.plus_secs(15)), [dead]);
        let probe = breakers.take(dead, T.plus_secs(15)).unwrap();
        assert!(breakers.take(dead, T.plus_secs(15)).is_none(), "one probe at a time");
        assert!(breakers.take(alive, T).is_some(), "a dead endpoint holds up nobody else");
        assert_eq!(breakers.end(dead, true, T.plus_secs(15)), News::Back, "it has just come back");
        let later = [(15, News::Well), (24, News::Well), (25, News::Took), (26, News::Well)];
        for (secs, news) in later {
            assert_eq!(breakers.end(dead, true, T.plus_secs(secs)), news, "{secs}");
        }
        drop(probe);
        let all: Vec<_> = (0..PER_ENDPOINT).map(|_| breakers.take(dead, T.plus_secs(15)).unwrap()).collect();
        assert!(breakers.take(dead, T.plus_secs(15)).is_none());
        drop(all);
        assert_eq!(breakers.under_way(), 0, "a place comes back whatever became of the post");
        breakers.learn(endpoint(3), 9, T);
        assert!(breakers.is_open(endpoint(3)));
        breakers.learn(dead, 9, T);
        assert!(!breakers.is_open(dead), "what was seen here counts more");
        breakers.nothing_to_probe(endpoint(3), T);
        assert!(breakers.to_probe(T).is_empty());
    }

    #[test]
    fn who_does_not_answer_takes_no_place_for_longer_than_a_second() {
        let breakers = Breakers::new(BOUNDS);
        let slow: Vec<Flight> = (0..64)
            .flat_map(|n| (0..PER_ENDPOINT).map(move |_| n))
            .map(|n| breakers.take(endpoint(n), T).unwrap())
            .collect();
        assert_eq!((slow.len(), breakers.free(T)), (AT_ONCE, 0));
        assert_eq!(breakers.free(T.plus_secs(1)), AT_ONCE);
        let more: Vec<Flight> = (100..500).filter_map(|n| breakers.take(endpoint(n), T)).collect();
        assert_eq!((more.len(), breakers.free(T.plus_secs(9))), (400, 0), "but there is a ceiling");
        drop(slow);
        let mut more = more;
        let last = more.iter_mut().map(Flight::landed).last();
        assert_eq!(last, Some(0));
        assert_eq!((breakers.free(T), breakers.under_way()), (AT_ONCE, 400));
        drop(more);
        assert_eq!(breakers.under_way(), 0);
    }
}
