//! The exported log, verified without a database.

use std::fs;
use std::path::{Path, PathBuf};

use audit::{AuditError, FaultKind as K};

use crate::world::{Log, on_each, run};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let random: [u8; 8] = kernel::Entropy::from_os().unwrap().bytes();
        Self(std::env::temp_dir().join(format!("qorgan_log_{:x}", u64::from_be_bytes(random))))
    }
    fn copy(&self) -> Self {
        let to = Self::new();
        copy(&self.0, &to.0);
        to
    }
    fn edit(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let path = self.0.join(name);
        let mut content = fs::read(&path).unwrap();
        change(&mut content);
        fs::write(path, content).unwrap();
    }
}
impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The byte at which the text of entry `no` of a bundle begins.
fn entry_start(bundle: &[u8], no: usize) -> usize {
    (0..no).fold(2, |at, _| at + usize::from(u16::from_be_bytes([bundle[at - 2], bundle[at - 1]])) + 2)
}

/// Name, what is done to the files, what must be found.
type Case = (&'static str, fn(&Folder), &'static [(K, Option<u64>)]);

const CASES: &[Case] = &[
    ("nothing", |_| {}, &[]),
    (
        "entry changed",
        |f| {
            f.edit("tile/entries/000", |b| {
                let at = entry_start(b, 100);
                b[at + 60] ^= 1;
            })
        },
        &[(K::Edited, Some(100))],
    ),
    ("first entry's text made none", |f| f.edit("tile/entries/000", |b| b[2] ^= 1), &[(K::Edited, Some(0))]),
    (
        "entry removed",
        |f| {
            f.edit("tile/entries/000", |b| {
                let (from, to) = (entry_start(b, 7) - 2, entry_start(b, 8) - 2);
                b.drain(from..to);
            })
        },
        &[(K::Deleted, Some(7))],
    ),
    (
        "entries swapped",
        |f| {
            f.edit("tile/entries/000", |b| {
                let (from, middle, to) =
                    (entry_start(b, 7) - 2, entry_start(b, 8) - 2, entry_start(b, 9) - 2);
                b[from..to].rotate_left(middle - from);
            })
        },
        &[(K::Moved, Some(7)), (K::Moved, Some(8))],
    ),
    (
        "bundle removed",
        |f| fs::remove_file(f.0.join("tile/entries/001.p/44")).unwrap(),
        &[(K::Truncated, Some(256))],
    ),
    ("tile changed", |f| f.edit("tile/0/000", |b| b[32 * 9] ^= 1), &[(K::Tile, Some(9))]),
    ("upper tile changed", |f| f.edit("tile/1/000.p/1", |b| b[0] ^= 1), &[(K::Tile, None)]),
    ("tile removed", |f| fs::remove_dir_all(f.0.join("tile/1")).unwrap(), &[(K::Tile, None)]),
    (
        "entry and tile changed",
        |f| {
            f.edit("tile/entries/000", |b| {
                let at = entry_start(b, 100);
                b[at + 60] ^= 1;
            });
            let bundle = fs::read(f.0.join("tile/entries/000")).unwrap();
            let hash = ledger::leaf_hash(ledger::decode_bundle(&bundle).unwrap()[100]);
            f.edit("tile/0/000", |b| b[3_200..3_232].copy_from_slice(hash.as_bytes()));
        },
        &[(K::Rewritten, Some(43))],
    ),
    (
        "newest checkpoint changed",
        |f| f.edit("checkpoint", |b| b[20] ^= 1),
        &[(K::Checkpoint, Some(300)), (K::Checkpoint, None)],
    ),
    (
        "checkpoint of the history changed",
        |f| {
            f.edit("checkpoints.jsonl", |b| {
                let text = String::from_utf8(b.clone()).unwrap().replace("\\n43\\n", "\\n42\\n");
                *b = text.into_bytes();
            })
        },
        &[(K::Checkpoint, Some(43))],
    ),
];

#[test]
fn every_change_of_an_export_is_found() {
    on_each(|log| {
        let exported = Folder::new();
        assert_eq!(audit::export(&log.db, &exported.0).unwrap(), 300);
        for (name, change, expected) in CASES {
            let copy = exported.copy();
            change(&copy);
            let verdict = audit::verify_directory(&copy.0, &log.keys()).unwrap();
            let mut found: Vec<_> = verdict.faults.iter().map(|f| (f.kind, f.position)).collect();
            let mut wanted = expected.to_vec();
            found.sort();
            wanted.sort();
            assert_eq!(found, wanted, "{name}: {verdict}");
        }
    });
}

#[test]
fn an_export_is_held_against_kept_checkpoints() {
    on_each(|log| {
        let (early, late) = (Folder::new(), Folder::new());
        audit::export(&log.db, &early.0).unwrap();
        log.append(300);
        log.sequence();
        assert_eq!(audit::export(&log.db, &late.0).unwrap(), 600);
        let (old, new) = (log.note(300), log.note(600));
        let judge = |folder: &Folder, note: &str| {
            let verdict = audit::verify_directory(&folder.0, &log.keys().since(note)).unwrap();
            verdict.faults.iter().map(|f| f.kind).collect::<Vec<_>>()
        };
        assert_eq!(judge(&late, &old), vec![]);
        assert_eq!(judge(&late, &new), vec![]);
        assert_eq!(judge(&early, &old), vec![]);
        assert_eq!(judge(&early, &new), vec![K::RolledBack]);
        assert!(matches!(
            audit::verify_directory(&early.0, &log.keys().since("junk")),
            Err(AuditError::Kept(_))
        ));
    });
}

#[test]
fn a_damaged_log_is_not_exported() {
    on_each(|log| {
        let folder = Folder::new();
        run(&log.db, "UPDATE audit_record SET actor = 'x' WHERE id = ?1", &[log.id(270).into()]);
        assert_eq!(audit::export(&log.db, &folder.0), Err(AuditError::Incomplete(270)));
        assert!(!folder.0.join(audit::CHECKPOINT).exists());
    });
}

#[test]
fn an_empty_folder_is_no_log_and_an_empty_log_no_folder() {
    for place in testkit::engines() {
        let log = Log::empty(place);
        let folder = Folder::new();
        assert_eq!(audit::export(&log.db, &folder.0), Ok(0));
        let verdict = audit::verify_directory(&folder.0, &log.keys()).unwrap();
        assert_eq!((verdict.size, verdict.is_sound()), (0, true));
    }
}
