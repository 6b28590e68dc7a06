//! The real client behind `order::gateway::Post`: HTTP/1.1 with connections kept, ten seconds, 256 KiB.

use std::time::Duration;

use order::gateway::{Incoming, Outgoing, Post, PostError, Posted};

/// How long a partner may take to answer a post.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes read of an answer.
const MAX_BODY: usize = 256 * 1024;

/// Posts over the network.
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

impl Client {
    /// A client that follows no redirect: an order goes to the address agreed and nowhere else.
    ///
    /// # Errors
    /// If the TLS backend cannot be set up.
    pub fn new() -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(3))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self(client))
    }
}

impl Post for Client {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        Box::pin(async move {
            let mut request = self.0.post(&out.url).body(out.body);
            for (name, value) in &out.headers {
                request = request.header(name, value);
            }
            let mut response = request.send().await.map_err(|e| PostError(e.without_url().to_string()))?;
            let status = response.status().as_u16();
            let headers = response
                .headers()
                .iter()
                .filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())))
                .collect();
            let mut body = Vec::new();
            while let Some(chunk) =
                response.chunk().await.map_err(|e| PostError(e.without_url().to_string()))?
            {
                if body.len() + chunk.len() > MAX_BODY {
                    return Err(PostError("the answer is too large".into()));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Incoming { status, headers, body })
        })
    }
}
