//! The registers on the clock board: what must be handed over, answered or decided, the first due first.

use app::App;
use askama::Template;
use kernel::Actor;
use web::{Ctx, Markup, Status};

use super::{clock, due_words, page_of, status};
use crate::kinds::Kind;
use crate::service;
use crate::store::Count;

struct Row {
    clock: Option<Markup>,
    due: String,
    register: String,
    status: Status,
    number: String,
    href: String,
}

#[derive(Template)]
#[template(path = "_registration_board.html")]
struct Panel {
    ctx: Ctx,
    rows: Vec<Row>,
    left_out: i64,
}

/// A part of the clock board with its figures.
#[derive(Debug, Clone, Default)]
pub struct BoardPanel {
    /// The part; empty where nothing is open.
    pub markup: Markup,
    /// How much is open, late, and due soon.
    pub count: Count,
}

/// What is open in the registers, for the clock board. Nothing for whoever may not see it.
pub async fn board_panel(app: &App, ctx: &Ctx, actor: &Actor) -> BoardPanel {
    let Ok(board) = service::board(app, actor).await else { return BoardPanel::default() };
    if board.rows.is_empty() {
        return BoardPanel::default();
    }
    let shown = i64::try_from(board.rows.len()).unwrap_or(i64::MAX);
    let rows = board.rows.iter().map(|(m, register)| Row {
        clock: clock(ctx, m),
        due: due_words(ctx, m, register),
        register: register.name.get(ctx.lang()).to_owned(),
        status: status(ctx, m.state),
        number: m.subject_number.clone(),
        href: page_of(&Kind::REPORT.of(&m.subject_number)),
    });
    let left_out = board.count.open.saturating_sub(shown).max(0);
    let panel = Panel { rows: rows.collect(), left_out, ctx: ctx.clone() };
    BoardPanel { markup: web::render(&panel), count: board.count }
}
