//! Tables of text. Read record by record into buffers that do not grow: a quotation mark that is never closed swallows no memory.

use std::io::BufRead;

use super::heading::{Sort, assign, folded};
use super::{Cell, Line, Lines, Plan};
use crate::encoding::Charset;
use crate::limits::{CELLS, RECORD_BYTES};
use crate::rows::{Out, ReadError};

/// Reads one.
///
/// # Errors
/// No heading; a column is missing; it cannot be read on.
pub fn read(
    input: &mut dyn BufRead,
    first: &str,
    charset: Charset,
    given: Option<&Plan>,
    out: &mut Out<'_>,
) -> Result<(), ReadError> {
    let delimiter = given.and_then(|plan| plan.delimiter).unwrap_or_else(|| delimiter(first));
    let byte = u8::try_from(delimiter).unwrap_or(b';');
    let base = Plan { charset: Some(charset), delimiter: Some(delimiter), ..Plan::default() };
    super::read(&mut Records::new(input, byte), &base, given, out)
}

/// What stands between cells: with it a heading is found, and the rows are equally long.
fn delimiter(first: &str) -> char {
    let mut sample: String = first.lines().take(200).collect::<Vec<_>>().join("\n");
    sample.push('\n');
    let worth = |delimiter: char| {
        let byte = u8::try_from(delimiter).unwrap_or(b';');
        let mut bytes = sample.as_bytes();
        let mut records = Records::new(&mut bytes, byte);
        let mut heading = 0;
        let mut lengths: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
        while let Ok(Some(line)) = records.next_line() {
            let names: Vec<String> = line.cells.iter().map(|c| folded(&c.text)).collect();
            for sort in [Sort::Statement, Sort::Calls] {
                let meanings = assign(&names, sort);
                heading = heading.max(meanings.iter().flatten().count());
            }
            if line.cells.len() > 1 {
                *lengths.entry(line.cells.len()).or_default() += 1;
            }
        }
        let even =
            lengths.into_iter().map(|(cells, lines)| lines.saturating_mul(cells.min(12))).max().unwrap_or(0);
        (heading.max(1), even)
    };
    // Of equals the last wins.
    [',', '|', '\t', ';'].into_iter().max_by_key(|d| worth(*d)).unwrap_or(';')
}

/// Records of a stream.
struct Records<'i> {
    input: &'i mut dyn BufRead,
    core: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    breaks: u64,
    done: bool,
}

fn gone(error: &std::io::Error) -> ReadError {
    ReadError::Io(error.kind().to_string())
}

impl<'i> Records<'i> {
    fn new(input: &'i mut dyn BufRead, delimiter: u8) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Self { input, core, text: vec![0; RECORD_BYTES], ends: vec![0; CELLS], breaks: 0, done: false }
    }

    fn consume(&mut self, many: usize) -> Result<(), ReadError> {
        let buffer = self.input.fill_buf().map_err(|e| gone(&e))?;
        let breaks = buffer.iter().take(many).filter(|b| **b == b'\n').count();
        self.breaks = self.breaks.saturating_add(u64::try_from(breaks).unwrap_or(0));
        self.input.consume(many);
        Ok(())
    }

    /// Blank lines, and the second half of a line's end.
    fn skip(&mut self) -> Result<(), ReadError> {
        loop {
            let buffer = self.input.fill_buf().map_err(|e| gone(&e))?;
            let many = buffer.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
            if many == 0 {
                return Ok(());
            }
            self.consume(many)?;
        }
    }

    fn cells(&self, ends: usize) -> Vec<Cell> {
        let mut from = 0;
        let mut cells = Vec::with_capacity(ends);
        for end in self.ends.iter().take(ends) {
            let bytes = self.text.get(from..*end).unwrap_or_default();
            cells.push(Cell { text: String::from_utf8_lossy(bytes).into_owned(), exact: false });
            from = *end;
        }
        cells
    }
}

impl Lines for Records<'_> {
    fn next_line(&mut self) -> Result<Option<Line>, ReadError> {
        use csv_core::ReadRecordResult as Step;
        if self.done {
            return Ok(None);
        }
        self.skip()?;
        let line = self.breaks.saturating_add(1);
        let (mut written, mut ended) = (0_usize, 0_usize);
        let mut broken = false;
        loop {
            let input = self.input.fill_buf().map_err(|e| gone(&e))?;
            let (step, read, wrote, ends) = {
                let text = self.text.get_mut(written..).unwrap_or_default();
                let slots = self.ends.get_mut(ended..).unwrap_or_default();
                self.core.read_record(input, text, slots)
            };
            self.consume(read)?;
            written = written.saturating_add(wrote);
            ended = ended.saturating_add(ends);
            match step {
                Step::InputEmpty => {}
                Step::OutputFull | Step::OutputEndsFull => {
                    // Too long to be a record: the rest of it goes by unseen.
                    broken = true;
                    written = 0;
                    ended = 0;
                }
                Step::Record => {
                    let cells = if broken { Vec::new() } else { self.cells(ended) };
                    return Ok(Some(Line { line, cells, broken }));
                }
                Step::End => {
                    self.done = true;
                    let rest = broken.then(|| Line { line, cells: Vec::new(), broken });
                    return Ok(rest);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut bytes = text.as_bytes();
        let mut records = Records::new(&mut bytes, delimiter);
        let mut all = Vec::new();
        while let Some(line) = records.next_line().unwrap() {
            all.push((line.line, line.cells.into_iter().map(|c| c.text).collect()));
        }
        all
    }

    #[test]
    fn each_record_knows_its_line() {
        let text = "a;b\r\n\r\nc;\"d\ne\"\r\nf;g";
        let want: Vec<(u64, Vec<String>)> = [(1, ["a", "b"]), (3, ["c", "d\ne"]), (5, ["f", "g"])]
            .into_iter()
            .map(|(line, cells)| (line, cells.map(str::to_owned).to_vec()))
            .collect();
        assert_eq!(lines(text, b';'), want);
    }

    #[test]
    fn a_record_that_never_ends_is_no_row() {
        let text = format!("a,b\n\"{}\n", "x,".repeat(RECORD_BYTES));
        let mut bytes = text.as_bytes();
        let mut records = Records::new(&mut bytes, b',');
        assert_eq!(records.next_line().unwrap().unwrap().cells.len(), 2);
        let rest = records.next_line().unwrap().unwrap();
        assert!(rest.broken && rest.cells.is_empty());
        assert_eq!(records.next_line().unwrap(), None);
    }

    #[test]
    fn what_stands_between_cells() {
        assert_eq!(delimiter("Дата;Сумма;Назначение платежа\n01.01.2026;1,50;a, b, c"), ';');
        assert_eq!(delimiter("Date,Amount,Description\n2026-01-01,1.50,a; b"), ',');
        assert_eq!(delimiter("Date\tAmount\tDescription\n2026-01-01\t1.50\ta"), '\t');
    }
}
