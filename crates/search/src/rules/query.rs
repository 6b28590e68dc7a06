//! What was typed as what is looked up: words, numbers, identifiers, each with the forms in which it would be found.

use identifier::{Kind, Options, extract};
use names::letters;
use uuid::Uuid;

use super::digits::{Join, digits, joined};
use super::words::{self, SHORTEST_SLIP, less, stem, stems, words};
use crate::model::Part;
use crate::token::{Form, Key};

/// More is not looked for.
pub const MOST_TERMS: usize = 16;
/// Longest text that is looked for, characters.
pub const MOST_CHARS: usize = 300;
/// Last digits by which an account, a telephone or a number is found.
const TAILS: std::ops::RangeInclusive<usize> = 4..=10;
/// Shorter words say little: they need not be there where others are.
const SHORT: usize = 3;

/// A form that is looked up, and how much it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// The hash.
    pub token: u64,
    /// Weight against the other forms of the word.
    pub weight: f32,
}

/// One thing that was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Term {
    /// Forms that are it.
    pub exact: Vec<Look>,
    /// Forms that are it with a slip.
    pub near: Vec<Look>,
    /// Whether it says little.
    pub little: bool,
}

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Its terms; all are looked for.
    pub terms: Vec<Term>,
}

/// What turns a text into hashes: the key, whose numbers are dialled without country code, and how an identifier gets its id.
pub struct Reader<'a> {
    /// The key.
    pub key: Key,
    /// For identifiers.
    pub options: Options,
    /// The id of an identifier.
    pub id: &'a (dyn Fn(Kind, &str) -> Uuid + Sync),
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

/// Letters and digits of a number, in capitals; letters that Cyrillic keyboards have instead of ours are ours: `Р-2026…`.
fn compact(text: &str) -> String {
    let capital = text.chars().flat_map(char::to_uppercase);
    capital
        .map(|c| match c {
            'Р' => 'R',
            'С' => 'S',
            'П' => 'P',
            c => c,
        })
        .filter(|c| c.is_ascii_alphanumeric())
        .collect()
}

/// The sites that an address of the network lies on: its host, and what somebody registered.
fn hosts(kind: Kind, value: &str) -> Vec<String> {
    let host = match kind {
        Kind::Url => identifier::normalise::url::host(value),
        Kind::Domain => Some(value.to_owned()),
        _ => None,
    };
    let Some(host) = host else { return Vec::new() };
    let own = identifier::normalise::url::registrable(&host).map(str::to_owned);
    let mut all = vec![host.strip_prefix("www.").unwrap_or(&host).to_owned()];
    all.extend(own);
    all.sort_unstable();
    all.dedup();
    all
}

/// The ends of digits by which they are found.
fn tails(digits: &str) -> impl Iterator<Item = &str> {
    TAILS.filter_map(|n| digits.len().checked_sub(n).and_then(|from| digits.get(from..)))
}

/// Whether a piece of what was typed is a number by which people call something: few letters, then digits.
fn is_number(piece: &str) -> bool {
    let compact = compact(piece);
    let letters = compact.bytes().take_while(u8::is_ascii_alphabetic).count();
    (1..=4).contains(&letters)
        && compact.len() > letters
        && compact.bytes().skip(letters).all(|b| b.is_ascii_digit())
        && piece.chars().all(|c| c.is_alphanumeric() || c == '-')
}

impl Reader<'_> {
    /// The hashes by which a part of a document is found.
    pub fn tokens(&self, part: &Part, into: &mut Vec<u64>) {
        match part {
            Part::Number(number) => {
                let compact = compact(number);
                let (own, plain) =
                    (digits(number), compact.trim_start_matches(|c: char| c.is_ascii_alphabetic()));
                into.extend([Form::Number(&compact), Form::Number(plain)].map(|f| self.key.token(f)));
                into.extend(tails(&own).map(|tail| self.key.token(Form::End(tail))));
            }
            Part::Of(number) => {
                let compact = compact(number);
                let plain = compact.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                into.extend([Form::Of(&compact), Form::Of(plain)].map(|f| self.key.token(f)));
            }
            Part::Name(name) => {
                for word in words(name) {
                    self.word(&word.sound, into);
                    into.extend(
                        words::starts(&word.sound).into_iter().map(|s| self.key.token(Form::Start(s))),
                    );
                    into.extend(coarse(&word.sound).map(|c| self.key.token(Form::Coarse(&c))));
                }
            }
            Part::Words(text) => {
                for word in words(text) {
                    self.word(&word.sound, into);
                }
                into.extend(joined(text).iter().map(|(_, _, run)| self.key.token(Form::Word(run))));
            }
            Part::Thing(kind, value) => {
                into.push(self.key.token(Form::Thing((self.id)(*kind, value))));
                for host in hosts(*kind, value) {
                    into.push(self.key.token(Form::Thing((self.id)(Kind::Domain, &host))));
                }
                into.extend(tails(&digits(value)).map(|tail| self.key.token(Form::Tail(tail))));
                for word in words(value).iter().filter(|w| !w.is_number()) {
                    self.word(&word.sound, into);
                    into.extend(
                        words::starts(&word.sound).into_iter().map(|s| self.key.token(Form::Start(s))),
                    );
                }
            }
            Part::Id(id) => into.push(self.key.token(Form::Thing(*id))),
            Part::Tail(tail) => into.extend(tails(tail).map(|tail| self.key.token(Form::Tail(tail)))),
        }
    }

    /// The forms of a word in a document.
    fn word(&self, sound: &str, into: &mut Vec<u64>) {
        into.push(self.key.token(Form::Word(sound)));
        if sound.bytes().all(|b| b.is_ascii_digit()) {
            return;
        }
        into.extend(stems(sound).into_iter().map(|s| self.key.token(Form::Stem(s))));
        into.extend(less(stem(sound)).iter().map(|s| self.key.token(Form::Less(s))));
    }

    /// Reads what was typed, with digits put together where they look like one number.
    #[must_use]
    pub fn read(&self, text: &str) -> Query {
        self.read_with(text, Join::Alike)
    }

    /// Reads what was typed.
    #[must_use]
    pub fn read_with(&self, text: &str, join: Join) -> Query {
        let text: String = text.chars().take(MOST_CHARS).collect();
        let mut terms = Vec::new();
        let mut taken: Vec<(usize, usize)> = Vec::new();
        let free = |taken: &[(usize, usize)], from: usize, to: usize| {
            taken.iter().all(|(a, b)| to <= *a || *b <= from)
        };
        for found in extract(&text, &self.options) {
            // Digits of a number by which people call something may look like a telephone.
            let called = pieces(&text).any(|(start, piece)| {
                start <= found.start && found.end <= start.saturating_add(piece.len()) && is_number(piece)
            });
            if !called && free(&taken, found.start, found.end) {
                let written = text.get(found.start..found.end).unwrap_or_default();
                terms.push(self.thing(found.kind, &found.canonical, written));
                taken.push((found.start, found.end));
            }
        }
        for (start, piece) in pieces(&text) {
            let end = start.saturating_add(piece.len());
            if is_number(piece) && free(&taken, start, end) {
                terms.push(self.number(piece));
                taken.push((start, end));
            }
        }
        for (start, end) in join.runs(&text) {
            if free(&taken, start, end) {
                terms.push(self.digits(&digits(text.get(start..end).unwrap_or_default())));
                taken.push((start, end));
            }
        }
        for word in words(&text) {
            if free(&taken, word.start, word.end) {
                let written = text.get(word.start..word.end).unwrap_or_default();
                terms.push(if word.is_number() {
                    self.digits(&word.sound)
                } else {
                    self.spoken(&word.sound, written)
                });
            }
        }
        terms.dedup();
        terms.truncate(MOST_TERMS);
        if !terms.iter().all(|t| t.little) {
            terms.retain(|t| !t.little);
        }
        Query { terms }
    }

    fn look(&self, form: Form<'_>, weight: f32) -> Look {
        Look { token: self.key.token(form), weight }
    }

    fn number(&self, piece: &str) -> Term {
        let compact = compact(piece);
        let mut exact = vec![self.look(Form::Number(&compact), 8.0), self.look(Form::Of(&compact), 2.0)];
        // As people write in a story: the letters and digits of a car, a flight.
        let words = words(piece);
        if let [one] = words.as_slice() {
            exact.push(self.look(Form::Word(&one.sound), 4.0));
        }
        Term { exact, near: self.tail(&digits(piece), 1.0), little: false }
    }

    fn thing(&self, kind: Kind, canonical: &str, written: &str) -> Term {
        let mut exact = vec![self.look(Form::Thing((self.id)(kind, canonical)), 8.0)];
        let run = digits(written);
        if !run.is_empty() && run.len() == written.len() {
            exact.extend([Form::Word(&run), Form::Number(&run)].map(|form| self.look(form, 4.0)));
            exact.push(self.look(Form::Of(&run), 2.0));
            exact.extend(self.tail(&run, 2.0));
        }
        Term { exact, near: self.tail(&digits(canonical), 1.0), little: false }
    }

    /// Digits that are no identifier by themselves: the last of one, a sum, a number without its letter.
    fn digits(&self, run: &str) -> Term {
        let mut exact = vec![self.look(Form::Word(run), 4.0), self.look(Form::Number(run), 8.0)];
        exact.push(self.look(Form::Of(run), 2.0));
        exact.extend(self.tail(run, 4.0));
        Term { exact, near: Vec::new(), little: run.len() < 2 }
    }

    fn tail(&self, run: &str, weight: f32) -> Vec<Look> {
        let longest = run.len().min(*TAILS.end());
        let tail = run.len().checked_sub(longest).and_then(|from| run.get(from..)).unwrap_or_default();
        if tail.len() < *TAILS.start() {
            return Vec::new();
        }
        [Form::Tail(tail), Form::End(tail)].map(|form| self.look(form, weight)).to_vec()
    }

    fn spoken(&self, sound: &str, written: &str) -> Term {
        let count = sound.chars().count();
        let mut exact = vec![self.look(Form::Word(sound), 4.0)];
        exact.extend(stems(sound).into_iter().map(|s| self.look(Form::Stem(s), 2.0)));
        if let Some(also) = words::also_sounds(written) {
            exact.push(self.look(Form::Word(&also), 4.0));
            exact.extend(stems(&also).into_iter().map(|s| self.look(Form::Stem(s), 2.0)));
        }
        if count >= 3 {
            exact.push(self.look(Form::Start(sound), 2.0));
        }
        let mut near = Vec::new();
        // A slip in an ending may have hidden it: the word as it is, and without the endings of either language.
        let mut all = stems(sound);
        all.push(sound);
        all.sort_unstable();
        all.dedup();
        for own in all.into_iter().filter(|s| s.chars().count() >= SHORTEST_SLIP) {
            near.push(self.look(Form::Less(own), 1.0));
            for less in less(own) {
                near.extend([self.look(Form::Stem(&less), 1.0), self.look(Form::Less(&less), 0.5)]);
            }
        }
        near.extend(coarse(sound).map(|c| self.look(Form::Coarse(&c), 0.5)));
        Term { exact, near, little: count < SHORT }
    }
}

/// The consonants of a word, where they say enough.
fn coarse(sound: &str) -> Option<String> {
    let coarse = letters::coarse(sound);
    (coarse.len() >= 3 && !sound.bytes().any(|b| b.is_ascii_digit())).then_some(coarse)
}

/// Pieces between blanks, with where they begin.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let at = text.as_ptr().addr();
    text.split_whitespace().map(move |piece| (piece.as_ptr().addr().saturating_sub(at), piece))
}
