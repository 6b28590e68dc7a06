//! The weights by which records are compared: which are in force, what others would change, and putting them in force.

use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use web::{Ctx, Markup, Page, Problem, SeeOther, Status as Shown, Toast, Tone};

use super::words;
use crate::error::PersonError;
use crate::service::{self, Effect, Weights};

struct Row {
    version: i64,
    name: String,
    made: Option<Markup>,
    records: String,
    effect: Vec<(String, String)>,
    in_force: Option<Shown>,
}

#[derive(Template)]
#[template(path = "person_weights.html")]
struct Show {
    ctx: Ctx,
    title: String,
    rows: Vec<Row>,
    chosen: Vec<(String, String, Markup)>,
    may_choose: bool,
}

fn name(ctx: &Ctx, version: i64) -> String {
    match version {
        0 => ctx.t("person-weights-own"),
        n => ctx.ta("person-weights-version", [("n", n)]),
    }
}

fn effect(ctx: &Ctx, e: &Effect) -> Vec<(String, String)> {
    let of = |key: &str, n: i64| (ctx.t(key), ctx.number(n));
    let mut all = vec![
        of("person-weights-tried", e.pairs),
        of("person-weights-joins", e.joins),
        of("person-weights-parts", e.parts),
        of("person-weights-asks", e.asks),
    ];
    if e.judged > 0 {
        let both = ctx.ta("person-weights-agree", [("now", ctx.percent(e.now)), ("new", ctx.percent(e.new))]);
        all.push(of("person-weights-judged", e.judged));
        all.push((ctx.t("person-weights-right"), both));
    }
    all
}

/// `GET /desk/persons/weights`.
pub(crate) async fn show(Staff(actor): Staff, ctx: Ctx, State(app): State<App>) -> Result<Response, Problem> {
    let m = service::weights(&app, &actor).await.map_err(|e| Problem::of(&e))?;
    let row = |w: &Weights| Row {
        version: w.version,
        name: name(&ctx, w.version),
        made: w.made_at.map(|at| ctx.time(at)),
        records: ctx.number(w.records),
        effect: w.effect.as_ref().map(|e| effect(&ctx, e)).unwrap_or_default(),
        in_force: (w.version == m.in_force).then(|| Shown::new(&ctx, "person-weights-in-force", Tone::Green)),
    };
    let chosen =
        m.chosen.iter().map(|c| (name(&ctx, c.version), words::who(&ctx, &actor, &c.by), ctx.time(c.at)));
    let page = Show {
        title: ctx.t("person-weights"),
        rows: m.all.iter().map(row).collect(),
        chosen: chosen.collect(),
        may_choose: m.may_choose,
        ctx: ctx.clone(),
    };
    Ok(Page(page).into_response())
}

/// `POST /desk/persons/weights/{version}`: put in force, with a fresh one-time code.
pub(crate) async fn choose(
    SteppedUp(actor): SteppedUp,
    State(app): State<App>,
    Path(version): Path<String>,
) -> Result<Response, Problem> {
    let version = version.parse().map_err(|_| Problem::of(&PersonError::NotFound))?;
    service::choose(&app, &actor, version).await.map_err(|e| Problem::of(&e))?;
    Ok(SeeOther::to("/desk/persons/weights").with_toast(Toast::new("person-toast-weights")).into_response())
}
