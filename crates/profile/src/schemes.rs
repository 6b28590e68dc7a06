//! `schemes.toml`: kinds of scheme, and the words by which a story is known to tell of one.

use kernel::Localised;

use crate::read::Node;

/// The most that one line of words may say.
const MOST: u32 = 5;

/// A kind of scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeKind {
    /// Code in columns and messages.
    pub code: String,
    /// In words.
    pub name: Localised,
    /// What the fraud galaxies of MISP call it, `GALAXY: VALUE`.
    pub galaxy: Vec<String>,
    /// Whether measures and a case are suggested: not where it is no fraud.
    pub suggests: bool,
    /// Words by which it is known.
    pub signs: Vec<Sign>,
}

impl SchemeKind {
    /// As tags of an event in MISP: `misp-galaxy:financial-fraud="Vishing"`.
    pub fn tags(&self) -> impl Iterator<Item = String> + '_ {
        let tag = |name: &String| {
            let (galaxy, value) = name.split_once(": ")?;
            Some(format!("misp-galaxy:{galaxy}=\"{value}\""))
        };
        self.galaxy.iter().filter_map(tag)
    }
}

/// Words that stand in a story in this order and near one another, each by its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// How much they say, 1 to 5.
    pub says: u32,
    /// The beginnings.
    pub words: Vec<String>,
}

/// From when on a scheme's page suggests something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemeLimits {
    /// Reports from which on a case is suggested.
    pub case_reports: i64,
    /// Regions from which on it is, with fewer reports.
    pub case_regions: i64,
    /// Reports in a day from which on a warning to the public is.
    pub warn_new: i64,
}

/// Reads the whole file.
pub(crate) fn schemes(node: &Node<'_>) -> Option<(SchemeLimits, Vec<SchemeKind>)> {
    let (case_reports, case_regions, warn_new) =
        (node.req("case_reports"), node.req("case_regions"), node.req("warn_new"));
    let read = node.each("scheme", |n| {
        let (code, name, galaxy) = (n.req::<String>("code"), n.req("name"), n.or("galaxy", Vec::new()));
        let suggests = n.or("suggests", true);
        let lines = n.req::<Vec<String>>("words")?;
        let mut signs = Vec::new();
        for line in &lines {
            match sign(line) {
                Some(sign) => signs.push(sign),
                None => n.wrong_at(
                    "words",
                    format!("expected a number from 1 to {MOST} and words, found `{line}`"),
                ),
            }
        }
        let galaxy: Vec<String> = galaxy?;
        if let Some(odd) = galaxy.iter().find(|name| !name.contains(": ")) {
            n.wrong_at("galaxy", format!("expected `GALAXY: VALUE`, found `{odd}`"));
        }
        if signs.is_empty() {
            n.wrong_at("words", "expected words by which it is known");
        }
        Some(SchemeKind { code: code?, name: name?, galaxy, suggests: suggests?, signs })
    });
    let clean = node.is_clean();
    for (i, kind) in read.iter().enumerate().filter(|_| clean) {
        if read.iter().take(i).any(|k| k.code == kind.code) {
            node.wrong_item("scheme", i, format!("expected each code once, `{}` comes twice", kind.code));
        }
    }
    let limits =
        SchemeLimits { case_reports: case_reports?, case_regions: case_regions?, warn_new: warn_new? };
    Some((limits, read))
}

fn sign(line: &str) -> Option<Sign> {
    let mut parts = line.split_whitespace();
    let says = parts.next()?.parse::<u32>().ok().filter(|n| (1..=MOST).contains(n))?;
    let words: Vec<String> = parts.map(str::to_owned).collect();
    (!words.is_empty()).then_some(Sign { says, words })
}
