//! Where one is signed in, and ending it.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::State;
use kernel::Timestamp;
use serde::Deserialize;
use web::{Ctx, Markup, Page, Problem, SeeOther, Toast};

use crate::account::{self, Session, SessionId};
use crate::model::{Action, Kind, Resource};
use crate::rules::allowed;

#[derive(Template)]
#[template(path = "access_sessions.html")]
pub(crate) struct SessionsPage {
    ctx: Ctx,
    lines: Vec<Line>,
    /// Whether programs may act for whoever looks.
    tokens: bool,
}

/// One session in the table. Times are wall time.
struct Line {
    id: String,
    begun: Markup,
    seen: Markup,
    ends: Markup,
    here: bool,
}

#[derive(Deserialize)]
pub(crate) struct EndForm {
    /// The session to end; absent for all others.
    session: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
) -> Result<Page<SessionsPage>, Problem> {
    let all = account::sessions(&app, &session).await?;
    let line = |(id, begun, seen, ends): (SessionId, Timestamp, Timestamp, Timestamp)| Line {
        id: id.to_string(),
        begun: ctx.time_exact(begun),
        seen: ctx.time_exact(seen),
        ends: ctx.time_exact(ends),
        here: id == session.id,
    };
    let cases = Resource::any(Kind::Case);
    let tokens = allowed(&session.actor, Action::ViewCase, &cases);
    Ok(Page(SessionsPage { lines: all.into_iter().map(line).collect(), tokens, ctx }))
}

pub(crate) async fn end(
    State(app): State<App>,
    session: Session,
    Form(form): Form<EndForm>,
) -> Result<SeeOther, Problem> {
    match form.session {
        Some(id) => {
            let id = id.parse::<SessionId>().map_err(|_| Problem::not_found())?;
            account::end_session(&app, &session, id).await?;
        }
        None => drop(account::end_other_sessions(&app, &session).await?),
    }
    Ok(SeeOther::to("/me/sessions").with_toast(Toast::new("access-session-ended")))
}
