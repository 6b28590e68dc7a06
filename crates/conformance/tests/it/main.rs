//! The kit against real sockets on loopback: an honest endpoint, dishonest ones, and the simulated country's bank. All
//! names, accounts and keys are invented.

// Helpers count as tests for the lints only inside `cfg(test)`.
#[cfg(test)]
mod bank;
#[cfg(test)]
mod command;
#[cfg(test)]
mod common;
#[cfg(test)]
mod endpoint;
#[cfg(test)]
mod judged;
#[cfg(test)]
mod platform;
