//! Schemes: reports that belong together, and what those share.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use report::ReportId;
use scheme::SchemeId;
use scheme::store::chart::{self, Light, Naming};
use scheme::store::{self, decision, member, thing};
use uuid::Uuid;

use super::{Around, Cx, Source, report_node, things};
use crate::error::ChartError;
use crate::model::{Edge, Evidence, Key, Look, Node, Strength};
use crate::rules::HUB;

/// Schemes: an octagon.
#[derive(Debug)]
pub(super) struct Schemes;

/// Reports of one scheme that are looked at, the latest.
const REPORTS: i64 = 20_000;
/// Things that reports of one scheme share, the most named.
const THINGS: usize = 400;

fn key_of(id: SchemeId) -> Key {
    Key::of("scheme", id.uuid())
}

/// A scheme that the actor may see, as it is today.
fn seen(cx: &mut Cx<'_, '_>, id: SchemeId) -> Result<Option<scheme::Scheme>, ChartError> {
    let id = store::today(cx.tx, id)?;
    let Some(found) = store::find(cx.tx, id)? else { return Ok(None) };
    let resource = Resource::new(Thing::Scheme, id.uuid(), &found.header);
    // Of whom they may see no report, there is no scheme.
    let any = access::allowed(cx.actor, Action::ViewScheme, &resource)
        && !chart::members(cx.tx, cx.office, id, 1)?.is_empty();
    Ok(any.then_some(found))
}

fn node_of(found: &scheme::Scheme) -> Node {
    let number = found.number();
    Node::new(key_of(found.id), "chart-kind-scheme", "scheme", number.clone())
        .page(format!("/desk/schemes/{number}"))
}

/// The tie of a report to its scheme: somebody decided it, or the machine found it.
fn belongs(report: &Key, found: &scheme::Scheme, at: kernel::Timestamp, decided: bool) -> Edge {
    let (why, strength) = if decided {
        ("chart-why-decided", Strength::Proved)
    } else {
        ("chart-why-scheme", Strength::Inferred)
    };
    let number = found.number();
    let evidence = Evidence::new(why, strength).by(number.clone(), format!("/desk/schemes/{number}")).at(at);
    Edge::new(report, &key_of(found.id), "chart-edge-belongs", evidence)
}

/// What several of these reports name, the most named first, with who names it.
fn shared(namings: Vec<Naming>) -> Vec<(Uuid, Vec<Naming>)> {
    let mut by: BTreeMap<Uuid, Vec<Naming>> = BTreeMap::new();
    for naming in namings {
        by.entry(naming.thing).or_default().push(naming);
    }
    let mut all: Vec<(Uuid, Vec<Naming>)> = by.into_iter().filter(|(_, n)| n.len() > 1).collect();
    all.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    all.truncate(THINGS);
    all
}

impl Schemes {
    /// A scheme's reports and what they share; `known` says whether the registry is asked about each.
    fn of_scheme(cx: &mut Cx<'_, '_>, id: SchemeId, known: bool) -> Result<Around, ChartError> {
        let mut around = Around::default();
        let Some(found) = seen(cx, id)? else { return Ok(around) };
        let members = chart::members(cx.tx, cx.office, found.id, REPORTS)?;
        let decided: BTreeSet<ReportId> =
            decision::pins(cx.tx, found.id)?.into_iter().map(|(r, _)| r).collect();
        let numbers: BTreeMap<ReportId, &Light> = members.iter().map(|m| (m.report, m)).collect();
        for (id, namings) in shared(chart::namings(cx.tx, cx.office, found.id, REPORTS)?) {
            let Some(t) = thing::find(cx.tx, id)? else { continue };
            around.nodes.push(if known {
                things::node_of(cx, t.id, t.kind, &t.masked)?
            } else {
                things::bare(t.id, t.kind, &t.masked)
            });
            for naming in namings {
                if let Some(light) = numbers.get(&naming.report) {
                    around.edges.push(things::named(&naming, &light.number));
                }
            }
        }
        for light in &members {
            let node = report_node(cx.app, light);
            around.edges.push(belongs(&node.key, &found, light.at, decided.contains(&light.report)));
            around.nodes.push(node);
        }
        Ok(around)
    }

    /// The scheme of a report, with the tie.
    fn of_report(cx: &mut Cx<'_, '_>, id: ReportId) -> Result<Option<(Node, Edge)>, ChartError> {
        let Some(home) = member::scheme_of(cx.tx, id)? else { return Ok(None) };
        let Some(found) = seen(cx, home)? else { return Ok(None) };
        let Some(m) = member::find(cx.tx, id)? else { return Ok(None) };
        let decided = decision::pin_of(cx.tx, id)?.flatten().is_some();
        let edge = belongs(&Key::of("report", id.uuid()), &found, m.at, decided);
        Ok(Some((node_of(&found), edge)))
    }
}

impl Source for Schemes {
    fn kind(&self) -> &'static str {
        "scheme"
    }
    fn word(&self) -> &'static str {
        "chart-kinds-scheme"
    }
    fn looks(&self) -> &'static [Look] {
        &[Look {
            name: "scheme",
            shape: "M-5 -12H5L12 -5V5L5 12H-5L-12 5V-5Z",
            icon: "M-5 -3A2 2 0 1 1 -5 -3.1M5 -3A2 2 0 1 1 5 -3.1M0 6A2 2 0 1 1 0 5.9M-4 -2L0 4L4 -2Z",
        }]
    }
    fn find(&self, cx: &mut Cx<'_, '_>, word: &str) -> Result<Option<Key>, ChartError> {
        let Some(no) = scheme::model::read_number(word) else { return Ok(None) };
        let Some(found) = store::by_no(cx.tx, no)? else { return Ok(None) };
        Ok(Some(key_of(store::today(cx.tx, found.id)?)))
    }
    fn node(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Option<Node>, ChartError> {
        let Some(id) = key.uuid() else { return Ok(None) };
        Ok(seen(cx, SchemeId::from_uuid(id))?.filter(|s| key_of(s.id) == *key).map(|s| node_of(&s)))
    }
    fn around(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        match (key.kind(), key.uuid()) {
            ("scheme", Some(id)) => Self::of_scheme(cx, SchemeId::from_uuid(id), true),
            ("report", Some(id)) => {
                let found = Self::of_report(cx, ReportId::from_uuid(id))?;
                Ok(found
                    .map(|(node, edge)| Around { nodes: vec![node], edges: vec![edge] })
                    .unwrap_or_default())
            }
            _ => Ok(Around::default()),
        }
    }
    fn near(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        let ("scheme", Some(id)) = (key.kind(), key.uuid()) else { return self.around(cx, key) };
        let id = SchemeId::from_uuid(id);
        let Some(found) = seen(cx, id)? else { return Ok(Around::default()) };
        let most = i64::try_from(HUB).unwrap_or(i64::MAX).saturating_add(1);
        let many = chart::members(cx.tx, cx.office, found.id, most)?.len();
        if many <= HUB {
            return Self::of_scheme(cx, id, false);
        }
        let crowd = Key::named("group", &format!("of~{key}"));
        let many = u64::try_from(many).unwrap_or(u64::MAX);
        Ok(Around { nodes: vec![Node::crowd(crowd, "chart-kind-report", many, "")], edges: Vec::new() })
    }
    fn stands(&self, tx: &mut Tx<'_>, _: &App, id: Uuid) -> Result<bool, ChartError> {
        Ok(store::find(tx, SchemeId::from_uuid(id))?.is_some())
    }
    fn today(&self, tx: &mut Tx<'_>, id: Uuid) -> Result<Uuid, ChartError> {
        Ok(store::today(tx, SchemeId::from_uuid(id))?.uuid())
    }
    fn ties(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Vec<Edge>, ChartError> {
        match (key.kind(), key.uuid()) {
            ("report", Some(id)) => {
                Ok(Self::of_report(cx, ReportId::from_uuid(id))?.map(|(_, edge)| edge).into_iter().collect())
            }
            _ => Ok(Vec::new()),
        }
    }
}
