//! The page of a chart.

use access::Staff;
use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Timestamp};
use web::{Choice, Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, Sort};

use super::table::{COLUMNS, EdgeRow, MOST_ROWS, NodeRow, edges, nodes, with};
use super::words::Spoken;
use super::{address, data};
use crate::error::ChartError;
use crate::model::{SavedView, Strength, ViewId};
use crate::picture::svg::{Drawn, svg};
use crate::picture::{Looks, Words as _};
use crate::rules::{MOST_NODES, WITHIN};
use crate::service::{self, Asked, Form, Opened, day_of};
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
struct ViewRow {
    name: String,
    href: String,
    shared: bool,
    at: Markup,
    remove: Option<String>,
}

/// A kind of thing, in the filter.
struct KindBox {
    kind: String,
    words: String,
    on: bool,
}

/// The slider of time.
struct Slider {
    least: i64,
    most: i64,
    from: i64,
    until: i64,
    from_words: String,
    until_words: String,
}

/// A line of the legend: the picture of it, and the words.
struct Sign {
    dash: &'static str,
    words: String,
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
    picture: Option<Markup>,
    data: String,
    signs: Vec<Sign>,
    kinds: Vec<KindBox>,
    slider: Option<Slider>,
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
    // A form says which kinds are ticked; what is not ticked is left out.
    if get("filtered").is_some() {
        let ticked = |kind: &str| pairs.iter().any(|(n, v)| n == "kind" && v == kind);
        asked.wish.without =
            sources.iter().map(|s| s.kind()).filter(|k| !ticked(k)).map(str::to_owned).collect();
    }
    let shape = Shape {
        as_what: get("as").unwrap_or_default(),
        sort: get("sort"),
        filter: get("q").unwrap_or_default().chars().take(100).collect(),
        rows: get("rows").and_then(|r| r.parse().ok()).unwrap_or(ROWS).clamp(1, 2_000),
    };
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
    let (mut asked, shape) = read(&pairs, &sources);
    let mut name = None;
    if let Some((_, id)) = pairs.iter().find(|(n, _)| n == "saved") {
        let id: ViewId = id.parse().map_err(|_| Problem::of(&ChartError::NotFound))?;
        let view = service::saved(&app, &actor, id).await.map_err(|e| Problem::of(&e))?;
        asked = of_view(&view);
        name = Some(view.name);
    }
    page(&ctx, (&app, &actor, &sources), (asked, shape, name), Vec::new()).await
}

/// What a kept view asks.
fn of_view(view: &SavedView) -> Asked {
    let pairs = serde_json::from_str::<Vec<(String, String)>>(&view.asked).unwrap_or_default();
    let mut asked = Asked::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    asked.places = view.places.iter().cloned().collect();
    asked
}

type Node<'a> = (&'a App, &'a Actor, &'a Sources);

/// The page, with what is wrong with a form on it.
pub(super) async fn page(
    ctx: &Ctx,
    (app, actor, sources): Node<'_>,
    (asked, shape, name): (Asked, Shape, Option<String>),
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let opened = service::open(app, actor, sources, asked.clone()).await.map_err(|e| Problem::of(&e))?;
    let kept = service::views(app, actor).await.map_err(|e| Problem::of(&e))?;
    let spoken = Spoken::read(ctx, app).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = View { ctx, spoken: &spoken, sources, asked: &asked, o: &opened, shape: &shape };
    Ok((status, Page(view.page(actor, &kept, name, errors))).into_response())
}

/// Everything that a page is made from.
struct View<'a> {
    ctx: &'a Ctx,
    spoken: &'a Spoken<'a>,
    sources: &'a Sources,
    asked: &'a Asked,
    o: &'a Opened,
    shape: &'a Shape,
}

impl View<'_> {
    fn page(&self, actor: &Actor, kept: &[SavedView], name: Option<String>, errors: Vec<FieldError>) -> Show {
        let (ctx, o, asked) = (self.ctx, self.o, self.asked);
        let empty = o.starts.is_empty();
        let as_table = match self.shape.as_what.as_str() {
            "table" => true,
            "picture" => false,
            _ => o.chosen.all > AS_TABLE && asked.wish.show <= AS_TABLE,
        };
        let sort = Sort::read(self.shape.sort.as_deref(), &COLUMNS, "strength");
        let (rows, ties) = edges(self.spoken, (asked, o), (&sort, &self.shape.filter), self.shape.rows);
        let things = nodes(self.spoken, asked, o);
        let pairs = asked.pairs(&o.starts);
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
            picture: (!empty && !as_table).then(|| self.picture()),
            data: if empty || as_table {
                String::new()
            } else {
                data::data(ctx, self.spoken, self.sources, asked, o).to_string()
            },
            signs: self.signs(),
            kinds: self.kinds(),
            slider: self.slider(),
            carried: carried(&pairs, &["no", "from", "until"]),
            way: self.way(),
            way_carried: carried(&pairs, &["between"]),
            found: self.found(),
            left_out: o.chosen.graph.nodes().len().saturating_sub(things.len().min(MOST_ROWS)),
            things,
            heads: self.heads(&sort),
            more_rows: (ties > rows.len())
                .then(|| ctx.path_with(&[("rows", &self.shape.rows.saturating_add(ROWS).to_string())])),
            rows,
            ties: ctx.number(i64::try_from(ties).unwrap_or(0)),
            filter: self.shape.filter.clone(),
            table_carried: pairs.clone(),
            views: kept.iter().map(|v| self.view(actor, v)).collect(),
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
        if o.gone > 0 {
            all.push(ctx.ta("chart-gone", [("n", o.gone)]));
        }
        if o.way.as_ref().is_some_and(|w| w.nodes.is_empty()) {
            all.push(ctx.ta("chart-no-path", [("n", WITHIN)]));
        }
        all
    }

    fn tabs(&self, as_table: bool) -> Vec<(String, String, bool)> {
        let (ctx, asked, starts) = (self.ctx, self.asked, &self.o.starts);
        let shaped = |what: &str, form: Form| {
            let mut next = asked.clone();
            next.form = form;
            let mut pairs = next.pairs(starts);
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

    fn signs(&self) -> Vec<Sign> {
        let sign = |s: &Strength| Sign {
            dash: match s {
                Strength::Proved => "0",
                Strength::Reported => "7 4",
                Strength::Inferred => "2 4",
            },
            words: self.ctx.t(match s {
                Strength::Proved => "chart-legend-proved",
                Strength::Reported => "chart-legend-reported",
                Strength::Inferred => "chart-legend-inferred",
            }),
        };
        Strength::ALL.iter().map(sign).collect()
    }

    fn kinds(&self) -> Vec<KindBox> {
        let there = &self.o.chosen.kinds;
        self.sources
            .iter()
            .filter(|s| there.contains(s.kind()))
            .map(|s| KindBox {
                kind: s.kind().to_owned(),
                words: self.ctx.t(s.word()),
                on: !self.asked.wish.without.contains(s.kind()),
            })
            .collect()
    }

    fn slider(&self) -> Option<Slider> {
        let (first, last) = self.o.chosen.span?;
        let (least, most) = (day_of(first), day_of(last));
        let from = self.asked.wish.from.map_or(least, day_of).clamp(least, most);
        let until = self.asked.wish.until.map_or(most, day_of).clamp(least, most);
        let words = |day: i64| self.ctx.date_dense(Timestamp::from_secs(day.saturating_mul(86_400)));
        (least < most).then(|| Slider {
            least,
            most,
            from,
            until,
            from_words: words(from),
            until_words: words(until),
        })
    }

    fn way(&self) -> Vec<Field> {
        let graph = &self.o.chosen.graph;
        if graph.nodes().len() < 2 {
            return Vec::new();
        }
        let choices = || -> Vec<Choice> {
            let singles = graph.nodes().iter().filter(|n| n.group.is_none()).take(MOST_ROWS);
            singles.map(|n| Choice::new(n.key.as_str(), self.spoken.node(n))).collect()
        };
        let (a, b) = self.asked.path.clone().unzip();
        let of = |name: &str, key: &str, value: Option<crate::model::Key>, other: usize| {
            let fall_back = graph.nodes().iter().filter(|n| n.group.is_none()).nth(other);
            let value = value.or_else(|| fall_back.map(|n| n.key.clone()));
            Field::select(self.ctx, name, key, choices())
                .value(value.map(|k| k.to_string()).unwrap_or_default())
        };
        vec![of("between", "chart-path-from", a, 0), of("and", "chart-path-to", b, 1)]
    }

    fn found(&self) -> Vec<(String, String)> {
        let nodes = self.o.way.iter().flat_map(|w| &w.nodes);
        nodes.map(|n| (self.spoken.node(n), n.href.clone())).collect()
    }

    fn heads(&self, sort: &Sort) -> Vec<Markup> {
        let head = |column: &str, key: &str| sort.head(self.ctx, column, key);
        let number = |column: &str, key: &str| sort.head_number(self.ctx, column, key);
        vec![
            head("from", "chart-col-from"),
            head("word", "chart-col-word"),
            head("to", "chart-col-to"),
            head("strength", "chart-col-strength"),
            number("count", "chart-col-count"),
            number("money", "chart-col-money"),
            head("last", "chart-col-last"),
        ]
    }

    fn view(&self, actor: &Actor, v: &SavedView) -> ViewRow {
        ViewRow {
            name: if v.name.is_empty() { self.ctx.t("chart-view-unnamed") } else { v.name.clone() },
            href: format!("/desk/chart?saved={}", v.id),
            shared: v.shared,
            at: self.ctx.time(v.header.created_at),
            remove: (v.header.author == actor.label()).then(|| format!("/desk/chart/views/{}/remove", v.id)),
        }
    }

    fn keep(&self, errors: &[FieldError]) -> Vec<Field> {
        let shared = vec![Choice::new("1", self.ctx.t("chart-keep-shared.choice"))];
        vec![
            Field::text(self.ctx, "name", "chart-keep-name").autocomplete("off").errors(errors),
            Field::checks(self.ctx, "shared", "chart-keep-shared", shared).optional(),
        ]
    }

    fn export(&self) -> Vec<Field> {
        let format = ["svg", "graphml"]
            .iter()
            .map(|f| Choice::new(f, self.ctx.t(&format!("chart-export-{f}"))))
            .collect();
        let purpose = [
            ("investigate", "chart-purpose-investigate"),
            ("handle_report", "chart-purpose-handle-report"),
            ("execute_order", "chart-purpose-execute-order"),
        ];
        let purposes = purpose.iter().map(|(value, key)| Choice::new(value, self.ctx.t(key))).collect();
        vec![
            Field::select(self.ctx, "format", "chart-export-format", format).value("svg"),
            Field::select(self.ctx, "purpose", "chart-export-purpose", purposes).value("investigate"),
        ]
    }
}

fn draw(graph: &crate::rules::Graph, o: &Opened, looks: &Looks, title: &str, spoken: &Spoken<'_>) -> String {
    let at = |n: &crate::model::Node| o.chosen.graph.at(&n.key).and_then(|i| o.places.get(i).copied());
    let places: Vec<crate::model::Place> = graph.nodes().iter().map(|n| at(n).unwrap_or_default()).collect();
    svg(&Drawn { graph, places: &places, lines: &o.lines, looks, title, alone: false }, spoken)
}

/// What a form carries along: all but what it says itself.
fn carried(pairs: &[(&'static str, String)], but: &[&str]) -> Vec<(&'static str, String)> {
    pairs.iter().filter(|(n, _)| !but.contains(n)).cloned().collect()
}
