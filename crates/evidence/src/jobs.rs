//! What goes on by itself: bytes are looked at and hashed again, files that never became whole are forgotten.

use app::App;
use reader::Reader;

use crate::error::EvidenceError;
use crate::service;
use crate::shelf::Shelf;

/// How many files one round hashes.
const A_ROUND: i64 = 4;
/// How many it looks at.
const LOOKS_A_ROUND: i64 = 8;

/// One round. Gives how many were hashed.
///
/// # Errors
/// The database's, the folder's. Damage is told to the exhibits and is no error.
pub async fn round(app: &App, shelf: &Shelf) -> Result<usize, EvidenceError> {
    service::forget_stale(app, shelf, 100).await?;
    service::clear(app, shelf, 100).await?;
    // A bucket that cannot be reached must not keep files in the folder from being hashed.
    if let Err(error) = service::clear_copies(app, shelf).await {
        tracing::warn!(%error, "copies that were left before the bucket are looked at later");
    }
    let due = service::due(app, A_ROUND).await?;
    for blob in &due {
        // One that cannot be judged must not keep the others from being hashed.
        if let Err(error) = service::check(app, shelf, blob.id).await {
            tracing::error!(blob = %blob.id, %error, "an exhibit could not be hashed again");
        }
    }
    Ok(due.len())
}

/// Looks at some that were not looked at yet, or by an older looker, one after the other: a file that takes all it may takes it once. Gives
/// how many.
///
/// # Errors
/// The database's. How a look ends is no error.
pub async fn look(app: &App, shelf: &Shelf, reader: &Reader) -> Result<usize, EvidenceError> {
    let due = service::to_look_at(app, LOOKS_A_ROUND).await?;
    for blob in &due {
        if let Err(error) = service::look_into(app, (shelf, reader), *blob).await {
            tracing::error!(%blob, %error, "what was seen in an exhibit could not be kept");
        }
    }
    Ok(due.len())
}
