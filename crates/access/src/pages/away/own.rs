//! One's own absences and delegations.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Actor, Coded as _};
use web::{Callout, Ctx, Empty, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast, Tone};

use super::{AbsenceForm, AbsenceRow, DelegationRow, OWN, PEOPLE, absence, names, row, till_words};
use crate::absence::{self, AbsenceFault, AbsenceId};
use crate::away::AwayError;
use crate::delegation;
use crate::model::{Action, Kind, Resource};
use crate::pages::Staff;
use crate::rules::allowed;

#[derive(Template)]
#[template(path = "access_away.html")]
struct OwnPage {
    ctx: Ctx,
    /// Till when one is marked as away now.
    away: Option<Callout>,
    absences: Vec<AbsenceRow>,
    id: String,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    given: Vec<DelegationRow>,
    got: Vec<DelegationRow>,
    nothing_given: Option<Empty>,
    nothing_got: Option<Empty>,
    may_give: bool,
    heads: bool,
    to_confirm: usize,
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    form: &AbsenceForm,
    errors: &[FieldError],
) -> Result<Response, Problem> {
    let absences = absence::own_absences(app, actor).await?;
    let delegations = delegation::own_delegations(app, actor).await?;
    let names = names(app, &delegations).await?;
    let me = actor.user();
    let now = ctx.now();
    let till = absences.iter().filter(|a| a.holds(now)).map(|a| a.till).max();
    let of = |mine: bool| {
        let chosen = delegations.iter().filter(|d| (Some(d.terms.delegator) == me) == mine);
        chosen.map(|d| row(ctx, &names, d)).collect::<Vec<_>>()
    };
    let (given, got) = (of(true), of(false));
    let may_give = allowed(actor, Action::GiveDelegation, &Resource::any(Kind::Delegation));
    let page = OwnPage {
        away: till
            .map(|till| Callout::new(ctx, Tone::Amber, &ctx.t("access-away-now"), till_words(ctx, till))),
        absences: absences.iter().map(|a| absence(ctx, a)).collect(),
        id: form.absence.clone(),
        fields: form.fields(ctx, errors),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        nothing_given: given.is_empty().then(|| Empty::new(ctx, "access-given-empty")),
        nothing_got: got.is_empty().then(|| Empty::new(ctx, "access-got-empty")),
        given,
        got,
        may_give,
        heads: absence::reach(actor, Kind::Absence, Action::SayAbsence).is_ok(),
        to_confirm: delegation::to_confirm(app, actor).await?,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(page)).into_response())
}

/// `GET /desk/away`.
pub(crate) async fn show(State(app): State<App>, Staff(actor): Staff, ctx: Ctx) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, &AbsenceForm::fresh(&app, &ctx), &[]).await
}

/// The field that a refusal is about.
pub(super) fn fault(ctx: &Ctx, fault: AbsenceFault) -> FieldError {
    FieldError::new(ctx, "till", &Problem::key(fault.code()))
}

/// `POST /desk/away`: taken at once, and taken back by the notice that follows it.
pub(crate) async fn say(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Form(form): Form<AbsenceForm>,
) -> Result<Response, Problem> {
    let account = actor.user().ok_or_else(Problem::not_found)?;
    let new = match form.read(&ctx, account) {
        Ok(new) => new,
        Err(errors) => return page(&ctx, &app, &actor, &form, &errors).await,
    };
    match absence::say_absence(&app, &actor, new).await {
        Ok(said) => Ok(SeeOther::to(OWN).with_toast(said_toast(&ctx, &said)).into_response()),
        Err(AwayError::Absence(wrong)) => page(&ctx, &app, &actor, &form, &[fault(&ctx, wrong)]).await,
        Err(error) => Err(error.into()),
    }
}

/// The notice that an absence was said, with the way to take it back.
pub(super) fn said_toast(ctx: &Ctx, said: &absence::Absence) -> Toast {
    Toast::new("access-absence-said")
        .with("time", ctx.date_time(said.till))
        .undo(&format!("/desk/away/absences/{}/end", said.id))
}

/// `POST /desk/away/absences/{id}/end`: back early, or called off; one's own, or somebody's of the unit.
pub(crate) async fn end(
    State(app): State<App>,
    Staff(actor): Staff,
    Path(id): Path<String>,
) -> Result<SeeOther, Problem> {
    let id: AbsenceId = id.parse().map_err(|_| Problem::not_found())?;
    let own = absence::own_absences(&app, &actor).await?.iter().any(|a| a.id == id);
    absence::end_absence(&app, &actor, id).await?;
    Ok(SeeOther::to(if own { OWN } else { PEOPLE }).with_toast(Toast::new("access-absence-called-back")))
}
