//! What a node does by itself for persons: lists are taken in and back, whoever has very many records is gathered anew, records and weights
//! are kept under today's keys, and it is written down whose day of review has come. Several nodes may do it at once.

use std::time::Duration;

use app::App;

use crate::error::PersonError;

/// How often it is looked after.
const EVERY: Duration = Duration::from_secs(2);
/// Most transactions of one round for each thing.
const MOST: usize = 50;

/// One round; says whether anything was done.
///
/// # Errors
/// The database's, the vault's.
pub async fn round(app: &App) -> Result<bool, PersonError> {
    let mut busy = super::learning::veil_kept(app).await?;
    busy |= super::sort_marked(app).await? > 0;
    for _ in 0..MOST {
        if !super::work(app).await? {
            break;
        }
        busy = true;
    }
    for _ in 0..MOST {
        if !super::key_anew(app).await? {
            break;
        }
        busy = true;
    }
    Ok(super::tell_due(app).await? > 0 || busy)
}

/// Round after round, for as long as the process lives.
pub async fn keep(app: App) {
    loop {
        app.timer.sleep(EVERY).await;
        if let Err(error) = round(&app).await {
            tracing::warn!(%error, "persons are looked after later");
        }
    }
}
