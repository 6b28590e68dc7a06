//! Where a chart's nodes and ties come from: one source for each kind of thing. A slice above adds its kind by a source of its own, which the
//! binary registers; nothing here knows it.
//!
//! **What is hidden is not there.** A source gives only what the actor may see, and counts only that: it asks the slices' own functions, whose
//! lists carry the rule of access in their queries.

mod money;
mod orders;
mod persons;
mod reports;
mod schemes;
mod things;

use std::sync::Arc;

use access::Office;
use app::App;
use db::Tx;
use kernel::Actor;
use scheme::store::chart::Light;

use crate::error::ChartError;
use crate::model::{Edge, Key, Look, Node};
use crate::picture::{GROUP, Looks, PLAIN};

/// Who asks, in which transaction.
#[expect(missing_debug_implementations, reason = "a transaction has nothing to show")]
pub struct Cx<'a, 't> {
    /// The transaction.
    pub tx: &'a mut Tx<'t>,
    /// The node.
    pub app: &'a App,
    /// Who looks.
    pub actor: &'a Actor,
    /// Which reports they may see.
    pub office: &'a Office,
}

/// What lies around a node.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Ties.
    pub edges: Vec<Edge>,
}

/// One kind of thing.
pub trait Source: Send + Sync + std::fmt::Debug {
    /// The word of its kind, as keys begin.
    fn kind(&self) -> &'static str;
    /// The key of the word for several of them, in the list of kinds.
    fn word(&self) -> &'static str;
    /// How its nodes look.
    fn looks(&self) -> &'static [Look];
    /// The key of what somebody writes after the kind in an address: a public number, an id.
    ///
    /// # Errors
    /// The database's. What is absent or hidden is `None`.
    fn find(&self, cx: &mut Cx<'_, '_>, word: &str) -> Result<Option<Key>, ChartError>;
    /// One of its things; `None` if it is absent or hidden.
    ///
    /// # Errors
    /// The database's.
    fn node(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Option<Node>, ChartError>;
    /// What it knows around a thing of any kind: its own, or another's on which its things hang. The thing itself is seen already.
    ///
    /// # Errors
    /// The database's.
    fn around(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError>;
    /// As [`Source::around`], by what costs little and for which nothing sealed is opened: a path is searched by it. Names may be shorter; a
    /// crowd of more than a chart shows one by one is a node that stands for many.
    ///
    /// # Errors
    /// The database's.
    fn near(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        self.around(cx, key)
    }
    /// Whether more than so many things lie around a thing, where that is known without looking at them.
    ///
    /// # Errors
    /// The database's.
    fn crowded(&self, _cx: &mut Cx<'_, '_>, _key: &Key, _most: usize) -> Result<bool, ChartError> {
        Ok(false)
    }
    /// What one of its things is called today: what became part of another is that, for as long as it is.
    ///
    /// # Errors
    /// The database's.
    fn today(&self, _tx: &mut Tx<'_>, id: uuid::Uuid) -> Result<uuid::Uuid, ChartError> {
        Ok(id)
    }
    /// Whether one of its things is there at all, for whomever: what is not goes from kept views. What became part of another is: it may
    /// be one by itself again.
    ///
    /// # Errors
    /// The database's, the vault's.
    fn stands(&self, _tx: &mut Tx<'_>, _app: &App, _id: uuid::Uuid) -> Result<bool, ChartError> {
        Ok(true)
    }
    /// Ties of a thing that cost little to find: those to what the chart shows already are drawn.
    ///
    /// # Errors
    /// The database's.
    fn ties(&self, _cx: &mut Cx<'_, '_>, _key: &Key) -> Result<Vec<Edge>, ChartError> {
        Ok(Vec::new())
    }
}

/// All sources of a program.
#[derive(Debug, Clone)]
pub struct Sources(Arc<Vec<Arc<dyn Source>>>);

impl Default for Sources {
    fn default() -> Self {
        Self(Arc::new(vec![
            Arc::new(reports::Reports),
            Arc::new(things::Things),
            Arc::new(persons::Persons),
            Arc::new(schemes::Schemes),
            Arc::new(orders::Orders),
            Arc::new(money::Accounts),
        ]))
    }
}

impl Sources {
    /// With one more, of a slice above.
    #[must_use]
    pub fn with(self, source: Arc<dyn Source>) -> Self {
        let mut all = self.0.as_ref().clone();
        all.push(source);
        Self(Arc::new(all))
    }
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Source> {
        self.0.iter().map(AsRef::as_ref)
    }
    /// That of a kind.
    #[must_use]
    pub fn of(&self, kind: &str) -> Option<&dyn Source> {
        self.iter().find(|s| s.kind() == kind)
    }
    /// How everything looks.
    #[must_use]
    pub fn looks(&self) -> Looks {
        let all = self.iter().flat_map(|s| s.looks().iter().copied()).chain([GROUP, PLAIN]);
        Looks(all.map(|look| (look.name, look)).collect())
    }
}

/// The node of a report.
fn report_node(app: &App, light: &Light) -> Node {
    Node::new(Key::of("report", light.report.uuid()), "chart-kind-report", "report", light.number.clone())
        .page(format!("/desk/reports/{}", light.number))
        .at(light.at)
        .like("region", light.region.clone())
        .like("bank", light.bank.clone())
        .like("day", app.profile.civil_date(light.at).to_string())
}

/// The page of a report.
fn report_page(number: &str) -> String {
    format!("/desk/reports/{number}")
}
