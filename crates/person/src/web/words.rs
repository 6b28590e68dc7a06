//! Words of this slice's closed lists, in the reader's language.

use kernel::{Coded as _, Lang};
use web::{Ctx, FieldError, Problem, Status as Shown, Tone};

use crate::error::PersonError;
use crate::model::{OpenRecord, Role, Source, Verdict};
use crate::rules;

/// A word of the code as part of a key: `account_holder` is `account-holder`.
pub(super) fn key_part(word: &str) -> String {
    word.replace('_', "-")
}

pub(super) fn role(ctx: &Ctx, role: Role) -> String {
    ctx.t(&format!("person-role-{}", key_part(role.as_str())))
}

pub(super) fn source(ctx: &Ctx, source: Source) -> String {
    ctx.t(&format!("person-source-{}", source.as_str()))
}

pub(super) fn verdict(ctx: &Ctx, verdict: Verdict) -> String {
    ctx.t(&format!("person-verdict-{}", verdict.as_str()))
}

pub(super) fn minor(ctx: &Ctx) -> Shown {
    Shown::new(ctx, "person-minor", Tone::Amber)
}

/// Thousandths of a bit with one place behind the comma and the sign in front.
pub(super) fn bits(ctx: &Ctx, bits: i64) -> String {
    let tenths = bits.unsigned_abs().saturating_add(50).checked_div(100).unwrap_or(0);
    let (whole, tenth) = (tenths.checked_div(10).unwrap_or(0), tenths.checked_rem(10).unwrap_or(0));
    let sign = match bits {
        _ if tenths == 0 => "",
        1.. => "+",
        _ => "\u{2212}",
    };
    let point = if *ctx.lang() == Lang::EN { '.' } else { ',' };
    ctx.ta("person-bits", [("n", format!("{sign}{whole}{point}{tenth}"))])
}

/// How much so many bits say, in words.
pub(super) fn weight(ctx: &Ctx, bits: i64) -> String {
    let strength = rules::strength(bits);
    if strength == rules::Strength::Nothing {
        return ctx.t("person-weight-nothing");
    }
    let side = if bits > 0 { "for" } else { "against" };
    ctx.t(&format!("person-weight-{}-{side}", strength.as_str()))
}

/// All of it, in words: so many to one.
pub(super) fn odds(ctx: &Ctx, bits: i64) -> String {
    let n = i64::try_from(rules::odds(bits)).unwrap_or(i64::MAX);
    let key = if n == 1 {
        "person-odds-even"
    } else if bits > 0 {
        "person-odds-for"
    } else {
        "person-odds-against"
    };
    ctx.ta(key, [("n", ctx.number(n))])
}

/// Where a record comes from, with the number of its report.
pub(super) fn origin(ctx: &Ctx, open: &OpenRecord) -> String {
    let from = source(ctx, open.record.source);
    match &open.report_number {
        Some(number) => format!("{from}: {number}"),
        None => from,
    }
}

/// Acts that the pages name.
const ACTS: [&str; 13] = [
    "person.joined",
    "person.parted",
    "person.judged",
    "person.judgement_undone",
    "person.written",
    "person.signalled",
    "person.verified",
    "person.interviewed",
    "person.proposed",
    "person.listed",
    "person.cleared",
    "person.reviewed",
    "person.asked_off",
];

/// What was done, in words; nothing for what no page tells.
pub(super) fn act(ctx: &Ctx, act: &str) -> Option<String> {
    let known = ACTS.contains(&act);
    known.then(|| ctx.t(&format!("person-log-{}", key_part(act.trim_start_matches("person.")))))
}

/// The error of a field of a form, if it is one.
pub(super) fn field_error(ctx: &Ctx, error: &PersonError) -> Option<FieldError> {
    let field = match error {
        PersonError::Report => "report",
        PersonError::Nothing => "name",
        PersonError::TooLong(name) => name,
        PersonError::Number => "iin",
        PersonError::Reasons => "reason",
        _ => return None,
    };
    Some(FieldError::new(ctx, field, &Problem::key(error.code())))
}
