//! A real database never becomes a demonstration, and serving refuses neither.

use axum::body::Body;
use http_body_util::BodyExt as _;
use kernel::Actor;
use tower::ServiceExt as _;

use crate::country::{iban, report};
use crate::nodes::{Node, block_on, nodes};

fn demo_init(node: &Node) -> anyhow::Result<()> {
    node.run(&["demo-init", "--country", &node.agreement()])
}

/// Nothing of a demonstration is there: no mark, no people, no sign-ins.
fn untouched(node: &Node) {
    let app = node.open();
    assert!(!app.demo && app.factor == 1);
    let people = block_on(access::accounts(&app, &Actor::system("setup"))).unwrap();
    assert!(people.iter().all(|a| !a.demo), "{people:?}");
    assert!(block_on(access::demo_sign_in(&app, "aliya", &access::Client::default())).is_err());
    assert!(!node.data.join("sign-ins.txt").exists());
}

fn refused(node: &Node, why: &str) {
    let error = demo_init(node).unwrap_err().to_string();
    assert!(error.contains("not created as a demonstration") && error.contains(why), "{error}");
    untouched(node);
    // And once more: refusing leaves nothing behind that would let the second try pass.
    assert!(demo_init(node).is_err());
    untouched(node);
}

/// Whether the node's own router answers.
async fn serves(node: &Node) {
    let app = node.open();
    let silent = partner::web::Silent(std::sync::Arc::new(Vec::new));
    let router = qorgan::http::router(&app, silent).unwrap();
    for path in ["/ready", "/", "/sign-in"] {
        let request =
            axum::http::Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.into_body().collect().await.unwrap();
    }
}

#[test]
fn an_empty_database_becomes_one_and_stays_one() {
    for node in nodes() {
        demo_init(&node).unwrap();
        let app = node.open();
        assert!(app.demo && app.factor == 10);
        let people = block_on(access::accounts(&app, &Actor::system("setup"))).unwrap();
        assert!(!people.is_empty() && people.iter().all(|a| a.demo));
        let sign_ins = std::fs::read_to_string(node.data.join("sign-ins.txt")).unwrap();
        assert!(sign_ins.contains("administrator"), "{sign_ins}");
        // A demonstration may be set up again, also after it has been used.
        node.run(&["user", "close", "aliya", "--reason", "tired"]).unwrap();
        demo_init(&node).unwrap();
        block_on(serves(&node));
    }
}

#[test]
fn an_account_alone_is_enough_to_refuse() {
    for node in nodes() {
        let app = node.open();
        let new = access::NewAccount {
            login: "dina".into(),
            name: "Дина".into(),
            password: kernel::Secret::new("көк тау, ақ бұлт, 7 жол".to_owned()),
            roles: vec![kernel::Role::Administrator],
            seat: None,
            unit: "duty".into(),
        };
        block_on(access::create_account(&app, &Actor::system("setup"), new)).unwrap();
        drop(app);
        refused(&node, "record");
        block_on(serves(&node));
    }
}

#[test]
fn a_report_alone_is_enough_to_refuse() {
    for node in nodes() {
        let app = node.open();
        let filing = report::service::Filing { draft: None, with_code: false };
        let told = report(&app, 1, &iban("ZBEK", 1), 10_000, app.office.now());
        block_on(report::service::file(&app, &Actor::Public, told, filing)).unwrap();
        drop(app);
        refused(&node, "record");
        block_on(serves(&node));
    }
}

#[test]
fn an_institution_alone_is_enough_to_refuse() {
    for node in nodes() {
        node.run(&["partner", "import", &node.agreement()]).unwrap();
        refused(&node, "record");
        block_on(serves(&node));
    }
}

/// Rows that came another way than by acts, as after a copy between databases.
#[test]
fn rows_without_records_are_enough_to_refuse() {
    for node in nodes() {
        let app = node.open();
        let partner = partner::Partner {
            id: partner::PartnerId::from_uuid(app.uuid()),
            code: "ZALT".into(),
            kind: "bank".into(),
            role: partner::PartnerRole::Executor,
            names: kernel::Localised::default(),
            iban_codes: vec![],
            card_bins: vec![],
            keeps: partner::model::Keeps::default(),
            gateway_url: String::new(),
            protocol: partner::Protocol::Json,
            duty_phone: String::new(),
            contact: String::new(),
            active: true,
            until_day: String::new(),
            requests_per_minute: None,
            mode: partner::model::Mode::Live,
            live_asked_by: None,
            mutual_tls: false,
        };
        let header = app.header(&Actor::system("setup"), kernel::Lang::EN, "partner");
        app.db.write_blocking(move |tx| partner::store::insert(tx, &partner, &header)).unwrap();
        drop(app);
        refused(&node, "institutions");
    }
}
