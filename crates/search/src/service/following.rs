//! Keeping the index like what is: by the news, and by going through everything now and then.
//!
//! News make it quick; going through makes it right, whatever was missed. Both end in the same: a thing is read as it is now, and what it
//! is takes the place of what it was. What cannot be read is found by nobody, and keeps nothing else from being written.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use app::App;
use db::outbox::{self, Event};
use kernel::Coded as _;
use serde_json::{Value, json};
use siphasher::sip::SipHasher13;
use uuid::Uuid;

use super::reading::write;
use crate::error::SearchError;
use crate::shelf::{Shelf, Thing};

/// News looked at in one reading.
const NEWS: i64 = 500;
/// Things compared in one reading.
const PAGE: i64 = 2_000;
/// Things written before they are found.
const COMMIT: usize = 20_000;
/// Pages compared before the news are looked at again: what is erased meanwhile does not wait for the end.
const PAGES_BETWEEN: usize = 10;
/// Looks at the news before files are swept, too.
const LOOKS_BETWEEN: usize = 10;

/// How far going through has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Things compared.
    pub seen: u64,
    /// Things written.
    pub written: u64,
}

/// What is kept with a commit: the last news that is in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Kept {
    news: Option<i64>,
}

impl Kept {
    fn read(shelf: &Shelf) -> Result<Self, SearchError> {
        let text = shelf.index.payload()?.unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        Ok(Self { news: value.get("news").and_then(Value::as_i64) })
    }
    fn text(self) -> String {
        json!({"news": self.news}).to_string()
    }
}

/// Takes the turn to write. After the index has failed, what it holds is asked of it again: what was written since its last commit is not
/// there.
async fn turn(shelf: &Arc<Shelf>) -> Result<tokio::sync::MutexGuard<'_, ()>, SearchError> {
    let turn = shelf.turn.lock().await;
    if shelf.is_lost() {
        let here = Arc::clone(shelf);
        blocking(move || {
            let stamps = here.index.stamps()?;
            *here.stamps() = stamps;
            here.set_lost(false);
            Ok(())
        })
        .await?;
    }
    Ok(turn)
}

/// Remembers that the index has failed.
fn heeded<T>(shelf: &Shelf, done: Result<T, SearchError>) -> Result<T, SearchError> {
    if matches!(done, Err(SearchError::Index(_) | SearchError::Folder(_) | SearchError::NoIndex)) {
        shelf.set_lost(true);
    }
    done
}

/// Catches up with the news. Says how many things were written.
///
/// # Errors
/// The database's, the index's; what was missed is made up for by the next.
pub async fn follow(app: &App, shelf: &Arc<Shelf>) -> Result<u64, SearchError> {
    let turn = turn(shelf).await?;
    let written = heeded(shelf, news(app, shelf).await);
    drop(turn);
    written
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
        let Some(heard) = heard(app, after).await? else {
            tracing::warn!(
                "the index for searching belongs to another past of the database, or was away for too long: made anew"
            );
            kept = Kept::default();
            forget_all(shelf).await?;
            continue;
        };
        let Some(last) = heard.last().map(|(no, _)| *no) else { return Ok(written) };
        kept.news = Some(last);
        let things = touched(app, shelf, heard).await?;
        if !things.is_empty() {
            let things = things.into_iter().map(|thing| (thing, None)).collect();
            written = written.saturating_add(write(app, shelf, things).await?);
        }
        commit(shelf, kept).await?;
    }
}

/// Throws away what the index holds: it is made anew by going through everything.
async fn forget_all(shelf: &Arc<Shelf>) -> Result<(), SearchError> {
    let here = Arc::clone(shelf);
    blocking(move || {
        here.begin_anew();
        here.index.clear()
    })
    .await
}

/// Sees to it that nothing of what is no more is left in any file. It writes anew whatever holds some of it, so it is not done at each
/// piece of news. Says whether anything was.
///
/// # Errors
/// The index's.
pub async fn sweep(shelf: &Arc<Shelf>) -> Result<bool, SearchError> {
    let turn = turn(shelf).await?;
    let swept = heeded(shelf, purge(shelf).await);
    drop(turn);
    swept
}

async fn purge(shelf: &Arc<Shelf>) -> Result<bool, SearchError> {
    let here = Arc::clone(shelf);
    Ok(blocking(move || here.index.purge()).await? > 0)
}

/// News behind a number. Nothing where some are missing that the index has not seen, or where the database has not come so far: it was set
/// back, is another, or what it told was removed meanwhile.
async fn heard(app: &App, after: i64) -> Result<Option<Vec<(i64, Event)>>, SearchError> {
    app.db
        .read(move |tx| {
            let last = db::feed::last(tx, "outbox")?;
            let news = outbox::after(tx, after, NEWS)?;
            // Numbers have no gaps.
            let all_there = (after.saturating_add(1)..).zip(&news).all(|(expected, (no, _))| expected == *no);
            let come_so_far = after == last || (after < last && !news.is_empty());
            Ok((all_there && come_so_far).then_some(news))
        })
        .await
}

/// The things that news touch. A piece that cannot be understood touches nothing: what it changed is found by going through everything.
async fn touched(
    app: &App,
    shelf: &Arc<Shelf>,
    news: Vec<(i64, Event)>,
) -> Result<BTreeSet<Thing>, SearchError> {
    match touched_by(app, shelf, news.clone()).await {
        Err(error) if error.is_of_a_thing() => {}
        other => return other,
    }
    let mut things = BTreeSet::new();
    for one in news {
        let no = one.0;
        match touched_by(app, shelf, vec![one]).await {
            Ok(found) => things.extend(found),
            Err(error) if error.is_of_a_thing() => {
                tracing::error!(
                    no,
                    code = error.code(),
                    "a piece of news cannot be followed by the index for searching"
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok(things)
}

async fn touched_by(
    app: &App,
    shelf: &Arc<Shelf>,
    news: Vec<(i64, Event)>,
) -> Result<BTreeSet<Thing>, SearchError> {
    let shelf = Arc::clone(shelf);
    app.db
        .read(move |tx| {
            let mut things = BTreeSet::new();
            for (_, event) in &news {
                for (code, source) in shelf.kinds().filter(|(_, s)| s.events().contains(&event.name.as_str()))
                {
                    things.extend(source.touched(tx, event)?.into_iter().map(|id| (code, id)));
                }
            }
            Ok(things)
        })
        .await
}

pub(super) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
) -> Result<T, SearchError> {
    tokio::task::spawn_blocking(f).await.unwrap_or(Err(SearchError::NoIndex))
}

async fn commit(shelf: &Arc<Shelf>, kept: Kept) -> Result<(), SearchError> {
    let shelf = Arc::clone(shelf);
    blocking(move || shelf.index.commit(&kept.text())).await
}

/// What a thing was, as it is remembered.
pub(super) fn stamp_of(text: &str) -> u64 {
    use std::hash::Hasher as _;
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    hasher.write(text.as_bytes());
    // Nothing is remembered as zero but what was never compared.
    hasher.finish().max(1)
}

/// Goes through everything there is and puts right what is otherwise in the index. `tell` hears how far it has come.
///
/// # Errors
/// The database's, the index's. Where the things of one kind cannot be listed, the others were gone through.
pub async fn go_through(
    app: &App,
    shelf: &Arc<Shelf>,
    tell: impl FnMut(&'static str, Progress) + Send,
) -> Result<Progress, SearchError> {
    let turn = turn(shelf).await?;
    let done = heeded(shelf, through(app, shelf, tell).await);
    drop(turn);
    done
}

async fn through(
    app: &App,
    shelf: &Arc<Shelf>,
    mut tell: impl FnMut(&'static str, Progress) + Send,
) -> Result<Progress, SearchError> {
    // From here on the news are followed; what came before is seen.
    news(app, shelf).await?;
    let begun = shelf.begun();
    let (mut sum, mut since, mut pages, mut failed) = (Progress::default(), 0_usize, 0_usize, None);
    let kinds: Vec<(u8, &'static str)> = shelf.kinds().map(|(code, s)| (code, s.kind())).collect();
    for (code, kind) in kinds {
        let mut after = Uuid::nil();
        loop {
            let (page, last) = match differing(app, shelf, (code, after)).await {
                Ok(page) => page,
                Err(error) if error.is_of_a_thing() => {
                    tracing::error!(
                        kind,
                        code = error.code(),
                        "things cannot be listed for the index for searching"
                    );
                    failed = Some(error);
                    break;
                }
                Err(error) => return Err(error),
            };
            sum.seen = sum.seen.saturating_add(page.seen);
            since = since.saturating_add(page.things.len());
            if !page.things.is_empty() {
                sum.written = sum.written.saturating_add(write(app, shelf, page.things).await?);
                if since >= COMMIT {
                    since = 0;
                    commit(shelf, Kept::read(shelf)?).await?;
                }
                tell(kind, sum);
            }
            pages = pages.saturating_add(1);
            if pages.is_multiple_of(PAGES_BETWEEN) {
                news(app, shelf).await?;
            }
            if pages.is_multiple_of(PAGES_BETWEEN.saturating_mul(LOOKS_BETWEEN)) {
                purge(shelf).await?;
            }
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    if sum.written > 0 {
        commit(shelf, Kept::read(shelf)?).await?;
    }
    match failed {
        Some(error) => return Err(error),
        // Not where it was begun anew meanwhile.
        None if shelf.begun() == begun => shelf.set_ready(true),
        None => {}
    }
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
    let (here, me) = (Arc::clone(shelf), app.clone());
    let rows = app
        .db
        .read(move |tx| match here.source(code) {
            Some(source) => source.page(tx, &me, after, PAGE),
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
