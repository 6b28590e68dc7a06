//! What becomes of an exhibit in the end: proposed by one person with reasons, agreed to by another. What is destroyed loses its key: the
//! bytes on every copy and every backup are noise from then on, while its events, their proofs and the decision itself stay: who proposed it
//! and on what ground, who agreed, and the hash of what was destroyed.

use access::Action;
use app::App;
use db::Tx;
use kernel::{Actor, Purpose};
use serde_json::json;

use super::settling::give_back;
use super::taking::end_of;
use super::{Said, WORDS, happen, hold, reason};
use crate::error::EvidenceError;
use crate::model::{EventKind, ExhibitId, Fate, State};
use crate::shelf::Shelf;
use crate::store;

/// Events read at once.
const MANY: i64 = 1_000;

/// Proposes that it is returned or destroyed, with the decision that says so.
///
/// # Errors
/// Absent or hidden; a proposal waits; no reason.
pub async fn propose(
    app: &App,
    actor: &Actor,
    id: ExhibitId,
    (fate, why): (Fate, &str),
) -> Result<(), EvidenceError> {
    let why = reason(why)?;
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &who, Action::HandleExhibit, id)?;
            if held.exhibit.state == State::Returned && fate == Fate::Return {
                return Err(EvidenceError::Over);
            }
            held.exhibit.proposed = Some(fate);
            held.exhibit.proposed_by = who.label();
            let facts = json!({"fate": fate.as_str()});
            let said = Said { words: Some(&why), facts, ..Said::default() };
            happen(tx, &me, &who, &mut held, EventKind::Proposed, &said).map(drop)
        })
        .await
}

/// A second person does not agree, and why. Whoever proposed it may take it back the same way.
///
/// # Errors
/// Absent or hidden; nothing waits; no reason.
pub async fn send_back(app: &App, actor: &Actor, id: ExhibitId, why: &str) -> Result<(), EvidenceError> {
    let why = reason(why)?;
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            // Under the lock, or another's proposal that came meanwhile would be sent back as one's own.
            tx.lock_row("exhibit", id.uuid())?;
            let mine = store::exhibit::find(tx, id)?.is_some_and(|(e, _)| e.proposed_by == who.label());
            let action = if mine { Action::HandleExhibit } else { Action::ConfirmExhibit };
            let mut held = hold(tx, &who, action, id)?;
            held.exhibit.proposed = None;
            held.exhibit.proposed_by.clear();
            let said = Said { words: Some(&why), ..Said::default() };
            happen(tx, &me, &who, &mut held, EventKind::SentBack, &said).map(drop)
        })
        .await
}

/// A second person agrees: it is returned or destroyed. Of bytes that other exhibits have too nothing is removed.
///
/// # Errors
/// Absent or hidden; nothing waits; whoever proposed it has left the office.
pub async fn carry_out(
    app: &App,
    shelf: &Shelf,
    actor: &Actor,
    id: ExhibitId,
    words: &str,
) -> Result<Fate, EvidenceError> {
    let words = reason(words)?;
    let (me, who) = (app.clone(), actor.clone());
    let (fate, gone) = app
        .db
        .write(move |tx| {
            let mut held = hold(tx, &who, Action::ConfirmExhibit, id)?;
            let fate = held.exhibit.proposed.ok_or(EvidenceError::Proposal)?;
            if !access::still_stands(tx, &held.exhibit.proposed_by, &[kernel::Role::DutyOfficer])? {
                return Err(EvidenceError::Proposal);
            }
            let kind = match fate {
                Fate::Return => EventKind::Returned,
                Fate::Destroy => EventKind::Destroyed,
            };
            held.exhibit.proposed = None;
            let proposer = std::mem::take(&mut held.exhibit.proposed_by);
            let blob = if fate == Fate::Destroy { held.exhibit.blob.take() } else { None };
            let facts = json!({"proposed_by": proposer});
            let words = match fate {
                Fate::Return => words.clone(),
                Fate::Destroy => with_hash(tx, &me, id, &words)?,
            };
            let said = Said { counterpart: proposer, words: Some(&words), facts, ..Said::default() };
            happen(tx, &me, &who, &mut held, kind, &said)?;
            if fate == Fate::Return {
                return Ok((fate, None));
            }
            let decision = decision_on(tx, &me, id)?;
            me.vault.forget(tx, id.uuid())?;
            store::exhibit::empty(tx, id)?;
            store::event::empty(tx, id)?;
            for (no, text) in decision {
                let sealed = me.seal_words(tx, end_of(id), WORDS, &text)?;
                store::event::keep(tx, id, no, sealed.bytes())?;
            }
            let Some(blob) = blob else { return Ok((fate, None)) };
            // Whoever takes the same bytes in, or destroys their twin, waits here.
            tx.lock_row("evidence_blob", blob)?;
            if !store::exhibit::of_blob(tx, blob)?.is_empty() {
                return Ok((fate, None));
            }
            store::blob::remove(tx, blob)?;
            store::look::remove(tx, blob)?;
            me.vault.forget(tx, blob)?;
            store::gone::insert(tx, blob, me.wall.now())?;
            Ok::<_, EvidenceError>((fate, Some(blob)))
        })
        .await?;
    if let Some(blob) = gone {
        // Without its key it is noise; the room is given back, now or when the shelf can be reached.
        give_back(app, shelf, blob).await;
    }
    Ok(fate)
}

/// What the second person said, with the hash by which others know what was destroyed.
fn with_hash(tx: &mut Tx<'_>, app: &App, id: ExhibitId, words: &str) -> Result<String, EvidenceError> {
    let about = super::about(tx, app, id)?;
    let hash = about.map(|a| a.content.into_inner(Purpose::Operate).sha256).unwrap_or_default();
    Ok(if hash.is_empty() { words.to_owned() } else { format!("{words}\nSHA-256: {hash}") })
}

/// What was said when it was proposed last and when it was agreed to, with the numbers of these events.
fn decision_on(tx: &mut Tx<'_>, app: &App, id: ExhibitId) -> Result<Vec<(i64, String)>, EvidenceError> {
    let mut ends = Vec::new();
    let (mut after, mut proposed) = (0, None);
    loop {
        let some = store::event::of(tx, id, after, MANY)?;
        let Some(last) = some.last() else { break };
        after = last.no;
        for event in some {
            match event.kind {
                EventKind::Proposed => proposed = Some(event.no),
                EventKind::Destroyed => ends.push(event.no),
                _ => {}
            }
        }
    }
    ends.extend(proposed);
    let mut all = Vec::new();
    for (no, sealed) in store::event::words(tx, id)?.into_iter().filter(|(no, _)| ends.contains(no)) {
        let sealed = app::SealedWords::from_bytes(sealed);
        if let Some(text) = app.open_words(tx, id.uuid(), WORDS, &sealed)? {
            all.push((no, text.into_inner(Purpose::Operate)));
        }
    }
    Ok(all)
}
