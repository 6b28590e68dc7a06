//! A case as a matter of the country's registers. Handing over, numbers and decisions are the registers' own slice's; here a case is found
//! for it by whoever is let in, its file is written, and what became of it is taken in: numbers, clocks and the time line.

use access::Action;
use app::App;
use db::outbox::Event;
use db::{DbError, Tx};
use kernel::Actor;
use registration::{Head, Kind, RegistrationError, Subject, Wants};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{field, nearest, own_header, plain, resource, signers};
use crate::error::CaseError;
use crate::model::{Case, CaseId, CaseRef, LinkKind, Moment, MomentKind, NEVER, PersonWords, Place, Written};
use crate::rules::filter;
use crate::store;
use crate::store::register::Clock;

/// Cases, for the registers.
pub const KIND: Kind =
    Kind { word: "case", pages: "/desk/cases", schema: "registration_case.v1", told: false, find, write };

/// `registration_case.v1`: the file with which a case is handed to a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationCaseFile {
    /// `registration_case.v1`.
    #[serde(rename = "type")]
    pub kind_of_message: String,
    /// Id of the hand-over, `hov_…`: the same at every repetition.
    pub hand_over_id: String,
    /// 32 random hexadecimal digits, so that a hash of the file tells nothing of what it says.
    pub salt: String,
    /// When the file was made, RFC 3339.
    #[schema(format = DateTime)]
    pub made_at: String,
    /// Code of the organisation that hands over.
    pub organisation: String,
    /// Code of the register, `kui`.
    pub register: String,
    /// `case`.
    pub subject_kind: String,
    /// Its number.
    pub subject_number: String,
    /// When it was opened, RFC 3339.
    #[schema(format = DateTime)]
    pub opened_at: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Codes of the offences that are named in it.
    pub articles: Vec<String>,
    /// Persons who stand in it now.
    pub persons: Vec<RegistrationCasePerson>,
    /// Numbers of its reports.
    pub reports: Vec<String>,
}

/// A person of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationCasePerson {
    /// Name as written.
    pub name: String,
    /// Code of the capacity.
    pub capacity: String,
}

/// A failure in the words of the registers' slice.
pub(super) fn outside(error: CaseError) -> RegistrationError {
    match error {
        CaseError::Access(e) => e.into(),
        CaseError::Db(e) => e.into(),
        CaseError::Vault(e) => e.into(),
        CaseError::Registration(e) => e,
        CaseError::Field(field) => RegistrationError::Field(field),
        CaseError::Settled => RegistrationError::Settled,
        _ => RegistrationError::NotFound,
    }
}

fn find(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    number: &str,
    wants: Wants,
) -> Result<Subject, RegistrationError> {
    let number = filter::number(number).ok_or(RegistrationError::NotFound)?;
    let case = store::file::by_number(tx, &number)?.ok_or(RegistrationError::NotFound)?;
    let team = store::member::of_case(tx, case.id)?;
    let signers = signers(tx, case.id).map_err(outside)?;
    let thing = resource(&case, &team, &signers);
    access::require(actor, Action::ViewCase, &thing)?;
    if wants == Wants::Work {
        access::require(actor, Action::WorkCase, &thing)?;
        if case.merged_into.is_some() {
            return Err(RegistrationError::Settled);
        }
    }
    let works = case.merged_into.is_none() && access::allowed(actor, Action::WorkCase, &thing);
    // A case was opened for other ends: the law's time runs from when it is entered.
    let since = app.office.now();
    let links = store::link::of_case(tx, case.id)?.into_iter();
    let same = links.filter(|l| l.kind == LinkKind::Report).map(|l| l.target).collect();
    let (kind, id) = (KIND.word.to_owned(), case.id.uuid());
    Ok(Subject { kind, id, number, header: case.header, since, works, same })
}

fn write(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    head: &Head<'_>,
) -> Result<String, RegistrationError> {
    let file = file(tx, app, actor, subject, head).map_err(outside)?;
    let text = serde_json::to_string_pretty(&file).map(|t| t + "\n");
    Ok(text.map_err(|e| DbError::Bug(format!("a file cannot be written: {e}")))?)
}

fn file(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    head: &Head<'_>,
) -> Result<RegistrationCaseFile, CaseError> {
    let id = CaseId::from_uuid(subject.id);
    let case = store::file::find(tx, id)?.ok_or(CaseError::NotFound)?;
    let (title, summary) = store::file::sealed(tx, id)?;
    let mut persons = Vec::new();
    for p in store::person::of_case(tx, id)?.into_iter().filter(|p| p.until.is_none()) {
        let words = plain(tx, app, (p.place.sealed_for, field::PERSON), &p.words_sealed)?;
        let words: PersonWords = serde_json::from_str(&words).unwrap_or_default();
        persons.push(RegistrationCasePerson { name: words.name, capacity: p.duty });
    }
    let mut reports = Vec::new();
    for link in store::link::of_case(tx, id)?.into_iter().filter(|l| l.kind == LinkKind::Report) {
        let Some(report) = report::store::find(tx, report::ReportId::from_uuid(link.target))? else {
            continue;
        };
        let thing = access::Resource::new(access::Kind::Report, report.id.uuid(), &report.header);
        if access::allowed(actor, Action::ViewReport, &thing) {
            reports.push(report.number);
        }
    }
    Ok(RegistrationCaseFile {
        kind_of_message: KIND.schema.to_owned(),
        hand_over_id: head.id.to_string(),
        salt: head.salt.clone(),
        made_at: app.profile.rfc3339(head.now),
        organisation: app.node.code.clone(),
        register: head.register.code.clone(),
        subject_kind: KIND.word.to_owned(),
        subject_number: case.number,
        opened_at: app.profile.rfc3339(case.header.created_at),
        title: plain(tx, app, (id.uuid(), field::TITLE), &title)?,
        summary: plain(tx, app, (id.uuid(), field::SUMMARY), &summary)?,
        articles: store::reference::articles(tx, id)?.into_iter().map(|a| a.code).collect(),
        persons,
        reports,
    })
}

/// Whether a piece of news is about a case in a register.
pub(super) fn is_about_a_case(event: &Event) -> bool {
    event.body.get("kind").and_then(serde_json::Value::as_str) == Some(KIND.word)
}

/// Something became of a case in a register: its numbers, clocks and time line are made to agree with what stands there.
pub(super) fn sync(tx: &mut Tx<'_>, id: Uuid) -> Result<(), CaseError> {
    let id = CaseId::from_uuid(id);
    tx.lock_row("case_file", id.uuid())?;
    let Some(mut case) = store::file::find(tx, id)? else { return Ok(()) };
    let open =
        registration::store::of_subject(tx, KIND.word, id.uuid())?.into_iter().filter(|m| m.state.is_open());
    let clocks: Vec<Clock> =
        open.map(|m| Clock { id: m.id.uuid(), system: m.system, since: m.since, due_at: m.due_at }).collect();
    store::register::set(tx, id, &clocks)?;
    numbers(tx, &case)?;
    moments(tx, &case)?;
    case.next_due_at = nearest(tx, &case)?;
    Ok(store::file::save(tx, &case)?)
}

/// Numbers that registers gave stand among those of the case; one that was found wrong is marked there, too.
fn numbers(tx: &mut Tx<'_>, case: &Case) -> Result<(), CaseError> {
    for r in registration::store::reference::of_subject(tx, KIND.word, case.id.uuid())? {
        match store::register::known(tx, r.id.uuid())? {
            Some((home, None)) => {
                if let (Some(at), Some(by)) = (r.wrong_at, &r.wrong_by) {
                    store::reference::wrong(tx, (r.id.uuid(), home), (at, by))?;
                }
            }
            Some(_) => {}
            None if r.wrong_at.is_some() => {}
            None => {
                let home = case.merged_into.unwrap_or(case.id);
                let by_hand = store::reference::of_case(tx, home)?;
                // Somebody has written it down by hand before.
                if by_hand
                    .iter()
                    .any(|k| k.wrong_at.is_none() && (&k.system, &k.number) == (&r.system, &r.number))
                {
                    continue;
                }
                let row = CaseRef {
                    place: Place { id: r.id.uuid(), case: home, sealed_for: case.id.uuid() },
                    written: Written { by: r.header.author, at: r.header.created_at },
                    system: r.system,
                    number: r.number,
                    registered_at: r.registered_at,
                    // The clock of what follows is the registers' own.
                    due_at: NEVER,
                    registrar_sealed: Vec::new(),
                    wrong_at: None,
                };
                store::reference::insert(tx, &row)?;
            }
        }
    }
    Ok(())
}

/// Where a case keeps the number that it took over from the report it was opened from.
fn taken_over(case: &Case, number: Uuid) -> Uuid {
    report::rules::derived_id("case_ref", &case.id.to_string(), &number.to_string()).uuid()
}

/// A case that was opened from a report is the same matter: the report's numbers in registers are its own, too, and what was found wrong
/// there is wrong here. Their clocks are the report's and run there.
pub(super) fn take_over(tx: &mut Tx<'_>, case: &Case) -> Result<(), CaseError> {
    let Some(report) = case.origin.as_ref().filter(|o| o.kind == LinkKind::Report) else { return Ok(()) };
    for r in registration::store::reference::of_subject(tx, "report", report.id)? {
        let id = taken_over(case, r.id.uuid());
        match store::register::known(tx, id)? {
            Some((home, None)) => {
                if let (Some(at), Some(by)) = (r.wrong_at, &r.wrong_by) {
                    store::reference::wrong(tx, (id, home), (at, by))?;
                }
            }
            Some(_) => {}
            None if r.wrong_at.is_some() => {}
            None => {
                let home = case.merged_into.unwrap_or(case.id);
                let known = store::reference::of_case(tx, home)?;
                let same =
                    |k: &CaseRef| k.wrong_at.is_none() && (&k.system, &k.number) == (&r.system, &r.number);
                if known.iter().any(same) {
                    continue;
                }
                let row = CaseRef {
                    place: Place { id, case: home, sealed_for: case.id.uuid() },
                    written: Written { by: r.header.author, at: r.header.created_at },
                    system: r.system,
                    number: r.number,
                    registered_at: r.registered_at,
                    due_at: NEVER,
                    registrar_sealed: Vec::new(),
                    wrong_at: None,
                };
                store::reference::insert(tx, &row)?;
            }
        }
    }
    Ok(())
}

/// The same, where the report from which it was opened is this one.
pub(super) fn take_over_from(tx: &mut Tx<'_>, case: &Case, report: Uuid) -> Result<(), CaseError> {
    if case.origin.as_ref().is_some_and(|o| o.id == report) { take_over(tx, case) } else { Ok(()) }
}

/// The report from which a case was opened was taken out of it: its numbers are not the case's any more.
pub(super) fn give_back(
    tx: &mut Tx<'_>,
    case: &Case,
    report: Uuid,
    (at, by): (kernel::Timestamp, &str),
) -> Result<(), CaseError> {
    if case.origin.as_ref().is_none_or(|o| o.id != report) {
        return Ok(());
    }
    for r in registration::store::reference::of_subject(tx, "report", report)? {
        let id = taken_over(case, r.id.uuid());
        if let Some((home, None)) = store::register::known(tx, id)? {
            store::reference::wrong(tx, (id, home), (at, by))?;
        }
    }
    Ok(())
}

/// What was recorded of the case in registers stands in its time line.
fn moments(tx: &mut Tx<'_>, case: &Case) -> Result<(), CaseError> {
    for view in audit::records_for(tx, case.id.uuid())? {
        let record = &view.record;
        if !record.act.starts_with("registration.") || super::is_quiet(&record.act) {
            continue;
        }
        let system = view.facts.get("system").and_then(serde_json::Value::as_str).unwrap_or_default();
        let moment = Moment {
            id: super::hearing::derived(case.id.uuid(), record.id),
            home: case.id,
            at: record.office_at,
            kind: MomentKind::Register,
            act: record.act.clone(),
            actor: record.actor.clone(),
            about: system.to_owned(),
            words_sealed: None,
        };
        store::moment::insert(tx, case.merged_into.unwrap_or(case.id), &moment, &own_header(case))?;
    }
    Ok(())
}
