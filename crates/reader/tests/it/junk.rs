//! No bytes make the looking panic; and if they did, it would be the process alone that dies.

use proptest::prelude::*;
use reader::{Seen, look};

use crate::made;

fn seeds() -> Vec<Vec<u8>> {
    let page = b"BT /F1 12 Tf 10 10 Td (x) Tj ET";
    vec![
        made::zip(&[("a.txt", b"hello"), ("b/c.xml", b"<a/>")]),
        made::jpeg(&made::exif(0)),
        made::png(10, 10),
        made::pdf(page, "", &[], ""),
        made::docx("<w:document xmlns:w=\"w\"><w:p><w:t>x</w:t></w:p></w:document>", &[]),
        made::sqlite(5),
        b"From: a@b\r\nTo: c@d\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n".to_vec(),
        "Дата;Сумма\n02.11.2026;1,5\n".as_bytes().to_vec(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn files_that_were_changed(seed in 0_usize..8, edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..5), 1..12)) {
        let mut bytes = seeds().swap_remove(seed);
        for (at, byte, how) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, byte),
                3 => bytes[at] ^= 1 << (byte % 8),
                _ => bytes.truncate(at.max(bytes.len() / 2)),
            }
        }
        let size = bytes.len();
        let answer = look(&Seen::whole(bytes), &mut |_| {});
        prop_assert!(answer.finished);
        prop_assert_eq!(usize::try_from(answer.size_bytes).unwrap(), size);
        let text = serde_json::to_string(&answer).unwrap();
        let harmless = !text.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        prop_assert!(harmless);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..3_000)) {
        let finished = look(&Seen::whole(bytes), &mut |_| {}).finished;
        prop_assert!(finished);
    }
}
