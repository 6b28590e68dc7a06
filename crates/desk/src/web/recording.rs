//! What an institution said by telephone or letter is written down about one thing that an order names.

use access::{Action, Staff, Stage};
use app::App;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Coded as _, Money, Timestamp};
use order::answer::Code;
use order::message::HolderRef;
use order::service::{OrderView, Told, recordable};
use order::{ObjectId, OrderError};
use serde::Deserialize;
use web::{Choice, Ctx, Field, FieldError, Problem, SeeOther, Toast};

use super::ending::{Ask, open, page};
use super::order::id;

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RecordForm {
    idempotency_key: String,
    code: String,
    by: String,
    who: String,
    day: String,
    amount: String,
    until: String,
    institution: String,
    reference: String,
    text: String,
    holder_name: String,
    holder_iin: String,
    holder_birth: String,
    holder_phone: String,
}

impl RecordForm {
    /// Whose it is, as typed; nobody where nothing was.
    fn holder(&self, ctx: &Ctx, errors: &mut Vec<FieldError>) -> Option<HolderRef> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let birth = some(&self.holder_birth).and_then(|text| {
            let read = ::web::day::read_day(&text).map(|day| day.to_string());
            if read.is_none() {
                errors.push(FieldError::new(ctx, "holder_birth", "desk-record-holder-birth.wrong"));
            }
            read
        });
        let all = [&self.holder_name, &self.holder_iin, &self.holder_birth, &self.holder_phone];
        all.into_iter().any(|text| some(text).is_some()).then(|| HolderRef {
            kind: "person".to_owned(),
            name: some(&self.holder_name),
            iin: some(&self.holder_iin),
            birth_date: birth,
            phones: some(&self.holder_phone).map(|phone| vec![phone]),
            ..HolderRef::default()
        })
    }
}

fn object_of(view: &OrderView, text: &str) -> Result<ObjectId, Problem> {
    view.objects.iter().map(|o| o.id).find(|o| o.to_string() == text).ok_or_else(Problem::not_found)
}

fn ask(
    ctx: &Ctx,
    app: &App,
    view: &OrderView,
    object: ObjectId,
    form: &RecordForm,
    errors: &[FieldError],
) -> Ask {
    let codes = recordable(view.order.measure);
    let code = |c: &Code| {
        let code = c.as_string();
        Choice::new(&code, format!("{code} {}", ctx.t(&format!("order-code-{code}"))))
    };
    let by = ["phone", "letter"].map(|b| Choice::new(b, ctx.t(&format!("desk-record-by-{b}"))));
    let line = |name, key, value: &str| Field::text(ctx, name, key).value(value).errors(errors);
    let mut fields = vec![
        Field::select(ctx, "code", "desk-record-code", codes.iter().map(code).collect())
            .value(form.code.clone())
            .errors(errors),
    ];
    if order::measure::is_about_money(view.order.measure) {
        let asset = view.order.cap.asset();
        let code = || asset.code().to_owned();
        let symbol = app.profile.asset_info(asset.code()).map_or_else(code, |a| a.symbol.clone());
        let amount = Field::amount(ctx, "amount", "desk-record-amount", &symbol);
        fields.push(amount.value(form.amount.clone()).errors(errors).optional());
    }
    if codes.contains(&Code::K10) {
        fields.push(line("until", "desk-record-until", &form.until).width(10).optional());
    }
    if codes.contains(&Code::N34) {
        fields.push(line("institution", "desk-record-institution", &form.institution).width(10).optional());
    }
    if codes.iter().any(|c| c.takes_holders()) {
        fields.push(line("holder_name", "desk-record-holder-name", &form.holder_name).optional());
        let iin = line("holder_iin", "desk-record-holder-iin", &form.holder_iin);
        fields.push(iin.inputmode("numeric").width(20).optional());
        fields
            .push(line("holder_birth", "desk-record-holder-birth", &form.holder_birth).width(10).optional());
        let phone = line("holder_phone", "desk-record-holder-phone", &form.holder_phone);
        fields.push(phone.inputmode("tel").width(20).optional());
    }
    fields.push(line("day", "desk-record-day", &form.day).width(10).optional());
    fields.push(line("reference", "desk-record-reference", &form.reference).optional());
    let text = Field::area(ctx, "text", "desk-record-text", 3).value(form.text.clone());
    fields.push(text.errors(errors).optional());
    fields
        .push(Field::radios(ctx, "by", "desk-record-by", by.to_vec()).value(form.by.clone()).errors(errors));
    fields.push(line("who", "desk-record-who", &form.who));
    Ask { key: "record", path: format!("objects/{object}/answer"), fields, only: Some(object) }
}

/// `GET /desk/orders/{id}/objects/{object}/answer`.
pub(crate) async fn form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((text, object)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let view = open(&app, &actor, id(&text)?, Action::RecordAnswer, Stage::Sent).await?;
    let object = object_of(&view, &object)?;
    let ask = ask(&ctx, &app, &view, object, &RecordForm::default(), &[]);
    Ok(page(&ctx, &app, &view, ask, &[]).await)
}

/// A day that was typed, as the moment it begins here; `None` if none was. A day that cannot be read is an error.
fn day(ctx: &Ctx, app: &App, field: &str, typed: &str, errors: &mut Vec<FieldError>) -> Option<Timestamp> {
    if typed.trim().is_empty() {
        return None;
    }
    let read = ::web::day::read_day(typed).map(|date| app.profile.calendar().start_of(date));
    if read.is_none() {
        errors.push(FieldError::new(ctx, field, "desk-record-day.wrong"));
    }
    read
}

fn read(
    ctx: &Ctx,
    app: &App,
    (view, object): (&OrderView, ObjectId),
    form: &RecordForm,
) -> Result<Told, Vec<FieldError>> {
    let mut errors = Vec::new();
    let code = recordable(view.order.measure).into_iter().find(|c| c.as_string() == form.code);
    if code.is_none() {
        errors.push(FieldError::new(ctx, "code", "desk-record-code.missing"));
    }
    let amount = match form.amount.trim() {
        "" => None,
        typed => match Money::parse(typed, view.order.cap.asset()) {
            Ok(amount) => Some(amount),
            Err(_) => {
                errors.push(FieldError::new(ctx, "amount", "desk-record-amount.missing"));
                None
            }
        },
    };
    let until = day(ctx, app, "until", &form.until, &mut errors);
    let at = day(ctx, app, "day", &form.day, &mut errors);
    let holder = form.holder(ctx, &mut errors);
    let by = match form.by.as_str() {
        "phone" => "phone",
        "letter" => "letter",
        _ => {
            errors.push(FieldError::new(ctx, "by", "desk-record-by.missing"));
            ""
        }
    };
    if app::reason(&form.who).is_none() {
        errors.push(FieldError::new(ctx, "who", "desk-record-who.missing"));
    }
    let Some(code) = code.filter(|_| errors.is_empty()) else { return Err(errors) };
    Ok(Told {
        key: form.idempotency_key.chars().filter(char::is_ascii_alphanumeric).take(40).collect(),
        object,
        code,
        by,
        who: form.who.clone(),
        at,
        amount,
        until,
        institution: form.institution.trim().to_uppercase(),
        reference: form.reference.clone(),
        text: form.text.clone(),
        holder,
    })
}

/// The field that a fault of the answer is about.
fn fault(ctx: &Ctx, error: &OrderError) -> Option<FieldError> {
    let OrderError::Answer(fault) = error else { return None };
    let pointer = fault.pointer();
    if let Some((_, place)) = pointer.split_once("/holders") {
        let field = match place.split('/').nth(2) {
            Some("iin") => "holder_iin",
            Some("birth_date") => "holder_birth",
            Some("phones") => "holder_phone",
            _ => "holder_name",
        };
        let key = match (error.code(), field) {
            ("answer.field_unreadable", "holder_iin") => "desk-record-holder-iin.wrong".to_owned(),
            ("answer.field_unreadable", "holder_birth") => "desk-record-holder-birth.wrong".to_owned(),
            ("answer.field_unreadable", "holder_phone") => "desk-record-holder-phone.wrong".to_owned(),
            ("answer.field_missing", _) => "desk-record-holder-name.missing".to_owned(),
            ("answer.stray_field", _) => "desk-record-field.stray".to_owned(),
            (code, _) => Problem::key(code),
        };
        return Some(FieldError::new(ctx, field, &key));
    }
    let field = match pointer.rsplit('/').next().unwrap_or_default() {
        "amount" | "lines" => "amount",
        "at" => "day",
        name @ ("until" | "institution" | "reference" | "text" | "who") => name,
        _ => "code",
    };
    let key = match error.code() {
        "answer.field_missing" => "desk-record-field.missing".to_owned(),
        "answer.stray_field" => "desk-record-field.stray".to_owned(),
        _ => Problem::key(error.code()),
    };
    Some(FieldError::new(ctx, field, &key))
}

/// `POST /desk/orders/{id}/objects/{object}/answer`.
pub(crate) async fn record(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((text, object)): Path<(String, String)>,
    Form(form): Form<RecordForm>,
) -> Result<Response, Problem> {
    let view = open(&app, &actor, id(&text)?, Action::RecordAnswer, Stage::Sent).await?;
    let object = object_of(&view, &object)?;
    let again = async |errors: Vec<FieldError>| {
        let ask = ask(&ctx, &app, &view, object, &form, &errors);
        Ok(page(&ctx, &app, &view, ask, &errors).await)
    };
    let told = match read(&ctx, &app, (&view, object), &form) {
        Ok(told) => told,
        Err(errors) => return again(errors).await,
    };
    let code = told.code;
    match order::service::record_answer(&app, &actor, view.order.id, told).await {
        Ok(outcome) => {
            let nothing = !outcome.changed && !outcome.already && !code.is_receipt();
            let toast = Toast::new(if nothing { "desk-recorded-nothing" } else { "desk-recorded" });
            Ok(SeeOther::to(format!("/desk/orders/{}", view.order.id)).with_toast(toast).into_response())
        }
        Err(e) => match fault(&ctx, &e) {
            Some(wrong) => again(vec![wrong]).await,
            None => Err(Problem::of(&e)),
        },
    }
}
