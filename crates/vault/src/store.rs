//! All SQL of the vault.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, Migration, Slice, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::{SubjectKey, Vault, VaultError};

const INSERT: Stmt = Stmt::both(
    "subject_key.insert",
    "INSERT INTO subject_key (subject, wrapped, created_at) VALUES (?1, ?2, ?3)",
);
const SELECT: Stmt =
    Stmt::both("subject_key.select", "SELECT wrapped, created_at FROM subject_key WHERE subject = ?1");
const SELECT_MANY: Stmt = Stmt::split(
    "subject_key.select_many",
    "SELECT subject, wrapped, created_at FROM subject_key WHERE subject IN (SELECT unhex(value) FROM json_each(?1))",
    "SELECT subject, wrapped, created_at FROM subject_key \
     WHERE subject = ANY (ARRAY(SELECT value::uuid FROM json_array_elements_text(CAST(?1 AS text)::json)))",
);
// The wrapped key is overwritten, not only unlinked; the row stays as a tombstone.
const FORGET: Stmt = Stmt::both(
    "subject_key.forget",
    "UPDATE subject_key SET wrapped = ?2, forgotten_at = ?3 WHERE subject = ?1 AND forgotten_at IS NULL",
);

/// The vault's table and statements.
pub const SLICE: Slice = Slice {
    name: "vault",
    migrations: &[Migration {
        no: 1,
        name: "subject_key",
        sqlite: include_str!("../migrations/0001_subject_key.sqlite.sql"),
        postgres: include_str!("../migrations/0001_subject_key.postgres.sql"),
    }],
    statements: &[&INSERT, &SELECT, &SELECT_MANY, &FORGET],
};

/// Several ids as one parameter of a statement: a list of their digits in JSON, each once.
#[must_use]
pub fn ids(all: impl IntoIterator<Item = Uuid>) -> db::Value {
    let each: BTreeSet<Uuid> = all.into_iter().collect();
    let each: Vec<String> = each.iter().map(|id| format!("\"{}\"", id.simple())).collect();
    db::Value::Text(format!("[{}]", each.join(",")))
}

impl Vault {
    /// Writes a new subject's wrapped key, in the transaction that writes its first sealed field.
    ///
    /// # Errors
    /// The subject has a key already or has been forgotten; the database's failures.
    pub fn store(&self, tx: &mut Tx<'_>, key: &SubjectKey) -> Result<(), VaultError> {
        tx.execute(&INSERT, params![key.subject(), key.wrapped(), key.created_at()])?;
        Ok(())
    }

    /// The subject's key; `None` if the subject was forgotten, or never had one.
    ///
    /// # Errors
    /// The wrapped key does not open under this master key; the database's failures.
    pub fn subject(&self, tx: &mut Tx<'_>, subject: Uuid) -> Result<Option<SubjectKey>, VaultError> {
        let read =
            |row: &db::Row| -> Result<(Vec<u8>, Timestamp), DbError> { Ok((row.get(0)?, row.get(1)?)) };
        match tx.query_opt(&SELECT, params![subject], read)? {
            Some((wrapped, created_at)) if !wrapped.is_empty() => {
                SubjectKey::unwrap(self.wrap_key(), subject, wrapped, created_at).map(Some)
            }
            Some(_) | None => Ok(None),
        }
    }

    /// The keys of several subjects; who was forgotten, or never had one, is not among them.
    ///
    /// # Errors
    /// A wrapped key does not open under this master key; the database's failures.
    pub fn subjects(
        &self,
        tx: &mut Tx<'_>,
        subjects: impl IntoIterator<Item = Uuid>,
    ) -> Result<BTreeMap<Uuid, SubjectKey>, VaultError> {
        let rows: Vec<(Uuid, Vec<u8>, Timestamp)> =
            tx.query(&SELECT_MANY, &[ids(subjects)], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        let kept = rows.into_iter().filter(|(_, wrapped, _)| !wrapped.is_empty());
        kept.map(|(subject, wrapped, created_at)| {
            Ok((subject, SubjectKey::unwrap(self.wrap_key(), subject, wrapped, created_at)?))
        })
        .collect()
    }

    /// Destroys the subject's data key: whatever was sealed under it can never be opened again, by anybody.
    /// Forgetting twice, or somebody unknown, changes nothing. Copies of the database made before still
    /// hold the wrapped key until they are destroyed: the retention of backups bounds the erasure.
    ///
    /// # Errors
    /// The database's failures.
    pub fn forget(&self, tx: &mut Tx<'_>, subject: Uuid) -> Result<(), VaultError> {
        tx.execute(&FORGET, params![subject, Vec::<u8>::new(), self.clock().now()])?;
        Ok(())
    }
}
