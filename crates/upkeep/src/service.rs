//! Seeing parked news, having it tried again, leaving it out.

use access::{Action, Kind, Resource};
use app::App;
use audit::Act;
use db::outbox::parked::{self, Parked};
use db::{DbError, Tx};
use kernel::{Actor, Class, Coded};
use serde_json::json;
use uuid::Uuid;

/// Most rows of the list: what a page can show.
pub const MOST: u32 = 200;
/// Name of the sealed field.
const REASON: &str = "left_out_reason";

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// It is not parked (any more): it was handled or left out meanwhile.
    #[error("this news is not parked")]
    NotParked,
    /// Leaving out takes a reason.
    #[error("a reason of 1 to 500 characters is needed")]
    Reason,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for UpkeepError {
    fn class(&self) -> Class {
        match self {
            Self::NotParked => Class::Gone,
            Self::Reason => Class::Invalid,
            Self::Access(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotParked => "upkeep.not_parked",
            Self::Reason => "upkeep.reason",
            Self::Access(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

fn permit(actor: &Actor, action: Action) -> Result<(), access::AccessError> {
    access::require(actor, action, &Resource::any(Kind::ParkedNews))
}

/// Parked news, oldest first, at most [`MOST`].
///
/// # Errors
/// Not permitted; the database's.
pub async fn parked_news(app: &App, actor: &Actor) -> Result<Vec<Parked>, UpkeepError> {
    permit(actor, Action::ViewParkedNews)?;
    app.db.read(|tx| Ok(parked::list(tx, 0, MOST)?)).await
}

/// Asks for one more try; the runner makes it within a second.
///
/// # Errors
/// Not permitted; [`UpkeepError::NotParked`].
pub async fn try_again(app: &App, actor: &Actor, subscriber: &str, event: Uuid) -> Result<(), UpkeepError> {
    permit(actor, Action::SettleParkedNews)?;
    let (me, actor, subscriber) = (app.clone(), actor.clone(), subscriber.to_owned());
    app.db
        .write(move |tx| {
            let parked = find(tx, &subscriber, event)?;
            if parked.again {
                return Ok(());
            }
            if !parked::retry(tx, &subscriber, event)? {
                return Err(UpkeepError::NotParked);
            }
            let act = Act { facts: facts(&parked), ..Act::about("upkeep.tried_again", "news", event) };
            me.record(tx, &actor, &act)?;
            Ok(())
        })
        .await
}

/// Leaves it out for good, for a reason: that part of the platform never hears it.
///
/// # Errors
/// Not permitted; [`UpkeepError::NotParked`]; [`UpkeepError::Reason`].
pub async fn leave_out(
    app: &App,
    actor: &Actor,
    subscriber: &str,
    event: Uuid,
    reason: &str,
) -> Result<(), UpkeepError> {
    permit(actor, Action::SettleParkedNews)?;
    let reason = app::reason(reason).ok_or(UpkeepError::Reason)?;
    let (me, actor, subscriber) = (app.clone(), actor.clone(), subscriber.to_owned());
    app.db
        .write(move |tx| {
            let parked = find(tx, &subscriber, event)?;
            if !parked::remove(tx, &subscriber, event)? {
                return Err(UpkeepError::NotParked);
            }
            // Under the key of whom the news is about, if there is one: the reason then goes with the rest of it.
            let subject =
                if me.vault.subject(tx, parked.subject)?.is_some() { parked.subject } else { event };
            let words = me.seal_words(tx, subject, REASON, &reason)?;
            let mut facts = facts(&parked);
            if let Some(map) = facts.as_object_mut() {
                map.insert("reason_sealed".to_owned(), json!(words.fact()));
            }
            me.record(tx, &actor, &Act { facts, ..Act::about("upkeep.left_out", "news", event) })?;
            Ok(())
        })
        .await
}

/// One parked piece of news.
fn find(tx: &mut Tx<'_>, subscriber: &str, event: Uuid) -> Result<Parked, UpkeepError> {
    let mut after = 0;
    loop {
        let page = parked::list(tx, after, MOST)?;
        let Some(last) = page.last().map(|p| p.feed_no) else { return Err(UpkeepError::NotParked) };
        // Several subscribers may have parked one event: the next page begins before its number, unless it is full
        // of that event alone.
        after = if page.first().is_some_and(|p| p.feed_no == last) { last } else { last.saturating_sub(1) };
        let full = u32::try_from(page.len()).is_ok_and(|n| n >= MOST);
        if let Some(found) = page.into_iter().find(|p| p.subscriber == subscriber && p.event == event) {
            return Ok(found);
        }
        if !full {
            return Err(UpkeepError::NotParked);
        }
    }
}

fn facts(parked: &Parked) -> serde_json::Value {
    json!({
        "subscriber": parked.subscriber,
        "name": parked.name,
        "subject": parked.subject,
        "tries": parked.tries,
    })
}
