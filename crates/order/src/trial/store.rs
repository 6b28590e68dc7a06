//! All SQL about trial orders.

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use profile::Measure;

use crate::model::OrderId;
use crate::trial::model::Trial;

macro_rules! own_columns {
    () => {
        "partner, object_id, message_id, measure, ack_due, action_due, expires_at, acknowledged_at, answered_at, codes, \
         forged_status, posted_status, tries"
    };
}
macro_rules! select {
    () => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM trial_order")
    };
}
/// How many of the own columns never change.
const FIXED: usize = 7;
/// Most trial orders in a list.
const LIST_LIMIT: i64 = 50;

pub(crate) const INSERT: Stmt = Stmt::both(
    "trial.insert",
    concat!(
        "INSERT INTO trial_order (",
        header_columns!(),
        ", partner, object_id, message_id, measure, ack_due, action_due, expires_at, codes, post_state, due_wall, \
         lease_until, tries) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, '', ?24, ?25, 0, 0)"
    ),
);
pub(crate) const FIND: Stmt = Stmt::both("trial.find", concat!(select!(), " WHERE id = ?1"));
pub(crate) const OF_PARTNER: Stmt = Stmt::both(
    "trial.of_partner",
    concat!(select!(), " WHERE partner = ?1 ORDER BY created_at DESC, id DESC LIMIT ?2"),
);
pub(crate) const ANSWERED: Stmt = Stmt::both(
    "trial.answered",
    "UPDATE trial_order SET acknowledged_at = COALESCE(acknowledged_at, ?2), answered_at = COALESCE(answered_at, ?3), \
     codes = ?4 WHERE id = ?1",
);
pub(crate) const DUE: Stmt = Stmt::both(
    "trial.due",
    concat!(
        select!(),
        " WHERE post_state = 'waiting' AND due_wall <= ?1 AND lease_until < ?1 ORDER BY due_wall LIMIT ?2"
    ),
);
pub(crate) const CLAIM: Stmt = Stmt::both(
    "trial.claim",
    "UPDATE trial_order SET lease_until = ?3 WHERE id = ?1 AND lease_until < ?2 AND post_state = 'waiting'",
);
pub(crate) const POSTED: Stmt = Stmt::both(
    "trial.posted",
    "UPDATE trial_order SET forged_status = COALESCE(?2, forged_status), posted_status = COALESCE(?3, posted_status), \
     post_state = ?4, due_wall = ?5, lease_until = 0, tries = tries + 1 WHERE id = ?1 AND post_state = 'waiting'",
);

fn read(row: &Row) -> Result<Trial, DbError> {
    let (id, header) = app::header::read(row)?;
    let own = |no: usize| app::header::WIDTH.saturating_add(no);
    let measure: String = row.get(own(3))?;
    Ok(Trial {
        id: OrderId::from_uuid(id),
        header,
        partner: row.get(own(0))?,
        object: row.get(own(1))?,
        message: row.get(own(2))?,
        measure: Measure::parse(&measure).unwrap_or(Measure::Hold),
        ack_due: row.get(own(4))?,
        action_due: row.get(own(5))?,
        expires_at: row.get(own(6))?,
        acknowledged_at: row.get(own(7))?,
        answered_at: row.get(own(8))?,
        codes: row.get(own(9))?,
        forged_status: row.get(own(10))?,
        posted_status: row.get(own(11))?,
        tries: row.get(own(12))?,
    })
}

/// A new trial order; `posts` where the institution has a gateway.
///
/// # Errors
/// The database's.
pub(crate) fn insert(tx: &mut Tx<'_>, t: &Trial, posts: bool, wall: Timestamp) -> Result<(), DbError> {
    let own = params![
        t.partner.as_str(),
        t.object,
        t.message,
        t.measure.as_str(),
        t.ack_due,
        t.action_due,
        t.expires_at,
        if posts { "waiting" } else { "done" },
        wall
    ];
    tx.execute(&INSERT, &app::header::values(t.id.uuid(), &t.header, own, FIXED)).map(drop)
}

/// One trial order.
///
/// # Errors
/// The database's.
pub(crate) fn find(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Trial>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// The latest trial orders of an institution, newest first.
///
/// # Errors
/// The database's.
pub(crate) fn of_partner(tx: &mut Tx<'_>, partner: &str) -> Result<Vec<Trial>, DbError> {
    tx.query(&OF_PARTNER, params![partner, LIST_LIMIT], read)
}

/// Keeps what was said; the first receipt and the first answer stay.
///
/// # Errors
/// The database's.
pub(crate) fn answered(
    tx: &mut Tx<'_>,
    id: OrderId,
    receipt: Timestamp,
    answer: Option<Timestamp>,
    codes: &str,
) -> Result<(), DbError> {
    tx.execute(&ANSWERED, params![id, receipt, answer, codes]).map(drop)
}

/// What is to be posted now.
///
/// # Errors
/// The database's.
pub(crate) fn due(tx: &mut Tx<'_>, wall: Timestamp, limit: i64) -> Result<Vec<Trial>, DbError> {
    tx.query(&DUE, params![wall, limit], read)
}

/// Takes one for posting until `lease`. `false` if somebody else has it.
///
/// # Errors
/// The database's.
pub(crate) fn claim(
    tx: &mut Tx<'_>,
    id: OrderId,
    wall: Timestamp,
    lease: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.execute(&CLAIM, params![id, wall, lease])? == 1)
}

/// Keeps what came of posting: `again` is when it is tried next, `None` if it is done.
///
/// # Errors
/// The database's.
pub(crate) fn posted(
    tx: &mut Tx<'_>,
    id: OrderId,
    (forged, posted): (Option<i64>, Option<i64>),
    again: Option<Timestamp>,
) -> Result<(), DbError> {
    let state = if again.is_some() { "waiting" } else { "done" };
    let own = params![id, forged, posted, state, again.unwrap_or_default()];
    tx.execute(&POSTED, own).map(drop)
}
