//! What a report's page says of its scheme.

use std::pin::Pin;
use std::sync::Arc;

use app::App;
use askama::Template;
use kernel::Actor;
use report::ReportId;
use uuid::Uuid;
use web::{Ctx, Markup, Problem, Status};

use super::{page_of, show, words};
use crate::service;

/// Makes a panel about a thing, by its id and number, for whoever sees its page: a slice above says what it knows of it.
pub type Panel =
    Arc<dyn Fn(App, Ctx, Actor, Uuid, String) -> Pin<Box<dyn Future<Output = Markup> + Send>> + Send + Sync>;

/// The panels of a page, in their order. Handed in as a request extension.
#[derive(Clone, Default)]
pub struct Panels(pub Vec<Panel>);

impl std::fmt::Debug for Panels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Panels({})", self.0.len())
    }
}

impl Panels {
    /// All of them, one after the other.
    pub async fn show(
        &self,
        (app, ctx, actor): (&App, &Ctx, &Actor),
        (id, number): (Uuid, &str),
    ) -> Vec<Markup> {
        let mut shown = Vec::with_capacity(self.0.len());
        for panel in &self.0 {
            shown.push(panel(app.clone(), ctx.clone(), actor.clone(), id, number.to_owned()).await);
        }
        shown
    }
}

#[derive(Template)]
#[template(path = "_scheme_report.html")]
struct ReportPanel {
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
        ReportPanel {
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
