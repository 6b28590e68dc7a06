//! Which records are one person's. Records are compared field by field, the comparisons are weighed, and what weighs enough is
//! gathered, the surest first.
//!
//! `record <- levels <- {block, chance, model} <- gather`, parted among the processors by `parallel`. The model is that of Fellegi and Sunter (1969): each field agrees to some level,
//! a level has a probability among records of one person and one among records of two, and the logarithm of their ratio is what the
//! field says. The probabilities of one person are found by expectation and maximisation (Dempster, Laird and Rubin 1977), those of
//! two by looking at records drawn by chance; a name that many bear says less than a rare one.
//!
//! # What is done otherwise, and why
//! - Families: brothers and sisters share the family's and the father's name, the address, often the telephone, and twins the day of
//!   birth. Fields that a household shares say together no more than the strongest of them where the given names differ.
//! - A cluster takes in nothing that contradicts one of its members: chains of likely pairs do not make one person of three.
//! - Nothing is drawn by chance from outside: the same records give the same clusters, in whatever order they come.

mod block;
mod chance;
mod gather;
mod index;
mod levels;
mod model;
mod parallel;
mod record;

pub use gather::{AGAINST, ONE_PERSON, Resolution, learn, resolve};
pub use index::{Index, Nearest};
pub use levels::{FIELDS, Field, Levels};
pub use model::{Kept, Model, Veil, Weight};
pub(crate) use record::is_birth;
pub use record::{Prepared, Record};

/// Most records that a key may bring together before it says nothing.
pub const MOST_OF_A_KEY: usize = block::MOST;

/// What a record can be found by, however it is written: the same kind and the same parts are the same key.
pub fn keys(record: &Prepared, mut take: impl FnMut(u8, &[&str])) {
    block::each_key(record, &mut take);
    block::each_narrow_key(record, take);
}
