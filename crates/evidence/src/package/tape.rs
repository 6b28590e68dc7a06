//! Packages in one file: the plainest tar there is (POSIX ustar), written in one way only. Whatever could be read in two ways is not read:
//! extended headers, links, owners, times, a name twice, anything behind the end.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write};
use std::path::PathBuf;

use super::folder::{MOST_FILES, fault, pieces, unread};
use super::manifest::is_path;
use super::verify::{Fault, Files, Why};

/// Everything lies in blocks of so many bytes.
const BLOCK: u64 = 512;
/// The largest size that stands in octal digits.
const OCTAL: u64 = 1 << 33;

/// The one header of a file of that name and length; `None` for a name that no package has.
#[must_use]
pub fn header(name: &str, size: u64) -> Option<[u8; 512]> {
    if !is_path(name) {
        return None;
    }
    let mut block = [0; 512];
    let mut put = |from: usize, bytes: &[u8]| {
        if let Some(place) = block.get_mut(from..from.saturating_add(bytes.len())) {
            place.copy_from_slice(bytes);
        }
    };
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    if size < OCTAL {
        put(124, format!("{size:011o}\0").as_bytes());
    } else {
        // As archives beyond eight gigabytes write it: a mark, and the number with the greatest byte first.
        put(124, &[0x80, 0, 0, 0]);
        put(128, &size.to_be_bytes());
    }
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    put(329, b"0000000\0");
    put(337, b"0000000\0");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    let sum = format!("{sum:06o}\0 ");
    if let Some(place) = block.get_mut(148..156) {
        place.copy_from_slice(sum.as_bytes());
    }
    Some(block)
}

/// What fills the last block.
fn padding(size: u64) -> usize {
    usize::try_from((BLOCK - size % BLOCK) % BLOCK).unwrap_or(0)
}

/// Writes files one behind the other.
#[derive(Debug)]
pub struct Writer<W: Write>(W);

impl<W: Write> Writer<W> {
    /// To there.
    pub const fn new(to: W) -> Self {
        Self(to)
    }
    /// A file of exactly that length.
    ///
    /// # Errors
    /// The writer's, the reader's; another length; a name that no package has.
    pub fn file(&mut self, name: &str, size: u64, from: impl Read) -> io::Result<()> {
        let header = header(name, size).ok_or(io::ErrorKind::InvalidInput)?;
        self.0.write_all(&header)?;
        let written = io::copy(&mut from.take(size.saturating_add(1)), &mut self.0)?;
        if written != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.0.write_all([0; 512].get(..padding(size)).unwrap_or_default())
    }
    /// The end.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.write_all(&[0; 1024])?;
        self.0.flush()
    }
}

/// A package in one file.
#[derive(Debug, Clone)]
pub struct Tape {
    path: PathBuf,
    /// Where each file begins, and how long it is.
    places: BTreeMap<String, (u64, u64)>,
}

impl Tape {
    /// The package in this file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), places: BTreeMap::new() }
    }
}

/// Name and length of a header, if it is the one header of both.
fn read(block: &[u8; 512]) -> Option<(String, u64)> {
    let name = block.get(..100)?;
    let end = name.iter().position(|b| *b == 0).unwrap_or(100);
    let name = std::str::from_utf8(name.get(..end)?).ok()?;
    let size = block.get(124..136)?;
    let size = if size.first() == Some(&0x80) {
        u64::from_be_bytes(size.get(4..)?.try_into().ok()?)
    } else {
        u64::from_str_radix(std::str::from_utf8(size.get(..11)?).ok()?, 8).ok()?
    };
    (header(name, size).as_ref() == Some(block)).then(|| (name.to_owned(), size))
}

impl Files for Tape {
    fn names(&mut self) -> Result<Vec<String>, Fault> {
        let whole = self.path.display().to_string();
        let io = |e: io::Error| unread(&whole, &e);
        let file = File::open(&self.path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut file = BufReader::new(file);
        let strange = || fault(&whole, Why::Form("an archive of a package"));
        let (mut all, mut at) = (Vec::new(), 0_u64);
        loop {
            let mut block = [0; 512];
            file.read_exact(&mut block).map_err(|_| strange())?;
            at = at.saturating_add(BLOCK);
            if block == [0; 512] {
                // One more empty block, and nothing behind it.
                file.read_exact(&mut block).map_err(|_| strange())?;
                let ends = block == [0; 512] && at.saturating_add(BLOCK) == length;
                return if ends { Ok(all) } else { Err(strange()) };
            }
            let (name, size) = read(&block).ok_or_else(strange)?;
            if all.len() >= MOST_FILES || self.places.insert(name.clone(), (at, size)).is_some() {
                return Err(fault(&name, Why::Stranger));
            }
            let fill = padding(size);
            let step = size.checked_add(u64::try_from(fill).unwrap_or(0)).ok_or_else(strange)?;
            at = at.checked_add(step).filter(|at| *at <= length).ok_or_else(strange)?;
            let size = i64::try_from(size).map_err(|_| strange())?;
            file.seek_relative(size).map_err(io)?;
            let mut rest = vec![0; fill];
            file.read_exact(&mut rest).map_err(|_| strange())?;
            if rest.iter().any(|b| *b != 0) {
                return Err(fault(&name, Why::Stranger));
            }
            all.push(name);
        }
    }
    fn read(&mut self, name: &str, take: &mut dyn FnMut(&[u8])) -> Result<(), Fault> {
        let missing = || fault(name, Why::Missing("it is not in the package".to_owned()));
        let (begin, size) = *self.places.get(name).ok_or_else(missing)?;
        let mut file = File::open(&self.path).map_err(|e| unread(name, &e))?;
        file.seek(SeekFrom::Start(begin)).map_err(|e| unread(name, &e))?;
        pieces(name, file.take(size), take)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_as_it_is_written_and_in_no_other_way() {
        for (name, size) in
            [("manifest.json", 0), ("log/a/0001.entry", 1 << 20), ("a/original", OCTAL), ("b", u64::MAX >> 2)]
        {
            let block = header(name, size).unwrap();
            assert_eq!(read(&block), Some((name.to_owned(), size)));
            for at in 0..512 {
                let mut changed = block;
                changed[at] ^= 1;
                assert!(read(&changed).is_none_or(|(n, s)| header(&n, s) == Some(changed)), "{at}");
                assert_ne!(read(&changed), Some((name.to_owned(), size)), "{at}");
            }
        }
        assert_eq!(header("../x", 1), None);
        assert_eq!(header("/x", 1), None);
    }
}
