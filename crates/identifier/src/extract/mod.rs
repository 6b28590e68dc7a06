//! Finding identifiers in free text: Russian, Kazakh, English and any mixture of them.
//!
//! The story is folded and refanged once ([`crate::text`]); then the families claim their places one after
//! another, the most telling first: addresses with a scheme, mail, `@names`, bare domains and file names,
//! wallets, accounts, network addresses, numbers. A place that is claimed is not looked at again, so nothing
//! overlaps. Every scanner goes over the story once and looks a bounded way around, so the whole is linear.

mod accounts;
mod cards;
mod domains;
mod groups;
mod mail;
mod network;
mod numbers;
mod phones;
mod wallets;
mod web;

pub use cards::mask_cards;

use std::fmt;

use kernel::Secret;

use crate::Kind;
use crate::normalise::Region;
use crate::text::Folded;
use crate::text::refang::refang;

/// What the reader of a story must know beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The country that telephone numbers without country code belong to.
    pub region: Region,
}

/// One appearance of an identifier in a story.
#[derive(Clone)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Its one canonical writing; for a card its first six and last four digits.
    pub canonical: String,
    /// The byte of the story at which it begins.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
    shown: String,
    card: Option<Secret<String>>,
}

impl Found {
    /// As it was written; of a card only the first six and last four digits can be read.
    #[must_use]
    pub fn safe_raw(&self) -> &str {
        &self.shown
    }
    /// The whole number of a card, for its keyed token; `None` for other kinds and for cards whose middle
    /// was hidden by the writer.
    #[must_use]
    pub const fn card_number(&self) -> Option<&Secret<String>> {
        self.card.as_ref()
    }
}

/// Kind and place only: the value may belong to a person.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Found({} at {}..{})", self.kind.as_str(), self.start, self.end)
    }
}

/// All identifiers of the story in the order in which they stand, without overlaps. An identifier that is
/// named twice is found twice.
#[must_use]
pub fn extract(story: &str, options: &Options) -> Vec<Found> {
    let mut scan = Scan::new(story, *options);
    web::addresses(&mut scan);
    mail::mail(&mut scan);
    mail::handles(&mut scan);
    domains::domains(&mut scan);
    wallets::wallets(&mut scan);
    accounts::accounts(&mut scan);
    network::network(&mut scan);
    cards::hidden(&mut scan);
    numbers::numbers(&mut scan);
    scan.finish(story)
}

/// The state of one reading.
struct Scan {
    text: Folded,
    taken: Vec<bool>,
    hits: Vec<Hit>,
    options: Options,
}

struct Hit {
    kind: Kind,
    from: usize,
    to: usize,
    canonical: String,
    card: Option<Secret<String>>,
}

impl Scan {
    fn new(story: &str, options: Options) -> Self {
        let text = refang(&Folded::new(story));
        let taken = vec![false; text.len()];
        Self { text, taken, hits: Vec::new(), options }
    }

    /// Whether position `i` belongs to something found already.
    fn is_taken(&self, i: usize) -> bool {
        self.taken.get(i).copied().unwrap_or(false)
    }

    /// Claims `from..to`, so that no later scanner looks there.
    fn claim(&mut self, from: usize, to: usize) {
        if let Some(places) = self.taken.get_mut(from..to.min(self.text.len())) {
            places.fill(true);
        }
    }

    /// Records an identifier, unless a part of its place belongs to another already.
    fn hit(&mut self, kind: Kind, from: usize, to: usize, canonical: String) {
        self.record(Hit { kind, from, to, canonical, card: None });
    }

    fn record(&mut self, hit: Hit) {
        if (hit.from..hit.to).any(|p| self.is_taken(p)) {
            return;
        }
        self.claim(hit.from, hit.to);
        self.hits.push(hit);
    }

    fn finish(mut self, story: &str) -> Vec<Found> {
        self.hits.sort_by_key(|hit| hit.from);
        let text = &self.text;
        let found = self.hits.into_iter().map(|hit| {
            let (start, end) = text.bytes(hit.from, hit.to);
            let raw = story.get(start..end).unwrap_or("");
            let shown = if hit.kind == Kind::Card { cards::mask_digits(raw) } else { raw.to_owned() };
            Found { kind: hit.kind, canonical: hit.canonical, start, end, shown, card: hit.card }
        });
        found.collect()
    }
}
