//! One answer about one thing: the code was chosen on the page before, and here only what that code needs is asked.

use ::order::answer::Code;
use ::order::details::{DataClass, Details};
use ::order::model::Opened;
use ::order::service::{self, Handed};
use ::order::{OrderError, measure, words};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Coded as _, Purpose, Timestamp};
use partner::web::Clerk;
use serde::Deserialize;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::{code_words, id};
use crate::said::{self, Reading, Typed};

#[derive(Template)]
#[template(path = "console_answer.html")]
struct Ask {
    ctx: Ctx,
    title: String,
    order: String,
    action: String,
    what: String,
    sum: Option<String>,
    /// The chosen code; empty while it is still to be chosen.
    code: String,
    sent_at: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    code: String,
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerForm {
    idempotency_key: String,
    /// When the form was made: what nobody dates happened then, also if the form is sent twice.
    made_at: String,
    code: String,
    amount: String,
    balance_before: String,
    stood_before: String,
    at: String,
    institution: String,
    account: String,
    reference: String,
    terminal: String,
    place: String,
    merchant: String,
    until: String,
    text: String,
    holder_name: String,
    holder_iin: String,
    holder_birth: String,
    holder_phone: String,
    more: String,
}

impl AnswerForm {
    fn typed(&self) -> Typed {
        Typed {
            code: self.code.clone(),
            amount: self.amount.clone(),
            balance_before: self.balance_before.clone(),
            stood_before: self.stood_before.clone(),
            at: self.at.clone(),
            institution: self.institution.clone(),
            account: self.account.clone(),
            reference: self.reference.clone(),
            terminal: self.terminal.clone(),
            place: self.place.clone(),
            merchant: self.merchant.clone(),
            until: self.until.clone(),
            text: self.text.clone(),
            holder_name: self.holder_name.clone(),
            holder_iin: self.holder_iin.clone(),
            holder_birth: self.holder_birth.clone(),
            holder_phone: self.holder_phone.clone(),
        }
    }
}

fn value<'a>(form: &'a AnswerForm, name: &str) -> &'a str {
    match name {
        "amount" => &form.amount,
        "balance_before" => &form.balance_before,
        "stood_before" => &form.stood_before,
        "at" => &form.at,
        "institution" => &form.institution,
        "account" => &form.account,
        "reference" => &form.reference,
        "terminal" => &form.terminal,
        "place" => &form.place,
        "merchant" => &form.merchant,
        "until" => &form.until,
        "holder_name" => &form.holder_name,
        "holder_iin" => &form.holder_iin,
        "holder_birth" => &form.holder_birth,
        "holder_phone" => &form.holder_phone,
        _ => &form.text,
    }
}

/// A code that says something of this order.
fn code_of(handed: &Handed, text: &str) -> Option<Code> {
    let code = Code::parse(text);
    let order = &handed.view.order;
    (code != Code::Native && code != Code::A00 && measure::fits(order.measure, code)).then_some(code)
}

fn object_of<'a>(handed: &'a Handed, text: &str) -> Result<&'a Opened, Problem> {
    handed.objects.iter().find(|o| o.object.id.to_string() == text).ok_or_else(Problem::not_found)
}

fn field(
    ctx: &Ctx,
    app: &App,
    handed: &Handed,
    form: &AnswerForm,
    name: &str,
    errors: &[FieldError],
) -> Field {
    let key = format!("console-{}", name.replace('_', "-"));
    let field = match name {
        "amount" | "balance_before" | "stood_before" => {
            let asset = handed.view.order.cap.asset();
            let code = || asset.code().to_owned();
            let symbol = app.profile.asset_info(asset.code()).map_or_else(code, |a| a.symbol.clone());
            Field::amount(ctx, name, &key, &symbol)
        }
        "text" => Field::area(ctx, name, &key, 3),
        "holder_iin" => Field::text(ctx, name, &key).inputmode("numeric").autocomplete("off"),
        "holder_phone" => Field::text(ctx, name, &key).inputmode("tel").autocomplete("off"),
        _ => Field::text(ctx, name, &key).autocomplete("off"),
    };
    field.value(value(form, name)).errors(errors)
}

/// Whether the order asks whose it is.
fn asks_owner(opened: &Opened) -> bool {
    matches!(&opened.details, Some(Details::Disclosure { data, .. }) if data.contains(&DataClass::Owner))
}

fn page(
    ctx: &Ctx,
    app: &App,
    (handed, opened): (&Handed, &Opened),
    code: Option<Code>,
    form: &AnswerForm,
    errors: &[FieldError],
) -> Response {
    let (order, object) = (&handed.view.order, &opened.object);
    let fields = match code {
        Some(code) => said::fields(code)
            .into_iter()
            .filter(|(name, _)| measure::is_about_money(order.measure) || *name != "amount")
            .filter(|(name, _)| !said::HOLDER.contains(name) || asks_owner(opened))
            .map(|(name, must)| {
                let field = field(ctx, app, handed, form, name, errors);
                if must { field } else { field.optional() }
            })
            .collect(),
        None => {
            let fits =
                Code::TABLE.into_iter().filter(|c| *c != Code::A00 && measure::fits(order.measure, *c));
            let choices = fits.map(|c| Choice::new(&c.as_string(), code_words(ctx, c))).collect();
            vec![Field::radios(ctx, "code", "console-code", choices).errors(errors)]
        }
    };
    let page = Ask {
        title: code.map_or_else(|| ctx.t("console-answer"), |c| code_words(ctx, c)),
        order: order.id.to_string(),
        action: format!("/console/orders/{}/objects/{}/answer", order.id, object.id),
        what: words::thing(
            ctx,
            &object.kind,
            &words::shown(&object.kind, opened.value.open(Purpose::ExecuteOrder)),
        ),
        sum: words::cap(ctx, order.measure, object.cap),
        code: code.map(Code::as_string).unwrap_or_default(),
        sent_at: if form.made_at.is_empty() { ctx.now().rfc3339() } else { form.made_at.clone() },
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        fields,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

/// `GET /console/orders/{id}/objects/{object}/answer?code=H10`.
pub(super) async fn form(
    State(app): State<App>,
    clerk: Clerk,
    ctx: Ctx,
    Path((order, object)): Path<(String, String)>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let handed = service::handed(&app, &clerk.actor, id(&order)?).await?;
    let opened = object_of(&handed, &object)?;
    let code = code_of(&handed, &chosen.code);
    let zone = app.profile.calendar().zone();
    let mut form = AnswerForm { at: web::day::written_moment(ctx.now(), zone), ..AnswerForm::default() };
    // All that is asked, where all of it is meant.
    if matches!(code, Some(Code::H10 | Code::P70)) {
        form.amount = ctx.formats().money_plain(opened.object.cap);
    }
    // A part that is to be let go, where not all is.
    let part = |code: Code| {
        let of =
            |o: &&(service::Owed, _)| o.0.object == Some(opened.object.id) && o.0.code == code.as_string();
        handed.owed.iter().find(of).and_then(|(o, _)| o.part)
    };
    if let Some(part) = code.filter(|c| c.is_end()).and_then(part) {
        form.amount = ctx.formats().money_plain(part);
    }
    Ok(page(&ctx, &app, (&handed, opened), code, &form, &[]))
}

/// The field that a fault of whose it is is about.
fn of_holder(pointer: &str) -> Option<&'static str> {
    let (_, place) = pointer.split_once("/holders")?;
    Some(match place.split('/').nth(2) {
        Some("iin") => "holder_iin",
        Some("birth_date") => "holder_birth",
        Some("phones") => "holder_phone",
        _ => "holder_name",
    })
}

/// The field that a fault of the answer is about, and its words.
fn fault(ctx: &Ctx, code: Code, error: &OrderError) -> Option<FieldError> {
    let OrderError::Answer(fault) = error else { return None };
    let pointer = fault.pointer();
    let named = match of_holder(&pointer) {
        Some(field) => field,
        None => match pointer.rsplit('/').next().unwrap_or_default() {
            "lines" => "amount",
            "camera_until" => "until",
            name => name,
        },
    };
    let fields = said::fields(code);
    let field =
        fields.iter().map(|(name, _)| *name).find(|name| *name == named).or(fields.first().map(|f| f.0))?;
    let key = match error.code() {
        "answer.field_missing" => "console-field.missing".to_owned(),
        "answer.field_unreadable" => "console-field.unreadable".to_owned(),
        code => Problem::key(code),
    };
    Some(FieldError::new(ctx, field, &key))
}

/// `POST /console/orders/{id}/objects/{object}/answer`.
pub(super) async fn send(
    State(app): State<App>,
    clerk: Clerk,
    ctx: Ctx,
    Path((order, object)): Path<(String, String)>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    let handed = service::handed(&app, &clerk.actor, id(&order)?).await?;
    let opened = object_of(&handed, &object)?;
    let Some(code) = code_of(&handed, &form.code) else {
        let wrong = FieldError::new(&ctx, "code", "console-code.missing");
        return Ok(page(&ctx, &app, (&handed, opened), None, &form, &[wrong]));
    };
    let again = |wrong: FieldError| Ok(page(&ctx, &app, (&handed, opened), Some(code), &form, &[wrong]));
    let now = Timestamp::parse_rfc3339(&form.made_at).unwrap_or_else(|| ctx.now());
    let zone = app.profile.calendar().zone();
    let by = Reading { asset: handed.view.order.cap.asset(), zone, now };
    let line = match said::line(&form.typed(), by) {
        Ok(line) => line,
        Err(wrong) => return again(FieldError::new(&ctx, wrong.0, "console-field.unreadable")),
    };
    let key: String = form.idempotency_key.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let view = &handed.view.order;
    let said = said::answer(
        (view, &view.executor),
        Some(opened.object.id),
        format!("console-{key}"),
        now,
        vec![line],
    );
    match service::answer_at_console(&app, &clerk.actor, view.id, said).await {
        Ok(_) => {
            let more = !form.more.is_empty();
            let to = if more {
                format!("/console/orders/{}/objects/{}/answer", view.id, opened.object.id)
            } else {
                format!("/console/orders/{}", view.id)
            };
            Ok(SeeOther::to(to).with_toast(Toast::new("console-answered")).into_response())
        }
        Err(error) => match fault(&ctx, code, &error) {
            Some(wrong) => again(wrong),
            None => Err(Problem::of(&error)),
        },
    }
}
