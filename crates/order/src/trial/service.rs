//! The verbs of trial orders: sending one, reading it, answering it.

use access::{Action, Resource, Stage};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use partner::Mode;
use partner::notify::{self, Topic};
use serde_json::json;
use uuid::Uuid;

use crate::answer::{self, Code};
use crate::details::{DataClass, Details};
use crate::message::{
    Amount, Answer, ApprovalRef, BasisRef, Line, Message, ObjectRef, OrderMessage, RouteStep, TriggerRef,
};
use crate::model::{ObjectId, OrderId, Status};
use crate::service::Outcome;
use crate::store::delivery::{self, Delivery};
use crate::trial::model::{Passed, Trial};
use crate::trial::store;
use crate::{OrderError, measure};

/// The kind of its row among the messages: it is laid into the inbox, and posted by [`super::job`].
pub(crate) const KIND: &str = "trial";

/// Sends a trial order to an institution in test mode.
///
/// # Errors
/// Not permitted; no such institution; [`OrderError::NotOnTrial`]; the database's.
pub async fn send(app: &App, actor: &Actor, code: &str) -> Result<OrderId, OrderError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = partner::store::by_code(tx, &code)?.ok_or(OrderError::NotFound)?;
            if partner.mode != Mode::Test || !partner.active {
                return Err(OrderError::NotOnTrial);
            }
            let trial = new(&me, &actor, &partner);
            store::insert(tx, &trial, !partner.gateway_url.is_empty(), me.wall.now())?;
            let message = Delivery {
                id: trial.message,
                partner: code.clone(),
                kind: KIND.to_owned(),
                order: trial.id,
                object: Some(trial.object),
                code: String::new(),
                amount_minor: 0,
                at: trial.header.created_at,
                tries: 0,
            };
            delivery::insert_done(tx, &message, me.wall.now())?;
            notify::waiting(tx, &me, &code, Topic::Order)?;
            let facts = json!({"trial": trial.id.to_string(), "code": code});
            let act = Act::about("trial.sent", "partner", partner.id.uuid());
            me.record(tx, &actor, &Act { facts, ..act })?;
            Ok(trial.id)
        })
        .await
}

fn new(app: &App, actor: &Actor, partner: &partner::Partner) -> Trial {
    let measure = Trial::measure_for(&partner.kind);
    let header = app.header(actor, app.profile.default_lang(), "order");
    let now = header.created_at;
    let minutes = app.profile.clocks(measure, now).map_or((15, 60), |c| (c.ack_minutes, c.action_minutes));
    let after = |minutes: u32| now.plus_secs(i64::from(minutes).saturating_mul(60));
    Trial {
        id: OrderId::from_uuid(app.uuid()),
        header,
        partner: partner.code.clone(),
        object: ObjectId::from_uuid(app.uuid()),
        message: app.uuid(),
        measure,
        ack_due: after(minutes.0),
        action_due: after(minutes.1),
        expires_at: now.plus_secs(86_400),
        acknowledged_at: None,
        answered_at: None,
        codes: String::new(),
        forged_status: None,
        posted_status: None,
        tries: 0,
    }
}

/// The message of a trial order: an order's schema, marked, without law or approval behind it.
pub(crate) fn message(app: &App, t: &Trial) -> Message {
    let step = |no, role: &str, institution: &str| RouteStep {
        no,
        role: role.to_owned(),
        institution: institution.to_owned(),
    };
    let money = measure::is_about_money(t.measure);
    let cap = Amount::of(Trial::cap(app.profile.currency()));
    let object = ObjectRef {
        object_id: t.object.to_string(),
        kind: if money { "account" } else { "material" }.to_owned(),
        value: t.value(),
        cap: money.then(|| cap.clone()),
        hop: 1,
        parent_object: None,
        trigger: money.then(|| TriggerRef {
            amount: cap,
            at: t.header.created_at.rfc3339(),
            reference: Some(t.value()),
            from_institution: None,
            from_account: None,
            from_client: None,
            direction: "in".to_owned(),
        }),
        details: (!money).then(|| Details::Preservation { data: vec![DataClass::Recording] }),
    };
    Message::Order(Box::new(OrderMessage {
        kind: "order.v1".to_owned(),
        trial: true,
        message_id: format!("msg_{}", t.message.simple()),
        order_id: t.id.to_string(),
        measure: t.measure.as_str().to_owned(),
        route: vec![step(0, "submitter", &app.node.code), step(1, "executor", &t.partner)],
        executor: t.partner.clone(),
        basis: BasisRef {
            id: Uuid::nil().to_string(),
            version: 0,
            act: "TRIAL".to_owned(),
            article: String::new(),
            text: std::collections::BTreeMap::new(),
        },
        approval: ApprovalRef { kind: "per_order".to_owned(), id: None, version: None },
        report: "TRIAL".to_owned(),
        priority: "normal".to_owned(),
        scope: "amount_only".to_owned(),
        reason: None,
        exempt_receipts: true,
        objects: vec![object],
        requested_at: t.header.created_at.rfc3339(),
        ack_due: t.ack_due.rfc3339(),
        action_due: t.action_due.rfc3339(),
        expires_at: t.expires_at.rfc3339(),
    }))
}

/// A trial order as a thing of the rules.
fn resource(actor: &Actor, t: &Trial) -> Resource {
    let own = Resource::new("order", t.id.uuid(), &t.header).at(Stage::Sent);
    match actor {
        Actor::Partner { code, partner, .. } if *code == t.partner => own.addressed_to(&[*partner]),
        _ => own.addressed_to(&[]),
    }
}

/// Takes an answer to a trial order, judged by the rules of real ones. It has no effect but that it is seen.
///
/// # Errors
/// Unknown, or not this institution's; faults of the answer.
pub(crate) fn answer_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: OrderId,
    said: &Answer,
) -> Result<Outcome, OrderError> {
    let trial = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
    access::require(actor, Action::AnswerOrder, &resource(actor, &trial))?;
    if said.executor != trial.partner {
        return Err(OrderError::WrongExecutor(trial.partner));
    }
    if said.object_id.as_ref().is_some_and(|object| object.parse() != Ok(trial.object)) {
        return Err(OrderError::NoObject);
    }
    let now = app.office.now();
    let times = answer::Believable::at(now, app.factor);
    let facts = answer::read(said, trial.measure, Trial::cap(app.profile.currency()), times)?;
    if facts.iter().all(|f| matches!(f.code, Code::E90 | Code::Native)) {
        let status = if trial.acknowledged_at.is_some() { Status::Acknowledged } else { Status::Sent };
        return Ok(Outcome { status, already: false, changed: true });
    }
    let substance = answer::is_substance(&facts);
    let codes: Vec<String> = facts.iter().map(|f| f.code.as_string()).collect();
    store::answered(tx, id, now, substance.then_some(now), &codes.join(" "))?;
    let facts = json!({"codes": codes, "code": trial.partner});
    app.record(tx, actor, &Act { facts, ..Act::about("trial.answered", "trial", id.uuid()) })?;
    let status =
        if substance || trial.answered_at.is_some() { Status::Answered } else { Status::Acknowledged };
    Ok(Outcome { status, already: false, changed: true })
}

/// A person of the institution answers at the console, by a code that needs nothing else.
///
/// # Errors
/// As an answer by a program.
pub async fn answer_at_console(app: &App, actor: &Actor, id: OrderId, code: &str) -> Result<(), OrderError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let trial = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            let now = me.office.now().rfc3339();
            let sum = (code == "H10").then(|| Amount::of(Trial::cap(me.profile.currency())));
            let line = Line { code: code.clone(), amount: sum, ..Line::default() };
            let said = Answer {
                kind: "answer.v1".to_owned(),
                answer_id: format!("console-{code}-{}", id.uuid().simple()),
                order_id: id.to_string(),
                executor: trial.partner,
                object_id: (code != "A00").then(|| trial.object.to_string()),
                at: now,
                lines: vec![line],
                text: None,
            };
            answer_in(tx, &me, &actor, id, &said).map(drop)
        })
        .await
}

/// One trial order, for its addressee.
///
/// # Errors
/// Absent or hidden.
pub async fn handed(app: &App, actor: &Actor, id: OrderId) -> Result<Trial, OrderError> {
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let trial = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            access::require(&actor, Action::ViewOrder, &resource(&actor, &trial))?;
            Ok(trial)
        })
        .await
}

/// The latest trial orders of the actor's institution, newest first.
///
/// # Errors
/// Hidden from whoever is no institution.
pub async fn own(app: &App, actor: &Actor) -> Result<Vec<Trial>, OrderError> {
    let Actor::Partner { code, .. } = actor else { return Err(OrderError::NotFound) };
    let code = code.clone();
    app.db.read(move |tx| Ok(store::of_partner(tx, &code)?)).await
}

/// The latest trial orders of an institution, newest first, and what it has shown by them; for whoever may see it.
///
/// # Errors
/// Hidden; the database's.
pub async fn of_partner(
    app: &App,
    actor: &Actor,
    partner: &partner::Partner,
) -> Result<(Vec<Trial>, Passed), OrderError> {
    let record = Resource::bare("partner", partner.id.uuid(), &app.node.code);
    access::require(actor, Action::ViewPartner, &record)?;
    let code = partner.code.clone();
    let trials = app.db.read(move |tx| Ok::<_, OrderError>(store::of_partner(tx, &code)?)).await?;
    let passed = Passed::of(&trials);
    Ok((trials, passed))
}

/// When a real order would have to be answered next.
#[must_use]
pub const fn due(t: &Trial) -> Timestamp {
    if t.acknowledged_at.is_some() { t.action_due } else { t.ack_due }
}
