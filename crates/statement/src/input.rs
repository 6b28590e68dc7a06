//! What a file is, by what is in it, and the reading of it.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::encoding::{self, Charset, Sure, Utf8};
use crate::limits::{HEAD_BYTES, PIECE_BYTES, SHEET_BYTES};
use crate::rows::{Code, Out, ReadError, Sink, Summary, Trouble};
use crate::table::{self, Plan};
use crate::{camt, chat};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A statement, a report or a notice of ISO 20022: camt.053, 052, 054.
    Camt,
    /// A table of text.
    Csv,
    /// A spreadsheet.
    Sheet,
    /// A chat that `WhatsApp` wrote out.
    WhatsApp,
    /// What `Telegram` wrote out, `result.json`.
    Telegram,
    /// A graph of CASE/UCO; the crate `case_uco` reads it.
    CaseUco,
}

impl Format {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Camt => "camt",
            Self::Csv => "csv",
            Self::Sheet => "sheet",
            Self::WhatsApp => "whats_app",
            Self::Telegram => "telegram",
            Self::CaseUco => "case_uco",
        }
    }
}

/// A file that can be read from any place.
pub trait Seekable: Read + Seek {}
impl<T: Read + Seek> Seekable for T {}

/// Where the bytes come from.
pub enum Input<'a> {
    /// One after the other.
    Stream(Box<dyn Read + 'a>),
    /// A file, from its beginning.
    File(Box<dyn Seekable + 'a>),
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stream(_) => "Stream",
            Self::File(_) => "File",
        })
    }
}

/// What is known before.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What it is.
    pub format: Option<Format>,
    /// What a table's columns mean.
    pub plan: Option<Plan>,
    /// The encoding.
    pub charset: Option<Charset>,
}

/// Says what a file is by its first bytes; `None` where it is none of these.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Format> {
    match head {
        // ZIP, and the container of old spreadsheets.
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => {
            return Some(Format::Sheet);
        }
        _ => {}
    }
    let found = encoding::find(head);
    let bytes = head.get(found.mark_bytes..).unwrap_or_default();
    let text = encoding::decode(found.charset, bytes);
    let start = text.trim_start();
    if start.starts_with('<') {
        return camt::is_one(start).then_some(Format::Camt);
    }
    if start.starts_with(['{', '[']) {
        if start.contains("@graph") || start.contains("@context") {
            return Some(Format::CaseUco);
        }
        if start.contains("\"messages\"") || start.contains("\"chats\"") {
            return Some(Format::Telegram);
        }
        // Of a chat the first line may begin with a bracket, too.
        if start.starts_with('{') {
            return None;
        }
    }
    if chat::whatsapp::is_one(&text) {
        return Some(Format::WhatsApp);
    }
    let printable = text
        .chars()
        .take(4096)
        .filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
        .count();
    (!text.trim().is_empty() && printable == 0).then_some(Format::Csv)
}

/// Reads a file row by row.
///
/// # Errors
/// It is in no format that is read here, or is broken so that no further row can be found; what was read until then is out already.
pub fn read<'s>(input: Input<'_>, options: &Options, sink: &'s mut Sink<'s>) -> Result<Summary, ReadError> {
    let mut out = Out::new(sink);
    let (head, input) = headed(input)?;
    let format = options.format.or_else(|| sniff(&head)).ok_or(ReadError::Unknown)?;
    out.summary.format = Some(format);
    if format == Format::Sheet {
        let file = whole(head, input)?;
        table::sheet::read(file, options.plan.as_ref(), &mut out)?;
        return Ok(out.summary);
    }
    let given = options.charset.or_else(|| options.plan.as_ref().and_then(|plan| plan.charset));
    let found = match given {
        Some(charset) => {
            encoding::Found { charset, sure: Sure::Certain, mark_bytes: encoding::find(&head).mark_bytes }
        }
        None => declared(&head, encoding::find(&head)),
    };
    found.charset.as_str().clone_into(&mut out.summary.encoding);
    found.sure.as_str().clone_into(&mut out.summary.encoding_sure);
    let first = encoding::decode(found.charset, head.get(found.mark_bytes..).unwrap_or_default());
    let mut bytes = Cursor::new(head).chain(input);
    io::copy(&mut (&mut bytes).take(u64::try_from(found.mark_bytes).unwrap_or(0)), &mut io::sink())
        .map_err(gone)?;
    let text = Utf8::new(bytes, found.charset);
    let wrong = text.wrong();
    let mut text = match format {
        Format::Csv | Format::WhatsApp => Counted::endless(text),
        _ => Counted::new(text),
    };
    match format {
        Format::Camt => camt::read(&mut text, &mut out)?,
        Format::Csv => table::csv::read(&mut text, &first, found.charset, options.plan.as_ref(), &mut out)?,
        Format::WhatsApp => chat::whatsapp::read(&mut text, &first, &mut out)?,
        Format::Telegram => chat::telegram::read(&mut text, &mut out)?,
        Format::CaseUco | Format::Sheet => return Err(ReadError::Unknown),
    }
    if wrong.get() > 0 {
        out.trouble(Trouble { line: 0, code: Code::NotText, told: wrong.get().to_string() })?;
    }
    Ok(out.summary)
}

/// XML may say in which encoding it is.
fn declared(head: &[u8], found: encoding::Found) -> encoding::Found {
    if found.mark_bytes > 0 || !head.starts_with(b"<?xml") {
        return found;
    }
    let line = head.get(..200).unwrap_or(head);
    let line = String::from_utf8_lossy(line);
    let named = line
        .split_once("?>")
        .and_then(|(decl, _)| decl.split_once("encoding="))
        .and_then(|(_, rest)| Charset::named(rest.get(1..)?.split(['"', '\'']).next()?));
    match named {
        // What is well-formed UTF-8 by chance is rare; a wrong declaration over UTF-8 is not.
        Some(charset) if found.sure < Sure::Certain || found.charset == charset => {
            encoding::Found { charset, sure: Sure::Certain, mark_bytes: 0 }
        }
        _ => found,
    }
}

fn gone(error: io::Error) -> ReadError {
    ReadError::Io(error.kind().to_string())
}

/// What is left of an input whose first bytes were taken.
enum Rest<'a> {
    Stream(Box<dyn Read + 'a>),
    File(Box<dyn Seekable + 'a>),
}

impl Read for Rest<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stream(stream) => stream.read(to),
            Self::File(file) => file.read(to),
        }
    }
}

fn headed(input: Input<'_>) -> Result<(Vec<u8>, Rest<'_>), ReadError> {
    let mut rest = match input {
        Input::Stream(stream) => Rest::Stream(stream),
        Input::File(file) => Rest::File(file),
    };
    let mut head = Vec::new();
    (&mut rest).take(u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX)).read_to_end(&mut head).map_err(gone)?;
    Ok((head, rest))
}

fn whole<'a>(mut head: Vec<u8>, rest: Rest<'a>) -> Result<Box<dyn Seekable + 'a>, ReadError> {
    match rest {
        Rest::File(mut file) => {
            let size = file.seek(SeekFrom::End(0)).map_err(gone)?;
            file.seek(SeekFrom::Start(0)).map_err(gone)?;
            if size > SHEET_BYTES { Err(ReadError::TooLarge) } else { Ok(Box::new(file)) }
        }
        Rest::Stream(stream) => {
            stream.take(SHEET_BYTES.saturating_add(1)).read_to_end(&mut head).map_err(gone)?;
            if u64::try_from(head.len()).unwrap_or(u64::MAX) > SHEET_BYTES {
                return Err(ReadError::TooLarge);
            }
            Ok(Box::new(Cursor::new(head)))
        }
    }
}

/// Where a stream stands.
#[derive(Debug, Clone, Default)]
pub struct Place {
    breaks: Rc<Cell<u64>>,
    piece: Rc<Cell<u64>>,
    over: Rc<Cell<bool>>,
}

impl Place {
    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.breaks.get().saturating_add(1)
    }

    /// A piece is done: the next may be as long again.
    pub fn done(&self) {
        self.piece.set(0);
    }

    /// Whether a piece was longer than any may be.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over.get()
    }
}

/// Counts lines, and gives no more of one piece than any piece may have.
#[derive(Debug)]
pub struct Counted<R> {
    inner: BufReader<R>,
    place: Place,
    most: u64,
}

impl<R: Read> Counted<R> {
    /// Over a stream of UTF-8, of which a parser keeps whole pieces in memory.
    pub fn new(inner: R) -> Self {
        Self { inner: BufReader::with_capacity(32 << 10, inner), place: Place::default(), most: PIECE_BYTES }
    }

    /// The same for readers that have limits of their own.
    pub fn endless(inner: R) -> Self {
        Self { most: u64::MAX, ..Self::new(inner) }
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place.clone()
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.place.piece.get() > self.most {
            self.place.over.set(true);
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, many: usize) {
        let taken = self.inner.buffer().get(..many).unwrap_or_default();
        let breaks = taken.iter().filter(|b| **b == b'\n').count();
        let add =
            |cell: &Cell<u64>, n: usize| cell.set(cell.get().saturating_add(u64::try_from(n).unwrap_or(0)));
        add(&self.place.breaks, breaks);
        add(&self.place.piece, many);
        self.inner.consume(many);
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let many = {
            let from = self.fill_buf()?;
            let many = from.len().min(to.len());
            for (to, from) in to.iter_mut().zip(from.iter().take(many)) {
                *to = *from;
            }
            many
        };
        self.consume(many);
        Ok(many)
    }
}
