//! The outgoing network, as an argument: the program hands in a real client, tests a fake partner.

use std::future::Future;
use std::pin::Pin;

/// What is posted.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Full address.
    pub url: String,
    /// Header names and values, the signature among them.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub struct Incoming {
    /// HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// At most 256 KiB of body.
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct PostError(pub String);

/// A future in a box.
pub type Posted<'a> = Pin<Box<dyn Future<Output = Result<Incoming, PostError>> + Send + 'a>>;

/// Something that can post. Implementations bound time and size.
pub trait Post: Send + Sync + 'static {
    /// Posts and waits for the answer, at most ten seconds.
    fn post(&self, out: Outgoing) -> Posted<'_>;
}
