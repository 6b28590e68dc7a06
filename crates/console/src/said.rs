//! What a person typed about one thing, as the message that the institution's program would send. Pure.

use jiff::tz::TimeZone;
use kernel::{Asset, Money, Timestamp};
use order::answer::Code;
use order::message::{Account, Amount, Answer, HolderRef, Line};

/// One line as typed: texts, empty where nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub code: String,
    pub amount: String,
    pub balance_before: String,
    pub stood_before: String,
    pub at: String,
    pub institution: String,
    pub account: String,
    pub reference: String,
    pub terminal: String,
    pub place: String,
    pub merchant: String,
    pub until: String,
    pub text: String,
    pub holder_name: String,
    pub holder_iin: String,
    pub holder_birth: String,
    pub holder_phone: String,
}

/// A field of [`Typed`] that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable(pub &'static str);

/// By what figures, clock and calendar typed texts are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// The asset of the order.
    pub asset: Asset,
    /// The country's zone.
    pub zone: &'a TimeZone,
    /// When nothing else is said (office time).
    pub now: Timestamp,
}

/// The message's line.
pub(crate) fn line(typed: &Typed, by: Reading<'_>) -> Result<Line, Unreadable> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let money = |text: &str, field| match some(text) {
        None => Ok(None),
        // A balance of nothing is a balance, and is typed as 0.
        Some(zero) if zero.trim_matches(['0', ',', '.']).is_empty() => {
            Ok(Some(Amount::of(Money::from_minor(0, by.asset))))
        }
        Some(text) => {
            let money = Money::parse(&text, by.asset).map_err(|_| Unreadable(field))?;
            Ok(Some(Amount::of(money)))
        }
    };
    let moment = |text: &str, field| match some(text) {
        None => Ok(None),
        Some(text) => ::web::day::read_moment(&text, by.zone).map(Some).ok_or(Unreadable(field)),
    };
    let code = Code::parse(typed.code.trim());
    let account = some(&typed.account).map(|value| {
        let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        // Of a card the first six and last four digits are all that is kept, whoever types the whole.
        let value = card(&value).unwrap_or(value);
        Account { kind: kind_of(&value).to_owned(), value }
    });
    Ok(Line {
        code: typed.code.trim().to_owned(),
        amount: money(&typed.amount, "amount")?,
        balance_before: money(&typed.balance_before, "balance_before")?,
        stood_before: money(&typed.stood_before, "stood_before")?,
        at: Some(moment(&typed.at, "at")?.unwrap_or(by.now).rfc3339()),
        institution: some(&typed.institution).map(|code| code.to_uppercase()),
        account,
        reference: some(&typed.reference),
        terminal: some(&typed.terminal),
        place: some(&typed.place),
        merchant: some(&typed.merchant),
        // Of cash the end of the pictures, of kept data the end of keeping.
        camera_until: if code == Code::M22 {
            moment(&typed.until, "until")?.map(Timestamp::rfc3339)
        } else {
            None
        },
        until: if code == Code::M22 { None } else { moment(&typed.until, "until")?.map(Timestamp::rfc3339) },
        text: some(&typed.text),
        holders: holder(typed)?.map(|h| vec![h]),
        ..Line::default()
    })
}

/// Whose it is: one person. More of them, and companies, come by the institution's program.
fn holder(typed: &Typed) -> Result<Option<HolderRef>, Unreadable> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let birth = match some(&typed.holder_birth) {
        Some(text) => Some(::web::day::read_day(&text).ok_or(Unreadable("holder_birth"))?.to_string()),
        None => None,
    };
    let holder = HolderRef {
        kind: "person".to_owned(),
        name: some(&typed.holder_name),
        iin: some(&typed.holder_iin),
        birth_date: birth,
        phones: some(&typed.holder_phone).map(|p| vec![p]),
        ..HolderRef::default()
    };
    let told = holder.name.is_some()
        || holder.iin.is_some()
        || holder.birth_date.is_some()
        || holder.phones.is_some();
    Ok(told.then_some(holder))
}

/// The kind of an account as typed. What is written like an IBAN is meant as one, also with a slip of the finger in it:
/// its check digits then tell (ISO 13616).
fn kind_of(value: &str) -> &'static str {
    let bytes = value.as_bytes();
    let letters = bytes.iter().take(2).all(u8::is_ascii_alphabetic);
    let digits = bytes.iter().skip(2).take(2).all(u8::is_ascii_digit);
    if letters && digits && bytes.len() >= 15 { "iban" } else { order::rules::account_kind(value) }
}

/// The first six and last four digits of a whole card number.
fn card(value: &str) -> Option<String> {
    identifier::normalise(identifier::Kind::Card, value, identifier::Region::default()).ok()
}

/// The message around lines about one object, or about the whole order where none is named.
pub(crate) fn answer(
    (order, executor): (&order::Order, &str),
    object: Option<order::ObjectId>,
    answer_id: String,
    at: Timestamp,
    lines: Vec<Line>,
) -> Answer {
    Answer {
        kind: "answer.v1".to_owned(),
        answer_id,
        order_id: order.id.to_string(),
        executor: executor.to_owned(),
        object_id: object.map(|o| o.to_string()),
        at: at.rfc3339(),
        lines,
        text: None,
    }
}

/// Fields that tell whose it is; asked only where the order asks for it.
pub(crate) const HOLDER: [&str; 4] = ["holder_name", "holder_iin", "holder_birth", "holder_phone"];

/// What a code must or may add, in the order of a form.
pub(crate) fn fields(code: Code) -> Vec<(&'static str, bool)> {
    let mut all = Vec::new();
    let mut add = |name, must: bool| all.push((name, must));
    if code.needs_amount() {
        add("amount", true);
    }
    if matches!(code, Code::H10 | Code::H11) {
        add("balance_before", false);
    }
    // Of money a part can be let go; left empty, all of it was.
    if code.is_end() {
        add("amount", false);
    }
    if code.needs_institution() {
        add("institution", true);
    }
    if code.needs_account() {
        add("account", true);
    }
    if code == Code::M22 {
        add("terminal", true);
        add("place", false);
    }
    if code == Code::M23 {
        add("merchant", true);
    }
    if matches!(code, Code::M22 | Code::K10) {
        add("until", code == Code::K10);
    }
    if code != Code::A00 {
        add("at", false);
    }
    if code.is_outflow() {
        add("stood_before", false);
    }
    if code.takes_holders() {
        for name in HOLDER {
            add(name, false);
        }
    }
    let quiet = matches!(code, Code::A00 | Code::S10 | Code::S20 | Code::E90);
    if code.needs_reference() || code.is_outflow() || matches!(code, Code::H12 | Code::B12) {
        add("reference", code.needs_reference());
    }
    if !quiet && code != Code::M23 {
        add("text", code.needs_text());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(zone: &TimeZone) -> Reading<'_> {
        let asset = Asset::new("KZT", 2).unwrap();
        Reading { asset, zone, now: Timestamp::from_secs(1_795_842_000) }
    }

    #[test]
    fn what_is_typed_becomes_the_message() {
        let zone = TimeZone::fixed(jiff::tz::offset(5));
        let typed = Typed {
            code: " H11 ".into(),
            amount: "620 000,00".into(),
            balance_before: "0".into(),
            at: "28.11.2026 12:05".into(),
            institution: "zcar".into(),
            account: "KZ86 125K ZT50 0410 0100".into(),
            ..Typed::default()
        };
        let line = line(&typed, by(&zone)).unwrap();
        assert_eq!(line.code, "H11");
        assert_eq!(line.amount.unwrap().amount, "620000.00");
        assert_eq!(line.balance_before.unwrap().amount, "0.00");
        assert_eq!(line.at.unwrap(), "2026-11-28T07:05:00.000000Z");
        assert_eq!(line.institution.unwrap(), "ZCAR");
        let account = line.account.unwrap();
        assert_eq!((account.kind.as_str(), account.value.as_str()), ("iban", "KZ86125KZT5004100100"));
        assert_eq!((line.text, line.reference, line.until), (None, None, None));
    }

    #[test]
    fn a_slip_in_an_iban_is_no_account_of_another_kind() {
        for (value, kind) in [
            ("KZ86125KZT5004100100", "iban"),
            ("KZ86125KZT5004100101", "iban"),
            ("+77010000001", "phone"),
            ("4400430123", "card"),
            ("ACC-1", "account"),
        ] {
            assert_eq!(kind_of(value), kind, "{value}");
        }
    }

    #[test]
    fn of_a_card_ten_digits_are_kept() {
        assert_eq!(card("4400430000000007").as_deref(), Some("4400430007"));
        // Who types the ten digits alone has typed all that is kept.
        assert_eq!(card("4400430007").as_deref(), Some("4400430007"));
        for other in ["4400430000000008", "440043", "ACC4400430000000", ""] {
            assert_eq!(card(other), None, "{other}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let zone = TimeZone::UTC;
        for (field, typed) in [
            ("amount", Typed { amount: "много".into(), ..Typed::default() }),
            ("amount", Typed { amount: "-5".into(), ..Typed::default() }),
            ("stood_before", Typed { stood_before: "1.2.3".into(), ..Typed::default() }),
            ("at", Typed { at: "вчера".into(), ..Typed::default() }),
            ("until", Typed { until: "32.01.2027".into(), ..Typed::default() }),
            ("holder_birth", Typed { holder_birth: "32.01.1990".into(), ..Typed::default() }),
        ] {
            assert_eq!(line(&typed, by(&zone)), Err(Unreadable(field)), "{typed:?}");
        }
    }

    #[test]
    fn whose_it_is_is_one_person() {
        let zone = TimeZone::UTC;
        let typed = Typed {
            code: "D10".into(),
            holder_name: " Серікова Айгүл ".into(),
            holder_birth: "17.05.1990".into(),
            holder_phone: "+7 700 000 12 34".into(),
            ..Typed::default()
        };
        let holders = line(&typed, by(&zone)).unwrap().holders.unwrap();
        assert_eq!((holders.len(), holders[0].kind.as_str()), (1, "person"));
        assert_eq!(holders[0].name.as_deref(), Some("Серікова Айгүл"));
        assert_eq!((holders[0].birth_date.as_deref(), holders[0].iin.as_deref()), (Some("1990-05-17"), None));
        assert_eq!(line(&Typed::default(), by(&zone)).unwrap().holders, None, "nobody is nobody");
    }

    /// Bug to be feared: a form that does not ask for what the answer must have can never be sent.
    #[test]
    fn a_form_asks_for_all_that_its_code_needs() {
        let order = order_id();
        for code in Code::TABLE {
            let names: Vec<&str> = fields(code).iter().map(|(name, _)| *name).collect();
            let full =
                |name: &str, text: &str| if names.contains(&name) { text.to_owned() } else { String::new() };
            let typed = Typed {
                code: code.as_string(),
                amount: full("amount", "100"),
                institution: full("institution", "ZCAR"),
                account: full("account", "KZ86125KZT5004100100"),
                reference: full("reference", "R-1"),
                terminal: full("terminal", "ATM-1"),
                merchant: full("merchant", "shop"),
                until: full("until", "01.02.2027"),
                text: full("text", "words"),
                ..Typed::default()
            };
            let zone = TimeZone::UTC;
            let lines = vec![line(&typed, by(&zone)).unwrap()];
            let object = (code != Code::A00).then(|| order::ObjectId::from_uuid(order.uuid()));
            let said = Answer {
                kind: "answer.v1".into(),
                answer_id: "x".into(),
                order_id: order.to_string(),
                executor: "ZALT".into(),
                object_id: object.map(|o| o.to_string()),
                at: by(&zone).now.rfc3339(),
                lines,
                text: None,
            };
            let measure = profile::Measure::ALL.iter().find(|m| order::measure::fits(**m, code)).unwrap();
            let cap = Money::from_minor(10_000, by(&zone).asset);
            let believable = order::answer::Believable::at(by(&zone).now, 1);
            let read = order::answer::read(&said, *measure, cap, believable);
            assert!(read.is_ok(), "{code:?}: {read:?}");
            // And for nothing less: what must be there is marked as such.
            for (name, must) in fields(code) {
                assert!(!must || name != "at", "a time is always there");
            }
        }
    }

    fn order_id() -> order::OrderId {
        "ord_01a2208995e97c3c9238b1c37242b09e".parse().unwrap()
    }
}
