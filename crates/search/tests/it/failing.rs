//! What fails once does no lasting harm: the disk, at each thing that is asked of it; a folder that another has.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use search::SearchError;
use search::index::{Ask, Change, Codes, Entry, Index};
use search::rules::query::Look;
use tantivy::directory::error::{DeleteError, OpenReadError, OpenWriteError};
use tantivy::directory::{Directory, FileHandle, RamDirectory, WatchCallback, WatchHandle, WritePtr};
use uuid::Uuid;

/// A directory that refuses to write once, after so many writings.
#[derive(Debug, Clone)]
struct Failing {
    inner: RamDirectory,
    left: Arc<AtomicI64>,
}

impl Failing {
    fn refuses(&self) -> bool {
        self.left.fetch_sub(1, Ordering::SeqCst) == 0
    }
    fn full() -> std::io::Error {
        std::io::Error::other("the disk is full")
    }
}

impl Directory for Failing {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }
    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }
    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }
    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        if self.refuses() {
            return Err(OpenWriteError::wrap_io_error(Self::full(), PathBuf::from(path)));
        }
        self.inner.open_write(path)
    }
    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }
    fn atomic_write(&self, path: &Path, data: &[u8]) -> std::io::Result<()> {
        if self.refuses() {
            return Err(Self::full());
        }
        self.inner.atomic_write(path, data)
    }
    fn sync_directory(&self) -> std::io::Result<()> {
        if self.refuses() {
            return Err(Self::full());
        }
        self.inner.sync_directory()
    }
    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

fn change(n: u64) -> Change {
    let entry = Entry {
        tokens: vec![7, 100 + n],
        scope: 1,
        codes: Codes { kind: 1, region: 0, state: 1 },
        at: 1,
        stamp: 1,
    };
    Change { kind: 1, id: Uuid::from_u128(n.into()), entries: vec![entry] }
}

fn count(index: &Index, token: u64) -> u64 {
    let words = vec![vec![Look { token, weight: 1.0 }]];
    index.ask(&Ask { words, scopes: vec![1], limit: 10, ..Ask::default() }).unwrap().all
}

/// Bug: a writer whose worker had died took documents, committed, and had lost them.
#[test]
fn whatever_fails_once_loses_nothing_that_was_taken() {
    let mut failures = 0;
    for at in 0..200 {
        let directory = Failing { inner: RamDirectory::create(), left: Arc::new(AtomicI64::new(i64::MAX)) };
        let left = Arc::clone(&directory.left);
        let index = Index::in_directory(directory).unwrap();
        index.write(&[change(1), change(2)]).unwrap();
        index.commit("first").unwrap();
        left.store(at, Ordering::SeqCst);
        let mut failed = false;
        let gone = Change { entries: Vec::new(), ..change(1) };
        for part in [vec![change(3), change(4)], vec![change(5)], vec![gone]] {
            // As whoever keeps the index: what failed is done again until it is done.
            for _ in 0..3 {
                match index.write(&part).and_then(|()| index.commit("last")) {
                    Ok(()) => break,
                    Err(_) => failed = true,
                }
            }
        }
        let never_failed = left.swap(i64::MAX, Ordering::SeqCst) >= 0;
        assert_eq!((count(&index, 7), index.len()), (4, 4), "after a failure at {at}");
        for n in 2..=5 {
            assert_eq!(count(&index, 100 + n), 1, "{n} after a failure at {at}");
        }
        assert_eq!(index.payload().unwrap().as_deref(), Some("last"));
        assert_eq!(index.stamps().unwrap().len(), 4);
        failures += i32::from(failed);
        if never_failed {
            assert!(
                failures > 5,
                "only {failures} of {at} were felt: the directory fails too rarely to show anything"
            );
            return;
        }
    }
    unreachable!("it never came to an end without a failure");
}

/// Bug: a folder with another mark was removed under the process that had it open.
#[test]
fn a_folder_that_is_in_use_is_left_alone() {
    let folder = std::env::temp_dir().join(format!("qorgan-search-{}-in-use", std::process::id()));
    let index = Index::open(&folder, "mark").unwrap();
    index.write(&[change(1)]).unwrap();
    index.commit("").unwrap();
    for mark in ["mark", "other"] {
        assert!(matches!(Index::open(&folder, mark), Err(SearchError::InUse)), "{mark}");
        assert!(matches!(Index::anew(&folder, mark), Err(SearchError::InUse)), "{mark}");
    }
    index.write(&[change(2)]).unwrap();
    index.commit("").unwrap();
    assert_eq!(count(&index, 7), 2);
    drop(index);
    assert_eq!(Index::open(&folder, "mark").unwrap().len(), 2);
    assert!(Index::anew(&folder, "mark").unwrap().is_empty());
    // What is no folder is trouble, and nobody's use.
    let file = folder.with_file_name(format!("qorgan-search-{}-file", std::process::id()));
    std::fs::write(&file, "x").unwrap();
    assert!(!matches!(Index::open(&file, "mark"), Err(SearchError::InUse) | Ok(_)));
    for file in [file.clone(), file.with_extension("lock"), folder.with_extension("lock")] {
        std::fs::remove_file(file).unwrap();
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_was_cleared_is_gone_and_can_be_filled_again() {
    let index = Index::in_memory().unwrap();
    index.write(&[change(1), change(2)]).unwrap();
    index.commit("{}").unwrap();
    index.write(&[change(3)]).unwrap();
    index.clear().unwrap();
    assert!(index.is_empty() && !index.remembers(101).unwrap() && index.payload().unwrap().is_none());
    index.write(&[change(4)]).unwrap();
    index.commit("{}").unwrap();
    assert_eq!((count(&index, 7), count(&index, 104), index.len()), (1, 1, 1));
}
