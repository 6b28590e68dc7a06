//! Randomness as an argument: the operating system's in production, a seeded stream in simulation.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

use crate::time::Timestamp;

/// A source of random bytes, cheap to clone. Clones share one stream.
#[derive(Clone)]
pub struct Entropy(Arc<Mutex<ChaCha20Rng>>);

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy")
    }
}

impl Entropy {
    /// Seeded by the operating system.
    ///
    /// # Errors
    /// If the operating system has no randomness to give.
    pub fn from_os() -> Result<Self, getrandom::Error> {
        let mut seed = [0_u8; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self(Arc::new(Mutex::new(ChaCha20Rng::from_seed(seed)))))
    }

    /// The same seed gives the same stream: for tests and simulations only.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// Fills `out` with random bytes.
    pub fn fill(&self, out: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(out);
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0_u8; N];
        self.fill(&mut out);
        out
    }

    /// A number below `bound`, without bias; 0 if `bound` is 0.
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // Rejection sampling: draw again from the incomplete last interval.
        let limit = u64::MAX - u64::MAX % bound;
        loop {
            let x = u64::from_le_bytes(self.bytes());
            if x < limit {
                return x % bound;
            }
        }
    }

    /// A version 7 UUID (RFC 9562) that carries `now`, so that ids sort by time.
    #[must_use]
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let ms = u64::try_from(now.as_micros() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(ms, &self.bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_stream() {
        let (a, b) = (Entropy::seeded(7), Entropy::seeded(7));
        assert_eq!(a.bytes::<64>(), b.bytes::<64>());
        assert_ne!(a.bytes::<64>(), Entropy::seeded(8).bytes::<64>());
    }

    #[test]
    fn below_stays_below_and_reaches_every_value() {
        let e = Entropy::seeded(1);
        let mut seen = [false; 7];
        for _ in 0..1_000 {
            seen[usize::try_from(e.below(7)).unwrap()] = true;
        }
        assert_eq!(seen, [true; 7]);
        assert_eq!(e.below(0), 0);
    }

    #[test]
    fn uuids_sort_by_time() {
        let e = Entropy::seeded(1);
        let early = e.uuid(Timestamp::from_micros(1_700_000_000_000_000));
        let late = e.uuid(Timestamp::from_micros(1_700_000_000_001_000));
        assert!(early < late);
        assert_eq!(early.get_version_num(), 7);
    }
}
