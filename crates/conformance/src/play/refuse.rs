//! Messages that are not rightly signed, each wrong in one thing only: refused, and without any effect.

use serde_json::Value;

use super::came;
use crate::check::Check;
use crate::client::Reply;
use crate::clock;
use crate::kit::{Kit, Mood, State};
use crate::messages::text;
use crate::plan::Plan;
use crate::sign::{Draft, Signer};

use super::case::LONG;

/// A wrong message on its way.
struct Wrong {
    check: Check,
    order: String,
}

/// Sends every wrong message and watches that nobody answers them.
pub async fn all(kit: &Kit, first: &Result<Reply, String>) -> anyhow::Result<()> {
    if first.is_err() {
        return Ok(());
    }
    let (impostor, stranger) = (kit.signer.impostor()?, Signer::fresh()?);
    let mut sent = Vec::new();
    for check in
        Check::ALL.iter().copied().filter(|c| c.id().starts_with("refuse.") && *c != Check::RefuseReplay)
    {
        sent.push(one(kit, check, &impostor, &stranger).await?);
    }
    let answered = |state: &State, wrong: &Wrong| state.answers(&wrong.order).next().is_some();
    replay(kit).await?;
    clock::pause(kit.plan.quiet.max(std::time::Duration::from_millis(500))).await;
    for wrong in &sent {
        if answered(&kit.state(), wrong) {
            kit.fail(wrong.check, "no effect at all", "the order was answered");
        }
    }
    Ok(())
}

/// The first message of the run: taken, answered and over, so that it does nothing whenever it comes again.
fn taken_before(kit: &Kit) -> Value {
    kit.state().inbox.first().cloned().unwrap_or_default()
}

fn fresh_order(kit: &Kit, no: usize) -> anyhow::Result<Value> {
    let thing = kit.plan.known.get(no % kit.plan.known.len().max(1)).unwrap_or(&kit.plan.unknown);
    // The least that can be asked: an endpoint that believes it must not be short of money for what comes later.
    kit.order(&[kit.object(thing, 100)?], LONG)
}

async fn one(kit: &Kit, check: Check, impostor: &Signer, stranger: &Signer) -> anyhow::Result<Wrong> {
    let order = fresh_order(kit, 0)?;
    kit.remember(&order, Mood::Plain, true);
    let (plan, signer): (&Plan, &Signer) = (&kit.plan, &kit.signer);
    let (url, body, nonce) = (plan.messages(), serde_json::to_vec(&order)?, clock::token()?);
    let right = signer.right(&url, &body, &nonce);
    let other_body = serde_json::to_vec(&fresh_order(kit, 0)?)?;
    let elsewhere = format!("{}/other", plan.messages());
    let now = right.created;
    let headers = match check {
        Check::RefuseUnsigned => kit.unsigned(&body)?,
        Check::RefuseWrongKey => impostor.right(&url, &body, &nonce).headers()?,
        Check::RefuseUnknownKey => stranger.right(&url, &body, &nonce).headers()?,
        // The signature and the digest are of another body.
        Check::RefuseBodyChanged => {
            Draft { signed_body: &other_body, sent_digest_of: &other_body, ..right }.headers()?
        }
        Check::RefuseDigestChanged => Draft { signed_body: &other_body, ..right }.headers()?,
        Check::RefuseNotCovered => {
            Draft { covered: &["@method", "@target-uri", "content-type"], ..right }.headers()?
        }
        Check::RefuseExpired => Draft { created: now - 700, expires: now - 460, ..right }.headers()?,
        Check::RefuseFuture => Draft { created: now + 600, expires: now + 840, ..right }.headers()?,
        Check::RefuseTooLong => Draft { expires: now + 3_600, ..right }.headers()?,
        Check::RefuseNoNonce => Draft { nonce: None, ..right }.headers()?,
        Check::RefuseNonceTwice => {
            // Used up just before by a right message, one that has been taken already and changes nothing.
            let used = serde_json::to_vec(&taken_before(kit))?;
            let _taken = kit.post(signer.right(&url, &used, &nonce).headers()?, used.clone()).await;
            right.headers()?
        }
        Check::RefuseWrongTag => Draft { tag: "other-v1", ..right }.headers()?,
        Check::RefuseOtherTarget => Draft { target: &elsewhere, ..right }.headers()?,
        _ => Draft { method: "PUT", ..right }.headers()?,
    };
    verdict(kit, check, kit.post(headers, body).await);
    Ok(Wrong { check, order: text(&order, "order_id").to_owned() })
}

/// The same bytes once more.
async fn replay(kit: &Kit) -> anyhow::Result<()> {
    let message = serde_json::to_vec(&taken_before(kit))?;
    let headers = kit.signed(&message)?;
    let first = kit.post(headers.clone(), message.clone()).await;
    if !first.is_ok_and(|reply| reply.taken()) {
        kit.leave(Check::RefuseReplay, "a message that came before is refused under a new signature, too");
        return Ok(());
    }
    verdict(kit, Check::RefuseReplay, kit.post(headers, message).await);
    Ok(())
}

fn verdict(kit: &Kit, check: Check, reply: Result<Reply, String>) {
    match reply {
        Ok(reply) if reply.refused() => kit.pass(check),
        Ok(reply) => kit.fail(check, "4xx", &came(&reply)),
        Err(error) => kit.fail(check, "4xx", &error),
    }
}
