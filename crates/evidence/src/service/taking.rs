//! Taking exhibits in: a file part by part, hashed before anything looks at it, or a thing.

use access::{Action, Kind, Resource};
use app::App;
use kernel::{Actor, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::{CONTENT, Held, SHA256, Said, TITLE, TOLD, happen, told_at};
use crate::error::EvidenceError;
use crate::model::{Acquisition, Blob, Content, EventKind, Exhibit, ExhibitId, Form, Matter, State, Upload};
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
        let (frames, disk_bytes) = on.append((&entropy, &key), (was.frames, was.disk_bytes), &bytes)?;
        Ok((hashing, frames, disk_bytes))
    };
    let (hashing, frames, disk_bytes) =
        tokio::task::spawn_blocking(work).await.map_err(|e| EvidenceError::Folder(e.to_string()))??;
    let touched_wall = app.wall.now();
    let after = Upload { received_bytes: received, frames, disk_bytes, touched_wall, ..before.clone() };
    let (grown, was) = (after.clone(), before.received_bytes);
    app.db.write(move |tx| Ok::<_, EvidenceError>(store::blob::grow(tx, &grown, was)?)).await?;
    shelf.keep_hashes(id, received, hashing);
    Ok(after)
}

/// What is told of an exhibit that is taken in.
#[derive(Debug, Clone, Default)]
pub struct Begun {
    /// What is told.
    pub told: Acquisition,
    /// When it was taken; now if nobody says.
    pub taken_at: Option<Timestamp>,
    /// What it belongs to.
    pub matter: Option<Matter>,
    /// From which exhibit it was made.
    pub parent: Option<ExhibitId>,
    /// The SHA-256 that whoever brought it says it has; empty if nobody says.
    pub sha256: String,
    /// Where it lies.
    pub place: Option<Uuid>,
}

/// A file is whole: it becomes an exhibit. The same bytes lie on the shelf once, whoever brings them.
///
/// # Errors
/// Not whole; not the hash that was told; a field of the form; forbidden.
pub async fn finish(
    app: &App,
    shelf: &Shelf,
    actor: &Actor,
    id: Uuid,
    begun: Begun,
) -> Result<Exhibit, EvidenceError> {
    access::require(actor, Action::TakeExhibit, &Resource::any(Kind::Exhibit))?;
    let begun = checked(app, begun)?;
    let whole = upload(app, actor, id).await?;
    if whole.received_bytes != whole.size_bytes {
        let (announced, received) = (whole.size_bytes, whole.received_bytes);
        return Err(EvidenceError::Length { announced, received });
    }
    let vault = app.vault.clone();
    let key = app.db.read(move |tx| vault.subject(tx, id)).await?.ok_or(EvidenceError::NotFound)?;
    let (on, was) = (shelf.clone(), whole.clone());
    let hashed = tokio::task::spawn_blocking(move || {
        let hashing = on.hash_on(&key, (was.received_bytes, was.frames), &[])?;
        on.keep_hashes(was.id, was.received_bytes, hashing.clone());
        Ok::<_, EvidenceError>(hashing.hashes())
    });
    let hashes = hashed.await.map_err(|e| EvidenceError::Folder(e.to_string()))??;
    let told = begun.sha256.trim().to_ascii_lowercase();
    if !told.is_empty() && told != hex::encode(hashes.sha256) {
        return Err(EvidenceError::OtherHash);
    }
    // Before the row: a file without a row is swept, a row without a file would be a loss.
    shelf.settle(id)?;
    let (me, who) = (app.clone(), actor.clone());
    let (exhibit, known) =
        app.db.write(move |tx| keep(tx, &me, &who, &begun, Some((&whole, &hashes)))).await?;
    if known {
        shelf.forget(id)?;
    }
    Ok(exhibit)
}

/// A thing is taken in.
///
/// # Errors
/// A field of the form; forbidden.
pub async fn take_item(app: &App, actor: &Actor, begun: Begun) -> Result<Exhibit, EvidenceError> {
    access::require(actor, Action::TakeExhibit, &Resource::any(Kind::Exhibit))?;
    let begun = checked(app, begun)?;
    let (me, who) = (app.clone(), actor.clone());
    app.db.write(move |tx| keep(tx, &me, &who, &begun, None).map(|(exhibit, _)| exhibit)).await
}

fn checked(app: &App, begun: Begun) -> Result<Begun, EvidenceError> {
    let mut told = rules::told(&begun.told).map_err(EvidenceError::Field)?;
    told.taken_at = told_at(app, begun.taken_at)?;
    Ok(Begun { told, ..begun })
}

/// Writes the exhibit with its first event. Gives whether the same bytes lay there already.
fn keep(
    tx: &mut db::Tx<'_>,
    app: &App,
    actor: &Actor,
    begun: &Begun,
    file: Option<(&Upload, &seal::Hashes)>,
) -> Result<(Exhibit, bool), EvidenceError> {
    let parent = match begun.parent {
        Some(parent) => Some(super::hold(tx, actor, Action::HandleExhibit, parent)?),
        None => None,
    };
    let now = app.office.now();
    let id = ExhibitId::from_uuid(app.uuid());
    let salt = app.entropy.bytes::<32>();
    let told = serde_json::to_string(&begun.told).unwrap_or_default();
    let hashes = file.map(|(_, hashes)| hashes);
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
        Some((upload, hashes)) => keep_bytes(tx, app, upload, hashes)?,
        None => (None, false),
    };
    let (matter, closed, readers) = match &parent {
        Some(held) => (held.exhibit.matter.clone(), held.exhibit.closed, held.readers.clone()),
        None => (begun.matter.clone(), false, Vec::new()),
    };
    let mut header = app.header(actor, kernel::Lang::RU, "evidence");
    if let Some(held) = &parent {
        header.marking = held.exhibit.header.marking.clone();
        header.unit_id.clone_from(&held.exhibit.header.unit_id);
    }
    let exhibit = Exhibit {
        id,
        header,
        number: number(tx, app, now)?,
        form: if file.is_some() { Form::File } else { Form::Item },
        parent: begun.parent,
        blob,
        size_bytes: file.map(|(upload, _)| upload.size_bytes),
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
    });
    happen(tx, app, actor, &mut held, EventKind::Taken, &Said { facts, ..Said::default() })?;
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
    upload: &Upload,
    hashes: &seal::Hashes,
) -> Result<(Option<Uuid>, bool), EvidenceError> {
    store::blob::end(tx, upload.id)?;
    let sha256 = hex::encode(hashes.sha256);
    let known_by = app.vault.blind("evidence.blob", &sha256);
    let there = store::blob::known(tx, &known_by)?;
    if let Some(blob) = there.as_ref().filter(|blob| blob.damaged_frame.is_none()) {
        app.vault.forget(tx, upload.id)?;
        return Ok((Some(blob.id), true));
    }
    let key = app.vault.subject(tx, upload.id)?.ok_or(EvidenceError::NotFound)?;
    let sealed = key.seal(&app.entropy, SHA256, &sha256);
    let (id, size_bytes, frames) = (upload.id, upload.size_bytes, upload.frames);
    let blob = Blob { id, size_bytes, frames, checked_wall: app.wall.now(), damaged_frame: None };
    // Bytes that were damaged stay as they are, beside the whole ones: their exhibits say so.
    let known_by = match there {
        Some(_) => app.vault.blind("evidence.blob.again", &format!("{sha256}|{id}")),
        None => known_by,
    };
    store::blob::insert(tx, &blob, &known_by, &sealed)?;
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
