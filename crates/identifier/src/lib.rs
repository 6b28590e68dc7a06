//! Identifiers: telephone numbers, accounts, cards, web addresses, wallets, numbers of persons and devices.
//! They are found in free text, written in one canonical way, and remembered by where they were seen.
//!
//! The first half is pure. [`extract`] reads a story, [`normalise`] a field, [`recognise`] whatever was pasted;
//! [`extract_jsonl`] does a file of stories. The second half keeps appearances ([`record_sightings`]): by keyed
//! hash and mask, never as plain numbers.
//!
//! # Choices that a reader may not expect
//! - Nothing is reported twice: the host of an address is no domain, a mail address is no handle, `t.me/name`
//!   and `wa.me/7701…` are addresses. Who that address names is told by [`named_by`].
//! - A bare `host:8080` is a domain, `host/path` an address. An address without a scheme is `https`.
//! - Words beside a number decide where its form cannot: "order No." against, "tel." for. A number with `+7`,
//!   or with brackets around its area code, is a telephone whatever stands beside it. With a plus sign its
//!   country code and length are enough: callers show numbers that no plan gave out.
//! - Cards and numbers of persons need right check digits and no word against; device numbers need the word.
//! - A card whose middle is hidden counts if its first six and last four digits can be seen.
//!
//! # Architecture invariants
//! - Reading is linear in the length of the story: every scanner passes over it once and looks a bounded way
//!   around.
//! - A whole card number leaves this crate only as `kernel::Secret`; what is found prints neither value nor text.
//! - Every canonical writing is its own canonical writing.

mod extract;
mod jsonl;
mod kind;
mod letters;
pub mod normalise;
mod reason;
mod recognise;
mod sighting;
mod store;
mod text;

pub use extract::{Found, Options, extract, mask_cards};
pub use jsonl::{BadLine, JsonlError, Stats, extract_jsonl};
pub use kind::Kind;
pub use letters::{is_deceiving, shown as in_letters};
pub use normalise::handle::named_by;
pub use normalise::national::birth_date;
pub use normalise::reserved::is_reserved;
pub use normalise::{Region, normalise};
pub use reason::Reason;
pub use recognise::{Candidate, recognise};
pub use sighting::{Other, Seen, SightedAt, Sighting, identifier_id, mask};
pub use store::{
    NamedIn, SLICE, forget, named_in, others_with, owners, record_sightings, sightings_of, unsee,
};

/// The texts of this slice: why a value is not taken, and the names of the kinds.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("identifier");
