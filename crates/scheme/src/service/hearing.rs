//! News of reports: what each says is looked at as it is now, so that the order of the news does not matter.

use std::collections::BTreeSet;

use app::App;
use db::{Tx, outbox};
use report::{ReportError, ReportId};
use uuid::Uuid;

use super::joining::{bands, join, know, named};
use crate::ear::{Ear, Heard, part};
use crate::error::SchemeError;
use crate::joins::HUB;
use crate::model::{Member, Ruling, Thing};
use crate::store::{self, decision, member, thing};

/// News of a report, or of an answer about its money.
///
/// # Errors
/// The database's.
pub fn on_news(tx: &mut Tx<'_>, app: &App, ear: &Ear, event: &outbox::Event) -> Result<(), SchemeError> {
    let id = if event.name == order::ANSWERED {
        let text = event.body.get("report").and_then(serde_json::Value::as_str).unwrap_or_default();
        let Ok(id) = text.parse() else { return Ok(()) };
        id
    } else {
        ReportId::from_uuid(event.subject)
    };
    hear(tx, app, ear, id)?;
    if event.name == report::EXPUNGED {
        forget(tx, app, id)?;
    }
    Ok(())
}

/// Listens to a report as it stands now.
///
/// # Errors
/// The database's.
pub fn hear(tx: &mut Tx<'_>, app: &App, ear: &Ear, id: ReportId) -> Result<(), SchemeError> {
    store::turn(tx)?;
    let before = member::find(tx, id)?;
    let heard = match report::service::load(tx, app, &part(), id) {
        Ok(full) if full.report.withdrawn_at.is_none() => Some(ear.hear(tx, app, &full)?),
        Ok(_) | Err(ReportError::Erased | ReportError::NotFound) => None,
        Err(e) => return Err(e.into()),
    };
    match (before, heard) {
        (None, None) => Ok(()),
        (Some(before), None) => leave(tx, app, &before),
        (before, Some(heard)) => settle(tx, app, before, heard),
    }
}

/// What a report names now takes the place of what it named, and it joins those that it belongs to.
fn settle(tx: &mut Tx<'_>, app: &App, before: Option<Member>, heard: Heard) -> Result<(), SchemeError> {
    let Heard { member: m, things } = heard;
    let was: BTreeSet<Uuid> = thing::of_report(tx, m.report)?.into_iter().map(|(t, _)| t.id).collect();
    let is: BTreeSet<Uuid> = things.keys().copied().collect();
    let m = match &before {
        Some(before) => Member { scheme: before.scheme, alone: before.alone, ..m },
        // People may have decided about it before it was withdrawn and came back.
        None => Member { alone: decision::pin_of(tx, m.report)? == Some(None), ..m },
    };
    if before.as_ref() == Some(&m) && was == is {
        return Ok(());
    }
    member::put(tx, &m)?;
    let retold = before.as_ref().is_some_and(|b| b.told != m.told);
    if retold || !was.is_subset(&is) {
        thing::unband(tx, m.report)?;
        thing::unname(tx, m.report)?;
    }
    thing::band(tx, &bands(&m.told, m.at, 0), m.at, m.report)?;
    for (t, how) in things.values() {
        thing::put(tx, t)?;
        thing::name(tx, t.id, m.report, m.at, *how)?;
    }
    for gone in was.difference(&is) {
        rejoin(tx, app, *gone)?;
        thing::forget(tx, *gone)?;
    }
    for (t, _) in things.values().filter(|(t, _)| !was.contains(&t.id)) {
        crowded(tx, t)?;
    }
    if let Some(id) = m.scheme {
        store::recount(tx, id)?;
        // What was a tie need be none any more: also where more is named, since who names other things must tell more alike.
        if retold || was != is {
            store::unsort(tx, id)?;
        }
    }
    // Where the reporter lives, or what was lost, joins nobody.
    if before.is_none() || retold || was != is {
        join(tx, app, m.report)?;
    } else if let Some(id) = m.scheme {
        // Where the reporter lives, or what was lost, says nothing of how it was done.
        let told = |m: &Member| (m.kind.clone(), m.kind_by, m.says);
        if before.as_ref().map(told) != Some(told(&m)) {
            know(tx, app, id, true)?;
        }
    }
    Ok(())
}

/// A thing has just become a hub: what it joined may come apart.
fn crowded(tx: &mut Tx<'_>, t: &Thing) -> Result<(), SchemeError> {
    let known = thing::find(tx, t.id)?;
    let judged = known.is_some_and(|k| k.own || k.ruling != Ruling::Nothing);
    if judged || thing::named_by(tx, t.id, HUB.saturating_add(2))? != HUB.saturating_add(1) {
        return Ok(());
    }
    for id in thing::schemes_of(tx, t.id)? {
        store::unsort(tx, id)?;
    }
    Ok(())
}

/// A thing is named by one report fewer: if it has just ceased to be a hub, it joins again.
fn rejoin(tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<(), SchemeError> {
    let Some(t) = thing::find(tx, id)? else { return Ok(()) };
    if t.own || t.ruling != Ruling::Nothing || thing::named_by(tx, id, HUB.saturating_add(1))? != HUB {
        return Ok(());
    }
    for report in thing::reports_of(tx, id)? {
        join(tx, app, report)?;
    }
    Ok(())
}

/// A report stands no more: withdrawn, erased, gone.
fn leave(tx: &mut Tx<'_>, app: &App, m: &Member) -> Result<(), SchemeError> {
    let named = thing::of_report(tx, m.report)?;
    if let Some(next) = next_of(tx, m)? {
        decision::hand_over(tx, m.report, next)?;
    }
    thing::unband(tx, m.report)?;
    thing::unname(tx, m.report)?;
    member::remove(tx, m.report)?;
    if let Some(id) = m.scheme {
        store::recount(tx, id)?;
        store::unsort(tx, id)?;
    }
    for (t, _) in named {
        rejoin(tx, app, t.id)?;
        thing::forget(tx, t.id)?;
    }
    Ok(())
}

/// The report that stands for one that goes: of the same scheme, one that names the same if there is one, else the first.
fn next_of(tx: &mut Tx<'_>, m: &Member) -> Result<Option<ReportId>, SchemeError> {
    let Some(id) = m.scheme else { return Ok(None) };
    for thing in named(tx, m.report)?.joins {
        if let Some((report, _)) = thing::home(tx, thing, m.report)?.filter(|(_, scheme)| *scheme == Some(id))
        {
            return Ok(Some(report));
        }
    }
    Ok(member::all_of(tx, id)?.into_iter().map(|(report, _)| report).find(|report| *report != m.report))
}

/// Forgets what was decided about a report that was erased: why somebody took it out of a scheme or put it in.
fn forget(tx: &mut Tx<'_>, app: &App, id: ReportId) -> Result<(), SchemeError> {
    for about in decision::about_report(tx, id)? {
        app.vault.forget(tx, about.uuid())?;
    }
    Ok(decision::unpin_report(tx, id)?)
}
