//! What kinds of failure exist. Each slice's error enum says its class and a stable code;
//! only `web::Problem` turns them into HTTP, and the texts come from the catalogue by code.

/// The class of a failure. It decides the HTTP status and whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The input cannot be taken as it is (400 or 422).
    Invalid,
    /// Nobody is signed in, or the signature is missing or wrong (401).
    Unauthenticated,
    /// Known actor, forbidden act on a thing whose existence is no secret (403).
    Forbidden,
    /// Absent, or hidden from this actor: the two look the same (404).
    NotFound,
    /// The thing changed meanwhile, or the act does not fit its state (409).
    Conflict,
    /// It existed and has ended (410).
    Gone,
    /// Too many requests or tries (429).
    TooMany,
    /// A thing we depend on does not answer now; trying later can help (503).
    Unavailable,
    /// Our own fault (500).
    Bug,
}

/// A failure that can be shown to people and machines.
pub trait Coded: std::error::Error {
    /// The class of the failure.
    fn class(&self) -> Class;
    /// A stable code, `slice.what`, the key of its text in the catalogue (`error-slice-what`).
    fn code(&self) -> &'static str;
}
