//! Objections to restrictions: whoever money, a number, a page is restricted for is heard, by the code of the notice
//! at the portal or on paper; somebody who had no hand in the restriction decides within the time of the law, with
//! reasons; what is upheld ends wherever the thing is restricted, and every institution that received it is told to
//! put its records right.
//!
//! `model <- {rules, store} <- service <- web`. Orders, notices and corrections are `order`'s.

mod error;
pub mod model;
pub mod rules;
pub mod service;
pub mod store;
pub mod web;

pub use error::AppealError;
pub use model::{Appeal, AppealId, Ground, Status};

/// An objection was made. Subject: the objection. Body: `{"order": ID}`.
pub const FILED: &str = "appeal.filed.v1";
/// An objection was decided. Subject: the objection. Body: `{"order": ID, "status": STATUS}`.
pub const DECIDED: &str = "appeal.decided.v1";

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "appeal", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("appeal");
