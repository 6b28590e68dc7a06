//! What is restricted goes on: within the law's own term, by an extension that it allows, or on another ground, such as
//! an arrest by a court. An extension is an order of its own, with a ground, approvers, a clock and an answer; what it makes
//! longer keeps its objects, notices and objections, so that nobody loses a right by it.

use access::{Action, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Money, Personal, Timestamp};
use legal_basis::Basis;
use profile::{AddresseeKind, Measure};
use uuid::Uuid;

use super::drafting::{Drafted, check, draft_under, part};
use crate::details::Details;
use crate::extending::{self, ExtendError, Further, Running, Terms};
use crate::model::{NewObject, NewOrder, Object, ObjectState, Order, OrderId, Status};
use crate::store::{self, delivery, objects};
use crate::{OrderError, law, measure, rules};

/// A ground on which a restriction can go on.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The basis, as it is in force now.
    pub basis: Basis,
    /// Whether it needs an act of a court or other body: each time it is gone on by it.
    pub by_act: bool,
    /// Till when, or why not.
    pub further: Result<Further, ExtendError>,
    /// Distinct approvers it asks for.
    pub approvers: usize,
}

/// What can go on of an order, and how.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// The order.
    pub order: Order,
    /// What of it is in force.
    pub objects: Vec<Object>,
    /// The grounds, its own first.
    pub all: Vec<Ground>,
    /// An extension that is drafted or not answered.
    pub underway: Option<OrderId>,
}

/// How a restriction could go on.
///
/// # Errors
/// Hidden or forbidden; nothing of it is in force.
pub async fn grounds(app: &App, actor: &Actor, id: OrderId) -> Result<Grounds, OrderError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db.read(move |tx| gather(tx, &me, &actor, id)).await
}

fn gather(tx: &mut Tx<'_>, app: &App, actor: &Actor, id: OrderId) -> Result<Grounds, OrderError> {
    let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
    access::require(actor, Action::ViewOrder, &Resource::new("order", id.uuid(), &order.header))?;
    access::require(actor, Action::DraftOrder, &Resource::any("order"))?;
    let objects = going_on(tx, &order)?;
    if objects.is_empty() || !measure::has_term(order.measure) {
        return Err(ExtendError::NothingInForce.into());
    }
    let (now, made) = (app.office.now(), Made::of(tx, &order)?);
    let own = made.basis.ok_or(OrderError::NoBasis)?;
    let mut all = Vec::new();
    for basis in candidates(tx, &order, own, now)? {
        let further = further(app, &order, &made, &basis, now);
        let by_act = basis.id != own.0 || is_by_act(&basis);
        all.push(Ground { by_act, approvers: law::needed(&basis), further, basis });
    }
    Ok(Grounds { underway: made.underway, order, objects, all })
}

fn going_on(tx: &mut Tx<'_>, order: &Order) -> Result<Vec<Object>, OrderError> {
    let all = objects::of_order(tx, order.id)?;
    Ok(all.into_iter().filter(|o| extending::goes_on(order.status, o.state)).collect())
}

/// The version of the order's own basis that is in force now, then those that speak of going on.
fn candidates(
    tx: &mut Tx<'_>,
    order: &Order,
    own: (Uuid, i64),
    now: Timestamp,
) -> Result<Vec<Basis>, OrderError> {
    let executor = partner::store::by_code(tx, &order.executor)?;
    let Some(addressee) = executor.and_then(|p| AddresseeKind::parse(&p.kind)) else {
        return Err(OrderError::NoRoute(order.executor.clone()));
    };
    let mut found: Vec<Basis> = Vec::new();
    for sought in [order.measure, Measure::Extension] {
        for basis in legal_basis::in_force(tx, sought, addressee, now)? {
            // What is kept is no property that a court could arrest.
            let other = sought == Measure::Extension && measure::restricts(order.measure);
            let fits = basis.id == own.0 || other;
            if fits && found.iter().all(|b| b.id != basis.id) {
                found.push(basis);
            }
        }
    }
    Ok(found)
}

/// Whether a basis is one on which something goes on by an act of its own, such as an arrest: it can be taken anew, by a new
/// act.
fn is_by_act(basis: &Basis) -> bool {
    basis.record.measures.contains(&Measure::Extension)
}

/// Whether what an order restricts goes on by an act of a court or another body, or is that act's extension itself.
pub(super) fn rests_on_an_act(tx: &mut Tx<'_>, order: &Order) -> Result<bool, OrderError> {
    let Some((id, version)) = order.header.basis else { return Ok(false) };
    if legal_basis::get(tx, id, version)?.is_some_and(|basis| is_by_act(&basis)) {
        return Ok(true);
    }
    let own = Some((id, version));
    Ok(Made::of(tx, order)?.basis.is_some_and(|basis| Some(basis) != own))
}

/// What was done so far to make an order go on.
#[derive(Debug)]
struct Made {
    /// The basis that it rests on now.
    basis: Option<(Uuid, i64)>,
    /// Since when it rests on it.
    since: Timestamp,
    /// Ends that extensions under that basis led to.
    ends: Vec<Timestamp>,
    /// One that is drafted, or that nobody has answered.
    underway: Option<OrderId>,
    /// How many orders there were.
    count: usize,
}

impl Made {
    fn of(tx: &mut Tx<'_>, order: &Order) -> Result<Self, OrderError> {
        let mut made = Self {
            basis: order.header.basis,
            since: order.requested_at,
            ends: Vec::new(),
            underway: None,
            count: 0,
        };
        for extension in store::extensions(tx, order.id)? {
            made.count += 1;
            match extension.status {
                Status::Cancelled => continue,
                Status::Drafted | Status::Sent | Status::Acknowledged => made.underway = Some(extension.id),
                Status::Answered | Status::Released | Status::Lapsed => {}
            }
            if !extension.has_left() || is_refused(tx, &extension)? {
                continue;
            }
            if extension.header.basis.map(|b| b.0) != made.basis.map(|b| b.0) {
                made.since = extension.requested_at;
                made.ends.clear();
            }
            made.basis = extension.header.basis;
            made.ends.push(extension.expires_at);
        }
        Ok(made)
    }

    /// Extensions of the law that were used: those that led past its own term.
    fn used(&self, own_end: Option<Timestamp>) -> u8 {
        let past = self.ends.iter().filter(|end| own_end.is_some_and(|own| **end > own)).count();
        u8::try_from(past).unwrap_or(u8::MAX)
    }
}

/// Whether the institution carries out nothing of an extension.
fn is_refused(tx: &mut Tx<'_>, extension: &Order) -> Result<bool, OrderError> {
    let all = objects::of_order(tx, extension.id)?;
    let refused = |s| {
        matches!(
            s,
            ObjectState::Refused
                | ObjectState::NotFound
                | ObjectState::NotConfirmed
                | ObjectState::Released
                | ObjectState::Lapsed
        )
    };
    Ok(!all.is_empty() && all.iter().all(|o| refused(o.state)))
}

fn further(
    app: &App,
    order: &Order,
    made: &Made,
    basis: &Basis,
    now: Timestamp,
) -> Result<Further, ExtendError> {
    let record = &basis.record;
    let terms = Terms { longest: record.max_term, extension: record.extension };
    let end_of = |at, term| app.profile.term_end(at, term);
    if made.basis.map(|b| b.0) != Some(basis.id) || is_by_act(basis) {
        return extending::on_another(terms, (order.ends_at(), now), end_of);
    }
    let own_end = terms.longest.map(|t| end_of(made.since, t));
    let run = Running { since: made.since, ends: order.ends_at(), used: made.used(own_end) };
    extending::next(terms, run, end_of)
}

/// Drafts an order by which everything of `id` that is in force goes on under the basis `ground`, for a reason, and by an
/// act of a court or other body where the ground is another.
///
/// # Errors
/// Hidden or forbidden; nothing is in force; no longer term; one is underway; no act.
pub async fn draft_extension(
    app: &App,
    actor: &Actor,
    id: OrderId,
    (ground, act): (Uuid, Option<String>),
    reason: &str,
) -> Result<Drafted, OrderError> {
    let (me, actor, reason) = (app.clone(), actor.clone(), reason.to_owned());
    app.db
        .write(move |tx| {
            tx.lock_row("orders", id.uuid())?;
            let found = gather(tx, &me, &actor, id)?;
            if found.underway.is_some() {
                return Err(ExtendError::Underway.into());
            }
            let chosen = found.all.iter().find(|g| g.basis.id == ground).ok_or(OrderError::NoBasis)?;
            let further = chosen.further?;
            let act = act.clone().map(|a| a.trim().to_owned()).filter(|a| !a.is_empty());
            if chosen.by_act && act.is_none() {
                return Err(ExtendError::NoAct.into());
            }
            let act = act.filter(|_| chosen.by_act);
            let now = me.office.now();
            let new = new_order(tx, &me, &found, act, &reason)?;
            let (kinds, cap) = check(&me, &new, now)?;
            let under = (chosen.basis.clone(), further.ends);
            let ruling = law::rule_extension(tx, &me, (&found.order, &kinds), under, now)?;
            draft_under(tx, &me, &actor, (&new, cap), ruling, now)
        })
        .await
}

fn new_order(
    tx: &mut Tx<'_>,
    app: &App,
    found: &Grounds,
    act: Option<String>,
    reason: &str,
) -> Result<NewOrder, OrderError> {
    let order = &found.order;
    let key = app.vault.subject(tx, order.report.uuid())?.ok_or(OrderError::Erased)?;
    let mut named = Vec::new();
    for object in &found.objects {
        named.push(NewObject {
            payment: None,
            parent: Some(object.id),
            kind: object.kind.clone(),
            value: objects::open(tx, object, &key)?.value,
            masked: object.masked.clone(),
            cap: Money::from_minor(0, object.cap.asset()),
            trigger: None,
            details: Some(Details::Extension { order: order.id.to_string(), act: act.clone() }),
        });
    }
    let count = store::extensions(tx, order.id)?.len();
    Ok(NewOrder {
        id: rules::order_id("extension", &format!("{} {count}", order.id)),
        measure: Measure::Extension,
        scope: order.scope,
        reason: Some(Personal::new(reason.chars().take(app::MAX_REASON_CHARS).collect())),
        report: order.report,
        report_number: order.report_number.clone(),
        hop: order.hop,
        executor: order.executor.clone(),
        objects: named,
        hold_back: None,
    })
}

/// The order whose restriction `extension` makes go on; `None` if it is no extension.
pub(super) fn original(tx: &mut Tx<'_>, extension: &Order) -> Result<Option<Order>, OrderError> {
    if extension.measure != Measure::Extension {
        return Ok(None);
    }
    let first = objects::of_order(tx, extension.id)?.into_iter().find_map(|o| o.parent);
    let Some(parent) = first else { return Err(OrderError::Objects) };
    let parent = objects::find(tx, parent)?.ok_or(OrderError::Objects)?;
    Ok(store::find(tx, parent.order)?)
}

/// As what a basis allows an extension of `measure`: as going on, or, where it knows no such thing, as the measure itself.
pub(super) fn measure_under(
    tx: &mut Tx<'_>,
    (id, version): (Uuid, i64),
    measure: Measure,
) -> Result<Measure, OrderError> {
    let basis = legal_basis::get(tx, id, version)?;
    let goes_on = basis.is_some_and(|b| b.record.measures.contains(&Measure::Extension));
    Ok(if goes_on { Measure::Extension } else { measure })
}

/// Judges a draft of an extension anew, by the law and the term of this moment.
pub(super) fn judge(
    tx: &mut Tx<'_>,
    app: &App,
    original: &Order,
    extension: &Order,
    now: Timestamp,
) -> Result<law::Ruling, OrderError> {
    let (id, _) = extension.header.basis.ok_or(OrderError::NoBasis)?;
    let made = Made::of(tx, original)?;
    let own = made.basis.ok_or(OrderError::NoBasis)?;
    let basis =
        candidates(tx, original, own, now)?.into_iter().find(|b| b.id == id).ok_or(OrderError::NoBasis)?;
    let further = further(app, original, &made, &basis, now)?;
    let objects = objects::of_order(tx, extension.id)?;
    // What was drafted before an objection was upheld, or before the institution's own end, names it still.
    let going: Vec<_> = going_on(tx, original)?.into_iter().map(|o| o.id).collect();
    if !objects.iter().all(|o| o.parent.is_some_and(|p| going.contains(&p))) {
        return Err(ExtendError::PartFreed.into());
    }
    let mut kinds: Vec<&str> = objects.iter().map(|o| o.kind.as_str()).collect();
    kinds.dedup();
    law::rule_extension(tx, app, (original, &kinds), (basis, further.ends), now)
}

/// An extension leaves: from now on the order ends when the extension says.
///
/// # Errors
/// What was to go on has ended.
pub(super) fn begin(tx: &mut Tx<'_>, app: &App, extension: &Order, now: Timestamp) -> Result<(), OrderError> {
    let order = original(tx, extension)?.ok_or(OrderError::Objects)?;
    tx.lock_row("orders", order.id.uuid())?;
    let order = store::find(tx, order.id)?.ok_or(OrderError::NotFound)?;
    if !order.status.is_open() || now >= order.ends_at() || going_on(tx, &order)?.is_empty() {
        return Err(ExtendError::NothingInForce.into());
    }
    moved(tx, app, &order, Some(extension.expires_at))
}

/// The end of an order moves, and with it the end of what waits to give back what it holds.
fn moved(tx: &mut Tx<'_>, app: &App, order: &Order, until: Option<Timestamp>) -> Result<(), OrderError> {
    store::extend(tx, order.id, until)?;
    super::returns::follow(tx, app, order.id)?;
    Ok(app.tell(tx, crate::EXTENDED, order.id.uuid(), serde_json::json!({"report": order.report}))?)
}

/// The basis on which an order stands now: its own, or that of the last extension that took effect.
pub(crate) fn basis_now(tx: &mut Tx<'_>, order: &Order) -> Result<Option<(Uuid, i64)>, OrderError> {
    if order.extended_until.is_none() { Ok(order.header.basis) } else { Ok(Made::of(tx, order)?.basis) }
}

/// An institution has answered about one object of an extension, whose state was `before`. Where it goes on from now on,
/// its holder is told till when; the same said again tells nobody anything.
pub(super) fn answered(
    tx: &mut Tx<'_>,
    app: &App,
    extension: &Order,
    (object, before): (&Object, ObjectState),
    now: Timestamp,
) -> Result<(), OrderError> {
    let Some(order) = original(tx, extension)?.filter(|o| o.status.is_open()) else { return Ok(()) };
    if object.state != ObjectState::Done {
        return undo(tx, app, extension);
    }
    let parent = object.parent.and_then(|p| objects::find(tx, p).transpose()).transpose()?;
    // What was freed meanwhile does not go on, whatever is said of it.
    let going = parent.filter(|p| extending::goes_on(order.status, p.state));
    match going.filter(|_| before != ObjectState::Done) {
        Some(parent) => super::notices::renew(tx, app, &order, &parent, now),
        None => Ok(()),
    }
}

/// Things of extended orders that no extension makes go on, since the institution refused it for them or the extension
/// never named them: they end when they would have, and the institution is told. Gives how many.
pub(super) fn lapse_parts(
    tx: &mut Tx<'_>,
    app: &App,
    now: Timestamp,
    most: i64,
) -> Result<usize, OrderError> {
    let mut ended = 0;
    for found in objects::left_behind(tx, now, most)? {
        tx.lock_row("orders", found.order.uuid())?;
        let Some(order) = store::find(tx, found.order)?.filter(|o| o.status.is_open()) else { continue };
        let Some(object) = objects::find(tx, found.id)?.filter(|o| o.state == found.state) else { continue };
        if measure::restricts(order.measure) && super::posting::by_machine(tx, &order)? {
            super::ending::tell_release(tx, app, &order, &object, crate::answer::Code::L60, 0, now)?;
        }
        super::ending::free(tx, &object, object.held, ObjectState::Lapsed, now)?;
        super::returns::drop_drafts(tx, app, object.id)?;
        if going_on(tx, &order)?.is_empty() {
            moved(tx, app, &order, None)?;
        }
        let facts = serde_json::json!({"object": object.id, "expires_at": order.expires_at.rfc3339()});
        let about = audit::Act::about("order.object_lapsed", "order", order.id.uuid());
        app.record(tx, &part(), &audit::Act { basis: order.header.basis, facts, ..about })?;
        app.tell(tx, crate::LAPSED, order.id.uuid(), serde_json::json!({"report": order.report}))?;
        ended += 1;
    }
    Ok(ended)
}

/// Of an extension that the office has taken back, or of which the institution carries out nothing, nothing is left: what
/// it made longer ends as it would have.
pub(super) fn undo(tx: &mut Tx<'_>, app: &App, extension: &Order) -> Result<(), OrderError> {
    let Some(order) = original(tx, extension)?.filter(|o| o.status.is_open()) else { return Ok(()) };
    if order.extended_until != Some(extension.expires_at) || !is_refused(tx, extension)? {
        return Ok(());
    }
    tx.lock_row("orders", order.id.uuid())?;
    let made = Made::of(tx, &order)?;
    let before = made.ends.iter().copied().max().filter(|end| *end > order.expires_at);
    moved(tx, app, &order, before)?;
    // Holders who were told of the later end are told of the earlier one.
    let order = store::find(tx, order.id)?.ok_or(OrderError::NotFound)?;
    let now = app.office.now();
    for object in going_on(tx, &order)? {
        if now < order.ends_at() {
            super::notices::renew(tx, app, &order, &object, now)?;
        }
    }
    Ok(())
}

/// An order has ended: what would have made it go on ends with it.
pub(super) fn end_with(tx: &mut Tx<'_>, app: &App, order: OrderId, now: Timestamp) -> Result<(), OrderError> {
    for extension in store::extensions(tx, order)? {
        let before = extension.status;
        let ended = match before {
            Status::Drafted => extension.cancel(now)?,
            Status::Sent | Status::Acknowledged | Status::Answered => extension.release(now)?,
            _ => continue,
        };
        store::save(tx, &ended, before)?;
        delivery::end_for(tx, ended.id)?;
        let verb = if before == Status::Drafted { "order.cancelled" } else { "order.released" };
        let facts = serde_json::json!({"why": "what was to go on has ended"});
        app.record(tx, &part(), &audit::Act { facts, ..audit::Act::about(verb, "order", ended.id.uuid()) })?;
        app.tell(tx, crate::RELEASED, ended.id.uuid(), serde_json::json!({"report": ended.report}))?;
    }
    Ok(())
}
