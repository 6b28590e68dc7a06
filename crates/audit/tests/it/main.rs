//! The record and its log, on each engine.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test helpers fail loudly; the lint sees only functions marked as tests"
)]

mod chance;
mod directory;
mod eight;
mod forge;
mod living;
mod records;
mod schema;
mod strange;
mod tamper;
mod world;
