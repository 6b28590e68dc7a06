//! A legal basis in words: its fields, their values, its dates.

use ::web::Ctx;
use jiff::civil::{Date, Time};
use kernel::{Lang, Role, Timestamp};
use profile::{Approvers, BasisRecord, Measure, Scope, Term};

use crate::compare::Field;
use crate::model::Basis;

/// A code as part of a key of texts.
pub(crate) fn key_part(code: &str) -> String {
    code.chars().map(|c| if matches!(c, '.' | '_') { '-' } else { c }).collect()
}

/// The words of a code: `legal-basis-measure` and `number_block`.
pub(crate) fn word(ctx: &Ctx, prefix: &str, code: &str) -> String {
    ctx.t(&format!("legal-basis-{prefix}-{}", key_part(code)))
}

/// The key of a measure's words; of the chips, whose keys are fixed.
pub(crate) const fn measure_key(measure: Measure) -> &'static str {
    match measure {
        Measure::Hold => "legal-basis-measure-hold",
        Measure::IncomingStop => "legal-basis-measure-incoming-stop",
        Measure::Release => "legal-basis-measure-release",
        Measure::Return => "legal-basis-measure-return",
        Measure::NumberBlock => "legal-basis-measure-number-block",
        Measure::SimBlock => "legal-basis-measure-sim-block",
        Measure::ImeiBlock => "legal-basis-measure-imei-block",
        Measure::SenderBlock => "legal-basis-measure-sender-block",
        Measure::ResourceRestriction => "legal-basis-measure-resource-restriction",
        Measure::Disclosure => "legal-basis-measure-disclosure",
        Measure::Preservation => "legal-basis-measure-preservation",
        Measure::Listing => "legal-basis-measure-listing",
        Measure::Delisting => "legal-basis-measure-delisting",
        Measure::Extension => "legal-basis-measure-extension",
    }
}

/// The words of an office.
pub(crate) fn role(ctx: &Ctx, role: Role) -> String {
    ctx.t(&format!("access-role-{}", key_part(role.as_str())))
}

/// The name of a language, else its tag.
pub(crate) fn lang(ctx: &Ctx, lang: &Lang) -> String {
    let key = format!("legal-basis-lang-{lang}");
    if ctx.has_text(&key) { ctx.t(&key) } else { lang.tag().to_owned() }
}

/// The code of a field in the keys of texts.
const fn field_code(field: Field) -> &'static str {
    match field {
        Field::From => "from",
        Field::To => "to",
        Field::Act => "act",
        Field::ActName => "act-name",
        Field::Article => "article",
        Field::Title => "title",
        Field::Text => "text",
        Field::Measures => "measures",
        Field::Addressees => "addressees",
        Field::Scope => "scope",
        Field::Approvers => "approvers",
        Field::Sanction => "prosecutor-sanction",
        Field::Standing => "standing",
        Field::Ack => "ack",
        Field::Action => "action",
        Field::MaxTerm => "max-term",
        Field::Extension => "extension",
        Field::Exempt => "exempt-receipts",
        Field::Notify => "notify",
        Field::AppealBody => "appeal-body",
        Field::FileWithin => "file-within",
        Field::DecideWithin => "decide-within",
        Field::Mark => "mark",
        Field::Note => "note",
        Field::Unverified => "unverified",
    }
}

/// The name of a field, with its language where it has several.
pub(crate) fn field(ctx: &Ctx, field: Field, of: Option<&Lang>) -> String {
    let name = word(ctx, "field", field_code(field));
    match of {
        Some(of) => format!("{name} ({})", lang(ctx, of)),
        None => name,
    }
}

/// A length of time as the law writes it: `5 рабочих дней`. Minutes that make whole hours are hours.
pub(crate) fn term(ctx: &Ctx, term: Term) -> String {
    let (unit, n) = match term {
        Term::Minutes(n) if n % 60 == 0 => ("hours", i64::from(n / 60)),
        Term::Minutes(n) => ("minutes", i64::from(n)),
        Term::CalendarDays(n) => ("calendar-days", i64::from(n)),
        Term::WorkingDays(n) => ("working-days", i64::from(n)),
    };
    ctx.ta(&format!("legal-basis-term-{unit}"), [("n", n)])
}

/// A civil day: `2026 ж. 30 қараша`.
pub(crate) fn day(ctx: &Ctx, day: Date) -> String {
    let start = ctx.zone().to_timestamp(day.to_datetime(Time::midnight()));
    start.map_or_else(|_| day.to_string(), |at| ctx.date(Timestamp::from_micros(at.as_microsecond())))
}

/// A first moment: the day where it begins with it, else day and hour.
pub(crate) fn begins(ctx: &Ctx, at: Timestamp) -> String {
    if ctx.hour(at) == "00:00" { ctx.date(at) } else { ctx.date_time(at) }
}

/// A first moment at which something no longer holds, as the last day on which it does.
pub(crate) fn last_day(ctx: &Ctx, at: Timestamp) -> String {
    if ctx.hour(at) == "00:00" { ctx.date(at.plus_micros(-1)) } else { ctx.date_time(at) }
}

/// From when to when a version holds, in one sentence.
pub(crate) fn span(ctx: &Ctx, (from, to): (Timestamp, Option<Timestamp>)) -> String {
    match to {
        Some(to) if to <= from => ctx.ta("legal-basis-span-ended", [("from", begins(ctx, from))]),
        Some(to) => ctx.ta("legal-basis-span", [("from", begins(ctx, from)), ("to", last_day(ctx, to))]),
        None => ctx.ta("legal-basis-span-open", [("from", begins(ctx, from))]),
    }
}

/// The act and the article: `Закон …, статья 25-1`.
pub(crate) fn act(ctx: &Ctx, basis: &Basis) -> String {
    let name = basis.record.act_name.get(ctx.lang());
    let article = basis.article();
    let plain = article.chars().next().is_some_and(|c| c.is_ascii_digit());
    let key = if plain { "legal-basis-act-article" } else { "legal-basis-act" };
    ctx.ta(key, [("act", name), ("article", article)])
}

fn signers(ctx: &Ctx, approvers: &Approvers) -> [(&'static str, ::web::Arg); 2] {
    let roles: Vec<String> = approvers.roles.iter().map(|r| role(ctx, *r)).collect();
    [("n", approvers.count.into()), ("roles", roles.join(", ").into())]
}

fn listed(ctx: &Ctx, prefix: &str, codes: impl Iterator<Item = &'static str>) -> Vec<String> {
    codes.map(|code| word(ctx, prefix, code)).collect()
}

fn scope(ctx: &Ctx, record: &BasisRecord) -> Vec<String> {
    let words = |s: Scope| word(ctx, "scope", s.as_str());
    let mut lines = vec![words(record.scope.widest)];
    if record.scope.reason_above < record.scope.widest {
        let above = words(record.scope.reason_above);
        lines.push(ctx.ta("legal-basis-reason-above", [("scope", above)]));
    }
    lines
}

/// What a field says, a line for each thing. Never empty: an absent value is said in words.
pub(crate) fn value(ctx: &Ctx, record: &BasisRecord, field: Field, lang: &Lang) -> Vec<String> {
    if let Some(text) = field.localised(record) {
        return vec![text.get(lang).to_owned()];
    }
    let within = |t: Option<Term>, none: &str| vec![t.map_or_else(|| ctx.t(none), |t| term(ctx, t))];
    let lines = match field {
        Field::From => vec![day(ctx, record.from)],
        Field::To => vec![record.to.map_or_else(|| ctx.t("legal-basis-open"), |to| day(ctx, to))],
        Field::Act => vec![record.act.clone()],
        Field::Article => vec![record.article.clone()],
        Field::Measures => listed(ctx, "measure", record.measures.iter().map(|m| m.as_str())),
        Field::Addressees => listed(ctx, "addressee", record.addressees.iter().map(|a| a.as_str())),
        Field::Scope => scope(ctx, record),
        Field::Approvers => vec![ctx.ta("legal-basis-signers", signers(ctx, &record.approvers))],
        Field::Sanction => {
            let key =
                if record.prosecutor_sanction { "legal-basis-needed" } else { "legal-basis-not-needed" };
            vec![ctx.t(key)]
        }
        Field::Standing => standing(ctx, record),
        Field::Ack => within(record.clocks.ack, "legal-basis-law-silent"),
        Field::Action => within(record.clocks.action, "legal-basis-law-silent"),
        Field::MaxTerm => within(record.max_term, "legal-basis-no-term"),
        Field::Extension => match record.extension {
            None => vec![ctx.t("legal-basis-no-extension")],
            Some(e) => {
                let args = [("term", ::web::Arg::from(term(ctx, e.term))), ("n", e.times.into())];
                vec![ctx.ta("legal-basis-extension", args)]
            }
        },
        Field::Exempt => listed(ctx, "exempt", record.exempt_receipts.iter().map(|e| e.as_str())),
        Field::Notify => record
            .notify
            .iter()
            .map(|n| {
                let key = format!("legal-basis-notify-{}", n.whom.as_str());
                ctx.ta(&key, [("term", term(ctx, n.within))])
            })
            .collect(),
        Field::FileWithin => within(record.appeal.file_within, "legal-basis-while-it-lasts"),
        Field::DecideWithin => vec![term(ctx, record.appeal.decide_within)],
        Field::Mark => vec![word(ctx, "mark", record.source.mark.as_str())],
        Field::Unverified => record.source.unverified.iter().map(|f| word(ctx, "field", f)).collect(),
        Field::ActName | Field::Title | Field::Text | Field::AppealBody | Field::Note => Vec::new(),
    };
    if lines.is_empty() { vec![ctx.t("legal-basis-none")] } else { lines }
}

fn standing(ctx: &Ctx, record: &BasisRecord) -> Vec<String> {
    let Some(rule) = &record.standing else { return vec![ctx.t("legal-basis-standing-no")] };
    vec![
        ctx.ta("legal-basis-standing-yes", [("scope", word(ctx, "scope", rule.widest.as_str()))]),
        ctx.ta("legal-basis-signers", signers(ctx, &rule.approvers)),
        ctx.ta("legal-basis-standing-days", [("n", rule.max_days)]),
    ]
}
