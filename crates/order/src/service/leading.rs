//! What happens leads to orders: a report that came in, a bank that knows nothing, a number that has gone to another
//! operator.

use app::App;
use audit::Act;
use db::{DbError, Tx, outbox};
use kernel::{Money, Personal, Purpose};
use profile::{Measure, Scope};
use report::{Payment, ReportId};
use serde_json::json;

use super::drafting::{Drafted, draft_in, part, unless_of_victim};
use crate::answer::Code;
use crate::model::{Direction, NewObject, NewOrder, ObjectId, ObjectState, Order, OrderId, Trigger};
use crate::store::{self, objects};
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
        let Some(new) = first_order(&full.report.number, payment, &partners) else {
            note(tx, app, id, payment, why_nobody(payment, &partners))?;
            continue;
        };
        match draft_in(tx, app, &part(), new) {
            Ok(_) => {}
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

/// The institution of one side does not know of the payment: that of the other `side` is asked, the payer's to stop
/// it or to say where it went, the receiver's to hold what came in. `None` where it is not known, takes no part,
/// or has nothing to go by.
///
/// # Errors
/// The database's.
pub fn ask_other_bank_in(
    tx: &mut Tx<'_>,
    app: &App,
    number: &str,
    payment: &Payment,
    side: Direction,
    (parent, cap): (ObjectId, Money),
) -> Result<Option<Drafted>, OrderError> {
    let partners = partner::store::all(tx)?;
    let (new, kind) = match side {
        Direction::Out => (payers_bank(number, payment, &partners), "payer"),
        Direction::In => (receivers_bank(number, payment, &partners), "receiver"),
    };
    let Some(mut new) = new else { return Ok(None) };
    new.id = rules::order_id(kind, &payment.id.to_string());
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

/// The order that a payment leads to. Where the receiving account's institution is known it is asked to
/// hold what came in; else the victim's own bank is asked to stop the payment or say where it went.
fn first_order(number: &str, payment: &Payment, partners: &[partner::Partner]) -> Option<NewOrder> {
    receivers_bank(number, payment, partners).or_else(|| payers_bank(number, payment, partners))
}

/// The order to the receiver's institution.
fn receivers_bank(number: &str, payment: &Payment, partners: &[partner::Partner]) -> Option<NewOrder> {
    let to = payment.to.clone().filter(|_| is_active(partners, &payment.to_institution))?;
    let object = (payment.to_kind.clone(), to, payment.to_masked.clone());
    Some(about(number, payment, &payment.to_institution, object, (Direction::In, 1)))
}

/// The order to the payer's own bank: by the payer's account, or, where the victim did not tell it, by the
/// receiver.
fn payers_bank(number: &str, payment: &Payment, partners: &[partner::Partner]) -> Option<NewOrder> {
    if !is_active(partners, &payment.own_institution) {
        return None;
    }
    let own = payment.own_account.clone().map(|a| {
        let kind = rules::account_kind(a.open(Purpose::ExecuteOrder)).to_owned();
        let masked = report::rules::mask(&kind, a.open(Purpose::ExecuteOrder));
        (kind, a, masked)
    });
    let far = payment.to.clone().map(|t| (payment.to_kind.clone(), t, payment.to_masked.clone()));
    Some(about(number, payment, &payment.own_institution, own.or(far)?, (Direction::Out, 0)))
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
    number: &str,
    payment: &Payment,
    executor: &str,
    (kind, value, masked): (String, Personal<String>, String),
    (direction, hop): (Direction, i64),
) -> NewOrder {
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
            direction,
            because: String::new(),
        }),
        details: None,
    };
    NewOrder {
        id: rules::order_id("payment", &payment.id.to_string()),
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        reason: None,
        report: payment.report,
        report_number: number.to_owned(),
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
        let facts = objects::facts(tx, object.id, &key)?;
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
