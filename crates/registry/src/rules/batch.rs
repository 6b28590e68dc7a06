//! Lists that others keep, read: CSV, a workbook (XLSX), JSON, and warning lists in the format of MISP. Pure: bytes in, lines out,
//! each with its number in the file; what a line means is judged elsewhere.

use std::io::{Cursor, Read as _};

use app::sheet;
use calamine::{DataRef, Xlsx, open_workbook_from_rs};
use serde_json::Value;

/// Most bytes of a file.
pub const MAX_BYTES: usize = 4 << 20;
/// Most lines of one list.
pub const MAX_LINES: usize = 50_000;
/// Most bytes of what is packed into a workbook, unpacked: a small file may hold a great deal of nothing.
const MAX_UNPACKED: u64 = 64 << 20;
/// Longest value; what is longer is no identifier of any kind.
const MAX_VALUE: usize = 2_000;
/// Columns of a sheet that are looked at.
const COLUMNS: usize = 16;
/// Columns in which a value is looked for, by their headings.
const VALUE: [&str; 4] = ["value", "identifier", "значение", "мәні"];
/// Columns that say what sort of thing it is.
const KIND: [&str; 4] = ["kind", "type", "вид", "түрі"];

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands: the line of a text, the row of a sheet, the place in a list.
    pub no: u64,
    /// What sort of thing it says it is.
    pub kind: Option<String>,
    /// As it was written.
    pub value: String,
}

/// How the values of a list are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// A thing is the value; a domain with everything below it.
    Usual,
    /// A thing is the value, letter by letter.
    Exact,
    /// An address of the network lies in the value (CIDR).
    Network,
}

/// A list as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// What it calls itself.
    pub name: Option<String>,
    /// In which format it came.
    pub format: &'static str,
    /// How its values are compared.
    pub matching: Matching,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Why a file is no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchFault {
    /// Nothing in it.
    #[error("the file holds no line")]
    Empty,
    /// It is too large, or has too many lines.
    #[error("the file is too large")]
    TooLarge,
    /// It is none of the formats that are read, or broken.
    #[error("the file is none of the formats that are read")]
    Format,
    /// No column is called so that values are found in it.
    #[error("no column holds values")]
    Column,
    /// A warning list compares by parts of words, which would protect what nobody meant.
    #[error("the list compares by parts of words")]
    Matching,
}

/// Reads a list.
///
/// # Errors
/// [`BatchFault`].
pub fn read(bytes: &[u8]) -> Result<Brought, BatchFault> {
    if bytes.len() > MAX_BYTES {
        return Err(BatchFault::TooLarge);
    }
    let start = bytes.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf));
    let brought = match start {
        None => return Err(BatchFault::Empty),
        Some(b'P') if bytes.starts_with(b"PK\x03\x04") => workbook(bytes)?,
        Some(b'{' | b'[') => json(bytes)?,
        Some(_) => text(bytes)?,
    };
    match brought.lines.len() {
        0 => Err(BatchFault::Empty),
        n if n > MAX_LINES => Err(BatchFault::TooLarge),
        _ => Ok(brought),
    }
}

fn line(no: u64, kind: Option<&str>, value: &str) -> Option<Line> {
    // A spreadsheet keeps a number from being reckoned with by an apostrophe.
    let value = value.trim().trim_start_matches('\'');
    let kind = kind.map(|k| k.trim().to_lowercase()).filter(|k| !k.is_empty());
    (!value.is_empty()).then(|| Line { no, kind, value: value.chars().take(MAX_VALUE).collect() })
}

/// Which columns hold the value and the kind. A first line that names none of them is a line like the others, where there is one
/// column alone.
fn columns(heading: &[String]) -> Result<Option<(usize, Option<usize>)>, BatchFault> {
    let place = |names: &[&str]| {
        heading
            .iter()
            .position(|h| names.contains(&h.trim().trim_start_matches('\u{feff}').to_lowercase().as_str()))
    };
    match (place(&VALUE), heading.iter().filter(|h| !h.trim().is_empty()).count()) {
        (Some(value), _) => Ok(Some((value, place(&KIND)))),
        (None, 0 | 1) => Ok(None),
        (None, _) => Err(BatchFault::Column),
    }
}

/// Rows of a table as lines.
fn table(
    format: &'static str,
    rows: impl Iterator<Item = Result<(u64, Vec<String>), BatchFault>>,
) -> Result<Brought, BatchFault> {
    let mut lines = Vec::new();
    let mut places: Option<(usize, Option<usize>)> = None;
    for row in rows {
        let (no, cells) = row?;
        let Some((value, kind)) = places else {
            places = columns(&cells)?;
            if places.is_none() {
                places = Some((0, None));
                lines.extend(cells.first().and_then(|v| line(no, None, v)));
            }
            continue;
        };
        let kind = kind.and_then(|at| cells.get(at)).map(String::as_str);
        lines.extend(cells.get(value).and_then(|v| line(no, kind, v)));
        if lines.len() > MAX_LINES {
            return Err(BatchFault::TooLarge);
        }
    }
    Ok(Brought { name: None, format, matching: Matching::Usual, lines })
}

fn text(bytes: &[u8]) -> Result<Brought, BatchFault> {
    let text = sheet::decoded(bytes);
    if text.chars().any(|c| c == '\0') {
        return Err(BatchFault::Format);
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(sheet::delimiter(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut no, mut counted) = (1_u64, 0_usize);
    let rows = reader.records().map(|record| {
        let record = record.map_err(|_| BatchFault::Format)?;
        // Where a record begins, blank lines before it are not passed over yet.
        let at = record.position().and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(counted);
        let at = at.saturating_add(
            text.get(at..)
                .map_or(0, |rest| rest.len().saturating_sub(rest.trim_start_matches(['\r', '\n']).len())),
        );
        let passed = text.get(counted..at).map_or(0, |passed| passed.matches('\n').count());
        (no, counted) = (no.saturating_add(u64::try_from(passed).unwrap_or(0)), at);
        Ok((no, record.iter().map(str::to_owned).collect()))
    });
    table("csv", rows)
}

/// Whether what is packed grows beyond bounds when it is unpacked, or asks its reader to make room for more than it holds: counted,
/// not believed.
fn is_bomb(bytes: &[u8]) -> Result<bool, BatchFault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| BatchFault::Format)?;
    let mut left = MAX_UNPACKED;
    for no in 0..archive.len() {
        let part = archive.by_index(no).map_err(|_| BatchFault::Format)?;
        let mut text = Vec::new();
        let read =
            part.take(left.saturating_add(1)).read_to_end(&mut text).map_err(|_| BatchFault::Format)?;
        left = match left.checked_sub(u64::try_from(read).unwrap_or(u64::MAX)) {
            Some(left) => left,
            None => return Ok(true),
        };
        if promises_too_much(&text) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a table of strings says that it holds more than any list of ours: its reader makes room for as many as are promised.
fn promises_too_much(text: &[u8]) -> bool {
    const PROMISE: &[u8] = b"uniqueCount";
    text.windows(PROMISE.len()).enumerate().filter(|(_, w)| *w == PROMISE).any(|(at, _)| {
        let value = text.get(at.saturating_add(PROMISE.len())..).unwrap_or_default().iter();
        let digits = value.skip_while(|b| !b.is_ascii_digit()).take_while(|b| b.is_ascii_digit()).take(20);
        let add = |n: usize, b: &u8| n.saturating_mul(10).saturating_add(usize::from(b.saturating_sub(b'0')));
        digits.fold(0_usize, add) > MAX_LINES.saturating_mul(COLUMNS)
    })
}

/// The first sheet of a workbook.
fn workbook(bytes: &[u8]) -> Result<Brought, BatchFault> {
    if is_bomb(bytes)? {
        return Err(BatchFault::TooLarge);
    }
    let mut book: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(bytes)).map_err(|_: calamine::XlsxError| BatchFault::Format)?;
    let name = calamine::Reader::sheet_names(&book).first().cloned().ok_or(BatchFault::Empty)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| BatchFault::Format)?;
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| BatchFault::Format)? {
        let (row, column) = cell.get_position();
        // What lies further to the right is none of ours.
        let (Ok(column @ 0..COLUMNS), no) = (usize::try_from(column), u64::from(row).saturating_add(1))
        else {
            continue;
        };
        if rows.last().is_none_or(|(last, _)| *last != no) {
            rows.push((no, Vec::new()));
        }
        if rows.len() > MAX_LINES.saturating_add(1) {
            return Err(BatchFault::TooLarge);
        }
        if let Some((_, cells)) = rows.last_mut() {
            if cells.len() <= column {
                cells.resize(column.saturating_add(1), String::new());
            }
            if let Some(place) = cells.get_mut(column) {
                *place = written(cell.get_value());
            }
        }
    }
    table("xlsx", rows.into_iter().map(Ok))
}

/// A cell as somebody would have typed it: a long number that the sheet keeps as a number has no point and no exponent.
fn written(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::String(text) => text.chars().take(MAX_VALUE).collect(),
        DataRef::SharedString(text) => text.chars().take(MAX_VALUE).collect(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => format!("{number}"),
        _ => String::new(),
    }
}

fn json(bytes: &[u8]) -> Result<Brought, BatchFault> {
    let text = sheet::decoded(bytes);
    let value: Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|_| BatchFault::Format)?;
    match &value {
        Value::Array(all) => {
            Ok(Brought { name: None, format: "json", matching: Matching::Usual, lines: items(all)? })
        }
        Value::Object(map) => {
            let Some(Value::Array(all)) = map.get("list") else { return Err(BatchFault::Column) };
            let name = map.get("name").and_then(Value::as_str).map(|n| n.chars().take(100).collect());
            let matching = match map.get("type").and_then(Value::as_str) {
                Some("hostname") | None => Matching::Usual,
                Some("string") => Matching::Exact,
                Some("cidr") => Matching::Network,
                Some(_) => return Err(BatchFault::Matching),
            };
            Ok(Brought { name, format: "misp", matching, lines: items(all)? })
        }
        _ => Err(BatchFault::Format),
    }
}

fn items(all: &[Value]) -> Result<Vec<Line>, BatchFault> {
    if all.len() > MAX_LINES {
        return Err(BatchFault::TooLarge);
    }
    let mut lines = Vec::new();
    for (no, item) in (1_u64..).zip(all) {
        let of = |key: &str| item.get(key).and_then(Value::as_str);
        match item {
            Value::String(value) => lines.extend(line(no, None, value)),
            Value::Number(value) => lines.extend(line(no, None, &value.to_string())),
            Value::Object(_) if item.get("value").is_some_and(Value::is_string) => {
                lines.extend(of("value").and_then(|value| line(no, of("kind"), value)));
            }
            // It is no value of any kind, and is told so at its place.
            other => lines.extend(line(no, None, &other.to_string())),
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn lines(text: &str) -> Vec<(u64, Option<String>, String)> {
        read(text.as_bytes()).unwrap().lines.into_iter().map(|l| (l.no, l.kind, l.value)).collect()
    }
    fn plain(no: u64, value: &str) -> (u64, Option<String>, String) {
        (no, None, value.to_owned())
    }

    #[test]
    fn texts_with_and_without_a_heading() {
        let all = [plain(1, "+77000000001"), plain(2, "bad.example")];
        assert_eq!(lines("+77000000001\nbad.example\n"), all);
        assert_eq!(
            lines("value\n+77000000001\n\nbad.example"),
            [plain(2, "+77000000001"), plain(4, "bad.example")]
        );
        let kind = |no, kind: &str, value: &str| (no, Some(kind.to_owned()), value.to_owned());
        assert_eq!(
            lines("\u{feff}Kind;Value;note\nphone;'+77000000001;x\n;bad.example;"),
            [kind(2, "phone", "+77000000001"), plain(3, "bad.example")]
        );
        assert_eq!(
            lines("Вид\tЗначение\nurl\thttps://a.example/?x=1,2\n"),
            [kind(2, "url", "https://a.example/?x=1,2")]
        );
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("значение\nbad.example");
        assert_eq!(read(&cyrillic).unwrap().lines.len(), 1);
    }

    #[test]
    fn json_and_warning_lists() {
        assert_eq!(lines(r#"["a.example", 77000000001]"#), [plain(1, "a.example"), plain(2, "77000000001")]);
        assert_eq!(
            lines(r#" [{"kind":"phone","value":"+77000000001"},{"value":" "}]"#),
            [(1, Some("phone".to_owned()), "+77000000001".to_owned())]
        );
        let misp = |kind: &str| {
            read(format!(r#"{{"name":"Invented","version":1,"type":"{kind}","list":[".a.example"],"matching_attributes":["domain"]}}"#).as_bytes())
        };
        let read = misp("hostname").unwrap();
        assert_eq!(
            (read.name.as_deref(), read.format, read.matching),
            (Some("Invented"), "misp", Matching::Usual)
        );
        assert_eq!(misp("string").unwrap().matching, Matching::Exact);
        assert_eq!(misp("cidr").unwrap().matching, Matching::Network);
        assert_eq!(misp("regex"), Err(BatchFault::Matching));
        assert_eq!(misp("substring"), Err(BatchFault::Matching));
    }

    /// A workbook as small as one can be; invented.
    fn book(sheet: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        let mut add = |name: &str, text: &str| {
            zip.start_file(name, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        };
        add(
            "[Content_Types].xml",
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        );
        add(
            "_rels/.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        );
        add(
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        );
        add(
            "xl/_rels/workbook.xml.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        );
        add(
            "xl/worksheets/sheet1.xml",
            &format!(
                r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>"#
            ),
        );
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn workbooks() {
        let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
        let sheet = format!(
            r#"<row r="1">{}{}</row><row r="3">{}<c r="B3"><v>77000000001</v></c></row>"#,
            cell("A1", "kind"),
            cell("B1", "value"),
            cell("A3", "phone")
        );
        let read = read(&book(&sheet)).unwrap();
        assert_eq!(read.format, "xlsx");
        assert_eq!(read.lines, [Line { no: 3, kind: Some("phone".into()), value: "77000000001".into() }]);
    }

    #[test]
    fn what_is_no_list() {
        let of = |bytes: &[u8]| read(bytes).unwrap_err();
        assert_eq!(of(b""), BatchFault::Empty);
        assert_eq!(of(b" \n \n"), BatchFault::Empty);
        assert_eq!(of(b"value\n"), BatchFault::Empty);
        assert_eq!(of(b"name;place\nx;y"), BatchFault::Column);
        assert_eq!(of(b"{\"a\":1}"), BatchFault::Column);
        assert_eq!(of(b"{"), BatchFault::Format);
        // A thing that is no value is told at its place, and refuses nothing else.
        assert_eq!(lines(r#"[[1], null, {"a": 1}, "bad.example"]"#).len(), 4);
        assert_eq!(of(b"PK\x03\x04 and nothing more"), BatchFault::Format);
        assert_eq!(of(b"%PDF-1.7\0\x01"), BatchFault::Format);
        assert_eq!(of(&vec![b'a'; MAX_BYTES + 1]), BatchFault::TooLarge);
        assert_eq!(of("a.example\n".repeat(MAX_LINES + 1).as_bytes()), BatchFault::TooLarge);
        // Seventy megabytes of nothing in a small file.
        let bomb = book(&format!("<row r=\"1\">{}</row>", " ".repeat(70 << 20)));
        assert!(bomb.len() < MAX_BYTES);
        assert_eq!(of(&bomb), BatchFault::TooLarge);
        // A kilobyte that asks for room for a trillion strings.
        let promise = book("<x uniqueCount=\"1000000000000\"/>");
        assert_eq!(of(&promise), BatchFault::TooLarge);
    }

    proptest! {
        /// Whatever is brought, nothing breaks, and no line is empty.
        #[test]
        fn any_file(bytes in proptest::collection::vec(any::<u8>(), 0..400), text in "\\PC{0,200}") {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                if let Ok(read) = read(bytes) {
                    prop_assert!(read.lines.iter().all(|l| !l.value.trim().is_empty()));
                }
            }
        }
    }
}
