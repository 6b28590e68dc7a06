//! What waits for somebody in the book of droppers, for the clock board.

use app::App;
use askama::Template;
use kernel::Actor;
use web::{Ctx, Markup, Status as Shown};

use super::dropper_form::{clock, status};
use super::words;
use crate::service::{self, DropperNarrow};

struct Row {
    clock: Markup,
    why: String,
    number: String,
    href: String,
    status: Shown,
    minor: Option<Shown>,
}

#[derive(Template)]
#[template(path = "_person_board.html")]
struct Panel {
    ctx: Ctx,
    rows: Vec<Row>,
    more: bool,
}

/// The panel, and how many wait.
#[derive(Debug, Default)]
pub struct BoardPanel {
    /// Nothing where nobody waits, and for whoever may not see it.
    pub markup: Markup,
    /// How many wait.
    pub due: i64,
}

/// Whose review is due, or who asked to be taken off.
pub async fn board_panel(app: &App, ctx: &Ctx, actor: &Actor) -> BoardPanel {
    let narrow = DropperNarrow { due: true, ..DropperNarrow::default() };
    let Ok(all) = service::droppers(app, actor, narrow).await else { return BoardPanel::default() };
    if all.rows.is_empty() {
        return BoardPanel::default();
    }
    let rows = all.rows.iter().map(|r| Row {
        clock: clock(ctx, &r.dropper),
        why: words::why_looked_at(ctx, &r.dropper),
        number: r.number.clone(),
        href: format!("/desk/persons/{}", r.person),
        status: status(ctx, r.dropper.status),
        minor: r.dropper.minor.then(|| words::minor(ctx)),
    });
    let panel = Panel { rows: rows.collect(), more: all.more.is_some(), ctx: ctx.clone() };
    BoardPanel { markup: web::render(&panel), due: all.due }
}
