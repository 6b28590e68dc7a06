//! What was forgotten or mistyped in a payment, told later. What was told before stays readable.

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Money, Personal, Purpose};
use serde_json::json;
use vault::SubjectKey;

use super::{next_no, own};
use crate::ReportError;
use crate::model::{Correction, Fact, Payment, PaymentId, ReportId};
use crate::rules::{self, FilingError};
use crate::store::{self, SealedFact};

/// What became of the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Completed {
    /// So many stand in the payment now.
    pub applied: usize,
    /// So many are notes for the officer, since an order may rest on what was told before.
    pub noted: usize,
}

/// Completes or corrects one payment. Facts that are known already are left out, so that a second press does
/// nothing.
///
/// # Errors
/// What [`rules::check_amount`], [`rules::check_when`] and [`rules::check_reference`] refuse; another currency;
/// no such payment; not found; erased.
pub async fn complete_payment(
    app: &App,
    actor: &Actor,
    id: ReportId,
    payment: PaymentId,
    facts: Vec<Fact>,
) -> Result<Completed, ReportError> {
    for fact in &facts {
        check(app, fact)?;
    }
    let sightings: Vec<identifier::Sighting> = facts.iter().flat_map(crate::sight::of_fact).collect();
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            // Corrections are numbered, and judged by what stands there now.
            tx.lock_row("report", id.uuid())?;
            let (report, key) = own(tx, &me, &actor, id)?;
            let (payments, before) = store::with_corrections(tx, id, &key)?;
            let p = payments.iter().find(|p| p.id == payment).ok_or(ReportError::NotFound)?;
            let news: Vec<(&Fact, bool)> = facts
                .iter()
                .filter(|f| rules::is_news(p, f) && !noted(&before, payment, f))
                .map(|f| (f, rules::applies(p, f)))
                .collect();
            if news.is_empty() {
                return Ok(Completed::default());
            }
            // The only payment may be put right with its loss; of several, one cannot be in another asset. A note
            // changes nothing.
            let other = |f: &Fact| matches!(f, Fact::Amount(a) if a.asset() != report.loss.asset());
            if payments.len() > 1 && news.iter().any(|(f, applied)| *applied && other(f)) {
                return Err(FilingError::MixedAssets.into());
            }
            check_way(p, &news)?;
            write(tx, &me, &actor, (p, &key), before.len(), &news)?;
            crate::sight::record(tx, &me, id, &sightings)?;
            tell(tx, &me, &actor, p, &news)
        })
        .await
}

fn check(app: &App, fact: &Fact) -> Result<(), FilingError> {
    match fact {
        Fact::Amount(amount) => rules::check_amount(*amount),
        Fact::When(when) => rules::check_when(when, app.office.now()),
        Fact::Reference(reference) => rules::check_reference(reference),
        Fact::OwnBank(_) | Fact::OwnAccount(_) | Fact::To(..) => Ok(()),
    }
}

/// Checks where the payment goes once the news about it stand.
fn check_way(p: &Payment, news: &[(&Fact, bool)]) -> Result<(), FilingError> {
    let open = |value: &Option<Personal<String>>| {
        value.as_ref().map(|v| v.open(Purpose::HandleReport).clone()).unwrap_or_default()
    };
    let (mut own, mut kind, mut value) = (open(&p.own_account), p.to_kind.clone(), open(&p.to));
    for (fact, _) in news.iter().filter(|(_, applied)| *applied) {
        match fact {
            Fact::OwnAccount(account) => own.clone_from(account),
            Fact::To(target, _) => (kind, value) = (target.kind.clone(), target.value.clone()),
            Fact::Amount(_) | Fact::When(_) | Fact::OwnBank(_) | Fact::Reference(_) => {}
        }
    }
    rules::check_way(&own, Some((kind.as_str(), value.as_str())).filter(|(_, value)| !value.is_empty()))
}

/// Whether the last note about this fact says the same.
fn noted(before: &[Correction], payment: PaymentId, fact: &Fact) -> bool {
    let same = before
        .iter()
        .rev()
        .find(|c| c.payment == payment && c.is.open(Purpose::OwnData).field() == fact.field());
    same.is_some_and(|c| !c.applied && c.is.open(Purpose::OwnData) == fact)
}

/// Writes the facts, and what they change in the loss.
fn write(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (p, key): (&Payment, &SubjectKey),
    before: usize,
    news: &[(&Fact, bool)],
) -> Result<(), ReportError> {
    let from = (matches!(actor, Actor::Citizen { .. }), actor.label());
    for (no, (fact, applied)) in (next_no(before)..).zip(news) {
        let json = serde_json::to_string(fact).unwrap_or_default();
        let sealed = SealedFact {
            id: app.uuid(),
            payment: p.id,
            applied: *applied,
            fact: key.seal(&app.entropy, "fact", &json),
        };
        store::insert_correction(tx, p.report, no, app.office.now(), (from.0, &from.1), &sealed)?;
        if let (Fact::Amount(amount), true) = (fact, applied) {
            let more = amount.minor().saturating_sub(p.amount.minor());
            store::add_loss(tx, p.report, Money::from_minor(more, amount.asset()))?;
        }
    }
    Ok(())
}

/// Records it, and tells the slices above: a completed payment may lead to an order, a note waits for an officer.
fn tell(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    p: &Payment,
    news: &[(&Fact, bool)],
) -> Result<Completed, ReportError> {
    let of = |applied: bool| -> Vec<&str> {
        news.iter().filter(|(_, a)| *a == applied).map(|(f, _)| f.field()).collect()
    };
    let (applied, noted) = (of(true), of(false));
    let facts = json!({"payment": p.id, "completed": applied, "noted": noted});
    app.record(
        tx,
        actor,
        &Act { facts, ..Act::about("report.payment_completed", "report", p.report.uuid()) },
    )?;
    if !applied.is_empty() {
        app.tell(tx, crate::PAYMENT_COMPLETED, p.report.uuid(), json!({"payment": p.id}))?;
    }
    if !noted.is_empty() && matches!(actor, Actor::Citizen { .. }) {
        app.tell(tx, crate::MESSAGE, p.report.uuid(), json!({"from": "reporter"}))?;
    }
    Ok(Completed { applied: applied.len(), noted: noted.len() })
}
