//! Messages as they leave. They are built when they are sent or pulled, from the order as it stands, so
//! that no account number lies in a queue in the clear.

use app::App;
use db::Tx;
use kernel::{Money, Purpose, Timestamp};
use legal_basis::Basis;
use partner::notify::Topic;
use registry::EntryId;
use uuid::Uuid;

use crate::OrderError;
use crate::message::{
    Account, Amount, ApprovalRef, BasisRef, ClearanceMessage, CorrectionMessage, Message, NoticeMessage,
    ObjectRef, OrderMessage, ReleaseMessage, ReminderMessage, RouteStep, ThingRef, TriggerRef,
};
use crate::model::{Direction, Opened, Order, Trigger};
use crate::service::{extending, notices};
use crate::store::delivery::Delivery;
use crate::store::{self, objects};
use crate::{measure, rules, trial};

/// The message of a delivery. `None` if there is nothing left to say: the personal data was erased.
///
/// # Errors
/// The database's.
pub fn build(tx: &mut Tx<'_>, app: &App, d: &Delivery) -> Result<Option<Message>, OrderError> {
    if d.kind == trial::service::KIND {
        return Ok(trial::store::find(tx, d.order)?.map(|t| trial::service::message(app, &t)));
    }
    if d.kind == Topic::Clearance.as_str() {
        return clearance(tx, app, d);
    }
    let Some(order) = store::find(tx, d.order)? else { return Ok(None) };
    match d.kind.as_str() {
        "order" => Ok(build_order(tx, app, d, &order)?.map(|m| Message::Order(Box::new(m)))),
        "release" => Ok(Some(Message::Release(release(d, &order)))),
        "notice" => Ok(notice(tx, app, d, &order)?.map(Message::Notice)),
        "correction" => Ok(Some(Message::Correction(correction(d, &order)))),
        _ => Ok(Some(Message::Reminder(reminder(d, &order)))),
    }
}

/// `None` where people have decided anew since: then there is something to be told again.
fn clearance(tx: &mut Tx<'_>, app: &App, d: &Delivery) -> Result<Option<Message>, OrderError> {
    let entry = EntryId::from_uuid(d.order.uuid());
    let found = registry::service::cleared::clearance(tx, app, entry)?.filter(|c| c.at == d.at);
    Ok(found.map(|c| {
        Message::Clearance(ClearanceMessage {
            kind: "clearance.v1".to_owned(),
            message_id: message_id(d.id),
            executor: d.partner.clone(),
            thing: ThingRef {
                kind: c.kind.as_str().to_owned(),
                masked: c.masked,
                hash: c.hash.map(|hash| hex::encode(hash.as_bytes())),
            },
            at: time(c.at),
        })
    }))
}

/// `msg_…`, the same at every repetition.
fn message_id(id: Uuid) -> String {
    format!("msg_{}", id.simple())
}

/// RFC 3339 in UTC: the one form that every client library reads.
fn time(at: Timestamp) -> String {
    at.rfc3339()
}

/// Field under which the reason of a wide scope is sealed.
pub(crate) const REASON: &str = "order.scope_reason";

fn build_order(
    tx: &mut Tx<'_>,
    app: &App,
    d: &Delivery,
    order: &Order,
) -> Result<Option<OrderMessage>, OrderError> {
    let Some(key) = app.vault.subject(tx, order.report.uuid())? else { return Ok(None) };
    let (basis_id, basis_version) = order.header.basis.ok_or(OrderError::NoBasis)?;
    let basis = legal_basis::get(tx, basis_id, basis_version)?.ok_or(OrderError::NoBasis)?;
    let route = store::steps(tx, order.id)?
        .into_iter()
        .map(|s| RouteStep { no: s.no, role: s.role, institution: s.institution })
        .collect();
    // The fraudsters are still at it: more money may be on its way.
    let ongoing = report::store::find(tx, order.report)?.is_some_and(|r| r.ongoing);
    let mut named = Vec::new();
    for object in objects::of_order(tx, order.id)? {
        named.push(object_ref(order, objects::open(tx, &object, &key)?));
    }
    Ok(Some(OrderMessage {
        kind: "order.v1".to_owned(),
        trial: false,
        message_id: message_id(d.id),
        order_id: order.id.to_string(),
        measure: order.measure.as_str().to_owned(),
        route,
        executor: order.executor.clone(),
        exempt_receipts: !basis.record.exempt_receipts.is_empty(),
        basis: basis_ref(app, &basis),
        approval: ApprovalRef {
            kind: if order.approval.is_some() { "standing" } else { "per_order" }.to_owned(),
            id: order.approval.map(|a| a.0.to_string()),
            version: order.approval.map(|a| a.1),
        },
        report: order.report_number.clone(),
        priority: if ongoing { "urgent" } else { "normal" }.to_owned(),
        scope: order.scope.as_str().to_owned(),
        reason: store::reason(tx, order.id)?
            .map(|sealed| key.open(REASON, &sealed).map(|words| words.into_inner(Purpose::ExecuteOrder)))
            .transpose()?,
        objects: named,
        requested_at: time(order.requested_at),
        ack_due: time(order.ack_due),
        action_due: time(order.action_due),
        expires_at: time(order.expires_at),
    }))
}

fn basis_ref(app: &App, basis: &Basis) -> BasisRef {
    let text =
        app.profile.languages().iter().map(|l| (l.tag().to_owned(), basis.record.text.get(l).to_owned()));
    BasisRef {
        id: basis.id.to_string(),
        version: basis.version,
        act: basis.record.act.clone(),
        article: basis.record.article.clone(),
        text: text.collect(),
    }
}

fn object_ref(order: &Order, opened: Opened) -> ObjectRef {
    let object = opened.object;
    ObjectRef {
        object_id: object.id.to_string(),
        kind: object.kind,
        value: opened.value.into_inner(Purpose::ExecuteOrder),
        cap: measure::is_about_money(order.measure).then(|| Amount::of(object.cap)),
        hop: order.hop,
        parent_object: object.parent.map(|p| p.to_string()),
        trigger: opened.trigger.map(trigger_ref),
        details: opened.details,
    }
}

fn trigger_ref(t: Trigger) -> TriggerRef {
    TriggerRef {
        amount: Amount::of(Money::from_minor(t.amount_minor, t.asset)),
        at: time(t.at),
        reference: t.reference,
        from_institution: t.from_institution,
        from_account: t.from_account.as_ref().map(|a| account(a)),
        from_client: t.from_client,
        direction: match t.direction {
            Direction::In => "in",
            Direction::Out => "out",
        }
        .to_owned(),
    }
}

/// An account as told, with its kind as far as the number shows it.
fn account(value: &str) -> Account {
    Account { kind: rules::account_kind(value).to_owned(), value: value.to_owned() }
}

fn release(d: &Delivery, order: &Order) -> ReleaseMessage {
    let part = (d.amount_minor > 0).then(|| Amount::of(Money::from_minor(d.amount_minor, order.cap.asset())));
    ReleaseMessage {
        kind: "release.v1".to_owned(),
        message_id: message_id(d.id),
        order_id: order.id.to_string(),
        object_id: d.object.map(|o| o.to_string()),
        executor: order.executor.clone(),
        code: d.code.clone(),
        amount: part,
        reason: d.code.clone(),
        at: time(d.at),
    }
}

/// `None` where there is nobody to be told any more: the notice is given, or the report was erased.
fn notice(
    tx: &mut Tx<'_>,
    app: &App,
    d: &Delivery,
    order: &Order,
) -> Result<Option<NoticeMessage>, OrderError> {
    let Some(id) = d.object else { return Ok(None) };
    let (Some(known), Some(object)) = (store::notice::find(tx, id)?, objects::find(tx, id)?) else {
        return Ok(None);
    };
    let Some(key) = app.vault.subject(tx, known.report.uuid())? else { return Ok(None) };
    // After an arrest it is the arrest's law, and its appeal, that the holder must know.
    let (basis_id, basis_version) = extending::basis_now(tx, order)?.ok_or(OrderError::NoBasis)?;
    let basis = legal_basis::get(tx, basis_id, basis_version)?.ok_or(OrderError::NoBasis)?;
    let names = partner::store::by_code(tx, &order.executor)?.map(|p| p.names).unwrap_or_default();
    let code = notices::code_of(&known, &key)?;
    Ok(Some(NoticeMessage {
        kind: "notice.v1".to_owned(),
        message_id: message_id(d.id),
        order_id: order.id.to_string(),
        object_id: id.to_string(),
        executor: order.executor.clone(),
        text: notices::texts(app, order, &object, &basis, (&names, &code)),
        due: time(known.due_at),
    }))
}

fn correction(d: &Delivery, order: &Order) -> CorrectionMessage {
    CorrectionMessage {
        kind: "correction.v1".to_owned(),
        message_id: message_id(d.id),
        order_id: order.id.to_string(),
        object_id: d.object.map(|o| o.to_string()).unwrap_or_default(),
        executor: order.executor.clone(),
        at: time(d.at),
    }
}

fn reminder(d: &Delivery, order: &Order) -> ReminderMessage {
    ReminderMessage {
        kind: "reminder.v1".to_owned(),
        message_id: message_id(d.id),
        order_id: order.id.to_string(),
        executor: order.executor.clone(),
        due: time(order.next_due().unwrap_or(order.ends_at())),
    }
}
