//! Checking a package without a server.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Checkpoint, Note, NoteSignature, NoteVerifier, Signs, Slip, leaf_hash, verify_consistency};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use stamp::{Authority, Stamped};

use super::manifest::{ENTRY, ExhibitLine, FORMAT, LINK, Link, MANIFEST, Manifest, SLIP, exported, is_path};
use crate::model::{Acquisition, EventKind, Form, Words};
use crate::rules::seal::{self, Hashing};

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
    /// It has another length or hash than the manifest says.
    #[error("its content is not what the manifest says")]
    Content,
    /// The proof does not lead to a checkpoint signed by the keys.
    #[error("the proof does not hold: {0}")]
    Proof(String),
    /// It was signed by another log than the one whose key was given.
    #[error("it was signed by another log than the one whose key was given")]
    OtherLog,
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
#[error("`{file}`: {why}")]
pub struct Fault {
    /// The file.
    pub file: String,
    /// What.
    pub why: Why,
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
    /// Whether the log's key was given by whoever checks. Else the package vouches for itself alone.
    pub vouched: bool,
    /// Witnesses that whoever checks knows and that signed the checkpoint.
    pub witnesses: Vec<NoteVerifier>,
    /// Names of those that the office asks, whoever they are, and that have not signed it.
    pub silent: Vec<String>,
    /// How many events were checked.
    pub events: usize,
    /// Time stamps, in their order.
    pub stamps: Vec<StampChecked>,
}

/// A time stamp of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampChecked {
    /// Of which authority, as the package says.
    pub authority: String,
    /// How many records of the log are covered.
    pub size: u64,
    /// What an authority that whoever checks knows says; `None` if none of them has stamped it.
    pub told: Option<Stamped>,
}

/// Longest file that is read whole, bytes.
const MOST_WHOLE: usize = 64 * 1024 * 1024;

fn fault(file: &str, why: Why) -> Fault {
    Fault { file: file.to_owned(), why }
}

/// A package while it is checked.
struct Check<'a> {
    files: &'a mut dyn Files,
    log: NoteVerifier,
    witnesses: Vec<NoteVerifier>,
    /// The checkpoint under which all events stand.
    events_at: Option<Checkpoint>,
}

/// An entry of the record that stands in the log.
struct Entry {
    record: audit::Record,
    facts: serde_json::Value,
    /// Its place.
    index: u64,
    checkpoint: Checkpoint,
    /// Which of the witnesses have seen the checkpoint.
    seen: Vec<usize>,
}

impl Entry {
    fn text(&self, fact: &str) -> Option<&str> {
        self.facts.get(fact).and_then(serde_json::Value::as_str)
    }
    fn number(&self, fact: &str) -> Option<u64> {
        self.facts.get(fact).and_then(serde_json::Value::as_u64)
    }
}

/// Checks a package. `trusted` are keys that whoever checks has from somewhere else; without the log's among them a package
/// only vouches for itself. Time stamps count by the certificates of `authorities` alone.
///
/// # Errors
/// The first thing that is wrong, with the file.
pub fn verify(
    files: &mut dyn Files,
    trusted: &[NoteVerifier],
    authorities: &[Authority],
) -> Result<Checked, Fault> {
    let names = names(files)?;
    let bytes = whole(files, MANIFEST)?;
    let manifest: Manifest = exactly(&bytes).ok_or_else(|| fault(MANIFEST, Why::Form("a manifest")))?;
    if manifest.format != FORMAT {
        return Err(fault(MANIFEST, Why::Form("a manifest of this version")));
    }
    let hash = hex::encode(Sha256::digest(&bytes));
    all_there(&names, &manifest)?;
    placed(&manifest)?;
    let (log, witnesses) = keys(&manifest)?;
    // First of all: of a stranger's package nothing else is worth the work.
    let asked = trusted.iter().any(|key| key.signs() == Signs::Text);
    if asked && !trusted.contains(&log) {
        return Err(fault(MANIFEST, Why::OtherLog));
    }
    let mut check = Check { files, log, witnesses, events_at: None };

    let made = check.entry((ENTRY, SLIP))?;
    if made.record.act != super::ACT || made.record.subject.simple().to_string() != manifest.id {
        return Err(fault(ENTRY, Why::Form("the making of this package")));
    }
    if made.text("manifest") != Some(&hash) {
        return Err(fault(MANIFEST, Why::OtherManifest));
    }
    let contents = check.contents(&manifest)?;
    each_once(&manifest, &made)?;
    let mut events = 0;
    for exhibit in &manifest.exhibits {
        events += check.exhibit(exhibit, &contents, &made, &manifest.id)?;
    }
    check.link(&made.checkpoint)?;
    let stamps = check.stamps(&manifest, authorities)?;
    let known = made.seen.iter().filter_map(|at| check.witnesses.get(*at));
    let asked = check.witnesses.iter().enumerate();
    let silent = asked.filter(|(at, _)| !made.seen.contains(at)).map(|(_, key)| key.name().to_owned());
    Ok(Checked {
        vouched: trusted.contains(&check.log),
        witnesses: known.filter(|key| trusted.contains(key)).cloned().collect(),
        silent: silent.collect(),
        checkpoint: made.checkpoint,
        hash,
        events,
        stamps,
        manifest,
    })
}

fn names(files: &mut dyn Files) -> Result<BTreeSet<String>, Fault> {
    let mut all = BTreeSet::new();
    for name in files.names()? {
        if !is_path(&name) || !all.insert(name.clone()) {
            return Err(fault(&name, Why::Stranger));
        }
    }
    // Where capitals are no difference one would lie over the other.
    let folded: BTreeSet<String> = all.iter().map(|name| name.to_ascii_lowercase()).collect();
    if folded.len() != all.len() {
        return Err(fault(MANIFEST, Why::Form("a list of files")));
    }
    Ok(all)
}

fn whole(files: &mut dyn Files, name: &str) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let mut long = false;
    files.read(name, &mut |part| {
        long |= bytes.len().saturating_add(part.len()) > MOST_WHOLE;
        if !long {
            bytes.extend_from_slice(part);
        }
    })?;
    if long { Err(fault(name, Why::Form("a file of that length"))) } else { Ok(bytes) }
}

fn text(files: &mut dyn Files, name: &str) -> Result<String, Fault> {
    String::from_utf8(whole(files, name)?).map_err(|_| fault(name, Why::Form("text")))
}

/// Reads what could have been written so and not otherwise: every field by its name, none left out.
fn exactly<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(bytes).ok()?;
    let said: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    (serde_json::to_value(&read).ok()? == said).then_some(read)
}

/// No file too few, none too many.
fn all_there(names: &BTreeSet<String>, manifest: &Manifest) -> Result<(), Fault> {
    let mut named: BTreeSet<String> = [MANIFEST, ENTRY, SLIP, LINK].map(str::to_owned).into();
    let listed = manifest.files.iter().map(|file| file.path.clone());
    let later = manifest.exhibits.iter().map(|e| exported(&e.number)).flat_map(|(entry, slip)| [entry, slip]);
    for path in listed.chain(later) {
        if !is_path(&path) || !named.insert(path) {
            return Err(fault(MANIFEST, Why::Form("a list of files")));
        }
    }
    if let Some(stranger) = names.difference(&named).next() {
        return Err(fault(stranger, Why::Stranger));
    }
    match named.difference(names).next() {
        Some(missing) => Err(fault(missing, Why::Missing("it is not in the package".to_owned()))),
        None => Ok(()),
    }
}

/// Every file has its one place by what it is: whoever opens a folder finds there what its name says, and nothing else.
fn placed(manifest: &Manifest) -> Result<(), Fault> {
    let elsewhere = || fault(MANIFEST, Why::Form("files in their places"));
    let need = |right: bool| if right { Ok(()) } else { Err(elsewhere()) };
    let mut known = BTreeSet::from(["verify.py".to_owned()]);
    for e in &manifest.exhibits {
        let sign = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
        need(!e.number.is_empty() && e.number.bytes().all(sign))?;
        need(e.told == format!("exhibits/{}/told.json", e.number))?;
        let original = format!("exhibits/{}/original", e.number);
        need(e.original.as_ref().is_none_or(|path| *path == original))?;
        known.extend(e.original.iter().chain([&e.told]).cloned());
        for (no, event) in (1_u64..).zip(&e.events) {
            let name = format!("log/{}/{no:04}", e.number);
            need(event.entry == format!("{name}.entry") && event.proof == format!("{name}.tlog-proof"))?;
            known.extend([event.entry.clone(), event.proof.clone()]);
        }
    }
    for (no, stamp) in manifest.stamps.iter().enumerate() {
        let name = |end: &str| format!("log/stamp-{no:02}.{end}");
        need(stamp.checkpoint == name("checkpoint") && stamp.token == name("tsr"))?;
        need(stamp.link == name("consistency"))?;
        known.extend([stamp.checkpoint.clone(), stamp.token.clone(), stamp.link.clone()]);
    }
    let page = |path: &str| {
        let tag = path.strip_prefix("index.").and_then(|p| p.strip_suffix(".html"));
        tag.is_some_and(|tag| (2..=3).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_lowercase()))
    };
    match manifest.files.iter().find(|f| !page(&f.path) && !known.contains(&f.path)) {
        Some(stranger) => Err(fault(&stranger.path, Why::Stranger)),
        None => Ok(()),
    }
}

/// The log's key and those of witnesses, each in its one writing, no name twice.
fn keys(manifest: &Manifest) -> Result<(NoteVerifier, Vec<NoteVerifier>), Fault> {
    let wrong = || fault(MANIFEST, Why::Form("verifier keys"));
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
    Ok((log, witnesses))
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
        Err(fault(MANIFEST, Why::Form("the exhibits that the act names, each once")))
    }
}

impl Check<'_> {
    /// A checkpoint is signed by the log, then by witnesses in their order, by each once and by nobody else.
    fn signed(&self, note: &Note) -> Option<Vec<usize>> {
        let text = note.text().as_bytes();
        let held = |key: &NoteVerifier, s: &NoteSignature| {
            s.name == key.name() && s.id == key.id() && key.verifies(text, &s.bytes)
        };
        let (first, rest) = note.signatures().split_first()?;
        if !held(&self.log, first) {
            return None;
        }
        let mut seen: Vec<usize> = Vec::new();
        for signature in rest {
            let at = self.witnesses.iter().position(|key| held(key, signature))?;
            if seen.last().is_some_and(|last| *last >= at) {
                return None;
            }
            seen.push(at);
        }
        Some(seen)
    }

    /// An entry of the record with its proof.
    fn entry(&mut self, (entry, proof): (&str, &str)) -> Result<Entry, Fault> {
        let bytes = whole(self.files, entry)?;
        let record =
            audit::decode(&bytes).ok_or_else(|| fault(entry, Why::Form("an entry of the record")))?;
        let wrong = |why: String| fault(proof, Why::Proof(why));
        let slip = Slip::parse(&text(self.files, proof)?).map_err(|e| wrong(e.to_string()))?;
        let seen = self.signed(&slip.checkpoint).filter(|_| slip.extra.is_none());
        let seen = seen.ok_or_else(|| wrong("not signed by the log, or by a stranger too".to_owned()))?;
        let (checkpoint, _) = slip
            .verify(&leaf_hash(&bytes), self.log.name(), std::slice::from_ref(&self.log))
            .map_err(|e| wrong(e.to_string()))?;
        let facts: serde_json::Value = serde_json::from_str(&record.facts).unwrap_or_default();
        // Of facts said twice a reader may take either.
        let as_written = facts.to_string();
        if as_written != record.facts {
            return Err(fault(entry, Why::Form("an entry of the record")));
        }
        Ok(Entry { record, facts, index: slip.index, checkpoint, seen })
    }

    /// Each file's length and hash.
    fn contents(&mut self, manifest: &Manifest) -> Result<BTreeMap<String, seal::Hashes>, Fault> {
        let mut all = BTreeMap::new();
        for file in &manifest.files {
            let mut hashing = Hashing::default();
            self.files.read(&file.path, &mut |part| hashing.update(part))?;
            let hashes = hashing.hashes();
            if hashes.size_bytes != file.size || hex::encode(hashes.sha256) != file.sha256 {
                return Err(fault(&file.path, Why::Content));
            }
            all.insert(file.path.clone(), hashes);
        }
        Ok(all)
    }

    /// One exhibit: its seal, and its events one after the other up to the one by which it came here. Gives how many.
    fn exhibit(
        &mut self,
        line: &ExhibitLine,
        contents: &BTreeMap<String, seal::Hashes>,
        made: &Entry,
        package: &str,
    ) -> Result<usize, Fault> {
        let sealed = self.sealed(line, contents)?;
        let (mut next, mut place) = (1_u64, None);
        for event in &line.events {
            let entry = self.entry((&event.entry, &event.proof))?;
            let right = event.no == next
                && is_event(&entry, line, (next, &event.event))
                && (event.at, event.actor.as_str())
                    == (entry.record.office_at.as_micros(), entry.record.actor.as_str())
                && place.is_none_or(|before| before < entry.index);
            if !right {
                return Err(fault(&event.entry, Why::Event(next)));
            }
            if next == 1 {
                self.taken(line, (&entry, &event.entry), &sealed)?;
            }
            said(event.words.as_ref(), &entry).ok_or_else(|| fault(&event.entry, Why::Words(next)))?;
            match &self.events_at {
                Some(at) if *at != entry.checkpoint => return Err(fault(&event.proof, Why::Event(next))),
                _ => self.events_at = Some(entry.checkpoint),
            }
            (next, place) = (next.saturating_add(1), Some(entry.index));
        }
        let last = made.facts.get("events").and_then(|e| e.get(&line.id)).and_then(serde_json::Value::as_u64);
        if last != Some(next) || next == 1 {
            return Err(fault(MANIFEST, Why::Event(next)));
        }
        self.came(line, next, (place, made), package)?;
        Ok(line.events.len())
    }

    /// What an exhibit's seal must be, from what is there.
    fn sealed(
        &mut self,
        line: &ExhibitLine,
        contents: &BTreeMap<String, seal::Hashes>,
    ) -> Result<String, Fault> {
        let told = whole(self.files, &line.told)?;
        exactly::<Acquisition>(&told).ok_or_else(|| fault(&line.told, Why::Form("what was told")))?;
        let wrong = || fault(line.original.as_deref().unwrap_or(&line.told), Why::Seal);
        let hashes = hashes_of(line).ok_or_else(wrong)?;
        if let Some(path) = &line.original {
            let there = contents.get(path).ok_or_else(|| fault(path, Why::Stranger))?;
            if hashes.as_ref() != Some(there) {
                return Err(wrong());
            }
        }
        let salt = seal::digits::<32>(&line.salt).ok_or_else(wrong)?;
        Ok(hex::encode(seal::exhibit(&salt, &told, hashes.as_ref())))
    }

    /// The first event: the seal, and what the record says beside it.
    fn taken(&self, line: &ExhibitLine, (entry, file): (&Entry, &str), sealed: &str) -> Result<(), Fault> {
        let form = if line.sha256.is_empty() { Form::Item } else { Form::File };
        if entry.record.act != crate::service::act_of(EventKind::Taken) || entry.text("seal") != Some(sealed)
        {
            return Err(fault(line.original.as_deref().unwrap_or(&line.told), Why::Seal));
        }
        let told = (entry.text("number"), entry.text("form"), entry.text("parent"));
        if told == (Some(line.number.as_str()), Some(form.as_str()), line.parent.as_deref()) {
            Ok(())
        } else {
            Err(fault(file, Why::Event(1)))
        }
    }

    /// The event by which it came here: the next of its numbers, of this package, before the act.
    fn came(
        &mut self,
        line: &ExhibitLine,
        no: u64,
        (place, made): (Option<u64>, &Entry),
        package: &str,
    ) -> Result<(), Fault> {
        let (file, proof) = exported(&line.number);
        let entry = self.entry((&file, &proof))?;
        let right = is_event(&entry, line, (no, EventKind::Exported.as_str()))
            && entry.text("package") == Some(package)
            && place.is_none_or(|before| before < entry.index)
            && entry.index < made.index
            && entry.checkpoint == made.checkpoint;
        if right { Ok(()) } else { Err(fault(&file, Why::Event(no))) }
    }

    /// Each time stamp: its checkpoint is of this log and grew into that of the events.
    fn stamps(&mut self, manifest: &Manifest, authorities: &[Authority]) -> Result<Vec<StampChecked>, Fault> {
        let mut all = Vec::new();
        for line in &manifest.stamps {
            let body = text(self.files, &line.checkpoint)?;
            let form = |file: &str| fault(file, Why::Form("a checkpoint of this log"));
            let stamped = Checkpoint::parse(&body).map_err(|_| form(&line.checkpoint))?;
            let at = self.events_at.as_ref().filter(|_| stamped.origin == self.log.name());
            let at = at.ok_or_else(|| form(&line.checkpoint))?;
            let link = Link::parse(&text(self.files, &line.link)?)
                .filter(|link| (link.old, link.new) == (stamped.size, at.size))
                .ok_or_else(|| fault(&line.link, Why::Form("a link")))?;
            verify_consistency((link.old, &stamped.root), (link.new, &at.root), &link.proof)
                .map_err(|e| fault(&line.link, Why::Proof(e.to_string())))?;
            let token = whole(self.files, &line.token)?;
            let hash: [u8; 32] = Sha256::digest(body.as_bytes()).into();
            let told = authorities.iter().find_map(|a| a.check(&token, &hash, None).ok());
            all.push(StampChecked { authority: line.authority.clone(), size: stamped.size, told });
        }
        Ok(all)
    }

    /// The log in which the package was made grew out of the one in which the events stand.
    fn link(&mut self, made_at: &Checkpoint) -> Result<(), Fault> {
        let link = Link::parse(&text(self.files, LINK)?).ok_or_else(|| fault(LINK, Why::Form("a link")))?;
        let Some(events_at) = &self.events_at else {
            // Nothing to link: the file says so.
            let empty = link.old == made_at.size && link.new == made_at.size && link.proof.is_empty();
            return if empty { Ok(()) } else { Err(fault(LINK, Why::Proof("it links nothing".to_owned()))) };
        };
        if (link.old, link.new) != (events_at.size, made_at.size) {
            return Err(fault(LINK, Why::Proof("it links other checkpoints".to_owned())));
        }
        verify_consistency((link.old, &events_at.root), (link.new, &made_at.root), &link.proof)
            .map_err(|e| fault(LINK, Why::Proof(e.to_string())))
    }
}

/// The hashes that an exhibit is said to have, of a thing none; `None` if they are not said in full.
fn hashes_of(line: &ExhibitLine) -> Option<Option<seal::Hashes>> {
    if line.sha256.is_empty() {
        return (line.blake3.is_empty() && line.size == 0 && line.original.is_none()).then_some(None);
    }
    let sha256 = seal::digits::<32>(&line.sha256)?;
    let blake3 = seal::digits::<32>(&line.blake3)?;
    Some(Some(seal::Hashes { sha256, blake3, size_bytes: line.size }))
}

/// Whether an entry is that exhibit's event of that number and kind.
fn is_event(entry: &Entry, line: &ExhibitLine, (no, event): (u64, &str)) -> bool {
    entry.number("no") == Some(no)
        && entry.text("event") == Some(event)
        && EventKind::parse(event).is_some_and(|kind| entry.record.act == crate::service::act_of(kind))
        && entry.record.subject_kind == "exhibit"
        && entry.record.subject.simple().to_string() == line.id
}

/// Whether the words are those that the entry names; `None` if not.
fn said(words: Option<&Words>, entry: &Entry) -> Option<()> {
    let named = entry.facts.get("words");
    match words {
        None => named.is_none().then_some(()),
        Some(words) => {
            let salt = seal::digits::<16>(&words.salt)?;
            let right = hex::encode(seal::words(&salt, &words.text));
            (named.and_then(|n| n.as_str()) == Some(&right)).then_some(())
        }
    }
}
