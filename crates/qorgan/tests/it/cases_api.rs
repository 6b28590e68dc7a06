//! Cases over the API: whatever the pages do, by a token that is never more than its owner, known again if it comes twice; every answer is as
//! the served description says; on each engine.

use std::collections::BTreeSet;

use access::{NewToken, Session, TokenId, make_token, open_session};
use app::App;
use axum::body::Body;
use http_body_util::BodyExt as _;
use kernel::{Actor, Role};
use serde_json::{Value, json};
use testkit::World;
use tower::ServiceExt as _;

use crate::browser::{Browser, browser};
use crate::country::{file, iban, report, staff};
use crate::schema::faults;
use crate::talk::each;

/// A program, and the description that it was made from.
struct Program {
    router: axum::Router,
    bearer: String,
    token: TokenId,
    description: Value,
}

fn router(app: &App) -> axum::Router {
    qorgan::http::router(app, partner::web::Silent(std::sync::Arc::new(Vec::new))).unwrap()
}

async fn session(desk: &Browser) -> Session {
    let token = desk.cookie.split_once('=').unwrap().1;
    open_session(&desk.app, token, "test").await.unwrap().unwrap()
}

async fn description(app: &App) -> Value {
    let request = axum::http::Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let answer = router(app).oneshot(request).await.unwrap();
    serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

/// The path of the description that an address is one of: the one with the fewest parameters.
fn path_of<'a>(description: &'a Value, address: &str) -> &'a str {
    let address: Vec<&str> = address.split('?').next().unwrap().split('/').collect();
    let fits = |path: &&String| {
        let path: Vec<&str> = path.split('/').collect();
        path.len() == address.len() && path.iter().zip(&address).all(|(p, a)| p.starts_with('{') || p == a)
    };
    let all = description["paths"].as_object().unwrap().keys().filter(fits);
    all.min_by_key(|path| path.matches('{').count()).unwrap()
}

impl Program {
    /// Of somebody of the demonstration.
    async fn of(world: &World, login: &'static str, writes: bool) -> Self {
        let desk = browser(world, "ru", Some(login)).await;
        let session = session(&desk).await;
        let id = TokenId::from_uuid(world.app.uuid());
        let new = NewToken { id, name: "Бағдарлама".to_owned(), writes, days: 1 };
        let token = make_token(&world.app, &session, new).await.unwrap();
        Self {
            router: router(&world.app),
            bearer: format!("Bearer {}", token.expose()),
            token: id,
            description: description(&world.app).await,
        }
    }

    async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> (u16, Value) {
        let mut request =
            axum::http::Request::builder().method(method).uri(path).header("accept-language", "en");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        self.fits(&format!("{method} {path}"), (method, path), (status, &kind, &value));
        (status, value)
    }

    /// What came is one of the answers that the description has.
    fn fits(&self, name: &str, (method, path): (&str, &str), (status, kind, value): (u16, &str, &Value)) {
        let operation = &self.description["paths"][path_of(&self.description, path)][method.to_lowercase()];
        let described = &operation["responses"][status.to_string()]["content"][kind]["schema"];
        assert!(!described.is_null(), "{name}: {status} {kind} is not described: {value}");
        let found = faults(&self.description, described, value);
        assert!(found.is_empty(), "{name}: {found:?} in {value}");
    }

    async fn send(&self, method: &str, path: &str, key: Option<&str>, body: &Value) -> (u16, Value) {
        let mut headers = vec![("authorization", self.bearer.as_str())];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        if method == "POST" {
            headers.push(("content-type", "application/json"));
        }
        let body = if method == "POST" { body.to_string().into_bytes() } else { Vec::new() };
        self.raw(method, path, &headers, body).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, value) = self.send("GET", path, None, &Value::Null).await;
        assert_eq!(status, 200, "{path}: {value}");
        value
    }

    async fn whole(&self, number: &str) -> Value {
        self.get(&format!("/api/v1/cases/{number}")).await
    }

    /// An act that is done; gives its answer.
    async fn act(&self, number: &str, act: &str, body: Value) -> Value {
        let (status, value) = self.tried(number, act, body).await;
        assert_eq!(status, 200, "{act}: {value}");
        value
    }

    async fn tried(&self, number: &str, act: &str, body: Value) -> (u16, Value) {
        self.send("POST", &format!("/api/v1/cases/{number}/do/{act}"), None, &body).await
    }

    async fn opened(&self, title: &str) -> String {
        let (status, value) = self.send("POST", "/api/v1/cases", None, &json!({"title": title})).await;
        assert_eq!(status, 201, "{value}");
        value["number"].as_str().unwrap().to_owned()
    }
}

async fn label(world: &World, login: &'static str) -> String {
    session(&browser(world, "ru", Some(login)).await).await.actor.label()
}

#[tokio::test]
async fn whatever_the_pages_do_is_an_operation() {
    let world = crate::country::settle(World::new(3)).await;
    let description = description(&world.app).await;
    let acts: BTreeSet<&str> = case::web::acts().collect();
    assert!(acts.len() >= 37, "{acts:?}");
    let mut done = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        if !path.starts_with("/api/v1/cases") {
            continue;
        }
        for (method, operation) in item.as_object().unwrap() {
            assert_eq!(operation["security"], json!([{"staff_token": []}]), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path} says what it does");
            for (kind, media) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
                let found = faults(&description, &media["schema"], &media["example"]);
                assert!(found.is_empty(), "{method} {path}, example as {kind}: {found:?}");
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                let problem = &response["content"]["application/problem+json"];
                assert_eq!(problem.is_null(), status.starts_with('2'), "{method} {path} {status}");
                if !problem.is_null() {
                    let found = faults(&description, &problem["schema"], &problem["example"]);
                    assert!(found.is_empty(), "{method} {path} {status}: {found:?}");
                }
            }
        }
        if let Some(act) = path.strip_prefix("/api/v1/cases/{number}/do/") {
            done.insert(act);
        }
    }
    assert_eq!(done, acts, "an act of the pages is an operation, and an operation an act of the pages");
    for (page, method, path) in [
        ("the list", "get", "/api/v1/cases"),
        ("by words", "post", "/api/v1/cases/find"),
        ("new", "post", "/api/v1/cases"),
        ("bring", "post", "/api/v1/cases/bring"),
        ("keep a list", "post", "/api/v1/cases/views"),
        ("lists that are kept", "get", "/api/v1/cases/views"),
        ("throw a list away", "post", "/api/v1/cases/views/{id}/drop"),
        ("what was referred to one's unit", "get", "/api/v1/cases/coming"),
        ("one's tasks", "get", "/api/v1/cases/tasks"),
        ("a case, and its paper", "get", "/api/v1/cases/{number}"),
        ("its time line", "get", "/api/v1/cases/{number}/time"),
    ] {
        assert!(description["paths"][path][method].is_object(), "{page}");
    }
    assert!(description["components"]["securitySchemes"]["staff_token"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_works_a_case_from_its_report_to_its_end() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = world.app.clone();
        let program = Program::of(&world, "aliya", true).await;
        let (me, other) = (label(&world, "aliya").await, label(&world, "marat").await);
        let filed = file(&world, report(&app, 990, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let new = json!({"title": "Үлгі іс", "summary": "Екі төлем", "template": "payment-fraud", "priority": 2,
            "from": {"kind": "report", "number": filed.number}});
        let (status, first) = program.send("POST", "/api/v1/cases", Some("k-1"), &new).await;
        let (again, second) = program.send("POST", "/api/v1/cases", Some("k-1"), &new).await;
        assert_eq!((status, again, &first), (201, 201, &second), "the same key is the same case");
        let number = first["number"].as_str().unwrap();
        let whole = program.whole(number).await;
        assert_eq!(whole["case"]["title"], "Үлгі іс");
        assert_eq!(whole["case"]["lead"]["label"], me.as_str());
        assert_eq!(whole["reports"][0]["number"], filed.number.as_str());
        assert_eq!(whole["lost"][0], json!({"amount": "100.00", "currency": "KZT"}));
        assert_eq!(whole["may"], json!({"work": true, "lead": true, "confirm": false, "receive": false}));
        assert!(!whole["tasks"][0]["task"].as_str().unwrap().contains('\u{1f}'), "in words");

        // Each row that is added has its id at once, and is there under it.
        let task = program.act(number, "task", json!({"task": "Жауап алу", "due": "2027-01-01T00:00:00Z", "urgent": true})).await;
        let id = &task["id"];
        let of = |whole: &Value, list: &str, id: &Value| {
            whole[list].as_array().unwrap().iter().find(|r| r["id"] == *id).cloned().unwrap()
        };
        program.act(number, "assign", json!({"id": id, "assignee": me})).await;
        program.act(number, "due", json!({"id": id})).await;
        let whole = program.whole(number).await;
        let row = of(&whole, "tasks", id);
        assert_eq!((&row["task"], &row["assignee"]["label"], &row["due_at"]), (&json!("Жауап алу"), &json!(me), &Value::Null));
        assert!(program.get("/api/v1/cases/tasks").await["tasks"].as_array().unwrap().iter().any(|t| t["id"] == *id));
        program.act(number, "done", json!({"id": id})).await;
        let (status, problem) = program.tried(number, "done", json!({"id": id})).await;
        assert_eq!((status, &problem["code"]), (409, &json!("case.already")));
        program.act(number, "reopen", json!({"id": id})).await;
        program.act(number, "drop", json!({"id": id})).await;
        program.act(number, "member", json!({"member": other, "part": "талдау"})).await;
        let note = program.act(number, "note", json!({"note": "Тек екеумізге", "readers": [other]})).await;
        let person = program.act(number, "person", json!({"name": "Ойдан шығарылған Адам", "duty": "suspect"})).await;
        program.act(number, "rights", json!({"id": person["id"]})).await;
        program.act(number, "event", json!({"at": app.office.now().rfc3339(), "event": "Жәбірленуші келді"})).await;
        let article = program.get("/api/v1/cases/words").await["articles"][0]["code"].clone();
        let named = program.act(number, "article", json!({"article": article})).await;
        let at = app.office.now().rfc3339();
        let wrong = program.act(number, "ref", json!({"system": "kui", "number": "260000000000001", "at": at})).await;
        program.act(number, "ref-wrong", json!({"id": wrong["id"]})).await;
        program.act(number, "field", json!({"field": "contact", "value": "call"})).await;
        program.act(number, "describe", json!({"title": "Басқа атау"})).await;
        program.act(number, "priority", json!({"priority": 3})).await;
        let whole = program.whole(number).await;
        assert_eq!(of(&whole, "notes", &note["id"])["readers"][0]["label"], other.as_str());
        assert!(of(&whole, "persons", &person["id"])["rights_at"].is_string());
        assert_eq!(of(&whole, "articles", &named["id"])["article"], article);
        assert!(of(&whole, "refs", &wrong["id"])["wrong_at"].is_string());
        assert_eq!(whole["fields"][0]["value"], "call");
        assert_eq!((&whole["case"]["title"], &whole["case"]["priority"]), (&json!("Басқа атау"), &json!(3)));
        program.act(number, "article-drop", json!({"id": named["id"]})).await;
        program.act(number, "person-end", json!({"id": person["id"]})).await;
        program.act(number, "unlink", json!({"id": whole["reports"][0]["id"]})).await;
        program.act(number, "link", json!({"kind": "report", "number": filed.number})).await;
        program.act(number, "member-drop", json!({"member": other})).await;

        // Parted off, merged again, undone; each at a time of its own.
        world.advance_secs(60);
        let parted = json!({"title": "Бөлінген", "rows": [note["id"]], "reason": "басқа іс"});
        let new = program.act(number, "split", parted).await["number"].as_str().unwrap().to_owned();
        assert_ne!(new, number);
        world.advance_secs(60);
        program.act(&new, "merge", json!({"into": number, "reason": "бір іс"})).await;
        let (status, problem) = program.tried(&new, "note", json!({"note": "кеш"})).await;
        assert_eq!((status, &problem["code"]), (409, &json!("case.merged")));
        assert!(problem["detail"].as_str().unwrap().contains(number), "{problem}");
        let moves = program.whole(number).await["moves"].as_array().unwrap().clone();
        let merge = moves.iter().find(|m| m["kind"] == "merge").unwrap();
        assert_eq!(program.act(number, "undo-move", json!({"id": merge["id"]})).await["number"], new.as_str());

        // What takes a second person is done by a person.
        let day = app.profile.civil_date(app.office.now()).to_string();
        let decide = json!({"decision": "refuse", "reasons": "Азаматтық дау", "paper": "17", "day": day});
        let proposed = program.act(number, "decide", decide.clone()).await["id"].clone();
        let head = Program::of(&world, "saule", true).await;
        for (act, body) in [("confirm", json!({"id": proposed})), ("send-back", json!({"id": proposed, "reason": "негізі жоқ"}))] {
            let (status, problem) = head.tried(number, act, body).await;
            assert_eq!((status, &problem["code"]), (403, &json!("access.program")), "{act}");
        }
        assert_eq!(program.whole(number).await["decisions"][0]["standing"], "proposed", "nothing came of it");
        program.act(number, "take-back", json!({"id": proposed})).await;
        let proposed = program.act(number, "decide", decide).await["id"].as_str().unwrap().to_owned();
        let desk = browser(&world, "ru", Some("saule")).await;
        let (status, _, body) = desk.send("POST", &format!("/desk/cases/{number}/confirm"), &format!("id={proposed}")).await;
        assert_eq!(status, 303, "{body}");
        assert_eq!(program.whole(number).await["case"]["state"], "ended");
        let (status, problem) = program.tried(number, "stage", json!({"stage": "check", "reason": "жаңа мәлімет"})).await;
        assert_eq!((status, &problem["code"]), (409, &json!("case.decision")), "what two decided, no program undoes");
        let lift = json!({"decision": "lift-refusal", "reasons": "жаңа мәлімет", "paper": "18", "day": app.profile.civil_date(app.office.now()).to_string()});
        let lifted = program.act(number, "decide", lift).await["id"].as_str().unwrap().to_owned();
        let (status, _, body) = desk.send("POST", &format!("/desk/cases/{number}/confirm"), &format!("id={lifted}")).await;
        assert_eq!(status, 303, "{body}");
        assert_eq!(program.whole(number).await["case"]["stage"], "check");

        // Its time line in pages, each moment in words, and in the record which token did what.
        let line = program.get(&format!("/api/v1/cases/{number}/time")).await;
        let moments = line["moments"].as_array().unwrap();
        for m in moments {
            let text = m["text"].as_str().unwrap();
            assert!(!text.is_empty() && !text.contains("Another act"), "{m}");
        }
        assert!(moments.iter().any(|m| m["act"] == "case.event" && m["text"] == "Жәбірленуші келді"));
        let hand = program.get(&format!("/api/v1/cases/{number}/time?kind=hand")).await;
        assert_eq!(hand["moments"].as_array().unwrap().len(), 1);
        let wanted = number.to_owned();
        let records = app.db.read(move |tx| {
            let case = case::store::file::by_number(tx, &wanted)?.unwrap();
            audit::records_for(tx, case.id.uuid())
        });
        let records = records.await.unwrap_or_else(|e: db::DbError| unreachable!("{e}"));
        let token = program.token.uuid().to_string();
        for r in &records {
            let by_person = r.record.act == "case.confirmed" || r.record.actor != me;
            let facts: Value = serde_json::to_value(&r.facts).unwrap();
            assert_eq!(facts["token"] == json!(token), !by_person, "{} {facts}", r.record.act);
        }
        assert!(records.len() > 20);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_referred_handed_over_and_closed_by_programs_of_both_units() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let program = Program::of(&world, "aliya", true).await;
        let number = program.opened("Үлгі").await;
        let bodies = program.get("/api/v1/cases/words").await["bodies"].as_array().unwrap().clone();
        let paper = world.app.profile.cases().bodies.iter().find(|b| b.unit.is_none()).unwrap().code.clone();
        assert!(bodies.iter().any(|b| b["code"] == paper.as_str()));
        program.act(&number, "refer", json!({"body": paper, "ground": "құзыреті"})).await;
        let (status, problem) =
            program.tried(&number, "refer", json!({"body": paper, "ground": "құзыреті"})).await;
        assert_eq!((status, &problem["code"]), (409, &json!("case.waits")));
        program.act(&number, "referral-withdraw", json!({})).await;
        program.act(&number, "refer", json!({"body": paper, "ground": "құзыреті"})).await;
        program.act(&number, "answered", json!({"answer": "returned", "reason": "біздікі емес"})).await;
        let referrals = program.whole(&number).await["referrals"].clone();
        assert_eq!(
            (&referrals[0]["state"], &referrals[1]["state"]),
            (&json!("taken_back"), &json!("returned"))
        );
        assert!(referrals[1]["id"].is_string() && referrals[1]["institution"].is_null(), "{referrals}");
        // The clocks of the registers are told as on the page.
        assert_eq!(program.whole(&number).await["registrations"], json!([]));
        let seats = access::accounts(&world.app, &Actor::system("setup")).await.unwrap();
        let me = seats.iter().find(|a| a.login == "aliya").unwrap().actor();
        let matter = case::service::registers::KIND.of(&number);
        registration::service::enter_now(&world.app, &me, &matter).await.unwrap();
        let clocks = program.whole(&number).await["registrations"].clone();
        assert_eq!((&clocks[0]["system"], &clocks[0]["state"]), (&json!("kui"), &json!("waiting")));
        assert!(clocks[0]["due_at"].as_str() > clocks[0]["since"].as_str(), "{clocks}");
        // Whom it is not open to is told of nothing, by a program as on the page.
        let other = Program::of(&world, "marat", true).await;
        program.act(&number, "door", json!({"door": "red", "reason": "тек топқа"})).await;
        // A unit would not find what only the people named see.
        let unit = world.app.profile.cases().bodies.iter().find(|b| b.unit.is_some()).unwrap().code.clone();
        let (status, problem) =
            program.tried(&number, "refer", json!({"body": unit, "ground": "құзыреті"})).await;
        assert_eq!((status, &problem["code"]), (409, &json!("case.shut")));
        // A slip in a filter is told.
        let (status, problem) = program.send("GET", "/api/v1/cases?q=is:nope", None, &Value::Null).await;
        assert_eq!((status, &problem["code"]), (422, &json!("case.field")));
        for path in [format!("/api/v1/cases/{number}"), format!("/api/v1/cases/{number}/time")] {
            let (status, problem) = other.send("GET", &path, None, &Value::Null).await;
            let (none, same) =
                other.send("GET", &path.replace(&number, "C-2026-00000000"), None, &Value::Null).await;
            assert_eq!((status, none), (404, 404));
            assert_eq!((&problem["code"], &problem["detail"]), (&same["code"], &same["detail"]));
        }
        assert_eq!(other.tried(&number, "note", json!({"note": "x"})).await.0, 404);
        assert_eq!(other.get("/api/v1/cases").await["count"], 0);
        let marat = label(&world, "marat").await;
        program.act(&number, "hand-over", json!({"member": marat, "reason": "демалыс"})).await;
        assert_eq!(other.whole(&number).await["case"]["lead"]["label"], marat.as_str());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_twice_is_done_once() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let program = Program::of(&world, "aliya", true).await;
        let number = program.opened("Үлгі").await;
        let path = |act: &str| format!("/api/v1/cases/{number}/do/{act}");
        for (act, list, body, other) in [
            ("task", "tasks", json!({"task": "Бір"}), json!({"task": "Екі"})),
            ("note", "notes", json!({"note": "Бір", "restricted": true}), json!({"note": "Екі"})),
            (
                "person",
                "persons",
                json!({"name": "Бір", "duty": "victim"}),
                json!({"name": "Екі", "duty": "victim"}),
            ),
        ] {
            let (_, first) = program.send("POST", &path(act), Some("k"), &body).await;
            let (status, second) = program.send("POST", &path(act), Some("k"), &body).await;
            assert_eq!(
                (status, &second["repeated"], &first["repeated"]),
                (200, &json!(true), &json!(false)),
                "{act}"
            );
            assert_eq!((&first["id"], &first["number"]), (&second["id"], &second["number"]), "{act}");
            let (status, problem) = program.send("POST", &path(act), Some("k"), &other).await;
            assert_eq!((status, &problem["code"]), (409, &json!("case.other_body")), "{act}");
            program.send("POST", &path(act), Some("k2"), &other).await;
            program.act(&number, act, other.clone()).await;
            let rows = program.whole(&number).await[list].as_array().unwrap().len();
            assert_eq!(rows, 3, "{act}: one, another key, and one without a key");
        }
        // Also what has no second time by itself answers as it did, wherever it led.
        let priority = json!({"priority": 3});
        program.send("POST", &path("priority"), Some("p"), &priority).await;
        assert_eq!(program.send("POST", &path("priority"), Some("p"), &priority).await.1["repeated"], true);
        let into = program.opened("Басқа").await;
        let merge = json!({"into": into, "reason": "бір іс"});
        let (_, first) = program.send("POST", &path("merge"), Some("m"), &merge).await;
        let (status, second) = program.send("POST", &path("merge"), Some("m"), &merge).await;
        assert_eq!((status, &first["number"], &second["number"]), (200, &json!(into), &json!(into)));
        let step = program.whole(&into).await["moves"][0]["id"].clone();
        let undo = format!("/api/v1/cases/{into}/do/undo-move");
        let (_, first) = program.send("POST", &undo, Some("u"), &json!({"id": step})).await;
        let (_, second) = program.send("POST", &undo, Some("u"), &json!({"id": step})).await;
        assert_eq!((&first["number"], &second["number"]), (&json!(number), &json!(number)));
        // Another program's key of the same name is another key.
        let other = Program::of(&world, "marat", true).await;
        let body = json!({"title": "Бір"});
        let (_, mine) = program.send("POST", "/api/v1/cases", Some("same"), &body).await;
        let (_, theirs) = other.send("POST", "/api/v1/cases", Some("same"), &body).await;
        assert_ne!(mine["number"], theirs["number"]);
        let (status, _) = program.send("POST", &path("priority"), Some("a b"), &priority).await;
        assert_eq!(status, 400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_page_by_page_in_every_order() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let program = Program::of(&world, "aliya", true).await;
        let other = Program::of(&world, "marat", true).await;
        let mut all = BTreeSet::new();
        for n in 0..7_i64 {
            world.advance_secs(if n % 3 == 0 { 0 } else { 60 });
            let number = program.opened(&format!("Іс {n}")).await;
            program.act(&number, "priority", json!({"priority": n % 4})).await;
            all.insert(number);
        }
        other.opened("Басқа").await;
        for sort in ["changed", "due", "opened", "priority"] {
            for (filter, wanted) in [("", 8), ("is:mine", 7)] {
                let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
                loop {
                    let query = format!("q={filter}&sort={sort}&limit=3&after={after}");
                    let page = program.get(&format!("/api/v1/cases?{query}")).await;
                    assert_eq!(page["count"], wanted, "{sort} {filter}");
                    let rows = page["cases"].as_array().unwrap();
                    seen.extend(rows.iter().map(|r| r["number"].as_str().unwrap().to_owned()));
                    pages += 1;
                    match page["next"].as_str() {
                        Some(next) => after = next.to_owned(),
                        None => break,
                    }
                }
                let unique: BTreeSet<String> = seen.iter().cloned().collect();
                assert_eq!((seen.len(), unique.len(), pages), (wanted, wanted, 3), "{sort} {filter}");
                assert!(unique.is_superset(&all));
                // The same order as the list in one piece.
                let whole = program.get(&format!("/api/v1/cases?q={filter}&sort={sort}&limit=500")).await;
                let whole: Vec<&str> = whole["cases"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|r| r["number"].as_str().unwrap())
                    .collect();
                assert_eq!(seen, whole, "{sort} {filter}");
            }
        }
        for (query, status, word) in [
            ("limit=0", 400, "web.unreadable"),
            ("limit=501", 400, "web.unreadable"),
            ("limit=x", 400, "web.unreadable"),
            ("sort=name", 422, "case.field"),
            ("after=x", 422, "case.field"),
            ("colour=red", 400, "web.unreadable"),
            ("q=moon", 422, "case.field"),
            ("q=is:mine", 200, ""),
        ] {
            let (got, value) =
                program.send("GET", &format!("/api/v1/cases?{query}"), None, &Value::Null).await;
            assert_eq!(got, status, "{query}: {value}");
            assert!(word.is_empty() || value["code"] == word, "{query}: {value}");
        }
        let (status, found) =
            program.send("POST", "/api/v1/cases/find", None, &json!({"words": "басқа"})).await;
        assert_eq!((status, found["cases"].as_array().unwrap().len()), (200, 1));
        let long = json!({"words": "а".repeat(201)});
        let (status, refused) = program.send("POST", "/api/v1/cases/find", None, &long).await;
        assert_eq!((status, refused["code"].as_str()), (422, Some("case.field")), "longer than is described");
        // Lists that are kept: once, whoever asks twice.
        let keep = json!({"name": "Менікі", "filter": "is:mine", "sort": "due"});
        program.send("POST", "/api/v1/cases/views", None, &keep).await;
        let (_, views) = program.send("POST", "/api/v1/cases/views", None, &keep).await;
        let views = views["views"].as_array().unwrap();
        assert_eq!((views.len(), &views[0]["own"]), (1, &json!(true)));
        let drop = format!("/api/v1/cases/views/{}/drop", views[0]["id"].as_str().unwrap());
        assert_eq!(other.send("POST", &drop, None, &Value::Null).await.0, 404);
        let (status, left) = program.send("POST", &drop, None, &Value::Null).await;
        assert_eq!((status, left["views"].as_array().unwrap().len()), (200, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_brought_as_a_table_or_as_json() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let program = Program::of(&world, "aliya", true).await;
        let bring = async |query: &str, kind: &str, key: &str, body: &str| {
            let headers = [
                ("authorization", program.bearer.as_str()),
                ("content-type", kind),
                ("idempotency-key", key),
            ];
            program
                .raw("POST", &format!("/api/v1/cases/bring{query}"), &headers, body.as_bytes().to_vec())
                .await
        };
        let (csv, json_kind) = ("text/csv; charset=utf-8", "application/json");
        let table = "title;template\nБірінші;dropper\nЕкінші;\n";
        let (status, tried) = bring("?trial=true", csv, "a", table).await;
        assert_eq!((status, &tried["rows"], tried["opened"].as_array().unwrap().len()), (200, &json!(2), 0));
        let (_, first) = bring("", csv, "a", table).await;
        let (_, again) = bring("", csv, "a", table).await;
        assert_eq!((first["opened"].as_array().unwrap().len(), &first), (2, &again));
        assert_eq!(program.get("/api/v1/cases").await["count"], 2);
        let (status, wrong) = bring("", json_kind, "b", "[{\"title\": \"x\", \"template\": \"moon\"}]").await;
        assert_eq!(
            (status, &wrong["faults"][0]["field"], &wrong["opened"]),
            (200, &json!("template"), &json!([]))
        );
        for (kind, body, status) in
            [("text/plain", table, 415), (csv, "[{\"title\": \"x\"}]", 400), (json_kind, table, 400)]
        {
            assert_eq!(bring("", kind, "c", body).await.0, status, "{kind}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_never_more_than_its_owner() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = world.app.clone();
        let (reads, writes) =
            (Program::of(&world, "aliya", false).await, Program::of(&world, "aliya", true).await);
        let number = writes.opened("Үлгі").await;
        assert_eq!(reads.whole(&number).await["case"]["number"], number.as_str());
        let (status, problem) = reads.tried(&number, "note", json!({"note": "x"})).await;
        assert_eq!((status, &problem["code"]), (403, &json!("access.token_reads")));
        // A browser reads, and changes nothing.
        let desk = browser(&world, "ru", Some("aliya")).await;
        let path = format!("/api/v1/cases/{number}");
        let cookie = [("cookie", desk.cookie.as_str()), ("user-agent", "test")];
        assert_eq!(reads.raw("GET", &path, &cookie, Vec::new()).await.0, 200);
        let act = format!("{path}/do/note");
        let own =
            [cookie[0], cookie[1], ("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
        let (status, problem) = reads.raw("POST", &act, &own, b"{\"note\": \"x\"}".to_vec()).await;
        assert_eq!((status, &problem["code"]), (403, &json!("access.token_session")));
        let find = reads.raw("POST", "/api/v1/cases/find", &own, b"{\"words\": \"x\"}".to_vec()).await;
        assert_eq!((find.0, &find.1["code"]), (403, &json!("access.token_session")));
        assert_eq!(reads.raw("GET", &path, &[], Vec::new()).await.0, 401);
        assert_eq!(writes.whole(&number).await["notes"], json!([]));
        // What is wrong names the member.
        for (act, body, status, pointer) in [
            ("task", json!({"task": " "}), 422, "#/task"),
            ("task", json!({"task": "x", "due": "tomorrow"}), 422, "#/due"),
            ("task", json!({"task": "x", "colour": 1}), 400, "#/"),
            ("assign", json!({"id": "x"}), 400, "#/"),
            ("door", json!({"door": "ajar", "reason": "x"}), 422, "#/door"),
            ("event", json!({"at": "2099-01-01T00:00:00Z", "event": "x"}), 422, "#/at"),
            ("note", json!({"note": "a\u{7}"}), 422, "#/note"),
        ] {
            let (got, problem) = writes.tried(&number, act, body).await;
            assert_eq!(
                (got, &problem["errors"][0]["pointer"]),
                (status, &json!(pointer)),
                "{act}: {problem}"
            );
        }
        // Somebody of no case work has no token, and a session of theirs reads nothing.
        let boss = staff(&app, 71, Role::Administrator).await;
        assert!(case::service::colleagues(&app, &boss).await.is_err());
        // A closed account ends them all.
        access::set_active(&app, &boss, "aliya", false, "тексеру").await.unwrap();
        for program in [&reads, &writes] {
            let (status, problem) = program.send("GET", &path, None, &Value::Null).await;
            assert_eq!((status, &problem["code"]), (401, &json!("access.token")));
        }
    })
    .await;
}

/// Pressing a button twice, or sending a form again, adds nothing a second time; what was changed before it is sent again is new.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_is_carried_out_once() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let program = Program::of(&world, "aliya", true).await;
        let number = program.opened("Үлгі").await;
        let desk = browser(&world, "ru", Some("aliya")).await;
        for (act, list, form, changed) in [
            ("task", "tasks", "task=Жауап+алу", "task=Басқа"),
            ("note", "notes", "note=Жазба", "note=Басқа"),
            ("person", "persons", "name=Ойдан&duty=victim", "name=Басқа&duty=victim"),
            ("event", "moments", "event=Келді&at=01.08.2026+10:00", "event=Кетті&at=01.08.2026+10:00"),
        ] {
            let path = format!("/desk/cases/{number}/do/{act}");
            let (_, _, page) = desk.send("GET", &path, "").await;
            let key =
                page.split("name=\"idempotency_key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
            let count = async || match list {
                "moments" => {
                    program.get(&format!("/api/v1/cases/{number}/time?kind=hand")).await[list].clone()
                }
                list => program.whole(&number).await[list].clone(),
            };
            for (body, rows) in [(form, 1), (form, 1), (changed, 2), (changed, 2), (form, 2)] {
                let (status, headers, page) =
                    desk.send("POST", &path, &format!("{body}&idempotency_key={key}")).await;
                assert_eq!(status, 303, "{act}: {page}");
                assert_eq!(headers["location"], format!("/desk/cases/{number}").as_str());
                assert_eq!(count().await.as_array().unwrap().len(), rows, "{act} {body}");
            }
            // What was wrong keeps its key, and is carried out once it is right.
            let empty = form
                .split('&')
                .map(|f| f.split_once('=').unwrap().0.to_owned() + "=")
                .collect::<Vec<_>>()
                .join("&");
            let (status, _, page) = desk.send("POST", &path, &format!("{empty}&idempotency_key={key}")).await;
            assert!(status == 422 && page.contains(key), "{act}: {page}");
        }
    })
    .await;
}
