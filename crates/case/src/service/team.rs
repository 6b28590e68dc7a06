//! Who works on a case, who leads it, and whether others are let in.

use access::Action;
use app::App;
use kernel::{Actor, Tlp};
use serde_json::json;

use super::{Did, done, field, hold, officer};
use crate::error::CaseError;
use crate::model::{Case, MomentKind};
use crate::{rules, store};

/// Who is let in to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// All officers and approvers.
    Open,
    /// The team and the head of the unit.
    Closed,
    /// The team alone.
    Red,
}

impl Door {
    /// As forms write it.
    pub const ALL: [(&'static str, Self); 3] =
        [("open", Self::Open), ("closed", Self::Closed), ("red", Self::Red)];
    /// Reads it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(word, _)| *word == text).map(|(_, door)| *door)
    }
    /// Writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, door)| *door == self).map_or("", |(word, _)| *word)
    }
    /// How a case stands.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        match (case.header.marking.tlp == Tlp::Red, case.closed) {
            (true, _) => Self::Red,
            (false, true) => Self::Closed,
            (false, false) => Self::Open,
        }
    }
}

/// Takes somebody into the team.
///
/// # Errors
/// Hidden or forbidden; nobody who works on cases; they are in it.
pub async fn add_member(
    app: &App,
    actor: &Actor,
    number: &str,
    (label, duty): (&str, &str),
) -> Result<Case, CaseError> {
    let duty = rules::line_or_none("part", duty)?;
    let (me, actor, number, label) = (app.clone(), actor.clone(), number.to_owned(), label.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::LeadCase)?.open()?;
            officer(tx, &me, "member", &label)?;
            let member = store::member::fresh(me.uuid(), &label, &duty, me.office.now());
            if !store::member::add(tx, held.case.id, &member, &actor.label())? {
                return Err(CaseError::Already);
            }
            let did = Did::new("case.member_added", MomentKind::Case, &label).facts(json!({"member": label}));
            done(tx, &me, &actor, &mut held, did)?;
            super::exhibits::tell_let_in(tx, &me, &held.case)?;
            Ok(held.case)
        })
        .await
}

/// Somebody works on it no more. Whoever leads it hands it over first; tasks of theirs are nobody's again.
///
/// # Errors
/// Hidden or forbidden; they lead it; they are not in it; they keep an exhibit of a case that only its team sees.
pub async fn remove_member(app: &App, actor: &Actor, number: &str, label: &str) -> Result<Case, CaseError> {
    let (me, actor, number, label) = (app.clone(), actor.clone(), number.to_owned(), label.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::LeadCase)?.open()?;
            if held.case.lead == label {
                return Err(CaseError::Lead);
            }
            if !store::member::end(tx, held.case.id, &label, me.office.now())? {
                return Err(CaseError::Settled);
            }
            super::exhibits::keepers_see(tx, &me, (&actor, &held.case), |keeper| keeper != label)?;
            super::tasks::free(tx, &me, held.case.id, &label)?;
            let did =
                Did::new("case.member_removed", MomentKind::Case, &label).facts(json!({"member": label}));
            done(tx, &me, &actor, &mut held, did)?;
            super::exhibits::tell_let_in(tx, &me, &held.case)?;
            Ok(held.case)
        })
        .await
}

/// Somebody else leads it from now on. Whoever led it stays in the team.
///
/// # Errors
/// Hidden or forbidden; nobody who works on cases; they lead it already; no reason is given.
pub async fn hand_over(
    app: &App,
    actor: &Actor,
    number: &str,
    (label, reason): (&str, &str),
) -> Result<Case, CaseError> {
    let reason = app::reason(reason).ok_or(CaseError::Field("reason"))?;
    let (me, actor, number, label) = (app.clone(), actor.clone(), number.to_owned(), label.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::LeadCase)?.open()?;
            officer(tx, &me, "member", &label)?;
            if held.case.lead == label {
                return Err(CaseError::Already);
            }
            let before = held.case.lead.clone();
            if !held.has(&label) {
                let member = store::member::fresh(me.uuid(), &label, "", me.office.now());
                store::member::add(tx, held.case.id, &member, &actor.label())?;
            }
            held.case.lead.clone_from(&label);
            let sealed = held.seal(&me, field::REASON, &reason);
            let did = Did::new("case.handed_over", MomentKind::Case, &label)
                .facts(json!({"from": before, "to": label}))
                .words(&sealed);
            done(tx, &me, &actor, &mut held, did)?;
            super::exhibits::tell_let_in(tx, &me, &held.case)?;
            Ok(held.case)
        })
        .await
}

/// Says who is let in.
///
/// # Errors
/// Hidden or forbidden; no reason is given; it is so already. Whoever would shut themselves out, or a keeper of an exhibit, is refused.
pub async fn set_door(
    app: &App,
    actor: &Actor,
    number: &str,
    (door, reason): (Door, &str),
) -> Result<Case, CaseError> {
    let reason = app::reason(reason).ok_or(CaseError::Field("reason"))?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::LeadCase)?.open()?;
            if Door::of(&held.case) == door {
                return Err(CaseError::Already);
            }
            if door == Door::Red && !held.has(&actor.label()) {
                return Err(CaseError::Lead);
            }
            held.case.closed = door != Door::Open;
            held.case.header.marking.tlp = match door {
                Door::Red => Tlp::Red,
                _ if held.case.header.marking.tlp == Tlp::Red => kernel::Marking::default().tlp,
                _ => held.case.header.marking.tlp,
            };
            super::exhibits::keepers_see(tx, &me, (&actor, &held.case), |keeper| held.has(keeper))?;
            let sealed = held.seal(&me, field::REASON, &reason);
            let did = Did::new("case.door_set", MomentKind::Case, door.as_str()).words(&sealed);
            done(tx, &me, &actor, &mut held, did)?;
            super::exhibits::tell_let_in(tx, &me, &held.case)?;
            Ok(held.case)
        })
        .await
}
