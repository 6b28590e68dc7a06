//! Adding somebody who answers for an institution at the console: by the administrator for any institution, by its own
//! managers for their own.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Actor, Secret};
use uuid::Uuid;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem};

use super::{HandedPage, PEOPLE, account_id, code_first, field_error, title};
use crate::account::{self, AccountId, NewAccount, Seat, Session, require_step_up};
use crate::error::AccessError;
use crate::model::Action;
use crate::rules::require;

/// For which institution somebody is added, and where the pages stand.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The institution.
    pub partner: Uuid,
    /// Its short code.
    pub code: String,
    /// Where the form is sent.
    pub action: String,
    /// Where to go back to, and its heading.
    pub back: (String, String),
}

#[derive(Template)]
#[template(path = "access_person_new.html")]
struct NewPage {
    ctx: Ctx,
    /// The account to be: the same form sent twice makes one.
    id: String,
    action: String,
    back: String,
    back_title: String,
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
    manages: bool,
}

impl NewForm {
    fn read(pairs: &[(String, String)]) -> Self {
        let one = |name: &str| {
            pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
        };
        Self {
            account: one("account"),
            login: one("login"),
            name: one("name"),
            manages: one("manages") == "manages",
        }
    }
}

fn page(ctx: Ctx, of: &Newcomer, id: String, form: &NewForm, errors: &[FieldError]) -> NewPage {
    let manages =
        Choice::new("manages", ctx.t("access-seat-manages")).hint(ctx.t("access-seat-manages-hint"));
    let chosen = if form.manages { vec!["manages"] } else { vec![] };
    let fields = vec![
        Field::text(&ctx, "name", "access-new-name").value(&form.name).autocomplete("off").errors(errors),
        Field::text(&ctx, "login", "access-new-login")
            .value(&form.login)
            .autocomplete("off")
            .width(20)
            .errors(errors),
        Field::checks(&ctx, "manages", "access-person-manages", vec![manages]).values(chosen).optional(),
    ];
    NewPage {
        id,
        action: of.action.clone(),
        back: of.back.0.clone(),
        back_title: of.back.1.clone(),
        summary: ErrorSummary::new(&ctx, errors),
        errors: errors.to_vec(),
        fields,
        ctx,
    }
}

fn may(app: &App, actor: &Actor, of: &Newcomer) -> Result<(), AccessError> {
    require(actor, Action::ManageUsers, &account::list_of(app, of.partner))
}

/// The form for somebody new of an institution.
///
/// # Errors
/// Hidden from whoever may not add one.
pub fn person_form(app: &App, session: &Session, ctx: Ctx, of: &Newcomer) -> Result<Response, Problem> {
    may(app, &session.actor, of)?;
    if let Some(away) = code_first(app, session, &ctx) {
        return Ok(away);
    }
    let id = AccountId::from_uuid(app.uuid()).to_string();
    Ok(Page(page(ctx, of, id, &NewForm::default(), &[])).into_response())
}

/// Adds them and shows what they sign in with, once.
///
/// # Errors
/// As [`person_form`]; no fresh one-time code.
pub async fn person_submit(
    app: &App,
    session: &Session,
    ctx: Ctx,
    of: &Newcomer,
    pairs: &[(String, String)],
) -> Result<Response, Problem> {
    may(app, &session.actor, of)?;
    require_step_up(app, session)?;
    let form = NewForm::read(pairs);
    let id = account_id(&form.account)?;
    let seat = Seat { partner: of.partner, code: of.code.clone(), manages: form.manages };
    let new = NewAccount {
        login: form.login.clone(),
        name: form.name.clone(),
        password: Secret::new(String::new()),
        roles: Vec::new(),
        seat: Some(seat),
        unit: of.code.clone(),
    };
    let faults = account::faults(&new);
    let wrong: Vec<FieldError> = faults.iter().filter_map(|fault| field_error(&ctx, fault)).collect();
    if !wrong.is_empty() {
        return Ok(refused(ctx, of, &form, &wrong));
    }
    match account::enrol_account(app, &session.actor, id, new).await {
        Ok(handed) => Ok(Page(HandedPage::new(ctx, &session.actor, &handed, true)).into_response()),
        Err(error) => match field_error(&ctx, &error) {
            Some(wrong) => Ok(refused(ctx, of, &form, &[wrong])),
            None => Err(error.into()),
        },
    }
}

/// The form again, with what was typed and what is wrong with it.
fn refused(ctx: Ctx, of: &Newcomer, form: &NewForm, wrong: &[FieldError]) -> Response {
    let page = page(ctx, of, form.account.clone(), form, wrong);
    (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
}

/// The own institution of somebody at the console; to anybody else the page does not exist.
fn own(ctx: &Ctx, session: &Session) -> Result<Newcomer, Problem> {
    match &session.actor {
        Actor::Partner { partner, code, person: Some(_) } => Ok(Newcomer {
            partner: *partner,
            code: code.clone(),
            action: format!("{PEOPLE}/new"),
            back: (PEOPLE.to_owned(), ctx.t(title(&session.actor))),
        }),
        _ => Err(Problem::not_found()),
    }
}

/// `GET /console/people/new`.
pub(super) async fn show(State(app): State<App>, session: Session, ctx: Ctx) -> Result<Response, Problem> {
    let of = own(&ctx, &session)?;
    person_form(&app, &session, ctx, &of)
}

/// `POST /console/people/new`.
pub(super) async fn submit(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let of = own(&ctx, &session)?;
    person_submit(&app, &session, ctx, &of, &pairs).await
}
