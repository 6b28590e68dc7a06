//! Answers by a table: taken home with what waits, brought back filled in, looked over, sent.

use std::collections::BTreeMap;

use ::order::answer::AnswerFault;
use ::order::service::{self, Handed};
use ::order::{ObjectId, OrderError, OrderId, measure, words};
use app::App;
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use kernel::{Coded as _, Purpose, Timestamp};
use partner::web::Clerk;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use web::{Ctx, ErrorSummary, Field, FieldError, NotBrought, Page, Problem, SeeOther, Status, Toast, Tone};

use crate::said::{self, Reading};
use crate::table::{self, Brought, TableFault};

#[derive(Template)]
#[template(path = "console_table.html")]
struct Start {
    ctx: Ctx,
    waiting: usize,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    field: Field,
}

#[derive(Template)]
#[template(path = "console_table_check.html")]
struct Check {
    ctx: Ctx,
    rows: Vec<Row>,
    good: usize,
    bad: usize,
    /// The lines to be sent, as they were read.
    content: String,
    made_at: String,
}

struct Row {
    no: String,
    what: String,
    said: String,
    state: Status,
    why: String,
}

fn start(ctx: &Ctx, waiting: usize, errors: &[FieldError]) -> Response {
    let page = Start {
        waiting,
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        field: Field::file(ctx, "table", "console-table-file", ".csv,text/csv", false).errors(errors),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

/// `GET /console/table`.
pub(super) async fn show(State(app): State<App>, clerk: Clerk, ctx: Ctx) -> Result<Response, Problem> {
    let waiting = service::addressed(&app, &clerk.actor).await?.len();
    Ok(start(&ctx, waiting, &[]))
}

/// Things that still wait for a word, as lines of the table.
fn lines(handed: &Handed) -> impl Iterator<Item = BTreeMap<&'static str, String>> {
    let order = &handed.view.order;
    let codes: Vec<String> = ::order::answer::Code::TABLE
        .into_iter()
        .filter(|c| measure::fits(order.measure, *c))
        .map(::order::answer::Code::as_string)
        .collect();
    handed.objects.iter().filter(|o| o.object.state.is_unanswered()).map(move |o| {
        let about_money = measure::is_about_money(order.measure);
        BTreeMap::from([
            ("order_id", order.id.to_string()),
            ("object_id", o.object.id.to_string()),
            ("measure", order.measure.as_str().to_owned()),
            ("kind", o.object.kind.clone()),
            ("value", o.value.open(Purpose::ExecuteOrder).clone()),
            ("cap", if about_money { o.object.cap.to_decimal() } else { String::new() }),
            ("codes", codes.join(" ")),
        ])
    })
}

/// `GET /console/table.csv`: what waits, with everything in full. That it was taken is recorded for each order.
pub(super) async fn take(State(app): State<App>, clerk: Clerk) -> Result<Response, Problem> {
    let all = service::handed_waiting(&app, &clerk.actor).await?;
    let rows: Vec<_> = all.iter().flat_map(lines).collect();
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"answers.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, table::write(&rows)).into_response())
}

fn fault(ctx: &Ctx, fault: &TableFault) -> FieldError {
    match fault {
        TableFault::Empty => FieldError::new(ctx, "table", "console-table-file.nothing"),
        TableFault::TooLarge => FieldError::new(ctx, "table", "console-table-file.too-large"),
        TableFault::Column(name) => {
            FieldError::with(ctx, "table", "console-table-file.column", [("name", *name)])
        }
        TableFault::Line(no) => {
            FieldError::with(ctx, "table", "console-table-file.line", [("n", no.to_string())])
        }
    }
}

/// The file of the form; empty if none was chosen. Half a file would answer half of the orders: it is no file.
async fn file(form: Multipart) -> Result<Vec<u8>, TableFault> {
    match web::Brought::read(form, "table", table::MAX_BYTES).await {
        Ok(brought) => Ok(brought.file),
        Err(NotBrought::Broken) => Err(TableFault::Empty),
        Err(NotBrought::TooLarge) => Err(TableFault::TooLarge),
    }
}

/// One answer of the table: the message, or why there is none.
struct Judged {
    lines: Vec<Brought>,
    /// What it is about, in words; its id where nothing is known of it.
    what: String,
    said: Result<(OrderId, ::order::message::Answer), String>,
}

/// An order and the thing that a line names.
type Named = (::order::Order, ::order::Object);

/// The key of an answer is what it says: the same table brought twice says nothing twice.
fn answer_id(lines: &[Brought]) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(format!("{}|{}|{:?}\n", line.order, line.object, line.typed));
    }
    let digest: String = hex::encode(hash.finalize()).chars().take(40).collect();
    format!("table-{digest}")
}

async fn judge(app: &App, clerk: &Clerk, ctx: &Ctx, lines: Vec<Brought>, now: Timestamp) -> Judged {
    let named = named(app, clerk, &lines).await;
    let what = match &named {
        Some((_, object)) => words::thing(ctx, &object.kind, &object.masked),
        None => lines.first().map(|l| l.object.chars().take(40).collect()).unwrap_or_default(),
    };
    let said = match &named {
        Some(named) => message(app, ctx, &lines, named, now),
        None => Err(ctx.t("console-table-unknown")),
    };
    Judged { lines, what, said }
}

/// The thing that lines name, if it was handed to the institution.
async fn named(app: &App, clerk: &Clerk, lines: &[Brought]) -> Option<Named> {
    let first = lines.first()?;
    let (id, object): (OrderId, ObjectId) = (first.order.parse().ok()?, first.object.parse().ok()?);
    let view = service::open(app, &clerk.actor, id).await.ok()?;
    let object = view.objects.into_iter().find(|o| o.id == object)?;
    Some((view.order, object))
}

fn message(
    app: &App,
    ctx: &Ctx,
    lines: &[Brought],
    (order, known): &Named,
    now: Timestamp,
) -> Result<(OrderId, ::order::message::Answer), String> {
    let by = Reading { asset: known.cap.asset(), zone: app.profile.calendar().zone(), now };
    let mut all = Vec::new();
    for line in lines {
        let read = said::line(&line.typed, by);
        all.push(read.map_err(|wrong| ctx.ta("console-table-unreadable", [("name", label(ctx, wrong.0))]))?);
    }
    let said = said::answer((order, &order.executor), Some(known.id), answer_id(lines), now, all);
    // Judged by the very rules by which it will be taken.
    let believable = ::order::answer::Believable::at(app.office.now(), app.factor);
    ::order::answer::read(&said, order.measure, known.cap, believable)
        .map_err(|e| words_of(ctx, &OrderError::Answer(e)))?;
    Ok((order.id, said))
}

/// The name of a field as the form has it.
fn label(ctx: &Ctx, field: &str) -> String {
    let key = format!("console-{}.label", field.replace('_', "-"));
    if ctx.has_text(&key) { ctx.t(&key) } else { field.to_owned() }
}

/// A refusal in words.
fn words_of(ctx: &Ctx, error: &OrderError) -> String {
    let key = Problem::key(error.code());
    match error {
        OrderError::Answer(AnswerFault::Missing { field, .. }) => {
            ctx.ta("console-table-missing", [("name", label(ctx, field))])
        }
        OrderError::Answer(AnswerFault::Unreadable { field, .. }) => {
            ctx.ta("console-table-unreadable", [("name", label(ctx, field))])
        }
        _ if ctx.has_text(&key) => ctx.t(&key),
        _ => ctx.t("console-table-refused"),
    }
}

fn content(good: &[Brought]) -> String {
    let rows: Vec<BTreeMap<&'static str, String>> = good
        .iter()
        .map(|line| {
            let t = &line.typed;
            BTreeMap::from([
                ("order_id", line.order.clone()),
                ("object_id", line.object.clone()),
                ("code", t.code.clone()),
                ("amount", t.amount.clone()),
                ("balance_before", t.balance_before.clone()),
                ("stood_before", t.stood_before.clone()),
                ("at", t.at.clone()),
                ("institution", t.institution.clone()),
                ("account", t.account.clone()),
                ("reference", t.reference.clone()),
                ("terminal", t.terminal.clone()),
                ("place", t.place.clone()),
                ("merchant", t.merchant.clone()),
                ("until", t.until.clone()),
                ("holder_name", t.holder_name.clone()),
                ("holder_iin", t.holder_iin.clone()),
                ("holder_birth", t.holder_birth.clone()),
                ("holder_phone", t.holder_phone.clone()),
                ("text", t.text.clone()),
            ])
        })
        .collect();
    String::from_utf8(table::carry(&rows)).unwrap_or_default()
}

/// `POST /console/table`: nothing is sent yet; every line is judged and shown.
pub(super) async fn check(
    State(app): State<App>,
    clerk: Clerk,
    ctx: Ctx,
    form: Multipart,
) -> Result<Response, Problem> {
    let waiting = service::addressed(&app, &clerk.actor).await?.len();
    let lines = match file(form).await.and_then(|bytes| table::read(&bytes)) {
        Ok(lines) => lines,
        Err(wrong) => return Ok(start(&ctx, waiting, &[fault(&ctx, &wrong)])),
    };
    let now = ctx.now();
    let (mut rows, mut good, mut bad) = (Vec::new(), Vec::new(), 0_usize);
    for group in table::grouped(lines) {
        let judged = judge(&app, &clerk, &ctx, group, now).await;
        let why = judged.said.as_ref().err().cloned().unwrap_or_default();
        for line in &judged.lines {
            let code = ::order::answer::Code::parse(&line.typed.code);
            rows.push(Row {
                no: line.no.to_string(),
                what: judged.what.clone(),
                said: if code == ::order::answer::Code::Native {
                    line.typed.code.chars().take(40).collect()
                } else {
                    super::code_words(&ctx, code)
                },
                state: if judged.said.is_ok() {
                    Status::new(&ctx, "console-table-good", Tone::Green)
                } else {
                    Status::new(&ctx, "console-table-bad", Tone::Red)
                },
                why: why.clone(),
            });
        }
        if judged.said.is_ok() {
            good.extend(judged.lines);
        } else {
            bad = bad.saturating_add(judged.lines.len());
        }
    }
    let page = Check { rows, good: good.len(), bad, content: content(&good), made_at: now.rfc3339(), ctx };
    Ok(Page(page).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SendForm {
    content: String,
    made_at: String,
}

/// `POST /console/table/send`: what was looked over is sent, each answer by itself: one that is refused meanwhile keeps
/// no other.
pub(super) async fn send(
    State(app): State<App>,
    clerk: Clerk,
    ctx: Ctx,
    Form(form): Form<SendForm>,
) -> Result<Response, Problem> {
    let now = Timestamp::parse_rfc3339(&form.made_at).unwrap_or_else(|| ctx.now());
    let lines = match table::read(form.content.as_bytes()) {
        Ok(lines) => lines,
        Err(wrong) => return Ok(start(&ctx, 0, &[fault(&ctx, &wrong)])),
    };
    let (mut sent, mut refused) = (0_usize, Vec::new());
    for group in table::grouped(lines) {
        let judged = judge(&app, &clerk, &ctx, group, now).await;
        let outcome = match judged.said {
            Ok((id, said)) => {
                let taken = service::answer_at_console(&app, &clerk.actor, id, said).await;
                match taken {
                    Ok(_) => Ok(()),
                    // Its id is what it says: without a time nobody can tell a repetition from a second event.
                    Err(OrderError::AnswerConflict) => Err(ctx.t("console-table-said")),
                    Err(error) => Err(words_of(&ctx, &error)),
                }
            }
            Err(why) => Err(why),
        };
        match outcome {
            Ok(()) => sent = sent.saturating_add(1),
            Err(why) => refused.extend(judged.lines.into_iter().map(|line| Row {
                no: line.no.to_string(),
                what: judged.what.clone(),
                said: line.typed.code.chars().take(40).collect(),
                state: Status::new(&ctx, "console-table-bad", Tone::Red),
                why: why.clone(),
            })),
        }
    }
    if refused.is_empty() {
        let toast = Toast::new("console-table-sent").with("n", sent.to_string());
        return Ok(SeeOther::to("/console").with_toast(toast).into_response());
    }
    let bad = refused.len();
    let page = Check { rows: refused, good: 0, bad, content: String::new(), made_at: String::new(), ctx };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}
