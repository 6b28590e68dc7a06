//! SQL of messages between the reporter and the desk.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;
use vault::SubjectKey;

use crate::ReportError;
use crate::model::{Message, ReportId};

pub(super) const MESSAGE_INSERT: Stmt = Stmt::both(
    "report.message_insert",
    "INSERT INTO report_message (id, report_id, at, from_citizen, author, text_sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT DO NOTHING",
);
pub(super) const MESSAGES: Stmt = Stmt::both(
    "report.messages",
    "SELECT id, at, from_citizen, text_sealed, author FROM report_message WHERE report_id = ?1 ORDER BY at, id",
);
pub(super) const MESSAGES_ERASE: Stmt =
    Stmt::both("report.messages_erase", "DELETE FROM report_message WHERE report_id = ?1");

/// Writes a message. `false` if this very one is there already.
///
/// # Errors
/// The database's.
pub fn insert_message(
    tx: &mut Tx<'_>,
    report: ReportId,
    message: (Uuid, Timestamp),
    from: (bool, &str),
    sealed: &[u8],
) -> Result<bool, DbError> {
    Ok(tx.execute(&MESSAGE_INSERT, params![message.0, report, message.1, from.0, from.1, sealed])? == 1)
}

/// Messages of a report, oldest first.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn messages(tx: &mut Tx<'_>, id: ReportId, key: &SubjectKey) -> Result<Vec<Message>, ReportError> {
    let rows = tx.query(&MESSAGES, params![id], |r| {
        let from_system = r.get::<String>(4)?.starts_with("system:");
        let (id, at) = (r.get::<Uuid>(0)?, r.get::<Timestamp>(1)?);
        Ok((id, at, r.get::<bool>(2)?, from_system, r.get::<Vec<u8>>(3)?))
    })?;
    rows.into_iter()
        .map(|(id, at, from_citizen, from_system, sealed)| {
            Ok(Message { id, at, from_citizen, from_system, text: key.open("message", &sealed)? })
        })
        .collect()
}
