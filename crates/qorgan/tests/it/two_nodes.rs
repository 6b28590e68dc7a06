//! Two processes of the program over one PostgreSQL: what an approver lists at one is told by the other.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use app::App;
use axum::http::{HeaderMap, HeaderValue};
use identifier::Kind;
use kernel::{Actor, Role};
use registry::service;
use serde_json::{Value, json};

use crate::country::{iban, key_of, report, staff};
use crate::nodes::{Node, block_on, nodes};

/// A running process; dropping it ends it.
struct Process {
    child: Child,
    base: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Process {
    fn start(node: &Node, database: &str) -> Self {
        // Bound to find a free port, and let go again.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let base = format!("http://127.0.0.1:{port}");
        let child = Command::new(env!("CARGO_BIN_EXE_qorgan"))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--public-url", &base])
            .arg("--data")
            .arg(&node.data)
            .args(["--database", database])
            .env("RUST_LOG", "off")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, base }
    }

    /// What an institution is told of an account; `None` while nobody answers.
    async fn told(&self, app: &App, http: &reqwest::Client, value: &str) -> Option<Value> {
        let body = json!({"type": "check.v1", "why": "payment", "items": [{"kind": "iban", "value": value}]});
        let (body, target) = (body.to_string(), format!("{}/api/v1/checks", self.base));
        let json = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::from_iter([("content-type".parse().unwrap(), json)]);
        let nonce = app.uuid().simple().to_string();
        let created = app.wall.now().as_secs();
        let params = httpsig::Params { keyid: "ZALT/1", nonce: &nonce, created, expires: created + 60 };
        let request = httpsig::Request {
            method: "POST",
            target_uri: &target,
            headers: &headers,
            body: body.as_bytes(),
        };
        headers.extend(httpsig::sign_request(&key_of("ZALT"), &request, &params).unwrap());
        let answer = http.post(target).headers(headers).body(body).send().await.ok()?;
        let answer: Value = serde_json::from_slice(&answer.bytes().await.ok()?).ok()?;
        Some(answer["items"][0].clone()).filter(|item| !item.is_null())
    }

    /// Asks until it is told so.
    async fn tells(&self, app: &App, http: &reqwest::Client, value: &str, advice: &str) {
        let mut last = None;
        for _ in 0..300 {
            last = self.told(app, http, value).await;
            if last.as_ref().is_some_and(|item| item["advice"] == advice) {
                return;
            }
            app.timer.sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(last.map(|item| item["advice"].clone()), Some(json!(advice)), "{}", self.base);
    }
}

#[test]
fn what_is_listed_at_one_is_told_by_the_other() {
    let Some(node) = nodes().into_iter().find(|node| node.database.is_some()) else { return };
    let database = node.database.clone().unwrap();
    node.run(&["partner", "import", "--live", &node.agreement()]).unwrap();
    let (one, other) = (Process::start(&node, &database), Process::start(&node, &database));
    let app = node.open();
    block_on(async {
        let (http, value) = (reqwest::Client::new(), iban("ZBEK", 7));
        for process in [&one, &other] {
            process.tells(&app, &http, &value, "none").await;
        }
        let new = report(&app, 981, &value, 10_000, app.office.now());
        let filing = report::service::Filing { draft: None, with_code: true };
        report::service::file(&app, &Actor::Public, new, filing).await.unwrap();
        for process in [&one, &other] {
            process.tells(&app, &http, &value, "ask_payer").await;
        }
        let id = service::entry_id(&app, Kind::Iban, &value);
        let officer = staff(&app, 1, Role::DutyOfficer).await;
        service::confirm(&app, &officer, id, "two victims paid here").await.unwrap();
        for no in 11.. {
            let approver = staff(&app, no, Role::Approver).await;
            if service::list(&app, &approver, id).await.unwrap().missing == 0 {
                break;
            }
        }
        for process in [&one, &other] {
            process.tells(&app, &http, &value, "decline").await;
        }
        service::clear(&app, &staff(&app, 30, Role::Approver).await, id, "it was the seller of a phone")
            .await
            .unwrap();
        for process in [&one, &other] {
            process.tells(&app, &http, &value, "none").await;
        }
    });
}
