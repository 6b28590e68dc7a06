//! What goes on by itself: schemes are sorted anew, and watched.

use app::App;

use crate::service;

/// One round. What fails is tried again in the next.
pub async fn round(app: &App) {
    if let Err(error) = service::sort(app).await {
        tracing::warn!(%error, "schemes are not sorted; the next round tries again");
    }
    if let Err(error) = service::look(app).await {
        tracing::warn!(%error, "schemes are not watched; the next round tries again");
    }
}
