//! What all answers about one object come to: what is held now, and whether a restriction stands.

use super::{is_end, is_held, is_substance};
use crate::clock::parse;
use crate::wire::{Answer, Line};

/// What a partner says of one object by all its answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Held now, hundredths.
    pub held: i64,
    /// Held when it was first told.
    pub first_held: i64,
    /// Whether a restriction stands: money held, or a thing blocked.
    pub in_force: bool,
    /// Codes of ends that were told, in order.
    pub ends: Vec<String>,
    /// What each end freed, where it said so; hundredths.
    pub freed: Vec<Option<i64>>,
    /// Codes that are a word about the object, in order.
    pub words: Vec<String>,
}

/// Folds answers about `object`. They are taken by their own time, as the node does; at the same moment a hold comes
/// before what ends it.
#[must_use]
pub fn standing<'a>(answers: impl Iterator<Item = &'a Answer>, object: &str, currency: &str) -> Standing {
    let mut lines: Vec<(i64, bool, &Line)> = Vec::new();
    for answer in answers.filter(|a| a.object_id.as_deref() == Some(object)) {
        for line in &answer.lines {
            let at = line.at.as_deref().and_then(parse).or_else(|| parse(&answer.at)).unwrap_or_default();
            lines.push((at, is_end(&line.code), line));
        }
    }
    lines.sort_by_key(|(at, end, line)| (*at, *end, line.code.as_str()));
    // What is said twice counts once.
    lines.dedup();
    let mut out = Standing::default();
    for (_, _, line) in lines {
        let amount = line.amount.as_ref().and_then(|a| a.minor(currency));
        if is_substance(&line.code) {
            out.words.push(line.code.clone());
        }
        if is_held(&line.code) {
            out.held = amount.unwrap_or_default();
            out.in_force = out.held > 0;
            if out.first_held == 0 {
                out.first_held = out.held;
            }
        } else if matches!(line.code.as_str(), "B10" | "B11") {
            out.in_force = true;
        } else if is_end(&line.code) {
            out.held = amount.map_or(0, |freed| out.held.saturating_sub(freed).max(0));
            out.in_force = out.held > 0;
            out.ends.push(line.code.clone());
            out.freed.push(amount);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Amount;

    fn said(at: i64, lines: &[(&str, i64)]) -> Answer {
        let line = |(code, minor): &(&str, i64)| Line {
            code: (*code).to_owned(),
            amount: (*minor > 0).then(|| Amount::of(*minor, "KZT")),
            ..Line::default()
        };
        Answer {
            kind: "answer.v1".to_owned(),
            answer_id: "a".to_owned(),
            order_id: "o".to_owned(),
            executor: "ZALT".to_owned(),
            object_id: Some("x".to_owned()),
            at: crate::clock::rfc3339(at * crate::clock::SECOND),
            lines: lines.iter().map(line).collect(),
        }
    }

    #[test]
    fn what_stands() {
        let held = |answers: &[Answer]| {
            let s = standing(answers.iter(), "x", "KZT");
            (s.held, s.in_force, s.ends.len())
        };
        assert_eq!(held(&[]), (0, false, 0));
        assert_eq!(held(&[said(1, &[("A00", 0)]), said(2, &[("H11", 70), ("M21", 30)])]), (70, true, 0));
        assert_eq!(held(&[said(2, &[("H10", 70)]), said(3, &[("L61", 20)])]), (50, true, 1));
        let part = said(3, &[("L61", 20)]);
        assert_eq!(held(&[said(2, &[("H10", 70)]), part.clone(), part]), (50, true, 1), "told twice");
        assert_eq!(held(&[said(3, &[("L61", 0)]), said(2, &[("H10", 70)])]), (0, false, 1));
        assert_eq!(held(&[said(2, &[("B10", 0)])]), (0, true, 0));
        assert_eq!(held(&[said(2, &[("B10", 0)]), said(2, &[("L60", 0)])]), (0, false, 1));
        assert_eq!(standing([said(1, &[("H10", 5)])].iter(), "y", "KZT"), Standing::default());
    }
}
