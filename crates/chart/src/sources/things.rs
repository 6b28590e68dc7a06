//! Things that reports name: numbers, accounts, links. As the registry and the schemes know them: by mask.

use app::App;
use db::Tx;
use identifier::Kind;
use registry::EntryId;
use report::ReportId;
use scheme::model::{How, Thing};
use scheme::store::chart::{self, Naming};
use scheme::store::{crowd, thing};
use uuid::Uuid;

use super::{Around, Cx, Source, report_node, report_page};
use crate::error::ChartError;
use crate::model::{Edge, Evidence, Key, Look, Node, Strength};
use crate::rules::HUB;

/// Things: a shape by sort.
#[derive(Debug)]
pub(super) struct Things;

/// Of a sort of identifier: the key of its words, and its look.
pub(super) const fn sort(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Phone => ("identifier-kind-phone", "phone"),
        Kind::Imei => ("identifier-kind-imei", "phone"),
        Kind::Sim => ("identifier-kind-sim", "phone"),
        Kind::Sender => ("identifier-kind-sender", "phone"),
        Kind::Iban => ("identifier-kind-iban", "account"),
        Kind::Account => ("identifier-kind-account", "account"),
        Kind::Card => ("identifier-kind-card", "account"),
        Kind::WalletBtc => ("identifier-kind-wallet-btc", "account"),
        Kind::WalletEth => ("identifier-kind-wallet-eth", "account"),
        Kind::WalletTron => ("identifier-kind-wallet-tron", "account"),
        Kind::Url => ("identifier-kind-url", "site"),
        Kind::Domain => ("identifier-kind-domain", "site"),
        Kind::Ip => ("identifier-kind-ip", "site"),
        Kind::App => ("identifier-kind-app", "site"),
        Kind::Advertisement => ("identifier-kind-advertisement", "site"),
        Kind::Email => ("identifier-kind-email", "handle"),
        Kind::Handle => ("identifier-kind-handle", "handle"),
        Kind::Iin => ("identifier-kind-iin", "number"),
        Kind::Bin => ("identifier-kind-bin", "number"),
    }
}

/// The key of a thing.
pub(super) fn key_of(id: Uuid) -> Key {
    Key::of("thing", id)
}

/// The node of a thing, as it is known without asking the registry.
pub(super) fn bare(id: Uuid, kind: Kind, masked: &str) -> Node {
    let (word, look) = sort(kind);
    Node::new(key_of(id), word, look, masked).like("kind", kind.as_str())
}

/// Whether more than so many reports name a thing, of those that the actor may see.
fn more_than(cx: &mut Cx<'_, '_>, id: Uuid, most: usize) -> Result<bool, ChartError> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let found = crowd::named_by(cx.tx, cx.office, id, limit)?;
    Ok(usize::try_from(found).is_ok_and(|n| n > most))
}

/// The node of a thing, with its page where the registry has one for the reader.
pub(super) fn node_of(cx: &mut Cx<'_, '_>, id: Uuid, kind: Kind, masked: &str) -> Result<Node, ChartError> {
    let node = bare(id, kind, masked);
    let entry = EntryId::from_uuid(id);
    let known = registry::service::status_of(cx.tx, cx.app, id)?.is_some();
    Ok(if known { node.page(format!("/desk/registry/{entry}")) } else { node })
}

/// The tie of a report to what it names.
pub(super) fn named(naming: &Naming, number: &str) -> Edge {
    let (word, why, strength) = match naming.how {
        How::Paid => ("chart-edge-paid", "chart-why-paid", Strength::Reported),
        How::Money => ("chart-edge-reached", "chart-why-reached", Strength::Proved),
        How::Clue => ("chart-edge-named", "chart-why-clue", Strength::Proved),
        How::Told => ("chart-edge-named", "chart-why-told", Strength::Reported),
    };
    let evidence = Evidence::new(why, strength).by(number, report_page(number)).at(naming.at);
    Edge::new(&Key::of("report", naming.report.uuid()), &key_of(naming.thing), word, evidence)
}

/// Things that a report names, with the ties.
fn of_report(cx: &mut Cx<'_, '_>, id: ReportId) -> Result<Vec<(Thing, Edge)>, ChartError> {
    let Some(report) = super::reports::seen(cx, id)? else { return Ok(Vec::new()) };
    let at = report.header.created_at;
    let edge = |(t, how): (Thing, How)| {
        let naming = Naming { thing: t.id, report: id, how, at };
        let edge = named(&naming, &report.number);
        (t, edge)
    };
    Ok(thing::of_report(cx.tx, id)?.into_iter().map(edge).collect())
}

/// Reports that name a thing, which are no crowd.
fn naming(cx: &mut Cx<'_, '_>, id: Uuid, around: &mut Around) -> Result<(), ChartError> {
    let (rows, _) = chart::named_by(cx.tx, cx.office, id, i64::try_from(HUB).unwrap_or(i64::MAX))?;
    for (light, naming) in rows {
        around.edges.push(named(&naming, &light.number));
        around.nodes.push(report_node(cx.app, &light));
    }
    Ok(())
}

impl Source for Things {
    fn kind(&self) -> &'static str {
        "thing"
    }
    fn word(&self) -> &'static str {
        "chart-kinds-thing"
    }
    fn looks(&self) -> &'static [Look] {
        &[
            Look {
                name: "phone",
                shape: "M0 -11A11 11 0 1 1 0 11A11 11 0 1 1 0 -11Z",
                icon: "M-4 -6C-7 2 -2 7 5 6L6 2L2 1L0 3C-2 2 -3 0 -3 -1L-1 -3L-2 -7Z",
            },
            Look { name: "account", shape: "M-6 -11H6L12 0L6 11H-6L-12 0Z", icon: "M-7 -2H7M-7 3H7M-4 -6H4" },
            Look { name: "site", shape: "M0 -12L12 0L0 12L-12 0Z", icon: "M-5 0H5M0 -5V5" },
            Look { name: "handle", shape: "M-11 -8H11V6H0L-5 11V6H-11Z", icon: "M-6 -1H6" },
            Look { name: "number", shape: "M-12 -7H12V7H-12Z", icon: "M-8 -2V3M-3 -2V3M2 -2V3M7 -2V3" },
        ]
    }
    fn find(&self, _: &mut Cx<'_, '_>, word: &str) -> Result<Option<Key>, ChartError> {
        Ok(word.parse::<EntryId>().ok().map(|id| key_of(id.uuid())))
    }
    fn node(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Option<Node>, ChartError> {
        let Some(id) = key.uuid() else { return Ok(None) };
        let entry = registry::service::seen(cx.tx, cx.actor, EntryId::from_uuid(id))
            .map_err(|e| ChartError::of(&e))?;
        if let Some(entry) = entry {
            return node_of(cx, id, entry.kind, &entry.masked).map(Some);
        }
        // Without an entry for the reader, it is there if a report that they may see names it.
        let named = more_than(cx, id, 0)?;
        match thing::find(cx.tx, id)?.filter(|_| named) {
            Some(t) => node_of(cx, id, t.kind, &t.masked).map(Some),
            None => Ok(None),
        }
    }
    fn around(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        let mut around = Around::default();
        match (key.kind(), key.uuid()) {
            ("report", Some(id)) => {
                for (t, edge) in of_report(cx, ReportId::from_uuid(id))? {
                    around.nodes.push(node_of(cx, t.id, t.kind, &t.masked)?);
                    around.edges.push(edge);
                }
            }
            ("thing", Some(id)) => {
                if more_than(cx, id, HUB)? {
                    let (_, count) = chart::named_by(cx.tx, cx.office, id, 0)?;
                    let many = u64::try_from(count).unwrap_or(0);
                    let crowd = Key::named("group", &format!("naming~{key}"));
                    let page = format!("/desk/registry/{}", EntryId::from_uuid(id));
                    around.edges.push(
                        Edge::new(
                            &crowd,
                            key,
                            "chart-edge-named",
                            Evidence::new("chart-why-crowd", Strength::Reported),
                        )
                        .times(many),
                    );
                    around.nodes.push(Node::crowd(crowd, "chart-kind-report", many, page));
                    return Ok(around);
                }
                naming(cx, id, &mut around)?;
            }
            _ => {}
        }
        Ok(around)
    }
    fn near(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        let mut around = Around::default();
        match (key.kind(), key.uuid()) {
            ("report", Some(id)) => {
                for (t, edge) in of_report(cx, ReportId::from_uuid(id))? {
                    around.nodes.push(bare(t.id, t.kind, &t.masked));
                    around.edges.push(edge);
                }
            }
            ("thing", Some(id)) if more_than(cx, id, HUB)? => {
                let crowd = Key::named("group", &format!("naming~{key}"));
                let many = u64::try_from(HUB).unwrap_or(u64::MAX).saturating_add(1);
                around.nodes.push(Node::crowd(crowd, "chart-kind-report", many, ""));
            }
            ("thing", Some(id)) => naming(cx, id, &mut around)?,
            _ => {}
        }
        Ok(around)
    }
    fn crowded(&self, cx: &mut Cx<'_, '_>, key: &Key, most: usize) -> Result<bool, ChartError> {
        match (key.kind(), key.uuid()) {
            ("thing", Some(id)) => more_than(cx, id, most),
            _ => Ok(false),
        }
    }
    fn stands(&self, tx: &mut Tx<'_>, _: &App, id: Uuid) -> Result<bool, ChartError> {
        Ok(thing::find(tx, id)?.is_some() || registry::store::find(tx, EntryId::from_uuid(id))?.is_some())
    }
    fn ties(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Vec<Edge>, ChartError> {
        match (key.kind(), key.uuid()) {
            ("report", Some(id)) => {
                Ok(of_report(cx, ReportId::from_uuid(id))?.into_iter().map(|(_, edge)| edge).collect())
            }
            _ => Ok(Vec::new()),
        }
    }
}
