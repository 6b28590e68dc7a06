//! Figures for people: `cargo test -p db --release --test it figures -- --ignored --nocapture`.

use db::Db;
use kernel::WallClock;

use crate::engines::engines;
use crate::support::{SLICE, count, insert};

#[test]
#[ignore = "prints figures, asserts nothing new"]
fn durable_writes_a_second() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for tasks in [1_u128, 10, 100, 1_000] {
        for place in engines() {
            place.migrate(&[&SLICE]).unwrap();
            let each = (5_000 / tasks).clamp(20, 300);
            let (clock, commits) = (WallClock::system(), place.commits());
            let start = clock.now();
            runtime.block_on(write(place.db.clone(), tasks, each));
            let micros = u128::from(clock.now().micros_since(start).unsigned_abs());
            assert_eq!(u128::try_from(count(&place)).unwrap(), tasks * each);
            println!(
                "{:?}: {tasks} tasks, {} writes/s, {} commits",
                place.engine(),
                tasks * each * 1_000_000 / micros,
                place.commits() - commits
            );
        }
    }
}

async fn write(db: Db, tasks: u128, each: u128) {
    let tasks: Vec<_> = (0..tasks)
        .map(|task| {
            let db = db.clone();
            tokio::spawn(async move {
                for n in 0..each {
                    let key = task * each + n;
                    db.write(move |tx| insert(tx, key, &key.to_string())).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}
