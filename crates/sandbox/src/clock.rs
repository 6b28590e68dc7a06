//! The clocks as an outside party has them: office time as the node tells it, wall time for signatures and
//! time-outs. The one place of this program where real time is read or waited for.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::moment::Moment;

/// What `GET /api/v1/clock` said, and when by our own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Office time at the node.
    pub office: Moment,
    /// Our wall clock then, microseconds since 1970.
    pub wall_micros: i64,
    /// How many times faster office time runs.
    pub factor: i64,
}

impl Reading {
    /// Office time when our wall clock shows `wall_micros`.
    #[must_use]
    pub const fn office_at(self, wall_micros: i64) -> Moment {
        let passed = wall_micros.saturating_sub(self.wall_micros);
        Moment(self.office.0.saturating_add(passed.saturating_mul(self.factor)))
    }
}

/// Office time, kept in step with the node.
#[derive(Debug)]
pub struct OfficeTime(RwLock<Reading>);

impl OfficeTime {
    /// Starts from a reading.
    #[must_use]
    pub const fn new(reading: Reading) -> Self {
        Self(RwLock::new(reading))
    }
    /// Takes a newer reading.
    pub fn set(&self, reading: Reading) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = reading;
    }
    fn reading(&self) -> Reading {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
    /// Now, by the office's clock.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.reading().office_at(wall_micros())
    }
    /// How many times faster office time runs.
    #[must_use]
    pub fn factor(&self) -> i64 {
        self.reading().factor.max(1)
    }
    /// Waits until office time shows `at`. Looks again every ten seconds, since the node's clock may be set.
    pub async fn sleep_until(&self, at: Moment) {
        loop {
            let left = at.0.saturating_sub(self.now().0);
            if left <= 0 {
                return;
            }
            let micros = u64::try_from(left / self.factor()).unwrap_or(0);
            pause(Duration::from_micros(micros.clamp(500, 10_000_000))).await;
        }
    }
}

/// Wall clock, microseconds since 1970.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this program where the machine's clock is read"
)]
pub fn wall_micros() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
}

/// Wall clock, seconds since 1970.
#[must_use]
pub fn wall_secs() -> i64 {
    wall_micros() / 1_000_000
}

/// Waits by the wall clock.
#[expect(clippy::disallowed_methods, reason = "the one place of this program where real time is waited for")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn office_time_runs_by_its_factor() {
        let reading = Reading { office: Moment::from_secs(1_000), wall_micros: 5_000_000, factor: 10 };
        assert_eq!(reading.office_at(7_000_000), Moment::from_secs(1_020));
        assert_eq!(reading.office_at(4_000_000), Moment::from_secs(990));
    }
}
