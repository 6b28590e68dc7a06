//! The style sheets: contrast of every pair that is used together, both dark blocks equal, no raw colour
//! outside the tokens, no token without a use.

#![expect(clippy::float_arithmetic, reason = "the contrast formula of WCAG 2 is written in fractions")]

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../../../web/tokens.css");
const SHEETS: [(&str, &str); 5] = [
    ("shared", include_str!("../../../../web/shared.css")),
    ("components", include_str!("../../../../web/components.css")),
    ("portal", include_str!("../../../../web/portal.css")),
    ("desk", include_str!("../../../../web/desk.css")),
    ("pictures", include_str!("../../../../web/pictures.css")),
];

type Colours = BTreeMap<String, [f64; 3]>;

fn block(selector: &str, from: usize) -> Colours {
    let start = TOKENS[from..].find(selector).unwrap() + from;
    let body = TOKENS[start..].split_once('{').unwrap().1.split_once('}').unwrap().0;
    let mut out = Colours::new();
    for line in body.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|l| l.split_once(": #")) else {
            continue;
        };
        let value = value.trim_end_matches(';');
        let channel = |i: usize| f64::from(u8::from_str_radix(&value[i..i + 2], 16).unwrap()) / 255.0;
        out.insert(name.to_owned(), [channel(0), channel(2), channel(4)]);
    }
    out
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn themes() -> [(&'static str, Colours); 3] {
    let media = TOKENS.find("@media (prefers-color-scheme: dark)").unwrap();
    let light_start = TOKENS.find("[data-theme=\"light\"]").unwrap();
    [
        ("light", block("[data-theme=\"auto\"]", light_start)),
        ("dark", block("[data-theme=\"dark\"]", 0)),
        ("auto in the dark", block("[data-theme=\"auto\"]", media)),
    ]
}

#[test]
fn text_has_four_and_a_half_and_controls_have_three() {
    for (theme, colours) in themes() {
        let of = |name: &str| *colours.get(name).unwrap_or_else(|| panic!("no --{name} in {theme}"));
        let at_least = |front: &str, back: &str, ratio: f64| {
            let got = contrast(of(front), of(back));
            assert!(got >= ratio, "{theme}: --{front} on --{back} has {got:.2}, needs {ratio}");
        };
        for ground in ["canvas", "surface", "raised", "selected", "hover"] {
            for front in ["text", "muted", "link", "visited"] {
                at_least(front, ground, 4.5);
            }
            at_least("border", ground, 3.0);
        }
        for tone in ["red", "amber", "green", "blue", "grey"] {
            for ground in ["canvas", "surface", "raised", "selected", "hover"] {
                at_least(tone, ground, 4.5);
            }
            at_least(tone, &format!("{tone}-tint"), 4.5);
            at_least("text", &format!("{tone}-tint"), 4.5);
            at_least("link", &format!("{tone}-tint"), 4.5);
        }
        for solid in ["late", "soon", "done", "primary"] {
            at_least(&format!("{solid}-ink"), solid, 4.5);
        }
    }
    let root = block(":root", 0);
    assert!(contrast(root["focus"], root["focus-ring"]) > 12.0);
    assert!(contrast(root["focus"], themes()[0].1["surface"]) > 17.0);
    assert!(contrast(root["focus-ring"], themes()[1].1["surface"]) > 11.0);
}

#[test]
fn the_device_s_dark_is_the_chosen_dark() {
    let [light, dark, auto] = themes();
    assert_eq!(dark.1, auto.1);
    assert_eq!(light.1.keys().collect::<Vec<_>>(), dark.1.keys().collect::<Vec<_>>());
}

#[test]
fn only_tokens_name_colours() {
    for (name, sheet) in SHEETS {
        let screen = sheet.split("@media print").next().unwrap();
        for (no, line) in screen.lines().enumerate() {
            let value = line.trim().split_once(": ").map_or("", |(_, v)| v);
            assert!(!value.contains('#'), "{name}.css:{} names a colour: {line}", no + 1);
            let named = ["red;", "green;", "blue;", "white;", "black;"];
            assert!(!named.contains(&value), "{name}.css:{} names a colour: {line}", no + 1);
        }
        for used in sheet.split("var(--").skip(1).map(|rest| rest.split([')', ',']).next().unwrap()) {
            assert!(
                TOKENS.contains(&format!("--{used}:")),
                "{name}.css uses --{used}, which no token defines"
            );
        }
    }
}

#[test]
fn every_token_is_used() {
    for line in TOKENS.lines().filter_map(|l| l.trim().strip_prefix("--")) {
        let name = line.split(':').next().unwrap();
        let used = SHEETS.iter().any(|(_, s)| s.contains(&format!("var(--{name})")));
        assert!(
            used || ["done", "done-ink", "space-64", "code-font"].contains(&name),
            "--{name} is never used"
        );
    }
}
