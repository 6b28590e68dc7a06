//! What goes on by itself: kept views lose what is no longer there.

use app::App;

use crate::{Sources, service};

/// A round: how much was forgotten. What fails is tried again in the next.
pub async fn round(app: &App, sources: &Sources) -> usize {
    let forgotten = service::forget(app).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "views that were thrown away are kept till the next round");
        0
    });
    let swept = service::sweep(app, sources).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "views are not swept; the next round tries again");
        0
    });
    forgotten.saturating_add(swept)
}
