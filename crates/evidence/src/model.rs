//! Exhibits, their events, what was told when they were taken in.

use kernel::{Header, Personal, Timestamp};
use reader::{Answer, Ended};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::id_kind!(
    /// Something taken in as evidence.
    ExhibitKind,
    ExhibitId,
    "exh"
);

kernel::words!(
    /// What an exhibit is.
    Form {
        /// A file: its bytes are kept here.
        File = "file",
        /// A thing: it lies in a place.
        Item = "item",
    }
);

kernel::words!(
    /// Where an exhibit has come to.
    State {
        /// Somebody keeps it.
        Held = "held",
        /// It is being handed over: given, not yet received.
        Offered = "offered",
        /// It was given back to its owner.
        Returned = "returned",
        /// It was destroyed.
        Destroyed = "destroyed",
    }
);

impl State {
    /// Whether nothing more can be done to it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Returned | Self::Destroyed)
    }
}

kernel::words!(
    /// What happened to an exhibit.
    EventKind {
        /// It was taken in.
        Taken = "taken",
        /// It was named or described anew.
        Described = "described",
        /// It was put to a case, or to another.
        Linked = "linked",
        /// Its content was read or saved.
        Opened = "opened",
        /// A proof or a paper of it was printed.
        Printed = "printed",
        /// It went into a package.
        Exported = "exported",
        /// It was put into another place.
        Moved = "moved",
        /// Somebody gives it to somebody else.
        Offered = "offered",
        /// Whom it was given to has it.
        Received = "received",
        /// Whom it was given to does not take it.
        Declined = "declined",
        /// Whoever gave it keeps it after all.
        CalledBack = "called_back",
        /// It was closed under a seal.
        Sealed = "sealed",
        /// The seal was broken.
        Unsealed = "unsealed",
        /// Something was made from it.
        Derived = "derived",
        /// Its bytes were hashed again and are those that were taken in.
        Checked = "checked",
        /// Its bytes are not those that were taken in.
        Damaged = "damaged",
        /// Somebody proposed what becomes of it.
        Proposed = "proposed",
        /// A second person did not agree.
        SentBack = "sent_back",
        /// It was given back to its owner.
        Returned = "returned",
        /// It was destroyed.
        Destroyed = "destroyed",
    }
);

kernel::words!(
    /// What becomes of an exhibit in the end.
    Fate {
        /// Its owner gets it back.
        Return = "return",
        /// It is destroyed.
        Destroy = "destroy",
    }
);

/// What an exhibit belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The table's word: `report`, `case`.
    pub kind: String,
    /// Which one.
    pub id: Uuid,
    /// Its number, as people call it.
    pub number: String,
}

/// A matter to which somebody may put exhibits, and who is let in there.
#[derive(Debug, Clone)]
pub struct FoundMatter {
    /// The matter.
    pub matter: Matter,
    /// Its header: what comes from it is marked as it is, and its unit's.
    pub under: Header,
    /// Whether nobody but its people is let in.
    pub closed: bool,
    /// Those people, as [`kernel::Actor::label`].
    pub readers: Vec<String>,
}

/// An exhibit, as far as it is read without opening anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// Which one.
    pub id: ExhibitId,
    /// The common header.
    pub header: Header,
    /// As people call it, `E-2026-…`.
    pub number: String,
    /// A file or a thing.
    pub form: Form,
    /// From which exhibit it was made.
    pub parent: Option<ExhibitId>,
    /// Where its bytes lie.
    pub blob: Option<Uuid>,
    /// How many bytes.
    pub size_bytes: Option<i64>,
    /// The seal under which the record names it.
    pub seal: [u8; 32],
    /// What it belongs to.
    pub matter: Option<Matter>,
    /// Where it has come to.
    pub state: State,
    /// Who keeps it, as [`kernel::Actor::label`].
    pub custodian: String,
    /// In whose hands it is to be, while it is handed over.
    pub offered_to: String,
    /// Where it lies.
    pub place: Option<Uuid>,
    /// How many events there are.
    pub events: i64,
    /// Whether nobody but its readers is let in.
    pub closed: bool,
    /// Whether its bytes were found damaged.
    pub damaged: bool,
    /// Who proposed what becomes of it; empty where nothing waits.
    pub proposed_by: String,
    /// What was proposed.
    pub proposed: Option<Fate>,
    /// When something last happened to it.
    pub changed_at: Timestamp,
}

/// What is told when an exhibit is taken in. It is kept as it was told, and sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Acquisition {
    /// What it is.
    pub title: String,
    /// What sort of thing: `phone`, `sim`, `card`, `computer`, `drive`, `document`, `statement`, `other`.
    pub sort: String,
    /// Who took it.
    pub taken_by: String,
    /// From whom.
    pub taken_from: String,
    /// Where.
    pub place: String,
    /// How: seized, handed over, copied, downloaded.
    pub how: String,
    /// With what tool, and its version.
    pub tool: String,
    /// On what ground in law, and by what paper.
    pub basis: String,
    /// When it was taken, RFC 3339.
    pub taken_at: String,
    /// Name of the file as it came.
    pub file_name: String,
}

/// Hashes of a file, and the salt of its seal. Sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Random, 32 bytes, hexadecimal.
    pub salt: String,
    /// SHA-256, hexadecimal; empty for a thing.
    pub sha256: String,
    /// BLAKE3, hexadecimal; empty for a thing.
    pub blake3: String,
}

/// One event in the life of an exhibit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number, from 1.
    pub no: i64,
    /// What happened.
    pub kind: EventKind,
    /// When, by the office clock.
    pub at: Timestamp,
    /// Who did it, as [`kernel::Actor::label`].
    pub actor: String,
    /// The act in the record.
    pub record: Uuid,
    /// Who it was given to, received from; the exhibit that was made from it.
    pub counterpart: String,
    /// The place it was put into.
    pub place: Option<Uuid>,
    /// Whether something was said about it.
    pub has_words: bool,
}

/// What was said at an event, with the salt under which the record names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Random, 16 bytes, hexadecimal.
    pub salt: String,
    /// What was said.
    pub text: String,
}

/// A place where things lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which one.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Whether anything may still be put there.
    pub open: bool,
}

/// What is sealed of an exhibit, opened.
#[derive(Debug, Clone)]
pub struct About {
    /// What was told when it was taken in.
    pub acquisition: Personal<Acquisition>,
    /// The same as it is kept: the seal is over these bytes.
    pub told: Personal<String>,
    /// Its hashes.
    pub content: Personal<Content>,
    /// What it is called now.
    pub title: Personal<String>,
}

/// A file that is coming in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Which one; the bytes will lie under it.
    pub id: Uuid,
    /// Who sends it.
    pub author: String,
    /// How many bytes are to come.
    pub size_bytes: i64,
    /// How many have.
    pub received_bytes: i64,
    /// In how many frames.
    pub frames: i64,
    /// How long the file on the disk is.
    pub disk_bytes: i64,
    /// When something last came, by the wall clock.
    pub touched_wall: Timestamp,
}

/// Bytes that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Under which they lie.
    pub id: Uuid,
    /// How many.
    pub size_bytes: i64,
    /// In how many frames.
    pub frames: i64,
    /// When they were last hashed again, by the wall clock.
    pub checked_wall: Timestamp,
    /// The frame that was found damaged.
    pub damaged_frame: Option<i64>,
}

/// What the limited reader has said of the bytes of an exhibit.
#[derive(Debug, Clone)]
pub enum Look {
    /// There are no bytes: a thing, or they were destroyed.
    Nothing,
    /// Nobody has looked yet.
    Waiting,
    /// They were damaged before anybody looked; what is in them would be no answer.
    Damaged,
    /// It has looked.
    Done {
        /// How that ended.
        ended: Ended,
        /// When, by the office clock.
        at: Timestamp,
        /// What it said; `None` if it came to say nothing.
        answer: Option<Personal<Answer>>,
    },
}
