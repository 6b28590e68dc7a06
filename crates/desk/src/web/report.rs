//! One report: what was told on the left, what is known on the right.

use std::collections::BTreeMap;

use access::{Action, Resource, Staff};
use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Purpose, Timestamp};
use order::words;
use report::ReportError;
use report::model::{Correction, EarlierStory, Fact};
use report::service::Full;
use report::web::Listed;
use scheme::web::Panels;
use serde::Deserialize;
use web::{ClockState, Ctx, Field, Markup, Page, Problem, SeeOther, Status, Timeline, Toast, Tone};

use super::act::page_of;
use super::order_row::{self, OrderRow};
use super::timeline;
use crate::model::QueueRow;
use crate::service;
use trail::web::Names;

/// A second press within this time sends no second message.
const SAME_MESSAGE_SECS: i64 = 120;

struct PaymentRow {
    no: i64,
    amount: String,
    at: Markup,
    from: String,
    to: String,
    reference: String,
    /// Told later and not put in place: an officer decides.
    notes: Vec<Changed>,
    /// Told later and put in place.
    changed: Vec<Changed>,
}

/// A fact of a payment told after filing.
struct Changed {
    at: Markup,
    label: String,
    is: String,
    was: String,
}

/// A story told before the one that is shown.
struct Earlier {
    at: Markup,
    text: String,
}

struct Said {
    at: Markup,
    who: String,
    text: String,
}

struct Seen {
    what: String,
    reports: i64,
}

/// A question of stage two with its answers.
struct Answered {
    question: String,
    answer: String,
}

/// What was told, opened for the officer's purpose.
struct Told {
    name: String,
    phone: Option<Markup>,
    iin: String,
    story: String,
    earlier: Vec<Earlier>,
    lang: String,
    payments: Vec<PaymentRow>,
    answers: Vec<Answered>,
    said: Vec<Said>,
    files: Vec<Listed>,
    seen: Vec<Seen>,
    clues: usize,
}

#[derive(Template)]
#[template(path = "desk_report.html")]
struct Show {
    ctx: Ctx,
    number: String,
    href: String,
    loss: Option<String>,
    first: Option<Markup>,
    channel: String,
    tags: Vec<Status>,
    told: Option<Told>,
    trail: Markup,
    registers: Markup,
    scheme: Markup,
    panels: Vec<Markup>,
    orders: Vec<OrderRow>,
    drafts: usize,
    may_suppress: bool,
    timeline: Timeline,
    message: Field,
    file: Field,
    row: Option<QueueRow>,
    waits: Option<String>,
    closed: Option<Markup>,
    may_take: bool,
    may_close: bool,
    may_message: bool,
}

/// `GET /desk/reports/{number}`. The read is a record.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    panels: Option<Extension<Panels>>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let names = Names::load(&app).await;
    let full = match report::service::open(&app, &actor, report.id, Purpose::HandleReport).await {
        Ok(full) => Some(full),
        Err(ReportError::Erased) => None,
        Err(error) => return Err(error.into()),
    };
    let views = order::service::of_report(&app, &actor, report.id).await?;
    let bases = order_row::bases(&app, &views).await;
    let subjects = std::iter::once(report.id.uuid()).chain(views.iter().map(|v| v.order.id.uuid())).collect();
    let records = timeline::records(&app, report.id.uuid(), subjects).await?;
    let seen = app.db.read(move |tx| identifier::sightings_of(tx, report.id.uuid())).await?;
    let row = service::row_of(&app, &actor, &number).await?;
    let resource = Resource::new("report", report.id.uuid(), &report.header);
    let may = |action| access::allowed(&actor, action, &resource);
    let panels = match panels {
        Some(Extension(panels)) => {
            panels.show((&app, &ctx, &actor), (report.id.uuid(), &report.number)).await
        }
        None => Vec::new(),
    };
    let sent = views.iter().filter_map(|v| v.order.sent_at).min();
    let page = Show {
        href: page_of(&report.number),
        loss: report.loss.is_positive().then(|| ctx.money(report.loss)),
        first: first_action(
            &ctx,
            report.header.created_at,
            report.first_action_due,
            sent,
            report.loss.is_positive(),
        ),
        channel: channel(&ctx, &names, &report.channel),
        tags: tags(&ctx, &report),
        told: full.as_ref().map(|f| told(&ctx, &app, &names, f, seen)),
        trail: trail::web::officer_panel(&app, &ctx, &actor, report.id).await,
        registers: registration::web::officer_panel(&app, &ctx, &actor, &number).await,
        scheme: scheme::web::report_panel(&app, &ctx, &actor, report.id).await?,
        panels,
        may_suppress: may(Action::DraftOrder) && full.is_some(),
        drafts: views.iter().filter(|v| v.order.status == order::Status::Drafted).count(),
        orders: views.iter().map(|v| order_row::row(&app, &ctx, &names, &bases, v)).collect(),
        timeline: timeline::timeline_of(&ctx, &names, &actor, &records),
        message: Field::area(&ctx, "text", "desk-message", 3),
        file: Field::file(&ctx, "files", "report-files", "", true),
        waits: row.as_ref().and_then(|r| waits(&ctx, r)),
        closed: row.as_ref().and_then(|r| r.closed_at).map(|at| ctx.time_exact(at)),
        row,
        may_take: may(Action::TakeReport),
        may_close: may(Action::CloseReport),
        may_message: may(Action::NoteReport) && full.is_some(),
        number: report.number,
        ctx,
    };
    Ok(Page(page).into_response())
}

/// The clock of the first order: done once one went out.
fn first_action(
    ctx: &Ctx,
    since: Timestamp,
    due: Timestamp,
    sent: Option<Timestamp>,
    money: bool,
) -> Option<Markup> {
    let state = sent.map_or(ClockState::Running { since }, |at| ClockState::Done { since, at });
    (money || sent.is_some()).then(|| ctx.clock(due, ctx.now(), &state))
}

/// How it came in, in words.
fn channel(ctx: &Ctx, names: &Names, channel: &str) -> String {
    match channel.split_once(':') {
        Some(("partner", code)) => names.name(ctx, code),
        Some((_, how)) => ctx.t(&format!("desk-channel-{}", words::key_part(how))),
        None => ctx.t("desk-channel-portal"),
    }
}

fn tags(ctx: &Ctx, report: &report::Report) -> Vec<Status> {
    let mut tags = vec![Status::new(ctx, &format!("desk-harm-{}", report.harm.as_str()), Tone::Grey)];
    if report.ongoing {
        tags.push(Status::new(ctx, "desk-ongoing", Tone::Red));
    }
    if report.withdrawn_at.is_some() {
        tags.push(Status::new(ctx, "desk-withdrawn", Tone::Grey));
    }
    tags
}

fn waits(ctx: &Ctx, row: &QueueRow) -> Option<String> {
    let until = row.snoozed_until.filter(|until| *until > ctx.now())?;
    Some(ctx.ta("desk-snoozed-until", [("time", ctx.moment(until)), ("reason", row.snooze_reason.clone())]))
}

fn told(ctx: &Ctx, app: &App, names: &Names, full: &Full, seen: Vec<identifier::Seen>) -> Told {
    let who = full.told.reporter.open(Purpose::HandleReport);
    Told {
        name: who.name.clone(),
        phone: (!who.phone.is_empty()).then(|| order_row::dial(&who.phone)),
        iin: web::grouped(&who.iin, 6),
        story: full.told.story.open(Purpose::HandleReport).clone(),
        earlier: full.earlier_stories.iter().rev().map(|e| earlier(ctx, e)).collect(),
        lang: full.report.header.lang.tag().to_owned(),
        payments: full.payments.iter().map(|p| payment(ctx, names, full, p)).collect(),
        answers: answers(ctx, app, full),
        said: full.messages.iter().map(|m| said(ctx, m)).collect(),
        files: report::web::listed(ctx, &full.files, Purpose::HandleReport),
        clues: full.clues.iter().filter(|c| c.taken_back_at.is_none()).count(),
        seen: once(seen)
            .into_iter()
            .map(|s| Seen { what: words::thing(ctx, &s.kind, &s.masked), reports: s.reports })
            .collect(),
    }
}

/// Each identifier once, however often it was told.
fn once(seen: Vec<identifier::Seen>) -> Vec<identifier::Seen> {
    let mut kept: Vec<identifier::Seen> = Vec::new();
    for one in seen {
        match kept.iter_mut().find(|k| (k.id, &k.card_token) == (one.id, &one.card_token)) {
            Some(known) => known.reports = known.reports.max(one.reports),
            None => kept.push(one),
        }
    }
    kept
}

fn earlier(ctx: &Ctx, e: &EarlierStory) -> Earlier {
    Earlier { at: ctx.time_exact(e.at), text: e.text.open(Purpose::HandleReport).clone() }
}

fn payment(ctx: &Ctx, names: &Names, full: &Full, p: &report::Payment) -> PaymentRow {
    let open = |v: &Option<kernel::Personal<String>>| {
        v.as_ref().map(|v| v.open(Purpose::HandleReport).clone()).unwrap_or_default()
    };
    let later = |applied: bool| {
        let own = full.corrections.iter().filter(|c| c.payment == p.id && c.applied == applied);
        own.map(|c| changed(ctx, names, c)).collect()
    };
    let to = open(&p.to);
    let to = if to.is_empty() { to } else { words::thing(ctx, &p.to_kind, &words::shown(&p.to_kind, &to)) };
    PaymentRow {
        no: p.no,
        amount: ctx.money(p.amount),
        // No more exact than it was told.
        at: if p.when.earliest == p.when.latest {
            ctx.time_exact(p.when.earliest)
        } else {
            Markup::text(&report::web::when(ctx, &p.when))
        },
        from: side(ctx, names, &p.own_institution, words::shown("account", &open(&p.own_account))),
        to: side(ctx, names, &p.to_institution, to),
        reference: open(&p.reference),
        notes: later(false),
        changed: later(true),
    }
}

/// An institution and an account at it, as far as they are known.
fn side(ctx: &Ctx, names: &Names, code: &str, account: String) -> String {
    match (code.is_empty(), account.is_empty()) {
        (true, true) => ctx.t("trail-institution-unknown"),
        (false, true) => names.name(ctx, code),
        (true, false) => account,
        (false, false) => format!("{}, {account}", names.name(ctx, code)),
    }
}

fn changed(ctx: &Ctx, names: &Names, c: &Correction) -> Changed {
    let is = c.is.open(Purpose::HandleReport);
    let was = c.was.as_ref().map(|was| fact(ctx, names, was.open(Purpose::HandleReport)));
    Changed {
        at: ctx.time_exact(c.at),
        label: ctx.t(&format!("desk-fact-{}", is.field())),
        is: fact(ctx, names, is),
        was: was.unwrap_or_else(|| ctx.t("desk-fact-none")),
    }
}

/// A fact as an officer reads it.
fn fact(ctx: &Ctx, names: &Names, fact: &Fact) -> String {
    match fact {
        Fact::Amount(amount) => ctx.money(*amount),
        Fact::When(w) if w.earliest == w.latest => ctx.date_time(w.earliest),
        Fact::When(w) => format!("{} – {}", ctx.date_time(w.earliest), ctx.date_time(w.latest)),
        Fact::OwnBank(code) => names.name(ctx, code),
        Fact::OwnAccount(account) => words::shown("account", account),
        Fact::To(to, code) => {
            let thing = words::thing(ctx, &to.kind, &words::shown(&to.kind, &to.value));
            side(ctx, names, code, thing)
        }
        Fact::Reference(reference) => reference.clone(),
    }
}

fn said(ctx: &Ctx, m: &report::model::Message) -> Said {
    let text = m.text.open(Purpose::HandleReport);
    let (who, text) = match (m.from_citizen, m.from_system) {
        (true, _) => ("desk-message-citizen", text.clone()),
        (false, true) => ("report-message-platform", ctx.t(text)),
        (false, false) => ("desk-message-desk", text.clone()),
    };
    Said { at: ctx.time_exact(m.at), who: ctx.t(who), text }
}

/// The answers of stage two under the questions that the citizen saw.
fn answers(ctx: &Ctx, app: &App, full: &Full) -> Vec<Answered> {
    type Kept = BTreeMap<String, BTreeMap<String, Vec<String>>>;
    let json = full.details.as_ref().map(|d| d.open(Purpose::HandleReport).as_str()).unwrap_or_default();
    let kept: Kept = serde_json::from_str(json).unwrap_or_default();
    let mut out = Vec::new();
    for (section, questions) in kept {
        for (question, values) in questions {
            let key = format!("report-{}-{}", words::key_part(&section), words::key_part(&question));
            let region = (section.as_str(), question.as_str()) == report::rules::REGION;
            let words = |v: &String| {
                if let Some(known) = app.profile.regions().iter().find(|r| region && r.code == *v) {
                    return known.name.get(ctx.lang()).to_owned();
                }
                let own = format!("{key}-{}", words::key_part(v));
                if ctx.has_text(&own) { ctx.t(&own) } else { v.clone() }
            };
            let label = format!("{key}.label");
            let question =
                if ctx.has_text(&label) { ctx.t(&label) } else { format!("{section}: {question}") };
            out.push(Answered { question, answer: values.iter().map(words).collect::<Vec<_>>().join("; ") });
        }
    }
    out
}

#[derive(Template)]
#[template(path = "_desk_peek.html")]
struct Peek {
    ctx: Ctx,
    loss: String,
    created: Markup,
    orders: Vec<OrderRow>,
}

/// `GET /desk/reports/{number}/peek`: sums and orders, nothing personal.
pub(crate) async fn peek(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let views = order::service::of_report(&app, &actor, report.id).await?;
    let (names, bases) = (Names::load(&app).await, order_row::bases(&app, &views).await);
    let page = Peek {
        loss: ctx.money(report.loss),
        created: ctx.time_exact(report.header.created_at),
        orders: views.iter().map(|v| order_row::row(&app, &ctx, &names, &bases, v)).collect(),
        ctx,
    };
    Ok(Page(page).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MessageForm {
    text: String,
    idempotency_key: String,
}

/// `POST /desk/reports/{number}/message`: a message to the citizen. The same text again at once is a second press.
pub(crate) async fn message(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<MessageForm>,
) -> Result<SeeOther, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let back = SeeOther::to(page_of(&report.number));
    let text = form.text.trim();
    if text.is_empty() {
        return Ok(back);
    }
    let full = report::service::open(&app, &actor, report.id, Purpose::HandleReport).await?;
    let fresh = app.office.now().plus_secs(-SAME_MESSAGE_SECS);
    let again = full
        .messages
        .iter()
        .any(|m| !m.from_citizen && m.at > fresh && m.text.open(Purpose::HandleReport) == text);
    if !again {
        report::service::message(&app, &actor, report.id, text, &form.idempotency_key).await?;
    }
    Ok(back.with_toast(Toast::new("desk-message-sent").with("number", number)))
}
