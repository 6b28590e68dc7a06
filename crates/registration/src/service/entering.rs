//! A matter is handed over, and the register answers with a number.

use access::Action;
use app::App;
use audit::Act;
use db::{DbError, Tx};
use kernel::{Actor, Personal, Timestamp};
use partner::Partner;
use serde_json::json;

use super::{FILE, REGISTRAR, act, allowed, enter, follow, header, hold, keep, of_subject, resource};
use crate::error::RegistrationError;
use crate::export::Made;
use crate::kinds::{self, Head, Kind, Of, Wants};
use crate::model::{HandOver, HandOverId, Posting, Receipt, Reference, ReferenceId, Registration, Subject};
use crate::{rules, store};

/// Enters a report in the registers that it is missing in: it was filed before the country had them here, or the news of it
/// is still on its way. What is there stays as it is.
///
/// # Errors
/// Hidden or forbidden; erased.
pub async fn enter_now(app: &App, actor: &Actor, of: impl Into<Of>) -> Result<(), RegistrationError> {
    let (me, actor, of) = (app.clone(), actor.clone(), of.into());
    app.db
        .write(move |tx| {
            let subject = of.find(tx, &me, &actor, Wants::Work)?;
            access::require(&actor, Action::HandOver, &of_subject(&subject))?;
            if me.vault.subject(tx, subject.id)?.is_none() {
                return Err(report::ReportError::Erased.into());
            }
            enter(tx, &me, &actor, &subject)
        })
        .await
}

/// Hands a report over to a register: makes the file, once, and keeps it sealed. Where an institution takes messages for
/// the register, it is posted until the register answers; else the file lies ready, and the report is handed over once
/// somebody says to have carried it there. Whoever presses again finds the same; after a refusal, and where somebody
/// takes messages for the register since, a new file is made of what is known now.
///
/// # Errors
/// Hidden or forbidden; the register has it already, or is not handed anything; erased.
pub async fn hand_over(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
) -> Result<HandOver, RegistrationError> {
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let subject = of.find(tx, &me, &actor, Wants::Work)?;
            // A report that was filed before this country had registers is entered now.
            enter(tx, &me, &actor, &subject)?;
            hand_over_in(tx, &me, &actor, (&of.kind, &subject), &system)
        })
        .await
}

pub(crate) fn hand_over_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (kind, subject): (&Kind, &Subject),
    system: &str,
) -> Result<HandOver, RegistrationError> {
    let held = hold(tx, app, subject, system)?;
    access::require(actor, Action::HandOver, &resource(&held.matter, None))?;
    if held.register.hand_over().is_none() {
        return Err(RegistrationError::OtherWay);
    }
    let keeper = keeper(tx, system)?;
    if let Some(made) = store::hand_over::of_registration(tx, held.matter.id)?
        && rules::still_stands(made.posting, held.matter.state, keeper.is_some())
    {
        return Ok(made);
    }
    let before = held.matter.state;
    let handed = held.matter.clone().hand_over()?;
    // A file that lies in the house is not handed over.
    let after = if keeper.is_some() { handed } else { held.matter };
    let now = app.office.now();
    let id = HandOverId::from_uuid(app.uuid());
    let head = Head { register: &held.register, id, salt: hex::encode(app.entropy.bytes::<16>()), now };
    let made = Made::of((kind.write)(tx, app, actor, subject, &head)?);
    let key = app.vault.subject(tx, subject.id)?.ok_or(report::ReportError::Erased)?;
    let row = HandOver {
        id,
        header: header(app, actor, &subject.header),
        registration: after.id,
        schema: kind.schema.to_owned(),
        sha256: made.sha256,
        size_bytes: made.size_bytes,
        channel: if keeper.is_some() { "message" } else { "officer" }.to_owned(),
        posting: if keeper.is_some() { Posting::Waiting } else { Posting::None },
        institution: keeper.map(|k| k.code).unwrap_or_default(),
        tries: 0,
        last_error: String::new(),
    };
    let sealed = key.seal(&app.entropy, FILE, &made.text);
    store::hand_over::insert(tx, &row, &sealed, app.wall.now())?;
    keep(tx, app, &after, before)?;
    let facts = json!({"system": system, "register": held.register.name, "channel": row.channel, "institution": row.institution, "schema": row.schema, "sha256": row.sha256, "size_bytes": row.size_bytes});
    let name = if row.institution.is_empty() { "registration.prepared" } else { "registration.handed_over" };
    let act = Act { purpose: Some(kinds::purpose(&subject.kind)), facts, ..act(name, subject) };
    app.record(tx, actor, &act)?;
    Ok(row)
}

/// Who takes messages for a register; nobody where no institution keeps it here or it has no address: then officers
/// carry files.
pub(super) fn keeper(tx: &mut Tx<'_>, system: &str) -> Result<Option<Partner>, RegistrationError> {
    Ok(partner::store::keeper_of_register(tx, system)?.filter(|p| !p.gateway_url.is_empty()))
}

/// A file that an officer takes.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What is known of it.
    pub hand_over: HandOver,
    /// Name under which it is saved: the report's number and the register's code.
    pub name: String,
    /// Its content.
    pub content: Personal<String>,
}

/// The file of a report that was handed over. Each taking is a record.
///
/// # Errors
/// Hidden or forbidden; nothing was handed over; erased.
pub async fn take_file(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
) -> Result<Taken, RegistrationError> {
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let (subject, held) = allowed(tx, &me, &actor, Action::HandOver, (&of, &system))?;
            let hand_over =
                store::hand_over::of_registration(tx, held.matter.id)?.ok_or(RegistrationError::NotFound)?;
            let content = content(tx, &me, &subject, hand_over.id)?;
            let facts = json!({"system": system, "register": held.register.name, "sha256": hand_over.sha256});
            let purpose = Some(kinds::purpose(&subject.kind));
            let act = Act { purpose, facts, ..act("registration.file_taken", &subject) };
            me.record(tx, &actor, &act)?;
            Ok(Taken { name: format!("{}-{system}.json", of.number), hand_over, content })
        })
        .await
}

pub(crate) fn content(
    tx: &mut Tx<'_>,
    app: &App,
    subject: &Subject,
    id: HandOverId,
) -> Result<Personal<String>, RegistrationError> {
    let sealed = store::hand_over::file(tx, id)?;
    let key = app.vault.subject(tx, subject.id)?.ok_or(report::ReportError::Erased)?;
    Ok(key.open(FILE, &sealed)?)
}

/// Writes down under which number a register took a report; opens the decision that follows, with its clock. The same
/// answer again changes nothing.
///
/// # Errors
/// Hidden or forbidden; a number or time that cannot be right; the number stands for another matter; the register has
/// the report under another number.
pub async fn record_receipt(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
    told: Receipt,
) -> Result<Registration, RegistrationError> {
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let subject = of.find(tx, &me, &actor, Wants::Work)?;
            enter(tx, &me, &actor, &subject)?;
            receive(tx, &me, &actor, &subject, &system, &told)
        })
        .await
}

/// The same answer of a register may differ by the minute that somebody wrote down.
const SAME_SECS: i64 = 60;

pub(super) fn receive(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    system: &str,
    told: &Receipt,
) -> Result<Registration, RegistrationError> {
    let held = hold(tx, app, subject, system)?;
    let mut seen = resource(&held.matter, None);
    if let Some(keeper) = partner::store::keeper_of_register(tx, system)? {
        seen = seen.owned_by(keeper.id.uuid());
    }
    access::require(actor, Action::RecordReceipt, &seen)?;
    if held.register.hand_over().is_none() {
        return Err(RegistrationError::OtherWay);
    }
    let told = rules::receipt(held.register.number.as_ref(), told, app.office.now())?;
    let known = standing(tx, subject, system)?;
    let near = |at: Timestamp| at.micros_since(told.registered_at).abs() <= SAME_SECS * 1_000_000;
    if known.is_some_and(|k| k.number == told.number && near(k.registered_at)) {
        store::hand_over::done(tx, held.matter.id)?;
        return Ok(held.matter);
    }
    let before = held.matter.state;
    let after = held.matter.take(told.registered_at)?;
    let id = ReferenceId::from_uuid(app.uuid());
    write_down(tx, app, actor, subject, system, (id, &told))?;
    store::hand_over::done(tx, after.id)?;
    keep(tx, app, &after, before)?;
    let facts = json!({"system": system, "register": held.register.name, "number": told.number, "registered_at": told.registered_at.rfc3339()});
    app.record(tx, actor, &Act { facts, ..act("registration.registered", subject) })?;
    let body = json!({"kind": subject.kind, "system": system});
    app.tell(tx, crate::REGISTERED, subject.id, body)?;
    follow(tx, app, actor, subject, system, told.registered_at)?;
    Ok(after)
}

/// The number of a matter in a register that stands.
pub(super) fn standing(
    tx: &mut Tx<'_>,
    subject: &Subject,
    system: &str,
) -> Result<Option<Reference>, RegistrationError> {
    let all = store::reference::of_subject(tx, &subject.kind, subject.id)?;
    Ok(all.into_iter().rev().find(|r| r.system == system && r.wrong_at.is_none()))
}

/// Refuses a number that stands for another matter. A case and a report that belongs to it are one matter, if the report had it first: then
/// it is known whose it is.
pub(super) fn free(
    tx: &mut Tx<'_>,
    subject: &Subject,
    system: &str,
    number: &str,
) -> Result<(), RegistrationError> {
    let all = store::reference::by_number(tx, system, number)?;
    let own = |r: &Reference| r.subject_kind != subject.kind && subject.same.contains(&r.subject);
    if all.iter().all(own) { Ok(()) } else { Err(RegistrationError::NumberTaken) }
}

/// Writes a number down as a row of its own.
pub(super) fn write_down(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    system: &str,
    (id, told): (ReferenceId, &Receipt),
) -> Result<Reference, RegistrationError> {
    // Asked first: a refused INSERT would end the transaction.
    free(tx, subject, system, &told.number)?;
    let came_by = if matches!(actor, Actor::Partner { .. }) { "register" } else { "desk" };
    let row = Reference {
        id,
        header: header(app, actor, &subject.header),
        subject_kind: subject.kind.clone(),
        subject: subject.id,
        system: system.to_owned(),
        number: told.number.clone(),
        registered_at: told.registered_at,
        came_by: came_by.to_owned(),
        wrong_at: None,
        wrong_by: None,
    };
    let registrar = app.seal_words(tx, subject.id, REGISTRAR, &told.registrar)?;
    // Two may write the same number down at the same moment about different matters: the second is told.
    match tx.attempt(|tx| store::reference::insert(tx, &row, &registrar)) {
        Ok(()) => Ok(row),
        Err(DbError::Unique { .. }) => Err(RegistrationError::NumberTaken),
        Err(e) => Err(e.into()),
    }
}
