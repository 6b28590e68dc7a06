//! A story of a megabyte, made to be slow, is read in time that grows with its length only.

use identifier::{Options, extract, mask_cards, recognise};
use kernel::WallClock;

const MEGABYTE: usize = 1 << 20;

/// Reads `length` bytes of `piece`. The limit is far above what a busy machine needs for unoptimised code,
/// and far below what anything quadratic needs.
fn read(piece: &str, length: usize, limit_ms: i64) {
    let story = piece.repeat(length / piece.len() + 1);
    let clock = WallClock::system();
    let begun = clock.now();
    let found = extract(&story, &Options::default()).len();
    assert!(!mask_cards(&story).is_empty());
    assert!(recognise(&story, &Options::default()).len() < 8);
    let spent = clock.now().micros_since(begun) / 1_000;
    println!("{piece:?} x {length} bytes: {found} found in {spent} ms");
    assert!(spent < limit_ms, "{piece:?} took {spent} ms");
}

#[test]
fn a_megabyte_of_digits_ats_and_aitches() {
    for piece in ["1", "@", "h", "1-", "87015550123 "] {
        read(piece, MEGABYTE, 60_000);
    }
}

#[test]
fn many_kinds_of_nonsense() {
    let pieces = [
        "8",
        "7",
        "+",
        ".",
        "-",
        "_",
        "/",
        ":",
        "(",
        ")",
        "[",
        "*",
        "x",
        " ",
        "\n",
        "а",
        "\u{200b}",
        "1 ",
        "a.",
        "a@",
        "@a",
        "@.",
        "a.a@",
        "http://a.kz/",
        "http:",
        "hxxps[:]//",
        "www.",
        "[.]",
        "a[.]",
        "a.kz/",
        "t.me/a,",
        " . kz",
        "ivan@ mail. ru ",
        "K Z 8 6 ",
        "+44 7700 900123 ",
        "1.1.1.1/",
        "Заказ\n8701\n",
        "вб на ",
        " точка ",
        "a точка ",
        "KZ",
        "KZ12",
        "kz1 ",
        "0x",
        "T1",
        "1.1.1.1",
        "1.",
        "::",
        "a:",
        "4400 43** ",
        "44** ",
        "8701555012",
        "87015550123",
        "4400430112345670 ",
        "4400 4301 1234 5670 ",
        "910101397223 ",
        "№ ",
        "заказ № 87015550123, ",
        "тел 8 701 555 01 23 ",
        "а.рф ",
        "kaspi.kz ",
        "ivan@mail.ru ",
        "номер номер ",
        "((((1",
        "https://a@",
        "https://[",
        "\u{202e}8\u{202c}",
        "8️⃣",
        "185.1.1.1 ",
        "a-",
        "xn--",
        "xn--a.kz ",
    ];
    for piece in pieces {
        read(piece, MEGABYTE / 16, 15_000);
    }
}

#[test]
fn a_thousand_identifiers() {
    let mut story = String::new();
    for n in 0..1_000 {
        story.push_str(&format!("Номер {n}: 8 701 {:03} {:02} {:02}, ", n % 1000, n % 97, n % 89));
    }
    let found = extract(&story, &Options::default());
    assert_eq!(found.len(), 1_000);
    assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
}
