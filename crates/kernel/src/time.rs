//! Two clocks, two types. The office clock measures deadlines, lapse and statistics and may run faster in
//! a demonstration; the wall clock measures sessions, one-time codes, signature freshness and time-outs
//! and is never scaled. A deadline cannot be computed from the wrong one by accident.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    /// From seconds since the epoch.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }
    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }
    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
    /// This moment plus `micros` (may be negative); stops at the ends of time.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
    /// This moment plus `secs` (may be negative).
    #[must_use]
    pub const fn plus_secs(self, secs: i64) -> Self {
        self.plus_micros(secs.saturating_mul(1_000_000))
    }
    /// Microseconds from `earlier` to this moment; negative if it is later.
    #[must_use]
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
    /// As RFC 3339 in UTC with microseconds, `2026-11-23T09:00:00.000000Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_microsecond(self.0).map_or_else(|_| self.0.to_string(), |t| format!("{t:.6}"))
    }
    /// Reads RFC 3339 with any offset. `None` if it is not such a time.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_microsecond()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// When something happened, as people tell it ("in the evening"): the earliest and latest moment it can
/// have been, and the words that were used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// Not before this moment.
    pub earliest: Timestamp,
    /// Not after this moment; equal to `earliest` where the time is exact.
    pub latest: Timestamp,
    /// The words as told, empty where a machine gave the time.
    pub told: String,
}

impl When {
    /// An exact moment.
    #[must_use]
    pub const fn exactly(at: Timestamp) -> Self {
        Self { earliest: at, latest: at, told: String::new() }
    }
}

type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

macro_rules! clock {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Now);
        impl $name {
            /// A clock that asks `now`.
            pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
                Self(Arc::new(now))
            }
            /// The present moment of this clock.
            #[must_use]
            pub fn now(&self) -> Timestamp {
                (self.0)()
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.now())
            }
        }
    };
}
clock!(
    /// Deadlines, lapse, statistics. May be scaled in a demonstration.
    OfficeClock
);
clock!(
    /// Sessions, one-time codes, signature freshness, time-outs. Never scaled.
    WallClock
);

impl WallClock {
    /// The machine's own clock: the one place where it is read.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
        Self::new(|| {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            Timestamp(since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX)))
        })
    }
}

impl OfficeClock {
    /// Office time that shows `start_office` when the wall shows `start_wall` and then runs `factor`
    /// times as fast. Factor 1 with equal starts is ordinary time.
    #[must_use]
    pub fn scaled(wall: WallClock, start_wall: Timestamp, start_office: Timestamp, factor: u32) -> Self {
        Self::new(move || {
            let passed = wall.now().micros_since(start_wall);
            start_office.plus_micros(passed.saturating_mul(i64::from(factor)))
        })
    }
    /// Office time equal to wall time: production.
    #[must_use]
    pub fn real(wall: WallClock) -> Self {
        Self::new(move || wall.now())
    }
}

/// A clock that tests and simulations set by hand.
#[derive(Debug, Clone, Default)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Starts at `at`.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.as_micros())))
    }
    /// Moves to `at`, backwards too.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::SeqCst);
    }
    /// Moves forward by `secs`.
    pub fn advance_secs(&self, secs: i64) {
        self.0.fetch_add(secs.saturating_mul(1_000_000), Ordering::SeqCst);
    }
    /// The moment it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
    /// As an office clock.
    #[must_use]
    pub fn office(&self) -> OfficeClock {
        let me = self.clone();
        OfficeClock::new(move || me.now())
    }
    /// As a wall clock.
    #[must_use]
    pub fn wall(&self) -> WallClock {
        let me = self.clone();
        WallClock::new(move || me.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rfc3339_round_trip(micros in -62_000_000_000_000_000_i64..250_000_000_000_000_000) {
            let t = Timestamp::from_micros(micros);
            prop_assert_eq!(Timestamp::parse_rfc3339(&t.rfc3339()), Some(t));
        }
        #[test]
        fn scaled_office_time_is_linear(factor in 1_u32..1_000, secs in 0_i64..1_000_000) {
            let hand = ManualClock::at(Timestamp::from_secs(1_000));
            let office = OfficeClock::scaled(hand.wall(), hand.now(), Timestamp::from_secs(5_000), factor);
            hand.advance_secs(secs);
            prop_assert_eq!(office.now(), Timestamp::from_secs(5_000 + secs * i64::from(factor)));
        }
    }

    #[test]
    fn ends_of_time_do_not_overflow() {
        assert_eq!(Timestamp::from_micros(i64::MAX).plus_secs(1).as_micros(), i64::MAX);
        assert_eq!(Timestamp::from_micros(-1).as_secs(), -1);
    }
}
