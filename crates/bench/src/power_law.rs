//! Transfers as they are in life: few accounts send and receive most. The same seed gives the same transfers
//! to every engine.

use flat::Transfer;

/// Transfers per account.
const PER_ACCOUNT: u32 = 5;
/// Second of the first day, 2026-01-01T00:00:00Z.
pub const FIRST_SECOND: i64 = 1_767_225_600;
/// Days over which the transfers are spread.
const DAYS: u64 = 90;

/// Number of accounts for so many transfers.
#[must_use]
pub const fn accounts(transfers: u32) -> u32 {
    transfers / PER_ACCOUNT
}

/// A small, fast, good enough generator (splitmix64): numbers for a benchmark, not for keys.
struct Splitmix(u64);

impl Splitmix {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    #[expect(
        clippy::as_conversions,
        clippy::float_arithmetic,
        reason = "53 random bits as a fraction, exact"
    )]
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
    fn below(&mut self, n: u64) -> u64 {
        u64::try_from((u128::from(self.next()) * u128::from(n)) >> 64).unwrap_or(0)
    }
}

/// `count` transfers, sorted by time and numbered in that order, among [`accounts`]`(count)` accounts.
/// Senders crowd less than receivers: mules collect.
#[must_use]
pub fn transfers(count: u32) -> Vec<Transfer> {
    let accounts = u64::from(accounts(count).max(1));
    let mut random = Splitmix(42);
    let mut rows: Vec<Transfer> = (0..count)
        .map(|_| {
            let from = account(&mut random, 1.5, accounts);
            let to = account(&mut random, 2.2, accounts);
            let second = i64::try_from(random.below(DAYS * 86_400)).unwrap_or(0);
            let amount = amount(&mut random);
            Transfer { id: 0, from, to, at_secs: FIRST_SECOND + second, amount }
        })
        .collect();
    rows.sort_by_key(|row| row.at_secs);
    for (id, row) in (0_u32..).zip(&mut rows) {
        row.id = id;
    }
    rows
}

/// An account number; busy accounts are scattered, so that they do not lie side by side in any index.
#[expect(clippy::as_conversions, clippy::float_arithmetic, reason = "a power law over a small range")]
fn account(random: &mut Splitmix, exponent: f64, accounts: u64) -> u32 {
    let rank = (accounts as f64 * random.fraction().powf(exponent)) as u64;
    let scattered = (rank * 7_919_993 + 12_345) % accounts;
    u32::try_from(scattered).unwrap_or(0)
}

/// Smallest units: mostly small, some very large.
#[expect(clippy::as_conversions, clippy::float_arithmetic, reason = "a power law over a small range")]
fn amount(random: &mut Splitmix) -> i64 {
    1_000 + (random.fraction().powi(6) * 5e7) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_every_time_sorted_and_in_range() {
        let rows = transfers(5_000);
        assert_eq!(rows, transfers(5_000));
        assert!(rows.is_sorted_by_key(|r| (r.at_secs, r.id)));
        assert!(rows.iter().all(|r| r.from < 1_000 && r.to < 1_000 && r.amount >= 1_000));
        let mut sent = vec![0_u32; 1_000];
        for row in &rows {
            sent[usize::try_from(row.from).unwrap()] += 1;
        }
        sent.sort_unstable();
        assert!(sent[999] > 5 * sent[500].max(1), "a power law has a head");
    }
}
