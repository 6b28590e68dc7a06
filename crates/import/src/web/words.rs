//! Words of what was read, in the reader's language.

use app::App;
use askama::Template;
use kernel::{Money, Timestamp};
use reader::Ended;
use reader::child::Failure;
use statement::{Code, Decimal, Direction, Row, Summary, Trouble};
use web::{Ctx, Markup, Status, Tone};

use crate::model::{RowKind, State, Told};
use crate::rules;

/// Accounts whose sums are shown.
const SUMS: usize = 50;

/// A word of the code as part of a key.
fn part(word: &str) -> String {
    word.replace('_', "-")
}

/// The word by which a code is written into JSON.
fn word_of(code: &impl serde::Serialize) -> String {
    serde_json::to_value(code).ok().and_then(|v| v.as_str().map(part)).unwrap_or_default()
}

/// Where an import has come to.
pub(super) fn state(ctx: &Ctx, state: State) -> Status {
    let tone = match state {
        State::Reading => Tone::Blue,
        State::Read => Tone::Green,
        State::Failed => Tone::Red,
        State::TakenBack => Tone::Grey,
    };
    Status::new(ctx, &format!("import-state-{}", part(state.as_str())), tone)
}

/// What a row is.
pub(super) fn kind(ctx: &Ctx, kind: RowKind) -> String {
    ctx.t(&format!("import-kind-{}", kind.as_str()))
}

/// An amount as the office writes money; of a currency that it does not know, as the file has it.
pub(super) fn amount(ctx: &Ctx, app: &App, amount: Decimal, currency: &str) -> String {
    let asset = match currency {
        "" => Some(app.profile.currency()),
        code => app.profile.asset(code),
    };
    let money = asset.and_then(|asset| Money::from_decimal(&amount.to_string(), asset).ok());
    money.map_or_else(|| format!("{amount} {currency}").trim().to_owned(), |money| ctx.money(money))
}

/// A moment as the office writes it, no more exact than it was told; what does not read as one stands as it was told.
pub(super) fn when(ctx: &Ctx, app: &App, told: &str) -> String {
    match rules::moment(told, app.profile.zone()) {
        Some(at) if rules::is_day(told) => ctx.formats().date(at),
        Some(at) => ctx.date_time(at),
        None => told.to_owned(),
    }
}

/// What was wrong at a line.
pub(super) fn trouble(ctx: &Ctx, trouble: &Trouble) -> String {
    let what = code(ctx, trouble.code);
    match (trouble.line, trouble.told.as_str()) {
        (0, "") => what,
        (0, told) => format!("{what}: {told}"),
        (line, told) => {
            let line = i64::try_from(line).unwrap_or(i64::MAX);
            let at = ctx.ta("import-at-line", [("line", ctx.number(line))]);
            if told.is_empty() { format!("{at}: {what}") } else { format!("{at}: {what}: {told}") }
        }
    }
}

/// What is wrong.
pub(super) fn code(ctx: &Ctx, code: Code) -> String {
    ctx.t(&format!("import-trouble-{}", word_of(&code)))
}

/// Why it was not read to its end; nothing where it was.
pub(super) fn failure(ctx: &Ctx, told: &Told) -> Option<String> {
    if let Some(Failure { code, .. }) = &told.failure {
        let key = format!("import-failure-{}", part(code));
        return Some(if ctx.has_text(&key) { ctx.t(&key) } else { ctx.t("import-failure-other") });
    }
    match told.ended {
        None | Some(Ended::Whole) => None,
        Some(ended) => Some(ctx.t(&format!("import-ended-{}", word_of(&ended)))),
    }
}

/// What it is that was read: format, encoding, span.
pub(super) fn facts(ctx: &Ctx, app: &App, s: &Summary) -> Vec<(String, String)> {
    let mut all = Vec::new();
    if let Some(format) = s.format {
        let version = if s.version.is_empty() { String::new() } else { format!(" ({})", s.version) };
        let words = ctx.t(&format!("import-format-{}", part(format.as_str())));
        all.push((ctx.t("import-format"), format!("{words}{version}")));
    }
    if !s.encoding.is_empty() {
        all.push((ctx.t("import-encoding"), s.encoding.to_uppercase()));
    }
    all.push((ctx.t("import-rows"), ctx.number(i64::try_from(s.rows).unwrap_or(i64::MAX))));
    if !s.from.is_empty() {
        all.push((
            ctx.t("import-span"),
            format!("{} – {}", when(ctx, app, &s.from), when(ctx, app, &s.until)),
        ));
    }
    all
}

/// What the movements of an account come to.
struct Sum {
    account: String,
    opening: String,
    credits: String,
    debits: String,
    closing: String,
    sound: Status,
}

#[derive(Template)]
#[template(path = "_import_sums.html")]
struct SumsTable<'a> {
    ctx: &'a Ctx,
    sums: Vec<Sum>,
}

/// What movements come to, account by account; nothing where there are none.
pub(super) fn sums(ctx: &Ctx, app: &App, s: &Summary) -> Option<Markup> {
    let sum = |sums: &statement::Sums| {
        let money = |amount: Decimal| self::amount(ctx, app, amount, &sums.currency);
        let told = |amount: Option<Decimal>| amount.map_or_else(|| "–".to_owned(), money);
        let (key, tone) = match sums.sound {
            Some(true) => ("import-sound", Tone::Green),
            Some(false) => ("import-unsound", Tone::Red),
            None => ("import-unchecked", Tone::Grey),
        };
        Sum {
            account: if sums.account.is_empty() { "–".to_owned() } else { sums.account.clone() },
            opening: told(sums.opening),
            credits: money(sums.credits),
            debits: money(sums.debits),
            closing: told(sums.closing),
            sound: Status::new(ctx, key, tone),
        }
    };
    let sums: Vec<Sum> = s.sums.iter().take(SUMS).map(sum).collect();
    (!sums.is_empty()).then(|| web::render(&SumsTable { ctx, sums }))
}

#[derive(Template)]
#[template(path = "_import_rows.html")]
struct RowsTable<'a> {
    ctx: &'a Ctx,
    rows: Vec<Shown>,
}

/// Rows as a table; nothing where there are none.
pub(super) fn rows(ctx: &Ctx, app: &App, all: &[Row]) -> Option<Markup> {
    let rows: Vec<Shown> = all.iter().filter_map(|r| row(ctx, app, r)).collect();
    (!rows.is_empty()).then(|| web::render(&RowsTable { ctx, rows }))
}

/// A row as it is shown.
struct Shown {
    line: String,
    when: String,
    who: String,
    with: String,
    sum: String,
    text: String,
}

/// Whether a movement stands, in words; nothing of one that does.
fn status(ctx: &Ctx, told: &str) -> String {
    match told {
        "booked" => String::new(),
        "pending" | "info" => ctx.t(&format!("import-status-{told}")),
        other => other.to_owned(),
    }
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

/// A row; nothing for what is none.
fn row(ctx: &Ctx, app: &App, row: &Row) -> Option<Shown> {
    let n = |n: u64| ctx.number(i64::try_from(n).unwrap_or(i64::MAX));
    Some(match row {
        Row::Movement(m) => {
            let money = amount(ctx, app, m.amount, &m.currency);
            Shown {
                line: n(m.line),
                when: when(ctx, app, &m.booked_at),
                who: m.account.clone(),
                with: joined(&[&m.counter.account, &m.counter.name, &m.counter.bank, &m.counter.number]),
                sum: match m.direction {
                    Some(Direction::Credit) => format!("+{money}"),
                    Some(Direction::Debit) => format!("−{money}"),
                    None => money,
                },
                text: joined(&[&m.purpose, &m.reference, &m.code, &status(ctx, &m.status)]),
            }
        }
        Row::Call(c) => Shown {
            line: n(c.line),
            when: when(ctx, app, &c.started_at),
            who: c.from.clone(),
            with: c.to.join(", "),
            sum: c.duration_s.map_or_else(String::new, |s| {
                ctx.duration(i64::try_from(s).unwrap_or(i64::MAX).saturating_mul(1_000_000))
            }),
            text: joined(&[&c.sort, &c.direction, &c.application, &c.cell, &c.place, &c.imei, &c.imsi]),
        },
        Row::Message(m) => Shown {
            line: n(m.line),
            when: when(ctx, app, &m.sent_at),
            who: joined(&[&m.from, &m.from_id]),
            with: joined(&[&m.chat, &m.to.join(", ")]),
            sum: String::new(),
            text: joined(&[&m.text, &m.event, &m.files.join(", "), &m.application]),
        },
        Row::Account(a) => Shown {
            line: n(a.line),
            when: String::new(),
            who: a.identifier.clone(),
            with: joined(&[&a.owner, &a.tied_to.join(", ")]),
            sum: String::new(),
            text: joined(&[&a.sort, &a.issuer, &a.display_name, &a.logins.join(", ")]),
        },
        Row::Trouble(_) => return None,
    })
}

/// With whom a row is, in one line; nothing where it is not told.
pub(super) fn with(row: &Row) -> String {
    match row {
        Row::Movement(m) => joined(&[&m.counter.account, &m.counter.name]),
        Row::Call(c) => c.to.first().cloned().unwrap_or_default(),
        Row::Message(m) => m.to.first().cloned().unwrap_or_default(),
        Row::Account(_) | Row::Trouble(_) => String::new(),
    }
}

/// What rows are searched by.
pub(super) fn found_by(row: &Row) -> String {
    match row {
        Row::Movement(m) => m.counter.account.clone(),
        other => with(other),
    }
}

/// A moment of the office, as text.
pub(super) fn at(ctx: &Ctx, at: Timestamp) -> String {
    ctx.date_time(at)
}
