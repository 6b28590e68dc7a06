//! What was written down wrongly: a number is put right, or the entry was a mistake as a whole. Nothing is overwritten.

use access::Action;
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use serde_json::json;

use super::entering::{standing, write_down};
use super::{Held, WRONG, act, allowed, follow, id_of, keep};
use crate::error::RegistrationError;
use crate::kinds::Of;
use crate::model::{Receipt, Reference, ReferenceId, Registration, State, Subject};
use crate::{rules, store};

/// The number of a register that this office wrote down and may put right.
fn own_number(tx: &mut Tx<'_>, subject: &Subject, system: &str) -> Result<Reference, RegistrationError> {
    let number = standing(tx, subject, system)?.ok_or(RegistrationError::NothingToCorrect)?;
    // What the register signed is its word, and moves the clock of the law: one officer does not overwrite it.
    if number.came_by == "register" { Err(RegistrationError::RegistersOwn) } else { Ok(number) }
}

/// As [`correct_once`], each time another correction.
///
/// # Errors
/// As [`correct_once`].
pub async fn correct(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
    told: Receipt,
    reason: &str,
) -> Result<Reference, RegistrationError> {
    let id = ReferenceId::from_uuid(app.uuid());
    correct_once(app, actor, (of, system), id, told, reason).await
}

/// Puts a number right that was written down wrongly: the wrong one is marked and kept, with the reason, and the right one
/// is a row of its own. The clock of the decision that follows runs from the right time. `id` is the form's: the same form
/// sent twice is one correction; the same number and time again are none.
///
/// # Errors
/// Hidden or forbidden; no number stands; the register gave it itself; no reason; as [`super::record_receipt`].
pub async fn correct_once(
    app: &App,
    actor: &Actor,
    (of, system): (impl Into<Of>, &str),
    id: ReferenceId,
    told: Receipt,
    reason: &str,
) -> Result<Reference, RegistrationError> {
    let reason = app::reason(reason).ok_or(RegistrationError::Field("reason"))?;
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let (subject, held) = allowed(tx, &me, &actor, Action::CorrectReference, (&of, &system))?;
            let known = store::reference::of_subject(tx, &subject.kind, subject.id)?;
            if let Some(done) = known.into_iter().find(|r| r.id == id) {
                return Ok(done);
            }
            let wrong = own_number(tx, &subject, &system)?;
            let told = rules::receipt(held.register.number.as_ref(), &told, me.office.now())?;
            let decides = held.register.decision().is_some();
            if decides && !rules::came_first(held.matter.since, told.registered_at) {
                return Err(RegistrationError::Field("at"));
            }
            if (&wrong.number, wrong.registered_at) == (&told.number, told.registered_at) {
                return Ok(wrong);
            }
            let words = me.seal_words(tx, subject.id, WRONG, &reason)?;
            let by: (Timestamp, &str) = (me.office.now(), &actor.label());
            store::reference::mark_wrong(tx, wrong.id, by, &words)?;
            let right = write_down(tx, &me, &actor, &subject, &system, (id, &told))?;
            let settled = Registration { settled_at: Some(told.registered_at), ..held.matter.clone() };
            keep(tx, &me, &settled, held.matter.state)?;
            let facts = json!({"system": system, "register": held.register.name, "was": wrong.number, "number": right.number, "registered_at": right.registered_at.rfc3339(), "reason_sealed": words.fact()});
            let act = Act { facts, ..act("registration.corrected", &subject) };
            me.record(tx, &actor, &act)?;
            put_right(tx, &me, &subject, &system)?;
            follow(tx, &me, &actor, &subject, &system, right.registered_at)?;
            Ok(right)
        })
        .await
}

/// Tells that a report's number was put right: a case that took it over hears of it. Of other matters [`keep`] has told.
fn put_right(tx: &mut Tx<'_>, app: &App, subject: &Subject, system: &str) -> Result<(), RegistrationError> {
    if subject.kind != "report" {
        return Ok(());
    }
    let body = json!({"kind": subject.kind, "system": system});
    Ok(app.tell(tx, crate::CHANGED, subject.id, body)?)
}

/// Writes down, with the reason, that the register does not hold the report: the number belonged to another one. It is marked
/// and kept; the report waits to be handed over again, and nothing is decided about it meanwhile.
///
/// # Errors
/// Hidden or forbidden; no number stands; the register gave it itself; no reason; a decision waits or stands already; the
/// register is one that is decided about.
pub async fn mistaken(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
    reason: &str,
) -> Result<Registration, RegistrationError> {
    let reason = app::reason(reason).ok_or(RegistrationError::Field("reason"))?;
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let (subject, held) = allowed(tx, &me, &actor, Action::CorrectReference, (&of, &system))?;
            if held.register.hand_over().is_none() {
                return Err(RegistrationError::OtherWay);
            }
            let wrong = own_number(tx, &subject, &system)?;
            nothing_rests_on(tx, &me, &subject, &held)?;
            let before = held.matter.state;
            let after = held.matter.unenter()?;
            let words = me.seal_words(tx, subject.id, WRONG, &reason)?;
            store::reference::mark_wrong(tx, wrong.id, (me.office.now(), &actor.label()), &words)?;
            keep(tx, &me, &after, before)?;
            let facts = json!({"system": system, "register": held.register.name, "was": wrong.number, "reason_sealed": words.fact()});
            let act = Act { facts, ..act("registration.mistaken", &subject) };
            me.record(tx, &actor, &act)?;
            put_right(tx, &me, &subject, &system)?;
            Ok(after)
        })
        .await
}

/// A decision that waits or stands rests on the entry before it.
fn nothing_rests_on(
    tx: &mut Tx<'_>,
    app: &App,
    subject: &Subject,
    entered: &Held,
) -> Result<(), RegistrationError> {
    let after: Vec<String> = app
        .profile
        .registers(&subject.kind, app.office.now())
        .filter(|r| r.decision().is_some_and(|d| d.after == entered.register.code))
        .map(|r| r.code.clone())
        .collect();
    for code in after {
        let id = id_of(&subject.kind, subject.id, &code);
        tx.lock_row("registration", id.uuid())?;
        if store::find(tx, id)?.is_some_and(|m| m.state != State::Waiting) {
            return Err(RegistrationError::RestedOn);
        }
    }
    Ok(())
}
