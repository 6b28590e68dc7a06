//! Tables: which line is the heading, what the columns mean, and the rows under it.
//!
//! A statement as banks hand it out has lines before the heading (whose account, from when, the balance before) and behind the last row
//! (sums, the balance after). They are looked for and held against the rows.

mod call;
pub mod csv;
mod figures;
pub mod heading;
mod movement;
mod plan;
pub mod sheet;

use std::collections::VecDeque;

pub use plan::{Column, Plan, Serial};

use crate::amount::{Decimal, Mark};
use crate::limits::{SAMPLE_BYTES, SAMPLE_LINES};
use crate::rows::{Code, Out, ReadError, Trouble};
use heading::Sort;

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub text: String,
    /// Whether it is a number or a time as machines write it, not as people do.
    pub exact: bool,
}

impl Cell {
    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Its amount; `None` where nothing stands.
    ///
    /// # Errors
    /// What stands there is none.
    pub fn amount(&self, mark: Option<Mark>) -> Result<Option<Decimal>, crate::amount::Unread> {
        if self.is_empty() {
            return Ok(None);
        }
        if self.exact {
            return Decimal::from_machine(self.text.trim()).map(Some).ok_or(crate::amount::Unread::NoAmount);
        }
        match crate::amount::told(&self.text, mark) {
            Err(crate::amount::Unread::Empty) => Ok(None),
            // A dash stands for nothing in tables.
            Err(_) if matches!(self.text.trim(), "-" | "–" | "—") => Ok(None),
            other => other.map(Some),
        }
    }
}

/// A row of cells, and where it began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The line of the file, or the row of the sheet, from 1.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Whether it was too long and is not whole.
    pub broken: bool,
}

impl Line {
    fn bytes(&self) -> usize {
        self.cells.iter().map(|c| c.text.len().saturating_add(48)).sum()
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_empty)
    }
}

/// Where lines come from.
pub trait Lines {
    /// The next one.
    ///
    /// # Errors
    /// It cannot be read on.
    fn next_line(&mut self) -> Result<Option<Line>, ReadError>;
}

/// Reads a table. `base` knows what is known of the file: its encoding, the delimiter, the sheet.
///
/// # Errors
/// No heading; a column is missing; it cannot be read on.
pub fn read(
    lines: &mut dyn Lines,
    base: &Plan,
    given: Option<&Plan>,
    out: &mut Out<'_>,
) -> Result<(), ReadError> {
    let mut sample: VecDeque<Line> = VecDeque::new();
    let mut bytes = 0_usize;
    while sample.len() < SAMPLE_LINES && bytes < SAMPLE_BYTES {
        let Some(line) = lines.next_line()? else { break };
        bytes = bytes.saturating_add(line.bytes());
        sample.push_back(line);
    }
    let plan = Plan::find(sample.make_contiguous(), base, given)?;
    out.summary.plan = Some(plan.clone());
    let mut before = Vec::new();
    while sample.front().is_some_and(|line| line.line < plan.first_line()) {
        before.extend(sample.pop_front());
    }
    if plan.order_open {
        out.trouble(Trouble { line: 0, code: Code::DayOrMonth, told: String::new() })?;
    }
    let mut rows = Rows::new(&plan, &before, out);
    while let Some(line) = sample.pop_front() {
        rows.take(&line, out)?;
    }
    while let Some(line) = lines.next_line()? {
        rows.take(&line, out)?;
    }
    rows.end(out)
}

enum Rows {
    Movements(Box<movement::Movements>),
    Calls(call::Calls),
}

impl Rows {
    fn new(plan: &Plan, before: &[Line], out: &mut Out<'_>) -> Self {
        match plan.sort {
            Sort::Statement => Self::Movements(Box::new(movement::Movements::new(plan, before, out))),
            Sort::Calls => Self::Calls(call::Calls::new(plan)),
        }
    }

    fn take(&mut self, line: &Line, out: &mut Out<'_>) -> Result<(), ReadError> {
        if line.broken {
            return out.trouble(Trouble { line: line.line, code: Code::TooLong, told: String::new() });
        }
        if line.is_blank() {
            return Ok(());
        }
        match self {
            Self::Movements(movements) => movements.take(line, out),
            Self::Calls(calls) => calls.take(line, out),
        }
    }

    fn end(self, out: &mut Out<'_>) -> Result<(), ReadError> {
        match self {
            Self::Movements(movements) => movements.end(out),
            Self::Calls(_) => Ok(()),
        }
    }
}
