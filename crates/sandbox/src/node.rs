//! The node as an outside party sees it: addresses below one base, signed requests, loopback only.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use httpsig::{
    Params, Request, SigningKey, VerifyingKey, public_key_from_text, sign_request, verify_request,
};

use crate::clock::{Reading, pause, wall_micros, wall_secs};
use crate::country::require_loopback;
use crate::moment::Moment;
use crate::wire::{self, openapi};

/// How long one request may take by the wall clock.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a signature is good for, seconds by the wall clock.
const FRESH_SECS: i64 = 240;

/// Whoever signs.
#[derive(Clone)]
pub struct Signer {
    /// `CODE/NAME`.
    pub keyid: String,
    /// The private key.
    pub key: SigningKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.keyid)
    }
}

/// A request ready to go; sending it twice sends the same signature twice.
#[derive(Debug, Clone)]
pub struct Ready {
    url: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Ready {
    /// The same request without its signature.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        for name in ["signature", "signature-input"] {
            self.headers.remove(name);
        }
        self
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// Whether it was taken.
    #[must_use]
    pub const fn taken(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
    /// Whether trying again makes sense.
    #[must_use]
    pub const fn try_again(&self) -> bool {
        self.status >= 500 || self.status == 429 || self.status == 408
    }
    /// The problem's stable code, or the bare status.
    #[must_use]
    pub fn code(&self) -> String {
        let problem: wire::Problem = serde_json::from_slice(&self.body).unwrap_or_default();
        if problem.code.is_empty() { format!("http.{}", self.status) } else { problem.code }
    }
}

/// The node.
#[derive(Debug)]
pub struct Node {
    base: String,
    http: reqwest::Client,
    keys: RwLock<HashMap<String, VerifyingKey>>,
}

impl Node {
    /// A node at `base`.
    ///
    /// # Errors
    /// If it is not on loopback.
    pub fn new(base: &str) -> anyhow::Result<Self> {
        require_loopback(base)?;
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .context("cannot make an HTTP client")?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), http, keys: RwLock::default() })
    }

    /// The node's address without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The client, for pages.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let url = format!("{}{path}", self.base);
        let reply = self.http.get(&url).send().await.with_context(|| format!("`{url}` cannot be reached"))?;
        ensure!(reply.status().is_success(), "`{url}` answers {}", reply.status());
        let bytes = reply.bytes().await?;
        serde_json::from_slice(&bytes)
            .with_context(|| format!("`{url}` answers something else than documented"))
    }

    /// Waits until the node answers, at most `patience_secs`, and reads its clock.
    ///
    /// # Errors
    /// If it does not.
    pub async fn wait(&self, patience_secs: i64) -> anyhow::Result<Reading> {
        let give_up = wall_secs() + patience_secs;
        loop {
            match self.clock().await {
                Ok(reading) => return Ok(reading),
                Err(error) if wall_secs() >= give_up => return Err(error),
                Err(_) => pause(Duration::from_millis(300)).await,
            }
        }
    }

    /// Reads the node's office clock.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn clock(&self) -> anyhow::Result<Reading> {
        let before = wall_micros();
        let clock: wire::Clock = self.get("/api/v1/clock").await?;
        let after = wall_micros();
        let office =
            Moment::parse(&clock.office).with_context(|| format!("`{}` is no time", clock.office))?;
        ensure!(clock.factor >= 1, "the node's clock has factor {}", clock.factor);
        Ok(Reading { office, wall_micros: before.midpoint(after), factor: clock.factor })
    }

    /// Reads the keys the node signs with.
    ///
    /// # Errors
    /// If there is none.
    pub async fn load_keys(&self) -> anyhow::Result<()> {
        let told: wire::NodeKeys = self.get("/api/v1/keys").await?;
        let keys: HashMap<String, VerifyingKey> = told
            .keys
            .iter()
            .filter_map(|k| Some((k.keyid.clone(), public_key_from_text(&k.public_key).ok()?)))
            .collect();
        ensure!(!keys.is_empty(), "the node publishes no usable key");
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// Compares the node's published description with what this side relies on.
    ///
    /// # Errors
    /// Names every operation and field that is missing.
    pub async fn check_contract(&self) -> anyhow::Result<()> {
        let document: serde_json::Value = self.get("/api/v1/openapi.json").await?;
        let missing = openapi::missing(&document);
        if !missing.is_empty() {
            bail!(
                "the node's published API lacks what the simulated country relies on: {}",
                missing.join("; ")
            );
        }
        Ok(())
    }

    /// Whether a request to one of our gateways was signed by the node; gives key and nonce.
    ///
    /// # Errors
    /// Why it does not count as signed.
    pub fn verify(
        &self,
        method: &str,
        target_uri: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<httpsig::Verified, httpsig::SigError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let request = Request { method, target_uri, headers, body };
        verify_request(&request, |keyid| keys.get(keyid).copied(), wall_secs())
    }

    /// Signs a `POST` of JSON.
    ///
    /// # Errors
    /// If the request cannot be signed.
    pub fn post(&self, signer: &Signer, path: &str, body: Vec<u8>) -> anyhow::Result<Ready> {
        let url = format!("{}{path}", self.base);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let added = sign(signer, "POST", &url, &headers, &body)?;
        headers.extend(added);
        Ok(Ready { url, headers, body })
    }

    /// A `POST` of JSON that bears a token in the place of a signature.
    ///
    /// # Errors
    /// If nothing came back.
    pub async fn post_with(&self, token: &str, path: &str, body: &[u8]) -> Result<Reply, reqwest::Error> {
        let url = format!("{}{path}", self.base);
        let request = self.http.post(url).bearer_auth(token).header(CONTENT_TYPE, "application/json");
        reply(request.body(body.to_vec()).send().await?).await
    }

    /// Sends a `POST` made by [`Node::post`].
    ///
    /// # Errors
    /// If nothing came back.
    pub async fn send(&self, ready: &Ready) -> Result<Reply, reqwest::Error> {
        let request = self.http.post(&ready.url).headers(ready.headers.clone()).body(ready.body.clone());
        reply(request.send().await?).await
    }

    /// A signed `GET`.
    ///
    /// # Errors
    /// If it cannot be signed or nothing came back.
    pub async fn get_signed(&self, signer: &Signer, path: &str) -> anyhow::Result<Reply> {
        let url = format!("{}{path}", self.base);
        let headers = sign(signer, "GET", &url, &HeaderMap::new(), &[])?;
        Ok(reply(self.http.get(&url).headers(headers).send().await?).await?)
    }
}

async fn reply(response: reqwest::Response) -> Result<Reply, reqwest::Error> {
    let status = response.status().as_u16();
    Ok(Reply { status, body: response.bytes().await?.to_vec() })
}

/// A nonce that no other signature has.
///
/// # Errors
/// If the operating system has no randomness.
pub fn nonce() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
    Ok(hex::encode(bytes))
}

fn sign(
    signer: &Signer,
    method: &str,
    url: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> anyhow::Result<HeaderMap> {
    let (created, nonce) = (wall_secs(), nonce()?);
    let params = Params { keyid: &signer.keyid, nonce: &nonce, created, expires: created + FRESH_SECS };
    Ok(sign_request(&signer.key, &Request { method, target_uri: url, headers, body }, &params)?)
}
