//! PostgreSQL: one client per thread, a transaction per closure, and a new client when one is lost.

pub(crate) mod link;
pub(crate) mod value;
pub(crate) mod worker;
