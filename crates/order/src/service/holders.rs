//! Whose a named thing is, as institutions told it: for the slices above, and for officers who may see persons.

use access::{Action, Kind as Thing, Resource, Stage};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose};
use report::ReportId;
use serde_json::json;

use crate::OrderError;
use crate::answer::{HoldersTold, standing};
use crate::model::{Object, ObjectId, Order, OrderId};
use crate::store::{self, answers, objects};

/// Whose a thing is.
#[derive(Debug, Clone)]
pub struct Holders {
    /// The order that asked.
    pub order: OrderId,
    /// The report it serves, under whose key everything here lies.
    pub report: ReportId,
    /// The thing.
    pub object: ObjectId,
    /// Its kind.
    pub kind: String,
    /// The thing itself.
    pub value: Personal<String>,
    /// Which place it takes on the path of the report's money, 1 for what the victim paid into; 0 where it lies on none.
    pub hop: i64,
    /// What institutions told, as it stands: the earliest first.
    pub told: Personal<Vec<HoldersTold>>,
}

impl Holders {
    /// How many are told.
    #[must_use]
    pub fn count(&self, purpose: Purpose) -> usize {
        self.told.open(purpose).iter().map(|t| t.holders.len()).sum()
    }
}

/// Whose a thing is, for the slices above; `None` where nobody was told.
///
/// # Errors
/// No such object; erased; the database's.
pub fn holders_in(tx: &mut Tx<'_>, app: &App, object: ObjectId) -> Result<Option<Holders>, OrderError> {
    let object = objects::find(tx, object)?.ok_or(OrderError::NoObject)?;
    let order = store::find(tx, object.order)?.ok_or(OrderError::NotFound)?;
    of_object(tx, app, &order, &object)
}

fn of_object(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    object: &Object,
) -> Result<Option<Holders>, OrderError> {
    let key = app.vault.subject(tx, object.report.uuid())?.ok_or(OrderError::Erased)?;
    let told = standing(answers::holders(tx, object.id, &key)?);
    if told.is_empty() {
        return Ok(None);
    }
    Ok(Some(Holders {
        order: order.id,
        report: object.report,
        object: object.id,
        kind: object.kind.clone(),
        value: objects::open(tx, object, &key)?.value,
        hop: hop(tx, order, object)?,
        told: Personal::new(told),
    }))
}

/// An order to disclose stands beside the path; the orders that follow the money say where the same thing lies on it.
fn hop(tx: &mut Tx<'_>, order: &Order, object: &Object) -> Result<i64, OrderError> {
    if order.hop > 0 {
        return Ok(order.hop);
    }
    let mut nearest = 0;
    for same in objects::same(tx, object.id)?.into_iter().filter(|o| o.report == object.report) {
        let hop = store::find(tx, same.order)?.map_or(0, |o| o.hop);
        if hop > 0 && (nearest == 0 || hop < nearest) {
            nearest = hop;
        }
    }
    Ok(nearest)
}

/// Whose the things are that an order names, opened for its report; that is a record. Nothing for whoever may see the order
/// and no persons, and once the report was erased.
///
/// # Errors
/// Absent or hidden.
pub async fn holders_of(app: &App, actor: &Actor, id: OrderId) -> Result<Vec<Holders>, OrderError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            let stage = if order.status.is_open() { Stage::Sent } else { Stage::Draft };
            let asked = store::sanction::find(tx, id)?.is_some();
            let resource =
                Resource::new("order", id.uuid(), &order.header).at(stage).put_to_prosecutor(asked);
            access::require(&actor, Action::ViewOrder, &resource)?;
            let Some(report) = report::store::find(tx, order.report)? else { return Ok(Vec::new()) };
            // As secret as the records that are made of it.
            let person = Resource::new(Thing::Person, order.report.uuid(), &report.header);
            if !access::allowed(&actor, Action::ViewPerson, &person) {
                return Ok(Vec::new());
            }
            let mut all = Vec::new();
            for object in objects::of_order(tx, id)? {
                match of_object(tx, &me, &order, &object) {
                    Ok(found) => all.extend(found),
                    Err(OrderError::Erased) => {}
                    Err(e) => return Err(e),
                }
            }
            if all.is_empty() {
                return Ok(all);
            }
            let count: usize = all.iter().map(|h| h.count(Purpose::HandleReport)).sum();
            let act = Act {
                basis: order.header.basis,
                purpose: Some(Purpose::HandleReport),
                facts: json!({"report": order.report, "holders": count}),
                ..Act::about("order.holders_read", "order", id.uuid())
            };
            me.record(tx, &actor, &act)?;
            Ok(all)
        })
        .await
}
