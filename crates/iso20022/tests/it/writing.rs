//! What writers refuse, and where.

use iso20022::*;

fn recall() -> CancellationRequest {
    let maximal = crate::samples::all().into_iter().find(|(name, _)| *name == "camt056-maximal-kazakh");
    let Some((_, Message::CancellationRequest(recall))) = maximal else { panic!() };
    *recall
}

/// What is said of the recall when it was changed so.
fn fault(change: impl FnOnce(&mut CancellationRequest)) -> (String, Flaw) {
    let mut recall = recall();
    change(&mut recall);
    let fault = recall.to_xml().unwrap_err();
    (fault.path.replace("/Document/FIToFIPmtCxlReq", ""), fault.flaw)
}

const TX: &str = "/Undrlyg/TxInf[2]";

#[test]
fn ids_and_names() {
    let id = |text: &str| {
        let text = text.to_owned();
        fault(|r| r.assignment.id = text)
    };
    assert_eq!(id(""), ("/Assgnmt/Id".into(), Flaw::Empty));
    assert_eq!(id("  "), ("/Assgnmt/Id".into(), Flaw::Empty));
    assert_eq!(id("x "), ("/Assgnmt/Id".into(), Flaw::Edges));
    assert_eq!(id("\u{a0}x"), ("/Assgnmt/Id".into(), Flaw::Edges));
    assert_eq!(id(&"қ".repeat(36)), ("/Assgnmt/Id".into(), Flaw::TooLong { max: 35, len: 36 }));
    for (text, c) in
        [("a\0", 0), ("a\nb", 10), ("a\u{85}b", 0x85), ("a\u{fffe}", 0xfffe), ("\u{1b}[2J", 0x1b)]
    {
        assert_eq!(id(text), ("/Assgnmt/Id".into(), Flaw::Character(c)));
    }
    let mut right = recall();
    right.assignment.id = "қ".repeat(35);
    assert!(right.to_xml().is_ok());
}

#[test]
fn identifiers_of_payments() {
    for uetr in [
        "",
        "8A562C67-CA16-48BA-B074-65581BE6F001",
        "8a562c67-ca16-18ba-b074-65581be6f001",
        "8a562c67ca1648bab07465581be6f001",
        "8a562c67-ca16-48ba-c074-65581be6f001",
        "8a562c67-ca16-48ba-b074-65581be6f001-",
        "8a562c67-ca16-48ba-b074-65581be6f00ә",
    ] {
        let (path, flaw) = fault(|r| r.payments[1].original.uetr = Some(uetr.into()));
        assert_eq!(path, format!("{TX}/OrgnlUETR"));
        assert_eq!(flaw, if uetr.is_empty() { Flaw::Empty } else { Flaw::Uetr }, "{uetr}");
    }
    let nothing = fault(|r| {
        r.payments[1].original =
            Original { message: r.payments[1].original.message.take(), ..Original::default() };
        r.payments[1].parties = Parties::default();
    });
    assert_eq!(nothing, (TX.into(), Flaw::Unidentified));
}

#[test]
fn accounts_and_banks() {
    let account = |account: Account| fault(|r| r.payments[1].parties.creditor_account = Some(account));
    let path = format!("{TX}/OrgnlTxRef/CdtrAcct");
    for iban in [
        "KZ938010000000000018",
        "kz938010000000000017",
        "KZ93 8010 0000 0000 0017",
        "KZ93",
        "KZ9",
        "К",
        "KZ9380100000000000ә7",
        "93KZ8010000000000017",
        "KZ93801000000000001700000000000000017",
    ] {
        assert_eq!(account(Account::iban(iban)), (format!("{path}/Id/IBAN"), Flaw::Iban), "{iban}");
    }
    for right in ["GB82WEST12345698765432", "NO9386011117947", "KZ86125KZT5004100100"] {
        let mut recall = recall();
        recall.payments[1].parties.creditor_account = Some(Account::iban(right));
        assert!(recall.to_xml().is_ok(), "{right}");
    }
    let long = Identifier::new("1".repeat(35));
    assert_eq!(
        account(Account::other(long)),
        (format!("{path}/Id/Othr/Id"), Flaw::TooLong { max: 34, len: 35 })
    );
    let kind = Account::proxy("x", Scheme::code("PHONE"));
    assert_eq!(account(kind), (format!("{path}/Prxy/Tp/Cd"), Flaw::TooLong { max: 4, len: 5 }));
    assert_eq!(account(Account::default()), (path, Flaw::Empty));
    let bank = |agent: Agent| fault(|r| r.assignment.assignee = Participant::Agent(agent));
    for bic in ["ZBEK", "ZBEKKZK", "zbekkzka", "ZBEKK1KA", "ZBEKKZKAXX", "ZBEKKZKÄ"] {
        let (path, flaw) = bank(Agent { bic: Some(bic.into()), ..Agent::default() });
        assert_eq!((path.as_str(), flaw), ("/Assgnmt/Assgne/Agt/FinInstnId/BICFI", Flaw::Bic), "{bic}");
    }
    let lei = bank(Agent { lei: Some("5493001KJTIIGC8Y1R1".into()), ..Agent::default() });
    assert_eq!(lei, ("/Assgnmt/Assgne/Agt/FinInstnId/LEI".into(), Flaw::Lei));
    let system = bank(Agent { clearing_system: Some(Scheme::own("KISC")), ..Agent::default() });
    assert_eq!(system, ("/Assgnmt/Assgne/Agt/FinInstnId/ClrSysMmbId/MmbId".into(), Flaw::Missing));
    assert_eq!(
        fault(|r| r.assignment.assigner = Participant::default()),
        ("/Assgnmt/Assgnr/Pty".into(), Flaw::Empty)
    );
    let country =
        fault(|r| r.payments[0].reasons[0].originator.as_mut().unwrap().country = Some("kz".into()));
    assert_eq!(country, ("/Undrlyg/TxInf/CxlRsnInf/Orgtr/CtryOfRes".into(), Flaw::Country));
}

/// The versions differ in how long identifiers of parties may be.
#[test]
fn identifiers_of_parties() {
    let office = |len: usize| Participant::organisation_with("DCC", Identifier::new("7".repeat(len)));
    let recalled = |len: usize| {
        let mut recall = recall();
        recall.assignment.assigner = office(len);
        recall.to_xml().map(|xml| assert!(Message::read(xml.as_bytes()).is_ok())).map_err(|f| f.flaw)
    };
    assert_eq!(recalled(256), Ok(()));
    assert_eq!(recalled(257), Err(Flaw::TooLong { max: 256, len: 257 }));
    let asked = |len: usize| {
        let samples = crate::samples::all().into_iter().map(|s| s.1);
        let ask = samples
            .filter_map(|m| if let Message::InvestigationRequest(m) = m { Some(m) } else { None })
            .next();
        let mut ask = ask.unwrap();
        ask.inquiry.requester = office(len);
        ask.to_xml().map(drop).map_err(|f| (f.path, f.flaw))
    };
    let path = "/Document/InvstgtnReq/InvstgtnReq/Rqstr/Pty/Id/OrgId/Othr/Id".to_owned();
    assert_eq!(asked(35), Ok(()));
    assert_eq!(asked(36), Err((path, Flaw::TooLong { max: 35, len: 36 })));
}

#[test]
fn amounts() {
    let path = format!("{TX}/OrgnlIntrBkSttlmAmt");
    let amount =
        |value: &str, currency: &str| fault(|r| r.payments[1].amount = Some(Amount::new(value, currency)));
    for (value, flaw) in [
        ("", Flaw::Amount),
        ("abc", Flaw::Amount),
        ("1,5", Flaw::Amount),
        ("1 000", Flaw::Amount),
        ("1e3", Flaw::Amount),
        ("+1", Flaw::Amount),
        (".5", Flaw::Amount),
        ("5.", Flaw::Amount),
        ("1.2.3", Flaw::Amount),
        ("١", Flaw::Amount),
        ("-1", Flaw::Negative),
        ("0", Flaw::Zero),
        ("0.00000", Flaw::Zero),
        ("1.000000", Flaw::Precision),
        ("1234567890123456789", Flaw::Precision),
        ("12345678901234.56789", Flaw::Precision),
    ] {
        assert_eq!(amount(value, "KZT"), (path.clone(), flaw), "{value}");
    }
    for currency in ["", "KZ", "kzt", "KZTT", "ТҢГ"] {
        assert_eq!(amount("1", currency), (path.clone(), Flaw::Currency), "{currency}");
    }
    assert_eq!(amount("1", "USD"), (path, Flaw::OtherCurrency));
    let most = Amount::new("9999999999999.99999", "KZT");
    assert_eq!(most.units(), Ok(999_999_999_999_999_999));
    assert_eq!(Amount::new("123456789012345678", "KZT").units(), Ok(12_345_678_901_234_567_800_000));
}

#[test]
fn times() {
    for (time, ok) in [
        ("2026-11-23T14:05:00+05:00", true),
        ("2026-11-23T14:05:00", true),
        ("2024-02-29T00:00:00.123456789Z", true),
        ("2026-02-29T00:00:00Z", false),
        ("2026-11-23T24:00:00Z", false),
        ("2026-11-23T23:59:60Z", false),
        ("2026-11-23 14:05:00", false),
        ("2026-11-23T14:05", false),
        ("2026-11-23T14:05:00.", false),
        ("2026-11-23T14:05:00+14:01", false),
        ("2026-11-23T14:05:00+5:00", false),
        ("0000-11-23T14:05:00Z", false),
        ("2026-13-01T00:00:00Z", false),
        ("2026-11-00T00:00:00Z", false),
        ("2026-11-2әT00:00:00Z", false),
    ] {
        let mut changed = recall();
        changed.assignment.created = time.into();
        let answer = changed.to_xml().map(drop).map_err(|f| (f.path, f.flaw));
        let refused = ("/Document/FIToFIPmtCxlReq/Assgnmt/CreDtTm".to_owned(), Flaw::DateTime);
        assert_eq!(answer, if ok { Ok(()) } else { Err(refused) }, "{time}");
    }
    assert_eq!(
        fault(|r| r.payments[1].settled_on = Some("23.11.2026".into())),
        (format!("{TX}/OrgnlIntrBkSttlmDt"), Flaw::Date)
    );
}

#[test]
fn words() {
    let path = "/Undrlyg/TxInf/CxlRsnInf/AddtlInf";
    let said = |notes: Notes| fault(|r| r.payments[0].reasons[0].notes = notes);
    assert_eq!(said(Notes::new().with("order", "x")), (path.into(), Flaw::Tag));
    assert_eq!(said(Notes::new().with("TEXT", "x")), (path.into(), Flaw::Tag));
    assert_eq!(said(Notes::new().with("", "x")), (path.into(), Flaw::Tag));
    assert_eq!(said(Notes::new().with("LONGERTAG", "x")), (path.into(), Flaw::Tag));
    assert_eq!(said(Notes::new().and("a\nb")), (path.into(), Flaw::Character(10)));
    assert_eq!(said(Notes::new().and("")), (path.into(), Flaw::Empty));
    assert_eq!(said(Notes::new().and(format!("a{}b", " ".repeat(300)))), (path.into(), Flaw::Uncuttable));
    assert_eq!(said(Notes::new().and("x".repeat(20_000))), (path.into(), Flaw::TooMany { max: MAX_REPEATS }));
    let samples = crate::samples::all();
    let Some(Message::InvestigationRequest(mut ask)) = samples.into_iter().map(|s| s.1).nth(9) else {
        panic!()
    };
    ask.questions[1].notes = Notes::new().and("қ".repeat(501));
    let fault = ask.to_xml().unwrap_err();
    assert_eq!(fault.path, "/Document/InvstgtnReq/InvstgtnData[2]/AddtlReqData/ReqNrrtv");
    assert_eq!(fault.flaw, Flaw::TooLong { max: 500, len: 501 });
    ask.questions.clear();
    assert_eq!(ask.to_xml().unwrap_err().flaw, Flaw::Missing);
}

#[test]
fn lists_and_sums() {
    assert_eq!(fault(|r| r.payments.clear()), ("/Undrlyg".into(), Flaw::Empty));
    let many = fault(|r| r.payments = vec![r.payments[0].clone(); MAX_TRANSACTIONS + 1]);
    assert_eq!(many, ("/Undrlyg/TxInf".into(), Flaw::TooMany { max: MAX_TRANSACTIONS }));
    let large = fault(|r| r.payments = vec![r.payments[0].clone(); MAX_TRANSACTIONS]);
    assert!(matches!(large.1, Flaw::TooLong { max: MAX_BYTES, .. }), "{large:?}");
    let Some(Message::PaymentReturn(mut back)) = crate::samples::all().pop().map(|s| s.1) else { panic!() };
    back.total = Some(Amount::new("240000.51", "KZT"));
    let fault = back.to_xml().unwrap_err();
    assert_eq!(
        (fault.path.as_str(), fault.flaw),
        ("/Document/PmtRtr/GrpHdr/TtlRtrdIntrBkSttlmAmt", Flaw::Sum)
    );
    back.total = None;
    back.returns[1].returned.value = "620000.01".into();
    assert_eq!(back.to_xml().unwrap_err().flaw, Flaw::Exceeds);
    back.returns[1].returned.value = "1".into();
    back.settlement = SettlementMethod::Other("CASH".into());
    assert_eq!(
        back.to_xml().unwrap_err().to_string(),
        "`/Document/PmtRtr/GrpHdr/SttlmInf/SttlmMtd`: is a code that the schema does not have"
    );
}
