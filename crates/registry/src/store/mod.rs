//! All SQL of this slice.

use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, Value, params};
use identifier::Kind;
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{Decided, Entry, EntryId, Tally};

pub mod batch;
mod change;
pub mod filter;
mod mention;
pub mod objection;
mod outcome;
pub mod private;
mod segment;
pub mod spared;
mod told;

pub use change::{
    after as changes_after, entries, last as last_change, page, purge as purge_changes, unnumbered_since,
    waiting as changes_waiting,
};
pub use mention::{also, mention, mention_count, mentions, of_report, some_of, unname};
pub use outcome::{
    Kept, Payment, Prevented, counts, keep as keep_figures, kept as kept_figures, more_than, of_entry,
    prevented, put,
};
pub use queue::{latest, over, to_look_at};
pub use segment::{SegmentRow, holding, insert as insert_segment, questions, written};
pub use told::{TellTo, cleared_for, count, counted, tell, told, told_to};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "registry",
        sqlite: include_str!("../../migrations/0001_registry.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_registry.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "outcome",
        sqlite: include_str!("../../migrations/0002_outcome.sqlite.sql"),
        postgres: include_str!("../../migrations/0002_outcome.postgres.sql"),
    },
    Migration {
        no: 3,
        name: "change",
        sqlite: include_str!("../../migrations/0003_change.sqlite.sql"),
        postgres: include_str!("../../migrations/0003_change.postgres.sql"),
    },
    Migration {
        no: 4,
        name: "private",
        sqlite: include_str!("../../migrations/0004_private.sqlite.sql"),
        postgres: include_str!("../../migrations/0004_private.postgres.sql"),
    },
    Migration {
        no: 5,
        name: "batch",
        sqlite: include_str!("../../migrations/0005_batch.sqlite.sql"),
        postgres: include_str!("../../migrations/0005_batch.postgres.sql"),
    },
    Migration {
        no: 6,
        name: "objection",
        sqlite: include_str!("../../migrations/0006_objection.sqlite.sql"),
        postgres: include_str!("../../migrations/0006_objection.postgres.sql"),
    },
    Migration {
        no: 7,
        name: "queue",
        sqlite: include_str!("../../migrations/0007_queue.sqlite.sql"),
        postgres: include_str!("../../migrations/0007_queue.postgres.sql"),
    },
];

macro_rules! own_columns {
    () => {
        "kind, masked, whole, harmful, paid, told, reporters, verified, heard, partners, own, own_verified, first_at, last_at, \
         decided, decided_at, listing_basis, listing_version, until_at, disputed_at, objected_by, review_at, expires_at, doubted_at, spared, lists, version"
    };
}
macro_rules! select {
    ($($rest:expr),+) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM registry_entry ", $($rest),+)
    };
}

// Behind the macros that it writes its statements with.
mod queue;

const INSERT: Stmt = Stmt::both(
    "registry.insert",
    concat!(
        "INSERT INTO registry_entry (",
        header_columns!(),
        ", ",
        own_columns!(),
        ") VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43)"
    ),
);
const FIND: Stmt = Stmt::both("registry.find", select!("WHERE id = ?1"));
const PAGE: Stmt = Stmt::both("registry.page", select!("WHERE id > ?1 ORDER BY id LIMIT ?2"));
const SAVE: Stmt = Stmt::both(
    "registry.save",
    "UPDATE registry_entry SET harmful = ?3, paid = ?4, told = ?5, reporters = ?6, verified = ?7, heard = ?8, partners = ?9, \
     own = ?10, own_verified = ?11, first_at = ?12, last_at = ?13, decided = ?14, decided_at = ?15, listing_basis = ?16, \
     listing_version = ?17, until_at = ?18, disputed_at = ?19, objected_by = ?20, review_at = ?21, expires_at = ?22, doubted_at = ?23, spared = ?24, lists = ?25, version = ?2 + 1 \
     WHERE id = ?1 AND version = ?2",
);
const DROP: Stmt = Stmt::both("registry.drop", "DELETE FROM registry_entry WHERE id = ?1 AND version = ?2");
const REASON: Stmt =
    Stmt::both("registry.reason", "SELECT reason_sealed, confirmed_by FROM registry_entry WHERE id = ?1");
const SAY: Stmt = Stmt::both(
    "registry.say",
    "UPDATE registry_entry SET reason_sealed = ?2, confirmed_by = ?3 WHERE id = ?1",
);
const OBJECTED: Stmt =
    Stmt::both("registry.objected", "UPDATE registry_entry SET objection_sealed = ?2 WHERE id = ?1");
const OBJECTION: Stmt =
    Stmt::both("registry.objection", "SELECT objection_sealed FROM registry_entry WHERE id = ?1");
const SIGNERS: Stmt = Stmt::both(
    "registry.signers",
    "SELECT signer FROM registry_signature WHERE entry_id = ?1 ORDER BY at, signer",
);
const SIGN: Stmt = Stmt::both(
    "registry.sign",
    "INSERT INTO registry_signature (entry_id, signer, basis_id, basis_version, at) VALUES (?1, ?2, ?3, ?4, ?5) \
     ON CONFLICT DO NOTHING",
);
const UNSIGN_OTHERS: Stmt = Stmt::both(
    "registry.unsign_others",
    "DELETE FROM registry_signature WHERE entry_id = ?1 AND NOT (basis_id = ?2 AND basis_version = ?3)",
);
const UNSIGN: Stmt = Stmt::both("registry.unsign", "DELETE FROM registry_signature WHERE entry_id = ?1");
const ALL_DECIDED: Stmt = Stmt::both(
    "registry.all_decided",
    select!("WHERE decided IN ('suspect', 'listed') AND id > ?1 ORDER BY id LIMIT ?2"),
);
/// What people have decided of addresses on the network, which are kept as they are.
const NETWORK_DECIDED: Stmt = Stmt::both(
    "registry.network_decided",
    select!(
        "WHERE decided IN ('suspect', 'listed') AND id > ?1 AND kind IN ('url', 'domain', 'ip') ORDER BY id LIMIT ?2"
    ),
);
/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &INSERT,
    &FIND,
    &PAGE,
    &change::PUT,
    &change::AFTER,
    &change::WAITING,
    &change::LAST,
    &change::PURGE,
    &change::UNNUMBERED,
    &change::ENTRIES,
    &CHANGES.pending,
    &CHANGES.number,
    &segment::INSERT,
    &segment::HOLDS,
    &segment::WRITTEN,
    &segment::COUNT,
    &private::PUT,
    &private::FIND,
    &private::MISSING,
    &private::DROP,
    &private::IN_BASE,
    &private::UNMARK,
    &private::OF_BASE,
    &private::DECIDED,
    &filter::PUT,
    &filter::GET,
    &filter::HEAD,
    &SAVE,
    &DROP,
    &mention::MENTION,
    &mention::MENTIONS,
    &mention::COUNT,
    &mention::OF_REPORT,
    &mention::UNMENTION,
    &mention::SOME_OF,
    &mention::UNNAME,
    &batch::INSERT,
    &batch::FIND,
    &batch::LATEST,
    &batch::SAVE,
    &batch::BODY,
    &batch::EMPTY,
    &objection::INSERT,
    &objection::FIND,
    &objection::BY_CODE,
    &objection::OF_ENTRY,
    &objection::WAITING,
    &objection::LIST,
    &objection::BY_NUMBER,
    &objection::SETTLED,
    &objection::COUNT,
    &objection::COUNTS,
    &objection::WAIT,
    &objection::SEALED,
    &objection::SAVE,
    &objection::ANSWERED,
    &objection::EMPTY,
    &objection::ANSWER,
    &spared::PUT,
    &spared::HOLDS,
    &spared::SOME,
    &spared::DROP,
    &spared::NETWORK,
    &NETWORK_DECIDED,
    &ALL_DECIDED,
    &told::CLEARED,
    &REASON,
    &SAY,
    &OBJECTED,
    &OBJECTION,
    &SIGNERS,
    &SIGN,
    &UNSIGN_OTHERS,
    &UNSIGN,
    &told::TELL,
    &told::TOLD,
    &told::OF_PARTNER,
    &told::COUNT,
    &told::COUNTED,
    &outcome::PUT,
    &outcome::PREVENTED,
    &outcome::COUNTS,
    &outcome::OF_ENTRY,
    &outcome::MANY,
    &outcome::KEPT,
    &outcome::KEEP,
    &queue::DISPUTED,
    &queue::SUSPECT,
    &queue::DOUBTED,
    &queue::REVIEW,
    &queue::LATEST,
    &queue::OVER,
];

/// The feed of changes.
pub(crate) const CHANGES: &db::feed::Feed = &change::CHANGES;

/// How many own columns never change and are in the row hash.
const FIXED: usize = 3;

/// Columns of an entry that move, from `harmful` on.
fn moving(e: &Entry) -> Vec<Value> {
    let t = &e.tally;
    params![
        i64::from(t.harmful),
        i64::from(t.paid),
        i64::from(t.told),
        i64::from(t.reporters),
        i64::from(t.verified),
        i64::from(t.heard),
        i64::from(t.partners),
        i64::from(t.own),
        i64::from(t.own_verified),
        t.first,
        t.last,
        e.decided.as_str(),
        e.decided_at,
        e.basis.map(|b| b.0),
        e.basis.map(|b| b.1),
        e.until_at,
        e.disputed_at,
        e.objected_by.as_deref(),
        e.review_at,
        e.expires_at,
        e.doubted_at,
        e.spared,
        i64::from(t.lists)
    ]
    .to_vec()
}

/// Writes a new entry; `wall` is the wall clock's now, as in everything that changes one.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, e: &Entry, wall: Timestamp) -> Result<(), DbError> {
    let mut own = params![e.kind.as_str(), e.masked.as_str(), e.whole].to_vec();
    own.extend(moving(e));
    own.push(Value::from(e.version));
    tx.execute(&INSERT, &app::header::values(e.id.uuid(), &e.header, &own, FIXED))?;
    change::put(tx, e.id, wall)
}

/// Keeps what has become of an entry. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, e: &Entry, wall: Timestamp) -> Result<(), DbError> {
    let mut all = params![e.id, e.version].to_vec();
    all.extend(moving(e));
    tx.guarded(&SAVE, &all)?;
    change::put(tx, e.id, wall)
}

/// Forgets an entry that nobody names any more and about which nobody has decided.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, e: &Entry, wall: Timestamp) -> Result<(), DbError> {
    tx.guarded(&DROP, params![e.id, e.version])?;
    tx.execute(&private::DROP, params![e.id])?;
    unsign(tx, e.id)?;
    change::put(tx, e.id, wall)
}

fn read(row: &Row) -> Result<Entry, DbError> {
    let (id, header) = app::header::read(row)?;
    let (kind, decided): (String, String) = (row.get(16)?, row.get(30)?);
    let bug =
        |column: &str, text: &str| DbError::Bug(format!("column `registry_entry.{column}` holds `{text}`"));
    let count = |i: usize| row.get::<i64>(i).map(|n| u32::try_from(n).unwrap_or(0));
    let (basis, version): (Option<Uuid>, Option<i64>) = (row.get(32)?, row.get(33)?);
    Ok(Entry {
        id: EntryId::from_uuid(id),
        header,
        kind: Kind::parse(&kind).ok_or_else(|| bug("kind", &kind))?,
        masked: row.get(17)?,
        whole: row.get(18)?,
        tally: Tally {
            harmful: count(19)?,
            paid: count(20)?,
            told: count(21)?,
            reporters: count(22)?,
            verified: count(23)?,
            heard: count(24)?,
            partners: count(25)?,
            lists: count(41)?,
            own: count(26)?,
            own_verified: count(27)?,
            first: row.get(28)?,
            last: row.get(29)?,
        },
        decided: Decided::parse(&decided).ok_or_else(|| bug("decided", &decided))?,
        decided_at: row.get(31)?,
        basis: basis.zip(version),
        until_at: row.get(34)?,
        disputed_at: row.get(35)?,
        objected_by: row.get(36)?,
        review_at: row.get(37)?,
        expires_at: row.get(38)?,
        doubted_at: row.get(39)?,
        spared: row.get(40)?,
        version: row.get(42)?,
    })
}

/// The entry of this id.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<Entry>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Why an entry was confirmed, sealed, and by whom.
///
/// # Errors
/// The database's.
pub fn reason(tx: &mut Tx<'_>, id: EntryId) -> Result<(Option<Vec<u8>>, Option<String>), DbError> {
    tx.query_one(&REASON, params![id], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Keeps why an entry was confirmed, and by whom.
///
/// # Errors
/// The database's.
pub fn say(tx: &mut Tx<'_>, id: EntryId, sealed: &[u8], by: &str) -> Result<(), DbError> {
    tx.execute(&SAY, params![id, sealed, by]).map(drop)
}

/// Keeps what an objector said, sealed.
///
/// # Errors
/// The database's.
pub fn objected(tx: &mut Tx<'_>, id: EntryId, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&OBJECTED, params![id, sealed]).map(drop)
}

/// What the last objector said, sealed.
///
/// # Errors
/// The database's.
pub fn objection(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_one(&OBJECTION, params![id], |r| r.get(0))
}

/// Who has signed that an entry is listed, as labels.
///
/// # Errors
/// The database's.
pub fn signers(tx: &mut Tx<'_>, id: EntryId) -> Result<Vec<String>, DbError> {
    tx.query(&SIGNERS, params![id], |r| r.get(0))
}

/// Keeps a signature under a law; the same twice is one.
///
/// # Errors
/// The database's.
pub fn sign(
    tx: &mut Tx<'_>,
    id: EntryId,
    signer: &str,
    law: (Uuid, i64),
    at: Timestamp,
) -> Result<(), DbError> {
    tx.execute(&SIGN, params![id, signer, law.0, law.1, at]).map(drop)
}

/// Forgets signatures that were given under another law.
///
/// # Errors
/// The database's.
pub fn unsign_others(tx: &mut Tx<'_>, id: EntryId, law: (Uuid, i64)) -> Result<(), DbError> {
    tx.execute(&UNSIGN_OTHERS, params![id, law.0, law.1]).map(drop)
}

/// Forgets signatures: what was signed is another thing now.
///
/// # Errors
/// The database's.
pub fn unsign(tx: &mut Tx<'_>, id: EntryId) -> Result<(), DbError> {
    tx.execute(&UNSIGN, params![id]).map(drop)
}

/// What people have decided, after an id.
///
/// # Errors
/// The database's.
pub fn decided(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<Entry>, DbError> {
    tx.query(&ALL_DECIDED, params![after, limit], read)
}

/// What people have decided of addresses on the network, after an id.
///
/// # Errors
/// The database's.
pub fn network_decided(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<Entry>, DbError> {
    tx.query(&NETWORK_DECIDED, params![after, limit], read)
}
