//! What is answered.

use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::text::{line, shown};

/// Most facts.
const FACTS: usize = 250;
/// Most parts that are named; the others are counted.
const PARTS: usize = 1_000;
/// Most signs.
const SIGNS: usize = 200;
/// Longest value.
const VALUE_CHARS: usize = 1_000;
/// Longest name of a part.
const NAME_CHARS: usize = 300;
/// Names of all facts that there are, in the order in which a person reads them.
pub const FACT_NAMES: &[&str] = &[
    "latitude",
    "longitude",
    "altitude_m",
    "gps_at",
    "taken_at",
    "taken_at_offset",
    "digitised_at",
    "camera_make",
    "camera_model",
    "camera_serial",
    "camera_owner",
    "lens",
    "picture_id",
    "width",
    "height",
    "orientation",
    "title",
    "subject",
    "author",
    "company",
    "changed_by",
    "created_at",
    "changed_at",
    "printed_at",
    "editing_time",
    "revision",
    "keywords",
    "description",
    "copyright",
    "comment",
    "note",
    "software",
    "software_version",
    "producer",
    "template",
    "document",
    "pages",
    "pdf_version",
    "revisions",
    "from",
    "sender",
    "to",
    "cc",
    "bcc",
    "reply_to",
    "return_path",
    "sent_at",
    "message_id",
    "in_reply_to",
    "references",
    "originating_ip",
    "authentication",
    "spf",
    "dkim",
    "list_unsubscribe",
    "hops",
    "received",
    "unsent",
    "entries",
    "unpacked_bytes",
    "tables",
    "encoding",
    "encoding_sure",
    "lines",
    "longest_line_bytes",
    "journal",
    "page_size",
    "free_pages",
    "user_version",
    "application_id",
    "written_by",
];
/// Longest preview, in bytes.
pub const PREVIEW_BYTES: usize = 64 << 10;

crate::words::closed! {
    /// Something that whoever opens it should know.
    Warning {
        /// It, or a part of it, cannot be read without a password. It is kept as it is.
        Encrypted = "encrypted",
        /// It can also be read as something else.
        Polyglot = "polyglot",
        /// Behind its end there is more.
        TrailingBytes = "trailing_bytes",
        /// It ends before its end, or what it says of itself is not so.
        Damaged = "damaged",
        /// It is larger than what is looked at.
        NotWhole = "not_whole",
        /// A little of it unpacks to very much.
        Bomb = "bomb",
        /// Parts of it lie over one another.
        Overlap = "overlap",
        /// A part would be written outside the folder it is unpacked into.
        PathOutside = "path_outside",
        /// A part is a link to somewhere else.
        SymbolicLink = "symbolic_link",
        /// Two parts have the same name.
        DuplicateName = "duplicate_name",
        /// An archive within the archive.
        NestedArchive = "nested_archive",
        /// A part can be run.
        Program = "program",
        /// A name hides what it ends in.
        DisguisedName = "disguised_name",
        /// Macros.
        Macros = "macros",
        /// Scripts.
        Scripts = "scripts",
        /// It does something by itself when it is opened.
        OpensByItself = "opens_by_itself",
        /// It starts another program.
        Launches = "launches",
        /// Files within it.
        Attachments = "attachments",
        /// It loads something from elsewhere.
        LoadsFromElsewhere = "loads_from_elsewhere",
        /// It declares a document type, so that it may make much out of little; that part of it was not read.
        Doctype = "doctype",
        /// A picture so large that showing it would take all memory.
        HugePicture = "huge_picture",
        /// A cell begins like a formula.
        Formula = "formula",
        /// Answers go elsewhere than to the sender.
        ReplyElsewhere = "reply_elsewhere",
        /// Signs that turn the direction of writing.
        DirectionMarks = "direction_marks",
    }
}

/// A warning, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// What.
    pub code: Warning,
    /// About what: a name, a number; empty for the whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
}

/// A fact: a word that does not change, and a value to be shown as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// One of [`FACT_NAMES`].
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A part: a file in an archive, an attachment, a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What it is, as the whole says or as its bytes show.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// How large; of a table, how many rows.
    pub size: u64,
    /// How large it is packed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packed: Option<u64>,
    /// SHA-256 of its bytes, hexadecimal, where they were read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// When it was changed, as the whole says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub changed_at: String,
    /// Whether it needs a password.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub encrypted: bool,
}

/// Its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The text. It goes onto a page like any other text: escaped.
    pub text: String,
    /// Whether there is more.
    pub cut: bool,
}

/// What is in an exhibit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// How large it is.
    pub size_bytes: u64,
    /// How much of it was looked at.
    pub seen_bytes: u64,
    /// What it is, by its bytes.
    pub kind: Kind,
    /// What it can be read as, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Kind>,
    /// What it tells.
    pub facts: Vec<Fact>,
    /// What to beware of.
    pub signs: Vec<Sign>,
    /// What it consists of.
    pub parts: Vec<Part>,
    /// Parts that are not named.
    pub parts_left_out: u64,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
    /// Whether the looking was done to its end.
    pub finished: bool,
}

impl Answer {
    /// Adds a fact, by one of [`FACT_NAMES`]; an empty one is none.
    pub fn fact(&mut self, name: &str, value: &str) {
        let value = line(value, VALUE_CHARS);
        if !value.is_empty() && self.facts.len() < FACTS {
            self.facts.push(Fact { name: name.to_owned(), value });
        }
    }

    /// Adds a warning, once.
    pub fn warn(&mut self, code: Warning, about: &str) {
        let sign = Sign { code, about: line(about, NAME_CHARS) };
        if self.signs.len() < SIGNS && !self.signs.contains(&sign) {
            self.signs.push(sign);
        }
    }

    /// Adds a part.
    pub fn part(&mut self, mut part: Part) {
        if self.parts.len() >= PARTS {
            self.parts_left_out = self.parts_left_out.saturating_add(1);
            return;
        }
        part.name = line(&part.name, NAME_CHARS);
        part.kind = line(&part.kind, 100);
        self.parts.push(part);
    }

    /// Sets the text, cut and made visible.
    pub fn preview(&mut self, text: &str, more: bool) {
        let (text, cut) = shown(text, PREVIEW_BYTES);
        if !text.trim().is_empty() {
            self.preview = Some(Preview { text, cut: cut || more });
        }
    }

    /// The value of a fact.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str())
    }

    /// Whether something is warned of.
    #[must_use]
    pub fn warns(&self, code: Warning) -> bool {
        self.signs.iter().any(|sign| sign.code == code)
    }
}
