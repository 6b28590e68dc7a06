//! What is decided about a matter, by whom, and who must agree.

use access::{AccessError, Action};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose, Role, Timestamp};
use profile::{Outcome, Register};
use serde_json::json;

use super::entering::{standing, write_down};
use super::{Held, REASONS, SECOND, act, allowed, follow, header, keep};
use crate::error::RegistrationError;
use crate::kinds::{Kind, Of};
use crate::model::{
    Decision, DecisionId, NewDecision, Paper, Reasons, Receipt, ReferenceId, Registration, Standing, Subject,
};
use crate::{rules, store};

/// Decides about a report in a register, or proposes to where the profile wants a second person. A refusal is a reasoned
/// document; a referral names whom it goes to and on what ground.
///
/// # Errors
/// Hidden or forbidden; a field is missing; a decision waits or stands; the register is not decided about.
pub async fn decide(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
    new: NewDecision,
) -> Result<Registration, RegistrationError> {
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let (subject, held) = allowed(tx, &me, &actor, Action::DecideRegistration, (&of, &system))?;
            decide_in(tx, &me, &actor, (&of.kind, &subject), held, &new)
        })
        .await
}

fn decide_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (kind, subject): (&Kind, &Subject),
    held: Held,
    new: &NewDecision,
) -> Result<Registration, RegistrationError> {
    let now = app.office.now();
    access::present(tx, actor, now)??;
    let rule = held.register.decision().ok_or(RegistrationError::OtherWay)?;
    // What was entered by mistake is not decided about until it is entered truly.
    if standing(tx, subject, &rule.after)?.is_none() {
        return Err(RegistrationError::NotEntered);
    }
    let rule = rules::outcome(rule, new.outcome)?.clone();
    if let Some(field) = rules::faults(new, app.profile.civil_date(now), kind.told).first() {
        return Err(RegistrationError::Field(field));
    }
    let receipt = entry(tx, (subject, &held), new, now)?;
    let at = receipt.as_ref().map_or(now, |r| r.registered_at);
    let before = held.matter.state;
    let after = held.matter.decide(&rule, at)?;
    let standing = if rule.second_person { Standing::Proposed } else { Standing::Stands };
    let decision =
        write_decision(tx, app, actor, (subject, &after, &held.register), new, (receipt.as_ref(), standing))?;
    keep(tx, app, &after, before)?;
    if standing == Standing::Stands {
        stand(tx, app, actor, subject, &after, &decision, receipt.as_ref())?;
    }
    Ok(after)
}

/// The number under which the register took it, checked.
fn entry(
    tx: &mut Tx<'_>,
    (subject, held): (&Subject, &Held),
    new: &NewDecision,
    now: Timestamp,
) -> Result<Option<Receipt>, RegistrationError> {
    let Some(told) = new.receipt.as_ref().filter(|_| new.outcome == Outcome::Registered) else {
        return Ok(None);
    };
    let told = rules::receipt(held.register.number.as_ref(), told, now)?;
    if !rules::came_first(held.matter.since, told.registered_at) {
        return Err(RegistrationError::Field("at"));
    }
    super::entering::free(tx, subject, &held.matter.system, &told.number)?;
    Ok(Some(told))
}

fn write_decision(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (subject, matter, register): (&Subject, &Registration, &Register),
    new: &NewDecision,
    (receipt, standing): (Option<&Receipt>, Standing),
) -> Result<Decision, RegistrationError> {
    let refused = new.outcome == Outcome::Refused;
    let line = |text: &str| text.trim().to_owned();
    let kept = |text: &str, kept: bool| if kept { line(text) } else { String::new() };
    let decision = Decision {
        id: DecisionId::from_uuid(app.uuid()),
        header: header(app, actor, &subject.header),
        registration: matter.id,
        outcome: new.outcome,
        paper: if refused {
            Paper { number: line(&new.paper.number), day: new.paper.day, articles: line(&new.paper.articles) }
        } else {
            Paper::default()
        },
        addressee: kept(&new.addressee, new.outcome == Outcome::Referred),
        standing,
        second_at: None,
        second_by: None,
    };
    let reasons = Reasons {
        text: kept(&new.reasons, new.outcome != Outcome::Registered),
        words: kept(&new.words, refused),
        number: receipt.map(|r| r.number.clone()).unwrap_or_default(),
        registered_at: receipt.map_or(0, |r| r.registered_at.as_micros()),
        registrar: receipt.map(|r| r.registrar.clone()).unwrap_or_default(),
    };
    let text = serde_json::to_string(&reasons).unwrap_or_default();
    let sealed = app.seal_words(tx, subject.id, REASONS, &text)?;
    store::decision::insert(tx, &decision, &sealed)?;
    let facts = json!({"system": matter.system, "register": register.name, "outcome": new.outcome.as_str(), "paper": decision.paper.number, "reasons_sealed": sealed.fact()});
    // The text of a document is longer than the record takes.
    let facts = if sealed.bytes().len() > MAX_FACT_BYTES {
        json!({"system": matter.system, "register": register.name, "outcome": new.outcome.as_str(), "paper": decision.paper.number, "reasons_bytes": sealed.bytes().len()})
    } else {
        facts
    };
    let name = match standing {
        Standing::Proposed => "registration.proposed",
        _ => "registration.decided",
    };
    app.record(tx, actor, &Act { facts, ..act(name, subject) })?;
    Ok(decision)
}

/// Longest sealed text that goes into a record.
const MAX_FACT_BYTES: usize = 12 * 1024;

/// A decision holds from now on: the number becomes a reference, registers behind it open, and whoever listens is told.
fn stand(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    matter: &Registration,
    decision: &Decision,
    receipt: Option<&Receipt>,
) -> Result<(), RegistrationError> {
    if let Some(told) = receipt {
        let id = ReferenceId::from_uuid(app.uuid());
        write_down(tx, app, actor, subject, &matter.system, (id, told))?;
        follow(tx, app, actor, subject, &matter.system, told.registered_at)?;
    }
    let body = json!({"kind": subject.kind, "system": matter.system, "outcome": decision.outcome.as_str()});
    Ok(app.tell(tx, crate::DECIDED, subject.id, body)?)
}

/// The second person agrees with a decision that waits, or sends it back with a reason. Never whoever proposed it, and
/// only whoever holds the office at that moment.
///
/// # Errors
/// Hidden or forbidden; no decision waits; whoever proposed it has left the office; sent back without a reason; the number was given to another matter meanwhile.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
    agree: bool,
    reason: &str,
) -> Result<Registration, RegistrationError> {
    let reason = match agree {
        true => String::new(),
        false => app::reason(reason).ok_or(RegistrationError::Field("reason"))?,
    };
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let (subject, held) = allowed(tx, &me, &actor, Action::ConfirmRegistration, (&of, &system))?;
            let decision = held.proposed.ok_or(RegistrationError::NothingToConfirm)?;
            access::present(tx, &actor, me.office.now())??;
            if !access::still_stands(tx, &actor.label(), &[Role::Approver])? {
                return Err(AccessError::Forbidden(Action::ConfirmRegistration).into());
            }
            if agree && !access::still_stands(tx, &decision.header.author, &[Role::DutyOfficer])? {
                return Err(RegistrationError::LeftOffice);
            }
            let receipt = proposed_entry(tx, &me, &subject, &decision)?;
            let now = me.office.now();
            let at = receipt.as_ref().map_or(now, |r| r.registered_at);
            let before = held.matter.state;
            let (after, standing) = match agree {
                true => (held.matter.agree(decision.outcome, at)?, Standing::Stands),
                false => (held.matter.send_back()?, Standing::SentBack),
            };
            let words = me.seal_words(tx, subject.id, SECOND, &reason)?;
            store::decision::second(tx, decision.id, standing, (now, &actor.label()), &words)?;
            keep(tx, &me, &after, before)?;
            let facts = json!({"system": system, "register": held.register.name, "outcome": decision.outcome.as_str(), "by": decision.header.author, "reason_sealed": words.fact()});
            let name = if agree { "registration.confirmed" } else { "registration.sent_back" };
            me.record(tx, &actor, &Act { facts, ..act(name, &subject) })?;
            if agree {
                stand(tx, &me, &actor, &subject, &after, &decision, receipt.as_ref())?;
            }
            Ok(after)
        })
        .await
}

/// Takes the own proposal back: it waits for nobody any more, and something else can be proposed. The clock has not stopped.
///
/// # Errors
/// Hidden or forbidden, also for somebody else's; no decision waits.
pub async fn take_back(
    app: &App,
    actor: &Actor,
    of: impl Into<Of>,
    system: &str,
) -> Result<Registration, RegistrationError> {
    let (me, actor, of, system) = (app.clone(), actor.clone(), of.into(), system.to_owned());
    app.db
        .write(move |tx| {
            let (subject, held) = allowed(tx, &me, &actor, Action::DecideRegistration, (&of, &system))?;
            let decision = held.proposed.ok_or(RegistrationError::NothingToConfirm)?;
            if decision.header.author != actor.label() {
                return Err(AccessError::Forbidden(Action::DecideRegistration).into());
            }
            let before = held.matter.state;
            let after = held.matter.send_back()?;
            let now = me.office.now();
            let words = me.seal_words(tx, subject.id, SECOND, "")?;
            store::decision::second(tx, decision.id, Standing::TakenBack, (now, &actor.label()), &words)?;
            keep(tx, &me, &after, before)?;
            let facts = json!({"system": system, "register": held.register.name, "outcome": decision.outcome.as_str()});
            let act = Act { facts, ..act("registration.taken_back", &subject) };
            me.record(tx, &actor, &act)?;
            Ok(after)
        })
        .await
}

/// The number that a proposal names.
fn proposed_entry(
    tx: &mut Tx<'_>,
    app: &App,
    subject: &Subject,
    decision: &Decision,
) -> Result<Option<Receipt>, RegistrationError> {
    if decision.outcome != Outcome::Registered {
        return Ok(None);
    }
    let (sealed, _) = store::decision::sealed(tx, decision.id)?;
    let words = app.open_words(tx, subject.id, REASONS, &sealed)?;
    let reasons: Reasons = words
        .and_then(|w| serde_json::from_str(&w.into_inner(Purpose::HandleReport)).ok())
        .ok_or(report::ReportError::Erased)?;
    Ok(Some(Receipt {
        number: reasons.number,
        registered_at: Timestamp::from_micros(reasons.registered_at),
        registrar: reasons.registrar,
    }))
}
