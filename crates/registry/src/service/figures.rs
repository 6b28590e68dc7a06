//! What asking was worth. A page counts a small country's payments by itself; where there are more, they are counted every few
//! minutes, and the page says when.

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Money, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::RegistryError;
use crate::model::Outcome;
use crate::store;

/// For how many days figures are shown.
pub const FIGURE_DAYS: i64 = 30;
/// So many payments are counted for a page: some milliseconds.
const MOST_AT_ONCE: i64 = 2_000;
/// So often more are counted.
const EVERY_SECS: i64 = 300;

/// What asking was worth since a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Since when.
    pub since: Timestamp,
    /// When payments were counted, where that was not now.
    pub counted: Option<Timestamp>,
    /// How many things institutions asked about.
    pub asked: i64,
    /// Of how many of them something was known.
    pub known: i64,
    /// The least that was prevented, by asset.
    pub prevented: Vec<store::Prevented>,
    /// How many payments came to what.
    pub outcomes: Vec<(Outcome, i64)>,
    /// What has become of objections made at the portal.
    pub objections: store::objection::Filed,
}

impl Figures {
    /// How many payments came to this.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> i64 {
        self.outcomes.iter().find(|(o, _)| *o == outcome).map_or(0, |(_, n)| *n)
    }
    /// How many were stopped, the honest ones among them.
    #[must_use]
    pub fn stopped(&self) -> i64 {
        [Outcome::Declined, Outcome::GivenUp, Outcome::Mistaken].into_iter().map(|o| self.count(o)).sum()
    }
}

/// What is counted of payments, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Payments {
    /// Code of the asset, smallest units, payers.
    prevented: Vec<(String, i64, i64)>,
    /// Word of the outcome, payments.
    outcomes: Vec<(String, i64)>,
}

impl Payments {
    fn count(tx: &mut Tx<'_>, app: &App, since: Timestamp) -> Result<Self, RegistryError> {
        let prevented = store::prevented(tx, since, |code| app.profile.asset(code))?;
        Ok(Self {
            prevented: prevented
                .iter()
                .map(|p| (p.sum.asset().code().to_owned(), p.sum.minor(), p.payers))
                .collect(),
            outcomes: store::counts(tx, since)?
                .into_iter()
                .map(|(o, n)| (o.as_str().to_owned(), n))
                .collect(),
        })
    }

    /// What is prevented, in assets that the profile knows.
    fn prevented(&self, app: &App) -> Vec<store::Prevented> {
        let known = |(code, sum, payers): &(String, i64, i64)| {
            let sum = Money::from_minor(*sum, app.profile.asset(code)?);
            Some(store::Prevented { sum, payers: *payers })
        };
        self.prevented.iter().filter_map(known).collect()
    }

    fn outcomes(&self) -> Vec<(Outcome, i64)> {
        self.outcomes.iter().filter_map(|(word, n)| Some((Outcome::parse(word)?, *n))).collect()
    }
}

fn since(app: &App) -> Timestamp {
    app.profile.day_start(app.office.now().plus_secs(-FIGURE_DAYS * 86_400))
}

/// What asking was worth in the last days.
///
/// # Errors
/// Forbidden.
pub async fn figures(app: &App, actor: &Actor) -> Result<Figures, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let (me, now, since) = (app.clone(), app.office.now(), since(app));
    app.db
        .read(move |tx| {
            let (asked, known) = store::counted(tx, since)?;
            let objections = store::objection::filed(tx, &me.node.code, since, now)?;
            let earlier = if store::more_than(tx, MOST_AT_ONCE, since)? {
                store::kept_figures(tx, &me.node.code)?
            } else {
                None
            };
            // What cannot be read any more is counted anew.
            let earlier = earlier.and_then(|kept| Some((kept.at, serde_json::from_str(&kept.body).ok()?)));
            let (counted, payments) = match earlier {
                Some((at, payments)) => (Some(at), payments),
                None => (None, Payments::count(tx, &me, since)?),
            };
            let (prevented, outcomes) = (payments.prevented(&me), payments.outcomes());
            Ok(Figures { since, counted, asked, known, prevented, outcomes, objections })
        })
        .await
}

/// Counts payments for pages to come, where there are too many to be counted for each and the last count is old; says whether
/// it did.
///
/// # Errors
/// The database's.
pub async fn count_payments(app: &App) -> Result<bool, RegistryError> {
    let (me, since, at, at_wall) = (app.clone(), since(app), app.office.now(), app.wall.now());
    let counted = app
        .db
        .read(move |tx| {
            let last = store::kept_figures(tx, &me.node.code)?;
            let fresh = last.is_some_and(|k| at_wall.micros_since(k.at_wall) < EVERY_SECS * 1_000_000);
            if fresh || !store::more_than(tx, MOST_AT_ONCE, since)? {
                return Ok(None);
            }
            Payments::count(tx, &me, since).map(Some)
        })
        .await?;
    let Some(payments) = counted else { return Ok(false) };
    let body = serde_json::to_string(&payments).unwrap_or_default();
    let (code, kept) = (app.node.code.clone(), store::Kept { since, at, at_wall, body });
    app.db.write(move |tx| store::keep_figures(tx, &code, &kept)).await?;
    Ok(true)
}
