//! Lists of persons that others keep: brought by an officer with a table, looked over line by line, taken in, taken back as a whole. On
//! whose word and on what ground they were brought is kept with them.

use access::{Action, Kind as Thing, Resource, Scope};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hearing::{hear_of, may_judge};
use super::reading::open_told;
use crate::error::PersonError;
use crate::model::{Heard, ListId, ListStatus, PersonList, RecordId, Role, Source};
use crate::rules::list::{Line, Read, read, told};
use crate::store;

/// Field under which the lines are sealed.
const LINES: &str = "person.list";
/// Lines of one transaction.
const AT_ONCE: usize = 20;
/// Lines of one opening of the list.
const OPENED: usize = 500;
/// Lists that are shown.
const SHOWN: i64 = 50;
/// Faults that are kept.
const MOST_FAULTS: usize = 200;
/// Lines that are shown beforehand.
const PREVIEW: usize = 50;
/// Longest name and origin of a list, characters.
const MAX_LINE: usize = 200;

/// A list to be brought.
#[derive(Debug, Clone, Default)]
pub struct NewList {
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub origin: String,
    /// On what ground it was handed over.
    pub basis: String,
    /// What they are whose line says nothing.
    pub role: Option<Role>,
    /// The table.
    pub bytes: Vec<u8>,
}

/// What is sealed of a list.
#[derive(Clone, Serialize, Deserialize)]
struct Sealed {
    origin: String,
    basis: String,
    role: String,
    lines: Vec<Line>,
}

/// A list, opened.
#[derive(Debug, Clone)]
pub struct ListPage {
    /// The list.
    pub list: PersonList,
    /// Whose it is, and on what ground it was handed over; `None` once it was erased.
    pub told: Option<Personal<(String, String)>>,
    /// Its first lines, with what they are.
    pub preview: Vec<Personal<(u64, String, String)>>,
    /// Whether the reader may take it in, and back.
    pub may_work: bool,
}

fn resource(list: &PersonList) -> Resource {
    Resource::new(Thing::Person, list.id.uuid(), &list.header)
}

/// Reads a table and keeps it: nobody is heard of yet.
///
/// # Errors
/// Forbidden; no name, origin or ground; the table is none.
pub async fn bring(app: &App, actor: &Actor, new: NewList) -> Result<ListId, PersonError> {
    may_judge(app, actor)?;
    for (field, text) in [("name", &new.name), ("origin", &new.origin), ("basis", &new.basis)] {
        if !app::is_line(text, MAX_LINE) {
            return Err(PersonError::Missing(field));
        }
    }
    let Read { lines, faults } = read(&new.bytes)?;
    let role = new.role.ok_or(PersonError::Missing("role"))?;
    let (me, actor) = (app.clone(), actor.clone());
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (good, faulty) = (count(lines.len()), count(faults.len()));
    let kept = faults.iter().take(MOST_FAULTS).map(|(no, f)| (*no, f.as_str().to_owned())).collect();
    let sealed = Sealed {
        origin: new.origin.trim().to_owned(),
        basis: new.basis.trim().to_owned(),
        role: role.as_str().to_owned(),
        lines,
    };
    let text = serde_json::to_string(&sealed).unwrap_or_default();
    let list = PersonList {
        id: ListId::from_uuid(app.uuid()),
        header: app.header(&actor, app.profile.default_lang(), "report"),
        name: new.name.trim().to_owned(),
        status: ListStatus::Read,
        good,
        faulty,
        faults: kept,
        done: 0,
        at: None,
    };
    app.db
        .write(move |tx| {
            let sealed = me.seal_words(tx, list.id.uuid(), LINES, &text)?;
            store::list::insert(tx, &list, sealed.bytes())?;
            note(tx, &me, &actor, ("person.list_brought", &list), json!({"good": good, "faulty": faulty}))?;
            Ok(list.id)
        })
        .await
}

fn note(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (act, list): (&'static str, &PersonList),
    facts: serde_json::Value,
) -> Result<(), PersonError> {
    let about = Act::about(act, "person_list", list.id.uuid());
    Ok(app.record(tx, actor, &Act { purpose: Some(Purpose::Operate), facts, ..about })?)
}

fn sealed(tx: &mut Tx<'_>, app: &App, id: ListId) -> Result<Option<Sealed>, PersonError> {
    let bytes = store::list::told(tx, id)?.unwrap_or_default();
    let words = app.open_words(tx, id.uuid(), LINES, &app::SealedWords::from_bytes(bytes))?;
    Ok(words.and_then(|w| serde_json::from_str(&w.into_inner(Purpose::Investigate)).ok()))
}

/// The latest lists that the actor may see.
///
/// # Errors
/// Hidden.
pub async fn lists(app: &App, actor: &Actor) -> Result<Vec<PersonList>, PersonError> {
    let office = access::scope(actor, Thing::Person).and_then(Scope::office)?;
    app.db.read(move |tx| Ok(store::list::recent(tx, &office, SHOWN)?)).await
}

/// A list with its first lines; that is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn open_list(app: &App, actor: &Actor, id: ListId) -> Result<ListPage, PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let list = store::list::find(tx, id)?.ok_or(PersonError::NotFound)?;
            access::require(&actor, Action::ViewPerson, &resource(&list))?;
            note(tx, &me, &actor, ("person.list_read", &list), json!({}))?;
            let sealed = sealed(tx, &me, id)?;
            let lines = sealed.iter().flat_map(|s| s.lines.iter().take(PREVIEW).map(|l| (l, &s.role)));
            let shown = |(l, role): (&Line, &String)| {
                let told = told(&l.told);
                let who = [told.name(), told.iin, told.phone].into_iter().find(|t| !t.is_empty());
                Personal::new((l.no, who.unwrap_or_default(), l.role.clone().unwrap_or_else(|| role.clone())))
            };
            Ok(ListPage {
                preview: lines.map(shown).collect(),
                told: sealed.as_ref().map(|s| Personal::new((s.origin.clone(), s.basis.clone()))),
                may_work: access::allowed(&actor, Action::JudgePerson, &resource(&list)),
                list,
            })
        })
        .await
}

/// Begins to take a list in, or back: what follows is done beside the writer, some lines at a time.
async fn turn(
    app: &App,
    actor: &Actor,
    id: ListId,
    (from, to, act): (ListStatus, ListStatus, &'static str),
) -> Result<(), PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let list = store::list::find(tx, id)?.ok_or(PersonError::NotFound)?;
            access::require(&actor, Action::ViewPerson, &resource(&list))?;
            access::require(&actor, Action::JudgePerson, &resource(&list))?;
            if list.status != from {
                return Err(PersonError::ListMoved);
            }
            store::list::save(tx, &list, (to, 0, None))?;
            note(tx, &me, &actor, (act, &list), json!({"good": list.good}))
        })
        .await
}

/// A list is taken in.
///
/// # Errors
/// Absent or forbidden; taken in already.
pub async fn start_list(app: &App, actor: &Actor, id: ListId) -> Result<(), PersonError> {
    turn(app, actor, id, (ListStatus::Read, ListStatus::Running, "person.list_started")).await
}

/// A list is taken back as a whole: none of its records counts any more, unless a matter hangs on it, which an officer clears first.
///
/// # Errors
/// Absent or forbidden; it stands otherwise.
pub async fn undo_list(app: &App, actor: &Actor, id: ListId) -> Result<(), PersonError> {
    turn(app, actor, id, (ListStatus::Applied, ListStatus::Undoing, "person.list_undone")).await
}

/// Lines with what they are, and how many the list has.
type Lines = (Vec<(Line, Role)>, i64);

/// Goes on with a list that is being taken in or back, so many lines; `false`: there is none. A list is large: it is opened beside the
/// writer, and not for each few lines.
///
/// # Errors
/// The database's, the vault's.
pub async fn work(app: &App) -> Result<bool, PersonError> {
    let me = app.clone();
    let found = app.db.read(move |tx| {
        let Some(list) = store::list::working(tx)? else { return Ok(None) };
        let lines =
            if list.status == ListStatus::Running { lines(tx, &me, &list)? } else { Lines::default() };
        Ok::<_, PersonError>(Some((list, lines)))
    });
    let Some((mut list, (lines, all))) = found.await? else { return Ok(false) };
    let undoing = list.status == ListStatus::Undoing;
    let mut some = lines.chunks(AT_ONCE);
    for _ in 0..OPENED.div_ceil(AT_ONCE) {
        let (me, before, part) = (app.clone(), list.clone(), some.next().unwrap_or_default().to_vec());
        let written = app.db.write(move |tx| {
            store::gate::pass(tx)?;
            let now = store::list::find(tx, before.id)?;
            let stands = |l: &PersonList| (l.status, l.done, l.at) == (before.status, before.done, before.at);
            // Another node was faster.
            let Some(now) = now.filter(stands) else { return Ok(None) };
            match undoing {
                true => give_some(tx, &me, &now)?,
                false => take_some(tx, &me, &now, (&part, all))?,
            }
            Ok::<_, PersonError>(store::list::find(tx, before.id)?)
        });
        match written.await? {
            Some(now) if now.status == list.status => list = now,
            _ => break,
        }
        if !undoing && some.len() == 0 {
            break;
        }
    }
    Ok(true)
}

/// The next lines of a list.
fn lines(tx: &mut Tx<'_>, app: &App, list: &PersonList) -> Result<Lines, PersonError> {
    let Some(sealed) = sealed(tx, app, list.id)? else { return Ok(Lines::default()) };
    let all = i64::try_from(sealed.lines.len()).unwrap_or(i64::MAX);
    let begin = usize::try_from(list.done).unwrap_or(usize::MAX);
    let role = |line: &Line| Role::parse(line.role.as_ref().unwrap_or(&sealed.role)).unwrap_or(Role::Witness);
    Ok((sealed.lines.iter().skip(begin).take(OPENED).map(|l| (l.clone(), role(l))).collect(), all))
}

fn take_some(
    tx: &mut Tx<'_>,
    app: &App,
    list: &PersonList,
    (some, all): (&[(Line, Role)], i64),
) -> Result<(), PersonError> {
    for (line, role) in some {
        let id = report::rules::derived_id("person_line", &list.id.to_string(), &line.no.to_string());
        let heard = Heard {
            source: Source::List,
            source_id: id.uuid(),
            report: None,
            role: *role,
            told: told(&line.told),
        };
        hear_of(tx, app, &super::part(), (&heard, Some(list.id.uuid())))?;
    }
    let done = list.done.saturating_add(i64::try_from(some.len()).unwrap_or(0));
    let status = if some.is_empty() || done >= all { ListStatus::Applied } else { ListStatus::Running };
    Ok(store::list::save(tx, list, (status, done, None))?)
}

/// The records of a list are gone through in the order of their ids, from where it was left.
fn give_some(tx: &mut Tx<'_>, app: &App, list: &PersonList) -> Result<(), PersonError> {
    let after = list.at.unwrap_or_else(|| RecordId::from_uuid(uuid::Uuid::nil()));
    let most = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let some = store::of_list(tx, list.id.uuid(), after, most)?;
    for record in &some {
        give_back(tx, app, record)?;
    }
    // One that was begun before it was kept where it stopped begins again: what is taken back already is passed over.
    let before = if list.at.is_some() { list.done } else { 0 };
    let done = before.saturating_add(i64::try_from(some.len()).unwrap_or(0));
    let status = if some.len() < AT_ONCE { ListStatus::Undone } else { ListStatus::Undoing };
    Ok(store::list::save(tx, list, (status, done, some.last().map(|r| r.id).or(list.at)))?)
}

/// A record counts no more, unless a matter hangs on it: that comes before somebody's eyes.
pub(super) fn give_back(
    tx: &mut Tx<'_>,
    app: &App,
    record: &crate::model::PersonRecord,
) -> Result<(), PersonError> {
    use crate::model::{Doubt, DropperStatus};
    if record.taken_back.is_some() {
        return Ok(());
    }
    let open = store::dropper::of_record(tx, record.id)?;
    let mut carries = false;
    for d in open.iter().filter(|d| d.status != DropperStatus::Cleared) {
        // What was decided on it stays until somebody has looked.
        carries = true;
        let after = crate::rules::dropper::doubt(d, Doubt::TakenBack, app.office.now());
        store::dropper::save(tx, &after)?;
        let facts = json!({"dropper": d.id, "was": d.status.as_str(), "why": Doubt::TakenBack.as_str()});
        let about = Act::about("person.doubted", "person", record.person.uuid());
        app.record(tx, &super::part(), &Act { purpose: Some(Purpose::Operate), facts, ..about })?;
    }
    if carries || open_told(tx, app, record)?.is_none() {
        return Ok(());
    }
    let why = app::SealedWords::from_bytes(Vec::new());
    super::correcting::withhold(tx, app, &super::part(), (record, &why))
}
