//! One file in parts, with everything that breaks off in between. `QORGAN_BYTES=N` makes it as large as one likes: then it is told how long
//! each step took and what the process needed of the memory at most, which must not grow with the file.

use std::io::Write as _;
use std::task::{Context, Waker};

use evidence::{EvidenceError, Shelf, service};
use kernel::{Purpose, WallClock};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::place::{Place, on_each, on_each_engine, told};

const PART: usize = 8 << 20;
/// Without the variable: not a multiple of a part.
const SMALL: usize = 20_000_003;
/// Most memory that a file of any size may take, beside what the tests' own program takes, bytes.
const MOST_MEMORY: u64 = 300 << 20;

fn asked() -> Option<usize> {
    std::env::var("QORGAN_BYTES").ok().map(|bytes| bytes.parse().unwrap())
}

/// A part of an invented file: no two are the same.
fn part(at: usize, size: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..PART.min(size - at)).map(|n| u8::try_from(n % 251).unwrap()).collect();
    for (n, page) in bytes.chunks_mut(4096).enumerate() {
        let name = (at + n).to_be_bytes();
        let end = page.len().min(name.len());
        page[..end].copy_from_slice(&name[..end]);
    }
    bytes
}

/// The most memory that this process ever took, bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
}

/// Tells how long each step took, if somebody asked for a size.
struct Watch(WallClock, i64);

impl Watch {
    fn new() -> Self {
        let wall = WallClock::system();
        let now = wall.now().as_micros();
        Self(wall, now)
    }
    fn tell(&mut self, what: &str, size: usize) {
        let now = self.0.now().as_micros();
        let micros = std::mem::replace(&mut self.1, now).abs_diff(now).max(1);
        if asked().is_some() {
            let rate = u64::try_from(size).unwrap() / micros;
            let (secs, peak) = (micros / 1_000_000, peak() >> 20);
            let mut out = std::io::stdout().lock();
            writeln!(out, "{what}: {size} bytes, {secs} s, {rate} MB/s; peak memory {peak} MiB").unwrap();
        }
    }
}

/// Begins to send a part, and is gone before it is answered: how far it came, nobody was told.
async fn broken(p: &Place, shelf: &Shelf, at: (Uuid, i64), bytes: Vec<u8>) {
    let mut sent = Box::pin(service::append(&p.app, shelf, &p.officer, at, bytes));
    for _ in 0..20 {
        if sent.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// Sends it, with a line that breaks, answers that are lost, a torn end and a process that begins anew. Gives its SHA-256.
async fn send(p: &Place, size: usize) -> (Uuid, String) {
    let id = service::begin(&p.app, &p.officer, i64::try_from(size).unwrap()).await.unwrap().id;
    let (mut shelf, mut plain, mut at) = (p.shelf.clone(), Sha256::new(), 0);
    let count = size.div_ceil(PART);
    for n in 0..count {
        let (bytes, place) = (part(at, size), (id, i64::try_from(at).unwrap()));
        if n % 100 == 1 {
            broken(p, &shelf, place, bytes.clone()).await;
        }
        let sent = loop {
            match service::append(&p.app, &shelf, &p.officer, place, bytes.clone()).await {
                // What was begun before the line broke goes on.
                Err(EvidenceError::Busy) => tokio::task::yield_now().await,
                Err(EvidenceError::Offset(there)) => break there,
                came => break came.unwrap().received_bytes,
            }
        };
        plain.update(&bytes);
        at += bytes.len();
        assert_eq!(usize::try_from(sent).unwrap(), at);
        if n % 100 == 2 {
            // The answer was lost: it is sent once more, and the node says where to go on.
            let again = service::append(&p.app, &shelf, &p.officer, place, bytes).await;
            assert!(matches!(again, Err(EvidenceError::Offset(there)) if there == sent), "{again:?}");
        }
        if n == count / 8 || n == count / 2 {
            // The process ends while it writes, and begins anew.
            let file = p.root.join("incoming").join(id.simple().to_string());
            std::fs::OpenOptions::new().append(true).open(file).unwrap().write_all(b"torn").unwrap();
            shelf = p.another_shelf().await;
        }
    }
    (id, hex::encode(plain.finalize()))
}

async fn taken_in_and_read_back(p: &Place, size: usize) {
    let mut watch = Watch::new();
    let (id, sha256) = send(p, size).await;
    watch.tell("sent in parts, hashed, sealed, written", size);
    let begun = service::Begun { sha256: sha256.clone(), ..told("Дамп") };
    let e = service::finish(&p.app, &p.shelf, &p.officer, id, begun).await.unwrap();
    watch.tell("hashed again from what lies there, put into its place", size);
    let (_, _, mut frames) = service::content(&p.app, &p.shelf, &p.officer, &e.number).await.unwrap();
    let read = tokio::task::spawn_blocking(move || {
        let mut back = Sha256::new();
        while let Some(frame) = frames.next_frame().unwrap() {
            back.update(&frame);
        }
        hex::encode(back.finalize())
    });
    assert_eq!(read.await.unwrap(), sha256);
    watch.tell("read back", size);
    assert_eq!(service::check(&p.app, &p.shelf, e.blob.unwrap()).await.unwrap(), None);
    watch.tell("checked", size);
    let about = service::open(&p.app, &p.officer, &e.number).await.unwrap().about.unwrap();
    assert_eq!(about.content.into_inner(Purpose::Operate).sha256, sha256);
    assert_eq!(p.lying().await.len(), 1);
}

#[test]
fn a_file_of_any_size_comes_in_whatever_breaks_off() {
    match asked() {
        None => on_each(async |p| taken_in_and_read_back(&p, SMALL).await),
        Some(size) => {
            let (least, away) = (peak(), std::env::var("QORGAN_BYTES_AWAY").is_ok());
            on_each_engine(async |p| taken_in_and_read_back(&p, size).await, away);
            let more = peak() - least;
            assert!(more < MOST_MEMORY, "{more} bytes of memory for {size}");
        }
    }
}
