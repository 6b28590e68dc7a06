//! Notes, and what people add to the time line by hand.

use access::Action;
use app::App;
use kernel::{Actor, Timestamp};
use serde_json::json;

use super::{Did, done, field, hold, own_header, written};
use crate::error::CaseError;
use crate::model::{Case, Moment, MomentKind, Note};
use crate::{rules, store};

/// A note that is to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewNote {
    /// What it says.
    pub text: String,
    /// Who alone reads it beside its author, as labels; empty for everybody who sees the case.
    pub readers: Vec<String>,
    /// Whether it is restricted, also where nobody is named.
    pub restricted: bool,
}

/// Writes a note. A restricted one is told by nothing: neither by the time line nor by when the case changed.
///
/// # Errors
/// Hidden or forbidden; it says nothing; a reader is not of the team.
pub async fn add_note(app: &App, actor: &Actor, number: &str, new: NewNote) -> Result<Case, CaseError> {
    let text = rules::text("note", &new.text)?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let restricted = new.restricted || !new.readers.is_empty();
            if new.readers.iter().any(|r| !held.has(r)) {
                return Err(CaseError::Unknown("readers"));
            }
            let note = Note {
                place: held.place(&me),
                written: written(&me, &actor),
                text_sealed: held.seal(&me, field::NOTE, &text),
                restricted,
            };
            store::note::insert(tx, &note)?;
            for reader in &new.readers {
                store::note::add_reader(tx, me.uuid(), note.place.id, reader)?;
            }
            let did = Did::new("case.noted", MomentKind::Case, "").facts(json!({"note": note.place.id}));
            if restricted {
                super::log(tx, &me, &actor, &held.case, did.unseen())?;
            } else {
                done(tx, &me, &actor, &mut held, did)?;
            }
            Ok(held.case)
        })
        .await
}

/// Adds something that happened to the time line.
///
/// # Errors
/// Hidden or forbidden; it says nothing; it has not happened yet.
pub async fn add_event(
    app: &App,
    actor: &Actor,
    number: &str,
    (at, text): (Timestamp, &str),
) -> Result<Case, CaseError> {
    let text = rules::text("event", text)?;
    if at > app.office.now() {
        return Err(CaseError::Field("at"));
    }
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let sealed = held.seal(&me, field::HAND, &text);
            let moment = Moment {
                id: held.place(&me).id,
                home: held.case.id,
                at,
                kind: MomentKind::Hand,
                act: "case.event".to_owned(),
                actor: actor.label(),
                about: String::new(),
                words_sealed: Some(sealed.clone()),
            };
            store::moment::insert(tx, held.case.id, &moment, &own_header(&held.case))?;
            let facts = json!({"at": at.rfc3339(), "event": moment.id});
            let did = Did::new("case.event_added", MomentKind::Hand, "").facts(facts).words(&sealed).unseen();
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}
