//! Hashing again what lies on the shelf, and forgetting what never became whole.

use app::App;
use kernel::{Actor, Purpose};
use serde_json::json;
use uuid::Uuid;

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
        let Some(key) = vault.subject(tx, id)? else { return Ok(None) };
        let sealed = store::blob::sha256(tx, id)?;
        let sha256 = key.open(SHA256, &sealed)?;
        Ok::<_, EvidenceError>(Some((blob, key, sha256)))
    });
    let Some((blob, key, sha256)) = found.await? else { return Ok(None) };
    let (on, frames) = (shelf.clone(), blob.frames);
    let read = tokio::task::spawn_blocking(move || {
        let mut hashing = Hashing::default();
        on.read(&key, frames, |part| hashing.update(part)).map(|()| hashing.hashes())
    });
    let read = read.await.map_err(|e| EvidenceError::Folder(e.to_string()))?;
    let damaged = match read {
        Ok(h) if hex::encode(h.sha256) == sha256.into_inner(Purpose::Operate) => None,
        // Every frame opens and the whole is another: none of them can be blamed.
        Ok(_) => Some(0),
        Err(EvidenceError::Damaged { frame, .. }) => Some(frame),
        Err(other) => return Err(other),
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

/// Forgets files to which nothing more came. Gives how many.
///
/// # Errors
/// The database's, the folder's.
pub async fn forget_stale(app: &App, shelf: &Shelf, limit: i64) -> Result<usize, EvidenceError> {
    let before = app.wall.now().plus_secs(-STALLED_SECS);
    let stale = app.db.read(move |tx| store::blob::stale(tx, before, limit)).await?;
    for upload in &stale {
        let (id, me) = (upload.id, app.clone());
        app.db
            .write(move |tx| {
                store::blob::end(tx, id)?;
                Ok::<_, EvidenceError>(me.vault.forget(tx, id)?)
            })
            .await?;
        shelf.forget(id)?;
    }
    Ok(stale.len())
}
