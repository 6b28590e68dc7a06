//! What a report's page says of its scheme.

use app::App;
use askama::Template;
use kernel::Actor;
use report::ReportId;
use web::{Ctx, Markup, Problem, Status};

use super::{page_of, show, words};
use crate::service;

#[derive(Template)]
#[template(path = "_scheme_report.html")]
struct Panel {
    ctx: Ctx,
    /// The scheme: address, number, how many reports.
    scheme: Option<(String, String, String)>,
    kind: String,
    why: Vec<String>,
    alone: bool,
    tag: Option<Status>,
}

/// The scheme of a report, and why; empty while its news are on their way.
///
/// # Errors
/// The database's.
pub async fn report_panel(app: &App, ctx: &Ctx, actor: &Actor, id: ReportId) -> Result<Markup, Problem> {
    let Some(why) = service::why(app, actor, id).await? else { return Ok(Markup::default()) };
    let panel =
        Panel {
            scheme: why.tag.as_ref().filter(|t| !t.number.is_empty()).map(|t| {
                (page_of(&t.number), t.number.clone(), ctx.ta("scheme-reports", [("n", t.reports)]))
            }),
            kind: words::kind(ctx, app, &why.kind),
            why: why.named.as_ref().map(|n| show::why(ctx, n)).unwrap_or_default(),
            alone: why.alone,
            tag: why.tag.as_ref().and_then(|t| words::alarms(ctx, t.alarms)),
            ctx: ctx.clone(),
        };
    Ok(web::render(&panel))
}
