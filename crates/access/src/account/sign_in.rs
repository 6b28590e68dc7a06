//! Signing in and out, sessions, and entering a one-time code anew.

use std::time::Duration;

use app::App;
use audit::Act;
use kernel::{Actor, Secret, Timestamp};
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::error::SignInError;
use super::model::{Account, Credentials, Session, SessionId};
use super::session::{ABSOLUTE_SECS, IDLE_SECS, SEEN_EVERY_SECS, alive, new_token, token_hash};
use super::store_session::{self, NewSession, TryKey};
use super::{password, store, throttle, totp};

/// Passwords hashed at once: each takes 19 MiB and a core for some 20 ms.
static HASHING: Semaphore = Semaphore::const_new(2);
/// Whoever waits longer for a place is told to try again.
const HASHING_WAIT: Duration = Duration::from_secs(5);
/// Failed tries are kept for a day, good ones (they make an address known) for a month.
const DAY_SECS: i64 = 24 * 60 * 60;
const MONTH_SECS: i64 = 30 * DAY_SECS;
/// Longer logins are nobody's.
const MAX_LOGIN_BYTES: usize = 200;

/// From where somebody comes. Kept as keyed hashes only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Client {
    /// The network address, an IPv6 one by its first 64 bits; empty if not known.
    pub address: String,
    /// The browser's name for itself.
    pub user_agent: String,
}

/// A try to sign in.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// As typed.
    pub login: String,
    /// As typed.
    pub password: Secret<String>,
    /// The one-time code as typed.
    pub code: Secret<String>,
    /// From where.
    pub client: Client,
}

/// Somebody has signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For the cookie.
    pub token: Secret<String>,
    /// Who it is.
    pub actor: Actor,
}

/// Signs in by login, password and one-time code. All three are always checked, and a wrong one is not told from
/// another; a login that does not exist takes as long as one that does.
///
/// # Errors
/// [`SignInError::Wrong`], [`SignInError::TooMany`], [`SignInError::Busy`], faults.
pub async fn sign_in(app: &App, attempt: Attempt) -> Result<SignedIn, SignInError> {
    let login = attempt.login.trim().to_lowercase();
    let login = if login.len() > MAX_LOGIN_BYTES { String::new() } else { login };
    let who = try_key(app, "sign_in", &login, &attempt.client);
    let this_try = reserve(app, who).await?;
    let (vault, wanted) = (app.vault.clone(), login);
    let found = app.db.read(move |tx| store::by_login(tx, &vault, &wanted)).await?;
    let found = found.filter(|(account, _)| account.active && (!account.demo || app.demo));
    let right = password_is_right(app, &attempt.password, found.as_ref().map(|(_, c)| c)).await?;
    let step = match &found {
        Some((_, c)) => totp::check(&c.totp_secret, attempt.code.expose(), app.wall.now(), c.last_step),
        None => None,
    };
    if let (Some((account, _)), true, Some(step)) = (&found, right, step)
        && let Some(signed_in) =
            begin(app, account, Some(step), &attempt.client, Some((this_try, who))).await?
    {
        return Ok(signed_in);
    }
    failed(app, found.map(|(a, _)| a), "staff.sign_in_failed", &attempt.client).await?;
    Err(SignInError::Wrong)
}

/// Counts a try before anything is checked, so that many at once cannot slip past the limit together.
pub(super) async fn reserve(app: &App, who: TryKey) -> Result<Uuid, SignInError> {
    let (id, now) = (app.uuid(), app.wall.now());
    app.db
        .write(move |tx| {
            let tries = store_session::tries(tx, &who, now.plus_secs(-throttle::WINDOW_SECS))?;
            throttle::check(&tries, now).map_err(|wait_secs| SignInError::TooMany { wait_secs })?;
            store_session::insert_try(tx, id, &who, now)?;
            Ok(id)
        })
        .await
}

pub(super) fn try_key(app: &App, kind: &str, login: &str, client: &Client) -> TryKey {
    TryKey {
        login: app.vault.blind(kind, login),
        address: app.vault.blind("sign_in_address", &client.address),
        address_known: !client.address.is_empty(),
    }
}

pub(super) async fn password_is_right(
    app: &App,
    typed: &Secret<String>,
    credentials: Option<&Credentials>,
) -> Result<bool, SignInError> {
    let place = app.timer.limit(HASHING_WAIT, HASHING.acquire()).await;
    let Some(Ok(_place)) = place else { return Err(SignInError::Busy) };
    let (typed, stored) = (typed.clone(), credentials.map(|c| c.password_hash.clone()));
    let work = move || {
        // What is too long was never taken as a password: it is checked against nobody's.
        let too_long = typed.expose().chars().count() > password::MAX_CHARS;
        match stored.filter(|_| !too_long) {
            Some(hash) => password::verify(typed.expose(), &hash),
            None => password::verify("", password::nobody()?).map(|_| false),
        }
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| SignInError::Hash(e.to_string()))?
        .map_err(SignInError::Hash)
}

/// Begins a session, in one transaction with taking the code's step. `None` if somebody else was faster with the
/// same code, or the account was closed meanwhile.
pub(crate) async fn begin(
    app: &App,
    account: &Account,
    step: Option<i64>,
    client: &Client,
    this_try: Option<(Uuid, TryKey)>,
) -> Result<Option<SignedIn>, SignInError> {
    let (now, actor, token) = (app.wall.now(), account.actor(), new_token(&app.entropy));
    let Some(token_hash) = token_hash(token.expose()) else { return Ok(None) };
    let new = NewSession {
        id: SessionId::from_uuid(app.uuid()),
        account: account.id,
        token_hash,
        user_agent_hash: app.vault.blind("user_agent", &client.user_agent),
        created: now,
        expires: now.plus_secs(ABSOLUTE_SECS),
    };
    let facts = json!({ "session": new.id, "address": address_mark(app, client), "demo": step.is_none() });
    let (me, who) = (app.clone(), actor.clone());
    let begun = app.db.write(move |tx| {
        if let Some(step) = step
            && !store::take_step(tx, new.account, step)?
        {
            return Ok(false);
        }
        store_session::sweep(
            tx,
            now,
            now.plus_secs(-IDLE_SECS),
            now.plus_secs(-DAY_SECS),
            now.plus_secs(-MONTH_SECS),
        )?;
        store_session::insert_session(tx, &new)?;
        store::signed_in(tx, new.account, me.office.now())?;
        if let Some((id, who)) = &this_try {
            store_session::try_passed(tx, *id, who)?;
        }
        let act =
            Act { facts: facts.clone(), ..Act::about("staff.signed_in", "account", new.account.uuid()) };
        me.record(tx, &who, &act)?;
        Ok::<_, SignInError>(true)
    });
    Ok(begun.await?.then_some(SignedIn { token, actor }))
}

/// Records a failed try. The login is named only by its account, if there is one; the address by a keyed mark.
async fn failed(
    app: &App,
    account: Option<Account>,
    name: &'static str,
    client: &Client,
) -> Result<(), SignInError> {
    let subject = account.map_or(Uuid::nil(), |a| a.id.uuid());
    let act = Act {
        facts: json!({ "address": address_mark(app, client) }),
        ..Act::about(name, "account", subject)
    };
    let me = app.clone();
    app.db.write(move |tx| me.record(tx, &Actor::Public, &act)).await?;
    Ok(())
}

/// Enough of a keyed hash to see that two tries came from one place.
fn address_mark(app: &App, client: &Client) -> String {
    app.vault.token("sign_in_address", &client.address)
}

/// The session of a cookie's token, if it is still good: not idle for 30 minutes, not older than 12 hours, from
/// the same browser, of an open account.
///
/// # Errors
/// The database's, the vault's.
pub async fn open_session(app: &App, token: &str, user_agent: &str) -> Result<Option<Session>, SignInError> {
    let Some(hash) = token_hash(token) else { return Ok(None) };
    let vault = app.vault.clone();
    let Some(stored) = app.db.read(move |tx| store_session::session(tx, &vault, hash)).await? else {
        return Ok(None);
    };
    let (now, session) = (app.wall.now(), stored.session);
    let same_browser = stored.user_agent_hash == app.vault.blind("user_agent", user_agent);
    let usable = stored.active && (!stored.demo || app.demo);
    if !same_browser || !usable || !alive(session.created, session.last_seen, session.expires, now) {
        return Ok(None);
    }
    let unseen = now.micros_since(session.last_seen);
    if unseen >= SEEN_EVERY_SECS.saturating_mul(1_000_000) {
        let id = session.id;
        app.db.write(move |tx| store_session::seen(tx, id, now)).await?;
    }
    Ok(Some(session))
}

/// Signs out: the session ends, its cookie is worth nothing.
///
/// # Errors
/// The database's.
pub async fn sign_out(app: &App, session: &Session) -> Result<(), SignInError> {
    let (me, session) = (app.clone(), session.clone());
    app.db
        .write(move |tx| {
            if store_session::end_session(tx, session.id, session.account)? {
                let act = Act {
                    facts: json!({ "session": session.id }),
                    ..Act::about("staff.signed_out", "account", session.account.uuid())
                };
                me.record(tx, &session.actor, &act)?;
            }
            Ok(())
        })
        .await
}

/// One's own sessions that are still good, the last used first: id, begun, last used, ends.
///
/// # Errors
/// The database's.
pub async fn sessions(
    app: &App,
    session: &Session,
) -> Result<Vec<(SessionId, Timestamp, Timestamp, Timestamp)>, SignInError> {
    let (account, now) = (session.account, app.wall.now());
    let all = app.db.read(move |tx| store_session::sessions(tx, account)).await?;
    Ok(all.into_iter().filter(|(_, created, seen, ends)| alive(*created, *seen, *ends, now)).collect())
}

/// Ends one of one's own sessions.
///
/// # Errors
/// [`SignInError::NoSession`] if it is not there or is not one's own.
pub async fn end_session(app: &App, session: &Session, other: SessionId) -> Result<(), SignInError> {
    let (me, session) = (app.clone(), session.clone());
    app.db
        .write(move |tx| {
            if !store_session::end_session(tx, other, session.account)? {
                return Err(SignInError::NoSession);
            }
            let facts = json!({ "session": other });
            let act = Act { facts, ..Act::about("staff.session_ended", "account", session.account.uuid()) };
            me.record(tx, &session.actor, &act)?;
            Ok(())
        })
        .await
}

/// Ends all of one's own sessions but this one; gives how many there were.
///
/// # Errors
/// The database's.
pub async fn end_other_sessions(app: &App, session: &Session) -> Result<u64, SignInError> {
    let (me, session) = (app.clone(), session.clone());
    app.db
        .write(move |tx| {
            let ended = store_session::end_sessions(tx, session.account, Some(session.id))?;
            let facts = json!({ "kept": session.id, "ended": ended });
            let act = Act { facts, ..Act::about("staff.session_ended", "account", session.account.uuid()) };
            me.record(tx, &session.actor, &act)?;
            Ok(ended)
        })
        .await
}

/// Takes a fresh one-time code, so that grave acts are open for five minutes. Tries are counted as those of
/// signing in.
///
/// # Errors
/// [`SignInError::Wrong`], [`SignInError::TooMany`].
pub async fn step_up(
    app: &App,
    session: &Session,
    code: &Secret<String>,
    client: &Client,
) -> Result<(), SignInError> {
    let who = try_key(app, "step_up", &session.login, client);
    let this_try = reserve(app, who).await?;
    let (vault, account) = (app.vault.clone(), session.account);
    let found = app.db.read(move |tx| store::by_id(tx, &vault, account)).await?;
    let (account, credentials) = found.ok_or(SignInError::NoSession)?;
    let now = app.wall.now();
    if let Some(step) = totp::check(&credentials.totp_secret, code.expose(), now, credentials.last_step) {
        let (me, session) = (app.clone(), session.clone());
        let done = app.db.write(move |tx| {
            if !store::take_step(tx, session.account, step)?
                || !store_session::stepped_up(tx, session.id, now)?
            {
                return Ok(false);
            }
            store_session::try_passed(tx, this_try, &who)?;
            let facts = json!({ "session": session.id });
            let act = Act { facts, ..Act::about("staff.stepped_up", "account", session.account.uuid()) };
            me.record(tx, &session.actor, &act)?;
            Ok::<_, SignInError>(true)
        });
        if done.await? {
            return Ok(());
        }
    }
    failed(app, Some(account), "staff.step_up_failed", client).await?;
    Err(SignInError::Wrong)
}
