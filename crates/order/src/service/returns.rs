//! Held money goes back to whom it was taken from. Several victims can have a claim on one account: they share in
//! proportion, and each return is an order of its own with the prosecutor's sanction where the law wants one.

use access::{Action, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Money, Personal, Purpose, Timestamp};
use profile::{Measure, Scope};
use report::{Payment, ReportId};
use serde_json::json;

use super::drafting::{Drafted, draft_in};
use super::views::OrderView;
use crate::claims::{draw, pro_rata};
use crate::details::Details;
use crate::model::{NewObject, NewOrder, Object, ObjectId, Order, OrderId, Status};
use crate::store::{self, objects};
use crate::{OrderError, law, rules};

/// A victim's claim on the money held on one account.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The hold through which it is made.
    pub hold: ObjectId,
    /// The victim's report.
    pub report: ReportId,
    /// Its number.
    pub number: String,
    /// Disputed sum that came to this account.
    pub claim: Money,
    /// Its part of what is held.
    pub share: Money,
    /// The victim's institution and account, masked; `None` where the victim has not told them.
    pub to: Option<(String, String)>,
    /// The last order that returns it, if one was drafted.
    pub order: Option<(OrderId, Status)>,
    /// Whether that order is on its way; if not, what is left can be ordered anew.
    pub live: bool,
}

/// Everybody with a claim on one account.
#[derive(Debug, Clone)]
pub struct Claims {
    /// Who holds it.
    pub executor: String,
    /// The account, masked.
    pub masked: String,
    /// Held there now under all orders of the office, less what was given back.
    pub held: Money,
    /// Claims, by hold.
    pub all: Vec<Claim>,
}

/// What one claim draws on: hold and amount.
type Drawn = Vec<(Object, Money)>;

/// Who has a claim on the account that a hold names, and how much each would get back.
///
/// # Errors
/// Hidden or forbidden; the database's.
pub async fn claims(app: &App, actor: &Actor, hold: ObjectId) -> Result<Claims, OrderError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let object = may_see(tx, &actor, hold)?;
            Ok(gather(tx, &me, &object)?.0)
        })
        .await
}

fn may_see(tx: &mut Tx<'_>, actor: &Actor, hold: ObjectId) -> Result<Object, OrderError> {
    let object = objects::find(tx, hold)?.ok_or(OrderError::NotFound)?;
    let order = store::find(tx, object.order)?.ok_or(OrderError::NotFound)?;
    let resource = Resource::new("order", order.id.uuid(), &order.header);
    access::require(actor, Action::ViewOrder, &resource)?;
    if order.measure == Measure::Hold { Ok(object) } else { Err(OrderError::NothingToReturn) }
}

fn gather(tx: &mut Tx<'_>, app: &App, object: &Object) -> Result<(Claims, Vec<Drawn>), OrderError> {
    let executor = store::find(tx, object.order)?.map(|o| o.executor).unwrap_or_default();
    let asset = object.cap.asset();
    let all: Vec<Object> =
        objects::claims(tx, object.id)?.into_iter().filter(|o| o.cap.asset() == asset).collect();
    // What was given back has left `held` already; what is on its way back is spoken for.
    let mut pots = Vec::with_capacity(all.len());
    let mut tried = Vec::with_capacity(all.len());
    let mut claimed = Vec::with_capacity(all.len());
    for o in &all {
        pots.push(o.held.minor().saturating_sub(objects::reserved(tx, o.id)?).max(0));
        let attempts = Attempts::of(tx, o)?;
        claimed.push(if attempts.live() {
            0
        } else {
            o.cap.minor().saturating_sub(attempts.received).max(0)
        });
        tried.push(attempts);
    }
    let pot: i64 = pots.iter().fold(0_i64, |sum, p| sum.saturating_add(*p));
    let parts = pro_rata(pot, &claimed);
    let mut drawn: Vec<Drawn> = vec![Vec::new(); all.len()];
    for (claim, from, amount) in draw(&pots, &parts) {
        if let (Some(list), Some(hold)) = (drawn.get_mut(claim), all.get(from)) {
            list.push((hold.clone(), Money::from_minor(amount, asset)));
        }
    }
    let mut claims = Vec::with_capacity(all.len());
    for ((o, attempts), share) in all.iter().zip(tried).zip(&parts) {
        let number = store::find(tx, o.order)?.map(|order| order.report_number).unwrap_or_default();
        let payment = victim_payment(tx, app, o)?;
        let live = attempts.last.as_ref().filter(|_| attempts.live());
        let share = live.map_or(*share, |order| order.cap.minor());
        claims.push(Claim {
            hold: o.id,
            report: o.report,
            number,
            claim: Money::from_minor(o.cap.minor().saturating_sub(attempts.received).max(0), asset),
            share: Money::from_minor(share, asset),
            live: live.is_some(),
            to: payment
                .and_then(|p| own_account(&p))
                .map(|(to, kind, value)| (to, report::rules::mask(&kind, &value))),
            order: attempts.last.as_ref().map(|order| (order.id, order.status)),
        });
    }
    let held = all.iter().fold(0_i64, |sum, o| sum.saturating_add(o.held.minor()));
    let held = Money::from_minor(held, asset);
    Ok((Claims { executor, masked: object.masked.clone(), held, all: claims }, drawn))
}

/// The orders that a claim has led to, one after the other.
struct Attempts {
    count: usize,
    last: Option<Order>,
    /// What they have given back, smallest units.
    received: i64,
}

impl Attempts {
    /// Most that are made for one claim.
    const MOST: usize = 20;

    fn of(tx: &mut Tx<'_>, hold: &Object) -> Result<Self, OrderError> {
        let mut all = Self { count: 0, last: None, received: 0 };
        while all.count < Self::MOST {
            let Some(order) = store::find(tx, return_id(hold, all.count))? else { break };
            for object in objects::of_order(tx, order.id)? {
                all.received = all.received.saturating_add(objects::returned_by(tx, object.id)?);
            }
            all.count += 1;
            all.last = Some(order);
        }
        Ok(all)
    }

    fn live(&self) -> bool {
        let status = self.last.as_ref().map(|order| order.status);
        matches!(status, Some(Status::Drafted | Status::Sent | Status::Acknowledged))
            || self.count >= Self::MOST
    }
}

/// The order by which one hold's claim gets its share. Pressed twice it is one order; once it has ended without paying
/// all of the claim, the next attempt is another.
fn return_id(hold: &Object, attempt: usize) -> OrderId {
    match attempt {
        0 => rules::order_id("return", &hold.id.to_string()),
        n => rules::order_id("return", &format!("{} {n}", hold.id)),
    }
}

/// The payment of the victim behind a hold: the one that it begins with, else the first that tells an account.
fn victim_payment(tx: &mut Tx<'_>, app: &App, hold: &Object) -> Result<Option<Payment>, OrderError> {
    let full = match report::service::load(tx, app, &super::drafting::part(), hold.report) {
        Ok(full) => full,
        Err(report::ReportError::Erased | report::ReportError::NotFound) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let told = || full.payments.iter().filter(|p| own_account(p).is_some());
    let own = told().find(|p| Some(p.id) == hold.payment);
    Ok(own.or_else(|| told().next()).cloned())
}

/// Institution, kind and number of the account that the victim paid from. By four digits nobody can be paid.
fn own_account(payment: &Payment) -> Option<(String, String, String)> {
    let value = payment.own_account.as_ref()?.open(Purpose::ExecuteOrder).clone();
    (value.len() > 4)
        .then(|| (payment.own_institution.clone(), rules::account_kind(&value).to_owned(), value))
}

/// Drafts an order of return for every claim on the account of `hold` that gets a part, that has no such order yet
/// and whose account is known. Gives the orders and how many claims were left out.
///
/// # Errors
/// Hidden or forbidden; nothing is held; no basis allows it; the database's.
pub async fn draft_returns(
    app: &App,
    actor: &Actor,
    hold: ObjectId,
) -> Result<(Vec<Drafted>, usize), OrderError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let object = may_see(tx, &actor, hold)?;
            // Two who press at once share the same money one after the other.
            for other in objects::claims(tx, object.id)? {
                tx.lock_row("order_object", other.id.uuid())?;
            }
            let (claims, drawn) = gather(tx, &me, &object)?;
            if !claims.held.is_positive() {
                return Err(OrderError::NothingToReturn);
            }
            let (mut drafted, mut left) = (Vec::new(), 0);
            for (claim, from) in claims.all.iter().zip(drawn) {
                if claim.live || from.is_empty() {
                    continue;
                }
                match new_return(tx, &me, (&claims.executor, claim), &object, from)? {
                    Some(new) => drafted.push(draft_in(tx, &me, &actor, new)?),
                    None => left += 1,
                }
            }
            Ok((drafted, left))
        })
        .await
}

fn new_return(
    tx: &mut Tx<'_>,
    app: &App,
    (executor, claim): (&str, &Claim),
    account: &Object,
    from: Drawn,
) -> Result<Option<NewOrder>, OrderError> {
    let Some(own) = objects::find(tx, claim.hold)? else { return Ok(None) };
    let payment = victim_payment(tx, app, &own)?;
    let Some((to_institution, to_kind, to_value)) = payment.as_ref().and_then(own_account) else {
        return Ok(None);
    };
    // The account is the same in every hold on it; whichever report's key is there opens it.
    let Some(key) = app.vault.subject(tx, account.report.uuid())? else { return Ok(None) };
    let value = objects::open(tx, account, &key)?.value;
    let named = |(parent, amount): (Object, Money)| NewObject {
        payment: own.payment,
        parent: Some(parent.id),
        kind: account.kind.clone(),
        value: value.clone(),
        masked: account.masked.clone(),
        cap: amount,
        trigger: None,
        details: Some(Details::Return {
            to_institution: to_institution.clone(),
            to_kind: to_kind.clone(),
            to_value: to_value.clone(),
        }),
    };
    Ok(Some(NewOrder {
        id: return_id(&own, Attempts::of(tx, &own)?.count),
        measure: Measure::Return,
        scope: Scope::AmountOnly,
        reason: None::<Personal<String>>,
        report: claim.report,
        report_number: claim.number.clone(),
        hop: 0,
        executor: executor.to_owned(),
        objects: from.into_iter().map(named).collect(),
        hold_back: None,
    }))
}

/// When the first of the holds ends that an order gives back from; `None` if it gives nothing back.
pub(crate) fn held_until(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<Timestamp>, OrderError> {
    Ok(objects::held_until(tx, order)?)
}

/// Orders to give back out of an order that are drafted or on their way: its end would be theirs.
///
/// # Errors
/// The database's.
pub async fn returns_out_of(app: &App, hold: &OrderView) -> Result<Vec<Order>, OrderError> {
    let id = hold.order.id;
    let mut all = app.db.read(move |tx| Ok::<_, OrderError>(store::returns_out_of(tx, id)?)).await?;
    all.retain(|o| o.status != Status::Answered);
    Ok(all)
}

/// The end of a hold has moved: what gives back from it, and is drafted or on its way, ends by its own term, but never
/// after the hold.
pub(super) fn follow(tx: &mut Tx<'_>, app: &App, hold: OrderId) -> Result<(), OrderError> {
    for order in store::returns_out_of(tx, hold)? {
        let Some((basis, version)) = order.header.basis else { continue };
        let Some(basis) = legal_basis::get(tx, basis, version)? else { continue };
        let Some((_, _, own)) = law::clocks(app, order.measure, &basis, order.requested_at) else { continue };
        let end = held_until(tx, order.id)?.map_or(own, |held| own.min(held));
        if end != order.expires_at {
            store::set_end(tx, order.id, end)?;
        }
    }
    Ok(())
}

/// Whether every hold that an order gives back from still holds what it takes.
///
/// # Errors
/// [`OrderError::NothingToReturn`].
pub(crate) fn backed(tx: &mut Tx<'_>, order: &Order) -> Result<(), OrderError> {
    for object in objects::of_order(tx, order.id)? {
        let Some(hold) = object.parent else { return Err(OrderError::NothingToReturn) };
        tx.lock_row("order_object", hold.uuid())?;
        let hold = objects::find(tx, hold)?.ok_or(OrderError::NothingToReturn)?;
        let open = store::find(tx, hold.order)?.is_some_and(|o| o.status.is_open());
        if !open || hold.held.minor() < object.cap.minor() {
            return Err(OrderError::NothingToReturn);
        }
    }
    Ok(())
}

/// A hold has ended or holds less: drafts that would give back more than is left are taken back.
pub(crate) fn drop_drafts(tx: &mut Tx<'_>, app: &App, hold: ObjectId) -> Result<(), OrderError> {
    let Some(held) = objects::find(tx, hold)? else { return Ok(()) };
    for id in objects::return_drafts(tx, hold)? {
        let Some(order) = store::find(tx, id)?.filter(|o| o.status == Status::Drafted) else { continue };
        let wanted = objects::of_order(tx, id)?.into_iter().filter(|o| o.parent == Some(hold));
        let wanted = wanted.fold(0_i64, |sum, o| sum.saturating_add(o.cap.minor()));
        let open = store::find(tx, held.order)?.is_some_and(|o| o.status.is_open());
        if open && held.held.minor() >= wanted {
            continue;
        }
        let order = order.cancel(app.office.now())?;
        store::save(tx, &order, Status::Drafted)?;
        let facts = json!({"why": "the money is not held any more"});
        let act = Act { facts, ..Act::about("order.cancelled", "order", id.uuid()) };
        app.record(tx, &super::drafting::part(), &act)?;
        app.tell(tx, crate::RELEASED, id.uuid(), json!({"report": order.report}))?;
    }
    Ok(())
}
