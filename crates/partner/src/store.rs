//! All SQL of this slice.

use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::{Header, Localised, Timestamp};
use uuid::Uuid;

use crate::agreement::store as agreement;
use crate::model::{Mode, Partner, PartnerId, PartnerKey, PartnerRole, Protocol};
use crate::notify::store::{endpoint, notification};
use crate::quota::store as quota;
use crate::tls::store as tls;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "partner",
        sqlite: include_str!("../migrations/0001_partner.sqlite.sql"),
        postgres: include_str!("../migrations/0001_partner.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "state",
        sqlite: include_str!("../migrations/0002_state.sqlite.sql"),
        postgres: include_str!("../migrations/0002_state.postgres.sql"),
    },
    Migration {
        no: 3,
        name: "keeps",
        sqlite: include_str!("../migrations/0003_keeps.sqlite.sql"),
        postgres: include_str!("../migrations/0003_keeps.postgres.sql"),
    },
    Migration {
        no: 4,
        name: "notify",
        sqlite: include_str!("../migrations/0004_notify.sqlite.sql"),
        postgres: include_str!("../migrations/0004_notify.postgres.sql"),
    },
    Migration {
        no: 5,
        name: "protocol",
        sqlite: include_str!("../migrations/0005_protocol.sqlite.sql"),
        postgres: include_str!("../migrations/0005_protocol.postgres.sql"),
    },
    Migration {
        no: 6,
        name: "agreement",
        sqlite: include_str!("../migrations/0006_agreement.sqlite.sql"),
        postgres: include_str!("../migrations/0006_agreement.postgres.sql"),
    },
    Migration {
        no: 7,
        name: "quota",
        sqlite: include_str!("../migrations/0007_quota.sqlite.sql"),
        postgres: include_str!("../migrations/0007_quota.postgres.sql"),
    },
    Migration {
        no: 8,
        name: "mode",
        sqlite: include_str!("../migrations/0008_mode.sqlite.sql"),
        postgres: include_str!("../migrations/0008_mode.postgres.sql"),
    },
    Migration {
        no: 9,
        name: "certificate",
        sqlite: include_str!("../migrations/0009_certificate.sqlite.sql"),
        postgres: include_str!("../migrations/0009_certificate.postgres.sql"),
    },
    Migration {
        no: 10,
        name: "certificate_reason",
        sqlite: include_str!("../migrations/0010_certificate_reason.sqlite.sql"),
        postgres: include_str!("../migrations/0010_certificate_reason.postgres.sql"),
    },
];

macro_rules! own_columns {
    () => {
        "code, kind, role, names, iban_codes, card_bins, gateway_url, duty_phone, contact, active, keeps, protocol, \
         until_day, requests_per_minute, mode, live_asked_by, mutual_tls"
    };
}

const INSERT: Stmt = Stmt::both(
    "partner.insert",
    concat!(
        "INSERT INTO partner (",
        header_columns!(),
        ", ",
        own_columns!(),
        ") VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)"
    ),
);
const UPDATE: Stmt = Stmt::both(
    "partner.update",
    "UPDATE partner SET names = ?2, iban_codes = ?3, card_bins = ?4, gateway_url = ?5, duty_phone = ?6, contact = ?7, \
     keeps = ?8, protocol = ?9, until_day = ?10, requests_per_minute = ?11, mutual_tls = ?12 WHERE code = ?1",
);
const ALL: Stmt =
    Stmt::both("partner.all", concat!("SELECT id, ", own_columns!(), " FROM partner ORDER BY code"));
const BY_CODE: Stmt =
    Stmt::both("partner.by_code", concat!("SELECT id, ", own_columns!(), " FROM partner WHERE code = ?1"));
const KEY_INSERT: Stmt = Stmt::both(
    "partner.key_insert",
    "INSERT INTO partner_key (id, partner_id, keyid, public_key, valid_from, awaits) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
);
const KEY_BY_KEYID: Stmt = Stmt::both(
    "partner.key_by_keyid",
    "SELECT partner_id, keyid, public_key, revoked_at, awaits FROM partner_key WHERE keyid = ?1",
);
const KEY_BY_PUBLIC: Stmt =
    Stmt::both("partner.key_by_public", "SELECT count(*) FROM partner_key WHERE public_key = ?1");
const KEYS: Stmt = Stmt::both(
    "partner.keys",
    "SELECT partner_id, keyid, valid_from, revoked_at, revoked_reason_sealed, awaits, public_key FROM partner_key ORDER BY keyid \
     LIMIT 5000",
);
const KEYS_BELIEVED: Stmt = Stmt::both(
    "partner.keys_believed",
    "SELECT partner_id, public_key FROM partner_key WHERE revoked_at IS NULL AND awaits IS NULL",
);
const KEY_CONFIRM: Stmt = Stmt::both(
    "partner.key_confirm",
    "UPDATE partner_key SET awaits = NULL, valid_from = ?3 WHERE keyid = ?1 AND awaits = ?2 AND revoked_at IS NULL",
);
const KEY_REVOKE: Stmt = Stmt::both(
    "partner.key_revoke",
    "UPDATE partner_key SET revoked_at = ?2, revoked_reason_sealed = ?3 WHERE keyid = ?1 AND revoked_at IS NULL",
);
const STATE: Stmt =
    Stmt::both("partner.state", "SELECT state_at, state_reason_sealed FROM partner WHERE id = ?1");
const SET_ACTIVE: Stmt = Stmt::both(
    "partner.set_active",
    "UPDATE partner SET active = ?2, state_at = ?3, state_reason_sealed = ?4 WHERE id = ?1 AND active <> ?2",
);
const ASK_LIVE: Stmt = Stmt::both(
    "partner.ask_live",
    "UPDATE partner SET live_asked_by = ?2 WHERE id = ?1 AND mode = 'test' AND live_asked_by IS NULL",
);
const GO_LIVE: Stmt = Stmt::both(
    "partner.go_live",
    "UPDATE partner SET mode = 'live', live_asked_by = NULL WHERE id = ?1 AND mode = 'test' AND live_asked_by = ?2",
);
const BACK_TO_TEST: Stmt = Stmt::both(
    "partner.back_to_test",
    "UPDATE partner SET mode = 'test', live_asked_by = NULL, state_at = ?2, state_reason_sealed = ?3 \
     WHERE id = ?1 AND (mode = 'live' OR live_asked_by IS NOT NULL)",
);
const NONCE_INSERT: Stmt = Stmt::both(
    "partner.nonce_insert",
    "INSERT INTO partner_nonce (keyid, nonce, expires_wall) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
);
const NONCE_PURGE: Stmt =
    Stmt::both("partner.nonce_purge", "DELETE FROM partner_nonce WHERE expires_wall < ?1");

/// Every statement, for the test that prepares them on both engines.
#[rustfmt::skip]
pub const STATEMENTS: &[&Stmt] = &[
    &INSERT, &UPDATE, &ALL, &BY_CODE, &STATE, &SET_ACTIVE, &ASK_LIVE, &GO_LIVE, &BACK_TO_TEST, &KEY_INSERT, &KEY_BY_KEYID, &KEY_BY_PUBLIC, &KEYS, &KEYS_BELIEVED, &KEY_REVOKE, &KEY_CONFIRM,
    &NONCE_INSERT, &NONCE_PURGE,
    &agreement::INSERT, &agreement::ONE, &agreement::OF_CODE, &agreement::WAITING, &agreement::NEWEST, &agreement::DECIDE,
    &quota::GET, &quota::PUT,
    &tls::INSERT, &tls::OF_PARTNER, &tls::OPEN, &tls::FIND, &tls::CONFIRM, &tls::REVOKE,
    &endpoint::INSERT, &endpoint::OF_PARTNER, &endpoint::FIND, &endpoint::TARGET, &endpoint::LISTENING,
    &endpoint::FAILING, &endpoint::SET_SECRETS, &endpoint::SET_STATE, &endpoint::DISABLE, &endpoint::DELETE,
    &endpoint::TOOK, &endpoint::FAILED,
    &notification::INSERT, &notification::JOIN, &notification::DUE, &notification::PROBE, &notification::CLAIM,
    &notification::PUT_OFF, &notification::DONE, &notification::AGAIN, &notification::PROBED, &notification::GIVE_UP,
    &notification::DROP_ONE, &notification::DROP_ALL, &notification::FLUSH, &notification::REPLAY_ONE,
    &notification::REPLAY_SINCE, &notification::HISTORY, &notification::PURGE,
];

/// Lists are short codes without commas, kept as one text.
fn joined(list: &[String]) -> String {
    list.join(",")
}
fn split(text: &str) -> Vec<String> {
    text.split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

fn names_json(names: &Localised) -> String {
    serde_json::to_string(names).unwrap_or_default()
}

/// A new partner.
///
/// # Errors
/// The database's; a known code is [`DbError::Unique`].
pub fn insert(tx: &mut Tx<'_>, partner: &Partner, header: &Header) -> Result<(), DbError> {
    let own = params![
        partner.code.as_str(),
        partner.kind.as_str(),
        partner.role.as_str(),
        names_json(&partner.names),
        joined(&partner.iban_codes),
        joined(&partner.card_bins),
        partner.gateway_url.as_str(),
        partner.duty_phone.as_str(),
        partner.contact.as_str(),
        partner.active,
        serde_json::to_string(&partner.keeps).unwrap_or_default(),
        partner.protocol.as_str(),
        partner.until_day.as_str(),
        partner.requests_per_minute.map(i64::from),
        partner.mode.as_str(),
        partner.live_asked_by.clone(),
        partner.mutual_tls
    ];
    tx.execute(&INSERT, &app::header::values(partner.id.uuid(), header, own, 3)).map(drop)
}

/// Whether a public key is known, under whatever name, believed or not.
///
/// # Errors
/// The database's.
pub fn key_by_public(tx: &mut Tx<'_>, public_key: [u8; 32]) -> Result<bool, DbError> {
    let count: i64 = tx.query_one(&KEY_BY_PUBLIC, params![public_key], |row| row.get(0))?;
    Ok(count > 0)
}

/// Changes what an agreement may change about a known partner. Whether it takes part is none of that: whoever is taken out at
/// the same moment stays out.
///
/// # Errors
/// The database's.
pub fn update(tx: &mut Tx<'_>, partner: &Partner) -> Result<(), DbError> {
    let own = params![
        partner.code.as_str(),
        names_json(&partner.names),
        joined(&partner.iban_codes),
        joined(&partner.card_bins),
        partner.gateway_url.as_str(),
        partner.duty_phone.as_str(),
        partner.contact.as_str(),
        serde_json::to_string(&partner.keeps).unwrap_or_default(),
        partner.protocol.as_str(),
        partner.until_day.as_str(),
        partner.requests_per_minute.map(i64::from),
        partner.mutual_tls
    ];
    tx.execute(&UPDATE, own).map(drop)
}

fn read(row: &Row) -> Result<Partner, DbError> {
    Ok(Partner {
        id: row.get(0)?,
        code: row.get(1)?,
        kind: row.get(2)?,
        role: PartnerRole::parse(&row.get::<String>(3)?),
        names: serde_json::from_str(&row.get::<String>(4)?).unwrap_or_default(),
        iban_codes: split(&row.get::<String>(5)?),
        card_bins: split(&row.get::<String>(6)?),
        gateway_url: row.get(7)?,
        duty_phone: row.get(8)?,
        contact: row.get(9)?,
        active: row.get(10)?,
        keeps: serde_json::from_str(&row.get::<String>(11)?).unwrap_or_default(),
        protocol: Protocol::parse(&row.get::<String>(12)?),
        until_day: row.get(13)?,
        requests_per_minute: row.get::<Option<i64>>(14)?.and_then(|n| u32::try_from(n).ok()),
        mode: Mode::parse(&row.get::<String>(15)?),
        live_asked_by: row.get(16)?,
        mutual_tls: row.get(17)?,
    })
}

/// All partners by code. A country has hundreds, not thousands.
///
/// # Errors
/// The database's.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Partner>, DbError> {
    tx.query(&ALL, &[], read)
}

/// Who keeps a register of the country and takes messages for it, if anybody does at present. One on trial does not: what
/// is handed over to a register are people's own reports.
///
/// # Errors
/// The database's.
pub fn keeper_of_register(tx: &mut Tx<'_>, code: &str) -> Result<Option<Partner>, DbError> {
    let keeps = |p: &Partner| p.takes_orders() && p.keeps.registers.iter().any(|r| r == code);
    Ok(all(tx)?.into_iter().find(keeps))
}

/// Who answers in the name of a body to which cases are referred, if anybody who takes messages does at present.
///
/// # Errors
/// The database's.
pub fn addressee_of_body(tx: &mut Tx<'_>, code: &str) -> Result<Option<Partner>, DbError> {
    let answers = |p: &Partner| {
        p.takes_orders() && !p.gateway_url.is_empty() && p.keeps.bodies.iter().any(|b| b == code)
    };
    Ok(all(tx)?.into_iter().find(answers))
}

/// One partner by its code.
///
/// # Errors
/// The database's.
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Partner>, DbError> {
    tx.query_opt(&BY_CODE, params![code], read)
}

/// A key for a partner.
///
/// # Errors
/// The database's; a known key id is [`DbError::Unique`].
pub fn insert_key(tx: &mut Tx<'_>, id: Uuid, key: &PartnerKey, from: Timestamp) -> Result<(), DbError> {
    let own = params![id, key.partner, key.keyid.as_str(), key.public_key, from, key.awaits.clone()];
    tx.execute(&KEY_INSERT, own).map(drop)
}

/// The key of this id, revoked or not.
///
/// # Errors
/// The database's.
pub fn key(tx: &mut Tx<'_>, keyid: &str) -> Result<Option<PartnerKey>, DbError> {
    tx.query_opt(&KEY_BY_KEYID, params![keyid], |row| {
        let bytes: Vec<u8> = row.get(2)?;
        Ok(PartnerKey {
            partner: row.get(0)?,
            keyid: row.get(1)?,
            public_key: bytes.try_into().unwrap_or([0; 32]),
            revoked_at: row.get(3)?,
            awaits: row.get(4)?,
        })
    })
}

/// A key as the administrator sees it, its reason still sealed.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// Whose it is.
    pub partner: PartnerId,
    /// `CODE/NAME`.
    pub keyid: String,
    /// Since when it is believed, office time.
    pub valid_from: Timestamp,
    /// Since when it is not, office time.
    pub revoked_at: Option<Timestamp>,
    /// Why, sealed.
    pub reason_sealed: Option<Vec<u8>>,
    /// Who added it, while it waits for a second person.
    pub awaits: Option<String>,
    /// Ed25519 public key.
    pub public_key: Vec<u8>,
}

/// All keys, revoked or not, by key id.
///
/// # Errors
/// The database's.
pub fn keys(tx: &mut Tx<'_>) -> Result<Vec<KeyRow>, DbError> {
    tx.query(&KEYS, &[], |row| {
        Ok(KeyRow {
            partner: row.get(0)?,
            keyid: row.get(1)?,
            valid_from: row.get(2)?,
            revoked_at: row.get(3)?,
            reason_sealed: row.get(4)?,
            awaits: row.get(5)?,
            public_key: row.get(6)?,
        })
    })
}

/// Every key that is believed, with whose it is.
///
/// # Errors
/// The database's.
pub fn believed_keys(tx: &mut Tx<'_>) -> Result<Vec<(PartnerId, Vec<u8>)>, DbError> {
    tx.query(&KEYS_BELIEVED, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Stops believing a key. `false` if it was unknown or revoked before.
///
/// # Errors
/// The database's.
pub fn revoke_key(
    tx: &mut Tx<'_>,
    keyid: &str,
    at: Timestamp,
    reason_sealed: &[u8],
) -> Result<bool, DbError> {
    Ok(tx.execute(&KEY_REVOKE, params![keyid, at, reason_sealed])? == 1)
}

/// Begins believing a key that `added_by` has added. `false` if it does not wait, or was revoked.
///
/// # Errors
/// The database's.
pub fn confirm_key(tx: &mut Tx<'_>, keyid: &str, added_by: &str, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&KEY_CONFIRM, params![keyid, added_by, at])? == 1)
}

/// When a partner was last taken out or taken in again, and why, sealed.
///
/// # Errors
/// The database's.
pub fn state(tx: &mut Tx<'_>, id: PartnerId) -> Result<(Option<Timestamp>, Option<Vec<u8>>), DbError> {
    let found = tx.query_opt(&STATE, params![id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.unwrap_or((None, None)))
}

/// Takes a partner out or in. `false` if it stands so already.
///
/// # Errors
/// The database's.
pub fn set_active(
    tx: &mut Tx<'_>,
    id: PartnerId,
    active: bool,
    at: Timestamp,
    reason_sealed: &[u8],
) -> Result<bool, DbError> {
    Ok(tx.execute(&SET_ACTIVE, params![id, active, at, reason_sealed])? == 1)
}

/// Somebody asks that a partner goes live. `false` if it is, or somebody has.
///
/// # Errors
/// The database's.
pub fn ask_live(tx: &mut Tx<'_>, id: PartnerId, by: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&ASK_LIVE, params![id, by])? == 1)
}

/// A partner goes live, as `asked_by` has asked. `false` if that is no longer so.
///
/// # Errors
/// The database's.
pub fn go_live(tx: &mut Tx<'_>, id: PartnerId, asked_by: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&GO_LIVE, params![id, asked_by])? == 1)
}

/// A partner goes back to test, and whatever was asked is off. `false` if it stands so already.
///
/// # Errors
/// The database's.
pub fn back_to_test(
    tx: &mut Tx<'_>,
    id: PartnerId,
    at: Timestamp,
    reason_sealed: &[u8],
) -> Result<bool, DbError> {
    Ok(tx.execute(&BACK_TO_TEST, params![id, at, reason_sealed])? == 1)
}

/// Uses up a nonce. `false` if it was used before: a replay.
///
/// # Errors
/// The database's.
pub fn use_nonce(tx: &mut Tx<'_>, keyid: &str, nonce: &str, expires: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&NONCE_INSERT, params![keyid, nonce, expires])? == 1)
}

/// Forgets nonces whose signatures have expired anyway.
///
/// # Errors
/// The database's.
pub fn purge_nonces(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.execute(&NONCE_PURGE, params![now])
}
