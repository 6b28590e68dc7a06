//! One function per verb of the office: permission, load, decide, save, record.

mod checking;
mod deciding;
mod finishing;
mod handing;
mod keeping;
mod looking;
mod others;
mod packaging;
mod reading;
mod settling;
mod taking;

use access::{Action, Kind, Resource};
use app::App;
use audit::{Act, Stamp};
use db::Tx;
use kernel::{Actor, Purpose, Timestamp};
use serde_json::json;
use uuid::Uuid;

pub use checking::{check, due, forget_stale};
pub use deciding::{carry_out, propose, send_back};
pub use finishing::finish;
pub use handing::{call_back, decline, offer, receive};
pub use keeping::{add_place, describe, let_in, link, move_to, place_names, seal, set_place_open, unseal};
pub use looking::{feed, look_into, to_look_at};
pub use others::{LetIn, is_open, let_in_of, of_id, of_number};
pub use packaging::{Asked, Made, Package, package};
pub use reading::{
    Counts, Custody, Listed, May, Opened, PAGE, Page, content, counts, list, of_matter, open, slip,
};
pub use settling::{clear, clear_copies, greet, leave, lies_away};
pub use taking::{Begun, append, begin, take_item, upload};

use crate::error::EvidenceError;
use crate::model::{About, Acquisition, Content, Event, EventKind, Exhibit, ExhibitId, Words};
use crate::rules::{Facts, Refused, may, seal};
use crate::store;

/// The part of the platform that hashes exhibits again.
pub const PART: &str = "evidence";
/// Fields under which what belongs to an exhibit is sealed with its key.
pub(crate) const TOLD: &str = "evidence.told";
pub(crate) const CONTENT: &str = "evidence.content";
pub(crate) const TITLE: &str = "evidence.title";
pub(crate) const WORDS: &str = "evidence.words";
pub(crate) const SHA256: &str = "evidence.sha256";
pub(crate) const LOOK: &str = "evidence.look";
pub(crate) const LOOK_SIGNS: &str = "evidence.look_signs";

impl From<Refused> for EvidenceError {
    fn from(why: Refused) -> Self {
        match why {
            Refused::Over => Self::Over,
            Refused::OtherHands => Self::OtherHands,
            Refused::Proposal => Self::Proposal,
            Refused::Seal => Self::Seal,
        }
    }
}

/// What the access rules are asked about.
pub(crate) fn resource(exhibit: &Exhibit, readers: &[String]) -> Resource {
    let mut resource = Resource::new(Kind::Exhibit, exhibit.id.uuid(), &exhibit.header)
        .kept_by(readers, exhibit.closed)
        .signed_by(std::slice::from_ref(&exhibit.proposed_by));
    resource.author.clone_from(&exhibit.proposed_by);
    resource
}

/// An exhibit under its lock, with who is let in. What an act changes is written into `exhibit`; whether the act may happen is asked of
/// what was there when it was loaded.
pub(crate) struct Held {
    pub(crate) exhibit: Exhibit,
    /// As it was.
    before: Exhibit,
    sealed_before: bool,
    /// Whether it lies under a seal.
    pub(crate) under_seal: bool,
    pub(crate) readers: Vec<String>,
}

/// Loads an exhibit for an act. Two who act at the same moment act one after the other.
pub(crate) fn hold(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: Action,
    id: ExhibitId,
) -> Result<Held, EvidenceError> {
    tx.lock_row("exhibit", id.uuid())?;
    let (exhibit, under_seal) = store::exhibit::find(tx, id)?.ok_or(EvidenceError::NotFound)?;
    let readers = store::exhibit::readers(tx, id)?;
    access::require(actor, action, &resource(&exhibit, &readers))?;
    Ok(Held::of(exhibit, under_seal, readers))
}

impl Held {
    pub(crate) fn of(exhibit: Exhibit, under_seal: bool, readers: Vec<String>) -> Self {
        Self { before: exhibit.clone(), sealed_before: under_seal, exhibit, under_seal, readers }
    }
    /// What the rules of its life are asked about.
    fn facts(&self, actor: &Actor) -> Facts {
        let label = actor.label();
        Facts {
            state: self.before.state,
            proposed: self.before.proposed,
            sealed: self.sealed_before,
            mine: self.before.custodian == label,
            to_me: self.before.offered_to == label,
        }
    }
    /// Whether an event may happen, for showing a button.
    pub(crate) fn might(&self, actor: &Actor, kind: EventKind) -> bool {
        may(kind, self.facts(actor)).is_ok()
    }
}

/// What an event says beside its kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said<'a> {
    /// Who or what else is concerned.
    pub(crate) counterpart: String,
    /// The place.
    pub(crate) place: Option<Uuid>,
    /// In words.
    pub(crate) words: Option<&'a str>,
    /// More facts for the record.
    pub(crate) facts: serde_json::Value,
    /// For which purpose personal data were read.
    pub(crate) purpose: Option<Purpose>,
}

/// Writes an event: its number, its act in the record, what the exhibit has come to.
pub(crate) fn happen(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    held: &mut Held,
    kind: EventKind,
    said: &Said<'_>,
) -> Result<Event, EvidenceError> {
    let before = held.exhibit.events;
    if kind != EventKind::Taken {
        held.exhibit.state = may(kind, held.facts(actor))?;
    }
    let (now, no) = (app.office.now(), before.saturating_add(1));
    let (id, words) = (held.exhibit.id, said.words.map(|text| new_words(app, text)));
    let mut facts = json!({"no": no, "event": kind.as_str()});
    if let Some(object) = facts.as_object_mut() {
        if let Some(more) = said.facts.as_object() {
            object.extend(more.clone());
        }
        if let Some((_, named)) = &words {
            object.insert("words".to_owned(), json!(hex::encode(named)));
        }
    }
    let last = store::event::of(tx, id, before.saturating_sub(1), 1)?.first().map(|event| event.record);
    let stamp = Stamp { id: behind(app.uuid(), last), office: now, wall: app.wall.now() };
    let act = Act { facts, purpose: said.purpose, ..Act::about(act_of(kind), "exhibit", id.uuid()) };
    audit::append(tx, &stamp, actor, &act)?;
    let record = stamp.id;
    let sealed = match &words {
        Some((words, _)) => {
            let text = serde_json::to_string(words).unwrap_or_default();
            Some(app.seal_words(tx, id.uuid(), WORDS, &text)?)
        }
        None => None,
    };
    let event = Event {
        no,
        kind,
        at: now,
        actor: actor.label(),
        record,
        counterpart: said.counterpart.clone(),
        place: said.place,
        has_words: words.is_some(),
    };
    store::event::insert(tx, id, &event, sealed.as_ref().map(app::SealedWords::bytes))?;
    held.exhibit.events = no;
    held.exhibit.changed_at = now;
    if kind != EventKind::Taken {
        store::exhibit::save(tx, &held.exhibit, held.under_seal, before)?;
    }
    app.tell(tx, crate::HAPPENED, id.uuid(), json!({"event": kind.as_str()}))?;
    (held.before, held.sealed_before) = (held.exhibit.clone(), held.under_seal);
    Ok(event)
}

/// An id that comes behind the last one. The log places what waits by its ids, and packages are refused in which an event stands before
/// an earlier one: neither two records of one moment nor a clock that was set back may turn them round. It lies a random way behind:
/// the next one behind may be another record's already.
pub(super) fn behind(id: Uuid, last: Option<Uuid>) -> Uuid {
    const WAY: u128 = (1 << 40) - 1;
    match last {
        Some(last) if id <= last => {
            let way = (id.as_u128() & WAY).saturating_add(1);
            Uuid::from_u128(last.as_u128().saturating_add(way))
        }
        _ => id,
    }
}

/// The record's word for an event.
pub(crate) const fn act_of(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Taken => "exhibit.taken",
        EventKind::Described => "exhibit.described",
        EventKind::Linked => "exhibit.linked",
        EventKind::Opened => "exhibit.opened",
        EventKind::Printed => "exhibit.printed",
        EventKind::Exported => "exhibit.exported",
        EventKind::Moved => "exhibit.moved",
        EventKind::Offered => "exhibit.offered",
        EventKind::Received => "exhibit.received",
        EventKind::Declined => "exhibit.declined",
        EventKind::CalledBack => "exhibit.called_back",
        EventKind::Sealed => "exhibit.sealed",
        EventKind::Unsealed => "exhibit.unsealed",
        EventKind::Derived => "exhibit.derived",
        EventKind::Checked => "exhibit.checked",
        EventKind::Damaged => "exhibit.damaged",
        EventKind::Proposed => "exhibit.proposed",
        EventKind::SentBack => "exhibit.sent_back",
        EventKind::Returned => "exhibit.returned",
        EventKind::Destroyed => "exhibit.destroyed",
    }
}

/// Words with a new salt, and what they are named by in the record.
fn new_words(app: &App, text: &str) -> (Words, [u8; 32]) {
    let salt = app.entropy.bytes::<16>();
    (Words { salt: hex::encode(salt), text: text.to_owned() }, seal::words(&salt, text))
}

/// What is sealed of an exhibit, opened; `None` once it was destroyed.
pub(crate) fn about(tx: &mut Tx<'_>, app: &App, id: ExhibitId) -> Result<Option<About>, EvidenceError> {
    let Some(key) = app.vault.subject(tx, id.uuid())? else { return Ok(None) };
    let sealed = store::exhibit::sealed(tx, id)?;
    if sealed.told.is_empty() {
        return Ok(None);
    }
    let told = key.open(TOLD, &sealed.told)?;
    let broken = |field: &str| vault::VaultError::Sealed(field.to_owned());
    let acquisition: Acquisition =
        serde_json::from_str(&told.clone().into_inner(Purpose::HandleReport)).map_err(|_| broken(TOLD))?;
    let content = key.open(CONTENT, &sealed.content)?.into_inner(Purpose::HandleReport);
    let content: Content = serde_json::from_str(&content).map_err(|_| broken(CONTENT))?;
    Ok(Some(About {
        acquisition: kernel::Personal::new(acquisition),
        told,
        content: kernel::Personal::new(content),
        title: key.open(TITLE, &sealed.title)?,
    }))
}

/// A reason that says something.
fn reason(typed: &str) -> Result<String, EvidenceError> {
    app::reason(typed).ok_or(EvidenceError::Field("reason"))
}

/// The moment, if somebody told one that is not to come: as the office writes it.
fn told_at(app: &App, at: Option<Timestamp>) -> Result<String, EvidenceError> {
    let now = app.office.now();
    let at = at.unwrap_or(now);
    // Clocks differ a little.
    if at > now.plus_secs(300) || at < Timestamp::from_micros(0) {
        return Err(EvidenceError::Field("taken_at"));
    }
    Ok(app.profile.rfc3339(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bug: two events behind the same record were given the same id, and the second was refused.
    #[test]
    fn what_comes_behind_the_same_record_is_told_apart() {
        let last = Uuid::from_u128(0x0199_0000_0000_7000_8fff_ffff_0000_0000);
        let one = behind(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_1234_5678), Some(last));
        let two = behind(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_8765_4321), Some(last));
        assert!(one > last && two > last && one != two);
        let later = Uuid::from_u128(0x0199_0000_0001_7000_8000_0000_0000_0000);
        assert_eq!((behind(later, Some(last)), behind(later, None)), (later, later));
    }
}
