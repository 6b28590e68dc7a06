//! What goes on by itself: whoever has a task is called before it falls due, whoever leads the case after.

use app::App;

use crate::service;

/// One round. What fails is tried again in the next.
pub async fn round(app: &App) {
    if let Err(error) = service::call_due(app).await {
        tracing::warn!(%error, "nobody is called about tasks of cases; the next round tries again");
    }
}
