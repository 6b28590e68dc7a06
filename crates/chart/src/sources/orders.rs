//! Orders: what was asked of whom, for which report, about which things.

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use identifier::Kind;
use kernel::{Money, Purpose};
use order::model::Object;
use order::{Order, OrderId};
use report::ReportId;

use super::{Around, Cx, Source, report_page, reports, things};
use crate::error::ChartError;
use crate::model::{Deed, Edge, Evidence, Key, Look, Node, Strength};

/// Orders: a shield's shape.
#[derive(Debug)]
pub(super) struct Orders;

/// Orders of one report that are shown one by one, the latest; the rest stand in the report's own table.
const ORDERS: usize = 12;

fn may_see(cx: &Cx<'_, '_>, order: &Order) -> bool {
    let resource = Resource::new(Thing::Order, order.id.uuid(), &order.header);
    access::allowed(cx.actor, Action::ViewOrder, &resource)
}

/// The most that is asked for, a sum of each asset; none where the measure is not about money.
fn sums<'a>(objects: impl Iterator<Item = &'a Object>) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for cap in objects.map(|o| o.cap).filter(|cap| cap.minor() > 0) {
        match sums.iter_mut().find(|sum| sum.asset() == cap.asset()) {
            Some(sum) => *sum = Money::from_minor(sum.minor().saturating_add(cap.minor()), cap.asset()),
            None => sums.push(cap),
        }
    }
    sums
}

/// The node of an order; without its objects it is known by its act alone.
fn node_of(order: &Order, objects: &[Object]) -> Node {
    let own = objects.iter().filter(|o| o.order == order.id);
    let deed = Deed { measure: order.measure.as_str(), sums: sums(own) };
    let node =
        Node::new(Key::of("order", order.id.uuid()), "chart-kind-order", "order", order.executor.clone());
    Node { deed: Some(deed), ..node }
        .page(format!("/desk/orders/{}", order.id))
        .at(order.requested_at)
        .like("bank", order.executor.clone())
}

fn evidence(order: &Order, why: &'static str) -> Evidence {
    Evidence::new(why, Strength::Proved)
        .by(order.executor.clone(), format!("/desk/orders/{}", order.id))
        .at(order.requested_at)
}

/// The thing that an object names, and the tie; nothing where its report was erased, or it is no identifier.
fn names(cx: &mut Cx<'_, '_>, order: &Order, object: &Object) -> Result<Option<(Node, Edge)>, ChartError> {
    let Some(kind) = Kind::parse(&object.kind) else { return Ok(None) };
    let opened = match order::service::open_object_in(cx.tx, cx.app, object, Purpose::HandleReport) {
        Ok(opened) => opened,
        Err(order::OrderError::Erased) => return Ok(None),
        Err(e) => return Err(ChartError::of(&e)),
    };
    let value = opened.value.open(Purpose::HandleReport);
    let id = identifier::identifier_id(&cx.app.vault, kind, value);
    // The mask of an order tells the end of an address; the chart says the site, as the registry does.
    let masked = if matches!(kind, Kind::Url | Kind::Domain | Kind::Ip) {
        identifier::mask(kind, value)
    } else {
        object.masked.clone()
    };
    let node = things::node_of(cx, id, kind, &masked)?;
    let edge = Edge::new(
        &Key::of("order", order.id.uuid()),
        &node.key,
        "chart-edge-asks",
        evidence(order, "chart-why-order"),
    );
    Ok(Some((node, edge)))
}

impl Orders {
    /// Orders of a report, or one of them; with what they name where that is to be opened.
    fn of_report(
        cx: &mut Cx<'_, '_>,
        id: ReportId,
        (only, opens): (Option<OrderId>, bool),
    ) -> Result<Around, ChartError> {
        let mut around = Around::default();
        let Some(report) = reports::seen(cx, id)? else { return Ok(around) };
        let mut orders = order::service::of_report_in(cx.tx, id).map_err(|e| ChartError::of(&e))?;
        orders.retain(|o| only.is_none_or(|one| one == o.id) && may_see(cx, o));
        orders.sort_by_key(|o| std::cmp::Reverse((o.requested_at, o.id)));
        let beyond = u64::try_from(orders.len().saturating_sub(ORDERS)).unwrap_or(0);
        orders.truncate(ORDERS);
        if beyond > 0 {
            let report_key = Key::of("report", id.uuid());
            let crowd = Key::named("group", &format!("orders~{report_key}"));
            let why = Evidence::new("chart-why-order", Strength::Proved)
                .by(report.number.clone(), report_page(&report.number));
            around.edges.push(Edge::new(&crowd, &report_key, "chart-edge-serves", why).times(beyond));
            around.nodes.push(Node::crowd(crowd, "chart-kind-order", beyond, report_page(&report.number)));
        }
        let objects = if opens {
            order::service::objects_of_report_in(cx.tx, id).map_err(|e| ChartError::of(&e))?
        } else {
            Vec::new()
        };
        for order in &orders {
            let node = node_of(order, &objects);
            let why = evidence(order, "chart-why-order");
            around.edges.push(Edge::new(&node.key, &Key::of("report", id.uuid()), "chart-edge-serves", why));
            around.nodes.push(node);
            for object in objects.iter().filter(|o| o.order == order.id) {
                if let Some((thing, edge)) = names(cx, order, object)? {
                    around.nodes.push(thing);
                    around.edges.push(edge);
                }
            }
        }
        if only.is_some() {
            around.nodes.push(reports::node_of(&report).page(report_page(&report.number)));
        }
        Ok(around)
    }

    fn beside(cx: &mut Cx<'_, '_>, key: &Key, opens: bool) -> Result<Around, ChartError> {
        match (key.kind(), key.uuid()) {
            ("report", Some(id)) => Self::of_report(cx, ReportId::from_uuid(id), (None, opens)),
            ("order", Some(id)) => match Self::one(cx, OrderId::from_uuid(id))? {
                Some(order) => Self::of_report(cx, order.report, (Some(order.id), opens)),
                None => Ok(Around::default()),
            },
            _ => Ok(Around::default()),
        }
    }

    fn one(cx: &mut Cx<'_, '_>, id: OrderId) -> Result<Option<Order>, ChartError> {
        let found = order::store::find(cx.tx, id)?;
        Ok(found.filter(|o| may_see(cx, o)))
    }
}

impl Source for Orders {
    fn kind(&self) -> &'static str {
        "order"
    }
    fn word(&self) -> &'static str {
        "chart-kinds-order"
    }
    fn looks(&self) -> &'static [Look] {
        &[Look { name: "order", shape: "M-10 -10H10V2L0 12L-10 2Z", icon: "M-5 -3L-1 1L6 -6" }]
    }
    fn find(&self, _: &mut Cx<'_, '_>, word: &str) -> Result<Option<Key>, ChartError> {
        Ok(word.parse::<OrderId>().ok().map(|id| Key::of("order", id.uuid())))
    }
    fn node(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Option<Node>, ChartError> {
        let Some(id) = key.uuid() else { return Ok(None) };
        let Some(order) = Self::one(cx, OrderId::from_uuid(id))? else { return Ok(None) };
        let objects = order::store::objects::of_order(cx.tx, order.id)?;
        Ok(Some(node_of(&order, &objects)))
    }
    fn near(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        Self::beside(cx, key, false)
    }
    fn stands(&self, tx: &mut Tx<'_>, _: &App, id: uuid::Uuid) -> Result<bool, ChartError> {
        Ok(order::store::find(tx, OrderId::from_uuid(id))?.is_some())
    }
    fn around(&self, cx: &mut Cx<'_, '_>, key: &Key) -> Result<Around, ChartError> {
        Self::beside(cx, key, true)
    }
}
