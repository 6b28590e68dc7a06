//! Row G7: how soon an approver's last signature is told to whoever asks: one commit, and the process hears of it. Other
//! processes hear of it with the commit that numbers the change.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use app::App;
use identifier::Kind;
use kernel::{Actor, Role};
use partner::bearer::Roster;
use registry::live::{self, Live};
use registry::model::Decided;
use registry::{EntryId, service};

use crate::clock::Stopwatch;
use crate::durable;
use crate::harness::{Bar, By, Cost, Round, Row, Verdict};
use crate::intake::callers::{Stand, payee};
use crate::stats::Ratio;

/// Listings of one round.
const TIMES: u32 = 40;
/// So long a listing may take to be told before something is wrong.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lists things one after another, and looks how soon each is told.
///
/// # Errors
/// A node that does not work.
pub(super) fn run(dir: &Path, rounds: usize, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let stand = Stand::new(&dir.join("listing"))?;
    let things = u64::from(TIMES) * u64::try_from(rounds)?;
    stand.fill(things)?;
    stand.drain()?;
    let app = stand.app().clone();
    let measured: Vec<[Round; 3]> = stand.runtime().block_on(async {
        let law = app.clone();
        app.db.write(move |tx| legal_basis::import(tx, &law)).await?;
        let office = Office::new(&app).await?;
        let mut all = Vec::new();
        for round in 0..u64::try_from(rounds)? {
            let (mut syncs, mut commits, mut acts, mut told) =
                (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for no in 0..u64::from(TIMES) {
                let id = service::entry_id(&app, Kind::Iban, &payee(round * u64::from(TIMES) + no));
                syncs.push(durable::fdatasync(dir, 1)?.mean_ns());
                commits.push(commit(&app, no).await?);
                let (act, all) = office.list(&app, id).await?;
                acts.push(act);
                told.push(all);
            }
            let ours = Cost::of_each(&told);
            let commits = Cost::of_each(&commits);
            all.push([
                Round { theirs: commits.clone(), ours: ours.clone() },
                Round { theirs: Cost::of_each(&syncs), ours },
                Round { theirs: commits, ours: Cost::of_each(&acts) },
            ]);
        }
        anyhow::Ok(all)
    })?;
    let row = |denominator: &str, by, bar| Row {
        id: "G7",
        work: "from the last signature of a listing to the answer".to_owned(),
        denominator: denominator.to_owned(),
        by,
        bar,
    };
    let (mut commits, mut syncs, mut acts) = (Vec::new(), Vec::new(), Vec::new());
    for [commit, sync, act] in measured {
        commits.push(commit);
        syncs.push(sync);
        acts.push(act);
    }
    row("fdatasync of a 4 KiB append", By::P50, Bar::None).print(out, &syncs)?;
    let act = Row {
        work: "of it the act of listing, until its commit".to_owned(),
        ..row("the same", By::P50, Bar::None)
    };
    act.print(out, &acts)?;
    row("a lone durable commit of one row", By::P50, Bar::None).print(out, &commits)?;
    let bar = Bar::AtMost(Ratio::times(2));
    Ok(row("a lone durable commit of one row", By::P99, bar).print(out, &commits)?)
}

/// Nanoseconds of a durable commit of one row.
async fn commit(app: &App, no: u64) -> anyhow::Result<u64> {
    let watch = Stopwatch::start();
    app.db.write(move |tx| db::meta::put(tx, "bench", &no.to_string())).await?;
    Ok(watch.nanoseconds())
}

/// Who lists, and a process that follows.
struct Office {
    officer: Actor,
    approvers: Vec<Actor>,
    live: Arc<Live>,
}

impl Office {
    async fn new(app: &App) -> anyhow::Result<Self> {
        let setup = Actor::system("setup");
        let roles = [Role::DutyOfficer, Role::Approver, Role::Approver, Role::Approver];
        for (no, role) in roles.into_iter().enumerate() {
            let new = access::NewAccount {
                login: format!("bench-{no}"),
                name: "Үлгі Адам".to_owned(),
                password: kernel::Secret::new(format!("korgan-bench-tau-{no}")),
                roles: vec![role],
                seat: None,
                unit: app.node.unit.clone(),
            };
            access::create_account(app, &setup, new).await?;
        }
        let all: Vec<Actor> =
            access::accounts(app, &setup).await?.iter().map(access::Account::actor).collect();
        let officer = all.iter().find(|a| a.has(Role::DutyOfficer)).cloned().context("no officer")?;
        let approvers = all.into_iter().filter(|a| a.has(Role::Approver)).collect();
        let roster = Arc::new(Roster::default());
        tokio::spawn(Arc::clone(&roster).keep(app.clone()));
        let live = Arc::new(Live::new(app.uuid(), roster));
        tokio::spawn(live::follow(app.clone(), Arc::clone(&live)));
        Ok(Self { officer, approvers, live })
    }

    /// Nanoseconds from the last signature to its commit, and to the moment at which the process tells it.
    async fn list(&self, app: &App, id: EntryId) -> anyhow::Result<(u64, u64)> {
        service::confirm(app, &self.officer, id, "two victims paid here").await?;
        let mut watch = Stopwatch::start();
        for approver in &self.approvers {
            watch = Stopwatch::start();
            if service::list(app, approver, id).await?.missing == 0 {
                break;
            }
        }
        let act = watch.nanoseconds();
        while self.live.gist(id).map(|gist| gist.decided) != Some(Decided::Listed) {
            ensure!(watch.elapsed() < PATIENCE, "a listing is not told");
            tokio::task::yield_now().await;
        }
        Ok((act, watch.nanoseconds()))
    }
}
