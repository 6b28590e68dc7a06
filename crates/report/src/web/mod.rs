//! The portal's pages: home, the five questions, the receipt, and the citizen's own report.

mod care;
mod check;
mod choices;
mod complete;
mod details;
mod files;
mod home;
mod own;
mod panel;
mod payment;
mod receipt;
mod told;
mod unsent;
mod wizard;

use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use web::{Ctx, SeeOther, Toast};

pub use choices::{banks, currency, symbol};
pub use files::{FILES_BODY_BYTES, Listed, Taken, answer, listed, take};
pub use panel::{Panel, Panels};
pub use told::{fact, moment, read_as, when};

/// Cookie of an unfinished form.
const DRAFT: &str = "draft";
/// Cookie of a browser that may see one report.
const VISIT: &str = "visit";
/// Cookie of what is being added to a report and is not sent yet.
const UNSENT: &str = "unsent";

/// Pages that take a story read this much, so that one that is too long comes back with a sentence beside
/// it instead of a bare refusal.
const STORY_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Routes of this slice.
pub fn routes() -> Router<App> {
    let long = Router::new()
        .route("/report/you", get(wizard::you).post(wizard::post_you))
        .route("/report/keep/you", post(wizard::keep_you))
        .route("/my-report/story", get(details::story).post(details::post_story))
        .route("/my-report/keep/story", post(details::keep_story))
        .route("/my-report/message", post(own::post_message))
        .layer(DefaultBodyLimit::max(STORY_BODY_BYTES));
    let with_files = Router::new()
        .route("/my-report/files", get(files::show).post(files::add))
        .layer(DefaultBodyLimit::max(FILES_BODY_BYTES));
    Router::new()
        .route("/", get(home::home))
        .route("/report", get(wizard::begin))
        .route("/report/now", get(wizard::now).post(wizard::post_now))
        .route("/report/what", get(wizard::what).post(wizard::post_what))
        .route("/report/not-fraud/{which}", get(wizard::not_fraud))
        .route("/report/payment", get(payment::payment).post(payment::post_payment))
        .route("/report/payment/{no}", get(payment::change).post(payment::post_change))
        .route("/report/payment/{no}/remove", post(payment::remove))
        .route("/report/keep/payment", post(payment::keep))
        .route("/report/check", get(check::check).post(check::post_check))
        .route("/report/receipt", get(receipt::receipt))
        .route("/report/receipt.txt", get(receipt::file))
        .route("/report/discard", post(check::discard))
        .route("/my-report", get(own::show).post(own::open))
        .route("/my-report/leave", post(own::leave))
        .route("/my-report/details/{section}", get(details::details).post(details::post_details))
        .route("/my-report/payment", get(details::payment).post(details::post_payment))
        .route("/my-report/payment/{no}", get(complete::complete).post(complete::post_complete))
        .route("/my-report/keep/payment", post(details::keep_payment))
        .route("/my-report/withdraw", get(own::withdraw).post(own::post_withdraw))
        .route("/my-report/files/{no}", get(files::content))
        .route("/my-report/files/{no}/remove", post(files::remove))
        .route("/my-report/files/{no}/put-back", post(files::put_back))
        .merge(long)
        .merge(with_files)
}

/// A cookie that scripts cannot read and other sites cannot send along with a form.
fn cookie(app: &App, name: &'static str, value: String, path: &'static str) -> Cookie<'static> {
    Cookie::build((name, value))
        .path(path)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.node.public_url.starts_with("https://"))
        .build()
}

fn read(jar: &CookieJar, name: &str) -> String {
    jar.get(name).map(|c| c.value().to_owned()).unwrap_or_default()
}

/// Where a form's page is left without going on: "save and leave", or another language. The answers have
/// been kept by then. `back` is the page itself.
fn leaving(ctx: &Ctx, leave: &str, back: &str) -> Option<Response> {
    let to = match leave {
        "" => return None,
        "home" => return Some(SeeOther::to("/").with_toast(Toast::new("report-left")).into_response()),
        tag => ctx.langs().iter().find(|l| l.tag() == tag)?,
    };
    Some(SeeOther::to(format!("/language/{to}?back={}", web::encode(back))).into_response())
}
