//! Notifications: a row is a promise to post at least once.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::notify::model::{EndpointId, Fault, Notification, NotificationId, NotificationState, Topic};

macro_rules! due_columns {
    () => {
        "id, endpoint, topic, created_wall, due_wall, tries, step"
    };
}
macro_rules! view_columns {
    () => {
        "id, endpoint, topic, created_wall, due_wall, tries, state, tried_wall, last_status, last_error"
    };
}

pub(crate) const INSERT: Stmt = Stmt::both(
    "partner.notification_insert",
    "INSERT INTO notification (id, endpoint, topic, created_wall, due_wall, lease_until, tries, step, state, last_error) \
     VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, 'pending', '')",
);
/// The guard is in the statement: whoever posts claims the row first (and then a new one is put) or after this commit
/// (and then what it tells of is there to be read).
pub(crate) const JOIN: Stmt = Stmt::both(
    "partner.notification_join",
    "UPDATE notification SET due_wall = CASE WHEN due_wall > ?4 THEN ?4 ELSE due_wall END, step = 0 \
     WHERE endpoint = ?1 AND topic = ?2 AND state = 'pending' AND lease_until < ?3",
);
/// By a cursor that goes round, so that rows of an endpoint without room hide no others. Limits are in the text:
/// SQLite prepares a statement anew at each use whose limit is a parameter.
pub(crate) const DUE: Stmt = Stmt::both(
    "partner.notification_due",
    concat!(
        "SELECT ",
        due_columns!(),
        " FROM notification WHERE state = 'pending' AND due_wall <= ?1 AND lease_until < ?1 \
         AND (due_wall, id) > (?2, ?3) ORDER BY due_wall, id LIMIT 64"
    ),
);
/// With it a silent endpoint is probed, due or not.
pub(crate) const PROBE: Stmt = Stmt::both(
    "partner.notification_probe",
    concat!(
        "SELECT ",
        due_columns!(),
        " FROM notification WHERE endpoint = ?1 AND state = 'pending' AND lease_until < ?2 \
         ORDER BY due_wall, id LIMIT 1"
    ),
);
pub(crate) const CLAIM: Stmt = Stmt::both(
    "partner.notification_claim",
    "UPDATE notification SET lease_until = ?3 WHERE id = ?1 AND lease_until < ?2 AND state = 'pending'",
);
pub(crate) const PUT_OFF: Stmt = Stmt::both(
    "partner.notification_put_off",
    "UPDATE notification SET due_wall = ?2 WHERE id = ?1 AND state = 'pending' AND due_wall < ?2",
);
pub(crate) const DONE: Stmt = Stmt::both(
    "partner.notification_done",
    "UPDATE notification SET state = 'done', lease_until = 0, tries = tries + 1, tried_wall = ?2, last_status = ?3, \
     last_error = '' WHERE id = ?1 AND state = 'pending'",
);
pub(crate) const AGAIN: Stmt = Stmt::both(
    "partner.notification_again",
    "UPDATE notification SET due_wall = ?2, lease_until = 0, tries = tries + 1, step = step + 1, tried_wall = ?3, \
     last_status = ?4, last_error = ?5 WHERE id = ?1 AND state = 'pending' AND lease_until = ?6",
);
pub(crate) const PROBED: Stmt = Stmt::both(
    "partner.notification_probed",
    "UPDATE notification SET lease_until = 0, tried_wall = ?2, last_status = ?3, last_error = ?4 \
     WHERE id = ?1 AND state = 'pending' AND lease_until = ?5",
);
pub(crate) const GIVE_UP: Stmt = Stmt::both(
    "partner.notification_give_up",
    "UPDATE notification SET state = 'given_up', lease_until = 0, tries = tries + 1, tried_wall = ?2, last_status = ?3, \
     last_error = ?4 WHERE id = ?1 AND state = 'pending' AND lease_until = ?5",
);
pub(crate) const DROP_ONE: Stmt = Stmt::both(
    "partner.notification_drop",
    "UPDATE notification SET state = 'given_up', lease_until = 0, last_error = ?2 WHERE id = ?1 AND state = 'pending'",
);
pub(crate) const DROP_ALL: Stmt = Stmt::both(
    "partner.notification_drop_all",
    "UPDATE notification SET state = 'given_up', lease_until = 0, last_error = ?2 \
     WHERE endpoint = ?1 AND state = 'pending'",
);
pub(crate) const FLUSH: Stmt = Stmt::both(
    "partner.notification_flush",
    "UPDATE notification SET due_wall = ?2 WHERE endpoint = ?1 AND state = 'pending' AND due_wall > ?2",
);
pub(crate) const REPLAY_ONE: Stmt = Stmt::both(
    "partner.notification_replay",
    "UPDATE notification SET state = 'pending', due_wall = ?3, step = 0 \
     WHERE id = ?1 AND endpoint = ?2 AND lease_until < ?3",
);
pub(crate) const REPLAY_SINCE: Stmt = Stmt::both(
    "partner.notification_replay_since",
    "UPDATE notification SET state = 'pending', due_wall = ?3, step = 0 WHERE id IN (SELECT id FROM notification \
     WHERE endpoint = ?1 AND created_wall >= ?2 AND state <> 'pending' ORDER BY created_wall DESC LIMIT 500)",
);
pub(crate) const HISTORY: Stmt = Stmt::both(
    "partner.notification_history",
    concat!(
        "SELECT ",
        view_columns!(),
        " FROM notification WHERE endpoint = ?1 ORDER BY created_wall DESC, id DESC LIMIT 50"
    ),
);
/// Ids begin with the time, so the key itself says what is old.
pub(crate) const PURGE: Stmt = Stmt::both(
    "partner.notification_purge",
    "DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE id < ?1 AND state <> 'pending' \
     ORDER BY id LIMIT 2000)",
);

/// A notification that may be posted now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: NotificationId,
    /// Where it goes.
    pub endpoint: EndpointId,
    /// Why.
    pub topic: Topic,
    /// When it was put, wall time.
    pub created: Timestamp,
    /// Not before this, wall time.
    pub due: Timestamp,
    /// Tries made.
    pub tries: i64,
    /// Its place in the table of waits, which begins anew when something new comes.
    pub step: i64,
}

fn read_due(row: &Row) -> Result<Due, DbError> {
    Ok(Due {
        id: row.get(0)?,
        endpoint: row.get(1)?,
        topic: Topic::parse(&row.get::<String>(2)?).unwrap_or(Topic::Resumed),
        created: row.get(3)?,
        due: row.get(4)?,
        tries: row.get(5)?,
        step: row.get(6)?,
    })
}

fn read_view(row: &Row) -> Result<Notification, DbError> {
    Ok(Notification {
        id: row.get(0)?,
        endpoint: row.get(1)?,
        topic: Topic::parse(&row.get::<String>(2)?).unwrap_or(Topic::Resumed),
        created: row.get(3)?,
        due: row.get(4)?,
        tries: row.get(5)?,
        state: NotificationState::parse(&row.get::<String>(6)?).unwrap_or(NotificationState::GivenUp),
        tried: row.get(7)?,
        last_status: row.get(8)?,
        last_error: Fault::parse(&row.get::<String>(9)?),
    })
}

/// Puts a notification on its way, unless one of the same endpoint and topic waits, untaken by a sender: that one
/// then tells of this, too, at `due` at the latest, and its table of waits begins anew. `false` if it did.
///
/// # Errors
/// The database's.
pub fn put(
    tx: &mut Tx<'_>,
    id: NotificationId,
    endpoint: EndpointId,
    topic: Topic,
    wall: Timestamp,
    due: Timestamp,
) -> Result<bool, DbError> {
    if tx.execute(&JOIN, params![endpoint, topic.as_str(), wall, due])? > 0 {
        return Ok(false);
    }
    tx.execute(&INSERT, params![id, endpoint, topic.as_str(), wall, due])?;
    Ok(true)
}

/// How many [`due`] gives at most.
pub const WINDOW: usize = 64;

/// Notifications due after the cursor, which is the last one's due time and id; at most [`WINDOW`].
///
/// # Errors
/// The database's.
pub fn due(
    tx: &mut Tx<'_>,
    wall: Timestamp,
    after: (Timestamp, NotificationId),
) -> Result<Vec<Due>, DbError> {
    tx.query(&DUE, params![wall, after.0, after.1], read_due)
}

/// The notification with which a silent endpoint is probed.
///
/// # Errors
/// The database's.
pub fn probe(tx: &mut Tx<'_>, endpoint: EndpointId, wall: Timestamp) -> Result<Option<Due>, DbError> {
    tx.query_opt(&PROBE, params![endpoint, wall], read_due)
}

/// Takes one for posting until `lease`. `false` if somebody else has it.
///
/// # Errors
/// The database's.
pub fn claim(
    tx: &mut Tx<'_>,
    id: NotificationId,
    wall: Timestamp,
    lease: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.execute(&CLAIM, params![id, wall, lease])? == 1)
}

/// One is not posted before `due`.
///
/// # Errors
/// The database's.
pub fn put_off(tx: &mut Tx<'_>, id: NotificationId, due: Timestamp) -> Result<(), DbError> {
    tx.execute(&PUT_OFF, params![id, due]).map(drop)
}

/// It was taken.
///
/// # Errors
/// The database's.
pub fn done(tx: &mut Tx<'_>, id: NotificationId, wall: Timestamp, status: u16) -> Result<(), DbError> {
    tx.execute(&DONE, params![id, wall, status]).map(drop)
}

/// What a failed try leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// When it was made.
    pub wall: Timestamp,
    /// HTTP status, if one came.
    pub status: Option<u16>,
    /// Why.
    pub fault: Fault,
    /// The lease under which it was made: whoever holds another has the say.
    pub lease: Timestamp,
}

/// To be tried again at `due`.
///
/// # Errors
/// The database's.
pub fn again(tx: &mut Tx<'_>, id: NotificationId, due: Timestamp, f: &Failed) -> Result<(), DbError> {
    tx.execute(&AGAIN, params![id, due, f.wall, f.status, f.fault.as_str(), f.lease]).map(drop)
}

/// A probe before its time failed: its next try stays where it was.
///
/// # Errors
/// The database's.
pub fn probed(tx: &mut Tx<'_>, id: NotificationId, f: &Failed) -> Result<(), DbError> {
    tx.execute(&PROBED, params![id, f.wall, f.status, f.fault.as_str(), f.lease]).map(drop)
}

/// The last try failed.
///
/// # Errors
/// The database's.
pub fn give_up(tx: &mut Tx<'_>, id: NotificationId, f: &Failed) -> Result<(), DbError> {
    tx.execute(&GIVE_UP, params![id, f.wall, f.status, f.fault.as_str(), f.lease]).map(drop)
}

/// One is not posted at all, because its endpoint takes nothing.
///
/// # Errors
/// The database's.
pub fn drop_one(tx: &mut Tx<'_>, id: NotificationId, why: Fault) -> Result<(), DbError> {
    tx.execute(&DROP_ONE, params![id, why.as_str()]).map(drop)
}

/// Everything on its way to an endpoint ends.
///
/// # Errors
/// The database's.
pub fn drop_all(tx: &mut Tx<'_>, endpoint: EndpointId, why: Fault) -> Result<(), DbError> {
    tx.execute(&DROP_ALL, params![endpoint, why.as_str()]).map(drop)
}

/// An endpoint is back: everything that waits for it is due now.
///
/// # Errors
/// The database's.
pub fn flush(tx: &mut Tx<'_>, endpoint: EndpointId, wall: Timestamp) -> Result<(), DbError> {
    tx.execute(&FLUSH, params![endpoint, wall]).map(drop)
}

/// One goes out again, now, under its id. `false` if there is none, or it is being posted at this moment.
///
/// # Errors
/// The database's.
pub fn replay_one(
    tx: &mut Tx<'_>,
    id: NotificationId,
    endpoint: EndpointId,
    wall: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.execute(&REPLAY_ONE, params![id, endpoint, wall])? == 1)
}

/// Those since a time that have ended go out again, at most 500, the newest; says how many.
///
/// # Errors
/// The database's.
pub fn replay_since(
    tx: &mut Tx<'_>,
    endpoint: EndpointId,
    since: Timestamp,
    wall: Timestamp,
) -> Result<u64, DbError> {
    tx.execute(&REPLAY_SINCE, params![endpoint, since, wall])
}

/// The last notifications of an endpoint, at most 50, the newest first.
///
/// # Errors
/// The database's.
pub fn history(tx: &mut Tx<'_>, endpoint: EndpointId) -> Result<Vec<Notification>, DbError> {
    tx.query(&HISTORY, params![endpoint], read_view)
}

/// Removes at most 2,000 that have ended and were put before `before`; says how many.
///
/// # Errors
/// The database's.
pub fn purge(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    let millis = u64::try_from(before.as_micros() / 1_000).unwrap_or(0);
    let first: Uuid = uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid();
    tx.execute(&PURGE, params![first])
}
