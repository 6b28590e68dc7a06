//! Verification of a database.

use std::collections::BTreeMap;

use db::{Db, DbError, Tx};
use ledger::{Frontier, Hash, TILE_WIDTH, tiles_of};
use uuid::Uuid;

use super::chain::{Chain, NOWHERE, Odd, Place};
use super::explain::Outside;
use super::marks::Marks;
use super::{LogKeys, conclude, way};
use crate::encode::record_hash;
use crate::error::AuditError;
use crate::report::{Fault, FaultKind, MAX_FAULTS, Verdict};
use crate::sequencer::hashes;
use crate::store::{self, StoredLeaf, StoredRecord};

/// Places read in one transaction: four tiles.
const PAGE: u64 = 4 * TILE_WIDTH;
/// Rows read in one transaction where there are no places.
const ROWS: u32 = 1_000;

/// Recomputes the log of `db` from its records and compares everything with everything: records, rows, tiles, checkpoints
/// and the checkpoints in [`LogKeys::since`]. May run beside a working server: it judges the log up to the last
/// checkpoint at its beginning. Blocks; for a command or a thread of its own.
///
/// # Errors
/// The database's; [`AuditError::Kept`] if a kept checkpoint is none of this log. What is wrong with the log is no error
/// but in the [`Verdict`].
pub fn verify_database(db: &Db, keys: &LogKeys) -> Result<Verdict, AuditError> {
    let kept = keys.kept()?;
    let mut verdict = Verdict::default();
    let (head, last, rows) = db.read_blocking(|tx| {
        let last = store::last_checkpoint(tx)?.and_then(|checkpoint| checkpoint.size);
        Ok::<_, AuditError>((store::head(tx)?, last.unwrap_or(0), store::leaf_count(tx)?))
    })?;
    let marks = read_marks(db, keys, last)?;
    let signed = marks.sound.last().map_or(0, |mark| mark.size);
    // Unsound checkpoints are believed as to the length of the log only, and only if the rows are there.
    let size = signed.max(marks.claimed.min(rows));
    verdict.size = signed;
    verdict.checkpoints = u64::try_from(marks.sound.len()).unwrap_or(u64::MAX);
    if head != Some(last) {
        let told = head.map_or_else(|| "is missing".to_owned(), |head| format!("says {head}"));
        verdict.add(Fault::new(
            FaultKind::Head,
            format!("the last checkpoint is of size {last}, the head row {told}"),
        ));
    }
    if signed == 0 && rows > 0 {
        let sentence = format!("the log has {rows} records and no sound checkpoint");
        verdict.add(Fault::new(FaultKind::CheckpointMissing, sentence));
    }
    let (way, faults) = way(&marks.sound, &kept, signed);
    for fault in marks.faults.into_iter().chain(faults) {
        verdict.add(fault);
    }
    let mut chain = Chain::new(way);
    let mut doubled = Vec::new();
    let mut from = 0;
    while from < size {
        let to = size.min(from + PAGE);
        let page = db.read_blocking(move |tx| read_page(tx, from, to))?;
        page.places.into_iter().for_each(|place| chain.take(place));
        doubled.extend(page.doubled);
        from = to;
    }
    let mut ended = chain.finish();
    ended.odd.extend(doubled);
    ended.odd.extend(read_beyond(db, last.max(size))?);
    ended.odd.sort_by_key(|odd| odd.place.no);
    let outside = read_outside(db)?;
    read_pending(db, &mut verdict)?;
    read_strange(db, size, &mut verdict)?;
    conclude(&mut verdict, &ended, &outside, size, |id| {
        Ok(db.read_blocking(move |tx| store::tile(tx, id.level, id.index))?)
    })?;
    Ok(verdict)
}

fn read_marks(db: &Db, keys: &LogKeys, last: u64) -> Result<Marks, AuditError> {
    let mut marks = Marks::default();
    let mut after = -1;
    loop {
        let page = db.read_blocking(move |tx| store::checkpoints(tx, after, ROWS))?;
        for stored in page.iter().filter(|stored| stored.size.is_none_or(|size| size <= last)) {
            marks.take(stored, keys);
        }
        let end = page.last().and_then(|stored| i64::try_from(stored.size?).ok());
        match end.filter(|_| page.len() == usize::try_from(ROWS).unwrap_or(0)) {
            Some(end) => after = end,
            None => break,
        }
    }
    marks.finish();
    Ok(marks)
}

fn content(stored: &StoredRecord) -> Option<Hash> {
    // A row that makes no record hashes to what no record hashes to.
    Some(stored.record.as_ref().map_or(Hash::new([0; 32]), record_hash))
}

fn place(no: u64, leaf: &StoredLeaf, tile: Option<Hash>) -> Place {
    Place {
        no,
        id: leaf.record_id,
        content: leaf.record.as_ref().and_then(content),
        own: leaf.record.as_ref().and_then(|r| r.hash),
        leaf: leaf.hash,
        tile,
    }
}

struct Page {
    places: Vec<Place>,
    /// Rows beyond the first at one place.
    doubled: Vec<Odd>,
}

fn read_page(tx: &mut Tx<'_>, from: u64, to: u64) -> Result<Page, DbError> {
    let mut tiles: Vec<Option<Hash>> = Vec::new();
    let mut at = from;
    // `from` is the beginning of a tile.
    while at < to {
        let width = usize::try_from(TILE_WIDTH).unwrap_or(0);
        let tile = store::tile(tx, 0, at / TILE_WIDTH)?.as_deref().and_then(hashes).unwrap_or_default();
        tiles.extend(tile.into_iter().map(Some).chain(std::iter::repeat(None)).take(width));
        at += TILE_WIDTH;
    }
    let mut rows: BTreeMap<u64, Vec<StoredLeaf>> = BTreeMap::new();
    for leaf in store::leaves(tx, from, to)? {
        if let Some(no) = leaf.no {
            rows.entry(no).or_default().push(leaf);
        }
    }
    let mut page = Page { places: Vec::new(), doubled: Vec::new() };
    for (no, tile) in (from..to).zip(tiles) {
        let mut here = rows.remove(&no).unwrap_or_default();
        // Of several rows at one place the one that fits the tile has it.
        here.sort_by_key(|leaf| leaf.hash != tile);
        let mut here = here.iter();
        let nobody = Place { no, tile, ..Place::default() };
        page.places.push(here.next().map_or(nobody, |leaf| place(no, leaf, tile)));
        page.doubled.extend(here.map(|leaf| Odd { place: place(no, leaf, None), truth: None }));
    }
    Ok(page)
}

/// Rows behind the end of the log, as places that were never signed.
fn read_beyond(db: &Db, size: u64) -> Result<Vec<Odd>, AuditError> {
    let limit = u32::try_from(MAX_FAULTS).unwrap_or(u32::MAX);
    let rows = db.read_blocking(move |tx| {
        // What was signed since the verification began is no concern of it.
        let now = store::last_checkpoint(tx)?.and_then(|checkpoint| checkpoint.size).unwrap_or(0);
        store::beyond(tx, size.max(now), limit)
    })?;
    let odd = |leaf: &StoredLeaf| Odd { place: place(leaf.no.unwrap_or(NOWHERE), leaf, None), truth: None };
    Ok(rows.iter().map(odd).collect())
}

fn read_outside(db: &Db) -> Result<Vec<Outside>, AuditError> {
    let mut out = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let page = db.read_blocking(move |tx| store::outside(tx, after, ROWS))?;
        out.extend(page.iter().map(|stored| Outside { id: stored.id, content: content(stored) }));
        match page.last() {
            Some(last) if out.len() < MAX_FAULTS => after = last.id,
            _ => return Ok(out),
        }
    }
}

/// Counts the records that wait and compares them with their hashes.
fn read_pending(db: &Db, verdict: &mut Verdict) -> Result<(), AuditError> {
    let mut after = Uuid::nil();
    loop {
        let page = db.read_blocking(move |tx| store::pending(tx, after, ROWS))?;
        for (id, stored) in &page {
            verdict.pending += 1;
            let fault = match stored {
                None => Fault::new(
                    FaultKind::Deleted,
                    format!("record `{id}` was deleted before it got its place"),
                ),
                Some(stored) if content(stored) != stored.hash => Fault::new(
                    FaultKind::Edited,
                    format!("record `{id}`, which waits for its place, was changed"),
                ),
                Some(_) => continue,
            };
            verdict.add(fault.of(Some(*id)));
        }
        match page.last() {
            Some((last, _)) => after = *last,
            None => return Ok(()),
        }
    }
}

/// Rows that no honest log has: ids that are none, tiles that no tree of this size has.
fn read_strange(db: &Db, size: u64, verdict: &mut Verdict) -> Result<(), AuditError> {
    let misfits = db.read_blocking(store::misfits)?;
    if misfits > 0 {
        let sentence = format!("{misfits} rows of records have an id that is none");
        verdict.add(Fault::new(FaultKind::Inserted, sentence));
    }
    let edge = db.read_blocking(|tx| {
        let now = store::last_checkpoint(tx)?.and_then(|checkpoint| checkpoint.size).unwrap_or(0);
        let mut wrong = Vec::new();
        for id in Frontier::needs(now) {
            let length = store::tile(tx, id.level, id.index)?.map_or(0, |tile| tile.len());
            if length != usize::from(id.width) * 32 {
                wrong.push(id);
            }
        }
        Ok::<_, DbError>(wrong)
    })?;
    for id in edge {
        let sentence = format!("`{}` does not have the length that the size of the log asks for", id.path());
        verdict.add(Fault::new(FaultKind::Tile, sentence));
    }
    for level in 0..8_u8 {
        let last = tiles_of(size).filter(|id| id.level == level).map(|id| id.index).last();
        let after = last.map_or(-1, |index| i64::try_from(index).unwrap_or(i64::MAX));
        let strange = db.read_blocking(move |tx| {
            let now = store::last_checkpoint(tx)?.and_then(|checkpoint| checkpoint.size).unwrap_or(0);
            let tiles = store::tiles_behind(tx, level, after, ROWS)?;
            Ok::<_, DbError>(
                tiles.into_iter().filter(|index| !belongs(now, level, *index)).collect::<Vec<u64>>(),
            )
        })?;
        for index in strange {
            let sentence = format!("tile {index} of level {level} lies behind the end of the log");
            verdict.add(Fault::new(FaultKind::Tile, sentence));
        }
    }
    Ok(())
}

/// Whether a tree of `size` has this tile.
fn belongs(size: u64, level: u8, index: u64) -> bool {
    let hashes = size >> (8 * u32::from(level));
    index.saturating_mul(TILE_WIDTH) < hashes
}
