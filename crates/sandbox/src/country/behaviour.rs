//! How each partner behaves: honest, slow, dead for an hour, lying, doubling, garbling. By seed, and editable
//! in `behaviours.toml` between runs. At least half of the executors are honest.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::files;
use crate::draw::{Draw, about};

/// One partner's manners. All odds are in permille of the answers (or messages) they concern; what is left
/// out is honest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Its people take this many times as long, in percent of the ordinary; 0 means 100.
    pub person_percent: i64,
    /// Its machine answers HTTP requests after this many real milliseconds.
    pub http_delay_ms: u64,
    /// Dead from this minute of office time after the start, …
    pub dead_from_min: i64,
    /// … for this many minutes of office time: no answer, no inbox, requests hang and fail.
    pub dead_for_min: i64,
    /// Sends the same answer twice.
    pub doubled: i64,
    /// Sends its acknowledgement after its answer, and the answers of one order in reverse.
    pub reordered: i64,
    /// Says 200 to a new message and does nothing; takes it when it comes again or is reminded.
    pub lying: i64,
    /// First answers with an impossible amount (too much, negative, other currency), and rightly when refused.
    pub wrong_amount: i64,
    /// First answers with something that is no answer, and rightly when refused.
    pub malformed: i64,
    /// First answers without a signature, and rightly when refused.
    pub unsigned: i64,
    /// First answers `E90` (technical fault, try again), and with what it found a person's delay later.
    pub stumbling: i64,
    /// Sends a copy of an answer again under its old signature.
    pub replayed: i64,
    /// Sends `A00` as the signed body of its response instead of a request of its own.
    pub ack_in_response: bool,
}

impl Behaviour {
    /// Whether nothing it sends is ever wrong and it is there. To stumble is no lie.
    #[must_use]
    pub fn honest(&self) -> bool {
        let odds = [
            self.doubled,
            self.reordered,
            self.lying,
            self.wrong_amount,
            self.malformed,
            self.unsigned,
            self.replayed,
        ];
        odds.iter().all(|o| *o == 0) && self.dead_for_min == 0
    }
}

/// Manners by institution code; who is not named is honest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Behaviours(pub BTreeMap<String, Behaviour>);

impl Behaviours {
    /// Deals the manners out among `busy` institutions by seed, so that the faults are met often. Four of them
    /// between them show every fault; one is slow, one acknowledges in its response. `others` are honest.
    #[must_use]
    pub fn by_seed(seed: u64, busy: &[&str], others: &[&str]) -> Self {
        let mut order: Vec<&str> = busy.to_vec();
        Draw::keyed(about(seed, "behaviours")).shuffle(&mut order);
        let manners = [
            Behaviour { person_percent: 300, http_delay_ms: 700, reordered: 400, ..Behaviour::default() },
            Behaviour { dead_from_min: 3, dead_for_min: 60, lying: 300, ..Behaviour::default() },
            Behaviour { doubled: 400, wrong_amount: 250, ..Behaviour::default() },
            Behaviour { malformed: 200, unsigned: 200, replayed: 300, ..Behaviour::default() },
            Behaviour { person_percent: 200, http_delay_ms: 200, stumbling: 150, ..Behaviour::default() },
            Behaviour { ack_in_response: true, ..Behaviour::default() },
        ];
        let named = order.iter().zip(manners).map(|(code, b)| ((*code).to_owned(), b));
        let mut all: BTreeMap<String, Behaviour> = named.collect();
        for code in busy.iter().chain(others) {
            all.entry((*code).to_owned()).or_default();
        }
        Self(all)
    }

    /// The manners of `code`.
    #[must_use]
    pub fn of(&self, code: &str) -> Behaviour {
        self.0.get(code).cloned().unwrap_or_default()
    }

    /// Reads `behaviours.toml`; a missing file means that everybody is honest.
    ///
    /// # Errors
    /// If the file names something unknown.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join(files::BEHAVIOURS);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        toml::from_str(&text).with_context(|| format!("`{}` is not understood", path.display()))
    }

    /// Writes `behaviours.toml`.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn save(&self, dir: &Path) -> anyhow::Result<()> {
        let head = "# Manners of the invented partners. Odds in permille, times in minutes of office time.\n\
                    # What is left out is honest; see docs/sandbox.md.\n\n";
        std::fs::write(dir.join(files::BEHAVIOURS), format!("{head}{}", toml::to_string_pretty(self)?))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_are_honest_and_every_fault_occurs() {
        let (busy, others) = (["A", "B", "C", "D", "E", "F"], ["G", "H", "I"]);
        for seed in 0..50 {
            let all = Behaviours::by_seed(seed, &busy, &others);
            assert_eq!(all.0.len(), 9);
            assert!(all.0.values().filter(|b| b.honest()).count() >= 5, "seed {seed}");
            let some = |f: fn(&Behaviour) -> i64| all.0.values().any(|b| f(b) > 0);
            let faults: [fn(&Behaviour) -> i64; 8] = [
                |b| b.doubled,
                |b| b.reordered,
                |b| b.lying,
                |b| b.wrong_amount,
                |b| b.malformed,
                |b| b.unsigned,
                |b| b.replayed,
                |b| b.dead_for_min,
            ];
            for fault in faults {
                assert!(some(fault));
            }
        }
        assert_ne!(
            Behaviours::by_seed(1, &["A", "B", "C"], &[]),
            Behaviours::by_seed(2, &["A", "B", "C"], &[])
        );
    }

    #[test]
    fn text_round_trip() {
        let all = Behaviours::by_seed(7, &["A", "B", "C", "D", "E", "F"], &["G"]);
        let text = toml::to_string_pretty(&all).unwrap();
        assert_eq!(toml::from_str::<Behaviours>(&text).unwrap(), all);
        assert!(toml::from_str::<Behaviours>("[A]\nspeed = 3").is_err());
    }
}
