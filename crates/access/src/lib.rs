//! Who may do what. Three things live here, because every one of them answers "is this person allowed to":
//!
//! - the access rules: Cedar policies in `policies/*.cedar`, asked through [`require`], and the same rules for
//!   lists as a [`Scope`];
//! - accounts of staff: passwords, one-time codes, sessions ([`sign_in()`], [`create_account`]), tokens of programs ([`make_token`]);
//! - who is away ([`say_absence`]), and who signs in whose stead ([`give_delegation`], [`stands`]);
//! - the pages for signing in and out, and the extractors [`Staff`], [`MaybeStaff`], [`Session`], and [`Reads`] and [`Writes`] of the API.
//!
//! # Architecture invariants
//! - Nothing is permitted that no policy permits; a rule that cannot be evaluated refuses.
//! - A thing that the actor may not see is [`AccessError::Hidden`], the same answer as for one that is absent.
//! - The facts of a decision come from the row and the session, never from the request.
//! - Passwords are hashed off the async threads and outside write closures; nothing here logs one, nor a code,
//!   a token or a name.
//! - Sessions, codes and tokens live by wall time only.
//! - A token is never more than its owner at that moment, and signs nothing: what takes a second person or a fresh code takes a person.

mod absence;
mod account;
mod actor;
mod away;
mod delegation;
mod error;
mod model;
mod pages;
mod rules;
mod scope;

pub use absence::*;
pub use account::*;
pub use actor::{member, organisation_of, staff, unit_of};
pub use away::AwayError;
pub use delegation::{
    Delegation, DelegationFault, DelegationId, DelegationKind, EndWhy, Ending, GiveError, MAX_NUMBER_CHARS,
    Matter, NewDelegation, NotCovered, Stage as DelegationStage, Stead, StepFault, Terms, accept_delegation,
    confirm_delegation, delegation, delegation_number, delegations, end_delegation, end_delegations_of,
    give_delegation, hold, own_delegations, stands, steads, to_confirm,
};
pub use error::AccessError;
pub use model::{Action, Kind, Resource, Stage};
pub use pages::{
    MaybeStaff, Newcomer, Reads, Sections, Signing, Staff, SteppedUp, Writes, code_field, identify,
    person_form, person_submit, routes,
};
pub use rules::{allowed, require};
pub use scope::{Office, Scope, scope};

/// The words of this slice's pages and failures.
pub const LOCALES: [web::Locale; 3] = web::locales!("access");
