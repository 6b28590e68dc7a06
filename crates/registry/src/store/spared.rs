//! SQL of what lists protect: keys, each a sign of how it is compared and what it is compared with.

use db::{DbError, Stmt, Tx, Value, params};
use uuid::Uuid;

use crate::model::{BatchId, Entry};

pub(super) const PUT: Stmt = Stmt::both(
    "registry.spared_put",
    "INSERT INTO registry_spared (id, batch_id, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
);
pub(super) const HOLDS: Stmt =
    Stmt::both("registry.spared_by", "SELECT batch_id FROM registry_spared WHERE value = ?1 LIMIT 1");
pub(super) const SOME: Stmt = Stmt::both(
    "registry.spared_some",
    "SELECT id, value FROM registry_spared WHERE batch_id = ?1 ORDER BY id LIMIT ?2",
);
pub(super) const DROP: Stmt = Stmt::both("registry.spared_drop", "DELETE FROM registry_spared WHERE id = ?1");
pub(super) const NETWORK: Stmt = Stmt::both(
    "registry.network_page",
    "SELECT id FROM registry_entry WHERE id > ?1 AND kind IN ('url', 'domain', 'ip') ORDER BY id LIMIT ?2",
);

/// Keeps what a list protects; the same twice is one.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, batch: BatchId, value: &str) -> Result<(), DbError> {
    let hash = db::row_hash(&[Value::from("spared"), Value::from(batch.uuid()), Value::from(value)]);
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(&hash).for_each(|(to, from)| *to = *from);
    let id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    tx.execute(&PUT, params![id, batch, value]).map(drop)
}

/// The list that protects whatever has one of these keys.
///
/// # Errors
/// The database's.
pub fn by(tx: &mut Tx<'_>, keys: &[String]) -> Result<Option<BatchId>, DbError> {
    for key in keys {
        let found: Option<Uuid> = tx.query_opt(&HOLDS, params![key.as_str()], |r| r.get(0))?;
        if let Some(id) = found {
            return Ok(Some(BatchId::from_uuid(id)));
        }
    }
    Ok(None)
}

/// Some of what a list protects.
///
/// # Errors
/// The database's.
pub fn some(tx: &mut Tx<'_>, batch: BatchId, limit: i64) -> Result<Vec<(Uuid, String)>, DbError> {
    tx.query(&SOME, params![batch, limit], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Takes back what a list protects.
///
/// # Errors
/// The database's.
pub fn drop_row(tx: &mut Tx<'_>, id: Uuid) -> Result<(), DbError> {
    tx.execute(&DROP, params![id]).map(drop)
}

/// Entries of addresses on the network, after an id.
///
/// # Errors
/// The database's.
pub fn network(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<Entry>, DbError> {
    let ids: Vec<Uuid> = tx.query(&NETWORK, params![after, limit], |r| r.get(0))?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(super::find(tx, crate::model::EntryId::from_uuid(id))?);
    }
    Ok(all)
}
