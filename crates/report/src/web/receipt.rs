//! The receipt: number, code, and what happens next by when.

use app::App;
use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use web::{Callout, Ctx, Markup, Page, Problem, SeeOther};

use super::{DRAFT, VISIT, cookie, read, told, wizard};
use crate::model::Report;
use crate::{draft, service};

/// A moment that was promised, and what happens then.
struct Next {
    at: Markup,
    words: String,
}

#[derive(Template)]
#[template(path = "report_receipt.html")]
struct Receipt {
    ctx: Ctx,
    number: String,
    code: String,
    code_groups: String,
    next: Vec<Next>,
    lost: bool,
    stop: Option<Callout>,
}

/// The receipt of this browser's draft, while the code may still be shown.
async fn shown(app: &App, jar: &CookieJar) -> Result<Option<(Report, String)>, Problem> {
    let found = draft::find(app, &read(jar, DRAFT)).await?;
    let Some((id, code)) = found.and_then(|d| d.filed.zip(d.code)) else { return Ok(None) };
    Ok(Some((service::receipt_facts(app, id).await?, code)))
}

/// What happens next. Where no money left, nobody can be ordered to hold any; and in another currency than the
/// country's no standing approval covers the order, so that an officer looks at it first.
fn next(ctx: &Ctx, app: &App, report: &Report) -> Vec<Next> {
    let ordered = report.loss.is_positive() && report.loss.asset() == app.profile.currency();
    let first = if ordered { "report-receipt.next-order" } else { "report-receipt.next-read" };
    [(report.first_action_due, first), (report.next_message_at, "report-receipt.next-message")]
        .map(|(at, key)| Next { at: told::moment(ctx, at), words: ctx.t(key) })
        .into()
}

/// `GET /report/receipt`: number and code, for as long as the code may be shown. Afterwards, and for a
/// bookmark, it leads to the report itself.
pub(super) async fn receipt(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    let Some((report, code)) = shown(&app, &jar).await? else {
        return Ok(SeeOther::to("/my-report").into_response());
    };
    // Whoever sees the code may see the report. The visit begins here and not with the button, whose answer
    // is lost where it was pressed twice or the line broke.
    let token = service::begin_visit(&app, report.id).await?;
    let jar = jar.add(cookie(&app, VISIT, token, "/my-report"));
    let page = Page(Receipt {
        next: next(&ctx, &app, &report),
        lost: report.loss.is_positive(),
        number: report.number,
        code_groups: web::grouped(&code, 4),
        code,
        stop: report.ongoing.then(|| wizard::stop(&ctx)),
        ctx,
    });
    Ok((jar, page).into_response())
}

/// `GET /report/receipt.txt`: the same as a file, without a script.
pub(super) async fn file(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    let Some((report, code)) = shown(&app, &jar).await? else {
        return Ok(SeeOther::to("/my-report").into_response());
    };
    let line = |key: &str, value: &str| format!("{}: {value}", ctx.t(key));
    let text = [
        ctx.t("report-receipt.title"),
        line("report-receipt.number", &report.number),
        line("report-receipt.code", &web::grouped(&code, 4)),
        ctx.t("report-receipt.code-text"),
        line("report-receipt.address", &format!("{}/my-report", app.node.public_url)),
        line("report-receipt.taken", &ctx.date_time(report.header.created_at)),
        ctx.t("report-second-fraud"),
        ctx.institution().to_owned(),
    ];
    let name = format!("attachment; filename=\"{}.txt\"", report.number);
    // Line ends as Windows writes them: every program shows them.
    let body = format!("\u{feff}{}\r\n", text.join("\r\n\r\n"));
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], body)
        .into_response())
}
