//! Benches: `cargo run --release -p bench -- NAME`, or `cargo xtask bench NAME`.
//!
//! A figure is a *ratio* between two programs in one run on one machine, never a bare time. Rounds alternate
//! (theirs, ours, theirs, ours, …), at least five; the ratio is the median of the rounds' ratios. In-process
//! work counts CPU time. Outputs are compared before any time is printed. A bench prints and may be asked to
//! judge (`--check`); tests never time anything.
//!
//! A row needs three things: work that returns a [`harness::Cost`] for each side, a [`harness::Row`] that
//! names figure, denominator and bar, and a subcommand in `main.rs`. [`trail`] shows it for rows T1, T2 and
//! T4; durable rows find [`cluster::Cluster`] (a throw-away PostgreSQL) and [`durable::fdatasync`] ready.

pub mod campaign;
pub mod cases;
pub mod chart;
pub mod check;
pub mod clock;
pub mod cluster;
pub mod desk;
mod dice;
pub mod durable;
pub mod engine;
pub mod exhibits;
pub mod filters;
pub mod four_eyes;
pub mod harness;
pub mod hold;
pub mod idle;
pub mod igraph;
pub mod intake;
pub mod kill;
pub mod lookalikes;
pub mod orders;
pub mod outbox;
pub mod persons;
pub mod power_law;
pub mod rot;
pub mod schemes;
pub mod search;
pub mod stats;
pub mod trail;
pub mod trail_http;
