//! A file that is whole becomes an exhibit: hashed from what lies there, put into its place, and only then written.

use access::{Action, Kind, Resource};
use app::App;
use kernel::Actor;
use uuid::Uuid;

use super::settling::{aside, give_back};
use super::taking::{Begun, allowed, checked, exhibit_of, keep, known_by, upload};
use crate::error::EvidenceError;
use crate::model::Exhibit;
use crate::rules::seal;
use crate::shelf::Shelf;
use crate::store;

/// A file is whole: it becomes an exhibit. The same bytes lie on the shelf once, whoever brings them.
///
/// # Errors
/// Not whole; not the hash that was told; a field of the form; forbidden.
pub async fn finish(
    app: &App,
    shelf: &Shelf,
    actor: &Actor,
    id: Uuid,
    begun: Begun,
) -> Result<Exhibit, EvidenceError> {
    access::require(actor, Action::TakeExhibit, &Resource::any(Kind::Exhibit))?;
    let begun = checked(app, begun)?;
    if let Some(done) = finished(app, actor, id).await? {
        return Ok(done);
    }
    let (me, on, who) = (app.clone(), shelf.clone(), actor.clone());
    // It goes on to its end, should nobody wait for it any more: hashing and moving a large file lasts longer than many a line. Whoever
    // asks again meanwhile is told that it is being worked on, and then gets the exhibit.
    let work = tokio::spawn(async move { finish_here(&me, &on, &who, id, begun).await });
    match work.await.map_err(|e| EvidenceError::Folder(e.to_string()))? {
        // Somebody else came to the end just now.
        Err(EvidenceError::NotFound) => finished(app, actor, id).await?.ok_or(EvidenceError::NotFound),
        other => other,
    }
}

async fn finish_here(
    app: &App,
    shelf: &Shelf,
    actor: &Actor,
    id: Uuid,
    begun: Begun,
) -> Result<Exhibit, EvidenceError> {
    upload(app, actor, id).await?;
    let file = shelf.hold(id)?;
    let whole = upload(app, actor, id).await?;
    if whole.received_bytes != whole.size_bytes {
        let (announced, received) = (whole.size_bytes, whole.received_bytes);
        return Err(EvidenceError::Length { announced, received });
    }
    let (me, who, asked) = (app.clone(), actor.clone(), begun.clone());
    // Before anything is moved: what is refused here leaves the file as it came.
    app.db.read(move |tx| allowed(tx, &me, &who, &asked)).await?;
    let vault = app.vault.clone();
    let key = app.db.read(move |tx| vault.subject(tx, id)).await?.ok_or(EvidenceError::NotFound)?;
    let (on, its, was) = (shelf.clone(), key.clone(), (whole.received_bytes, whole.frames));
    let hashes = aside(move || on.hash_whole(&its, was)).await?;
    let told = begun.sha256.trim().to_ascii_lowercase();
    if !told.is_empty() && told != hex::encode(hashes.sha256) {
        return Err(EvidenceError::OtherHash);
    }
    // Before the row: a row without a file would be a loss; a file in its place whose row did not come is still coming in. What lies on the
    // shelf already, whoever brought it, is not put there again; only the transaction knows for certain.
    let settle = async || {
        let (on, its, frames) = (shelf.clone(), key.clone(), whole.frames);
        aside(move || on.settle(&its, frames, &hashes)).await
    };
    let mut settled = !lies_already(app, &hashes).await?;
    if settled {
        settle().await?;
    }
    let (exhibit, known) = loop {
        let (me, who, told, upload) = (app.clone(), actor.clone(), begun.clone(), whole.clone());
        let write = move |tx: &mut db::Tx<'_>| keep(tx, &me, &who, &told, Some((&upload, &hashes, settled)));
        match app.db.write(write).await {
            Err(EvidenceError::Busy) if !settled => {
                settle().await?;
                settled = true;
            }
            other => break other?,
        }
    };
    if known {
        give_back(app, shelf, id).await;
    }
    let on = shelf.clone();
    if let Err(error) = aside(move || on.arrived(id)).await {
        tracing::warn!(blob = %id, %error, "a copy of an exhibit is removed later");
    }
    drop(file);
    Ok(exhibit)
}

/// Whether these bytes lie on the shelf already, whole.
async fn lies_already(app: &App, hashes: &seal::Hashes) -> Result<bool, EvidenceError> {
    let known_by = known_by(app, &hex::encode(hashes.sha256));
    let known = app.db.read(move |tx| store::blob::known(tx, &known_by)).await?;
    Ok(known.is_some_and(|blob| blob.damaged_frame.is_none()))
}

/// The exhibit, if the upload has become one.
async fn finished(app: &App, actor: &Actor, upload: Uuid) -> Result<Option<Exhibit>, EvidenceError> {
    let (id, author) = (exhibit_of(upload), actor.label());
    let found = app.db.read(move |tx| store::exhibit::find(tx, id)).await?;
    Ok(found.map(|(exhibit, _)| exhibit).filter(|e| e.header.author == author))
}
