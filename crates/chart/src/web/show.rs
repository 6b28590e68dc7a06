//! The page of a chart.

use access::Staff;
use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use web::{Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, Sort};

use super::axis::{COARSE, axis};
use super::table::{COLUMNS, EdgeRow, MOST_ROWS, NodeRow, edges, nodes, with};
use super::words::Spoken;
use super::{address, data};
use crate::error::ChartError;
use crate::model::ViewId;
use crate::picture::svg::{Drawn, svg};
use crate::picture::time::Line;
use crate::picture::{Looks, Words as _};
use crate::rules::{MOST_NODES, WITHIN};
use crate::service::{self, Asked, Form, Listed, Opened};
use crate::sources::Sources;

/// From so many things on a chart begins as a table: more cannot be read.
const AS_TABLE: usize = 200;
/// Further things by one press.
const MORE: usize = 40;
/// Ties of a page of the table.
const ROWS: usize = 50;

/// What the page is asked beside the chart.
#[derive(Debug, Default, Clone)]
pub(super) struct Shape {
    /// `picture` or `table`; empty for whichever fits.
    as_what: String,
    sort: Option<String>,
    filter: String,
    rows: usize,
}

/// A kept view, in the list.
pub(super) struct ViewRow {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) shared: bool,
    pub(super) at: Markup,
    pub(super) remove: Option<String>,
}

/// A kind of thing, in the filter.
pub(super) struct KindBox {
    pub(super) kind: String,
    pub(super) words: String,
    pub(super) on: bool,
}

/// The slider of time.
pub(super) struct Slider {
    pub(super) least: i64,
    pub(super) most: i64,
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) from_words: String,
    pub(super) until_words: String,
}

/// A line of the legend: the picture of it, and the words.
pub(super) struct Sign {
    pub(super) dash: &'static str,
    pub(super) words: String,
}

#[derive(Template)]
#[template(path = "chart.html")]
struct Show {
    ctx: Ctx,
    title: String,
    /// Notices above the picture.
    notes: Vec<String>,
    /// Tabs: address, words, whether it is this one.
    tabs: Vec<(String, String, bool)>,
    more: Option<(String, String)>,
    ungroup: Option<(String, String)>,
    unhide: Option<String>,
    /// The chart from its beginning.
    reset: Option<String>,
    picture: Option<Markup>,
    data: String,
    signs: Vec<Sign>,
    kinds: Vec<KindBox>,
    slider: Option<Slider>,
    /// What the form of the steps carries along: all that is asked.
    steps: Vec<(&'static str, String)>,
    /// What the filter's form carries along.
    carried: Vec<(&'static str, String)>,
    way: Vec<Field>,
    way_carried: Vec<(&'static str, String)>,
    found: Vec<(String, String)>,
    things: Vec<NodeRow>,
    left_out: usize,
    heads: Vec<Markup>,
    rows: Vec<EdgeRow>,
    ties: String,
    more_rows: Option<String>,
    filter: String,
    table_carried: Vec<(&'static str, String)>,
    views: Vec<ViewRow>,
    keep: Option<Vec<Field>>,
    asked: String,
    export: Vec<Field>,
    empty: Option<Empty>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// Reads the address: what is asked of the chart, and of the page.
pub(super) fn read(pairs: &[(String, String)], sources: &Sources) -> (Asked, Shape) {
    let mut asked = Asked::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let get = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    // A form says which of the kinds that it offered are ticked; of others it says nothing.
    if get("filtered").is_some() {
        let has = |name: &str, kind: &str| pairs.iter().any(|(n, v)| n == name && v == kind);
        for kind in sources.iter().map(|s| s.kind()).filter(|kind| has("offered", kind)) {
            if has("kind", kind) {
                asked.wish.without.remove(kind);
            } else {
                asked.wish.without.insert(kind.to_owned());
            }
        }
    }
    // Sliders at their ends ask for nothing.
    let end = |name: &str| get(name).and_then(|text| text.parse::<i64>().ok());
    asked.from = asked.from.filter(|day| end("least").is_none_or(|least| *day > least));
    asked.until = asked.until.filter(|day| end("most").is_none_or(|most| *day < most));
    let shape = Shape {
        as_what: get("as").unwrap_or_default(),
        sort: get("sort"),
        filter: get("q").unwrap_or_default().chars().take(100).collect(),
        rows: get("rows").and_then(|r| r.parse().ok()).unwrap_or(ROWS).clamp(1, 2_000),
    };
    let carried = [
        ("as", &shape.as_what),
        ("sort", shape.sort.as_ref().unwrap_or(&String::new())),
        ("q", &shape.filter),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| (name, value.clone()))
    .collect();
    asked.page = carried;
    if shape.rows != ROWS {
        asked.page.push(("rows", shape.rows.to_string()));
    }
    (asked, shape)
}

/// `GET /desk/chart`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(sources): Extension<Sources>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let ctx = ctx.of_no_section();
    let (mut asked, shape) = read(&pairs, &sources);
    let mut name = None;
    if let Some((_, id)) = pairs.iter().find(|(n, _)| n == "saved") {
        let id: ViewId = id.parse().map_err(|_| Problem::of(&ChartError::NotFound))?;
        match service::saved(&app, &actor, id).await {
            Ok(view) => {
                let kept = Asked::of_view(&view, &actor);
                // Further steps from a view: what is asked stands in the address, the view gives its name and its places.
                asked = if asked.about.is_empty() {
                    Asked { page: asked.page, ..kept }
                } else {
                    Asked {
                        places: kept.places,
                        loose: true,
                        saved: kept.saved,
                        others: kept.others,
                        ..asked
                    }
                };
                name = Some(view.name).filter(|name| !name.is_empty());
            }
            // The view was thrown away meanwhile: what is asked is asked nevertheless.
            Err(ChartError::NotFound) if !asked.about.is_empty() => {}
            Err(error) => return Err(Problem::of(&error)),
        }
    }
    page(&ctx, (&app, &actor, &sources), (asked, shape, name), Vec::new()).await
}

type Node<'a> = (&'a App, &'a Actor, &'a Sources);

/// The page, with what is wrong with a form on it.
pub(super) async fn page(
    ctx: &Ctx,
    (app, actor, sources): Node<'_>,
    (asked, shape, name): (Asked, Shape, Option<String>),
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let opened = service::open(app, actor, sources, asked).await.map_err(|e| Problem::of(&e))?;
    let kept = service::views(app, actor).await.map_err(|e| Problem::of(&e))?;
    let spoken = Spoken::read(ctx, app).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = View { ctx, spoken: &spoken, sources, asked: &opened.asked, o: &opened, shape: &shape };
    Ok((status, Page(view.page(&kept, name, errors))).into_response())
}

/// Everything that a page is made from.
pub(super) struct View<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) spoken: &'a Spoken<'a>,
    pub(super) sources: &'a Sources,
    pub(super) asked: &'a Asked,
    pub(super) o: &'a Opened,
    pub(super) shape: &'a Shape,
}

impl View<'_> {
    fn page(&self, kept: &[Listed], name: Option<String>, errors: Vec<FieldError>) -> Show {
        let (ctx, o, asked) = (self.ctx, self.o, self.asked);
        let empty = o.starts.is_empty();
        let as_table = match self.shape.as_what.as_str() {
            "table" => true,
            "picture" => false,
            _ => o.chosen.all > AS_TABLE && asked.wish.show <= AS_TABLE,
        };
        let sort = Sort::read(self.shape.sort.as_deref(), &COLUMNS, "strength");
        let (rows, ties) = edges(self.spoken, o, (&sort, &self.shape.filter), self.shape.rows);
        let things = nodes(self.spoken, o);
        let (pairs, carries) = (asked.pairs(&o.starts), asked.carried(&o.starts));
        let offered: Vec<&str> = o.chosen.kinds.iter().map(String::as_str).collect();
        Show {
            title: self.title(name),
            notes: if empty { Vec::new() } else { self.notes() },
            tabs: if empty { Vec::new() } else { self.tabs(as_table) },
            more: self.more(),
            ungroup: self.ungroup(),
            unhide: (!asked.wish.hidden.is_empty() || !asked.wish.shut.is_empty()).then(|| {
                with(asked, &o.starts, |a| {
                    a.wish.hidden.clear();
                    a.wish.shut.clear();
                })
            }),
            reset: self.reset(),
            picture: (!empty && !as_table).then(|| self.picture()),
            data: if empty || as_table {
                String::new()
            } else {
                data::data(ctx, self.spoken, self.sources, o).to_string()
            },
            signs: self.signs(),
            kinds: self.kinds(),
            slider: self.slider(),
            carried: carries
                .iter()
                .filter(|(n, v)| {
                    !(["from", "until"].contains(n) || (*n == "no" && offered.contains(&v.as_str())))
                })
                .cloned()
                .collect(),
            steps: carries.clone(),
            way: self.way(),
            way_carried: carried(&carries, &["between"]),
            found: self.found(),
            left_out: o.chosen.graph.nodes().len().saturating_sub(things.len().min(MOST_ROWS)),
            things,
            heads: self.heads(&sort),
            more_rows: (ties > rows.len())
                .then(|| ctx.path_with(&[("rows", &self.shape.rows.saturating_add(ROWS).to_string())])),
            rows,
            ties: ctx.number(i64::try_from(ties).unwrap_or(0)),
            filter: self.shape.filter.clone(),
            table_carried: carried(&carries, &["q", "rows"]),
            views: kept.iter().map(|v| self.view(v)).collect(),
            keep: (o.may_keep && !empty).then(|| self.keep(&errors)),
            asked: serde_json::to_string(&pairs).unwrap_or_default(),
            export: if empty { Vec::new() } else { self.export() },
            empty: empty.then(|| {
                Empty::new(ctx, "chart-empty").action("/desk/schemes", &ctx.t("chart-empty-schemes"))
            }),
            summary: ErrorSummary::new(ctx, &errors),
            errors,
            ctx: ctx.clone(),
        }
    }

    fn title(&self, name: Option<String>) -> String {
        let starts = self.o.starts.iter().filter_map(|k| self.o.chosen.graph.node(k));
        let names: Vec<String> = starts.take(3).map(|n| self.spoken.node(n)).collect();
        match (name, names.is_empty()) {
            (Some(name), _) => name,
            (None, true) => self.ctx.t("chart-title"),
            (None, false) => format!("{}: {}", self.ctx.t("chart-title"), names.join(", ")),
        }
    }

    fn notes(&self) -> Vec<String> {
        let (ctx, o) = (self.ctx, self.o);
        let n = |n: usize| ctx.number(i64::try_from(n).unwrap_or(0));
        let shown = o.chosen.graph.nodes().len();
        let mut all = vec![ctx.ta("chart-shown", [("n", n(shown)), ("all", n(o.chosen.all))])];
        if o.chosen.grouped {
            all.push(ctx.t("chart-grouped"));
        }
        match o.gone {
            0 => {}
            // How much of somebody else's view is hidden is not told.
            _ if o.asked.others => all.push(ctx.t("chart-gone-some")),
            n => all.push(ctx.ta("chart-gone", [("n", n)])),
        }
        if o.cut {
            all.push(ctx.t("chart-cut"));
        }
        if let Some(way) = o.way.as_ref().filter(|way| way.nodes.is_empty()) {
            all.push(ctx.ta("chart-no-path", [("n", WITHIN)]));
            if way.passed_over {
                all.push(ctx.t("chart-path-cut"));
            }
        }
        all
    }

    fn reset(&self) -> Option<String> {
        let plain = Asked { form: self.asked.form, ..Asked::default() };
        let changed = self.asked.pairs(&self.o.starts) != plain.pairs(&self.o.starts);
        (changed && !self.o.starts.is_empty()).then(|| address(&plain.pairs(&self.o.starts)))
    }

    fn tabs(&self, as_table: bool) -> Vec<(String, String, bool)> {
        let (ctx, asked, starts) = (self.ctx, self.asked, &self.o.starts);
        let shaped = |what: &str, form: Form| {
            let mut next = asked.clone();
            next.form = form;
            next.page.retain(|(name, _)| *name != "as");
            let mut pairs = next.carried(starts);
            pairs.push(("as", what.to_owned()));
            address(&pairs)
        };
        let picture =
            |form: Form, key: &str| (shaped("picture", form), ctx.t(key), !as_table && asked.form == form);
        vec![
            picture(Form::Web, "chart-tab-web"),
            picture(Form::Time, "chart-tab-time"),
            (shaped("table", asked.form), ctx.t("chart-tab-table"), as_table),
        ]
    }

    fn more(&self) -> Option<(String, String)> {
        let shown = self.o.chosen.graph.nodes().len();
        let left = self.o.chosen.all.saturating_sub(shown);
        let next = MORE.min(left);
        (next > 0 && shown < MOST_NODES).then(|| {
            let href = with(self.asked, &self.o.starts, |a| a.wish.show = shown.saturating_add(MORE));
            (href, self.ctx.ta("chart-more", [("n", next)]))
        })
    }

    fn ungroup(&self) -> Option<(String, String)> {
        if self.o.chosen.grouped && self.asked.wish.group {
            let href = with(self.asked, &self.o.starts, |a| {
                a.wish.group = false;
                a.wish.show = MOST_NODES;
            });
            return Some((href, self.ctx.t("chart-ungroup")));
        }
        (!self.asked.wish.group).then(|| {
            let href = with(self.asked, &self.o.starts, |a| {
                a.wish.group = true;
                a.wish.show = Asked::default().wish.show;
            });
            (href, self.ctx.t("chart-regroup"))
        })
    }

    fn picture(&self) -> Markup {
        let (o, looks) = (self.o, self.sources.looks());
        let title = self.title(None);
        // Without scripts the first are drawn; all of thousands would weigh more than the page.
        let most = 100;
        let drawn = if o.chosen.graph.nodes().len() > most {
            let few = o.chosen.graph.clone().keep(|i, _| i < most);
            draw(&few, o, &looks, &title, self.spoken)
        } else {
            draw(&o.chosen.graph, o, &looks, &title, self.spoken)
        };
        Markup::trusted(drawn)
    }
}

fn draw(graph: &crate::rules::Graph, o: &Opened, looks: &Looks, title: &str, spoken: &Spoken<'_>) -> String {
    let at = |n: &crate::model::Node| o.chosen.graph.at(&n.key).and_then(|i| o.places.get(i).copied());
    let places: Vec<crate::model::Place> = graph.nodes().iter().map(|n| at(n).unwrap_or_default()).collect();
    let there =
        |line: &&Line| o.chosen.graph.nodes().get(line.node).is_some_and(|n| graph.at(&n.key).is_some());
    let lines: Vec<Line> = o.lines.iter().filter(there).copied().collect();
    let axis = axis(spoken, o.scale, COARSE);
    let (places, lines, axis) = (places.as_slice(), lines.as_slice(), axis.as_slice());
    svg(&Drawn { graph, places, lines, scale: o.scale, axis, looks, title, alone: false }, spoken)
}

/// What a form carries along: all but what it says itself.
fn carried(pairs: &[(&'static str, String)], but: &[&str]) -> Vec<(&'static str, String)> {
    pairs.iter().filter(|(n, _)| !but.contains(n)).cloned().collect()
}
