//! Packages: what is made holds, whatever is changed is refused with the file named, and both verifiers say the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use evidence::package::tape::Writer;
use evidence::package::{Fault, Files, Folder, SCRIPT, Tape, verify};
use evidence::service::{self, Asked, Made, Package};
use kernel::Entropy;
use ledger::NoteVerifier;

use super::place::{Place, bytes, on_each, told};

pub async fn made(p: &Place, exhibits: Vec<evidence::ExhibitId>) -> Package {
    let asked = Asked {
        exhibits,
        about: "Дело № 1 (пример)".into(),
        log: p.log().verifier().clone(),
        witnesses: Vec::new(),
    };
    p.placed().await;
    let pages =
        |m: &evidence::package::Manifest| vec![("index.en.html".into(), m.about.clone().into_bytes())];
    let making = service::package(&p.app, &p.officer, asked, pages);
    let placing = async {
        for _ in 0..40 {
            p.app.timer.sleep(std::time::Duration::from_millis(100)).await;
            p.placed().await;
        }
    };
    tokio::pin!(making);
    tokio::select! {
        package = &mut making => package.unwrap(),
        () = placing => making.await.unwrap(),
    }
}

pub fn write(p: &Place, package: Package, folder: &Path) {
    let _ = std::fs::remove_dir_all(folder);
    for (name, file) in package.files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let content = match file {
            Made::Bytes(bytes) => bytes,
            Made::Shelf { key, frames, .. } => {
                let mut all = Vec::new();
                p.shelf.read(&key, frames, |part| all.extend_from_slice(part)).unwrap();
                all
            }
        };
        std::fs::write(path, content).unwrap();
    }
}

#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
pub fn python(script: &Path, package: &Path, key: &NoteVerifier) -> Option<(bool, String)> {
    let ran =
        Command::new("python3").arg("-I").arg(script).arg(package).arg("--key").arg(key.to_string()).output();
    let Ok(ran) = ran else {
        println!("NOT RUN: needs python3");
        return None;
    };
    Some((ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned()))
}

pub fn held(folder: &Path, key: &NoteVerifier) -> Result<(), Fault> {
    let checked = verify(&mut Folder(folder.to_owned()), std::slice::from_ref(key), &[])?;
    assert!(checked.vouched);
    Ok(())
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut names = Folder(folder.to_owned()).names().unwrap();
    names.sort();
    names.iter().map(|name| folder.join(name)).collect()
}

/// Changes one thing. Gives which file it was in.
fn mutate(entropy: &Entropy, folder: &Path, files: &[PathBuf]) -> PathBuf {
    let pick = |n: usize| usize::try_from(entropy.below(u64::try_from(n.max(1)).unwrap())).unwrap();
    let path = files[pick(files.len())].clone();
    let mut bytes = std::fs::read(&path).unwrap();
    match entropy.below(8) {
        0 => {
            std::fs::remove_file(&path).unwrap();
            return path;
        }
        1 => bytes.truncate(pick(bytes.len())),
        2 => bytes.push(b'\n'),
        3 => {
            let extra = folder.join("log/extra.entry");
            std::fs::write(&extra, b"x").unwrap();
            return extra;
        }
        4 => {
            // Two files change places.
            let other = files[pick(files.len())].clone();
            let there = std::fs::read(&other).unwrap();
            if there == bytes {
                bytes.push(b' ');
            } else {
                std::fs::write(&other, &bytes).unwrap();
                bytes = there;
            }
        }
        _ => {
            let at = pick(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << entropy.below(8);
            }
        }
    }
    std::fs::write(&path, &bytes).unwrap();
    path
}

#[test]
fn what_is_made_holds_and_what_is_changed_is_refused_by_both() {
    // The long form, 10,000 changes, each judged by both, is asked for by name: QORGAN_MUTATIONS=10000.
    let long: Option<u64> = std::env::var("QORGAN_MUTATIONS").ok().and_then(|n| n.parse().ok());
    let wanted = long.unwrap_or(120);
    on_each(async |p| {
        let phone = service::take_item(&p.app, &p.officer, told("Телефон (пример)")).await.unwrap();
        service::seal(&p.app, &p.officer, phone.id, "№ 7").await.unwrap();
        let begun = service::Begun { parent: Some(phone.id), ..told("Образ (пример)") };
        let image = p.take(begun, &bytes(70_000, 5), 70_000).await;
        let package = made(&p, vec![phone.id, image.id]).await;
        let (folder, key) = (p.root.join("package"), p.log().verifier().clone());
        let script = p.root.join("verify.py");
        std::fs::write(&script, SCRIPT).unwrap();
        write(&p, package, &folder);
        held(&folder, &key).unwrap();
        let judged = python(&script, &folder, &key);
        assert!(judged.as_ref().is_none_or(|(held, _)| *held), "{judged:?}");
        // A key that nobody gave vouches for nothing; another log's is none.
        let mut as_folder = Folder(folder.clone());
        assert!(!verify(&mut as_folder, &[], &[]).unwrap().vouched);
        let stranger = audit::LogSigner::new("qorgan.test/log", &[9; 32]).unwrap().verifier().clone();
        assert!(verify(&mut as_folder, std::slice::from_ref(&stranger), &[]).is_err());
        assert!(python(&script, &folder, &stranger).is_none_or(|(held, _)| !held));

        // The same in one file.
        let tape = p.root.join("package.tar");
        let mut out = Writer::new(std::fs::File::create(&tape).unwrap());
        for path in all_files(&folder) {
            let (name, bytes) = (path.strip_prefix(&folder).unwrap(), std::fs::read(&path).unwrap());
            let size = u64::try_from(bytes.len()).unwrap();
            out.file(name.to_str().unwrap(), size, bytes.as_slice()).unwrap();
        }
        out.finish().unwrap();
        on_tape(&tape, &key, &script);

        let whole: Vec<(PathBuf, Vec<u8>)> =
            all_files(&folder).into_iter().map(|f| (f.clone(), std::fs::read(f).unwrap())).collect();
        let files: Vec<PathBuf> = whole.iter().map(|(f, _)| f.clone()).collect();
        let entropy = Entropy::seeded(5);
        for n in 0..wanted {
            let changed = mutate(&entropy, &folder, &files);
            let found = held(&folder, &key);
            let Err(fault) = found else { unreachable!("change {n} in {changed:?} was not found") };
            assert!(!fault.file.is_empty());
            // The script is slow to start: each of the first, then every twentieth.
            if n < 40 || n % 20 == 0 || long.is_some() {
                let judged = python(&script, &folder, &key);
                assert!(
                    judged.as_ref().is_none_or(|(held, _)| !*held),
                    "{n} {changed:?} {fault}: {judged:?}"
                );
            }
            let _ = std::fs::remove_file(folder.join("log/extra.entry"));
            for (path, bytes) in &whole {
                if std::fs::read(path).ok().as_ref() != Some(bytes) {
                    std::fs::write(path, bytes).unwrap();
                }
            }
        }
        println!("{wanted} changes, all refused");
        held(&folder, &key).unwrap();
    });
}

/// Whatever is changed on a tape is refused, be it between the files.
fn on_tape(tape: &Path, key: &NoteVerifier, script: &Path) {
    let held = || verify(&mut Tape::new(tape), std::slice::from_ref(key), &[]).is_ok_and(|c| c.vouched);
    assert!(held());
    assert!(python(script, tape, key).is_none_or(|(held, _)| held));
    let (whole, entropy) = (std::fs::read(tape).unwrap(), Entropy::seeded(6));
    let pick = || usize::try_from(entropy.below(u64::try_from(whole.len()).unwrap())).unwrap();
    for n in 0..100 {
        let mut bytes = whole.clone();
        match n % 4 {
            0 => bytes.truncate(pick()),
            1 => bytes.extend_from_slice(&[0; 512][..1 + n * 5]),
            _ => bytes[pick()] ^= 1 << entropy.below(8),
        }
        std::fs::write(tape, &bytes).unwrap();
        assert!(!held(), "{n}");
        if n < 16 {
            assert!(python(script, tape, key).is_none_or(|(held, _)| !held), "{n}");
        }
    }
}

#[test]
fn links_and_strangers_are_refused() {
    on_each(async |p| {
        let e = p.take(told("Файл (пример)"), &bytes(100, 6), 100).await;
        let package = made(&p, vec![e.id]).await;
        let (folder, key) = (p.root.join("package"), p.log().verifier().clone());
        write(&p, package, &folder);
        let script = p.root.join("verify.py");
        std::fs::write(&script, SCRIPT).unwrap();
        let original = folder.join(format!("exhibits/{}/original", e.number));
        let aside = p.root.join("aside");
        std::fs::rename(&original, &aside).unwrap();
        std::os::unix::fs::symlink(&aside, &original).unwrap();
        let fault = held(&folder, &key).unwrap_err();
        assert!(fault.file.ends_with("/original"), "{fault}");
        assert!(python(&script, &folder, &key).is_none_or(|(held, said)| !held && said.contains("original")));
    });
}

#[test]
fn a_package_does_not_hold_what_happened_later_and_says_where_it_ended() {
    on_each(async |p| {
        let e = p.take(told("Файл (пример)"), &bytes(100, 7), 100).await;
        let first = made(&p, vec![e.id]).await;
        let second = made(&p, vec![e.id]).await;
        assert_eq!(first.manifest.exhibits[0].events.len(), 1);
        assert_eq!(second.manifest.exhibits[0].events.len(), 2);
        assert_eq!(second.manifest.exhibits[0].events[1].event, "exported");
        let nothing = made(&p, Vec::new()).await;
        let folder = p.root.join("empty");
        write(&p, nothing, &folder);
        held(&folder, p.log().verifier()).unwrap();
    });
}
