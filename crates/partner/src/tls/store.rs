//! All SQL about client certificates.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::PartnerId;
use crate::tls::rules::Fingerprint;

pub(crate) const INSERT: Stmt = Stmt::both(
    "partner_certificate.insert",
    "INSERT INTO partner_certificate (id, partner_id, fingerprint, added_at, awaits) VALUES (?1, ?2, ?3, ?4, ?5)",
);
pub(crate) const OF_PARTNER: Stmt = Stmt::both(
    "partner_certificate.of_partner",
    "SELECT fingerprint, added_at, awaits, revoked_at FROM partner_certificate WHERE partner_id = ?1 \
     ORDER BY added_at, id LIMIT 200",
);
pub(crate) const CONFIRM: Stmt = Stmt::both(
    "partner_certificate.confirm",
    "UPDATE partner_certificate SET awaits = NULL WHERE partner_id = ?1 AND fingerprint = ?2 AND awaits = ?3 \
     AND revoked_at IS NULL",
);
pub(crate) const REVOKE: Stmt = Stmt::both(
    "partner_certificate.revoke",
    "UPDATE partner_certificate SET revoked_at = ?3 WHERE partner_id = ?1 AND fingerprint = ?2 AND revoked_at IS NULL",
);

/// A certificate as stored.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    pub fingerprint: Vec<u8>,
    pub added_at: Timestamp,
    pub awaits: Option<String>,
    pub revoked_at: Option<Timestamp>,
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

/// All certificates of an institution, oldest first.
///
/// # Errors
/// The database's.
pub(crate) fn of_partner(tx: &mut Tx<'_>, partner: PartnerId) -> Result<Vec<Certificate>, DbError> {
    tx.query(&OF_PARTNER, params![partner], |row| {
        Ok(Certificate {
            fingerprint: row.get(0)?,
            added_at: row.get(1)?,
            awaits: row.get(2)?,
            revoked_at: row.get(3)?,
        })
    })
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
) -> Result<bool, DbError> {
    Ok(tx.execute(&REVOKE, params![partner, fingerprint, at])? == 1)
}
