//! Orders in words: what pages of several slices say of them, in the language of the reader.

use kernel::{Money, Timestamp};
use legal_basis::Basis;
use profile::Measure;
use web::{ClockState, Ctx, Status, Tone};

use crate::details::Details;
use crate::measure;
use crate::model::{ObjectState, Order, Status as Stands};

/// A code as part of a key of texts.
#[must_use]
pub fn key_part(code: &str) -> String {
    code.chars().map(|c| if matches!(c, '.' | '_') { '-' } else { c }).collect()
}

/// Words of a measure.
#[must_use]
pub fn measure(ctx: &Ctx, measure: Measure) -> String {
    ctx.t(&format!("legal-basis-measure-{}", key_part(measure.as_str())))
}

/// A sum where the measure is about one.
#[must_use]
pub fn cap(ctx: &Ctx, measure: Measure, cap: Money) -> Option<String> {
    measure::is_about_money(measure).then(|| ctx.money(cap))
}

/// The status of an order in words and colour.
#[must_use]
pub fn status(ctx: &Ctx, order: &Order) -> Status {
    let late = order.escalated_at.is_some() && matches!(order.status, Stands::Sent | Stands::Acknowledged);
    let tone = match order.status {
        Stands::Sent | Stands::Acknowledged => Tone::Blue,
        Stands::Answered => Tone::Green,
        Stands::Drafted => Tone::Amber,
        Stands::Released | Stands::Lapsed | Stands::Cancelled => Tone::Grey,
    };
    if late {
        Status::new(ctx, "order-late", Tone::Red)
    } else {
        Status::new(ctx, &format!("order-status-{}", order.status.as_str()), tone)
    }
}

/// The state of an object in words and colour.
#[must_use]
pub fn state(ctx: &Ctx, state: ObjectState) -> Status {
    let tone = match state {
        ObjectState::Held
        | ObjectState::PartlyHeld
        | ObjectState::Returned
        | ObjectState::Done
        | ObjectState::PartlyDone
        | ObjectState::Removed
        | ObjectState::Kept
        | ObjectState::Disclosed
        | ObjectState::PartlyDisclosed => Tone::Green,
        ObjectState::Asked | ObjectState::HeldElsewhere | ObjectState::DoneElsewhere => Tone::Blue,
        ObjectState::Refused | ObjectState::NotConfirmed => Tone::Red,
        ObjectState::Question => Tone::Amber,
        ObjectState::Ported
        | ObjectState::ServedAbroad
        | ObjectState::NothingKept
        | ObjectState::Moved
        | ObjectState::Cash
        | ObjectState::Spent
        | ObjectState::Abroad
        | ObjectState::NotFound
        | ObjectState::Released
        | ObjectState::Lapsed => Tone::Grey,
    };
    Status::new(ctx, &format!("order-state-{}", key_part(state.as_str())), tone)
}

/// An identifier with the word for its kind.
#[must_use]
pub fn thing(ctx: &Ctx, kind: &str, shown: &str) -> String {
    let key = format!("order-kind-{}", key_part(kind));
    let words = if ctx.has_text(&key) { ctx.t(&key) } else { kind.to_owned() };
    format!("{words}: {shown}")
}

/// An identifier in groups.
#[must_use]
pub fn shown(kind: &str, value: &str) -> String {
    match kind {
        // A card is kept by its first six and last four digits.
        "card" => report::rules::mask(kind, value),
        "phone" => web::phone(value),
        "account" if value.starts_with('+') => web::phone(value),
        "iban" | "account" => web::grouped(value, 4),
        _ => value.to_owned(),
    }
}

/// The details in words, one line for each.
#[must_use]
pub fn details(ctx: &Ctx, name: impl Fn(&str) -> String, details: &Details) -> Vec<String> {
    let word = |list: &str, code: &str| ctx.t(&format!("order-{list}-{}", key_part(code)));
    let line = |key: &str, text: &str| ctx.ta(&format!("order-detail-{key}"), [("text", text)]);
    match details {
        Details::Block { ways, ground } => {
            let ways: Vec<String> = ways.iter().map(|w| word("way", w.as_str())).collect();
            vec![line("ways", &ways.join(", ")), line("ground", &word("ground", ground.as_str()))]
        }
        Details::Restriction { act, class, harm, narrower } => {
            let mut all = vec![
                line("act", &word("act", act.as_str())),
                line("class", &word("class", class.as_str())),
                line("harm", harm),
            ];
            if !narrower.is_empty() {
                all.push(line("narrower", narrower));
            }
            all
        }
        Details::Disclosure { data, from, to } => {
            let data: Vec<String> = data.iter().map(|d| word("data", d.as_str())).collect();
            let mut all = vec![line("data", &data.join(", "))];
            let day = |at: &Option<String>| {
                at.as_deref().and_then(crate::message::time).map(|t| ctx.date_time(t)).unwrap_or_default()
            };
            if from.is_some() || to.is_some() {
                all.push(line("period", &format!("{} – {}", day(from), day(to))));
            }
            all
        }
        Details::Preservation { data } => {
            let data: Vec<String> = data.iter().map(|d| word("data", d.as_str())).collect();
            vec![line("keep", &data.join(", "))]
        }
        Details::Return { to_institution, to_kind, to_value } => {
            let to = format!("{}, {}", name(to_institution), shown(to_kind, to_value));
            vec![line("to", &to)]
        }
        Details::Listing { knowledge, minor, guardian_told, voluntary, talked, instruments, ground } => {
            let instruments: Vec<String> = instruments
                .iter()
                .map(|i| format!("{}, {}", name(&i.institution), shown(&i.kind, &i.value)))
                .collect();
            let flags = [
                (*minor, "minor"),
                (*guardian_told, "guardian-told"),
                (*voluntary, "voluntary"),
                (*talked, "talked"),
            ];
            let flags = flags
                .into_iter()
                .filter(|(on, _)| *on)
                .map(|(_, key)| ctx.t(&format!("order-listing-{key}")));
            let mut all = vec![
                line("knowledge", &word("knowledge", knowledge.as_str())),
                line("known-from", ground),
                line("instruments", &instruments.join("; ")),
            ];
            all.extend(flags);
            all
        }
        Details::Extension { act, .. } => act.iter().map(|act| line("court-act", act)).collect(),
    }
}

/// An answer code with its words.
#[must_use]
pub fn code(ctx: &Ctx, code: &str) -> String {
    let key = format!("order-code-{code}");
    if ctx.has_text(&key) { format!("{code} {}", ctx.t(&key)) } else { code.to_owned() }
}

/// Why something waits or was not done, in words.
#[must_use]
pub fn why(ctx: &Ctx, code: &str) -> String {
    let key = format!("order-why-{}", key_part(code));
    if code.is_empty() {
        String::new()
    } else if ctx.has_text(&key) {
        ctx.t(&key)
    } else {
        code.to_owned()
    }
}

/// Which clock runs now, till when, and its words.
#[must_use]
pub fn running(order: &Order) -> Option<(Timestamp, ClockState, &'static str)> {
    let since = order.sent_at.unwrap_or(order.requested_at);
    match order.status {
        Stands::Drafted => {
            Some((order.ack_due, ClockState::Running { since: order.requested_at }, "order-clock-send"))
        }
        Stands::Sent => Some((order.ack_due, ClockState::Running { since }, "order-clock-ack")),
        Stands::Acknowledged => Some((order.action_due, ClockState::Running { since }, "order-clock-answer")),
        Stands::Answered => {
            let at = order.answered_at.unwrap_or(order.action_due);
            Some((order.action_due, ClockState::Done { since, at }, "order-clock-answer"))
        }
        Stands::Released | Stands::Lapsed | Stands::Cancelled => None,
    }
}

/// Act and article of a basis, in one line.
#[must_use]
pub fn basis_words(ctx: &Ctx, basis: &Basis) -> String {
    let numbered = basis.article().starts_with(|c: char| c.is_ascii_digit());
    let key = if numbered { "order-basis-article" } else { "order-basis" };
    ctx.ta(
        key,
        [("act", basis.record.act_name.get(ctx.lang()).to_owned()), ("article", basis.article().to_owned())],
    )
}
