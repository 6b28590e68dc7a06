//! Packages of an office that lies: the act is recorded again, in the real log, over another manifest. What the record of the events
//! says stands against it, and both verifiers must see that.

use std::path::{Path, PathBuf};

use audit::{Act, Stamp};
use evidence::package::{ACT, ENTRY, LINK, Link, MANIFEST, SLIP};
use evidence::service;
use ledger::{Checkpoint, Slip};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::judge::Judge;
use super::packages::{made, write};
use super::place::{Place, bytes, on_each, told};

/// A package and what it is told to be.
struct Forgery {
    folder: PathBuf,
    manifest: Value,
    /// The facts of the act.
    facts: Value,
}

impl Forgery {
    fn new(folder: &Path) -> Self {
        let manifest = serde_json::from_slice(&std::fs::read(folder.join(MANIFEST)).unwrap()).unwrap();
        let act = audit::decode(&std::fs::read(folder.join(ENTRY)).unwrap()).unwrap();
        Self { folder: folder.to_owned(), manifest, facts: serde_json::from_str(&act.facts).unwrap() }
    }
    fn event(&mut self, no: usize) -> &mut Value {
        &mut self.manifest["exhibits"][0]["events"][no]
    }
    /// Writes a file, and what the manifest says of it.
    fn file(&mut self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.join(name), bytes).unwrap();
        let files = self.manifest["files"].as_array_mut().unwrap();
        files.retain(|f| f["path"] != name);
        files.push(json!({"path": name, "size": bytes.len(), "sha256": hex::encode(Sha256::digest(bytes))}));
    }
    fn without(&mut self, name: &str) {
        std::fs::remove_file(self.folder.join(name)).unwrap();
        self.manifest["files"].as_array_mut().unwrap().retain(|f| f["path"] != name);
    }
    /// Records it in the log, and proves everything anew.
    async fn recorded(mut self, p: &Place) -> PathBuf {
        let text = serde_json::to_vec_pretty(&self.manifest).unwrap();
        self.facts["manifest"] = json!(hex::encode(Sha256::digest(&text)));
        std::fs::write(self.folder.join(MANIFEST), text).unwrap();
        let id = uuid::Uuid::parse_str(self.manifest["id"].as_str().unwrap()).unwrap();
        let stamp = Stamp { id: p.app.uuid(), office: p.app.office.now(), wall: p.app.wall.now() };
        let (who, facts, record) = (p.officer.clone(), self.facts.clone(), stamp.id);
        let write = p.app.db.write(move |tx| {
            audit::append(tx, &stamp, &who, &Act { facts: facts.clone(), ..Act::about(ACT, "package", id) })
        });
        write.await.unwrap();
        p.placed().await;
        let mut all = vec![(ENTRY.to_owned(), SLIP.to_owned(), record)];
        for exhibit in std::fs::read_dir(self.folder.join("log")).unwrap().flatten() {
            let (entry, slip) = evidence::package::exported(exhibit.file_name().to_str().unwrap());
            if let Ok(bytes) = std::fs::read(self.folder.join(&entry)) {
                all.push((entry, slip, audit::decode(&bytes).unwrap().id));
            }
        }
        let events = self.manifest["exhibits"][0]["events"][0]["proof"].as_str().unwrap().to_owned();
        let events = Slip::parse(&std::fs::read_to_string(self.folder.join(events)).unwrap()).unwrap();
        let old = Checkpoint::parse(events.checkpoint.text()).unwrap().size;
        let proofs = p.app.db.read(move |tx| {
            let at = audit::newest(tx)?.unwrap();
            let mut files = Vec::new();
            for (entry, slip, record) in &all {
                let proven = audit::prove(tx, *record, &at)?.unwrap();
                files.push((entry.clone(), proven.entry));
                files.push((slip.clone(), proven.slip.to_string().into_bytes()));
            }
            let new = at.checkpoint.size;
            let link = Link { old, new, proof: audit::connect(tx, old, new)? };
            files.push((LINK.to_owned(), link.to_string().into_bytes()));
            Ok::<_, audit::AuditError>(files)
        });
        for (name, bytes) in proofs.await.unwrap() {
            std::fs::write(self.folder.join(name), bytes).unwrap();
        }
        self.folder
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

type Change = fn(&mut Forgery);

/// What is changed, and how.
const CHANGES: &[(&str, Change)] = &[
    ("words cut from the front, their bytes moved into the salt", |f| {
        let words = &mut f.event(1)["words"];
        let (salt, said) = (text(&words["salt"]), text(&words["text"]));
        let (cut, rest) = said.split_at(said.chars().next().unwrap().len_utf8());
        *words = json!({"salt": format!("{salt}{}", hex::encode(cut)), "text": rest});
    }),
    ("words emptied", |f| f.event(1)["words"]["text"] = json!("")),
    ("words left out", |f| f.event(1)["words"] = Value::Null),
    ("a salt in capitals", |f| {
        f.event(1)["words"]["salt"] = json!(text(&f.event(1)["words"]["salt"]).to_uppercase());
    }),
    ("a salt that is none", |f| f.event(1)["words"]["salt"] = json!("zz")),
    ("another time", |f| f.event(1)["at"] = json!(f.event(1)["at"].as_i64().unwrap() + 1)),
    ("another person", |f| f.event(1)["actor"] = json!("staff:00000000-0000-0000-0000-000000000001")),
    ("another event", |f| f.event(1)["event"] = json!("unsealed")),
    ("an event left out at the end", |f| {
        let gone = f.manifest["exhibits"][0]["events"].as_array_mut().unwrap().pop().unwrap();
        f.without(&text(&gone["entry"]));
        f.without(&text(&gone["proof"]));
        let id = text(&f.manifest["exhibits"][0]["id"]);
        f.facts["events"][id] =
            json!(f.facts["events"][text(&f.manifest["exhibits"][0]["id"])].as_i64().unwrap() - 1);
    }),
    ("an event put where another was", |f| {
        let (last, its_proof) = (text(&f.event(2)["entry"]), text(&f.event(2)["proof"]));
        let (entry, proof) = (text(&f.event(1)["entry"]), text(&f.event(1)["proof"]));
        let there = std::fs::read(f.folder.join(last)).unwrap();
        f.file(&entry, &there);
        let slip = std::fs::read(f.folder.join(its_proof)).unwrap();
        f.file(&proof, &slip);
    }),
    ("no events", |f| {
        for gone in f.manifest["exhibits"][0]["events"].as_array().unwrap().clone().iter().skip(1) {
            f.without(&text(&gone["entry"]));
            f.without(&text(&gone["proof"]));
        }
        let first = f.event(0).clone();
        f.manifest["exhibits"][0]["events"] = json!([first]);
    }),
    ("the exhibit shown twice", |f| {
        let again = f.manifest["exhibits"][0].clone();
        f.manifest["exhibits"].as_array_mut().unwrap().push(again);
    }),
    ("the act names one more", |f| f.facts["events"]["00000000000000000000000000000001"] = json!(2)),
    ("the act names none", |f| f.facts["events"] = json!({})),
    ("made from another", |f| {
        f.manifest["exhibits"][0]["parent"] = json!("exh_00000000000000000000000000");
    }),
    ("a thing that was a file", |f| {
        let e = &mut f.manifest["exhibits"][0];
        let original = text(&e["original"]);
        (e["original"], e["sha256"], e["blake3"], e["size"]) = (Value::Null, json!(""), json!(""), json!(0));
        f.without(&original);
    }),
    ("another original", |f| {
        let original = text(&f.manifest["exhibits"][0]["original"]);
        f.file(&original, b"other bytes");
        f.manifest["exhibits"][0]["sha256"] = json!(hex::encode(Sha256::digest(b"other bytes")));
        f.manifest["exhibits"][0]["size"] = json!(11);
    }),
    ("another BLAKE3", |f| f.manifest["exhibits"][0]["blake3"] = json!("00".repeat(32))),
    ("something else was told", |f| {
        let file = text(&f.manifest["exhibits"][0]["told"]);
        f.file(&file, br#"{"title":"x"}"#);
    }),
    ("a file planted beside the original", |f| {
        let original = text(&f.manifest["exhibits"][0]["original"]);
        f.file(&format!("{original}.jpg"), b"never taken in");
    }),
    ("what was told lies elsewhere", |f| {
        let told = std::fs::read(f.folder.join(text(&f.manifest["exhibits"][0]["told"]))).unwrap();
        f.without(&text(&f.manifest["exhibits"][0]["told"]));
        f.file("log/told.json", &told);
        f.manifest["exhibits"][0]["told"] = json!("log/told.json");
    }),
    ("the log as a list", |f| f.manifest["log"] = json!([f.manifest["log"]["key"], []])),
    ("a field that nobody knows", |f| f.manifest["note"] = json!("x")),
    ("a file listed twice", |f| {
        let again = f.manifest["files"][0].clone();
        f.manifest["files"].as_array_mut().unwrap().push(again);
    }),
    ("a number that is none", |f| f.event(0)["no"] = json!(true)),
    ("a number with a point", |f| f.event(0)["no"] = json!(1.0)),
    ("the log's key of a witness's type", |f| {
        let cosigner = ledger::Cosigner::new("qorgan.test/log", (&[3; 32]).into()).unwrap();
        f.manifest["log"]["key"] = json!(cosigner.verifier().to_string());
    }),
    ("a witness of the log's name", |f| {
        let cosigner = ledger::Cosigner::new("qorgan.test/log", (&[9; 32]).into()).unwrap();
        f.manifest["log"]["witnesses"] = json!([cosigner.verifier().to_string()]);
    }),
    ("a second log", |f| {
        let other = audit::LogSigner::new("other.test/log", &[9; 32]).unwrap();
        f.manifest["log"]["witnesses"] = json!([other.verifier().to_string()]);
    }),
    ("a stamp of nothing", |f| {
        f.file("log/stamp-00.checkpoint", b"nonsense");
        f.file("log/stamp-00.tsr", b"x");
        f.file("log/stamp-00.consistency", b"old 1\nnew 2\n");
        f.manifest["stamps"] = json!([{
            "authority": "National TSA (пример)", "checkpoint": "log/stamp-00.checkpoint",
            "token": "log/stamp-00.tsr", "link": "log/stamp-00.consistency"
        }]);
    }),
];

#[test]
fn an_office_that_lies_is_found_out_by_both() {
    on_each(async |p| {
        let e = p.take(told("Файл (пример)"), &bytes(5_000, 8), 5_000).await;
        service::seal(&p.app, &p.officer, e.id, "не открывать: № 7").await.unwrap();
        service::unseal(&p.app, &p.officer, e.id, "для осмотра (пример)").await.unwrap();
        let package = made(&p, vec![e.id]).await;
        let (whole, key) = (p.root.join("whole"), p.log().verifier().clone());
        write(&p, package, &whole);
        let mut judge = Judge::new(&p.root);
        let control: &[(&str, Change)] = &[("nothing", |_| {})];
        for (n, (name, change)) in control.iter().chain(CHANGES).enumerate() {
            let folder = p.root.join(format!("forged-{n}"));
            copy(&whole, &folder);
            let mut forgery = Forgery::new(&folder);
            change(&mut forgery);
            let folder = forgery.recorded(&p).await;
            let found = judge.both(&folder, &[&key]);
            assert_eq!(found.is_ok(), n == 0, "{name}: {found:?}");
        }
    });
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for found in std::fs::read_dir(from).unwrap().flatten() {
        let there = to.join(found.file_name());
        if found.path().is_dir() {
            copy(&found.path(), &there);
        } else {
            std::fs::copy(found.path(), there).unwrap();
        }
    }
}

#[test]
fn the_script_runs_nothing_that_lies_beside_it() {
    on_each(async |p| {
        let e = p.take(told("Файл (пример)"), &bytes(100, 6), 100).await;
        let package = made(&p, vec![e.id]).await;
        let folder = p.root.join("package");
        write(&p, package, &folder);
        for module in ["json", "hashlib", "base64", "re", "os", "struct"] {
            std::fs::write(folder.join(format!("{module}.py")), "print('HOLDS forged'); raise SystemExit(0)")
                .unwrap();
        }
        // Without -I, as somebody might: its own place is the one where Python looks first.
        let ran =
            std::process::Command::new("python3").arg("verify.py").arg(".").current_dir(&folder).output();
        if let Ok(ran) = ran {
            let said = String::from_utf8_lossy(&ran.stdout).into_owned();
            assert!(!ran.status.success() && said.contains("REFUSED"), "{said}");
        }
    });
}
