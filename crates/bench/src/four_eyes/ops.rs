//! The acts of the office, each through the function that its page or job calls.

use access::{AbsenceId, DelegationId, GiveError, NewAbsence, NewDelegation, Terms, set_active};
use kernel::{Actor, Class, Coded, Role, Timestamp};
use legal_basis::change::{self, LawDraftId, NewChange};
use legal_basis::standing::{self, NewStanding, StandingId};
use legal_basis::{Basis, basis_id};
use order::message::{Answer, Line};
use order::service;
use profile::{Measure, Scope};

use super::ghost::{Edit, Ghost, Ground, Who};
use super::plan::Plan;
use super::snapshot::{Shelf, Snapshot};
use super::stage::Stage;

/// One act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    /// An order is drafted, by a person or by the platform.
    Draft(usize, Option<Who>),
    /// Somebody signs, and sends it if that makes enough.
    Sign(usize, Who),
    /// The prosecutor, or somebody else, gives the sanction or refuses it.
    Sanction(usize, Who, bool),
    /// What partners said makes the draft ask for less.
    Lower(usize),
    /// An officer takes the draft back.
    Cancel(usize, Who),
    /// An officer ends it.
    Release(usize, Who),
    /// An institution says that it has the order, whether it was handed one or not.
    Answer(usize),
    /// An account is closed.
    Close(Who),
    /// It is opened again.
    Open(Who),
    /// The office is lost.
    TakeOffice(Who),
    /// It is given back.
    GiveOffice(Who),
    /// Time passes, and no job has run yet.
    Pass,
    /// The job of the clock runs.
    Tick,
    /// A standing approval is drafted: a new one, or a new version of the last.
    DraftStanding(Who, bool),
    /// Somebody signs the standing approval of that place.
    SignStanding(usize, Who),
    /// Somebody takes it back.
    Revoke(usize, Who),
    /// A change of a basis is drafted.
    DraftLaw(Who, Ground, Edit),
    /// Somebody enacts the draft of that place.
    Enact(usize, Who),
    /// Somebody refuses it.
    Refuse(usize, Who),
    /// The program starts again and brings its profile.
    Import,
    /// Somebody lends the power to sign to a deputy: nothing holds yet.
    Lend(Who, Who),
    /// Somebody accepts what was lent at that place.
    Accept(usize, Who),
    /// Somebody confirms it: one of these, or somebody who stands and has nothing to do with it.
    Confirm(usize, Option<Who>),
    /// What was lent at that place is ended by one of the two.
    EndLent(usize, Who),
    /// Somebody is away.
    Away(Who),
    /// Somebody is back.
    Back(Who),
}

impl Op {
    /// Whether it could mean anything at all; what is left out names a thing that is not there.
    pub(super) fn is_about_something(self, ghost: &Ghost, plan: &Plan) -> bool {
        match self {
            Self::Draft(slot, _) => ghost.order(slot).is_none(),
            Self::Sign(slot, _)
            | Self::Sanction(slot, ..)
            | Self::Lower(slot)
            | Self::Cancel(slot, _)
            | Self::Release(slot, _)
            | Self::Answer(slot) => ghost.order(slot).is_some(),
            Self::Close(w) => ghost.stands(w).open,
            Self::Open(w) => !ghost.stands(w).open,
            Self::TakeOffice(w) => ghost.stands(w).office,
            Self::GiveOffice(w) => !ghost.stands(w).office,
            Self::Pass => ghost.clock + 1 < plan.moments.len(),
            Self::Tick | Self::Import => true,
            Self::DraftStanding(_, false) => ghost.standing.is_empty(),
            Self::DraftStanding(_, true) => ghost.standing.len() == 1,
            Self::SignStanding(no, _) | Self::Revoke(no, _) => no < ghost.standing.len(),
            Self::DraftLaw(..) => ghost.drafts.len() < plan.law_drafts,
            Self::Enact(no, _) | Self::Refuse(no, _) => no < ghost.drafts.len(),
            // One deputy is lent one power at a time, so that the judge knows whose it was.
            Self::Lend(_, deputy) => {
                let now = plan.now(ghost);
                ghost.lent.len() < plan.lent_most
                    && !ghost.lent.iter().any(|lent| lent.deputy == deputy && lent.is_open(now))
            }
            Self::Accept(no, _) | Self::Confirm(no, _) | Self::EndLent(no, _) => no < ghost.lent.len(),
            Self::Away(w) => !ghost.is_away(w),
            Self::Back(w) => ghost.is_away(w),
        }
    }
}

/// Whether it was done. A fault of the program or of the database is no refusal: it ends the search.
fn done<T, E: Coded>(came_to: Result<T, E>) -> anyhow::Result<bool> {
    match came_to {
        Ok(_) => Ok(true),
        Err(e) if matches!(e.class(), Class::Bug | Class::Unavailable) => Err(anyhow::anyhow!("{e}")),
        Err(_) => Ok(false),
    }
}

/// Does it. `false` where the office refuses; what the database itself refuses is an error.
pub(super) fn act(
    stage: &Stage,
    shelf: &Shelf,
    plan: &Plan,
    (op, state): (Op, &Snapshot),
    ghost: &Ghost,
) -> anyhow::Result<bool> {
    let (app, id) = (&stage.app, Stage::order_id);
    let actor = |w: Who| stage.people.get(w).map_or(Actor::Public, |p| p.actor.clone());
    let login = |w: Who| stage.people.get(w).map(|p| p.login.clone()).unwrap_or_default();
    let setup = Actor::system("setup");
    Ok(match op {
        Op::Draft(slot, by) => {
            let Some(wanted) = plan.slots.get(slot) else { return Ok(false) };
            let new = stage.new_order(slot, wanted.scope, wanted.cap);
            let (me, by) = (app.clone(), by.map_or_else(|| Actor::system("orders"), actor));
            done(app.db.write_blocking(move |tx| service::draft_in(tx, &me, &by, new.clone())))?
        }
        Op::Sign(slot, w) => done(stage.wait(service::approve_and_send(app, &actor(w), id(slot))))?,
        Op::Sanction(slot, w, give) => {
            done(stage.wait(service::decide_sanction(app, &actor(w), id(slot), give, "a reason")))?
        }
        Op::Lower(slot) => {
            let most = stage.money(plan.slots.get(slot).map_or(1, |s| s.cap / 2));
            let me = app.clone();
            done(app.db.write_blocking(move |tx| service::lower_draft_in(tx, &me, id(slot), most)))?
        }
        Op::Cancel(slot, w) => done(stage.wait(service::cancel(app, &actor(w), id(slot), "a reason")))?,
        Op::Release(slot, w) => {
            let code = order::answer::Code::L61;
            done(stage.wait(service::release(app, &actor(w), id(slot), code, "a reason")))?
        }
        Op::Answer(slot) => answer(stage, slot)?,
        Op::Close(w) => done(stage.wait(set_active(app, &setup, &login(w), false, "a reason")))?,
        Op::Open(w) => done(stage.wait(set_active(app, &setup, &login(w), true, "a reason")))?,
        Op::TakeOffice(w) => offices(stage, shelf, w, "duty_officer")?,
        Op::GiveOffice(w) if w + 1 == stage.people.len() => offices(stage, shelf, w, "prosecutor")?,
        Op::GiveOffice(w) => offices(stage, shelf, w, "duty_officer,approver")?,
        Op::Pass => true,
        Op::Tick => done(stage.wait(service::tick(app)))?,
        Op::DraftStanding(w, amends) => {
            let last = amends.then(|| standing_ids(shelf, state).last().map(|(id, _)| *id)).flatten();
            let Some(terms) = terms(stage, plan, ghost, last)? else { return Ok(false) };
            done(stage.wait(standing::draft(app, &actor(w), terms)))?
        }
        Op::SignStanding(no, w) => {
            let Some((id, version)) = standing_ids(shelf, state).get(no).copied() else { return Ok(false) };
            done(stage.wait(standing::sign(app, &actor(w), id, version)))?
        }
        Op::Revoke(no, w) => {
            let Some((id, _)) = standing_ids(shelf, state).get(no).copied() else { return Ok(false) };
            done(stage.wait(standing::revoke(app, &actor(w), id, "a reason")))?
        }
        Op::DraftLaw(w, ground, edit) => draft_law(stage, &actor(w), ground, edit)?.is_some(),
        Op::Enact(no, w) => match law_draft(shelf, state, no) {
            Some(id) => done(stage.wait(change::enact(app, &actor(w), id)))?,
            None => false,
        },
        Op::Refuse(no, w) => match law_draft(shelf, state, no) {
            Some(id) => done(stage.wait(change::refuse(app, &actor(w), id, "a reason")))?,
            None => false,
        },
        Op::Import => {
            let me = app.clone();
            done(app.db.write_blocking(move |tx| legal_basis::import(tx, &me)))?
        }
        Op::Lend(..) | Op::Accept(..) | Op::Confirm(..) | Op::EndLent(..) | Op::Away(_) | Op::Back(_) => {
            duty(stage, shelf, plan, (op, state), ghost)?
        }
    })
}

/// Being away, and lending the power to sign.
fn duty(
    stage: &Stage,
    shelf: &Shelf,
    plan: &Plan,
    (op, state): (Op, &Snapshot),
    ghost: &Ghost,
) -> anyhow::Result<bool> {
    let app = &stage.app;
    let actor = |w: Who| stage.people.get(w).map_or(Actor::Public, |p| p.actor.clone());
    Ok(match op {
        Op::Lend(giver, deputy) => lend(stage, plan, ghost, (giver, deputy))?,
        Op::Accept(no, w) => match lent(shelf, state, no) {
            Some(id) => done(stage.wait(access::accept_delegation(app, &actor(w), id)))?,
            None => false,
        },
        Op::Confirm(no, by) => {
            let third = stage.lawmakers.first().map_or(Actor::Public, |third| third.actor.clone());
            match lent(shelf, state, no) {
                Some(id) => done(stage.wait(access::confirm_delegation(app, &by.map_or(third, actor), id)))?,
                None => false,
            }
        }
        Op::EndLent(no, w) => match lent(shelf, state, no) {
            Some(id) => done(stage.wait(access::end_delegation(app, &actor(w), id)))?,
            None => false,
        },
        Op::Away(w) => {
            let (now, account) = (app.office.now(), stage.people.get(w).map(|p| p.id).unwrap_or_default());
            let (id, till) = (AbsenceId::from_uuid(app.uuid()), now.plus_secs(AWAY_SECS));
            let new = NewAbsence { id, account, from: now, till, why: access::Why::Leave };
            done(stage.wait(access::say_absence(app, &actor(w), new)))?
        }
        Op::Back(w) => {
            let back = stage.wait(access::come_back(app, &actor(w)));
            let any = back.as_ref().is_ok_and(|n| *n > 0);
            done(back)? && any
        }
        _ => false,
    })
}

/// Longer than any of these searches.
const AWAY_SECS: i64 = 10 * 86_400;

/// What was lent at a place.
fn lent(shelf: &Shelf, state: &Snapshot, no: usize) -> Option<DelegationId> {
    let row = shelf.look(state, "delegation").nth(no)?;
    uuid::Uuid::from_slice(row.bytes("id")).ok().map(DelegationId::from_uuid)
}

/// The first of the three steps by which power is lent.
fn lend(stage: &Stage, plan: &Plan, ghost: &Ghost, (giver, deputy): (Who, Who)) -> anyhow::Result<bool> {
    let (Some(giver), Some(deputy)) = (stage.people.get(giver), stage.people.get(deputy)) else {
        return Ok(false);
    };
    let (app, id) = (&stage.app, DelegationId::from_uuid(stage.app.uuid()));
    let terms = Terms {
        delegator: giver.id,
        deputy: deputy.id,
        role: Role::Approver,
        unit: String::new(),
        measures: Vec::new(),
        most: None,
        from: app.office.now(),
        till: Stage::moment(plan.now(ghost).saturating_add(plan.lent_secs)),
        number: "45".to_owned(),
    };
    let new = NewDelegation { id, terms, ground: "a ground".to_owned() };
    match stage.wait(access::give_delegation(app, &giver.actor, new)) {
        Ok(_) => Ok(true),
        Err(GiveError::Faults(_)) => Ok(false),
        Err(GiveError::Other(e)) => done::<(), _>(Err(e)),
    }
}

/// No verb of the office changes the offices of an account, and yet they can change: whoever keeps the accounts
/// elsewhere does it in the row.
fn offices(stage: &Stage, shelf: &Shelf, w: Who, roles: &str) -> anyhow::Result<bool> {
    let Some(person) = stage.people.get(w) else { return Ok(false) };
    let sql = format!("UPDATE staff_account SET roles = '{roles}' WHERE login = '{}'", person.login);
    Ok(shelf.touch(&sql)? == 1)
}

fn answer(stage: &Stage, slot: usize) -> anyhow::Result<bool> {
    let id = Stage::order_id(slot);
    let said = Answer {
        kind: "answer.v1".into(),
        answer_id: format!("a{slot}"),
        order_id: id.to_string(),
        executor: "ZALT".into(),
        object_id: None,
        at: stage.app.office.now().rfc3339(),
        lines: vec![Line { code: "A00".into(), ..Line::default() }],
        text: None,
    };
    let body = serde_json::to_vec(&said).unwrap_or_default();
    for actor in &stage.partners {
        let out = stage.wait(service::answer(&stage.app, actor, id, said.clone(), &body));
        let new = out.as_ref().is_ok_and(|out| !out.already);
        if done(out)? && new {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an institution may read the order of a slot.
pub(super) fn is_readable(stage: &Stage, slot: usize) -> anyhow::Result<bool> {
    for actor in &stage.partners {
        if done(stage.wait(service::open(&stage.app, actor, Stage::order_id(slot))))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Standing approvals by the place of their rows.
fn standing_ids(shelf: &Shelf, state: &Snapshot) -> Vec<(StandingId, i64)> {
    let rows = shelf.look(state, "standing_approval");
    rows.filter_map(|row| {
        let id = uuid::Uuid::from_slice(row.bytes("id")).ok()?;
        Some((StandingId::from_uuid(id), row.int("version")?))
    })
    .collect()
}

fn law_draft(shelf: &Shelf, state: &Snapshot, no: usize) -> Option<LawDraftId> {
    let row = shelf.look(state, "legal_basis_draft").nth(no)?;
    uuid::Uuid::from_slice(row.bytes("id")).ok().map(LawDraftId::from_uuid)
}

/// Terms of the standing approval that this plan is about.
fn terms(
    stage: &Stage,
    plan: &Plan,
    ghost: &Ghost,
    amends: Option<StandingId>,
) -> anyhow::Result<Option<NewStanding>> {
    let now = stage.app.office.now();
    let Some(basis) = in_force(stage, Ground::Amount, now)? else { return Ok(None) };
    let until = plan.moments.get(ghost.clock).copied().unwrap_or(0).saturating_add(plan.standing_secs);
    Ok(Some(NewStanding {
        amends,
        basis: basis.pair(),
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        cap_per_order: stage.money(plan.standing_cap),
        cap_per_day: stage.money(plan.standing_day),
        hop_limit: 3,
        valid_from: now,
        valid_to: Stage::moment(until),
        reason: "a reason".to_owned(),
    }))
}

fn in_force(stage: &Stage, ground: Ground, now: Timestamp) -> anyhow::Result<Option<Basis>> {
    let id = basis_id(stage.app.profile.id(), ground.key());
    Ok(stage.app.db.read_blocking(move |tx| legal_basis::version_in_force(tx, id, now))?)
}

/// Drafts a change over what is in force; `None` where the office refuses it.
pub(super) fn draft_law(
    stage: &Stage,
    actor: &Actor,
    ground: Ground,
    edit: Edit,
) -> anyhow::Result<Option<LawDraftId>> {
    let now = stage.app.office.now();
    let Some(basis) = in_force(stage, ground, now)? else { return Ok(None) };
    let id = basis.id;
    let versions = stage.app.db.read_blocking(move |tx| legal_basis::store::versions(tx, id))?;
    let mut record = basis.record.clone();
    record.from = stage.app.profile.civil_date(now);
    match edit {
        Edit::Hands(n) => record.approvers.count = n,
        Edit::Sanction => record.prosecutor_sanction = true,
    }
    let new = NewChange {
        id: LawDraftId::from_uuid(stage.app.uuid()),
        basis: basis.id,
        base: basis.version,
        newest: versions.iter().map(|b| b.version).max().unwrap_or(0),
        record,
        reason: "a reason".to_owned(),
    };
    let draft = stage.wait(change::draft(&stage.app, actor, new));
    let id = draft.as_ref().ok().map(|draft| draft.id);
    Ok(if done(draft)? { id } else { None })
}
