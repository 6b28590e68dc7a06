//! `identifiers.toml`: how long the registry of identifiers remembers what was reported, how long partners may keep an
//! answer, and what is never held against anybody: organisations that everybody deals with, services that many share.

use kernel::Localised;
use lookalike::{Lookalikes, Owner};

use crate::calendar::Term;
use crate::read::{Node, one_of};

/// Kinds of identifier, by the words of the API.
pub const KINDS: [&str; 19] = [
    "phone",
    "iban",
    "account",
    "card",
    "url",
    "domain",
    "email",
    "handle",
    "wallet_btc",
    "wallet_eth",
    "wallet_tron",
    "iin",
    "bin",
    "imei",
    "ip",
    "sim",
    "sender",
    "app",
    "advertisement",
];
/// When questions are written down: before the answer, or within a tenth of a second.
const RECORDS: [&str; 2] = ["strict", "prompt"];
/// Longest time for which an answer may be kept, seconds: a clearance must be heard of within a day.
const LONGEST_KEPT: u32 = 86_400;

/// What the registry of identifiers goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifiers {
    lives: Vec<Life>,
    /// How long a partner may keep an answer.
    pub kept: Kept,
    /// Whether an answer waits until the question is written down for good; otherwise it is within a tenth of a second,
    /// which a crash may lose.
    pub strict: bool,
    /// Whether institutions may ask without naming what they ask about. Costs memory, for each thing that is told, of about
    /// as much again as the registry itself.
    pub private: bool,
    /// Within what time an objection to an entry is answered.
    pub objection: Term,
    /// How long after its answer what was told in it is kept.
    pub objection_kept: Term,
    /// Signed filters for institutions that look at home first.
    pub filters: Filters,
    /// Organisations that everybody deals with.
    pub known: Vec<Own>,
    /// Services that many honest people share.
    pub shared: Vec<Own>,
    /// Words that fraud puts around the names of both.
    pub words_around: Vec<String>,
    /// The names of both, ready for what looks like them.
    pub imitated: Lookalikes,
}

/// How long something of some kinds is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Of which kinds.
    pub kinds: Vec<String>,
    /// How long after it was last named or decided on nothing is told of it any more. A telephone number soon has
    /// another owner, a wallet never.
    pub expires: Term,
    /// How long after a decision a person looks at it again.
    pub review: Term,
}

/// How often filters are made, and how long they are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filters {
    /// Hours between two whole filters.
    pub whole_hours: u32,
    /// Minutes between two changes.
    pub changes_minutes: u32,
    /// For how many minutes a change is good: whoever has heard nothing for so long asks about everything.
    pub good_minutes: u32,
}

/// How long a partner may keep an answer, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// That nothing is known.
    pub nothing: u32,
    /// That something is.
    pub something: u32,
}

/// What belongs to an organisation or a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// What it is called.
    pub name: Localised,
    /// Its domains, with everything below them.
    pub domains: Vec<String>,
    /// Its telephone numbers, short ones too.
    pub phones: Vec<String>,
    /// Names under which it sends text messages.
    pub senders: Vec<String>,
    /// Its wallets.
    pub wallets: Vec<String>,
    /// Whether its bare name is its own under every ending, as with services that are at home in many countries.
    pub everywhere: bool,
}

impl Identifiers {
    /// How long something of this kind is remembered; `None` for a word that is no kind.
    #[must_use]
    pub fn life(&self, kind: &str) -> Option<&Life> {
        self.lives.iter().find(|l| l.kinds.iter().any(|k| k == kind))
    }
}

/// Reads the whole file.
pub(crate) fn identifiers(node: &Node<'_>) -> Option<Identifiers> {
    let lives = node.each("life", life);
    let kept = node.value("kept").map(|v| v.table(kept));
    if kept.is_none() {
        node.wrong("expected the table `kept`");
    }
    let records = node.req::<String>("records");
    for word in records.iter().filter(|w| !RECORDS.contains(&w.as_str())) {
        node.wrong_at("records", format!("expected {}, found `{word}`", one_of(&RECORDS)));
    }
    let private = node.req::<bool>("private");
    let objection = node.req::<Term>("objection_within");
    let objection_kept = node.req::<Term>("objection_kept");
    let made = node.value("filters").map(|v| v.table(filters));
    if made.is_none() {
        node.wrong("expected the table `filters`");
    }
    let (known, shared) = (node.each("known", own), node.each("shared", own));
    let words = node.req::<Vec<String>>("words_around");
    for word in words
        .iter()
        .flatten()
        .filter(|w| w.is_empty() || !w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
    {
        node.wrong_at("words_around", format!("expected small Latin letters and digits, found `{word}`"));
    }
    if node.is_clean() {
        each_kind_once(node, &lives);
    }
    Some(Identifiers {
        lives,
        kept: kept??,
        strict: records? == "strict",
        private: private?,
        objection: objection?,
        objection_kept: objection_kept?,
        filters: made??,
        imitated: imitated(known.iter().chain(&shared), words.as_deref()?),
        words_around: words?,
        known,
        shared,
    })
}

fn imitated<'a>(all: impl Iterator<Item = &'a Own>, words: &[String]) -> Lookalikes {
    let owners: Vec<Owner> =
        all.map(|own| Owner { domains: own.domains.clone(), everywhere: own.everywhere }).collect();
    Lookalikes::new(&owners, words)
}

fn life(node: &Node<'_>) -> Option<Life> {
    let kinds = node.req::<Vec<String>>("kinds");
    for kind in kinds.iter().flatten().filter(|k| !KINDS.contains(&k.as_str())) {
        node.wrong_at("kinds", format!("expected {}, found `{kind}`", one_of(&KINDS)));
    }
    let (expires, review) = (node.req("expires"), node.req("review"));
    Some(Life { kinds: kinds?, expires: expires?, review: review? })
}

fn filters(node: &Node<'_>) -> Option<Filters> {
    let within = |key: &str, most: u32| {
        let number = node.req::<u32>(key)?;
        if !(1..=most).contains(&number) {
            node.wrong_at(key, format!("expected 1 to {most}"));
        }
        Some(number)
    };
    let (whole, changes, good) =
        (within("whole_hours", 168), within("changes_minutes", 1_440), within("good_minutes", 1_440));
    let (changes, good) = (changes?, good?);
    if good < changes.saturating_mul(2) {
        node.wrong_at(
            "good_minutes",
            "expected at least twice `changes_minutes`: one that is late must do no harm",
        );
    }
    Some(Filters { whole_hours: whole?, changes_minutes: changes, good_minutes: good })
}

fn kept(node: &Node<'_>) -> Option<Kept> {
    let seconds = |key: &str| {
        let secs = node.req::<u32>(key)?;
        let fits = (1..=LONGEST_KEPT).contains(&secs);
        if !fits {
            node.wrong_at(key, format!("expected 1 to {LONGEST_KEPT} seconds"));
        }
        fits.then_some(secs)
    };
    let (nothing, something) = (seconds("nothing"), seconds("something"));
    Some(Kept { nothing: nothing?, something: something? })
}

fn own(node: &Node<'_>) -> Option<Own> {
    let list = |key: &str| node.or::<Vec<String>>(key, Vec::new());
    let (name, domains, phones) = (node.req("name"), list("domains"), list("phones"));
    let (senders, wallets) = (list("senders"), list("wallets"));
    let everywhere = node.or("everywhere", false);
    for domain in domains.iter().flatten() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        if !domain.contains('.') || !domain.chars().all(plain) {
            node.wrong_at("domains", format!("expected a domain in small Latin letters, found `{domain}`"));
        }
    }
    for phone in phones.iter().flatten() {
        let digits = phone.strip_prefix('+').unwrap_or(phone);
        if digits.len() < 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            node.wrong_at(
                "phones",
                format!("expected digits, with `+` before a country's code, found `{phone}`"),
            );
        }
    }
    let own = Own {
        name: name?,
        domains: domains?,
        phones: phones?,
        senders: senders?,
        wallets: wallets?,
        everywhere: everywhere?,
    };
    if [&own.domains, &own.phones, &own.senders, &own.wallets].into_iter().all(Vec::is_empty) {
        node.wrong("expected at least one of `domains`, `phones`, `senders`, `wallets`");
    }
    Some(own)
}

/// Each kind has one life: an entry of a kind without one would never end.
fn each_kind_once(node: &Node<'_>, lives: &[Life]) {
    for kind in KINDS {
        let all: Vec<usize> = lives
            .iter()
            .enumerate()
            .filter(|(_, l)| l.kinds.iter().any(|k| k == kind))
            .map(|(i, _)| i)
            .collect();
        match all.as_slice() {
            [_] => {}
            [] => node.wrong(format!("expected a `life` for `{kind}`")),
            [.., again] => node.wrong_item("life", *again, format!("expected one `life` for `{kind}`")),
        }
    }
}
