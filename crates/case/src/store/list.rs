//! What lists of cases are narrowed to, counted and found by. What one may see is part of each query; the lists themselves are in
//! [`super::paging`].

use access::{Office, scope_where, team_where};
use app::header_columns;
use db::{DbError, Stmt, Tx, Value, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::file::{own_columns, read};
use crate::model::{Case, State};
use crate::rules::filter::Wanted;

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

pub(crate) use {narrowed, seen};

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
/// Cases whose titles have all of up to three words, where few have them: the first word, the rarest, leads to them.
pub(crate) const BY_WORDS: Stmt = Stmt::both(
    "case_file.by_words",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        own_columns!(),
        // The order of this join is the order in which it is done: the index of all cases of an organisation leads past nothing.
        " FROM (SELECT word, case_id FROM case_word) h CROSS JOIN case_file c WHERE h.word = ?4 \
         AND EXISTS (SELECT 1 FROM case_word w WHERE w.case_id = h.case_id AND w.word = ?5) \
         AND EXISTS (SELECT 1 FROM case_word w WHERE w.case_id = h.case_id AND w.word = ?6) AND c.id = h.case_id AND ",
        seen!(),
        " ORDER BY c.changed_at DESC, c.id DESC LIMIT ?7"
    ),
);
/// The same where many have them: the list in its order is gone through until enough are found. Words are counted, not asked whether
/// there are any: of those PostgreSQL would make a join, and read all titles that have the first word (0.4 s of a hundred thousand cases).
pub(crate) const BY_COMMON_WORDS: Stmt = Stmt::both(
    "case_file.by_common_words",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        own_columns!(),
        " FROM case_file c WHERE ",
        seen!(),
        " AND c.state = ?8 AND (SELECT COUNT(*) FROM case_word w WHERE w.case_id = c.id AND w.word = ?4) > 0 \
         AND (SELECT COUNT(*) FROM case_word w WHERE w.case_id = c.id AND w.word = ?5) > 0 \
         AND (SELECT COUNT(*) FROM case_word w WHERE w.case_id = c.id AND w.word = ?6) > 0 \
         ORDER BY c.changed_at DESC, c.id DESC LIMIT ?7"
    ),
);
/// How many titles have a word, and no more of them than are asked for.
pub(crate) const WITH_WORD: Stmt = Stmt::both(
    "case_word.with_word",
    "SELECT COUNT(*) FROM (SELECT 1 FROM case_word WHERE word = ?1 LIMIT ?2) few",
);
/// How many have three words.
pub(crate) const WITH_WORDS: Stmt = Stmt::both(
    "case_word.with_words",
    "SELECT COUNT(*) FROM (SELECT 1 FROM case_word h WHERE h.word = ?1 \
     AND EXISTS (SELECT 1 FROM case_word w WHERE w.case_id = h.case_id AND w.word = ?2) \
     AND EXISTS (SELECT 1 FROM case_word w WHERE w.case_id = h.case_id AND w.word = ?3) LIMIT ?4) few",
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
        // Written so that no engine goes through all that is open, in the order of terms, for the few that wait.
        " AND c.referred_to = ?2 AND c.state || '' = 'open' ORDER BY c.next_due_at, c.id LIMIT ?3"
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

/// Cases whose titles have these words; of more than three the three that the fewest titles have are asked for. Of up to `few` cases each is
/// looked at; where more have the words, the list is gone through from its beginning.
///
/// # Errors
/// The database's.
pub fn by_words(
    tx: &mut Tx<'_>,
    office: &Office,
    words: &[Vec<u8>],
    (few, limit): (i64, i64),
) -> Result<Vec<Case>, DbError> {
    let mut counted = Vec::with_capacity(words.len());
    for word in words {
        let n: i64 =
            tx.query_one(&WITH_WORD, params![word.as_slice(), few.saturating_add(1)], |r| r.get(0))?;
        counted.push((n, word));
    }
    counted.sort();
    let Some((n, first)) = counted.first().copied() else { return Ok(Vec::new()) };
    let (second, third) = (counted.get(1).map_or(first, |w| w.1), counted.get(2).map_or(first, |w| w.1));
    let mut all = office.team_params().to_vec();
    all.extend([first.into(), second.into(), third.into(), limit.into()]);
    if n <= few || together(tx, (first, second, third), few)? <= few {
        return tx.query(&BY_WORDS, &all, read);
    }
    let mut found = Vec::new();
    for state in State::ALL {
        let mut of = all.clone();
        of.push(state.as_str().into());
        found.extend(tx.query(&BY_COMMON_WORDS, &of, read)?);
    }
    found.sort_by_key(|c| std::cmp::Reverse((c.changed_at, c.id)));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// How many titles have these words together, as far as it matters.
fn together(
    tx: &mut Tx<'_>,
    (first, second, third): (&[u8], &[u8], &[u8]),
    few: i64,
) -> Result<i64, DbError> {
    tx.query_one(&WITH_WORDS, params![first, second, third, few.saturating_add(1)], |r| r.get(0))
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
