//! What is told after filing: stories told anew, payments completed and corrected, messages, promises.

use std::sync::{Arc, Mutex};

use db::outbox::Subscriber;
use http::StatusCode;
use kernel::{Actor, Money, Personal, Purpose, Role, When};
use report::model::{Fact, Target};
use report::rules::{self, FilingError};
use report::service::{self, Completed};
use report::store::LastSaid;
use report::{NewPayment, ReportError, ReportId};
use uuid::Uuid;

use crate::service::{WITH_CODE, payment, report};
use crate::support::{Browser, IBAN, PAYMENT, Place, but, on_each, shown};

pub async fn full(place: &Place, id: ReportId) -> service::Full {
    service::open(&place.app, &Actor::Citizen { report: id.uuid() }, id, Purpose::OwnData).await.unwrap()
}

/// A payment of which nothing is known but the sum and the day.
fn bare(place: &Place) -> NewPayment {
    let now = place.app.office.now();
    NewPayment {
        when: When { earliest: now.plus_secs(-86_400), latest: now, told: String::new() },
        own_institution: String::new(),
        own_account: String::new(),
        to: None,
        to_institution: String::new(),
        reference: String::new(),
        ..payment(place, 70_000)
    }
}

/// A report with these payments, and the citizen who filed it.
async fn filed(place: &Place, key: &str, payments: Vec<NewPayment>) -> (ReportId, Actor) {
    let new = report::NewReport { payments, ..report(place, key) };
    let filed = service::file(&place.app, &Actor::Public, new, WITH_CODE).await.unwrap();
    (filed.id, Actor::Citizen { report: filed.id.uuid() })
}

fn iban() -> Fact {
    let value = IBAN.to_owned();
    Fact::To(Target { kind: "iban".into(), masked: rules::mask("iban", IBAN), value }, "UBANK".into())
}

pub fn officer(place: &Place) -> Actor {
    Actor::Staff {
        user: Uuid::from_u128(5),
        name: "Әлия".to_owned(),
        roles: vec![Role::DutyOfficer],
        unit: format!("{}/{}", place.app.node.code, place.app.node.unit),
    }
}

/// The news so far, by name and body.
async fn news(place: &Place) -> Vec<(String, serde_json::Value)> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let into = heard.clone();
    let all = Subscriber {
        name: "test.later",
        events: &[report::PAYMENT_COMPLETED, report::MESSAGE, report::STORY_TOLD],
        handle: Arc::new(move |_, event| {
            into.lock().unwrap().push((event.name.clone(), event.body.clone()));
            Ok(())
        }),
    };
    db::outbox::drain(&place.app.db, &[all]).await.unwrap();
    std::mem::take(&mut heard.lock().unwrap())
}

#[test]
fn a_story_told_anew_overwrites_nothing() {
    on_each(async |place: Place| {
        let (id, actor) = filed(&place, "s", vec![]).await;
        let first = report(&place, "s").story;
        for story in ["Екінші рет", "Екінші рет", "Үшінші рет 4400 4301 2345 6789"]
        {
            place.clock.advance_secs(60);
            service::tell_story(&place.app, &actor, id, story).await.unwrap();
        }
        let open = |p: &Personal<String>| p.open(Purpose::OwnData).clone();
        let kept = full(&place, id).await;
        assert!(open(&kept.told.story).starts_with("Үшінші рет") && !open(&kept.told.story).contains("2345"));
        let earlier: Vec<String> = kept.earlier_stories.iter().map(|s| open(&s.text)).collect();
        assert_eq!(earlier, [first.as_str(), "Екінші рет"], "the same words again are no version");
        assert!(kept.earlier_stories[0].at < kept.earlier_stories[1].at);
        assert_eq!(news(&place).await.len(), 2);
        // A report filed without a story has no empty version before the first one.
        let new = report::NewReport { story: String::new(), ..report(&place, "n") };
        let none = service::file(&place.app, &Actor::Public, new, WITH_CODE).await.unwrap().id;
        let actor = Actor::Citizen { report: none.uuid() };
        service::tell_story(&place.app, &actor, none, "Енді айтамын").await.unwrap();
        let kept = full(&place, none).await;
        assert_eq!((open(&kept.told.story).as_str(), kept.earlier_stories.len()), ("Енді айтамын", 0));
    });
}

#[test]
fn stories_told_at_once_are_both_kept() {
    on_each(async |place: Place| {
        let (id, actor) = filed(&place, "r", vec![]).await;
        let tell = |text: &'static str| service::tell_story(&place.app, &actor, id, text);
        let (a, b, c) = tokio::join!(tell("бір"), tell("екі"), tell("үш"));
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
        assert_eq!(full(&place, id).await.earlier_stories.len(), 3);
    });
}

#[test]
fn what_was_forgotten_is_filled_in_and_may_be_put_right() {
    on_each(async |place: Place| {
        let (id, actor) = filed(&place, "f", vec![bare(&place), payment(&place, 1_000)]).await;
        let before = full(&place, id).await;
        let p = before.payments[0].clone();
        let more = Fact::Amount(Money::from_minor(90_000, p.amount.asset()));
        let facts = vec![
            iban(),
            Fact::OwnBank("VBANK".into()),
            Fact::OwnAccount("KZ599010000000000002".into()),
            more,
        ];
        let done = service::complete_payment(&place.app, &actor, id, p.id, facts.clone()).await.unwrap();
        assert_eq!(done, Completed { applied: 4, noted: 0 });
        let kept = full(&place, id).await;
        let now = &kept.payments[0];
        assert_eq!((now.amount.minor(), now.own_institution.as_str()), (90_000, "VBANK"));
        assert_eq!((now.to_institution.as_str(), now.to_masked.as_str()), ("UBANK", "KZ95…0001"));
        assert_eq!(now.to.as_ref().unwrap().open(Purpose::OwnData), IBAN);
        assert_eq!(kept.report.loss.minor(), 91_000, "the loss follows the sum");
        assert_eq!(kept.payments.len(), 2, "nothing was told twice");
        let was: Vec<bool> = kept.corrections.iter().map(|c| c.was.is_some()).collect();
        assert_eq!(was, [false, false, false, true], "what stood there before is kept");
        assert!(kept.corrections.iter().all(|c| c.applied && c.from_citizen));
        // Pressed twice.
        let again = service::complete_payment(&place.app, &actor, id, p.id, facts).await.unwrap();
        assert_eq!(again, Completed::default());
        assert_eq!(full(&place, id).await.corrections.len(), 4);
        assert_eq!(
            news(&place).await,
            [(report::PAYMENT_COMPLETED.to_owned(), serde_json::json!({"payment": p.id}))]
        );
        let seen = place.app.db.read(move |tx| identifier::sightings_of(tx, id.uuid())).await.unwrap();
        assert!(seen.iter().any(|s| s.kind == "iban"));
    });
}

#[test]
fn what_a_bank_may_have_been_asked_for_becomes_a_note() {
    on_each(async |place: Place| {
        let (id, actor) = filed(&place, "n", vec![payment(&place, 1_000)]).await;
        let p = full(&place, id).await.payments[0].clone();
        let amount = Fact::Amount(Money::from_minor(9_000, p.amount.asset()));
        let done =
            service::complete_payment(&place.app, &actor, id, p.id, vec![amount.clone()]).await.unwrap();
        assert_eq!(done, Completed { applied: 0, noted: 1 });
        let kept = full(&place, id).await;
        assert_eq!((kept.payments[0].amount.minor(), kept.report.loss.minor()), (1_000, 1_000));
        assert!(!kept.corrections[0].applied && *kept.corrections[0].is.open(Purpose::OwnData) == amount);
        assert_eq!(
            news(&place).await,
            [(report::MESSAGE.to_owned(), serde_json::json!({"from": "reporter"}))]
        );
        let said = |id| place.app.db.read(move |tx| Ok::<_, ReportError>(report::store::last_said(tx, id)?));
        assert!(said(id).await.unwrap().reporter.is_some());
        // The same note again is none; another one is.
        let again = service::complete_payment(&place.app, &actor, id, p.id, vec![amount]).await.unwrap();
        assert_eq!(again, Completed::default());
        let third = Fact::Amount(Money::from_minor(8_000, p.amount.asset()));
        service::complete_payment(&place.app, &actor, id, p.id, vec![third]).await.unwrap();
        assert_eq!(full(&place, id).await.corrections.len(), 2);
    });
}

#[test]
fn what_cannot_be_a_fact_is_refused() {
    on_each(async |place: Place| {
        let (id, actor) = filed(&place, "w", vec![bare(&place)]).await;
        let (other, stranger) = filed(&place, "o", vec![bare(&place)]).await;
        let p = full(&place, id).await.payments[0].clone();
        let amount = |minor, asset| Fact::Amount(Money::from_minor(minor, asset));
        let wrong = [
            (amount(0, p.amount.asset()), FilingError::AmountNotPositive),
            (amount(i64::MAX, p.amount.asset()), FilingError::AmountTooLarge),
            (
                Fact::When(When::exactly(place.app.office.now().plus_secs(3_600))),
                FilingError::PaymentInFuture,
            ),
            (Fact::Reference("x".repeat(141)), FilingError::ReferenceTooLong),
        ];
        for (fact, want) in wrong {
            let got = service::complete_payment(&place.app, &actor, id, p.id, vec![iban(), fact]).await;
            assert!(matches!(&got, Err(ReportError::Filing(e)) if *e == want), "{want:?}: {got:?}");
        }
        let itself = service::complete_payment(
            &place.app,
            &actor,
            id,
            p.id,
            vec![iban(), Fact::OwnAccount(IBAN.to_owned())],
        )
        .await;
        assert!(matches!(itself, Err(ReportError::Filing(FilingError::ToItself))), "{itself:?}");
        for (who, report) in [(&stranger, id), (&stranger, other), (&Actor::Public, id)] {
            let got = service::complete_payment(&place.app, who, report, p.id, vec![iban()]).await;
            assert!(got.is_err(), "{who:?}");
        }
        assert_eq!(full(&place, id).await.corrections, []);
    });
}

#[test]
fn the_only_payment_is_put_right_with_its_currency() {
    on_each(async |place: Place| {
        let usd = Fact::Amount(Money::from_minor(50_000, kernel::Asset::new("USD", 2).unwrap()));
        let (id, actor) = filed(&place, "one", vec![bare(&place)]).await;
        let p = full(&place, id).await.payments[0].id;
        let done = service::complete_payment(&place.app, &actor, id, p, vec![usd.clone()]).await.unwrap();
        assert_eq!(done, Completed { applied: 1, noted: 0 });
        let now = full(&place, id).await;
        assert_eq!(now.payments[0].amount.to_string(), "500.00 USD");
        assert_eq!(now.report.loss.to_string(), "500.00 USD");
        // Beside another payment it cannot be: one loss cannot be summed of both.
        let (id, actor) = filed(&place, "two", vec![bare(&place), bare(&place)]).await;
        let p = full(&place, id).await.payments[0].id;
        let got = service::complete_payment(&place.app, &actor, id, p, vec![usd.clone()]).await;
        assert!(matches!(got, Err(ReportError::Filing(FilingError::MixedAssets))), "{got:?}");
        // Where an order may stand on the sum, it is a note, and changes nothing.
        let (id, actor) = filed(&place, "asked", vec![payment(&place, 70_000), bare(&place)]).await;
        let p = full(&place, id).await.payments[0].id;
        let done = service::complete_payment(&place.app, &actor, id, p, vec![usd]).await.unwrap();
        assert_eq!(done, Completed { applied: 0, noted: 1 });
    });
}

#[test]
fn the_forgotten_receiver_is_supplied_on_a_page() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        b.begin("money").await;
        let open = but(&PAYMENT, &[("own_bank", "unknown"), ("to", ""), ("to_unknown", "1")]);
        b.post("/report/payment", &open).await;
        b.post("/report/you", &crate::support::PERSON).await;
        b.send().await;
        let id = place.app.db.read(report::store::all_ids).await.unwrap()[0];
        b.get("/my-report").await.has("/my-report/payment/1").has("Платёж 1: заполнить недостающее");
        let page = b.get("/my-report/payment/1").await;
        page.has("value=\"2400000\"").lacks("to_unknown").lacks("[report-");
        let untouched =
            [("own_bank", ""), ("amount", "2400000.00"), ("day", "today"), ("day_time", "08:05"), ("to", "")];
        let nothing = b.post("/my-report/payment/1", &untouched).await;
        assert_eq!(
            nothing.error("to"),
            "Ничего нового не указано. Заполните или исправьте хотя бы один ответ"
        );
        let slip = b
            .post("/my-report/payment/1", &but(&untouched, &[("own_account", "KZ599010000000000003")]))
            .await;
        assert_eq!(
            slip.error("own_account"),
            "В номере счёта ошибка. Сверьте каждый знак с приложением банка"
        );
        slip.has("KZ599010000000000003");
        let given =
            but(&untouched, &[("to", IBAN), ("own_account", "4400 4301 2345 6789"), ("day_time", "08:15")]);
        let seen = b.post("/my-report/payment/1", &given).await;
        assert_eq!((seen.path.as_str(), seen.status), ("/my-report", StatusCode::OK));
        let kept = full(&place, id).await;
        assert_eq!((kept.payments.len(), kept.report.loss.minor()), (1, 240_000_000));
        let own = kept.payments[0].own_account.as_ref().unwrap().open(Purpose::OwnData).clone();
        assert_eq!(own, "4400436789", "a card is never kept whole");
        assert_eq!(kept.payments[0].to_institution, "UBANK");
        assert_eq!(kept.payments[0].own_institution, "UBANK", "the card tells its bank");
        assert_eq!(kept.corrections.len(), 4);
        // Now a bank may have been asked: another sum is a note, and the page says so.
        b.get("/my-report/payment/1").await.has("KZ95…0001").lacks(IBAN).lacks("HALF-7");
        let other = b
            .post("/my-report/payment/1", &but(&untouched, &[("amount", "2 000 000"), ("day_time", "08:15")]))
            .await;
        other.has("Ваше исправление").has("2\u{a0}000\u{a0}000");
        assert_eq!(full(&place, id).await.report.loss.minor(), 240_000_000);
        for path in ["/my-report/payment/2", "/my-report/payment/99999999999999999999"] {
            assert!(!b.get(path).await.body.contains("name=\"own_account\""));
        }
        let stranger = Browser::new(&place.app, "ru").get("/my-report/payment/1").await;
        stranger.has("name=\"code\"");
    });
}

#[test]
fn the_page_of_a_payment_reads_in_three_languages() {
    on_each(async |place: Place| {
        for lang in ["kk", "ru", "en"] {
            let mut b = Browser::new(&place.app, lang);
            b.file().await;
            let page = b.get("/my-report/payment/1").await;
            page.has(&format!("<html lang=\"{lang}\"")).has("name=\"to_bank\"").has("name=\"reference\"");
            page.lacks("[report-");
        }
    });
}

#[test]
fn both_sides_are_told_of_but_only_one_is_the_reporter() {
    on_each(async |place: Place| {
        let (id, citizen) = filed(&place, "m", vec![]).await;
        let said = |id| place.app.db.read(move |tx| Ok::<_, ReportError>(report::store::last_said(tx, id)?));
        assert_eq!(said(id).await.unwrap(), LastSaid::default());
        service::message(&place.app, &citizen, id, "Жауап бар ма?", "").await.unwrap();
        place.clock.advance_secs(60);
        service::message(&place.app, &officer(&place), id, "Иә", "").await.unwrap();
        let last = said(id).await.unwrap();
        assert!(last.reporter.is_some() && last.reporter < last.desk);
        let bodies: Vec<String> = news(&place).await.into_iter().map(|(_, b)| b.to_string()).collect();
        assert_eq!(bodies, [r#"{"from":"reporter"}"#, r#"{"from":"desk"}"#], "no word of what was written");
        let promised = service::receipt_facts(&place.app, id).await.unwrap().next_message_at;
        assert_eq!(
            promised,
            place.app.office.now().plus_secs(1_800),
            "an officer's message keeps the promise"
        );
    });
}

#[test]
fn the_promised_message_comes_and_promises_the_next_one() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "kk");
        b.file().await;
        let id = place.app.db.read(report::store::all_ids).await.unwrap()[0];
        let app = &place.app;
        assert_eq!(report::jobs::keep_promises(app).await.unwrap(), 0);
        place.clock.advance_secs(1_801);
        // The promise has passed and nothing came yet: the page says so instead of hiding it.
        b.get("/my-report").await.has("Хабар кешігіп тұр");
        let (one, two) = tokio::join!(report::jobs::keep_promises(app), report::jobs::keep_promises(app));
        assert_eq!(one.unwrap() + two.unwrap(), 1, "kept once, whoever runs");
        let page = b.get("/my-report").await;
        page.has(&shown("Уәде еткеніміздей жазып отырмыз")).has("Автоматты хабар").has("Келесі хабар уақыты");
        let kept = full(&place, id).await;
        assert!(kept.messages.len() == 1 && kept.messages[0].from_system && !kept.messages[0].from_citizen);
        assert!(kept.report.next_message_at > app.office.now());
        // The next ones come at longer and longer distances, and each reader reads their own language.
        for due in [1, 0, 1, 0, 0, 0, 1] {
            place.clock.advance_secs(1_801);
            assert_eq!(report::jobs::keep_promises(app).await.unwrap(), due);
        }
        let receipt = Browser::new(app, "ru").file().await;
        let mut ru = Browser::new(app, "ru");
        ru.post("/my-report", &[("number", &receipt.number()), ("code", &receipt.code())]).await;
        place.clock.advance_secs(1_801);
        assert_eq!(report::jobs::keep_promises(app).await.unwrap(), 1);
        ru.get("/my-report").await.has("Пишем, как обещали").lacks("report-promise");
    });
}

#[test]
fn nobody_is_promised_what_nobody_can_read() {
    on_each(async |place: Place| {
        let app = &place.app;
        let (withdrawn, citizen) = filed(&place, "w", vec![]).await;
        service::withdraw(app, &citizen, withdrawn).await.unwrap();
        let (erased, _) = filed(&place, "e", vec![]).await;
        service::expunge(app, &Actor::system("retention"), erased).await.unwrap();
        let partner = Actor::institution(Uuid::from_u128(9), "UBANK");
        service::file(app, &partner, report(&place, "p"), service::Filing::default()).await.unwrap();
        place.clock.advance_secs(86_400);
        assert_eq!(report::jobs::keep_promises(app).await.unwrap(), 0);
    });
}
