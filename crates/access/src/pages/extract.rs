//! Who is signed in, for handlers.

use std::sync::Arc;

use app::App;
use axum::Router;
use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use http::Method;
use http::request::Parts;
use kernel::{Actor, Class};
use web::{Ctx, NavItem, Problem, SeeOther, Viewer};

use super::held::{self, CodeWanted, SignInWanted};
use super::{client, cookie, step_up};
use crate::account::{Session, open_session, require_step_up};
use crate::actor;

/// A signed-in member of staff. Whoever is not signed in is led to `/sign-in` by pages, and told 401 by fragments
/// and the API.
#[derive(Debug, Clone)]
pub struct Staff(pub Actor);

/// A member of staff if one is signed in, else `None`.
#[derive(Debug, Clone)]
pub struct MaybeStaff(pub Option<Actor>);

/// A member of staff who has entered a one-time code within the last five minutes. Pages lead to `/step-up` and
/// back; of a form that is sent too late the page that asks for the code keeps what was typed, and sends it on.
#[derive(Debug, Clone)]
pub struct SteppedUp(pub Actor);

/// The sections of the desk that somebody may open; `None` for all of them.
pub type Sections = fn(&Actor) -> Option<Vec<NavItem>>;

/// What was found out once for a request.
#[derive(Clone)]
struct Found(Option<Arc<Session>>);

/// Puts who is signed in before all handlers of `router`, so that pages show the name and the sections of the desk.
/// `sections` says which.
pub fn identify(router: Router<App>, app: &App, sections: Sections) -> Router<App> {
    let layer = move |State(app): State<App>, request: Request, next: Next| async move {
        let (mut parts, body) = request.into_parts();
        match find(&mut parts, &app).await {
            Ok(found) => {
                let Some(session) = found else {
                    return unsigned(Request::from_parts(parts, body), next).await;
                };
                let mut viewer = viewer(&session, sections(&session.actor));
                // The desk calls a unit by its name, in the reader's language; records keep its code.
                let known = app.profile.units().iter().find(|unit| unit.code == viewer.unit);
                if let (Some(unit), Some(ctx)) = (known, parts.extensions.get::<Ctx>()) {
                    unit.name.get(ctx.lang()).clone_into(&mut viewer.unit);
                }
                parts.extensions.insert(viewer.clone());
                let (request, form) = match held::read(Request::from_parts(parts, body)).await {
                    Ok(read) => read,
                    Err(broken) => return broken,
                };
                let ctx = request.extensions().get::<Ctx>().cloned();
                let response = next.run(request).await;
                let mark = |path: &str| step_up::mark(&app, &session, path);
                let mut response = held::instead(response, ctx, (&viewer, mark), form);
                // What was refused is put into words outside, on a page with the reader's own sections.
                response.extensions_mut().insert(viewer);
                response
            }
            Err(problem) => problem.into_response(),
        }
    };
    router.layer(from_fn_with_state(app.clone(), layer))
}

/// A request of nobody who is signed in. A form whose session ended meanwhile comes back with all that was typed.
async fn unsigned(request: Request, next: Next) -> Response {
    let (request, form) = match held::read(request).await {
        Ok(read) => read,
        Err(broken) => return broken,
    };
    let ctx = request.extensions().get::<Ctx>().cloned();
    let response = next.run(request).await;
    held::ended(response, ctx, form)
}

fn viewer(session: &Session, nav: Option<Vec<NavItem>>) -> Viewer {
    let (name, unit) = match &session.actor {
        Actor::Staff { name, .. } => (name.as_str(), actor::unit_of(&session.actor).unwrap_or_default()),
        Actor::Partner { code, person: Some(person), .. } => (person.name.as_str(), code.as_str()),
        _ => ("", ""),
    };
    let (name, unit) = (name.to_owned(), unit.to_owned());
    let mut own = vec![NavItem { key: "access-own-nav", href: "/me/sessions", letter: "" }];
    if matches!(session.actor, Actor::Staff { .. }) {
        own.insert(0, NavItem { key: "access-away-nav", href: "/desk/away", letter: "w" });
    }
    Viewer { name, unit, sign_out: "/sign-out".to_owned(), nav, own }
}

/// The session of the request's cookie, looked up once.
async fn find(parts: &mut Parts, app: &App) -> Result<Option<Arc<Session>>, Problem> {
    if let Some(Found(known)) = parts.extensions.get::<Found>() {
        return Ok(known.clone());
    }
    let jar = CookieJar::from_headers(&parts.headers);
    let found = match cookie::token(app, &jar) {
        Some(token) => open_session(app, &token, &client::user_agent(parts)).await?.map(Arc::new),
        None => None,
    };
    if let Some(session) = &found
        && parts.extensions.get::<Viewer>().is_none()
    {
        parts.extensions.insert(viewer(session, None));
    }
    parts.extensions.insert(Found(found.clone()));
    Ok(found)
}

/// Where the people of institutions are let in: their console, their own account, the way in and out. To them everything
/// else behind the sign-in is not there, whatever a policy would allow their institution over the API.
const OF_INSTITUTIONS: [&str; 5] = ["/console", "/me", "/sign-in", "/sign-out", "/step-up"];

/// Whether somebody is in a place that is theirs.
fn is_let_in(actor: &Actor, path: &str) -> bool {
    let under =
        |place: &str| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    !matches!(actor, Actor::Partner { .. }) || OF_INSTITUTIONS.into_iter().any(under)
}

/// The session, or the answer for whoever is not signed in.
async fn session_or_leave<S>(parts: &mut Parts, state: &S) -> Result<Arc<Session>, Response>
where
    App: FromRef<S>,
    S: Send + Sync,
{
    let app = App::from_ref(state);
    match find(parts, &app).await {
        Ok(Some(session)) if !is_let_in(&session.actor, parts.uri.path()) => {
            Err(Problem::not_found().into_response())
        }
        Ok(Some(session)) => Ok(session),
        Ok(None) => {
            let back = came_from(parts);
            let way = format!("/sign-in?next={}", web::encode(&back));
            let first = Problem::new(Class::Unauthenticated, "access.sign_in_first");
            let mut response = away(parts, "/sign-in", first.way_out(way, "access-ended-sign-in"));
            response.extensions_mut().insert(SignInWanted { back });
            Err(response)
        }
        Err(problem) => Err(problem.into_response()),
    }
}

/// The page of this site on which a form stood that was sent; of a page that is looked at, its own address. What is none is the desk.
fn came_from(parts: &Parts) -> String {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        let here = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        return super::next_path(here).to_owned();
    }
    let header = |name| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let host = header(http::header::HOST).unwrap_or_default();
    let page = header(http::header::REFERER).and_then(|r| r.parse::<http::Uri>().ok());
    let page = page.filter(|p| p.authority().is_some_and(|a| a.as_str() == host));
    let path = page.as_ref().and_then(http::Uri::path_and_query).map_or("", http::uri::PathAndQuery::as_str);
    super::next_path(path).to_owned()
}

/// A page that is only looked at leads to `path` and back; everything else is told `problem`.
fn away(parts: &Parts, path: &str, problem: Problem) -> Response {
    let ctx = parts.extensions.get::<Ctx>();
    let page = ctx.is_some_and(|c| !c.is_htmx() && !c.wants_json());
    if !page || !matches!(parts.method, Method::GET | Method::HEAD) {
        return problem.into_response();
    }
    let here = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    SeeOther::to(format!("{path}?next={}", web::encode(here))).into_response()
}

impl<S> FromRequestParts<S> for Session
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        session_or_leave(parts, state).await.map(|s| Self::clone(&s))
    }
}

impl<S> OptionalFromRequestParts<S> for Session
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        Ok(find(parts, &App::from_ref(state)).await?.map(|s| Self::clone(&s)))
    }
}

impl<S> FromRequestParts<S> for Staff
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        session_or_leave(parts, state).await.map(|s| Self(s.actor.clone()))
    }
}

impl<S> FromRequestParts<S> for MaybeStaff
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(find(parts, &App::from_ref(state)).await?.map(|s| s.actor.clone())))
    }
}

impl<S> FromRequestParts<S> for SteppedUp
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let session = session_or_leave(parts, state).await?;
        match require_step_up(&App::from_ref(state), &session) {
            Ok(()) => Ok(Self(session.actor.clone())),
            Err(e) => {
                let mut response = away(parts, "/step-up", Problem::of(&e));
                response.extensions_mut().insert(CodeWanted);
                Err(response)
            }
        }
    }
}
