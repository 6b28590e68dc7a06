//! Bringing rows in, and taking them back.

use access::Action;
use app::App;
use audit::Act;
use kernel::Actor;
use reader::Ended;
use report::ReportId;
use serde_json::json;
use statement::{Row, Trouble};
use vault::SubjectKey;

use super::trying::broken;
use super::{ROW, read_rows, region, seal_told, told, typed_mapping};
use crate::Office;
use crate::error::ImportError;
use crate::model::{Import, ImportId, Kept, State, Told};
use crate::rules::{self, MOST_REPORTS, MOST_ROWS};
use crate::store::{self, Line};

/// Rows that are written at once.
const BATCH: usize = 1_000;
/// Troubles that are kept.
const TROUBLES: usize = 1_000;
/// After so long without a word a reading has broken off (seconds of the wall clock).
const BROKEN_SECS: i64 = 600;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The exhibit.
    pub exhibit: String,
    /// By which mapping, TOML; empty: what the columns mean is found out.
    pub mapping: String,
    /// Numbers of the reports whose money the movements show.
    pub reports: Vec<String>,
    /// Whether somebody said otherwise of the columns than was found: then it is remembered for the next file like this one.
    pub corrected: bool,
    /// What a row looks like, where headings say nothing.
    pub shape: String,
    /// The form's own key: sent twice it is one import.
    pub key: String,
}

/// An import begins; [`carry_out`] reads the rows.
///
/// # Errors
/// Absent or hidden; no file; a report that is not there or hidden; no more of them than [`MOST_REPORTS`].
pub async fn begin(app: &App, actor: &Actor, wish: Wish) -> Result<Import, ImportError> {
    typed_mapping(&wish.mapping)?;
    if wish.reports.len() > MOST_REPORTS {
        return Err(ImportError::Field("reports"));
    }
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let exhibit = evidence::service::of_number(tx, &who, Action::OpenExhibit, &wish.exhibit)?;
            if exhibit.blob.is_none() || exhibit.size_bytes.is_none_or(|n| n > rules::MOST_BYTES) {
                return Err(ImportError::NoRows);
            }
            let mut reports = Vec::new();
            for number in &wish.reports {
                reports.push(report_of(tx, &who, number)?);
            }
            let key = me.vault.subject(tx, exhibit.id.uuid())?.ok_or(ImportError::NotFound)?;
            let import = Import {
                id: ImportId::from_uuid(me.uuid()),
                exhibit: exhibit.id,
                author: who.label(),
                begun_at: me.office.now(),
                state: State::Reading,
                rows: 0,
                troubles: 0,
                changed_at: me.office.now(),
            };
            let shape =
                Some(&wish.shape).filter(|s| rules::columns::is_shape(s)).cloned().unwrap_or_default();
            let mapping = wish.mapping.trim().to_owned();
            let found = Told { mapping, corrected: wish.corrected, shape, ..Told::default() };
            let sealed = seal_told(&me, &key, &found);
            let sent = sent_key(&me, &who, &wish, import.id);
            if !store::insert(tx, &import, &sent, (&sealed, me.wall.now()))? {
                let known = store::by_key(tx, &sent)?.ok_or(ImportError::NotFound)?;
                if matches!(known.state, State::Reading | State::Read) {
                    return Ok(known);
                }
                // What failed, or was taken back, may be tried again by the same form.
                store::insert(tx, &import, &import.id.to_string(), (&sealed, me.wall.now()))?;
            }
            for report in &reports {
                store::add_report(tx, import.id, report.uuid())?;
            }
            let facts = json!({
                "exhibit": exhibit.id.to_string(),
                "reports": reports.iter().map(ToString::to_string).collect::<Vec<_>>(),
            });
            me.record(tx, &who, &Act { facts, ..Act::about("import.begun", "import", import.id.uuid()) })?;
            Ok(import)
        })
        .await
}

/// What makes two forms the same one: the form's own key, and everything that was asked with it.
fn sent_key(app: &App, actor: &Actor, wish: &Wish, id: ImportId) -> String {
    if wish.key.is_empty() {
        return id.to_string();
    }
    let reports = wish.reports.join(" ");
    let parts = [actor.label(), wish.key.clone(), wish.exhibit.clone(), wish.mapping.clone(), reports];
    let all = parts.join("\u{1f}");
    hex::encode(app.vault.blind("import.sent", &all))
}

/// The report of that number, if the actor may see where its money went.
fn report_of(tx: &mut db::Tx<'_>, actor: &Actor, number: &str) -> Result<ReportId, ImportError> {
    let unknown = || ImportError::Report(number.to_owned());
    let found = report::store::by_number(tx, number.trim())?.ok_or_else(unknown)?;
    let resource = access::Resource::new(access::Kind::Report, found.id.uuid(), &found.header);
    if !access::allowed(actor, Action::ViewTrail, &resource) {
        return Err(unknown());
    }
    Ok(found.id)
}

/// Reads the rows of an import that begins, and keeps them. Whatever goes wrong, either all rows are kept or none. Gives the import as it
/// then stands; one that somebody else carries out, or that is over, is left alone.
///
/// # Errors
/// Absent or hidden; damaged; the database's.
pub async fn carry_out(
    app: &App,
    office: &Office,
    actor: &Actor,
    id: ImportId,
) -> Result<Import, ImportError> {
    let (me, who) = (app.clone(), actor.clone());
    let (import, number, found, key) = app
        .db
        .read(move |tx| {
            let import = store::find(tx, id)?.ok_or(ImportError::NotFound)?;
            let exhibit = evidence::service::of_id(tx, &who, Action::OpenExhibit, import.exhibit)?;
            let key = me.vault.subject(tx, exhibit.id.uuid())?.ok_or(ImportError::NotFound)?;
            let found = told(tx, &me, &import)?;
            Ok::<_, ImportError>((import, exhibit.number, found, key))
        })
        .await?;
    let (me, mine) = (app.clone(), import.id);
    if !app.db.write(move |tx| Ok::<_, ImportError>(store::claim(tx, mine, me.wall.now())?)).await? {
        // Somebody else reads it, or it is over.
        return Ok(import);
    }
    match keep(app, office, actor, (&import, &number), (found.clone(), &key)).await {
        Ok(done) => Ok(done),
        Err(error) => {
            // It is over either way: nobody waits for something that nobody reads any more.
            let gave_up = Told { ended: Some(Ended::NotRead), ..found };
            settle(app, actor, Import { state: State::Failed, rows: 0, ..import }, (gave_up, &key)).await?;
            Err(error)
        }
    }
}

async fn keep(
    app: &App,
    office: &Office,
    actor: &Actor,
    (import, number): (&Import, &str),
    (found, key): (Told, &SubjectKey),
) -> Result<Import, ImportError> {
    let typed = typed_mapping(&found.mapping)?;
    let begun = read_rows(app, office, actor, (number, typed)).await?;
    let (mut rows, mut kept, id) = (begun.rows, 0_i64, import.id);
    let (mut troubles, mut wrong) = (Vec::new(), 0_i64);
    // Rows that are sorted out and not written yet: while they are written the next ones are sorted out.
    let mut ready: Option<Vec<Line>> = None;
    let too_many = loop {
        let (me, key) = (app.clone(), key.clone());
        let next = tokio::task::spawn_blocking(move || {
            let (batch, over) = batch(&rows);
            (rows, sort_out((&me, id), &key, batch), over)
        });
        let (next, written) = tokio::join!(next, write(app, import.id, ready.take(), kept));
        let (back, (lines, told), over) = next.map_err(broken)?;
        rows = back;
        if !written? {
            break false;
        }
        wrong = wrong.saturating_add(i64::try_from(told.len()).unwrap_or(i64::MAX));
        let room = TROUBLES.saturating_sub(troubles.len());
        troubles.extend(told.into_iter().take(room));
        kept = kept.saturating_add(i64::try_from(lines.len()).unwrap_or(i64::MAX));
        if kept > MOST_ROWS {
            break true;
        }
        if over {
            write(app, import.id, Some(lines), kept).await?;
            break false;
        }
        ready = Some(lines);
    };
    drop(rows);
    let end = begun.end.await.map_err(broken)?;
    let whole = !too_many && end.ended == Ended::Whole && end.failure.is_none() && end.summary.is_some();
    let told = Told { summary: end.summary, troubles, failure: end.failure, ended: Some(end.ended), ..found };
    let state = if whole { State::Read } else { State::Failed };
    let rows = if whole { kept } else { 0 };
    settle(app, actor, Import { state, rows, troubles: wrong, ..import.clone() }, (told, key)).await
}

/// The next rows, and whether they are the last.
fn batch(rows: &std::sync::mpsc::Receiver<Row>) -> (Vec<Row>, bool) {
    let mut all = Vec::with_capacity(BATCH);
    while all.len() < BATCH {
        match rows.recv() {
            Ok(row) => all.push(row),
            Err(_) => return (all, true),
        }
    }
    (all, false)
}

/// Rows as they are written, and what was wrong.
fn sort_out((app, id): (&App, ImportId), key: &SubjectKey, rows: Vec<Row>) -> (Vec<Line>, Vec<Trouble>) {
    let (mut lines, mut troubles) = (Vec::with_capacity(rows.len()), Vec::new());
    let by = (app.profile.zone(), region(app));
    for row in rows {
        if let Row::Trouble(trouble) = row {
            troubles.push(trouble);
        } else if let Some(kept) = rules::kept(row, by) {
            lines.push(line((app, id), key, &kept));
        }
    }
    (lines, troubles)
}

fn line((app, id): (&App, ImportId), key: &SubjectKey, kept: &Kept) -> Line {
    let blind = |side: &Option<(String, String)>| {
        side.as_ref().map(|(kind, value)| app.vault.blind(kind, value).iter().take(16).copied().collect())
    };
    Line {
        no: kept.no,
        line: kept.line,
        kind: kept.kind,
        at: kept.at,
        own: blind(&kept.own),
        other: blind(&kept.other),
        sealed: key.seal(&app.entropy, ROW, &serde_json::to_string(&kept.row).unwrap_or_default()),
        words: rules::words::of_row(&kept.row).iter().map(|w| super::word_key(app, id, w)).collect(),
    }
}

/// Writes rows, where some are ready; `false` if the import is not being read any more.
async fn write(app: &App, id: ImportId, lines: Option<Vec<Line>>, kept: i64) -> Result<bool, ImportError> {
    let Some(lines) = lines else { return Ok(true) };
    let me = app.clone();
    app.db
        .write(move |tx| {
            if !store::grow(tx, id, kept, me.wall.now())? {
                return Ok(false);
            }
            store::insert_rows(tx, id, &lines)?;
            Ok::<_, ImportError>(true)
        })
        .await
}

/// Writes how it ended.
async fn settle(
    app: &App,
    actor: &Actor,
    import: Import,
    (told, key): (Told, &SubjectKey),
) -> Result<Import, ImportError> {
    let (me, who, sealed) = (app.clone(), actor.clone(), seal_told(app, key, &told));
    app.db
        .write(move |tx| {
            let mut import = import.clone();
            import.changed_at = me.office.now();
            if import.state == State::Failed {
                store::drop_rows(tx, import.id)?;
            }
            if !store::settle(tx, &import, State::Reading, &sealed)? {
                // Somebody gave it up meanwhile: what was written since is not kept.
                store::drop_rows(tx, import.id)?;
                return store::find(tx, import.id)?.ok_or(ImportError::NotFound);
            }
            let facts = json!({
                "state": import.state.as_str(), "rows": import.rows, "troubles": import.troubles,
                "corrected": told.corrected,
            });
            if import.state == State::Read {
                super::mapping::remember(tx, &me, &who, &told)?;
            }
            me.record(tx, &who, &Act { facts, ..Act::about("import.ended", "import", import.id.uuid()) })?;
            tell(tx, &me, &import)?;
            Ok(import)
        })
        .await
}

fn tell(tx: &mut db::Tx<'_>, app: &App, import: &Import) -> Result<(), ImportError> {
    let body = json!({"import": import.id.to_string()});
    Ok(app.tell(tx, crate::CHANGED, import.exhibit.uuid(), body)?)
}

/// Takes an import back, and why: its rows stay for whoever has to know what was once gone by, and nothing goes by them any more.
///
/// # Errors
/// Absent or hidden; it was taken back, or is being read; no reason.
pub async fn take_back(app: &App, actor: &Actor, id: ImportId, why: &str) -> Result<Import, ImportError> {
    let why = app::reason(why).ok_or(ImportError::Field("reason"))?;
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut import = store::find(tx, id)?.ok_or(ImportError::NotFound)?;
            let exhibit = evidence::service::of_id(tx, &who, Action::OpenExhibit, import.exhibit)?;
            let key = me.vault.subject(tx, exhibit.id.uuid())?.ok_or(ImportError::NotFound)?;
            if import.state != State::Read {
                return Err(ImportError::State);
            }
            let told = Told { taken_back: why.clone(), ..told(tx, &me, &import)? };
            import.state = State::TakenBack;
            import.changed_at = me.office.now();
            if !store::settle(tx, &import, State::Read, &seal_told(&me, &key, &told))? {
                return Err(ImportError::State);
            }
            me.record(tx, &who, &Act::about("import.taken_back", "import", id.uuid()))?;
            tell(tx, &me, &import)?;
            Ok(import)
        })
        .await
}

/// Says of those whose reading broke off with the node that they failed. Gives how many.
///
/// # Errors
/// The database's.
pub async fn give_up_broken(app: &App) -> Result<usize, ImportError> {
    let since = app.wall.now().plus_secs(-BROKEN_SECS);
    // Nearly always there is none, and nothing is written.
    if app.db.read(move |tx| store::broken(tx, since, 1)).await?.is_empty() {
        return Ok(0);
    }
    let me = app.clone();
    app.db
        .write(move |tx| {
            let all = store::broken(tx, since, 100)?;
            let by = Actor::system("import");
            for mut import in all.iter().cloned() {
                store::drop_rows(tx, import.id)?;
                (import.state, import.rows, import.changed_at) = (State::Failed, 0, me.office.now());
                let sealed = store::told(tx, import.id)?;
                if store::settle(tx, &import, State::Reading, &sealed)? {
                    let facts = json!({"state": import.state.as_str(), "rows": 0});
                    me.record(
                        tx,
                        &by,
                        &Act { facts, ..Act::about("import.ended", "import", import.id.uuid()) },
                    )?;
                }
            }
            Ok(all.len())
        })
        .await
}
