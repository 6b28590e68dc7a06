//! What other systems send: other versions, prefixes, elements that are not known here.

use iso20022::*;

/// A recall as networks of correspondent banks send it: an older version, the case at the payment, a prefix,
/// addresses, supplementary data, a comment, an instruction to the processor.
const FOREIGN: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<!-- made by another system -->
<?style none?>
<c:Document xmlns:c="urn:iso:std:iso:20022:tech:xsd:camt.056.001.08" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x y">
 <c:FIToFIPmtCxlReq>
  <c:Assgnmt><c:Id> ABC-1
  </c:Id><c:Assgnr><c:Agt><c:FinInstnId><c:BICFI>ZALTKZKA</c:BICFI><c:PstlAdr><c:Ctry>KZ</c:Ctry></c:PstlAdr></c:FinInstnId><c:BrnchId><c:Id>7</c:Id></c:BrnchId></c:Agt></c:Assgnr>
   <c:Assgne><c:Agt><c:FinInstnId><c:BICFI>ZBEKKZKA</c:BICFI></c:FinInstnId></c:Agt></c:Assgne><c:CreDtTm>2026-11-23T09:05:00.000+00:00</c:CreDtTm></c:Assgnmt>
  <c:Undrlyg><c:TxInf><c:Case><c:Id>CASE-1</c:Id><c:Cretr><c:Agt><c:FinInstnId><c:BICFI>ZALTKZKA</c:BICFI></c:FinInstnId></c:Agt></c:Cretr></c:Case>
    <c:OrgnlUETR>8a562c67-ca16-48ba-b074-65581be6f001</c:OrgnlUETR>
    <c:OrgnlIntrBkSttlmAmt Ccy="KZT">+00620000.0000000</c:OrgnlIntrBkSttlmAmt>
    <c:CxlRsnInf><c:Rsn><c:Cd>FRAD</c:Cd></c:Rsn><c:AddtlInf><![CDATA[A & B]]></c:AddtlInf><c:AddtlInf>&#x4D9; &lt;ok&gt;</c:AddtlInf></c:CxlRsnInf>
    <c:NewInLaterVersions><c:Deep><c:Deeper>1</c:Deeper></c:Deep></c:NewInLaterVersions>
    <x:OrgnlUETR xmlns:x="urn:other">passed over<c:OrgnlUETR>with all in it</c:OrgnlUETR></x:OrgnlUETR>
  </c:TxInf></c:Undrlyg>
  <c:Undrlyg><c:TxInf><c:CxlId>2</c:CxlId><c:OrgnlEndToEndId>E</c:OrgnlEndToEndId><c:OrgnlTxRef><c:Dbtr><c:Nm>Old form</c:Nm></c:Dbtr><c:Cdtr><c:Pty><c:PstlAdr><c:Ctry>KZ</c:Ctry></c:PstlAdr></c:Pty></c:Cdtr></c:OrgnlTxRef></c:TxInf></c:Undrlyg>
  <c:SplmtryData><c:Envlp><any xmlns="urn:own"><c:FIToFIPmtCxlReq/></any></c:Envlp></c:SplmtryData>
 </c:FIToFIPmtCxlReq>
</c:Document>
"#;

#[test]
fn another_version_with_more_in_it() {
    let Message::CancellationRequest(read) = Message::read(FOREIGN.as_bytes()).unwrap() else { panic!() };
    assert_eq!(read.assignment.id, "ABC-1");
    assert_eq!(read.assignment.assigner, Participant::bic("ZALTKZKA"));
    assert_eq!(read.payments.len(), 2);
    assert_eq!(read.payments[0].case.as_ref().unwrap().id, "CASE-1");
    assert_eq!(read.payments[0].amount, Some(Amount::new("620000.00000", "KZT")));
    assert_eq!(read.payments[0].reasons[0].notes, Notes::new().and("A & B").and("ә <ok>"));
    assert_eq!(read.payments[1].parties.debtor, Some(Participant::organisation("Old form")));
    assert_eq!(read.payments[1].parties.creditor, None);
    // What was read is written in our version, and read again.
    let ours = read.to_xml().unwrap();
    assert!(ours.contains("camt.056.001.12"));
    assert_eq!(Message::read(ours.as_bytes()).unwrap(), Message::CancellationRequest(read));
}

#[test]
fn forms_of_the_same() {
    let plain = crate::sample("camt056-minimal");
    let read = Message::read(plain.as_bytes()).unwrap();
    let crlf = plain.replace('\n', "\r\n");
    let bom = format!("\u{feff}{plain}");
    let one_line = plain.replace("\n", "").replace("  ", "");
    let no_declaration = plain.replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "");
    let single = plain.replace('"', "'");
    let old = plain.replace("camt.056.001.12", "camt.056.001.01");
    let new = plain.replace("camt.056.001.12", "camt.056.001.99");
    for (no, form) in [crlf, bom, one_line, no_declaration, single, old, new].iter().enumerate() {
        assert_eq!(Message::read(form.as_bytes()).as_ref(), Ok(&read), "{no}");
    }
}

#[test]
fn codes_that_are_not_known() {
    let xml = crate::sample("camt029-received")
        .replace("<Conf>PDCR<", "<Conf>NEW1<")
        .replace("<TxCxlSts>PDCR<", "<TxCxlSts>LATR<");
    let Message::Resolution(read) = Message::read(xml.as_bytes()).unwrap() else { panic!() };
    assert_eq!(read.outcome, Outcome::Confirmed(Confirmation::Other("NEW1".into())));
    assert_eq!(read.payments[0].status, Some(CancellationStatus::Other("LATR".into())));
    // The schema lists the statuses of payments in full, so this one is not written.
    let fault = read.to_xml().unwrap_err();
    assert_eq!((fault.flaw, fault.code()), (Flaw::UnknownCode, "iso20022.unknown_code"));
}

#[test]
fn answers_in_forms_that_are_not_read() {
    let xml = crate::sample("camt111-account-owner").replacen(
        "<RspnNrrtv>Иванов Пётр Ёжикович</RspnNrrtv>",
        "<TxSts><Sts>ACSC</Sts></TxSts>",
        1,
    );
    let Message::InvestigationResponse(read) = Message::read(xml.as_bytes()).unwrap() else { panic!() };
    assert_eq!(read.answers[0].data, AnswerData::Unread("TxSts".into()));
    assert_eq!(read.answers[0].notes(), None);
    assert_eq!(read.to_xml().unwrap_err().path, "/Document/InvstgtnRspn/InvstgtnRspn/InvstgtnData/RspnData");
}
