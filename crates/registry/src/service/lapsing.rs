//! What people have decided and is over. It is told to nobody from that moment on, whatever stands in the row; here the row follows,
//! and the record says that the decision ended by its term.

use app::App;

use super::hearing::recount;
use crate::error::RegistryError;
use crate::store;

/// Most entries of one transaction, so that nobody waits for it.
const AT_ONCE: i64 = 50;
/// Most transactions of one round.
const MOST_ROUNDS: usize = 200;

/// Ends decisions whose term is over, as many as a round takes; says how many. Settles objections that have become empty.
///
/// # Errors
/// The database's.
pub async fn lapse(app: &App) -> Result<usize, RegistryError> {
    let mut all = 0_usize;
    for _ in 0..MOST_ROUNDS {
        let some = lapse_some(app).await?;
        all = all.saturating_add(some);
        if i64::try_from(some).is_ok_and(|some| some < AT_ONCE) {
            break;
        }
    }
    // And what people have cleared leaves nothing to be decided about it.
    for _ in 0..MOST_ROUNDS {
        if super::objecting::settle(app).await? == 0 {
            break;
        }
    }
    Ok(all)
}

async fn lapse_some(app: &App) -> Result<usize, RegistryError> {
    let me = app.clone();
    app.db
        .write(move |tx| {
            let now = me.office.now();
            let mut over = store::over(tx, now, AT_ONCE)?;
            // In one order everywhere, so that none waits for the other.
            over.sort_unstable();
            for id in &over {
                // Counted anew: what nobody names any more is no entry without a decision.
                recount(tx, &me, *id, None)?;
            }
            Ok(over.len())
        })
        .await
}
