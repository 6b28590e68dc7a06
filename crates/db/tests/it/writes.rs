//! Group commit, savepoints, conflicts, panics.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};

use db::{DbError, Engine, Options, params};

use crate::engines::{on_each_engine, on_each_engine_async, postgres_with, sqlite_with};
use crate::support::{SET_N, SET_N_IF, SLICE, count, id, insert, n_of};

#[test]
fn a_write_is_seen_by_a_read_that_follows_its_answer() {
    on_each_engine(&[&SLICE], |db| {
        for n in 1..=20 {
            db.write_blocking(move |tx| insert(tx, n, &n.to_string())).unwrap();
            assert_eq!(u128::try_from(count(db)).unwrap(), n);
        }
    });
}

#[test]
fn a_failing_closure_does_not_harm_its_neighbours() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let mut waiting = Vec::new();
        for n in 1..=300_u128 {
            let db = db.clone();
            waiting.push(tokio::spawn(async move {
                db.write(move |tx| {
                    insert(tx, n, &n.to_string())?;
                    match n % 3 {
                        0 => Err(DbError::Bug("on purpose".to_owned())),
                        1 => insert(tx, n + 1_000, &n.to_string()),
                        _ => Ok(()),
                    }
                })
                .await
            }));
        }
        for (n, task) in (1_u128..).zip(waiting) {
            match (n % 3, task.await.unwrap()) {
                (0, Err(DbError::Bug(why))) => assert_eq!(why, "on purpose"),
                (1, Err(DbError::Unique { constraint })) => assert_eq!(constraint, "item_code"),
                (2, Ok(())) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(
            db.read(|tx| tx.query_one(&crate::support::COUNT, &[], |r| r.get::<i64>(0))).await,
            Ok(100)
        );
    });
}

/// The writer is held in one closure while others queue: they must end up in one commit, and none may be
/// answered before it.
#[test]
fn closures_that_queue_meanwhile_share_one_commit() {
    let place = sqlite_with(Options::default());
    place.migrate(&[&SLICE]).unwrap();
    let before = place.commits();
    let (entered, wait_entered) = mpsc::channel::<()>();
    let (go, wait_go) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(wait_go);
    let entered = std::sync::Mutex::new(entered);
    let db = place.db.clone();
    let first = std::thread::spawn(move || {
        db.write_blocking(move |tx| {
            entered.lock().unwrap().send(()).unwrap();
            gate.lock().unwrap().recv().unwrap();
            insert(tx, 1, "1")
        })
    });
    wait_entered.recv().unwrap();
    let answered = Arc::new(AtomicU32::new(0));
    let others: Vec<_> = (2..=50_u128)
        .map(|n| {
            let (db, answered) = (place.db.clone(), answered.clone());
            std::thread::spawn(move || {
                db.write_blocking(move |tx| insert(tx, n, &n.to_string())).unwrap();
                answered.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    while place.waiting() < 49 {
        std::thread::yield_now();
    }
    assert_eq!((count(&place), answered.load(Ordering::SeqCst)), (0, 0), "nothing is committed or answered");
    go.send(()).unwrap();
    first.join().unwrap().unwrap();
    others.into_iter().for_each(|t| t.join().unwrap());
    assert_eq!(count(&place), 50);
    assert_eq!(place.commits() - before, 2, "one commit for the first, one for all that queued");
}

/// What an answered write has saved is in the file for a reader of another process: nothing is answered
/// from memory.
#[test]
fn answers_come_after_the_commit() {
    let place = sqlite_with(Options::default());
    place.migrate(&[&SLICE]).unwrap();
    let path = place.url.strip_prefix("sqlite:").unwrap();
    let other = rusqlite::Connection::open(path).unwrap();
    for n in 1..=200 {
        place.write_blocking(move |tx| insert(tx, n, &n.to_string())).unwrap();
        let seen: u128 = other
            .query_row("SELECT count(*) FROM item", [], |r| r.get::<_, i64>(0))
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(seen, n);
    }
}

#[test]
fn a_conflict_runs_the_closure_again() {
    on_each_engine(&[&SLICE], |db| {
        db.write_blocking(|tx| insert(tx, 7, "seven")).unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let result: Result<(), DbError> = db.write_blocking(move |tx| {
            // The first two runs believe in an old value.
            let believed = if counted.fetch_add(1, Ordering::SeqCst) < 2 { 6_i64 } else { 7 };
            tx.guarded(&SET_N_IF, params![id(7), 8_i64, believed])
        });
        assert_eq!(result, Ok(()));
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        assert_eq!(db.read_blocking(|tx| n_of(tx, 7)), Ok(8));
    });
}

#[test]
fn a_conflict_that_stays_is_answered_after_eight_runs() {
    on_each_engine(&[&SLICE], |db| {
        db.write_blocking(|tx| insert(tx, 7, "seven")).unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let result: Result<(), DbError> = db.write_blocking(move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            tx.execute(&SET_N, params![id(7), 99_i64])?;
            tx.guarded(&SET_N_IF, params![id(7), 8_i64, 5_i64])
        });
        assert_eq!(result, Err(DbError::Conflict));
        assert_eq!(runs.load(Ordering::SeqCst), 8);
        assert_eq!(db.read_blocking(|tx| n_of(tx, 7)), Ok(7), "nothing of the failed runs stays");
    });
}

#[test]
fn two_writers_that_count_lose_nothing() {
    on_each_engine_async(&[&SLICE], |db| async move {
        db.write(|tx| insert(tx, 0, "counter")).await.unwrap();
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let db = db.clone();
            tasks.push(tokio::spawn(async move {
                let mut done = 0;
                while done < 25 {
                    let counted: Result<(), DbError> = db
                        .write(|tx| {
                            let n = n_of(tx, 0)?;
                            tx.guarded(&SET_N_IF, params![id(0), n + 1, n])
                        })
                        .await;
                    match counted {
                        Ok(()) => done += 1,
                        Err(DbError::Conflict) => {}
                        Err(e) => panic!("{e}"),
                    }
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(db.read(|tx| n_of(tx, 0)).await, Ok(100));
    });
}

#[test]
fn a_held_row_makes_the_other_wait() {
    on_each_engine_async(&[&SLICE], |db| async move {
        db.write(|tx| insert(tx, 0, "counter")).await.unwrap();
        let add = |db: db::Db| async move {
            for _ in 0..25 {
                db.write(|tx| {
                    tx.lock_row("item", id(0))?;
                    let n = n_of(tx, 0)?;
                    tx.execute(&SET_N, params![id(0), n + 1]).map(drop)
                })
                .await
                .unwrap();
            }
        };
        let tasks: Vec<_> = (0..4).map(|_| tokio::spawn(add(db.clone()))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(db.read(|tx| n_of(tx, 0)).await, Ok(100));
    });
}

#[test]
fn unique_violations_have_the_same_name_everywhere() {
    on_each_engine(&[&SLICE], |db| {
        db.write_blocking(|tx| insert(tx, 1, "one")).unwrap();
        let unique = |name: &str| Err(DbError::Unique { constraint: name.to_owned() });
        assert_eq!(db.write_blocking(|tx| insert(tx, 1, "two")), unique("item_pkey"));
        assert_eq!(db.write_blocking(|tx| insert(tx, 2, "one")), unique("item_code"));
        let pair = |a: i64, item: Option<uuid::Uuid>| {
            db.write_blocking(move |tx| tx.execute(&crate::support::PAIR, params![a, 1_i64, item]))
        };
        assert_eq!(pair(1, None), Ok(1));
        assert_eq!(pair(1, None), Err(DbError::Unique { constraint: "pair_a_b_key".to_owned() }));
        assert!(matches!(pair(100, None), Err(DbError::Constraint { .. })), "check");
        assert!(matches!(pair(2, Some(id(9))), Err(DbError::Constraint { .. })), "foreign key");
    });
}

#[test]
fn a_panic_costs_its_own_closure_only() {
    on_each_engine(&[&SLICE], |db| {
        let panicked: Result<(), DbError> = db.write_blocking(|tx| {
            insert(tx, 1, "one")?;
            panic!("at the disco")
        });
        assert_eq!(panicked, Err(DbError::Bug("a closure panicked: at the disco".to_owned())));
        db.write_blocking(|tx| insert(tx, 2, "two")).unwrap();
        assert_eq!(count(db), 1);
    });
}

#[test]
fn an_attempt_can_fail_without_harm() {
    on_each_engine(&[&SLICE], |db| {
        db.write_blocking(|tx| {
            insert(tx, 1, "one")?;
            let twice: Result<(), DbError> = tx.attempt(|tx| {
                insert(tx, 2, "two")?;
                insert(tx, 3, "one")
            });
            assert_eq!(twice, Err(DbError::Unique { constraint: "item_code".to_owned() }));
            let hidden: Result<(), DbError> = tx.attempt(|tx| {
                insert(tx, 5, "five")?;
                insert(tx, 5, "five").ok();
                Ok(())
            });
            assert!(matches!(hidden, Err(DbError::Bug(_))), "{hidden:?}");
            tx.attempt(|tx| tx.attempt(|tx| insert(tx, 4, "four")))
        })
        .unwrap();
        assert_eq!(count(db), 2);
    });
}

#[test]
fn going_on_after_a_failure_saves_nothing() {
    on_each_engine(&[&SLICE], |db| {
        let result: Result<(), DbError> = db.write_blocking(|tx| {
            insert(tx, 1, "one")?;
            insert(tx, 1, "one").ok();
            Ok(())
        });
        assert!(matches!(result, Err(DbError::Bug(_))), "{result:?}");
        assert_eq!(count(db), 0);
    });
}

/// Find-or-insert by an outside key: on PostgreSQL two closures may both find nothing.
#[test]
fn find_or_insert_from_many_sides_makes_one_row() {
    on_each_engine_async(&[&SLICE], |db| async move {
        for round in 0..10_u128 {
            let tasks: Vec<_> = (0..8_u128)
                .map(|n| {
                    let db = db.clone();
                    tokio::spawn(async move {
                        db.write(move |tx| {
                            let all = tx.query(&crate::support::ALL, &[], |r| r.get::<String>(1))?;
                            if all.contains(&format!("key {round}")) {
                                return Ok(());
                            }
                            insert(tx, round * 100 + n, &format!("key {round}"))
                        })
                        .await
                    })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.unwrap(), Ok::<(), DbError>(()));
            }
        }
        assert_eq!(
            db.read(|tx| tx.query_one(&crate::support::COUNT, &[], |r| r.get::<i64>(0))).await,
            Ok(10)
        );
    });
}

#[test]
fn a_full_queue_is_refused_at_once() {
    let place = sqlite_with(Options { queue: 1, ..Options::default() });
    place.migrate(&[&SLICE]).unwrap();
    let (go, wait_go) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(wait_go);
    let (entered, wait_entered) = mpsc::channel::<()>();
    let entered = std::sync::Mutex::new(entered);
    let db = place.db.clone();
    let held = std::thread::spawn(move || {
        db.write_blocking(move |_| {
            entered.lock().unwrap().send(()).unwrap();
            gate.lock().unwrap().recv().unwrap();
            Ok::<_, DbError>(())
        })
    });
    wait_entered.recv().unwrap();
    let db = place.db.clone();
    let queued = std::thread::spawn(move || db.write_blocking(|tx| insert(tx, 1, "1")));
    while place.waiting() == 0 {
        std::thread::yield_now();
    }
    let refused: Result<(), DbError> = place.write_blocking(|_| Ok(()));
    assert!(matches!(refused, Err(DbError::Busy(_))), "{refused:?}");
    go.send(()).unwrap();
    held.join().unwrap().unwrap();
    queued.join().unwrap().unwrap();
}

#[test]
fn waiting_for_a_commit_ends_with_one_that_changed_something() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let seen = db.commits();
        db.write(|tx| n_of(tx, 5).or(Ok::<_, DbError>(0))).await.ok();
        assert_eq!(db.commits(), seen, "a write that changed nothing wakes nobody");
        let waiting = tokio::spawn({
            let db = db.clone();
            async move { db.wait_commit(seen).await }
        });
        db.write(|tx| insert(tx, 1, "one")).await.unwrap();
        assert_eq!(waiting.await.unwrap(), seen + 1);
        assert_eq!(db.wait_commit(seen).await, seen + 1, "a late waiter is told at once");
    });
}

#[test]
fn inline_closures_run_on_the_callers_thread() {
    let place = sqlite_with(Options { inline: true, ..Options::default() });
    place.migrate(&[&SLICE]).unwrap();
    let here = std::thread::current().id();
    let there = place
        .write_blocking(|tx| {
            insert(tx, 1, "one")?;
            Ok::<_, DbError>(std::thread::current().id())
        })
        .unwrap();
    assert_eq!(here, there);
    assert_eq!(count(&place), 1);
    assert!(matches!(place.write_blocking(|tx| insert(tx, 1, "one")), Err(DbError::Unique { .. })));
    assert!(matches!(place.read_blocking(|tx| insert(tx, 2, "two")), Err(DbError::Bug(_))));
    assert_eq!(place.write_blocking(|tx| insert(tx, 2, "two")), Ok(()));
}

#[test]
fn another_scheme_is_refused_without_showing_the_url() {
    let refused = db::Db::open("mysql://root:secret@host/db", Options::default()).unwrap_err();
    assert!(!refused.to_string().contains("secret"), "{refused}");
    assert_eq!(sqlite_with(Options::default()).engine(), Engine::Sqlite);
    if let Some(place) = postgres_with(Options::default()) {
        assert_eq!(place.engine(), Engine::Postgres);
    }
}
