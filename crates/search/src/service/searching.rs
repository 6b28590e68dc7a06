//! Searching: who may see what is part of the question, and whatever is shown is looked at again as it is now.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{Office, Scope};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use serde_json::json;
use uuid::Uuid;

use crate::error::SearchError;
use crate::index::{Ask, Codes, Filters, Found, Hit};
use crate::model::{Answer, Count, Facets, How, Period, Row, Wanted};
use crate::rules::marks::snippet;
use crate::rules::query::Query;
use crate::rules::ways::ways;
use crate::shelf::{Shelf, with_reader};

/// Rows of a page.
pub const PAGE: usize = 20;
/// Pages that are turned at most: whoever has not found it says more.
pub const PAGES: usize = 50;

/// Whether somebody may search at all.
#[must_use]
pub fn may_search(shelf: &Shelf, actor: &Actor) -> bool {
    !offices(shelf, actor).is_empty()
}

/// What of each kind exists for somebody.
fn offices(shelf: &Shelf, actor: &Actor) -> Vec<(&'static str, Office)> {
    let office = |thing: access::Kind| access::scope(actor, thing).and_then(Scope::office).ok();
    shelf.kinds().filter_map(|(_, s)| Some((s.kind(), office(s.thing())?))).collect()
}

/// Looks for what was typed. Who looked, and what they were shown, is a record; what they typed is not.
///
/// # Errors
/// Hidden from whoever may see nothing; the index's; the database's.
pub async fn search(
    app: &App,
    shelf: &Arc<Shelf>,
    actor: &Actor,
    wanted: &Wanted,
) -> Result<Answer, SearchError> {
    let offices = offices(shelf, actor);
    if offices.is_empty() {
        return Err(access::AccessError::Hidden.into());
    }
    let base = base(app, shelf, &offices, wanted);
    let (me, here, text) = (app.clone(), Arc::clone(shelf), wanted.text.clone());
    let found = tokio::task::spawn_blocking(move || read_ways(&me, &here, &base, &text)).await;
    let (found, query, how) = found.unwrap_or(Err(SearchError::NoIndex))?;
    let facets = facets(shelf, &found);
    let rows = if found.hits.is_empty() {
        Vec::new()
    } else {
        let (me, here, who, hits) = (app.clone(), Arc::clone(shelf), actor.clone(), found.hits.clone());
        app.db.read(move |tx| shown(tx, &me, &here, &who, (&hits, &query))).await?
    };
    record(app, shelf, actor, (wanted.page, found.total), &rows).await?;
    Ok(Answer { total: found.total, all: found.all, facets, rows, how, ready: shelf.is_ready() })
}

/// The question without its words.
fn base(app: &App, shelf: &Shelf, offices: &[(&'static str, Office)], wanted: &Wanted) -> Ask {
    let mut scopes = Vec::new();
    for (kind, office) in offices {
        scopes.push(shelf.key.scope(kind, &office.organisation, None));
        if let Some(unit) = &office.red_unit {
            scopes.push(shelf.key.scope(kind, &office.organisation, Some(unit)));
        }
    }
    let now = app.office.now();
    let since = |p: Period| now.plus_secs(p.secs().saturating_neg()).as_micros();
    // A value that is none of ours finds nothing rather than everything.
    let filters = Filters {
        kind: wanted.kind.as_deref().map(|kind| shelf.kind(kind).unwrap_or(u8::MAX)),
        region: wanted.region.as_deref().map(|region| match shelf.region(region) {
            0 => u8::MAX,
            code => code,
        }),
        state: wanted.state.as_deref().map(|state| shelf.state(state).unwrap_or((u8::MAX, u8::MAX))),
        since: wanted.period.map(since),
    };
    Ask {
        scopes,
        filters,
        since: Period::ALL.into_iter().map(since).collect(),
        newest: wanted.newest,
        from: wanted.page.min(PAGES.saturating_sub(1)).saturating_mul(PAGE),
        limit: PAGE,
        ..Ask::default()
    }
}

/// Looks up what was typed; where that finds nothing, what may have been meant. Each way sees only what the reader may see, so none
/// tells of anything else.
fn read_ways(app: &App, shelf: &Shelf, base: &Ask, text: &str) -> Result<(Found, Query, How), SearchError> {
    let ways = with_reader(app, shelf.key, |reader| ways(reader, text));
    let first = ways.first().map(|w| w.query.clone()).unwrap_or_default();
    for way in ways {
        let found = shelf.index.ask(&Ask { words: way.words(), any: way.any, ..base.clone() })?;
        if found.all > 0 {
            return Ok((found, way.query, way.how));
        }
    }
    Ok((Found::default(), first, How::Typed))
}

fn facets(shelf: &Shelf, found: &Found) -> Facets {
    let more = |n: &u64| *n > 0;
    let kinds = shelf.kinds().filter_map(|(code, source)| {
        let n = found.kinds.get(usize::from(code)).copied().filter(more)?;
        Some(Count { value: source.kind(), n })
    });
    let regions = (1_u8..=u8::MAX).filter_map(|code| {
        let n = found.regions.get(usize::from(code)).copied().filter(more)?;
        Some(Count { value: shelf.region_of(code)?.to_owned(), n })
    });
    let states = found.states.iter().filter_map(|(codes, n)| {
        let codes = Codes { kind: codes.kind, region: 0, state: codes.state };
        Some(Count { value: shelf.state_of(codes)?, n: *n })
    });
    let periods = Period::ALL.into_iter().zip(&found.since).filter(|(_, n)| more(n));
    Facets {
        kinds: kinds.collect(),
        regions: regions.collect(),
        states: states.collect(),
        periods: periods.map(|(value, n)| Count { value, n: *n }).collect(),
    }
}

/// The rows of a page, looked at again.
fn shown(
    tx: &mut Tx<'_>,
    app: &App,
    shelf: &Shelf,
    actor: &Actor,
    (hits, query): (&[Hit], &Query),
) -> Result<Vec<Row>, SearchError> {
    let mut rows: Vec<Row> = Vec::new();
    for hit in hits {
        let Some(source) = shelf.source(hit.kind) else { continue };
        let Some(shown) = source.show(tx, app, actor, hit.id)? else { continue };
        let text = shown.text.as_ref().map(|t| t.open(Purpose::HandleReport).as_str()).unwrap_or_default();
        let snippet = with_reader(app, shelf.key, |reader| snippet(reader, query, text));
        rows.push(Row { kind: source.kind(), id: hit.id, shown, snippet });
    }
    Ok(rows)
}

/// Says who searched, and what they were shown, before they are shown it. Also where that was nothing: whoever tries one name after the
/// other learns from each answer.
async fn record(
    app: &App,
    shelf: &Shelf,
    actor: &Actor,
    (page, total): (usize, u64),
    rows: &[Row],
) -> Result<(), SearchError> {
    let mut ids: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    for row in rows {
        ids.entry(row.kind).or_default().push(row.id);
    }
    let facts = json!({"found": total, "page": page.saturating_add(1), "shown": ids});
    // By whoever searched, so that what one officer was shown can be gone through.
    let subject = if let Actor::Staff { user, .. } = actor { *user } else { app.uuid() };
    let purpose = Some(Purpose::HandleReport);
    let mut acts = vec![Act { purpose, facts, ..Act::about("search.made", "search", subject) }];
    // By each thing a text of which is shown, so that whoever has read it can be found by it.
    for row in rows.iter().filter(|row| !row.snippet.is_empty()) {
        let source = shelf.kind(row.kind).and_then(|code| shelf.source(code));
        if let Some(act) = source.and_then(|s| s.read_act()) {
            acts.push(Act::read(act, row.kind, row.id, Purpose::HandleReport));
        }
    }
    let (me, actor) = (app.clone(), actor.clone());
    Ok(app.db.write(move |tx| acts.iter().try_for_each(|act| me.record(tx, &actor, act))).await?)
}
