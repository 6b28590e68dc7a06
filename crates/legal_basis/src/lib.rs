//! The law as data: what may be done to whom, on what ground, and who must sign.
//!
//! A legal basis is a versioned record that comes from the profile. Every act names the version under which
//! it was done; [`explain`] shows for any past act which version allowed it then and whether it would be
//! allowed today. [`standing`] holds the approvals under which the platform acts by itself.
//!
//! No act without a basis in force at that moment: [`find_in_force`] and [`require`] give one or nothing.

pub mod error;
pub mod import;
pub mod model;
pub mod rules;
pub mod service;
pub mod standing;
pub mod store;

pub use error::LegalBasisError;
pub use model::{Basis, basis_id};
pub use rules::{BasisRefusal, Proposal, allows, approvers_needed, refusals};
pub use service::{Explanation, SETUP, explain, get, import, import_as, require};
pub use store::{find_in_force, in_force, version_in_force};

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "legal_basis", migrations: store::MIGRATIONS, statements: STATEMENTS };

const STATEMENTS: &[&db::Stmt] = &[
    &store::INSERT,
    &store::ALL,
    &store::OF_ID,
    &store::ONE,
    &store::IN_FORCE,
    &standing::store::INSERT,
    &standing::store::SAVE,
    &standing::store::VERSIONS,
    &standing::store::ALL,
    &standing::store::IN_FORCE,
    &standing::store::SIGN,
    &standing::store::SIGNATURES,
];

/// Texts of this slice.
pub const LOCALES: &[web::Locale] = &web::locales!("legal_basis");
