//! Who tries out all numbers at the portal. One who has been called asks about one number and often hears that it is known; one who
//! tries out millions hears nothing of nearly all. So it is the answers "nothing known" that are counted: of everybody in a day,
//! and of a network in an hour. Beyond that a question about a number costs the browser a second of reckoning. Pure but for what it
//! remembers.

use std::collections::{HashMap, HashSet};

use identifier::Kind;
use kernel::Timestamp;

/// Questions about numbers that a network asks in an hour without more ado: a family, a shop, an office behind one address.
pub const FREE: u32 = 20;
/// Answers "nothing known" about numbers in a day, to everybody together, after which each question costs something: so many are a
/// ten-thousandth of the telephone numbers of a small country.
pub const MISSES: u32 = 10_000;
/// Bits of the puzzle for one number, at first, and at most for several: a hundred thousand to a million hashes. Ten numbers cost as
/// much as ten.
pub const BITS: (u32, u32) = (17, 20);
/// How long a puzzle may be worked on, seconds.
pub const WORKED_SECS: i64 = 600;
/// Networks that are remembered; beyond them everybody is asked for a puzzle.
const MOST: usize = 200_000;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Whether such a thing is one of a series that can be gone through, and a person's.
#[must_use]
pub const fn is_number(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Url
            | Kind::Domain
            | Kind::Ip
            | Kind::Email
            | Kind::App
            | Kind::Sender
            | Kind::Advertisement
            | Kind::Handle
    )
}

/// What is remembered of those who asked.
#[derive(Debug, Default)]
pub struct Crowd {
    day: i64,
    misses: u32,
    hour: i64,
    asked: HashMap<u64, u32>,
    used: HashSet<[u8; 8]>,
    used_before: HashSet<[u8; 8]>,
    used_since: i64,
}

impl Crowd {
    /// Whether a network may ask about some numbers at a moment; otherwise how many bits the puzzle has. Of a network that nobody
    /// knows only what everybody together asks counts.
    pub fn ask(&mut self, network: Option<u64>, numbers: u32, now: Timestamp) -> Option<u32> {
        self.turn(now);
        if numbers == 0 {
            return None;
        }
        let harder = (self.misses / MISSES).saturating_add(numbers.next_power_of_two().ilog2());
        let bits = BITS.0.saturating_add(harder).min(BITS.1);
        if self.misses >= MISSES {
            return Some(bits);
        }
        if self.may(network, numbers) { None } else { Some(bits) }
    }

    /// Whether a network may do something that counts as so many questions, whatever everybody else asks.
    pub fn act(&mut self, network: Option<u64>, counts: u32, now: Timestamp) -> Option<u32> {
        self.turn(now);
        let bits = BITS.0.saturating_add(2).min(BITS.1);
        if self.may(network, counts) { None } else { Some(bits) }
    }

    fn may(&mut self, network: Option<u64>, numbers: u32) -> bool {
        let Some(network) = network else { return true };
        if self.asked.len() >= MOST && !self.asked.contains_key(&network) {
            return false;
        }
        let asked = self.asked.entry(network).or_default();
        let free = asked.saturating_add(numbers) <= FREE;
        if free {
            *asked = asked.saturating_add(numbers);
        }
        free
    }

    /// So many numbers were asked about for nothing of which nothing is known. What somebody has worked for does not count: nobody
    /// makes everybody work by working.
    pub fn missed(&mut self, numbers: u32, now: Timestamp) {
        self.turn(now);
        self.misses = self.misses.saturating_add(numbers);
    }

    /// Uses a puzzle; `false` where it was used before.
    pub fn used(&mut self, nonce: [u8; 8], now: Timestamp) -> bool {
        let secs = now.as_secs();
        // Two times as long as a puzzle lives, at most.
        if secs.saturating_sub(self.used_since) > WORKED_SECS {
            self.used_before = std::mem::take(&mut self.used);
            self.used_since = secs;
        }
        !self.used_before.contains(&nonce) && self.used.insert(nonce)
    }

    fn turn(&mut self, now: Timestamp) {
        let (day, hour) = (now.as_secs().div_euclid(DAY), now.as_secs().div_euclid(HOUR));
        if day != self.day {
            (self.day, self.misses) = (day, 0);
        }
        if hour != self.hour {
            self.hour = hour;
            self.asked.clear();
        }
    }
}

/// Whether a hash begins with so many zero bits.
#[must_use]
pub fn is_solved(hash: &[u8], bits: u32) -> bool {
    let zeros = hash.iter().try_fold(0_u32, |sum, byte| match byte.leading_zeros() {
        8 => Ok(sum.saturating_add(8)),
        some => Err(sum.saturating_add(some)),
    });
    zeros.unwrap_or_else(|sum| sum) >= bits
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_800_014_400 / 86_400 * 86_400 + 43_200;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(NOON + secs)
    }

    #[test]
    fn one_who_was_called_and_one_who_tries_out() {
        let mut crowd = Crowd::default();
        for _ in 0..FREE {
            assert_eq!(crowd.ask(Some(1), 1, at(0)), None);
        }
        assert_eq!(crowd.ask(Some(1), 1, at(1)), Some(17), "a network that asks too much works");
        assert_eq!(crowd.ask(Some(1), 10, at(1)), Some(20), "for ten numbers as for ten");
        assert_eq!(crowd.ask(Some(1), 0, at(1)), None, "a link is nobody's number");
        assert_eq!(crowd.ask(Some(2), 10, at(1)), None, "a whole message from elsewhere is free");
        assert_eq!(crowd.ask(None, 10, at(1)), None, "nobody knows who that is");
        assert_eq!(crowd.act(Some(1), 5, at(1)), Some(19), "nor does that network flood the office");
        assert_eq!(crowd.ask(Some(1), 1, at(3_600)), None, "and in the next hour");
        crowd.missed(MISSES, at(3_600));
        assert_eq!(
            crowd.ask(Some(3), 1, at(3_700)),
            Some(18),
            "too many have heard nothing: everybody works"
        );
        assert_eq!(crowd.act(Some(3), 5, at(3_700)), None, "but whoever objects");
        crowd.missed(MISSES * 9, at(3_700));
        assert_eq!(crowd.ask(Some(4), 1, at(3_700)), Some(20), "and no more than a telephone can");
        assert_eq!(crowd.ask(Some(5), 1, at(86_400)), None, "until the next day");
    }

    #[test]
    fn a_puzzle_is_used_once() {
        let mut crowd = Crowd::default();
        assert!(crowd.used([1; 8], at(0)) && !crowd.used([1; 8], at(1)));
        assert!(!crowd.used([1; 8], at(601)), "as long as it lives");
        assert!(is_solved(&[0, 0, 0x3f], 18) && !is_solved(&[0, 0, 0x40], 18) && is_solved(&[0xff], 0));
    }

    /// Row S11: a million guesses from ten thousand networks, spread over a day, by somebody who does not work for them. Of 120
    /// million numbers (a country's mobile ones) some are listed; learnt is what share of those the answers cover.
    #[test]
    fn a_million_guesses_teach_next_to_nothing() {
        let mut crowd = Crowd::default();
        let (guesses, networks, numbers) = (1_000_000_u64, 10_000_u64, 120_000_000_u64);
        let mut answered = 0_u64;
        for no in 0..guesses {
            let now = at(i64::try_from(no * 43_000 / guesses).unwrap());
            if crowd.ask(Some(no % networks), 1, now).is_none() {
                answered += 1;
                // A guess hits next to nothing.
                crowd.missed(1, now);
            }
        }
        // No more than a ten-thousandth of all numbers, so of those that are listed.
        assert!(answered * 10_000 <= numbers, "{answered}");
        assert_eq!(answered, u64::from(MISSES));
    }
}
