//! Naming a deputy: whose power, for which orders, how long, on what paper.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Actor, Coded as _, Purpose, Role, Timestamp};
use profile::Measure;
use uuid::Uuid;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::{measure, sum};
use crate::absence::away_now;
use crate::account::{Colleague, colleagues};
use crate::actor::{organisation_of, unit_of};
use crate::away::AwayError;
use crate::delegation::{
    self, DelegationFault, DelegationId, GiveError, NewDelegation, Terms, may_be_deputy,
};
use crate::model::{Action, Kind, Resource};
use crate::pages::admin::roles_words;
use crate::pages::{Signing, Staff, SteppedUp, code_field};
use crate::rules::require;

#[derive(Template)]
#[template(path = "access_deputy.html")]
struct GivePage {
    ctx: Ctx,
    id: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
    longest: String,
}

/// The form. Absent fields are empty ones.
#[derive(Debug, Default)]
struct GiveForm {
    id: String,
    deputy: String,
    unit: String,
    measures: Vec<String>,
    most: String,
    first: String,
    last: String,
    number: String,
    ground: String,
    /// A one-time code, where the last one was too long ago.
    code: String,
}

impl GiveForm {
    fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "id" => form.id = value,
                "deputy" => form.deputy = value,
                "unit" => form.unit = value,
                "measures" => form.measures.push(value),
                "most" => form.most = value,
                "first" => form.first = value,
                "last" => form.last = value,
                "number" => form.number = value,
                "ground" => form.ground = value,
                "code" => form.code = value,
                _ => {}
            }
        }
        form
    }
}

const OWN_UNIT: &str = "own";
const ALL_UNITS: &str = "all";

fn may(actor: &Actor) -> Result<(), Problem> {
    Ok(require(actor, Action::GiveDelegation, &Resource::any(Kind::Delegation))?)
}

/// Colleagues who may be named, each with a word if they are away themselves.
async fn candidates(app: &App, actor: &Actor) -> Result<Vec<(Colleague, Option<Timestamp>)>, Problem> {
    let organisation = organisation_of(actor).unwrap_or_default().to_owned();
    let (me, own) = (app.clone(), actor.user());
    let read = app.db.read(move |tx| {
        let away = away_now(tx, &organisation, me.office.now())?;
        let all = colleagues(tx, &me.vault, &organisation)?;
        let fit = |c: &Colleague| may_be_deputy(&c.office) && Some(c.account) != own;
        let till = |c: &Colleague| away.iter().find(|(id, _)| *id == c.account).map(|(_, till)| *till);
        Ok::<_, AwayError>(all.into_iter().filter(fit).map(|c| (till(&c), c)).map(|(t, c)| (c, t)).collect())
    });
    Ok(read.await?)
}

/// The measures that the law of this country knows, each once.
fn measures(app: &App) -> Vec<Measure> {
    let mut all: Vec<Measure> = app.profile.legal_bases().iter().flat_map(|b| b.measures.clone()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    form: &GiveForm,
    errors: &[FieldError],
) -> Result<Response, Problem> {
    let people = candidates(app, actor).await?;
    let people = people.iter().map(|(c, away)| {
        let mut words =
            format!("{}, {} ({})", c.name.open(Purpose::Operate), c.unit, roles_words(ctx, &c.office.roles));
        if let Some(till) = away {
            words = format!("{words}: {}", ctx.ta("access-deputy-away", [("time", ctx.date_time(*till))]));
        }
        Choice::new(&c.account.to_string(), words)
    });
    let units = vec![
        Choice::new(
            OWN_UNIT,
            ctx.ta("access-deputy-own-unit", [("unit", unit_of(actor).unwrap_or_default())]),
        ),
        Choice::new(ALL_UNITS, ctx.t("access-deputy-all-units")),
    ];
    let kinds =
        measures(app).into_iter().map(|m| Choice::new(m.as_str(), measure(ctx, m.as_str()))).collect();
    let currency = app.profile.currency();
    let symbol = app.profile.asset_info(currency.code()).map_or_else(String::new, |a| a.symbol.clone());
    let unit = if form.unit.is_empty() { OWN_UNIT } else { &form.unit };
    let mut fields: Vec<Field> = code_field(ctx, errors).into_iter().collect();
    fields.extend([
        Field::select(ctx, "deputy", "access-deputy-who", people.collect())
            .value(&form.deputy)
            .errors(errors),
        Field::radios(ctx, "unit", "access-deputy-unit", units).value(unit).errors(errors),
        Field::checks(ctx, "measures", "access-deputy-measures", kinds)
            .values(form.measures.clone())
            .errors(errors),
        Field::amount(ctx, "most", "access-deputy-most", &symbol).value(&form.most).optional().errors(errors),
        Field::text(ctx, "first", "access-deputy-first").value(&form.first).width(10).errors(errors),
        Field::text(ctx, "last", "access-deputy-last").value(&form.last).width(10).errors(errors),
        Field::text(ctx, "number", "access-deputy-number").value(&form.number).width(20).errors(errors),
        Field::area(ctx, "ground", "access-deputy-ground", 3).value(&form.ground).errors(errors),
    ]);
    let page = GivePage {
        id: form.id.clone(),
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        fields,
        longest: ctx.ta("access-deputy-longest", [("n", i64::from(app.profile.delegation_max_days()))]),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(page)).into_response())
}

/// `GET /desk/away/deputy`.
pub(crate) async fn form(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    stepped: Result<SteppedUp, Response>,
) -> Result<Response, Problem> {
    // Whoever may not open the page must not learn of it: asked before the code is.
    may(&actor)?;
    if let Err(away) = stepped {
        return Ok(away);
    }
    let form = GiveForm {
        id: DelegationId::from_uuid(app.uuid()).to_string(),
        first: web::day::written_moment(ctx.now(), ctx.zone()).chars().take(10).collect(),
        ..GiveForm::default()
    };
    page(&ctx, &app, &actor, &form, &[]).await
}

/// What the form asks for; else what is wrong with it.
fn terms(ctx: &Ctx, app: &App, actor: &Actor, form: &GiveForm) -> Result<NewDelegation, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |name: &str, key: &str| errors.push(FieldError::new(ctx, name, key));
    let deputy = form.deputy.parse::<Uuid>().ok();
    if deputy.is_none() {
        wrong("deputy", "access-deputy-who.missing");
    }
    let unit = match form.unit.as_str() {
        OWN_UNIT => Some(unit_of(actor).unwrap_or_default().to_owned()),
        ALL_UNITS => Some(String::new()),
        _ => None,
    };
    if unit.is_none() {
        wrong("unit", "access-deputy-unit.missing");
    }
    // A word that is no measure must not make the list an empty one, which means all.
    let chosen: Option<Vec<Measure>> = form.measures.iter().map(|m| Measure::parse(m)).collect();
    if chosen.is_none() {
        wrong("measures", "access-deputy-measures.missing");
    }
    let most = sum(app, &form.most);
    if most.is_err() {
        wrong("most", "error-access-delegation-most");
    }
    let first = web::day::read_moment(&form.first, ctx.zone()).map(|at| app.profile.day_start(at));
    if first.is_none() {
        wrong("first", "access-deputy-first.missing");
    }
    // The last day is a part of the term: it ends where the next day begins.
    let next_day = |at: Timestamp| app.profile.day_start(app.profile.day_start(at).plus_secs(36 * 3_600));
    let till = web::day::read_moment(&form.last, ctx.zone()).map(next_day);
    if till.is_none() {
        wrong("last", "access-deputy-last.missing");
    }
    let id: Option<DelegationId> = form.id.parse().ok();
    let parts = (deputy, unit, chosen, most, first, till, id, actor.user());
    let (
        Some(deputy),
        Some(unit),
        Some(measures),
        Ok(most),
        Some(from),
        Some(till),
        Some(id),
        Some(delegator),
    ) = parts
    else {
        return Err(errors);
    };
    let number = form.number.trim().to_owned();
    let terms = Terms { delegator, deputy, role: Role::Approver, unit, measures, most, from, till, number };
    Ok(NewDelegation { id, terms, ground: form.ground.trim().to_owned() })
}

/// The field that a refusal is about.
const fn field_of(fault: DelegationFault) -> &'static str {
    match fault {
        DelegationFault::Oneself | DelegationFault::NotHeld | DelegationFault::Deputy => "deputy",
        DelegationFault::Dates | DelegationFault::TooLong => "last",
        DelegationFault::Most => "most",
        DelegationFault::Number => "number",
        DelegationFault::Ground => "ground",
    }
}

/// `POST /desk/away/deputy`.
pub(crate) async fn submit(
    State(app): State<App>,
    signing: Signing,
    ctx: Ctx,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let actor = signing.actor().clone();
    may(&actor)?;
    let form = GiveForm::read(pairs);
    let new = match terms(&ctx, &app, &actor, &form) {
        Ok(new) => new,
        Err(errors) => return page(&ctx, &app, &actor, &form, &errors).await,
    };
    if let Some(late) = signing.fresh(&app, &ctx, &form.code).await? {
        return page(&ctx, &app, &actor, &form, &[late]).await;
    }
    match delegation::give_delegation(&app, &actor, new).await {
        Ok(d) => Ok(SeeOther::to(format!("/desk/away/delegations/{}", d.id))
            .with_toast(Toast::new("access-delegation-given"))
            .into_response()),
        Err(GiveError::Faults(faults)) => {
            let key = |f: &DelegationFault| FieldError::new(&ctx, field_of(*f), &Problem::key(f.code()));
            let errors: Vec<FieldError> = faults.iter().map(key).collect();
            page(&ctx, &app, &actor, &form, &errors).await
        }
        Err(GiveError::Other(error)) => Err(error.into()),
    }
}
