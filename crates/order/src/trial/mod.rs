//! Trial orders: what an institution in test mode is handed instead of orders. The message has the schema of an order, says
//! `"trial": true` and names something that cannot exist; it is answered through the same doors as an order. Nothing counts
//! trial orders: they lie in a table of their own. `model <- store <- {service, job}`.

pub mod job;
mod model;
pub mod service;
pub(crate) mod store;

pub use model::{Passed, Trial};
