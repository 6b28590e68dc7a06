//! An institution answers in ISO 20022: the same answers, by the same rules, all of one message or none.

use app::App;
use db::Tx;
use kernel::{Actor, Timestamp};
use sha2::{Digest as _, Sha256};

use super::answering::answer_in;
use crate::OrderError;
use crate::iso::{self, Said};
use crate::message::{Answer, Line};
use crate::model::{ObjectId, Order, OrderId, Step};
use crate::store::{self, objects};

/// Takes what an institution says in one message of ISO 20022, signed as any other. Gives the orders that it was about.
///
/// # Errors
/// It cannot be read, or answers no order; as [`super::answer`].
pub async fn answer_iso(app: &App, actor: &Actor, body: &[u8]) -> Result<Vec<OrderId>, OrderError> {
    let Actor::Partner { code, .. } = actor else { return Err(OrderError::NotFound) };
    let (all, code) = (iso::read(body)?, code.clone());
    let hash = app.vault.blind("answer", &String::from_utf8_lossy(body));
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut orders = Vec::new();
            for (no, said) in all.iter().enumerate() {
                let id = OrderId::from_uuid(said.order);
                let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
                // Before anything is looked at: to whoever is not on its route the order does not exist.
                let mine = |s: &Step| s.no > 0 && s.institution == code;
                if !store::steps(tx, id)?.iter().any(mine) {
                    return Err(OrderError::NotFound);
                }
                let said = answer(tx, &me, (&order, &code), said, no)?;
                answer_in(tx, &me, &actor, id, &said, hash)?;
                orders.push(id);
            }
            Ok(orders)
        })
        .await
}

/// What is said about one thing, as the partner API has it.
fn answer(
    tx: &mut Tx<'_>,
    app: &App,
    (order, signer): (&Order, &str),
    said: &Said,
    no: usize,
) -> Result<Answer, OrderError> {
    // A body on the way passes on what the executor said, and says so; its own word is no more than that it has come.
    let executor = said.who.clone().unwrap_or_else(|| signer.to_owned());
    let at = moment(app, &said.at).unwrap_or_else(|| app.office.now());
    let receipt = said.lines.iter().all(|l| l.code == "A00");
    let object = match (said.object, receipt) {
        (Some(object), _) => Some(ObjectId::from_uuid(object)),
        (None, true) => None,
        // The standard names a payment, not our object: where there is but one, it is meant.
        (None, false) => match objects::of_order(tx, order.id)?.as_slice() {
            [one] => Some(one.id),
            _ => return Err(OrderError::NoObject),
        },
    };
    let id = Sha256::digest(said.message.as_bytes());
    let id = hex::encode(id.get(..16).unwrap_or_default());
    Ok(Answer {
        kind: "answer.v1".to_owned(),
        answer_id: format!("iso-{id}-{no}"),
        order_id: order.id.to_string(),
        executor,
        object_id: object.map(|o| o.to_string()),
        at: at.rfc3339(),
        lines: said.lines.iter().map(|l| timed(app, l)).collect(),
        text: None,
    })
}

/// Times of the standard may have no offset: they are the country's. What is no time stays, and is refused as such.
fn timed(app: &App, line: &Line) -> Line {
    let read = |text: &Option<String>| {
        text.as_ref().map(|t| moment(app, t).map_or_else(|| t.clone(), Timestamp::rfc3339))
    };
    Line { at: read(&line.at), until: read(&line.until), ..line.clone() }
}

fn moment(app: &App, text: &str) -> Option<Timestamp> {
    if let Some(at) = Timestamp::parse_rfc3339(text) {
        return Some(at);
    }
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    ::web::day::read_moment(whole, app.profile.calendar().zone())
}
