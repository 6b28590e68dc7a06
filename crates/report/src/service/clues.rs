//! What officers find out about a report after it was filed: the SIM behind a number, the handset behind the SIM, a sender
//! name, an address. From then on the report names it, and it can be met with every measure that the law has for it.

use app::App;
use audit::Act;
use identifier::{Kind, SightedAt, Sighting};
use kernel::{Actor, Personal, Purpose};
use serde_json::json;
use uuid::Uuid;

use super::{load, next_no, own};
use crate::ReportError;
use crate::model::{Clue, ReportId};
use crate::{named, rules, sight, store};

/// Most clues of one report.
pub const MAX_CLUES: usize = 500;
/// Longest words about where something is known from, characters.
pub const MAX_SOURCE: usize = 300;

/// The field that appearances of clues are kept under.
const PLACE: &str = "clue";

/// Why something cannot be added as a clue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClueError {
    /// It is no such identifier.
    #[error(transparent)]
    Unreadable(#[from] identifier::Reason),
    /// Nothing is said of where it is known from, or too much.
    #[error("it is not said in up to {MAX_SOURCE} characters where it is known from")]
    Source,
    /// It is the reporter's own.
    #[error("it is the reporter's own")]
    Own,
    /// The report names it already.
    #[error("the report names it already")]
    Known,
    /// There are too many.
    #[error("a report has at most {MAX_CLUES} clues")]
    TooMany,
}

/// Adds something that was found out. It stands in the registry of identifiers from then on, like what was told.
///
/// # Errors
/// [`ClueError`]; not found or forbidden; erased.
pub async fn add_clue(
    app: &App,
    actor: &Actor,
    id: ReportId,
    (kind, text): (Kind, &str),
    source: &str,
) -> Result<(), ReportError> {
    let value = identifier::normalise(kind, text, sight::options(app).region).map_err(ClueError::from)?;
    let source = source.trim();
    if !app::says(source) || source.chars().count() > MAX_SOURCE {
        return Err(ClueError::Source.into());
    }
    let (me, actor, source) = (app.clone(), actor.clone(), source.to_owned());
    app.db
        .write(move |tx| {
            // Clues are numbered, and compared with what is named by now.
            tx.lock_row("report", id.uuid())?;
            let (_, key) = own(tx, &me, &actor, id)?;
            let full = load(tx, &me, &actor, id)?;
            if named::own(&me, &full).contains(&value) {
                return Err(ClueError::Own.into());
            }
            let same = |n: &crate::Named| n.kind == kind && *n.value.open(Purpose::HandleReport) == value;
            if named::named(&me, &full).iter().any(same) {
                return Err(ClueError::Known.into());
            }
            if full.clues.len() >= MAX_CLUES {
                return Err(ClueError::TooMany.into());
            }
            let clue = Clue {
                id: me.uuid(),
                kind,
                masked: rules::mask(kind.as_str(), &value),
                value: Personal::new(value.clone()),
                source: Personal::new(source.clone()),
                at: me.office.now(),
                by: actor.label(),
                taken_back_at: None,
            };
            store::clues::insert(tx, &me, id, next_no(full.clues.len()), &clue, &key)?;
            sight::record(tx, &me, id, &[sighting(kind, value.clone())])?;
            let facts = json!({"clue": clue.id, "kind": kind.as_str()});
            me.record(tx, &actor, &Act { facts, ..Act::about("report.clue_added", "report", id.uuid()) })?;
            Ok(me.tell(tx, crate::CLUES, id.uuid(), json!({}))?)
        })
        .await
}

/// Takes a clue back that was a slip: the report names it no more. Orders that were given meanwhile stand until they are
/// ended by themselves.
///
/// # Errors
/// No such clue, or taken back before; not found or forbidden; erased.
pub async fn take_back_clue(app: &App, actor: &Actor, id: ReportId, clue: Uuid) -> Result<(), ReportError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            tx.lock_row("report", id.uuid())?;
            let (_, key) = own(tx, &me, &actor, id)?;
            let all = store::clues::list(tx, id, &key)?;
            let clue = all.iter().find(|c| c.id == clue).ok_or(ReportError::NotFound)?;
            if !store::clues::take_back(tx, id, clue.id, me.office.now())? {
                return Err(ReportError::NotFound);
            }
            let seen = sighting(clue.kind, clue.value.open(Purpose::HandleReport).clone());
            identifier::unsee(tx, &me.vault, id.uuid(), &seen)?;
            let facts = json!({"clue": clue.id, "kind": clue.kind.as_str()});
            let about = Act::about("report.clue_taken_back", "report", id.uuid());
            me.record(tx, &actor, &Act { facts, ..about })?;
            Ok(me.tell(tx, crate::CLUES, id.uuid(), json!({}))?)
        })
        .await
}

fn sighting(kind: Kind, canonical: String) -> Sighting {
    Sighting { kind, canonical, place: SightedAt::Field(PLACE.to_owned()) }
}
