//! A small endpoint written from docs/partner-api, with faults that can be switched on one by one. It holds money of
//! one invented account and knows nothing else.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use conformance::clock::{SECOND, now, parse, pause, rfc3339, token};
use httpsig::{Params, Request, SigningKey, VerifyingKey, public_key_from_text, sign_request, sign_response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What is wrong with the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    Nothing,
    /// Answers stand in the responses wherever they can. Not a fault.
    InResponse,
    /// Tells a second order about the payment that it is held already. Not a fault.
    OneHoldAtATime,
    /// Blocks one invented number and holds no money. Not a fault.
    IsAnOperator,
    BelievesAnybody,
    KeepsNoNonces,
    ActsTwice,
    HoldsMore,
    BlindToPayer,
    AnswersUnsigned,
    SignsWithAnotherKey,
    CoversTooLittle,
    NeverAnswers,
    SendsGarbage,
    IsSlow,
    FallsOver,
    /// Answers 500 to word of what was cleared.
    StumblesOverClearances,
    ForgetsFields,
    AnswersOfNumbers,
    LivesInTheFuture,
    NamesNoObject,
    FreesAll,
    KnowsEverybody,
    RefusesTheKit,
    Redirects,
}

#[derive(Debug, Clone)]
struct Hold {
    order: String,
    executor: String,
    left: i64,
}

#[derive(Default)]
struct Books {
    seen: HashSet<String>,
    nonces: HashSet<String>,
    holds: HashMap<String, Hold>,
    orders: HashMap<String, String>,
    ended: HashSet<String>,
}

pub struct Endpoint {
    bad: Bad,
    url: String,
    node: String,
    key: SigningKey,
    books: Mutex<Books>,
    http: reqwest::Client,
}

/// Its key.
pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

/// Opens it. Gives its address.
pub async fn open(bad: Bad, listener: TcpListener, node: &str) -> String {
    let url = format!("http://{}/bank", listener.local_addr().unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let endpoint = Arc::new(Endpoint {
        bad,
        url: url.clone(),
        node: node.to_owned(),
        key: if bad == Bad::SignsWithAnotherKey { SigningKey::from_bytes(&[4; 32]) } else { key() },
        books: Mutex::default(),
        http,
    });
    let routes = Router::new()
        .route("/bank/messages", post(messages))
        .layer(DefaultBodyLimit::max(4 << 20))
        .with_state(endpoint);
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    url
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn amount(minor: i64) -> Value {
    json!({"amount": format!("{}.{:02}", minor / 100, minor % 100), "currency": "KZT"})
}

fn minor(value: &Value) -> Option<i64> {
    let text = value.get("amount")?.as_str()?;
    text.replace('.', "").parse().ok()
}

async fn messages(State(me): State<Arc<Endpoint>>, headers: HeaderMap, body: Bytes) -> Response {
    match me.bad {
        Bad::RefusesTheKit => return StatusCode::UNAUTHORIZED.into_response(),
        Bad::Redirects => {
            return (StatusCode::TEMPORARY_REDIRECT, [("location", "http://127.0.0.1:1/messages")])
                .into_response();
        }
        Bad::IsSlow => pause(Duration::from_secs(11)).await,
        _ => {}
    }
    if me.bad != Bad::BelievesAnybody && !me.believes(&headers, &body).await {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(message) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let known = matches!(
        text(&message, "/type").as_str(),
        "order.v1" | "release.v1" | "reminder.v1" | "notice.v1" | "correction.v1" | "clearance.v1"
    );
    if me.bad == Bad::StumblesOverClearances && message["type"] == "clearance.v1" {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    if !known {
        let fault = StatusCode::INTERNAL_SERVER_ERROR;
        return if me.bad == Bad::FallsOver { fault } else { StatusCode::BAD_REQUEST }.into_response();
    }
    let fresh = me.books.lock().unwrap().seen.insert(text(&message, "/message_id"));
    if !fresh && me.bad != Bad::ActsTwice {
        return StatusCode::OK.into_response();
    }
    let mut answers = me.act(&message);
    if me.bad == Bad::NeverAnswers {
        return StatusCode::OK.into_response();
    }
    let in_response = if me.bad == Bad::InResponse && answers.len() == 1 { answers.pop() } else { None };
    for answer in answers {
        tokio::spawn(Arc::clone(&me).tell(answer));
    }
    in_response.map_or_else(|| StatusCode::OK.into_response(), |answer| me.respond(&answer))
}

impl Endpoint {
    async fn believes(&self, headers: &HeaderMap, body: &Bytes) -> bool {
        let keys: Value = async {
            self.http.get(format!("{}/api/v1/keys", self.node)).send().await.ok()?.json().await.ok()
        }
        .await
        .unwrap_or_default();
        let known = |keyid: &str| -> Option<VerifyingKey> {
            let keys = keys["keys"].as_array()?;
            let key = keys.iter().find(|k| k["keyid"] == keyid)?;
            public_key_from_text(key["public_key"].as_str()?).ok()
        };
        let target = format!("{}/messages", self.url);
        let request = Request { method: "POST", target_uri: &target, headers, body };
        let Ok(verified) = httpsig::verify_request(&request, known, now() / SECOND) else { return false };
        self.books.lock().unwrap().nonces.insert(verified.nonce) || self.bad == Bad::KeepsNoNonces
    }

    /// Does what a message asks; gives the answers.
    fn act(self: &Arc<Self>, message: &Value) -> Vec<Value> {
        let order = text(message, "/order_id");
        let object = text(message, "/object_id");
        let say = |object: &str, line: Value| {
            json!({
                "type": "answer.v1", "answer_id": format!("a-{}", token().unwrap()), "order_id": order,
                "executor": "ZALT", "object_id": object, "at": self.time(), "lines": [line],
            })
        };
        match text(message, "/type").as_str() {
            "order.v1" => {
                let objects = message["objects"].as_array().unwrap();
                objects.iter().map(|o| say(&text(o, "/object_id"), self.look(message, o))).collect()
            }
            "release.v1" => {
                let mut books = self.books.lock().unwrap();
                let Some(hold) = books.holds.get_mut(&object) else {
                    books.ended.insert(object);
                    return Vec::new();
                };
                let asked = minor(&message["amount"]).filter(|_| self.bad != Bad::FreesAll);
                let freed = asked.unwrap_or(hold.left).min(hold.left);
                hold.left -= freed;
                let mut line = json!({"code": message["code"], "at": self.time()});
                if freed > 0 && self.bad != Bad::IsAnOperator {
                    line["amount"] = amount(freed);
                }
                vec![say(&object, line)]
            }
            "notice.v1" => vec![say(&object, json!({"code": "S10", "at": self.time()}))],
            "correction.v1" => vec![say(&object, json!({"code": "S20", "at": self.time()}))],
            _ => Vec::new(),
        }
    }

    fn time(&self) -> String {
        rfc3339(now() + if self.bad == Bad::LivesInTheFuture { 3_600 * SECOND } else { 0 })
    }

    fn look(self: &Arc<Self>, message: &Value, object: &Value) -> Value {
        let (order, id) = (text(message, "/order_id"), text(object, "/object_id"));
        if text(message, "/measure") == "number_block" && self.bad == Bad::IsAnOperator {
            return self.block(message, &text(object, "/value"), id);
        }
        if text(message, "/measure") != "hold" {
            return json!({"code": "R41", "text": "not served here"});
        }
        if text(object, "/value") != "KZ938010000000000017" && self.bad != Bad::KnowsEverybody {
            return json!({"code": "N30"});
        }
        // Its one payment came from nobody who has a name.
        if object["trigger"]["from_account"].is_object() && self.bad != Bad::BlindToPayer {
            return json!({"code": "N31"});
        }
        let mut books = self.books.lock().unwrap();
        if books.ended.contains(&id) {
            return json!({"code": "L61", "at": self.time()});
        }
        let cap = minor(&object["cap"]).unwrap();
        if let (Bad::OneHoldAtATime, Some(other)) = (self.bad, books.holds.values().find(|h| h.left > 0)) {
            return json!({"code": "H12", "amount": amount(cap), "reference": other.order});
        }
        let held = if self.bad == Bad::HoldsMore { cap + 100 } else { cap };
        let hold = Hold { order: order.clone(), executor: text(message, "/executor"), left: held };
        books.holds.insert(id.clone(), hold);
        books.orders.insert(id.clone(), order);
        let expires = parse(&text(message, "/expires_at")).unwrap();
        if expires < now() + 3_600 * SECOND {
            tokio::spawn(Arc::clone(self).lapse(id, expires));
        }
        match self.bad {
            Bad::ForgetsFields => json!({"code": "M22", "amount": amount(cap), "at": self.time()}),
            Bad::AnswersOfNumbers => json!({"code": "B10", "at": self.time()}),
            Bad::ActsTwice => json!({"code": "H10", "amount": amount(held), "at": self.time()}),
            _ => json!({"code": "H10", "amount": amount(held)}),
        }
    }

    /// Blocks the one number that it has, for one order at a time.
    fn block(self: &Arc<Self>, message: &Value, number: &str, id: String) -> Value {
        if number != "+77000000101" {
            return json!({"code": "N30"});
        }
        let mut books = self.books.lock().unwrap();
        if books.ended.contains(&id) {
            return json!({"code": "L61", "at": self.time()});
        }
        if let Some(other) = books.holds.values().find(|h| h.left > 0) {
            return json!({"code": "B12", "reference": other.order});
        }
        let hold = Hold { order: text(message, "/order_id"), executor: text(message, "/executor"), left: 1 };
        books.holds.insert(id.clone(), hold);
        let expires = parse(&text(message, "/expires_at")).unwrap();
        if expires < now() + 3_600 * SECOND {
            tokio::spawn(Arc::clone(self).lapse(id, expires));
        }
        json!({"code": "B10", "at": self.time(), "other_numbers": 0})
    }

    async fn lapse(self: Arc<Self>, object: String, expires: i64) {
        pause(Duration::from_micros(u64::try_from(expires - now()).unwrap_or(0))).await;
        let hold = self.books.lock().unwrap().holds.get_mut(&object).map(|h| {
            let all = h.clone();
            h.left = 0;
            all
        });
        let Some(hold) = hold.filter(|h| h.left > 0) else { return };
        let mut line = json!({"code": "L60", "at": self.time()});
        if self.bad != Bad::IsAnOperator {
            line["amount"] = amount(hold.left);
        }
        let answer = json!({
            "type": "answer.v1", "answer_id": format!("a-{}", token().unwrap()), "order_id": hold.order,
            "executor": hold.executor, "object_id": object, "at": self.time(),
            "lines": [line],
        });
        self.tell(answer).await;
    }

    fn params<'a>(&self, nonce: &'a str) -> Params<'a> {
        let created = now() / SECOND;
        Params { keyid: "ZALT/2026-1", nonce, created, expires: created + 120 }
    }

    /// Sends an answer until it is taken or refused, under one id.
    async fn tell(self: Arc<Self>, mut answer: Value) {
        if self.bad == Bad::NamesNoObject {
            answer.as_object_mut().unwrap().remove("object_id");
        }
        let order = text(&answer, "/order_id");
        let url = format!("{}/api/v1/orders/{order}/answers", self.node);
        let body = match self.bad {
            Bad::SendsGarbage => b"<html>it worked</html>".to_vec(),
            _ => serde_json::to_vec(&answer).unwrap(),
        };
        for _ in 0..10 {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let nonce = token().unwrap();
            let method = if self.bad == Bad::CoversTooLittle { "GET" } else { "POST" };
            let signed: &[u8] = if method == "GET" { &[] } else { &body };
            let request = Request { method, target_uri: &url, headers: &headers, body: signed };
            let added = sign_request(&self.key, &request, &self.params(&nonce)).unwrap();
            if self.bad != Bad::AnswersUnsigned {
                headers.extend(added);
            }
            let sent = self.http.post(&url).headers(headers).body(body.clone()).send().await;
            match sent {
                Ok(reply) if reply.status().as_u16() < 500 => return,
                _ => pause(Duration::from_millis(500)).await,
            }
        }
    }

    /// An answer as the signed body of the response.
    fn respond(&self, answer: &Value) -> Response {
        let body = serde_json::to_vec(answer).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let nonce = token().unwrap();
        let response = httpsig::Response { status: 200, headers: &headers, body: &body };
        let added = sign_response(&self.key, &response, &self.params(&nonce)).unwrap();
        headers.extend(added);
        (StatusCode::OK, headers, body).into_response()
    }
}
