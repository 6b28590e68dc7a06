//! The life of an order. Pure: facts in, decision out; no path leads from an ended order back to an open
//! one.

use kernel::{Actor, Timestamp};
use profile::{Measure, Profile, RetryTable};

use crate::model::{Order, Status};
use crate::store::delivery::Delivery;

/// Why a step of an order's life cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LifeError {
    /// The order has ended.
    #[error("the order has ended ({})", .0.as_str())]
    Ended(Status),
    /// The order has not been sent yet.
    #[error("the order has not been sent")]
    NotSent,
    /// The order was sent before.
    #[error("the order was sent before")]
    AlreadySent,
    /// Its term is over.
    #[error("the order lapsed at its term")]
    Lapsed,
    /// The author of an order cannot approve it where more than one person must.
    #[error("whoever drafted the order cannot approve it")]
    OwnDraft,
    /// One person signs once.
    #[error("this person has signed it already")]
    SignedAlready,
    /// More approvers are needed.
    #[error("{given} of {needed} approvals are given")]
    Unapproved {
        /// Distinct approvers so far.
        given: usize,
        /// Approvers the basis asks for.
        needed: usize,
    },
    /// Nothing is held that could be released.
    #[error("nothing is held by this order")]
    NothingHeld,
}

impl LifeError {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ended(_) => "order.ended",
            Self::NotSent => "order.not_sent",
            Self::AlreadySent => "order.already_sent",
            Self::Lapsed => "order.lapsed",
            Self::OwnDraft => "order.own_draft",
            Self::SignedAlready => "order.signed_already",
            Self::Unapproved { .. } => "order.unapproved",
            Self::NothingHeld => "order.nothing_held",
        }
    }
}

impl Order {
    /// Whether it has ever left the office. A draft that lapsed or was taken back has not, and exists for nobody outside.
    #[must_use]
    pub const fn has_left(&self) -> bool {
        self.sent_at.is_some()
    }

    /// Whether `actor` may be counted as an approver: a person, and not the author where two must look.
    ///
    /// # Errors
    /// [`LifeError::OwnDraft`]; not a draft.
    pub fn approve(&self, actor: &Actor, needed: usize) -> Result<(), LifeError> {
        self.drafted()?;
        if needed > 1 && self.header.author == actor.label() {
            return Err(LifeError::OwnDraft);
        }
        Ok(())
    }

    /// Sends a draft that `approvers` distinct persons, or a standing approval, stand behind.
    ///
    /// # Errors
    /// Too few approvers; not a draft; its term is over already.
    pub fn send(mut self, approvers: usize, needed: usize, now: Timestamp) -> Result<Self, LifeError> {
        self.drafted()?;
        if self.approval.is_none() && approvers < needed {
            return Err(LifeError::Unapproved { given: approvers, needed });
        }
        if now >= self.expires_at {
            return Err(LifeError::Lapsed);
        }
        self.status = Status::Sent;
        self.why_waiting = String::new();
        self.sent_at = Some(now);
        Ok(self)
    }

    fn drafted(&self) -> Result<(), LifeError> {
        match self.status {
            Status::Drafted => Ok(()),
            s if s.is_open() => Err(LifeError::AlreadySent),
            s => Err(LifeError::Ended(s)),
        }
    }

    /// The partner has it. Saying so again changes nothing.
    ///
    /// # Errors
    /// Not sent, or ended.
    pub fn acknowledge(mut self, now: Timestamp) -> Result<Self, LifeError> {
        match self.status {
            Status::Drafted => Err(LifeError::NotSent),
            Status::Sent => {
                self.status = Status::Acknowledged;
                self.acknowledged_at = Some(now);
                Ok(self)
            }
            Status::Acknowledged | Status::Answered => Ok(self),
            ended => Err(LifeError::Ended(ended)),
        }
    }

    /// The partner says what became of something that the order names. Only an order that was sent; on an
    /// ended one only what tells of its end is still taken (`closing`): money that was let go must be known
    /// to have gone. The order is answered once there is a word about everything it names (`complete`).
    ///
    /// # Errors
    /// Not sent, or ended.
    pub fn answer(self, (closing, complete): (bool, bool), now: Timestamp) -> Result<Self, LifeError> {
        if closing && matches!(self.status, Status::Released | Status::Lapsed) {
            return Ok(self);
        }
        let mut order = self.acknowledge(now)?;
        if complete {
            order.status = Status::Answered;
            order.answered_at = order.answered_at.or(Some(now));
        }
        Ok(order)
    }

    /// Ends it by order, before its time.
    ///
    /// # Errors
    /// Not sent, or ended.
    pub fn release(mut self, now: Timestamp) -> Result<Self, LifeError> {
        match self.status {
            Status::Drafted => Err(LifeError::NotSent),
            s if s.is_open() => {
                self.status = Status::Released;
                self.ended_at = Some(now);
                Ok(self)
            }
            s => Err(LifeError::Ended(s)),
        }
    }

    /// Ends it by its term. `None` if its time has not come or it has ended.
    #[must_use]
    pub fn lapse(mut self, now: Timestamp) -> Option<Self> {
        let due = now >= self.ends_at() && (self.status.is_open() || self.status == Status::Drafted);
        due.then(|| {
            self.status = Status::Lapsed;
            self.ended_at = Some(now);
            self
        })
    }

    /// Takes back a draft.
    ///
    /// # Errors
    /// It was sent, or has ended.
    pub fn cancel(mut self, now: Timestamp) -> Result<Self, LifeError> {
        self.drafted()?;
        self.status = Status::Cancelled;
        self.ended_at = Some(now);
        Ok(self)
    }

    /// The next moment at which somebody must act, if it is open: acknowledgement, answer, or its term.
    #[must_use]
    pub const fn next_due(&self) -> Option<Timestamp> {
        match self.status {
            Status::Drafted | Status::Sent => Some(self.ack_due),
            Status::Acknowledged => Some(self.action_due),
            Status::Answered => Some(match self.extended_until {
                Some(until) => until,
                None => self.expires_at,
            }),
            Status::Released | Status::Lapsed | Status::Cancelled => None,
        }
    }
}

/// How long to wait before the next try of a message, by the profile's table for its kind: orders and
/// releases are urgent, other messages are notices. Up to `jitter_percent` of the wait is drawn on top, so that
/// partners are not struck in step. `made` counts tries made; `None` gives up.
#[must_use]
pub fn wait_secs(table: &RetryTable, made: i64, draw: u64) -> Option<i64> {
    table.wait_secs(made, draw)
}

/// The profile's table for a message about an order of `measure`: the measure's own for the order, that of
/// `release` for ending it by order or proof, and for putting records right; reminders, word of what was cleared, and the end by
/// term that the partner's own clock sets too, are notices.
#[must_use]
pub fn retry_table<'a>(
    profile: &'a Profile,
    message: &Delivery,
    measure: Measure,
    now: Timestamp,
) -> Option<&'a RetryTable> {
    let of = |measure| profile.clocks(measure, now).map_or("urgent", |c| c.retry.as_str());
    let name = match message.kind.as_str() {
        "order" => of(measure),
        "release" if message.code != "L60" => of(Measure::Release),
        // Until everybody has put it right, somebody innocent is turned away somewhere.
        "correction" => of(Measure::Release),
        _ => "notice",
    };
    profile.retry(name)
}

/// The id of the order that a fact leads to: UUID version 8 over a hash (RFC 9562, 5.8), so that the same
/// fact, told twice or worked on by two processes, leads to one order.
#[must_use]
pub fn order_id(kind: &str, fact: &str) -> crate::model::OrderId {
    crate::model::OrderId::from_uuid(report::rules::derived_id("order", kind, fact).uuid())
}

/// What an account of the payer's is, by its canonical writing: `iban` by its check digits (ISO 13616), `phone`
/// (E.164) for a wallet, `card` (first six and last four digits, or the last four alone), else `account`.
#[must_use]
pub fn account_kind(value: &str) -> &'static str {
    let region = identifier::Region::default();
    if identifier::normalise(identifier::Kind::Iban, value, region).is_ok() {
        "iban"
    } else if value.starts_with('+') {
        "phone"
    } else if matches!(value.len(), 4 | 10) && value.bytes().all(|b| b.is_ascii_digit()) {
        "card"
    } else {
        "account"
    }
}

/// The id under which a partner's answer is kept: the same answer id of the same partner is one answer.
#[must_use]
pub fn answer_key(partner: &str, answer_id: &str) -> uuid::Uuid {
    report::rules::derived_id("answer", partner, answer_id).uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::order;
    use proptest::prelude::*;

    const T: Timestamp = Timestamp::from_secs(1_800_000_000);

    #[derive(Debug, Clone, Copy)]
    enum Verb {
        Send,
        Acknowledge,
        AnswerPart,
        Answer,
        Close,
        Release,
        Lapse,
        Cancel,
    }

    fn step(o: &Order, verb: Verb, now: Timestamp) -> Order {
        let keep = o.clone();
        match verb {
            Verb::Send => keep.send(1, 1, now),
            Verb::Acknowledge => keep.acknowledge(now),
            Verb::AnswerPart => keep.answer((false, false), now),
            Verb::Answer => keep.answer((false, true), now),
            Verb::Close => keep.answer((true, true), now),
            Verb::Release => keep.release(now),
            Verb::Lapse => Ok(keep.lapse(now).unwrap_or_else(|| o.clone())),
            Verb::Cancel => keep.cancel(now),
        }
        .unwrap_or_else(|_| o.clone())
    }

    fn verbs() -> impl Strategy<Value = Vec<(Verb, i64)>> {
        let verb = prop::sample::select(vec![
            Verb::Send,
            Verb::Acknowledge,
            Verb::AnswerPart,
            Verb::Answer,
            Verb::Close,
            Verb::Release,
            Verb::Lapse,
            Verb::Cancel,
        ]);
        prop::collection::vec((verb, 0_i64..600_000), 0..12)
    }

    proptest! {
        #[test]
        fn ended_stays_ended(verbs in verbs()) {
            let mut o = order(T);
            let mut ended: Option<Status> = None;
            let mut now = T;
            for (verb, passed) in verbs {
                now = now.plus_secs(passed);
                o = step(&o, verb, now);
                if let Some(status) = ended { prop_assert_eq!(o.status, status); }
                if !o.status.is_open() && o.status != Status::Drafted { ended = Some(o.status); }
            }
        }
        #[test]
        fn never_sent_without_enough_approvers(given in 0_usize..4, needed in 0_usize..4) {
            let sent = order(T).send(given, needed, T);
            prop_assert_eq!(sent.is_ok(), given >= needed);
        }
        #[test]
        fn retries_stay_within_the_table_and_its_jitter(made in 1_i64..10_000, draw: u64) {
            let secs = wait_secs(&urgent(), made, draw).unwrap();
            prop_assert!((1..=72).contains(&secs));
        }
    }

    fn urgent() -> RetryTable {
        RetryTable {
            name: "urgent".into(),
            waits_seconds: vec![1, 5, 15, 30],
            then_every_seconds: Some(60),
            jitter_percent: 20,
        }
    }

    #[test]
    fn the_retry_table() {
        let secs: Vec<i64> = (1..8).filter_map(|made| wait_secs(&urgent(), made, 0)).collect();
        assert_eq!(secs, [1, 5, 15, 30, 60, 60, 60]);
        let notice = RetryTable { waits_seconds: vec![5, 300], then_every_seconds: None, ..urgent() };
        assert_eq!(wait_secs(&notice, 2, 0), Some(300));
        assert_eq!(wait_secs(&notice, 3, 0), None, "a notice is given up in the end");
    }

    #[test]
    fn kinds_of_own_accounts() {
        for (value, kind) in [
            ("KZ86125KZT5004100100", "iban"),
            ("+77011234567", "phone"),
            ("4400435670", "card"),
            ("5670", "card"),
            ("40817810538091310419", "account"),
        ] {
            assert_eq!(account_kind(value), kind, "{value}");
        }
    }

    #[test]
    fn which_table_a_message_goes_by() {
        let kz = Profile::embedded("kz").unwrap();
        let table = |kind: &str, code: &str, measure: Measure| {
            let message = Delivery {
                id: uuid::Uuid::nil(),
                partner: "ZALT".into(),
                kind: kind.into(),
                order: crate::model::OrderId::from_uuid(uuid::Uuid::nil()),
                object: None,
                code: code.into(),
                amount_minor: 1,
                at: T,
                tries: 0,
            };
            retry_table(&kz, &message, measure, T).unwrap().name.clone()
        };
        assert_eq!(table("order", "", Measure::Hold), "urgent");
        assert_eq!(table("order", "", Measure::Preservation), "notice");
        assert_eq!(table("release", "L61", Measure::Hold), "urgent");
        assert_eq!(table("release", "L60", Measure::Hold), "notice");
        assert_eq!(table("correction", "", Measure::Hold), "urgent");
        assert_eq!(table("notice", "", Measure::Hold), "notice");
        assert_eq!(table("reminder", "", Measure::Hold), "notice");
        assert_eq!(table("clearance", "", Measure::Hold), "notice");
    }

    #[test]
    fn an_expired_draft_cannot_be_sent() {
        let o = order(T);
        let late = o.expires_at;
        assert_eq!(o.clone().send(1, 1, late), Err(LifeError::Lapsed));
        assert!(o.send(1, 1, late.plus_secs(-1)).is_ok());
    }

    #[test]
    fn the_author_is_no_second_pair_of_eyes() {
        let o = order(T);
        let author = Actor::system("order");
        assert_eq!(o.header.author, author.label());
        assert_eq!(o.approve(&author, 2), Err(LifeError::OwnDraft));
        assert_eq!(o.approve(&author, 1), Ok(()));
    }
}
