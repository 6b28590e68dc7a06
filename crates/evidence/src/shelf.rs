//! The folder where the bytes of exhibits lie, sealed in frames.
//!
//! `incoming/ID` grows while a file comes; when it is whole it is renamed to `blobs/AB/ID`, never to be written again. A frame is its
//! length in four bytes, the greatest first, and at most [`FRAME_BYTES`] of the file sealed under the key of the blob, whose field names
//! the frame's number: none can be left out, doubled or put elsewhere unseen.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::Entropy;
use uuid::Uuid;
use vault::SubjectKey;

use crate::error::EvidenceError;
use crate::rules::seal::{self, Hashing};

/// So much of a file lies in a frame, bytes.
pub const FRAME_BYTES: usize = 1 << 20;
/// What sealing adds, bytes.
const SEALED_MORE: usize = 41;

/// The folder, and the hashes of what is coming in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shelf(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    /// Hashes of files that are coming in, so that no part is read again for the next.
    arriving: Mutex<BTreeMap<Uuid, (i64, Hashing)>>,
}

fn folder(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn failed(error: &io::Error) -> EvidenceError {
    EvidenceError::Folder(error.to_string())
}

impl Shelf {
    /// The shelf in this folder, which is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, EvidenceError> {
        for part in ["incoming", "blobs"] {
            folder(&root.join(part)).map_err(|e| failed(&e))?;
        }
        Ok(Self(Arc::new(Inner { root: root.to_owned(), arriving: Mutex::default() })))
    }

    fn incoming(&self, id: Uuid) -> PathBuf {
        self.0.root.join("incoming").join(id.simple().to_string())
    }

    fn place(&self, id: Uuid) -> PathBuf {
        let name = id.simple().to_string();
        // The last letters of a time-ordered id are the random ones.
        let shelf = name.get(30..).unwrap_or_default().to_owned();
        self.0.root.join("blobs").join(shelf).join(name)
    }

    fn arriving(&self) -> MutexGuard<'_, BTreeMap<Uuid, (i64, Hashing)>> {
        self.0.arriving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a file that is coming in for oneself: of two who send or finish it at once, on this node or another, one waits. Held until it
    /// is dropped; also by work that goes on when the line of whoever asked has broken.
    ///
    /// # Errors
    /// [`EvidenceError::Busy`]; the folder's.
    pub fn hold(&self, id: Uuid) -> Result<File, EvidenceError> {
        let mut open = OpenOptions::new();
        open.read(true).write(true).truncate(false).mode(0o600);
        // What was put into its place and not yet committed is still coming in.
        let place = self.place(id);
        let file = if place.exists() { open.open(place) } else { open.create(true).open(self.incoming(id)) };
        let file = file.map_err(|e| failed(&e))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
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
        (entropy, key): (&Entropy, &SubjectKey),
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
            let (mut no, mut length) = (frames, disk_bytes);
            for part in bytes.chunks(FRAME_BYTES) {
                let sealed = key.seal_bytes(entropy, &field(no), part);
                let size = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
                file.write_all(&size.to_be_bytes())?;
                file.write_all(&sealed)?;
                no = no.saturating_add(1);
                length = length.saturating_add(i64::from(size)).saturating_add(4);
            }
            file.sync_data()?;
            Ok((no, length))
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
        let (incoming, place) = (self.incoming(key.subject()), self.place(key.subject()));
        let file = File::open(if place.exists() { place } else { incoming }).map_err(|e| failed(&e))?;
        each(file, key, frames, take)
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

    /// The file is whole: it gets its place.
    ///
    /// # Errors
    /// The folder's.
    pub fn settle(&self, id: Uuid) -> Result<(), EvidenceError> {
        let place = self.place(id);
        let settle = || -> io::Result<()> {
            let parent = place.parent().unwrap_or(&self.0.root);
            folder(parent)?;
            // A second try after the commit was lost: it is there already.
            if !place.exists() {
                std::fs::rename(self.incoming(id), &place)?;
            }
            File::open(parent)?.sync_all()
        };
        settle().map_err(|e| failed(&e))
    }

    /// What was coming in is an exhibit now.
    pub fn arrived(&self, id: Uuid) {
        self.arriving().remove(&id);
    }

    /// Forgets what was coming in, or lay there. What is not there is forgotten already.
    ///
    /// # Errors
    /// The folder's.
    pub fn forget(&self, id: Uuid) -> Result<(), EvidenceError> {
        self.arriving().remove(&id);
        for path in [self.incoming(id), self.place(id)] {
            match std::fs::remove_file(path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(&e)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads what lies there, frame by frame.
    ///
    /// # Errors
    /// The folder's; [`EvidenceError::Damaged`] with the frame that does not open or is missing.
    pub fn read(&self, key: &SubjectKey, frames: i64, take: impl FnMut(&[u8])) -> Result<(), EvidenceError> {
        each(self.lying(key)?, key, frames, take)
    }

    /// A reader of what lies there, for somebody who takes it piece by piece.
    ///
    /// # Errors
    /// It is not there.
    pub fn frames(&self, key: SubjectKey, frames: i64) -> Result<Frames, EvidenceError> {
        let file = self.lying(&key)?;
        Ok(Frames { file: io::BufReader::new(file), key, no: 0, frames, ahead: None })
    }

    /// What lies there. That it is not there is damage; that it cannot be opened is not.
    fn lying(&self, key: &SubjectKey) -> Result<File, EvidenceError> {
        File::open(self.place(key.subject())).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => {
                EvidenceError::Damaged { exhibit: key.subject().to_string(), frame: 0 }
            }
            _ => failed(&e),
        })
    }
}

/// The field under which a frame is sealed.
fn field(no: i64) -> String {
    format!("evidence.frame.{no}")
}

/// Frames of one file, opened one after the other.
#[derive(Debug)]
pub struct Frames<R = io::BufReader<File>> {
    file: R,
    key: SubjectKey,
    no: i64,
    frames: i64,
    /// Length of the next frame as it lies there, once it was read.
    ahead: Option<usize>,
}

impl<R: Read> Frames<R> {
    fn damaged(&self) -> EvidenceError {
        EvidenceError::Damaged { exhibit: self.key.subject().to_string(), frame: self.no }
    }

    /// A disk that does not answer may answer tomorrow; bytes that are missing do not come back.
    fn unread(&self, error: &io::Error) -> EvidenceError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(),
            _ => failed(error),
        }
    }

    /// Length of the next frame as it lies there.
    fn length(&mut self) -> Result<Option<usize>, EvidenceError> {
        if self.ahead.is_some() {
            return Ok(self.ahead);
        }
        let mut size = [0; 4];
        if self.no >= self.frames {
            return match self.file.read(&mut size) {
                Ok(0) => Ok(None),
                _ => Err(self.damaged()),
            };
        }
        self.file.read_exact(&mut size).map_err(|e| self.unread(&e))?;
        let size = usize::try_from(u32::from_be_bytes(size)).unwrap_or(usize::MAX);
        if size > FRAME_BYTES.saturating_add(SEALED_MORE) {
            return Err(self.damaged());
        }
        self.ahead = Some(size);
        Ok(self.ahead)
    }

    /// How many bytes of the file the next frame holds; `None` behind the last.
    ///
    /// # Errors
    /// As [`Frames::next_frame`].
    pub fn next_size(&mut self) -> Result<Option<u64>, EvidenceError> {
        let size = self.length()?.map(|size| size.saturating_sub(SEALED_MORE));
        Ok(size.and_then(|size| u64::try_from(size).ok()))
    }

    /// The next frame; `None` behind the last.
    ///
    /// # Errors
    /// [`EvidenceError::Damaged`]: it does not open, or something lies behind the last.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, EvidenceError> {
        let Some(size) = self.length()? else { return Ok(None) };
        let mut sealed = vec![0; size];
        self.file.read_exact(&mut sealed).map_err(|e| self.unread(&e))?;
        let open = self.key.open_bytes(&field(self.no), &sealed).map_err(|_| self.damaged())?;
        (self.no, self.ahead) = (self.no.saturating_add(1), None);
        Ok(Some(open))
    }
}

impl<R: Read + io::Seek> Frames<io::BufReader<R>> {
    /// Passes over the next frame without opening it: whether it is whole stays unknown.
    ///
    /// # Errors
    /// The folder's.
    pub fn pass_over(&mut self) -> Result<(), EvidenceError> {
        let Some(size) = self.length()? else { return Ok(()) };
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        self.file.seek_relative(size).map_err(|e| self.unread(&e))?;
        (self.no, self.ahead) = (self.no.saturating_add(1), None);
        Ok(())
    }
}

fn each(file: File, key: &SubjectKey, frames: i64, mut take: impl FnMut(&[u8])) -> Result<(), EvidenceError> {
    let mut all = Frames { file: io::BufReader::new(file), key: key.clone(), no: 0, frames, ahead: None };
    // A file that is coming in may have a torn end behind its last frame: only the frames that are told are read.
    while all.no < frames {
        match all.next_frame()? {
            Some(part) => take(&part),
            None => break,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use vault::Vault;

    use super::*;

    fn shelf(name: &str) -> (Shelf, PathBuf) {
        let root = std::env::temp_dir().join(format!("qorgan-shelf-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        (Shelf::open(&root).unwrap(), root)
    }

    #[test]
    fn what_is_sent_in_parts_lies_there_whole_and_damage_is_located() {
        let (shelf, root) = shelf("parts");
        let entropy = Entropy::seeded(1);
        let key = Vault::from_key_bytes([1; 32]).new_subject(&entropy, Uuid::from_u128(7));
        let bytes: Vec<u8> =
            (0..3_u32 * 1024 * 1024 + 17).map(|n| n.to_le_bytes()[usize::try_from(n % 3).unwrap()]).collect();
        let (mut frames, mut disk, mut received) = (0, 0, 0);
        for part in bytes.chunks(700_001) {
            let hashing = shelf.hash_on(&key, (received, frames), part).unwrap();
            let file = shelf.hold(key.subject()).unwrap();
            assert!(matches!(shelf.hold(key.subject()), Err(EvidenceError::Busy)), "one at a time");
            (frames, disk) = Shelf::append(&file, (&entropy, &key), (frames, disk), part).unwrap();
            received += i64::try_from(part.len()).unwrap();
            shelf.keep_hashes(key.subject(), received, hashing);
            // Somebody wrote on and did not get to the end: it is cut off.
            let mut torn = OpenOptions::new().append(true).open(shelf.incoming(key.subject())).unwrap();
            torn.write_all(b"torn").unwrap();
        }
        // After a restart the hashes are taken from the file.
        shelf.arriving().clear();
        let again = shelf.hash_on(&key, (received, frames), b"").unwrap().hashes();
        let mut plain = Hashing::default();
        plain.update(&bytes);
        assert_eq!(again, plain.hashes());
        assert_eq!(shelf.hash_whole(&key, (received, frames)).unwrap(), plain.hashes());
        assert!(shelf.hash_whole(&key, (received + 1, frames)).is_err());
        let file = shelf.hold(key.subject()).unwrap();
        assert!(Shelf::append(&file, (&entropy, &key), (frames, disk + 9_999_999), b"x").is_err(), "a hole");
        Shelf::append(&file, (&entropy, &key), (frames, disk), b"").unwrap();
        shelf.settle(key.subject()).unwrap();
        shelf.settle(key.subject()).unwrap();
        let mut read = Vec::new();
        shelf.read(&key, frames, |part| read.extend_from_slice(part)).unwrap();
        assert_eq!(read, bytes);
        // Every second frame is passed over: the others come from where they lie.
        let (mut all, mut at) = (shelf.frames(key.clone(), frames).unwrap(), 0);
        while let Some(size) = all.next_size().unwrap() {
            let end = at + usize::try_from(size).unwrap();
            if all.no % 2 == 0 {
                all.pass_over().unwrap();
            } else {
                assert!(all.next_frame().unwrap().unwrap() == bytes[at..end]);
            }
            at = end;
        }
        assert_eq!(at, bytes.len());

        let place = shelf.place(key.subject());
        let whole = std::fs::read(&place).unwrap();
        assert!(!whole.windows(16).any(|w| w == &bytes[..16]), "nothing lies there in clear");
        let mut rotten = whole.clone();
        let at = rotten.len() - 9;
        rotten[at] ^= 1;
        std::fs::write(&place, &rotten).unwrap();
        let found = shelf.read(&key, frames, |_| {});
        assert!(
            matches!(found, Err(EvidenceError::Damaged { frame, .. }) if frame == frames - 1),
            "{found:?}"
        );
        std::fs::write(&place, [whole.as_slice(), b"x"].concat()).unwrap();
        let mut all = shelf.frames(key.clone(), frames).unwrap();
        let more = std::iter::repeat_with(|| all.next_frame()).take(usize::try_from(frames).unwrap() + 1);
        assert!(more.last().unwrap().is_err(), "something behind the last frame");
        shelf.forget(key.subject()).unwrap();
        assert!(!place.exists());
        std::fs::remove_dir_all(root).unwrap();
    }
}
