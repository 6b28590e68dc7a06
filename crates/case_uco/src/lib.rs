//! CASE/UCO, the ontology in which tools for digital evidence tell each other what they found (<https://caseontology.org>), in JSON-LD.
//!
//! [`read`] takes messages, calls and accounts out of a report of another tool, as rows of the crate `statement`. [`export`] writes
//! exhibits with their hashes and the chain of their custody, so that `case_validate` accepts it.

mod export;
mod graph;
mod read;

pub use export::{Event, Exhibit, FileFacts, Package, Person, export};
pub use read::{MOST_BYTES, read};
