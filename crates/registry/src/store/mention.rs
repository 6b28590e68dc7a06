//! SQL of mentions: which report names what, and how.

use db::{DbError, Row, Stmt, Tx, Value, params};
use uuid::Uuid;

use crate::model::{EntryId, How, Mention};

/// So many mentions of each sort are counted, the latest first: enough for every band and every reason, and no more, so
/// that a fraud with a hundred thousand victims does not stop the reports of the rest. Sorts are counted apart, so that a
/// thousand words of one sort push nothing out of another.
const MOST_COUNTED: i64 = 200;

pub(super) const MENTION: Stmt = Stmt::both(
    "registry.mention",
    "INSERT INTO registry_mention (id, entry_id, report_id, how, reporter_id, verified, partner, at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
);
pub(super) const MENTIONS: Stmt = Stmt::both(
    "registry.mentions",
    "SELECT report_id, how, reporter_id, verified, partner, at FROM registry_mention \
     WHERE entry_id = ?1 AND how = ?2 AND verified = ?3 ORDER BY at DESC, id LIMIT ?4",
);
pub(super) const COUNT: Stmt = Stmt::both(
    "registry.mentions_count",
    "SELECT COUNT(*) FROM registry_mention WHERE entry_id = ?1 AND how <> 'listing'",
);
pub(super) const OF_REPORT: Stmt = Stmt::both(
    "registry.of_report",
    "SELECT report_id, how, reporter_id, verified, partner, at, entry_id FROM registry_mention WHERE report_id = ?1 \
     ORDER BY entry_id",
);
pub(super) const SOME_OF: Stmt = Stmt::both(
    "registry.some_of_report",
    "SELECT entry_id FROM registry_mention WHERE report_id = ?1 ORDER BY id LIMIT ?2",
);
pub(super) const UNNAME: Stmt = Stmt::both("registry.unname", "DELETE FROM registry_mention WHERE id = ?1");
pub(super) const UNMENTION: Stmt =
    Stmt::both("registry.unmention", "DELETE FROM registry_mention WHERE report_id = ?1");

/// How many reports name an entry.
///
/// # Errors
/// The database's.
pub fn mention_count(tx: &mut Tx<'_>, entry: EntryId) -> Result<usize, DbError> {
    let count: i64 = tx.query_one(&COUNT, params![entry], |r| r.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Puts down what a report names, in place of what it named before.
///
/// # Errors
/// The database's.
pub fn mention(tx: &mut Tx<'_>, report: Uuid, all: &[(EntryId, Mention)]) -> Result<(), DbError> {
    tx.execute(&UNMENTION, params![report])?;
    all.iter().try_for_each(|(entry, m)| also(tx, *entry, m))
}

/// Puts down one thing more that a report, or a list, names.
///
/// # Errors
/// The database's; the same again is [`DbError::Unique`].
pub fn also(tx: &mut Tx<'_>, entry: EntryId, m: &Mention) -> Result<(), DbError> {
    let id = mention_id(entry, m.report);
    let own =
        params![id, entry, m.report, m.how.as_str(), m.reporter, m.verified, m.partner.as_deref(), m.at];
    tx.execute(&MENTION, own).map(drop)
}

/// Some of the things that a list names.
///
/// # Errors
/// The database's.
pub fn some_of(tx: &mut Tx<'_>, report: Uuid, limit: i64) -> Result<Vec<EntryId>, DbError> {
    tx.query(&SOME_OF, params![report, limit], |r| Ok(EntryId::from_uuid(r.get(0)?)))
}

/// Takes back that a list names a thing.
///
/// # Errors
/// The database's.
pub fn unname(tx: &mut Tx<'_>, report: Uuid, entry: EntryId) -> Result<(), DbError> {
    tx.execute(&UNNAME, params![mention_id(entry, report)]).map(drop)
}

/// One row for a report and an entry. It begins as the report's id does, so that rows lie in the order in which reports
/// came.
fn mention_id(entry: EntryId, report: Uuid) -> Uuid {
    let hash = db::row_hash(&[Value::from("mention"), Value::from(entry.uuid()), Value::from(report)]);
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(report.as_bytes().iter().take(6).chain(hash.iter())) {
        *to = *from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// What a report was heard to name, by entry.
///
/// # Errors
/// The database's.
pub fn of_report(tx: &mut Tx<'_>, report: Uuid) -> Result<Vec<(EntryId, Mention)>, DbError> {
    tx.query(&OF_REPORT, params![report], |r| Ok((EntryId::from_uuid(r.get(6)?), read_mention(r)?)))
}

fn read_mention(r: &Row) -> Result<Mention, DbError> {
    let how: String = r.get(1)?;
    Ok(Mention {
        report: r.get(0)?,
        how: How::parse(&how).ok_or_else(|| DbError::Bug(format!("`registry_mention.how` holds `{how}`")))?,
        reporter: r.get(2)?,
        verified: r.get(3)?,
        partner: r.get(4)?,
        at: r.get(5)?,
    })
}

/// The reports that name an entry, the latest first; of very many only the latest of each sort.
///
/// # Errors
/// The database's.
pub fn mentions(tx: &mut Tx<'_>, entry: EntryId) -> Result<Vec<Mention>, DbError> {
    let mut all = Vec::new();
    for how in How::ALL {
        for verified in [true, false] {
            all.extend(tx.query(
                &MENTIONS,
                params![entry, how.as_str(), verified, MOST_COUNTED],
                read_mention,
            )?);
        }
    }
    all.sort_by_key(|m| (std::cmp::Reverse(m.at), m.report));
    Ok(all)
}
