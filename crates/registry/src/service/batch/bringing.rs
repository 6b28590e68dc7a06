//! Reading and judging a list: line by line, with nothing changed by it.

use std::collections::BTreeSet;

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use identifier::Kind;
use kernel::{Actor, Coded as _};
use serde_json::json;

use super::super::asking::Seen;
use super::super::checking::{Question, seen};
use super::super::hearing::{entry_id, spares};
use super::{FAULTS, Good, KEY, LINES, LONGEST_NAME, LOOKED_UP, NewBatch, record};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Batch, BatchId, BatchStatus, Decided, What};
use crate::rules::batch::{self, Line, Matching};
use crate::rules::spared::{self, NetworkFault};
use crate::rules::{self, Guard, LifeError};
use crate::store;

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
    if !app::is_line(&name, LONGEST_NAME) {
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
