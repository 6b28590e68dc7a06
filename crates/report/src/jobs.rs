//! What this slice does by itself: the message that the receipt promised, at the time it promised.

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};

use crate::ReportError;
use crate::model::ReportId;
use crate::{rules, store};

/// Most promises kept in one round; the rest are found by the next query.
const ROUND: i64 = 200;
/// Most rounds of one run, so that a long standstill does not hold up what else runs in the same loop.
const ROUNDS: usize = 20;
/// Keys of the messages; each reader gets their own language.
const WITH_MONEY: &str = "report-promise-money";
const WITHOUT_MONEY: &str = "report-promise-no-money";

/// Writes the promised message to every report whose time has come, and promises the next one. Says how many.
/// Running twice at once is harmless: a promise is kept by whoever finds it still standing.
///
/// # Errors
/// The database's.
pub async fn keep_promises(app: &App) -> Result<usize, ReportError> {
    let mut kept = 0_usize;
    for _ in 0..ROUNDS {
        let now = app.office.now();
        let due: Vec<ReportId> =
            app.db.read(move |tx| Ok::<_, ReportError>(store::due(tx, now, ROUND)?)).await?;
        let full = i64::try_from(due.len()).unwrap_or(ROUND) == ROUND;
        for id in due {
            let me = app.clone();
            let done = app.db.write(move |tx| keep(tx, &me, id, now)).await?;
            kept = kept.saturating_add(usize::from(done));
        }
        if !full {
            break;
        }
    }
    Ok(kept)
}

/// Keeps the promise of one report. `false` if it no longer stands.
fn keep(tx: &mut Tx<'_>, app: &App, id: ReportId, now: Timestamp) -> Result<bool, ReportError> {
    let Some(report) = store::find(tx, id)? else { return Ok(false) };
    if report.next_message_at > now || report.withdrawn_at.is_some() {
        return Ok(false);
    }
    let Some(key) = app.vault.subject(tx, id.uuid())? else { return Ok(false) };
    let me = Actor::system("intake");
    let next = rules::next_promise(now, app.profile.next_message_secs(), store::promises_kept(tx, id)?);
    store::promise_anew(tx, id, report.next_message_at, next)?;
    let text = if report.loss.is_positive() { WITH_MONEY } else { WITHOUT_MONEY };
    let sealed = key.seal(&app.entropy, "message", text);
    store::insert_message(tx, id, (app.uuid(), now), (false, &me.label()), &sealed)?;
    app.record(tx, &me, &Act::about("report.promise_kept", "report", id.uuid()))?;
    Ok(true)
}
