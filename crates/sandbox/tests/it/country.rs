//! The whole country against the small node, over real HTTP on loopback.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sandbox::country::{Behaviour, Behaviours, Country, files};
use sandbox::stage::Mutant;
use sandbox::{Config, Init, Summary};
use serde_json::json;
use tokio::net::TcpListener;

use crate::node::{Node, Rules, minor, money};

/// A folder of one test, gone when it ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

async fn free_port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// A country and a node for it.
async fn set_up(seed: u64, rules: Rules) -> (Folder, Arc<Node>, Config) {
    let nonce = sandbox::node::nonce().unwrap();
    let dir = std::env::temp_dir().join(format!("sandbox-{}-{nonce}", std::process::id()));
    let ((here, node), (gate, listen), (tell, admin)) =
        (free_port().await, free_port().await, free_port().await);
    drop((gate, tell));
    let wish = Init { seed, node: format!("http://{node}"), listen, admin };
    let country = sandbox::init(&dir, &wish).unwrap();
    let node = Node::start(here, country, rules).await;
    let config = Config {
        run_for: Some(Duration::from_secs(6)),
        settle: Duration::from_secs(8),
        reports_per_minute: 400,
        ..Config::of(&dir)
    };
    (Folder(dir), node, config)
}

fn text(minor: i64) -> String {
    money(minor)["amount"].as_str().unwrap().to_owned()
}

/// Holds that were told of, by order and object, with the node's figure beside the ledger's; and every answer
/// that was accepted.
fn compare(node: &Node, summary: &Summary) -> Vec<String> {
    let written = node.written.lock().unwrap();
    let mut truth: BTreeMap<(String, String), String> = BTreeMap::new();
    for hold in &summary.holds {
        truth.insert((hold.order_id.clone(), hold.object_id.clone()), hold.held_ever.amount.clone());
    }
    let known: BTreeMap<(String, String), String> = written
        .objects
        .iter()
        .filter(|(_, k)| k.held > 0)
        .map(|(id, k)| (id.clone(), text(k.held)))
        .collect();
    let mut differences = Vec::new();
    // An answer may tell of no hold; the loss of such a one changes no sum.
    for answered in &summary.answered {
        let id = (answered.order_id.clone(), answered.object_id.clone());
        let lines = written.objects.get(&id).map(|k| k.lines.clone()).unwrap_or_default();
        if !answered.codes.iter().all(|code| lines.contains(code)) {
            differences.push(format!("{id:?}: answered {:?}, known {lines:?}", answered.codes));
        }
    }
    for id in truth.keys().chain(known.keys()) {
        if truth.get(id) != known.get(id) {
            differences.push(format!("{id:?}: truly {:?}, known {:?}", truth.get(id), known.get(id)));
        }
    }
    differences
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_the_centre_everything_adds_up() {
    let (_folder, node, config) = set_up(7, Rules::default()).await;
    let summary = sandbox::run(config.clone()).await.unwrap();
    assert_eq!(compare(&node, &summary), Vec::<String>::new());
    assert!(summary.conserved && summary.holds.len() >= 5, "{} holds", summary.holds.len());
    assert_eq!(summary.swallowed, BTreeMap::new(), "the node took what it must refuse");
    assert_eq!(summary.refused, BTreeMap::new(), "the node refused what was right");
    assert_eq!(summary.gateway, BTreeMap::new(), "the gateways refused what was right");
    assert_eq!(summary.reports.get("failed"), None, "{:?}", summary.reports);
    assert!(summary.reports["kk"] > 0 && summary.reports["ru"] > 0, "{:?}", summary.reports);
    assert_eq!(summary.reports["filed"], u64::try_from(summary.filed.len()).unwrap());
    let written = node.written.lock().unwrap();
    assert_eq!(written.broken, Vec::<String>::new());
    assert_eq!(written.reports.len(), summary.filed.len(), "as many reports as were filed");
    assert!(written.hops > 5, "{} hops", written.hops);
    assert!(written.sessions.values().any(|s| s.language == "kk" && s.story.is_some()));
    let held: i64 = written.objects.values().map(|k| k.held).sum();
    assert_eq!(text(held), summary.held_ever_told.amount);
    // The journal and the summary lie in the folder.
    assert!(std::fs::read_to_string(config.dir.join(files::TRUTH)).unwrap().lines().count() > 50);
    let kept: Summary =
        serde_json::from_slice(&std::fs::read(config.dir.join(files::SUMMARY)).unwrap()).unwrap();
    assert_eq!(kept, summary);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn straight_to_the_banks_holds_lapse_by_themselves() {
    let rules = Rules { centre: false, expires_after: 240, ..Rules::default() };
    let (_folder, node, config) = set_up(8, rules).await;
    Behaviours::default().save(&config.dir).unwrap();
    let summary = sandbox::run(config).await.unwrap();
    assert_eq!(compare(&node, &summary), Vec::<String>::new());
    assert!(
        summary.holds.iter().any(|h| h.freed_by.as_deref() == Some("L60") && h.held_now.amount == "0.00")
    );
    assert!(
        node.written
            .lock()
            .unwrap()
            .objects
            .values()
            .any(|k| k.lines.iter().any(|l| l == "L60") && k.freed == k.held)
    );
    assert!(summary.conserved);
    // The one that only reads its inbox is served too.
    let orders_to_it = node
        .written
        .lock()
        .unwrap()
        .objects
        .values()
        .filter(|k| k.executor == "ZTUL" && !k.lines.is_empty())
        .count();
    assert!(orders_to_it > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_frees_the_money_once_whatever_partners_do() {
    let rules = Rules { centre: false, release: true, ..Rules::default() };
    let (_folder, node, config) = set_up(9, rules).await;
    let mut worst = Behaviours::default();
    for institution in node.country.executors() {
        let manners = Behaviour {
            doubled: 500,
            replayed: 300,
            reordered: 300,
            lying: 300,
            wrong_amount: 400,
            malformed: 400,
            unsigned: 400,
            stumbling: 300,
            ack_in_response: true,
            ..Behaviour::default()
        };
        worst.0.insert(institution.code.clone(), manners);
    }
    worst.save(&config.dir).unwrap();
    let summary = sandbox::run(config).await.unwrap();
    assert_eq!(compare(&node, &summary), Vec::<String>::new());
    assert!(summary.holds.iter().any(|h| h.freed_by.as_deref() == Some("L61")), "{:?}", summary.holds);
    assert!(summary.answers["in_response"] > 0 && summary.messages["lied"] > 0);
    assert!(summary.answers["stumbled"] > 0);
    for fault in ["doubled", "replayed", "wrong_amount", "malformed", "unsigned"] {
        assert!(summary.faults[fault] > 0, "{fault} never occurred: {:?}", summary.faults);
    }
    assert_eq!((&summary.swallowed, &summary.refused), (&BTreeMap::new(), &BTreeMap::new()));
    let written = node.written.lock().unwrap();
    assert!(written.objects.values().all(|k| k.freed <= k.held), "freed more than was held");
    assert!(written.objects.values().any(|k| k.freed > 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_country_that_loses_answers_is_noticed() {
    let (_folder, node, config) = set_up(7, Rules { centre: false, ..Rules::default() }).await;
    Behaviours::default().save(&config.dir).unwrap();
    let config =
        Config { mutant: Some(Mutant::DropTenthAnswer), run_for: Some(Duration::from_secs(8)), ..config };
    let summary = sandbox::run(config).await.unwrap();
    assert!(summary.answers["lost_by_mutant"] > 0);
    assert_ne!(compare(&node, &summary), Vec::<String>::new(), "{:?}", summary.answers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_refuses_to_work_with_a_node_that_lacks_something() {
    let (_folder, _node, config) = set_up(7, Rules { hide: Some("/api/v1/inbox"), ..Rules::default() }).await;
    let error = sandbox::run(config.clone()).await.unwrap_err().to_string();
    assert!(error.contains("operation `GET /api/v1/inbox`"), "{error}");
    let elsewhere = Config { node: Some("http://192.0.2.7".to_owned()), ..config };
    let error = sandbox::run(elsewhere).await.unwrap_err().to_string();
    assert!(error.contains("not on loopback"), "{error}");
}

/// Messages that are not the node's, or not fresh, have no effect.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateways_believe_nobody_without_a_signature() {
    let (_folder, node, config) = set_up(7, Rules { centre: false, ..Rules::default() }).await;
    Behaviours::default().save(&config.dir).unwrap();
    let running = tokio::spawn(sandbox::run(Config {
        victims: false,
        run_for: Some(Duration::from_secs(4)),
        ..config
    }));
    sandbox::clock::pause(Duration::from_millis(2_000)).await;
    let country: &Country = &node.country;
    let url = format!("{}/messages", country.find("ZALT").unwrap().gateway);
    let message = |id: &str| {
        let reminder = json!({"type": "reminder.v1", "message_id": id, "order_id": "ord_x", "executor": "ZALT", "due": "2026-11-23T14:05:00+05:00"});
        reminder.to_string().into_bytes()
    };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = |headers: axum::http::HeaderMap, body: Vec<u8>| {
        let request = http.post(&url).headers(headers).body(body);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let good = node.signed(&url, &message("m1"));
    assert_eq!(post(good.clone(), message("m1")).await, 200);
    assert_eq!(post(good, message("m1")).await, 401, "the same signature again");
    assert_eq!(
        post(node.signed(&url, &message("m1")), message("m1")).await,
        200,
        "the same message, newly signed"
    );
    assert_eq!(post(axum::http::HeaderMap::new(), message("m2")).await, 401, "unsigned");
    assert_eq!(post(node.signed(&url, &message("m2")), message("m3")).await, 401, "another body");
    let other = format!("{}/messages", country.find("ZBEK").unwrap().gateway);
    assert_eq!(post(node.signed(&other, &message("m4")), message("m4")).await, 401, "meant for another bank");
    let junk = b"{\"type\":\"order.v9\"}".to_vec();
    assert_eq!(post(node.signed(&url, &junk), junk.clone()).await, 400);
    let summary = running.await.unwrap().unwrap();
    assert_eq!(summary.messages, BTreeMap::from([("again".to_owned(), 1), ("new".to_owned(), 1)]));
    assert_eq!(summary.gateway.values().sum::<u64>(), 5, "{:?}", summary.gateway);
    assert_eq!(minor(&money(105)), Some(105));
}
