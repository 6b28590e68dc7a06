//! The rules as a table: one good answer, and each way in which it can be wrong.

use super::*;
use crate::wire::Named;

const NOW: i64 = 1_800_000_000 * SECOND;

fn asked(measure: &str) -> Asked {
    Asked {
        order_id: "ord_1".to_owned(),
        executor: "ZALT".to_owned(),
        measure: measure.to_owned(),
        currency: "KZT".to_owned(),
        objects: BTreeMap::from([("obj_1".to_owned(), (measure == "hold").then_some(100_000))]),
        trigger_at: Some(NOW - 3_600 * SECOND),
        trigger_amount: Some(120_000),
    }
}

fn kzt(minor: i64) -> Option<Amount> {
    Some(Amount::of(minor, "KZT"))
}

fn at(seconds: i64) -> Option<String> {
    Some(crate::clock::rfc3339(NOW + seconds * SECOND))
}

fn line(code: &str) -> Line {
    Line { code: code.to_owned(), ..Line::default() }
}

fn answer(lines: Vec<Line>) -> Answer {
    Answer {
        kind: "answer.v1".to_owned(),
        answer_id: "a-1".to_owned(),
        order_id: "ord_1".to_owned(),
        executor: "ZALT".to_owned(),
        object_id: Some("obj_1".to_owned()),
        at: at(0).unwrap(),
        lines,
    }
}

/// A line with everything that any code may need.
fn full(code: &str) -> Line {
    let account = Some(Named { kind: "iban".to_owned(), value: "KZ938010000000000017".to_owned() });
    let text = |t: &str| Some(t.to_owned());
    Line {
        amount: kzt(100_000),
        at: at(-60),
        institution: text("ZBEK"),
        account,
        reference: text("ZT1"),
        terminal: text("ATM-1"),
        merchant: text("Sample shop"),
        until: at(86_400),
        text: text("words"),
        ..line(code)
    }
}

fn found(answer: &Answer, measure: &str) -> Vec<(Check, Verdict, String)> {
    judge(answer, &asked(measure), NOW).into_iter().map(|f| (f.check, f.verdict, f.pointer)).collect()
}

fn failed(check: Check, pointer: &str) -> Vec<(Check, Verdict, String)> {
    vec![(check, Verdict::Failed, pointer.to_owned())]
}

fn warned(check: Check, pointer: &str) -> Vec<(Check, Verdict, String)> {
    vec![(check, Verdict::Warned, pointer.to_owned())]
}

#[test]
fn good_answers_have_no_fault() {
    let moved = Line { amount: kzt(38_000), ..full("M21") };
    let held = Line { amount: kzt(62_000), balance_before: kzt(70_000), ..line("H11") };
    for good in [
        answer(vec![held, moved]),
        answer(vec![Line { amount: kzt(100_000), ..line("H10") }]),
        answer(vec![line("N31")]),
        answer(vec![line("A00")]),
        Answer { object_id: None, ..answer(vec![line("A00")]) },
        answer(vec![Line { at: at(0), ..line("L60") }]),
        answer(vec![Line { amount: kzt(40_000), ..full("M22") }, line("N33")]),
    ] {
        assert_eq!(found(&good, "hold"), [], "{good:?}");
    }
}

#[test]
fn each_code_must_add_what_the_table_says() {
    // One measure for each code that it answers.
    for (code, measure) in [
        ("H10", "hold"),
        ("M20", "hold"),
        ("M21", "hold"),
        ("M22", "hold"),
        ("M23", "hold"),
        ("M24", "hold"),
        ("M25", "hold"),
        ("N34", "number_block"),
        ("R40", "hold"),
        ("R41", "hold"),
        ("R42", "hold"),
        ("R43", "number_block"),
        ("B10", "number_block"),
        ("B11", "number_block"),
        ("B13", "resource_restriction"),
        ("D10", "disclosure"),
        ("D11", "disclosure"),
        ("K10", "preservation"),
        ("Q50", "hold"),
        ("L60", "hold"),
        ("S10", "hold"),
        ("S20", "hold"),
        ("P70", "hold"),
    ] {
        let mut whole = full(code);
        if !needs(code).contains(&"amount") {
            whole.amount = None;
        }
        assert_eq!(found(&answer(vec![whole.clone()]), measure), [], "{code}");
        for field in needs(code) {
            let mut short = whole.clone();
            match *field {
                "amount" => short.amount = None,
                "at" => short.at = None,
                "account" => short.account = None,
                "institution" => short.institution = Some(" ".to_owned()),
                "reference" => short.reference = None,
                "terminal" => short.terminal = None,
                "merchant" => short.merchant = None,
                "until" => short.until = None,
                _ => short.text = Some(String::new()),
            }
            let expected = failed(Check::AnswerFields, &format!("/lines/0/{field}"));
            assert_eq!(found(&answer(vec![short]), measure), expected, "{code} without {field}");
        }
    }
}

#[test]
fn each_fault_has_its_check_and_its_place() {
    let hold = |minor: i64| Line { amount: kzt(minor), ..line("H11") };
    let amount = |text: &str, currency: &str| Line {
        amount: Some(Amount { amount: text.to_owned(), currency: currency.to_owned() }),
        ..line("H11")
    };
    let spaced = Named { kind: "iban".to_owned(), value: "kz93 8010 0000 0000 0017".to_owned() };
    let bad_account = Named { kind: "iban".to_owned(), value: "KZ938010000000000018".to_owned() };
    let cases = [
        (
            Answer { kind: "answer.v2".to_owned(), ..answer(vec![line("N31")]) },
            failed(Check::AnswerShape, "/type"),
        ),
        (
            Answer { answer_id: "a b".to_owned(), ..answer(vec![line("N31")]) },
            failed(Check::AnswerId, "/answer_id"),
        ),
        (
            Answer { answer_id: "x".repeat(65), ..answer(vec![line("N31")]) },
            failed(Check::AnswerId, "/answer_id"),
        ),
        (
            Answer { order_id: "ord_2".to_owned(), ..answer(vec![line("N31")]) },
            failed(Check::AnswerShape, "/order_id"),
        ),
        (
            Answer { executor: "ZBEK".to_owned(), ..answer(vec![line("N31")]) },
            failed(Check::AnswerShape, "/executor"),
        ),
        (answer(vec![]), failed(Check::AnswerShape, "/lines")),
        (Answer { object_id: None, ..answer(vec![line("N31")]) }, failed(Check::AnswerObject, "/object_id")),
        (
            Answer { object_id: Some("obj_2".to_owned()), ..answer(vec![line("N31")]) },
            failed(Check::AnswerObject, "/object_id"),
        ),
        (Answer { at: "now".to_owned(), ..answer(vec![line("N31")]) }, failed(Check::AnswerTimes, "/at")),
        (answer(vec![line("Z99")]), warned(Check::AnswerCodes, "/lines/0/code")),
        (answer(vec![Line { at: at(0), ..line("B10") }]), failed(Check::AnswerCodes, "/lines/0/code")),
        (answer(vec![amount("5e3", "KZT")]), failed(Check::AnswerAmounts, "/lines/0/amount")),
        (answer(vec![amount("-5", "KZT")]), failed(Check::AnswerAmounts, "/lines/0/amount")),
        (answer(vec![amount("0.00", "KZT")]), failed(Check::AnswerAmounts, "/lines/0/amount")),
        (answer(vec![amount("500.00", "USD")]), failed(Check::AnswerAmounts, "/lines/0/amount")),
        (answer(vec![hold(100_001)]), failed(Check::AnswerCap, "/lines/0/amount")),
        (
            answer(vec![Line { amount: kzt(99_999), ..line("H10") }, Line { amount: kzt(1), ..line("H12") }]),
            { failed(Check::AnswerCap, "/lines/0/amount") },
        ),
        (
            answer(vec![hold(60_000), Line { amount: kzt(60_001), ..full("M22") }]),
            failed(Check::AnswerSums, "/lines"),
        ),
        // The cap is a part of the payment, and the whole of what has gone is told.
        (
            answer(vec![hold(60_000), Line { amount: kzt(60_000), ..full("M22") }]),
            warned(Check::AnswerSums, "/lines"),
        ),
        (answer(vec![hold(60_000)]), warned(Check::AnswerSums, "/lines")),
        (
            answer(vec![Line { balance_before: kzt(9), amount: kzt(100_000), ..line("H10") }]),
            warned(Check::AnswerSums, "/lines/0/amount"),
        ),
        (answer(vec![Line { at: at(301), ..line("L60") }]), failed(Check::AnswerTimes, "/lines/0/at")),
        (
            answer(vec![Line { at: at(-6 * 366 * 86_400), ..line("L60") }]),
            failed(Check::AnswerTimes, "/lines/0/at"),
        ),
        (
            answer(vec![Line { at: Some("2027-01-15".to_owned()), ..line("L60") }]),
            failed(Check::AnswerTimes, "/lines/0/at"),
        ),
        (answer(vec![Line { at: at(-7_200), ..full("M22") }]), warned(Check::AnswerTimes, "/lines/0/at")),
        (
            answer(vec![Line { camera_until: Some("soon".to_owned()), ..full("M22") }]),
            failed(Check::AnswerTimes, "/lines/0/camera_until"),
        ),
        (
            answer(vec![Line { account: Some(spaced), ..full("M21") }]),
            warned(Check::AnswerAccounts, "/lines/0/account"),
        ),
        (
            answer(vec![Line { account: Some(bad_account), ..full("M21") }]),
            failed(Check::AnswerAccounts, "/lines/0/account"),
        ),
    ];
    for (answer, expected) in cases {
        assert_eq!(found(&answer, "hold"), expected, "{answer:?}");
    }
}

#[test]
fn whole_movements_are_not_added_up() {
    let moved = Line { amount: kzt(900_000), stood_before: kzt(800_000), ..full("M21") };
    assert_eq!(found(&answer(vec![moved]), "hold"), []);
}

#[test]
fn all_faults_are_named_not_only_the_first() {
    let bad = Answer {
        answer_id: String::new(),
        ..answer(vec![Line { at: None, terminal: None, amount: kzt(100_000), ..full("M22") }, line("B10")])
    };
    let checks: Vec<Check> = found(&bad, "hold").into_iter().map(|(c, ..)| c).collect();
    let expected =
        [Check::AnswerId, Check::AnswerFields, Check::AnswerFields, Check::AnswerCodes, Check::AnswerFields];
    assert_eq!(checks, expected);
}
