//! The outgoing network, as an argument: the program hands in [`crate::notify::Client`], tests something that
//! answers as they please.

use std::future::Future;
use std::pin::Pin;

use url::Url;

use super::model::Fault;

/// What is posted.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Full address.
    pub url: Url,
    /// Header names and values, the signature among them.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Vec<u8>,
}

/// What came back. Nothing of its body is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// The header `Retry-After`, where it counts seconds.
    pub retry_after_secs: Option<u32>,
}

/// A future in a box.
pub type Posted<'a> = Pin<Box<dyn Future<Output = Result<Answered, Fault>> + Send + 'a>>;

/// Something that can post. Implementations bound time and size, and follow no redirect.
pub trait Post: Send + Sync + 'static {
    /// Posts and waits for the status, at most ten seconds.
    fn post(&self, out: Outgoing) -> Posted<'_>;
}
