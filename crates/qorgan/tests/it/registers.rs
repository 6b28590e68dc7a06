//! The pages of the country's registers over the whole router, in each language: the office's at the desk, the
//! reporter's at the portal; and the door of the institution that keeps one.

use testkit::World;

use crate::browser::{Browser, browser};
use crate::country::{file, iban, report};
use crate::talk::each;

/// A report, its page of registers, and its reporter's code.
async fn filed(world: &World, key: u128) -> (String, String, String) {
    let app = &world.app;
    let filed = file(world, report(app, key, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    let code = filed.code.unwrap().expose().clone();
    (format!("/desk/reports/{}/registers", filed.number), filed.number, code)
}

fn now(world: &World) -> String {
    web::encode(&web::day::written_moment(world.app.office.now(), world.app.profile.zone()))
}

async fn numbered(world: &World, desk: &Browser, page: &str, number: &str) {
    let form = format!("number={number}&at={}&registrar=", now(world));
    let (status, _, body) = desk.send("POST", &format!("{page}/kui/receipt"), &form).await;
    assert_eq!(status, 303, "{body}");
}

/// What the reporter reads.
async fn own(world: &World, lang: &'static str, number: &str, code: &str) -> String {
    let victim = browser(world, lang, None).await;
    let (_, headers, _) = victim.send("POST", "/my-report", &format!("number={number}&code={code}")).await;
    let cookies = headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap());
    let visit = cookies.map(|c| c.split(';').next().unwrap()).find(|c| c.contains("visit")).unwrap();
    let victim = Browser { cookie: visit.to_owned(), ..victim };
    victim.send("GET", "/my-report", "").await.2.replace('\u{a0}', " ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_registers_in_each_language() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let (page, number, _) = filed(&world, 801).await;
        for (lang, name) in [("kk", "АЕК"), ("ru", "КУИ"), ("en", "KUI")] {
            let desk = browser(&world, lang, Some("aliya")).await;
            let (status, _, body) = desk.send("GET", &page, "").await;
            assert!(status == 200 && body.contains(name) && !body.contains("[registration-"), "{body}");
            for path in ["/desk/board", &format!("/desk/reports/{number}")] {
                let (status, _, body) = desk.send("GET", path, "").await;
                assert!(status == 200 && body.contains(&page) && !body.contains("[registration-"), "{body}");
            }
            // What was typed stays, and every fault is told at once.
            let receipt = format!("{page}/kui/receipt");
            let (status, _, body) = desk.send("POST", &receipt, "number=&at=вчера&registrar=Үлгі").await;
            assert_eq!(status, 422);
            for part in ["href=\"#f-number\"", "href=\"#f-at\"", "вчера", "Үлгі"] {
                assert!(body.contains(part), "{part}: {body}");
            }
            // A day without an hour would begin the clock of the law at midnight.
            let (status, _, _) = desk.send("POST", &receipt, "number=1&at=01.09.2026&registrar=").await;
            assert_eq!(status, 422);
        }
        let desk = browser(&world, "ru", Some("aliya")).await;
        // Nothing can be decided, put right or agreed to yet.
        for path in ["erdr/decide/registered", "erdr/confirm", "kui/correct", "kui/file", "none/receipt"] {
            assert_eq!(desk.send("GET", &format!("{page}/{path}"), "").await.0, 404, "{path}");
        }
        numbered(&world, &desk, &page, "N-1").await;
        let (status, _, body) = desk.send("GET", &format!("{page}/kui/correct"), "").await;
        assert!(status == 200 && body.contains("value=\"N-1\""), "{body}");
        let form = format!("number=N-2&at={}&registrar=&reason=", now(&world));
        let (status, _, body) = desk.send("POST", &format!("{page}/kui/correct"), &form).await;
        assert!(status == 422 && body.contains("href=\"#f-reason\""), "{body}");
        let (status, _, body) =
            desk.send("POST", &format!("{page}/kui/correct"), &format!("{form}ошибка+<b>")).await;
        assert_eq!(status, 303, "{body}");
        let (_, _, body) = desk.send("GET", &page, "").await;
        assert!(body.contains("<del><bdi>N-1</bdi></del>") && body.contains("N-2"), "{body}");
        assert!(!body.contains("ошибка <b>"), "{body}");
        // The unverified clock says so.
        assert!(body.contains("с официальным текстом не сверены"), "{body}");
        assert_eq!(desk.send("GET", &format!("{page}/erdr/decide/lost"), "").await.0, 404);
        for lang in ["kk", "ru", "en"] {
            let desk = browser(&world, lang, Some("aliya")).await;
            for outcome in ["registered", "refused", "referred"] {
                let (status, _, body) = desk.send("GET", &format!("{page}/erdr/decide/{outcome}"), "").await;
                assert!(status == 200 && !body.contains("[registration-"), "{lang} {outcome}: {body}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_is_not_there() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let (page, _, _) = filed(&world, 802).await;
        let nobody = browser(&world, "ru", None).await;
        assert_ne!(nobody.send("GET", &page, "").await.0, 200);
        let absent = "/desk/reports/R-2026-00000000/registers";
        for login in ["erzhan", "aigul"] {
            let desk = browser(&world, "ru", Some(login)).await;
            for path in [&page, &format!("{page}/kui/file"), &format!("{page}/kui/receipt")] {
                assert_eq!(desk.send("GET", path, "").await.0, 404, "{login} {path}");
            }
            let (status, _, _) = desk.send("POST", &format!("{page}/kui/hand-over"), "").await;
            assert_eq!(status, 404, "{login}");
        }
        // An approver reads and hands nothing over.
        let approver = browser(&world, "ru", Some("saule")).await;
        let (status, _, body) = approver.send("GET", &page, "").await;
        assert!(status == 200 && !body.contains("/kui/hand-over"), "{body}");
        assert_eq!(approver.send("POST", &format!("{page}/kui/hand-over"), "").await.0, 403);
        assert_eq!(approver.send("GET", absent, "").await.0, 404);
        // The register's door opens to signatures alone.
        let answer = r#"{"type":"registration_receipt.v1","hand_over_id":"hov_00000000000000000000000000000000","number":"1","registered_at":"2026-09-01T04:00:00Z"}"#;
        let path = "/api/v1/registrations/hov_00000000000000000000000000000000/answers";
        let (status, _, _) = nobody.send_as("POST", path, "application/json", answer.into()).await;
        assert_eq!(status, 401);
        let (_, _, document) = nobody.send("GET", "/api/v1/openapi.json", "").await;
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(sandbox::wire::openapi::missing(&document), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reporter_reads_what_was_decided_and_where_to_appeal() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let (page, number, code) = filed(&world, 803).await;
        let desk = browser(&world, "ru", Some("aliya")).await;
        assert!(own(&world, "ru", &number, &code).await.contains("передаётся на регистрацию"), "waits");
        numbered(&world, &desk, &page, "N-3").await;
        let seen = own(&world, "en", &number, &code).await;
        assert!(seen.contains("N-3") && seen.contains("is decided by 2 September 2026, 09:00"), "{seen}");
        world.advance_secs(24 * 3600 + 60);
        let seen = own(&world, "ru", &number, &code).await;
        assert!(seen.contains("Решение запаздывает"), "{seen}");
        let desk = browser(&world, "ru", Some("aliya")).await;
        let (_, _, board) = desk.send("GET", "/desk/board", "").await;
        assert!(board.contains("data-phase=\"late\"") && board.contains("ЕРДР"), "{board}");

        let today = web::day::written(world.app.profile.civil_date(world.app.office.now()));
        let form = format!(
            "paper=17&day={today}&articles=ст.+35&reasons=Гражданско-правовой+спор&words=Это+спор+с+продавцом"
        );
        let (status, _, body) = desk.send("POST", &format!("{page}/erdr/decide/refused"), &form).await;
        assert_eq!(status, 303, "{body}");
        let seen = own(&world, "ru", &number, &code).await;
        assert!(!seen.contains("Это спор с продавцом"), "a proposal is nobody's business: {seen}");
        let approver = browser(&world, "kk", Some("saule")).await;
        let (status, _, body) =
            approver.send("POST", &format!("{page}/erdr/confirm"), "answer=agree&reason=").await;
        assert_eq!(status, 303, "{body}");
        let seen = own(&world, "ru", &number, &code).await;
        for part in [
            "Досудебное расследование не начинается",
            "Решение № 17 от",
            "Это спор с продавцом",
            "обжаловать прокурору, затем следственному судье",
        ] {
            assert!(seen.contains(part), "{part}: {seen}");
        }
        // The reasoning of the document may name other people: it is not for this page.
        assert!(!seen.contains("Гражданско-правовой спор"), "{seen}");
        assert!(own(&world, "kk", &number, &code).await.contains("шағым бере аласыз"), "in each language");

        let (page, number, code) = filed(&world, 804).await;
        numbered(&world, &desk, &page, "N-4").await;
        let form = "addressee=Ойдан+шығарылған+қызмет&reasons=Құзыреті+солардікі+екен";
        let (status, _, body) = desk.send("POST", &format!("{page}/erdr/decide/referred"), form).await;
        assert_eq!(status, 303, "{body}");
        let (status, _, body) =
            approver.send("POST", &format!("{page}/erdr/confirm"), "answer=agree&reason=").await;
        assert_eq!(status, 303, "{body}");
        let seen = own(&world, "ru", &number, &code).await;
        assert!(
            seen.contains("Теперь вашим заявлением занимается") && seen.contains("Ойдан шығарылған қызмет"),
            "{seen}"
        );
    })
    .await;
}
