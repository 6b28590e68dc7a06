//! Cases in words.

use app::App;
use kernel::{Class, Coded as _, Timestamp};
use web::{Choice, ClockState, Ctx, FieldError, Markup, Problem, Status, Tone};

use crate::error::CaseError;
use crate::model::{Case, NEVER, State};
use crate::service::People;

/// A code as part of a key of texts.
pub(crate) fn part(code: &str) -> String {
    code.chars().map(|c| if matches!(c, '.' | '_') { '-' } else { c }).collect()
}

/// The name of a stage.
pub(super) fn stage(ctx: &Ctx, app: &App, code: &str) -> String {
    let found = app.profile.cases().stage(code);
    found.map_or_else(|| code.to_owned(), |s| s.name.get(ctx.lang()).to_owned())
}

/// Whether a case is over, or was merged.
pub(super) fn state_tag(ctx: &Ctx, case: &Case) -> Option<Status> {
    match case.state {
        State::Open => None,
        State::Ended => Some(Status::new(ctx, "case-ended", Tone::Green)),
        State::Merged => Some(Status::new(ctx, "case-merged", Tone::Grey)),
    }
}

/// How urgent a case is, where it is out of the ordinary.
pub(super) fn priority(ctx: &Ctx, priority: i64) -> Option<Status> {
    match priority {
        2 => Some(Status::new(ctx, "case-priority-2", Tone::Amber)),
        3 => Some(Status::new(ctx, "case-priority-3", Tone::Red)),
        _ => None,
    }
}

/// All urgencies.
pub(super) fn priorities(ctx: &Ctx) -> Vec<Choice> {
    ["0", "1", "2", "3"].iter().map(|p| Choice::new(p, ctx.t(&format!("case-priority-{p}")))).collect()
}

/// A term as a clock; nothing without one.
pub(super) fn clock(ctx: &Ctx, due: Timestamp, since: Timestamp) -> Option<Markup> {
    (due != NEVER).then(|| ctx.clock(due, ctx.now(), &ClockState::Running { since }))
}

/// The name behind a label: the reader's own, a colleague's, the machine's.
pub(super) fn who(ctx: &Ctx, people: &People, label: &str) -> String {
    if label.starts_with("system:") {
        return ctx.t("product-name");
    }
    people.get(label).cloned().unwrap_or_else(|| match label.split_once(':') {
        Some(("partner", code)) => code.split(':').next().unwrap_or(code).to_owned(),
        Some(_) => ctx.t("case-nobody"),
        None if label.is_empty() => ctx.t("case-nobody"),
        None => ctx.t("case-reporter"),
    })
}

/// What is to be done, in the reader's language where it came with a shape.
pub(crate) fn task(ctx: &Ctx, app: &App, title: &str) -> String {
    let Some((template, code, words)) = crate::rules::shape_of(title) else { return title.to_owned() };
    let tasks = app.profile.cases().template(template).map(|t| &t.tasks);
    let found = tasks.and_then(|all| all.iter().find(|t| t.code == code));
    found.map_or_else(|| words.to_owned(), |t| t.name.get(ctx.lang()).to_owned())
}

/// A day that is kept as text.
pub(super) fn day(ctx: &Ctx, text: &str) -> String {
    let read = text.parse::<jiff::civil::Date>();
    read.map_or_else(|_| text.to_owned(), |day| ctx.formats().civil_date(day))
}

/// The name of a register.
pub(super) fn register(ctx: &Ctx, app: &App, code: &str) -> String {
    let found = app.profile.register_named(code);
    // A body's own number stands under the body.
    found.map_or_else(|| body(ctx, app, code), |r| r.name.get(ctx.lang()).to_owned())
}

/// The name of a body.
pub(super) fn body(ctx: &Ctx, app: &App, code: &str) -> String {
    let found = app.profile.cases().body(code);
    found.map_or_else(|| code.to_owned(), |b| b.name.get(ctx.lang()).to_owned())
}

/// The name of a kind of decision.
pub(super) fn decision(ctx: &Ctx, app: &App, code: &str) -> String {
    let found = app.profile.cases().decision(code);
    found.map_or_else(|| code.to_owned(), |d| d.name.get(ctx.lang()).to_owned())
}

/// The name of a capacity.
pub(super) fn duty(ctx: &Ctx, app: &App, code: &str) -> String {
    let found = app.profile.cases().role(code);
    found.map_or_else(|| code.to_owned(), |r| r.name.get(ctx.lang()).to_owned())
}

/// An offence by its wording.
pub(super) fn article(ctx: &Ctx, app: &App, (code, wording): (&str, &str)) -> String {
    let found = app.profile.cases().article(code, wording);
    found.map_or_else(|| code.to_owned(), |a| a.name.get(ctx.lang()).to_owned())
}

/// Parts as sentences behind one another; one that ends with a full stop by itself, as a Russian day does, gets no second.
pub(super) fn sentences(parts: impl IntoIterator<Item = String>) -> String {
    let mut all = String::new();
    for part in parts.into_iter().filter(|p| !p.is_empty()) {
        match all.chars().last() {
            None => {}
            Some('.') => all.push(' '),
            Some(_) => all.push_str(". "),
        }
        all.push_str(&part);
    }
    all
}

/// What stands in a field of a case's shape, in words; empty where nothing does.
pub(super) fn value(
    ctx: &Ctx,
    field: &profile::CaseField,
    all: &[(crate::model::FieldValue, String)],
) -> String {
    let typed = all.iter().find(|(v, _)| v.code == field.code).map_or("", |(_, v)| v.as_str());
    let choice = field.choices.iter().find(|(code, _)| code == typed);
    choice.map_or_else(|| typed.to_owned(), |(_, name)| name.get(ctx.lang()).to_owned())
}

/// What an error is about that is no field's fault: the form comes back with everything that was typed.
pub(super) const FORM: &str = "form";

/// The error to show with the form again, so that what was typed is not lost; else the problem.
pub(super) fn kept(ctx: &Ctx, app: &App, error: &CaseError) -> Result<FieldError, Problem> {
    match error {
        CaseError::Field(field) | CaseError::Unknown(field) => {
            return Ok(FieldError::new(ctx, field, &format!("case-f-{}.wrong", part(field))));
        }
        CaseError::Merged(into) => {
            return Ok(FieldError::with(ctx, FORM, "error-case-merged", [("number", into.as_str())]));
        }
        CaseError::InRegister { register: waits, number: (by, number) } => {
            let name = register(ctx, app, waits);
            let number = match number.as_str() {
                "" => ctx.t("case-ref-none-yet"),
                number => format!("{}: {number}", register(ctx, app, by)),
            };
            let args = [("register", name), ("number", number)];
            return Ok(FieldError::with(ctx, FORM, &Problem::key(error.code()), &args));
        }
        CaseError::Keeper { exhibit, who } => {
            let args = [("exhibit", exhibit.clone()), ("who", who.clone())];
            return Ok(FieldError::with(ctx, FORM, &Problem::key(error.code()), &args));
        }
        _ => {}
    }
    let away = matches!(error, CaseError::Access(access::AccessError::Away));
    if error.class() == Class::Conflict || away {
        return Ok(FieldError::new(ctx, FORM, &Problem::key(error.code())));
    }
    Err(Problem::of(error))
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn no_sentence_ends_twice() {
        let of = |parts: &[&str]| sentences(parts.iter().map(|p| (*p).to_owned()));
        assert_eq!(
            of(&["1 сентября 2026 г.", "Кем согласовано: А"]),
            "1 сентября 2026 г. Кем согласовано: А"
        );
        assert_eq!(of(&["А, 10:12", "", "Б"]), "А, 10:12. Б");
        assert_eq!(of(&[]), "");
    }
}
