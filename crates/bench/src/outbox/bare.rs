//! The denominators: loops that sign and post and keep nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use httpsig::{SigningKey, VerifyingKey};
use partner::notify::signing::{self, SigningSecret};
use partner::notify::{Answered, NotificationId, Outgoing, Post as _, Topic};
use url::Url;

use super::receiver::Receipt;
use super::stand::Stand;
use crate::clock::Stopwatch;

/// Posts under way at the same time, as the sender has them.
const AT_ONCE: usize = partner::notify::rules::AT_ONCE;

/// Makes requests one after another by their number, `AT_ONCE` at the same time, until `count` are answered; gives
/// the nanoseconds. Client, receiver and number of posts under way are those of the sender.
pub(super) fn post_all(
    stand: &Stand,
    count: usize,
    make: impl Fn(usize) -> anyhow::Result<Outgoing> + Send + Sync + 'static,
) -> anyhow::Result<u64> {
    let (make, next) = (Arc::new(make), Arc::new(AtomicUsize::new(0)));
    let watch = Stopwatch::start();
    stand.runtime.block_on(async {
        let mut loops = Vec::new();
        for _ in 0..AT_ONCE {
            let (make, next, client) = (Arc::clone(&make), Arc::clone(&next), Arc::clone(&stand.client));
            loops.push(tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return anyhow::Ok(());
                    }
                    let answered = client.post(make(number)?).await;
                    ensure!(matches!(answered, Ok(Answered { status: 204, .. })), "{answered:?}");
                }
            }));
        }
        for one in loops {
            one.await??;
        }
        anyhow::Ok(())
    })?;
    Ok(watch.nanoseconds())
}

/// Each endpoint's address and secret.
fn endpoints(stand: &Stand) -> anyhow::Result<Vec<(Url, SigningSecret)>> {
    let base = format!("http://{}", stand.receiver.address);
    let url = |path: &str| Url::parse(&format!("{base}{path}"));
    stand.alive().into_iter().map(|(path, secret)| Ok((url(&path)?, secret))).collect()
}

/// The same bodies to the same addresses with HMAC signatures.
pub(super) fn hmac(stand: &Stand, count: usize) -> anyhow::Result<u64> {
    let (endpoints, app) = (endpoints(stand)?, stand.app.clone());
    post_all(stand, count, move |number| {
        let (url, secret) = endpoints.get(number % endpoints.len()).context("no endpoint")?;
        let now = app.wall.now();
        let body = signing::body(Topic::Order, now);
        let headers = signing::headers([secret], NotificationId::from_uuid(app.uuid()), now, &body);
        Ok(Outgoing { url: url.clone(), headers, body })
    })
}

/// A body as long as that of an order with one object.
pub(super) const ORDER_BYTES: usize = 1_400;

fn order_url(stand: &Stand) -> anyhow::Result<Url> {
    Ok(Url::parse(&format!("http://{}/gateway/messages", stand.receiver.address))?)
}

fn order_body(number: usize) -> Vec<u8> {
    let mut body = format!(r#"{{"type":"order.v1","message_id":"msg_{number:032x}","pad":""#).into_bytes();
    body.resize(ORDER_BYTES - 2, b'x');
    body.extend_from_slice(br#""}"#);
    body
}

/// As orders are signed: RFC 9421 with Ed25519 and a digest, by the function that the order slice calls.
pub(super) fn rfc9421(stand: &Stand, count: usize) -> anyhow::Result<u64> {
    let (url, app) = (order_url(stand)?, stand.app.clone());
    post_all(stand, count, move |number| {
        let body = order_body(number);
        let signed = partner::service::sign_request(&app, "POST", url.as_str(), &body);
        let signed = signed.map_err(anyhow::Error::msg)?;
        let headers = signed.into_iter().filter_map(|(name, value)| Some((known(&name)?, value))).collect();
        Ok(Outgoing { url: url.clone(), headers, body })
    })
}

/// The headers of a signed request have these names.
fn known(name: &str) -> Option<&'static str> {
    ["content-type", "content-digest", "signature-input", "signature"].into_iter().find(|n| *n == name)
}

/// Header of a bare signature.
const BARE: &str = "x-signature";

/// Ed25519 over the body alone, in one header.
pub(super) fn ed25519(stand: &Stand, count: usize) -> anyhow::Result<u64> {
    use ed25519_dalek::Signer as _;
    let url = order_url(stand)?;
    let key = SigningKey::from_bytes(stand.app.node.message_key.expose());
    post_all(stand, count, move |number| {
        let body = order_body(number);
        let signature = STANDARD.encode(key.sign(&body).to_bytes());
        let headers = vec![("content-type", "application/json".to_owned()), (BARE, signature)];
        Ok(Outgoing { url: url.clone(), headers, body })
    })
}

fn key(stand: &Stand) -> VerifyingKey {
    SigningKey::from_bytes(stand.app.node.message_key.expose()).verifying_key()
}

/// Every receipt is signed as RFC 9421 says; gives how many there are.
pub(super) fn verify_rfc9421(stand: &Stand, receipts: &[Receipt]) -> anyhow::Result<usize> {
    let (url, key, now) = (order_url(stand)?, key(stand), stand.app.wall.now().as_secs());
    for receipt in receipts {
        let request = httpsig::Request {
            method: "POST",
            target_uri: url.as_str(),
            headers: &receipt.headers,
            body: &receipt.body,
        };
        httpsig::verify_request(&request, |_| Some(key), now)?;
    }
    Ok(receipts.len())
}

/// Every receipt is signed over its body; gives how many there are.
pub(super) fn verify_ed25519(stand: &Stand, receipts: &[Receipt]) -> anyhow::Result<usize> {
    let key = key(stand);
    for receipt in receipts {
        let text = receipt.headers.get(BARE).and_then(|v| v.to_str().ok()).context("no signature")?;
        let bytes: [u8; 64] = STANDARD.decode(text)?.try_into().ok().context("no signature")?;
        key.verify_strict(&receipt.body, &ed25519_dalek::Signature::from_bytes(&bytes))?;
    }
    Ok(receipts.len())
}
