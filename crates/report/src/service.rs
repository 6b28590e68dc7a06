//! One function per verb of the office: permission, load, decide, save, record, tell.

mod clues;
mod completing;
mod door;
mod files;
mod filing;

use access::{Action, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose};
use serde_json::json;
use vault::SubjectKey;

use crate::ReportError;
use crate::model::{
    AddedFile, Clue, Correction, EarlierStory, Message, NewPayment, Payment, PaymentId, Report, ReportId,
    Told,
};
use crate::rules::{self, FilingError};
use crate::store::{self, SealedPayment};

pub use clues::{ClueError, MAX_CLUES, MAX_SOURCE, add_clue, take_back_clue};
pub use completing::{Completed, complete_payment};
pub use door::{begin_visit, open_with_code, visitor};
pub use files::{Arriving, FileContent, add_file, begin_file, file_content, put_file_back, remove_file};
use filing::seal_payment;
pub use filing::{Filed, Filing, file, file_message};

fn resource(report: &Report) -> Resource {
    Resource::new("report", report.id.uuid(), &report.header)
}

/// A report with everything told, for somebody who may read it. The read is a record.
#[derive(Debug, Clone)]
pub struct Full {
    /// The report.
    pub report: Report,
    /// What was told.
    pub told: Told,
    /// Stories told before the one that is shown, oldest first.
    pub earlier_stories: Vec<EarlierStory>,
    /// Its payments as they stand now.
    pub payments: Vec<Payment>,
    /// What was told of the payments after filing, oldest first.
    pub corrections: Vec<Correction>,
    /// Answers of stage two, JSON as kept.
    pub details: Option<Personal<String>>,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
    /// Files, in the order in which they came; those that were taken back too.
    pub files: Vec<AddedFile>,
    /// What officers found out since, oldest first; what was taken back, too.
    pub clues: Vec<Clue>,
}

/// Opens a report with everything told.
///
/// # Errors
/// [`ReportError::NotFound`] if absent or hidden; [`ReportError::Erased`].
pub async fn open(app: &App, actor: &Actor, id: ReportId, purpose: Purpose) -> Result<Full, ReportError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let full = load(tx, &me, &actor, id)?;
            let act = Act { purpose: Some(purpose), ..Act::about("report.read", "report", id.uuid()) };
            me.record(tx, &actor, &act)?;
            Ok(full)
        })
        .await
}

/// The same inside a running transaction, without the record of reading: for the slices above, which
/// record what they do with it.
///
/// # Errors
/// As [`open`].
pub fn load(tx: &mut Tx<'_>, app: &App, actor: &Actor, id: ReportId) -> Result<Full, ReportError> {
    let report = store::find(tx, id)?.ok_or(ReportError::NotFound)?;
    let action =
        if matches!(actor, Actor::Citizen { .. }) { Action::ViewOwnReport } else { Action::ViewReport };
    access::require(actor, action, &resource(&report))?;
    let key = app.vault.subject(tx, id.uuid())?.ok_or(ReportError::Erased)?;
    let told = store::told(tx, id, &key)?.ok_or(ReportError::NotFound)?;
    let earlier_stories = store::retold(tx, id, &key, report.header.created_at)?;
    let (payments, corrections) = store::with_corrections(tx, id, &key)?;
    let details = store::details(tx, id, &key)?;
    let messages = store::messages(tx, id, &key)?;
    let files = store::files::list(tx, id, &key)?;
    let clues = store::clues::list(tx, id, &key)?;
    Ok(Full { report, told, earlier_stories, payments, corrections, details, messages, files, clues })
}

/// The payments of a report by which it says that an account of this canonical writing, kept by `keeper`, is its
/// reporter's own. `None` where the report does not say so, or stands no more: withdrawn, erased, gone. A reporter's
/// telephone counts as the wallet that it opens where a payment was made from that institution.
///
/// # Errors
/// The database's; the vault's.
pub fn own_payments(
    tx: &mut Tx<'_>,
    app: &App,
    id: ReportId,
    account: &str,
    keeper: &str,
) -> Result<Option<Vec<PaymentId>>, ReportError> {
    let stands = store::find(tx, id)?.is_some_and(|r| r.withdrawn_at.is_none());
    let Some(key) = app.vault.subject(tx, id.uuid())?.filter(|_| stands) else { return Ok(None) };
    let Some(told) = store::told(tx, id, &key)? else { return Ok(None) };
    let is_phone = told.reporter.open(Purpose::ExecuteOrder).phone == account;
    let (payments, _) = store::with_corrections(tx, id, &key)?;
    let own = |p: &Payment| {
        let told = p.own_account.as_ref().is_some_and(|a| a.open(Purpose::ExecuteOrder) == account);
        p.own_institution == keeper && (told || is_phone)
    };
    let own: Vec<PaymentId> = payments.iter().filter(|p| own(p)).map(|p| p.id).collect();
    Ok((!own.is_empty()).then_some(own))
}

/// The report of a public number, without personal fields.
///
/// # Errors
/// [`ReportError::NotFound`] if absent or hidden.
pub async fn by_number(app: &App, actor: &Actor, number: &str) -> Result<Report, ReportError> {
    let (actor, number) = (actor.clone(), number.to_owned());
    app.db
        .read(move |tx| {
            let report = store::by_number(tx, &number)?.ok_or(ReportError::NotFound)?;
            access::require(&actor, Action::ViewReport, &resource(&report))?;
            Ok(report)
        })
        .await
}

/// Tells or retells the story. What was told before is kept as an earlier version; the same words again
/// tell nothing new.
///
/// # Errors
/// [`FilingError::StoryTooLong`]; not found; erased.
pub async fn tell_story(app: &App, actor: &Actor, id: ReportId, story: &str) -> Result<(), ReportError> {
    if story.len() > rules::MAX_STORY_BYTES {
        return Err(FilingError::StoryTooLong.into());
    }
    let sightings = crate::sight::of_story(app, story);
    let (me, actor, story) = (app.clone(), actor.clone(), crate::sight::kept(story));
    app.db
        .write(move |tx| {
            // Versions are numbered: two at once must not take the same number.
            tx.lock_row("report", id.uuid())?;
            let (report, key) = own(tx, &me, &actor, id)?;
            let known =
                store::told(tx, id, &key)?.is_some_and(|t| t.story.open(Purpose::HandleReport) == &story);
            if known {
                return Ok(());
            }
            let no = next_no(store::stories(tx, id, &key)?.len());
            let from = (matches!(actor, Actor::Citizen { .. }), actor.label());
            let sealed = key.seal(&me.entropy, "story", &story);
            store::insert_story(tx, id, (me.uuid(), no), me.office.now(), (from.0, &from.1), &sealed)?;
            crate::sight::record(tx, &me, id, &sightings)?;
            let act = Act {
                facts: json!({"bytes": story.len(), "version": no}),
                ..Act::about("report.story_told", "report", id.uuid())
            };
            me.record(tx, &actor, &act)?;
            me.tell(tx, crate::STORY_TOLD, report.id.uuid(), json!({}))?;
            Ok(())
        })
        .await
}

/// Keeps the answers of stage two (how they reached you, codes, loans, wishes): JSON, sealed whole.
///
/// # Errors
/// Too long; not found; erased.
pub async fn keep_details(app: &App, actor: &Actor, id: ReportId, details: &str) -> Result<(), ReportError> {
    if details.len() > rules::MAX_STORY_BYTES {
        return Err(FilingError::StoryTooLong.into());
    }
    let (me, actor, details) = (app.clone(), actor.clone(), details.to_owned());
    app.db
        .write(move |tx| {
            let (_, key) = own(tx, &me, &actor, id)?;
            store::set_details(tx, id, &key.seal(&me.entropy, "details", &details))?;
            me.record(tx, &actor, &Act::about("report.details_kept", "report", id.uuid()))?;
            me.tell(tx, crate::DETAILS, id.uuid(), json!({}))?;
            Ok(())
        })
        .await
}

/// Adds a payment that was forgotten. `key` is the form's: the same page sent twice adds one payment; an
/// empty one stands for no page.
///
/// # Errors
/// What [`rules::check_when`] refuses; another currency than the report's; not found; erased.
pub async fn add_payment(
    app: &App,
    actor: &Actor,
    id: ReportId,
    payment: NewPayment,
    key: &str,
) -> Result<(), ReportError> {
    rules::check_payment(&payment, app.office.now())?;
    let sightings = crate::sight::of_payment(&payment);
    let own_id = match key {
        "" => app.uuid(),
        key => rules::derived_id("payment", &id.to_string(), key).uuid(),
    };
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let (report, key) = own(tx, &me, &actor, id)?;
            let known = store::payments(tx, id, &key)?;
            if known.iter().any(|p| p.id.uuid() == own_id) {
                return Ok(());
            }
            if known.len() >= rules::MAX_PAYMENTS {
                return Err(FilingError::TooManyPayments.into());
            }
            if !known.is_empty() && report.loss.asset() != payment.amount.asset() {
                return Err(FilingError::MixedAssets.into());
            }
            let sealed = SealedPayment { id: own_id, ..seal_payment(&me, &key, &payment) };
            let no = next_no(known.len());
            store::insert_payment(tx, id, no, &sealed)?;
            store::add_loss(tx, id, payment.amount)?;
            crate::sight::record(tx, &me, id, &sightings)?;
            let facts = json!({"amount_minor": payment.amount.minor()});
            me.record(tx, &actor, &Act { facts, ..Act::about("report.payment_added", "report", id.uuid()) })?;
            me.tell(tx, crate::PAYMENT_ADDED, id.uuid(), json!({"payment": sealed.id}))?;
            Ok(())
        })
        .await
}

/// The number of what comes after `known` of its kind.
fn next_no(known: usize) -> i64 {
    i64::try_from(known).unwrap_or(i64::MAX).saturating_add(1)
}

/// Writes a message, from the citizen or from the desk. An officer's message keeps the promise of the next one.
/// `key` is the form's: the same page sent twice says it once; an empty one stands for no page.
///
/// # Errors
/// Too long; not found; erased.
pub async fn message(
    app: &App,
    actor: &Actor,
    id: ReportId,
    text: &str,
    key: &str,
) -> Result<(), ReportError> {
    if text.len() > rules::MAX_STORY_BYTES {
        return Err(FilingError::StoryTooLong.into());
    }
    let own_id = match key {
        "" => app.uuid(),
        key => rules::derived_id("message", &format!("{id}|{}", actor.label()), key).uuid(),
    };
    let (me, actor, text) = (app.clone(), actor.clone(), text.to_owned());
    app.db
        .write(move |tx| {
            let (_, key) = own(tx, &me, &actor, id)?;
            let from = (matches!(actor, Actor::Citizen { .. }), actor.label());
            let sealed = key.seal(&me.entropy, "message", &text);
            let said = store::insert_message(tx, id, (own_id, me.office.now()), (from.0, &from.1), &sealed)?;
            if !said {
                return Ok(());
            }
            me.record(tx, &actor, &Act::about("report.message", "report", id.uuid()))?;
            if !from.0 {
                store::promise_later(tx, id, me.office.now().plus_secs(me.profile.next_message_secs()))?;
            }
            let from = if from.0 { "reporter" } else { "desk" };
            me.tell(tx, crate::MESSAGE, id.uuid(), json!({"from": from}))?;
            Ok(())
        })
        .await
}

/// The citizen takes the report back. Holds that rest on it are ended by the slices above.
///
/// # Errors
/// Not found.
pub async fn withdraw(app: &App, actor: &Actor, id: ReportId) -> Result<(), ReportError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            own(tx, &me, &actor, id)?;
            if store::withdraw(tx, id, me.office.now())? {
                me.record(tx, &actor, &Act::about("report.withdrawn", "report", id.uuid()))?;
                me.tell(tx, crate::WITHDRAWN, id.uuid(), json!({}))?;
            }
            Ok(())
        })
        .await
}

/// Erases a report's personal data by destroying its key and emptying its columns. Figures and proofs stay.
///
/// # Errors
/// Not permitted; not found.
pub async fn expunge(app: &App, actor: &Actor, id: ReportId) -> Result<(), ReportError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let report = store::find(tx, id)?.ok_or(ReportError::NotFound)?;
            access::require(&actor, Action::ExpungeReport, &resource(&report))?;
            me.vault.forget(tx, id.uuid())?;
            store::erase(tx, id)?;
            crate::sight::forget(tx, id)?;
            me.record(tx, &actor, &Act::about("report.expunged", "report", id.uuid()))?;
            me.tell(tx, crate::EXPUNGED, id.uuid(), json!({}))?;
            Ok::<_, ReportError>(())
        })
        .await?;
    // The write-ahead log still holds what lay open in the old rows. The purge job sweeps again in any case.
    if !app.db.sweep().await {
        tracing::warn!(report = %id, "the log could not be emptied yet; it is tried again");
    }
    Ok(())
}

/// Loads a report and its key for somebody who may add to it.
fn own(tx: &mut Tx<'_>, app: &App, actor: &Actor, id: ReportId) -> Result<(Report, SubjectKey), ReportError> {
    let report = store::find(tx, id)?.ok_or(ReportError::NotFound)?;
    let action =
        if matches!(actor, Actor::Citizen { .. }) { Action::AddToOwnReport } else { Action::NoteReport };
    access::require(actor, action, &resource(&report))?;
    let key = app.vault.subject(tx, id.uuid())?.ok_or(ReportError::Erased)?;
    Ok((report, key))
}

/// What the receipt page shows of a report, without personal fields.
///
/// # Errors
/// Not found.
pub async fn receipt_facts(app: &App, id: ReportId) -> Result<Report, ReportError> {
    app.db.read(move |tx| store::find(tx, id)?.ok_or(ReportError::NotFound)).await
}
