//! Migrations: once each, never changed, never backwards.

use db::{DbError, Migration, MigrationError, Slice, Stmt, meta, migrate};

use crate::engines::{engines, on_each_engine};

const fn step(no: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { no, name, sqlite: sql, postgres: sql }
}

const FIRST: Migration = step(1, "first", "CREATE TABLE a (x BIGINT NOT NULL PRIMARY KEY);");
const SECOND: Migration = step(2, "second", "CREATE TABLE b (x BIGINT NOT NULL PRIMARY KEY);");

static ONE: Slice = Slice { name: "s", migrations: &[FIRST], statements: &[] };
static TWO: Slice = Slice { name: "s", migrations: &[FIRST, SECOND], statements: &[] };
static CHANGED: Slice = Slice {
    name: "s",
    migrations: &[step(1, "first", "CREATE TABLE a (x BIGINT NOT NULL PRIMARY KEY, y TEXT);")],
    statements: &[],
};
static GAP: Slice = Slice { name: "s", migrations: &[SECOND], statements: &[] };
static BROKEN: Slice = Slice {
    name: "s",
    migrations: &[FIRST, step(2, "second", "CREATE TABLE b (x BIGINT); NONSENSE;")],
    statements: &[],
};
static DEFERRED: Slice = Slice {
    name: "s",
    migrations: &[step(1, "first", "CREATE TABLE a (x BIGINT UNIQUE deferrable INITIALLY DEFERRED);")],
    statements: &[],
};
static OTHER: Slice = Slice { name: "other", migrations: &[], statements: &[] };

#[test]
fn steps_are_applied_once_and_later_ones_added() {
    on_each_engine(&[], |db| {
        db.migrate(&[&ONE]).unwrap();
        db.migrate(&[&ONE, &db::SLICE]).unwrap();
        assert!(!db::check::catalog(db).unwrap().contains(&"table b".to_owned()));
        db.migrate(&[&TWO]).unwrap();
        assert!(db::check::catalog(db).unwrap().contains(&"table b".to_owned()));
    });
}

#[test]
fn a_changed_text_is_refused() {
    on_each_engine(&[&ONE], |db| {
        let wanted = MigrationError::Changed { slice: "s".to_owned(), no: 1, name: "first".to_owned() };
        assert_eq!(db.migrate(&[&CHANGED]), Err(DbError::Migration(wanted)));
    });
}

#[test]
fn a_newer_database_is_refused() {
    on_each_engine(&[&TWO], |db| {
        let refused = db.migrate(&[&ONE]).unwrap_err();
        assert_eq!(refused, MigrationError::Newer { slice: "s".to_owned(), no: 2 }.into());
        assert!(refused.to_string().contains("newer than this program"), "{refused}");
        assert_eq!(migrate::refuse_unknown(db, &[&TWO, &OTHER]), Ok(()));
        assert_eq!(
            migrate::refuse_unknown(db, &[&OTHER]),
            Err(MigrationError::Newer { slice: "s".to_owned(), no: 1 }.into())
        );
    });
}

#[test]
fn a_step_that_fails_leaves_nothing_behind() {
    on_each_engine(&[], |db| {
        let failed = db.migrate(&[&BROKEN]);
        assert!(
            matches!(&failed, Err(DbError::Migration(MigrationError::Failed { no: 2, .. }))),
            "{failed:?}"
        );
        let lines = db::check::catalog(db).unwrap();
        assert!(
            !lines.contains(&"table a".to_owned()) && !lines.contains(&"table b".to_owned()),
            "{lines:?}"
        );
        db.migrate(&[&TWO]).unwrap();
    });
}

#[test]
fn wrong_numbers_and_words_are_refused() {
    on_each_engine(&[], |db| {
        let numbering = || Err(MigrationError::Numbering { slice: "s".to_owned() }.into());
        assert_eq!(db.migrate(&[&GAP]), numbering());
        assert_eq!(db.migrate(&[&ONE, &TWO]), numbering());
        let forbidden = db.migrate(&[&DEFERRED]);
        assert!(
            matches!(
                forbidden,
                Err(DbError::Migration(MigrationError::Forbidden { word: "DEFERRABLE", .. }))
            ),
            "{forbidden:?}"
        );
    });
}

/// Several processes start at once on an empty database.
#[test]
fn many_may_migrate_at_once() {
    for place in engines() {
        let opened: Vec<_> =
            (0..4).map(|_| db::Db::open(&place.url, db::Options::default()).unwrap()).collect();
        let threads: Vec<_> =
            opened.into_iter().map(|db| std::thread::spawn(move || db.migrate(&[&TWO]))).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), Ok(()));
        }
    }
}

#[test]
fn meta_keeps_the_last_value() {
    on_each_engine(&[], |db| {
        assert_eq!(db.read_blocking(|tx| meta::get(tx, "demo")), Ok(None));
        for value in ["0", "1"] {
            db.write_blocking(move |tx| meta::put(tx, "demo", value)).unwrap();
        }
        assert_eq!(db.read_blocking(|tx| meta::get(tx, "demo")), Ok(Some("1".to_owned())));
    });
}

/// A prepared statement outlives a migration that changes its table.
#[test]
fn statements_survive_a_new_column() {
    const ALL: Stmt = Stmt::both("s.all", "SELECT * FROM a");
    static WIDER: Slice = Slice {
        name: "s",
        migrations: &[FIRST, step(2, "wider", "ALTER TABLE a ADD COLUMN y TEXT;")],
        statements: &[],
    };
    on_each_engine(&[&ONE], |db| {
        let columns = || db.write_blocking(|tx| tx.query(&ALL, &[], |row| Ok(row.values().len())));
        db.write_blocking(|tx| tx.execute(&Stmt::both("s.put", "INSERT INTO a (x) VALUES (1)"), &[]))
            .unwrap();
        for _ in 0..8 {
            assert_eq!(columns(), Ok(vec![1]));
        }
        db.migrate(&[&WIDER]).unwrap();
        assert_eq!(columns(), Ok(vec![2]));
    });
}
