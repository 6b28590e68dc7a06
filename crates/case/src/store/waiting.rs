//! Rows that wait for somebody's word and are settled once: decisions and referrals.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

/// The three statements of such a table: its own five columns, of which the last says where the row stands, and what was answered, when
/// and by whom. Only a row that still waits is settled.
macro_rules! statements {
    ($table:literal, $own:literal, $state:literal, ($at:literal, $by:literal, $words:literal), $waits:literal, $most:literal) => {
        pub(crate) const INSERT: db::Stmt = db::Stmt::both(
            concat!($table, ".insert"),
            concat!(
                "INSERT INTO ",
                $table,
                " (",
                $crate::store::row_columns!(),
                ", ",
                $own,
                ", ",
                $state,
                ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            ),
        );
        pub(crate) const OF_CASE: db::Stmt = db::Stmt::both(
            concat!($table, ".of_case"),
            concat!(
                "SELECT ",
                $crate::store::row_columns!(),
                ", ",
                $own,
                ", ",
                $state,
                ", ",
                $at,
                ", ",
                $by,
                ", ",
                $words,
                " FROM ",
                $table,
                " WHERE case_id = ?1 ORDER BY created_at, id LIMIT ",
                $most
            ),
        );
        pub(crate) const SETTLE: db::Stmt = db::Stmt::both(
            concat!($table, ".settle"),
            concat!(
                "UPDATE ",
                $table,
                " SET ",
                $state,
                " = ?2, ",
                $at,
                " = ?3, ",
                $by,
                " = ?4, ",
                $words,
                " = ?5 WHERE id = ?1 AND ",
                $state,
                " = '",
                $waits,
                "'"
            ),
        );
    };
}
pub(crate) use statements;

/// What was answered: when, by whom, and in what words, sealed.
pub(crate) type Answer<'a> = (Option<Timestamp>, Option<&'a str>, Option<&'a [u8]>);

/// Keeps what became of a row that waited. Somebody faster makes the closure run again.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    statement: &'static Stmt,
    (id, state): (Uuid, &str),
    (at, by, words): Answer<'_>,
) -> Result<(), DbError> {
    tx.guarded(statement, params![id, state, at, by, words])
}
