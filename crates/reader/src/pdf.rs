//! PDF. First the bytes are looked at as they are, which works for broken and locked files, too; then the document is taken apart.

use lopdf::{DecompressError, Document, Error, LoadOptions, Object, Stream};

use crate::answer::{Answer, PREVIEW_BYTES, Warning};
use crate::kind::pdf_at;
use crate::seen::Seen;

/// Most that one stream may unpack to.
const UNPACKED: usize = 16 << 20;
/// Of so many pages the text is taken.
const PAGES: usize = 40;
/// Largest file that is taken apart: the parts take memory, too.
const MOST: usize = 24 << 20;

/// What a name means.
fn sign(name: &[u8]) -> Option<Warning> {
    Some(match name {
        b"JavaScript" | b"JS" => Warning::Scripts,
        b"OpenAction" | b"AA" => Warning::OpensByItself,
        b"Launch" => Warning::Launches,
        b"EmbeddedFile" | b"EmbeddedFiles" | b"RichMedia" => Warning::Attachments,
        b"GoToR" | b"GoToE" | b"SubmitForm" | b"ImportData" => Warning::LoadsFromElsewhere,
        b"Encrypt" => Warning::Encrypted,
        _ => return None,
    })
}

const fn delimits(byte: u8) -> bool {
    matches!(
        byte,
        b'/' | b'('
            | b')'
            | b'<'
            | b'>'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'%'
            | 0
            | b'\t'
            | b'\n'
            | b'\x0c'
            | b'\r'
            | b' '
    )
}

/// A name with its numbers for letters (`/J#61vaScript`) written out.
fn plain(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((first, behind)) = rest.split_first() {
        let code = (*first == b'#').then(|| behind.get(..2)).flatten();
        let code = code.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match code {
            Some(byte) => {
                out.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    out
}

/// What the bytes show.
pub(crate) fn glance(seen: &Seen, answer: &mut Answer) {
    let head = seen.head();
    let start = pdf_at(head).unwrap_or(0);
    if start > 0 {
        answer.warn(Warning::Polyglot, &start.to_string());
    }
    let version = head.get(start.saturating_add(5)..start.saturating_add(8)).unwrap_or_default();
    answer.fact("pdf_version", &String::from_utf8_lossy(version));
    let (_, end) = seen.end(usize::try_from(crate::seen::TAIL_BYTES).unwrap_or(usize::MAX));
    let parts: &[&[u8]] = if seen.is_whole() { &[head] } else { &[head, end] };
    let mut ends = 0_usize;
    for bytes in parts {
        names(bytes, answer);
        ends = ends.saturating_add(bytes.windows(5).filter(|w| w == b"%%EOF").count());
    }
    answer.fact("revisions", &ends.to_string());
    let (_, last) = seen.end(4 << 10);
    match last.windows(5).rposition(|w| w == b"%%EOF") {
        Some(at) => {
            let rest = last.get(at.saturating_add(5)..).unwrap_or_default();
            let more = rest.iter().filter(|b| !b.is_ascii_whitespace() && **b != 0).count();
            if more > 0 {
                answer.warn(Warning::TrailingBytes, &rest.len().to_string());
            }
        }
        None => answer.warn(Warning::Damaged, "end"),
    }
}

fn names(bytes: &[u8], answer: &mut Answer) {
    for piece in bytes.split(|b| *b == b'/').skip(1) {
        let length = piece.iter().take(64).position(|b| delimits(*b)).unwrap_or_else(|| piece.len().min(64));
        let name = piece.get(..length).unwrap_or_default();
        let found = if name.contains(&b'#') { sign(&plain(name)) } else { sign(name) };
        if let Some(code) = found {
            answer.warn(code, "");
        }
    }
}

/// A string of PDF: UTF-16 with its mark, UTF-8 with its, or one byte a sign.
fn text_of(object: &Object) -> String {
    let Object::String(bytes, _) = object else { return String::new() };
    let bytes = bytes.get(..4_000).unwrap_or(bytes);
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units =
                rest.chunks_exact(2).filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
            char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}

/// `D:20261102101533+05'00'`, as it is written everywhere else.
fn date(text: &str) -> String {
    let digits = text.trim_start_matches("D:");
    let part =
        |from: usize, to: usize| digits.get(from..to).filter(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let (Some(y), Some(m), Some(d)) = (part(0, 4), part(4, 6), part(6, 8)) else { return text.to_owned() };
    let (h, min, s) =
        (part(8, 10).unwrap_or("00"), part(10, 12).unwrap_or("00"), part(12, 14).unwrap_or("00"));
    let zone = digits.get(14..).unwrap_or_default().trim_end_matches('\'').replace('\'', ":");
    format!("{y}-{m}-{d}T{h}:{min}:{s}{zone}")
}

/// Takes the document apart.
pub(crate) fn open(seen: &Seen, answer: &mut Answer) {
    if !seen.is_whole() || seen.head().len() > MOST {
        answer.warn(Warning::NotWhole, "");
        return;
    }
    let head = seen.head();
    let bytes = head.get(pdf_at(head).unwrap_or(0)..).unwrap_or_default();
    let options = LoadOptions { max_decompressed_size: Some(UNPACKED), ..LoadOptions::default() };
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) => document,
        Err(error) => {
            let code = match &error {
                Error::Decryption(_) | Error::InvalidPassword => Warning::Encrypted,
                error if unpacks_to_too_much(error) => Warning::Bomb,
                _ => Warning::Damaged,
            };
            answer.warn(code, "");
            return;
        }
    };
    let pages = document.get_pages();
    answer.fact("pages", &pages.len().to_string());
    if document.is_encrypted() || document.was_encrypted() {
        answer.warn(Warning::Encrypted, "");
    }
    information(&document, answer);
    // Objects that lie packed are seen only now.
    for object in document.objects.values() {
        object_signs(object, answer, 0);
    }
    if document.is_encrypted() {
        return;
    }
    let mut text = String::new();
    let mut more = pages.len() > PAGES;
    for page in pages.keys().take(PAGES) {
        match document.extract_text_with_limit(&[*page], UNPACKED) {
            Ok(words) => {
                text.push_str(&words);
                text.push('\n');
            }
            Err(error) if unpacks_to_too_much(&error) => answer.warn(Warning::Bomb, &format!("page {page}")),
            Err(_) => {}
        }
        if text.len() > PREVIEW_BYTES {
            more = true;
            break;
        }
    }
    answer.preview(&text, more);
}

/// Whether it was broken off because it became too much, or would be unpacked too often.
const fn unpacks_to_too_much(error: &Error) -> bool {
    matches!(
        error,
        Error::Decompress(
            DecompressError::MemoryLimitExceeded { .. } | DecompressError::TooManyFilters { .. }
        )
    )
}

fn information(document: &Document, answer: &mut Answer) {
    let Ok(info) = document.trailer.get_deref(b"Info", document).and_then(Object::as_dict) else { return };
    for (key, fact) in [
        (&b"Title"[..], "title"),
        (b"Author", "author"),
        (b"Subject", "subject"),
        (b"Keywords", "keywords"),
        (b"Creator", "software"),
        (b"Producer", "producer"),
    ] {
        if let Ok(value) = info.get_deref(key, document) {
            answer.fact(fact, &text_of(value));
        }
    }
    for (key, fact) in [(&b"CreationDate"[..], "created_at"), (b"ModDate", "changed_at")] {
        if let Ok(value) = info.get_deref(key, document) {
            answer.fact(fact, &date(&text_of(value)));
        }
    }
}

fn object_signs(object: &Object, answer: &mut Answer, depth: usize) {
    if depth > 16 {
        return;
    }
    let next = depth.saturating_add(1);
    match object {
        Object::Name(name) => {
            if let Some(code) = sign(name) {
                answer.warn(code, "");
            }
        }
        Object::Array(all) => all.iter().for_each(|one| object_signs(one, answer, next)),
        Object::Dictionary(fields) => fields.iter().for_each(|(name, value)| {
            if let Some(code) = sign(name) {
                answer.warn(code, "");
            }
            object_signs(value, answer, next);
        }),
        Object::Stream(stream) => {
            // Packed so often it is only to take time; nobody unpacks it.
            if stream.filters().is_ok_and(|filters| filters.len() > Stream::MAX_FILTERS) {
                answer.warn(Warning::Bomb, "");
            }
            stream.dict.iter().for_each(|(name, value)| {
                if let Some(code) = sign(name) {
                    answer.warn(code, "");
                }
                object_signs(value, answer, next);
            });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_hide() {
        assert_eq!(plain(b"J#61va#53cript"), b"JavaScript");
        assert_eq!(plain(b"a#zz#"), b"a#zz#");
        let mut answer = Answer::default();
        names(b"<< /S /J#61vaScript /J#53 (x) >>", &mut answer);
        assert!(answer.warns(Warning::Scripts));
    }

    #[test]
    fn dates() {
        assert_eq!(date("D:20261102101533+05'00'"), "2026-11-02T10:15:33+05:00");
        assert_eq!(date("D:20261102"), "2026-11-02T00:00:00");
        assert_eq!(date("yesterday"), "yesterday");
    }
}
