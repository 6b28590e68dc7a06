//! Files that are made to take everything: each a maker of its own, for the tests and for whoever measures what they take.

use super::made;

/// An archive that unpacks to very much.
pub(crate) fn flat_zip() -> Vec<u8> {
    made::zip(&[("zeros", &vec![0_u8; 64 << 20])])
}

/// Such archives in an archive.
pub(crate) fn nested_zip() -> Vec<u8> {
    let inner = flat_zip();
    let parts: Vec<(String, &[u8])> = (0..16).map(|no| (format!("{no}.zip"), inner.as_slice())).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    made::zip(&parts)
}

/// The content of a page that unpacks to very much.
fn blanks() -> Vec<u8> {
    made::deflated(&vec![b' '; 300 << 20])
}

/// A document whose page unpacks to very much.
pub(crate) fn pdf_page() -> Vec<u8> {
    made::pdf(&blanks(), "/Filter /FlateDecode", &[], "")
}

/// The same, packed twice.
pub(crate) fn pdf_page_twice() -> Vec<u8> {
    made::pdf(&made::deflated(&blanks()), "/Filter [/FlateDecode /FlateDecode]", &[], "")
}

/// The same, said to be packed forty times.
pub(crate) fn pdf_page_often() -> Vec<u8> {
    let many = format!("/Filter [{}]", "/FlateDecode ".repeat(40));
    made::pdf(&made::deflated(&blanks()), &many, &[], "")
}

/// A document whose objects lie in one another without end.
pub(crate) fn pdf_deep() -> Vec<u8> {
    format!("%PDF-1.7\n1 0 obj\n{}\nendobj\n%%EOF", "[".repeat(2_000_000)).into_bytes()
}

/// A document of Word whose entities become ten to the tenth.
pub(crate) fn xml_entities() -> Vec<u8> {
    let mut entities = String::from("<!DOCTYPE d [<!ENTITY e0 \"aaaaaaaaaa\">");
    for no in 1..10 {
        entities.push_str(&format!("<!ENTITY e{no} \"{}\">", format!("&e{};", no - 1).repeat(10)));
    }
    let text = format!(
        "<?xml version=\"1.0\"?>{entities}]><w:document xmlns:w=\"w\"><w:p><w:t>&e9;</w:t></w:p></w:document>"
    );
    made::docx(&text, &[])
}

/// One whose elements lie in one another.
pub(crate) fn xml_deep() -> Vec<u8> {
    made::docx(&format!("<w:document xmlns:w=\"w\">{}</w:document>", "<w:p>".repeat(1_000_000)), &[])
}

/// One with a very long text.
pub(crate) fn xml_long() -> Vec<u8> {
    let text = "x".repeat(40 << 20);
    made::docx(&format!("<w:document xmlns:w=\"w\"><w:t>{text}</w:t></w:document>"), &[])
}

/// A table of one line without end.
pub(crate) fn csv_line() -> Vec<u8> {
    let mut bytes = b"a,b\n1,".to_vec();
    bytes.resize(60 << 20, b'x');
    bytes
}

/// A picture of sixty thousand by sixty thousand.
pub(crate) fn pixels() -> Vec<u8> {
    made::png(60_000, 60_000)
}

/// A message of parts in parts.
pub(crate) fn mail_deep() -> Vec<u8> {
    let mut text = String::from("From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n");
    for no in 0..5_000 {
        text.push_str(&format!("Content-Type: multipart/mixed; boundary=b{no}\r\n\r\n--b{no}\r\n"));
    }
    text.into_bytes()
}

/// A message of very many parts.
pub(crate) fn mail_many() -> Vec<u8> {
    format!(
        "From: a@example.org\r\nTo: b@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\n\r\nx\r\n".repeat(300_000)
    )
    .into_bytes()
}

/// A database with bytes turned all over.
pub(crate) fn database_broken() -> Vec<u8> {
    let mut bytes = made::sqlite(3_000);
    for at in (100..bytes.len()).step_by(97) {
        bytes.splice(at..at + 1, [0xff]);
    }
    bytes
}

/// A database that says it has very many pages.
pub(crate) fn database_huge() -> Vec<u8> {
    let mut huge = made::sqlite(3);
    huge.splice(28..32, [0x7f, 0xff, 0xff, 0xff]);
    huge
}
