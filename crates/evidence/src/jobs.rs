//! What goes on by itself: bytes are hashed again, files that never became whole are forgotten.

use app::App;

use crate::error::EvidenceError;
use crate::service;
use crate::shelf::Shelf;

/// How many files one round hashes.
const A_ROUND: i64 = 4;

/// One round. Gives how many were hashed.
///
/// # Errors
/// The database's, the folder's. Damage is told to the exhibits and is no error.
pub async fn round(app: &App, shelf: &Shelf) -> Result<usize, EvidenceError> {
    service::forget_stale(app, shelf, 100).await?;
    let due = service::due(app, A_ROUND).await?;
    for blob in &due {
        // One that cannot be judged must not keep the others from being hashed.
        if let Err(error) = service::check(app, shelf, blob.id).await {
            tracing::error!(blob = %blob.id, %error, "an exhibit could not be hashed again");
        }
    }
    Ok(due.len())
}
