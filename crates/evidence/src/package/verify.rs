//! Checking a package without a server.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Checkpoint, NoteVerifier, Slip, leaf_hash, verify_consistency};
use sha2::{Digest as _, Sha256};
use stamp::{Authority, Stamped};

use super::manifest::{ENTRY, ExhibitLine, FORMAT, LINK, Link, MANIFEST, Manifest, SLIP, is_path};
use crate::model::{Acquisition, EventKind};
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
    pub witnesses: Vec<String>,
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
    keys: Vec<NoteVerifier>,
    origin: String,
    /// The checkpoint under which all events stand.
    events_at: Option<Checkpoint>,
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
    let names: BTreeSet<String> = names(files)?;
    let bytes = whole(files, MANIFEST)?;
    let manifest: Manifest =
        serde_json::from_slice(&bytes).map_err(|_| fault(MANIFEST, Why::Form("a manifest")))?;
    if manifest.format != FORMAT {
        return Err(fault(MANIFEST, Why::Form("a manifest of this version")));
    }
    let hash = hex::encode(Sha256::digest(&bytes));
    all_there(&names, &manifest)?;
    let keys = keys(&manifest)?;
    let mut check = Check { files, keys, origin: manifest.log.origin.clone(), events_at: None };

    let (entry, made_at, slip) = check.entry((ENTRY, SLIP))?;
    let facts: serde_json::Value = serde_json::from_str(&entry.facts).unwrap_or_default();
    if entry.act != super::ACT || entry.subject.simple().to_string() != manifest.id {
        return Err(fault(ENTRY, Why::Form("the making of this package")));
    }
    if facts.get("manifest").and_then(|m| m.as_str()) != Some(&hash) {
        return Err(fault(MANIFEST, Why::OtherManifest));
    }
    // From here on the log vouches for every word of the manifest.
    let contents = check.contents(&manifest)?;
    let mut events = 0;
    for exhibit in &manifest.exhibits {
        events += check.exhibit(exhibit, &contents, &facts)?;
    }
    check.link(&made_at)?;
    let stamps = check.stamps(&manifest, authorities)?;
    let known = |name: &str| trusted.iter().any(|key| key.name() == name && check.keys.contains(key));
    let signed = slip.checkpoint.verify(&check.keys).map_err(|e| fault(SLIP, Why::Proof(e.to_string())))?;
    let witnesses = signed.iter().filter(|key| key.name() != check.origin && known(key.name()));
    Ok(Checked {
        vouched: known(&check.origin),
        witnesses: witnesses.map(|key| key.name().to_owned()).collect(),
        checkpoint: made_at,
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

/// No file too few, none too many.
fn all_there(names: &BTreeSet<String>, manifest: &Manifest) -> Result<(), Fault> {
    let mut named: BTreeSet<String> = [MANIFEST, ENTRY, SLIP, LINK].map(str::to_owned).into();
    for file in &manifest.files {
        if !is_path(&file.path) || !named.insert(file.path.clone()) {
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

fn keys(manifest: &Manifest) -> Result<Vec<NoteVerifier>, Fault> {
    let read = |key: &String| NoteVerifier::parse(key).ok().filter(|k| k.to_string() == *key);
    let keys: Option<Vec<NoteVerifier>> = manifest.log.keys.iter().map(read).collect();
    keys.filter(|keys| keys.iter().any(|k| k.name() == manifest.log.origin))
        .ok_or_else(|| fault(MANIFEST, Why::Form("verifier keys")))
}

impl Check<'_> {
    /// An entry of the record with its proof.
    fn entry(&mut self, (entry, proof): (&str, &str)) -> Result<(audit::Record, Checkpoint, Slip), Fault> {
        let bytes = whole(self.files, entry)?;
        let record =
            audit::decode(&bytes).ok_or_else(|| fault(entry, Why::Form("an entry of the record")))?;
        let slip =
            Slip::parse(&text(self.files, proof)?).map_err(|e| fault(proof, Why::Proof(e.to_string())))?;
        let (checkpoint, _) = slip
            .verify(&leaf_hash(&bytes), &self.origin, &self.keys)
            .map_err(|e| fault(proof, Why::Proof(e.to_string())))?;
        // A signature that nobody of the manifest made is a byte that nobody vouches for.
        let strange = slip
            .checkpoint
            .signatures()
            .iter()
            .any(|s| !self.keys.iter().any(|key| key.name() == s.name && key.id() == s.id));
        if strange || slip.extra.is_some() {
            return Err(fault(proof, Why::Proof("a signature of a stranger".to_owned())));
        }
        Ok((record, checkpoint, slip))
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

    /// One exhibit: its seal, and its events one after the other. Gives how many.
    fn exhibit(
        &mut self,
        line: &ExhibitLine,
        contents: &BTreeMap<String, seal::Hashes>,
        made: &serde_json::Value,
    ) -> Result<usize, Fault> {
        let wrong = |why: Why| fault(&line.told, why);
        let told = whole(self.files, &line.told)?;
        serde_json::from_slice::<Acquisition>(&told).map_err(|_| wrong(Why::Form("what was told")))?;
        let hashes = match &line.original {
            Some(path) => Some(contents.get(path).ok_or_else(|| fault(path, Why::Stranger))?),
            None => None,
        };
        let named = hashes.map(|h| (hex::encode(h.sha256), hex::encode(h.blake3))).unwrap_or_default();
        if named != (line.sha256.clone(), line.blake3.clone()) {
            return Err(fault(line.original.as_deref().unwrap_or(&line.told), Why::Seal));
        }
        let salt: Option<[u8; 32]> = hex::decode(&line.salt).ok().and_then(|s| s.try_into().ok());
        let salt = salt.ok_or_else(|| wrong(Why::Seal))?;
        let sealed = hex::encode(seal::exhibit(&salt, &told, hashes));

        let mut next = 1_u64;
        for event in &line.events {
            let (record, checkpoint, _) = self.entry((&event.entry, &event.proof))?;
            let facts: serde_json::Value = serde_json::from_str(&record.facts).unwrap_or_default();
            let fact = |name: &str| facts.get(name).and_then(|f| f.as_str());
            let right = event.no == next
                && facts.get("no").and_then(serde_json::Value::as_u64) == Some(next)
                && fact("event") == Some(event.event.as_str())
                && EventKind::parse(&event.event).is_some_and(|k| record.act == crate::service::act_of(k))
                && record.subject.simple().to_string() == line.id;
            if !right {
                return Err(fault(&event.entry, Why::Event(next)));
            }
            if next == 1 && (event.event != EventKind::Taken.as_str() || fact("seal") != Some(&sealed)) {
                return Err(fault(line.original.as_deref().unwrap_or(&line.told), Why::Seal));
            }
            let said = event.words.as_ref().map(|w| hex::encode(crate::service::named_by(w)));
            if said.as_deref() != fact("words") {
                return Err(fault(&event.entry, Why::Words(next)));
            }
            match &self.events_at {
                Some(at) if *at != checkpoint => return Err(fault(&event.proof, Why::Event(next))),
                _ => self.events_at = Some(checkpoint),
            }
            next = next.saturating_add(1);
        }
        // The making of the package is the next event of each: none was left out at the end.
        let last = made.get("events").and_then(|e| e.get(&line.id)).and_then(serde_json::Value::as_u64);
        if last != Some(next) || next == 1 {
            return Err(fault(MANIFEST, Why::Event(next)));
        }
        Ok(line.events.len())
    }

    /// Each time stamp: its checkpoint is of this log and grew into that of the events.
    fn stamps(&mut self, manifest: &Manifest, authorities: &[Authority]) -> Result<Vec<StampChecked>, Fault> {
        let mut all = Vec::new();
        for line in &manifest.stamps {
            let body = text(self.files, &line.checkpoint)?;
            let form = |file: &str| fault(file, Why::Form("a checkpoint of this log"));
            let stamped = Checkpoint::parse(&body).map_err(|_| form(&line.checkpoint))?;
            let at = self.events_at.as_ref().filter(|_| stamped.origin == self.origin);
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
