//! Keeping the copy whole and the book written: what runs beside a node.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use app::App;
use audit::Act;
use db::{DbError, Tx};
use kernel::{Actor, Timestamp};
use oprf::Mark;
use serde_json::json;
use uuid::Uuid;

use super::private::Place;
use super::{Law, Live, Segment};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Class, Entry, EntryId};
use crate::rules::{self, Beforehand, Gist};
use crate::{service, store};

/// Entries of one page, and changes of one look.
const PAGE: i64 = 2_000;
/// How often other processes' changes are looked for.
const POLL: Duration = Duration::from_millis(100);
/// How often it is looked whether it is known who takes part.
const ROSTER: Duration = Duration::from_millis(20);
/// A pause after a failure of the database.
const PAUSE: Duration = Duration::from_millis(500);
/// So long questions are gathered before they are written down: with the commit itself less than a tenth of a second.
const GATHER: Duration = Duration::from_millis(70);
/// So soon after its commit a change has its number, as a rule: a sequencer that died keeps its lease for longer. Microseconds.
const NUMBERED_MICROS: i64 = 500_000;
/// After so long without the database everything is read anew: changes of a day ago are removed. Microseconds.
const TOO_LONG_MICROS: i64 = 3_600_000_000;

/// Reads the whole registry, then follows its changes for as long as the process lives.
pub async fn follow(app: App, live: Arc<Live>) {
    // Whose duty lines must be told to nobody is known by then.
    while !live.roster.is_current(&app.wall) {
        app.timer.sleep(ROSTER).await;
    }
    loop {
        match load(&app, &live).await {
            Ok(mut cursor) => {
                let (entries, bytes) = live.size();
                tracing::info!(entries, bytes, "the registry is in memory");
                stay(&app, &live, &mut cursor).await;
            }
            Err(error) => {
                tracing::warn!(%error, "the registry is read into memory later");
                app.timer.sleep(PAUSE).await;
            }
        }
    }
}

/// Follows until too long a time was spent away.
async fn stay(app: &App, live: &Live, cursor: &mut i64) {
    loop {
        let heard = live.heard.load(Ordering::Acquire);
        if app.wall.now().as_micros().saturating_sub(heard) > TOO_LONG_MICROS {
            live.whole.store(false, Ordering::Release);
            return;
        }
        let seen = app.db.commits();
        match catch_up(app, live, cursor).await {
            Ok(0) => {
                tokio::select! {
                    _ = app.db.wait_commit(seen) => {}
                    () = app.timer.sleep(POLL) => {}
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "the registry in memory stands still");
                app.timer.sleep(PAUSE).await;
            }
        }
    }
}

/// Reads everything; gives the number from which on changes are to be followed.
///
/// # Errors
/// The database's.
pub async fn load(app: &App, live: &Live) -> Result<i64, RegistryError> {
    let wall = app.wall.now();
    let (cursor, entries) =
        app.db.read(|tx| Ok::<_, DbError>((store::last_change(tx)?, store::entries(tx)?))).await?;
    // What is not there any more must not be told any more.
    live.whole.store(false, Ordering::Release);
    live.table.clear(usize::try_from(entries).unwrap_or(0));
    live.private.clear();
    let mut after = EntryId::from_uuid(Uuid::nil());
    loop {
        let page = app.db.read(move |tx| store::page(tx, after, PAGE)).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        learn_laws(app, live, &page).await?;
        page.iter().for_each(|entry| keep(live, entry.id, Some(entry)));
        hide(app, live, page).await?;
    }
    live.heard_at(wall);
    live.whole.store(true, Ordering::Release);
    Ok(cursor)
}

/// Takes in what was committed, whether it has its number yet or not, numbers it, and takes the changes after `cursor` in; says
/// how many those were.
///
/// # Errors
/// The database's.
pub async fn catch_up(app: &App, live: &Live, cursor: &mut i64) -> Result<usize, RegistryError> {
    let wall = app.wall.now();
    let from = *cursor;
    let seen = app
        .db
        .read(move |tx| {
            let (all, waiting) = (store::changes_after(tx, from, PAGE)?, store::changes_waiting(tx, PAGE)?);
            let (last, count) = (all.last().map(|(no, _)| *no), all.len());
            let ids = all.into_iter().map(|(_, id)| id).chain(waiting.iter().copied());
            let entries =
                ids.map(|id| Ok((id, store::find(tx, id)?))).collect::<Result<Vec<_>, DbError>>()?;
            let since = store::unnumbered_since(tx)?;
            Ok::<_, DbError>(Seen { entries, last, count, since })
        })
        .await?;
    // What is committed is told before it is numbered for the others; it comes again with its number.
    take_in(app, live, seen.entries).await?;
    *cursor = seen.last.unwrap_or(from);
    if seen.since.is_some() {
        db::feed::number_once(&app.db, store::CHANGES).await?;
    }
    // Whoever knows that something is behind has not heard all.
    let late = seen.since.is_some_and(|since| wall.micros_since(since) > NUMBERED_MICROS);
    if !late && i64::try_from(seen.count).unwrap_or(PAGE) < PAGE {
        live.heard_at(wall);
    }
    Ok(seen.count)
}

/// What one look at the changes finds.
struct Seen {
    entries: Vec<(EntryId, Option<Entry>)>,
    /// The number of the last change that has one, and how many have.
    last: Option<i64>,
    count: usize,
    /// Since when the oldest change waits for its number.
    since: Option<Timestamp>,
}

/// Takes in what has become of entries; `None`: they are no more.
async fn take_in(
    app: &App,
    live: &Live,
    changed: Vec<(EntryId, Option<Entry>)>,
) -> Result<(), RegistryError> {
    if changed.is_empty() {
        return Ok(());
    }
    let entries: Vec<Entry> = changed.iter().filter_map(|(_, entry)| entry.clone()).collect();
    learn_laws(app, live, &entries).await?;
    changed.iter().for_each(|(id, entry)| keep(live, *id, entry.as_ref()));
    let gone = changed.iter().filter(|(_, entry)| entry.is_none()).map(|(id, _)| *id).collect();
    live.private.forget(&gone);
    hide(app, live, entries).await
}

fn keep(live: &Live, id: EntryId, entry: Option<&Entry>) {
    live.learn(id, entry.map(|e| Gist::of(e, |law| live.law(law))));
}

/// Keeps by what entries are asked about when they are not named: of those of which something is told.
async fn hide(app: &App, live: &Live, mut entries: Vec<Entry>) -> Result<(), RegistryError> {
    let now = app.office.now();
    entries.retain(|e| {
        let gist = live.gist(e.id).map(|gist| (e.kind, gist));
        rules::told(gist, Beforehand::default(), now).class > Class::Nothing
    });
    if !app.profile.identifiers().private || entries.is_empty() {
        return Ok(());
    }
    let (me, partners) = (app.clone(), live.roster.partners());
    let (all, guarded) = app
        .db
        .read(move |tx| {
            let Some(key) = service::private::opener(tx, &me)? else {
                return Ok((Vec::new(), HashSet::new()));
            };
            let allowed = Allowed::here(&me, &partners);
            let (mut all, mut guarded) = (Vec::new(), HashSet::new());
            for entry in &entries {
                let beforehand = allowed.beforehand_of(&me, entry);
                let (kind, shared) = (entry.kind, beforehand.shared);
                if beforehand.verified || beforehand.reserved {
                    guarded.insert(entry.id);
                    continue;
                }
                let Some(p) = store::private::find(tx, entry.id)? else { continue };
                match service::private::opened(&key, &p) {
                    Ok(open) => {
                        let place = Place { entry: entry.id, kind, shared };
                        all.push((place, open, Mark::from_bytes(p.mark)));
                    }
                    // One row that was tampered with must not silence the others.
                    Err(error) => tracing::error!(entry = %entry.id, %error, "an open hash does not open"),
                }
            }
            Ok::<_, RegistryError>((all, guarded))
        })
        .await?;
    live.private.forget(&guarded);
    all.into_iter().for_each(|(place, open, mark)| live.private.learn(place, open, mark));
    Ok(())
}

/// Reads the laws of listings that are not known yet.
async fn learn_laws(app: &App, live: &Live, entries: &[Entry]) -> Result<(), RegistryError> {
    let mut new: Vec<(Uuid, i64)> = entries.iter().filter_map(|e| e.basis).collect();
    new.sort_unstable();
    new.dedup();
    new.retain(|law| live.law(*law).is_none());
    if new.is_empty() {
        return Ok(());
    }
    let read = app
        .db
        .read(move |tx| {
            let law = |(id, version): (Uuid, i64), tx: &mut Tx<'_>| {
                let basis = legal_basis::get(tx, id, version)?;
                let spared = basis.map(|b| b.record.exempt_receipts).unwrap_or_default();
                Ok::<_, RegistryError>(Law { id: (id, version), spared })
            };
            new.iter().map(|id| law(*id, tx)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    live.laws.write().unwrap_or_else(PoisonError::into_inner).extend(read);
    Ok(())
}

/// Writes the book down for as long as the process lives.
pub async fn keep_book(app: App, live: Arc<Live>) {
    loop {
        live.book.asked().await;
        if !app.profile.identifiers().strict {
            app.timer.sleep(GATHER).await;
        }
        while let Err(error) = write_down(&app, &live).await {
            tracing::error!(%error, "what institutions asked cannot be written down");
            app.timer.sleep(PAUSE).await;
        }
    }
}

/// Writes down whatever waits, and is not stopped half way when whoever waits for it goes away.
///
/// # Errors
/// As [`write_down`].
pub async fn flush(app: &App, live: &Arc<Live>) -> Result<(), RegistryError> {
    let (app, live) = (app.clone(), Arc::clone(live));
    let task = tokio::spawn(async move { write_down(&app, &live).await });
    task.await.unwrap_or(Err(RegistryError::Busy))
}

/// Writes down whatever waits: in each transaction a segment, its record, and what was told to whom.
///
/// # Errors
/// The database's; nothing is lost then.
pub async fn write_down(app: &App, live: &Live) -> Result<(), RegistryError> {
    let _alone = live.writing.lock().await;
    while let Some(segment) = live.book.waiting() {
        let (me, process) = (app.clone(), live.book.process());
        let (start, segment) = (segment.start, Arc::new(segment));
        let row = Arc::new(segment.row(&app.node.name, process, app.office.now()));
        let questions = app
            .db
            .write(move |tx| {
                // A commit whose outcome was not heard: it is there, perhaps with fewer questions than wait by now.
                if let Some(questions) = store::written(tx, process, row.start)? {
                    return Ok::<_, RegistryError>(questions);
                }
                store::insert_segment(tx, &row)?;
                let facts = json!({
                    "process": process, "start": row.start, "questions": row.questions, "root": hex::encode(row.root),
                });
                let about = Act::about("registry.questions", "check_record", row.id);
                me.record(tx, &crate::service::part(), &Act { facts, ..about })?;
                told(tx, &me, &segment)?;
                Ok(row.questions)
            })
            .await?;
        live.book.written(start, usize::try_from(questions).unwrap_or(0));
    }
    Ok(())
}

/// What the questions of a segment count for: who was told what, and how much was asked.
fn told(tx: &mut Tx<'_>, app: &App, segment: &Segment) -> Result<(), RegistryError> {
    let (mut days, mut last) = (BTreeMap::new(), BTreeMap::new());
    for query in &segment.queries {
        let actor = Actor::institution(query.partner, &query.code);
        // What was told of which entry stands in the lines of the segment, and its root in the record.
        for (entry, class, _) in &query.known {
            last.insert((*entry, query.code.clone()), (actor.clone(), *class, query.at));
        }
        let day = app.profile.day_start(query.at);
        let (asked, known) = days.entry((day, query.code.clone())).or_insert((0_usize, 0_usize));
        *asked += query.asked;
        *known += query.known.len();
    }
    // In one order in every process, so that none waits for the other.
    for ((entry, _), (actor, class, at)) in last {
        service::cleared::keep_told(tx, app, (entry, &actor), class, at)?;
    }
    for ((day, code), counts) in days {
        store::count(tx, day, &code, counts)?;
    }
    Ok(())
}
