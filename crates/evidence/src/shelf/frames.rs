//! Frames: how a file lies sealed, wherever it lies. A frame is its length in four bytes, the greatest first, and at most
//! [`FRAME_BYTES`] of the file sealed under the key of the blob, whose field names the frame's number: none can be left out, doubled or
//! put elsewhere unseen.

use std::io::{self, Read, Seek, SeekFrom, Write};

use kernel::Entropy;
use vault::SubjectKey;

use super::failed;
use crate::error::EvidenceError;

/// So much of a file lies in a frame, bytes.
pub const FRAME_BYTES: usize = 1 << 20;
/// What sealing adds, bytes.
const SEALED_MORE: usize = 41;
/// The length before a frame, bytes.
const LENGTH_BYTES: i64 = 4;
/// How long a frame is that is full, with its length, bytes.
const FULL: i64 = (1 << 20) + 41 + LENGTH_BYTES;

/// Bytes that lie somewhere, wherever that is.
pub trait Lying: Read + Seek + Send + std::fmt::Debug {}
impl<T: Read + Seek + Send + std::fmt::Debug> Lying for T {}

/// The field under which a frame is sealed.
fn field(no: i64) -> String {
    format!("evidence.frame.{no}")
}

/// Writes bytes as frames, behind `no` others that are `length` bytes long. Gives the same two numbers behind them.
pub(super) fn write(
    to: &mut impl Write,
    (entropy, key): (&Entropy, &SubjectKey),
    (mut no, mut length): (i64, i64),
    bytes: &[u8],
) -> io::Result<(i64, i64)> {
    for part in bytes.chunks(FRAME_BYTES) {
        let sealed = key.seal_bytes(entropy, &field(no), part);
        let size = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
        to.write_all(&size.to_be_bytes())?;
        to.write_all(&sealed)?;
        no = no.saturating_add(1);
        length = length.saturating_add(i64::from(size)).saturating_add(LENGTH_BYTES);
    }
    Ok((no, length))
}

/// Frames of one file, opened one after the other.
#[derive(Debug)]
pub struct Frames<R = Box<dyn Lying>> {
    file: R,
    key: SubjectKey,
    no: i64,
    frames: i64,
    /// Length of the next frame as it lies there, once it was read.
    ahead: Option<usize>,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(file: R, key: SubjectKey, frames: i64) -> Self {
        Self { file, key, no: 0, frames, ahead: None }
    }

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
                Ok(_) => Err(self.damaged()),
                Err(error) => Err(self.unread(&error)),
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

    /// Takes all frames that were told. A file that is coming in may have a torn end behind its last frame: it is not looked at.
    pub(super) fn each(mut self, mut take: impl FnMut(&[u8])) -> Result<(), EvidenceError> {
        while self.no < self.frames {
            match self.next_frame()? {
                Some(part) => take(&part),
                None => break,
            }
        }
        Ok(())
    }
}

impl<R: Read + Seek> Frames<R> {
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

    /// Passes over all frames before that one at once, where they are full: then it is known where it lies, and that it opens there under
    /// its number proves that they were. Gives how many bytes of the file they hold; `None` where they are not full, and nothing has moved.
    /// Of a file in a bucket each frame that is passed over for itself is a request.
    ///
    /// # Errors
    /// The folder's.
    pub fn pass_to(&mut self, no: i64) -> Result<Option<u64>, EvidenceError> {
        let count = no.saturating_sub(self.no);
        if count < 2 || no >= self.frames {
            return Ok(None);
        }
        let back = (self.no, self.ahead, self.file.stream_position().map_err(|e| failed(&e))?);
        let read = if self.ahead.is_some() { LENGTH_BYTES } else { 0 };
        self.file.seek_relative(count.saturating_mul(FULL).saturating_sub(read)).map_err(|e| failed(&e))?;
        let there = self.file.stream_position().map_err(|e| failed(&e))?;
        (self.no, self.ahead) = (no, None);
        let (to, found) = match self.next_frame() {
            Ok(Some(_)) => (there, true),
            Ok(None) | Err(EvidenceError::Damaged { .. }) => (back.2, false),
            Err(other) => return Err(other),
        };
        self.file.seek(SeekFrom::Start(to)).map_err(|e| failed(&e))?;
        if found {
            (self.no, self.ahead) = (no, None);
            let held =
                u64::try_from(count).unwrap_or(0).saturating_mul(u64::try_from(FRAME_BYTES).unwrap_or(0));
            return Ok(Some(held));
        }
        (self.no, self.ahead) = (back.0, back.1);
        Ok(None)
    }
}
