//! The slice and the statements that the tests work on.

use db::{DbError, Migration, Slice, Stmt, Tx, params};
use uuid::Uuid;

pub const SLICE: Slice = Slice {
    name: "item",
    migrations: &[Migration {
        no: 1,
        name: "item",
        sqlite: "CREATE TABLE item (id BLOB NOT NULL PRIMARY KEY, code TEXT NOT NULL, n INTEGER NOT NULL,
                 flag INTEGER NOT NULL, note TEXT, data BLOB, feed_no INTEGER) STRICT;
                 CREATE UNIQUE INDEX item_code ON item (code);
                 CREATE UNIQUE INDEX item_feed_no ON item (feed_no);
                 CREATE INDEX item_unnumbered ON item (id) WHERE feed_no IS NULL;
                 CREATE TABLE pair (a INTEGER NOT NULL, b INTEGER NOT NULL, item BLOB REFERENCES item (id),
                 UNIQUE (a, b), CHECK (a < 100)) STRICT;",
        postgres: "CREATE TABLE item (id UUID NOT NULL PRIMARY KEY, code TEXT NOT NULL, n BIGINT NOT NULL,
                 flag BOOLEAN NOT NULL, note TEXT, data BYTEA, feed_no BIGINT);
                 CREATE UNIQUE INDEX item_code ON item (code);
                 CREATE UNIQUE INDEX item_feed_no ON item (feed_no);
                 CREATE INDEX item_unnumbered ON item (id) WHERE feed_no IS NULL;
                 CREATE TABLE pair (a BIGINT NOT NULL, b BIGINT NOT NULL, item UUID REFERENCES item (id),
                 UNIQUE (a, b), CHECK (a < 100));",
    }],
    statements: &[&INSERT, &PAIR, &COUNT, &SUM, &GET, &SET_N, &SET_N_IF, &ALL, &FEED.pending, &FEED.number],
};

pub const FEED: db::feed::Feed = db::feed!("item");

pub const INSERT: Stmt = Stmt::both(
    "item.insert",
    "INSERT INTO item (id, code, n, flag, note, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
);
pub const PAIR: Stmt = Stmt::both("item.pair", "INSERT INTO pair (a, b, item) VALUES (?1, ?2, ?3)");
pub const COUNT: Stmt = Stmt::both("item.count", "SELECT count(*) FROM item");
pub const SUM: Stmt = Stmt::both("item.sum", "SELECT sum(n) FROM item");
pub const GET: Stmt = Stmt::both("item.get", "SELECT code, n, flag, note, data FROM item WHERE id = ?1");
pub const SET_N: Stmt = Stmt::both("item.set_n", "UPDATE item SET n = ?2 WHERE id = ?1");
pub const SET_N_IF: Stmt = Stmt::both("item.set_n_if", "UPDATE item SET n = ?2 WHERE id = ?1 AND n = ?3");
pub const ALL: Stmt = Stmt::both("item.all", "SELECT id, code, n, feed_no FROM item ORDER BY code");

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn insert(tx: &mut Tx<'_>, n: u128, code: &str) -> Result<(), DbError> {
    let nothing: Option<String> = None;
    let row = params![id(n), code, i64::try_from(n).unwrap_or(0), true, nothing, None::<Vec<u8>>];
    tx.execute(&INSERT, row).map(drop)
}

pub fn count(db: &db::Db) -> i64 {
    db.read_blocking(|tx| tx.query_one(&COUNT, &[], |row| row.get(0)))
        .unwrap_or_else(|e: DbError| panic!("{e}"))
}

pub fn n_of(tx: &mut Tx<'_>, item: u128) -> Result<i64, DbError> {
    tx.query_one(&GET, params![id(item)], |row| row.get(1))
}
