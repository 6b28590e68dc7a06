//! Where the index lies: a folder that one process at a time holds, from before it reads or removes anything there.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::LockError;

use super::{Index, schema};
use crate::error::SearchError;

/// Says which documents the folder holds, beside tantivy's files.
const MARK: &str = "qorgan-mark";

/// The file beside a folder that says who has it.
fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Takes the folder for as long as the file is open.
fn hold(folder: &Path) -> Result<File, SearchError> {
    let beside = beside(folder);
    if let Some(parent) = beside.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(beside)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SearchError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Whether what lies there is at fault: it can be thrown away and made anew. Where the disk or the folder is, that helps nobody.
const fn is_spoilt(error: &SearchError) -> bool {
    !matches!(
        error,
        SearchError::InUse
            | SearchError::Folder(_)
            | SearchError::Index(
                TantivyError::LockFailure(..)
                    | TantivyError::IoError(_)
                    | TantivyError::OpenDirectoryError(_)
                    | TantivyError::OpenWriteError(_)
            )
    )
}

impl Index {
    /// The index in a folder; one that was made under another key or of other kinds is made anew. `mark` says which.
    ///
    /// # Errors
    /// [`SearchError::InUse`] where another process has the folder: nothing of it is touched. The folder cannot be used.
    pub fn open(folder: &Path, mark: &str) -> Result<Self, SearchError> {
        let lock = hold(folder)?;
        let known = std::fs::read_to_string(folder.join(MARK)).ok();
        if known.as_deref() == Some(mark) {
            match known_in(folder) {
                Ok(index) => return Ok(index.held_by(lock)),
                Err(SearchError::Index(TantivyError::LockFailure(LockError::LockBusy, _))) => {
                    return Err(SearchError::InUse);
                }
                Err(error) if is_spoilt(&error) => {
                    tracing::warn!(%error, "the index for searching cannot be read and is made anew");
                }
                Err(error) => return Err(error),
            }
        }
        made_in(folder, mark, lock)
    }

    /// An empty index in a folder, in the place of whatever is there.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn anew(folder: &Path, mark: &str) -> Result<Self, SearchError> {
        let lock = hold(folder)?;
        made_in(folder, mark, lock)
    }
}

fn made_in(folder: &Path, mark: &str, lock: File) -> Result<Index, SearchError> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let (schema, fields) = schema();
    let inner = tantivy::Index::create_in_dir(folder, schema)?;
    let index = Index::over(inner, fields, Some(folder.to_owned()))?;
    // Last, so that what was not finished is begun again.
    std::fs::write(folder.join(MARK), mark)?;
    Ok(index.held_by(lock))
}

fn known_in(folder: &Path) -> Result<Index, SearchError> {
    let (schema, fields) = schema();
    let inner = tantivy::Index::open_in_dir(folder)?;
    if inner.schema() != schema {
        return Err(SearchError::NoIndex);
    }
    Index::over(inner, fields, Some(folder.to_owned()))
}
