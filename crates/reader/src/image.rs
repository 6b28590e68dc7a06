//! Pictures: how large, by what, when and where. No pixel is decoded.

use crate::answer::{Answer, Warning};
use crate::exif;
use crate::kind::Kind;
use crate::seen::Seen;

/// From so many pixels on it is told that showing it takes much.
const HUGE_PIXELS: u64 = 100_000_000;
/// Most pieces of a picture that are looked at.
const PIECES: usize = 5_000;

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(u32::from(u16::from_be_bytes(bytes)))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(u32::from(u16::from_le_bytes(bytes)))
}

fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    match bytes.get(at..at.checked_add(3)?)? {
        [a, b, c] => Some(u32::from_le_bytes([*a, *b, *c, 0])),
        _ => None,
    }
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn size(answer: &mut Answer, width: u32, height: u32) {
    if answer.value("width").is_some() {
        return;
    }
    answer.fact("width", &width.to_string());
    answer.fact("height", &height.to_string());
    if u64::from(width).saturating_mul(u64::from(height)) > HUGE_PIXELS {
        answer.warn(Warning::HugePicture, &format!("{width}x{height}"));
    }
}

/// What a picture tells.
pub(crate) fn read(kind: Kind, seen: &Seen, answer: &mut Answer) {
    let head = seen.head();
    match kind {
        Kind::Jpeg => jpeg(seen, answer),
        Kind::Png => png(seen, answer),
        Kind::Gif => {
            if let (Some(width), Some(height)) = (le16(head, 6), le16(head, 8)) {
                size(answer, width, height);
            }
            let (at, end) = seen.end(1);
            if end != b";" {
                answer.warn(Warning::TrailingBytes, &at.to_string());
            }
        }
        Kind::Webp => webp(head, answer),
        Kind::Bmp => {
            if let (Some(width), Some(height)) = (le32(head, 18), le32(head, 22)) {
                size(
                    answer,
                    width,
                    if height > i32::MAX.unsigned_abs() { height.wrapping_neg() } else { height },
                );
            }
        }
        Kind::Tiff => exif::read(head, answer),
        Kind::Heic => {
            // Where it lies is said by a list of boxes; what it begins with is said once.
            let start = head.windows(6).take(4 << 20).position(|w| w == b"Exif\0\0");
            if let Some(bytes) = start.and_then(|at| head.get(at.checked_add(6)?..)) {
                exif::read(bytes, answer);
            }
        }
        _ => {}
    }
}

fn jpeg(seen: &Seen, answer: &mut Answer) {
    let bytes = seen.head();
    let mut at = 2_usize;
    for _ in 0..PIECES {
        let Some(&[0xff, mark]) = bytes.get(at..at.saturating_add(2)) else { break };
        if mark == 0xff {
            at = at.saturating_add(1);
            continue;
        }
        if matches!(mark, 0xd0..=0xd9 | 0x01) {
            at = at.saturating_add(2);
            continue;
        }
        let Some(length) = be16(bytes, at.saturating_add(2)).and_then(|n| usize::try_from(n).ok()) else {
            break;
        };
        let body =
            bytes.get(at.saturating_add(4)..at.saturating_add(2).saturating_add(length)).unwrap_or_default();
        match mark {
            0xc0..=0xcf if !matches!(mark, 0xc4 | 0xc8 | 0xcc) => {
                if let (Some(height), Some(width)) = (be16(body, 1), be16(body, 3)) {
                    size(answer, width, height);
                }
            }
            0xe1 => {
                if let Some(tiff) = body.strip_prefix(b"Exif\0\0") {
                    exif::read(tiff, answer);
                }
            }
            0xfe => answer.fact("comment", &String::from_utf8_lossy(body)),
            0xda => break,
            _ => {}
        }
        at = at.saturating_add(2).saturating_add(length);
    }
    if answer.value("width").is_none() {
        answer.warn(Warning::Damaged, "");
    }
    behind(seen, b"\xff\xd9", answer);
}

/// What stands behind the last mark of the end.
fn behind(seen: &Seen, mark: &[u8], answer: &mut Answer) {
    let (from, end) = seen.end(8 << 20);
    match end.windows(mark.len()).rposition(|w| w == mark) {
        Some(at) => {
            let rest = end.len().saturating_sub(at).saturating_sub(mark.len());
            // Some cameras fill up a few bytes.
            if rest > 64 {
                answer.warn(Warning::TrailingBytes, &rest.to_string());
            }
        }
        None if from == 0 || seen.is_whole() => answer.warn(Warning::Damaged, ""),
        None => {}
    }
}

fn png(seen: &Seen, answer: &mut Answer) {
    let bytes = seen.head();
    let mut at = 8_usize;
    for _ in 0..PIECES {
        let Some(length) = be32(bytes, at).and_then(|n| usize::try_from(n).ok()) else { break };
        let Some(kind) = bytes.get(at.saturating_add(4)..at.saturating_add(8)) else { break };
        let from = at.saturating_add(8);
        let body = bytes.get(from..from.saturating_add(length)).unwrap_or_default();
        match kind {
            b"IHDR" => {
                if let (Some(width), Some(height)) = (be32(body, 0), be32(body, 4)) {
                    size(answer, width, height);
                }
            }
            b"tEXt" => {
                let text = String::from_utf8_lossy(body.get(..2_000).unwrap_or(body)).into_owned();
                let (key, value) = text.split_once('\0').unwrap_or((text.as_str(), ""));
                answer.fact("note", &format!("{key}: {value}"));
            }
            b"eXIf" => exif::read(body, answer),
            b"IEND" => {
                let end = u64::try_from(from.saturating_add(4)).unwrap_or(u64::MAX);
                let rest = seen.size().saturating_sub(end);
                if rest > 0 {
                    answer.warn(Warning::TrailingBytes, &rest.to_string());
                }
                return;
            }
            _ => {}
        }
        at = from.saturating_add(length).saturating_add(4);
    }
    if seen.is_whole() {
        answer.warn(Warning::Damaged, "");
    }
}

fn webp(bytes: &[u8], answer: &mut Answer) {
    let mut at = 12_usize;
    for _ in 0..PIECES {
        let Some(kind) = bytes.get(at..at.saturating_add(4)) else { break };
        let Some(length) = le32(bytes, at.saturating_add(4)).and_then(|n| usize::try_from(n).ok()) else {
            break;
        };
        let from = at.saturating_add(8);
        let body = bytes.get(from..from.saturating_add(length)).unwrap_or_default();
        match kind {
            b"VP8X" => {
                if let (Some(width), Some(height)) = (le24(body, 4), le24(body, 7)) {
                    size(answer, width.saturating_add(1), height.saturating_add(1));
                }
            }
            b"VP8 " => {
                if let (Some(width), Some(height)) = (le16(body, 6), le16(body, 8)) {
                    size(answer, width & 0x3fff, height & 0x3fff);
                }
            }
            b"VP8L" => {
                if let Some(bits) = le32(body, 1) {
                    size(
                        answer,
                        (bits & 0x3fff).saturating_add(1),
                        ((bits >> 14) & 0x3fff).saturating_add(1),
                    );
                }
            }
            b"EXIF" => exif::read(body.strip_prefix(b"Exif\0\0").unwrap_or(body), answer),
            _ => {}
        }
        at = from.saturating_add(length).saturating_add(length % 2);
    }
}
