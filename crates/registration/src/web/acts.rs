//! Acts of the office on one register: each that leaves the house or binds somebody has a page of its own.

use access::{Signing, Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form as Body, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Class, Coded as _, Purpose};
use profile::Outcome;
use uuid::Uuid;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::forms::Form;
use super::show::{Decided, decided};
use super::{field_error, page_of};
use crate::error::RegistrationError;
use crate::model::{ReferenceId, Standing};
use crate::service::{self, Matter, May};

#[derive(Template)]
#[template(path = "registration_form.html")]
struct FormPage {
    ctx: Ctx,
    title: String,
    lead: String,
    note: Option<String>,
    number: String,
    back: String,
    action: String,
    /// The same form sent twice is one act.
    form_key: String,
    button: String,
    /// The decision that is to be agreed to.
    decided: Option<Decided>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What one page of a form is: words by `key`, where it goes, its fields.
struct Ask<'a> {
    key: &'a str,
    path: &'a str,
    /// The key that the form came with; empty for a new one.
    form_key: String,
    decided: Option<Decided>,
    fields: Vec<Field>,
}

/// What an error is about that is no field's fault: the form comes back with everything that was typed.
const FORM: &str = "form";

/// The error to show with the form again, so that what was typed is not lost; else the problem.
fn kept(ctx: &Ctx, error: &RegistrationError) -> Result<FieldError, Problem> {
    if let Some(wrong) = field_error(ctx, error) {
        return Ok(wrong);
    }
    // Whoever may not even know of it is told nothing; whoever came too late, or is marked as away, is.
    let away = matches!(error, RegistrationError::Access(access::AccessError::Away));
    if error.class() == Class::Conflict || away {
        return Ok(FieldError::new(ctx, FORM, &Problem::key(error.code())));
    }
    Err(Problem::of(error))
}

fn form_page(ctx: &Ctx, number: &str, matter: &Matter, ask: Ask<'_>, errors: Vec<FieldError>) -> Response {
    let status = match &errors[..] {
        [] => StatusCode::OK,
        all if all.iter().any(|e| e.field == FORM) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let register = matter.register.name.get(ctx.lang());
    let words = |part: &str| ctx.ta(&format!("{}.{part}", ask.key), [("register", register)]);
    let back = page_of(number);
    let page = FormPage {
        title: words("title"),
        lead: words("lead"),
        button: words("button"),
        note: super::note(ctx, &matter.register),
        number: number.to_owned(),
        action: format!("{back}/{}/{}", matter.register.code, ask.path),
        back,
        form_key: if ask.form_key.is_empty() { ctx.idempotency_key() } else { ask.form_key },
        decided: ask.decided,
        fields: access::code_field(ctx, &errors).into_iter().chain(ask.fields).collect(),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// The report in this register, if the reader may do this to it now.
async fn matter(
    app: &App,
    actor: &Actor,
    (number, system): (&str, &str),
    may: impl Fn(&May) -> bool,
) -> Result<Matter, Problem> {
    let view = service::of_report(app, actor, number).await?;
    let found = view.matters.into_iter().find(|m| m.register.code == system);
    found.filter(|m| may(&m.may)).ok_or_else(Problem::not_found)
}

fn done(number: &str, toast: &str) -> Response {
    let toast = Toast::new(toast).with("number", number);
    SeeOther::to(page_of(number)).with_toast(toast).into_response()
}

/// `POST …/hand-over`: makes the file; the page then offers it.
pub(super) async fn hand_over(
    Staff(actor): Staff,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let made = service::hand_over(&app, &actor, &number, &system).await?;
    let sent = !made.institution.is_empty();
    Ok(done(&number, if sent { "registration-toast-sent" } else { "registration-toast-handed-over" }))
}

/// `POST …/enter`: into the registers that the report is missing in.
pub(super) async fn enter(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    service::enter_now(&app, &actor, &number).await?;
    Ok(done(&number, "registration-toast-entered"))
}

/// `POST …/carried`: the file was carried to the register.
pub(super) async fn carried(
    Staff(actor): Staff,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    service::carried(&app, &actor, &number, &system).await?;
    Ok(done(&number, "registration-toast-carried"))
}

fn turned_away_page(ctx: &Ctx, number: &str, m: &Matter, form: &Form, errors: Vec<FieldError>) -> Response {
    let fields = vec![form.reason_field(ctx, "registration-turned-away-reason", &errors)];
    let ask = Ask {
        key: "registration-turned-away",
        path: "turned-away",
        form_key: String::new(),
        decided: None,
        fields,
    };
    form_page(ctx, number, m, ask, errors)
}

/// `GET …/turned-away`.
pub(super) async fn turned_away_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let m = matter(&app, &actor, (&number, &system), |may| may.turn_away).await?;
    Ok(turned_away_page(&ctx, &number, &m, &Form::default(), Vec::new()))
}

/// `POST …/turned-away`: the register did not take the file, and why.
pub(super) async fn turned_away(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    match service::turned_away(&app, &actor, &number, &system, &form.reason).await {
        Ok(_) => Ok(done(&number, "registration-toast-turned-away")),
        Err(e) => {
            let wrong = kept(&ctx, &e)?;
            let late = wrong.field == FORM;
            let m = matter(&app, &actor, (&number, &system), |may| may.turn_away || late).await?;
            Ok(turned_away_page(&ctx, &number, &m, &form, vec![wrong]))
        }
    }
}

/// `GET …/file`: the file itself. Each taking is a record.
pub(super) async fn file(
    Staff(actor): Staff,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let taken = service::take_file(&app, &actor, &number, &system).await?;
    let headers = [
        (CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", taken.name)),
    ];
    Ok((headers, taken.content.into_inner(Purpose::HandleReport)).into_response())
}

fn receipt_page(ctx: &Ctx, number: &str, m: &Matter, form: &Form, errors: Vec<FieldError>) -> Response {
    let fields = form.receipt_fields(ctx, &m.register, &errors);
    let ask =
        Ask { key: "registration-receipt", path: "receipt", form_key: String::new(), decided: None, fields };
    form_page(ctx, number, m, ask, errors)
}

/// `GET …/receipt`.
pub(super) async fn receipt_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let m = matter(&app, &actor, (&number, &system), |may| may.receive).await?;
    Ok(receipt_page(&ctx, &number, &m, &Form::default(), Vec::new()))
}

/// `POST …/receipt`: under which number the register took it.
pub(super) async fn receipt(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let again = async |errors: Vec<FieldError>| {
        let late = errors.iter().any(|e| e.field == FORM);
        let m = matter(&app, &actor, (&number, &system), |may| may.receive || late).await?;
        Ok(receipt_page(&ctx, &number, &m, &form, errors))
    };
    let told = match form.receipt(&ctx) {
        Ok(told) => told,
        Err(errors) => return again(errors).await,
    };
    match service::record_receipt(&app, &actor, &number, &system, told).await {
        Ok(_) => Ok(done(&number, "registration-toast-registered")),
        Err(e) => again(vec![kept(&ctx, &e)?]).await,
    }
}

fn correct_page(ctx: &Ctx, number: &str, m: &Matter, form: &Form, errors: Vec<FieldError>) -> Response {
    let mut fields = form.receipt_fields(ctx, &m.register, &errors);
    fields.push(form.reason_field(ctx, "registration-reason", &errors));
    let ask = Ask {
        key: "registration-correct",
        path: "correct",
        form_key: form.idempotency_key.clone(),
        decided: None,
        fields,
    };
    form_page(ctx, number, m, ask, errors)
}

/// `GET …/correct`.
pub(super) async fn correct_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let m = matter(&app, &actor, (&number, &system), |may| may.correct).await?;
    let known = m.reference();
    let form = Form {
        number: known.map(|r| r.number.clone()).unwrap_or_default(),
        at: known.map(|r| web::day::written_moment(r.registered_at, ctx.zone())).unwrap_or_default(),
        ..Form::default()
    };
    Ok(correct_page(&ctx, &number, &m, &form, Vec::new()))
}

/// `POST …/correct`: the wrong number is marked and kept.
pub(super) async fn correct(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let again = async |errors: Vec<FieldError>| {
        let late = errors.iter().any(|e| e.field == FORM);
        let m = matter(&app, &actor, (&number, &system), |may| may.correct || late).await?;
        Ok(correct_page(&ctx, &number, &m, &form, errors))
    };
    let told = match form.receipt(&ctx) {
        Ok(told) => told,
        Err(errors) => return again(errors).await,
    };
    let id: Uuid = form.idempotency_key.parse().unwrap_or_else(|_| app.uuid());
    let id = ReferenceId::from_uuid(id);
    match service::correct_once(&app, &actor, (&number, &system), id, told, &form.reason).await {
        Ok(_) => Ok(done(&number, "registration-toast-corrected")),
        Err(RegistrationError::Field("at")) => again(vec![early(&ctx, &app, &system)]).await,
        Err(e) => again(vec![kept(&ctx, &e)?]).await,
    }
}

/// What is wrong with the time of an entry: a register that decides cannot have entered a report before it came to it; one
/// that is handed reports can.
fn early(ctx: &Ctx, app: &App, system: &str) -> FieldError {
    let decides = app.profile.register(system, app.office.now()).is_some_and(|r| r.decision().is_some());
    let key = if decides { "error-registration-at-decided" } else { "error-registration-at" };
    FieldError::new(ctx, "at", key)
}

fn mistaken_page(ctx: &Ctx, number: &str, m: &Matter, form: &Form, errors: Vec<FieldError>) -> Response {
    let fields = vec![form.reason_field(ctx, "registration-mistaken-reason", &errors)];
    let ask = Ask {
        key: "registration-mistaken",
        path: "mistaken",
        form_key: String::new(),
        decided: None,
        fields,
    };
    form_page(ctx, number, m, ask, errors)
}

/// `GET …/mistaken`.
pub(super) async fn mistaken_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let m = matter(&app, &actor, (&number, &system), |may| may.mistaken).await?;
    Ok(mistaken_page(&ctx, &number, &m, &Form::default(), Vec::new()))
}

/// `POST …/mistaken`: the register does not hold the report, and why it was written down.
pub(super) async fn mistaken(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    match service::mistaken(&app, &actor, &number, &system, &form.reason).await {
        Ok(_) => Ok(done(&number, "registration-toast-mistaken")),
        Err(e) => {
            let wrong = kept(&ctx, &e)?;
            let late = wrong.field == FORM;
            let m = matter(&app, &actor, (&number, &system), |may| may.mistaken || late).await?;
            Ok(mistaken_page(&ctx, &number, &m, &form, vec![wrong]))
        }
    }
}

/// `POST …/take-back`: the own proposal.
pub(super) async fn take_back(
    Staff(actor): Staff,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    service::take_back(&app, &actor, &number, &system).await?;
    Ok(done(&number, "registration-toast-taken-back"))
}

fn decide_page(
    ctx: &Ctx,
    number: &str,
    (m, outcome): (&Matter, Outcome),
    form: &Form,
    errors: Vec<FieldError>,
) -> Response {
    let key = format!("registration-decide-{}", outcome.as_str());
    let path = format!("decide/{}", outcome.as_str());
    let fields = form.decision_fields(ctx, &m.register, outcome, &errors);
    form_page(
        ctx,
        number,
        m,
        Ask { key: &key, path: &path, form_key: String::new(), decided: None, fields },
        errors,
    )
}

/// The outcome of a path, if the register has it.
fn outcome_of(m: &Matter, word: &str) -> Result<Outcome, Problem> {
    let outcome = Outcome::parse(word).ok_or_else(Problem::not_found)?;
    let known = m.register.decision().and_then(|rule| rule.outcome(outcome));
    known.map(|o| o.kind).ok_or_else(Problem::not_found)
}

/// `GET …/decide/{outcome}`. Leads to the one-time code first.
pub(super) async fn decide_form(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system, word)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let m = matter(&app, &actor, (&number, &system), |may| may.decide).await?;
    let outcome = outcome_of(&m, &word)?;
    Ok(decide_page(&ctx, &number, (&m, outcome), &Form::default(), Vec::new()))
}

/// `POST …/decide/{outcome}`.
pub(super) async fn decide(
    signing: Signing,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system, word)): Path<(String, String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let actor = signing.actor().clone();
    let view = service::of_report(&app, &actor, &number).await?;
    let m = view.matters.into_iter().find(|m| m.register.code == system).ok_or_else(Problem::not_found)?;
    let outcome = outcome_of(&m, &word)?;
    let again = |errors: Vec<FieldError>| decide_page(&ctx, &number, (&m, outcome), &form, errors);
    let new = match form.decision(&ctx, &app, outcome) {
        Ok(new) => new,
        // What cannot be decided now is told by the service, not by the form.
        Err(errors) if m.may.decide => return Ok(again(errors)),
        Err(_) => return Err(Problem::not_found()),
    };
    if let Some(late) = signing.fresh(&app, &ctx, &form.code).await? {
        return Ok(again(vec![late]));
    }
    match service::decide(&app, &actor, &number, &system, new).await {
        Ok(now) if now.state.is_open() => Ok(done(&number, "registration-toast-proposed")),
        Ok(_) => Ok(done(&number, "registration-toast-decided")),
        Err(RegistrationError::Field("at")) => Ok(again(vec![early(&ctx, &app, &system)])),
        Err(e) => Ok(again(vec![kept(&ctx, &e)?])),
    }
}

async fn confirm_page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    (number, system): (&str, &str),
    form: &Form,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let opened = service::open(app, actor, number).await?;
    // Whoever came too late sees what has become of it, beside what was typed.
    let late = errors.iter().any(|e| e.field == FORM);
    let found = opened.view.matters.iter().find(|m| m.register.code == system && (m.may.confirm || late));
    let m = found.ok_or_else(Problem::not_found)?;
    let waits = opened
        .decisions
        .iter()
        .rev()
        .find(|d| {
            let waits = d.decision.standing == Standing::Proposed;
            d.decision.registration == m.registration.id && (waits || late)
        })
        .ok_or_else(|| Problem::of(&RegistrationError::NothingToConfirm))?;
    let choices = ["agree", "send-back"].map(|c| Choice::new(c, ctx.t(&format!("registration-answer-{c}"))));
    let fields = vec![
        Field::radios(ctx, "answer", "registration-answer", choices.to_vec())
            .value(form.answer.clone())
            .errors(&errors),
        form.reason_field(ctx, "registration-send-back-reason", &errors).optional(),
    ];
    let decided = Some(decided(ctx, &m.register, waits));
    let ask = Ask { key: "registration-confirm", path: "confirm", form_key: String::new(), decided, fields };
    Ok(form_page(ctx, number, m, ask, errors))
}

/// `GET …/confirm`: exactly what is proposed. Leads to the one-time code first.
pub(super) async fn confirm_form(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    confirm_page(&ctx, &app, &actor, (&number, &system), &Form::default(), Vec::new()).await
}

/// `POST …/confirm`.
pub(super) async fn confirm(
    signing: Signing,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let actor = signing.actor().clone();
    let agree = match form.answer.as_str() {
        "agree" => true,
        "send-back" => false,
        _ => {
            let wrong = FieldError::new(&ctx, "answer", "registration-answer.missing");
            return confirm_page(&ctx, &app, &actor, (&number, &system), &form, vec![wrong]).await;
        }
    };
    let again = async |wrong| confirm_page(&ctx, &app, &actor, (&number, &system), &form, vec![wrong]).await;
    if let Some(late) = signing.fresh(&app, &ctx, &form.code).await? {
        return again(late).await;
    }
    match service::confirm(&app, &actor, &number, &system, agree, &form.reason).await {
        Ok(_) if agree => Ok(done(&number, "registration-toast-decided")),
        Ok(_) => Ok(done(&number, "registration-toast-sent-back")),
        Err(e) => again(kept(&ctx, &e)?).await,
    }
}
