//! Power to sign, given by an approver to a named deputy for a term: accepted by the deputy, confirmed by a third person,
//! ended at once by whoever may. `model <- {rules, store} <- service`; whoever counts signatures asks [`stands`].

mod model;
mod rules;
mod service;
mod stead;
pub(crate) mod store;

pub use model::{Delegation, DelegationId, DelegationKind, EndWhy, Ending, NewDelegation, Stage, Terms};
pub(crate) use rules::may_be_deputy;
pub use rules::{DelegationFault, MAX_NUMBER_CHARS, Matter, NotCovered, StepFault};
pub use service::{
    GiveError, accept_delegation, confirm_delegation, delegation, delegations, end_delegation,
    end_delegations_of, give_delegation, own_delegations, to_confirm,
};
pub(crate) use stead::lent_by;
pub use stead::{Stead, delegation_number, hold, stands, steads};
