//! Brings a database to the schema of this program, and refuses one that is newer.

use sha2::{Digest as _, Sha256};

use crate::sqlite::{link as lite, rot, sums};
use crate::tx::Link;
use crate::{Db, DbError, Engine, Migration, MigrationError, Slice, Stmt, Tx, params};

/// The tables of this crate itself: leases, feeds, outbox, meta.
pub const SLICE: Slice = Slice {
    name: "db",
    migrations: &[Migration {
        no: 1,
        name: "db",
        sqlite: include_str!("../migrations/0001_db.sqlite.sql"),
        postgres: include_str!("../migrations/0001_db.postgres.sql"),
    }],
    statements: &[
        &APPLIED,
        &RECORD,
        &crate::meta::GET,
        &crate::meta::PUT,
        &crate::lease::ENSURE,
        &crate::lease::CLAIM,
        &crate::lease::RELEASE,
        &crate::lease::HELD,
        &crate::feed::ENSURE,
        &crate::feed::LAST_FOR_UPDATE,
        &crate::feed::LAST,
        &crate::feed::ADVANCE,
        &crate::rot::HAS_SUMS,
        &crate::rot::TABLES,
        &crate::outbox::FEED.pending,
        &crate::outbox::FEED.number,
        &crate::outbox::store::PUT,
        &crate::outbox::store::NAMES_AFTER,
        &crate::outbox::store::BY_ID,
        &crate::outbox::reading::AFTER,
        &crate::outbox::store::CURSOR,
        &crate::outbox::store::CURSOR_FOR_UPDATE,
        &crate::outbox::store::CURSOR_ENSURE,
        &crate::outbox::store::CURSOR_MOVE,
        &crate::outbox::store::PRUNE,
        &crate::outbox::parked::PARK,
        &crate::outbox::parked::LIST,
        &crate::outbox::parked::COUNT,
        &crate::outbox::parked::ASK_AGAIN,
        &crate::outbox::parked::ASKED,
        &crate::outbox::parked::FAILED_AGAIN,
        &crate::outbox::parked::REMOVE,
    ],
};

/// The table that remembers what was applied. It comes before every migration.
const BOOTSTRAP: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    slice TEXT NOT NULL,
    no    BIGINT NOT NULL,
    name  TEXT NOT NULL,
    hash  TEXT NOT NULL,
    at    BIGINT NOT NULL,
    PRIMARY KEY (slice, no)
)";

const APPLIED: Stmt =
    Stmt::both("db.migrations", "SELECT slice, no, name, hash FROM schema_migration ORDER BY slice, no");
const RECORD: Stmt = Stmt::both(
    "db.migration_record",
    "INSERT INTO schema_migration (slice, no, name, hash, at) VALUES (?1, ?2, ?3, ?4, ?5)",
);

/// What a migration's text may not contain. A deferred constraint would fail the commit of a whole batch
/// of other people's writes instead of its own statement; advisory locks do not exist on every PostgreSQL.
const FORBIDDEN: [&str; 2] = ["DEFERRABLE", "PG_ADVISORY"];

/// A migration found in the database.
#[derive(Debug, Clone)]
struct Applied {
    slice: String,
    no: i64,
    name: String,
    hash: String,
}

/// Applies what is missing, all in one transaction. See [`Db::migrate`].
///
/// # Errors
/// [`DbError::Migration`] and the database's own.
pub fn migrate(db: &Db, slices: &[&'static Slice]) -> Result<(), DbError> {
    let slices = with_own(slices);
    check_numbering(&slices)?;
    let now = db.clock().now();
    // On PostgreSQL two processes may create the table at once; the loser's unique violation is run again.
    db.write_blocking(|tx| tx.batch(BOOTSTRAP))?;
    db.write_blocking(move |tx| {
        if tx.engine() == Engine::Postgres {
            // One process migrates; the others wait here and then find everything applied.
            tx.batch("LOCK TABLE schema_migration IN ACCESS EXCLUSIVE MODE")?;
        }
        let applied = applied(tx)?;
        let mut changed = applied.is_empty();
        for slice in &slices {
            check_applied(slice, &applied, tx.engine())?;
            for migration in slice.migrations {
                let is_new =
                    !applied.iter().any(|a| a.slice == slice.name && a.no == i64::from(migration.no));
                if is_new {
                    changed = true;
                    apply(tx, slice, migration)?;
                    let hash = hash(text(migration, tx.engine()));
                    let row = params![slice.name, migration.no, migration.name, hash, now];
                    tx.execute(&RECORD, row)?;
                }
            }
        }
        match &mut tx.link {
            // A database of an earlier release has none yet.
            Link::Sqlite(conn) if changed || sums::schema_stands(conn).is_ok_and(|s| s.is_none()) => {
                sums::keep(conn).map_err(|e| lite::error(conn, "db.sums", &e))
            }
            _ => Ok(()),
        }
    })
}

/// Refuses a database that has slices this program does not know: it was made by a newer release. The
/// binary calls it with all its slices before [`Db::migrate`]; a test that uses a few slices need not.
///
/// # Errors
/// [`MigrationError::Newer`], and the database's own errors.
pub fn refuse_unknown(db: &Db, slices: &[&'static Slice]) -> Result<(), DbError> {
    let known: Vec<&'static str> = with_own(slices).iter().map(|s| s.name).collect();
    db.write_blocking(|tx| tx.batch(BOOTSTRAP))?;
    db.read_blocking(move |tx| match applied(tx)?.into_iter().find(|a| !known.contains(&a.slice.as_str())) {
        Some(a) => Err(MigrationError::Newer { slice: a.slice, no: a.no }.into()),
        None => Ok(()),
    })
}

/// This crate's slice first, then the others, each once.
pub(crate) fn with_own(slices: &[&'static Slice]) -> Vec<&'static Slice> {
    let mut all = vec![&SLICE];
    all.extend(slices.iter().filter(|s| s.name != SLICE.name));
    all
}

fn check_numbering(slices: &[&'static Slice]) -> Result<(), MigrationError> {
    for (at, slice) in slices.iter().enumerate() {
        let numbered = (1_u32..).zip(slice.migrations).all(|(no, m)| m.no == no);
        let twice = slices.iter().take(at).any(|other| other.name == slice.name);
        if !numbered || twice {
            return Err(MigrationError::Numbering { slice: slice.name.to_owned() });
        }
        for migration in slice.migrations {
            for word in FORBIDDEN {
                if [migration.sqlite, migration.postgres].iter().any(|t| t.to_uppercase().contains(word)) {
                    let slice = slice.name.to_owned();
                    return Err(MigrationError::Forbidden { slice, no: migration.no, word });
                }
            }
        }
    }
    Ok(())
}

fn applied(tx: &mut Tx<'_>) -> Result<Vec<Applied>, DbError> {
    tx.query(&APPLIED, &[], |row| {
        Ok(Applied { slice: row.get(0)?, no: row.get(1)?, name: row.get(2)?, hash: row.get(3)? })
    })
}

fn check_applied(slice: &Slice, applied: &[Applied], engine: Engine) -> Result<(), MigrationError> {
    for found in applied.iter().filter(|a| a.slice == slice.name) {
        let Some(known) = slice.migrations.iter().find(|m| i64::from(m.no) == found.no) else {
            return Err(MigrationError::Newer { slice: found.slice.clone(), no: found.no });
        };
        if hash(text(known, engine)) != found.hash {
            let (slice, name) = (found.slice.clone(), found.name.clone());
            return Err(MigrationError::Changed { slice, no: known.no, name });
        }
    }
    Ok(())
}

fn apply(tx: &mut Tx<'_>, slice: &Slice, migration: &Migration) -> Result<(), DbError> {
    let engine = tx.engine();
    if let Link::Sqlite(conn) = &tx.link {
        before(conn, migration)?;
    }
    tx.batch(text(migration, engine)).map_err(|e| match e {
        busy @ (DbError::Busy(_) | DbError::Unavailable(_)) => busy,
        other => MigrationError::Failed {
            slice: slice.name.to_owned(),
            no: migration.no,
            name: migration.name.to_owned(),
            why: other.to_string(),
        }
        .into(),
    })
}

/// A table that is altered loses its sums and gets new ones: rot would be taken for what was written, so it must not be there.
fn before(conn: &rusqlite::Connection, migration: &Migration) -> Result<(), DbError> {
    for table in sums::altered(migration.sqlite) {
        if !sums::has(conn, &table).map_err(|e| lite::error(conn, "db.sums", &e))? {
            continue;
        }
        if let Some(rot) = rot::of_tables(conn, &[&table]).into_iter().next() {
            return Err(MigrationError::Damaged { table, found: rot.to_string() }.into());
        }
        sums::drop(conn, &table).map_err(|e| lite::error(conn, "db.sums", &e))?;
    }
    Ok(())
}

const fn text(migration: &Migration, engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => migration.sqlite,
        Engine::Postgres => migration.postgres,
    }
}

/// SHA-256 in hexadecimal, over the text with line ends of one kind, so that a checkout on another system
/// is not taken for a change.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut out, byte| {
        for nibble in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(nibble), 16));
        }
        out
    })
}
