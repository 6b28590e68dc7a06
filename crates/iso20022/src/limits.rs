//! How much of anything is handled. What is written keeps the same limits, so that it can be read.

/// Bytes of one document: 1 MiB. A message of the largest kind has a few hundred KiB.
pub const MAX_BYTES: usize = 1 << 20;
/// How deep elements may be nested. The schemas come to less than 20.
pub const MAX_DEPTH: usize = 32;
/// Elements in one document.
pub const MAX_ELEMENTS: usize = 50_000;
/// Attributes on one element, and namespaces in force at one place.
pub const MAX_ATTRIBUTES: usize = 32;
/// Payments in one message, and questions or answers.
pub const MAX_TRANSACTIONS: usize = 500;
/// Whatever else may be repeated at one place: reasons, lines of a note, identifiers of a person.
pub const MAX_REPEATS: usize = 100;
