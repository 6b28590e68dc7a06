//! Any of the messages, and the way in and out of bytes.

use std::cell::OnceCell;

use crate::out::document;
use crate::place::{Part, Place};
use crate::{
    CancellationRequest, Fault, InvestigationRequest, InvestigationResponse, PaymentReturn, ReadError,
    Resolution,
};

/// What every namespace of ISO 20022 begins with; the name of the message follows.
pub(crate) const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:";

/// A message: the version that is written, and its element.
pub(crate) trait Body: Part {
    const NAME: &'static str;
    const ROOT: &'static str;
    /// Characters of an identifier of a party in that version.
    const PARTY_ID: usize;
}

/// A message that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// camt.056: payments are called back.
    CancellationRequest(Box<CancellationRequest>),
    /// camt.029: what became of a recall.
    Resolution(Box<Resolution>),
    /// camt.110: questions.
    InvestigationRequest(Box<InvestigationRequest>),
    /// camt.111: answers.
    InvestigationResponse(Box<InvestigationResponse>),
    /// pacs.004: money comes back.
    PaymentReturn(Box<PaymentReturn>),
}

impl Message {
    /// The versions that are written.
    pub const WRITTEN: [&'static str; 5] = [
        CancellationRequest::NAME,
        Resolution::NAME,
        InvestigationRequest::NAME,
        InvestigationResponse::NAME,
        PaymentReturn::NAME,
    ];

    /// Reads a document. The namespace of its root says which message it is; any version of one of the five is
    /// taken if what is needed is found in it, and elements that are not known are passed over.
    ///
    /// # Errors
    /// Bytes that are no such document, that break a limit, or that say what cannot be; with the place, where
    /// there is one. Never any text of the document.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let tree = crate::tree::parse(bytes)?;
        let name = tree.namespace.strip_prefix(NAMESPACE).ok_or(ReadError::NotADocument)?;
        if tree.root.name != "Document" || !is_name(name) {
            return Err(ReadError::NotADocument);
        }
        let currency = OnceCell::new();
        let root = Place::root(&tree.root, &currency);
        root.elements_only()?;
        match name.get(..8) {
            Some("camt.056") => Ok(Self::CancellationRequest(Box::new(body(&root)?))),
            Some("camt.029") => Ok(Self::Resolution(Box::new(body(&root)?))),
            Some("camt.110") => Ok(Self::InvestigationRequest(Box::new(body(&root)?))),
            Some("camt.111") => Ok(Self::InvestigationResponse(Box::new(body(&root)?))),
            Some("pacs.004") => Ok(Self::PaymentReturn(Box::new(body(&root)?))),
            _ => Err(ReadError::OtherMessage(name.to_owned())),
        }
    }

    /// The document, in the version that is written.
    ///
    /// # Errors
    /// The first place that the schema or a reader would refuse.
    pub fn to_xml(&self) -> Result<String, Fault> {
        match self {
            Self::CancellationRequest(message) => document(&**message),
            Self::Resolution(message) => document(&**message),
            Self::InvestigationRequest(message) => document(&**message),
            Self::InvestigationResponse(message) => document(&**message),
            Self::PaymentReturn(message) => document(&**message),
        }
    }

    /// The name of the version that is written, `camt.056.001.12`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CancellationRequest(_) => CancellationRequest::NAME,
            Self::Resolution(_) => Resolution::NAME,
            Self::InvestigationRequest(_) => InvestigationRequest::NAME,
            Self::InvestigationResponse(_) => InvestigationResponse::NAME,
            Self::PaymentReturn(_) => PaymentReturn::NAME,
        }
    }
}

fn body<B: Body>(root: &Place<'_>) -> Result<B, Fault> {
    root.need(B::ROOT)?.inside()
}

/// Whether it is a name of a message of the first variant, `camt.056.001.08`: four letters, three digits, `001`,
/// two digits.
fn is_name(name: &str) -> bool {
    let mut parts = name.split('.');
    let digits = |part: Option<&str>, len: usize| {
        part.is_some_and(|p| p.len() == len && p.bytes().all(|b| b.is_ascii_digit()))
    };
    parts.next().is_some_and(|p| p.len() == 4 && p.bytes().all(|b| b.is_ascii_lowercase()))
        && digits(parts.next(), 3)
        && parts.next() == Some("001")
        && digits(parts.next(), 2)
        && parts.next().is_none()
}
