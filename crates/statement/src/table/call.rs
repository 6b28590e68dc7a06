//! Rows of records of calls.

use super::heading::Field;
use super::{Line, Plan};
use crate::rows::{Call, Code, Out, ReadError, Row, Trouble};
use crate::when;

pub(super) struct Calls {
    plan: Plan,
}

impl Calls {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { plan: plan.clone() }
    }

    fn text<'l>(&self, line: &'l Line, field: Field) -> &'l str {
        self.plan.cell(line, field).map_or("", |c| c.text.trim())
    }

    pub(super) fn take(&mut self, line: &Line, out: &mut Out<'_>) -> Result<(), ReadError> {
        if self.plan.is_heading(line) {
            return Ok(());
        }
        let (from, to) = (self.text(line, Field::From), self.text(line, Field::To));
        let date = self.text(line, Field::StartedAt);
        let time = self.text(line, Field::Time);
        let started = self.plan.date(date).unwrap_or_default();
        let started_at = if !started.is_empty() && !time.is_empty() && !started.contains('T') {
            let time = time.split_once('T').map_or(time, |(_, clock)| clock);
            when::with_time(&started, time).unwrap_or(started)
        } else {
            started
        };
        if started_at.is_empty() {
            if from.is_empty() && to.is_empty() {
                return Ok(());
            }
            out.trouble(Trouble { line: line.line, code: Code::Date, told: date.to_owned() })?;
        }
        let duration = self.text(line, Field::Duration);
        // A sheet keeps a duration as a time of day.
        let duration = duration.split_once('T').map_or(duration, |(_, clock)| clock);
        let call = Call {
            row: out.next_row(),
            line: line.line,
            started_at,
            ended_at: self.plan.date(self.text(line, Field::EndedAt)).unwrap_or_default(),
            duration_s: when::seconds(duration),
            from: out.text(line.line, from)?,
            to: if to.is_empty() { Vec::new() } else { vec![out.text(line.line, to)?] },
            direction: direction(self.text(line, Field::CallDirection)),
            sort: out.text(line.line, self.text(line, Field::CallSort))?,
            imei: out.text(line.line, self.text(line, Field::Imei))?,
            imsi: out.text(line.line, self.text(line, Field::Imsi))?,
            cell: out.text(line.line, self.text(line, Field::Cell))?,
            place: out.text(line.line, self.text(line, Field::Place))?,
            application: String::new(),
        };
        out.row(Row::Call(call))
    }
}

/// Which way, in words that do not change; what is not known stays as it was written.
fn direction(text: &str) -> String {
    let folded = super::heading::folded(text);
    let has = |words: &[&str]| words.iter().any(|word| folded.split(' ').any(|w| w.starts_with(word)));
    if has(&["исх", "outgoing", "шығыс", "out", "moc"]) {
        "outgoing".to_owned()
    } else if has(&["вх", "incoming", "кіріс", "in", "mtc"]) {
        "incoming".to_owned()
    } else {
        text.chars().take(64).collect()
    }
}
