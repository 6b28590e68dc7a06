//! SQL of messages on their way. A row is a promise to deliver at least once; the effect is exactly once
//! because the message id stays the same and partners act on it once.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{ObjectId, OrderId};

macro_rules! columns {
    () => {
        "id, partner, kind, order_id, object_id, code, amount_minor, at, tries"
    };
}
pub(crate) use columns;

pub(crate) const INSERT: Stmt = Stmt::both(
    "order.delivery_insert",
    "INSERT INTO delivery (id, feed_no, partner, kind, order_id, object_id, code, amount_minor, at, state, due_wall, \
     lease_until, tries, last_error, created_wall, channel) \
     VALUES (?1, NULL, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'waiting', ?9, 0, 0, '', ?9, ?10)",
);
/// Laid into the inbox alone: whoever posts it keeps count of that elsewhere.
pub(crate) const INSERT_DONE: Stmt = Stmt::both(
    "order.delivery_insert_done",
    "INSERT INTO delivery (id, feed_no, partner, kind, order_id, object_id, code, amount_minor, at, state, due_wall, \
     lease_until, tries, last_error, created_wall, channel) \
     VALUES (?1, NULL, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'done', ?9, 0, 0, '', ?9, ?10)",
);
/// The largest sums first: when a partner comes back, what can still be reached most goes out first.
pub(crate) const DUE: Stmt = Stmt::both(
    "order.delivery_due",
    concat!(
        "SELECT ",
        columns!(),
        " FROM delivery WHERE partner = ?1 AND channel = 'partner_api' AND state = 'waiting' AND due_wall <= ?2 \
         AND lease_until < ?2 ORDER BY amount_minor DESC, due_wall LIMIT ?3"
    ),
);
/// The largest sum whatever its next try: with it a silent partner is probed.
pub(crate) const PROBE: Stmt = Stmt::both(
    "order.delivery_probe",
    concat!(
        "SELECT ",
        columns!(),
        " FROM delivery WHERE partner = ?1 AND channel = 'partner_api' AND state = 'waiting' AND lease_until < ?2 \
         ORDER BY amount_minor DESC, due_wall LIMIT 1"
    ),
);
pub(crate) const CLAIM: Stmt = Stmt::both(
    "order.delivery_claim",
    "UPDATE delivery SET lease_until = ?3 WHERE id = ?1 AND lease_until < ?2 AND state = 'waiting'",
);
pub(crate) const AGAIN: Stmt = Stmt::both(
    "order.delivery_again",
    "UPDATE delivery SET due_wall = ?2, lease_until = 0, tries = tries + 1, last_error = ?3 WHERE id = ?1 AND state = 'waiting'",
);
pub(crate) const DONE: Stmt = Stmt::both(
    "order.delivery_done",
    "UPDATE delivery SET state = 'done', lease_until = 0, tries = tries + 1 WHERE id = ?1 AND state = 'waiting'",
);
/// Nobody confirmed it, and the table ends: that is not the same as done.
pub(crate) const GIVE_UP: Stmt = Stmt::both(
    "order.delivery_give_up",
    "UPDATE delivery SET state = 'lapsed', lease_until = 0, tries = tries + 1 WHERE id = ?1 AND state = 'waiting'",
);
pub(crate) const DONE_FOR: Stmt = Stmt::both(
    "order.delivery_done_for",
    "UPDATE delivery SET state = 'done' WHERE order_id = ?1 AND kind IN ('order', 'reminder') AND state = 'waiting'",
);
pub(crate) const RELEASED: Stmt = Stmt::both(
    "order.delivery_released",
    "UPDATE delivery SET state = 'done' WHERE order_id = ?1 AND object_id = ?2 AND kind = 'release' AND state = 'waiting'",
);
pub(crate) const DONE_ABOUT: Stmt = Stmt::both(
    "order.delivery_done_about",
    "UPDATE delivery SET state = 'done' WHERE object_id = ?1 AND kind = ?2 AND state = 'waiting'",
);
pub(crate) const COUNT_ABOUT: Stmt = Stmt::both(
    "order.delivery_count_about",
    "SELECT COUNT(*), COUNT(CASE WHEN state = 'done' THEN 1 END) FROM delivery WHERE object_id = ?1 AND kind = ?2",
);
pub(crate) const END_FOR: Stmt = Stmt::both(
    "order.delivery_end_for",
    "UPDATE delivery SET state = 'lapsed' WHERE order_id = ?1 AND kind <> 'correction' AND state = 'waiting'",
);
pub(crate) const FLUSH: Stmt = Stmt::both(
    "order.delivery_flush",
    "UPDATE delivery SET due_wall = ?2 WHERE partner = ?1 AND state = 'waiting' AND due_wall > ?2",
);
pub(crate) const WAITING: Stmt = Stmt::both(
    "order.delivery_waiting",
    "SELECT partner, COUNT(*), MIN(due_wall) FROM delivery WHERE channel = 'partner_api' AND state = 'waiting' AND due_wall <= ?1 AND lease_until < ?1 \
     GROUP BY partner",
);
/// The end by term is the partner's own clock too: only what the office ended is waited for here.
pub(crate) const RELEASING: Stmt = Stmt::both(
    "order.releasing",
    "SELECT order_id, MIN(at) FROM delivery WHERE state = 'waiting' AND kind = 'release' AND code <> 'L60' \
     GROUP BY order_id ORDER BY MIN(at) LIMIT ?1",
);
pub(crate) const INBOX: Stmt = Stmt::both(
    "order.inbox",
    concat!(
        "SELECT feed_no, ",
        columns!(),
        " FROM delivery WHERE partner = ?1 AND channel = 'partner_api' AND feed_no > ?2 ORDER BY feed_no LIMIT ?3"
    ),
);
/// What an officer must carry, the oldest first.
pub(crate) const BY_HAND: Stmt = Stmt::both(
    "order.delivery_by_hand",
    concat!(
        "SELECT channel, ",
        columns!(),
        " FROM delivery WHERE channel IN ('letter', 'email_export') AND state = 'waiting' AND handed_at IS NULL \
         AND order_id IN (SELECT id FROM orders WHERE organisation_id = ?1) ORDER BY at, id LIMIT ?2"
    ),
);
/// What is to be written into the folder of files.
pub(crate) const TO_DROP: Stmt = Stmt::both(
    "order.delivery_to_drop",
    concat!(
        "SELECT ",
        columns!(),
        " FROM delivery WHERE channel = 'file_drop' AND state = 'waiting' AND handed_at IS NULL ORDER BY at, id LIMIT ?1"
    ),
);
pub(crate) const FIND: Stmt =
    Stmt::both("order.delivery_find", concat!("SELECT ", columns!(), " FROM delivery WHERE id = ?1"));
/// The message by which an order is handed over.
pub(crate) const FIRST_OF: Stmt = Stmt::both(
    "order.delivery_first_of",
    "SELECT id FROM delivery WHERE order_id = ?1 AND kind = 'order' ORDER BY at, id LIMIT 1",
);
pub(crate) const CHANNEL: Stmt = Stmt::both(
    "order.delivery_channel",
    "SELECT channel, state, handed_at, handed_by, handed_how FROM delivery WHERE id = ?1",
);
pub(crate) const HANDED: Stmt = Stmt::both(
    "order.delivery_handed",
    "UPDATE delivery SET handed_at = ?2, handed_by = ?3, handed_how = ?4, tries = tries + 1 \
     WHERE id = ?1 AND channel <> 'partner_api' AND state = 'waiting' AND handed_at IS NULL",
);
/// The institution has agreed on another channel since.
pub(crate) const REROUTE: Stmt = Stmt::both(
    "order.delivery_reroute",
    "UPDATE delivery SET channel = ?2 WHERE id = ?1 AND state = 'waiting' AND channel = 'partner_api'",
);

/// How a message is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By the node itself, over HTTP.
    PartnerApi,
    /// As a signed file in a folder.
    FileDrop,
    /// From the office's own mail, by an officer.
    EmailExport,
    /// On paper, by an officer.
    Letter,
}

impl Channel {
    /// As in columns and keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PartnerApi => "partner_api",
            Self::FileDrop => "file_drop",
            Self::EmailExport => "email_export",
            Self::Letter => "letter",
        }
    }
    /// Reads [`Channel::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::PartnerApi, Self::FileDrop, Self::EmailExport, Self::Letter]
            .into_iter()
            .find(|c| c.as_str() == text)
    }
}

/// How it stands with a message that no machine carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// How it is carried.
    pub channel: Channel,
    /// Whether something is still waited for.
    pub waits: bool,
    /// When it was handed over (office time), by whom, and how.
    pub handed: Option<(Timestamp, String, String)>,
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Message id, the same at every repetition.
    pub id: Uuid,
    /// Institution it is handed to.
    pub partner: String,
    /// `order`, `release`, `reminder`, `notice`, `correction`; `clearance` and `trial`, which are about no order.
    pub kind: String,
    /// About which order; of a clearance the entry of the registry, of a trial the trial.
    pub order: OrderId,
    /// About which object, for a release.
    pub object: Option<ObjectId>,
    /// `L60`, `L61`, `L62` for a release; else empty.
    pub code: String,
    /// The sum at stake, smallest units: larger ones go first; for a release the part, 0 for all.
    pub amount_minor: i64,
    /// When it was said (office time).
    pub at: Timestamp,
    /// Tries made so far.
    pub tries: i64,
}

/// Puts a message on its way, due at once.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, d: &Delivery, channel: Channel, wall: Timestamp) -> Result<(), DbError> {
    put(tx, &INSERT, d, channel, wall)
}

/// Lays a message into the inbox, and nowhere else.
///
/// # Errors
/// The database's.
pub fn insert_done(tx: &mut Tx<'_>, d: &Delivery, wall: Timestamp) -> Result<(), DbError> {
    put(tx, &INSERT_DONE, d, Channel::PartnerApi, wall)
}

fn put(tx: &mut Tx<'_>, stmt: &Stmt, d: &Delivery, channel: Channel, wall: Timestamp) -> Result<(), DbError> {
    let own = params![
        d.id,
        d.partner.as_str(),
        d.kind.as_str(),
        d.order,
        d.object,
        d.code.as_str(),
        d.amount_minor,
        d.at,
        wall,
        channel.as_str()
    ];
    tx.execute(stmt, own).map(drop)
}

pub(super) fn read_from(row: &Row, first: usize) -> Result<Delivery, DbError> {
    Ok(Delivery {
        id: row.get(first)?,
        partner: row.get(first + 1)?,
        kind: row.get(first + 2)?,
        order: row.get(first + 3)?,
        object: row.get(first + 4)?,
        code: row.get(first + 5)?,
        amount_minor: row.get(first + 6)?,
        at: row.get(first + 7)?,
        tries: row.get(first + 8)?,
    })
}

/// Messages that officers must carry, the oldest first.
///
/// # Errors
/// The database's.
pub fn by_hand(tx: &mut Tx<'_>, organisation: &str, limit: i64) -> Result<Vec<(Channel, Delivery)>, DbError> {
    let read =
        |r: &Row| Ok((Channel::parse(&r.get::<String>(0)?).unwrap_or(Channel::Letter), read_from(r, 1)?));
    tx.query(&BY_HAND, params![organisation, limit], read)
}

/// Messages that are to be written into the folder of files.
///
/// # Errors
/// The database's.
pub fn to_drop(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Delivery>, DbError> {
    tx.query(&TO_DROP, params![limit], |r| read_from(r, 0))
}

/// A message by its id.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Delivery>, DbError> {
    tx.query_opt(&FIND, params![id], |r| read_from(r, 0))
}

/// The message by which an order is handed over.
///
/// # Errors
/// The database's.
pub fn first_of(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<Uuid>, DbError> {
    tx.query_opt(&FIRST_OF, params![order], |r| r.get(0))
}

/// How it stands with a message.
///
/// # Errors
/// The database's.
pub fn carried(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Carried>, DbError> {
    tx.query_opt(&CHANNEL, params![id], |r| {
        let at: Option<Timestamp> = r.get(2)?;
        let (by, how) = (r.get(3)?, r.get(4)?);
        Ok(Carried {
            channel: Channel::parse(&r.get::<String>(0)?).unwrap_or(Channel::PartnerApi),
            waits: r.get::<String>(1)? == "waiting",
            handed: at.map(|at| (at, by, how)),
        })
    })
}

/// Takes a message from the wire to another channel.
///
/// # Errors
/// The database's.
pub fn reroute(tx: &mut Tx<'_>, id: Uuid, channel: Channel) -> Result<(), DbError> {
    tx.execute(&REROUTE, params![id, channel.as_str()]).map(drop)
}

/// It was handed over. `false` if it was before, nothing is waited for, or a machine carries it.
///
/// # Errors
/// The database's.
pub fn handed(tx: &mut Tx<'_>, id: Uuid, at: Timestamp, by: &str, how: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&HANDED, params![id, at, by, how])? == 1)
}

/// Partners for which something is due, with how much.
///
/// # Errors
/// The database's.
pub fn waiting(tx: &mut Tx<'_>, wall: Timestamp) -> Result<Vec<(String, i64)>, DbError> {
    tx.query(&WAITING, params![wall], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// What is due for one partner, the largest sums first.
///
/// # Errors
/// The database's.
pub fn due(tx: &mut Tx<'_>, partner: &str, wall: Timestamp, limit: i64) -> Result<Vec<Delivery>, DbError> {
    tx.query(&DUE, params![partner, wall, limit], |r| read_from(r, 0))
}

/// The message with which a silent partner is probed.
///
/// # Errors
/// The database's.
pub fn probe(tx: &mut Tx<'_>, partner: &str, wall: Timestamp) -> Result<Option<Delivery>, DbError> {
    tx.query_opt(&PROBE, params![partner, wall], |r| read_from(r, 0))
}

/// Takes one for sending until `lease`. `false` if somebody else has it.
///
/// # Errors
/// The database's.
pub fn claim(tx: &mut Tx<'_>, id: Uuid, wall: Timestamp, lease: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&CLAIM, params![id, wall, lease])? == 1)
}

/// Sets the next try.
///
/// # Errors
/// The database's.
pub fn again(tx: &mut Tx<'_>, id: Uuid, due: Timestamp, error: &str) -> Result<(), DbError> {
    let error: String = error.chars().take(300).collect();
    tx.execute(&AGAIN, params![id, due, error]).map(drop)
}

/// Delivered for good.
///
/// # Errors
/// The database's.
pub fn done(tx: &mut Tx<'_>, id: Uuid) -> Result<(), DbError> {
    tx.execute(&DONE, params![id]).map(drop)
}

/// The table of repetitions has ended without an answer.
///
/// # Errors
/// The database's.
pub fn give_up(tx: &mut Tx<'_>, id: Uuid) -> Result<(), DbError> {
    tx.execute(&GIVE_UP, params![id]).map(drop)
}

/// The partner confirmed the order: no more repetitions of it or of reminders.
///
/// # Errors
/// The database's.
pub fn done_for(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    tx.execute(&DONE_FOR, params![order]).map(drop)
}

/// The partner holds no more of this object than it may: its releases need not be repeated.
///
/// # Errors
/// The database's.
pub fn released(tx: &mut Tx<'_>, order: OrderId, object: ObjectId) -> Result<(), DbError> {
    tx.execute(&RELEASED, params![order, object]).map(drop)
}

/// The partner has done what a message of this kind asked about an object.
///
/// # Errors
/// The database's.
pub fn done_about(tx: &mut Tx<'_>, object: ObjectId, kind: &str) -> Result<(), DbError> {
    tx.execute(&DONE_ABOUT, params![object, kind]).map(drop)
}

/// How many messages of this kind there are about an object, and how many of them are done.
///
/// # Errors
/// The database's.
pub fn count_about(tx: &mut Tx<'_>, object: ObjectId, kind: &str) -> Result<(i64, i64), DbError> {
    tx.query_one(&COUNT_ABOUT, params![object, kind], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// The order has ended: nothing about it needs to go out any more.
///
/// # Errors
/// The database's.
pub fn end_for(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    tx.execute(&END_FOR, params![order]).map(drop)
}

/// Orders whose end, or part of it, no partner has confirmed yet, and since when it is asked; the oldest first.
///
/// # Errors
/// The database's.
pub fn releasing(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(OrderId, Timestamp)>, DbError> {
    tx.query(&RELEASING, params![limit], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// A partner is back: everything that waits for it is due now.
///
/// # Errors
/// The database's.
pub fn flush(tx: &mut Tx<'_>, partner: &str, wall: Timestamp) -> Result<u64, DbError> {
    tx.execute(&FLUSH, params![partner, wall])
}

/// The pull inbox: messages numbered after commit, so that a cursor loses none.
///
/// # Errors
/// The database's.
pub fn inbox(
    tx: &mut Tx<'_>,
    partner: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Delivery)>, DbError> {
    tx.query(&INBOX, params![partner, after, limit], |r| Ok((r.get(0)?, read_from(r, 1)?)))
}
