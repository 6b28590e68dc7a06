//! Words of this slice's closed lists, in the reader's language.

use app::App;
use kernel::{Actor, Coded as _, Lang, Purpose};
use partner::Partner;
use web::{Ctx, FieldError, Problem, Status as Shown, Tone};

use crate::error::PersonError;
use crate::model::{Dropper, Holding, OpenRecord, Role, Source, Told, Verdict};
use crate::resolve::Field as Compared;
use crate::{rules, service};

/// Institutions that records name, by their code.
pub(super) struct Names(Vec<Partner>);

impl Names {
    /// Those that take part. Where they cannot be read, codes stand for names.
    pub(super) async fn load(app: &App) -> Self {
        Self(partner::service::all(app).await.unwrap_or_default())
    }
    pub(super) fn of(&self, ctx: &Ctx, code: &str) -> String {
        let found = self.0.iter().find(|p| p.code == code);
        found.map_or_else(|| code.to_owned(), |p| p.name(ctx.lang()).to_owned())
    }
}

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
    let from = match &open.report_number {
        Some(number) => format!("{from}: {number}"),
        None => from,
    };
    let told = open.told.as_ref().map(|t| t.open(Purpose::HandleReport));
    match told.and_then(|t| t.holding.as_ref()).filter(|h| h.hop > 0) {
        Some(h) => format!("{from}, {}", ctx.ta("order-hop", [("n", h.hop)])),
        None => from,
    }
}

/// Who did something, as the reader is told.
pub(super) fn who(ctx: &Ctx, reader: &Actor, label: &str) -> String {
    let key = if label == reader.label() {
        "person-actor-you"
    } else if label == service::part().label() {
        "person-actor-machine"
    } else {
        "person-actor-staff"
    };
    ctx.t(key)
}

/// What an institution says to be somebody's, each with its name.
fn holding(ctx: &Ctx, names: &Names, h: &Holding) -> Vec<(&'static str, String)> {
    let what = order::words::thing(ctx, &h.kind, &order::words::shown(&h.kind, &h.value));
    vec![
        ("person-holding.label", format!("{what} · {}", names.of(ctx, &h.institution))),
        ("person-capacity.label", capacity(ctx, &h.capacity)),
        ("person-holding-from.label", h.from.clone()),
        ("person-holding-until.label", h.until.clone()),
        (
            "person-dropper-hop.label",
            if h.hop > 0 { ctx.ta("order-hop", [("n", h.hop)]) } else { String::new() },
        ),
    ]
}

/// The page of the order that an institution answered with a record.
pub(super) fn order_page(told: &Told) -> Option<String> {
    told.holding.as_ref().filter(|h| !h.order.is_empty()).map(|h| format!("/desk/orders/{}", h.order))
}

/// What somebody is to an account.
pub(super) fn capacity(ctx: &Ctx, word: &str) -> String {
    let key = format!("person-capacity-{}", key_part(word));
    if ctx.has_text(&key) { ctx.t(&key) } else { word.to_owned() }
}

/// What a record tells, each with its name.
pub(super) fn facts(ctx: &Ctx, names: &Names, told: &Told) -> Vec<(String, String)> {
    let all = [
        ("person-iin.label", told.iin.clone()),
        ("person-name", told.name()),
        ("person-birth.label", told.birth.clone()),
        ("person-phone.label", told.phone.clone()),
        ("person-address.label", told.address.clone()),
        ("person-device.label", told.device.clone()),
        ("person-photo.label", told.photo.clone()),
    ];
    let holding = told.holding.iter().flat_map(|h| holding(ctx, names, h));
    all.into_iter().chain(holding).filter(|(_, v)| !v.is_empty()).map(|(key, v)| (ctx.t(key), v)).collect()
}

/// What a field is called.
pub(super) const fn field(field: Compared) -> &'static str {
    match field {
        Compared::Iin => "person-iin.label",
        Compared::Last => "person-last.label",
        Compared::First => "person-first.label",
        Compared::Middle => "person-middle.label",
        Compared::Birth => "person-birth.label",
        Compared::Phone => "person-phone.label",
        Compared::Address => "person-address.label",
    }
}

/// Why a matter stands in front of others.
pub(super) fn why_looked_at(ctx: &Ctx, d: &Dropper) -> String {
    match (d.asked_at, d.doubt) {
        (_, Some(doubt)) => ctx.t(&format!("person-doubt-{}", key_part(doubt.as_str()))),
        (Some(_), None) => ctx.t("person-dropper-asked"),
        (None, None) => String::new(),
    }
}

/// Acts that the pages name.
const ACTS: [&str; 21] = [
    "person.corrected",
    "person.taken_back",
    "person.put_back",
    "person.doubted",
    "person.case_opened",
    "person.review_due",
    "person.record_gone",
    "person.matter_gone",
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
        PersonError::Birth => "birth",
        PersonError::Phone => "phone",
        PersonError::Reasons => "reason",
        _ => return None,
    };
    Some(FieldError::new(ctx, field, &Problem::key(error.code())))
}
