//! The head's and the administrator's view: who is away, who signs for whom, what waits for a confirmation.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Actor, Purpose, Role};
use uuid::Uuid;
use web::{Ctx, Empty, ErrorSummary, Field, FieldError, Page, Problem, SeeOther};

use super::own::{fault, said_toast};
use super::{AbsenceForm, AbsenceRow, DelegationRow, PEOPLE, absence, names, row};
use crate::absence::{self, Person};
use crate::away::AwayError;
use crate::delegation::{self, Stage};
use crate::pages::Staff;
use crate::pages::admin::roles_words;

struct PersonRow {
    href: String,
    name: String,
    unit: String,
    roles: String,
    own: bool,
    absences: Vec<AbsenceRow>,
    /// Who signs in the person's stead now.
    deputies: String,
    /// Away, holds the power to sign, and nobody signs in the stead.
    uncovered: bool,
}

#[derive(Template)]
#[template(path = "access_away_people.html")]
struct PeoplePage {
    ctx: Ctx,
    people: Vec<PersonRow>,
    waiting: Vec<DelegationRow>,
    live: Vec<DelegationRow>,
    past: Vec<DelegationRow>,
    none_live: Option<Empty>,
    /// The reader works at the desk, and may see whose reports wait.
    works: bool,
}

/// Most delegations that are over on the page; all of them stand in the record.
const PAST: usize = 50;

/// `GET /desk/away/people`.
pub(crate) async fn list(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
) -> Result<Page<impl Template>, Problem> {
    let people = absence::people(&app, &actor).await?;
    let all = delegation::delegations(&app, &actor).await?;
    let names = names(&app, &all).await?;
    let now = ctx.now();
    let of = |wanted: &dyn Fn(Stage) -> bool| {
        all.iter().filter(|d| wanted(d.stage(now))).map(|d| row(&ctx, &names, d)).collect::<Vec<_>>()
    };
    let live = of(&|s| matches!(s, Stage::InForce | Stage::ToCome | Stage::WaitsForDeputy));
    let person = |p: &Person| {
        let lent =
            all.iter().filter(|d| d.terms.delegator == p.who.account && d.stage(now) == Stage::InForce);
        let deputies: Vec<String> = lent.map(|d| super::name(&names, &d.deputy())).collect();
        let away = p.absences.iter().any(|a| a.holds(now));
        PersonRow {
            href: format!("{PEOPLE}/{}", p.who.account),
            name: p.who.name.open(Purpose::Operate).clone(),
            unit: p.who.unit.clone(),
            roles: roles_words(&ctx, &p.who.office.roles),
            own: actor.user() == Some(p.who.account),
            absences: p.absences.iter().map(|a| absence(&ctx, a)).collect(),
            uncovered: away && deputies.is_empty() && p.who.office.roles.contains(&Role::Approver),
            deputies: deputies.join(", "),
        }
    };
    let mut rows: Vec<&Person> = people.iter().collect();
    // Whoever is away comes first: that is what the page is opened for.
    rows.sort_by_key(|p| !p.absences.iter().any(|a| a.holds(now)));
    let mut past = of(&|s| matches!(s, Stage::Expired | Stage::Ended));
    past.truncate(PAST);
    Ok(Page(PeoplePage {
        people: rows.into_iter().map(person).collect(),
        waiting: of(&|s| s == Stage::WaitsForConfirmation),
        none_live: live.is_empty().then(|| Empty::new(&ctx, "access-delegations-empty")),
        works: actor.has(Role::DutyOfficer) || actor.has(Role::Approver),
        live,
        past,
        ctx,
    }))
}

#[derive(Template)]
#[template(path = "access_away_person.html")]
struct PersonPage {
    ctx: Ctx,
    href: String,
    name: String,
    id: String,
    absences: Vec<AbsenceRow>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

async fn person(app: &App, actor: &Actor, account: &str) -> Result<Person, Problem> {
    let account: Uuid = account.parse().map_err(|_| Problem::not_found())?;
    let all = absence::people(app, actor).await?;
    all.into_iter().find(|p| p.who.account == account).ok_or_else(Problem::not_found)
}

fn page(ctx: &Ctx, p: &Person, form: &AbsenceForm, errors: &[FieldError]) -> Response {
    let page = PersonPage {
        href: format!("{PEOPLE}/{}", p.who.account),
        name: p.who.name.open(Purpose::Operate).clone(),
        id: form.absence.clone(),
        absences: p.absences.iter().map(|a| absence(ctx, a)).collect(),
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        fields: form.fields(ctx, errors),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

/// `GET /desk/away/people/{account}`: for whoever cannot say it themselves.
pub(crate) async fn form(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(account): Path<String>,
) -> Result<Response, Problem> {
    let p = person(&app, &actor, &account).await?;
    Ok(page(&ctx, &p, &AbsenceForm::fresh(&app, &ctx), &[]))
}

/// `POST /desk/away/people/{account}`.
pub(crate) async fn say(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(account): Path<String>,
    Form(form): Form<AbsenceForm>,
) -> Result<Response, Problem> {
    let p = person(&app, &actor, &account).await?;
    let new = match form.read(&ctx, p.who.account) {
        Ok(new) => new,
        Err(errors) => return Ok(page(&ctx, &p, &form, &errors)),
    };
    match absence::say_absence(&app, &actor, new).await {
        Ok(said) => Ok(SeeOther::to(PEOPLE).with_toast(said_toast(&ctx, &said)).into_response()),
        Err(AwayError::Absence(wrong)) => Ok(page(&ctx, &p, &form, &[fault(&ctx, wrong)])),
        Err(error) => Err(error.into()),
    }
}
