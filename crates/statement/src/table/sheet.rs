//! Spreadsheets. Cells of XLSX come as a stream; what else there is must fit in memory, and is small enough to.

use std::io::{Read as _, Seek as _, SeekFrom};

use calamine::{Data, DataRef, Ods, Reader as _, Sheets, Xls, Xlsb, Xlsx};

use super::{Cell, Line, Lines, Plan};
use crate::input::Seekable;
use crate::limits::{CELLS, FIELD_CHARS};
use crate::rows::{Out, ReadError};

type File<'a> = std::io::BufReader<Box<dyn Seekable + 'a>>;

/// Reads the first sheet that has a heading, or the one that the mapping names.
///
/// # Errors
/// No spreadsheet; no heading; a column is missing.
pub fn read(file: Box<dyn Seekable + '_>, given: Option<&Plan>, out: &mut Out<'_>) -> Result<(), ReadError> {
    let mut book = open(file)?;
    let names: Vec<String> = match given.map(|plan| plan.sheet.as_str()).filter(|name| !name.is_empty()) {
        Some(name) => vec![name.to_owned()],
        None => book.sheet_names(),
    };
    let mut last = ReadError::NoHeading(Box::default());
    for name in names.into_iter().take(64) {
        let base = Plan { sheet: name.clone(), ..Plan::default() };
        let before = out.summary.rows;
        let done = with_lines(&mut book, &name, |lines| super::read(lines, &base, given, out));
        match done {
            Err(error @ (ReadError::NoHeading(_) | ReadError::NoColumn(..)))
                if out.summary.rows == before =>
            {
                last = error
            }
            other => return other,
        }
    }
    Err(last)
}

fn broken(error: &dyn std::fmt::Display) -> ReadError {
    ReadError::Malformed { line: 0, why: error.to_string().chars().take(200).collect() }
}

/// Tries what it may be; what is wrong is told of the kind that is meant most.
fn open(file: Box<dyn Seekable + '_>) -> Result<Sheets<SharedFile<'_>>, ReadError> {
    let mut file = SharedFile::new(file);
    let mut magic = [0_u8; 2];
    let read = file.read(&mut magic).and_then(|_| file.seek(SeekFrom::Start(0)));
    read.map_err(|error| ReadError::Io(error.kind().to_string()))?;
    if &magic != b"PK" {
        return Xls::new(file).map(Sheets::Xls).map_err(|error| broken(&error));
    }
    let error = match Xlsx::new(file.clone()) {
        Ok(book) => return Ok(Sheets::Xlsx(book)),
        Err(error) => error,
    };
    if let Ok(book) = Ods::new(file.clone()) {
        return Ok(Sheets::Ods(book));
    }
    Xlsb::new(file).map(Sheets::Xlsb).map_err(|_| broken(&error))
}

/// A file that is handed from one attempt to the next: what kind of spreadsheet it is, is found out by trying.
#[derive(Clone)]
struct SharedFile<'a> {
    file: std::rc::Rc<std::cell::RefCell<File<'a>>>,
}

impl<'a> SharedFile<'a> {
    fn new(file: Box<dyn Seekable + 'a>) -> Self {
        Self { file: std::rc::Rc::new(std::cell::RefCell::new(std::io::BufReader::new(file))) }
    }
}
impl std::io::Read for SharedFile<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        self.file.borrow_mut().read(to)
    }
}
impl std::io::Seek for SharedFile<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.file.borrow_mut().seek(to)
    }
}

fn with_lines(
    book: &mut Sheets<SharedFile<'_>>,
    name: &str,
    read: impl FnOnce(&mut dyn Lines) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    if let Sheets::Xlsx(xlsx) = book {
        return streamed(xlsx, name, read);
    }
    let range = book.worksheet_range(name).map_err(|error| broken(&error))?;
    let first = range.start().map_or(0, |(row, _)| row);
    let rows = range.rows().zip(u64::from(first).saturating_add(1)..).map(|(row, line)| Line {
        line,
        cells: row.iter().take(CELLS).map(owned_cell).collect(),
        broken: false,
    });
    read(&mut Range(rows))
}

struct Range<I>(I);
impl<I: Iterator<Item = Line>> Lines for Range<I> {
    fn next_line(&mut self) -> Result<Option<Line>, ReadError> {
        Ok(self.0.next())
    }
}

fn streamed(
    xlsx: &mut Xlsx<SharedFile<'_>>,
    name: &str,
    read: impl FnOnce(&mut dyn Lines) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let cells = xlsx.worksheet_cells_reader(name).map_err(|error| broken(&error))?;
    read(&mut Streamed { cells, next: None, done: false })
}

struct Streamed<'b, 'a> {
    cells: calamine::XlsxCellReader<'b, SharedFile<'a>>,
    next: Option<((u32, u32), Cell)>,
    done: bool,
}

impl Lines for Streamed<'_, '_> {
    fn next_line(&mut self) -> Result<Option<Line>, ReadError> {
        let mut line: Option<(u32, Line)> = None;
        loop {
            let found = match self.next.take() {
                Some(next) => Some(next),
                None if self.done => None,
                None => match self.cells.next_cell() {
                    Ok(cell) => cell.map(|cell| (cell.get_position(), cell_of(cell.get_value()))),
                    Err(error) => return Err(broken(&error)),
                },
            };
            let Some(((row, column), cell)) = found else {
                self.done = true;
                return Ok(line.map(|(_, line)| line));
            };
            match &line {
                Some((open, _)) if *open != row => {
                    self.next = Some(((row, column), cell));
                    return Ok(line.map(|(_, line)| line));
                }
                Some(_) => {}
                None => {
                    line = Some((row, Line { line: u64::from(row).saturating_add(1), ..Line::default() }))
                }
            }
            let at = usize::try_from(column).unwrap_or(usize::MAX);
            if let Some((_, line)) = line.as_mut().filter(|_| at < CELLS) {
                if line.cells.len() <= at {
                    line.cells.resize(at.saturating_add(1), Cell::default());
                }
                if let Some(slot) = line.cells.get_mut(at) {
                    *slot = cell;
                }
            }
        }
    }
}

fn exact(text: String) -> Cell {
    Cell { text, exact: true }
}

fn plain(text: &str) -> Cell {
    Cell { text: text.chars().take(FIELD_CHARS).collect(), exact: false }
}

/// Sheets that are not read as a stream give values of another type.
fn owned_cell(value: &Data) -> Cell {
    cell_of(&match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(at) => DataRef::DateTime(*at),
        Data::DateTimeIso(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::Error(_) | Data::Empty => DataRef::Empty,
    })
}

fn cell_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Int(number) => exact(number.to_string()),
        // The shortest number that is read as the same one: what was typed, for all that a statement holds.
        DataRef::Float(number) => exact(number.to_string()),
        DataRef::String(text) => plain(text),
        DataRef::SharedString(text) => plain(text),
        DataRef::Bool(truth) => plain(if *truth { "true" } else { "false" }),
        DataRef::DateTime(at) => {
            let (y, m, d, h, min, s, _) = at.to_ymd_hms_milli();
            let midnight = (h, min, s) == (0, 0, 0) && !at.is_duration();
            exact(if midnight {
                format!("{y:04}-{m:02}-{d:02}")
            } else {
                format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}")
            })
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => plain(text),
        DataRef::Error(_) | DataRef::Empty => Cell::default(),
    }
}
