//! All SQL about reports, payments and messages. What is told later, drafts and visits have their own files.

pub mod clues;
pub mod files;
mod later;
mod messages;
mod page;
mod payments;
mod promise;

use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::{Asset, Money, Personal, Timestamp};
use vault::SubjectKey;

use crate::model::{Harm, Report, ReportId, Reporter, Told};

pub use later::{
    LastSaid, SealedFact, insert_correction, insert_story, last_said, payments, retold, stories,
    with_corrections,
};
pub use messages::{insert_message, messages};
pub use page::page;
pub use payments::{SealedPayment, insert_payment};
pub use promise::{due, promise_anew, promise_later, promises_kept};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "report",
        sqlite: include_str!("../migrations/0001_report.sqlite.sql"),
        postgres: include_str!("../migrations/0001_report.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "report_later",
        sqlite: include_str!("../migrations/0002_report_later.sqlite.sql"),
        postgres: include_str!("../migrations/0002_report_later.postgres.sql"),
    },
    Migration {
        no: 3,
        name: "report_file",
        sqlite: include_str!("../migrations/0003_report_file.sqlite.sql"),
        postgres: include_str!("../migrations/0003_report_file.postgres.sql"),
    },
    Migration {
        no: 4,
        name: "report_clue",
        sqlite: include_str!("../migrations/0004_report_clue.sqlite.sql"),
        postgres: include_str!("../migrations/0004_report_clue.postgres.sql"),
    },
];

const INSERT: Stmt = Stmt::both(
    "report.insert",
    concat!(
        "INSERT INTO report (",
        header_columns!(),
        ", number, channel, ongoing, harm, loss_minor, loss_asset, \
         reporter_sealed, story_sealed, details_sealed, code_hash, code_tries, code_tries_since, first_action_due, next_message_at, body_hash) \
         VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, NULL, ?25, 0, 0, ?26, ?27, ?28) ON CONFLICT DO NOTHING"
    ),
);
macro_rules! report_columns {
    () => {
        concat!(header_columns!(), ", number, channel, ongoing, harm, loss_minor, loss_asset, withdrawn_at, first_action_due, next_message_at")
    };
}
const FIND: Stmt =
    Stmt::both("report.find", concat!("SELECT ", report_columns!(), " FROM report WHERE id = ?1"));
const FIND_MANY: Stmt =
    app::among!("report.find_many", concat!("SELECT ", report_columns!(), " FROM report WHERE "), "id", "");
const BY_NUMBER: Stmt =
    Stmt::both("report.by_number", concat!("SELECT ", report_columns!(), " FROM report WHERE number = ?1"));
const ALL_IDS: Stmt = Stmt::both("report.all_ids", "SELECT id FROM report ORDER BY id");
const SEALED: Stmt = Stmt::both(
    "report.sealed",
    "SELECT reporter_sealed, story_sealed, details_sealed FROM report WHERE id = ?1",
);
const BODY_HASH: Stmt = Stmt::both("report.body_hash", "SELECT body_hash FROM report WHERE id = ?1");
const SET_DETAILS: Stmt =
    Stmt::both("report.set_details", "UPDATE report SET details_sealed = ?2 WHERE id = ?1");
const ADD_LOSS: Stmt = Stmt::both(
    "report.add_loss",
    "UPDATE report SET loss_minor = loss_minor + ?2, loss_asset = ?3 WHERE id = ?1",
);
const WITHDRAW: Stmt = Stmt::both(
    "report.withdraw",
    "UPDATE report SET withdrawn_at = ?2 WHERE id = ?1 AND withdrawn_at IS NULL",
);
const CODE: Stmt =
    Stmt::both("report.code", "SELECT code_hash, code_tries, code_tries_since FROM report WHERE id = ?1");
const SET_TRIES: Stmt =
    Stmt::both("report.set_tries", "UPDATE report SET code_tries = ?2, code_tries_since = ?3 WHERE id = ?1");
const ERASE: Stmt = Stmt::both(
    "report.erase",
    "UPDATE report SET reporter_sealed = ?2, story_sealed = NULL, details_sealed = NULL, code_hash = NULL WHERE id = ?1",
);
/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &INSERT,
    &FIND,
    &FIND_MANY,
    &BY_NUMBER,
    &ALL_IDS,
    &page::PAGE,
    &SEALED,
    &BODY_HASH,
    &SET_DETAILS,
    &ADD_LOSS,
    &WITHDRAW,
    &CODE,
    &SET_TRIES,
    &ERASE,
    &payments::PAYMENT_INSERT,
    &payments::PAYMENTS,
    &payments::PAYMENTS_ERASE,
    &messages::MESSAGE_INSERT,
    &messages::MESSAGES,
    &messages::MESSAGES_ERASE,
    &later::STORY_INSERT,
    &later::STORIES,
    &later::STORIES_ERASE,
    &later::CORRECTION_INSERT,
    &later::CORRECTIONS,
    &later::CORRECTIONS_ERASE,
    &later::LAST_SAID,
    &later::LAST_NOTED,
    &clues::INSERT,
    &clues::LIST,
    &clues::TAKE_BACK,
    &clues::ERASE,
    &files::BEGIN,
    &files::GROW,
    &files::PART,
    &files::END,
    &files::LIST,
    &files::KNOWN,
    &files::LAST_ADDED,
    &files::PARTS,
    &files::DROP_PARTS,
    &files::DROP,
    &files::REMOVE,
    &files::PUT_BACK,
    &files::OVERDUE,
    &files::FORGET,
    &files::ERASE_PARTS,
    &files::ERASE,
    &promise::DUE,
    &promise::ANEW,
    &promise::LATER,
    &promise::KEPT,
    &crate::draft::SAVE,
    &crate::draft::UPDATE,
    &crate::draft::FIND,
    &crate::draft::KEPT,
    &crate::draft::FILED,
    &crate::draft::DELETE,
    &crate::draft::EXPIRED,
    &crate::draft::BY_TOKEN,
    &crate::visit::INSERT,
    &crate::visit::FIND,
    &crate::visit::PURGE,
    &crate::visit::DELETE_FOR,
];

/// The sealed parts of a new report, made before the write closure.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Reporter as JSON.
    pub reporter: Vec<u8>,
    /// Story, if told.
    pub story: Option<Vec<u8>>,
}

/// Writes a new report. The header and what was told first never change: they are in the row hash. `false` if
/// its id or its number is taken: nothing was written then.
///
/// # Errors
/// The database's.
pub fn insert(
    tx: &mut Tx<'_>,
    report: &Report,
    sealed: &Sealed,
    code_hash: Option<[u8; 32]>,
    body_hash: Option<[u8; 32]>,
) -> Result<bool, DbError> {
    let own = params![
        report.number.as_str(),
        report.channel.as_str(),
        report.ongoing,
        report.harm.as_str(),
        report.loss.minor(),
        asset_text(report.loss.asset()),
        sealed.reporter.as_slice(),
        sealed.story.clone(),
        code_hash.map(|h| h.to_vec()),
        report.first_action_due,
        report.next_message_at,
        body_hash.map(|h| h.to_vec())
    ];
    Ok(tx.execute(&INSERT, &app::header::values(report.id.uuid(), &report.header, own, 4))? == 1)
}

/// `KZT/2`.
fn asset_text(asset: Asset) -> String {
    format!("{}/{}", asset.code(), asset.scale())
}

fn read_asset(text: &str) -> Result<Asset, DbError> {
    text.split_once('/')
        .and_then(|(code, scale)| Asset::new(code, scale.parse().ok()?))
        .ok_or_else(|| DbError::Bug(format!("column `asset` holds `{}`", text)))
}

fn read(row: &Row) -> Result<Report, DbError> {
    let (id, header) = app::header::read(row)?;
    let asset = read_asset(&row.get::<String>(21)?)?;
    Ok(Report {
        id: ReportId::from_uuid(id),
        header,
        number: row.get(16)?,
        channel: row.get(17)?,
        ongoing: row.get(18)?,
        harm: Harm::parse(&row.get::<String>(19)?).unwrap_or_default(),
        loss: Money::from_minor(row.get(20)?, asset),
        withdrawn_at: row.get(22)?,
        first_action_due: row.get(23)?,
        next_message_at: row.get(24)?,
    })
}

/// The report of this id.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: ReportId) -> Result<Option<Report>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Reports of these ids, in the order of their ids.
///
/// # Errors
/// The database's.
pub fn find_many(tx: &mut Tx<'_>, all: impl IntoIterator<Item = uuid::Uuid>) -> Result<Vec<Report>, DbError> {
    let mut found = tx.query(&FIND_MANY, &[app::ids(all)], read)?;
    found.sort_by_key(|r| r.id);
    Ok(found)
}

/// The report of this public number.
///
/// # Errors
/// The database's.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Report>, DbError> {
    tx.query_opt(&BY_NUMBER, params![number], read)
}

/// Ids of all reports, oldest first: for figures of a demonstration, not for lists.
///
/// # Errors
/// The database's.
pub fn all_ids(tx: &mut Tx<'_>) -> Result<Vec<ReportId>, DbError> {
    tx.query(&ALL_IDS, &[], |r| r.get(0))
}

/// What was told, opened with the report's key.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn told(tx: &mut Tx<'_>, id: ReportId, key: &SubjectKey) -> Result<Option<Told>, crate::ReportError> {
    let Some((reporter, story)) =
        tx.query_opt(&SEALED, params![id], |r| Ok((r.get::<Vec<u8>>(0)?, r.get::<Option<Vec<u8>>>(1)?)))?
    else {
        return Ok(None);
    };
    let json = key.open("reporter", &reporter)?.into_inner(kernel::Purpose::HandleReport);
    let reporter: Reporter = serde_json::from_str(&json).unwrap_or_default();
    let filed = story.map(|s| key.open("story", &s)).transpose()?;
    let story = later::stories(tx, id, key)?.pop().map(|s| s.text).or(filed).unwrap_or_default();
    Ok(Some(Told { reporter: Personal::new(reporter), story }))
}

/// The story as it was filed, if one was.
fn story_as_filed(
    tx: &mut Tx<'_>,
    id: ReportId,
    key: &SubjectKey,
) -> Result<Option<Personal<String>>, crate::ReportError> {
    let sealed = tx.query_opt(&SEALED, params![id], |r| r.get::<Option<Vec<u8>>>(1))?.flatten();
    Ok(sealed.map(|s| key.open("story", &s)).transpose()?)
}

/// The answers of stage two as JSON, opened with the report's key.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn details(
    tx: &mut Tx<'_>,
    id: ReportId,
    key: &SubjectKey,
) -> Result<Option<Personal<String>>, crate::ReportError> {
    let sealed = tx.query_opt(&SEALED, params![id], |r| r.get::<Option<Vec<u8>>>(2))?.flatten();
    Ok(sealed.map(|s| key.open("details", &s)).transpose()?)
}

/// The keyed hash of the message that filed it, where a partner filed it with this release or a later one.
///
/// # Errors
/// The database's.
pub fn body_hash(tx: &mut Tx<'_>, id: ReportId) -> Result<Option<Vec<u8>>, DbError> {
    Ok(tx.query_opt(&BODY_HASH, params![id], |r| r.get::<Option<Vec<u8>>>(0))?.flatten())
}

/// Replaces the sealed answers of stage two.
///
/// # Errors
/// The database's.
pub fn set_details(tx: &mut Tx<'_>, id: ReportId, sealed: &[u8]) -> Result<(), DbError> {
    tx.guarded(&SET_DETAILS, params![id, sealed])
}

/// Adds a later payment to the loss.
///
/// # Errors
/// The database's.
pub fn add_loss(tx: &mut Tx<'_>, id: ReportId, amount: Money) -> Result<(), DbError> {
    tx.guarded(&ADD_LOSS, params![id, amount.minor(), asset_text(amount.asset())])
}

/// Marks it withdrawn. `false` if it was before.
///
/// # Errors
/// The database's.
pub fn withdraw(tx: &mut Tx<'_>, id: ReportId, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&WITHDRAW, params![id, at])? == 1)
}

/// Code hash, wrong tries in the running window, start of that window.
pub type CodeTries = (Option<Vec<u8>>, i64, Timestamp);

/// Code hash, tries in the running window, start of the window (wall clock).
///
/// # Errors
/// The database's.
pub fn code(tx: &mut Tx<'_>, id: ReportId) -> Result<Option<CodeTries>, DbError> {
    tx.query_opt(&CODE, params![id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
}

/// Keeps the count of wrong codes.
///
/// # Errors
/// The database's.
pub fn set_tries(tx: &mut Tx<'_>, id: ReportId, tries: i64, since: Timestamp) -> Result<(), DbError> {
    tx.guarded(&SET_TRIES, params![id, tries, since])
}

/// Empties every personal column of a report. The row stays, so that figures and proofs still hold.
///
/// # Errors
/// The database's.
pub fn erase(tx: &mut Tx<'_>, id: ReportId) -> Result<(), DbError> {
    tx.execute(&ERASE, params![id, Vec::<u8>::new()])?;
    tx.execute(&payments::PAYMENTS_ERASE, params![id])?;
    tx.execute(&messages::MESSAGES_ERASE, params![id])?;
    later::erase(tx, id)?;
    clues::erase(tx, id)?;
    files::erase(tx, id)?;
    crate::visit::delete_for(tx, id)
}
