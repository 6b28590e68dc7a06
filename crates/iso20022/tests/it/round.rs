//! There and back.

use iso20022::{Message, Notes, tag};
use proptest::prelude::*;

use crate::gen_messages::message;

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    /// Whatever is written is read as it was, and written again byte for byte.
    #[test]
    fn nothing_is_lost(message in message()) {
        let xml = message.to_xml().map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        let read = Message::read(xml.as_bytes()).map_err(|e| TestCaseError::fail(format!("{e}\n{xml}")))?;
        prop_assert_eq!(&read, &message, "{}", xml);
        prop_assert_eq!(read.to_xml().unwrap(), xml);
    }
}

#[test]
fn words_of_any_length_are_cut_and_put_together() {
    let long = "ұзақ сөз ".repeat(200).trim().to_owned();
    let solid = "Ұ".repeat(1_000);
    for text in [long.as_str(), &solid, "//", "/", "/ORDER/x", "/TEXT/x", "a", "//x", "/A//B"] {
        for tagged in [true, false] {
            let notes = if tagged { Notes::new().with(tag::BASIS, text) } else { Notes::new().and(text) };
            let Message::CancellationRequest(mut recall) = crate::samples::all().remove(0).1 else {
                panic!()
            };
            recall.payments[0].reasons[0].notes = notes.clone();
            let xml = recall.to_xml().unwrap();
            let longest =
                xml.lines().filter(|l| l.contains("AddtlInf")).map(|l| l.trim().chars().count()).max();
            assert!(longest.unwrap() <= 105 + "<AddtlInf></AddtlInf>".len(), "{text}");
            let Message::CancellationRequest(read) = Message::read(xml.as_bytes()).unwrap() else { panic!() };
            assert_eq!(read.payments[0].reasons[0].notes, notes, "{xml}");
        }
    }
}
