//! What was brought: for its page, for the exhibit's, for the trail.

use std::collections::{BTreeMap, BTreeSet};

use access::Action;
use app::App;
use audit::Act;
use db::Tx;
use evidence::{Exhibit, ExhibitId};
use kernel::{Actor, Purpose, Timestamp};
use serde_json::json;
use statement::{Movement, Row};
use uuid::Uuid;
use vault::SubjectKey;

use super::{ROW, region, told};
use crate::error::ImportError;
use crate::model::{Import, ImportId, RowKind, State, Told};
use crate::rules;
use crate::store::{self, Wanted};

/// Rows of one page.
const PAGE: i64 = 100;
/// Others that come most often, on the page.
const OFTEN: i64 = 15;
/// Rows without a date that are named.
const UNDATED: i64 = 20;
/// Of them those that are named beside the path.
const NAMED: i64 = 5;
/// Parts of a word that are looked through at once.
const PARTS: i64 = 200;
/// Imports of one exhibit that are listed.
const MOST_OF_EXHIBIT: i64 = 50;
/// Movements of one account that the trail takes of one import.
const MOST_MOVEMENTS: i64 = 50_000;

/// Which rows are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Of which kind; empty for all.
    pub kind: String,
    /// Account or number that they are of or with, or words of names and purposes; empty for all.
    pub with: String,
    /// Whether only those without a date.
    pub undated: bool,
    /// Behind which row.
    pub after: i64,
}

/// Another side, and how often it comes.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The first row with it.
    pub row: Row,
    /// How often.
    pub times: i64,
}

/// An import, opened.
#[derive(Debug, Clone)]
pub struct Page {
    /// The import.
    pub import: Import,
    /// Its exhibit.
    pub exhibit: Exhibit,
    /// What was found.
    pub told: Told,
    /// Who had it read, by name.
    pub by: String,
    /// Numbers of the reports whose money it shows, as far as the reader may see them.
    pub reports: Vec<String>,
    /// Rows of the page.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub more: Option<i64>,
    /// How many rows there are of each kind.
    pub kinds: Vec<(RowKind, i64)>,
    /// Other sides that come most often.
    pub often: Vec<Counted>,
    /// Whether what was asked for could be nothing that rows are found by.
    pub unread: bool,
    /// How many rows have no date that can be read.
    pub undated: i64,
    /// The first of them: number and line.
    pub undated_first: Vec<(i64, i64)>,
}

fn open_row(key: &SubjectKey, sealed: &[u8]) -> Result<Option<Row>, ImportError> {
    let text = key.open(ROW, sealed)?.into_inner(Purpose::HandleReport);
    Ok(serde_json::from_str(&text).ok())
}

/// What rows are found by.
fn key_of(app: &App, typed: &str) -> Option<Vec<u8>> {
    let region = region(app);
    let (kind, value) = rules::account(typed, region).or_else(|| rules::party(typed, region))?;
    Some(app.vault.blind(&kind, &value).iter().take(16).copied().collect())
}

/// What rows are asked for by.
struct AskedFor {
    /// An account or a number, if it can be one.
    key: Option<Vec<u8>>,
    /// Its words.
    words: Vec<Vec<u8>>,
}

impl AskedFor {
    fn of(app: &App, id: ImportId, typed: &str) -> Self {
        let words = rules::words::of(typed);
        let words = words.iter().map(|w| super::word_key(app, id, w)).collect();
        Self { key: key_of(app, typed), words }
    }
    fn is_nothing(&self) -> bool {
        self.key.is_none() && self.words.is_empty()
    }
}

/// A page of rows: of an account or number if any row has it, else of those that have all words.
fn rows_of(
    tx: &mut Tx<'_>,
    id: ImportId,
    query: &Query,
    asked: Option<&AskedFor>,
) -> Result<Vec<(i64, Vec<u8>)>, ImportError> {
    let page = (query.after, PAGE.saturating_add(1));
    let kind = RowKind::parse(&query.kind).map_or("", RowKind::as_str);
    let wanted = Wanted { kind, with: None, undated: query.undated };
    let Some(asked) = asked else { return Ok(store::rows(tx, id, page, wanted)?) };
    if let Some(key) = &asked.key
        && store::any_with(tx, id, key)?
    {
        return Ok(store::rows(tx, id, page, Wanted { with: Some(key), ..wanted })?);
    }
    by_words(tx, id, &asked.words, (page, kind))
}

/// Rows that have all words, in their order.
fn by_words(
    tx: &mut Tx<'_>,
    id: ImportId,
    words: &[Vec<u8>],
    ((after, most), kind): ((i64, i64), &str),
) -> Result<Vec<(i64, Vec<u8>)>, ImportError> {
    let Some((first, others)) = words.split_first() else { return Ok(Vec::new()) };
    let (mut found, mut behind) = (Vec::new(), -1_i64);
    loop {
        let parts = store::word::parts(tx, id, first, (behind, after, PARTS))?;
        let Some((last, _)) = parts.last() else { return Ok(found) };
        behind = *last;
        for (part, mut numbers) in parts {
            for word in others {
                let also: BTreeSet<i64> = store::word::of_part(tx, id, (word, part))?.into_iter().collect();
                numbers.retain(|no| also.contains(no));
            }
            for no in numbers.into_iter().filter(|no| *no > after) {
                let row = store::row_of_kind(tx, id, (no, kind))?;
                found.extend(row.map(|sealed| (no, sealed)));
                if i64::try_from(found.len()).is_ok_and(|n| n >= most) {
                    return Ok(found);
                }
            }
        }
    }
}

/// Opens an import: rows are personal, and that they were looked at is recorded.
///
/// # Errors
/// Absent or hidden; its exhibit was destroyed.
pub async fn open(app: &App, actor: &Actor, id: ImportId, query: Query) -> Result<Page, ImportError> {
    let (me, who) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let import = store::find(tx, id)?.ok_or(ImportError::NotFound)?;
            let exhibit = evidence::service::of_id(tx, &who, Action::OpenExhibit, import.exhibit)?;
            let key = me.vault.subject(tx, exhibit.id.uuid())?.ok_or(ImportError::NotFound)?;
            let asked = Some(query.with.trim()).filter(|t| !t.is_empty()).map(|t| AskedFor::of(&me, id, t));
            let unread = asked.as_ref().is_some_and(AskedFor::is_nothing);
            let mut found = Vec::new();
            if import.state != State::Reading {
                found = rows_of(tx, id, &query, asked.as_ref())?;
            }
            let full = i64::try_from(found.len()).is_ok_and(|n| n > PAGE);
            found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
            let more = found.last().filter(|_| full).map(|(no, _)| *no);
            let mut rows = Vec::with_capacity(found.len());
            for (_, sealed) in &found {
                rows.extend(open_row(&key, sealed)?);
            }
            let mut often = Vec::new();
            if import.state == State::Read {
                for (no, times) in store::most_often(tx, id, OFTEN)?.into_iter().filter(|(_, n)| *n > 1) {
                    let Some(sealed) = store::row(tx, id, no)? else { continue };
                    often.extend(open_row(&key, &sealed)?.map(|row| Counted { row, times }));
                }
            }
            let (mut undated, mut undated_first) = (0, Vec::new());
            if import.state == State::Read {
                undated = store::undated(tx, id, "")?;
                undated_first = store::undated_first(tx, id, UNDATED)?;
            }
            let kinds = store::kinds(tx, id)?;
            let kinds = kinds.into_iter().filter_map(|(k, n)| Some((RowKind::parse(&k)?, n))).collect();
            let told = told(tx, &me, &import)?;
            let by = access::names_of(tx, &me.vault, [import.author.clone()])?.into_values().next();
            let reports = numbers(tx, &who, id)?;
            let facts = json!({"exhibit": exhibit.id.to_string(), "rows": rows.len(), "after": query.after});
            let act = Act { facts, ..Act::read("import.read", "import", id.uuid(), Purpose::HandleReport) };
            me.record(tx, &who, &act)?;
            let by = by.unwrap_or_default();
            Ok(Page {
                import,
                exhibit,
                told,
                by,
                reports,
                rows,
                more,
                kinds,
                often,
                unread,
                undated,
                undated_first,
            })
        })
        .await
}

/// Where an import stands, for whoever may read its exhibit: nothing of its rows is shown.
///
/// # Errors
/// Absent or hidden.
pub async fn stands(app: &App, actor: &Actor, id: ImportId) -> Result<Import, ImportError> {
    let who = actor.clone();
    app.db
        .read(move |tx| {
            let import = store::find(tx, id)?.ok_or(ImportError::NotFound)?;
            evidence::service::of_id(tx, &who, Action::OpenExhibit, import.exhibit)?;
            Ok(import)
        })
        .await
}

/// Numbers of its reports that the reader may see.
fn numbers(tx: &mut Tx<'_>, actor: &Actor, id: ImportId) -> Result<Vec<String>, ImportError> {
    let mut all = Vec::new();
    for report in store::reports(tx, id)? {
        let Some(found) = report::store::find(tx, report::ReportId::from_uuid(report))? else { continue };
        let resource = access::Resource::new(access::Kind::Report, report, &found.header);
        if access::allowed(actor, Action::ViewReport, &resource) {
            all.push(found.number);
        }
    }
    Ok(all)
}

/// Whether somebody may have an exhibit read as rows.
#[must_use]
pub fn reads(exhibit: &Exhibit) -> bool {
    exhibit.blob.is_some() && !exhibit.damaged && !exhibit.state.is_over()
}

/// What an exhibit was read as, the latest first; the caller has opened the exhibit.
///
/// # Errors
/// The database's.
pub fn of_exhibit(tx: &mut Tx<'_>, exhibit: ExhibitId) -> Result<Vec<Import>, ImportError> {
    Ok(store::of_exhibit(tx, exhibit, MOST_OF_EXHIBIT)?)
}

/// Imports that show where the money of a report went, as far as the viewer is let in: staff by the rules of the exhibit, the platform
/// itself only where nobody is kept out, everybody else not at all.
///
/// # Errors
/// The database's.
pub fn of_report(tx: &mut Tx<'_>, viewer: &Actor, report: Uuid) -> Result<Vec<Import>, ImportError> {
    let mut all = Vec::new();
    for import in store::of_report(tx, report)? {
        let seen = match viewer {
            Actor::Staff { .. } => {
                evidence::service::of_id(tx, viewer, Action::ViewExhibit, import.exhibit).is_ok()
            }
            Actor::System { .. } => evidence::service::is_open(tx, import.exhibit)?,
            _ => false,
        };
        if seen {
            all.push(import);
        }
    }
    Ok(all)
}

/// Movements of an import that have no date that can be read: they are kept, and are not on the path. How many, and number and line of the
/// first.
///
/// # Errors
/// The database's.
pub fn undated(tx: &mut Tx<'_>, id: ImportId) -> Result<(i64, Vec<(i64, i64)>), ImportError> {
    let n = store::undated(tx, id, RowKind::Movement.as_str())?;
    let first = if n > 0 { store::undated_first(tx, id, NAMED)? } else { Vec::new() };
    Ok((n, first))
}

/// Reports whose money an import shows.
///
/// # Errors
/// The database's.
pub fn reports_of(tx: &mut Tx<'_>, id: ImportId) -> Result<Vec<Uuid>, ImportError> {
    Ok(store::reports(tx, id)?)
}

/// Keys of the accounts of which these imports hold movements: the first half of the keyed hash by which accounts are compared.
///
/// # Errors
/// The database's.
pub fn accounts(tx: &mut Tx<'_>, imports: &[Import]) -> Result<BTreeSet<Vec<u8>>, ImportError> {
    let mut all = BTreeSet::new();
    for import in imports {
        all.extend(store::accounts(tx, import.id)?);
    }
    Ok(all)
}

/// Movements of one account in one import, in the order of the file.
#[derive(Debug, Clone)]
pub struct Movements {
    /// Of which exhibit.
    pub exhibit: ExhibitId,
    /// The movements.
    pub all: Vec<Movement>,
}

/// Movements of an account in these imports from then on, for the trail, whose caller has asked whether they may be seen.
///
/// # Errors
/// The database's.
pub fn movements(
    tx: &mut Tx<'_>,
    app: &App,
    imports: &[Import],
    (own, since): (&[u8], Timestamp),
) -> Result<BTreeMap<ImportId, Movements>, ImportError> {
    let mut found = BTreeMap::new();
    for import in imports {
        let rows = store::rows_of(tx, import.id, (own, since), MOST_MOVEMENTS)?;
        if rows.is_empty() {
            continue;
        }
        let Some(key) = app.vault.subject(tx, import.exhibit.uuid())? else { continue };
        let mut all = Vec::with_capacity(rows.len());
        for (_, sealed) in rows {
            if let Some(Row::Movement(movement)) = open_row(&key, &sealed)? {
                all.push(movement);
            }
        }
        found.insert(import.id, Movements { exhibit: import.exhibit, all });
    }
    Ok(found)
}
