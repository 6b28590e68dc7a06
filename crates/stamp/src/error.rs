//! Why an answer is no time stamp.

/// Why an answer is no time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    /// It does not read.
    #[error("this is no answer of a time-stamping authority")]
    Form,
    /// The authority has not stamped it.
    #[error("the authority refuses")]
    Refused,
    /// Another hash was stamped.
    #[error("another hash was stamped")]
    OtherHash,
    /// It answers another question.
    #[error("the answer is to another question")]
    Nonce,
    /// There is no certificate, or none that leads to one that is believed.
    #[error("no certificate that is believed has signed it")]
    Certificate,
    /// The certificate may not stamp times, or not at that time.
    #[error("the certificate may not stamp times, or not then")]
    Purpose,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// Signed in a way that is not taken.
    #[error("it is signed in a way that is not taken")]
    Algorithm,
}

impl From<der::Error> for StampError {
    fn from(_: der::Error) -> Self {
        Self::Form
    }
}
