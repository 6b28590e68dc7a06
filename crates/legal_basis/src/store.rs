//! All SQL about legal bases.

use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::{Header, Timestamp};
use profile::{AddresseeKind, Measure};
use uuid::Uuid;

use crate::import::NewVersion;
use crate::model::Basis;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "legal_basis",
        sqlite: include_str!("../migrations/0001_legal_basis.sqlite.sql"),
        postgres: include_str!("../migrations/0001_legal_basis.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "law_draft",
        sqlite: include_str!("../migrations/0002_law_draft.sqlite.sql"),
        postgres: include_str!("../migrations/0002_law_draft.postgres.sql"),
    },
];

pub(crate) const INSERT: Stmt = Stmt::both(
    "legal_basis.insert",
    concat!(
        "INSERT INTO legal_basis (",
        header_columns!(),
        ", version, basis_key, entry_version, ordinal, effective_from, effective_to, withdrawn, source_mark, \
         measures, addressees, body, draft_id) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28) ON CONFLICT DO NOTHING"
    ),
);

macro_rules! columns {
    () => {
        "SELECT id, version, ordinal, effective_from, effective_to, created_at, withdrawn, body, draft_id FROM legal_basis"
    };
}

pub(crate) const ALL: Stmt = Stmt::both("legal_basis.all", concat!(columns!(), " ORDER BY id, version"));
pub(crate) const OF_ID: Stmt =
    Stmt::both("legal_basis.of_id", concat!(columns!(), " WHERE id = ?1 ORDER BY version"));
pub(crate) const ONE: Stmt =
    Stmt::both("legal_basis.one", concat!(columns!(), " WHERE id = ?1 AND version = ?2"));

macro_rules! in_force {
    ($more:literal) => {
        // The version that began last, of equals the one stored last, unless it has ended: as `rules::pick`.
        concat!(
            "SELECT b.id, b.version, b.ordinal, b.effective_from, b.effective_to, b.created_at, b.withdrawn, b.body, b.draft_id, \
             b.measures, b.addressees FROM legal_basis b WHERE b.effective_from <= ?1 \
             AND (b.effective_to IS NULL OR b.effective_to > ?1) \
             AND NOT EXISTS (SELECT 1 FROM legal_basis n WHERE n.id = b.id AND n.effective_from <= ?1 \
             AND (n.effective_from > b.effective_from OR (n.effective_from = b.effective_from AND n.version > b.version))) ",
            $more,
            "ORDER BY b.ordinal, b.id"
        )
    };
}
pub(crate) const IN_FORCE: Stmt = Stmt::both("legal_basis.in_force", in_force!(""));
/// Texts of a law are long, and there are many laws: those of other measures are not read.
pub(crate) const IN_FORCE_OF: Stmt =
    Stmt::both("legal_basis.in_force_of", in_force!("AND b.measures LIKE ?2 "));
/// The same of one law.
pub(crate) const IN_FORCE_ONE: Stmt = Stmt::both("legal_basis.in_force_one", in_force!("AND b.id = ?2 "));

/// Words, each between spaces.
fn spaced<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.fold(String::from(" "), |text, word| text + word + " ")
}

fn read(row: &Row) -> Result<Basis, DbError> {
    let body: String = row.get(7)?;
    Ok(Basis {
        id: row.get(0)?,
        version: row.get(1)?,
        ordinal: row.get(2)?,
        effective_from: row.get(3)?,
        effective_to: row.get(4)?,
        recorded_at: row.get(5)?,
        withdrawn: row.get(6)?,
        draft: row.get(8)?,
        record: serde_json::from_str(&body)
            .map_err(|e| DbError::Bug(format!("a legal basis cannot be read: {e}")))?,
    })
}

/// Stores a version. Somebody else who stored the same one first makes the transaction run again.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, new: &NewVersion, header: &Header) -> Result<(), DbError> {
    let body = serde_json::to_string(&new.record).map_err(|e| DbError::Bug(e.to_string()))?;
    let own = params![
        new.version,
        new.record.key.as_str(),
        i64::from(new.record.version),
        new.ordinal,
        new.effective_from,
        new.effective_to,
        new.withdrawn,
        new.record.source.mark.as_str(),
        spaced(new.record.measures.iter().map(|m| m.as_str())),
        spaced(new.record.addressees.iter().map(|a| a.as_str())),
        body,
        new.draft
    ];
    // The whole row is fixed: a version never changes. Rows from before there were drafts have none in their hash,
    // and so have those of the profile: a draft that is added or taken away shows.
    let fixed = if new.draft.is_some() { own.len() } else { own.len().saturating_sub(1) };
    tx.guarded(&INSERT, &app::header::values(new.id, header, own, fixed))
}

/// All versions of all bases, by id, then by version. A country has tens.
///
/// # Errors
/// The database's.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Basis>, DbError> {
    tx.query(&ALL, &[], read)
}

/// All versions of one basis, oldest first.
///
/// # Errors
/// The database's.
pub fn versions(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<Basis>, DbError> {
    tx.query(&OF_ID, params![id], read)
}

/// One version, as an act keeps it.
///
/// # Errors
/// The database's.
pub fn get(tx: &mut Tx<'_>, id: Uuid, version: i64) -> Result<Option<Basis>, DbError> {
    tx.query_opt(&ONE, params![id, version], read)
}

/// The version of one basis that holds at `at`, by what is stored now.
///
/// # Errors
/// The database's.
pub fn version_in_force(tx: &mut Tx<'_>, id: Uuid, at: Timestamp) -> Result<Option<Basis>, DbError> {
    Ok(tx.query(&IN_FORCE_ONE, params![at, id], read)?.into_iter().next())
}

/// Every basis in force at `at`, the preferred first.
///
/// # Errors
/// The database's.
pub fn all_in_force(tx: &mut Tx<'_>, at: Timestamp) -> Result<Vec<Basis>, DbError> {
    tx.query(&IN_FORCE, params![at], read)
}

/// Every basis in force at `at` that speaks of the measure and the kind of addressee, the preferred first.
///
/// # Errors
/// The database's.
pub fn in_force(
    tx: &mut Tx<'_>,
    measure: Measure,
    addressee: AddresseeKind,
    at: Timestamp,
) -> Result<Vec<Basis>, DbError> {
    Ok(in_force_of(tx, measure, at)?
        .into_iter()
        .filter(|b| b.record.addressees.contains(&addressee))
        .collect())
}

/// The same whoever is addressed.
///
/// # Errors
/// The database's.
pub fn in_force_of(tx: &mut Tx<'_>, measure: Measure, at: Timestamp) -> Result<Vec<Basis>, DbError> {
    // `_` stands for any letter here: what it lets through besides is looked at.
    let all = tx.query(&IN_FORCE_OF, params![at, format!("% {measure} %")], read)?;
    Ok(all.into_iter().filter(|b| b.record.measures.contains(&measure)).collect())
}

/// The preferred basis in force at `at` for the measure and the kind of addressee. `None`: no act.
///
/// # Errors
/// The database's.
pub fn find_in_force(
    tx: &mut Tx<'_>,
    measure: Measure,
    addressee: AddresseeKind,
    at: Timestamp,
) -> Result<Option<Basis>, DbError> {
    Ok(in_force(tx, measure, addressee, at)?.into_iter().next())
}
