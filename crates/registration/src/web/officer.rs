//! The registers on the page of a report: numbers and clocks, nothing personal.

use app::App;
use askama::Template;
use kernel::Actor;
use web::{Ctx, Markup, Status};

use super::{clock, due_words, page_of, status};
use crate::kinds::Of;
use crate::service;

struct Row {
    name: String,
    status: Status,
    number: Option<String>,
    due: Option<(String, Markup)>,
}

#[derive(Template)]
#[template(path = "_registration_officer.html")]
struct Panel {
    ctx: Ctx,
    missing: bool,
    href: String,
    rows: Vec<Row>,
}

/// The registers of a matter for its page at the desk. Nothing where the country has none, or they may not be seen.
pub async fn officer_panel(app: &App, ctx: &Ctx, actor: &Actor, of: impl Into<Of>) -> Markup {
    let of = of.into();
    let Ok(view) = service::of_report(app, actor, &of).await else { return Markup::default() };
    if view.matters.is_empty() && view.missing.is_empty() {
        return Markup::default();
    }
    let rows = view.matters.iter().map(|m| Row {
        name: m.register.name.get(ctx.lang()).to_owned(),
        status: status(ctx, m.registration.state),
        number: m.reference().map(|r| r.number.clone()),
        due: clock(ctx, &m.registration).map(|c| (due_words(ctx, &m.registration, &m.register), c)),
    });
    web::render(&Panel {
        missing: !view.missing.is_empty(),
        href: page_of(&of),
        rows: rows.collect(),
        ctx: ctx.clone(),
    })
}
