//! What a table's columns mean: found out, shown, corrected by a person and handed in again.

use serde::{Deserialize, Serialize};

use super::heading::{Field, Sort, assign, folded};
use super::{Cell, Line};
use crate::amount::{self, Mark};
use crate::encoding::Charset;
use crate::limits::HEADING_WITHIN;
use crate::rows::ReadError;
use crate::when::{self, Order};

/// One column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Column {
    /// Its place, from 1; 0: by its heading.
    pub number: usize,
    /// Its heading.
    pub heading: String,
    /// What it means; absent: nothing is taken from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// Whether its heading says exactly that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sure: bool,
}

/// A number that may be a date, and the date that it would be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Serial {
    /// As it stands in the file.
    pub number: String,
    /// ISO 8601.
    pub at: String,
}

/// How many of them are shown.
const SERIALS: usize = 3;

/// What a table's columns mean, and how it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Movements or calls.
    pub sort: Sort,
    /// The encoding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<Charset>,
    /// What stands between cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The sheet.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sheet: String,
    /// The line of the heading, from 1; absent: it is looked for; 0: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading_line: Option<u64>,
    /// Over how many lines the heading goes: 1 or 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading_lines: Option<u8>,
    /// Whether the day or the month comes first in dates of numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Whether nothing in the file shows which comes first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub order_open: bool,
    /// Whether the numbers in the column of dates are days as spreadsheets count them. Absent: they are none; `false`: they may be, and nobody
    /// has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<bool>,
    /// What stands before decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Mark>,
    /// Whether what went out stands below zero in the column of amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
    /// The account, where no column names it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub account: String,
    /// The currency, where no column names it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub currency: String,
    /// The first of the numbers that may be dates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<Serial>,
    /// The columns.
    pub columns: Vec<Column>,
}

/// A heading that may be one.
struct Candidate {
    score: usize,
    at: usize,
    lines: u8,
    sort: Sort,
    names: Vec<String>,
    meanings: Vec<Option<(Field, bool)>>,
}

impl Plan {
    /// Reads a mapping that a person wrote or corrected.
    ///
    /// # Errors
    /// It is none.
    pub fn from_toml(text: &str) -> Result<Self, ReadError> {
        toml::from_str(text).map_err(|error| ReadError::Mapping(error.message().to_owned()))
    }

    /// The mapping, to be looked at and corrected.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// The first line under the heading.
    #[must_use]
    pub fn first_line(&self) -> u64 {
        match self.heading_line {
            Some(line) if line > 0 => line.saturating_add(u64::from(self.heading_lines.unwrap_or(1))),
            _ => 1,
        }
    }

    /// Where a column stands, from 0.
    #[must_use]
    pub fn place(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|c| c.field == Some(field)).and_then(|c| c.number.checked_sub(1))
    }

    /// A date of this table, ISO 8601.
    #[must_use]
    pub fn date(&self, text: &str) -> Option<String> {
        let counted = if self.serial == Some(true) { when::serial(text) } else { None };
        counted.or_else(|| when::told(text, self.order.unwrap_or_default()))
    }

    /// The cell of a field.
    #[must_use]
    pub fn cell<'l>(&self, line: &'l Line, field: Field) -> Option<&'l Cell> {
        line.cells.get(self.place(field)?)
    }

    /// Whether a line is the heading once more, as it stands at the top of each page.
    #[must_use]
    pub fn is_heading(&self, line: &Line) -> bool {
        let mut same = 0;
        for column in self.columns.iter().filter(|c| c.field.is_some() && !c.heading.is_empty()) {
            let Some(cell) = column.number.checked_sub(1).and_then(|at| line.cells.get(at)) else {
                return false;
            };
            if folded(&cell.text) != folded(&column.heading) {
                return false;
            }
            same += 1;
        }
        same > 1
    }

    /// Finds out what a table's columns mean from its first lines; what is `given` stands.
    ///
    /// # Errors
    /// No heading; a column is missing; the mapping names one that is not there.
    pub fn find(sample: &[Line], base: &Self, given: Option<&Self>) -> Result<Self, ReadError> {
        let mut plan = match given {
            Some(given) if given.columns.iter().any(|c| c.field.is_some()) => given.clone(),
            given => match detect(sample, given) {
                Some(found) => found,
                None => return Err(ReadError::NoHeading(Box::new(guess(sample, base, given)))),
            },
        };
        plan.charset = base.charset.or(plan.charset);
        plan.delimiter = base.delimiter.or(plan.delimiter);
        base.sheet.clone_into(&mut plan.sheet);
        plan.place_heading(sample)?;
        if let Some(missing) = plan.sort.missing(|field| plan.place(field).is_some()) {
            return Err(ReadError::NoColumn(missing, Box::new(plan)));
        }
        plan.look(sample);
        Ok(plan)
    }

    /// Puts a heading to each column, and a number to each that is named by its heading.
    fn place_heading(&mut self, sample: &[Line]) -> Result<(), ReadError> {
        if self.heading_line.is_none() {
            let wanted: Vec<String> = self
                .columns
                .iter()
                .filter(|c| c.field.is_some())
                .map(|c| folded(&c.heading))
                .filter(|h| !h.is_empty())
                .collect();
            let here = |line: &&Line| {
                let cells: Vec<String> = line.cells.iter().map(|c| folded(&c.text)).collect();
                !wanted.is_empty() && wanted.iter().all(|w| cells.contains(w))
            };
            match sample.iter().take(HEADING_WITHIN).find(here) {
                Some(line) => self.heading_line = Some(line.line),
                None if wanted.is_empty() => self.heading_line = Some(0),
                None => return Err(ReadError::Mapping(wanted.into_iter().next().unwrap_or_default())),
            }
        }
        let Some(at) = sample.iter().position(|l| Some(l.line) == self.heading_line) else {
            return if self.heading_line == Some(0) {
                Ok(())
            } else {
                Err(ReadError::NoHeading(Box::new(self.clone())))
            };
        };
        let names = combined(sample, at, self.heading_lines.unwrap_or(1));
        if self.columns.is_empty() {
            let meanings = assign(&names.iter().map(|n| folded(n)).collect::<Vec<_>>(), self.sort);
            for (no, (heading, meaning)) in names.into_iter().zip(meanings).enumerate() {
                let (field, sure) = meaning.map_or((None, false), |(field, sure)| (Some(field), sure));
                self.columns.push(Column { number: no.saturating_add(1), heading, field, sure });
            }
            return Ok(());
        }
        for column in &mut self.columns {
            if column.number == 0 {
                let wanted = folded(&column.heading);
                let no = names.iter().position(|n| folded(n) == wanted);
                let no = no.ok_or_else(|| ReadError::Mapping(column.heading.clone()))?;
                column.number = no.saturating_add(1);
            } else if let Some(name) = column.number.checked_sub(1).and_then(|no| names.get(no)) {
                name.clone_into(&mut column.heading);
            } else {
                return Err(ReadError::Mapping(column.number.to_string()));
            }
        }
        Ok(())
    }

    /// The first numbers of the column of dates, if it holds nothing but numbers that may be dates, and words.
    fn find_serials(&self, sample: &[Line]) -> Vec<Serial> {
        let field = if self.sort == Sort::Calls { Field::StartedAt } else { Field::BookedAt };
        let first = self.first_line();
        let cells = sample.iter().filter(|l| l.line >= first).filter_map(|l| self.cell(l, field));
        let mut found = Vec::new();
        for text in cells.map(|c| c.text.trim()).filter(|t| !t.is_empty()) {
            match when::serial(text) {
                Some(at) => found.push(Serial { number: text.to_owned(), at }),
                // What stands below the rows: a sum, a remark.
                None if text.chars().any(char::is_alphabetic) && self.date(text).is_none() => {}
                None => return Vec::new(),
            }
        }
        found.truncate(SERIALS);
        found
    }

    /// Looks at the rows: how dates and amounts are written.
    fn look(&mut self, sample: &[Line]) {
        if self.serial.is_none() {
            self.serials = self.find_serials(sample);
            self.serial = (!self.serials.is_empty()).then_some(false);
        }
        let first = self.first_line();
        let texts = |fields: &[Field]| -> Vec<&str> {
            let rows = sample.iter().filter(|l| l.line >= first);
            rows.flat_map(|l| fields.iter().filter_map(|f| self.cell(l, *f)).collect::<Vec<_>>())
                .filter(|cell| !cell.exact && !cell.is_empty())
                .map(|cell| cell.text.as_str())
                .collect()
        };
        let dates = texts(&[Field::BookedAt, Field::ValueDate, Field::StartedAt, Field::EndedAt]);
        let order = when::order(dates.iter().copied());
        let open = order.is_none() && dates.iter().any(|d| when::is_open(d));
        let amounts = texts(&[Field::Amount, Field::Debit, Field::Credit, Field::Balance]);
        let shown = |mark: Mark| amounts.iter().filter(|a| amount::shows(a) == Some(mark)).count();
        let (commas, points) = (shown(Mark::Comma), shown(Mark::Point));
        let mark = match commas.cmp(&points) {
            std::cmp::Ordering::Greater => Some(Mark::Comma),
            std::cmp::Ordering::Less => Some(Mark::Point),
            std::cmp::Ordering::Equal => None,
        };
        if self.order.is_none() {
            self.order = Some(order.unwrap_or_default());
            self.order_open = open;
        }
        self.decimal = self.decimal.or(mark);
        if self.signed.is_none() {
            let first = self.first_line();
            let below = |line: &Line| {
                let amount =
                    self.cell(line, Field::Amount).and_then(|c| c.amount(self.decimal).ok().flatten());
                amount.is_some_and(crate::Decimal::is_negative)
            };
            self.signed = Some(sample.iter().filter(|l| l.line >= first).any(below));
        }
    }
}

/// The names of columns, from one line or from two that stand over each other.
fn combined(sample: &[Line], at: usize, lines: u8) -> Vec<String> {
    let text = |line: Option<&Line>, no: usize| {
        line.and_then(|l| l.cells.get(no))
            .map(|c| c.text.split_whitespace().collect::<Vec<_>>().join(" "))
            .unwrap_or_default()
    };
    let (first, second) = (sample.get(at), sample.get(at.saturating_add(1)).filter(|_| lines > 1));
    let many = |line: Option<&Line>| line.map_or(0, |l| l.cells.len());
    let mut over = String::new();
    (0..many(first).max(many(second)))
        .map(|no| {
            let (top, below) = (text(first, no), text(second, no));
            if second.is_none() {
                return top;
            }
            // What stands over several columns stands in the first of them only.
            if !top.is_empty() {
                over.clone_from(&top);
            }
            match (top.is_empty(), below.is_empty()) {
                (_, true) => top,
                (true, false) => format!("{over} {below}").trim().to_owned(),
                (false, false) => format!("{top} {below}"),
            }
        })
        .map(|name| name.chars().take(120).collect())
        .collect()
}

/// Looks for the heading.
fn detect(sample: &[Line], given: Option<&Plan>) -> Option<Plan> {
    let mut best: Option<Candidate> = None;
    for (at, _) in sample.iter().enumerate().take(HEADING_WITHIN) {
        for lines in [1_u8, 2] {
            for sort in [Sort::Statement, Sort::Calls] {
                let names = combined(sample, at, lines);
                let meanings = assign(&names.iter().map(|n| folded(n)).collect::<Vec<_>>(), sort);
                let has = |field: Field| meanings.iter().flatten().any(|(f, _)| *f == field);
                if sort.missing(has).is_some() {
                    continue;
                }
                let found = meanings.iter().flatten().count();
                let sure = meanings.iter().flatten().filter(|(_, sure)| *sure).count();
                // A second line must bring something, and what was meant by one line alone comes first.
                let score = found
                    .saturating_mul(4)
                    .saturating_add(sure)
                    .saturating_mul(2)
                    .saturating_sub(usize::from(lines > 1).saturating_mul(9));
                if best.as_ref().is_none_or(|b| score > b.score) {
                    best = Some(Candidate { score, at, lines, sort, names, meanings });
                }
            }
        }
    }
    let best = best?;
    let columns = best
        .names
        .into_iter()
        .zip(best.meanings)
        .enumerate()
        .map(|(no, (heading, meaning))| {
            let (field, sure) = meaning.map_or((None, false), |(field, sure)| (Some(field), sure));
            Column { number: no.saturating_add(1), heading, field, sure }
        })
        .collect();
    let given = given.cloned().unwrap_or_default();
    Some(Plan {
        sort: best.sort,
        heading_line: sample.get(best.at).map(|l| l.line),
        heading_lines: Some(best.lines),
        columns,
        ..given
    })
}

/// What may be the heading where no line says enough: the first of those with the most cells that hold words. A person says what the
/// columns are.
fn guess(sample: &[Line], base: &Plan, given: Option<&Plan>) -> Plan {
    let words = |line: &Line| {
        let is_word = |cell: &&Cell| cell.text.chars().any(char::is_alphabetic) && !cell.exact;
        line.cells.iter().filter(is_word).count()
    };
    let mut best: Option<(usize, usize)> = None;
    for (at, line) in sample.iter().enumerate().take(HEADING_WITHIN) {
        let many = words(line);
        if many > 1 && best.is_none_or(|(most, _)| many > most) {
            best = Some((many, at));
        }
    }
    let sort = given.map(|g| g.sort).unwrap_or_default();
    let mut plan = Plan { sort, ..given.cloned().unwrap_or_default() };
    plan.charset = base.charset.or(plan.charset);
    plan.delimiter = base.delimiter.or(plan.delimiter);
    base.sheet.clone_into(&mut plan.sheet);
    let Some((_, at)) = best else { return plan };
    let names = combined(sample, at, 1);
    let meanings = assign(&names.iter().map(|n| folded(n)).collect::<Vec<_>>(), sort);
    plan.heading_line = sample.get(at).map(|l| l.line);
    plan.heading_lines = Some(1);
    plan.columns = names
        .into_iter()
        .zip(meanings)
        .enumerate()
        .map(|(no, (heading, meaning))| {
            let (field, sure) = meaning.map_or((None, false), |(field, sure)| (Some(field), sure));
            Column { number: no.saturating_add(1), heading, field, sure }
        })
        .collect();
    plan
}
