//! Reading closures: one view, no writing.

use std::sync::mpsc;

use db::{DbError, Options, params};

use crate::engines::on_each_engine;
use crate::support::{ALL, COUNT, GET, SLICE, SUM, count, id, insert};

#[test]
fn a_reader_cannot_write() {
    on_each_engine(&[&SLICE], |db| {
        let refused = db.read_blocking(|tx| insert(tx, 1, "one"));
        assert!(matches!(refused, Err(DbError::Bug(_))), "{refused:?}");
        assert_eq!(count(db), 0);
    });
}

#[test]
fn all_statements_of_a_reader_see_one_state() {
    on_each_engine(&[&SLICE], |db| {
        db.write_blocking(|tx| insert(tx, 1, "one")).unwrap();
        let (ask, asked) = mpsc::channel::<()>();
        let (go, wait_go) = mpsc::channel::<()>();
        let (ask, wait_go) = (std::sync::Mutex::new(ask), std::sync::Mutex::new(wait_go));
        let reading = std::thread::spawn({
            let db = db.clone();
            move || {
                db.read_blocking(move |tx| {
                    let before: i64 = tx.query_one(&COUNT, &[], |row| row.get(0))?;
                    ask.lock().unwrap().send(()).unwrap();
                    wait_go.lock().unwrap().recv().unwrap();
                    let after: i64 = tx.query_one(&COUNT, &[], |row| row.get(0))?;
                    Ok::<_, DbError>((before, after))
                })
            }
        });
        asked.recv().unwrap();
        db.write_blocking(|tx| insert(tx, 2, "two")).unwrap();
        go.send(()).unwrap();
        assert_eq!(reading.join().unwrap(), Ok((1, 1)));
        assert_eq!(count(db), 2);
    });
}

#[test]
fn one_none_and_many_rows() {
    on_each_engine(&[&SLICE], |db| {
        db.write_blocking(|tx| {
            insert(tx, 1, "one")?;
            insert(tx, 2, "two")
        })
        .unwrap();
        db.read_blocking(|tx| {
            let code = |row: &db::Row| row.get::<String>(0);
            assert_eq!(tx.query_opt(&GET, params![id(1)], code)?, Some("one".to_owned()));
            assert_eq!(tx.query_opt(&GET, params![id(3)], code)?, None);
            assert_eq!(
                tx.query_one(&GET, params![id(3)], code),
                Err(DbError::NoRow { statement: "item.get" })
            );
            assert!(matches!(tx.query_opt(&ALL, &[], |row| row.get::<String>(1)), Err(DbError::Bug(_))));
            assert_eq!(tx.query(&ALL, &[], |row| row.get::<i64>(2))?, [1, 2]);
            // A sum of BIGINT is NUMERIC on PostgreSQL.
            assert_eq!(tx.query_one(&SUM, &[], |row| row.get::<i64>(0))?, 3);
            Ok::<_, DbError>(())
        })
        .unwrap();
    });
}

#[test]
fn wrong_parameters_and_columns_are_told() {
    on_each_engine(&[&SLICE], |db| {
        db.write_blocking(|tx| insert(tx, 1, "one")).unwrap();
        let few = db.read_blocking(|tx| tx.query(&GET, &[], |_| Ok(())));
        assert_eq!(few, Err(DbError::Bug("`item.get` takes 1 parameters, not 0".to_owned())));
        let beyond = db.read_blocking(|tx| tx.query(&GET, params![id(1)], |row| row.get::<i64>(5)));
        assert_eq!(beyond, Err(DbError::Bug("no column 5 in a row of 5 columns".to_owned())));
        let kind = db.read_blocking(|tx| tx.query(&GET, params![id(1)], |row| row.get::<i64>(0)));
        assert_eq!(kind, Err(DbError::Bug("column 0 is text, not i64 (or out of its range)".to_owned())));
        let null = db.read_blocking(|tx| tx.query(&GET, params![id(1)], |row| row.get::<String>(3)));
        assert_eq!(null, Err(DbError::Bug("column 3 is null, not text (or out of its range)".to_owned())));
    });
}

/// Parts of files are large and few: their log is moved, too.
#[test]
fn a_log_of_few_large_rows_is_moved_into_the_file() {
    let place = crate::engines::sqlite_with(Options::default());
    place.migrate(&[&SLICE]).unwrap();
    let path = place.url.strip_prefix("sqlite:").unwrap().to_owned();
    for n in 0..80_u128 {
        place.write_blocking(move |tx| insert(tx, n, &format!("{n} {}", "x".repeat(1_000_000)))).unwrap();
    }
    // The checkpoint runs beside the writer.
    let length = || std::fs::metadata(&path).unwrap().len();
    for _ in 0..5_000 {
        if length() > 30_000_000 {
            return;
        }
        assert_eq!(count(&place), 80);
    }
    panic!("the file has {} bytes of 80 MB", length());
}

/// The write-ahead log must not grow with what is written while readers come and go.
#[test]
fn the_log_is_moved_into_the_file() {
    let place = crate::engines::sqlite_with(Options::default());
    place.migrate(&[&SLICE]).unwrap();
    let log = format!("{}-wal", place.url.strip_prefix("sqlite:").unwrap());
    let mut largest = 0;
    for round in 0..240_u128 {
        place
            .write_blocking(move |tx| {
                (0..100).try_for_each(|n| {
                    insert(tx, round * 100 + n, &format!("{round} {n} {}", "x".repeat(2_000)))
                })
            })
            .unwrap();
        assert!(count(&place) > 0);
        largest = largest.max(std::fs::metadata(&log).unwrap().len());
    }
    let file = std::fs::metadata(place.url.strip_prefix("sqlite:").unwrap()).unwrap().len();
    println!("largest log {largest} bytes, file {file} bytes");
    assert!(file > 10_000_000, "checkpoints have moved most of it: {file}");
}
