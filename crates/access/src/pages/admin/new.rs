//! Adding an account.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Actor, Role, Secret};
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem};

use super::{HandedPage, account_id, code_first, field_error, role_words};
use crate::account::{self, AccountId, NewAccount, Session, require_step_up};
use crate::error::AccessError;
use crate::model::{Action, Kind, Resource};
use crate::rules::require;

#[derive(Template)]
#[template(path = "access_account_new.html")]
struct NewPage {
    ctx: Ctx,
    /// The account to be: the same form sent twice makes one.
    id: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

/// The form. Absent fields are empty ones.
#[derive(Debug, Default)]
struct NewForm {
    account: String,
    login: String,
    name: String,
    unit: String,
    roles: Vec<String>,
}

impl NewForm {
    fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "account" => form.account = value,
                "login" => form.login = value,
                "name" => form.name = value,
                "unit" => form.unit = value,
                "roles" => form.roles.push(value),
                _ => {}
            }
        }
        form
    }
}

fn may(actor: &Actor) -> Result<(), AccessError> {
    require(actor, Action::ManageUsers, &Resource::any(Kind::Account))
}

/// `GET /admin/accounts/new`.
pub(crate) async fn show(State(app): State<App>, session: Session, ctx: Ctx) -> Result<Response, Problem> {
    may(&session.actor)?;
    if let Some(away) = code_first(&app, &session, &ctx) {
        return Ok(away);
    }
    let form = NewForm { unit: app.node.unit.clone(), ..NewForm::default() };
    let id = AccountId::from_uuid(app.uuid()).to_string();
    Ok(Page(page(ctx, id, &form, &[])).into_response())
}

fn page(ctx: Ctx, id: String, form: &NewForm, errors: &[FieldError]) -> NewPage {
    let choice = |role: &Role| {
        let hint = match role {
            Role::DutyOfficer => "access-role-duty-officer-hint",
            Role::Approver => "access-role-approver-hint",
            Role::Administrator => "access-role-administrator-hint",
            Role::Prosecutor => "access-role-prosecutor-hint",
            Role::Auditor => "access-role-auditor-hint",
        };
        Choice::new(role.as_str(), role_words(&ctx, *role)).hint(ctx.t(hint))
    };
    let choices = Role::ALL.iter().map(choice).collect();
    let fields = vec![
        Field::text(&ctx, "name", "access-new-name").value(&form.name).autocomplete("off").errors(errors),
        Field::text(&ctx, "login", "access-new-login")
            .value(&form.login)
            .autocomplete("off")
            .width(20)
            .errors(errors),
        Field::checks(&ctx, "roles", "access-new-roles", choices).values(form.roles.clone()).errors(errors),
        Field::text(&ctx, "unit", "access-new-unit").value(&form.unit).width(20).errors(errors),
    ];
    NewPage { id, summary: ErrorSummary::new(&ctx, errors), errors: errors.to_vec(), fields, ctx }
}

/// `POST /admin/accounts/new`.
pub(crate) async fn submit(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    may(&session.actor)?;
    require_step_up(&app, &session)?;
    let form = NewForm::read(pairs);
    let id = account_id(&form.account)?;
    let new = NewAccount {
        login: form.login.trim().to_owned(),
        name: form.name.trim().to_owned(),
        password: Secret::new(String::new()),
        // A word that is no role makes the list too short to be taken, never longer.
        roles: form.roles.iter().filter_map(|role| Role::parse(role)).collect(),
        seat: None,
        unit: form.unit.trim().to_owned(),
    };
    let faults = account::faults(&new);
    let wrong: Vec<FieldError> = faults.iter().filter_map(|fault| field_error(&ctx, fault)).collect();
    if !wrong.is_empty() {
        return Ok(refused(ctx, &form, &wrong));
    }
    match account::enrol_account(&app, &session.actor, id, new).await {
        Ok(handed) => Ok(Page(HandedPage::new(ctx, &session.actor, &handed, true)).into_response()),
        Err(error) => match field_error(&ctx, &error) {
            Some(wrong) => Ok(refused(ctx, &form, &[wrong])),
            None => Err(error.into()),
        },
    }
}

/// The form again, with what was typed and what is wrong with it.
fn refused(ctx: Ctx, form: &NewForm, wrong: &[FieldError]) -> Response {
    let page = page(ctx, form.account.clone(), form, wrong);
    (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
}
