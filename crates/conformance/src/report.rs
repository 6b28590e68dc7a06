//! The verdicts, and the report in two forms: for people and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::check::Check;
use crate::wire::clip;

/// Longest sentence of a finding, characters.
const MAX_CHARS: usize = 400;

/// How a check came out. In rising order: of several findings of one check the worst stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// There was nothing to judge by.
    NotApplicable,
    /// As the page says.
    Passed,
    /// Allowed, or not to be told from what is allowed; somebody should look.
    Warned,
    /// Against the page.
    Failed,
}

impl Verdict {
    /// As written in the report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "not_applicable",
            Self::Passed => "passed",
            Self::Warned => "warned",
            Self::Failed => "failed",
        }
    }
    const fn mark(self) -> &'static str {
        match self {
            Self::NotApplicable => "n/a ",
            Self::Passed => "ok  ",
            Self::Warned => "warn",
            Self::Failed => "FAIL",
        }
    }
}

/// What was found of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// What was expected; empty where it passed.
    pub expected: String,
    /// What came instead, or why there was nothing to judge by.
    pub came: String,
    /// How many more findings as bad as this one there were.
    pub more: u32,
}

/// All findings while they are gathered.
#[derive(Debug, Default)]
pub struct Board(BTreeMap<Check, Finding>);

impl Board {
    /// Adds a finding; of several the worst stands, of equals the first.
    pub fn note(&mut self, check: Check, verdict: Verdict, expected: &str, came: &str) {
        // What a stranger wrote is in here, and goes to somebody's terminal.
        let (expected, came) = (clip(expected, MAX_CHARS), clip(came, MAX_CHARS));
        let found = Finding { verdict, expected, came, more: 0 };
        match self.0.get_mut(&check) {
            Some(known) if known.verdict > verdict => {}
            Some(known) if known.verdict == verdict => known.more = known.more.saturating_add(1),
            Some(known) => *known = found,
            None => drop(self.0.insert(check, found)),
        }
    }

    /// What is known of a check so far.
    #[must_use]
    pub fn of(&self, check: Check) -> Option<&Finding> {
        self.0.get(&check)
    }
}

/// The report of one run.
#[derive(Debug, Clone)]
pub struct Report {
    /// The run, `TEST-…`: the report number in every order of it.
    pub run: String,
    /// The endpoint.
    pub url: String,
    /// Whose.
    pub code: String,
    /// When it began, RFC 3339.
    pub began: String,
    /// When it ended, RFC 3339.
    pub ended: String,
    /// Messages that were posted.
    pub messages: usize,
    /// Answers that were heard.
    pub answers: usize,
    /// Every check with what was found.
    pub findings: Vec<(Check, Finding)>,
}

impl Report {
    /// Closes a board: what nobody judged was not applicable.
    #[must_use]
    pub fn findings(board: &Board) -> Vec<(Check, Finding)> {
        let none = || Finding {
            verdict: Verdict::NotApplicable,
            expected: String::new(),
            came: "nothing came by which it could be judged".to_owned(),
            more: 0,
        };
        Check::ALL.iter().map(|check| (*check, board.of(*check).cloned().unwrap_or_else(none))).collect()
    }

    /// How many checks came out so.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|(_, f)| f.verdict == verdict).count()
    }

    /// Ids of the checks that came out so.
    #[must_use]
    pub fn ids(&self, verdict: Verdict) -> Vec<&'static str> {
        self.findings.iter().filter(|(_, f)| f.verdict == verdict).map(|(c, _)| c.id()).collect()
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!(
            "{} against {} at {}, {} to {}\n{} messages posted, {} answers heard\n\n",
            self.run, self.code, self.url, self.began, self.ended, self.messages, self.answers
        );
        for (check, finding) in &self.findings {
            let _infallible = writeln!(out, "{}  {:22} {}", finding.verdict.mark(), check.id(), check.what());
            if finding.verdict == Verdict::Passed {
                continue;
            }
            if !finding.expected.is_empty() {
                let _infallible = writeln!(out, "{:30}expected: {}", "", finding.expected);
            }
            let more = if finding.more > 0 { format!(" (and {} more)", finding.more) } else { String::new() };
            let _infallible = writeln!(out, "{:30}came:     {}{more}", "", finding.came);
            if finding.verdict > Verdict::Passed {
                let _infallible = writeln!(out, "{:30}see:      docs/partner-api, {}", "", check.section());
            }
        }
        let _infallible = writeln!(
            out,
            "\n{} passed, {} failed, {} warned, {} not applicable",
            self.count(Verdict::Passed),
            self.count(Verdict::Failed),
            self.count(Verdict::Warned),
            self.count(Verdict::NotApplicable)
        );
        out
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let checks: Vec<Value> = self
            .findings
            .iter()
            .map(|(check, f)| {
                json!({
                    "id": check.id(), "what": check.what(), "result": f.verdict.word(), "expected": f.expected,
                    "came": f.came, "more": f.more, "section": check.section(),
                })
            })
            .collect();
        json!({
            "type": "conformance.v1", "kit": env!("CARGO_PKG_VERSION"), "run": self.run, "url": self.url,
            "code": self.code, "began": self.began, "ended": self.ended, "messages": self.messages,
            "answers": self.answers, "passed": self.count(Verdict::Passed), "failed": self.count(Verdict::Failed),
            "warned": self.count(Verdict::Warned), "not_applicable": self.count(Verdict::NotApplicable),
            "checks": checks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_stands_and_equals_are_counted() {
        let mut board = Board::default();
        board.note(Check::AnswerCap, Verdict::Passed, "", "");
        board.note(Check::AnswerCap, Verdict::Failed, "at most 5", "\u{1b}6");
        board.note(Check::AnswerCap, Verdict::Failed, "at most 5", "7");
        board.note(Check::AnswerCap, Verdict::Warned, "x", "y");
        let found = board.of(Check::AnswerCap).unwrap();
        assert_eq!((found.verdict, found.came.as_str(), found.more), (Verdict::Failed, " 6", 1));
        let report = Report {
            run: "TEST-1".to_owned(),
            url: "http://127.0.0.1:1".to_owned(),
            code: "ZALT".to_owned(),
            began: String::new(),
            ended: String::new(),
            messages: 1,
            answers: 2,
            findings: Report::findings(&board),
        };
        assert_eq!(report.ids(Verdict::Failed), ["answer.cap"]);
        assert_eq!(report.count(Verdict::NotApplicable), Check::ALL.len() - 1);
        let text = report.text();
        assert!(text.contains("FAIL  answer.cap"), "{text}");
        assert!(text.contains("came:      6 (and 1 more)") && text.contains("docs/partner-api, order.v1"));
        assert_eq!(report.json()["failed"], 1);
        assert_eq!(report.json()["checks"].as_array().map(Vec::len), Some(Check::ALL.len()));
    }
}
