//! The verbs of the office about legal bases.

use access::{Action, Kind, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::error::LegalBasisError;
use crate::import::plan;
use crate::model::Basis;
use crate::rules::{self, BasisRefusal, Proposal};
use crate::store;

/// The part of the platform that brings the profile into the database.
pub const SETUP: &str = "setup";

/// Brings the application's profile into the database and says how many versions are new. Doing it again
/// changes nothing; a changed text becomes a new version from now on. The program does it at each start.
///
/// # Errors
/// The database's.
pub fn import(tx: &mut Tx<'_>, app: &App) -> Result<usize, LegalBasisError> {
    import_as(tx, app, &Actor::system(SETUP))
}

/// As [`import`], for somebody who asks for it.
///
/// # Errors
/// The actor may not, or the database's.
pub fn import_as(tx: &mut Tx<'_>, app: &App, actor: &Actor) -> Result<usize, LegalBasisError> {
    access::require(actor, Action::ManageLegalBasis, &Resource::any(Kind::LegalBasis))?;
    let header = app.header(actor, app.profile.default_lang(), "legal_basis");
    let new = plan(&store::all(tx)?, &app.profile, header.created_at);
    for version in &new {
        store::insert(tx, version, &header)?;
        let act = Act {
            basis: Some((version.id, version.version)),
            facts: json!({
                "key": version.record.key,
                "from": version.effective_from.rfc3339(),
                "to": version.effective_to.map(Timestamp::rfc3339),
                "withdrawn": version.withdrawn,
                "mark": version.record.source.mark,
            }),
            ..Act::about("legal_basis.version_added", "legal_basis", version.id)
        };
        app.record(tx, actor, &act)?;
    }
    Ok(new.len())
}

/// A version, for an act that keeps it.
///
/// # Errors
/// The database's.
pub fn get(tx: &mut Tx<'_>, id: Uuid, version: i64) -> Result<Option<Basis>, LegalBasisError> {
    Ok(store::get(tx, id, version)?)
}

/// The preferred basis in force at `proposal`'s moment that allows it as it is; else why the nearest one
/// does not.
///
/// # Errors
/// [`LegalBasisError::NotFound`] if no basis in force speaks of such an act at all,
/// [`LegalBasisError::Refused`] with the first reason of the preferred one, or the database's.
pub fn require(tx: &mut Tx<'_>, proposal: &Proposal, at: Timestamp) -> Result<Basis, LegalBasisError> {
    let found = store::in_force(tx, proposal.measure, proposal.addressee, at)?;
    if let Some(basis) = found.iter().find(|b| rules::allows(b, proposal, at).is_ok()) {
        return Ok(basis.clone());
    }
    let Some(preferred) = found.first() else { return Err(LegalBasisError::NotFound) };
    rules::allows(preferred, proposal, at)?;
    Err(LegalBasisError::NotFound)
}

/// Which version of the law allowed a past act, and what today's law says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The version that the act names.
    pub cited: Basis,
    /// Whether that version was the one in force at the moment of the act, by what was stored then.
    pub in_force_then: bool,
    /// What stood against the act then. Empty if it was allowed.
    pub then: Vec<BasisRefusal>,
    /// The version of the same basis in force today.
    pub today: Option<Basis>,
    /// The basis that would allow the act today: the same one, or another that is in force.
    pub allowed_today_by: Option<(Uuid, i64)>,
    /// What stands against the act under today's version of the same basis; empty if that allows it, or if
    /// no version of it is in force.
    pub today_refusals: Vec<BasisRefusal>,
}

impl Explanation {
    /// Whether the act was lawful when it was done.
    #[must_use]
    pub fn was_allowed(&self) -> bool {
        self.in_force_then && self.then.is_empty()
    }
    /// Whether it would be lawful today.
    #[must_use]
    pub const fn would_be_allowed_today(&self) -> bool {
        self.allowed_today_by.is_some()
    }
    /// Whether the text has changed since.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.today.as_ref().is_none_or(|t| t.version != self.cited.version)
    }
}

/// Explains an act of `at` that cited version `version` of the basis `id`, as seen from `now`.
///
/// # Errors
/// [`LegalBasisError::NotFound`] if there is no such version, or the database's.
pub fn explain(
    tx: &mut Tx<'_>,
    (id, version): (Uuid, i64),
    proposal: &Proposal,
    at: Timestamp,
    now: Timestamp,
) -> Result<Explanation, LegalBasisError> {
    let versions = store::versions(tx, id)?;
    let cited = versions.iter().find(|b| b.version == version).ok_or(LegalBasisError::NotFound)?.clone();
    let in_force_then = rules::pick(&versions, at, at).is_some_and(|b| b.version == version);
    let then = rules::refusals(&cited, proposal, at);
    let today = rules::pick(&versions, now, now).cloned();
    let today_refusals = today.as_ref().map(|b| rules::refusals(b, proposal, now)).unwrap_or_default();
    let same = today.as_ref().filter(|_| today_refusals.is_empty()).map(Basis::pair);
    let allowed_today_by = match same {
        Some(pair) => Some(pair),
        None => {
            let others = store::in_force(tx, proposal.measure, proposal.addressee, now)?;
            others.iter().find(|b| rules::allows(b, proposal, now).is_ok()).map(Basis::pair)
        }
    };
    Ok(Explanation { cited, in_force_then, then, today, allowed_today_by, today_refusals })
}
