//! The one form of a record over which its leaf hash is computed, and in which it stands in an exported log.
//!
//! `QAUDIT`, 0, version; then every field in a fixed order, each with its length in four bytes (big end first) before
//! it; a field that is absent has the length 0xFFFFFFFF. Numbers are eight bytes, ids sixteen. Since every length is
//! written, no two records have the same form; since the version is written, a later form cannot be taken for this one.

use kernel::Timestamp;
use ledger::{Hash, leaf_hash};
use uuid::Uuid;

use crate::model::Record;

const MAGIC: &[u8; 8] = b"QAUDIT\0\x01";
const ABSENT: u32 = u32::MAX;

/// The record's canonical form, version 1.
#[must_use]
pub fn encode(record: &Record) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    let (basis, approval) = (record.basis, record.approval);
    put(&mut out, Some(record.id.as_bytes()));
    put(&mut out, Some(&record.office_at.as_micros().to_be_bytes()));
    put(&mut out, Some(&record.wall_at.as_micros().to_be_bytes()));
    put(&mut out, Some(record.actor.as_bytes()));
    put(&mut out, Some(record.act.as_bytes()));
    put(&mut out, Some(record.subject_kind.as_bytes()));
    put(&mut out, Some(record.subject.as_bytes()));
    for ground in [basis, approval] {
        put(&mut out, ground.as_ref().map(|(id, _)| id.as_bytes().as_slice()));
        put(&mut out, ground.map(|(_, version)| version.to_be_bytes()).as_ref().map(<[u8; 8]>::as_slice));
    }
    put(&mut out, record.purpose.as_deref().map(str::as_bytes));
    put(&mut out, Some(record.facts.as_bytes()));
    out
}

fn put(out: &mut Vec<u8>, field: Option<&[u8]>) {
    // INVARIANT: a record that is appended is shorter than 64 KiB; one that somebody blew up in the database only needs
    // to hash to something else.
    let length = field.map_or(ABSENT, |f| u32::try_from(f.len()).unwrap_or(ABSENT - 1));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(field.unwrap_or_default());
}

/// The hash of the record's leaf.
#[must_use]
pub fn record_hash(record: &Record) -> Hash {
    leaf_hash(&encode(record))
}

/// Reads a canonical form. `None` if it is none: then it was not written by [`encode`].
#[must_use]
pub fn decode(entry: &[u8]) -> Option<Record> {
    let mut fields = Fields(entry.strip_prefix(MAGIC)?);
    let record = Record {
        id: fields.id()?,
        office_at: Timestamp::from_micros(fields.number()?),
        wall_at: Timestamp::from_micros(fields.number()?),
        actor: fields.text()?,
        act: fields.text()?,
        subject_kind: fields.text()?,
        subject: fields.id()?,
        basis: fields.ground()?,
        approval: fields.ground()?,
        purpose: fields.optional_text()?,
        facts: fields.text()?,
    };
    fields.0.is_empty().then_some(record)
}

struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<Option<&'a [u8]>> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length);
        self.0 = rest;
        if length == ABSENT {
            return Some(None);
        }
        let (field, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(Some(field))
    }
    fn id(&mut self) -> Option<Uuid> {
        Uuid::from_slice(self.field()??).ok()
    }
    fn number(&mut self) -> Option<i64> {
        self.field()??.try_into().ok().map(i64::from_be_bytes)
    }
    fn text(&mut self) -> Option<String> {
        self.optional_text()?
    }
    fn optional_text(&mut self) -> Option<Option<String>> {
        match self.field()? {
            None => Some(None),
            Some(bytes) => std::str::from_utf8(bytes).ok().map(|text| Some(text.to_owned())),
        }
    }
    fn ground(&mut self) -> Option<Option<(Uuid, i64)>> {
        match (self.field()?, self.field()?) {
            (None, None) => Some(None),
            (Some(id), Some(version)) => {
                Some(Some((Uuid::from_slice(id).ok()?, i64::from_be_bytes(version.try_into().ok()?))))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Record {
        Record {
            id: Uuid::from_u128(1),
            office_at: Timestamp::from_micros(2),
            wall_at: Timestamp::from_micros(-3),
            actor: "staff:қ".into(),
            act: "order.sent".into(),
            subject_kind: "order".into(),
            subject: Uuid::from_u128(4),
            basis: Some((Uuid::from_u128(5), 6)),
            approval: None,
            purpose: Some("execute_order".into()),
            facts: "{\"a\":1}".into(),
        }
    }

    /// Logs of years hang on these bytes: if this test fails, the change needs a new version of the form. The hash was
    /// computed by a second program from the description above.
    #[test]
    fn the_form_never_changes() {
        let entry = encode(&sample());
        assert_eq!(entry.len(), 8 + 13 * 4 + 16 + 8 + 8 + 8 + 10 + 5 + 16 + 16 + 8 + 13 + 7);
        assert_eq!(&entry[..12], b"QAUDIT\0\x01\0\0\0\x10");
        assert_eq!(record_hash(&sample()).to_string(), "iSYT9s0MfBiiC9GY5J4fDxsFECCnibx+1aG0/YErpHU=");
        assert_eq!(decode(&entry), Some(sample()));
    }

    fn text() -> impl Strategy<Value = String> {
        ".{0,12}"
    }
    fn ground() -> impl Strategy<Value = Option<(Uuid, i64)>> {
        proptest::option::of((any::<u128>().prop_map(Uuid::from_u128), any::<i64>()))
    }
    prop_compose! {
        fn record()(ids in (any::<u128>(), any::<u128>()), times in (any::<i64>(), any::<i64>()),
                    texts in (text(), text(), text(), text()), basis in ground(), approval in ground(),
                    purpose in proptest::option::of(text())) -> Record {
            Record {
                id: Uuid::from_u128(ids.0), subject: Uuid::from_u128(ids.1),
                office_at: Timestamp::from_micros(times.0), wall_at: Timestamp::from_micros(times.1),
                actor: texts.0, act: texts.1, subject_kind: texts.2, facts: texts.3, basis, approval, purpose,
            }
        }
    }

    proptest! {
        #[test]
        fn every_record_has_its_own_form(a in record(), b in record()) {
            prop_assert_eq!(decode(&encode(&a)), Some(a.clone()));
            prop_assert_eq!(encode(&a) == encode(&b), a == b);
        }
        #[test]
        fn a_letter_moved_to_the_next_field_is_another_record(r in record()) {
            let mut moved = r.clone();
            prop_assume!(!moved.actor.is_empty());
            let last = moved.actor.pop().unwrap();
            moved.act.insert(0, last);
            prop_assert_ne!(record_hash(&r), record_hash(&moved));
            // An empty text is not an absent one.
            let empty = Record { purpose: Some(String::new()), ..r.clone() };
            prop_assert_ne!(encode(&empty), encode(&Record { purpose: None, ..r }));
        }
        #[test]
        fn junk_is_no_record(junk in proptest::collection::vec(any::<u8>(), 0..80), cut in 1..60_usize) {
            let mut entry = MAGIC.to_vec();
            entry.extend(junk);
            let _ = decode(&entry);
            let whole = encode(&sample());
            prop_assert_eq!(decode(&whole[..whole.len() - cut]), None);
            prop_assert_eq!(decode(&[whole.as_slice(), &[0]].concat()), None);
        }
    }
}
