//! The public form of the small node: pages with hidden fields that must come back, a session by cookie, and a
//! receipt that is given once for one idempotency key.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::node::Node;

/// One visitor.
#[derive(Debug, Clone, Default)]
pub struct Session {
    pub language: String,
    pub pages: Vec<HashMap<String, String>>,
    pub number: Option<String>,
    pub story: Option<String>,
}

pub fn routes() -> Router<Arc<Node>> {
    Router::new()
        .route("/report/{page}", get(show).post(take))
        .route("/my-report/story", get(show_story).post(take_story))
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::COOKIE)?.to_str().ok()?;
    text.split("; ").find_map(|p| p.strip_prefix("visit=")).map(str::to_owned)
}

fn pairs(body: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn page(inner: &str) -> String {
    format!(
        r#"<!doctype html><form action="/language" method="post"><input type="hidden" name="to" value="en"></form>{inner}"#
    )
}

async fn show(State(node): State<Arc<Node>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let visit = cookie(&headers).unwrap_or_else(|| sandbox::node::nonce().unwrap());
    let language = headers[header::ACCEPT_LANGUAGE].to_str().unwrap().to_owned();
    let mut written = node.written.lock().unwrap();
    let session = written.sessions.entry(visit.clone()).or_default();
    session.language = language;
    let fields = match name.as_str() {
        "now" => r#"<input type=radio name=ongoing value=yes><input type=radio name=ongoing value=no>"#,
        "what" => r#"<input type=radio name=kind value=money>"#,
        "payment" => {
            r#"<select name=own_bank><option value="">?</select><input name=amount><input name=day_time><textarea name=to></textarea>
                        <button name=next value=done>"#
        }
        "you" => r#"<input name=name><input name=phone><input name=iin>"#,
        "check" => {
            r#"<input type=hidden name=idempotency_key value="K&amp;1"><input type=checkbox name=confirm value=1>"#
        }
        "receipt" => {
            let number = session.number.clone().unwrap();
            let html = page(&format!(
                r#"<main data-receipt-number="{number}" data-receipt-code="1234 5678 1234 5678">"#
            ));
            return Html(html).into_response();
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let html = page(&format!(
        r#"<form method=post action="/report/{name}"><input type=hidden name=csrf value="{visit}">{fields}</form>"#
    ));
    ([(header::SET_COOKIE, format!("visit={visit}; HttpOnly; Path=/"))], Html(html)).into_response()
}

async fn take(
    State(node): State<Arc<Node>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let (Some(visit), fields) = (cookie(&headers), pairs(&body)) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    if fields.get("csrf") != Some(&visit) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut written = node.written.lock().unwrap();
    let count = written.reports.len();
    let session = written.sessions.get_mut(&visit).unwrap();
    let next = match name.as_str() {
        "now" => "what",
        "what" if fields["kind"] == "nothing" => "you",
        "what" => "payment",
        "payment" if fields["next"] == "another" => "payment",
        "payment" => "you",
        "you" => "check",
        _ => "receipt",
    };
    session.pages.push(fields.clone());
    if next == "receipt" {
        assert_eq!((fields["confirm"].as_str(), fields["idempotency_key"].as_str()), ("1", "K&1"));
        // The same key again gives the same report.
        if session.number.is_none() {
            let number = format!("R-2026-{count:06}");
            session.number = Some(number.clone());
            let session = session.clone();
            written.reports.insert(number, json!({"lang": session.language, "pages": session.pages}));
            drop(written);
            orders(&node, &session);
        }
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/report/{next}"))]).into_response()
}

/// One order for each payment whose receiver can be told to belong to somebody.
fn orders(node: &Arc<Node>, session: &Session) {
    for payment in session.pages.iter().filter(|p| p.contains_key("amount")) {
        let digits: String = payment["amount"].chars().filter(char::is_ascii_digit).collect();
        let amount = digits.parse::<i64>().unwrap() * 100;
        let today = node.now();
        let date = match payment["day"].as_str() {
            "today" => today.civil("%Y-%m-%d"),
            "yesterday" => today.plus(-86_400).civil("%Y-%m-%d"),
            _ => format!("{}-{:0>2}-{:0>2}", payment["day_y"], payment["day_m"], payment["day_d"]),
        };
        let seconds = if payment["day_time"].len() == 5 { ":00" } else { "" };
        let at = format!("{date}T{}{seconds}+05:00", payment["day_time"]);
        let bare: String = payment["to"].chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let own = payment["own_bank"].clone();
        let find = |f: &dyn Fn(&Value) -> bool| {
            node.country
                .institutions
                .iter()
                .find(|i| f(&serde_json::to_value(i).unwrap()))
                .map(|i| i.code.clone())
        };
        let upper = bare.to_uppercase();
        if upper.starts_with("KZ") {
            if let Some(bank) = find(&|i| i["iban_code"] == upper[4..7]) {
                node.order(&bank, "iban", &upper, amount, &at, None, "in", 1);
            }
        } else if bare.len() == 16 {
            if let Some(bank) = find(&|i| i["card_bins"][0] == bare[..6]) {
                let ends = format!("{}{}", &bare[..6], &bare[12..]);
                node.order(&bank, "card", &ends, amount, &at, None, "in", 1);
            }
        } else if bare.len() >= 10 {
            let phone = format!("+7{}", &bare[bare.len() - 10..]);
            node.order(&own, "phone", &phone, amount, &at, None, "out", 0);
        } else {
            assert_eq!(payment.get("to_unknown").map(String::as_str), Some("1"));
        }
    }
}

async fn show_story(headers: HeaderMap) -> Html<String> {
    let visit = cookie(&headers).unwrap();
    Html(page(&format!(
        r#"<form method=post><input type=hidden name=csrf value="{visit}"><textarea name=story></textarea></form>"#
    )))
}

async fn take_story(State(node): State<Arc<Node>>, headers: HeaderMap, body: String) -> Response {
    let (visit, fields) = (cookie(&headers).unwrap(), pairs(&body));
    let mut written = node.written.lock().unwrap();
    written.sessions.get_mut(&visit).unwrap().story = Some(fields["story"].clone());
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/report/receipt".to_owned())]).into_response()
}
