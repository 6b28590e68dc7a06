//! Files: taken in part by part while they come, so that none is ever whole in memory; sealed under the
//! report's key; given back the same way.

use access::Action;
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vault::{SubjectKey, VaultError};

use super::{own, resource};
use crate::ReportError;
use crate::model::{AddedFile, FileAbout, ReportId};
use crate::rules::files::{self, FileError};
use crate::store;
use crate::store::files::{KnownFile, Whole};

/// So much of a file is sealed and written at a time.
const PART_BYTES: usize = 512 * 1024;

/// A file that is coming in. Dropped before it is whole, it is forgotten.
#[derive(Debug)]
pub struct Arriving {
    app: App,
    actor: Actor,
    report: ReportId,
    key: SubjectKey,
    id: Uuid,
    name: String,
    head: Vec<u8>,
    hash: Sha256,
    buffer: Vec<u8>,
    parts: i64,
    size: u64,
    /// Nothing of it is left to be forgotten.
    done: bool,
}

/// Begins a file. It is seen by nobody until [`Arriving::finish`].
///
/// # Errors
/// As many as a report holds; not found; erased.
pub async fn begin_file(
    app: &App,
    actor: &Actor,
    report: ReportId,
    name: &str,
) -> Result<Arriving, ReportError> {
    let (me, who, id) = (app.clone(), actor.clone(), app.uuid());
    let key = app
        .db
        .write(move |tx| {
            // Counted under, so that many at once do not come in together.
            tx.lock_row("report", report.uuid())?;
            let (_, key) = own(tx, &me, &who, report)?;
            let known = store::files::known(tx, report)?;
            let now = me.wall.now();
            let stalled = now.plus_secs(-files::STALLED_SECS);
            // What was taken back takes room for a day, but no place: it can be told instead of another.
            let here = known
                .iter()
                .filter(|f| f.takes_room() && f.removed.is_none() && (f.no.is_some() || f.part_at > stalled));
            files::may_begin(here.count(), bytes_beside(&known, id))?;
            let from = (matches!(who, Actor::Citizen { .. }), who.label());
            store::files::begin(tx, (id, report), now, (from.0, &from.1))?;
            Ok::<_, ReportError>(key)
        })
        .await?;
    Ok(Arriving {
        app: app.clone(),
        actor: actor.clone(),
        report,
        key,
        id,
        name: files::name(name),
        head: Vec::new(),
        hash: Sha256::new(),
        buffer: Vec::new(),
        parts: 0,
        size: 0,
        done: false,
    })
}

/// What the other files of the report take, those that are coming in too.
fn bytes_beside(known: &[KnownFile], file: Uuid) -> u64 {
    known.iter().filter(|f| f.id != file && f.takes_room()).map(|f| f.size_bytes).sum()
}

impl Arriving {
    /// Takes what has come.
    ///
    /// # Errors
    /// Too much; erased or cut off meanwhile; the database's. What came before is forgotten then.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), ReportError> {
        self.size = self.size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.size > files::MAX_FILE_BYTES {
            return Err(FileError::TooLarge.into());
        }
        let wanted = files::HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(bytes.get(..wanted).unwrap_or_default());
        self.hash.update(bytes);
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = PART_BYTES.saturating_sub(self.buffer.len()).min(rest.len());
            let (now, later) = rest.split_at(room);
            self.buffer.extend_from_slice(now);
            rest = later;
            if self.buffer.len() >= PART_BYTES {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Seals what is in the buffer and writes it as the next part, if there is room.
    async fn write(&mut self) -> Result<(), ReportError> {
        let (id, file, no, report) = (self.app.uuid(), self.id, self.parts, self.report);
        let (size, app) = (self.size, self.app.clone());
        let field = store::files::part_field(file, no);
        let sealed = self.key.seal_bytes(&self.app.entropy, &field, &self.buffer);
        self.buffer.clear();
        self.parts = no.saturating_add(1);
        self.app
            .db
            .write(move |tx| {
                // An erasure waits for this part and takes it along, or this part finds that it is too late.
                tx.lock_row("report", report.uuid())?;
                let known = store::files::known(tx, report)?;
                files::fits(size, bytes_beside(&known, file))?;
                let so_far = (i64::try_from(size).unwrap_or(i64::MAX), app.wall.now());
                let kept = store::files::insert_part(tx, (id, file), no, so_far, &sealed)?;
                if kept { Ok(()) } else { Err(ReportError::NotFound) }
            })
            .await
    }

    /// The file is whole: it is seen from now on. What the same side gave before adds nothing, and a citizen who
    /// gives it again puts back what was taken back.
    ///
    /// # Errors
    /// An empty file; no room any more; erased meanwhile.
    pub async fn finish(mut self) -> Result<(), ReportError> {
        if self.size == 0 {
            return Err(FileError::Empty.into());
        }
        if !self.buffer.is_empty() {
            self.write().await?;
        }
        let kind = files::kind(&self.head);
        let about = FileAbout {
            name: std::mem::take(&mut self.name),
            extension: kind.extension.to_owned(),
            shown_as: kind.shown_as.unwrap_or_default().to_owned(),
            sha256: hex::encode(self.hash.finalize_reset()),
        };
        let size_bytes = i64::try_from(self.size).unwrap_or(i64::MAX);
        let ending = Ending {
            actor: self.actor.clone(),
            report: self.report,
            id: self.id,
            size_bytes,
            digest: self.app.vault.blind("report_file", &format!("{}|{}", self.report, about.sha256)),
            about: store::files::seal_about(&self.key, &self.app.entropy, &about),
        };
        let app = self.app.clone();
        self.app.db.write(move |tx| end(tx, &app, &ending)).await?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Arriving {
    /// Cut off, refused or failed: nobody will send the rest, and what came must not take room.
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (app, file, now) = (self.app.clone(), self.id, self.app.wall.now());
        runtime.spawn(async move {
            let forgotten = app
                .db
                .write(move |tx| Ok::<_, ReportError>(store::files::drop_arriving(tx, file, now)?))
                .await;
            if let Err(error) = forgotten {
                tracing::warn!(%error, "a file that was cut off is forgotten later");
            }
        });
    }
}

/// What the last transaction of a file needs.
struct Ending {
    actor: Actor,
    report: ReportId,
    id: Uuid,
    size_bytes: i64,
    digest: [u8; 32],
    about: Vec<u8>,
}

/// Ends a file inside a transaction.
fn end(tx: &mut Tx<'_>, app: &App, file: &Ending) -> Result<(), ReportError> {
    tx.lock_row("report", file.report.uuid())?;
    own(tx, app, &file.actor, file.report)?;
    let citizen = matches!(file.actor, Actor::Citizen { .. });
    let known = store::files::known(tx, file.report)?;
    let same = known
        .iter()
        .find(|f| f.from_citizen == citizen && f.digest.as_deref() == Some(file.digest.as_slice()));
    let (act, no) = match same.map(|f| (f, f.no)) {
        Some((same, Some(no))) => {
            store::files::drop_arriving(tx, file.id, app.wall.now())?;
            if same.removed.is_none() || !store::files::put_back(tx, file.report, no)? {
                return Ok(());
            }
            ("report.file_put_back", no)
        }
        _ => {
            let no = known.iter().filter_map(|f| f.no).max().unwrap_or(0).saturating_add(1);
            let whole = Whole {
                no,
                at: app.office.now(),
                size_bytes: file.size_bytes,
                digest: file.digest,
                about: file.about.clone(),
            };
            if !store::files::end(tx, file.id, &whole)? {
                return Err(ReportError::NotFound);
            }
            ("report.file_added", no)
        }
    };
    let facts = json!({"no": no, "bytes": file.size_bytes});
    app.record(tx, &file.actor, &Act { facts, ..Act::about(act, "report", file.report.uuid()) })?;
    if citizen {
        app.tell(tx, crate::MESSAGE, file.report.uuid(), json!({"from": "reporter"}))?;
    }
    Ok(())
}

/// Adds a file that lies in memory.
///
/// # Errors
/// As [`begin_file`], [`Arriving::push`] and [`Arriving::finish`].
pub async fn add_file(
    app: &App,
    actor: &Actor,
    report: ReportId,
    name: &str,
    content: &[u8],
) -> Result<(), ReportError> {
    let mut arriving = begin_file(app, actor, report, name).await?;
    arriving.push(content).await?;
    arriving.finish().await
}

/// A file with its content.
#[derive(Debug, Clone)]
pub struct FileContent {
    /// What it is.
    pub file: AddedFile,
    /// Its bytes, as they were given.
    pub bytes: Personal<Vec<u8>>,
}

/// Opens one file. The read is a record. An officer does not see what was taken back.
///
/// # Errors
/// No such file; not found; erased; a part that does not open.
pub async fn file_content(
    app: &App,
    actor: &Actor,
    id: ReportId,
    no: i64,
    purpose: Purpose,
) -> Result<FileContent, ReportError> {
    let (me, actor) = (app.clone(), actor.clone());
    let (file, key) = app
        .db
        .write(move |tx| {
            let report = store::find(tx, id)?.ok_or(ReportError::NotFound)?;
            let citizen = matches!(actor, Actor::Citizen { .. });
            let action = if citizen { Action::ViewOwnReport } else { Action::ViewReport };
            access::require(&actor, action, &resource(&report))?;
            let key = me.vault.subject(tx, id.uuid())?.ok_or(ReportError::Erased)?;
            let mut all = store::files::list(tx, id, &key)?.into_iter();
            let file = all.find(|f| f.no == no && !f.removed).ok_or(ReportError::NotFound)?;
            let facts = json!({"file": file.id, "no": no});
            let act =
                Act { facts, purpose: Some(purpose), ..Act::about("report.file_read", "report", id.uuid()) };
            me.record(tx, &actor, &act)?;
            Ok::<_, ReportError>((file, key))
        })
        .await?;
    let (mut bytes, mut hash) = (Vec::new(), Sha256::new());
    for no in 0.. {
        let of = file.id;
        let part = app.db.read(move |tx| Ok::<_, ReportError>(store::files::part(tx, of, no)?)).await?;
        let Some(sealed) = part else { break };
        let opened = key.open_bytes(&store::files::part_field(of, no), &sealed)?;
        hash.update(&opened);
        bytes.extend(opened);
    }
    // What somebody cut or changed in the database must not be handed out as what was given.
    if hex::encode(hash.finalize()) != file.about.open(purpose).sha256 {
        return Err(VaultError::Sealed("file".to_owned()).into());
    }
    Ok(FileContent { file, bytes: Personal::new(bytes) })
}

/// The citizen takes a file back: from now on nobody sees it, and after a day it is gone for good.
///
/// # Errors
/// No such file; not found; erased.
pub async fn remove_file(app: &App, actor: &Actor, id: ReportId, no: i64) -> Result<(), ReportError> {
    let wall = app.wall.now();
    change(app, actor, id, "report.file_removed", no, move |tx| store::files::remove(tx, id, no, wall)).await
}

/// Puts back what was taken back.
///
/// # Errors
/// No such file any more; not found; erased.
pub async fn put_file_back(app: &App, actor: &Actor, id: ReportId, no: i64) -> Result<(), ReportError> {
    change(app, actor, id, "report.file_put_back", no, move |tx| store::files::put_back(tx, id, no)).await
}

/// One change of one file and its record. Pressed twice it is done once.
async fn change(
    app: &App,
    actor: &Actor,
    id: ReportId,
    act: &'static str,
    no: i64,
    done: impl Fn(&mut Tx<'_>) -> Result<bool, db::DbError> + Send + Sync + 'static,
) -> Result<(), ReportError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            own(tx, &me, &actor, id)?;
            if !store::files::known(tx, id)?.iter().any(|f| f.no == Some(no) && f.from_citizen) {
                return Err(ReportError::NotFound);
            }
            if done(tx)? {
                let facts = json!({"no": no});
                me.record(tx, &actor, &Act { facts, ..Act::about(act, "report", id.uuid()) })?;
                // The desk looks again at what the reporter last said.
                me.tell(tx, crate::MESSAGE, id.uuid(), json!({"from": "reporter"}))?;
            }
            Ok(())
        })
        .await
}
