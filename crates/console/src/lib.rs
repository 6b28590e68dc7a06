//! The partners' console: the people of an institution read what was handed to it, confirm, answer one thing in two
//! clicks or many by a table, and look back. Their answers are the same messages, by the same rules, as those of its
//! programs; keys, addresses of notifications and people stand in `partner` and `access`.
//!
//! `{said, table} <- web`. Nothing is kept here: orders and answers are `order`'s.

mod said;
mod table;
pub mod web;

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("console");
