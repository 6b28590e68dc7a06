//! Keeping the index like what is: by the news, and by going through everything now and then.
//!
//! News make it quick; going through makes it right, whatever was missed. Both end in the same: a thing is read as it is now, and what it
//! is takes the place of what it was.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use app::App;
use db::outbox;
use serde_json::{Value, json};
use siphasher::sip::SipHasher13;
use uuid::Uuid;

use crate::error::SearchError;
use crate::index::Change;
use crate::model::Document;
use crate::shelf::Shelf;

/// News looked at in one reading.
const NEWS: i64 = 500;
/// Things read in one reading: it ends within a second, also where a program is not optimised.
const READ: usize = 48;
/// Things compared in one reading.
const PAGE: i64 = 2_000;
/// Things written before they are found.
const COMMIT: usize = 20_000;

/// A thing of a kind.
type Thing = (u8, Uuid);

/// How far going through has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Things compared.
    pub seen: u64,
    /// Things written.
    pub written: u64,
}

/// What is kept with a commit: the last news that is in it, and whether something erased may still lie in the files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Kept {
    news: Option<i64>,
    purge: bool,
}

impl Kept {
    fn read(shelf: &Shelf) -> Result<Self, SearchError> {
        let text = shelf.index.payload()?.unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        Ok(Self {
            news: value.get("news").and_then(Value::as_i64),
            purge: value.get("purge").and_then(Value::as_bool).unwrap_or_default(),
        })
    }
    fn text(self) -> String {
        json!({"news": self.news, "purge": self.purge}).to_string()
    }
}

/// Catches up with the news. Says how many things were written.
///
/// # Errors
/// The database's, the index's.
pub async fn follow(app: &App, shelf: &Arc<Shelf>) -> Result<u64, SearchError> {
    let turn = shelf.turn.lock().await;
    let written = news(app, shelf).await?;
    drop(turn);
    Ok(written)
}

async fn news(app: &App, shelf: &Arc<Shelf>) -> Result<u64, SearchError> {
    let mut kept = Kept::read(shelf)?;
    let mut written = 0_u64;
    loop {
        let Some(after) = kept.news else {
            // Nothing was followed yet: whatever is, is found by going through it.
            kept.news = Some(app.db.read(|tx| db::feed::last(tx, "outbox")).await?);
            commit(shelf, kept).await?;
            return Ok(written);
        };
        let (last, things) = heard(app, shelf, after).await?;
        let Some(last) = last else { return Ok(written) };
        kept.news = Some(last);
        if !things.is_empty() {
            written = written.saturating_add(u64::try_from(things.len()).unwrap_or(0));
            kept.purge |= write(app, shelf, things.into_iter().map(|thing| (thing, None)).collect()).await?;
        }
        commit(shelf, kept).await?;
    }
}

/// Sees to it that nothing of what is no more is left in any file, if anything may be. It writes anew whatever holds some of it, so it
/// is not done at each piece of news.
///
/// # Errors
/// The index's.
pub async fn sweep(shelf: &Arc<Shelf>) -> Result<bool, SearchError> {
    let turn = shelf.turn.lock().await;
    let kept = Kept::read(shelf)?;
    if kept.purge {
        purge(shelf, Kept { purge: false, ..kept }).await?;
    }
    drop(turn);
    Ok(kept.purge)
}

/// The number of the last news of a page, and the things that they touch.
async fn heard(
    app: &App,
    shelf: &Arc<Shelf>,
    after: i64,
) -> Result<(Option<i64>, BTreeSet<Thing>), SearchError> {
    let shelf = Arc::clone(shelf);
    app.db
        .read(move |tx| {
            let mut things = BTreeSet::new();
            let news = outbox::after(tx, after, NEWS)?;
            for (_, event) in &news {
                for (code, source) in shelf.kinds().filter(|(_, s)| s.events().contains(&event.name.as_str()))
                {
                    things.extend(source.touched(tx, event)?.into_iter().map(|id| (code, id)));
                }
            }
            Ok((news.last().map(|(no, _)| *no), things))
        })
        .await
}

/// Reads things and writes what they are. Says whether one of them is no more.
async fn write(
    app: &App,
    shelf: &Arc<Shelf>,
    things: Vec<(Thing, Option<u64>)>,
) -> Result<bool, SearchError> {
    let mut gone = false;
    for part in things.chunks(READ) {
        let (me, here, part) = (app.clone(), Arc::clone(shelf), part.to_vec());
        let changes: Vec<(Change, Option<u64>)> = app
            .db
            .read(move |tx| {
                let mut all = Vec::new();
                for ((kind, id), stamp) in &part {
                    let Some(source) = here.source(*kind) else { continue };
                    let documents: Vec<Document> = source.read(tx, &me, *id)?;
                    let stamp = match stamp {
                        Some(stamp) => Some(*stamp),
                        // Of what the news told: its text is that of its own page.
                        None => {
                            let before = Uuid::from_u128(id.as_u128().saturating_sub(1));
                            let next = source.page(tx, before, 1)?;
                            next.into_iter().find(|(found, _)| found == id).map(|(_, text)| stamp_of(&text))
                        }
                    };
                    all.push((here.change(&me, (*kind, *id), stamp.unwrap_or(0), &documents), stamp));
                }
                Ok::<_, SearchError>(all)
            })
            .await?;
        let here = Arc::clone(shelf);
        gone |= blocking(move || {
            let mut gone = false;
            let only: Vec<Change> = changes.iter().map(|(change, _)| change.clone()).collect();
            here.index.write(&only)?;
            let mut stamps = here.stamps();
            for (change, stamp) in changes {
                let key = (change.kind, change.id);
                gone |= change.entries.is_empty() && stamps.remove(&key).is_some();
                if let Some(stamp) = stamp {
                    stamps.insert(key, stamp);
                }
            }
            drop(stamps);
            Ok(gone)
        })
        .await?;
    }
    Ok(gone)
}

async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
) -> Result<T, SearchError> {
    tokio::task::spawn_blocking(f).await.unwrap_or(Err(SearchError::NoIndex))
}

async fn commit(shelf: &Arc<Shelf>, kept: Kept) -> Result<(), SearchError> {
    let shelf = Arc::clone(shelf);
    blocking(move || shelf.index.commit(&kept.text())).await
}

/// Nothing of what is no more is left in any file; then the mark goes.
async fn purge(shelf: &Arc<Shelf>, kept: Kept) -> Result<(), SearchError> {
    let shelf = Arc::clone(shelf);
    blocking(move || {
        shelf.index.purge()?;
        shelf.index.commit(&kept.text())
    })
    .await
}

/// What a thing was, as it is remembered.
fn stamp_of(text: &str) -> u64 {
    use std::hash::Hasher as _;
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    hasher.write(text.as_bytes());
    // Nothing is remembered as zero but what was never compared.
    hasher.finish().max(1)
}

/// Goes through everything there is and puts right what is otherwise in the index. `tell` hears how far it has come.
///
/// # Errors
/// The database's, the index's.
pub async fn go_through(
    app: &App,
    shelf: &Arc<Shelf>,
    mut tell: impl FnMut(&'static str, Progress) + Send,
) -> Result<Progress, SearchError> {
    let turn = shelf.turn.lock().await;
    // From here on the news are followed; what came before is seen.
    news(app, shelf).await?;
    let mut kept = Kept::read(shelf)?;
    let (mut sum, mut since) = (Progress::default(), 0_usize);
    let kinds: Vec<(u8, &'static str)> = shelf.kinds().map(|(code, s)| (code, s.kind())).collect();
    for (code, kind) in kinds {
        let mut after = Uuid::nil();
        loop {
            let (page, last) = differing(app, shelf, (code, after)).await?;
            sum.seen = sum.seen.saturating_add(page.seen);
            sum.written = sum.written.saturating_add(u64::try_from(page.things.len()).unwrap_or(0));
            since = since.saturating_add(page.things.len());
            if !page.things.is_empty() {
                kept.purge |= write(app, shelf, page.things).await?;
                if since >= COMMIT {
                    since = 0;
                    commit(shelf, kept).await?;
                }
                tell(kind, sum);
            }
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    if sum.written > 0 {
        commit(shelf, kept).await?;
    }
    shelf.set_ready();
    drop(turn);
    Ok(sum)
}

/// What differs in a page.
struct Differing {
    seen: u64,
    things: Vec<(Thing, Option<u64>)>,
}

/// The things of a page that are otherwise than the index has them, and where the next page begins.
async fn differing(
    app: &App,
    shelf: &Arc<Shelf>,
    (code, after): (u8, Uuid),
) -> Result<(Differing, Option<Uuid>), SearchError> {
    let here = Arc::clone(shelf);
    let rows = app
        .db
        .read(move |tx| match here.source(code) {
            Some(source) => source.page(tx, after, PAGE),
            None => Ok(Vec::new()),
        })
        .await?;
    let full = i64::try_from(rows.len()).is_ok_and(|n| n >= PAGE);
    let last = rows.last().map(|(id, _)| *id).filter(|_| full);
    let seen = u64::try_from(rows.len()).unwrap_or(0);
    let mut things = Vec::new();
    let stamps = shelf.stamps();
    let there: BTreeSet<Uuid> = rows.iter().map(|(id, _)| *id).collect();
    for (id, text) in rows {
        let stamp = stamp_of(&text);
        if stamps.get(&(code, id)) != Some(&stamp) {
            things.push(((code, id), Some(stamp)));
        }
    }
    let to = Bound::Included((code, last.unwrap_or(Uuid::max())));
    let known = stamps.range((Bound::Excluded((code, after)), to)).map(|(key, _)| *key);
    things.extend(known.filter(|(_, id)| !there.contains(id)).map(|key| (key, None)));
    Ok((Differing { seen, things }, last))
}
