//! Reads things as they are and writes them into the index. One that cannot be read is found by nobody, and keeps no other from being
//! written.

use std::sync::Arc;

use app::App;
use db::Tx;
use kernel::Coded as _;
use uuid::Uuid;

use super::following::{blocking, stamp_of};
use crate::error::SearchError;
use crate::index::Change;
use crate::model::Document;
use crate::shelf::{Shelf, Thing};

/// Things read in one reading: it ends within a second, also where a program is not optimised.
const READ: usize = 48;
/// Things that cannot be read of which the log tells one by one.
const TOLD: usize = 100;

/// A thing as it is now, and what it was read from.
type Read = (Change, Option<u64>);

/// Reads things and writes what they are. Says how many were written.
pub(super) async fn write(
    app: &App,
    shelf: &Arc<Shelf>,
    things: Vec<(Thing, Option<u64>)>,
) -> Result<u64, SearchError> {
    let mut written = 0_u64;
    for part in things.chunks(READ) {
        let changes = match read(app, shelf, part.to_vec()).await {
            Err(error) if error.is_of_a_thing() => one_by_one(app, shelf, part).await?,
            other => other?,
        };
        written = written.saturating_add(u64::try_from(changes.len()).unwrap_or(0));
        let here = Arc::clone(shelf);
        blocking(move || put(&here, changes)).await?;
    }
    Ok(written)
}

fn put(shelf: &Shelf, changes: Vec<Read>) -> Result<(), SearchError> {
    let only: Vec<Change> = changes.iter().map(|(change, _)| change.clone()).collect();
    shelf.index.write(&only)?;
    let mut stamps = shelf.stamps();
    for (change, stamp) in changes {
        let key = (change.kind, change.id);
        match stamp {
            Some(stamp) => stamps.insert(key, stamp),
            None => stamps.remove(&key),
        };
    }
    drop(stamps);
    Ok(())
}

async fn read(
    app: &App,
    shelf: &Arc<Shelf>,
    part: Vec<(Thing, Option<u64>)>,
) -> Result<Vec<Read>, SearchError> {
    let (me, here) = (app.clone(), Arc::clone(shelf));
    let all = app
        .db
        .read(move |tx| part.iter().map(|one| read_one(tx, &me, &here, *one)).collect::<Result<Vec<_>, _>>())
        .await?;
    let all: Vec<Read> = all.into_iter().flatten().collect();
    let mut unreadable = shelf.unreadable();
    for (change, _) in &all {
        unreadable.remove(&(change.kind, change.id));
    }
    drop(unreadable);
    Ok(all)
}

fn read_one(
    tx: &mut Tx<'_>,
    app: &App,
    shelf: &Shelf,
    ((kind, id), stamp): (Thing, Option<u64>),
) -> Result<Option<Read>, SearchError> {
    let Some(source) = shelf.source(kind) else { return Ok(None) };
    let documents: Vec<Document> = source.read(tx, app, id)?;
    let stamp = match stamp {
        Some(stamp) => Some(stamp),
        // Of what the news told: its text is that of its own page.
        None => {
            let before = Uuid::from_u128(id.as_u128().saturating_sub(1));
            let next = source.page(tx, app, before, 1)?;
            next.into_iter().find(|(found, _)| *found == id).map(|(_, text)| stamp_of(&text))
        }
    };
    Ok(Some((shelf.change(app, (kind, id), stamp.unwrap_or(0), &documents), stamp)))
}

/// Each in a reading of its own, where one of them cannot be read. What the index had of that one goes; it is tried again when everything
/// is gone through, and told once.
async fn one_by_one(
    app: &App,
    shelf: &Arc<Shelf>,
    part: &[(Thing, Option<u64>)],
) -> Result<Vec<Read>, SearchError> {
    let mut all = Vec::new();
    for one in part {
        match read(app, shelf, vec![*one]).await {
            Ok(read) => all.extend(read),
            Err(error) if error.is_of_a_thing() => {
                let (kind, id) = one.0;
                let mut unreadable = shelf.unreadable();
                let new = unreadable.insert(one.0);
                if new && unreadable.len() <= TOLD {
                    let kind = shelf.source(kind).map_or("", |s| s.kind());
                    tracing::error!(kind, %id, code = error.code(), "a thing cannot be read, so nobody finds it");
                }
                drop(unreadable);
                // Once it is gone it need not go again.
                if new || shelf.stamps().contains_key(&one.0) {
                    all.push((Change { kind, id, entries: Vec::new() }, None));
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}
