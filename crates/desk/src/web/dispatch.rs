//! Letters and mail: what waits to be sent by hand, the paper itself, and that it was handed over.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Actor, Lang};
use legal_basis::Basis;
use order::message::{Message, ObjectRef, OrderMessage, TriggerRef};
use order::service::{Paper, ToCarry};
use order::store::delivery::Channel;
use order::{OrderError, words};
use serde::Deserialize;
use trail::web::Names;
use uuid::Uuid;
use web::{Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Toast};

/// A message that waits.
struct Row {
    href: String,
    what: String,
    measure: String,
    to: String,
    report: String,
    how: String,
    since: Markup,
}

#[derive(Template)]
#[template(path = "desk_dispatch.html")]
struct List {
    ctx: Ctx,
    rows: Vec<Row>,
    empty: Option<Empty>,
}

/// What kind of message it is.
fn kind(ctx: &Ctx, kind: &str) -> String {
    ctx.t(&format!("desk-dispatch-kind-{}", words::key_part(kind)))
}

fn channel(ctx: &Ctx, channel: Channel) -> String {
    ctx.t(&format!("order-gateway-{}", words::key_part(channel.as_str())))
}

/// `GET /desk/dispatch`.
pub(crate) async fn list(Staff(actor): Staff, ctx: Ctx, State(app): State<App>) -> Result<Response, Problem> {
    let waiting = order::service::to_carry(&app, &actor).await?;
    let names = Names::load(&app).await;
    let rows: Vec<Row> = waiting.iter().map(|w| row(&ctx, &names, w)).collect();
    let empty = rows.is_empty().then(|| Empty::new(&ctx, "desk-dispatch-empty"));
    Ok(Page(List { ctx, rows, empty }).into_response())
}

fn row(ctx: &Ctx, names: &Names, w: &ToCarry) -> Row {
    Row {
        href: format!("/desk/dispatch/{}", w.message.id),
        what: kind(ctx, &w.message.kind),
        measure: words::measure(ctx, w.view.order.measure),
        to: names.name(ctx, &w.message.partner),
        report: w.view.order.report_number.clone(),
        how: channel(ctx, w.channel),
        since: ctx.time(w.message.at),
    }
}

/// The paper in one language.
struct Sheet {
    lang: String,
    organisation: String,
    addressee: String,
    number: String,
    date: String,
    title: String,
    lines: Vec<(String, String)>,
    things: Vec<Vec<String>>,
    text: String,
    foot: String,
}

#[derive(Template)]
#[template(path = "desk_paper.html")]
struct Show {
    ctx: Ctx,
    title: String,
    sheets: Vec<Sheet>,
    mail: bool,
    contact: Option<String>,
    handed: Option<(Markup, String)>,
    waits: bool,
    here: String,
    order_href: String,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

fn id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The languages of a paper: the first two of the country, in their order.
fn languages(app: &App) -> Vec<Lang> {
    app.profile.languages().iter().take(2).cloned().collect()
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    id: Uuid,
    (how, errors): (&str, &[FieldError]),
) -> Result<Response, Problem> {
    let paper = order::service::paper(app, actor, id).await?;
    let names = Names::load(app).await;
    let basis = basis(app, &paper).await?;
    let sheets = languages(app)
        .into_iter()
        .map(|lang| sheet(app, &ctx.in_lang(lang), &names, &paper, basis.as_ref()))
        .collect();
    let show = Show {
        title: format!("{}, {}", kind(ctx, &paper.message.kind), names.name(ctx, &paper.message.partner)),
        sheets,
        mail: paper.carried.channel == Channel::EmailExport,
        contact: paper.to.as_ref().map(|p| p.contact.clone()).filter(|c| !c.is_empty()),
        handed: paper
            .carried
            .handed
            .as_ref()
            .map(|(at, ..)| (ctx.time_exact(*at), paper.how.clone().unwrap_or_default())),
        waits: paper.carried.waits,
        here: format!("/desk/dispatch/{id}"),
        order_href: format!("/desk/orders/{}", paper.view.order.id),
        fields: vec![Field::text(ctx, "how", "desk-dispatch-how").value(how).errors(errors)],
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(show)).into_response())
}

async fn basis(app: &App, paper: &Paper) -> Result<Option<Basis>, OrderError> {
    let pair = paper.view.order.header.basis;
    app.db
        .read(move |tx| match pair {
            Some((id, version)) => Ok(legal_basis::get(tx, id, version)?),
            None => Ok(None),
        })
        .await
}

fn sheet(app: &App, ctx: &Ctx, names: &Names, paper: &Paper, basis: Option<&Basis>) -> Sheet {
    let order = &paper.view.order;
    let mut lines = vec![(ctx.t("desk-col-report"), order.report_number.clone())];
    if let Some(basis) = basis {
        lines.push((ctx.t("desk-draft-basis"), words::basis_words(ctx, basis)));
    }
    let (mut things, mut text) = (Vec::new(), String::new());
    match &paper.said {
        Message::Order(said) => {
            lines.extend(clocks(ctx, order, said));
            things = said.objects.iter().map(|o| thing(ctx, names, o)).collect();
            text = basis.map_or_else(String::new, |b| b.text().get(ctx.lang()).to_owned());
        }
        Message::Notice(said) => text = said.text.get(ctx.lang().tag()).cloned().unwrap_or_default(),
        Message::Release(said) => {
            let sum = said.amount.as_ref().map(|a| format!("{} {}", a.amount, a.currency));
            let what =
                sum.map_or_else(|| ctx.t("desk-paper-all"), |sum| ctx.ta("desk-paper-part", [("sum", sum)]));
            lines.push((ctx.t("desk-paper-free"), what));
            things = masked(ctx, paper, said.object_id.as_deref());
        }
        Message::Reminder(_) => text = ctx.t("desk-paper-reminder"),
        Message::Correction(said) => {
            text = ctx.t("desk-paper-correction");
            things = masked(ctx, paper, Some(&said.object_id));
        }
        // By machine alone: it says what a machine was told.
        Message::Clearance(_) => {}
    }
    Sheet {
        lang: ctx.lang().tag().to_owned(),
        organisation: app.profile.organisation().name.get(ctx.lang()).to_owned(),
        addressee: names.name(ctx, &paper.message.partner),
        number: order.id.to_string(),
        date: ctx.date_time(paper.message.at),
        title: format!("{}: {}", kind(ctx, &paper.message.kind), words::measure(ctx, order.measure)),
        lines,
        things,
        text,
        foot: ctx.ta("desk-paper-foot", [("address", app.node.public_url.clone())]),
    }
}

fn clocks(ctx: &Ctx, order: &order::Order, said: &OrderMessage) -> Vec<(String, String)> {
    let mut lines = vec![
        (ctx.t("desk-paper-answer-by"), ctx.date_time(order.action_due)),
        (ctx.t("order-clock-lapse"), ctx.date_time(order.ends_at())),
    ];
    if let Some(reason) = &said.reason {
        lines.push((ctx.t("desk-reason.label"), reason.clone()));
    }
    lines
}

/// What is asked about one thing, in full: the paper is all that the addressee has.
fn thing(ctx: &Ctx, names: &Names, o: &ObjectRef) -> Vec<String> {
    let mut all = vec![words::thing(ctx, &o.kind, &words::shown(&o.kind, &o.value))];
    if let Some(cap) = &o.cap {
        all.push(ctx.ta("order-up-to", [("sum", format!("{} {}", cap.amount, cap.currency))]));
    }
    // Without the moment a camera, a till or a bank would have to look through everything.
    if let Some(trigger) = &o.trigger {
        all.push(moment(ctx, names, trigger));
    }
    if let Some(details) = &o.details {
        all.extend(words::details(ctx, |code| names.name(ctx, code), details));
    }
    all
}

/// The transfer that makes the money disputed, or that a camera saw: when, how much, and the institution's reference.
fn moment(ctx: &Ctx, names: &Names, t: &TriggerRef) -> String {
    let time =
        order::message::time(&t.at).map_or_else(|| t.at.clone(), |at| ctx.formats().date_time_dense(at));
    let sum = format!("{} {}", t.amount.amount, t.amount.currency);
    let from = t.from_institution.as_deref().map(|code| names.name(ctx, code)).unwrap_or_default();
    let key = if t.direction == "in" { "desk-because-in" } else { "desk-because-out" };
    let said = ctx.ta(key, [("sum", sum), ("time", time), ("from", from)]);
    let reference = t.reference.as_deref().filter(|r| !r.is_empty());
    std::iter::once(said.as_str()).chain(reference).collect::<Vec<_>>().join(" · ")
}

fn masked(ctx: &Ctx, paper: &Paper, object: Option<&str>) -> Vec<Vec<String>> {
    let named = paper.view.objects.iter().filter(|o| object.is_none_or(|id| o.id.to_string() == id));
    named.map(|o| vec![words::thing(ctx, &o.kind, &o.masked)]).collect()
}

/// `GET /desk/dispatch/{id}`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, id(&text)?, ("", &[])).await
}

/// `GET /desk/dispatch/{id}/file`: the signed message, for a machine at the other end.
pub(crate) async fn file(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let paper = order::service::paper(&app, &actor, id(&text)?).await?;
    Ok(attachment("application/json", &format!("msg_{}.json", paper.message.id.simple()), paper.envelope))
}

fn attachment(kind: &'static str, name: &str, body: String) -> Response {
    let headers =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    (headers, body).into_response()
}

/// `GET /desk/dispatch/{id}/mail`: a mail for the office's own program, not sent by the node (RFC 5322, RFC 2045). The
/// sentence in it names nobody; everything else is in the attached envelope.
pub(crate) async fn mail(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let paper = order::service::paper(&app, &actor, id(&text)?).await?;
    let name = format!("msg_{}", paper.message.id.simple());
    let texts: Vec<String> = languages(&app)
        .into_iter()
        .map(|lang| ctx.in_lang(lang).ta("desk-mail-text", [("number", paper.view.order.id.to_string())]))
        .collect();
    let subject = STANDARD.encode(ctx.ta("desk-mail-subject", [("number", paper.view.order.id.to_string())]));
    let eml = eml(&name, &subject, &texts.join("\r\n\r\n"), &paper.envelope);
    Ok(attachment("message/rfc822", &format!("{name}.eml"), eml))
}

/// `X-Unsent` opens it in mail programs as something yet to be sent.
fn eml(name: &str, subject: &str, text: &str, envelope: &str) -> String {
    let boundary = format!("=_{name}");
    let (text, envelope) = (folded(text.as_bytes()), folded(envelope.as_bytes()));
    format!(
        "X-Unsent: 1\r\nTo: \r\nSubject: =?UTF-8?B?{subject}?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}\r\n\
         --{boundary}\r\nContent-Type: application/json; name=\"{name}.json\"\r\n\
         Content-Disposition: attachment; filename=\"{name}.json\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{envelope}\r\n\
         --{boundary}--\r\n"
    )
}

/// Base64 in lines of 76 characters (RFC 2045, 6.8).
fn folded(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let lines: Vec<&str> =
        (0..text.len()).step_by(76).filter_map(|at| text.get(at..(at + 76).min(text.len()))).collect();
    lines.join("\r\n")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HowForm {
    how: String,
}

/// `POST /desk/dispatch/{id}`: it was handed over.
pub(crate) async fn hand_over(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
    Form(form): Form<HowForm>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    match order::service::hand_over(&app, &actor, id, &form.how).await {
        Ok(()) => {
            Ok(SeeOther::to("/desk/dispatch").with_toast(Toast::new("desk-dispatch-done")).into_response())
        }
        Err(OrderError::NotSaidHow) => {
            let error = FieldError::new(&ctx, "how", "error-order-not-said-how");
            page(&ctx, &app, &actor, id, (&form.how, &[error])).await
        }
        Err(e) => Err(e.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_whole_and_names_nobody_outside_its_attachment() {
        let mail = eml("msg_1", &STANDARD.encode("Талап"), "Сәлем", &"{}".repeat(100));
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("boundary=\"=_msg_1\"") && head.contains("X-Unsent: 1"), "{head}");
        assert_eq!(body.matches("--=_msg_1").count(), 3, "{body}");
        assert!(mail.lines().all(|l| l.len() <= 78), "RFC 5322, 2.1.1");
        let file = body.rsplit("base64\r\n\r\n").next().unwrap();
        let file: String = file.split("\r\n--").next().unwrap().split("\r\n").collect();
        assert_eq!(STANDARD.decode(file).unwrap(), "{}".repeat(100).into_bytes());
    }
}
