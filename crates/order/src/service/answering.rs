//! A partner answers. The answer is taken once, kept as it came, folded into the object's state, and the
//! slices above are told.

use access::{Action, Resource, Stage};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Money, Timestamp};
use profile::Measure;
use serde_json::json;
use uuid::Uuid;
use vault::SubjectKey;

use super::notices;
use crate::answer::{self, Code, Fact};
use crate::message::Answer;
use crate::model::{Object, ObjectId, ObjectState, Order, OrderId, Status};
use crate::store::answers::{self, SealedAnswer};
use crate::store::{self, delivery, objects};
use crate::{OrderError, rules};

/// What taking an answer came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Where the order stands now.
    pub status: Status,
    /// Whether this very answer had been taken before.
    pub already: bool,
    /// Whether it changed how it stands with the order or with what it is about: what contradicts weightier words that
    /// were said before is kept and changes nothing.
    pub changed: bool,
}

/// Takes a partner's signed answer. `body` is what was signed, byte for byte.
///
/// # Errors
/// Unknown order or not this partner's; faults of the answer; the answer id used for another body.
pub async fn answer(
    app: &App,
    actor: &Actor,
    id: OrderId,
    said: Answer,
    body: &[u8],
) -> Result<Outcome, OrderError> {
    let hash = app.vault.blind("answer", &String::from_utf8_lossy(body));
    let (me, actor) = (app.clone(), actor.clone());
    app.db.write(move |tx| answer_in(tx, &me, &actor, id, &said, hash)).await
}

/// The same in a running transaction.
///
/// # Errors
/// As [`answer`].
pub fn answer_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: OrderId,
    said: &Answer,
    body_hash: [u8; 32],
) -> Result<Outcome, OrderError> {
    let Actor::Partner { code: signer, .. } = actor else { return Err(OrderError::NotFound) };
    // An answer belongs to the order that it names, wherever it was handed in.
    if said.order_id.parse() != Ok(id) {
        return Err(OrderError::WrongOrder);
    }
    // Answers about the objects of one order are counted together: one after the other.
    tx.lock_row("orders", id.uuid())?;
    let Some(order) = store::find(tx, id)? else {
        return crate::trial::service::answer_in(tx, app, actor, id, said);
    };
    // Only those on the route may speak; to anybody else the order does not exist.
    let on_route = store::steps(tx, id)?.into_iter().filter(|s| s.no > 0);
    let route: Vec<Uuid> = partner_ids(tx, on_route.map(|s| s.institution))?;
    let stage = if order.has_left() { Stage::Sent } else { Stage::Draft };
    let resource = Resource::new("order", id.uuid(), &order.header).addressed_to(&route).at(stage);
    access::require(actor, Action::AnswerOrder, &resource)?;
    take(tx, app, actor, (order, signer), (said, None), body_hash)
}

/// Keeps what was said about a locked order and lets it have its effect. `signer` is whoever said it, `by_hand` who told it
/// where an officer wrote it down.
pub(super) fn take(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (order, signer): (Order, &str),
    (said, by_hand): (&Answer, Option<&str>),
    body_hash: [u8; 32],
) -> Result<Outcome, OrderError> {
    let (id, was) = (order.id, order.status);
    let key_of_answer = rules::answer_key(signer, &said.answer_id);
    if let Some(known) = answers::hash(tx, key_of_answer)? {
        let same = vault::equal(&known, &body_hash);
        return if same {
            Ok(Outcome { status: order.status, already: true, changed: false })
        } else {
            Err(OrderError::AnswerConflict)
        };
    }
    let now = app.office.now();
    let object = named_object(tx, &order, said)?;
    let cap = object.as_ref().map_or(order.cap, |o| o.cap);
    let mut facts = answer::read(said, order.measure, cap, answer::Believable::at(now, app.factor))?;
    facts.iter_mut().for_each(|fact| fact.by_hand = by_hand.map(str::to_owned));
    if said.executor != order.executor
        && !(said.executor == order.gateway && facts.iter().all(|f| f.code == Code::A00))
    {
        return Err(OrderError::WrongExecutor(order.executor));
    }
    let Some(key) = app.vault.subject(tx, order.report.uuid())? else {
        return end_of_erased(tx, app, actor, &order, object.as_ref(), &facts);
    };
    if let Some(object) = object.as_ref().filter(|_| facts.iter().any(|f| !f.holders.is_empty())) {
        answer::asked_for(&facts, objects::open(tx, object, &key)?.details.as_ref())?;
    }
    if let Some(object) = &object {
        let known = answers::facts(tx, object.id, &key)?.len();
        if known.saturating_add(facts.len()) > answer::MAX_FACTS {
            return Err(answer::AnswerFault::Lines.into());
        }
    }
    keep(tx, app, &order, object.as_ref(), said, (key_of_answer, signer, body_hash, &key), &facts, now)?;
    // A technical fault, or a word that nobody here knows, is no receipt: the order is repeated as if nothing
    // had been said.
    let fault_only = facts.iter().all(|f| matches!(f.code, Code::E90 | Code::Native));
    if let Some(object) = &object {
        let free = refold(tx, order.measure, object, &key, now)?;
        if free && facts.iter().any(|f| f.code.is_end()) {
            delivery::released(tx, id, object.id)?;
        }
    }
    if let Some(object) = &object {
        beside(tx, app, &order, object.id, &facts, &key, now)?;
    }
    let longer = object.as_ref().filter(|_| order.measure == Measure::Extension && !fault_only);
    let before = longer.map_or(ObjectState::Asked, |o| o.state);
    if let Some(object) = longer.map(|o| objects::find(tx, o.id)).transpose()?.flatten() {
        super::extending::answered(tx, app, &order, (&object, before), now)?;
    }
    if order.measure == Measure::Delisting
        && let Some(object) = object.as_ref().map(|o| objects::find(tx, o.id)).transpose()?.flatten()
        && matches!(object.state, ObjectState::Refused | ObjectState::NotConfirmed)
    {
        super::listing::insist(tx, app, &order, now)?;
    }
    let order = if fault_only { order } else { advance(tx, &order, &facts, signer, now)? };
    if !fault_only && !is_owed(tx, object.as_ref(), &facts)? {
        delivery::done_for(tx, id)?;
    }
    let codes: Vec<String> = facts.iter().map(|f| f.code.as_string()).collect();
    let about =
        json!({"codes": codes, "signer": signer, "executor": said.executor, "body": hex::encode(body_hash)});
    let act =
        Act { basis: order.header.basis, facts: about, ..Act::about("order.answered", "order", id.uuid()) };
    app.record(tx, actor, &act)?;
    let after = object.as_ref().map(|o| objects::find(tx, o.id)).transpose()?.flatten();
    let stands = |o: &Object| (o.state, o.held, o.held_at);
    let changed = order.status != was || after.as_ref().map(stands) != object.as_ref().map(stands);
    if fault_only {
        return Ok(Outcome { status: order.status, already: false, changed });
    }
    let name = if answer::is_substance(&facts) { crate::ANSWERED } else { crate::ACKNOWLEDGED };
    app.tell(
        tx,
        name,
        id.uuid(),
        json!({"report": order.report, "object": object.map(|o| o.id), "codes": codes}),
    )?;
    Ok(Outcome { status: order.status, already: false, changed })
}

/// Whether somebody only said that something ended of which nothing was said before: the order is repeated until it is,
/// since the answer that said so may have been lost.
fn is_owed(tx: &mut Tx<'_>, object: Option<&Object>, facts: &[Fact]) -> Result<bool, OrderError> {
    let Some(object) = object.filter(|_| facts.iter().all(|f| f.code.is_end())) else { return Ok(false) };
    Ok(objects::find(tx, object.id)?.is_some_and(|o| o.state.is_unanswered()))
}

/// What an answer brings about beside the state of its object: the holder is to be told, or was; records were put
/// right.
fn beside(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    id: ObjectId,
    facts: &[Fact],
    key: &SubjectKey,
    now: Timestamp,
) -> Result<(), OrderError> {
    let Some(object) = objects::find(tx, id)? else { return Ok(()) };
    if object.state.is_in_force() && order.status.is_open() {
        notices::draft(tx, app, order, &object, key, now)?;
    }
    // Only who has handed over the notice itself has told the holder how to object.
    let told = facts.iter().filter(|f| f.code == Code::S10).map(|f| f.at);
    if let Some(at) = told.min() {
        notices::told(tx, app, id, at)?;
    }
    if facts.iter().any(|f| f.code == Code::S20) {
        delivery::done_about(tx, id, "correction")?;
    }
    Ok(())
}

/// The report was erased and nothing about it is kept any more, but that a hold behind it has ended, or that records
/// were put right, must be heard, or the messages about it would be repeated for ever.
fn end_of_erased(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    order: &Order,
    object: Option<&Object>,
    facts: &[Fact],
) -> Result<Outcome, OrderError> {
    let (ended, corrected) =
        (facts.iter().any(|f| f.code.is_end()), facts.iter().any(|f| f.code == Code::S20));
    let Some(object) = object.filter(|_| ended || corrected) else { return Err(OrderError::Erased) };
    if ended {
        delivery::released(tx, order.id, object.id)?;
    }
    if corrected {
        delivery::done_about(tx, object.id, "correction")?;
    }
    let codes: Vec<String> = facts.iter().map(|f| f.code.as_string()).collect();
    let act = Act {
        basis: order.header.basis,
        facts: json!({"codes": codes}),
        ..Act::about("order.answered", "order", order.id.uuid())
    };
    app.record(tx, actor, &act)?;
    Ok(Outcome { status: order.status, already: false, changed: ended || corrected })
}

fn partner_ids(tx: &mut Tx<'_>, codes: impl Iterator<Item = String>) -> Result<Vec<Uuid>, OrderError> {
    let mut ids = Vec::new();
    for code in codes {
        ids.extend(partner::store::by_code(tx, &code)?.map(|p| p.id.uuid()));
    }
    Ok(ids)
}

fn named_object(tx: &mut Tx<'_>, order: &Order, said: &Answer) -> Result<Option<Object>, OrderError> {
    let Some(text) = &said.object_id else { return Ok(None) };
    let id: ObjectId = text.parse().map_err(|_| OrderError::NoObject)?;
    let object = objects::find(tx, id)?.filter(|o| o.order == order.id).ok_or(OrderError::NoObject)?;
    Ok(Some(object))
}

#[expect(clippy::too_many_arguments, reason = "one row's facts, written once")]
fn keep(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    object: Option<&Object>,
    said: &Answer,
    (id, signer, body_hash, key): (Uuid, &str, [u8; 32], &SubjectKey),
    facts: &[Fact],
    now: Timestamp,
) -> Result<(), OrderError> {
    let json = serde_json::to_string(facts).unwrap_or_default();
    let codes: Vec<String> = facts.iter().map(|f| f.code.as_string()).collect();
    let row = SealedAnswer {
        id,
        order: order.id,
        object: object.map(|o| o.id),
        report: order.report,
        partner: signer.to_owned(),
        executor: said.executor.clone(),
        at: crate::message::time(&said.at).unwrap_or(now),
        received_at: now,
        codes: codes.join(","),
        body_hash,
        body: key.seal(&app.entropy, "answer", &json),
    };
    Ok(answers::insert(tx, &row)?)
}

/// Moves the order and the steps of its route on.
fn advance(
    tx: &mut Tx<'_>,
    order: &Order,
    facts: &[Fact],
    signer: &str,
    now: Timestamp,
) -> Result<Order, OrderError> {
    let before = order.status;
    let closing = facts.iter().any(|f| f.code.is_end() || matches!(f.code, Code::P70 | Code::P71))
        || facts.iter().all(|f| f.code.is_receipt());
    let next = if answer::is_substance(facts) || (closing && !before.is_open()) {
        let complete = objects::unanswered(tx, order.id)? == 0;
        order.clone().answer((closing, complete), now)?
    } else {
        order.clone().acknowledge(now)?
    };
    let last = facts.last().map(|f| f.code.as_string()).unwrap_or_default();
    store::step_reached(tx, order.id, signer, now, &last)?;
    if signer == order.gateway && signer != order.executor && facts.iter().any(|f| !f.code.is_receipt()) {
        store::step_reached(tx, order.id, &order.executor, now, &last)?;
    }
    if next != *order {
        store::save(tx, &next, before)?;
    }
    Ok(next)
}

/// Computes an object's state anew from everything said about it. Says whether the partner holds no more
/// than it may.
pub(crate) fn refold(
    tx: &mut Tx<'_>,
    measure: Measure,
    object: &Object,
    key: &SubjectKey,
    now: Timestamp,
) -> Result<bool, OrderError> {
    let facts = answers::facts(tx, object.id, key)?;
    if measure == Measure::Return {
        returned(tx, object, &facts, now)?;
        return Ok(true);
    }
    // What orders to return gave back out of this hold is held no more, whoever's claim it was.
    let back = objects::returned(tx, object.id)?;
    let facts = answer::beside_returns(&facts, back);
    let said = answer::fold(object.cap, &facts);
    let free = object.keep.is_none_or(|keep| said.held.minor() <= keep.minor());
    let folded = said.within(object.keep, object.state);
    let left = folded.held.minor().saturating_sub(back).max(0);
    let ended = matches!(object.state, ObjectState::Released | ObjectState::Lapsed);
    let all_back = back > 0 && left == 0 && folded.held.is_positive() && !ended;
    let state = match folded.state {
        _ if all_back => ObjectState::Returned,
        ObjectState::Held if back > 0 => ObjectState::PartlyHeld,
        state => state,
    };
    let next = Object {
        state,
        held: Money::from_minor(left, object.cap.asset()),
        held_at: folded.held_at,
        changed_at: now,
        ..object.clone()
    };
    objects::save(tx, &next)?;
    Ok(free)
}

/// An order to return has given money back: the hold that it came from holds so much less.
fn returned(tx: &mut Tx<'_>, object: &Object, facts: &[Fact], now: Timestamp) -> Result<(), OrderError> {
    let (state, back) = answer::fold_return(object.cap, facts);
    let before = objects::returned_by(tx, object.id)?;
    objects::set_returned(tx, object.id, back.minor())?;
    objects::save(tx, &Object { state, changed_at: now, ..object.clone() })?;
    let Some(parent) = object.parent else { return Ok(()) };
    // Two returns out of one hold, answered at once, lower it one after the other.
    tx.lock_row("order_object", parent.uuid())?;
    let Some(hold) = objects::find(tx, parent)? else { return Ok(()) };
    let held = hold.held.minor().saturating_sub(back.minor().saturating_sub(before)).max(0);
    let state = if held == 0 { ObjectState::Returned } else { ObjectState::PartlyHeld };
    let next = Object {
        held: Money::from_minor(held, hold.cap.asset()),
        state: if hold.state.is_in_force() { state } else { hold.state },
        changed_at: now,
        ..hold
    };
    Ok(objects::save(tx, &next)?)
}
