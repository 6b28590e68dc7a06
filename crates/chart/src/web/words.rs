//! Words of a chart in the reader's language.

use std::collections::BTreeMap;

use app::App;
use kernel::Localised;
use web::{Ctx, Problem};

use crate::model::{Edge, Evidence, Node, Strength, Trait};
use crate::picture::Words;

/// What is needed to say how things are called.
pub(super) struct Spoken<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) app: &'a App,
    banks: BTreeMap<String, Localised>,
}

impl<'a> Spoken<'a> {
    /// Reads the names of institutions.
    pub(super) async fn read(ctx: &'a Ctx, app: &'a App) -> Result<Self, Problem> {
        let all = partner::service::all(app).await.map_err(|e| Problem::of(&e))?;
        Ok(Self { ctx, app, banks: all.into_iter().map(|p| (p.code.clone(), p.names)).collect() })
    }

    fn bank(&self, code: &str) -> String {
        self.banks.get(code).map_or_else(|| code.to_owned(), |name| name.get(self.ctx.lang()).to_owned())
    }

    fn common(&self, t: &Trait) -> Option<String> {
        let none = || self.ctx.t("chart-not-said");
        Some(match t.what {
            "region" if t.code.is_empty() => none(),
            "region" => match self.app.profile.regions().iter().find(|r| r.code == t.code) {
                Some(region) => region.name.get(self.ctx.lang()).to_owned(),
                None => t.code.clone(),
            },
            "bank" if t.code.is_empty() => none(),
            "bank" => self.bank(&t.code),
            "day" => match kernel::Timestamp::parse_rfc3339(&format!("{}T12:00:00Z", t.code)) {
                Some(day) => self.ctx.date_dense(day),
                None => t.code.clone(),
            },
            _ => return None,
        })
    }

    /// The money of a tie: a sum of each asset.
    pub(super) fn sums(&self, edge: &Edge) -> String {
        self.total(&edge.money)
    }

    fn total(&self, sums: &[kernel::Money]) -> String {
        sums.iter().map(|m| self.ctx.money(*m)).collect::<Vec<_>>().join(" + ")
    }

    /// How sure a tie is, in a word.
    pub(super) fn strength(&self, strength: Strength) -> String {
        self.ctx.t(match strength {
            Strength::Proved => "chart-strength-proved",
            Strength::Reported => "chart-strength-reported",
            Strength::Inferred => "chart-strength-inferred",
        })
    }

    /// What a tie rests on, in a sentence.
    pub(super) fn because(&self, evidence: &Evidence) -> String {
        self.ctx.t(evidence.word)
    }

    /// As the desk calls what says it.
    pub(super) fn said_by(&self, evidence: &Evidence) -> String {
        self.bank(&evidence.label)
    }
}

impl Words for Spoken<'_> {
    fn node(&self, node: &Node) -> String {
        let Some(group) = &node.group else {
            if let Some(deed) = &node.deed {
                let act = self.ctx.t(&format!("legal-basis-measure-{}", deed.measure.replace('_', "-")));
                let all = [act, self.total(&deed.sums), self.bank(&node.label)];
                return all.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
            }
            return if node.look == "order" || node.word == "chart-kind-payer" {
                self.bank(&node.label)
            } else {
                node.label.clone()
            };
        };
        let many = format!("{}.many", group.word);
        let what = if self.ctx.has_text(&many) { self.ctx.t(&many) } else { self.ctx.t(group.word) };
        let n = self.ctx.number(i64::try_from(node.count).unwrap_or(i64::MAX));
        let mut words = self.ctx.ta("chart-group", [("what", what), ("n", n)]);
        for common in group.traits.iter().filter_map(|t| self.common(t)) {
            words.push_str(" · ");
            words.push_str(&common);
        }
        words
    }
    fn short(&self, node: &Node) -> String {
        let Some(deed) = &node.deed else { return self.node(node) };
        let act = self.ctx.t(&format!("chart-deed-{}", deed.measure.replace('_', "-")));
        if deed.sums.is_empty() {
            return act;
        }
        self.ctx.ta("chart-deed", [("act", act), ("sum", self.total(&deed.sums))])
    }
    fn kind(&self, node: &Node) -> String {
        self.ctx.t(if node.group.is_some() { "chart-kind-group" } else { node.word })
    }
    fn edge(&self, edge: &Edge) -> String {
        let mut words = self.ctx.t(edge.word);
        if !edge.money.is_empty() {
            words.push_str(": ");
            words.push_str(&self.sums(edge));
        }
        format!("{words} ({})", self.strength(edge.strength))
    }
}
