//! What is searched, and what is found.

use identifier::Kind;
use kernel::{Header, Localised, Money, Personal, Timestamp, Tlp};
use uuid::Uuid;

/// Something by which a document is found. Nothing of it is kept but keyed hashes.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// A number by which people call it, `R-2026-01821493`.
    Number(String),
    /// The number of what it belongs to: found by it, after that itself.
    Of(String),
    /// A name of a person or an organisation.
    Name(String),
    /// A text.
    Words(String),
    /// An identifier in its canonical writing.
    Thing(Kind, String),
    /// An identifier of which only the id is known.
    Id(Uuid),
    /// Digits at the end of an identifier of which no more is known.
    Tail(String),
}

/// What of a thing is searched, and who may know that it exists.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Whose it is.
    pub organisation: String,
    /// The unit.
    pub unit: String,
    /// Whether only the unit may see it.
    pub red: bool,
    /// Code of the profile's region; empty if it is not known.
    pub region: String,
    /// When it came.
    pub at: Timestamp,
    /// One of the states that its source names.
    pub state: &'static str,
    /// By what it is found.
    pub parts: Vec<Part>,
}

/// Nothing of what is told.
impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} parts)", self.parts.len())
    }
}

impl Document {
    /// A document of a thing with the common header.
    #[must_use]
    pub fn of(header: &Header, state: &'static str) -> Self {
        Self {
            organisation: header.organisation_id.clone(),
            unit: header.unit_id.clone(),
            // As lists judge it: whatever is not one of the open marks is red.
            red: header.marking.tlp == Tlp::Red,
            region: header.region.clone(),
            at: header.created_at,
            state,
            parts: Vec::new(),
        }
    }

    /// The same with further parts.
    #[must_use]
    pub fn with(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.parts.extend(parts);
        self
    }

    /// Adds a name in each of its languages.
    pub fn named(&mut self, names: &Localised) {
        self.parts.extend(names.langs().map(|lang| Part::Name(names.get(lang).to_owned())));
    }
}

/// Something said about what was found, beside its number.
#[derive(Clone)]
pub enum About {
    /// A key of texts.
    Key(String),
    /// A name in each language.
    Name(Localised),
    /// What may be shown without a purpose: masks, codes, numbers.
    Open(String),
    /// An identifier: the word of its kind, and its mask.
    Thing(String, String),
    /// A sum.
    Sum(Money),
}

/// Nothing of what is said.
impl std::fmt::Debug for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Key(_) => "Key",
            Self::Name(_) => "Name",
            Self::Open(_) => "Open",
            Self::Thing(..) => "Thing",
            Self::Sum(_) => "Sum",
        })
    }
}

/// What is shown of something that was found, to somebody who may see it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// As people call it.
    pub number: String,
    /// What tells it from others that bear the same number, in place of it; empty where the number does.
    pub title: Vec<About>,
    /// Its page.
    pub href: String,
    /// When it came.
    pub at: Timestamp,
    /// The state.
    pub state: &'static str,
    /// Code of the region; empty if it is not known.
    pub region: String,
    /// What is said of it.
    pub about: Vec<About>,
    /// A text of which the place that was hit is shown; opening it is a record.
    pub text: Option<Personal<String>>,
    /// In which language it is; empty where there is none.
    pub lang: String,
}

/// How long ago something came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// Within a day.
    Day,
    /// Within a week.
    Week,
    /// Within thirty days.
    Month,
    /// Within a year.
    Year,
}

impl Period {
    /// All, the shortest first; each holds the ones before it.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// As in the address and in keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
    /// The period of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }
    /// How many seconds it is.
    #[must_use]
    pub const fn secs(self) -> i64 {
        match self {
            Self::Day => 86_400,
            Self::Week => 7 * 86_400,
            Self::Month => 30 * 86_400,
            Self::Year => 365 * 86_400,
        }
    }
}

/// What is looked for.
#[derive(Clone, Default)]
pub struct Wanted {
    /// As typed.
    pub text: String,
    /// A kind.
    pub kind: Option<String>,
    /// A region's code.
    pub region: Option<String>,
    /// A state, `report.open`.
    pub state: Option<String>,
    /// Since when.
    pub period: Option<Period>,
    /// The newest first, not the best.
    pub newest: bool,
    /// Pages that were turned.
    pub page: usize,
}

/// Nothing of what was typed.
impl std::fmt::Debug for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wanted(page {})", self.page)
    }
}

/// How what was typed had to be read so that something is found.
#[derive(Clone, PartialEq, Eq)]
pub enum How {
    /// As typed.
    Typed,
    /// With a slip somewhere.
    Near,
    /// On another keyboard: so.
    Layout(String),
    /// Not all of the words.
    Some,
}

/// Nothing of what was typed.
impl std::fmt::Debug for How {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Typed => "Typed",
            Self::Near => "Near",
            Self::Layout(_) => "Layout",
            Self::Some => "Some",
        })
    }
}

/// How many of what was found have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count<T> {
    /// The value.
    pub value: T,
    /// How many.
    pub n: u64,
}

/// How what was found divides; each counted as if only the other filters were set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By kind.
    pub kinds: Vec<Count<&'static str>>,
    /// By region; those that are known.
    pub regions: Vec<Count<String>>,
    /// By state, `report.open`.
    pub states: Vec<Count<String>>,
    /// By how long ago.
    pub periods: Vec<Count<Period>>,
}

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Row {
    /// What kind of thing.
    pub kind: &'static str,
    /// Which one.
    pub id: Uuid,
    /// What is shown.
    pub shown: Shown,
    /// The piece of the text that was hit.
    pub snippet: Vec<Piece>,
}

/// A piece of a text, and whether it is what was looked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether they are marked.
    pub hit: bool,
}

/// Nothing of what is told.
impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Piece({})", self.hit)
    }
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How many, with the filters that are set.
    pub total: u64,
    /// How many without.
    pub all: u64,
    /// How they divide.
    pub facets: Facets,
    /// One page of them.
    pub rows: Vec<Row>,
    /// How it was read.
    pub how: How,
    /// Whether everything is in the index yet.
    pub ready: bool,
}
