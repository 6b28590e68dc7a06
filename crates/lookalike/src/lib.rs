//! Names on the network that look like an organisation's own and are not: `kаspi.kz` with a Cyrillic letter, `kaspi-bonus.top`,
//! `kaspi.kz.login.example`, `kapsi.kz`. Fraud lives on them; the genuine name must never be taken for one.
//!
//! Every name is brought to its **skeleton**: what a hurried reader sees (after UTS 39, with the letters that Kazakh and Russian
//! add, and digits that stand for letters). Two names with one skeleton look alike. Beyond that, one slip of a letter counts,
//! and an organisation's name among words that fraud puts around it; the shorter a name, the more must speak for it, or every
//! fourth word would look like a bank.
//!
//! Pure and quick: a name is compared with all organisations at once by what is left of it without one letter
//! (symmetric deletion), so the time does not grow with their number.

pub mod skeleton;
mod slip;

use std::collections::{HashMap, HashSet};

use psl::Psl as _;

/// Shortest name, in letters of its skeleton.
const SHORTEST: usize = 3;
/// Shortest name of which a slip counts under any ending; of a shorter one under its own alone. Known words at its ends do not
/// count: hundreds of names differ from `homebank` by a letter or two of four.
const SLIP_ANYWHERE: usize = 6;
/// Shortest name of which two slips count under any ending, and, known words counted in, under its own; and the longest in which
/// two are looked for.
const TWO_SLIPS: usize = 8;
const TWO_SLIPS_AT_HOME: usize = 7;
const TWO_SLIPS_MOST: usize = 24;
/// Shortest name that counts wherever it stands between hyphens, or before a name that is somebody else's.
const PART: usize = 4;
/// Shortest name that counts in the middle of a longer word.
const WITHIN: usize = 8;
/// Longest label of a name (RFC 1035); what is longer leads nowhere.
const LONGEST: usize = 63;

/// An organisation or a service whose name others imitate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its domains, as A-labels in lower case; everything below them is its own.
    pub domains: Vec<String>,
    /// Whether the bare name is its own under every ending, as with services that are at home in many countries.
    pub everywhere: bool,
}

/// In what way a name looks like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The same name under another ending.
    Ending,
    /// Other letters that look the same, hyphens or full stops set elsewhere.
    Letters,
    /// A letter too many, too few, another, or two that changed places; of a long name twice.
    Slip,
    /// The name with words around it.
    Words,
    /// The name before a name that is somebody else's.
    Before,
}

/// What a name looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness<'a> {
    /// The genuine domain.
    pub domain: &'a str,
    /// In what way.
    pub how: How,
}

/// A genuine domain, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Genuine {
    domain: String,
    label: String,
    ending: String,
    /// As it is seen, letter by letter.
    seen: String,
    /// The same with letters that are seen as one together.
    hurried: String,
    /// How many of its letters are its own, and no known word's.
    own: usize,
    /// Letters of its ending, as fraud runs them together with the name.
    ending_seen: String,
    everywhere: bool,
}

/// The names of organisations, ready to be compared with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lookalikes {
    all: Vec<Genuine>,
    domains: HashSet<String>,
    /// By what is left of the skeleton without a letter, of a long one without two.
    near: HashMap<String, Vec<usize>>,
    /// By skeleton, by hurried skeleton, by sound.
    same: HashMap<String, usize>,
    hurried: HashMap<String, usize>,
    spoken: HashMap<String, usize>,
    words: HashSet<String>,
}

impl Lookalikes {
    /// Compares with the domains of `owners`; `words` are those that fraud puts around a name: `bank`, `login`, `bonus`.
    #[must_use]
    pub fn new<'a>(owners: impl IntoIterator<Item = &'a Owner>, words: &[String]) -> Self {
        let mut made = Self { words: words.iter().map(|w| skeleton::seen(w)).collect(), ..Self::default() };
        for owner in owners {
            for domain in &owner.domains {
                made.domains.insert(domain.clone());
                made.add(domain, owner.everywhere);
            }
        }
        made
    }

    fn add(&mut self, domain: &str, everywhere: bool) {
        let Some(parts) = Parts::of(domain) else { return };
        // Of `login.bank.kz` the name that people know is `bank`.
        let seen = skeleton::seen(&parts.label);
        if seen.len() < SHORTEST || self.all.iter().any(|g| g.domain == parts.registered) {
            return;
        }
        let (no, hurried) = (self.all.len(), skeleton::hurried(&seen));
        let own = self.own_letters(&seen);
        for left in
            slip::without(&seen, if own >= TWO_SLIPS || seen.len() >= TWO_SLIPS_AT_HOME { 2 } else { 1 })
        {
            self.near.entry(left).or_default().push(no);
        }
        // Of two with one skeleton the first is as good as the other.
        self.same.entry(seen.clone()).or_insert(no);
        self.hurried.entry(hurried.clone()).or_insert(no);
        self.spoken.entry(skeleton::sound(&parts.label)).or_insert(no);
        self.all.push(Genuine {
            domain: parts.registered,
            label: parts.label,
            ending_seen: skeleton::seen(&parts.ending),
            ending: parts.ending,
            own,
            seen,
            hurried,
            everywhere,
        });
    }

    /// How many letters of a skeleton are left without known words at its ends.
    fn own_letters(&self, seen: &str) -> usize {
        let words = || self.words.iter().filter(|w| w.len() >= SHORTEST);
        let tail = words()
            .filter_map(|w| seen.strip_suffix(w.as_str()))
            .min_by_key(|rest| rest.len())
            .unwrap_or(seen);
        let head = words()
            .filter_map(|w| tail.strip_prefix(w.as_str()))
            .min_by_key(|rest| rest.len())
            .unwrap_or(tail);
        // A name of known words alone is still a name.
        if head.is_empty() { SHORTEST } else { head.len() }
    }

    /// Whether a name is an organisation's own, or below it.
    #[must_use]
    pub fn is_genuine(&self, name: &str) -> bool {
        std::iter::successors(Some(name), |n| n.split_once('.').map(|(_, rest)| rest))
            .any(|n| self.domains.contains(n))
    }

    /// What a name looks like; `None` of a genuine one, of one that looks like nothing, and of what is no name with an ending.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Likeness<'_>> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if self.all.is_empty() || self.is_genuine(&name) {
            return None;
        }
        let parts = Parts::of(&name)?;
        let found =
            self.whole(&parts).or_else(|| self.parts_of_label(&parts)).or_else(|| self.before(&parts))?;
        Some(Likeness { domain: &found.0.domain, how: found.1 })
    }

    /// The whole of the label that somebody registered, and all of the name without its full stops.
    fn whole(&self, parts: &Parts) -> Option<(&Genuine, How)> {
        let seen = skeleton::seen(&parts.label);
        if let Some(genuine) = self.same(&seen).or_else(|| self.sounds(&parts.label)) {
            let plain = parts.label == genuine.label;
            // Its own in another country: left alone.
            if !(plain && genuine.everywhere) {
                return Some((genuine, if plain { How::Ending } else { How::Letters }));
            }
            return None;
        }
        if let Some(genuine) = self.slipped(&seen, &parts.ending) {
            return Some((genuine, How::Slip));
        }
        // `ka.spi.kz`: read in one go it is the name.
        let joined = (!parts.below.is_empty()).then(|| parts.below.concat() + &parts.label)?;
        let joined = skeleton::seen(&joined);
        let far = joined.len() >= SLIP_ANYWHERE;
        self.same(&joined).filter(|g| far || g.ending == parts.ending).map(|g| (g, How::Letters))
    }

    /// The name of an organisation among words, with hyphens or without.
    fn parts_of_label(&self, parts: &Parts) -> Option<(&Genuine, How)> {
        // Figures before and after stand for nothing: `kaspi24`.
        let bare = parts.label.trim_matches(|c: char| c.is_ascii_digit() || c == '-');
        let of_bare = || (bare.len() < parts.label.len()).then(|| self.same(&skeleton::seen(bare))).flatten();
        let of = |label: &str| self.among_words(&skeleton::seen(label), &parts.ending);
        let run_together =
            || of(bare).or_else(|| if bare.len() < parts.label.len() { of(&parts.label) } else { None });
        if let Some(genuine) = of_bare().or_else(run_together) {
            return Some((genuine, How::Words));
        }
        let pieces: Vec<&str> = parts.label.split('-').filter(|p| !p.is_empty()).collect();
        if pieces.len() < 2 {
            return None;
        }
        let seen: Vec<String> = pieces.iter().map(|p| skeleton::seen(p)).collect();
        for (no, piece) in seen.iter().enumerate() {
            let lures = |genuine: &Genuine| -> Vec<bool> {
                let others = pieces.iter().zip(&seen).enumerate().filter(|(other, _)| *other != no);
                others
                    .map(|(_, (plain, seen))| self.is_lure(plain, seen) || *seen == genuine.ending_seen)
                    .collect()
            };
            if let Some(genuine) = self.same(piece).or_else(|| self.sounds(pieces.get(no).unwrap_or(&""))) {
                let lures = lures(genuine);
                let (some, only) = (lures.contains(&true), !lures.contains(&false));
                if piece.len() > PART || (piece.len() == PART && some) || only {
                    return Some((genuine, How::Words));
                }
            }
            let slipped = |g: &&Genuine| g.own > PART && !lures(g).contains(&false);
            if piece.len() > PART
                && let Some(genuine) = self.slips(piece, 1).find(slipped)
            {
                return Some((genuine, How::Words));
            }
        }
        None
    }

    /// The name of an organisation in labels before the one that somebody registered.
    fn before(&self, parts: &Parts) -> Option<(&Genuine, How)> {
        let names: Vec<String> =
            parts.below_unicode.iter().chain([&parts.label]).map(|l| skeleton::seen(l)).collect();
        for (no, name) in names.iter().enumerate().take(parts.below.len()) {
            if let Some(genuine) = self.same(name) {
                let followed = names.get(no.saturating_add(1)..).unwrap_or_default();
                if name.len() > PART || followed.concat().starts_with(genuine.ending_seen.as_str()) {
                    return Some((genuine, How::Before));
                }
            }
            if let Some(genuine) = self.among_words(name, "") {
                return Some((genuine, How::Before));
            }
        }
        None
    }

    /// A skeleton that is an organisation's name with nothing but known words around it, or holds a long name.
    fn among_words(&self, seen: &str, ending: &str) -> Option<&Genuine> {
        let hurried = skeleton::hurried(seen);
        let again = (hurried != seen).then(|| self.among(&self.hurried, &hurried, ending)).flatten();
        self.among(&self.same, seen, ending).or(again)
    }

    fn among(&self, names: &HashMap<String, usize>, seen: &str, ending: &str) -> Option<&Genuine> {
        if seen.len() > LONGEST {
            return None;
        }
        for from in 0..=seen.len().saturating_sub(SHORTEST) {
            for to in from.saturating_add(SHORTEST)..=seen.len() {
                let (Some(piece), Some(head), Some(tail)) =
                    (seen.get(from..to), seen.get(..from), seen.get(to..))
                else {
                    continue;
                };
                if head.is_empty() && tail.is_empty() {
                    continue;
                }
                let Some(genuine) = names.get(piece).and_then(|no| self.all.get(*no)) else { continue };
                // Three letters end many a word: `marketing`.
                if piece.len() < PART && !head.is_empty() && genuine.ending != ending {
                    continue;
                }
                let tail = tail.strip_prefix(genuine.ending_seen.as_str()).unwrap_or(tail);
                if piece.len() >= WITHIN || (self.is_lures(head) && self.is_lures(tail)) {
                    return Some(genuine);
                }
            }
        }
        None
    }

    /// Whether a text is nothing, or a known word or two.
    fn is_lures(&self, text: &str) -> bool {
        let two = |at: usize| {
            let (head, tail) = (text.get(..at), text.get(at..));
            head.zip(tail).is_some_and(|(head, tail)| self.words.contains(head) && self.words.contains(tail))
        };
        text.is_empty() || self.words.contains(text) || (1..text.len()).any(two)
    }

    /// Whether a piece between hyphens is a known word, or figures.
    fn is_lure(&self, plain: &str, seen: &str) -> bool {
        self.words.contains(seen) || plain.bytes().all(|b| b.is_ascii_digit())
    }

    /// The organisation that has this skeleton, letter by letter or in a hurry.
    fn same(&self, seen: &str) -> Option<&Genuine> {
        let no = self.same.get(seen).or_else(|| self.hurried.get(&skeleton::hurried(seen)))?;
        self.all.get(*no)
    }

    /// The organisation whose name this is in Cyrillic letters, by sound.
    fn sounds(&self, label: &str) -> Option<&Genuine> {
        let spoken = skeleton::spoken(label)?;
        self.all.get(*self.spoken.get(&spoken)?)
    }

    /// Organisations whose name is at most so many slips away.
    fn slips(&self, seen: &str, most: usize) -> impl Iterator<Item = &Genuine> {
        let found: Vec<usize> = slip::without(seen, most)
            .iter()
            .filter_map(|left| self.near.get(left))
            .flatten()
            .copied()
            .collect();
        let seen = seen.to_owned();
        found
            .into_iter()
            .filter_map(|no| self.all.get(no))
            .filter(move |g| slip::count(&g.seen, &seen, most).is_some())
    }

    /// The organisation whose name is a slip away, or two where it is long enough for that to mean something.
    fn slipped(&self, seen: &str, ending: &str) -> Option<&Genuine> {
        if seen.len() > LONGEST {
            return None;
        }
        let one = |g: &&Genuine| g.own >= SLIP_ANYWHERE || g.ending == ending;
        let two =
            |g: &&Genuine| g.own >= TWO_SLIPS || (g.seen.len() >= TWO_SLIPS_AT_HOME && g.ending == ending);
        let long = (TWO_SLIPS_AT_HOME.saturating_sub(2)..=TWO_SLIPS_MOST).contains(&seen.len());
        self.slips(seen, 1).find(one).or_else(|| if long { self.slips(seen, 2).find(two) } else { None })
    }
}

/// A name taken apart: what somebody registered, its ending, and the labels before it.
struct Parts {
    registered: String,
    /// As it is written in the letters of its language.
    label: String,
    ending: String,
    below: Vec<String>,
    below_unicode: Vec<String>,
}

impl Parts {
    fn of(name: &str) -> Option<Self> {
        let suffix = psl::List.suffix(name.as_bytes())?;
        let ending = std::str::from_utf8(suffix.as_bytes()).ok()?;
        // An ending under which a state gives out names is a name itself: `gov.kz`.
        let ending = if ending == name { ending.split_once('.')?.1 } else { ending }.to_owned();
        let head = name.strip_suffix(ending.as_str())?.strip_suffix('.')?;
        let mut below: Vec<String> = head.split('.').map(str::to_owned).collect();
        let ascii = below.pop().filter(|label| !label.is_empty())?;
        let unicode = |label: &String| idna::domain_to_unicode(label).0;
        let label = unicode(&ascii);
        let below_unicode = below.iter().map(unicode).collect();
        Some(Self { registered: format!("{ascii}.{ending}"), label, ending, below_unicode, below })
    }
}

#[cfg(test)]
mod tests;
