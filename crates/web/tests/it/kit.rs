//! Weight (pages.md: a portal page at most 60 KB compressed with no script needed), the kit in three languages
//! and as its long twin, and that templates ask only for texts that exist.

use axum::body::Body;
use axum::response::Response;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use kernel::{Lang, Timestamp};
use tower::ServiceExt as _;
use web::{Site, Texts};

fn site() -> Site {
    Site::for_tests(&[], Timestamp::from_secs(1_800_000_000)).unwrap()
}

async fn fetch(path: &str, lang: &str, gzip: bool) -> (StatusCode, Vec<u8>) {
    let mut request = Request::builder().uri(path).header("cookie", format!("lang={lang}"));
    if gzip {
        request = request.header("accept-encoding", "gzip");
    }
    let response: Response =
        web::wrap(axum::Router::new(), &site()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

fn addresses(html: &str) -> Vec<String> {
    let links = html.split(['"', '#']).filter(|p| p.starts_with("/assets/")).map(str::to_owned);
    let mut all: Vec<String> = links.collect();
    all.sort();
    all.dedup();
    all
}

#[tokio::test]
async fn a_portal_page_with_all_it_needs_is_under_sixty_kilobytes() {
    let (_, html) = fetch("/kit", "kk", false).await;
    let (_, packed) = fetch("/kit", "kk", true).await;
    let mut total = packed.len();
    for address in addresses(&String::from_utf8(html).unwrap()) {
        let (status, bytes) = fetch(&address, "kk", true).await;
        assert_eq!(status, StatusCode::OK, "{address}");
        total += bytes.len();
    }
    // The page of components is several times an ordinary page.
    assert!(total <= 60 * 1024, "{total} bytes");
}

#[tokio::test]
async fn desk_scripts_are_under_their_budget() {
    let (_, html) = fetch("/kit/desk", "kk", false).await;
    for address in addresses(&String::from_utf8(html).unwrap()).iter().filter(|a| a.ends_with(".js")) {
        let (_, bytes) = fetch(address, "kk", false).await;
        assert!(bytes.len() <= 150 * 1024, "{address}: {} bytes", bytes.len());
    }
}

#[tokio::test]
async fn components_speak_three_languages_and_lack_no_text() {
    for path in ["/kit", "/kit/desk", "/kit/rows", "/kit/peek"] {
        let mut pages = Vec::new();
        for lang in ["kk", "ru", "en"] {
            let (status, body) = fetch(path, lang, false).await;
            let html = String::from_utf8(body).unwrap();
            assert_eq!(status, StatusCode::OK);
            assert!(!html.contains("<html") || html.contains(&format!("<html lang=\"{lang}\"")));
            // A text that is missing shows its key in brackets.
            let missing = html.split('[').skip(1).find(|rest| {
                rest.split(']').next().is_some_and(|key| key.contains('-') && !key.contains(' '))
            });
            assert_eq!(missing, None, "{path} {lang}");
            assert!(
                !html.contains(" style=") && !html.contains("<script>") && !html.contains(" onclick"),
                "{path}"
            );
            pages.push(html);
        }
        assert!(pages[0] != pages[1] && pages[1] != pages[2]);
    }
}

#[test]
fn templates_ask_for_texts_that_exist() {
    let texts = Texts::load(&web::LOCALES).unwrap();
    let mut asked = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap() {
        let path = entry.unwrap().path();
        for key in web::keys_in(&std::fs::read_to_string(&path).unwrap()) {
            asked += 1;
            for lang in [Lang::KK, Lang::RU, Lang::EN] {
                assert!(
                    texts.has(&lang, &key),
                    "{} asks for `{key}`, which is missing in {lang}",
                    path.display()
                );
            }
        }
    }
    assert!(asked > 50, "the test looks at nothing: {asked}");
}

#[test]
fn plural_forms_of_three_languages() {
    let source =
        |text: &'static str, lang| web::Locale { slice: "x", lang, source: std::borrow::Cow::Borrowed(text) };
    let texts = Texts::load(&[
        source("n = { $n ->\n    [one] { $n } арыз\n   *[other] { $n } арыз\n    }", Lang::KK),
        source("n = { $n ->\n    [one] { $n } заявление\n    [few] { $n } заявления\n    [many] { $n } заявлений\n   *[other] { $n } заявления\n    }", Lang::RU),
        source("n = { $n ->\n    [one] { $n } report\n   *[other] { $n } reports\n    }", Lang::EN),
    ])
    .unwrap();
    for (n, want) in [
        (1_i64, ["1 арыз", "1 заявление", "1 report"]),
        (2, ["2 арыз", "2 заявления", "2 reports"]),
        (5, ["5 арыз", "5 заявлений", "5 reports"]),
        (11, ["11 арыз", "11 заявлений", "11 reports"]),
        (21, ["21 арыз", "21 заявление", "21 reports"]),
        (112, ["112 арыз", "112 заявлений", "112 reports"]),
        (1_204, ["1\u{a0}204 арыз", "1\u{a0}204 заявления", "1,204 reports"]),
    ] {
        let got = [Lang::KK, Lang::RU, Lang::EN].map(|lang| texts.text(&lang, "n", &[("n", n.into())]));
        assert_eq!(got, want.map(str::to_owned));
    }
}

#[test]
fn values_in_markup_are_escaped_and_isolated() {
    let texts = Texts::load(&web::LOCALES).unwrap();
    let html = texts.markup(&Lang::EN, "kit-done", &[("number", "<b>\"x\"</b>".into())]);
    assert_eq!(html.as_str(), "<bdi>&lt;b&gt;&quot;x&quot;&lt;/b&gt;</bdi> is assigned to you.");
    let html = texts.markup(&Lang::EN, "help-line", &[("phone", web::Markup::link("tel:102", "102").into())]);
    assert_eq!(html.as_str(), "Need help? Call <a href=\"tel:102\">102</a>.");
}
