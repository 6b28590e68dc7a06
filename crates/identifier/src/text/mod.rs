//! Reading text as people paste it: invisible characters, look-alikes, other digits, written-out dots,
//! and the words that stand beside a number.

mod before;
pub(crate) mod context;
pub(crate) mod fold;
pub(crate) mod refang;
pub(crate) mod words;

pub(crate) use fold::Folded;
