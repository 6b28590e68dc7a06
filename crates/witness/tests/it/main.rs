//! A log and its witness: what grows is cosigned, what was rolled back or forked is not, whoever comes twice at once.

#![expect(clippy::unwrap_used, reason = "test helpers fail loudly")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::Request;
use ed25519_dalek::SigningKey;
use http_body_util::BodyExt as _;
use ledger::{
    Checkpoint, CompactRange, Cosigner, Hash, Nodes, Note, NoteSignature, NoteSigner, leaf_hash, node_hash,
    prove_consistency,
};
use proptest::prelude::*;
use tower::ServiceExt as _;
use witness::Book;

static FOLDERS: AtomicUsize = AtomicUsize::new(0);
const ORIGIN: &str = "qorgan.example/log";

struct Place(PathBuf);
impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn place() -> Place {
    let nth = FOLDERS.fetch_add(1, Ordering::Relaxed);
    Place(std::env::temp_dir().join(format!("qorgan-witness-{}-{nth}", std::process::id())))
}

fn log() -> NoteSigner {
    NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[1; 32])).unwrap()
}

fn book(place: &Place) -> Book {
    let cosigner = Cosigner::new("court.example/w", SigningKey::from_bytes(&[2; 32])).unwrap();
    Book::open(&place.0, cosigner, vec![log().verifier().clone()]).unwrap()
}

/// A log of so many entries; `history` tells two of them apart from the third entry on.
struct Memory(Vec<Hash>);
impl Memory {
    fn of(size: u64, history: u8) -> Self {
        Self(
            (0..size)
                .map(|n| leaf_hash(format!("{n} {}", if n < 3 { 0 } else { history }).as_bytes()))
                .collect(),
        )
    }
    fn root(&self) -> Hash {
        let mut range = CompactRange::new();
        range.extend(self.0.iter().copied());
        range.root()
    }
}
impl Nodes for Memory {
    type Error = ();
    fn node(&self, level: u32, index: u64) -> Result<Hash, ()> {
        if level == 0 {
            return self.0.get(usize::try_from(index).unwrap()).copied().ok_or(());
        }
        Ok(node_hash(&self.node(level - 1, index * 2)?, &self.node(level - 1, index * 2 + 1)?))
    }
}

fn sent(old: u64, size: u64, history: u8) -> String {
    let tree = Memory::of(size, history);
    let note = Checkpoint { origin: ORIGIN.into(), size, root: tree.root() }.sign(&log()).unwrap();
    let proof =
        if old == 0 || old >= size { Vec::new() } else { prove_consistency(&tree, old, size).unwrap() };
    let hashes: String = proof.iter().map(|hash| format!("{hash}\n")).collect();
    format!("old {old}\n{hashes}\n{note}")
}

async fn asked(book: &Book, body: &str) -> (u16, String) {
    let router = witness::router(book.clone(), Arc::new(|| 1_764_500_000));
    let request = Request::post("/add-checkpoint").body(Body::from(body.to_owned())).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn what_grows_is_cosigned_and_nothing_else() {
    let place = place();
    let book = book(&place);
    let (status, line) = asked(&book, &sent(0, 5, 0)).await;
    assert_eq!(status, 200);
    let signature = NoteSignature::parse(&line).unwrap();
    assert_eq!(signature.seen_at(), Some(1_764_500_000));
    let mut note = Note::parse(sent(0, 5, 0).split_once("\n\n").unwrap().1).unwrap();
    note.push(signature);
    assert_eq!(note.verify(&[log().verifier().clone(), book.verifier().clone()]).unwrap().len(), 2);

    assert_eq!(asked(&book, &sent(5, 9, 0)).await.0, 200);
    // Again the same: the same is said.
    assert_eq!(asked(&book, &sent(9, 9, 0)).await.0, 200);
    // Rolled back, and forked.
    assert_eq!(asked(&book, &sent(5, 7, 0)).await, (409, "9\n".to_owned()));
    assert_eq!(asked(&book, &sent(0, 20, 1)).await, (409, "9\n".to_owned()));
    assert_eq!(asked(&book, &sent(9, 9, 1)).await, (409, "9\n".to_owned()));
    assert_eq!(asked(&book, &sent(9, 20, 1)).await.0, 422);
    assert_eq!(asked(&book, &sent(9, 5, 0)).await.0, 400);
    // Another process of the same witness remembers.
    let again = self::book(&place);
    assert_eq!(asked(&again, &sent(0, 30, 0)).await, (409, "9\n".to_owned()));
    assert_eq!(asked(&again, &sent(9, 30, 0)).await.0, 200);
}

#[tokio::test]
async fn what_is_no_checkpoint_of_a_known_log() {
    let place = place();
    let book = book(&place);
    let right = sent(0, 5, 0);
    let thief = NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[9; 32])).unwrap();
    let root = Memory::of(5, 0).root();
    let forged = Checkpoint { origin: ORIGIN.into(), size: 5, root }.sign(&thief).unwrap();
    let other = NoteSigner::new("another.example/log", SigningKey::from_bytes(&[1; 32])).unwrap();
    let strange = Checkpoint { origin: "another.example/log".into(), size: 5, root }.sign(&other).unwrap();
    for (body, status) in [
        (String::new(), 400),
        ("old 0\n\n".to_owned(), 400),
        (right.replace("old 0", "old 00"), 400),
        (right.replace("old 0", "old -1"), 400),
        (right.replace("old 0\n", "old 0\nnohash\n"), 400),
        (format!("old 0\n{}\n{right}", format!("{root}\n").repeat(64)), 400),
        (format!("old 0\n{root}\n\n{}", right.split_once("\n\n").unwrap().1), 422),
        (format!("old 0\n\n{forged}"), 403),
        (format!("old 0\n\n{strange}"), 404),
    ] {
        assert_eq!(asked(&book, &body).await.0, status, "{body}");
    }
    // Nothing of it was kept.
    assert_eq!(book.seen(ORIGIN).unwrap(), None);
    // A file that does not read: nothing is said.
    assert_eq!(asked(&book, &right).await.0, 200);
    let file = std::fs::read_dir(place.0.join("seen")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, "rot").unwrap();
    assert_eq!(asked(&book, &sent(5, 9, 0)).await.0, 503);
}

#[test]
fn of_two_at_once_one_is_refused() {
    let place = place();
    let book = book(&place);
    assert!(book.add(&sent(0, 5, 0), 1).is_ok());
    let won: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8_u8)
            .map(|history| {
                let book = &book;
                scope.spawn(move || usize::from(book.add(&sent(5, 9, history), 2).is_ok()))
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    // All histories agree in the first three entries and differ behind, so one of them at most grew out of what was seen.
    assert_eq!(won, 1);
}

proptest! {
    /// However checkpoints come, what was cosigned is one history.
    #[test]
    fn one_history(steps in proptest::collection::vec((0_u64..12, 1_u64..12, 0_u8..3), 1..25)) {
        let place = place();
        let book = book(&place);
        let mut seen: Option<(u64, u8)> = None;
        for (old, size, history) in steps {
            if book.add(&sent(old, size, history), 1).is_ok() {
                if let Some((before, was)) = seen {
                    prop_assert!(size >= before);
                    // Up to three entries all histories are one.
                    prop_assert!(was == history || before <= 3);
                }
                seen = Some((size, history));
            }
        }
    }

    #[test]
    fn junk_is_refused(junk in "(old [0-9]{0,3}\n)?.{0,80}") {
        let place = place();
        prop_assert!(book(&place).add(&junk, 1).is_err());
    }
}
