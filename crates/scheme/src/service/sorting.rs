//! Schemes that may have come apart are sorted anew, from what their reports say now: away from the writer, and written only if nothing
//! has changed meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use db::{DbError, Tx};
use kernel::Timestamp;
use report::ReportId;
use uuid::Uuid;

use super::joining::{Neighbour, Says, begin, kept_apart, know, named, says, told_like};
use super::telling::{self, Moves};
use crate::error::SchemeError;
use crate::joins::ENOUGH;
use crate::model::{KindBy, SchemeId, Thing};
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
    let plan = plan_of(app, id).await?;
    let me = app.clone();
    let ids: Vec<SchemeId> = plan.all.iter().map(|known| known.0).collect();
    let written = app.db.write(move |tx| write(tx, &me, &plan)).await?;
    Ok(if written { ids } else { Vec::new() })
}

/// A scheme as it was when its reports were looked at: its mark and version.
type Marked = (SchemeId, i64, i64);

/// What is to be written: found beside the writer, which then only checks and moves.
#[derive(Debug)]
struct Plan {
    all: Vec<Marked>,
    groups: Vec<Group>,
    /// Of whom people have said that they belong to none, though they are still in one.
    out: Vec<(ReportId, Option<SchemeId>)>,
    /// Where people keep reports, as it was said.
    kept: BTreeSet<(ReportId, SchemeId)>,
}

/// Reports that belong together.
#[derive(Debug)]
struct Group {
    /// The scheme whose number they keep.
    home: Option<SchemeId>,
    /// Those that are to be moved there, with where each was, in the order in which they came.
    moved: Vec<(ReportId, Option<SchemeId>)>,
    /// Where there is no home yet, all of them; else empty.
    all: BTreeSet<ReportId>,
    /// It is one report.
    lone: bool,
}

/// Reports of a scheme, and of those that tell like its reports without naming anything, in groups, each with where it is to be.
async fn plan_of(app: &App, id: SchemeId) -> Result<Plan, SchemeError> {
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
    let groups: Vec<Vec<ReportId>> = groups.into_values().collect();
    let homes = homes(&known, &groups);
    let group = |(place, reports): (usize, Vec<ReportId>)| {
        let home = homes.get(&place).copied();
        let lone = reports.len() == 1;
        let there = |r: &ReportId| known.place.get(r).copied().flatten();
        // One report alone is no scheme, unless people keep it in one: that is looked up when it is written.
        let stays = |r: &ReportId| home.is_some() && there(r) == home && !lone;
        let moved = reports.iter().filter(|r| !stays(r)).map(|r| (*r, there(r))).collect();
        let all = if home.is_none() { reports.into_iter().collect() } else { BTreeSet::new() };
        Group { home, moved, all, lone }
    };
    let groups = groups.into_iter().enumerate().map(group).collect();
    Ok(Plan { all: known.marked, groups, out: known.out, kept: known.kept })
}

/// Which group keeps the number of which scheme: the one that people keep in it, else the one with the report that it began with, else the
/// largest. By the place of the group.
fn homes(known: &Facts, groups: &[Vec<ReportId>]) -> BTreeMap<usize, SchemeId> {
    let mut of_scheme: BTreeMap<SchemeId, BTreeMap<usize, (bool, bool, usize)>> = BTreeMap::new();
    for (place, report) in
        groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |r| (at, r)))
    {
        let Some(scheme) = known.place.get(report).copied().flatten() else { continue };
        let rank = of_scheme.entry(scheme).or_default().entry(place).or_default();
        rank.2 = rank.2.saturating_add(1);
    }
    for (place, report) in
        groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |r| (at, r)))
    {
        for (scheme, ranks) in &mut of_scheme {
            // A group that has nothing of the scheme does not get its number.
            let Some(rank) = ranks.get_mut(&place) else { continue };
            rank.0 |= known.kept.contains(&(*report, *scheme));
            rank.1 |= known.anchors.get(scheme) == Some(report);
        }
    }
    let mut homes: BTreeMap<usize, SchemeId> = BTreeMap::new();
    for (id, ..) in &known.marked {
        let ranks = of_scheme.get(id).into_iter().flatten().filter(|(place, _)| !homes.contains_key(*place));
        let best = ranks.map(|(place, rank)| (*rank, std::cmp::Reverse(*place))).max();
        if let Some((_, place)) = best {
            homes.insert(place.0, *id);
        }
    }
    homes
}

/// What is known of the schemes that are sorted together.
#[derive(Debug, Default)]
struct Facts {
    marked: Vec<Marked>,
    reports: Vec<ReportId>,
    came: BTreeMap<ReportId, Timestamp>,
    /// In which scheme each was when it was looked at.
    place: BTreeMap<ReportId, Option<SchemeId>>,
    /// With which report each scheme began.
    anchors: BTreeMap<SchemeId, ReportId>,
    /// Where people keep them.
    pins: BTreeMap<ReportId, Uuid>,
    /// The same as it was said.
    kept: BTreeSet<(ReportId, SchemeId)>,
    /// Of whom people have said that they belong to none, though they are still in one.
    out: Vec<(ReportId, Option<SchemeId>)>,
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
            self.place.insert(n.report, None);
            if n.core {
                self.cores.insert(n.report);
            }
        }
    }

    fn take(&mut self, other: Self) {
        self.marked.extend(other.marked);
        self.reports.extend(other.reports);
        self.came.extend(other.came);
        self.place.extend(other.place);
        self.anchors.extend(other.anchors);
        self.kept.extend(other.kept);
        self.out.extend(other.out);
        self.pins.extend(other.pins);
        self.cores.extend(other.cores);
        self.named.extend(other.named);
    }
}

/// Reports of a scheme, where people keep them, and ties by what is named.
fn facts(tx: &mut Tx<'_>, id: SchemeId) -> Result<Facts, DbError> {
    let mut known = Facts::default();
    known.marked.extend(store::mark(tx, id)?);
    known.anchors.extend(store::find(tx, id)?.map(|scheme| (id, scheme.anchor)));
    let pins = decision::pins(tx, id)?;
    let out: BTreeSet<ReportId> = pins.iter().filter(|(_, to)| to.is_none()).map(|(r, _)| *r).collect();
    known.out.extend(out.iter().map(|report| (*report, Some(id))));
    for (report, at) in member::all_of(tx, id)? {
        if out.contains(&report) {
            continue;
        }
        known.reports.push(report);
        known.place.insert(report, Some(id));
        known.came.insert(report, at);
    }
    for (report, scheme) in pins {
        if let Some(scheme) = scheme {
            known.kept.insert((report, scheme));
            known.pins.insert(report, store::today(tx, scheme)?.uuid());
        }
    }
    let mut first: Option<(Uuid, ReportId, Says, bool)> = None;
    for (t, report) in thing::namings(tx, id)?.into_iter().filter(|(_, report)| !out.contains(report)) {
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
        ties.extend(told_like(tx, &m, &mine, None)?.into_iter().take(MOST_TIES).map(|n| (*report, n)));
    }
    Ok(ties)
}

/// Writes the groups, if nothing that is to be moved has been moved meanwhile. One that was a scheme of its own before has that
/// number again.
fn write(tx: &mut Tx<'_>, app: &App, plan: &Plan) -> Result<bool, SchemeError> {
    store::turn(tx)?;
    // What joined since stays where it is until the next round; what may have come apart since was not looked at.
    let mut grown = Vec::new();
    for (id, unsorted, version) in &plan.all {
        match store::mark(tx, *id)? {
            Some((_, now, _)) if now != *unsorted => return Ok(false),
            Some((_, _, now)) if now != *version => grown.push(*id),
            Some(_) => {}
            None => return Ok(false),
        }
    }
    // What everybody may see of what moves, for the history.
    let mut open = BTreeSet::new();
    for (report, there) in plan.groups.iter().flat_map(|group| &group.moved).chain(&plan.out) {
        let Some(place) = member::standing(tx, *report)? else { return Ok(false) };
        if place.alone || place.scheme != *there {
            return Ok(false);
        }
        if place.open {
            open.insert(*report);
        }
    }
    let mut touched: BTreeSet<SchemeId> = plan.all.iter().map(|marked| marked.0).collect();
    for (report, _) in &plan.out {
        member::place(tx, *report, None, true)?;
    }
    let mut moves = Moves::new();
    for group in &plan.groups {
        let home = place_group(tx, app, (group, &plan.kept), &mut touched)?;
        for (report, there) in &group.moved {
            if let Some(from) = there.filter(|from| Some(*from) != home && open.contains(report)) {
                let count: &mut i64 = moves.entry((from, home)).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
    for id in touched {
        store::recount(tx, id)?;
        store::set_sorted(tx, id)?;
        store::unwatch(tx, id)?;
        know(tx, app, id, true)?;
    }
    telling::came_apart(tx, app, &moves)?;
    for id in grown {
        store::unsort(tx, id)?;
    }
    Ok(true)
}

/// Puts a group where it belongs: into the scheme whose number it keeps, into one that it was before, or into a new one. What schemes come to
/// is counted afterwards, once. Gives where it is now: nowhere for a report by itself.
fn place_group(
    tx: &mut Tx<'_>,
    app: &App,
    (group, kept): (&Group, &BTreeSet<(ReportId, SchemeId)>),
    touched: &mut BTreeSet<SchemeId>,
) -> Result<Option<SchemeId>, SchemeError> {
    let Some((first, there)) = group.moved.first().copied() else { return Ok(group.home) };
    if group.lone && decision::pin_of(tx, first)?.flatten().is_none() {
        if there.is_some() {
            member::place(tx, first, None, false)?;
        }
        return Ok(None);
    }
    let home = match group.home {
        Some(home) => home,
        None => match before(tx, (&group.all, kept), touched)? {
            Some(part) => {
                store::revive(tx, part)?;
                part
            }
            None => {
                let new = begin(tx, app, first)?;
                // What it is known by is found once all are in it: it changes nothing that anybody has read.
                store::set_kind(tx, new, "", KindBy::Nobody)?;
                new
            }
        },
    };
    touched.insert(home);
    for (report, there) in &group.moved {
        if *there != Some(home) {
            member::place(tx, *report, Some(home), false)?;
        }
    }
    Ok(Some(home))
}

/// The scheme that a group was before it became part of one of these.
fn before(
    tx: &mut Tx<'_>,
    (group, kept): (&BTreeSet<ReportId>, &BTreeSet<(ReportId, SchemeId)>),
    touched: &BTreeSet<SchemeId>,
) -> Result<Option<SchemeId>, SchemeError> {
    let of: BTreeSet<SchemeId> = kept.iter().filter(|(r, _)| group.contains(r)).map(|(_, s)| *s).collect();
    for id in touched {
        for part in store::parts(tx, *id)? {
            if group.contains(&part.anchor) || of.contains(&part.id) {
                return Ok(Some(part.id));
            }
        }
    }
    Ok(None)
}
