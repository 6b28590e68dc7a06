//! The document around a filter or a change: what it is, its number, until when it is good, and the office's signature over
//! all of it.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::open::SALT;

/// The first bytes, which also keep a signature from being taken for one of something else.
const MAGIC: &[u8; 8] = b"qorganf1";
const HEAD: usize = 8 + 1 + 8 * 5 + SALT;
const SIGNATURE: usize = 64;

/// What a document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A whole filter.
    Base,
    /// What has changed since one.
    Delta,
}

/// What is said of a filter or of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Which of the two.
    pub what: What,
    /// Its number. Later ones have greater ones, whole filters and changes alike.
    pub number: u64,
    /// Of a change: the number of the whole filter that it belongs to.
    pub base: u64,
    /// When it was made, wall time in seconds.
    pub at: i64,
    /// From when on it is nothing any more.
    pub until: i64,
    /// The salt of the whole filter.
    pub salt: [u8; SALT],
    /// How many things it holds.
    pub things: u64,
}

/// Why a document is refused. Whoever has no filter asks about everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no such document, or is cut off.
    #[error("it is no filter, or not the whole of one")]
    Shape,
    /// The office has not signed it so.
    #[error("the signature does not hold")]
    Signature,
    /// A whole filter was expected, or a change.
    #[error("it is a whole filter where a change was expected, or the other way round")]
    Other,
    /// The change belongs to another whole filter.
    #[error("the change belongs to the filter {base}, not to {given}")]
    OtherBase {
        /// The filter that it belongs to.
        base: u64,
        /// The filter that was given.
        given: u64,
    },
    /// It is over.
    #[error("it was good until {until} and is over: fetch a new one")]
    Over {
        /// When it ended, in seconds.
        until: i64,
    },
    /// It was made in the future: the clock here is wrong, or there.
    #[error("it was made at {at}, which is not yet")]
    Early {
        /// When it was made, in seconds.
        at: i64,
    },
    /// A later one was seen before.
    #[error("it is number {number}, and number {seen} was seen before: somebody holds the newer one back")]
    RolledBack {
        /// Its number.
        number: u64,
        /// The number that was seen.
        seen: u64,
    },
}

pub(crate) struct Document<'a> {
    pub(crate) head: Head,
    pub(crate) body: &'a [u8],
}

pub(crate) fn signed(head: &Head, body: &[u8], key: &SigningKey) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.push(match head.what {
        What::Base => 0,
        What::Delta => 1,
    });
    for word in [head.number, head.base, head.at.cast_unsigned(), head.until.cast_unsigned(), head.things] {
        bytes.extend(word.to_be_bytes());
    }
    bytes.extend(head.salt);
    bytes.extend_from_slice(body);
    let signature = key.sign(&bytes);
    bytes.extend(signature.to_bytes());
    bytes
}

/// Reads a document of this key's owner.
pub(crate) fn read<'a>(bytes: &'a [u8], key: &VerifyingKey) -> Result<Document<'a>, Refused> {
    let at = bytes.len().checked_sub(SIGNATURE).ok_or(Refused::Shape)?;
    let (said, signature) = bytes.split_at_checked(at).ok_or(Refused::Shape)?;
    let (head, body) = said.split_at_checked(HEAD).ok_or(Refused::Shape)?;
    let (magic, rest) = head.split_first_chunk::<8>().ok_or(Refused::Shape)?;
    let (what, rest) = rest.split_first().ok_or(Refused::Shape)?;
    let what = match (magic == MAGIC, what) {
        (true, 0) => What::Base,
        (true, 1) => What::Delta,
        _ => return Err(Refused::Shape),
    };
    let signature = Signature::from_slice(signature).map_err(|_| Refused::Signature)?;
    key.verify_strict(said, &signature).map_err(|_| Refused::Signature)?;
    let (words, salt) = rest.split_at_checked(40).ok_or(Refused::Shape)?;
    let mut words =
        words.chunks_exact(8).map(|w| w.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte)));
    let mut word = || words.next().ok_or(Refused::Shape);
    let (number, base, at, until, things) = (word()?, word()?, word()?, word()?, word()?);
    let salt = salt.try_into().map_err(|_| Refused::Shape)?;
    let head = Head { what, number, base, at: at.cast_signed(), until: until.cast_signed(), salt, things };
    Ok(Document { head, body })
}
