//! Making a package. First everything is put together that was there before; then its making is an act in the record, which names the hash
//! of the manifest; then the proof of that act is put beside it.

use std::time::Duration;

use access::Action;
use app::App;
use audit::{Act, Point, Stamp};
use kernel::{Actor, Purpose};
use ledger::NoteVerifier;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vault::SubjectKey;

use super::{Said, behind, happen, hold, reading};
use crate::error::EvidenceError;
use crate::model::{Acquisition, Event, EventKind, Exhibit, ExhibitId};
use crate::package::{
    ACT, ENTRY, EventLine, ExhibitLine, FORMAT, FileLine, GRAPH, LINK, Link, LogLine, MANIFEST, MOST_STAMPS,
    MOST_WITNESSES, Manifest, SCRIPT, SLIP, StampLine, exported, graph,
};
use crate::rules::MOST_OF_A_PACKAGE;
use crate::store;
use crate::store::place::Made as Kept;

/// How long the log is waited for, and how often it is asked.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(250);
/// So many of these times only for a word of each witness.
const FOR_WITNESSES: u32 = 40;

/// A file of a package.
#[derive(Debug)]
pub enum Made {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// The bytes of an exhibit on the shelf.
    Shelf {
        /// Under which key they lie.
        key: SubjectKey,
        /// In how many frames.
        frames: i64,
        /// How many bytes.
        size: u64,
    },
}

/// A package that was made.
#[derive(Debug)]
pub struct Package {
    /// Its manifest.
    pub manifest: Manifest,
    /// SHA-256 of the manifest.
    pub hash: [u8; 32],
    /// Its files, the manifest first.
    pub files: Vec<(String, Made)>,
}

/// What a package is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The exhibits.
    pub exhibits: Vec<ExhibitId>,
    /// What it is about, and for whom.
    pub about: String,
    /// The log's key.
    pub log: NoteVerifier,
    /// Keys of witnesses that this node asks.
    pub witnesses: Vec<NoteVerifier>,
}

/// Makes a package. `pages` writes what people read, from the manifest as far as it is.
///
/// # Errors
/// An exhibit absent or hidden; too many; the log does not place the events in time; something happens to an exhibit meanwhile.
pub async fn package(
    app: &App,
    actor: &Actor,
    asked: Asked,
    pages: impl Fn(&Manifest) -> Vec<(String, Vec<u8>)>,
) -> Result<Package, EvidenceError> {
    if asked.exhibits.len() > MOST_OF_A_PACKAGE {
        return Err(EvidenceError::TooMany(MOST_OF_A_PACKAGE));
    }
    if !app::is_line(&asked.about, crate::rules::MOST_LINE) {
        return Err(EvidenceError::Field("reason"));
    }
    if asked.witnesses.len() > MOST_WITNESSES {
        return Err(db::DbError::Bug(format!("more than {MOST_WITNESSES} witnesses are asked")).into());
    }
    let mut draft = waited(app, actor, &asked).await?;
    let graph = graph(&draft.manifest, &actor.label(), &draft.told);
    draft.add(GRAPH.to_owned(), graph.into_bytes());
    for (name, bytes) in pages(&draft.manifest) {
        draft.add(name, bytes);
    }
    draft.add("verify.py".to_owned(), SCRIPT.as_bytes().to_vec());
    let text = serde_json::to_string_pretty(&draft.manifest).unwrap_or_default();
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let records = recorded(app, actor, &draft, hash).await?;
    let proofs = proven(app, &asked, records, draft.at.as_ref().map(|at| at.checkpoint.size)).await?;
    let mut files = vec![(MANIFEST.to_owned(), Made::Bytes(text.into_bytes()))];
    files.extend(draft.files);
    files.extend(proofs.into_iter().map(|(name, bytes)| (name, Made::Bytes(bytes))));
    Ok(Package { manifest: draft.manifest, hash, files })
}

/// A package before its making is recorded.
struct Draft {
    id: Uuid,
    manifest: Manifest,
    files: Vec<(String, Made)>,
    /// What was told of each exhibit, in the order of the manifest.
    told: Vec<Acquisition>,
    /// Each exhibit, and how many events it has.
    exhibits: Vec<(ExhibitId, i64)>,
    /// The checkpoint under which all events stand.
    at: Option<Point>,
}

impl Draft {
    fn add(&mut self, path: String, bytes: Vec<u8>) {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let sha256 = hex::encode(Sha256::digest(&bytes));
        self.manifest.files.push(FileLine { path: path.clone(), size, sha256 });
        self.files.push((path, Made::Bytes(bytes)));
    }
}

/// Puts everything together; waits until the log has placed all that happened.
async fn waited(app: &App, actor: &Actor, asked: &Asked) -> Result<Draft, EvidenceError> {
    for _ in 0..TRIES {
        let (me, who, wish) = (app.clone(), actor.clone(), asked.clone());
        match app.db.read(move |tx| draft(tx, &me, &who, &wish)).await {
            Err(EvidenceError::NotPlaced) => app.timer.sleep(PAUSE).await,
            other => return other,
        }
    }
    Err(EvidenceError::NotPlaced)
}

/// The newest checkpoint with the words of those whose keys the package names, in their order.
fn newest(tx: &mut db::Tx<'_>, asked: &Asked) -> Result<Option<Point>, EvidenceError> {
    Ok(audit::newest(tx)?.map(|point| ordered(point, asked)))
}

/// A checkpoint with the words of those whose keys the package names, in their order.
fn ordered(mut point: Point, asked: &Asked) -> Point {
    let all = point.note.clone();
    point.note.retain(std::slice::from_ref(&asked.log));
    for witness in &asked.witnesses {
        let mut its = all.clone();
        its.retain(std::slice::from_ref(witness));
        its.signatures().iter().take(1).for_each(|signature| point.note.push(signature.clone()));
    }
    point
}

fn draft(tx: &mut db::Tx<'_>, app: &App, who: &Actor, asked: &Asked) -> Result<Draft, EvidenceError> {
    let id = app.uuid();
    let made_by = access::names_of(tx, &app.vault, [who.label()])?.into_values().next().unwrap_or_default();
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        id: id.simple().to_string(),
        made_at: app.profile.rfc3339(app.office.now()),
        made_by,
        organisation: app.node.code.clone(),
        about: asked.about.clone(),
        log: LogLine {
            key: asked.log.to_string(),
            witnesses: asked.witnesses.iter().map(ToString::to_string).collect(),
        },
        files: Vec::new(),
        exhibits: Vec::new(),
        stamps: Vec::new(),
    };
    let (files, told, exhibits) = (Vec::new(), Vec::new(), Vec::new());
    let mut draft = Draft { id, manifest, files, told, exhibits, at: newest(tx, asked)? };
    let at = draft.at.clone().ok_or(EvidenceError::NotPlaced)?;
    let mut first = None;
    for exhibit in &asked.exhibits {
        let place = exhibit_into(tx, app, who, *exhibit, (&at, &mut draft))?;
        first = Some(first.map_or(place, |known: u64| known.min(place)));
    }
    if let Some(first) = first {
        stamps_into(tx, first, (&at, &mut draft))?;
    }
    if draft.exhibits.is_empty() {
        draft.at = None;
    }
    Ok(draft)
}

/// Puts an exhibit into a package. Gives the place of its first event in the log.
fn exhibit_into(
    tx: &mut db::Tx<'_>,
    app: &App,
    who: &Actor,
    id: ExhibitId,
    (at, draft): (&Point, &mut Draft),
) -> Result<u64, EvidenceError> {
    // Nothing is written here: the lock is taken when the making is recorded.
    let (exhibit, _) = store::exhibit::find(tx, id)?.ok_or(EvidenceError::NotFound)?;
    let readers = store::exhibit::readers(tx, id)?;
    access::require(who, Action::HandleExhibit, &super::resource(&exhibit, &readers))?;
    let about = super::about(tx, app, id)?.ok_or(EvidenceError::Over)?;
    let number = exhibit.number.clone();
    let told = format!("exhibits/{number}/told.json");
    draft.add(told.clone(), about.told.into_inner(Purpose::HandleReport).into_bytes());
    let content = about.content.into_inner(Purpose::HandleReport);
    let original = match exhibit.blob {
        Some(blob) => bytes_into(tx, app, (&exhibit, blob, &content.sha256), draft)?,
        None => None,
    };
    let (mut events, mut first) = (Vec::new(), u64::MAX);
    for one in reading::custody(tx, app, &exhibit)? {
        let (line, index) = event_into(tx, (&number, &one), (at, draft))?;
        first = first.min(index);
        events.push(line);
    }
    let parent = exhibit.parent.map(|parent| parent.to_string());
    draft.exhibits.push((id, exhibit.events));
    draft.told.push(about.acquisition.into_inner(Purpose::HandleReport));
    draft.manifest.exhibits.push(ExhibitLine {
        id: id.uuid().simple().to_string(),
        number,
        title: about.title.into_inner(Purpose::HandleReport),
        parent,
        told,
        original,
        size: u64::try_from(exhibit.size_bytes.unwrap_or(0)).unwrap_or(0),
        sha256: content.sha256,
        blake3: content.blake3,
        salt: content.salt,
        events,
    });
    Ok(first)
}

/// Puts its bytes into a package, unless they are no longer what was taken in: then the package proves what they were.
fn bytes_into(
    tx: &mut db::Tx<'_>,
    app: &App,
    (exhibit, blob, sha256): (&Exhibit, Uuid, &str),
    draft: &mut Draft,
) -> Result<Option<String>, EvidenceError> {
    let blob = store::blob::find(tx, blob)?.ok_or(EvidenceError::Over)?;
    let key = app.vault.subject(tx, blob.id)?.filter(|_| !exhibit.damaged);
    let Some(key) = key else { return Ok(None) };
    let path = format!("exhibits/{}/original", exhibit.number);
    let size = u64::try_from(blob.size_bytes).unwrap_or(0);
    draft.manifest.files.push(FileLine { path: path.clone(), size, sha256: sha256.to_owned() });
    draft.files.push((path.clone(), Made::Shelf { key, frames: blob.frames, size }));
    Ok(Some(path))
}

fn event_into(
    tx: &mut db::Tx<'_>,
    (number, one): (&str, &reading::Custody),
    (at, draft): (&Point, &mut Draft),
) -> Result<(EventLine, u64), EvidenceError> {
    let event: &Event = &one.event;
    let proven = audit::prove(tx, event.record, at)?.ok_or(EvidenceError::NotPlaced)?;
    let name = format!("log/{number}/{:04}", event.no);
    let (entry, proof) = (format!("{name}.entry"), format!("{name}.tlog-proof"));
    let index = proven.slip.index;
    draft.add(entry.clone(), proven.entry);
    draft.add(proof.clone(), proven.slip.to_string().into_bytes());
    let line = EventLine {
        no: u64::try_from(event.no).unwrap_or(0),
        event: event.kind.as_str().to_owned(),
        at: event.at.as_micros(),
        actor: event.actor.clone(),
        by: one.by.clone(),
        entry,
        proof,
        words: one.words.clone().map(|w| w.into_inner(Purpose::HandleReport)),
    };
    Ok((line, index))
}

/// Time stamps of checkpoints in which the first event stands: they say since when it has been there.
fn stamps_into(
    tx: &mut db::Tx<'_>,
    first: u64,
    (at, draft): (&Point, &mut Draft),
) -> Result<(), EvidenceError> {
    let most = u32::try_from(MOST_STAMPS).unwrap_or(u32::MAX);
    for (point, authority, token) in audit::stamps_since(tx, first, most)? {
        let [checkpoint, file, link] = StampLine::places(draft.manifest.stamps.len());
        let (old, new) = (point.checkpoint.size, at.checkpoint.size);
        if old > new {
            continue;
        }
        let tie = Link { old, new, proof: audit::connect(tx, old, new)? };
        draft.add(checkpoint.clone(), point.note.text().as_bytes().to_vec());
        draft.add(file.clone(), token);
        draft.add(link.clone(), tie.to_string().into_bytes());
        draft.manifest.stamps.push(StampLine { authority, checkpoint, token: file, link });
    }
    Ok(())
}

/// Where a record's entry and its proof will lie, and the record.
type Placed = (String, String, Uuid);
/// A file by its name.
type Whole = (String, Vec<u8>);

/// Records that the package was made, as an event of each exhibit and as an act of its own. Gives the records of all of them, the act last.
async fn recorded(
    app: &App,
    actor: &Actor,
    draft: &Draft,
    hash: [u8; 32],
) -> Result<Vec<Placed>, EvidenceError> {
    let (me, who, id) = (app.clone(), actor.clone(), draft.id);
    let exhibits = draft.exhibits.clone();
    app.db
        .write(move |tx| {
            let (mut last, mut all) = (serde_json::Map::new(), Vec::new());
            for (exhibit, events) in &exhibits {
                let mut held = hold(tx, &who, Action::HandleExhibit, *exhibit)?;
                if held.exhibit.events != *events {
                    // Something happened meanwhile, and the package would not hold it.
                    return Err(EvidenceError::NotPlaced);
                }
                let facts = json!({"package": id.simple().to_string()});
                let said = Said { facts, purpose: Some(Purpose::HandleReport), ..Said::default() };
                let event = happen(tx, &me, &who, &mut held, EventKind::Exported, &said)?;
                last.insert(exhibit.uuid().simple().to_string(), json!(event.no));
                let (entry, slip) = exported(&held.exhibit.number);
                all.push((entry, slip, event.record));
            }
            let newest = all.iter().map(|(.., record)| *record).max();
            let stamp = Stamp { id: behind(me.uuid(), newest), office: me.office.now(), wall: me.wall.now() };
            let facts = json!({"manifest": hex::encode(hash), "events": last});
            audit::append(tx, &stamp, &who, &Act { facts, ..Act::about(ACT, "package", id) })?;
            let made = Kept {
                id,
                author: who.label(),
                at: me.office.now(),
                manifest: hash,
                record: stamp.id,
                exhibits: i64::try_from(exhibits.len()).unwrap_or(0),
            };
            store::place::keep_package(tx, &me.node.code, &made)?;
            all.push((ENTRY.to_owned(), SLIP.to_owned(), stamp.id));
            Ok(all)
        })
        .await
}

/// The proofs of all of them under one checkpoint, once the log has placed them, and that it grew out of the one before.
async fn proven(
    app: &App,
    asked: &Asked,
    records: Vec<Placed>,
    before: Option<u64>,
) -> Result<Vec<Whole>, EvidenceError> {
    for n in 0..TRIES {
        let (wish, records, patient) = (asked.clone(), records.clone(), n < FOR_WITNESSES);
        let found = app.db.read(move |tx| proofs(tx, &wish, (&records, patient), before)).await?;
        match found {
            Some(all) => return Ok(all),
            None => app.timer.sleep(PAUSE).await,
        }
    }
    Err(EvidenceError::NotPlaced)
}

/// The checkpoint under which the act is proved: the one that most witnesses have seen; while there is patience, only one that all have.
fn seen(
    tx: &mut db::Tx<'_>,
    asked: &Asked,
    (records, patient): (&[Placed], bool),
) -> Result<Option<Point>, EvidenceError> {
    let Some((.., act)) = records.last() else { return Ok(None) };
    let Some(place) = audit::place_of(tx, *act)? else { return Ok(None) };
    let names: Vec<&str> = asked.witnesses.iter().map(NoteVerifier::name).collect();
    let (count, point) = match audit::most_seen(tx, &names, place)? {
        Some((count, point)) => (count, Some(ordered(point, asked))),
        None => (0, newest(tx, asked)?),
    };
    Ok(point.filter(|_| count == names.len() || !patient))
}

fn proofs(
    tx: &mut db::Tx<'_>,
    asked: &Asked,
    (records, patient): (&[Placed], bool),
    before: Option<u64>,
) -> Result<Option<Vec<Whole>>, EvidenceError> {
    let Some(at) = seen(tx, asked, (records, patient))? else { return Ok(None) };
    let mut all = Vec::new();
    for (entry, slip, record) in records {
        let Some(proven) = audit::prove(tx, *record, &at)? else { return Ok(None) };
        all.push((entry.clone(), proven.entry));
        all.push((slip.clone(), proven.slip.to_string().into_bytes()));
    }
    let new = at.checkpoint.size;
    let old = before.unwrap_or(new);
    let link = Link { old, new, proof: audit::connect(tx, old, new)? };
    all.push((LINK.to_owned(), link.to_string().into_bytes()));
    Ok(Some(all))
}
