//! The rules of an answer, as docs/partner-api/README.md has them. Pure: an answer and what was asked in, faults out.
//! Every fault is named, not only the first: whoever mends an interface wants the whole list.

mod code;
mod form;
mod holder;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

pub use code::{fits, in_table, is_end, is_held, is_outflow, is_receipt, is_substance, needs, restricts};
pub use form::{account_fits, kind_known};
pub use standing::{Standing, standing};

use crate::check::Check;
use crate::clock::{SECOND, parse};
use crate::report::Verdict;
use crate::wire::{Amount, Answer, Line, clip};

/// Most lines of one answer.
const MAX_LINES: usize = 200;
/// How far a partner's clock may run ahead.
const SKEW: i64 = 300 * SECOND;
/// How far back an answer may tell: five years.
const LONG_AGO: i64 = 5 * 366 * 86_400 * SECOND;

/// What an answer is held against.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The order.
    pub order_id: String,
    /// Who was asked.
    pub executor: String,
    /// What for.
    pub measure: String,
    /// The order's currency.
    pub currency: String,
    /// Its objects, each with the most that may be held in hundredths.
    pub objects: BTreeMap<String, Option<i64>>,
    /// When the disputed money moved.
    pub trigger_at: Option<i64>,
    /// How much moved then, hundredths; the cap may be a part of it.
    pub trigger_amount: Option<i64>,
}

/// Something wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which check.
    pub check: Check,
    /// How bad.
    pub verdict: Verdict,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// The code by which the node would refuse it.
    pub code: &'static str,
    /// What the page says.
    pub expected: String,
    /// What was there.
    pub came: String,
}

fn fault(check: Check, pointer: &str, code: &'static str, expected: &str, came: &str) -> Fault {
    let (expected, came) = (expected.to_owned(), clip(came, 200));
    Fault { check, verdict: Verdict::Failed, pointer: pointer.to_owned(), code, expected, came }
}

fn doubt(check: Check, pointer: &str, expected: &str, came: &str) -> Fault {
    Fault { verdict: Verdict::Warned, ..fault(check, pointer, "", expected, came) }
}

/// Judges an answer that was heard at `now`. Empty if nothing is wrong.
#[must_use]
pub fn judge(answer: &Answer, asked: &Asked, now: i64) -> Vec<Fault> {
    let mut faults = whole(answer, asked, now);
    let cap = match &answer.object_id {
        Some(id) => asked.objects.get(id).copied().flatten(),
        None => None,
    };
    for (no, line) in answer.lines.iter().enumerate().take(MAX_LINES) {
        let at = format!("/lines/{no}");
        codes(&mut faults, line, &at, asked);
        fields(&mut faults, line, &at);
        amounts(&mut faults, line, &at, &asked.currency);
        times(&mut faults, line, &at, asked, now);
        accounts(&mut faults, line, &at);
        holder::holders(&mut faults, line, &at, now);
        if let Some(cap) = cap {
            held(&mut faults, line, &at, asked, cap);
        }
    }
    if let Some(cap) = cap {
        sums(&mut faults, answer, asked, cap);
        if asked.measure == "return" {
            given_back(&mut faults, answer, asked, cap);
        }
    }
    faults
}

/// What concerns the answer as a whole.
fn whole(answer: &Answer, asked: &Asked, now: i64) -> Vec<Fault> {
    let mut faults = Vec::new();
    if answer.kind != "answer.v1" {
        faults.push(fault(Check::AnswerShape, "/type", "answer.type", "`answer.v1`", &answer.kind));
    }
    let id = answer.answer_id.as_str();
    if !(1..=64).contains(&id.len()) || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    {
        let expected = "1 to 64 letters, digits, `-`, `_` or `.`";
        faults.push(fault(Check::AnswerId, "/answer_id", "answer.id", expected, id));
    }
    if answer.order_id != asked.order_id {
        faults.push(fault(
            Check::AnswerShape,
            "/order_id",
            "order.unknown",
            &asked.order_id,
            &answer.order_id,
        ));
    }
    if answer.executor != asked.executor {
        faults.push(fault(
            Check::AnswerShape,
            "/executor",
            "order.wrong_executor",
            &asked.executor,
            &answer.executor,
        ));
    }
    if answer.lines.is_empty() || answer.lines.len() > MAX_LINES {
        let came = format!("{} lines", answer.lines.len());
        faults.push(fault(Check::AnswerShape, "/lines", "answer.lines", "1 to 200 lines", &came));
    }
    match &answer.object_id {
        None if answer.lines.iter().any(|l| l.code != "A00") => {
            let expected = "an `object_id`; it may be left out only beside a bare `A00`";
            faults.push(fault(
                Check::AnswerObject,
                "/object_id",
                "answer.object_missing",
                expected,
                &answer.codes(),
            ));
        }
        Some(id) if !asked.objects.contains_key(id) => {
            faults.push(fault(
                Check::AnswerObject,
                "/object_id",
                "order.no_object",
                "an object of the order",
                id,
            ));
        }
        _ => {}
    }
    one_time(&mut faults, "/at", &answer.at, now);
    faults
}

fn codes(faults: &mut Vec<Fault>, line: &Line, at: &str, asked: &Asked) {
    let pointer = format!("{at}/code");
    if !in_table(&line.code) {
        let expected = "a code of the table; any other is shown to an officer and has no effect";
        faults.push(doubt(Check::AnswerCodes, &pointer, expected, &line.code));
    } else if !fits(&line.code, &asked.measure) {
        let expected = format!("a code that answers the measure `{}`", asked.measure);
        faults.push(fault(Check::AnswerCodes, &pointer, "answer.unfit", &expected, &line.code));
    }
}

fn fields(faults: &mut Vec<Fault>, line: &Line, at: &str) {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
    for field in needs(&line.code) {
        let there = match *field {
            "amount" => line.amount.is_some(),
            "at" => given(&line.at),
            "account" => line.account.is_some(),
            "institution" => given(&line.institution),
            "reference" => given(&line.reference),
            "terminal" => given(&line.terminal),
            "merchant" => given(&line.merchant),
            "until" => given(&line.until) || given(&line.camera_until),
            _ => given(&line.text),
        };
        if !there {
            let expected = format!("`{}` adds `{field}`", line.code);
            let pointer = format!("{at}/{field}");
            faults.push(fault(
                Check::AnswerFields,
                &pointer,
                "answer.field_missing",
                &expected,
                "it is left out",
            ));
        }
    }
}

fn amounts(faults: &mut Vec<Fault>, line: &Line, at: &str, currency: &str) {
    let mut look = |amount: &Option<Amount>, field: &str, nothing_is_something: bool| {
        let Some(told) = amount else { return };
        if told.minor(currency).is_some_and(|m| m > 0 || nothing_is_something) {
            return;
        }
        let expected = format!("decimal text in {currency} such as `620000.00`, above nothing");
        let came = format!("`{}` {}", told.amount, told.currency);
        let pointer = format!("{at}/{field}");
        faults.push(fault(Check::AnswerAmounts, &pointer, "answer.field_unreadable", &expected, &came));
    };
    look(&line.amount, "amount", false);
    look(&line.balance_before, "balance_before", true);
    look(&line.stood_before, "stood_before", true);
}

fn accounts(faults: &mut Vec<Fault>, line: &Line, at: &str) {
    let Some(account) = line.account.as_ref().filter(|a| !account_fits(&a.kind, &a.value)) else { return };
    let pointer = format!("{at}/account");
    let came = format!("{} `{}`", account.kind, account.value);
    // The node puts spaces and small letters right; what is left of it may be an account after all.
    let bare: String = account.value.chars().filter(|c| !c.is_whitespace() && !"()".contains(*c)).collect();
    if matches!(account.kind.as_str(), "iban" | "phone") && account_fits(&account.kind, &bare.to_uppercase())
    {
        faults.push(doubt(
            Check::AnswerAccounts,
            &pointer,
            "its plain writing, without spaces, in capitals",
            &came,
        ));
    } else {
        let (code, expected) = ("answer.field_unreadable", "an account that is what its `kind` says");
        faults.push(fault(Check::AnswerAccounts, &pointer, code, expected, &came));
    }
}

fn one_time(faults: &mut Vec<Fault>, pointer: &str, text: &str, now: i64) -> Option<i64> {
    let Some(time) = parse(text) else {
        let expected = "a time in RFC 3339 with offset";
        faults.push(fault(Check::AnswerTimes, pointer, "answer.field_unreadable", expected, text));
        return None;
    };
    if time > now.saturating_add(SKEW) {
        let expected = "a time at most five minutes ahead";
        faults.push(fault(Check::AnswerTimes, pointer, "answer.in_future", expected, text));
    } else if time < now.saturating_sub(LONG_AGO) {
        let expected = "a time at most five years back";
        faults.push(fault(Check::AnswerTimes, pointer, "answer.field_unreadable", expected, text));
    }
    Some(time)
}

fn times(faults: &mut Vec<Fault>, line: &Line, at: &str, asked: &Asked, now: i64) {
    let pointer = format!("{at}/at");
    let time = line.at.as_deref().and_then(|text| one_time(faults, &pointer, text, now));
    if let (Some(time), Some(came_in)) = (time, asked.trigger_at)
        && is_outflow(&line.code)
        && time < came_in
    {
        let expected = "disputed money that leaves after it came in";
        faults.push(doubt(Check::AnswerTimes, &pointer, expected, line.at.as_deref().unwrap_or_default()));
    }
    // When pictures or data end may well lie ahead, so only the form is judged.
    let others = [("told_at", &line.told_at), ("until", &line.until), ("camera_until", &line.camera_until)];
    for (field, text) in others {
        if let Some(text) = text.as_deref().filter(|t| parse(t).is_none()) {
            let expected = "a time in RFC 3339 with offset";
            let pointer = format!("{at}/{field}");
            faults.push(fault(Check::AnswerTimes, &pointer, "answer.field_unreadable", expected, text));
        }
    }
}

/// What a line says to be held, against the cap.
fn held(faults: &mut Vec<Fault>, line: &Line, at: &str, asked: &Asked, cap: i64) {
    let minor = |a: &Option<Amount>| a.as_ref().and_then(|a| a.minor(&asked.currency));
    let Some(held) = minor(&line.amount).filter(|_| is_held(&line.code)) else { return };
    let pointer = format!("{at}/amount");
    let (told, most) = (Amount::of(held, &asked.currency).amount, Amount::of(cap, &asked.currency).amount);
    if held > cap {
        let expected = format!("at most the `cap` of {most}");
        faults.push(fault(Check::AnswerCap, &pointer, "answer.too_much_held", &expected, &told));
    } else if line.code == "H10" && held != cap {
        let expected = format!("`H10` with the whole `cap` of {most}, or `H11`");
        faults.push(fault(Check::AnswerCap, &pointer, "answer.not_all", &expected, &told));
    }
    if let Some(before) = minor(&line.balance_before).filter(|before| *before < held) {
        let expected =
            format!("no more held than lay there ({})", Amount::of(before, &asked.currency).amount);
        faults.push(doubt(Check::AnswerSums, &pointer, &expected, &told));
    }
}

/// What all lines come to. With `stood_before` amounts are whole movements, and nothing can be added up.
fn sums(faults: &mut Vec<Fault>, answer: &Answer, asked: &Asked, cap: i64) {
    if answer.lines.iter().any(|l| l.stood_before.is_some()) {
        return;
    }
    let minor = |l: &Line| l.amount.as_ref().and_then(|a| a.minor(&asked.currency));
    // One line above the cap is told of by its own check.
    if answer.lines.iter().any(|l| is_held(&l.code) && minor(l) > Some(cap)) {
        return;
    }
    let counts = |l: &&Line| is_held(&l.code) || l.code == "H12" || is_outflow(&l.code);
    let sum = answer.lines.iter().filter(counts).filter_map(minor).fold(0_i64, i64::saturating_add);
    let most = asked.trigger_amount.unwrap_or(cap).max(cap);
    let amount = |minor| Amount::of(minor, &asked.currency).amount;
    if sum > most {
        let expected = format!("at most the payment of {} in all", amount(most));
        faults.push(fault(Check::AnswerSums, "/lines", "", &expected, &amount(sum)));
    } else if sum > cap || (0 < sum && sum < cap && !answer.lines.iter().any(|l| l.code == "N33")) {
        // Where the cap is a part of the payment, the rest that has gone may be told, too.
        let expected = format!("{} in all, the sum asked about", amount(cap));
        faults.push(doubt(Check::AnswerSums, "/lines", &expected, &amount(sum)));
    }
}

/// What was given back in all, each payment once, against what was ordered.
fn given_back(faults: &mut Vec<Fault>, answer: &Answer, asked: &Asked, cap: i64) {
    let paid = answer.lines.iter().filter(|l| matches!(l.code.as_str(), "P70" | "P71"));
    let once: BTreeSet<(&str, Option<&str>, i64)> = paid
        .filter_map(|l| {
            let minor = l.amount.as_ref()?.minor(&asked.currency)?;
            Some((l.code.as_str(), l.reference.as_deref(), minor))
        })
        .collect();
    let sum = once.iter().fold(0_i64, |sum, (_, _, minor)| sum.saturating_add(*minor));
    if sum > cap {
        let amount = |minor| Amount::of(minor, &asked.currency).amount;
        let expected = format!("at most {} given back in all", amount(cap));
        let code = "answer.too_much_told";
        faults.push(fault(Check::AnswerSums, "/lines", code, &expected, &amount(sum)));
    }
}

#[cfg(test)]
mod tests;
