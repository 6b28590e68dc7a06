//! Asking without naming: by a prefix of the hash that everybody can work out, or obliviously. What each reveals to whom stands
//! in the partners' guide.

use std::sync::{Arc, Mutex, PoisonError};

use app::App;
use db::Tx;
use filter::OpenHash;
use identifier::Kind;
use kernel::Actor;
use oprf::{Answered, Mark, Office, POINT};
use uuid::Uuid;
use vault::{SubjectKey, VaultError};

use super::asking::Seen;
use super::checking::{Answer, live_partner, may_ask, take_down, with_spared};
use super::leads::{Lead, leads};
use crate::error::RegistryError;
use crate::live::{Live, Number, PREFIX, Place, Way};
use crate::model::{Class, EntryId};
use crate::rules::{self, Beforehand};
use crate::store::private::{self, Private};

/// Most prefixes, heaps or points of one question.
pub const MOST_PRIVATE: usize = oprf::MOST;
/// How many things a prefix or a heap, and a point, count as: the first gives what belongs to many, the second costs the office work.
pub const HEAP_COUNTS: usize = 10;
/// See [`HEAP_COUNTS`].
pub const POINT_COUNTS: usize = 5;

/// Under whose key open hashes are sealed: the registry's own.
const REGISTRY: Uuid = Uuid::from_u128(0x7265_6769_7374_7279_8000_8000_0000_0001);

/// The office's key for marks. It belongs to the node's keys, so that every process makes the same marks.
///
/// # Errors
/// [`RegistryError::Busy`]: no key is made of the node's, which is not known to happen.
pub fn office(app: &App) -> Result<Arc<Office>, RegistryError> {
    let secret = app.vault.blind("registry.mark", "v1");
    let mut made = OFFICE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, office)) = made.as_ref().filter(|(of, _)| *of == secret) {
        return Ok(Arc::clone(office));
    }
    let office = Arc::new(Office::new(&secret).map_err(|_| RegistryError::Busy)?);
    *made = Some((secret, Arc::clone(&office)));
    Ok(office)
}

/// The key that was worked out last, with its secret.
static OFFICE: Mutex<Option<([u8; 32], Arc<Office>)>> = Mutex::new(None);

/// What is kept of a thing, so that it can be asked about without being named.
pub(super) fn keep(tx: &mut Tx<'_>, app: &App, entry: EntryId, open: OpenHash) -> Result<(), RegistryError> {
    if !app.profile.identifiers().private || private::find(tx, entry)?.is_some() {
        return Ok(());
    }
    let Some(key) = sealer(tx, app)? else { return Ok(()) };
    let open_sealed = key.seal_bytes(&app.entropy, &field(entry), open.as_bytes());
    let mark = office(app)?.mark(open.as_bytes()).map_err(|_| RegistryError::Busy)?;
    Ok(private::put(tx, &Private { entry, open_sealed, mark: *mark.as_bytes(), in_base: None })?)
}

/// The key of open hashes; the first who needs it makes it.
pub(super) fn sealer(tx: &mut Tx<'_>, app: &App) -> Result<Option<SubjectKey>, RegistryError> {
    if let Some(key) = app.vault.subject(tx, REGISTRY)? {
        return Ok(Some(key));
    }
    let key = app.vault.new_subject(&app.entropy, REGISTRY);
    match tx.attempt(|tx| app.vault.store(tx, &key)) {
        Ok(()) => Ok(Some(key)),
        // Somebody faster.
        Err(VaultError::Db(db::DbError::Unique { .. })) => Ok(app.vault.subject(tx, REGISTRY)?),
        Err(e) => Err(e.into()),
    }
}

/// The key by which open hashes are opened; `None` if none was ever kept.
pub(crate) fn opener(tx: &mut Tx<'_>, app: &App) -> Result<Option<SubjectKey>, RegistryError> {
    Ok(app.vault.subject(tx, REGISTRY)?)
}

/// The open hash of an entry.
pub(crate) fn opened(key: &SubjectKey, p: &Private) -> Result<OpenHash, RegistryError> {
    let bytes = key.open_bytes(&field(p.entry), &p.open_sealed)?;
    let bytes = bytes.try_into().map_err(|_| db::DbError::Bug("an open hash is none".to_owned()))?;
    Ok(OpenHash::from_bytes(bytes))
}

/// A hash that was moved to another entry does not open.
fn field(entry: EntryId) -> String {
    format!("registry.open:{entry}")
}

/// The hashes by which a thing is asked about: its own first, then those of what it leads to. Also of what many share, of which an
/// open question tells nothing: a hit on such a site is a ground to ask openly, and no more.
#[must_use]
pub fn open_hashes(kind: Kind, canonical: &str) -> Vec<OpenHash> {
    let all = leads(&Seen { kind, canonical: canonical.to_owned() });
    all.iter().map(|Lead { seen, .. }| OpenHash::of(seen.kind.as_str(), &seen.canonical)).collect()
}

/// What is told of things in heaps: in the order of the question, each thing with its answer.
pub type Heaps<T> = Vec<Vec<(T, Answer)>>;

/// Tells of everything whose open hash begins as one of the prefixes.
///
/// # Errors
/// As [`super::check_live`].
pub async fn by_prefix(
    app: &App,
    live: &Live,
    actor: &Actor,
    prefixes: &[[u8; PREFIX]],
    why: &str,
) -> Result<(Heaps<OpenHash>, Number), RegistryError> {
    let partner = ready(app, live, actor, prefixes.len())?;
    let mut heaps = Vec::new();
    for prefix in prefixes {
        heaps.push(told(app, live, live.by_prefix(*prefix)).await?);
    }
    let number =
        take_down(app, live, (actor, partner), why, (Way::Prefix, prefixes.len(), Vec::new())).await?;
    Ok((heaps, number))
}

/// The same of everything whose mark begins so.
///
/// # Errors
/// As [`super::check_live`].
pub async fn by_mark(
    app: &App,
    live: &Live,
    actor: &Actor,
    prefixes: &[[u8; PREFIX]],
    why: &str,
) -> Result<(Heaps<Mark>, Number), RegistryError> {
    let partner = ready(app, live, actor, prefixes.len())?;
    let mut heaps = Vec::new();
    for prefix in prefixes {
        heaps.push(told(app, live, live.by_mark(*prefix)).await?);
    }
    let number = take_down(app, live, (actor, partner), why, (Way::Heap, prefixes.len(), Vec::new())).await?;
    Ok((heaps, number))
}

/// Works the office's key into points of which nobody here knows what they are.
///
/// # Errors
/// As [`super::check_live`]; [`RegistryError::Point`].
pub async fn evaluate(
    app: &App,
    live: &Live,
    actor: &Actor,
    points: Vec<[u8; POINT]>,
    why: &str,
) -> Result<(Answered, Number), RegistryError> {
    let (asked, partner) = (points.len(), ready(app, live, actor, points.len())?);
    let (office, chance) = (office(app)?, app.entropy.bytes());
    // A hundred points are milliseconds of work, which must not hold up whoever asks about a payment.
    let answered = tokio::task::spawn_blocking(move || office.evaluate(&points, chance)).await;
    let answered = answered.map_err(|_| RegistryError::Busy)?.map_err(|_| RegistryError::Point)?;
    let number = take_down(app, live, (actor, partner), why, (Way::Oblivious, asked, Vec::new())).await?;
    Ok((answered, number))
}

/// Whether a question can be answered: nothing is counted before.
///
/// # Errors
/// Forbidden; on trial; nothing or too much at once; [`RegistryError::Busy`].
pub fn ready(app: &App, live: &Live, actor: &Actor, asked: usize) -> Result<Uuid, RegistryError> {
    may_ask(actor)?;
    if asked == 0 || asked > MOST_PRIVATE {
        return Err(RegistryError::PrivateItems);
    }
    // Without the copy in memory there is nothing to ask; nobody's payment waits for it.
    if !app.profile.identifiers().private || !live.is_current(&app.wall) {
        return Err(RegistryError::Busy);
    }
    live_partner(actor, &live.roster().partners())
}

async fn told<T>(app: &App, live: &Live, heap: Vec<(T, Place)>) -> Result<Vec<(T, Answer)>, RegistryError> {
    let now = app.office.now();
    let mut all = Vec::new();
    for (thing, place) in heap {
        let Some(gist) = live.gist(place.entry) else { continue };
        let beforehand = Beforehand { shared: place.shared, ..Beforehand::default() };
        let verdict = rules::told(Some((place.kind, gist)), beforehand, now);
        if verdict.class == Class::Nothing {
            continue;
        }
        all.push((thing, with_spared(app, live, (place.entry, gist), verdict).await?));
    }
    Ok(all)
}
