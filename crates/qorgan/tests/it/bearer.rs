//! Asking by a token: it is given for a signature, good for minutes, and dies with the key.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request};
use axum::{Extension, Router};
use http_body_util::BodyExt as _;
use partner::bearer::Roster;
use registry::live::{self, Live};
use serde_json::{Value, json};
use testkit::World;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::country::{file, iban, key_of};
use crate::registry::told;
use crate::talk::each;

/// A node as it serves, with what it keeps in memory.
struct Node {
    router: Router,
    roster: Arc<Roster>,
    live: Arc<Live>,
}

impl Node {
    async fn start(world: &World) -> Self {
        let roster = Arc::new(Roster::default());
        roster.refresh(&world.app).await.unwrap();
        let live = Arc::new(Live::new(Uuid::from_u128(5), Arc::clone(&roster)));
        live::load(&world.app, &live).await.unwrap();
        let silent = partner::web::Silent(Arc::new(Vec::new));
        let router = qorgan::http::router(&world.app, silent)
            .unwrap()
            .layer(Extension(Arc::clone(&live)))
            .layer(Extension(Arc::clone(&roster)));
        Self { router, roster, live }
    }

    async fn send(&self, path: &str, headers: HeaderMap, body: &str) -> (u16, HeaderMap, Value) {
        let mut request = Request::post(path).body(Body::from(body.to_owned())).unwrap();
        request.headers_mut().extend(headers);
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, headers, serde_json::from_slice(&body).unwrap())
    }

    /// A token, asked for by a signed request.
    async fn token(&self, world: &World, nonce: &str) -> (u16, Value) {
        let (app, body) = (&world.app, r#"{"type":"token_request.v1"}"#);
        let target = format!("{}/api/v1/tokens", app.node.public_url);
        let mut headers = json_headers();
        let created = app.wall.now().as_secs();
        let params = httpsig::Params { keyid: "ZALT/1", nonce, created, expires: created + 60 };
        let request = httpsig::Request {
            method: "POST",
            target_uri: &target,
            headers: &headers,
            body: body.as_bytes(),
        };
        headers.extend(httpsig::sign_request(&key_of("ZALT"), &request, &params).unwrap());
        let (status, _, answer) = self.send("/api/v1/tokens", headers, body).await;
        (status, answer)
    }

    /// A question about so many things, the mule's account first.
    async fn ask(&self, token: &str, things: u32) -> (u16, HeaderMap, Value) {
        let mut headers = json_headers();
        headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
        let items: Vec<Value> =
            (0..things).map(|no| json!({"kind": "iban", "value": iban("ZBEK", 7 + no)})).collect();
        let body = json!({"type": "check.v1", "why": "payment", "items": items});
        self.send("/api/v1/checks", headers, &body.to_string()).await
    }
}

fn json_headers() -> HeaderMap {
    HeaderMap::from_iter([("content-type".parse().unwrap(), HeaderValue::from_static("application/json"))])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_stands_for_a_signature_until_it_is_over_or_its_key_is_revoked() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, told(app, 901, "portal")).await;
        let node = Node::start(&world).await;
        let (status, given) = node.token(&world, "t1").await;
        assert_eq!((status, given["expires_in"].as_i64()), (200, Some(600)), "{given}");
        let token = given["token"].as_str().unwrap();
        let (status, _, answer) = node.ask(token, 2).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["items"][0]["class"], "reported");
        assert_eq!(answer["items"][1]["class"], "nothing");
        assert_eq!(answer["question"], format!("{}-0", Uuid::from_u128(5).simple()));
        live::write_down(app, &node.live).await.unwrap();

        // Nothing else is a token, and nothing else is opened by one.
        let changed = format!("{}A", &token[..token.len() - 1]);
        for wrong in ["", "x", changed.as_str()] {
            let (status, headers, problem) = node.ask(wrong, 1).await;
            assert_eq!((status, problem["code"].as_str()), (401, Some("partner.token")), "{wrong}");
            assert_eq!(headers["www-authenticate"], "Bearer error=\"invalid_token\"");
        }
        let mut headers = json_headers();
        headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
        let (status, _, problem) = node.send("/api/v1/reports", headers, "{}").await;
        assert_eq!((status, problem["code"].as_str()), (401, Some("signature.missing")));

        // Whoever hears nothing of the database for a second believes nobody.
        world.advance_secs(2);
        assert_eq!(node.ask(token, 1).await.0, 503);
        node.roster.refresh(app).await.unwrap();
        live::catch_up(app, &node.live, &mut 0).await.unwrap();
        assert_eq!(node.ask(token, 1).await.0, 200);

        // The key is revoked: the token is nothing with the next look.
        let at = app.office.now();
        app.db.write(move |tx| partner::store::revoke_key(tx, "ZALT/1", at, b"")).await.unwrap();
        node.roster.refresh(app).await.unwrap();
        let (status, _, problem) = node.ask(token, 1).await;
        assert_eq!((status, problem["code"].as_str()), (401, Some("partner.token")));
        assert_eq!(node.token(&world, "t2").await.0, 401, "and no new one is given");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_over_after_ten_minutes_and_things_are_counted() {
    each("kz", async |world| {
        let app = &world.app;
        let node = Node::start(&world).await;
        let (_, given) = node.token(&world, "t1").await;
        let token = given["token"].as_str().unwrap();
        // Sixty thousand things a minute in this country, in however many questions.
        for _ in 0..60 {
            assert_eq!(node.ask(token, 1_000).await.0, 200);
        }
        let (status, headers, problem) = node.ask(token, 1).await;
        assert_eq!((status, problem["code"].as_str()), (429, Some("partner.quota")), "{problem}");
        assert!(headers.contains_key("retry-after"));
        live::write_down(app, &node.live).await.unwrap();
        world.advance_secs(60);
        node.roster.refresh(app).await.unwrap();
        live::catch_up(app, &node.live, &mut 0).await.unwrap();
        assert_eq!(node.ask(token, 1).await.0, 200);
        world.advance_secs(541);
        node.roster.refresh(app).await.unwrap();
        assert_eq!(node.ask(token, 1).await.0, 401);
    })
    .await;
}
