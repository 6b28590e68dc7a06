//! A small node in this process: it publishes the API, takes reports, sends signed orders and judges answers
//! as docs/partner-api says, with its own reading of them. Nothing of it comes from the crate under test but
//! the description of what must be published.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use httpsig::{Params, Request, SigningKey, sign_request, verify_request};
use sandbox::clock::{wall_micros, wall_secs};
use sandbox::country::Country;
use sandbox::moment::Moment;
use serde_json::{Value, json};

use crate::form;

/// How the small node works.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Office seconds in one second.
    pub factor: i64,
    /// Through the Antifraud Centre, or straight to the executors.
    pub centre: bool,
    /// Seconds of office time after which an order lapses.
    pub expires_after: i64,
    /// Whether holds are released by the node as soon as they are told.
    pub release: bool,
    /// Leaves this operation out of the published API.
    pub hide: Option<&'static str>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { factor: 120, centre: true, expires_after: 5 * 86_400, release: false, hide: None }
    }
}

/// What the node knows of one object of an order.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub executor: String,
    pub cap: i64,
    pub held: i64,
    pub freed: i64,
    pub lines: Vec<String>,
}

/// What the node has written down.
#[derive(Debug, Default)]
pub struct Written {
    pub objects: BTreeMap<(String, String), Known>,
    pub acknowledged: HashSet<String>,
    pub answers: HashMap<String, Bytes>,
    pub reports: BTreeMap<String, Value>,
    pub hops: u64,
    pub refusals: BTreeMap<String, u64>,
    pub broken: Vec<String>,
    nonces: HashSet<String>,
    inbox: BTreeMap<String, Vec<Value>>,
    pub sessions: HashMap<String, form::Session>,
    count: u64,
}

pub struct Node {
    pub rules: Rules,
    pub country: Country,
    pub base: String,
    pub key: SigningKey,
    pub written: Mutex<Written>,
    started: (i64, Moment),
    http: reqwest::Client,
}

impl Node {
    /// Starts a node for `country` on a free port.
    pub async fn start(listener: tokio::net::TcpListener, country: Country, rules: Rules) -> Arc<Self> {
        let base = format!("http://{}", listener.local_addr().unwrap());
        let office = Moment::parse("2026-11-23T14:00:00+05:00").unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let key = SigningKey::from_bytes(&[9; 32]);
        let started = (wall_micros(), office);
        let written = Mutex::default();
        let node = Arc::new(Self { rules, country, base, key, written, started, http });
        let routes = Router::new()
            .route("/api/v1/clock", get(clock))
            .route("/api/v1/keys", get(keys))
            .route("/api/v1/openapi.json", get(openapi))
            .route("/api/v1/inbox", get(inbox))
            .route("/api/v1/reports", post(report))
            .route("/api/v1/orders/{id}/answers", post(answer))
            .merge(form::routes())
            .with_state(Arc::clone(&node));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        node
    }

    pub fn now(&self) -> Moment {
        Moment(self.started.1.0 + (wall_micros() - self.started.0) * self.rules.factor)
    }

    /// An order about one payment, on its way as soon as it is written down.
    #[expect(clippy::too_many_arguments, reason = "the fields of one object")]
    pub fn order(
        self: &Arc<Self>,
        executor: &str,
        kind: &str,
        value: &str,
        amount: i64,
        at: &str,
        reference: Option<&str>,
        direction: &str,
        hop: u64,
    ) {
        let mut written = self.written.lock().unwrap();
        written.count += 1;
        let (order, object) = (format!("ord_{:05}", written.count), format!("obj_{:05}", written.count));
        let known = Known { executor: executor.to_owned(), cap: amount, ..Known::default() };
        written.objects.insert((order.clone(), object.clone()), known);
        let authority =
            self.rules.centre.then(|| json!({"no": 1, "role": "authority", "institution": "ZAFC"}));
        let steps = [Some(json!({"no": 0, "role": "submitter", "institution": "DCC"})), authority];
        let mut route: Vec<Value> = steps.into_iter().flatten().collect();
        route.push(json!({"no": route.len(), "role": "executor", "institution": executor}));
        let message = json!({
            "type": "order.v1", "message_id": format!("msg_{order}"), "order_id": order, "measure": "hold",
            "route": route, "executor": executor, "report": "R-1", "priority": "normal", "scope": "amount_only",
            "objects": [{"object_id": object, "kind": kind, "value": value, "cap": money(amount), "hop": hop, "parent_object": null,
                "trigger": {"amount": money(amount), "at": at, "reference": reference, "from_institution": null, "from_account": null, "direction": direction}}],
            "requested_at": self.now().rfc3339(), "expires_at": self.now().plus(self.rules.expires_after).rfc3339(),
        });
        drop(written);
        self.dispatch(executor, message);
    }

    /// Lays a message into the inbox and posts it until 200 comes back and it is acknowledged.
    pub fn dispatch(self: &Arc<Self>, executor: &str, message: Value) {
        let to = if self.rules.centre { "ZAFC" } else { executor }.to_owned();
        self.written.lock().unwrap().inbox.entry(to.clone()).or_default().push(message.clone());
        let node = Arc::clone(self);
        tokio::spawn(async move {
            for _ in 0..20 {
                let reply = node.post(&to, &message).await;
                node.maybe_answer(&to, reply).await;
                tokio::task::yield_now().await;
                sandbox::clock::pause(std::time::Duration::from_millis(700)).await;
                let order = message["order_id"].as_str().unwrap().to_owned();
                if message["type"] != "order.v1" || node.written.lock().unwrap().acknowledged.contains(&order)
                {
                    return;
                }
            }
        });
    }

    /// A signed answer in the response counts as an answer.
    async fn maybe_answer(self: &Arc<Self>, to: &str, reply: Option<(u16, HeaderMap, Bytes)>) {
        let Some((200, headers, body)) = reply else { return };
        if !headers.contains_key("signature") {
            return;
        }
        let key = |keyid: &str| self.partner_key(keyid);
        let response = httpsig::Response { status: 200, headers: &headers, body: &body };
        let verified = httpsig::verify_response(&response, key, wall_secs());
        assert!(verified.is_ok(), "a response of {to} is badly signed: {verified:?}");
        let answer: Value = serde_json::from_slice(&body).unwrap();
        self.judge(&answer, &body).unwrap();
    }

    pub async fn post(&self, to: &str, message: &Value) -> Option<(u16, HeaderMap, Bytes)> {
        let gateway = &self.country.find(to)?.gateway;
        let (url, body) = (format!("{gateway}/messages"), message.to_string().into_bytes());
        let headers = self.signed(&url, &body);
        let response = self.http.post(&url).headers(headers).body(body).send().await.ok()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Some((status, headers, response.bytes().await.ok()?))
    }

    pub fn signed(&self, url: &str, body: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let nonce = sandbox::node::nonce().unwrap();
        let created = wall_secs();
        let params = Params { keyid: "DCC/1", nonce: &nonce, created, expires: created + 200 };
        let request = Request { method: "POST", target_uri: url, headers: &headers, body };
        let added = sign_request(&self.key, &request, &params).unwrap();
        headers.extend(added);
        headers
    }

    fn partner_key(&self, keyid: &str) -> Option<httpsig::VerifyingKey> {
        let partner = self.country.institutions.iter().find(|i| i.keyid == keyid)?;
        httpsig::public_key_from_text(&partner.public_key).ok()
    }

    /// Who signed; a code where nobody did.
    fn signer(
        &self,
        method: &str,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<String, &'static str> {
        let target = format!("{}{path}", self.base);
        let request = Request { method, target_uri: &target, headers, body };
        let verified =
            verify_request(&request, |k| self.partner_key(k), wall_secs()).map_err(|e| e.code())?;
        if !self.written.lock().unwrap().nonces.insert(format!("{} {}", verified.keyid, verified.nonce)) {
            return Err("signature.replayed");
        }
        Ok(verified.keyid.split('/').next().unwrap().to_owned())
    }

    /// Takes an answer or says why not. Follows the money where it moved.
    fn judge(self: &Arc<Self>, answer: &Value, body: &Bytes) -> Result<(), &'static str> {
        let text = |key: &str| answer[key].as_str().map(str::to_owned);
        let id =
            text("answer_id").filter(|i| (1..=64).contains(&i.len()) && i.is_ascii()).ok_or("answer.id")?;
        let order = text("order_id").ok_or("answer.malformed")?;
        let lines = answer["lines"].as_array().cloned().ok_or("answer.malformed")?;
        let mut written = self.written.lock().unwrap();
        if let Some(before) = written.answers.get(&id) {
            return if before == body { Ok(()) } else { Err("answer.conflicting") };
        }
        let codes: Vec<String> = lines.iter().filter_map(|l| l["code"].as_str().map(str::to_owned)).collect();
        if codes == ["A00"] {
            written.acknowledged.insert(order);
            written.answers.insert(id, body.clone());
            return Ok(());
        }
        let object = text("object_id").ok_or("answer.malformed")?;
        let known = written.objects.get(&(order.clone(), object.clone())).cloned().ok_or("order.unknown")?;
        if text("executor").as_deref() != Some(&known.executor) {
            return Err("answer.executor");
        }
        let (held, accounted) = sums(&lines)?;
        if known.held + held > known.cap {
            return Err("answer.too_much_held");
        }
        let ends = codes.iter().any(|c| c.starts_with('L'));
        if !ends && accounted != 0 && accounted != known.cap {
            let problem = format!("{order}: {accounted} of {} accounted for: {answer}", known.cap);
            written.broken.push(problem);
        }
        written.answers.insert(id, body.clone());
        let kept = written.objects.get_mut(&(order.clone(), object.clone())).unwrap();
        kept.held += held;
        kept.lines.extend(codes.clone());
        if ends {
            kept.freed += lines.iter().filter_map(|l| minor(&l["amount"])).sum::<i64>();
        }
        drop(written);
        for line in lines {
            self.follow(&line, &known);
        }
        if held > 0 && self.rules.release {
            let release = json!({"type": "release.v1", "message_id": format!("msg_r_{object}"), "order_id": order, "object_id": object,
                "executor": known.executor, "code": "L61", "amount": null, "reason": "test", "at": self.now().rfc3339()});
            self.dispatch(&known.executor, release);
        }
        Ok(())
    }

    fn follow(self: &Arc<Self>, line: &Value, known: &Known) {
        let moved = matches!(line["code"].as_str(), Some("M20" | "M21"));
        if !moved {
            return;
        }
        let to = line["institution"].as_str().unwrap_or(&known.executor).to_owned();
        let account = &line["account"];
        let at = line["at"].as_str().unwrap().to_owned();
        self.written.lock().unwrap().hops += 1;
        let amount = minor(&line["amount"]).unwrap();
        self.order(
            &to,
            account["kind"].as_str().unwrap(),
            account["value"].as_str().unwrap(),
            amount,
            &at,
            line["reference"].as_str(),
            "in",
            2,
        );
    }
}

pub fn money(minor: i64) -> Value {
    json!({"amount": format!("{}.{:02}", minor / 100, minor % 100), "currency": "KZT"})
}

/// Tiyn of an amount above zero in tenge.
pub fn minor(value: &Value) -> Option<i64> {
    let (whole, cents) = value["amount"].as_str()?.split_once('.')?;
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let fine = digits(whole) && digits(cents) && cents.len() == 2 && value["currency"] == "KZT";
    if !fine {
        return None;
    }
    format!("{whole}{cents}").parse().ok().filter(|m| *m > 0)
}

/// Newly held, and everything that is accounted for.
fn sums(lines: &[Value]) -> Result<(i64, i64), &'static str> {
    let (mut held, mut all) = (0, 0);
    for line in lines {
        let code = line["code"].as_str().ok_or("answer.malformed")?;
        if code.starts_with(['H', 'M']) {
            let amount = minor(&line["amount"]).ok_or("answer.amount")?;
            all += amount;
            held += if matches!(code, "H10" | "H11") { amount } else { 0 };
        }
    }
    Ok((held, all))
}

fn refuse(node: &Node, code: &'static str) -> Response {
    *node.written.lock().unwrap().refusals.entry(code.to_owned()).or_insert(0) += 1;
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"code": code, "detail": code}))).into_response()
}

async fn clock(State(node): State<Arc<Node>>) -> Json<Value> {
    Json(json!({"office": node.now().rfc3339(), "wall": "", "factor": node.rules.factor}))
}

async fn keys(State(node): State<Arc<Node>>) -> Json<Value> {
    Json(
        json!({"keys": [{"keyid": "DCC/1", "public_key": httpsig::public_key_text(&node.key.verifying_key())}]}),
    )
}

async fn openapi(State(node): State<Arc<Node>>) -> Json<Value> {
    let mut document = crate::description::sufficient();
    if let Some(path) = node.rules.hide {
        document["paths"].as_object_mut().unwrap().remove(path);
    }
    Json(document)
}

async fn inbox(
    State(node): State<Arc<Node>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let after: usize = query["after"].parse().unwrap();
    let path = format!("/api/v1/inbox?after={after}&limit={}", query["limit"]);
    let who = match node.signer("GET", &path, &headers, b"") {
        Ok(who) => who,
        Err(code) => return refuse(&node, code),
    };
    let written = node.written.lock().unwrap();
    let all = written.inbox.get(&who).cloned().unwrap_or_default();
    let new: Vec<Value> =
        all.iter().enumerate().skip(after).map(|(i, m)| json!({"seq": i + 1, "message": m})).collect();
    Json(json!({"messages": new, "next": all.len()})).into_response()
}

async fn report(State(node): State<Arc<Node>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(code) = node.signer("POST", "/api/v1/reports", &headers, &body) {
        return refuse(&node, code);
    }
    let report: Value = serde_json::from_slice(&body).unwrap();
    let number = format!("R-{}", report["external_id"].as_str().unwrap());
    node.written.lock().unwrap().reports.insert(number.clone(), report.clone());
    for payment in report["payments"].as_array().unwrap() {
        let amount = minor(&payment["amount"]).unwrap();
        let (own, account) =
            (payment["own_institution"].as_str().unwrap(), payment["own_account"].as_str().unwrap());
        let kind = if account.starts_with("KZ") { "iban" } else { "phone" };
        node.order(
            own,
            kind,
            account,
            amount,
            payment["at"].as_str().unwrap(),
            payment["reference"].as_str(),
            "out",
            0,
        );
    }
    (StatusCode::CREATED, Json(json!({"number": number, "id": "rep_1"}))).into_response()
}

async fn answer(
    State(node): State<Arc<Node>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let who = match node.signer("POST", &format!("/api/v1/orders/{id}/answers"), &headers, &body) {
        Ok(who) => who,
        Err(code) => return refuse(&node, code),
    };
    let Ok(answer) = serde_json::from_slice::<Value>(&body) else { return refuse(&node, "body.malformed") };
    let through_the_right_door = if node.rules.centre { who == "ZAFC" } else { answer["executor"] == who };
    if !through_the_right_door || answer["order_id"] != id {
        return refuse(&node, "answer.executor");
    }
    match node.judge(&answer, &body) {
        Ok(()) => Json(json!({"status": "recorded", "order": "answered"})).into_response(),
        Err(code) => refuse(&node, code),
    }
}
