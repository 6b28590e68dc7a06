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
use vault::SubjectKey;

use super::{own, resource};
use crate::ReportError;
use crate::model::{AddedFile, FileAbout, ReportId};
use crate::rules::files::{self, FileError};
use crate::store::{self, files::Whole};

/// So much of a file is sealed and written at a time.
const PART_BYTES: usize = 512 * 1024;

/// A file that is coming in.
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
    /// Bytes that the report's other files have.
    beside: u64,
}

/// Begins a file. It is seen by nobody until [`Arriving::finish`]; one that is cut off is forgotten after a while.
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
    let (key, beside) = app
        .db
        .write(move |tx| {
            // Counted under, so that many at once do not come in together.
            tx.lock_row("report", report.uuid())?;
            let (_, key) = own(tx, &me, &who, report)?;
            let known = store::files::known(tx, report)?;
            let here = || known.iter().filter(|f| f.takes_room());
            let bytes = here().map(|f| f.size_bytes).sum();
            files::may_begin(here().count(), bytes)?;
            let from = (matches!(who, Actor::Citizen { .. }), who.label());
            store::files::begin(tx, (id, report), me.wall.now(), (from.0, &from.1))?;
            Ok::<_, ReportError>((key, bytes))
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
        beside,
    })
}

impl Arriving {
    /// Takes what has come.
    ///
    /// # Errors
    /// Too much: what came before is forgotten. The database's.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), ReportError> {
        self.size = self.size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if !bytes.is_empty()
            && let Err(error) = files::fits(self.size, self.beside)
        {
            self.forget().await?;
            return Err(error.into());
        }
        let wanted = files::HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(bytes.get(..wanted).unwrap_or_default());
        self.hash.update(bytes);
        self.buffer.extend_from_slice(bytes);
        while self.buffer.len() >= PART_BYTES {
            let rest = self.buffer.split_off(PART_BYTES);
            self.write().await?;
            self.buffer = rest;
        }
        Ok(())
    }

    /// Seals what is in the buffer and writes it as the next part.
    async fn write(&mut self) -> Result<(), ReportError> {
        let (id, file, no) = (self.app.uuid(), self.id, self.parts);
        let field = store::files::part_field(file, no);
        let sealed = self.key.seal_bytes(&self.app.entropy, &field, &self.buffer);
        self.buffer.clear();
        self.parts = no.saturating_add(1);
        self.app
            .db
            .write(move |tx| Ok::<_, ReportError>(store::files::insert_part(tx, id, file, no, &sealed)?))
            .await
    }

    async fn forget(&mut self) -> Result<(), ReportError> {
        let file = self.id;
        self.app.db.write(move |tx| Ok::<_, ReportError>(store::files::drop_arriving(tx, file)?)).await
    }

    /// The file is whole: it is seen from now on. The same content once more adds nothing, and puts back what was
    /// taken back.
    ///
    /// # Errors
    /// An empty file; no room any more; erased meanwhile.
    pub async fn finish(mut self) -> Result<(), ReportError> {
        if self.size == 0 {
            self.forget().await?;
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
            sha256: self.hash.finalize_reset().iter().map(|b| format!("{b:02x}")).collect(),
        };
        let digest = self.app.vault.blind("report_file", &format!("{}|{}", self.report, about.sha256));
        let sealed = store::files::seal_about(&self.key, &self.app.entropy, &about);
        let me = self;
        let app = me.app.clone();
        let room = app
            .db
            .write(move |tx| {
                tx.lock_row("report", me.report.uuid())?;
                end(tx, &me, digest, &sealed)
            })
            .await?;
        Ok(room?)
    }
}

/// Ends a file inside a transaction. No room is a value, not an error: an error would undo the forgetting.
fn end(
    tx: &mut Tx<'_>,
    me: &Arriving,
    digest: [u8; 32],
    about: &[u8],
) -> Result<Result<(), FileError>, ReportError> {
    own(tx, &me.app, &me.actor, me.report)?;
    let known = store::files::known(tx, me.report)?;
    if let Some(same) = known.iter().find(|f| f.digest.as_deref() == Some(digest.as_slice())) {
        store::files::drop_arriving(tx, me.id)?;
        if let (Some(no), Some(_)) = (same.no, same.removed) {
            store::files::put_back(tx, me.report, no)?;
        }
        return Ok(Ok(()));
    }
    let beside = known.iter().filter(|f| f.id != me.id && f.takes_room()).map(|f| f.size_bytes).sum();
    if let Err(error) = files::fits(me.size, beside) {
        store::files::drop_arriving(tx, me.id)?;
        return Ok(Err(error));
    }
    let no = known.iter().filter_map(|f| f.no).max().unwrap_or(0).saturating_add(1);
    let size_bytes = i64::try_from(me.size).unwrap_or(i64::MAX);
    let whole = Whole { no, at: me.app.office.now(), size_bytes, digest, about: about.to_vec() };
    if !store::files::end(tx, me.id, &whole)? {
        return Err(ReportError::NotFound);
    }
    let facts = json!({"file": me.id, "no": no, "bytes": size_bytes});
    let act = Act { facts, ..Act::about("report.file_added", "report", me.report.uuid()) };
    me.app.record(tx, &me.actor, &act)?;
    if matches!(me.actor, Actor::Citizen { .. }) {
        me.app.tell(tx, crate::MESSAGE, me.report.uuid(), json!({"from": "reporter"}))?;
    }
    Ok(Ok(()))
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
    let mut bytes = Vec::new();
    for no in 0.. {
        let of = file.id;
        let part = app.db.read(move |tx| Ok::<_, ReportError>(store::files::part(tx, of, no)?)).await?;
        let Some(sealed) = part else { break };
        bytes.extend(key.open_bytes(&store::files::part_field(of, no), &sealed)?);
    }
    // A part that is missing must not be handed out as the file.
    if i64::try_from(bytes.len()) != Ok(file.size_bytes) {
        return Err(ReportError::NotFound);
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
            if !store::files::known(tx, id)?.iter().any(|f| f.no == Some(no)) {
                return Err(ReportError::NotFound);
            }
            if done(tx)? {
                let facts = json!({"no": no});
                me.record(tx, &actor, &Act { facts, ..Act::about(act, "report", id.uuid()) })?;
            }
            Ok(())
        })
        .await
}
