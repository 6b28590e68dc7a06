//! Signing in while marked as away: is the person back?

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use db::DbError;
use kernel::Actor;
use serde::Deserialize;
use web::{Ctx, Markup, Page, Problem, SeeOther, Toast};

use super::till_words;
use crate::absence;
use crate::pages::{Staff, next_path_of};

#[derive(Template)]
#[template(path = "access_back.html")]
struct BackPage {
    ctx: Ctx,
    till: Markup,
    next: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NextForm {
    next: String,
}

/// Where somebody goes on to who has just signed in: by way of the question, if they are marked as away.
pub(crate) async fn on_the_way(app: &App, actor: &Actor, next: &str) -> Result<String, DbError> {
    let path = next_path_of(actor, next).to_owned();
    Ok(match till(app, actor).await? {
        Some(_) => format!("/desk/away/back?next={}", web::encode(&path)),
        None => path,
    })
}

async fn till(app: &App, actor: &Actor) -> Result<Option<kernel::Timestamp>, DbError> {
    let Actor::Staff { user, .. } = actor else { return Ok(None) };
    let (user, now) = (*user, app.office.now());
    app.db.read(move |tx| absence::away_till(tx, user, now)).await
}

/// `GET /desk/away/back`.
pub(crate) async fn ask(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Query(form): Query<NextForm>,
) -> Result<Response, Problem> {
    let next = next_path_of(&actor, &form.next).to_owned();
    let till = till(&app, &actor).await.map_err(|e| Problem::from(crate::away::AwayError::from(e)))?;
    Ok(match till {
        Some(till) => Page(BackPage { till: till_words(&ctx, till), next, ctx }).into_response(),
        None => SeeOther::to(next).into_response(),
    })
}

/// `POST /desk/away/back`.
pub(crate) async fn come(
    State(app): State<App>,
    Staff(actor): Staff,
    Form(form): Form<NextForm>,
) -> Result<SeeOther, Problem> {
    absence::come_back(&app, &actor).await?;
    Ok(SeeOther::to(next_path_of(&actor, &form.next)).with_toast(Toast::new("access-absence-called-back")))
}
