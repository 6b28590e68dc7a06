//! Lists of cases: what one may see, in an order, narrowed, counted.

use access::{Action, Kind, Office, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose};
use serde_json::json;
use uuid::Uuid;

use super::{field, hashes};
use crate::error::CaseError;
use crate::model::{Case, LinkKind, Task};
use crate::rules::filter::{Order, Wanted};
use crate::store::paging::Place;
use crate::{rules, store};

/// Most cases of one answer.
pub const MOST: i64 = 500;
/// Most cases that are found by words, or stand on the page of a thing.
const FEW: i64 = 50;
/// Of so many cases that have the words each is looked at.
const EACH: i64 = 2_000;
/// Longest search for words of titles, in characters.
const MAX_WORDS: usize = 200;

/// A case with its title and who leads it.
#[derive(Debug, Clone)]
pub struct Titled {
    /// The case.
    pub case: Case,
    /// Its title; `None` once its key is gone.
    pub title: Option<Personal<String>>,
    /// Name of whoever leads it.
    pub lead: String,
}

/// A list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its rows.
    pub rows: Vec<Titled>,
    /// How many there are in all.
    pub count: i64,
    /// Open cases by stage.
    pub stages: Vec<(String, i64)>,
}

pub(crate) fn office(actor: &Actor) -> Result<Office, CaseError> {
    access::require(actor, Action::ViewCase, &Resource::any(Kind::Case))?;
    Ok(access::scope(actor, Kind::Case).and_then(access::Scope::office)?)
}

/// Cases, narrowed, in an order. That titles were read is a record.
///
/// # Errors
/// Forbidden.
pub async fn list(
    app: &App,
    actor: &Actor,
    (wanted, order, most): (Wanted, Order, i64),
) -> Result<Listed, CaseError> {
    let office = office(actor)?;
    let (me, actor, now) = (app.clone(), actor.clone(), app.office.now());
    let (own, most) = (office.clone(), most.clamp(1, MOST));
    let (rows, count, stages) = app
        .db
        .read(move |tx| {
            if wanted.odd {
                return Ok::<_, CaseError>((Vec::new(), 0, store::list::by_stage(tx, &own)?));
            }
            let first = Place::first(order);
            let rows = store::paging::page(tx, &own, (&wanted, order, first), (now, most))?;
            let stages = store::list::by_stage(tx, &own)?;
            // All open cases are those of all stages: they are not counted twice.
            let count = match wanted == Wanted::default() {
                true => stages.iter().map(|(_, n)| n).sum(),
                false => store::list::count(tx, &own, &wanted, now)?,
            };
            Ok((titled(tx, &me, rows)?, count, stages))
        })
        .await?;
    looked(app, &actor, rows.len()).await?;
    Ok(Listed { rows, count, stages })
}

/// Cases whose titles have these words. What is typed stands in no address and in no record.
///
/// # Errors
/// Forbidden.
pub async fn find(app: &App, actor: &Actor, typed: &str) -> Result<Vec<Titled>, CaseError> {
    let office = office(actor)?;
    if typed.chars().count() > MAX_WORDS {
        return Err(CaseError::Field("words"));
    }
    let (me, words) = (app.clone(), hashes(app, typed));
    let rows = app
        .db
        .read(move |tx| {
            let rows = store::list::by_words(tx, &office, &words, (EACH, FEW))?;
            titled(tx, &me, rows)
        })
        .await?;
    looked(app, actor, rows.len()).await?;
    Ok(rows)
}

pub(super) async fn looked(app: &App, actor: &Actor, rows: usize) -> Result<(), CaseError> {
    if rows == 0 {
        return Ok(());
    }
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let facts = json!({"cases": rows});
            let act = Act { facts, ..Act::read("case.list_read", "desk", Uuid::nil(), Purpose::Investigate) };
            Ok(me.record(tx, &actor, &act)?)
        })
        .await
}

/// Cases with titles and names.
pub(crate) fn titled(tx: &mut Tx<'_>, app: &App, rows: Vec<Case>) -> Result<Vec<Titled>, CaseError> {
    let names = access::names_of(tx, &app.vault, rows.iter().map(|c| c.lead.clone()))?;
    let sealed = store::file::titles(tx, rows.iter().map(|c| c.id))?;
    let keys = app.vault.subjects(tx, rows.iter().map(|c| c.id.uuid()))?;
    let mut all = Vec::with_capacity(rows.len());
    for case in rows {
        let title = match (keys.get(&case.id.uuid()), sealed.get(&case.id)) {
            (Some(key), Some(title)) if !title.is_empty() => Some(key.open(field::TITLE, title)?),
            _ => None,
        };
        let lead = names.get(&case.lead).cloned().unwrap_or_default();
        all.push(Titled { case, title, lead });
    }
    Ok(all)
}

/// Cases about a thing that one may see, for that thing's page: numbers and stages, no titles. And whether one may open a case.
///
/// # Errors
/// The database's. Whoever sees no cases is told of none.
pub async fn about(
    app: &App,
    actor: &Actor,
    (kind, target): (LinkKind, Uuid),
) -> Result<(Vec<Case>, bool), CaseError> {
    let Ok(office) = office(actor) else { return Ok((Vec::new(), false)) };
    let may = access::allowed(actor, Action::OpenCase, &Resource::any(Kind::Case));
    let of = app.db.read(move |tx| store::list::of_target(tx, &office, (kind.as_str(), target), FEW));
    Ok((of.await?, may))
}

/// Cases that were referred to the actor's unit and wait there.
///
/// # Errors
/// Forbidden.
pub async fn coming(app: &App, actor: &Actor) -> Result<Vec<Case>, CaseError> {
    let office = office(actor)?;
    let Some(unit) = access::unit_of(actor).map(str::to_owned) else { return Ok(Vec::new()) };
    Ok(app.db.read(move |tx| store::list::coming(tx, (&office.organisation, &unit), FEW)).await?)
}

/// Open tasks of the actor, the nearest term first, with the cases they belong to, as far as the actor still sees them.
///
/// # Errors
/// Forbidden.
pub async fn to_do(app: &App, actor: &Actor) -> Result<Vec<(Task, String, Case)>, CaseError> {
    office(actor)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let mine = store::task::mine(tx, &actor.label(), FEW)?;
            let cases = store::file::find_many(tx, mine.iter().map(|t| t.place.case))?;
            let teams = store::member::of_cases(tx, mine.iter().map(|t| t.place.case))?;
            let mut keys = super::keys::Keys::of(tx, &me, mine.iter().map(|t| t.place.sealed_for))?;
            let mut all = Vec::new();
            for task in mine {
                let Some(case) = cases.get(&task.place.case) else { continue };
                let team = teams.get(&case.id).map(Vec::as_slice).unwrap_or_default();
                if !access::allowed(&actor, Action::ViewCase, &super::resource(case, team, &[])) {
                    continue;
                }
                let title = keys.plain(tx, &me, (task.place.sealed_for, field::TASK), &task.title_sealed)?;
                all.push((task, title, case.clone()));
            }
            Ok(all)
        })
        .await
}

/// Who may work on cases, for whoever sees cases: label, name and unit.
///
/// # Errors
/// Forbidden.
pub async fn colleagues(app: &App, actor: &Actor) -> Result<Vec<(String, String, String)>, CaseError> {
    office(actor)?;
    super::people(app).await
}

/// The filter as the country has it.
#[must_use]
pub fn wanted(app: &App, typed: &str) -> Wanted {
    let units: Vec<&str> = app.profile.units().iter().map(|u| u.code.as_str()).collect();
    rules::filter::read(app.profile.cases(), &units, typed)
}
