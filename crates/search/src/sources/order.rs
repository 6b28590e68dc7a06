//! Orders: their id, the report they serve, who carries them out, what they name.

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use db::outbox::Event;
use identifier::Kind;
use kernel::{Actor, Purpose};
use order::OrderError;
use order::model::{Order, OrderId};
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
        _app: &App,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<Shown>, SearchError> {
        let Some(order) = order::store::find(tx, OrderId::from_uuid(id))? else { return Ok(None) };
        if !access::allowed(actor, Action::ViewOrder, &resource(&order)) {
            return Ok(None);
        }
        let measure = order.measure.as_str().replace('_', "-");
        let mut about =
            vec![About::Key(format!("legal-basis-measure-{measure}")), called(tx, &order.executor)?];
        let objects = order::store::objects::of_order(tx, order.id)?;
        about.extend(objects.into_iter().take(NAMED).map(|o| About::Thing(o.kind, o.masked)));
        Ok(Some(Shown {
            number: order.report_number.clone(),
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
