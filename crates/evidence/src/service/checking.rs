//! Hashing again what lies on the shelf, and forgetting what never became whole.

use app::App;
use kernel::{Actor, Purpose};
use serde_json::json;
use uuid::Uuid;
use vault::SubjectKey;

use super::settling::{aside, give_back};
use super::{PART, SHA256, Said, happen, hold};
use crate::error::EvidenceError;
use crate::model::{Blob, EventKind};
use crate::rules::seal::Hashing;
use crate::shelf::Shelf;
use crate::store;

/// How long after it was last hashed a file is hashed again, seconds: a week.
const AGAIN_SECS: i64 = 7 * 24 * 3600;
/// How long nothing may come of a file before it is forgotten, seconds: two days.
const STALLED_SECS: i64 = 2 * 24 * 3600;

/// What is to be hashed again, the longest ago first.
///
/// # Errors
/// The database's.
pub async fn due(app: &App, limit: i64) -> Result<Vec<Blob>, EvidenceError> {
    let before = app.wall.now().plus_secs(-AGAIN_SECS);
    app.db.read(move |tx| Ok(store::blob::due(tx, before, limit)?)).await
}

/// Hashes one again. What is not as it was taken in is told to everybody who has it as an exhibit: with the frame in which it begins.
///
/// # Errors
/// The database's. Damage is no error, but what was found.
pub async fn check(app: &App, shelf: &Shelf, id: Uuid) -> Result<Option<i64>, EvidenceError> {
    let vault = app.vault.clone();
    let found = app.db.read(move |tx| {
        let Some(blob) = store::blob::find(tx, id)? else { return Ok(None) };
        // Bytes whose key or hash is gone are as lost as bytes that are gone, and must be told like them.
        let sealed = store::blob::sha256(tx, id)?;
        let opens = |key: SubjectKey| key.open(SHA256, &sealed).ok().map(|sha256| (key, sha256));
        Ok::<_, EvidenceError>(Some((blob, vault.subject(tx, id)?.and_then(opens))))
    });
    let Some((blob, opened)) = found.await? else { return Ok(None) };
    let damaged = match opened {
        Some((key, sha256)) => {
            wrong_frame(shelf, key, blob.frames, sha256.into_inner(Purpose::Operate)).await?
        }
        None => Some(0),
    };
    if let Some(frame) = damaged {
        tracing::error!(blob = %id, frame, "bytes of an exhibit are not those that were taken in");
    }
    let me = app.clone();
    app.db
        .write(move |tx| {
            if !store::blob::checked(tx, &blob, me.wall.now(), damaged)? {
                return Ok(());
            }
            // Told once, when it turns: a line a week in the life of each exhibit would hide the others.
            let turned = blob.damaged_frame.is_some() != damaged.is_some();
            if !turned {
                return Ok(());
            }
            for exhibit in store::exhibit::of_blob(tx, id)? {
                let part = Actor::system(PART);
                let mut held = hold(tx, &part, access::Action::HandleExhibit, exhibit.id)?;
                held.exhibit.damaged = damaged.is_some();
                let kind = if damaged.is_some() { EventKind::Damaged } else { EventKind::Checked };
                if !held.might(&part, kind) {
                    continue;
                }
                let said = Said { facts: json!({"frame": damaged}), ..Said::default() };
                happen(tx, &me, &part, &mut held, kind, &said)?;
            }
            Ok::<_, EvidenceError>(())
        })
        .await?;
    Ok(damaged)
}

/// The frame from which on bytes are not what was taken in; `None` if they are.
async fn wrong_frame(
    shelf: &Shelf,
    key: SubjectKey,
    frames: i64,
    sha256: String,
) -> Result<Option<i64>, EvidenceError> {
    let on = shelf.clone();
    let read = aside(move || {
        let mut hashing = Hashing::default();
        on.read(&key, frames, |part| hashing.update(part)).map(|()| hashing.hashes())
    });
    match read.await {
        Ok(h) if hex::encode(h.sha256) == sha256 => Ok(None),
        // Every frame opens and the whole is another: none of them can be blamed.
        Ok(_) => Ok(Some(0)),
        Err(EvidenceError::Damaged { frame, .. }) => Ok(Some(frame)),
        Err(other) => Err(other),
    }
}

/// Forgets files to which nothing more came. Gives how many.
///
/// # Errors
/// The database's, the folder's.
pub async fn forget_stale(app: &App, shelf: &Shelf, limit: i64) -> Result<usize, EvidenceError> {
    let before = app.wall.now().plus_secs(-STALLED_SECS);
    let stale = app.db.read(move |tx| store::blob::stale(tx, before, limit)).await?;
    let mut count = 0_usize;
    for upload in &stale {
        let (id, me) = (upload.id, app.clone());
        // Whoever is just sending or finishing it holds it.
        let Ok(file) = shelf.hold(id) else { continue };
        let forgotten = app
            .db
            .write(move |tx| {
                if store::blob::find(tx, id)?.is_some() || !store::blob::forget(tx, id, before)? {
                    return Ok(false);
                }
                me.vault.forget(tx, id)?;
                store::gone::insert(tx, id, me.wall.now())?;
                Ok::<_, EvidenceError>(true)
            })
            .await?;
        if forgotten {
            give_back(app, shelf, id).await;
            count = count.saturating_add(1);
        }
        drop(file);
    }
    Ok(count)
}
