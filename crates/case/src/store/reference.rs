//! Numbers in registers, offences, and fields of their own.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::{place_values, placed, row_columns};
use crate::model::{CaseArticle, CaseId, CaseRef, FieldValue};

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_ref.insert",
    concat!(
        "INSERT INTO case_ref (",
        row_columns!(),
        ", system, number, registered_at, due_at, registrar_sealed) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    ),
);
pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_ref.of_case",
    concat!(
        "SELECT ",
        row_columns!(),
        ", system, number, registered_at, due_at, registrar_sealed, wrong_at FROM case_ref WHERE case_id = ?1 \
         ORDER BY registered_at, id LIMIT 500"
    ),
);
pub(crate) const OF_CASES: Stmt = app::among!(
    "case_ref.of_cases",
    concat!(
        "SELECT ",
        row_columns!(),
        ", system, number, registered_at, due_at, registrar_sealed, wrong_at FROM case_ref WHERE "
    ),
    "case_id",
    " ORDER BY registered_at, id"
);
pub(crate) const WRONG: Stmt = Stmt::both(
    "case_ref.wrong",
    "UPDATE case_ref SET wrong_at = ?3, wrong_by = ?4 WHERE id = ?1 AND case_id = ?2 AND wrong_at IS NULL",
);
pub(crate) const ARTICLE_INSERT: Stmt = Stmt::both(
    "case_article.insert",
    concat!(
        "INSERT INTO case_article (",
        row_columns!(),
        ", code, wording) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING"
    ),
);
pub(crate) const ARTICLES_OF: Stmt = Stmt::both(
    "case_article.of_case",
    concat!(
        "SELECT ",
        row_columns!(),
        ", code, wording FROM case_article WHERE case_id = ?1 AND removed_at IS NULL ORDER BY created_at, id"
    ),
);
pub(crate) const ARTICLE_REMOVE: Stmt = Stmt::both(
    "case_article.remove",
    "UPDATE case_article SET removed_at = ?3, removed_by = ?4 WHERE id = ?1 AND case_id = ?2 AND removed_at IS NULL",
);
pub(crate) const FIELDS_OF: Stmt = Stmt::both(
    "case_field.of_case",
    concat!(
        "SELECT ",
        row_columns!(),
        ", code, value_sealed, changed_at, changed_by FROM case_field WHERE case_id = ?1 ORDER BY code"
    ),
);
pub(crate) const FIELD_INSERT: Stmt = Stmt::both(
    "case_field.insert",
    concat!(
        "INSERT INTO case_field (",
        row_columns!(),
        ", code, value_sealed, changed_at, changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    ),
);
pub(crate) const FIELD_SAVE: Stmt = Stmt::both(
    "case_field.save",
    "UPDATE case_field SET value_sealed = ?2, changed_at = ?3, changed_by = ?4 WHERE id = ?1",
);

fn read(row: &Row) -> Result<CaseRef, DbError> {
    let (place, written) = placed(row)?;
    Ok(CaseRef {
        place,
        written,
        system: row.get(5)?,
        number: row.get(6)?,
        registered_at: row.get(7)?,
        due_at: row.get(8)?,
        registrar_sealed: row.get(9)?,
        wrong_at: row.get(10)?,
    })
}

/// Adds a number.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, r: &CaseRef) -> Result<(), DbError> {
    let own = params![
        r.system.as_str(),
        r.number.as_str(),
        r.registered_at,
        r.due_at,
        r.registrar_sealed.as_slice()
    ];
    tx.execute(&INSERT, &place_values(&r.place, &r.written, own)).map(drop)
}

/// Numbers of several cases, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_cases(tx: &mut Tx<'_>, cases: impl IntoIterator<Item = CaseId>) -> Result<Vec<CaseRef>, DbError> {
    tx.query(&OF_CASES, &[app::ids(cases.into_iter().map(CaseId::uuid))], read)
}

/// Numbers of a case, wrong ones too.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<CaseRef>, DbError> {
    tx.query(&OF_CASE, params![case], read)
}

/// Marks a number as wrong. `false` if it was before.
///
/// # Errors
/// The database's.
pub fn wrong(
    tx: &mut Tx<'_>,
    (id, case): (Uuid, CaseId),
    (at, by): (Timestamp, &str),
) -> Result<bool, DbError> {
    Ok(tx.execute(&WRONG, params![id, case, at, by])? == 1)
}

/// Adds an offence. `false` if it is there.
///
/// # Errors
/// The database's.
pub fn add_article(tx: &mut Tx<'_>, a: &CaseArticle) -> Result<bool, DbError> {
    let own = params![a.code.as_str(), a.wording.as_str()];
    Ok(tx.execute(&ARTICLE_INSERT, &place_values(&a.place, &a.written, own))? == 1)
}

/// Offences of a case.
///
/// # Errors
/// The database's.
pub fn articles(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<CaseArticle>, DbError> {
    tx.query(&ARTICLES_OF, params![case], |row| {
        let (place, written) = placed(row)?;
        Ok(CaseArticle { place, written, code: row.get(5)?, wording: row.get(6)? })
    })
}

/// Takes an offence out. `false` if it is not there.
///
/// # Errors
/// The database's.
pub fn remove_article(
    tx: &mut Tx<'_>,
    (id, case): (Uuid, CaseId),
    (at, by): (Timestamp, &str),
) -> Result<bool, DbError> {
    Ok(tx.execute(&ARTICLE_REMOVE, params![id, case, at, by])? == 1)
}

/// What stands in the fields of a case.
///
/// # Errors
/// The database's.
pub fn fields(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<FieldValue>, DbError> {
    tx.query(&FIELDS_OF, params![case], |row| {
        let (place, written) = placed(row)?;
        Ok(FieldValue {
            place,
            written,
            code: row.get(5)?,
            value_sealed: row.get(6)?,
            changed_at: row.get(7)?,
            changed_by: row.get(8)?,
        })
    })
}

/// Writes a field for the first time.
///
/// # Errors
/// The database's.
pub fn add_field(tx: &mut Tx<'_>, f: &FieldValue) -> Result<(), DbError> {
    let own = params![f.code.as_str(), f.value_sealed.as_slice(), f.changed_at, f.changed_by.as_str()];
    tx.execute(&FIELD_INSERT, &place_values(&f.place, &f.written, own)).map(drop)
}

/// Writes a field anew.
///
/// # Errors
/// The database's.
pub fn save_field(tx: &mut Tx<'_>, f: &FieldValue) -> Result<(), DbError> {
    tx.guarded(
        &FIELD_SAVE,
        params![f.place.id, f.value_sealed.as_slice(), f.changed_at, f.changed_by.as_str()],
    )
}
