//! Writes the log out in the layout of C2SP `tlog-tiles`, so that anybody can keep it and verify it without a database.

use std::fs;
use std::path::Path;

use db::{Db, Tx};
use ledger::{
    Checkpoint, Frontier, MAX_ENTRY, NoteVerifier, TILE_WIDTH, TileId, encode_bundle, entries_path, leaf_hash,
};

use crate::encode::encode;
use crate::error::AuditError;
use crate::store::{self, StoredCheckpoint};
use crate::verify::HistoryLine;

/// The newest checkpoint, as the layout wants it.
pub const CHECKPOINT: &str = "checkpoint";
/// All checkpoints, one JSON object a line (`size`, `note`): an addition to the layout, with which a change is located.
pub const HISTORY: &str = "checkpoints.jsonl";

/// The verifier key (C2SP `signed-note`) beside the tiles. Whoever verifies compares it with one that came another way:
/// whoever can change the tiles can change this file, too.
pub const VKEY: &str = "log.vkey";

/// Writes the verifier key beside an exported log.
///
/// # Errors
/// [`AuditError::File`] if it cannot be written; [`AuditError::Kept`] if the exported checkpoint does not bear this
/// key's signature: the key file is not the one that signed the log.
pub fn export_key(folder: &Path, verifier: &NoteVerifier) -> Result<(), AuditError> {
    let path = folder.join(CHECKPOINT);
    if path.exists() {
        let note = fs::read_to_string(&path).map_err(|e| file_error(&path, &e.to_string()))?;
        Checkpoint::open(&note, verifier.name(), std::slice::from_ref(verifier))?;
    }
    write(folder, VKEY, format!("{verifier}\n").as_bytes())
}

/// Writes the log up to its last checkpoint into `folder` (made if it is not there): `checkpoint`,
/// `checkpoints.jsonl`, `tile/L/N` and `tile/entries/N`. Entries hold no personal data. Gives the number of records.
///
/// # Errors
/// The database's; [`AuditError::Incomplete`] if a record is missing or not what its row in the log says: verify the
/// database first; [`AuditError::File`] if a file cannot be written.
pub fn export(db: &Db, folder: &Path) -> Result<u64, AuditError> {
    let Some(last) = db.read_blocking(store::last_checkpoint)? else {
        return Ok(0);
    };
    let size = last.size.unwrap_or(0);
    let mut frontier = Frontier::default();
    let mut tiles: Vec<(TileId, Vec<u8>)> = Vec::new();
    while frontier.size() < size {
        let from = frontier.size();
        let to = size.min(from + TILE_WIDTH);
        let entries = db.read_blocking(move |tx| read_entries(tx, from, to))?;
        let width = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        let bundle =
            encode_bundle(entries.iter().map(Vec::as_slice)).map_err(|_| AuditError::Incomplete(from))?;
        write(folder, &entries_path(from / TILE_WIDTH, width), &bundle)?;
        for entry in &entries {
            frontier.push(leaf_hash(entry), |id, hashes| tiles.push((id, bytes(hashes))));
        }
        for (id, content) in tiles.drain(..) {
            write(folder, &id.path(), &content)?;
        }
    }
    for (id, hashes) in frontier.partial() {
        write(folder, &id.path(), &bytes(hashes))?;
    }
    write_history(db, folder, size)?;
    // Last, so that whoever finds a checkpoint finds all that it covers.
    write(folder, CHECKPOINT, last.note.as_bytes())?;
    Ok(size)
}

fn bytes(hashes: &[ledger::Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

fn read_entries(tx: &mut Tx<'_>, from: u64, to: u64) -> Result<Vec<Vec<u8>>, AuditError> {
    let leaves = store::leaves(tx, from, to)?;
    let mut entries = Vec::with_capacity(leaves.len());
    for (no, leaf) in (from..to).zip(leaves.iter().map(Some).chain(std::iter::repeat(None))) {
        let record =
            leaf.filter(|leaf| leaf.no == Some(no)).and_then(|leaf| leaf.record.as_ref()?.record.as_ref());
        let entry = record.map(encode).filter(|entry| entry.len() <= MAX_ENTRY);
        let entry = entry.filter(|entry| leaf.and_then(|leaf| leaf.hash) == Some(leaf_hash(entry)));
        entries.push(entry.ok_or(AuditError::Incomplete(no))?);
    }
    Ok(entries)
}

fn write_history(db: &Db, folder: &Path, size: u64) -> Result<(), AuditError> {
    let mut text = String::new();
    let mut after = -1;
    loop {
        let page = db.read_blocking(move |tx| store::checkpoints(tx, after, 1_000))?;
        let Some(end) = page.last().and_then(|c| i64::try_from(c.size?).ok()) else { break };
        for StoredCheckpoint { size: own, note, .. } in page {
            let Some(own) = own.filter(|own| *own <= size) else { continue };
            let line = serde_json::to_string(&HistoryLine { size: own, note });
            text.push_str(&line.map_err(|e| file_error(folder, &e.to_string()))?);
            text.push('\n');
        }
        after = end;
    }
    write(folder, HISTORY, text.as_bytes())
}

fn write(folder: &Path, name: &str, content: &[u8]) -> Result<(), AuditError> {
    let path = folder.join(name);
    let done = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, content));
    done.map_err(|e| file_error(&path, &e.to_string()))
}

pub(crate) fn file_error(path: &Path, why: &str) -> AuditError {
    AuditError::File { path: path.display().to_string(), why: why.to_owned() }
}
