//! Checking a package without a server.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;
use ledger::{
    Checkpoint, Note, NoteSignature, NoteVerifier, Signs, Slip, leaf_hash, verify_consistency,
    verify_inclusion,
};
use sha2::{Digest as _, Sha256};
use stamp::{Authority, Stamped};

use super::manifest::{ENTRY, FORMAT, LINK, Link, MANIFEST, MOST_WITNESSES, Manifest, SLIP};
use super::{places, strict};
use crate::rules::seal::{Hashes, Hashing};

/// Where files of a package are read from.
pub trait Files {
    /// All names there are.
    ///
    /// # Errors
    /// What is no file of a package.
    fn names(&mut self) -> Result<Vec<String>, Fault>;
    /// Reads a file piece by piece.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&mut self, name: &str, take: &mut dyn FnMut(&[u8])) -> Result<(), Fault>;
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// It is not there, or cannot be read.
    #[error("it is missing or cannot be read: {0}")]
    Missing(String),
    /// It is there and the manifest does not name it, or it is no plain file.
    #[error("it is no file of the package")]
    Stranger,
    /// It does not read as what it should be.
    #[error("it does not read as {0}")]
    Form(&'static str),
    /// A number that nothing here can have.
    #[error("a number in it has more than 20 digits")]
    Number,
    /// It has another length or hash than the manifest says.
    #[error("its content is not what the manifest says")]
    Content,
    /// The proof does not lead to a checkpoint signed by the keys.
    #[error("the proof does not hold: {0}")]
    Proof(String),
    /// The proof does not lead from the entry to the checkpoint: one of the two is not what the log has.
    #[error("it does not prove that `{0}` stands in the log: one of the two is another")]
    Pair(String),
    /// It was signed by another log than the one whose key was given.
    #[error("it was signed by another log than the one whose key was given")]
    OtherLog,
    /// A witness whose key was given has not signed.
    #[error("the witness {0}, whose key was given, has not signed it")]
    Witness(String),
    /// The manifest is not the one that the log names.
    #[error("the log names another manifest")]
    OtherManifest,
    /// The seal in the log is another.
    #[error("the exhibit is not what the log says was taken in")]
    Seal,
    /// An event is missing, doubled or another's.
    #[error("event {0} is missing, doubled or another's")]
    Event(u64),
    /// What was said is not what the log names.
    #[error("the words of event {0} are not those that the log names")]
    Words(u64),
}

/// A file of the package and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct Fault {
    /// The file.
    pub file: String,
    /// What.
    pub why: Why,
}

impl Fault {
    pub(super) fn of(file: &str, why: Why) -> Self {
        Self { file: file.to_owned(), why }
    }
}

/// A package that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its manifest.
    pub manifest: Manifest,
    /// SHA-256 of the manifest, hexadecimal.
    pub hash: String,
    /// The checkpoint under which it was made.
    pub checkpoint: Checkpoint,
    /// When it was made and by whom, as the record has it.
    pub made: (Timestamp, String),
    /// Whether the log's key was given by whoever checks. Else the package vouches for itself alone.
    pub vouched: bool,
    /// The witnesses that the manifest names, in its order.
    pub witnesses: Vec<Heard>,
    /// How many events were checked.
    pub events: usize,
    /// Events that are told to have happened before the one before them: number of the exhibit, number of the event.
    pub backwards: Vec<(String, u64)>,
    /// Time stamps, in their order.
    pub stamps: Vec<StampChecked>,
}

/// A witness that the manifest names, and what is heard of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its name.
    pub name: String,
    /// Whether whoever checks gave its key. Else it may be anybody.
    pub known: bool,
    /// When it says that it saw the checkpoint under which the package was made, seconds since 1970; `None` without a word of it.
    pub seen_at: Option<u64>,
}

/// A time stamp of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampChecked {
    /// Of which authority, as the package says.
    pub authority: String,
    /// How many records of the log are covered.
    pub size: u64,
    /// Whether certificates were given to check it by.
    pub asked: bool,
    /// What an authority that whoever checks knows says; `None` if none of them has stamped it.
    pub told: Option<Stamped>,
}

/// Longest manifest, bytes.
const MOST_MANIFEST: usize = 64 * 1024 * 1024;
/// Longest file that is read whole, but for the manifest, bytes.
const MOST_WHOLE: usize = 256 * 1024;

/// A package while it is checked.
pub(super) struct Check<'a> {
    pub(super) files: &'a mut dyn Files,
    log: NoteVerifier,
    witnesses: Vec<NoteVerifier>,
    /// The signed checkpoint that was looked at last.
    last: Option<Seen>,
    /// The one under which all events stand.
    pub(super) events_at: Option<Seen>,
}

/// A signed checkpoint, with who saw it when: places among the witnesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    note: Note,
    pub(super) point: Checkpoint,
    by: Vec<(usize, Option<u64>)>,
}

/// An entry of the record that stands in the log.
pub(super) struct Entry {
    pub(super) record: audit::Record,
    pub(super) facts: serde_json::Value,
    /// Its place.
    pub(super) index: u64,
    pub(super) at: Seen,
}

impl Entry {
    pub(super) fn text(&self, fact: &str) -> Option<&str> {
        self.facts.get(fact).and_then(serde_json::Value::as_str)
    }
    pub(super) fn number(&self, fact: &str) -> Option<u64> {
        self.facts.get(fact).and_then(serde_json::Value::as_u64)
    }
}

/// Checks a package. `trusted` are keys that whoever checks has from somewhere else; without the log's among them a package
/// only vouches for itself. Witnesses among them must have signed. Time stamps count by the certificates of `authorities` alone.
///
/// # Errors
/// The first thing that is wrong, with the file.
pub fn verify(
    files: &mut dyn Files,
    trusted: &[NoteVerifier],
    authorities: &[Authority],
) -> Result<Checked, Fault> {
    let names = places::names(files)?;
    let bytes = whole(files, MANIFEST, MOST_MANIFEST)?;
    let manifest: Manifest = strict::read(MANIFEST, &bytes, "a manifest")?;
    if manifest.format != FORMAT {
        return Err(Fault::of(MANIFEST, Why::Form("a manifest of this version")));
    }
    let (log, witnesses) = keys(&manifest)?;
    // First of all: of a stranger's package nothing else is worth the work.
    let asked = trusted.iter().any(|key| key.signs() == Signs::Text);
    if asked && !trusted.contains(&log) {
        return Err(Fault::of(MANIFEST, Why::OtherLog));
    }
    let mut check = Check { files, log, witnesses, last: None, events_at: None };

    let made = check.entry((ENTRY, SLIP))?;
    if made.record.act != super::ACT {
        return Err(Fault::of(ENTRY, Why::Form("the making of this package")));
    }
    // Before anything that the manifest says is looked at: whatever was changed in it, it is it that is named.
    let hash = hex::encode(Sha256::digest(&bytes));
    if made.text("manifest") != Some(&hash) {
        return Err(Fault::of(MANIFEST, Why::OtherManifest));
    }
    if made.record.subject.simple().to_string() != manifest.id {
        return Err(Fault::of(ENTRY, Why::Form("the making of this package")));
    }
    let witnesses = check.heard(&made.at, trusted)?;
    places::all_there(&names, &manifest)?;
    places::placed(&manifest)?;
    let contents = check.contents(&manifest)?;
    each_once(&manifest, &made)?;
    let (mut events, mut backwards) = (0_usize, Vec::new());
    for exhibit in &manifest.exhibits {
        let fell = check.exhibit(exhibit, &contents, &made, &manifest.id)?;
        backwards.extend(fell.into_iter().map(|no| (exhibit.number.clone(), no)));
        events = events.saturating_add(exhibit.events.len());
    }
    check.link(&made.at.point)?;
    let stamps = check.stamps(&manifest, authorities)?;
    Ok(Checked {
        vouched: trusted.contains(&check.log),
        made: (made.record.office_at, made.record.actor),
        checkpoint: made.at.point,
        witnesses,
        hash,
        events,
        backwards,
        stamps,
        manifest,
    })
}

fn whole(files: &mut dyn Files, name: &str, most: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let mut long = false;
    files.read(name, &mut |part| {
        long |= bytes.len().saturating_add(part.len()) > most;
        if !long {
            bytes.extend_from_slice(part);
        }
    })?;
    if long { Err(Fault::of(name, Why::Form("a file of that length"))) } else { Ok(bytes) }
}

/// A file that is read whole.
pub(super) fn small(files: &mut dyn Files, name: &str) -> Result<Vec<u8>, Fault> {
    whole(files, name, MOST_WHOLE)
}

fn text(files: &mut dyn Files, name: &str) -> Result<String, Fault> {
    String::from_utf8(small(files, name)?).map_err(|_| Fault::of(name, Why::Form("text")))
}

/// The log's key and those of witnesses, each in its one writing, no name twice.
fn keys(manifest: &Manifest) -> Result<(NoteVerifier, Vec<NoteVerifier>), Fault> {
    let wrong = || Fault::of(MANIFEST, Why::Form("verifier keys"));
    let read = |text: &String, signs: Signs| {
        NoteVerifier::parse(text).ok().filter(|k| k.to_string() == *text && k.signs() == signs)
    };
    let log = read(&manifest.log.key, Signs::Text).ok_or_else(wrong)?;
    let mut names = BTreeSet::from([log.name().to_owned()]);
    let mut witnesses = Vec::new();
    for key in &manifest.log.witnesses {
        let key = read(key, Signs::Seen).filter(|k| names.insert(k.name().to_owned())).ok_or_else(wrong)?;
        witnesses.push(key);
    }
    if witnesses.len() > MOST_WITNESSES { Err(wrong()) } else { Ok((log, witnesses)) }
}

/// Each exhibit stands there once, and the act names the same ones.
fn each_once(manifest: &Manifest, made: &Entry) -> Result<(), Fault> {
    let ids: BTreeSet<&str> = manifest.exhibits.iter().map(|e| e.id.as_str()).collect();
    let numbers: BTreeSet<&str> = manifest.exhibits.iter().map(|e| e.number.as_str()).collect();
    let named: Option<BTreeSet<&str>> =
        made.facts.get("events").and_then(|e| e.as_object()).map(|e| e.keys().map(String::as_str).collect());
    let count = manifest.exhibits.len();
    if ids.len() == count && numbers.len() == count && named.as_ref() == Some(&ids) {
        Ok(())
    } else {
        Err(Fault::of(MANIFEST, Why::Form("the exhibits that the act names, each once")))
    }
}

impl Check<'_> {
    /// A checkpoint is signed by the log, then by witnesses in their order, by each once and by nobody else.
    fn signed(&self, note: &Note) -> Option<Vec<(usize, Option<u64>)>> {
        let text = note.text().as_bytes();
        let held = |key: &NoteVerifier, s: &NoteSignature| {
            s.name == key.name() && s.id == key.id() && key.verifies(text, &s.bytes)
        };
        let (first, rest) = note.signatures().split_first()?;
        if !held(&self.log, first) {
            return None;
        }
        let mut seen: Vec<(usize, Option<u64>)> = Vec::new();
        for signature in rest {
            let at = self.witnesses.iter().position(|key| held(key, signature))?;
            if seen.last().is_some_and(|(last, _)| *last >= at) {
                return None;
            }
            seen.push((at, signature.seen_at()));
        }
        Some(seen)
    }

    /// A checkpoint of this log, signed as it must be. Most stand beside many entries and are looked at once.
    fn seen(&mut self, note: Note) -> Option<Seen> {
        if let Some(last) = self.last.as_ref().filter(|last| last.note == note) {
            return Some(last.clone());
        }
        let by = self.signed(&note)?;
        let point = Checkpoint::parse(note.text()).ok().filter(|p| p.origin == self.log.name())?;
        let seen = Seen { note, point, by };
        self.last = Some(seen.clone());
        Some(seen)
    }

    /// What is heard of each witness that the manifest names. Those that whoever checks knows must have signed.
    fn heard(&self, at: &Seen, trusted: &[NoteVerifier]) -> Result<Vec<Heard>, Fault> {
        let all = self.witnesses.iter().enumerate().map(|(place, key)| {
            let word = at.by.iter().find(|(by, _)| *by == place);
            Heard {
                name: key.name().to_owned(),
                known: trusted.contains(key),
                seen_at: word.and_then(|(_, at)| *at),
            }
        });
        let all: Vec<Heard> = all.collect();
        let spoken = |key: &NoteVerifier| {
            let mut named = self.witnesses.iter().zip(&all);
            named.any(|(known, heard)| known == key && heard.seen_at.is_some())
        };
        match trusted.iter().find(|key| key.signs() == Signs::Seen && !spoken(key)) {
            Some(silent) => Err(Fault::of(SLIP, Why::Witness(silent.name().to_owned()))),
            None => Ok(all),
        }
    }

    /// An entry of the record with its proof.
    pub(super) fn entry(&mut self, (entry, proof): (&str, &str)) -> Result<Entry, Fault> {
        let bytes = small(self.files, entry)?;
        let form = || Fault::of(entry, Why::Form("an entry of the record"));
        let record = audit::decode(&bytes).ok_or_else(form)?;
        let facts = strict::facts(&record.facts).ok_or_else(form)?;
        let wrong = |why: String| Fault::of(proof, Why::Proof(why));
        let slip = Slip::parse(&text(self.files, proof)?).map_err(|e| wrong(e.to_string()))?;
        let at = self.seen(slip.checkpoint).filter(|_| slip.extra.is_none());
        let at = at.ok_or_else(|| wrong("not signed by the log, or by a stranger too".to_owned()))?;
        verify_inclusion(&leaf_hash(&bytes), slip.index, at.point.size, &slip.proof, &at.point.root)
            .map_err(|_| Fault::of(proof, Why::Pair(entry.to_owned())))?;
        Ok(Entry { record, facts, index: slip.index, at })
    }

    /// Each file's length and hash.
    fn contents(&mut self, manifest: &Manifest) -> Result<BTreeMap<String, Hashes>, Fault> {
        let mut all = BTreeMap::new();
        for file in &manifest.files {
            let mut hashing = Hashing::default();
            self.files.read(&file.path, &mut |part| hashing.update(part))?;
            let hashes = hashing.hashes();
            if hashes.size_bytes != file.size || hex::encode(hashes.sha256) != file.sha256 {
                return Err(Fault::of(&file.path, Why::Content));
            }
            all.insert(file.path.clone(), hashes);
        }
        Ok(all)
    }

    /// Each time stamp: its checkpoint is of this log and grew into that of the events.
    fn stamps(&mut self, manifest: &Manifest, authorities: &[Authority]) -> Result<Vec<StampChecked>, Fault> {
        let mut all = Vec::new();
        for line in &manifest.stamps {
            let body = text(self.files, &line.checkpoint)?;
            let form = |file: &str| Fault::of(file, Why::Form("a checkpoint of this log"));
            let stamped = Checkpoint::parse(&body).map_err(|_| form(&line.checkpoint))?;
            let right = stamped.origin == self.log.name() && stamped.size > 0;
            let at = self.events_at.as_ref().filter(|_| right).ok_or_else(|| form(&line.checkpoint))?;
            let link = Link::parse(&text(self.files, &line.link)?)
                .filter(|link| (link.old, link.new) == (stamped.size, at.point.size))
                .ok_or_else(|| Fault::of(&line.link, Why::Form("a link")))?;
            verify_consistency((link.old, &stamped.root), (link.new, &at.point.root), &link.proof)
                .map_err(|e| Fault::of(&line.link, Why::Proof(e.to_string())))?;
            let token = small(self.files, &line.token)?;
            let hash: [u8; 32] = Sha256::digest(body.as_bytes()).into();
            let told = authorities.iter().find_map(|a| a.check(&token, &hash, None).ok());
            let (authority, asked) = (line.authority.clone(), !authorities.is_empty());
            all.push(StampChecked { authority, size: stamped.size, asked, told });
        }
        Ok(all)
    }

    /// The log in which the package was made grew out of the one in which the events stand.
    fn link(&mut self, made_at: &Checkpoint) -> Result<(), Fault> {
        let wrong = |why: Why| Err(Fault::of(LINK, why));
        let Some(link) = Link::parse(&text(self.files, LINK)?) else { return wrong(Why::Form("a link")) };
        // Where there are no events there is nothing to link, and the file says so.
        let events_at = self.events_at.as_ref().map_or(made_at, |seen| &seen.point);
        if (link.old, link.new) != (events_at.size, made_at.size) {
            return wrong(Why::Proof("it links other checkpoints".to_owned()));
        }
        match verify_consistency((link.old, &events_at.root), (link.new, &made_at.root), &link.proof) {
            Ok(()) => Ok(()),
            Err(e) => wrong(Why::Proof(e.to_string())),
        }
    }
}
