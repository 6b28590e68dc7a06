//! What stands around the picture of a chart: the legend, the filters, the forms, the list of views.

use web::{Choice, Field, FieldError, Markup, Sort};

use super::show::{KindBox, Sign, Slider, View, ViewRow};
use super::table::MOST_ROWS;
use crate::model::Strength;
use crate::picture::Words as _;
use crate::service::{Listed, begins, day_of};

impl View<'_> {
    pub(super) fn signs(&self) -> Vec<Sign> {
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

    pub(super) fn kinds(&self) -> Vec<KindBox> {
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

    pub(super) fn slider(&self) -> Option<Slider> {
        let (first, last) = self.o.chosen.span?;
        let app = self.spoken.app;
        let (least, most) = (day_of(app, first), day_of(app, last));
        let from = self.asked.from.unwrap_or(least).clamp(least, most);
        let until = self.asked.until.unwrap_or(most).clamp(least, most);
        let words = |day: i64| begins(app, day).map(|at| self.ctx.date_dense(at)).unwrap_or_default();
        (least < most).then(|| Slider {
            least,
            most,
            from,
            until,
            from_words: words(from),
            until_words: words(until),
        })
    }

    pub(super) fn way(&self) -> Vec<Field> {
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

    pub(super) fn found(&self) -> Vec<(String, String)> {
        let nodes = self.o.way.iter().flat_map(|w| &w.nodes);
        nodes.map(|n| (self.spoken.node(n), n.href.clone())).collect()
    }

    pub(super) fn heads(&self, sort: &Sort) -> Vec<Markup> {
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

    pub(super) fn view(&self, v: &Listed) -> ViewRow {
        ViewRow {
            name: if v.name.is_empty() { self.ctx.t("chart-view-unnamed") } else { v.name.clone() },
            href: format!("/desk/chart?saved={}", v.id),
            shared: v.shared,
            at: self.ctx.time(v.at),
            remove: v.own.then(|| format!("/desk/chart/views/{}/remove", v.id)),
        }
    }

    pub(super) fn keep(&self, errors: &[FieldError]) -> Vec<Field> {
        let shared = vec![Choice::new("1", self.ctx.t("chart-keep-shared.choice"))];
        vec![
            Field::text(self.ctx, "name", "chart-keep-name").autocomplete("off").errors(errors),
            Field::checks(self.ctx, "shared", "chart-keep-shared", shared).optional(),
        ]
    }

    pub(super) fn export(&self) -> Vec<Field> {
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
