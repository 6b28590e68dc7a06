//! The page: in three languages, what of it is on record, and where there is no index.

use std::sync::Arc;

use app::App;
use axum::body::Body;
use http_body_util::BodyExt as _;
use kernel::{Actor, Role};
use search::Shelf;
use search::service::{Asked, KEPT_DAYS, forget_questions, seal, unseal};
use tower::ServiceExt as _;

use super::{STORY, everything, found, id, tells};
use crate::browser::browser;
use crate::country::{file, staff};
use crate::gone::node_in;
use crate::nodes::fresh_folder;
use crate::talk::each;

/// Asks the whole router, with an index beside it.
async fn send(
    app: &App,
    shelf: &Arc<Shelf>,
    (lang, cookie): (&str, &str),
    (method, path, form): (&str, &str, &str),
) -> (u16, String, String) {
    let silent = partner::web::Silent(Arc::new(Vec::new));
    let router = qorgan::http::router(app, silent).unwrap().layer(axum::Extension(Arc::clone(shelf)));
    let request = axum::http::Request::builder()
        .method(method)
        .uri(path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("user-agent", "test")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", format!("{cookie}; lang={lang}"))
        .body(Body::from(form.to_owned()))
        .unwrap();
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let to = answer.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    assert!(!body.contains("[search-") && !body.contains("[nav-search"), "{path}: a key instead of words");
    (status, to, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_in_three_languages() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        for n in 941..=965 {
            world.advance_secs(3_600);
            file(&world, tells(app, n, &format!("{STORY}. <b>{n}</b>"))).await;
        }
        let shelf = everything(&world).await;
        let typed = web::encode("безопасный счёт");
        for lang in ["kk", "ru", "en"] {
            let b = browser(&world, lang, Some("aliya")).await;
            let who = (lang, b.cookie.as_str());
            let (status, _, start) = send(app, &shelf, who, ("GET", "/desk/search", "")).await;
            assert_eq!(status, 200);
            assert!(start.contains("data-search") && start.contains("data-filter"));
            let (status, to, _) =
                send(app, &shelf, who, ("POST", "/desk/search", &format!("q={typed}"))).await;
            assert_eq!(status, 303);
            assert!(to.starts_with("/desk/search?s=") && !to.contains('%'), "{to}");
            let (status, _, page) = send(app, &shelf, who, ("GET", &to, "")).await;
            assert_eq!(status, 200);
            assert!(page.contains("<mark>безопасный</mark>") && page.contains("<mark>счёт</mark>"), "{page}");
            assert!(page.contains("rel=\"next\"") && !page.contains("<b>9"), "told text is escaped");
            assert_eq!(page.matches("<tr data-row>").count(), 20);
            // What was typed stands in the box alone, in no address.
            assert!(!page.contains("href=\"/desk/search?q="));
            let (_, _, second) =
                send(app, &shelf, who, ("GET", &format!("{to}&page=2&sort=newest"), "")).await;
            assert_eq!(second.matches("<tr data-row>").count(), 5, "25 reports");
            let (_, _, none) = send(app, &shelf, who, ("GET", &format!("{to}&kind=order"), "")).await;
            assert!(none.contains("class=\"empty\"") && none.contains("aria-current=\"true\""));
            // Whatever stands in the address, it is no fault of ours.
            for odd in [
                "kind=x",
                "state=x.y",
                "region=%00",
                "period=ever",
                "page=-1",
                "page=99999999999999999999",
                "sort=x",
            ] {
                let (status, _, _) = send(app, &shelf, who, ("GET", &format!("{to}&{odd}"), "")).await;
                assert_eq!(status, 200, "{odd}");
            }
            for odd in ["x", "AAAA", "%2F..", &"A".repeat(3_000)] {
                let (status, _, page) =
                    send(app, &shelf, who, ("GET", &format!("/desk/search?s={odd}"), "")).await;
                assert_eq!((status, page.matches("<tr data-row>").count()), (200, 0), "{odd}");
            }
            let (status, to, _) =
                send(app, &shelf, who, ("GET", &format!("/desk/search?q={typed}"), "")).await;
            assert!(status == 303 && to.starts_with("/desk/search?s="), "moved out of the address");
            // Another officer's link opens nothing.
            let colleague = browser(&world, lang, Some("marat")).await;
            let (status, _, page) = send(app, &shelf, (lang, &colleague.cookie), ("GET", &to, "")).await;
            assert!(
                status == 200 && page.contains("class=\"search-note\"") && !page.contains("<mark>"),
                "{page}"
            );
            let (_, to, _) = send(app, &shelf, who, ("POST", "/desk/search", "q=%20%20")).await;
            assert_eq!(to, "/desk/search");
        }
        // Who searched is a record, with what they were shown, and without what they typed.
        let aliya = access::accounts(app, &Actor::system("setup")).await.unwrap();
        let aliya = aliya.into_iter().find(|a| a.login == "aliya").unwrap().actor();
        let Actor::Staff { user, .. } = aliya else { unreachable!("an account of the staff") };
        let acts = app.db.read(move |tx| audit::records_for(tx, user)).await.unwrap();
        let acts: Vec<_> = acts.into_iter().filter(|a| a.record.act == "search.made").collect();
        assert!(acts.len() >= 6, "{}", acts.len());
        // Of 25 reports the last twenty first, the others on the second page; one search found nothing.
        let shown = |act: &audit::RecordView| act.facts["shown"]["report"].as_array().map_or(0, Vec::len);
        for (page, count) in [(1, 20), (2, 5), (1, 0)] {
            let there = acts.iter().any(|a| a.facts["page"] == page && shown(a) == count);
            assert!(there, "page {page} with {count}");
        }
        let of_one = id(950).uuid();
        assert!(acts.iter().any(|a| a.facts["shown"].to_string().contains(&of_one.to_string())));
        // The report knows who was shown a piece of its story.
        let read = app.db.read(move |tx| audit::records_for(tx, of_one)).await.unwrap();
        let read = read.iter().filter(|r| r.record.act == "report.read").count();
        let pages =
            acts.iter().filter(|a| a.facts["shown"].to_string().contains(&of_one.to_string())).count();
        assert!(read > 0 && read == pages, "{read} of {pages}");
        for act in acts {
            assert_eq!(act.record.purpose.as_deref(), Some("handle_report"));
            let facts = act.facts.to_string();
            assert!(act.facts["found"].is_u64() && act.facts["page"].is_u64(), "{facts}");
            assert!(!facts.contains("безопасный") && !facts.contains("счёт"), "{facts}");
        }
        let nobody = ("en", "");
        let (status, to, _) = send(app, &shelf, nobody, ("GET", "/desk/search", "")).await;
        assert!(status == 303 && to.starts_with("/sign-in"));
    })
    .await;
}

/// Bug: orders bore the number of their report: sixteen rows that looked alike. And the head marked the queue as the section of the search.
#[tokio::test(flavor = "multi_thread")]
async fn orders_are_told_apart_by_act_and_sum() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        file(&world, tells(app, 971, STORY)).await;
        let shelf = everything(&world).await;
        let number = app.db.read(move |tx| report::store::find(tx, id(971))).await.unwrap().unwrap().number;
        for (lang, act, section) in [
            ("kk", "ақшаны бұғаттау, ", "Кезек"),
            ("ru", "блокировка денег, ", "Очередь"),
            ("en", "hold of money, ", "Queue"),
        ] {
            let b = browser(&world, lang, Some("aliya")).await;
            let who = (lang, b.cookie.as_str());
            let (_, to, _) = send(app, &shelf, who, ("POST", "/desk/search", &format!("q={number}"))).await;
            let (status, _, page) = send(app, &shelf, who, ("GET", &format!("{to}&kind=order"), "")).await;
            assert_eq!(status, 200);
            let titles: Vec<&str> = page
                .split("data-open><bdi>")
                .skip(1)
                .filter_map(|rest| rest.split("</bdi>").next())
                .collect();
            assert!(
                !titles.is_empty() && titles.iter().all(|t| t.starts_with(act) && t.ends_with('₸')),
                "{titles:?}"
            );
            assert!(
                page.contains(&number) && page.contains("<details class=\"facets-fold\"><summary>"),
                "{page}"
            );
            let marked = page.split("aria-current=\"page\"").count() - 1;
            assert_eq!(marked, 0, "{section} is not where the search is");
            assert!(page.contains("<label for=\"find-q\">"), "the box in the head has a label that is seen");
            assert!(!page.contains("<p class=\"meta\">duty</p>"), "a unit is called by its name");
        }
    })
    .await;
}

/// Bug: whoever tried one name after the other left no trace as long as nobody was found.
#[tokio::test(flavor = "multi_thread")]
async fn who_finds_nothing_is_on_record_too() {
    each("kz", async |world| {
        let app = &world.app;
        let shelf = everything(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let Actor::Staff { user, .. } = officer else { unreachable!("an officer") };
        assert_eq!(found(app, &shelf, &officer, "ешкімтаппас").await.total, 0);
        let acts = app.db.read(move |tx| audit::records_for(tx, user)).await.unwrap();
        let acts: Vec<_> = acts.into_iter().filter(|a| a.record.act == "search.made").collect();
        assert_eq!(acts.len(), 1);
        assert!(acts[0].facts["found"] == 0 && !acts[0].facts.to_string().contains("ешкім"));
    })
    .await;
}

/// Bug: what was typed could be read out of an old address for ever.
#[tokio::test(flavor = "multi_thread")]
async fn old_questions_are_read_by_nobody() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let other = staff(app, 2, Role::DutyOfficer).await;
        let token = seal(app, &officer, "Жәнібек").await.unwrap();
        let typed = |asked: Asked| match asked {
            Asked::Typed(words) => words.into_inner(kernel::Purpose::HandleReport),
            other => format!("{other:?}"),
        };
        for _ in 0..KEPT_DAYS {
            assert_eq!(typed(unseal(app, &officer, &token).await.unwrap()), "Жәнібек");
            assert_eq!(typed(unseal(app, &other, &token).await.unwrap()), "Foreign");
            assert_eq!(forget_questions(app, 30).await.unwrap(), 0);
            world.advance_secs(86_400);
        }
        let later = seal(app, &officer, "Айгүл").await.unwrap();
        world.advance_secs(86_400);
        assert_eq!(typed(unseal(app, &officer, &token).await.unwrap()), "Old");
        assert_eq!(forget_questions(app, 30).await.unwrap(), 1);
        assert_eq!(forget_questions(app, 30).await.unwrap(), 0);
        // Nobody can, though the clock be set back.
        world.advance_secs(-86_400);
        assert_eq!(typed(unseal(app, &officer, &token).await.unwrap()), "Old");
        assert_eq!(typed(unseal(app, &officer, &later).await.unwrap()), "Айгүл");
        assert_eq!(typed(unseal(app, &officer, "").await.unwrap()), "Nothing");
        assert_eq!(typed(unseal(app, &officer, "AAAA").await.unwrap()), "Foreign");
    })
    .await;
}

/// Bug: trouble with a folder that can be made anew kept the node from starting.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_index_the_node_starts() {
    let folder = fresh_folder();
    let mut world = node_in(&folder).await;
    world.app.demo = true;
    access::demo_accounts(&world.app).await.unwrap();
    let app = &world.app;
    std::fs::write(qorgan::searching::folder(&folder), "no folder").unwrap();
    assert!(qorgan::searching::shelf(app, Some(&folder)).is_err());
    let proxies = partner::tls::TrustedProxies(Vec::new().into());
    let running = qorgan::serve::start(
        app,
        proxies,
        qorgan::serve::Outside { data: Some(&folder), ..Default::default() },
    )
    .unwrap();
    let b = browser(&world, "en", Some("aliya")).await;
    for (path, expected) in [("/desk/search", 503), ("/desk", 200)] {
        let request = axum::http::Request::builder()
            .uri(path)
            .header("accept", "text/html")
            .header("user-agent", "test")
            .header("cookie", format!("{}; lang=en", b.cookie))
            .body(Body::empty())
            .unwrap();
        assert_eq!(
            running.router.clone().oneshot(request).await.unwrap().status().as_u16(),
            expected,
            "{path}"
        );
    }
    std::fs::remove_dir_all(folder).unwrap();
}
