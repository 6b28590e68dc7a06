//! The law changed at the desk: one person drafts a change of a legal basis, another enacts it or refuses it.
//!
//! A change never touches a version: it becomes a new one, from a date. Whatever is written over a text that somebody
//! changed meanwhile is not enacted (decision 0017).

pub mod model;
pub mod rules;
pub mod service;
pub mod store;

pub use model::{Decision, DraftStatus, LawDraft, LawDraftId, NewChange};
pub use rules::{ChangeError, ChangeErrors, DecideError};
pub use service::{Enacted, draft, enact, refuse, view};
