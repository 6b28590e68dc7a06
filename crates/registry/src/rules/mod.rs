//! What an entry is worth and what it may become. Pure: facts in, a decision out.

pub mod batch;
pub mod crowd;
pub mod gist;
pub mod guard;
pub mod life;
pub mod outcome;
pub mod spared;
pub mod tally;
pub mod verdict;

pub use gist::Gist;
pub use guard::{Beforehand, Guard};
pub use life::{
    LifeError, Term, clear, confirm, dispute, doubt, expires, is_reported, lapse, list, stand, standing,
    status,
};
pub use outcome::prevented;
pub use tally::{is_infrastructure, role, tally};
pub use verdict::{Band, Known, PublicAnswer, Verdict, age, public, told, verdict};

#[cfg(test)]
mod tests;
