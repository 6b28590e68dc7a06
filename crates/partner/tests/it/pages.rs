//! The pages of institutions, over the router, signed in as people of a demonstration.

use std::sync::Arc;

use app::App;
use axum::body::Body;
use axum::{Extension, Router};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use partner::web::Silent;
use testkit::World;
use tower::ServiceExt as _;

use crate::support::{each, import, institution, records};

fn router(app: &App) -> Router {
    let own = access::identify(access::routes().merge(partner::web::routes()), app, |_| None)
        .layer(Extension(Silent(Arc::new(|| vec!["ZBEK".to_owned()]))));
    let texts: Vec<web::Locale> = access::LOCALES.into_iter().chain(partner::LOCALES).collect();
    web::wrap(own.with_state(app.clone()), &web::Site::for_tests(&texts, app.office.now()).unwrap())
}

async fn ask(app: &App, request: http::request::Builder, form: &str) -> (StatusCode, String, String) {
    let mut request = request.header(header::ACCEPT, "text/html").header("sec-fetch-site", "same-origin");
    if request.headers_ref().is_some_and(|h| !h.contains_key(header::CONTENT_TYPE)) {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let answer = router(app).oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let status = answer.status();
    let cookie = answer.headers().get(header::SET_COOKIE).map_or("", |v| v.to_str().unwrap());
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let body = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
    (status, cookie, String::from_utf8(body).unwrap())
}

pub async fn get(app: &App, path: &str, cookie: &str) -> (StatusCode, String) {
    let (status, _, body) =
        ask(app, Request::get(path).header(header::COOKIE, format!("{cookie}; lang=ru")), "").await;
    (status, body)
}

pub async fn post(app: &App, path: &str, cookie: &str, form: &str) -> (StatusCode, String) {
    let (status, _, body) =
        ask(app, Request::post(path).header(header::COOKIE, format!("{cookie}; lang=ru")), form).await;
    (status, body)
}

/// Sends a file as the form does.
pub async fn post_file(app: &App, path: &str, cookie: &str, content: &str) -> (StatusCode, String) {
    let head = "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\r\n";
    let request = Request::post(path)
        .header(header::COOKIE, format!("{cookie}; lang=ru"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    let (status, _, body) = ask(app, request, &format!("{head}{content}\r\n--edge--\r\n")).await;
    (status, body)
}

/// The cookie of somebody of the demonstration.
pub async fn sign_in(app: &App, login: &str) -> String {
    ask(app, Request::post("/sign-in/demo"), &format!("login={login}")).await.1
}

/// A demonstration with three institutions, and the cookies of its administrator and an officer.
pub async fn settled(world: &World) -> (App, String, String) {
    let app = App { demo: true, ..world.app.clone() };
    access::demo_accounts(&app).await.unwrap();
    let mut reads = institution("ZCAR", 3);
    reads.delivery = "pull".to_owned();
    import(&app, vec![institution("ZALT", 1), institution("ZBEK", 2), reads]).await.unwrap();
    let cookies = (sign_in(&app, "erzhan").await, sign_in(&app, "aliya").await);
    (app, cookies.0, cookies.1)
}

#[test]
fn catalogues_agree_and_templates_name_no_missing_text() {
    assert_eq!(web::check_catalogues(&partner::LOCALES), []);
    let site = web::Site::for_tests(&partner::LOCALES, kernel::Timestamp::from_secs(0)).unwrap();
    for template in [
        include_str!("../../templates/partner_list.html"),
        include_str!("../../templates/partner_show.html"),
        include_str!("../../templates/partner_act.html"),
        include_str!("../../templates/_partner_endpoints.html"),
        include_str!("../../templates/partner_endpoint_new.html"),
        include_str!("../../templates/partner_endpoint_secret.html"),
        include_str!("../../templates/partner_endpoint_act.html"),
        include_str!("../../templates/partner_form.html"),
        include_str!("../../templates/partner_file.html"),
        include_str!("../../templates/partner_agreement.html"),
        include_str!("../../templates/_partner_agreement.html"),
        include_str!("../../templates/partner_key_new.html"),
        include_str!("../../templates/partner_live.html"),
        include_str!("../../templates/_partner_certificates.html"),
        include_str!("../../templates/partner_certificate.html"),
        include_str!("../../templates/partner_key_confirm.html"),
    ] {
        let keys = web::keys_in(template);
        assert!(!keys.is_empty());
        for lang in [web::Lang::KK, web::Lang::RU, web::Lang::EN] {
            let ctx = web::Ctx::of(&site, lang.clone());
            for key in keys.iter().map(String::as_str).chain(partner::web::TEXTS.concat()) {
                assert!(ctx.has_text(key), "{key} in {lang}");
            }
        }
    }
}

#[tokio::test]
async fn the_list_says_who_takes_part_and_who_is_silent() {
    each(async |world| {
        let (app, boss, officer) = settled(&world).await;
        let (status, all) = get(&app, "/admin/institutions", &boss).await;
        assert_eq!((status, all.matches("<tr data-row>").count()), (StatusCode::OK, 3), "{all}");
        for part in ["zalt.example:8443", "только читает свой ящик", "<td>действует: 1</td>", "не отвечает"]
        {
            assert!(all.contains(part), "{part} in {all}");
        }
        assert!(!all.contains("secret-path"), "of a gateway the host alone");
        let (_, silent) = get(&app, "/admin/institutions?q=is:silent", &boss).await;
        assert!(silent.contains(">ZBEK<") && !silent.contains(">ZALT<"));
        let (_, sorted) = get(&app, "/admin/institutions?sort=-code", &boss).await;
        assert!(sorted.find(">ZCAR<") < sorted.find(">ZALT<"));
        let (_, none) = get(&app, "/admin/institutions?q=is:evil", &boss).await;
        assert!(none.contains("class=\"empty\""));
        // Officers look institutions up and change nothing; a stranger is led to the door.
        let (status, shown) = get(&app, "/admin/institutions/ZALT", &officer).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!shown.contains("/deactivate") && !shown.contains("/revoke"));
        let (status, _) = post(&app, "/admin/institutions/ZALT/deactivate", &officer, "reason=x").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(get(&app, "/admin/institutions", "").await.0, StatusCode::SEE_OTHER);
        assert_eq!(get(&app, "/admin/institutions/ZZZZ", &boss).await.0, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn taking_out_and_revoking_by_the_pages() {
    each(async |world| {
        let (app, boss, _) = settled(&world).await;
        let at = "/admin/institutions/ZALT";
        let (_, asked) = get(&app, &format!("{at}/deactivate?reason=leaks"), &boss).await;
        assert!(asked.contains("Отключить организацию") && !asked.contains("\nleaks"), "{asked}");
        let (status, again) = post(&app, &format!("{at}/deactivate"), &boss, "reason=+").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.contains("Напишите причину"));
        let (status, _) = post(&app, &format!("{at}/deactivate"), &boss, "reason=%3Ci%3Edogovor").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, shown) = get(&app, at, &boss).await;
        assert!(shown.contains("отключена") && shown.contains("&#60;i&#62;dogovor"), "{shown}");
        assert!(shown.contains(&format!("{at}/activate")));

        let (_, asked) = get(&app, &format!("{at}/revoke?key=ZALT%2F1"), &boss).await;
        assert!(asked.contains("Это последний действующий ключ"), "{asked}");
        for key in ["ZBEK/1", "ZALT/9", ""] {
            let (status, _) =
                post(&app, &format!("{at}/revoke"), &boss, &format!("reason=x&key={key}")).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{key}: a key of its own only");
        }
        let (status, _) = post(&app, &format!("{at}/revoke"), &boss, "reason=stolen&key=ZALT/1").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, all) = get(&app, "/admin/institutions", &boss).await;
        assert!(all.contains("действует: 0, отозвано: 1"));
        let (_, shown) = get(&app, at, &boss).await;
        assert!(shown.contains("отозван") && shown.contains("stolen") && !shown.contains("/revoke?key="));
        let acts: Vec<String> = records(&app, "ZALT").await.into_iter().map(|(act, _)| act).collect();
        for act in ["partner.deactivated", "partner.key_revoked"] {
            assert_eq!(acts.iter().filter(|a| *a == act).count(), 1, "{acts:?}");
        }
    })
    .await;
}
