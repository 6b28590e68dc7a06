//! The money of a report: accounts that it went over, and what went from one to the next. An account that is an identifier is the same node
//! wherever it is named; one of which nobody told the number is known to this trail alone.

use std::collections::BTreeMap;

use access::{Action, Kind as Thing, Resource};
use identifier::Kind;
use kernel::Purpose;
use report::ReportId;
use report::service::Full;
use trail::model::EdgeState;

use super::{Around, Cx, Source, report_page, things};
use crate::error::ChartError;
use crate::model::{Edge, Evidence, Key, Look, Node, Strength};

/// Accounts that are no identifier: those of whom nobody told the number.
#[derive(Debug)]
pub(super) struct Accounts;

/// By the trail's key of an account: what sort of identifier it is, and its id.
type Known = BTreeMap<String, (Kind, uuid::Uuid)>;

/// The identifiers behind the accounts of a trail: what was paid to and from, what orders name, what institutions answered.
fn identifiers(cx: &mut Cx<'_, '_>, full: &Full) -> Result<Known, ChartError> {
    let purpose = Purpose::HandleReport;
    let mut known = Known::new();
    let app = cx.app;
    let mut add = |kind: &str, value: &str| {
        if let Some(sort) = Kind::parse(kind) {
            let id = identifier::identifier_id(&app.vault, sort, value);
            known.insert(trail::key_of(app, kind, value), (sort, id));
        }
    };
    for payment in &full.payments {
        if let Some(to) = &payment.to {
            add(&payment.to_kind, to.open(purpose));
        }
        if let Some(own) = &payment.own_account {
            add(order::rules::account_kind(own.open(purpose)), own.open(purpose));
        }
    }
    let objects =
        order::service::objects_of_report_in(cx.tx, full.report.id).map_err(|e| ChartError::of(&e))?;
    for object in objects {
        let opened =
            order::service::open_object_in(cx.tx, app, &object, purpose).map_err(|e| ChartError::of(&e))?;
        add(&object.kind, opened.value.open(purpose));
        for fact in order::service::facts_in(cx.tx, app, &object).map_err(|e| ChartError::of(&e))? {
            if let Some(account) = &fact.account {
                add(&account.kind, &account.value);
            }
        }
    }
    Ok(known)
}

fn of_report(cx: &mut Cx<'_, '_>, id: ReportId) -> Result<Around, ChartError> {
    let mut around = Around::default();
    let full = match report::service::load(cx.tx, cx.app, cx.actor, id) {
        Ok(full) => full,
        Err(report::ReportError::Erased | report::ReportError::NotFound | report::ReportError::Access(_)) => {
            return Ok(around);
        }
        Err(e) => return Err(ChartError::of(&e)),
    };
    let resource = Resource::new(Thing::Report, id.uuid(), &full.report.header);
    if !access::allowed(cx.actor, Action::ViewTrail, &resource) {
        return Ok(around);
    }
    let known = identifiers(cx, &full)?;
    let trail = trail::trail_of(cx.tx, cx.app, cx.actor, &full).map_err(|e| ChartError::of(&e))?;
    let mut keys = Vec::new();
    for node in &trail.nodes {
        let drawn = match known.get(&node.account.key) {
            Some((sort, id)) => things::node_of(cx, *id, *sort, &node.account.masked)?,
            None => {
                let word = if node.hop == 0 { "chart-kind-payer" } else { "chart-kind-account" };
                let label = if node.account.masked.is_empty() {
                    &node.account.institution
                } else {
                    &node.account.masked
                };
                Node::new(Key::named("account", &node.account.key), word, "account", label.clone())
            }
        };
        let drawn = drawn.like("bank", node.account.institution.clone());
        keys.push(drawn.key.clone());
        around.nodes.push(drawn);
    }
    let number = full.report.number.as_str();
    let own = Evidence::new("chart-why-payer", Strength::Reported).by(number, report_page(number));
    for (node, key) in trail.nodes.iter().zip(&keys) {
        if node.hop == 0 {
            let report = Key::of("report", id.uuid());
            around.edges.push(Edge::new(
                &report,
                key,
                "chart-edge-own",
                own.clone().at(full.report.header.created_at),
            ));
        }
    }
    for moved in &trail.edges {
        let (Some(from), Some(to)) = (keys.get(moved.from), keys.get(moved.to)) else { continue };
        let (word, why, strength) = match moved.state {
            EdgeState::Told => ("chart-edge-moved", "chart-why-transfer-told", Strength::Reported),
            EdgeState::Reported => ("chart-edge-moved", "chart-why-transfer-bank", Strength::Proved),
            EdgeState::Exhibit => ("chart-edge-moved", "chart-why-transfer-exhibit", Strength::Reported),
            EdgeState::Confirmed => ("chart-edge-moved", "chart-why-transfer-both", Strength::Proved),
            // A tie of its own: what did not arrive is not added to what did.
            EdgeState::NotFound => ("chart-edge-denied", "chart-why-transfer-not-found", Strength::Reported),
        };
        let evidence = Evidence::new(why, strength).by(number, report_page(number)).at(moved.at);
        around.edges.push(Edge::new(from, to, word, evidence).moved(moved.amount, moved.at));
    }
    Ok(around)
}

impl Source for Accounts {
    fn kind(&self) -> &'static str {
        "account"
    }
    fn word(&self) -> &'static str {
        "chart-kinds-account"
    }
    fn looks(&self) -> &'static [Look] {
        &[]
    }
    fn find(&self, _: &mut Cx<'_, '_>, _: &str) -> Result<Option<Key>, ChartError> {
        Ok(None)
    }
    fn node(&self, _: &mut Cx<'_, '_>, _: &Key) -> Result<Option<Node>, ChartError> {
        // Known to the trail of one report alone: it comes and goes with that report.
        Ok(None)
    }
    fn near(&self, _: &mut Cx<'_, '_>, _: &Key) -> Result<Around, ChartError> {
        // A trail is read from what a report seals; that money was paid or came to an account, its things say.
        Ok(Around::default())
    }
    fn around(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        match (key.kind(), key.uuid()) {
            ("report", Some(id)) => of_report(cx, ReportId::from_uuid(id)),
            _ => Ok(Around::default()),
        }
    }
}
