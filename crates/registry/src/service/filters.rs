//! Signed filters for institutions that look at home first: what people have decided, never what was merely reported. A whole one
//! a day, and every few minutes what has changed since.

use std::collections::BTreeSet;
use std::time::Duration;

use app::App;
use audit::Act;
use db::{DbError, lease};
use ed25519_dalek::SigningKey;
use filter::{Made, OpenHash};
use kernel::{Actor, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::checking::{live_partner, may_ask};
use super::hearing::{hide, part};
use super::private::{opened, opener, sealer};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Class, Entry, EntryId};
use crate::rules::{self, Known};
use crate::store;
use crate::store::filter::{Head, Which};
use crate::store::private::Private;

/// How often it is looked whether something is to be made.
const EVERY: Duration = Duration::from_secs(20);
/// Held by whoever makes filters: one process in the country.
const LEASE: &str = "registry.filters";
const LEASE_SECS: i64 = 600;
/// Entries of one page.
const PAGE: i64 = 1_000;
/// How many things the fetching of a filter counts as.
pub const FETCH_COUNTS: usize = 1_000;

/// Makes filters for as long as the process lives.
pub async fn keep(app: App) {
    loop {
        if let Err(error) = make(&app).await {
            tracing::warn!(%error, "filters are made later");
        }
        app.timer.sleep(EVERY).await;
    }
}

/// What is to be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Nothing,
    Changes,
    Whole,
}

/// A whole one when the last is old or its changes have grown beyond a hundredth of it, changes when those are old.
fn due(app: &App, whole: Option<Head>, changes: Option<Head>, now: Timestamp) -> Due {
    let f = app.profile.identifiers().filters;
    let (Some(whole), Some(changes)) = (whole, changes) else { return Due::Whole };
    let age = |head: Head| now.as_secs().saturating_sub(head.at.as_secs());
    // One that was made in the future, by a clock that was wrong then, is never old.
    if age(whole) < 0
        || age(changes) < 0
        || age(whole) >= i64::from(f.whole_hours) * 3_600
        || (changes.size > SMALL && changes.size.saturating_mul(100) > whole.size)
    {
        Due::Whole
    } else if age(changes) >= i64::from(f.changes_minutes) * 60 {
        Due::Changes
    } else {
        Due::Nothing
    }
}

/// Changes below this many bytes are no reason for a whole filter.
const SMALL: i64 = 4_096;

/// Makes whatever is due; says whether something was.
///
/// # Errors
/// The database's; more things than a filter takes.
pub async fn make(app: &App) -> Result<bool, RegistryError> {
    if !app.profile.identifiers().private {
        return Ok(false);
    }
    let (whole, changes) = heads(app).await?;
    if due(app, whole, changes, app.wall.now()) == Due::Nothing || !hold(app).await? {
        return Ok(false);
    }
    let made = make_due(app).await;
    let holder = app.db.instance();
    app.db.write(move |tx| lease::release(tx, LEASE, holder)).await?;
    made
}

/// Takes the lease, or keeps it for longer; says whether it is this process's.
async fn hold(app: &App) -> Result<bool, RegistryError> {
    let (holder, now) = (app.db.instance(), app.wall.now());
    Ok(app.db.write(move |tx| lease::claim(tx, LEASE, holder, now, now.plus_secs(LEASE_SECS))).await?)
}

/// Looked at again under the lease: another may have made it meanwhile.
async fn make_due(app: &App) -> Result<bool, RegistryError> {
    hide_what_is_missing(app).await?;
    let now = app.wall.now();
    let (whole, changes) = heads(app).await?;
    match due(app, whole, changes, now) {
        Due::Nothing => return Ok(false),
        Due::Whole => make_whole(app, now).await?,
        Due::Changes => {
            if !make_changes(app, now).await? {
                make_whole(app, now).await?;
            }
        }
    }
    Ok(true)
}

/// What was decided before open hashes were kept has none: it is looked up in the reports that name it.
async fn hide_what_is_missing(app: &App) -> Result<(), RegistryError> {
    let mut after = EntryId::from_uuid(Uuid::nil());
    loop {
        let ids = app.db.read(move |tx| store::private::missing(tx, after, PAGE)).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        for id in ids {
            let me = app.clone();
            app.db
                .write(move |tx| {
                    let mentions = store::mentions(tx, id)?;
                    mentions.iter().try_for_each(|mention| hide(tx, &me, mention.report))
                })
                .await?;
        }
    }
}

/// Whether institutions are told that people have confirmed or listed it.
fn warned(entry: &Entry, allowed: &Allowed<'_>, app: &App) -> bool {
    let beforehand = allowed.beforehand_of(app, entry);
    rules::verdict(Known { entry: Some(entry), beforehand }, app.office.now()).class >= Class::Suspect
}

/// What is said of the filters that there are.
///
/// # Errors
/// The database's.
pub async fn heads(app: &App) -> Result<(Option<Head>, Option<Head>), RegistryError> {
    Ok(app
        .db
        .read(|tx| {
            Ok::<_, DbError>((
                store::filter::head(tx, Which::Whole)?,
                store::filter::head(tx, Which::Changes)?,
            ))
        })
        .await?)
}

/// Numbers grow, also where a copy of yesterday's database was brought back.
fn next(last: Option<Head>, now: Timestamp) -> i64 {
    last.map_or(0, |head| head.number).saturating_add(1).max(now.as_secs())
}

/// What people have confirmed or listed, with the number of the whole filter that holds it. Where one of it cannot be in a filter
/// none is made: its "no" would be none.
async fn current(app: &App) -> Result<Vec<(EntryId, OpenHash, Option<i64>)>, RegistryError> {
    let (mut all, mut after) = (Vec::new(), EntryId::from_uuid(Uuid::nil()));
    loop {
        let me = app.clone();
        let (last, page) = app
            .db
            .read(move |tx| {
                let partners = partner::store::all(tx)?;
                let allowed = Allowed::here(&me, &partners);
                let ids = store::private::decided(tx, after, PAGE)?;
                let key = opener(tx, &me)?;
                let mut page = Vec::new();
                for id in &ids {
                    let Some(entry) = store::find(tx, *id)? else { continue };
                    if !warned(&entry, &allowed, &me) {
                        continue;
                    }
                    let Some((key, p)) = key.as_ref().zip(store::private::find(tx, *id)?) else {
                        tracing::error!(entry = %id, "no filter can be made: a person must look at this entry");
                        return Err(RegistryError::Busy);
                    };
                    page.push((*id, opened(key, &p)?, p.in_base));
                }
                Ok::<_, RegistryError>((ids.last().copied(), page))
            })
            .await?;
        all.extend(page);
        let Some(last) = last else { return Ok(all) };
        after = last;
        if !hold(app).await? {
            return Err(RegistryError::Busy);
        }
    }
}

fn signer(app: &App) -> SigningKey {
    SigningKey::from_bytes(app.node.message_key.expose())
}

/// A whole filter, and the change that goes with it, which is empty.
async fn make_whole(app: &App, now: Timestamp) -> Result<(), RegistryError> {
    let things = current(app).await?;
    let (_, changes) = heads(app).await?;
    let number = next(changes, now);
    let f = app.profile.identifiers().filters;
    // Good for one more than until the next is due: one that is late must do no harm.
    let until = now.plus_secs(i64::from(f.whole_hours) * 2 * 3_600);
    let (key, salt) = (signer(app), app.entropy.bytes());
    let hashes: Vec<OpenHash> = things.iter().map(|(_, open, _)| *open).collect();
    let count = i64::try_from(hashes.len()).unwrap_or(i64::MAX);
    let made = made(number, now, until);
    let body = tokio::task::spawn_blocking(move || filter::base(&hashes, salt, made, &key)).await;
    let body = body.map_err(|_| RegistryError::Busy)?.map_err(|_| RegistryError::Busy)?;
    // What it holds is kept before it is given to anybody: a change that is made afterwards must know. A maker that died may have
    // kept something else under this number.
    app.db.write(move |tx| store::private::unmark(tx, number)).await?;
    for page in things.chunks(usize::try_from(PAGE).unwrap_or(1_000)) {
        let ids: Vec<EntryId> = page.iter().map(|(id, ..)| *id).collect();
        app.db
            .write(move |tx| ids.iter().try_for_each(|id| store::private::in_base(tx, *id, number)))
            .await?;
    }
    let first = filter::delta(&body, (&[], &[]), &[], made_change(app, number + 1, now), &signer(app))
        .map_err(|_| RegistryError::Busy)?;
    let head = Head { number, at: now, until, things: count, size: 0 };
    put(app, vec![(Which::Whole, head, body), (Which::Changes, change_head(app, number + 1, now, 0), first)])
        .await
}

/// What has come and gone since the whole filter; `false` if that is none of ours any more (the key was changed): a new one is
/// made then.
async fn make_changes(app: &App, now: Timestamp) -> Result<bool, RegistryError> {
    let Ok((whole, body)) = stored(app, Which::Whole).await else { return Ok(false) };
    let things = current(app).await?;
    let added: Vec<OpenHash> =
        things.iter().filter(|(_, _, base)| *base != Some(whole.number)).map(|(_, open, _)| *open).collect();
    let there: BTreeSet<EntryId> = things.iter().map(|(id, ..)| *id).collect();
    let removed = gone(app, whole.number, &there).await?;
    let (_, changes) = heads(app).await?;
    let number = next(changes, now);
    let (made, key) = (made_change(app, number, now), signer(app));
    let all: Vec<OpenHash> = things.iter().map(|(_, open, _)| *open).collect();
    let count = i64::try_from(added.len().saturating_add(removed.len())).unwrap_or(i64::MAX);
    let body =
        tokio::task::spawn_blocking(move || filter::delta(&body, (&added, &removed), &all, made, &key));
    let Ok(body) = body.await.map_err(|_| RegistryError::Busy)? else { return Ok(false) };
    put(app, vec![(Which::Changes, change_head(app, number, now, count), body)]).await?;
    Ok(true)
}

/// A filter, opened.
async fn stored(app: &App, which: Which) -> Result<(Head, Vec<u8>), RegistryError> {
    let me = app.clone();
    app.db
        .read(move |tx| {
            let found = opener(tx, &me)?.zip(store::filter::get(tx, which)?);
            let (key, (head, sealed)) = found.ok_or(RegistryError::NotFound)?;
            Ok((head, key.open_bytes(&field(which), &sealed)?))
        })
        .await
}

fn field(which: Which) -> String {
    format!("registry.filter:{}", which.as_str())
}

/// Things of a whole filter that are told no more. Those whose entry is gone altogether stay in it until the next: whoever asks
/// about one is told nothing.
async fn gone(app: &App, base: i64, there: &BTreeSet<EntryId>) -> Result<Vec<OpenHash>, RegistryError> {
    let (mut all, mut after) = (Vec::new(), EntryId::from_uuid(Uuid::nil()));
    loop {
        let me = app.clone();
        let (key, page): (_, Vec<Private>) = app
            .db
            .read(move |tx| {
                Ok::<_, RegistryError>((opener(tx, &me)?, store::private::of_base(tx, base, after, PAGE)?))
            })
            .await?;
        let (Some(key), Some(last)) = (key, page.last()) else { return Ok(all) };
        after = last.entry;
        for p in page.iter().filter(|p| !there.contains(&p.entry)) {
            all.push(opened(&key, p)?);
        }
    }
}

fn made(number: i64, at: Timestamp, until: Timestamp) -> Made {
    Made { number: u64::try_from(number).unwrap_or(0), at: at.as_secs(), until: until.as_secs() }
}

fn made_change(app: &App, number: i64, at: Timestamp) -> Made {
    made(number, at, change_head(app, number, at, 0).until)
}

fn change_head(app: &App, number: i64, at: Timestamp, things: i64) -> Head {
    let until = at.plus_secs(i64::from(app.profile.identifiers().filters.good_minutes) * 60);
    Head { number, at, until, things, size: 0 }
}

/// Keeps what was made, sealed, with a record of it; not where another has made a newer one meanwhile.
async fn put(app: &App, all: Vec<(Which, Head, Vec<u8>)>) -> Result<(), RegistryError> {
    let (me, holder) = (app.clone(), app.db.instance());
    app.db
        .write(move |tx| {
            let now = me.wall.now();
            if !lease::claim(tx, LEASE, holder, now, now.plus_secs(LEASE_SECS))? {
                return Err(RegistryError::Busy);
            }
            let key = sealer(tx, &me)?.ok_or(RegistryError::Busy)?;
            for (which, head, body) in &all {
                let size = i64::try_from(body.len()).unwrap_or(i64::MAX);
                let sealed = key.seal_bytes(&me.entropy, &field(*which), body);
                if !store::filter::put(tx, *which, Head { size, ..*head }, &sealed)? {
                    return Err(RegistryError::Busy);
                }
                let facts = json!({
                    "number": head.number, "things": head.things, "bytes": size, "whole": *which == Which::Whole,
                });
                let about = Act::about("registry.filter_made", "registry", Uuid::nil());
                me.record(tx, &part(), &Act { facts, ..about })?;
            }
            Ok(())
        })
        .await
}

/// What is said of the filters that an institution may fetch.
///
/// # Errors
/// Forbidden; on trial.
pub async fn offered(app: &App, actor: &Actor) -> Result<(Option<Head>, Option<Head>), RegistryError> {
    may_ask(actor)?;
    let partners = app.db.read(partner::store::all).await?;
    live_partner(actor, &partners)?;
    if !app.profile.identifiers().private {
        return Ok((None, None));
    }
    heads(app).await
}

/// Gives an institution a filter; that is a record.
///
/// # Errors
/// Forbidden; on trial; [`RegistryError::NotFound`]: none was made yet, or the country wants none.
pub async fn fetch(app: &App, actor: &Actor, which: Which) -> Result<Vec<u8>, RegistryError> {
    may_ask(actor)?;
    if !app.profile.identifiers().private {
        return Err(RegistryError::NotFound);
    }
    // Read beside the writer: a filter has megabytes.
    let partners = app.db.read(partner::store::all).await?;
    let subject = live_partner(actor, &partners)?;
    let (head, body) = stored(app, which).await?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let facts = json!({"number": head.number, "whole": which == Which::Whole});
            let about = Act::about("registry.filter_fetched", "partner", subject);
            me.record(tx, &actor, &Act { facts, ..about })
        })
        .await?;
    Ok(body)
}
