//! What no machine carries: letters and mail that an officer sends, and files in a folder that both sides reach.

use access::{Action, Resource, Stage};
use app::{App, SealedWords};
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use partner::notify::Topic;
use serde_json::json;
use uuid::Uuid;

use super::answering::{Outcome, answer};
use super::views::{OrderView, view};
use crate::OrderError;
use crate::message::{Answer, Message};
use crate::model::{Order, OrderId};
use crate::outgoing;
use crate::store;
use crate::store::delivery::{self, Carried, Channel, Delivery};

/// Most rows of the list.
const LIMIT: i64 = 500;
/// Longest words about how something was handed over, characters.
const MAX_HOW: usize = 200;
/// Field under which they are sealed.
const HOW: &str = "order.handed_how";

/// A message that waits to be carried.
#[derive(Debug, Clone)]
pub struct ToCarry {
    /// The message.
    pub message: Delivery,
    /// How it is carried.
    pub channel: Channel,
    /// The order that it is about.
    pub view: OrderView,
}

/// A message as it is put on paper, into a mail, or into a file.
#[derive(Debug, Clone)]
pub struct Paper {
    /// What it says.
    pub said: Message,
    /// The same under the node's signature: what a machine at the other end reads.
    pub envelope: String,
    /// The message.
    pub message: Delivery,
    /// How it stands with it.
    pub carried: Carried,
    /// How it was handed over, in the words of whoever did; `None` where it was not, or the report was erased.
    pub how: Option<String>,
    /// The order that it is about.
    pub view: OrderView,
    /// The institution that it is handed to.
    pub to: Option<partner::Partner>,
}

/// The order of a message, for whoever writes answers down: the same hands send its papers.
fn may_carry(tx: &mut Tx<'_>, actor: &Actor, order: OrderId) -> Result<Order, OrderError> {
    let order = store::find(tx, order)?.ok_or(OrderError::NotFound)?;
    let resource = Resource::new("order", order.id.uuid(), &order.header).at(Stage::Sent);
    access::require(actor, Action::RecordAnswer, &resource)?;
    Ok(order)
}

/// What waits to be carried by hand, the oldest first.
///
/// # Errors
/// Forbidden; the database's.
pub async fn to_carry(app: &App, actor: &Actor) -> Result<Vec<ToCarry>, OrderError> {
    access::require(actor, Action::DraftOrder, &Resource::any("order"))?;
    let organisation = app.node.code.clone();
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for (channel, message) in delivery::by_hand(tx, &organisation, LIMIT)? {
                let Some(order) = store::find(tx, message.order)? else { continue };
                all.push(ToCarry { message, channel, view: view(tx, order)? });
            }
            Ok(all)
        })
        .await
}

/// One message in full. That somebody reads it is a record: everything that the order names stands in it.
///
/// # Errors
/// Absent or forbidden; carried by the node itself; erased.
pub async fn paper(app: &App, actor: &Actor, id: Uuid) -> Result<Paper, OrderError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let carried = delivery::carried(tx, id)?.filter(|c| c.channel != Channel::PartnerApi);
            let (carried, message) = carried.zip(delivery::find(tx, id)?).ok_or(OrderError::NotFound)?;
            let order = may_carry(tx, &actor, message.order)?;
            let said = outgoing::build(tx, &me, &message)?.ok_or(OrderError::Erased)?;
            let act = Act::read("order.paper_read", "order", order.id.uuid(), Purpose::ExecuteOrder);
            me.record(tx, &actor, &act)?;
            let to = partner::store::by_code(tx, &message.partner)?;
            let body = serde_json::to_vec(&said).unwrap_or_default();
            let envelope = partner::envelope::seal(&me, &body);
            let sealed = carried.handed.as_ref().and_then(|(_, _, how)| SealedWords::from_fact(how));
            let how = match sealed {
                Some(sealed) => me.open_words(tx, order.report.uuid(), HOW, &sealed)?,
                None => None,
            };
            let how = how.map(|words| words.into_inner(Purpose::ExecuteOrder));
            Ok(Paper { said, envelope, message, carried, how, view: view(tx, order)?, to })
        })
        .await
}

/// An officer has handed a message over: by post, courier or mail, in `how` (number of the dispatch, who took it). What was
/// answered to it is written down or comes as a signed file.
///
/// # Errors
/// Absent or forbidden; nothing is said of how; handed over before.
pub async fn hand_over(app: &App, actor: &Actor, id: Uuid, how: &str) -> Result<(), OrderError> {
    let how: String = how.trim().chars().take(MAX_HOW).collect();
    if !app::says(&how) {
        return Err(OrderError::NotSaidHow);
    }
    carry(app, actor, id, how).await
}

async fn carry(app: &App, actor: &Actor, id: Uuid, how: String) -> Result<(), OrderError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let message = delivery::find(tx, id)?.ok_or(OrderError::NotFound)?;
            let carried = delivery::carried(tx, id)?.ok_or(OrderError::NotFound)?;
            let by_system = matches!(actor, Actor::System { .. });
            // Files are the folder's, papers and mail an officer's.
            if by_system != (carried.channel == Channel::FileDrop) || carried.channel == Channel::PartnerApi {
                return Err(OrderError::NotFound);
            }
            // Who took it is a person: the words go with the report.
            let how = if by_system {
                String::new()
            } else {
                let order = may_carry(tx, &actor, message.order)?;
                me.seal_words(tx, order.report.uuid(), HOW, &how)?.fact()
            };
            if !delivery::handed(tx, id, me.office.now(), &actor.label(), &how)? {
                let before = carried.handed.is_some();
                return Err(if before { OrderError::HandedOver } else { OrderError::NothingToCarry });
            }
            let facts =
                json!({"message": id, "kind": message.kind, "how_sealed": how, "to": message.partner});
            let of_order = Act::about("order.handed_over", "order", message.order.uuid());
            let about = if message.kind == Topic::Clearance.as_str() {
                // It is to be heard, not answered.
                delivery::done(tx, id)?;
                Act { subject_kind: "identifier", ..of_order }
            } else {
                of_order
            };
            me.record(tx, &actor, &Act { facts, ..about })?;
            Ok(())
        })
        .await
}

/// Messages for the folder of files, as id, name of the institution, and content. What cannot be built is left where it is
/// and holds up nothing else.
///
/// # Errors
/// The database's.
pub async fn files_to_drop(app: &App) -> Result<Vec<(Uuid, String, String)>, OrderError> {
    let me = app.clone();
    let (all, empty) = app
        .db
        .read(move |tx| {
            let (mut all, mut empty) = (Vec::new(), Vec::new());
            for message in delivery::to_drop(tx, LIMIT)? {
                let said = match outgoing::build(tx, &me, &message) {
                    Ok(Some(said)) => said,
                    // Nothing is left to say where the report was erased, or people have decided anew.
                    Ok(None) => {
                        empty.push(message.id);
                        continue;
                    }
                    Err(OrderError::Db(e)) => return Err(e.into()),
                    Err(error) => {
                        tracing::error!(%error, message = %message.id, "a message for the folder cannot be built");
                        continue;
                    }
                };
                let body = serde_json::to_vec(&said).unwrap_or_default();
                all.push((message.id, message.partner, partner::envelope::seal(&me, &body)));
            }
            Ok::<_, OrderError>((all, empty))
        })
        .await?;
    if !empty.is_empty() {
        // Or they would stand before those of others for ever.
        app.db.write(move |tx| empty.iter().try_for_each(|id| delivery::done(tx, *id))).await?;
    }
    Ok(all)
}

/// A file lies in the folder.
///
/// # Errors
/// The database's.
pub async fn dropped(app: &App, id: Uuid) -> Result<(), OrderError> {
    carry(app, &Actor::system("file_drop"), id, String::new()).await
}

/// Takes an answer that an institution has signed in a file: by the same rules as if it had come over the API.
///
/// # Errors
/// No envelope of this institution; no answer; whatever is wrong with the answer.
pub async fn answer_in_file(app: &App, code: &str, file: &[u8]) -> Result<Outcome, OrderError> {
    let (actor, body) = partner::envelope::open(app, code, file).await?;
    let said: Answer = partner::strict::from_slice(&body).map_err(|_| OrderError::NoAnswer)?;
    let order = said.order_id.parse().map_err(|_| OrderError::NotFound)?;
    answer(app, &actor, order, said, &body).await
}

/// The message by which an order was or is to be handed over, and how it stands with it; `None` where the node carries it.
///
/// # Errors
/// The database's.
pub fn carried(tx: &mut db::Tx<'_>, order: crate::OrderId) -> Result<Option<(Uuid, Carried)>, OrderError> {
    let first = delivery::first_of(tx, order)?;
    let Some(id) = first else { return Ok(None) };
    let carried = delivery::carried(tx, id)?.filter(|c| c.channel != Channel::PartnerApi);
    Ok(carried.map(|c| (id, c)))
}
