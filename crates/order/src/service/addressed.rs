//! What an institution sees of the orders that were handed to it, and how its people answer them at the console: by the
//! same messages and rules as its programs.

use access::{Action, Resource, Stage};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Money, Purpose, Timestamp};

use super::answering::{Outcome, answer_in};
use super::views::{OrderView, view};
use crate::OrderError;
use crate::answer::Fact;
use crate::message::{Answer, Message};
use crate::model::{ObjectId, Opened, Order, OrderId};
use crate::outgoing;
use crate::score::{self, Score};
use crate::store::delivery::Delivery;
use crate::store::{self, addressed, answers, objects};

/// Most orders of one page.
pub const PAGE: i64 = 200;

/// Something an institution still owes beside its answer to the order itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// `release`: free it; `notice`: hand it to the holder; `correction`: put records right.
    pub kind: String,
    /// About which object; the whole order if none.
    pub object: Option<ObjectId>,
    /// `L60`, `L61`, `L62` of a release.
    pub code: String,
    /// How much of a hold is to be let go; `None` for all of it.
    pub part: Option<Money>,
    /// Since when (office time).
    pub since: Timestamp,
}

impl Owed {
    fn of(d: Delivery, order: &Order) -> Self {
        let part = (d.kind == "release" && d.amount_minor > 0)
            .then(|| Money::from_minor(d.amount_minor, order.cap.asset()));
        Self { kind: d.kind, object: d.object, code: d.code, part, since: d.at }
    }
}

/// An order in an institution's list. Accounts and numbers are masked.
#[derive(Debug, Clone)]
pub struct Addressed {
    /// The order.
    pub view: OrderView,
    /// What is owed beside the answer.
    pub owed: Vec<Owed>,
}

/// An order as its addressee reads it, with everything in full.
#[derive(Debug, Clone)]
pub struct Handed {
    /// The order.
    pub view: OrderView,
    /// What it names, in full; empty where the report was erased.
    pub objects: Vec<Opened>,
    /// Why the scope is wide, where it is.
    pub reason: Option<String>,
    /// What was answered, by object.
    pub facts: Vec<(ObjectId, Fact)>,
    /// What is owed beside the answer, with the messages that ask for it.
    pub owed: Vec<(Owed, Option<Message>)>,
}

fn addressee(actor: &Actor) -> Result<&str, OrderError> {
    match actor {
        Actor::Partner { code, .. } => Ok(code),
        _ => Err(OrderError::NotFound),
    }
}

/// The order as a thing of the rules, for its addressee: the executor, or whoever it is handed to.
pub(super) fn resource(actor: &Actor, order: &Order) -> Resource {
    let Actor::Partner { code, partner, .. } = actor else {
        return Resource::new("order", order.id.uuid(), &order.header);
    };
    let theirs = *code == order.executor || *code == order.gateway;
    Resource::new("order", order.id.uuid(), &order.header)
        .addressed_to(if theirs { std::slice::from_ref(partner) } else { &[] })
        .at(if order.has_left() { Stage::Sent } else { Stage::Draft })
}

/// Days that scores look back.
const SCORED_DAYS: i64 = 90;
/// Orders that scores count at most: the newest.
const SCORED_ORDERS: i64 = 50_000;
/// Orders from which an institution is scored: a few say nothing of it.
const SCORED_LEAST: i64 = 10;

/// How institutions answered in the last ninety days, those that were asked often enough. Open to everybody: it names no
/// person and no matter.
///
/// # Errors
/// The database's.
pub async fn scores(app: &App) -> Result<Vec<Score>, OrderError> {
    let now = app.office.now();
    let from = now.plus_secs(-SCORED_DAYS * 86_400);
    let all = app.db.read(move |tx| Ok::<_, OrderError>(addressed::asked(tx, from, SCORED_ORDERS)?)).await?;
    Ok(score::scores(&all, SCORED_LEAST, now))
}

/// What the actor's institution owes a word about, the next due first.
///
/// # Errors
/// Hidden from whoever is no institution.
pub async fn addressed(app: &App, actor: &Actor) -> Result<Vec<Addressed>, OrderError> {
    let (code, actor) = (addressee(actor)?.to_owned(), actor.clone());
    app.db
        .read(move |tx| {
            let orders = addressed::waiting(tx, &code, PAGE)?;
            all(tx, &actor, orders)
        })
        .await
}

/// What was handed to the actor's institution before `before`, the newest first.
///
/// # Errors
/// Hidden from whoever is no institution.
pub async fn addressed_past(
    app: &App,
    actor: &Actor,
    before: Timestamp,
) -> Result<Vec<Addressed>, OrderError> {
    let (code, actor) = (addressee(actor)?.to_owned(), actor.clone());
    app.db
        .read(move |tx| {
            let orders = addressed::past(tx, &code, before, PAGE)?;
            all(tx, &actor, orders)
        })
        .await
}

fn all(tx: &mut Tx<'_>, actor: &Actor, orders: Vec<Order>) -> Result<Vec<Addressed>, OrderError> {
    let mut list = Vec::new();
    for order in orders {
        // The query asks the same; the rules have the last word.
        if !access::allowed(actor, Action::ViewOrder, &resource(actor, &order)) {
            continue;
        }
        let owed = addressed::owed(tx, order.id)?.into_iter().map(|d| Owed::of(d, &order)).collect();
        list.push(Addressed { view: view(tx, order)?, owed });
    }
    Ok(list)
}

/// One order in full, for its addressee. That it was read is recorded: it names people's accounts and numbers.
///
/// # Errors
/// Absent or hidden.
pub async fn handed(app: &App, actor: &Actor, id: OrderId) -> Result<Handed, OrderError> {
    addressee(actor)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            access::require(&actor, Action::ViewOrder, &resource(&actor, &order))?;
            read(tx, &me, &actor, order)
        })
        .await
}

fn read(tx: &mut Tx<'_>, app: &App, actor: &Actor, order: Order) -> Result<Handed, OrderError> {
    let act = Act {
        basis: order.header.basis,
        purpose: Some(Purpose::ExecuteOrder),
        ..Act::about("order.read", "order", order.id.uuid())
    };
    app.record(tx, actor, &act)?;
    open(tx, app, order)
}

fn open(tx: &mut Tx<'_>, app: &App, order: Order) -> Result<Handed, OrderError> {
    let key = app.vault.subject(tx, order.report.uuid())?;
    let (mut opened, mut facts, mut reason) = (Vec::new(), Vec::new(), None);
    if let Some(key) = &key {
        for object in objects::of_order(tx, order.id)? {
            facts.extend(answers::facts(tx, object.id, key)?.into_iter().map(|f| (object.id, f)));
            opened.push(objects::open(tx, &object, key)?);
        }
        reason = store::reason(tx, order.id)?
            .map(|sealed| key.open(outgoing::REASON, &sealed).map(|w| w.into_inner(Purpose::ExecuteOrder)))
            .transpose()?;
    }
    let mut owed = Vec::new();
    for d in addressed::owed(tx, order.id)? {
        let message = outgoing::build(tx, app, &d)?;
        owed.push((Owed::of(d, &order), message));
    }
    Ok(Handed { view: view(tx, order)?, objects: opened, reason, facts, owed })
}

/// A person at the console answers for the institution. Sent twice with the same `answer_id`, it is one answer.
///
/// # Errors
/// As [`super::answer`].
pub async fn answer_at_console(
    app: &App,
    actor: &Actor,
    id: OrderId,
    said: Answer,
) -> Result<Outcome, OrderError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db.write(move |tx| answer_at_console_in(tx, &me, &actor, id, &said)).await
}

/// Several orders in full, for a table: those that the actor's institution owes a word about. That they were read is
/// recorded for each.
///
/// # Errors
/// Hidden from whoever is no institution.
pub async fn handed_waiting(app: &App, actor: &Actor) -> Result<Vec<Handed>, OrderError> {
    let code = addressee(actor)?.to_owned();
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut all = Vec::new();
            for order in addressed::waiting(tx, &code, PAGE)? {
                if access::allowed(&actor, Action::ViewOrder, &resource(&actor, &order)) {
                    all.push(read(tx, &me, &actor, order)?);
                }
            }
            Ok(all)
        })
        .await
}

/// The same in a running transaction, for a table of answers.
///
/// # Errors
/// As [`answer_at_console`].
pub fn answer_at_console_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: OrderId,
    said: &Answer,
) -> Result<Outcome, OrderError> {
    let body = serde_json::to_string(said).unwrap_or_default();
    answer_in(tx, app, actor, id, said, app.vault.blind("answer", &body))
}
