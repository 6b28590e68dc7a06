//! Reading a question: it comes so often that it is read in one go, by readers that take objects alone (a list is no object,
//! whatever its items). They take what the derived readers take; a test holds them against each other.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

use super::{Check, Item};

/// A question, read quickly.
#[derive(Debug)]
pub(super) struct Quick(pub(super) Check);

/// One thing of it.
struct QuickItem(Item);

fn once<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    place: &mut Option<T>,
    name: &'static str,
    members: &mut A,
) -> Result<(), A::Error> {
    if place.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *place = Some(members.next_value()?);
    Ok(())
}

impl<'de> Deserialize<'de> for Quick {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Quick;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("object `Check`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Quick, A::Error> {
                let (mut kind, mut why, mut items) = (None, None, None::<Vec<QuickItem>>);
                while let Some(name) = members.next_key::<std::borrow::Cow<'de, str>>()? {
                    match &*name {
                        "type" => once(&mut kind, "type", &mut members)?,
                        "why" => once(&mut why, "why", &mut members)?,
                        "items" => once(&mut items, "items", &mut members)?,
                        other => return Err(A::Error::unknown_field(other, &["type", "why", "items"])),
                    }
                }
                let items = items.ok_or_else(|| A::Error::missing_field("items"))?;
                Ok(Quick(Check {
                    kind_of_message: kind.ok_or_else(|| A::Error::missing_field("type"))?,
                    why: why.ok_or_else(|| A::Error::missing_field("why"))?,
                    items: items.into_iter().map(|item| item.0).collect(),
                }))
            }
        }
        from.deserialize_map(Members)
    }
}

impl<'de> Deserialize<'de> for QuickItem {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = QuickItem;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("object `Item`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<QuickItem, A::Error> {
                let (mut kind, mut value) = (None::<String>, None);
                while let Some(name) = members.next_key::<std::borrow::Cow<'de, str>>()? {
                    match &*name {
                        "kind" => once(&mut kind, "kind", &mut members)?,
                        "value" => once(&mut value, "value", &mut members)?,
                        other => return Err(A::Error::unknown_field(other, &["kind", "value"])),
                    }
                }
                let value = value.ok_or_else(|| A::Error::missing_field("value"))?;
                Ok(QuickItem(Item { kind, value }))
            }
        }
        from.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// Pieces of messages, right and wrong.
    fn piece() -> impl Strategy<Value = Value> {
        let plain = prop_oneof![
            Just(json!(null)),
            Just(json!(7)),
            Just(json!("check.v1")),
            Just(json!("payment")),
            "[a-zа-я\\\\\"0-9]{0,6}".prop_map(Value::from),
        ];
        let names = prop::sample::select(vec!["type", "why", "items", "kind", "value", "more"]);
        plain.prop_recursive(3, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(names.clone().prop_map(str::to_owned), inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn read<T>(read: Result<T, partner::strict::Unread>, as_text: impl Fn(T) -> String) -> Option<String> {
        read.ok().map(as_text)
    }

    proptest! {
        #[test]
        fn takes_what_the_derived_reader_takes(
            kind in piece(), why in piece(), items in prop::collection::vec(piece(), 0..3), broken in piece(), whole in any::<bool>(),
        ) {
            let message = if whole { json!({"type": kind, "why": why, "items": items}) } else { broken };
            let body = message.to_string();
            let derived = read(partner::strict::from_slice::<Check>(body.as_bytes()), |c| format!("{c:?}"));
            let quick = read(partner::strict::from_objects::<Quick>(body.as_bytes()), |c| format!("{:?}", c.0));
            prop_assert_eq!(derived, quick, "{}", body);
        }
    }

    #[test]
    fn what_both_refuse_and_take() {
        let takes = |body: &str| {
            let derived = partner::strict::from_slice::<Check>(body.as_bytes()).is_ok();
            assert_eq!(partner::strict::from_objects::<Quick>(body.as_bytes()).is_ok(), derived, "{body}");
            derived
        };
        assert!(takes(
            r#"{"type":"check.v1","why":"payment","items":[{"kind":"iban","value":"KZ"},{"value":"8 \u043a"}]}"#
        ));
        for body in [
            r#"["check.v1","payment",[]]"#,
            r#"{"type":"check.v1","why":"payment","items":[["iban","KZ"]]}"#,
            r#"{"type":"check.v1","why":"payment","items":[{"kind":null,"value":"KZ"}]}"#,
            r#"{"type":"check.v1","type":"check.v1","why":"payment","items":[]}"#,
            r#"{"type":"check.v1","why":"payment","items":[],"more":1}"#,
            r#"{"type":"check.v1","why":"payment","items":[{"value":"8\u0000"}]}"#,
            "{\"type\":\"check.v1\",\"why\":\"payment\",\"items\":[{\"value\":\"8\u{85}\"}]}",
            r#"{"type":"check.v1","why":"payment"}"#,
            "",
            "null",
            "[]",
        ] {
            assert!(!takes(body), "{body}");
        }
    }
}
