//! One function per verb: say to be away, come back, and what pages and signatures ask.

use app::{App, SealedWords};
use audit::Act;
use db::{DbError, Tx};
use kernel::{Actor, Lang, Purpose, Role, Timestamp};
use serde_json::json;
use uuid::Uuid;
use vault::VaultError;

use super::model::{Absence, AbsenceId, NewAbsence, resource_of};
use super::rules;
use super::store::{self, Sealed};
use crate::account::{Colleague, colleague, colleagues};
use crate::actor;
use crate::away::AwayError;
use crate::delegation;
use crate::error::AccessError;
use crate::model::{Action, Kind, Resource};
use crate::rules::{allowed, require};

/// Why, as a sealed field of the account.
const WHY_FIELD: &str = "absence_why";
/// Absences are kept as the record that names them.
const RETENTION: &str = "record";

/// Says that somebody is away: oneself, or as the head or the administrator somebody who cannot. The same form sent twice
/// says it once.
///
/// # Errors
/// Hidden or forbidden; [`rules::AbsenceFault`].
pub async fn say_absence(app: &App, actor: &Actor, new: NewAbsence) -> Result<Absence, AwayError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let person = colleague(tx, &me.vault, new.account)?.ok_or(AwayError::NotFound)?;
            let thing = resource_of(new.id.uuid(), person.account, &person.organisation, &person.unit);
            require(&actor, Action::SayAbsence, &thing)?;
            // Two who say it at once are heard one after the other.
            tx.lock_row("staff_account", new.account)?;
            if let Some(known) = store::find(tx, new.id)? {
                return if known.account == new.account { Ok(known) } else { Err(AwayError::NotFound) };
            }
            let now = me.office.now();
            let known: Vec<Absence> =
                store::open_of(tx, new.account, now)?.into_iter().map(|s| s.absence).collect();
            rules::check(&new, &known, now)?;
            let header = kernel::Header {
                unit_id: person.unit.clone(),
                organisation_id: person.organisation.clone(),
                ..me.header(&actor, Lang::KK, RETENTION)
            };
            let why = me.seal_words(tx, new.account, WHY_FIELD, new.why.as_str())?;
            let absence = Absence {
                id: new.id,
                account: new.account,
                organisation: person.organisation,
                unit: person.unit,
                said_by: actor.label(),
                from: new.from,
                till: new.till,
                why: None,
                ended: None,
            };
            store::insert(tx, &header, &absence, why.bytes())?;
            let facts = json!({
                "absence": absence.id, "from": absence.from.rfc3339(), "till": absence.till.rfc3339(),
                "why_sealed": why.fact(),
            });
            me.record(tx, &actor, &Act { facts, ..Act::about("absence.said", "account", new.account) })?;
            Ok(absence)
        })
        .await
}

/// Somebody is back before the time is over, or the absence is called off. One that is over already is left as it is.
///
/// # Errors
/// Hidden or forbidden.
pub async fn end_absence(app: &App, actor: &Actor, id: AbsenceId) -> Result<(), AwayError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let absence = store::find(tx, id)?.ok_or(AwayError::NotFound)?;
            require(&actor, Action::EndAbsence, &absence.resource())?;
            Ok(end_in(tx, &me, &actor, &absence)?)
        })
        .await
}

/// The actor is back: every absence of theirs that holds now ends.
///
/// # Errors
/// Hidden for whoever is nobody of the staff.
pub async fn come_back(app: &App, actor: &Actor) -> Result<usize, AwayError> {
    let Actor::Staff { user, .. } = actor else { return Err(AccessError::Hidden.into()) };
    let (me, actor, user) = (app.clone(), actor.clone(), *user);
    app.db
        .write(move |tx| {
            let now = me.office.now();
            let all = store::open_of(tx, user, now)?;
            let mut ended = 0_usize;
            for absence in all.iter().map(|s| &s.absence).filter(|a| a.holds(now)) {
                require(&actor, Action::EndAbsence, &absence.resource())?;
                end_in(tx, &me, &actor, absence)?;
                ended = ended.saturating_add(1);
            }
            Ok(ended)
        })
        .await
}

fn end_in(tx: &mut Tx<'_>, app: &App, actor: &Actor, absence: &Absence) -> Result<(), DbError> {
    let now = app.office.now();
    if !absence.is_open(now) || !store::end(tx, absence.id, now, &actor.label())? {
        return Ok(());
    }
    let facts = json!({ "absence": absence.id, "till": absence.till.rfc3339() });
    app.record(tx, actor, &Act { facts, ..Act::about("absence.ended", "account", absence.account) })
}

/// Till when the account is away at `now`; `None` if it is not.
///
/// # Errors
/// The database's.
pub fn away_till(tx: &mut Tx<'_>, account: Uuid, now: Timestamp) -> Result<Option<Timestamp>, DbError> {
    let all = store::open_of(tx, account, now)?;
    Ok(all.iter().filter(|s| s.absence.holds(now)).map(|s| s.absence.till).max())
}

/// Refuses whoever is marked as away: a signature that somebody gives from an account whose owner said to be away is
/// either the owner's, who can say to be back, or nobody's.
///
/// # Errors
/// [`AccessError::Away`] inside; the database's outside.
pub fn present(tx: &mut Tx<'_>, actor: &Actor, now: Timestamp) -> Result<Result<(), AccessError>, DbError> {
    let Actor::Staff { user, .. } = actor else { return Ok(Ok(())) };
    Ok(match away_till(tx, *user, now)? {
        Some(_) => Err(AccessError::Away),
        None => Ok(()),
    })
}

/// Everybody of an organisation who is away now, and till when.
///
/// # Errors
/// The database's.
pub fn away_now(
    tx: &mut Tx<'_>,
    organisation: &str,
    now: Timestamp,
) -> Result<Vec<(Uuid, Timestamp)>, DbError> {
    let all = store::open(tx, organisation, now)?;
    Ok(all.iter().filter(|s| s.absence.holds(now)).map(|s| (s.absence.account, s.absence.till)).collect())
}

/// What the actor has said that goes on or is still to come.
///
/// # Errors
/// Hidden for whoever is nobody of the staff.
pub async fn own_absences(app: &App, actor: &Actor) -> Result<Vec<Absence>, AwayError> {
    let Actor::Staff { user, .. } = actor else { return Err(AccessError::Hidden.into()) };
    let (me, user) = (app.clone(), *user);
    app.db
        .read(move |tx| {
            let all = store::open_of(tx, user, me.office.now())?;
            all.into_iter().map(|sealed| opened(tx, &me, sealed)).collect()
        })
        .await
}

fn opened(tx: &mut Tx<'_>, app: &App, sealed: Sealed) -> Result<Absence, AwayError> {
    let words = SealedWords::from_bytes(sealed.why);
    let why = app.open_words(tx, sealed.absence.account, WHY_FIELD, &words)?;
    Ok(Absence { why, ..sealed.absence })
}

/// Somebody of the unit or the organisation, with what they have said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub who: Colleague,
    /// Absences that go on or are still to come, the first to begin first.
    pub absences: Vec<Absence>,
}

/// The people whose absences the actor keeps: those of the unit, or of the organisation.
///
/// # Errors
/// Hidden for whoever heads nothing.
pub async fn people(app: &App, actor: &Actor) -> Result<Vec<Person>, AwayError> {
    let (organisation, unit) = reach(actor, Kind::Absence, Action::SayAbsence)?;
    let me = app.clone();
    app.db
        .read(move |tx| {
            let mut said = Vec::new();
            for sealed in store::open(tx, &organisation, me.office.now())? {
                said.push(opened(tx, &me, sealed)?);
            }
            let mine = |c: &Colleague| unit.as_ref().is_none_or(|unit| c.unit == *unit);
            let all = colleagues(tx, &me.vault, &organisation)?.into_iter().filter(mine);
            Ok(all
                .map(|who| Person {
                    absences: said.iter().filter(|a| a.account == who.account).cloned().collect(),
                    who,
                })
                .collect())
        })
        .await
}

/// Somebody who may be asked for a signature, or would be if they were not away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Name of the one whose power it is.
    pub name: String,
    /// Till when that person is away; `None` if at work.
    pub away_till: Option<Timestamp>,
    /// Names of those who sign in that person's stead now and are at work themselves.
    pub deputies: Vec<String>,
}

impl Signatory {
    /// Whether somebody can sign with this power now. One power is one signature, whoever uses it.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.away_till.is_none() || !self.deputies.is_empty()
    }
}

/// Everybody of an organisation who holds `role`, with who is away and who signs in their stead.
///
/// # Errors
/// The vault's, the database's.
pub fn signatories(
    tx: &mut Tx<'_>,
    app: &App,
    organisation: &str,
    role: Role,
) -> Result<Vec<Signatory>, VaultError> {
    let now = app.office.now();
    let away = away_now(tx, organisation, now)?;
    let till = |account: Uuid| away.iter().find(|(id, _)| *id == account).map(|(_, till)| *till);
    let everybody = colleagues(tx, &app.vault, organisation)?;
    let mut all = Vec::new();
    for person in everybody.iter().filter(|c| c.office.holds_any(&[role])) {
        let lent = delegation::lent_by(tx, person.account, role, now)?;
        let here = |c: &&Colleague| {
            lent.contains(&c.account) && till(c.account).is_none() && delegation::may_be_deputy(&c.office)
        };
        all.push(Signatory {
            name: person.name.open(Purpose::Operate).clone(),
            away_till: till(person.account),
            deputies: everybody.iter().filter(here).map(|c| c.name.open(Purpose::Operate).clone()).collect(),
        });
    }
    Ok(all)
}

/// How far the actor's right to `action` on things of this kind reaches: an organisation, and one unit of it or all. It
/// is found by asking the policies, so that lists and single things cannot drift apart.
pub(crate) fn reach(
    actor: &Actor,
    kind: Kind,
    action: Action,
) -> Result<(String, Option<String>), AccessError> {
    let organisation = actor::organisation_of(actor).ok_or(AccessError::Hidden)?.to_owned();
    let unit = actor::unit_of(actor).unwrap_or_default().to_owned();
    let example =
        |unit: &str| Resource { unit: unit.to_owned(), ..Resource::bare(kind, Uuid::max(), &organisation) };
    // A unit that nobody's name for one can be: the separator is no part of it.
    if allowed(actor, action, &example("/")) {
        Ok((organisation, None))
    } else if allowed(actor, action, &example(&unit)) {
        Ok((organisation, Some(unit)))
    } else {
        Err(AccessError::Hidden)
    }
}
