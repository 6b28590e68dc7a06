//! What partners' answers mean. Pure: an answer is read into lines, lines are judged against the object,
//! and all lines of an object fold into its state, whatever the order in which they arrived.

mod code;
mod fault;
mod fold;
mod holder;
mod look;

use kernel::{Money, Timestamp};
use profile::Measure;
use serde::{Deserialize, Serialize};

pub use code::Code;
pub use fault::AnswerFault;
pub use fold::{Folded, beside_returns, fold, fold_return, in_order, paid_back};
pub use holder::{
    Holder, HolderFault, HolderKind, HolderRole, HoldersTold, MAX_HOLDERS, asked_for, standing,
};
pub use look::{Said, Stands, wants_a_person};

use crate::message::{Account, Answer, Line};

/// Most lines of one answer.
pub const MAX_LINES: usize = 200;
/// Most lines about one object, in all its answers: an account that did more is looked at by a person, and no
/// partner's fault may keep everybody else waiting.
pub const MAX_FACTS: usize = 500;
/// How far a partner's clock may run ahead of ours (seconds of the wall clock).
pub const CLOCK_SKEW_SECS: i64 = 300;
/// How far back an answer may tell (office seconds).
const LONG_AGO_SECS: i64 = 5 * 366 * 86_400;
/// The largest amount of a line, smallest units: what a trail can take.
const MAX_MINOR: i64 = 1_000_000_000_000_000;
/// Longest writing of an account of an unknown form.
const MAX_ACCOUNT_CHARS: usize = 64;
/// Longest words of a line: merchant, explanation, a partner's own code.
const MAX_TEXT_CHARS: usize = 2_000;
/// Longest short field of a line: reference, institution, terminal, place.
const MAX_SHORT_CHARS: usize = 140;

/// Between which times a line is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Believable {
    earliest: Timestamp,
    latest: Timestamp,
}

impl Believable {
    /// At office time `now`, which runs `factor` times as fast as the wall clocks that may differ.
    #[must_use]
    pub fn at(now: Timestamp, factor: u32) -> Self {
        let skew = CLOCK_SKEW_SECS.saturating_mul(i64::from(factor.max(1)));
        Self { earliest: now.plus_secs(-LONG_AGO_SECS), latest: now.plus_secs(skew) }
    }
}

/// One line, read and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What happened.
    pub code: Code,
    /// How much, where money is meant.
    pub amount: Option<Money>,
    /// Balance of the account just before it was held.
    pub balance_before: Option<Money>,
    /// What stood on the account just before the disputed money came.
    #[serde(default)]
    pub stood_before: Option<Money>,
    /// When.
    pub at: Timestamp,
    /// Where to.
    pub institution: Option<String>,
    /// Which account there.
    pub account: Option<Account>,
    /// The bank's reference.
    pub reference: Option<String>,
    /// Cash machine or till.
    pub terminal: Option<String>,
    /// Place.
    pub place: Option<String>,
    /// How long its pictures, or the data asked for, are kept.
    pub camera_until: Option<Timestamp>,
    /// When the subscriber or holder was told.
    #[serde(default)]
    pub told_at: Option<Timestamp>,
    /// How many other numbers the same person has.
    #[serde(default)]
    pub other_numbers: Option<u32>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<Holder>,
    /// Words, merchant or native code.
    pub text: Option<String>,
    /// Who told it by telephone or letter, where an officer wrote it down.
    #[serde(default)]
    pub by_hand: Option<String>,
}

/// Reads an answer to an order of `measure` about an object with this `cap`.
///
/// # Errors
/// The first fault, with its place.
pub fn read(
    answer: &Answer,
    measure: Measure,
    cap: Money,
    times: Believable,
) -> Result<Vec<Fact>, AnswerFault> {
    if answer.kind != "answer.v1" {
        return Err(AnswerFault::Type);
    }
    let id = answer.answer_id.as_str();
    let id_ok =
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if !id_ok {
        return Err(AnswerFault::AnswerId);
    }
    if answer.lines.is_empty() || answer.lines.len() > MAX_LINES {
        return Err(AnswerFault::Lines);
    }
    if answer.object_id.is_none() && answer.lines.iter().any(|l| l.code != "A00") {
        return Err(AnswerFault::ObjectMissing);
    }
    let at = crate::message::time(&answer.at).ok_or(AnswerFault::Unreadable { line: 0, field: "at" })?;
    let read = |(i, line): (usize, &Line)| {
        let fact = read_line(i, line, at, cap, times)?;
        if crate::measure::fits(measure, fact.code) {
            return Ok(fact);
        }
        Err(AnswerFault::Unfit { line: i, code: line.code.chars().take(16).collect(), measure })
    };
    let facts: Vec<Fact> = answer.lines.iter().enumerate().map(read).collect::<Result<_, _>>()?;
    match measure {
        Measure::Hold => agrees_with_itself(&facts, cap)?,
        Measure::Return => gives_back_no_more(&facts, cap)?,
        _ => {}
    }
    Ok(facts)
}

/// One answer about one sum: what is held, held already and moved on is no more than what was asked about, unless its
/// amounts are whole movements (`stood_before`); and of what is not there nothing is held and nothing left.
fn agrees_with_itself(facts: &[Fact], cap: Money) -> Result<(), AnswerFault> {
    let of = |is: fn(Code) -> bool| facts.iter().filter(move |f| is(f.code));
    let sum = |all: &mut dyn Iterator<Item = &Fact>| {
        all.filter_map(|f| f.amount).fold(0_i64, |sum, a| sum.saturating_add(a.minor()))
    };
    let held = of(|c| matches!(c, Code::H10 | Code::H11));
    // A second statement of a hold replaces the first.
    let held = held.filter_map(|f| f.amount).map(Money::minor).max().unwrap_or(0);
    let told =
        held.saturating_add(sum(&mut of(|c| c == Code::H12))).saturating_add(sum(&mut of(Code::is_outflow)));
    if told > cap.minor() && facts.iter().all(|f| f.stood_before.is_none()) {
        return Err(AnswerFault::TooMuchTold { told: Money::from_minor(told, cap.asset()), cap });
    }
    let absent = of(Code::is_not_found).next().is_some();
    if absent && told > 0 { Err(AnswerFault::Contradictory) } else { Ok(()) }
}

/// One answer about money to be given back: no more of it was paid than was ordered.
fn gives_back_no_more(facts: &[Fact], cap: Money) -> Result<(), AnswerFault> {
    let paid =
        paid_back(facts).iter().filter_map(|f| f.amount).fold(0_i64, |sum, a| sum.saturating_add(a.minor()));
    if paid > cap.minor() {
        return Err(AnswerFault::TooMuchTold { told: Money::from_minor(paid, cap.asset()), cap });
    }
    Ok(())
}

/// The account in its canonical writing, if it is one: whatever leads to an order must be what an order may name.
fn account(a: &Account) -> Option<Account> {
    let kind = identifier::Kind::parse(&a.kind).filter(|kind| {
        use identifier::Kind as K;
        matches!(
            kind,
            K::Iban | K::Account | K::Card | K::Phone | K::WalletBtc | K::WalletEth | K::WalletTron
        )
    })?;
    let fits = a.value.chars().count() <= MAX_ACCOUNT_CHARS;
    let plain = fits && a.value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    // A card is told by its first six and last four digits, and an institution numbers its accounts as it likes.
    let as_it_is = match kind {
        identifier::Kind::Card => a.value.len() == 10 && a.value.bytes().all(|b| b.is_ascii_digit()),
        identifier::Kind::Account => plain && a.value.len() >= 4,
        _ => false,
    };
    let value = if as_it_is {
        a.value.clone()
    } else {
        identifier::normalise(kind, a.value.get(..)?, identifier::Region::default()).ok().filter(|_| fits)?
    };
    Some(Account { kind: a.kind.clone(), value })
}

fn read_line(
    line: usize,
    l: &Line,
    at: Timestamp,
    cap: Money,
    times: Believable,
) -> Result<Fact, AnswerFault> {
    let code = Code::parse(&l.code);
    let missing = |field| AnswerFault::Missing { line, code: l.code.chars().take(16).collect(), field };
    let unreadable = |field| AnswerFault::Unreadable { line, field };
    let money = |a: &Option<crate::message::Amount>, field| {
        a.as_ref().map(|a| a.read(cap.asset()).ok_or(unreadable(field))).transpose()
    };
    let amount = money(&l.amount, "amount")?;
    // An amount of nothing says nothing; a balance of nothing is a balance.
    if amount.is_some_and(|a| !a.is_positive() || a.minor() > MAX_MINOR) {
        return Err(unreadable("amount"));
    }
    let balance_before = money(&l.balance_before, "balance_before")?;
    let stood_before = money(&l.stood_before, "stood_before")?;
    if code.needs_amount() && amount.is_none() {
        return Err(missing("amount"));
    }
    if code.needs_account() && l.account.is_none() {
        return Err(missing("account"));
    }
    let account = l.account.as_ref().map(|a| account(a).ok_or(unreadable("account"))).transpose()?;
    let given = |text: &Option<String>| text.as_deref().is_some_and(app::says);
    if code == Code::M22 && !given(&l.terminal) {
        return Err(missing("terminal"));
    }
    if code == Code::M23 && !given(&l.merchant) {
        return Err(missing("merchant"));
    }
    if code.needs_reference() && !given(&l.reference) {
        return Err(missing("reference"));
    }
    if code.needs_institution() && l.institution.as_deref().unwrap_or_default().is_empty() {
        return Err(missing("institution"));
    }
    if code.needs_text() && !given(&l.text) {
        return Err(missing("text"));
    }
    let own_at = l.at.as_ref().map(|t| crate::message::time(t).ok_or(unreadable("at"))).transpose()?;
    if code.needs_time() && own_at.is_none() {
        return Err(missing("at"));
    }
    let at = own_at.unwrap_or(at);
    if at > times.latest {
        return Err(AnswerFault::Future { line });
    }
    if at < times.earliest {
        return Err(unreadable("at"));
    }
    if let (Code::H10 | Code::H11, Some(held)) = (code, amount) {
        if held.minor() > cap.minor() {
            return Err(AnswerFault::TooMuchHeld { held, cap });
        }
        if code == Code::H10 && held != cap {
            return Err(AnswerFault::NotAll);
        }
    }
    let time = |text: &Option<String>, field| {
        text.as_deref().map(|t| crate::message::time(t).ok_or(unreadable(field))).transpose()
    };
    let camera_until = time(&l.camera_until, "camera_until")?.or(time(&l.until, "until")?);
    if code == Code::K10 && camera_until.is_none() {
        return Err(missing("until"));
    }
    let told_at = time(&l.told_at, "told_at")?;
    let native = (code == Code::Native).then(|| l.native_code.clone().unwrap_or_else(|| l.code.clone()));
    let within = |text: &Option<String>, field, most: usize| match text {
        Some(text) if text.chars().count() > most => Err(AnswerFault::Long { line, field, most }),
        text => Ok(text.as_deref().map(|t| kernel::text::seen(t).into_owned())),
    };
    let short = |text, field| within(text, field, MAX_SHORT_CHARS);
    let text = within(&native, "native_code", MAX_TEXT_CHARS)?
        .or(within(&l.text, "text", MAX_TEXT_CHARS)?)
        .or(within(&l.merchant, "merchant", MAX_TEXT_CHARS)?);
    Ok(Fact {
        code,
        amount,
        balance_before,
        stood_before,
        at,
        institution: short(&l.institution, "institution")?,
        account,
        reference: short(&l.reference, "reference")?,
        terminal: short(&l.terminal, "terminal")?,
        place: short(&l.place, "place")?,
        camera_until,
        told_at,
        other_numbers: l.other_numbers,
        holders: holder::read((line, code), l, times.latest)?,
        text,
        by_hand: None,
    })
}

/// Whether any of these lines says what became of the money (and not only that the order arrived).
#[must_use]
pub fn is_substance(facts: &[Fact]) -> bool {
    facts.iter().any(|f| !f.code.is_receipt() && !matches!(f.code, Code::E90 | Code::Q50 | Code::Native))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Amount;
    use crate::model::ObjectState;
    use kernel::Asset;

    fn read(answer: &Answer, cap: Money, times: Believable) -> Result<Vec<Fact>, AnswerFault> {
        super::read(answer, Measure::Hold, cap, times)
    }
    fn kzt(minor: i64) -> Money {
        Money::from_minor(minor, Asset::new("KZT", 2).unwrap())
    }
    fn now() -> Timestamp {
        Timestamp::from_secs(1_800_000_000)
    }
    fn times() -> Believable {
        Believable::at(now(), 1)
    }
    fn line(code: &str, amount: &str) -> Line {
        let amount = (!amount.is_empty()).then(|| Amount { amount: amount.into(), currency: "KZT".into() });
        Line { code: code.into(), amount, ..Line::default() }
    }
    fn answer(lines: Vec<Line>) -> Answer {
        Answer {
            kind: "answer.v1".into(),
            answer_id: "a-1".into(),
            order_id: "ord_x".into(),
            executor: "ZALT".into(),
            object_id: Some("obj_x".into()),
            at: now().rfc3339(),
            lines,
            text: None,
        }
    }
    #[test]
    fn an_answer_must_answer_what_was_asked() {
        let fault = |measure, l: Line| {
            super::read(&answer(vec![line("A00", ""), l]), measure, kzt(0), times()).map_err(|f| f.pointer())
        };
        let at = Some(now().rfc3339());
        let done = Line { at: at.clone(), ..line("B10", "") };
        let slip = Line {
            amount: Some(Amount { amount: "0.01".into(), currency: "KZT".into() }),
            ..line("M20", "")
        };
        assert!(fault(Measure::NumberBlock, slip).is_err());
        assert_eq!(fault(Measure::NumberBlock, line("N31", "")), Err("/lines/1/code".to_owned()));
        assert!(fault(Measure::NumberBlock, done.clone()).is_ok());
        assert_eq!(fault(Measure::Disclosure, done), Err("/lines/1/code".to_owned()));
        assert_eq!(fault(Measure::NumberBlock, line("B10", "")), Err("/lines/1/at".to_owned()));
        assert_eq!(fault(Measure::NumberBlock, line("N34", "")), Err("/lines/1/institution".to_owned()));
        assert_eq!(fault(Measure::NumberBlock, line("R43", "")), Err("/lines/1/text".to_owned()));
        assert_eq!(fault(Measure::Disclosure, line("D10", "")), Err("/lines/1/reference".to_owned()));
        let kept = Line { reference: Some("K-1".into()), ..line("K10", "") };
        assert_eq!(fault(Measure::Preservation, kept.clone()), Err("/lines/1/until".to_owned()));
        let kept = Line { until: at, ..kept };
        assert_eq!(fault(Measure::Preservation, kept).unwrap()[1].camera_until, Some(now()));
    }
    #[test]
    fn what_is_refused() {
        let cap = kzt(100_000);
        let fault = |l: Line| read(&answer(vec![l]), cap, times()).unwrap_err().code();
        assert_eq!(fault(line("H11", "")), "answer.field_missing");
        assert_eq!(fault(line("H11", "-5")), "answer.field_unreadable");
        assert_eq!(fault(line("H11", "0.00")), "answer.field_unreadable");
        assert_eq!(fault(line("H11", "1000.01")), "answer.too_much_held");
        assert_eq!(fault(line("H10", "999.99")), "answer.not_all");
        assert_eq!(fault(line("M21", "5")), "answer.field_missing");
        assert_eq!(fault(line("R40", "")), "answer.field_missing");
        assert_eq!(
            fault(Line {
                amount: Some(Amount { amount: "5".into(), currency: "USD".into() }),
                ..line("H11", "")
            }),
            "answer.field_unreadable"
        );
        assert_eq!(
            fault(Line { at: Some("2126-01-01T00:00:00Z".into()), ..line("L60", "") }),
            "answer.in_future"
        );
        assert_eq!(
            fault(Line { at: Some("yesterday".into()), ..line("L60", "") }),
            "answer.field_unreadable"
        );
        assert_eq!(read(&answer(vec![]), cap, times()).unwrap_err().code(), "answer.lines");
        let no_object = Answer { object_id: None, ..answer(vec![line("H10", "1000")]) };
        assert_eq!(read(&no_object, cap, times()).unwrap_err().code(), "answer.object_missing");
        let bad_id = Answer { answer_id: "a b".into(), ..answer(vec![line("A00", "")]) };
        assert_eq!(read(&bad_id, cap, times()).unwrap_err().pointer(), "/answer_id");
    }

    #[test]
    fn one_answer_agrees_with_itself() {
        let cap = kzt(100_000);
        let moved = |amount: &str, before: &str| Line {
            at: Some(now().rfc3339()),
            merchant: Some("Shop".into()),
            stood_before: (!before.is_empty())
                .then(|| Amount { amount: before.into(), currency: "KZT".into() }),
            ..line("M23", amount)
        };
        let read = |lines| read(&answer(lines), cap, times()).map(drop).map_err(|f| f.code());
        for (lines, fault) in [
            (vec![line("H11", "400"), moved("600", "")], None),
            (vec![line("H11", "400"), moved("600.01", "")], Some("answer.too_much_told")),
            (vec![line("H11", "500"), line("H12", "600")], Some("answer.too_much_told")),
            // Whole movements: what of them is disputed the platform tells.
            (vec![line("H11", "400"), moved("5000", "9000")], None),
            // A second statement replaces the first.
            (vec![line("H11", "400"), line("H11", "700"), moved("300", "")], None),
            (vec![line("N30", ""), line("H11", "1")], Some("answer.contradictory")),
            (vec![line("N31", ""), moved("1", "")], Some("answer.contradictory")),
            (vec![line("N32", "")], None),
        ] {
            assert_eq!(read(lines.clone()).err(), fault, "{lines:?}");
        }
    }

    #[test]
    fn an_order_can_only_follow_what_is_an_account() {
        let fault = |kind: &str, value: &str| {
            let account = Some(Account { kind: kind.into(), value: value.into() });
            let at = Some(now().rfc3339());
            let line = Line { account, at, institution: Some("ZBEK".into()), ..line("M21", "1") };
            read(&answer(vec![line]), kzt(100_000), times()).err().map(|fault| fault.pointer())
        };
        let refused = Some("/lines/0/account".to_owned());
        for (kind, value) in [
            ("iban", "NOTANIBAN"),
            ("<b>kind", "KZ86125KZT5004100100"),
            ("url", "https://example.kz"),
            ("account", "\"><svg/onload=x>"),
            ("account", "1"),
            ("card", "440043"),
            ("phone", "12"),
        ] {
            assert_eq!(fault(kind, value), refused, "{kind} {value}");
        }
        assert_eq!(fault("account", &"9".repeat(50_000)), refused);
        for (kind, value) in [
            ("iban", "KZ86125KZT5004100100"),
            ("card", "4400435670"),
            ("account", "U974-1463"),
            ("phone", "+77011234567"),
            ("wallet_tron", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
        ] {
            assert_eq!(fault(kind, value), None, "{kind} {value}");
        }
    }

    #[test]
    fn times_and_sums_that_nobody_can_mean() {
        let pointer = |at: Timestamp, amount: &str| {
            let line = Line { at: Some(at.rfc3339()), ..line("L60", amount) };
            read(&answer(vec![line]), kzt(100_000), times()).err().map(|fault| fault.pointer())
        };
        assert_eq!(pointer(now().plus_secs(CLOCK_SKEW_SECS), ""), None);
        assert_eq!(pointer(now().plus_secs(CLOCK_SKEW_SECS + 1), ""), Some("/lines/0/at".into()));
        assert_eq!(pointer(Timestamp::from_secs(0), ""), Some("/lines/0/at".into()));
        assert_eq!(pointer(now(), "90000000000000.00"), Some("/lines/0/amount".into()));
    }

    #[test]
    fn machine_amounts_are_decimals_never_thousands() {
        let asset = Asset::new("KZT", 2).unwrap();
        let read =
            |t: &str| Amount { amount: t.into(), currency: "KZT".into() }.read(asset).map(Money::minor);
        assert_eq!(read("1.23"), Some(123));
        assert_eq!(read("1.234"), None);
        assert_eq!(read("1 000"), None);
        assert_eq!(read("1,5"), None);
        assert_eq!(read("1.234.567"), None);
        assert_eq!(read("0.00"), Some(0), "a balance may be nothing");
    }

    #[test]
    fn unknown_codes_are_kept_without_effect() {
        let facts = read(&answer(vec![line("Z99", "")]), kzt(100), times()).unwrap();
        assert_eq!(facts[0].code, Code::Native);
        assert_eq!(facts[0].text.as_deref(), Some("Z99"));
        assert_eq!(fold(kzt(100), &facts).state, ObjectState::Asked);
    }
}
