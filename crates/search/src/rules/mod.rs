//! What is decided about words without looking anything up.

pub mod digits;
pub mod layout;
pub mod marks;
pub mod query;
pub mod ways;
pub mod words;
