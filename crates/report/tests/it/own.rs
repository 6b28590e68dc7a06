//! The citizen's way back in, and what they add.

use http::StatusCode;
use kernel::{Actor, Purpose};
use report::{ReportId, service};

use crate::support::{Browser, PAYMENT, Place, Seen, but, on_each, place, shown};

async fn id_of(place: &Place, number: &str) -> ReportId {
    let number = number.to_owned();
    place.app.db.read(move |tx| report::store::by_number(tx, &number)).await.unwrap().unwrap().id
}
async fn full(place: &Place, number: &str) -> service::Full {
    let id = id_of(place, number).await;
    service::open(&place.app, &Actor::Citizen { report: id.uuid() }, id, Purpose::OwnData).await.unwrap()
}

/// The page without what differs by request and by the number typed.
fn bytes(seen: &Seen, number: &str) -> (StatusCode, String) {
    (seen.status, seen.body.replace(number, "NUMBER"))
}

#[test]
fn wrong_codes_answer_alike_and_are_limited() {
    on_each(async |place: Place| {
        let receipt = Browser::new(&place.app, "ru").file().await;
        let (number, code) = (receipt.number(), receipt.code());
        let mut b = Browser::new(&place.app, "ru");
        // A number that nobody has, with a right check digit.
        let absent = (0..)
            .map(|i| report::rules::draw_number(&kernel::Entropy::seeded(i), "R", 2026))
            .find(|n| *n != number)
            .unwrap();
        let nobody = b.post("/my-report", &[("number", &absent), ("code", "0000 0000 0000 0000")]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        nobody.has("не подходят друг к другу");
        for code in ["0000000000000000", "", "1", "не код", "99999999999999999999999"] {
            let wrong = b.post("/my-report", &[("number", &number), ("code", code)]).await;
            assert_eq!(bytes(&wrong, &number), bytes(&nobody, &absent), "{code}");
            assert!(!b.cookies.contains_key("visit"));
        }
        for _ in 0..10 {
            let wrong = b.post("/my-report", &[("number", &number), ("code", "1111111111111111")]).await;
            assert_eq!(bytes(&wrong, &number), bytes(&nobody, &absent));
        }
        // Now even the right code is refused, in the same words; an hour later it opens again.
        let shut = b.post("/my-report", &[("number", &number), ("code", &code)]).await;
        assert_eq!(bytes(&shut, &number), bytes(&nobody, &absent));
        place.clock.advance_secs(3_601);
        let open = b.post("/my-report", &[("number", &number), ("code", &code)]).await;
        assert_eq!(open.path, "/my-report");
        open.has("Моё заявление").has(&number).lacks(&code);
    });
}

#[tokio::test]
async fn the_number_is_read_as_people_type_it() {
    let place = place().await;
    let receipt = Browser::new(&place.app, "kk").file().await;
    let (number, code) = (receipt.number(), receipt.code());
    let digits = number.trim_start_matches("R-").to_owned();
    for typed in [
        number.clone(),
        number.to_lowercase(),
        number.replace('R', "Р"),
        number.replace('-', " – "),
        number.replace('-', ""),
        digits,
        format!("\u{200e}{number}\u{200f} "),
    ] {
        let mut b = Browser::new(&place.app, "kk");
        let spaced = web::grouped(&code, 4).replace('\u{a0}', " - ");
        let open = b.post("/my-report", &[("number", &typed), ("code", &spaced)]).await;
        assert_eq!(open.status, StatusCode::OK, "{typed}");
        open.has(&number);
    }
    for typed in
        ["", "R-2026-", "R-2026-123", "<b>", "R-2026-01821490000000000000000000000000000000000000000000"]
    {
        let mut b = Browser::new(&place.app, "kk");
        let refused = b.post("/my-report", &[("number", typed), ("code", &code)]).await;
        assert_ne!(refused.error("number"), "", "{typed}");
        refused.lacks("<b>");
    }
}

#[test]
fn stage_two_is_kept_page_by_page() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        let number = b.file().await.number();
        let own = b.get("/my-report").await;
        own.has(&number).has("2\u{a0}400\u{a0}000").has("+7701…4567");
        let before = own.body.matches("пока нет").count();
        for section in ["contact", "codes", "loans", "told", "about", "wishes"] {
            let page = b.get(&format!("/my-report/details/{section}")).await;
            assert_eq!(page.status, StatusCode::OK, "{section}");
            assert!(!page.body.contains("[report-"), "{section}: {}", page.body);
        }
        let seen = b
            .post(
                "/my-report/details/contact",
                &[("channel", "phone"), ("channel", "sms"), ("channel", "pigeon"), ("spy", "1")],
            )
            .await;
        assert_eq!(seen.path, "/my-report");
        assert_eq!(seen.body.matches("пока нет").count(), before - 1);
        b.post("/my-report/details/about", &[("place", " Қарағанды "), ("help", "")]).await;
        let json = full(&place, &number).await.details.unwrap().open(Purpose::OwnData).clone();
        assert_eq!(json, r#"{"about":{"place":["Қарағанды"]},"contact":{"channel":["phone","sms"]}}"#);
        let page = b.get("/my-report/details/contact").await;
        assert_eq!(page.body.matches(" checked").count(), 2, "what was answered is offered back");
        let long = "ж".repeat(4_001);
        let refused = b.post("/my-report/details/loans", &[("lenders", &long)]).await;
        assert_ne!(refused.error("lenders"), "");
        assert_eq!(b.get("/my-report/details/secret").await.status, StatusCode::NOT_FOUND);
        // Another language keeps what was answered.
        let seen = b.post("/my-report/details/loans", &[("lenders", "Үлгі, 500 000"), ("leave", "kk")]).await;
        assert_eq!(seen.path, "/my-report/details/loans");
        seen.has("<html lang=\"kk\"").has("Үлгі, 500 000");
    });
}

#[test]
fn a_story_is_kept_while_it_is_told_and_seen_by_others_once_sent() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "kk");
        let number = b.file().await.number();
        let kept = b.once("/my-report/keep/story", Some("story=half")).await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT);
        b.get("/my-report/story").await.has("half");
        assert_eq!(full(&place, &number).await.told.story.open(Purpose::OwnData), "");
        let seen = b.post("/my-report/story", &[("story", "half a story"), ("leave", "en")]).await;
        seen.has("<html lang=\"en\"").has("half a story");
        assert_eq!(full(&place, &number).await.told.story.open(Purpose::OwnData), "");
        b.post("/my-report/story", &[("story", "the whole story, 8 701 765 43 21")]).await;
        assert_eq!(
            full(&place, &number).await.told.story.open(Purpose::OwnData),
            "the whole story, 8 701 765 43 21"
        );
        b.get("/my-report/story").await.has("the whole story").lacks("half");
        // Somebody else's report in the same browser does not show it.
        b.once("/my-report/keep/story", Some("story=secret")).await;
        let other = Browser::new(&place.app, "kk").file().await;
        let mut b2 = b.clone();
        b2.post("/my-report", &[("number", &other.number()), ("code", &other.code())])
            .await
            .has(&other.number());
        b2.get("/my-report/story").await.lacks("secret");
    });
}

#[test]
fn a_message_sent_twice_is_said_once() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        let number = b.file().await.number();
        let page = b.get("/my-report").await;
        let key = page.attribute("name=\"idempotency_key\" value").unwrap().to_owned();
        let form = [("text", "Мне опять звонят"), ("idempotency_key", key.as_str())];
        let (mut one, mut two) = (b.clone(), b.clone());
        tokio::join!(one.post("/my-report/message", &form), two.post("/my-report/message", &form));
        assert_eq!(full(&place, &number).await.messages.len(), 1);
        b.post("/my-report/message", &[("text", "И ещё раз")]).await;
        assert_eq!(full(&place, &number).await.messages.len(), 2);
    });
}

#[test]
fn a_forgotten_payment_is_added_once() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        let number = b.file().await.number();
        let page = b.get("/my-report/payment").await;
        let key = page.attribute("name=\"idempotency_key\" value").unwrap().to_owned();
        let form = but(&PAYMENT, &[("amount", "1 000"), ("idempotency_key", &key)]);
        let (mut one, mut two) = (b.clone(), b.clone());
        let (first, second) =
            tokio::join!(one.post("/my-report/payment", &form), two.post("/my-report/payment", &form));
        assert_eq!((first.path.as_str(), second.path.as_str()), ("/my-report", "/my-report"));
        let kept = full(&place, &number).await;
        assert_eq!((kept.payments.len(), kept.report.loss.minor()), (2, 240_100_000));
        let wrong = b.post("/my-report/payment", &but(&PAYMENT, &[("amount", "")])).await;
        assert_eq!(wrong.error("amount"), "Укажите, сколько денег вы перевели");
        let seen = b.post("/my-report/payment", &but(&PAYMENT, &[("amount", "77"), ("leave", "en")])).await;
        seen.has("<html lang=\"en\"").has("value=\"77\"");
        assert_eq!(full(&place, &number).await.payments.len(), 2);
    });
}

#[test]
fn messages_and_withdrawal() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "kk");
        let number = b.file().await.number();
        let empty = b.post("/my-report/message", &[("text", "  ")]).await;
        assert_eq!(empty.error("text"), "Хабарды жазыңыз");
        for _ in 0..2 {
            b.post("/my-report/message", &[("text", "Қосымша <чек> бар")])
                .await
                .has(&shown("Қосымша <чек> бар"));
        }
        assert_eq!(full(&place, &number).await.messages.len(), 1, "pressed twice, said once");
        let long = b.post("/my-report/message", &[("text", &"ы".repeat(200_000))]).await;
        assert_ne!(long.error("text"), "");
        b.get("/my-report/withdraw").await.has("/my-report/withdraw");
        b.post("/my-report/withdraw", &[]).await.has("қайтарып алдыңыз");
        b.post("/my-report/withdraw", &[]).await.has("қайтарып алдыңыз");
        let left = b.post("/my-report/leave", &[]).await;
        assert_eq!(left.path, "/");
        b.get("/my-report").await.has("name=\"code\"").lacks(&number);
    });
}

#[test]
fn without_a_visit_every_page_leads_to_the_door() {
    on_each(async |place: Place| {
        Browser::new(&place.app, "kk").file().await;
        let mut b = Browser::new(&place.app, "kk");
        b.cookies.insert("visit".to_owned(), ("0".repeat(64), "/my-report".to_owned()));
        for path in [
            "/my-report",
            "/my-report/story",
            "/my-report/details/codes",
            "/my-report/payment",
            "/my-report/withdraw",
        ] {
            let seen = b.get(path).await;
            assert_eq!((seen.path.as_str(), seen.status), ("/my-report", StatusCode::OK));
            seen.has("name=\"code\"");
        }
        for path in [
            "/my-report/story",
            "/my-report/details/codes",
            "/my-report/payment",
            "/my-report/withdraw",
            "/my-report/message",
        ] {
            b.post(path, &[("story", "x"), ("text", "x")]).await.has("name=\"code\"");
        }
        // A visit ends by itself.
        let mut b = Browser::new(&place.app, "kk");
        let number = b.file().await.number();
        b.get("/my-report").await.has(&number);
        place.clock.advance_secs(2 * 3_600 + 1);
        b.get("/my-report").await.lacks(&number);
    });
}
