//! The SQL of tokens of programs.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use vault::{SubjectKey, VaultError};

use super::model::AccountId;
use super::token::{TokenId, TokenLine};

/// Under which field the name is sealed.
pub(crate) const NAME_FIELD: &str = "staff_token.name";

pub(crate) const INSERT: Stmt = Stmt::both(
    "staff_token.insert",
    "INSERT INTO staff_token (id, account_id, token_hash, name_sealed, writes, created_wall, expires_wall, used_minute, \
     used_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0)",
);
pub(crate) const KNOWN: Stmt =
    Stmt::both("staff_token.known", "SELECT account_id FROM staff_token WHERE id = ?1");
pub(crate) const BY_HASH: Stmt = Stmt::both(
    "staff_token.by_hash",
    "SELECT id, account_id, writes, created_wall, expires_wall, ended_wall, used_minute, used_count \
     FROM staff_token WHERE token_hash = ?1",
);
pub(crate) const OF_ACCOUNT: Stmt = Stmt::both(
    "staff_token.of_account",
    "SELECT id, name_sealed, writes, created_wall, used_wall, expires_wall FROM staff_token \
     WHERE account_id = ?1 AND ended_wall IS NULL AND expires_wall > ?2 ORDER BY created_wall DESC, id DESC LIMIT 100",
);
pub(crate) const USED: Stmt = Stmt::both(
    "staff_token.used",
    "UPDATE staff_token SET used_wall = ?2, used_minute = ?3, used_count = ?4 \
     WHERE id = ?1 AND used_minute = ?5 AND used_count = ?6",
);
pub(crate) const END: Stmt = Stmt::both(
    "staff_token.end",
    "UPDATE staff_token SET ended_wall = ?3 WHERE id = ?1 AND account_id = ?2 AND ended_wall IS NULL",
);
pub(crate) const END_ALL: Stmt = Stmt::both(
    "staff_token.end_all",
    "UPDATE staff_token SET ended_wall = ?2 WHERE account_id = ?1 AND ended_wall IS NULL",
);

/// A token about to be written.
pub(crate) struct Fresh {
    pub id: TokenId,
    pub account: AccountId,
    pub hash: [u8; 32],
    pub name_sealed: Vec<u8>,
    pub writes: bool,
    pub made: Timestamp,
    pub ends: Timestamp,
}

pub(crate) fn insert(tx: &mut Tx<'_>, t: &Fresh) -> Result<(), DbError> {
    let all = params![t.id, t.account, t.hash, t.name_sealed.as_slice(), t.writes, t.made, t.ends];
    tx.execute(&INSERT, all).map(drop)
}

/// Whose token it is, also of one that has ended.
pub(crate) fn known(tx: &mut Tx<'_>, id: TokenId) -> Result<Option<AccountId>, DbError> {
    tx.query_opt(&KNOWN, params![id], |row| row.get(0))
}

/// A token as stored, with what decides whether it is still good.
pub(crate) struct Stored {
    pub id: TokenId,
    pub account: AccountId,
    pub writes: bool,
    pub made: Timestamp,
    pub ends: Timestamp,
    pub ended: Option<Timestamp>,
    /// The minute in which it was used last, and how often within it.
    pub used: (i64, i64),
}

pub(crate) fn by_hash(tx: &mut Tx<'_>, hash: [u8; 32]) -> Result<Option<Stored>, DbError> {
    tx.query_opt(&BY_HASH, params![hash], |row| {
        Ok(Stored {
            id: row.get(0)?,
            account: row.get(1)?,
            writes: row.get(2)?,
            made: row.get(3)?,
            ends: row.get(4)?,
            ended: row.get(5)?,
            used: (row.get(6)?, row.get(7)?),
        })
    })
}

/// The tokens of an account that are still good, the newest first; what they are is told to whoever has the account's key.
pub(crate) fn of_account(
    tx: &mut Tx<'_>,
    key: Option<&SubjectKey>,
    (account, now): (AccountId, Timestamp),
) -> Result<Vec<TokenLine>, VaultError> {
    let read = |row: &Row| {
        let sealed: Vec<u8> = row.get(1)?;
        let times: (Timestamp, Option<Timestamp>, Timestamp) = (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok((row.get::<TokenId>(0)?, sealed, row.get::<bool>(2)?, times))
    };
    let mut all = Vec::new();
    for (id, sealed, writes, (made, used, ends)) in tx.query(&OF_ACCOUNT, params![account, now], read)? {
        let name = key.map(|key| key.open(NAME_FIELD, &sealed)).transpose()?;
        all.push(TokenLine { id, name, writes: key.map(|_| writes), made, used, ends });
    }
    Ok(all)
}

/// Counts a request; somebody who was faster makes the transaction run again.
pub(crate) fn used(
    tx: &mut Tx<'_>,
    t: &Stored,
    (minute, count): (i64, i64),
    now: Timestamp,
) -> Result<(), DbError> {
    tx.guarded(&USED, params![t.id, now, minute, count, t.used.0, t.used.1])
}

/// Ends a token; false if there is none of this account that goes on.
pub(crate) fn end(tx: &mut Tx<'_>, id: TokenId, account: AccountId, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&END, params![id, account, now])? == 1)
}

/// Ends all tokens of an account.
pub(crate) fn end_all(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<u64, DbError> {
    tx.execute(&END_ALL, params![account, now])
}
