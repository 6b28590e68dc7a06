//! Exhibits by their pages: taken in, looked at, saved, proved, put into a package that holds without the node.

use axum::body::Body;
use evidence::package::{Tape, verify};
use http_body_util::BodyExt as _;
use testkit::World;
use tower::ServiceExt as _;

use crate::browser::{Browser, browser};

const BOUNDARY: &str = "------exhibit-of-a-test";

/// A browser on a node with a shelf.
pub struct Desk {
    pub browser: Browser,
    pub office: evidence::web::Office,
    root: std::path::PathBuf,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

impl Desk {
    pub async fn new(world: &World, lang: &'static str, login: Option<&str>, root: &str) -> Self {
        let root = std::env::temp_dir().join(format!("qorgan-desk-evidence-{}-{root}", std::process::id()));
        let log = qorgan::serve::log_signer(&world.app).unwrap().verifier().clone();
        let shelf = evidence::Shelf::open(&root).unwrap();
        let office = evidence::web::Office { shelf, looks: true, log, witnesses: std::sync::Arc::default() };
        Self { browser: browser(world, lang, login).await, office, root }
    }

    async fn ask(
        &self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (u16, axum::http::HeaderMap, Vec<u8>) {
        let silent = partner::web::Silent(std::sync::Arc::new(Vec::new));
        let router = qorgan::http::router(&self.browser.app, silent).unwrap();
        let router = router.layer(axum::Extension(self.office.clone()));
        let mut request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("accept", "text/html")
            .header("user-agent", "test")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", format!("{}; lang={}", self.browser.cookie, self.browser.lang));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, headers, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    pub async fn page(&self, path: &str) -> (u16, String) {
        let (status, _, body) = self.ask(("GET", path), &[], Vec::new()).await;
        let body = String::from_utf8(body).unwrap();
        for key in ["[evidence-", "[error-"] {
            assert!(!body.contains(key), "{path}: a key instead of words");
        }
        (status, body)
    }

    async fn post(&self, path: &str, form: &str) -> (u16, axum::http::HeaderMap, Vec<u8>) {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.ask(("POST", path), &kind, form.as_bytes().to_vec()).await
    }

    /// Takes a file in by the form; gives its number.
    pub async fn take(&self, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> (u16, String) {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let (name, content) = file.unwrap_or_default();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend_from_slice(content);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let (status, headers, body) =
            self.ask(("POST", "/desk/evidence/new"), &[("content-type", &kind)], body).await;
        let at = headers.get("location").map_or("", |l| l.to_str().unwrap());
        match at.strip_prefix("/desk/evidence/") {
            Some(number) => (status, number.to_owned()),
            None => (status, String::from_utf8(body).unwrap()),
        }
    }

    async fn placed(&self) {
        let app = &self.browser.app;
        let signer = qorgan::serve::log_signer(app).unwrap();
        audit::Sequencer::new(app.db.clone(), signer, app.wall.clone()).drain().await.unwrap();
    }
}

pub const TOLD: [(&str, &str); 5] = [
    ("title", "Көшірме <b>&\u{202e}"),
    ("sort", "file"),
    ("taken_by", "капитан Үлгі"),
    ("how", "көшірілді"),
    ("basis", "хаттама № 1 (үлгі)"),
];

pub fn worlds(seed: u64) -> Vec<World> {
    World::on_each_engine(seed, "kz").into_iter().map(|w| w.with(qorgan::slices::SLICES)).collect()
}

pub async fn people(world: &World) {
    access::demo_accounts(&world.app).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_from_the_form_to_a_package_that_holds_alone() {
    for (n, mut world) in worlds(41).into_iter().enumerate() {
        world.app.demo = true;
        people(&world).await;
        for lang in ["kk", "ru", "en"] {
            let desk = Desk::new(&world, lang, Some("aliya"), &format!("form{n}{lang}")).await;
            let (status, page) = desk.page("/desk/evidence/new").await;
            assert!(status == 200 && page.contains("name=\"file\""), "{page}");
            let (status, page) = desk.take(&TOLD[1..], Some(("../dump.bin", b"abc"))).await;
            assert!(
                status == 422 && page.contains("f-title-error") && page.contains("капитан Үлгі"),
                "{page}"
            );
            // Of each language its own: the same bytes would lie on the shelf of the first.
            let mark = lang.as_bytes()[0];
            let content: Vec<u8> = (0..300_000_u32).map(|i| u8::try_from(i % 251).unwrap() ^ mark).collect();
            let (status, number) = desk.take(&TOLD, Some(("../dump.bin", &content))).await;
            assert_eq!(status, 303, "{number}");
            let (status, page) = desk.page(&format!("/desk/evidence/{number}")).await;
            assert_eq!(status, 200);
            assert!(
                page.contains("SHA-256") && page.contains("dump.bin") && !page.contains("../dump"),
                "{page}"
            );
            assert!(!page.contains("<b>") && page.contains("&#60;b&#62;"), "what is typed is inert: {page}");
            let (status, headers, saved) = desk.post(&format!("/desk/evidence/{number}/content"), "").await;
            assert!(status == 200 && saved == content, "{status}, {} bytes", saved.len());
            let disposition = headers.get("content-disposition").unwrap().to_str().unwrap();
            assert_eq!(disposition, format!("attachment; filename=\"{number}.bin\""));
            desk.placed().await;
            let (status, _, proof) = desk.post(&format!("/desk/evidence/{number}/proof/1"), "").await;
            let proof = String::from_utf8(proof).unwrap();
            assert!(status == 200 && proof.contains("c2sp.org/tlog-proof@v1"), "{proof}");
            let (status, page) = desk.page(&format!("/desk/evidence/package?exhibit={number}")).await;
            assert!(status == 200 && page.contains(&number));
            // Bug: a package without a word what it is for led to a page that could not be gone back to.
            let blank = desk.post("/desk/evidence/package", &format!("exhibit={number}&reason=+")).await;
            let to = blank.1.get("location").map_or("", |l| l.to_str().unwrap()).to_owned();
            assert_eq!(
                (blank.0, to.as_str()),
                (303, &*format!("/desk/evidence/package?exhibit={number}&fault=about"))
            );
            let (_, page) = desk.page(&to).await;
            assert!(page.contains("href=\"#f-reason\"") && page.contains("data-saves"), "{page}");
            let form = format!("exhibit={number}&reason=%D0%94%D0%B5%D0%BB%D0%BE+1");
            let asked = desk.post("/desk/evidence/package", &form);
            let placing = async {
                loop {
                    desk.placed().await;
                    world.app.timer.sleep(std::time::Duration::from_millis(60)).await;
                }
            };
            let (status, headers, tape) = tokio::select! {
                answer = asked => answer,
                () = placing => unreachable!(),
            };
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&tape));
            assert_eq!(headers.get("content-type").unwrap(), "application/x-tar");
            let file = desk.root.join("package.tar");
            std::fs::write(&file, &tape).unwrap();
            let key = desk.office.log.clone();
            let checked = verify(&mut Tape::new(&file), std::slice::from_ref(&key), &[]).unwrap();
            assert!(checked.vouched && checked.events == 3, "{checked:?}");
            assert_eq!(checked.manifest.about, "Дело 1");
            let mut bad = tape.clone();
            let at = bad.windows(5).position(|w| w == &content[1_000..1_005]).unwrap();
            bad[at] ^= 1;
            std::fs::write(&file, &bad).unwrap();
            let fault = verify(&mut Tape::new(&file), std::slice::from_ref(&key), &[]).unwrap_err();
            assert_eq!(fault.file, format!("exhibits/{number}/original"));
            let (status, list) = desk.page("/desk/evidence").await;
            assert!(status == 200 && list.contains(&number));
            let (status, list) = desk.page("/desk/evidence?show=damaged").await;
            assert!(status == 200 && !list.contains(&number));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sees_nothing() {
    for (n, mut world) in worlds(42).into_iter().enumerate() {
        world.app.demo = true;
        people(&world).await;
        let desk = Desk::new(&world, "ru", Some("aliya"), &format!("rights{n}")).await;
        let (_, number) = desk.take(&TOLD, None).await;
        let paths =
            ["/desk/evidence".to_owned(), format!("/desk/evidence/{number}"), "/desk/evidence/new".into()];
        for login in ["erzhan", "aigul", "sanzhar"] {
            let Ok(other) = tokio::time::timeout(
                std::time::Duration::from_secs(20),
                Desk::new(&world, "ru", Some(login), &format!("rights{n}{login}")),
            )
            .await
            else {
                unreachable!()
            };
            for path in &paths {
                let (status, page) = other.page(path).await;
                assert!(matches!(status, 403 | 404), "{login} {path}: {status}");
                assert!(!page.contains("Көшірме"));
            }
        }
        let nobody = Desk::new(&world, "ru", None, &format!("rights{n}nobody")).await;
        for path in &paths {
            let (status, _, _) = nobody.ask(("GET", path), &[], Vec::new()).await;
            assert!(matches!(status, 303 | 401), "{path}: {status}");
        }
        for path in
            ["/desk/evidence/E-2026-00000000", "/desk/evidence/..%2f", "/desk/evidence/E-1/unheard-of"]
        {
            assert_eq!(desk.page(path).await.0, 404, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_comes_in_parts_by_a_script() {
    for (n, mut world) in worlds(43).into_iter().enumerate() {
        world.app.demo = true;
        people(&world).await;
        let desk = Desk::new(&world, "en", Some("aliya"), &format!("parts{n}")).await;
        let json = [("content-type", "application/json")];
        let (status, _, body) =
            desk.ask(("POST", "/desk/evidence/uploads"), &json, br#"{"size":9}"#.to_vec()).await;
        assert_eq!(status, 201);
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let at = format!("/desk/evidence/uploads/{}", body["id"].as_str().unwrap());
        let send = async |offset: &str, part: &[u8]| {
            let headers = [("content-type", "application/offset+octet-stream"), ("upload-offset", offset)];
            desk.ask(("PATCH", &at), &headers, part.to_vec()).await.0
        };
        assert_eq!(send("0", b"12345").await, 200);
        assert_eq!(send("0", b"12345").await, 409);
        assert_eq!(send("x", b"6").await, 409);
        let (status, headers, _) = desk.ask(("GET", &at), &[], Vec::new()).await;
        assert_eq!((status, headers.get("upload-offset").unwrap().to_str().unwrap()), (200, "5"));
        assert_eq!(send("5", b"6789").await, 200);
        let told: serde_json::Map<_, _> =
            TOLD.iter().map(|(k, v)| ((*k).to_owned(), serde_json::json!(v))).collect();
        let finish = format!("{at}/finish");
        let mut short = told.clone();
        short.remove("basis");
        let (status, _, body) = desk.ask(("POST", &finish), &json, serde_json::to_vec(&short).unwrap()).await;
        assert_eq!(
            (status, serde_json::from_slice::<serde_json::Value>(&body).unwrap()["field"].as_str()),
            (422, Some("basis"))
        );
        let (status, _, body) = desk.ask(("POST", &finish), &json, serde_json::to_vec(&told).unwrap()).await;
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
        let href =
            serde_json::from_slice::<serde_json::Value>(&body).unwrap()["href"].as_str().unwrap().to_owned();
        let (_, page) = desk.page(&href).await;
        // SHA-256 of 123456789.
        assert!(page.contains("15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"), "{page}");
    }
}

/// The witness is asked as over the network, in this process.
struct Near(witness::Book);

impl order::gateway::Post for Near {
    fn post(&self, out: order::gateway::Outgoing) -> order::gateway::Posted<'_> {
        let router = witness::router(self.0.clone(), std::sync::Arc::new(|| 1_764_500_000));
        Box::pin(async move {
            let request = axum::http::Request::post("/add-checkpoint").body(Body::from(out.body)).unwrap();
            let answer = router.oneshot(request).await.unwrap();
            let (status, body) = (answer.status().as_u16(), answer.into_body().collect().await.unwrap());
            Ok(order::gateway::Incoming { status, headers: Vec::new(), body: body.to_bytes().to_vec() })
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_cosigns_what_grew_and_finds_what_was_rolled_back() {
    use qorgan::witnessing::{Asked, Witness, ask};
    for (n, mut world) in worlds(44).into_iter().enumerate() {
        world.app.demo = true;
        people(&world).await;
        let mut desk = Desk::new(&world, "en", None, &format!("witness{n}")).await;
        let app = &world.app;
        let cosigner =
            ledger::Cosigner::new("court.example/w", ed25519_dalek::SigningKey::from_bytes(&[7; 32]))
                .unwrap();
        let key = cosigner.verifier().clone();
        let near = Near(witness::Book::open(&desk.root, cosigner, vec![desk.office.log.clone()]).unwrap());
        let witness: Witness = format!("http://127.0.0.1:1={key}").parse().unwrap();
        assert!(format!("http://bank.example={key}").parse::<Witness>().is_err(), "in clear over a network");
        assert!(format!("https://w.example={}", desk.office.log).parse::<Witness>().is_err(), "a log's key");
        desk.placed().await;
        let Asked::Seen(size) = ask(app, &near, &witness, None).await.unwrap() else { unreachable!() };
        assert!(size > 0);
        assert_eq!(ask(app, &near, &witness, None).await.unwrap(), Asked::Idle);
        // A package of later carries the witness's word.
        desk.office.witnesses = std::sync::Arc::new(vec![key.clone()]);
        record_some(&world.app).await;
        desk.placed().await;
        let Asked::Seen(later) = ask(app, &near, &witness, None).await.unwrap() else { unreachable!() };
        assert!(later > size);
        let point = app.db.read(audit::newest).await.unwrap().unwrap();
        assert_eq!(point.note.signatures().len(), 2);
        // The node forgets what was cosigned: it is told from where to go on.
        const FORGET: db::Stmt = db::Stmt::both("test.forget", "DELETE FROM log_cosignature");
        app.db.write(|tx| tx.execute(&FORGET, &[])).await.unwrap();
        assert_eq!(ask(app, &near, &witness, None).await.unwrap(), Asked::From(later));
        assert_eq!(ask(app, &near, &witness, Some(later)).await.unwrap(), Asked::Seen(later));
        assert_eq!(ask(app, &near, &witness, None).await.unwrap(), Asked::Idle);
        // The record is rolled back to nothing and grows anew: the witness has seen more.
        const BACK: [db::Stmt; 4] = [
            db::Stmt::both("test.back1", "DELETE FROM audit_leaf"),
            db::Stmt::both("test.back2", "DELETE FROM log_checkpoint"),
            db::Stmt::both("test.back3", "UPDATE log_head SET size = 0"),
            db::Stmt::both("test.back4", "DELETE FROM audit_tile"),
        ];
        let back =
            app.db.write(|tx| BACK.iter().try_for_each(|statement| tx.execute(statement, &[]).map(drop)));
        back.await.unwrap();
        record_some(&world.app).await;
        desk.placed().await;
        assert_eq!(ask(app, &near, &witness, None).await.unwrap(), Asked::Ahead(later));
        // It grows to what the witness saw, and beyond: another history, at whatever length.
        for beyond in [false, true] {
            while app.db.read(audit::newest).await.unwrap().unwrap().checkpoint.size < later {
                record_some(&world.app).await;
                desk.placed().await;
            }
            if beyond {
                record_some(&world.app).await;
                desk.placed().await;
            }
            let told = match ask(app, &near, &witness, None).await.unwrap() {
                Asked::From(size) => ask(app, &near, &witness, Some(size)).await.unwrap(),
                told => told,
            };
            assert_eq!(told, Asked::Forked);
        }
    }
}

/// Something happens.
async fn record_some(app: &app::App) {
    let me = app.clone();
    let act = || audit::Act::about("test.some", "report", uuid::Uuid::nil());
    app.db.write(move |tx| me.record(tx, &kernel::Actor::system("seed"), &act())).await.unwrap();
}

/// An authority that nobody here wrote, in a folder.
struct OpenSsl(std::path::PathBuf);

impl OpenSsl {
    fn run(&self, arguments: &str) {
        let ran = std::process::Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(&self.0)
            .output()
            .unwrap();
        assert!(ran.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&ran.stderr));
    }

    /// `None` where there is no openssl.
    fn new(at: std::path::PathBuf) -> Option<Self> {
        std::process::Command::new("openssl").arg("version").output().ok()?;
        std::fs::create_dir_all(&at).unwrap();
        let config = "[ tsa ]\ndefault_tsa = one\n[ one ]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\ness_cert_id_alg = sha256\n[ ca ]\nbasicConstraints = critical, CA:TRUE\n[ stamper ]\nextendedKeyUsage = critical, timeStamping\n";
        std::fs::write(at.join("tsa.cnf"), config).unwrap();
        std::fs::write(at.join("serial"), "01").unwrap();
        let made = Self(at);
        let key = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out";
        made.run(&format!("{key} ca.key"));
        made.run("req -x509 -new -key ca.key -subj /CN=Invented-CA -days 30 -config tsa.cnf -extensions ca -out ca.pem -sha256");
        made.run(&format!("{key} tsa.key"));
        made.run("req -new -key tsa.key -subj /CN=Invented-TSA -config tsa.cnf -out tsa.csr");
        made.run("x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile tsa.cnf -extensions stamper -out tsa.pem -sha256");
        Some(made)
    }
}

impl order::gateway::Post for OpenSsl {
    fn post(&self, out: order::gateway::Outgoing) -> order::gateway::Posted<'_> {
        Box::pin(async move {
            std::fs::write(self.0.join("q.tsq"), out.body).unwrap();
            self.run("ts -reply -config tsa.cnf -queryfile q.tsq -signer tsa.pem -inkey tsa.key -out a.tsr");
            let body = std::fs::read(self.0.join("a.tsr")).unwrap();
            Ok(order::gateway::Incoming { status: 200, headers: Vec::new(), body })
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_carries_the_time_that_an_authority_has_stamped() {
    for (n, mut world) in worlds(45).into_iter().enumerate() {
        world.app.demo = true;
        people(&world).await;
        let desk = Desk::new(&world, "en", Some("aliya"), &format!("stamp{n}")).await;
        let Some(authority) = OpenSsl::new(desk.root.join("tsa")) else {
            println!("NOT RUN: needs openssl");
            return;
        };
        let pem = desk.root.join("tsa/ca.pem");
        let by: qorgan::stamping::Stamping =
            format!("https://tsa.example/tsr={}", pem.display()).parse().unwrap();
        let (_, number) = desk.take(&TOLD, Some(("a.bin", b"stamped content"))).await;
        desk.placed().await;
        let told = qorgan::stamping::ask(&world.app, &authority, &by).await.unwrap().unwrap();
        assert_eq!(told.signer, "CN=Invented-TSA");
        assert_eq!(qorgan::stamping::ask(&world.app, &authority, &by).await.unwrap(), None, "nothing new");
        record_some(&world.app).await;
        desk.placed().await;
        let form = format!("exhibit={number}&reason=stamped");
        let asked = desk.post("/desk/evidence/package", &form);
        let placing = async {
            loop {
                desk.placed().await;
                world.app.timer.sleep(std::time::Duration::from_millis(60)).await;
            }
        };
        let (status, _, tape) = tokio::select! {
            answer = asked => answer,
            () = placing => unreachable!(),
        };
        assert_eq!(status, 200);
        let file = desk.root.join("package.tar");
        std::fs::write(&file, &tape).unwrap();
        let key = desk.office.log.clone();
        let known = stamp::Authority::from_pem(&std::fs::read_to_string(&pem).unwrap()).unwrap();
        let check = |known: &[stamp::Authority]| {
            verify(&mut Tape::new(&file), std::slice::from_ref(&key), known).unwrap().stamps
        };
        let stamps = check(std::slice::from_ref(&known));
        assert_eq!(stamps.len(), 1);
        assert_eq!(stamps[0].told.as_ref().map(|t| t.at_micros), Some(told.at_micros));
        assert_eq!(check(&[])[0].told, None, "nobody vouches for the authority");
        let script = desk.root.join("verify.py");
        std::fs::write(&script, evidence::package::SCRIPT).unwrap();
        let ran = std::process::Command::new("python3")
            .arg(&script)
            .arg(&file)
            .args(["--key", &key.to_string(), "--tsa"])
            .arg(&pem)
            .output();
        if let Ok(ran) = ran {
            let said = String::from_utf8_lossy(&ran.stdout).into_owned();
            let mut as_tape = Tape::new(&file);
            let same =
                verify(&mut as_tape, std::slice::from_ref(&key), std::slice::from_ref(&known)).unwrap();
            let lines = evidence::package::lines(&same);
            let told = lines.iter().find(|line| line.starts_with("Time stamp: ")).unwrap();
            assert!(ran.status.success() && said.contains(told), "{told}: {said}");
            assert!(told.ends_with("Z, says CN=Invented-TSA"), "{told}");
        }
    }
}
