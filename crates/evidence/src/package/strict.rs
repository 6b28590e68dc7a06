//! JSON that every reader reads alike. What one takes for an integer and another for something near it, what stands twice, what nests
//! deeper than somebody's stack: none of it is written by the office, so none of it is read.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::verify::{Fault, Why};

/// Most digits of a number, with its sign: as many as the largest has.
const MOST_DIGITS: usize = 20;
/// Deepest nesting of facts.
const MOST_DEPTH: u32 = 100;

/// Reads what could have been written so and not otherwise: every field by its name, none left out, none that nobody knows.
///
/// # Errors
/// `file` does not read as `what`.
pub(super) fn read<T: Serialize + DeserializeOwned>(
    file: &str,
    bytes: &[u8],
    what: &'static str,
) -> Result<T, Fault> {
    if !short_numbers(bytes) {
        return Err(Fault::of(file, Why::Number));
    }
    let exactly = || {
        let read: T = serde_json::from_slice(bytes).ok()?;
        let said: Value = serde_json::from_slice(bytes).ok()?;
        (serde_json::to_value(&read).ok()? == said).then_some(read)
    };
    exactly().ok_or_else(|| Fault::of(file, Why::Form(what)))
}

/// Facts of the record, in the one writing that the record has: whatever is said twice, with blanks, in other signs is none of it.
pub(super) fn facts(text: &str) -> Option<Value> {
    let facts: Value = serde_json::from_str(text).ok().filter(|_| short_numbers(text.as_bytes()))?;
    let written = facts.to_string();
    (shallow(&facts, MOST_DEPTH) && written == text).then_some(facts)
}

/// Whether no number has more digits than any number here can have. Looked at before anything is read: some readers take the square
/// of the length for it.
fn short_numbers(bytes: &[u8]) -> bool {
    let (mut quoted, mut escaped, mut run) = (false, false, 0_usize);
    for b in bytes {
        if quoted {
            (quoted, escaped) = (escaped || *b != b'"', !escaped && *b == b'\\');
            continue;
        }
        let of_number = b.is_ascii_digit() || (run > 0 && matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
        run = if of_number || *b == b'-' { run.saturating_add(1) } else { 0 };
        if run > MOST_DIGITS {
            return false;
        }
        quoted = *b == b'"';
    }
    true
}

/// Integers only, and not deeper than that.
fn shallow(value: &Value, left: u32) -> bool {
    let deeper = left.checked_sub(1);
    match value {
        Value::Number(number) => !number.is_f64(),
        Value::Array(all) => deeper.is_some_and(|left| all.iter().all(|one| shallow(one, left))),
        Value::Object(all) => deeper.is_some_and(|left| all.values().all(|one| shallow(one, left))),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_have_one_writing() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        // In whatever order: the record writes them as they were told, and a build that sorts them would refuse its own.
        for good in ["{\"b\":1,\"a\":\"ә\\n\"}", "null", "{}", "[18446744073709551615,-1]", &nested(100)] {
            assert!(facts(good).is_some(), "{good}");
        }
        for bad in [
            "{\"a\":1, \"b\":2}",
            "{\"a\":1,\"a\":1}",
            "{\"a\":\"\\u0061\"}",
            "[1.0]",
            "[1e2]",
            "[1e400]",
            "[-0]",
            "[18446744073709551616]",
            &nested(101),
            &nested(100_000),
        ] {
            assert!(facts(bad).is_none(), "{bad:.40}");
        }
    }

    #[test]
    fn long_numbers_are_refused_before_they_are_read() {
        assert!(short_numbers(
            br#"{"a":-9223372036854775808,"b":[1,2],"999999999999999999999999":"\"99999999999999999999999"}"#
        ));
        assert!(!short_numbers(format!("[{}]", "9".repeat(21)).as_bytes()));
        assert!(!short_numbers(br#"["\\",123456789012345678901]"#));
        let long = format!("{{\"no\":{}}}", "7".repeat(100_000));
        let fault = read::<Value>("x", long.as_bytes(), "y").unwrap_err();
        assert_eq!(fault.why, Why::Number);
    }
}
