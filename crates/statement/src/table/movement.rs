//! Rows of a statement.

use std::collections::HashMap;

use super::figures::{self, Figures};
use super::heading::{Field, folded};
use super::{Line, Plan};
use crate::amount::{Decimal, Unread};
use crate::limits::SUMS;
use crate::rows::{Code, Direction, Movement, Out, Participant, ReadError, Row, Sums, Trouble};
use crate::when;

/// Balances after movements, followed from row to row. Which end of the file is the older shows itself.
#[derive(Default)]
struct Running {
    last: Option<(Decimal, Decimal)>,
    checked: u64,
    wrong_down: (u64, Vec<u64>),
    wrong_up: (u64, Vec<u64>),
}

const KEPT_LINES: usize = 50;

fn note(wrong: &mut (u64, Vec<u64>), line: u64) {
    wrong.0 = wrong.0.saturating_add(1);
    if wrong.1.len() < KEPT_LINES {
        wrong.1.push(line);
    }
}

impl Running {
    fn follow(&mut self, line: u64, balance: Decimal, signed: Decimal) {
        if let Some((before, moved)) = self.last {
            self.checked = self.checked.saturating_add(1);
            if before.checked_add(signed) != Some(balance) {
                note(&mut self.wrong_down, line);
            }
            if balance.checked_add(moved) != Some(before) {
                note(&mut self.wrong_up, line);
            }
        }
        self.last = Some((balance, signed));
    }

    fn troubles(self) -> Vec<Trouble> {
        let wrong = if self.wrong_up.0 < self.wrong_down.0 { self.wrong_up } else { self.wrong_down };
        if wrong.0.saturating_mul(2) > self.checked {
            // It follows nothing: a balance by the day, or of another account.
            let told = format!("{} / {}", wrong.0, self.checked);
            return vec![Trouble { line: 0, code: Code::BalanceWrong, told }];
        }
        wrong
            .1
            .into_iter()
            .map(|line| Trouble { line, code: Code::BalanceWrong, told: String::new() })
            .collect()
    }
}

/// What one account adds up to.
#[derive(Default)]
struct Group {
    sums: Sums,
    running: Running,
}

pub(super) struct Movements {
    plan: Plan,
    figures: Figures,
    groups: HashMap<(String, String), Group>,
    order: Vec<(String, String)>,
    held: Option<Movement>,
    last_line: u64,
}

impl Movements {
    pub(super) fn new(plan: &Plan, before: &[Line], out: &mut Out<'_>) -> Self {
        let mut figures = Figures::default();
        for line in before.iter().filter(|l| plan.heading_line.is_none_or(|h| l.line < h)) {
            figures.look(line, (None, None), plan.decimal);
        }
        let mut plan = plan.clone();
        if plan.account.is_empty() {
            plan.account.clone_from(&figures.account);
        }
        if plan.currency.is_empty() {
            plan.currency.clone_from(&figures.currency);
        }
        if let Some(told) = &mut out.summary.plan {
            told.account.clone_from(&plan.account);
            told.currency.clone_from(&plan.currency);
        }
        Self { plan, figures, groups: HashMap::new(), order: Vec::new(), held: None, last_line: 0 }
    }

    fn text<'l>(&self, line: &'l Line, field: Field) -> &'l str {
        self.plan.cell(line, field).map_or("", |c| c.text.trim())
    }

    pub(super) fn take(&mut self, line: &Line, out: &mut Out<'_>) -> Result<(), ReadError> {
        self.last_line = line.line;
        if self.plan.is_heading(line) || self.goes_on(line) {
            return Ok(());
        }
        let (booked_at, value_date) = self.times(line);
        if booked_at.is_empty() {
            let columns = (self.plan.place(Field::Debit), self.plan.place(Field::Credit));
            if self.figures.look(line, columns, self.plan.decimal) {
                return Ok(());
            }
            let empty = |field| self.text(line, field).is_empty();
            if [Field::Amount, Field::Debit, Field::Credit].into_iter().all(empty) {
                // A line of text between the rows: a day's heading, a remark.
                if empty(Field::BookedAt) || filled(line) == 1 {
                    return Ok(());
                }
                let told = self.text(line, Field::BookedAt).to_owned();
                return out.trouble(Trouble { line: line.line, code: Code::Date, told });
            }
            let told = self.text(line, Field::BookedAt).to_owned();
            out.trouble(Trouble { line: line.line, code: Code::Date, told })?;
        }
        let Some((amount, direction)) = self.money(line, out)? else { return Ok(()) };
        let movement = self.movement(line, (booked_at, value_date), (amount, direction), out)?;
        self.release(out)?;
        self.held = Some(movement);
        Ok(())
    }

    /// Whether a line only goes on with the words of the one before.
    fn goes_on(&mut self, line: &Line) -> bool {
        let Some(at) = self.plan.place(Field::Purpose) else { return false };
        let alone = line.cells.iter().enumerate().all(|(no, cell)| (no == at) != cell.is_empty());
        let text = line.cells.get(at).map(|c| c.text.trim().to_owned()).unwrap_or_default();
        match &mut self.held {
            Some(held) if alone && !text.is_empty() && held.purpose.len() < crate::limits::FIELD_CHARS => {
                held.purpose.push(' ');
                held.purpose.push_str(&text);
                true
            }
            _ => false,
        }
    }

    fn times(&self, line: &Line) -> (String, String) {
        let value = self.plan.date(self.text(line, Field::ValueDate)).unwrap_or_default();
        let booked = self.plan.date(self.text(line, Field::BookedAt)).unwrap_or_default();
        let time = self.text(line, Field::Time);
        let booked = if !booked.is_empty() && !time.is_empty() && !booked.contains('T') {
            // A sheet keeps a time of day as a time on its first day.
            let time = time.split_once('T').map_or(time, |(_, clock)| clock);
            when::with_time(&booked, time).unwrap_or(booked)
        } else {
            booked
        };
        (if booked.is_empty() { value.clone() } else { booked }, value)
    }

    fn unread(&self, line: &Line, field: Field, why: Unread, out: &mut Out<'_>) -> Result<(), ReadError> {
        let code = if why == Unread::Ambiguous { Code::AmbiguousAmount } else { Code::Amount };
        out.trouble(Trouble { line: line.line, code, told: self.text(line, field).to_owned() })
    }

    /// How much, and which way; `None` where no amount can be read, which is told.
    fn money(
        &self,
        line: &Line,
        out: &mut Out<'_>,
    ) -> Result<Option<(Decimal, Option<Direction>)>, ReadError> {
        let mut read = [None; 3];
        for (slot, field) in read.iter_mut().zip([Field::Debit, Field::Credit, Field::Amount]) {
            let Some(cell) = self.plan.cell(line, field) else { continue };
            match cell.amount(self.plan.decimal) {
                Ok(value) => *slot = value,
                Err(why) => {
                    self.unread(line, field, why, out)?;
                    return Ok(None);
                }
            }
        }
        let [debit, credit, amount] = read;
        let moved = |side: Option<Decimal>| side.filter(|value| !value.is_zero());
        match (moved(debit), moved(credit)) {
            (Some(debit), None) => return Ok(Some((debit.abs(), Some(Direction::Debit)))),
            (None, Some(credit)) if credit.is_negative() => {
                return Ok(Some((credit.abs(), Some(Direction::Debit))));
            }
            (None, Some(credit)) => return Ok(Some((credit, Some(Direction::Credit)))),
            (Some(debit), Some(credit)) => {
                let told = format!("{debit}, {credit}");
                out.trouble(Trouble { line: line.line, code: Code::Direction, told })?;
                return Ok(None);
            }
            (None, None) => {}
        }
        let Some(amount) = amount.or(debit).or(credit) else {
            out.trouble(Trouble { line: line.line, code: Code::Amount, told: String::new() })?;
            return Ok(None);
        };
        let direction = self.direction(line, amount);
        if direction.is_none() && !amount.is_zero() {
            let told = self.text(line, Field::Direction).to_owned();
            out.trouble(Trouble { line: line.line, code: Code::Direction, told })?;
        }
        Ok(Some((amount.abs(), direction)))
    }

    /// Which way: by the sign where signs are used, by what is said of it, by which side the account stands on.
    fn direction(&self, line: &Line, amount: Decimal) -> Option<Direction> {
        if amount.is_negative() {
            return Some(Direction::Debit);
        }
        if self.plan.signed == Some(true) {
            return Some(Direction::Credit);
        }
        if let Some(said) = said(self.text(line, Field::Direction)) {
            return Some(said);
        }
        let own = match self.text(line, Field::Account) {
            "" => self.plan.account.as_str(),
            own => own,
        };
        let (payer, payee) = (self.text(line, Field::PayerAccount), self.text(line, Field::PayeeAccount));
        if !own.is_empty() && payer != payee {
            if payer == own {
                return Some(Direction::Debit);
            }
            if payee == own {
                return Some(Direction::Credit);
            }
        }
        self.text(line, Field::Amount).contains('+').then_some(Direction::Credit)
    }

    fn movement(
        &mut self,
        line: &Line,
        (booked_at, value_date): (String, String),
        (amount, direction): (Decimal, Option<Direction>),
        out: &mut Out<'_>,
    ) -> Result<Movement, ReadError> {
        let no = line.line;
        let own = |field: Field, otherwise: &str| {
            let text = self.text(line, field);
            if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
        };
        let told = own(Field::Currency, "");
        let mut currency = figures::currency(&told);
        if currency.is_empty() {
            currency = if told.is_empty() { in_amount(self.text(line, Field::Amount)) } else { told };
        }
        if currency.is_empty() {
            currency.clone_from(&self.plan.currency);
        }
        let account = own(Field::Account, &self.plan.account);
        let balance = match self.plan.cell(line, Field::Balance).map(|c| c.amount(self.plan.decimal)) {
            Some(Ok(balance)) => balance,
            Some(Err(why)) => {
                self.unread(line, Field::Balance, why, out)?;
                None
            }
            None => None,
        };
        let counter = self.counter(line, direction);
        let mut movement = Movement {
            row: 0,
            line: no,
            account,
            booked_at,
            value_date,
            amount,
            currency,
            direction,
            counter,
            purpose: out.text(no, self.text(line, Field::Purpose))?,
            reference: out.text(no, self.text(line, Field::Reference))?,
            code: out.text(no, self.text(line, Field::Code))?,
            status: status(self.text(line, Field::Status)),
            reversal: false,
            balance,
        };
        movement.counter.name = out.text(no, &movement.counter.name)?;
        self.count(&movement);
        Ok(movement)
    }

    fn counter(&self, line: &Line, direction: Option<Direction>) -> Participant {
        let of = |fields: [Field; 4]| {
            let [account, name, bank, number] = fields.map(|f| self.text(line, f).to_owned());
            Participant { account, name, bank, number }
        };
        let told = of([Field::CounterAccount, Field::CounterName, Field::CounterBank, Field::CounterNumber]);
        let sides = match direction {
            Some(Direction::Credit) => {
                of([Field::PayerAccount, Field::PayerName, Field::PayerBank, Field::PayerNumber])
            }
            Some(Direction::Debit) => {
                of([Field::PayeeAccount, Field::PayeeName, Field::PayeeBank, Field::PayeeNumber])
            }
            None => Participant::default(),
        };
        let or = |a: String, b: String| if a.is_empty() { b } else { a };
        Participant {
            account: or(told.account, sides.account),
            name: or(told.name, sides.name),
            bank: or(told.bank, sides.bank),
            number: or(told.number, sides.number),
        }
    }

    fn count(&mut self, movement: &Movement) {
        let key = (movement.account.clone(), movement.currency.clone());
        if !self.groups.contains_key(&key) {
            if self.groups.len() >= SUMS {
                return;
            }
            self.order.push(key.clone());
            let sums = Sums { account: key.0.clone(), currency: key.1.clone(), ..Sums::default() };
            self.groups.insert(key.clone(), Group { sums, running: Running::default() });
        }
        let Some(group) = self.groups.get_mut(&key) else { return };
        group.sums.add(movement);
        if let (Some(balance), Some(direction)) = (movement.balance, movement.direction) {
            let signed =
                if direction == Direction::Debit { movement.amount.negated() } else { movement.amount };
            group.running.follow(movement.line, balance, signed);
        }
    }

    fn release(&mut self, out: &mut Out<'_>) -> Result<(), ReadError> {
        let Some(mut movement) = self.held.take() else { return Ok(()) };
        movement.row = out.next_row();
        out.row(Row::Movement(movement))
    }

    pub(super) fn end(mut self, out: &mut Out<'_>) -> Result<(), ReadError> {
        self.release(out)?;
        let alone = self.order.len() == 1;
        for key in std::mem::take(&mut self.order) {
            let Some(mut group) = self.groups.remove(&key) else { continue };
            if alone {
                group.sums.opening = self.figures.opening;
                group.sums.closing = self.figures.closing;
                group.sums.credits_told = self.figures.credits.map(Decimal::abs);
                group.sums.debits_told = self.figures.debits.map(Decimal::abs);
            }
            for trouble in group.sums.check(self.last_line) {
                out.trouble(trouble)?;
            }
            let checked = group.running.checked > 0;
            let wrong = group.running.troubles();
            if checked && group.sums.sound != Some(false) {
                group.sums.sound = Some(wrong.is_empty());
            }
            for trouble in wrong {
                out.trouble(trouble)?;
            }
            out.summary.sums.push(group.sums);
        }
        Ok(())
    }
}

fn filled(line: &Line) -> usize {
    line.cells.iter().filter(|c| !c.is_empty()).count()
}

/// A currency that stands beside the amount.
fn in_amount(text: &str) -> String {
    let letters: String =
        text.chars().filter(|c| c.is_alphabetic() || matches!(c, '₸' | '₽' | '$' | '€')).collect();
    figures::currency(&letters)
}

fn status(text: &str) -> String {
    let low = folded(text);
    match low.as_str() {
        "" => "booked".to_owned(),
        "в обработке"
        | "ожидает"
        | "заблокировано"
        | "заблокирована"
        | "pending"
        | "authorized"
        | "hold"
        | "өңделуде"
        | "күтілуде" => "pending".to_owned(),
        "исполнен" | "исполнено" | "проведен" | "проведено" | "выполнено" | "успешно" | "booked"
        | "completed" | "posted" | "орындалды" | "өткізілді" => "booked".to_owned(),
        _ => low.chars().take(64).collect(),
    }
}

/// Which way, as it is said in three languages.
fn said(text: &str) -> Option<Direction> {
    let text = folded(text);
    let is = |words: &[&str]| words.contains(&text.as_str());
    let begins = |words: &[&str]| {
        words.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ')))
    };
    const DEBIT: &[&str] = &[
        "d",
        "dr",
        "dbit",
        "debit",
        "дебет",
        "д",
        "дт",
        "расход",
        "списание",
        "out",
        "outgoing",
        "шығыс",
        "исходящий",
        "исходящая",
        "дебеті",
        "withdrawal",
        "есептен шығару",
        "снятие",
        "покупка",
        "оплата",
        "платеж",
        "төлем",
        "сатып алу",
        "payment",
        "purchase",
        "перевод исходящий",
        "исходящий перевод",
    ];
    const CREDIT: &[&str] = &[
        "c",
        "cr",
        "crdt",
        "credit",
        "кредит",
        "к",
        "кт",
        "приход",
        "зачисление",
        "поступление",
        "in",
        "incoming",
        "кіріс",
        "входящий",
        "входящая",
        "кредиті",
        "deposit",
        "пополнение",
        "толықтыру",
        "түсім",
        "есепке алу",
        "возврат",
        "refund",
        "перевод входящий",
        "входящий перевод",
    ];
    match (is(DEBIT) || begins(DEBIT), is(CREDIT) || begins(CREDIT)) {
        (true, false) => Some(Direction::Debit),
        (false, true) => Some(Direction::Credit),
        _ => None,
    }
}
