//! A world with two banks in it, and a browser without scripts.

use std::collections::BTreeMap;

use app::App;
use axum::body::Body;
use db::Slice;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kernel::time::ManualClock;
use kernel::{Actor, Lang, Localised};
use partner::model::{Contact, Country, Institution, PartnerRole};
use testkit::World;
use tower::ServiceExt as _;
use web::{Ctx, Site};

pub const SLICES: [&Slice; 6] =
    [&vault::SLICE, &audit::SLICE, &access::SLICE, &identifier::SLICE, &partner::SLICE, &report::SLICE];

/// A KZ account that passes its check digits; institution code 900 is `UBANK`'s.
pub const IBAN: &str = "KZ959009A00000000001";
/// The public key of RFC 8032's first test: any valid point will do.
const KEY: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

pub struct Place {
    pub app: App,
    pub clock: ManualClock,
    pub _world: World,
}

/// Runs `test` on each engine, in a country with two invented banks.
pub fn on_each<F: Future<Output = ()>>(test: impl Fn(Place) -> F) {
    testkit::on_each_engine_async(&SLICES, |db| {
        let world = World::new(17);
        let app = App { db, ..world.app.clone() };
        let place = Place { app, clock: world.clock.clone(), _world: world };
        async {
            banks(&place.app).await;
            test(place).await;
        }
    });
}

/// The same on SQLite alone, for what does not depend on the engine.
pub async fn place() -> Place {
    let world = World::new(17).with(&SLICES);
    banks(&world.app).await;
    Place { app: world.app.clone(), clock: world.clock.clone(), _world: world }
}

/// The same with its database in a folder that outlives it.
pub async fn place_in_a_folder() -> (Place, std::path::PathBuf) {
    let world = World::new(17);
    let random: [u8; 8] = kernel::Entropy::from_os().unwrap().bytes();
    let folder = std::env::temp_dir().join(format!("qorgan_report_{:x}", u64::from_be_bytes(random)));
    std::fs::create_dir_all(&folder).unwrap();
    let db = db::Db::open(&format!("sqlite:{}", folder.join("test.db").display()), db::Options::default())
        .unwrap();
    db.migrate(&SLICES).unwrap();
    let place = Place { app: App { db, ..world.app.clone() }, clock: world.clock.clone(), _world: world };
    banks(&place.app).await;
    (place, folder)
}

async fn banks(app: &App) {
    let bank = |code: &str, name: &str, iban: &str, bin: &str| Institution {
        code: code.to_owned(),
        kind: "bank".to_owned(),
        role: PartnerRole::Executor,
        names: Localised::from_pairs([(Lang::KK, name), (Lang::RU, name), (Lang::EN, name)]),
        iban_code: Some(iban.to_owned()),
        card_bins: vec![bin.to_owned()],
        keeps: partner::model::Keeps::default(),
        delivery: "pull".to_owned(),
        gateway: String::new(),
        public_key: KEY.to_owned(),
        keyid: format!("{code}/1"),
        duty_phone: String::new(),
        contact: Contact::default(),
        agreement: partner::agreement::Terms::default(),
    };
    let institutions =
        vec![bank("UBANK", "Үлгі", "900", "440043"), bank("VBANK", "Образец", "901", "510000")];
    partner::service::import(app, &Actor::system("setup"), Country { institutions }).await.unwrap();
}

pub fn site(app: &App) -> Site {
    Site::for_tests(&report::LOCALES, app.office.now()).unwrap()
}

pub fn ctx(app: &App, lang: Lang) -> Ctx {
    Ctx::of(&site(app), lang)
}

/// A page as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Seen {
    /// The value of the first attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.body.split_once(&format!("{name}=\""))?.1.split_once('"').map(|(value, _)| value)
    }
    pub fn number(&self) -> String {
        self.attribute("data-receipt-number")
            .unwrap_or_else(|| panic!("no receipt: {}", self.body))
            .to_owned()
    }
    pub fn code(&self) -> String {
        self.attribute("data-receipt-code").unwrap().to_owned()
    }
    /// The sentence beside a field.
    pub fn error(&self, field: &str) -> String {
        let Some((_, rest)) = self.body.split_once(&format!("id=\"f-{field}-error\"")) else {
            return String::new();
        };
        let words = rest.split("</p>").next().unwrap_or_default();
        words.rsplit("</span>").nth(1).unwrap_or_default().to_owned()
    }
    pub fn has(&self, part: &str) -> &Self {
        assert!(self.body.contains(part), "`{part}` is not on {}:\n{}", self.path, self.body);
        self
    }
    pub fn lacks(&self, part: &str) -> &Self {
        assert!(!self.body.contains(part), "`{part}` is on {}:\n{}", self.path, self.body);
        self
    }
}

/// Text as templates write it.
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// One person's browser.
#[derive(Clone)]
pub struct Browser {
    pub app: App,
    pub cookies: BTreeMap<String, (String, String)>,
}

impl Browser {
    pub fn new(app: &App, lang: &str) -> Self {
        let cookies = BTreeMap::from([("lang".to_owned(), (lang.to_owned(), "/".to_owned()))]);
        Self { app: app.clone(), cookies }
    }

    pub async fn get(&mut self, path: &str) -> Seen {
        self.follow(path, None).await
    }
    /// Sends a form with files, as a browser without scripts does.
    pub async fn post_files(&mut self, path: &str, files: &[(&str, &[u8])]) -> Seen {
        const EDGE: &str = "----edge-of-a-test";
        let mut body = Vec::new();
        for (name, content) in files {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend([head.as_bytes(), content, b"\r\n"].concat());
        }
        body.extend(format!("--{EDGE}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        let seen = self.send_body(path, Some((&kind, body))).await;
        self.follow_from(seen).await
    }
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Seen {
        let pairs: Vec<String> = form.iter().map(|(n, v)| format!("{n}={}", web::encode(v))).collect();
        self.follow(path, Some(pairs.join("&"))).await
    }
    /// One request, redirects not followed.
    pub async fn once(&mut self, path: &str, body: Option<&str>) -> Seen {
        let body = body.map(|text| ("application/x-www-form-urlencoded", text.as_bytes().to_vec()));
        self.send_body(path, body).await
    }

    async fn send_body(&mut self, path: &str, body: Option<(&str, Vec<u8>)>) -> Seen {
        let sent: Vec<String> = self
            .cookies
            .iter()
            .filter(|(_, (_, at))| path.starts_with(at.as_str()))
            .map(|(name, (value, _))| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .uri(path)
            .method(if body.is_some() { "POST" } else { "GET" })
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, sent.join("; "))
            .header(header::CONTENT_TYPE, body.as_ref().map_or("text/plain", |(kind, _)| *kind));
        let router = web::wrap(report::web::routes().with_state(self.app.clone()), &site(&self.app));
        let answer = router
            .oneshot(request.body(Body::from(body.map(|(_, b)| b).unwrap_or_default())).unwrap())
            .await
            .unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        for set in headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            let at = text.split("Path=").nth(1).map_or("/", |p| p.split(';').next().unwrap());
            if value.is_empty() || text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), (value.to_owned(), at.to_owned()));
            }
        }
        Seen { path: path.to_owned(), status, headers, body, bytes }
    }

    async fn follow(&mut self, path: &str, body: Option<String>) -> Seen {
        let seen = self.once(path, body.as_deref()).await;
        self.follow_from(seen).await
    }

    async fn follow_from(&mut self, mut seen: Seen) -> Seen {
        let path = seen.path.clone();
        for _ in 0..6 {
            let Some(to) = seen.headers.get(header::LOCATION) else { return seen };
            let to = to.to_str().unwrap().to_owned();
            seen = self.once(&to, None).await;
        }
        panic!("{path} redirects without end")
    }

    /// Answers the first two questions.
    pub async fn begin(&mut self, kind: &str) -> Seen {
        self.post("/report/now", &[("ongoing", "no")]).await;
        self.post("/report/what", &[("kind", kind)]).await
    }
    /// Files a report with one payment and gives the receipt.
    pub async fn file(&mut self) -> Seen {
        self.begin("money").await;
        self.post("/report/payment", &PAYMENT).await;
        self.post("/report/you", &PERSON).await;
        self.send().await
    }
    pub async fn send(&mut self) -> Seen {
        self.post("/report/check", &[("confirm", "1")]).await
    }
}

pub const PAYMENT: [(&str, &str); 7] = [
    ("own_bank", "UBANK"),
    ("own_unknown", "1"),
    ("amount", "2 400 000"),
    ("day", "today"),
    ("day_time", "08:05"),
    ("to", "8 701 123 45 67"),
    ("next", "done"),
];
pub const PERSON: [(&str, &str); 3] =
    [("name", "Айгүл Үлгіқызы"), ("phone", "8 (700) 000-12-34"), ("iin", "")];

/// The form with some fields answered otherwise.
pub fn but<'a>(form: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().filter(|(name, _)| !other.iter().any(|(n, _)| n == name));
    kept.chain(other).copied().collect()
}
