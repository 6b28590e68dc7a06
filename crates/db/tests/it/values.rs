//! What goes in comes out, on both engines.

use db::{DbError, Value, params, row_hash};
use kernel::{Id, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::engines::on_each_engine;
use crate::support::{GET, INSERT, SLICE, id};

kernel::id_kind!(
    /// A thing.
    Thing, ThingId, "thg"
);

type Fields = (String, i64, bool, Option<String>, Option<Vec<u8>>);

fn fields() -> impl Strategy<Value = Fields> {
    (
        // PostgreSQL has no zero byte in texts.
        "[^\0]{0,20}",
        any::<i64>(),
        any::<bool>(),
        proptest::option::of("[^\0]{0,20}"),
        proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40)),
    )
}

#[test]
fn every_kind_there_and_back() {
    on_each_engine(&[&SLICE], |db| {
        let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&fields(), |fields| {
                let wanted = fields.clone();
                let found: Fields = db
                    .write_blocking(move |tx| {
                        let (code, n, flag, note, data) = fields.clone();
                        let thing = ThingId::from_uuid(id(u128::from(n.unsigned_abs())));
                        tx.execute(&INSERT, params![thing, code, n, flag, note, data])?;
                        let row = tx.query_one(&GET, params![thing], |row| {
                            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                        })?;
                        tx.execute(&DELETE, params![thing])?;
                        Ok::<_, DbError>(row)
                    })
                    .map_err(|e| TestCaseError::fail(e.to_string()))?;
                prop_assert_eq!(found, wanted);
                Ok(())
            })
            .unwrap();
    });
}

const DELETE: db::Stmt = db::Stmt::both("item.delete", "DELETE FROM item WHERE id = ?1");
const ROW: db::Stmt =
    db::Stmt::both("item.row", "SELECT id, code, n, flag, note, data FROM item WHERE id = ?1");

#[test]
fn a_row_has_the_same_hash_on_both_engines_and_before_it_is_stored() {
    on_each_engine(&[&SLICE], |db| {
        let row = params![id(5), "қазақша", 5_i64, true, None::<String>, vec![0_u8, 255]].to_vec();
        let before = row_hash(&row);
        let after = db
            .write_blocking(move |tx| {
                tx.execute(&INSERT, &row)?;
                tx.query_one(&ROW, params![id(5)], |row| Ok(row_hash(row.values())))
            })
            .unwrap();
        assert_eq!(before, after);
    });
}

#[test]
fn ids_times_and_fixed_bytes() {
    on_each_engine(&[&SLICE], |db| {
        let at = Timestamp::from_micros(1_700_000_000_123_456);
        let (time, thing, hash) = db
            .write_blocking(move |tx| {
                tx.execute(&INSERT, params![id(1), "", at, false, None::<&str>, [7_u8; 32]])?;
                tx.query_one(&ROW, params![id(1)], |row| {
                    Ok((row.get::<Timestamp>(2)?, row.get::<ThingId>(0)?, row.get::<[u8; 32]>(5)?))
                })
            })
            .unwrap();
        assert_eq!((time, thing, hash), (at, Id::from_uuid(id(1)), [7; 32]));
    });
}

#[test]
fn a_value_of_another_kind_is_refused_not_bent() {
    on_each_engine(&[&SLICE], |db| {
        let wrong = db.write_blocking(|tx| {
            tx.execute(&INSERT, params![id(1), "x", "not a number", true, None::<String>, None::<Vec<u8>>])
        });
        assert!(matches!(wrong, Err(DbError::Bug(_) | DbError::Constraint { .. })), "{wrong:?}");
    });
}

#[test]
fn debug_output_hides_content() {
    let shown = format!("{:?}", [Value::from("ИИН 123456789012"), Value::from(vec![1_u8, 2])]);
    assert_eq!(shown, "[Text(19 bytes), Bytes(2 bytes)]");
}
