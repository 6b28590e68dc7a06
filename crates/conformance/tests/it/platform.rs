//! The kit's rules, written from the published page, against the platform's own.

use std::collections::BTreeMap;

use conformance::clock::{SECOND, now, rfc3339};
use conformance::rules::{Asked, fits, in_table, judge, needs, restricts};
use conformance::{Check, Verdict};
use kernel::{Asset, Money, Timestamp};
use order::answer::{AnswerFault, Believable, Code, read};
use order::message::{Answer, Message, OrderMessage};
use profile::Measure;
use serde_json::{Value, json};

#[test]
fn codes_and_measures_are_the_same() {
    for code in Code::TABLE {
        let name = code.as_string();
        assert!(in_table(&name), "{name}");
        for measure in Measure::ALL.iter().filter(|m| **m != Measure::Release) {
            assert_eq!(
                fits(&name, measure.as_str()),
                order::measure::fits(*measure, code),
                "{name} {measure}"
            );
        }
    }
    for measure in Measure::ALL {
        assert_eq!(restricts(measure.as_str()), order::measure::restricts(*measure), "{measure}");
    }
}

/// A line with every field; the amount is the cap.
fn full(code: &str) -> Value {
    let now = rfc3339(now());
    json!({
        "code": code, "amount": {"amount": "1000.00", "currency": "KZT"}, "at": now, "institution": "ZBEK",
        "account": {"kind": "iban", "value": "KZ938010000000000017"}, "reference": "ZT1", "terminal": "ATM-1",
        "merchant": "Sample shop", "until": now, "text": "words",
    })
}

fn answer(line: &Value) -> Value {
    json!({
        "type": "answer.v1", "answer_id": "a-1", "order_id": "ord_1", "executor": "ZALT", "object_id": "obj_1",
        "at": rfc3339(now()), "lines": [line], "text": null,
    })
}

/// Whether the kit finds a fault, and whether the platform does.
fn both(answer: &Value, measure: Measure) -> (bool, bool) {
    let asked = Asked {
        order_id: "ord_1".to_owned(),
        executor: "ZALT".to_owned(),
        measure: measure.as_str().to_owned(),
        currency: "KZT".to_owned(),
        objects: BTreeMap::from([("obj_1".to_owned(), Some(100_000))]),
        trigger_at: None,
        trigger_amount: None,
    };
    let kit = judge(&serde_json::from_value(answer.clone()).unwrap(), &asked, now());
    let failed = |is: fn(Check) -> bool| kit.iter().any(|f| f.verdict == Verdict::Failed && is(f.check));
    // The kit wants the sum to add up, the platform refuses only what comes to more.
    let refused = failed(|check| check != Check::AnswerSums);
    let told: Answer = serde_json::from_value(answer.clone()).unwrap();
    let times = Believable::at(Timestamp::from_secs(now() / SECOND), 1);
    let cap = Money::from_minor(100_000, Asset::new("KZT", 2).unwrap());
    match read(&told, measure, cap, times) {
        Err(AnswerFault::TooMuchTold { .. }) => {
            assert!(failed(|check| check == Check::AnswerSums), "{answer}");
            (refused, false)
        }
        read => (refused, read.is_err()),
    }
}

/// Every code, whole and without each field, with amounts, times and accounts that cannot be.
#[test]
fn the_same_answers_are_refused() {
    let mut compared = 0;
    for code in Code::TABLE {
        let code = code.as_string();
        let money = code.starts_with(['H', 'M', 'P', 'N']) && !matches!(code.as_str(), "N34" | "N35" | "N36");
        let measures = Measure::ALL.iter().filter(|m| fits(&code, m.as_str()) && **m != Measure::Release);
        for measure in measures.copied() {
            let mut variants = vec![full(&code)];
            for field in full(&code).as_object().unwrap().keys().filter(|f| *f != "code") {
                let mut short = full(&code);
                short.as_object_mut().unwrap().remove(field);
                variants.push(short);
            }
            let changes = [
                ("/amount/amount", json!("1000.01")),
                ("/amount/amount", json!("0.00")),
                ("/amount/amount", json!("-1.00")),
                ("/amount/amount", json!("1e2")),
                ("/amount/currency", json!("USD")),
                ("/at", json!("2126-01-01T00:00:00Z")),
                ("/at", json!("1970-01-01T00:00:00Z")),
                ("/at", json!("yesterday")),
                ("/account/value", json!("KZ938010000000000018")),
                ("/account/kind", json!("url")),
                ("/institution", json!("")),
                ("/text", json!(" ")),
            ];
            for (pointer, value) in changes {
                let mut changed = full(&code);
                *changed.pointer_mut(pointer).unwrap() = value;
                variants.push(changed);
            }
            for line in variants {
                let (kit, platform) = both(&answer(&line), measure);
                assert_eq!(kit, platform, "{code} {measure} (about money: {money}): {line}");
                compared += 1;
            }
        }
    }
    assert!(compared > 2_000, "{compared}");
}

#[test]
fn what_each_code_must_add_is_what_the_platform_asks() {
    for code in Code::TABLE {
        let name = code.as_string();
        let Some(measure) = Measure::ALL.iter().find(|m| fits(&name, m.as_str())) else { panic!("{name}") };
        let mut bare = full(&name);
        bare.as_object_mut()
            .unwrap()
            .retain(|field, _| field == "code" || needs(&name).contains(&field.as_str()));
        assert_eq!(both(&answer(&bare), *measure), (false, false), "{name} {measure}");
    }
}

/// Whose something is: the same is taken, and refused at the same place.
#[test]
fn the_same_holders_are_refused() {
    let person =
        || json!({"kind": "person", "name": "Үлгі Адам", "iin": "900517399018", "birth_date": "1990-05-17"});
    let company = json!({"kind": "organisation", "name": "ЖШС «Үлгі»", "bin": "220140990010"});
    let with = |field: &str, value: Value| {
        let mut holder = person();
        holder[field] = value;
        holder
    };
    let mut cases = vec![
        (json!([person(), company, with("role", json!("agent"))]), None),
        (json!([with("phones", json!(["+77000001234", "8 700 000 12 35"]))]), None),
        (json!([]), None),
        (json!(vec![person(); 21]), Some(String::new())),
    ];
    for (field, value) in [
        ("iin", json!("900517399019")),
        ("iin", json!("12")),
        ("bin", json!("220140990010")),
        ("kind", json!("firm")),
        ("role", json!("friend")),
        ("name", json!(" ")),
        ("name", json!("ә".repeat(201))),
        ("address", json!("ә".repeat(201))),
        ("birth_date", json!("17.05.1990")),
        ("birth_date", json!("1990-02-30")),
        ("birth_date", json!("2126-01-01")),
        ("birth_date", json!("1899-12-31")),
        ("from", json!("tomorrow")),
        ("until", json!("1899-01-01")),
        ("phones", json!(vec!["+77000001234"; 11])),
        ("devices", json!(["x".repeat(65)])),
    ] {
        // A number alone names somebody.
        let fine = field == "name" && value == " ";
        let place = match field {
            "devices" => "/0/devices/0".to_owned(),
            field => format!("/0/{field}"),
        };
        cases.push((json!([with(field, value)]), (!fine).then_some(place)));
    }
    for (holders, place) in cases {
        let mut line = full("D10");
        line["holders"] = holders;
        let said = answer(&line);
        let asked = Asked {
            order_id: "ord_1".to_owned(),
            executor: "ZALT".to_owned(),
            measure: "disclosure".to_owned(),
            currency: "KZT".to_owned(),
            objects: BTreeMap::from([("obj_1".to_owned(), Some(100_000))]),
            trigger_at: None,
            trigger_amount: None,
        };
        let kit = judge(&serde_json::from_value(said.clone()).unwrap(), &asked, now());
        let told: Answer = serde_json::from_value(said).unwrap();
        let times = Believable::at(Timestamp::from_secs(now() / SECOND), 1);
        let cap = Money::from_minor(100_000, Asset::new("KZT", 2).unwrap());
        let platform = read(&told, Measure::Disclosure, cap, times).err();
        let expected = place.map(|p| format!("/lines/0/holders{p}"));
        assert_eq!(platform.as_ref().map(AnswerFault::pointer), expected, "{line}");
        assert_eq!(kit.first().map(|f| f.pointer.clone()), expected, "{line}");
        assert_eq!(kit.first().map(|f| f.code), platform.as_ref().map(AnswerFault::code), "{line}");
    }
    let mut line = full("H10");
    line["holders"] = json!([person()]);
    assert_eq!(both(&answer(&line), Measure::Hold), (true, true));
}

/// A live node's message does not carry the mark of a test, and whoever reads the kit's reads it as the platform's own.
#[test]
fn only_the_kit_says_test() {
    let signer = conformance::sign::Signer::fresh().unwrap();
    let key = httpsig::public_key_text(&httpsig::SigningKey::from_bytes(&[3; 32]).verifying_key());
    let kit = conformance::Kit::new(crate::common::plan("http://127.0.0.1:1", "127.0.0.1:2", &key), signer)
        .unwrap();
    let object = kit.object(&kit.plan.known[0], 100).unwrap();
    let order = kit.order(std::slice::from_ref(&object), std::time::Duration::from_secs(60)).unwrap();
    let id = object["object_id"].as_str().unwrap();
    let messages = [
        order.clone(),
        kit.release("ord_1", id, Some(100), "L61").unwrap(),
        kit.reminder("ord_1").unwrap(),
        kit.notice("ord_1", id).unwrap(),
        kit.correction("ord_1", id).unwrap(),
    ];
    for message in messages {
        assert_eq!(message["test"], true, "{message}");
        let read: Message = serde_json::from_value(message.clone()).unwrap();
        let again = serde_json::to_value(&read).unwrap();
        assert_eq!(again.get("test"), None, "{again}");
        assert_eq!(again["type"], message["type"]);
    }
    let read: OrderMessage = serde_json::from_value(order).unwrap();
    assert!(read.report.starts_with("TEST-") && read.route[0].institution == "TEST");
}
