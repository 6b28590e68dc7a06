//! Proofs out of the database: that a record stands in the log, and that one checkpoint grew out of another.

use std::cell::RefCell;

use db::Tx;
use ledger::{
    Checkpoint, Hash, Note, NoteSignature, Slip, TileSource, TiledNodes, prove_consistency, prove_inclusion,
};
use uuid::Uuid;

use crate::encode::encode;
use crate::error::AuditError;
use crate::sequencer::hashes;
use crate::store;

/// A checkpoint with what witnesses say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The same, signed.
    pub note: Note,
}

/// A record and the proof that it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Its canonical form: the leaf is a hash of these bytes.
    pub entry: Vec<u8>,
    /// The proof.
    pub slip: Slip,
}

/// The newest checkpoint; `None` while there is none.
///
/// # Errors
/// The database's; [`AuditError::Tampered`] if what is stored is no checkpoint.
pub fn newest(tx: &mut Tx<'_>) -> Result<Option<Point>, AuditError> {
    match store::last_checkpoint(tx)? {
        Some(stored) => point(tx, &stored.note).map(Some),
        None => Ok(None),
    }
}

/// The checkpoint of exactly so many records, if there was one.
pub(crate) fn point_at(tx: &mut Tx<'_>, size: u64) -> Result<Option<Point>, AuditError> {
    match store::checkpoint_at(tx, size)? {
        Some(stored) => point(tx, &stored.note).map(Some),
        None => Ok(None),
    }
}

fn point(tx: &mut Tx<'_>, note: &str) -> Result<Point, AuditError> {
    let mut note = Note::parse(note).map_err(ledger::CheckpointError::from)?;
    let checkpoint = Checkpoint::parse(note.text())?;
    for line in store::cosignatures(tx, checkpoint.size)? {
        if let Some(signature) = NoteSignature::parse(&line) {
            note.push(signature);
        }
    }
    Ok(Point { checkpoint, note })
}

/// The place of a record; `None` while it waits.
///
/// # Errors
/// The database's.
pub fn place_of(tx: &mut Tx<'_>, record: Uuid) -> Result<Option<u64>, AuditError> {
    Ok(store::by_id(tx, record)?.and_then(|view| view.position))
}

/// Proves that a record stands in the log of that checkpoint; `None` if it got its place later, or waits.
///
/// # Errors
/// The database's; [`AuditError::Incomplete`] if a tile is missing.
pub fn prove(tx: &mut Tx<'_>, record: Uuid, at: &Point) -> Result<Option<Proven>, AuditError> {
    let Some(view) = store::by_id(tx, record)? else { return Ok(None) };
    let Some(index) = view.position.filter(|index| *index < at.checkpoint.size) else { return Ok(None) };
    let proof = prove_inclusion(&nodes(tx), index, at.checkpoint.size)?;
    let slip = Slip { extra: None, index, proof, checkpoint: at.note.clone() };
    Ok(Some(Proven { entry: encode(&view.record), slip }))
}

/// The hashes that show that a log of `new` records grew out of that of `old`.
///
/// # Errors
/// The database's; [`AuditError::Incomplete`] if a tile is missing.
pub fn connect(tx: &mut Tx<'_>, old: u64, new: u64) -> Result<Vec<Hash>, AuditError> {
    prove_consistency(&nodes(tx), old, new)
}

fn nodes<'a, 'b>(tx: &'a mut Tx<'b>) -> TiledNodes<Tiles<'a, 'b>> {
    TiledNodes(Tiles(RefCell::new(tx)))
}

/// Tiles of the database.
struct Tiles<'a, 'b>(RefCell<&'a mut Tx<'b>>);

impl TileSource for Tiles<'_, '_> {
    type Error = AuditError;
    fn tile(&self, level: u8, index: u64) -> Result<Vec<Hash>, AuditError> {
        let stored = store::tile(&mut self.0.borrow_mut(), level, index)?;
        stored.and_then(|bytes| hashes(&bytes)).ok_or_else(|| self.missing(level, index))
    }
    fn missing(&self, level: u8, index: u64) -> AuditError {
        AuditError::Incomplete(index << (8 * (u32::from(level) + 1)))
    }
}
