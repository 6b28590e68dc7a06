//! What came of posts is kept: many in one commit, each under its own guard.

use std::collections::BTreeMap;

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use serde_json::json;

use super::error::NotifyError;
use super::model::{EndpointId, Fault, NotificationId};
use super::post::Answered;
use super::rules::{self, Breakers, Flight, News, Verdict};
use super::store::notification::Failed;
use super::store::{self, Due};

/// The profile's table of waits.
const TABLE: &str = "notice";

/// What came of a post. Its place among those under way comes back when it is dropped.
#[derive(Debug)]
pub struct Outcome {
    pub(super) due: Due,
    pub(super) probe: bool,
    pub(super) came: Result<Answered, Fault>,
    pub(super) at: Timestamp,
    pub(super) lease: Timestamp,
    pub(super) flight: Flight,
}

/// What is written about one notification.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Done(u16),
    Again(Timestamp, Failed),
    Probed(Failed),
    GivenUp(Failed),
}

/// What is written about one endpoint.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    /// When it last took something.
    took: Option<Timestamp>,
    /// Failures since, or in all.
    failures: i64,
    /// It had failed and has come back.
    back: bool,
    /// It said that it is gone.
    gone: bool,
}

/// Keeps what came of posts, and gives their places back when that is durable.
///
/// # Errors
/// The database's; then nothing is kept, and the leases end.
pub(super) async fn keep(app: &App, breakers: &Breakers, outcomes: Vec<Outcome>) -> Result<(), NotifyError> {
    let wall = app.wall.now();
    let mut fates: Vec<(NotificationId, Timestamp, Fate)> = Vec::with_capacity(outcomes.len());
    let mut tallies: BTreeMap<EndpointId, Tally> = BTreeMap::new();
    for outcome in &outcomes {
        let verdict = rules::verdict(outcome.came);
        let news = breakers.end(outcome.due.endpoint, matches!(verdict, Verdict::Done(_)), wall);
        if news != News::Well {
            let tally = tallies.entry(outcome.due.endpoint).or_default();
            tally.back |= news == News::Back;
            tally.gone |= matches!(verdict, Verdict::Gone(_));
            if news == News::Failed {
                tally.failures = tally.failures.saturating_add(1);
            } else {
                tally.took = Some(outcome.at);
                tally.failures = 0;
            }
        }
        fates.push((outcome.due.id, outcome.at, fate(app, outcome, verdict, wall)));
    }
    let me = app.clone();
    let kept = app
        .db
        .write(move |tx| {
            for (id, at, fate) in &fates {
                write(tx, *id, *at, fate)?;
            }
            for (endpoint, tally) in &tallies {
                tell(tx, &me, *endpoint, tally, wall)?;
            }
            Ok(())
        })
        .await;
    for outcome in outcomes {
        drop(outcome.flight);
    }
    kept
}

fn fate(app: &App, outcome: &Outcome, verdict: Verdict, wall: Timestamp) -> Fate {
    let failed = |status, fault| Failed { wall: outcome.at, status, fault, lease: outcome.lease };
    match verdict {
        Verdict::Done(status) => Fate::Done(status),
        Verdict::Gone(status) => Fate::GivenUp(failed(Some(status), Fault::Gone)),
        Verdict::Again { status, fault, .. } if outcome.probe => Fate::Probed(failed(status, fault)),
        Verdict::Again { status, fault, not_before_secs } => {
            let draw = u64::from_le_bytes(app.entropy.bytes());
            let made = outcome.due.step.saturating_add(1);
            let wait = app.profile.retry(TABLE).and_then(|table| rules::wait_secs(table, made, draw));
            match wait {
                Some(wait) => Fate::Again(wall.plus_secs(wait.max(not_before_secs)), failed(status, fault)),
                None => Fate::GivenUp(failed(status, fault)),
            }
        }
    }
}

fn write(tx: &mut Tx<'_>, id: NotificationId, at: Timestamp, fate: &Fate) -> Result<(), NotifyError> {
    match fate {
        Fate::Done(status) => store::notification::done(tx, id, at, *status)?,
        Fate::Again(due, failed) => store::notification::again(tx, id, *due, failed)?,
        Fate::Probed(failed) => store::notification::probed(tx, id, failed)?,
        Fate::GivenUp(failed) => store::notification::give_up(tx, id, failed)?,
    }
    Ok(())
}

fn tell(
    tx: &mut Tx<'_>,
    app: &App,
    endpoint: EndpointId,
    tally: &Tally,
    wall: Timestamp,
) -> Result<(), NotifyError> {
    match tally.took {
        Some(at) => store::endpoint::took(tx, endpoint, tally.failures, at)?,
        None => store::endpoint::failed(tx, endpoint, tally.failures)?,
    }
    if tally.gone {
        return gone(tx, app, endpoint);
    }
    if tally.back {
        store::notification::flush(tx, endpoint, wall)?;
    }
    Ok(())
}

/// 410 Gone: nothing more is posted, until somebody says so.
fn gone(tx: &mut Tx<'_>, app: &App, endpoint: EndpointId) -> Result<(), NotifyError> {
    let Some((row, _)) = store::endpoint::target(tx, endpoint)? else { return Ok(()) };
    store::notification::drop_all(tx, endpoint, Fault::Gone)?;
    if store::endpoint::disable(tx, endpoint, app.office.now())? {
        let facts = json!({"endpoint": endpoint, "host": row.endpoint.host(), "status": 410});
        let partner = row.endpoint.partner.uuid();
        let act = Act { facts, ..Act::about("partner.endpoint_disabled", "partner", partner) };
        app.record(tx, &Actor::system("notifications"), &act)?;
    }
    Ok(())
}
