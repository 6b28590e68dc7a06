//! Callers of the real verb.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use app::App;
use kernel::{Actor, Lang, Money, When};
use qorgan::node::{self, NodeArgs};
use report::service::Filing;
use report::{Harm, NewPayment, NewReport, Reporter, Target};
use tokio::runtime::Runtime;

use crate::clock::Stopwatch;
use crate::harness::Cost;

/// As long as the denominator's report: 600 characters without an identifier in them.
const SENTENCE: &str = "Someone called, said my savings were in danger and asked me to move them at once. ";

/// A node without its server, on an embedded database in its own folder.
pub(crate) struct Stand {
    app: App,
    runtime: Runtime,
    serial: Arc<AtomicU64>,
    story: String,
}

impl Stand {
    pub(crate) fn new(data: &Path) -> anyhow::Result<Self> {
        let app = node::open(&NodeArgs {
            data: data.to_path_buf(),
            database: None,
            profile: "kz".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
        })?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let story = SENTENCE.repeat(8).chars().take(600).collect();
        Ok(Self { app, runtime, serial: Arc::default(), story })
    }

    /// The node.
    pub(crate) const fn app(&self) -> &App {
        &self.app
    }

    pub(crate) const fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// So many callers, each with its next report as soon as the last one is acknowledged.
    pub(crate) fn run(&self, callers: usize, seconds: u64) -> anyhow::Result<Cost> {
        let watch = Stopwatch::start();
        let until = Duration::from_secs(seconds);
        let costs = self.runtime.block_on(async {
            let mut tasks = Vec::new();
            for _ in 0..callers {
                let (app, serial, story) = (self.app.clone(), Arc::clone(&self.serial), self.story.clone());
                tasks.push(tokio::spawn(async move {
                    let mut mine = Vec::new();
                    while watch.elapsed() < until {
                        let new = one(&app, serial.fetch_add(1, Ordering::Relaxed), &story)?;
                        mine.push(file(&app, new).await?);
                    }
                    anyhow::Ok(mine)
                }));
            }
            let mut all = Vec::new();
            for task in tasks {
                all.extend(task.await??);
            }
            anyhow::Ok(all)
        })?;
        Ok(Cost::of_concurrent(watch.nanoseconds(), &costs))
    }

    /// So many reports, a thousand callers at a time.
    pub(crate) fn fill(&self, reports: u64) -> anyhow::Result<()> {
        self.runtime.block_on(async {
            let mut left = reports;
            while left > 0 {
                let mut tasks = Vec::new();
                for _ in 0..left.min(1_000) {
                    let new = one(&self.app, self.serial.fetch_add(1, Ordering::Relaxed), &self.story)?;
                    let app = self.app.clone();
                    tasks.push(tokio::spawn(async move { file(&app, new).await }));
                }
                left = left.saturating_sub(1_000);
                for task in tasks {
                    task.await??;
                }
            }
            Ok(())
        })
    }

    /// One caller, one report after another.
    pub(crate) fn alone(&self, times: u32) -> anyhow::Result<Cost> {
        let mut costs = Vec::new();
        for _ in 0..times {
            let new = one(&self.app, self.serial.fetch_add(1, Ordering::Relaxed), &self.story)?;
            costs.push(self.runtime.block_on(file(&self.app, new))?);
        }
        Ok(Cost::of_each(&costs))
    }

    /// Delivers all news, as a running node would have done.
    pub(crate) fn drain(&self) -> anyhow::Result<()> {
        let subscribers = qorgan::slices::subscribers(&self.app);
        self.runtime.block_on(db::outbox::drain(&self.app.db, &subscribers))?;
        Ok(())
    }

    /// Every report that was acknowledged is in the database, with its three identifiers; gives how many.
    pub(crate) fn check(&self) -> anyhow::Result<u64> {
        let all = self.app.db.read_blocking(report::store::all_ids)?.len();
        let filed = self.serial.load(Ordering::Relaxed);
        ensure!(u64::try_from(all)? == filed, "{filed} reports were acknowledged, {all} are there");
        Ok(filed)
    }
}

/// Nanoseconds until the acknowledgement.
async fn file(app: &App, new: NewReport) -> anyhow::Result<u64> {
    let watch = Stopwatch::start();
    let filing = Filing { draft: None, with_code: true };
    let filed = report::service::file(app, &Actor::Public, new, filing).await?;
    let ns = watch.nanoseconds();
    ensure!(!filed.already && filed.code.is_some(), "report `{}` was there before", filed.number);
    Ok(ns)
}

/// The account to which a report pays.
pub(crate) fn payee(serial: u64) -> String {
    sandbox::ids::iban("801", &format!("{serial:013}"))
}

/// A report with one payment and three identifiers that no other has.
fn one(app: &App, serial: u64, story: &str) -> anyhow::Result<NewReport> {
    let value = payee(serial);
    let masked = report::rules::mask("iban", &value);
    let now = app.office.now();
    Ok(NewReport {
        // As the portal makes them: from the key that was drawn when the form was begun.
        id: report::rules::id_from_key(app.uuid()),
        channel: "portal".to_owned(),
        lang: Lang::new("kk").context("no such language")?,
        ongoing: false,
        harm: Harm::Money,
        reporter: Reporter {
            name: "Үлгі Адам".to_owned(),
            phone: format!("+7701{:07}", serial % 10_000_000),
            iin: format!("{serial:012}"),
        },
        story: story.to_owned(),
        payments: vec![NewPayment {
            amount: Money::from_minor(15_000_000, app.profile.currency()),
            when: When::exactly(now),
            own_institution: "ZALT".to_owned(),
            own_account: String::new(),
            to: Some(Target { kind: "iban".to_owned(), value, masked }),
            to_institution: "ZBUL".to_owned(),
            reference: String::new(),
        }],
    })
}
