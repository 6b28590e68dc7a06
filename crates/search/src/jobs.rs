//! What goes on by itself: the index follows the news, and everything is gone through now and then.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use kernel::Timestamp;

use crate::Shelf;
use crate::service;

/// How often the news are looked at.
const FOLLOW_EVERY: Duration = Duration::from_millis(300);
/// Everything is gone through this often at most, seconds.
const LEAST_SECS: i64 = 5;
/// Going through takes one part of so many of the time.
const SHARE: i64 = 20;

/// Files are swept this often at most, seconds, if anything in them is no more.
const SWEEP_SECS: i64 = 60;

/// Keys of questions whose time is over are destroyed this often, seconds.
const FORGET_SECS: i64 = 3_600;
/// Days that are looked back when the program begins: it may have been away.
const DAYS_FIRST: u32 = 1_000;
/// Days that are looked back after that.
const DAYS_THEN: u32 = 30;

/// When something is due again: not sooner than after so many seconds, and not so soon that it takes more than its share of the time.
fn again(app: &App, begun: Timestamp, least_secs: i64) -> Timestamp {
    let now = app.wall.now();
    let took = now.micros_since(begun).max(0);
    now.plus_secs(least_secs).plus_micros(took.saturating_mul(SHARE))
}

/// Keeps the index for as long as the program runs.
pub async fn keep(app: App, shelf: Arc<Shelf>) {
    let (mut through, mut swept, mut forgotten) = (app.wall.now(), app.wall.now(), app.wall.now());
    let (mut begun_anew, mut days) = (shelf.begun(), DAYS_FIRST);
    loop {
        if let Err(error) = service::follow(&app, &shelf).await {
            tracing::warn!(%error, "the index for searching is brought up to date later");
        }
        let begun = app.wall.now();
        // What was thrown away is made anew at once.
        if begun >= through || begun_anew != shelf.begun() {
            begun_anew = shelf.begun();
            if let Err(error) = service::go_through(&app, &shelf, |_, _| ()).await {
                tracing::warn!(%error, "the index for searching is compared later");
            }
            through = again(&app, begun, LEAST_SECS);
        }
        let begun = app.wall.now();
        if begun >= swept {
            if let Err(error) = service::sweep(&shelf).await {
                tracing::warn!(%error, "the files of the index for searching are swept later");
            }
            swept = again(&app, begun, SWEEP_SECS);
        }
        if app.wall.now() >= forgotten {
            match service::forget_questions(&app, days).await {
                Ok(_) => days = DAYS_THEN,
                Err(error) => tracing::warn!(%error, "old questions are forgotten later"),
            }
            forgotten = app.wall.now().plus_secs(FORGET_SECS);
        }
        app.timer.sleep(FOLLOW_EVERY).await;
    }
}
