//! Files that are made to take everything. Each dies alone or is told what it is, and the next one is read as if nothing had been.

use reader::answer::Warning;
use reader::{Ended, Kind, Reading};

use crate::made;
use crate::{block, feed, read, reader};

/// What must hold of every bomb: its limits held, and what was heard fits into little.
fn survived(reading: &Reading) {
    assert!(reading.held.memory && reading.held.cpu && reading.held.calls, "{:?}", reading.held);
    assert_ne!(reading.ended, Ended::NotRead);
    assert!(reading.answer.is_some(), "its kind is told before anything is taken apart: {reading:?}");
    let next = read(made::png(1, 1));
    assert_eq!((next.ended, next.answer.unwrap().kind), (Ended::Whole, Kind::Png));
}

#[test]
fn an_archive_that_unpacks_to_very_much() {
    let zeros = vec![0_u8; 64 << 20];
    let inner = made::zip(&[("zeros", &zeros)]);
    let parts: Vec<(String, &[u8])> = (0..16).map(|no| (format!("{no}.zip"), inner.as_slice())).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let nested = read(made::zip(&parts));
    survived(&nested);
    assert!(nested.answer.unwrap().warns(Warning::NestedArchive), "told, and not opened");
    let flat = read(inner);
    survived(&flat);
    assert_eq!(flat.ended, Ended::Whole);
    assert!(flat.answer.unwrap().warns(Warning::Bomb));
}

#[test]
fn entries_that_lie_over_one_another() {
    let mut bytes = made::zip(&[("a", &[7; 500]), ("b", &[8; 500])]);
    // The second entry of the list says that it lies where the first does.
    let list: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, w)| w == b"PK\x01\x02").map(|(at, _)| at).collect();
    let second = *list.last().unwrap();
    bytes.splice(second + 42..second + 46, [0, 0, 0, 0]);
    let reading = read(bytes);
    survived(&reading);
    assert!(reading.answer.unwrap().warns(Warning::Overlap));
}

#[test]
fn a_document_whose_pages_unpack_to_very_much() {
    let content = made::deflated(&vec![b' '; 300 << 20]);
    let reading = read(made::pdf(&content, "/Filter /FlateDecode", &[], ""));
    survived(&reading);
    assert!(reading.answer.unwrap().warns(Warning::Bomb), "survived is not told");
    // Twice over.
    let twice = made::deflated(&content);
    let reading = read(made::pdf(&twice, "/Filter [/FlateDecode /FlateDecode]", &[], ""));
    survived(&reading);
    assert!(reading.answer.unwrap().warns(Warning::Bomb));
    let many = format!("/Filter [{}]", "/FlateDecode ".repeat(40));
    assert!(read(made::pdf(&twice, &many, &[], "")).answer.unwrap().warns(Warning::Bomb));
}

#[test]
fn a_document_whose_pages_lead_to_themselves() {
    let text = String::from_utf8(made::pdf(b"", "", &[], "")).unwrap();
    survived(&read(text.replace("/Kids [3 0 R]", "/Kids [2 0 R]").into_bytes()));
    let deep = format!("%PDF-1.7\n1 0 obj\n{}\nendobj\n%%EOF", "[".repeat(2_000_000));
    survived(&read(deep.into_bytes()));
}

#[test]
fn a_photograph_whose_directories_lead_in_a_circle() {
    let reading = read(made::jpeg(&made::exif(8)));
    survived(&reading);
    let answer = reading.answer.unwrap();
    assert!(answer.warns(Warning::Damaged));
    assert_eq!(answer.value("camera_model"), Some("Model"));
}

#[test]
fn a_document_of_word_with_entities() {
    let mut entities = String::from("<!DOCTYPE d [<!ENTITY e0 \"aaaaaaaaaa\">");
    for no in 1..10 {
        entities.push_str(&format!("<!ENTITY e{no} \"{}\">", format!("&e{};", no - 1).repeat(10)));
    }
    let text = format!(
        "<?xml version=\"1.0\"?>{entities}]><w:document xmlns:w=\"w\"><w:p><w:t>&e9;</w:t></w:p></w:document>"
    );
    let reading = read(made::docx(&text, &[]));
    survived(&reading);
    let answer = reading.answer.unwrap();
    assert_eq!(reading.ended, Ended::Whole);
    assert!(answer.warns(Warning::Doctype));
    let deep = format!("<w:document xmlns:w=\"w\">{}</w:document>", "<w:p>".repeat(1_000_000));
    survived(&read(made::docx(&deep, &[])));
    let long = format!("<w:document xmlns:w=\"w\"><w:t>{}</w:t></w:document>", "x".repeat(40 << 20));
    let reading = read(made::docx(&long, &[]));
    survived(&reading);
    assert!(reading.answer.unwrap().warns(Warning::Bomb));
}

#[test]
fn a_table_of_one_line_without_end() {
    let mut bytes = b"a,b\n1,".to_vec();
    bytes.resize(60 << 20, b'x');
    let reading = read(bytes);
    survived(&reading);
    assert_eq!(reading.ended, Ended::Whole);
    let answer = reading.answer.unwrap();
    assert!(answer.warns(Warning::NotWhole));
    assert!(answer.preview.unwrap().cut);
}

#[test]
fn a_picture_of_sixty_thousand_by_sixty_thousand() {
    let reading = read(made::png(60_000, 60_000));
    survived(&reading);
    let answer = reading.answer.unwrap();
    assert_eq!(answer.value("width"), Some("60000"));
    assert!(answer.warns(Warning::HugePicture));
}

#[test]
fn a_message_of_parts_in_parts() {
    let mut text = String::from("From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n");
    for no in 0..5_000 {
        text.push_str(&format!("Content-Type: multipart/mixed; boundary=b{no}\r\n\r\n--b{no}\r\n"));
    }
    survived(&read(text.into_bytes()));
    let many = format!(
        "From: a@example.org\r\nTo: b@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\n\r\nx\r\n".repeat(300_000)
    );
    survived(&read(many.into_bytes()));
}

#[test]
fn a_database_that_is_not_one() {
    let mut bytes = made::sqlite(3_000);
    for at in (100..bytes.len()).step_by(97) {
        bytes.splice(at..at + 1, [0xff]);
    }
    survived(&read(bytes));
    let mut huge = made::sqlite(3);
    huge.splice(28..32, [0x7f, 0xff, 0xff, 0xff]);
    survived(&read(huge));
}

#[test]
fn whoever_waits_no_longer_ends_it() {
    let reading = block(async {
        let (send, chunks) = tokio::sync::mpsc::channel::<(u64, Vec<u8>)>(1);
        // The bytes never end: the other side is still there.
        let feed = reader::Feed { size_bytes: 1 << 20, chunks };
        let reading = reader().read(feed, async {}).await;
        drop(send);
        reading
    });
    assert_eq!(reading.ended, Ended::Time);
}

#[test]
fn a_process_that_does_not_speak_is_no_answer() {
    for (program, args, ended) in [
        ("/bin/true", vec![], Ended::Crashed),
        ("/bin/false", vec![], Ended::Crashed),
        ("/no/such/program", vec![], Ended::NotRead),
        ("/bin/cat", vec!["/dev/zero".into()], Ended::Output),
    ] {
        let reader = reader::Reader::new(program.into(), args);
        // What is no question of theirs stands behind the arguments; they heed it or not.
        let reader = if program == "/bin/cat" {
            reader::Reader::new("/bin/sh".into(), vec!["-c".into(), "exec cat /dev/zero".into()])
        } else {
            reader
        };
        let reading = block(async { reader.read(feed(b"x".to_vec()), std::future::pending()).await });
        assert_eq!(reading.ended, ended, "{program}");
        assert!(reading.answer.is_none());
    }
}

#[test]
fn memory_and_time_are_really_taken_away() {
    // The shell is no reader and limits nothing; what these limits do is seen on the process that has them.
    let starving =
        reader::Reader::new("/bin/sh".into(), vec!["-c".into(), "ulimit -t 1; while :; do :; done".into()]);
    let reading = block(async { starving.read(feed(b"x".to_vec()), std::future::pending()).await });
    assert_eq!(reading.ended, Ended::Cpu);
    let words = "echo 'memory allocation of 5 bytes failed' >&2; kill -6 $$";
    let full = reader::Reader::new("/bin/sh".into(), vec!["-c".into(), words.into()]);
    let reading = block(async { full.read(feed(b"x".to_vec()), std::future::pending()).await });
    assert_eq!(reading.ended, Ended::Memory);
}
