//! The sheet that is handed to the reporter: number, code, what happens next; in the reporter's language.

use access::{Action, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use kernel::Actor;
use web::{Ctx, Page, Problem, SeeOther};

use super::act::page_of;

/// Cookie that names the form whose receipt this officer may still see. What opens it is made of the name and
/// of who is signed in, so that the cookie alone opens nothing.
const FILED: &str = "filed";
/// Where the sheet is.
pub(crate) const RECEIPT: &str = "/desk/reports/filed";

/// What opens the receipt of a form: made of the form's key and of who filed it.
pub(crate) fn token(app: &App, actor: &Actor, key: &str) -> String {
    app.vault.token("desk_receipt", &format!("{}|{key}", actor.label()))
}

/// The cookie of a form that was filed.
pub(crate) fn cookie(app: &App, value: String) -> Cookie<'static> {
    Cookie::build((FILED, value))
        .path(RECEIPT)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.node.public_url.starts_with("https://"))
        .build()
}

/// A moment that was promised, and what happens then.
struct Next {
    at: web::Markup,
    words: String,
}

#[derive(Template)]
#[template(path = "desk_filed.html")]
struct Receipt {
    ctx: Ctx,
    /// The reporter's language: what is handed over is theirs.
    theirs: Ctx,
    number: String,
    code: String,
    address: String,
    taken: String,
    next: Vec<Next>,
    lost: bool,
}

/// `GET /desk/reports/filed`: number and code to hand over, for as long as the code may be shown.
pub(crate) async fn receipt(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
) -> Result<Response, Problem> {
    access::require(&actor, Action::FileReport, &Resource::any("report"))?;
    let key = jar.get(FILED).map(|c| c.value().to_owned()).unwrap_or_default();
    let found = report::draft::find(&app, &token(&app, &actor, &key)).await?;
    let Some((id, code)) = found.and_then(|d| d.filed.zip(d.code)) else {
        return Ok(SeeOther::to("/desk").into_response());
    };
    let report = report::service::receipt_facts(&app, id).await?;
    let theirs = ctx.in_lang(report.header.lang.clone());
    let lost = report.loss.is_positive();
    let first = if lost { "report-receipt.next-order" } else { "report-receipt.next-read" };
    let next = [(report.first_action_due, first), (report.next_message_at, "report-receipt.next-message")];
    let page = Receipt {
        next: next
            .map(|(at, key)| Next { at: report::web::moment(&theirs, at), words: theirs.t(key) })
            .into(),
        code: web::grouped(&code, 4),
        address: format!("{}/my-report", app.node.public_url),
        taken: theirs.date_time(report.header.created_at),
        lost,
        number: report.number,
        theirs,
        ctx,
    };
    Ok(Page(page).into_response())
}

/// `POST /desk/reports/filed`: handed over; the code is not shown again.
pub(crate) async fn handed_over(
    Staff(actor): Staff,
    State(app): State<App>,
    jar: CookieJar,
) -> Result<Response, Problem> {
    access::require(&actor, Action::FileReport, &Resource::any("report"))?;
    let key = jar.get(FILED).map(|c| c.value().to_owned()).unwrap_or_default();
    let token = token(&app, &actor, &key);
    let filed = report::draft::find(&app, &token).await?.and_then(|d| d.filed);
    let to = match filed {
        Some(id) => page_of(&report::service::receipt_facts(&app, id).await?.number),
        None => "/desk".to_owned(),
    };
    report::draft::discard(&app, &token).await?;
    Ok((jar.remove(cookie(&app, String::new())), SeeOther::to(to)).into_response())
}
