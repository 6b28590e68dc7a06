//! One person against all records: who may be the same, by the weights of the review. For slices that are about to act on
//! somebody, and for officers through the search.

use app::App;
use db::Tx;
use kernel::Purpose;

use super::reading::open_told;
use super::{learning, weighing};
use crate::error::PersonError;
use crate::model::{Pair, PersonId, RecordId, Told};
use crate::rules::Place;
use crate::store;

/// Most records that are opened: those that share most with what is asked.
const MOST_OPENED: usize = 32;

/// A record that may be theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The record.
    pub record: RecordId,
    /// Whose it is.
    pub person: PersonId,
    /// What both weigh, and why. Its state says nothing: it is not kept.
    pub pair: Pair,
}

/// Records that may be of whoever this is told of, the likeliest first; what weighs too little for the review is left out. Reading
/// personal data for somebody: whoever calls records for what.
///
/// # Errors
/// The database's, the vault's.
pub fn screen(tx: &mut Tx<'_>, app: &App, told: &Told) -> Result<Vec<Hit>, PersonError> {
    let prepared = told.record().prepare();
    let (version, model) = learning::current(tx)?;
    let asked = RecordId::from_uuid(uuid::Uuid::nil());
    let mut all = Vec::new();
    for id in weighing::candidates(tx, &weighing::keys(app, &prepared), MOST_OPENED)? {
        let Some(record) = store::record(tx, id)? else { continue };
        let Some(theirs) = open_told(tx, app, &record)? else { continue };
        let theirs = theirs.open(Purpose::Investigate).record().prepare();
        let pair = weighing::weigh((version, &model), (asked, &prepared), (id, &theirs));
        if matches!(pair.place(), Place::Sure | Place::Look) {
            all.push(Hit { record: id, person: record.person, pair });
        }
    }
    all.sort_by(|a, b| b.pair.bits.cmp(&a.pair.bits).then(a.record.cmp(&b.record)));
    Ok(all)
}
