//! Where finished bytes lie when they do not lie in the folder: one of the two places of a shelf.

use std::fs::File;
use std::io;

use uuid::Uuid;

use super::frames::Lying;

/// What a place says when it is asked for its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// It is the place of this database.
    Known,
    /// It belongs to another database.
    Other,
    /// It has no mark, and should have one: an empty bucket, or one where nothing of this lies.
    Bare,
}

/// A place elsewhere. All of it waits: it is called on threads that may.
///
/// What cannot be reached is no damage, and what is not there is. A place therefore has a mark: only while it shows that, it is believed
/// that something does not lie there ([`io::ErrorKind::NotFound`]) or has another length ([`io::ErrorKind::UnexpectedEof`]). Every other
/// error says that the place cannot be used now.
pub trait Away: std::fmt::Debug + Send + Sync {
    /// Asks for the mark. A place that never had one (`first`) is given it. Before it has shown it, nothing else is done there.
    ///
    /// # Errors
    /// It cannot be reached.
    fn greet(&self, mark: &str, first: bool) -> io::Result<Greeting>;
    /// Puts a file there, whole or not at all; again, if it lies there already.
    ///
    /// # Errors
    /// It cannot be reached; the file cannot be read.
    fn put(&self, id: Uuid, file: &mut File) -> io::Result<()>;
    /// What lies there, and how many bytes it is long. It is read piece by piece.
    ///
    /// # Errors
    /// It is not there; it cannot be reached.
    fn open(&self, id: Uuid) -> io::Result<(u64, Box<dyn Lying>)>;
    /// Removes it. What is not there is removed already.
    ///
    /// # Errors
    /// It cannot be reached.
    fn remove(&self, id: Uuid) -> io::Result<()>;
}

/// The name of a blob, in the folder and elsewhere.
#[must_use]
pub fn name_of(id: Uuid) -> String {
    let name = id.simple().to_string();
    // The last letters of a time-ordered id are the random ones.
    let shelf = name.get(30..).unwrap_or_default();
    format!("blobs/{shelf}/{name}")
}
