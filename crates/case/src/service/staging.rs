//! How far a case has come, how urgent it is, and what it is called.

use access::Action;
use app::App;
use db::Tx;
use kernel::Actor;
use serde_json::json;

use super::{Did, Held, done, field, hold, stage_due};
use crate::error::CaseError;
use crate::model::{Case, MomentKind, Standing, State};
use crate::rules::{self, MAX_TITLE};
use crate::store;

/// A case passes to another stage: over, and open again, too.
///
/// # Errors
/// Hidden or forbidden; the profile leads there by no way, or by a decision of two persons alone; a decision waits; no reason.
pub async fn pass(
    app: &App,
    actor: &Actor,
    number: &str,
    (to, reason): (&str, &str),
) -> Result<Case, CaseError> {
    let reason = app::reason(reason).ok_or(CaseError::Field("reason"))?;
    let (me, actor, number, to) = (app.clone(), actor.clone(), number.to_owned(), to.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::LeadCase)?;
            let state = rules::pass(me.profile.cases(), &held.case.stage, &to)?;
            let waits = store::decision::of_case(tx, held.case.id)?;
            if waits.iter().any(|d| d.standing == Standing::Proposed) {
                return Err(CaseError::Waits);
            }
            let sealed = held.seal(&me, field::REASON, &reason);
            put(tx, &me, &mut held, (&to, state))?;
            let did = Did::new("case.staged", MomentKind::Case, &to).words(&sealed);
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Puts a case to a stage, and tells.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    app: &App,
    held: &mut Held,
    (to, state): (&str, State),
) -> Result<(), CaseError> {
    let now = app.office.now();
    to.clone_into(&mut held.case.stage);
    held.case.stage_since = now;
    held.case.stage_due_at = stage_due(app, to, now);
    held.case.state = state;
    held.case.ended_at = (state == State::Ended).then_some(now);
    Ok(app.tell(tx, crate::STAGED, held.case.id.uuid(), json!({"stage": to}))?)
}

/// Writes title and summary anew.
///
/// # Errors
/// Hidden or forbidden; the title is missing or too long.
pub async fn describe(
    app: &App,
    actor: &Actor,
    number: &str,
    (title, summary): (&str, &str),
) -> Result<Case, CaseError> {
    let title = rules::line("title", title, MAX_TITLE)?;
    let summary = rules::text_or_none("summary", summary)?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            // What stood there before goes on in the record, sealed as it was.
            let before = store::file::sealed(tx, held.case.id)?;
            let sealed = (held.seal(&me, field::TITLE, &title), held.seal(&me, field::SUMMARY, &summary));
            store::file::reseal(tx, held.case.id, (&sealed.0, &sealed.1))?;
            super::opening::index(tx, &me, held.case.id, &title)?;
            let did = Did::new("case.described", MomentKind::Case, "").words(&before.0);
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Says how urgent it is.
///
/// # Errors
/// Hidden or forbidden; no such urgency.
pub async fn set_priority(app: &App, actor: &Actor, number: &str, priority: i64) -> Result<Case, CaseError> {
    if !(0..=3).contains(&priority) {
        return Err(CaseError::Field("priority"));
    }
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            held.case.priority = priority;
            let about = priority.to_string();
            done(tx, &me, &actor, &mut held, Did::new("case.priority_set", MomentKind::Case, &about))?;
            Ok(held.case)
        })
        .await
}
