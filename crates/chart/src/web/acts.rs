//! What people do with a chart: put things somewhere, keep a view, throw one away, take a chart out.

use access::Staff;
use app::App;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use web::{Ctx, FieldError, Problem, SeeOther, Toast};

use super::axis::{COARSE, axis};
use super::show;
use super::words::Spoken;
use crate::error::ChartError;
use crate::model::{Key, ViewId};
use crate::picture::graphml::graphml;
use crate::picture::svg::{Drawn, svg};
use crate::service::{self, Asked, Kept, Taken};
use crate::sources::Sources;
use crate::store::{MOST_PLACES, read_places};

type Typed = Vec<(String, String)>;

fn get<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
}

/// What a form says of the chart: the words of its address.
fn asked(typed: &Typed) -> Asked {
    let pairs = serde_json::from_str::<Typed>(get(typed, "asked")).unwrap_or_default();
    let mut asked = Asked::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    asked.places = read_places(get(typed, "places"), MOST_PLACES).into_iter().collect();
    asked
}

/// `POST /desk/chart/places`: where somebody put things. From the island; it shows nothing.
pub(crate) async fn place(
    Staff(actor): Staff,
    State(app): State<App>,
    Extension(sources): Extension<Sources>,
    Form(typed): Form<Typed>,
) -> Result<StatusCode, Problem> {
    let starts: Vec<Key> =
        typed.iter().filter(|(n, _)| n == "start").filter_map(|(_, v)| Key::parse(v)).collect();
    let places = read_places(get(&typed, "places"), MOST_PLACES);
    service::place(&app, &actor, &sources, &starts, places).await.map_err(|e| Problem::of(&e))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /desk/chart/views`.
pub(crate) async fn keep(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(sources): Extension<Sources>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let asked = asked(&typed);
    let opened = service::open(&app, &actor, &sources, asked.clone()).await.map_err(|e| Problem::of(&e))?;
    let keys = opened.chosen.graph.nodes().iter().map(|n| n.key.clone());
    let kept = Kept {
        name: get(&typed, "name").to_owned(),
        shared: get(&typed, "shared") == "1",
        asked: serde_json::to_string(&opened.asked.pairs(&opened.starts)).unwrap_or_default(),
        places: keys.zip(opened.places.iter().copied()).take(MOST_PLACES).collect(),
        shown: i64::try_from(opened.chosen.graph.nodes().len()).unwrap_or(0),
        starts: opened.starts,
    };
    match service::keep(&app, &actor, kept).await {
        Ok(id) => Ok(SeeOther::to(format!("/desk/chart?saved={id}"))
            .with_toast(Toast::new("chart-toast-kept").undo(&format!("/desk/chart/views/{id}/remove")))
            .into_response()),
        Err(error @ (ChartError::NoName | ChartError::TooMany)) => {
            let wrong = FieldError::new(&ctx, "name", &Problem::key(kernel::Coded::code(&error)));
            show::page(
                &ctx.of_no_section(),
                (&app, &actor, &sources),
                (asked, show::Shape::default(), None),
                vec![wrong],
            )
            .await
        }
        Err(error) => Err(Problem::of(&error)),
    }
}

fn view(id: &str) -> Result<ViewId, Problem> {
    id.parse().map_err(|_| Problem::of(&ChartError::NotFound))
}

/// `POST /desk/chart/views/{id}/remove`.
pub(crate) async fn remove(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<SeeOther, Problem> {
    let id = view(&id)?;
    service::remove(&app, &actor, id).await.map_err(|e| Problem::of(&e))?;
    let toast = Toast::new("chart-toast-removed").undo(&format!("/desk/chart/views/{id}/restore"));
    Ok(SeeOther::to("/desk/chart").with_toast(toast))
}

/// `POST /desk/chart/views/{id}/restore`.
pub(crate) async fn restore(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<SeeOther, Problem> {
    let id = view(&id)?;
    service::restore(&app, &actor, id).await.map_err(|e| Problem::of(&e))?;
    Ok(SeeOther::to(format!("/desk/chart?saved={id}")).with_toast(Toast::new("chart-toast-restored")))
}

/// `POST /desk/chart/export`: a file, or for a picture that the browser makes the leave to make it. Nothing goes out without its record.
pub(crate) async fn export(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(sources): Extension<Sources>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let as_what = service::format(get(&typed, "format")).map_err(|e| Problem::of(&e))?;
    let opened = service::open(&app, &actor, &sources, asked(&typed)).await.map_err(|e| Problem::of(&e))?;
    let graph = &opened.chosen.graph;
    let why = (as_what, get(&typed, "purpose"));
    service::took(&app, &actor, why, &opened).await.map_err(|e| Problem::of(&e))?;
    let spoken = Spoken::read(&ctx, &app).await?;
    let (media, name, body) = match as_what {
        Taken::Png => return Ok(StatusCode::NO_CONTENT.into_response()),
        Taken::Svg => {
            let title = ctx.ta("chart-file-title", [("time", ctx.date_time(ctx.now()))]);
            let drawn = Drawn {
                graph,
                places: &opened.places,
                lines: &opened.lines,
                scale: opened.scale,
                axis: &axis(&spoken, opened.scale, COARSE),
                looks: &sources.looks(),
                title: &title,
                alone: true,
            };
            ("image/svg+xml", "chart.svg", svg(&drawn, &spoken))
        }
        Taken::Graphml => ("application/xml", "chart.graphml", graphml(graph, &opened.places, &spoken)),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(CONTENT_TYPE, media), (CONTENT_DISPOSITION, disposition.as_str()), (CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}
