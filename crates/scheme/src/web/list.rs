//! The list of schemes: what grows, what is large, what was last heard of.

use std::collections::BTreeMap;

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Money};
use serde::Deserialize;
use web::{Chip, Ctx, Empty, FilterBar, Markup, Page, Problem, Sort, Status};

use super::{page_of, words};
use crate::error::SchemeError;
use crate::model::{Alarm, AlarmWhat, Scheme};
use crate::service;
use crate::store::{Order, Wanted};

/// Names of institutions, for pages.
pub(super) struct Banks(BTreeMap<String, kernel::Localised>);

impl Banks {
    /// Reads them.
    pub(super) async fn read(app: &App) -> Result<Self, Problem> {
        let all = partner::service::all(app).await?;
        Ok(Self(all.into_iter().map(|p| (p.code.clone(), p.names)).collect()))
    }
    /// The name of an institution.
    pub(super) fn name(&self, ctx: &Ctx, code: &str) -> String {
        match self.0.get(code) {
            Some(name) => name.get(ctx.lang()).to_owned(),
            None if code.is_empty() => ctx.t("scheme-not-said"),
            None => code.to_owned(),
        }
    }
}

/// A row.
struct Row {
    href: String,
    number: String,
    kind: String,
    reports: String,
    new: String,
    loss: String,
    last: Markup,
    tag: Option<Status>,
}

/// Something out of the ordinary.
pub(super) struct AlarmRow {
    /// In a sentence.
    pub what: String,
    /// The scheme's page.
    pub scheme: Option<(String, String)>,
    /// When it was raised.
    pub at: Markup,
    /// The reports that it is about, where they are no scheme's.
    pub reports: Option<String>,
    /// Where "seen" is sent.
    pub seen: Option<String>,
}

#[derive(Template)]
#[template(path = "scheme_list.html")]
struct List {
    ctx: Ctx,
    alarms: Vec<AlarmRow>,
    filter: FilterBar,
    heads: [Markup; 4],
    rows: Vec<Row>,
    left_out: i64,
    empty: Option<Empty>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    q: String,
    sort: String,
}

/// The filter, read: words of the bar, and a scheme's number, which leads to its page.
fn wanted(app: &App, query: &ListQuery, order: Order) -> (Wanted, Option<i64>) {
    let mut wanted = Wanted { order, ..Wanted::default() };
    let mut number = None;
    for word in query.q.split_whitespace().take(20) {
        match word.to_lowercase().as_str() {
            "is:alarm" => wanted.alarms = true,
            other => match other.split_once(':') {
                Some(("kind", code)) if app.profile.schemes().iter().any(|k| k.code == code) => {
                    code.clone_into(&mut wanted.kind);
                }
                Some(("reports", least)) => {
                    wanted.reports = least.trim_start_matches('>').parse().unwrap_or(i64::MAX);
                }
                // A word that begins like one of ours and is none finds nothing rather than everything.
                Some(_) => wanted.reports = i64::MAX,
                None => number = crate::model::read_number(word),
            },
        }
    }
    (wanted, number)
}

/// `GET /desk/schemes`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let sort = Sort::read(Some(&query.sort), &["number", "reports", "loss", "last"], "-last");
    let order = match sort.column.as_str() {
        "number" => Order::Number,
        "reports" => Order::Reports,
        "loss" => Order::Loss,
        _ => Order::Last,
    };
    let (wanted, number) = wanted(&app, &query, order);
    if let Some(no) = number {
        return Ok(web::SeeOther::to(page_of(&crate::model::number(no))).into_response());
    }
    let listed = service::list(&app, &actor, wanted).await?;
    let chips = [
        Chip { key: "scheme-chip-alarm", filter: "is:alarm".to_owned() },
        Chip { key: "scheme-chip-large", filter: "reports:>10".to_owned() },
    ];
    let empty = listed.rows.is_empty().then(|| {
        if query.q.is_empty() {
            Empty::new(&ctx, "scheme-empty").action("/desk", &ctx.t("desk-nav-queue"))
        } else {
            Empty::new(&ctx, "empty-filter").action("/desk/schemes", &ctx.t("filter-clear"))
        }
    });
    let shown = i64::try_from(listed.rows.len()).unwrap_or(0);
    let page = List {
        alarms: alarms(&ctx, &app, &actor).await?,
        filter: FilterBar::new(&ctx, &query.q, &chips, listed.count),
        heads: [
            sort.head(&ctx, "number", "scheme-col-number"),
            sort.head_number(&ctx, "reports", "scheme-col-reports"),
            sort.head_number(&ctx, "loss", "scheme-col-loss"),
            sort.head(&ctx, "last", "scheme-col-last"),
        ],
        rows: listed.rows.iter().map(|(s, new)| row(&ctx, &app, s, *new)).collect(),
        left_out: listed.count.saturating_sub(shown),
        empty,
        ctx,
    };
    Ok(Page(page).into_response())
}

fn row(ctx: &Ctx, app: &App, s: &Scheme, new: i64) -> Row {
    Row {
        href: page_of(&s.number()),
        number: s.number(),
        kind: words::kind(ctx, app, &s.kind),
        reports: ctx.number(s.reports),
        new: if new > 0 { ctx.ta("scheme-new-today", [("n", new)]) } else { String::new() },
        loss: loss(ctx, app, s.loss_minor),
        last: ctx.time(s.last_at),
        tag: words::alarms(ctx, s.alarms),
    }
}

/// A sum of losses. Sums of other assets are in it roughly, so it is said roughly.
pub(super) fn loss(ctx: &Ctx, app: &App, minor: i64) -> String {
    if minor == 0 {
        return "–".to_owned();
    }
    ctx.money_short(Money::from_minor(minor, app.profile.currency()))
}

/// What is out of the ordinary and nobody has seen.
async fn alarms(ctx: &Ctx, app: &App, actor: &Actor) -> Result<Vec<AlarmRow>, Problem> {
    let all = service::watch(app, actor).await.map_err(|e: SchemeError| Problem::of(&e))?;
    let banks = Banks::read(app).await?;
    let sorts = access::allowed(actor, access::Action::TakeReport, &office(app));
    Ok(all
        .iter()
        .map(|(a, number)| AlarmRow {
            what: words::alarm(ctx, app, &banks, a),
            scheme: number.as_ref().map(|n| (page_of(n), n.clone())),
            at: ctx.time(a.last_at),
            reports: (a.what == AlarmWhat::Bank).then(|| reports_of(ctx, a)),
            seen: sorts.then(|| format!("/desk/schemes/alarms/{}/seen", a.id)),
        })
        .collect())
}

/// The queue with the reports of an alarm about an institution: those of its clients in the hour before it was last raised.
fn reports_of(ctx: &Ctx, a: &Alarm) -> String {
    let hour = web::day::written_moment(a.last_at, ctx.zone()).replace(' ', "T");
    format!("/desk?q={}", web::encode(&format!("bank:{} hour:{hour}", a.subject)))
}

/// Any report of this office: who works on reports may say that an alarm was seen.
fn office(app: &App) -> access::Resource {
    let mut any = access::Resource::any(access::Kind::Report);
    any.organisation.clone_from(&app.node.code);
    any
}
