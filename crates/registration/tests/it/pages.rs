//! The pages of the registers over the router: what was typed is not lost.

use app::App;
use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use registration::service;
use testkit::World;
use tower::ServiceExt as _;

use crate::support::{ERDR, KUI, each, filed, receipt};

fn router(app: &App) -> Router {
    let own = access::identify(access::routes().merge(registration::web::routes()), app, |_| None);
    let texts: Vec<web::Locale> = access::LOCALES.into_iter().chain(registration::LOCALES).collect();
    web::wrap(own.with_state(app.clone()), &web::Site::for_tests(&texts, app.office.now()).unwrap())
}

async fn ask(
    app: &App,
    method: &str,
    path: &str,
    (cookie, form): (&str, &str),
) -> (StatusCode, String, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::COOKIE, format!("{cookie}; lang=ru"))
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    let answer = router(app).oneshot(request).await.unwrap();
    let status = answer.status();
    let cookie = answer.headers().get(header::SET_COOKIE).map_or("", |v| v.to_str().unwrap());
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let body = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
    (status, cookie, String::from_utf8(body).unwrap())
}

/// A demonstration with a report that the first register holds, the address of its registers, and an officer.
async fn settled(world: &World, key: u128) -> (App, String, report::Filed, String) {
    let app = App { demo: true, ..world.app.clone() };
    let all = access::demo_accounts(&app).await.unwrap();
    let filed = filed(world, key).await;
    let aliya = all.iter().find(|a| a.login == "aliya").unwrap().actor(&app);
    service::record_receipt(&app, &aliya, &filed.number, KUI, receipt("N-1", app.office.now()))
        .await
        .unwrap();
    let cookie = ask(&app, "POST", "/sign-in/demo", ("", "login=aliya")).await.1;
    let at = format!("/desk/reports/{}/registers", filed.number);
    (app, at, filed, cookie)
}

/// Bug: the register's answer came between the page and the click, and the officer was told that there is no such page.
#[tokio::test]
async fn whoever_comes_too_late_is_told_so() {
    each(async |world| {
        let (app, at, _, cookie) = settled(&world, 73).await;
        let page = format!("{at}/{KUI}/receipt");
        let (status, _, body) = ask(&app, "GET", &page, (&cookie, "")).await;
        assert_eq!(status, StatusCode::CONFLICT, "{body}");
        assert!(body.contains("Откройте страницу заново"), "{body}");
        // Who could never do it learns nothing.
        let (_, other, _) = ask(&app, "POST", "/sign-in/demo", ("", "login=saule")).await;
        let (status, _, body) = ask(&app, "GET", &page, (&other, "")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    })
    .await;
}

const TYPED: &str = "Qujatta-jazylgan-uzaq-negizdeme";

/// Bug: whoever had written for more than five minutes lost the text of a refusal.
#[tokio::test]
async fn a_refusal_that_is_sent_too_late_is_not_lost() {
    each(async |world| {
        let (app, at, filed, cookie) = settled(&world, 71).await;
        let page = format!("{at}/{ERDR}/decide/refused");
        let day = web::day::written(app.profile.civil_date(app.office.now()));
        let form = format!("paper=17&day={day}&articles=35&reasons={TYPED}&words={TYPED}");
        world.advance_secs(301);
        let (status, _, body) = ask(&app, "POST", &page, (&cookie, &form)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(body.matches(TYPED).count(), 2, "{body}");
        assert!(body.contains("name=\"code\"") && body.contains("всё, что вы написали, на месте"), "{body}");
        let (status, _, body) = ask(&app, "POST", &page, (&cookie, &format!("{form}&code=000000"))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(body.contains("Код неверный") && body.contains(TYPED), "{body}");
        let view = service::of_report(&app, &officer(&app).await, &filed.number).await.unwrap();
        assert!(view.matters.iter().all(|m| m.decisions.is_empty()), "and nothing is decided");

        // With a fresh session it is taken; a colleague who was slower keeps the text, too.
        let fresh = ask(&app, "POST", "/sign-in/demo", ("", "login=aliya")).await.1;
        let (status, ..) = ask(&app, "POST", &page, (&fresh, &form)).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (status, _, body) = ask(&app, "POST", &page, (&fresh, &form)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{body}");
        assert!(body.matches(TYPED).count() == 2 && body.contains("уже ждёт второй подписи"), "{body}");
        let (status, _, body) =
            ask(&app, "POST", &format!("{at}/{KUI}/receipt"), (&fresh, "number=N-2&at=01.09.2026+09:00"))
                .await;
        assert_eq!(status, StatusCode::CONFLICT, "{body}");
        assert!(body.contains("value=\"N-2\""), "{body}");
    })
    .await;
}

async fn officer(app: &App) -> kernel::Actor {
    let all = access::demo_accounts(app).await.unwrap();
    all.iter().find(|a| a.login == "aliya").unwrap().actor(app)
}
