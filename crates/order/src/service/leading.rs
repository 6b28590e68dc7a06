//! What happens leads to orders: a report that came in, a bank that knows nothing, a number that has gone to another
//! operator.

use app::App;
use audit::Act;
use db::{DbError, Tx, outbox};
use kernel::{Money, Personal, Purpose};
use profile::{Measure, Scope};
use report::service::Full;
use report::{Payment, ReportId};
use serde_json::json;

use super::drafting::{Drafted, draft_in, lower_draft_in, part, unless_of_victim};
use crate::answer::Code;
use crate::model::{
    Client, Direction, NewObject, NewOrder, ObjectId, ObjectState, Order, OrderId, Status, Trigger,
};
use crate::payer::Told;
use crate::store::{self, answers, objects};
use crate::{OrderError, rules};

/// A report came in, or told more: every payment that has no order yet gets one.
///
/// # Errors
/// The database's; what the law or the routes do not allow becomes a note in the record, not an error,
/// since a report must never be lost for want of an order.
pub fn on_report_event(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), OrderError> {
    let id = ReportId::from_uuid(event.subject);
    let full = match report::service::load(tx, app, &part(), id) {
        Ok(full) => full,
        Err(report::ReportError::Erased | report::ReportError::NotFound) => return Ok(()),
        Err(e) => return Err(e.into()),
    };
    if full.report.withdrawn_at.is_some() {
        return Ok(());
    }
    let partners = partner::store::all(tx)?;
    for payment in &full.payments {
        let Some(new) = first_order(&Of { full: &full, payment, partners: &partners }) else {
            note(tx, app, id, payment, why_nobody(payment, &partners))?;
            continue;
        };
        if is_decided(tx, payment, &new)? {
            continue;
        }
        let order = new.id;
        match draft_in(tx, app, &part(), new) {
            Ok(_) => take_place(tx, app, payment, order)?,
            Err(e) if e.is_no_way() => note(tx, app, id, payment, kernel::Coded::code(&e))?,
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

fn note(tx: &mut Tx<'_>, app: &App, report: ReportId, payment: &Payment, why: &str) -> Result<(), DbError> {
    let facts = json!({"payment": payment.id, "why": why});
    app.record(tx, &part(), &Act { facts, ..Act::about("order.not_drafted", "report", report.uuid()) })?;
    app.tell(tx, crate::NOT_DRAFTED, report.uuid(), json!({"payment": payment.id, "why": why}))
}

/// The payer was not known when the payment was told, and a draft waits for a person. Once the payer is known the order
/// that goes by itself takes its place, unless a person has decided: what was sent has been asked, and what was taken
/// back does not come again by another telling.
fn is_decided(tx: &mut Tx<'_>, payment: &Payment, new: &NewOrder) -> Result<bool, OrderError> {
    let (named, waiting) = (first_id(NAMED, payment), first_id(UNNAMED, payment));
    if new.id == waiting {
        // Somebody corrected the payer away again: the order that has gone stands.
        return Ok(store::find(tx, named)?.is_some());
    }
    Ok(store::find(tx, waiting)?.is_some_and(|o| o.has_left() || o.status == Status::Cancelled))
}

/// Takes back the draft that waited for the payer, now that there is the order that names them.
fn take_place(tx: &mut Tx<'_>, app: &App, payment: &Payment, drafted: OrderId) -> Result<(), OrderError> {
    if drafted == first_id(NAMED, payment) {
        let none = Money::from_minor(0, payment.amount.asset());
        lower_draft_in(tx, app, first_id(UNNAMED, payment), none)?;
    }
    Ok(())
}

fn first_id(fact: &str, payment: &Payment) -> OrderId {
    rules::order_id(fact, &payment.id.to_string())
}

/// The institution of one side does not know of the payment: that of the other `side` is asked, the payer's to stop
/// it or to say where it went, the receiver's to hold what came in. `None` where it is not known, takes no part,
/// or has nothing to go by. Where it could not tell whose payment it is, a person looks first.
///
/// # Errors
/// The database's.
pub fn ask_other_bank_in(
    tx: &mut Tx<'_>,
    app: &App,
    full: &Full,
    payment: &Payment,
    side: Direction,
    (parent, cap): (ObjectId, Money),
) -> Result<Option<Drafted>, OrderError> {
    let partners = partner::store::all(tx)?;
    let of = Of { full, payment, partners: &partners };
    let (new, kind) = match side {
        Direction::Out => (payers_bank(&of), "payer"),
        Direction::In => (receivers_bank(&of), "receiver"),
    };
    let Some(mut new) = new else { return Ok(None) };
    new.id = rules::order_id(kind, &payment.id.to_string());
    new.hold_back = of.told().must_wait(side).then(|| PAYER_UNKNOWN.to_owned());
    for object in &mut new.objects {
        object.parent = Some(parent);
        if cap.minor() < object.cap.minor() {
            object.cap = cap;
        }
    }
    match draft_in(tx, app, &part(), new) {
        Ok(drafted) => Ok(Some(drafted)),
        Err(e) if e.is_no_way() => {
            note(tx, app, payment.report, payment, kernel::Coded::code(&e))?;
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// Why a draft waits: nobody could say whether the payment is the reporter's.
const PAYER_UNKNOWN: &str = "payer_unknown";
/// Facts behind the ids of first orders: where the payer is known, and where a person looks first.
const NAMED: &str = "payment";
const UNNAMED: &str = "payment of nobody";

/// A payment, the report that tells of it, and who takes part.
struct Of<'a> {
    full: &'a Full,
    payment: &'a Payment,
    partners: &'a [partner::Partner],
}

impl Of<'_> {
    fn told(&self) -> Told<'_> {
        let p = self.payment;
        let (own, to) = (p.own_institution.as_str(), p.to_institution.as_str());
        Told {
            account: p.own_account.as_ref().map(|a| rules::account_kind(a.open(Purpose::ExecuteOrder))),
            to: p.to.is_some().then_some(p.to_kind.as_str()),
            client: self.client().is_some(),
            payers: is_active(self.partners, own),
            receivers: is_active(self.partners, to),
            same: !own.is_empty() && own == to,
        }
    }

    /// What the reporter left by which an institution finds its client.
    fn client(&self) -> Option<Client> {
        let reporter = self.full.told.reporter.open(Purpose::ExecuteOrder);
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let client = Client { iin: some(&reporter.iin), phone: some(&reporter.phone) };
        (client.iin.is_some() || client.phone.is_some()).then_some(client)
    }
}

/// The order that a payment leads to. Where the receiving account's institution is known and can tell the reporter's
/// payment from others it is asked to hold what came in; else the payer's own institution is asked to stop the payment or to say
/// where it went. Where neither could tell whose payment it is, a person looks first.
fn first_order(of: &Of<'_>) -> Option<NewOrder> {
    let (side, waits) = of.told().first()?;
    let mut new = match side {
        Direction::In => receivers_bank(of),
        Direction::Out => payers_bank(of),
    }?;
    if waits {
        new.hold_back = Some(PAYER_UNKNOWN.to_owned());
        new.id = first_id(UNNAMED, of.payment);
    }
    Some(new)
}

/// The order to the receiver's institution.
fn receivers_bank(of: &Of<'_>) -> Option<NewOrder> {
    let payment = of.payment;
    let to = payment.to.clone().filter(|_| is_active(of.partners, &payment.to_institution))?;
    let object = (payment.to_kind.clone(), to, payment.to_masked.clone());
    Some(about(of, &payment.to_institution, object, (Direction::In, 1)))
}

/// The order to the payer's own bank: by the payer's account, or, where the victim did not tell it, by the
/// receiver.
fn payers_bank(of: &Of<'_>) -> Option<NewOrder> {
    let payment = of.payment;
    if !is_active(of.partners, &payment.own_institution) {
        return None;
    }
    let own = payment.own_account.clone().map(|a| {
        let kind = rules::account_kind(a.open(Purpose::ExecuteOrder)).to_owned();
        let masked = report::rules::mask(&kind, a.open(Purpose::ExecuteOrder));
        (kind, a, masked)
    });
    let far = payment.to.clone().map(|t| (payment.to_kind.clone(), t, payment.to_masked.clone()));
    Some(about(of, &payment.own_institution, own.or(far)?, (Direction::Out, 0)))
}

fn is_active(partners: &[partner::Partner], code: &str) -> bool {
    partners.iter().any(|p| p.takes_orders() && p.code == code)
}

/// Why nobody is asked about a payment: who would be is on trial, or not known.
fn why_nobody(payment: &Payment, partners: &[partner::Partner]) -> &'static str {
    let sides = [&payment.to_institution, &payment.own_institution];
    let on_trial = |p: &partner::Partner| p.active && !p.takes_orders() && sides.contains(&&p.code);
    if partners.iter().any(on_trial) { "order.in_test" } else { "order.no_addressee" }
}

/// An order about one payment.
fn about(
    of: &Of<'_>,
    executor: &str,
    (kind, value, masked): (String, Personal<String>, String),
    (direction, hop): (Direction, i64),
) -> NewOrder {
    let payment = of.payment;
    let open = |p: &Option<Personal<String>>| p.as_ref().map(|p| p.open(Purpose::ExecuteOrder).clone());
    let object = NewObject {
        payment: Some(payment.id),
        parent: None,
        masked: if masked.is_empty() {
            report::rules::mask(&kind, value.open(Purpose::ExecuteOrder))
        } else {
            masked
        },
        kind,
        value,
        cap: payment.amount,
        trigger: Some(Trigger {
            amount_minor: payment.amount.minor(),
            asset: payment.amount.asset(),
            at: payment.when.earliest,
            reference: open(&payment.reference),
            from_institution: (!payment.own_institution.is_empty()).then(|| payment.own_institution.clone()),
            from_account: open(&payment.own_account),
            // Nobody but the institution whose client it is hears who reported.
            from_client: of.client().filter(|_| executor == payment.own_institution),
            direction,
            because: String::new(),
        }),
        details: None,
    };
    NewOrder {
        id: first_id(NAMED, payment),
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        reason: None,
        report: payment.report,
        report_number: of.full.report.number.clone(),
        hop,
        executor: executor.to_owned(),
        objects: vec![object],
        hold_back: None,
    }
}

/// A partner answered that a number has gone to another institution: that one is asked for the same. The first
/// signature does not reach it; whoever may sign is asked anew, unless a standing approval covers it.
///
/// # Errors
/// The database's.
pub fn on_answered(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), OrderError> {
    let said = event.body.get("codes").and_then(serde_json::Value::as_array);
    if !said.is_some_and(|codes| codes.iter().any(|c| c.as_str() == Some("N34"))) {
        return Ok(());
    }
    let id = OrderId::from_uuid(event.subject);
    let Some(order) = store::find(tx, id)?.filter(|o| o.status.is_open()) else { return Ok(()) };
    let Some(key) = app.vault.subject(tx, order.report.uuid())? else { return Ok(()) };
    let partners = partner::store::all(tx)?;
    for object in objects::of_order(tx, id)?.into_iter().filter(|o| o.state == ObjectState::Ported) {
        let facts = answers::facts(tx, object.id, &key)?;
        let moved = facts.into_iter().filter(|f| f.code == Code::N34).max_by_key(|f| f.at);
        let Some(next) = moved.and_then(|f| f.institution).filter(|i| *i != order.executor) else { continue };
        if !is_active(&partners, &next) {
            not_followed(tx, app, &order, &next, "order.no_addressee")?;
            continue;
        }
        match unless_of_victim(tx, app, &order, std::slice::from_ref(&object)) {
            Ok(()) => {}
            Err(OrderError::OfVictim) => {
                not_followed(tx, app, &order, &next, "order.own_of_victim")?;
                continue;
            }
            Err(e) => return Err(e),
        }
        let opened = objects::open(tx, &object, &key)?;
        let new = NewOrder {
            id: rules::order_id("ported", &object.id.to_string()),
            measure: order.measure,
            scope: order.scope,
            reason: None,
            report: order.report,
            report_number: order.report_number.clone(),
            hop: order.hop.saturating_add(1),
            executor: next.clone(),
            objects: vec![NewObject {
                payment: None,
                parent: Some(object.id),
                kind: object.kind.clone(),
                value: opened.value,
                masked: object.masked.clone(),
                cap: object.cap,
                trigger: None,
                details: opened.details,
            }],
            hold_back: None,
        };
        match draft_in(tx, app, &part(), new) {
            Ok(_) => {}
            Err(e) if e.is_no_way() => not_followed(tx, app, &order, &next, kernel::Coded::code(&e))?,
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

fn not_followed(tx: &mut Tx<'_>, app: &App, order: &Order, next: &str, why: &str) -> Result<(), OrderError> {
    let facts = json!({"why": why, "institution": partner::rules::printable_code(next)});
    let act = Act { facts, ..Act::about("order.not_followed", "order", order.id.uuid()) };
    Ok(app.record(tx, &part(), &act)?)
}
