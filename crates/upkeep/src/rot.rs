//! Whether the database is as it was written: looked at once a week, and when an administrator asks. What is found stands in `meta`, is told
//! in the record, and is shown at `/admin/database`; nothing is mended by itself.

use access::{Action, Kind, Resource};
use app::App;
use audit::Act;
use db::rot::{self, Extent, Rot};
use db::{DbError, Tx, lease, meta};
use kernel::{Actor, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::service::UpkeepError;

/// How long after it was looked at it is looked at again, seconds: a week.
const AGAIN_SECS: i64 = 7 * 86_400;
/// Nobody else looks for so long; the look of a large database takes minutes.
const LEASE_SECS: i64 = 6 * 3_600;
/// The lease's name, and whose act a look is.
const PART: &str = "upkeep.rot";
/// Where the last look stands, and where it is asked for.
const SEEN: &str = "rot.seen";
const ASKED: &str = "rot.asked";
/// So many places are kept and told; what has more is restored, not mended.
const MOST: usize = 200;

/// The last look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When it ended, microseconds.
    at: i64,
    /// What was found, at most 200 places.
    pub found: Vec<Place>,
    /// How many places there were.
    pub all: usize,
}

impl Look {
    /// When it ended.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }
}

/// A place that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The table; empty where none can be named.
    pub table: String,
    /// Key of the row, where one can be named.
    pub row: Option<String>,
    /// What the engine said.
    pub said: String,
}

impl From<Rot> for Place {
    fn from(rot: Rot) -> Self {
        Self { table: rot.table, row: rot.row, said: rot.said }
    }
}

/// How the database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The last look; none before the first.
    pub look: Option<Look>,
    /// Whether one was asked for that has not been yet.
    pub asked: bool,
}

fn permit(actor: &Actor) -> Result<(), access::AccessError> {
    access::require(actor, Action::ViewDatabase, &Resource::any(Kind::Database))
}

fn seen(tx: &mut Tx<'_>) -> Result<Option<Look>, DbError> {
    // A look that cannot be read is no look: the next one is made now.
    Ok(meta::get(tx, SEEN)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn asked(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    Ok(meta::get(tx, ASKED)?.is_some_and(|who| !who.is_empty()))
}

/// How the database stands.
///
/// # Errors
/// Not permitted; the database's.
pub async fn state(app: &App, actor: &Actor) -> Result<State, UpkeepError> {
    permit(actor)?;
    app.db.read(|tx| Ok(State { look: seen(tx)?, asked: asked(tx)? })).await
}

/// Asks for a look now; it is made within a minute.
///
/// # Errors
/// Not permitted; the database's.
pub async fn ask(app: &App, actor: &Actor) -> Result<(), UpkeepError> {
    permit(actor)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            if !asked(tx)? {
                meta::put(tx, ASKED, &actor.label())?;
                me.record(tx, &actor, &Act::about("upkeep.database_asked", "database", Uuid::nil()))?;
            }
            Ok(())
        })
        .await
}

/// Looks, if it is time and nobody else does. Gives what was found, if it was looked.
///
/// # Errors
/// The database's. Damage is no error.
pub async fn round(app: &App) -> Result<Option<Look>, UpkeepError> {
    let (me, holder) = (app.clone(), app.db.instance());
    let mine = app
        .db
        .write(move |tx| {
            let (now, look) = (me.wall.now(), seen(tx)?);
            let due = look.as_ref().is_none_or(|look| look.at() <= now.plus_secs(-AGAIN_SECS));
            if !due && !asked(tx)? {
                return Ok(false);
            }
            lease::claim(tx, PART, holder, now, now.plus_secs(LEASE_SECS))
        })
        .await?;
    if !mine {
        return Ok(None);
    }
    let of = app.db.clone();
    let found = tokio::task::spawn_blocking(move || rot::check(&of, Extent::Tables))
        .await
        .map_err(|e| DbError::Bug(format!("the look ended by itself: {e}")))?;
    let me = app.clone();
    app.db
        .write(move |tx| {
            lease::release(tx, PART, me.db.instance())?;
            let found = found.clone()?;
            let all = found.len();
            let found: Vec<Place> = found.into_iter().take(MOST).map(Place::from).collect();
            let look = Look { at: me.wall.now().as_micros(), found, all };
            meta::put(tx, SEEN, &serde_json::to_string(&look).unwrap_or_default())?;
            meta::put(tx, ASKED, "")?;
            told(tx, &me, &look)?;
            Ok(Some(look))
        })
        .await
}

/// Tells the record, and whoever reads the node's log.
fn told(tx: &mut Tx<'_>, app: &App, look: &Look) -> Result<(), UpkeepError> {
    for place in &look.found {
        tracing::error!(table = %place.table, row = place.row, said = %place.said, "the database is not as it was written");
    }
    let name = if look.all == 0 { "upkeep.database_sound" } else { "upkeep.database_damaged" };
    let mut tables: Vec<&str> = look.found.iter().map(|p| p.table.as_str()).collect();
    tables.dedup();
    let facts = json!({"places": look.all, "tables": tables});
    let act = Act { facts, ..Act::about(name, "database", Uuid::nil()) };
    app.record(tx, &Actor::system(PART), &act)?;
    Ok(())
}
