//! The looking itself: first what is quick and cannot fail, then what takes something apart.

use crate::answer::{Answer, Warning};
use crate::kind::{Kind, pdf_at, sniff};
use crate::seen::Seen;
use crate::{archive, database, image, mail, office, pdf, text};

/// Looks at a file. `report` is handed what is known so far before each step that may take too much: if this is the last that is heard, it
/// is what is known.
pub fn look(seen: &Seen, report: &mut dyn FnMut(&Answer)) -> Answer {
    let mut answer =
        Answer { size_bytes: seen.size(), seen_bytes: seen.seen(), kind: sniff(seen), ..Answer::default() };
    if !seen.is_whole() {
        answer.warn(Warning::NotWhole, "");
    }
    polyglot(seen, &mut answer);
    report(&answer);
    match answer.kind {
        kind @ (Kind::Jpeg | Kind::Png | Kind::Gif | Kind::Webp | Kind::Bmp | Kind::Tiff | Kind::Heic) => {
            image::read(kind, seen, &mut answer);
        }
        Kind::Zip => zip(seen, &mut answer, report),
        Kind::Pdf => {
            pdf::glance(seen, &mut answer);
            report(&answer);
            pdf::open(seen, &mut answer);
        }
        Kind::Mail => {
            mail::read(seen, &mut answer);
        }
        Kind::Sqlite => {
            database::header(seen, &mut answer);
            report(&answer);
            database::tables(seen, &mut answer, report);
        }
        Kind::Csv => text::read(seen.head(), true, &mut answer),
        Kind::Text | Kind::Json | Kind::Xml | Kind::Html | Kind::Script | Kind::Rtf | Kind::Mbox => {
            text::read(seen.head(), false, &mut answer);
            textual(seen, &mut answer);
        }
        Kind::Ole => ole(seen, &mut answer),
        _ => {}
    }
    if answer.kind.is_program() {
        answer.warn(Warning::Program, "");
    }
    answer.finished = true;
    answer
}

fn zip(seen: &Seen, answer: &mut Answer, report: &mut dyn FnMut(&Answer)) {
    let list = archive::list(seen, answer);
    if list.before > 0 {
        answer.warn(Warning::Polyglot, &list.before.to_string());
    }
    archive::tell(seen, &list, answer);
    report(answer);
    answer.kind = office::kind(seen, &list);
    if matches!(answer.kind, Kind::Docx | Kind::Xlsx | Kind::Pptx | Kind::Odt | Kind::Ods | Kind::Odp) {
        report(answer);
        office::read(answer.kind, seen, &list, answer);
    }
}

/// What a file can be read as besides: an archive is read from its end, a PDF from anywhere near its beginning, a page by whoever guesses.
fn polyglot(seen: &Seen, answer: &mut Answer) {
    let mut also = Vec::new();
    let head = seen.head();
    if answer.kind != Kind::Zip {
        let (_, end) = seen.end((64 << 10) + 22);
        let list = end.windows(4).rposition(|w| w == b"PK\x05\x06");
        // Its list must stand before it, not only its mark.
        let has_list =
            end.windows(4).any(|w| w == b"PK\x01\x02") || seen.head().windows(4).any(|w| w == b"PK\x01\x02");
        if list.is_some_and(|at| end.len().saturating_sub(at) >= 22) && has_list {
            also.push(Kind::Zip);
        }
    }
    if answer.kind != Kind::Pdf && pdf_at(head).is_some() && !matches!(answer.kind, Kind::Text | Kind::Mail) {
        also.push(Kind::Pdf);
    }
    let picture =
        matches!(answer.kind, Kind::Jpeg | Kind::Png | Kind::Gif | Kind::Webp | Kind::Bmp | Kind::Pdf);
    let has = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word));
    if picture {
        let (_, end) = seen.end(256 << 10);
        let first = head.get(..256 << 10).unwrap_or(head);
        if has(first, b"<script") || has(end, b"<script") || has(first, b"<html") || has(end, b"<html") {
            also.push(Kind::Html);
        }
        if has(first, b"<?php") || has(end, b"<?php") {
            also.push(Kind::Script);
        }
    }
    for kind in &also {
        answer.warn(Warning::Polyglot, kind.as_str());
    }
    answer.also = also;
}

/// By what a mark runs something without a script of its own.
const HANDLERS: [&[u8]; 12] = [
    b"onload=",
    b"onerror=",
    b"onclick=",
    b"onbegin=",
    b"onend=",
    b"onfocus=",
    b"onmouseover=",
    b"onmouseenter=",
    b"onpointerover=",
    b"onanimationstart=",
    b"ontoggle=",
    b"onactivate=",
];

/// Whether text with marks runs something where it is opened.
pub(crate) fn runs(text: &[u8]) -> bool {
    let has = |word: &[u8]| text.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word));
    has(b"<script") || has(b"javascript:") || HANDLERS.iter().any(|name| has(name))
}

fn textual(seen: &Seen, answer: &mut Answer) {
    let head = seen.head();
    let has = |word: &[u8]| head.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word));
    match answer.kind {
        Kind::Html | Kind::Xml => {
            if runs(head) {
                answer.warn(Warning::Scripts, "");
            }
            if answer.kind == Kind::Xml && has(b"<!DOCTYPE") {
                answer.warn(Warning::Doctype, "");
            }
        }
        Kind::Rtf => {
            if has(b"\\objdata") || has(b"\\object") {
                answer.warn(Warning::Attachments, "");
            }
            if has(b"\\objupdate") || has(b"ddeauto") {
                answer.warn(Warning::OpensByItself, "");
            }
        }
        _ => {}
    }
}

/// Older documents of Office: what stands in their list of parts, which is UTF-16.
fn ole(seen: &Seen, answer: &mut Answer) {
    let head = seen.head();
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        head.windows(wide.len()).any(|w| w == wide)
    };
    for (name, what) in [
        ("WordDocument", "word"),
        ("Workbook", "excel"),
        ("PowerPoint Document", "powerpoint"),
        ("__substg1.0_", "outlook"),
        ("EncryptedPackage", "encrypted_office"),
    ] {
        if has(name) {
            answer.fact("document", what);
        }
    }
    if has("EncryptedPackage") {
        answer.warn(Warning::Encrypted, "");
    }
    if has("_VBA_PROJECT") || has("Macros") {
        answer.warn(Warning::Macros, "");
    }
}
