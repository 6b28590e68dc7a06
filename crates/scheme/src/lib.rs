//! Schemes: which reports belong together ([`gather`]), and how the fraud in them is done ([`kind`]). Pure so far: stories in, clusters
//! and kinds out, each with what it rests on.
//!
//! `words <- {kind, near} <- gather`. The same stories give the same clusters in whatever order they come.

pub mod gather;
pub mod kind;
mod near;
mod words;

pub use gather::{Edge, Story, gather};
pub use kind::{Known, Reader};
