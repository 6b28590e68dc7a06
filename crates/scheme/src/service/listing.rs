//! Lists: schemes as an office may see them, and what is out of the ordinary.

use access::{Action, Kind as Kinds, Resource};
use app::App;
use kernel::Actor;

use super::opening::allowed;
use crate::error::SchemeError;
use crate::model::{Alarm, Scheme};
use crate::store::figures::days_before;
use crate::store::{self, Wanted, figures};

/// Schemes of a list.
const LIMIT: i64 = 200;

/// A list of schemes.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Each with its reports of the last day.
    pub rows: Vec<(Scheme, i64)>,
    /// How many there are in all.
    pub count: i64,
}

/// Schemes as somebody may see them.
///
/// # Errors
/// Forbidden.
pub async fn list(app: &App, actor: &Actor, wanted: Wanted) -> Result<Listed, SchemeError> {
    access::require(actor, Action::ViewScheme, &Resource::any(Kinds::Scheme))?;
    let office = access::scope(actor, "scheme")?.office()?;
    let day = days_before(app.office.now(), 1);
    app.db
        .read(move |tx| {
            let (schemes, count) = store::list(tx, &office, &wanted, LIMIT)?;
            let mut rows = Vec::new();
            for scheme in schemes {
                let new = if scheme.last_at >= day { figures::since(tx, scheme.id, day, day)?.1 } else { 0 };
                rows.push((scheme, new));
            }
            Ok(Listed { rows, count })
        })
        .await
}

/// What is out of the ordinary and nobody has seen, each with its scheme's number.
///
/// # Errors
/// Forbidden.
pub async fn watch(app: &App, actor: &Actor) -> Result<Vec<(Alarm, Option<String>)>, SchemeError> {
    access::require(actor, Action::ViewScheme, &Resource::any(Kinds::Scheme))?;
    let (code, actor) = (app.node.code.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for alarm in store::alarm::open(tx, &code, 50)? {
                let scheme = match alarm.scheme {
                    Some(id) => store::find(tx, id)?,
                    None => None,
                };
                if scheme.as_ref().is_none_or(|s| allowed(&actor, s, Action::ViewScheme).is_ok()) {
                    let number = scheme.map(|s| s.number());
                    all.push((alarm, number));
                }
            }
            Ok(all)
        })
        .await
}
