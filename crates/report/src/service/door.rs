//! The citizen's way back in: number and code, and the visits that they open.

use std::time::Duration;

use app::App;
use audit::Act;
use kernel::Actor;

use crate::model::ReportId;
use crate::{ReportError, rules, store, visit};

/// Wrong codes taken for one report within [`TRY_WINDOW_SECS`].
const MAX_TRIES: i64 = 10;
/// Length of that window on the wall clock.
const TRY_WINDOW_SECS: i64 = 3600;
/// So long a try takes at least, right or wrong: a number that exists costs a durable write, one that does not
/// costs nothing, and the difference would tell them apart.
const TRY_TAKES: Duration = Duration::from_millis(100);

/// The hash under which a code is kept: keyed, and bound to its report.
pub(super) fn code_hash(app: &App, report: ReportId, code: &str) -> [u8; 32] {
    app.vault.blind("receipt_code", &format!("{report}|{code}"))
}

/// Opens a report with number and code: the citizen's way back in. Gives the token of a visit.
/// Wrong number and wrong code answer alike.
///
/// # Errors
/// [`ReportError::WrongCode`], or [`ReportError::TooManyTries`] after ten wrong ones in an hour.
pub async fn open_with_code(app: &App, number: &str, code: &str) -> Result<(String, ReportId), ReportError> {
    let (opened, ()) = tokio::join!(try_code(app, number, code), app.timer.sleep(TRY_TAKES));
    opened
}

async fn try_code(app: &App, number: &str, code: &str) -> Result<(String, ReportId), ReportError> {
    let number = number.trim().to_uppercase();
    let Some(code) = rules::read_code(code) else { return Err(ReportError::WrongCode) };
    let token = new_token(app);
    let (me, hash, wall) = (app.clone(), visit_hash(app, &token), app.wall.now());
    // The outcome is a value, not an error: an error would undo the counted try.
    let outcome = app
        .db
        .write(move |tx| {
            let Some(report) = store::by_number(tx, &number)? else {
                // As durable a write as for a number that exists, or the time would tell them apart.
                let nobody = ReportId::from_uuid(me.uuid());
                visit::insert(tx, me.uuid(), hash, nobody, wall)?;
                visit::delete_for(tx, nobody)?;
                return Ok(Err(ReportError::WrongCode));
            };
            let Some((Some(kept), tries, since)) = store::code(tx, report.id)? else {
                return Ok(Err(ReportError::WrongCode));
            };
            let fresh = wall.micros_since(since) > TRY_WINDOW_SECS * 1_000_000;
            let (tries, since) = if fresh { (0, wall) } else { (tries, since) };
            if tries >= MAX_TRIES {
                return Ok(Err(ReportError::TooManyTries));
            }
            if !vault::equal(&kept, &code_hash(&me, report.id, &code)) {
                store::set_tries(tx, report.id, tries + 1, since)?;
                return Ok(Err(ReportError::WrongCode));
            }
            store::set_tries(tx, report.id, 0, wall)?;
            visit::insert(tx, me.uuid(), hash, report.id, wall)?;
            let actor = Actor::Citizen { report: report.id.uuid() };
            me.record(tx, &actor, &Act::about("report.opened_with_code", "report", report.id.uuid()))?;
            Ok::<_, ReportError>(Ok(report.id))
        })
        .await??;
    Ok((token, outcome))
}

/// Starts a visit for the browser that has just filed this draft.
///
/// # Errors
/// The database's.
pub async fn begin_visit(app: &App, report: ReportId) -> Result<String, ReportError> {
    let token = new_token(app);
    let (me, hash, wall) = (app.clone(), visit_hash(app, &token), app.wall.now());
    app.db.write(move |tx| Ok::<_, ReportError>(visit::insert(tx, me.uuid(), hash, report, wall)?)).await?;
    Ok(token)
}

/// Which report a visit's token opens, if it has not ended.
///
/// # Errors
/// The database's.
pub async fn visitor(app: &App, token: &str) -> Result<Option<Actor>, ReportError> {
    let (hash, wall) = (visit_hash(app, token), app.wall.now());
    let report = app.db.read(move |tx| Ok::<_, ReportError>(visit::find(tx, hash, wall)?)).await?;
    Ok(report.map(|r| Actor::Citizen { report: r.uuid() }))
}

fn new_token(app: &App) -> String {
    hex::encode(app.entropy.bytes::<32>())
}

fn visit_hash(app: &App, token: &str) -> [u8; 32] {
    app.vault.blind("report_visit", token)
}
