//! Attacks on partners' signatures, through the router of the program. Each begins with an honest request, and that very
//! request, with the same nonce, is accepted when all attacks made from it were refused.

mod content;
mod edits;
mod keys;
mod places;
mod replays;
mod revoking;
mod signatures;
mod wire;

use std::collections::{BTreeMap, HashSet};
use std::io::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::Stmt;
use http_body_util::BodyExt as _;
use httpsig::{Params, Request, SigningKey};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use order::service::OrderView;
use testkit::World;
use tower::ServiceExt as _;

use crate::country::{self, file, iban, key_of};
use crate::talk::orders;

/// The bank that is honest, and whose requests are attacked.
pub const BANK: &str = "ZBEK";
/// Attacks that must be made at least.
const LEAST: usize = 1_000;

const EFFECTS: Stmt = Stmt::both(
    "test.effects",
    "SELECT (SELECT COUNT(*) FROM order_answer), (SELECT COUNT(*) FROM report), (SELECT COUNT(*) FROM partner_nonce)",
);

/// A request that tests take apart.
#[derive(Clone)]
pub struct Message {
    pub method: String,
    /// Path and query as they go over the wire.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Message {
    pub fn field(&self, name: &str) -> String {
        self.headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }
    /// Sets a field to any bytes that a server could read.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers
            .insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.headers
            .append(HeaderName::try_from(name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }
    /// The signature's bytes.
    pub fn signature(&self) -> Vec<u8> {
        let text = self.field("signature");
        STANDARD.decode(text.trim_start_matches("qorgan=:").trim_end_matches(':')).unwrap()
    }
    pub fn signed_with(self, bytes: &[u8]) -> Self {
        self.with("signature", &format!("qorgan=:{}:", STANDARD.encode(bytes)))
    }
    /// Covered components and parameters, without the label.
    pub fn input(&self) -> String {
        self.field("signature-input").trim_start_matches("qorgan=").to_owned()
    }
    /// The same signed again by `key` over what `input` says, word for word, whether or not it makes sense.
    pub fn signed_again(self, key: &SigningKey, input: &str, base_url: &str) -> Self {
        use ed25519_dalek::Signer as _;
        let mut base = String::new();
        let list =
            input.split_once('(').map_or("", |(_, rest)| rest.split_once(')').map_or(rest, |(l, _)| l));
        for item in list.split(' ').filter(|i| !i.is_empty()) {
            let name = item.trim_start_matches('"').split('"').next().unwrap();
            let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
            let value = match name {
                "@method" => self.method.clone(),
                "@target-uri" => format!("{base_url}{}", self.path),
                "@path" => path.to_owned(),
                "@query" => format!("?{query}"),
                "@scheme" => "http".to_owned(),
                "@authority" => base_url.trim_start_matches("http://").to_owned(),
                "@request-target" => self.path.clone(),
                other => self.field(&other.to_ascii_lowercase()),
            };
            base.push_str(&format!("{item}: {value}\n"));
        }
        base.push_str(&format!("\"@signature-params\": {input}"));
        let signature = key.sign(base.as_bytes()).to_bytes();
        self.with("signature-input", &format!("qorgan={input}")).signed_with(&signature)
    }
}

/// A node with an order, and what came of the attacks so far.
pub struct Stand {
    pub world: World,
    pub router: Router,
    pub view: OrderView,
    pub nonces: std::cell::Cell<u64>,
    made: std::cell::RefCell<BTreeMap<&'static str, usize>>,
    seen: std::cell::RefCell<HashSet<Vec<u8>>>,
    pub failed: std::cell::RefCell<Vec<String>>,
}

impl Stand {
    pub async fn new(world: World) -> Self {
        let world = country::settle(world).await;
        let app = &world.app;
        let filed = file(&world, country::report(app, 1, &iban(BANK, 1), 10_000, app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        assert_eq!(view.order.gateway, BANK);
        let router = qorgan::http::router(app, partner::web::Silent(Arc::new(Vec::new))).unwrap();
        let (made, seen, failed) = Default::default();
        Self { router, view, world, nonces: std::cell::Cell::new(0), made, seen, failed }
    }
    pub fn now(&self) -> i64 {
        self.world.app.wall.now().as_secs()
    }
    pub fn base_url(&self) -> &str {
        &self.world.app.node.public_url
    }
    pub fn nonce(&self) -> String {
        self.nonces.set(self.nonces.get() + 1);
        format!("nonce-{}", self.nonces.get())
    }
    /// Signs as an institution does.
    pub fn sign(&self, message: Message, key: &SigningKey, params: &Params<'_>) -> Message {
        let target = format!("{}{}", self.base_url(), message.path);
        let request = Request {
            method: &message.method,
            target_uri: &target,
            headers: &message.headers,
            body: &message.body,
        };
        let added = httpsig::sign_request(key, &request, params).unwrap();
        let mut signed = message.clone();
        signed.headers.extend(added);
        signed
    }
    pub fn unsigned_answer(&self) -> Message {
        let body = serde_json::json!({
            "type": "answer.v1", "answer_id": self.nonce(), "order_id": self.view.order.id.to_string(),
            "executor": BANK, "object_id": self.view.objects[0].id.to_string(),
            "at": self.world.app.office.now().rfc3339(), "lines": [{"code": "A00"}], "text": null,
        });
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Message {
            method: "POST".into(),
            path: format!("/api/v1/orders/{}/answers", self.view.order.id),
            headers,
            body: body.to_string().into_bytes(),
        }
    }
    /// An honest answer to the order.
    pub fn answer(&self) -> Message {
        self.signed_as(self.unsigned_answer(), BANK, &format!("{BANK}/1"))
    }
    pub fn signed_as(&self, message: Message, owner: &str, keyid: &str) -> Message {
        let (nonce, created) = (self.nonce(), self.now());
        let params = Params { keyid, nonce: &nonce, created, expires: created + 300 };
        self.sign(message, &key_of(owner), &params)
    }
    /// An honest look into the inbox.
    pub fn look(&self) -> Message {
        let bare = Message {
            method: "GET".into(),
            path: "/api/v1/inbox?after=0&limit=10".into(),
            headers: HeaderMap::new(),
            body: Vec::new(),
        };
        self.signed_as(bare, BANK, &format!("{BANK}/1"))
    }
    pub async fn send(&self, message: Message) -> (u16, String) {
        let mut request = hyper::Request::builder().method(message.method.as_str()).uri(&message.path);
        *request.headers_mut().unwrap() = message.headers;
        let request = request.body(Body::from(message.body)).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let kind = answer.headers().get(CONTENT_TYPE).map(|v| v.to_str().unwrap().to_owned());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(status < 300 || body.is_empty() || kind.is_some(), "{status}");
        (status, String::from_utf8_lossy(&body).into_owned())
    }
    pub async fn effects(&self) -> (i64, i64, i64) {
        let read =
            |tx: &mut db::Tx<'_>| tx.query_one(&EFFECTS, &[], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)));
        self.world.app.db.read::<_, db::DbError, _>(read).await.unwrap()
    }
    /// Counts attacks that were made in another way than by [`Stand::refuse`].
    pub fn count(&self, group: &'static str, attacks: usize) {
        *self.made.borrow_mut().entry(group).or_default() += attacks;
    }
    /// All of these are refused and change nothing; then `honest`, from which they were made, is taken.
    pub async fn refuse(
        &self,
        group: &'static str,
        honest: Option<Message>,
        attacks: Vec<(String, Message)>,
    ) {
        let before = self.effects().await;
        for (name, attack) in attacks {
            let mut bytes = format!("{} {}\n{:?}\n", attack.method, attack.path, attack.headers).into_bytes();
            bytes.extend_from_slice(&attack.body);
            if let Some(honest) = &honest {
                let same = honest.method == attack.method
                    && honest.path == attack.path
                    && honest.headers == attack.headers
                    && honest.body == attack.body;
                assert!(!same, "{group}: {name}: nothing was changed");
            }
            // Two edits may come to the same bytes: that is one attack.
            if !self.seen.borrow_mut().insert(bytes) {
                continue;
            }
            let (status, said) = self.send(attack).await;
            if !matches!(status, 400 | 401 | 413) {
                self.failed.borrow_mut().push(format!("{group}: {name}: {status} {said}"));
            }
            self.count(group, 1);
        }
        if self.effects().await != before {
            self.failed.borrow_mut().push(format!("{group} had an effect"));
        }
        if let Some(honest) = honest {
            let (status, said) = self.send(honest).await;
            if status != 200 {
                self.failed.borrow_mut().push(format!("{group}: the honest request: {status} {said}"));
            }
        }
    }
    /// Prints how many attacks were made, by group.
    fn tell(&self) {
        let made = self.made.borrow();
        let all: usize = made.values().sum();
        let engine = self.world.app.db.engine();
        let by: Vec<String> = made.iter().map(|(group, n)| format!("{group} {n}")).collect();
        // Not `println`: the harness would swallow it.
        let words = format!("{engine:?}: {all} attacks on signatures refused: {}", by.join(", "));
        drop(writeln!(std::io::stdout(), "{words}"));
        let failed = self.failed.borrow();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        assert!(all >= LEAST, "{all} attacks are too few: {made:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_attacks_are_refused() {
    for world in World::on_each_engine(13, "direct") {
        let stand = Stand::new(world).await;
        edits::all(&stand).await;
        signatures::all(&stand).await;
        content::all(&stand).await;
        places::all(&stand).await;
        keys::all(&stand).await;
        replays::all(&stand).await;
        wire::all(&stand).await;
        stand.tell();
    }
}
