//! The messages from outside: what goes there and back, what banks send, what attackers try.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test helpers fail loudly; the lint sees only functions marked as tests"
)]

mod gen_messages;
mod golden;
mod junk;
mod native;
mod refused;
mod round;
#[expect(dead_code, reason = "the example's own `main`")]
#[path = "../../examples/samples.rs"]
mod samples;
mod tolerant;
mod writing;

/// A sample by name, as text.
pub(crate) fn sample(name: &str) -> String {
    let found = samples::all().into_iter().find(|(n, _)| *n == name);
    found.unwrap().1.to_xml().unwrap()
}
