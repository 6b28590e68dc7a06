//! Persons of a case, in what capacity, and whether they were told their rights.

use access::Action;
use app::App;
use kernel::Actor;
use uuid::Uuid;

use super::{Did, done, field, hold, written};
use crate::error::CaseError;
use crate::model::{Case, CasePerson, MomentKind, PersonWords};
use crate::{rules, store};

/// A person who is to stand in a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// Name, and how to reach them.
    pub words: PersonWords,
    /// Code of the capacity.
    pub duty: String,
    /// Number of the person on the platform; empty where it is not known who that is.
    pub number: String,
}

/// Adds a person.
///
/// # Errors
/// Hidden or forbidden; no such capacity; no name; a person's number that is not there or hidden.
pub async fn add_person(app: &App, actor: &Actor, number: &str, new: NewPerson) -> Result<Case, CaseError> {
    let person = match new.number.trim() {
        "" => None,
        of => {
            let id = person::service::by_number(app, actor, of).await;
            Some(id.map_err(|_| CaseError::Unknown("person"))?.uuid())
        }
    };
    if app.profile.cases().role(&new.duty).is_none() {
        return Err(CaseError::Field("duty"));
    }
    let words = PersonWords {
        name: rules::line("name", &new.words.name, rules::MAX_LINE)?,
        contact: rules::line_or_none("contact", &new.words.contact)?,
        note: rules::text_or_none("note", &new.words.note)?,
    };
    let words = serde_json::to_string(&words).unwrap_or_default();
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let row = CasePerson {
                place: held.place(&me),
                written: written(&me, &actor),
                person,
                words_sealed: held.seal(&me, field::PERSON, &words),
                duty: new.duty.clone(),
                since: me.office.now(),
                until: None,
                rights_at: None,
            };
            store::person::insert(tx, &row)?;
            done(tx, &me, &actor, &mut held, Did::new("case.person_added", MomentKind::Person, &new.duty))?;
            Ok(held.case)
        })
        .await
}

/// Somebody stands in a capacity no more; the row stays.
///
/// # Errors
/// Hidden or forbidden; they do not.
pub async fn end_person(app: &App, actor: &Actor, number: &str, id: Uuid) -> Result<Case, CaseError> {
    change(app, actor, number, (id, "case.person_ended")).await
}

/// Somebody was told their rights.
///
/// # Errors
/// Hidden or forbidden; they were before.
pub async fn rights_told(app: &App, actor: &Actor, number: &str, id: Uuid) -> Result<Case, CaseError> {
    change(app, actor, number, (id, "case.rights_told")).await
}

async fn change(
    app: &App,
    actor: &Actor,
    number: &str,
    (id, act): (Uuid, &'static str),
) -> Result<Case, CaseError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let all = store::person::of_case(tx, held.case.id)?;
            let row = all.into_iter().find(|p| p.place.id == id).ok_or(CaseError::Settled)?;
            let (at, now) = ((id, held.case.id), me.office.now());
            let done_now = match act {
                "case.person_ended" => store::person::end(tx, at, now)?,
                _ => store::person::told(tx, at, now)?,
            };
            if !done_now {
                return Err(CaseError::Settled);
            }
            done(tx, &me, &actor, &mut held, Did::new(act, MomentKind::Person, &row.duty))?;
            Ok(held.case)
        })
        .await
}
