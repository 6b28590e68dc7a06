//! The SQL of sessions and of tries to sign in.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::{Purpose, Timestamp};
use uuid::Uuid;
use vault::{Vault, VaultError};

use super::model::{AccountId, Session, SessionId};
use super::store::{NAME_FIELD, roles_of, seat_of};
use super::throttle::Tries;

pub(crate) const SESSION_INSERT: Stmt = Stmt::both(
    "staff_session.insert",
    "INSERT INTO staff_session (id, account_id, token_hash, user_agent_hash, created_wall, last_seen_wall, \
     expires_wall, stepped_up_wall) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?5)",
);
macro_rules! session_columns {
    () => {
        "SELECT s.id, s.account_id, s.created_wall, s.last_seen_wall, s.expires_wall, s.stepped_up_wall, \
         s.user_agent_hash, a.login, a.name_sealed, a.roles, a.organisation_id, a.unit_id, a.active, a.demo, \
         a.partner_id, a.partner_code, a.partner_manages \
         FROM staff_session s JOIN staff_account a ON a.id = s.account_id "
    };
}
pub(crate) const SESSION_BY_TOKEN: Stmt =
    Stmt::both("staff_session.by_token", concat!(session_columns!(), "WHERE s.token_hash = ?1"));
pub(crate) const SESSIONS_OF: Stmt = Stmt::both(
    "staff_session.of_account",
    "SELECT id, created_wall, last_seen_wall, expires_wall FROM staff_session WHERE account_id = ?1 \
     ORDER BY last_seen_wall DESC, id LIMIT 100",
);
pub(crate) const SESSION_SEEN: Stmt = Stmt::both(
    "staff_session.seen",
    "UPDATE staff_session SET last_seen_wall = ?2 WHERE id = ?1 AND last_seen_wall < ?2",
);
pub(crate) const SESSION_STEP_UP: Stmt = Stmt::both(
    "staff_session.step_up",
    "UPDATE staff_session SET stepped_up_wall = ?2, last_seen_wall = ?2 WHERE id = ?1",
);
pub(crate) const SESSION_END: Stmt =
    Stmt::both("staff_session.end", "DELETE FROM staff_session WHERE id = ?1 AND account_id = ?2");
pub(crate) const SESSIONS_END: Stmt =
    Stmt::both("staff_session.end_others", "DELETE FROM staff_session WHERE account_id = ?1 AND id <> ?2");
pub(crate) const SESSIONS_SWEEP: Stmt = Stmt::both(
    "staff_session.sweep",
    "DELETE FROM staff_session WHERE expires_wall <= ?1 OR last_seen_wall <= ?2",
);

pub(crate) const TRIES: Stmt = Stmt::both(
    "sign_in_try.count",
    "SELECT count(*) FILTER (WHERE login_hash = ?1 AND address_hash = ?2), \
     count(*) FILTER (WHERE login_hash = ?1), count(*) FILTER (WHERE address_hash = ?2), min(at_wall) \
     FROM sign_in_try WHERE (login_hash = ?1 OR address_hash = ?2) AND at_wall > ?3 AND NOT passed",
);
pub(crate) const TRY_KNOWN: Stmt = Stmt::both(
    "sign_in_try.known",
    "SELECT count(*) FROM sign_in_try WHERE login_hash = ?1 AND address_hash = ?2 AND passed",
);
pub(crate) const TRY_INSERT: Stmt = Stmt::both(
    "sign_in_try.insert",
    "INSERT INTO sign_in_try (id, login_hash, address_hash, at_wall, passed) VALUES (?1, ?2, ?3, ?4, FALSE)",
);
pub(crate) const TRY_PASSED: Stmt =
    Stmt::both("sign_in_try.passed", "UPDATE sign_in_try SET passed = TRUE WHERE id = ?1");
pub(crate) const TRY_FORGIVE: Stmt = Stmt::both(
    "sign_in_try.forgive",
    "DELETE FROM sign_in_try WHERE login_hash = ?1 AND address_hash = ?2 AND id <> ?3",
);
pub(crate) const TRY_SWEEP: Stmt = Stmt::both(
    "sign_in_try.sweep",
    "DELETE FROM sign_in_try WHERE at_wall <= ?2 OR (at_wall <= ?1 AND NOT passed)",
);

/// A session about to be written.
pub(crate) struct NewSession {
    pub id: SessionId,
    pub account: AccountId,
    pub token_hash: [u8; 32],
    pub user_agent_hash: [u8; 32],
    pub created: Timestamp,
    pub expires: Timestamp,
}

pub(crate) fn insert_session(tx: &mut Tx<'_>, s: &NewSession) -> Result<(), DbError> {
    let all = params![s.id, s.account, s.token_hash, s.user_agent_hash, s.created, s.expires];
    tx.execute(&SESSION_INSERT, all)?;
    Ok(())
}

/// A session as stored, with what decides whether it is still good.
pub(crate) struct StoredSession {
    pub session: Session,
    pub user_agent_hash: [u8; 32],
    pub active: bool,
    pub demo: bool,
}

pub(crate) fn session(
    tx: &mut Tx<'_>,
    vault: &Vault,
    token_hash: [u8; 32],
) -> Result<Option<StoredSession>, VaultError> {
    let read = |row: &Row| {
        let times: [Timestamp; 4] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
        let ids: (SessionId, AccountId) = (row.get(0)?, row.get(1)?);
        let place: (String, String) = (row.get(10)?, row.get(11)?);
        let sealed: Vec<u8> = row.get(8)?;
        let rest: (String, String, [u8; 32], bool, bool) =
            (row.get(7)?, row.get(9)?, row.get(6)?, row.get(12)?, row.get(13)?);
        let seat = seat_of(row.get(14)?, row.get(15)?, row.get(16)?);
        Ok((ids, times, place, sealed, rest, seat))
    };
    let found = tx.query_opt(&SESSION_BY_TOKEN, params![token_hash], read)?;
    let Some(((id, account), [created, last_seen, expires, stepped_up], place, name, rest, seat)) = found
    else {
        return Ok(None);
    };
    let Some(key) = vault.subject(tx, account.uuid())? else { return Ok(None) };
    let name = key.open(NAME_FIELD, &name)?.into_inner(Purpose::Operate);
    let (login, roles, user_agent_hash, active, demo) = rest;
    let (roles, place) = (roles_of(&roles), (place.0.as_str(), place.1.as_str()));
    let actor = crate::actor::of_account(account.uuid(), &name, seat.as_ref(), &roles, place);
    let session = Session { id, account, login, actor, created, last_seen, expires, stepped_up };
    Ok(Some(StoredSession { session, user_agent_hash, active, demo }))
}

/// The sessions of an account: id, begun, last used, ends.
pub(crate) fn sessions(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Vec<(SessionId, Timestamp, Timestamp, Timestamp)>, DbError> {
    tx.query(&SESSIONS_OF, params![account], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
}

pub(crate) fn seen(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(&SESSION_SEEN, params![id, now]).map(drop)
}

pub(crate) fn stepped_up(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&SESSION_STEP_UP, params![id, now])? == 1)
}

/// Ends one session of this account; false if there is none.
pub(crate) fn end_session(tx: &mut Tx<'_>, id: SessionId, account: AccountId) -> Result<bool, DbError> {
    Ok(tx.execute(&SESSION_END, params![id, account])? == 1)
}

/// Ends all sessions of this account but `keep`.
pub(crate) fn end_sessions(
    tx: &mut Tx<'_>,
    account: AccountId,
    keep: Option<SessionId>,
) -> Result<u64, DbError> {
    tx.execute(&SESSIONS_END, params![account, keep.map_or(Uuid::nil(), SessionId::uuid)])
}

/// Removes what has ended by itself.
pub(crate) fn sweep(
    tx: &mut Tx<'_>,
    now: Timestamp,
    idle: Timestamp,
    day: Timestamp,
    month: Timestamp,
) -> Result<(), DbError> {
    tx.execute(&SESSIONS_SWEEP, params![now, idle])?;
    tx.execute(&TRY_SWEEP, params![day, month])?;
    Ok(())
}

/// Failed tries since `since`.
pub(crate) fn tries(tx: &mut Tx<'_>, who: &TryKey, since: Timestamp) -> Result<Tries, DbError> {
    let (pair, login, address, oldest) =
        tx.query_one(&TRIES, params![who.login, who.address, since], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    let known: i64 = tx.query_one(&TRY_KNOWN, params![who.login, who.address], |row| row.get(0))?;
    if !who.address_known {
        // Nobody's address is everybody's: it says nothing, and what counts is the login alone.
        return Ok(Tries { pair: 0, login, address: 0, known_pair: false, oldest });
    }
    Ok(Tries { pair, login, address, known_pair: known > 0, oldest })
}

/// Whose tries are counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TryKey {
    pub login: [u8; 32],
    pub address: [u8; 32],
    pub address_known: bool,
}

pub(crate) fn insert_try(tx: &mut Tx<'_>, id: Uuid, who: &TryKey, now: Timestamp) -> Result<(), DbError> {
    tx.execute(&TRY_INSERT, params![id, who.login, who.address, now]).map(drop)
}

/// The try was a good one: earlier failures of this login from this address are forgiven.
pub(crate) fn try_passed(tx: &mut Tx<'_>, id: Uuid, who: &TryKey) -> Result<(), DbError> {
    tx.execute(&TRY_FORGIVE, params![who.login, who.address, id])?;
    tx.execute(&TRY_PASSED, params![id]).map(drop)
}
