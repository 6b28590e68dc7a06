//! Orders to send: the confirming page. It shows exactly what will leave, on what basis, how far and till when, and
//! lists what may not leave with the missing condition.

use access::{Action, Resource, Session, Staff, Stage};
use app::App;
use askama::Template;
use audit::{Act, RecordView};
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Purpose};
use legal_basis::Basis;
use order::model::{Direction, Opened, Trigger};
use order::service::{Capacity, OrderView};
use order::words;
use order::{OrderError, OrderId, Status as Stands};
use profile::Measure;
use serde::Deserialize;
use serde_json::json;
use trail::web::Names;
use web::{ClockState, Ctx, Empty, Markup, Page, Problem, SeeOther, Toast, encode};

use super::act::page_of;
use super::hands::{away, signatories, stead_words};
use super::order_row::{self, Bases};
use super::{BackForm, timeline};

/// Most drafts on one page: what is sent must have been seen.
const MANY: usize = 60;

/// A draft as it will leave.
struct Draft {
    id: String,
    href: String,
    report: String,
    report_href: String,
    executor: String,
    via: Option<String>,
    letter: bool,
    measure: String,
    scope: Option<String>,
    things: Vec<String>,
    because: String,
    cap: String,
    due: Markup,
    lapse: String,
    basis: String,
    why: String,
    given: usize,
    needed: usize,
    hop: i64,
    /// In whose stead this reader would sign.
    stead: Option<String>,
    /// Whether this reader may send or sign it now; else why not.
    barred: Option<String>,
    /// Whether this reader may take it back.
    may_cancel: bool,
}

/// A payment that led to no order.
struct Missing {
    no: i64,
    amount: String,
    why: String,
}

/// What stood in the way of an order.
struct Refused {
    href: String,
    executor: String,
    why: String,
}

#[derive(Template)]
#[template(path = "desk_orders.html")]
struct Plan {
    ctx: Ctx,
    title: String,
    back: String,
    drafts: Vec<Draft>,
    barred: Vec<Draft>,
    missing: Vec<Missing>,
    refused: Vec<Refused>,
    left_out: usize,
    empty: Option<Empty>,
    chips: Vec<Chip>,
    away: Vec<String>,
    available: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PlanQuery {
    n: String,
    measure: String,
}

/// Drafts of one measure, as a link.
struct Chip {
    href: String,
    words: String,
    on: bool,
}

/// `GET /desk/orders`: all drafts, or those of the reports named by `n`.
pub(crate) async fn all(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<PlanQuery>,
) -> Result<Response, Problem> {
    let numbers: Vec<&str> = query.n.split(',').filter(|n| !n.is_empty()).collect();
    let mut views = order::service::drafts(&app, &actor).await?;
    views.retain(|v| numbers.is_empty() || numbers.contains(&v.order.report_number.as_str()));
    let chips = chips(&ctx, &views, &query);
    let others = !views.is_empty();
    views.retain(|v| query.measure.is_empty() || v.order.measure.as_str() == query.measure);
    let title = ctx.t("desk-orders");
    let page = plan(&ctx, &app, &actor, views, (title, place(&query.n, &query.measure))).await?;
    let none_of_these = page.empty.is_some() && others;
    let empty = none_of_these
        .then(|| Empty::new(&ctx, "desk-orders-others").action("/desk/orders", &ctx.t("desk-orders-all")));
    Ok(Page(Plan { chips, empty: empty.or(page.empty), ..page }).into_response())
}

/// The address of the drafts of these reports and this measure; empty for any.
fn place(numbers: &str, measure: &str) -> String {
    let given = [("n", numbers), ("measure", measure)].into_iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = given.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if query.is_empty() { "/desk/orders".to_owned() } else { format!("/desk/orders?{}", query.join("&")) }
}

/// One chip for each measure that waits, where there are several.
fn chips(ctx: &Ctx, views: &[OrderView], query: &PlanQuery) -> Vec<Chip> {
    let mut measures: Vec<(Measure, usize)> = Vec::new();
    for view in views {
        match measures.iter_mut().find(|(m, _)| *m == view.order.measure) {
            Some((_, n)) => *n = n.saturating_add(1),
            None => measures.push((view.order.measure, 1)),
        }
    }
    // Whoever looks at one measure needs the way back to all, also when none of it is left.
    if measures.len() < 2 && query.measure.is_empty() {
        return Vec::new();
    }
    let chip = |code: &str, words: String, n: usize| Chip {
        href: place(&query.n, code),
        words: format!("{words}: {n}"),
        on: query.measure == code,
    };
    let all = chip("", ctx.t("desk-orders-all"), views.len());
    std::iter::once(all)
        .chain(measures.iter().map(|(m, n)| chip(m.as_str(), words::measure(ctx, *m), *n)))
        .collect()
}

/// `GET /desk/reports/{number}/orders`: those of one report, and the payments that led to none.
pub(crate) async fn of_report(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let mut views = order::service::of_report(&app, &actor, report.id).await?;
    let led: Vec<_> = views.iter().flat_map(|v| v.objects.iter().filter_map(|o| o.payment)).collect();
    views.retain(|v| v.order.status == Stands::Drafted);
    let title = ctx.ta("desk-orders-of", [("number", report.number.as_str())]);
    let back = format!("{}/orders", page_of(&report.number));
    let mut page = plan(&ctx, &app, &actor, views, (title, back)).await?;
    let me = (app.clone(), actor.clone());
    let payments = app
        .db
        .read(move |tx| match report::service::load(tx, &me.0, &me.1, report.id) {
            Ok(full) => Ok(full.payments),
            Err(report::ReportError::Erased) => Ok(Vec::new()),
            Err(e) => Err(e),
        })
        .await?;
    let records = timeline::records(&app, report.id.uuid(), vec![report.id.uuid()]).await?;
    for payment in payments.iter().filter(|p| !led.contains(&p.id)) {
        let why = noted(&records, payment.id);
        page.missing.push(Missing {
            no: payment.no,
            amount: ctx.money(payment.amount),
            why: words::why(&ctx, &why),
        });
    }
    if !page.missing.is_empty() {
        page.empty = None;
    }
    Ok(Page(page).into_response())
}

/// Why a payment led to no order, from the newest note in the record.
fn noted(records: &[RecordView], payment: report::PaymentId) -> String {
    let id = payment.to_string();
    let text = |r: &RecordView, name: &str| {
        r.facts.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let notes = records.iter().filter(|r| r.record.act == "order.not_drafted" && text(r, "payment") == id);
    notes.max_by_key(|r| r.record.office_at).map_or_else(|| "order.not_yet".to_owned(), |r| text(r, "why"))
}

/// The page of these drafts, accounts opened for the purpose of carrying the orders out.
async fn plan(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    mut views: Vec<OrderView>,
    place: (String, String),
) -> Result<Plan, Problem> {
    let left_out = views.len().saturating_sub(MANY);
    views.truncate(MANY);
    let (names, bases) = (Names::load(app).await, order_row::bases(app, &views).await);
    let opened = open(app, actor, &views).await?;
    let ids: Vec<OrderId> = views.iter().map(|v| v.order.id).collect();
    let capacities = order::service::capacities(app, actor, &ids).await?;
    let none = Capacity::default();
    let rows = views.iter().map(|v| {
        let capacity = capacities.get(&v.order.id).unwrap_or(&none);
        draft(ctx, actor, (&names, &bases), (v, capacity), &opened)
    });
    let (barred, drafts): (Vec<Draft>, Vec<Draft>) = rows.partition(|d| d.barred.is_some());
    let empty = (drafts.is_empty() && barred.is_empty())
        .then(|| Empty::new(ctx, "desk-orders-empty").action("/desk", &ctx.t("desk-queue")));
    let (title, back) = place;
    let signatories = signatories(app, actor).await?;
    Ok(Plan {
        available: signatories.iter().filter(|s| s.is_available()).count(),
        away: signatories.iter().filter_map(|s| away(ctx, s)).collect(),
        title,
        back,
        drafts,
        barred,
        missing: Vec::new(),
        refused: Vec::new(),
        left_out,
        empty,
        chips: Vec::new(),
        ctx: ctx.clone(),
    })
}

/// Opens what the drafts name. The read is a record of each report.
async fn open(app: &App, actor: &Actor, views: &[OrderView]) -> Result<Vec<Opened>, OrderError> {
    let objects: Vec<_> = views.iter().flat_map(|v| v.objects.iter().cloned()).collect();
    let mut reports: Vec<_> = views.iter().map(|v| v.order.report).collect();
    reports.sort_unstable();
    reports.dedup();
    let (me, actor) = (app.clone(), actor.clone());
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    app.db
        .write(move |tx| {
            let mut all = Vec::new();
            for object in &objects {
                match order::service::open_object_in(tx, &me, object, Purpose::ExecuteOrder) {
                    Ok(opened) => all.push(opened),
                    Err(OrderError::Erased) => {}
                    Err(e) => return Err(e),
                }
            }
            for report in &reports {
                let act = Act::read("order.plan_read", "report", report.uuid(), Purpose::ExecuteOrder);
                me.record(tx, &actor, &Act { facts: json!({}), ..act })?;
            }
            Ok(all)
        })
        .await
}

fn draft(
    ctx: &Ctx,
    actor: &Actor,
    (names, bases): (&Names, &Bases),
    (v, capacity): (&OrderView, &Capacity),
    opened: &[Opened],
) -> Draft {
    let order = &v.order;
    let basis = order.header.basis.and_then(|pair| bases.get(&pair));
    let needed = basis
        .and_then(|b| legal_basis::approvers_needed(b, false))
        .map_or(1, |a| usize::from(a.count.max(1)));
    let own: Vec<&Opened> = opened.iter().filter(|o| o.object.order == order.id).collect();
    let things = v.objects.iter().flat_map(|o| match own.iter().find(|x| x.object.id == o.id) {
        Some(x) => {
            let said = x
                .details
                .as_ref()
                .map(|d| words::details(ctx, |code| names.name(ctx, code), d))
                .unwrap_or_default();
            let what =
                words::thing(ctx, &o.kind, &words::shown(&o.kind, x.value.open(Purpose::ExecuteOrder)));
            std::iter::once(what).chain(said).collect()
        }
        None => vec![words::thing(ctx, &o.kind, &o.masked)],
    });
    Draft {
        id: order.id.to_string(),
        href: format!("/desk/orders/{}", order.id),
        report: order.report_number.clone(),
        report_href: page_of(&order.report_number),
        executor: names.name(ctx, &order.executor),
        via: (order.gateway != order.executor).then(|| names.name(ctx, &order.gateway)),
        letter: v.steps.iter().any(|s| s.gateway == "letter"),
        measure: words::measure(ctx, order.measure),
        scope: (order.measure == Measure::Hold)
            .then(|| ctx.t(&format!("legal-basis-scope-{}", words::key_part(order.scope.as_str())))),
        things: things.collect(),
        because: own
            .first()
            .and_then(|o| o.trigger.as_ref())
            .map_or_else(String::new, |t| because(ctx, names, t)),
        // What is not held has no limit to be held to.
        cap: words::cap(ctx, order.measure, order.cap).unwrap_or_else(|| "–".to_owned()),
        due: ctx.clock(order.ack_due, ctx.now(), &ClockState::Running { since: order.requested_at }),
        lapse: ctx.date_time(order.expires_at),
        basis: basis.map_or_else(|| ctx.t("order-basis-none"), |b| words::basis_words(ctx, b)),
        why: words::why(ctx, &order.why_waiting),
        given: capacity.given,
        needed,
        hop: order.hop,
        stead: capacity.stead.as_ref().map(|stead| stead_words(ctx, stead)),
        barred: barred(ctx, actor, (v, capacity), basis),
        may_cancel: access::allowed(
            actor,
            Action::WithdrawOrder,
            &Resource::new("order", order.id.uuid(), &order.header).at(Stage::Draft),
        ),
    }
}

/// The transfer that makes the money disputed.
fn because(ctx: &Ctx, names: &Names, t: &Trigger) -> String {
    let from = t.from_institution.clone().unwrap_or_default();
    let sum = ctx.money(kernel::Money::from_minor(t.amount_minor, t.asset));
    let key = if t.direction == Direction::In { "desk-because-in" } else { "desk-because-out" };
    ctx.ta(
        key,
        [("sum", sum), ("time", ctx.formats().date_time_dense(t.at)), ("from", names.name(ctx, &from))],
    )
}

/// Why this reader cannot send or sign the draft now.
fn barred(
    ctx: &Ctx,
    actor: &Actor,
    (v, capacity): (&OrderView, &Capacity),
    basis: Option<&Basis>,
) -> Option<String> {
    let approvers = basis.and_then(|b| legal_basis::approvers_needed(b, false));
    let needed = approvers.map_or(1, |a| usize::from(a.count.max(1)));
    let roles = approvers.map_or(&[][..], |a| a.roles.as_slice());
    if ctx.now() >= v.order.expires_at {
        return Some(ctx.t("error-order-lapsed"));
    }
    if v.sanction.as_ref().is_some_and(|s| s.given.is_none()) {
        return Some(ctx.t("desk-barred-prosecutor"));
    }
    if capacity.away {
        return Some(ctx.t("desk-barred-away"));
    }
    if capacity.signed {
        return Some(ctx.t("desk-barred-signed"));
    }
    let resource = capacity.resource(&v.order, actor).at(Stage::Draft);
    let action = order::service::signing(actor, needed, roles);
    let key = if action == Action::ApproveOrder { "desk-barred-approver" } else { "desk-barred-officer" };
    (!access::allowed(actor, action, &resource)).then(|| ctx.t(key))
}

/// Whether any of these drafts takes an approver's signature of this reader.
async fn needs_code(app: &App, actor: &Actor, ids: &[OrderId]) -> Result<bool, Problem> {
    let mut views = order::service::drafts(app, actor).await?;
    views.retain(|v| ids.contains(&v.order.id));
    let bases = order_row::bases(app, &views).await;
    Ok(views.iter().any(|v| {
        let basis = v.order.header.basis.and_then(|pair| bases.get(&pair));
        let approvers = basis.and_then(|b| legal_basis::approvers_needed(b, false));
        approvers.is_some_and(|a| {
            order::service::signing(actor, usize::from(a.count), &a.roles) == Action::ApproveOrder
        })
    }))
}

/// `POST /desk/orders/send`: sends what the page showed. Each order stands for itself; what was refused is listed.
pub(crate) async fn send(
    session: Session,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let all =
        |name: &'static str| form.iter().filter(move |(n, _)| n.as_str() == name).map(|(_, v)| v.as_str());
    let ids: Vec<OrderId> = all("id").filter_map(|id| id.parse().ok()).take(MANY).collect();
    let back = BackForm { back: all("back").next().unwrap_or_default().to_owned() }.or("/desk/orders");
    if ids.is_empty() {
        return Ok(SeeOther::to(back).with_toast(Toast::new("desk-orders-none-chosen")).into_response());
    }
    let actor = session.actor.clone();
    // What needs more than an officer's own hand is signed with a fresh one-time code.
    if access::require_step_up(&app, &session).is_err() && needs_code(&app, &actor, &ids).await? {
        return Ok(SeeOther::to(format!("/step-up?next={}", encode(&back))).into_response());
    }
    let (sent, refused) = order::service::approve_and_send_many(&app, &actor, &ids).await;
    let signed = ids.len().saturating_sub(sent).saturating_sub(refused.len());
    if refused.is_empty() {
        let key = if signed > 0 && sent == 0 { "desk-orders-signed" } else { "desk-orders-sent" };
        let n = if key == "desk-orders-signed" { signed } else { sent };
        let toast = Toast::new(key).with("n", n.to_string());
        return Ok(SeeOther::to(back).with_toast(toast).into_response());
    }
    let mut views = order::service::drafts(&app, &actor).await?;
    views.retain(|v| ids.contains(&v.order.id));
    let title = ctx.ta("desk-orders-result", [("sent", sent), ("refused", refused.len())]);
    let mut page = plan(&ctx, &app, &actor, views, (title, back)).await?;
    let names = Names::load(&app).await;
    for (id, error) in &refused {
        let key = Problem::key(kernel::Coded::code(error));
        let why = if ctx.has_text(&key) { ctx.t(&key) } else { ctx.t("problem-conflict.detail") };
        let known = order::service::open(&app, &actor, *id).await.ok();
        let executor = known.map_or_else(|| id.to_string(), |v| names.name(&ctx, &v.order.executor));
        page.refused.push(Refused { href: format!("/desk/orders/{id}"), executor, why });
    }
    page.empty = None;
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}
