//! Notifications to partners by [Standard Webhooks](https://www.standardwebhooks.com): that something waits in the
//! inbox, and nothing else. What waits is fetched with a signature of RFC 9421; nothing carries both
//! (`docs/decisions/0018`).
//!
//! `model <- {signing, address, rules, store} <- {secrets, service} <- jobs`; `post` and `client` are the network.
//!
//! # Architecture invariants
//! - What is posted is made from a topic and a time ([`signing::body`]): nothing of an order can get into it.
//! - A notification is put in the transaction of the act that it tells of, by [`waiting`].
//! - An endpoint that does not answer takes no other's place.

pub mod address;
pub mod client;
pub mod error;
pub mod jobs;
pub mod model;
pub mod post;
pub mod rules;
pub mod secrets;
pub mod service;
mod settle;
pub mod signing;
pub mod store;

use app::App;
use db::{DbError, Tx};
use kernel::Timestamp;

pub use address::Reach;
pub use client::Client;
pub use error::NotifyError;
pub use jobs::Sender;
pub use model::{
    Endpoint, EndpointId, EndpointState, Fault, Mode, Notification, NotificationId, NotificationState, Topic,
};
pub use post::{Answered, Outgoing, Post, Posted};

/// How long a notification waits for others to be told by it, and for the inbox to number what it tells of.
const GATHER_MICROS: i64 = 1_000_000;
/// How long notifications that have ended are kept.
const KEPT_SECS: i64 = 30 * 86_400;

/// Something lies ready for a partner: its live endpoints that asked for `topic` are notified, in the transaction of
/// the act. While a notification of the same endpoint and topic waits, it tells of this, too, and no second one is
/// put. A partner that is unknown, takes no part or has no endpoint is not notified. Gives how many were put.
///
/// # Errors
/// The database's.
pub fn waiting(tx: &mut Tx<'_>, app: &App, partner_code: &str, topic: Topic) -> Result<usize, DbError> {
    let wall = app.wall.now();
    let bounds = app.profile.breaker();
    let mut new = 0_usize;
    for (endpoint, failures) in store::endpoint::listening(tx, partner_code, topic)? {
        // To a silent endpoint nothing goes before its next probe, and then all of it.
        let silent = failures >= i64::from(bounds.failures.max(1));
        let due = if silent {
            wall.plus_secs(i64::from(bounds.probe_seconds))
        } else {
            wall.plus_micros(GATHER_MICROS)
        };
        new = new.saturating_add(usize::from(put(tx, app, endpoint, topic, due)?));
    }
    Ok(new)
}

/// Puts one notification, due at `due` (wall time), unless one waits that can tell of this, too.
fn put(
    tx: &mut Tx<'_>,
    app: &App,
    endpoint: EndpointId,
    topic: Topic,
    due: Timestamp,
) -> Result<bool, DbError> {
    let id = NotificationId::from_uuid(app.uuid());
    store::notification::put(tx, id, endpoint, topic, app.wall.now(), due)
}

/// Removes notifications that have ended and are older than thirty days, some at a time; says how many.
///
/// # Errors
/// The database's.
pub fn purge(tx: &mut Tx<'_>, wall: Timestamp) -> Result<u64, DbError> {
    store::notification::purge(tx, wall.plus_secs(-KEPT_SECS))
}
