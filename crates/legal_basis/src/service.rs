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
use crate::rules::{self, Proposal};
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
    allowing(&store::in_force_of(tx, proposal.measure, at)?, proposal, at).cloned()
}

/// The same among laws in force that were read before.
///
/// # Errors
/// As [`require`], but for the database's.
pub fn allowing<'a>(
    laws: &'a [Basis],
    proposal: &Proposal,
    at: Timestamp,
) -> Result<&'a Basis, LegalBasisError> {
    let mut fitting = laws.iter().filter(|b| b.record.addressees.contains(&proposal.addressee)).peekable();
    let preferred = fitting.peek().copied().ok_or(LegalBasisError::NotFound)?;
    if let Some(basis) = fitting.find(|b| rules::allows(b, proposal, at).is_ok()) {
        return Ok(basis);
    }
    rules::allows(preferred, proposal, at)?;
    Err(LegalBasisError::NotFound)
}
