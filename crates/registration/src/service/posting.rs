//! A file on its way to the institution that keeps a register, and what that answers.

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use serde_json::json;

use super::entering::{content, hand_over_in, keeper, receive};
use super::{Held, PART, WRONG, act, hold, keep};
use crate::error::RegistrationError;
use crate::export::{RefusalCode, RegistrationAnswer};
use crate::kinds::{self, Kind};
use crate::model::{HandOver, HandOverId, Receipt, Registration, State, Subject};
use crate::roads::Build;
use crate::store;

/// How long a posting is nobody else's.
const LEASE_SECS: i64 = 30;

/// What is due now, taken for this process.
///
/// # Errors
/// The database's.
pub async fn due(app: &App, limit: i64) -> Result<Vec<HandOver>, RegistrationError> {
    let wall = app.wall.now();
    let none = app.db.read(move |tx| Ok::<_, RegistrationError>(store::hand_over::due(tx, wall, 1)?)).await?;
    if none.is_empty() {
        return Ok(none);
    }
    app.db
        .write(move |tx| {
            let mut mine = Vec::new();
            for one in store::hand_over::due(tx, wall, limit)? {
                if store::hand_over::claim(tx, one.id, wall, wall.plus_secs(LEASE_SECS))? {
                    mine.push(one);
                }
            }
            Ok(mine)
        })
        .await
}

/// Files of this slice.
pub(crate) const OWN: &[&str] = &["registration.v1", "registration_case.v1"];

/// Opens a file for posting; `None` if its institution keeps the register no more: then that posting ends, and the report
/// goes to whoever keeps it now, or waits for an officer. The first opening is a record,
/// repetitions of it are not.
///
/// # Errors
/// The matter's data was erased.
pub(crate) fn build_of(
    tx: &mut Tx<'_>,
    app: &App,
    of: &HandOver,
) -> Result<Option<Build>, RegistrationError> {
    let (subject, matter) = subject_of(tx, of)?;
    // Whoever keeps the register no more is handed nobody's report.
    let keeper = keeper(tx, &matter.system)?.filter(|k| k.code == of.institution);
    let Some(keeper) = keeper else {
        move_on(tx, app, &subject, &matter.system, of)?;
        return Ok(None);
    };
    let body = content(tx, app, &subject, of.id)?;
    if of.tries == 0 {
        let name = super::register_of(app, &matter).map(|r| r.name);
        let facts = json!({"system": matter.system, "register": name, "institution": of.institution, "sha256": of.sha256});
        let purpose = Some(kinds::purpose(&subject.kind));
        let act = Act { purpose, facts, ..act("registration.posted", &subject) };
        app.record(tx, &Actor::system(PART), &act)?;
    }
    Ok(Some(Build { gateway: keeper.gateway_url, body }))
}

/// Ends a posting to somebody who keeps the register no more. Whoever keeps it now is handed the report; where nobody
/// takes messages for it, the report waits for an officer.
fn move_on(
    tx: &mut Tx<'_>,
    app: &App,
    subject: &Subject,
    system: &str,
    of: &HandOver,
) -> Result<(), RegistrationError> {
    let held = hold(tx, app, subject, system)?;
    if !store::hand_over::moved(tx, of.id)? {
        return Ok(());
    }
    let me = Actor::system(PART);
    let before = held.matter.state;
    let after = held.matter.turn_away();
    if after.state != before {
        keep(tx, app, &after, before)?;
    }
    let facts = json!({"system": system, "register": held.register.name, "institution": of.institution, "sha256": of.sha256});
    app.record(tx, &me, &Act { facts, ..act("registration.moved", subject) })?;
    // What another slice has is handed over anew by whoever works on it there.
    let own = subject.kind == Kind::REPORT.word;
    if own && keeper(tx, system)?.is_some() && after.state == State::Waiting {
        hand_over_in(tx, app, &me, (&Kind::REPORT, subject), system)?;
    }
    Ok(())
}

/// The matter that a file is about.
fn subject_of(tx: &mut Tx<'_>, of: &HandOver) -> Result<(Subject, Registration), RegistrationError> {
    let matter = store::find(tx, of.registration)?.ok_or(RegistrationError::NotFound)?;
    if matter.subject_kind != Kind::REPORT.word {
        return Ok((Subject::of_matter(&matter), matter));
    }
    let report = report::store::find(tx, report::ReportId::from_uuid(matter.subject))?;
    let report = report.ok_or(RegistrationError::NotFound)?;
    Ok((Subject::of_report(&report), matter))
}

/// Sets the next try, and keeps what came of the last one.
///
/// # Errors
/// The database's.
pub async fn put_off(
    app: &App,
    id: HandOverId,
    due_wall: Timestamp,
    error: &str,
) -> Result<(), RegistrationError> {
    let error = error.to_owned();
    app.db.write(move |tx| Ok(store::hand_over::again(tx, id, due_wall, &error)?)).await
}

/// What the register says about a file: its number, or why it does not take it. The same answer again changes nothing.
///
/// # Errors
/// No such file for this institution; a number or time that cannot be right; the number stands for another matter; the
/// register has answered otherwise before.
pub async fn answer(
    app: &App,
    actor: &Actor,
    id: HandOverId,
    said: RegistrationAnswer,
) -> Result<Registration, RegistrationError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db.write(move |tx| answer_in(tx, &me, &actor, id, &said)).await
}

pub(crate) fn answer_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: HandOverId,
    said: &RegistrationAnswer,
) -> Result<Registration, RegistrationError> {
    let of = store::hand_over::find(tx, id)?.filter(|of| OWN.contains(&of.schema.as_str()));
    let of = of.ok_or(RegistrationError::NotFound)?;
    let (subject, matter) = subject_of(tx, &of)?;
    match said {
        RegistrationAnswer::Receipt { number, registered_at, registrar, .. } => {
            let registered_at =
                Timestamp::parse_rfc3339(registered_at).ok_or(RegistrationError::Field("at"))?;
            let told = Receipt { number: number.clone(), registered_at, registrar: registrar.clone() };
            receive(tx, app, actor, &subject, &matter.system, &told)
        }
        RegistrationAnswer::Refusal { code, text, .. } => {
            refuse(tx, app, actor, (&subject, &of), *code, text)
        }
    }
}

/// The register does not take the file: the matter waits for an officer again.
fn refuse(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (subject, of): (&Subject, &HandOver),
    code: RefusalCode,
    text: &str,
) -> Result<Registration, RegistrationError> {
    let system = store::find(tx, of.registration)?.map(|m| m.system).unwrap_or_default();
    let held = hold(tx, app, subject, &system)?;
    let mut seen = super::resource(&held.matter, None);
    if let Some(keeper) = partner::store::keeper_of_register(tx, &system)? {
        seen = seen.owned_by(keeper.id.uuid());
    }
    access::require(actor, access::Action::RecordReceipt, &seen)?;
    if text.chars().count() > app::MAX_REASON_CHARS {
        return Err(RegistrationError::Field("reason"));
    }
    if held.matter.state != State::HandedOver {
        // Said before, or it was settled meanwhile.
        return Ok(held.matter);
    }
    turn_away(tx, app, actor, (subject, of), held, (code, text.trim()))
}

/// Keeps why the register did not take a file; the matter waits to be handed over anew.
pub(super) fn turn_away(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (subject, of): (&Subject, &HandOver),
    held: Held,
    (code, why): (RefusalCode, &str),
) -> Result<Registration, RegistrationError> {
    let words = app.seal_words(tx, subject.id, WRONG, why)?;
    if !store::hand_over::refused(tx, of.id, code.as_str(), &words)? {
        return Ok(held.matter);
    }
    let before = held.matter.state;
    let after = held.matter.turn_away();
    keep(tx, app, &after, before)?;
    let facts = json!({"system": after.system, "register": held.register.name, "code": code.as_str(), "reason_sealed": words.fact()});
    app.record(tx, actor, &Act { facts, ..act("registration.turned_away", subject) })?;
    Ok(after)
}
