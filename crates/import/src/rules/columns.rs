//! What somebody said of columns, for the next file like that one. It is applied to a file with the same headings and shown there; to a file
//! of which headings say nothing it is offered. Pure.

use serde::{Deserialize, Serialize};
use statement::Plan;
use statement::table::heading::{Field, Sort, folded};
use statement::when::{self, Order};

/// Most columns of which anything is kept.
const MOST: usize = 400;

/// What the columns of a table mean, by their places; nothing of what stands in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Correction {
    /// Movements or calls.
    pub sort: Sort,
    /// Whether the day or the month comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Whether the numbers in the column of dates are dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<bool>,
    /// The currency where no column names it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub currency: String,
    /// What each column means, in order.
    pub columns: Vec<Option<Field>>,
}

impl Correction {
    /// What a mapping says.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let mut columns = vec![None; plan.columns.len().min(MOST)];
        for (at, column) in plan.columns.iter().enumerate() {
            let place = column.number.checked_sub(1).unwrap_or(at);
            if let Some(slot) = columns.get_mut(place) {
                *slot = column.field;
            }
        }
        Self {
            sort: plan.sort,
            order: plan.order.filter(|_| !plan.order_open),
            serial: plan.serial,
            currency: plan.currency.clone(),
            columns,
        }
    }

    /// A mapping with what was said once; of another number of columns it is said of none.
    #[must_use]
    pub fn on(&self, plan: &Plan) -> Option<Plan> {
        if plan.columns.len() != self.columns.len() {
            return None;
        }
        let mut plan = Plan { sort: self.sort, ..plan.clone() };
        for (at, column) in plan.columns.iter_mut().enumerate() {
            let place = column.number.checked_sub(1).unwrap_or(at);
            let said = self.columns.get(place).copied().flatten();
            column.sure = column.sure || said.is_some();
            column.field = said;
        }
        if self.order.is_some() {
            (plan.order, plan.order_open) = (self.order, false);
        }
        // Whether numbers are dates is asked of each file anew if the column of dates is another now.
        plan.serial = self.serial.filter(|_| plan.serial.is_some());
        if plan.currency.is_empty() {
            plan.currency.clone_from(&self.currency);
        }
        Some(plan)
    }
}

/// Whether the cells in which headings were looked for are headings: words, and nothing that is a date or a sum.
#[must_use]
pub fn is_named(plan: &Plan) -> bool {
    let cells = || plan.columns.iter().map(|c| c.heading.trim()).filter(|h| !h.is_empty());
    plan.heading_line != Some(0) && cells().count() > 1 && cells().all(|cell| look(cell) == 't')
}

/// What a cell looks like: a date, a number, words.
fn look(cell: &str) -> char {
    if cell.is_empty() {
        return '-';
    }
    if when::told(cell, Order::default()).is_some() || when::serial(cell).is_some() {
        return 'd';
    }
    // An account has letters, too.
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    if digits.saturating_mul(2) >= cell.chars().count() { '-' } else { 't' }
}

/// The headings of a file as one text; nothing where they say nothing.
#[must_use]
pub fn headings(plan: &Plan) -> Option<String> {
    let all = || plan.columns.iter().map(|c| folded(&c.heading));
    is_named(plan).then(|| all().collect::<Vec<_>>().join("\u{1f}"))
}

/// How many columns a file has and what a row of it looks like. Sums and empty cells look alike: which of two is filled differs by row.
#[must_use]
pub fn shape(plan: &Plan) -> String {
    plan.columns.iter().take(MOST).map(|c| look(c.heading.trim())).collect()
}

/// A shape as it may come from a form.
#[must_use]
pub fn is_shape(text: &str) -> bool {
    text.len() <= MOST && text.chars().all(|c| matches!(c, 'd' | 't' | '-'))
}

/// A mapping for a table without headings: its first line is a row like the others.
#[must_use]
pub fn without_headings(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    if !is_named(&plan) {
        (plan.heading_line, plan.heading_lines) = (Some(0), None);
        for (at, column) in plan.columns.iter_mut().enumerate() {
            column.heading.clear();
            if column.number == 0 {
                column.number = at.saturating_add(1);
            }
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statement::table::Column;

    use super::*;

    fn plan(headings: &[&str], fields: &[Option<Field>]) -> Plan {
        let column = |(at, (heading, field)): (usize, (&&str, &Option<Field>))| Column {
            number: at + 1,
            heading: (*heading).to_owned(),
            field: *field,
            sure: false,
        };
        let columns = headings.iter().zip(fields).enumerate().map(column).collect();
        Plan { heading_line: Some(2), columns, ..Plan::default() }
    }

    #[test]
    fn headings_are_told_from_rows() {
        let none = [None; 3];
        assert!(is_named(&plan(&["Күні", "Кетті", ""], &none)));
        assert!(!is_named(&plan(&["28.11.2026", "100,00", "Перевод"], &none)));
        assert!(!is_named(&plan(&["46354", "Перевод", "Үлгі"], &none)));
        assert!(!is_named(&plan(&["", "", "Үлгі"], &none)));
        assert_eq!(shape(&plan(&["28.11.2026", "", "Перевод"], &none)), "d-t");
        assert_eq!(
            shape(&plan(&["28.11.2026", "100,00", "Возврат"], &none)),
            "d-t",
            "empty and sum look alike"
        );
        assert_eq!(
            headings(&plan(&["Күні ", "КЕТТІ", "x"], &none)),
            headings(&plan(&["күні", "кетті", "X"], &none))
        );
        let bare = without_headings(&plan(&["28.11.2026", "1", "x"], &none));
        assert_eq!((bare.heading_line, bare.columns[0].heading.as_str()), (Some(0), ""));
        let named = plan(&["Күні", "Кетті", "x y"], &none);
        assert_eq!(without_headings(&named), named);
    }

    proptest! {
        #[test]
        fn what_was_said_of_one_file_is_said_of_the_next_and_of_no_other(
            fields in prop::collection::vec(prop::option::of(prop::sample::select(vec![Field::BookedAt, Field::Debit, Field::Purpose])), 1..8),
            other in 1_usize..8,
        ) {
            let headings: Vec<String> = (0..fields.len()).map(|n| format!("Баған {n}")).collect();
            let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
            let said = Correction::of(&plan(&headings, &fields));
            let found = plan(&headings, &vec![None; fields.len()]);
            let on = said.on(&found).unwrap();
            prop_assert_eq!(on.columns.iter().map(|c| c.field).collect::<Vec<_>>(), fields.clone());
            prop_assert_eq!(Correction::of(&on), said.clone());
            let text = serde_json::to_string(&said).unwrap();
            prop_assert_eq!(serde_json::from_str::<Correction>(&text).unwrap(), said.clone());
            if other != fields.len() {
                let names: Vec<&str> = vec!["x y"; other];
                prop_assert!(said.on(&plan(&names, &vec![None; other])).is_none());
            }
        }
    }
}
