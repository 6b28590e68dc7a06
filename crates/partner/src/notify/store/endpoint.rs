//! Endpoints.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;

use crate::model::PartnerId;
use crate::notify::model::{Endpoint, EndpointId, EndpointState, Mode, Topic};

macro_rules! columns {
    () => {
        "e.id, e.partner_id, e.url, e.topics, e.mode, e.state, e.previous_until_wall, e.created_at, e.changed_at, \
         e.failures, e.last_success_wall, e.secret_sealed, e.previous_sealed"
    };
}

pub(crate) const INSERT: Stmt = Stmt::both(
    "partner.endpoint_insert",
    "INSERT INTO partner_endpoint (id, partner_id, url, topics, mode, state, secret_sealed, created_at, changed_at, failures) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 0) ON CONFLICT (partner_id, url) DO NOTHING",
);
pub(crate) const OF_PARTNER: Stmt = Stmt::both(
    "partner.endpoints",
    concat!(
        "SELECT ",
        columns!(),
        " FROM partner_endpoint e WHERE e.partner_id = ?1 ORDER BY e.id LIMIT 100"
    ),
);
pub(crate) const FIND: Stmt = Stmt::both(
    "partner.endpoint",
    concat!("SELECT ", columns!(), " FROM partner_endpoint e WHERE e.id = ?1 AND e.partner_id = ?2"),
);
/// With whether its institution takes part.
pub(crate) const TARGET: Stmt = Stmt::both(
    "partner.endpoint_target",
    concat!(
        "SELECT ",
        columns!(),
        ", (SELECT p.active FROM partner p WHERE p.id = e.partner_id) FROM partner_endpoint e WHERE e.id = ?1"
    ),
);
pub(crate) const LISTENING: Stmt = Stmt::both(
    "partner.endpoints_listening",
    "SELECT e.id, e.topics, e.failures FROM partner_endpoint e WHERE e.state = 'active' AND e.mode = 'live' \
     AND e.partner_id = (SELECT p.id FROM partner p WHERE p.code = ?1 AND p.active)",
);
pub(crate) const FAILING: Stmt = Stmt::both(
    "partner.endpoints_failing",
    "SELECT id, failures FROM partner_endpoint WHERE state = 'active' AND failures >= ?1",
);
pub(crate) const SET_SECRETS: Stmt = Stmt::both(
    "partner.endpoint_secrets",
    "UPDATE partner_endpoint SET secret_sealed = ?2, previous_sealed = ?3, previous_until_wall = ?4, changed_at = ?5 \
     WHERE id = ?1 AND secret_sealed = ?6",
);
pub(crate) const SET_STATE: Stmt = Stmt::both(
    "partner.endpoint_state",
    "UPDATE partner_endpoint SET state = ?2, changed_at = ?3, failures = 0 WHERE id = ?1 AND state <> ?2",
);
pub(crate) const DISABLE: Stmt = Stmt::both(
    "partner.endpoint_disable",
    "UPDATE partner_endpoint SET state = 'disabled', changed_at = ?2 WHERE id = ?1 AND state = 'active'",
);
pub(crate) const DELETE: Stmt =
    Stmt::both("partner.endpoint_delete", "DELETE FROM partner_endpoint WHERE id = ?1");
pub(crate) const TOOK: Stmt = Stmt::both(
    "partner.endpoint_took",
    "UPDATE partner_endpoint SET failures = ?2, last_success_wall = ?3 WHERE id = ?1",
);
pub(crate) const FAILED: Stmt = Stmt::both(
    "partner.endpoint_failed",
    "UPDATE partner_endpoint SET failures = failures + ?2 WHERE id = ?1",
);

/// The sealed secrets of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The one in force.
    pub secret: Vec<u8>,
    /// Those that were replaced, with their ends.
    pub previous: Option<Vec<u8>>,
}

/// An endpoint as it lies in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointRow {
    /// All but the secrets.
    pub endpoint: Endpoint,
    /// The secrets.
    pub sealed: Sealed,
}

fn topics_text(topics: &[Topic]) -> String {
    topics.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(",")
}

fn topics_of(text: &str) -> Vec<Topic> {
    text.split(',').filter_map(Topic::parse).collect()
}

fn read(row: &Row) -> Result<EndpointRow, DbError> {
    let endpoint = Endpoint {
        id: row.get(0)?,
        partner: row.get(1)?,
        url: row.get(2)?,
        topics: topics_of(&row.get::<String>(3)?),
        // Words that this program does not know have the smaller effect.
        mode: Mode::parse(&row.get::<String>(4)?).unwrap_or(Mode::Test),
        state: EndpointState::parse(&row.get::<String>(5)?).unwrap_or(EndpointState::Paused),
        previous_until: row.get(6)?,
        created_at: row.get(7)?,
        changed_at: row.get(8)?,
        failures: row.get(9)?,
        last_success: row.get(10)?,
    };
    Ok(EndpointRow { endpoint, sealed: Sealed { secret: row.get(11)?, previous: row.get(12)? } })
}

/// A new endpoint. `false` if the partner has one at this address.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, row: &EndpointRow) -> Result<bool, DbError> {
    let e = &row.endpoint;
    let own = params![
        e.id,
        e.partner,
        e.url.as_str(),
        topics_text(&e.topics),
        e.mode.as_str(),
        e.state.as_str(),
        row.sealed.secret.as_slice(),
        e.created_at
    ];
    Ok(tx.execute(&INSERT, own)? == 1)
}

/// All endpoints of a partner, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_partner(tx: &mut Tx<'_>, partner: PartnerId) -> Result<Vec<EndpointRow>, DbError> {
    tx.query(&OF_PARTNER, params![partner], read)
}

/// One endpoint of a partner's own.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: EndpointId, partner: PartnerId) -> Result<Option<EndpointRow>, DbError> {
    tx.query_opt(&FIND, params![id, partner], read)
}

/// An endpoint for posting, and whether its institution takes part.
///
/// # Errors
/// The database's.
pub fn target(tx: &mut Tx<'_>, id: EndpointId) -> Result<Option<(EndpointRow, bool)>, DbError> {
    tx.query_opt(&TARGET, params![id], |row| Ok((read(row)?, row.get::<Option<bool>>(13)?.unwrap_or(false))))
}

/// Endpoints of a partner, by its code, that hear of `topic` now, with how often each has failed in a row.
///
/// # Errors
/// The database's.
pub fn listening(tx: &mut Tx<'_>, code: &str, topic: Topic) -> Result<Vec<(EndpointId, i64)>, DbError> {
    let all = tx.query(&LISTENING, params![code], |row| {
        Ok((row.get(0)?, topics_of(&row.get::<String>(1)?), row.get(2)?))
    })?;
    let hears = all.into_iter().filter(|(_, topics, _): &(_, Vec<Topic>, _)| topics.contains(&topic));
    Ok(hears.map(|(id, _, failures)| (id, failures)).collect())
}

/// Endpoints that have failed so often in a row or more often, with how often.
///
/// # Errors
/// The database's.
pub fn failing(tx: &mut Tx<'_>, at_least: i64) -> Result<Vec<(EndpointId, i64)>, DbError> {
    tx.query(&FAILING, params![at_least], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Puts other secrets in the place of `before`.
///
/// # Errors
/// The database's; [`DbError::Conflict`] if somebody was faster: the closure runs again.
pub fn set_secrets(
    tx: &mut Tx<'_>,
    id: EndpointId,
    before: &Sealed,
    after: &Sealed,
    previous_until: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    let own = params![
        id,
        after.secret.as_slice(),
        after.previous.clone(),
        previous_until,
        now,
        before.secret.as_slice()
    ];
    tx.guarded(&SET_SECRETS, own)
}

/// Sets the state and forgets failures. `false` if it stands so already.
///
/// # Errors
/// The database's.
pub fn set_state(
    tx: &mut Tx<'_>,
    id: EndpointId,
    state: EndpointState,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.execute(&SET_STATE, params![id, state.as_str(), now])? == 1)
}

/// The endpoint said that it is gone. `false` if nothing is posted to it anyway.
///
/// # Errors
/// The database's.
pub fn disable(tx: &mut Tx<'_>, id: EndpointId, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&DISABLE, params![id, now])? == 1)
}

/// Removes it with its secrets.
///
/// # Errors
/// The database's.
pub fn delete(tx: &mut Tx<'_>, id: EndpointId) -> Result<(), DbError> {
    tx.execute(&DELETE, params![id]).map(drop)
}

/// It took something at `wall`, and then failed `failures` times.
///
/// # Errors
/// The database's.
pub fn took(tx: &mut Tx<'_>, id: EndpointId, failures: i64, wall: Timestamp) -> Result<(), DbError> {
    tx.execute(&TOOK, params![id, failures, wall]).map(drop)
}

/// It failed `more` times.
///
/// # Errors
/// The database's.
pub fn failed(tx: &mut Tx<'_>, id: EndpointId, more: i64) -> Result<(), DbError> {
    tx.execute(&FAILED, params![id, more]).map(drop)
}
