//! Statements, migrations and slices: what a slice registers with the database layer.

/// One SQL statement of a slice, in both dialects, with placeholders `?1`, `?2`… (never a bare `?`, never
/// `$1`, which SQLite takes for a name). Every statement is a `const` that its slice registers, so that a
/// test can prepare it on both engines.
#[derive(Debug, Clone, Copy)]
pub struct Stmt {
    /// Unique name, `slice.what`.
    pub name: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL, still with `?1`.
    pub postgres: &'static str,
}

impl Stmt {
    /// One text for both engines: the usual case.
    #[must_use]
    pub const fn both(name: &'static str, sql: &'static str) -> Self {
        Self { name, sqlite: sql, postgres: sql }
    }
    /// Two texts, where the dialects truly differ.
    #[must_use]
    pub const fn split(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite, postgres }
    }
}

/// A slice's share of the database.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// The crate's name.
    pub name: &'static str,
    /// Its migrations, numbered from 1 without gaps.
    pub migrations: &'static [Migration],
    /// All its statements.
    pub statements: &'static [&'static Stmt],
}

/// One step of a slice's schema. Once released its text never changes; migrations only add.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// 1, 2, 3…
    pub no: u32,
    /// What it does, as in the file name.
    pub name: &'static str,
    /// The text for SQLite: `INTEGER`, `TEXT`, `BLOB` columns.
    pub sqlite: &'static str,
    /// The text for PostgreSQL: `BIGINT`, `TEXT`, `BYTEA`, `UUID`, `BOOLEAN` columns.
    pub postgres: &'static str,
}
