//! Why a report is in the queue, and what comes first. Pure.

use kernel::{Actor, Money, Timestamp};
use order::{Object, ObjectState, Order, Status};
use profile::Measure;
use report::store::LastSaid;

use crate::model::{QueueRow, Why};

/// What the orders of a report come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Why it is in the queue.
    pub why: Why,
    /// The next moment at which somebody must act.
    pub due: Option<Timestamp>,
    /// Held now, smallest units.
    pub held_minor: i64,
    /// Asked and unanswered, smallest units.
    pub reachable_minor: i64,
    /// The longest path.
    pub hops: i64,
    /// Orders that wait for a person.
    pub drafts: i64,
}

/// When the reporter wrote what no officer has answered. To open it is not to answer it: it stays until somebody
/// writes back, or closes the report.
#[must_use]
pub fn unread(said: LastSaid) -> Option<Timestamp> {
    said.reporter.filter(|at| Some(*at) > said.desk)
}

/// Whether news about a report bring a closed or waiting row back into the queue. What the office did itself,
/// or what goes by itself and asks nothing of anybody, does not. `from` is who wrote, where somebody did;
/// `drafts` are orders that wait for a person.
#[must_use]
pub fn wakes(news: &str, from: &str, drafts: i64) -> bool {
    match news {
        report::PAYMENT_ADDED | report::PAYMENT_COMPLETED | report::STORY_TOLD | report::WITHDRAWN => true,
        report::MESSAGE => from == "reporter",
        order::ANSWERED | order::LATE | order::LAPSED | order::NOT_DRAFTED => true,
        order::DRAFTED => drafts > 0,
        // Received: it makes the row. Sent, released, confirmed: the office's own doing and its echo.
        _ => false,
    }
}

/// Judges a report's orders. `no_order` says that a payment led to none, `unread` that the reporter wrote, `look` that an
/// answer goes against what was said or ordered before.
#[must_use]
pub fn stand(
    first_action_due: Timestamp,
    ongoing: bool,
    (no_order, unread, look): (bool, bool, bool),
    orders: &[Order],
    objects: &[Object],
) -> Standing {
    let drafts = count(orders, |o| o.status == Status::Drafted);
    let late = orders
        .iter()
        .any(|o| o.escalated_at.is_some() && matches!(o.status, Status::Sent | Status::Acknowledged));
    let asked =
        look || objects.iter().any(|o| matches!(o.state, ObjectState::Question | ObjectState::Refused));
    let nothing = !objects.iter().any(|o| o.held.is_positive());
    let out = orders.iter().any(|o| matches!(o.status, Status::Sent | Status::Acknowledged));
    let why = if late {
        Why::Late
    } else if drafts > 0 {
        Why::Drafts
    } else if no_order {
        Why::NoOrder
    } else if ongoing && orders.iter().all(|o| o.sent_at.is_none()) {
        Why::Ongoing
    } else if asked {
        Why::Question
    } else if !out && nothing && objects.iter().any(|o| o.state == ObjectState::NotFound) {
        Why::NotFound
    } else if unread {
        Why::Message
    } else if out {
        Why::Waiting
    } else if orders.is_empty() {
        Why::New
    } else {
        Why::Quiet
    };
    let first = orders.is_empty().then_some(first_action_due);
    Standing {
        why,
        due: orders.iter().filter_map(Order::next_due).min().or(first),
        held_minor: total(objects.iter().map(|o| o.held.minor())),
        reachable_minor: reachable(orders, objects),
        hops: orders.iter().map(|o| o.hop).max().unwrap_or(0),
        drafts,
    }
}

/// The sum, at most what fits: rows that came before amounts were limited must not stop the queue.
fn total(minor: impl Iterator<Item = i64>) -> i64 {
    minor.fold(0, i64::saturating_add)
}

fn count(orders: &[Order], f: impl Fn(&Order) -> bool) -> i64 {
    i64::try_from(orders.iter().filter(|o| f(o)).count()).unwrap_or(i64::MAX)
}

/// Money that holds still may reach: asked for and not answered, or waiting to be asked for.
fn reachable(orders: &[Order], objects: &[Object]) -> i64 {
    let binds = |object: &&Object| {
        orders.iter().any(|o| {
            o.id == object.order
                && o.measure == Measure::Hold
                && (o.status.is_open() || o.status == Status::Drafted)
        })
    };
    total(objects.iter().filter(|o| o.state == ObjectState::Asked).filter(binds).map(|o| o.cap.minor()))
}

/// What comes first: what a person must do before what goes by itself; in each, the most money that can
/// still be reached per minute left. `reachable` is that money in one measure for all rows.
#[must_use]
pub fn urgency(row: &QueueRow, reachable: Money, now: Timestamp) -> (bool, bool, i64) {
    let minutes = row.due.map_or(i64::MAX, |due| (due.micros_since(now) / 60_000_000).max(1));
    let per_minute = reachable.minor().checked_div(minutes).unwrap_or(0);
    let snoozed = row.snoozed_until.is_some_and(|until| until > now);
    (snoozed, !row.why.needs_person(), per_minute.checked_neg().unwrap_or(i64::MIN))
}

/// Something that goes on about a report although it is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoesOn {
    /// A colleague has it in hand.
    InHand,
    /// Money is held.
    Held,
    /// Money is asked about that may still be reached.
    Asked,
    /// Drafts wait.
    Drafts,
    /// A clock runs.
    Due,
}

/// What goes on about a report. While something does, whoever closes it says why.
#[must_use]
pub fn going_on(row: &QueueRow, actor: &Actor) -> Vec<GoesOn> {
    let me = match actor {
        Actor::Staff { user, .. } => Some(*user),
        _ => None,
    };
    let all = [
        (GoesOn::InHand, row.owner.is_some() && row.owner != me),
        (GoesOn::Held, row.held.is_positive()),
        (GoesOn::Asked, row.reachable.is_positive()),
        (GoesOn::Drafts, row.drafts > 0),
        (GoesOn::Due, row.due.is_some()),
    ];
    all.into_iter().filter(|(_, so)| *so).map(|(what, _)| what).collect()
}

/// How long a row may wait at most: to the end of the shift, and never past its own due time.
#[must_use]
pub fn snooze_limit(row: &QueueRow, now: Timestamp, shift_secs: i64) -> Timestamp {
    let shift = now.plus_secs(shift_secs);
    row.due.filter(|due| *due > now && *due < shift).unwrap_or(shift)
}

/// Zero in the same asset.
#[must_use]
pub const fn zero(of: Money) -> Money {
    Money::from_minor(0, of.asset())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_brings_a_row_back() {
        for (news, from, drafts, back) in [
            (report::PAYMENT_ADDED, "", 0, true),
            (report::PAYMENT_COMPLETED, "", 0, true),
            (report::STORY_TOLD, "", 0, true),
            (report::WITHDRAWN, "", 0, true),
            (report::MESSAGE, "reporter", 0, true),
            (report::MESSAGE, "desk", 0, false),
            (report::MESSAGE, "", 0, false),
            (report::RECEIVED, "", 3, false),
            (report::EXPUNGED, "", 0, false),
            (order::ANSWERED, "", 0, true),
            (order::LATE, "", 0, true),
            (order::LAPSED, "", 0, true),
            (order::NOT_DRAFTED, "", 0, true),
            (order::DRAFTED, "", 1, true),
            (order::DRAFTED, "", 0, false),
            (order::SENT, "", 1, false),
            (order::ACKNOWLEDGED, "", 0, false),
            (order::RELEASED, "", 0, false),
        ] {
            assert_eq!(wakes(news, from, drafts), back, "{news} {from} {drafts}");
        }
        let told = crate::NEWS.iter().filter(|n| wakes(n, "reporter", 1)).count();
        assert!(told >= 9 && told < crate::NEWS.len());
    }

    #[test]
    fn what_is_not_answered_stays() {
        let at = |secs| Some(Timestamp::from_secs(secs));
        for (reporter, desk, want) in [
            (None, None, None),
            (None, at(5), None),
            (at(7), None, at(7)),
            (at(7), at(5), at(7)),
            (at(7), at(8), None),
            (at(9), at(8), at(9)),
        ] {
            assert_eq!(unread(LastSaid { reporter, desk }), want);
        }
    }

    #[test]
    fn without_orders_the_reporter_is_heard() {
        let due = Timestamp::from_secs(5);
        let why = |ongoing, no_order, unread| stand(due, ongoing, (no_order, unread, false), &[], &[]).why;
        assert_eq!(why(false, false, false), Why::New);
        assert_eq!(why(false, false, true), Why::Message);
        assert_eq!(why(true, false, true), Why::Ongoing, "what is urgent comes first");
        assert_eq!(why(false, true, true), Why::NoOrder);
        assert!(Why::Message.needs_person() && Why::parse("message") == Why::Message);
    }

    #[test]
    fn sums_end_where_they_no_longer_fit() {
        assert_eq!(total([i64::MAX, 1, i64::MAX].into_iter()), i64::MAX);
        assert_eq!(total([3, 4].into_iter()), 7);
    }
}
