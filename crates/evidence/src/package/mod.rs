//! What a court is handed: a folder of files that proves itself.
//!
//! ```text
//! manifest.json                     what is in it, every file with its length and SHA-256, the keys that signed
//! index.kk.html … verify.py         for people; a second verifier
//! case.jsonld                       the exhibits and their custody in CASE/UCO, for programs
//! exhibits/NUMBER/told.json         what was told when it was taken in
//! exhibits/NUMBER/original          the bytes, as they were taken in
//! log/NUMBER/NNNN.entry, .tlog-proof    each event of each exhibit as it stands in the record, with its proof
//! log/stamp-NN.checkpoint, .tsr, .consistency   a checkpoint, an authority's time stamp of it, and that the events' grew out of it
//! log/package.entry, .tlog-proof    the act by which the package was made: it names the SHA-256 of the manifest
//! log/NUMBER/exported.entry, .tlog-proof    the event by which it went into this package: the last of its numbers
//! log/package.consistency           that the record in which that act stands grew out of the one in which the events stand
//! ```
//!
//! Whoever has the log's key from somewhere else needs nothing more: signature of the checkpoint, act in the log, hash of the manifest,
//! hash of each file, seal of each exhibit, numbers of its events up to the one by which it came here. One changed byte breaks one of these
//! links, and the file is named.
//!
//! What is not shown: that the office has recorded no other event of an exhibit under another number. Whoever holds the whole record
//! (`qorgan export-log`) can count them.

mod folder;
mod graph;
mod history;
mod manifest;
mod places;
mod strict;
pub mod tape;
mod telling;
mod verify;

pub use folder::Folder;
pub use manifest::{
    ENTRY, EventLine, ExhibitLine, FORMAT, FileLine, GRAPH, LINK, Link, LogLine, MANIFEST, MOST_STAMPS,
    MOST_WITNESSES, Manifest, SLIP, StampLine, exported, is_number, is_path,
};
pub use tape::Tape;
pub use telling::{lines, refusal};
pub use verify::{Checked, Fault, Files, Heard, StampChecked, Why, verify};

pub(crate) use graph::graph;

/// The second verifier, which lies in every package.
pub const SCRIPT: &str = include_str!("../../verify.py");
/// The act by which a package is made.
pub const ACT: &str = "evidence.package_made";
