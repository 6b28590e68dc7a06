//! All SQL of this slice.

use db::{Migration, Stmt};

pub mod blob;
pub mod event;
pub mod exhibit;
pub mod gone;
pub mod look;
pub mod place;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "evidence",
        sqlite: include_str!("../../migrations/0001_evidence.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_evidence.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "looks",
        sqlite: include_str!("../../migrations/0002_looks.sqlite.sql"),
        postgres: include_str!("../../migrations/0002_looks.postgres.sql"),
    },
    Migration {
        no: 3,
        name: "gone",
        sqlite: include_str!("../../migrations/0003_gone.sqlite.sql"),
        postgres: include_str!("../../migrations/0003_gone.postgres.sql"),
    },
];

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &exhibit::INSERT,
    &exhibit::FIND,
    &exhibit::BY_NUMBER,
    &exhibit::LIST,
    &exhibit::OF_MATTER,
    &exhibit::IDS_OF_MATTER,
    &exhibit::REMARK,
    &exhibit::MADE_FROM,
    &exhibit::OF_BLOB,
    &exhibit::SAVE,
    &exhibit::RETITLE,
    &exhibit::SEALED,
    &exhibit::EMPTY,
    &exhibit::READERS,
    &exhibit::READER_ADD,
    &exhibit::READERS_DROP,
    &exhibit::COUNT,
    &event::INSERT,
    &event::OF,
    &event::WORDS,
    &event::EMPTY,
    &event::KEEP,
    &blob::INSERT,
    &blob::FIND,
    &blob::KNOWN,
    &blob::SHA256,
    &blob::DUE,
    &blob::CHECKED,
    &blob::REMOVE,
    &blob::UPLOAD_INSERT,
    &blob::UPLOAD_FIND,
    &blob::UPLOAD_GROW,
    &blob::UPLOAD_REMOVE,
    &blob::UPLOAD_STALE,
    &blob::UPLOAD_FORGET,
    &blob::UPLOAD_OPEN,
    &gone::INSERT,
    &gone::DUE,
    &gone::TRIED,
    &gone::DONE,
    &look::INSERT,
    &look::FIND,
    &look::SIGNS,
    &look::DUE,
    &look::CLAIM,
    &look::SAVE,
    &look::REMOVE,
    &place::INSERT,
    &place::LIST,
    &place::FIND,
    &place::SET_OPEN,
    &place::PACKAGE_INSERT,
    &place::PACKAGES,
];
