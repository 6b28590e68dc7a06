//! What is told to whoever asks: to institutions by the API, to anybody at the portal.

use std::time::Duration;

use std::collections::BTreeMap;

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use identifier::Kind;
use kernel::{Actor, Timestamp};
use profile::ExemptReceipt;
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::asking::{Seen, is_turned, options, read};
use super::hearing::entry_id;
use super::leads::{By, Lead, is_guess, leads};
use crate::beforehand::{Allowed, name_of};
use crate::error::RegistryError;
use crate::live::{Live, Number, Query, Way};
use crate::model::{Advice, Class, Decided, EntryId, Reason};
use crate::rules::{self, Beforehand, Gist, Known, PublicAnswer, Verdict};
use crate::store;

/// Most things in one question of an institution.
pub const MOST_ITEMS: usize = 1_000;
/// Most things that are looked up of one message at the portal, and most numbers among them.
pub const MOST_FOUND: usize = 50;
/// See [`MOST_FOUND`].
pub const MOST_NUMBERS: usize = 10;
/// Longest message at the portal, bytes.
pub const LONGEST: usize = 20_000;

/// Questions at the portal that are answered at once, and how long each takes at least: the same time whatever is known,
/// and no more than six hundred a second from everybody together.
static TURNS: Semaphore = Semaphore::const_new(64);
const TAKES: Duration = Duration::from_millis(100);
/// So long an answer waits until its question is durable, where the country wants it so.
const DURABLE: Duration = Duration::from_secs(5);
/// So long somebody waits for their turn.
const WAIT: Duration = Duration::from_secs(5);

/// One thing that an institution asks about.
#[derive(Debug, Clone)]
pub struct Question {
    /// What sort of thing; `None`: whatever it looks like.
    pub kind: Option<Kind>,
    /// As it was written.
    pub value: String,
}

/// What an institution is told of one thing, or why the value is none.
pub type Told = Result<Answer, RegistryError>;

/// What an institution is told of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// Receipts that are carried out all the same, by the basis of a listing: wages, pensions.
    pub spared: Vec<ExemptReceipt>,
}

/// Tells an institution what is known of things, in the order in which they were asked about, by the database. Who asked, how
/// many, why and what was told is a record; a thing of which something is known is named in it by its entry.
///
/// # Errors
/// Forbidden; more things than [`MOST_ITEMS`].
pub async fn check(
    app: &App,
    actor: &Actor,
    all: Vec<Question>,
    why: &str,
) -> Result<Vec<Told>, RegistryError> {
    let read = read_all(app, actor, &all)?;
    let (me, actor, why) = (app.clone(), actor.clone(), why.to_owned());
    app.db
        .write(move |tx| {
            let (now, partners) = (me.office.now(), partner::store::all(tx)?);
            let allowed = Allowed::here(&me, &partners);
            let subject = live_partner(&actor, &partners)?;
            let (mut told, mut known, mut count) = (Vec::with_capacity(read.len()), BTreeMap::new(), 0_usize);
            for seen in &read {
                let seen = match seen {
                    Ok(seen) => seen,
                    Err(e) => {
                        told.push(Err(e.again()));
                        continue;
                    }
                };
                let spoken = spoken(&me, &allowed, seen, now, |id| {
                    Ok(store::find(tx, id)?.map(|entry| Gist::of(&entry, |_| None)))
                })?;
                let mut spared = Vec::new();
                if let Some((id, _)) = spoken.known {
                    let verdict = &spoken.verdict;
                    known.insert(id, verdict.class);
                    count = count.saturating_add(1);
                    if verdict.advice == Advice::Decline {
                        spared = spared_by(tx, id)?;
                    }
                    let facts = json!({
                        "entry": id, "class": verdict.class.as_str(), "advice": verdict.advice.as_str(), "why": why,
                    });
                    me.record(tx, &actor, &Act { facts, ..Act::about("registry.told", "partner", subject) })?;
                }
                let verdict = unless_spared(tx, &me, seen, (spoken.verdict, spoken.general))?;
                told.push(Ok(Answer { verdict, spared }));
            }
            // In one order everywhere, so that none waits for the other.
            for (id, class) in known {
                super::cleared::keep_told(tx, &me, (id, &actor), class, now)?;
            }
            if let Actor::Partner { code, .. } = &actor {
                store::count(tx, me.profile.day_start(now), code, (read.len(), count))?;
            }
            let facts = json!({"why": why, "asked": read.len(), "known": count});
            me.record(tx, &actor, &Act { facts, ..Act::about("registry.checked", "partner", subject) })?;
            Ok(told)
        })
        .await
}

/// The same from memory: the question has a number, under which it is written down within a tenth of a second, or before the
/// answer where the country wants it so.
///
/// # Errors
/// As [`check`]; [`RegistryError::Busy`] while nothing can be written down.
pub async fn check_live(
    app: &App,
    live: &Live,
    actor: &Actor,
    all: Vec<Question>,
    why: &str,
) -> Result<(Vec<Told>, Number), RegistryError> {
    let read = read_all(app, actor, &all)?;
    let (now, partners) = (app.office.now(), live.roster().partners());
    let partner = live_partner(actor, &partners)?;
    let allowed = Allowed::here(app, &partners);
    let (mut told, mut known) = (Vec::with_capacity(read.len()), Vec::new());
    let mut alike = Vec::new();
    for seen in read {
        let seen = match seen {
            Ok(seen) => seen,
            Err(e) => {
                told.push(Err(e));
                continue;
            }
        };
        let Spoken { verdict, known: entry, general } =
            spoken(app, &allowed, &seen, now, |id| Ok(live.gist(id)))?;
        if general || verdict.reasons == [Reason::LooksLike] {
            alike.push((told.len(), seen.clone()));
        }
        told.push(Ok(match entry {
            Some((id, gist)) => {
                known.push((id, verdict.class, verdict.advice));
                with_spared(app, live, (id, gist), verdict).await?
            }
            None => Answer { verdict, spared: Vec::new() },
        }));
    }
    spare_alike(app, &mut told, alike).await;
    let asked = told.len();
    let number = take_down(app, live, (actor, partner), why, (Way::Open, asked, known)).await?;
    Ok((told, number))
}

/// Takes a question down in the book: how many things were asked about in which way, and what was told of those that are known.
/// Where the country wants it so, waits until it is durable.
pub(super) async fn take_down(
    app: &App,
    live: &Live,
    (actor, partner): (&Actor, Uuid),
    why: &str,
    (way, asked, known): (Way, usize, Vec<(EntryId, Class, Advice)>),
) -> Result<Number, RegistryError> {
    let code = match actor {
        Actor::Partner { code, .. } => code.clone(),
        _ => String::new(),
    };
    let (why, at, wall) = (why.to_owned(), app.office.now(), app.wall.now());
    let query = Query { partner, code, why, way, at, wall, asked, known };
    let number = live.book.take(query).ok_or(RegistryError::Busy)?;
    if app.profile.identifiers().strict {
        app.timer.limit(DURABLE, live.book.durable(number)).await.ok_or(RegistryError::Busy)?;
    }
    Ok(number)
}

/// What is told of an entry, with the receipts that the law of a listing leaves to its holder.
pub(super) async fn with_spared(
    app: &App,
    live: &Live,
    (id, gist): (EntryId, Gist),
    verdict: Verdict,
) -> Result<Answer, RegistryError> {
    let spared = match (verdict.advice == Advice::Decline).then(|| live.spared(gist)) {
        None => Vec::new(),
        Some(Some(spared)) => spared,
        Some(None) => app.db.read(move |tx| spared_by(tx, id)).await?,
    };
    Ok(Answer { verdict, spared })
}

/// Whether somebody may ask at all.
pub(super) fn may_ask(actor: &Actor) -> Result<(), RegistryError> {
    Ok(access::require(actor, Action::CheckIdentifier, &Resource::any(Thing::Identifier))?)
}

/// What institutions asked, read.
fn read_all(
    app: &App,
    actor: &Actor,
    all: &[Question],
) -> Result<Vec<Result<Seen, RegistryError>>, RegistryError> {
    may_ask(actor)?;
    if all.is_empty() || all.len() > MOST_ITEMS {
        return Err(RegistryError::Items);
    }
    Ok(all.iter().map(|q| seen(app, q)).collect())
}

/// The institution that asks; one on trial is told nothing real.
pub(super) fn live_partner(actor: &Actor, all: &[partner::Partner]) -> Result<Uuid, RegistryError> {
    let id = match actor {
        Actor::Partner { partner, .. } => *partner,
        _ => Uuid::nil(),
    };
    match all.iter().find(|p| p.id.uuid() == id) {
        Some(p) if p.mode == partner::Mode::Test => Err(RegistryError::OnTrial),
        _ => Ok(id),
    }
}

/// What is said of a thing, and the entry that it speaks of.
struct Spoken {
    verdict: Verdict,
    known: Option<(EntryId, Gist)>,
    /// Whether it is said of something more general, of which a list may know that this part is somebody's own.
    general: bool,
}

/// What is known of a thing, and of what it leads to: whichever weighs more.
fn spoken(
    app: &App,
    allowed: &Allowed<'_>,
    seen: &Seen,
    now: Timestamp,
    mut look: impl FnMut(EntryId) -> Result<Option<Gist>, RegistryError>,
) -> Result<Spoken, RegistryError> {
    let mut best = Spoken { verdict: Verdict::NOTHING, known: None, general: false };
    for Lead { seen, how, own } in leads(seen) {
        let id = entry_id(app, seen.kind, &seen.canonical);
        let gist = look(id)?;
        if gist.is_none() && !own {
            continue;
        }
        let beforehand = allowed.beforehand(seen.kind, &seen.canonical);
        if how != By::Itself && beforehand.shared {
            continue;
        }
        let mut verdict = rules::told(gist.map(|gist| (seen.kind, gist)), beforehand, now);
        match how {
            // One report about a page says nothing of its neighbours; what people have decided on a name does.
            By::Above if verdict.class < Class::Suspect => continue,
            // The same name elsewhere may be anybody's: who pays is asked.
            By::Named if seen.kind == Kind::Handle => verdict.advice = verdict.advice.min(Advice::AskPayer),
            _ => {}
        }
        if (verdict.class, verdict.advice) > (best.verdict.class, best.verdict.advice) {
            // What people were told is told of an entry; a name that looks like another is told of nothing.
            let told = !matches!(verdict.class, Class::Nothing | Class::Verified);
            let known = gist.filter(|_| told).map(|gist| (id, gist));
            best = Spoken { verdict, known, general: how == By::Above };
        }
        if settles(how, gist, beforehand) {
            break;
        }
    }
    Ok(best)
}

/// Whether what is known of a thing, or of the site that it opens, ends the search for what lies above: people have cleared it, a list
/// protects it, or it is an organisation's.
fn settles(how: By, gist: Option<Gist>, beforehand: Beforehand) -> bool {
    let spared = gist.is_some_and(|gist| gist.decided == Decided::Cleared || gist.silent);
    matches!(how, By::Itself | By::Site) && (spared || beforehand.verified)
}

/// Names that look like others, or lie below one that is listed, of which lists may say that they are somebody's own: rare, so the
/// database is asked, for all of a question at once. Where it does not answer, the advice stays.
async fn spare_alike(app: &App, told: &mut [Told], alike: Vec<(usize, Seen)>) {
    if alike.is_empty() {
        return;
    }
    let me = app.clone();
    let spared = app.db.read(move |tx| {
        let mut all = Vec::new();
        for (place, seen) in &alike {
            if is_own(tx, &me, seen)? {
                all.push(*place);
            }
        }
        Ok::<_, RegistryError>(all)
    });
    match spared.await {
        Ok(all) => {
            for place in all {
                if let Some(answer) = told.get_mut(place) {
                    *answer = Ok(Answer { verdict: Verdict::NOTHING, spared: Vec::new() });
                }
            }
        }
        Err(error) => tracing::warn!(%error, "whether a name is somebody's own could not be looked up"),
    }
}

/// Whether a list, or people who looked at it, say that a name is somebody's own: the name itself, whatever is asked about on it.
fn is_own(tx: &mut Tx<'_>, app: &App, seen: &Seen) -> Result<bool, RegistryError> {
    let Some(name) = name_of(seen.kind, &seen.canonical) else { return Ok(false) };
    let (site, thing) = (entry_id(app, Kind::Domain, &name), entry_id(app, seen.kind, &seen.canonical));
    // What many share says nothing of a name under it.
    let keys: Vec<String> = rules::spared::keys(Kind::Domain, &name, site)
        .into_iter()
        .chain([rules::spared::of_entry(thing)])
        .filter(|key| !key.starts_with('~'))
        .collect();
    if store::spared::by(tx, &keys)?.is_some() {
        return Ok(true);
    }
    for id in [site, thing] {
        if store::find(tx, id)?.is_some_and(|e| e.decided == Decided::Cleared) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A name that looks like another, and that a list says is somebody's own: nothing is told of it.
fn unless_spared(
    tx: &mut Tx<'_>,
    app: &App,
    seen: &Seen,
    (verdict, general): (Verdict, bool),
) -> Result<Verdict, RegistryError> {
    let only = general || verdict.reasons == [Reason::LooksLike];
    Ok(if only && is_own(tx, app, seen)? { Verdict::NOTHING } else { verdict })
}

/// Receipts that the law of a listing leaves to the holder.
fn spared_by(tx: &mut Tx<'_>, id: EntryId) -> Result<Vec<ExemptReceipt>, RegistryError> {
    let law = store::find(tx, id)?.and_then(|entry| entry.basis);
    let basis = law.map(|(id, version)| legal_basis::get(tx, id, version)).transpose()?.flatten();
    Ok(basis.map(|b| b.record.exempt_receipts).unwrap_or_default())
}

pub(super) fn seen(app: &App, question: &Question) -> Result<Seen, RegistryError> {
    let Some(kind) = question.kind else {
        return read(app, &question.value)?.into_iter().next().ok_or(RegistryError::Unread);
    };
    let canonical =
        identifier::normalise(kind, &question.value, options(app).region).map_err(RegistryError::Value)?;
    Ok(Seen { kind, canonical })
}

/// What anybody is told of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it was read as; a short line has no kind.
    pub kind: Option<Kind>,
    /// As it is written.
    pub value: String,
    /// What is told.
    pub answer: PublicAnswer,
    /// The genuine domain that its name looks like.
    pub like: Option<String>,
}

/// Tells anybody what is known of a number, an account, a link, or of everything that a pasted message names. Nothing of the
/// question is kept.
///
/// # Errors
/// [`RegistryError::Busy`]; the text is too long, or nothing in it can be asked about.
pub async fn check_public(app: &App, text: &str) -> Result<Vec<Shown>, RegistryError> {
    turn(app, async { answered(app, asked(app, text)?).await }).await
}

/// Does something for anybody at the portal in their turn: the same time whatever comes of it, and no more at once than the
/// office can bear.
pub(super) async fn turn<T>(
    app: &App,
    work: impl Future<Output = Result<T, RegistryError>>,
) -> Result<T, RegistryError> {
    let turn = app.timer.limit(WAIT, TURNS.acquire()).await;
    let Some(Ok(_turn)) = turn else { return Err(RegistryError::Busy) };
    let (found, ()) = tokio::join!(work, app.timer.sleep(TAKES));
    found
}

/// What a text asks about.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// A line of three or four digits: no telephone, and one that everybody should know.
    Line(String),
    /// Things.
    Things(Vec<Seen>),
}

impl Asked {
    /// The things.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Seen> {
        match self {
            Self::Line(_) => [].iter(),
            Self::Things(all) => all.iter(),
        }
    }
}

pub(super) async fn answered(app: &App, asked: Asked) -> Result<Vec<Shown>, RegistryError> {
    let asked = match asked {
        Asked::Things(all) => all,
        Asked::Line(value) => {
            return Ok(vec![Shown { kind: None, value, answer: PublicAnswer::Verified, like: None }]);
        }
    };
    let me = app.clone();
    app.db
        .read(move |tx| {
            let (now, partners) = (me.office.now(), partner::store::all(tx)?);
            let allowed = Allowed::here(&me, &partners);
            let mut all = Vec::new();
            for seen in &asked {
                let (mut answer, mut general) = (PublicAnswer::Nothing, false);
                for Lead { seen, how, own } in leads(seen) {
                    let entry = store::find(tx, entry_id(&me, seen.kind, &seen.canonical))?;
                    if entry.is_none() && !own {
                        continue;
                    }
                    let beforehand = allowed.beforehand(seen.kind, &seen.canonical);
                    if how != By::Itself && beforehand.shared {
                        continue;
                    }
                    let said = rules::public(Known { entry: entry.as_ref(), beforehand }, now);
                    if how == By::Above && !matches!(said, PublicAnswer::Warned(..)) {
                        continue;
                    }
                    if said.weight() > answer.weight() {
                        (answer, general) = (said, how == By::Above);
                    }
                    if settles(how, entry.as_ref().map(|e| Gist::of(e, |_| None)), beforehand) {
                        break;
                    }
                }
                if (general || answer == PublicAnswer::LooksLike) && is_own(tx, &me, seen)? {
                    answer = PublicAnswer::Nothing;
                }
                let like = allowed.imitated(seen.kind, &seen.canonical).map(str::to_owned);
                all.push(Shown { kind: Some(seen.kind), value: seen.canonical.clone(), answer, like });
            }
            // A warning is not looked for below ten things of which nothing is known.
            all.sort_by_key(|shown| std::cmp::Reverse(shown.answer.weight()));
            Ok(all)
        })
        .await
}

/// Whether a message may name one thing more. Of numbers, each of which is a guess, fewer; of sites as many as any message has.
fn fits(all: &[Seen], more: &Seen) -> bool {
    let numbers = all.iter().filter(|seen| is_guess(seen)).count();
    all.len() < MOST_FOUND && (numbers < MOST_NUMBERS || !is_guess(more))
}

/// Whether a message names more than was looked at.
#[must_use]
pub fn is_cut(app: &App, text: &str) -> bool {
    if text.len() > LONGEST || read(app, text).is_ok() {
        return false;
    }
    let mut all: Vec<Seen> = Vec::new();
    identifier::extract(text, &options(app)).into_iter().any(|found| {
        let seen = Seen { kind: found.kind, canonical: found.canonical };
        let known = all.contains(&seen);
        if known || fits(&all, &seen) {
            all.extend((!known).then_some(seen));
            return false;
        }
        true
    })
}

/// One value as it was typed, or everything that a message names.
pub(super) fn asked(app: &App, text: &str) -> Result<Asked, RegistryError> {
    if text.len() > LONGEST {
        return Err(RegistryError::TooLong);
    }
    if is_turned(text) {
        return Err(RegistryError::Unread);
    }
    match read(app, text) {
        // Of several readings of one value the likeliest.
        Ok(readings) => Ok(Asked::Things(readings.into_iter().take(1).collect())),
        Err(e) => {
            let mut all: Vec<Seen> = Vec::new();
            for found in identifier::extract(text, &options(app)) {
                let seen = Seen { kind: found.kind, canonical: found.canonical };
                if !all.contains(&seen) && fits(&all, &seen) {
                    all.push(seen);
                }
            }
            match all.is_empty() {
                false => Ok(Asked::Things(all)),
                true if Allowed::here(app, &[]).is_short_line(text) => {
                    Ok(Asked::Line(text.trim().to_owned()))
                }
                true => Err(e),
            }
        }
    }
}
