//! Exhibits, read by the process that reads them. All of them are made here; persons and places are invented.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod bombs;
mod files;
mod hostile;
mod junk;
mod made;
mod rows;

use std::future::Future;

use reader::{Feed, Reader, Reading};
use tokio::sync::mpsc;

pub(crate) fn reader() -> Reader {
    Reader::new(env!("CARGO_BIN_EXE_reader").into(), Vec::new())
}

/// Feeds bytes as the shelf gives them: a megabyte at a time.
pub(crate) fn feed(bytes: Vec<u8>) -> Feed {
    let (send, chunks) = mpsc::channel(4);
    let size_bytes = u64::try_from(bytes.len()).unwrap();
    tokio::spawn(async move {
        let mut at = 0;
        for frame in bytes.chunks(1 << 20) {
            if send.send((at, frame.to_vec())).await.is_err() {
                break;
            }
            at += u64::try_from(frame.len()).unwrap();
        }
    });
    Feed { size_bytes, chunks }
}

pub(crate) fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Reads bytes in the limited process, without a deadline: it has one of its own in processor time.
pub(crate) fn read(bytes: Vec<u8>) -> Reading {
    let reading = block(async { reader().read(feed(bytes), std::future::pending()).await });
    // Whoever shows facts has a text for each of these and for no other.
    for fact in reading.answer.iter().flat_map(|answer| &answer.facts) {
        assert!(reader::FACT_NAMES.contains(&fact.name.as_str()), "{fact:?}");
    }
    reading
}
