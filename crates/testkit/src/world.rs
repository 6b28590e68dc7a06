//! A small world for tests of services: clocks set by hand, seeded randomness, a fresh database, and the
//! ground works put together as the program puts them together.

use std::panic::resume_unwind;
use std::sync::Arc;

use app::{App, Node, Timer};
use db::outbox::{self, Subscriber};
use db::{Options, Slice};
use kernel::time::ManualClock;
use kernel::{Entropy, Secret, Timestamp};
use profile::Profile;
use uuid::Uuid;
use vault::Vault;

use crate::engines::{TestDb, sqlite_with};

/// 1 September 2026, 09:00 in Almaty and Astana: a Tuesday, a working day.
const START_SECS: i64 = 1_788_235_200;

/// The world of one test. The same seed gives the same ids, keys and numbers: closures run on the caller's
/// thread, one commit each.
#[derive(Debug)]
pub struct World {
    /// What services take.
    pub app: App,
    /// Office and wall time, both: moves only when it is told to.
    pub clock: ManualClock,
    _place: TestDb,
}

impl World {
    /// A world in Kazakhstan with the tables of the ground works.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::in_country(seed, "kz")
    }

    /// A world in the country of a profile that is built into the program.
    #[must_use]
    pub fn in_country(seed: u64, profile: &str) -> Self {
        let clock = ManualClock::at(Timestamp::from_secs(START_SECS));
        let options = Options {
            inline: true,
            clock: clock.wall(),
            instance: Some(Uuid::from_u64_pair(0, seed)),
            ..Options::default()
        };
        Self::over(seed, profile, sqlite_with(options))
    }

    /// A world on each engine there is: SQLite always, PostgreSQL where its variable is set. Closures run in
    /// the engine's own threads, as in production.
    #[must_use]
    pub fn on_each_engine(seed: u64, profile: &str) -> Vec<Self> {
        crate::engines::engines().into_iter().map(|place| Self::over(seed, profile, place)).collect()
    }

    fn over(seed: u64, profile: &str, place: TestDb) -> Self {
        let clock = ManualClock::at(Timestamp::from_secs(START_SECS));
        let entropy = Entropy::seeded(seed);
        fail_on(place.migrate(&[&vault::SLICE, &audit::SLICE]));
        let app = App {
            db: place.db.clone(),
            office: clock.office(),
            wall: clock.wall(),
            profile: Arc::new(fail_on(Profile::embedded(profile))),
            vault: Vault::from_key_bytes(entropy.bytes()).with_clock(clock.wall()),
            node: Arc::new(node(&entropy)),
            entropy,
            timer: Timer,
            came: app::Came::default(),
            factor: 1,
            demo: false,
        };
        Self { app, clock, _place: place }
    }

    /// The same world with the tables of `slices`, too.
    #[must_use]
    pub fn with(self, slices: &[&'static Slice]) -> Self {
        fail_on(self.app.db.migrate(slices));
        self
    }

    /// Moves both clocks on.
    pub fn advance_secs(&self, secs: i64) {
        self.clock.advance_secs(secs);
    }

    /// Delivers all events; says how many were handled. The test fails if one could not be: nothing may be
    /// left over at the end of a test.
    pub async fn deliver(&self, subscribers: &[Subscriber]) -> usize {
        let handled = fail_on(outbox::drain(&self.app.db, subscribers).await);
        let left = fail_on(outbox::backlog(&self.app.db, subscribers).await);
        let parked = fail_on(self.app.db.read(|tx| outbox::parked::list(tx, 0, 100)).await);
        assert!(left.is_empty(), "events are left over: {left:?}, parked: {parked:?}");
        handled
    }
}

fn node(entropy: &Entropy) -> Node {
    Node {
        name: "test".to_owned(),
        code: "KZ-TEST".to_owned(),
        unit: "central".to_owned(),
        public_url: "http://127.0.0.1:8080".to_owned(),
        keyid: "KZ-TEST/1".to_owned(),
        message_key: Secret::new(entropy.bytes()),
        log_key: Secret::new(entropy.bytes()),
    }
}

/// A test cannot go on without its world.
fn fail_on<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|e| resume_unwind(crate::engines::told(format!("the test's world: {e}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_world() {
        let ids = |seed| {
            let world = World::new(seed);
            world.advance_secs(60);
            (world.app.uuid(), world.app.vault.token("phone", "+77010000000"), world.app.office.now())
        };
        assert_eq!(ids(7), ids(7));
        assert_ne!(ids(7).0, ids(8).0);
    }

    #[tokio::test]
    async fn events_are_delivered_and_a_parked_one_fails_the_test() {
        let world = World::new(1);
        let heard = Subscriber { name: "s", events: &["a.v1"], handle: Arc::new(|_, _| Ok(())) };
        let app = world.app.clone();
        let tell = move |tx: &mut db::Tx<'_>| app.tell(tx, "a.v1", Uuid::nil(), serde_json::Value::Null);
        fail_on(world.app.db.write(tell).await);
        let deaf = Subscriber { name: "t", events: &["a.v1"], handle: Arc::new(|_, _| Err("deaf".into())) };
        assert_eq!(world.deliver(&[heard]).await, 1);
        let failed = tokio::spawn(async move { world.deliver(&[deaf]).await }).await;
        assert!(failed.unwrap_err().is_panic());
    }
}
