//! Writes an invented package, for judges: `cargo run -p case_uco --example sample > target/judges/case/sample.json`.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

use case_uco::{Event, Exhibit, FileFacts, Package, Person, export};
use uuid::Uuid;

fn somebody() -> Person {
    Person {
        label: "staff:invented".to_owned(), name: "Ойдан шығарылған Қызметкер".to_owned()
    }
}

fn event(no: u64, what: &str, words: &str) -> Event {
    Event {
        no,
        what: what.to_owned(),
        at: format!("2026-11-02T10:1{no}:00+05:00"),
        by: somebody(),
        words: words.to_owned(),
    }
}

fn main() {
    let original = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
    let file = |name: &str, digit: &str| FileFacts {
        name: name.to_owned(),
        size_bytes: 1234,
        sha256: digit.repeat(64),
        blake3: digit.repeat(64),
    };
    let package = Package {
        id: Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_00ff),
        about: "Выдуманное дело".to_owned(),
        made_by: somebody(),
        organisation: "Invented department".to_owned(),
        made_at: "2026-11-03T10:00:00+05:00".to_owned(),
        exhibits: vec![
            Exhibit {
                id: original,
                number: "E-2026-00000018".to_owned(),
                title: "Выписка по счёту (выдумано)".to_owned(),
                told: "taken_from: nobody; basis: invented".to_owned(),
                tool: "Invented Imager 1.2".to_owned(),
                parent: None,
                file: Some(file("выписка.csv", "a")),
                events: vec![
                    event(1, "taken", "seized, \"invented\""),
                    event(2, "opened", ""),
                    event(3, "exported", ""),
                ],
            },
            Exhibit {
                id: Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0002),
                number: "E-2026-00000026".to_owned(),
                title: "Copy".to_owned(),
                parent: Some(original),
                file: Some(file("copy.csv", "b")),
                events: vec![event(1, "taken", "")],
                ..Exhibit::default()
            },
            Exhibit {
                id: Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0003),
                number: "E-2026-00000034".to_owned(),
                title: "A telephone".to_owned(),
                // Of an exhibit that is not here.
                parent: Some(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0009)),
                file: None,
                events: vec![event(1, "taken", ""), event(2, "moved", "")],
                ..Exhibit::default()
            },
        ],
    };
    println!("{}", export(&package));
}
