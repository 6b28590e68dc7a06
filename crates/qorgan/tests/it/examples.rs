//! The examples of the partner API run: each is taken out of the description that the node serves, signed and
//! sent, and what comes back is what is described. The examples of docs/partner-api are held against the same
//! description.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::BodyExt as _;
use httpsig::{Params, Request};
use kernel::Actor;
use order::service::OrderView;
use partner::model::Keeps;
use partner::{Country, Institution};
use qorgan::slices::subscribers;
use serde_json::{Value, json};
use testkit::World;
use tower::ServiceExt as _;

use crate::country::{CENTRE, file, iban, institution, key_of, report, staff};
use crate::schema::faults;
use crate::talk::{each, orders};

/// The order and the object of the examples, by their digits.
const ORDER: &str = "0199c2a07b3c8d10a1b2c3d4e5f60718";
const OBJECT: &str = "0199c2a07b3c7d10a1b2c3d4e5f60719";
/// The hand-over to a register of the examples.
const HAND_OVER: &str = "0199c2a07b3c7d10a1b2c3d4e5f60730";
/// The referral to a body of the examples.
const REFERRAL: &str = "0199c2a07b3c7d10a1b2c3d4e5f60740";
/// Who keeps the register.
const REGISTER: &str = "ZKUI";
/// Who answers for a body to which cases are referred.
const BODY: &str = "ZFMA";
const PAGE: &str = include_str!("../../../../docs/partner-api/README.md");

/// What came back.
struct Came {
    status: u16,
    media_type: String,
    body: Value,
}

/// What a world has in the place of the examples' order, object and hand-over.
struct Own {
    view: OrderView,
    hand_over: String,
    referral: String,
}

/// A node and its own description.
struct Node {
    world: World,
    router: axum::Router,
    description: Value,
}

/// A request before it is signed.
#[derive(Clone)]
struct Sent {
    method: String,
    path: String,
    media_type: String,
    body: Vec<u8>,
}

impl Node {
    async fn of(world: World) -> Self {
        let keeper = institution(REGISTER, "state_body", partner::PartnerRole::Executor, None);
        let keeps = Keeps { registers: vec!["kui".into()], ..Keeps::default() };
        let answers = institution(BODY, "state_body", partner::PartnerRole::Executor, None);
        let bodies = Keeps { bodies: vec!["afm".into()], ..Keeps::default() };
        let institutions = vec![Institution { keeps, ..keeper }, Institution { keeps: bodies, ..answers }];
        partner::service::import(&world.app, &Actor::system("setup"), Country { institutions })
            .await
            .unwrap();
        // What the example of a question asks about was reported.
        let mut asked = report(&world.app, 9_017, "KZ938010000000000017", 10_000, world.app.office.now());
        asked.story = "The sites were bank-bonus.example and honest-shop.example".to_owned();
        file(&world, asked).await;
        let site = registry::service::entry_id(&world.app, identifier::Kind::Domain, "bank-bonus.example");
        let officer = staff(&world.app, 61, kernel::Role::DutyOfficer).await;
        registry::service::confirm(&world.app, &officer, site, "an invented site").await.unwrap();
        // Another one was told to the institution of the examples, and cleared.
        let other = registry::service::entry_id(&world.app, identifier::Kind::Domain, "honest-shop.example");
        registry::service::confirm(&world.app, &officer, other, "an invented site").await.unwrap();
        let bank = crate::country::partner_actor(&world.app, CENTRE).await;
        let asks = registry::service::Question { kind: None, value: "honest-shop.example".to_owned() };
        registry::service::check(&world.app, &bank, vec![asks], "payment").await.unwrap();
        let approver = staff(&world.app, 62, kernel::Role::Approver).await;
        registry::service::clear(&world.app, &approver, other, "an honest shop").await.unwrap();
        registry::service::filters::make(&world.app).await.unwrap();
        let roster = Arc::new(partner::bearer::Roster::default());
        roster.refresh(&world.app).await.unwrap();
        let live = Arc::new(registry::live::Live::new(world.app.uuid(), Arc::clone(&roster)));
        registry::live::load(&world.app, &live).await.unwrap();
        let silent = partner::web::Silent(Arc::new(Vec::new));
        let router = qorgan::http::router(&world.app, silent)
            .unwrap()
            .layer(axum::Extension(live))
            .layer(axum::Extension(roster));
        let mut node = Self { world, router, description: Value::Null };
        let path = "/api/v1/openapi.json".to_owned();
        let sent = Sent { method: "GET".into(), path, media_type: String::new(), body: Vec::new() };
        node.description = node.send(&sent, None).await.body;
        node
    }

    /// Sends it, signed by an institution or by nobody, and lets the news reach everybody.
    async fn send(&self, sent: &Sent, by: Option<&str>) -> Came {
        let app = &self.world.app;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        if !sent.media_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(&sent.media_type).unwrap());
        }
        if let Some(code) = by {
            let target = format!("{}{}", app.node.public_url, sent.path);
            let (created, keyid) = (app.wall.now().as_secs(), format!("{code}/1"));
            let nonce = hex::encode(app.entropy.bytes::<8>());
            let params = Params { keyid: &keyid, nonce: &nonce, created, expires: created + 60 };
            let request =
                Request { method: &sent.method, target_uri: &target, headers: &headers, body: &sent.body };
            headers.extend(httpsig::sign_request(&key_of(code), &request, &params).unwrap());
        }
        let mut request = axum::http::Request::builder().method(sent.method.as_str()).uri(&sent.path);
        *request.headers_mut().unwrap() = headers;
        let answer =
            self.router.clone().oneshot(request.body(Body::from(sent.body.clone())).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let media_type = answer.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        self.world.deliver(&subscribers(app)).await;
        let numbered = db::feed::number_once(&app.db, order::jobs::INBOX).await;
        assert!(numbered.is_ok());
        let body = serde_json::from_slice(&bytes);
        // What is no JSON is a text in the description's eyes.
        let body = body.unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes)));
        Came { status, media_type, body }
    }

    /// What is described of an answer, with its kind.
    fn described(&self, operation: &Value, status: u16) -> (String, Value) {
        let content = operation["responses"][status.to_string()]["content"].as_object();
        let (kind, content) = content.and_then(|c| c.iter().next()).unwrap();
        (kind.clone(), content.clone())
    }

    /// The answer is one of those described, and what is described of it. Of a problem the example has the very words.
    fn fits(&self, name: &str, operation: &Value, came: &Came) {
        let known: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
        assert!(
            known.contains(&&came.status.to_string()),
            "{name}: {} is none of {known:?}: {}",
            came.status,
            came.body
        );
        let (kind, content) = self.described(operation, came.status);
        assert_eq!(came.media_type, kind, "{name}");
        let found = faults(&self.description, &content["schema"], &came.body);
        assert!(found.is_empty(), "{name}: {}: {found:?}", came.status);
        let example = &content["example"];
        if came.status < 400 {
            assert_eq!(names(&came.body), names(example), "{name}: members of the example");
        } else if came.body["code"] == example["code"] {
            for word in ["title", "detail", "status", "type"] {
                assert_eq!(came.body[word], example[word], "{name}: `{word}` of the example");
            }
        }
    }

    /// All operations: method, path, description.
    fn operations(&self) -> Vec<(String, String, Value)> {
        let paths = self.description["paths"].as_object().unwrap();
        let mut all = Vec::new();
        // Programs of the staff are signed by nobody: `cases_api` tries what they ask.
        for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("/api/v1/cases")) {
            for (method, operation) in item.as_object().unwrap() {
                all.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
        all
    }

    /// A new order of its own for an example, to a bank, through the centre; and the hand-over of its report to a register.
    async fn order(&self, key: u128) -> Own {
        let app = &self.world.app;
        let account = u32::try_from(key).unwrap();
        let new = report(app, key, &iban("ZBEK", account), 62_000_000, app.office.now());
        let filed = file(&self.world, new).await;
        let view = orders(&self.world, filed.id).await.remove(0);
        let due = registration::service::due(&self.world.app, 500).await.unwrap();
        let hand_over = due.iter().rfind(|h| h.institution == REGISTER).unwrap().id.to_string();
        Own { view, hand_over, referral: self.referral().await }
    }
}

impl Node {
    /// A case of its own that is referred to a body.
    async fn referral(&self) -> String {
        let app = &self.world.app;
        let officer = staff(app, 61, kernel::Role::DutyOfficer).await;
        let new = case::service::NewCase { title: "Үлгі".into(), priority: 1, ..Default::default() };
        let case = case::service::open(app, &officer, new).await.unwrap();
        case::service::refer(app, &officer, &case.number, ("afm", "Пирамида")).await.unwrap();
        let page = case::service::look(app, &officer, &case.number).await.unwrap();
        case::model::ReferralId::from_uuid(page.referrals[0].0.place.id).to_string()
    }
}

/// Names of members at the top, and of the first item of each list.
fn names(value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        all.push(name.clone());
        if let Some(first) = member.as_array().and_then(|l| l.first()) {
            all.extend(names(first).into_iter().map(|inner| format!("{name}[].{inner}")));
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The bodies that are given as examples, by name; one without a name and body where there is none to send.
fn bodies(operation: &Value) -> Vec<(String, String, Vec<u8>)> {
    let Some(content) = operation["requestBody"]["content"].as_object() else {
        return vec![("-".into(), String::new(), Vec::new())];
    };
    let mut all = Vec::new();
    for (kind, media) in content {
        let bytes =
            |v: &Value| v.as_str().map_or_else(|| v.to_string().into_bytes(), |s| s.as_bytes().to_vec());
        for (name, example) in media["examples"].as_object().into_iter().flatten() {
            all.push((name.clone(), kind.clone(), bytes(&example["value"])));
        }
        if let Some(example) = media.get("example") {
            all.push(("example".into(), kind.clone(), bytes(example)));
        }
    }
    all
}

/// The address with the examples of its parameters.
fn address(path: &str, operation: &Value) -> String {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, example) = (parameter["name"].as_str().unwrap(), &parameter["example"]);
        let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        assert_ne!(text, "null", "{path}: `{name}` has no example");
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), &text),
            _ => query.push(format!("{name}={text}")),
        }
    }
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

/// An example as this world has it: its own order and object in the place of the invented ones.
fn here(text: &[u8], own: &Own) -> Vec<u8> {
    let text = String::from_utf8(text.to_vec()).unwrap();
    let simple = |id: String| id.split_once('_').unwrap().1.to_owned();
    text.replace(ORDER, &simple(own.view.order.id.to_string()))
        .replace(OBJECT, &simple(own.view.objects[0].id.to_string()))
        .replace(HAND_OVER, &simple(own.hand_over.clone()))
        .replace(REFERRAL, &simple(own.referral.clone()))
        .into_bytes()
}

fn signed(operation: &Value) -> bool {
    operation["security"].as_array().is_some_and(|s| !s.is_empty())
}

/// Who sends an example: a bank files, a register's keeper numbers, a body answers, the centre, through which the orders go, does the rest.
fn sender(path: &str) -> &'static str {
    match path {
        p if p.ends_with("/reports") => "ZALT",
        p if p.contains("/registrations/") => REGISTER,
        p if p.contains("/referrals/") => BODY,
        _ => CENTRE,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_the_description_runs() {
    each("kz", async |world| {
        let node = Node::of(world).await;
        let (mut run, mut key) = (0, 700);
        for (method, path, operation) in node.operations() {
            let examples = bodies(&operation);
            assert!(!examples.is_empty(), "{method} {path} has no example of its body");
            for (name, media_type, body) in examples {
                key += 1;
                let own = node.order(key).await;
                let path = String::from_utf8(here(address(&path, &operation).as_bytes(), &own)).unwrap();
                let body = here(&body, &own);
                let sent = Sent { method: method.clone(), path, media_type, body };
                let by = signed(&operation).then(|| sender(&sent.path));
                let label = format!("{method} {}, example `{name}`", sent.path);
                let came = node.send(&sent, by).await;
                assert!((200..300).contains(&came.status), "{label}: {} {}", came.status, came.body);
                node.fits(&label, &operation, &came);
                if method == "POST" {
                    // The same again is answered as before.
                    let again = node.send(&sent, by).await;
                    assert_eq!(again.status, 200, "{label}, again: {}", again.body);
                    node.fits(&label, &operation, &again);
                }
                run += 1;
            }
        }
        assert!(run >= 11, "only {run} examples ran");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_as_described() {
    each("kz", async |world| {
        let node = Node::of(world).await;
        let own = node.order(1).await;
        let mut seen = std::collections::BTreeSet::new();
        for (method, path, operation) in node.operations().into_iter().filter(|(_, _, o)| signed(o)) {
            let (_, media_type, body) = bodies(&operation).remove(0);
            let path = String::from_utf8(here(address(&path, &operation).as_bytes(), &own)).unwrap();
            let good =
                Sent { method: method.clone(), path: path.clone(), media_type, body: here(&body, &own) };
            let by = sender(&path);
            let strange = path.replace(&own.view.order.id.to_string(), &format!("ord_{ORDER}"));
            let other =
                String::from_utf8(good.body.clone()).unwrap().replace("2026-09-01T09:0", "2026-09-01T08:0");
            let mut cases = vec![("unsigned", good.clone(), None, 401)];
            if [REGISTER, BODY].contains(&by) {
                cases.push(("somebody else's hand-over or referral", good.clone(), Some("ZCAR"), 404));
            }
            if path.contains("/orders/") {
                cases.push((
                    "an order that is not there",
                    Sent { path: strange, ..good.clone() },
                    Some(by),
                    404,
                ));
                cases.push(("somebody else's order", good.clone(), Some("ZCAR"), 404));
            }
            if path.contains('?') {
                for query in ["after=-1", "limit=0", "limit=501", "after=x", "limit=1.5", "after=1&after=2"] {
                    cases.push((
                        query,
                        Sent { path: format!("/api/v1/inbox?{query}"), ..good.clone() },
                        Some(by),
                        400,
                    ));
                }
            }
            if method == "POST" {
                let large = Sent { body: vec![b' '; (1 << 20) + 1], ..good.clone() };
                cases.push(("too large", large, Some(by), 413));
                cases.push((
                    "another kind",
                    Sent { media_type: "text/plain".into(), ..good.clone() },
                    Some(by),
                    415,
                ));
                let unreadable = if path.ends_with("/iso20022") { 422 } else { 400 };
                cases.push((
                    "half a body",
                    Sent { body: b"{\"type\":".to_vec(), ..good.clone() },
                    Some(by),
                    unreadable,
                ));
                // A question changes nothing and has no id: asked twice it is two questions; what became of a payment takes
                // the place of what was told before.
                let each_by_itself = [
                    "/reports",
                    "/checks",
                    "/checks/outcomes",
                    "/checks/prefix",
                    "/checks/oblivious",
                    "/checks/heaps",
                    "/tokens",
                ];
                if !each_by_itself.iter().any(|end| path.ends_with(end)) && ![REGISTER, BODY].contains(&by) {
                    cases.push(("taken", good.clone(), Some(by), 200));
                    cases.push((
                        "the same id, another body",
                        Sent { body: other.into_bytes(), ..good.clone() },
                        Some(by),
                        409,
                    ));
                }
            }
            for (name, sent, by, status) in cases {
                let label = format!("{method} {path}, {name}");
                let came = node.send(&sent, by).await;
                assert_eq!(came.status, status, "{label}: {}", came.body);
                node.fits(&label, &operation, &came);
                seen.insert(status);
            }
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [200, 400, 401, 404, 409, 413, 415, 422]);
    })
    .await;
}

/// Bug: what an institution on trial filed to try the door was a real report.
#[tokio::test(flavor = "multi_thread")]
async fn an_institution_on_trial_files_nothing() {
    each("kz", async |world| {
        let node = Node::of(world).await;
        let app = &node.world.app;
        let boss = async |n| crate::country::staff(app, n, kernel::Role::Administrator).await;
        let operation = node.description["paths"]["/api/v1/reports"]["post"].clone();
        let (_, media_type, body) = bodies(&operation).remove(0);
        let sent = Sent { method: "POST".into(), path: "/api/v1/reports".into(), media_type, body };
        partner::mode::back_to_test(app, &boss(50).await, "ZALT", "сынақ").await.unwrap();
        let came = node.send(&sent, Some("ZALT")).await;
        assert!(came.status == 409 && came.body["code"] == "partner.on_trial", "{}", came.body);
        node.fits("on trial", &operation, &came);
        partner::mode::ask_live(app, &boss(50).await, "ZALT").await.unwrap();
        partner::mode::confirm_live(app, &boss(51).await, "ZALT").await.unwrap();
        let came = node.send(&sent, Some("ZALT")).await;
        assert_eq!(came.status, 201, "nothing of it had been kept: {}", came.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_as_described() {
    each("kz", async |world| {
        let node = Node::of(world).await;
        let own = node.order(1).await;
        let operation = |path: &str| node.description["paths"][path]["post"].clone();
        let example = |path: &str| {
            let (_, media_type, body) = bodies(&operation(path)).remove(0);
            let text = String::from_utf8(here(&body, &own)).unwrap();
            let at =
                String::from_utf8(here(path.replace("{order_id}", &format!("ord_{ORDER}")).as_bytes(), &own));
            (Sent { method: "POST".into(), path: at.unwrap(), media_type, body: Vec::new() }, text)
        };
        let (answers, reports) = ("/api/v1/orders/{order_id}/answers", "/api/v1/reports");
        let (sent, held) = example(answers);
        let cases = [
            ("\"240000.00\"", "\"780000.00\"", 422),
            ("\"H11\"", "\"H10\"", 422),
            ("ZBEK\"", "ZCAR\"", 422),
            (r#"{"amount":"240000.00","currency":"KZT"}"#, r#"["240000.00","KZT"]"#, 400),
        ];
        for (from, to, status) in cases {
            let came = node
                .send(&Sent { body: held.replacen(from, to, 9).into_bytes(), ..sent.clone() }, Some(CENTRE))
                .await;
            assert_eq!(came.status, status, "{from} -> {to}: {}", came.body);
            node.fits(&format!("{from} -> {to}"), &operation(answers), &came);
        }
        let (sent, _) = example(reports);
        let (_, _, whole) =
            bodies(&operation(reports)).into_iter().find(|(name, _, _)| name == "whole").unwrap();
        let whole = String::from_utf8(whole).unwrap();
        let cases = [
            ("KZ05802A000000000001", "KZ06802A000000000001", 422),
            ("\"620000.00\"", "\"0.00\"", 422),
            ("\"money\"", "\"gold\"", 422),
            ("\"KZT\"", "\"ZZZ\"", 422),
            // A list is no object, whatever its items.
            (r#"{"amount":"620000.00","currency":"KZT"}"#, r#"["620000.00","KZT"]"#, 400),
            ("", "", 201),
            ("620000.00", "620000.01", 409),
        ];
        for (from, to, status) in cases {
            let came = node
                .send(&Sent { body: whole.replace(from, to).into_bytes(), ..sent.clone() }, Some("ZALT"))
                .await;
            assert_eq!(came.status, status, "{from} -> {to}: {}", came.body);
            node.fits(&format!("{from} -> {to}"), &operation(reports), &came);
        }
        // Long after, the order has lapsed.
        node.world.advance_secs(40 * 86_400);
        assert!(order::service::tick(&node.world.app).await.unwrap().lapsed > 0);
        let (sent, held) = example(answers);
        let late = held.replace("2026-09-01", "2026-10-10");
        let came = node.send(&Sent { body: late.into_bytes(), ..sent }, Some(CENTRE)).await;
        assert_eq!(came.status, 410, "{}", came.body);
        node.fits("an order that has ended", &operation(answers), &came);
    })
    .await;
}

#[tokio::test]
async fn examples_are_what_their_own_schemas_say() {
    let node = Node::of(crate::country::settle(World::new(3)).await).await;
    let mut checked = 0;
    let mut hold = |name: String, media: &Value| {
        let named = media["examples"].as_object().into_iter().flatten().map(|(_, e)| &e["value"]);
        let all: Vec<&Value> = media.get("example").into_iter().chain(named).collect();
        assert!(!all.is_empty(), "{name} has no example");
        for example in all {
            let found = faults(&node.description, &media["schema"], example);
            assert!(found.is_empty(), "{name}: {found:?}");
            checked += 1;
        }
    };
    for (method, path, operation) in node.operations() {
        for (kind, media) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            hold(format!("{method} {path}, body as {kind}"), media);
        }
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|s| s.starts_with('2')), "{method} {path}");
        for (status, response) in responses {
            let content = response["content"].as_object();
            assert!(content.is_some_and(|c| c.len() == 1), "{method} {path}, {status}: no content");
            for (kind, media) in content.into_iter().flatten() {
                let problem = status.starts_with(['4', '5']);
                assert_eq!(kind == "application/problem+json", problem, "{method} {path}, {status}: {kind}");
                hold(format!("{method} {path}, {status}"), media);
            }
        }
    }
    assert!(checked > 50, "only {checked} examples");
}

/// What the page shows as JSON is what the description says; what it leaves out is not taken for whole.
#[tokio::test]
async fn examples_of_the_page_are_what_the_description_says() {
    let node = Node::of(crate::country::settle(World::new(3)).await).await;
    let mut seen = Vec::new();
    for block in PAGE.split("```json\n").skip(1) {
        let text = block.split("```").next().unwrap();
        let value: Value = serde_json::from_str(text).unwrap();
        let name = match value["type"].as_str().unwrap() {
            "answer.v1" => "Answer",
            "check.v1" => "Check",
            "clearance.v1" => "ClearanceMessage",
            "correction.v1" => "CorrectionMessage",
            "notice.v1" => "NoticeMessage",
            "order.v1" => "OrderMessage",
            "outcomes.v1" => "Outcomes",
            "release.v1" => "ReleaseMessage",
            "reminder.v1" => "ReminderMessage",
            "registration.v1" => "RegistrationFile",
            "registration_case.v1" => "RegistrationCaseFile",
            "referral.v1" => "ReferralFile",
            "referral_withdrawn.v1" => "ReferralWithdrawn",
            "referral_answer.v1" => "ReferralAnswer",
            "registration_receipt.v1" | "registration_refusal.v1" => "RegistrationAnswer",
            _ => "ReportMessage",
        };
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let found = faults(&node.description, &schema, &value);
        assert!(found.is_empty(), "{name}: {found:?}");
        assert!(!text.contains('…'), "{name} is not whole");
        seen.push(name);
    }
    seen.sort_unstable();
    seen.dedup();
    let all = [
        "Answer",
        "Check",
        "ClearanceMessage",
        "CorrectionMessage",
        "NoticeMessage",
        "OrderMessage",
        "Outcomes",
        "ReferralAnswer",
        "ReferralFile",
        "ReferralWithdrawn",
        "RegistrationAnswer",
        "RegistrationCaseFile",
        "RegistrationFile",
        "ReleaseMessage",
        "ReminderMessage",
        "ReportMessage",
    ];
    assert_eq!(seen, all);
}

/// The signed request of the page, byte for byte as it stands there.
#[test]
fn the_signature_of_the_page_holds() {
    let text = PAGE.split("```http\n").nth(1).unwrap().split("\n```").next().unwrap();
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let mut start = lines.next().unwrap().split(' ');
    let (method, path) = (start.next().unwrap(), start.next().unwrap());
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        headers.insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let target = format!("https://{}{path}", headers["host"].to_str().unwrap());
    let after = |what: &str| PAGE.split(what).nth(1).unwrap().split('`').nth(1).unwrap().to_owned();
    let key = httpsig::seed_from_text(&after("private key")).unwrap();
    assert_eq!(httpsig::public_key_text(&key.verifying_key()), after("public key"));
    let request = Request { method, target_uri: &target, headers: &headers, body: body.as_bytes() };
    let input = headers["signature-input"].to_str().unwrap().to_owned();
    let number = |name: &str| {
        let rest = input.split(&format!("{name}=")).nth(1).unwrap();
        rest.split(';').next().unwrap().parse::<i64>().unwrap()
    };
    let verify = |request: &Request<'_>| {
        httpsig::verify_request(request, |_| Some(key.verifying_key()), number("created") + 1)
    };
    let verified = verify(&request).unwrap();
    assert_eq!(verified.keyid, "ZBEK/2026-1");
    verify(&Request { body: b"{}", ..request }).unwrap_err();
    verify(&Request { method: "PUT", ..request }).unwrap_err();
    // The text that is signed stands there, too, and is signed as it stands.
    let base = PAGE.split("```text\n\"@method\"").nth(1).unwrap().split("\n```").next().unwrap();
    let signature = ed25519_dalek::Signer::sign(&key, format!("\"@method\"{base}").as_bytes()).to_bytes();
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, signature);
    assert_eq!(headers["signature"].to_str().unwrap(), format!("qorgan=:{encoded}:"));
}
