//! The money of a scheme: where the paths of its victims meet.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use trail::web::Names;
use web::{Ctx, Markup, Page as Shown, Problem, SeeOther};

use super::page_of;
use crate::service::{self, Money};

#[derive(Template)]
#[template(path = "scheme_money.html")]
pub(crate) struct MoneyPage {
    ctx: Ctx,
    number: String,
    here: String,
    /// How many reports' money this is.
    reports: String,
    /// What is not in it, in words.
    without: Vec<String>,
    trail: Markup,
}

/// `GET /desk/schemes/{number}/money`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let (joint, more) = match service::money(&app, &actor, service::no(&number)?).await? {
        Money::Moved(number) => {
            return Ok(SeeOther::to(format!("{}/money", page_of(&number))).into_response());
        }
        Money::Here(joint, more) => (joint, more),
    };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let said = |key: &str, n: i64| (n > 0).then(|| ctx.ta(key, [("n", n)]));
    let without = [said("scheme-money-left-out", count(joint.left_out)), said("scheme-money-older", more)];
    let names = Names::load(&app).await;
    Ok(Shown(MoneyPage {
        reports: ctx.ta("scheme-reports", [("n", count(joint.reports))]),
        without: without.into_iter().flatten().collect(),
        trail: trail::web::panel_of(&ctx, &names, &joint.path),
        here: page_of(&number),
        number,
        ctx,
    })
    .into_response())
}
