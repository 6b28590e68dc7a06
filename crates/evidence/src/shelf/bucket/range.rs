//! Reading an object piece by piece: the more of it is read on end, the larger the pieces.

use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;
use object_store::path::Path;

use super::Bucket;

/// So much is asked for after a leap, bytes: whoever leaps reads little.
const LEAST: u64 = 64 << 10;
/// So much at most.
const MOST: u64 = 8 << 20;

/// An object that is read.
#[derive(Debug)]
pub(super) struct Ranged {
    bucket: Bucket,
    path: Path,
    size: u64,
    /// Where the next byte is read.
    at: u64,
    /// What was fetched, and where it begins.
    held: (u64, Bytes),
    /// How much is asked for next.
    next: u64,
}

impl Ranged {
    pub(super) fn new(bucket: Bucket, path: Path, size: u64) -> Self {
        Self { bucket, path, size, at: 0, held: (0, Bytes::new()), next: LEAST }
    }

    /// What is held from here on.
    fn here(&self) -> &[u8] {
        let (from, bytes) = &self.held;
        let skip = self.at.checked_sub(*from).and_then(|n| usize::try_from(n).ok());
        skip.and_then(|n| bytes.get(n..)).unwrap_or_default()
    }

    fn held_end(&self) -> u64 {
        self.held.0.saturating_add(u64::try_from(self.held.1.len()).unwrap_or(0))
    }
}

impl Read for Ranged {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || to.is_empty() {
            return Ok(0);
        }
        if self.here().is_empty() {
            self.next =
                if self.at == self.held_end() { self.next.saturating_mul(4).min(MOST) } else { LEAST };
            let end = self.at.saturating_add(self.next).min(self.size);
            let fetched = self.bucket.range(&self.path, self.at..end).map_err(|e| match e.kind() {
                // It was there when reading began.
                io::ErrorKind::NotFound => io::Error::from(io::ErrorKind::UnexpectedEof),
                _ => e,
            })?;
            self.held = (self.at, fetched);
        }
        let n = (&mut self.here()).read(to)?;
        self.at = self.at.saturating_add(u64::try_from(n).unwrap_or(0));
        Ok(n)
    }
}

impl Seek for Ranged {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
