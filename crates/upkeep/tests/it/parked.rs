//! Parked news: seen, tried again, left out; over services and pages, on both engines.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::App;
use axum::Router;
use axum::body::Body;
use db::outbox::{self, Subscriber};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kernel::{Actor, Class, Coded as _, Role};
use testkit::World;
use tower::ServiceExt as _;
use upkeep::service::{leave_out, parked_news, try_again};
use uuid::Uuid;

const SLICES: [&db::Slice; 3] = [&vault::SLICE, &audit::SLICE, &access::SLICE];

/// A part of the platform that fails until it is mended.
#[derive(Clone, Default)]
struct Deaf(Arc<AtomicBool>);

impl Deaf {
    fn subscriber(&self) -> Subscriber {
        let mended = Arc::clone(&self.0);
        let handle: outbox::Handler =
            Arc::new(
                move |_, _| {
                    if mended.load(Ordering::SeqCst) { Ok(()) } else { Err("row <b>is</b> locked".into()) }
                },
            );
        Subscriber { name: "deaf.part", events: &["thing.happened.v1"], handle }
    }
}

/// A demonstration in which one piece of news about `subject` is parked.
async fn parked(world: &World, subject: Uuid) -> (App, Deaf, Uuid) {
    let app = App { demo: true, ..world.app.clone() };
    let (me, deaf) = (app.clone(), Deaf::default());
    app.db
        .write(move |tx| me.tell(tx, "thing.happened.v1", subject, serde_json::json!({"x": 1})))
        .await
        .unwrap_or_else(|e: db::DbError| panic!("{e}"));
    outbox::drain(&app.db, &[deaf.subscriber()]).await.unwrap();
    let all = parked_news(&app, &boss(&app)).await.unwrap();
    assert_eq!((all.len(), all[0].subscriber.as_str()), (1, "deaf.part"));
    let event = all[0].event;
    (app, deaf, event)
}

fn staff(app: &App, role: Role) -> Actor {
    access::member(app, Uuid::from_u128(9), "Сынақ (ойдан шығарылған)", &[role])
}

fn boss(app: &App) -> Actor {
    staff(app, Role::Administrator)
}

async fn each(test: impl AsyncFn(World)) {
    for world in World::on_each_engine(5, "kz") {
        test(world.with(&SLICES)).await;
    }
}

async fn records(app: &App, subject: Uuid) -> Vec<(String, String)> {
    let found = app.db.read(move |tx| audit::records_for(tx, subject)).await;
    found
        .unwrap_or_else(|e: db::DbError| panic!("{e}"))
        .into_iter()
        .map(|r| (r.record.act, r.record.facts))
        .collect()
}

#[tokio::test]
async fn tried_again_it_goes_or_stays() {
    each(async |world| {
        let (app, deaf, event) = parked(&world, Uuid::from_u128(7)).await;
        try_again(&app, &boss(&app), "deaf.part", event).await.unwrap();
        try_again(&app, &boss(&app), "deaf.part", event).await.unwrap();
        assert!(parked_news(&app, &boss(&app)).await.unwrap()[0].again);
        outbox::drain(&app.db, &[deaf.subscriber()]).await.unwrap();
        let left = parked_news(&app, &boss(&app)).await.unwrap();
        assert!(!left[0].again && left[0].tries > 1, "it failed again and stays: {left:?}");
        deaf.0.store(true, Ordering::SeqCst);
        try_again(&app, &boss(&app), "deaf.part", event).await.unwrap();
        outbox::drain(&app.db, &[deaf.subscriber()]).await.unwrap();
        assert!(parked_news(&app, &boss(&app)).await.unwrap().is_empty());
        let acts = records(&app, event).await;
        assert_eq!(acts.len(), 2, "a second press is no second act: {acts:?}");
        assert!(acts.iter().all(|(act, facts)| act == "upkeep.tried_again" && facts.contains("deaf.part")));
        let gone = try_again(&app, &boss(&app), "deaf.part", event).await.unwrap_err();
        assert_eq!((gone.class(), gone.code()), (Class::Gone, "upkeep.not_parked"));
    })
    .await;
}

#[tokio::test]
async fn left_out_for_a_reason_and_by_an_administrator_only() {
    each(async |world| {
        let (app, deaf, event) = parked(&world, Uuid::from_u128(7)).await;
        for actor in [staff(&app, Role::DutyOfficer), staff(&app, Role::Approver), Actor::Public] {
            let hidden = parked_news(&app, &actor).await.unwrap_err();
            assert_eq!(hidden.class(), Class::NotFound);
            assert_eq!(
                leave_out(&app, &actor, "deaf.part", event, "x").await.unwrap_err().class(),
                Class::NotFound
            );
            assert_eq!(
                try_again(&app, &actor, "deaf.part", event).await.unwrap_err().class(),
                Class::NotFound
            );
        }
        for reason in ["", " ", &"ә".repeat(501)] {
            let none = leave_out(&app, &boss(&app), "deaf.part", event, reason).await.unwrap_err();
            assert_eq!(none.code(), "upkeep.reason");
        }
        let reason = "Әлия қолмен түзетті";
        assert!(leave_out(&app, &boss(&app), "other.part", event, reason).await.is_err());
        leave_out(&app, &boss(&app), "deaf.part", event, reason).await.unwrap();
        assert!(parked_news(&app, &boss(&app)).await.unwrap().is_empty());
        deaf.0.store(true, Ordering::SeqCst);
        assert_eq!(outbox::drain(&app.db, &[deaf.subscriber()]).await.unwrap(), 0, "it is never heard");
        let acts = records(&app, event).await;
        assert_eq!((acts.len(), acts[0].0.as_str()), (1, "upkeep.left_out"));
        assert!(acts[0].1.contains("reason_sealed") && !acts[0].1.contains("түзетті"), "{acts:?}");
    })
    .await;
}

/// The reason is sealed under the key of whom the news is about, and goes out of reach with it.
#[tokio::test]
async fn the_reason_goes_with_its_subject() {
    each(async |world| {
        let subject = Uuid::from_u128(77);
        let (app, _, event) = parked(&world, subject).await;
        let key = app.vault.new_subject(&app.entropy, subject);
        let me = app.clone();
        app.db.write(move |tx| me.vault.store(tx, &key)).await.unwrap_or_else(|e| panic!("{e}"));
        leave_out(&app, &boss(&app), "deaf.part", event, "себебі").await.unwrap();
        let facts: serde_json::Value = serde_json::from_str(&records(&app, event).await[0].1).unwrap();
        let sealed = app::SealedWords::from_fact(facts["reason_sealed"].as_str().unwrap()).unwrap();
        let open = async || {
            let (me, sealed) = (app.clone(), sealed.clone());
            let words = app.db.read(move |tx| me.open_words(tx, subject, "left_out_reason", &sealed)).await;
            words.unwrap_or_else(|e: vault::VaultError| panic!("{e}"))
        };
        assert_eq!(open().await.unwrap().open(kernel::Purpose::Operate), "себебі");
        let me = app.clone();
        app.db.write(move |tx| me.vault.forget(tx, subject)).await.unwrap_or_else(|e| panic!("{e}"));
        assert!(open().await.is_none());
    })
    .await;
}

fn router(app: &App) -> Router {
    let own = access::identify(access::routes().merge(upkeep::web::routes()), app, |_| None);
    let texts: Vec<web::Locale> = access::LOCALES.into_iter().chain(upkeep::LOCALES).collect();
    web::wrap(own.with_state(app.clone()), &web::Site::for_tests(&texts, app.office.now()).unwrap())
}

async fn ask(app: &App, request: http::request::Builder, form: &str) -> (StatusCode, String, String) {
    let request = request
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = router(app).oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let status = answer.status();
    let cookie = answer.headers().get(header::SET_COOKIE).map_or("", |v| v.to_str().unwrap());
    let cookie = format!("{}; lang=ru", cookie.split(';').next().unwrap());
    let body = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
    (status, cookie, String::from_utf8(body).unwrap())
}

#[tokio::test]
async fn the_pages() {
    each(async |world| {
        let (app, _, event) = parked(&world, Uuid::from_u128(7)).await;
        access::demo_accounts(&app).await.unwrap();
        let (_, erzhan, _) = ask(&app, Request::post("/sign-in/demo"), "login=erzhan").await;
        let (_, aliya, _) = ask(&app, Request::post("/sign-in/demo"), "login=aliya").await;
        let get = |path: &str, cookie: &str| Request::get(path).header(header::COOKIE, cookie);
        let post = |path: &str, cookie: &str| Request::post(path).header(header::COOKIE, cookie);

        let (status, _, page) = ask(&app, get("/admin/parked", &erzhan), "").await;
        assert_eq!(status, StatusCode::OK);
        for part in [
            "deaf.part",
            "thing.happened.v1",
            "row &#60;b&#62;is&#60;/b&#62; locked",
            "00000000-0000-0000-0000-000000000007",
            "/admin/parked/again",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        let (status, _, page) = ask(&app, get("/admin/database", &erzhan), "").await;
        assert!(status == StatusCode::OK && page.contains("ещё не проверялась"), "{page}");
        assert_eq!(ask(&app, post("/admin/database/check", &erzhan), "").await.0, StatusCode::SEE_OTHER);
        let (_, _, page) = ask(&app, get("/admin/database", &erzhan), "").await;
        assert!(page.contains("в течение минуты") && !page.contains("/admin/database/check"), "{page}");
        assert_eq!(ask(&app, get("/admin/database", &aliya), "").await.0, StatusCode::NOT_FOUND);
        assert_eq!(ask(&app, post("/admin/database/check", &aliya), "").await.0, StatusCode::NOT_FOUND);
        let news = format!("subscriber=deaf.part&event={event}");
        for path in ["/admin/parked", &format!("/admin/parked/leave-out?{news}")] {
            assert_eq!(ask(&app, get(path, &aliya), "").await.0, StatusCode::NOT_FOUND, "{path}");
        }
        for path in ["/admin/parked/again", "/admin/parked/leave-out"] {
            for form in [news.as_str(), "subscriber=x&event=junk", ""] {
                assert_eq!(
                    ask(&app, post(path, &aliya), form).await.0,
                    StatusCode::NOT_FOUND,
                    "{path} {form}"
                );
                if form != news {
                    assert_eq!(
                        ask(&app, post(path, &erzhan), form).await.0,
                        StatusCode::GONE,
                        "{path} {form}"
                    );
                }
            }
        }
        assert_eq!(ask(&app, post("/admin/parked/again", &erzhan), &news).await.0, StatusCode::SEE_OTHER);
        let (_, _, page) = ask(&app, get("/admin/parked", &erzhan), "").await;
        assert!(page.contains("сейчас будет повторено") && !page.contains("/admin/parked/again"), "{page}");
        let (status, _, form) = ask(&app, get(&format!("/admin/parked/leave-out?{news}"), &erzhan), "").await;
        assert!(status == StatusCode::OK && form.contains("Пропустить событие"), "{form}");
        let (status, _, form) =
            ask(&app, post("/admin/parked/leave-out", &erzhan), &format!("{news}&reason=")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(form.contains("Напишите причину"));
        let sent = ask(&app, post("/admin/parked/leave-out", &erzhan), &format!("{news}&reason=x")).await;
        assert_eq!(sent.0, StatusCode::SEE_OTHER);
        let (_, _, page) = ask(&app, get("/admin/parked", &erzhan), "").await;
        assert!(page.contains("Ничего не ждёт"), "{page}");
    })
    .await;
}

#[test]
fn texts() {
    assert_eq!(web::check_catalogues(&upkeep::LOCALES), []);
    let site = web::Site::for_tests(&upkeep::LOCALES, kernel::Timestamp::from_secs(0)).unwrap();
    let templates = [
        include_str!("../../templates/upkeep_parked.html"),
        include_str!("../../templates/upkeep_leave_out.html"),
        include_str!("../../templates/_upkeep_news.html"),
    ];
    for key in templates.iter().flat_map(|t| web::keys_in(t)) {
        for lang in [web::Lang::KK, web::Lang::RU, web::Lang::EN] {
            assert!(web::Ctx::of(&site, lang.clone()).has_text(&key), "{key} in {lang}");
        }
    }
}
