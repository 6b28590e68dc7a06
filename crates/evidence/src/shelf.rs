//! The shelf where the bytes of exhibits lie, sealed in frames ([`frames`]).
//!
//! `incoming/ID` of the folder grows while a file comes. When it is whole it gets its place, never to be written again: `blobs/AB/ID` of
//! the folder, or an object of the same name in a bucket ([`away`]). Into a bucket it is copied; the copy in `incoming` goes when the
//! bytes were read back from there and the exhibit is in the database. What lies in the folder is read from there, bucket or not.

pub mod away;
#[cfg(feature = "s3")]
pub mod bucket;
mod frames;
pub mod settings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, SeekFrom};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::Entropy;
use uuid::Uuid;
use vault::SubjectKey;

pub use frames::{FRAME_BYTES, Frames, Lying};

use crate::error::EvidenceError;
use crate::rules::seal::{self, Hashing};
use away::{Away, Greeting};

/// The folder, the bucket if there is one, and the hashes of what is coming in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shelf(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    away: Option<Arc<dyn Away>>,
    /// Hashes of files that are coming in, so that no part is read again for the next.
    arriving: Mutex<BTreeMap<Uuid, (i64, Hashing)>>,
}

fn folder(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn failed(error: &io::Error) -> EvidenceError {
    EvidenceError::Folder(error.to_string())
}

fn removed(path: &Path) -> Result<(), EvidenceError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed(&e)),
        _ => Ok(()),
    }
}

/// A file that is held. It is let go by name, not by being closed: a process that is being started has all that is open for a moment, and
/// would hold it meanwhile.
#[derive(Debug)]
pub struct Held(File);

impl std::ops::Deref for Held {
    type Target = File;
    fn deref(&self) -> &File {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // It is closed right after, which lets it go as well.
        let _ = self.0.unlock();
    }
}

impl Shelf {
    /// The shelf in this folder, which is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, EvidenceError> {
        Self::of(root, None)
    }

    /// The shelf whose finished files lie elsewhere; what is coming in lies in this folder.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn with_away(root: &Path, away: Arc<dyn Away>) -> Result<Self, EvidenceError> {
        Self::of(root, Some(away))
    }

    fn of(root: &Path, away: Option<Arc<dyn Away>>) -> Result<Self, EvidenceError> {
        for part in ["incoming", "blobs"] {
            folder(&root.join(part)).map_err(|e| failed(&e))?;
        }
        Ok(Self(Arc::new(Inner { root: root.to_owned(), away, arriving: Mutex::default() })))
    }

    /// Whether finished files lie elsewhere.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.0.away.is_some()
    }

    /// Asks the place elsewhere for its mark; a folder needs none.
    ///
    /// # Errors
    /// It cannot be reached.
    pub fn greet(&self, mark: &str, first: bool) -> Result<Greeting, EvidenceError> {
        match &self.0.away {
            Some(away) => away.greet(mark, first).map_err(|e| failed(&e)),
            None => Ok(Greeting::Known),
        }
    }

    fn incoming(&self, id: Uuid) -> PathBuf {
        self.0.root.join("incoming").join(id.simple().to_string())
    }

    fn place(&self, id: Uuid) -> PathBuf {
        self.0.root.join(away::name_of(id))
    }

    fn arriving(&self) -> MutexGuard<'_, BTreeMap<Uuid, (i64, Hashing)>> {
        self.0.arriving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a file that is coming in for oneself: of two who send or finish it at once, on this node or another, one waits. Held until it
    /// is dropped; also by work that goes on when the line of whoever asked has broken.
    ///
    /// # Errors
    /// [`EvidenceError::Busy`]; the folder's.
    pub fn hold(&self, id: Uuid) -> Result<Held, EvidenceError> {
        let mut open = OpenOptions::new();
        open.read(true).write(true).truncate(false).mode(0o600);
        // What was put into its place and not yet committed is still coming in.
        let place = self.place(id);
        let file = if place.exists() { open.open(place) } else { open.create(true).open(self.incoming(id)) };
        let file = file.map_err(|e| failed(&e))?;
        match file.try_lock() {
            Ok(()) => Ok(Held(file)),
            Err(TryLockError::WouldBlock) => Err(EvidenceError::Busy),
            Err(TryLockError::Error(e)) => Err(failed(&e)),
        }
    }

    /// Adds frames to a file that is coming in. What lies behind `disk_bytes` was written by somebody who did not get to the end, and is
    /// cut off. Durable when it returns; gives how long the file is then and how many frames it has.
    ///
    /// # Errors
    /// The folder's; less lies there than had come.
    pub fn append(
        mut file: &File,
        sealing: (&Entropy, &SubjectKey),
        (frames, disk_bytes): (i64, i64),
        bytes: &[u8],
    ) -> Result<(i64, i64), EvidenceError> {
        let mut write = || -> io::Result<(i64, i64)> {
            let begin = u64::try_from(disk_bytes).unwrap_or(0);
            if file.metadata()?.len() < begin {
                return Err(io::Error::other("less lies there than had come"));
            }
            file.set_len(begin)?;
            file.seek(SeekFrom::Start(begin))?;
            let after = frames::write(&mut file, sealing, (frames, disk_bytes), bytes)?;
            file.sync_data()?;
            Ok(after)
        };
        write().map_err(|e| failed(&e))
    }

    /// The hashes of what has come in, with `bytes` behind it. They are kept for the next part; after a restart the file is read again.
    ///
    /// # Errors
    /// The folder's; a frame that does not open.
    pub fn hash_on(
        &self,
        key: &SubjectKey,
        (received, frames): (i64, i64),
        bytes: &[u8],
    ) -> Result<Hashing, EvidenceError> {
        let id = key.subject();
        let known = self.arriving().remove(&id).filter(|(at, _)| *at == received);
        let mut hashing = match known {
            Some((_, hashing)) => hashing,
            None => {
                let mut hashing = Hashing::default();
                if frames > 0 {
                    self.read_arrived(key, frames, |part| hashing.update(part))?;
                }
                hashing
            }
        };
        hashing.update(bytes);
        Ok(hashing)
    }

    /// Reads what has come in.
    fn read_arrived(
        &self,
        key: &SubjectKey,
        frames: i64,
        take: impl FnMut(&[u8]),
    ) -> Result<(), EvidenceError> {
        let file = self.arrived_file(key.subject())?;
        Frames::new(io::BufReader::new(file), key.clone(), frames).each(take)
    }

    fn arrived_file(&self, id: Uuid) -> Result<File, EvidenceError> {
        let place = self.place(id);
        File::open(if place.exists() { place } else { self.incoming(id) }).map_err(|e| failed(&e))
    }

    /// The hashes of a file that is whole, from what lies there: what was seen passing by is no proof of what was kept.
    ///
    /// # Errors
    /// The folder's; what lies there is not what came.
    pub fn hash_whole(
        &self,
        key: &SubjectKey,
        (received, frames): (i64, i64),
    ) -> Result<seal::Hashes, EvidenceError> {
        let seen =
            self.arriving().get(&key.subject()).filter(|(at, _)| *at == received).map(|(_, h)| h.hashes());
        let mut hashing = Hashing::default();
        self.read_arrived(key, frames, |part| hashing.update(part))?;
        let lies = hashing.hashes();
        let whole = u64::try_from(received).is_ok_and(|n| n == lies.size_bytes);
        if !whole || seen.is_some_and(|seen| seen != lies) {
            return Err(EvidenceError::Folder("what lies there is not what came".to_owned()));
        }
        Ok(lies)
    }

    /// Keeps them for the next part.
    pub fn keep_hashes(&self, id: Uuid, received: i64, hashing: Hashing) {
        self.arriving().insert(id, (received, hashing));
    }

    /// The file is whole: it gets its place. Of a place elsewhere it is read back whole, and must be what came; tried again after whatever
    /// broke off, what lies there already and is right is not sent again.
    ///
    /// # Errors
    /// The folder's, the bucket's; what lies in the bucket is not what was sent there.
    pub fn settle(&self, key: &SubjectKey, frames: i64, hashes: &seal::Hashes) -> Result<(), EvidenceError> {
        let (id, place) = (key.subject(), self.place(key.subject()));
        let away = self.0.away.as_ref().filter(|_| !place.exists());
        let Some(away) = away else { return self.settle_here(id, &place).map_err(|e| failed(&e)) };
        if lies_there(away.as_ref(), key, frames, hashes)? {
            return Ok(());
        }
        let sent = away.put(id, &mut self.arrived_file(id)?).map_err(|e| failed(&e));
        // Also after an error: of a store that was slow to put the parts together the last answer is lost, and it has them all the same.
        match (lies_there(away.as_ref(), key, frames, hashes), sent) {
            (Ok(true), _) => Ok(()),
            (_, Err(error)) | (Err(error), _) => Err(error),
            _ => Err(EvidenceError::Folder("what lies in the bucket is not what was sent there".to_owned())),
        }
    }

    fn settle_here(&self, id: Uuid, place: &Path) -> io::Result<()> {
        let parent = place.parent().unwrap_or(&self.0.root);
        folder(parent)?;
        // A second try after the commit was lost: it is there already.
        if !place.exists() {
            std::fs::rename(self.incoming(id), place)?;
        }
        File::open(parent)?.sync_all()
    }

    /// What was coming in is an exhibit now: of what lies elsewhere the copy here goes.
    ///
    /// # Errors
    /// The folder's.
    pub fn arrived(&self, id: Uuid) -> Result<(), EvidenceError> {
        self.arriving().remove(&id);
        if self.is_away() { removed(&self.incoming(id)) } else { Ok(()) }
    }

    /// Files that are coming in, or of which a copy was left here; at most `limit`.
    ///
    /// # Errors
    /// The folder's.
    pub fn lying_before(&self, limit: usize) -> Result<Vec<Uuid>, EvidenceError> {
        let all = std::fs::read_dir(self.0.root.join("incoming")).map_err(|e| failed(&e))?;
        let ids = all.filter_map(|one| Uuid::try_parse(one.ok()?.file_name().to_str()?).ok());
        Ok(ids.take(limit).collect())
    }

    /// Whether as much lies elsewhere as in the copy that was left here.
    ///
    /// # Errors
    /// The folder's, the bucket's.
    pub fn is_there_as_well(&self, id: Uuid) -> Result<bool, EvidenceError> {
        let here = std::fs::metadata(self.incoming(id)).map_err(|e| failed(&e))?.len();
        // Made by somebody who came when it was over: nothing is lost with it.
        if here == 0 {
            return Ok(true);
        }
        match self.0.away.as_ref().map(|away| away.open(id)) {
            Some(Ok((there, _))) => Ok(here == there),
            Some(Err(e)) if e.kind() != io::ErrorKind::NotFound => Err(failed(&e)),
            _ => Ok(false),
        }
    }

    /// Forgets what was coming in, or lay there. What is not there is forgotten already.
    ///
    /// # Errors
    /// The folder's, the bucket's.
    pub fn forget(&self, id: Uuid) -> Result<(), EvidenceError> {
        self.arriving().remove(&id);
        removed(&self.incoming(id))?;
        removed(&self.place(id))?;
        match &self.0.away {
            Some(away) => away.remove(id).map_err(|e| failed(&e)),
            None => Ok(()),
        }
    }

    /// Reads what lies there, frame by frame.
    ///
    /// # Errors
    /// The folder's; [`EvidenceError::Damaged`] with the frame that does not open or is missing.
    pub fn read(&self, key: &SubjectKey, frames: i64, take: impl FnMut(&[u8])) -> Result<(), EvidenceError> {
        let (mut all, mut take) = (self.frames(key.clone(), frames)?, take);
        while let Some(part) = all.next_frame()? {
            take(&part);
        }
        Ok(())
    }

    /// A reader of what lies there, for somebody who takes it piece by piece. It waits for a disk or a bucket, as what it reads does: both
    /// on a thread that may.
    ///
    /// # Errors
    /// It is not there.
    pub fn frames(&self, key: SubjectKey, frames: i64) -> Result<Frames, EvidenceError> {
        let id = key.subject();
        let found: io::Result<Box<dyn Lying>> = match (File::open(self.place(id)), &self.0.away) {
            (Err(e), Some(away)) if e.kind() == io::ErrorKind::NotFound => {
                away.open(id).map(|(_, file)| file)
            }
            (file, _) => file.map(|file| -> Box<dyn Lying> { Box::new(io::BufReader::new(file)) }),
        };
        Ok(Frames::new(found.map_err(|e| missing(id, &e))?, key, frames))
    }
}

/// That something is not there is damage; that it cannot be opened is not.
fn missing(id: Uuid, error: &io::Error) -> EvidenceError {
    match error.kind() {
        io::ErrorKind::NotFound => EvidenceError::Damaged { exhibit: id.to_string(), frame: 0 },
        _ => failed(error),
    }
}

/// Whether this lies there, whole: from what is read there.
fn lies_there(
    away: &dyn Away,
    key: &SubjectKey,
    frames: i64,
    hashes: &seal::Hashes,
) -> Result<bool, EvidenceError> {
    let read = || -> Result<bool, EvidenceError> {
        let (_, file) = away.open(key.subject()).map_err(|e| missing(key.subject(), &e))?;
        let mut hashing = Hashing::default();
        let mut all = Frames::new(file, key.clone(), frames);
        while let Some(part) = all.next_frame()? {
            hashing.update(&part);
        }
        Ok(hashing.hashes() == *hashes)
    };
    match read() {
        Err(EvidenceError::Damaged { .. }) => Ok(false),
        other => other,
    }
}
