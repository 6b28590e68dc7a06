//! One function per verb of the office: permission, load, decide, save, record, tell.

mod articles;
pub mod board;
mod bringing;
mod deciding;
mod exhibits;
mod hearing;
mod keys;
mod linking;
mod listing;
mod moving;
mod noting;
pub mod once;
mod opening;
pub mod outside;
mod paging;
mod persons;
mod reading;
mod referring;
pub mod registers;
mod staging;
mod tasks;
mod team;
mod views;

use access::{Action, Kind, Resource};
use app::{App, SealedWords};
use audit::Act;
use db::Tx;
use kernel::{Actor, Header, Personal, Purpose, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;
use vault::SubjectKey;

use crate::error::CaseError;
use crate::model::{
    Case, CaseId, Member, Moment, MomentKind, NEVER, Place, Referred, Standing, State, Written,
};
use crate::rules::filter;
use crate::{rules, store};

pub use articles::{add_article, add_ref, remove_article, set_field, wrong_ref};
pub use bringing::{Brought, bring, try_out};
pub use deciding::{NewDecision, confirm, propose, send_back, take_back};
pub use exhibits::{Exhibited, as_matter, put_exhibit, take_out_exhibit};
pub use hearing::{is_quiet, on_exhibit, on_news};
pub use linking::{link, unlink};
pub use listing::{Listed, MOST, Titled, about, colleagues, coming, find, list, to_do, wanted};
pub use moving::{merge, split, undo_move};
pub use noting::{NewNote, add_event, add_note};
pub use opening::{NewCase, open};
pub use outside::{hear_body, roads};
pub use paging::{order, page};
pub use persons::{NewPerson, add_person, end_person, rights_told};
pub use reading::{
    Correspondence, May, Page, People, Reported, TimeLine, leading, look, people, time_line, whole_time_line,
};
pub use referring::{accept, answered, refer, returned, withdraw};
pub use staging::{describe, pass, set_priority};
pub use tasks::{NewTask, add_task, assign, call_due, change_due, finish};
pub use team::{Door, add_member, hand_over, remove_member, set_door};
pub use views::{keep_view, offered, throw_away};

/// Fields under which words are sealed.
pub(crate) mod field {
    pub(crate) const TITLE: &str = "case.title";
    pub(crate) const SUMMARY: &str = "case.summary";
    pub(crate) const PERSON: &str = "case.person";
    pub(crate) const TASK: &str = "case.task";
    pub(crate) const NOTE: &str = "case.note";
    pub(crate) const HAND: &str = "case.hand";
    pub(crate) const REGISTRAR: &str = "case.registrar";
    pub(crate) const REASONS: &str = "case.reasons";
    pub(crate) const SECOND: &str = "case.second";
    pub(crate) const VALUE: &str = "case.field";
    pub(crate) const GROUND: &str = "case.ground";
    pub(crate) const ANSWER: &str = "case.answer";
    pub(crate) const REASON: &str = "case.reason";
    pub(crate) const VIEW: &str = "case.view";
}

/// A case that is held for an act.
pub(crate) struct Held {
    pub(crate) case: Case,
    pub(crate) team: Vec<Member>,
    pub(crate) key: SubjectKey,
}

/// The case as a thing of the rules.
pub(crate) fn resource(case: &Case, team: &[Member], signers: &[String]) -> Resource {
    let mut resource = Resource::new(Kind::Case, case.id.uuid(), &case.header)
        .kept_by(&store::member::now(team), case.closed)
        .signed_by(signers)
        .referred_to(&case.referred_to);
    resource.author.clone_from(&case.lead);
    resource
}

/// Who proposed what waits.
pub(crate) fn signers(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<String>, CaseError> {
    let all = store::decision::of_case(tx, case)?;
    Ok(all.into_iter().filter(|d| d.standing == Standing::Proposed).map(|d| d.written.by).collect())
}

/// Loads a case for an act, and holds its row.
pub(crate) fn hold(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    number: &str,
    action: Action,
) -> Result<Held, CaseError> {
    let number = filter::number(number).ok_or(CaseError::NotFound)?;
    let found = store::file::by_number(tx, &number)?.ok_or(CaseError::NotFound)?;
    hold_id(tx, app, actor, found.id, action)
}

/// The same by its id.
pub(crate) fn hold_id(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: CaseId,
    action: Action,
) -> Result<Held, CaseError> {
    tx.lock_row("case_file", id.uuid())?;
    once::first(tx, app)?;
    let case = store::file::find(tx, id)?.ok_or(CaseError::NotFound)?;
    let team = store::member::of_case(tx, id)?;
    let signers = signers(tx, id)?;
    access::require(actor, action, &resource(&case, &team, &signers))?;
    let key = app.vault.subject(tx, id.uuid())?.ok_or(CaseError::NotFound)?;
    if let Some(into) = case.merged_into {
        let into = store::file::find(tx, into)?.map(|c| c.number).unwrap_or_default();
        return Err(CaseError::Merged(into));
    }
    Ok(Held { case, team, key })
}

impl Held {
    /// Refuses what is done to a case that goes on, where it is over.
    pub(crate) fn open(self) -> Result<Self, CaseError> {
        if self.case.state == State::Open { Ok(self) } else { Err(CaseError::Over) }
    }
    /// The place of a new row. What may come twice has the same id each time.
    pub(crate) fn place(&self, app: &App) -> Place {
        let id = app.came.once.map_or_else(|| app.uuid(), |once| once.key);
        Place { id, case: self.case.id, sealed_for: self.case.id.uuid() }
    }
    /// Seals words of a new row.
    pub(crate) fn seal(&self, app: &App, field: &str, words: &str) -> Vec<u8> {
        self.key.seal(&app.entropy, field, words)
    }
    /// Whether somebody works on it now.
    pub(crate) fn has(&self, label: &str) -> bool {
        self.team.iter().any(|m| m.until.is_none() && m.label == label)
    }
}

/// Who writes, and when.
pub(crate) fn written(app: &App, actor: &Actor) -> Written {
    Written { by: actor.label(), at: app.office.now() }
}

/// Opens words that were sealed under the key of some case; `None` once that key is gone.
pub(crate) fn unseal(
    tx: &mut Tx<'_>,
    app: &App,
    (of, field): (Uuid, &str),
    sealed: &[u8],
) -> Result<Option<Personal<String>>, CaseError> {
    Ok(app.open_words(tx, of, field, &SealedWords::from_bytes(sealed.to_vec()))?)
}

/// The same as plain text, for pages of whoever works on the case.
pub(crate) fn plain(
    tx: &mut Tx<'_>,
    app: &App,
    of: (Uuid, &str),
    sealed: &[u8],
) -> Result<String, CaseError> {
    Ok(unseal(tx, app, of, sealed)?.map(|w| w.into_inner(Purpose::Investigate)).unwrap_or_default())
}

/// What an act leaves in the record and in the time line.
pub(crate) struct Did<'a> {
    /// Act, `case.opened`.
    pub(crate) act: &'static str,
    /// With what it is shown together.
    pub(crate) kind: MomentKind,
    /// A number or a code that belongs to it.
    pub(crate) about: &'a str,
    /// What else the record keeps.
    pub(crate) facts: Value,
    /// Words that were typed, sealed under the case's key: for the record.
    pub(crate) words: Option<&'a [u8]>,
    /// Whether it stands in the time line.
    pub(crate) seen: bool,
}

impl<'a> Did<'a> {
    pub(crate) fn new(act: &'static str, kind: MomentKind, about: &'a str) -> Self {
        Self { act, kind, about, facts: json!({}), words: None, seen: true }
    }
    pub(crate) fn facts(self, facts: Value) -> Self {
        Self { facts, ..self }
    }
    pub(crate) fn words(self, sealed: &'a [u8]) -> Self {
        Self { words: Some(sealed), ..self }
    }
    pub(crate) fn unseen(self) -> Self {
        Self { seen: false, ..self }
    }
}

/// Keeps a case after an act, with its nearest term; records the act, and writes it into the time line.
pub(crate) fn done(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    held: &mut Held,
    did: Did<'_>,
) -> Result<(), CaseError> {
    let now = app.office.now();
    held.case.changed_at = now;
    held.case.next_due_at = nearest(tx, &held.case)?;
    store::file::save(tx, &held.case)?;
    log(tx, app, actor, &held.case, did)
}

/// Records an act and writes it into the time line.
pub(crate) fn log(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    case: &Case,
    did: Did<'_>,
) -> Result<(), CaseError> {
    let mut facts = did.facts;
    if let Some(map) = facts.as_object_mut() {
        map.insert("number".to_owned(), case.number.as_str().into());
        if !did.about.is_empty() {
            map.insert("about".to_owned(), did.about.into());
        }
        if let Some(words) = did.words {
            map.insert("words_sealed".to_owned(), SealedWords::from_bytes(words.to_vec()).fact().into());
        }
    }
    app.record(tx, actor, &Act { facts, ..Act::about(did.act, "case", case.id.uuid()) })?;
    once::keep(tx, app, case, did.act)?;
    if did.seen {
        let moment = Moment {
            id: app.uuid(),
            home: case.id,
            at: app.office.now(),
            kind: did.kind,
            act: did.act.to_owned(),
            actor: actor.label(),
            about: did.about.to_owned(),
            words_sealed: None,
        };
        store::moment::insert(tx, case.id, &moment, &own_header(case))?;
    }
    Ok(())
}

/// What happens in a case is seen by whoever sees the case: its own moments carry no marking of their own.
pub(crate) fn own_header(case: &Case) -> Header {
    Header { marking: kernel::Marking::default(), ..case.header.clone() }
}

/// The nearest term of all that is open in a case.
fn nearest(tx: &mut Tx<'_>, case: &Case) -> Result<Timestamp, CaseError> {
    if case.state != State::Open {
        return Ok(NEVER);
    }
    let mut at = case.stage_due_at.min(store::task::next_due(tx, case.id)?);
    let refs = store::reference::of_case(tx, case.id)?;
    at = at.min(store::register::of_case(tx, case.id)?.first().map_or(NEVER, |c| c.due_at));
    at = at.min(registers_due(&refs).into_iter().map(|(_, due)| due).min().unwrap_or(NEVER));
    for referral in store::referral::of_case(tx, case.id)? {
        if referral.state == Referred::Sent {
            at = at.min(referral.due_at);
        }
    }
    Ok(at)
}

/// Registers whose next decision is due, by the clock of the law: of each number that stands and after which no other register has taken
/// the case.
pub fn registers_due(refs: &[crate::model::CaseRef]) -> Vec<(String, Timestamp)> {
    let stands = || refs.iter().filter(|r| r.wrong_at.is_none());
    stands()
        .filter(|r| r.due_at != NEVER)
        .filter(|r| !stands().any(|later| later.system != r.system && later.registered_at >= r.registered_at))
        .map(|r| (r.system.clone(), r.due_at))
        .collect()
}

/// By when a stage should be left.
pub(crate) fn stage_due(app: &App, stage: &str, since: Timestamp) -> Timestamp {
    let term = app.profile.cases().stage(stage).and_then(|s| s.within);
    term.map_or(NEVER, |term| app.profile.term_end(since, term))
}

/// Somebody who may work on a case: a duty officer of the organisation whose account is open.
pub(crate) fn officer(
    tx: &mut Tx<'_>,
    app: &App,
    field: &'static str,
    label: &str,
) -> Result<access::Colleague, CaseError> {
    let id = label.strip_prefix("staff:").and_then(|id| id.parse::<Uuid>().ok());
    let id = id.ok_or(CaseError::Unknown(field))?;
    let found = access::colleague(tx, &app.vault, id)?.ok_or(CaseError::Unknown(field))?;
    let works = found.organisation == app.node.code
        && found.office.active
        && found.office.roles.contains(&kernel::Role::DutyOfficer);
    if works { Ok(found) } else { Err(CaseError::Unknown(field)) }
}

/// Keyed hashes of the words of a title.
pub(crate) fn hashes(app: &App, title: &str) -> Vec<Vec<u8>> {
    let words = rules::words::of(title);
    words.iter().map(|w| app.vault.blind("case.word", w).iter().take(8).copied().collect()).collect()
}
