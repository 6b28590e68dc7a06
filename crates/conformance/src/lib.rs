//! `qorgan conformance`: a kit that an institution runs against its own endpoint before it goes live. It plays the
//! national node by docs/partner-api: sends signed messages, right and wrong ones, takes the answers, and says check by
//! check whether they are as the page has it (docs/partner-api/conformance.md).
//!
//! Like the simulated country it shares no message type with the platform: it is written from the published page, and a
//! test holds its rules against those of `order`. Of the workspace it knows `httpsig` alone.
//!
//! [`rules`] judge one answer and are pure; [`sign`] makes right and wrong signatures; `play` has the parts of a run.
//!
//! **Architecture invariant.** Nothing goes to another address than the one given: no redirects, no proxy, no address
//! out of an answer. Every time and size is bounded. Every message says `"test": true`.

pub mod check;
mod cli;
mod client;
pub mod clock;
mod hear;
mod kit;
mod messages;
pub mod plan;
mod play;
pub mod report;
pub mod rules;
mod run;
mod server;
pub mod sign;
pub mod wire;

pub use check::Check;
pub use cli::{ABOUT, Args, execute};
pub use kit::Kit;
pub use plan::{Payment, Plan};
pub use report::{Report, Verdict};
pub use run::{Ended, run};
