//! What readers refuse: by a limit, by the rules of XML, by sense.

use iso20022::*;

fn read(text: &str) -> Result<Message, ReadError> {
    Message::read(text.as_bytes())
}

fn code(text: &str) -> &'static str {
    read(text).map_or_else(|e| e.code(), |_| "read")
}

fn recall() -> String {
    crate::sample("camt056-maximal-kazakh")
}

/// The recall with something put before its first payment.
fn with(inside: &str) -> String {
    recall().replacen("<TxInf>", &format!("{inside}<TxInf>"), 1)
}

#[test]
fn bombs() {
    let laughs =
        "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol1 \"&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;\">]>";
    let after = |declaration: &str| recall().replacen("?>", &format!("?>{declaration}"), 1);
    let deep = |n: usize| with(&format!("{}{}", "<a>".repeat(n), "</a>".repeat(n)));
    let attributes = |n: usize| (0..n).map(|i| format!(" a{i}=\"x\"")).collect::<String>();
    let spaces = |n: usize| (0..n).map(|i| format!(" xmlns:n{i}=\"u\"")).collect::<String>();
    for (what, text, expected) in [
        ("billion laughs", after(laughs), "iso20022.doctype"),
        ("outside entity", after("<!DOCTYPE x SYSTEM \"file:///etc/passwd\">"), "iso20022.doctype"),
        ("document type in lower case", after("<!doctype x>"), "iso20022.doctype"),
        ("document type that never ends", after("<!DOCTYPE x [<!ENTITY y \""), "iso20022.malformed"),
        ("unknown entity", recall().replacen("FRAD", "&FRAD;", 1), "iso20022.entity"),
        ("entity in a container", with("&nbsp;"), "iso20022.entity"),
        ("a little deep", deep(20), "read"),
        ("too deep", deep(40), "iso20022.too_deep"),
        ("very deep", deep(100_000), "iso20022.too_deep"),
        (
            "deep in another namespace",
            with(&format!("<x xmlns=\"u\">{}", "<a>".repeat(60))),
            "iso20022.too_deep",
        ),
        ("many elements", with(&"<a/>".repeat(60_000)), "iso20022.too_many"),
        (
            "many elements in another namespace",
            with(&format!("<x xmlns=\"u\">{}</x>", "<a/>".repeat(60_000))),
            "iso20022.too_many",
        ),
        ("many attributes", with(&format!("<a{}/>", attributes(50_000))), "iso20022.too_many"),
        ("some attributes", with(&format!("<a{}/>", attributes(30))), "read"),
        ("many namespaces", with(&format!("<a{}/>", spaces(40_000))), "iso20022.malformed"),
        ("ten megabytes of text", with(&"x".repeat(10_000_000)), "iso20022.too_large"),
        (
            "almost a megabyte of text in an id",
            recall().replacen("CXL-1", &"x".repeat(900_000), 1),
            "iso20022.too_long",
        ),
        ("almost a megabyte of comment", with(&format!("<!--{}-->", "x".repeat(900_000))), "read"),
        ("almost a megabyte of one name", with(&format!("<{0}></{0}>", "n".repeat(400_000))), "read"),
        ("many payments", with(&"<TxInf><OrgnlTxId>1</OrgnlTxId></TxInf>".repeat(501)), "iso20022.too_many"),
        (
            "many groups",
            recall().replacen(
                "<Undrlyg>",
                &format!(
                    "{}<Undrlyg>",
                    "<Undrlyg><TxInf><OrgnlTxId>1</OrgnlTxId></TxInf></Undrlyg>".repeat(499)
                ),
                1,
            ),
            "iso20022.too_many",
        ),
        (
            "many lines",
            recall().replacen(
                "<AddtlInf>",
                &format!("{}<AddtlInf>", "<AddtlInf>x</AddtlInf>".repeat(100)),
                1,
            ),
            "iso20022.too_many",
        ),
    ] {
        assert_eq!(code(&text), expected, "{what}");
    }
}

#[test]
fn no_xml() {
    let text = recall();
    let ours = "urn:iso:std:iso:20022:tech:xsd:camt.056.001.12";
    let namespace = |other: &str| text.replacen(ours, other, 1);
    for (what, text, expected) in [
        ("nothing", String::new(), "iso20022.malformed"),
        ("white space", " \n ".into(), "iso20022.malformed"),
        ("json", "{\"type\":\"order.v1\"}".into(), "iso20022.malformed"),
        (
            "cut off",
            text[..text.len() / 2 - 1].chars().filter(char::is_ascii).collect(),
            "iso20022.malformed",
        ),
        ("last tag cut off", text.trim_end().trim_end_matches('>').into(), "iso20022.malformed"),
        ("root twice", text.repeat(2), "iso20022.malformed"),
        ("text after the root", format!("{text}x"), "iso20022.malformed"),
        ("text before the root", text.replacen("?>", "?>x", 1), "iso20022.malformed"),
        ("late declaration", text.replacen("?>", "?><?xml version=\"1.0\"?>", 1), "iso20022.malformed"),
        ("space before the declaration", format!(" {text}"), "iso20022.malformed"),
        ("version 1.1", text.replacen("1.0", "1.1", 1), "iso20022.malformed"),
        ("declared as utf-16", text.replacen("UTF-8", "UTF-16", 1), "iso20022.encoding"),
        ("declared as windows-1251", text.replacen("UTF-8", "windows-1251", 1), "iso20022.encoding"),
        ("NUL", text.replacen("CXL-1", "CXL\0", 1), "iso20022.character"),
        ("NUL between elements", with("\0"), "iso20022.character"),
        ("control character", text.replacen("CXL-1", "CXL\u{8}", 1), "iso20022.character"),
        ("no character", text.replacen("CXL-1", "CXL\u{ffff}", 1), "iso20022.character"),
        ("NUL by number", text.replacen("CXL-1", "CXL&#0;", 1), "iso20022.character"),
        ("surrogate by number", text.replacen("CXL-1", "CXL&#xD800;", 1), "iso20022.character"),
        ("control by number", text.replacen("CXL-1", "CXL&#x1B;", 1), "iso20022.character"),
        ("number out of range", text.replacen("CXL-1", "CXL&#99999999999;", 1), "iso20022.character"),
        ("C1 control", text.replacen("CXL-1", "CXL\u{9b}", 1), "iso20022.character"),
        ("bare ampersand", text.replacen("CXL-1", "CXL & 1", 1), "iso20022.malformed"),
        ("crossed tags", text.replacen("</CxlId>", "</TxInf>", 1), "iso20022.malformed"),
        ("attribute twice", text.replacen("Ccy=\"KZT\"", "Ccy=\"KZT\" Ccy=\"USD\"", 1), "iso20022.malformed"),
        ("attribute without quotes", text.replacen("Ccy=\"KZT\"", "Ccy=KZT", 1), "iso20022.malformed"),
        ("unknown prefix", with("<x:a/>"), "iso20022.malformed"),
        ("wrong root", text.replace("Document", "Envelope"), "iso20022.not_a_document"),
        ("no namespace", namespace(""), "iso20022.not_a_document"),
        ("wrong namespace", namespace("urn:iso:std:iso:20022:tech:xsd:camt.056"), "iso20022.not_a_document"),
        (
            "other variant",
            namespace("urn:iso:std:iso:20022:tech:xsd:camt.056.002.12"),
            "iso20022.not_a_document",
        ),
        ("namespace with more", namespace(&format!("{ours}/x")), "iso20022.not_a_document"),
        (
            "other message",
            namespace("urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"),
            "iso20022.other_message",
        ),
        (
            "message of another kind inside",
            namespace("urn:iso:std:iso:20022:tech:xsd:camt.029.001.14"),
            "iso20022.missing",
        ),
        (
            "elements of no namespace",
            text.replacen("<FIToFIPmtCxlReq>", "<FIToFIPmtCxlReq xmlns=\"\">", 1),
            "iso20022.missing",
        ),
    ] {
        assert_eq!(code(&text), expected, "{what}");
    }
    assert_eq!(Message::read(&[0xff, 0xfe, b'<', 0]), Err(ReadError::Encoding));
    assert_eq!(Message::read(b"\xc0\x80"), Err(ReadError::Encoding));
}

/// Each change is refused, at this place.
#[test]
fn no_sense() {
    let tx = "/Document/FIToFIPmtCxlReq/Undrlyg/TxInf";
    for (from, to, path, flaw) in [
        (">620000.00<", ">-620000.00<", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Negative),
        (">620000.00<", ">-0<", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Negative),
        (">620000.00<", ">0.00<", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Zero),
        (">620000.00<", ">6.2E5<", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Amount),
        (">620000.00<", ">NaN<", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Amount),
        (">620000.00<", "><", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Empty),
        (">620000.00<", ">1.000001<", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Precision),
        (" Ccy=\"KZT\">62", ">62", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Currency),
        ("Ccy=\"KZT\">62", "Ccy=\"тг\">62", format!("{tx}/OrgnlIntrBkSttlmAmt"), Flaw::Currency),
        ("Ccy=\"KZT\">37", "Ccy=\"USD\">37", format!("{tx}[2]/OrgnlIntrBkSttlmAmt"), Flaw::OtherCurrency),
        (">CXL-2<", "> <", format!("{tx}[2]/CxlId"), Flaw::Empty),
        (">CXL-2<", "><b>1</b><", format!("{tx}[2]/CxlId"), Flaw::Mixed),
        ("<TxInf>", "<TxInf>text", tx.into(), Flaw::Mixed),
        (
            "<CxlId>CXL-1</CxlId>",
            "<CxlId>1</CxlId><CxlId>2</CxlId>",
            format!("{tx}/CxlId[2]"),
            Flaw::Repeated,
        ),
        ("<Case>", "<Case/><Case>", "/Document/FIToFIPmtCxlReq/Case[2]".into(), Flaw::Repeated),
        ("<NbOfTxs>2<", "<NbOfTxs>3<", "/Document/FIToFIPmtCxlReq/CtrlData/NbOfTxs".into(), Flaw::Count),
        ("<NbOfTxs>2<", "<NbOfTxs>-2<", "/Document/FIToFIPmtCxlReq/CtrlData/NbOfTxs".into(), Flaw::Number),
        (
            "<NbOfTxs>2<",
            "<NbOfTxs>99999999999999999999999<",
            "/Document/FIToFIPmtCxlReq/CtrlData/NbOfTxs".into(),
            Flaw::Number,
        ),
        (
            "KZ938010000000000017",
            "KZ938010000000000018",
            format!("{tx}/OrgnlTxRef/DbtrAcct/Id/IBAN"),
            Flaw::Iban,
        ),
        (
            "<IBAN>KZ938010000000000017</IBAN>",
            "<IBAN>KZ938010000000000017</IBAN><Othr><Id>1</Id></Othr>",
            format!("{tx}/OrgnlTxRef/DbtrAcct/Id"),
            Flaw::Choice,
        ),
        ("8a562c67", "8A562C67", format!("{tx}/OrgnlUETR"), Flaw::Uetr),
        (
            "<Cd>FRAD</Cd>",
            "<Cd>FRAUD</Cd>",
            format!("{tx}/CxlRsnInf/Rsn/Cd"),
            Flaw::TooLong { max: 4, len: 5 },
        ),
        ("<Cd>FRAD</Cd>", "<Cd>FRAD</Cd><Prtry>x</Prtry>", format!("{tx}/CxlRsnInf/Rsn"), Flaw::Choice),
        ("<Cd>FRAD</Cd>", "", format!("{tx}/CxlRsnInf/Rsn"), Flaw::Empty),
        (">false<", ">no<", format!("{tx}/Case/ReopCaseIndctn"), Flaw::Flag),
        (
            "2026-11-23T14:02:00+05:00",
            "yesterday",
            "/Document/FIToFIPmtCxlReq/Assgnmt/CreDtTm".into(),
            Flaw::DateTime,
        ),
        (
            "<OrgnlIntrBkSttlmDt>2026-11-23<",
            "<OrgnlIntrBkSttlmDt>2026-11-31<",
            format!("{tx}/OrgnlIntrBkSttlmDt"),
            Flaw::Date,
        ),
    ] {
        let text = recall();
        assert!(text.contains(from), "{from}");
        let expected = Fault { path, flaw };
        assert_eq!(read(&text.replacen(from, to, 1)), Err(expected.clone().into()), "{from} -> {to}");
        assert!(expected.code().starts_with("iso20022."));
    }
    let nobody =
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.056.001.12\"><FIToFIPmtCxlReq/></Document>";
    assert_eq!(read(nobody).unwrap_err().to_string(), "`/Document/FIToFIPmtCxlReq/Assgnmt`: is missing");
}

#[test]
fn no_sense_in_answers_and_returns() {
    for (sample, from, to, path, flaw) in [
        (
            "camt029-held-in-part-rest-moved",
            ">240000.00<",
            ">620000.01<",
            "/Document/RsltnOfInvstgtn/CxlDtls/TxInfAndSts/RsltnRltdInf/IntrBkSttlmAmt",
            Flaw::Exceeds,
        ),
        (
            "camt029-held-in-part-rest-moved",
            "<Conf>PDCR</Conf>",
            "",
            "/Document/RsltnOfInvstgtn/Sts",
            Flaw::Choice,
        ),
        (
            "camt029-held-in-part-rest-moved",
            "</Conf>",
            "</Conf><AssgnmtCxlConf>true</AssgnmtCxlConf>",
            "/Document/RsltnOfInvstgtn/Sts",
            Flaw::Choice,
        ),
        (
            "camt029-held-in-part-rest-moved",
            "Ccy=\"KZT\">38",
            "Ccy=\"EUR\">38",
            "/Document/RsltnOfInvstgtn/CxlDtls/TxInfAndSts[2]/RsltnRltdInf/IntrBkSttlmAmt",
            Flaw::OtherCurrency,
        ),
        (
            "pacs004-two-parts",
            ">240000.5<",
            ">240000.6<",
            "/Document/PmtRtr/GrpHdr/TtlRtrdIntrBkSttlmAmt",
            Flaw::Sum,
        ),
        (
            "pacs004-two-parts",
            ">200000<",
            ">620000.01<",
            "/Document/PmtRtr/TxInf/RtrdIntrBkSttlmAmt",
            Flaw::Exceeds,
        ),
        ("pacs004-minimal", ">240000.00<", ">0<", "/Document/PmtRtr/TxInf/RtrdIntrBkSttlmAmt", Flaw::Zero),
        (
            "pacs004-minimal",
            "<OrgnlEndToEndId>NOTPROVIDED-417</OrgnlEndToEndId>",
            "",
            "/Document/PmtRtr/TxInf",
            Flaw::Unidentified,
        ),
        ("pacs004-minimal", "<NbOfTxs>1<", "<NbOfTxs>01x<", "/Document/PmtRtr/GrpHdr/NbOfTxs", Flaw::Number),
        (
            "camt110-account-owner",
            "<Seq>1<",
            "<Seq>1000<",
            "/Document/InvstgtnReq/InvstgtnData/Seq",
            Flaw::Number,
        ),
        (
            "camt110-account-owner",
            "<Undrlyg>",
            "<Undrlyg><Initn/>",
            "/Document/InvstgtnReq/InvstgtnReq/Undrlyg",
            Flaw::Choice,
        ),
        (
            "camt111-account-owner",
            "<RspnData>",
            "<RspnData><RspnNrrtv>x</RspnNrrtv>",
            "/Document/InvstgtnRspn/InvstgtnRspn/InvstgtnData/RspnData/RspnNrrtv[2]",
            Flaw::Repeated,
        ),
        (
            "camt111-account-owner",
            "<RspnNrrtv>Иванов Пётр Ёжикович</RspnNrrtv>",
            "",
            "/Document/InvstgtnRspn/InvstgtnRspn/InvstgtnData/RspnData",
            Flaw::Empty,
        ),
    ] {
        let text = crate::sample(sample);
        assert!(text.contains(from), "{from}");
        let expected = Fault { path: path.into(), flaw };
        assert_eq!(read(&text.replacen(from, to, 1)), Err(expected.into()), "{sample}: {from} -> {to}");
    }
}
