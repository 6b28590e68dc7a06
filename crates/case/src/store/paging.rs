//! Lists of cases by pages: each begins behind the last row of the one before, so that no page costs more than the first.

use access::{Office, team_where};
use app::header_columns;
use db::{DbError, Stmt, Tx};
use kernel::Timestamp;
use uuid::Uuid;

use super::file::{own_columns, read};
use super::list::{narrow, narrowed, seen};
use crate::model::Case;
use crate::rules::filter::{Order, Wanted};

/// A page of all cases, or of one's own.
macro_rules! page {
    ($own:literal, $behind:literal, $order:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", ",
            own_columns!(),
            " FROM case_file c WHERE ",
            seen!(),
            narrowed!(),
            $own,
            $behind,
            " ORDER BY ",
            $order,
            " LIMIT ?9"
        )
    };
}
macro_rules! all {
    ($behind:literal, $order:literal) => {
        page!("", $behind, $order)
    };
}
macro_rules! mine {
    ($behind:literal, $order:literal) => {
        page!(
            " AND c.id IN (SELECT case_id FROM case_member WHERE label = ?3 AND until IS NULL)",
            $behind,
            $order
        )
    };
}

pub(crate) const ALL_CHANGED: Stmt = Stmt::both(
    "case_file.page_changed",
    all!(" AND (c.changed_at, c.id) < (?10, ?11)", "c.changed_at DESC, c.id DESC"),
);
pub(crate) const ALL_DUE: Stmt =
    Stmt::both("case_file.page_due", all!(" AND (c.next_due_at, c.id) > (?10, ?11)", "c.next_due_at, c.id"));
pub(crate) const ALL_OPENED: Stmt = Stmt::both(
    "case_file.page_opened",
    all!(" AND (c.created_at, c.id) < (?10, ?11)", "c.created_at DESC, c.id DESC"),
);
pub(crate) const ALL_PRIORITY: Stmt = Stmt::both(
    "case_file.page_priority",
    all!(
        " AND (c.priority, c.changed_at, c.id) < (?12, ?10, ?11)",
        "c.priority DESC, c.changed_at DESC, c.id DESC"
    ),
);
pub(crate) const MINE_CHANGED: Stmt = Stmt::both(
    "case_file.page_mine_changed",
    mine!(" AND (c.changed_at, c.id) < (?10, ?11)", "c.changed_at DESC, c.id DESC"),
);
pub(crate) const MINE_DUE: Stmt = Stmt::both(
    "case_file.page_mine_due",
    mine!(" AND (c.next_due_at, c.id) > (?10, ?11)", "c.next_due_at, c.id"),
);
pub(crate) const MINE_OPENED: Stmt = Stmt::both(
    "case_file.page_mine_opened",
    mine!(" AND (c.created_at, c.id) < (?10, ?11)", "c.created_at DESC, c.id DESC"),
);
pub(crate) const MINE_PRIORITY: Stmt = Stmt::both(
    "case_file.page_mine_priority",
    mine!(
        " AND (c.priority, c.changed_at, c.id) < (?12, ?10, ?11)",
        "c.priority DESC, c.changed_at DESC, c.id DESC"
    ),
);

/// The last row of a page: what the order goes by, and which case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// How urgent it is, in the order of urgency; else nothing.
    pub priority: i64,
    /// The moment by which the order goes.
    pub at: Timestamp,
    /// Which case.
    pub id: Uuid,
}

impl Place {
    /// Where the first page begins.
    #[must_use]
    pub fn first(order: Order) -> Self {
        match order {
            Order::Due => Self { priority: 0, at: Timestamp::from_micros(i64::MIN), id: Uuid::nil() },
            _ => Self { priority: i64::MAX, at: Timestamp::from_micros(i64::MAX), id: Uuid::max() },
        }
    }
    /// Where the page behind a case begins.
    #[must_use]
    pub fn behind(order: Order, case: &Case) -> Self {
        let (priority, at) = match order {
            Order::Changed => (0, case.changed_at),
            Order::Due => (0, case.next_due_at),
            Order::Opened => (0, case.header.created_at),
            Order::Priority => (case.priority, case.changed_at),
        };
        Self { priority, at, id: case.id.uuid() }
    }
}

/// A page of the cases that one may see, narrowed, in an order.
///
/// # Errors
/// The database's.
pub fn page(
    tx: &mut Tx<'_>,
    office: &Office,
    (wanted, order, place): (&Wanted, Order, Place),
    (now, limit): (Timestamp, i64),
) -> Result<Vec<Case>, DbError> {
    let statement = match (wanted.mine, order) {
        (false, Order::Changed) => &ALL_CHANGED,
        (false, Order::Due) => &ALL_DUE,
        (false, Order::Opened) => &ALL_OPENED,
        (false, Order::Priority) => &ALL_PRIORITY,
        (true, Order::Changed) => &MINE_CHANGED,
        (true, Order::Due) => &MINE_DUE,
        (true, Order::Opened) => &MINE_OPENED,
        (true, Order::Priority) => &MINE_PRIORITY,
    };
    let mut all = narrow(office, wanted, now);
    all.extend([limit.into(), place.at.into(), place.id.into()]);
    if order == Order::Priority {
        all.push(place.priority.into());
    }
    tx.query(statement, &all, read)
}
