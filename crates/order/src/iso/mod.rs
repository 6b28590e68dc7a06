//! Orders about money as ISO 20022, for institutions that agreed to it: what is asked is written ([`write`]), what is
//! answered is read ([`read`]). Pure; the same rules judge the answer as any other.
//!
//! | Ours | ISO 20022 |
//! | --- | --- |
//! | order to hold | camt.056, a payment for each object |
//! | order to disclose | camt.110 about each account |
//! | answers to a hold | camt.029, our code in `Rsn/Prtry`, or what its status says |
//! | answers to a disclosure | camt.111 |
//! | money given back | pacs.004 |
//!
//! Everything else, ends of holds above all, has no message there and goes as the partner API has it. Our ids have a
//! prefix and 36 characters, one too many for `Max35Text`: there the digits alone stand, and the whole id in the notes.

mod read;
mod write;

pub use read::{IsoFault, Said, read};
pub use write::{CONTENT_TYPE, Sender, write};

use uuid::Uuid;

/// The digits of an id: `ord_0199…` without its prefix.
fn digits(id: &str) -> &str {
    id.rsplit('_').next().unwrap_or(id)
}

/// An id of ours from its digits, with any prefix or none.
fn uuid(text: &str) -> Option<Uuid> {
    Uuid::parse_str(digits(text.trim())).ok()
}
