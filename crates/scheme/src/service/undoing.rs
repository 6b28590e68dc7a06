//! What people decided is undone: what it moved is sorted by what speaks for it, and by what else they decided. And an alarm that was seen.

use std::collections::BTreeSet;

use access::{Action, Kind as Kinds, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::Actor;
use serde_json::json;

use super::acting::{MOST, left_to_stories, ruled};
use super::joining::{join, put};
use crate::error::SchemeError;
use crate::model::{AlarmId, Decision, DecisionId, Ruling, SchemeId, What};
use crate::store::{self, decision, member};

/// Undoes a decision: what it moved is sorted by what speaks for it, and by what else people have decided.
///
/// # Errors
/// Hidden, forbidden, away; undone before.
pub async fn undo(app: &App, actor: &Actor, id: DecisionId) -> Result<String, SchemeError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            store::turn(tx)?;
            let (d, _) = decision::find(tx, id)?.ok_or(SchemeError::NotFound)?;
            let home = store::today(tx, d.scheme)?;
            let scheme = store::find(tx, home)?.ok_or(SchemeError::NotFound)?;
            let resource = Resource::new(Kinds::Scheme, scheme.id.uuid(), &scheme.header);
            access::require(&actor, Action::SortScheme, &resource)?;
            access::present(tx, &actor, me.office.now()).map_err(SchemeError::from)??;
            if !decision::undo(tx, id, me.office.now(), &actor.label())? {
                return Err(SchemeError::UndoneBefore);
            }
            let facts = json!({"decision": id.to_string(), "what": d.what.as_str()});
            me.record(tx, &actor, &Act { facts, ..Act::about("scheme.undone", "scheme", d.scheme.uuid()) })?;
            match (d.what, d.thing) {
                (What::Ruled, Some(thing)) => {
                    let stands = decision::said_of(tx, thing)?;
                    let ruling = stands.and_then(|word| Ruling::parse(&word)).unwrap_or(Ruling::Nothing);
                    ruled(tx, &me, thing, ruling)?;
                }
                (What::Kind, _) => left_to_stories(tx, &me, home)?,
                _ => loosen(tx, &me, &d, home)?,
            }
            Ok(scheme.number())
        })
        .await
}

/// Reports that a decision kept somewhere are free to go.
fn loosen(tx: &mut Tx<'_>, app: &App, d: &Decision, home: SchemeId) -> Result<(), SchemeError> {
    let reports = decision::pinned(tx, d.id)?;
    store::unsort(tx, home)?;
    if let Some(other) = d.other {
        let other = store::today(tx, other)?;
        store::unsort(tx, other)?;
    }
    // Counted once at the end: to count a scheme of a hundred thousand for each of its reports holds up everybody.
    let mut changed = BTreeSet::new();
    for report in reports.into_iter().take(MOST.saturating_mul(2)) {
        let Some(m) = member::find(tx, report)? else { continue };
        match decision::pin_of(tx, report)? {
            // An earlier decision stands again.
            Some(None) => member::place(tx, report, None, true)?,
            Some(Some(to)) => {
                let to = store::today(tx, to)?;
                if m.scheme != Some(to) {
                    put(tx, app, to, report)?;
                    changed.insert(to);
                }
            }
            None => {
                if m.alone {
                    member::place(tx, report, None, false)?;
                }
                join(tx, app, report)?;
            }
        }
        changed.extend(m.scheme);
    }
    for id in changed {
        store::recount(tx, id)?;
    }
    Ok(())
}

/// Somebody has seen what is out of the ordinary.
///
/// # Errors
/// Hidden, forbidden, away.
pub async fn seen(app: &App, actor: &Actor, id: AlarmId) -> Result<Option<String>, SchemeError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            store::turn(tx)?;
            let mut office = Resource::any(Kinds::Scheme);
            office.organisation.clone_from(&me.node.code);
            access::require(&actor, Action::SortScheme, &office)?;
            access::present(tx, &actor, me.office.now()).map_err(SchemeError::from)??;
            let alarm = store::alarm::find(tx, &me.node.code, id)?.ok_or(SchemeError::NotFound)?;
            let scheme = match alarm.scheme {
                Some(scheme) => store::find(tx, scheme)?,
                None => None,
            };
            if let Some(scheme) = &scheme {
                super::opening::allowed(&actor, scheme, Action::SortScheme)?;
            }
            if store::alarm::close(tx, id, me.office.now(), &actor.label())? {
                let subject = scheme.as_ref().map_or(id.uuid(), |s| s.id.uuid());
                let facts =
                    json!({"alarm": id.to_string(), "what": alarm.what.as_str(), "subject": alarm.subject});
                me.record(tx, &actor, &Act { facts, ..Act::about("scheme.alarm_seen", "scheme", subject) })?;
                if let Some(scheme) = &scheme {
                    store::alarm::count(tx, scheme.id)?;
                }
            }
            Ok(scheme.map(|s| s.number()))
        })
        .await
}
