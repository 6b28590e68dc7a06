//! The record of everything: who did or read what, when, on what legal basis and approval, for what purpose.
//!
//! [`append`] writes a record in the transaction of the act. A [`Sequencer`] then gives it a place in a Merkle log
//! (RFC 9162 hashing, C2SP tiles) and signs a checkpoint. [`verify_database`] and [`verify_directory`] recompute
//! everything and name what was edited, deleted, inserted, swapped, cut off, signed anew or rolled back.
//!
//! Whoever holds both the database and the log's key can write another history. Only a checkpoint kept outside shows
//! that: hand [`LogKeys::since`] one.
//!
//! Architecture Invariant: a record is never updated and never deleted by this crate. What the law wants erased is
//! encrypted under a key of its own, and the record holds hashes of the ciphertext.

mod append;
mod encode;
mod error;
mod export;
mod model;
mod outside;
mod prove;
mod sequencer;
mod store;
mod verify;

pub mod report;

pub use append::{MAX_VIEW, any, append, records_but, records_for};
pub use encode::{decode, encode, record_hash};
pub use error::AuditError;
pub use export::{CHECKPOINT, HISTORY, VKEY, export, export_key};
pub use ledger::{NoteVerifier, VkeyError};
pub use model::{Act, MAX_FACTS, Record, RecordView, Stamp};
pub use outside::{Witnessed, keep_cosignatures, keep_stamp, most_seen, stamps_since, submission, unstamped};
pub use prove::{Point, Proven, connect, newest, place_of, prove};
pub use report::{Fault, FaultKind, Verdict};
pub use sequencer::{BATCH, LogSigner, Sequencer, Step, sequence_once};
pub use verify::{LogKeys, verify_database, verify_directory};

/// The slice's share of the database.
pub const SLICE: db::Slice = db::Slice {
    name: "audit",
    migrations: &[
        db::Migration {
            no: 1,
            name: "audit",
            sqlite: include_str!("../migrations/0001_audit.sqlite.sql"),
            postgres: include_str!("../migrations/0001_audit.postgres.sql"),
        },
        db::Migration {
            no: 2,
            name: "witness",
            sqlite: include_str!("../migrations/0002_witness.sqlite.sql"),
            postgres: include_str!("../migrations/0002_witness.postgres.sql"),
        },
    ],
    statements: store::STATEMENTS,
};
