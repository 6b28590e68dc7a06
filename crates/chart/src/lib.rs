//! The link chart: one picture of reports, things, persons, money, schemes and orders, with what each tie rests on.
//!
//! A chart is made anew each time from what the slices say *now*, as far as its reader may see it: what is hidden is neither a node nor a tie
//! nor a count. Kept are views (ids and places, the name sealed) and where somebody put things.
//!
//! `model <- {rules, picture, sources, store} <- service <- web`. [`rules`] and [`picture`] are pure. Each kind of thing comes from a
//! [`sources::Source`]; a slice above adds its own and the binary registers it.

mod error;
pub mod jobs;
pub mod model;
pub mod picture;
pub mod rules;
pub mod service;
pub mod sources;
pub mod store;
pub mod web;

pub use error::ChartError;
pub use model::ViewId;
pub use sources::Sources;

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "chart", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("chart");
