//! Why a message does not count as signed.

/// Why a message is not taken as signed, or could not be signed. Whatever the reason, the message has no
/// effect; [`SigError::code`] tells the partner's engineer where to look.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigError {
    /// No `Signature-Input` or `Signature` field, or none of the signatures carries our tag.
    #[error("no signature with the tag `qorgan-v1`")]
    Missing,
    /// A field is not the strict structured field (RFC 8941) that it must be, or breaks a limit.
    #[error("field `{field}` is malformed: {reason}")]
    Malformed {
        /// Name of the field.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Two signatures carry our tag: none of them is chosen by guess.
    #[error("several signatures with the tag `qorgan-v1`")]
    Ambiguous,
    /// A parameter is missing, of the wrong type, out of range or unknown.
    #[error("signature parameter `{0}` is missing, wrong or not allowed")]
    Parameter(String),
    /// The signature does not cover a component that the profile asks for.
    #[error("the signature does not cover `{0}`")]
    NotCovered(&'static str),
    /// A covered component does not exist in the message, occurs twice or cannot be computed.
    #[error("component `{0}` is absent from the message, repeated or not supported")]
    Component(String),
    /// `expires` has passed.
    #[error("the signature expired at {expires}, it is {now}")]
    Expired {
        /// The signature's `expires`, seconds since 1970.
        expires: i64,
        /// The verifier's wall clock, seconds since 1970.
        now: i64,
    },
    /// `created` lies further in the future than two honest clocks can be apart.
    #[error("the signature was created at {created}, it is only {now}")]
    FromTheFuture {
        /// The signature's `created`, seconds since 1970.
        created: i64,
        /// The verifier's wall clock, seconds since 1970.
        now: i64,
    },
    /// `expires` is not after `created`, or later than the profile allows.
    #[error("the signature's validity of {0} s is not between 1 and 300 s")]
    Lifetime(i64),
    /// `keyid` names no key that is in force.
    #[error("no key `{0}` in force")]
    UnknownKey(String),
    /// The signature is not this key's signature of this message.
    #[error("the signature does not match the message")]
    Invalid,
    /// There is a body and no `Content-Digest` with `sha-256`.
    #[error("no content digest with `sha-256`")]
    DigestMissing,
    /// The body is not the body that the digest was computed over.
    #[error("the content digest does not match the body")]
    DigestMismatch,
}

impl SigError {
    /// The stable code, as it stands in problem documents (RFC 9457) of the partner API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "signature.missing",
            Self::Malformed { .. } => "signature.malformed",
            Self::Ambiguous => "signature.ambiguous",
            Self::Parameter(_) => "signature.parameter",
            Self::NotCovered(_) => "signature.not_covered",
            Self::Component(_) => "signature.component",
            Self::Expired { .. } => "signature.expired",
            Self::FromTheFuture { .. } => "signature.from_the_future",
            Self::Lifetime(_) => "signature.lifetime",
            Self::UnknownKey(_) => "signature.unknown_key",
            Self::Invalid => "signature.invalid",
            Self::DigestMissing => "digest.missing",
            Self::DigestMismatch => "digest.mismatch",
        }
    }
}
