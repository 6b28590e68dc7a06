//! Words of this slice's closed lists, in the reader's language.

use identifier::Kind;
use kernel::Coded as _;
use web::{Ctx, FieldError, Problem, Status as Shown, Tone};

use crate::error::RegistryError;
use crate::model::{Advice, Age, Class, Confidence, How, Outcome, Reason, Role, Status};
use crate::rules::{LifeError, PublicAnswer, Verdict};

/// A word of the code as part of a key: `paid_to` is `paid-to`.
pub(super) fn key_part(word: &str) -> String {
    word.replace('_', "-")
}

pub(super) fn kind(ctx: &Ctx, kind: Kind) -> String {
    ctx.t(&format!("identifier-kind-{}", key_part(kind.as_str())))
}

pub(super) fn status(ctx: &Ctx, status: Status) -> Shown {
    let tone = match status {
        Status::Listed | Status::Suspect | Status::Disputed => Tone::Amber,

        Status::Reported => Tone::Blue,
        Status::Cleared => Tone::Green,
        Status::Seen | Status::Expired => Tone::Grey,
    };
    Shown::new(ctx, &format!("registry-status-{}", status.as_str()), tone)
}

pub(super) fn role(ctx: &Ctx, role: Role) -> String {
    ctx.t(&format!("registry-role-{}", role.as_str()))
}

pub(super) fn confidence(ctx: &Ctx, confidence: Confidence) -> String {
    ctx.t(&format!("registry-confidence-{}", confidence.as_str()))
}

pub(super) fn reason(ctx: &Ctx, reason: Reason) -> String {
    ctx.t(&format!("registry-reason-{}", key_part(reason.as_str())))
}

pub(super) fn how(ctx: &Ctx, how: How) -> String {
    ctx.t(&format!("registry-how-{}", key_part(how.as_str())))
}

pub(super) fn age(ctx: &Ctx, age: Age) -> String {
    ctx.t(&format!("registry-age-{}", age.as_str()))
}

pub(super) fn class(ctx: &Ctx, class: Class) -> String {
    ctx.t(&format!("registry-class-{}", class.as_str()))
}

pub(super) fn outcome(ctx: &Ctx, outcome: Outcome) -> String {
    ctx.t(&format!("registry-outcome-{}", key_part(outcome.as_str())))
}

fn advice(ctx: &Ctx, advice: Advice) -> String {
    ctx.t(&format!("registry-advice-{}", key_part(advice.as_str())))
}

/// What partners are told, in a line.
pub(super) fn verdict(ctx: &Ctx, told: &Verdict) -> String {
    match told.advice {
        Advice::Nothing => class(ctx, told.class),
        other => format!("{}: {}", class(ctx, told.class), advice(ctx, other)),
    }
}

/// What anybody is told, in a line.
pub(super) fn public(ctx: &Ctx, told: PublicAnswer) -> String {
    match told {
        PublicAnswer::Reported(band, last) => {
            let args =
                [("band", ctx.t(&format!("registry-band-{}", band.as_str()))), ("age", age(ctx, last))];
            ctx.ta("registry-public-reported", args)
        }
        PublicAnswer::Warned(..) => ctx.t("registry-public-warned"),
        PublicAnswer::Verified => ctx.t("registry-public-verified"),
        PublicAnswer::LooksLike => ctx.t("registry-public-looks-like"),
        PublicAnswer::Nothing => ctx.t("registry-public-nothing"),
    }
}

/// Acts that the pages name.
const ACTS: [&str; 12] = [
    "registry.confirmed",
    "registry.signed",
    "registry.listed",
    "registry.disputed",
    "registry.stands",
    "registry.cleared",
    "registry.clearance_posted",
    "registry.lapsed",
    "registry.doubted",
    "registry.looked_up",
    "registry.read",
    "registry.audited",
];

/// What was done, in words; nothing for what no page tells.
pub(super) fn act(ctx: &Ctx, act: &str) -> Option<String> {
    let known = ACTS.contains(&act);
    known.then(|| ctx.t(&format!("registry-log-{}", key_part(act.trim_start_matches("registry.")))))
}

/// What something was read for, as the record has it.
pub(super) fn purpose(ctx: &Ctx, purpose: &str) -> String {
    ctx.t(&format!("registry-purpose-{}", key_part(purpose)))
}

/// Why an act is refused, in a sentence.
pub(super) fn refusal(ctx: &Ctx, why: LifeError) -> String {
    match why {
        LifeError::Guarded(guard) => ctx.t(&format!("registry-guard-{}", guard.as_str())),
        LifeError::Stands(_) => ctx.t("error-registry-stands"),
    }
}

/// The error of a field of a form, if it is one.
pub(super) fn field_error(ctx: &Ctx, error: &RegistryError) -> Option<FieldError> {
    let (field, key) = match error {
        RegistryError::Reasons => ("reason", Problem::key(error.code())),
        RegistryError::Unread | RegistryError::TooLong => ("value", Problem::key(error.code())),
        RegistryError::Value(reason) => ("value", Problem::key(reason.code())),
        RegistryError::ReportNumber => ("report", Problem::key(error.code())),
        _ => return None,
    };
    Some(FieldError::new(ctx, field, &key))
}
