//! What runs by itself: messages go out, at least once and by partner, so that a dead partner holds up
//! nobody else; clocks tick.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::App;
use audit::Act;
use kernel::{Actor, Timestamp};
use serde_json::json;

use partner::Protocol;

use crate::gateway::{Outgoing, Post, PostError};
use crate::message::Message;
use crate::model::OrderId;
use crate::rules;
use crate::store::delivery::{self, Channel, Delivery};
use crate::{OrderError, iso, outgoing, service, store};

/// The pull inbox: messages get their numbers after commit, so that no cursor loses one.
pub const INBOX: &db::feed::Feed = &DELIVERY_FEED;
pub(crate) const DELIVERY_FEED: db::feed::Feed = db::feed!("delivery");

/// Messages in flight to one partner at the same time.
const PER_PARTNER: i64 = 4;
/// How long a claimed message is nobody else's.
const LEASE_SECS: i64 = 30;

/// Per partner: failures in a row, and when it may be tried again. In memory: each process learns for itself.
#[derive(Debug, Clone)]
pub struct Breakers {
    /// Failures in a row after which a partner is only probed.
    break_after: u32,
    /// How often a silent partner is probed.
    probe_secs: i64,
    all: Arc<Mutex<HashMap<String, Breaker>>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Breaker {
    failures: u32,
    probe_at: Timestamp,
    in_flight: i64,
}

impl Breakers {
    /// With the profile's bounds, every partner as good as new.
    #[must_use]
    pub fn new(bounds: profile::Breaker) -> Self {
        Self {
            break_after: u32::from(bounds.failures.max(1)),
            probe_secs: i64::from(bounds.probe_seconds),
            all: Arc::default(),
        }
    }
    fn of<T>(&self, partner: &str, work: impl FnOnce(&mut Breaker) -> T) -> T {
        work(self.all.lock().unwrap_or_else(PoisonError::into_inner).entry(partner.to_owned()).or_default())
    }
    /// How many messages may go to `partner` now.
    fn room(&self, partner: &str, now: Timestamp) -> Room {
        self.of(partner, |b| {
            if b.failures < self.break_after {
                Room::For((PER_PARTNER - b.in_flight).max(0))
            } else if b.in_flight == 0 && now >= b.probe_at {
                Room::Probe
            } else {
                Room::For(0)
            }
        })
    }
    /// Silent partners whose probe is due.
    fn to_probe(&self, now: Timestamp) -> Vec<String> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let due = |b: &Breaker| b.failures >= self.break_after && b.in_flight == 0 && now >= b.probe_at;
        all.iter().filter(|(_, b)| due(b)).map(|(code, _)| code.clone()).collect()
    }
    /// Takes a place among the partner's messages in flight; dropping it gives the place back, whatever
    /// became of the message.
    fn begin(&self, partner: &str) -> Flight {
        self.of(partner, |b| b.in_flight += 1);
        Flight { breakers: self.clone(), partner: partner.to_owned() }
    }
    /// Notes what became of a try. `true` if the partner has just come back.
    fn end(&self, partner: &str, reached: bool, now: Timestamp) -> bool {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let b = all.entry(partner.to_owned()).or_default();
        let was_open = b.failures >= self.break_after;
        if reached {
            b.failures = 0;
        } else {
            b.failures = b.failures.saturating_add(1);
            b.probe_at = now.plus_secs(self.probe_secs);
        }
        reached && was_open
    }
    /// Partners that do not answer at present.
    #[must_use]
    pub fn silent(&self) -> Vec<String> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let mut codes: Vec<String> = all
            .iter()
            .filter(|(_, b)| b.failures >= self.break_after)
            .map(|(code, _)| code.clone())
            .collect();
        codes.sort();
        codes
    }
}

/// What may go to a partner now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// So many messages that are due.
    For(i64),
    /// One message, due or not, to see whether it is back.
    Probe,
}

/// A message in flight.
#[derive(Debug)]
struct Flight {
    breakers: Breakers,
    partner: String,
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.breakers.of(&self.partner, |b| b.in_flight = (b.in_flight - 1).max(0));
    }
}

/// Sends whatever is due now, each in a task of its own, and returns at once with how many were begun.
///
/// # Errors
/// The database's.
pub async fn deliver_due(app: &App, post: &Arc<dyn Post>, breakers: &Breakers) -> Result<usize, OrderError> {
    let wall = app.wall.now();
    let waiting = app.db.read(move |tx| Ok::<_, OrderError>(delivery::waiting(tx, wall)?)).await?;
    let partners: BTreeSet<String> =
        waiting.into_iter().map(|(partner, _)| partner).chain(breakers.to_probe(wall)).collect();
    let mut begun = 0;
    for partner in partners {
        let room = breakers.room(&partner, wall);
        if room == Room::For(0) {
            continue;
        }
        for message in claim(app, &partner, wall, room).await? {
            let flight = breakers.begin(&partner);
            begun += 1;
            let (app, post, breakers) = (app.clone(), Arc::clone(post), breakers.clone());
            tokio::spawn(async move {
                let _flight = flight;
                if let Err(error) = deliver(&app, post.as_ref(), &breakers, &message).await {
                    tracing::error!(%error, message = %message.id, "a message could not be sent");
                    // Where this fails too, its lease ends and it is taken up again.
                    again(&app, &message, &format!("fault: {}", kernel::Coded::code(&error))).await.ok();
                }
            });
        }
    }
    Ok(begun)
}

async fn claim(app: &App, partner: &str, wall: Timestamp, room: Room) -> Result<Vec<Delivery>, OrderError> {
    let partner = partner.to_owned();
    app.db
        .write(move |tx| {
            let mut mine = Vec::new();
            let found = match room {
                Room::For(most) => delivery::due(tx, &partner, wall, most)?,
                Room::Probe => delivery::probe(tx, &partner, wall)?.into_iter().collect(),
            };
            for message in found {
                if delivery::claim(tx, message.id, wall, wall.plus_secs(LEASE_SECS))? {
                    mine.push(message);
                }
            }
            Ok(mine)
        })
        .await
}

/// What is to be done about a message.
enum Built {
    /// It goes out, to this gateway in this protocol.
    Message(Box<Message>, (String, Protocol)),
    /// Another channel carries it.
    Elsewhere,
    /// Nothing is left to say.
    Nothing,
}

/// Sends one message and keeps what came of it. Public for simulations, which step by themselves.
///
/// # Errors
/// The database's.
pub async fn deliver(
    app: &App,
    post: &dyn Post,
    breakers: &Breakers,
    message: &Delivery,
) -> Result<(), OrderError> {
    let (me, m) = (app.clone(), message.clone());
    let built = app
        .db
        .write(move |tx| {
            // Agreed on since the message was put on its way: from now on a file, mail or paper carries it.
            let channel = match store::find(tx, m.order)? {
                _ if m.kind == "clearance" => match service::clearances::channel(tx, &m.partner)? {
                    None => return Ok(Built::Nothing),
                    channel => channel,
                },
                order => order.map(|order| service::posting::channel(tx, &order)).transpose()?,
            };
            if let Some(channel) = channel.filter(|c| *c != Channel::PartnerApi) {
                delivery::reroute(tx, m.id, channel)?;
                return Ok(Built::Elsewhere);
            }
            let built = outgoing::build(tx, &me, &m)?;
            let to = partner::store::by_code(tx, &m.partner)?;
            let gateway = to.map(|p| (p.gateway_url, p.protocol)).unwrap_or_default();
            // The first opening of the account for this message is a record; repetitions of it are not.
            if built.is_some() && m.kind == "order" && m.tries == 0 {
                let facts = json!({"message": m.id, "partner": m.partner, "try": m.tries + 1});
                let act = Act {
                    purpose: Some(kernel::Purpose::ExecuteOrder),
                    facts,
                    ..Act::about("order.delivery_tried", "order", m.order.uuid())
                };
                me.record(tx, &Actor::system("delivery"), &act)?;
            }
            Ok::<_, OrderError>(built.map_or(Built::Nothing, |b| Built::Message(Box::new(b), gateway)))
        })
        .await?;
    let (body, (gateway, protocol)) = match built {
        Built::Message(body, gateway) => (body, gateway),
        Built::Elsewhere => {
            breakers.end(&message.partner, true, app.wall.now());
            return Ok(());
        }
        Built::Nothing => {
            breakers.end(&message.partner, true, app.wall.now());
            return finish(app, message).await;
        }
    };
    // A partner without a gateway pulls; the message lies in its inbox and is kept here until confirmed.
    let outcome = if gateway.is_empty() {
        Err(PostError("pull only".into()))
    } else {
        send(app, post, (&gateway, protocol), &body).await
    };
    let reached = outcome.as_ref().is_ok_and(|i| i.status < 500) || gateway.is_empty();
    let now = app.wall.now();
    if breakers.end(&message.partner, reached, now) {
        let partner = message.partner.clone();
        app.db.write(move |tx| Ok::<_, OrderError>(delivery::flush(tx, &partner, now).map(drop)?)).await?;
    }
    conclude(app, message, outcome).await
}

async fn send(
    app: &App,
    post: &dyn Post,
    (gateway, protocol): (&str, Protocol),
    body: &Message,
) -> Result<crate::gateway::Incoming, PostError> {
    let gateway = gateway.trim_end_matches('/');
    let (url, content_type, body) = match written(app, protocol, body) {
        Some(xml) => (format!("{gateway}/iso20022"), iso::CONTENT_TYPE, xml.into_bytes()),
        None => {
            let json = serde_json::to_vec(body).map_err(|e| PostError(e.to_string()))?;
            (format!("{gateway}/messages"), "application/json", json)
        }
    };
    let headers =
        partner::service::sign_request_of(app, "POST", &url, content_type, &body).map_err(PostError)?;
    post.post(Outgoing { url, headers, body }).await
}

/// The message as ISO 20022, if the institution wants that and the standard has it. What cannot be written there goes as
/// the partner API has it: a reference of a strange form must keep no order back.
fn written(app: &App, protocol: Protocol, body: &Message) -> Option<String> {
    let Message::Order(order) = body else { return None };
    if protocol != Protocol::Iso20022 {
        return None;
    }
    let from = iso::Sender {
        name: app.node.name.clone(),
        code: app.node.code.clone(),
        now: app.office.now().rfc3339(),
    };
    match iso::write(order, &from)? {
        Ok(xml) => Some(xml),
        Err(fault) => {
            tracing::warn!(%fault, order = %order.order_id, "an order cannot be written as ISO 20022");
            None
        }
    }
}

/// What came back counts only if it is signed. HTTP 200 alone says that bytes arrived: an order is
/// repeated until its receipt is confirmed, other messages until they were taken.
async fn conclude(
    app: &App,
    message: &Delivery,
    outcome: Result<crate::gateway::Incoming, PostError>,
) -> Result<(), OrderError> {
    let error = match &outcome {
        // Whoever refuses it does not know of such messages: it lies in the inbox, and in the list of what was cleared.
        Ok(i) if message.kind == "clearance" && (i.status < 300 || understood(i.status)) => {
            return finish(app, message).await;
        }
        Ok(i) if i.status < 300 => {
            let answered = signed_answer(app, message.order, i).await;
            // A reminder asks for nothing of its own. Orders and releases are done when the answer that was
            // taken says so (`service::answer`), and else repeated: a receipt is not the end of a hold, and a
            // release that only seemed to arrive would leave an innocent held.
            if message.kind == "reminder" {
                return finish(app, message).await;
            }
            let word = if answered { "signed answer that does not end it" } else { "no signed answer" };
            format!("status {}, {word}", i.status)
        }
        Ok(i) => format!("status {}", i.status),
        Err(e) => e.to_string(),
    };
    again(app, message, &error).await
}

/// Whether a refusal is about the message itself, and not about the moment, the way to it or the signature.
const fn understood(status: u16) -> bool {
    matches!(status, 400 | 406 | 413 | 415 | 422 | 501)
}

/// Sets the next try by the profile's table; gives up where the table ends.
async fn again(app: &App, message: &Delivery, error: &str) -> Result<(), OrderError> {
    let draw = u64::from_le_bytes(app.entropy.bytes());
    let (me, m, error, now) = (app.clone(), message.clone(), error.to_owned(), app.wall.now());
    app.db
        .write(move |tx| {
            let measure = store::find(tx, m.order)?.map_or(profile::Measure::Hold, |o| o.measure);
            let table = rules::retry_table(&me.profile, &m, measure, me.office.now());
            match table.and_then(|t| rules::wait_secs(t, m.tries + 1, draw)) {
                Some(wait) => delivery::again(tx, m.id, now.plus_secs(wait), &error)?,
                None => delivery::give_up(tx, m.id)?,
            }
            Ok::<_, OrderError>(())
        })
        .await
}

async fn finish(app: &App, message: &Delivery) -> Result<(), OrderError> {
    let id = message.id;
    app.db.write(move |tx| Ok::<_, OrderError>(delivery::done(tx, id)?)).await
}

/// Takes the signed answer in a response's body, if there is one.
pub(crate) async fn signed_answer(app: &App, order: OrderId, incoming: &crate::gateway::Incoming) -> bool {
    if incoming.body.is_empty() {
        return false;
    }
    let Ok(actor) =
        partner::service::verify_response(app, incoming.status, &incoming.headers, &incoming.body).await
    else {
        return false;
    };
    let xml = incoming.headers.iter().any(|(n, v)| n == "content-type" && v.starts_with(iso::CONTENT_TYPE));
    if xml {
        return service::answer_iso(app, &actor, &incoming.body).await.is_ok();
    }
    let Ok(answer) = partner::strict::from_slice(&incoming.body) else { return false };
    service::answer(app, &actor, order, answer, &incoming.body).await.is_ok()
}

/// The server's loop: messages out as they fall due, clocks once a second.
pub async fn run(app: App, post: Arc<dyn Post>, breakers: Breakers) {
    let clocks = app.clone();
    tokio::spawn(async move {
        loop {
            if let Err(error) = service::tick(&clocks).await {
                tracing::error!(%error, "clock tick failed");
            }
            clocks.timer.sleep(Duration::from_millis(500)).await;
        }
    });
    let mut seen = 0;
    loop {
        match deliver_due(&app, &post, &breakers).await {
            Ok(0) => {
                // Woken by the next commit of this process, or by the clock of the retry table.
                let woken = app.timer.limit(Duration::from_millis(500), app.db.wait_commit(seen)).await;
                seen = woken.unwrap_or(seen);
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "deliveries could not be read");
                app.timer.sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_partner_is_probed_and_comes_back() {
        let bounds = profile::Breaker { failures: 5, probe_seconds: 15 };
        let (breakers, t) = (Breakers::new(bounds), Timestamp::from_secs(1_000));
        let all = Room::For(PER_PARTNER);
        assert_eq!(breakers.room("ZALT", t), all);
        for _ in 0..5 {
            let _flight = breakers.begin("ZALT");
            assert!(!breakers.end("ZALT", false, t));
        }
        assert_eq!(breakers.silent(), ["ZALT"]);
        assert_eq!(breakers.room("ZALT", t.plus_secs(15 - 1)), Room::For(0));
        assert!(breakers.to_probe(t.plus_secs(15 - 1)).is_empty());
        assert_eq!(breakers.room("ZALT", t.plus_secs(15)), Room::Probe);
        assert_eq!(breakers.to_probe(t.plus_secs(15)), ["ZALT"]);
        assert_eq!(breakers.room("ZBEK", t), all, "a dead partner holds up nobody else");
        let probe = breakers.begin("ZALT");
        assert_eq!(breakers.room("ZALT", t.plus_secs(15)), Room::For(0), "one probe at a time");
        assert!(breakers.end("ZALT", true, t.plus_secs(15)), "it has just come back");
        drop(probe);
        assert_eq!(breakers.room("ZALT", t.plus_secs(15)), all);
    }

    #[test]
    fn a_place_comes_back_whatever_became_of_the_message() {
        let breakers = Breakers::new(profile::Breaker { failures: 5, probe_seconds: 15 });
        let t = Timestamp::from_secs(1_000);
        let flights: Vec<Flight> = (0..PER_PARTNER).map(|_| breakers.begin("ZALT")).collect();
        assert_eq!(breakers.room("ZALT", t), Room::For(0));
        // A fault on our side: no outcome is ever noted.
        drop(flights);
        assert_eq!(breakers.room("ZALT", t), Room::For(PER_PARTNER));
    }
}
