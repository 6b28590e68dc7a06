//! Packages of an office that writes its record as it likes: true signatures, true proofs, and whatever it wants to be told. Both verifiers
//! must take and refuse the same of them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use audit::{Act, Stamp};
use base64::Engine as _;
use evidence::model::Acquisition;
use evidence::package::{ACT, ENTRY, FORMAT, LINK, Link, MANIFEST, MOST_WITNESSES, SLIP, Why, exported};
use kernel::Timestamp;
use ledger::{Checkpoint, NoteVerifier};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::judge::Judge;
use super::place::{Place, on_each};

static NEXT: AtomicU64 = AtomicU64::new(1);
const NUMBER: &str = "E-2026-00000018";

/// What is told of an exhibit that never was.
struct Lies {
    /// Each event, when, and what the record says of it beside its number and kind.
    events: Vec<(&'static str, i64, Value)>,
    /// Changes the manifest before its hash is recorded.
    manifest: fn(&mut Value),
    /// Further files.
    files: Vec<(String, Vec<u8>)>,
    /// What an authority answers to the checkpoint of the events.
    stamp: Option<Answer>,
}

type Answer = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// The stamps of all files that are there.
fn stamps(m: &mut Value) {
    let files = m["files"].as_array().unwrap().clone();
    let stamps = files.iter().filter_map(|f| f["path"].as_str()?.strip_suffix(".tsr"));
    let line = |name| {
        let file = |end: &str| format!("{name}.{end}");
        json!({"authority": "a", "checkpoint": file("checkpoint"), "token": file("tsr"), "link": file("consistency")})
    };
    m["stamps"] = stamps.map(line).collect();
}

impl Lies {
    fn of(events: &[(&'static str, i64)]) -> Self {
        let told = |(event, at): &(&'static str, i64)| (*event, 1_764_500_000_000_000 + at, json!({}));
        Self { events: events.iter().map(told).collect(), manifest: |_| {}, files: Vec::new(), stamp: None }
    }
    /// Says something else in the record of an event.
    fn fact(mut self, event: usize, name: &str, value: Value) -> Self {
        self.events[event].2[name] = value;
        self
    }
    fn manifest(self, manifest: fn(&mut Value)) -> Self {
        Self { manifest, ..self }
    }
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> Value {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    json!({"path": name, "size": bytes.len(), "sha256": hex::encode(Sha256::digest(bytes))})
}

async fn record(
    p: &Place,
    act: &'static str,
    (kind, subject): (&'static str, Uuid),
    at: i64,
    facts: Value,
) -> Uuid {
    // Ids that grow, as those of the office do.
    let id = Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)));
    let stamp = Stamp { id, office: Timestamp::from_micros(at), wall: p.app.wall.now() };
    let (who, id) = (p.officer.clone(), stamp.id);
    let write = p.app.db.write(move |tx| {
        audit::append(tx, &stamp, &who, &Act { facts: facts.clone(), ..Act::about(act, kind, subject) })
    });
    write.await.unwrap();
    id
}

/// Entry and proof of each record, under the newest checkpoint.
async fn proven(p: &Place, all: Vec<(String, String, Uuid)>) -> (Vec<(String, Vec<u8>)>, Checkpoint) {
    p.placed().await;
    let read = p.app.db.read(move |tx| {
        let at = audit::newest(tx)?.unwrap();
        let mut files = Vec::new();
        for (entry, slip, record) in &all {
            let proven = audit::prove(tx, *record, &at)?.unwrap();
            files.push((entry.clone(), proven.entry));
            files.push((slip.clone(), proven.slip.to_string().into_bytes()));
        }
        Ok::<_, audit::AuditError>((files, at.checkpoint))
    });
    read.await.unwrap()
}

/// A package of a thing, made of lies.
async fn package(p: &Place, folder: &str, lies: Lies) -> PathBuf {
    let folder = p.root.join(folder);
    let (exhibit, id) = (p.app.uuid(), p.app.uuid());
    let told = serde_json::to_vec(&Acquisition {
        title: "Телефон (пример)".into(),
        ..Acquisition::default()
    })
    .unwrap();
    let mut seal = Sha256::new_with_prefix(b"qorgan/exhibit/1\n");
    seal.update([7; 32]);
    seal.update(Sha256::digest(&told));
    let seal = hex::encode(seal.finalize());
    let (mut files, mut events, mut records) =
        (vec![file(&folder, &format!("exhibits/{NUMBER}/told.json"), &told)], Vec::new(), Vec::new());
    for (no, (event, at, said)) in (1_u64..).zip(&lies.events) {
        let mut facts = json!({"no": no, "event": event});
        if *event == "taken" {
            facts = json!({"seal": seal, "number": NUMBER, "form": "item", "parent": null, "no": no, "event": event});
        }
        for (name, value) in said.as_object().unwrap() {
            facts[name] = value.clone();
        }
        let act: &'static str = Box::leak(format!("exhibit.{event}").into_boxed_str());
        let record = record(p, act, ("exhibit", exhibit), *at, facts).await;
        let name = format!("log/{NUMBER}/{no:04}");
        let (entry, proof) = (format!("{name}.entry"), format!("{name}.tlog-proof"));
        events.push(json!({"no": no, "event": event, "at": at, "actor": p.officer.label(), "by": "N", "entry": entry, "proof": proof, "words": null}));
        records.push((entry, proof, record));
    }
    let (proofs, before) = proven(p, records).await;
    files.extend(proofs.iter().chain(&lies.files).map(|(name, bytes)| file(&folder, name, bytes)));
    if let Some(answer) = &lies.stamp {
        let body = before.to_string().into_bytes();
        let size = before.size;
        let link = format!("old {size}\nnew {size}\n").into_bytes();
        let token = answer(&body);
        for (end, bytes) in [("checkpoint", &body), ("tsr", &token), ("consistency", &link)] {
            files.push(file(&folder, &format!("log/stamp-00.{end}"), bytes));
        }
    }
    let last = events.len() + 1;
    let line = json!({
        "id": exhibit.simple().to_string(), "number": NUMBER, "title": "t", "parent": null, "told": format!("exhibits/{NUMBER}/told.json"),
        "original": null, "size": 0, "sha256": "", "blake3": "", "salt": hex::encode([7; 32]), "events": events,
    });
    let mut manifest = json!({
        "format": FORMAT, "id": id.simple().to_string(), "made_at": "2026-11-30", "made_by": "N", "organisation": "DCC", "about": "x",
        "log": {"key": p.log().verifier().to_string(), "witnesses": []}, "files": files, "exhibits": [line], "stamps": [],
    });
    (lies.manifest)(&mut manifest);
    let bytes = serde_json::to_vec(&manifest).unwrap();
    let facts = json!({"package": manifest["id"], "no": last, "event": "exported"});
    let now = 1_764_600_000_000_000;
    let came = record(p, "exhibit.exported", ("exhibit", exhibit), now, facts).await;
    let facts = json!({"manifest": hex::encode(Sha256::digest(&bytes)), "events": {exhibit.simple().to_string(): last}});
    let act = record(p, ACT, ("package", id), now, facts).await;
    file(&folder, MANIFEST, &bytes);
    let (entry, slip) = exported(NUMBER);
    let (proofs, after) = proven(p, vec![(entry, slip, came), (ENTRY.into(), SLIP.into(), act)]).await;
    for (name, bytes) in proofs {
        file(&folder, &name, &bytes);
    }
    let (old, new) = (before.size, after.size);
    let tie = p.app.db.read(move |tx| audit::connect(tx, old, new)).await.unwrap();
    file(&folder, LINK, Link { old, new, proof: tie }.to_string().as_bytes());
    folder
}

/// A verifier key of a witness, whatever its bytes are.
fn witness_key(name: &str, point: [u8; 32]) -> String {
    let typed = [&[4_u8][..], &point].concat();
    let id = Sha256::new_with_prefix(name).chain_update(b"\n").chain_update(&typed).finalize();
    format!("{name}+{}+{}", hex::encode(&id[..4]), base64::engine::general_purpose::STANDARD.encode(typed))
}

fn witnesses(count: u8) -> Value {
    let key = |n: u8| ledger::Cosigner::new(&format!("w{n}.example/w"), (&[n; 32]).into()).unwrap();
    (1..=count).map(|n| Value::from(key(n).verifier().to_string())).collect()
}

const GENUINE: &[(&str, i64)] = &[("taken", 0), ("sealed", 1_000_000), ("unsealed", 1_000_000)];

/// What is told, and whether it is taken.
fn cases() -> Vec<(&'static str, Lies, bool)> {
    let genuine = || Lies::of(GENUINE);
    vec![
        ("nothing", genuine(), true),
        ("facts in another order", genuine().fact(1, "a", json!({"b": 1, "a": [2, 1]})), true),
        ("a parent that is a number", genuine().fact(0, "parent", json!(5)), false),
        ("a parent that is a list", genuine().fact(0, "parent", json!([])), false),
        ("a fraction in the facts", genuine().fact(1, "x", json!(1.0)), false),
        ("a large fraction in the facts", genuine().fact(1, "x", json!(1e16)), false),
        ("taken in twice", Lies::of(&[("taken", 0), ("taken", 1)]), false),
        ("never taken in", Lies::of(&[("sealed", 0), ("unsealed", 1)]), false),
        ("an event that nobody knows", Lies::of(&[("taken", 0), ("vanished", 1)]), false),
        ("times that fall", Lies::of(&[("taken", 5), ("sealed", 4), ("unsealed", 4), ("sealed", 0)]), true),
        ("times before all calendars", Lies::of(&[("taken", -9_000_000_000_000_000_000), ("sealed", 0)]), true),
        ("a weak witness", genuine().manifest(|m| {
            let mut identity = [0; 32];
            identity[0] = 1;
            m["log"]["witnesses"] = json!([witness_key("w.example/w", identity)]);
        }), false),
        ("a witness that is no point", genuine().manifest(|m| {
            m["log"]["witnesses"] = json!([witness_key("w.example/w", [2; 32])]);
        }), false),
        ("a witness whose point has two writings", genuine().manifest(|m| {
            // y = p + 3, the same point as y = 3.
            let mut twice = [0xff; 32];
            (twice[0], twice[31]) = (0xf0, 0x7f);
            m["log"]["witnesses"] = json!([witness_key("w.example/w", twice)]);
        }), false),
        ("as many witnesses as there may be", genuine().manifest(|m| m["log"]["witnesses"] = witnesses(63)), true),
        ("one more", genuine().manifest(|m| m["log"]["witnesses"] = witnesses(64)), false),
        ("a witness with the log's own key", genuine().manifest(|m| m["log"]["witnesses"] = json!([m["log"]["key"]])), false),
        ("a heading that pushes everything away", genuine().manifest(|m| {
            m["about"] = json!(format!("x\u{1b}[2K\u{202e}\u{3164}e\u{301}\u{61c}\"{}HOLDS{}", " ".repeat(16_000), "y".repeat(300)));
        }), true),
        ("a stamp that is not listed", genuine().manifest(|m| {
            m["stamps"] = json!([{"authority": "a", "checkpoint": "log/stamp-00.checkpoint", "token": "log/stamp-00.tsr", "link": "log/stamp-00.consistency"}]);
        }), false),
        ("a number that is a device", genuine().manifest(|m| m["exhibits"][0]["number"] = json!("CON")), false),
    ]
}

#[test]
fn both_take_and_refuse_the_same() {
    on_each(async |p| {
        let (key, mut judge) = (p.log().verifier().clone(), Judge::new(&p.root));
        assert_eq!(MOST_WITNESSES, 63);
        for (n, (name, lies, taken)) in cases().into_iter().enumerate() {
            let folder = package(&p, &format!("invented-{n}"), lies).await;
            let apart = judge.apart(&folder, &[&key]);
            let script = apart.1.is_none_or(|said| (said.code == 0) == taken);
            assert!(script && apart.0.is_ok() == taken, "{name}: {:?}", apart.0);
            let found = judge.both(&folder, &[&key]);
            let text = found.unwrap_or_default();
            let remarks = text.matches("REMARK").count();
            assert_eq!(remarks, if name == "times that fall" { 2 } else { 0 }, "{name}: {text}");
            let silent = text.matches("No word of witness").count();
            assert_eq!(silent, if name.starts_with("as many witnesses") { 63 } else { 0 }, "{name}: {text}");
            assert!(text.is_empty() || text.ends_with("HOLDS\n") || silent > 0, "{name}: {text}");
            assert!(text.lines().all(|line| line.len() < 500 || silent > 0), "{name}: {text}");
        }
    });
}

/// Stamps that say nothing: of the empty log, of too many, with a file that lies elsewhere.
#[test]
fn stamps_of_nothing_are_refused_by_both() {
    on_each(async |p| {
        let (key, mut judge) = (p.log().verifier().clone(), Judge::new(&p.root));
        let empty = Checkpoint { origin: "qorgan.test/log".into(), size: 0, root: ledger::EMPTY_ROOT };
        for (n, count) in [1_usize, 21].into_iter().enumerate() {
            let mut lies = Lies::of(GENUINE);
            for no in 0..count {
                let name = format!("log/stamp-{no:02}");
                lies.files.push((format!("{name}.checkpoint"), empty.to_string().into_bytes()));
                lies.files.push((format!("{name}.tsr"), b"x".to_vec()));
                lies.files.push((format!("{name}.consistency"), b"old 0\nnew 3\n".to_vec()));
            }
            lies.manifest = stamps;
            let folder = package(&p, &format!("stamps-{n}"), lies).await;
            let fault = judge.both(&folder, &[&key]).unwrap_err();
            assert_eq!(fault.file, if count == 1 { "log/stamp-00.checkpoint" } else { MANIFEST });
        }
    });
}

#[test]
fn a_number_without_end_is_refused_before_it_is_read() {
    on_each(async |p| {
        let (key, mut judge) = (p.log().verifier().clone(), Judge::new(&p.root));
        let folder = package(&p, "digits", Lies::of(GENUINE)).await;
        let text = std::fs::read_to_string(folder.join(MANIFEST)).unwrap();
        for digits in [21, 2_000_000] {
            let changed = text.replacen("\"size\":0", &format!("\"size\":{}", "7".repeat(digits)), 1);
            assert_ne!(changed, text);
            std::fs::write(folder.join(MANIFEST), changed).unwrap();
            let fault = judge.both(&folder, &[&key]).unwrap_err();
            assert_eq!((fault.file.as_str(), &fault.why), (MANIFEST, &Why::Number));
            let said = judge.script(&[folder.to_str().unwrap()]);
            assert!(said.is_none_or(|said| said.text.contains(&fault.why.to_string())));
        }
    });
}

/// What lies beside a package, or is built so that no other program can unpack it.
#[test]
fn folders_and_names_that_are_none_are_refused_by_both() {
    on_each(async |p| {
        let (key, mut judge): (NoteVerifier, Judge) = (p.log().verifier().clone(), Judge::new(&p.root));
        let folder = package(&p, "beside", Lies::of(GENUINE)).await;
        judge.both(&folder, &[&key]).unwrap();
        for empty in
            ["extra", "exhibits/extra", ".git", "a/b/c/d/e/f/g", "\u{1b}[2K x", "log/E-2026-00000018/more"]
        {
            std::fs::create_dir_all(folder.join(empty)).unwrap();
            let found = judge.apart(&folder, &[&key]);
            assert!(found.0.is_err(), "{empty}");
            assert!(found.1.is_none_or(|said| said.code == 1), "{empty}");
            std::fs::remove_dir_all(
                folder.join(empty.split('/').next().filter(|_| empty.starts_with('a')).unwrap_or(empty)),
            )
            .unwrap();
        }
        judge.both(&folder, &[&key]).unwrap();
        // A file and a folder of one name.
        let tape = p.root.join("both.tar");
        let mut out = evidence::package::tape::Writer::new(std::fs::File::create(&tape).unwrap());
        for name in ["manifest.json", "manifest.json/x"] {
            out.file(name, 2, b"{}".as_slice()).unwrap();
        }
        out.finish().unwrap();
        assert_eq!(judge.both(&tape, &[&key]).unwrap_err().file, "manifest.json");
    });
}

/// An authority that nobody here wrote, in a folder.
struct OpenSsl(PathBuf);

const CONFIG: &str = "
[ tsa ]
default_tsa = one
[ one ]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
[ ca ]
basicConstraints = critical, CA:TRUE
[ no_ca ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, cRLSign
[ stamper ]
extendedKeyUsage = critical, timeStamping
";

impl OpenSsl {
    fn run(&self, arguments: &str) {
        let mut command = std::process::Command::new("openssl");
        let ran = command.args(arguments.split_whitespace()).current_dir(&self.0).output().unwrap();
        assert!(ran.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&ran.stderr));
    }

    /// `None` where there is no openssl.
    fn new(at: PathBuf, key: &str, config: &str) -> Option<Self> {
        std::process::Command::new("openssl").arg("version").output().ok()?;
        std::fs::create_dir_all(&at).unwrap();
        std::fs::write(at.join("tsa.cnf"), config).unwrap();
        std::fs::write(at.join("serial"), "01").unwrap();
        let made = Self(at);
        made.run(&format!("genpkey {key} -out ca.key"));
        for (section, file) in [("ca", "ca.pem"), ("no_ca", "no.pem")] {
            made.run(&format!(
                "req -x509 -new -key ca.key -subj /CN=Invented-CA -days 30 -config tsa.cnf -extensions {section} -out {file} -sha256"
            ));
        }
        made.run(&format!("genpkey {key} -out tsa.key"));
        made.run("req -new -key tsa.key -subj /O=Invented/CN=Invented-TSA -config tsa.cnf -out tsa.csr");
        made.run("x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile tsa.cnf -extensions stamper -out tsa.pem -sha256");
        Some(made)
    }

    fn answer(&self, body: &[u8], ask: &str) -> Vec<u8> {
        std::fs::write(self.0.join("body"), body).unwrap();
        self.run(&format!("ts -query -data body {ask} -out q.tsq"));
        self.run("ts -reply -config tsa.cnf -queryfile q.tsq -signer tsa.pem -inkey tsa.key -out a.tsr");
        std::fs::read(self.0.join("a.tsr")).unwrap()
    }
}

const P_256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const P_384: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";
const P_521: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-521";
const RSA_2048: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
const RSA_1024: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:1024";

/// Key, what is changed in the configuration, how it is asked, by which certificate it is judged, whether it is told.
type StampCase = (&'static str, &'static str, (&'static str, &'static str), &'static str, &'static str, bool);

const STAMPS: &[StampCase] = &[
    ("as it should be", P_256, ("", ""), "-sha256 -cert", "ca.pem", true),
    ("by the authority's own certificate", P_256, ("", ""), "-sha256 -cert", "tsa.pem", true),
    ("without certificates in it", P_256, ("", ""), "-sha256", "tsa.pem", true),
    ("P-384", P_384, ("", ""), "-sha256 -cert", "ca.pem", true),
    ("RSA", RSA_2048, ("", ""), "-sha256 -cert", "ca.pem", true),
    (
        "a signature with SHA-512",
        P_256,
        ("signer_digest = sha256", "signer_digest = sha512"),
        "-sha256 -cert",
        "ca.pem",
        true,
    ),
    (
        "fractions of a second",
        P_256,
        ("serial = serial", "serial = serial\nclock_precision_digits = 6"),
        "-sha256 -cert",
        "ca.pem",
        true,
    ),
    (
        "the authority's name in it",
        P_256,
        ("serial = serial", "serial = serial\ntsa_name = yes"),
        "-sha256 -cert",
        "ca.pem",
        true,
    ),
    ("RSA of half the length", RSA_1024, ("", ""), "-sha256 -cert", "ca.pem", false),
    ("P-521", P_521, ("", ""), "-sha256 -cert", "ca.pem", false),
    ("another hash", P_256, ("", ""), "-sha512 -cert", "ca.pem", false),
    (
        "the certificate named by SHA-1",
        P_256,
        ("ess_cert_id_alg = sha256", "ess_cert_id_alg = sha1"),
        "-sha256 -cert",
        "ca.pem",
        false,
    ),
    (
        "a signature with SHA-1",
        P_256,
        ("signer_digest = sha256", "signer_digest = sha1"),
        "-sha256 -cert",
        "ca.pem",
        false,
    ),
    ("a giver that gives none", P_256, ("", ""), "-sha256 -cert", "no.pem", false),
];

#[test]
fn time_stamps_are_judged_by_both_in_one_way() {
    on_each(async |p| {
        let (key, mut judge) = (p.log().verifier().clone(), Judge::new(&p.root));
        for (n, (name, sort, (from, to), ask, by, told)) in STAMPS.iter().enumerate() {
            let at = p.root.join(format!("tsa-{n}"));
            let Some(authority) = OpenSsl::new(at.clone(), sort, &CONFIG.replacen(from, to, 1)) else {
                println!("NOT RUN: needs openssl");
                return;
            };
            let mut lies = Lies::of(GENUINE).manifest(stamps);
            let ask: &'static str = ask;
            lies.stamp = Some(Box::new(move |body| authority.answer(body, ask)));
            let folder = package(&p, &format!("stamped-{n}"), lies).await;
            let said = judge.both_by(&folder, &[&key], Some(&at.join(by))).unwrap();
            let found =
                said.contains("Time stamp: ") && said.contains("Z, says CN=Invented-TSA,O=Invented\n");
            assert_eq!(found, *told, "{name}: {said}");
            assert_eq!(
                said.contains("NOT CHECKED, by none of the certificates given"),
                !told,
                "{name}: {said}"
            );
            let unasked = judge.both(&folder, &[&key]).unwrap();
            assert!(unasked.contains("NOT CHECKED, give certificates with --tsa"), "{name}: {unasked}");
        }
    });
}

/// One byte behind the answer, and what is none.
#[test]
fn what_is_no_time_stamp_is_told_by_both_as_not_checked() {
    on_each(async |p| {
        let (key, mut judge) = (p.log().verifier().clone(), Judge::new(&p.root));
        let at = p.root.join("tsa");
        let Some(authority) = OpenSsl::new(at.clone(), P_256, CONFIG) else {
            println!("NOT RUN: needs openssl");
            return;
        };
        let authority = std::rc::Rc::new(authority);
        let spoilt: [fn(Vec<u8>) -> Vec<u8>; 4] = [
            |answer| [answer.as_slice(), b"\0"].concat(),
            |_| Vec::new(),
            |_| vec![0x30, 0x80],
            |answer| answer[..answer.len() - 1].to_vec(),
        ];
        for (n, spoil) in spoilt.into_iter().enumerate() {
            let mut lies = Lies::of(GENUINE).manifest(stamps);
            let authority = authority.clone();
            lies.stamp = Some(Box::new(move |body| spoil(authority.answer(body, "-sha256 -cert"))));
            let folder = package(&p, &format!("spoilt-{n}"), lies).await;
            let said = judge.both_by(&folder, &[&key], Some(&at.join("ca.pem"))).unwrap();
            assert!(said.contains("NOT CHECKED, by none of the certificates given"), "{n}: {said}");
        }
    });
}
