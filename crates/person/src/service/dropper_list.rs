//! The list of droppers, and whose day of review has come.

use access::{Kind as Thing, Scope};
use app::App;
use audit::Act;
use kernel::{Actor, Purpose, Timestamp};
use serde_json::json;

use crate::error::PersonError;
use crate::model::{Dropper, DropperId, DropperStatus, PersonId};
use crate::store;

/// Rows of the list, in one part.
const LIMIT: i64 = 50;
/// Matters of which one round tells that they are due.
const AT_ONCE: i64 = 100;

/// A line of the list of droppers.
#[derive(Debug, Clone)]
pub struct DropperRow {
    /// The matter.
    pub dropper: Dropper,
    /// Whose it is.
    pub person: PersonId,
    /// Their number.
    pub number: String,
}

/// A place in the list: whether nobody waits for an answer, the day of review, which matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DropperPlace(store::dropper::Place);

impl DropperPlace {
    /// As an address says it.
    #[must_use]
    pub fn to_text(self) -> String {
        let (flag, at, id) = self.0;
        format!("{flag}.{}.{id}", at.as_micros())
    }
    /// Back from [`Self::to_text`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (flag, at) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self((flag, Timestamp::from_micros(at), parts.next()?.parse().ok()?)))
    }
}

/// A part of the list.
#[derive(Debug, Clone)]
pub struct Droppers {
    /// The matters.
    pub rows: Vec<DropperRow>,
    /// Where the list goes on.
    pub more: Option<DropperPlace>,
    /// How many wait for somebody who looks: their review is due, or they asked to be taken off.
    pub due: i64,
}

/// How the list is narrowed, and where it goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DropperNarrow {
    /// Those that stand so; else all that are not cleared.
    pub status: Option<DropperStatus>,
    /// Only those whose review is due.
    pub due: bool,
    /// Behind a place.
    pub after: Option<DropperPlace>,
}

/// Droppers that the actor may see: those who asked to be taken off or are in doubt first, then the nearest review.
///
/// # Errors
/// Hidden.
pub async fn droppers(app: &App, actor: &Actor, narrow: DropperNarrow) -> Result<Droppers, PersonError> {
    let office = access::scope(actor, Thing::Person).and_then(Scope::office)?;
    let now = app.office.now();
    app.db
        .read(move |tx| {
            let first = (-1, Timestamp::from_micros(i64::MIN), DropperId::from_uuid(uuid::Uuid::nil()));
            let till = if narrow.due { now } else { Timestamp::from_micros(i64::MAX) };
            let by = (narrow.status.map_or("", DropperStatus::as_str), till);
            let place = narrow.after.map_or(first, |p| p.0);
            let found = store::dropper::list(tx, &office, by, (place, LIMIT.saturating_add(1)))?;
            let full = i64::try_from(found.len()).is_ok_and(|n| n > LIMIT);
            let (mut rows, mut last) = (Vec::new(), None);
            for d in found.into_iter().take(usize::try_from(LIMIT).unwrap_or(usize::MAX)) {
                let waits = d.asked_at.is_some() || d.doubt.is_some();
                last = Some(DropperPlace((i64::from(!waits), d.review_at, d.id)));
                let Some(record) = store::record(tx, d.record)? else { continue };
                let Some(person) = store::person(tx, record.person)? else { continue };
                rows.push(DropperRow { dropper: d, person: person.id, number: person.number });
            }
            let due = store::dropper::count_due(tx, &office, now)?;
            Ok(Droppers { rows, more: last.filter(|_| full), due })
        })
        .await
}

/// Writes down whose review has fallen due, once for each day of review: so it is known since when somebody should have looked. Says how
/// many.
///
/// # Errors
/// The database's.
pub async fn tell_due(app: &App) -> Result<usize, PersonError> {
    let me = app.clone();
    app.db
        .write(move |tx| {
            let now = me.office.now();
            let mut told = 0_usize;
            for d in store::dropper::fallen_due(tx, now, AT_ONCE)? {
                let Some(record) = store::record(tx, d.record)? else { continue };
                if !store::dropper::due_told(tx, d.id)? {
                    continue;
                }
                let facts =
                    json!({"dropper": d.id, "due": d.review_at.rfc3339(), "status": d.status.as_str()});
                let about = Act::about("person.review_due", "person", record.person.uuid());
                me.record(tx, &super::part(), &Act { purpose: Some(Purpose::Operate), facts, ..about })?;
                told = told.saturating_add(1);
            }
            Ok(told)
        })
        .await
}
