//! Lists that people keep: one's own, and those of everybody.

use app::App;
use kernel::Actor;
use uuid::Uuid;

use super::{field, listing};
use crate::error::CaseError;
use crate::model::View;
use crate::{rules, store};

/// Longest name of a list, characters.
const MAX_NAME: usize = 60;
/// Longest filter.
const MAX_FILTER: usize = 300;

/// Keeps a list under a name.
///
/// # Errors
/// Forbidden; no name; a filter that is none.
pub async fn keep_view(
    app: &App,
    actor: &Actor,
    (name, filter, sort, shared): (&str, &str, &str, bool),
) -> Result<(), CaseError> {
    let office = listing::office(actor)?;
    let name = rules::line("name", name, MAX_NAME)?;
    if filter.chars().count() > MAX_FILTER || listing::wanted(app, filter).odd {
        return Err(CaseError::Field("filter"));
    }
    let sort: String = sort.chars().filter(|c| c.is_ascii_lowercase() || *c == '-').take(20).collect();
    let (me, actor, filter) = (app.clone(), actor.clone(), filter.trim().to_owned());
    app.db
        .write(move |tx| {
            let id = me.uuid();
            let view = View {
                id,
                owner: actor.label(),
                shared,
                name_sealed: me.seal_words(tx, id, field::VIEW, &name)?.bytes().to_vec(),
                filter: filter.clone(),
                sort: sort.clone(),
            };
            Ok(store::view::insert(tx, &office.organisation, &view, me.office.now())?)
        })
        .await
}

/// The lists that the actor is offered, with their names.
///
/// # Errors
/// Forbidden.
pub async fn offered(app: &App, actor: &Actor) -> Result<Vec<(View, String)>, CaseError> {
    let office = listing::office(actor)?;
    let (me, label) = (app.clone(), actor.label());
    app.db
        .read(move |tx| {
            let views = store::view::offered(tx, &office.organisation, &label)?;
            let mut keys = super::keys::Keys::of(tx, &me, views.iter().map(|v| v.id))?;
            let mut all = Vec::new();
            for view in views {
                let name = keys.plain(tx, &me, (view.id, field::VIEW), &view.name_sealed)?;
                all.push((view, name));
            }
            Ok(all)
        })
        .await
}

/// Throws one's own list away.
///
/// # Errors
/// Forbidden; it is not there, or somebody else's.
pub async fn throw_away(app: &App, actor: &Actor, id: Uuid) -> Result<(), CaseError> {
    listing::office(actor)?;
    let (me, label) = (app.clone(), actor.label());
    app.db
        .write(move |tx| {
            if !store::view::drop_own(tx, id, &label)? {
                return Err(CaseError::NotFound);
            }
            Ok(me.vault.forget(tx, id)?)
        })
        .await
}
