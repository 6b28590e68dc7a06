//! Taking exhibits in: a file part by part, hashed before anything looks at it, or a thing.

use access::{Action, Kind, Resource};
use app::App;
use kernel::{Actor, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::settling::aside;
use super::{CONTENT, Held, SHA256, Said, TITLE, TOLD, happen, told_at};
use crate::error::EvidenceError;
use crate::model::{
    Acquisition, Blob, Content, EventKind, Exhibit, ExhibitId, Form, FoundMatter, State, Upload,
};
use crate::rules::{self, seal};
use crate::shelf::Shelf;
use crate::store;

/// How long an exhibit's number may be searched for before two that are the same are a fault.
const TRIES: usize = 8;

/// A file begins to come in.
///
/// # Errors
/// Forbidden; empty or larger than is taken.
pub async fn begin(app: &App, actor: &Actor, size_bytes: i64) -> Result<Upload, EvidenceError> {
    access::require(actor, Action::TakeExhibit, &Resource::any(Kind::Exhibit))?;
    if size_bytes <= 0 {
        return Err(EvidenceError::Empty);
    }
    if size_bytes > rules::MOST_BYTES {
        return Err(EvidenceError::TooLarge);
    }
    let (me, author, id) = (app.clone(), actor.label(), app.uuid());
    app.db
        .write(move |tx| {
            if store::blob::coming(tx, &author)? >= rules::MOST_COMING {
                return Err(EvidenceError::TooManyComing);
            }
            let key = me.vault.new_subject(&me.entropy, id);
            me.vault.store(tx, &key)?;
            let upload = Upload {
                id,
                author: author.clone(),
                size_bytes,
                received_bytes: 0,
                frames: 0,
                disk_bytes: 0,
                touched_wall: me.wall.now(),
            };
            store::blob::begin(tx, &upload)?;
            Ok(upload)
        })
        .await
}

/// Where a file that is coming in stands: whoever lost the line goes on from there.
///
/// # Errors
/// Absent, or somebody else's.
pub async fn upload(app: &App, actor: &Actor, id: Uuid) -> Result<Upload, EvidenceError> {
    let label = actor.label();
    let found = app.db.read(move |tx| store::blob::upload(tx, id)).await?;
    found.filter(|u| u.author == label).ok_or(EvidenceError::NotFound)
}

/// The next part of a file, which begins where the last one ended.
///
/// # Errors
/// Absent or somebody else's; another place; more than was announced; the folder's.
pub async fn append(
    app: &App,
    shelf: &Shelf,
    actor: &Actor,
    (id, offset): (Uuid, i64),
    bytes: Vec<u8>,
) -> Result<Upload, EvidenceError> {
    access::require(actor, Action::TakeExhibit, &Resource::any(Kind::Exhibit))?;
    upload(app, actor, id).await?;
    let file = shelf.hold(id)?;
    // Only now: whoever held it before may have come further, or to the end.
    let before = upload(app, actor, id).await?;
    if offset != before.received_bytes {
        return Err(EvidenceError::Offset(before.received_bytes));
    }
    let more = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let received = before.received_bytes.saturating_add(more);
    if received > before.size_bytes || bytes.len() > rules::MOST_PART {
        return Err(EvidenceError::TooLarge);
    }
    let vault = app.vault.clone();
    let key = app.db.read(move |tx| vault.subject(tx, id)).await?.ok_or(EvidenceError::NotFound)?;
    let (on, entropy, was) = (shelf.clone(), app.entropy.clone(), before.clone());
    // Hashing and sealing megabytes is no work for the threads that answer.
    let work = move || -> Result<_, EvidenceError> {
        let hashing = on.hash_on(&key, (was.received_bytes, was.frames), &bytes)?;
        let place = (was.frames, was.disk_bytes);
        let (frames, disk_bytes) = Shelf::append(&file, (&entropy, &key), place, &bytes)?;
        // The file stays held until its row says so, too; should nobody wait for that any more, until here.
        Ok((hashing, frames, disk_bytes, file))
    };
    let (hashing, frames, disk_bytes, file) = aside(work).await?;
    let touched_wall = app.wall.now();
    let after = Upload { received_bytes: received, frames, disk_bytes, touched_wall, ..before.clone() };
    let (grown, was) = (after.clone(), before.received_bytes);
    app.db.write(move |tx| Ok::<_, EvidenceError>(store::blob::grow(tx, &grown, was)?)).await?;
    shelf.keep_hashes(id, received, hashing);
    drop(file);
    Ok(after)
}

/// What is told of an exhibit that is taken in.
#[derive(Debug, Clone, Default)]
pub struct Begun {
    /// What is told.
    pub told: Acquisition,
    /// When it was taken; now if nobody says.
    pub taken_at: Option<Timestamp>,
    /// What it belongs to, and who is let in there.
    pub matter: Option<FoundMatter>,
    /// From which exhibit it was made.
    pub parent: Option<ExhibitId>,
    /// The SHA-256 that whoever brought it says it has; empty if nobody says.
    pub sha256: String,
    /// Where it lies.
    pub place: Option<Uuid>,
}

/// By what the same bytes are known.
pub(super) fn known_by(app: &App, sha256: &str) -> Vec<u8> {
    app.vault.blind("evidence.blob", sha256).to_vec()
}

/// The exhibit that an upload becomes: always the same one. Whoever has lost the answer asks again and gets it.
pub(super) fn exhibit_of(upload: Uuid) -> ExhibitId {
    ExhibitId::from_uuid(derived(b"qorgan/exhibit-of/1\n", upload))
}

/// The subject under whose key the decision on an exhibit's end is sealed: it outlives what it is about.
pub(super) fn end_of(id: ExhibitId) -> Uuid {
    derived(b"qorgan/exhibit-end/1\n", id.uuid())
}

/// An id that follows from another.
fn derived(what: &[u8], of: Uuid) -> Uuid {
    let digest = Sha256::digest([what, of.as_bytes()].concat());
    let (mut bytes, random) = (*of.as_bytes(), digest.iter());
    // The time stays, and so does the place in every index.
    bytes.iter_mut().skip(6).zip(random).for_each(|(byte, random)| *byte = *random);
    let id = uuid::Builder::from_bytes(bytes)
        .with_version(uuid::Version::SortRand)
        .with_variant(uuid::Variant::RFC4122);
    id.into_uuid()
}

/// Whether it may be taken in like that: the exhibit from which it was made, the place where it lies.
pub(super) fn allowed(
    tx: &mut db::Tx<'_>,
    app: &App,
    actor: &Actor,
    begun: &Begun,
) -> Result<(), EvidenceError> {
    if let Some(parent) = begun.parent {
        let (exhibit, sealed) = store::exhibit::find(tx, parent)?.ok_or(EvidenceError::NotFound)?;
        let readers = store::exhibit::readers(tx, parent)?;
        access::require(actor, Action::HandleExhibit, &super::resource(&exhibit, &readers))?;
        if !Held::of(exhibit, sealed, readers).might(actor, EventKind::Derived) {
            return Err(EvidenceError::Over);
        }
    }
    let Some(place) = begun.place else { return Ok(()) };
    let there = store::place::find(tx, &app.node.code, place)?;
    if there.is_some_and(|p| p.open) { Ok(()) } else { Err(EvidenceError::Field("lies")) }
}

/// A thing is taken in.
///
/// # Errors
/// A field of the form; forbidden.
pub async fn take_item(app: &App, actor: &Actor, begun: Begun) -> Result<Exhibit, EvidenceError> {
    access::require(actor, Action::TakeExhibit, &Resource::any(Kind::Exhibit))?;
    let begun = checked(app, begun)?;
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            allowed(tx, &me, &who, &begun)?;
            keep(tx, &me, &who, &begun, None).map(|(exhibit, _)| exhibit)
        })
        .await
}

pub(super) fn checked(app: &App, begun: Begun) -> Result<Begun, EvidenceError> {
    let mut told = rules::told(&begun.told).map_err(EvidenceError::Field)?;
    told.taken_at = told_at(app, begun.taken_at)?;
    Ok(Begun { told, ..begun })
}

/// Writes the exhibit with its first event. Gives whether the same bytes lay there already.
pub(super) fn keep(
    tx: &mut db::Tx<'_>,
    app: &App,
    actor: &Actor,
    begun: &Begun,
    file: Option<(&Upload, &seal::Hashes, bool)>,
) -> Result<(Exhibit, bool), EvidenceError> {
    if let Some((upload, ..)) = file {
        // First of all: of two who finish it the second finds nothing to finish.
        if store::blob::upload(tx, upload.id)?.is_none() {
            return Err(EvidenceError::NotFound);
        }
        store::blob::end(tx, upload.id)?;
    }
    let parent = match begun.parent {
        Some(parent) => Some(super::hold(tx, actor, Action::HandleExhibit, parent)?),
        None => None,
    };
    let now = app.office.now();
    let id = file.map_or_else(|| ExhibitId::from_uuid(app.uuid()), |(upload, ..)| exhibit_of(upload.id));
    let salt = app.entropy.bytes::<32>();
    let told = serde_json::to_string(&begun.told).unwrap_or_default();
    let hashes = file.map(|(_, hashes, _)| hashes);
    let content = Content {
        salt: hex::encode(salt),
        sha256: hashes.map(|h| hex::encode(h.sha256)).unwrap_or_default(),
        blake3: hashes.map(|h| hex::encode(h.blake3)).unwrap_or_default(),
    };
    let key = app.vault.new_subject(&app.entropy, id.uuid());
    app.vault.store(tx, &key)?;
    let seal = |field: &str, text: &str| key.seal(&app.entropy, field, text);
    let sealed = store::exhibit::Sealed {
        told: seal(TOLD, &told),
        content: seal(CONTENT, &serde_json::to_string(&content).unwrap_or_default()),
        title: seal(TITLE, &begun.told.title),
    };
    let (blob, known) = match file {
        Some(file) => keep_bytes(tx, app, file)?,
        None => (None, false),
    };
    let (matter, closed, readers) = match &parent {
        Some(held) => (held.exhibit.matter.clone(), held.exhibit.closed, held.readers.clone()),
        None => match begun.matter.clone() {
            Some(found) => (Some(found.matter), found.closed, found.readers),
            None => (None, false, Vec::new()),
        },
    };
    let mut header = app.header(actor, kernel::Lang::RU, "evidence");
    if let Some(from) =
        parent.as_ref().map(|held| &held.exhibit.header).or(begun.matter.as_ref().map(|found| &found.under))
    {
        header.marking = from.marking.clone();
        header.unit_id.clone_from(&from.unit_id);
    }
    let exhibit = Exhibit {
        id,
        header,
        number: number(tx, app, now)?,
        form: if file.is_some() { Form::File } else { Form::Item },
        parent: begun.parent,
        blob,
        size_bytes: file.map(|(upload, ..)| upload.size_bytes),
        seal: seal::exhibit(&salt, told.as_bytes(), hashes),
        matter,
        state: State::Held,
        custodian: actor.label(),
        offered_to: String::new(),
        place: begun.place,
        events: 1,
        closed,
        damaged: false,
        proposed_by: String::new(),
        proposed: None,
        changed_at: now,
    };
    store::exhibit::insert(tx, &exhibit, &sealed)?;
    store::exhibit::set_readers(tx, id, &readers)?;
    let mut held = Held::of(Exhibit { events: 0, ..exhibit.clone() }, false, readers);
    let facts = json!({
        "seal": hex::encode(exhibit.seal),
        "number": exhibit.number,
        "form": exhibit.form.as_str(),
        "parent": exhibit.parent.map(|p| p.to_string()),
        "matter": exhibit.matter.as_ref().map(|m| format!("{}:{}", m.kind, m.id)),
        "place": exhibit.place.map(|place| place.to_string()),
    });
    let said = Said { facts, place: exhibit.place, ..Said::default() };
    happen(tx, app, actor, &mut held, EventKind::Taken, &said)?;
    if let Some(mut from) = parent {
        let facts = json!({"made": id.to_string(), "seal": hex::encode(exhibit.seal)});
        let said = Said { counterpart: exhibit.number.clone(), facts, ..Said::default() };
        happen(tx, app, actor, &mut from, EventKind::Derived, &said)?;
    }
    Ok((exhibit, known))
}

/// Keeps what is known of the bytes; those that lie there already stay as they are.
fn keep_bytes(
    tx: &mut db::Tx<'_>,
    app: &App,
    (upload, hashes, settled): (&Upload, &seal::Hashes, bool),
) -> Result<(Option<Uuid>, bool), EvidenceError> {
    let sha256 = hex::encode(hashes.sha256);
    let known_by = known_by(app, &sha256);
    let mut there = store::blob::known(tx, &known_by)?;
    if let Some(blob) = there {
        // Whoever destroys the last exhibit with these bytes holds the same row: it is there for both or for neither.
        tx.lock_row("evidence_blob", blob.id)?;
        there = store::blob::find(tx, blob.id)?;
    }
    if let Some(blob) = there.as_ref().filter(|blob| blob.damaged_frame.is_none()) {
        app.vault.forget(tx, upload.id)?;
        store::gone::insert(tx, upload.id, app.wall.now())?;
        return Ok((Some(blob.id), true));
    }
    if !settled {
        // What lay there when it was looked was destroyed meanwhile.
        return Err(EvidenceError::Busy);
    }
    let key = app.vault.subject(tx, upload.id)?.ok_or(EvidenceError::NotFound)?;
    let sealed = key.seal(&app.entropy, SHA256, &sha256);
    let (id, size_bytes, frames) = (upload.id, upload.size_bytes, upload.frames);
    let blob = Blob { id, size_bytes, frames, checked_wall: app.wall.now(), damaged_frame: None };
    // Bytes that were damaged stay as they are, beside the whole ones: their exhibits say so.
    let known_by = match there {
        Some(_) => app.vault.blind("evidence.blob.again", &format!("{sha256}|{id}")).to_vec(),
        None => known_by,
    };
    store::blob::insert(tx, &blob, &known_by, &sealed)?;
    store::look::insert(tx, id, blob.checked_wall)?;
    Ok((Some(id), false))
}

/// A number that no other exhibit has.
fn number(tx: &mut db::Tx<'_>, app: &App, now: Timestamp) -> Result<String, EvidenceError> {
    for _ in 0..TRIES {
        let number = report::rules::draw_number(&app.entropy, "E", app.profile.civil_year(now));
        if store::exhibit::by_number(tx, &number)?.is_none() {
            return Ok(number);
        }
    }
    Err(db::DbError::Bug("no number is free".to_owned()).into())
}
