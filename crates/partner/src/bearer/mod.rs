//! Tokens for what is asked too often to be signed each time.

pub mod api;
mod roster;
pub mod token;

pub use api::Asked;
pub use roster::Roster;
