//! Persons: which records of reports, answers and lists are one person's ([`resolve`]). Pure so far.

pub mod resolve;
