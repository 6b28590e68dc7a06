//! What is in an exhibit, by its page: read by the program's own limited process. Files are made here; persons and places are invented.

use evidence::model::Look;
use kernel::Lang;
use reader::{Ended, Reader};
use web::Texts;

use crate::evidence::{Desk, TOLD, people, worlds};

/// A part of an archive as its list says it.
#[derive(Default)]
struct Part<'a> {
    name: &'a str,
    bytes: &'a [u8],
    /// As the list says; else as it is.
    size: Option<u32>,
    encrypted: bool,
    link: bool,
}

/// An archive whose parts are stored as they are.
fn zip(parts: &[Part<'_>]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for part in parts {
        let at = u32::try_from(out.len()).unwrap();
        let packed = u32::try_from(part.bytes.len()).unwrap();
        let length = u16::try_from(part.name.len()).unwrap();
        let mut both = Vec::new();
        both.extend(20_u16.to_le_bytes());
        both.extend(u16::from(part.encrypted).to_le_bytes());
        both.extend([0; 2]);
        both.extend([0, 0, 0x62, 0x5d]);
        both.extend([0; 4]);
        both.extend(packed.to_le_bytes());
        both.extend(part.size.unwrap_or(packed).to_le_bytes());
        both.extend(length.to_le_bytes());
        both.extend([0; 2]);
        out.extend(b"PK\x03\x04");
        out.extend(&both);
        out.extend(part.name.bytes());
        out.extend(part.bytes);
        list.extend(b"PK\x01\x02\x14\x03");
        list.extend(&both);
        list.extend([0; 6]);
        let mode: u32 = if part.link { 0xa1ff_0000 } else { 0x81a4_0000 };
        list.extend(mode.to_le_bytes());
        list.extend(at.to_le_bytes());
        list.extend(part.name.bytes());
    }
    let many = u16::try_from(parts.len()).unwrap();
    let (at, size) = (u32::try_from(out.len()).unwrap(), u32::try_from(list.len()).unwrap());
    out.extend(list);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([many.to_le_bytes(), many.to_le_bytes()].concat());
    out.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
    out.extend([0; 2]);
    out
}

/// A photograph without any picture in it, of an invented camera, taken in Almaty.
fn photograph() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, many: u32, value: u32| {
        let (tag, kind) = (tag.to_le_bytes().to_vec(), kind.to_le_bytes().to_vec());
        [tag, kind, many.to_le_bytes().to_vec(), value.to_le_bytes().to_vec()].concat()
    };
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(3_u16.to_le_bytes());
    tiff.extend(entry(0x0110, 2, 9, 200));
    tiff.extend(entry(0x8769, 4, 1, 62));
    tiff.extend(entry(0x8825, 4, 1, 80));
    tiff.extend([0; 4]);
    tiff.resize(62, 0);
    tiff.extend(1_u16.to_le_bytes());
    tiff.extend(entry(0x9003, 2, 20, 220));
    tiff.extend([0; 4]);
    tiff.extend(4_u16.to_le_bytes());
    tiff.extend(entry(1, 2, 2, u32::from(b'N')));
    tiff.extend(entry(2, 5, 3, 240));
    tiff.extend(entry(3, 2, 2, u32::from(b'E')));
    tiff.extend(entry(4, 5, 3, 264));
    tiff.extend([0; 4]);
    tiff.resize(200, 0);
    tiff.extend(b"INVENTED\0");
    tiff.resize(220, 0);
    tiff.extend(b"2026:11:02 10:15:33\0");
    for (above, below) in [(43_u32, 1_u32), (14, 1), (2400, 100), (76, 1), (57, 1), (0, 1)] {
        tiff.extend([above.to_le_bytes(), below.to_le_bytes()].concat());
    }
    let body = [&b"Exif\0\0"[..], &tiff].concat();
    let mut out = b"\xff\xd8\xff\xe1".to_vec();
    out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
    out.extend(body);
    out.extend(b"\xff\xc0\0\x0b\x08\x0b\xd0\x0f\xc0\x01\x01\x11\0");
    out.extend(b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x00\xff\xd9");
    out
}

fn reader() -> Reader {
    Reader::new(env!("CARGO_BIN_EXE_qorgan").into(), vec!["read-exhibit".into()])
}

/// A file, its name, keys of texts that its page has, and of texts that it has not.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    has: &'static [&'static str],
    shows: &'static [&'static str],
    marked: Option<&'static str>,
}

const CALM: &str = "evidence-look-calm";
const BEWARE: Option<&str> = Some("evidence-mark-beware");

fn cases() -> Vec<Case> {
    let two_in_one =
        [photograph(), zip(&[Part { name: "secret.txt", bytes: b"x", ..Part::default() }])].concat();
    let part = |name, bytes| Part { name, bytes, ..Part::default() };
    vec![
        Case {
            name: "IMG_1.jpg",
            bytes: photograph(),
            has: &["evidence-kind-jpeg", "evidence-fact-latitude", "evidence-fact-taken-at", CALM],
            shows: &["INVENTED", "43.2400000°", "76.9500000°", "02.11.2026 10:15:33"],
            marked: None,
        },
        Case {
            name: "locked.zip",
            bytes: zip(&[Part { name: "chat.db", bytes: b"?", encrypted: true, ..Part::default() }]),
            has: &["evidence-kind-zip", "evidence-warn-encrypted.title", "evidence-look-locked"],
            shows: &["chat.db"],
            marked: Some("evidence-mark-encrypted"),
        },
        Case {
            name: "bomb.zip",
            bytes: zip(&[Part { name: "zeros", bytes: &[0; 900], size: Some(u32::MAX - 1), ..Part::default() }]),
            has: &["evidence-warn-bomb.title", "evidence-warn-bomb.text"],
            shows: &["zeros"],
            marked: BEWARE,
        },
        Case {
            name: "slip.zip",
            bytes: zip(&[
                part("../../x<b>.conf", b"x"),
                Part { name: "link", bytes: b"/etc/passwd", link: true, ..Part::default() },
                part("invoice.pdf.exe", b"MZ"),
            ]),
            has: &[
                "evidence-warn-path-outside.title",
                "evidence-warn-symbolic-link.text",
                "evidence-warn-program.title",
                "evidence-warn-disguised-name.title",
            ],
            shows: &["../../x&#60;b&#62;.conf", "invoice.pdf.exe"],
            marked: BEWARE,
        },
        Case {
            name: "IMG_2.jpg",
            bytes: two_in_one,
            has: &["evidence-warn-polyglot.title", "evidence-warn-trailing-bytes.title", "evidence-look-also"],
            shows: &[],
            marked: BEWARE,
        },
        Case {
            name: "statement.pdf",
            bytes: b"MZ\x90\0this is no program and no document, either; it only begins like one, and is long enough".to_vec(),
            has: &["evidence-warn-wrong-ending.title", "evidence-kind-windows-program"],
            shows: &["statement.pdf"],
            marked: BEWARE,
        },
        Case {
            name: "notes.txt",
            bytes: "Сәлем <script>alert(1)</script> \u{202e}".as_bytes().to_vec(),
            has: &["evidence-look-text", "evidence-warn-direction-marks.title"],
            shows: &["Сәлем &#60;script&#62;alert(1)&#60;/script&#62;", "[U+202E]"],
            marked: BEWARE,
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_tells_what_is_in_it_and_what_not_to_do() {
    let texts = Texts::load(&[&web::LOCALES[..], &evidence::LOCALES[..]].concat()).unwrap();
    for (n, mut world) in worlds(47).into_iter().enumerate() {
        world.app.demo = true;
        people(&world).await;
        let mut desk = Desk::new(&world, "ru", Some("aliya"), &format!("looks{n}")).await;
        let mut taken = Vec::new();
        for case in cases() {
            let (status, number) = desk.take(&TOLD, Some((case.name, &case.bytes))).await;
            assert_eq!(status, 303, "{number}");
            taken.push((number, case));
        }
        let say = |lang: &Lang, key: &str| web::escape(&texts.text(lang, key, &[]));
        let (_, page) = desk.page(&format!("/desk/evidence/{}", taken[0].0)).await;
        assert!(page.contains(&say(&Lang::RU, "evidence-look-waiting")), "{page}");
        desk.office.looks = false;
        let (_, page) = desk.page(&format!("/desk/evidence/{}", taken[0].0)).await;
        assert!(page.contains(&say(&Lang::RU, "evidence-look-not-here")), "{page}");
        let mut looked = 0;
        loop {
            let more = evidence::jobs::look(&world.app, &desk.office.shelf, &reader()).await.unwrap();
            looked += more;
            if more == 0 {
                break;
            }
        }
        assert_eq!(looked, taken.len());
        for (lang, code) in [(Lang::KK, "kk"), (Lang::RU, "ru"), (Lang::EN, "en")] {
            desk.browser.lang = code;
            let (_, list) = desk.page("/desk/evidence").await;
            for (number, case) in &taken {
                let (status, page) = desk.page(&format!("/desk/evidence/{number}")).await;
                assert_eq!(status, 200);
                for key in case.has {
                    assert!(page.contains(&say(&lang, key)), "{code} {}: {key}\n{page}", case.name);
                }
                for text in case.shows {
                    assert!(page.contains(text), "{code} {}: {text}\n{page}", case.name);
                }
                let calm = case.has.contains(&CALM);
                assert_eq!(page.contains(&say(&lang, CALM)), calm, "{code} {}", case.name);
                let row = list.split("<tr").find(|row| row.contains(number.as_str())).unwrap();
                for mark in ["evidence-mark-beware", "evidence-mark-encrypted"] {
                    let there = row.contains(&say(&lang, mark));
                    assert_eq!(there, case.marked == Some(mark), "{code} {}: {mark} {row}", case.name);
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_brings_its_reader_down_is_told_and_the_next_is_read() {
    for (n, mut world) in worlds(48).into_iter().enumerate() {
        world.app.demo = true;
        people(&world).await;
        let desk = Desk::new(&world, "en", Some("aliya"), &format!("down{n}")).await;
        let (_, first) =
            desk.take(&TOLD, Some(("deep.pdf", b"%PDF-1.7 of an invented parser that dies"))).await;
        // A reader that says what it sees first, and then is ended by it.
        let dies = "cat >/dev/null; echo '{\"answer\":{\"kind\":\"pdf\"}}'; kill -6 $$";
        let dies = Reader::new("/bin/sh".into(), vec!["-c".into(), dies.into()]);
        assert_eq!(evidence::jobs::look(&world.app, &desk.office.shelf, &dies).await.unwrap(), 1);
        let (_, second) = desk.take(&TOLD, Some(("IMG.jpg", &photograph()))).await;
        assert_eq!(evidence::jobs::look(&world.app, &desk.office.shelf, &reader()).await.unwrap(), 1);
        let app = &desk.browser.app;
        let who = access::staff(
            uuid::Uuid::nil(),
            "N",
            &[kernel::Role::DutyOfficer],
            &app.node.code,
            &app.node.unit,
        );
        let mut ends = Vec::new();
        for number in [&first, &second] {
            let opened = evidence::service::open(app, &who, number).await.unwrap();
            let Look::Done { ended, answer, .. } = opened.look else { unreachable!("{:?}", opened.look) };
            ends.push((ended, answer.unwrap().into_inner(kernel::Purpose::Operate).kind.as_str()));
        }
        assert_eq!(ends, [(Ended::Crashed, "pdf"), (Ended::Whole, "jpeg")]);
        let (_, page) = desk.page(&format!("/desk/evidence/{first}")).await;
        let texts = Texts::load(&[&web::LOCALES[..], &evidence::LOCALES[..]].concat()).unwrap();
        for key in ["evidence-ended-crashed.title", "evidence-ended-crashed.text", "evidence-kind-pdf"] {
            assert!(page.contains(&texts.text(&Lang::EN, key, &[])), "{key}: {page}");
        }
        assert!(!page.contains("No signs of danger"));
    }
}
