//! How many signed requests an institution may send in a minute. Each is counted by itself, so that none can take another's
//! share; answers keep a floor that no flood of other requests takes away. `rules <- store <- service`.

pub mod rules;
pub mod service;
pub(crate) mod store;

pub use rules::{Full, Purpose, Quota, Used};
