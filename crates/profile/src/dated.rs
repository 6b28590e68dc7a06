//! Statements with a date: what the law or an order said from one day to another.

use jiff::civil::Date;

use crate::read::Node;

/// From which day a statement holds, and until which (inclusive), if it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First day.
    pub from: Date,
    /// Last day, inclusive; `None` while it holds.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether it holds on `date`.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
    /// Whether two statements hold on one same day.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }
    /// Reads `from` and `to`.
    pub(crate) fn read(node: &Node<'_>) -> Option<Self> {
        let (from, to) = (node.req::<Date>("from"), node.opt::<Date>("to"));
        let (from, to) = (from?, to?);
        if to.is_some_and(|to| to < from) {
            node.wrong_at("to", format!("expected a day not before `from` ({from})"));
            return None;
        }
        Some(Self { from, to })
    }
}
