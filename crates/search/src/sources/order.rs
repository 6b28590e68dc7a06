//! Orders: their id, the report they serve, who carries them out, what they name.

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use db::outbox::Event;
use identifier::Kind;
use kernel::{Actor, Money, Purpose};
use order::OrderError;
use order::model::{Object, Order, OrderId};
use report::ReportId;
use uuid::Uuid;

use super::{called, institution};
use crate::error::SearchError;
use crate::model::{About, Document, Part, Shown};
use crate::source::Source;

/// Orders.
pub(super) struct Orders;

/// Named things that are shown.
const NAMED: usize = 4;

fn resource(order: &Order) -> Resource {
    Resource::new(Thing::Order, order.id.uuid(), &order.header)
}

/// The most that is asked for, a sum of each asset; none where the measure is not about money.
fn sums(objects: &[Object]) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for cap in objects.iter().map(|o| o.cap).filter(|cap| cap.minor() > 0) {
        match sums.iter_mut().find(|sum| sum.asset() == cap.asset()) {
            Some(sum) => *sum = Money::from_minor(sum.minor().saturating_add(cap.minor()), cap.asset()),
            None => sums.push(cap),
        }
    }
    sums
}

/// What may be shown of an object: of a link its site, as the registry shows it; an order's own mask tells the end of the address.
fn masked(tx: &mut Tx<'_>, app: &App, object: &Object) -> Result<String, SearchError> {
    let site = Kind::parse(&object.kind).filter(|k| matches!(k, Kind::Url | Kind::Domain | Kind::Ip));
    let Some(kind) = site else { return Ok(object.masked.clone()) };
    match order::service::open_object_in(tx, app, object, Purpose::Operate) {
        Ok(opened) => Ok(identifier::mask(kind, opened.value.open(Purpose::Operate))),
        Err(OrderError::Erased) => Ok(object.masked.clone()),
        Err(e) => Err(SearchError::slice(e)),
    }
}

impl Source for Orders {
    fn kind(&self) -> &'static str {
        "order"
    }
    fn thing(&self) -> Thing {
        Thing::Order
    }
    fn states(&self) -> &'static [&'static str] {
        &["drafted", "sent", "acknowledged", "answered", "released", "lapsed", "cancelled"]
    }
    fn events(&self) -> &'static [&'static str] {
        &[
            order::DRAFTED,
            order::SENT,
            order::ACKNOWLEDGED,
            order::ANSWERED,
            order::RELEASED,
            order::EXTENDED,
            order::LAPSED,
            report::EXPUNGED,
        ]
    }
    fn touched(&self, tx: &mut Tx<'_>, event: &Event) -> Result<Vec<Uuid>, SearchError> {
        if event.name != report::EXPUNGED {
            return Ok(vec![event.subject]);
        }
        let all = order::service::of_report_in(tx, ReportId::from_uuid(event.subject))
            .map_err(SearchError::slice)?;
        Ok(all.into_iter().map(|o| o.id.uuid()).collect())
    }
    fn page(
        &self,
        tx: &mut Tx<'_>,
        _: &App,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, SearchError> {
        Ok(order::store::page(tx, after, limit)?)
    }

    fn read(&self, tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<Vec<Document>, SearchError> {
        let Some(order) = order::store::find(tx, OrderId::from_uuid(id))? else { return Ok(Vec::new()) };
        let mut document = Document::of(&order.header, order.status.as_str());
        document.at = order.requested_at;
        document.parts.extend([Part::Words(order.id.to_string()), Part::Of(order.report_number.clone())]);
        document.parts.extend(institution(tx, &order.executor)?);
        for object in order::store::objects::of_order(tx, order.id)? {
            let Some(kind) = Kind::parse(&object.kind) else { continue };
            match order::service::open_object_in(tx, app, &object, Purpose::Operate) {
                Ok(opened) => {
                    document.parts.push(Part::Thing(kind, opened.value.into_inner(Purpose::Operate)))
                }
                Err(OrderError::Erased) => {}
                Err(e) => return Err(SearchError::slice(e)),
            }
        }
        Ok(vec![document])
    }

    fn show(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<Shown>, SearchError> {
        let Some(order) = order::store::find(tx, OrderId::from_uuid(id))? else { return Ok(None) };
        if !access::allowed(actor, Action::ViewOrder, &resource(&order)) {
            return Ok(None);
        }
        let objects = order::store::objects::of_order(tx, order.id)?;
        let measure = order.measure.as_str().replace('_', "-");
        let mut title = vec![About::Key(format!("legal-basis-measure-{measure}"))];
        title.extend(sums(&objects).into_iter().map(About::Sum));
        let mut about = vec![called(tx, &order.executor)?, About::Open(order.report_number.clone())];
        for object in objects.into_iter().take(NAMED) {
            let masked = masked(tx, app, &object)?;
            about.push(About::Thing(object.kind, masked));
        }
        Ok(Some(Shown {
            number: order.report_number.clone(),
            title,
            href: format!("/desk/orders/{}", order.id),
            at: order.requested_at,
            state: order.status.as_str(),
            region: String::new(),
            about,
            text: None,
            lang: String::new(),
        }))
    }
}
