//! The search against a slow and obvious twin, and against cases worked out by hand.

// `cfg(test)` tells clippy that helpers here are test code too.
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod same_as_oracle;
#[cfg(test)]
mod vectors;
