//! Who answers for an institution at the console: listed and added by the administrator. Its own managers have the same
//! under `/console/people`, which is part of the accounts.

use ::web::{Ctx, Markup, Problem, Status, Tone};
use access::{Account, Newcomer, Session};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use kernel::{Actor, Purpose};

use super::home;
use crate::manage;
use crate::model::Partner;

#[derive(Template)]
#[template(path = "_partner_people.html")]
struct Section {
    ctx: Ctx,
    href: String,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    name: String,
    login: String,
    manages: bool,
    state: Status,
    last: Option<Markup>,
}

/// The section "People" on the page of an institution.
pub(super) async fn section(
    app: &App,
    ctx: &Ctx,
    actor: &Actor,
    partner: &Partner,
) -> Result<Markup, Problem> {
    let all = access::accounts_of(app, actor, partner.id.uuid()).await?;
    let row = |a: &Account| Row {
        href: format!("/admin/accounts/{}", a.id),
        name: a.name.open(Purpose::Operate).clone(),
        login: a.login.clone(),
        manages: a.seat.as_ref().is_some_and(|s| s.manages),
        state: if a.active {
            Status::new(ctx, "access-account-is-open", Tone::Green)
        } else {
            Status::new(ctx, "access-account-is-closed", Tone::Grey)
        },
        last: a.last_sign_in.map(|at| ctx.time_exact(at)),
    };
    let rows = all.iter().map(row).collect();
    Ok(::web::render(&Section { ctx: ctx.clone(), href: home(actor, &partner.code), rows }))
}

async fn newcomer(app: &App, ctx: &Ctx, session: &Session, code: &str) -> Result<Newcomer, Problem> {
    let v = manage::one(app, &session.actor, code).await?;
    let back = home(&session.actor, code);
    Ok(Newcomer {
        partner: v.partner.id.uuid(),
        code: v.partner.code.clone(),
        action: format!("{back}/people/new"),
        back: (back, v.partner.name(ctx.lang()).to_owned()),
    })
}

/// `GET /admin/institutions/{code}/people/new`.
pub(super) async fn form(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let of = newcomer(&app, &ctx, &session, &code).await?;
    access::person_form(&app, &session, ctx, &of)
}

/// `POST /admin/institutions/{code}/people/new`.
pub(super) async fn add(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let of = newcomer(&app, &ctx, &session, &code).await?;
    access::person_submit(&app, &session, ctx, &of, &pairs).await
}
