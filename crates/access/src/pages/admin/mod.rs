//! Pages of accounts: the administrator's under `/admin/accounts`, and those of an institution's managers, who keep the
//! accounts of its people, under `/console/people`. What the policies do not permit looks like a page that does not exist;
//! what gives rights or secrets away wants a fresh one-time code, what takes them away does not.

mod act;
mod list;
mod new;
mod person;
mod show;

pub use person::{Newcomer, person_form, person_submit};

use app::App;
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kernel::{Actor, Role};
use web::{Ctx, FieldError, Markup, Problem, SeeOther, Status, Tone};

use crate::account::{Account, AccountError, AccountId, Handed, Seat, Session, of_account, require_step_up};
use crate::model::Action;
use crate::rules::allowed;

const STAFF: &str = "/admin/accounts";
const PEOPLE: &str = "/console/people";

/// `/admin`, `/admin/accounts…`, `/console/people…`.
pub(crate) fn routes() -> Router<App> {
    let shared = |base: &str| {
        let of = |act: &str| format!("{base}/{{id}}{act}");
        Router::new()
            .route(base, get(list::show))
            .route(&of(""), get(show::show))
            .route(&of("/close"), get(act::close_form).post(act::close))
            .route(&of("/open"), get(act::open_form).post(act::open))
            .route(&of("/reset"), get(act::reset_form).post(act::reset))
            .route(&of("/sessions/end"), post(act::end_session))
            .route(&of("/tokens/end"), post(act::end_token))
    };
    Router::new()
        .route("/admin", get(async || SeeOther::to(STAFF)))
        .route("/admin/accounts/new", get(new::show).post(new::submit))
        .route("/console/people/new", get(person::show).post(person::submit))
        .merge(shared(STAFF))
        .merge(shared(PEOPLE))
}

/// Where the pages of accounts stand for somebody.
fn base(actor: &Actor) -> &'static str {
    if actor.clerk().is_some() { PEOPLE } else { STAFF }
}

/// The heading of the list for somebody.
fn title(actor: &Actor) -> &'static str {
    if actor.clerk().is_some() { "access-people-title" } else { "access-accounts-title" }
}

/// The id in an address. One that is none is an account that is not there.
fn account_id(text: &str) -> Result<AccountId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// Whether the actor may change this account: nobody changes the own one.
fn may_manage(actor: &Actor, account: &Account) -> bool {
    allowed(actor, Action::ManageUsers, &of_account(account))
}

/// Leads a page to the one-time code and back, if none was entered in the last five minutes. Asked after the
/// policies: whoever may not open the page must not learn of it.
fn code_first(app: &App, session: &Session, ctx: &Ctx) -> Option<Response> {
    require_step_up(app, session)
        .is_err()
        .then(|| SeeOther::to(format!("/step-up?next={}", web::encode(ctx.path()))).into_response())
}

/// The role in words.
pub(crate) fn role_words(ctx: &Ctx, role: Role) -> String {
    ctx.t(match role {
        Role::DutyOfficer => "access-role-duty-officer",
        Role::Approver => "access-role-approver",
        Role::Administrator => "access-role-administrator",
        Role::Prosecutor => "access-role-prosecutor",
        Role::Auditor => "access-role-auditor",
    })
}

pub(crate) fn roles_words(ctx: &Ctx, roles: &[Role]) -> String {
    roles.iter().map(|role| role_words(ctx, *role)).collect::<Vec<_>>().join(", ")
}

/// What somebody may do, in words: the offices of staff, or what a person of an institution does at the console.
pub(crate) fn duties_words(ctx: &Ctx, seat: Option<&Seat>, roles: &[Role]) -> String {
    match seat {
        None => roles_words(ctx, roles),
        Some(seat) => {
            let does = ctx.t(if seat.manages { "access-seat-manages" } else { "access-seat-answers" });
            format!("{}, {does}", seat.code)
        }
    }
}

fn state(ctx: &Ctx, account: &Account) -> Status {
    if account.active {
        Status::new(ctx, "access-account-is-open", Tone::Green)
    } else {
        Status::new(ctx, "access-account-is-closed", Tone::Grey)
    }
}

/// When somebody last signed in, or that nobody has.
fn last_sign_in(ctx: &Ctx, account: &Account) -> Markup {
    match account.last_sign_in {
        Some(at) => ctx.time_exact(at),
        None => Markup::text(&ctx.t("access-account-never")),
    }
}

/// The field that a refusal is about, with its words; `None` for what no field is to blame for.
fn field_error(ctx: &Ctx, error: &AccountError) -> Option<FieldError> {
    use kernel::Coded as _;
    let field = match error {
        AccountError::Login(_) | AccountError::LoginTaken(_) => "login",
        AccountError::Name => "name",
        AccountError::Roles => "roles",
        AccountError::Unit => "unit",
        AccountError::Reason | AccountError::LastAdministrator => "reason",
        _ => return None,
    };
    Some(FieldError::new(ctx, field, &Problem::key(error.code())))
}

/// What is handed to the person, once. It stands in the answer to the form itself, so that no address and no store
/// ever holds it.
#[derive(askama::Template)]
#[template(path = "access_handed.html")]
struct HandedPage {
    ctx: Ctx,
    fresh: bool,
    href: String,
    login: String,
    password: String,
    secret: String,
    otpauth: String,
}

impl HandedPage {
    fn new(ctx: Ctx, actor: &Actor, handed: &Handed, fresh: bool) -> Self {
        let secret: Vec<char> = handed.created.totp_secret.chars().collect();
        let groups: Vec<String> = secret.chunks(4).map(|four| four.iter().collect()).collect();
        Self {
            ctx,
            fresh,
            href: format!("{}/{}", base(actor), handed.created.id),
            login: handed.login.clone(),
            password: handed.password.expose().clone(),
            secret: groups.join(" "),
            otpauth: handed.created.otpauth.clone(),
        }
    }
}
