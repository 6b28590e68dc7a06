//! The hash that main rows carry, so that a scrub job can find silent damage.

use sha2::{Digest as _, Sha256};

use crate::Value;

/// SHA-256 over the canonical form of a row's values, the same on both engines: a boolean hashes as the
/// number 0 or 1, a UUID as its 16 bytes (SQLite stores them so).
///
/// The form: a fixed prefix, the count of values, then per value a letter, a length and its bytes, so that
/// no two rows have the same form.
#[must_use]
pub fn row_hash(values: &[Value]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"qorgan.row.v1\0");
    hash.update(length(values.len()));
    for value in values {
        match value {
            Value::Null => put(&mut hash, b"n", &[]),
            Value::Int(n) => put(&mut hash, b"i", &n.to_be_bytes()),
            Value::Bool(b) => put(&mut hash, b"i", &i64::from(*b).to_be_bytes()),
            Value::Text(t) => put(&mut hash, b"t", t.as_bytes()),
            Value::Bytes(b) => put(&mut hash, b"b", b),
            Value::Uuid(u) => put(&mut hash, b"b", u.as_bytes()),
        }
    }
    hash.finalize().into()
}

fn put(hash: &mut Sha256, letter: &[u8; 1], bytes: &[u8]) {
    hash.update(letter);
    hash.update(length(bytes.len()));
    hash.update(bytes);
}

fn length(n: usize) -> [u8; 8] {
    u64::try_from(n).unwrap_or(u64::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Int),
            any::<bool>().prop_map(Value::Bool),
            ".{0,8}".prop_map(Value::Text),
            proptest::collection::vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
            any::<u128>().prop_map(|n| Value::Uuid(Uuid::from_u128(n))),
        ]
    }

    /// As SQLite gives it back.
    fn stored(value: &Value) -> Value {
        match value {
            Value::Bool(b) => Value::Int(i64::from(*b)),
            Value::Uuid(u) => Value::Bytes(u.as_bytes().to_vec()),
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn same_row_same_hash(a in proptest::collection::vec(value(), 0..5), b in proptest::collection::vec(value(), 0..5)) {
            let form = |row: &[Value]| row.iter().map(stored).collect::<Vec<_>>();
            prop_assert_eq!(row_hash(&a), row_hash(&form(&a)));
            prop_assert_eq!(row_hash(&a) == row_hash(&b), form(&a) == form(&b));
        }
    }

    #[test]
    fn borders_matter() {
        let (a, b) = (["ab", "c"].map(Value::from), ["a", "bc"].map(Value::from));
        assert_ne!(row_hash(&a), row_hash(&b));
        assert_ne!(row_hash(&[]), row_hash(&[Value::Null]));
    }
}
