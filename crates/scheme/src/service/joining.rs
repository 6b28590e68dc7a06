//! A report joins those that it belongs to. Whatever can only bring together is done here, at once; what may take apart marks a scheme
//! as to be sorted anew.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use db::{DbError, Tx};
use kernel::Timestamp;
use report::ReportId;
use uuid::Uuid;

use super::telling;
use crate::ear::part;
use crate::joins::{Between, ENOUGH, HUB, weight};
use crate::model::{KindBy, Member, Ruling, Scheme, SchemeId, Thing};
use crate::near::Rows;
use crate::rules::{self, Apart};
use crate::store::{self, crowd, decision, member, thing};

/// Stories are compared with those of the same, the month before and the month after: a script lives for weeks, and the first stories of
/// a band would else stand for it for ever.
const PERIOD_MICROS: i64 = 30 * 86_400_000_000;
/// What naming one thing says: more than any likeness of stories.
const NAMED: usize = 3 * ENOUGH;
/// Kinds of larger schemes are counted anew at every so many reports.
const COUNT_ALL: i64 = 256;

/// Where stories of one month lie.
pub(super) fn bands(told: &Rows, at: Timestamp, shift: i64) -> Vec<i64> {
    let period = at.as_micros().div_euclid(PERIOD_MICROS).saturating_add(shift);
    told.bands()
        .into_iter()
        // The bits as they are: equality is all that is asked of them.
        .map(|band| i64::from_le_bytes(band.to_le_bytes()) ^ period.wrapping_mul(0x2545_f491_4f6c_dd1d))
        .collect()
}

/// What a thing says of the reports that name it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// They belong together.
    Joins,
    /// It is a hub: something only beside other things.
    Hub,
    /// Nothing.
    Nothing,
}

pub(super) fn says(tx: &mut Tx<'_>, t: &Thing) -> Result<Says, DbError> {
    says_to(tx, t, None)
}

/// The same as far as an office sees who names it; for no office as it is.
fn says_to(tx: &mut Tx<'_>, t: &Thing, office: Option<&access::Office>) -> Result<Says, DbError> {
    let most = HUB.saturating_add(1);
    Ok(match t.ruling {
        Ruling::Everybody => Says::Nothing,
        Ruling::Own => Says::Joins,
        Ruling::Nothing if t.own => Says::Joins,
        Ruling::Nothing => {
            let many = match office {
                None => thing::named_by(tx, t.id, most)?,
                Some(office) => crowd::few(tx, office, t.id, most)?,
            };
            if many <= HUB { Says::Joins } else { Says::Hub }
        }
    })
}

/// What a report names, by what it says.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Things that join.
    pub joins: Vec<Uuid>,
    /// Those among them that are somebody's own.
    pub own: BTreeSet<Uuid>,
    hubs: BTreeSet<Uuid>,
    brands: BTreeSet<String>,
}

pub(super) fn named(tx: &mut Tx<'_>, report: ReportId) -> Result<Named, DbError> {
    named_to(tx, report, None)
}

fn named_to(tx: &mut Tx<'_>, report: ReportId, office: Option<&access::Office>) -> Result<Named, DbError> {
    let mut all = Named::default();
    for (t, _) in thing::of_report(tx, report)? {
        let says = says_to(tx, &t, office)?;
        match says {
            Says::Joins => all.joins.push(t.id),
            Says::Hub => drop(all.hubs.insert(t.id)),
            Says::Nothing => continue,
        }
        if says == Says::Joins && t.is_own() {
            all.own.insert(t.id);
        }
        if !t.imitates.is_empty() {
            all.brands.insert(t.imitates);
        }
    }
    Ok(all)
}

/// What speaks for two reports besides the things that join them.
fn between(alike: usize, a: &Named, b: &Named) -> Between {
    Between {
        alike,
        hub: !a.hubs.is_disjoint(&b.hubs),
        brand: !a.brands.is_disjoint(&b.brands),
        apart: !a.own.is_empty() && !b.own.is_empty() && a.own.is_disjoint(&b.own),
    }
}

/// A report that another one belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Neighbour {
    pub report: ReportId,
    pub scheme: Option<SchemeId>,
    pub weight: usize,
    /// The thing that both name, where that is what it rests on.
    pub thing: Option<Uuid>,
    /// How alike they tell, where that is.
    pub alike: Option<usize>,
    /// Both name things of their own and none in common: told to people, joined by nobody but them.
    pub apart: bool,
    /// It names things that are somebody's own.
    pub core: bool,
    /// When it came.
    pub came: Timestamp,
}

/// The reports to which one belongs by how it is told, the nearest first; none of scheme `but`.
pub(super) fn told_like(
    tx: &mut Tx<'_>,
    m: &Member,
    mine: &Named,
    but: Option<SchemeId>,
) -> Result<Vec<Neighbour>, DbError> {
    let late = !m.told.is_empty() && member::any_after(tx, &m.organisation, m.at)?;
    let mut found = told_first(tx, m, but, if late { &[-1, 0, 1] } else { &[-1, 0] })?;
    if late {
        for shift in [-1, 0, 1] {
            for band in bands(&m.told, m.at, shift) {
                for near in thing::later(tx, band, (m.at, m.report), but)? {
                    found.insert(near.report, near);
                }
            }
        }
    }
    weighed(tx, (m, mine), found, None)
}

/// Reports told most alike of which a page looks at what they name: in a flood hundreds tell the same.
const MOST_SEEN: usize = 48;

/// The same for somebody of an office: of the first reports of each band that they may see, by what those name that they may see. Nothing of
/// it depends on any other report, its absence neither. Of the reports of schemes that are `wanted`, those told most alike.
pub(super) fn told_like_seen(
    tx: &mut Tx<'_>,
    office: &access::Office,
    m: &Member,
    wanted: impl Fn(Option<SchemeId>) -> bool,
) -> Result<Vec<Neighbour>, DbError> {
    let mine = named_to(tx, m.report, Some(office))?;
    let mut found = BTreeMap::new();
    for shift in [-1, 0, 1] {
        for near in thing::near_seen(tx, office, &bands(&m.told, m.at, shift))? {
            found.insert(near.report, near);
        }
    }
    let mut nearest: Vec<(usize, thing::Near)> = found
        .into_values()
        .filter(|near| wanted(near.scheme))
        .map(|near| (m.told.alike(&near.told), near))
        .collect();
    nearest.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.report.cmp(&b.1.report)));
    let found = nearest.into_iter().take(MOST_SEEN).map(|(_, near)| (near.report, near)).collect();
    weighed(tx, (m, &mine), found, Some(office))
}

/// The first reports of each band in the months named, counted from the report's own.
fn told_first(
    tx: &mut Tx<'_>,
    m: &Member,
    but: Option<SchemeId>,
    shifts: &[i64],
) -> Result<BTreeMap<ReportId, thing::Near>, DbError> {
    let mut found = BTreeMap::new();
    for shift in shifts {
        for near in thing::near(tx, &bands(&m.told, m.at, *shift), but)? {
            found.insert(near.report, near);
        }
    }
    Ok(found)
}

/// Those of them that belong together with a report, the nearest first.
fn weighed(
    tx: &mut Tx<'_>,
    (m, mine): (&Member, &Named),
    found: BTreeMap<ReportId, thing::Near>,
    office: Option<&access::Office>,
) -> Result<Vec<Neighbour>, DbError> {
    let mut all = Vec::new();
    for near in found.into_values().filter(|n| n.report != m.report && !n.alone) {
        let alike = m.told.alike(&near.told);
        // Whatever they name: nothing could be enough.
        if weight(Between { alike, hub: true, brand: true, apart: false }) < ENOUGH {
            continue;
        }
        let theirs = named_to(tx, near.report, office)?;
        let between = between(alike, mine, &theirs);
        let weight = weight(between);
        if weight >= ENOUGH {
            all.push(Neighbour {
                report: near.report,
                scheme: near.scheme,
                weight,
                thing: None,
                alike: Some(alike),
                apart: between.apart,
                core: !theirs.own.is_empty(),
                came: near.came,
            });
        }
    }
    all.sort_by(|a, b| b.weight.cmp(&a.weight).then(a.report.cmp(&b.report)));
    Ok(all)
}

/// A report joins those that it belongs to, the surest first. Groups that people keep apart stay so.
pub(super) fn join(tx: &mut Tx<'_>, app: &App, report: ReportId) -> Result<(), DbError> {
    let Some(m) = member::find(tx, report)?.filter(|m| !m.alone) else { return Ok(()) };
    let mine = named(tx, report)?;
    let mut named = Vec::new();
    for id in &mine.joins {
        if let Some((report, scheme)) = thing::home(tx, *id, report)? {
            named.push(Neighbour {
                report,
                scheme,
                weight: NAMED,
                thing: Some(*id),
                alike: None,
                apart: false,
                core: false,
                came: m.at,
            });
        }
    }
    named.sort_by_key(|n| n.report);
    let mut kept = None;
    bring(tx, app, report, named, &mut kept)?;
    // Of a large scheme most that tell alike are in it by now: they need not be looked at.
    let here = member::scheme_of(tx, report)?;
    let told = told_like(tx, &m, &mine, here)?;
    bring(tx, app, report, told.into_iter().filter(|n| !n.apart), &mut kept)
}

/// Brings a report together with its neighbours, one after the other. `kept`: schemes that people keep apart, once they were asked for.
fn bring(
    tx: &mut Tx<'_>,
    app: &App,
    report: ReportId,
    neighbours: impl IntoIterator<Item = Neighbour>,
    kept: &mut Option<Apart>,
) -> Result<(), DbError> {
    for n in neighbours {
        let here = member::scheme_of(tx, report)?;
        // It may have been moved by what was done for a nearer one.
        let there = member::scheme_of(tx, n.report)?;
        match (here, there) {
            (Some(a), Some(b)) if a == b => {}
            // How it is told brings a report to others, and no two schemes that name things together; nor takes it a report that names
            // things of its own out of its loneliness into another that does.
            _ if n.alike.is_some() && has_core(tx, here, report)? && has_core(tx, there, n.report)? => {
                // Whoever names nothing may belong to the other of the two: that is sorted out beside the writer.
                for id in [here, there].into_iter().flatten() {
                    store::unsort(tx, id)?;
                }
            }
            (Some(a), Some(b)) => {
                let apart = match &mut *kept {
                    Some(kept) => kept,
                    None => kept.insert(kept_apart(tx)?),
                };
                if !apart.are(a.uuid(), b.uuid()) {
                    let before = [store::find(tx, a)?, store::find(tx, b)?];
                    let whole = unite(tx, app, a, b)?;
                    let part = if whole == a { b } else { a };
                    apart.become_part(part.uuid(), whole.uuid());
                    let of = |id: SchemeId| before.iter().flatten().find(|s| s.id == id);
                    if let (Some(whole), Some(part)) = (of(whole), of(part)) {
                        telling::grown_together(tx, app, (whole, part), (n.thing, n.alike))?;
                    }
                }
            }
            (Some(a), None) => put(tx, app, a, n.report)?,
            (None, Some(b)) => put(tx, app, b, report)?,
            (None, None) => {
                let id = begin(tx, app, n.report)?;
                put(tx, app, id, report)?;
            }
        }
    }
    Ok(())
}

/// Whether a scheme, or a report by itself, names things that are somebody's own.
fn has_core(tx: &mut Tx<'_>, scheme: Option<SchemeId>, report: ReportId) -> Result<bool, DbError> {
    match scheme {
        Some(id) => thing::any_own(tx, id),
        None => Ok(!named(tx, report)?.own.is_empty()),
    }
}

/// Schemes that people keep apart, as they are called today: two statements, however many there are.
pub(super) fn kept_apart(tx: &mut Tx<'_>) -> Result<Apart, DbError> {
    let parted = decision::parted(tx)?;
    let mut apart = Apart::of(&parted.into_iter().map(|(a, b)| (a.uuid(), b.uuid())).collect::<Vec<_>>());
    for (part, whole) in decision::parted_today(tx)? {
        apart.become_part(part.uuid(), whole.uuid());
    }
    Ok(apart)
}

/// Begins a scheme with a report.
pub(super) fn begin(tx: &mut Tx<'_>, app: &App, report: ReportId) -> Result<SchemeId, DbError> {
    let m = member::find(tx, report)?
        .ok_or_else(|| DbError::Bug("a scheme of a report that is not known".to_owned()))?;
    let scheme = Scheme {
        id: SchemeId::from_uuid(app.uuid()),
        header: app.header(&part(), app.profile.default_lang(), "report"),
        no: store::draw(tx)?,
        anchor: report,
        kind: String::new(),
        kind_by: KindBy::Nobody,
        reports: 0,
        loss_minor: 0,
        first_at: m.at,
        last_at: m.at,
        alarms: 0,
        into: None,
        version: 0,
    };
    store::insert(tx, &scheme)?;
    put(tx, app, scheme.id, report)?;
    Ok(scheme.id)
}

/// Puts a report into a scheme.
pub(super) fn put(tx: &mut Tx<'_>, app: &App, id: SchemeId, report: ReportId) -> Result<(), DbError> {
    let Some(m) = member::find(tx, report)? else { return Ok(()) };
    member::place(tx, report, Some(id), false)?;
    let open = i64::from(m.marking.tlp != kernel::Tlp::Red);
    store::grow(tx, id, (open, open.saturating_mul(m.loss_minor)), (m.at, m.at))?;
    store::unwatch(tx, id)?;
    know(tx, app, id, false)
}

/// Makes one scheme of two; the larger keeps its number, of equals the older. Gives it.
pub(super) fn unite(tx: &mut Tx<'_>, app: &App, a: SchemeId, b: SchemeId) -> Result<SchemeId, DbError> {
    let (Some(x), Some(y)) = (store::find(tx, a)?, store::find(tx, b)?) else { return Ok(a) };
    let (into, from) = if (x.reports, -x.no) >= (y.reports, -y.no) { (x, y) } else { (y, x) };
    member::move_all(tx, from.id, into.id)?;
    store::grow(tx, into.id, (from.reports, from.loss_minor), (from.first_at, from.last_at))?;
    store::become_part(tx, from.id, into.id)?;
    store::alarm::move_all(tx, from.id, into.id)?;
    store::unwatch(tx, into.id)?;
    know(tx, app, into.id, true)?;
    Ok(into.id)
}

/// How the fraud of a scheme is done: as its stories tell, unless an officer has said. What was known and is known otherwise now is told
/// in the scheme's history.
pub(super) fn know(tx: &mut Tx<'_>, app: &App, id: SchemeId, always: bool) -> Result<(), DbError> {
    let Some(scheme) = store::find(tx, id)? else { return Ok(()) };
    let small = always || scheme.reports < COUNT_ALL || scheme.reports.checked_rem(COUNT_ALL) == Some(0);
    // What an officer said last of it, or of what became part of it, and nobody has undone.
    if let Some(said) = decision::said_kind(tx, id)?.filter(|code| !code.is_empty()) {
        if (said.as_str(), KindBy::Officer) != (scheme.kind.as_str(), scheme.kind_by) {
            store::set_kind(tx, id, &said, KindBy::Officer)?;
        }
        return Ok(());
    }
    if !small && scheme.kind_by != KindBy::Officer {
        return Ok(());
    }
    let stories = member::stories(tx, id)?;
    let (kind, by) = match rules::heading(&stories) {
        None => ("", KindBy::Nobody),
        Some((kind, true)) => (kind, KindBy::Words),
        Some((kind, false)) => (kind, KindBy::Learnt),
    };
    if (kind, by) != (scheme.kind.as_str(), scheme.kind_by) {
        store::set_kind(tx, id, kind, by)?;
        let known = scheme.kind_by != KindBy::Officer && !scheme.kind.is_empty();
        if known && scheme.kind != kind {
            telling::other_kind(tx, app, &scheme, (kind, by))?;
        }
    }
    Ok(())
}
