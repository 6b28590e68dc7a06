//! One order as its addressee reads it: what is asked of which thing, on what ground, until when; what was answered, and
//! what is owed beside it.

use ::order::answer::{Code, Fact};
use ::order::message::Message;
use ::order::model::{Direction, Opened, Trigger};
use ::order::service::{self, Handed};
use ::order::{Status as Stands, measure, words};
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Money, Purpose};
use legal_basis::Basis;
use partner::web::Clerk;
use trail::web::Names;
use web::{Ctx, Markup, Page, Problem, Status};

use super::{code_words, id, owed_key, running};

#[derive(Template)]
#[template(path = "console_order.html")]
struct Show {
    ctx: Ctx,
    id: String,
    title: String,
    status: Status,
    fresh: bool,
    report: String,
    executor: Option<String>,
    sum: Option<String>,
    scope: Option<String>,
    reason: Option<String>,
    exempt: bool,
    basis: String,
    basis_text: String,
    approved: String,
    asked: Markup,
    clocks: Vec<(String, Markup)>,
    expires: String,
    things: Vec<Thing>,
    erased: bool,
}

struct Thing {
    id: String,
    what: String,
    plain: String,
    state: Status,
    sum: Option<String>,
    held: Option<String>,
    trigger: Option<String>,
    details: Vec<String>,
    facts: Vec<FactRow>,
    owed: Vec<OwedRow>,
    /// Answers that can be given now: where to, and in which words.
    answers: Vec<(String, String)>,
}

struct FactRow {
    code: String,
    amount: String,
    at: Markup,
    rest: String,
}

struct OwedRow {
    words: String,
    since: Markup,
    /// The text to be handed over, by language.
    texts: Vec<(String, String)>,
    href: String,
    button: String,
}

/// Answers that make sense about a thing now, in the order in which they are likely.
fn answers(handed: &Handed) -> Vec<Code> {
    let order = &handed.view.order;
    if !order.status.is_open() {
        return Vec::new();
    }
    let aside =
        |c: &Code| matches!(c, Code::A00 | Code::S10 | Code::S20 | Code::E90 | Code::P71) || c.is_end();
    Code::TABLE.into_iter().filter(|c| measure::fits(order.measure, *c)).filter(|c| !aside(c)).collect()
}

/// `GET /console/orders/{id}`.
pub(super) async fn show(
    State(app): State<App>,
    clerk: Clerk,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let handed = service::handed(&app, &clerk.actor, id(&text)?).await?;
    let names = Names::load(&app).await;
    let order = &handed.view.order;
    let pair = order.header.basis;
    let basis = app
        .db
        .read(move |tx| pair.map_or(Ok(None), |(id, version)| legal_basis::get(tx, id, version)))
        .await?;
    let since = order.sent_at.unwrap_or(order.requested_at);
    let mut clocks = Vec::new();
    if order.status == Stands::Sent {
        clocks.push((ctx.t("order-clock-ack"), running(&ctx, order.ack_due, since)));
    }
    if matches!(order.status, Stands::Sent | Stands::Acknowledged) {
        clocks.push((ctx.t("order-clock-answer"), running(&ctx, order.action_due, since)));
    }
    let page = Show {
        id: order.id.to_string(),
        title: words::measure(&ctx, order.measure),
        status: words::status(&ctx, order),
        fresh: order.status == Stands::Sent,
        report: order.report_number.clone(),
        executor: (order.executor != clerk.code).then(|| names.name(&ctx, &order.executor)),
        sum: words::cap(&ctx, order.measure, order.cap),
        scope: measure::is_about_money(order.measure)
            .then(|| ctx.t(&format!("legal-basis-scope-{}", words::key_part(order.scope.as_str())))),
        reason: handed.reason.clone(),
        exempt: basis.as_ref().is_some_and(|b| !b.record.exempt_receipts.is_empty()),
        basis: basis.as_ref().map_or_else(|| ctx.t("order-basis-none"), |b| words::basis_words(&ctx, b)),
        basis_text: basis.as_ref().map_or_else(String::new, |b: &Basis| b.text().get(ctx.lang()).to_owned()),
        approved: if order.approval.is_some() {
            ctx.t("order-by-standing")
        } else {
            ctx.ta("console-approvals", [("n", handed.view.approvals.len())])
        },
        asked: ctx.time_exact(since),
        clocks,
        expires: ctx.date_time(order.ends_at()),
        erased: handed.objects.is_empty(),
        things: handed.objects.iter().map(|o| thing(&ctx, &names, &handed, o)).collect(),
        ctx,
    };
    Ok(Page(page).into_response())
}

fn thing(ctx: &Ctx, names: &Names, handed: &Handed, opened: &Opened) -> Thing {
    let (order, object) = (&handed.view.order, &opened.object);
    let here = format!("/console/orders/{}/objects/{}/answer", order.id, object.id);
    let value = opened.value.open(Purpose::ExecuteOrder);
    let facts = handed.facts.iter().filter(|(id, _)| *id == object.id);
    let mine = |o: Option<::order::ObjectId>| o.is_none() || o == Some(object.id);
    let owed = handed.owed.iter().filter(|(o, _)| mine(o.object)).map(|(o, message)| {
        let code = match o.kind.as_str() {
            "release" if o.code == "L60" => Code::L60,
            "release" if o.code == "L62" => Code::L62,
            "release" => Code::L61,
            "notice" => Code::S10,
            _ => Code::S20,
        };
        let mut texts: Vec<(String, String)> = match message {
            Some(Message::Notice(notice)) => {
                notice.text.iter().map(|(lang, text)| (lang.clone(), text.clone())).collect()
            }
            _ => Vec::new(),
        };
        // The reader's own language is open, the others are a click away.
        texts.sort_by_key(|(lang, _)| lang != ctx.lang().tag());
        OwedRow {
            words: match o.part {
                Some(part) => ctx.ta("console-owed-part", [("sum", ctx.money(part))]),
                None => ctx.t(owed_key(&o.kind)),
            },
            since: ctx.time(o.since),
            texts,
            href: format!("{here}?code={}", code.as_string()),
            button: code_words(ctx, code),
        }
    });
    Thing {
        id: object.id.to_string(),
        what: words::thing(ctx, &object.kind, &words::shown(&object.kind, value)),
        plain: value.clone(),
        state: words::state(ctx, object.state),
        sum: words::cap(ctx, order.measure, object.cap),
        held: object.held.is_positive().then(|| ctx.money(object.held)),
        trigger: opened.trigger.as_ref().map(|t| trigger(ctx, names, t)),
        details: opened
            .details
            .as_ref()
            .map(|d| words::details(ctx, |code| names.name(ctx, code), d))
            .unwrap_or_default(),
        facts: facts.map(|(_, f)| fact(ctx, names, f)).collect(),
        owed: owed.collect(),
        answers: answers(handed)
            .into_iter()
            .map(|c| (format!("{here}?code={}", c.as_string()), code_words(ctx, c)))
            .collect(),
    }
}

/// The payment that makes the money disputed, in a sentence.
fn trigger(ctx: &Ctx, names: &Names, t: &Trigger) -> String {
    let sum = ctx.money(Money::from_minor(t.amount_minor, t.asset));
    let key = if t.direction == Direction::In { "console-trigger-in" } else { "console-trigger-out" };
    let mut all = vec![ctx.ta(key, [("sum", sum), ("time", ctx.date_time(t.at))])];
    let from = t.from_institution.as_ref().map(|code| names.name(ctx, code));
    let account = t.from_account.as_ref().map(|a| words::shown(::order::rules::account_kind(a), a));
    // By this the institution finds its client where the account was not told.
    let client = t.from_client.iter().flat_map(|c| [c.iin.clone(), c.phone.as_deref().map(web::phone)]);
    let from: Vec<String> = from.into_iter().chain(account).chain(client.flatten()).collect();
    if !from.is_empty() {
        all.push(ctx.ta("console-trigger-from", [("who", from.join(", "))]));
    }
    if let Some(reference) = &t.reference {
        all.push(ctx.ta("console-trigger-reference", [("text", reference.clone())]));
    }
    all.join(" ")
}

fn fact(ctx: &Ctx, names: &Names, f: &Fact) -> FactRow {
    let mut rest = Vec::new();
    if let Some(institution) = &f.institution {
        rest.push(names.name(ctx, institution));
    }
    if let Some(account) = &f.account {
        rest.push(words::thing(ctx, &account.kind, &words::shown(&account.kind, &account.value)));
    }
    rest.extend(f.holders.iter().map(|h| {
        let name = h.full_name();
        if name.is_empty() { format!("{}{}", h.iin, h.bin) } else { name }
    }));
    rest.extend([&f.terminal, &f.place, &f.reference, &f.text].into_iter().flatten().cloned());
    FactRow {
        code: code_words(ctx, f.code),
        amount: f.amount.map_or_else(|| "–".to_owned(), |a| ctx.money(a)),
        at: ctx.time_exact(f.at),
        rest: rest.join(", "),
    }
}
