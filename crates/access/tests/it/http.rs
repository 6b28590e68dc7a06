//! The pages and extractors, in process.

use access::{LOCALES, MaybeStaff, Session, Staff, SteppedUp, demo_accounts, identify, routes};
use app::{App, Node};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kernel::{Actor, Role, Secret};
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt as _;
use web::{NavItem, Site};

use crate::support::{BROWSER, PASSWORD, Person, Place, on_each};

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
    /// The session's cookie as the browser sends it back, and all of `Set-Cookie`.
    pub fn cookie(&self) -> (String, String) {
        let mut all = self.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
        let set = all.rfind(|c| c.contains("qorgan=")).unwrap_or_default().to_owned();
        (set.split(';').next().unwrap_or_default().to_owned(), set)
    }
}

fn name(actor: &Actor) -> String {
    if let Actor::Staff { name, .. } = actor { name.clone() } else { "nobody".to_owned() }
}

/// The slice's routes and a few of a slice that uses the extractors.
fn router(app: &App) -> Router {
    let own = Router::new()
        .route(
            "/desk/queue",
            get(async |Staff(actor): Staff| name(&actor)).post(async |Staff(actor): Staff| name(&actor)),
        )
        .route("/api/v1/who", get(async |Staff(actor): Staff| name(&actor)))
        .route(
            "/maybe",
            get(async |MaybeStaff(actor): MaybeStaff| {
                actor.map_or_else(|| "nobody".to_owned(), |a| name(&a))
            }),
        )
        .route("/grave", get(async |SteppedUp(actor): SteppedUp| name(&actor)))
        .route("/grave/do", post(async |SteppedUp(actor): SteppedUp| name(&actor)))
        .route("/desk/hidden", get(async || web::Problem::not_found()))
        .route("/admin/hidden", get(async || web::Problem::not_found()))
        .route("/session", get(async |session: Session| session.login));
    let sections = |_: &Actor| Some(vec![NavItem { key: "nav-desk", href: "/desk/only-this", letter: "q" }]);
    let router = identify(routes().merge(own), app, sections).with_state(app.clone());
    web::wrap(router, &Site::for_tests(&LOCALES, app.office.now()).unwrap())
}

pub async fn ask(app: &App, request: http::request::Builder, form: &str) -> Answer {
    let from: SocketAddr = "192.0.2.1:4711".parse().unwrap();
    let request = request.extension(ConnectInfo(from));
    let request = request
        .header(header::USER_AGENT, BROWSER)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = router(app).oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer { status, headers, body }
}

pub fn page(path: &str, cookie: &str) -> http::request::Builder {
    Request::get(path).header(header::ACCEPT, "text/html").header(header::COOKIE, cookie)
}

pub fn submit(path: &str, cookie: &str) -> http::request::Builder {
    let own = Request::post(path).header(header::ACCEPT, "text/html").header("sec-fetch-site", "same-origin");
    own.header(header::COOKIE, cookie)
}

pub async fn sign_in(place: &Place, person: &Person, next: &str) -> Answer {
    place.clock.advance_secs(30);
    let form = format!(
        "login={}&password={}&code={}&next={}",
        person.login,
        web::encode(PASSWORD),
        person.code(&place.clock),
        web::encode(next)
    );
    ask(&place.app, submit("/sign-in", ""), &form).await
}

#[test]
fn the_page_in_three_languages() {
    on_each(|place| async move {
        for (lang, title) in
            [("kk", "Қызметкерлерге арналған кіру"), ("ru", "Вход для сотрудников"), ("en", "Staff sign-in")]
        {
            let answer =
                ask(&place.app, page("/sign-in?next=/desk/queue", &format!("lang={lang}")), "").await;
            assert_eq!(answer.status, StatusCode::OK);
            for part in [
                &format!("<html lang=\"{lang}\""),
                &format!("<h1>{title}</h1>"),
                "name=\"login\"",
                "autocomplete=\"username\"",
                "type=\"password\"",
                "autocomplete=\"current-password\"",
                "autocomplete=\"one-time-code\"",
                "inputmode=\"numeric\"",
                "name=\"next\" value=\"/desk/queue\"",
            ] {
                assert!(answer.body.contains(part), "{part} in {}", answer.body);
            }
            assert_eq!(answer.body.matches("<h1").count(), 1);
            assert!(!answer.body.contains("/sign-in/demo"), "no demonstration here");
            assert_eq!(answer.headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
        }
    });
}

/// Bug: a refused page showed everybody the officers' sections.
#[test]
fn what_is_refused_shows_the_readers_own_sections() {
    on_each(|place| async move {
        let aliya = Person::new(&place.app, "aliya", &[Role::DutyOfficer]).await;
        let (cookie, _) = sign_in(&place, &aliya, "/desk/queue").await.cookie();
        for path in ["/desk/hidden", "/admin/hidden"] {
            let answer = ask(&place.app, page(path, &cookie), "").await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            for part in ["data-surface=\"desk\"", "href=\"/desk/only-this\"", "action=\"/sign-out\""] {
                assert!(answer.body.contains(part), "{path}: {part} in {}", answer.body);
            }
        }
        // Who is nobody learns no more than that there is no such page.
        let answer = ask(&place.app, page("/admin/hidden", ""), "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(!answer.body.contains("only-this"), "{}", answer.body);
    });
}

#[test]
fn in_by_the_form_and_out_again() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let answer = sign_in(&place, &aliya, "/desk/queue?view=night").await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/desk/queue?view=night"));
        let (cookie, set) = answer.cookie();
        assert!(set.starts_with("qorgan=") && !set.contains("Secure"), "{set}");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(set.contains(part), "{set}");
        }
        assert!(!set.contains("Max-Age") && !set.contains("Expires") && !set.contains("Domain"), "{set}");

        for path in ["/desk/queue", "/api/v1/who", "/maybe", "/grave"] {
            let answer = ask(app, page(path, &cookie), "").await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "Әсел aliya"), "{path}");
        }
        assert_eq!(ask(app, page("/session", &cookie), "").await.body, "aliya");
        // Whoever is in needs no sign-in page.
        let again = ask(app, page("/sign-in?next=/desk/queue", &cookie), "").await;
        assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/desk/queue"));

        let out = ask(app, submit("/sign-out", &cookie), "").await;
        assert_eq!((out.status, out.location()), (StatusCode::SEE_OTHER, "/sign-in"));
        assert!(out.cookie().1.contains("Max-Age=0"), "{}", out.cookie().1);
        assert_eq!(ask(app, page("/maybe", &cookie), "").await.body, "nobody");
        // Signing out twice, or without having been in, does no harm.
        assert_eq!(ask(app, submit("/sign-out", &cookie), "").await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_refused_form_keeps_the_login_and_nothing_else() {
    on_each(|place| async move {
        let app = &place.app;
        Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let form = "login=aliya%22%3E%3Cb%3E&password=geheim-geheim-1&code=123456&next=//evil.example";
        let answer = ask(app, submit("/sign-in", "lang=ru"), form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("Логин, пароль или код указаны неверно"), "{}", answer.body);
        assert!(answer.body.contains("value=\"aliya&#34;&#62;&#60;b&#62;\""), "{}", answer.body);
        assert!(answer.body.contains("<title>Ошибка: "));
        assert!(
            !answer.body.contains("geheim")
                && !answer.body.contains("123456")
                && !answer.body.contains("evil")
        );
        assert!(answer.cookie().0.is_empty());
        // An empty form, and one that is none, get the same sentence or a clear refusal.
        for (form, status) in
            [("", StatusCode::UNPROCESSABLE_ENTITY), ("login=%FF", StatusCode::UNPROCESSABLE_ENTITY)]
        {
            assert_eq!(ask(app, submit("/sign-in", ""), form).await.status, status, "{form}");
        }
    });
}

#[test]
fn too_many_tries_say_how_long_to_wait() {
    on_each(|place| async move {
        for n in 0..6 {
            let answer = ask(&place.app, submit("/sign-in", "lang=en"), "login=x&password=y&code=1").await;
            if n < 5 {
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            } else {
                assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
                assert_eq!(answer.headers.get(header::RETRY_AFTER).unwrap(), "900");
                assert!(answer.body.contains("Too many tries. Time to wait: 15"), "{}", answer.body);
            }
        }
    });
}

#[test]
fn over_tls_the_cookie_is_bound_to_the_host() {
    on_each(|place| async move {
        let node = Node {
            name: "test".into(),
            code: "KZ-TEST".into(),
            unit: "central".into(),
            public_url: "https://qorgan.example".into(),
            keyid: "KZ-TEST/1".into(),
            message_key: Secret::new([1; 32]),
            log_key: Secret::new([2; 32]),
        };
        let place = Place { app: App { node: Arc::new(node), ..place.app.clone() }, ..place };
        let aliya = Person::new(&place.app, "aliya", &[Role::DutyOfficer]).await;
        let (cookie, set) = sign_in(&place, &aliya, "").await.cookie();
        assert!(
            set.starts_with("__Host-qorgan=") && set.contains("Secure") && set.contains("Path=/"),
            "{set}"
        );
        assert!(!set.contains("Domain"), "{set}");
        assert_eq!(ask(&place.app, page("/maybe", &cookie), "").await.body, "Әсел aliya");
        // The name without the promise is not read.
        let plain = cookie.replace("__Host-", "");
        assert_eq!(ask(&place.app, page("/maybe", &plain), "").await.body, "nobody");
    });
}

#[test]
fn strangers_are_led_to_the_door_or_told_401() {
    on_each(|place| async move {
        let app = &place.app;
        for cookie in ["", "qorgan=junk", "qorgan=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let answer = ask(app, page("/desk/queue?view=a%20b&x=1", cookie), "").await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            assert_eq!(answer.location(), "/sign-in?next=%2Fdesk%2Fqueue%3Fview%3Da%2520b%26x%3D1");
            let fragment = ask(app, page("/desk/queue", cookie).header("hx-request", "true"), "").await;
            assert_eq!(fragment.status, StatusCode::UNAUTHORIZED);
            let api = ask(app, Request::get("/api/v1/who").header(header::COOKIE, cookie), "").await;
            assert_eq!(api.status, StatusCode::UNAUTHORIZED);
            assert_eq!(api.headers.get(header::CONTENT_TYPE).unwrap(), "application/problem+json");
            assert!(api.body.contains("access.sign_in_first"), "{}", api.body);
            let sent = ask(app, submit("/desk/queue", cookie), "x=1").await;
            assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
            assert_eq!(ask(app, page("/maybe", cookie), "").await.body, "nobody");
            assert_eq!(ask(app, page("/me/sessions", cookie), "").await.status, StatusCode::SEE_OTHER);
        }
    });
}

#[test]
fn other_sites_cannot_send_our_forms() {
    on_each(|place| async move {
        let aliya = Person::new(&place.app, "aliya", &[Role::DutyOfficer]).await;
        let (cookie, _) = sign_in(&place, &aliya, "").await.cookie();
        let forged =
            Request::post("/sign-out").header("sec-fetch-site", "cross-site").header(header::COOKIE, &cookie);
        assert_eq!(ask(&place.app, forged, "").await.status, StatusCode::FORBIDDEN);
        assert_eq!(ask(&place.app, page("/maybe", &cookie), "").await.body, "Әсел aliya");
    });
}

#[test]
fn sessions_are_shown_and_ended() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let (first, _) = sign_in(&place, &aliya, "").await.cookie();
        let (second, _) = sign_in(&place, &aliya, "").await.cookie();
        let (third, _) = sign_in(&place, &aliya, "").await.cookie();
        let shown = ask(app, page("/me/sessions", &third), "").await;
        assert_eq!(shown.body.matches("<tr><th scope=\"row\">").count(), 3, "{}", shown.body);
        assert_eq!(shown.body.matches("name=\"session\"").count(), 2, "one cannot end this one by a row");
        // The head of the desk: the name, one's own sections, the way out.
        assert!(shown.body.contains("<bdi>Әсел aliya</bdi>") && shown.body.contains("action=\"/sign-out\""));
        assert!(shown.body.contains("/desk/only-this"));

        let id = shown
            .body
            .split("name=\"session\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let ended = ask(app, submit("/me/sessions/end", &third), &format!("session={id}")).await;
        assert_eq!((ended.status, ended.location()), (StatusCode::SEE_OTHER, "/me/sessions"));
        assert_eq!(ask(app, page("/maybe", &second), "").await.body, "nobody");
        for wrong in [id.as_str(), "ses_0", "x"] {
            let answer = ask(app, submit("/me/sessions/end", &third), &format!("session={wrong}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        assert_eq!(ask(app, page("/maybe", &first), "").await.body, "Әсел aliya");
        assert_eq!(ask(app, submit("/me/sessions/end", &third), "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(ask(app, page("/maybe", &first), "").await.body, "nobody");
        assert_eq!(ask(app, page("/maybe", &third), "").await.body, "Әсел aliya");
    });
}

#[test]
fn signing_in_again_ends_the_session_of_before() {
    on_each(|place| async move {
        let aliya = Person::new(&place.app, "aliya", &[Role::DutyOfficer]).await;
        let (first, _) = sign_in(&place, &aliya, "").await.cookie();
        place.clock.advance_secs(30);
        let form =
            format!("login=aliya&password={}&code={}", web::encode(PASSWORD), aliya.code(&place.clock));
        let (second, _) = ask(&place.app, submit("/sign-in", &first), &form).await.cookie();
        assert_ne!(first, second);
        assert_eq!(ask(&place.app, page("/maybe", &first), "").await.body, "nobody");
        assert_eq!(ask(&place.app, page("/maybe", &second), "").await.body, "Әсел aliya");
    });
}

#[test]
fn grave_pages_ask_for_a_fresh_code_and_lead_back() {
    on_each(|place| async move {
        let app = &place.app;
        let daur = Person::new(app, "daur", &[Role::Approver]).await;
        let (cookie, _) = sign_in(&place, &daur, "").await.cookie();
        place.clock.advance_secs(301);
        let led = ask(app, page("/grave?x=1", &cookie), "").await;
        assert_eq!((led.status, led.location()), (StatusCode::SEE_OTHER, "/step-up?next=%2Fgrave%3Fx%3D1"));
        // What was typed is kept on the page that asks for the code, and goes on with it.
        let sent = ask(app, submit("/grave/do", &cookie), "reason=it+is+%22mine%22&id=1&id=2").await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        for part in [
            "name=\"next\" value=\"/grave/do\"",
            "name=\"reason\" value=\"it is &#34;mine&#34;\"",
            "name=\"id\" value=\"1\"",
            "name=\"id\" value=\"2\"",
        ] {
            assert!(sent.body.contains(part), "{part}: {}", sent.body);
        }
        let mark =
            sent.body.split("name=\"held\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let held = format!("next=/grave/do&held={mark}&reason=mine");
        let again = ask(app, submit("/step-up", &cookie), &format!("code=000000&{held}")).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("name=\"reason\" value=\"mine\""), "{}", again.body);
        // Nor is it carried out with the code of somebody else who signs in at the same machine.
        let saule = Person::new(app, "saule", &[Role::Approver]).await;
        let (other, _) = sign_in(&place, &saule, "").await.cookie();
        place.clock.advance_secs(301);
        let form = format!("code={}&{held}", saule.code(&place.clock));
        let led = ask(app, submit("/step-up", &other), &form).await;
        assert_eq!((led.status, led.location()), (StatusCode::SEE_OTHER, "/grave/do"));
        // A form with fields of that page's own names is refused as before, and so is what no page has sent.
        assert!(!ask(app, submit("/grave/do", &cookie), "code=1").await.body.contains("name=\"held\""));

        let asked = ask(app, page("/step-up?next=%2Fgrave%3Fx%3D1", &cookie), "").await;
        assert!(asked.body.contains("name=\"next\" value=\"/grave?x=1\""), "{}", asked.body);
        let wrong =
            ask(app, submit("/step-up", &format!("{cookie}; lang=en")), "code=000000&next=/grave").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("The code is wrong or already used"), "{}", wrong.body);
        let form = format!("code={}&{held}", daur.code(&place.clock));
        let on = ask(app, submit("/step-up", &cookie), &form).await;
        assert_eq!((on.status, on.location()), (StatusCode::TEMPORARY_REDIRECT, "/grave/do"));
        // A second click is no wrong code.
        let on = ask(app, submit("/step-up", &cookie), &form).await;
        assert_eq!((on.status, on.location()), (StatusCode::TEMPORARY_REDIRECT, "/grave/do"));
        assert_eq!(ask(app, submit("/grave/do", &cookie), &form).await.body, "Әсел daur");
        place.clock.advance_secs(301);
        let form = format!("code={}&next=/grave", daur.code(&place.clock));
        let right = ask(app, submit("/step-up", &cookie), &form).await;
        assert_eq!((right.status, right.location()), (StatusCode::SEE_OTHER, "/grave"));
        assert_eq!(ask(app, submit("/grave/do", &cookie), "").await.body, "Әсел daur");
        assert_eq!(ask(app, page("/step-up", ""), "").await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn the_demonstration_shows_its_people() {
    on_each(|place| async move {
        let real = place.app.clone();
        let demo = App { demo: true, ..real.clone() };
        demo_accounts(&demo).await.unwrap();
        let shown = ask(&demo, page("/sign-in", "lang=kk"), "").await;
        for part in [
            "Әлия Сейітова",
            "кезекші қызметкер",
            "<code>aliya</code>",
            "/sign-in/demo",
            access::DEMO_PASSWORD,
        ] {
            assert!(shown.body.contains(part), "{part}");
        }
        let entered = ask(&demo, submit("/sign-in/demo", ""), "login=saule&next=/desk/queue").await;
        assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/desk/queue"));
        assert_eq!(ask(&demo, page("/maybe", &entered.cookie().0), "").await.body, "Сәуле Ахметова");
        let unknown = ask(&demo, submit("/sign-in/demo", ""), "login=nobody").await;
        assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
        // Outside a demonstration the address does not exist, and neither do the people.
        let refused = ask(&real, submit("/sign-in/demo", ""), "login=saule").await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        assert!(!ask(&real, page("/sign-in", ""), "").await.body.contains("Сәуле"));
    });
}
