//! What a trial order is, and what it shows.

use kernel::{Header, Money, Timestamp};
use profile::{AddresseeKind, Measure};
use uuid::Uuid;

use crate::model::{ObjectId, OrderId};

/// A trial order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Its id, of the form of an order's.
    pub id: OrderId,
    /// The common header; its author sent it.
    pub header: Header,
    /// The institution on trial.
    pub partner: String,
    /// The one thing it names.
    pub object: ObjectId,
    /// The message.
    pub message: Uuid,
    /// What it asks.
    pub measure: Measure,
    /// By when receipt should be confirmed (office time).
    pub ack_due: Timestamp,
    /// By when it should be answered.
    pub action_due: Timestamp,
    /// When a real one would end.
    pub expires_at: Timestamp,
    /// When receipt was confirmed.
    pub acknowledged_at: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// Codes of the last answer, with blanks between.
    pub codes: String,
    /// What the gateway said to the message with a broken signature.
    pub forged_status: Option<i64>,
    /// What the gateway said to the message.
    pub posted_status: Option<i64>,
    /// Posts tried so far.
    pub tries: i64,
}

/// The sum that a trial names, in the smallest units of the country's currency.
const CAP_MINOR: i64 = 100;

impl Trial {
    /// What a kind of institution can be asked on trial: a hold, or the keeping of data.
    #[must_use]
    pub fn measure_for(kind: &str) -> Measure {
        match AddresseeKind::parse(kind) {
            Some(kind) if AddresseeKind::MONEY.contains(&kind) => Measure::Hold,
            _ => Measure::Preservation,
        }
    }
    /// The sum it names.
    #[must_use]
    pub const fn cap(currency: kernel::Asset) -> Money {
        Money::from_minor(CAP_MINOR, currency)
    }
    /// What it names: no account and no material of that name can exist, so nothing real is touched even by whoever overlooks
    /// the mark.
    #[must_use]
    pub fn value(&self) -> String {
        let digits: String = self.id.uuid().simple().to_string().chars().rev().take(10).collect();
        format!("TRIAL-{}", digits.to_uppercase())
    }
}

/// What an institution has shown on trial, over all its trial orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Passed {
    /// It confirmed receipt.
    pub receipt: bool,
    /// It answered.
    pub answer: bool,
    /// What its gateway did with the last message whose signature was broken: `Some(true)` refused it, and took the good one
    /// of the same trial.
    pub refused_forged: Option<bool>,
}

impl Passed {
    /// Over `trials`, the newest first.
    #[must_use]
    pub fn of(trials: &[Trial]) -> Self {
        // Of the newest trial of which both messages were posted. A gateway that refuses the good one, too, has shown nothing.
        let refused = |t: &Trial| {
            let (forged, posted) = t.forged_status.zip(t.posted_status)?;
            Some(match (400..500).contains(&forged) {
                false => Some(false),
                true => (posted < 300).then_some(true),
            })
        };
        Self {
            receipt: trials.iter().any(|t| t.acknowledged_at.is_some()),
            answer: trials.iter().any(|t| t.answered_at.is_some()),
            refused_forged: trials.iter().find_map(refused).flatten(),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Lang, Marking};

    use super::*;

    fn trial(forged_status: Option<i64>, posted_status: Option<i64>) -> Trial {
        let at = Timestamp::from_secs(0);
        let header = Header {
            origin_node: "n".into(),
            organisation_id: "o".into(),
            unit_id: "u".into(),
            region: String::new(),
            marking: Marking::default(),
            lang: Lang::KK,
            created_at: at,
            source_time: at,
            source_zone: "Asia/Almaty".into(),
            author: "staff:1".into(),
            basis: None,
            profile_version: "p".into(),
            retention_class: "order".into(),
        };
        Trial {
            id: OrderId::from_uuid(Uuid::nil()),
            header,
            partner: "ZALT".into(),
            object: ObjectId::from_uuid(Uuid::nil()),
            message: Uuid::nil(),
            measure: Measure::Hold,
            ack_due: at,
            action_due: at,
            expires_at: at,
            acknowledged_at: None,
            answered_at: None,
            codes: String::new(),
            forged_status,
            posted_status,
            tries: 1,
        }
    }

    /// Bug: a gateway that refused everything, or was not there at all, was said to refuse forged messages.
    #[test]
    fn refusing_a_forged_message_counts_only_beside_taking_a_good_one() {
        for (trials, shown) in [
            (vec![], None),
            (vec![(Some(401), Some(200))], Some(true)),
            (vec![(Some(404), Some(404))], None),
            (vec![(Some(401), Some(401))], None),
            (vec![(Some(401), None)], None),
            (vec![(Some(200), Some(200))], Some(false)),
            (vec![(Some(200), Some(500))], Some(false)),
            (vec![(Some(503), Some(200))], Some(false)),
            // The newest that was posted whole decides.
            (vec![(None, None), (Some(401), Some(200))], Some(true)),
            (vec![(Some(404), Some(404)), (Some(401), Some(200))], None),
            (vec![(Some(401), Some(202)), (Some(200), Some(200))], Some(true)),
        ] {
            let all: Vec<Trial> = trials.iter().map(|(forged, posted)| trial(*forged, *posted)).collect();
            assert_eq!(Passed::of(&all).refused_forged, shown, "{trials:?}");
        }
    }
}
