//! The office's own answer codes.

use iso20022::native::{case_status, proposal};
use iso20022::{CancellationStatus, Code as _, Message};

const CODES: [&str; 24] = [
    "A00", "H10", "H11", "H12", "M20", "M21", "M22", "M23", "M24", "M25", "N30", "N31", "N32", "N33", "R40",
    "R41", "R42", "Q50", "L60", "L61", "L62", "P70", "P71", "E90",
];

/// The README's table is what the code says.
#[test]
fn the_readme_has_the_proposal() {
    let readme = include_str!("../../README.md");
    let mut seen = 0;
    for row in readme.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, codes, _, confirmation, status, reason, _] = cells.as_slice() else { continue };
        for code in codes.split(", ").map(|c| c.trim_matches('`')) {
            let proposal = proposal(code).unwrap();
            assert_eq!(proposal.confirmation.as_str(), *confirmation, "{code}");
            assert_eq!(proposal.status.as_str(), *status, "{code}");
            assert_eq!(proposal.reason.as_ref().map_or("-", |r| r.as_str()), *reason, "{code}");
            seen += 1;
        }
    }
    assert_eq!(seen, CODES.len());
    assert!(CODES.iter().all(|code| proposal(code).is_some()));
    for unknown in ["", "A01", "h10", "BLK-7"] {
        assert_eq!(proposal(unknown), None, "{unknown}");
    }
}

#[test]
fn the_whole_follows_from_its_parts() {
    use CancellationStatus::{Accepted, Other, Pending, Rejected};
    for (parts, expected) in [
        (vec![], "PDCR"),
        (vec![Accepted, Accepted], "CNCL"),
        (vec![Accepted, Rejected], "PECR"),
        (vec![Accepted, Pending], "PECR"),
        (vec![Pending, Rejected], "PDCR"),
        (vec![Rejected, Rejected], "RJCR"),
        (vec![Rejected, Other("XXXX".into())], "PDCR"),
    ] {
        assert_eq!(case_status(&parts).as_str(), expected, "{parts:?}");
    }
}

/// Known or not, the code is there after the way there and back, with what was said beside it.
#[test]
fn an_own_code_is_found_again() {
    for (name, code, words) in [
        ("camt029-held-in-part-rest-moved", "H11", 1),
        ("camt029-unknown-own-code", "BLK-7 (банк)", 2),
        ("camt029-refused", "R40", 2),
    ] {
        let Message::Resolution(read) = Message::read(crate::sample(name).as_bytes()).unwrap() else {
            panic!()
        };
        assert_eq!(read.payments[0].native_code(), Some(code));
        assert_eq!(read.payments[0].native_notes().unwrap().0.len(), words);
    }
    let Message::PaymentReturn(read) = Message::read(crate::sample("pacs004-two-parts").as_bytes()).unwrap()
    else {
        panic!()
    };
    assert_eq!(read.returns[1].native_code(), Some("P70"));
}
