//! SQL of files that are added to a report. A file that has not arrived whole has no number and nobody sees it.

use db::{DbError, Stmt, Tx, params};
use kernel::{Personal, Purpose, Timestamp};
use uuid::Uuid;
use vault::SubjectKey;

use crate::ReportError;
use crate::model::{AddedFile, FileAbout, ReportId};

pub(super) const BEGIN: Stmt = Stmt::both(
    "report.file_begin",
    "INSERT INTO report_file (id, report_id, begun_wall, part_wall, from_citizen, author, size_bytes) \
     VALUES (?1, ?2, ?3, ?3, ?4, ?5, 0)",
);
// Nothing is added to a file that is gone: erased, cut off for too long, or whole already.
pub(super) const GROW: Stmt = Stmt::both(
    "report.file_grow",
    "UPDATE report_file SET size_bytes = ?2, part_wall = ?3 WHERE id = ?1 AND arrived_at IS NULL",
);
pub(super) const PART: Stmt = Stmt::both(
    "report.file_part",
    "INSERT INTO report_file_part (id, file_id, no, bytes_sealed) VALUES (?1, ?2, ?3, ?4)",
);
pub(super) const END: Stmt = Stmt::both(
    "report.file_end",
    "UPDATE report_file SET no = ?2, arrived_at = ?3, size_bytes = ?4, digest = ?5, about_sealed = ?6 \
     WHERE id = ?1 AND arrived_at IS NULL",
);
pub(super) const LIST: Stmt = Stmt::both(
    "report.files",
    "SELECT id, no, arrived_at, from_citizen, size_bytes, removed_wall, about_sealed FROM report_file \
     WHERE report_id = ?1 AND about_sealed IS NOT NULL ORDER BY no",
);
pub(super) const KNOWN: Stmt = Stmt::both(
    "report.files_known",
    "SELECT id, no, size_bytes, removed_wall, digest, part_wall, from_citizen FROM report_file WHERE report_id = ?1",
);
pub(super) const LAST_ADDED: Stmt = Stmt::both(
    "report.file_last",
    "SELECT MAX(arrived_at) FROM report_file WHERE report_id = ?1 AND from_citizen AND removed_wall IS NULL",
);
pub(super) const PARTS: Stmt = Stmt::both(
    "report.file_parts",
    "SELECT no, bytes_sealed FROM report_file_part WHERE file_id = ?1 AND no = ?2",
);
pub(super) const DROP_PARTS: Stmt =
    Stmt::both("report.file_drop_parts", "DELETE FROM report_file_part WHERE file_id = ?1");
pub(super) const DROP: Stmt = Stmt::both(
    "report.file_drop",
    "DELETE FROM report_file WHERE id = ?1 AND arrived_at IS NULL AND part_wall <= ?2",
);
pub(super) const REMOVE: Stmt = Stmt::both(
    "report.file_remove",
    "UPDATE report_file SET removed_wall = ?3 WHERE report_id = ?1 AND no = ?2 AND from_citizen \
     AND removed_wall IS NULL AND about_sealed IS NOT NULL",
);
pub(super) const PUT_BACK: Stmt = Stmt::both(
    "report.file_put_back",
    "UPDATE report_file SET removed_wall = NULL WHERE report_id = ?1 AND no = ?2 AND from_citizen \
     AND removed_wall IS NOT NULL AND about_sealed IS NOT NULL",
);
pub(super) const OVERDUE: Stmt = Stmt::both(
    "report.files_overdue",
    "SELECT id, arrived_at FROM report_file WHERE removed_wall IS NOT NULL AND removed_wall <= ?1 \
     AND about_sealed IS NOT NULL \
     UNION ALL SELECT id, arrived_at FROM report_file WHERE arrived_at IS NULL AND part_wall <= ?2 LIMIT 100",
);
pub(super) const FORGET: Stmt = Stmt::both(
    "report.file_forget",
    "UPDATE report_file SET about_sealed = NULL, digest = NULL WHERE id = ?1 AND removed_wall <= ?2",
);
pub(super) const ERASE_PARTS: Stmt = Stmt::both(
    "report.file_erase_parts",
    "DELETE FROM report_file_part WHERE file_id IN (SELECT id FROM report_file WHERE report_id = ?1)",
);
pub(super) const ERASE: Stmt =
    Stmt::both("report.file_erase", "DELETE FROM report_file WHERE report_id = ?1");

/// Field name under which the description of a file is sealed.
const ABOUT: &str = "file";

/// Field name under which one part of a file is sealed: a part of another file, or of another place in it, does
/// not open.
pub(crate) fn part_field(file: Uuid, no: i64) -> String {
    format!("file/{file}/{no}")
}

/// What is known of a report's files without opening them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// Database key.
    pub id: Uuid,
    /// Its number; `None` while it is arriving.
    pub no: Option<i64>,
    /// Size; 0 while it is arriving.
    pub size_bytes: u64,
    /// Since when it is taken back.
    pub removed: Option<Timestamp>,
    /// Keyed hash of the content.
    pub digest: Option<Vec<u8>>,
    /// When its last part came, wall clock.
    pub part_at: Timestamp,
    /// By the citizen, or at the desk.
    pub from_citizen: bool,
}

impl KnownFile {
    /// Whether its content takes room: it is coming in, or stands there, or was taken back and is not gone yet.
    #[must_use]
    pub const fn takes_room(&self) -> bool {
        self.no.is_none() || self.digest.is_some()
    }
}

/// Begins a file.
///
/// # Errors
/// The database's.
pub fn begin(
    tx: &mut Tx<'_>,
    (id, report): (Uuid, ReportId),
    wall: Timestamp,
    from: (bool, &str),
) -> Result<(), DbError> {
    tx.execute(&BEGIN, params![id, report, wall, from.0, from.1]).map(drop)
}

/// Writes one part; `no` counts from 0, `size` is that of all parts so far. `false` if the file is gone.
///
/// # Errors
/// The database's.
pub fn insert_part(
    tx: &mut Tx<'_>,
    (id, file): (Uuid, Uuid),
    no: i64,
    (size, wall): (i64, Timestamp),
    sealed: &[u8],
) -> Result<bool, DbError> {
    if tx.execute(&GROW, params![file, size, wall])? == 0 {
        return Ok(false);
    }
    tx.execute(&PART, params![id, file, no, sealed])?;
    Ok(true)
}

/// A file is whole: from now on it is seen.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Its number within the report.
    pub no: i64,
    /// When, office time.
    pub at: Timestamp,
    /// Size.
    pub size_bytes: i64,
    /// Keyed hash of the content.
    pub digest: [u8; 32],
    /// What it is, sealed.
    pub about: Vec<u8>,
}

/// Seals what a file is.
#[must_use]
pub fn seal_about(key: &SubjectKey, entropy: &kernel::Entropy, about: &FileAbout) -> Vec<u8> {
    key.seal(entropy, ABOUT, &serde_json::to_string(about).unwrap_or_default())
}

/// Ends a file that has arrived. `false` if it is gone, cut off for too long.
///
/// # Errors
/// The database's; a number that is taken.
pub fn end(tx: &mut Tx<'_>, id: Uuid, w: &Whole) -> Result<bool, DbError> {
    let own = params![id, w.no, w.at, w.size_bytes, w.digest.as_slice(), w.about.as_slice()];
    Ok(tx.execute(&END, own)? == 1)
}

/// Every file of a report, arriving and removed ones too.
///
/// # Errors
/// The database's.
pub fn known(tx: &mut Tx<'_>, id: ReportId) -> Result<Vec<KnownFile>, DbError> {
    tx.query(&KNOWN, params![id], |r| {
        Ok(KnownFile {
            id: r.get(0)?,
            no: r.get(1)?,
            size_bytes: u64::try_from(r.get::<i64>(2)?).unwrap_or(0),
            removed: r.get(3)?,
            digest: r.get(4)?,
            part_at: r.get(5)?,
            from_citizen: r.get(6)?,
        })
    })
}

/// The files that have arrived, in their order, opened with the report's key.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn list(tx: &mut Tx<'_>, id: ReportId, key: &SubjectKey) -> Result<Vec<AddedFile>, ReportError> {
    let rows = tx.query(&LIST, params![id], |r| {
        let file = AddedFile {
            id: r.get(0)?,
            no: r.get(1)?,
            arrived_at: r.get(2)?,
            from_citizen: r.get(3)?,
            size_bytes: r.get(4)?,
            removed: r.get::<Option<Timestamp>>(5)?.is_some(),
            about: Personal::new(FileAbout::default()),
        };
        Ok((file, r.get::<Vec<u8>>(6)?))
    })?;
    rows.into_iter()
        .map(|(file, sealed)| {
            let json = key.open(ABOUT, &sealed)?.into_inner(Purpose::HandleReport);
            let about = serde_json::from_str(&json).unwrap_or_default();
            Ok(AddedFile { about: Personal::new(about), ..file })
        })
        .collect()
}

/// When the reporter last added a file.
///
/// # Errors
/// The database's.
pub fn last_added(tx: &mut Tx<'_>, id: ReportId) -> Result<Option<Timestamp>, DbError> {
    Ok(tx.query_opt(&LAST_ADDED, params![id], |r| r.get::<Option<Timestamp>>(0))?.flatten())
}

/// One sealed part of a file; `None` behind the last.
///
/// # Errors
/// The database's.
pub fn part(tx: &mut Tx<'_>, file: Uuid, no: i64) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(&PARTS, params![file, no], |r| r.get::<Vec<u8>>(1))
}

/// Forgets a file that does not become whole, if its last part came at `until` or before.
///
/// # Errors
/// The database's.
pub fn drop_arriving(tx: &mut Tx<'_>, file: Uuid, until: Timestamp) -> Result<(), DbError> {
    // The row first: its parts go only where it was really dropped.
    if tx.execute(&DROP, params![file, until])? == 1 {
        tx.execute(&DROP_PARTS, params![file])?;
    }
    Ok(())
}

/// Takes a reporter's file back. `false` if there is none.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, report: ReportId, no: i64, wall: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&REMOVE, params![report, no, wall])? == 1)
}

/// Puts a removed file back. `false` if there is none any more.
///
/// # Errors
/// The database's.
pub fn put_back(tx: &mut Tx<'_>, report: ReportId, no: i64) -> Result<bool, DbError> {
    Ok(tx.execute(&PUT_BACK, params![report, no])? == 1)
}

/// Removes what was cut off before `cut_off` and what was taken back before `removed`. Says how many.
///
/// # Errors
/// The database's.
pub fn purge(tx: &mut Tx<'_>, removed: Timestamp, cut_off: Timestamp) -> Result<u64, DbError> {
    let overdue: Vec<(Uuid, Option<Timestamp>)> =
        tx.query(&OVERDUE, params![removed, cut_off], |r| Ok((r.get(0)?, r.get(1)?)))?;
    for (id, arrived) in &overdue {
        if arrived.is_none() {
            drop_arriving(tx, *id, cut_off)?;
        } else if tx.execute(&FORGET, params![id, removed])? == 1 {
            // Put back meanwhile, it stays.
            tx.execute(&DROP_PARTS, params![id])?;
        }
    }
    Ok(u64::try_from(overdue.len()).unwrap_or(u64::MAX))
}

/// Erases every file of a report.
pub(super) fn erase(tx: &mut Tx<'_>, id: ReportId) -> Result<(), DbError> {
    tx.execute(&ERASE_PARTS, params![id])?;
    tx.execute(&ERASE, params![id]).map(drop)
}
