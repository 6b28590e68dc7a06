//! The checks over all statements and both catalogs.

use db::{DbError, Migration, Slice, Stmt, check};

use crate::engines::{engines, on_each_engine};
use crate::support;

#[test]
fn own_statements_are_right_on_each_engine() {
    on_each_engine(&[&support::SLICE], |db| {
        let own = db::SLICE.statements.len() + support::SLICE.statements.len();
        assert_eq!(check::prepare_all(db, &[&support::SLICE]), Ok(own));
    });
}

#[test]
fn the_catalogs_are_the_same_and_say_what_there_is() {
    let catalogs: Vec<Vec<String>> = engines()
        .iter()
        .map(|place| {
            place.migrate(&[&support::SLICE]).unwrap();
            check::catalog(place).unwrap()
        })
        .collect();
    for lines in &catalogs {
        assert_eq!(lines, &catalogs[0]);
        for line in [
            "table item",
            "column item.id blob not null",
            "column item.note text",
            "column item.flag integer not null",
            "index item_code (code) unique",
            "index item_pkey (id) unique",
            "index pair_a_b_key (a, b) unique",
            "index item_unnumbered (id)",
            "index outbox_parked_pkey (subscriber, event) unique",
        ] {
            assert!(lines.contains(&line.to_owned()), "{line} is not in {lines:#?}");
        }
    }
}

#[test]
fn wrong_statements_are_all_told() {
    const NO_TABLE: Stmt = Stmt::both("s.no_table", "SELECT 1 FROM nowhere");
    const NO_SQL: Stmt = Stmt::both("s.no_sql", "SELEKT 1");
    const UNEVEN: Stmt = Stmt::split("s.uneven", "SELECT 1", "SELECT ?1::bigint");
    static WRONG: Slice = Slice {
        name: "s",
        migrations: &[Migration { no: 1, name: "none", sqlite: "", postgres: "" }],
        statements: &[&NO_TABLE, &NO_SQL, &UNEVEN, &NO_SQL],
    };
    on_each_engine(&[&WRONG], |db| {
        let Err(DbError::Bug(told)) = check::prepare_all(db, &[&WRONG]) else { panic!("nothing was told") };
        for words in [
            "`s.no_table`",
            "`s.no_sql` names two statements",
            "`s.uneven` takes 0 parameters here and 1 there",
        ] {
            assert!(told.contains(words), "{words} is not in {told}");
        }
    });
}
