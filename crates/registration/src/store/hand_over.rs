//! Files with which matters are handed over, and their way to the register.

use app::{SealedWords, header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{HandOver, HandOverId, Posting, RegistrationId};

macro_rules! own_columns {
    () => {
        "registration_id, schema_name, sha256, size_bytes, channel, institution, posting, tries, last_error"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM hand_over ", $rest)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "registration.hand_over_insert",
    concat!(
        "INSERT INTO hand_over (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", file_sealed, due_wall, lease_until) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, 0)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("registration.hand_over_find", select!("WHERE id = ?1"));
pub(super) const OF_REGISTRATION: Stmt = Stmt::both(
    "registration.hand_over_of_registration",
    select!("WHERE registration_id = ?1 ORDER BY created_at DESC, posting DESC, id DESC LIMIT 1"),
);
pub(super) const FILE: Stmt =
    Stmt::both("registration.hand_over_file", "SELECT file_sealed FROM hand_over WHERE id = ?1");
pub(super) const DUE: Stmt = Stmt::both(
    "registration.hand_over_due",
    select!(
        "WHERE posting = 'waiting' AND due_wall <= ?1 AND lease_until < ?1 ORDER BY due_wall, id LIMIT ?2"
    ),
);
pub(super) const CLAIM: Stmt = Stmt::both(
    "registration.hand_over_claim",
    "UPDATE hand_over SET lease_until = ?3 WHERE id = ?1 AND lease_until < ?2 AND posting = 'waiting'",
);
pub(super) const AGAIN: Stmt = Stmt::both(
    "registration.hand_over_again",
    "UPDATE hand_over SET due_wall = ?2, lease_until = 0, tries = tries + 1, last_error = ?3 \
     WHERE id = ?1 AND posting = 'waiting'",
);
pub(super) const REFUSED: Stmt = Stmt::both(
    "registration.hand_over_refused",
    "UPDATE hand_over SET posting = 'refused', lease_until = 0, last_error = ?2, refused_sealed = ?3 \
     WHERE id = ?1 AND posting IN ('waiting', '')",
);
pub(super) const WHY_REFUSED: Stmt =
    Stmt::both("registration.hand_over_why_refused", "SELECT refused_sealed FROM hand_over WHERE id = ?1");
pub(super) const MOVED: Stmt = Stmt::both(
    "registration.hand_over_moved",
    "UPDATE hand_over SET posting = 'moved', lease_until = 0 WHERE id = ?1 AND posting = 'waiting'",
);
pub(super) const DONE: Stmt = Stmt::both(
    "registration.hand_over_done",
    "UPDATE hand_over SET posting = 'done', lease_until = 0, last_error = '' \
     WHERE registration_id = ?1 AND posting = 'waiting'",
);
pub(super) const ONE_DONE: Stmt = Stmt::both(
    "registration.hand_over_one_done",
    "UPDATE hand_over SET posting = 'done', lease_until = 0, tries = tries + 1, last_error = '' \
     WHERE id = ?1 AND posting = 'waiting'",
);
pub(super) const ASK_AGAIN: Stmt = Stmt::both(
    "registration.hand_over_ask_again",
    "UPDATE hand_over SET due_wall = ?2 WHERE registration_id = ?1 AND posting = 'waiting' AND due_wall > ?2",
);
pub(super) const ERASE: Stmt = Stmt::both(
    "registration.hand_over_erase",
    "UPDATE hand_over SET file_sealed = ?3, refused_sealed = NULL, posting = CASE posting WHEN 'waiting' THEN '' ELSE posting END \
     WHERE registration_id IN (SELECT id FROM registration WHERE subject_kind = ?1 AND subject_id = ?2)",
);

/// What an emptied column holds.
const NOTHING: &[u8] = &[];
/// How many own columns never change and are in the row hash.
const FIXED: usize = 6;

/// Keeps a file; what is to be posted is due at `due_wall`.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, h: &HandOver, file_sealed: &[u8], due_wall: Timestamp) -> Result<(), DbError> {
    let own = params![
        h.registration,
        h.schema.as_str(),
        h.sha256.as_str(),
        h.size_bytes,
        h.channel.as_str(),
        h.institution.as_str(),
        h.posting.as_str(),
        h.tries,
        h.last_error.as_str(),
        file_sealed,
        due_wall
    ];
    tx.execute(&INSERT, &app::header::values(h.id.uuid(), &h.header, own, FIXED)).map(drop)
}

fn read(row: &Row) -> Result<HandOver, DbError> {
    let (id, header) = app::header::read(row)?;
    let posting: String = row.get(22)?;
    Ok(HandOver {
        id: HandOverId::from_uuid(id),
        header,
        registration: row.get(16)?,
        schema: row.get(17)?,
        sha256: row.get(18)?,
        size_bytes: row.get(19)?,
        channel: row.get(20)?,
        institution: row.get(21)?,
        posting: Posting::parse(&posting)
            .ok_or_else(|| DbError::Bug(format!("column `hand_over.posting` holds `{posting}`")))?,
        tries: row.get(23)?,
        last_error: row.get(24)?,
    })
}

/// One file.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: HandOverId) -> Result<Option<HandOver>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// The last file of a matter in a register.
///
/// # Errors
/// The database's.
pub fn of_registration(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<HandOver>, DbError> {
    tx.query_opt(&OF_REGISTRATION, params![id], read)
}

/// Its content, sealed; empty once it was erased.
///
/// # Errors
/// The database's.
pub fn file(tx: &mut Tx<'_>, id: HandOverId) -> Result<Vec<u8>, DbError> {
    tx.query_one(&FILE, params![id], |r| r.get(0))
}

/// What is to be posted now, the longest due first.
///
/// # Errors
/// The database's.
pub fn due(tx: &mut Tx<'_>, wall: Timestamp, limit: i64) -> Result<Vec<HandOver>, DbError> {
    tx.query(&DUE, params![wall, limit], read)
}

/// Takes a posting for oneself until `until`. `false` if somebody else has it.
///
/// # Errors
/// The database's.
pub fn claim(tx: &mut Tx<'_>, id: HandOverId, wall: Timestamp, until: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&CLAIM, params![id, wall, until])? > 0)
}

/// Sets the next try, and says what came of the last one.
///
/// # Errors
/// The database's.
pub fn again(tx: &mut Tx<'_>, id: HandOverId, due_wall: Timestamp, error: &str) -> Result<(), DbError> {
    tx.execute(&AGAIN, params![id, due_wall, error]).map(drop)
}

/// The register does not take it as it is, posted or carried. `false` if it is not waited for any more.
///
/// # Errors
/// The database's.
pub fn refused(tx: &mut Tx<'_>, id: HandOverId, code: &str, words: &SealedWords) -> Result<bool, DbError> {
    Ok(tx.execute(&REFUSED, params![id, code, words.bytes()])? > 0)
}

/// Why the register did not take it, sealed.
///
/// # Errors
/// The database's.
pub fn why_refused(tx: &mut Tx<'_>, id: HandOverId) -> Result<Option<SealedWords>, DbError> {
    let sealed: Option<Vec<u8>> = tx.query_one(&WHY_REFUSED, params![id], |r| r.get(0))?;
    Ok(sealed.filter(|bytes| !bytes.is_empty()).map(SealedWords::from_bytes))
}

/// Whoever it was on its way to keeps the register no more. `false` if it is not on its way any more.
///
/// # Errors
/// The database's.
pub fn moved(tx: &mut Tx<'_>, id: HandOverId) -> Result<bool, DbError> {
    Ok(tx.execute(&MOVED, params![id])? > 0)
}

/// One file has arrived, and asks for nothing.
///
/// # Errors
/// The database's.
pub fn one_done(tx: &mut Tx<'_>, id: HandOverId) -> Result<(), DbError> {
    tx.execute(&ONE_DONE, params![id]).map(drop)
}

/// What waits is posted once more at `wall`.
///
/// # Errors
/// The database's.
pub fn ask_again(tx: &mut Tx<'_>, registration: RegistrationId, wall: Timestamp) -> Result<(), DbError> {
    tx.execute(&ASK_AGAIN, params![registration, wall]).map(drop)
}

/// The register has it: nothing of this matter is posted any more.
///
/// # Errors
/// The database's.
pub fn done(tx: &mut Tx<'_>, registration: RegistrationId) -> Result<(), DbError> {
    tx.execute(&DONE, params![registration]).map(drop)
}

/// Empties the files of a matter; nothing of it is posted any more.
///
/// # Errors
/// The database's.
pub fn erase(tx: &mut Tx<'_>, kind: &str, subject: Uuid) -> Result<(), DbError> {
    tx.execute(&ERASE, params![kind, subject, NOTHING]).map(drop)
}
