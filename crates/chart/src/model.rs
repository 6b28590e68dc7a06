//! What a chart is made of: nodes, ties between them, and what each tie rests on.

use std::collections::BTreeSet;
use std::fmt;

use kernel::{Header, Money, Timestamp};
use uuid::Uuid;

kernel::id_kind!(
    /// A view of a chart that somebody keeps.
    ViewMark, ViewId, "vew"
);

kernel::words!(
    /// How sure a tie is: the three strengths that analysts draw solid, dashed and dotted.
    Strength {
        /// An institution or a register says so, or an officer decided it.
        Proved = "proved",
        /// Somebody told it.
        Reported = "reported",
        /// The machine infers it.
        Inferred = "inferred",
    }
);

impl Strength {
    /// The stronger of two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.min(other)
    }
    /// The weaker of two: a group is as sure as the least sure of what it holds.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

/// Longest text of a key.
const MAX_KEY: usize = 160;

/// What a node is known by: the word of its kind and an id within it, `report:0199…`. Ids only: no name, no number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key of a thing that has a UUID.
    #[must_use]
    pub fn of(kind: &str, id: Uuid) -> Self {
        Self(format!("{kind}:{}", id.simple()))
    }
    /// The key of a thing that has another id: letters, digits and `-_./:~|`, others become `-`.
    #[must_use]
    pub fn named(kind: &str, id: &str) -> Self {
        let clean = |c: char| if is_part(c) { c } else { '-' };
        Self(format!("{kind}:{id}").chars().map(clean).take(MAX_KEY).collect())
    }
    /// Reads it; `None` for what is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        let plain = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        (plain && !id.is_empty() && text.len() <= MAX_KEY && id.chars().all(is_part))
            .then(|| Self(text.to_owned()))
    }
    /// The word of its kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.split_once(':').map_or("", |(kind, _)| kind)
    }
    /// The id within the kind.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, id)| id)
    }
    /// What a group hangs on; itself for what is no group, or hangs on nothing.
    #[must_use]
    pub fn inner(&self) -> Self {
        let last = if self.kind() == "group" { self.id().rsplit('~').next() } else { None };
        last.and_then(Self::parse).unwrap_or_else(|| self.clone())
    }
    /// The same hanging on something else: a group that hung on `inner`, or what it hung on itself.
    #[must_use]
    pub fn hung_on(&self, inner: &Self, other: &Self) -> Self {
        let front = self.0.strip_suffix(inner.as_str()).map(|front| format!("{front}{other}"));
        front.and_then(|text| Self::parse(&text)).unwrap_or_else(|| self.clone())
    }
    /// The id as a UUID, where it is one.
    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        Uuid::parse_str(self.id()).ok()
    }
    /// The whole.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_./:~|".contains(c)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// By what a node is put together with others like it where there are too many: a word such as `region`, and the code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trait {
    /// `region`, `bank`, `day`, `kind`.
    pub what: &'static str,
    /// The code; empty where it is not known.
    pub code: String,
}

impl Trait {
    /// By a word and a code.
    #[must_use]
    pub fn new(what: &'static str, code: impl Into<String>) -> Self {
        Self { what, code: code.into() }
    }
}

/// What a group stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupOf {
    /// The key of the words of what it holds.
    pub word: &'static str,
    /// What all of it has in common.
    pub traits: Vec<Trait>,
    /// Whether it opens in the chart; else it opens as a table elsewhere.
    pub opens: bool,
}

/// What an order does, and with how much: by that it is told from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The word of the measure: `hold`.
    pub measure: &'static str,
    /// The most of it: a sum of each asset; none where it is not about money.
    pub sums: Vec<Money>,
}

/// Something that a chart shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is known by.
    pub key: Key,
    /// How the desk calls it: a number, a mask, initials. Empty for a group: its words are made from what it holds.
    pub label: String,
    /// The key of the words of what it is: `chart-kind-report`, `identifier-kind-iban`.
    pub word: &'static str,
    /// The name of its look, of those that its source draws.
    pub look: &'static str,
    /// Its page; empty for none.
    pub href: String,
    /// When it happened, for what has a moment.
    pub at: Option<Timestamp>,
    /// By what it is put together with others, the coarsest first.
    pub traits: Vec<Trait>,
    /// How many things it stands for: more than one for a group.
    pub count: u64,
    /// Whether the chart begins here.
    pub start: bool,
    /// Whether it lies on the path that was asked for.
    pub way: bool,
    /// What it holds, for a group.
    pub group: Option<GroupOf>,
    /// What it does, for an order.
    pub deed: Option<Deed>,
}

impl Node {
    /// A plain node.
    #[must_use]
    pub fn new(key: Key, word: &'static str, look: &'static str, label: impl Into<String>) -> Self {
        Self {
            key,
            label: label.into(),
            word,
            look,
            href: String::new(),
            at: None,
            traits: Vec::new(),
            count: 1,
            start: false,
            way: false,
            group: None,
            deed: None,
        }
    }
    /// With its page.
    #[must_use]
    pub fn page(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }
    /// With its moment.
    #[must_use]
    pub const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }
    /// Whether it is shown whatever else is: a start, or on the path that was asked for.
    #[must_use]
    pub const fn stays(&self) -> bool {
        self.start || self.way
    }
    /// With one thing more that it has in common with others.
    #[must_use]
    pub fn like(mut self, what: &'static str, code: impl Into<String>) -> Self {
        self.traits.push(Trait::new(what, code));
        self
    }
    /// Things of a kind that are too many to be shown one by one: how many, what they are, where their table is.
    #[must_use]
    pub fn crowd(key: Key, word: &'static str, count: u64, href: impl Into<String>) -> Self {
        let group = GroupOf { word, traits: Vec::new(), opens: false };
        Self { count, group: Some(group), ..Self::new(key, word, "group", "") }.page(href)
    }
}

/// What a tie rests on: one report, order, answer or decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// How sure it is: the surest come first.
    pub strength: Strength,
    /// When it was said or done.
    pub at: Option<Timestamp>,
    /// As the desk calls what says it; empty for nothing.
    pub label: String,
    /// The key of the sentence that says it.
    pub word: &'static str,
    /// Its page; empty for none.
    pub href: String,
}

impl Evidence {
    /// By a sentence and how sure it is.
    #[must_use]
    pub const fn new(word: &'static str, strength: Strength) -> Self {
        Self { word, label: String::new(), href: String::new(), at: None, strength }
    }
    /// Who or what says it, and where that is.
    #[must_use]
    pub fn by(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.label = label.into();
        self.href = href.into();
        self
    }
    /// When.
    #[must_use]
    pub const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }
}

/// A tie between two nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Where it begins.
    pub from: Key,
    /// Where it ends.
    pub to: Key,
    /// The key of the words of what it says: `chart-edge-paid`.
    pub word: &'static str,
    /// Whether it has a direction, as money has.
    pub directed: bool,
    /// How sure it is: between two things as sure as the surest of what it rests on; of a group as the least sure of what it stands for.
    pub strength: Strength,
    /// The money that went by it: a sum of each asset, in the order of the assets.
    pub money: Vec<Money>,
    /// The first moment of it, where it has one.
    pub first: Option<Timestamp>,
    /// The last.
    pub last: Option<Timestamp>,
    /// How many single ties it stands for.
    pub count: u64,
    /// What it rests on, the surest and oldest first: at most [`MOST_EVIDENCE`].
    pub evidence: Vec<Evidence>,
}

/// Evidence that one tie keeps; what is beyond is told by its count.
pub const MOST_EVIDENCE: usize = 50;

impl Edge {
    /// A tie that rests on one thing.
    #[must_use]
    pub fn new(from: &Key, to: &Key, word: &'static str, evidence: Evidence) -> Self {
        Self {
            from: from.clone(),
            to: to.clone(),
            word,
            directed: false,
            strength: evidence.strength,
            money: Vec::new(),
            first: evidence.at,
            last: evidence.at,
            count: 1,
            evidence: vec![evidence],
        }
    }
    /// Money that went from one to the other.
    #[must_use]
    pub fn moved(mut self, money: Money, at: Timestamp) -> Self {
        self.directed = true;
        self.money = vec![money];
        self.first = Some(at);
        self.last = Some(at);
        self
    }
    /// How many single ties it stands for.
    #[must_use]
    pub const fn times(mut self, count: u64) -> Self {
        self.count = count;
        self
    }
}

/// How a kind of node looks: paths in a square from -12 to 12. A shape by kind, so that no kind is told by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Its name.
    pub name: &'static str,
    /// The outline.
    pub shape: &'static str,
    /// The sign inside, drawn as lines.
    pub icon: &'static str,
}

/// Where a node stands, in units of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

/// A view that somebody keeps: what is shown, and where. Ids and places; its name is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Database key.
    pub id: ViewId,
    /// The common header; its author keeps it.
    pub header: Header,
    /// What it is about: the first start.
    pub about: Key,
    /// Whether the author's unit sees it.
    pub shared: bool,
    /// What is asked of the chart, as in its address.
    pub asked: String,
    /// Where things stand.
    pub places: Vec<(Key, Place)>,
    /// How many things it showed when it was kept.
    pub shown: i64,
    /// When it was thrown away.
    pub removed_at: Option<Timestamp>,
    /// What it is called.
    pub name: String,
}

impl SavedView {
    /// Everything that it names: what it begins with, asks for, and where it stands.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<Key> {
        let asked = serde_json::from_str::<Vec<(String, String)>>(&self.asked).unwrap_or_default();
        let asked = asked.iter().filter_map(|(_, value)| Key::parse(value));
        let stands = self.places.iter().map(|(key, _)| key.clone());
        asked.chain(stands).chain([self.about.clone()]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let key = Key::of("report", Uuid::from_u128(7));
        assert_eq!((key.kind(), key.uuid()), ("report", Some(Uuid::from_u128(7))));
        assert_eq!(Key::parse(key.as_str()), Some(key));
        for bad in ["", "report", "report:", ":1", "Report:1", "report:<b>", "report:a b", "report:\u{202e}1"]
        {
            assert_eq!(Key::parse(bad), None, "{bad}");
        }
        assert_eq!(Key::named("group", "a b<c>").as_str(), "group:a-b-c-");
        let on = Key::named("group", &format!("on~x~{}", Key::named("group", "naming~thing:0a")));
        assert_eq!(on.inner().as_str(), "thing:0a");
        let other = Key::named("thing", "0b");
        assert_eq!(on.hung_on(&on.inner(), &other).as_str(), "group:on~x~group:naming~thing:0b");
        assert_eq!(other.hung_on(&other, &on.inner()).as_str(), "thing:0a");
        assert_eq!(on.hung_on(&other, &other), on);
        let alike = Key::named("group", "of~x~region.KZ-75|bank.A");
        assert_eq!(alike.inner(), alike);
        assert!(Key::parse(&format!("group:{}", "x".repeat(400))).is_none());
    }

    #[test]
    fn the_surer_of_two() {
        assert_eq!(Strength::Inferred.or(Strength::Proved), Strength::Proved);
        assert_eq!(Strength::Reported.or(Strength::Inferred), Strength::Reported);
        assert_eq!(Strength::Inferred.and(Strength::Proved), Strength::Inferred);
    }
}
