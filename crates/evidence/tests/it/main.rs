//! Exhibits on both engines: taken in, kept, handed over, damaged, destroyed; packages, and two verifiers that must agree.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test helpers fail loudly; the lint sees only functions marked as tests"
)]

mod arriving;
#[cfg(feature = "s3")]
mod bucket;
mod custody;
mod forged;
mod invented;
mod judge;
mod large;
mod looks;
mod packages;
mod place;
