//! What of a file is looked at: all of a small one, the beginning and the end of a large one.

use std::io::{self, Read};
use std::ops::Range;

/// So much of the beginning.
pub const HEAD_BYTES: u64 = 32 << 20;
/// And of the end: lists of archives stand there.
pub const TAIL_BYTES: u64 = 8 << 20;

/// Which parts of a file of that size are looked at.
#[must_use]
pub fn wanted(size: u64) -> [Range<u64>; 2] {
    let head = size.min(HEAD_BYTES);
    let tail = size.saturating_sub(TAIL_BYTES).max(head);
    [0..head, tail..size]
}

/// Bytes of a file, by where they lie in it.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    head: Vec<u8>,
    tail: Vec<u8>,
    size: u64,
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl Seen {
    /// Of a whole small file.
    #[must_use]
    pub fn whole(bytes: Vec<u8>) -> Self {
        Self { size: length(&bytes), head: bytes, tail: Vec::new() }
    }

    /// Reads one: where the size is told, what is [`wanted`] comes one behind the other; otherwise all of it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(mut from: impl Read, size: Option<u64>) -> io::Result<Self> {
        let mut head = Vec::new();
        from.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        if let Some(size) = size {
            let mut tail = Vec::new();
            let [_, wish] = wanted(size);
            from.take(wish.end.saturating_sub(wish.start)).read_to_end(&mut tail)?;
            // Less came than was told: it is what came.
            let came = length(&head).saturating_add(length(&tail));
            let size =
                if came < wanted(size).into_iter().map(|r| r.end - r.start).sum() { came } else { size };
            return Ok(Self { head, tail, size });
        }
        let (mut tail, mut size) = (std::collections::VecDeque::new(), length(&head));
        let most = usize::try_from(TAIL_BYTES).unwrap_or(usize::MAX);
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = from.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            size = size.saturating_add(u64::try_from(read).unwrap_or(0));
            tail.extend(buffer.iter().take(read));
            let over = tail.len().saturating_sub(most);
            tail.drain(..over);
        }
        Ok(Self { head, tail: tail.into(), size })
    }

    /// How large the file is.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// How much of it is seen.
    #[must_use]
    pub fn seen(&self) -> u64 {
        length(&self.head).saturating_add(length(&self.tail))
    }

    /// Whether all of it is in [`Seen::head`].
    #[must_use]
    pub fn is_whole(&self) -> bool {
        length(&self.head) == self.size
    }

    /// Its beginning.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Where the tail begins.
    #[must_use]
    pub fn tail_at(&self) -> u64 {
        self.size.saturating_sub(length(&self.tail))
    }

    /// Its end, at most so many bytes, and where it begins.
    #[must_use]
    pub fn end(&self, most: usize) -> (u64, &[u8]) {
        let bytes: &[u8] = if self.tail.is_empty() { &self.head } else { &self.tail };
        let from = bytes.len().saturating_sub(most);
        let end = bytes.get(from..).unwrap_or_default();
        (self.size.saturating_sub(length(end)), end)
    }

    /// So many bytes from a place on; `None` where they are not seen, or the file has not so many.
    #[must_use]
    pub fn get(&self, at: u64, many: usize) -> Option<&[u8]> {
        let within = |bytes: &'_ [u8], base: u64| -> Option<Range<usize>> {
            let from = usize::try_from(at.checked_sub(base)?).ok()?;
            let to = from.checked_add(many)?;
            (to <= bytes.len()).then_some(from..to)
        };
        if let Some(range) = within(&self.head, 0) {
            return self.head.get(range);
        }
        self.tail.get(within(&self.tail, self.tail_at())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_of_small_and_large_files() {
        assert_eq!(wanted(10), [0..10, 10..10]);
        assert_eq!(wanted(HEAD_BYTES + 5), [0..HEAD_BYTES, HEAD_BYTES..HEAD_BYTES + 5]);
        let large = 50 << 30;
        assert_eq!(wanted(large), [0..HEAD_BYTES, large - TAIL_BYTES..large]);
    }

    #[test]
    fn a_large_stream_is_seen_at_both_ends() {
        let size = HEAD_BYTES + TAIL_BYTES + 1_000;
        let bytes = io::repeat(1).take(size - 4).chain(&b"last"[..]);
        let seen = Seen::read(bytes, None).unwrap();
        assert_eq!((seen.size(), seen.is_whole()), (size, false));
        assert_eq!(seen.end(4).1, b"last");
        assert_eq!(seen.get(size - 4, 4), Some(&b"last"[..]));
        assert_eq!(seen.get(HEAD_BYTES, 4), None);
        let [head, tail] = wanted(size);
        let told = Seen::read(
            io::repeat(1).take(head.end + tail.end - tail.start - 4).chain(&b"last"[..]),
            Some(size),
        )
        .unwrap();
        assert_eq!((told.size(), told.end(4).1), (size, &b"last"[..]));
    }
}
