//! Handing over: one gives, the other receives. Each side's word is an event of its own, and until both have spoken nobody else may do
//! anything to the exhibit.

use access::Action;
use app::App;
use kernel::Actor;
use uuid::Uuid;

use super::{Said, happen, hold, reason};
use crate::error::EvidenceError;
use crate::model::{EventKind, ExhibitId};

/// Gives it to a colleague.
///
/// # Errors
/// Absent or hidden; somebody else keeps it; no such colleague, or one who may not keep it.
pub async fn offer(app: &App, actor: &Actor, id: ExhibitId, to: Uuid) -> Result<(), EvidenceError> {
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &who, Action::HandleExhibit, id)?;
            let label = format!("staff:{to}");
            // Whoever cannot see it could not take it either.
            let may = access::colleague(tx, &me.vault, to)?.filter(|c| c.office.active).is_some_and(|c| {
                let whom = access::staff(c.account, "", &c.office.roles, &c.organisation, &c.unit);
                access::allowed(&whom, Action::HandleExhibit, &super::resource(&held.exhibit, &held.readers))
            });
            if !may || label == who.label() {
                return Err(EvidenceError::Field("to"));
            }
            held.exhibit.offered_to.clone_from(&label);
            let facts = serde_json::json!({"to": label});
            let said = Said { counterpart: label, facts, ..Said::default() };
            happen(tx, &me, &who, &mut held, EventKind::Offered, &said).map(drop)
        })
        .await
}

/// Whom it was given to has it.
///
/// # Errors
/// Absent or hidden; given to somebody else.
pub async fn receive(app: &App, actor: &Actor, id: ExhibitId) -> Result<(), EvidenceError> {
    answer(app, actor, id, EventKind::Received, None).await
}

/// Whom it was given to does not take it, and why.
///
/// # Errors
/// Absent or hidden; given to somebody else; no reason.
pub async fn decline(app: &App, actor: &Actor, id: ExhibitId, why: &str) -> Result<(), EvidenceError> {
    answer(app, actor, id, EventKind::Declined, Some(reason(why)?)).await
}

/// Whoever gave it keeps it after all.
///
/// # Errors
/// Absent or hidden; it was received; somebody else gave it.
pub async fn call_back(app: &App, actor: &Actor, id: ExhibitId) -> Result<(), EvidenceError> {
    answer(app, actor, id, EventKind::CalledBack, None).await
}

async fn answer(
    app: &App,
    actor: &Actor,
    id: ExhibitId,
    kind: EventKind,
    words: Option<String>,
) -> Result<(), EvidenceError> {
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &who, Action::HandleExhibit, id)?;
            let from = held.exhibit.custodian.clone();
            let to = std::mem::take(&mut held.exhibit.offered_to);
            if kind == EventKind::Received {
                held.exhibit.custodian = to;
                // It lies where whoever has it will say.
                held.exhibit.place = None;
            }
            let said = Said {
                words: words.as_deref(),
                facts: serde_json::json!({"from": from}),
                counterpart: from,
                ..Said::default()
            };
            happen(tx, &me, &who, &mut held, kind, &said).map(drop)
        })
        .await
}
