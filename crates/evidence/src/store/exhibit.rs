//! Rows of exhibits, and who is let in.

use access::Office;
use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{Exhibit, ExhibitId, Fate, Form, Matter, State};

macro_rules! own_columns {
    () => {
        "number, form, parent_id, blob_id, size_bytes, seal, matter_kind, matter_id, matter_number, state, custodian, offered_to, \
         place_id, under_seal, events, closed, damaged, proposed_by, proposed, changed_at"
    };
}
macro_rules! select {
    ($rest:expr) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM exhibit e WHERE ", $rest)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "evidence.exhibit_insert",
    concat!(
        "INSERT INTO exhibit (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", told_sealed, content_sealed, title_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("evidence.exhibit_find", select!("e.id = ?1"));
pub(super) const BY_NUMBER: Stmt = Stmt::both("evidence.exhibit_by_number", select!("e.number = ?1"));
/// What the reader sees, of one custodian or offered to somebody where that is asked, of one matter or state where that is; the latest
/// changed first, behind a place in that order.
pub(super) const LIST: Stmt = Stmt::both(
    "evidence.exhibit_list",
    select!(concat!(
        access::team_where!("?1", "?2", "?3", "e.", "exhibit_reader", "exhibit_id"),
        " AND (?4 = '' OR e.custodian = ?4) AND (?5 = '' OR e.offered_to = ?5) AND (?6 = '' OR e.state = ?6) \
         AND (?7 = '' OR e.form = ?7) AND (NOT ?8 OR e.damaged) AND (NOT ?9 OR e.proposed_by <> '') \
         AND (e.changed_at < ?10 OR (e.changed_at = ?10 AND e.id < ?11)) \
         ORDER BY e.changed_at DESC, e.id DESC LIMIT ?12"
    )),
);
pub(super) const OF_MATTER: Stmt = Stmt::both(
    "evidence.exhibit_of_matter",
    select!(concat!(
        access::team_where!("?1", "?2", "?3", "e.", "exhibit_reader", "exhibit_id"),
        " AND e.matter_id = ?4 AND e.matter_kind = ?5 ORDER BY e.created_at, e.id LIMIT ?6"
    )),
);
pub(super) const IDS_OF_MATTER: Stmt = Stmt::both(
    "evidence.exhibit_ids_of_matter",
    "SELECT id FROM exhibit WHERE matter_id = ?1 AND matter_kind = ?2 ORDER BY id",
);
pub(super) const REMARK: Stmt = Stmt::both(
    "evidence.exhibit_remark",
    "UPDATE exhibit SET unit_id = ?2, marking = ?3, row_hash = ?4 WHERE id = ?1",
);
pub(super) const MADE_FROM: Stmt =
    Stmt::both("evidence.exhibit_made_from", select!("e.parent_id = ?1 ORDER BY e.created_at, e.id"));
pub(super) const OF_BLOB: Stmt =
    Stmt::both("evidence.exhibit_of_blob", select!("e.blob_id = ?1 ORDER BY e.id"));
pub(super) const SAVE: Stmt = Stmt::both(
    "evidence.exhibit_save",
    "UPDATE exhibit SET matter_kind = ?3, matter_id = ?4, matter_number = ?5, state = ?6, custodian = ?7, offered_to = ?8, \
     place_id = ?9, under_seal = ?10, events = ?11, closed = ?12, damaged = ?13, proposed_by = ?14, proposed = ?15, changed_at = ?16, \
     blob_id = ?17 WHERE id = ?1 AND events = ?2",
);
pub(super) const RETITLE: Stmt =
    Stmt::both("evidence.exhibit_retitle", "UPDATE exhibit SET title_sealed = ?2 WHERE id = ?1");
pub(super) const SEALED: Stmt = Stmt::both(
    "evidence.exhibit_sealed",
    "SELECT told_sealed, content_sealed, title_sealed FROM exhibit WHERE id = ?1",
);
pub(super) const EMPTY: Stmt = Stmt::both(
    "evidence.exhibit_empty",
    "UPDATE exhibit SET told_sealed = ?2, content_sealed = ?2, title_sealed = ?2 WHERE id = ?1",
);
pub(super) const READERS: Stmt =
    Stmt::both("evidence.readers", "SELECT label FROM exhibit_reader WHERE exhibit_id = ?1 ORDER BY label");
pub(super) const READER_ADD: Stmt = Stmt::both(
    "evidence.reader_add",
    "INSERT INTO exhibit_reader (exhibit_id, label) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
);
pub(super) const READERS_DROP: Stmt =
    Stmt::both("evidence.readers_drop", "DELETE FROM exhibit_reader WHERE exhibit_id = ?1");
pub(super) const COUNT: Stmt = Stmt::both(
    "evidence.exhibit_count",
    concat!(
        "SELECT count(*), count(CASE WHEN e.offered_to = ?3 THEN 1 END), count(CASE WHEN e.proposed_by <> '' THEN 1 END), \
         count(CASE WHEN e.damaged THEN 1 END) FROM exhibit e WHERE ",
        access::team_where!("?1", "?2", "?3", "e.", "exhibit_reader", "exhibit_id")
    ),
);

/// How many own columns never change and are in the row hash.
const FIXED: usize = 6;

/// What is sealed of an exhibit.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// What was told.
    pub told: Vec<u8>,
    /// Its hashes and salt.
    pub content: Vec<u8>,
    /// What it is called now.
    pub title: Vec<u8>,
}

/// Whether it lies under a seal; with the exhibit.
pub type WithSeal = (Exhibit, bool);

fn matter(m: Option<&Matter>) -> [Value; 3] {
    [
        Value::from(m.map(|m| m.kind.as_str())),
        Value::from(m.map(|m| m.id)),
        Value::from(m.map(|m| m.number.as_str())),
    ]
}

/// Keeps a new exhibit.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, e: &Exhibit, sealed: &Sealed) -> Result<(), DbError> {
    let [kind, matter, number] = matter(e.matter.as_ref());
    let own = [
        params![e.number.as_str(), e.form.as_str(), e.parent, e.blob, e.size_bytes, e.seal.as_slice()]
            .to_vec(),
        vec![kind, matter, number],
        params![
            e.state.as_str(),
            e.custodian.as_str(),
            e.offered_to.as_str(),
            e.place,
            false,
            e.events,
            e.closed,
            e.damaged,
            e.proposed_by.as_str(),
            e.proposed.map(Fate::as_str),
            e.changed_at,
            sealed.told.as_slice(),
            sealed.content.as_slice(),
            sealed.title.as_slice()
        ]
        .to_vec(),
    ]
    .concat();
    tx.execute(&INSERT, &app::header::values(e.id.uuid(), &e.header, &own, FIXED)).map(drop)
}

fn word<T>(text: &str, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
    read(text).ok_or_else(|| DbError::Bug(format!("column `exhibit.{column}` holds `{text}`")))
}

fn read(row: &Row) -> Result<WithSeal, DbError> {
    let (id, header) = app::header::read(row)?;
    let (form, state): (String, String) = (row.get(17)?, row.get(25)?);
    let seal: Vec<u8> = row.get(21)?;
    let (kind, matter, number): (Option<String>, Option<Uuid>, Option<String>) =
        (row.get(22)?, row.get(23)?, row.get(24)?);
    let proposed: Option<String> = row.get(34)?;
    let exhibit = Exhibit {
        id: ExhibitId::from_uuid(id),
        header,
        number: row.get(16)?,
        form: word(&form, "form", Form::parse)?,
        parent: row.get::<Option<Uuid>>(18)?.map(ExhibitId::from_uuid),
        blob: row.get(19)?,
        size_bytes: row.get(20)?,
        seal: seal.try_into().map_err(|_| DbError::Bug("column `exhibit.seal` is not 32 bytes".into()))?,
        matter: kind.zip(matter).zip(number).map(|((kind, id), number)| Matter { kind, id, number }),
        state: word(&state, "state", State::parse)?,
        custodian: row.get(26)?,
        offered_to: row.get(27)?,
        place: row.get(28)?,
        events: row.get(30)?,
        closed: row.get(31)?,
        damaged: row.get(32)?,
        proposed_by: row.get(33)?,
        proposed: proposed.map(|p| word(&p, "proposed", Fate::parse)).transpose()?,
        changed_at: row.get(35)?,
    };
    Ok((exhibit, row.get(29)?))
}

/// One exhibit.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: ExhibitId) -> Result<Option<WithSeal>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// One by its number.
///
/// # Errors
/// The database's.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<WithSeal>, DbError> {
    tx.query_opt(&BY_NUMBER, params![number], read)
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Those that somebody keeps.
    pub custodian: String,
    /// Those that are offered to somebody.
    pub offered_to: String,
    /// Those that have come to this.
    pub state: Option<State>,
    /// Files or things.
    pub form: Option<Form>,
    /// Those that were found damaged.
    pub damaged: bool,
    /// Those of which somebody proposed what becomes of them.
    pub proposed: bool,
    /// Those behind this one.
    pub after: Option<(Timestamp, Uuid)>,
}

/// What the reader sees of them.
///
/// # Errors
/// The database's.
pub fn list(tx: &mut Tx<'_>, office: &Office, n: &Narrow, limit: i64) -> Result<Vec<Exhibit>, DbError> {
    let (at, id) = n.after.unwrap_or((Timestamp::from_micros(i64::MAX), Uuid::max()));
    let mut all = office.team_params().to_vec();
    all.extend(
        params![
            n.custodian.as_str(),
            n.offered_to.as_str(),
            n.state.map_or("", State::as_str),
            n.form.map_or("", Form::as_str),
            n.damaged,
            n.proposed,
            at,
            id,
            limit
        ]
        .to_vec(),
    );
    tx.query(&LIST, &all, |row| read(row).map(|(e, _)| e))
}

/// Those of a matter that the reader sees, in the order in which they were taken in.
///
/// # Errors
/// The database's.
pub fn of_matter(
    tx: &mut Tx<'_>,
    office: &Office,
    (kind, id): (&str, Uuid),
    limit: i64,
) -> Result<Vec<Exhibit>, DbError> {
    let mut all = office.team_params().to_vec();
    all.extend(params![id, kind, limit].to_vec());
    tx.query(&OF_MATTER, &all, |row| read(row).map(|(e, _)| e))
}

/// All of a matter, whoever sees them.
///
/// # Errors
/// The database's.
pub fn ids_of_matter(tx: &mut Tx<'_>, (kind, id): (&str, Uuid)) -> Result<Vec<ExhibitId>, DbError> {
    tx.query(&IDS_OF_MATTER, params![id, kind], |row| Ok(ExhibitId::from_uuid(row.get(0)?)))
}

/// Keeps unit and marking, which are part of the row's hash. The row is held by whoever calls.
///
/// # Errors
/// The database's.
pub fn remark(tx: &mut Tx<'_>, e: &Exhibit) -> Result<(), DbError> {
    let own = params![e.number.as_str(), e.form.as_str(), e.parent, e.blob, e.size_bytes, e.seal.as_slice()]
        .to_vec();
    let hashed = app::header::values(e.id.uuid(), &e.header, &own, FIXED);
    let hash = hashed.get(app::header::WIDTH.saturating_sub(1)).cloned().unwrap_or(Value::Null);
    tx.execute(&REMARK, params![e.id, e.header.unit_id.as_str(), e.header.marking.to_text(), hash]).map(drop)
}

/// What was made from one.
///
/// # Errors
/// The database's.
pub fn made_from(tx: &mut Tx<'_>, id: ExhibitId) -> Result<Vec<Exhibit>, DbError> {
    tx.query(&MADE_FROM, params![id], |row| read(row).map(|(e, _)| e))
}

/// Whose bytes these are.
///
/// # Errors
/// The database's.
pub fn of_blob(tx: &mut Tx<'_>, blob: Uuid) -> Result<Vec<Exhibit>, DbError> {
    tx.query(&OF_BLOB, params![blob], |row| read(row).map(|(e, _)| e))
}

/// Keeps what an event has changed; `before` is how many events there were.
///
/// # Errors
/// [`DbError::Conflict`] if something else happened meanwhile.
pub fn save(tx: &mut Tx<'_>, e: &Exhibit, under_seal: bool, before: i64) -> Result<(), DbError> {
    let [kind, matter, number] = matter(e.matter.as_ref());
    let mut all = params![e.id, before].to_vec();
    all.extend([kind, matter, number]);
    all.extend(
        params![
            e.state.as_str(),
            e.custodian.as_str(),
            e.offered_to.as_str(),
            e.place,
            under_seal,
            e.events,
            e.closed,
            e.damaged,
            e.proposed_by.as_str(),
            e.proposed.map(Fate::as_str),
            e.changed_at,
            e.blob
        ]
        .to_vec(),
    );
    tx.guarded(&SAVE, &all)
}

/// Calls it something else.
///
/// # Errors
/// The database's.
pub fn retitle(tx: &mut Tx<'_>, id: ExhibitId, title: &[u8]) -> Result<(), DbError> {
    tx.execute(&RETITLE, params![id, title]).map(drop)
}

/// What is sealed of it; empty once it was destroyed.
///
/// # Errors
/// The database's.
pub fn sealed(tx: &mut Tx<'_>, id: ExhibitId) -> Result<Sealed, DbError> {
    tx.query_one(&SEALED, params![id], |r| {
        Ok(Sealed { told: r.get(0)?, content: r.get(1)?, title: r.get(2)? })
    })
}

/// Empties what is sealed of it.
///
/// # Errors
/// The database's.
pub fn empty(tx: &mut Tx<'_>, id: ExhibitId) -> Result<(), DbError> {
    let nothing: &[u8] = &[];
    tx.execute(&EMPTY, params![id, nothing]).map(drop)
}

/// Who is let in.
///
/// # Errors
/// The database's.
pub fn readers(tx: &mut Tx<'_>, id: ExhibitId) -> Result<Vec<String>, DbError> {
    tx.query(&READERS, params![id], |r| r.get(0))
}

/// Lets these in and nobody else.
///
/// # Errors
/// The database's.
pub fn set_readers(tx: &mut Tx<'_>, id: ExhibitId, labels: &[String]) -> Result<(), DbError> {
    tx.execute(&READERS_DROP, params![id])?;
    for label in labels {
        tx.execute(&READER_ADD, params![id, label.as_str()])?;
    }
    Ok(())
}

/// How many the reader sees: all, offered to the reader, with a proposal, damaged.
///
/// # Errors
/// The database's.
pub fn count(tx: &mut Tx<'_>, office: &Office) -> Result<[i64; 4], DbError> {
    tx.query_one(&COUNT, &office.team_params(), |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))
}
