//! Numbering after commit, and why it must be so.

use std::collections::BTreeSet;
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use db::{Db, DbError, Engine, Options, Stmt, feed, lease, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::engines::{on_each_engine, on_each_engine_async, postgres_with};
use crate::support::{ALL, FEED, SLICE, id, insert};

/// A cursor's reader: what comes after `last`, with the new `last`.
const NAIVE: Stmt = Stmt::both("item.naive", "SELECT n FROM item WHERE n > ?1 ORDER BY n");
const BY_FEED: Stmt =
    Stmt::both("item.by_feed", "SELECT feed_no, n FROM item WHERE feed_no > ?1 ORDER BY feed_no");

#[derive(Default)]
struct Reader {
    last: i64,
    seen: BTreeSet<i64>,
}

impl Reader {
    fn naive(&mut self, db: &Db) {
        let last = self.last;
        for n in db.read_blocking(move |tx| tx.query(&NAIVE, params![last], |r| r.get::<i64>(0))).unwrap() {
            self.last = n;
            self.seen.insert(n);
        }
    }
    fn by_feed(&mut self, db: &Db) {
        let last = self.last;
        let rows = db
            .read_blocking(move |tx| tx.query(&BY_FEED, params![last], |r| Ok((r.get(0)?, r.get(1)?))))
            .unwrap();
        for (feed_no, n) in rows {
            assert_eq!(feed_no, self.last + 1, "no number is left out");
            self.last = feed_no;
            self.seen.insert(n);
        }
    }
}

fn sequence(db: &Db) -> u64 {
    db.write_blocking(|tx| feed::number(tx, &FEED, feed::BATCH)).unwrap()
}

/// A writer draws its number (here: the id's order, `n`) early and commits late. On PostgreSQL the naive
/// reader has passed it by then; SQLite has one writer, so the second waits for the first.
#[test]
fn an_early_writer_that_commits_late_is_lost_by_a_naive_cursor_and_not_by_the_feed() {
    let Some(place) = postgres_with(Options::default()) else { return };
    assert_eq!(place.engine(), Engine::Postgres);
    place.migrate(&[&SLICE]).unwrap();
    let (inserted, wait_inserted) = mpsc::channel::<()>();
    let (go, wait_go) = mpsc::channel::<()>();
    let (inserted, wait_go) = (Mutex::new(inserted), Mutex::new(wait_go));
    let db = place.db.clone();
    let early = std::thread::spawn(move || {
        db.write_blocking(move |tx| {
            insert(tx, 1, "early")?;
            inserted.lock().unwrap().send(()).unwrap();
            wait_go.lock().unwrap().recv().unwrap();
            Ok::<_, DbError>(())
        })
    });
    wait_inserted.recv().unwrap();
    place.write_blocking(|tx| insert(tx, 2, "late")).unwrap();

    let (mut naive, mut fed) = (Reader::default(), Reader::default());
    sequence(&place);
    naive.naive(&place);
    fed.by_feed(&place);
    assert_eq!((&naive.seen, &fed.seen), (&BTreeSet::from([2]), &BTreeSet::from([2])));

    go.send(()).unwrap();
    early.join().unwrap().unwrap();
    sequence(&place);
    naive.naive(&place);
    fed.by_feed(&place);
    assert_eq!(naive.seen, BTreeSet::from([2]), "the naive cursor has lost the early row for good");
    assert_eq!(fed.seen, BTreeSet::from([1, 2]), "the feed has both");
}

#[test]
fn numbers_run_from_one_without_gaps() {
    on_each_engine(&[&SLICE], |db| {
        assert_eq!(sequence(db), 0);
        assert_eq!(db.read_blocking(|tx| feed::last(tx, "item")), Ok(0));
        for n in [3, 1, 2] {
            db.write_blocking(move |tx| insert(tx, n, &n.to_string())).unwrap();
        }
        assert_eq!(sequence(db), 3);
        db.write_blocking(|tx| insert(tx, 0, "0")).unwrap();
        assert_eq!(db.write_blocking(|tx| feed::number(tx, &FEED, 10)), Ok(1));
        let rows: Vec<(i64, i64)> = db
            .read_blocking(|tx| tx.query(&BY_FEED, params![0_i64], |r| Ok((r.get(0)?, r.get(1)?))))
            .unwrap();
        // Within a batch by id, which begins with the time; batches in the order of their commits.
        assert_eq!(rows, [(1, 1), (2, 2), (3, 3), (4, 0)]);
        assert_eq!(db.read_blocking(|tx| feed::last(tx, "item")), Ok(4));
    });
}

#[test]
fn a_limit_is_kept() {
    on_each_engine(&[&SLICE], |db| {
        db.write_blocking(|tx| (0..10).try_for_each(|n| insert(tx, n, &n.to_string()))).unwrap();
        let take = |limit| db.write_blocking(move |tx| feed::number(tx, &FEED, limit)).unwrap();
        assert_eq!([take(4), take(4), take(4), take(4)], [4, 4, 2, 0]);
    });
}

#[test]
fn one_holder_at_a_time_and_idle_looks_write_nothing() {
    for place in crate::engines::engines() {
        place.migrate(&[&SLICE]).unwrap();
        let options = Options { instance: Some(Uuid::from_u128(9)), ..Options::default() };
        let other = Db::open(&place.url, options).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let once = |db: &Db| runtime.block_on(feed::number_once(db, &FEED)).unwrap();
        let seen = place.commits();
        assert_eq!(once(&place), 0);
        assert_eq!(place.commits(), seen, "an idle look writes nothing");
        place.write_blocking(|tx| insert(tx, 1, "one")).unwrap();
        assert_eq!(once(&place), 1);
        place.write_blocking(|tx| insert(tx, 2, "two")).unwrap();
        assert_eq!(once(&other), 0, "the first one's lease still runs");
        assert_eq!(once(&place), 1);
    }
}

#[test]
fn a_lease_has_one_holder_until_it_ends() {
    on_each_engine(&[], |db| {
        let claim = |holder: u128, now: i64, until: i64| {
            let (now, until) = (Timestamp::from_secs(now), Timestamp::from_secs(until));
            db.write_blocking(move |tx| lease::claim(tx, "work", id(holder), now, until)).unwrap()
        };
        let held = |not: u128, now: i64| {
            let now = Timestamp::from_secs(now);
            db.read_blocking(move |tx| lease::held_by_another(tx, "work", id(not), now)).unwrap()
        };
        assert!(claim(1, 10, 20));
        assert!(!claim(2, 15, 99) && held(2, 15) && !held(1, 15));
        assert!(claim(1, 18, 30), "its holder prolongs it");
        assert!(!claim(2, 30, 99), "the last moment still belongs to the holder");
        assert!(!held(2, 31) && claim(2, 31, 40));
        db.write_blocking(|tx| lease::release(tx, "work", id(1))).unwrap();
        assert!(!claim(1, 32, 99), "who has lost it cannot give it away");
        db.write_blocking(|tx| lease::release(tx, "work", id(2))).unwrap();
        assert!(claim(1, 32, 99));
    });
}

/// Writers, two sequencers and a reader all at once: the reader gets every row once, in order.
#[test]
fn writers_sequencers_and_a_reader_together() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let writers: Vec<_> = (0..4_u128)
            .map(|w| {
                let db = db.clone();
                tokio::spawn(async move {
                    for n in 0..40_u128 {
                        let key = n * 4 + w;
                        db.write(move |tx| insert(tx, key, &key.to_string())).await.unwrap();
                    }
                })
            })
            .collect();
        let sequencers: Vec<_> = (0..2)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    while db.read(|tx| feed::last(tx, "item")).await.unwrap() < 160 {
                        db.write(|tx| feed::number(tx, &FEED, 7)).await.unwrap();
                    }
                })
            })
            .collect();
        let reader = std::thread::spawn({
            let db = db.clone();
            move || {
                let mut reader = Reader::default();
                while reader.last < 160 {
                    reader.by_feed(&db);
                }
                reader.seen.len()
            }
        });
        for task in writers.into_iter().chain(sequencers) {
            tokio::time::timeout(Duration::from_secs(60), task).await.unwrap().unwrap();
        }
        assert_eq!(reader.join().unwrap(), 160);
        let all = db.read(|tx| tx.query(&ALL, &[], |r| r.get::<Uuid>(0))).await.unwrap();
        assert!(all.contains(&id(159)));
    });
}
