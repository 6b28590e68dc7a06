//! The prosecutor's part: an order whose basis wants a sanction is put before that office once those who answer
//! for it have signed, and leaves only with a decision about exactly what leaves.

use access::{AccessError, Action, Resource, Stage};
use app::App;
use audit::Act;
use db::Tx;
use ed25519_dalek::Signer as _;
use httpsig::SigningKey;
use kernel::{Actor, Role, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::sending::send_if_backed;
use super::views::{OrderView, view};
use crate::OrderError;
use crate::approval::Sanctioned;
use crate::model::{Order, OrderId, Sanction, Status};
use crate::rules::LifeError;
use crate::store::{self, objects, sanction};

/// Most rows of a list.
const LIMIT: i64 = 500;

/// A hash of everything that a sanction covers. The times of an order are not in it: they begin to run when it
/// leaves, which is after the decision.
pub(crate) fn content(tx: &mut Tx<'_>, order: &Order) -> Result<[u8; 32], OrderError> {
    let mut hash = Sha256::new();
    let mut put = |part: &[u8]| {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    };
    let (basis, version) = order.header.basis.ok_or(OrderError::NoBasis)?;
    put(order.id.uuid().as_bytes());
    put(order.measure.as_str().as_bytes());
    put(order.scope.as_str().as_bytes());
    put(order.executor.as_bytes());
    put(basis.as_bytes());
    put(&version.to_be_bytes());
    put(order.cap.asset().code().as_bytes());
    // Sealed words never change: their ciphertext stands for them, and opens to nobody without the report's key.
    put(&store::reason(tx, order.id)?.unwrap_or_default());
    for (id, blind, cap, details) in objects::blinds(tx, order.id)? {
        put(id.uuid().as_bytes());
        put(&blind);
        put(&cap.to_be_bytes());
        put(&details.unwrap_or_default());
    }
    Ok(hash.finalize().into())
}

/// How it stands with the prosecutor's part of a draft.
pub(crate) fn standing(tx: &mut Tx<'_>, order: &Order, wanted: bool) -> Result<Sanctioned, OrderError> {
    if !wanted {
        return Ok(Sanctioned::NotNeeded);
    }
    let Some(known) = sanction::find(tx, order.id)? else { return Ok(Sanctioned::Missing) };
    // A decision about something else is none about this.
    if known.content != content(tx, order)? {
        return Ok(Sanctioned::Missing);
    }
    Ok(match known.given {
        None => Sanctioned::Pending,
        Some(true) => Sanctioned::Given,
        Some(false) => Sanctioned::Refused,
    })
}

/// Puts a draft before the prosecutor.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    order: &Order,
    now: Timestamp,
) -> Result<(), OrderError> {
    let content = content(tx, order)?;
    let due = app.profile.sanction_due(now).unwrap_or(order.expires_at);
    // Held money can be given back only while it is held.
    let ends = super::returns::held_until(tx, order.id)?.unwrap_or(due);
    let due = due.min(ends);
    sanction::put(tx, order.id, &actor.label(), (now, due), content)?;
    let facts = json!({"due": due.rfc3339(), "content": hex::encode(content)});
    let act = Act {
        basis: order.header.basis,
        facts,
        ..Act::about("order.sanction_asked", "order", order.id.uuid())
    };
    app.record(tx, actor, &act)?;
    Ok(app.tell(tx, crate::SANCTION_ASKED, order.id.uuid(), json!({"report": order.report}))?)
}

/// What a decision came to.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The order.
    pub order: Order,
    /// Whether it has left.
    pub sent: bool,
}

/// The prosecutor sanctions an order or refuses to, for a reason. What was sanctioned leaves at once, if enough
/// of those who signed it still stand; what was refused is taken back.
///
/// # Errors
/// Hidden or forbidden; nothing is asked, or it was decided; what was asked has changed since.
pub async fn decide_sanction(
    app: &App,
    actor: &Actor,
    id: OrderId,
    give: bool,
    reason: &str,
) -> Result<Decided, OrderError> {
    let (me, actor, reason) = (app.clone(), actor.clone(), reason.to_owned());
    app.db
        .write(move |tx| {
            tx.lock_row("orders", id.uuid())?;
            let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            let known = sanction::find(tx, id)?;
            let resource = Resource::new("order", id.uuid(), &order.header)
                .at(Stage::Waiting)
                .put_to_prosecutor(known.is_some());
            access::require(&actor, Action::SanctionOrder, &resource)?;
            let now = me.office.now();
            let known = known.filter(|s| s.given.is_none()).ok_or(OrderError::NothingToSanction)?;
            if order.status != Status::Drafted {
                return Err(order.approve(&actor, 1).err().map_or(OrderError::NotFound, Into::into));
            }
            access::present(tx, &actor, now)??;
            if !access::still_stands(tx, &actor.label(), &[Role::Prosecutor])? {
                return Err(AccessError::Forbidden(Action::SanctionOrder).into());
            }
            // What was signed was signed for that term; nobody sends it after.
            if now >= order.expires_at {
                return Err(LifeError::Lapsed.into());
            }
            if known.content != content(tx, &order)? {
                return Err(OrderError::SanctionOutdated);
            }
            let decided = signed(&me, &order, &actor, (known, give), now);
            let words = me.seal_words(tx, order.report.uuid(), super::ending::REASON, &reason)?;
            let decided = Sanction { reason_sealed: Some(words.bytes().to_vec()), ..decided };
            sanction::decide(tx, id, &decided)?;
            let facts = json!({
                "given": give, "content": hex::encode(decided.content),
                "signature": decided.signature.as_deref().map(hex::encode), "reason_sealed": words.fact(),
            });
            let act = Act {
                basis: order.header.basis,
                facts,
                ..Act::about("order.sanction_decided", "order", id.uuid())
            };
            me.record(tx, &actor, &act)?;
            if give {
                let (order, sent) = send_if_backed(tx, &me, &actor, order, now)?;
                return Ok(Decided { order, sent });
            }
            let order = order.cancel(now)?;
            store::save(tx, &order, Status::Drafted)?;
            let facts = json!({"why": "sanction refused"});
            me.record(tx, &actor, &Act { facts, ..Act::about("order.cancelled", "order", id.uuid()) })?;
            me.tell(tx, crate::RELEASED, id.uuid(), json!({"report": order.report}))?;
            Ok(Decided { order, sent: false })
        })
        .await
}

/// The decision as a signed act. It names nobody but the prosecutor's account and holds no personal data: what it
/// covers is bound by the hash.
fn signed(
    app: &App,
    order: &Order,
    actor: &Actor,
    (known, give): (Sanction, bool),
    now: Timestamp,
) -> Sanction {
    let act = json!({
        "type": "sanction.v1",
        "order_id": order.id,
        "decision": if give { "given" } else { "refused" },
        "measure": order.measure,
        "executor": order.executor,
        "basis": order.header.basis.map(|(id, version)| format!("{id}@{version}")),
        "content": hex::encode(known.content),
        "by": actor.label(),
        "at": now.rfc3339(),
    });
    let bytes = act.to_string().into_bytes();
    let key = SigningKey::from_bytes(app.node.message_key.expose());
    let signature = key.sign(&bytes).to_bytes().to_vec();
    Sanction {
        given: Some(give),
        decided_at: Some(now),
        decided_by: Some(actor.label()),
        act: Some(bytes),
        signature: Some(signature),
        keyid: Some(app.node.keyid.clone()),
        ..known
    }
}

/// Whether a decision is signed as it stands by this node's key, and is about what it says it covers.
#[must_use]
pub fn is_signed(app: &App, sanction: &Sanction) -> bool {
    let (Some(act), Some(signature)) = (&sanction.act, &sanction.signature) else { return false };
    let key = SigningKey::from_bytes(app.node.message_key.expose()).verifying_key();
    let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
    let names = serde_json::from_slice::<serde_json::Value>(act)
        .is_ok_and(|act| act.get("content").is_some_and(|c| *c == hex::encode(sanction.content)));
    names && key.verify_strict(act, &signature).is_ok()
}

/// Orders that wait for the prosecutor, the longest waiting first.
///
/// # Errors
/// Forbidden.
pub async fn sanctions(app: &App, actor: &Actor) -> Result<Vec<OrderView>, OrderError> {
    access::require(actor, Action::SanctionOrder, &Resource::any("order"))?;
    let code = app.node.code.clone();
    app.db
        .read(move |tx| {
            let orders = sanction::open(tx, &code, LIMIT)?;
            orders.into_iter().map(|o| view(tx, o)).collect()
        })
        .await
}
