//! Objections from the portal: somebody says that a number, an account, an address is theirs and has nothing to do with fraud.
//!
//! Anybody can say so, a fraudster of his mule's account, too; so nothing changes before an officer has made sure that it is the
//! objector's. From then on nothing is declined because of it, and an approver without a hand in it decides. Whether
//! anything is known of the thing is told to nobody who only asks: every objection is taken alike.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use identifier::Kind;
use kernel::{Actor, Personal, Purpose, Timestamp};
use serde_json::json;

use super::acting::{had_a_hand, keep, matter};
use super::asking::{Seen, options, read};
use super::checking::turn;
use super::crowd::{self, Solved, Wants};
use super::hearing::{begin, entry_id};
use super::leads::{By, leads};
use crate::beforehand::{Allowed, name_of};
use crate::error::RegistryError;
use crate::live::Live;
use crate::model::{
    Advice, Class, Decided, Entry, EntryId, Objection, ObjectionId, ObjectionStatus, ObjectionTold, Status,
};
use crate::rules::Known;
use crate::{rules, store};

/// Fields under which what was told and answered is sealed.
const TOLD: &str = "registry.objection_told";
const ANSWER: &str = "registry.objection_answer";
/// Longest name and contact, and longest text, characters.
const MAX_LINE: usize = 200;
const MAX_TEXT: usize = 5_000;
/// Rows of a page.
const PAGE: i64 = 50;
/// Most that are forgotten, and most that are settled at once.
const LIMIT: i64 = 200;
const AT_ONCE: i64 = 50;
/// Most earlier objections about the same thing.
const EARLIER: i64 = 50;
/// Questions about numbers that an objection counts as, so that nobody floods the office with them.
const COUNTS: u32 = 5;

/// An objection that was taken, with the code by which its maker hears what came of it.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The objection.
    pub objection: Objection,
    /// The code; it is shown once.
    pub code: Personal<String>,
}

/// The fields that are missing or too long, in the order of the form.
#[must_use]
pub fn faults(told: &ObjectionTold) -> Vec<&'static str> {
    let text = told.text.trim();
    let fits = [
        ("text", app::says(text) && text.chars().count() <= MAX_TEXT),
        ("name", app::is_line(&told.name, MAX_LINE)),
        ("contact", app::is_line(&told.contact, MAX_LINE) && reaches(&told.contact)),
    ];
    fits.into_iter().filter(|(_, fits)| !fits).map(|(field, _)| field).collect()
}

/// Whether somebody can be reached by what they wrote: a telephone, an address of mail, a name in a messenger.
fn reaches(contact: &str) -> bool {
    let letters = contact.split('@').skip(1).any(|after| after.chars().any(char::is_alphanumeric));
    letters || contact.chars().filter(char::is_ascii_digit).count() >= 6
}

/// Refuses a contact that is what the objection is about, or what it leads to: whoever stole a telephone would be asked there whether
/// it is theirs.
fn apart(app: &App, readings: &[Seen], contact: &str) -> Result<(), RegistryError> {
    let about: Vec<Seen> = readings.iter().flat_map(leads).map(|lead| lead.seen).collect();
    let whole = read(app, contact).unwrap_or_default();
    let parts = identifier::extract(contact, &options(app)).into_iter();
    let parts = parts.map(|found| Seen { kind: found.kind, canonical: found.canonical });
    let mut told = whole.into_iter().chain(parts).flat_map(|seen| leads(&seen)).map(|lead| lead.seen);
    if told.any(|seen| seen.kind != Kind::Domain && about.contains(&seen)) {
        return Err(RegistryError::Field("contact"));
    }
    Ok(())
}

fn code_hash(app: &App, code: &str) -> [u8; 32] {
    app.vault.blind("registry.objection", code)
}

/// The same as [`file`], for somebody of a network: who objects to much works for it.
///
/// # Errors
/// As there; [`RegistryError::Puzzle`].
pub async fn file_from(
    app: &App,
    live: &Live,
    network: Option<u64>,
    (value, told): (&str, &ObjectionTold),
    solved: &Solved,
) -> Result<Taken, RegistryError> {
    // What is wrong is told before it costs anything.
    if let Some(field) = faults(told).into_iter().next() {
        return Err(RegistryError::Field(field));
    }
    apart(app, &read(app, value)?, &told.contact)?;
    crowd::admit(app, live, (network, Wants::Act(COUNTS)), solved)?;
    file(app, value, told).await
}

/// Takes an objection.
///
/// # Errors
/// What is objected about is no identifier; a field is missing; [`RegistryError::Busy`].
pub async fn file(app: &App, value: &str, told: &ObjectionTold) -> Result<Taken, RegistryError> {
    if let Some(field) = faults(told).into_iter().next() {
        return Err(RegistryError::Field(field));
    }
    let readings = read(app, value)?;
    apart(app, &readings, &told.contact)?;
    let (me, told) = (app.clone(), told.clone());
    let work = app.db.write(move |tx| {
        let actor = Actor::Public;
        access::require(&actor, Action::FileAppeal, &Resource::any(Thing::Appeal))?;
        let now = me.office.now();
        let seen = meant(tx, &me, &readings)?;
        let id = ObjectionId::from_uuid(me.uuid());
        let code = report::rules::draw_code(&me.entropy);
        let objection = Objection {
            id,
            header: me.header(&actor, me.profile.default_lang(), "registry"),
            number: report::rules::draw_number(&me.entropy, "O", me.profile.civil_year(now)),
            entry: entry_id(&me, seen.kind, &seen.canonical),
            kind: seen.kind,
            masked: identifier::mask(seen.kind, &seen.canonical),
            filed_at: now,
            due_at: me.profile.term_end(now, me.profile.identifiers().objection),
            status: ObjectionStatus::Filed,
            decided_at: None,
            decided_by: None,
            version: 0,
        };
        let told = ObjectionTold {
            name: told.name.trim().to_owned(),
            contact: told.contact.trim().to_owned(),
            text: told.text.trim().to_owned(),
        };
        let sealed = me.seal_words(tx, id.uuid(), TOLD, &serde_json::to_string(&told).unwrap_or_default())?;
        store::objection::insert(tx, &objection, code_hash(&me, &code), sealed.bytes())?;
        let facts = json!({
            "number": objection.number, "kind": objection.kind.as_str(), "entry": objection.entry,
            "due": objection.due_at.rfc3339(),
        });
        me.record(
            tx,
            &actor,
            &Act { facts, ..Act::about("registry.objection_filed", "identifier", id.uuid()) },
        )?;
        Ok(Taken { objection, code: Personal::new(code) })
    });
    turn(app, work).await
}

/// Which of several readings, and of the sites that they lead to, is meant: that of which most is told; else a site, which is warned
/// of by its name alone; else the likeliest.
fn meant(tx: &mut Tx<'_>, app: &App, readings: &[Seen]) -> Result<Seen, RegistryError> {
    let (now, partners) = (app.office.now(), partner::store::all(tx)?);
    let allowed = Allowed::here(app, &partners);
    let site = |seen: &Seen| {
        let name = name_of(seen.kind, &seen.canonical).filter(|_| seen.kind != Kind::Domain)?;
        Some(Seen { kind: Kind::Domain, canonical: name })
    };
    let sites: Vec<Seen> = readings.iter().filter_map(site).collect();
    // What an answer may have come from: also what a link leads to.
    let led = readings.iter().flat_map(leads).filter(|lead| lead.how != By::Itself).map(|lead| lead.seen);
    let led: Vec<Seen> = led.filter(|seen| !sites.contains(seen)).collect();
    let mut best = None;
    for seen in readings.iter().chain(&sites).chain(&led) {
        let entry = store::find(tx, entry_id(app, seen.kind, &seen.canonical))?;
        if entry.is_none() && led.contains(seen) {
            continue;
        }
        let beforehand = allowed.beforehand(seen.kind, &seen.canonical);
        let told = rules::verdict(Known { entry: entry.as_ref(), beforehand }, now);
        // A name that looks like another is a site's, not a link's.
        let alike = told.class == Class::Nothing && seen.kind == Kind::Domain;
        let weight = (told.class, told.advice, alike);
        if told.advice > Advice::Nothing && best.as_ref().is_none_or(|(most, _)| weight > *most) {
            best = Some((weight, seen.clone()));
        }
    }
    best.map(|(_, seen)| seen).or(readings.first().cloned()).ok_or(RegistryError::Unread)
}

/// What came of an objection, by its code: where it stands, and the answer.
///
/// # Errors
/// [`RegistryError::Code`]; [`RegistryError::Busy`].
pub async fn by_code(app: &App, typed: &str) -> Result<(Objection, Option<String>), RegistryError> {
    let code = report::rules::read_code(typed).ok_or(RegistryError::Code)?;
    let me = app.clone();
    let work = app.db.read(move |tx| {
        let found = store::objection::by_code(tx, code_hash(&me, &code))?.ok_or(RegistryError::Code)?;
        // Before it is decided there are the officer's own words, of how it was made sure of.
        let answer = opened(tx, &me, found.id, Purpose::OwnData)?.1;
        let answer = answer.filter(|words| !found.status.waits() && !words.is_empty());
        Ok((found, answer))
    });
    turn(app, work).await
}

/// What was told and answered; `None` where it was forgotten, or nothing was.
fn opened(
    tx: &mut Tx<'_>,
    app: &App,
    id: ObjectionId,
    purpose: Purpose,
) -> Result<(Option<Personal<ObjectionTold>>, Option<String>), RegistryError> {
    let (told, answer) = store::objection::sealed(tx, id)?;
    let told = app.open_words(tx, id.uuid(), TOLD, &app::SealedWords::from_bytes(told))?;
    let told = told.and_then(|w| serde_json::from_str(&w.into_inner(purpose)).ok()).map(Personal::new);
    let answer = match answer {
        Some(sealed) => app.open_words(tx, id.uuid(), ANSWER, &app::SealedWords::from_bytes(sealed))?,
        None => None,
    };
    Ok((told, answer.map(|w| w.into_inner(purpose))))
}

/// A page of objections.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// They.
    pub rows: Vec<Objection>,
    /// How many there are in all.
    pub count: i64,
    /// The last of them, where more follow.
    pub next: Option<ObjectionId>,
}

/// Objections that wait; with a status, those that stand there; the next of them behind one that was shown.
///
/// # Errors
/// Forbidden.
pub async fn list(
    app: &App,
    actor: &Actor,
    status: Option<ObjectionStatus>,
    after: Option<ObjectionId>,
) -> Result<Listed, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let code = app.node.code.clone();
    app.db
        .read(move |tx| {
            let after = after.map(|id| store::objection::find(tx, id)).transpose()?.flatten();
            let after = after.filter(|o| o.header.organisation_id == code);
            let limit = PAGE.saturating_add(1);
            let mut rows = match status {
                Some(status) => store::objection::list(tx, &code, status, after.as_ref(), limit)?,
                None => store::objection::waiting(tx, &code, after.as_ref(), limit)?,
            };
            let more = i64::try_from(rows.len()).is_ok_and(|n| n > PAGE);
            rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
            let next = rows.last().filter(|_| more).map(|o| o.id);
            Ok(Listed { count: store::objection::count(tx, &code, status)?, next, rows })
        })
        .await
}

/// The objection of a number, if there is one.
///
/// # Errors
/// Forbidden.
pub async fn by_number(app: &App, actor: &Actor, number: &str) -> Result<Option<ObjectionId>, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let (code, number) = (app.node.code.clone(), number.trim().to_uppercase());
    Ok(app.db.read(move |tx| store::objection::by_number(tx, &code, &number)).await?.map(|o| o.id))
}

/// An objection with what is needed to answer it; that it was opened is a record.
#[derive(Debug, Clone)]
pub struct Matter {
    /// The objection.
    pub objection: Objection,
    /// What was told; `None` once it was forgotten.
    pub told: Option<Personal<ObjectionTold>>,
    /// The answer.
    pub answer: Option<String>,
    /// The entry, and where it stands; `None`: nothing is known of the thing.
    pub entry: Option<(Entry, Status)>,
    /// Earlier objections about the same thing.
    pub earlier: Vec<Objection>,
    /// Whether the reader may accept it as the owner's.
    pub may_accept: bool,
    /// Whether the reader may close it.
    pub may_close: bool,
}

fn resource(o: &Objection) -> Resource {
    Resource::new(Thing::Identifier, o.id.uuid(), &o.header)
}

fn found(tx: &mut Tx<'_>, actor: &Actor, id: ObjectionId) -> Result<Objection, RegistryError> {
    let objection = store::objection::find(tx, id)?.ok_or(RegistryError::NotFound)?;
    access::require(actor, Action::ViewIdentifier, &resource(&objection))?;
    Ok(objection)
}

/// One objection.
///
/// # Errors
/// Absent or hidden.
pub async fn open(app: &App, actor: &Actor, id: ObjectionId) -> Result<Matter, RegistryError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let objection = found(tx, &actor, id)?;
            let (told, answer) = opened(tx, &me, id, Purpose::HandleReport)?;
            let now = me.office.now();
            let entry = store::find(tx, objection.entry)?;
            let mine = match &entry {
                Some(entry) => had_a_hand(tx, entry, &actor)?,
                None => false,
            };
            let mut earlier = store::objection::of_entry(tx, objection.entry, None, EARLIER)?;
            earlier.retain(|o| o.id != id);
            let rejected = was_rejected(tx, objection.entry)?;
            let disputable = match &entry {
                Some(e) => disputed(&me, &objection, e, "", now).is_ok(),
                None => looks_like(&me, &objection),
            };
            let about = Act::about("registry.objection_read", "identifier", id.uuid());
            let facts = json!({"number": objection.number});
            me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            Ok(Matter {
                may_accept: objection.status == ObjectionStatus::Filed
                    && disputable
                    && accepts(&actor, &objection, rejected).is_ok(),
                may_close: objection.status == ObjectionStatus::Filed
                    && !mine
                    && access::allowed(&actor, Action::ClearIdentifier, &resource(&objection)),
                entry: entry.map(|e| {
                    let status = rules::status(&e, now);
                    (e, status)
                }),
                objection,
                told,
                answer,
                earlier,
            })
        })
        .await
}

/// Whether an objection may be accepted by somebody: an officer does, but once one about the same thing was rejected an approver;
/// otherwise whoever was rejected today would open the way again tonight.
fn accepts(actor: &Actor, objection: &Objection, rejected: bool) -> Result<(), access::AccessError> {
    if rejected {
        access::require(actor, Action::ClearIdentifier, &resource(objection))
    } else {
        access::require(actor, Action::FileAppeal, &Resource::any(Thing::Appeal))
    }
}

/// Whether an objection about a thing was rejected before.
fn was_rejected(tx: &mut Tx<'_>, entry: EntryId) -> Result<bool, RegistryError> {
    Ok(!store::objection::of_entry(tx, entry, Some(ObjectionStatus::Rejected), 1)?.is_empty())
}

/// The entry, disputed; also where nothing is told of it but that its name looks like another.
fn disputed(
    app: &App,
    o: &Objection,
    entry: &Entry,
    by: &str,
    now: Timestamp,
) -> Result<Entry, rules::LifeError> {
    let alike = || looks_like(app, o) && entry.disputed_at.is_none() && entry.decided != Decided::Cleared;
    rules::dispute(entry, by, now).or_else(|e| {
        let after = Entry { disputed_at: Some(now), objected_by: Some(by.to_owned()), ..entry.clone() };
        if alike() { Ok(after) } else { Err(e) }
    })
}

/// Whether a thing of which nothing is known is warned of by its name alone.
fn looks_like(app: &App, objection: &Objection) -> bool {
    // Of what is kept as a mask nothing can be begun.
    let whole = matches!(objection.kind, Kind::Domain | Kind::Url);
    whole && Allowed::here(app, &[]).imitated(objection.kind, &objection.masked).is_some()
}

/// An officer has made sure that a thing is the objector's, and says how: from now on nothing is declined because of it until an
/// approver has decided.
///
/// # Errors
/// Absent or forbidden; no words; nothing is told of the thing, or an objection is accepted already.
pub async fn accept(
    app: &App,
    actor: &Actor,
    id: ObjectionId,
    how: &str,
) -> Result<Objection, RegistryError> {
    let how = app::reason(how).ok_or(RegistryError::Reasons)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let objection = found(tx, &actor, id)?;
            accepts(&actor, &objection, was_rejected(tx, objection.entry)?)?;
            if objection.status != ObjectionStatus::Filed {
                return Err(RegistryError::ObjectionStands);
            }
            // What is warned of by its name alone has no entry that people could clear: it gets one.
            if store::find(tx, objection.entry)?.is_none() && looks_like(&me, &objection) {
                begin(tx, &me, (objection.entry, objection.kind), &objection.masked)?;
            }
            let m = match matter(tx, &me, &actor, objection.entry, Action::ViewIdentifier) {
                Err(RegistryError::NotFound) => return Err(RegistryError::NothingTold),
                other => other?,
            };
            let after = disputed(&me, &objection, &m.entry, &actor.label(), m.now)?;
            // What the objector told, and how it was made sure of, stays under their own key and is opened by the number.
            let words = &objection.number;
            let how = me.seal_words(tx, id.uuid(), ANSWER, &how)?;
            let sealed = me.seal_words(tx, objection.entry.uuid(), super::OBJECTION, words)?;
            store::objected(tx, objection.entry, sealed.bytes())?;
            let facts =
                json!({"number": objection.number, "kind": after.kind.as_str(), "how_sealed": how.fact()});
            me.record(
                tx,
                &actor,
                &Act { facts, ..Act::about("registry.disputed", "identifier", objection.entry.uuid()) },
            )?;
            keep(tx, &me, after)?;
            let objection = Objection { status: ObjectionStatus::Accepted, ..objection };
            store::objection::save(tx, &objection, Some(how.bytes()))?;
            Ok(objection)
        })
        .await
}

/// An approver without a hand in the entry closes an objection, with an answer: it is not theirs, or nothing is told of it.
///
/// # Errors
/// Absent or forbidden, also to whoever had a hand in the entry; no answer; it stands elsewhere.
pub async fn close(
    app: &App,
    actor: &Actor,
    id: ObjectionId,
    answer: &str,
) -> Result<Objection, RegistryError> {
    let answer = app::reason(answer).ok_or(RegistryError::Reasons)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let objection = found(tx, &actor, id)?;
            access::require(&actor, Action::ClearIdentifier, &resource(&objection))?;
            let now = me.office.now();
            access::present(tx, &actor, now)??;
            if let Some(entry) = store::find(tx, objection.entry)?
                && had_a_hand(tx, &entry, &actor)?
            {
                return Err(access::AccessError::Forbidden(Action::ClearIdentifier).into());
            }
            if objection.status != ObjectionStatus::Filed {
                return Err(RegistryError::ObjectionStands);
            }
            answered(tx, &me, (&actor, &answer, now), objection, ObjectionStatus::Closed)
        })
        .await
}

fn answered(
    tx: &mut Tx<'_>,
    app: &App,
    (actor, answer, now): (&Actor, &str, Timestamp),
    objection: Objection,
    status: ObjectionStatus,
) -> Result<Objection, RegistryError> {
    let after = Objection { status, decided_at: Some(now), decided_by: Some(actor.label()), ..objection };
    let sealed = app.seal_words(tx, after.id.uuid(), ANSWER, answer)?;
    store::objection::save(tx, &after, Some(sealed.bytes()))?;
    let facts = json!({"number": after.number, "entry": after.entry, "status": status.as_str(), "answer_sealed": sealed.fact()});
    app.record(
        tx,
        actor,
        &Act { facts, ..Act::about("registry.objection_answered", "identifier", after.id.uuid()) },
    )?;
    Ok(after)
}

/// An entry was decided on: so are the objections to it that were accepted. Whoever has not shown that it is theirs hears later, and
/// nothing of the reason ([`settle`]).
pub(super) fn decided(
    tx: &mut Tx<'_>,
    app: &App,
    (actor, reason): (&Actor, &str),
    entry: EntryId,
    status: ObjectionStatus,
) -> Result<(), RegistryError> {
    let now = app.office.now();
    for objection in store::objection::of_entry(tx, entry, Some(ObjectionStatus::Accepted), EARLIER)? {
        answered(tx, app, (actor, reason, now), objection, status)?;
    }
    Ok(())
}

/// Closes objections that nobody has accepted to what people have cleared since: there is nothing to decide any more. Whoever made them
/// hears that, and neither a reason nor whether anything was known. The oldest first, a few at once; says how many.
///
/// # Errors
/// The database's.
pub async fn settle(app: &App) -> Result<usize, RegistryError> {
    let me = app.clone();
    app.db
        .write(move |tx| {
            let (now, system) = (me.office.now(), Actor::system("registry"));
            let over = store::objection::settled(tx, AT_ONCE)?;
            for objection in &over {
                answered(tx, &me, (&system, "", now), objection.clone(), ObjectionStatus::Closed)?;
            }
            Ok(over.len())
        })
        .await
}

/// Forgets what objectors told and were answered, once it is old enough: where they stand and when stays.
///
/// # Errors
/// The database's.
pub fn forget(tx: &mut Tx<'_>, app: &App) -> Result<usize, vault::VaultError> {
    let (now, kept) = (app.office.now(), app.profile.identifiers().objection_kept);
    // The term runs from the answer: whatever was answered before now less the term.
    let before = now.plus_secs(now.as_secs().saturating_sub(app.profile.term_end(now, kept).as_secs()));
    let old = store::objection::answered_before(tx, before, LIMIT)?;
    for id in &old {
        store::objection::empty(tx, *id)?;
        app.vault.forget(tx, id.uuid())?;
    }
    Ok(old.len())
}
