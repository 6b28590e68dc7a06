//! Posting to the endpoint, with the bounds of the live node: ten seconds, 256 KiB of answer, no redirects, no proxy.

use std::time::Duration;

use anyhow::Context as _;
use http::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::clock::pause;

/// How long an endpoint may take to answer a message.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes read of an answer.
const MAX_BODY: usize = 256 * 1024;
/// In how many pieces a slow body goes.
const PIECES: usize = 8;
/// Pause before each of them.
const PIECE_PAUSE: Duration = Duration::from_millis(400);

/// What came back.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Header fields.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// Whether the message was taken.
    #[must_use]
    pub const fn taken(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
    /// Whether it was refused.
    #[must_use]
    pub const fn refused(&self) -> bool {
        self.status >= 400 && self.status < 500
    }
}

/// Posts over the network.
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

impl Client {
    /// A client that goes to the address given and nowhere else.
    ///
    /// # Errors
    /// If it cannot be set up.
    pub fn new() -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(Duration::from_secs(3))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("qorgan-conformance/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("cannot make an HTTP client")?;
        Ok(Self(client))
    }

    /// Posts.
    ///
    /// # Errors
    /// A sentence, if nothing came back.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<Reply, String> {
        let sent = self.0.post(url).headers(headers).body(body).send().await;
        let mut response = sent.map_err(|error| sentence(&error))?;
        let mut reply = Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Vec::new(),
        };
        while let Some(chunk) = response.chunk().await.map_err(|error| sentence(&error))? {
            if reply.body.len() + chunk.len() > MAX_BODY {
                return Err("the answer is longer than 256 KiB".to_owned());
            }
            reply.body.extend_from_slice(&chunk);
        }
        Ok(reply)
    }

    /// Posts a body in pieces with pauses, on a connection of its own. Of the answer only the status is read.
    ///
    /// # Errors
    /// A sentence, if nothing came back.
    pub async fn post_slowly(&self, url: &str, headers: &HeaderMap, body: &[u8]) -> Result<u16, String> {
        let all = slowly(url, headers, body);
        match tokio::time::timeout(PATIENCE + PIECE_PAUSE * 8, all).await {
            Ok(Ok(status)) => Ok(status),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("no answer in time".to_owned()),
        }
    }
}

/// What went wrong, without the address.
fn sentence(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer within ten seconds".to_owned();
    }
    let what = if error.is_connect() { "no connection" } else { "the connection broke" };
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    format!("{what}: {cause}")
}

async fn slowly(url: &str, headers: &HeaderMap, body: &[u8]) -> anyhow::Result<u16> {
    let url = url::Url::parse(url)?;
    let (host, port) = (url.host_str().context("no host")?, url.port_or_known_default().context("no port")?);
    let mut socket = tokio::net::TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let authority = url.port().map_or_else(|| host.to_owned(), |p| format!("{host}:{p}"));
    let mut head = format!("POST {} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n", url.path());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str()?));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    socket.write_all(head.as_bytes()).await?;
    for piece in body.chunks(body.len().div_ceil(PIECES).max(1)) {
        pause(PIECE_PAUSE).await;
        socket.write_all(piece).await?;
        socket.flush().await?;
    }
    let mut answer = Vec::new();
    socket.take(64 * 1024).read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer);
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
    status.context("what came back is no HTTP")
}
