//! Merging and parting. Rows change the case in which they lie, and nothing else; each one is written down, so that all of it goes back.

use std::collections::BTreeSet;

use access::Action;
use app::App;
use db::Tx;
use kernel::Actor;
use serde_json::json;
use uuid::Uuid;

use super::{Did, Held, done, field, hold, hold_id, log, written};
use crate::error::CaseError;
use crate::model::{Case, CaseId, MomentKind, Move, MoveKind, Referred, Standing, State, What};
use crate::rules::moving::{self, Later, Row};
use crate::store;

use super::opening::NewCase;

/// Most cases whose time line goes over with one that many were merged into.
const MOST_HOMES: usize = 500;

/// Merges a case into another: what is in it goes over, and it says where.
///
/// # Errors
/// Hidden or forbidden, either of them; one of them is over, was merged, or waits for somebody's word; what is closed would be opened.
pub async fn merge(
    app: &App,
    actor: &Actor,
    number: &str,
    (into, reason): (&str, &str),
) -> Result<Case, CaseError> {
    let reason = app::reason(reason).ok_or(CaseError::Field("reason"))?;
    let (me, actor, number, into) = (app.clone(), actor.clone(), number.to_owned(), into.to_owned());
    app.db
        .write(move |tx| {
            let mut from = hold(tx, &me, &actor, &number, Action::LeadCase)?.open()?;
            let mut to = match hold(tx, &me, &actor, &into, Action::LeadCase) {
                Err(CaseError::NotFound | CaseError::Access(access::AccessError::Hidden)) => {
                    return Err(CaseError::Unknown("into"));
                }
                other => other?.open()?,
            };
            if from.case.id == to.case.id {
                return Err(CaseError::Already);
            }
            if narrower(&from.case, &to.case) {
                return Err(CaseError::Narrower);
            }
            quiet(tx, &from)?;
            let sealed = from.seal(&me, field::REASON, &reason);
            let made = begin(tx, &me, &actor, (MoveKind::Merge, from.case.id, to.case.id), &sealed)?;
            let mine = store::moving::rows(tx, from.case.id)?;
            let theirs = store::moving::rows(tx, to.case.id)?;
            let moved = moving::plan(&mine, &theirs);
            carry(tx, &me, (&made, &moved), (from.case.id, to.case.id))?;
            join(tx, &me, &actor, (&from, &to), &made)?;
            for home in homes(tx, from.case.id)? {
                store::moment::rehome(tx, home, to.case.id, from.case.id)?;
            }
            from.case.state = State::Merged;
            from.case.merged_into = Some(to.case.id);
            let (there, here) = (to.case.number.clone(), from.case.number.clone());
            let facts = json!({"rows": moved.len(), "stayed": mine.len().saturating_sub(moved.len()), "move": made.id});
            let left = Did::new("case.merged_into", MomentKind::Case, &there).facts(facts.clone()).words(&sealed);
            done(tx, &me, &actor, &mut from, left)?;
            let came = Did::new("case.merged_in", MomentKind::Case, &here).facts(facts);
            done(tx, &me, &actor, &mut to, came)?;
            super::exhibits::tell_let_in(tx, &me, &to.case)?;
            me.tell(tx, crate::MOVED, from.case.id.uuid(), json!({"into": to.case.id}))?;
            Ok(to.case)
        })
        .await
}

/// Whether the other case lets in people whom this one does not.
fn narrower(from: &Case, to: &Case) -> bool {
    let strict = |c: &Case| match super::Door::of(c) {
        super::Door::Open => 0,
        super::Door::Closed => 1,
        super::Door::Red => 2,
    };
    strict(from) > strict(to)
}

/// What waits for somebody's word is settled before its case is merged.
fn quiet(tx: &mut Tx<'_>, held: &Held) -> Result<(), CaseError> {
    let case = held.case.id;
    let decides = store::decision::of_case(tx, case)?.iter().any(|d| d.standing == Standing::Proposed);
    let refers = store::referral::of_case(tx, case)?.iter().any(|r| r.state == Referred::Sent);
    if decides || refers {
        return Err(CaseError::Waits);
    }
    // Which one it is, and under what number, is what whoever goes there asks first.
    let Some(clock) = store::register::of_case(tx, case)?.into_iter().next() else { return Ok(()) };
    let numbers = store::reference::of_case(tx, case)?;
    let stands = numbers.into_iter().filter(|r| r.wrong_at.is_none()).max_by_key(|r| r.registered_at);
    let number = stands.map(|r| (r.system, r.number)).unwrap_or_default();
    Err(CaseError::InRegister { register: clock.system, number })
}

fn begin(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (kind, from, into): (MoveKind, CaseId, CaseId),
    sealed: &[u8],
) -> Result<Move, CaseError> {
    let made = Move {
        id: app.uuid(),
        kind,
        from,
        into,
        written: written(app, actor),
        reason_sealed: sealed.to_vec(),
        undone_at: None,
    };
    store::moving::insert(tx, &made)?;
    Ok(made)
}

/// Puts rows over and writes each of them down.
fn carry(
    tx: &mut Tx<'_>,
    app: &App,
    (made, rows): (&Move, &[Row]),
    (from, into): (CaseId, CaseId),
) -> Result<(), CaseError> {
    for row in rows {
        store::moving::put(tx, (row.what, row.id), into, from)?;
        store::moving::moved(tx, app.uuid(), made.id, (row.what, row.id))?;
    }
    Ok(())
}

/// Whoever works on the one works on the other from now on.
fn join(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (from, to): (&Held, &Held),
    made: &Move,
) -> Result<(), CaseError> {
    for member in from.team.iter().filter(|m| m.until.is_none() && !to.has(&m.label)) {
        let new = store::member::fresh(app.uuid(), &member.label, &member.duty, app.office.now());
        store::member::add(tx, to.case.id, &new, &actor.label())?;
        store::moving::moved(tx, app.uuid(), made.id, (What::Member, new.id))?;
    }
    Ok(())
}

/// A case and all that were merged into it, however often: theirs is what its time line shows.
pub(super) fn homes(tx: &mut Tx<'_>, case: CaseId) -> Result<BTreeSet<CaseId>, CaseError> {
    let (mut known, mut look) = (BTreeSet::from([case]), vec![case]);
    while let Some(next) = look.pop() {
        for inner in store::file::merged_in(tx, next)? {
            if known.len() < MOST_HOMES && known.insert(inner.id) {
                look.push(inner.id);
            }
        }
    }
    Ok(known)
}

/// Parts chosen rows of a case off into a new one; exhibits are chosen as rows are.
///
/// # Errors
/// Hidden or forbidden, an exhibit too; nothing is chosen, or what is not there; no title, no reason.
pub async fn split(
    app: &App,
    actor: &Actor,
    number: &str,
    (chosen, title, reason): (&[Uuid], &str, &str),
) -> Result<Case, CaseError> {
    let reason = app::reason(reason).ok_or(CaseError::Field("reason"))?;
    let title = crate::rules::line("title", title, crate::rules::MAX_TITLE)?;
    let (me, actor, number, chosen) = (app.clone(), actor.clone(), number.to_owned(), chosen.to_vec());
    app.db
        .write(move |tx| {
            let mut from = hold(tx, &me, &actor, &number, Action::LeadCase)?.open()?;
            let all = store::moving::rows(tx, from.case.id)?;
            let rows: Vec<Row> = all.into_iter().filter(|r| chosen.contains(&r.id)).collect();
            let others: Vec<Uuid> =
                chosen.iter().copied().filter(|id| !rows.iter().any(|r| r.id == *id)).collect();
            let kept = super::exhibits::chosen(tx, from.case.id, &others)?;
            if chosen.is_empty() || rows.len().saturating_add(kept.len()) != chosen.len() {
                return Err(CaseError::Field("rows"));
            }
            let new = NewCase { title: title.clone(), closed: from.case.closed, ..NewCase::default() };
            let mut made = super::opening::open_in(tx, &me, &actor, &new, &[])?;
            // It is as its parent is: unit, marking, team, stage and lead.
            made.header.marking = from.case.header.marking.clone();
            made.header.unit_id.clone_from(&from.case.header.unit_id);
            made.template.clone_from(&from.case.template);
            made.stage.clone_from(&from.case.stage);
            (made.stage_since, made.stage_due_at) = (from.case.stage_since, from.case.stage_due_at);
            made.lead.clone_from(&from.case.lead);
            store::file::save(tx, &made)?;
            let key = me.vault.subject(tx, made.id.uuid())?.ok_or(CaseError::NotFound)?;
            let mut to = Held { team: store::member::of_case(tx, made.id)?, case: made, key };
            let sealed = from.seal(&me, field::REASON, &reason);
            let step = begin(tx, &me, &actor, (MoveKind::Split, from.case.id, to.case.id), &sealed)?;
            join(tx, &me, &actor, (&from, &to), &step)?;
            carry(tx, &me, (&step, &rows), (from.case.id, to.case.id))?;
            super::exhibits::part(tx, &me, &actor, (&step, &kept), &to)?;
            let (there, here) = (to.case.number.clone(), from.case.number.clone());
            let facts = json!({"rows": rows.len(), "exhibits": kept.len(), "move": step.id});
            let left =
                Did::new("case.split_off", MomentKind::Case, &there).facts(facts.clone()).words(&sealed);
            done(tx, &me, &actor, &mut from, left)?;
            done(
                tx,
                &me,
                &actor,
                &mut to,
                Did::new("case.split_from", MomentKind::Case, &here).facts(facts),
            )?;
            me.tell(tx, crate::MOVED, from.case.id.uuid(), json!({"into": to.case.id}))?;
            Ok(to.case)
        })
        .await
}

/// Undoes a merge or a parting whole, as long as nothing later depends on it.
///
/// # Errors
/// Hidden or forbidden; undone before; something later depends on it, and what.
pub async fn undo_move(app: &App, actor: &Actor, number: &str, id: Uuid) -> Result<Case, CaseError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let step = store::moving::find(tx, id)?.ok_or(CaseError::Settled)?;
            // Of two that wait for one another the first is always the same.
            for case in BTreeSet::from([step.from, step.into]) {
                tx.lock_row("case_file", case.uuid())?;
            }
            let mut to = match hold_id(tx, &me, &actor, step.into, Action::LeadCase) {
                Err(CaseError::Merged(_)) => return Err(CaseError::Depends("merged")),
                other => other?,
            };
            let asked = crate::rules::filter::number(&number).unwrap_or_default();
            let mut from = store::file::find(tx, step.from)?.ok_or(CaseError::NotFound)?;
            if ![&to.case.number, &from.number].contains(&&asked) || step.undone_at.is_some() {
                return Err(CaseError::Settled);
            }
            if let Some(why) = moving::depends(later(tx, &step)?) {
                return Err(CaseError::Depends(why));
            }
            back(tx, &me, &step, &to)?;
            super::exhibits::back(tx, &me, &actor, (&step, &from))?;
            store::moving::undo(tx, step.id, (me.office.now(), &actor.label()))?;
            match step.kind {
                MoveKind::Merge => {
                    for home in homes(tx, from.id)? {
                        store::moment::rehome(tx, home, from.id, to.case.id)?;
                    }
                    (from.state, from.merged_into) = (State::Open, None);
                }
                // A case that was parted off and is empty again was never one.
                MoveKind::Split => {
                    (to.case.state, to.case.merged_into) = (State::Merged, Some(from.id));
                }
            }
            from.changed_at = me.office.now();
            from.next_due_at = super::nearest(tx, &from)?;
            store::file::save(tx, &from)?;
            let (there, here) = (to.case.number.clone(), from.number.clone());
            let facts = json!({"move": step.id, "kind": step.kind.as_str()});
            log(
                tx,
                &me,
                &actor,
                &from,
                Did::new("case.move_undone", MomentKind::Case, &there).facts(facts.clone()),
            )?;
            done(
                tx,
                &me,
                &actor,
                &mut to,
                Did::new("case.move_undone", MomentKind::Case, &here).facts(facts),
            )?;
            for case in [&from, &to.case] {
                super::exhibits::tell_let_in(tx, &me, case)?;
            }
            me.tell(tx, crate::MOVED, from.id.uuid(), json!({"into": to.case.id}))?;
            Ok(from)
        })
        .await
}

/// What has happened since that depends on a move.
fn later(tx: &mut Tx<'_>, step: &Move) -> Result<Later, CaseError> {
    let (decided, referred) = store::moving::since(tx, step.into, step.written.at)?;
    let moved = store::moving::moved_on(tx, step.id, step.written.at, step.into)? > 0;
    // Decisions that came with the move lie there, too; only those that were written there count.
    let came: BTreeSet<Uuid> = store::moving::rows_of(tx, step.id)?.into_iter().map(|(_, row)| row).collect();
    let own = store::decision::of_case(tx, step.into)?;
    let own = own.iter().filter(|d| {
        d.written.at > step.written.at
            && !came.contains(&d.place.id)
            && matches!(d.standing, Standing::Proposed | Standing::Stands)
    });
    // What went back would meet its like there.
    let theirs = store::moving::rows(tx, step.from)?;
    let mine: Vec<Row> =
        store::moving::rows(tx, step.into)?.into_iter().filter(|r| came.contains(&r.id)).collect();
    let meets = moving::plan(&mine, &theirs).len() != mine.len();
    let split_has_more = step.kind == MoveKind::Split
        && store::moving::rows(tx, step.into)?.iter().any(|r| !came.contains(&r.id));
    let kept_on = super::exhibits::went_on(tx, step)?;
    Ok(Later {
        merged: false,
        moved: moved || meets || split_has_more || kept_on,
        decided: decided > 0 && own.count() > 0,
        referred: referred > 0,
    })
}

/// Puts every row back, and whoever came with the merge leaves the team.
fn back(tx: &mut Tx<'_>, app: &App, step: &Move, to: &Held) -> Result<(), CaseError> {
    for (what, row) in store::moving::rows_of(tx, step.id)? {
        if what == What::Exhibit {
            continue;
        }
        if what != What::Member {
            store::moving::put(tx, (what, row), step.from, step.into)?;
            continue;
        }
        let came = to.team.iter().find(|m| m.id == row && m.until.is_none() && m.label != to.case.lead);
        if let Some(member) = came {
            store::member::end(tx, step.into, &member.label, app.office.now())?;
        }
    }
    Ok(())
}
