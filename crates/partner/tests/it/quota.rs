//! Quotas of signed requests, through the extractors of the partner API: counted for each institution by itself.

use app::App;
use axum::Router;
use axum::body::Body;
use axum::routing::post;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use httpsig::{Params, SigningKey};
use partner::Institution;
use partner::agreement::Terms;
use partner::api::{Signed, SignedAnswer};
use testkit::World;
use tower::ServiceExt as _;

use crate::pages::{get, settled};
use crate::support::{each, import, institution};

fn router(app: &App) -> Router {
    let own: Router<App> = Router::new()
        .route("/api/v1/answer", post(async |SignedAnswer(_): SignedAnswer| "taken"))
        .route("/api/v1/other", post(async |_: Signed| "taken"));
    let texts: Vec<web::Locale> = partner::LOCALES.into_iter().collect();
    web::wrap(own.with_state(app.clone()), &web::Site::for_tests(&texts, app.office.now()).unwrap())
}

/// Sends a request signed by `CODE/1`; gives the status, `Retry-After` and the body.
async fn send(
    world: &World,
    code: &str,
    key: u8,
    path: &str,
    nonce: &str,
) -> (StatusCode, Option<u32>, String) {
    send_from(world, (code, key), (path, nonce), None).await
}

/// The same from an address, with a certificate in the header; the proxy at 192.0.2.1 is trusted.
pub async fn send_from(
    world: &World,
    (code, key): (&str, u8),
    (path, nonce): (&str, &str),
    from: Option<(&str, &str)>,
) -> (StatusCode, Option<u32>, String) {
    let url = format!("{}{path}", world.app.node.public_url);
    let now = world.app.wall.now().as_secs();
    let (keyid, signer) = (format!("{code}/1"), SigningKey::from_bytes(&[key; 32]));
    let params = Params { keyid: &keyid, nonce, created: now, expires: now + 60 };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    let request = httpsig::Request { method: "POST", target_uri: &url, headers: &headers, body: b"{}" };
    headers.extend(httpsig::sign_request(&signer, &request, &params).unwrap());
    let mut request = Request::post(path).body(Body::from("{}")).unwrap();
    *request.headers_mut() = headers;
    if let Some((address, certificate)) = from {
        let peer: std::net::SocketAddr = address.parse().unwrap();
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        let value = format!(":{}:", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, certificate));
        request.headers_mut().insert("client-cert", value.parse().unwrap());
    }
    let proxies = partner::tls::TrustedProxies(vec!["192.0.2.1".parse().unwrap()].into());
    let answer = router(&world.app).layer(axum::Extension(proxies)).oneshot(request).await.unwrap();
    let retry = answer.headers().get(header::RETRY_AFTER).map(|v| v.to_str().unwrap().parse().unwrap());
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
    (status, retry, String::from_utf8(body).unwrap())
}

fn allowed(code: &str, key: u8, requests: u32) -> Institution {
    let agreement = Terms { requests_per_minute: Some(requests), ..Terms::default() };
    Institution { agreement, ..institution(code, key) }
}

/// One institution sends far more than it may: its further requests are refused with the time to wait, its answers and
/// everything of the other go through.
#[tokio::test]
async fn one_floods_and_the_others_answer_goes_through() {
    each(async |world| {
        import(&world.app, vec![allowed("ZALT", 1, 20), allowed("ZBEK", 2, 20)]).await.unwrap();
        let (mut taken, mut refused) = (0, 0);
        for no in 0..100 {
            let (status, retry, body) = send(&world, "ZALT", 1, "/api/v1/other", &format!("a{no}")).await;
            match status {
                StatusCode::OK => taken += 1,
                StatusCode::TOO_MANY_REQUESTS => {
                    refused += 1;
                    assert!(retry.is_some_and(|secs| (1..=60).contains(&secs)), "{retry:?}");
                    assert!(
                        body.contains("\"code\":\"partner.quota\"") && body.contains("\"status\":429"),
                        "{body}"
                    );
                }
                other => assert_eq!(other, StatusCode::OK, "{body}"),
            }
            if no % 10 == 9 {
                let (status, ..) = send(&world, "ZBEK", 2, "/api/v1/answer", &format!("b{no}")).await;
                assert_eq!(status, StatusCode::OK, "the other's answer, after {no}");
            }
        }
        assert_eq!((taken, refused), (20, 80));
        let (status, ..) = send(&world, "ZALT", 1, "/api/v1/answer", "c").await;
        assert_eq!(status, StatusCode::OK, "below the floor an answer is taken from whoever floods, too");
        // Nobody can use up another's quota by requests that only claim to be its.
        for no in 0..40 {
            let (status, ..) = send(&world, "ZBEK", 9, "/api/v1/other", &format!("d{no}")).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }
        let (status, ..) = send(&world, "ZBEK", 2, "/api/v1/other", "e").await;
        assert_eq!(status, StatusCode::OK);
        // The next minute begins anew.
        world.advance_secs(60);
        let (status, ..) = send(&world, "ZALT", 1, "/api/v1/other", "f").await;
        assert_eq!(status, StatusCode::OK);
    })
    .await;
}

/// What was refused has used nothing up: the same nonce is taken once there is room again.
#[tokio::test]
async fn what_was_refused_can_be_sent_again() {
    each(async |world| {
        import(&world.app, vec![allowed("ZALT", 1, 1)]).await.unwrap();
        assert_eq!(send(&world, "ZALT", 1, "/api/v1/other", "a").await.0, StatusCode::OK);
        assert_eq!(send(&world, "ZALT", 1, "/api/v1/other", "b").await.0, StatusCode::TOO_MANY_REQUESTS);
        world.advance_secs(60);
        assert_eq!(send(&world, "ZALT", 1, "/api/v1/other", "b").await.0, StatusCode::OK);
        assert_eq!(send(&world, "ZALT", 1, "/api/v1/other", "a").await.0, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test]
async fn the_page_shows_what_is_used_and_allowed() {
    each(async |world| {
        let (app, boss, _) = settled(&world).await;
        for nonce in ["a", "b"] {
            send(&world, "ZALT", 1, "/api/v1/other", nonce).await;
        }
        let (_, page) = get(&app, "/admin/institutions/ZALT", &boss).await;
        assert!(page.contains("использовано: 2, разрешено: 600"), "{page}");
    })
    .await;
}
