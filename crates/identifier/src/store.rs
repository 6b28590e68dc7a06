//! All SQL of this slice.

use db::{DbError, Migration, Slice, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;
use vault::Vault;

use crate::Kind;
use crate::sighting::{Kept, Other, Seen, SightedAt, Sighting, identifier_id, sighting_id};

/// Migrations, oldest first.
const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "identifier",
        sqlite: include_str!("../migrations/0001_identifier.sqlite.sql"),
        postgres: include_str!("../migrations/0001_identifier.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "card_token",
        sqlite: include_str!("../migrations/0002_card_token.sqlite.sql"),
        postgres: include_str!("../migrations/0002_card_token.postgres.sql"),
    },
];

// Reports may be taken in out of their order, so both ends can move.
const UPSERT: Stmt = Stmt::both(
    "identifier.upsert",
    "INSERT INTO identifier (id, kind, blind, masked, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?5) \
     ON CONFLICT (id) DO UPDATE SET \
     first_seen = CASE WHEN excluded.first_seen < identifier.first_seen THEN excluded.first_seen ELSE identifier.first_seen END, \
     last_seen = CASE WHEN excluded.last_seen > identifier.last_seen THEN excluded.last_seen ELSE identifier.last_seen END",
);
const SIGHT: Stmt = Stmt::both(
    "identifier.sight",
    "INSERT INTO sighting (id, identifier_id, report_id, place, at, card_token) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT DO NOTHING",
);
const OF_REPORT: Stmt = Stmt::both(
    "identifier.of_report",
    "SELECT i.id, i.kind, i.masked, s.place, s.at, \
     (SELECT COUNT(DISTINCT o.report_id) FROM sighting o WHERE o.identifier_id = i.id \
      AND (o.card_token IS NULL OR s.card_token IS NULL OR o.card_token = s.card_token)), s.card_token \
     FROM sighting s JOIN identifier i ON i.id = s.identifier_id WHERE s.report_id = ?1 ORDER BY s.place, i.id",
);
const OTHERS: Stmt = Stmt::both(
    "identifier.others",
    "SELECT report_id, place, at, card_token FROM sighting WHERE identifier_id = ?1 ORDER BY at DESC, id LIMIT ?2",
);
const NAMED_IN: Stmt = Stmt::both(
    "identifier.named_in",
    "SELECT COUNT(DISTINCT report_id), COUNT(DISTINCT CASE WHEN place IN ('reporter.phone', 'reporter.iin') \
     THEN report_id END), COUNT(DISTINCT CASE WHEN place = 'payment.own_account' THEN report_id END) \
     FROM sighting WHERE identifier_id = ?1",
);
// The latest first: what was filed long ago is the likelier to have been withdrawn or dealt with.
const OWNERS: Stmt = Stmt::both(
    "identifier.owners",
    "SELECT report_id, MAX(at) AS latest FROM sighting WHERE identifier_id = ?1 \
     AND place IN ('reporter.phone', 'reporter.iin', 'payment.own_account') GROUP BY report_id ORDER BY latest DESC, report_id LIMIT ?2",
);
const IDS_OF_REPORT: Stmt = Stmt::both(
    "identifier.ids_of_report",
    "SELECT DISTINCT identifier_id FROM sighting WHERE report_id = ?1 ORDER BY identifier_id",
);
const UNSEE: Stmt = Stmt::both("identifier.unsee", "DELETE FROM sighting WHERE id = ?1");
const FORGET: Stmt = Stmt::both("identifier.forget", "DELETE FROM sighting WHERE report_id = ?1");
const FORGET_LONELY: Stmt = Stmt::both(
    "identifier.forget_lonely",
    "DELETE FROM identifier WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sighting s WHERE s.identifier_id = ?1)",
);

/// Tables and statements of this slice.
pub const SLICE: Slice = Slice {
    name: "identifier",
    migrations: MIGRATIONS,
    statements: &[
        &UPSERT,
        &SIGHT,
        &OF_REPORT,
        &OTHERS,
        &NAMED_IN,
        &OWNERS,
        &IDS_OF_REPORT,
        &UNSEE,
        &FORGET,
        &FORGET_LONELY,
    ],
};

/// Keeps appearances in a running transaction. The same place twice counts once.
///
/// # Errors
/// The database's.
pub fn record_sightings(
    tx: &mut Tx<'_>,
    vault: &Vault,
    report: Uuid,
    sightings: &[Sighting],
    at: Timestamp,
) -> Result<(), DbError> {
    let mut kept: Vec<(Kept, &Sighting)> = sightings.iter().map(|s| (Kept::of(vault, s), s)).collect();
    // One order for all writers: two reports that name the same two numbers must not wait for each other.
    kept.sort_by_key(|(kept, _)| kept.id);
    for (kept, sighting) in kept {
        let place = sighting.place.text();
        let id = sighting_id(kept.id, report, &place);
        tx.execute(&UPSERT, params![kept.id, sighting.kind.as_str(), kept.blind, kept.masked, at])?;
        tx.execute(&SIGHT, params![id, kept.id, report, place, at, kept.card_token])?;
    }
    Ok(())
}

/// What appeared in a report, fields first, then the story in its order.
///
/// # Errors
/// The database's.
pub fn sightings_of(tx: &mut Tx<'_>, report: Uuid) -> Result<Vec<Seen>, DbError> {
    tx.query(&OF_REPORT, params![report], |r| {
        Ok(Seen {
            id: r.get(0)?,
            kind: r.get(1)?,
            masked: r.get(2)?,
            place: r.get(3)?,
            at: r.get(4)?,
            reports: r.get(5)?,
            card_token: r.get(6)?,
        })
    })
}

/// All appearances of an identifier (see [`identifier_id`](crate::identifier_id)), the latest first, at most
/// `limit` of them.
///
/// # Errors
/// The database's.
pub fn others_with(tx: &mut Tx<'_>, identifier: Uuid, limit: u32) -> Result<Vec<Other>, DbError> {
    tx.query(&OTHERS, params![identifier, limit], |r| {
        let place: String = r.get(1)?;
        Ok(Other { report: r.get(0)?, place: SightedAt::parse(&place), at: r.get(2)?, card_token: r.get(3)? })
    })
}

/// How often reports name a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NamedIn {
    /// Reports that name it.
    pub reports: i64,
    /// Reports in which it is the reporter's own: whoever it belongs to has been a victim.
    pub as_reporter: i64,
    /// In how many as the account that money was paid from.
    pub as_payer: i64,
}

/// How often reports name the thing of this canonical writing.
///
/// # Errors
/// The database's.
pub fn named_in(tx: &mut Tx<'_>, vault: &Vault, kind: Kind, canonical: &str) -> Result<NamedIn, DbError> {
    let id = identifier_id(vault, kind, canonical);
    tx.query_one(&NAMED_IN, params![id], |r| {
        Ok(NamedIn { reports: r.get(0)?, as_reporter: r.get(1)?, as_payer: r.get(2)? })
    })
}

/// The reports in which the thing of this canonical writing is told as the reporter's own, the latest first, at most
/// `limit` of them. Whether such a report stands is for its slice to say.
///
/// # Errors
/// The database's.
pub fn owners(
    tx: &mut Tx<'_>,
    vault: &Vault,
    kind: Kind,
    canonical: &str,
    limit: u32,
) -> Result<Vec<Uuid>, DbError> {
    tx.query(&OWNERS, params![identifier_id(vault, kind, canonical), limit], |r| r.get(0))
}

/// Takes one appearance back: it was a slip. The identifier goes with it if it appears nowhere else.
///
/// # Errors
/// The database's.
pub fn unsee(tx: &mut Tx<'_>, vault: &Vault, report: Uuid, sighting: &Sighting) -> Result<(), DbError> {
    let kept = Kept::of(vault, sighting);
    tx.execute(&UNSEE, params![sighting_id(kept.id, report, &sighting.place.text())])?;
    tx.lock_row("identifier", kept.id)?;
    tx.execute(&FORGET_LONELY, params![kept.id]).map(drop)
}

/// Forgets what appeared in a report, and identifiers that appear nowhere else.
///
/// # Errors
/// The database's.
pub fn forget(tx: &mut Tx<'_>, report: Uuid) -> Result<(), DbError> {
    let ids: Vec<Uuid> = tx.query(&IDS_OF_REPORT, params![report], |r| r.get(0))?;
    tx.execute(&FORGET, params![report])?;
    for id in ids {
        // A report that is being kept holds this row; after it the statement below sees its sighting.
        tx.lock_row("identifier", id)?;
        tx.execute(&FORGET_LONELY, params![id])?;
    }
    Ok(())
}
