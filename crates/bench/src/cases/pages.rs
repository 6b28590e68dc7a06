//! Each page and each list of the API, looked at and then asked for many times, by an officer, by the head of a unit and by an auditor.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use app::App;
use kernel::Actor;
use serde_json::Value;

use super::fill::Filled;
use super::truth::{Asked, Truth};
use crate::clock::Stopwatch;
use crate::desk::{Desk, demo};
use crate::harness::Verdict;
use crate::stats;

/// What 95 of 100 requests must stay below.
const BAR: Duration = Duration::from_millis(50);
/// Rows of a page of the API here.
const API_ROWS: usize = 100;
/// Pages of the API that are asked for one behind the other.
const API_PAGES: usize = 40;
/// Filters and orders that the page offers.
const FILTERS: [&str; 8] = [
    "",
    "is:mine",
    "is:late",
    "is:mine is:late",
    "is:urgent",
    "is:over",
    "stage:investigation",
    "unit:investigation is:late",
];
const SORTS: [&str; 4] = ["changed", "due", "opened", "priority"];

/// A request, for turn after turn another thing.
struct Page {
    name: String,
    method: &'static str,
    paths: Vec<String>,
    form: String,
    status: u16,
    /// Texts that must be on the first.
    shows: Vec<String>,
}

impl Page {
    fn get(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            method: "GET",
            paths: vec![path.into()],
            form: String::new(),
            status: 200,
            shows: Vec::new(),
        }
    }
    fn of(name: impl Into<String>, paths: Vec<String>) -> Self {
        Self { paths, ..Self::get(name, "") }
    }
    fn found(words: &str, name: &str) -> Self {
        let form = format!("words={}", encoded(words));
        Self { method: "POST", form, ..Self::get(name, "/desk/cases") }
    }
    fn with(self, shows: impl IntoIterator<Item = String>) -> Self {
        Self { shows: shows.into_iter().collect(), ..self }
    }
    fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }
    fn path(&self, no: usize) -> &str {
        self.paths.get(no % self.paths.len().max(1)).map_or("", String::as_str)
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn listed(asked: Asked) -> String {
    format!("/desk/cases?q={}&sort={}", encoded(asked.filter), asked.sort)
}

/// Somebody who asks.
struct Visitor<'a> {
    app: &'a App,
    desk: Desk,
    actor: Actor,
    head: bool,
}

impl<'a> Visitor<'a> {
    async fn sign_in(app: &'a App, login: &str, head: bool) -> anyhow::Result<Self> {
        Ok(Self { app, desk: Desk::sign_in_as(app, login).await?, actor: demo(app, login).await?, head })
    }

    async fn ask(&self, page: &Page, no: usize) -> anyhow::Result<(u16, String)> {
        let answer = self.desk.ask(page.method, page.path(no), page.form.clone()).await?;
        let status = answer.status().as_u16();
        Ok((status, crate::desk::text(answer).await?))
    }

    async fn json(&self, path: &str) -> anyhow::Result<Value> {
        let (status, body) = self.ask(&Page::get(path, path), 0).await?;
        ensure!(status == 200, "{path} gives {status}: {body:.300}");
        Ok(serde_json::from_str(&body)?)
    }

    /// A list of the API held against the bare rows: its count, its first page, its stages.
    async fn compare(&self, truth: &Truth, asked: Asked) -> anyhow::Result<Vec<String>> {
        let path = format!(
            "/api/v1/cases?q={}&sort={}&limit={API_ROWS}",
            encoded(asked.filter).replace("%20", "+"),
            asked.sort
        );
        let told = self.json(&path).await?;
        let all = truth.list(&self.actor, self.head, asked, self.app.office.now());
        let count = i64::try_from(all.len())?;
        let said = member(&told, "count").as_i64().unwrap_or(-1);
        // A term may run out between the question and the reckoning.
        let near = if asked.filter.contains("is:late") { 2 } else { 0 };
        ensure!((said - count).abs() <= near, "{path}: {said} are counted, there are {count}");
        let rows: Vec<&str> = member(&told, "cases")
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|c| member(c, "number").as_str())
            .collect();
        let due: Vec<&str> = all.iter().take(API_ROWS).map(|r| r.number.as_str()).collect();
        ensure!(near > 0 || rows == due, "{path}: other cases, or in another order, than there should be");
        let stages = truth.stages(&self.actor, self.head);
        for stage in member(&told, "stages").as_array().into_iter().flatten() {
            let (code, n) =
                (member(stage, "stage").as_str().unwrap_or_default(), member(stage, "count").as_i64());
            ensure!(stages.get(code).copied() == n, "{n:?} at {code}, there are {:?}", stages.get(code));
        }
        Ok(rows.into_iter().map(ToOwned::to_owned).collect())
    }

    /// Addresses of the pages of an API list, each behind the one before.
    async fn behind(&self, sort: &str, filter: &str) -> anyhow::Result<Vec<String>> {
        let (mut all, mut after) = (Vec::new(), String::new());
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..API_PAGES {
            let path =
                format!("/api/v1/cases?q={}&sort={sort}&limit={API_ROWS}&after={after}", encoded(filter));
            let told = self.json(&path).await?;
            for case in member(&told, "cases").as_array().into_iter().flatten() {
                let number = member(case, "number").as_str().unwrap_or_default().to_owned();
                ensure!(seen.insert(number.clone()), "{number} stands on two pages by {sort}");
            }
            all.push(path);
            match member(&told, "next").as_str() {
                Some(next) => next.clone_into(&mut after),
                None => break,
            }
        }
        Ok(all)
    }

    /// Looks at each page, then asks for it many times.
    async fn time(
        &self,
        pages: &[Page],
        times: usize,
        (who, out): (&str, &mut dyn Write),
    ) -> anyhow::Result<Vec<Verdict>> {
        let mut verdicts = Vec::new();
        for page in pages {
            let (status, body) = self.ask(page, 0).await?;
            ensure!(status == page.status, "{}, {who}: gives {status}: {body:.400}", page.name);
            for text in &page.shows {
                ensure!(body.contains(text.as_str()), "{}, {who}: `{text}` is not on it", page.name);
            }
            let mut all = Vec::new();
            for no in 0..times {
                let watch = Stopwatch::start();
                let (status, _) = self.ask(page, no).await?;
                all.push(watch.nanoseconds());
                ensure!(status == page.status, "{}, {who}: gives {status}", page.name);
            }
            let [p50, p95, p99] = [50, 95, 99].map(|p| stats::percentile(&all, p));
            let verdict = if Duration::from_nanos(p95) <= BAR { Verdict::Met } else { Verdict::Missed };
            writeln!(
                out,
                "    {who:<8} {:<52} p50 {:>9}  p95 {:>9}  p99 {:>9}  {verdict}",
                page.name,
                stats::time(p50),
                stats::time(p95),
                stats::time(p99)
            )?;
            out.flush()?;
            verdicts.push(verdict);
        }
        Ok(verdicts)
    }
}

/// Looks at everything and times it.
///
/// # Errors
/// A page that does not show what it should, a count that is not true.
pub(super) async fn measure(
    app: &App,
    filled: &Filled,
    times: usize,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<Verdict>> {
    let truth = Truth::read(app).await?;
    let officer = Visitor::sign_in(app, "aliya", false).await?;
    let head = Visitor::sign_in(app, "daur", true).await?;
    let auditor = Visitor::sign_in(app, "sanzhar", false).await?;
    writeln!(
        out,
        "    {} cases lie there, {} of them open; the officer sees {}, {} of the open ones are theirs or of their unit and have a term",
        truth.len(),
        truth.open(),
        truth.seen(&officer.actor, false).len(),
        truth.board(&officer.actor, false)
    )?;
    for filter in FILTERS {
        for sort in SORTS {
            let asked = Asked { filter, sort };
            let rows = officer.compare(&truth, asked).await?;
            ensure!(!rows.is_empty(), "nothing is `{filter}`: nothing would be measured");
            head.compare(&truth, asked).await?;
        }
    }
    writeln!(
        out,
        "    counts, stages and first {API_ROWS} rows of {} lists are those of the bare rows",
        FILTERS.len() * SORTS.len() * 2
    )?;

    let lists = |visitor: &Visitor<'_>| -> Vec<Page> {
        let mut all = Vec::new();
        for filter in FILTERS {
            for sort in SORTS {
                let asked = Asked { filter, sort };
                let due = truth.list(&visitor.actor, visitor.head, asked, app.office.now());
                let shown =
                    due.iter().take(3).map(|r| format!("/desk/cases/{}\"", r.number)).collect::<Vec<_>>();
                let shown = if filter.contains("is:late") { Vec::new() } else { shown };
                let words = if filter.is_empty() { "all open" } else { filter };
                all.push(Page::get(format!("list: {words}, by {sort}"), listed(asked)).with(shown));
            }
        }
        all
    };
    let mut pages = lists(&officer);
    pages.extend(single(&officer, &truth, filled).await?);
    let mut verdicts = officer.time(&pages, times, ("officer", out)).await?;
    let mut pages: Vec<Page> = lists(&head).into_iter().step_by(3).collect();
    pages.extend(single(&head, &truth, filled).await?);
    verdicts.extend(head.time(&pages, times, ("head", out)).await?);
    let refused = [
        Page::get("list: refused", "/desk/cases").status(404),
        Page::get("a case: not there", format!("/desk/cases/{}", filled.large)).status(404),
        Page::get("the API's list: refused", "/api/v1/cases").status(404),
    ];
    verdicts.extend(auditor.time(&refused, times, ("auditor", out)).await?);
    Ok(verdicts)
}

/// Everything that is no plain list.
async fn single(visitor: &Visitor<'_>, truth: &Truth, filled: &Filled) -> anyhow::Result<Vec<Page>> {
    let row = |number: &str| format!("/desk/cases/{number}\"");
    let all = truth.list(
        &visitor.actor,
        visitor.head,
        Asked { filter: "", sort: "changed" },
        visitor.app.office.now(),
    );
    let step = (all.len() / 300).max(1);
    let cases: Vec<String> = all.iter().step_by(step).map(|r| r.number.clone()).collect();
    let some = cases.first().context("no case is seen")?.clone();
    let pages = |end: &str| cases.iter().map(|n| format!("/desk/cases/{n}{end}")).collect::<Vec<_>>();
    let (large, long) = (&filled.large, &filled.long);
    let earlier = visitor.json(&format!("/api/v1/cases/{long}/time")).await?;
    let earlier = member(&earlier, "earlier").as_str().context("the long time line has one page")?.to_owned();
    let board = truth.board(&visitor.actor, visitor.head);
    let mut out = vec![
        Page::get("list: ten pages shown at once (500 rows)", "/desk/cases?page=10").with([row(&some)]),
        Page::get("list: 500 of what is over", "/desk/cases?q=is%3Aover&page=10"),
        Page::found("эпизод", "found by a word of every title").with(["data-row".to_owned()]),
        Page::found("эпизод топ выдуман шығарылған", "found by four words of every title")
            .with(["data-row".to_owned()]),
        Page::found("қауіпсіз", "found by a word of many titles").with(["data-row".to_owned()]),
        Page::found("эпизод 17", "found by a word of all and one of few"),
        Page::found("жоқмұндай", "found: nothing"),
        Page::of(
            "the box: a number of a case leads to it",
            cases.iter().map(|n| format!("/desk/cases?q={n}")).collect(),
        )
        .status(303),
        Page::of("a case", pages("")).with([some.clone()]),
        Page::of("its time line", pages("/time")),
        Page::of("its paper", pages("/paper")),
        Page::get(format!("the case with {} reports", filled.large_reports), format!("/desk/cases/{large}"))
            .with([large.clone(), "/desk/reports/R-".to_owned()]),
        Page::get("its time line", format!("/desk/cases/{large}/time")),
        Page::get("its paper", format!("/desk/cases/{large}/paper")),
        Page::get("the case with 3,000 entries", format!("/desk/cases/{long}")).with([long.clone()]),
        Page::get("its time line", format!("/desk/cases/{long}/time")),
        Page::get("its time line, an earlier page", format!("/desk/cases/{long}/time?before={earlier}")),
        Page::get("its time line, one kind", format!("/desk/cases/{long}/time?kind=hand")),
        Page::get(format!("the clock board ({board} cases with a term)"), "/desk/board")
            .with(["id=\"case-board\"".to_owned()]),
        Page::of(
            "a report's page with its cases",
            filled.reports.iter().map(|n| format!("/desk/reports/{n}")).collect(),
        ),
        Page::get("the page of a report in many cases", format!("/desk/reports/{}", filled.common_report))
            .with(["/desk/cases/C-".to_owned()]),
        Page::get("API: a case", format!("/api/v1/cases/{some}")).with([some.clone()]),
        Page::get("API: the largest case", format!("/api/v1/cases/{large}")).with([large.clone()]),
        Page::get("API: the long time line", format!("/api/v1/cases/{long}/time")),
        Page::get("API: tasks", "/api/v1/cases/tasks"),
        Page::get("API: what was referred to the unit", "/api/v1/cases/coming"),
        Page::get("API: kept lists", "/api/v1/cases/views"),
        Page::get("API: who works on cases", "/api/v1/cases/people"),
    ];
    for sort in SORTS {
        let behind = visitor.behind(sort, "").await?;
        out.push(Page::of(
            format!("API: list by {sort}, {} pages of {API_ROWS} by cursor", behind.len()),
            behind,
        ));
    }
    let behind = visitor.behind("opened", "is:over").await?;
    out.push(Page::of("API: what is over, by cursor", behind));
    Ok(out)
}

/// A member of an answer; null where it is not there.
fn member<'a>(of: &'a Value, name: &str) -> &'a Value {
    of.get(name).unwrap_or(&Value::Null)
}
