//! A browser without scripts for the pages of the law: it keeps a session, reads a form and sends it as it stands.

use app::App;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use legal_basis::{LegalBasisError, import};
use testkit::World;
use tower::ServiceExt as _;

/// What an answer holds, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
}

/// Somebody at a screen.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) app: App,
    pub(crate) cookie: String,
    pub(crate) lang: &'static str,
}

/// A form's fields as a browser would send them.
pub(crate) type Fields = Vec<(String, String)>;

/// A demonstration with the law of Kazakhstan, on each engine.
pub(crate) async fn each(test: impl AsyncFn(World, App)) {
    for world in World::on_each_engine(31, "kz") {
        let world = world.with(&[&access::SLICE, &legal_basis::SLICE]);
        let app = App { demo: true, ..world.app.clone() };
        access::demo_accounts(&app).await.unwrap();
        let me = app.clone();
        let done: Result<usize, LegalBasisError> = app.db.write(move |tx| import(tx, &me)).await;
        done.unwrap();
        test(world, app).await;
    }
}

impl Browser {
    /// Signed in as a person of the demonstration; nobody with an empty login.
    pub(crate) async fn of(app: &App, login: &str) -> Self {
        let mut browser = Self { app: app.clone(), cookie: String::new(), lang: "ru" };
        if !login.is_empty() {
            let answer = browser.post("/sign-in/demo", &[("login".into(), login.into())].into()).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
            let all = answer.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
            let session = all.rev().find(|c| c.contains("qorgan=")).unwrap();
            browser.cookie = session.split(';').next().unwrap().to_owned();
        }
        browser
    }

    /// The same person with another language.
    pub(crate) fn speaking(&self, lang: &'static str) -> Self {
        Self { lang, ..self.clone() }
    }

    async fn send(&self, request: http::request::Builder, body: String) -> Answer {
        let routes =
            access::identify(access::routes().merge(legal_basis::web::routes()), &self.app, |_| None);
        let texts: Vec<web::Locale> =
            access::LOCALES.into_iter().chain(legal_basis::LOCALES.iter().cloned()).collect();
        let site = web::Site::for_tests(&texts, self.app.office.now()).unwrap();
        let router = web::wrap(routes.with_state(self.app.clone()), &site);
        let request = request
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, format!("{}; lang={}", self.cookie, self.lang));
        let answer = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    /// A page that opens, without a key in the place of words.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {} {}", answer.location(), answer.body);
        let key = ["[legal-", "[access-", "[error-", "[standing-"].iter().find(|k| answer.body.contains(**k));
        assert_eq!(key, None, "{path} in {}: a key instead of words in {}", self.lang, answer.body);
        answer.body
    }

    /// The page that an act led to, with its notice.
    pub(crate) async fn follow(&self, answer: &Answer) -> String {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let all = answer.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
        let notice =
            all.filter(|c| c.starts_with("toast=")).find_map(|c| c.split(';').next()).unwrap_or_default();
        let cookie = format!("{}; {notice}", self.cookie);
        Self { cookie, ..self.clone() }.page(answer.location()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &Fields) -> Answer {
        let pairs = fields.iter().map(|(n, v)| format!("{}={}", web::encode(n), web::encode(v)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.send(Request::post(path), body).await
    }
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(unescaped(tag[start..].split('"').next().unwrap()))
}

fn unescaped(text: &str) -> String {
    let pairs =
        [("&lt;", "<"), ("&#60;", "<"), ("&gt;", ">"), ("&#62;", ">"), ("&quot;", "\""), ("&#34;", "\"")];
    let text = pairs.iter().fold(text.to_owned(), |t, (from, to)| t.replace(from, to));
    text.replace("&#39;", "'").replace("&amp;", "&").replace("&#38;", "&")
}

/// What the form with this id would send as it stands.
pub(crate) fn fields_of(html: &str, id: &str) -> Fields {
    let start = html.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no form `{id}` in {html}"));
    let form = html[start..].split("</form>").next().unwrap();
    let mut fields = Fields::new();
    for (at, _) in form.match_indices('<') {
        let tag = form[at..].split('>').next().unwrap();
        let Some(name) = attribute(tag, "name") else { continue };
        if tag.starts_with("<input") {
            let box_like = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
            if !box_like || tag.ends_with(" checked") || tag.contains(" checked ") {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("<textarea") {
            let text = form[at + tag.len() + 1..].split("</textarea>").next().unwrap();
            fields.push((name, unescaped(text.strip_prefix('\n').unwrap_or(text))));
        } else if tag.starts_with("<select") {
            let options = form[at..].split("</select>").next().unwrap();
            let chosen =
                options.split("<option").find(|o| o.split('>').next().unwrap().ends_with(" selected"));
            fields.push((name, chosen.and_then(|o| attribute(o, "value")).unwrap_or_default()));
        }
    }
    fields
}

/// Answers a field anew.
pub(crate) fn set(fields: &mut Fields, name: &str, values: &[&str]) {
    fields.retain(|(n, _)| n != name);
    fields.extend(values.iter().map(|v| (name.to_owned(), (*v).to_owned())));
}

/// What a field says.
pub(crate) fn said<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
}
