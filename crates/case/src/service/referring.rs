//! Referral: a case goes to another unit or body whose matter it is, with a ground and a clock, and is accepted or returned. A body that
//! takes messages is sent one (`outside`); others are reached on paper.

use access::Action;
use app::App;
use db::Tx;
use kernel::Actor;
use serde_json::json;

use super::{Did, Held, done, field, hold, officer, written};
use crate::error::CaseError;
use crate::model::{Case, MomentKind, Referral, Referred};
use crate::{rules, store};

/// Refers a case to a body. A unit of the own organisation finds it in its list; a body that takes messages is sent one; others are
/// reached on paper.
///
/// # Errors
/// Hidden or forbidden; no such body; it is the unit's own; no ground; one waits already; a unit would not find what only a team sees.
pub async fn refer(
    app: &App,
    actor: &Actor,
    number: &str,
    (body, ground): (&str, &str),
) -> Result<Case, CaseError> {
    let body = app.profile.cases().body(body).cloned().ok_or(CaseError::Field("body"))?;
    let ground = rules::text("ground", ground)?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::LeadCase)?.open()?;
            let unit = body.unit.clone().unwrap_or_default();
            if unit == held.case.header.unit_id {
                return Err(CaseError::Already);
            }
            if sent(tx, &held)?.is_some() {
                return Err(CaseError::Waits);
            }
            if !unit.is_empty() && held.case.header.marking.tlp == kernel::Tlp::Red {
                return Err(CaseError::Shut);
            }
            let row = Referral {
                place: held.place(&me),
                written: written(&me, &actor),
                body: body.code.clone(),
                unit: unit.clone(),
                institution: String::new(),
                body_number: String::new(),
                ground_sealed: held.seal(&me, field::GROUND, &ground),
                due_at: me.profile.term_end(me.office.now(), body.within),
                state: Referred::Sent,
                answered_at: None,
                answered_by: None,
                answer_sealed: None,
            };
            store::referral::insert(tx, &row)?;
            let out = super::outside::send(tx, &me, &actor, (&held, &row), &ground)?;
            let to = out.as_ref().map(|o| o.institution.as_str()).unwrap_or_default();
            store::referral::handed(tx, row.place.id, (to, row.due_at))?;
            held.case.referred_to = unit;
            let did = Did::new("case.referred", MomentKind::Decision, &body.code)
                .facts(json!({"due": row.due_at.rfc3339(), "sent": out.map(|o| o.facts)}))
                .words(&row.ground_sealed);
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// The referral that waits for an answer.
fn sent(tx: &mut Tx<'_>, held: &Held) -> Result<Option<Referral>, CaseError> {
    let all = store::referral::of_case(tx, held.case.id)?;
    Ok(all.into_iter().find(|r| r.state == Referred::Sent))
}

/// The unit takes the case over: it is the unit's from now on, and one of its officers leads it.
///
/// # Errors
/// Hidden or forbidden; nothing waits; whoever is to lead is no officer of the unit.
pub async fn accept(app: &App, actor: &Actor, number: &str, lead: &str) -> Result<Case, CaseError> {
    let (me, actor, number, lead) = (app.clone(), actor.clone(), number.to_owned(), lead.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::ReceiveCase)?.open()?;
            let mut row = sent(tx, &held)?.filter(|r| !r.unit.is_empty()).ok_or(CaseError::Settled)?;
            let who = officer(tx, &me, "member", &lead)?;
            if who.unit != row.unit {
                return Err(CaseError::Unknown("member"));
            }
            row.state = Referred::Accepted;
            (row.answered_at, row.answered_by) = (Some(me.office.now()), Some(actor.label()));
            store::referral::settle(tx, &row)?;
            held.case.header.unit_id.clone_from(&row.unit);
            held.case.referred_to = String::new();
            if !held.has(&lead) {
                let member = store::member::fresh(me.uuid(), &lead, "", me.office.now());
                store::member::add(tx, held.case.id, &member, &actor.label())?;
            }
            let before = held.case.lead.clone();
            held.case.lead.clone_from(&lead);
            let did = Did::new("case.accepted", MomentKind::Decision, &row.body)
                .facts(json!({"from": before, "to": lead}));
            done(tx, &me, &actor, &mut held, did)?;
            super::exhibits::tell_let_in(tx, &me, &held.case)?;
            Ok(held.case)
        })
        .await
}

/// The unit returns the case, with reasons.
///
/// # Errors
/// Hidden or forbidden; nothing waits; no reasons.
pub async fn returned(app: &App, actor: &Actor, number: &str, why: &str) -> Result<Case, CaseError> {
    answer(app, actor, number, (Action::ReceiveCase, "case.returned", Referred::Returned), Some(why)).await
}

/// Whoever leads the case takes the referral back before it was answered.
///
/// # Errors
/// Hidden or forbidden; nothing waits.
pub async fn withdraw(app: &App, actor: &Actor, number: &str) -> Result<Case, CaseError> {
    answer(app, actor, number, (Action::LeadCase, "case.referral_withdrawn", Referred::TakenBack), None).await
}

/// Whoever leads the case writes down what a body outside has answered, on paper or by telephone.
///
/// # Errors
/// Hidden or forbidden; nothing waits there; nothing is said of the answer.
pub async fn answered(
    app: &App,
    actor: &Actor,
    number: &str,
    (taken, why): (bool, &str),
) -> Result<Case, CaseError> {
    let how =
        if taken { ("case.accepted", Referred::Accepted) } else { ("case.returned", Referred::Returned) };
    answer(app, actor, number, (Action::LeadCase, how.0, how.1), Some(why)).await
}

async fn answer(
    app: &App,
    actor: &Actor,
    number: &str,
    (action, act, state): (Action, &'static str, Referred),
    why: Option<&str>,
) -> Result<Case, CaseError> {
    let why = why.map(|w| rules::text("reason", w)).transpose()?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, action)?.open()?;
            let mut row = sent(tx, &held)?.ok_or(CaseError::Settled)?;
            // Whoever leads answers in no unit's name.
            if action == Action::LeadCase && state != Referred::TakenBack && !row.unit.is_empty() {
                return Err(CaseError::Settled);
            }
            row.state = state;
            (row.answered_at, row.answered_by) = (Some(me.office.now()), Some(actor.label()));
            row.answer_sealed = why.as_ref().map(|w| held.seal(&me, field::ANSWER, w));
            store::referral::settle(tx, &row)?;
            super::outside::end(tx, &me, (&held, &row))?;
            held.case.referred_to = String::new();
            let sealed = row.answer_sealed.clone();
            let mut did = Did::new(act, MomentKind::Decision, &row.body);
            if let Some(sealed) = &sealed {
                did = did.words(sealed);
            }
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}
