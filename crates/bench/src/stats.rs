//! Medians, ratios and how they are written, in whole numbers.

use std::fmt;

/// The value below which `percent` of the sorted list lies; 0 for an empty list.
#[must_use]
pub fn percentile(values: &[u64], percent: usize) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * percent.min(100) / 100).copied().unwrap_or(0)
}

/// The middle value, the lower one of two.
#[must_use]
pub fn median(values: &[u64]) -> u64 {
    percentile(values, 50)
}

/// How many times one cost goes into another, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(u64);

impl Ratio {
    /// `whole` times.
    #[must_use]
    pub const fn times(whole: u64) -> Self {
        Self(whole.saturating_mul(1_000))
    }
    /// `milli` thousandths.
    #[must_use]
    pub const fn milli(milli: u64) -> Self {
        Self(milli)
    }
    /// `numerator / denominator`; `None` if the denominator is zero.
    #[must_use]
    pub fn of(numerator: u128, denominator: u128) -> Option<Self> {
        let milli = numerator.checked_mul(1_000)?.checked_div(denominator)?;
        u64::try_from(milli).ok().map(Self)
    }
    /// Thousandths.
    #[must_use]
    pub const fn as_milli(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0..10_000 => write!(f, "{}.{:02}x", self.0 / 1_000, self.0 % 1_000 / 10),
            10_000..100_000 => write!(f, "{}.{}x", self.0 / 1_000, self.0 % 1_000 / 100),
            _ => write!(f, "{}x", self.0 / 1_000),
        }
    }
}

/// Nanoseconds as text with a unit that fits.
#[must_use]
pub fn time(ns: u64) -> String {
    match ns {
        0..1_000 => format!("{ns} ns"),
        1_000..1_000_000 => format!("{}.{:02} us", ns / 1_000, ns % 1_000 / 10),
        1_000_000..1_000_000_000 => format!("{}.{:02} ms", ns / 1_000_000, ns % 1_000_000 / 10_000),
        _ => format!("{}.{:02} s", ns / 1_000_000_000, ns % 1_000_000_000 / 10_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middle_values() {
        assert_eq!(median(&[]), 0);
        assert_eq!(median(&[5]), 5);
        assert_eq!(median(&[9, 1, 5]), 5);
        assert_eq!(median(&[9, 1, 5, 2]), 2);
        assert_eq!(percentile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 95), 10);
    }

    #[test]
    fn as_written() {
        let texts = |r: Option<Ratio>| r.map(|r| r.to_string());
        assert_eq!(texts(Ratio::of(1, 3)), Some("0.33x".to_owned()));
        assert_eq!(texts(Ratio::of(50, 3)), Some("16.6x".to_owned()));
        assert_eq!(texts(Ratio::of(500, 3)), Some("166x".to_owned()));
        assert_eq!(texts(Ratio::of(500, 0)), None);
        assert_eq!(
            [time(999), time(1_500), time(2_345_678), time(61_000_000_000)],
            ["999 ns", "1.50 us", "2.34 ms", "61.00 s"]
        );
    }
}
