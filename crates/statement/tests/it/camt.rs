//! Statements of ISO 20022.

use statement::{Code, Direction, ReadError};

use crate::read;

/// A statement: two entries, one of them of two payments, one pending. Invented; valid against camt.053.001.08.
pub(crate) const STATEMENT: &str = include_str!("../samples/camt053-two-entries.xml");

#[test]
fn entries_become_rows_and_sums_are_right() {
    let got = read(STATEMENT.as_bytes()).unwrap();
    assert_eq!(got.troubles, []);
    assert_eq!(got.summary.version, "camt.053.001.08");
    let rows: Vec<_> = got
        .movements
        .iter()
        .map(|m| {
            (m.row, m.direction.unwrap(), m.amount.to_string(), m.counter.account.as_str(), m.status.as_str())
        })
        .collect();
    assert_eq!(
        rows,
        [
            (1, Direction::Credit, "250000.50".to_owned(), "KZ00X000000000000002", "booked"),
            (2, Direction::Debit, "150000.00".to_owned(), "KZ00X000000000000003", "booked"),
            (3, Direction::Debit, "50000.00".to_owned(), "KZ00X000000000000004", "booked"),
            (4, Direction::Debit, "1.00".to_owned(), "", "pending"),
        ]
    );
    let first = &got.movements[0];
    assert_eq!(first.line, 60);
    assert_eq!(STATEMENT.lines().nth(59).unwrap().trim(), "<Ntry>");
    assert_eq!(first.booked_at, "2026-11-01T10:15:00+05:00");
    assert_eq!(first.counter.name, "Ойдан шығарылған Әсел & Ко");
    assert_eq!(first.counter.bank, "XXXXKZ00");
    assert_eq!(first.counter.number, "000000000001");
    assert_eq!(first.purpose, "Қарызды қайтару бөлік 2");
    assert_eq!(first.reference, "REF-1");
    assert_eq!(first.code, "PMNT.RCDT.ESCT");
    let sums = &got.summary.sums[0];
    assert_eq!((sums.sound, sums.movements, sums.pending), (Some(true), 3, 1));
    assert_eq!(sums.account, "KZ00X000000000000001");
}

#[test]
fn wrong_sums_are_told() {
    let wrong = STATEMENT.replace(">60000.50<", ">60000.51<");
    assert_ne!(wrong, STATEMENT);
    assert_eq!(read(wrong.as_bytes()).unwrap().codes(), [Code::SumWrong]);
    let wrong = STATEMENT.replace("<NbOfNtries>3<", "<NbOfNtries>4<");
    assert_eq!(read(wrong.as_bytes()).unwrap().codes(), [Code::CountWrong]);
    let wrong = STATEMENT.replace(">50000.00<", ">50000.01<");
    let got = read(wrong.as_bytes()).unwrap();
    assert_eq!(got.codes(), [Code::BatchWrong]);
    assert_eq!(got.troubles[0].line, 102);
}

#[test]
fn older_and_newer_versions_and_other_messages() {
    let older = STATEMENT
        .replace("camt.053.001.08", "camt.053.001.02")
        .replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>")
        .replace("<Sts><Cd>PDNG</Cd></Sts>", "<Sts>PDNG</Sts>")
        .replace("<Pty>", "")
        .replace("</Pty>", "");
    let got = read(older.as_bytes()).unwrap();
    assert_eq!(got.troubles, []);
    assert_eq!(got.movements[0].counter.name, "Ойдан шығарылған Әсел & Ко");
    assert_eq!(got.movements[3].status, "pending");
    let report = STATEMENT
        .replace("BkToCstmrStmt", "BkToCstmrAcctRpt")
        .replace("<Stmt>", "<Rpt>")
        .replace("</Stmt>", "</Rpt>");
    assert_eq!(read(report.as_bytes()).unwrap().movements.len(), 4);
    let prefixed = STATEMENT
        .replace('<', "<n:")
        .replace("<n:/", "</n:")
        .replace("<n:?", "<?")
        .replace("<n:!", "<!")
        .replace("xmlns=", "xmlns:n=");
    assert_eq!(read(prefixed.as_bytes()).unwrap().movements.len(), 4);
}

#[test]
fn other_encodings() {
    let text = STATEMENT
        .replace("encoding=\"UTF-8\"", "encoding=\"windows-1251\"")
        .replace("Ойдан шығарылған Әсел", "Выдуманная Асель")
        .replace("Қарызды қайтару бөлік", "Возврат долга часть");
    let bytes: Vec<u8> = text
        .chars()
        .map(|c| {
            let hit = (0..=255_u8).find(|b| {
                statement::encoding::decode(statement::encoding::Charset::Windows1251, &[*b]).starts_with(c)
            });
            hit.unwrap_or(b'?')
        })
        .collect();
    let got = read(&bytes).unwrap();
    assert_eq!(got.summary.encoding, "windows-1251");
    assert_eq!(got.movements[0].counter.name, "Выдуманная Асель & Ко");
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(STATEMENT.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(read(&wide).unwrap().movements.len(), 4);
}

#[test]
fn what_could_explode_is_refused() {
    let bomb = STATEMENT.replace(
        "<Document",
        "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<Document",
    );
    assert_eq!(read(bomb.as_bytes()).unwrap_err(), ReadError::Doctype);
    let deep = STATEMENT.replace("<GrpHdr>", &format!("<GrpHdr>{}", "<a>".repeat(100)));
    assert!(matches!(read(deep.as_bytes()).unwrap_err(), ReadError::Malformed { .. }));
    let long = STATEMENT.replace("Қарызды", &"x".repeat(9 << 20));
    assert!(matches!(read(long.as_bytes()).unwrap_err(), ReadError::TooLong { .. }));
    let undeclared = STATEMENT.replace("&amp;", "&boom;");
    assert_eq!(
        read(undeclared.as_bytes()).unwrap().movements[0].counter.name,
        "Ойдан шығарылған Әсел \u{fffd} Ко"
    );
}

#[test]
fn a_statement_that_is_cut_off_says_so() {
    let end = STATEMENT.find("<Sts><Cd>PDNG").unwrap();
    let got = read(&STATEMENT.as_bytes()[..end]);
    match got {
        Ok(got) => assert!(got.codes().contains(&Code::Unfinished)),
        Err(error) => assert!(matches!(error, ReadError::Malformed { .. })),
    }
}
