//! Integration tests of the simulated country.

// Helpers count as tests for the lints only inside `cfg(test)`.
#[cfg(test)]
mod country;
#[cfg(test)]
mod description;
#[cfg(test)]
mod form;
#[cfg(test)]
mod node;
#[cfg(test)]
mod world;
