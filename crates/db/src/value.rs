//! Values that go into statements and come out of rows.

use std::fmt;

use kernel::{Id, Timestamp};
use uuid::Uuid;

use crate::DbError;

/// A parameter or a column. There are no floats on purpose, and times are microseconds in `Int`.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// NULL.
    Null,
    /// SQLite `INTEGER`, PostgreSQL `BIGINT`.
    Int(i64),
    /// SQLite `INTEGER` 0 or 1, PostgreSQL `BOOLEAN`.
    Bool(bool),
    /// `TEXT`.
    Text(String),
    /// SQLite `BLOB`, PostgreSQL `BYTEA`.
    Bytes(Vec<u8>),
    /// SQLite `BLOB` of 16 bytes, PostgreSQL `UUID`.
    Uuid(Uuid),
}

impl Value {
    /// The kind, for messages.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "int",
            Self::Bool(_) => "bool",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "uuid",
        }
    }
}

/// Shows kinds and lengths of texts and bytes, never their content: rows hold what must not be logged.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Int(n) => write!(f, "Int({n})"),
            Self::Bool(b) => write!(f, "Bool({b})"),
            Self::Text(t) => write!(f, "Text({} bytes)", t.len()),
            Self::Bytes(b) => write!(f, "Bytes({} bytes)", b.len()),
            Self::Uuid(u) => write!(f, "Uuid({u})"),
        }
    }
}

macro_rules! from {
    ($($kind:ty, $x:ident => $value:expr;)*) => { $(
        impl From<$kind> for Value {
            fn from($x: $kind) -> Self { $value }
        }
    )* };
}
from! {
    i64, x => Self::Int(x);
    i32, x => Self::Int(i64::from(x));
    i16, x => Self::Int(i64::from(x));
    u32, x => Self::Int(i64::from(x));
    u16, x => Self::Int(i64::from(x));
    u8, x => Self::Int(i64::from(x));
    &i64, x => Self::Int(*x);
    bool, x => Self::Bool(x);
    &str, x => Self::Text(x.to_owned());
    &&str, x => Self::Text((*x).to_owned());
    String, x => Self::Text(x);
    &String, x => Self::Text(x.clone());
    Vec<u8>, x => Self::Bytes(x);
    &Vec<u8>, x => Self::Bytes(x.clone());
    &[u8], x => Self::Bytes(x.to_vec());
    Uuid, x => Self::Uuid(x);
    &Uuid, x => Self::Uuid(*x);
    Timestamp, x => Self::Int(x.as_micros());
    &Timestamp, x => Self::Int(x.as_micros());
    &Value, x => x.clone();
}
impl<const N: usize> From<[u8; N]> for Value {
    fn from(x: [u8; N]) -> Self {
        Self::Bytes(x.to_vec())
    }
}
impl<const N: usize> From<&[u8; N]> for Value {
    fn from(x: &[u8; N]) -> Self {
        Self::Bytes(x.to_vec())
    }
}
impl<K> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        Self::Uuid(id.uuid())
    }
}
impl<K> From<&Id<K>> for Value {
    fn from(id: &Id<K>) -> Self {
        Self::Uuid(id.uuid())
    }
}
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(x: Option<T>) -> Self {
        x.map_or(Self::Null, Into::into)
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// The Rust type's name, for messages.
    const KIND: &'static str;
    /// Reads a value; `None` if it is of another kind or out of range.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! read {
    ($($kind:ty, $name:literal, $($pattern:pat => $value:expr),+;)*) => { $(
        impl FromValue for $kind {
            const KIND: &'static str = $name;
            fn from_value(value: &Value) -> Option<Self> {
                match value { $($pattern => $value,)+ _ => None }
            }
        }
    )* };
}
read! {
    i64, "i64", Value::Int(n) => Some(*n);
    i32, "i32", Value::Int(n) => Self::try_from(*n).ok();
    u32, "u32", Value::Int(n) => Self::try_from(*n).ok();
    u16, "u16", Value::Int(n) => Self::try_from(*n).ok();
    u8, "u8", Value::Int(n) => Self::try_from(*n).ok();
    u64, "u64", Value::Int(n) => Self::try_from(*n).ok();
    bool, "bool", Value::Bool(b) => Some(*b), Value::Int(0) => Some(false), Value::Int(1) => Some(true);
    String, "text", Value::Text(t) => Some(t.clone());
    Vec<u8>, "bytes", Value::Bytes(b) => Some(b.clone());
    Uuid, "uuid", Value::Uuid(u) => Some(*u), Value::Bytes(b) => Self::from_slice(b).ok();
    Timestamp, "time", Value::Int(n) => Some(Self::from_micros(*n));
}
impl FromValue for Value {
    const KIND: &'static str = "value";
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}
impl<const N: usize> FromValue for [u8; N] {
    const KIND: &'static str = "bytes of fixed length";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(b) => b.as_slice().try_into().ok(),
            _ => None,
        }
    }
}
impl<K> FromValue for Id<K> {
    const KIND: &'static str = "id";
    fn from_value(value: &Value) -> Option<Self> {
        Uuid::from_value(value).map(Self::from_uuid)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    const KIND: &'static str = T::KIND;
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The column at `index`, counted from 0.
    ///
    /// # Errors
    /// [`DbError::Bug`] if there is no such column or it is of another kind (NULL counts as another kind
    /// unless an `Option` is asked for).
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, DbError> {
        let value = self
            .0
            .get(index)
            .ok_or_else(|| DbError::Bug(format!("no column {index} in a row of {} columns", self.0.len())))?;
        T::from_value(value).ok_or_else(|| {
            DbError::Bug(format!("column {index} is {}, not {} (or out of its range)", value.kind(), T::KIND))
        })
    }
    /// All columns, for copying and hashing rows.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.0
    }
}

/// Parameters of a statement: `params![id, "text", Some(3_i64)]`.
#[macro_export]
macro_rules! params {
    ($($e:expr),* $(,)?) => { &[$($crate::Value::from($e)),*] };
}
