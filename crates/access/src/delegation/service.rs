//! One function per verb: give, accept, confirm, end, and what pages read.

use app::App;
use app::SealedWords;
use audit::Act;
use db::{DbError, Tx};
use kernel::{Actor, Money, Role, Timestamp};
use profile::Term;
use serde_json::json;
use uuid::Uuid;
use vault::VaultError;

use super::model::{Delegation, DelegationId, EndWhy, NewDelegation, Stage, Terms};
use super::rules::{self, DelegationFault, Party, StepFault};
use super::store::{self, Sealed};
use crate::absence::present;
use crate::absence::reach;
use crate::account::{colleague, office_of, still_stands};
use crate::actor;
use crate::away::AwayError;
use crate::error::AccessError;
use crate::model::{Action, Kind, Resource};
use crate::rules::require;

/// What the paper says, as a sealed field of the giver's account.
const GROUND_FIELD: &str = "delegation_ground";
/// Delegations are kept as the approvals that rest on them.
const RETENTION: &str = "approval";

/// Gives the own power to sign to a deputy. Nothing is in force before the deputy has accepted it and a third person has
/// confirmed it. The page asks for a fresh one-time code before it calls this.
///
/// # Errors
/// Hidden or forbidden; every [`DelegationFault`], in the order of the form.
pub async fn give_delegation(app: &App, actor: &Actor, new: NewDelegation) -> Result<Delegation, GiveError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db.write(move |tx| give_in(tx, &me, &actor, &new)).await
}

/// Why a delegation is not given: everything that is wrong with it, or one other thing.
#[derive(Debug, thiserror::Error)]
pub enum GiveError {
    /// What is wrong with its terms; never empty.
    #[error("the delegation cannot be given so: {0:?}")]
    Faults(Vec<DelegationFault>),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] AwayError),
}

impl From<DbError> for GiveError {
    fn from(error: DbError) -> Self {
        Self::Other(error.into())
    }
}

impl From<AccessError> for GiveError {
    fn from(error: AccessError) -> Self {
        Self::Other(error.into())
    }
}

impl From<VaultError> for GiveError {
    fn from(error: VaultError) -> Self {
        Self::Other(error.into())
    }
}

/// The last moment that the profile lets a term that begins at `from` end at.
pub(crate) fn longest(app: &App, from: Timestamp) -> Timestamp {
    app.profile.term_end(from, Term::CalendarDays(app.profile.delegation_max_days()))
}

fn give_in(tx: &mut Tx<'_>, app: &App, actor: &Actor, new: &NewDelegation) -> Result<Delegation, GiveError> {
    require(actor, Action::GiveDelegation, &Resource::any(Kind::Delegation))?;
    let t = &new.terms;
    // Only the own power is given, whatever the form said.
    if actor.user() != Some(t.delegator) {
        return Err(AccessError::Hidden.into());
    }
    if let Some(known) = store::find(tx, new.id)? {
        // The same form sent twice.
        let same = known.delegation.terms.delegator == t.delegator;
        return if same { Ok(known.delegation) } else { Err(AwayError::NotFound.into()) };
    }
    let now = app.office.now();
    let delegator = party(tx, app, t.delegator)?.ok_or(AccessError::Hidden)?;
    let deputy = party(tx, app, t.deputy)?.ok_or_else(|| GiveError::Faults(vec![DelegationFault::Deputy]))?;
    let days = (app.profile.day_start(now), now, longest(app, t.from));
    rules::check(new, (&delegator, &deputy), days).map_err(GiveError::Faults)?;
    let unit = actor::unit_of(actor).unwrap_or_default().to_owned();
    let header = kernel::Header { unit_id: unit, ..app.header(actor, app.profile.default_lang(), RETENTION) };
    let terms = Terms { number: t.number.trim().to_owned(), ..t.clone() };
    let d = Delegation {
        id: new.id,
        header,
        terms,
        ground: None,
        accepted_at: None,
        confirmed: None,
        ending: None,
    };
    let ground = app.seal_words(tx, t.delegator, GROUND_FIELD, new.ground.trim())?;
    store::insert(tx, &d, ground.bytes())?;
    let measures: Vec<&str> = t.measures.iter().map(|m| m.as_str()).collect();
    let facts = json!({
        "deputy": d.deputy(), "role": t.role, "unit": t.unit, "measures": measures,
        "most_minor": t.most.map(Money::minor), "asset": t.most.map(|m| m.asset().code().to_owned()),
        "from": t.from.rfc3339(), "till": t.till.rfc3339(), "number": d.terms.number,
        "ground_sealed": ground.fact(),
    });
    record(tx, app, actor, "delegation.given", &d, facts)?;
    Ok(d)
}

/// The account of one of the two, held until the transaction ends.
fn party(tx: &mut Tx<'_>, app: &App, account: Uuid) -> Result<Option<Party>, VaultError> {
    let office = office_of(tx, &format!("staff:{account}"))?;
    let known = colleague(tx, &app.vault, account)?;
    Ok(known.zip(office).map(|(c, office)| Party { account, organisation: c.organisation, office }))
}

/// Whether both stand as the delegation needs them to.
fn both_stand(tx: &mut Tx<'_>, d: &Delegation) -> Result<bool, DbError> {
    let giver = office_of(tx, &d.delegator())?;
    let deputy = office_of(tx, &d.deputy())?;
    let holds = giver.is_some_and(|o| o.holds_any(&[d.terms.role]));
    Ok(holds && deputy.as_ref().is_some_and(rules::may_be_deputy))
}

/// One that the actor may see, held until the transaction ends.
fn seen(tx: &mut Tx<'_>, actor: &Actor, id: DelegationId) -> Result<Delegation, AwayError> {
    tx.lock_row("delegation", id.uuid())?;
    let d = store::find(tx, id)?.ok_or(AwayError::NotFound)?.delegation;
    require(actor, Action::ViewDelegation, &d.resource())?;
    Ok(d)
}

/// The deputy accepts. The page asks for a fresh one-time code before it calls this.
///
/// # Errors
/// Hidden or forbidden; [`StepFault`].
pub async fn accept_delegation(app: &App, actor: &Actor, id: DelegationId) -> Result<Delegation, AwayError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let d = seen(tx, &actor, id)?;
            require(&actor, Action::AcceptDelegation, &d.resource())?;
            present(tx, &actor, me.office.now())??;
            let d = d.accept(me.office.now())?;
            if !both_stand(tx, &d)? {
                return Err(StepFault::NotStanding.into());
            }
            store::accept(tx, &d)?;
            record(tx, &me, &actor, "delegation.accepted", &d, json!({}))?;
            Ok(d)
        })
        .await
}

/// A third person confirms it: the head of the unit, or the administrator. The page asks for a fresh one-time code before
/// it calls this.
///
/// # Errors
/// Hidden or forbidden; [`StepFault`].
pub async fn confirm_delegation(app: &App, actor: &Actor, id: DelegationId) -> Result<Delegation, AwayError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let d = seen(tx, &actor, id)?;
            let d = d.clone().confirm(&actor.label(), me.office.now()).map_err(AwayError::from).and_then(
                |confirmed| {
                    require(&actor, Action::ConfirmDelegation, &d.resource())?;
                    Ok(confirmed)
                },
            )?;
            present(tx, &actor, me.office.now())??;
            if !still_stands(tx, &actor.label(), &[Role::Approver, Role::Administrator])? {
                return Err(AccessError::Forbidden(Action::ConfirmDelegation).into());
            }
            if !both_stand(tx, &d)? {
                return Err(StepFault::NotStanding.into());
            }
            store::confirm(tx, &d)?;
            record(tx, &me, &actor, "delegation.confirmed", &d, json!({}))?;
            Ok(d)
        })
        .await
}

/// Ends it at once and for good: whoever gave it, the deputy, the head or the administrator. No code is asked for:
/// ending only ever takes power away.
///
/// # Errors
/// Hidden or forbidden; [`StepFault::Over`].
pub async fn end_delegation(app: &App, actor: &Actor, id: DelegationId) -> Result<Delegation, AwayError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let d = seen(tx, &actor, id)?;
            require(&actor, Action::EndDelegation, &d.resource())?;
            let by = actor.label();
            let why = match () {
                () if by == d.delegator() => EndWhy::Revoked,
                () if by == d.deputy() => EndWhy::Declined,
                () => EndWhy::Overruled,
            };
            let d = d.end(&by, why, me.office.now())?;
            keep_end(tx, &me, &actor, &d, why)?;
            Ok(d)
        })
        .await
}

fn keep_end(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    ended: &Delegation,
    why: EndWhy,
) -> Result<(), DbError> {
    store::end(tx, ended)?;
    record(tx, app, actor, "delegation.ended", ended, json!({"why": why.as_str()}))
}

/// Ends all that an account gave or was given, in the transaction that closes it.
///
/// # Errors
/// The database's.
pub fn end_delegations_of(tx: &mut Tx<'_>, app: &App, actor: &Actor, account: Uuid) -> Result<u64, DbError> {
    let (mut ended, now) = (0_u64, app.office.now());
    for d in store::open_of(tx, account, now)? {
        tx.lock_row("delegation", d.id.uuid())?;
        // What is over by now needs no end.
        if let Ok(d) = d.end(&actor.label(), EndWhy::AccountClosed, now) {
            keep_end(tx, app, actor, &d, EndWhy::AccountClosed)?;
            ended = ended.saturating_add(1);
        }
    }
    Ok(ended)
}

/// One, with what its paper says.
///
/// # Errors
/// Absent or hidden.
pub async fn delegation(app: &App, actor: &Actor, id: DelegationId) -> Result<Delegation, AwayError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let sealed = store::find(tx, id)?.ok_or(AwayError::NotFound)?;
            require(&actor, Action::ViewDelegation, &sealed.delegation.resource())?;
            opened(tx, &me, sealed)
        })
        .await
}

fn opened(tx: &mut Tx<'_>, app: &App, sealed: Sealed) -> Result<Delegation, AwayError> {
    let words = SealedWords::from_bytes(sealed.ground);
    let ground = app.open_words(tx, sealed.delegation.terms.delegator, GROUND_FIELD, &words)?;
    Ok(Delegation { ground, ..sealed.delegation })
}

/// What the actor gave and was given, the latest first.
///
/// # Errors
/// Hidden for whoever is nobody of the staff.
pub async fn own_delegations(app: &App, actor: &Actor) -> Result<Vec<Delegation>, AwayError> {
    let account = staff_of(actor)?;
    let all = app.db.read(move |tx| store::of_person(tx, account)).await?;
    Ok(all.into_iter().map(|s| s.delegation).collect())
}

/// Delegations of the actor's unit, or of the organisation, the latest first.
///
/// # Errors
/// Hidden for whoever heads nothing.
pub async fn delegations(app: &App, actor: &Actor) -> Result<Vec<Delegation>, AwayError> {
    let (organisation, unit) = reach(actor, Kind::Delegation, Action::ViewDelegation)?;
    let unit = unit.unwrap_or_default();
    let all = app.db.read(move |tx| store::list(tx, &organisation, &unit)).await?;
    Ok(all.into_iter().map(|s| s.delegation).collect())
}

/// How many delegations wait for the actor's confirmation.
///
/// # Errors
/// The database's.
pub async fn to_confirm(app: &App, actor: &Actor) -> Result<usize, AwayError> {
    let all = match delegations(app, actor).await {
        Ok(all) => all,
        Err(AwayError::Access(_)) => return Ok(0),
        Err(e) => return Err(e),
    };
    let now = app.office.now();
    let waits = |d: &&Delegation| {
        d.stage(now) == Stage::WaitsForConfirmation
            && crate::rules::allowed(actor, Action::ConfirmDelegation, &d.resource())
    };
    Ok(all.iter().filter(waits).count())
}

fn staff_of(actor: &Actor) -> Result<Uuid, AccessError> {
    match actor {
        Actor::Staff { user, .. } => Ok(*user),
        _ => Err(AccessError::Hidden),
    }
}

fn record(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    name: &'static str,
    d: &Delegation,
    facts: serde_json::Value,
) -> Result<(), DbError> {
    app.record(tx, actor, &Act { facts, ..Act::about(name, "delegation", d.id.uuid()) })
}
