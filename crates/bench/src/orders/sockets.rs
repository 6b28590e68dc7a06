//! The same partners on real sockets: the program's own client and delivery loop, its own router for what partners send.
//!
//! Time is the machine's while anything is under way. While nothing is, it is moved on to whatever is due next, so that
//! nobody waits for the waits between tries.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::Timer;
use kernel::{OfficeClock, Timestamp, WallClock};
use order::gateway::{Outgoing, Post, Posted};
use order::jobs::{self, Breakers};
use report::ReportId;
use sandbox::draw::{Draw, about, mix};

use super::broken::Build;
use super::country::{Country, pairs};
use super::fault::Span;
use super::judge::{self, Tally};
use super::letters::Letter;
use super::office::{Clocks, Office, START, node_key};
use super::server::{self, Shared};

/// Payments of one report.
const PAYMENTS: usize = 4;
/// How long after the faults all must be settled, seconds.
const SETTLE_SECS: i64 = 420;
/// Longest time that a partner's person takes here, seconds.
const SLOWEST_SECS: i64 = 60;
/// So many looks in a row without anything under way mean that nobody takes up what is due: its partner is silent.
const STILL: i64 = 15;
/// Most seconds that are skipped at once.
const STEP_SECS: i64 = 5;
/// How often it is looked whether somebody waits.
const LOOK: Duration = Duration::from_millis(40);

const NEXT: db::Stmt =
    db::Stmt::both("bench.next_delivery", "SELECT MIN(due_wall) FROM delivery WHERE state = 'waiting'");

/// What to run.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) seed: u64,
    pub(crate) partners: usize,
    pub(crate) reports: usize,
    pub(crate) span: Span,
    pub(crate) build: Build,
}

/// The machine's time since the beginning, and what was skipped.
#[derive(Clone, Default)]
struct Time {
    ahead_micros: Arc<AtomicI64>,
    under_way: Arc<AtomicI64>,
    still: Arc<AtomicI64>,
}

impl Time {
    fn wall(&self) -> WallClock {
        let (machine, ahead) = (WallClock::system(), Arc::clone(&self.ahead_micros));
        let began = machine.now();
        WallClock::new(move || {
            START.plus_micros(machine.now().micros_since(began)).plus_micros(ahead.load(Ordering::SeqCst))
        })
    }
    fn skip_to(&self, now: Timestamp, next: Timestamp) {
        let micros = next.micros_since(now);
        if micros > 0 {
            self.ahead_micros.fetch_add(micros, Ordering::SeqCst);
        }
    }
    fn is_idle(&self) -> bool {
        self.under_way.load(Ordering::SeqCst) == 0
    }
}

/// The program's client, which says how many posts are under way.
struct Counted {
    client: qorgan::post::Client,
    time: Time,
}

impl Post for Counted {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        Box::pin(async move {
            self.time.under_way.fetch_add(1, Ordering::SeqCst);
            let came = self.client.post(out).await;
            self.time.under_way.fetch_sub(1, Ordering::SeqCst);
            came
        })
    }
}

struct Stand {
    office: Arc<Office>,
    shared: Shared,
    time: Time,
    wall: WallClock,
    client: Arc<Counted>,
    base: String,
}

/// Runs it all over a database in `dir`.
pub(crate) fn run(setup: &Setup, dir: &Path) -> anyhow::Result<Tally> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let tally = runtime.block_on(async {
        let stand = Stand::new(setup, &dir.join("sockets.db")).await?;
        stand.live(setup).await
    });
    runtime.shutdown_background();
    tally
}

impl Stand {
    async fn new(setup: &Setup, path: &Path) -> anyhow::Result<Self> {
        let time = Time::default();
        let wall = time.wall();
        let clocks = Clocks { office: OfficeClock::real(wall.clone()), wall: wall.clone() };
        let door = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", door.local_addr()?);
        let office = Arc::new(Office::open(path, setup.seed, &clocks, (false, &base))?);
        let places = server::places(setup.partners).await?;
        let gateways: Vec<String> =
            places.iter().enumerate().map(|(n, (_, at))| format!("http://{at}/b{n:02}")).collect();
        office.settle(setup.partners, |n| gateways.get(n).cloned().unwrap_or_default()).await?;
        let mut country = Country::new(setup.seed, setup.partners, wall.now(), setup.span, node_key());
        country.slowest_secs = SLOWEST_SECS;
        let shared = Shared::new(country);
        for (number, (listener, _)) in places.into_iter().enumerate() {
            tokio::spawn(server::serve(listener, number, shared.clone(), wall.clone()));
        }
        let silent = partner::web::Silent(Arc::new(Vec::new));
        let router = qorgan::http::router(&office.app, silent)?;
        tokio::spawn(async move { axum::serve(door, router).await });
        let client = Arc::new(Counted { client: qorgan::post::Client::new()?, time: time.clone() });
        Ok(Self { office, shared, time, wall, client, base })
    }

    async fn live(&self, setup: &Setup) -> anyhow::Result<Tally> {
        let app = &self.office.app;
        let post: Arc<dyn Post> = self.client.clone();
        let post = setup.build.over(post, &self.wall, *app.node.message_key.expose());
        let breakers = Breakers::new(app.profile.breaker());
        tokio::spawn(jobs::run(app.clone(), post, breakers));
        let reports = self.file(setup).await?;
        let mut tally = Tally::default();
        let end = self.shared.country().start.plus_secs(setup.span.faults_end + SETTLE_SECS);
        while self.wall.now() < end {
            self.office.drain().await?;
            let letters = self.shared.country().due(&self.base, self.wall.now());
            for letter in letters {
                tally.letters += 1;
                self.send(letter);
            }
            self.go_on(end).await?;
        }
        // The last answers of the platform are on their way.
        while !self.time.is_idle() {
            Timer.sleep(LOOK).await;
        }
        let orders = judge::orders(&self.office, &reports).await?;
        tally.answers = judge::answers(&self.office).await?;
        let country = self.shared.country();
        judge::settled(&mut tally, &country, &orders);
        (tally.posts, tally.order_posts) = (country.posts, country.order_posts);
        (tally.unsigned, tally.refused) = (country.unsigned, country.refused);
        tally.injected = country.injected.clone();
        Ok(tally)
    }

    /// Sleeps for a moment, or moves the clock on where nobody does anything.
    async fn go_on(&self, end: Timestamp) -> anyhow::Result<()> {
        Timer.sleep(LOOK).await;
        if !self.time.is_idle() {
            self.time.still.store(0, Ordering::SeqCst);
            return Ok(());
        }
        let read = |tx: &mut db::Tx<'_>| tx.query_one(&NEXT, &[], |row| row.get::<Option<Timestamp>>(0));
        let delivery: Result<_, db::DbError> = self.office.app.db.read(read).await;
        let letter = self.shared.country().next_due();
        let now = self.wall.now();
        let next = delivery?.into_iter().chain(letter).min().unwrap_or(end);
        // Never far at once: the clocks of the office are looked at in between.
        if next > now {
            self.time.skip_to(now, next.min(now.plus_secs(STEP_SECS)));
        } else if self.time.still.fetch_add(1, Ordering::SeqCst) >= STILL {
            self.time.still.store(0, Ordering::SeqCst);
            self.time.skip_to(now, now.plus_secs(STEP_SECS));
        }
        Ok(())
    }

    async fn file(&self, setup: &Setup) -> anyhow::Result<Vec<ReportId>> {
        let mut draw = Draw::keyed(about(setup.seed, "sockets"));
        let partners = u64::try_from(setup.partners).unwrap_or(1);
        let mut reports = Vec::new();
        for n in 0..setup.reports {
            let mut payments = Vec::new();
            for _ in 0..PAYMENTS {
                let bank = usize::try_from(draw.below(partners)).unwrap_or(0);
                let mut country = self.shared.country();
                let account = country.new_account(bank);
                country.ledger.paid(&account, bank, 1);
                payments.push((bank, account, draw.between(10_000, 900_000) * 100));
            }
            let key = u128::from(mix(setup.seed, u64::try_from(n).unwrap_or(0)));
            reports.push(self.office.file(key, &payments).await?.id);
            if n % 25 == 0 {
                self.office.drain().await?;
            }
        }
        Ok(reports)
    }

    /// A partner sends an answer over its own connection.
    fn send(&self, letter: Letter) {
        let (client, shared, wall) = (Arc::clone(&self.client), self.shared.clone(), self.wall.clone());
        let url = format!("{}{}", self.base, letter.path);
        let out = Outgoing { url, headers: pairs(&letter.headers), body: letter.body.clone() };
        self.time.under_way.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            let status = client.post(out).await.ok().map(|came| came.status);
            let mut country = shared.country();
            country.refused += u64::from(status != Some(200));
            country.heard(&letter, status, wall.now());
            drop(country);
            client.time.under_way.fetch_sub(1, Ordering::SeqCst);
        });
    }
}
