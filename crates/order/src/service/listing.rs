//! Persons whose accounts served a fraud are entered in the list that payments are checked against, and taken off it:
//! form F9. Who did not know, was forced or was robbed of the name is no dropper and is never listed; an entry ends by
//! itself unless somebody looks anew.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use identifier::{Kind, Region};
use jiff::civil::Date;
use kernel::{Actor, Money, Personal, Purpose, Timestamp};
use partner::notify::Topic;
use profile::{Measure, ObjectKind, Scope};
use report::ReportId;
use serde_json::json;

use super::drafting::{Drafted, draft_in};
use crate::answer::Code;
use crate::details::{Details, Instrument, Knowledge};
use crate::model::{NewObject, NewOrder, Object, ObjectId, ObjectState, Order, OrderId, Status};
use crate::store::{self, delivery, objects};
use crate::{OrderError, law, rules};

/// An account on a report's path that its holder may have given away.
#[derive(Debug, Clone)]
pub struct Given {
    /// The object of the order that met it.
    pub object: ObjectId,
    /// Code of the institution that keeps it.
    pub institution: String,
    /// Its kind.
    pub kind: String,
    /// The account, masked.
    pub masked: String,
}

/// What an officer says of a person who is to be listed.
#[derive(Debug, Clone)]
pub struct Dropper {
    /// The national number, as typed.
    pub number: String,
    /// What the person knew.
    pub knowledge: Knowledge,
    /// Whether the officer knows the person to be a minor; the number says so, too, where it tells the birth.
    pub minor: bool,
    /// Whether whoever answers for a minor was told.
    pub guardian_told: bool,
    /// Whether the person came forward.
    pub voluntary: bool,
    /// Whether somebody has talked to the person.
    pub talked: bool,
    /// Which of the accounts the person gave away.
    pub given: Vec<ObjectId>,
    /// What it is known from.
    pub ground: String,
}

/// Accounts on a report's path that somebody may have given away, each once.
///
/// # Errors
/// Hidden or forbidden; the database's.
pub async fn given(app: &App, actor: &Actor, report: ReportId) -> Result<Vec<Given>, OrderError> {
    let actor = actor.clone();
    app.db.read(move |tx| given_in(tx, &actor, report)).await
}

fn given_in(tx: &mut Tx<'_>, actor: &Actor, report: ReportId) -> Result<Vec<Given>, OrderError> {
    let found = report::store::find(tx, report)?.ok_or(OrderError::NotFound)?;
    let resource = Resource::new(Thing::Report, report.uuid(), &found.header);
    access::require(actor, Action::DraftOrder, &resource)?;
    let mut all: Vec<Given> = Vec::new();
    for order in store::of_report(tx, report)? {
        // Hop 0 is the victim's own bank.
        if order.measure != Measure::Hold || order.hop < 1 || !order.has_left() {
            continue;
        }
        for object in objects::of_order(tx, order.id)? {
            let known = all.iter().any(|g| g.institution == order.executor && g.masked == object.masked);
            let there = !matches!(object.state, ObjectState::NotFound | ObjectState::Refused);
            if there && !known && !object.masked.is_empty() {
                let institution = order.executor.clone();
                all.push(Given { object: object.id, institution, kind: object.kind, masked: object.masked });
            }
        }
    }
    Ok(all)
}

/// Drafts the orders by which a person is listed, one for each institution that keeps such a list.
///
/// # Errors
/// Hidden or forbidden; no such number; somebody who is not to be listed; a victim's own number; listed already; no route.
pub async fn list(
    app: &App,
    actor: &Actor,
    report: ReportId,
    dropper: Dropper,
) -> Result<Vec<Drafted>, OrderError> {
    let number = identifier::normalise(Kind::Iin, &dropper.number, Region::default())
        .map_err(OrderError::PersonNumber)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let seen = identifier::named_in(tx, &me.vault, Kind::Iin, &number)?;
            if seen.as_reporter > 0 {
                return Err(OrderError::OfVictim);
            }
            let now = me.office.now();
            let details = details(tx, &me, &actor, (report, &number, &dropper), now)?;
            let full = report::store::find(tx, report)?.ok_or(OrderError::NotFound)?;
            let partners = partner::store::all(tx)?;
            let thing = (ObjectKind::Person, number.as_str());
            let keepers = law::executors(&me, Measure::Listing, thing, &partners, now);
            if keepers.is_empty() {
                return Err(OrderError::NoRoute(Measure::Listing.to_string()));
            }
            let mut drafted = Vec::new();
            let blind = me.vault.blind("person", &number);
            for keeper in keepers {
                // Two reports that list the same person at once list them once, one after the other.
                tx.lock_row("partner", keeper.id.uuid())?;
                let executor = keeper.code.as_str();
                if let Some(id) = listed(tx, blind, executor)? {
                    drafted.push(Drafted::Already(id));
                    continue;
                }
                let count = objects::named(tx, blind)?.len();
                let fact = format!("{report} {executor} {} {count}", hex::encode(blind));
                let object = person(&number, None, Some(details.clone()), me.profile.currency());
                let id = rules::order_id("listing", &fact);
                let new = new_order(id, (Measure::Listing, executor), (report, &full.number), object, None);
                drafted.push(draft_in(tx, &me, &actor, new)?);
            }
            Ok(drafted)
        })
        .await
}

fn details(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (report, number, dropper): (ReportId, &str, &Dropper),
    now: Timestamp,
) -> Result<Details, OrderError> {
    let key = app.vault.subject(tx, report.uuid())?.ok_or(OrderError::Erased)?;
    let mut instruments = Vec::new();
    for account in given_in(tx, actor, report)? {
        if !dropper.given.contains(&account.object) {
            continue;
        }
        let Some(object) = objects::find(tx, account.object)? else { continue };
        let value = objects::open(tx, &object, &key)?.value.into_inner(Purpose::ExecuteOrder);
        instruments.push(Instrument { institution: account.institution, kind: account.kind, value });
    }
    let born = identifier::birth_date(number).and_then(|(y, m, d)| Date::new(y, m, d).ok());
    let minor = dropper.minor || born.is_some_and(|born| app.profile.is_minor(born, now));
    Ok(Details::Listing {
        knowledge: dropper.knowledge,
        minor,
        guardian_told: minor && dropper.guardian_told,
        voluntary: dropper.voluntary,
        talked: dropper.talked,
        instruments,
        ground: dropper.ground.trim().to_owned(),
    })
}

/// The order by which an institution has the person on its list, or is about to.
fn listed(tx: &mut Tx<'_>, blind: [u8; 32], executor: &str) -> Result<Option<OrderId>, OrderError> {
    for object in objects::in_force(tx, blind)? {
        let order = store::find(tx, object.order)?;
        let stands = |o: &Order| {
            o.measure == Measure::Listing
                && o.executor == executor
                && (o.status.is_open() || o.status == Status::Drafted)
        };
        if let Some(order) = order.filter(stands) {
            return Ok(Some(order.id));
        }
    }
    Ok(None)
}

fn person(
    number: &str,
    parent: Option<ObjectId>,
    details: Option<Details>,
    asset: kernel::Asset,
) -> NewObject {
    NewObject {
        payment: None,
        parent,
        kind: ObjectKind::Person.as_str().to_owned(),
        value: Personal::new(number.to_owned()),
        masked: identifier::mask(Kind::Iin, number),
        cap: Money::from_minor(0, asset),
        trigger: None,
        details,
    }
}

fn new_order(
    id: OrderId,
    (measure, executor): (Measure, &str),
    (report, number): (ReportId, &str),
    object: NewObject,
    reason: Option<&str>,
) -> NewOrder {
    NewOrder {
        id,
        measure,
        scope: Scope::Full,
        reason: reason.map(|r| Personal::new(r.chars().take(app::MAX_REASON_CHARS).collect())),
        report,
        report_number: number.to_owned(),
        hop: 0,
        executor: executor.to_owned(),
        objects: vec![object],
        hold_back: None,
    }
}

/// Drafts the order by which whoever `id` listed is taken off the list again, for a reason.
///
/// # Errors
/// Hidden or forbidden; nothing is listed by it.
pub async fn delist(app: &App, actor: &Actor, id: OrderId, reason: &str) -> Result<Drafted, OrderError> {
    let (me, actor, reason) = (app.clone(), actor.clone(), reason.to_owned());
    app.db
        .write(move |tx| {
            tx.lock_row("orders", id.uuid())?;
            let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            access::require(&actor, Action::ViewOrder, &Resource::new("order", id.uuid(), &order.header))?;
            if order.measure != Measure::Listing || !order.status.is_open() {
                return Err(OrderError::NotListed);
            }
            let object = objects::of_order(tx, id)?.into_iter().next().ok_or(OrderError::NotListed)?;
            let key = me.vault.subject(tx, order.report.uuid())?.ok_or(OrderError::Erased)?;
            let number = objects::open(tx, &object, &key)?.value.into_inner(Purpose::ExecuteOrder);
            let attempt = attempts(tx, id)?;
            let named = person(&number, Some(object.id), None, me.profile.currency());
            let to = (Measure::Delisting, order.executor.as_str());
            let of = (order.report, order.report_number.as_str());
            draft_in(tx, &me, &actor, new_order(attempt, to, of, named, Some(&reason)))
        })
        .await
}

/// The id of the next order of delisting: pressed twice it is one, once that was taken back it is another.
fn attempts(tx: &mut Tx<'_>, listing: OrderId) -> Result<OrderId, OrderError> {
    let mut n = 0;
    loop {
        let id = rules::order_id("delisting", &format!("{listing} {n}"));
        match store::find(tx, id)? {
            Some(order) if matches!(order.status, Status::Cancelled | Status::Lapsed) && n < 100 => n += 1,
            _ => return Ok(id),
        }
    }
}

/// An order to take somebody off the list came to nothing: it was refused, not carried out within its term, or cannot be said
/// any more. The entry has ended here and must end there, so the listing itself is released, which is repeated until the
/// institution says that it is done.
pub(super) fn insist(
    tx: &mut Tx<'_>,
    app: &App,
    delisting: &Order,
    now: Timestamp,
) -> Result<(), OrderError> {
    for object in objects::of_order(tx, delisting.id)? {
        let done = matches!(object.state, ObjectState::Done | ObjectState::DoneElsewhere);
        let listed: Option<Object> = object.parent.map(|p| objects::find(tx, p)).transpose()?.flatten();
        let Some(listed) = listed.filter(|_| !done) else { continue };
        let (told, heard) = delivery::count_about(tx, listed.id, Topic::Release.as_str())?;
        let Some(order) = store::find(tx, listed.order)?.filter(|_| told <= heard) else { continue };
        super::ending::tell_release(tx, app, &order, &listed, Code::L61, 0, now)?;
    }
    Ok(())
}

/// The order of delisting leaves: the entry ends with it, and no message of its own says so.
///
/// # Errors
/// Nothing is listed any more.
pub(super) fn end_listing(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    delisting: &Order,
    now: Timestamp,
) -> Result<(), OrderError> {
    for object in objects::of_order(tx, delisting.id)? {
        let listed: Option<Object> = object.parent.map(|p| objects::find(tx, p)).transpose()?.flatten();
        let listed = listed.ok_or(OrderError::NotListed)?;
        tx.lock_row("orders", listed.order.uuid())?;
        let order = store::find(tx, listed.order)?.ok_or(OrderError::NotListed)?;
        if !order.status.is_open() {
            return Err(OrderError::NotListed);
        }
        let before = order.status;
        let order = order.release(now)?;
        store::save(tx, &order, before)?;
        delivery::end_for(tx, order.id)?;
        super::ending::free(tx, &listed, listed.held, ObjectState::Released, now)?;
        super::extending::end_with(tx, app, order.id, now)?;
        let facts = json!({"by": delisting.id});
        let about = Act::about("order.released", "order", order.id.uuid());
        app.record(tx, actor, &Act { basis: delisting.header.basis, facts, ..about })?;
        app.tell(tx, crate::RELEASED, order.id.uuid(), json!({"report": order.report}))?;
    }
    Ok(())
}
