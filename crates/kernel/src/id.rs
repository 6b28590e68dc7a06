//! Typed ids. `Id<Order>` cannot be passed where `Id<Report>` is asked for; as text each carries its
//! kind's prefix (`ord_0199…`), so that a pasted id says what it is.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entropy::Entropy;
use crate::time::Timestamp;

/// A kind of thing that has ids.
pub trait Kind {
    /// Three or four letters before the underscore.
    const PREFIX: &'static str;
}

/// An id of one kind: a UUID version 7, or version 8 where it is derived from an outside key.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// Mints a new id that sorts by `now`.
    #[must_use]
    pub fn mint(entropy: &Entropy, now: Timestamp) -> Self {
        Self(entropy.uuid(now), PhantomData)
    }
    /// Wraps a stored UUID.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
    /// The bare UUID, as stored.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

/// Why a text is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id that begins with `{prefix}_`")]
pub struct ParseIdError {
    text: String,
    prefix: &'static str,
}

impl<K: Kind> FromStr for Id<K> {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let err = || ParseIdError { text: text.chars().take(80).collect(), prefix: K::PREFIX };
        let rest = text.strip_prefix(K::PREFIX).and_then(|r| r.strip_prefix('_')).ok_or_else(err)?;
        // One spelling only: 32 lower-case hexadecimal digits.
        if rest.len() != 32 || !rest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(err());
        }
        Uuid::parse_str(rest).map(Self::from_uuid).map_err(|_| err())
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.0.simple())
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Declares a kind of id: `id_kind!(/// A report. Report, "rep");` gives `Report` and `ReportId`.
#[macro_export]
macro_rules! id_kind {
    ($(#[$doc:meta])* $kind:ident, $id:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $kind {}
        impl $crate::id::Kind for $kind {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $id = $crate::id::Id<$kind>;
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    crate::id_kind!(
        /// A thing.
        Thing, ThingId, "thg"
    );

    proptest! {
        #[test]
        fn text_and_back(bytes: [u8; 16]) {
            let id = ThingId::from_uuid(Uuid::from_bytes(bytes));
            prop_assert_eq!(id.to_string().parse::<ThingId>(), Ok(id));
        }
        #[test]
        fn never_panics(text in ".{0,60}") {
            let _ = text.parse::<ThingId>();
        }
    }

    #[test]
    fn another_kind_is_refused() {
        assert!("ord_00000000000000000000000000000000".parse::<ThingId>().is_err());
        assert!("thg_0000000000000000000000000000000G".parse::<ThingId>().is_err());
        assert!("thg_ABCDEF00000000000000000000000000".parse::<ThingId>().is_err());
    }
}
