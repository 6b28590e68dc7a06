//! Tests of the structured-field reader.

use super::*;
use proptest::prelude::*;

fn text(s: &str) -> Item {
    Item { value: Bare::Text(s.to_owned()), params: vec![] }
}

#[test]
fn every_type_is_read() {
    let read = parse_dictionary(
        r#"a=("x" "y";req);n=-12;s="q\"\\";t=tok/en;d=1.5;y=:AQI=:;f=?0;g , b ,	c=:AQI=:;p=1, d=?1, e="", f=()"#,
    )
    .unwrap();
    let params = vec![
        ("n".to_owned(), Bare::Integer(-12)),
        ("s".to_owned(), Bare::Text("q\"\\".to_owned())),
        ("t".to_owned(), Bare::Token("tok/en".to_owned())),
        ("d".to_owned(), Bare::Decimal("1.5".to_owned())),
        ("y".to_owned(), Bare::Bytes(vec![1, 2])),
        ("f".to_owned(), Bare::Bool(false)),
        ("g".to_owned(), Bare::Bool(true)),
    ];
    let with_req =
        Item { value: Bare::Text("y".to_owned()), params: vec![("req".to_owned(), Bare::Bool(true))] };
    let flag = || Member::Item(Item { value: Bare::Bool(true), params: vec![] });
    assert_eq!(
        read,
        vec![
            ("a".to_owned(), Member::List(vec![text("x"), with_req], params)),
            ("b".to_owned(), flag()),
            (
                "c".to_owned(),
                Member::Item(Item {
                    value: Bare::Bytes(vec![1, 2]),
                    params: vec![("p".to_owned(), Bare::Integer(1))]
                })
            ),
            ("d".to_owned(), flag()),
            ("e".to_owned(), Member::Item(text(""))),
            ("f".to_owned(), Member::List(vec![], vec![])),
        ]
    );
    assert_eq!(parse_dictionary("  "), Ok(vec![]));
}

#[test]
fn what_is_refused() {
    for junk in [
        "a=1,",
        ",a=1",
        "a=1,,b=2",
        "a=1 b=2",
        "a=1 x",
        "a=1;",
        "a=1; b=",
        "a=1;B=2",
        "A=1",
        "1a=1",
        "a=",
        "a=\"",
        "a=\"x",
        "a=\"\\x\"",
        "a=\"\u{7f}\"",
        "a=\"қ\"",
        "a=:AQI:",
        "a=:AQJ=:",
        "a=:AQI=",
        "a=:A Q I=:",
        "a=:AQI=:x",
        "a=:_-_-:",
        "a=?2",
        "a=?",
        "a=-",
        "a=1.",
        "a=1.2345",
        "a=1234567890123456",
        "a=1234567890123.5",
        "a=(\"x\"",
        "a=(\"x\"\"y\")",
        "a=(\"x\",\"y\")",
        "a=((\"x\"))",
        "a=(\"x\"))",
        "a=1, a=2",
        "a=1;p=1;p=2",
        "a=1\n",
        "\ta=1",
    ] {
        assert!(parse_dictionary(junk).is_err(), "{junk:?}");
    }
}

#[test]
fn limits_hold() {
    let members = |n: usize| (0..n).map(|i| format!("k{i}")).collect::<Vec<_>>();
    assert_eq!(parse_dictionary(&members(32).join(",")).map(|d| d.len()), Ok(32));
    assert!(parse_dictionary(&members(33).join(",")).is_err());
    assert!(parse_dictionary(&format!("a=({})", vec!["\"x\""; 33].join(" "))).is_err());
    assert!(parse_dictionary(&format!("a;{}", members(33).join(";"))).is_err());
    assert!(parse_dictionary(&format!("a=\"{}\"", "x".repeat(9_000))).is_err());
}

proptest! {
    #[test]
    fn junk_never_panics(junk in "[a-c=;:,()\"\\\\ ?0-9.A-Z\t-]{0,60}") {
        let _ = parse_dictionary(&junk);
    }
    #[test]
    fn any_text_never_panics(junk in ".{0,60}") {
        let _ = parse_dictionary(&junk);
    }
    #[test]
    fn own_lists_survive(names in prop::collection::vec("[ -~]{0,12}", 0..8), n in -999_999_999_999_999_i64..=999_999_999_999_999, s in "[ -~]{0,20}") {
        let items: Vec<Item> = names.iter().map(|n| text(n)).collect();
        let params = vec![("n".to_owned(), Bare::Integer(n)), ("s".to_owned(), Bare::Text(s))];
        let written = encode_list(&items, &params).unwrap();
        prop_assert_eq!(parse_dictionary(&format!("k={written}")), Ok(vec![("k".to_owned(), Member::List(items, params))]));
    }
}
