//! What somebody said of columns is remembered for the next file with the same headings, and offered for one whose headings say nothing.

use app::App;
use db::Tx;
use kernel::Actor;
use statement::Plan;
use uuid::Uuid;

use crate::error::ImportError;
use crate::model::{AsBefore, Told};
use crate::rules::columns::{self, Correction};
use crate::store::mapping::{self, Said};

/// Files are known by their headings.
const HEADINGS: &str = "headings";
/// Files are known by how many columns they have and what a row looks like.
const SHAPE: &str = "shape";

/// By what a file is known: the word for it, and the keyed hash.
fn known_as(app: &App, plan: &Plan, shape: &str) -> Option<(&'static str, Vec<u8>)> {
    let key = |by: &str, text: &str| app.vault.blind("import_mapping", &format!("{by}\u{1f}{text}")).to_vec();
    match columns::headings(plan) {
        Some(headings) => Some((HEADINGS, key(HEADINGS, &headings))),
        None if shape.is_empty() => None,
        None => Some((SHAPE, key(SHAPE, shape))),
    }
}

/// Remembers by which mapping an import was read, where somebody has corrected it.
pub(super) fn remember(tx: &mut Tx<'_>, app: &App, actor: &Actor, told: &Told) -> Result<(), ImportError> {
    let plan = told.summary.as_ref().and_then(|s| s.plan.as_ref()).filter(|_| told.corrected);
    let Some(plan) = plan else { return Ok(()) };
    let Some((by, key)) = known_as(app, plan, &told.shape) else { return Ok(()) };
    let said = Said {
        id: app.uuid(),
        said: serde_json::to_string(&Correction::of(plan)).unwrap_or_default(),
        author: actor.label(),
        at: app.office.now(),
    };
    Ok(mapping::keep(tx, (&app.node.code, by, &key), &said)?)
}

/// What was said of a file like this one, and the mapping that it comes to.
pub(super) async fn recall(app: &App, plan: &Plan) -> Result<Option<(AsBefore, Plan)>, ImportError> {
    let Some((by, key)) = known_as(app, plan, &columns::shape(plan)) else { return Ok(None) };
    let me = app.clone();
    let said = app.db.read(move |tx| {
        let said = mapping::known(tx, (&me.node.code, by, &key))?;
        named(tx, &me, said)
    });
    Ok(said.await?.and_then(|(said, name)| on(plan, (&said, name, by == HEADINGS))))
}

/// The same by its id, where it was offered.
pub(super) async fn take(app: &App, id: Uuid, plan: &Plan) -> Result<Option<(AsBefore, Plan)>, ImportError> {
    let me = app.clone();
    let said = app.db.read(move |tx| {
        let said = mapping::find(tx, &me.node.code, id)?;
        named(tx, &me, said)
    });
    Ok(said.await?.and_then(|(said, name)| on(plan, (&said, name, true))))
}

/// With the name of whoever said it.
fn named(tx: &mut Tx<'_>, app: &App, said: Option<Said>) -> Result<Option<(Said, String)>, ImportError> {
    let Some(said) = said else { return Ok(None) };
    let name = access::names_of(tx, &app.vault, [said.author.clone()])?.into_values().next();
    Ok(Some((said, name.unwrap_or_default())))
}

fn on(plan: &Plan, (said, by, applied): (&Said, String, bool)) -> Option<(AsBefore, Plan)> {
    let correction: Correction = serde_json::from_str(&said.said).ok()?;
    let read = correction.on(&columns::without_headings(plan))?;
    Some((AsBefore { id: said.id, by, at: said.at, applied }, read))
}
