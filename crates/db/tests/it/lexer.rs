//! Placeholders, and what only looks like one.

use db::lexer::{highest, to_postgres};
use proptest::prelude::*;

#[test]
fn table() {
    for (given, wanted) in [
        ("SELECT ?1", "SELECT $1"),
        ("a = ?1 AND b=?12", "a = $1 AND b=$12"),
        ("?2,?1", "$2,$1"),
        ("'?1' || ?1", "'?1' || $1"),
        ("'it''s ?1' || ?2", "'it''s ?1' || $2"),
        (r"'back\' || ?1", r"'back\' || $1"),
        (r"E'back\' ?1' || ?2", r"E'back\' ?1' || $2"),
        (r"e'\\' || ?1", r"e'\\' || $1"),
        (r"type'a\' || ?1", r"type'a\' || $1"),
        (r"x'00?1' || ?1", r"x'00?1' || $1"),
        ("\"col?1\" = ?1", "\"col?1\" = $1"),
        ("\"a\"\"?1\" = ?1", "\"a\"\"?1\" = $1"),
        ("-- ?1\n?2", "-- ?1\n$2"),
        ("?1 -- ?2", "$1 -- ?2"),
        ("/* ?1 /* ?2 */ ?3 */ ?4", "/* ?1 /* ?2 */ ?3 */ $4"),
        ("$$ ?1 $$ ?2", "$$ ?1 $$ $2"),
        ("$f$ ?1 $$ $f$ ?2", "$f$ ?1 $$ $f$ $2"),
        ("a$b$ ?1 $b$", "a$b$ $1 $b$"),
        ("a ? b", "a ? b"),
        ("a ?| b", "a ?| b"),
        ("a - ?1 / ?2", "a - $1 / $2"),
        ("'қаз?1' = ?1", "'қаз?1' = $1"),
        ("'open ?1", "'open ?1"),
        ("/* open ?1", "/* open ?1"),
        ("$x$ open ?1", "$x$ open ?1"),
        ("", ""),
    ] {
        assert_eq!(to_postgres(given), wanted, "{given}");
    }
}

#[test]
fn the_highest_placeholder() {
    assert_eq!(highest("?2 '?9' ?10 -- ?11"), 10);
    assert_eq!(highest("SELECT 1"), 0);
}

/// Pieces of SQL with what becomes of them.
fn piece() -> impl Strategy<Value = (String, String)> {
    let same = |text: String| (text.clone(), text);
    prop_oneof![
        (1_u32..200).prop_map(|n| (format!("?{n}"), format!("${n}"))),
        "[a-zа-я_]{1,6}".prop_map(same),
        "[ \n,()=+]{1,3}".prop_map(same),
        "[^']{0,8}".prop_map(move |t| same(format!("'{}'", t.replace('\\', "")))),
        "[^\"]{0,8}".prop_map(move |t| same(format!("\"{t}\""))),
        "[^\n]{0,8}".prop_map(move |t| same(format!("--{t}\n"))),
        "[^*/]{0,8}".prop_map(move |t| same(format!("/*{t}*/"))),
        "[^$]{0,8}".prop_map(move |t| same(format!("$q${t}$q$"))),
    ]
}

proptest! {
    #[test]
    fn pieces_are_rewritten_one_by_one(pieces in proptest::collection::vec(piece(), 0..12)) {
        let join = |side: fn(&(String, String)) -> &String| {
            pieces.iter().map(side).cloned().collect::<Vec<_>>().join(" ")
        };
        prop_assert_eq!(to_postgres(&join(|p| &p.0)), join(|p| &p.1));
    }

    #[test]
    fn nothing_but_the_mark_changes(sql in ".{0,60}") {
        let out = to_postgres(&sql);
        prop_assert_eq!(out.len(), sql.len());
        for (a, b) in sql.bytes().zip(out.bytes()) {
            prop_assert!(a == b || (a == b'?' && b == b'$'));
        }
    }

    #[test]
    fn twice_is_once(sql in "[?0-9'\"$a-e /*\n-]{0,40}") {
        let once = to_postgres(&sql);
        prop_assert!(highest(&sql) == 0 || once != sql);
    }
}
