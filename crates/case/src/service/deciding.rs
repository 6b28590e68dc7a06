//! Decisions with reasons: proposed by the team, and agreed to by somebody else where the country wants two.

use access::Action;
use app::App;
use db::Tx;
use kernel::Actor;
use uuid::Uuid;

use super::{Did, Held, done, field, hold, staging, written};
use crate::error::CaseError;
use crate::model::{Case, Decision, MomentKind, Standing, State};
use crate::{rules, store};

/// A decision that is to be taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewDecision {
    /// Code of its kind.
    pub kind: String,
    /// Number of the document.
    pub paper: String,
    /// Its day, `2026-11-30`.
    pub day: String,
    /// Why.
    pub reasons: String,
}

/// Decides, or proposes to where two must agree.
///
/// # Errors
/// Hidden or forbidden; a field is missing; another decision waits; the case cannot pass to where it leads.
pub async fn propose(app: &App, actor: &Actor, number: &str, new: NewDecision) -> Result<Case, CaseError> {
    let rule = app.profile.cases().decision(&new.kind).cloned().ok_or(CaseError::Field("decision"))?;
    let reasons = rules::text("reasons", &new.reasons)?;
    let (mut paper, mut day) = (String::new(), String::new());
    if rule.paper {
        paper = rules::line("paper", &new.paper, rules::MAX_LINE)?;
        let read: jiff::civil::Date = new.day.trim().parse().map_err(|_| CaseError::Field("day"))?;
        if read > app.profile.civil_date(app.office.now()) {
            return Err(CaseError::Field("day"));
        }
        day = read.to_string();
    }
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            // A case that is over is opened again by a decision, too.
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?;
            let known = store::decision::of_case(tx, held.case.id)?;
            if known.iter().any(|d| d.standing == Standing::Proposed) {
                return Err(CaseError::Waits);
            }
            if let Some(stage) = &rule.stage {
                rules::lead_to(me.profile.cases(), &held.case.stage, stage)?;
            } else {
                held = held.open()?;
            }
            let possible = rules::decisions(me.profile.cases(), &held.case.stage, held.case.state)
                .any(|d| d.code == rule.code);
            if !possible {
                return Err(if held.case.state == State::Ended {
                    CaseError::Decision
                } else {
                    CaseError::Stage
                });
            }
            let standing = if rule.second_person { Standing::Proposed } else { Standing::Stands };
            let row = Decision {
                place: held.place(&me),
                written: written(&me, &actor),
                kind: rule.code.clone(),
                paper: paper.clone(),
                day: day.clone(),
                reasons_sealed: held.seal(&me, field::REASONS, &reasons),
                standing,
                second_at: None,
                second_by: None,
                second_sealed: None,
            };
            store::decision::insert(tx, &row)?;
            if standing == Standing::Stands {
                carry_out(tx, &me, &mut held, &row)?;
            }
            let act = if standing == Standing::Stands { "case.decided" } else { "case.proposed" };
            let sealed = row.reasons_sealed.clone();
            let did = Did::new(act, MomentKind::Decision, &row.kind).words(&sealed);
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// What comes of a decision that stands.
fn carry_out(tx: &mut Tx<'_>, app: &App, held: &mut Held, d: &Decision) -> Result<(), CaseError> {
    let cases = app.profile.cases();
    let Some(stage) = cases.decision(&d.kind).and_then(|r| r.stage.clone()) else { return Ok(()) };
    let state = rules::lead_to(cases, &held.case.stage, &stage)?;
    staging::put(tx, app, held, (&stage, state))
}

/// The decision that waits.
fn waiting(tx: &mut Tx<'_>, held: &Held, id: Uuid) -> Result<Decision, CaseError> {
    let all = store::decision::of_case(tx, held.case.id)?;
    all.into_iter().find(|d| d.place.id == id && d.standing == Standing::Proposed).ok_or(CaseError::Settled)
}

/// Agrees to a decision that somebody else has proposed.
///
/// # Errors
/// Hidden or forbidden, also to whoever proposed it, and to a program; away; nothing waits.
pub async fn confirm(app: &App, actor: &Actor, number: &str, id: Uuid) -> Result<Case, CaseError> {
    access::by_person(app)?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::ConfirmCase)?;
            access::present(tx, &actor, me.office.now())??;
            let mut d = waiting(tx, &held, id)?;
            // Nobody is two persons by holding what both sign in with.
            if !access::two_persons(tx, &d.written.by, &actor.label())? {
                return Err(access::AccessError::Forbidden(Action::ConfirmCase).into());
            }
            d.standing = Standing::Stands;
            (d.second_at, d.second_by) = (Some(me.office.now()), Some(actor.label()));
            store::decision::settle(tx, &d)?;
            carry_out(tx, &me, &mut held, &d)?;
            done(tx, &me, &actor, &mut held, Did::new("case.confirmed", MomentKind::Decision, &d.kind))?;
            Ok(held.case)
        })
        .await
}

/// Sends a proposal back, with reasons.
///
/// # Errors
/// As [`confirm`]; no reasons are given.
pub async fn send_back(
    app: &App,
    actor: &Actor,
    number: &str,
    (id, why): (Uuid, &str),
) -> Result<Case, CaseError> {
    access::by_person(app)?;
    let why = rules::text("reason", why)?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::ConfirmCase)?;
            access::present(tx, &actor, me.office.now())??;
            let mut d = waiting(tx, &held, id)?;
            let sealed = held.seal(&me, field::SECOND, &why);
            d.standing = Standing::SentBack;
            (d.second_at, d.second_by) = (Some(me.office.now()), Some(actor.label()));
            // Words of the second person are sealed under the key of the case in which they were written.
            d.second_sealed = Some(if d.place.sealed_for == held.case.id.uuid() {
                sealed.clone()
            } else {
                let key = me.vault.subject(tx, d.place.sealed_for)?.ok_or(CaseError::NotFound)?;
                key.seal(&me.entropy, field::SECOND, &why)
            });
            store::decision::settle(tx, &d)?;
            let did = Did::new("case.sent_back", MomentKind::Decision, &d.kind).words(&sealed);
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Takes the own proposal back.
///
/// # Errors
/// Hidden or forbidden; nothing of one's own waits.
pub async fn take_back(app: &App, actor: &Actor, number: &str, id: Uuid) -> Result<Case, CaseError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?;
            let mut d = waiting(tx, &held, id)?;
            if d.written.by != actor.label() {
                return Err(CaseError::Settled);
            }
            d.standing = Standing::TakenBack;
            (d.second_at, d.second_by) = (Some(me.office.now()), Some(actor.label()));
            store::decision::settle(tx, &d)?;
            done(tx, &me, &actor, &mut held, Did::new("case.taken_back", MomentKind::Decision, &d.kind))?;
            Ok(held.case)
        })
        .await
}
