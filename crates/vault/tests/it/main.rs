//! The vault against both engines, and against the raw bytes of the file.

#[cfg(test)]
mod store;
