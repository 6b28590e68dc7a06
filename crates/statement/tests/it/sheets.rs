//! Spreadsheets, made here cell by cell.

use std::io::Write as _;

use statement::{Direction, Format, ReadError};
use zip::write::SimpleFileOptions;

use crate::read;

/// A workbook of one sheet. Cells of `s` are texts, of `n` numbers, of `d` days.
pub(crate) fn workbook(rows: &[&[(char, &str)]]) -> Vec<u8> {
    let mut sheet = String::from(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (no, row) in rows.iter().enumerate() {
        sheet.push_str(&format!("<row r=\"{}\">", no + 1));
        for (at, (kind, value)) in row.iter().enumerate() {
            let place = format!("{}{}", char::from(b'A' + u8::try_from(at).unwrap()), no + 1);
            match kind {
                _ if value.is_empty() => {}
                's' => {
                    sheet.push_str(&format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"))
                }
                'd' => sheet.push_str(&format!("<c r=\"{place}\" s=\"1\"><v>{value}</v></c>")),
                _ => sheet.push_str(&format!("<c r=\"{place}\"><v>{value}</v></c>")),
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#.to_owned()),
                ("_rels/.rels", format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#)),
("xl/workbook.xml", format!(r#"<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="Выписка" sheetId="1" r:id="rId1"/></sheets></workbook>"#)),
        ("xl/_rels/workbook.xml.rels", format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{rel}/styles" Target="styles.xml"/></Relationships>"#)),
        ("xl/styles.xml", format!(r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#)),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_statement_as_a_spreadsheet() {
    let bytes = workbook(&[
        &[('s', "Выписка (выдумано)")],
        &[('s', "Входящий остаток"), ('n', "100.5")],
        &[
            ('s', "Дата"),
            ('s', "Дебет"),
            ('s', "Кредит"),
            ('s', "Счет контрагента"),
            ('s', "Назначение платежа"),
        ],
        &[('d', "46328"), ('s', ""), ('n', "1234.56"), ('s', "KZ00X000000000000002"), ('s', "приход")],
        &[('d', "46329.427083333336"), ('s', "1 000,00"), ('s', ""), ('n', "123456789"), ('s', "расход")],
        &[],
        &[('s', "Исходящий остаток"), ('n', "335.06")],
    ]);
    let got = read(&bytes).unwrap();
    assert_eq!(got.summary.format, Some(Format::Sheet));
    assert_eq!(got.troubles, []);
    let [first, second] = got.movements.as_slice() else { unreachable!("{:?}", got.movements) };
    assert_eq!(
        (first.line, first.booked_at.as_str(), first.amount.to_string()),
        (4, "2026-11-02", "1234.56".to_owned())
    );
    assert_eq!(
        (second.line, second.booked_at.as_str(), second.direction),
        (5, "2026-11-03T10:15:00", Some(Direction::Debit))
    );
    assert_eq!(second.counter.account, "123456789");
    assert_eq!(got.summary.sums[0].sound, Some(true));
    let plan = got.summary.plan.unwrap();
    assert_eq!((plan.sheet.as_str(), plan.heading_line), ("Выписка", Some(3)));
}

#[test]
fn what_is_no_spreadsheet() {
    let bytes = workbook(&[&[('s', "a"), ('s', "b")], &[('n', "1"), ('n', "2")]]);
    assert!(matches!(read(&bytes).unwrap_err(), ReadError::NoHeading(_)));
    let cut = &bytes[..bytes.len() / 2];
    assert!(matches!(read(cut).unwrap_err(), ReadError::Malformed { .. }));
}
