//! Deciding about a registration, and agreeing to what a colleague decided.

use access::{Signing, SteppedUp};
use app::App;
use axum::extract::{Extension, Form as Body, Path, State};
use axum::response::Response;
use kernel::Actor;
use profile::Outcome;
use web::{Choice, Ctx, Field, FieldError, Problem};

use super::ask::{Ask, FORM, done, early, form_page, kept, matter};
use super::forms::Form;
use super::show::decided;
use crate::error::RegistrationError;
use crate::kinds::{Kind, Of};
use crate::model::Standing;
use crate::service::{self, Matter};

fn decide_page(
    ctx: &Ctx,
    number: &Of,
    (m, outcome): (&Matter, Outcome),
    form: &Form,
    errors: Vec<FieldError>,
) -> Response {
    let key = format!("registration-decide-{}", outcome.as_str());
    let path = format!("decide/{}", outcome.as_str());
    let fields = form.decision_fields(ctx, (&m.register, number.kind.told), outcome, &errors);
    form_page(ctx, number, m, Ask { key: &key, path: &path, fields, ..Ask::default() }, errors)
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
    Extension(kind): Extension<Kind>,
    Path((number, system, word)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let m = matter(&app, &actor, (&number, &system), |may| may.decide).await?;
    let outcome = outcome_of(&m, &word)?;
    Ok(decide_page(&ctx, &number, (&m, outcome), &Form::default(), Vec::new()))
}

/// `POST …/decide/{outcome}`.
pub(super) async fn decide(
    signing: Signing,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system, word)): Path<(String, String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let actor = signing.actor().clone();
    let view = service::of_report(&app, &actor, &number).await?;
    let m = view.matters.into_iter().find(|m| m.register.code == system).ok_or_else(Problem::not_found)?;
    let outcome = outcome_of(&m, &word)?;
    let again = |errors: Vec<FieldError>| decide_page(&ctx, &number, (&m, outcome), &form, errors);
    let new = match form.decision(&ctx, &app, (outcome, number.kind.told)) {
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
    (number, system): (&Of, &str),
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
    let ask = Ask { key: "registration-confirm", path: "confirm", decided, fields, ..Ask::default() };
    Ok(form_page(ctx, number, m, ask, errors))
}

/// `GET …/confirm`: exactly what is proposed. Leads to the one-time code first.
pub(super) async fn confirm_form(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    confirm_page(&ctx, &app, &actor, (&number, &system), &Form::default(), Vec::new()).await
}

/// `POST …/confirm`.
pub(super) async fn confirm(
    signing: Signing,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
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
