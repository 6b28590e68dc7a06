//! What a bank sends: the same writing as the form keeps, clear refusals, one report for one key.

use std::sync::Arc;

use app::{App, Node};
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use kernel::{Actor, Purpose, Secret};
use report::service;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use utoipa_axum::router::OpenApiRouter;

use crate::support::{IBAN, Place, on_each, site};

/// The secret key to the public one of RFC 8032's first test, which both invented banks have.
const SECRET: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44,
    0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

/// The bank's own machine: it signs as `UBANK`.
fn bank(app: &App) -> App {
    let node = Node {
        name: "bank".to_owned(),
        code: "UBANK".to_owned(),
        unit: String::new(),
        public_url: String::new(),
        keyid: "UBANK/1".to_owned(),
        message_key: Secret::new(SECRET),
        log_key: Secret::new(SECRET),
    };
    App { node: Arc::new(node), ..app.clone() }
}

/// Sends a message as the bank does.
async fn send(app: &App, text: String) -> (StatusCode, Value) {
    let url = format!("{}/api/v1/reports", app.node.public_url);
    let headers = partner::service::sign_request(&bank(app), "POST", &url, text.as_bytes()).unwrap();
    let mut request = Request::post("/api/v1/reports");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let (api, _) = OpenApiRouter::<App>::new().nest("/api/v1", report::api::routes()).split_for_parts();
    let router = web::wrap(api.with_state(app.clone()), &site(app));
    let answer = router.oneshot(request.body(Body::from(text)).unwrap()).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

fn message(place: &Place) -> Value {
    json!({
        "type": "report.v1", "external_id": "Ü-1", "kind": "money", "lang": "kk",
        "reporter": {"name": " Айгүл ", "phone": "8 (701) 222-33-44", "iin": "910101397223"},
        "story": "Олар қоңырау шалды",
        "payments": [{
            "amount": {"amount": "250000.00", "currency": "KZT"},
            "at": place.app.office.now().plus_secs(-600).rfc3339(),
            "own_institution": "UBANK", "own_account": "4400 4301 2345 6789",
            "to": {"kind": "iban", "value": IBAN}, "reference": "REF-1",
        }],
    })
}

#[test]
fn a_bank_s_report_is_kept_as_the_form_keeps_it() {
    on_each(async |place: Place| {
        let (status, filed) = send(&place.app, message(&place).to_string()).await;
        assert_eq!(status, StatusCode::CREATED, "{filed}");
        let id = place.app.db.read(report::store::all_ids).await.unwrap()[0];
        let actor = Actor::Citizen { report: id.uuid() };
        let full = service::open(&place.app, &actor, id, Purpose::OwnData).await.unwrap();
        let who = full.told.reporter.open(Purpose::OwnData);
        assert_eq!(
            (who.name.as_str(), who.phone.as_str(), who.iin.as_str()),
            ("Айгүл", "+77012223344", "910101397223")
        );
        let own = full.payments[0].own_account.as_ref().unwrap().open(Purpose::OwnData);
        assert_eq!(own, "4400436789", "a card is never kept whole");
        assert_eq!(full.report.channel, "partner:UBANK");
    });
}

#[test]
fn one_key_stands_for_one_message() {
    on_each(async |place: Place| {
        let first = message(&place);
        let (_, filed) = send(&place.app, first.to_string()).await;
        // The same message, written otherwise, is the same report.
        let (status, again) = send(&place.app, serde_json::to_string_pretty(&first).unwrap()).await;
        assert_eq!((status, &again), (StatusCode::OK, &filed));
        let mut other = first.clone();
        other["payments"][0]["amount"]["amount"] = json!("250001.00");
        let (status, problem) = send(&place.app, other.to_string()).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (StatusCode::CONFLICT, Some("report.other_body")),
            "{problem}"
        );
        assert_eq!(place.app.db.read(report::store::all_ids).await.unwrap().len(), 1);
        other["external_id"] = json!("Ü-2");
        assert_eq!(send(&place.app, other.to_string()).await.0, StatusCode::CREATED);
    });
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    on_each(async |place: Place| {
        let long = "x".repeat(600);
        let late = place.app.office.now().plus_secs(3_600).rfc3339();
        let wrong: Vec<(&str, &str, Value, &str)> = vec![
            ("/reporter/phone", "#/reporter/phone", json!("12345"), "report.phone"),
            ("/reporter/phone", "#/reporter/phone", json!(long), "report.phone"),
            ("/reporter/iin", "#/reporter/iin", json!("910101397224"), "report.iin"),
            ("/reporter/name", "#/reporter/name", json!("ә".repeat(201)), "report.name_too_long"),
            ("/story", "#/story", json!("x".repeat(256 * 1024 + 1)), "report.story_too_long"),
            (
                "/payments/0/own_institution",
                "#/payments/0/own_institution",
                json!("NOBANK"),
                "report.institution",
            ),
            (
                "/payments/0/own_account",
                "#/payments/0/own_account",
                json!("KZ599010000000000003"),
                "report.own_account",
            ),
            (
                "/payments/0/own_account",
                "#/payments/0/own_account",
                json!("4400 4301 2345 6780"),
                "report.own_account",
            ),
            ("/payments/0/own_account", "#/payments/0/own_account", json!(long), "report.own_account"),
            ("/payments/0/reference", "#/payments/0/reference", json!(long), "report.reference_too_long"),
            ("/payments/0/to/value", "#/payments/0/to/value", json!(long), "report.target"),
            ("/payments/0/own_account", "#/payments/0/to/value", json!(IBAN), "report.to_itself"),
            ("/payments/0/amount/amount", "#/payments/0/amount/amount", json!("1.234.567"), "report.amount"),
            (
                "/payments/0/amount/amount",
                "#/payments/0/amount/amount",
                json!("90000000000000000.00"),
                "report.amount_too_large",
            ),
            ("/payments/0/at", "#/payments/0/at", json!(late), "report.payment_in_future"),
            ("/payments/0/amount/currency", "#/payments/0/amount/currency", json!("XXX"), "report.currency"),
        ];
        for (place_of, pointer, value, code) in wrong {
            let mut m = message(&place);
            *m.pointer_mut(place_of).unwrap() = value;
            let (status, problem) = send(&place.app, m.to_string()).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{place_of}: {problem}");
            let error = &problem["errors"][0];
            assert_eq!((error["pointer"].as_str(), error["code"].as_str()), (Some(pointer), Some(code)));
            let detail = error["detail"].as_str().unwrap();
            assert!(!detail.contains('[') && !detail.contains(code) && !detail.is_empty(), "words: {detail}");
        }
        assert!(place.app.db.read(report::store::all_ids).await.unwrap().is_empty(), "nothing half-written");
        let mut none = message(&place);
        none["reporter"] = json!({});
        none["payments"][0]["own_account"] = Value::Null;
        none["payments"][0]["own_institution"] = Value::Null;
        assert_eq!(
            send(&place.app, none.to_string()).await.0,
            StatusCode::CREATED,
            "what is missing is no error"
        );
    });
}
