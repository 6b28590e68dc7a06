//! All SQL of this slice: orders here, their steps, clocks and terms in `step` and `term`, objects and answers in `objects`, messages on their way
//! in `delivery`.

pub(crate) mod addressed;
pub mod answers;
pub mod delivery;
pub mod notice;
pub mod objects;
mod page;
mod reason;
pub mod sanction;
pub(crate) mod signature;
mod step;
mod term;

use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, Value, params};
use kernel::{Asset, Money, Timestamp};
use profile::{Measure, Scope};
use report::ReportId;
use uuid::Uuid;

use crate::model::{Order, OrderId, Status};
use crate::trial::store as trial;

pub use page::page;
pub use reason::{erase_reasons, reason, set_reason};
pub use step::{clear_steps, insert_step, step_reached, steps};
pub use term::{expired, extend, extensions, late, returns_out_of, set_end, waiting};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "order",
        sqlite: include_str!("../../migrations/0001_order.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_order.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "keep",
        sqlite: include_str!("../../migrations/0002_keep.sqlite.sql"),
        postgres: include_str!("../../migrations/0002_keep.postgres.sql"),
    },
    Migration {
        no: 3,
        name: "kinds",
        sqlite: include_str!("../../migrations/0003_kinds.sqlite.sql"),
        postgres: include_str!("../../migrations/0003_kinds.postgres.sql"),
    },
    Migration {
        no: 4,
        name: "sanction",
        sqlite: include_str!("../../migrations/0004_sanction.sqlite.sql"),
        postgres: include_str!("../../migrations/0004_sanction.postgres.sql"),
    },
    Migration {
        no: 5,
        name: "notice",
        sqlite: include_str!("../../migrations/0005_notice.sqlite.sql"),
        postgres: include_str!("../../migrations/0005_notice.postgres.sql"),
    },
    Migration {
        no: 6,
        name: "addressed",
        sqlite: include_str!("../../migrations/0006_addressed.sqlite.sql"),
        postgres: include_str!("../../migrations/0006_addressed.postgres.sql"),
    },
    Migration {
        no: 7,
        name: "extension",
        sqlite: include_str!("../../migrations/0007_extension.sqlite.sql"),
        postgres: include_str!("../../migrations/0007_extension.postgres.sql"),
    },
    Migration {
        no: 8,
        name: "channel",
        sqlite: include_str!("../../migrations/0008_channel.sqlite.sql"),
        postgres: include_str!("../../migrations/0008_channel.postgres.sql"),
    },
    Migration {
        no: 9,
        name: "stead",
        sqlite: include_str!("../../migrations/0009_stead.sqlite.sql"),
        postgres: include_str!("../../migrations/0009_stead.postgres.sql"),
    },
    Migration {
        no: 10,
        name: "trial",
        sqlite: include_str!("../../migrations/0010_trial.sqlite.sql"),
        postgres: include_str!("../../migrations/0010_trial.postgres.sql"),
    },
    Migration {
        no: 11,
        name: "sums",
        sqlite: include_str!("../../migrations/0011_sums.sqlite.sql"),
        postgres: include_str!("../../migrations/0011_sums.postgres.sql"),
    },
];

macro_rules! own_columns {
    () => {
        "report_id, report_number, measure, scope, executor, gateway, hop, cap_minor, asset, requested_at, ack_due, \
         action_due, expires_at, status, why_waiting, approval_id, approval_version, sent_at, acknowledged_at, \
         answered_at, escalated_at, ended_at, extended_until"
    };
}
macro_rules! select_orders {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            app::header_columns!(),
            ", ",
            $crate::store::own_columns!(),
            " FROM orders ",
            $rest
        )
    };
}
pub(crate) use {own_columns, select_orders};

const INSERT: Stmt = Stmt::both(
    "order.insert",
    concat!(
        "INSERT INTO orders (",
        header_columns!(),
        ", ",
        own_columns!(),
        ") VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39)"
    ),
);
const SAVE: Stmt = Stmt::both(
    "order.save",
    "UPDATE orders SET status = ?3, why_waiting = ?4, approval_id = ?5, approval_version = ?6, sent_at = ?7, \
     acknowledged_at = ?8, answered_at = ?9, escalated_at = ?10, ended_at = ?11 WHERE id = ?1 AND status = ?2",
);
const REDRAFT: Stmt = Stmt::both(
    "order.redraft",
    "UPDATE orders SET basis_id = ?2, basis_version = ?3, profile_version = ?4, row_hash = ?5, gateway = ?6, \
     cap_minor = ?7, requested_at = ?8, ack_due = ?9, action_due = ?10, expires_at = ?11 \
     WHERE id = ?1 AND status = 'drafted'",
);
const APPROVALS_CLEAR: Stmt =
    Stmt::both("order.approvals_clear", "DELETE FROM order_approval WHERE order_id = ?1");
const FIND: Stmt = Stmt::both("order.find", select_orders!("WHERE id = ?1"));
const OF_REPORT: Stmt =
    Stmt::both("order.of_report", select_orders!("WHERE report_id = ?1 ORDER BY hop, id"));
const OF_REPORTS: Stmt =
    app::among!("order.of_reports", select_orders!("WHERE "), "report_id", " ORDER BY report_id, hop, id");
// Money first: it moves on while pictures of a camera are kept for days.
const DRAFTS: Stmt = Stmt::both(
    "order.drafts",
    select_orders!(
        "WHERE status = 'drafted' AND organisation_id = ?1 \
         ORDER BY CASE measure WHEN 'hold' THEN 0 ELSE 1 END, ack_due, id LIMIT ?2"
    ),
);
const OPEN: Stmt = Stmt::both(
    "order.open",
    select_orders!(
        "WHERE status IN ('sent', 'acknowledged', 'answered') AND organisation_id = ?1 \
         ORDER BY CASE status WHEN 'sent' THEN ack_due WHEN 'acknowledged' THEN action_due ELSE COALESCE(extended_until, expires_at) END, id LIMIT ?2"
    ),
);
// What an institution has answered about counts for what is held, so that reports that came to nothing use nothing up;
// all else counts in full, also what the office has ended: whoever ends and asks anew would otherwise have no limit.
const SENT_UNDER: Stmt = Stmt::both(
    "order.sent_under",
    "SELECT COALESCE(SUM(CASE WHEN o.status IN ('acknowledged', 'answered') AND x.state NOT IN ('asked', 'question') \
     THEN x.held_minor + x.returned_minor ELSE x.cap_minor END), 0) \
     FROM orders o JOIN order_object x ON x.order_id = o.id WHERE o.approval_id = ?1 AND o.sent_at >= ?2",
);
const COUNTS: Stmt = Stmt::both(
    "order.counts",
    "SELECT status, COUNT(*) FROM orders WHERE organisation_id = ?1 GROUP BY status",
);
/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &INSERT,
    &SAVE,
    &FIND,
    &OF_REPORT,
    &OF_REPORTS,
    &page::PAGE,
    &DRAFTS,
    &OPEN,
    &term::LATE,
    &term::EXPIRED,
    &term::WAITING,
    &addressed::WAITING,
    &addressed::PAST,
    &addressed::OWED,
    &addressed::ASKED,
    &SENT_UNDER,
    &COUNTS,
    &step::STEP_INSERT,
    &step::STEP_REACHED,
    &step::STEPS,
    &signature::SIGN,
    &signature::OF_ORDER,
    &REDRAFT,
    &term::EXTEND,
    &term::EXTENSIONS,
    &term::RETURNS_OUT_OF,
    &term::SET_END,
    &step::STEPS_CLEAR,
    &APPROVALS_CLEAR,
    &objects::INSERT,
    &objects::LOWER_CAP,
    &objects::OF_ORDER,
    &objects::OF_REPORT,
    &objects::OF_REPORTS,
    &objects::FIND,
    &objects::OPEN,
    &objects::UNANSWERED,
    &objects::IN_FORCE,
    &objects::NAMED,
    &objects::BLINDS,
    &objects::SAME,
    &notice::INSERT,
    &notice::FIND,
    &notice::BY_CODE,
    &notice::TOLD,
    &notice::RENEW,
    &notice::OVERDUE,
    &notice::ERASE,
    &delivery::DONE_ABOUT,
    &delivery::COUNT_ABOUT,
    &objects::CLAIMS,
    &objects::RETURNED,
    &objects::RESERVED,
    &objects::RETURN_DRAFTS,
    &objects::RETURNED_BY,
    &objects::SET_RETURNED,
    &objects::HELD_UNTIL,
    &objects::LEFT_BEHIND,
    &sanction::PUT,
    &sanction::FIND,
    &sanction::DECIDE,
    &sanction::OPEN,
    &sanction::ERASE,
    &reason::REASON,
    &reason::REASON_SET,
    &reason::REASON_ERASE,
    &objects::SAVE,
    &objects::ERASE,
    &answers::INSERT,
    &answers::FIND,
    &answers::CODES,
    &answers::OF_OBJECT,
    &answers::TOLD,
    &answers::ERASE,
    &objects::HELD_NOW,
    &delivery::INSERT,
    &delivery::BY_HAND,
    &delivery::FIND,
    &delivery::FIRST_OF,
    &delivery::CHANNEL,
    &delivery::HANDED,
    &delivery::REROUTE,
    &delivery::TO_DROP,
    &delivery::INSERT_DONE,
    &trial::INSERT,
    &trial::FIND,
    &trial::OF_PARTNER,
    &trial::ANSWERED,
    &trial::DUE,
    &trial::CLAIM,
    &trial::POSTED,
    &delivery::DUE,
    &delivery::PROBE,
    &delivery::RELEASING,
    &delivery::CLAIM,
    &delivery::AGAIN,
    &delivery::DONE_FOR,
    &delivery::DONE,
    &delivery::GIVE_UP,
    &delivery::FLUSH,
    &delivery::INBOX,
    &delivery::WAITING,
    &delivery::END_FOR,
    &delivery::RELEASED,
    &crate::jobs::DELIVERY_FEED.pending,
    &crate::jobs::DELIVERY_FEED.number,
];

/// `KZT/2`.
#[must_use]
pub(crate) fn asset_text(asset: Asset) -> String {
    format!("{}/{}", asset.code(), asset.scale())
}

/// Reads [`asset_text`].
pub(crate) fn read_asset(text: &str) -> Result<Asset, DbError> {
    text.split_once('/')
        .and_then(|(code, scale)| Asset::new(code, scale.parse().ok()?))
        .ok_or_else(|| DbError::Bug(format!("column `asset` holds `{}`", text)))
}

/// How many of an order's own columns say what it asks and are in the row hash.
const FIXED: usize = 13;

/// All columns of an order, the header first.
fn values(o: &Order) -> Vec<Value> {
    let own = params![
        o.report,
        o.report_number.as_str(),
        o.measure.as_str(),
        o.scope.as_str(),
        o.executor.as_str(),
        o.gateway.as_str(),
        o.hop,
        o.cap.minor(),
        asset_text(o.cap.asset()),
        o.requested_at,
        o.ack_due,
        o.action_due,
        o.expires_at,
        o.status.as_str(),
        o.why_waiting.as_str(),
        o.approval.map(|a| a.0),
        o.approval.map(|a| a.1),
        o.sent_at,
        o.acknowledged_at,
        o.answered_at,
        o.escalated_at,
        o.ended_at,
        o.extended_until
    ];
    app::header::values(o.id.uuid(), &o.header, own, FIXED)
}

/// Writes a new order. What it asks never changes once it was sent and is in the row hash; its state is not.
///
/// # Errors
/// The database's; the same id again is [`DbError::Unique`].
pub fn insert(tx: &mut Tx<'_>, o: &Order) -> Result<(), DbError> {
    tx.execute(&INSERT, &values(o)).map(drop)
}

/// Keeps what a draft asks now, with a row hash of its own.
///
/// # Errors
/// The database's; no draft any more makes the closure run again.
pub fn redraft(tx: &mut Tx<'_>, o: &Order) -> Result<(), DbError> {
    let all = values(o);
    let hash = all.get(app::header::WIDTH - 1).cloned().unwrap_or(Value::Null);
    let own = [
        Value::from(o.id),
        Value::from(o.header.basis.map(|b| b.0)),
        Value::from(o.header.basis.map(|b| b.1)),
        Value::from(o.header.profile_version.as_str()),
        hash,
        Value::from(o.gateway.as_str()),
        Value::from(o.cap.minor()),
        Value::from(o.requested_at),
        Value::from(o.ack_due),
        Value::from(o.action_due),
        Value::from(o.expires_at),
    ];
    tx.guarded(&REDRAFT, &own)
}

/// Approvals of a draft whose basis has changed count no more.
///
/// # Errors
/// The database's.
pub fn clear_approvals(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    tx.execute(&APPROVALS_CLEAR, params![order]).map(drop)
}

/// Keeps the state of an order, if it is still as it was when it was read. Somebody faster makes the
/// closure run again.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, o: &Order, before: Status) -> Result<(), DbError> {
    tx.guarded(
        &SAVE,
        params![
            o.id,
            before.as_str(),
            o.status.as_str(),
            o.why_waiting.as_str(),
            o.approval.map(|a| a.0),
            o.approval.map(|a| a.1),
            o.sent_at,
            o.acknowledged_at,
            o.answered_at,
            o.escalated_at,
            o.ended_at
        ],
    )
}

fn word<T>(column: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
    parse(text).ok_or_else(|| DbError::Bug(format!("column `orders.{column}` holds `{text}`")))
}

pub(crate) fn read(row: &Row) -> Result<Order, DbError> {
    let (id, header) = app::header::read(row)?;
    let status: String = row.get(29)?;
    let approval: Option<Uuid> = row.get(31)?;
    let version: Option<i64> = row.get(32)?;
    Ok(Order {
        id: OrderId::from_uuid(id),
        header,
        report: row.get(16)?,
        report_number: row.get(17)?,
        measure: word("measure", &row.get::<String>(18)?, Measure::parse)?,
        scope: word("scope", &row.get::<String>(19)?, Scope::parse)?,
        executor: row.get(20)?,
        gateway: row.get(21)?,
        hop: row.get(22)?,
        cap: Money::from_minor(row.get(23)?, read_asset(&row.get::<String>(24)?)?),
        requested_at: row.get(25)?,
        ack_due: row.get(26)?,
        action_due: row.get(27)?,
        expires_at: row.get(28)?,
        status: word("status", &status, Status::parse)?,
        why_waiting: row.get(30)?,
        approval: approval.zip(version),
        sent_at: row.get(33)?,
        acknowledged_at: row.get(34)?,
        answered_at: row.get(35)?,
        escalated_at: row.get(36)?,
        ended_at: row.get(37)?,
        extended_until: row.get(38)?,
    })
}

/// The order of this id.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Orders that serve a report, by hop.
///
/// # Errors
/// The database's.
pub fn of_report(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<Order>, DbError> {
    tx.query(&OF_REPORT, params![report], read)
}

/// Orders that serve any of these reports.
///
/// # Errors
/// The database's.
pub fn of_reports(tx: &mut Tx<'_>, reports: impl IntoIterator<Item = Uuid>) -> Result<Vec<Order>, DbError> {
    tx.query(&OF_REPORTS, &[app::ids(reports)], read)
}

/// Drafts that wait for somebody, most urgent first.
///
/// # Errors
/// The database's.
pub fn drafts(tx: &mut Tx<'_>, organisation: &str, limit: i64) -> Result<Vec<Order>, DbError> {
    tx.query(&DRAFTS, params![organisation, limit], read)
}

/// Orders that bind a partner now, the next due first.
///
/// # Errors
/// The database's.
pub fn open(tx: &mut Tx<'_>, organisation: &str, limit: i64) -> Result<Vec<Order>, DbError> {
    tx.query(&OPEN, params![organisation, limit], read)
}

/// What orders sent under a standing approval since `from` hold or may still hold, smallest units.
///
/// # Errors
/// The database's.
pub fn sent_under(tx: &mut Tx<'_>, approval: Uuid, from: Timestamp) -> Result<i64, DbError> {
    tx.query_one(&SENT_UNDER, params![approval, from], |r| r.get(0))
}

/// How many orders stand where.
///
/// # Errors
/// The database's.
pub fn counts(tx: &mut Tx<'_>, organisation: &str) -> Result<Vec<(String, i64)>, DbError> {
    tx.query(&COUNTS, params![organisation], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Labels of those who stand behind an order: who signed it, and in whose stead. Whoever decides about it later must be
/// none of them.
///
/// # Errors
/// The database's.
pub fn approvals(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<String>, DbError> {
    let mut all = Vec::new();
    for given in signature::of_order(tx, order)? {
        for label in [given.approver].into_iter().chain(given.stead.map(|(of, _)| of)) {
            if !all.contains(&label) {
                all.push(label);
            }
        }
    }
    Ok(all)
}
