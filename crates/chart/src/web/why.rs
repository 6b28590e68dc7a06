//! Why two things are tied: each report, order, answer or decision behind it, with its page.

use access::Staff;
use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use web::{Ctx, Markup, Page, Problem};

use super::words::Spoken;
use super::{address, show};
use crate::error::ChartError;
use crate::model::Key;
use crate::picture::Words as _;
use crate::service;
use crate::sources::Sources;

struct Because {
    words: String,
    by: String,
    href: String,
    at: Option<Markup>,
    strength: String,
}

struct Tie {
    words: String,
    because: Vec<Because>,
    /// How many single ties have no line of their own.
    beyond: u64,
}

#[derive(Template)]
#[template(path = "chart_why.html")]
struct Why {
    ctx: Ctx,
    /// Both: what it is, how it is called, its page.
    ends: Vec<(String, String, String)>,
    ties: Vec<Tie>,
    back: String,
}

/// `GET /desk/chart/why`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(sources): Extension<Sources>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let ctx = ctx.of_no_section();
    let key = |name: &str| pairs.iter().find(|(n, _)| n == name).and_then(|(_, v)| Key::parse(v));
    // A button of the chart's page says both at once.
    let tie = pairs.iter().find(|(n, _)| n == "tie").and_then(|(_, v)| v.split_once(' '));
    let (one, other) = tie.unzip();
    let a = one.and_then(Key::parse).or_else(|| key("a"));
    let b = other.and_then(Key::parse).or_else(|| key("b"));
    let (Some(a), Some(b)) = (a, b) else { return Err(Problem::of(&ChartError::NotFound)) };
    let (asked, _) = show::read(&pairs, &sources);
    let back = address(&asked.carried(&[]));
    let why = service::why(&app, &actor, &sources, asked, (a, b)).await.map_err(|e| Problem::of(&e))?;
    let spoken = Spoken::read(&ctx, &app).await?;
    let ties = why
        .edges
        .iter()
        .map(|e| {
            let because: Vec<Because> = e
                .evidence
                .iter()
                .map(|v| Because {
                    words: spoken.because(v),
                    by: spoken.said_by(v),
                    href: v.href.clone(),
                    at: v.at.map(|t| ctx.time_exact(t)),
                    strength: spoken.strength(v.strength),
                })
                .collect();
            Tie {
                words: spoken.edge(e),
                beyond: e.count.saturating_sub(u64::try_from(because.len()).unwrap_or(0)),
                because,
            }
        })
        .collect();
    let named = |n: &crate::model::Node| (spoken.kind(n), spoken.node(n), n.href.clone());
    let ends = vec![named(&why.from), named(&why.to)];
    Ok(Page(Why { ends, ties, back, ctx }).into_response())
}
