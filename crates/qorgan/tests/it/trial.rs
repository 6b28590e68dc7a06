//! Institutions in test mode: no order is routed to them, trial orders reach them, nothing counts those, and they go live by
//! two persons.

use std::sync::Mutex;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use kernel::{Actor, Coded as _, Role};
use order::gateway::{Incoming, Outgoing, Post, Posted};
use order::message::{Answer, Line, Message};
use order::trial::{Passed, Trial, job, service as trials};
use order::{OrderError, OrderId};
use partner::{Mode, PartnerError, mode};
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, partner_actor, report, staff};
use crate::talk::{each, line, orders};

async fn boss(world: &World, n: u32) -> Actor {
    staff(&world.app, n, Role::Administrator).await
}

async fn partner(world: &World, code: &str) -> partner::Partner {
    partner::service::all(&world.app).await.unwrap().into_iter().find(|p| p.code == code).unwrap()
}

async fn to_test(world: &World, code: &str) {
    mode::back_to_test(&world.app, &boss(world, 50).await, code, "сынақ").await.unwrap();
}

/// Why payments of a report led to no order.
async fn not_drafted(world: &World, report: report::ReportId) -> Vec<String> {
    let found = world.app.db.read(move |tx| audit::records_for(tx, report.uuid())).await;
    let all: Vec<_> = found.map_err(|e: db::DbError| e).unwrap();
    let of = all.into_iter().filter(|r| r.record.act == "order.not_drafted");
    of.map(|r| r.record.facts).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_order_is_routed_to_who_is_on_trial_and_the_route_says_why() {
    each("kz", async |world| {
        let app = &world.app;
        to_test(&world, "ZBEK").await;
        let filed = file(&world, report(app, 1, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let sent = orders(&world, filed.id).await;
        assert!(
            sent.iter().all(|v| v.order.executor == "ZALT"),
            "the payer's own bank is asked instead: {sent:?}"
        );
        // Where the payer's bank is on trial, too, nobody is asked, and the record says why.
        to_test(&world, "ZALT").await;
        let filed = file(&world, report(app, 2, &iban("ZBEK", 2), 10_000, app.office.now())).await;
        assert!(orders(&world, filed.id).await.is_empty());
        let why = not_drafted(&world, filed.id).await;
        assert!(why.len() == 1 && why[0].contains("order.in_test"), "{why:?}");
        // An authority on trial passes nothing on.
        to_test(&world, "ZAFC").await;
        let filed = file(&world, report(app, 3, &iban("ZCAR", 3), 10_000, app.office.now())).await;
        assert!(orders(&world, filed.id).await.is_empty());
        assert!(not_drafted(&world, filed.id).await[0].contains("order.in_test"));
    })
    .await;
}

/// A gateway that checks signatures, or believes everything.
struct Gateway {
    key: httpsig::VerifyingKey,
    checks: bool,
    seen: Mutex<Vec<(u16, Vec<u8>)>>,
}

impl Gateway {
    fn of(world: &World, checks: bool) -> Self {
        let key = httpsig::SigningKey::from_bytes(world.app.node.message_key.expose()).verifying_key();
        Self { key, checks, seen: Mutex::default() }
    }
}

impl Post for Gateway {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        let mut headers = HeaderMap::new();
        for (name, value) in &out.headers {
            headers.insert(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        }
        let request =
            httpsig::Request { method: "POST", target_uri: &out.url, headers: &headers, body: &out.body };
        // The world stands still in September 2026.
        let good = httpsig::verify_request(&request, |_| Some(self.key), 1_788_235_200).is_ok();
        let status = if good || !self.checks { 200 } else { 401 };
        self.seen.lock().unwrap().push((status, out.body));
        Box::pin(async move { Ok(Incoming { status, ..Incoming::default() }) })
    }
}

async fn seen(world: &World, code: &str) -> (Vec<Trial>, Passed) {
    let partner = partner(world, code).await;
    trials::of_partner(&world.app, &boss(world, 50).await, &partner).await.unwrap()
}

async fn answer(world: &World, code: &str, trial: &Trial, id: &str, line: Line) -> Result<(), OrderError> {
    let said = Answer {
        kind: "answer.v1".into(),
        answer_id: id.into(),
        order_id: trial.id.to_string(),
        executor: code.into(),
        object_id: (line.code != "A00").then(|| trial.object.to_string()),
        at: world.app.office.now().rfc3339(),
        lines: vec![line],
        text: None,
    };
    let body = serde_json::to_vec(&said).unwrap();
    let actor = partner_actor(&world.app, code).await;
    order::service::answer(&world.app, &actor, trial.id, said, &body).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_order_shows_receipt_answer_and_what_becomes_of_a_forged_one() {
    each("kz", async |world| {
        let (app, admin) = (&world.app, boss(&world, 50).await);
        let live = trials::send(app, &admin, "ZBEK").await.unwrap_err();
        assert!(matches!(live, OrderError::NotOnTrial), "{live}");
        to_test(&world, "ZBEK").await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        assert!(matches!(trials::send(app, &officer, "ZBEK").await, Err(OrderError::Access(_))));
        trials::send(app, &admin, "ZBEK").await.unwrap();
        let gateway = Gateway::of(&world, true);
        assert_eq!(job::post_due(app, &gateway).await.unwrap(), 1);
        assert_eq!(job::post_due(app, &gateway).await.unwrap(), 0, "posted once");
        let posted = gateway.seen.lock().unwrap().clone();
        assert_eq!(posted.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [401, 200]);
        let text = String::from_utf8(posted[1].1.clone()).unwrap();
        assert!(text.contains("\"trial\":true") && text.contains("TRIAL-"), "{text}");
        let Message::Order(message) = serde_json::from_str(&text).unwrap() else { panic!("{text}") };
        assert_eq!((message.kind.as_str(), message.executor.as_str()), ("order.v1", "ZBEK"));

        let (all, passed) = seen(&world, "ZBEK").await;
        assert_eq!(passed, Passed { receipt: false, answer: false, refused_forged: Some(true) });
        // Answers are judged by the rules of real ones, and another institution's is none.
        let trial = &all[0];
        assert!(answer(&world, "ZALT", trial, "x", line("A00", 0)).await.is_err());
        let unfit = answer(&world, "ZBEK", trial, "a0", line("B10", 1)).await.unwrap_err();
        assert_eq!(unfit.class(), kernel::Class::Invalid, "{unfit}");
        answer(&world, "ZBEK", trial, "a1", Line { amount: None, ..line("A00", 0) }).await.unwrap();
        assert!(seen(&world, "ZBEK").await.1.receipt);
        answer(&world, "ZBEK", trial, "a2", line("H10", 100)).await.unwrap();
        let (all, passed) = seen(&world, "ZBEK").await;
        assert_eq!(passed, Passed { receipt: true, answer: true, refused_forged: Some(true) });
        assert_eq!(all[0].codes, "H10");

        // Nothing counts it: no order, no figure, no silent institution.
        let read = move |tx: &mut db::Tx<'_>| order::store::find(tx, OrderId::from_uuid(all[0].id.uuid()));
        assert!(app.db.read(read).await.unwrap_or_else(|e: db::DbError| panic!("{e}")).is_none());
        assert!(order::service::scores(app).await.unwrap().is_empty());
        let wall = app.wall.now();
        let waiting = app.db.read(move |tx| order::store::delivery::waiting(tx, wall)).await;
        assert!(waiting.unwrap_or_else(|e: db::DbError| panic!("{e}")).is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_believes_forged_messages_is_seen() {
    each("kz", async |world| {
        to_test(&world, "ZBEK").await;
        trials::send(&world.app, &boss(&world, 50).await, "ZBEK").await.unwrap();
        job::post_due(&world.app, &Gateway::of(&world, false)).await.unwrap();
        assert_eq!(seen(&world, "ZBEK").await.1.refused_forged, Some(false));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn going_live_takes_two_and_going_back_takes_one() {
    each("kz", async |world| {
        let app = &world.app;
        let (first, second) = (boss(&world, 50).await, boss(&world, 51).await);
        to_test(&world, "ZBEK").await;
        let none = mode::confirm_live(app, &second, "ZBEK").await.unwrap_err();
        assert!(matches!(none, PartnerError::Decide(_)), "nobody has asked: {none}");
        mode::ask_live(app, &first, "ZBEK").await.unwrap();
        mode::ask_live(app, &second, "ZBEK").await.unwrap();
        assert_eq!(partner(&world, "ZBEK").await.live_asked_by, Some(first.label()), "the first asked");
        let own = mode::confirm_live(app, &first, "ZBEK").await.unwrap_err();
        assert_eq!(own.code(), "partner.agreement_author");
        let officer = staff(app, 1, Role::DutyOfficer).await;
        assert!(mode::confirm_live(app, &officer, "ZBEK").await.is_err());
        assert_eq!(partner(&world, "ZBEK").await.mode, Mode::Test);
        mode::confirm_live(app, &second, "ZBEK").await.unwrap();
        assert_eq!(partner(&world, "ZBEK").await.mode, Mode::Live);
        let filed = file(&world, report(app, 4, &iban("ZBEK", 4), 10_000, app.office.now())).await;
        let sent = orders(&world, filed.id).await;
        assert!(sent.iter().any(|v| v.order.executor == "ZBEK"));
        // Back at once; what it has stays its own to answer.
        to_test(&world, "ZBEK").await;
        assert!(!partner(&world, "ZBEK").await.takes_orders());
        let view = sent.into_iter().find(|v| v.order.executor == "ZBEK").unwrap();
        crate::talk::answer(&world, &view, "late", vec![line("H10", 10_000)]).await.unwrap();
        // What one asks another must not be able to confirm after it was taken back.
        mode::ask_live(app, &first, "ZBEK").await.unwrap();
        to_test(&world, "ZBEK").await;
        assert!(mode::confirm_live(app, &second, "ZBEK").await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_answer_trials_at_the_console_and_the_desk_shows_what_was_passed() {
    each("kz", async |mut world| {
        world.app.demo = true;
        let app = world.app.clone();
        access::demo_accounts(&app).await.unwrap();
        to_test(&world, "ZBEK").await;
        let seat = access::Seat {
            partner: partner(&world, "ZBEK").await.id.uuid(),
            code: "ZBEK".into(),
            manages: false,
        };
        access::demo_clerk(&app, "timur", "Үлгі Қызметкер", seat).await.unwrap();
        let (admin, second) =
            (browser(&world, "ru", Some("erzhan")).await, browser(&world, "kk", Some("botagoz")).await);
        let home = "/admin/institutions/ZBEK";
        let (_, _, page) = admin.send("GET", home, "").await;
        assert!(
            page.contains("режим проверки") && page.contains("Проверочных требований ещё не было"),
            "{page}"
        );
        assert_eq!(admin.send("POST", &format!("{home}/trial"), "").await.0, 303);
        let clerk = browser(&world, "en", Some("timur")).await;
        let (_, _, page) = clerk.send("GET", "/console", "").await;
        let at = page.split("href=\"/console/trials/").nth(1).unwrap().split('"').next().unwrap();
        let at = format!("/console/trials/{at}");
        let (status, _, page) = clerk.send("GET", &at, "").await;
        assert!(status == 200 && page.contains("This is no real order") && page.contains("TRIAL-"), "{page}");
        for code in ["A00", "N30"] {
            assert_eq!(clerk.send("POST", &at, &format!("code={code}")).await.0, 303);
        }
        assert_eq!(clerk.send("POST", &at, "code=M21").await.0, 404);
        // To everybody else it does not exist.
        assert_eq!(admin.send("GET", &at, "").await.0, 404);
        let (_, _, page) = admin.send("GET", home, "").await;
        assert!(page.contains("есть ответ") && page.contains("N30"), "{page}");
        assert_eq!(admin.send("POST", &format!("{home}/live"), "").await.0, 303);
        assert_eq!(admin.send("POST", &format!("{home}/live/confirm"), "").await.0, 409);
        let (status, _, page) = second.send("GET", &format!("{home}/live/confirm"), "").await;
        assert!(status == 200 && page.contains("Сынақтан өту") && page.contains("Жауап берді"), "{page}");
        assert_eq!(second.send("POST", &format!("{home}/live/confirm"), "").await.0, 303);
        assert_eq!(partner(&world, "ZBEK").await.mode, Mode::Live);
        assert_eq!(clerk.send("POST", &format!("{home}/trial"), "").await.0, 404);
    })
    .await;
}

/// Bug: once an institution was put back to test, nothing that it held could be given back, and nobody taken off its list.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_back_on_trial_still_gives_back() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let filed = file(&world, report(app, 7, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        crate::talk::answer(&world, &view, "h-7", vec![line("H10", 10_000)]).await.unwrap();
        to_test(&world, "ZAFC").await;
        to_test(&world, "ZBEK").await;
        order::service::draft_returns(app, &officer, view.objects[0].id).await.unwrap();
        let back =
            orders(&world, filed.id).await.into_iter().find(|v| v.order.measure == profile::Measure::Return);
        let back = back.unwrap().order;
        for n in [2, 3] {
            let who = staff(app, n, Role::Approver).await;
            order::service::approve_and_send(app, &who, back.id).await.unwrap();
        }
        // New orders still do not reach it.
        let other = file(&world, report(app, 8, &iban("ZBEK", 2), 10_000, app.office.now())).await;
        assert!(not_drafted(&world, other.id).await[0].contains("order.in_test"));
    })
    .await;
}
