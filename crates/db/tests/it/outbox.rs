//! Events: handed over in order, with an effect exactly once, and nobody held up for ever.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use db::outbox::{Event, Policy, Subscriber, backlog, drain, parked, prune, put, run_once};
use db::{Db, DbError, Options, params};
use kernel::Timestamp;
use kernel::time::ManualClock;
use uuid::Uuid;

use crate::engines::{TestDb, engines_with, on_each_engine_async};
use crate::support::{COUNT, SET_N, SET_N_IF, SLICE, id, insert, n_of};

type Log = Arc<Mutex<Vec<u128>>>;

fn event(n: u128, name: &str) -> Event {
    Event {
        id: id(n),
        name: name.to_owned(),
        subject: id(n + 1_000_000),
        body: serde_json::json!({ "n": n.to_string(), "қ": [1, null] }),
        at: Timestamp::from_secs(i64::try_from(n).unwrap()),
    }
}

async fn tell(db: &Db, n: u128, name: &'static str) {
    db.write(move |tx| put(tx, &event(n, name))).await.unwrap();
}

fn subscriber(
    name: &'static str,
    events: &'static [&'static str],
    handle: impl Fn(&mut db::Tx<'_>, &Event) -> Result<(), db::outbox::HandlerError> + Send + Sync + 'static,
) -> Subscriber {
    Subscriber { name, events, handle: Arc::new(handle) }
}

/// Adds one to the item's number: an effect that shows if it happens twice.
fn add_one(tx: &mut db::Tx<'_>) -> Result<(), DbError> {
    let n = n_of(tx, 0)?;
    tx.execute(&SET_N, params![id(0), n + 1]).map(drop)
}

#[test]
fn events_come_in_order_whole_and_only_where_they_are_wanted() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let log = Log::default();
        let heard = log.clone();
        let listener = subscriber("listener", &["a.v1", "b.v1"], move |_, event| {
            let n = event.id.as_u128();
            assert_eq!(event, &self::event(n, &event.name), "the event comes out as it went in");
            heard.lock().unwrap().push(n);
            Ok(())
        });
        for n in 1..=400 {
            tell(&db, n, ["a.v1", "b.v1", "c.v1"][usize::try_from(n % 3).unwrap()]).await;
        }
        let wanted: Vec<u128> = (1..=400).filter(|n| n % 3 < 2).collect();
        assert_eq!(drain(&db, std::slice::from_ref(&listener)).await, Ok(wanted.len()));
        assert_eq!(*log.lock().unwrap(), wanted);
        assert_eq!(drain(&db, std::slice::from_ref(&listener)).await, Ok(0));
        assert!(backlog(&db, &[listener]).await.unwrap().is_empty());
    });
}

#[test]
fn an_event_of_a_rolled_back_act_is_never_told() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let failed: Result<(), DbError> = db
            .write(|tx| {
                put(tx, &event(1, "a.v1"))?;
                Err(DbError::Bug("changed its mind".to_owned()))
            })
            .await;
        assert!(failed.is_err());
        let listener = subscriber("listener", &["a.v1"], |_, _| Ok(()));
        assert_eq!(drain(&db, &[listener]).await, Ok(0));
    });
}

/// The handler fails every other time *after* its effect: the effect must be rolled back with it.
#[test]
fn the_effect_happens_once_however_often_the_handler_fails() {
    on_each_engine_async(&[&SLICE], |db| async move {
        db.write(|tx| insert(tx, 0, "counter")).await.unwrap();
        let calls = Arc::new(AtomicU32::new(0));
        let counted = calls.clone();
        let flaky = subscriber("flaky", &["a.v1"], move |tx, _| {
            add_one(tx)?;
            match counted.fetch_add(1, Ordering::SeqCst) % 4 {
                0 => Err("not today".into()),
                1 => panic!("nor now"),
                // A failed statement inside the handler.
                2 => Ok(insert(tx, 0, "counter")?),
                _ => Ok(()),
            }
        });
        for n in 1..=30 {
            tell(&db, n, "a.v1").await;
        }
        assert_eq!(drain(&db, std::slice::from_ref(&flaky)).await, Ok(30));
        assert_eq!(db.read(|tx| n_of(tx, 0)).await, Ok(30));
        assert_eq!(calls.load(Ordering::SeqCst), 120);
        assert!(backlog(&db, &[flaky]).await.unwrap().is_empty());
    });
}

/// A poisonous event is parked; those after it and other subscribers go on; mended, it is tried again.
#[test]
fn a_poisonous_event_is_parked_listed_and_tried_again() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let (log, mended) = (Log::default(), Arc::new(AtomicBool::new(false)));
        let (heard, is_mended) = (log.clone(), mended.clone());
        let picky = subscriber("picky", &["a.v1"], move |_, event| {
            if event.id == id(2) && !is_mended.load(Ordering::SeqCst) {
                return Err("cannot read `n`".into());
            }
            heard.lock().unwrap().push(event.id.as_u128());
            Ok(())
        });
        let other = subscriber("other", &["a.v1"], |_, _| Ok(()));
        let both = [picky, other];
        for n in 1..=5 {
            tell(&db, n, "a.v1").await;
        }
        assert_eq!(drain(&db, &both).await, Ok(9));
        assert_eq!(*log.lock().unwrap(), [1, 3, 4, 5]);
        let list = db.read(|tx| parked::list(tx, 0, 10)).await.unwrap();
        let [one] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((one.subscriber.as_str(), one.event, one.feed_no, one.tries), ("picky", id(2), 2, 4));
        assert_eq!((one.error.as_str(), one.name.as_str(), one.again), ("cannot read `n`", "a.v1", false));
        assert_eq!(one.subject, id(1_000_002));
        assert_eq!(backlog(&db, &both).await.unwrap().parked, 1);

        assert_eq!(db.write(|tx| parked::retry(tx, "picky", id(2))).await, Ok(true));
        assert_eq!(db.write(|tx| parked::retry(tx, "picky", id(3))).await, Ok(false));
        assert_eq!(drain(&db, &both).await, Ok(0));
        let list = db.read(|tx| parked::list(tx, 0, 10)).await.unwrap();
        assert_eq!((list[0].tries, list[0].again), (5, false), "tried once more, in vain");

        mended.store(true, Ordering::SeqCst);
        db.write(|tx| parked::retry(tx, "picky", id(2))).await.unwrap();
        assert_eq!(drain(&db, &both).await, Ok(1));
        assert_eq!(*log.lock().unwrap(), [1, 3, 4, 5, 2]);
        assert!(backlog(&db, &both).await.unwrap().is_empty());
    });
}

/// A handler that always ends in a conflict makes the runner run the transaction again; that must neither
/// go on for ever nor be taken out on the events before it.
#[test]
fn a_conflict_that_never_ends_is_parked_too() {
    on_each_engine_async(&[&SLICE], |db| async move {
        db.write(|tx| insert(tx, 0, "counter")).await.unwrap();
        let stubborn = subscriber("stubborn", &["a.v1"], |tx, event| {
            add_one(tx)?;
            if event.id == id(3) {
                tx.guarded(&SET_N_IF, params![id(0), 0_i64, -1_i64])?;
            }
            Ok(())
        });
        for n in 1..=5 {
            tell(&db, n, "a.v1").await;
        }
        assert_eq!(drain(&db, &[stubborn]).await, Ok(4));
        assert_eq!(db.read(|tx| n_of(tx, 0)).await, Ok(4));
        let list = db.read(|tx| parked::list(tx, 0, 10)).await.unwrap();
        assert_eq!(list.iter().map(|p| (p.event, p.tries)).collect::<Vec<_>>(), [(id(3), 4)]);
        assert_eq!(list[0].error, "the row changed meanwhile");
    });
}

/// A handler that hides a failed statement: its event is to blame, not the whole outbox.
#[test]
fn a_handler_that_hides_a_failed_statement_is_parked() {
    on_each_engine_async(&[&SLICE], |db| async move {
        db.write(|tx| insert(tx, 0, "counter")).await.unwrap();
        let careless = subscriber("careless", &["a.v1"], |tx, event| {
            add_one(tx)?;
            if event.id == id(1) {
                insert(tx, 0, "counter").ok();
            }
            Ok(())
        });
        for n in 1..=3 {
            tell(&db, n, "a.v1").await;
        }
        assert_eq!(drain(&db, &[careless]).await, Ok(2));
        assert_eq!(db.read(|tx| n_of(tx, 0)).await, Ok(2));
        let list = db.read(|tx| parked::list(tx, 0, 10)).await.unwrap();
        assert_eq!(list.iter().map(|p| p.event).collect::<Vec<_>>(), [id(1)]);
        assert!(list[0].error.contains("went on after a statement that failed"), "{}", list[0].error);
    });
}

#[test]
fn events_may_beget_events() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let parent = subscriber("parent", &["a.v1"], |tx, event| {
            Ok(put(tx, &self::event(event.id.as_u128() + 100, "b.v1"))?)
        });
        let child =
            subscriber("child", &["b.v1"], |tx, event| Ok(insert(tx, event.id.as_u128(), &event.name)?));
        tell(&db, 1, "a.v1").await;
        assert_eq!(drain(&db, &[child, parent]).await, Ok(2));
        assert_eq!(db.read(|tx| tx.query_one(&COUNT, &[], |r| r.get::<i64>(0))).await, Ok(1));
    });
}

fn with_clock(clock: &ManualClock, test: impl Fn(&TestDb, &tokio::runtime::Runtime)) {
    for place in engines_with(&Options { clock: clock.wall(), ..Options::default() }) {
        clock.set(Timestamp::from_secs(1_000));
        place.migrate(&[&SLICE]).unwrap();
        test(&place, &tokio::runtime::Runtime::new().unwrap());
    }
}

#[test]
fn the_runner_waits_longer_after_each_failure_and_keeps_the_order() {
    let clock = ManualClock::default();
    with_clock(&clock, |place, runtime| {
        let (log, broken) = (Log::default(), Arc::new(AtomicBool::new(true)));
        let (heard, is_broken) = (log.clone(), broken.clone());
        let all = [subscriber("s", &["a.v1"], move |_, event| {
            if is_broken.load(Ordering::SeqCst) {
                return Err("broken".into());
            }
            heard.lock().unwrap().push(event.id.as_u128());
            Ok(())
        })];
        let policy = Policy { first_pause_ms: 1_000, tries: 6, ..Policy::default() };
        let step = || runtime.block_on(run_once(place, &all, policy)).unwrap();
        runtime.block_on(async {
            for n in 1..=3 {
                tell(place, n, "a.v1").await;
            }
        });
        let first = step();
        assert_eq!((first.numbered, first.handled, first.failed), (3, 0, 1));
        for pause in [1, 4, 16] {
            let idle = step();
            assert_eq!((idle.is_idle(), idle.retry_at), (true, Some(clock.now().plus_secs(pause))));
            clock.advance_secs(pause);
            assert_eq!(step().failed, 1);
        }
        broken.store(false, Ordering::SeqCst);
        assert!(step().is_idle(), "the pause holds for the mended handler, too");
        clock.advance_secs(64);
        assert_eq!(step().handled, 3);
        assert_eq!(*log.lock().unwrap(), [1, 2, 3]);
        assert_eq!(step(), db::outbox::Progress::default());
    });
}

#[test]
fn a_dead_process_gives_its_subscribers_up_when_its_lease_ends() {
    let clock = ManualClock::default();
    with_clock(&clock, |place, runtime| {
        let options =
            Options { clock: clock.wall(), instance: Some(Uuid::from_u128(7)), ..Options::default() };
        let other = Db::open(&place.url, options).unwrap();
        let all = [subscriber("s", &["a.v1"], |_, _| Ok(()))];
        let step = |db: &Db| runtime.block_on(run_once(db, &all, Policy::default())).unwrap();
        runtime.block_on(tell(place, 1, "a.v1"));
        assert_eq!(step(place).handled, 1);
        runtime.block_on(tell(place, 2, "a.v1"));
        assert!(step(&other).is_idle(), "the first process serves the subscriber");
        clock.advance_secs(11);
        assert_eq!(step(&other).handled, 1);
    });
}

/// Two processes drain at once, with no heed to leases: the cursor alone must keep effects single.
#[test]
fn two_processes_without_leases_still_do_everything_once() {
    on_each_engine_async(&[&SLICE], |db| async move {
        db.write(|tx| insert(tx, 0, "counter")).await.unwrap();
        for n in 1..=200 {
            tell(&db, n, "a.v1").await;
        }
        let all = [subscriber("s", &["a.v1"], |tx, _| Ok(add_one(tx)?))];
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let (db, all) = (db.clone(), all.clone());
                tokio::spawn(async move { drain(&db, &all).await })
            })
            .collect();
        let mut handled = 0;
        for task in tasks {
            handled += task.await.unwrap().unwrap();
        }
        assert_eq!((handled, db.read(|tx| n_of(tx, 0)).await), (200, Ok(200)));
    });
}

#[test]
fn old_events_go_when_all_have_passed_them_and_parked_ones_stay() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let all = vec![
            subscriber("picky", &["a.v1"], |_, e| if e.id == id(2) { Err("no".into()) } else { Ok(()) }),
            subscriber("other", &["a.v1"], |_, _| Ok(())),
        ];
        for n in 1..=4 {
            tell(&db, n, "a.v1").await;
        }
        let cut = |before: i64| {
            let (db, all) = (db.clone(), all.clone());
            async move { db.write(move |tx| prune(tx, &all, Timestamp::from_secs(before), 10)).await.unwrap() }
        };
        assert_eq!(cut(100).await, 0, "nobody has passed them");
        drain(&db, &all).await.unwrap();
        assert_eq!(cut(4).await, 2, "1 and 3; 2 is parked, 4 is too young");
        assert_eq!(db.write(|tx| parked::remove(tx, "picky", id(2))).await, Ok(true));
        assert_eq!(cut(100).await, 2);
    });
}

/// The loop of the server, with a subscriber that stops it.
#[test]
fn the_runner_hears_of_commits_and_stops() {
    on_each_engine_async(&[&SLICE], |db| async move {
        let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
        let mut receiver = receiver;
        let listener = subscriber("s", &["a.v1"], move |_, event| Ok(sender.send(event.id)?));
        let runner = db::outbox::Runner {
            db: db.clone(),
            subscribers: Arc::from([listener]),
            // Never polls: it must be woken by the commit.
            policy: Policy { poll_ms: 3_600_000, ..Policy::default() },
            sleep: Arc::new(|_| Box::pin(std::future::pending())),
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(runner.run(async { drop(stopped.await) }));
        for n in 1..=3 {
            tell(&db, n, "a.v1").await;
            assert_eq!(receiver.recv().await, Some(id(n)));
        }
        stop.send(()).unwrap();
        running.await.unwrap();
    });
}
