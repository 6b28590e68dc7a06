//! Words of this slice's closed lists, in the reader's language.

use kernel::Coded as _;
use web::{Ctx, FieldError, Problem, Status as Shown, Tone};

use crate::error::EvidenceError;
use crate::model::{EventKind, Exhibit, Fate, Form, State};

/// A word of the code as part of a key.
fn part(word: &str) -> String {
    word.replace('_', "-")
}

/// Where an exhibit has come to, in a word.
#[must_use]
pub fn state(ctx: &Ctx, exhibit: &Exhibit) -> Shown {
    if exhibit.damaged {
        return Shown::new(ctx, "evidence-state-damaged", Tone::Red);
    }
    if exhibit.proposed.is_some() {
        return Shown::new(ctx, "evidence-state-proposed", Tone::Amber);
    }
    let tone = match exhibit.state {
        State::Held => Tone::Green,
        State::Offered => Tone::Amber,
        State::Returned | State::Destroyed => Tone::Grey,
    };
    Shown::new(ctx, &format!("evidence-state-{}", exhibit.state.as_str()), tone)
}

pub(super) fn event(ctx: &Ctx, kind: EventKind) -> String {
    ctx.t(&format!("evidence-event-{}", part(kind.as_str())))
}

pub(super) fn fate(ctx: &Ctx, fate: Fate) -> String {
    ctx.t(&format!("evidence-fate-{}", fate.as_str()))
}

pub(super) fn sort(ctx: &Ctx, sort: &str) -> String {
    ctx.t(&format!("evidence-sort-{sort}"))
}

pub(super) fn form(ctx: &Ctx, form: Form) -> String {
    ctx.t(&format!("evidence-form-{}", form.as_str()))
}

/// How large, in the unit that leaves a number one can read.
pub(super) fn size(ctx: &Ctx, bytes: Option<i64>) -> String {
    const UNITS: [(&str, i64); 4] = [("gib", 1 << 30), ("mib", 1 << 20), ("kib", 1 << 10), ("byte", 1)];
    let Some(bytes) = bytes else { return String::new() };
    let (name, unit) = UNITS.into_iter().find(|(_, unit)| bytes >= *unit).unwrap_or(("byte", 1));
    let n = bytes.saturating_add(unit / 2).checked_div(unit).unwrap_or(0);
    ctx.ta(&format!("evidence-size-{name}"), [("n", ctx.number(n))])
}

/// The error beside its field; `None` where it is no field's.
pub(super) fn field_error(ctx: &Ctx, error: &EvidenceError) -> Option<FieldError> {
    let field = match error {
        EvidenceError::Field(field) => field,
        EvidenceError::OtherHash => "sha256",
        EvidenceError::Empty | EvidenceError::TooLarge => "file",
        _ => return None,
    };
    Some(FieldError::new(ctx, field, &Problem::key(error.code())))
}
