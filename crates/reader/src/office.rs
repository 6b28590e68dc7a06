//! Documents of Office and `LibreOffice`: archives with parts of known names.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::answer::{Answer, PREVIEW_BYTES, Warning};
use crate::archive::{Entry, List, Stop, UNPACKED, unpack};
use crate::kind::Kind;
use crate::seen::Seen;

/// Most pieces of XML of one part that are looked at.
const PIECES: usize = 2_000_000;
/// How deep a part may go.
const DEPTH: usize = 256;

/// What an archive is, by the names in it.
pub(crate) fn kind(seen: &Seen, list: &List) -> Kind {
    let has = |name: &str| list.entries.iter().any(|e| e.name == name);
    let under = |folder: &str| list.entries.iter().any(|e| e.name.starts_with(folder));
    if has("[Content_Types].xml") {
        if under("word/") {
            return Kind::Docx;
        }
        if under("xl/") {
            return Kind::Xlsx;
        }
        if under("ppt/") {
            return Kind::Pptx;
        }
    }
    let first = list.entries.iter().find(|e| e.name == "mimetype").and_then(|e| unpack(seen, e, 200).ok());
    match first.as_deref() {
        Some(b"application/vnd.oasis.opendocument.text") => return Kind::Odt,
        Some(b"application/vnd.oasis.opendocument.spreadsheet") => return Kind::Ods,
        Some(b"application/vnd.oasis.opendocument.presentation") => return Kind::Odp,
        _ => {}
    }
    if has("AndroidManifest.xml") {
        return Kind::Apk;
    }
    if has("META-INF/MANIFEST.MF") { Kind::Jar } else { Kind::Zip }
}

/// What a document tells.
pub(crate) fn read(kind: Kind, seen: &Seen, list: &List, answer: &mut Answer) {
    for entry in &list.entries {
        let name = entry.name.as_str();
        if name.ends_with("vbaProject.bin")
            || name.starts_with("Basic/")
            || name.starts_with("Scripts/")
            || name.starts_with("xl/macrosheets/")
        {
            answer.warn(Warning::Macros, name);
        }
        if name.contains("/embeddings/") || name.contains("/activeX/") || name.starts_with("Object ") {
            answer.warn(Warning::Attachments, name);
        }
        if name.ends_with(".rels") {
            with(seen, entry, answer, relations);
        }
    }
    for name in ["docProps/core.xml", "docProps/app.xml", "meta.xml"] {
        if let Some(entry) = list.entries.iter().find(|e| e.name == name) {
            with(seen, entry, answer, properties);
        }
    }
    let mut text = String::new();
    let mut more = false;
    for entry in list.entries.iter().filter(|e| has_text(kind, &e.name)).take(200) {
        if text.len() > PREVIEW_BYTES {
            more = true;
            break;
        }
        match unpack(seen, entry, UNPACKED) {
            Ok(bytes) => more |= words(&entry.name, &bytes, &mut text, answer),
            Err(stop) => stopped(entry, stop, answer),
        }
    }
    answer.preview(&text, more);
}

fn has_text(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Docx => matches!(name, "word/document.xml" | "word/footnotes.xml" | "word/comments.xml"),
        Kind::Xlsx => {
            name == "xl/sharedStrings.xml"
                || (name.starts_with("xl/worksheets/sheet") && name.ends_with(".xml"))
        }
        Kind::Pptx => name.starts_with("ppt/slides/slide") && name.ends_with(".xml"),
        Kind::Odt | Kind::Ods | Kind::Odp => name == "content.xml",
        _ => false,
    }
}

fn stopped(entry: &Entry, stop: Stop, answer: &mut Answer) {
    let code = match stop {
        Stop::Encrypted => Warning::Encrypted,
        Stop::TooLarge => Warning::Bomb,
        Stop::Unread => Warning::Damaged,
    };
    answer.warn(code, &entry.name);
}

fn with(seen: &Seen, entry: &Entry, answer: &mut Answer, take: fn(&str, &[u8], &mut Answer)) {
    match unpack(seen, entry, 2 << 20) {
        Ok(bytes) => take(&entry.name, &bytes, answer),
        Err(stop) => stopped(entry, stop, answer),
    }
}

/// Goes through XML. A document type ends it: what it declares could become very much.
fn walk(
    name: &str,
    bytes: &[u8],
    answer: &mut Answer,
    mut take: impl FnMut(&Event<'_>, &mut Answer) -> bool,
) {
    let mut reader = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    for _ in 0..PIECES {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return,
            Ok(Event::DocType(_)) => {
                answer.warn(Warning::Doctype, name);
                return;
            }
            Ok(event) => {
                match event {
                    Event::Start(_) => depth = depth.saturating_add(1),
                    Event::End(_) => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if depth > DEPTH {
                    answer.warn(Warning::Damaged, name);
                    return;
                }
                if !take(&event, answer) {
                    return;
                }
            }
            Err(_) => {
                answer.warn(Warning::Damaged, name);
                return;
            }
        }
    }
}

/// What a document ties to: whatever it takes from elsewhere.
fn relations(name: &str, bytes: &[u8], answer: &mut Answer) {
    walk(name, bytes, answer, |event, answer| {
        if let Event::Start(start) | Event::Empty(start) = event {
            let (mut outside, mut target, mut kind) = (false, String::new(), String::new());
            for attribute in start.attributes().take(16).flatten() {
                match attribute.key.into_inner() {
                    "TargetMode" => outside = attribute.value.eq_ignore_ascii_case("external"),
                    "Target" => target = attribute.value.into_owned(),
                    "Type" => kind = attribute.value.rsplit('/').next().unwrap_or_default().to_owned(),
                    _ => {}
                }
            }
            // A link that a person may follow is none of what is loaded.
            if outside && kind != "hyperlink" {
                answer.warn(Warning::LoadsFromElsewhere, &format!("{kind} {target}"));
            }
        }
        true
    });
}

/// Who wrote it, when, with what.
fn properties(name: &str, bytes: &[u8], answer: &mut Answer) {
    let mut open = String::new();
    walk(name, bytes, answer, |event, answer| {
        match event {
            Event::Start(start) => start.local_name().into_inner().clone_into(&mut open),
            Event::End(_) => open.clear(),
            Event::Text(text) => {
                let fact = match open.as_str() {
                    "creator" | "initial-creator" => "author",
                    "lastModifiedBy" => "changed_by",
                    "created" | "creation-date" => "created_at",
                    "modified" | "date" => "changed_at",
                    "lastPrinted" | "print-date" => "printed_at",
                    "title" => "title",
                    "subject" => "subject",
                    "keywords" | "keyword" => "keywords",
                    "description" => "description",
                    "revision" | "editing-cycles" => "revision",
                    "Application" | "generator" => "software",
                    "AppVersion" => "software_version",
                    "Company" => "company",
                    "Template" => "template",
                    "Pages" => "pages",
                    "TotalTime" | "editing-duration" => "editing_time",
                    _ => return true,
                };
                answer.fact(fact, &text.xml10_content());
            }
            _ => {}
        }
        true
    });
}

/// The words of a part; says whether there are more.
fn words(name: &str, bytes: &[u8], text: &mut String, answer: &mut Answer) -> bool {
    let mut full = false;
    let mut skipped = false;
    walk(name, bytes, answer, |event, answer| {
        if text.len() > PREVIEW_BYTES {
            full = true;
            return false;
        }
        match event {
            Event::Text(words) if !skipped => text.push_str(&words.xml10_content()),
            Event::CData(words) if !skipped => text.push_str(&words.xml10_content()),
            Event::GeneralRef(reference) => match &**reference {
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "amp" => text.push('&'),
                "quot" => text.push('"'),
                "apos" => text.push('\''),
                _ => text.push(reference.resolve_char_ref().ok().flatten().unwrap_or('\u{fffd}')),
            },
            Event::Start(start) => match start.local_name().into_inner() {
                // The code of a field is no text, and may be one that starts a program.
                "instrText" => skipped = true,
                "f" if name.starts_with("xl/") => skipped = true,
                "ddeLink" => answer.warn(Warning::Launches, name),
                _ => {}
            },
            Event::End(end) => match end.local_name().into_inner() {
                "p" | "h" | "row" | "table-row" | "si" => text.push('\n'),
                "c" | "tc" | "table-cell" | "tab" => text.push('\t'),
                "instrText" | "f" => skipped = false,
                _ => {}
            },
            _ => {}
        }
        true
    });
    full
}
