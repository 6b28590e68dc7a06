//! What a partner does with its endpoints, and the administrator for it: one function a verb. Whoever is neither is
//! told that there is nothing.

use access::Action;
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Secret, Timestamp};
use serde_json::{Value, json};

use super::address::{self, Reach};
use super::error::NotifyError;
use super::model::{Endpoint, EndpointId, EndpointState, Fault, Mode, Notification, NotificationId, Topic};
use super::secrets::{self, Opened};
use super::signing::SigningSecret;
use super::store::{self, EndpointRow};
use super::{put, rules};
use crate::model::Partner;
use crate::service::PartnerError;

/// Endpoints of one partner, at most.
pub const MOST_ENDPOINTS: usize = 8;
/// How long a secret that was replaced still signs, beside the new one.
pub const PREVIOUS_SIGNS_SECS: i64 = 86_400;

/// An endpoint to be added.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    /// Where notifications are to be posted, as typed.
    pub url: String,
    /// What it is to hear of.
    pub topics: Vec<Topic>,
    /// What it is for.
    pub mode: Mode,
}

/// A secret, to be handed to its owner once: it cannot be shown again.
#[derive(Debug)]
pub struct Handed {
    /// Of which endpoint.
    pub endpoint: EndpointId,
    /// `whsec_…`.
    pub secret: Secret<String>,
}

/// An endpoint with its last notifications, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointView {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// At most 50.
    pub history: Vec<Notification>,
}

/// What is to go out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// One notification, whatever became of it.
    One(NotificationId),
    /// All that have ended and were put since, wall time; at most 500, the newest.
    Since(Timestamp),
}

/// The partner, if the actor may change its endpoints: it itself, or whoever manages partners.
fn managed(tx: &mut Tx<'_>, app: &App, actor: &Actor, code: &str) -> Result<Partner, NotifyError> {
    of_actor(tx, app, actor, code, Action::ManageOwnKeys, Action::ManagePartners)
}

fn of_actor(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    code: &str,
    own: Action,
    others: Action,
) -> Result<Partner, NotifyError> {
    crate::manage::of_actor(tx, app, actor, code, (own, others)).map_err(|e| match e {
        PartnerError::Access(e) => NotifyError::Access(e),
        PartnerError::Db(e) => NotifyError::Db(e),
        _ => NotifyError::NotFound,
    })
}

fn owned(tx: &mut Tx<'_>, partner: &Partner, id: EndpointId) -> Result<EndpointRow, NotifyError> {
    store::endpoint::find(tx, id, partner.id)?.ok_or(NotifyError::NotFound)
}

fn record(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    name: &'static str,
    endpoint: &Endpoint,
    more: Value,
) -> Result<(), NotifyError> {
    let mut facts = json!({"endpoint": endpoint.id, "host": endpoint.host()});
    if let (Some(facts), Value::Object(more)) = (facts.as_object_mut(), more) {
        facts.extend(more);
    }
    let act = Act { facts, ..Act::about(name, "partner", endpoint.partner.uuid()) };
    Ok(app.record(tx, actor, &act)?)
}

/// All endpoints of a partner with their last notifications, the oldest endpoint first. For the partner itself and
/// for whoever may look institutions up.
///
/// # Errors
/// Not permitted; [`NotifyError::NotFound`].
pub async fn list(app: &App, actor: &Actor, code: &str) -> Result<Vec<EndpointView>, NotifyError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .read(move |tx| {
            let partner = of_actor(tx, &me, &actor, &code, Action::ViewPartner, Action::ViewPartner)?;
            let rows = store::endpoint::of_partner(tx, partner.id)?;
            rows.into_iter()
                .map(|row| {
                    let history = store::notification::history(tx, row.endpoint.id)?;
                    Ok(EndpointView { endpoint: row.endpoint, history })
                })
                .collect()
        })
        .await
}

/// Adds an endpoint and draws its secret, which is given back this once. Notifications begin at once.
///
/// # Errors
/// Not permitted; [`NotifyError::Address`], [`NotifyError::Topics`], [`NotifyError::Known`], [`NotifyError::Limit`],
/// [`NotifyError::NoKey`], [`NotifyError::NotFound`].
pub async fn add_endpoint(
    app: &App,
    actor: &Actor,
    code: &str,
    new: NewEndpoint,
) -> Result<Handed, NotifyError> {
    let url = address::endpoint_url(&new.url, Reach { loopback: app.demo });
    let topics = rules::topics(&new.topics);
    let opened = Opened { secret: SigningSecret::draw(&app.entropy), previous: Vec::new() };
    let handed = Handed { endpoint: EndpointId::from_uuid(app.uuid()), secret: opened.secret.text() };
    let (me, actor, code, id) = (app.clone(), actor.clone(), code.to_owned(), handed.endpoint);
    app.db
        .write(move |tx| {
            let partner = managed(tx, &me, &actor, &code)?;
            let (url, topics) = (url.clone()?, topics.clone().ok_or(NotifyError::Topics)?);
            // Two at once may both find room for the last; the row of the partner lets one wait for the other.
            tx.lock_row("partner", partner.id.uuid())?;
            if store::endpoint::of_partner(tx, partner.id)?.len() >= MOST_ENDPOINTS {
                return Err(NotifyError::Limit);
            }
            let key = secrets::key(tx, &me, partner.id)?;
            let now = me.office.now();
            let endpoint = Endpoint {
                id,
                partner: partner.id,
                url: url.into(),
                topics,
                mode: new.mode,
                state: EndpointState::Active,
                previous_until: None,
                created_at: now,
                changed_at: now,
                failures: 0,
                last_success: None,
            };
            let topics: Vec<&str> = endpoint.topics.iter().map(|t| t.as_str()).collect();
            let facts = json!({"topics": topics, "mode": endpoint.mode.as_str()});
            let sealed = secrets::seal(&me, &key, id, &opened);
            let row = EndpointRow { endpoint, sealed };
            if !store::endpoint::insert(tx, &row)? {
                return Err(NotifyError::Known);
            }
            record(tx, &me, &actor, "partner.endpoint_added", &row.endpoint, facts)
        })
        .await?;
    Ok(handed)
}

/// Draws a new secret, which is given back this once and signs from now on; the one before it signs beside it for 24
/// hours, so that the receiver can change over when it suits.
///
/// # Errors
/// Not permitted; [`NotifyError::NotFound`], [`NotifyError::Rotations`], [`NotifyError::NoKey`].
pub async fn rotate_secret(
    app: &App,
    actor: &Actor,
    code: &str,
    id: EndpointId,
) -> Result<Handed, NotifyError> {
    let secret = SigningSecret::draw(&app.entropy);
    let handed = Handed { endpoint: id, secret: secret.text() };
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = managed(tx, &me, &actor, &code)?;
            let row = owned(tx, &partner, id)?;
            let key = secrets::key(tx, &me, partner.id)?;
            let before = secrets::open(&key, id, &row.sealed)?.ok_or(NotifyError::NoKey)?;
            let wall = me.wall.now();
            let until = wall.plus_secs(PREVIOUS_SIGNS_SECS);
            let after = before.rotated(secret.clone(), until, wall)?;
            let sealed = secrets::seal(&me, &key, id, &after);
            store::endpoint::set_secrets(tx, id, &row.sealed, &sealed, until, me.office.now())?;
            let facts = json!({"earlier_signs_until": until.rfc3339()});
            record(tx, &me, &actor, "partner.endpoint_secret_rotated", &row.endpoint, facts)
        })
        .await?;
    Ok(handed)
}

/// Posts nothing to an endpoint any more; what was on its way ends. One that takes nothing already is left as it is,
/// without a record.
///
/// # Errors
/// Not permitted; [`NotifyError::NotFound`].
pub async fn pause(app: &App, actor: &Actor, code: &str, id: EndpointId) -> Result<(), NotifyError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = managed(tx, &me, &actor, &code)?;
            let row = owned(tx, &partner, id)?;
            if row.endpoint.state != EndpointState::Active
                || !store::endpoint::set_state(tx, id, EndpointState::Paused, me.office.now())?
            {
                return Ok(());
            }
            store::notification::drop_all(tx, id, Fault::Paused)?;
            record(tx, &me, &actor, "partner.endpoint_paused", &row.endpoint, Value::Null)
        })
        .await
}

/// Posts to an endpoint again, also to one that had said that it is gone. As something may have come meanwhile, one
/// that is live is notified at once. One that is active is left as it is, without a record.
///
/// # Errors
/// Not permitted; [`NotifyError::NotFound`].
pub async fn resume(app: &App, actor: &Actor, code: &str, id: EndpointId) -> Result<(), NotifyError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = managed(tx, &me, &actor, &code)?;
            let row = owned(tx, &partner, id)?;
            if !store::endpoint::set_state(tx, id, EndpointState::Active, me.office.now())? {
                return Ok(());
            }
            if row.endpoint.mode == Mode::Live {
                put(tx, &me, id, Topic::Resumed, me.wall.now())?;
            }
            record(tx, &me, &actor, "partner.endpoint_resumed", &row.endpoint, Value::Null)
        })
        .await
}

/// Removes an endpoint with its secrets; what was on its way ends.
///
/// # Errors
/// Not permitted; [`NotifyError::NotFound`].
pub async fn remove(app: &App, actor: &Actor, code: &str, id: EndpointId) -> Result<(), NotifyError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = managed(tx, &me, &actor, &code)?;
            let row = owned(tx, &partner, id)?;
            store::endpoint::delete(tx, id)?;
            store::notification::drop_all(tx, id, Fault::Removed)?;
            record(tx, &me, &actor, "partner.endpoint_removed", &row.endpoint, Value::Null)
        })
        .await
}

/// Puts a notification that only shows whether it arrives, unless one is waiting. `false` if one is.
///
/// # Errors
/// Not permitted; [`NotifyError::NotFound`]; [`NotifyError::NotActive`].
pub async fn send_test(app: &App, actor: &Actor, code: &str, id: EndpointId) -> Result<bool, NotifyError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = managed(tx, &me, &actor, &code)?;
            let row = active(tx, &partner, id)?;
            let new = put(tx, &me, id, Topic::Test, me.wall.now())?;
            record(tx, &me, &actor, "partner.endpoint_tested", &row.endpoint, Value::Null)?;
            Ok(new)
        })
        .await
}

fn active(tx: &mut Tx<'_>, partner: &Partner, id: EndpointId) -> Result<EndpointRow, NotifyError> {
    let row = owned(tx, partner, id)?;
    if row.endpoint.state != EndpointState::Active || !partner.active {
        return Err(NotifyError::NotActive);
    }
    Ok(row)
}

/// Has notifications go out again, now, each under the id it had: whoever took one already knows it by that. One that
/// waits for its next try is tried at once. Gives how many.
///
/// # Errors
/// Not permitted; [`NotifyError::NotFound`]; [`NotifyError::NotActive`].
pub async fn replay(
    app: &App,
    actor: &Actor,
    code: &str,
    id: EndpointId,
    what: Replay,
) -> Result<u64, NotifyError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = managed(tx, &me, &actor, &code)?;
            let row = active(tx, &partner, id)?;
            let wall = me.wall.now();
            let (count, facts) = match what {
                Replay::One(one) => {
                    let found = store::notification::replay_one(tx, one, id, wall)?;
                    (u64::from(found), json!({"notification": one}))
                }
                Replay::Since(since) => {
                    let count = store::notification::replay_since(tx, id, since, wall)?;
                    (count, json!({"since": since.rfc3339(), "count": count}))
                }
            };
            if count > 0 {
                record(tx, &me, &actor, "partner.notifications_replayed", &row.endpoint, facts)?;
            }
            Ok(count)
        })
        .await
}
