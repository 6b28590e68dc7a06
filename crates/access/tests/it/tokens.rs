//! Tokens of programs: never more than their owner, shown once, ended at once.

use access::{
    LOCALES, MOST_DAYS, NewToken, PER_MINUTE, Reads, Session, TokenError, TokenId, Writes, bear, by_person,
    end_token, end_token_of, identify, make_token, open_session, routes, set_active, token_name, tokens,
    tokens_of,
};
use app::App;
use axum::body::Body;
use axum::routing::{get, post};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kernel::{Coded as _, Role};
use tower::ServiceExt as _;

use crate::http::{Answer, ask, page, sign_in, submit};
use crate::support::{BROWSER, Person, Place, on_each, records, setup};

async fn signed_in(place: &Place, person: &Person) -> Session {
    let came = person.sign_in(place).await.unwrap();
    open_session(&place.app, came.token.expose(), BROWSER).await.unwrap().unwrap()
}

fn new(place: &Place, name: &str, writes: bool, days: i64) -> NewToken {
    NewToken { id: TokenId::from_uuid(place.app.uuid()), name: name.to_owned(), writes, days }
}

fn code<T: std::fmt::Debug>(result: Result<T, TokenError>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn made_once_after_a_fresh_code_and_kept_as_a_hash() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let session = signed_in(&place, &aliya).await;
        let wanted = new(&place, " Апталық есеп ", false, 30);
        let token = make_token(app, &session, wanted.clone()).await.unwrap();
        assert!(token.expose().starts_with("qtk_") && token.expose().len() == 47);
        assert_eq!(code(make_token(app, &session, wanted.clone()).await), "access.token_made");
        let all = tokens(app, &session).await.unwrap();
        assert_eq!(all.len(), 1, "pressed twice");
        assert_eq!(
            (token_name(&all[0]).as_str(), all[0].writes, all[0].used),
            ("Апталық есеп", Some(false), None)
        );
        assert_eq!(all[0].ends.as_secs() - all[0].made.as_secs(), 30 * 24 * 60 * 60);
        // Nobody else's form takes the id.
        let marat = Person::new(app, "marat", &[Role::DutyOfficer]).await;
        let other = signed_in(&place, &marat).await;
        assert_eq!(code(make_token(app, &other, wanted).await), "access.token_not_found");
        for (name, days, said) in [
            ("", 1, "access.token_name"),
            ("a", 0, "access.token_days"),
            ("a", MOST_DAYS + 1, "access.token_days"),
        ] {
            assert_eq!(code(make_token(app, &session, new(&place, name, true, days)).await), said);
        }
        // Five minutes later another code is asked for.
        place.clock.advance_secs(301);
        assert_eq!(code(make_token(app, &session, new(&place, "a", true, 1)).await), "access.step_up");
        let said = records(app, session.account.uuid()).await;
        assert!(said.iter().any(|(act, _)| act == "account.token_made"), "{said:?}");
    });
}

#[test]
fn good_until_it_ends_and_for_so_long_as_its_owner() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let session = signed_in(&place, &aliya).await;
        let made = new(&place, "a", true, 1);
        let token = make_token(app, &session, made.clone()).await.unwrap();
        let program = bear(app, token.expose()).await.unwrap();
        assert_eq!((program.actor, program.token, program.writes), (session.actor.clone(), made.id, true));
        assert!(tokens(app, &session).await.unwrap()[0].used.is_some());
        for wrong in ["", "qtk_", "x", &format!("qtk_{}", "A".repeat(43)), &token.expose()[4..]] {
            assert_eq!(code(bear(app, wrong).await), "access.token", "{wrong}");
        }
        // A closed account has no token, and gets none back by being opened.
        set_active(app, &setup(), "aliya", false, "демалыс").await.unwrap();
        assert_eq!(code(bear(app, token.expose()).await), "access.token");
        set_active(app, &setup(), "aliya", true, "оралды").await.unwrap();
        assert_eq!(code(bear(app, token.expose()).await), "access.token");
        // Ended by its owner, by nobody else.
        let session = signed_in(&place, &aliya).await;
        let made = new(&place, "b", true, 1);
        let token = make_token(app, &session, made.clone()).await.unwrap();
        let marat = Person::new(app, "marat", &[Role::DutyOfficer]).await;
        let other = signed_in(&place, &marat).await;
        assert_eq!(code(end_token(app, &other, made.id).await), "access.token_not_found");
        end_token(app, &session, made.id).await.unwrap();
        assert_eq!(code(bear(app, token.expose()).await), "access.token");
        assert_eq!(code(end_token(app, &session, made.id).await), "access.token_not_found", "twice");
        // By time, of the wall.
        let token = make_token(app, &session, new(&place, "c", true, 1)).await.unwrap();
        place.clock.advance_secs(24 * 60 * 60 - 1);
        assert!(bear(app, token.expose()).await.is_ok());
        place.clock.advance_secs(1);
        assert_eq!(code(bear(app, token.expose()).await), "access.token");
    });
}

#[test]
fn so_many_in_a_minute_and_no_more() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let session = signed_in(&place, &aliya).await;
        let token = make_token(app, &session, new(&place, "a", false, 1)).await.unwrap();
        for n in 0..PER_MINUTE {
            assert!(bear(app, token.expose()).await.is_ok(), "{n}");
        }
        let refused = bear(app, token.expose()).await.unwrap_err();
        assert!(matches!(refused, TokenError::TooMany { wait_secs: 1..=60 }), "{refused}");
        // Another token of the same owner has a minute of its own.
        let other = make_token(app, &session, new(&place, "b", false, 1)).await.unwrap();
        assert!(bear(app, other.expose()).await.is_ok());
        place.clock.advance_secs(60);
        assert!(bear(app, token.expose()).await.is_ok());
    });
}

#[test]
fn whoever_keeps_accounts_sees_that_there_are_tokens_and_not_what_they_are() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let boss = Person::new(app, "boss", &[Role::Administrator]).await;
        let (session, admin) = (signed_in(&place, &aliya).await, signed_in(&place, &boss).await);
        let made = new(&place, "Құпия есеп", true, 1);
        let token = make_token(app, &session, made.clone()).await.unwrap();
        let all = tokens_of(app, &admin.actor, session.account).await.unwrap();
        assert_eq!((all.len(), &all[0].name, all[0].writes), (1, &None, None));
        // Whoever works on no case has none, and is not told of the page.
        assert_eq!(code(tokens(app, &admin).await), "access.not_found");
        assert_eq!(code(make_token(app, &admin, new(&place, "a", true, 1)).await), "access.not_found");
        assert!(tokens_of(app, &session.actor, admin.account).await.is_err());
        assert!(
            end_token_of(app, &session.actor, "aliya", made.id).await.is_err(),
            "nobody's own, nor another's"
        );
        end_token_of(app, &admin.actor, "aliya", made.id).await.unwrap();
        assert_eq!(code(bear(app, token.expose()).await), "access.token");
        let said = records(app, session.account.uuid()).await;
        assert!(said.contains(&("account.token_ended".to_owned(), admin.actor.label())), "{said:?}");
    });
}

/// A route that reads and one that writes.
async fn api(app: &App, method: &str, headers: &[(&str, &str)]) -> Answer {
    let own = axum::Router::new()
        .route("/api/v1/things", get(async |reads: Reads| format!("{:?}", reads.app.came.token.is_some())))
        .route("/api/v1/things", post(async |writes: Writes| writes.actor.label()))
        .route(
            "/api/v1/grave",
            post(async |writes: Writes| by_person(&writes.app).map_err(|e| web::Problem::json(&e))),
        );
    let router = identify(routes(), app, |_| None).merge(own).with_state(app.clone());
    let router = web::wrap(router, &web::Site::for_tests(&LOCALES, app.office.now()).unwrap());
    let (method, path) = method.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path).header("user-agent", BROWSER);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer { status, headers, body }
}

#[test]
fn a_browser_reads_and_changes_nothing_and_a_program_signs_nothing() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let (cookie, _) = sign_in(&place, &aliya, "/me/sessions").await.cookie();
        let session = signed_in(&place, &aliya).await;
        let bearer = async |writes| {
            let token = make_token(app, &session, new(&place, "a", writes, 1)).await.unwrap();
            format!("Bearer {}", token.expose())
        };
        let (reads, writes) = (bearer(false).await, bearer(true).await);
        let from = ("sec-fetch-site", "same-origin");
        let cookie = ("cookie", cookie.as_str());
        for (what, method, headers, status, word) in [
            ("nobody", "GET", vec![], 401, "access.token_missing"),
            ("nobody", "POST", vec![], 401, "access.token_missing"),
            ("a browser reads", "GET", vec![cookie], 200, "false"),
            ("a browser writes", "POST", vec![cookie, from], 403, "access.token_session"),
            ("another site", "POST", vec![cookie, ("sec-fetch-site", "cross-site")], 403, "web."),
            ("reads", "GET", vec![("authorization", reads.as_str())], 200, "true"),
            ("reads only", "POST", vec![("authorization", reads.as_str())], 403, "access.token_reads"),
            ("writes", "POST", vec![("authorization", writes.as_str())], 200, "staff:"),
            (
                "a wrong token and a cookie",
                "GET",
                vec![("authorization", "Bearer qtk_x"), cookie],
                401,
                "access.token",
            ),
            (
                "another scheme and a cookie",
                "GET",
                vec![("authorization", "Basic eA=="), cookie],
                401,
                "access.token",
            ),
        ] {
            let answer = api(app, &format!("{method} /api/v1/things"), &headers).await;
            assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.body);
            assert!(answer.body.contains(word), "{what}: {}", answer.body);
            let challenged = answer.headers.contains_key(header::WWW_AUTHENTICATE);
            assert_eq!(challenged, status == 401 || word == "access.token_reads", "{what}");
        }
        let answer = api(app, "POST /api/v1/grave", &[("authorization", writes.as_str())]).await;
        assert!(
            answer.status == StatusCode::FORBIDDEN && answer.body.contains("access.program"),
            "{}",
            answer.body
        );
        // Somebody who is away is looked up, and nothing is changed in their name.
        let (now, me) = (app.office.now(), session.actor.clone());
        let away = access::NewAbsence {
            id: access::AbsenceId::from_uuid(app.uuid()),
            account: session.account.uuid(),
            from: now,
            till: now.plus_secs(86_400),
            why: access::Why::Leave,
        };
        access::say_absence(app, &me, away).await.unwrap();
        let answer = api(app, "POST /api/v1/things", &[("authorization", writes.as_str())]).await;
        assert!(
            answer.status == StatusCode::FORBIDDEN && answer.body.contains("access.away"),
            "{}",
            answer.body
        );
        assert_eq!(
            api(app, "GET /api/v1/things", &[("authorization", writes.as_str())]).await.status,
            StatusCode::OK
        );
    });
}

#[test]
fn the_page_shows_a_token_once() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let (cookie, _) = sign_in(&place, &aliya, "/me/sessions").await.cookie();
        let own = ask(app, page("/me/sessions", &cookie), "").await;
        assert!(own.body.contains("href=\"/me/tokens\""), "{}", own.body);
        for lang in ["kk", "ru", "en"] {
            let list = ask(app, page("/me/tokens", &format!("{cookie}; lang={lang}")), "").await;
            assert!(list.status == StatusCode::OK && !list.body.contains("[access-"), "{}", list.body);
        }
        let list = ask(app, page("/me/tokens", &cookie), "").await.body;
        let key = list.split("name=\"idempotency_key\" value=\"").nth(1).unwrap();
        let key = key.split('"').next().unwrap().to_owned();
        let form = format!("idempotency_key={key}&name=Report&does=write&days=90");
        let wrong =
            ask(app, submit("/me/tokens", &cookie), &format!("idempotency_key={key}&name=&does=read&days=7"))
                .await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("href=\"#f-name\""));
        let shown = ask(app, submit("/me/tokens", &cookie), &form).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        let token = shown.body.split("qtk_").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(bear(app, &format!("qtk_{token}")).await.is_ok());
        let again = ask(app, submit("/me/tokens", &cookie), &form).await;
        assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/me/tokens"));
        let list = ask(app, page("/me/tokens", &cookie), "").await.body;
        assert!(
            list.contains("Report") && !list.contains(&token) && list.matches("/me/tokens/end").count() == 1
        );
        // Without a fresh code the form is kept and the code asked for.
        place.clock.advance_secs(301);
        let late = ask(app, submit("/me/tokens", &cookie), "name=Late&does=read&days=7").await;
        assert!(
            late.status == StatusCode::FORBIDDEN && late.body.contains("value=\"Late\""),
            "{}",
            late.body
        );
        let id = list.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let ended = ask(app, submit("/me/tokens/end", &cookie), &format!("token={id}")).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.body);
        assert!(bear(app, &format!("qtk_{token}")).await.is_err());
        // An administrator has no such page.
        let boss = Person::new(app, "boss", &[Role::Administrator]).await;
        let (admin, _) = sign_in(&place, &boss, "/admin/accounts").await.cookie();
        assert_eq!(ask(app, page("/me/tokens", &admin), "").await.status, StatusCode::NOT_FOUND);
        assert!(!ask(app, page("/me/sessions", &admin), "").await.body.contains("/me/tokens"));
    });
}
