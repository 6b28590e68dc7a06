//! Views that people keep. They hold ids and places; when one is opened, the chart shows what is true then, and says what is gone.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose, Timestamp};
use serde_json::json;

use super::NAME;
use super::opening::office;
use crate::error::ChartError;
use crate::model::{Key, Place, SavedView, ViewId};
use crate::store;

/// Longest name, characters.
const MAX_NAME: usize = 80;
/// Views that somebody keeps at most, and that are listed of others.
const MOST: i64 = 200;

/// A view as the access rules see it: one that is not shared belongs to no unit.
fn resource(view: &SavedView) -> Resource {
    let mut resource = Resource::new(Thing::Chart, view.id.uuid(), &view.header);
    if !view.shared {
        resource.unit.clear();
    }
    resource
}

/// What a view is called; empty if that was erased.
fn name(tx: &mut Tx<'_>, app: &App, id: ViewId, sealed: Vec<u8>) -> Result<String, ChartError> {
    let words = app::SealedWords::from_bytes(sealed);
    let name = app.open_words(tx, id.uuid(), NAME, &words).map_err(|e| ChartError::of(&e))?;
    Ok(name.map(|n| n.into_inner(Purpose::Investigate)).unwrap_or_default())
}

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What it is called.
    pub name: String,
    /// Whether the author's unit sees it.
    pub shared: bool,
    /// What the chart begins with.
    pub starts: Vec<Key>,
    /// What is asked of it, as in its address.
    pub asked: String,
    /// Where things stand.
    pub places: Vec<(Key, Place)>,
    /// How many things it shows.
    pub shown: i64,
}

/// Keeps a view.
///
/// # Errors
/// Hidden, forbidden; no name; too many.
pub async fn keep(app: &App, actor: &Actor, kept: Kept) -> Result<ViewId, ChartError> {
    office(actor)?;
    access::require(actor, Action::KeepChart, &Resource::any(Thing::Chart))?;
    let name = kept.name.trim().to_owned();
    if !app::is_line(&name, MAX_NAME) {
        return Err(ChartError::NoName);
    }
    let about = kept.starts.first().cloned().ok_or(ChartError::NotFound)?;
    let mut header = app.header(actor, app.profile.default_lang(), "chart");
    header.organisation_id = access::organisation_of(actor).unwrap_or_default().to_owned();
    header.unit_id = access::unit_of(actor).unwrap_or_default().to_owned();
    let mut places = kept.places;
    places.truncate(store::MOST_PLACES);
    let view = SavedView {
        id: ViewId::from_uuid(app.uuid()),
        header,
        about,
        shared: kept.shared,
        asked: kept.asked,
        places,
        shown: kept.shown,
        removed_at: None,
        name,
    };
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            if store::count(tx, &actor.label())? >= MOST {
                return Err(ChartError::TooMany);
            }
            let sealed =
                me.seal_words(tx, view.id.uuid(), NAME, &view.name).map_err(|e| ChartError::of(&e))?;
            store::insert(tx, &view, sealed.bytes())?;
            let facts = json!({"about": view.about.as_str(), "shared": view.shared, "shown": view.shown});
            me.record(tx, &actor, &Act { facts, ..Act::about("chart.kept", "chart", view.id.uuid()) })?;
            Ok(view.id)
        })
        .await
}

/// A view in the list: neither what it asks nor where things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Database key.
    pub id: ViewId,
    /// What it is called; empty if that was erased.
    pub name: String,
    /// Whether the reader keeps it themselves.
    pub own: bool,
    /// Whether the unit sees it.
    pub shared: bool,
    /// When it was kept.
    pub at: Timestamp,
}

/// Views that somebody may open: their own, then those that others of their unit share, the latest of each first.
///
/// # Errors
/// Hidden.
pub async fn views(app: &App, actor: &Actor) -> Result<Vec<Listed>, ChartError> {
    let office = office(actor)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let (label, unit) = (actor.label(), access::unit_of(&actor).unwrap_or_default().to_owned());
            let mut all = Vec::new();
            let own = store::own(tx, &office, &label, MOST)?;
            let shared = store::shared(tx, &office, (&label, &unit), MOST)?;
            let lines = own.into_iter().map(|l| (true, l)).chain(shared.into_iter().map(|l| (false, l)));
            for (own, (id, shared, at, sealed)) in lines {
                all.push(Listed { id, name: name(tx, &me, id, sealed)?, own, shared, at });
            }
            Ok(all)
        })
        .await
}

/// A view, for somebody who may do something to it.
fn find(tx: &mut Tx<'_>, actor: &Actor, id: ViewId, act: Action) -> Result<(SavedView, Vec<u8>), ChartError> {
    let found = store::find(tx, id)?.ok_or(ChartError::NotFound)?;
    let thing = resource(&found.0);
    if !access::allowed(actor, Action::ViewChart, &thing) {
        return Err(ChartError::NotFound);
    }
    access::require(actor, act, &thing)?;
    Ok(found)
}

/// One view.
///
/// # Errors
/// Absent, hidden, thrown away.
pub async fn saved(app: &App, actor: &Actor, id: ViewId) -> Result<SavedView, ChartError> {
    office(actor)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let found = find(tx, &actor, id, Action::ViewChart)?;
            if found.0.removed_at.is_some() {
                return Err(ChartError::NotFound);
            }
            let (mut view, sealed) = found;
            view.name = name(tx, &me, id, sealed)?;
            Ok(view)
        })
        .await
}

/// Throws a view away; it can be taken back.
///
/// # Errors
/// Absent, hidden, somebody else's.
pub async fn remove(app: &App, actor: &Actor, id: ViewId) -> Result<(), ChartError> {
    turn(app, actor, id, true).await
}

/// Takes a view back that was thrown away.
///
/// # Errors
/// Absent, hidden, somebody else's.
pub async fn restore(app: &App, actor: &Actor, id: ViewId) -> Result<(), ChartError> {
    turn(app, actor, id, false).await
}

async fn turn(app: &App, actor: &Actor, id: ViewId, away: bool) -> Result<(), ChartError> {
    office(actor)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            find(tx, &actor, id, Action::KeepChart)?;
            let done = if away { store::remove(tx, id, me.office.now())? } else { store::restore(tx, id)? };
            if done {
                let act = if away { "chart.view_removed" } else { "chart.view_restored" };
                me.record(tx, &actor, &Act::about(act, "chart", id.uuid()))?;
            }
            Ok(())
        })
        .await
}
