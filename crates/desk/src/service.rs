//! One function per verb of the desk.

use access::{Action, Resource};
use app::App;
use audit::Act;
use db::{DbError, Tx, outbox};
use kernel::{Actor, Class, Coded, Money, Timestamp};
use report::{Report, ReportId};
use serde_json::json;
use uuid::Uuid;

use crate::model::{QueueRow, Why};
use crate::{rules, store};

/// Most rows of one page of the queue.
const LIMIT: i64 = 500;
/// Length of a shift: nothing may be put off longer.
const SHIFT_SECS: i64 = 12 * 3600;

/// What can go wrong at the desk.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No such report, or hidden.
    #[error("no such report")]
    NotFound,
    /// Snoozing takes a reason, and so does closing while something goes on.
    #[error("a reason of 1 to 500 characters is needed")]
    NoReason,
    /// It is closed.
    #[error("the report is closed")]
    Closed,
    /// Another officer has it in hand.
    #[error("another officer has taken the report in hand")]
    Taken,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The report slice's.
    #[error(transparent)]
    Report(#[from] report::ReportError),
    /// The order slice's.
    #[error(transparent)]
    Order(#[from] order::OrderError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for DeskError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::NoReason => Class::Invalid,
            Self::Closed | Self::Taken => Class::Conflict,
            Self::Access(e) => e.class(),
            Self::Report(e) => e.class(),
            Self::Order(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "desk.not_found",
            Self::NoReason => "desk.no_reason",
            Self::Closed => "desk.closed",
            Self::Taken => "desk.taken_by_another",
            Self::Access(e) => e.code(),
            Self::Report(e) => e.code(),
            Self::Order(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// News about a report or its orders: its row is made anew from what the slices know now, so that the
/// order of the news does not matter and a repeated one does no harm.
///
/// # Errors
/// The database's.
pub fn on_news(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), DeskError> {
    let id = if event.name.starts_with("report.") || event.name == order::NOT_DRAFTED {
        ReportId::from_uuid(event.subject)
    } else {
        let text = event.body.get("report").and_then(serde_json::Value::as_str).unwrap_or_default();
        let Ok(id) = text.parse() else { return Ok(()) };
        id
    };
    let drafts = refresh(tx, app, id, event.name == order::NOT_DRAFTED)?;
    if event.name == report::EXPUNGED {
        store::forget(tx, id)?;
    }
    let from = event.body.get("from").and_then(serde_json::Value::as_str).unwrap_or_default();
    let now = app.office.now();
    if rules::wakes(&event.name, from, drafts) && store::wake(tx, id, now)? {
        let act = Act {
            facts: json!({"news": event.name}),
            ..Act::about("desk.woken_by_news", "report", id.uuid())
        };
        app.record(tx, &Actor::system("desk"), &act)?;
    }
    Ok(())
}

/// Makes one row anew. Gives how many orders wait for a person.
///
/// # Errors
/// The database's.
pub fn refresh(tx: &mut Tx<'_>, app: &App, id: ReportId, no_order: bool) -> Result<i64, DeskError> {
    let Some(report) = report::store::find(tx, id)? else { return Ok(0) };
    let known = store::by_number(tx, &report.number)?;
    let orders = order::service::of_report_in(tx, id)?;
    let objects = order::service::objects_of_report_in(tx, id)?;
    let no_order = orders.is_empty() && (no_order || known.as_ref().is_some_and(|k| k.why == Why::NoOrder));
    let word = rules::unread(report::store::last_said(tx, id)?);
    let look = order::service::to_look_at_in(tx, id, &orders, &objects)?;
    let signs = (no_order, word.is_some(), look);
    let standing = rules::stand(report.first_action_due, report.ongoing, signs, &orders, &objects);
    store::upsert(tx, &QueueRow { word_at: word, ..row(&report, &standing, app.office.now()) })?;
    Ok(standing.drafts)
}

fn row(report: &Report, s: &rules::Standing, now: Timestamp) -> QueueRow {
    let money = |minor| Money::from_minor(minor, report.loss.asset());
    QueueRow {
        report: report.id,
        organisation: report.header.organisation_id.clone(),
        unit: report.header.unit_id.clone(),
        marking: report.header.marking.clone(),
        number: report.number.clone(),
        created_at: report.header.created_at,
        lang: report.header.lang.clone(),
        harm: report.harm,
        ongoing: report.ongoing,
        loss: report.loss,
        held: money(s.held_minor),
        reachable: money(s.reachable_minor),
        hops: s.hops,
        drafts: s.drafts,
        // Of a withdrawn report only what its reporter still writes is work.
        why: if report.withdrawn_at.is_some() && s.why != Why::Message { Why::Quiet } else { s.why },
        due: s.due.filter(|_| report.withdrawn_at.is_none()),
        owner: None,
        owner_name: String::new(),
        snoozed_until: None,
        snooze_reason: String::new(),
        closed_at: None,
        word_at: None,
        changed_at: now,
    }
}

/// The field under which the reason of an act is sealed with the report's key.
pub(crate) const REASON: &str = "desk.reason";

/// The queue.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Rows, the most urgent first.
    pub rows: Vec<QueueRow>,
    /// Open rows by why they are here.
    pub counts: Vec<(Why, i64)>,
}

/// The queue as this actor may see it.
///
/// # Errors
/// Forbidden.
pub async fn queue(app: &App, actor: &Actor) -> Result<Queue, DeskError> {
    access::require(actor, Action::ViewQueue, &Resource::any("desk"))?;
    let office = access::scope(actor, "report")?.office()?;
    let (now, profile) = (app.office.now(), app.profile.clone());
    app.db
        .read(move |tx| {
            let mut rows = store::open(tx, &office, LIMIT)?;
            rows.sort_by_key(|r| (rules::urgency(r, profile.rough(r.reachable), now), r.due, r.created_at));
            Ok(Queue { rows, counts: store::counts(tx, &office)? })
        })
        .await
}

/// Closed rows as this actor may see them, the last closed first, with the figures of the open queue.
///
/// # Errors
/// Forbidden.
pub async fn closed(app: &App, actor: &Actor) -> Result<Queue, DeskError> {
    access::require(actor, Action::ViewQueue, &Resource::any("desk"))?;
    let office = access::scope(actor, "report")?.office()?;
    app.db
        .read(move |tx| {
            Ok(Queue { rows: store::closed(tx, &office, LIMIT)?, counts: store::counts(tx, &office)? })
        })
        .await
}

/// The row of a report, for its page; `None` while the news of it are on their way.
///
/// # Errors
/// Hidden or forbidden.
pub async fn row_of(app: &App, actor: &Actor, number: &str) -> Result<Option<QueueRow>, DeskError> {
    let (actor, number) = (actor.clone(), number.to_owned());
    app.db
        .read(move |tx| {
            let Some(row) = store::by_number(tx, &number)? else { return Ok(None) };
            let report = report::store::find(tx, row.report)?.ok_or(DeskError::NotFound)?;
            access::require(
                &actor,
                Action::ViewReport,
                &Resource::new("report", report.id.uuid(), &report.header),
            )?;
            Ok(Some(row))
        })
        .await
}

/// Takes a report in hand. Nobody's is taken from them unseen: it is given back first.
///
/// # Errors
/// Another officer has it; hidden or forbidden.
pub async fn take(app: &App, actor: &Actor, number: &str) -> Result<QueueRow, DeskError> {
    let Actor::Staff { user, name, .. } = actor else { return Err(DeskError::NotFound) };
    let (user, name) = (*user, name.clone());
    change(app, actor, number, Action::TakeReport, "desk.taken", move |tx, row, now| {
        if !store::take(tx, row.report, (user, &name), now)? {
            return Err(DeskError::Taken);
        }
        Ok(json!({}))
    })
    .await
}

/// Gives it back to the queue: the undo of [`take`].
///
/// # Errors
/// Hidden or forbidden.
pub async fn give_back(app: &App, actor: &Actor, number: &str) -> Result<QueueRow, DeskError> {
    change(app, actor, number, Action::TakeReport, "desk.given_back", |tx, row, now| {
        store::own(tx, row.report, None::<(Uuid, &str)>, now)?;
        Ok(json!({}))
    })
    .await
}

/// Lets a report wait, with a reason, at most to the end of the shift and never past its due time.
///
/// # Errors
/// No reason; closed; hidden or forbidden.
pub async fn snooze(
    app: &App,
    actor: &Actor,
    number: &str,
    secs: i64,
    reason: &str,
) -> Result<QueueRow, DeskError> {
    let reason = app::reason(reason).ok_or(DeskError::NoReason)?;
    change(app, actor, number, Action::TakeReport, "desk.snoozed", move |tx, row, now| {
        if row.closed_at.is_some() {
            return Err(DeskError::Closed);
        }
        let limit = rules::snooze_limit(row, now, SHIFT_SECS);
        let until = now.plus_secs(secs.max(60)).min(limit);
        store::snooze(tx, row.report, Some(until), &reason, now)?;
        Ok(json!({}))
    })
    .await
}

/// Ends the waiting: the undo of [`snooze`].
///
/// # Errors
/// Hidden or forbidden.
pub async fn wake(app: &App, actor: &Actor, number: &str) -> Result<QueueRow, DeskError> {
    change(app, actor, number, Action::TakeReport, "desk.woken", |tx, row, now| {
        store::snooze(tx, row.report, None, "", now)?;
        Ok(json!({}))
    })
    .await
}

/// Closes a report at the desk; what binds partners goes on by its own clocks. While something goes on, or where a colleague
/// has it in hand, a reason is said.
///
/// # Errors
/// Hidden or forbidden; closed already; no reason where one is needed.
pub async fn close(app: &App, actor: &Actor, number: &str, reason: &str) -> Result<QueueRow, DeskError> {
    let (reason, me, who) = (app::reason(reason), app.clone(), actor.clone());
    change(app, actor, number, Action::CloseReport, "desk.closed", move |tx, row, now| {
        if row.closed_at.is_some() {
            return Err(DeskError::Closed);
        }
        if reason.is_none() && !rules::going_on(row, &who).is_empty() {
            return Err(DeskError::NoReason);
        }
        store::close(tx, row.report, Some(now), now)?;
        let Some(reason) = &reason else { return Ok(json!({})) };
        let words = me.seal_words(tx, row.report.uuid(), REASON, reason).map_err(order::OrderError::from)?;
        Ok(json!({"reason_sealed": words.fact()}))
    })
    .await
}

/// Opens it again: the undo of [`close`].
///
/// # Errors
/// Hidden or forbidden.
pub async fn reopen(app: &App, actor: &Actor, number: &str) -> Result<QueueRow, DeskError> {
    change(app, actor, number, Action::CloseReport, "desk.reopened", |tx, row, now| {
        store::close(tx, row.report, None, now)?;
        Ok(json!({}))
    })
    .await
}

/// Acts that undo each other; the first of each is what the word of the undo button stands for.
const UNDONE: [(&str, &[&str]); 3] = [
    ("take", &["desk.taken", "desk.given_back"]),
    ("snooze", &["desk.snoozed", "desk.woken", "desk.woken_by_news"]),
    ("close", &["desk.closed", "desk.reopened"]),
];

/// Whether the last act of this kind about the report is the actor's own and still stands.
///
/// # Errors
/// Hidden; no such act.
pub async fn may_undo(app: &App, actor: &Actor, number: &str, act: &str) -> Result<bool, DeskError> {
    let (_, acts) = UNDONE.into_iter().find(|(word, _)| *word == act).ok_or(DeskError::NotFound)?;
    let (who, number) = (actor.clone(), number.to_owned());
    app.db
        .read(move |tx| {
            let row = store::by_number(tx, &number)?.ok_or(DeskError::NotFound)?;
            let report = report::store::find(tx, row.report)?.ok_or(DeskError::NotFound)?;
            let resource = Resource::new("report", report.id.uuid(), &report.header);
            access::require(&who, Action::ViewReport, &resource)?;
            let records = audit::records_for(tx, report.id.uuid())?;
            let last = records
                .iter()
                .filter(|r| acts.contains(&r.record.act.as_str()))
                .max_by_key(|r| (r.record.office_at, r.record.id));
            Ok(last.is_some_and(|r| {
                acts.first() == Some(&r.record.act.as_str()) && r.record.actor == who.label()
            }))
        })
        .await
}

async fn change(
    app: &App,
    actor: &Actor,
    number: &str,
    action: Action,
    act: &'static str,
    f: impl Fn(&mut Tx<'_>, &QueueRow, Timestamp) -> Result<serde_json::Value, DeskError> + Send + Sync + 'static,
) -> Result<QueueRow, DeskError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let row = store::by_number(tx, &number)?.ok_or(DeskError::NotFound)?;
            let report = report::store::find(tx, row.report)?.ok_or(DeskError::NotFound)?;
            access::require(&actor, action, &Resource::new("report", report.id.uuid(), &report.header))?;
            let mut facts = f(tx, &row, me.office.now())?;
            if let Some(facts) = facts.as_object_mut() {
                facts.insert("number".to_owned(), json!(number));
            }
            me.record(tx, &actor, &Act { facts, ..Act::about(act, "report", report.id.uuid()) })?;
            Ok(row)
        })
        .await
}
