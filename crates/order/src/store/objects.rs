//! SQL of what orders name.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::{Asset, Money, Purpose, Timestamp};
use report::ReportId;
use vault::SubjectKey;

use super::{asset_text, read_asset};
use crate::OrderError;
use crate::model::{Object, ObjectId, ObjectState, Opened, OrderId, Trigger};

macro_rules! columns {
    () => {
        "id, order_id, report_id, payment_id, parent_object, kind, masked, cap_minor, asset, state, held_minor, held_at, changed_at, keep_minor"
    };
}

pub(crate) const INSERT: Stmt = Stmt::both(
    "order.object_insert",
    "INSERT INTO order_object (id, order_id, report_id, payment_id, parent_object, kind, value_sealed, masked, blind, \
     trigger_sealed, cap_minor, asset, state, held_minor, held_at, changed_at, details_sealed) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, NULL, ?14, ?15)",
);
pub(crate) const OF_ORDER: Stmt = Stmt::both(
    "order.objects_of_order",
    concat!("SELECT ", columns!(), " FROM order_object WHERE order_id = ?1 ORDER BY id"),
);
pub(crate) const OF_REPORT: Stmt = Stmt::both(
    "order.objects_of_report",
    concat!("SELECT ", columns!(), " FROM order_object WHERE report_id = ?1 ORDER BY id"),
);
pub(crate) const OF_REPORTS: Stmt = app::among!(
    "order.objects_of_reports",
    concat!("SELECT ", columns!(), " FROM order_object WHERE "),
    "report_id",
    " ORDER BY id"
);
pub(crate) const FIND: Stmt =
    Stmt::both("order.object_find", concat!("SELECT ", columns!(), " FROM order_object WHERE id = ?1"));
pub(crate) const OPEN: Stmt = Stmt::both(
    "order.object_open",
    "SELECT value_sealed, trigger_sealed, details_sealed FROM order_object WHERE id = ?1",
);
pub(crate) const UNANSWERED: Stmt = Stmt::both(
    "order.objects_unanswered",
    "SELECT COUNT(*) FROM order_object WHERE order_id = ?1 AND state IN ('asked', 'question')",
);
pub(crate) const BLINDS: Stmt = Stmt::both(
    "order.object_blinds",
    "SELECT id, blind, cap_minor, details_sealed FROM order_object WHERE order_id = ?1 ORDER BY id",
);
// Everybody whose stolen money an institution found on one account, whether it holds it under this order or another.
pub(crate) const CLAIMS: Stmt = Stmt::both(
    "order.object_claims",
    concat!(
        "SELECT ",
        columns!(),
        " FROM order_object WHERE blind = (SELECT b.blind FROM order_object b WHERE b.id = ?1) \
         AND EXISTS (SELECT 1 FROM orders o WHERE o.id = order_object.order_id AND o.measure = 'hold' \
         AND o.executor = (SELECT x.executor FROM orders x WHERE x.id = (SELECT y.order_id FROM order_object y WHERE y.id = ?1))) \
         AND EXISTS (SELECT 1 FROM orders s WHERE s.id = order_object.order_id AND s.status IN ('sent', 'acknowledged', 'answered')) \
         AND length(blind) > 0 AND (held_minor > 0 OR state = 'held_elsewhere') ORDER BY id"
    ),
);
pub(crate) const RETURNED: Stmt = Stmt::both(
    "order.object_returned",
    "SELECT COALESCE(SUM(returned_minor), 0) FROM order_object WHERE parent_object = ?1",
);
/// What orders to return that are still on their way would take out of a hold.
pub(crate) const RESERVED: Stmt = Stmt::both(
    "order.object_reserved",
    "SELECT COALESCE(SUM(c.cap_minor - c.returned_minor), 0) FROM order_object c JOIN orders o ON o.id = c.order_id \
     WHERE c.parent_object = ?1 AND o.measure = 'return' AND o.status IN ('drafted', 'sent', 'acknowledged')",
);
/// Drafts that would give back money out of a hold.
pub(crate) const RETURN_DRAFTS: Stmt = Stmt::both(
    "order.return_drafts",
    "SELECT DISTINCT o.id FROM order_object c JOIN orders o ON o.id = c.order_id \
     WHERE c.parent_object = ?1 AND o.measure = 'return' AND o.status = 'drafted'",
);
/// Whether it was found out that nothing stands against a thing: institutions were told so.
pub(crate) const CLEARED: Stmt = Stmt::both(
    "order.object_cleared",
    "SELECT COUNT(*) FROM order_object x WHERE x.blind = ?1 AND EXISTS (SELECT 1 FROM delivery d WHERE d.object_id = x.id \
     AND d.kind = 'correction')",
);
pub(crate) const RETURNED_BY: Stmt =
    Stmt::both("order.object_returned_by", "SELECT returned_minor FROM order_object WHERE id = ?1");
pub(crate) const SET_RETURNED: Stmt =
    Stmt::both("order.object_set_returned", "UPDATE order_object SET returned_minor = ?2 WHERE id = ?1");
pub(crate) const HELD_UNTIL: Stmt = Stmt::both(
    "order.held_until",
    "SELECT MIN(COALESCE(o.extended_until, o.expires_at)) FROM order_object c JOIN order_object p ON p.id = c.parent_object \
     JOIN orders o ON o.id = p.order_id WHERE c.order_id = ?1",
);
/// What is in force under an order that was made longer, though nothing makes it go on itself.
pub(crate) const LEFT_BEHIND: Stmt = Stmt::both(
    "order.objects_left_behind",
    concat!(
        "SELECT ",
        columns!(),
        " FROM order_object WHERE state IN ('held', 'partly_held', 'done', 'partly_done', 'removed', 'kept') \
         AND order_id IN (SELECT id FROM orders WHERE extended_until > ?1 AND expires_at <= ?1 \
         AND status IN ('sent', 'acknowledged', 'answered')) \
         AND NOT EXISTS (SELECT 1 FROM order_object e JOIN orders x ON x.id = e.order_id \
         WHERE e.parent_object = order_object.id AND x.measure = 'extension' AND x.expires_at > ?1 \
         AND x.status IN ('sent', 'acknowledged', 'answered') \
         AND e.state NOT IN ('refused', 'not_found', 'not_confirmed', 'released', 'lapsed')) ORDER BY id LIMIT ?2"
    ),
);
pub(crate) const SAME: Stmt = Stmt::both(
    "order.objects_same",
    concat!(
        "SELECT ",
        columns!(),
        " FROM order_object WHERE blind = (SELECT b.blind FROM order_object b WHERE b.id = ?1) AND length(blind) > 0 ORDER BY id"
    ),
);
pub(crate) const IN_FORCE: Stmt = Stmt::both(
    "order.objects_in_force",
    concat!(
        "SELECT ",
        columns!(),
        " FROM order_object WHERE blind = ?1 AND state IN ('asked', 'question', 'held', 'partly_held', 'done', 'partly_done', \
         'removed') ORDER BY id"
    ),
);
pub(crate) const NAMED: Stmt = Stmt::both(
    "order.objects_named",
    concat!("SELECT ", columns!(), " FROM order_object WHERE blind = ?1 ORDER BY id"),
);
pub(crate) const SAVE: Stmt = Stmt::both(
    "order.object_save",
    "UPDATE order_object SET state = ?2, held_minor = ?3, held_at = ?4, changed_at = ?5, keep_minor = ?6 WHERE id = ?1",
);
pub(crate) const LOWER_CAP: Stmt = Stmt::both(
    "order.object_lower_cap",
    "UPDATE order_object SET cap_minor = ?2 WHERE id = ?1 AND cap_minor > ?2",
);
pub(crate) const ERASE: Stmt = Stmt::both(
    "order.objects_erase",
    "UPDATE order_object SET value_sealed = ?2, trigger_sealed = ?2, details_sealed = NULL, masked = '', blind = ?2 WHERE report_id = ?1",
);
pub(crate) const HELD_NOW: Stmt = Stmt::both(
    "order.held_now",
    "SELECT COALESCE(SUM(held_minor), 0), COUNT(*) FROM order_object WHERE held_minor > 0",
);

/// A new object with its personal fields sealed.
#[derive(Debug, Clone)]
pub struct SealedObject {
    /// The object.
    pub object: Object,
    /// Account, number or address, sealed.
    pub value: Vec<u8>,
    /// Its keyed hash, for equality.
    pub blind: [u8; 32],
    /// The transfer behind it, sealed JSON; `null` where there is none.
    pub trigger: Vec<u8>,
    /// What more is said of it, sealed JSON.
    pub details: Option<Vec<u8>>,
}

/// Writes a new object.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, s: &SealedObject) -> Result<(), DbError> {
    let o = &s.object;
    let own = params![
        o.id,
        o.order,
        o.report,
        o.payment,
        o.parent,
        o.kind.as_str(),
        s.value.as_slice(),
        o.masked.as_str(),
        s.blind,
        s.trigger.as_slice(),
        o.cap.minor(),
        asset_text(o.cap.asset()),
        o.state.as_str(),
        o.changed_at,
        s.details.as_deref()
    ];
    tx.execute(&INSERT, own).map(drop)
}

fn read(row: &Row) -> Result<Object, DbError> {
    let asset: Asset = read_asset(&row.get::<String>(8)?)?;
    let state: String = row.get(9)?;
    Ok(Object {
        id: row.get(0)?,
        order: row.get(1)?,
        report: row.get(2)?,
        payment: row.get(3)?,
        parent: row.get(4)?,
        kind: row.get(5)?,
        masked: row.get(6)?,
        cap: Money::from_minor(row.get(7)?, asset),
        state: ObjectState::parse(&state)
            .ok_or_else(|| DbError::Bug(format!("column `order_object.state` holds `{}`", &state)))?,
        held: Money::from_minor(row.get(10)?, asset),
        held_at: row.get(11)?,
        changed_at: row.get(12)?,
        keep: row.get::<Option<i64>>(13)?.map(|minor| Money::from_minor(minor, asset)),
    })
}

/// Objects of an order.
///
/// # Errors
/// The database's.
pub fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Object>, DbError> {
    tx.query(&OF_ORDER, params![order], read)
}

/// Objects of all orders that serve a report.
///
/// # Errors
/// The database's.
pub fn of_report(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<Object>, DbError> {
    tx.query(&OF_REPORT, params![report], read)
}

/// Objects of all orders that serve any of these reports.
///
/// # Errors
/// The database's.
pub fn of_reports(
    tx: &mut Tx<'_>,
    reports: impl IntoIterator<Item = uuid::Uuid>,
) -> Result<Vec<Object>, DbError> {
    tx.query(&OF_REPORTS, &[app::ids(reports)], read)
}

/// One object.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: ObjectId) -> Result<Option<Object>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// An object with its personal fields, opened with the report's key.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn open(tx: &mut Tx<'_>, object: &Object, key: &SubjectKey) -> Result<Opened, OrderError> {
    let (value, trigger, details) = tx.query_one(&OPEN, params![object.id], |r| {
        Ok((r.get::<Vec<u8>>(0)?, r.get::<Vec<u8>>(1)?, r.get::<Option<Vec<u8>>>(2)?))
    })?;
    let value = key.open("object", &value)?;
    let trigger: Option<Trigger> = unseal(key, "trigger", &trigger)?;
    let details = details.map(|sealed| unseal(key, "details", &sealed)).transpose()?;
    Ok(Opened { object: object.clone(), value, trigger, details })
}

fn unseal<T: serde::de::DeserializeOwned>(
    key: &SubjectKey,
    field: &str,
    sealed: &[u8],
) -> Result<T, OrderError> {
    let json = key.open(field, sealed)?.into_inner(Purpose::ExecuteOrder);
    Ok(serde_json::from_str(&json)
        .map_err(|_| DbError::Bug(format!("column `order_object.{field}_sealed` cannot be read")))?)
}

/// Objects of an order about which the partner still owes a word.
///
/// # Errors
/// The database's.
pub fn unanswered(tx: &mut Tx<'_>, order: OrderId) -> Result<i64, DbError> {
    tx.query_one(&UNANSWERED, params![order], |r| r.get(0))
}

/// The keyed hash and the cap of each object of an order, for what must not change under a decision.
///
/// # Errors
/// The database's.
pub fn blinds(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Blind>, DbError> {
    tx.query(&BLINDS, params![order], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
}

/// Id, keyed hash, sum, and sealed details of an object.
pub type Blind = (ObjectId, Vec<u8>, i64, Option<Vec<u8>>);

/// The holds of every report on the account that `hold` names, at the same institution: those that hold, and those
/// that were told that another order does.
///
/// # Errors
/// The database's.
pub fn claims(tx: &mut Tx<'_>, hold: ObjectId) -> Result<Vec<Object>, DbError> {
    tx.query(&CLAIMS, params![hold], read)
}

/// What orders to return have given back out of a hold, smallest units.
///
/// # Errors
/// The database's.
pub fn returned(tx: &mut Tx<'_>, hold: ObjectId) -> Result<i64, DbError> {
    tx.query_one(&RETURNED, params![hold], |r| r.get(0))
}

/// Whether an objection about this very thing was upheld, so that institutions were told that nothing stands against it.
///
/// # Errors
/// The database's.
pub fn is_cleared(tx: &mut Tx<'_>, blind: [u8; 32]) -> Result<bool, DbError> {
    let n: i64 = tx.query_one(&CLEARED, params![blind], |r| r.get(0))?;
    Ok(n > 0)
}

/// What orders to return that are on their way would take out of a hold, smallest units.
///
/// # Errors
/// The database's.
pub fn reserved(tx: &mut Tx<'_>, hold: ObjectId) -> Result<i64, DbError> {
    tx.query_one(&RESERVED, params![hold], |r| r.get(0))
}

/// Drafts that would give back money out of a hold.
///
/// # Errors
/// The database's.
pub fn return_drafts(tx: &mut Tx<'_>, hold: ObjectId) -> Result<Vec<OrderId>, DbError> {
    tx.query(&RETURN_DRAFTS, params![hold], |r| r.get(0))
}

/// What one object of an order to return has given back, smallest units.
///
/// # Errors
/// The database's.
pub fn returned_by(tx: &mut Tx<'_>, object: ObjectId) -> Result<i64, DbError> {
    tx.query_one(&RETURNED_BY, params![object], |r| r.get(0))
}

/// Keeps what an order to return has given back.
///
/// # Errors
/// The database's.
pub fn set_returned(tx: &mut Tx<'_>, object: ObjectId, minor: i64) -> Result<(), DbError> {
    tx.execute(&SET_RETURNED, params![object, minor]).map(drop)
}

/// When the first of the holds ends that an order to return gives back from.
///
/// # Errors
/// The database's.
pub fn held_until(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<Timestamp>, DbError> {
    tx.query_one(&HELD_UNTIL, params![order], |r| r.get(0))
}

/// What is in force under an order that was made longer, though no extension makes it go on itself, and whose own term is
/// over.
///
/// # Errors
/// The database's.
pub fn left_behind(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Object>, DbError> {
    tx.query(&LEFT_BEHIND, params![now, limit], read)
}

/// Objects of all orders that name the same thing as this one, itself among them.
///
/// # Errors
/// The database's.
pub fn same(tx: &mut Tx<'_>, object: ObjectId) -> Result<Vec<Object>, DbError> {
    tx.query(&SAME, params![object], read)
}

/// Objects of all orders that name this very thing, by its keyed hash, and have not ended.
///
/// # Errors
/// The database's.
pub fn in_force(tx: &mut Tx<'_>, blind: [u8; 32]) -> Result<Vec<Object>, DbError> {
    tx.query(&IN_FORCE, params![blind], read)
}

/// Objects of all orders that name this very thing, whatever became of them.
///
/// # Errors
/// The database's.
pub fn named(tx: &mut Tx<'_>, blind: [u8; 32]) -> Result<Vec<Object>, DbError> {
    tx.query(&NAMED, params![blind], read)
}

/// Keeps what became of an object.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, o: &Object) -> Result<(), DbError> {
    let own =
        params![o.id, o.state.as_str(), o.held.minor(), o.held_at, o.changed_at, o.keep.map(Money::minor)];
    tx.guarded(&SAVE, own)
}

/// Lowers what a draft asks for of an object.
///
/// # Errors
/// The database's.
pub fn lower_cap(tx: &mut Tx<'_>, id: ObjectId, cap: Money) -> Result<(), DbError> {
    tx.execute(&LOWER_CAP, params![id, cap.minor()]).map(drop)
}

/// Empties the personal columns of everything that served a report.
///
/// # Errors
/// The database's.
pub fn erase(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&ERASE, params![report, Vec::<u8>::new()])?;
    tx.execute(&super::answers::ERASE, params![report, Vec::<u8>::new()]).map(drop)
}

/// Sum held now over everything, smallest units, and number of holds.
///
/// # Errors
/// The database's.
pub fn held_now(tx: &mut Tx<'_>) -> Result<(i64, i64), DbError> {
    tx.query_one(&HELD_NOW, &[], |r| Ok((r.get(0)?, r.get(1)?)))
}
