//! The SQL of delegations.

use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::{Asset, Money, Role, Timestamp};
use profile::Measure;
use uuid::Uuid;

use super::model::{Delegation, DelegationId, EndWhy, Ending, Terms};

macro_rules! own_columns {
    () => {
        "delegator_id, deputy_id, role, for_unit, measures, asset, most_minor, starts_at, ends_at, number, ground_sealed"
    };
}
macro_rules! select {
    () => {
        concat!(
            "SELECT ",
            app::header_columns!(),
            ", ",
            own_columns!(),
            ", accepted_at, confirmed_at, confirmed_by, ended_at, ended_by, end_why FROM delegation "
        )
    };
}
/// How many of the own columns never change: the terms.
const FIXED: usize = 11;
pub(crate) const INSERT: Stmt = Stmt::both(
    "delegation.insert",
    concat!(
        "INSERT INTO delegation (",
        app::header_columns!(),
        ", ",
        own_columns!(),
        ") VALUES (",
        app::header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)"
    ),
);
pub(crate) const BY_ID: Stmt = Stmt::both("delegation.by_id", concat!(select!(), "WHERE id = ?1"));
pub(crate) const OF_PERSON: Stmt = Stmt::both(
    "delegation.of_person",
    concat!(select!(), "WHERE delegator_id = ?1 OR deputy_id = ?1 ORDER BY created_at DESC, id LIMIT 200"),
);
pub(crate) const OPEN_OF: Stmt = Stmt::both(
    "delegation.open_of",
    concat!(
        select!(),
        "WHERE (delegator_id = ?1 OR deputy_id = ?1) AND ended_at IS NULL AND ends_at > ?2 ORDER BY id"
    ),
);
pub(crate) const IN_FORCE_FOR: Stmt = Stmt::both(
    "delegation.in_force_for",
    concat!(
        select!(),
        "WHERE deputy_id = ?1 AND ended_at IS NULL AND confirmed_at IS NOT NULL AND starts_at <= ?2 AND ends_at > ?2 \
         ORDER BY ends_at, id LIMIT 50"
    ),
);
pub(crate) const LIST: Stmt = Stmt::both(
    "delegation.list",
    concat!(
        select!(),
        "WHERE organisation_id = ?1 AND (?2 = '' OR unit_id = ?2) ORDER BY created_at DESC, id LIMIT 500"
    ),
);
pub(crate) const ACCEPT: Stmt = Stmt::both(
    "delegation.accept",
    "UPDATE delegation SET accepted_at = ?2 WHERE id = ?1 AND accepted_at IS NULL AND ended_at IS NULL",
);
pub(crate) const CONFIRM: Stmt = Stmt::both(
    "delegation.confirm",
    "UPDATE delegation SET confirmed_at = ?2, confirmed_by = ?3 \
     WHERE id = ?1 AND confirmed_at IS NULL AND accepted_at IS NOT NULL AND ended_at IS NULL",
);
pub(crate) const END: Stmt = Stmt::both(
    "delegation.end",
    "UPDATE delegation SET ended_at = ?2, ended_by = ?3, end_why = ?4 WHERE id = ?1 AND ended_at IS NULL",
);

/// A delegation and its ground, still sealed.
#[derive(Debug, Clone)]
pub(crate) struct Sealed {
    pub delegation: Delegation,
    pub ground: Vec<u8>,
}

fn read(row: &Row) -> Result<Sealed, DbError> {
    let (id, header) = app::header::read(row)?;
    let at = |no: usize| app::header::WIDTH.saturating_add(no);
    let broken = |what: &str| DbError::Bug(format!("a delegation has a broken {what}"));
    let asset: Option<String> = row.get(at(5))?;
    let minor: Option<i64> = row.get(at(6))?;
    let most = match asset.zip(minor) {
        None => None,
        Some((code, minor)) => {
            let asset: Asset = serde_json::from_value(code.into()).map_err(|_| broken("asset"))?;
            Some(Money::from_minor(minor, asset))
        }
    };
    let measures: String = row.get(at(4))?;
    let measures = measures.split(',').filter(|m| !m.is_empty());
    let terms = Terms {
        delegator: row.get(at(0))?,
        deputy: row.get(at(1))?,
        role: Role::parse(&row.get::<String>(at(2))?).ok_or_else(|| broken("role"))?,
        unit: row.get(at(3))?,
        // A word that is no measure (any more) must not widen what was given: it is broken, not left out.
        measures: measures
            .map(|m| Measure::parse(m).ok_or_else(|| broken("measure")))
            .collect::<Result<_, _>>()?,
        most,
        from: row.get(at(7))?,
        till: row.get(at(8))?,
        number: row.get(at(9))?,
    };
    let confirmed: (Option<Timestamp>, Option<String>) = (row.get(at(12))?, row.get(at(13))?);
    let ended: (Option<Timestamp>, Option<String>, Option<String>) =
        (row.get(at(14))?, row.get(at(15))?, row.get(at(16))?);
    let delegation = Delegation {
        id: DelegationId::from_uuid(id),
        header,
        terms,
        ground: None,
        accepted_at: row.get(at(11))?,
        confirmed: confirmed.0.zip(confirmed.1),
        ending: ended.0.map(|at| Ending {
            at,
            by: ended.1.unwrap_or_default(),
            why: EndWhy::parse(&ended.2.unwrap_or_default()),
        }),
    };
    Ok(Sealed { delegation, ground: row.get(at(10))? })
}

pub(crate) fn insert(tx: &mut Tx<'_>, d: &Delegation, ground_sealed: &[u8]) -> Result<(), DbError> {
    let t = &d.terms;
    let asset = t.most.and_then(|m| serde_json::to_value(m.asset()).ok()?.as_str().map(str::to_owned));
    let measures: Vec<&str> = t.measures.iter().map(|m| m.as_str()).collect();
    let own = [
        Value::from(t.delegator),
        Value::from(t.deputy),
        Value::from(t.role.as_str()),
        Value::from(t.unit.as_str()),
        Value::from(measures.join(",")),
        Value::from(asset),
        Value::from(t.most.map(Money::minor)),
        Value::from(t.from),
        Value::from(t.till),
        Value::from(t.number.as_str()),
        Value::from(ground_sealed),
    ];
    tx.execute(&INSERT, &app::header::values(d.id.uuid(), &d.header, &own, FIXED)).map(drop)
}

pub(crate) fn find(tx: &mut Tx<'_>, id: DelegationId) -> Result<Option<Sealed>, DbError> {
    tx.query_opt(&BY_ID, params![id], read)
}

/// All that somebody gave or was given, the latest first.
pub(crate) fn of_person(tx: &mut Tx<'_>, account: Uuid) -> Result<Vec<Sealed>, DbError> {
    tx.query(&OF_PERSON, params![account], read)
}

/// Those of them that are not over.
pub(crate) fn open_of(tx: &mut Tx<'_>, account: Uuid, now: Timestamp) -> Result<Vec<Delegation>, DbError> {
    Ok(tx.query(&OPEN_OF, params![account, now], read)?.into_iter().map(|s| s.delegation).collect())
}

/// Those by which somebody may sign now, as far as their own rows say; the soonest to end first.
pub(crate) fn in_force_for(
    tx: &mut Tx<'_>,
    deputy: Uuid,
    now: Timestamp,
) -> Result<Vec<Delegation>, DbError> {
    Ok(tx.query(&IN_FORCE_FOR, params![deputy, now], read)?.into_iter().map(|s| s.delegation).collect())
}

/// Those of an organisation, or of one unit of it, the latest first, at most 500.
pub(crate) fn list(tx: &mut Tx<'_>, organisation: &str, unit: &str) -> Result<Vec<Sealed>, DbError> {
    tx.query(&LIST, params![organisation, unit], read)
}

/// Keeps that it was accepted; somebody faster makes the transaction run again.
pub(crate) fn accept(tx: &mut Tx<'_>, d: &Delegation) -> Result<(), DbError> {
    tx.guarded(&ACCEPT, params![d.id, d.accepted_at])
}

/// Keeps that it was confirmed; somebody faster makes the transaction run again.
pub(crate) fn confirm(tx: &mut Tx<'_>, d: &Delegation) -> Result<(), DbError> {
    let (at, by) = d.confirmed.clone().unzip();
    tx.guarded(&CONFIRM, params![d.id, at, by])
}

/// Keeps that it ended; somebody faster makes the transaction run again.
pub(crate) fn end(tx: &mut Tx<'_>, d: &Delegation) -> Result<(), DbError> {
    let ending = d.ending.as_ref();
    tx.guarded(
        &END,
        params![d.id, ending.map(|e| e.at), ending.map(|e| e.by.clone()), ending.map(|e| e.why.as_str())],
    )
}
