//! What stands before and behind the rows of a statement: whose account, the balance before and after, sums.

use super::Line;
use super::heading::folded;
use crate::amount::{Decimal, Mark};

const OPENING: &[&str] = &[
    "входящий остаток",
    "остаток на начало",
    "начальный остаток",
    "входящее сальдо",
    "сальдо на начало",
    "остаток входящий",
    "кіріс қалдық",
    "кіріс қалдығы",
    "бастапқы қалдық",
    "кезең басындағы қалдық",
    "басындағы қалдық",
    "opening balance",
    "starting balance",
    "balance brought forward",
    "beginning balance",
];
const CLOSING: &[&str] = &[
    "исходящий остаток",
    "остаток на конец",
    "конечный остаток",
    "исходящее сальдо",
    "сальдо на конец",
    "остаток исходящий",
    "шығыс қалдық",
    "шығыс қалдығы",
    "соңғы қалдық",
    "кезең соңындағы қалдық",
    "соңындағы қалдық",
    "closing balance",
    "ending balance",
    "balance carried forward",
];
const DEBITS: &[&str] = &[
    "итого по дебету",
    "итого дебет",
    "обороты по дебету",
    "оборот по дебету",
    "всего списано",
    "итого списано",
    "итого расход",
    "дебет бойынша барлығы",
    "барлығы дебет",
    "дебет айналымы",
    "total debit",
    "total debits",
    "total withdrawals",
];
const CREDITS: &[&str] = &[
    "итого по кредиту",
    "итого кредит",
    "обороты по кредиту",
    "оборот по кредиту",
    "всего зачислено",
    "итого зачислено",
    "итого приход",
    "кредит бойынша барлығы",
    "барлығы кредит",
    "кредит айналымы",
    "total credit",
    "total credits",
    "total deposits",
];
/// A line that says what the rows add up to.
const TOTALS: &[&str] = &[
    "итого",
    "всего",
    "обороты",
    "итого за период",
    "обороты за период",
    "барлығы",
    "жиыны",
    "барлық айналым",
    "жалпы",
    "total",
    "totals",
    "turnover",
    "grand total",
];
const ACCOUNT: &[&str] = &[
    "номер счета",
    "лицевой счет",
    "счет",
    "иик",
    "iban",
    "шот нөмірі",
    "шот",
    "жск",
    "account number",
    "account",
];
const CURRENCY: &[&str] =
    &["валюта счета", "валюта", "шот валютасы", "валютасы", "account currency", "currency"];

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) opening: Option<Decimal>,
    pub(super) closing: Option<Decimal>,
    pub(super) debits: Option<Decimal>,
    pub(super) credits: Option<Decimal>,
    pub(super) account: String,
    pub(super) currency: String,
}

/// The phrase that a cell begins with or has in it.
fn says(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        folded.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            || folded.contains(&format!(" {phrase} "))
            || folded.strip_suffix(phrase).is_some_and(|rest| rest.ends_with(' '))
    })
}

/// What stands behind a label: in the cell behind its colon, or in the next cell that holds something.
fn behind(line: &Line, at: usize) -> Vec<&super::Cell> {
    line.cells.iter().skip(at.saturating_add(1)).filter(|c| !c.is_empty()).collect()
}

fn amount_behind(line: &Line, at: usize, mark: Option<Mark>) -> Option<Decimal> {
    let own = line.cells.get(at)?;
    if let Some((_, value)) = own.text.rsplit_once(':')
        && let Ok(value) = crate::amount::told(value, mark)
    {
        return Some(value);
    }
    behind(line, at).into_iter().find_map(|cell| cell.amount(mark).ok().flatten())
}

/// `KZ…`: two letters, two digits, letters and digits.
fn iban(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| {
        let mut chars = word.chars();
        let head = chars.by_ref().take(2).all(|c| c.is_ascii_uppercase())
            && chars.by_ref().take(2).all(|c| c.is_ascii_digit());
        (head && (15..=34).contains(&word.len()) && chars.filter(char::is_ascii_digit).count() > 5)
            .then(|| word.to_owned())
    })
}

/// A currency as people write it, as its code; empty where it is none.
pub(super) fn currency(text: &str) -> String {
    let word = text.trim().trim_end_matches('.').to_lowercase();
    let known = match word.as_str() {
        "₸" | "тенге" | "теңге" | "тг" | "398" => "KZT",
        "₽" | "руб" | "рубль" | "рублей" | "рубли" | "рубль рф" | "643" | "810" | "rur" => {
            "RUB"
        }
        "$" | "доллар" | "доллар сша" | "доллары сша" | "840" => "USD",
        "€" | "евро" | "978" => "EUR",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let code = text.trim();
    if (3..=5).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphabetic()) {
        return code.to_ascii_uppercase();
    }
    String::new()
}

impl Figures {
    /// Looks at a line that is no row. `columns`: where debits and credits stand, for a line that gives their sums. Says whether it told anything.
    pub(super) fn look(
        &mut self,
        line: &Line,
        columns: (Option<usize>, Option<usize>),
        mark: Option<Mark>,
    ) -> bool {
        let mut told = false;
        for (at, cell) in line.cells.iter().enumerate() {
            let text = folded(&cell.text);
            if text.is_empty() {
                continue;
            }
            for (phrases, slot) in [
                (OPENING, &mut self.opening),
                (CLOSING, &mut self.closing),
                (DEBITS, &mut self.debits),
                (CREDITS, &mut self.credits),
            ] {
                if says(&text, phrases) {
                    told = true;
                    if let Some(value) = amount_behind(line, at, mark) {
                        // The first balance before and the last balance after are those of the whole.
                        if slot.is_none() || phrases == CLOSING {
                            *slot = Some(value);
                        }
                    }
                }
            }
            if self.account.is_empty() {
                self.account_in(line, at, &text);
            }
            if self.currency.is_empty() && says(&text, CURRENCY) {
                let own = cell.text.rsplit_once(':').map(|(_, value)| currency(value)).unwrap_or_default();
                let next = || behind(line, at).first().map(|c| currency(&c.text)).unwrap_or_default();
                self.currency = if own.is_empty() { next() } else { own };
            }
        }
        let first = line.cells.iter().find(|c| !c.is_empty()).map(|c| folded(&c.text)).unwrap_or_default();
        if says(&first, TOTALS) {
            let value = |at: Option<usize>| line.cells.get(at?)?.amount(mark).ok().flatten();
            if let (Some(debits), Some(credits)) = (value(columns.0), value(columns.1)) {
                self.debits = Some(debits.abs());
                self.credits = Some(credits.abs());
            }
            told = true;
        }
        told
    }

    fn account_in(&mut self, line: &Line, at: usize, text: &str) {
        let Some(cell) = line.cells.get(at) else { return };
        if let Some(found) = iban(&cell.text) {
            self.account = found;
            return;
        }
        let begins =
            ACCOUNT.iter().any(|p| text.strip_prefix(p).is_some_and(|r| r.is_empty() || r.starts_with(' ')));
        if !begins {
            return;
        }
        let is_number = |text: &str| {
            let text = text.trim();
            (6..=34).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric())
                && text.bytes().filter(u8::is_ascii_digit).count() >= 5
        };
        let own = cell.text.rsplit([':', ' ']).next().filter(|value| is_number(value)).map(str::to_owned);
        let next =
            || behind(line, at).first().map(|c| c.text.trim().to_owned()).filter(|value| is_number(value));
        if let Some(found) = own.or_else(next) {
            self.account = found;
        }
    }
}
