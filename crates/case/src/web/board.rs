//! Cases on the clock board: what falls due in one's own and in those of one's unit, the first due first.

use app::App;
use askama::Template;
use kernel::Actor;
use web::{Ctx, Markup, Status, Tone};

use super::{page_of, words};
use crate::service::board::{self, Due, What};

struct Row {
    clock: Option<Markup>,
    kind: String,
    what: String,
    whose: String,
    escalated: Option<Status>,
    number: String,
    href: String,
}

#[derive(Template)]
#[template(path = "_case_board.html")]
struct Panel {
    ctx: Ctx,
    rows: Vec<Row>,
    escalated: usize,
}

/// A part of the clock board with its figures.
#[derive(Debug, Clone, Default)]
pub struct BoardPanel {
    /// The part; empty where nothing falls due.
    pub markup: Markup,
    /// Cases with a clock.
    pub open: i64,
    /// Those with one that has run out.
    pub late: i64,
    /// Those of which the first runs out soon.
    pub soon: i64,
}

/// Clocks of cases, for the clock board. Nothing for whoever may not see them.
pub async fn board_panel(app: &App, ctx: &Ctx, actor: &Actor) -> BoardPanel {
    let Ok(board) = board::board(app, actor).await else { return BoardPanel::default() };
    if board.rows.is_empty() {
        return BoardPanel::default();
    }
    let row = |d: &Due| {
        let here = page_of(&d.number);
        let (kind, what, anchor) = match &d.what {
            What::Task(id, title) => ("task", words::task(ctx, app, title), format!("#task-{id}")),
            What::Stage(code) => ("stage", words::stage(ctx, app, code), String::new()),
            What::Register(code) => ("register", words::register(ctx, app, code), "#refs".to_owned()),
            What::Referral(code) => ("referral", words::body(ctx, app, code), "#referrals".to_owned()),
        };
        Row {
            clock: words::clock(ctx, d.due_at, d.since),
            kind: ctx.t(&format!("case-board-{kind}")),
            what,
            whose: words::who(ctx, &board.people, &d.whose),
            escalated: d.escalated.then(|| Status::new(ctx, "case-board-escalated", Tone::Red)),
            number: d.number.clone(),
            href: format!("{here}{anchor}"),
        }
    };
    let rows: Vec<Row> = board.rows.iter().map(row).collect();
    let escalated = rows.iter().filter(|r| r.escalated.is_some()).count();
    let markup = web::render(&Panel { rows, escalated, ctx: ctx.clone() });
    BoardPanel { markup, open: board.open, late: board.late, soon: board.soon }
}
