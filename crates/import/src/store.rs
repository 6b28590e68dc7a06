//! All SQL of this slice: imports and their rows here, words by which rows are found and what was said of columns in files of their own.

pub mod mapping;
pub mod word;

use db::{DbError, Migration, Row, Stmt, Tx, Value, params};
use evidence::ExhibitId;
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{Import, ImportId, RowKind, State};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "import",
        sqlite: include_str!("../migrations/0001_import.sqlite.sql"),
        postgres: include_str!("../migrations/0001_import.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "found",
        sqlite: include_str!("../migrations/0002_found.sqlite.sql"),
        postgres: include_str!("../migrations/0002_found.postgres.sql"),
    },
];

macro_rules! select {
    ($rest:expr) => {
        concat!(
            "SELECT id, exhibit_id, author, begun_at, state, row_count, trouble_count, changed_at FROM import i WHERE ",
            $rest
        )
    };
}

const INSERT: Stmt = Stmt::both(
    "import.insert",
    "INSERT INTO import (id, exhibit_id, sent_key, author, begun_at, state, row_count, trouble_count, told_sealed, changed_at, touched_wall, claimed) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?5, ?10, 0) ON CONFLICT (sent_key) DO NOTHING",
);
const BY_KEY: Stmt = Stmt::both("import.by_key", select!("i.sent_key = ?1"));
const FIND: Stmt = Stmt::both("import.find", select!("i.id = ?1"));
const OF_EXHIBIT: Stmt = Stmt::both(
    "import.of_exhibit",
    select!("i.exhibit_id = ?1 ORDER BY i.begun_at DESC, i.id DESC LIMIT ?2"),
);
const OF_REPORT: Stmt = Stmt::both(
    "import.of_report",
    select!(
        "i.state = 'read' AND i.id IN (SELECT r.import_id FROM import_report r WHERE r.report_id = ?1) ORDER BY i.begun_at, i.id"
    ),
);
const TOLD: Stmt = Stmt::both("import.told", "SELECT told_sealed FROM import WHERE id = ?1");
const GROW: Stmt = Stmt::both(
    "import.grow",
    "UPDATE import SET row_count = ?2, touched_wall = ?3 WHERE id = ?1 AND state = 'reading'",
);
const CLAIM: Stmt = Stmt::both(
    "import.claim",
    "UPDATE import SET claimed = 1, touched_wall = ?2 WHERE id = ?1 AND state = 'reading' AND claimed = 0",
);
const SETTLE: Stmt = Stmt::both(
    "import.settle",
    "UPDATE import SET state = ?3, row_count = ?4, trouble_count = ?5, told_sealed = ?6, changed_at = ?7 WHERE id = ?1 AND state = ?2",
);
const BROKEN: Stmt = Stmt::both(
    "import.broken",
    select!("i.state = 'reading' AND i.touched_wall < ?1 ORDER BY i.id LIMIT ?2"),
);
const REPORT_ADD: Stmt = Stmt::both(
    "import.report_add",
    "INSERT INTO import_report (import_id, report_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
);
const REPORTS: Stmt = Stmt::both(
    "import.reports",
    "SELECT report_id FROM import_report WHERE import_id = ?1 ORDER BY report_id",
);
const ROW_INSERT: Stmt = Stmt::both(
    "import.row_insert",
    "INSERT INTO import_row (import_id, row_no, line_no, kind, at, own, other, row_sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
);
/// As many rows as [`TOGETHER`] at once: a row costs a tenth of the way to the server and back.
const ROWS_INSERT: Stmt = Stmt::both(
    "import.rows_insert",
    "INSERT INTO import_row (import_id, row_no, line_no, kind, at, own, other, row_sealed) VALUES \
     (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8), \
     (?1, ?9, ?10, ?11, ?12, ?13, ?14, ?15), \
     (?1, ?16, ?17, ?18, ?19, ?20, ?21, ?22), \
     (?1, ?23, ?24, ?25, ?26, ?27, ?28, ?29), \
     (?1, ?30, ?31, ?32, ?33, ?34, ?35, ?36), \
     (?1, ?37, ?38, ?39, ?40, ?41, ?42, ?43), \
     (?1, ?44, ?45, ?46, ?47, ?48, ?49, ?50), \
     (?1, ?51, ?52, ?53, ?54, ?55, ?56, ?57), \
     (?1, ?58, ?59, ?60, ?61, ?62, ?63, ?64), \
     (?1, ?65, ?66, ?67, ?68, ?69, ?70, ?71), \
     (?1, ?72, ?73, ?74, ?75, ?76, ?77, ?78), \
     (?1, ?79, ?80, ?81, ?82, ?83, ?84, ?85), \
     (?1, ?86, ?87, ?88, ?89, ?90, ?91, ?92), \
     (?1, ?93, ?94, ?95, ?96, ?97, ?98, ?99), \
     (?1, ?100, ?101, ?102, ?103, ?104, ?105, ?106), \
     (?1, ?107, ?108, ?109, ?110, ?111, ?112, ?113)",
);
const ROWS: Stmt = Stmt::both(
    "import.rows",
    "SELECT row_no, row_sealed FROM import_row WHERE import_id = ?1 AND row_no > ?2 AND (?3 = '' OR kind = ?3) \
     AND (?5 = 0 OR own = ?4 OR other = ?4) AND (?7 = 0 OR (at IS NULL AND kind <> 'account')) ORDER BY row_no LIMIT ?6",
);
const UNDATED: Stmt = Stmt::both(
    "import.undated",
    "SELECT count(*) FROM import_row WHERE import_id = ?1 AND at IS NULL AND kind <> 'account' AND (?2 = '' OR kind = ?2)",
);
const UNDATED_FIRST: Stmt = Stmt::both(
    "import.undated_first",
    "SELECT row_no, line_no FROM import_row WHERE import_id = ?1 AND at IS NULL AND kind <> 'account' ORDER BY row_no LIMIT ?2",
);
const ROW_OF_KIND: Stmt = Stmt::both(
    "import.row_of_kind",
    "SELECT row_sealed FROM import_row WHERE import_id = ?1 AND row_no = ?2 AND (?3 = '' OR kind = ?3)",
);
const ANY_WITH: Stmt = Stmt::both(
    "import.any_with",
    "SELECT count(*) FROM (SELECT 1 FROM import_row WHERE import_id = ?1 AND (own = ?2 OR other = ?2) LIMIT 1) one",
);
const ROWS_OWN: Stmt = Stmt::both(
    "import.rows_own",
    "SELECT row_no, row_sealed FROM import_row WHERE import_id = ?1 AND own = ?2 AND at >= ?3 ORDER BY row_no LIMIT ?4",
);
const ACCOUNTS: Stmt = Stmt::both(
    "import.accounts",
    "SELECT DISTINCT own FROM import_row WHERE import_id = ?1 AND own IS NOT NULL AND kind = 'movement' ORDER BY own LIMIT 1000",
);
const ROWS_DROP: Stmt = Stmt::both("import.rows_drop", "DELETE FROM import_row WHERE import_id = ?1");
const EMPTY: Stmt = Stmt::both("import.empty", "UPDATE import SET told_sealed = ?2 WHERE id = ?1");
const REPORT_DROP: Stmt = Stmt::both("import.report_drop", "DELETE FROM import_report WHERE report_id = ?1");
const KINDS: Stmt = Stmt::both(
    "import.kinds",
    "SELECT kind, count(*) FROM import_row WHERE import_id = ?1 GROUP BY kind ORDER BY kind",
);
const MOST_OFTEN: Stmt = Stmt::both(
    "import.most_often",
    "SELECT min(row_no), count(*) FROM import_row WHERE import_id = ?1 AND other IS NOT NULL GROUP BY other \
     ORDER BY count(*) DESC, min(row_no) LIMIT ?2",
);
const ROW_AT: Stmt = Stmt::both(
    "import.row_at",
    "SELECT row_no, row_sealed FROM import_row WHERE import_id = ?1 AND row_no = ?2",
);

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &INSERT,
    &BY_KEY,
    &FIND,
    &OF_EXHIBIT,
    &OF_REPORT,
    &TOLD,
    &GROW,
    &CLAIM,
    &SETTLE,
    &BROKEN,
    &REPORT_ADD,
    &REPORTS,
    &ROW_INSERT,
    &ROWS_INSERT,
    &ROWS,
    &ROWS_OWN,
    &ACCOUNTS,
    &ROWS_DROP,
    &EMPTY,
    &REPORT_DROP,
    &KINDS,
    &MOST_OFTEN,
    &ROW_AT,
    &UNDATED,
    &UNDATED_FIRST,
    &ROW_OF_KIND,
    &ANY_WITH,
    &word::INSERT,
    &word::INSERT_MANY,
    &word::PARTS,
    &word::OF_PART,
    &word::DROP,
    &mapping::DROP,
    &mapping::INSERT,
    &mapping::KNOWN,
    &mapping::FIND,
];

fn read(row: &Row) -> Result<Import, DbError> {
    let word = |text: &str| DbError::Bug(format!("import: `{text}`"));
    let state: String = row.get(4)?;
    Ok(Import {
        id: ImportId::from_uuid(row.get(0)?),
        exhibit: ExhibitId::from_uuid(row.get(1)?),
        author: row.get(2)?,
        begun_at: row.get(3)?,
        state: State::parse(&state).ok_or_else(|| word(&state))?,
        rows: row.get(5)?,
        troubles: row.get(6)?,
        changed_at: row.get(7)?,
    })
}

/// A new one; `false` if the form was sent before.
///
/// # Errors
/// The database's.
pub fn insert(
    tx: &mut Tx<'_>,
    i: &Import,
    key: &str,
    (told, wall): (&[u8], Timestamp),
) -> Result<bool, DbError> {
    let all = params![
        i.id,
        i.exhibit,
        key,
        i.author.as_str(),
        i.begun_at,
        i.state.as_str(),
        i.rows,
        i.troubles,
        told,
        wall
    ];
    Ok(tx.execute(&INSERT, all)? > 0)
}

/// The one that a form became.
///
/// # Errors
/// The database's.
pub fn by_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<Import>, DbError> {
    tx.query_opt(&BY_KEY, params![key], read)
}

/// One of them.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: ImportId) -> Result<Option<Import>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// What an exhibit was read as, the latest first.
///
/// # Errors
/// The database's.
pub fn of_exhibit(tx: &mut Tx<'_>, exhibit: ExhibitId, most: i64) -> Result<Vec<Import>, DbError> {
    tx.query(&OF_EXHIBIT, params![exhibit, most], read)
}

/// What shows where the money of a report went.
///
/// # Errors
/// The database's.
pub fn of_report(tx: &mut Tx<'_>, report: Uuid) -> Result<Vec<Import>, DbError> {
    tx.query(&OF_REPORT, params![report], read)
}

/// What was found, sealed.
///
/// # Errors
/// The database's.
pub fn told(tx: &mut Tx<'_>, id: ImportId) -> Result<Vec<u8>, DbError> {
    Ok(tx.query_opt(&TOLD, params![id], |r| r.get(0))?.unwrap_or_default())
}

/// More of it has come; `false` if it is not being read any more.
///
/// # Errors
/// The database's.
pub fn grow(tx: &mut Tx<'_>, id: ImportId, rows: i64, wall: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&GROW, params![id, rows, wall])? > 0)
}

/// One process reads it from now on; `false` if another does, or it is over.
///
/// # Errors
/// The database's.
pub fn claim(tx: &mut Tx<'_>, id: ImportId, wall: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&CLAIM, params![id, wall])? > 0)
}

/// It has come to an end, or was taken back; `false` if it stood otherwise.
///
/// # Errors
/// The database's.
pub fn settle(tx: &mut Tx<'_>, i: &Import, before: State, told: &[u8]) -> Result<bool, DbError> {
    let all = params![i.id, before.as_str(), i.state.as_str(), i.rows, i.troubles, told, i.changed_at];
    Ok(tx.execute(&SETTLE, all)? > 0)
}

/// Those of whose reading nothing was heard since.
///
/// # Errors
/// The database's.
pub fn broken(tx: &mut Tx<'_>, since: Timestamp, most: i64) -> Result<Vec<Import>, DbError> {
    tx.query(&BROKEN, params![since, most], read)
}

/// It shows the money of a report.
///
/// # Errors
/// The database's.
pub fn add_report(tx: &mut Tx<'_>, id: ImportId, report: Uuid) -> Result<(), DbError> {
    tx.execute(&REPORT_ADD, params![id, report]).map(drop)
}

/// Whose money it shows.
///
/// # Errors
/// The database's.
pub fn reports(tx: &mut Tx<'_>, id: ImportId) -> Result<Vec<Uuid>, DbError> {
    tx.query(&REPORTS, params![id], |r| r.get(0))
}

/// A row with its keys and its sealed words.
#[derive(Debug)]
pub struct Line {
    /// Its number.
    pub no: i64,
    /// The line of the file.
    pub line: i64,
    /// What it is.
    pub kind: RowKind,
    /// When.
    pub at: Option<Timestamp>,
    /// Whose, as a keyed hash.
    pub own: Option<Vec<u8>>,
    /// With whom, as a keyed hash.
    pub other: Option<Vec<u8>>,
    /// The row, sealed.
    pub sealed: Vec<u8>,
    /// Keyed hashes of its words.
    pub words: Vec<Vec<u8>>,
}

/// Rows that one statement writes.
const TOGETHER: usize = 16;

/// Rows are kept.
///
/// # Errors
/// The database's.
pub fn insert_rows(tx: &mut Tx<'_>, id: ImportId, rows: &[Line]) -> Result<(), DbError> {
    for some in rows.chunks(TOGETHER) {
        if some.len() == TOGETHER {
            let all: Vec<Value> =
                std::iter::once(Value::from(id)).chain(some.iter().flat_map(columns)).collect();
            tx.execute(&ROWS_INSERT, &all)?;
            continue;
        }
        for row in some {
            let all: Vec<Value> = std::iter::once(Value::from(id)).chain(columns(row)).collect();
            tx.execute(&ROW_INSERT, &all)?;
        }
    }
    word::insert(tx, id, rows)
}

fn columns(r: &Line) -> [Value; 7] {
    [
        r.no.into(),
        r.line.into(),
        r.kind.as_str().into(),
        r.at.into(),
        r.own.as_deref().map_or(Value::Null, Value::from),
        r.other.as_deref().map_or(Value::Null, Value::from),
        r.sealed.as_slice().into(),
    ]
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Of one kind; empty for all.
    pub kind: &'a str,
    /// Of one account or with it.
    pub with: Option<&'a [u8]>,
    /// Without a date.
    pub undated: bool,
}

/// A page of rows behind one of them.
///
/// # Errors
/// The database's.
pub fn rows(
    tx: &mut Tx<'_>,
    id: ImportId,
    (after, most): (i64, i64),
    wanted: Wanted<'_>,
) -> Result<Vec<(i64, Vec<u8>)>, DbError> {
    let (with, by) = (wanted.with.unwrap_or_default(), i64::from(wanted.with.is_some()));
    let all = params![id, after, wanted.kind, with, by, most, i64::from(wanted.undated)];
    tx.query(&ROWS, all, |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Whether any row is of an account or with it.
///
/// # Errors
/// The database's.
pub fn any_with(tx: &mut Tx<'_>, id: ImportId, with: &[u8]) -> Result<bool, DbError> {
    Ok(tx.query_one(&ANY_WITH, params![id, with], |r| r.get::<i64>(0))? > 0)
}

/// One row, if it is of that kind; empty for any.
///
/// # Errors
/// The database's.
pub fn row_of_kind(
    tx: &mut Tx<'_>,
    id: ImportId,
    (no, kind): (i64, &str),
) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(&ROW_OF_KIND, params![id, no, kind], |r| r.get(0))
}

/// How many rows have no date, of that kind; empty for any that should have one.
///
/// # Errors
/// The database's.
pub fn undated(tx: &mut Tx<'_>, id: ImportId, kind: &str) -> Result<i64, DbError> {
    tx.query_one(&UNDATED, params![id, kind], |r| r.get(0))
}

/// The first of them: number and line.
///
/// # Errors
/// The database's.
pub fn undated_first(tx: &mut Tx<'_>, id: ImportId, most: i64) -> Result<Vec<(i64, i64)>, DbError> {
    tx.query(&UNDATED_FIRST, params![id, most], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Rows of one account from then on, in the order of the file.
///
/// # Errors
/// The database's.
pub fn rows_of(
    tx: &mut Tx<'_>,
    id: ImportId,
    (own, since): (&[u8], Timestamp),
    most: i64,
) -> Result<Vec<(i64, Vec<u8>)>, DbError> {
    tx.query(&ROWS_OWN, params![id, own, since, most], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Keys of the accounts whose movements it holds.
///
/// # Errors
/// The database's.
pub fn accounts(tx: &mut Tx<'_>, id: ImportId) -> Result<Vec<Vec<u8>>, DbError> {
    tx.query(&ACCOUNTS, params![id], |r| r.get(0))
}

/// One row.
///
/// # Errors
/// The database's.
pub fn row(tx: &mut Tx<'_>, id: ImportId, no: i64) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(&ROW_AT, params![id, no], |r| r.get(1))
}

/// No row of it is kept.
///
/// # Errors
/// The database's.
pub fn drop_rows(tx: &mut Tx<'_>, id: ImportId) -> Result<(), DbError> {
    tx.execute(&ROWS_DROP, params![id])?;
    word::drop(tx, id)
}

/// Nothing of it is left but that it was.
///
/// # Errors
/// The database's.
pub fn empty(tx: &mut Tx<'_>, id: ImportId) -> Result<(), DbError> {
    drop_rows(tx, id)?;
    tx.execute(&EMPTY, params![id, [].as_slice()]).map(drop)
}

/// No import shows the money of a report any more.
///
/// # Errors
/// The database's.
pub fn drop_report(tx: &mut Tx<'_>, report: Uuid) -> Result<(), DbError> {
    tx.execute(&REPORT_DROP, params![report]).map(drop)
}

/// How many there are of each kind.
///
/// # Errors
/// The database's.
pub fn kinds(tx: &mut Tx<'_>, id: ImportId) -> Result<Vec<(String, i64)>, DbError> {
    tx.query(&KINDS, params![id], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Other sides that come most often: the first row of each, and how often.
///
/// # Errors
/// The database's.
pub fn most_often(tx: &mut Tx<'_>, id: ImportId, most: i64) -> Result<Vec<(i64, i64)>, DbError> {
    tx.query(&MOST_OFTEN, params![id, most], |r| Ok((r.get(0)?, r.get(1)?)))
}
