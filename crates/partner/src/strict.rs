//! Reads a message as its description has it, in the one point in which serde's derived readers are milder: they take
//! a list for a structure, its items for the members in their order, so that `"amount": ["5.00", "KZT"]` would be an
//! amount. The description says "object"; a client that sends lists has a fault that is better known at once. Nor does any
//! text of a message have a control character: PostgreSQL keeps no NUL, and a page shows none of them. What is so is well
//! formed all the same, and the description allows it: it is unprocessable (422), not unreadable (400).

use serde::Deserializer;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde_json::{Error, Value};

/// Why a message is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// No JSON, or JSON of another shape; the place is said for all but lists in the place of structures.
    #[error(transparent)]
    Shape(#[from] Error),
    /// A text, or the name of a member, has a character that no text has.
    #[error("a text with the character U+{:04X}", u32::from(*.character))]
    Character {
        /// Where it stands (RFC 6901).
        pointer: String,
        /// Which one it is.
        character: char,
    },
}

/// Reads a message.
///
/// # Errors
/// [`Unread`].
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unread> {
    // First by serde_json itself: its errors name line and column.
    let read = serde_json::from_slice::<T>(body)?;
    let value: Value = serde_json::from_slice(body)?;
    // Every message is an object; what is told apart by its `type` asks for none.
    if value.is_array() {
        return Err(Error::invalid_type(Unexpected::Seq, &"an object").into());
    }
    let out_of_place = first_out_of_place(&value, String::new());
    T::deserialize(Strict(value))?;
    match out_of_place {
        Some((pointer, character)) => Err(Unread::Character { pointer, character }),
        None => Ok(read),
    }
}

/// The same for a message whose readers take objects alone (`deserialize_map`): it is read once, unless it may have a character
/// that no text has.
///
/// # Errors
/// [`Unread`].
pub fn from_objects<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unread> {
    // Such a character is escaped, or is U+007F, or one of U+0080 to U+009F, which begin with C2.
    if body.iter().any(|byte| matches!(byte, b'\\' | 0x7f | 0xc2)) {
        return from_slice(body);
    }
    Ok(serde_json::from_slice(body)?)
}

/// The first character that no text has, and where it stands. What nobody reads is looked at as well, since what is read
/// of a message differs between its versions.
fn first_out_of_place(value: &Value, at: String) -> Option<(String, char)> {
    let odd = |text: &str| text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    match value {
        Value::String(text) => odd(text).map(|c| (at, c)),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(n, item)| first_out_of_place(item, format!("{at}/{n}")))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| match odd(name) {
            // A name that cannot be shown is not: its object is.
            Some(c) => Some((at.clone(), c)),
            None => {
                let name = name.replace('~', "~0").replace('/', "~1");
                first_out_of_place(member, format!("{at}/{name}"))
            }
        }),
        _ => None,
    }
}

/// A value of which only an object is a structure.
struct Strict(Value);

impl<'de> IntoDeserializer<'de, Error> for Strict {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Strict))),
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, Strict(value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(_) => {
                Err(Error::invalid_type(Unexpected::Seq, &format!("object `{name}`").as_str()))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    // What nobody reads may say anything.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        a: String,
        #[serde(default)]
        b: Option<u32>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Yes,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "type")]
    enum Told {
        #[serde(rename = "yes.v1")]
        Yes { a: String },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        inner: Inner,
        #[serde(default)]
        maybe: Option<Inner>,
        #[serde(default)]
        many: Vec<Inner>,
        #[serde(default)]
        word: Option<Word>,
        #[serde(default)]
        texts: std::collections::BTreeMap<String, i64>,
    }

    #[test]
    fn a_character_that_no_text_has_is_named_with_its_place() {
        for (out_of_place, at, which) in [
            (r#"{"inner": {"a": "x\u0000"}}"#, "/inner/a", '\0'),
            (r#"{"inner": {"a": "\u001b[2J"}}"#, "/inner/a", '\u{1b}'),
            (r#"{"inner": {"a": "x"}, "many": [{"a": "y"}, {"a": "\u0085"}]}"#, "/many/1/a", '\u{85}'),
            (r#"{"inner": {"a": "x", "un~kno/wn": ["\u009d"]}}"#, "/inner/un~0kno~1wn/0", '\u{9d}'),
            (r#"{"inner": {"a": "x", "\u0001": 1}}"#, "/inner", '\u{1}'),
        ] {
            match from_slice::<Outer>(out_of_place.as_bytes()).unwrap_err() {
                Unread::Character { pointer, character } => {
                    assert_eq!((pointer.as_str(), character), (at, which))
                }
                Unread::Shape(other) => panic!("{out_of_place}: {other}"),
            }
        }
        from_slice::<Outer>(br#"{"inner": {"a": "x\r\ny\tz"}}"#).unwrap();
        // What has another shape has it, whatever its texts hold.
        let both = from_slice::<Outer>(br#"{"inner": {"a": 1}, "x": "\u0000"}"#);
        assert!(matches!(both, Err(Unread::Shape(_))), "{both:?}");
    }

    #[test]
    fn objects_are_read_and_lists_in_their_place_are_not() {
        for good in [
            r#"{"inner": {"a": "x"}}"#,
            r#"{"inner": {"a": "x", "b": 7, "unknown": [1, {"a": []}]}, "maybe": null, "many": []}"#,
            r#"{"inner": {"a": "Қ"}, "maybe": {"a": "y", "b": null}, "many": [{"a": "z"}], "word": "yes", "texts": {"k": -1}}"#,
        ] {
            let plain = serde_json::from_str::<Outer>(good).unwrap();
            assert_eq!(from_slice::<Outer>(good.as_bytes()).unwrap(), plain, "{good}");
        }
        for list in [
            r#"{"inner": ["x", 7]}"#,
            r#"{"inner": {"a": "x"}, "maybe": ["y", null]}"#,
            r#"{"inner": {"a": "x"}, "many": [["z", 1]]}"#,
            r#"[{"a": "x"}, null, [], null, {}]"#,
        ] {
            assert!(serde_json::from_str::<Outer>(list).is_ok(), "serde takes {list}");
            let error = from_slice::<Outer>(list.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("object"), "{error}");
        }
        assert!(serde_json::from_str::<Told>(r#"["yes.v1", "x"]"#).is_ok(), "serde takes it");
        from_slice::<Told>(br#"["yes.v1", "x"]"#).unwrap_err();
        assert_eq!(
            from_slice::<Told>(br#"{"type": "yes.v1", "a": "x"}"#).unwrap(),
            Told::Yes { a: "x".into() }
        );
        for wrong in
            [r#"{"inner": {"a": 1}}"#, r#"{"inner": {}}"#, "{", "", r#"{"inner": {"a": "x", "a": "y"}}"#]
        {
            let (ours, theirs) =
                (from_slice::<Outer>(wrong.as_bytes()), serde_json::from_str::<Outer>(wrong));
            assert_eq!(ours.unwrap_err().to_string(), theirs.unwrap_err().to_string(), "{wrong}");
        }
    }
}
