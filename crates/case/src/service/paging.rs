//! Lists of cases by pages, for programs.

use app::App;
use kernel::{Actor, Timestamp};
use uuid::Uuid;

use super::listing::{Listed, MOST, looked, office, titled};
use crate::error::CaseError;
use crate::rules::filter::{Order, Wanted};
use crate::store;
use crate::store::paging::Place;

/// The words by which an order is named.
const ORDERS: [(&str, Order); 4] = [
    ("changed", Order::Changed),
    ("due", Order::Due),
    ("opened", Order::Opened),
    ("priority", Order::Priority),
];

/// The order of this name, with or without the sign that the list of the desk puts before it.
#[must_use]
pub fn order(word: &str) -> Option<Order> {
    let word = word.trim_start_matches('-');
    ORDERS.iter().find(|(known, _)| *known == word).map(|(_, order)| *order)
}

fn word(order: Order) -> &'static str {
    ORDERS.iter().find(|(_, known)| *known == order).map_or("", |(word, _)| *word)
}

/// Where the next page begins, as a text.
fn written(order: Order, place: Place) -> String {
    format!("{}_{}_{}_{}", word(order), place.priority, place.at.as_micros(), place.id.simple())
}

/// Reads [`written`]; a place in another order is none.
fn read(wanted: Order, text: &str) -> Option<Place> {
    let mut parts = text.split('_');
    let (named, priority, at, id) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let place = Place {
        priority: priority.parse().ok()?,
        at: Timestamp::from_micros(at.parse().ok()?),
        id: Uuid::try_parse(id).ok()?,
    };
    (parts.next().is_none() && order(named) == Some(wanted)).then_some(place)
}

/// A page of a list, its count by the filter, and where the next page begins; `None` at the end. That titles were read is a record.
///
/// # Errors
/// Forbidden; a place that is none.
pub async fn page(
    app: &App,
    actor: &Actor,
    (wanted, order, after): (Wanted, Order, &str),
    most: i64,
) -> Result<(Listed, Option<String>), CaseError> {
    let office = office(actor)?;
    let place = match after {
        "" => Place::first(order),
        text => read(order, text).ok_or(CaseError::Field("after"))?,
    };
    let (me, now, most) = (app.clone(), app.office.now(), most.clamp(1, MOST));
    let (listed, next) = app
        .db
        .read(move |tx| {
            let stages = store::list::by_stage(tx, &office)?;
            if wanted.odd {
                return Ok::<_, CaseError>((Listed { rows: Vec::new(), count: 0, stages }, None));
            }
            let mut rows =
                store::paging::page(tx, &office, (&wanted, order, place), (now, most.saturating_add(1)))?;
            let full = i64::try_from(rows.len()).is_ok_and(|n| n > most);
            if full {
                rows.pop();
            }
            let next = rows.last().filter(|_| full).map(|c| written(order, Place::behind(order, c)));
            let count = store::list::count(tx, &office, &wanted, now)?;
            Ok((Listed { rows: titled(tx, &me, rows)?, count, stages }, next))
        })
        .await?;
    looked(app, actor, listed.rows.len()).await?;
    Ok((listed, next))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_place_is_read_back_in_its_own_order(n in 0_usize..4, priority: i64, at: i64, id: u128, junk in "\\PC{0,40}") {
            let (_, order) = ORDERS[n];
            let place = Place { priority, at: Timestamp::from_micros(at), id: Uuid::from_u128(id) };
            let text = written(order, place);
            prop_assert_eq!(read(order, &text), Some(place));
            prop_assert_eq!(read(ORDERS[(n + 1) % 4].1, &text), None, "another order's");
            prop_assert_eq!(read(order, &format!("{text}_")), None);
            prop_assert_eq!(read(order, &junk), None);
        }
    }
}
