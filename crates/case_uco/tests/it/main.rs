//! Reports in CASE/UCO. The shapes are those of the project's own examples; names and numbers are invented.

use std::ops::ControlFlow;

use case_uco::{Event, Exhibit, FileFacts, Package, Person, export};
use proptest::prelude::*;
use statement::{Code, ReadError, Row};
use uuid::Uuid;

fn read(text: &str) -> Result<Vec<Row>, ReadError> {
    let mut rows = Vec::new();
    let mut sink = |row| {
        rows.push(row);
        ControlFlow::Continue(())
    };
    case_uco::read(text.as_bytes(), &mut sink)?;
    Ok(rows)
}

const REPORT: &str = r#"{
  "@context": { "kb": "http://example.org/kb/", "o": "https://ontology.unifiedcyberontology.org/uco/observable/" },
  "@graph": [
    { "@id": "kb:a", "@type": "o:PhoneAccount", "core:hasFacet": [
      { "@type": "o:AccountFacet", "o:accountIssuer": { "@id": "kb:op" }, "o:accountIdentifier": "X1" },
      { "@type": "o:PhoneAccountFacet", "o:phoneNumber": "+77000000001" } ] },
    { "@id": "kb:b", "@type": "https://ontology.unifiedcyberontology.org/uco/observable/ApplicationAccount",
      "hasFacet": { "@type": "DigitalAccountFacet", "displayName": "Invented B", "accountLogin": ["b1", "b2"] } },
    { "@id": "kb:op", "@type": "uco-identity:Organization", "uco-core:name": "Invented operator" },
    { "@id": "kb:p", "@type": "uco-identity:Person", "uco-core:hasFacet": [
      { "@type": "uco-identity:SimpleNameFacet", "uco-identity:givenName": "Invented", "uco-identity:familyName": "Person" } ] },
    { "@id": "kb:r", "@type": "uco-core:Relationship", "uco-core:source": { "@id": "kb:p" }, "uco-core:target": [ { "@id": "kb:a" } ],
      "uco-core:kindOfRelationship": "Has_Account" },
    { "@id": "kb:c", "@type": "o:Call", "core:hasFacet": [ { "@type": "o:CallFacet", "o:callType": "outgoing",
      "o:startTime": { "@type": "xsd:dateTime", "@value": "2026-11-02T10:15:33Z" }, "o:from": { "@id": "kb:a" },
      "o:to": [ { "@id": "kb:b" }, { "@id": "kb:gone" } ], "o:duration": 65 } ] },
    { "@id": "kb:m", "@type": "o:Message", "core:hasFacet": [ { "@type": "o:MessageFacet", "o:messageText": "hi", "o:from": { "@id": "kb:a" },
      "o:to": { "@id": "kb:b" }, "o:sentTime": "2026-11-02T10:16:00Z" } ] },
    { "@id": "kb:t", "@type": "o:MessageThread", "core:name": "Invented chat", "core:hasFacet": [ { "@type": "o:MessageThreadFacet",
      "o:messageThread": { "@id": "kb:tt", "@type": "types:Thread", "co:element": [ { "@id": "kb:m" } ] } } ] },
    { "@id": "kb:f", "@type": "o:File", "core:hasFacet": [ { "@type": "o:FileFacet", "o:fileName": "1.jpg" } ] },
    { "@id": "kb:fr", "@type": "o:ObservableRelationship", "core:source": { "@id": "kb:f" }, "core:target": { "@id": "kb:m" },
      "core:kindOfRelationship": "Attachment_Of" }
  ]
}"#;

#[test]
fn calls_messages_and_accounts() {
    let rows = read(REPORT).unwrap();
    let [Row::Account(phone), Row::Account(app), Row::Trouble(gone), Row::Call(call), Row::Message(message)] =
        rows.as_slice()
    else {
        unreachable!("{rows:#?}")
    };
    assert_eq!((phone.line, phone.sort.as_str(), phone.identifier.as_str()), (4, "phone", "+77000000001"));
    assert_eq!((phone.issuer.as_str(), phone.owner.as_str()), ("Invented operator", "Invented Person"));
    assert_eq!(
        (app.sort.as_str(), app.display_name.as_str(), app.logins.len()),
        ("application", "Invented B", 2)
    );
    assert_eq!((gone.code, gone.told.as_str(), gone.line), (Code::Dangling, "kb:gone", 14));
    assert_eq!((call.line, call.from.as_str(), call.duration_s), (14, "+77000000001", Some(65)));
    assert_eq!(call.to, ["Invented B", "kb:gone"]);
    assert_eq!(
        (message.chat.as_str(), message.text.as_str(), message.sent_at.as_str()),
        ("Invented chat", "hi", "2026-11-02T10:16:00Z")
    );
    assert_eq!(message.files, ["1.jpg"]);
}

/// The examples of the project that makes the ontology, see `third_party/case-examples`.
#[test]
fn the_projects_own_examples() {
    let rows = read(include_str!("../../../../third_party/case-examples/accounts.json")).unwrap();
    let accounts: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            if let Row::Account(a) = row {
                Some((a.identifier.as_str(), a.owner.as_str(), a.tied_to.len()))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(
        accounts,
        [
            ("1235556677@facebook.net", "William Smith", 1),
            ("willyROX@gmail.com", "William Smith", 1),
            ("willyROX@gmail.com", "William Smith", 0),
        ]
    );
    let rows = read(include_str!("../../../../third_party/case-examples/call_log.json")).unwrap();
    let calls: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            if let Row::Call(c) = row {
                Some((c.from.as_str(), c.to.len(), c.direction.as_str(), c.duration_s))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(
        calls,
        [
            ("1235551337", 1, "outgoing", Some(1862)),
            ("", 2, "outgoing", Some(1862)),
            ("1235551337", 2, "outgoing", Some(1862)),
            ("", 4, "bridge", Some(1862)),
        ]
    );
    assert_eq!(rows.iter().filter(|row| matches!(row, Row::Account(_))).count(), 4);
    let rows = read(include_str!("../../../../third_party/case-examples/message.json")).unwrap();
    let messages: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            if let Row::Message(m) = row {
                Some((m.text.as_str(), m.chat.as_str(), m.application.as_str(), m.files.len()))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(
        messages,
        [
            ("", "Best Friend Chat!!", "", 0),
            ("", "Best Friend Chat!!", "", 0),
            ("I said some things in a tweet! @sarahsmithtweeter #hashtag", "Argle-bargle", "", 0),
            ("Hey bud!", "Best Friend Chat!!", "WhatsApp", 3),
        ]
    );
    assert!(rows.iter().all(|row| !matches!(row, Row::Trouble(_))), "{rows:#?}");
}

#[test]
fn passwords_are_left_where_they_are() {
    let text =
        REPORT.replace("\"o:accountIdentifier\"", "\"o:password\": \"geheim\", \"o:accountIdentifier\"");
    let rows = read(&text).unwrap();
    assert!(!serde_json::to_string(&rows).unwrap().contains("geheim"));
}

#[test]
fn what_is_no_report() {
    assert!(matches!(read("{}").unwrap_err(), ReadError::Unknown));
    assert!(matches!(read("{\"@graph\": [").unwrap_err(), ReadError::Malformed { .. }));
    assert!(matches!(read(&"[".repeat(10_000)).unwrap_err(), ReadError::Malformed { .. }));
}

fn package(number: &str, words: &str, by: &str) -> Package {
    let id = Uuid::from_u128(7);
    let event = |no| Event {
        no,
        what: "taken".into(),
        at: "2026-11-02T10:00:00+05:00".into(),
        by: Person { label: String::new(), name: by.into() },
        words: words.into(),
    };
    let file = FileFacts { name: "x".into(), size_bytes: 1, sha256: "ab".repeat(32), blake3: String::new() };
    let exhibit = Exhibit {
        id,
        number: number.into(),
        title: "t".into(),
        told: words.into(),
        tool: by.into(),
        // One that is not in the package.
        parent: Some(Uuid::from_u128(8)),
        file: Some(file),
        events: vec![event(1), event(2)],
    };
    Package {
        id: Uuid::from_u128(9),
        made_at: "2026-11-02T10:00:00+05:00".into(),
        exhibits: vec![exhibit],
        ..Package::default()
    }
}

#[test]
fn the_same_package_gives_the_same_graph_and_each_event_follows_the_one_before() {
    let text = export(&package("E-1", "", "a"));
    assert_eq!(text, export(&package("E-1", "", "a")));
    let graph: serde_json::Value = serde_json::from_str(&text).unwrap();
    let nodes = graph["@graph"].as_array().unwrap();
    let actions: Vec<_> =
        nodes.iter().filter(|n| n["@type"] == "case-investigation:InvestigativeAction").collect();
    let [first, second] = actions.as_slice() else { unreachable!("two events") };
    assert_eq!(second["case-investigation:wasInformedBy"]["@id"], first["@id"]);
    let bundle = nodes.iter().find(|n| n["@type"] == "uco-core:Bundle").unwrap();
    assert_eq!(bundle["uco-core:object"].as_array().unwrap().len(), nodes.len() - 1);
}

#[test]
fn two_persons_of_one_name_are_two() {
    let mut package = package("E-1", "", "same");
    package.exhibits[0].events[0].by.label = "staff:1".into();
    package.exhibits[0].events[1].by.label = "staff:2".into();
    let graph: serde_json::Value = serde_json::from_str(&export(&package)).unwrap();
    let nodes = graph["@graph"].as_array().unwrap();
    let named =
        |n: &&serde_json::Value| n["@type"] == "uco-identity:Identity" && n["uco-core:name"] == "same";
    assert_eq!(nodes.iter().filter(named).count(), 2);
}

proptest! {
    #[test]
    fn whatever_is_told_the_graph_is_json_and_every_link_leads_somewhere(number in "\\PC{0,20}", words in any::<String>(), by in any::<String>()) {
        let graph: serde_json::Value = serde_json::from_str(&export(&package(&number, &words, &by))).unwrap();
        let nodes = graph["@graph"].as_array().unwrap();
        let mut links = Vec::new();
        fn collect(value: &serde_json::Value, links: &mut Vec<String>) {
            match value {
                serde_json::Value::Object(fields) => {
                    if let (Some(id), 1) = (fields.get("@id"), fields.len()) {
                        links.push(id.as_str().unwrap().to_owned());
                    }
                    fields.values().for_each(|v| collect(v, links));
                }
                serde_json::Value::Array(list) => list.iter().for_each(|v| collect(v, links)),
                _ => {}
            }
        }
        nodes.iter().for_each(|n| collect(n, &mut links));
        let ids: Vec<&str> = nodes.iter().filter_map(|n| n["@id"].as_str()).collect();
        prop_assert!(links.iter().all(|link| ids.contains(&link.as_str())));
    }

    #[test]
    fn no_bytes_make_it_panic(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..10)) {
        let mut bytes = REPORT.as_bytes().to_vec();
        for (at, byte, how) in edits {
            if bytes.is_empty() { break; }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, byte),
                _ => bytes.truncate(at),
            }
        }
        let mut sink = |_| ControlFlow::Continue(());
        let _ = case_uco::read(&bytes, &mut sink);
    }
}
