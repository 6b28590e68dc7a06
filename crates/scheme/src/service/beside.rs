//! What reports say of their schemes, for whoever shows reports: a tag in a row, why a report is in its scheme, and the reports by which a whole
//! scheme is suppressed.

use std::collections::{BTreeMap, BTreeSet};

use access::Action;
use app::App;
use db::Tx;
use kernel::Actor;
use report::ReportId;

use super::opening::{Named, allowed, seen_by, shared, why_here};
use crate::error::SchemeError;
use crate::model::{Scheme, SchemeId};
use crate::store::figures::days_before;
use crate::store::{self, member, thing};

/// How long somebody counts as still paying.
pub(super) const PAYING_DAYS: i64 = 14;

/// A scheme as a report's row names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The scheme's number.
    pub number: String,
    /// How many reports it has.
    pub reports: i64,
    /// How many alarms of it nobody has seen.
    pub alarms: i64,
    /// The reporter was known to pay after reporting, lately.
    pub paying: bool,
    /// The institution whose client was hit; empty if not told.
    pub bank: String,
}

/// The schemes of reports, for a list of reports that the reader may see.
///
/// # Errors
/// The database's.
pub fn tags(
    tx: &mut Tx<'_>,
    app: &App,
    reports: &[ReportId],
) -> Result<BTreeMap<ReportId, Tag>, db::DbError> {
    let since = days_before(app.office.now(), PAYING_DAYS);
    let mut known: BTreeMap<SchemeId, Scheme> = BTreeMap::new();
    let mut all = BTreeMap::new();
    for report in reports {
        let Some((scheme, paying_at, bank)) = member::tag(tx, *report)? else { continue };
        let paying = paying_at.is_some_and(|at| at >= since);
        let found = match scheme {
            Some(id) if !known.contains_key(&id) => store::find(tx, id)?,
            _ => None,
        };
        if let Some(found) = found {
            known.insert(found.id, found);
        }
        let scheme = scheme.and_then(|id| known.get(&id));
        if scheme.is_some() || paying || !bank.is_empty() {
            all.insert(
                *report,
                Tag {
                    number: scheme.map(Scheme::number).unwrap_or_default(),
                    reports: scheme.map_or(0, |s| s.reports),
                    alarms: scheme.map_or(0, |s| s.alarms),
                    paying,
                    bank,
                },
            );
        }
    }
    Ok(all)
}

/// What a report's page says of its scheme.
#[derive(Debug, Clone)]
pub struct Why {
    /// The scheme; `None` where the report is by itself.
    pub tag: Option<Tag>,
    /// How the fraud is done, as the profile calls it.
    pub kind: String,
    /// Why it is there.
    pub named: Option<Named>,
    /// Somebody has said that it belongs to none.
    pub alone: bool,
}

/// Of things that reports of a scheme name, those that its rules advise to suppress: what each joins reports by is named by several of the
/// scheme and joins them.
///
/// # Errors
/// Absent, hidden; the database's.
pub async fn advised(
    app: &App,
    actor: &Actor,
    no: i64,
    named: Vec<(identifier::Kind, String)>,
) -> Result<Vec<bool>, SchemeError> {
    let (me, actor, ear) = (app.clone(), actor.clone(), crate::Ear::new(app));
    app.db
        .read(move |tx| {
            let scheme = seen_by(tx, &actor, no, Action::ViewScheme)?;
            let joins: BTreeSet<uuid::Uuid> = shared(tx, &me, scheme.id)?
                .into_iter()
                .filter(|s| s.reports > 1 && s.joins)
                .map(|s| s.thing.id)
                .collect();
            let advised = |(kind, value): &(identifier::Kind, String)| {
                let joint = ear.joint(*kind, value);
                joint.is_some_and(|j| joins.contains(&identifier::identifier_id(&me.vault, j.kind, &j.value)))
            };
            Ok(named.iter().map(advised).collect())
        })
        .await
}

/// Why a report is in its scheme, for somebody who may see the report.
///
/// # Errors
/// The database's.
pub async fn why(app: &App, actor: &Actor, id: ReportId) -> Result<Option<Why>, SchemeError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let Some(m) = member::find(tx, id)? else { return Ok(None) };
            let alone = m.alone;
            let Some(scheme) = m.scheme.map(|id| store::find(tx, id)).transpose()?.flatten() else {
                return Ok(Some(Why { tag: None, kind: m.kind, named: None, alone }));
            };
            if allowed(&actor, &scheme, Action::ViewScheme).is_err() {
                return Ok(None);
            }
            let Ok(office) = access::scope(&actor, "report").and_then(access::Scope::office) else {
                return Ok(None);
            };
            let tag = tags(tx, &me, &[id])?.remove(&id);
            let shared = shared(tx, &me, scheme.id)?;
            let named = Some(why_here(tx, &office, (m, &shared))?);
            Ok(Some(Why { tag, kind: scheme.kind, named, alone }))
        })
        .await
}

/// A scheme for the slice that opens a case of it: its id, its number, and the numbers of its reports that the actor sees, the latest
/// `most` of them.
///
/// # Errors
/// Absent, hidden or forbidden.
pub async fn for_case(
    app: &App,
    actor: &Actor,
    no: i64,
    most: i64,
) -> Result<(uuid::Uuid, String, Vec<String>), SchemeError> {
    let office = access::scope(actor, "report")?.office()?;
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let scheme = seen_by(tx, &actor, no, Action::ViewScheme)?;
            let (members, _) = member::page(tx, &office, scheme.id, (most, 0))?;
            Ok((scheme.id.uuid(), scheme.number(), members.into_iter().map(|m| m.number).collect()))
        })
        .await
}

/// Reports that a suppression looks at, at most.
const COVER: usize = 20;

/// Reports of a scheme that name between them what its latest reports name: the one that names most first, then whoever names most of what
/// is left.
///
/// # Errors
/// Absent, hidden or forbidden.
pub async fn cover(app: &App, actor: &Actor, no: i64) -> Result<Vec<(ReportId, String)>, SchemeError> {
    let office = access::scope(actor, "report")?.office()?;
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let scheme = seen_by(tx, &actor, no, Action::ViewScheme)?;
            let (members, _) = member::page(tx, &office, scheme.id, (200, 0))?;
            let mut left = Vec::new();
            for m in members {
                let things: BTreeSet<uuid::Uuid> =
                    thing::of_report(tx, m.report)?.into_iter().map(|(t, _)| t.id).collect();
                left.push((m.report, m.number, things));
            }
            let mut cover = Vec::new();
            while cover.len() < COVER {
                let most =
                    left.iter().enumerate().max_by_key(|(place, l)| (l.2.len(), std::cmp::Reverse(*place)));
                let Some((place, _)) = most.filter(|(_, l)| !l.2.is_empty()) else { break };
                let (report, number, named) = left.swap_remove(place);
                cover.push((report, number));
                for other in &mut left {
                    other.2.retain(|id| !named.contains(id));
                }
            }
            Ok(cover)
        })
        .await
}
