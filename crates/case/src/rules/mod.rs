//! Decisions without a database: how a case passes, when somebody is reminded, what comes next, what a merge moves.

pub mod bring;
pub mod filter;
pub mod moving;
pub mod next;
pub mod words;

use kernel::Timestamp;
use profile::{CaseDecision, CaseField, Cases, FieldKind};

use crate::error::CaseError;
use crate::model::{NEVER, State, TaskState};

/// Longest title of a case or a task, characters.
pub const MAX_TITLE: usize = 200;
/// Longest text: summary, note, reasons.
pub const MAX_TEXT: usize = 10_000;
/// Longest line: a name, a number, a field.
pub const MAX_LINE: usize = 200;

/// Whether a case may pass to a stage without a decision, and whether it is over there.
///
/// # Errors
/// The profile leads from its stage to that one by no way, or by a decision of two persons alone: what ended is opened again by no less.
pub fn pass(cases: &Cases, from: &str, to: &str) -> Result<State, CaseError> {
    let state = lead_to(cases, from, to)?;
    let mut leading = cases.decisions.iter().filter(|d| d.leads(from, to)).peekable();
    let guarded = leading.peek().is_some() && leading.all(|d| d.second_person);
    let over = cases.stage(from).is_some_and(|s| s.end);
    if guarded || over { Err(CaseError::Decision) } else { Ok(state) }
}

/// The same by a decision that stands.
///
/// # Errors
/// The profile leads from its stage to that one by no way.
pub fn lead_to(cases: &Cases, from: &str, to: &str) -> Result<State, CaseError> {
    let here = cases.stage(from).ok_or(CaseError::Stage)?;
    let there = cases.stage(to).filter(|_| here.next.iter().any(|n| n == to)).ok_or(CaseError::Stage)?;
    Ok(if there.end { State::Ended } else { State::Open })
}

/// The decisions that may be taken of a case: whatever leads on from its stage, or nowhere; of what is over only what opens it again, and
/// that by two.
pub fn decisions<'c>(cases: &'c Cases, stage: &str, state: State) -> impl Iterator<Item = &'c CaseDecision> {
    cases.decisions.iter().filter(move |d| match &d.stage {
        Some(to) => {
            d.leads(stage, to)
                && lead_to(cases, stage, to).is_ok()
                && (state != State::Ended || d.second_person)
        }
        None => state == State::Open,
    })
}

/// The stages to which a case may pass without a decision.
#[must_use]
pub fn steps(cases: &Cases, from: &str) -> Vec<String> {
    let next = cases.stage(from).map(|s| s.next.clone()).unwrap_or_default();
    next.into_iter().filter(|to| pass(cases, from, to).is_ok()).collect()
}

/// When whoever does a task is reminded and whoever leads the case is told: a task that is done, dropped or without a term at no time;
/// one that is given later than its reminder would come, at once.
#[must_use]
pub fn calls(cases: &Cases, state: TaskState, due_at: Timestamp) -> (Timestamp, Timestamp) {
    if state != TaskState::Open || due_at == NEVER {
        return (NEVER, NEVER);
    }
    let remind = due_at.plus_secs(i64::from(cases.remind_minutes).saturating_mul(-60));
    (remind, due_at.plus_secs(i64::from(cases.escalate_minutes).saturating_mul(60)))
}

/// Parts of the title of a task that came with a shape: nobody can type this sign.
const SHAPED: char = '\u{1f}';

/// The title of a task that came with a shape.
#[must_use]
pub fn shaped(template: &str, task: &str, words: &str) -> String {
    format!("{template}{SHAPED}{task}{SHAPED}{words}")
}

/// Shape, task and words of a title that came with a shape; `None` for one that was typed.
#[must_use]
pub fn shape_of(title: &str) -> Option<(&str, &str, &str)> {
    let (template, rest) = title.split_once(SHAPED)?;
    let (task, words) = rest.split_once(SHAPED)?;
    Some((template, task, words))
}

/// A line that says something and is not too long.
///
/// # Errors
/// [`CaseError::Field`].
pub fn line(field: &'static str, typed: &str, most: usize) -> Result<String, CaseError> {
    // What nobody sees would turn the words after it round; a sign of control is no slip of a keyboard.
    let plain = !typed.trim().chars().any(char::is_control);
    let typed = kernel::text::seen(typed.trim());
    if plain && app::is_line(&typed, most) { Ok(typed.into_owned()) } else { Err(CaseError::Field(field)) }
}

/// A line that may be empty.
///
/// # Errors
/// [`CaseError::Field`].
pub fn line_or_none(field: &'static str, typed: &str) -> Result<String, CaseError> {
    if typed.trim().is_empty() { Ok(String::new()) } else { line(field, typed, MAX_LINE) }
}

/// A text of several lines that says something.
///
/// # Errors
/// [`CaseError::Field`].
pub fn text(field: &'static str, typed: &str) -> Result<String, CaseError> {
    let typed = kernel::text::seen(typed.trim());
    let fits = app::says(&typed) && typed.chars().count() <= MAX_TEXT;
    if fits { Ok(typed.into_owned()) } else { Err(CaseError::Field(field)) }
}

/// A text that may be empty.
///
/// # Errors
/// [`CaseError::Field`].
pub fn text_or_none(field: &'static str, typed: &str) -> Result<String, CaseError> {
    if typed.trim().is_empty() { Ok(String::new()) } else { text(field, typed) }
}

/// What is written in a field of its own; empty clears it.
///
/// # Errors
/// [`CaseError::Field`] if the field takes nothing of that kind.
pub fn value(field: &CaseField, typed: &str) -> Result<String, CaseError> {
    let typed = typed.trim();
    let fits = match field.kind {
        _ if typed.is_empty() => true,
        FieldKind::Text => app::is_line(typed, MAX_LINE),
        FieldKind::Number => {
            let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '\u{a0}')).collect();
            return digits.parse::<i64>().map(|n| n.to_string()).map_err(|_| CaseError::Field("value"));
        }
        FieldKind::Day => typed.parse::<jiff::civil::Date>().is_ok(),
        FieldKind::Choice => field.choices.iter().any(|(code, _)| code == typed),
    };
    if fits { Ok(typed.to_owned()) } else { Err(CaseError::Field("value")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kz() -> profile::Profile {
        profile::Profile::embedded("kz").unwrap()
    }

    #[test]
    fn a_case_passes_as_the_profile_says() {
        let kz = kz();
        let said = |from: &str, to: &str| match pass(kz.cases(), from, to) {
            Ok(state) => state.as_str(),
            Err(CaseError::Decision) => "decision",
            Err(_) => "no",
        };
        for (from, to, expected) in [
            ("check", "investigation", "open"),
            ("check", "refused", "decision"),
            ("check", "court", "no"),
            ("check", "check", "no"),
            ("check", "nowhere", "no"),
            ("nowhere", "check", "no"),
            ("investigation", "prosecutor", "decision"),
            ("court", "judged", "ended"),
            ("judged", "court", "no"),
            ("refused", "check", "decision"),
            ("discontinued", "investigation", "decision"),
            ("suspended", "investigation", "open"),
        ] {
            assert_eq!(said(from, to), expected, "{from} -> {to}");
        }
        assert_eq!(steps(kz.cases(), "court"), ["judged"], "back to the prosecutor by two persons alone");
        assert!(lead_to(kz.cases(), "check", "refused").is_ok());
        let may =
            |stage: &str, state| decisions(kz.cases(), stage, state).map(|d| &d.code).collect::<Vec<_>>();
        assert_eq!(may("check", State::Open), ["start", "qualify", "refuse", "other"]);
        assert_eq!(may("refused", State::Ended), ["lift-refusal"]);
        assert_eq!(may("discontinued", State::Ended), ["resume"], "and not by the decision of one");
        assert!(may("judged", State::Ended).is_empty());
    }

    #[test]
    fn a_task_of_a_shape_is_told_from_one_that_was_typed() {
        let title = shaped("dropper", "account", "Шоттың көшірмесі");
        assert_eq!(shape_of(&title), Some(("dropper", "account", "Шоттың көшірмесі")));
        assert_eq!(shape_of("Жауап алу"), None);
        assert!(line("task", &title, MAX_TITLE).is_err(), "nobody types it");
        assert_eq!(
            line("title", "Іс \u{202e}алдау", MAX_TITLE).unwrap(),
            "Іс алдау",
            "what turns the writing is left out"
        );
    }

    #[test]
    fn who_is_called_and_when() {
        let kz = kz();
        let due = Timestamp::from_secs(1_000_000);
        let (remind, escalate) = calls(kz.cases(), TaskState::Open, due);
        assert_eq!((remind.as_secs(), escalate.as_secs()), (1_000_000 - 240 * 60, 1_000_000 + 3_600));
        for (state, at) in [(TaskState::Done, due), (TaskState::Dropped, due), (TaskState::Open, NEVER)] {
            assert_eq!(calls(kz.cases(), state, at), (NEVER, NEVER));
        }
    }

    #[test]
    fn fields_take_what_they_are_for() {
        let kz = kz();
        let field = |template: &str, code: &str| {
            let found = kz.cases().template(template).unwrap();
            found.fields.iter().find(|f| f.code == code).unwrap().clone()
        };
        let said = |f: &CaseField, typed: &str| value(f, typed).unwrap_or_else(|_| "no".to_owned());
        for (template, code, typed, expected) in [
            ("dropper", "reward", "1 500\u{a0}000", "1500000"),
            ("dropper", "reward", "many", "no"),
            ("payment-fraud", "contact", "call", "call"),
            ("payment-fraud", "contact", "pigeon", "no"),
            ("payment-fraud", "contact", " ", ""),
            ("intrusion", "noticed", "2026-11-30", "2026-11-30"),
            ("intrusion", "noticed", "yesterday", "no"),
            ("intrusion", "system", " mail ", "mail"),
        ] {
            assert_eq!(said(&field(template, code), typed), expected, "{code} {typed}");
        }
    }
}
