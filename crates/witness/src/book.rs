//! What was seen last of each log, in a file each, durable before anything is answered.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ledger::{Cosigner, Hash, Note, NoteVerifier};
use sha2::{Digest as _, Sha256};

use crate::rules::{Refused, Seen, judge, log, read};

/// A witness's book. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Book(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    cosigner: Cosigner,
    logs: Vec<NoteVerifier>,
    /// Looking and writing are one: of two that come at once the second finds what the first wrote.
    lock: Mutex<()>,
}

/// Why nothing was cosigned.
#[derive(Debug)]
pub enum Failed {
    /// The rules say no.
    Refused(Refused),
    /// The folder cannot be read or written: nothing is said.
    Folder(io::Error),
}

impl From<Refused> for Failed {
    fn from(why: Refused) -> Self {
        Self::Refused(why)
    }
}
impl From<io::Error> for Failed {
    fn from(why: io::Error) -> Self {
        Self::Folder(why)
    }
}

impl Book {
    /// The book in this folder, for these logs.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn open(folder: &Path, cosigner: Cosigner, logs: Vec<NoteVerifier>) -> io::Result<Self> {
        let folder = folder.join("seen");
        std::fs::create_dir_all(&folder)?;
        Ok(Self(Arc::new(Inner { folder, cosigner, logs, lock: Mutex::default() })))
    }

    /// The witness's key, for whoever verifies.
    #[must_use]
    pub fn verifier(&self) -> &NoteVerifier {
        self.0.cosigner.verifier()
    }

    fn place(&self, origin: &str) -> PathBuf {
        self.0.folder.join(hex::encode(Sha256::digest(origin)))
    }

    /// What was seen last of a log.
    ///
    /// # Errors
    /// The file cannot be read, or is none of ours: then nothing is cosigned until somebody has looked.
    pub fn seen(&self, origin: &str) -> io::Result<Option<Seen>> {
        let text = match std::fs::read_to_string(self.place(origin)) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let mut lines = text.lines();
        let (name, size, root) = (lines.next(), lines.next(), lines.next());
        let seen = size.and_then(|s| s.parse().ok()).zip(root.and_then(Hash::parse));
        match seen {
            Some((size, root)) if name == Some(origin) => Ok(Some(Seen { size, root })),
            _ => Err(io::Error::other(format!("what was seen of `{origin}` does not read"))),
        }
    }

    fn write(&self, note: &Note, origin: &str) -> io::Result<()> {
        let (place, new) = (self.place(origin), self.place(origin).with_extension("new"));
        let mut file = std::fs::File::create(&new)?;
        // The whole note: what the log signed is the proof against it.
        file.write_all(note.to_string().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, &place)?;
        std::fs::File::open(&self.0.folder)?.sync_all()
    }

    /// Cosigns a checkpoint that was sent, seen at so many seconds since 1970. Gives the line of signature.
    ///
    /// # Errors
    /// Why not.
    pub fn add(&self, body: &str, seconds: u64) -> Result<String, Failed> {
        let sent = read(body)?;
        let log = log(&sent, &self.0.logs)?;
        let held = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = self.seen(log.name())?;
        let now = judge(seen, &sent)?;
        if Some(now) != seen {
            // Without the signatures of others: only what this log has signed is kept.
            let mut own = sent.note.clone();
            own.retain(std::slice::from_ref(log));
            self.write(&own, log.name())?;
        }
        drop(held);
        let mut bare = sent.note;
        bare.retain(&[]);
        bare.cosign(&self.0.cosigner, seconds);
        Ok(bare.signatures().iter().map(ToString::to_string).collect())
    }
}
