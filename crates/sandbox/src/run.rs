//! Running a country beside a node: from its folder to the last summary.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use tokio::net::TcpListener;

use crate::bank::{front, inbox, screen};
use crate::clock::{OfficeTime, Reading, pause, wall_micros};
use crate::country::{Behaviours, Country, Keys, files};
use crate::flow::{Flow, Shape};
use crate::journal::Journal;
use crate::moment::Moment;
use crate::money::to_text;
use crate::node::Node;
use crate::stage::{Mutant, Props, Stage};
use crate::summary::{Summary, summary};
use crate::world::{Happening, Setup, World};
use crate::{admin, staff, victim};

/// Victims are planned for so long where no end is given.
const LONGEST_PLAN: Duration = Duration::from_secs(12 * 3_600);
/// How often the world is brought up to the present.
const TICK: Duration = Duration::from_millis(50);
/// How often the node's clock is read again.
const CLOCK_EVERY: Duration = Duration::from_secs(5);
/// How long the node may take to start.
const NODE_PATIENCE_SECS: i64 = 60;

/// How to run.
#[derive(Debug, Clone)]
pub struct Config {
    /// The country's folder.
    pub dir: PathBuf,
    /// Another node than the country file names.
    pub node: Option<String>,
    /// How long by the wall clock; without end if `None`.
    pub run_for: Option<Duration>,
    /// How long to wait at the end for what is on its way.
    pub settle: Duration,
    /// Reports per minute of the wall clock.
    pub reports_per_minute: u32,
    /// Share of reports that come through banks, in percent; the flow's own if `None`.
    pub by_bank_percent: Option<u32>,
    /// Delays of fraudsters and partners take so many times longer.
    pub stretch: u32,
    /// What is broken on purpose.
    pub mutant: Option<Mutant>,
    /// Whether anybody reports.
    pub victims: bool,
    /// Whether people of the demonstration work its desk.
    pub staff: bool,
}

impl Config {
    /// The ordinary run of the country in `dir`.
    #[must_use]
    pub fn of(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            node: None,
            run_for: None,
            settle: Duration::from_secs(15),
            reports_per_minute: 20,
            by_bank_percent: None,
            stretch: 1,
            mutant: None,
            victims: true,
            staff: false,
        }
    }

    fn setup(&self, country: &Country, flow: Flow, reading: Reading) -> Setup {
        let minute = 60_000_000_i64.saturating_mul(reading.factor);
        let every_micros = minute / i64::from(self.reports_per_minute.max(1));
        let seconds = self.run_for.unwrap_or(LONGEST_PLAN).as_secs();
        let losses = if self.victims { seconds * u64::from(self.reports_per_minute) / 60 + 1 } else { 0 };
        Setup {
            seed: country.seed,
            flow: Arc::new(flow),
            houses: Setup::houses_of(country),
            from: Moment::from_secs(reading.office_at(wall_micros()).secs()),
            losses,
            every_micros,
            background: true,
            asks: true,
        }
    }

    fn flow(&self) -> anyhow::Result<Flow> {
        let mut flow = Flow::committed()?.stretched(i64::from(self.stretch.max(1)));
        if let Some(percent) = self.by_bank_percent {
            flow.report_by_bank.shape = Shape::Constant { value: i64::from(percent.min(100)) * 10 };
        }
        Ok(flow)
    }
}

/// Runs a country until its time is over or the process is told to end.
///
/// # Errors
/// If the folder is incomplete, the node is not on loopback, does not answer, or publishes an API that lacks
/// what the country relies on; or if a port is taken.
pub async fn run(config: Config) -> anyhow::Result<Summary> {
    let stage = set_up(&config).await?;
    let gateways = listen(&stage.country.listen).await?;
    let truth = listen(&stage.country.admin).await?;
    serve(gateways, front::routes(Arc::clone(&stage)));
    serve(truth, admin::routes(Arc::clone(&stage)));
    tokio::spawn(tick(Arc::clone(&stage)));
    tokio::spawn(keep_time(Arc::clone(&stage)));
    inbox::start(&stage);
    screen::start(&stage);
    victim::start(&stage);
    if config.staff {
        staff::start(&stage, &config.dir);
    }
    tracing::info!(node = stage.node.base(), gateways = %stage.country.listen, "the simulated country is open");
    until_the_end(config.run_for).await;
    finish(&stage, config.settle).await;
    let last = summary(&stage);
    stage.journal.flush();
    std::fs::write(config.dir.join(files::SUMMARY), serde_json::to_vec_pretty(&last)?)
        .context("cannot write the summary")?;
    Ok(last)
}

async fn set_up(config: &Config) -> anyhow::Result<Arc<Stage>> {
    let country = Country::load(&config.dir)?;
    let keys = Keys::load(&config.dir)?;
    let behaviours = Behaviours::load(&config.dir)?;
    let node = Node::new(config.node.as_deref().unwrap_or(&country.node))?;
    let first = node.wait(NODE_PATIENCE_SECS).await.context("the node does not answer")?;
    node.check_contract().await?;
    node.load_keys().await?;
    let flow = config.flow()?;
    let world = World::new(config.setup(&country, flow.clone(), first));
    let journal = Journal::create(&config.dir.join(files::TRUTH))?;
    let office = OfficeTime::new(node.clock().await?);
    let (mutant, props_world) = (config.mutant, world);
    let props = Props { country, keys, behaviours, flow, node, office, world: props_world, journal, mutant };
    Ok(Arc::new(Stage::new(props)))
}

pub(crate) async fn listen(address: &str) -> anyhow::Result<TcpListener> {
    crate::country::require_loopback(&format!("http://{address}"))?;
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on `{address}`"))
}

fn serve(listener: TcpListener, routes: axum::Router) {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            tracing::error!(%error, "a listener ended");
        }
    });
}

/// Brings the world up to the present and writes down what happened.
pub(crate) async fn tick(stage: Arc<Stage>) {
    loop {
        write_down(&stage);
        pause(TICK).await;
    }
}

fn write_down(stage: &Stage) {
    let mut world = stage.world();
    for happening in world.take_happenings() {
        let (at, what, facts) = match happening {
            Happening::Paid(id) => {
                let payment = &world.payments[id];
                let facts =
                    json!({"reference": world.payment_reference(id), "amount": to_text(payment.amount)});
                (payment.at, "paid", facts)
            }
            Happening::Arrived(id, transfer) => {
                let at = world.book.transfers[transfer].at;
                (at, "arrived", json!({"reference": world.payment_reference(id)}))
            }
            Happening::Moved(id, hop) => {
                stage.counts.add(&format!("hop.{hop}"));
                let transfer = &world.book.transfers[id];
                let facts = json!({
                    "reference": world.reference(id), "amount": to_text(transfer.amount), "hop": hop,
                    "how": format!("{:?}", transfer.how),
                });
                (transfer.at, "moved", facts)
            }
            Happening::Stopped { wanted, had, at, .. } => {
                stage.counts.add("mules.stopped");
                (at, "mule stopped by a hold", json!({"wanted": to_text(wanted), "had": to_text(had)}))
            }
        };
        stage.journal.note(at, what, facts);
    }
}

pub(crate) async fn keep_time(stage: Arc<Stage>) {
    loop {
        pause(CLOCK_EVERY).await;
        match stage.node.clock().await {
            Ok(reading) => stage.office.set(reading),
            Err(error) => tracing::debug!(%error, "the node's clock cannot be read"),
        }
        stage.journal.flush();
    }
}

pub(crate) async fn until_the_end(run_for: Option<Duration>) {
    let time = async {
        match run_for {
            Some(time) => pause(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = time => {}
        () = told_to_end() => tracing::info!("told to end"),
    }
}

#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Lets what is on its way arrive.
async fn finish(stage: &Arc<Stage>, settle: Duration) {
    stage.stop();
    let end = wall_micros().saturating_add(i64::try_from(settle.as_micros()).unwrap_or(i64::MAX));
    while !stage.idle() && wall_micros() < end {
        pause(TICK).await;
    }
    if !stage.idle() {
        tracing::warn!("some answers were still on their way at the end");
    }
}
