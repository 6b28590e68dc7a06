//! The page `/admin/database`: whether the database is as it was written. To everybody but administrators it does not exist.

use ::web::{Ctx, Markup, Page, Problem, SeeOther, Status, Toast, Tone};
use access::Staff;
use app::App;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};

use crate::rot::{self, Place};

pub(super) const PATH: &str = "/admin/database";

#[derive(Template)]
#[template(path = "upkeep_database.html")]
struct DatabasePage {
    ctx: Ctx,
    status: Status,
    when: Option<Markup>,
    places: Vec<Place>,
    more: Option<String>,
    asked: bool,
}

/// `GET /admin/database`.
pub(super) async fn show(State(app): State<App>, Staff(actor): Staff, ctx: Ctx) -> Result<Response, Problem> {
    let state = rot::state(&app, &actor).await?;
    let (key, tone) = match &state.look {
        None => ("upkeep-database-unseen", Tone::Grey),
        Some(look) if look.all == 0 => ("upkeep-database-sound", Tone::Green),
        Some(_) => ("upkeep-database-damaged", Tone::Red),
    };
    let left = state.look.as_ref().map_or(0, |look| look.all.saturating_sub(look.found.len()));
    let page = DatabasePage {
        status: Status::new(&ctx, key, tone),
        when: state.look.as_ref().map(|look| ctx.time_exact(look.at())),
        more: (left > 0)
            .then(|| ctx.ta("upkeep-database-more", [("n", i64::try_from(left).unwrap_or(i64::MAX))])),
        places: state.look.map(|look| look.found).unwrap_or_default(),
        asked: state.asked,
        ctx,
    };
    Ok(Page(page).into_response())
}

/// `POST /admin/database/check`.
pub(super) async fn ask(State(app): State<App>, Staff(actor): Staff) -> Result<SeeOther, Problem> {
    rot::ask(&app, &actor).await?;
    Ok(SeeOther::to(PATH).with_toast(Toast::new("upkeep-database-asked")))
}
