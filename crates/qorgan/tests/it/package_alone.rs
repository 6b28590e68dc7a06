//! A package as a court gets it: downloaded from the desk, then checked where nothing of the platform is: in an empty folder, with an empty
//! environment, by the program and by the script that lies in the package.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use axum::body::Body;
use evidence::package::{Files as _, Tape};
use http_body_util::BodyExt as _;
use testkit::World;
use tower::ServiceExt as _;

use crate::browser::{Browser, browser};

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let at = std::env::temp_dir().join(format!("qorgan-alone-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&at);
        std::fs::create_dir_all(&at).unwrap();
        Self(at)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An officer's browser on a node with a shelf.
struct Desk {
    browser: Browser,
    office: evidence::web::Office,
}

impl Desk {
    async fn ask(
        &self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (u16, Vec<u8>) {
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
        let status = answer.status().as_u16();
        (status, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    async fn json(&self, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let kind = [("content-type", "application/json")];
        let (status, answer) = self.ask(("POST", path), &kind, body.to_string().into_bytes()).await;
        assert_eq!(status, 201, "{path}: {}", String::from_utf8_lossy(&answer));
        serde_json::from_slice(&answer).unwrap()
    }

    /// Takes a file in; gives its number.
    async fn take(&self, content: &[u8]) -> String {
        let begun = self.json("/desk/evidence/uploads", &serde_json::json!({"size": content.len()})).await;
        let at = format!("/desk/evidence/uploads/{}", begun["id"].as_str().unwrap());
        let part = [("content-type", "application/offset+octet-stream"), ("upload-offset", "0")];
        assert_eq!(self.ask(("PATCH", &at), &part, content.to_vec()).await.0, 200);
        let told = serde_json::json!({
            "title": "Көшірме (үлгі)", "sort": "file", "taken_by": "капитан Үлгі", "how": "көшірілді", "basis": "хаттама № 1 (үлгі)",
        });
        let done = self.json(&format!("{at}/finish"), &told).await;
        done["href"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    /// Downloads a package of it.
    async fn package(&self, number: &str) -> Vec<u8> {
        let app = &self.browser.app;
        let placed = || async {
            let signer = qorgan::serve::log_signer(app).unwrap();
            audit::Sequencer::new(app.db.clone(), signer, app.wall.clone()).drain().await.unwrap();
        };
        let form = format!("exhibit={number}&reason=alone");
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let asked = self.ask(("POST", "/desk/evidence/package"), &kind, form.into_bytes());
        let placing = async {
            loop {
                placed().await;
                app.timer.sleep(std::time::Duration::from_millis(60)).await;
            }
        };
        let (status, tape) = tokio::select! {
            answer = asked => answer,
            () = placing => unreachable!(),
        };
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&tape));
        tape
    }
}

/// Runs a program in an empty folder, with an empty environment.
fn alone(program: &str, arguments: &[&str]) -> Option<(i32, String)> {
    let empty = Folder::new("empty");
    let ran: Output =
        Command::new(program).args(arguments).env_clear().current_dir(&empty.0).output().ok()?;
    assert_eq!(std::fs::read_dir(&empty.0).unwrap().count(), 0, "it leaves nothing behind");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    Some((ran.status.code().unwrap_or(-1), said))
}

/// Where Python is: without an environment there is no path by which it would be found.
#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
fn python() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|at| at.join("python3")).find(|at| at.is_file());
    if found.is_none() {
        println!("NOT RUN: needs python3");
    }
    found
}

/// Both verifiers on that package: with which they end and what they say, without what one of them alone cannot do.
fn both(script: &Path, package: &Path, rest: &[&str]) -> (i32, String) {
    let package = package.to_str().unwrap();
    let program: Vec<&str> = ["verify-package", package].iter().chain(rest).copied().collect();
    let (code, said) = alone(env!("CARGO_BIN_EXE_qorgan"), &program).unwrap();
    if let Some(python) = python() {
        let script: Vec<&str> =
            ["-I", script.to_str().unwrap(), package].iter().chain(rest).copied().collect();
        let (its, text) = alone(python.to_str().unwrap(), &script).unwrap();
        assert_eq!(its, code, "{said}\n{text}");
        match code {
            0 | 3 => {
                let text: String =
                    text.lines().filter(|l| !l.starts_with("BLAKE3")).map(|l| format!("{l}\n")).collect();
                assert_eq!(text, said);
            }
            // The file is named by both in the same way.
            1 => assert_eq!(text.split(": ").next(), said.split(": ").next(), "{said}{text}"),
            _ => {}
        }
    }
    (code, said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_downloaded_package_is_checked_where_nothing_of_the_platform_is() {
    let worlds = World::on_each_engine(46, "kz").into_iter().map(|w| w.with(qorgan::slices::SLICES));
    for (n, mut world) in worlds.enumerate() {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let root = Folder::new(&format!("root{n}"));
        let log = qorgan::serve::log_signer(&world.app).unwrap().verifier().clone();
        let shelf = evidence::Shelf::open(&root.0).unwrap();
        let office = evidence::web::Office {
            shelf,
            looks: true,
            log: log.clone(),
            witnesses: std::sync::Arc::default(),
        };
        let desk = Desk { browser: browser(&world, "kk", Some("aliya")).await, office };
        let content: Vec<u8> = (0..100_000_u32).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let number = desk.take(&content).await;
        let whole = desk.package(&number).await;
        let tape = root.0.join("package.tar");
        std::fs::write(&tape, &whole).unwrap();

        // Unpacked, as a court would.
        let (mut files, folder) = (Tape::new(&tape), root.0.join("package"));
        let names = files.names().unwrap();
        for name in &names {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let mut bytes = Vec::new();
            files.read(name, &mut |part| bytes.extend_from_slice(part)).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        for wanted in ["case.jsonld", "index.kk.html", "index.ru.html", "index.en.html", "verify.py"] {
            assert!(names.iter().any(|name| name == wanted), "{wanted}");
        }
        let script = folder.join("verify.py");
        let key = log.to_string();
        let given = ["--key", key.as_str()];
        for package in [&tape, &folder] {
            let (code, said) = both(&script, package, &given);
            assert!(code == 0 && said.ends_with("\nHOLDS\n"), "{said}");
            let (code, said) = both(&script, package, &[]);
            assert!(code == 3 && said.contains("NOBODY VOUCHES"), "{said}");
        }
        // Asked wrongly, which is not refused.
        let witness =
            ledger::Cosigner::new("w.example/w", ed25519_dalek::SigningKey::from_bytes(&[7; 32])).unwrap();
        let witness = witness.verifier().to_string();
        for wrong in [
            ["--key", "nonsense"],
            ["--key", witness.as_str()],
            ["--witness", key.as_str()],
            ["--tsa", "/nonsense.pem"],
        ] {
            let (code, said) = both(&script, &tape, &wrong);
            assert!(code == 2 && !said.contains("REFUSED"), "{wrong:?}: {said}");
        }
        assert_eq!(both(&script, &root.0.join("nothing.tar"), &given).0, 2);

        // One changed byte of each file, wherever it lies: refused by both, and the file is named.
        for name in &names {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).unwrap();
            let mut changed = bytes.clone();
            changed[bytes.len() / 2] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            // The script is the one that was downloaded before.
            let script = if name == "verify.py" { root.0.join("verify.py") } else { script.clone() };
            if name == "verify.py" {
                std::fs::write(&script, &bytes).unwrap();
            }
            let (code, said) = both(&script, &folder, &given);
            assert!(code == 1 && said.contains(name.trim_end_matches(".entry")), "{name}: {said}");
            std::fs::write(&path, &bytes).unwrap();
        }
        // The same in the archive, in the middle of the exhibit.
        let mut changed = whole.clone();
        let at = changed.windows(200).position(|w| w == &content[50_000..50_200]).unwrap();
        changed[at] ^= 1;
        std::fs::write(&tape, &changed).unwrap();
        let (code, said) = both(&script, &tape, &given);
        assert!(code == 1 && said.starts_with(&format!("REFUSED  exhibits/{number}/original: ")), "{said}");
    }
}
