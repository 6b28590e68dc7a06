//! Standing approvals: acts by which approvers let the platform send orders by itself.
//!
//! What goes out without a person goes out under one of these: signed by as many distinct approvers as the
//! basis asks, none of them its author, naming measure, caps, hop limit, scope and end, and revocable at
//! once. A change is a new version that must be signed anew. Where the basis wants approvers for each
//! case, there is none and nothing is automatic.

pub mod model;
pub mod rules;
pub mod service;
pub mod store;

pub use model::{NewStanding, Signature, StandingApproval, StandingId, Status};
pub use rules::{DraftError, NotCovered, Proposal, Reason, RevokeError, SignError, Signer, covers};
pub use service::{draft, list, revoke, sign, view};
pub use store::{covering, in_force};
