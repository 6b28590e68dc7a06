//! One order: facts, objects, route, answers, clocks, and what can be done with it.

use access::{Action, Resource, Staff, Stage};
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use order::answer::Fact;
use order::model::{HolderNotice, Sanction};
use order::words;
use order::{ObjectId, OrderError, OrderId, Status as Stands};
use profile::Measure;
use trail::web::Names;
use web::{ClockState, Ctx, Markup, Page, Problem, Status, Timeline, Tone};

use super::act::page_of;
use super::hands::{HandRow, hand_row, stead_words};
use super::order_row::{self, OrderRow};
use super::timeline;

/// A step of the route.
struct StepRow {
    role: String,
    who: String,
    how: String,
    due: Option<Markup>,
    state: Status,
    at: Option<Markup>,
}

/// A line of an answer.
struct FactRow {
    code: String,
    amount: String,
    at: Markup,
    rest: String,
    text: String,
    /// Who told it, where an officer wrote it down.
    by_hand: Option<String>,
}

struct ObjectPage {
    row: order_row::ObjectRow,
    asked: Vec<String>,
    facts: Vec<FactRow>,
    /// Whose it is, where an institution told and the reader may see persons.
    holders: Option<Markup>,
    correct: Option<String>,
    give_back: Option<String>,
    object_to: Option<String>,
    record: Option<String>,
    notice: Option<NoticeRow>,
}

#[derive(Template)]
#[template(path = "desk_order.html")]
struct Show {
    ctx: Ctx,
    row: OrderRow,
    report_href: String,
    scope: Option<String>,
    basis: String,
    basis_text: String,
    expires: String,
    requested: Markup,
    steps: Vec<StepRow>,
    objects: Vec<ObjectPage>,
    why: String,
    sanction: Option<SanctionRow>,
    hands: Vec<HandRow>,
    /// In whose stead this reader would sign.
    stead: Option<String>,
    timeline: Timeline,
    explained: Option<Markup>,
    may_send: bool,
    may_release: bool,
    may_cancel: bool,
    may_extend: bool,
    may_delist: bool,
    paper: Option<String>,
}

/// What the holder is told, and whether it was given.
struct NoticeRow {
    clock: Markup,
    told: bool,
}

/// What the prosecutor was asked, and what came of it.
struct SanctionRow {
    status: Status,
    clock: Option<Markup>,
    left: Option<String>,
    decided: Option<Markup>,
    signature: Option<String>,
}

fn notice_row(ctx: &Ctx, n: &HolderNotice) -> NoticeRow {
    let since = n.drafted_at;
    let state = n.told_at.map_or(ClockState::Running { since }, |at| ClockState::Done { since, at });
    NoticeRow { clock: ctx.clock(n.due_at, ctx.now(), &state), told: n.told_at.is_some() }
}

fn sanction_row(app: &App, ctx: &Ctx, s: &Sanction) -> SanctionRow {
    let (key, tone) = match s.given {
        None => ("desk-sanction-pending", Tone::Amber),
        Some(true) => ("desk-sanction-give", Tone::Green),
        Some(false) => ("desk-sanction-refuse", Tone::Red),
    };
    let open = s.given.is_none();
    let running = ClockState::Running { since: s.requested_at };
    SanctionRow {
        status: Status::new(ctx, key, tone),
        clock: open.then(|| ctx.clock(s.due_at, ctx.now(), &running)),
        left: open.then(|| super::sanction::days_left(app, ctx, s.due_at)),
        decided: s.decided_at.map(|t| ctx.time_exact(t)),
        signature: s.signature.as_ref().map(hex::encode),
    }
}

/// Reads the id in the address; anything else is not found.
pub(crate) fn id(text: &str) -> Result<OrderId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// `GET /desk/orders/{id}`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let view = order::service::open(&app, &actor, id(&text)?).await?;
    let order = &view.order;
    let (names, bases) = (Names::load(&app).await, order_row::bases(&app, std::slice::from_ref(&view)).await);
    let facts = facts(&app, &view.objects).await?;
    let details = details(&app, &view.objects).await?;
    // Opened, and recorded as read, only where there is something to read.
    let named = facts.iter().any(|(_, f)| !f.holders.is_empty());
    let holders = match named {
        true => person::web::holders_panel(&app, &ctx, &actor, (order.id, &order.report_number)).await?,
        false => Vec::new(),
    };
    let ids: Vec<ObjectId> = view.objects.iter().map(|o| o.id).collect();
    let notices = app.db.read(move |tx| order::service::notices_of(tx, &ids)).await?;
    let (asked, now) = (order.clone(), ctx.now());
    let explained = app.db.read(move |tx| order::service::explain(tx, &asked, now)).await?;
    let basis = order.header.basis.and_then(|pair| bases.get(&pair));
    let approvers = basis.and_then(|b| legal_basis::approvers_needed(b, false));
    let needed = approvers.map_or(1, |a| usize::from(a.count.max(1)));
    let signing = order::service::signing(&actor, needed, approvers.map_or(&[], |a| a.roles.as_slice()));
    let stage = if order.status.is_open() { Stage::Sent } else { Stage::Draft };
    let hands = order::service::hands(&app, order).await?;
    let capacities = order::service::capacities(&app, &actor, &[order.id]).await?;
    let capacity = capacities.get(&order.id).cloned().unwrap_or_default();
    let resource = capacity.resource(order, &actor).at(stage);
    let may = |action| access::allowed(&actor, action, &resource);
    let (drafted, open) = (order.status == Stands::Drafted, order.status.is_open());
    let may_correct = open && may(Action::CorrectOrder);
    let objects = view.objects.iter().map(|o| ObjectPage {
        row: order_row::object(&ctx, order, o),
        asked: details
            .iter()
            .filter(|(id, _)| *id == o.id)
            .flat_map(|(_, d)| words::details(&ctx, |code| names.name(&ctx, code), d))
            .collect(),
        facts: facts.iter().filter(|(id, _)| *id == o.id).map(|(_, f)| fact(&ctx, &names, f)).collect(),
        holders: holders.iter().find(|(id, _)| *id == o.id).map(|(_, panel)| panel.clone()),
        correct: (may_correct && o.held.is_positive())
            .then(|| format!("/desk/orders/{}/objects/{}/correct", order.id, o.id)),
        record: (order.status != Stands::Drafted && open && may(Action::RecordAnswer))
            .then(|| format!("/desk/orders/{}/objects/{}/answer", order.id, o.id)),
        object_to: (may(Action::ViewOrder)
            && order::measure::restricts(order.measure)
            && order.sent_at.is_some()
            && access::allowed(&actor, Action::FileAppeal, &Resource::any(access::Kind::Appeal)))
        .then(|| format!("/desk/appeals/new/{}", o.id)),
        notice: notices.iter().find(|n| n.object == o.id).map(|n| notice_row(&ctx, n)),
        give_back: (open && order.measure == Measure::Hold && o.held.is_positive())
            .then(|| format!("/desk/orders/{}/objects/{}/return", order.id, o.id)),
    });
    let asked = order.id;
    let carried = app.db.read(move |tx| order::service::carried(tx, asked)).await?;
    let records = timeline::records(&app, order.report.uuid(), vec![order.id.uuid()]).await?;
    let page = Show {
        report_href: page_of(&order.report_number),
        scope: order::measure::is_about_money(order.measure)
            .then(|| ctx.t(&format!("legal-basis-scope-{}", words::key_part(order.scope.as_str())))),
        basis: basis.map_or_else(|| ctx.t("order-basis-none"), |b| words::basis_words(&ctx, b)),
        basis_text: basis.map_or_else(String::new, |b| b.text().get(ctx.lang()).to_owned()),
        expires: ctx.date_time(order.ends_at()),
        requested: ctx.time_exact(order.requested_at),
        steps: view.steps.iter().map(|s| step(&ctx, &names, s, drafted)).collect(),
        objects: objects.collect(),
        why: words::why(&ctx, &order.why_waiting),
        sanction: view.sanction.as_ref().map(|s| sanction_row(&app, &ctx, s)),
        hands: hands.iter().map(|h| hand_row(&ctx, h)).collect(),
        stead: capacity.stead.as_ref().filter(|_| drafted && !capacity.signed).map(|s| stead_words(&ctx, s)),
        timeline: timeline::timeline_of(&ctx, &names, &actor, &records),
        explained: explained.as_ref().map(|e| legal_basis::explanation_panel(&ctx, e)),
        may_send: drafted
            && !capacity.away
            && !capacity.signed
            && may(signing)
            && view.sanction.as_ref().is_none_or(|s| s.given != Some(false)),
        may_release: open
            && !matches!(order.measure, Measure::Listing | Measure::Delisting)
            && may(Action::ReleaseOrder),
        paper: carried.filter(|_| may(Action::RecordAnswer)).map(|(id, _)| format!("/desk/dispatch/{id}")),
        may_delist: open && order.measure == Measure::Listing && may(Action::ReleaseOrder),
        may_extend: super::extending::may(&actor, order, &view.objects),
        may_cancel: drafted && may(Action::WithdrawOrder),
        row: order_row::row(&app, &ctx, &names, &bases, &view),
        ctx,
    };
    Ok(Page(page).into_response())
}

/// What is said of these objects beside their names. Nothing where the report was erased.
async fn details(
    app: &App,
    objects: &[order::Object],
) -> Result<Vec<(ObjectId, order::details::Details)>, OrderError> {
    let (me, objects) = (app.clone(), objects.to_vec());
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for object in &objects {
                match order::service::details_in(tx, &me, object) {
                    Ok(details) => all.extend(details.map(|d| (object.id, d))),
                    Err(OrderError::Erased) => {}
                    Err(e) => return Err(e),
                }
            }
            Ok(all)
        })
        .await
}

/// Everything that was answered about these objects. Nothing where the report was erased.
async fn facts(app: &App, objects: &[order::Object]) -> Result<Vec<(ObjectId, Fact)>, OrderError> {
    let (me, objects) = (app.clone(), objects.to_vec());
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for object in &objects {
                match order::service::facts_in(tx, &me, object) {
                    Ok(facts) => all.extend(facts.into_iter().map(|f| (object.id, f))),
                    Err(OrderError::Erased) => {}
                    Err(e) => return Err(e),
                }
            }
            Ok(all)
        })
        .await
}

fn step(ctx: &Ctx, names: &Names, s: &order::model::Step, drafted: bool) -> StepRow {
    let role = format!("order-role-{}", words::key_part(&s.role));
    let how = format!("order-gateway-{}", words::key_part(&s.gateway));
    let (key, tone) = match (s.reached_at, s.due) {
        (Some(_), _) => ("order-step-reached", Tone::Green),
        // Nobody is late who has not been asked.
        (None, _) if drafted => ("order-step-not-sent", Tone::Grey),
        (None, Some(due)) if due < ctx.now() => ("order-step-late", Tone::Red),
        (None, _) => ("order-step-waiting", Tone::Grey),
    };
    StepRow {
        role: ctx.t(&role),
        who: names.name(ctx, &s.institution),
        how: if ctx.has_text(&how) { ctx.t(&how) } else { s.gateway.clone() },
        due: s.due.filter(|_| !drafted).map(|t| ctx.time_exact(t)),
        state: Status::new(ctx, key, tone),
        at: s.reached_at.map(|t| ctx.time_exact(t)),
    }
}

fn fact(ctx: &Ctx, names: &Names, f: &Fact) -> FactRow {
    let mut rest = Vec::new();
    if let Some(institution) = &f.institution {
        rest.push(names.name(ctx, institution));
    }
    if let Some(account) = &f.account {
        rest.push(words::thing(ctx, &account.kind, &report::rules::mask(&account.kind, &account.value)));
    }
    rest.extend([&f.terminal, &f.place, &f.reference].into_iter().flatten().cloned());
    if let Some(until) = f.camera_until {
        rest.push(ctx.ta("order-camera-until", [("time", ctx.date_time(until))]));
    }
    FactRow {
        code: words::code(ctx, &f.code.as_string()),
        amount: f.amount.map_or_else(|| "–".to_owned(), |a| ctx.money(a)),
        at: ctx.time_exact(f.at),
        rest: rest.join(", "),
        text: f.text.clone().unwrap_or_default(),
        by_hand: f.by_hand.as_ref().map(|who| ctx.ta("desk-fact-by-hand", [("who", who.as_str())])),
    }
}
