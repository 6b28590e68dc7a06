//! All SQL about client certificates.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::PartnerId;
use crate::tls::rules::Fingerprint;

pub(crate) const INSERT: Stmt = Stmt::both(
    "partner_certificate.insert",
    "INSERT INTO partner_certificate (id, partner_id, fingerprint, added_at, awaits) VALUES (?1, ?2, ?3, ?4, ?5)",
);
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT fingerprint, added_at, awaits, revoked_at, revoked_reason_sealed FROM partner_certificate \
             WHERE partner_id = ?1 ",
            $rest
        )
    };
}
/// For showing: what is not revoked first, then the last added.
pub(crate) const OF_PARTNER: Stmt = Stmt::both(
    "partner_certificate.of_partner",
    select!("ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, added_at DESC, id LIMIT 200"),
);
/// What is taken, or waits. There are never more than a few, however many were revoked.
pub(crate) const OPEN: Stmt =
    Stmt::both("partner_certificate.open", select!("AND revoked_at IS NULL ORDER BY added_at, id LIMIT 200"));
pub(crate) const FIND: Stmt = Stmt::both("partner_certificate.find", select!("AND fingerprint = ?2"));
pub(crate) const CONFIRM: Stmt = Stmt::both(
    "partner_certificate.confirm",
    "UPDATE partner_certificate SET awaits = NULL WHERE partner_id = ?1 AND fingerprint = ?2 AND awaits = ?3 \
     AND revoked_at IS NULL",
);
pub(crate) const REVOKE: Stmt = Stmt::both(
    "partner_certificate.revoke",
    "UPDATE partner_certificate SET revoked_at = ?3, revoked_reason_sealed = ?4 WHERE partner_id = ?1 AND fingerprint = ?2 AND revoked_at IS NULL",
);

/// A certificate as stored.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    pub fingerprint: Vec<u8>,
    pub added_at: Timestamp,
    pub awaits: Option<String>,
    pub revoked_at: Option<Timestamp>,
    pub reason_sealed: Option<Vec<u8>>,
}

/// A new certificate.
///
/// # Errors
/// The database's; a known one is [`DbError::Unique`].
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    id: Uuid,
    partner: PartnerId,
    fingerprint: Fingerprint,
    at: Timestamp,
    awaits: Option<String>,
) -> Result<(), DbError> {
    tx.execute(&INSERT, params![id, partner, fingerprint, at, awaits]).map(drop)
}

fn read(row: &Row) -> Result<Certificate, DbError> {
    Ok(Certificate {
        fingerprint: row.get(0)?,
        added_at: row.get(1)?,
        awaits: row.get(2)?,
        revoked_at: row.get(3)?,
        reason_sealed: row.get(4)?,
    })
}

/// The certificates of an institution for showing, at most 200.
///
/// # Errors
/// The database's.
pub(crate) fn of_partner(tx: &mut Tx<'_>, partner: PartnerId) -> Result<Vec<Certificate>, DbError> {
    tx.query(&OF_PARTNER, params![partner], read)
}

/// Those that are taken, or wait.
///
/// # Errors
/// The database's.
pub(crate) fn open(tx: &mut Tx<'_>, partner: PartnerId) -> Result<Vec<Certificate>, DbError> {
    tx.query(&OPEN, params![partner], read)
}

/// One certificate, revoked or not.
///
/// # Errors
/// The database's.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    partner: PartnerId,
    fingerprint: Fingerprint,
) -> Result<Option<Certificate>, DbError> {
    tx.query_opt(&FIND, params![partner, fingerprint], read)
}

/// Begins taking a certificate. `false` if it does not wait.
///
/// # Errors
/// The database's.
pub(crate) fn confirm(
    tx: &mut Tx<'_>,
    partner: PartnerId,
    fingerprint: Fingerprint,
    added_by: &str,
) -> Result<bool, DbError> {
    Ok(tx.execute(&CONFIRM, params![partner, fingerprint, added_by])? == 1)
}

/// Stops taking a certificate. `false` if it was not taken.
///
/// # Errors
/// The database's.
pub(crate) fn revoke(
    tx: &mut Tx<'_>,
    partner: PartnerId,
    fingerprint: Fingerprint,
    at: Timestamp,
    reason_sealed: &[u8],
) -> Result<bool, DbError> {
    Ok(tx.execute(&REVOKE, params![partner, fingerprint, at, reason_sealed])? == 1)
}
