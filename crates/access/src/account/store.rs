//! The SQL of accounts, and the slice with all its statements.

use db::{DbError, Migration, Row, Slice, Stmt, Tx, Value, params};
use kernel::{Header, Personal, Purpose, Role, Secret, Timestamp};
use uuid::Uuid;
use vault::{SubjectKey, Vault, VaultError};

use super::handed;
use super::model::{Account, AccountId, Credentials, Seat};
use super::store_people as people;
use super::store_session as other;
use super::store_token as token;
use crate::absence::store as absence;
use crate::delegation::store as delegation;

const INSERT: Stmt = Stmt::both(
    "staff_account.insert",
    concat!(
        "INSERT INTO staff_account (",
        app::header_columns!(),
        ", login, demo, name_sealed, roles, password_hash, totp_sealed, totp_last_step, active, \
         partner_id, partner_code, partner_manages, handed_by) VALUES (",
        app::header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)"
    ),
);
/// How many of the account's own columns never change: login and demo.
const FIXED: usize = 2;

macro_rules! account_columns {
    () => {
        "SELECT id, login, name_sealed, roles, organisation_id, unit_id, active, demo, created_at, password_hash, \
         totp_sealed, totp_last_step, last_sign_in_at, state_at, state_reason_sealed, \
         partner_id, partner_code, partner_manages FROM staff_account "
    };
}
const BY_LOGIN: Stmt = Stmt::both("staff_account.by_login", concat!(account_columns!(), "WHERE login = ?1"));
const BY_ID: Stmt = Stmt::both("staff_account.by_id", concat!(account_columns!(), "WHERE id = ?1"));
const LIST: Stmt = Stmt::both(
    "staff_account.list",
    concat!(
        account_columns!(),
        "WHERE organisation_id = ?1 AND partner_id IS NULL ORDER BY login LIMIT 1000"
    ),
);
const OF_PARTNER: Stmt = Stmt::both(
    "staff_account.of_partner",
    concat!(account_columns!(), "WHERE partner_id = ?1 ORDER BY login LIMIT 1000"),
);
const LIST_ALL: Stmt =
    Stmt::both("staff_account.list_all", concat!(account_columns!(), "ORDER BY login LIMIT 1000"));
const STANDING: Stmt = Stmt::both(
    "access.standing",
    "SELECT roles, active FROM staff_account WHERE id = ?1 AND partner_id IS NULL",
);
const DEMO: Stmt = Stmt::both(
    "staff_account.demo",
    concat!(account_columns!(), "WHERE demo ORDER BY created_at, id LIMIT 100"),
);
const SET_ACTIVE: Stmt = Stmt::both(
    "staff_account.set_active",
    "UPDATE staff_account SET active = ?2, state_at = ?3, state_reason_sealed = ?4 WHERE id = ?1 AND active <> ?2",
);
const SIGNED_IN: Stmt =
    Stmt::both("staff_account.signed_in", "UPDATE staff_account SET last_sign_in_at = ?2 WHERE id = ?1");
// Two administrators who close each other at the same moment must not both succeed: on PostgreSQL the second waits
// for the first and then counts anew. SQLite has one writer.
const OPEN_ADMINISTRATORS: Stmt = Stmt::split(
    "staff_account.open_administrators",
    "SELECT id FROM staff_account WHERE active AND roles = 'administrator' AND (?1 OR NOT demo) ORDER BY id",
    "SELECT id FROM staff_account WHERE active AND roles = 'administrator' AND (?1 OR NOT demo) ORDER BY id \
     FOR UPDATE",
);
const COUNT: Stmt = Stmt::both("staff_account.count", "SELECT count(*) FROM staff_account");
const SET_CREDENTIALS: Stmt = Stmt::both(
    "staff_account.set_credentials",
    "UPDATE staff_account SET password_hash = ?2, totp_sealed = ?3, totp_last_step = ?4, handed_by = ?5 WHERE id = ?1",
);
const CHANGE_PASSWORD: Stmt = Stmt::both(
    "staff_account.change_password",
    "UPDATE staff_account SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2 AND active",
);
// The guard lets one of two who use the same code at once through.
const TAKE_STEP: Stmt = Stmt::both(
    "staff_account.take_step",
    "UPDATE staff_account SET totp_last_step = ?2 WHERE id = ?1 AND totp_last_step < ?2 AND active",
);

/// Tables and statements of accounts of staff.
pub const SLICE: Slice = Slice {
    name: "access",
    migrations: &[
        Migration {
            no: 1,
            name: "access",
            sqlite: include_str!("../../migrations/0001_access.sqlite.sql"),
            postgres: include_str!("../../migrations/0001_access.postgres.sql"),
        },
        Migration {
            no: 2,
            name: "state",
            sqlite: include_str!("../../migrations/0002_state.sqlite.sql"),
            postgres: include_str!("../../migrations/0002_state.postgres.sql"),
        },
        Migration {
            no: 3,
            name: "seat",
            sqlite: include_str!("../../migrations/0003_seat.sqlite.sql"),
            postgres: include_str!("../../migrations/0003_seat.postgres.sql"),
        },
        Migration {
            no: 4,
            name: "absence",
            sqlite: include_str!("../../migrations/0004_absence.sqlite.sql"),
            postgres: include_str!("../../migrations/0004_absence.postgres.sql"),
        },
        Migration {
            no: 5,
            name: "handed",
            sqlite: include_str!("../../migrations/0005_handed.sqlite.sql"),
            postgres: include_str!("../../migrations/0005_handed.postgres.sql"),
        },
        Migration {
            no: 6,
            name: "token",
            sqlite: include_str!("../../migrations/0006_token.sqlite.sql"),
            postgres: include_str!("../../migrations/0006_token.postgres.sql"),
        },
    ],
    #[rustfmt::skip]
    statements: &[
        &INSERT, &BY_LOGIN, &BY_ID, &LIST, &LIST_ALL, &OF_PARTNER, &STANDING, &DEMO, &SET_ACTIVE, &SET_CREDENTIALS, &TAKE_STEP, &SIGNED_IN,
        &OPEN_ADMINISTRATORS, &COUNT, &CHANGE_PASSWORD,
        &handed::HANDED,
        &other::SESSION_INSERT, &other::SESSION_BY_TOKEN, &other::SESSIONS_OF, &other::SESSION_SEEN,
        &other::SESSION_STEP_UP, &other::SESSION_END, &other::SESSIONS_END, &other::SESSIONS_SWEEP,
        &token::INSERT, &token::KNOWN, &token::BY_HASH, &token::OF_ACCOUNT, &token::USED, &token::END, &token::END_ALL,
        &people::COLLEAGUES, &people::PERSON, &people::PERSONS,
        &absence::INSERT, &absence::BY_ID, &absence::OPEN_OF, &absence::OPEN, &absence::END,
        &delegation::INSERT, &delegation::BY_ID, &delegation::OF_PERSON, &delegation::OPEN_OF, &delegation::IN_FORCE_FOR,
        &delegation::LIST, &delegation::ACCEPT, &delegation::CONFIRM, &delegation::END,
        &other::TRIES, &other::TRY_KNOWN, &other::TRY_INSERT, &other::TRY_PASSED, &other::TRY_FORGIVE, &other::TRY_SWEEP,
    ],
};

/// Names of the sealed fields.
pub(crate) const NAME_FIELD: &str = "name";
pub(crate) const TOTP_FIELD: &str = "totp_secret";
pub(crate) const REASON_FIELD: &str = "state_reason";

/// An account about to be written: sealed and hashed before the write closure.
pub(crate) struct Fresh {
    pub id: AccountId,
    pub header: Header,
    pub login: String,
    pub demo: bool,
    pub roles: Vec<Role>,
    pub seat: Option<Seat>,
    pub password_hash: String,
    pub key: SubjectKey,
    pub name_sealed: Vec<u8>,
    pub totp_sealed: Vec<u8>,
    /// Who is handed what it signs in with.
    pub handed_by: Option<String>,
}

pub(crate) fn insert(tx: &mut Tx<'_>, vault: &Vault, fresh: &Fresh) -> Result<(), VaultError> {
    vault.store(tx, &fresh.key)?;
    let own = [
        Value::from(fresh.login.as_str()),
        Value::from(fresh.demo),
        Value::from(&fresh.name_sealed),
        Value::from(roles_text(&fresh.roles)),
        Value::from(fresh.password_hash.as_str()),
        Value::from(&fresh.totp_sealed),
        Value::from(-1_i64),
        Value::from(true),
        Value::from(fresh.seat.as_ref().map(|s| s.partner)),
        Value::from(fresh.seat.as_ref().map(|s| s.code.as_str())),
        Value::from(fresh.seat.as_ref().is_some_and(|s| s.manages)),
        Value::from(fresh.handed_by.clone()),
    ];
    tx.execute(&INSERT, &app::header::values(fresh.id.uuid(), &fresh.header, &own, FIXED))?;
    Ok(())
}

/// How somebody stands who signed something earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Offices held now.
    pub roles: Vec<Role>,
    /// Whether the account may sign in now.
    pub active: bool,
}

impl Office {
    /// Whether the person may act in one of `roles` now.
    #[must_use]
    pub fn holds_any(&self, roles: &[Role]) -> bool {
        self.active && self.roles.iter().any(|role| roles.contains(role))
    }
}

/// How the person behind a label (`staff:UUID`) stands now; `None` for anybody else, and for accounts that are
/// gone. The account's row is held until the transaction ends, so that nobody is put out between the question
/// and what rests on it.
///
/// # Errors
/// The database's.
pub fn office_of(tx: &mut Tx<'_>, label: &str) -> Result<Option<Office>, DbError> {
    let Some(id) = label.strip_prefix("staff:").and_then(|id| id.parse::<uuid::Uuid>().ok()) else {
        return Ok(None);
    };
    tx.lock_row("staff_account", id)?;
    office_now(tx, id)
}

/// As [`office_of`], for showing: nobody is held.
///
/// # Errors
/// The database's.
pub fn office_now(tx: &mut Tx<'_>, account: uuid::Uuid) -> Result<Option<Office>, DbError> {
    tx.query_opt(&STANDING, params![account], |row| {
        Ok(Office { roles: roles_of(&row.get::<String>(0)?), active: row.get(1)? })
    })
}

/// Whether the person behind a label may still act in one of `roles` in the transaction that keeps the act: a request
/// may have come in before its account was closed. The account's row is held, as by [`office_of`].
///
/// # Errors
/// The database's.
pub fn still_stands(tx: &mut Tx<'_>, label: &str, roles: &[Role]) -> Result<bool, DbError> {
    Ok(office_of(tx, label)?.is_some_and(|office| office.holds_any(roles)))
}

fn roles_text(roles: &[Role]) -> String {
    roles.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(",")
}

/// A word that is no role (any more) gives no right.
pub(crate) fn roles_of(text: &str) -> Vec<Role> {
    text.split(',').filter_map(Role::parse).collect()
}

/// Whose person it is, from the three columns.
pub(crate) fn seat_of(partner: Option<Uuid>, code: Option<String>, manages: bool) -> Option<Seat> {
    Some(Seat { partner: partner?, code: code?, manages })
}

/// A row of [`account_columns`] with its fields still sealed.
struct Sealed {
    account: Account,
    name: Vec<u8>,
    password_hash: String,
    totp: Vec<u8>,
    last_step: i64,
    reason: Option<Vec<u8>>,
}

fn sealed(row: &Row) -> Result<Sealed, DbError> {
    let account = Account {
        id: row.get(0)?,
        login: row.get(1)?,
        name: Personal::new(String::new()),
        roles: roles_of(&row.get::<String>(3)?),
        seat: seat_of(row.get(15)?, row.get(16)?, row.get(17)?),
        organisation: row.get(4)?,
        unit: row.get(5)?,
        active: row.get(6)?,
        demo: row.get(7)?,
        created_at: row.get(8)?,
        last_sign_in: row.get(12)?,
        state_at: row.get(13)?,
        state_reason: None,
    };
    Ok(Sealed {
        account,
        name: row.get(2)?,
        password_hash: row.get(9)?,
        totp: row.get(10)?,
        last_step: row.get(11)?,
        reason: row.get(14)?,
    })
}

/// Opens the sealed fields. An account whose key was destroyed is as good as absent.
fn opened(
    tx: &mut Tx<'_>,
    vault: &Vault,
    sealed: Sealed,
) -> Result<Option<(Account, Credentials)>, VaultError> {
    let Some(key) = vault.subject(tx, sealed.account.id.uuid())? else { return Ok(None) };
    let name = key.open(NAME_FIELD, &sealed.name)?;
    let secret = key.open(TOTP_FIELD, &sealed.totp)?.into_inner(Purpose::Operate);
    let credentials = Credentials {
        password_hash: sealed.password_hash,
        // Sealed fields are text; the shared secret is bytes.
        totp_secret: Secret::new(hex::decode(&secret).unwrap_or_default()),
        last_step: sealed.last_step,
    };
    let reason = sealed.reason.filter(|bytes| !bytes.is_empty());
    let state_reason = reason.map(|bytes| key.open(REASON_FIELD, &bytes)).transpose()?;
    Ok(Some((Account { name, state_reason, ..sealed.account }, credentials)))
}

pub(crate) fn by_login(
    tx: &mut Tx<'_>,
    vault: &Vault,
    login: &str,
) -> Result<Option<(Account, Credentials)>, VaultError> {
    match tx.query_opt(&BY_LOGIN, params![login], sealed)? {
        Some(row) => opened(tx, vault, row),
        None => Ok(None),
    }
}

pub(crate) fn by_id(
    tx: &mut Tx<'_>,
    vault: &Vault,
    id: AccountId,
) -> Result<Option<(Account, Credentials)>, VaultError> {
    match tx.query_opt(&BY_ID, params![id], sealed)? {
        Some(row) => opened(tx, vault, row),
        None => Ok(None),
    }
}

/// Whose accounts are listed.
#[derive(Debug, Clone)]
pub(crate) enum Whose {
    /// Staff of one organisation.
    Staff(String),
    /// The people of a partner institution.
    Partner(Uuid),
    /// Everybody's.
    All,
}

/// Accounts, at most 1,000, by login.
pub(crate) fn list(tx: &mut Tx<'_>, vault: &Vault, whose: &Whose) -> Result<Vec<Account>, VaultError> {
    let rows = match whose {
        Whose::Staff(organisation) => tx.query(&LIST, params![organisation], sealed)?,
        Whose::Partner(partner) => tx.query(&OF_PARTNER, params![*partner], sealed)?,
        Whose::All => tx.query(&LIST_ALL, &[], sealed)?,
    };
    let mut all = Vec::new();
    for row in rows {
        all.extend(opened(tx, vault, row)?.map(|(account, _)| account));
    }
    Ok(all)
}

/// The accounts of a demonstration, in the order they were made.
pub(crate) fn demo(tx: &mut Tx<'_>, vault: &Vault) -> Result<Vec<(Account, Credentials)>, VaultError> {
    let mut all = Vec::new();
    for row in tx.query(&DEMO, &[], sealed)? {
        all.extend(opened(tx, vault, row)?);
    }
    Ok(all)
}

/// Opens or closes; false if it stands so already, or is not there.
pub(crate) fn set_active(
    tx: &mut Tx<'_>,
    id: AccountId,
    active: bool,
    at: Timestamp,
    reason_sealed: &[u8],
) -> Result<bool, DbError> {
    Ok(tx.execute(&SET_ACTIVE, params![id, active, at, reason_sealed])? == 1)
}

pub(crate) fn signed_in(tx: &mut Tx<'_>, id: AccountId, at: Timestamp) -> Result<(), DbError> {
    tx.execute(&SIGNED_IN, params![id, at]).map(drop)
}

/// The administrators who could sign in, held until the transaction ends. Those of a demonstration count in one
/// only.
pub(crate) fn open_administrators(tx: &mut Tx<'_>, demo: bool) -> Result<Vec<AccountId>, DbError> {
    tx.query(&OPEN_ADMINISTRATORS, params![demo], |row| row.get(0))
}

/// How many accounts there are, of all kinds.
pub(crate) fn count(tx: &mut Tx<'_>) -> Result<u64, DbError> {
    tx.query_one(&COUNT, &[], |row| row.get(0))
}

pub(crate) fn set_credentials(
    tx: &mut Tx<'_>,
    id: AccountId,
    password_hash: &str,
    totp: &[u8],
    handed_by: Option<String>,
) -> Result<bool, DbError> {
    Ok(tx.execute(&SET_CREDENTIALS, params![id, password_hash, totp, -1_i64, handed_by])? == 1)
}

/// Another password instead of `before`; false if that one is no longer the present one, or the account is closed.
pub(crate) fn change_password(
    tx: &mut Tx<'_>,
    id: AccountId,
    before: &str,
    hash: &str,
) -> Result<bool, DbError> {
    Ok(tx.execute(&CHANGE_PASSWORD, params![id, before, hash])? == 1)
}

/// Marks the step of a code as used; false if it is used already or the account is closed.
pub(crate) fn take_step(tx: &mut Tx<'_>, id: AccountId, step: i64) -> Result<bool, DbError> {
    Ok(tx.execute(&TAKE_STEP, params![id, step])? == 1)
}
