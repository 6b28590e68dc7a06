//! A moment of office time, and the country's civil time.

use jiff::tz::Offset;

/// Microseconds since 1970-01-01T00:00:00Z in office time. The world deals in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

/// Seconds of an hour.
pub const HOUR: i64 = 3_600;
/// Seconds of a day.
pub const DAY: i64 = 24 * HOUR;
/// The country's offset from UTC: one zone since 1 March 2024, no summer time.
const OFFSET: Offset = Offset::constant(5);

impl Moment {
    /// `seconds` since the epoch.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }
    /// Whole seconds since the epoch.
    #[must_use]
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
    /// This moment and `seconds` more (or less).
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
    /// Seconds from `earlier` to this moment.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(1_000_000)
    }
    /// Reads RFC 3339 with any offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_microsecond()))
    }
    /// RFC 3339 with the country's offset, whole seconds: `2026-11-23T14:05:00+05:00`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.civil("%Y-%m-%dT%H:%M:%S%:z")
    }
    /// In the country's civil time by a `strftime` pattern.
    #[must_use]
    pub fn civil(self, pattern: &str) -> String {
        jiff::Timestamp::from_microsecond(self.0).map_or_else(
            |_| self.0.to_string(),
            |t| jiff::ZonedDateTime::new(t, OFFSET.to_time_zone()).strftime(pattern).to_string(),
        )
    }
    /// Days since 1970-01-01 in the country's civil time.
    #[must_use]
    pub fn day(self) -> i64 {
        self.local_secs().div_euclid(DAY)
    }
    /// Seconds since the country's midnight.
    #[must_use]
    pub fn second_of_day(self) -> i64 {
        self.local_secs().rem_euclid(DAY)
    }
    /// The country's midnight at the start of `day`.
    #[must_use]
    pub fn midnight(day: i64) -> Self {
        Self::from_secs(day.saturating_mul(DAY).saturating_sub(i64::from(OFFSET.seconds())))
    }
    /// 0 is Monday.
    #[must_use]
    pub fn weekday(self) -> i64 {
        // 1970-01-01 was a Thursday.
        (self.day() + 3).rem_euclid(7)
    }
    fn local_secs(self) -> i64 {
        self.secs().saturating_add(i64::from(OFFSET.seconds()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_time_of_the_country() {
        let m = Moment::parse("2026-11-23T20:30:00Z").unwrap();
        assert_eq!(m.rfc3339(), "2026-11-24T01:30:00+05:00");
        assert_eq!(Moment::parse(&m.rfc3339()), Some(m));
        assert_eq!(m.second_of_day(), 5_400);
        assert_eq!(m.weekday(), 1);
        assert_eq!(Moment::midnight(m.day()).plus(5_400), m);
    }
}
