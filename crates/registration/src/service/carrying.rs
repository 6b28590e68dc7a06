//! Files that officers carry: that one was handed over, and that the register did not take it.

use access::Action;
use app::App;
use audit::Act;
use kernel::Actor;
use serde_json::json;

use super::posting::turn_away;
use super::{act, allowed, keep};
use crate::error::RegistrationError;
use crate::export::RefusalCode;
use crate::kinds::{self, Of};
use crate::model::{Posting, Registration, State};
use crate::store;

/// Writes down that the file was carried to the register: from now on its number is waited for. Twice is once.
///
/// # Errors
/// Hidden or forbidden; no file lies ready; the register has the report already.
pub async fn carried(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
) -> Result<Registration, RegistrationError> {
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let (subject, held) = allowed(tx, &me, &actor, Action::HandOver, (&of, &system))?;
            let file = store::hand_over::of_registration(tx, held.matter.id)?;
            let file = file.filter(|f| f.posting == Posting::None).ok_or(RegistrationError::NothingToCarry)?;
            let before = held.matter.state;
            let after = held.matter.hand_over()?;
            if before == State::HandedOver {
                return Ok(after);
            }
            keep(tx, &me, &after, before)?;
            let facts = json!({"system": system, "register": held.register.name, "channel": file.channel, "schema": file.schema, "sha256": file.sha256});
            let act = Act {
                purpose: Some(kinds::purpose(&subject.kind)),
                facts,
                ..act("registration.handed_over", &subject)
            };
            me.record(tx, &actor, &act)?;
            Ok(after)
        })
        .await
}

/// Writes down, with the reason, that the register did not take the file: the report waits to be handed over anew, and its
/// clock has not stopped.
///
/// # Errors
/// Hidden or forbidden; no reason; nothing was handed over, or the register has the report already.
pub async fn turned_away(
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
            let (subject, held) = allowed(tx, &me, &actor, Action::RecordReceipt, (&of, &system))?;
            if held.matter.state != State::HandedOver {
                return Err(RegistrationError::Settled);
            }
            let file = store::hand_over::of_registration(tx, held.matter.id)?;
            let file = file.ok_or(RegistrationError::NothingToCarry)?;
            turn_away(tx, &me, &actor, (&subject, &file), held, (RefusalCode::Other, &reason))
        })
        .await
}
