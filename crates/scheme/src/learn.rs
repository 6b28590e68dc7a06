//! How a fraud is done, learnt from what officers have decided: a linear model over hashed words and pairs of words, the logarithm of how
//! much oftener each stands in stories of one kind than of all others (naive Bayes; Maron 1961). It is counted, not trained: the same
//! stories in any order give the same model, and each word that decided can be shown with what it said. What it does not know stays
//! unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash as _, Hasher as _};

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

use crate::near::Key;
use crate::words::words;

/// Places for words: two to this power.
const BITS: u32 = 18;
/// Letters by which a word is known: endings differ.
const STEM: usize = 6;
/// A kind of which fewer stories were decided is not known.
const LEAST_STORIES: u32 = 5;
/// A word that stands in fewer stories says nothing.
const LEAST_SEEN: u32 = 2;
/// So many thousandths of a bit must speak for a kind, and so many more than for the next: one to a thousand, one to sixteen.
const ENOUGH: i64 = 10_000;
const AHEAD: i64 = 4_000;
/// The most that one word says: no single word decides.
const MOST: i64 = 4_000;
/// Words that are shown.
const SHOWN: usize = 6;

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Learnt {
    kinds: BTreeMap<String, Kind>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Kind {
    stories: u32,
    /// In how many stories each word or pair stands.
    seen: BTreeMap<u32, u32>,
}

/// A kind, with what spoke for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// Its code.
    pub code: String,
    /// How much spoke for it, in bits.
    pub bits: u32,
    /// The words of the story that said most, with what each said in thousandths of a bit.
    pub why: Said,
}

/// Words, each with what it said in thousandths of a bit.
pub type Said = Vec<(String, i64)>;

/// Words and pairs of a story, each once, with their places.
fn grams(story: &str, key: Key) -> BTreeMap<u32, String> {
    let stems: Vec<String> = words(story)
        .into_iter()
        .filter(|word| !word.bytes().any(|b| b.is_ascii_digit()))
        .map(|word| word.chars().take(STEM).collect())
        .collect();
    let pairs = stems.windows(2).map(|pair| pair.join(" "));
    stems.iter().cloned().chain(pairs).map(|gram| (place(&gram, key), gram)).collect()
}

fn place(gram: &str, key: Key) -> u32 {
    let mut hasher = SipHasher13::new_with_keys(key.0, key.1);
    gram.hash(&mut hasher);
    u32::try_from(hasher.finish() >> (64 - BITS)).unwrap_or(0)
}

impl Learnt {
    /// Counts a story of which an officer has said how the fraud was done.
    pub fn count(&mut self, code: &str, story: &str, key: Key) {
        let kind = self.kinds.entry(code.to_owned()).or_default();
        kind.stories = kind.stories.saturating_add(1);
        for place in grams(story, key).into_keys() {
            let seen = kind.seen.entry(place).or_default();
            *seen = seen.saturating_add(1);
        }
    }

    /// How many stories were counted.
    #[must_use]
    pub fn stories(&self) -> u32 {
        self.kinds.values().map(|kind| kind.stories).fold(0, u32::saturating_add)
    }

    /// How the fraud of a story is done; `None` where too little speaks for any kind, or as much for two.
    #[must_use]
    pub fn read(&self, story: &str, key: Key) -> Option<Guess> {
        let grams = grams(story, key);
        let known: Vec<(&String, &Kind)> =
            self.kinds.iter().filter(|(_, kind)| kind.stories >= LEAST_STORIES).collect();
        if known.len() < 2 {
            return None;
        }
        let mut guesses: Vec<(i64, &String, Said)> = known
            .iter()
            .map(|(code, kind)| {
                let said = grams.iter().filter_map(|(place, gram)| {
                    let milli = self.says(kind, *place)?;
                    (milli != 0).then(|| (gram.clone(), milli))
                });
                let mut said: Said = said.collect();
                let sum = said.iter().map(|(_, milli)| *milli).sum();
                said.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                (sum, *code, said)
            })
            .collect();
        guesses.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let second = guesses.get(1).map_or(0, |guess| guess.0);
        let (sum, code, said) = guesses.into_iter().next()?;
        if sum < ENOUGH || sum.saturating_sub(second) < AHEAD {
            return None;
        }
        let bits = u32::try_from(sum.checked_div(1_000)?).unwrap_or(u32::MAX);
        Some(Guess { code: code.clone(), bits, why: shown(said) })
    }

    /// What one word says for a kind against all others, in thousandths of a bit; `None` where it is too rare to say anything.
    fn says(&self, kind: &Kind, place: u32) -> Option<i64> {
        let here = kind.seen.get(&place).copied().unwrap_or(0);
        let all = self
            .kinds
            .values()
            .filter_map(|k| k.seen.get(&place))
            .fold(0_u32, |sum, n| sum.saturating_add(*n));
        if all < LEAST_SEEN {
            return None;
        }
        let elsewhere = all.saturating_sub(here);
        let others = self.stories().saturating_sub(kind.stories);
        Some(ratio((here, kind.stories), (elsewhere, others)).clamp(-MOST, MOST))
    }
}

/// The logarithm of how much oftener something is seen here than there, half a story added to each side (Jeffreys), in thousandths of a
/// bit.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::as_conversions,
    reason = "a logarithm of a ratio of counts, rounded; its size is bounded by that of the counts"
)]
fn ratio(here: (u32, u32), there: (u32, u32)) -> i64 {
    let share = |(seen, of): (u32, u32)| (f64::from(seen) + 0.5) / (f64::from(of) + 1.0);
    ((share(here) / share(there)).log2() * 1_000.0).round() as i64
}

/// What said most; a pair of words stands for both of them.
fn shown(said: Said) -> Said {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::new();
    for (gram, milli) in said {
        if milli <= 0 || all.len() == SHOWN {
            break;
        }
        let parts: Vec<String> = gram.split(' ').map(str::to_owned).collect();
        if parts.iter().any(|part| used.contains(part)) {
            continue;
        }
        used.extend(parts);
        all.push((gram, milli));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROMANCE: [&str; 6] = [
        "Познакомились в приложении для знакомств, писал каждый день о любви и просил деньги на билет",
        "Он писал мне о любви, обещал приехать и попросил деньги на билет и визу",
        "Девушка из приложения знакомств писала о любви, просила деньги на лечение",
        "Писал о любви целый месяц, потом попросил деньги на таможню",
        "Обещал приехать, говорил о любви, просил деньги на билет",
        "Знакомство в интернете, слова о любви, просьба о деньгах на билет",
    ];
    const TICKETS: [&str; 6] = [
        "Купила билеты на концерт в телеграме, оказались поддельными",
        "Билеты на концерт продали дважды, на входе не пустили",
        "Продавец билетов на концерт пропал после оплаты",
        "Хотел билеты на концерт, перевёл оплату, билеты не прислали",
        "Поддельные билеты на концерт, оплата ушла",
        "Концерт, билеты с рук, на входе сказали что поддельные",
    ];

    fn learnt(turned: bool) -> Learnt {
        let mut model = Learnt::default();
        let mut all: Vec<(&str, &str)> =
            ROMANCE.iter().map(|s| ("romance", *s)).chain(TICKETS.iter().map(|s| ("tickets", *s))).collect();
        if turned {
            all.reverse();
        }
        for (code, story) in all {
            model.count(code, story, Key::OPEN);
        }
        model
    }

    #[test]
    fn what_officers_decided_is_known_again_with_its_words() {
        let model = learnt(false);
        assert_eq!(model, learnt(true), "in any order");
        let guess = model
            .read("Писал мне о любви и просил деньги на билет, обещал приехать летом", Key::OPEN)
            .unwrap();
        assert_eq!(guess.code, "romance");
        assert!(guess.bits >= 10 && guess.why.iter().all(|(_, milli)| *milli > 0), "{guess:?}");
        assert!(guess.why.iter().any(|(gram, _)| gram.contains("любви")), "{guess:?}");
        let guess = model.read("Поддельные билеты на концерт, на входе не пустили", Key::OPEN).unwrap();
        assert_eq!(guess.code, "tickets");
    }

    #[test]
    fn what_it_does_not_know_stays_unknown() {
        let model = learnt(false);
        for story in ["", "Сегодня хорошая погода", "Звонил сотрудник банка", "билет"]
        {
            assert_eq!(model.read(story, Key::OPEN), None, "{story}");
        }
        // Two kinds at least, each of several stories.
        let mut one = Learnt::default();
        for story in ROMANCE {
            one.count("romance", story, Key::OPEN);
        }
        one.count("tickets", TICKETS[0], Key::OPEN);
        assert_eq!(one.read(ROMANCE[0], Key::OPEN), None);
        // Words are kept hashed under a key: without it they are others.
        assert_eq!(model.read(ROMANCE[0], Key::new([9; 16])), None);
    }
}
