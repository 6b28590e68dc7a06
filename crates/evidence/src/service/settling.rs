//! Where bytes of exhibits go when they are whole, and what is done later because a shelf could not be reached or a node ended in between.
//!
//! Nothing hangs on the shelf being reached at once but the taking in of a file and its reading: bytes that are no longer wanted stand in
//! the database until they are gone, and a copy that was left before a bucket is removed once the bytes are known to lie there.

use app::App;
use kernel::Timestamp;
use uuid::Uuid;

use crate::error::EvidenceError;
use crate::shelf::Shelf;
use crate::shelf::away::Greeting;
use crate::store;

/// How long after a failure it is tried again to give room back, seconds.
const AGAIN_SECS: i64 = 300;
/// So many copies that were left are looked at in one round.
const COPIES: usize = 1_000;
/// In the database: exhibits were put into a bucket.
const AWAY: &str = "evidence_bucket";

/// Does on another thread what waits for a disk or a bucket.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EvidenceError> + Send + 'static,
) -> Result<T, EvidenceError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| EvidenceError::Folder(e.to_string()))?
}

/// Whether exhibits of this database lie in a bucket: a node that was not told of it would take them for lost.
///
/// # Errors
/// The database's.
pub async fn lies_away(app: &App) -> Result<bool, EvidenceError> {
    Ok(app.db.read(|tx| db::meta::get(tx, AWAY)).await?.is_some_and(|kept| !kept.is_empty()))
}

/// The bytes lie in the folder again, says whoever brought them back: no bucket is asked for any more.
///
/// # Errors
/// The database's.
pub async fn leave(app: &App) -> Result<(), EvidenceError> {
    Ok(app.db.write(|tx| db::meta::put(tx, AWAY, "")).await?)
}

/// Asks the shelf's bucket whether it is the one of this database. One that never had exhibits is marked. Nothing else is done in a bucket
/// before; a folder is always known.
///
/// # Errors
/// The bucket cannot be reached; the database's.
pub async fn greet(app: &App, shelf: &Shelf) -> Result<Greeting, EvidenceError> {
    if !shelf.is_away() {
        return Ok(Greeting::Known);
    }
    let first = !lies_away(app).await?;
    // It says nothing to whoever reads it, and the same key makes the same after a restore.
    let mark = hex::encode(app.vault.blind(AWAY, "mark"));
    let on = shelf.clone();
    let found = aside(move || on.greet(&mark, first)).await?;
    if found == Greeting::Known && first {
        app.db.write(|tx| db::meta::put(tx, AWAY, "marked")).await?;
    }
    Ok(found)
}

/// Gives back the room of bytes that are no longer wanted, which the database knows already. Where that cannot be now, it is done later.
pub(super) async fn give_back(app: &App, shelf: &Shelf, id: Uuid) -> bool {
    let on = shelf.clone();
    let gone = aside(move || on.forget(id)).await;
    let now = app.wall.now();
    let kept = match &gone {
        Ok(()) => app.db.write(move |tx| store::gone::done(tx, id)).await,
        Err(_) => app.db.write(move |tx| store::gone::tried(tx, id, now)).await,
    };
    if let Some(error) = gone.as_ref().err().map(ToString::to_string).or(kept.err().map(|e| e.to_string())) {
        tracing::warn!(blob = %id, error, "bytes that are no longer wanted are removed later");
    }
    gone.is_ok()
}

/// Gives back what could not be given back at once. Gives how many.
///
/// # Errors
/// The database's.
pub async fn clear(app: &App, shelf: &Shelf, limit: i64) -> Result<usize, EvidenceError> {
    let before: Timestamp = app.wall.now().plus_secs(-AGAIN_SECS);
    let mut count = 0_usize;
    for id in app.db.read(move |tx| store::gone::due(tx, before, limit)).await? {
        if !give_back(app, shelf, id).await {
            // The others would fail for the same reason, and each is waited for.
            break;
        }
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// Removes copies that were left before a bucket because the node ended between the commit and their removal. Gives how many.
///
/// # Errors
/// The folder's, the bucket's, the database's.
pub async fn clear_copies(app: &App, shelf: &Shelf) -> Result<usize, EvidenceError> {
    if !shelf.is_away() {
        return Ok(0);
    }
    let on = shelf.clone();
    let mut count = 0_usize;
    for id in aside(move || on.lying_before(COPIES)).await? {
        let left = app.db.read(move |tx| {
            Ok::<_, EvidenceError>(
                store::blob::upload(tx, id)?.is_none() && store::blob::find(tx, id)?.is_some(),
            )
        });
        // What is coming in stays; of what nobody knows, nobody knows what it is.
        if !left.await? {
            continue;
        }
        let on = shelf.clone();
        let removed = aside(move || {
            let Ok(_held) = on.hold(id) else { return Ok(false) };
            let there = on.is_there_as_well(id)?;
            if there {
                on.arrived(id)?;
            }
            Ok(there)
        });
        if removed.await? {
            count = count.saturating_add(1);
        } else {
            tracing::error!(blob = %id, "a copy of an exhibit was left here, and the bucket does not have it whole: it is kept");
        }
    }
    Ok(count)
}
