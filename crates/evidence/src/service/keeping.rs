//! Keeping an exhibit: where it lies, under which seal, what it is called, to which case it belongs and who is let in.

use access::{Action, Kind, Resource};
use app::App;
use db::Tx;
use kernel::Actor;
use serde_json::json;
use uuid::Uuid;

use super::{Said, TITLE, happen, hold, reason};
use crate::error::EvidenceError;
use crate::model::{EventKind, ExhibitId, Matter, Place};
use crate::rules::MOST_LINE;
use crate::store;

/// Puts it into another place.
///
/// # Errors
/// Absent or hidden; somebody else keeps it; no such place.
pub async fn move_to(app: &App, actor: &Actor, id: ExhibitId, place: Uuid) -> Result<(), EvidenceError> {
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &who, Action::HandleExhibit, id)?;
            let there = store::place::find(tx, &held.exhibit.header.organisation_id, place)?;
            if !there.is_some_and(|p| p.open) {
                return Err(EvidenceError::Field("place"));
            }
            held.exhibit.place = Some(place);
            let facts = json!({"place": place.to_string()});
            let said = Said { place: Some(place), facts, ..Said::default() };
            happen(tx, &me, &who, &mut held, EventKind::Moved, &said).map(drop)
        })
        .await
}

/// Closes it under a seal; its number is kept.
///
/// # Errors
/// Absent or hidden; somebody else keeps it; it lies under one; no number.
pub async fn seal(app: &App, actor: &Actor, id: ExhibitId, number: &str) -> Result<(), EvidenceError> {
    let number = number.trim().to_owned();
    if !app::is_line(&number, MOST_LINE) {
        return Err(EvidenceError::Field("seal"));
    }
    under(app, actor, id, (EventKind::Sealed, true), number).await
}

/// Breaks the seal, and why.
///
/// # Errors
/// Absent or hidden; somebody else keeps it; it lies under none; no reason.
pub async fn unseal(app: &App, actor: &Actor, id: ExhibitId, why: &str) -> Result<(), EvidenceError> {
    let why = reason(why)?;
    under(app, actor, id, (EventKind::Unsealed, false), why).await
}

async fn under(
    app: &App,
    actor: &Actor,
    id: ExhibitId,
    (kind, sealed): (EventKind, bool),
    words: String,
) -> Result<(), EvidenceError> {
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &who, Action::HandleExhibit, id)?;
            held.under_seal = sealed;
            let said = Said { words: Some(&words), ..Said::default() };
            happen(tx, &me, &who, &mut held, kind, &said).map(drop)
        })
        .await
}

/// Calls it something else, and why. What was told when it was taken in stays as it was told.
///
/// # Errors
/// Absent or hidden; no name; no reason.
pub async fn describe(
    app: &App,
    actor: &Actor,
    id: ExhibitId,
    (title, why): (&str, &str),
) -> Result<(), EvidenceError> {
    let title = title.trim().to_owned();
    if !app::is_line(&title, MOST_LINE) {
        return Err(EvidenceError::Field("title"));
    }
    let why = reason(why)?;
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &who, Action::HandleExhibit, id)?;
            let words = format!("{title}\n{why}");
            let said = Said { words: Some(&words), ..Said::default() };
            happen(tx, &me, &who, &mut held, EventKind::Described, &said)?;
            let key = me.vault.subject(tx, id.uuid())?.ok_or(EvidenceError::Over)?;
            Ok(store::exhibit::retitle(tx, id, &key.seal(&me.entropy, TITLE, &title))?)
        })
        .await
}

/// Puts it to a matter, with all that was made from it and belonged where it did: the image of a telephone is what the telephone holds.
/// Called by the slice that keeps the matter, in its own transaction, after it has looked whether the actor may.
///
/// # Errors
/// Absent or hidden, be it something that was made from it.
pub fn link(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: ExhibitId,
    (matter, closed, readers): (Option<Matter>, bool, &[String]),
) -> Result<(), EvidenceError> {
    let (mut waiting, mut from) = (vec![id], None);
    while let Some(id) = waiting.pop() {
        let before = link_one(tx, app, actor, id, (matter.clone(), closed, readers))?;
        let from = from.get_or_insert(before);
        let made = store::exhibit::made_from(tx, id)?;
        waiting.extend(made.into_iter().filter(|e| e.matter == *from && !e.state.is_over()).map(|e| e.id));
    }
    Ok(())
}

/// Puts one to a matter; gives where it belonged.
fn link_one(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: ExhibitId,
    (matter, closed, readers): (Option<Matter>, bool, &[String]),
) -> Result<Option<Matter>, EvidenceError> {
    let mut held = hold(tx, actor, Action::HandleExhibit, id)?;
    let before = held.exhibit.matter.clone();
    let facts = json!({
        "matter": matter.as_ref().map(|m| format!("{}:{}", m.kind, m.id)),
        "before": held.exhibit.matter.as_ref().map(|m| format!("{}:{}", m.kind, m.id)),
    });
    let counterpart = matter.as_ref().map(|m| m.number.clone()).unwrap_or_default();
    held.exhibit.matter = matter;
    held.exhibit.closed = closed;
    happen(tx, app, actor, &mut held, EventKind::Linked, &Said { counterpart, facts, ..Said::default() })?;
    store::exhibit::set_readers(tx, id, readers)?;
    Ok(before)
}

/// Lets these in to all exhibits of a matter and, where it is closed, nobody else. Called by the slice that keeps the matter, which
/// records who was let in.
///
/// # Errors
/// The database's.
pub fn let_in(
    tx: &mut Tx<'_>,
    of: &[ExhibitId],
    closed: bool,
    readers: &[String],
) -> Result<(), EvidenceError> {
    for id in of {
        tx.lock_row("exhibit", id.uuid())?;
        let Some((mut exhibit, under_seal)) = store::exhibit::find(tx, *id)? else { continue };
        let before = exhibit.events;
        exhibit.closed = closed;
        store::exhibit::save(tx, &exhibit, under_seal, before)?;
        store::exhibit::set_readers(tx, *id, readers)?;
    }
    Ok(())
}

/// A new place where things lie.
///
/// # Errors
/// Forbidden; no name.
pub async fn add_place(app: &App, actor: &Actor, name: &str) -> Result<Place, EvidenceError> {
    access::require(actor, Action::TakeExhibit, &Resource::any(Kind::Exhibit))?;
    let name = name.trim().to_owned();
    if !app::is_line(&name, MOST_LINE) {
        return Err(EvidenceError::Field("name"));
    }
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let place = Place { id: me.uuid(), name: name.clone(), open: true };
            store::place::insert(tx, &me.node.code, &place)?;
            let act = audit::Act::about("evidence.place_added", "place", place.id);
            me.record(tx, &who, &act)?;
            Ok(place)
        })
        .await
}

/// Whether anything may still be put there.
///
/// # Errors
/// Forbidden; no such place.
pub async fn set_place_open(app: &App, actor: &Actor, id: Uuid, open: bool) -> Result<(), EvidenceError> {
    access::require(actor, Action::TakeExhibit, &Resource::any(Kind::Exhibit))?;
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            store::place::find(tx, &me.node.code, id)?.ok_or(EvidenceError::NotFound)?;
            store::place::set_open(tx, id, open)?;
            let act = audit::Act {
                facts: json!({"open": open}),
                ..audit::Act::about("evidence.place_set", "place", id)
            };
            Ok(me.record(tx, &who, &act)?)
        })
        .await
}

/// The places of the office.
///
/// # Errors
/// Forbidden.
pub async fn place_names(app: &App, actor: &Actor) -> Result<Vec<Place>, EvidenceError> {
    access::require(actor, Action::ViewExhibit, &Resource::any(Kind::Exhibit))?;
    let code = app.node.code.clone();
    app.db.read(move |tx| Ok(store::place::list(tx, &code)?)).await
}
