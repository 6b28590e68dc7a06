//! A very small XML scanner: enough to say whether a picture is well-formed and harmless.

use std::collections::BTreeSet;

/// Fails unless `text` is one well-formed element with unique ids, known names, no style, no script and no
/// reference outside. Returns the text of all `<text>` elements, unescaped, one a line.
pub fn assert_sound(text: &str) -> String {
    let mut rest = text.trim_end();
    let mut open: Vec<&str> = Vec::new();
    let (mut ids, mut named, mut shown) = (BTreeSet::new(), Vec::new(), String::new());
    assert!(rest.starts_with("<svg "));
    assert!(
        !text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\t') || ('\u{202a}'..='\u{202e}').contains(&c))
    );
    while !rest.is_empty() {
        if let Some(tag) = rest.strip_prefix('<') {
            let (tag, after) = tag.split_once('>').expect("a tag ends");
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "tags close in order");
                assert!(!open.is_empty() || rest.is_empty(), "one root");
                continue;
            }
            let (tag, alone) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            assert!(["svg", "title", "desc", "g", "path", "rect", "text"].contains(&name), "element {name}");
            for (key, value) in self::attributes(attributes) {
                assert!(!key.starts_with("on") && !["style", "href"].contains(&key), "attribute {key}");
                assert!(!value.contains(['<', '"']) && !value.contains("url("));
                if key == "id" {
                    assert!(ids.insert(value), "id {value} twice");
                } else if key == "aria-labelledby" {
                    named.extend(value.split(' '));
                }
            }
            if !alone {
                open.push(name);
            }
        } else {
            let end = rest.find('<').expect("text ends with a tag");
            let (words, after) = rest.split_at(end);
            rest = after;
            let words = unescape(words);
            if open.last() == Some(&"text") {
                shown.push_str(&words);
                shown.push('\n');
            } else {
                let titled = matches!(open.last(), Some(&"title" | &"desc"));
                assert!(titled || words.trim().is_empty(), "stray text {words:?}");
            }
        }
    }
    assert!(open.is_empty());
    assert!(named.iter().all(|id| ids.contains(id)), "aria names something that is not there");
    shown
}

fn attributes(mut text: &str) -> Vec<(&str, &str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    while !text.is_empty() {
        let (key, after) = text.split_once("=\"").expect("an attribute has a quoted value");
        let (value, after) = after.split_once('"').expect("a quoted value ends");
        assert!(!found.iter().any(|(k, _)| *k == key), "attribute {key} twice");
        assert!(key.chars().all(|c| c.is_ascii_alphabetic() || c == '-'), "attribute {key:?}");
        found.push((key, value));
        text = after.trim_start();
    }
    found
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        let (name, after) = entity.split_once(';').expect("an entity ends");
        out.push_str(before);
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            other => panic!("entity {other}"),
        });
        rest = after;
    }
    out + rest
}

#[test]
fn the_scanner_catches_what_it_is_for() {
    let bad = [
        "<svg id=\"a\"><g id=\"a\"/></svg>",
        "<svg id=\"a\"><g></svg>",
        "<svg id=\"a\">text</svg>",
        "<svg id=\"a\" style=\"x\"></svg>",
        "<svg id=\"a\"><script></script></svg>",
        "<svg id=\"a\"><text>a & b</text></svg>",
        "<svg id=\"a\" aria-labelledby=\"b\"></svg>",
        "<svg id=\"a\"></svg><svg id=\"b\"></svg>",
        "<svg id=\"a\"><text>\u{1}</text></svg>",
    ];
    for text in bad {
        assert!(std::panic::catch_unwind(|| assert_sound(text)).is_err(), "{text} passed");
    }
    assert_eq!(assert_sound("<svg id=\"a\"><text>1 &lt; 2</text></svg>\n"), "1 < 2\n");
}
