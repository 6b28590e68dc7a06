//! Schemes that may have come apart are sorted anew, from what their reports say now: away from the writer, and written only if nothing
//! has changed meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use db::{DbError, Tx};
use report::ReportId;
use uuid::Uuid;

use super::joining::{Says, begin, kept_apart, know, named, put, says, told_like};
use crate::error::SchemeError;
use crate::joins::ENOUGH;
use crate::model::SchemeId;
use crate::rules::{self, Node, Tie};
use crate::store::{self, decision, member, thing};

/// Schemes sorted in one round.
const ROUND: i64 = 20;
/// Reports of which the stories are compared in one reading: reads end within a second.
const AT_ONCE: usize = 200;

/// Sorts schemes that may have come apart. Gives how many.
///
/// # Errors
/// The database's.
pub async fn sort(app: &App) -> Result<usize, SchemeError> {
    let waiting = app.db.read(|tx| store::unsorted(tx, ROUND)).await?;
    let mut done = 0_usize;
    for marked in waiting {
        let groups = groups_of(app, marked.0).await?;
        let me = app.clone();
        let written = app.db.write(move |tx| write(tx, &me, marked, &groups)).await?;
        done = done.saturating_add(usize::from(written));
    }
    Ok(done)
}

/// A scheme's reports in groups, each in the order in which they came.
async fn groups_of(app: &App, id: SchemeId) -> Result<Vec<Vec<ReportId>>, DbError> {
    let (reports, pins, apart, mut ties) = app.db.read(move |tx| facts(tx, id)).await?;
    let place: BTreeMap<ReportId, u32> = (0_u32..).zip(&reports).map(|(n, r)| (*r, n)).collect();
    let nodes: Vec<Node> =
        reports.iter().map(|r| Node { report: r.uuid(), pin: pins.get(r).copied() }).collect();
    // Most schemes hold together by what is named alone: stories are compared only where they do not.
    let named = rules::part(&nodes, ties.clone(), &apart);
    if named.iter().any(|root| *root != 0) {
        for chunk in reports.chunks(AT_ONCE) {
            let (chunk, place) = (chunk.to_vec(), place.clone());
            ties.extend(app.db.read(move |tx| told(tx, &chunk, &place)).await?);
        }
    }
    let roots = rules::part(&nodes, ties, &apart);
    let mut groups: BTreeMap<u32, Vec<ReportId>> = BTreeMap::new();
    for (root, report) in roots.into_iter().zip(reports) {
        groups.entry(root).or_default().push(report);
    }
    Ok(groups.into_values().collect())
}

type Facts = (Vec<ReportId>, BTreeMap<ReportId, Uuid>, BTreeSet<(Uuid, Uuid)>, Vec<Tie>);

/// Reports of a scheme, where people keep them, what they keep apart, and ties by what is named.
fn facts(tx: &mut Tx<'_>, id: SchemeId) -> Result<Facts, DbError> {
    let reports: Vec<ReportId> = member::all_of(tx, id)?.into_iter().map(|(report, _)| report).collect();
    let place: BTreeMap<ReportId, u32> = (0_u32..).zip(&reports).map(|(n, r)| (*r, n)).collect();
    let mut pins = BTreeMap::new();
    for (report, scheme) in decision::pins(tx, id)? {
        if let Some(scheme) = scheme {
            pins.insert(report, store::today(tx, scheme)?.uuid());
        }
    }
    let mut ties = Vec::new();
    let mut first: Option<(Uuid, u32, bool)> = None;
    for (t, report) in thing::namings(tx, id)? {
        let Some(here) = place.get(&report).copied() else { continue };
        match first {
            Some((known, home, joins)) if known == t => {
                if joins {
                    ties.push(Tie { weight: 3 * ENOUGH, a: home, b: here });
                }
            }
            _ => {
                let joins = match thing::find(tx, t)? {
                    Some(t) => says(tx, &t)? == Says::Joins,
                    None => false,
                };
                first = Some((t, here, joins));
            }
        }
    }
    Ok((reports, pins, kept_apart(tx)?, ties))
}

/// Ties by how reports are told.
fn told(tx: &mut Tx<'_>, some: &[ReportId], place: &BTreeMap<ReportId, u32>) -> Result<Vec<Tie>, DbError> {
    let mut ties = Vec::new();
    for report in some {
        let Some(m) = member::find(tx, *report)? else { continue };
        let mine = named(tx, *report)?;
        for n in told_like(tx, &m, &mine)? {
            if let (Some(a), Some(b)) = (place.get(report), place.get(&n.report)) {
                ties.push(Tie { weight: n.weight, a: (*a).min(*b), b: (*a).max(*b) });
            }
        }
    }
    Ok(ties)
}

/// Writes the groups, if nothing has changed since they were found. The group that people keep in the scheme, else the one with the
/// report that it began with, keeps its number; one that was a scheme of its own before has that number again.
fn write(
    tx: &mut Tx<'_>,
    app: &App,
    marked: (SchemeId, i64, i64),
    groups: &[Vec<ReportId>],
) -> Result<bool, SchemeError> {
    store::turn(tx)?;
    if !store::sorted(tx, marked)? {
        return Ok(false);
    }
    let id = marked.0;
    let Some(scheme) = store::find(tx, id)? else { return Ok(false) };
    let mut kept_in: BTreeMap<ReportId, SchemeId> = BTreeMap::new();
    for (report, to) in decision::pins(tx, id)? {
        if let Some(to) = to {
            kept_in.insert(report, to);
        }
    }
    let pinned_here = |group: &&Vec<ReportId>| group.iter().any(|report| kept_in.get(report) == Some(&id));
    let keeper = groups
        .iter()
        .find(pinned_here)
        .or_else(|| groups.iter().find(|group| group.contains(&scheme.anchor)))
        .or_else(|| groups.iter().max_by_key(|group| group.len()));
    let parts = store::parts(tx, id)?;
    for group in groups.iter().filter(|group| Some(*group) != keeper) {
        if let [only] = group.as_slice() {
            member::place(tx, *only, None, false)?;
            continue;
        }
        let before = parts.iter().find(|part| {
            group.contains(&part.anchor) || group.iter().any(|r| kept_in.get(r) == Some(&part.id))
        });
        let home = match (before, group.first()) {
            (Some(part), _) => {
                store::revive(tx, part.id)?;
                part.id
            }
            (None, Some(first)) => begin(tx, app, *first)?,
            (None, None) => continue,
        };
        for report in group {
            put(tx, home, *report)?;
        }
        store::recount(tx, home)?;
    }
    // One report alone is no scheme.
    if let Some([only]) = keeper.map(Vec::as_slice)
        && !kept_in.contains_key(only)
    {
        member::place(tx, *only, None, false)?;
    }
    store::recount(tx, id)?;
    store::unwatch(tx, id)?;
    know(tx, id)?;
    Ok(true)
}
