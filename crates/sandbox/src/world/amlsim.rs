//! The background: accounts and transfers of the AMLSim set (third_party/amlsim), compiled in.

use std::collections::BTreeSet;
use std::sync::OnceLock;

const ACCOUNTS: &str = include_str!("../../../../third_party/amlsim/accounts.csv");
const TRANSFERS: &str = include_str!("../../../../third_party/amlsim/transactions.csv");
const ALERTS: &str = include_str!("../../../../third_party/amlsim/alert_transactions.csv");

/// One transfer of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Payer's number.
    pub from: usize,
    /// Payee's number.
    pub to: usize,
    /// Hundredths of the set's unit.
    pub cents: i64,
}

/// The set, read once.
#[derive(Debug)]
pub struct Background {
    /// Opening deposit of each account in hundredths of the set's unit.
    pub deposits: Vec<i64>,
    /// Transfers by day.
    pub days: Vec<Vec<Row>>,
    /// Accounts that take part in marked schemes: where mules are drawn from.
    pub marked: BTreeSet<usize>,
}

/// The set.
#[must_use]
pub fn background() -> &'static Background {
    static SET: OnceLock<Background> = OnceLock::new();
    SET.get_or_init(read)
}

fn read() -> Background {
    let deposits = records(ACCOUNTS).filter_map(|r| cents(r.get(1)?)).collect();
    let mut days: Vec<Vec<Row>> = Vec::new();
    for (day, row) in records(TRANSFERS).filter_map(|r| transfer(&r, 0)).chain(alerts()) {
        if days.len() <= day {
            days.resize_with(day + 1, Vec::new);
        }
        if let Some(list) = days.get_mut(day) {
            list.push(row);
        }
    }
    let marked = alerts().flat_map(|(_, row)| [row.from, row.to]).collect();
    Background { deposits, days, marked }
}

fn alerts() -> impl Iterator<Item = (usize, Row)> {
    records(ALERTS).filter_map(|r| transfer(&r, 2)).filter(|(day, _)| *day < 300)
}

fn records(text: &'static str) -> impl Iterator<Item = csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).into_records().filter_map(Result::ok)
}

fn transfer(record: &csv::StringRecord, skip: usize) -> Option<(usize, Row)> {
    let number = |i: usize| record.get(skip + i)?.parse().ok();
    Some((number(0)?, Row { from: number(1)?, to: number(2)?, cents: cents(record.get(skip + 3)?)? }))
}

/// The set writes one or two decimals.
fn cents(text: &str) -> Option<i64> {
    crate::money::from_text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_set_is_read() {
        let set = background();
        assert_eq!(set.deposits.len(), 1_446);
        assert_eq!(set.days.len(), 300);
        let rows: usize = set.days.iter().map(Vec::len).sum();
        assert_eq!(rows, 67_837 + alerts().count());
        assert_eq!(records(ALERTS).count(), 608);
        assert!(set.marked.len() > 300, "{}", set.marked.len());
        assert!(set.days.iter().flatten().all(|r| r.from < 1_446 && r.to < 1_446 && r.cents > 0));
    }
}
