//! Verification of an exported log, without a database.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use ledger::{Hash, TILE_WIDTH, TileId, decode_bundle, entries_path, leaf_hash};

use super::chain::{Chain, Place};
use super::marks::{HistoryLine, Marks};
use super::{LogKeys, conclude, way};
use crate::encode::decode;
use crate::error::AuditError;
use crate::export::{CHECKPOINT, HISTORY, file_error};
use crate::report::{Fault, FaultKind, Verdict};
use crate::sequencer::hashes;
use crate::store::StoredCheckpoint;

/// Recomputes an exported log ([`crate::export`]) and compares entries, tiles and checkpoints, as
/// [`crate::verify_database`] does.
///
/// # Errors
/// [`AuditError::File`] if a file that is there cannot be read; [`AuditError::Kept`] if a kept checkpoint is none of this
/// log. Missing files are faults.
pub fn verify_directory(folder: &Path, keys: &LogKeys) -> Result<Verdict, AuditError> {
    let kept = keys.kept()?;
    let marks = read_marks(folder, keys)?;
    let size = marks.sound.last().map_or(0, |mark| mark.size);
    let mut verdict = Verdict { size, ..Verdict::default() };
    verdict.checkpoints = u64::try_from(marks.sound.len()).unwrap_or(u64::MAX);
    if size == 0 && !marks.faults.is_empty() {
        let sentence = "there is no sound checkpoint to verify the log by".to_owned();
        verdict.add(Fault::new(FaultKind::CheckpointMissing, sentence));
    }
    let (way, faults) = way(&marks.sound, &kept, size);
    for fault in marks.faults.into_iter().chain(faults) {
        verdict.add(fault);
    }
    let mut chain = Chain::new(way);
    let mut from = 0;
    while from < size {
        for place in read_places(folder, from, size.min(from + TILE_WIDTH))? {
            chain.take(place);
        }
        from += TILE_WIDTH;
    }
    let ended = chain.finish();
    conclude(&mut verdict, &ended, &[], size, |id| read(&folder.join(id.path())))?;
    Ok(verdict)
}

fn read_marks(folder: &Path, keys: &LogKeys) -> Result<Marks, AuditError> {
    let mut marks = Marks::default();
    let history = text(read(&folder.join(HISTORY))?);
    let newest = text(read(&folder.join(CHECKPOINT))?);
    let mut last = String::new();
    for line in history.lines() {
        let read: Option<HistoryLine> = serde_json::from_str(line).ok();
        // The history has no columns beside the note; what the line says of the size is checked with it.
        let size = read.as_ref().map(|line| line.size);
        let note = read.map(|line| line.note).unwrap_or_default();
        marks.take(&StoredCheckpoint { size, root: signed_root(&note), note: note.clone() }, keys);
        last = note;
    }
    if newest != last {
        let size = ledger::Note::parse(&newest).ok().and_then(|n| ledger::Checkpoint::parse(n.text()).ok());
        let stored = StoredCheckpoint {
            size: size.map(|checkpoint| checkpoint.size),
            root: signed_root(&newest),
            note: newest,
        };
        let sentence = format!("`{CHECKPOINT}` is not the last line of `{HISTORY}`");
        marks.faults.push(Fault::new(FaultKind::Checkpoint, sentence));
        marks.take(&stored, keys);
    }
    marks.finish();
    Ok(marks)
}

fn signed_root(note: &str) -> Option<Hash> {
    ledger::Checkpoint::parse(ledger::Note::parse(note).ok()?.text()).ok().map(|checkpoint| checkpoint.root)
}

/// The places of one tile: entries from the bundle, hashes from the tile.
fn read_places(folder: &Path, from: u64, to: u64) -> Result<Vec<Place>, AuditError> {
    let (index, width) = (from / TILE_WIDTH, u16::try_from(to - from).unwrap_or(u16::MAX));
    let bundle = read(&folder.join(entries_path(index, width)))?.unwrap_or_default();
    // A bundle that is cut gives no entries: its places are deleted, as far as anybody can tell.
    let entries = decode_bundle(&bundle).unwrap_or_default();
    let tile = read(&folder.join(TileId { level: 0, index, width }.path()))?;
    let tile = tile.as_deref().and_then(hashes).unwrap_or_default();
    let mut entries = entries.into_iter();
    let mut tile = tile.into_iter();
    Ok((from..to)
        .map(|no| {
            let entry = entries.next();
            let content = entry.map(leaf_hash);
            let id = entry.and_then(decode).map(|record| record.id);
            // An export has neither rows nor hashes in them: the entry speaks for all three.
            Place { no, id, content, own: content, leaf: content, tile: tile.next() }
        })
        .collect())
}

fn text(bytes: Option<Vec<u8>>) -> String {
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// A file's content; `None` if there is no such file.
fn read(path: &Path) -> Result<Option<Vec<u8>>, AuditError> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(file_error(path, &e.to_string())),
    }
}
