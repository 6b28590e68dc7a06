//! Taking a report: the same one twice is one report.

use access::{Action, Resource};
use app::App;
use audit::Act;
use db::{DbError, Tx};
use kernel::{Actor, Money, Secret, Timestamp};
use serde_json::json;
use uuid::Uuid;
use vault::SubjectKey;

use super::door::code_hash;
use crate::model::{NewPayment, NewReport, Report, ReportId};
use crate::store::{self, Sealed, SealedPayment};
use crate::{ReportError, draft, rules};

/// What filing gives back.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The report.
    pub id: ReportId,
    /// Its public number.
    pub number: String,
    /// The code that opens it; `None` where the same report had been filed before, or nobody asked for one.
    pub code: Option<Secret<String>>,
    /// Whether it had been filed before with the same key.
    pub already: bool,
}

/// How the report is filed besides its content.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filing {
    /// The form's draft, which becomes the receipt page.
    pub draft: Option<Uuid>,
    /// Whether a code is wanted: citizens and officers yes, partners no.
    pub with_code: bool,
}

/// Takes a report. The same id twice is the same report: whoever presses twice, or whose line breaks
/// after sending, gets the first one's number.
///
/// # Errors
/// [`ReportError::Filing`] for what cannot be taken; the database's.
pub async fn file(app: &App, actor: &Actor, new: NewReport, filing: Filing) -> Result<Filed, ReportError> {
    file_message(app, actor, new, filing, None).await
}

/// The same for a message: `body` is the keyed hash of what was sent, so that an outside key that comes again
/// with other words is noticed instead of answered with a report that says something else.
///
/// # Errors
/// As [`file`]; [`ReportError::OtherBody`].
pub async fn file_message(
    app: &App,
    actor: &Actor,
    new: NewReport,
    filing: Filing,
    body: Option<[u8; 32]>,
) -> Result<Filed, ReportError> {
    access::require(actor, Action::FileReport, &Resource::any("report"))?;
    let now = app.office.now();
    rules::check(&new, now)?;
    let key = app.vault.new_subject(&app.entropy, new.id.uuid());
    let report = draft_report(app, actor, &new, now);
    let sealed = seal(app, &key, &new);
    let payments: Vec<SealedPayment> = new.payments.iter().map(|p| seal_payment(app, &key, p)).collect();
    let sightings = crate::sight::of_report(app, &new);
    let code = filing.with_code.then(|| rules::draw_code(&app.entropy));
    let (app, actor, wall) = (app.clone(), actor.clone(), app.wall.now());
    app.db
        .clone()
        .write(move |tx| {
            let code_hash = code.as_ref().map(|c| code_hash(&app, report.id, c));
            let Some(report) = insert_new(tx, &app, &report, &sealed, (code_hash, body))? else {
                return already(tx, report.id, body);
            };
            app.vault.store(tx, &key)?;
            for (no, payment) in (1..).zip(&payments) {
                store::insert_payment(tx, report.id, no, payment)?;
            }
            crate::sight::record(tx, &app, report.id, &sightings)?;
            let facts = json!({
                "number": report.number, "channel": report.channel, "payments": payments.len(),
                "loss_minor": report.loss.minor(), "asset": report.loss.asset().code(), "ongoing": report.ongoing,
            });
            let act = Act { facts, ..Act::about("report.filed", "report", report.id.uuid()) };
            app.record(tx, &actor, &act)?;
            app.tell(tx, crate::RECEIVED, report.id.uuid(), json!({}))?;
            if let (Some(draft), Some(code)) = (filing.draft, &code) {
                draft::filed(tx, &app, draft, report.id, code, wall)?;
            }
            let code = code.clone().map(Secret::new);
            Ok(Filed { id: report.id, number: report.number, code, already: false })
        })
        .await
}

/// Writes the report under a number that no other has. `None` if this very report is there already. Nothing is
/// looked up first: a conflict says both, and hardly ever happens.
fn insert_new(
    tx: &mut Tx<'_>,
    app: &App,
    report: &Report,
    sealed: &Sealed,
    (code_hash, body_hash): (Option<[u8; 32]>, Option<[u8; 32]>),
) -> Result<Option<Report>, ReportError> {
    let year = app.profile.civil_year(report.header.created_at);
    for _ in 0..20 {
        let number = rules::draw_number(&app.entropy, app.profile.receipt_prefix(), year);
        let report = Report { number, ..report.clone() };
        if store::insert(tx, &report, sealed, code_hash, body_hash)? {
            return Ok(Some(report));
        }
        if store::find(tx, report.id)?.is_some() {
            return Ok(None);
        }
    }
    Err(DbError::Conflict.into())
}

/// The report that was filed before with the same key.
fn already(tx: &mut Tx<'_>, id: ReportId, body: Option<[u8; 32]>) -> Result<Filed, ReportError> {
    let known = store::find(tx, id)?.ok_or(ReportError::NotFound)?;
    let before = store::body_hash(tx, known.id)?;
    if before.zip(body).is_some_and(|(before, now)| !vault::equal(&before, &now)) {
        return Err(ReportError::OtherBody);
    }
    Ok(Filed { id: known.id, number: known.number, code: None, already: true })
}

fn draft_report(app: &App, actor: &Actor, new: &NewReport, now: Timestamp) -> Report {
    let asset = new.payments.first().map_or_else(|| app.profile.currency(), |p| p.amount.asset());
    let loss = new.payments.iter().fold(0_i64, |sum, p| sum.saturating_add(p.amount.minor()));
    Report {
        id: new.id,
        header: app.header(actor, new.lang.clone(), "report"),
        number: String::new(),
        channel: new.channel.clone(),
        ongoing: new.ongoing,
        harm: new.harm,
        loss: Money::from_minor(loss, asset),
        withdrawn_at: None,
        first_action_due: now.plus_secs(app.profile.first_action_secs()),
        next_message_at: now.plus_secs(app.profile.next_message_secs()),
    }
}

fn seal(app: &App, key: &SubjectKey, new: &NewReport) -> Sealed {
    let reporter = serde_json::to_string(&new.reporter).unwrap_or_default();
    Sealed {
        reporter: key.seal(&app.entropy, "reporter", &reporter),
        story: (!new.story.is_empty())
            .then(|| key.seal(&app.entropy, "story", &crate::sight::kept(&new.story))),
    }
}

pub(super) fn seal_payment(app: &App, key: &SubjectKey, p: &NewPayment) -> SealedPayment {
    let some = |field: &str, text: &str| (!text.is_empty()).then(|| key.seal(&app.entropy, field, text));
    SealedPayment {
        id: app.uuid(),
        amount: p.amount,
        when: kernel::When { told: String::new(), ..p.when.clone() },
        told: some("told", &p.when.told),
        own_institution: p.own_institution.clone(),
        own_account: some("own_account", &p.own_account),
        to_kind: p.to.as_ref().map(|t| t.kind.clone()).unwrap_or_default(),
        to: p.to.as_ref().map(|t| key.seal(&app.entropy, "to", &t.value)),
        to_masked: p.to.as_ref().map(|t| t.masked.clone()).unwrap_or_default(),
        to_institution: p.to_institution.clone(),
        reference: some("reference", &p.reference),
    }
}
