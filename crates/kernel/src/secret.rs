//! Values that cannot be logged. `Secret` holds keys and codes; `Personal` holds what belongs to a person
//! and opens only to somebody who says why.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A key, password or code. Prints as `[secret]`, is wiped when dropped, and cannot be serialised.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a value into keeping.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The value itself; the caller answers for where it goes.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}
impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Why personal data is opened. Kept with each read in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Working on a report: orders, answers to the citizen.
    HandleReport,
    /// Sending an order that must name the account or person.
    ExecuteOrder,
    /// The person reads what is theirs.
    OwnData,
    /// Investigating a case.
    Investigate,
    /// Control of how data was used.
    Audit,
    /// Keeping the system running: export, migration, erasure.
    Operate,
}

impl Purpose {
    /// As written in the record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HandleReport => "handle_report",
            Self::ExecuteOrder => "execute_order",
            Self::OwnData => "own_data",
            Self::Investigate => "investigate",
            Self::Audit => "audit",
            Self::Operate => "operate",
        }
    }
}

/// Something that belongs to a person. Prints as `[personal]`; reading takes a [`Purpose`].
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Takes a value into keeping.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The value, opened for `_purpose`. The service that calls this records the read.
    pub const fn open(&self, _purpose: Purpose) -> &T {
        &self.0
    }
    /// The value by move, opened for `_purpose`.
    pub fn into_inner(self, _purpose: Purpose) -> T {
        self.0
    }
}
impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_leaks_through_debug(text in "[a-z0-9]{4,40}") {
            prop_assume!(!"[personal][secret]".contains(&text));
            let shown = format!("{:?} {:?}", Personal::new(text.clone()), Secret::new(text.clone()));
            prop_assert!(!shown.contains(&text));
        }
    }
}
