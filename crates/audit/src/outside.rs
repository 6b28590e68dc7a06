//! What those outside say of the log: witnesses who saw its checkpoints (C2SP `tlog-witness`), and authorities that stamped them with the
//! time (RFC 3161). Whoever holds database and keys can write another history, but not theirs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use db::Tx;
use kernel::Timestamp;
use ledger::{Note, NoteSignature, NoteVerifier};

use crate::error::AuditError;
use crate::prove::{Point, connect, newest, point_at};
use crate::store;

/// What a witness is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// The body of `add-checkpoint`.
    pub body: String,
    /// The checkpoint in it.
    pub size: u64,
}

/// The next checkpoint for a witness that says that it has seen one of `seen` records, or has said so before; `None` if its word for the
/// newest is there.
///
/// # Errors
/// The database's; [`AuditError::Incomplete`] if a tile is missing.
pub fn submission(
    tx: &mut Tx<'_>,
    witness: &NoteVerifier,
    seen: Option<u64>,
) -> Result<Option<Witnessed>, AuditError> {
    let Some(Point { checkpoint, note }) = newest(tx)? else { return Ok(None) };
    if seen.is_none() && note.verify(std::slice::from_ref(witness)).is_ok() {
        return Ok(None);
    }
    let before = match seen {
        Some(seen) => seen,
        None => store::cosigned(tx, witness.name())?.unwrap_or(0),
    };
    // Should it have seen more than there is, it says so itself.
    let seen = if before > checkpoint.size { 0 } else { before };
    let proof =
        if seen == 0 || seen == checkpoint.size { Vec::new() } else { connect(tx, seen, checkpoint.size)? };
    let mut body = format!("old {seen}\n");
    for hash in proof {
        let _ = writeln!(body, "{hash}");
    }
    let _ = write!(body, "\n{note}");
    Ok(Some(Witnessed { body, size: checkpoint.size }))
}

/// Keeps what a witness answered, if it is its signature of that checkpoint. Gives whether it is.
///
/// # Errors
/// The database's.
pub fn keep_cosignatures(
    tx: &mut Tx<'_>,
    witness: &NoteVerifier,
    size: u64,
    answer: &str,
    at: Timestamp,
) -> Result<bool, AuditError> {
    let Some(point) = point_at(tx, size)? else { return Ok(false) };
    let bare = Note::parse(&point.note.to_string()).map_err(ledger::CheckpointError::from)?;
    for line in answer.split_inclusive('\n').take(16) {
        let Some(signature) = NoteSignature::parse(line) else { continue };
        let mine = signature.name == witness.name() && signature.id == witness.id();
        if mine && witness.verifies(bare.text().as_bytes(), &signature.bytes) {
            store::put_cosignature(tx, (size, witness.name(), &signature.to_string()), at)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Of the checkpoints of more than `place` records the one that most of these witnesses have seen, the newest of such, and how many have.
///
/// # Errors
/// The database's.
pub fn most_seen(
    tx: &mut Tx<'_>,
    witnesses: &[&str],
    place: u64,
) -> Result<Option<(usize, Point)>, AuditError> {
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    for witness in witnesses {
        for size in store::cosigned_since(tx, witness, place)? {
            let count = seen.entry(size).or_default();
            *count = count.saturating_add(1);
        }
    }
    let Some((size, count)) = seen.into_iter().max_by_key(|(size, count)| (*count, *size)) else {
        return Ok(None);
    };
    Ok(point_at(tx, size)?.map(|point| (count, point)))
}

/// The newest checkpoint that an authority has not stamped.
///
/// # Errors
/// The database's.
pub fn unstamped(tx: &mut Tx<'_>, authority: &str) -> Result<Option<Point>, AuditError> {
    let stamped = store::stamped(tx, authority)?.unwrap_or(0);
    Ok(newest(tx)?.filter(|point| point.checkpoint.size > stamped))
}

/// Keeps a time stamp, which whoever asked for it has checked.
///
/// # Errors
/// The database's.
pub fn keep_stamp(
    tx: &mut Tx<'_>,
    (size, authority): (u64, &str),
    token: &[u8],
    at: Timestamp,
) -> Result<(), AuditError> {
    Ok(store::put_stamp(tx, (size, authority, token), at)?)
}

/// Time stamps of checkpoints that hold the record at `place`, the oldest first, with the checkpoints.
///
/// # Errors
/// The database's.
pub fn stamps_since(
    tx: &mut Tx<'_>,
    place: u64,
    limit: u32,
) -> Result<Vec<(Point, String, Vec<u8>)>, AuditError> {
    let mut all = Vec::new();
    for (size, authority, token) in store::stamps_from(tx, place.saturating_add(1), limit)? {
        if let Some(point) = point_at(tx, size)? {
            all.push((point, authority, token));
        }
    }
    Ok(all)
}
