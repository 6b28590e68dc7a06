//! What goes on by itself: the index follows the news, and everything is gone through now and then.

use std::sync::Arc;
use std::time::Duration;

use app::App;

use crate::Shelf;
use crate::service;

/// How often the news are looked at.
const FOLLOW_EVERY: Duration = Duration::from_millis(300);
/// Everything is gone through this often at most, seconds.
const LEAST_SECS: i64 = 5;
/// Going through takes one part of so many of the time.
const SHARE: i64 = 20;

/// Keeps the index for as long as the program runs.
pub async fn keep(app: App, shelf: Arc<Shelf>) {
    let mut due = app.wall.now();
    loop {
        if let Err(error) = service::follow(&app, &shelf).await {
            tracing::warn!(%error, "the index for searching is brought up to date later");
        }
        let begun = app.wall.now();
        if begun >= due {
            if let Err(error) = service::go_through(&app, &shelf, |_, _| ()).await {
                tracing::warn!(%error, "the index for searching is compared later");
            }
            let took = app.wall.now().micros_since(begun).max(0);
            due = app.wall.now().plus_secs(LEAST_SECS).plus_micros(took.saturating_mul(SHARE));
        }
        app.timer.sleep(FOLLOW_EVERY).await;
    }
}
