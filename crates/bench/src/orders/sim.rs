//! One batch of orders in virtual time: real services, real deliveries and breakers, a network that obeys the clock.

use std::path::Path;
use std::sync::Arc;

use kernel::time::ManualClock;
use kernel::{Class, Coded as _, Timestamp};
use order::OrderId;
use order::gateway::Post;
use order::jobs::{self, Breakers};
use order::message::Answer;
use order::service;
use report::ReportId;
use sandbox::draw::{Draw, about, mix};

use super::broken::Build;
use super::country::Country;
use super::fault::Span;
use super::judge::{self, Tally};
use super::letters::Letter;
use super::net::Net;
use super::office::{Clocks, Office, PUBLIC_URL, START, node_key};

/// Reports come in during so many seconds.
const FILING_SECS: i64 = 1_800;
/// Payments of one report.
const PAYMENTS: usize = 4;
/// News is handed on, and clocks are looked at, every so many seconds.
const NEWS_SECS: i64 = 10;
const CLOCK_SECS: i64 = 30;
const LOG_SECS: i64 = 120;
/// After the term, so many seconds are waited for the last words.
const LAST_SECS: i64 = 600;

/// What every batch has in common.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) seed: u64,
    pub(crate) partners: usize,
    /// Reports of a batch.
    pub(crate) reports: usize,
    pub(crate) span: Span,
    /// Second at which all must be settled.
    pub(crate) settled: i64,
    pub(crate) build: Build,
}

/// Clocks set by hand.
pub(crate) fn clocks(clock: &ManualClock) -> Clocks {
    Clocks { office: clock.office(), wall: clock.wall() }
}

/// When a report comes in, its key, and the bank, account and sum of each payment.
type Filing = (i64, u128, Vec<(usize, String, i64)>);

struct Batch {
    office: Office,
    net: Arc<Net>,
    post: Arc<dyn Post>,
    breakers: Breakers,
    clock: ManualClock,
    start: Timestamp,
    tally: Tally,
    commits: u64,
    log: rusqlite::Connection,
}

/// Runs batch `number` over a database of its own, a copy of `template`.
pub(crate) fn run(setup: &Setup, template: &Path, number: u64) -> anyhow::Result<Tally> {
    let path = template.with_file_name(format!("batch-{number}.db"));
    std::fs::copy(template, &path)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let tally = runtime.block_on(Batch::new(setup, &path, number)?.live(setup, number))?;
    for suffix in ["", "-wal", "-shm"] {
        // The log is there only while the database is open.
        std::fs::remove_file(format!("{}{suffix}", path.display())).ok();
    }
    Ok(tally)
}

impl Batch {
    fn new(setup: &Setup, path: &Path, number: u64) -> anyhow::Result<Self> {
        let seed = mix(about(setup.seed, "batch"), number);
        let start = START.plus_secs(3_600);
        let clock = ManualClock::at(start);
        let office = Office::open(path, seed, &clocks(&clock), (true, PUBLIC_URL))?;
        let country = Country::new(seed, setup.partners, start, setup.span, node_key());
        let net = Net::new(country, clock.clone());
        let message_key = *office.app.node.message_key.expose();
        let post = setup.build.over(net.clone(), &office.app.wall, message_key);
        let breakers = Breakers::new(office.app.profile.breaker());
        let (tally, commits, log) = (Tally::default(), 0, rusqlite::Connection::open(path)?);
        Ok(Self { office, net, post, breakers, clock, start, tally, commits, log })
    }

    async fn live(mut self, setup: &Setup, number: u64) -> anyhow::Result<Tally> {
        let mut filings = self.plan(setup, number);
        let mut reports = Vec::new();
        for sec in 0..setup.settled {
            let now = self.start.plus_secs(sec);
            self.clock.set(now);
            while filings.last().is_some_and(|(at, ..)| *at <= sec) {
                let Some((_, key, payments)) = filings.pop() else { break };
                reports.push(self.office.file(key, &payments).await?.id);
            }
            self.step(sec, now).await?;
        }
        let orders = judge::orders(&self.office, &reports).await?;
        judge::settled(&mut self.tally, &self.net.country(), &orders);
        let end = orders.iter().map(|(o, _)| o.expires_at).max().unwrap_or(self.start);
        self.end(end, &reports).await?;
        self.tally.answers = judge::answers(&self.office).await?;
        let country = self.net.country();
        let mut tally = self.tally;
        (tally.posts, tally.order_posts) = (country.posts, country.order_posts);
        (tally.unsigned, tally.refused) = (country.unsigned, country.refused);
        tally.injected = country.injected.clone();
        drop(country);
        Ok(tally)
    }

    /// When which report comes in, the last first.
    fn plan(&self, setup: &Setup, number: u64) -> Vec<Filing> {
        let mut draw = Draw::keyed(mix(about(setup.seed, "plan"), number));
        let partners = u64::try_from(setup.partners).unwrap_or(1);
        let filing = FILING_SECS.min(setup.span.faults_end);
        let mut country = self.net.country();
        let mut plan: Vec<_> = (0..setup.reports)
            .map(|n| {
                let payment = |_| {
                    let bank = usize::try_from(draw.below(partners)).unwrap_or(0);
                    let account = country.new_account(bank);
                    let minor = draw.between(10_000, 900_000) * 100;
                    country.ledger.paid(&account, bank, 1);
                    (bank, account, minor)
                };
                let payments = (0..PAYMENTS).map(payment).collect();
                let key = u128::from(mix(number, u64::try_from(n).unwrap_or(0)));
                (draw.between(0, filing), key, payments)
            })
            .collect();
        plan.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        plan
    }

    /// One second.
    async fn step(&mut self, sec: i64, now: Timestamp) -> anyhow::Result<()> {
        if self.net.arrive(now) {
            yields().await;
        }
        let letters = self.net.country().due(PUBLIC_URL, now);
        for letter in letters {
            let status = take(&self.office, &letter).await;
            self.tally.letters += 1;
            let mut country = self.net.country();
            country.refused += u64::from(status != 200);
            country.heard(&letter, Some(status), now);
        }
        if sec % LOG_SECS == 0 {
            // Run inline, the database has no thread that keeps its log short.
            self.log.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        if sec % CLOCK_SECS == 0 {
            service::tick(&self.office.app).await?;
        }
        let commits = self.office.app.db.commits();
        if sec % NEWS_SECS == 0 && commits != self.commits {
            self.office.drain().await?;
            self.commits = self.office.app.db.commits();
        }
        while jobs::deliver_due(&self.office.app, &self.post, &self.breakers).await? > 0 {
            yields().await;
        }
        Ok(())
    }

    /// The terms of all orders end.
    async fn end(&mut self, end: Timestamp, reports: &[ReportId]) -> anyhow::Result<()> {
        self.clock.set(end.plus_secs(1));
        while service::tick(&self.office.app).await?.lapsed > 0 {}
        let first = end.micros_since(self.start) / 1_000_000 + 1;
        for sec in first..first + LAST_SECS {
            let now = self.start.plus_secs(sec);
            self.clock.set(now);
            self.step(sec, now).await?;
        }
        let orders = judge::orders(&self.office, reports).await?;
        judge::ended(&mut self.tally, &self.net.country(), &orders);
        Ok(())
    }
}

/// Lets every message that is under way go on until it waits for the network.
async fn yields() {
    for _ in 0..4 {
        tokio::task::yield_now().await;
    }
}

/// What the partner API does with a request, without HTTP; gives the status.
async fn take(office: &Office, letter: &Letter) -> u16 {
    let target = format!("{PUBLIC_URL}{}", letter.path);
    let request = httpsig::Request {
        method: "POST",
        target_uri: &target,
        headers: &letter.headers,
        body: &letter.body,
    };
    let signed =
        partner::service::verify_request(&office.app, &request, partner::quota::Purpose::Answer).await;
    let Ok(signed) = signed else { return 401 };
    let named = letter.path.split('/').nth(4).unwrap_or_default();
    let Ok(id) = named.parse::<OrderId>() else { return 404 };
    let Ok(said) = partner::strict::from_slice::<Answer>(&letter.body) else { return 400 };
    if said.order_id != named {
        return 404;
    }
    match service::answer(&office.app, &signed.actor, id, said, &letter.body).await {
        Ok(_) => 200,
        Err(error) => match error.class() {
            Class::NotFound => 404,
            Class::Conflict => 409,
            Class::Gone => 410,
            Class::Unavailable | Class::Bug => 500,
            _ => 422,
        },
    }
}
