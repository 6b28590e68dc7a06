//! What an institution remembers of its messages: effects exactly once, whatever comes twice.

use std::collections::{HashMap, HashSet};

use super::send::Outgoing;
use crate::moment::Moment;
use crate::wire::{Message, Order};
use crate::world::model::HoldId;

/// What happened to a message at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Somebody will act on it.
    New,
    /// It was here before.
    Again,
    /// A liar said yes and threw it away; it is taken when it comes again.
    Lied,
}

/// An order at work.
#[derive(Debug, Clone)]
pub struct Work {
    /// The order.
    pub order: Order,
    /// The authority that passed it on and passes answers back.
    pub via: Option<String>,
    /// Answers that were sent, for reminders.
    pub sent: Vec<Outgoing>,
    /// Holds by object.
    pub holds: HashMap<String, HoldId>,
    /// Objects whose hold was ended, perhaps before it began, with the code of its end.
    pub ended: HashMap<String, String>,
}

/// One institution's memory.
#[derive(Debug, Default)]
pub struct Desk {
    seen: HashSet<String>,
    thrown_away: HashMap<String, Message>,
    work: HashMap<String, Work>,
    /// Ends that came before their order: code by order and object.
    ended_early: HashMap<String, HashMap<String, String>>,
    /// Till when things go on that were extended, by object.
    terms: HashMap<String, Moment>,
}

impl Desk {
    /// Forgets that a message was here.
    pub fn forget(&mut self, message: &Message) {
        self.seen.remove(message.id());
        if let Message::Order(order) = message {
            self.work.remove(&order.order_id);
        }
    }

    /// Remembers the end of a hold whose order has not come yet: messages may overtake each other, and the hold must
    /// then not begin at all.
    pub fn end_early(&mut self, order_id: &str, object_id: &str, code: &str) {
        let ends = self.ended_early.entry(order_id.to_owned()).or_default();
        ends.insert(object_id.to_owned(), code.to_owned());
    }

    /// A message at the door. `lie` says whether a liar throws a new one away.
    pub fn take(&mut self, message: &Message, lie: bool) -> Taken {
        let id = message.id();
        if self.seen.contains(id) {
            return Taken::Again;
        }
        let order = matches!(message, Message::Order(_));
        if order && lie && self.thrown_away.insert(id.to_owned(), message.clone()).is_none() {
            return Taken::Lied;
        }
        self.thrown_away.remove(id);
        self.seen.insert(id.to_owned());
        Taken::New
    }

    /// An order that was thrown away, looked for because somebody reminded of it.
    pub fn dig_out(&mut self, order_id: &str) -> Option<Order> {
        let id = self.thrown_away.iter().find_map(|(id, m)| match m {
            Message::Order(o) if o.order_id == order_id => Some(id.clone()),
            _ => None,
        })?;
        self.seen.insert(id.clone());
        match self.thrown_away.remove(&id) {
            Some(Message::Order(order)) => Some(order),
            _ => None,
        }
    }

    /// Begins work on an order; false if it is at work already under another message.
    pub fn begin(&mut self, order: &Order, via: Option<String>) -> bool {
        if self.work.contains_key(&order.order_id) {
            return false;
        }
        let work = Work {
            order: order.clone(),
            via,
            sent: Vec::new(),
            holds: HashMap::new(),
            ended: self.ended_early.remove(&order.order_id).unwrap_or_default(),
        };
        self.work.insert(order.order_id.clone(), work);
        true
    }

    /// The hold that an object of any order brought about.
    #[must_use]
    pub fn hold_of(&self, object_id: &str) -> Option<HoldId> {
        self.work.values().find_map(|w| w.holds.get(object_id).copied())
    }

    /// What is restricted for an object goes on till `until`; `None` ends that: its own term holds again.
    pub fn extend(&mut self, object_id: &str, until: Option<Moment>) {
        match until {
            Some(until) => self.terms.insert(object_id.to_owned(), until),
            None => self.terms.remove(object_id),
        };
    }

    /// The term that an object was extended to.
    #[must_use]
    pub fn term(&self, object_id: &str) -> Option<Moment> {
        self.terms.get(object_id).copied()
    }

    /// The order at work.
    pub fn work(&mut self, order_id: &str) -> Option<&mut Work> {
        self.work.get_mut(order_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Reminder;

    fn order(message: &str, order: &str) -> Message {
        Message::Order(Order {
            message_id: message.to_owned(),
            order_id: order.to_owned(),
            measure: "hold".to_owned(),
            route: Vec::new(),
            executor: "ZALT".to_owned(),
            objects: Vec::new(),
            ack_due: None,
            action_due: None,
            expires_at: String::new(),
        })
    }

    #[test]
    fn a_message_acts_once() {
        let mut desk = Desk::default();
        assert_eq!(desk.take(&order("m1", "o1"), false), Taken::New);
        assert_eq!(desk.take(&order("m1", "o1"), false), Taken::Again);
        assert_eq!(desk.take(&order("m1", "o1"), true), Taken::Again);
    }

    #[test]
    fn a_liar_takes_it_the_second_time_or_when_reminded() {
        let mut desk = Desk::default();
        assert_eq!(desk.take(&order("m1", "o1"), true), Taken::Lied);
        assert_eq!(desk.take(&order("m1", "o1"), true), Taken::New);
        assert_eq!(desk.take(&order("m2", "o2"), true), Taken::Lied);
        let reminder = Message::Reminder(Reminder {
            message_id: "m3".to_owned(),
            order_id: "o2".to_owned(),
            executor: "ZALT".to_owned(),
        });
        assert_eq!(desk.take(&reminder, true), Taken::New);
        assert_eq!(desk.dig_out("o2").map(|o| o.message_id), Some("m2".to_owned()));
        assert_eq!(desk.take(&order("m2", "o2"), true), Taken::Again);
    }

    #[test]
    fn an_end_that_overtakes_its_order_is_remembered() {
        let mut desk = Desk::default();
        let Message::Order(order) = order("m1", "o1") else { unreachable!() };
        desk.end_early("o1", "obj_1", "L62");
        desk.end_early("o2", "obj_1", "L61");
        assert!(desk.begin(&order, None));
        let ended = &desk.work("o1").unwrap().ended;
        assert_eq!(ended.get("obj_1").map(String::as_str), Some("L62"));
        assert_eq!(ended.len(), 1);
    }

    #[test]
    fn one_order_is_worked_on_once() {
        let mut desk = Desk::default();
        let Message::Order(order) = order("m1", "o1") else { unreachable!() };
        assert!(desk.begin(&order, None) && !desk.begin(&order, None));
    }
}
