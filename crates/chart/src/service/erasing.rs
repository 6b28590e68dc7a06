//! What goes from kept views and places: what was erased, what is no longer there, and what was thrown away some days ago.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use audit::Act;
use db::{Tx, outbox};
use kernel::Actor;
use serde_json::json;
use uuid::Uuid;

use crate::error::ChartError;
use crate::model::{Key, SavedView};
use crate::sources::Sources;
use crate::store;

/// A view that was thrown away can be taken back for so long.
const BACK_SECS: i64 = 7 * 86_400;
/// Places that nobody has touched for so long are forgotten.
const PLACES_SECS: i64 = 180 * 86_400;
/// Views forgotten in one round.
const AT_ONCE: i64 = 500;
/// Rows that a round of sweeping reads at most, and keys that it asks about.
const ROWS: i64 = 50;
const KEYS: usize = 2_000;
/// Where the sweeping of views and of places goes on.
const VIEWS_AT: &str = "chart.swept_views";
const PLACES_AT: &str = "chart.swept_places";

/// The slice as an actor, for the record.
fn part() -> Actor {
    Actor::system("charts")
}

/// What was asked, without what is gone; a path with one end is none.
fn stripped(asked: &str, gone: &dyn Fn(&Key) -> bool) -> String {
    let pairs = serde_json::from_str::<Vec<(String, String)>>(asked).unwrap_or_default();
    let is_gone = |value: &str| Key::parse(value).is_some_and(|key| gone(&key));
    let is_end = |name: &str| matches!(name, "between" | "and");
    let broken = pairs.iter().any(|(n, v)| is_end(n) && is_gone(v));
    let left: Vec<&(String, String)> =
        pairs.iter().filter(|(n, v)| !(is_gone(v) || (broken && is_end(n)))).collect();
    serde_json::to_string(&left).unwrap_or_default()
}

fn starts(asked: &str) -> Vec<Key> {
    let pairs = serde_json::from_str::<Vec<(String, String)>>(asked).unwrap_or_default();
    pairs.iter().filter(|(n, _)| n == "about").filter_map(|(_, v)| Key::parse(v)).collect()
}

/// Takes what is gone out of a view, and with it what the view is called: that may name it. A view that begins with nothing any more goes
/// itself.
fn strip(
    tx: &mut Tx<'_>,
    app: &App,
    mut view: SavedView,
    gone: &dyn Fn(&Key) -> bool,
) -> Result<(), ChartError> {
    let whole = view.clone();
    view.asked = stripped(&view.asked, gone);
    view.places.retain(|(key, _)| !gone(key));
    let left = starts(&view.asked);
    if gone(&view.about) {
        let Some(next) = left.first() else { return remove(tx, app, &view) };
        view.about = next.clone();
    }
    if view == whole {
        return Ok(());
    }
    app.vault.forget(tx, view.id.uuid()).map_err(|e| ChartError::of(&e))?;
    store::rewrite(tx, &view, &[])?;
    note(tx, app, "chart.view_stripped", &view)
}

/// Removes a view for good, with the key of its name.
fn remove(tx: &mut Tx<'_>, app: &App, view: &SavedView) -> Result<(), ChartError> {
    app.vault.forget(tx, view.id.uuid()).map_err(|e| ChartError::of(&e))?;
    store::drop_view(tx, view.id)?;
    note(tx, app, "chart.view_gone", view)
}

fn note(tx: &mut Tx<'_>, app: &App, act: &'static str, view: &SavedView) -> Result<(), ChartError> {
    let facts = json!({"shared": view.shared, "left": view.places.len()});
    Ok(app.record(tx, &part(), &Act { facts, ..Act::about(act, "chart", view.id.uuid()) })?)
}

/// A report was erased: it goes from every view and from where things stood, with the accounts that only its trail knew. What else hung on it
/// goes with the next sweeping, when its own slice has heard.
///
/// # Errors
/// The database's, the vault's.
pub fn on_expunged(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), ChartError> {
    let report = Key::of("report", event.subject);
    let gone = |key: &Key| {
        let inner = key.inner();
        inner == report || inner.kind() == "account"
    };
    for (found, _) in store::mentioning(tx, &report)? {
        strip(tx, app, found, &gone)?;
    }
    for (id, starts, mut places) in store::places_mentioning(tx, &report)? {
        places.retain(|(key, _)| !gone(key) && !starts.contains(&report));
        store::replace(tx, (id, &starts), &places)?;
    }
    Ok(())
}

/// Forgets views that were thrown away some days ago, with the keys of their names, and places that nobody has touched for long; how many.
///
/// # Errors
/// The database's, the vault's.
pub async fn forget(app: &App) -> Result<usize, ChartError> {
    let me = app.clone();
    app.db
        .write(move |tx| {
            let now = me.office.now();
            let mut done = usize::try_from(store::age_places(tx, now.plus_secs(-PLACES_SECS))?).unwrap_or(0);
            for id in store::long_gone(tx, now.plus_secs(-BACK_SECS), AT_ONCE)? {
                if let Some((view, _)) = store::find(tx, id)? {
                    remove(tx, &me, &view)?;
                    done = done.saturating_add(1);
                }
            }
            Ok(done)
        })
        .await
}

/// Which of these are no longer there, asked once each.
struct Stand<'a> {
    app: &'a App,
    sources: &'a Sources,
    known: BTreeMap<Key, bool>,
}

impl Stand<'_> {
    fn gone(&mut self, tx: &mut Tx<'_>, key: &Key) -> Result<bool, ChartError> {
        let inner = key.inner();
        if let Some(stands) = self.known.get(&inner) {
            return Ok(!stands);
        }
        let stands = match (self.sources.of(inner.kind()), inner.uuid()) {
            (Some(source), Some(id)) => source.stands(tx, self.app, id)?,
            _ => true,
        };
        self.known.insert(inner, stands);
        Ok(!stands)
    }
    fn all_gone(&mut self, tx: &mut Tx<'_>, keys: &BTreeSet<Key>) -> Result<BTreeSet<Key>, ChartError> {
        let mut gone = BTreeSet::new();
        for key in keys {
            if self.gone(tx, key)? {
                gone.insert(key.clone());
            }
        }
        Ok(gone)
    }
}

/// What is to be taken out of one row.
type Gone = (Uuid, BTreeSet<Key>);

/// Looks through some rows: what is to be taken out of which, and where to go on; the nil id begins anew. Each call asks about so many keys
/// of its own, and looks at one row whatever that costs: what comes first keeps nothing behind it waiting.
fn look(
    tx: &mut Tx<'_>,
    stand: &mut Stand<'_>,
    at: &str,
    rows: impl FnOnce(&mut Tx<'_>, Uuid) -> Result<Vec<Gone>, ChartError>,
) -> Result<(Vec<Gone>, Uuid), ChartError> {
    let after = db::meta::get(tx, at)?.and_then(|text| text.parse().ok()).unwrap_or(Uuid::nil());
    let rows = rows(tx, after)?;
    let full = i64::try_from(rows.len()).is_ok_and(|n| n == ROWS);
    let (mut found, mut last) = (Vec::new(), after);
    let most = stand.known.len().saturating_add(KEYS);
    for (id, keys) in rows {
        if stand.known.len() > most {
            return Ok((found, last));
        }
        last = id;
        let gone = stand.all_gone(tx, &keys)?;
        if !gone.is_empty() {
            found.push((id, gone));
        }
    }
    Ok((found, if full { last } else { Uuid::nil() }))
}

/// Takes out of some views and places what is no longer there; how many rows were changed. The next call goes on behind them.
///
/// # Errors
/// The database's, the vault's.
pub async fn sweep(app: &App, sources: &Sources) -> Result<usize, ChartError> {
    let (me, from) = (app.clone(), sources.clone());
    let (views, places) = app
        .db
        .read(move |tx| {
            let mut stand = Stand { app: &me, sources: &from, known: BTreeMap::new() };
            let views = look(tx, &mut stand, VIEWS_AT, |tx, after| {
                let row = |(v, _): (SavedView, Vec<u8>)| (v.id.uuid(), v.keys());
                Ok(store::behind(tx, after, ROWS)?.into_iter().map(row).collect())
            })?;
            let places = look(tx, &mut stand, PLACES_AT, |tx, after| {
                let row = |(id, starts, places): store::Stood| {
                    (id, starts.into_iter().chain(places.into_iter().map(|(key, _)| key)).collect())
                };
                Ok(store::places_behind(tx, after, ROWS)?.into_iter().map(row).collect())
            })?;
            Ok::<_, ChartError>((views, places))
        })
        .await?;
    let me = app.clone();
    app.db
        .write(move |tx| {
            for (id, keys) in &views.0 {
                if let Some((found, _)) = store::find(tx, crate::ViewId::from_uuid(*id))? {
                    strip(tx, &me, found, &|key| keys.contains(key))?;
                }
            }
            for (id, keys) in &places.0 {
                let rows = store::places_behind(tx, before(*id), 1)?;
                for (id, starts, mut left) in rows.into_iter().filter(|(found, ..)| found == id) {
                    let lost = starts.iter().any(|start| keys.contains(start));
                    left.retain(|(key, _)| !lost && !keys.contains(key));
                    store::replace(tx, (id, &starts), &left)?;
                }
            }
            db::meta::put(tx, VIEWS_AT, &views.1.to_string())?;
            db::meta::put(tx, PLACES_AT, &places.1.to_string())?;
            Ok(views.0.len().saturating_add(places.0.len()))
        })
        .await
}

/// The id before one.
fn before(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_is_asked_no_more() {
        let gone = |key: &Key| key.inner().as_str() == "report:1";
        let asked = r#"[["about","report:2"],["about","report:1"],["open","group:orders~report:1"],["no","person"],["between","report:1"],["between","report:2"]]"#;
        assert_eq!(stripped(asked, &gone), r#"[["about","report:2"],["no","person"]]"#);
        assert_eq!(starts(asked).len(), 2);
        assert_eq!(stripped("x", &gone), "[]");
    }
}
