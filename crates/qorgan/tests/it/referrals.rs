//! Cases and those outside: bodies to which they are referred by messages, registers that take them as matters, and the clocks of both on
//! the board; on each engine.

use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, HeaderValue, header};
use case::exchange::{ReferralAnswer, ReferralFile, ReferralOutcome};
use case::model::{ReferralId, Referred};
use case::service::registers::{KIND, RegistrationCaseFile};
use case::service::{self, Door, NewCase, NewTask, board};
use case::{Case, CaseError};
use httpsig::Params;
use kernel::{Actor, Coded as _, Purpose, Role};
use partner::gateway::{Incoming, Outgoing, Post, PostError, Posted};
use partner::model::Keeps;
use partner::{Country, Institution, PartnerRole};
use qorgan::slices::subscribers;
use registration::model::{NewDecision, Paper, Receipt, State};
use registration::{RegistrationError, service as registers};
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, institution, key_of, partner_actor, report, staff};
use crate::talk::each;

/// Answers for the agency of financial monitoring.
const AFM: &str = "ZFMA";

async fn officer(world: &World, n: u32) -> Actor {
    staff(&world.app, n + 70, Role::DutyOfficer).await
}

/// Somebody answers for a body.
async fn with_body(world: &World) {
    let keeps = Keeps { bodies: vec!["afm".into()], ..Keeps::default() };
    let body = Institution { keeps, ..institution(AFM, "state_body", PartnerRole::Executor, None) };
    let other = institution("ZOTH", "state_body", PartnerRole::Executor, None);
    let country = Country { institutions: vec![body, other] };
    partner::service::import(&world.app, &Actor::system("setup"), country).await.unwrap();
}

/// A case about a report, with an offence.
async fn opened(world: &World, who: &Actor, key: u128) -> (Case, String) {
    let app = &world.app;
    let filed = file(world, report(app, key, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    let new = NewCase {
        title: "Құпия атау (ойдан шығарылған)".into(),
        summary: "Құпия мазмұн (ойдан шығарылған)".into(),
        from: Some(("report".into(), filed.number.clone())),
        priority: 1,
        ..NewCase::default()
    };
    let case = service::open(app, who, new).await.unwrap();
    service::add_article(app, who, &case.number, "cc-190").await.unwrap();
    (case, filed.number)
}

/// How a body answers a message.
#[derive(Clone, Copy)]
enum Manner {
    Silent,
    Takes,
    /// Accepts at once, signed by this institution.
    Accepts(&'static str),
}

#[derive(Clone)]
struct Body {
    app: app::App,
    manner: Arc<Mutex<Manner>>,
    posted: Arc<Mutex<Vec<Outgoing>>>,
}

impl Body {
    fn new(world: &World, manner: Manner) -> (Self, Arc<dyn Post>) {
        let me =
            Self { app: world.app.clone(), manner: Arc::new(Mutex::new(manner)), posted: Arc::default() };
        (me.clone(), Arc::new(me))
    }
    fn now(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }
    fn urls(&self) -> Vec<String> {
        self.posted.lock().unwrap().iter().map(|o| o.url.clone()).collect()
    }
    fn text(&self, n: usize) -> String {
        String::from_utf8(self.posted.lock().unwrap()[n].body.clone()).unwrap()
    }
    fn signed(&self, code: &str, body: Vec<u8>) -> Incoming {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let created = self.app.wall.now().as_secs();
        let nonce = hex::encode(self.app.entropy.bytes::<16>());
        let keyid = format!("{code}/1");
        let params = Params { keyid: &keyid, nonce: &nonce, created, expires: created + 200 };
        let unsigned = httpsig::Response { status: 200, headers: &headers, body: &body };
        headers.extend(httpsig::sign_response(&key_of(code), &unsigned, &params).unwrap());
        let text = |v: &HeaderValue| v.to_str().unwrap().to_owned();
        let headers = headers.iter().map(|(n, v)| (n.as_str().to_owned(), text(v))).collect();
        Incoming { status: 200, headers, body }
    }
}

impl Post for Body {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        let told: serde_json::Value = serde_json::from_slice(&out.body).unwrap();
        self.posted.lock().unwrap().push(out);
        let answer = match *self.manner.lock().unwrap() {
            Manner::Silent => Err(PostError("no answer".into())),
            Manner::Takes => Ok(Incoming { status: 202, headers: vec![], body: vec![] }),
            Manner::Accepts(code) => {
                let said = serde_json::json!({
                    "type": "referral_answer.v1", "referral_id": told["referral_id"], "outcome": "accepted", "number": "ФМ-1",
                });
                Ok(self.signed(code, said.to_string().into_bytes()))
            }
        };
        Box::pin(async move { answer })
    }
}

async fn round(world: &World, post: &Arc<dyn Post>) -> usize {
    registration::jobs::post_due_by(&world.app, post, &service::roads()).await.unwrap()
}

fn answer(id: &str, outcome: ReferralOutcome, (number, reason): (&str, &str)) -> ReferralAnswer {
    ReferralAnswer {
        kind_of_message: "referral_answer.v1".into(),
        referral_id: id.into(),
        outcome,
        number: number.into(),
        reason: reason.into(),
    }
}

async fn acts(world: &World, id: uuid::Uuid) -> Vec<(String, serde_json::Value)> {
    let all = world.app.db.read(move |tx| audit::records_for(tx, id)).await;
    let all = all.unwrap_or_else(|e: db::DbError| unreachable!("{e}"));
    all.into_iter().map(|r| (r.record.act, r.facts)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_sent_what_it_needs_and_answers_by_a_message() {
    each("kz", async |world| {
        let (app, lead) = (&world.app, officer(&world, 1).await);
        with_body(&world).await;
        let (case, report) = opened(&world, &lead, 921).await;
        service::refer(app, &lead, &case.number, ("afm", "Қаржы пирамидасының белгілері")).await.unwrap();
        let (body, post) = Body::new(&world, Manner::Silent);
        assert_eq!(round(&world, &post).await, 1);
        body.now(Manner::Takes);
        world.advance_secs(3_600);
        assert_eq!(round(&world, &post).await, 1, "a body that is not reached is tried again");
        world.advance_secs(3_600);
        assert_eq!(round(&world, &post).await, 0, "its people look at it: it is not asked every few minutes");
        assert_eq!(body.urls(), vec![format!("http://127.0.0.1:9/{AFM}/referrals"); 2]);
        assert_eq!(body.text(0), body.text(1), "byte for byte the same");
        let told: ReferralFile = serde_json::from_str(&body.text(0)).unwrap();
        assert_eq!((told.kind_of_message.as_str(), told.body.as_str()), ("referral.v1", "afm"));
        assert_eq!((&told.case_number, &told.reports), (&case.number, &vec![report]));
        assert_eq!(told.articles[0].code, "cc-190");
        assert!(told.articles[0].text["ru"].contains("190") && told.ground.contains("пирамида"));
        // Nothing else of the case goes out.
        assert!(!body.text(0).contains("Құпия"), "{}", body.text(0));
        let (_, facts) =
            acts(&world, case.id.uuid()).await.into_iter().find(|(a, _)| a == "case.referred").unwrap();
        assert_eq!(facts["sent"]["institution"], AFM);
        assert_eq!(facts["sent"]["parts"].as_array().unwrap().len(), 5);
        assert!(!facts.to_string().contains("пирамида"), "{facts}");

        // Only whoever it went to answers; a return says why.
        let id: ReferralId = told.referral_id.parse().unwrap();
        let (its, other) = (partner_actor(app, AFM).await, partner_actor(app, "ZOTH").await);
        let takes = answer(&told.referral_id, ReferralOutcome::Accepted, ("ФМ-2026/311", ""));
        let hidden = service::hear_body(app, &other, id, takes.clone()).await;
        assert!(matches!(hidden, Err(CaseError::NotFound)));
        let bare = answer(&told.referral_id, ReferralOutcome::Returned, ("", " "));
        assert!(matches!(service::hear_body(app, &its, id, bare).await, Err(CaseError::Field("reason"))));
        for _ in 0..2 {
            assert_eq!(service::hear_body(app, &its, id, takes.clone()).await.unwrap(), Referred::Accepted);
        }
        let changed = answer(&told.referral_id, ReferralOutcome::Accepted, ("ФМ-2026/312", ""));
        assert!(matches!(service::hear_body(app, &its, id, changed).await, Err(CaseError::Settled)));
        let page = service::look(app, &lead, &case.number).await.unwrap();
        let (row, _, said) = &page.referrals[0];
        assert_eq!((row.state, row.institution.as_str(), said.as_str()), (Referred::Accepted, AFM, ""));
        assert_eq!(row.body_number, "ФМ-2026/311");
        let (number, _) = &page.refs[0];
        assert_eq!((number.system.as_str(), number.number.as_str()), ("afm", "ФМ-2026/311"));
        world.advance_secs(10 * 86_400);
        assert_eq!(round(&world, &post).await, 0, "answered is answered");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_the_response_counts_if_the_body_signed_it() {
    each("kz", async |world| {
        let (app, lead) = (&world.app, officer(&world, 1).await);
        with_body(&world).await;
        let (case, _) = opened(&world, &lead, 922).await;
        service::refer(app, &lead, &case.number, ("afm", "Пирамида")).await.unwrap();
        let (body, post) = Body::new(&world, Manner::Accepts("ZOTH"));
        assert_eq!(round(&world, &post).await, 1);
        let state = async || service::look(app, &lead, &case.number).await.unwrap().referrals[0].0.state;
        assert_eq!(state().await, Referred::Sent, "somebody else's signature");
        body.now(Manner::Accepts(AFM));
        world.advance_secs(86_400);
        assert_eq!(round(&world, &post).await, 1);
        assert_eq!(state().await, Referred::Accepted);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_is_told_once_and_by_hand_stays_possible() {
    each("kz", async |world| {
        let (app, lead) = (&world.app, officer(&world, 1).await);
        with_body(&world).await;
        let (case, _) = opened(&world, &lead, 923).await;
        let (body, post) = Body::new(&world, Manner::Takes);
        service::refer(app, &lead, &case.number, ("afm", "Пирамида")).await.unwrap();
        assert_eq!(round(&world, &post).await, 1);
        service::withdraw(app, &lead, &case.number).await.unwrap();
        assert_eq!(round(&world, &post).await, 1);
        let told: serde_json::Value = serde_json::from_str(&body.text(1)).unwrap();
        assert_eq!(
            (&told["type"], &told["case_number"]),
            (&"referral_withdrawn.v1".into(), &case.number.as_str().into())
        );
        world.advance_secs(86_400);
        assert_eq!(round(&world, &post).await, 0, "it has arrived");
        let its = partner_actor(app, AFM).await;
        let id = told["referral_id"].as_str().unwrap();
        let late = answer(id, ReferralOutcome::Accepted, ("1", ""));
        let late = service::hear_body(app, &its, id.parse().unwrap(), late).await;
        assert!(matches!(late, Err(CaseError::Settled)));
        // An officer may write down what was said by telephone; the message is not repeated then.
        service::refer(app, &lead, &case.number, ("afm", "Пирамида")).await.unwrap();
        service::answered(app, &lead, &case.number, (false, "Телефон арқылы")).await.unwrap();
        assert_eq!(round(&world, &post).await, 0);
        // A body for which nobody answers by messages is reached on paper, as before.
        service::refer(app, &lead, &case.number, ("territorial", "Аумағы")).await.unwrap();
        assert_eq!(round(&world, &post).await, 0);
        let page = service::look(app, &lead, &case.number).await.unwrap();
        assert_eq!(page.referrals[2].0.institution, "");
        service::answered(app, &lead, &case.number, (true, "Шығ. 12")).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_is_told_and_asked_for_once_more() {
    each("kz", async |world| {
        let (app, lead) = (&world.app, officer(&world, 1).await);
        with_body(&world).await;
        let (case, _) = opened(&world, &lead, 924).await;
        let (body, post) = Body::new(&world, Manner::Takes);
        service::refer(app, &lead, &case.number, ("afm", "Пирамида")).await.unwrap();
        assert_eq!(round(&world, &post).await, 1);
        let due = service::look(app, &lead, &case.number).await.unwrap().referrals[0].0.due_at;
        assert_eq!(service::call_due(app).await.unwrap(), 0);
        let past = due.as_secs() - app.office.now().as_secs() + 1;
        world.advance_secs(past);
        assert_eq!(service::call_due(app).await.unwrap(), 1);
        assert_eq!(service::call_due(app).await.unwrap(), 0, "told once");
        let line = service::time_line(app, &lead, &case.number, (None, None)).await.unwrap();
        assert_eq!(line.moments.iter().filter(|(m, _)| m.act == "case.referral_late").count(), 1);
        assert_eq!(round(&world, &post).await, 1);
        assert_eq!(body.text(0), body.text(1));
        let rows = board::board(app, &lead).await.unwrap().rows;
        assert!(
            rows.iter().any(|r| r.escalated && r.what == board::What::Referral("afm".into())),
            "{rows:?}"
        );
    })
    .await;
}

fn receipt(world: &World, number: &str) -> Receipt {
    Receipt { number: number.into(), registered_at: world.app.office.now(), registrar: "Үлгі".into() }
}

async fn hear(world: &World) {
    world.deliver(&subscribers(&world.app)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_through_the_registers_as_a_report_does() {
    each("kz", async |world| {
        let app = &world.app;
        let (lead, other) = (officer(&world, 1).await, officer(&world, 2).await);
        let head = staff(app, 79, Role::Approver).await;
        let (case, report) = opened(&world, &lead, 925).await;
        hear(&world).await;
        let of = KIND.of(&case.number);
        let view = registers::of_report(app, &lead, &of).await.unwrap();
        assert!(
            view.matters.is_empty() && view.may_enter && view.missing.len() == 1,
            "nothing goes by itself"
        );
        let seen = registers::of_report(app, &other, &of).await.unwrap();
        assert!(!seen.may_enter, "who is not in the team enters nothing");
        let odd = registers::enter_now(app, &other, &of).await;
        assert!(matches!(odd, Err(RegistrationError::Access(_))), "{odd:?}");

        let file = registers::hand_over(app, &lead, &of, "kui").await.unwrap();
        assert_eq!((file.schema.as_str(), file.channel.as_str()), ("registration_case.v1", "officer"));
        let taken = registers::take_file(app, &lead, &of, "kui").await.unwrap();
        let told: RegistrationCaseFile =
            serde_json::from_str(taken.content.open(Purpose::Investigate)).unwrap();
        assert_eq!(
            (told.subject_number.as_str(), told.subject_kind.as_str()),
            (case.number.as_str(), "case")
        );
        assert_eq!((told.articles, told.reports), (vec!["cc-190".to_owned()], vec![report]));
        registers::carried(app, &lead, &of, "kui").await.unwrap();
        registers::record_receipt(app, &lead, &of, "kui", receipt(&world, "K-77")).await.unwrap();
        hear(&world).await;
        let page = service::look(app, &lead, &case.number).await.unwrap();
        assert_eq!(page.refs[0].0.number, "K-77");
        let day = app.office.now().plus_secs(24 * 3_600);
        assert_eq!(page.clocks, [("erdr".to_owned(), day)], "the clock of the law runs");
        assert_eq!(page.case.next_due_at, day);
        let line = service::time_line(app, &lead, &case.number, (None, None)).await.unwrap();
        let said: Vec<&str> = line.moments.iter().map(|(m, _)| m.act.as_str()).collect();
        for act in ["registration.opened", "registration.handed_over", "registration.registered"] {
            assert!(said.contains(&act), "{act}: {said:?}");
        }

        // A refusal is a reasoned document, and takes two; nobody reported it, so nobody is told in plain words.
        let refusal = NewDecision {
            outcome: profile::Outcome::Refused,
            receipt: None,
            paper: Paper { number: "7".into(), day: "2026-09-01".parse().ok(), articles: "35-бап".into() },
            addressee: String::new(),
            reasons: "Қылмыс белгілері анықталған жоқ".into(),
            words: String::new(),
        };
        let bare = NewDecision { reasons: String::new(), ..refusal.clone() };
        let bare = registers::decide(app, &lead, &of, "erdr", bare).await;
        assert!(matches!(bare, Err(RegistrationError::Field("reasons"))));
        let proposed = registers::decide(app, &lead, &of, "erdr", refusal).await.unwrap();
        assert_eq!(proposed.state, State::Proposed);
        let done = registers::confirm(app, &head, &of, "erdr", true, "").await.unwrap();
        assert_eq!(done.state, State::Refused);
        hear(&world).await;
        assert!(service::look(app, &lead, &case.number).await.unwrap().clocks.is_empty());
        // A number that was written down wrongly is marked among the case's, too.
        let other_case = opened(&world, &lead, 926).await.0;
        let of = KIND.of(&other_case.number);
        registers::enter_now(app, &lead, &of).await.unwrap();
        registers::record_receipt(app, &lead, &of, "kui", receipt(&world, "K-78")).await.unwrap();
        hear(&world).await;
        registers::mistaken(app, &lead, &of, "kui", "Басқа істің нөмірі").await.unwrap();
        hear(&world).await;
        let page = service::look(app, &lead, &other_case.number).await.unwrap();
        assert!(page.refs[0].0.wrong_at.is_some());
        assert_eq!(page.clocks[0].0, "kui", "it waits again");
        // What a register must still answer keeps a case from being merged.
        let merged = service::merge(app, &lead, &other_case.number, (&case.number, "бір іс")).await;
        assert!(
            matches!(&merged, Err(CaseError::InRegister { register, .. }) if register == "kui"),
            "{merged:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn need_to_know_holds_in_the_registers_and_on_the_board() {
    each("kz", async |world| {
        let app = &world.app;
        let (lead, other) = (officer(&world, 1).await, officer(&world, 2).await);
        let head = staff(app, 79, Role::Approver).await;
        let (case, _) = opened(&world, &lead, 927).await;
        let of = KIND.of(&case.number);
        registers::enter_now(app, &lead, &of).await.unwrap();
        hear(&world).await;
        let due = app.office.now().plus_secs(600);
        let task = NewTask { title: "Жауап алу".into(), due_at: Some(due), ..NewTask::default() };
        service::add_task(app, &lead, &case.number, task).await.unwrap();
        let sees = async |who: &Actor| {
            let board = board::board(app, who).await.unwrap();
            (board.rows.iter().filter(|r| r.number == case.number).count(), board.open)
        };
        // The check has a term, the register runs, and there is a task.
        let all = sees(&lead).await;
        assert!(all.0 >= 2 && all.1 == 1, "{all:?}");
        assert_eq!(sees(&other).await, all, "of the same unit");
        service::set_door(app, &lead, &case.number, (Door::Closed, "Құпия")).await.unwrap();
        assert_eq!(sees(&lead).await, all);
        assert_eq!(sees(&head).await, all, "the head of the unit");
        assert_eq!(sees(&other).await, (0, 0), "neither shown nor counted");
        for result in [
            registers::of_report(app, &other, &of).await.map(drop),
            registers::open(app, &other, &of).await.map(drop),
            registers::enter_now(app, &other, &of).await,
            registers::hand_over(app, &other, &of, "kui").await.map(drop),
        ] {
            assert_eq!(result.unwrap_err().class(), kernel::Class::NotFound);
        }
        let own = registers::board(app, &other).await.unwrap();
        assert!(own.rows.iter().all(|(m, _)| m.subject_kind == "report"), "cases stand on their own board");
        // Late first; what was told to the lead is marked for the head.
        world.advance_secs(3 * 3_600);
        assert!(service::call_due(app).await.unwrap() > 0);
        let rows = board::board(app, &head).await.unwrap().rows;
        assert!(rows.windows(2).all(|w| w[0].due_at <= w[1].due_at));
        let late =
            rows.iter().find(|r| matches!(&r.what, board::What::Task(_, t) if t == "Жауап алу")).unwrap();
        assert!(late.escalated, "{rows:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_say_it_in_each_language() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        with_body(&world).await;
        let first = browser(&world, "ru", Some("aliya")).await;
        let form = "title=Үлгі+іс&template=payment-fraud&priority=2&idempotency_key=k1";
        let (status, headers, body) = first.send("POST", "/desk/cases/new", form).await;
        assert_eq!(status, 303, "{body}");
        let page = headers.get("location").unwrap().to_str().unwrap().to_owned();
        let (status, _, body) = first
            .send("POST", &format!("{page}/do/refer"), "body=afm&ground=Пирамида&idempotency_key=k2")
            .await;
        assert_eq!(status, 303, "{body}");
        for path in ["enter", "kui/hand-over", "kui/carried"] {
            let (status, _, body) = first.send("POST", &format!("{page}/registers/{path}"), "").await;
            assert_eq!(status, 303, "{path}: {body}");
        }
        hear(&world).await;
        for (lang, register, sent) in
            [("kk", "АЕК", "Хабармен"), ("ru", "КУИ", "сообщением"), ("en", "KUI", "by message")]
        {
            let desk = browser(&world, lang, Some("aliya")).await;
            for (path, words) in [
                (page.clone(), sent),
                (page.clone(), register),
                (format!("{page}/registers"), register),
                (format!("{page}/registers/kui/receipt"), register),
                (format!("{page}/time"), register),
                ("/desk/board".to_owned(), register),
            ] {
                let (status, _, body) = desk.send("GET", &path, "").await;
                assert!(status == 200 && body.contains(words), "{lang} {path} {words}: {body}");
                assert!(!body.contains("[case-") && !body.contains("[registration-"), "{path}: {body}");
            }
            let absent = "/desk/cases/C-2026-00000000/registers";
            assert_eq!(desk.send("GET", absent, "").await.0, 404);
        }
    })
    .await;
}
