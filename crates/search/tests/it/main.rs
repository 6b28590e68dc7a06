//! What finds what, and what the index keeps and forgets.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod failing;
mod index;
mod table;
