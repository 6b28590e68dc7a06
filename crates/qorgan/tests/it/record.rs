//! The record checked by somebody outside: with the exported folder and the verifier key, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use kernel::Actor;
use qorgan::record::{self, ExportArgs, VerifyArgs};

use crate::nodes::{Node, block_on, files, fresh_folder, nodes};

#[derive(Debug, Parser)]
struct Verify {
    #[command(flatten)]
    args: VerifyArgs,
}

#[derive(Debug, Parser)]
struct Export {
    #[command(flatten)]
    args: ExportArgs,
}

fn verify(words: &[&str]) -> anyhow::Result<audit::Verdict> {
    let all: Vec<&str> = ["verify-log"].iter().chain(words).copied().collect();
    record::verify(&Verify::try_parse_from(all)?.args)
}

fn in_place(node: &Node, more: &[&str]) -> anyhow::Result<audit::Verdict> {
    let data = node.data.display().to_string();
    let mut words = vec!["--data", &data];
    if let Some(url) = &node.database {
        words.extend(["--database", url]);
    }
    words.extend(more);
    verify(&words)
}

fn export(node: &Node, to: &Path) -> (u64, String) {
    let (data, to) = (node.data.display().to_string(), to.display().to_string());
    let mut words = vec!["export-log", &to, "--data", &data];
    if let Some(url) = &node.database {
        words.extend(["--database", url]);
    }
    record::export(&Export::parse_from(words).args).unwrap()
}

/// A node with `n` records more, placed and signed.
fn acted(node: &Node, n: usize) {
    let app = node.open();
    block_on(async {
        for i in 0..n {
            let me = app.clone();
            let facts = serde_json::json!({ "i": i });
            app.db
                .write(move |tx| -> Result<(), db::DbError> {
                    let act = audit::Act {
                        facts: facts.clone(),
                        ..audit::Act::about("test.acted", "test", me.uuid())
                    };
                    me.record(tx, &Actor::system("setup"), &act)
                })
                .await
                .unwrap();
        }
        let signer = qorgan::serve::log_signer(&app).unwrap();
        audit::Sequencer::new(app.db.clone(), signer, app.wall.clone()).drain().await.unwrap();
    });
}

/// Another machine: a folder with a copy of the export and nothing beside it.
struct Elsewhere(PathBuf);

impl Drop for Elsewhere {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

impl Elsewhere {
    fn with_copy_of(from: &Path) -> Self {
        let to = fresh_folder();
        for file in files(from) {
            let copy = to.join("log").join(file.strip_prefix(from).unwrap());
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::copy(file, copy).unwrap();
        }
        Self(to)
    }
    fn log(&self) -> String {
        self.0.join("log").display().to_string()
    }
}

#[test]
fn an_exported_log_needs_the_folder_and_the_key_alone() {
    for node in nodes() {
        acted(&node, 300);
        let out = node.data.join("out");
        let (size, key) = export(&node, &out);
        assert_eq!(size, 300);
        assert_eq!(fs::read_to_string(out.join("log.vkey")).unwrap(), format!("{key}\n"));
        assert!(key.starts_with("qorgan/"), "{key}");
        let seed = fs::read(node.data.join("keys/log.key")).unwrap();
        for file in files(&out) {
            let bytes = fs::read(&file).unwrap();
            assert!(
                !bytes.windows(32).any(|w| w == seed),
                "the private key never leaves: {}",
                file.display()
            );
        }
        let elsewhere = Elsewhere::with_copy_of(&out);
        let before = files(&elsewhere.0);

        let key_file = format!("{}/log.vkey", elsewhere.log());
        for given in [key.as_str(), &format!(" {key} "), &key_file] {
            let verdict = verify(&["--exported", &elsewhere.log(), "--key", given]).unwrap();
            assert!(verdict.is_sound() && verdict.size == 300, "{given}: {verdict}");
        }
        assert_eq!(files(&elsewhere.0), before, "checking leaves nothing behind");
        // Nothing of a node is asked for or made, even where it is named.
        let nowhere = elsewhere.0.join("no-node").display().to_string();
        verify(&["--exported", &elsewhere.log(), "--key", &key, "--data", &nowhere]).unwrap();
        assert!(!Path::new(&nowhere).exists());
        let without = verify(&["--exported", &elsewhere.log()]).unwrap_err().to_string();
        assert!(without.contains("--key"), "{without}");
        for junk in ["x", "", "a+b+c", "/nonexistent/key"] {
            assert!(verify(&["--exported", &elsewhere.log(), "--key", junk]).is_err(), "{junk}");
        }
        assert!(verify(&["--exported", "/nonexistent/log", "--key", &key]).is_err());

        // A checkpoint kept from before holds; one of another log is refused.
        let kept = elsewhere.0.join("kept").display().to_string();
        fs::copy(out.join("checkpoint"), &kept).unwrap();
        acted(&node, 5);
        export(&node, &out);
        let later = Elsewhere::with_copy_of(&out);
        let grown = verify(&["--exported", &later.log(), "--key", &key, "--since", &kept]).unwrap();
        assert!(grown.is_sound() && grown.size == 305, "{grown}");
        let newer = later.0.join("kept").display().to_string();
        fs::copy(out.join("checkpoint"), &newer).unwrap();
        let back = verify(&["--exported", &elsewhere.log(), "--key", &key, "--since", &newer]).unwrap();
        assert!(!back.is_sound() && back.to_string().contains("set back"), "{back}");
    }
}

#[test]
fn another_key_is_refused() {
    for node in nodes() {
        acted(&node, 20);
        let out = node.data.join("out");
        let (_, key) = export(&node, &out);
        let elsewhere = Elsewhere::with_copy_of(&out);
        let name = key.split('+').next().unwrap();
        for name in [name, "qorgan/OTHER"] {
            let other = audit::LogSigner::new(name, &[5; 32]).unwrap().verifier().to_string();
            let verdict = verify(&["--exported", &elsewhere.log(), "--key", &other]).unwrap();
            assert!(!verdict.is_sound() && verdict.size == 0, "{verdict}");
            assert!(verdict.to_string().contains("no sound checkpoint"), "{verdict}");
            assert!(!in_place(&node, &["--key", &other]).unwrap().is_sound());
        }
        // The log rewritten and signed by another key, whose verifier key lies beside it: the key that came another
        // way does not take it.
        let forger = nodes().remove(0);
        acted(&forger, 20);
        let forged = forger.data.join("out");
        let (_, forged_key) = export(&forger, &forged);
        let copy = Elsewhere::with_copy_of(&forged);
        assert!(verify(&["--exported", &copy.log(), "--key", &forged_key]).unwrap().is_sound());
        assert!(!verify(&["--exported", &copy.log(), "--key", &key]).unwrap().is_sound());
    }
}

#[test]
fn one_byte_flipped_anywhere_is_found_and_named() {
    let node = nodes().remove(0);
    acted(&node, 300);
    let out = node.data.join("out");
    let (_, key) = export(&node, &out);
    for file in files(&out).iter().filter(|f| !f.ends_with("log.vkey")) {
        let elsewhere = Elsewhere::with_copy_of(&out);
        let copy = elsewhere.0.join("log").join(file.strip_prefix(&out).unwrap());
        let mut bytes = fs::read(&copy).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&copy, &bytes).unwrap();
        let verdict = verify(&["--exported", &elsewhere.log(), "--key", &key]).unwrap();
        assert!(!verdict.is_sound(), "{}: {verdict}", copy.display());
        assert!(verdict.faults.iter().any(|f| !f.to_string().is_empty()), "{verdict}");
    }
    // In an entry it says which one.
    let elsewhere = Elsewhere::with_copy_of(&out);
    let bundle = files(&elsewhere.0).into_iter().find(|f| f.ends_with("entries/000")).unwrap();
    let mut bytes = fs::read(&bundle).unwrap();
    let at = bytes.windows(7).position(|w| w == b"{\"i\":7}").unwrap();
    bytes[at + 5] = b'8';
    fs::write(&bundle, bytes).unwrap();
    let verdict = verify(&["--exported", &elsewhere.log(), "--key", &key]).unwrap();
    let named: Vec<_> = verdict.faults.iter().filter_map(|f| f.position).collect();
    assert_eq!(named.len(), 1, "{verdict}");
    assert!(verdict.to_string().contains(&format!("position {}", named[0])), "{verdict}");
}

/// Bug: on a machine without the node's keys a new key was made, and a sound log was called tampered with.
#[test]
fn in_place_no_key_and_no_database_is_ever_made() {
    for node in nodes() {
        acted(&node, 20);
        assert!(in_place(&node, &[]).unwrap().is_sound());
        let key = export(&node, &node.data.join("out")).1;
        assert!(in_place(&node, &["--key", &key]).unwrap().is_sound());
        fs::rename(node.data.join("keys/log.key"), node.data.join("away")).unwrap();
        let error = format!("{:#}", in_place(&node, &[]).unwrap_err());
        assert!(error.contains("log.key") && error.contains("--key"), "{error}");
        assert!(!node.data.join("keys/log.key").exists());
        assert!(in_place(&node, &["--key", &key]).unwrap().is_sound(), "the public half is enough");
        fs::rename(node.data.join("away"), node.data.join("keys/log.key")).unwrap();
        // An export signed by a key that the folder does not have any more is not given a wrong one to carry.
        fs::write(node.data.join("keys/log.key"), [9; 32]).unwrap();
        let (data, to) = (node.data.display().to_string(), node.data.join("wrong").display().to_string());
        let mut words = vec!["export-log", to.as_str(), "--data", data.as_str()];
        if let Some(url) = &node.database {
            words.extend(["--database", url]);
        }
        let error = format!("{:#}", record::export(&Export::parse_from(words).args).unwrap_err());
        assert!(error.contains("another key"), "{error}");
        assert!(!Path::new(&to).join("log.vkey").exists());
    }
    let nowhere = fresh_folder();
    let data = nowhere.display().to_string();
    let key = audit::LogSigner::new("qorgan/X", &[5; 32]).unwrap().verifier().to_string();
    assert!(verify(&["--data", &data]).is_err() && verify(&["--data", &data, "--key", &key]).is_err());
    assert!(!nowhere.exists(), "nothing is made");
}
