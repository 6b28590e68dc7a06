//! The whole way from the first question to the receipt, as a browser without scripts goes it.

use http::StatusCode;
use kernel::{Actor, Purpose};
use report::{ReportId, service};

use crate::support::{Browser, PAYMENT, PERSON, Place, Seen, but, on_each, place};

/// What every page must be.
fn sound(seen: &Seen, lang: &str) {
    assert!(
        seen.status == StatusCode::OK || seen.status == StatusCode::UNPROCESSABLE_ENTITY,
        "{}: {}",
        seen.path,
        seen.status
    );
    seen.has(&format!("<html lang=\"{lang}\""));
    assert_eq!(seen.body.matches("<h1").count(), 1, "{}: one heading", seen.path);
    for key in ["[report-", "[error-", "[when-", "[button-", "[wizard-"] {
        seen.lacks(key);
    }
    for (id, rest) in seen.body.split("href=\"#").skip(1).map(|r| r.split_once('"').unwrap()) {
        assert!(
            seen.body.contains(&format!("id=\"{id}\"")),
            "{}: the link to #{id} leads nowhere ({rest:.20})",
            seen.path
        );
    }
}

async fn full(place: &Place, number: &str) -> service::Full {
    let id = id_of(place, number).await;
    service::open(&place.app, &Actor::Citizen { report: id.uuid() }, id, Purpose::OwnData).await.unwrap()
}

async fn id_of(place: &Place, number: &str) -> ReportId {
    let number = number.to_owned();
    let found = place.app.db.read(move |tx| report::store::by_number(tx, &number)).await.unwrap();
    found.unwrap().id
}

pub async fn reports(place: &Place) -> usize {
    place.app.db.read(report::store::all_ids).await.unwrap().len()
}

#[test]
fn the_whole_way_in_three_languages() {
    on_each(async |place: Place| {
        for (lang, step, received, sum) in [
            ("kk", "Қадам: 3 / 5", "Арызыңыз қабылданды", "2\u{a0}400\u{a0}000"),
            ("ru", "Шаг 3 из 5", "Заявление принято", "2\u{a0}400\u{a0}000"),
            ("en", "Step 3 of 5", "Your report is received", "2,400,000"),
        ] {
            let mut b = Browser::new(&place.app, lang);
            sound(&b.get("/").await, lang);
            let seen = b.get("/report").await;
            assert_eq!(seen.path, "/report/now");
            sound(&seen, lang);
            let seen = b.post("/report/now", &[("ongoing", "yes")]).await;
            assert_eq!(seen.path, "/report/what");
            sound(&seen, lang);
            seen.has("callout").has("<span class=\"wizard-step\">").lacks(step);
            let seen = b.post("/report/what", &[("kind", "money")]).await;
            assert_eq!(seen.path, "/report/payment");
            sound(&seen, lang);
            seen.has(step).has("Үлгі").has("Образец");
            let seen = b.post("/report/payment", &but(&PAYMENT, &[("next", "another")])).await;
            assert_eq!(seen.path, "/report/payment?another=1");
            sound(&seen, lang);
            let seen = b
                .post(
                    "/report/payment",
                    &but(&PAYMENT, &[("amount", "310000"), ("to", ""), ("to_unknown", "1")]),
                )
                .await;
            assert_eq!(seen.path, "/report/you");
            sound(&seen, lang);
            let list = b.get("/report/payment").await;
            sound(&list, lang);
            list.has(sum).has("/report/payment/1/remove");
            let seen = b.post("/report/you", &PERSON).await;
            assert_eq!(seen.path, "/report/check");
            sound(&seen, lang);
            seen.has(sum)
                .has("+7\u{a0}701\u{a0}123\u{a0}45\u{a0}67")
                .has("<bdi class=\"told\">8 701 123 45 67</bdi>");
            let seen = b.post("/report/check", &[]).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
            sound(&seen, lang);
            assert_ne!(seen.error("confirm"), "");
            let seen = b.send().await;
            assert_eq!(seen.path, "/report/receipt");
            sound(&seen, lang);
            seen.has(received).has(&web::grouped(&seen.code(), 4)).has("callout");
            let full = full(&place, &seen.number()).await;
            assert_eq!(full.report.header.lang.tag(), lang, "the language of every later notice");
            assert_eq!((full.payments.len(), full.report.loss.minor()), (2, 271_000_000));
            assert!(full.report.ongoing);
            assert_eq!(full.told.reporter.open(Purpose::OwnData).phone, "+77000001234");
            sound(&b.get("/my-report").await, lang);
        }
        assert_eq!(reports(&place).await, 3);
    });
}

#[test]
fn pressing_twice_gives_one_report_and_one_receipt() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        b.begin("money").await;
        b.post("/report/payment", &PAYMENT).await;
        b.post("/report/you", &PERSON).await;
        // Both presses leave before either answer is there.
        let (mut one, mut two) = (b.clone(), b.clone());
        let (first, second) = tokio::join!(one.send(), two.send());
        assert_eq!(first.path, "/report/receipt");
        assert_eq!((first.number(), first.code()), (second.number(), second.code()));
        let again = one.send().await;
        assert_eq!((again.number(), again.code()), (first.number(), first.code()));
        assert_eq!(reports(&place).await, 1);
        // The answer to the press was lost with its cookies: the receipt lets the browser in all the same.
        b.get("/report/receipt").await;
        b.get("/my-report").await.has(&first.number());
        // Either browser may see the report.
        for browser in [&mut one, &mut two] {
            browser.get("/my-report").await.has(&first.number());
        }
    });
}

#[test]
fn a_reload_keeps_the_code_until_its_time_is_over() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "kk");
        let receipt = b.file().await;
        for _ in 0..3 {
            assert_eq!(b.get("/report/receipt").await.code(), receipt.code());
        }
        let file = b.get("/report/receipt.txt").await;
        file.has(&receipt.number()).has(&web::grouped(&receipt.code(), 4)).has("/my-report");
        let name = file.headers.get("content-disposition").unwrap().to_str().unwrap();
        assert_eq!(name, format!("attachment; filename=\"{}.txt\"", receipt.number()));
        // The pages of the form lead to the receipt and not into a second report.
        assert_eq!(b.get("/report/check").await.path, "/report/receipt");
        place.clock.advance_secs(3_600);
        for path in ["/report/receipt", "/report/receipt.txt"] {
            let later = b.get(path).await;
            assert_eq!(later.path, "/my-report", "a bookmark leads to the report, not to an error");
            later.lacks(&receipt.code());
        }
    });
}

#[test]
fn answers_survive_a_reload_a_language_and_a_wrong_field() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        b.begin("money").await;
        // Good and bad input comes back, and is still there after a reload.
        let seen = b.post("/report/payment", &but(&PAYMENT, &[("amount", "сто рублей")])).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.has("value=\"сто рублей\"").has("<title>Ошибка:").has("value=\"8 701 123 45 67\"");
        b.get("/report/payment")
            .await
            .has("value=\"сто рублей\"")
            .has("value=\"8 701 123 45 67\"")
            .has("value=\"08:05\"");
        // The switch of languages is a button of the form: what was typed goes along, without a script.
        let typed = but(&PAYMENT, &[("amount", "5 000"), ("next", ""), ("leave", "kk")]);
        let seen = b.post("/report/payment", &typed).await;
        assert_eq!(seen.path, "/report/payment?another=1");
        seen.has("<html lang=\"kk\"").has("value=\"5 000\"").has("value=\"8 701 123 45 67\"");
        // What scripts save while it is typed is the same draft.
        let kept = b.once("/report/keep/payment", Some("amount=6000&to=87011234567")).await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT);
        b.get("/report/payment").await.has("value=\"6000\"");
        b.once("/report/keep/you", Some("name=%D0%90&phone=8701")).await;
        b.get("/report/you").await.has("value=\"А\"").has("value=\"8701\"");
        // Saving and leaving leads home; the same address goes on where it was left.
        let seen = b.post("/report/you", &[("name", "Б"), ("phone", ""), ("leave", "home")]).await;
        assert_eq!(seen.path, "/");
        seen.has("Жауаптарыңыз сақталды");
        assert_eq!(b.get("/report").await.path, "/report/payment");
        // Erased is erased.
        b.post("/report/discard", &[]).await;
        b.get("/report/payment").await.lacks("6000");
        assert_eq!(b.get("/report/check").await.path, "/report/now");
        assert_eq!(reports(&place).await, 0);
    });
}

#[tokio::test]
async fn payments_are_changed_removed_and_taken_once() {
    let place = place().await;
    let mut b = Browser::new(&place.app, "en");
    let page = b.begin("money").await;
    let key = page.attribute("name=\"idempotency_key\" value").unwrap().to_owned();
    let form = but(&PAYMENT, &[("idempotency_key", &key), ("next", "another")]);
    b.post("/report/payment", &form).await;
    // The line broke before the answer came, and the button was pressed again.
    b.post("/report/payment", &form).await;
    let list = b.get("/report/payment").await;
    list.has("/report/payment/0/remove").lacks("/report/payment/1/remove");
    // A second payment that is alike in everything is another page and another payment.
    b.post("/report/payment", &but(&PAYMENT, &[("idempotency_key", "other")])).await;
    b.get("/report/payment").await.has("/report/payment/1/remove");
    let change = b.get("/report/payment/1").await;
    change.has("value=\"2 400 000\"").has("value=\"today\" checked");
    let wrong = b.post("/report/payment/1", &but(&PAYMENT, &[("amount", "-1")])).await;
    assert_eq!(wrong.error("amount"), "The sum must be above zero");
    assert_eq!(wrong.attribute("action"), Some("/report/payment/1"));
    // A payment that is still wrong is found before anything is sent.
    b.post("/report/you", &PERSON).await;
    let refused = b.send().await;
    assert_eq!(refused.error("amount"), "The sum must be above zero");
    assert_eq!(reports(&place).await, 0);
    assert_eq!(b.post("/report/payment/1", &but(&PAYMENT, &[("amount", "10")])).await.path, "/report/check");
    assert_eq!(b.post("/report/payment/0/remove", &[]).await.path, "/report/check");
    assert_eq!(b.get("/report/payment/7").await.path, "/report/payment");
    let receipt = b.send().await;
    assert_eq!(full(&place, &receipt.number()).await.report.loss.minor(), 1_000);
}

#[test]
fn a_report_without_payments_is_taken() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        let seen = b.begin("nothing").await;
        assert_eq!(seen.path, "/report/you");
        seen.has("Шаг 3 из 4");
        let story = "Звонили с 8 700 000 77 66, просили код";
        let seen = b.post("/report/you", &[("story", story), ("name", ""), ("phone", ""), ("iin", "")]).await;
        assert_eq!(seen.path, "/report/check");
        seen.has("Шаг 4 из 4").lacks("/report/payment");
        let receipt = b.send().await;
        receipt.lacks("заблокировать деньги").has("дежурный прочитает");
        let kept = full(&place, &receipt.number()).await;
        assert_eq!(kept.told.story.open(Purpose::OwnData), story);
        assert!(kept.payments.is_empty() && kept.report.loss.minor() == 0);
        // Money is gone, but nothing more is known yet.
        let mut b = Browser::new(&place.app, "kk");
        b.begin("money").await;
        assert_eq!(b.post("/report/payment", &[("next", "later")]).await.path, "/report/you");
        let asked = b.post("/report/you", &[("phone", "")]).await;
        assert_eq!(asked.error("phone"), "Телефон нөміріңізді жазыңыз");
        asked.has("name=\"no_phone\"");
        assert_eq!(b.post("/report/you", &[("phone", ""), ("no_phone", "1")]).await.path, "/report/check");
        assert_eq!(b.send().await.path, "/report/receipt");
        assert_eq!(reports(&place).await, 2);
    });
}

#[tokio::test]
async fn what_is_no_fraud_is_told_apart() {
    let place = place().await;
    let mut b = Browser::new(&place.app, "kk");
    for which in ["mistake", "quarrel"] {
        let seen = b.begin(which).await;
        assert_eq!(seen.path, format!("/report/not-fraud/{which}"));
        sound(&seen, "kk");
        seen.has("href=\"/report/what\"");
    }
    assert_eq!(b.get("/report/not-fraud/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(b.get("/report").await.path, "/report/what", "no kind of harm was chosen by that");
}

#[tokio::test]
async fn words_of_despair_bring_a_number_to_call() {
    let place = place().await;
    let mut b = Browser::new(&place.app, "ru");
    b.begin("codes").await;
    let calm = b.post("/report/you", &but(&PERSON, &[("story", "Просили код из СМС")])).await;
    calm.lacks("Вы не одни");
    let seen = b.post("/report/you", &but(&PERSON, &[("story", "Всё потеряла,\nнезачем жить")])).await;
    seen.has("Вы не одни").has("href=\"tel:112\"");
    b.send().await;
    b.get("/my-report").await.has("Вы не одни");
}
