//! What was said of the columns of files, for the next file like them.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

pub(super) const DROP: Stmt = Stmt::both(
    "import_mapping.drop",
    "DELETE FROM import_mapping WHERE organisation_id = ?1 AND known_by = ?2 AND known_as = ?3",
);
pub(super) const INSERT: Stmt = Stmt::both(
    "import_mapping.insert",
    "INSERT INTO import_mapping (id, organisation_id, known_by, known_as, said, author, said_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
);
pub(super) const KNOWN: Stmt = Stmt::both(
    "import_mapping.known",
    "SELECT id, said, author, said_at FROM import_mapping WHERE organisation_id = ?1 AND known_by = ?2 AND known_as = ?3",
);
pub(super) const FIND: Stmt = Stmt::both(
    "import_mapping.find",
    "SELECT id, said, author, said_at FROM import_mapping WHERE organisation_id = ?1 AND id = ?2",
);

/// What was said, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Which one.
    pub id: Uuid,
    /// What, JSON.
    pub said: String,
    /// By whom, as [`kernel::Actor::label`].
    pub author: String,
    /// When.
    pub at: Timestamp,
}

/// By what a file is known: an organisation, `headings` or `shape`, and the keyed hash.
pub type Known<'a> = (&'a str, &'a str, &'a [u8]);

fn read(row: &Row) -> Result<Said, DbError> {
    Ok(Said { id: row.get(0)?, said: row.get(1)?, author: row.get(2)?, at: row.get(3)? })
}

/// Keeps what was said in the place of what was said before.
///
/// # Errors
/// The database's.
pub fn keep(tx: &mut Tx<'_>, (organisation, by, key): Known<'_>, s: &Said) -> Result<(), DbError> {
    tx.execute(&DROP, params![organisation, by, key])?;
    let all = params![s.id, organisation, by, key, s.said.as_str(), s.author.as_str(), s.at];
    tx.execute(&INSERT, all).map(drop)
}

/// What was said of files like this one.
///
/// # Errors
/// The database's.
pub fn known(tx: &mut Tx<'_>, (organisation, by, key): Known<'_>) -> Result<Option<Said>, DbError> {
    tx.query_opt(&KNOWN, params![organisation, by, key], read)
}

/// One of them, of the organisation.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, organisation: &str, id: Uuid) -> Result<Option<Said>, DbError> {
    tx.query_opt(&FIND, params![organisation, id], read)
}
