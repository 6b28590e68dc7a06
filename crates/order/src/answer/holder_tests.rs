use proptest::prelude::*;

use super::*;
use crate::details::Details;

fn iin(body: &str) -> String {
    let all = (0..10).map(|d| format!("{body}{d}"));
    all.into_iter().find(|n| normalise(Kind::Iin, n, Region::default()).is_ok()).unwrap()
}

fn latest() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-30T12:00:00+05:00").unwrap()
}

fn person(name: &str) -> HolderRef {
    HolderRef { kind: "person".into(), name: Some(name.into()), ..HolderRef::default() }
}

fn line(code: &str, holders: Vec<HolderRef>) -> Line {
    Line { code: code.into(), holders: Some(holders), ..Line::default() }
}

fn read(l: &Line) -> Result<Vec<Holder>, AnswerFault> {
    super::read((1, Code::parse(&l.code)), l, latest())
}

/// Place and code of the fault of one holder behind a right one.
fn fault(holder: HolderRef) -> Option<(String, &'static str)> {
    let fault = read(&line("D10", vec![person("Үлгі Адам"), holder])).err()?;
    Some((fault.pointer(), fault.code()))
}

#[test]
fn a_holder_is_read_in_canonical_writing() {
    let number = iin("90051739901");
    let told = HolderRef {
        kind: "person".into(),
        last_name: Some(" Серікова ".into()),
        first_name: Some("Айгүл".into()),
        iin: Some(format!("{} {}", &number[..6], &number[6..])),
        birth_date: Some("1990-05-17".into()),
        phones: Some(vec!["8 700 000 12 34".into(), "+7 (700) 000-12-34".into(), String::new()]),
        address: Some("Алматы, Абай көшесі, 10".into()),
        devices: Some(vec!["353490069873319".into()]),
        from: Some("2024-02-29".into()),
        until: Some("2030-01-01".into()),
        ..HolderRef::default()
    };
    let read = read(&line("D11", vec![told])).unwrap().remove(0);
    assert_eq!((read.kind, read.role), (HolderKind::Person, HolderRole::Holder));
    assert_eq!((read.iin, read.phones), (number, vec!["+77000001234".to_owned()]));
    assert_eq!((read.last.as_str(), read.until.as_str()), ("Серікова", "2030-01-01"));
}

#[test]
fn each_fault_has_its_place() {
    let with = |change: fn(&mut HolderRef)| {
        let mut holder = person("Серікова Айгүл");
        change(&mut holder);
        fault(holder)
    };
    let organisation = |change: fn(&mut HolderRef)| {
        let mut holder = HolderRef { kind: "organisation".into(), ..person("ЖШС «Үлгі»") };
        change(&mut holder);
        fault(holder)
    };
    let unreadable = "answer.field_unreadable";
    for (found, field, code) in [
        (with(|h| h.kind = "somebody".into()), "kind", unreadable),
        (with(|h| h.role = Some("friend".into())), "role", unreadable),
        (with(|h| h.iin = Some("900517399019".into())), "iin", unreadable),
        (with(|h| h.iin = Some("12".into())), "iin", unreadable),
        (with(|h| h.bin = Some(iin("90051739901"))), "bin", unreadable),
        (with(|h| h.birth_date = Some("17.05.1990".into())), "birth_date", unreadable),
        (with(|h| h.birth_date = Some("1990-05-17T00:00:00Z".into())), "birth_date", unreadable),
        (with(|h| h.birth_date = Some("1990-02-30".into())), "birth_date", unreadable),
        (with(|h| h.birth_date = Some("1890-02-20".into())), "birth_date", unreadable),
        (with(|h| h.birth_date = Some("2026-12-02".into())), "birth_date", unreadable),
        (with(|h| h.from = Some("2026-12-02".into())), "from", unreadable),
        (
            with(|h| {
                h.from = Some("2026-02-02".into());
                h.until = Some("2026-02-01".into());
            }),
            "until",
            unreadable,
        ),
        (with(|h| h.phones = Some(vec!["+77000001234".into(), "12".into()])), "phones/1", unreadable),
        (with(|h| h.phones = Some(vec!["+77000001234".into(); 11])), "phones", unreadable),
        (with(|h| h.devices = Some(vec!["x".into(); 21])), "devices", unreadable),
        (with(|h| h.devices = Some(vec!["x".repeat(65)])), "devices/0", "answer.too_long"),
        (with(|h| h.name = Some("ә".repeat(201))), "name", "answer.too_long"),
        (with(|h| h.address = Some("ә".repeat(201))), "address", "answer.too_long"),
        (with(|h| h.first_name = Some("Айгүл".into())), "name", "answer.stray_field"),
        (with(|h| h.name = Some(" – ".into())), "name", "answer.field_missing"),
        (with(|h| h.name = None), "name", "answer.field_missing"),
        (organisation(|h| h.name = None), "name", "answer.field_missing"),
        (organisation(|h| h.birth_date = Some("1990-05-17".into())), "birth_date", "answer.stray_field"),
        (organisation(|h| h.iin = Some(iin("90051739901"))), "iin", "answer.stray_field"),
    ] {
        assert_eq!(found, Some((format!("/lines/1/holders/1/{field}"), code)));
    }
    assert_eq!(with(|_| ()), None);
    assert_eq!(organisation(|_| ()), None);
    // A number alone names somebody.
    let by_number =
        HolderRef { kind: "person".into(), iin: Some(iin("90051739901")), ..HolderRef::default() };
    assert_eq!(fault(by_number), None);
}

#[test]
fn only_data_handed_over_tell_of_holders_and_not_without_end() {
    for code in ["A00", "M20", "N36", "K10", "B10", "Z99"] {
        let fault = read(&line(code, vec![person("Үлгі Адам")])).unwrap_err();
        assert_eq!((fault.pointer().as_str(), fault.code()), ("/lines/1/holders", "answer.stray_field"));
        assert_eq!(read(&line(code, Vec::new())), Ok(Vec::new()), "none are none");
    }
    let many = read(&line("D10", vec![person("Үлгі Адам"); MAX_HOLDERS + 1])).unwrap_err();
    assert_eq!((many.pointer().as_str(), many.code()), ("/lines/1/holders", "answer.holders"));
    assert_eq!(read(&line("D10", vec![person("Үлгі Адам"); MAX_HOLDERS])).unwrap().len(), MAX_HOLDERS);
}

/// Older answers know nothing of holders, and what is kept of them is read.
#[test]
fn what_was_kept_before_is_read() {
    let kept = r#"{"code":"D10","amount":null,"balance_before":null,"at":1800000000000000,"institution":null,
        "account":null,"reference":"K-1","terminal":null,"place":null,"camera_until":null,"text":null}"#;
    let fact: Fact = serde_json::from_str(kept).unwrap();
    assert!(fact.holders.is_empty());
    assert!(!serde_json::to_string(&fact).unwrap().contains("holders"));
    assert_eq!(serde_json::from_str::<Line>(r#"{"code": "D10"}"#).unwrap().holders, None);
    assert_eq!(serde_json::from_str::<Line>(r#"{"code": "D10", "holders": null}"#).unwrap().holders, None);
}

fn fact(code: Code, at: i64, holders: Vec<Holder>) -> Fact {
    let text = format!(
        r#"{{"code":"{}","amount":null,"balance_before":null,"at":{},"institution":null,"account":null,
        "reference":"K-1","terminal":null,"place":null,"camera_until":null,"text":null}}"#,
        code.as_string(),
        at * 1_000_000
    );
    Fact { holders, ..serde_json::from_str(&text).unwrap() }
}

fn holder(name: &str, iin: &str) -> Holder {
    let told = HolderRef { iin: Some(iin.into()).filter(|t: &String| !t.is_empty()), ..person(name) };
    read(&line("D10", vec![told])).unwrap().remove(0)
}

#[test]
fn what_was_not_asked_for_is_not_taken() {
    let asked = |data: &[DataClass]| Details::Disclosure { data: data.to_vec(), from: None, to: None };
    let mut with_device = holder("Үлгі Адам", "");
    with_device.devices.push("353490069873319".into());
    let facts = [fact(Code::D10, 1, vec![]), fact(Code::D10, 1, vec![holder("Үлгі Адам", ""), with_device])];
    let place = |data: &[DataClass]| asked_for(&facts, Some(&asked(data))).err().map(|f| f.pointer());
    use DataClass::{DeviceLog, Owner, Statement};
    assert_eq!(place(&[Owner, DeviceLog]), None);
    assert_eq!(place(&[Owner]).as_deref(), Some("/lines/1/holders/1/devices"));
    assert_eq!(place(&[Statement, DeviceLog]).as_deref(), Some("/lines/1/holders"));
    assert_eq!(asked_for(&facts, None).unwrap_err().code(), "answer.not_asked");
    assert_eq!(asked_for(&facts[..1], None), Ok(()));
}

fn told(code: Code, at: i64, holders: Vec<Holder>) -> HoldersTold {
    HoldersTold::of("ZBEK", Timestamp::from_secs(at), vec![fact(code, at, holders)]).unwrap()
}

fn names(told: Vec<HoldersTold>) -> Vec<String> {
    standing(told).into_iter().flat_map(|t| t.holders).map(|h| h.full_name()).collect()
}

#[test]
fn told_in_full_takes_the_place_of_what_was_told_before() {
    let number = iin("90051739901");
    let (a, b) = (holder("Бірінші Адам", ""), holder("Екінші Адам", ""));
    let first = told(Code::D10, 1, vec![a.clone(), b.clone()]);
    assert_eq!(names(vec![first.clone()]), ["Бірінші Адам", "Екінші Адам"]);
    let corrected = told(Code::D10, 2, vec![holder("Үшінші Адам", &number)]);
    assert_eq!(names(vec![corrected.clone(), first.clone()]), ["Үшінші Адам"], "by time, not by arrival");
    // In part comes beside it; the same number under another writing is the same somebody.
    let part = told(Code::D11, 3, vec![holder("Ushinshi Adam", &number), b.clone()]);
    assert_eq!(names(vec![part, first.clone(), corrected]), ["Ushinshi Adam", "Екінші Адам"]);
    assert_eq!(names(vec![first, told(Code::D11, 4, vec![a])]), ["Екінші Адам", "Бірінші Адам"]);
    assert_eq!(HoldersTold::of("ZBEK", Timestamp::from_secs(1), vec![fact(Code::D10, 1, vec![])]), None);
    let twice = told(Code::D10, 1, vec![b.clone(), b]);
    assert_eq!(names(vec![twice]), ["Екінші Адам"]);
}

proptest! {
    #[test]
    fn what_is_read_is_read_again_as_the_same(
        name in "[А-Яа-яӘәІіA-Za-z’ -]{1,40}",
        phones in proptest::collection::vec("\\+7700[0-9]{7}", 0..4),
        day in (1900_i16..2026, 1_i8..=12, 1_i8..=28),
    ) {
        let (year, month, day) = day;
        let told = HolderRef {
            phones: Some(phones),
            birth_date: Some(format!("{year}-{month:02}-{day:02}")),
            iin: Some(iin("90051739901")),
            ..person(&name)
        };
        let once = read(&line("D10", vec![told])).unwrap().remove(0);
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        let again = HolderRef {
            kind: once.kind.as_str().into(),
            role: some(once.role.as_str()),
            name: some(&once.name),
            iin: some(&once.iin),
            birth_date: some(&once.birth_date),
            phones: Some(once.phones.clone()),
            ..HolderRef::default()
        };
        prop_assert_eq!(&read(&line("D10", vec![again])).unwrap()[0], &once);
        let kept: Holder = serde_json::from_str(&serde_json::to_string(&once).unwrap()).unwrap();
        prop_assert_eq!(kept, once);
    }
    #[test]
    fn the_order_of_arrival_says_nothing(mut order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(), kinds in proptest::collection::vec(any::<bool>(), 4)) {
        let all: Vec<HoldersTold> = (0..4)
            .map(|n| {
                let code = if kinds[n] { Code::D10 } else { Code::D11 };
                let who = ["Бірінші", "Екінші", "Бірінші", "Төртінші"][n];
                told(code, i64::try_from(n).unwrap(), vec![holder(who, "")])
            })
            .collect();
        let in_order = standing(all.clone());
        let shuffled = order.drain(..).map(|n| all[n].clone()).collect();
        prop_assert_eq!(standing(shuffled), in_order);
    }
}
