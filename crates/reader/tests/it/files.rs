//! What is told of files.

use reader::answer::Warning;
use reader::{Answer, Ended, Kind};

use crate::made;
use crate::read;

fn answer(bytes: Vec<u8>) -> Answer {
    let reading = read(bytes);
    assert_eq!(reading.ended, Ended::Whole, "{reading:?}");
    assert!(
        reading.held.memory
            && reading.held.cpu
            && reading.held.files
            && reading.held.writes
            && reading.held.no_dump
            && reading.held.gives_way,
        "{:?}",
        reading.held
    );
    reading.answer.unwrap()
}

#[test]
fn the_process_holds_all_its_limits() {
    let held = read(b"x".to_vec()).held;
    assert!(held.all(), "{held:?}");
}

#[test]
fn what_is_forbidden_is_tried_and_does_not_work() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_reader")).arg("--prove").output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let nothing = serde_json::json!({"opens": false, "connects": false, "starts": false, "threads": false, "memory": false});
    assert_eq!(last, serde_json::json!({ "left": nothing }));
    // The same, where nothing is forbidden: all of it works, so that the trial can fail.
    let limits = reader::limits::Limits::default();
    let left = reader::limits::tried(&limits);
    assert!(left.opens && left.connects && left.starts && left.threads && left.memory, "{left:?}");
}

#[test]
fn a_photograph_tells_where_and_when() {
    let got = answer(made::jpeg(&made::exif(0)));
    assert_eq!(got.kind, Kind::Jpeg);
    for (name, value) in [
        ("camera_make", "INVENTED"),
        ("camera_model", "Model"),
        ("taken_at", "2026-11-02 10:15:33"),
        ("latitude", "43.2400000"),
        ("longitude", "76.9500000"),
        ("width", "4032"),
        ("height", "3024"),
    ] {
        assert_eq!(got.value(name), Some(value), "{name}");
    }
    assert_eq!(got.signs, []);
    assert!(got.kind.fits("IMG.jpg") && !got.kind.fits("IMG.pdf") && got.kind.fits("IMG"));
}

#[test]
fn a_picture_that_is_an_archive_too() {
    let mut bytes = made::jpeg(&made::exif(0));
    bytes.extend(made::zip(&[("secret.txt", b"x")]));
    let got = answer(bytes);
    assert_eq!((got.kind, got.also.as_slice()), (Kind::Jpeg, [Kind::Zip].as_slice()));
    assert!(got.warns(Warning::Polyglot) && got.warns(Warning::TrailingBytes));
    let mut bytes = b"GIF89a/*\x01\x00".to_vec();
    bytes.extend(b"*/=1;<script>alert(1)</script>;");
    assert_eq!(answer(bytes).also, [Kind::Html]);
}

#[test]
fn a_document() {
    let page = b"BT /F1 12 Tf 10 10 Td (Invented text of a page) Tj ET";
    let got = answer(made::pdf(page, "", &[], ""));
    assert_eq!(got.kind, Kind::Pdf);
    assert_eq!(got.value("pages"), Some("1"));
    assert_eq!(got.value("title"), Some("Invented title"));
    assert_eq!(got.value("author"), Some("Сі"));
    assert_eq!(got.value("created_at"), Some("2026-11-02T10:15:33+05:00"));
    assert!(got.preview.as_ref().unwrap().text.contains("Invented text of a page"), "{got:?}");
    assert_eq!(got.signs, []);
    let scripts = [
        "<< /S /J#61vaScript /JS (app.alert\\(1\\)) >>",
        "<< /Type /Filespec /EF << /F 7 0 R >> >>",
        "<< /S /Launch /F (cmd.exe) >>",
    ];
    let got = answer(made::pdf(page, "", &scripts, ""));
    assert!(got.warns(Warning::Scripts) && got.warns(Warning::Launches), "{:?}", got.signs);
    let got = answer(made::pdf(
        page,
        "",
        &["<< /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >>"],
        "/Encrypt 7 0 R /ID [(a)(b)]",
    ));
    assert!(got.warns(Warning::Encrypted), "kept and marked");
    assert_eq!(got.preview, None);
}

#[test]
fn a_message_and_its_way() {
    let text = "Received: from b.example (192.0.2.2) by c.example; Mon, 2 Nov 2026 10:15:35 +0500\r\n\
        Received: from a.example (192.0.2.1) by b.example; Mon, 2 Nov 2026 10:15:34 +0500\r\n\
        From: =?utf-8?B?0JHQsNC90Lo=?= <bank@bank.example>\r\nReply-To: x@evil.example\r\nTo: you@example.org\r\n\
        Subject: =?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=\r\nMessage-ID: <1@a.example>\r\nDate: Mon, 2 Nov 2026 10:15:33 +0500\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nСәлем\r\n\
        --b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"invoice.pdf.exe\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n";
    let got = answer(text.as_bytes().to_vec());
    assert_eq!(got.kind, Kind::Mail);
    assert_eq!(got.value("from"), Some("Банк <bank@bank.example>"));
    assert_eq!(got.value("subject"), Some("Привет"));
    assert_eq!(got.value("message_id"), Some("<1@a.example>"));
    assert!(got.value("received").unwrap().starts_with("from a.example"), "the first step first");
    assert!(
        got.warns(Warning::ReplyElsewhere)
            && got.warns(Warning::DisguisedName)
            && got.warns(Warning::Program)
    );
    let file = got.parts.iter().find(|p| p.name == "invoice.pdf.exe").unwrap();
    assert_eq!(
        (file.size, file.sha256.as_str()),
        (5, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    );
    assert_eq!(got.preview.unwrap().text.trim(), "Сәлем");
}

#[test]
fn an_archive_and_what_to_beware_of_in_it() {
    let parts: &[(&str, &[u8])] = &[
        ("../../etc/passwd", b"x"),
        ("C:\\a.txt", b"x"),
        ("run.pdf.scr", b"x"),
        ("in.zip", b"x"),
        ("ok.txt", b"hello"),
    ];
    let got = answer(made::zip(parts));
    assert_eq!(got.kind, Kind::Zip);
    assert_eq!(got.parts.len(), 5);
    let outside: Vec<&str> =
        got.signs.iter().filter(|s| s.code == Warning::PathOutside).map(|s| s.about.as_str()).collect();
    assert_eq!(outside, ["../../etc/passwd", "C:\\a.txt"]);
    assert!(
        got.warns(Warning::DisguisedName) && got.warns(Warning::Program) && got.warns(Warning::NestedArchive)
    );
    // A password: the list is told, the part is marked.
    let mut locked = made::zip(&[("a.txt", b"x"), ("b.txt", b"y")]);
    let central = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    locked.splice(central + 8..central + 9, [1]);
    let got = answer(locked);
    let marked: Vec<bool> = got.parts.iter().map(|p| p.encrypted).collect();
    assert_eq!(marked, [true, false]);
    assert!(got.warns(Warning::Encrypted));
    // Cut off before its list: what headers say.
    let mut cut = made::zip(&[("a.txt", b"x"), ("b.txt", b"y")]);
    let central = cut.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    cut.truncate(central);
    let got = answer(cut);
    assert!(got.warns(Warning::Damaged));
    // Behind something else.
    let mut behind = b"#!/bin/sh\nexit\n".to_vec();
    behind.extend(made::zip(&[("a.txt", b"x")]));
    assert_eq!(answer(behind).also, [Kind::Zip]);
}

#[test]
fn a_document_of_word() {
    let text = "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>Бірінші &lt;b&gt;</w:t></w:r></w:p><w:p><w:r><w:t>екінші</w:t></w:r>\
        <w:r><w:instrText>DDEAUTO cmd</w:instrText></w:r></w:p></w:body></w:document>";
    let rels = "<Relationships><Relationship Type=\"http://x/attachedTemplate\" TargetMode=\"External\" Target=\"http://example.org/t.dotm\"/></Relationships>";
    let got = answer(made::docx(
        text,
        &[("word/vbaProject.bin", b"x"), ("word/_rels/settings.xml.rels", rels.as_bytes())],
    ));
    assert_eq!(got.kind, Kind::Docx);
    assert_eq!(got.value("author"), Some("Ойдан Автор"));
    assert_eq!(got.preview.as_ref().unwrap().text, "Бірінші <b>\nекінші\n");
    assert!(got.warns(Warning::Macros) && got.warns(Warning::LoadsFromElsewhere));
    assert!(got.kind.fits("a.docx") && !got.kind.fits("a.jpg"));
}

#[test]
fn a_database_is_read_in_memory() {
    let got = answer(made::sqlite(7));
    assert_eq!(got.kind, Kind::Sqlite);
    assert_eq!(got.value("tables"), Some("1"));
    let table = got.parts.iter().find(|p| p.kind == "table").unwrap();
    assert_eq!((table.name.as_str(), table.size), ("message", 7));
    // Written ahead: the same pages.
    let mut wal = made::sqlite(7);
    wal.splice(18..20, [2, 2]);
    let got = answer(wal);
    assert_eq!(got.value("journal"), Some("wal"));
    assert_eq!(got.parts.iter().find(|p| p.kind == "table").unwrap().size, 7);
    let mut cut = made::sqlite(5_000);
    cut.truncate(cut.len() / 2);
    let got = answer(cut);
    assert!(got.warns(Warning::Damaged));
}

#[test]
fn texts_in_any_encoding_and_nothing_in_them_steers() {
    let got =
        answer(b"\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0! \xdd\xf2\xee \xf2\xe5\xea\xf1\xf2.\n".to_vec());
    assert_eq!((got.kind, got.value("encoding")), (Kind::Text, Some("windows-1251")));
    assert_eq!(got.preview.unwrap().text, "Привет, мир! Это текст.\n");
    let got = answer("a\u{1b}[2Jb\u{202e}c\nd".as_bytes().to_vec());
    assert_eq!(got.preview.as_ref().unwrap().text, "a␛[2Jb[U+202E]c\nd");
    assert!(got.warns(Warning::DirectionMarks));
    let got = answer(b"a;b\n1;=cmd|' /C calc'!A0\n2;3\n".to_vec());
    assert_eq!(got.kind, Kind::Csv);
    assert!(got.warns(Warning::Formula));
    let page = answer(b"<html><script>alert(1)</script></html>".to_vec());
    assert_eq!(page.kind, Kind::Html);
    assert!(page.warns(Warning::Scripts));
}

#[test]
fn an_empty_file_and_one_that_nobody_knows() {
    assert_eq!(answer(Vec::new()).kind, Kind::Empty);
    assert_eq!(answer((0..=255).cycle().take(5_000).collect()).kind, Kind::Unknown);
}

/// Files with every field that is told: `read` holds the names of facts against the list of them.
#[test]
fn no_fact_is_told_that_is_not_in_the_list() {
    let tags = [
        0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x8298, 0x9003, 0x9004, 0x9011, 0xa420, 0xa430,
        0xa431, 0xa434,
    ];
    let got = answer(made::jpeg(&made::exif_of(&tags)));
    let told =
        |got: &Answer| got.facts.iter().map(|f| f.name.clone()).collect::<std::collections::BTreeSet<_>>();
    assert!(told(&got).len() >= tags.len(), "{got:?}");
    let fields = [
        "creator",
        "lastModifiedBy",
        "created",
        "modified",
        "lastPrinted",
        "title",
        "subject",
        "keywords",
        "description",
        "revision",
        "Application",
        "AppVersion",
        "Company",
        "Template",
        "Pages",
        "TotalTime",
    ];
    let all: String = fields.iter().map(|f| format!("<{f}>x</{f}>")).collect();
    let app = format!("<Properties>{all}</Properties>");
    let got = answer(made::docx("<w:document xmlns:w=\"w\"/>", &[("docProps/app.xml", app.as_bytes())]));
    assert!(told(&got).len() >= fields.len(), "{got:?}");
    let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    old.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(answer(old).value("document"), Some("word"));
    let note = answer(b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nx\r\n".to_vec());
    assert_eq!(note.value("unsent"), Some("no_way"));
}

/// Bug: a table in which somebody had typed a tag into a cell was called a script.
#[test]
fn a_cell_that_says_script_makes_no_script() {
    let got =
        answer("Күні;Сома;Мақсаты\n28.11.2026;100,00;<script>alert(1)</script>\n29.11.2026;5,00;x\n".into());
    assert_eq!(got.kind, Kind::Csv);
    assert!(!got.warns(Warning::Program) && !got.warns(Warning::Scripts), "{:?}", got.signs);
    let json = answer(b"{\"a\": \"<script>alert(1)</script>\", \"b\": 2}".to_vec());
    assert_eq!(json.kind, Kind::Json);
    for script in ["<script>alert(1)</script>", "\n <div><script>a;b\n1;2\n</script>", "x <script>y</script>"]
    {
        assert_eq!(answer(script.into()).kind, Kind::Script, "{script}");
    }
}

#[test]
fn a_mark_that_runs_something_is_told_without_a_script_of_its_own() {
    for text in [
        r#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#,
        r#"<html><body><img src="x" onError="alert(1)"></body></html>"#,
        "From: a@example.kz\r\nTo: b@example.kz\r\nSubject: x\r\nDate: Mon, 30 Nov 2026 10:00:00 +0500\r\nContent-Type: text/html\r\n\r\n<img src=x onerror=alert(1)>\r\n",
    ] {
        let got = answer(text.as_bytes().to_vec());
        assert!(got.warns(Warning::Scripts), "{text}: {:?}", got.signs);
    }
    let plain = answer(br#"<svg xmlns="http://www.w3.org/2000/svg" width="1"/>"#.to_vec());
    assert!(!plain.warns(Warning::Scripts), "{:?}", plain.signs);
}
