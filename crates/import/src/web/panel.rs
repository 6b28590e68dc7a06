//! What the page of an exhibit says of its rows, and the way to have it read.

use access::Action;
use app::App;
use askama::Template;
use evidence::ExhibitId;
use kernel::Actor;
use web::{Ctx, Markup, Status};

use super::{exhibit_page, page_of, words};
use crate::error::ImportError;
use crate::service;

/// An import in a list.
struct ImportLine {
    /// Where it is.
    href: String,
    /// How many rows, and when.
    words: String,
    /// Where it has come to.
    status: Status,
}

#[derive(Template)]
#[template(path = "_import_panel.html")]
struct Panel {
    ctx: Ctx,
    lines: Vec<ImportLine>,
    read: Option<String>,
}

/// What an exhibit was read as, for whoever sees it.
///
/// # Errors
/// Absent or hidden.
async fn lines(app: &App, ctx: &Ctx, actor: &Actor, id: ExhibitId) -> Result<Vec<ImportLine>, ImportError> {
    let who = actor.clone();
    let all = app.db.read(move |tx| {
        evidence::service::of_id(tx, &who, Action::OpenExhibit, id)?;
        service::of_exhibit(tx, id)
    });
    let line = |import: crate::Import| ImportLine {
        href: page_of(import.id),
        words: format!(
            "{}, {}",
            ctx.ta("import-so-far", [("n", import.rows)]),
            words::at(ctx, import.begun_at)
        ),
        status: words::state(ctx, import.state),
    };
    Ok(all.await?.into_iter().map(line).collect())
}

/// The panel of an exhibit. Where it cannot be made, the exhibit's page stands without it.
pub async fn exhibit_panel(app: &App, ctx: &Ctx, actor: &Actor, id: ExhibitId) -> Markup {
    let who = actor.clone();
    let found = app.db.read(move |tx| evidence::service::of_id(tx, &who, Action::OpenExhibit, id)).await;
    let Ok(exhibit) = found else { return Markup::default() };
    let Ok(lines) = lines(app, ctx, actor, id).await else { return Markup::default() };
    let read = service::reads(&exhibit).then(|| format!("{}/rows", exhibit_page(&exhibit.number)));
    if lines.is_empty() && read.is_none() {
        return Markup::default();
    }
    web::render(&Panel { lines, read, ctx: ctx.clone() })
}
