//! What the page of a report or a scheme says of its cases, and the way to open one.

use app::App;
use askama::Template;
use kernel::Actor;
use uuid::Uuid;
use web::{Ctx, Markup};

use super::{page_of, words};
use crate::model::LinkKind;
use crate::service;

#[derive(Template)]
#[template(path = "_case_panel.html")]
struct Panel {
    ctx: Ctx,
    cases: Vec<(String, String, String)>,
    open: Option<String>,
}

async fn panel(app: &App, ctx: &Ctx, actor: &Actor, (kind, id, number): (LinkKind, Uuid, &str)) -> Markup {
    let Ok((cases, may)) = service::about(app, actor, (kind, id)).await else { return Markup::default() };
    if cases.is_empty() && !may {
        return Markup::default();
    }
    web::render(&Panel {
        cases: cases
            .iter()
            .map(|c| (page_of(&c.number), c.number.clone(), words::stage(ctx, app, &c.stage)))
            .collect(),
        open: may.then(|| format!("/desk/cases/new?from={}:{number}", kind.as_str())),
        ctx: ctx.clone(),
    })
}

/// Cases of a report. Where they cannot be read, the report's page stands without them.
pub async fn report_panel(app: &App, ctx: &Ctx, actor: &Actor, (id, number): (Uuid, &str)) -> Markup {
    panel(app, ctx, actor, (LinkKind::Report, id, number)).await
}

/// Cases of a scheme.
pub async fn scheme_panel(app: &App, ctx: &Ctx, actor: &Actor, (id, number): (Uuid, &str)) -> Markup {
    panel(app, ctx, actor, (LinkKind::Scheme, id, number)).await
}
