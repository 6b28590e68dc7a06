//! A report that an officer files: one page, the portal's rules, one report for one form.

use http::{StatusCode, header};
use kernel::{Actor, Lang, Purpose};

use crate::place::{Answer, Place, deliver, on_each};

const KEY: &str = "0191f3c2a8b97c6d8e4f001122334455";

/// A whole form, with some answers given otherwise.
fn form(other: &[(&str, &str)]) -> String {
    let filled = [
        ("idempotency_key", KEY),
        ("rows", "2"),
        ("channel", "walk_in"),
        ("lang", "kk"),
        ("ongoing", "no"),
        ("kind", "money"),
        ("name", "Серік <b>Әбенов</b>"),
        ("phone", "8 (701) 222-33-44"),
        ("iin", ""),
        ("story", "Олар @alayaq_bot арқылы жазды"),
        ("p0_amount", "150 000"),
        ("p0_own_bank", "ZALT"),
        ("p0_own_account", ""),
        ("p0_own_unknown", "1"),
        ("p0_to", "8 701 765 43 21"),
        ("p0_to_bank", "ZALT"),
        ("p0_day", "yesterday"),
        ("p0_day_time", "10:00"),
        ("p1_amount", "2 000,50"),
        ("p1_own_bank", "unknown"),
        ("p1_own_unknown", "1"),
        ("p1_to", "KZ938010000000000017"),
        ("p1_day", "yesterday"),
        ("act", "file"),
    ];
    let kept = filled.iter().filter(|(name, _)| !other.iter().any(|(n, _)| n == name));
    let pairs = kept.chain(other).map(|(n, v)| format!("{n}={}", web::encode(v)));
    pairs.collect::<Vec<_>>().join("&")
}

async fn file(place: &Place, other: &[(&str, &str)]) -> Answer {
    place.post("/desk/reports/new", &form(other)).await
}

/// The place with the cookie that an answer set.
fn follow(place: Place, answer: &Answer) -> Place {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
    let filed = set.filter(|c| c.starts_with("filed=")).map(|c| c.split(';').next().unwrap()).next();
    Place { cookie: format!("{}; {}", place.cookie, filed.unwrap()), ..place }
}

async fn count(place: &Place) -> usize {
    place.app.db.read(report::store::all_ids).await.unwrap().len()
}

/// What stands between two marks.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).unwrap().1.split_once(to).unwrap().0
}

#[test]
fn an_officer_files_a_report_and_hands_over_its_code() {
    on_each("aliya", async |place| {
        assert!(place.page("/desk").await.contains("href=\"/desk/reports/new\" data-verb=\"n\""));
        let empty = place.page("/desk/reports/new").await;
        for name in [
            "channel",
            "lang",
            "ongoing",
            "kind",
            "name",
            "phone",
            "iin",
            "story",
            "p0_amount",
            "p0_own_account",
            "p0_to_bank",
            "p0_day_time",
        ] {
            assert!(empty.contains(&format!("name=\"{name}\"")), "{name}");
        }
        let answer = file(&place, &[]).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/desk/reports/filed"),
            "{}",
            answer.body
        );
        assert!(!answer.location().contains(KEY));
        let place = follow(place, &answer);
        let page = place.page("/desk/reports/filed").await;
        let number = between(&page, "data-receipt-number=\"", "\"").to_owned();
        let code = between(&page, "id=\"receipt-code\">", "<").replace('\u{a0}', "");
        assert!(code.len() == 16 && page.contains("lang=\"kk\"") && page.contains("Арызыңыз қабылданды"));
        let (_, id) = report::service::open_with_code(&place.app, &number, &code).await.unwrap();
        let full =
            report::service::open(&place.app, &Actor::Citizen { report: id.uuid() }, id, Purpose::OwnData)
                .await
                .unwrap();
        assert_eq!((full.report.channel.as_str(), &full.report.header.lang), ("desk:walk_in", &Lang::KK));
        assert!(full.report.header.author.starts_with("staff:"), "{}", full.report.header.author);
        assert_eq!(full.told.reporter.open(Purpose::OwnData).phone, "+77012223344");
        assert_eq!(full.report.loss.minor(), 15_200_050);
        let banks: Vec<&str> = full.payments.iter().map(|p| p.to_institution.as_str()).collect();
        assert_eq!(banks, ["ZALT", "ZALT"], "as chosen for the phone, by the number of the account");
        deliver(&place.app).await;
        let page = place.page(&format!("/desk/reports/{number}")).await;
        assert!(page.contains("in person") && page.contains("&#60;b&#62;Әбенов"));
        // Handed over: the code is gone, a reload does not bring it back.
        let done = place.post("/desk/reports/filed", "").await;
        assert_eq!(done.location(), format!("/desk/reports/{number}"));
        assert_eq!(place.get("/desk/reports/filed").await.location(), "/desk");
        let again = file(&place, &[]).await;
        assert_eq!(again.location(), format!("/desk/reports/{number}"), "the form was filed before");
        assert_eq!(count(&place).await, 2);
    });
}

#[test]
fn pressed_twice_is_one_report_and_one_code() {
    on_each("aliya", async |place| {
        let (one, two) = tokio::join!(file(&place, &[]), file(&place, &[("name", "Басқа")]));
        assert_eq!((one.location(), two.location()), ("/desk/reports/filed", "/desk/reports/filed"));
        assert_eq!(count(&place).await, 2, "the place's own and this one");
        let place = follow(place, &two);
        let page = place.page("/desk/reports/filed").await;
        let code = between(&page, "id=\"receipt-code\">", "<");
        assert!(place.page("/desk/reports/filed").await.contains(code), "a reload loses nothing");
        // Another form is another report.
        assert_eq!(file(&place, &[("idempotency_key", "another")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(&place).await, 3);
    });
}

#[test]
fn everything_wrong_is_said_at_once_and_what_was_typed_stays() {
    on_each("aliya", async |place| {
        let refused = file(
            &place,
            &[
                ("channel", "pigeon"),
                ("lang", ""),
                ("ongoing", ""),
                ("kind", ""),
                ("phone", "8701222"),
                ("iin", "123"),
                ("p0_amount", "-5"),
                ("p0_own_bank", ""),
                ("p0_own_account", "KZ938010000000000018"),
                ("p0_to", ""),
                ("p1_amount", "90000000000000000"),
                ("p1_to", "KZ938010000000000018"),
                ("p1_day_time", "25:00"),
            ],
        )
        .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for name in [
            "channel",
            "lang",
            "ongoing",
            "kind",
            "phone",
            "iin",
            "p0_amount",
            "p0_own_bank",
            "p0_own_account",
            "p0_to",
            "p1_amount",
            "p1_to",
        ] {
            assert!(refused.body.contains(&format!("href=\"#f-{name}\"")), "{name}: {}", refused.body);
            assert!(refused.body.contains(&format!("id=\"f-{name}-error\"")), "{name} beside the field");
        }
        assert!(refused.body.contains("href=\"#f-p1_day_time\""));
        for kept in [
            "8701222",
            "value=\"-5\"",
            "KZ938010000000000018",
            "25:00",
            "@alayaq_bot",
            "&#60;b&#62;Әбенов",
            KEY,
        ] {
            assert!(refused.body.contains(kept), "{kept}");
        }
        for words in ["Enter the receiver, or tick", "Choose the bank, or", "The sum is too large"] {
            assert!(refused.body.contains(words), "{words}");
        }
        assert!(!refused.body.contains("[desk-") && !refused.body.contains("[report-"));
        let long = "x".repeat(300_000);
        let story = file(&place, &[("story", &long)]).await;
        assert!(story.status == StatusCode::UNPROCESSABLE_ENTITY && story.body.contains("f-story-error"));
        assert_eq!(count(&place).await, 1);
    });
}

#[test]
fn another_payment_is_added_without_a_script() {
    on_each("aliya", async |place| {
        let more = file(&place, &[("act", "add"), ("p0_amount", "")]).await;
        assert_eq!(more.status, StatusCode::OK, "nothing is judged yet");
        assert!(more.body.contains("name=\"p2_amount\"") && more.body.contains("name=\"rows\" value=\"3\""));
        assert!(more.body.contains("8 701 765 43 21") && more.body.contains("Read as: phone number"));
        // The key Enter presses the first button, which only judges.
        let judged = file(&place, &[("act", "check")]).await;
        assert!(judged.status == StatusCode::OK && !judged.body.contains("error-summary"));
        assert_eq!(count(&place).await, 1);
        // Rows left empty are no payments.
        let filed = file(&place, &[("rows", "9")]).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER);
        let ids = place.app.db.read(report::store::all_ids).await.unwrap();
        let id = ids.into_iter().find(|id| *id != place.report).unwrap();
        let actor = Actor::Citizen { report: id.uuid() };
        let full = report::service::open(&place.app, &actor, id, Purpose::OwnData).await.unwrap();
        assert_eq!(full.payments.len(), 2);
    });
}

#[test]
fn who_may_not_file_sees_no_form() {
    for login in ["daur", "erzhan"] {
        on_each(login, async |place| {
            for answer in [
                place.get("/desk/reports/new").await,
                file(&place, &[]).await,
                place.get("/desk/reports/filed").await,
            ] {
                assert!(
                    matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN),
                    "{}",
                    answer.status
                );
                assert!(!answer.body.contains("p0_amount"));
            }
            assert!(!place.get("/desk").await.body.contains("/desk/reports/new"));
            assert_eq!(count(&place).await, 1);
        });
    }
    on_each("aliya", async |place| {
        let answer = file(&place, &[]).await;
        let place = follow(place, &answer);
        // The cookie alone opens nothing: somebody else at the same machine sees no code.
        let other = place.post("/sign-in/demo", "login=daur").await;
        let cookies = other.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
        let session =
            cookies.rev().find(|c| c.contains("qorgan=")).unwrap().split(';').next().unwrap().to_owned();
        let filed = place.cookie.split("; ").last().unwrap().to_owned();
        let place = Place { cookie: format!("{session}; {filed}"), ..place };
        assert!(!place.get("/desk/reports/filed").await.body.contains("receipt-code"));
    });
}

#[test]
fn the_form_and_the_receipt_read_in_three_languages() {
    on_each("aliya", async |mut place| {
        let answer = file(&place, &[("lang", "ru")]).await;
        place = follow(place, &answer);
        for (lang, title) in [("kk", "Жаңа арыз"), ("ru", "Новое заявление"), ("en", "New report")]
        {
            place.lang = lang;
            let page = place.page("/desk/reports/new").await;
            assert!(page.contains(title) && page.contains(&format!("<html lang=\"{lang}\"")));
            let wrong = place.post("/desk/reports/new", "rows=1&act=file&p0_amount=x").await;
            assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && !wrong.body.contains("[desk-"));
            let receipt = place.page("/desk/reports/filed").await;
            assert!(
                receipt.contains("Ваше заявление принято") || receipt.contains("Заявление принято"),
                "{receipt}"
            );
        }
    });
}
