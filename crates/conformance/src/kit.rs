//! What the parts of a run share: the orders that were sent, the answers that were heard, the findings.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore};

use crate::check::Check;
use crate::client::{Client, Reply};
use crate::clock;
use crate::plan::Plan;
use crate::report::{Board, Verdict};
use crate::rules::{Asked, Standing, standing};
use crate::sign::{Signer, unsigned};
use crate::wire::Answer;

/// Messages in flight to the endpoint at the same time, as many as the live node sends.
const IN_FLIGHT: usize = 4;
/// Most answers that are kept: a partner that sends without end must not fill the machine.
pub const MAX_HEARD: usize = 20_000;

/// How the kit takes the answers to one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As the live node.
    Plain,
    /// Each answer meets 500 when it comes first.
    Fault,
    /// Each answer meets silence when it comes first.
    Silence,
}

/// An order of this run.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What its answers are held against.
    pub asked: Asked,
    /// How its answers are taken.
    pub mood: Mood,
    /// Nobody may answer it: its message was wrongly signed.
    pub forged: bool,
    /// `ack_due`, `action_due` and `expires_at` as sent.
    pub due: [String; 3],
}

/// How an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By a request of its own.
    Post,
    /// As the body of the response to a message.
    Response,
}

/// An answer, once for each `answer_id`.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The order in whose name it came.
    pub order_id: String,
    /// What was said.
    pub answer: Answer,
    /// Byte for byte.
    pub body: Vec<u8>,
    /// How it came first.
    pub way: Way,
    /// How often.
    pub times: u32,
    /// How often after it was taken.
    pub after: u32,
    /// Whether the kit has said that it is taken.
    pub taken: bool,
    /// Whether it is against the rules.
    pub refused: bool,
    /// Whether it has come under a signature that holds.
    pub signed: bool,
}

/// All that changes during a run.
#[derive(Debug, Default)]
pub struct State {
    /// Orders by id.
    pub orders: HashMap<String, Sent>,
    /// Answers in the order in which they came first.
    pub heard: Vec<Heard>,
    /// Where an answer of this id stands among them.
    pub by_id: HashMap<String, usize>,
    /// Orders to which one `answer_id` came with two bodies.
    pub conflicts: HashSet<String>,
    /// The order whose message came more than once, and its object.
    pub doubled: Option<(String, String)>,
    /// Nonces of the partner.
    pub nonces: HashSet<(String, String)>,
    /// Messages that were rightly sent.
    pub inbox: Vec<Value>,
    /// Messages that were posted.
    pub posted: usize,
    /// Bodies that came about orders of this run, readable or not.
    pub came: usize,
    /// What was found.
    pub board: Board,
}

impl State {
    /// Answers to an order, once each.
    pub fn answers<'a>(&'a self, order: &'a str) -> impl Iterator<Item = &'a Answer> {
        self.heard_of(order).map(|h| &h.answer)
    }

    /// The same with how they came.
    pub fn heard_of<'a>(&'a self, order: &'a str) -> impl Iterator<Item = &'a Heard> {
        self.heard.iter().filter(move |h| h.order_id == order)
    }

    /// What the answers to an order come to.
    #[must_use]
    pub fn standing(&self, order: &str, object: &str) -> Standing {
        let currency = self.orders.get(order).map_or("", |o| o.asked.currency.as_str());
        standing(self.answers(order), object, currency)
    }
}

/// A run.
#[derive(Debug)]
pub struct Kit {
    /// What it is made from.
    pub plan: Plan,
    /// Whose signatures its messages carry.
    pub signer: Signer,
    /// `TEST-…`, the report number in all its orders.
    pub run: String,
    /// The network.
    pub client: Client,
    room: Semaphore,
    state: Mutex<State>,
    turn: Mutex<()>,
    news: Notify,
    lanes: Vec<tokio::sync::Mutex<()>>,
}

impl Kit {
    /// Sets a run up.
    ///
    /// # Errors
    /// If the network cannot be set up.
    pub fn new(plan: Plan, signer: Signer) -> anyhow::Result<Self> {
        let token: String = clock::token()?.chars().take(10).collect();
        let lanes = plan.known.iter().map(|_| tokio::sync::Mutex::default()).collect();
        Ok(Self {
            run: format!("TEST-{}", token.to_uppercase()),
            client: Client::new()?,
            room: Semaphore::new(IN_FLIGHT),
            state: Mutex::default(),
            turn: Mutex::default(),
            news: Notify::new(),
            plan,
            signer,
            lanes,
        })
    }

    /// The state. Held for short computations only, never over an await.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn to take an answer: the same answer twice at once is the same answer twice. Never held over an await.
    pub fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that the state has changed.
    pub fn tell(&self) {
        self.news.notify_waiters();
    }

    /// The place of the known thing `no`: one restriction at a time, where a second would only be told `B12`. Money
    /// is shared out by caps, so nobody waits.
    pub async fn lane(&self, no: usize) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        if self.plan.measure == "hold" && !self.plan.one_by_one {
            return None;
        }
        let lane = self.lanes.get(no % self.lanes.len().max(1))?;
        Some(lane.lock().await)
    }

    /// Adds a finding.
    pub fn note(&self, check: Check, verdict: Verdict, expected: &str, came: &str) {
        self.state().board.note(check, verdict, expected, came);
    }
    /// It is as the page says.
    pub fn pass(&self, check: Check) {
        self.note(check, Verdict::Passed, "", "");
    }
    /// It is against the page.
    pub fn fail(&self, check: Check, expected: &str, came: &str) {
        self.note(check, Verdict::Failed, expected, came);
    }
    /// Somebody should look.
    pub fn warn(&self, check: Check, expected: &str, came: &str) {
        self.note(check, Verdict::Warned, expected, came);
    }
    /// There was nothing to judge by.
    pub fn leave(&self, check: Check, why: &str) {
        self.note(check, Verdict::NotApplicable, "", why);
    }

    /// Whether a check has failed already.
    pub fn failed(&self, check: Check) -> bool {
        self.state().board.of(check).is_some_and(|f| f.verdict == Verdict::Failed)
    }

    /// Waits until `look` finds something, at most `patience`.
    pub async fn until<T>(&self, patience: Duration, look: impl Fn(&State) -> Option<T>) -> Option<T> {
        let end = clock::now().saturating_add(clock::micros(patience));
        loop {
            let news = self.news.notified();
            tokio::pin!(news);
            // Heard from here on, so that nothing falls between the look and the wait.
            news.as_mut().enable();
            if let Some(found) = look(&self.state()) {
                return Some(found);
            }
            let left = u64::try_from(end.saturating_sub(clock::now())).unwrap_or(0);
            if left == 0 {
                return None;
            }
            // A run over is a look more, not an answer less.
            let _timed = tokio::time::timeout(Duration::from_micros(left), news).await;
        }
    }

    /// Remembers an order before it goes out.
    pub fn remember(&self, message: &Value, mood: Mood, forged: bool) {
        let text = |field: &str| message.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut objects = BTreeMap::new();
        for object in message.get("objects").and_then(Value::as_array).into_iter().flatten() {
            let id = object.get("object_id").and_then(Value::as_str).unwrap_or_default();
            let cap = object.pointer("/cap/amount").and_then(Value::as_str).and_then(crate::wire::minor);
            objects.insert(id.to_owned(), cap);
        }
        let asked = Asked {
            order_id: text("order_id"),
            executor: self.plan.code.clone(),
            measure: text("measure"),
            currency: self.plan.currency.clone(),
            objects,
            trigger_at: Some(self.plan.payment.at),
            trigger_amount: Some(self.plan.payment.amount),
        };
        let due = [text("ack_due"), text("action_due"), text("expires_at")];
        self.state().orders.insert(asked.order_id.clone(), Sent { asked, mood, forged, due });
    }

    /// Posts a rightly signed message, lays it into the inbox, and takes the answer in the response's body, if any.
    ///
    /// # Errors
    /// A sentence, if nothing came back.
    pub async fn send(&self, message: &Value) -> Result<Reply, String> {
        let body = serde_json::to_vec(message).map_err(|e| e.to_string())?;
        let headers = self.signed(&body).map_err(|e| e.to_string())?;
        self.lay(message);
        let reply = self.post(headers, body).await?;
        let order = message.get("order_id").and_then(Value::as_str).unwrap_or_default();
        self.hear_response(order, &reply);
        Ok(reply)
    }

    /// Lays a message into the inbox, where it lies once however often it is sent.
    pub fn lay(&self, message: &Value) {
        let mut state = self.state();
        if !state.inbox.iter().any(|m| m.get("message_id") == message.get("message_id")) {
            state.inbox.push(message.clone());
        }
    }

    /// Headers of a rightly signed message.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn signed(&self, body: &[u8]) -> anyhow::Result<HeaderMap> {
        let nonce = clock::token()?;
        self.signer.right(&self.plan.messages(), body, &nonce).headers()
    }

    /// Headers of a message without signature.
    ///
    /// # Errors
    /// Never in practice.
    pub fn unsigned(&self, body: &[u8]) -> anyhow::Result<HeaderMap> {
        unsigned(body)
    }

    /// Posts bytes as they are.
    ///
    /// # Errors
    /// A sentence, if nothing came back.
    pub async fn post(&self, headers: HeaderMap, body: Vec<u8>) -> Result<Reply, String> {
        // The semaphore is never closed.
        let _room = self.room.acquire().await.map_err(|e| e.to_string())?;
        self.state().posted += 1;
        self.client.post(&self.plan.messages(), headers, body).await
    }

    /// Sends until the message is taken: again after a fault or where nothing came back, as the node does.
    ///
    /// # Errors
    /// What came instead.
    pub async fn deliver(&self, message: &Value) -> Result<(), String> {
        let mut last = String::new();
        for no in 0..3 {
            if no > 0 {
                clock::pause(Duration::from_secs(1)).await;
            }
            match self.send(message).await {
                Ok(reply) if reply.taken() => return Ok(()),
                Ok(reply) if reply.status < 500 => return Err(format!("status {}", reply.status)),
                Ok(reply) => last = format!("status {} three times", reply.status),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}
