//! Lists of cases. What one may see is part of each query.

use access::{Office, scope_where, team_where};
use app::header_columns;
use db::{DbError, Stmt, Tx, Value, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::file::{own_columns, read};
use crate::model::Case;
use crate::rules::filter::{Order, Wanted};

/// Who works on cases now, as [`team_where!`] reads it.
macro_rules! seen {
    () => {
        team_where!(
            "?1",
            "?2",
            "?3",
            "c.",
            "(SELECT case_id, label FROM case_member WHERE until IS NULL)",
            "case_id"
        )
    };
}
/// What the list is narrowed to. The plus signs keep an engine from choosing an index by a bound that nearly all rows meet: the order of
/// the list chooses it.
macro_rules! narrowed {
    () => {
        " AND c.state = ?4 AND (?5 = '' OR c.stage = ?5) AND (?6 = '' OR c.unit_id = ?6) AND +c.priority >= ?7 \
         AND +c.next_due_at <= ?8"
    };
}
macro_rules! all {
    ($order:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", ",
            own_columns!(),
            " FROM case_file c WHERE ",
            seen!(),
            narrowed!(),
            " ORDER BY ",
            $order,
            " LIMIT ?9"
        )
    };
}
macro_rules! mine {
    ($order:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", ",
            own_columns!(),
            " FROM case_file c WHERE ",
            seen!(),
            narrowed!(),
            " AND c.id IN (SELECT case_id FROM case_member WHERE label = ?3 AND until IS NULL) ORDER BY ",
            $order,
            " LIMIT ?9"
        )
    };
}

pub(crate) use {narrowed, seen};

pub(crate) const ALL_CHANGED: Stmt =
    Stmt::both("case_file.all_changed", all!("c.changed_at DESC, c.id DESC"));
pub(crate) const ALL_DUE: Stmt = Stmt::both("case_file.all_due", all!("c.next_due_at, c.id"));
pub(crate) const ALL_OPENED: Stmt = Stmt::both("case_file.all_opened", all!("c.created_at DESC, c.id DESC"));
pub(crate) const ALL_PRIORITY: Stmt =
    Stmt::both("case_file.all_priority", all!("c.priority DESC, c.changed_at DESC, c.id DESC"));
pub(crate) const MINE_CHANGED: Stmt =
    Stmt::both("case_file.mine_changed", mine!("c.changed_at DESC, c.id DESC"));
pub(crate) const MINE_DUE: Stmt = Stmt::both("case_file.mine_due", mine!("c.next_due_at, c.id"));
pub(crate) const MINE_OPENED: Stmt =
    Stmt::both("case_file.mine_opened", mine!("c.created_at DESC, c.id DESC"));
pub(crate) const MINE_PRIORITY: Stmt =
    Stmt::both("case_file.mine_priority", mine!("c.priority DESC, c.changed_at DESC, c.id DESC"));
pub(crate) const ALL_COUNT: Stmt = Stmt::both(
    "case_file.all_count",
    concat!("SELECT COUNT(*) FROM case_file c WHERE ", seen!(), narrowed!()),
);
pub(crate) const MINE_COUNT: Stmt = Stmt::both(
    "case_file.mine_count",
    concat!(
        "SELECT COUNT(*) FROM case_file c WHERE ",
        seen!(),
        narrowed!(),
        " AND c.id IN (SELECT case_id FROM case_member WHERE label = ?3 AND until IS NULL)"
    ),
);
pub(crate) const BY_STAGE: Stmt = Stmt::both(
    "case_file.by_stage",
    concat!(
        "SELECT c.stage, COUNT(*) FROM case_file c WHERE ",
        seen!(),
        " AND c.state = 'open' GROUP BY c.stage"
    ),
);
/// Cases whose titles have all of up to three words.
pub(crate) const BY_WORDS: Stmt = Stmt::both(
    "case_file.by_words",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        own_columns!(),
        " FROM case_file c WHERE c.id IN (SELECT case_id FROM case_word WHERE word = ?4) \
         AND EXISTS (SELECT 1 FROM case_word w WHERE w.case_id = c.id AND w.word = ?5) \
         AND EXISTS (SELECT 1 FROM case_word w WHERE w.case_id = c.id AND w.word = ?6) AND ",
        seen!(),
        " ORDER BY c.changed_at DESC, c.id DESC LIMIT ?7"
    ),
);
pub(crate) const OF_TARGET: Stmt = Stmt::both(
    "case_file.of_target",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        own_columns!(),
        " FROM case_file c WHERE c.id IN (SELECT case_id FROM case_link WHERE kind = ?4 AND target = ?5 \
         AND removed_at IS NULL) AND ",
        seen!(),
        " ORDER BY c.changed_at DESC, c.id DESC LIMIT ?6"
    ),
);
pub(crate) const COMING: Stmt = Stmt::both(
    "case_file.coming",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        own_columns!(),
        " FROM case_file c WHERE ",
        scope_where!("?1", "?4", "c."),
        " AND c.referred_to = ?2 AND c.state = 'open' ORDER BY c.next_due_at, c.id LIMIT ?3"
    ),
);

pub(crate) fn narrow(office: &Office, wanted: &Wanted, now: Timestamp) -> Vec<Value> {
    let mut all = office.team_params().to_vec();
    all.extend([
        wanted.state.as_str().into(),
        wanted.stage.as_str().into(),
        wanted.unit.as_str().into(),
        wanted.priority.into(),
        wanted.due_until(now).into(),
    ]);
    all
}

/// Cases that one may see, narrowed, in an order.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut Tx<'_>,
    office: &Office,
    (wanted, order): (&Wanted, Order),
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
    all.push(limit.into());
    tx.query(statement, &all, read)
}

/// How many there are.
///
/// # Errors
/// The database's.
pub fn count(tx: &mut Tx<'_>, office: &Office, wanted: &Wanted, now: Timestamp) -> Result<i64, DbError> {
    let statement = if wanted.mine { &MINE_COUNT } else { &ALL_COUNT };
    tx.query_one(statement, &narrow(office, wanted, now), |r| r.get(0))
}

/// How many open cases stand at each stage.
///
/// # Errors
/// The database's.
pub fn by_stage(tx: &mut Tx<'_>, office: &Office) -> Result<Vec<(String, i64)>, DbError> {
    tx.query(&BY_STAGE, &office.team_params(), |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Cases whose titles have these words; of more than three the first three are asked for.
///
/// # Errors
/// The database's.
pub fn by_words(
    tx: &mut Tx<'_>,
    office: &Office,
    words: &[Vec<u8>],
    limit: i64,
) -> Result<Vec<Case>, DbError> {
    let Some(first) = words.first() else { return Ok(Vec::new()) };
    let (second, third) = (words.get(1).unwrap_or(first), words.get(2).unwrap_or(first));
    let mut all = office.team_params().to_vec();
    all.extend([first.into(), second.into(), third.into(), limit.into()]);
    tx.query(&BY_WORDS, &all, read)
}

/// Cases about a thing that one may see.
///
/// # Errors
/// The database's.
pub fn of_target(
    tx: &mut Tx<'_>,
    office: &Office,
    (kind, target): (&str, Uuid),
    limit: i64,
) -> Result<Vec<Case>, DbError> {
    let mut all = office.team_params().to_vec();
    all.extend([kind.into(), target.into(), limit.into()]);
    tx.query(&OF_TARGET, &all, read)
}

/// Cases that were referred to a unit and wait there.
///
/// # Errors
/// The database's.
pub fn coming(tx: &mut Tx<'_>, (organisation, unit): (&str, &str), limit: i64) -> Result<Vec<Case>, DbError> {
    tx.query(&COMING, params![organisation, unit, limit, Value::Null], read)
}
