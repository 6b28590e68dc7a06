//! Files that are made to take everything. Each dies alone or is told what it is, and the next one is read as if nothing had been.

use reader::answer::Warning;
use reader::{Ended, Kind, Reading};

use crate::{block, feed, hostile, made, read, reader};

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
    let nested = read(hostile::nested_zip());
    survived(&nested);
    assert!(nested.answer.unwrap().warns(Warning::NestedArchive), "told, and not opened");
    let flat = read(hostile::flat_zip());
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
    let reading = read(hostile::pdf_page());
    survived(&reading);
    assert!(reading.answer.unwrap().warns(Warning::Bomb), "survived is not told");
    // Twice over.
    let reading = read(hostile::pdf_page_twice());
    survived(&reading);
    assert!(reading.answer.unwrap().warns(Warning::Bomb));
    assert!(read(hostile::pdf_page_often()).answer.unwrap().warns(Warning::Bomb));
}

#[test]
fn a_document_whose_pages_lead_to_themselves() {
    let text = String::from_utf8(made::pdf(b"", "", &[], "")).unwrap();
    survived(&read(text.replace("/Kids [3 0 R]", "/Kids [2 0 R]").into_bytes()));
    survived(&read(hostile::pdf_deep()));
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
    let reading = read(hostile::xml_entities());
    survived(&reading);
    let answer = reading.answer.unwrap();
    assert_eq!(reading.ended, Ended::Whole);
    assert!(answer.warns(Warning::Doctype));
    survived(&read(hostile::xml_deep()));
    let reading = read(hostile::xml_long());
    survived(&reading);
    assert!(reading.answer.unwrap().warns(Warning::Bomb));
}

#[test]
fn a_table_of_one_line_without_end() {
    let reading = read(hostile::csv_line());
    survived(&reading);
    assert_eq!(reading.ended, Ended::Whole);
    let answer = reading.answer.unwrap();
    assert!(answer.warns(Warning::NotWhole));
    assert!(answer.preview.unwrap().cut);
}

#[test]
fn a_picture_of_sixty_thousand_by_sixty_thousand() {
    let reading = read(hostile::pixels());
    survived(&reading);
    let answer = reading.answer.unwrap();
    assert_eq!(answer.value("width"), Some("60000"));
    assert!(answer.warns(Warning::HugePicture));
}

#[test]
fn a_message_of_parts_in_parts() {
    survived(&read(hostile::mail_deep()));
    survived(&read(hostile::mail_many()));
}

#[test]
fn a_database_that_is_not_one() {
    survived(&read(hostile::database_broken()));
    survived(&read(hostile::database_huge()));
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
