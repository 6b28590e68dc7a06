//! Words of this slice's closed lists, in the reader's language.

use app::App;
use kernel::Coded as _;
use web::{Ctx, FieldError, Problem, Status, Tone};

use crate::error::SchemeError;
use crate::model::{Alarm, AlarmWhat, How, KindBy, Ruling, Thing};
use crate::service::{Deed, Tie};

/// A word of the code as part of a key.
pub(super) fn key_part(word: &str) -> String {
    word.replace('_', "-")
}

/// What sort of thing.
pub(super) fn thing_kind(ctx: &Ctx, thing: &Thing) -> String {
    ctx.t(&format!("identifier-kind-{}", key_part(thing.kind.as_str())))
}

/// How a report comes to name a thing.
pub(super) fn how(ctx: &Ctx, how: How) -> String {
    ctx.t(&format!("scheme-how-{}", how.as_str()))
}

/// How the fraud is done, as the profile calls it.
pub(super) fn kind(ctx: &Ctx, app: &App, code: &str) -> String {
    match app.profile.schemes().iter().find(|kind| kind.code == code) {
        Some(kind) => kind.name.get(ctx.lang()).to_owned(),
        None => ctx.t("scheme-kind-unknown"),
    }
}

/// Who says so, and how many of how many reports tell so.
pub(super) fn kind_by(ctx: &Ctx, by: KindBy, (told, of): (i64, i64)) -> Option<String> {
    let share = [("told", ctx.number(told)), ("of", ctx.number(of))];
    (by != KindBy::Nobody).then(|| ctx.ta(&format!("scheme-kind-by-{}", by.as_str()), share))
}

/// What a scheme did by itself, in a sentence.
pub(super) fn deed(ctx: &Ctx, app: &App, deed: &Deed) -> String {
    match deed {
        Deed::TookIn { number, tie } => together(ctx, "took-in", number, tie),
        Deed::WentInto { number, tie } => together(ctx, "went-into", number, tie),
        Deed::CameApart { reports, number: Some(number) } => {
            ctx.ta("scheme-machine-came-apart-to", [("n", ctx.number(*reports)), ("number", number.clone())])
        }
        Deed::CameApart { reports, number: None } => {
            ctx.ta("scheme-machine-came-apart-none", [("n", ctx.number(*reports))])
        }
        Deed::CameFrom { reports, number } => {
            ctx.ta("scheme-machine-came-from", [("n", ctx.number(*reports)), ("number", number.clone())])
        }
        Deed::OtherKind { from, to, .. } if to.is_empty() => {
            ctx.ta("scheme-machine-no-kind", [("from", kind(ctx, app, from))])
        }
        Deed::OtherKind { from, to, told, of } => ctx.ta(
            "scheme-machine-other-kind",
            [
                ("from", kind(ctx, app, from)),
                ("to", kind(ctx, app, to)),
                ("told", ctx.number(*told)),
                ("of", ctx.number(*of)),
            ],
        ),
    }
}

/// Two schemes became one, by what.
fn together(ctx: &Ctx, what: &str, number: &str, tie: &Tie) -> String {
    let key = |by: &str| format!("scheme-machine-{what}-{by}");
    let number = ("number", number.to_owned());
    match tie {
        Tie::Thing(t) => {
            ctx.ta(&key("thing"), [number, ("kind", thing_kind(ctx, t)), ("what", t.masked.clone())])
        }
        Tie::Told(alike) => ctx.ta(&key("told"), [number, ("alike", ctx.number(*alike))]),
        Tie::Other => ctx.ta(&key("other"), [number]),
    }
}

/// What somebody has said of a thing.
pub(super) fn ruling(ctx: &Ctx, ruling: Ruling) -> String {
    match ruling {
        Ruling::Nothing => ctx.t("scheme-ruling-nothing"),
        other => ctx.t(&format!("scheme-ruling-{}", other.as_str())),
    }
}

/// A region's name.
pub(super) fn region(ctx: &Ctx, app: &App, code: &str) -> String {
    match app.profile.regions().iter().find(|r| r.code == code) {
        Some(region) => region.name.get(ctx.lang()).to_owned(),
        None => ctx.t("scheme-not-said"),
    }
}

/// A group of ages.
pub(super) fn age(ctx: &Ctx, group: &str) -> String {
    match group {
        "" => ctx.t("scheme-not-said"),
        "0-17" => ctx.t("scheme-age-minor"),
        "65+" => ctx.t("scheme-age-old"),
        other => other.replace('-', "–"),
    }
}

/// What is out of the ordinary, in a sentence.
pub(super) fn alarm(ctx: &Ctx, app: &App, banks: &super::list::Banks, a: &Alarm) -> String {
    let seen = ctx.number(a.seen);
    // Nobody is told of what is likelier than one in a million, and what lies below says nothing more to anybody.
    let usual = || match a.expected_milli {
        ..1_000 => ctx.t("scheme-alarm-usual-few"),
        milli => ctx.ta("scheme-alarm-usual", [("expected", expected(ctx, milli))]),
    };
    match a.what {
        AlarmWhat::Growing => ctx.ta("scheme-alarm-growing", [("seen", seen), ("usual", usual())]),
        AlarmWhat::Bank => ctx.ta(
            "scheme-alarm-bank",
            [("bank", banks.name(ctx, &a.subject)), ("seen", seen), ("usual", usual())],
        ),
        AlarmWhat::Region => {
            ctx.ta("scheme-alarm-region", [("region", region(ctx, app, &a.subject)), ("seen", seen)])
        }
        AlarmWhat::Age => ctx.ta("scheme-alarm-age", [("age", age(ctx, &a.subject)), ("seen", seen)]),
    }
}

/// A figure in thousandths, with one place behind the comma where it is small.
fn expected(ctx: &Ctx, milli: i64) -> String {
    let tenths = milli.saturating_add(50).checked_div(100).unwrap_or(0);
    let (whole, rest) = (tenths.checked_div(10).unwrap_or(0), tenths.checked_rem(10).unwrap_or(0));
    if whole >= 10 || rest == 0 {
        return ctx.number(whole);
    }
    let comma = if ctx.lang().tag() == "en" { '.' } else { ',' };
    format!("{whole}{comma}{rest}")
}

/// The tag of what is out of the ordinary.
pub(super) fn alarms(ctx: &Ctx, n: i64) -> Option<Status> {
    (n > 0).then(|| Status::new(ctx, "scheme-tag-alarm", Tone::Amber))
}

/// What is wrong with a decision, at its field; `None` for what is no matter of the form.
pub(super) fn field_error(ctx: &Ctx, error: &SchemeError) -> Option<FieldError> {
    let field = match error {
        SchemeError::NoReason => "reason",
        SchemeError::NoSuchNumber | SchemeError::InAlready => "number",
        SchemeError::NoSuchKind => "kind",
        SchemeError::NotTicked | SchemeError::AllTicked => "id",
        _ => return None,
    };
    Some(FieldError::new(ctx, field, &Problem::key(error.code())))
}

/// An act of the record, in words; `None` for what is no matter of the page.
pub(super) fn act(ctx: &Ctx, act: &str) -> Option<String> {
    let key = format!("scheme-act-{}", act.strip_prefix("scheme.")?.replace('_', "-"));
    ctx.has_text(&key).then(|| ctx.t(&key))
}
