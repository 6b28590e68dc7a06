//! Lists that others keep: brought, judged line by line before anything is changed, taken in little by little, taken back.
//!
//! A list that names what fraud was done with is one source like another: it makes nobody decline a payment. One that says what is
//! never held against anybody takes a weight off whoever is on it, an account of a fraudster, too; so an approver who did
//! not bring it signs for it.

use std::collections::BTreeSet;

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::{Tx, outbox};
use identifier::Kind;
use kernel::{Actor, Coded as _, Purpose};
use serde_json::json;
use uuid::Uuid;

use super::asking::Seen;
use super::checking::{Question, seen};
use super::hearing::{Heard, entry_id, keys_of, part, recount, spares};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Batch, BatchId, BatchStatus, Entry, How, Mention, What};
use crate::rules::batch::{self, Line, Matching};
use crate::rules::spared::{self, NetworkFault};
use crate::rules::{self, Guard, LifeError};
use crate::store;

/// There is work left on a list. Subject: the list.
pub const WORK: &str = "registry.batch.v1";
/// Field under which the lines of a list are sealed until they are taken in.
const LINES: &str = "registry.batch";
/// Lines or entries that are gone through in one transaction: others wait no longer for it than for any other.
const STEP: i64 = 100;
/// Most lines whose fault is kept.
const FAULTS: usize = 200;
/// Longest name of a list, characters.
const LONGEST_NAME: usize = 100;
/// Most lists of the page.
const LATEST: i64 = 100;

/// A list that somebody brings.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// What the things on it are.
    pub what: What,
    /// What it is called; empty: what it calls itself.
    pub name: String,
    /// The code of the institution that keeps it; empty: none.
    pub partner: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A list, and what its reader may do with it.
#[derive(Debug, Clone)]
pub struct OpenedBatch {
    /// The list.
    pub batch: Batch,
    /// Whether the reader may have it taken in.
    pub may_start: bool,
    /// Whether somebody else must sign for it.
    pub needs_second: bool,
    /// Whether the reader may take it back, or throw it away.
    pub may_undo: bool,
}

/// A line, judged: the key or the kind under which it is taken in, and its canonical writing.
struct Good {
    no: u64,
    /// A kind, or a sign of a key.
    how: String,
    value: String,
}

impl Good {
    fn written(&self) -> String {
        format!("{}\t{}\t{}", self.no, self.how, self.value)
    }
    fn read(line: &str) -> Option<Self> {
        let (no, rest) = line.split_once('\t')?;
        let (how, value) = rest.split_once('\t')?;
        Some(Self { no: no.parse().ok()?, how: how.to_owned(), value: value.to_owned() })
    }
}

/// The sign of a key among the lines of a list.
const KEY: &str = "key";

fn resource(batch: &Batch) -> Resource {
    Resource::new(Thing::Identifier, batch.id.uuid(), &batch.header)
}

/// The act that has a list taken in: one more word against somebody is an officer's, one in their favour an approver's.
const fn starting(what: What) -> Action {
    match what {
        What::Harmful => Action::ConfirmIdentifier,
        What::Own | What::Shared => Action::ListIdentifier,
    }
}

/// Reads and judges a list. Nothing is changed by it.
///
/// # Errors
/// Forbidden; the file is no list; it has no name; the institution is not known.
pub async fn bring(app: &App, actor: &Actor, new: NewBatch) -> Result<Batch, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let NewBatch { what, name, partner, bytes } = new;
    let brought =
        tokio::task::spawn_blocking(move || batch::read(&bytes)).await.map_err(|_| RegistryError::Busy)??;
    let name = if name.trim().is_empty() {
        brought.name.clone().unwrap_or_default()
    } else {
        name.trim().to_owned()
    };
    if !app::says(&name) || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(RegistryError::BatchName);
    }
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let partners = partner::store::all(tx)?;
            let keeper = partners.iter().find(|p| p.code == partner).map(|p| p.code.clone());
            if keeper.is_none() && !partner.is_empty() {
                return Err(RegistryError::NotFound);
            }
            let allowed = Allowed::here(&me, &partners);
            let (mut good, mut faults, mut twice) = (Vec::new(), Vec::new(), 0_i64);
            let (mut faulty, mut known) = (0_i64, BTreeSet::new());
            for line in &brought.lines {
                match judge(tx, &me, &allowed, (what, brought.matching), line)? {
                    Ok(line) if known.insert((line.how.clone(), line.value.clone())) => good.push(line),
                    Ok(_) => twice = twice.saturating_add(1),
                    Err(code) => {
                        faulty = faulty.saturating_add(1);
                        if faults.len() < FAULTS {
                            faults.push((line.no, code.to_owned()));
                        }
                    }
                }
            }
            let id = BatchId::from_uuid(me.uuid());
            let batch = Batch {
                id,
                header: me.header(&actor, me.profile.default_lang(), "registry"),
                what,
                name: name.clone(),
                partner: keeper,
                good: i64::try_from(good.len()).unwrap_or(i64::MAX),
                twice,
                faulty,
                faults,
                status: BatchStatus::Read,
                done: 0,
                cursor: None,
                signed_by: None,
                started_at: None,
                ended_at: None,
                version: 0,
            };
            let body: Vec<String> = good.iter().map(Good::written).collect();
            let sealed = me.seal_words(tx, id.uuid(), LINES, &body.join("\n"))?;
            store::batch::insert(tx, &batch, sealed.bytes())?;
            record(tx, &me, &actor, "registry.batch_brought", &batch)?;
            Ok(batch)
        })
        .await
}

fn record(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    act: &'static str,
    b: &Batch,
) -> Result<(), RegistryError> {
    let facts = json!({
        "name": b.name, "what": b.what.as_str(), "partner": b.partner, "good": b.good, "twice": b.twice, "faulty": b.faulty,
    });
    Ok(app.record(tx, actor, &Act { facts, ..Act::about(act, "identifier", b.id.uuid()) })?)
}

/// Judges a line: what is taken in, or the code of why it is not.
fn judge(
    tx: &mut Tx<'_>,
    app: &App,
    allowed: &Allowed<'_>,
    (what, matching): (What, Matching),
    line: &Line,
) -> Result<Result<Good, &'static str>, RegistryError> {
    if what != What::Harmful && matching == Matching::Network {
        return Ok(match spared::of_network(&line.value) {
            Ok(value) => Ok(Good { no: line.no, how: KEY.to_owned(), value }),
            Err(NetworkFault::TooWide) => Err(RegistryError::TooWide.code()),
            Err(NetworkFault::Unread) => Err(RegistryError::Unread.code()),
        });
    }
    let Seen { kind, canonical } = match read(app, line) {
        Ok(seen) => seen,
        Err(RegistryError::Value(reason)) => return Ok(Err(reason.code())),
        Err(other) => return Ok(Err(other.code())),
    };
    let id = entry_id(app, kind, &canonical);
    let beforehand = allowed.beforehand(kind, &canonical);
    let guard = |guard: Guard| Ok(Err(RegistryError::Life(LifeError::Guarded(guard)).code()));
    match what {
        // A list of persons is not what a registry of things is for.
        _ if rules::verdict::is_persons(kind) => Ok(Err(RegistryError::Person.code())),
        _ if beforehand.reserved => guard(Guard::Reserved),
        What::Harmful if beforehand.verified => guard(Guard::Verified),
        What::Harmful if beforehand.shared => guard(Guard::Shared),
        What::Harmful if spares(tx, &spared::keys(kind, &canonical, id))? => guard(Guard::Spared),
        What::Harmful => Ok(Ok(Good { no: line.no, how: kind.as_str().to_owned(), value: canonical })),
        What::Own | What::Shared => {
            let value = spared::of_line(what, matching, (kind, &canonical), id);
            Ok(Ok(Good { no: line.no, how: KEY.to_owned(), value }))
        }
    }
}

fn read(app: &App, line: &Line) -> Result<Seen, RegistryError> {
    let kind = line.kind.as_deref().map(|word| Kind::parse(word).ok_or(RegistryError::Why)).transpose()?;
    // Lists of sites write a full stop before a name for everything below it.
    seen(app, &Question { kind, value: line.value.trim_start_matches('.').to_owned() })
}

/// The lists that were brought last.
///
/// # Errors
/// Forbidden.
pub async fn all(app: &App, actor: &Actor) -> Result<Vec<Batch>, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let code = app.node.code.clone();
    Ok(app.db.read(move |tx| store::batch::latest(tx, &code, LATEST)).await?)
}

/// One list.
///
/// # Errors
/// Absent or hidden.
pub async fn open(app: &App, actor: &Actor, id: BatchId) -> Result<OpenedBatch, RegistryError> {
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let batch = find(tx, &actor, id)?;
            let may = access::allowed(&actor, starting(batch.what), &resource(&batch));
            let waits = batch.status == BatchStatus::Read;
            let ended = matches!(batch.status, BatchStatus::Read | BatchStatus::Applied);
            let undoes = [Action::ConfirmIdentifier, Action::ClearIdentifier];
            Ok(OpenedBatch {
                may_start: may && waits && batch.good > 0,
                needs_second: waits && batch.what != What::Harmful,
                may_undo: ended && undoes.into_iter().any(|a| access::allowed(&actor, a, &resource(&batch))),
                batch,
            })
        })
        .await
}

fn find(tx: &mut Tx<'_>, actor: &Actor, id: BatchId) -> Result<Batch, RegistryError> {
    let batch = store::batch::find(tx, id)?.ok_or(RegistryError::NotFound)?;
    access::require(actor, Action::ViewIdentifier, &resource(&batch))?;
    Ok(batch)
}

/// Has a list taken in.
///
/// # Errors
/// Absent or forbidden, of what protects also to whoever brought it; it stands elsewhere.
pub async fn start(app: &App, actor: &Actor, id: BatchId) -> Result<Batch, RegistryError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let batch = find(tx, &actor, id)?;
            access::require(&actor, starting(batch.what), &resource(&batch))?;
            let now = me.office.now();
            access::present(tx, &actor, now)??;
            if batch.status != BatchStatus::Read || batch.good == 0 {
                return Err(RegistryError::BatchStands);
            }
            let signed_by = Some(actor.label());
            let batch = Batch { status: BatchStatus::Running, signed_by, started_at: Some(now), ..batch };
            store::batch::save(tx, &batch)?;
            record(tx, &me, &actor, "registry.batch_started", &batch)?;
            me.tell(tx, WORK, id.uuid(), json!({}))?;
            Ok(batch)
        })
        .await
}

/// Takes a list back, or throws away one that was not taken in.
///
/// # Errors
/// Absent or forbidden; it stands elsewhere.
pub async fn undo(app: &App, actor: &Actor, id: BatchId) -> Result<Batch, RegistryError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let batch = find(tx, &actor, id)?;
            let undoes = [Action::ConfirmIdentifier, Action::ClearIdentifier];
            if !undoes.into_iter().any(|a| access::allowed(&actor, a, &resource(&batch))) {
                return Err(access::AccessError::Forbidden(Action::ConfirmIdentifier).into());
            }
            let now = me.office.now();
            access::present(tx, &actor, now)??;
            let after = match batch.status {
                BatchStatus::Read => {
                    store::batch::empty(tx, id)?;
                    Batch { status: BatchStatus::Undone, ended_at: Some(now), ..batch }
                }
                BatchStatus::Applied => {
                    me.tell(tx, WORK, id.uuid(), json!({}))?;
                    Batch { status: BatchStatus::Undoing, done: 0, cursor: None, ended_at: None, ..batch }
                }
                _ => return Err(RegistryError::BatchStands),
            };
            store::batch::save(tx, &after)?;
            record(tx, &me, &actor, "registry.batch_undone", &after)?;
            Ok(after)
        })
        .await
}

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
        BatchStatus::Applied => record(tx, app, &part(), "registry.batch_applied", &after),
        BatchStatus::Undone => record(tx, app, &part(), "registry.batch_gone", &after),
        _ => Ok(app.tell(tx, WORK, id.uuid(), json!({}))?),
    }
}

fn take_in(tx: &mut Tx<'_>, app: &App, batch: Batch) -> Result<Batch, RegistryError> {
    let sealed = store::batch::body(tx, batch.id)?.unwrap_or_default();
    let words = app.open_words(tx, batch.id.uuid(), LINES, &app::SealedWords::from_bytes(sealed))?;
    let text = words.map(|w| w.into_inner(Purpose::Investigate)).unwrap_or_default();
    let skip = usize::try_from(batch.done).unwrap_or(usize::MAX);
    let step = usize::try_from(STEP).unwrap_or(1);
    let lines: Vec<Good> = text.lines().skip(skip).take(step).filter_map(Good::read).collect();
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
    let spared = spares(tx, &keys_of(&entry))?;
    if spared == entry.spared {
        return Ok(());
    }
    Ok(store::save(tx, &Entry { spared, ..entry }, app.wall.now())?)
}

fn take_back(tx: &mut Tx<'_>, app: &App, batch: Batch) -> Result<Batch, RegistryError> {
    let gone = match batch.what {
        What::Harmful => {
            let all = store::some_of(tx, batch.id.uuid(), STEP)?;
            for entry in &all {
                store::unname(tx, batch.id.uuid(), *entry)?;
                recount(tx, app, *entry, None)?;
            }
            all.len()
        }
        What::Own | What::Shared => {
            let all = store::spared::some(tx, batch.id, STEP)?;
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
