//! Bad input: taken or refused clearly, shown safely, nothing half-written.

use http::StatusCode;
use kernel::{Actor, Purpose};
use report::service;

use crate::support::{Browser, PAYMENT, PERSON, Place, but, on_each, place, shown};
use crate::wizard::reports;

#[test]
fn a_story_of_a_megabyte_is_refused_with_a_sentence() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        b.begin("codes").await;
        let million = "a".repeat(1_000_000);
        let refused = b.post("/report/you", &but(&PERSON, &[("story", &million)])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            refused.error("story"),
            "Текст слишком длинный (предел: около 130 000 букв). Разделите его: начало здесь, остальное сообщением"
        );
        refused.has(&million[..2_000]);
        // Beyond what is read at all: still an answer in words.
        let huge = b.post("/report/you", &[("story", &"ы".repeat(1_000_000))]).await;
        assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
        huge.has("<html lang=\"ru\"").has("Отправьте частями");
        assert_eq!(reports(&place).await, 0);
        let number = {
            b.post("/report/you", &but(&PERSON, &[("story", "коротко")])).await;
            b.send().await.number()
        };
        let refused = b.post("/my-report/story", &[("story", &million)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        b.get("/my-report").await.has(&number);
        // The longest story in the widest letters is taken.
        let long = "ж".repeat(128 * 1024);
        assert_eq!(b.post("/my-report/story", &[("story", &long)]).await.path, "/my-report");
        b.get("/my-report/story").await.has(&long);
    });
}

#[test]
fn a_thousand_identifiers_in_one_story() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "kk");
        let number = b.file().await.number();
        let story: String =
            (0..1_000).map(|i| format!("8 701 200 {:02} {:02} нөмірі, ", i / 100, i % 100)).collect();
        assert_eq!(b.post("/my-report/story", &[("story", &story)]).await.path, "/my-report");
        let seen = place
            .app
            .db
            .read(move |tx| {
                let id = report::store::by_number(tx, &number)?.unwrap().id;
                identifier::sightings_of(tx, id.uuid())
            })
            .await
            .unwrap();
        let in_story = seen.iter().filter(|s| format!("{s:?}").contains("story")).count();
        assert!(in_story >= 1_000 || seen.len() >= 1_000, "{} sightings", seen.len());
    });
}

#[test]
fn strange_signs_are_shown_as_they_came_and_do_nothing() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "en");
        b.begin("codes").await;
        let name = "\u{202e}<script>alert(1)</script> \"Ә\" ' & 😀\u{200b}";
        let story = "😀👩‍👩‍👧 \u{200f}<img src=x onerror=alert(1)>\u{feff}\u{0} {{ ctx }} { $x } </textarea><b>";
        let seen = b.post("/report/you", &but(&PERSON, &[("name", name), ("story", story)])).await;
        assert_eq!(seen.path, "/report/check");

        seen.has(&format!("<bdi class=\"told\">{}", shown(name.trim())))
            .lacks("<script>alert")
            .lacks("<img src=x")
            .lacks("<b>");
        b.get("/report/you").await.lacks("</textarea><b>").lacks("<script>alert");
        b.send().await;
        b.post("/my-report/story", &[("story", story)]).await;
        b.get("/my-report/story").await.has(&shown(story.trim())).lacks("<img src=x");
        b.post("/my-report/message", &[("text", story)])
            .await
            .has("<bdi class=\"told\">")
            .lacks("<img src=x");
        let ids = place.app.db.read(report::store::all_ids).await.unwrap();
        let actor = Actor::Citizen { report: ids[0].uuid() };
        let full = service::open(&place.app, &actor, ids[0], Purpose::OwnData).await.unwrap();
        assert_eq!(full.told.story.open(Purpose::OwnData), story, "what was told is not touched");
        assert_eq!(full.told.reporter.open(Purpose::OwnData).name, name.trim());
    });
}

#[tokio::test]
async fn every_wrong_field_has_its_sentence_and_nothing_is_written() {
    let place = place().await;
    for lang in ["kk", "ru", "en"] {
        let mut b = Browser::new(&place.app, lang);
        let nothing = b.post("/report/now", &[]).await;
        assert_ne!(nothing.error("ongoing"), "");
        assert_ne!(b.post("/report/now", &[("ongoing", "maybe")]).await.error("ongoing"), "");
        b.post("/report/now", &[("ongoing", "no")]).await;
        for kind in ["", "all", "money\0"] {
            assert_ne!(b.post("/report/what", &[("kind", kind)]).await.error("kind"), "", "{kind}");
        }
        b.post("/report/what", &[("kind", "money")]).await;
        for (field, beside, value) in [
            ("own_bank", "own_bank", "NOBANK"),
            ("amount", "amount", "-1"),
            ("amount", "amount", "0"),
            ("amount", "amount", "1,2345"),
            ("amount", "amount", "99999999999999999999"),
            ("amount", "amount", "50 £"),
            ("amount", "amount", "🙂"),
            ("day", "day", ""),
            ("day_time", "day", "23:59"),
            ("day_time", "day", "кеше"),
            ("to", "to", ""),
            ("to", "to", "???"),
        ] {
            let seen = b.post("/report/payment", &but(&PAYMENT, &[(field, value)])).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
            let sentence = seen.error(beside);
            assert!(!sentence.is_empty() && !sentence.contains('['), "{field}={value}: {sentence}");
            // The summary on top repeats it, so that it is found.
            assert!(seen.body.matches(&sentence).count() >= 2, "{field}={value}: {sentence}");
        }
        let all = b.post("/report/payment", &[("next", "done")]).await;
        assert_eq!(
            ["own_bank", "amount", "day", "to"].iter().filter(|f| !all.error(f).is_empty()).count(),
            4
        );
        b.post("/report/payment", &PAYMENT).await;
        let long_name = "Ә".repeat(201);
        for (field, value) in [
            ("phone", ""),
            ("phone", "12"),
            ("phone", "8 101 123 45 67"),
            ("iin", "123"),
            ("name", &long_name),
        ] {
            let seen = b.post("/report/you", &but(&PERSON, &[(field, value)])).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
            assert_ne!(seen.error(field), "", "{field}={value}");
        }
        // What is wrong there is found by the last button too, on its own page.
        let seen = b.send().await;
        assert_ne!(seen.error("name"), "");
    }
    assert_eq!(reports(&place).await, 0);
}

#[tokio::test]
async fn bodies_that_are_no_form_are_answered_in_words() {
    let place = place().await;
    let mut b = Browser::new(&place.app, "kk");
    b.begin("money").await;
    for body in ["%", "%FF%FE", "ongoing", "=&=&", "a=%C3%28", "\u{0}"] {
        for path in
            ["/report/now", "/report/what", "/report/payment", "/report/you", "/report/check", "/my-report"]
        {
            let seen = b.once(path, Some(body)).await;
            assert!(
                seen.status.is_client_error() || seen.status.is_redirection(),
                "{path} {body}: {}",
                seen.status
            );
            assert!(seen.status.is_redirection() || seen.body.contains("<html lang=\"kk\""), "{path} {body}");
        }
    }
    for path in ["/report/payment/x", "/report/payment/-1", "/report/payment/99999999999999999999999"] {
        assert!(b.get(path).await.status.is_client_error(), "{path}");
    }
    assert_eq!(reports(&place).await, 0);
}

#[test]
fn more_payments_than_a_report_holds() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "en");
        b.begin("money").await;
        for no in 0..report::rules::MAX_PAYMENTS {
            let key = no.to_string();
            let form = but(&PAYMENT, &[("idempotency_key", &key), ("next", "another")]);
            assert_eq!(b.post("/report/payment", &form).await.status, StatusCode::OK, "{no}");
        }
        let full = b.post("/report/payment", &but(&PAYMENT, &[("idempotency_key", "one more")])).await;
        assert_eq!(full.error("amount"), "One report holds 50 payments. Describe the others in your story");
        b.post("/report/payment", &[("next", "later")]).await;
        b.post("/report/you", &PERSON).await;
        assert_eq!(b.send().await.path, "/report/receipt");
        let full = b.post("/my-report/payment", &PAYMENT).await;
        assert_eq!(full.error("amount"), "One report holds 50 payments. Describe the others in your story");
    });
}
