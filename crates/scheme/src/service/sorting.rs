//! Schemes that may have come apart are sorted anew, from what their reports say now: away from the writer, and written only if nothing
//! has changed meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use db::{DbError, Tx};
use kernel::Timestamp;
use report::ReportId;
use uuid::Uuid;

use super::joining::{Neighbour, Says, begin, kept_apart, know, named, put, says, told_like};
use crate::error::SchemeError;
use crate::joins::ENOUGH;
use crate::model::{SchemeId, Thing};
use crate::rules::{self, Node, Tie};
use crate::store::{self, decision, member, thing};

/// Schemes sorted in one round.
const ROUND: i64 = 20;
/// Reports of which the stories are compared in one reading: reads end within a second.
const AT_ONCE: usize = 200;
/// Ties of one report that are looked at, the strongest first.
const MOST_TIES: usize = 16;
/// Neighbours that are sorted together with a scheme.
const BESIDE: usize = 20;

/// Sorts schemes that may have come apart. Gives how many.
///
/// # Errors
/// The database's.
pub async fn sort(app: &App) -> Result<usize, SchemeError> {
    let waiting = app.db.read(|tx| store::unsorted(tx, ROUND)).await?;
    let mut done = BTreeSet::new();
    for marked in waiting {
        if done.contains(&marked.0) {
            continue;
        }
        // One that cannot be sorted keeps none of the others waiting.
        match sort_one(app, marked.0).await {
            Ok(ids) => done.extend(ids),
            Err(error) => {
                tracing::warn!(%error, scheme = %marked.0, "a scheme is not sorted; the next round tries again")
            }
        }
    }
    Ok(done.len())
}

/// Sorts one scheme with its neighbours. Gives those that were; none if something has changed meanwhile.
async fn sort_one(app: &App, id: SchemeId) -> Result<Vec<SchemeId>, SchemeError> {
    let (all, groups) = groups_of(app, id).await?;
    let me = app.clone();
    let ids: Vec<SchemeId> = all.iter().map(|known| known.0).collect();
    let written = app.db.write(move |tx| write(tx, &me, &all, &groups)).await?;
    Ok(if written { ids } else { Vec::new() })
}

/// A scheme as it was when its reports were looked at: its mark and version.
type Marked = (SchemeId, i64, i64);

/// Reports of a scheme, and of those that tell like its reports without naming anything, in groups, each in the order in which they came.
async fn groups_of(app: &App, id: SchemeId) -> Result<(Vec<Marked>, Vec<Vec<ReportId>>), SchemeError> {
    let mut known = Facts::default();
    let mut waiting = vec![id];
    // One step further than what is marked: who names nothing may belong to a neighbour.
    for _ in 0..2 {
        let mut beside = BTreeSet::new();
        for id in std::mem::take(&mut waiting) {
            let facts = app.db.read(move |tx| facts(tx, id)).await?;
            known.take(facts);
            let blank: Vec<ReportId> = known
                .reports
                .iter()
                .filter(|r| !known.cores.contains(r) && !known.told.contains(r))
                .copied()
                .collect();
            for chunk in blank.chunks(AT_ONCE) {
                let chunk = chunk.to_vec();
                known.told.extend(chunk.iter().copied());
                let near = app.db.read(move |tx| told(tx, &chunk)).await?;
                for (report, n) in near {
                    match n.scheme {
                        Some(s) => drop((!known.has(s)).then(|| beside.insert(s))),
                        None => known.lone(n),
                    }
                    known.alike.push((report, n.report, n.weight));
                }
            }
        }
        waiting.extend(beside.into_iter().take(BESIDE));
    }
    known.reports.sort_by_key(|r| (known.came.get(r).copied(), *r));
    let place: BTreeMap<ReportId, u32> = (0_u32..).zip(&known.reports).map(|(n, r)| (*r, n)).collect();
    let tie = |told: bool| {
        let place = &place;
        move |(a, b, weight): &(ReportId, ReportId, usize)| {
            let (a, b) = (*place.get(a)?, *place.get(b)?);
            Some(Tie { weight: *weight, told, a: a.min(b), b: a.max(b) })
        }
    };
    let ties =
        known.named.iter().filter_map(tie(false)).chain(known.alike.iter().filter_map(tie(true))).collect();
    let node = |r: &ReportId| Node {
        report: r.uuid(),
        pin: known.pins.get(r).copied(),
        core: known.cores.contains(r),
    };
    let nodes: Vec<Node> = known.reports.iter().map(node).collect();
    let apart = app.db.read(kept_apart).await?;
    let mut groups: BTreeMap<u32, Vec<ReportId>> = BTreeMap::new();
    for (root, report) in rules::part(&nodes, ties, &apart).into_iter().zip(&known.reports) {
        groups.entry(root).or_default().push(*report);
    }
    Ok((known.marked, groups.into_values().collect()))
}

/// What is known of the schemes that are sorted together.
#[derive(Debug, Default)]
struct Facts {
    marked: Vec<Marked>,
    reports: Vec<ReportId>,
    came: BTreeMap<ReportId, Timestamp>,
    /// Where people keep them.
    pins: BTreeMap<ReportId, Uuid>,
    /// Those that name things that are somebody's own.
    cores: BTreeSet<ReportId>,
    /// Ties by what is named.
    named: Vec<(ReportId, ReportId, usize)>,
    /// Ties by how they are told.
    alike: Vec<(ReportId, ReportId, usize)>,
    /// Those whose stories were compared.
    told: BTreeSet<ReportId>,
}

impl Facts {
    fn has(&self, scheme: SchemeId) -> bool {
        self.marked.iter().any(|marked| marked.0 == scheme)
    }

    /// A report by itself, to which others may belong.
    fn lone(&mut self, n: Neighbour) {
        if self.came.insert(n.report, n.came).is_none() {
            self.reports.push(n.report);
            if n.core {
                self.cores.insert(n.report);
            }
        }
    }

    fn take(&mut self, other: Self) {
        self.marked.extend(other.marked);
        self.reports.extend(other.reports);
        self.came.extend(other.came);
        self.pins.extend(other.pins);
        self.cores.extend(other.cores);
        self.named.extend(other.named);
    }
}

/// Reports of a scheme, where people keep them, and ties by what is named.
fn facts(tx: &mut Tx<'_>, id: SchemeId) -> Result<Facts, DbError> {
    let mut known = Facts::default();
    known.marked.extend(store::mark(tx, id)?);
    for (report, at) in member::all_of(tx, id)? {
        known.reports.push(report);
        known.came.insert(report, at);
    }
    for (report, scheme) in decision::pins(tx, id)? {
        if let Some(scheme) = scheme {
            known.pins.insert(report, store::today(tx, scheme)?.uuid());
        }
    }
    let mut first: Option<(Uuid, ReportId, Says, bool)> = None;
    for (t, report) in thing::namings(tx, id)? {
        let same = first.filter(|(known, ..)| *known == t);
        let (home, says, own) = match same {
            Some((_, home, says, own)) => (home, says, own),
            None => {
                let found = thing::find(tx, t)?;
                let own = found.as_ref().is_some_and(Thing::is_own);
                let says = found.map_or(Ok(Says::Nothing), |t| says(tx, &t))?;
                first = Some((t, report, says, own));
                (report, says, own)
            }
        };
        if says == Says::Joins {
            if home != report {
                known.named.push((home, report, 3 * ENOUGH));
            }
            if own {
                known.cores.insert(report);
            }
        }
    }
    Ok(known)
}

/// Who tells like these reports.
fn told(tx: &mut Tx<'_>, some: &[ReportId]) -> Result<Vec<(ReportId, Neighbour)>, DbError> {
    let mut ties = Vec::new();
    for report in some {
        let Some(m) = member::find(tx, *report)? else { continue };
        let mine = named(tx, *report)?;
        ties.extend(told_like(tx, &m, &mine)?.into_iter().take(MOST_TIES).map(|n| (*report, n)));
    }
    Ok(ties)
}

/// Writes the groups, if nothing has changed since they were found. The group that people keep in a scheme, else the one with the report
/// that it began with, keeps its number; one that was a scheme of its own before has that number again.
fn write(tx: &mut Tx<'_>, app: &App, all: &[Marked], groups: &[Vec<ReportId>]) -> Result<bool, SchemeError> {
    store::turn(tx)?;
    // What joined since stays where it is until the next round; what may have come apart since was not looked at.
    let mut grown = Vec::new();
    for (id, unsorted, version) in all {
        match store::mark(tx, *id)? {
            Some((_, now, _)) if now != *unsorted => return Ok(false),
            Some((_, _, now)) if now != *version => grown.push(*id),
            Some(_) => {}
            None => return Ok(false),
        }
    }
    for report in groups.iter().flatten() {
        let Some((here, alone)) = member::place_of(tx, *report)? else { return Ok(false) };
        if alone || here.is_some_and(|id| all.iter().all(|marked| marked.0 != id)) {
            return Ok(false);
        }
    }
    let mut homes: BTreeMap<usize, SchemeId> = BTreeMap::new();
    let mut touched: BTreeSet<SchemeId> = BTreeSet::new();
    for (id, ..) in all {
        let kept: BTreeSet<ReportId> =
            decision::pins(tx, *id)?.into_iter().filter(|(_, to)| *to == Some(*id)).map(|(r, _)| r).collect();
        let Some(scheme) = store::find(tx, *id)? else { return Ok(false) };
        let mut own = Vec::new();
        for (place, group) in groups.iter().enumerate() {
            let mut here = 0_usize;
            for report in group {
                here = here.saturating_add(usize::from(member::scheme_of(tx, *report)? == Some(*id)));
            }
            let rank = (group.iter().any(|r| kept.contains(r)), group.contains(&scheme.anchor), here);
            if here > 0 && !homes.contains_key(&place) {
                own.push((rank, std::cmp::Reverse(place)));
            }
        }
        if let Some((_, place)) = own.into_iter().max() {
            homes.insert(place.0, *id);
        }
        touched.insert(*id);
    }
    for (place, group) in groups.iter().enumerate() {
        place_group(tx, app, group, homes.get(&place).copied(), &mut touched)?;
    }
    for id in touched {
        store::recount(tx, id)?;
        store::set_sorted(tx, id)?;
        store::unwatch(tx, id)?;
        know(tx, id, true)?;
    }
    for id in grown {
        store::unsort(tx, id)?;
    }
    Ok(true)
}

/// Puts a group where it belongs: into the scheme whose number it keeps, into one that it was before, or into a new one.
fn place_group(
    tx: &mut Tx<'_>,
    app: &App,
    group: &[ReportId],
    home: Option<SchemeId>,
    touched: &mut BTreeSet<SchemeId>,
) -> Result<(), SchemeError> {
    if let [only] = group {
        // One report alone is no scheme, unless people keep it in one.
        if decision::pin_of(tx, *only)?.flatten().is_none() {
            return Ok(member::place(tx, *only, None, false)?);
        }
    }
    let home = match (home, group.first()) {
        (Some(home), _) => home,
        (None, Some(first)) => match before(tx, group, touched)? {
            Some(part) => {
                store::revive(tx, part)?;
                part
            }
            None => begin(tx, app, *first)?,
        },
        (None, None) => return Ok(()),
    };
    touched.insert(home);
    for report in group {
        if member::scheme_of(tx, *report)? != Some(home) {
            put(tx, home, *report)?;
        }
    }
    Ok(())
}

/// The scheme that a group was before it became part of one of these.
fn before(
    tx: &mut Tx<'_>,
    group: &[ReportId],
    touched: &BTreeSet<SchemeId>,
) -> Result<Option<SchemeId>, SchemeError> {
    for id in touched {
        for part in store::parts(tx, *id)? {
            let mut kept = group.contains(&part.anchor);
            for report in group {
                kept |= decision::pin_of(tx, *report)?.flatten() == Some(part.id);
            }
            if kept {
                return Ok(Some(part.id));
            }
        }
    }
    Ok(None)
}
