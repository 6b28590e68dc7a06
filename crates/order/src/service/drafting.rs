//! From a fact (a payment, a partner's answer) to an order: which law allows it, who must be asked, by
//! when, and whether a standing approval lets it go out at once.

use std::collections::BTreeSet;

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Money, Purpose, Timestamp};
use partner::notify::Topic;
use profile::{Measure, ObjectKind};
use serde_json::json;
use vault::SubjectKey;

use super::posting::{self, Says};
use super::sanction;
use super::sending::is_sanctioned;
use crate::approval::Sanctioned;
use crate::law;
use crate::model::{NewObject, NewOrder, Object, ObjectId, ObjectState, Order, OrderId, Status};
use crate::store;
use crate::store::objects::{self, SealedObject};
use crate::{OrderError, details, measure, outgoing};

/// What drafting came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drafted {
    /// It went out under a standing approval.
    Sent(OrderId),
    /// It waits for a person, who is told why.
    Waiting(OrderId),
    /// The same fact had led to this order before.
    Already(OrderId),
}

/// The part of the platform that drafts and sends under standing approvals.
pub(crate) fn part() -> Actor {
    Actor::system("orders")
}

/// Drafts one order in a running transaction, and sends it if a standing approval covers it.
///
/// # Errors
/// No basis in force, no route, erased report; the database's.
pub fn draft_in(tx: &mut Tx<'_>, app: &App, actor: &Actor, new: NewOrder) -> Result<Drafted, OrderError> {
    access::require(actor, access::Action::DraftOrder, &access::Resource::any("order"))?;
    if store::find(tx, new.id)?.is_some() {
        return Ok(Drafted::Already(new.id));
    }
    let now = app.office.now();
    let (kinds, cap) = check(app, &new, now)?;
    let ruling = law::rule(tx, app, new.asks(&kinds, cap), now)?;
    draft_under(tx, app, actor, (&new, cap), ruling, now)
}

/// Drafts what `ruling` was given about.
///
/// # Errors
/// Erased report; the database's.
pub(super) fn draft_under(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (new, cap): (&NewOrder, Money),
    ruling: law::Ruling,
    now: Timestamp,
) -> Result<Drafted, OrderError> {
    let key = app.vault.subject(tx, new.report.uuid())?.ok_or(OrderError::Erased)?;
    let mut order = order_of(app, actor, (new, cap), &ruling, now);
    if order.why_waiting.is_empty() {
        order.why_waiting = reserve(tx, app, new)?.unwrap_or_default().to_owned();
    }
    store::insert(tx, &order)?;
    if let Some(reason) = &new.reason {
        let sealed = key.seal(&app.entropy, outgoing::REASON, reason.open(Purpose::ExecuteOrder));
        store::set_reason(tx, order.id, &sealed)?;
    }
    for step in &ruling.steps {
        store::insert_step(tx, app.uuid(), order.id, step)?;
    }
    for named in &new.objects {
        objects::insert(tx, &sealed_object(app, new, named, &key, now))?;
    }
    let facts = json!({
        "measure": new.measure, "executor": new.executor, "gateway": order.gateway, "hop": new.hop,
        "cap_minor": order.cap.minor(), "asset": order.cap.asset().code(), "report": new.report_number,
        "objects": new.objects.len(), "waits": order.why_waiting,
    });
    let act =
        Act { basis: order.header.basis, facts, ..Act::about("order.drafted", "order", order.id.uuid()) };
    app.record(tx, actor, &act)?;
    app.tell(tx, crate::DRAFTED, order.id.uuid(), json!({"report": new.report}))?;
    match ruling.standing {
        Some(approval) if order.why_waiting.is_empty() => {
            let order = Order { approval: Some(approval), ..order };
            // No basis that wants a sanction lets a standing approval send.
            let sanctioned = sanction::standing(tx, &order, ruling.basis.record.prosecutor_sanction)?;
            send_in(tx, app, actor, order, (0, ruling.approvers), sanctioned, now)?;
            Ok(Drafted::Sent(new.id))
        }
        _ => Ok(Drafted::Waiting(new.id)),
    }
}

/// An objection about what the order names was upheld: a person looks before it is restricted again.
const CLEARED: &str = "cleared";
/// A list of what is never held against anybody protects what the order names.
const SPARED: &str = "spared";

/// Why an order waits for a person though its law and a standing approval would let it go out.
fn reserve(tx: &mut Tx<'_>, app: &App, new: &NewOrder) -> Result<Option<&'static str>, OrderError> {
    if measure::restricts(new.measure) {
        for named in &new.objects {
            let blind = app.vault.blind(&named.kind, named.value.open(Purpose::ExecuteOrder));
            let kind = identifier::Kind::parse(&named.kind);
            let value = named.value.open(Purpose::ExecuteOrder);
            let (cleared, spared) = match kind {
                Some(kind) => (
                    registry::service::is_cleared(tx, app, kind, value)?,
                    registry::service::is_spared(tx, app, kind, value)?,
                ),
                None => (false, false),
            };
            if spared {
                return Ok(Some(SPARED));
            }
            if cleared || objects::is_cleared(tx, blind)? {
                return Ok(Some(CLEARED));
            }
        }
    }
    Ok(super::owning::against(tx, app, new)?.why())
}

impl NewOrder {
    /// As the law looks at it.
    fn asks<'a>(&'a self, kinds: &'a [&'a str], cap: Money) -> law::Asks<'a> {
        law::Asks {
            measure: self.measure,
            scope: self.scope,
            reasoned: self.reason.is_some(),
            executor: &self.executor,
            kinds,
            cap,
            hop: self.hop,
        }
    }
}

/// Whether an order may name what it names; gives the kinds of its objects, each once, and the sum
/// over them.
pub(super) fn check<'a>(
    app: &App,
    new: &'a NewOrder,
    now: Timestamp,
) -> Result<(Vec<&'a str>, Money), OrderError> {
    let most = app.profile.limits(now).map_or(1, |l| usize::try_from(l.max_objects).unwrap_or(usize::MAX));
    let Some(first) = new.objects.first() else { return Err(OrderError::Objects) };
    if new.objects.len() > most.max(1) {
        return Err(OrderError::Objects);
    }
    let (mut kinds, mut sum): (Vec<&str>, i64) = (Vec::new(), 0);
    for object in &new.objects {
        let kind = ObjectKind::parse(&object.kind).ok_or(OrderError::Objects)?;
        let money = measure::is_about_money(new.measure);
        let fits = measure::can_name(new.measure, kind)
            && object.cap.asset() == first.cap.asset()
            && object.cap.is_positive() == money;
        if !fits {
            return Err(OrderError::Objects);
        }
        let named = identifier::Kind::parse(&object.kind).filter(|_| measure::restricts(new.measure));
        let value = object.value.open(Purpose::ExecuteOrder);
        if let Some(kept) = named.and_then(|kind| super::suppress::kept_from(app, &[], kind, value)) {
            return Err(kept);
        }
        details::check(new.measure, &object.kind, object.details.as_ref())?;
        sum = sum.checked_add(object.cap.minor()).ok_or(OrderError::Objects)?;
        if !kinds.contains(&object.kind.as_str()) {
            kinds.push(&object.kind);
        }
    }
    Ok((kinds, Money::from_minor(sum, first.cap.asset())))
}

fn order_of(
    app: &App,
    actor: &Actor,
    (new, cap): (&NewOrder, Money),
    ruling: &law::Ruling,
    now: Timestamp,
) -> Order {
    let mut header = app.header(actor, ruling.lang.clone(), "order");
    header.basis = Some(ruling.basis.pair());
    let why_waiting = new.hold_back.clone().or_else(|| ruling.why_waiting.clone()).unwrap_or_default();
    Order {
        id: new.id,
        header,
        report: new.report,
        report_number: new.report_number.clone(),
        measure: new.measure,
        scope: new.scope,
        executor: new.executor.clone(),
        gateway: ruling.gateway.clone(),
        hop: new.hop,
        cap,
        requested_at: now,
        ack_due: ruling.ack_due,
        action_due: ruling.action_due,
        expires_at: ruling.expires_at,
        extended_until: None,
        status: Status::Drafted,
        why_waiting,
        approval: None,
        sent_at: None,
        acknowledged_at: None,
        answered_at: None,
        escalated_at: None,
        ended_at: None,
    }
}

fn sealed_object(
    app: &App,
    new: &NewOrder,
    named: &NewObject,
    key: &SubjectKey,
    now: Timestamp,
) -> SealedObject {
    let object = Object {
        id: ObjectId::from_uuid(app.uuid()),
        order: new.id,
        report: new.report,
        payment: named.payment,
        parent: named.parent,
        kind: named.kind.clone(),
        masked: named.masked.clone(),
        cap: named.cap,
        state: ObjectState::Asked,
        held: Money::from_minor(0, named.cap.asset()),
        held_at: None,
        keep: None,
        changed_at: now,
    };
    let value = named.value.open(Purpose::ExecuteOrder);
    SealedObject {
        object,
        value: key.seal(&app.entropy, "object", value),
        blind: app.vault.blind(&named.kind, value),
        trigger: key.seal(
            &app.entropy,
            "trigger",
            &serde_json::to_string(&named.trigger).unwrap_or_default(),
        ),
        details: named
            .details
            .as_ref()
            .map(|d| key.seal(&app.entropy, "details", &serde_json::to_string(d).unwrap_or_default())),
    }
}

/// Sends an order in a running transaction: state, message on its way, record, news.
///
/// # Errors
/// Too few approvers; not a draft; the database's.
pub(crate) fn send_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    order: Order,
    (approvers, needed): (usize, usize),
    sanctioned: Sanctioned,
    now: Timestamp,
) -> Result<Order, OrderError> {
    if !is_sanctioned(sanctioned) {
        return Err(OrderError::Unsanctioned);
    }
    match order.measure {
        Measure::Return => super::returns::backed(tx, &order)?,
        Measure::Extension => super::extending::begin(tx, app, &order, now)?,
        Measure::Delisting => super::listing::end_listing(tx, app, actor, &order, now)?,
        _ => {}
    }
    let before = order.status;
    let order = order.send(approvers, needed, now)?;
    store::save(tx, &order, before)?;
    let message = posting::post(tx, app, &order, Says::whole(Topic::Order, &order), now)?;
    let facts = json!({
        "measure": order.measure, "executor": order.executor, "gateway": order.gateway, "message": message,
        "cap_minor": order.cap.minor(),
        "asset": order.cap.asset().code(), "hop": order.hop, "expires_at": order.expires_at.rfc3339(),
    });
    let act = Act {
        basis: order.header.basis,
        approval: order.approval,
        purpose: Some(Purpose::ExecuteOrder),
        facts,
        ..Act::about("order.sent", "order", order.id.uuid())
    };
    app.record(tx, actor, &act)?;
    app.tell(tx, crate::SENT, order.id.uuid(), json!({"report": order.report}))?;
    Ok(order)
}

/// What a victim has told of as their own is never restricted, whoever names it: also if they come after the draft.
pub(crate) fn unless_of_victim(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    objects: &[Object],
) -> Result<(), OrderError> {
    let Some(key) = app.vault.subject(tx, order.report.uuid())? else { return Ok(()) };
    for object in objects {
        let kind = match object.kind.as_str() {
            "person" => Some(identifier::Kind::Iin),
            kind => identifier::Kind::parse(kind),
        };
        let Some(kind) = kind else { continue };
        let value = objects::open(tx, object, &key)?.value;
        let seen = identifier::named_in(tx, &app.vault, kind, value.open(Purpose::ExecuteOrder))?;
        if seen.as_reporter > 0 {
            return Err(OrderError::OfVictim);
        }
    }
    Ok(())
}

/// Judges a draft anew: by the law, the clocks and the routes of this moment, and for `cap` if that is less
/// than it asks. Under another basis, or another version of it, approvals given before count no more.
///
/// # Errors
/// No basis in force, no route; not a draft; the database's.
pub(crate) fn redraft(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    order: Order,
    cap: Money,
    now: Timestamp,
) -> Result<(Order, law::Ruling), OrderError> {
    let objects = objects::of_order(tx, order.id)?;
    let kinds: BTreeSet<&str> = objects.iter().map(|o| o.kind.as_str()).collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let asks = law::Asks {
        measure: order.measure,
        scope: order.scope,
        reasoned: store::reason(tx, order.id)?.is_some(),
        executor: &order.executor,
        kinds: &kinds,
        cap,
        hop: order.hop,
    };
    let extended = super::extending::original(tx, &order)?;
    let ruling = match &extended {
        Some(original) => super::extending::judge(tx, app, original, &order, now)?,
        None => law::rule(tx, app, asks, now)?,
    };
    // Held money can be given back only while it is held.
    let held_until = super::returns::held_until(tx, order.id)?.filter(|_| order.measure == Measure::Return);
    let ruling = law::Ruling {
        expires_at: held_until.map_or(ruling.expires_at, |ends| ruling.expires_at.min(ends)),
        ..ruling
    };
    if measure::bars_victims(extended.as_ref().map_or(order.measure, |o| o.measure)) {
        unless_of_victim(tx, app, &order, &objects)?;
    }
    let was = order.header.basis;
    let mut next = Order {
        cap,
        gateway: ruling.gateway.clone(),
        requested_at: now,
        ack_due: ruling.ack_due,
        action_due: ruling.action_due,
        expires_at: ruling.expires_at,
        ..order
    };
    next.header.basis = Some(ruling.basis.pair());
    next.header.profile_version = app.header(actor, ruling.lang.clone(), "order").profile_version;
    store::redraft(tx, &next)?;
    store::clear_steps(tx, next.id)?;
    for step in &ruling.steps {
        store::insert_step(tx, app.uuid(), next.id, step)?;
    }
    // Only an order about one thing is ever lowered as a whole.
    if let [object] = objects.as_slice() {
        objects::lower_cap(tx, object.id, cap)?;
    }
    if was != next.header.basis {
        store::clear_approvals(tx, next.id)?;
        let facts = json!({"was": was.map(|(id, version)| format!("{id}@{version}"))});
        let act = Act {
            basis: next.header.basis,
            facts,
            ..Act::about("order.basis_changed", "order", next.id.uuid())
        };
        app.record(tx, actor, &act)?;
    }
    Ok((next, ruling))
}

/// What a draft may ask for has become less, because of what partners said meanwhile: it is lowered, or
/// taken back where nothing is left.
///
/// # Errors
/// No basis in force, no route; the database's.
pub fn lower_draft_in(tx: &mut Tx<'_>, app: &App, id: OrderId, most: Money) -> Result<(), OrderError> {
    let Some(order) = store::find(tx, id)?.filter(|o| o.status == Status::Drafted) else { return Ok(()) };
    if most.minor() >= order.cap.minor() {
        return Ok(());
    }
    let (now, report, before) = (app.office.now(), order.report, order.cap);
    let facts = json!({
        "cap_minor": most.minor().max(0), "was_minor": before.minor(), "asset": before.asset().code(),
    });
    if most.is_positive() {
        redraft(tx, app, &part(), order, most, now)?;
        app.record(tx, &part(), &Act { facts, ..Act::about("order.lowered", "order", id.uuid()) })?;
    } else {
        let cancelled = order.cancel(now)?;
        store::save(tx, &cancelled, Status::Drafted)?;
        app.record(tx, &part(), &Act { facts, ..Act::about("order.cancelled", "order", id.uuid()) })?;
    }
    Ok(app.tell(tx, crate::DRAFTED, id.uuid(), json!({"report": report}))?)
}
