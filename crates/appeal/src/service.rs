//! The verbs of the office about objections.

use std::time::Duration;

use access::{Action, Kind, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose};
use order::{Object, ObjectId, Order};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::error::AppealError;
use crate::model::{Appeal, AppealId, Decision, NewAppeal, Opened, Status, Told};
use crate::{rules, store};

/// Fields under which what was told and decided is sealed.
const TOLD: &str = "appeal_told";
const REASONS: &str = "appeal.reasons";
/// Most rows of a list.
const LIMIT: i64 = 500;

/// What the code of a notice opens: what is restricted, and what came of objections to it.
#[derive(Debug, Clone)]
pub struct Restricted {
    /// The order.
    pub order: Order,
    /// What it restricts.
    pub object: Object,
    /// The law behind it.
    pub basis: legal_basis::Basis,
    /// Objections about it, oldest first, with the reasons of their decisions.
    pub appeals: Vec<(Appeal, Option<String>)>,
}

/// Codes that are tried at once, by everybody together, and how long a try takes at least: 160 a second. With 16 digits and
/// ten thousand open notices a guess needs about two hundred years. A wrong one costs the database a look and no write.
static TRIES: Semaphore = Semaphore::const_new(16);
const TRY_TAKES: Duration = Duration::from_millis(100);
/// So long somebody waits for their turn.
const TRY_WAIT: Duration = Duration::from_secs(5);

/// What the code of a notice opens. Whoever has the code is who was told, or was given it by them.
///
/// # Errors
/// [`AppealError::NotFound`]; [`AppealError::Busy`].
pub async fn by_code(app: &App, typed: &str) -> Result<Restricted, AppealError> {
    // What is no code takes nobody's turn.
    if report::rules::read_code(typed).is_none() {
        return Err(AppealError::NotFound);
    }
    let turn = app.timer.limit(TRY_WAIT, TRIES.acquire()).await;
    let Some(Ok(_turn)) = turn else { return Err(AppealError::Busy) };
    let (found, ()) = tokio::join!(opened(app, typed), app.timer.sleep(TRY_TAKES));
    found
}

async fn opened(app: &App, typed: &str) -> Result<Restricted, AppealError> {
    let (me, code) = (app.clone(), typed.to_owned());
    let known = app
        .db
        .read(move |tx| Ok::<_, AppealError>(order::service::notice_by_code(tx, &me, &code)?.is_some()));
    if !known.await? {
        return Err(AppealError::NotFound);
    }
    let (me, typed) = (app.clone(), typed.to_owned());
    app.db
        .write(move |tx| {
            let found = order::service::notice_by_code(tx, &me, &typed)?.ok_or(AppealError::NotFound)?;
            let act = Act::about("appeal.notice_opened", "order", found.1.id.uuid());
            me.record(tx, &Actor::Public, &act)?;
            restricted(tx, &me, found.1, found.2)
        })
        .await
}

fn restricted(tx: &mut Tx<'_>, app: &App, order: Order, object: Object) -> Result<Restricted, AppealError> {
    let (id, version) = order.header.basis.ok_or(AppealError::NotFound)?;
    let basis = legal_basis::get(tx, id, version)?.ok_or(AppealError::NotFound)?;
    let mut appeals = Vec::new();
    for appeal in store::of_object(tx, object.id)? {
        let reasons = reasons(tx, app, &appeal)?;
        appeals.push((appeal, reasons));
    }
    Ok(Restricted { order, object, basis, appeals })
}

fn reasons(tx: &mut Tx<'_>, app: &App, appeal: &Appeal) -> Result<Option<String>, AppealError> {
    let (_, Some(sealed)) = store::sealed(tx, appeal.id)? else { return Ok(None) };
    let words = app.open_words(tx, appeal.id.uuid(), REASONS, &app::SealedWords::from_bytes(sealed))?;
    Ok(words.map(|w| w.into_inner(Purpose::OwnData)))
}

/// What the holder told; `None` once it was erased.
fn told(tx: &mut Tx<'_>, app: &App, appeal: &Appeal) -> Result<Option<Personal<Told>>, AppealError> {
    let (sealed, _) = store::sealed(tx, appeal.id)?;
    let words = app.open_words(tx, appeal.id.uuid(), TOLD, &app::SealedWords::from_bytes(sealed))?;
    let read = words.and_then(|w| serde_json::from_str(&w.into_inner(Purpose::HandleReport)).ok());
    Ok(read.map(Personal::new))
}

/// Takes an objection by the code of the notice.
///
/// # Errors
/// [`AppealError::NotFound`]; a field is missing; nothing to object to; one waits already.
pub async fn file(app: &App, actor: &Actor, typed: &str, new: NewAppeal) -> Result<Appeal, AppealError> {
    let (me, actor, typed) = (app.clone(), actor.clone(), typed.to_owned());
    let new = NewAppeal { told: rules::check(&new.told)?, ..new };
    app.db
        .write(move |tx| {
            access::require(&actor, Action::FileAppeal, &Resource::any(Kind::Appeal))?;
            let (_, order, object) =
                order::service::notice_by_code(tx, &me, &typed)?.ok_or(AppealError::NotFound)?;
            file_in(tx, &me, &actor, (&order, &object), &new)
        })
        .await
}

/// Writes down an objection that came on paper or by word of mouth, about something that an order restricts.
///
/// # Errors
/// As [`file`].
pub async fn file_on_paper(
    app: &App,
    actor: &Actor,
    object: ObjectId,
    new: NewAppeal,
) -> Result<Appeal, AppealError> {
    let (me, actor) = (app.clone(), actor.clone());
    let new = NewAppeal { told: rules::check(&new.told)?, ..new };
    app.db
        .write(move |tx| {
            access::require(&actor, Action::FileAppeal, &Resource::any(Kind::Appeal))?;
            let object = order::store::objects::find(tx, object)?.ok_or(AppealError::NotFound)?;
            let order = order::store::find(tx, object.order)?.ok_or(AppealError::NotFound)?;
            let seen = Resource::new("order", order.id.uuid(), &order.header);
            access::require(&actor, Action::ViewOrder, &seen)?;
            file_in(tx, &me, &actor, (&order, &object), &new)
        })
        .await
}

fn file_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (order, object): (&Order, &Object),
    new: &NewAppeal,
) -> Result<Appeal, AppealError> {
    rules::may_file(order, object)?;
    // Nothing is left of the matter once the report was erased, and nobody would erase what is told after that.
    if app.vault.subject(tx, order.report.uuid())?.is_none() {
        return Err(AppealError::NothingToObject);
    }
    // Two who press at the same moment make one objection.
    tx.lock_row("order_object", object.id.uuid())?;
    let known = store::of_object(tx, object.id)?;
    if known.iter().any(|a| a.status == Status::Upheld) {
        return Err(AppealError::NothingToObject);
    }
    if let Some(open) = known.into_iter().find(|a| a.status == Status::Filed) {
        // Pressed twice it is the same one; what says something else is not thrown away without a word.
        let same = told(tx, app, &open)?.is_some_and(|told| *told.open(Purpose::HandleReport) == new.told);
        return if same { Ok(open) } else { Err(AppealError::Waits(open.number)) };
    }
    let (id, version) = order.header.basis.ok_or(AppealError::NothingToObject)?;
    let basis = legal_basis::get(tx, id, version)?.ok_or(AppealError::NothingToObject)?;
    let now = app.office.now();
    let id = AppealId::from_uuid(app.uuid());
    let mut header = app.header(actor, order.header.lang.clone(), "order");
    header.basis = order.header.basis;
    // It belongs where the order belongs, whoever wrote it down.
    header.unit_id.clone_from(&order.header.unit_id);
    header.marking = order.header.marking.clone();
    let appeal = Appeal {
        id,
        header,
        number: report::rules::draw_number(&app.entropy, "A", app.profile.civil_year(now)),
        order: order.id,
        object: object.id,
        channel: new.channel.to_owned(),
        ground: new.ground,
        filed_at: now,
        due_at: rules::due(&app.profile, &basis, now),
        status: Status::Filed,
        decided_at: None,
        decided_by: None,
        restored: 0,
    };
    let told = serde_json::to_string(&new.told).unwrap_or_default();
    let sealed = app.seal_words(tx, id.uuid(), TOLD, &told)?;
    store::insert(tx, &appeal, sealed.bytes())?;
    let facts = json!({"number": appeal.number, "order": order.id, "object": object.id, "ground": new.ground.as_str(), "channel": new.channel, "due": appeal.due_at.rfc3339()});
    let act =
        Act { basis: order.header.basis, facts, ..Act::about("appeal.filed", "order", order.id.uuid()) };
    app.record(tx, actor, &act)?;
    app.tell(tx, crate::FILED, id.uuid(), json!({"order": order.id}))?;
    Ok(appeal)
}

/// Objections of the own organisation, undecided ones first. An empty status means all.
///
/// # Errors
/// Forbidden.
pub async fn list(
    app: &App,
    actor: &Actor,
    status: &str,
) -> Result<Vec<(Appeal, Order, Object)>, AppealError> {
    access::require(actor, Action::ViewQueue, &Resource::any("desk"))?;
    let (actor, code, status) = (actor.clone(), app.node.code.clone(), status.to_owned());
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for appeal in store::list(tx, &code, &status, LIMIT)? {
                let Some((order, object)) = about(tx, &appeal)? else { continue };
                if access::allowed(&actor, Action::ViewAppeal, &resource(tx, &appeal, &order)?) {
                    all.push((appeal, order, object));
                }
            }
            Ok(all)
        })
        .await
}

fn about(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<Option<(Order, Object)>, AppealError> {
    let (order, object) =
        (order::store::find(tx, appeal.order)?, order::store::objects::find(tx, appeal.object)?);
    Ok(order.zip(object))
}

/// Author and signers are those of the order: whoever had a hand in it does not decide on it.
fn resource(tx: &mut Tx<'_>, appeal: &Appeal, order: &Order) -> Result<Resource, AppealError> {
    let mut signers = order::store::approvals(tx, order.id)?;
    // Of an order that followed a number to its next operator, those behind the first one had a hand in it, too.
    for object in order::store::objects::of_order(tx, order.id)? {
        let Some(parent) = object.parent else { continue };
        if let Some(parent) = order::store::objects::find(tx, parent)? {
            signers.extend(order::store::approvals(tx, parent.order)?);
        }
    }
    let mut resource = Resource::new(Kind::Appeal, appeal.id.uuid(), &appeal.header).signed_by(&signers);
    resource.author.clone_from(&order.header.author);
    Ok(resource)
}

/// One objection with what it is about, opened for reading; that is a record.
#[derive(Debug, Clone)]
pub struct Matter {
    /// The objection.
    pub opened: Opened,
    /// The order.
    pub order: Order,
    /// What it restricts.
    pub object: Object,
    /// Where the same thing was sent.
    pub reach: order::service::Reach,
    /// How many institutions were told to put their records right, and how many have.
    pub corrections: (i64, i64),
    /// Whether the reader may decide.
    pub may_decide: bool,
}

/// One objection by its number.
///
/// # Errors
/// Absent or hidden.
pub async fn open(app: &App, actor: &Actor, number: &str) -> Result<Matter, AppealError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let appeal = store::by_number(tx, &number)?.ok_or(AppealError::NotFound)?;
            let (order, object) = about(tx, &appeal)?.ok_or(AppealError::NotFound)?;
            let resource = resource(tx, &appeal, &order)?;
            access::require(&actor, Action::ViewAppeal, &resource)?;
            let told = told(tx, &me, &appeal)?;
            let reasons = reasons(tx, &me, &appeal)?;
            let act = Act {
                purpose: Some(Purpose::HandleReport),
                facts: json!({"number": number}),
                ..Act::about("appeal.read", "order", order.id.uuid())
            };
            me.record(tx, &actor, &act)?;
            Ok(Matter {
                reach: order::service::reach(tx, object.id)?,
                corrections: order::service::corrections(tx, object.id)?,
                may_decide: appeal.status == Status::Filed
                    && access::allowed(&actor, Action::DecideAppeal, &resource),
                opened: Opened { appeal, told, reasons },
                order,
                object,
            })
        })
        .await
}

/// Decides on an objection, with reasons. What is upheld ends at once wherever the thing is restricted, and everybody
/// who received it is told.
///
/// # Errors
/// Hidden or forbidden; decided before; no reasons; what is to stay held is not less than what is held.
pub async fn decide(
    app: &App,
    actor: &Actor,
    number: &str,
    decision: Decision,
    reasons: &str,
) -> Result<Appeal, AppealError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    let reasons = app::reason(reasons).ok_or(AppealError::Reasons)?;
    app.db
        .write(move |tx| {
            let appeal = store::by_number(tx, &number)?.ok_or(AppealError::NotFound)?;
            let (order, object) = about(tx, &appeal)?.ok_or(AppealError::NotFound)?;
            access::require(&actor, Action::DecideAppeal, &resource(tx, &appeal, &order)?)?;
            let now = me.office.now();
            access::present(tx, &actor, now)??;
            let mut decided = rules::decide(&appeal, &object, decision, (&actor.label(), now))?;
            match decision {
                Decision::Uphold => {
                    let told = order::service::restore_in(tx, &me, &actor, object.id, &reasons)?;
                    decided.restored = i64::try_from(told).unwrap_or(i64::MAX);
                }
                Decision::Lower(keep) => {
                    order::service::correct_in(tx, &me, &actor, object.id, (keep, &reasons), Action::RestoreObject)?;
                }
                Decision::Reject => {}
            }
            let words = me.seal_words(tx, appeal.id.uuid(), REASONS, &reasons)?;
            store::decide(tx, &decided, words.bytes())?;
            let facts = json!({"number": number, "status": decided.status.as_str(), "told": decided.restored, "reasons_sealed": words.fact()});
            let act =
                Act { basis: order.header.basis, facts, ..Act::about("appeal.decided", "order", order.id.uuid()) };
            me.record(tx, &actor, &act)?;
            let body = json!({"order": order.id, "status": decided.status.as_str()});
            me.tell(tx, crate::DECIDED, appeal.id.uuid(), body)?;
            Ok(decided)
        })
        .await
}

/// The personal data of a report was erased. What holders told about it goes too: nothing it restricts is left to
/// decide on, and their words name the same people.
///
/// # Errors
/// The database's.
pub fn on_expunged(tx: &mut Tx<'_>, app: &App, event: &db::outbox::Event) -> Result<(), AppealError> {
    for order in order::store::of_report(tx, report::ReportId::from_uuid(event.subject))? {
        for appeal in store::of_order(tx, order.id)? {
            app.vault.forget(tx, appeal.id.uuid())?;
        }
    }
    Ok(())
}
