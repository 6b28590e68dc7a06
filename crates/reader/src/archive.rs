//! ZIP: its list, and single parts of it, unpacked into memory up to a limit. Nothing is written anywhere.
//!
//! The list at the end is read, as programs that unpack do; each entry is held against the header before its bytes, and places against one
//! another.

use std::io::Read as _;

use statement::encoding;

use crate::answer::{Answer, Part, Warning};
use crate::kind::{disguised, runs};
use crate::seen::Seen;

/// Most entries that are looked at.
const ENTRIES: usize = 100_000;
/// Most bytes that one part may become.
pub(crate) const UNPACKED: usize = 16 << 20;
/// From so much more than it takes packed on, it is told.
const RATIO: u64 = 200;
/// From so much unpacked in all on, it is told.
const TOTAL: u64 = 8 << 30;

/// A file in the archive.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) packed: u64,
    pub(crate) size: u64,
    pub(crate) encrypted: bool,
    method: u16,
    at: u64,
    changed_at: String,
    link: bool,
}

/// The list.
#[derive(Debug, Default)]
pub(crate) struct List {
    pub(crate) entries: Vec<Entry>,
    left_out: u64,
    /// Bytes before the archive's own beginning.
    pub(crate) before: u64,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// Date and time as DOS kept them.
fn dos(date: u16, time: u16) -> String {
    if date == 0 {
        return String::new();
    }
    let (year, month, day) = (1980 + (date >> 9), (date >> 5) & 15, date & 31);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}:{:02}", time >> 11, (time >> 5) & 63, (time & 31) * 2)
}

fn name_of(bytes: &[u8], utf8: bool) -> String {
    match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) if utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => encoding::decode(encoding::find(bytes).charset, bytes),
    }
}

/// Where the list begins, how long it is, how many entries it says it has, and where its end record stands.
struct End {
    at: u64,
    size: u64,
    many: u64,
    record: u64,
}

fn end(seen: &Seen) -> Option<End> {
    let (base, tail) = seen.end((64 << 10) + 22);
    let at = tail.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let record = base.checked_add(u64::try_from(at).ok()?)?;
    let bytes = tail.get(at..)?;
    let (mut many, mut size, start) = (u64::from(u16_at(bytes, 10)?), u32_at(bytes, 12)?, u32_at(bytes, 16)?);
    let mut stands = record;
    if many == 0xffff || size == 0xffff_ffff || start == 0xffff_ffff {
        let locator = seen.get(record.checked_sub(20)?, 20)?;
        if locator.starts_with(b"PK\x06\x07") {
            let large = u64_at(locator, 8)?;
            let bytes = seen.get(large, 56).filter(|b| b.starts_with(b"PK\x06\x06"))?;
            (many, size) = (u64_at(bytes, 32)?, u64_at(bytes, 40)?);
            stands = large;
        }
    }
    Some(End { at: stands.checked_sub(size)?, size, many, record }).filter(|e| e.at <= e.record)
}

/// Reads the list.
pub(crate) fn list(seen: &Seen, answer: &mut Answer) -> List {
    let mut list = List::default();
    match end(seen) {
        Some(end) => from_end(seen, &end, &mut list, answer),
        None => answer.warn(Warning::Damaged, "list"),
    }
    if list.entries.is_empty() {
        from_beginning(seen, &mut list);
    }
    list
}

fn from_end(seen: &Seen, end: &End, list: &mut List, answer: &mut Answer) {
    let mut at = end.at;
    let stop = end.at.saturating_add(end.size);
    let mut told = 0_u64;
    let mut lowest = None;
    while at < stop {
        let Some(head) = seen.get(at, 46).filter(|b| b.starts_with(b"PK\x01\x02")) else {
            answer.warn(Warning::Damaged, "list");
            break;
        };
        let Some((entry, length)) = central(seen, at, head) else {
            answer.warn(Warning::Damaged, "list");
            break;
        };
        told = told.saturating_add(1);
        lowest = Some(lowest.map_or(entry.at, |low: u64| low.min(entry.at)));
        at = at.saturating_add(length);
        if list.entries.len() < ENTRIES {
            list.entries.push(entry);
        } else {
            list.left_out = list.left_out.saturating_add(1);
        }
    }
    if told != end.many {
        answer.warn(Warning::Damaged, "count");
    }
    // Places are counted from the archive's own beginning, which need not be the file's.
    let first = lowest.unwrap_or(0);
    if seen.get(first, 4).is_some_and(|b| b != b"PK\x03\x04") {
        let head = seen.head();
        let start = head
            .windows(4)
            .take(8 << 20)
            .position(|w| w == b"PK\x03\x04")
            .and_then(|p| u64::try_from(p).ok());
        list.before = start.unwrap_or(0).saturating_sub(first);
    } else {
        list.before = 0;
    }
    for entry in &mut list.entries {
        entry.at = entry.at.saturating_add(list.before);
    }
    let real = first.saturating_add(list.before);
    if real > 0 && !list.entries.is_empty() {
        list.before = real;
    }
    let behind = seen.size().saturating_sub(end.record).saturating_sub(22);
    let comment = seen.get(end.record.saturating_add(20), 2).and_then(|b| u16_at(b, 0)).map_or(0, u64::from);
    if behind > comment {
        answer.warn(Warning::TrailingBytes, &behind.saturating_sub(comment).to_string());
    }
}

/// One entry of the list, and how long it is.
fn central(seen: &Seen, at: u64, head: &[u8]) -> Option<(Entry, u64)> {
    let flags = u16_at(head, 8)?;
    let method = u16_at(head, 10)?;
    let (mut packed, mut size) = (u32_at(head, 20)?, u32_at(head, 24)?);
    let (name_len, extra_len, comment_len) = (u16_at(head, 28)?, u16_at(head, 30)?, u16_at(head, 32)?);
    let outer = u32_at(head, 38)?;
    let mut place = u32_at(head, 42)?;
    let name = seen.get(at.checked_add(46)?, usize::from(name_len))?;
    let extra = seen.get(at.checked_add(46)?.checked_add(u64::from(name_len))?, usize::from(extra_len))?;
    // Sizes of more than 4 GiB stand in a field of their own.
    let mut rest = extra;
    while let (Some(id), Some(len)) = (u16_at(rest, 0), u16_at(rest, 2)) {
        let field = rest.get(4..usize::from(len).checked_add(4)?).unwrap_or_default();
        if id == 1 {
            let mut from = 0;
            for slot in [&mut size, &mut packed, &mut place] {
                if *slot == 0xffff_ffff {
                    *slot = u64_at(field, from)?;
                    from = from.checked_add(8)?;
                }
            }
        }
        rest = rest.get(usize::from(len).checked_add(4)?..).unwrap_or_default();
    }
    let entry = Entry {
        name: name_of(name, flags & 0x800 != 0),
        packed,
        size,
        encrypted: flags & 1 != 0 || method == 99,
        method,
        at: place,
        changed_at: dos(u16_at(head, 14)?, u16_at(head, 12)?),
        link: (outer >> 16) & 0xf000 == 0xa000,
    };
    let length = 46_u64
        .checked_add(u64::from(name_len))?
        .checked_add(u64::from(extra_len))?
        .checked_add(u64::from(comment_len))?;
    Some((entry, length))
}

/// Of an archive without its list: headers one after the other.
fn from_beginning(seen: &Seen, list: &mut List) {
    let head = seen.head();
    let mut at = 0_usize;
    while list.entries.len() < ENTRIES {
        let Some(bytes) = head.get(at..).filter(|b| b.starts_with(b"PK\x03\x04")) else { break };
        let one = || -> Option<(Entry, usize)> {
            let flags = u16_at(bytes, 6)?;
            let (packed, size) = (u32_at(bytes, 18)?, u32_at(bytes, 22)?);
            let (name_len, extra_len) = (usize::from(u16_at(bytes, 26)?), usize::from(u16_at(bytes, 28)?));
            let name = bytes.get(30..name_len.checked_add(30)?)?;
            let entry = Entry {
                name: name_of(name, flags & 0x800 != 0),
                packed,
                size,
                encrypted: flags & 1 != 0,
                method: u16_at(bytes, 8)?,
                at: u64::try_from(at).ok()?,
                changed_at: dos(u16_at(bytes, 12)?, u16_at(bytes, 10)?),
                link: false,
            };
            let next = 30_usize
                .checked_add(name_len)?
                .checked_add(extra_len)?
                .checked_add(usize::try_from(packed).ok()?)?;
            Some((entry, next))
        };
        let Some((entry, next)) = one() else { break };
        list.entries.push(entry);
        at = at.saturating_add(next);
    }
}

/// Tells what is in the list, and what to beware of.
pub(crate) fn tell(seen: &Seen, list: &List, answer: &mut Answer) {
    answer.fact("entries", &list.entries.len().to_string());
    let total = list.entries.iter().fold(0_u64, |sum, e| sum.saturating_add(e.size));
    let packed = list.entries.iter().fold(0_u64, |sum, e| sum.saturating_add(e.packed));
    answer.fact("unpacked_bytes", &total.to_string());
    if total > TOTAL || (total > 1 << 20 && total / RATIO > packed.max(1)) {
        answer.warn(Warning::Bomb, &format!("{packed} -> {total}"));
    }
    let mut names = std::collections::BTreeSet::new();
    for entry in &list.entries {
        name_signs(entry, answer);
        if !names.insert(entry.name.to_lowercase()) {
            answer.warn(Warning::DuplicateName, &entry.name);
        }
        if entry.size > 1 << 20 && entry.size / RATIO > entry.packed.max(1) {
            answer.warn(Warning::Bomb, &entry.name);
        }
        if entry.encrypted {
            answer.warn(Warning::Encrypted, &entry.name);
        }
        if entry.link {
            answer.warn(Warning::SymbolicLink, &entry.name);
        }
        let header = seen.get(entry.at, 30);
        if header.is_some_and(|h| !h.starts_with(b"PK\x03\x04")) {
            answer.warn(Warning::Damaged, &entry.name);
        }
        answer.part(Part {
            name: entry.name.clone(),
            kind: if entry.name.ends_with('/') { "folder".to_owned() } else { String::new() },
            size: entry.size,
            packed: Some(entry.packed),
            changed_at: entry.changed_at.clone(),
            encrypted: entry.encrypted,
            ..Part::default()
        });
    }
    answer.parts_left_out = answer.parts_left_out.saturating_add(list.left_out);
    overlaps(list, answer);
}

fn name_signs(entry: &Entry, answer: &mut Answer) {
    let name = &entry.name;
    let path = name.replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || drive || path.split('/').any(|part| part == "..") || path.contains('\0') {
        answer.warn(Warning::PathOutside, name);
    }
    if runs(name) {
        answer.warn(Warning::Program, name);
    }
    if disguised(name) {
        answer.warn(Warning::DisguisedName, name);
    }
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    if matches!(ending.as_str(), "zip" | "7z" | "rar" | "gz" | "tar" | "xz" | "bz2" | "tgz") {
        answer.warn(Warning::NestedArchive, name);
    }
}

/// Entries whose bytes lie over those of others: much out of little without any nesting.
fn overlaps(list: &List, answer: &mut Answer) {
    let mut places: Vec<(u64, u64, &str)> = list
        .entries
        .iter()
        .map(|e| (e.at, e.at.saturating_add(30).saturating_add(e.packed), e.name.as_str()))
        .collect();
    places.sort_unstable_by_key(|(from, ..)| *from);
    let mut reached = 0_u64;
    for (from, to, name) in places {
        if from < reached {
            answer.warn(Warning::Overlap, name);
        }
        reached = reached.max(to);
    }
}

/// Why a part was not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It needs a password.
    Encrypted,
    /// It becomes more than is taken.
    TooLarge,
    /// Its bytes are not seen, or are not what they should be.
    Unread,
}

/// Unpacks a part into memory, at most so many bytes.
pub(crate) fn unpack(seen: &Seen, entry: &Entry, most: usize) -> Result<Vec<u8>, Stop> {
    if entry.encrypted {
        return Err(Stop::Encrypted);
    }
    let packed = usize::try_from(entry.packed).map_err(|_| Stop::TooLarge)?;
    let header = seen.get(entry.at, 30).filter(|h| h.starts_with(b"PK\x03\x04")).ok_or(Stop::Unread)?;
    let skip = u64::from(u16_at(header, 26).ok_or(Stop::Unread)?)
        .saturating_add(u64::from(u16_at(header, 28).ok_or(Stop::Unread)?))
        .saturating_add(30);
    let bytes = seen.get(entry.at.saturating_add(skip), packed).ok_or(Stop::Unread)?;
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut out = Vec::new();
    let read = match entry.method {
        0 => bytes.take(limit).read_to_end(&mut out),
        8 => flate2::read::DeflateDecoder::new(bytes).take(limit).read_to_end(&mut out),
        _ => return Err(Stop::Unread),
    };
    if out.len() > most {
        return Err(Stop::TooLarge);
    }
    read.map_err(|_| Stop::Unread)?;
    Ok(out)
}
