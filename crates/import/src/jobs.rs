//! What goes on by itself: an import whose reading broke off with the node is said to have failed.

use app::App;

use crate::error::ImportError;
use crate::service;

/// One round. Gives how many had broken off.
///
/// # Errors
/// The database's.
pub async fn round(app: &App) -> Result<usize, ImportError> {
    service::give_up_broken(app).await
}
