//! Names of persons and organisations, as they are written in Kazakh (Cyrillic and Latin), Russian, English and more: folded to
//! what they sound like, and compared word by word. Pure and without floating point: the same two names give the same number
//! everywhere.
//!
//! `letters <- {words, given, edit} <- compare`. A comparison ([`compare`]) tells what it rests on: which word was taken for which, what is
//! left on either side, which legal forms clash. Its number is no probability; whoever decides by it sets a line and looks at what is
//! near it.
//!
//! # Where the rules come from
//! - Writing: GOST 7.79-2000 and ICAO Doc 9303 for Russian, the passport's own romanisation and the Latin alphabet of 2021 for
//!   Kazakh, DIN 31635 and what newspapers make of it for Arabic. None is taken by its letter: people mix them, so letters that are
//!   written for one another fold to one sign ([`letters`]).
//! - Comparing: Damerau's four slips (1964) on words, a best match of words to words, and what is left on both sides weighing more
//!   than what one side says besides: a name with a part more is often the same person's, one with a part changed seldom.

mod compare;
mod edit;
mod given;
pub mod letters;
mod words;

pub use compare::{Comparison, Pair, alike, compare};
pub use words::{Name, Word};
