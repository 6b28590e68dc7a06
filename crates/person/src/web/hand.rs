//! Somebody is written down by hand: from a document, an interview, an answer that names whose an account is. Who is near in the
//! department's own records is shown before anything is saved.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Status as Shown, Toast};

use super::words;
use crate::error::PersonError;
use crate::model::{Role, Told};
use crate::resolve::FIELDS;
use crate::service::{self, Ground, Near, NearBy};

/// Somebody who is near.
struct NearRow {
    href: String,
    number: String,
    who: String,
    role: String,
    records: String,
    minor: Option<Shown>,
    dropper: Option<Shown>,
    /// What speaks for and against it, the strongest first.
    reasons: Vec<String>,
    odds: String,
}

#[derive(Template)]
#[template(path = "person_new.html")]
struct New {
    ctx: Ctx,
    title: String,
    fields: Vec<Field>,
    /// Who is near; `None` where nobody has looked yet.
    near: Option<Vec<NearRow>>,
    cut: bool,
    /// What was looked for, which is what is saved.
    seen: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What is told of somebody, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HandForm {
    pub(super) report: String,
    pub(super) role: String,
    pub(super) iin: String,
    pub(super) last: String,
    pub(super) first: String,
    pub(super) middle: String,
    pub(super) birth: String,
    pub(super) phone: String,
    pub(super) address: String,
    pub(super) device: String,
    pub(super) photo: String,
    pub(super) reason: String,
    pub(super) seen: String,
    /// What stood in the record that is corrected.
    pub(super) stands: String,
}

impl HandForm {
    pub(super) fn told(&self) -> Told {
        Told {
            iin: self.iin.clone(),
            last: self.last.clone(),
            first: self.first.clone(),
            middle: self.middle.clone(),
            birth: self.birth.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            device: self.device.clone(),
            photo: self.photo.clone(),
            holding: None,
        }
    }
    /// What was looked for, so that something else is looked for again before it is saved.
    fn looked_for(&self, app: &App) -> String {
        let words = serde_json::to_string(&self.told()).unwrap_or_default();
        app.vault.token("person.near", &words)
    }
}

/// The fields of what is told.
pub(super) fn told_fields(ctx: &Ctx, form: &HandForm, errors: &[FieldError]) -> Vec<Field> {
    let text = |name: &str, key: &str, value: &str| {
        Field::text(ctx, name, key).value(value).autocomplete("off").errors(errors)
    };
    let roles = Role::ALL.iter().map(|role| Choice::new(role.as_str(), words::role(ctx, *role)));
    vec![
        Field::radios(ctx, "role", "person-role", roles.collect()).value(form.role.clone()).errors(errors),
        text("iin", "person-iin", &form.iin).inputmode("numeric").width(20).optional(),
        text("last", "person-last", &form.last).optional(),
        text("first", "person-first", &form.first).optional(),
        text("middle", "person-middle", &form.middle).optional(),
        text("birth", "person-birth", &form.birth).width(20).optional(),
        text("phone", "person-phone", &form.phone).inputmode("tel").width(20).optional(),
        text("address", "person-address", &form.address).optional(),
        text("device", "person-device", &form.device).optional(),
        text("photo", "person-photo", &form.photo).optional(),
    ]
}

fn near_row(ctx: &Ctx, near: &Near, report: &str) -> NearRow {
    let mut reasons: Vec<(i64, String)> = FIELDS
        .into_iter()
        .zip(near.pair.levels)
        .zip(near.pair.fields)
        .filter(|((_, level), _)| *level != 0)
        .map(|((field, level), bits)| {
            let (name, level) = (ctx.t(words::field(field)), ctx.t(&format!("person-level-{level}")));
            (bits, format!("{name}: {level}, {}", words::weight(ctx, bits)))
        })
        .collect();
    reasons.sort_by_key(|(bits, _)| std::cmp::Reverse(*bits));
    NearRow {
        href: format!("/desk/persons/{}?report={}", near.person, web::encode(report.trim())),
        number: near.number.clone(),
        who: near.mask.clone(),
        role: words::role(ctx, near.role),
        records: ctx.number(near.records),
        minor: near.minor.then(|| words::minor(ctx)),
        dropper: near.dropper.map(|d| super::dropper_form::status(ctx, d)),
        reasons: reasons.into_iter().map(|(_, text)| text).collect(),
        odds: words::odds(ctx, near.pair.bits),
    }
}

fn page(ctx: &Ctx, form: &HandForm, near: Option<(&NearBy, String)>, errors: Vec<FieldError>) -> Response {
    let mut fields = vec![
        Field::text(ctx, "report", "person-for-report")
            .value(form.report.clone())
            .autocomplete("off")
            .width(20)
            .errors(&errors),
    ];
    fields.extend(told_fields(ctx, form, &errors));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = New {
        title: ctx.t("person-new"),
        fields,
        near: near.as_ref().map(|(n, _)| n.all.iter().map(|one| near_row(ctx, one, &form.report)).collect()),
        cut: near.as_ref().is_some_and(|(n, _)| n.cut),
        seen: near.map(|(_, seen)| seen).unwrap_or_default(),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// `GET /desk/persons/new`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(form): Query<HandForm>,
) -> Result<Response, Problem> {
    service::may_judge(&app, &actor).map_err(|e| Problem::of(&e))?;
    // Nothing personal is read from an address.
    Ok(page(&ctx, &HandForm { report: form.report, ..HandForm::default() }, None, Vec::new()))
}

/// The form again with what is wrong.
fn wrong(ctx: &Ctx, form: &HandForm, error: &PersonError) -> Result<Response, Problem> {
    match words::field_error(ctx, error) {
        Some(wrong) => {
            // Where nothing at all is told the first of the name's fields is pointed at.
            let field = if wrong.field == "name" { "last".to_owned() } else { wrong.field.clone() };
            Ok(page(ctx, form, None, vec![FieldError { field, ..wrong }]))
        }
        None => Err(Problem::of(error)),
    }
}

/// `POST /desk/persons/new`: who is near is shown first; the same form sent again saves.
pub(crate) async fn submit(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<HandForm>,
) -> Result<Response, Problem> {
    let Some(role) = Role::parse(&form.role) else {
        let wrong = FieldError::new(&ctx, "role", "person-role.missing");
        return Ok(page(&ctx, &form, None, vec![wrong]));
    };
    let seen = form.looked_for(&app);
    if form.seen != seen {
        match service::near(&app, &actor, &Ground(form.report.clone()), form.told()).await {
            Ok(near) if near.all.is_empty() && !near.cut => {}
            Ok(near) => return Ok(page(&ctx, &form, Some((&near, seen)), Vec::new())),
            Err(error) => return wrong(&ctx, &form, &error),
        }
    }
    match service::by_hand(&app, &actor, &form.report, role, form.told()).await {
        Ok(person) => {
            let to = format!("/desk/persons/{person}?report={}", web::encode(form.report.trim()));
            Ok(SeeOther::to(to).with_toast(Toast::new("person-toast-written")).into_response())
        }
        Err(error) => wrong(&ctx, &form, &error),
    }
}
