//! The pure parts of the trail: apportioning, building, drawing.

// `cfg(test)` tells clippy that helpers here are test code too.
#[cfg(test)]
mod apportion;
#[cfg(test)]
mod build;
#[cfg(test)]
mod build_properties;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod signs;
#[cfg(test)]
mod story;
#[cfg(test)]
mod xml;
