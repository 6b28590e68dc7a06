//! No bytes make a reader panic, and none make it take more memory than a piece may have.

use proptest::prelude::*;
use statement::{Format, Options};

use crate::{read, read_with};

const SEEDS: [&[u8]; 4] = [
    crate::tables::RU.as_bytes(),
    crate::camt::STATEMENT.as_bytes(),
    b"02.11.2026, 10:15 - A: b\nc\n03.11.2026, 10:15 - A: <Media omitted>\n",
    br#"{"name":"a","messages":[{"id":1,"type":"message","date":"2026-11-02T10:15:33","from":"a","text":["x",{"text":"y"}]}]}"#,
];

fn each_format(bytes: &[u8]) {
    let _ = read(bytes);
    for format in [Format::Camt, Format::Csv, Format::Sheet, Format::WhatsApp, Format::Telegram] {
        let _ = read_with(bytes, &Options { format: Some(format), ..Options::default() });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        each_format(&bytes);
    }

    #[test]
    fn files_that_were_changed(seed in 0_usize..4, edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..12)) {
        let mut bytes = SEEDS[seed].to_vec();
        for (at, byte, how) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, byte),
                _ => bytes.truncate(at),
            }
        }
        each_format(&bytes);
    }
}

#[test]
fn one_line_without_end() {
    let mut bytes = b"Date,Amount,Type\n2026-11-02,1.50,Debit\n2026-11-03,\"".to_vec();
    bytes.resize(20 << 20, b'x');
    let got = read(&bytes).unwrap();
    assert_eq!(got.movements.len(), 1);
    assert_eq!(got.codes(), [statement::Code::TooLong]);
    let wide = vec![b'['; 4 << 20];
    assert!(read_with(&wide, &Options { format: Some(Format::Telegram), ..Options::default() }).is_err());
}
