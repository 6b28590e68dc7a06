//! The law as data: what may be done to whom, on what ground, and who must sign.
//!
//! A legal basis is a versioned record that comes from the profile. Every act names the version under which
//! it was done; [`explain`] shows for any past act which version allowed it then and whether it would be
//! allowed today. [`standing`] holds the approvals under which the platform acts by itself.
//!
//! No act without a basis in force at that moment: [`find_in_force`] and [`require`] give one or nothing.
//!
//! The staff reads the law under `/law` ([`web`]) and changes it with two persons ([`change`]). How what they enacted
//! and what the profile brings live together is said in `docs/decisions/0017`.

pub mod change;
pub mod compare;
pub mod error;
pub mod explain;
pub mod import;
pub mod law;
pub mod model;
pub mod rules;
pub mod service;
pub mod standing;
pub mod store;
pub mod web;

pub use error::LegalBasisError;
pub use explain::{Explanation, explain};
pub use model::{Basis, basis_id};
pub use rules::{BasisRefusal, Proposal, allows, approvers_needed, refusals};
pub use service::{SETUP, allowing, get, import, import_as, require};
pub use store::{find_in_force, in_force, in_force_of, version_in_force};
pub use web::explanation_panel;

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "legal_basis", migrations: store::MIGRATIONS, statements: STATEMENTS };

const STATEMENTS: &[&db::Stmt] = &[
    &store::INSERT,
    &store::ALL,
    &store::OF_ID,
    &store::ONE,
    &store::IN_FORCE,
    &store::IN_FORCE_OF,
    &store::IN_FORCE_ONE,
    &change::store::INSERT,
    &change::store::ONE,
    &change::store::OF_BASIS,
    &change::store::WAITING,
    &change::store::DECIDE,
    &standing::store::INSERT,
    &standing::store::SAVE,
    &standing::store::VERSIONS,
    &standing::store::ALL,
    &standing::store::IN_FORCE,
    &standing::store::SIGN,
    &standing::store::SIGNATURES,
];

/// Texts of this slice.
pub const LOCALES: &[::web::Locale] = &::web::locales!("legal_basis");
