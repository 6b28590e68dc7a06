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
use super::hearing::{Heard, entry_id, part, recount, respared, spares};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Batch, BatchId, BatchStatus, Decided, Entry, How, Mention, What};
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
/// Lines that are looked up in one go.
const LOOKED_UP: usize = 500;
/// Lines of one page.
pub const LINES_PAGE: usize = 500;
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

/// A line, judged: the kind or the key under which it is taken in, and as what it was read, for whoever signs for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Good {
    /// Where it stands in the file.
    pub no: u64,
    /// A kind, or [`KEY`].
    how: String,
    /// The canonical writing, or the key.
    value: String,
    /// The kind of what it was read as; of a network none.
    pub kind: Option<Kind>,
    /// What it was read as.
    pub read: String,
}

impl Good {
    fn written(&self) -> String {
        let kind = self.kind.map_or("", Kind::as_str);
        format!("{}\t{}\t{}\t{kind}\t{}", self.no, self.how, self.value, self.read)
    }
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(5, '\t').map(str::to_owned);
        let (no, how, value) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
        let kind = Kind::parse(&parts.next()?);
        Some(Self { no, how, value, kind, read: parts.next()? })
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

/// Reads and judges a list. Nothing is changed by it, and nobody's writing waits for it.
///
/// # Errors
/// Forbidden; the file is no list; it has no name; the institution is not known.
pub async fn bring(app: &App, actor: &Actor, new: NewBatch) -> Result<Batch, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let NewBatch { what, name, partner, bytes } = new;
    let partners = app.db.read(partner::store::all).await?;
    let keeper = partners.iter().find(|p| p.code == partner).map(|p| p.code.clone());
    if keeper.is_none() && !partner.is_empty() {
        return Err(RegistryError::NotFound);
    }
    let me = app.clone();
    let (called, lines) = tokio::task::spawn_blocking(move || {
        let brought = batch::read(&bytes)?;
        let allowed = Allowed::here(&me, &partners);
        let judged =
            brought.lines.iter().map(|line| (line.no, judge(&me, &allowed, (what, brought.matching), line)));
        Ok::<_, RegistryError>((brought.name, judged.collect::<Vec<_>>()))
    })
    .await
    .map_err(|_| RegistryError::Busy)??;
    let name = if name.trim().is_empty() { called.unwrap_or_default() } else { name.trim().to_owned() };
    if !app::says(&name) || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(RegistryError::BatchName);
    }
    let mut sorted = Sorted::default();
    for (no, line) in lines {
        match line {
            Ok(line) if sorted.seen.insert((line.how.clone(), line.value.clone())) => sorted.good.push(line),
            Ok(_) => sorted.twice = sorted.twice.saturating_add(1),
            Err(code) => sorted.refuse(no, code),
        }
    }
    look_up(app, what, &mut sorted).await?;
    let Sorted { good, faults, twice, faulty, known, .. } = sorted;
    let batch = Batch {
        id: BatchId::from_uuid(app.uuid()),
        header: app.header(actor, app.profile.default_lang(), "registry"),
        what,
        name,
        partner: keeper,
        good: i64::try_from(good.len()).unwrap_or(i64::MAX),
        twice,
        faulty,
        known,
        faults,
        status: BatchStatus::Read,
        done: 0,
        cursor: None,
        signed_by: None,
        started_at: None,
        ended_at: None,
        version: 0,
    };
    let body = good.iter().map(Good::written).collect::<Vec<_>>().join("\n");
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let sealed = me.seal_words(tx, batch.id.uuid(), LINES, &body)?;
            store::batch::insert(tx, &batch, sealed.bytes())?;
            let facts = json!({"lines_sealed": sealed.fact()});
            record(tx, &me, &actor, "registry.batch_brought", (&batch, facts))?;
            Ok(batch.clone())
        })
        .await
}

/// Lines of a list, sorted by what becomes of them.
#[derive(Default)]
struct Sorted {
    good: Vec<Good>,
    seen: BTreeSet<(String, String)>,
    faults: Vec<(u64, String)>,
    twice: i64,
    faulty: i64,
    known: i64,
}

impl Sorted {
    fn refuse(&mut self, no: u64, code: &str) {
        self.faulty = self.faulty.saturating_add(1);
        if self.faults.len() < FAULTS {
            self.faults.push((no, code.to_owned()));
        }
    }
}

/// What the registry knows of the lines, a few hundred at a time.
async fn look_up(app: &App, what: What, sorted: &mut Sorted) -> Result<(), RegistryError> {
    let mut good = std::mem::take(&mut sorted.good).into_iter().peekable();
    while good.peek().is_some() {
        let some: Vec<Good> = good.by_ref().take(LOOKED_UP).collect();
        let me = app.clone();
        let judged = app
            .db
            .read(move |tx| {
                some.iter()
                    .map(|line| Ok((line.clone(), known(tx, &me, what, line)?)))
                    .collect::<Result<Vec<_>, RegistryError>>()
            })
            .await?;
        for (line, found) in judged {
            match found {
                Ok(named) => {
                    sorted.known = sorted.known.saturating_add(i64::from(named));
                    sorted.good.push(line);
                }
                Err(code) => sorted.refuse(line.no, code),
            }
        }
    }
    sorted.faults.sort();
    Ok(())
}

/// Whether reports name what a line is about, or the code of why it is not taken in.
fn known(
    tx: &mut Tx<'_>,
    app: &App,
    what: What,
    line: &Good,
) -> Result<Result<bool, &'static str>, RegistryError> {
    let Some(kind) = line.kind else { return Ok(Ok(false)) };
    let id = entry_id(app, kind, &line.read);
    let entry = store::find(tx, id)?;
    let guard = |guard: Guard| Ok(Err(RegistryError::Life(LifeError::Guarded(guard)).code()));
    let now = app.office.now();
    match (what, &entry) {
        (What::Harmful, _) if spares(tx, &spared::keys(kind, &line.read, id))? => guard(Guard::Spared),
        (What::Harmful, Some(e)) if e.tally.own_verified > 0 => guard(Guard::Victim),
        // What people have cleared is not brought back by a file.
        (What::Harmful, Some(e)) if e.decided == Decided::Cleared => {
            Ok(Err(RegistryError::ClearedBefore.code()))
        }
        (What::Harmful, _) => Ok(Ok(entry.is_some())),
        // What people have decided is cleared by people, each with a reason, not silenced by the line of a list.
        (_, Some(e)) if rules::standing(e, now) != Decided::Nothing && e.decided != Decided::Cleared => {
            Ok(Err(RegistryError::DecidedBefore.code()))
        }
        (_, Some(e)) => Ok(Ok(rules::is_reported(&e.tally))),
        (_, None) => Ok(Ok(false)),
    }
}

fn record(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    act: &'static str,
    (b, more): (&Batch, serde_json::Value),
) -> Result<(), RegistryError> {
    let mut facts = json!({
        "what": b.what.as_str(), "partner": b.partner, "good": b.good, "twice": b.twice, "faulty": b.faulty,
        "known": b.known,
    });
    if let (Some(facts), Some(more)) = (facts.as_object_mut(), more.as_object()) {
        facts.extend(more.clone());
    }
    Ok(app.record(tx, actor, &Act { facts, ..Act::about(act, "identifier", b.id.uuid()) })?)
}

/// Judges a line by itself: what is taken in, or the code of why it is not.
fn judge(
    app: &App,
    allowed: &Allowed<'_>,
    (what, matching): (What, Matching),
    line: &Line,
) -> Result<Good, &'static str> {
    if what != What::Harmful && matching == Matching::Network {
        return match spared::of_network(&line.value) {
            Ok(value) => {
                let read = value.trim_start_matches('/').to_owned();
                Ok(Good { no: line.no, how: KEY.to_owned(), value, kind: None, read })
            }
            Err(NetworkFault::TooWide) => Err(RegistryError::TooWide.code()),
            Err(NetworkFault::Unread) => Err(RegistryError::Unread.code()),
        };
    }
    let Seen { kind, canonical } = match read(app, line) {
        Ok(seen) => seen,
        Err(RegistryError::Value(reason)) => return Err(reason.code()),
        Err(other) => return Err(other.code()),
    };
    let id = entry_id(app, kind, &canonical);
    let beforehand = allowed.beforehand(kind, &canonical);
    let guard = |guard: Guard| Err(RegistryError::Life(LifeError::Guarded(guard)).code());
    let good = |how: &str, value: String| {
        Ok(Good { no: line.no, how: how.to_owned(), value, kind: Some(kind), read: canonical.clone() })
    };
    match what {
        // A list of persons is not what a registry of things is for.
        _ if rules::verdict::is_persons(kind) => Err(RegistryError::Person.code()),
        _ if beforehand.reserved => guard(Guard::Reserved),
        What::Harmful if beforehand.verified => guard(Guard::Verified),
        What::Harmful if beforehand.shared => guard(Guard::Shared),
        What::Harmful => good(kind.as_str(), canonical.clone()),
        // Ten digits are a hundred thousand people's; what many share is protected as that, not with everything on it.
        What::Own | What::Shared if kind == Kind::Card => guard(Guard::Crowd),
        What::Own if beforehand.shared => guard(Guard::Shared),
        What::Own | What::Shared => good(KEY, spared::of_line(what, matching, (kind, &canonical), id)),
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
            let ended = matches!(
                batch.status,
                BatchStatus::Read | BatchStatus::Running | BatchStatus::Settling | BatchStatus::Applied
            );
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

/// A page of the lines of a list that waits, opened for whoever signs for it; that is a record.
///
/// # Errors
/// Absent or hidden; the lines have been taken in, and are kept no more.
pub async fn lines(
    app: &App,
    actor: &Actor,
    id: BatchId,
    page: usize,
) -> Result<(Batch, Vec<Good>), RegistryError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let batch = find(tx, &actor, id)?;
            // Whoever brought it has it, whoever signs must see it; nobody else.
            let signs = access::allowed(&actor, starting(batch.what), &resource(&batch));
            if !signs && batch.header.author != actor.label() {
                return Err(access::AccessError::Forbidden(starting(batch.what)).into());
            }
            if batch.status != BatchStatus::Read {
                return Err(RegistryError::BatchStands);
            }
            let text = opened(tx, &me, id)?;
            let skip = page.saturating_mul(LINES_PAGE);
            let all = text.lines().skip(skip).take(LINES_PAGE).filter_map(Good::read).collect();
            let about = Act::about("registry.batch_read", "identifier", id.uuid());
            me.record(
                tx,
                &actor,
                &Act { purpose: Some(Purpose::Investigate), facts: json!({"page": page}), ..about },
            )?;
            Ok((batch, all))
        })
        .await
}

/// The lines of a list; none once it was taken in.
fn opened(tx: &mut Tx<'_>, app: &App, id: BatchId) -> Result<String, RegistryError> {
    let sealed = store::batch::body(tx, id)?.unwrap_or_default();
    let words = app.open_words(tx, id.uuid(), LINES, &app::SealedWords::from_bytes(sealed))?;
    Ok(words.map(|w| w.into_inner(Purpose::Investigate)).unwrap_or_default())
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
            let body = store::batch::body(tx, id)?.unwrap_or_default();
            let facts = json!({"lines_sealed": app::SealedWords::from_bytes(body).fact()});
            record(tx, &me, &actor, "registry.batch_started", (&batch, facts))?;
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
                // Also where it stuck half-way: what was taken in goes as it came.
                BatchStatus::Applied | BatchStatus::Running | BatchStatus::Settling => {
                    me.tell(tx, WORK, id.uuid(), json!({}))?;
                    Batch { status: BatchStatus::Undoing, done: 0, cursor: None, ended_at: None, ..batch }
                }
                _ => return Err(RegistryError::BatchStands),
            };
            store::batch::save(tx, &after)?;
            record(tx, &me, &actor, "registry.batch_undone", (&after, json!({})))?;
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
        BatchStatus::Applied => record(tx, app, &part(), "registry.batch_applied", (&after, json!({}))),
        BatchStatus::Undone => record(tx, app, &part(), "registry.batch_gone", (&after, json!({}))),
        _ => Ok(app.tell(tx, WORK, id.uuid(), json!({}))?),
    }
}

fn take_in(tx: &mut Tx<'_>, app: &App, batch: Batch) -> Result<Batch, RegistryError> {
    let text = opened(tx, app, batch.id)?;
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
