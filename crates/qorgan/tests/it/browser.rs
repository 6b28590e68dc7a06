//! Pages over the whole router.

use app::App;
use axum::body::Body;
use http_body_util::BodyExt as _;
use testkit::World;
use tower::ServiceExt as _;

/// A browser with the cookies of whoever signed in.
pub struct Browser {
    pub app: App,
    pub lang: &'static str,
    pub cookie: String,
}

impl Browser {
    /// Sends a form, and gives status, headers and page.
    pub async fn send(&self, method: &str, path: &str, form: &str) -> (u16, axum::http::HeaderMap, String) {
        let form_type = "application/x-www-form-urlencoded";
        self.send_as(method, path, form_type, form.as_bytes().to_vec()).await
    }

    /// The same with a body of another kind.
    pub async fn send_as(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> (u16, axum::http::HeaderMap, String) {
        let silent = partner::web::Silent(std::sync::Arc::new(Vec::new));
        let router = qorgan::http::router(&self.app, silent).unwrap();
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("accept", "text/html")
            .header("content-type", kind)
            .header("user-agent", "test")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", format!("{}; lang={}", self.cookie, self.lang))
            .body(Body::from(body))
            .unwrap();
        let answer = router.oneshot(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        for key in [
            "[appeal-",
            "[registration-",
            "[error-",
            "[console-",
            "[order-",
            "[access-",
            "[partner-",
            "[case-",
        ] {
            assert!(!body.contains(key), "{path}: a key instead of words");
        }
        (status, headers, body)
    }
}

/// A browser in a language, signed in by the button of the demonstration.
pub async fn browser(world: &World, lang: &'static str, login: Option<&str>) -> Browser {
    let mut browser = Browser { app: world.app.clone(), lang, cookie: String::new() };
    if let Some(login) = login {
        let (status, headers, body) = browser.send("POST", "/sign-in/demo", &format!("login={login}")).await;
        assert_eq!(status, 303, "{body}");
        let cookies = headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap());
        let session = cookies.rev().find(|c| c.contains("qorgan=")).unwrap();
        browser.cookie = session.split(';').next().unwrap().to_owned();
    }
    browser
}
