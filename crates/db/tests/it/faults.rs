//! What breaks from outside: lines, locks, processes, the engine itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use db::{Db, DbError, Options, Stmt, params};

use crate::engines::{TestDb, on_each_engine, postgres_with, sqlite_with};
use crate::support::{ALL, SET_N, SLICE, count, id, insert, n_of};

const PID: Stmt = Stmt::both("test.pid", "SELECT pg_backend_pid()");
const KILL: Stmt = Stmt::both("test.kill", "SELECT pg_terminate_backend(?1::bigint::int)");

fn postgres() -> Option<(TestDb, Db)> {
    let place = postgres_with(Options { threads: 1, ..Options::default() })?;
    place.migrate(&[&SLICE]).unwrap();
    let other = Db::open(&place.url, Options { threads: 1, ..Options::default() }).unwrap();
    Some((place, other))
}

fn kill(other: &Db, pid: i64) {
    other.write_blocking(move |tx| tx.query(&KILL, params![pid], |_| Ok(()))).unwrap();
}

#[test]
fn a_line_cut_between_two_closures_is_not_noticed() {
    let Some((place, other)) = postgres() else { return };
    for n in 1..=3 {
        let pid = place.read_blocking(|tx| tx.query_one(&PID, &[], |row| row.get(0))).unwrap();
        kill(&other, pid);
        place.write_blocking(move |tx| insert(tx, n, &n.to_string())).unwrap();
    }
    assert_eq!(count(&place), 3);
}

#[test]
fn a_line_cut_inside_a_closure_runs_it_again() {
    let Some((place, other)) = postgres() else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    place
        .write_blocking(move |tx| {
            insert(tx, 1, "one")?;
            if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                let pid = tx.query_one(&PID, &[], |row| row.get(0))?;
                kill(&other, pid);
            }
            insert(tx, 2, "two")
        })
        .unwrap();
    assert_eq!((runs.load(Ordering::SeqCst), count(&place)), (2, 2));
}

/// Nobody can know whether a commit took place whose answer was lost: it is never run again.
#[test]
fn a_line_cut_before_the_commit_is_told_as_unknown() {
    let Some((place, other)) = postgres() else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let result: Result<(), DbError> = place.write_blocking(move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        insert(tx, 1, "one")?;
        let pid = tx.query_one(&PID, &[], |row| row.get(0))?;
        kill(&other, pid);
        Ok(())
    });
    let Err(DbError::Unavailable(why)) = result else { panic!("{result:?}") };
    assert!(why.contains("unknown"), "{why}");
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[test]
fn a_server_that_is_not_there_is_told_at_once() {
    let refused = Db::open("postgres://nobody@127.0.0.1:1/none", Options::default()).unwrap_err();
    assert!(matches!(refused, DbError::Unavailable(_)), "{refused:?}");
}

#[test]
fn a_deadlock_ends_with_both_done() {
    let Some(place) = postgres_with(Options::default()) else { return };
    place.migrate(&[&SLICE]).unwrap();
    place.write_blocking(|tx| insert(tx, 1, "1").and_then(|()| insert(tx, 2, "2"))).unwrap();
    let barrier = Arc::new(std::sync::Barrier::new(2));
    let threads: Vec<_> = [(1, 2), (2, 1)]
        .into_iter()
        .map(|(first, second)| {
            let (db, barrier) = (place.db.clone(), barrier.clone());
            let runs = AtomicU32::new(0);
            std::thread::spawn(move || {
                db.write_blocking(move |tx| {
                    for (at, item) in [first, second].into_iter().enumerate() {
                        tx.lock_row("item", id(item))?;
                        let n = n_of(tx, item)?;
                        tx.execute(&SET_N, params![id(item), n + 10])?;
                        if at == 0 && runs.fetch_add(1, Ordering::SeqCst) == 0 {
                            barrier.wait();
                        }
                    }
                    Ok::<_, DbError>(())
                })
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), Ok(()));
    }
    assert_eq!(place.read_blocking(|tx| Ok::<_, DbError>((n_of(tx, 1)?, n_of(tx, 2)?))), Ok((21, 22)));
}

/// Another process holds SQLite's lock for longer than we wait.
#[test]
fn a_locked_file_is_busy_and_recovers() {
    let place = sqlite_with(Options { lock_wait: Duration::from_millis(50), ..Options::default() });
    place.migrate(&[&SLICE]).unwrap();
    let other = rusqlite::Connection::open(place.url.strip_prefix("sqlite:").unwrap()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = place.write_blocking(|tx| insert(tx, 1, "one"));
    assert!(matches!(busy, Err(DbError::Busy(_))), "{busy:?}");
    assert_eq!(count(&place), 0, "readers are not held up");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(place.write_blocking(|tx| insert(tx, 1, "one")), Ok(()));
}

/// A node that commits without a pause must not shut out another process of the same file (a command of the
/// program, a backup): whoever waits for the lock comes between two of its transactions.
#[test]
fn a_busy_writer_lets_another_process_write() {
    let place = sqlite_with(Options::default());
    place.migrate(&[&SLICE]).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4_u128)
        .map(|at| {
            let (db, stop) = (place.db.clone(), stop.clone());
            std::thread::spawn(move || {
                let mut next = at * 1_000_000;
                while !stop.load(Ordering::SeqCst) {
                    let from = next;
                    next += 200;
                    db.write_blocking(move |tx| {
                        (from..from + 200).try_for_each(|n| insert(tx, n, &n.to_string()))
                    })
                    .unwrap();
                }
            })
        })
        .collect();
    while count(&place) < 2_000 && !writers.iter().any(std::thread::JoinHandle::is_finished) {
        std::thread::yield_now();
    }
    let other = Db::open(&place.url, Options { lock_wait: Duration::from_secs(1), ..Options::default() });
    let told: Vec<_> = match &other {
        Ok(other) => (0..10_u128)
            .map(|n| other.write_blocking(move |tx| insert(tx, 9_000_000 + n, &format!("other {n}"))))
            .collect(),
        Err(e) => vec![Err(e.clone())],
    };
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.join().unwrap();
    }
    assert_eq!(told, vec![Ok(()); 10]);
}

/// The engine gives the whole transaction up (here it is told to; a full disk does the same): everybody in
/// the transaction is told so, whoever is told "saved" is, and the writer lives on.
#[test]
fn a_lost_batch_is_answered_with_an_error_to_all_in_it() {
    const ROLLBACK: Stmt = Stmt::both("test.rollback", "ROLLBACK");
    let place = sqlite_with(Options::default());
    place.migrate(&[&SLICE]).unwrap();
    let (entered, wait_entered) = mpsc::channel::<()>();
    let (go, wait_go) = mpsc::channel::<()>();
    let (entered, wait_go) = (Mutex::new(entered), Mutex::new(wait_go));
    let db = place.db.clone();
    let first = std::thread::spawn(move || {
        db.write_blocking(move |_| {
            entered.lock().unwrap().send(()).unwrap();
            wait_go.lock().unwrap().recv().unwrap();
            Ok::<_, DbError>(())
        })
    });
    wait_entered.recv().unwrap();
    let threads: Vec<_> = (1..=9_u128)
        .map(|n| {
            let db = place.db.clone();
            std::thread::spawn(move || {
                db.write_blocking(move |tx| {
                    insert(tx, n, &n.to_string())?;
                    if n == 5 {
                        tx.execute(&ROLLBACK, &[])?;
                    }
                    Ok::<_, DbError>(())
                })
            })
        })
        .collect();
    while place.waiting() < 9 {
        std::thread::yield_now();
    }
    go.send(()).unwrap();
    assert_eq!(first.join().unwrap(), Ok(()));
    let mut saved = 0;
    for (n, thread) in (1..).zip(threads) {
        match thread.join().unwrap() {
            // Begun after the loss, in a transaction of its own.
            Ok(()) => saved += 1,
            Err(e) => assert!(matches!(e, DbError::Unavailable(_)), "{n}: {e:?}"),
        }
    }
    assert!(saved < 9, "whoever ended the transaction is told so");
    assert_eq!(count(&place), saved);
    assert_eq!(place.write_blocking(|tx| insert(tx, 100, "one more")), Ok(()));
    assert_eq!(count(&place), saved + 1);
}

#[test]
fn a_full_file_is_told_and_what_was_saved_stays() {
    const LIMIT: Stmt = Stmt::both("test.limit", "PRAGMA max_page_count = 120");
    let place = sqlite_with(Options::default());
    place.migrate(&[&SLICE]).unwrap();
    place.write_blocking(|tx| tx.query(&LIMIT, &[], |_| Ok(()))).unwrap();
    let big = |n: u128| {
        place.write_blocking(move |tx| {
            let row = params![id(n), n.to_string(), 0_i64, true, None::<String>, vec![1_u8; 30_000]];
            tx.execute(&crate::support::INSERT, row).map(drop)
        })
    };
    let mut saved = 0;
    let refused = loop {
        match big(saved) {
            Ok(()) => saved += 1,
            Err(e) => break e,
        }
    };
    assert!(matches!(refused, DbError::Unavailable(_)), "{refused:?}");
    assert!(saved > 2);
    assert_eq!(u128::try_from(count(&place)).unwrap(), saved);
}

#[test]
fn the_settings_that_durability_rests_on() {
    const SETTINGS: [(&str, Stmt); 5] = [
        ("wal", Stmt::both("test.journal", "PRAGMA journal_mode")),
        ("2", Stmt::both("test.synchronous", "PRAGMA synchronous")),
        ("1", Stmt::both("test.secure_delete", "PRAGMA secure_delete")),
        ("1", Stmt::both("test.foreign_keys", "PRAGMA foreign_keys")),
        ("0", Stmt::both("test.autocheckpoint", "PRAGMA wal_autocheckpoint")),
    ];
    let place = sqlite_with(Options::default());
    for (wanted, stmt) in SETTINGS {
        let read = move |tx: &mut db::Tx<'_>| {
            tx.query_one(&stmt, &[], |row| {
                row.get::<String>(0).or_else(|_| Ok(row.get::<i64>(0)?.to_string()))
            })
        };
        assert_eq!(place.write_blocking(read), Ok(wanted.to_owned()), "{}", stmt.name);
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = sqlite_with(Options::default());
    place.migrate(&[&SLICE]).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{}{suffix}", place.url.strip_prefix("sqlite:").unwrap());
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{suffix}");
    }
}

#[test]
fn a_dropped_future_and_a_dropped_database_lose_nothing() {
    on_each_engine(&[&SLICE], |db| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            for n in 1..=20 {
                let write = db.write(move |tx| insert(tx, n, &n.to_string()));
                // Polled once, so that it is started, and dropped.
                tokio::select! { biased; _ = write => {}, () = std::future::ready(()) => {} }
            }
            db.write(|tx| insert(tx, 21, "last")).await.unwrap();
        });
        while count(db) < 21 {
            std::thread::yield_now();
        }
    });
}

/// The last clone is dropped by the database's own thread, which cannot wait for itself.
#[test]
fn a_closure_may_hold_the_last_clone() {
    let place = sqlite_with(Options::default());
    let db = Db::open(&place.url, Options::default()).unwrap();
    let (done, wait_done) = mpsc::channel::<()>();
    let (held, done) = (db.clone(), Mutex::new(done));
    let (go, wait_go) = mpsc::channel::<()>();
    let wait_go = Mutex::new(wait_go);
    let waiting = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let write = db.write(move |_| {
                wait_go.lock().unwrap().recv().unwrap();
                let _still = &held;
                done.lock().unwrap().send(()).unwrap();
                Ok::<_, DbError>(())
            });
            tokio::select! { biased; _ = write => {}, () = std::future::ready(()) => {} }
        });
        drop(db);
    });
    waiting.join().unwrap();
    go.send(()).unwrap();
    wait_done.recv_timeout(Duration::from_secs(10)).unwrap();
}

const CHILD: &str = "QORGAN_TEST_KILLED_CHILD";

/// The child of the next test: writes from many tasks and tells each number once it is answered.
#[test]
fn killed_child() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let db = Db::open(&url, Options::default()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..50_u128)
            .map(|task| {
                let db = db.clone();
                tokio::spawn(async move {
                    for n in 0.. {
                        let key = n * 50 + task;
                        db.write(move |tx| insert(tx, key, &key.to_string())).await.unwrap();
                        writeln!(std::io::stdout(), "saved {key}").unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn what_was_answered_survives_a_killed_process() {
    for place in crate::engines::engines() {
        place.migrate(&[&SLICE]).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "faults::killed_child", "--nocapture"])
            .env(CHILD, &place.url)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut told = Vec::new();
        for line in lines {
            // The harness's own words may stand before the first.
            if let Some(n) = line.split("saved ").nth(1) {
                told.push(n.to_owned());
            }
            if told.len() == 400 {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(told.len() >= 400, "the child told {} only", told.len());
        let there = place.read_blocking(|tx| tx.query(&ALL, &[], |row| row.get::<String>(1))).unwrap();
        // The last line may be cut in the middle of a number.
        for n in told.iter().take(told.len() - 1) {
            assert!(there.contains(n), "{n} was answered and is lost");
        }
    }
}
