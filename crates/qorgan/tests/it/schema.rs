//! Whether a value is what a schema of the served description says. As much of JSON Schema as the description
//! uses, and stricter in one thing: a member that is not described is a fault, since a client made from the
//! description would not see it.

use serde_json::Value;

/// All that is wrong with `value` by `schema`, each with its place; empty if it fits.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(target) => resolve(document, document.pointer(target.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolve(document, schema);
    for key in ["oneOf", "anyOf"] {
        let Some(choices) = schema.get(key).and_then(Value::as_array) else { continue };
        let tried: Vec<Vec<String>> = choices.iter().map(|c| faults(document, c, value)).collect();
        let fitting = tried.iter().filter(|t| t.is_empty()).count();
        if fitting == 0 || (key == "oneOf" && fitting > 1) {
            let near = tried.into_iter().min_by_key(Vec::len).unwrap_or_default();
            found.push(format!("{at}: {fitting} choices of {key} fit; the nearest: {near:?}"));
        }
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        check(document, part, value, at, found);
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array)
        && !words.contains(value)
    {
        found.push(format!("{at}: {value} is none of {words:?}"));
    }
    let types = match schema.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|t| is(t, value)) {
        found.push(format!("{at}: {value} is not {types:?}"));
        return;
    }
    match value {
        Value::Object(_) => members(document, schema, value, at, found),
        Value::Array(items) => {
            let of_items = schema.get("items").cloned().unwrap_or_default();
            for (i, item) in items.iter().enumerate() {
                check(document, &of_items, item, &format!("{at}/{i}"), found);
            }
            let count = |key: &str| schema.get(key).and_then(Value::as_u64);
            let len = u64::try_from(items.len()).unwrap();
            if count("minItems").is_some_and(|least| len < least)
                || count("maxItems").is_some_and(|most| len > most)
            {
                found.push(format!("{at}: {len} items"));
            }
        }
        Value::Number(n) => {
            let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
            let n = n.as_f64().unwrap();
            if bound("minimum").is_some_and(|least| n < least)
                || bound("maximum").is_some_and(|most| n > most)
            {
                found.push(format!("{at}: {n} is out of bounds"));
            }
        }
        _ => {}
    }
}

fn members(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let (Some(members), known) = (value.as_object(), schema.get("properties")) else { return };
    let open = schema.get("additionalProperties");
    for (name, member) in members {
        let place = format!("{at}/{name}");
        match (known.and_then(|k| k.get(name)), open) {
            (Some(described), _) => check(document, described, member, &place, found),
            (None, Some(described)) => check(document, described, member, &place, found),
            (None, None) if known.is_some() => found.push(format!("{place}: not described")),
            (None, None) => {}
        }
    }
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !members.contains_key(name.as_str().unwrap()) {
            found.push(format!("{at}: without {name}"));
        }
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.as_i64().is_some() || value.as_u64().is_some(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn the_walker_sees_what_is_wrong() {
    let document = serde_json::json!({"components": {"schemas": {
        "Word": {"type": "string", "enum": ["a", "b"]},
        "Thing": {"type": "object", "required": ["w"], "properties": {
            "w": {"$ref": "#/components/schemas/Word"},
            "n": {"type": ["integer", "null"], "minimum": 0},
            "l": {"type": "array", "items": {"$ref": "#/components/schemas/Word"}, "minItems": 1}
        }}
    }}});
    let thing = serde_json::json!({"$ref": "#/components/schemas/Thing"});
    let count = |text: &str| faults(&document, &thing, &serde_json::from_str(text).unwrap()).len();
    for good in [r#"{"w": "a"}"#, r#"{"w": "b", "n": null}"#, r#"{"w": "b", "n": 3, "l": ["a"]}"#] {
        assert_eq!(count(good), 0, "{good}");
    }
    for bad in [
        "[]",
        "{}",
        r#"{"w": "c"}"#,
        r#"{"w": 1}"#,
        r#"{"w": "a", "x": 1}"#,
        r#"{"w": "a", "n": -1}"#,
        r#"{"w": "a", "n": 1.5}"#,
        r#"{"w": "a", "l": []}"#,
        r#"{"w": "a", "l": ["a", "c"]}"#,
    ] {
        assert_ne!(count(bad), 0, "{bad}");
    }
    let either = serde_json::json!({"oneOf": [{"type": "string"}, {"type": "string", "enum": ["a"]}]});
    assert_ne!(faults(&document, &either, &serde_json::json!("a")).len(), 0, "two choices fit");
    assert_eq!(faults(&document, &either, &serde_json::json!("b")).len(), 0);
}
