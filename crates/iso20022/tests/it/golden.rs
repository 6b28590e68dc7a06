//! What goes over the wire, byte for byte: banks have written code against it. Made anew by
//! `cargo run -p iso20022 --example samples -- crates/iso20022/tests/golden`, and then looked at.

use std::path::Path;

use iso20022::Message;

#[test]
fn samples_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let samples = crate::samples::all();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), samples.len(), "one file for each sample");
    for (name, message) in samples {
        let golden = std::fs::read_to_string(folder.join(format!("{name}.xml"))).unwrap();
        assert_eq!(message.to_xml().unwrap(), golden, "{name}");
        assert_eq!(Message::read(golden.as_bytes()).unwrap(), message, "{name}");
    }
}

#[test]
fn every_message_has_samples() {
    let samples = crate::samples::all();
    for name in Message::WRITTEN {
        assert!(samples.iter().filter(|(_, message)| message.name() == name).count() >= 2, "{name}");
    }
}
