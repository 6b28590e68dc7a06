//! Row L1: pages of the desk over a registry of ten million entries, or over many reports (`--reports`).
//!
//! Pages are asked of the whole router, in process, by somebody who is signed in; a page counts with everything that it reads and
//! shows. What is shown is looked at before anything is timed.

mod fill;
pub(crate) mod reports;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use app::App;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use kernel::{Actor, Role};
use qorgan::node::{self, NodeArgs};
use tower::ServiceExt as _;

use crate::check::values::value;
use crate::clock::Stopwatch;
use crate::cluster::{Cluster, SETTINGS};
use crate::harness::{Verdict, worst};
use crate::intake::Scratch;
use crate::stats;

/// What 95 of 100 requests must stay below.
const BAR: Duration = Duration::from_millis(50);
/// Entries for which the bar is meant.
const BAR_ENTRIES: u64 = 10_000_000;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Entries of the registry.
    #[arg(long, default_value_t = BAR_ENTRIES)]
    pub entries: u64,
    /// Reports, instead of entries: pages of the queue, of schemes, persons, search and the link chart. A million are meant.
    #[arg(long, default_value_t = 0)]
    pub reports: u32,
    /// How often each page is asked for.
    #[arg(long, default_value_t = 200)]
    pub times: u64,
    /// On a PostgreSQL of its own, too.
    #[arg(long)]
    pub postgres: bool,
    /// Folder for the databases; on the disk that is to be measured.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// Measures the row on SQLite, and on PostgreSQL where that is wished.
///
/// # Errors
/// A page that does not show what it should.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let scratch = Scratch::new(options.dir.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut places = vec![("lite", None)];
    let cluster = options.postgres.then(|| Cluster::start(SETTINGS)).transpose()?;
    places.extend(cluster.as_ref().map(|cluster| ("pg", Some(cluster.url()))));
    let mut verdicts = Vec::new();
    for (name, database) in places {
        let data = scratch.0.join(name);
        verdicts.extend(if options.reports > 0 {
            runtime.block_on(reports::on(options, out, data, database))?
        } else {
            runtime.block_on(on(options, out, data, database))?
        });
    }
    let verdict = worst(&verdicts);
    let few = if options.reports > 0 {
        options.reports < reports::BAR_REPORTS
    } else {
        options.entries < BAR_ENTRIES
    };
    if few {
        writeln!(out, "    fewer than the bar is meant for: shown, not judged")?;
        return Ok(Verdict::Shown);
    }
    Ok(verdict)
}

/// A node whose desk can be signed in to by the button of the demonstration: what is measured comes afterwards.
pub(crate) async fn opened(data: PathBuf, database: Option<String>) -> anyhow::Result<App> {
    let opened = node::open(&NodeArgs {
        data,
        database,
        profile: "kz".to_owned(),
        public_url: "http://127.0.0.1:8080".to_owned(),
    })?;
    let app = App { demo: true, ..opened };
    let law = app.clone();
    app.db.write(move |tx| legal_basis::import(tx, &law)).await?;
    Ok(app)
}

async fn on(
    options: &Options,
    out: &mut dyn Write,
    data: PathBuf,
    database: Option<String>,
) -> anyhow::Result<Vec<Verdict>> {
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    let app = opened(data, database).await?;
    let watch = Stopwatch::start();
    let filled = fill::fill(&app, options.entries).await?;
    writeln!(
        out,
        "L1  {engine}: {} entries, {} of them decided, {} objections, {} payments; filled in {} s",
        options.entries,
        filled.decided,
        filled.objections,
        filled.payments,
        watch.elapsed().as_secs()
    )?;
    let watch = Stopwatch::start();
    registry::service::count_payments(&app).await?;
    writeln!(
        out,
        "    payments are counted in {} for five minutes of pages",
        stats::time(watch.nanoseconds())
    )?;
    let desk = Desk::sign_in(&app).await?;
    timed(&desk, &pages(options.entries, &filled), options.times, out).await
}

/// Looks at each page, then asks for it many times.
async fn timed(
    desk: &Desk,
    pages: &[Page<'_>],
    times: u64,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    for page in pages {
        let (status, body) = desk.send(page, 0).await?;
        ensure!(status == 200 && body.contains(page.shows), "{} gives {status}: {body:.300}", page.name);
        let mut all = Vec::new();
        for no in 0..times {
            let watch = Stopwatch::start();
            let (status, _) = desk.send(page, no).await?;
            all.push(watch.nanoseconds());
            ensure!(status == 200, "{} gives {status}", page.name);
        }
        let p95 = stats::percentile(&all, 95);
        let verdict = if Duration::from_nanos(p95) <= BAR { Verdict::Met } else { Verdict::Missed };
        let (median, p95) = (stats::time(stats::median(&all)), stats::time(p95));
        writeln!(out, "    {:<44} p95 {p95:>10}  median {median:>10}  bar 50 ms: {verdict}", page.name)?;
        verdicts.push(verdict);
    }
    Ok(verdicts)
}

/// A page, for request after request another thing.
struct Page<'a> {
    name: &'static str,
    method: &'static str,
    path: Box<dyn Fn(u64) -> String + 'a>,
    form: Box<dyn Fn(u64) -> String + 'a>,
    /// What must be on it.
    shows: &'a str,
}

impl<'a> Page<'a> {
    fn get(name: &'static str, path: Box<dyn Fn(u64) -> String + 'a>, shows: &'a str) -> Self {
        Self { name, method: "GET", path, form: Box::new(|_| String::new()), shows }
    }
}

/// Pages of the registry.
fn pages(entries: u64, filled: &fill::Filled) -> Vec<Page<'_>> {
    let spread = move |no: u64| no.wrapping_mul(7_919) % entries.max(1);
    let fixed = |path: &'static str| -> Box<dyn Fn(u64) -> String> { Box::new(move |_| path.to_owned()) };
    let entry = |ids: Vec<registry::EntryId>| -> Box<dyn Fn(u64) -> String> {
        Box::new(move |no| {
            let place = usize::try_from(no).unwrap_or(0) % ids.len().max(1);
            ids.get(place).map(|id| format!("/desk/registry/{id}")).unwrap_or_default()
        })
    };
    vec![
        Page::get("what waits, what was named last, figures", fixed("/desk/registry"), "/desk/registry/idn_"),
        Page {
            name: "something looked up",
            method: "POST",
            path: Box::new(|_| "/desk/registry".to_owned()),
            form: Box::new(move |no| {
                let (_, value) = value(spread(no));
                format!("purpose=investigate&value={}", value.replace('+', "%2B"))
            }),
            shows: "class=\"button\" href=\"/desk/registry/idn_",
        },
        Page::get(
            "an entry that people have decided about",
            entry(filled.some.clone()),
            "/desk/registry/idn_",
        ),
        Page::get("an entry that thousands name", entry(vec![filled.hot]), "/desk/registry/idn_"),
        Page::get(
            "objections that wait",
            fixed("/desk/registry/objections"),
            "/desk/registry/objections/obj_",
        ),
        Page::get(
            "objections that were upheld",
            fixed("/desk/registry/objections?status=upheld"),
            "/desk/registry/objections/obj_",
        ),
        Page::get("lists that others keep", fixed("/desk/registry/lists"), "/desk/registry/lists/"),
    ]
}

/// Somebody at the desk.
pub(crate) struct Desk {
    router: axum::Router,
    cookie: String,
}

impl Desk {
    async fn sign_in(app: &App) -> anyhow::Result<Self> {
        let people = access::demo_accounts(app).await?;
        let officer = people.iter().find(|p| p.roles.contains(&Role::DutyOfficer)).context("no officer")?;
        Self::sign_in_as(app, &officer.login).await
    }

    /// Somebody of the demonstration signs in.
    pub(crate) async fn sign_in_as(app: &App, login: &str) -> anyhow::Result<Self> {
        let silent = partner::web::Silent(Arc::new(Vec::new));
        let mut desk = Self { router: qorgan::http::router(app, silent)?, cookie: String::new() };
        let answer = desk.ask("POST", "/sign-in/demo", format!("login={login}")).await?;
        ensure!(answer.status().is_redirection(), "signing in gives {}", answer.status());
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter();
        let session = cookies.filter_map(|c| c.to_str().ok()).rfind(|c| c.contains("qorgan="));
        desk.cookie = session.and_then(|c| c.split(';').next()).context("nobody is signed in")?.to_owned();
        Ok(desk)
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        form: String,
    ) -> anyhow::Result<axum::response::Response> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, format!("{}; lang=ru", self.cookie))
            .body(Body::from(form))?;
        Ok(self.router.clone().oneshot(request).await?)
    }

    async fn send(&self, page: &Page<'_>, no: u64) -> anyhow::Result<(u16, String)> {
        let answer = self.ask(page.method, &(page.path)(no), (page.form)(no)).await?;
        let status = answer.status().as_u16();
        Ok((status, text(answer).await?))
    }
}

/// The body of an answer.
pub(crate) async fn text(answer: axum::response::Response) -> anyhow::Result<String> {
    let body = answer.into_body().collect().await?.to_bytes();
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// Somebody of the demonstration.
pub(crate) async fn demo(app: &App, login: &str) -> anyhow::Result<Actor> {
    let all = access::demo_accounts(app).await?;
    let found = all.iter().find(|a| a.login == login).context("nobody of that name")?;
    Ok(found.actor(app))
}
