//! What tests share. A side crate: only tests, the simulation and the bench depend on it.
//!
//! - [`engines()`] and [`on_each_engine`]: a fresh database on SQLite and, where the environment names a
//!   server, on PostgreSQL.
//! - `World` (feature `world`): a database, a vault and clocks set by hand, put together as the program
//!   puts them together.

pub mod engines;
#[cfg(feature = "world")]
pub mod world;

pub use engines::{TestDb, engines, on_each_engine, on_each_engine_async};
#[cfg(feature = "world")]
pub use world::World;
