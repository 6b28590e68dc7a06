//! The filter of the list, as it is typed. It names codes and numbers alone, for it stands in the address.

use kernel::Timestamp;
use profile::Cases;

use crate::model::{NEVER, State};

/// In which order cases are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// What changed last comes first.
    #[default]
    Changed,
    /// What falls due next comes first.
    Due,
    /// What was opened last comes first.
    Opened,
    /// What is most urgent comes first.
    Priority,
}

/// What the list is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Open, over, or merged.
    pub state: State,
    /// Code of a stage; empty for any.
    pub stage: String,
    /// Code of a unit; empty for any.
    pub unit: String,
    /// The least priority.
    pub priority: i64,
    /// Only those whose team one is in.
    pub mine: bool,
    /// Only those whose next term is over at this moment.
    pub late: bool,
    /// A number that was typed: it leads to its case.
    pub number: Option<String>,
    /// Whether something was typed that is no filter: nothing is found.
    pub odd: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            state: State::Open,
            stage: String::new(),
            unit: String::new(),
            priority: 0,
            mine: false,
            late: false,
            number: None,
            odd: false,
        }
    }
}

impl Wanted {
    /// The latest term that a case of this list may have.
    #[must_use]
    pub fn due_until(&self, now: Timestamp) -> Timestamp {
        if self.late { now } else { NEVER }
    }
}

/// Reads the filter.
#[must_use]
pub fn read(cases: &Cases, units: &[&str], typed: &str) -> Wanted {
    let mut wanted = Wanted::default();
    for word in typed.split_whitespace().take(20) {
        let word = word.to_lowercase();
        let known = match word.split_once(':') {
            Some(("is", "mine")) => set(&mut wanted.mine, true),
            Some(("is", "late")) => set(&mut wanted.late, true),
            Some(("is", "over")) => set(&mut wanted.state, State::Ended),
            Some(("is", "merged")) => set(&mut wanted.state, State::Merged),
            Some(("is", "urgent")) => set(&mut wanted.priority, 2),
            Some(("stage", code)) => match cases.stage(code) {
                Some(stage) => {
                    if stage.end {
                        wanted.state = State::Ended;
                    }
                    set(&mut wanted.stage, code.to_owned())
                }
                None => false,
            },
            Some(("unit", code)) if units.contains(&code) => set(&mut wanted.unit, code.to_owned()),
            Some(_) => false,
            None => match number(&word) {
                Some(number) => set(&mut wanted.number, Some(number)),
                None => false,
            },
        };
        wanted.odd |= !known;
    }
    wanted
}

fn set<T>(place: &mut T, value: T) -> bool {
    *place = value;
    true
}

/// A case's number as people type it: `C-2026-…`, the letter in either alphabet.
#[must_use]
pub fn number(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let rest = typed.strip_prefix(['C', 'c', 'С', 'с'])?.strip_prefix('-')?;
    let digits = rest.chars().all(|c| c.is_ascii_digit() || c == '-') && rest.len() > 4;
    digits.then(|| format!("C-{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read() {
        let kz = profile::Profile::embedded("kz").unwrap();
        let read = |typed: &str| read(kz.cases(), &["investigation"], typed);
        assert_eq!(read(""), Wanted::default());
        let of = read("is:mine IS:late stage:court unit:investigation is:urgent");
        assert!(of.mine && of.late && of.stage == "court" && of.unit == "investigation" && of.priority == 2);
        assert_eq!(read("stage:judged").state, State::Ended, "what is over is found where it lies");
        assert_eq!(read("С-2026-01234567").number.as_deref(), Some("C-2026-01234567"), "a Cyrillic letter");
        // What is no filter finds nothing rather than everything, and no name is taken into an address.
        for odd in ["stage:moon", "unit:moon", "is:odd", "Ахметов", "a:b", "C-1"] {
            assert!(read(odd).odd, "{odd}");
        }
    }
}
