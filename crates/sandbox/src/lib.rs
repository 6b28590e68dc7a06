//! A simulated country: invented banks, an e-wallet, a crypto exchange and an Antifraud Centre, their clients,
//! victims and fraudsters. It speaks the public partner API over HTTP as banks would and keeps its own ledger:
//! the ground truth that the platform's figures are compared with. It depends on no capability of the platform
//! and shares no message type with it (docs/sandbox.md).
//!
//! [`world`] is the truth: a pure simulation in virtual time, without HTTP. [`bank`] and [`victim`] are its
//! fronts; [`run`](run()) puts everything beside a running node.

pub mod admin;
pub mod alone;
pub mod bank;
pub mod bodies;
mod cli;
pub mod clock;
pub mod country;
pub mod draw;
pub mod flow;
pub mod ids;
pub mod journal;
pub mod moment;
pub mod money;
pub mod names;
pub mod node;
pub mod register;
mod run;
pub mod staff;
pub mod stage;
pub mod summary;
pub mod victim;
pub mod wire;
pub mod world;

pub use cli::{Args, execute};
pub use country::{Init, init};
pub use run::{Config, run};
pub use summary::Summary;
