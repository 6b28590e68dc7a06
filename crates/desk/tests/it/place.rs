//! A demonstration with one bank, the centre, a report, and somebody who is signed in.

use access::demo_accounts;
use app::App;
use axum::Router;
use axum::body::Body;
use db::Slice;
use db::outbox::Subscriber;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kernel::{Actor, Lang, Money, When};
use partner::model::Country;
use report::service::Filing;
use report::{Harm, NewPayment, NewReport, ReportId, Reporter, Target};
use std::sync::Arc;
use testkit::World;
use tower::ServiceExt as _;
use uuid::Uuid;
use web::Site;

const SLICES: [&Slice; 12] = [
    &vault::SLICE,
    &audit::SLICE,
    &access::SLICE,
    &identifier::SLICE,
    &partner::SLICE,
    &legal_basis::SLICE,
    &report::SLICE,
    &order::SLICE,
    &evidence::SLICE,
    &import::SLICE,
    &scheme::SLICE,
    &desk::SLICE,
];

/// What an answer holds, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
}

/// The place of a test.
pub struct Place {
    pub app: App,
    pub number: String,
    pub report: ReportId,
    pub cookie: String,
    pub lang: &'static str,
    pub _world: World,
}

/// Runs `test` on each engine, signed in as `login`.
pub fn on_each<F: Future<Output = ()>>(login: &'static str, test: impl Fn(Place) -> F) {
    testkit::on_each_engine_async(&SLICES, async |db| {
        let world = World::new(5);
        let app = App { db, demo: true, ..world.app.clone() };
        demo_accounts(&app).await.unwrap();
        let me = app.clone();
        let bases: Result<usize, legal_basis::LegalBasisError> =
            app.db.write(move |tx| legal_basis::import(tx, &me)).await;
        bases.unwrap();
        partner::service::import(&app, &Actor::system("setup"), country()).await.unwrap();
        let filed =
            report::service::file(&app, &Actor::Public, new_report(&app), Filing::default()).await.unwrap();
        deliver(&app).await;
        let mut place = Place {
            number: filed.number,
            report: filed.id,
            cookie: String::new(),
            lang: "en",
            app,
            _world: world,
        };
        let answer = place.post("/sign-in/demo", &format!("login={login}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
        let session = cookies.rev().find(|c| c.contains("qorgan=")).unwrap().to_owned();
        place.cookie = session.split(';').next().unwrap().to_owned();
        test(place).await;
    });
}

/// Delivers the news to whoever listens.
pub async fn deliver(app: &App) {
    let me = app.clone();
    let drafts = Subscriber {
        name: "order.report",
        events: &[report::RECEIVED, report::PAYMENT_ADDED, report::PAYMENT_COMPLETED],
        handle: Arc::new(move |tx, event| {
            order::service::on_report_event(tx, &me, event).map_err(Into::into)
        }),
    };
    let all: Vec<Subscriber> = std::iter::once(drafts).chain(desk::subscribers(app)).collect();
    db::outbox::drain(&app.db, &all).await.unwrap();
}

fn country() -> Country {
    // The public key of RFC 8032, 7.1, test 1: nobody signs here.
    let key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let one = |code: &str, kind: &str, role: &str, iban: Option<&str>| {
        serde_json::json!({
            "code": code, "kind": kind, "role": role, "iban_code": iban, "public_key": key, "keyid": format!("{code}/1"),
            "names": {"kk": code, "ru": code, "en": code}, "duty_phone": "+77000000101",
        })
    };
    let all = [
        one("ZALT", "bank", "executor", Some("801")),
        one("ZAFC", "antifraud_centre", "antifraud_centre", None),
    ];
    serde_json::from_value(serde_json::json!({ "institutions": all })).unwrap()
}

pub fn new_report(app: &App) -> NewReport {
    let iban = "KZ188010000000000017".to_owned();
    NewReport {
        id: ReportId::from_uuid(Uuid::from_u128(77)),
        channel: "portal".to_owned(),
        lang: Lang::KK,
        ongoing: false,
        harm: Harm::Money,
        reporter: Reporter {
            name: "<b>Әсел</b>".to_owned(),
            phone: "+77001234567".to_owned(),
            iin: String::new(),
        },
        story: "Олар <script>alert(1)</script> деді".to_owned(),
        payments: vec![NewPayment {
            amount: Money::parse("250000", app.profile.currency()).unwrap(),
            when: When::exactly(app.office.now().plus_secs(-600)),
            own_institution: String::new(),
            own_account: "KZ599010000000000002".into(),
            to: Some(Target { kind: "iban".to_owned(), masked: "KZ18…0017".to_owned(), value: iban }),
            to_institution: "ZALT".to_owned(),
            reference: String::new(),
        }],
    }
}

impl Place {
    fn router(&self) -> Router {
        let locales = [
            &access::LOCALES[..],
            legal_basis::LOCALES,
            &report::LOCALES[..],
            &order::LOCALES[..],
            &trail::LOCALES[..],
            &scheme::LOCALES[..],
            &desk::LOCALES[..],
        ]
        .concat();
        let routes = access::routes().merge(desk::web::routes()).with_state(self.app.clone());
        web::wrap(routes, &Site::for_tests(&locales, self.app.office.now()).unwrap())
    }

    async fn ask(&self, request: http::request::Builder, form: &str) -> Answer {
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, form).await
    }

    /// Sends one file, as a browser does.
    pub async fn post_file(&self, path: &str, name: &str, content: &str) -> Answer {
        let body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{content}\r\n--edge--\r\n"
        );
        let kind = "multipart/form-data; boundary=edge";
        self.send(Request::post(path).header(header::CONTENT_TYPE, kind), &body).await
    }

    async fn send(&self, request: http::request::Builder, form: &str) -> Answer {
        let request = request
            .header(header::USER_AGENT, "test")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, format!("{}; lang={}", self.cookie, self.lang));
        let answer = self.router().oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path), "").await
    }

    /// A page that opens, without a key in the place of words.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {} {}", answer.location(), answer.body);
        assert!(
            !["[desk-", "[order-", "[report-"].iter().any(|key| answer.body.contains(key)),
            "{path}: a key instead of words"
        );
        answer.body
    }

    pub async fn post(&self, path: &str, form: &str) -> Answer {
        self.ask(Request::post(path), form).await
    }

    /// Without a session.
    pub fn stranger(self) -> Self {
        Self { cookie: String::new(), ..self }
    }

    /// The citizen who filed it.
    pub fn citizen(&self) -> Actor {
        Actor::Citizen { report: self.report.uuid() }
    }

    /// Moves both clocks on.
    pub fn advance_secs(&self, secs: i64) {
        self._world.advance_secs(secs);
    }

    /// The only order.
    pub async fn order(&self) -> order::Order {
        let report = self.report;
        let all: Result<Vec<order::Order>, order::OrderError> =
            self.app.db.read(move |tx| order::service::of_report_in(tx, report)).await;
        all.unwrap().into_iter().next().unwrap()
    }
}
