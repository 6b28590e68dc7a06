//! Acts and the records of them.

use kernel::{Purpose, Timestamp};
use serde_json::Value;
use uuid::Uuid;

/// What somebody did or read, as a slice tells it. Facts hold ciphertext hashes, ids, states and counts, never the plain
/// text of personal data: the record is kept for ever, personal data are not.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// `slice.verb`, `order.sent`.
    pub name: &'static str,
    /// What it was done to: the table's word, `order`.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject: Uuid,
    /// The legal basis and its version, where one is needed.
    pub basis: Option<(Uuid, i64)>,
    /// The approval, single or standing, and its version, where one is needed.
    pub approval: Option<(Uuid, i64)>,
    /// Why personal data was read; reads always say it.
    pub purpose: Option<Purpose>,
    /// What else belongs to the act, a JSON object or null; at most [`MAX_FACTS`] bytes.
    pub facts: Value,
}

/// The longest facts as JSON text, bytes. An entry of the log holds 64 KiB.
pub const MAX_FACTS: usize = 32 * 1024;

impl Act {
    /// An act without basis, approval, purpose and facts; they are filled in by struct update:
    /// `Act { facts, ..Act::about("order.sent", "order", id) }`.
    #[must_use]
    pub const fn about(name: &'static str, subject_kind: &'static str, subject: Uuid) -> Self {
        Self { name, subject_kind, subject, basis: None, approval: None, purpose: None, facts: Value::Null }
    }
    /// A read of personal data: who looked at what, and why.
    #[must_use]
    pub fn read(name: &'static str, subject_kind: &'static str, subject: Uuid, purpose: Purpose) -> Self {
        Self { purpose: Some(purpose), ..Self::about(name, subject_kind, subject) }
    }
}

/// Id and times of a record to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Version 7, so that records that wait are numbered roughly in order.
    pub id: Uuid,
    /// Office time.
    pub office: Timestamp,
    /// Wall time.
    pub wall: Timestamp,
}

/// A record as it is stored and hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: Uuid,
    /// When, by the office clock.
    pub office_at: Timestamp,
    /// When, by the wall clock.
    pub wall_at: Timestamp,
    /// Who, as [`kernel::Actor::label`].
    pub actor: String,
    /// What, `slice.verb`.
    pub act: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which one.
    pub subject: Uuid,
    /// Legal basis and its version.
    pub basis: Option<(Uuid, i64)>,
    /// Approval and its version.
    pub approval: Option<(Uuid, i64)>,
    /// Why personal data was read, as [`Purpose::as_str`].
    pub purpose: Option<String>,
    /// JSON text as it was written: the hash is over these bytes.
    pub facts: String,
}

/// A record as a page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordView {
    /// The record.
    pub record: Record,
    /// Its facts, read; null if the text is no JSON any more.
    pub facts: Value,
    /// Its place in the log, from 0; `None` while it waits (under a second).
    pub position: Option<u64>,
}
