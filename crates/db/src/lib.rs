//! The database face: SQLite embedded by default, PostgreSQL by url, one code path for both.
//!
//! A slice writes synchronous functions over `&mut Tx`; [`Db::write`] runs them in a transaction and
//! answers when it is durable. Statements are [`Stmt`] constants with `?1` placeholders. News travels
//! through the [`outbox`]; every feed read by cursor is numbered after commit by [`feed`].

mod commits;
mod database;
mod error;
mod hash;
mod job;
pub mod lexer;
mod pg;
mod queue;
mod sqlite;
mod stmt;
mod tx;
mod value;

pub mod check;
pub mod feed;
pub mod lease;
pub mod meta;
pub mod migrate;
pub mod outbox;
pub mod rot;

pub use database::{Db, Options};
pub use error::{DbError, MigrationError};
pub use hash::row_hash;
pub use migrate::SLICE;
pub use stmt::{Migration, Slice, Stmt};
pub use tx::Tx;
pub use value::{FromValue, Row, Value};

/// Which engine a database runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// SQLite in a file of its own.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}
