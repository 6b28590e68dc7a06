//! The types against the examples of docs/partner-api/README.md.

use super::*;
use crate::bank::answer::Question;
use crate::world::model::By;

const DOCS: &str = include_str!("../../../../docs/partner-api/README.md");

/// The JSON example that begins with `start`.
fn example(start: &str) -> serde_json::Value {
    let from = DOCS.find(start).unwrap_or_else(|| panic!("no example `{start}`"));
    let mut depth = 0;
    let end = DOCS[from..].char_indices().find_map(|(i, c)| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        (depth == 0).then_some(i + 1)
    });
    let text = &DOCS[from..from + end.unwrap()];
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

#[test]
fn messages_of_the_page_are_read() {
    let Message::Order(order) = serde_json::from_value(example(r#"{ "type": "order.v1""#)).unwrap() else {
        panic!("not an order")
    };
    assert_eq!(
        order.route.iter().map(|s| s.role.as_str()).collect::<Vec<_>>(),
        ["submitter", "authority", "executor"]
    );
    let object = &order.objects[0];
    assert_eq!(object.cap.as_ref().and_then(Amount::minor), Some(62_000_000));
    let trigger = object.trigger.as_ref().unwrap();
    assert_eq!(trigger.direction, "in");
    assert!(crate::moment::Moment::parse(&trigger.at).is_some());
    // A payer's account that cannot be read is no reason to refuse a message, and never as if none had been told.
    for (odd, told) in [
        (serde_json::json!("KZ1"), Some((By::Number, "".to_owned()))),
        (serde_json::json!({"kind": "iban", "value": "KZ1"}), Some((By::Iban, "KZ1".to_owned()))),
        (serde_json::json!({"kind": "shell", "value": "1"}), Some((By::Number, "".to_owned()))),
        (serde_json::json!(7), Some((By::Number, "".to_owned()))),
        (serde_json::Value::Null, None),
    ] {
        let mut message = example(r#"{ "type": "order.v1""#);
        message["objects"][0]["trigger"]["from_account"] = odd;
        let Message::Order(order) = serde_json::from_value(message).unwrap() else { panic!("not an order") };
        assert_eq!(Question::read(&order.objects[0]).unwrap().from_account, told);
    }
    let release = serde_json::from_value(example(r#"{ "type": "release.v1""#)).unwrap();
    assert!(matches!(release, Message::Release(Release { amount: None, .. })));
    let reminder: Message = serde_json::from_value(example(r#"{ "type": "reminder.v1""#)).unwrap();
    assert_eq!(reminder.executor(), "ZBEK");
}

#[test]
fn answers_and_reports_have_the_fields_of_the_page() {
    let page = example(r#"{ "type": "answer.v1""#);
    let answer: Answer = serde_json::from_value(page.clone()).unwrap();
    assert_eq!(answer.lines.len(), 3);
    // Nothing of the page's example is lost on the way through our type.
    assert_eq!(serde_json::to_value(&answer).unwrap(), page);
    let page = example(r#"{ "type": "report.v1""#);
    let report: Report = serde_json::from_value(page.clone()).unwrap();
    assert_eq!(serde_json::to_value(&report).unwrap(), page);
}

#[test]
fn unknown_messages_are_no_messages() {
    let odd = serde_json::json!({"type": "order.v2", "message_id": "m"});
    assert!(serde_json::from_value::<Message>(odd).is_err());
    let clock: Clock =
        serde_json::from_str(r#"{"office": "a", "wall": "b", "factor": 1, "more": 2}"#).unwrap();
    assert_eq!(clock.factor, 1);
}
