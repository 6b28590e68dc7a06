//! How many tries there are. Counted per login and address together, per login, and per address, so that neither
//! one password for all logins nor all passwords for one login goes far, and so that strangers cannot lock an
//! officer out of the address the officer works from.

use kernel::Timestamp;

/// How long a failed try counts, seconds.
pub(crate) const WINDOW_SECS: i64 = 15 * 60;
/// Failed tries of one login from one address.
const PER_PAIR: i64 = 5;
/// Failed tries of one login from anywhere; does not count where that login has signed in before.
const PER_LOGIN: i64 = 30;
/// Failed tries from one address for any login; an office may have one address.
const PER_ADDRESS: i64 = 100;

/// What was tried within the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tries {
    /// Failed ones of this login from this address.
    pub pair: i64,
    /// Failed ones of this login.
    pub login: i64,
    /// Failed ones from this address; 0 if the address is not known.
    pub address: i64,
    /// Whether this login has signed in from this address before.
    pub known_pair: bool,
    /// The oldest of all these.
    pub oldest: Option<Timestamp>,
}

/// Whether another try may be made.
///
/// # Errors
/// How many seconds to wait: until the oldest failed try no longer counts.
pub(crate) fn check(tries: &Tries, now: Timestamp) -> Result<(), u32> {
    let over = tries.pair >= PER_PAIR
        || (tries.login >= PER_LOGIN && !tries.known_pair)
        || tries.address >= PER_ADDRESS;
    if !over {
        return Ok(());
    }
    let until = tries.oldest.unwrap_or(now).plus_secs(WINDOW_SECS);
    let wait_secs = until.as_secs().saturating_sub(now.as_secs()).clamp(1, WINDOW_SECS);
    Err(u32::try_from(wait_secs).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        let now = Timestamp::from_secs(10_000);
        let ok = |pair, login, address, known_pair| {
            check(&Tries { pair, login, address, known_pair, oldest: Some(now) }, now).is_ok()
        };
        for (pair, login, address, known, expected) in [
            (0, 0, 0, false, true),
            (4, 29, 99, false, true),
            (5, 5, 5, false, false),
            (5, 5, 5, true, false),
            (0, 30, 0, false, false),
            (0, 30, 0, true, true),
            (0, 0, 100, true, false),
        ] {
            assert_eq!(ok(pair, login, address, known), expected, "{pair} {login} {address} {known}");
        }
    }

    #[test]
    fn wait_ends_with_the_window() {
        let (now, oldest) = (Timestamp::from_secs(10_000), Timestamp::from_secs(9_400));
        let tries = Tries { pair: 5, oldest: Some(oldest), ..Tries::default() };
        assert_eq!(check(&tries, now), Err(300));
        // A clock that was set back does not lock anybody out for longer than the window.
        assert_eq!(check(&tries, Timestamp::from_secs(1)), Err(900));
        assert_eq!(check(&tries, Timestamp::from_secs(10_400)), Err(1));
    }
}
