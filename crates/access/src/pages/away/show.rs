//! One delegation: what is lent, how far it has come, and what the reader can do about it.

use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Purpose};
use web::{Ctx, Page, Problem, SeeOther, Status, Toast};

use super::{name, names, row};
use crate::account::{Session, require_step_up};
use crate::delegation::{self, Delegation, DelegationId, EndWhy, Stage};
use crate::model::Action;
use crate::pages::Staff;
use crate::rules::allowed;

#[derive(Template)]
#[template(path = "access_delegation.html")]
struct ShowPage {
    ctx: Ctx,
    href: String,
    giver: String,
    deputy: String,
    term: String,
    what: String,
    number: String,
    ground: String,
    status: Status,
    next: String,
    accepted: Option<String>,
    confirmed: Option<String>,
    ended: Option<String>,
    may_accept: bool,
    may_confirm: bool,
    may_end: bool,
    /// The reader is the deputy: ending is declining.
    mine: bool,
}

fn id(text: &str) -> Result<DelegationId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

const fn why_key(why: EndWhy) -> &'static str {
    match why {
        EndWhy::Revoked => "access-delegation-end-revoked",
        EndWhy::Declined => "access-delegation-end-declined",
        EndWhy::Overruled => "access-delegation-end-overruled",
        EndWhy::AccountClosed => "access-delegation-end-account-closed",
    }
}

/// What must happen next, in one sentence; empty if nothing.
const fn next_key(stage: Stage) -> Option<&'static str> {
    match stage {
        Stage::WaitsForDeputy => Some("access-delegation-next-deputy"),
        Stage::WaitsForConfirmation => Some("access-delegation-next-confirmation"),
        Stage::ToCome | Stage::InForce | Stage::Expired | Stage::Ended => None,
    }
}

/// `GET /desk/away/delegations/{id}`.
pub(crate) async fn show(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Page<impl Template>, Problem> {
    let d = delegation::delegation(&app, &actor, id(&text)?).await?;
    let names = names(&app, std::slice::from_ref(&d)).await?;
    let may = |action| allowed(&actor, action, &d.resource());
    let stage = d.stage(ctx.now());
    let shown = row(&ctx, &names, &d);
    let by = |at, label: &str| {
        let (time, name) = (ctx.date_time(at), name(&names, label));
        ctx.ta("access-delegation-by", [("time", time), ("name", name)])
    };
    Ok(Page(ShowPage {
        href: shown.href,
        giver: shown.giver,
        deputy: shown.deputy,
        term: shown.term,
        what: shown.what,
        number: shown.number,
        status: shown.status,
        ground: d.ground.as_ref().map_or_else(String::new, |g| g.open(Purpose::Operate).clone()),
        next: next_key(stage).map_or_else(String::new, |key| ctx.t(key)),
        accepted: d.accepted_at.map(|at| ctx.date_time(at)),
        confirmed: d.confirmed.as_ref().map(|(at, who)| by(*at, who)),
        ended: d.ending.as_ref().map(|e| format!("{}. {}", by(e.at, &e.by), ctx.t(why_key(e.why)))),
        may_accept: stage == Stage::WaitsForDeputy && may(Action::AcceptDelegation),
        may_confirm: stage == Stage::WaitsForConfirmation && may(Action::ConfirmDelegation),
        may_end: d.is_open(ctx.now()) && may(Action::EndDelegation),
        mine: actor.label() == d.deputy(),
        ctx,
    }))
}

/// What gives power away wants a fresh code: the page is come back to after it.
fn code_first(app: &App, session: &Session, id: DelegationId) -> Option<SeeOther> {
    let next = format!("/desk/away/delegations/{id}");
    require_step_up(app, session)
        .is_err()
        .then(|| SeeOther::to(format!("/step-up?next={}", web::encode(&next))))
}

fn back(d: &Delegation, key: &str) -> Response {
    SeeOther::to(format!("/desk/away/delegations/{}", d.id)).with_toast(Toast::new(key)).into_response()
}

/// Whether the reader may know of it: asked before anything else is told.
async fn known(app: &App, actor: &Actor, text: &str) -> Result<DelegationId, Problem> {
    Ok(delegation::delegation(app, actor, id(text)?).await?.id)
}

/// `POST /desk/away/delegations/{id}/accept`.
pub(crate) async fn accept(
    State(app): State<App>,
    session: Session,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let id = known(&app, &session.actor, &text).await?;
    if let Some(away) = code_first(&app, &session, id) {
        return Ok(away.into_response());
    }
    let d = delegation::accept_delegation(&app, &session.actor, id).await?;
    Ok(back(&d, "access-delegation-accepted"))
}

/// `POST /desk/away/delegations/{id}/confirm`.
pub(crate) async fn confirm(
    State(app): State<App>,
    session: Session,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let id = known(&app, &session.actor, &text).await?;
    if let Some(away) = code_first(&app, &session, id) {
        return Ok(away.into_response());
    }
    let d = delegation::confirm_delegation(&app, &session.actor, id).await?;
    Ok(back(&d, "access-delegation-confirmed"))
}

/// `POST /desk/away/delegations/{id}/end`.
pub(crate) async fn end(
    State(app): State<App>,
    Staff(actor): Staff,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let d = delegation::end_delegation(&app, &actor, id(&text)?).await?;
    Ok(back(&d, "access-delegation-ended-now"))
}
