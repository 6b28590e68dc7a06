//! Packages: what is made holds, whatever is changed is refused with the file named, and both verifiers say the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use evidence::package::tape::Writer;
use evidence::package::{ENTRY, Files, Folder, GRAPH, SLIP, Why, exported};
use evidence::service::{self, Asked, Made, Package};
use kernel::Entropy;
use ledger::{Cosigner, NoteVerifier, Slip};

use super::judge::{Judge, names};
use super::place::{Place, bytes, on_each, told};

pub async fn made(p: &Place, exhibits: Vec<evidence::ExhibitId>) -> Package {
    made_before(p, exhibits, Vec::new()).await
}

async fn made_before(p: &Place, exhibits: Vec<evidence::ExhibitId>, witnesses: Vec<NoteVerifier>) -> Package {
    let asked =
        Asked {
            exhibits, about: "Дело № 1 (пример)".into(), log: p.log().verifier().clone(), witnesses
        };
    placed(p).await;
    let pages =
        |m: &evidence::package::Manifest| vec![("index.en.html".into(), m.about.clone().into_bytes())];
    let making = service::package(&p.app, &p.officer, asked, pages);
    let placing = async {
        loop {
            p.app.timer.sleep(std::time::Duration::from_millis(100)).await;
            placed(p).await;
        }
    };
    tokio::select! {
        package = making => package.unwrap(),
        () = placing => unreachable!(),
    }
}

/// What has happened gets its place in the log, though a sequencer that was let go a moment ago may still be at it.
async fn placed(p: &Place) {
    let mut tries = 0;
    while let Err(error) = audit::Sequencer::new(p.app.db.clone(), p.log(), p.app.wall.clone()).drain().await
    {
        tries += 1;
        assert!(tries < 50, "{error}");
        p.app.timer.sleep(std::time::Duration::from_millis(20)).await;
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

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut names = Folder(folder.to_owned()).names().unwrap();
    names.sort();
    names.iter().map(|name| folder.join(name)).collect()
}

/// In how many ways a package is changed.
const WAYS: [&str; 10] = [
    "file removed",
    "end cut off",
    "byte added",
    "file planted",
    "two files exchanged",
    "bit turned",
    "bytes put in",
    "bytes taken out",
    "stretch emptied",
    "file renamed",
];

/// Changes one thing. Gives in which way, and which files it was in.
fn mutate(entropy: &Entropy, folder: &Path, files: &[PathBuf]) -> (&'static str, Vec<String>) {
    let pick = |n: usize| usize::try_from(entropy.below(u64::try_from(n.max(1)).unwrap())).unwrap();
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    let path = files[pick(files.len())].clone();
    let mut bytes = std::fs::read(&path).unwrap();
    let before = bytes.clone();
    let (way, at) = (pick(WAYS.len()), pick(bytes.len()));
    let mut changed = vec![name(&path)];
    match way {
        0 => std::fs::remove_file(&path).unwrap(),
        1 => bytes.truncate(at),
        2 => bytes.push(b'\n'),
        3 => {
            changed = vec!["log/extra.entry".to_owned()];
            std::fs::write(folder.join("log/extra.entry"), b"x").unwrap();
        }
        4 => {
            let other = files[pick(files.len())].clone();
            let there = std::fs::read(&other).unwrap();
            std::fs::write(&other, &bytes).unwrap();
            changed.push(name(&other));
            bytes = there;
        }
        5 => bytes[at] ^= 1 << entropy.below(8),
        6 => (0..=pick(40)).for_each(|_| bytes.insert(at, u8::try_from(entropy.below(256)).unwrap())),
        7 => drop(bytes.drain(at..(at + 1 + pick(40)).min(before.len()))),
        8 => bytes.iter_mut().skip(at).take(64).for_each(|byte| *byte = b' '),
        _ => {
            let aside = path.with_file_name("renamed");
            changed.push(name(&aside));
            std::fs::rename(&path, aside).unwrap();
        }
    }
    // What would be no change is made one.
    if bytes == before && matches!(way, 1 | 2 | 4..=8) {
        bytes.push(b' ');
    }
    if !matches!(way, 0 | 3 | 9) {
        std::fs::write(&path, &bytes).unwrap();
    }
    (WAYS[way], changed)
}

/// What was found of so many changes.
#[derive(Debug, Default, Clone, Copy)]
struct Figures {
    changes: u32,
    refused: u32,
    named: u32,
    script_refused: u32,
    script_named: u32,
    apart: u32,
}

#[test]
fn what_is_made_holds_and_what_is_changed_is_refused_by_both() {
    // The long form, 10,000 changes, each judged by both, is asked for by name: QORGAN_MUTATIONS=10000.
    let long: Option<u64> = std::env::var("QORGAN_MUTATIONS").ok().and_then(|n| n.parse().ok());
    on_each(async |p| {
        let phone = service::take_item(&p.app, &p.officer, told("Телефон (пример)")).await.unwrap();
        service::seal(&p.app, &p.officer, phone.id, "№ 7").await.unwrap();
        let begun = service::Begun { parent: Some(phone.id), ..told("Образ (пример)") };
        let image = p.take(begun, &bytes(70_000, 5), 70_000).await;
        let package = made(&p, vec![phone.id, image.id]).await;
        let (folder, key) = (p.root.join("package"), p.log().verifier().clone());
        write(&p, package, &folder);
        let mut judge = Judge::new(&p.root);
        let said = judge.both(&folder, &[&key]).unwrap();
        assert!(said.ends_with("\nHOLDS\n") && said.contains("Дело № 1 (пример)"), "{said}");
        // A key that nobody gave vouches for nothing; another log's is none.
        let said = judge.both(&folder, &[]).unwrap();
        let last = said.lines().last().unwrap();
        assert!(last.starts_with("WHOLE IN ITSELF") && last.contains("NOBODY VOUCHES"), "{said}");
        assert!(judge.apart(&folder, &[]).1.is_none_or(|said| said.code == 3));
        let stranger = audit::LogSigner::new("qorgan.test/log", &[9; 32]).unwrap().verifier().clone();
        let fault = judge.both(&folder, &[&stranger]).unwrap_err();
        assert_eq!(fault.why, Why::OtherLog);

        // The same in one file.
        let tape = p.root.join("package.tar");
        let mut out = Writer::new(std::fs::File::create(&tape).unwrap());
        for path in all_files(&folder) {
            let (name, bytes) = (path.strip_prefix(&folder).unwrap(), std::fs::read(&path).unwrap());
            let size = u64::try_from(bytes.len()).unwrap();
            out.file(name.to_str().unwrap(), size, bytes.as_slice()).unwrap();
        }
        out.finish().unwrap();
        on_tape(&tape, &key, &mut judge);

        let whole: Vec<(PathBuf, Vec<u8>)> =
            all_files(&folder).into_iter().map(|f| (f.clone(), std::fs::read(f).unwrap())).collect();
        let files: Vec<PathBuf> = whole.iter().map(|(f, _)| f.clone()).collect();
        // Each that is missing is named, be its folder empty then.
        for (path, bytes) in &whole {
            std::fs::remove_file(path).unwrap();
            let fault = judge.both(&folder, &[&key]).unwrap_err();
            assert_eq!(Path::new(&fault.file), path.strip_prefix(&folder).unwrap());
            std::fs::write(path, bytes).unwrap();
        }
        let entropy = Entropy::seeded(5);
        let mut all: BTreeMap<&str, Figures> = BTreeMap::new();
        for n in 0..long.unwrap_or(300) {
            let (way, changed) = mutate(&entropy, &folder, &files);
            let figures = all.entry(way).or_default();
            figures.changes += 1;
            let (rust, script) = judge.apart(&folder, &[&key]);
            let Err(fault) = rust else { unreachable!("change {n}, {way} in {changed:?}, was not found") };
            figures.refused += 1;
            figures.named += u32::from(names(&fault, &changed));
            if let Some(said) = script {
                assert_eq!(said.code, 1, "change {n}, {way} in {changed:?}: {said:?}");
                figures.script_refused += 1;
                let named = |file: &String| {
                    said.file() == Some(file) || said.text.contains(&format!("that {file} stands"))
                };
                figures.script_named += u32::from(changed.iter().any(named));
                figures.apart += u32::from(said.file() != Some(&fault.file));
            }
            if long.is_none() {
                assert!(names(&fault, &changed), "change {n}, {way} in {changed:?}: {fault}");
                assert_eq!(figures.apart, 0, "change {n}, {way} in {changed:?}: {fault}");
                assert!(figures.script_named == figures.script_refused, "change {n}, {way} in {changed:?}");
            }
            for planted in ["log/extra.entry", "renamed", "log/renamed"] {
                let _ = std::fs::remove_file(folder.join(planted));
            }
            for (path, bytes) in &whole {
                let _ = std::fs::remove_file(path.with_file_name("renamed"));
                if std::fs::read(path).ok().as_ref() != Some(bytes) {
                    std::fs::write(path, bytes).unwrap();
                }
            }
        }
        for (way, figures) in &all {
            println!("{way}: {figures:?}");
        }
        judge.both(&folder, &[&key]).unwrap();
    });
}

/// Whatever is changed on a tape is refused, be it between the files.
fn on_tape(tape: &Path, key: &NoteVerifier, judge: &mut Judge) {
    judge.both(tape, &[key]).unwrap();
    let (whole, entropy) = (std::fs::read(tape).unwrap(), Entropy::seeded(6));
    let pick = || usize::try_from(entropy.below(u64::try_from(whole.len()).unwrap())).unwrap();
    for n in 0..200 {
        let mut bytes = whole.clone();
        match n % 4 {
            0 => bytes.truncate(pick()),
            1 => bytes.extend_from_slice(&[0; 1024][..1 + n * 5]),
            _ => bytes[pick()] ^= 1 << entropy.below(8),
        }
        std::fs::write(tape, &bytes).unwrap();
        assert!(judge.both(tape, &[key]).is_err(), "{n}");
    }
    std::fs::write(tape, &whole).unwrap();
}

#[test]
fn links_and_strangers_are_refused() {
    on_each(async |p| {
        let e = p.take(told("Файл (пример)"), &bytes(100, 6), 100).await;
        let package = made(&p, vec![e.id]).await;
        let (folder, key) = (p.root.join("package"), p.log().verifier().clone());
        write(&p, package, &folder);
        let original = folder.join(format!("exhibits/{}/original", e.number));
        let aside = p.root.join("aside");
        std::fs::rename(&original, &aside).unwrap();
        std::os::unix::fs::symlink(&aside, &original).unwrap();
        let fault = Judge::new(&p.root).both(&folder, &[&key]).unwrap_err();
        assert!(fault.file.ends_with("/original"), "{fault}");
    });
}

/// Puts a witness's word under a slip, or takes all words of witnesses from it.
fn reword(folder: &Path, file: &str, word: Option<&Cosigner>) {
    let path = folder.join(file);
    let mut slip = Slip::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
    match word {
        Some(witness) => slip.checkpoint.cosign(witness, 1_764_500_000),
        None => {
            let log = slip.checkpoint.signatures()[0].clone();
            slip.checkpoint.retain(&[]);
            slip.checkpoint.push(log);
        }
    }
    std::fs::write(path, slip.to_string()).unwrap();
}

#[test]
fn a_witness_that_the_manifest_names_and_that_is_not_heard_is_told_whoever_asks() {
    on_each(async |p| {
        let witness = |n: u8| Cosigner::new(&format!("w{n}.example/w"), (&[n; 32]).into()).unwrap();
        let (one, two) = (witness(1), witness(2));
        let keys = vec![one.verifier().clone(), two.verifier().clone()];
        let e = p.take(told("Файл (пример)"), &bytes(100, 6), 100).await;
        let package = made_before(&p, vec![e.id], keys).await;
        let (folder, key, mut judge) =
            (p.root.join("package"), p.log().verifier().clone(), Judge::new(&p.root));
        write(&p, package, &folder);
        let said = judge.both(&folder, &[&key]).unwrap();
        assert!(said.contains("\nNo word of witness w1.example/w under this checkpoint\n"), "{said}");
        assert!(said.ends_with("\nHOLDS, WITHOUT A WORD of witness w1.example/w, w2.example/w\n"), "{said}");
        // One of them has spoken.
        let (_, came) = exported(&e.number);
        reword(&folder, &came, Some(&one));
        let fault = judge.both(&folder, &[&key]).unwrap_err();
        assert_eq!(fault.file, came, "a word under one of two that stand under one checkpoint");
        reword(&folder, SLIP, Some(&one));
        let said = judge.both(&folder, &[&key]).unwrap();
        assert!(said.contains("Somebody signed as witness w1.example/w at 2025-11-30T10:53:20Z"), "{said}");
        assert!(said.ends_with("\nHOLDS, WITHOUT A WORD of witness w2.example/w\n"), "{said}");
        let said = judge.both(&folder, &[&key, one.verifier()]).unwrap();
        assert!(said.contains("Witness w1.example/w saw this checkpoint at 2025-11-30T10:53:20Z"), "{said}");
        let fault = judge.both(&folder, &[&key, two.verifier()]).unwrap_err();
        assert_eq!((fault.file.as_str(), fault.why), (SLIP, Why::Witness("w2.example/w".into())));
        let stranger = witness(3);
        assert!(judge.both(&folder, &[&key, stranger.verifier()]).is_err());
        // Its word is taken from everywhere: nobody is accused, but it is told.
        reword(&folder, SLIP, None);
        assert_eq!(judge.both(&folder, &[&key]).unwrap_err().file, came);
        reword(&folder, &came, None);
        let said = judge.both(&folder, &[&key]).unwrap();
        assert!(said.contains("No word of witness w1.example/w under this checkpoint"), "{said}");
        assert!(judge.both(&folder, &[&key, one.verifier()]).is_err());
    });
}

#[test]
fn more_events_than_a_page_shows_are_all_in_the_package() {
    on_each(async |p| {
        let phone = service::take_item(&p.app, &p.officer, told("Телефон (пример)")).await.unwrap();
        for n in 0..1_025 {
            service::seal(&p.app, &p.officer, phone.id, &format!("№ {n}")).await.unwrap();
            service::unseal(&p.app, &p.officer, phone.id, "для осмотра").await.unwrap();
        }
        let package = made(&p, vec![phone.id]).await;
        assert_eq!(package.manifest.exhibits[0].events.len(), 2_051);
        let folder = p.root.join("package");
        write(&p, package, &folder);
        let said = Judge::new(&p.root).both(&folder, &[p.log().verifier()]).unwrap();
        assert!(said.contains(": 2051 events, "), "{said}");
    });
}

/// The graph is made from the manifest and what was told; `cargo xtask judges` holds it against the ontology's own shapes.
#[test]
fn the_graph_tells_of_every_exhibit_and_is_one_of_the_files() {
    on_each(async |p| {
        let phone = service::take_item(&p.app, &p.officer, told("Телефон (пример)")).await.unwrap();
        service::seal(&p.app, &p.officer, phone.id, "№ 7 \"x\"").await.unwrap();
        let begun = service::Begun { parent: Some(phone.id), ..told("Образ (пример)") };
        let image = p.take(begun, &bytes(7_000, 5), 7_000).await;
        for (exhibits, name) in [(vec![phone.id, image.id], "case"), (vec![image.id], "case-without-parent")]
        {
            let package = made(&p, exhibits.clone()).await;
            let listed = package.manifest.files.iter().filter(|file| file.path == GRAPH).count();
            assert_eq!(listed, 1, "one of the files whose hash the record names");
            let lines = package.manifest.exhibits.clone();
            let Some((_, Made::Bytes(graph))) = package.files.into_iter().find(|(name, _)| name == GRAPH)
            else {
                unreachable!()
            };
            std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.jsonld")), &graph)
                .unwrap();
            let graph: serde_json::Value = serde_json::from_slice(&graph).unwrap();
            let nodes = graph["@graph"].as_array().unwrap();
            let of = |kind: &str| nodes.iter().filter(move |n| n["@type"] == kind).collect::<Vec<_>>();
            let numbers: Vec<_> = of("case-investigation:ProvenanceRecord")
                .iter()
                .map(|n| n["case-investigation:exhibitNumber"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(numbers, lines.iter().map(|line| line.number.clone()).collect::<Vec<_>>());
            let events: usize = lines.iter().map(|line| line.events.len()).sum();
            assert_eq!(of("case-investigation:InvestigativeAction").len(), events);
            assert_eq!(of("uco-core:Relationship").len(), 1, "what it was made from");
            let text = graph.to_string();
            let image = lines.iter().find(|line| !line.sha256.is_empty()).unwrap();
            for told in [&image.sha256, &image.blake3, "dump.bin", "капитан Үлгі", "7000"] {
                assert!(text.contains(told), "{told}");
            }
        }
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
        Judge::new(&p.root).both(&folder, &[p.log().verifier()]).unwrap();
        assert!(folder.join(ENTRY).is_file());
    });
}
