//! Lists that others keep: brought, judged line by line before anything is changed, taken in little by little, taken back.
//!
//! A list that names what fraud was done with is one source like another: it makes nobody decline a payment. One that says what is
//! never held against anybody takes a weight off whoever is on it, an account of a fraudster, too; so an approver who did
//! not bring it signs for it.

mod bringing;
mod working;

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use identifier::Kind;
use kernel::{Actor, Purpose};
use serde_json::json;

use crate::error::RegistryError;
use crate::model::{Batch, BatchId, BatchStatus, What};
use crate::store;

pub use bringing::bring;
pub use working::on_work;

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
