//! The real client: HTTP/1.1 with connections kept, and no way inside. Every address is judged three times: when
//! it is typed, before each post, and where its name leads at each connection.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use app::Timer;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::address::{self, AddressError, Reach};
use super::model::Fault;
use super::post::{Answered, Outgoing, Post, Posted};

/// What a post may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first byte sent to the status.
    pub timeout: Duration,
    /// Until the connection stands, the look-up of the name among it.
    pub connect: Duration,
    /// After the status: how long the rest of the answer is read, so that the connection can be kept.
    pub linger: Duration,
    /// How much of the answer's body is read; of a longer one the connection is closed.
    pub answer_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            connect: Duration::from_secs(3),
            linger: Duration::from_secs(1),
            answer_bytes: 64 * 1024,
        }
    }
}

/// Addresses on their way.
pub type Looked = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
/// Looks a name up.
pub type LookUp = Arc<dyn Fn(String) -> Looked + Send + Sync>;

/// Posts over the network.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    reach: Reach,
    limits: Limits,
}

impl Client {
    /// A client that follows no redirect, uses no proxy and looks names up as the machine does.
    ///
    /// # Errors
    /// A sentence, if the TLS backend cannot be set up.
    pub fn new(reach: Reach) -> Result<Self, String> {
        let names: LookUp = Arc::new(|name| {
            Box::pin(async move {
                let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
                Ok(found.map(|a| a.ip()).collect())
            })
        });
        Self::with(reach, Limits::default(), names)
    }

    /// The same with other limits and names: tests.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with(reach: Reach, limits: Limits, names: LookUp) -> Result<Self, String> {
        let http = reqwest::Client::builder()
            .timeout(limits.timeout)
            .connect_timeout(limits.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("qorgan")
            .no_proxy()
            .dns_resolver(Outside { reach, names })
            .build()
            .map_err(|e| e.to_string())?;
        Ok(Self { http, reach, limits })
    }

    async fn send(&self, out: Outgoing) -> Result<Answered, Fault> {
        address::host_admitted(&out.url, self.reach).map_err(|e| match e {
            AddressError::Inside => Fault::Inside,
            AddressError::Scheme | AddressError::Unreadable => Fault::Tls,
        })?;
        let mut request = self.http.post(out.url).body(out.body);
        for (name, value) in out.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|e| fault(&e))?;
        let answered = Answered {
            status: response.status().as_u16(),
            retry_after_secs: retry_after(response.headers()),
        };
        // The status has decided. The rest is read only so that the connection can be kept, and not for long.
        Timer.limit(self.limits.linger, leave(response, self.limits.answer_bytes)).await;
        Ok(answered)
    }
}

impl Post for Client {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        Box::pin(self.send(out))
    }
}

/// Reads the body to its end, but no more than `most` bytes of it.
async fn leave(mut response: reqwest::Response, most: u64) {
    if response.content_length().is_some_and(|length| length > most) {
        return;
    }
    let mut read = 0_u64;
    while let Ok(Some(chunk)) = response.chunk().await {
        read = read.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if read > most {
            return;
        }
    }
}

/// `Retry-After` (RFC 9110, 10.2.3), where it counts seconds; a date is not read.
fn retry_after(headers: &HeaderMap) -> Option<u32> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

/// Why nothing came back. Only a word of it is kept: texts of errors may hold the address.
fn fault(error: &reqwest::Error) -> Fault {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    let mut secure = false;
    while let Some(error) = source {
        if error.is::<Refused>() {
            return Fault::Inside;
        }
        let text = error.to_string().to_lowercase();
        // Without TLS built in, the connector says the first; the others are rustls'.
        secure |= ["scheme is not http", "certificate", "tls", "handshake"].iter().any(|w| text.contains(w));
        source = error.source();
    }
    if error.is_timeout() {
        Fault::Timeout
    } else if error.is_dns() {
        Fault::Name
    } else if secure {
        Fault::Tls
    } else if error.is_connect() {
        Fault::Unreachable
    } else {
        Fault::Broken
    }
}

/// A name leads to an address that nothing is posted to.
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to this machine, a private network or a reserved range")
    }
}

impl Error for Refused {}

/// Looks names up and refuses those that lead inside, with one of their addresses or all.
struct Outside {
    reach: Reach,
    names: LookUp,
}

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, reach) = ((self.names)(name.as_str().to_owned()), self.reach);
        Box::pin(async move {
            let found = found.await?;
            if !found.iter().all(|ip| address::admitted(*ip, reach)) {
                return Err(Refused.into());
            }
            let all: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(all)
        })
    }
}
