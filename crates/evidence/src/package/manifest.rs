//! The manifest, and the small text that ties two checkpoints.

use std::fmt;

use ledger::Hash;
use serde::{Deserialize, Serialize};

use crate::model::Words;

/// What the manifest says it is.
pub const FORMAT: &str = "qorgan-package/1";
/// The manifest.
pub const MANIFEST: &str = "manifest.json";
/// The act by which the package was made.
pub const ENTRY: &str = "log/package.entry";
/// Its proof.
pub const SLIP: &str = "log/package.tlog-proof";
/// That its checkpoint grew out of that of the events.
pub const LINK: &str = "log/package.consistency";

/// The exhibits and their custody in CASE/UCO, for programs.
pub const GRAPH: &str = "case.jsonld";
/// Most time stamps of a package.
pub const MOST_STAMPS: usize = 20;
/// Most witnesses of a log: as many as a signed note carries, beside the log's own signature.
pub const MOST_WITNESSES: usize = 63;

/// What is in a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The package, as a UUID in 32 digits.
    pub id: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// By whom.
    pub made_by: String,
    /// Of which organisation.
    pub organisation: String,
    /// What it is about, and for whom.
    pub about: String,
    /// The log that vouches for it.
    pub log: LogLine,
    /// Every other file but those of the act by which it was made.
    pub files: Vec<FileLine>,
    /// The exhibits.
    pub exhibits: Vec<ExhibitLine>,
    /// Time stamps of the log's checkpoints.
    pub stamps: Vec<StampLine>,
}

/// A log and those who sign its checkpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLine {
    /// Its verifier key; the name in it is the log's.
    pub key: String,
    /// Verifier keys of witnesses that it asks, in the order in which their words stand under its own.
    pub witnesses: Vec<String>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLine {
    /// Where it lies.
    pub path: String,
    /// How many bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// An exhibit. What stands here is compared with the record, but for `title`, which the office says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExhibitLine {
    /// Which one, as a UUID in 32 digits: the record's subject.
    pub id: String,
    /// As people call it.
    pub number: String,
    /// What it is called now.
    pub title: String,
    /// The exhibit from which it was made, as its id is written: `exh_…`.
    pub parent: Option<String>,
    /// The file with what was told when it was taken in.
    pub told: String,
    /// The file with its bytes; none of a thing, and none if the bytes are not handed over or no longer whole.
    pub original: Option<String>,
    /// How many bytes it has; 0 for a thing.
    pub size: u64,
    /// SHA-256 of the bytes; empty for a thing.
    pub sha256: String,
    /// BLAKE3 of the bytes; empty for a thing.
    pub blake3: String,
    /// The salt of its seal, hexadecimal.
    pub salt: String,
    /// What happened to it, in order.
    pub events: Vec<EventLine>,
}

/// An event. What stands here is compared with the record, but for `by`, which the office says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventLine {
    /// Its number, from 1.
    pub no: u64,
    /// What happened.
    pub event: String,
    /// When, by the office's clock: microseconds since 1970.
    pub at: i64,
    /// Who did it, as the record writes it.
    pub actor: String,
    /// The same by name.
    pub by: String,
    /// The file with the record's entry.
    pub entry: String,
    /// The file with its proof.
    pub proof: String,
    /// What was said.
    pub words: Option<Words>,
}

/// A time stamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StampLine {
    /// By which authority.
    pub authority: String,
    /// The file with the checkpoint that was stamped.
    pub checkpoint: String,
    /// The file with the authority's answer (RFC 3161).
    pub token: String,
    /// The file that shows that the events' checkpoint grew out of it.
    pub link: String,
}

impl StampLine {
    /// Where checkpoint, answer and link of the stamp of that number lie, from 0.
    #[must_use]
    pub fn places(no: usize) -> [String; 3] {
        ["checkpoint", "tsr", "consistency"].map(|end| format!("log/stamp-{no:02}.{end}"))
    }
}

/// Whether it is a number of an exhibit, `E-2026-00000018`: it becomes the name of a folder, on whatever machine.
#[must_use]
pub fn is_number(number: &str) -> bool {
    let mut parts = number.split('-');
    let mut part = |lengths: std::ops::RangeInclusive<usize>, good: fn(&u8) -> bool| {
        parts.next().is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(|b| good(&b)))
    };
    let right = part(1..=4, u8::is_ascii_uppercase)
        && part(4..=4, u8::is_ascii_digit)
        && part(1..=12, u8::is_ascii_digit);
    right && parts.next().is_none()
}

/// The files with the entry and the proof of the event by which an exhibit went into this package. No manifest can name them: they come
/// after it.
#[must_use]
pub fn exported(number: &str) -> (String, String) {
    (format!("log/{number}/exported.entry"), format!("log/{number}/exported.tlog-proof"))
}

/// Whether a package may have a file of that name: letters, digits, dots, dashes and underscores between slashes, no part hidden, and no
/// longer than the plainest archive takes.
#[must_use]
pub fn is_path(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    path.len() <= 100 && path.split('/').count() <= 6 && path.split('/').all(part)
}

/// That a log of `new` records grew out of that of `old`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Records before.
    pub old: u64,
    /// Records after.
    pub new: u64,
    /// The proof (RFC 9162, 2.1.4).
    pub proof: Vec<Hash>,
}

impl Link {
    /// Reads one; only what [`Link`] itself would write is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let old = lines.next()?.strip_prefix("old ")?.parse().ok()?;
        let new = lines.next()?.strip_prefix("new ")?.parse().ok()?;
        let proof: Option<Vec<Hash>> = lines.take(64).map(Hash::parse).collect();
        let link = Self { old, new, proof: proof? };
        (link.to_string() == text).then_some(link)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}\nnew {}", self.old, self.new)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_package_may_have() {
        for good in ["manifest.json", "exhibits/E-2026-00000018/original", "log/a/0001.tlog-proof"] {
            assert!(is_path(good), "{good}");
        }
        for bad in
            ["", "/x", "a//b", "../x", "a/..", ".x", "a/.b", "a\\b", "x\0", "дело", "a/b/c/d/e/f/g", "x."]
        {
            assert!(!is_path(bad), "{bad}");
        }
    }

    #[test]
    fn numbers_that_an_exhibit_may_have() {
        for good in ["E-2026-00000018", "AB-1999-1"] {
            assert!(is_number(good), "{good}");
        }
        for bad in
            ["", "CON", "E-2026-", "E-2026-1-2", "e-2026-1", "E-26-1", "E/2026/1", "-2026-1", "E-2026-1\n"]
        {
            assert!(!is_number(bad), "{bad}");
        }
    }

    #[test]
    fn a_link_reads_as_it_is_written() {
        let link = Link { old: 3, new: 12, proof: vec![Hash::new([7; 32]), Hash::new([9; 32])] };
        assert_eq!(Link::parse(&link.to_string()), Some(link.clone()));
        for wrong in [
            link.to_string().replace("old 3", "old 03"),
            link.to_string().trim_end().to_owned(),
            link.to_string().replace('\n', "\r\n"),
            format!("{link}\n"),
        ] {
            assert_eq!(Link::parse(&wrong), None, "{wrong}");
        }
    }
}
