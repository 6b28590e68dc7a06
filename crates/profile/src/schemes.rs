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
    /// Words by which it is known.
    pub signs: Vec<Sign>,
}

/// Words that stand in a story in this order and near one another, each by its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// How much they say, 1 to 5.
    pub says: u32,
    /// The beginnings.
    pub words: Vec<String>,
}

/// Reads the whole file.
pub(crate) fn schemes(node: &Node<'_>) -> Option<Vec<SchemeKind>> {
    let read = node.each("scheme", |n| {
        let (code, name, galaxy) = (n.req::<String>("code"), n.req("name"), n.or("galaxy", Vec::new()));
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
        if signs.is_empty() {
            n.wrong_at("words", "expected words by which it is known");
        }
        Some(SchemeKind { code: code?, name: name?, galaxy: galaxy?, signs })
    });
    let clean = node.is_clean();
    for (i, kind) in read.iter().enumerate().filter(|_| clean) {
        if read.iter().take(i).any(|k| k.code == kind.code) {
            node.wrong_item("scheme", i, format!("expected each code once, `{}` comes twice", kind.code));
        }
    }
    Some(read)
}

fn sign(line: &str) -> Option<Sign> {
    let mut parts = line.split_whitespace();
    let says = parts.next()?.parse::<u32>().ok().filter(|n| (1..=MOST).contains(n))?;
    let words: Vec<String> = parts.map(str::to_owned).collect();
    (!words.is_empty()).then_some(Sign { says, words })
}
