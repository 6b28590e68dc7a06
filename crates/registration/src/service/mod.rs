//! One function per verb of the office: permission, load, decide, save, record, tell.

mod carrying;
mod correcting;
mod deciding;
mod entering;
mod posting;
mod views;

use access::{Action, Kind, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Header, Timestamp};
use profile::Register;
use serde_json::json;
use uuid::Uuid;

use crate::error::RegistrationError;
use crate::kinds::{self, Kind as Sort, Of, Wants};
use crate::model::{Decision, Registration, RegistrationId, Standing, State, Subject};
use crate::store;

pub use carrying::{carried, turned_away};
pub use correcting::{correct, correct_once, mistaken};
pub use deciding::{confirm, decide, take_back};
pub use entering::{Taken, enter_now, hand_over, record_receipt, take_file};
pub(crate) use posting::{OWN, answer_in, build_of};
pub use posting::{answer, due, put_off};
pub use views::{Board, Matter, May, Noted, Open, Own, View, board, of_report, open, own};

/// The part of the platform that opens matters and posts files.
pub const PART: &str = "registers";
/// Fields under which what is written here is sealed with the matter's key.
const REASONS: &str = "registration.reasons";
const SECOND: &str = "registration.second";
const REGISTRAR: &str = "registration.registrar";
const WRONG: &str = "registration.wrong";
pub(crate) const FILE: &str = "registration.file";

/// A report was filed: it is entered in every register that is handed reports.
///
/// # Errors
/// The database's.
pub fn on_received(tx: &mut Tx<'_>, app: &App, event: &db::outbox::Event) -> Result<(), RegistrationError> {
    let id = report::ReportId::from_uuid(event.subject);
    let Some(report) = report::store::find(tx, id)? else { return Ok(()) };
    // News that comes after the erasure opens nothing that nobody could ever close.
    if app.vault.subject(tx, event.subject)?.is_none() {
        return Ok(());
    }
    let (me, subject) = (Actor::system(PART), Subject::of_report(&report));
    enter(tx, app, &me, &subject)?;
    // Where an institution takes messages for the register, nobody needs to press anything.
    for matter in store::of_subject(tx, &subject.kind, subject.id)? {
        let by_message = entering::keeper(tx, &matter.system)?.is_some();
        if by_message && matter.state == State::Waiting {
            entering::hand_over_in(tx, app, &me, (&Sort::REPORT, &subject), &matter.system)?;
        }
    }
    Ok(())
}

/// The personal data of a report was erased: what was sealed with its key is emptied, and what no register has yet
/// is left to nobody.
///
/// # Errors
/// The database's.
pub fn on_expunged(tx: &mut Tx<'_>, app: &App, event: &db::outbox::Event) -> Result<(), RegistrationError> {
    let (kind, subject) = ("report", event.subject);
    store::reference::erase(tx, kind, subject)?;
    store::decision::erase(tx, kind, subject)?;
    store::hand_over::erase(tx, kind, subject)?;
    for matter in store::of_subject(tx, kind, subject)? {
        let before = matter.state;
        let after = matter.erase();
        if after.state != before {
            store::save(tx, &after, before)?;
            let name = register_of(app, &after).map(|r| r.name);
            let facts = json!({"system": after.system, "register": name, "state": after.state.as_str()});
            let act = audit::Act { facts, ..audit::Act::about("registration.erased", kind, subject) };
            app.record(tx, &Actor::system(PART), &act)?;
        }
    }
    Ok(())
}

/// Enters a matter in every register that is handed matters of its kind. What is there stays as it is.
///
/// # Errors
/// The database's.
pub fn enter(tx: &mut Tx<'_>, app: &App, actor: &Actor, subject: &Subject) -> Result<(), RegistrationError> {
    let since = subject.since;
    for register in app.profile.registers(&subject.kind, app.office.now()) {
        if let Some(rule) = register.hand_over() {
            let due = app.profile.term_end(since, rule.within);
            begin(tx, app, actor, subject, register, since, due)?;
        }
    }
    Ok(())
}

/// Opens the registers that ask for a decision once `entered` holds the matter, and moves the clocks of those that are
/// open already: the entry may have been put right.
fn follow(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    entered: &str,
    at: Timestamp,
) -> Result<(), RegistrationError> {
    let after: Vec<Register> = app
        .profile
        .registers(&subject.kind, app.office.now())
        .filter(|r| r.decision().is_some_and(|d| d.after == entered))
        .cloned()
        .collect();
    for register in &after {
        let Some(rule) = register.decision() else { continue };
        let due = app.profile.term_end(at, rule.within);
        if begin(tx, app, actor, subject, register, at, due)? {
            continue;
        }
        let Some(matter) = store::find(tx, id_of(&subject.kind, subject.id, &register.code))? else {
            continue;
        };
        let before = matter.clone();
        let moved = matter.from_entry(at, due);
        if moved != before {
            keep(tx, app, &moved, before.state)?;
        }
    }
    Ok(())
}

/// `false` if it is there already.
fn begin(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    register: &Register,
    since: Timestamp,
    due_at: Timestamp,
) -> Result<bool, RegistrationError> {
    let matter = Registration {
        id: id_of(&subject.kind, subject.id, &register.code),
        header: header(app, actor, &subject.header),
        subject_kind: subject.kind.clone(),
        subject: subject.id,
        subject_number: subject.number.clone(),
        system: register.code.clone(),
        since,
        due_at,
        state: State::Waiting,
        settled_at: None,
    };
    if !store::insert(tx, &matter)? {
        return Ok(false);
    }
    let facts = json!({"system": register.code, "register": register.name, "due": due_at.rfc3339()});
    app.record(tx, actor, &audit::Act { facts, ..act("registration.opened", subject) })?;
    changed(tx, app, &matter)?;
    Ok(true)
}

/// Keeps a matter, and tells of it where it is another slice's.
fn keep(tx: &mut Tx<'_>, app: &App, m: &Registration, before: State) -> Result<(), RegistrationError> {
    store::save(tx, m, before)?;
    changed(tx, app, m)
}

/// Tells of what became of a matter that is another slice's.
fn changed(tx: &mut Tx<'_>, app: &App, m: &Registration) -> Result<(), RegistrationError> {
    if m.subject_kind == "report" {
        return Ok(());
    }
    let body = json!({"kind": m.subject_kind, "system": m.system});
    Ok(app.tell(tx, crate::CHANGED, m.subject, body)?)
}

/// An act about a matter, for the record.
fn act(name: &'static str, subject: &Subject) -> audit::Act {
    audit::Act::about(name, kinds::word(&subject.kind), subject.id)
}

/// The id of a matter in a register: a hash of both, so that the same news opens it once.
fn id_of(kind: &str, subject: Uuid, system: &str) -> RegistrationId {
    let scope = format!("{kind}|{system}");
    let id = report::rules::derived_id("registration", &scope, &subject.simple().to_string());
    RegistrationId::from_uuid(id.uuid())
}

/// A header that belongs where the matter belongs, whoever writes the row.
fn header(app: &App, actor: &Actor, of: &Header) -> Header {
    let mut header = app.header(actor, of.lang.clone(), &of.retention_class);
    header.organisation_id.clone_from(&of.organisation_id);
    header.unit_id.clone_from(&of.unit_id);
    header.region.clone_from(&of.region);
    header.marking = of.marking.clone();
    header
}

/// What the access rules are asked about: the author is who proposed the decision that waits.
fn resource(matter: &Registration, proposed: Option<&Decision>) -> Resource {
    let mut resource = Resource::new(Kind::Registration, matter.id.uuid(), &matter.header);
    resource.author = proposed.map(|d| d.header.author.clone()).unwrap_or_default();
    resource
}

/// The same where no matter has been opened yet.
fn of_subject(subject: &Subject) -> Resource {
    Resource::new(Kind::Registration, subject.id, &subject.header)
}

/// A matter in a register under its lock, with the proposal that waits.
struct Held {
    matter: Registration,
    register: Register,
    proposed: Option<Decision>,
}

/// Loads a matter for an act. Two who act at the same moment act one after the other.
fn hold(tx: &mut Tx<'_>, app: &App, subject: &Subject, system: &str) -> Result<Held, RegistrationError> {
    let id = id_of(&subject.kind, subject.id, system);
    tx.lock_row("registration", id.uuid())?;
    let matter = store::find(tx, id)?.ok_or(RegistrationError::NotFound)?;
    let register = register_of(app, &matter).ok_or(RegistrationError::NotFound)?;
    let proposed = proposal(tx, &matter)?;
    Ok(Held { matter, register, proposed })
}

/// A matter in a register, for an act that is somebody's to do. Whoever agrees to what waits is asked about
/// that; whoever does anything else, about the matter alone.
fn allowed(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    action: Action,
    (of, system): (&Of, &str),
) -> Result<(Subject, Held), RegistrationError> {
    let wants = if action == Action::ConfirmRegistration { Wants::Agree } else { Wants::Work };
    let subject = of.find(tx, app, actor, wants)?;
    let held = hold(tx, app, &subject, system)?;
    let proposed = held.proposed.as_ref().filter(|_| action == Action::ConfirmRegistration);
    access::require(actor, action, &resource(&held.matter, proposed))?;
    Ok((subject, held))
}

/// The register as the law has it now, else as it was when the matter came: what is open is never left without one.
fn register_of(app: &App, matter: &Registration) -> Option<Register> {
    let as_of = |at| app.profile.register(&matter.system, at);
    as_of(app.office.now()).or_else(|| as_of(matter.since)).cloned()
}

fn proposal(tx: &mut Tx<'_>, matter: &Registration) -> Result<Option<Decision>, RegistrationError> {
    let all = store::decision::of_registration(tx, matter.id)?;
    Ok(all.into_iter().rev().find(|d| d.standing == Standing::Proposed))
}
