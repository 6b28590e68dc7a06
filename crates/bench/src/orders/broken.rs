//! Builds that are broken on purpose. Each stands between the real services and the network and changes what they do;
//! the harness must notice, or it proves nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;
use httpsig::{Params, Request, Response, SigningKey};
use kernel::WallClock;
use order::gateway::{Incoming, Outgoing, Post, Posted};
use serde_json::{Value, json};

use super::country::{codes, json_headers, key, pairs};
use super::net::number_of;
use super::words::{self, About};

/// Which build is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// The platform as it is.
    True,
    /// It takes HTTP 200 for a receipt.
    BelievesOk,
    /// It gives a message a new id at each repetition.
    NewIds,
}

impl Build {
    /// What is broken.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::True => "the platform as it is",
            Self::BelievesOk => "HTTP 200 taken for a receipt",
            Self::NewIds => "a new message id at each repetition",
        }
    }

    /// Puts the fault between services and network.
    pub(crate) fn over(self, network: Arc<dyn Post>, wall: &WallClock, node: [u8; 32]) -> Arc<dyn Post> {
        let (wall, count) = (wall.clone(), AtomicU64::new(0));
        match self {
            Self::True => network,
            Self::BelievesOk => Arc::new(BelievesOk { network, wall, count }),
            Self::NewIds => Arc::new(NewIds { network, wall, count, node: SigningKey::from_bytes(&node) }),
        }
    }
}

struct BelievesOk {
    network: Arc<dyn Post>,
    wall: WallClock,
    count: AtomicU64,
}

impl BelievesOk {
    /// What a platform does that believes: it goes on as after a signed receipt.
    fn receipt(&self, out: &Outgoing) -> Option<Incoming> {
        let number = number_of(&out.url)?;
        let asked = words::read(&out.body).filter(|a| a.kind == "order.v1")?;
        let (code, n) = (codes(number).0, self.count.fetch_add(1, Ordering::Relaxed));
        let (id, keyid) = (format!("believed-{n}"), format!("{code}/1"));
        let (at, now) = (self.wall.now(), self.wall.now().as_secs());
        let about = About { id: &id, order: &asked.order, executor: &code, object: None, at };
        let body = words::answer(about, &[json!({"code": "A00"})]);
        let mut headers = json_headers();
        let response = Response { status: 200, headers: &headers, body: &body };
        let params = Params { keyid: &keyid, nonce: &id, created: now, expires: now + 60 };
        let added = httpsig::sign_response(&key(number), &response, &params).ok()?;
        headers.extend(added);
        Some(Incoming { status: 200, headers: pairs(&headers), body })
    }
}

impl Post for BelievesOk {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        Box::pin(async move {
            let came = self.network.post(out.clone()).await?;
            let bare = came.status < 300 && !came.headers.iter().any(|(name, _)| name == "signature");
            Ok(self.receipt(&out).filter(|_| bare).unwrap_or(came))
        })
    }
}

struct NewIds {
    network: Arc<dyn Post>,
    wall: WallClock,
    count: AtomicU64,
    node: SigningKey,
}

impl NewIds {
    fn renamed(&self, out: &Outgoing) -> Option<Outgoing> {
        let mut said: Value = serde_json::from_slice(&out.body).ok()?;
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        said.as_object_mut()?.insert("message_id".to_owned(), format!("msg_{n:032x}").into());
        let body = said.to_string().into_bytes();
        let mut headers: HeaderMap = json_headers();
        let request = Request { method: "POST", target_uri: &out.url, headers: &headers, body: &body };
        let (nonce, now) = (format!("new-{n}"), self.wall.now().as_secs());
        let keyid = super::office::node_key().0;
        let params = Params { keyid: &keyid, nonce: &nonce, created: now, expires: now + 60 };
        let added = httpsig::sign_request(&self.node, &request, &params).ok()?;
        headers.extend(added);
        Some(Outgoing { url: out.url.clone(), headers: pairs(&headers), body })
    }
}

impl Post for NewIds {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        let renamed = self.renamed(&out).unwrap_or(out);
        self.network.post(renamed)
    }
}
