//! Taking a list in and taking it back, a step at a time.

use app::App;
use db::{Tx, outbox};
use identifier::Kind;
use serde_json::json;
use uuid::Uuid;

use super::super::hearing::{Heard, entry_id, part, recount, respared};
use super::{Good, STEP, WORK, opened, record};
use crate::error::RegistryError;
use crate::model::{Batch, BatchId, BatchStatus, Decided, Entry, How, Mention, What};
use crate::{rules, store};

/// Goes on with the work on a list, a step at a time: each in a transaction of its own, so that nobody waits long.
///
/// # Errors
/// The database's.
pub fn on_work(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), RegistryError> {
    let id = BatchId::from_uuid(event.subject);
    let Some(batch) = store::batch::find(tx, id)? else { return Ok(()) };
    let after = match batch.status {
        BatchStatus::Running => take_in(tx, app, batch)?,
        BatchStatus::Undoing => take_back(tx, app, batch)?,
        BatchStatus::Settling => settle(tx, app, batch)?,
        BatchStatus::Read | BatchStatus::Applied | BatchStatus::Undone => return Ok(()),
    };
    let ended_at = (!after.status.is_working()).then(|| app.office.now());
    let after = Batch { ended_at, ..after };
    store::batch::save(tx, &after)?;
    match after.status {
        BatchStatus::Applied => record(tx, app, &part(), "registry.batch_applied", (&after, json!({}))),
        BatchStatus::Undone => record(tx, app, &part(), "registry.batch_gone", (&after, json!({}))),
        _ => Ok(app.tell(tx, WORK, id.uuid(), json!({}))?),
    }
}

fn take_in(tx: &mut Tx<'_>, app: &App, batch: Batch) -> Result<Batch, RegistryError> {
    let text = opened(tx, app, batch.id)?;
    let skip = usize::try_from(batch.done).unwrap_or(usize::MAX);
    let step = usize::try_from(STEP).unwrap_or(1);
    let mut lines: Vec<Good> = text.lines().skip(skip).take(step).filter_map(Good::read).collect();
    // In one order everywhere, so that none waits for the other.
    lines.sort_by_cached_key(|line| {
        // A key names an entry by its id, whose text sorts as it does.
        (Kind::parse(&line.how).map(|kind| entry_id(app, kind, &line.value)), line.value.clone())
    });
    for line in &lines {
        match batch.what {
            What::Harmful => name(tx, app, &batch, line)?,
            What::Own | What::Shared => spare(tx, app, &batch, line)?,
        }
    }
    let done = batch.done.saturating_add(i64::try_from(lines.len()).unwrap_or(0));
    if !lines.is_empty() && done < batch.good {
        return Ok(Batch { done, ..batch });
    }
    // The lines have said what they had to say.
    store::batch::empty(tx, batch.id)?;
    Ok(Batch { done, cursor: None, status: after_all(batch.what, BatchStatus::Applied), ..batch })
}

/// What protects is gone through once more: entries that stood there before.
const fn after_all(what: What, end: BatchStatus) -> BatchStatus {
    match what {
        What::Harmful => end,
        What::Own | What::Shared => BatchStatus::Settling,
    }
}

/// A list names a thing: one more source.
fn name(tx: &mut Tx<'_>, app: &App, batch: &Batch, line: &Good) -> Result<(), RegistryError> {
    let Some(kind) = Kind::parse(&line.how) else { return Ok(()) };
    let mention = Mention {
        report: batch.id.uuid(),
        how: How::Listing,
        // Two lists of one institution are one voice.
        reporter: voice(tx, batch)?,
        verified: false,
        partner: batch.partner.clone(),
        at: app.office.now(),
    };
    let heard = Heard::of(app, kind, &line.value, mention.clone());
    let id = entry_id(app, kind, &line.value);
    if store::find(tx, id)?.is_some_and(|e| e.decided == Decided::Cleared) {
        return Ok(());
    }
    store::also(tx, id, &mention)?;
    recount(tx, app, id, Some(&heard))
}

fn voice(tx: &mut Tx<'_>, batch: &Batch) -> Result<Uuid, RegistryError> {
    let Some(code) = &batch.partner else { return Ok(batch.id.uuid()) };
    let partners = partner::store::all(tx)?;
    Ok(partners.iter().find(|p| p.code == *code).map_or(batch.id.uuid(), |p| p.id.uuid()))
}

/// A list protects something.
fn spare(tx: &mut Tx<'_>, app: &App, batch: &Batch, line: &Good) -> Result<(), RegistryError> {
    store::spared::put(tx, batch.id, &line.value)?;
    respare_key(tx, app, &line.value)
}

/// The entry of a key that names one, gone through once more.
fn respare_key(tx: &mut Tx<'_>, app: &App, key: &str) -> Result<(), RegistryError> {
    let Some(id) = key.strip_prefix('=').and_then(|id| id.parse().ok()) else { return Ok(()) };
    match store::find(tx, id)? {
        Some(entry) => respare(tx, app, entry),
        None => Ok(()),
    }
}

/// Whether an entry is protected, looked at anew.
fn respare(tx: &mut Tx<'_>, app: &App, entry: Entry) -> Result<(), RegistryError> {
    let spared = respared(tx, &rules::lapse(entry.clone(), app.office.now()))?;
    if spared == entry.spared {
        return Ok(());
    }
    Ok(store::save(tx, &Entry { spared, ..entry }, app.wall.now())?)
}

fn take_back(tx: &mut Tx<'_>, app: &App, batch: Batch) -> Result<Batch, RegistryError> {
    let gone = match batch.what {
        What::Harmful => {
            let mut all = store::some_of(tx, batch.id.uuid(), STEP)?;
            all.sort_unstable();
            for entry in &all {
                store::unname(tx, batch.id.uuid(), *entry)?;
                recount(tx, app, *entry, None)?;
            }
            all.len()
        }
        What::Own | What::Shared => {
            let mut all = store::spared::some(tx, batch.id, STEP)?;
            all.sort_by(|(_, one), (_, other)| one.cmp(other));
            for (row, key) in &all {
                store::spared::drop_row(tx, *row)?;
                respare_key(tx, app, key)?;
            }
            all.len()
        }
    };
    let gone = i64::try_from(gone).unwrap_or(0);
    let done = batch.done.saturating_add(gone);
    if gone == STEP {
        return Ok(Batch { done, ..batch });
    }
    // Of one that was taken back half-way.
    store::batch::empty(tx, batch.id)?;
    Ok(Batch { done, cursor: None, status: after_all(batch.what, BatchStatus::Undone), ..batch })
}

/// Goes through the entries of addresses on the network: a site may protect many, and be no entry itself.
fn settle(tx: &mut Tx<'_>, app: &App, batch: Batch) -> Result<Batch, RegistryError> {
    let page = store::spared::network(tx, batch.cursor.unwrap_or_default(), STEP)?;
    let cursor = page.last().map(|e| e.id.uuid());
    let whole = i64::try_from(page.len()).is_ok_and(|n| n == STEP);
    for entry in page {
        respare(tx, app, entry)?;
    }
    if whole {
        return Ok(Batch { cursor, ..batch });
    }
    let stands = !store::spared::some(tx, batch.id, 1)?.is_empty();
    let status = if stands { BatchStatus::Applied } else { BatchStatus::Undone };
    Ok(Batch { cursor: None, status, ..batch })
}
