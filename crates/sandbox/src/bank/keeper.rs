//! What operators, platforms, registrars and the bodies that keep lists do when they are asked, and what a bank does
//! about anything but a sum: check, restrict, keep, hand over. Who has what restricted is remembered here: it is
//! the truth that the node's own picture is compared with.

use std::collections::HashMap;

use crate::draw::{Draw, about};
use crate::ids;
use crate::moment::{DAY, Moment};
use crate::wire::{Line, Object, Order};

/// Data are kept for so many days.
const KEPT_DAYS: i64 = 60;

/// What is restricted, by institution, kind and name.
#[derive(Debug, Default)]
pub struct Restricted(HashMap<(String, String, String), Standing>);

/// A restriction.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Standing {
    order: String,
    object: String,
}

impl Restricted {
    fn place(code: &str, object: &Object) -> (String, String, String) {
        (code.to_owned(), object.kind.clone(), object.value.clone())
    }

    /// Restricts a thing for an order; the order that restricts it already, if another does.
    fn set(&mut self, code: &str, order: &str, object: &Object) -> Option<String> {
        let standing = Standing { order: order.to_owned(), object: object.object_id.clone() };
        let known = self.0.entry(Self::place(code, object)).or_insert_with(|| standing.clone());
        (*known != standing).then(|| known.order.clone())
    }

    /// Ends what an order restricts. Whether there was anything.
    pub fn end(&mut self, order: &str, object: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|_, s| s.order != order || s.object != object);
        self.0.len() < before
    }

    /// Ends what restricts a thing, whoever asked for it.
    fn lift(&mut self, code: &str, object: &Object) {
        self.0.remove(&Self::place(code, object));
    }

    /// Whether something is restricted for an object of an order.
    #[must_use]
    pub fn stands(&self, order: &str, object: &str) -> bool {
        self.0.values().any(|s| s.order == order && s.object == object)
    }

    /// How many things are restricted now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// Measures of this page.
#[must_use]
pub fn serves(measure: &str) -> bool {
    !matches!(measure, "hold" | "return" | "extension")
}

/// Who is asked, and when.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The country's seed.
    pub seed: u64,
    /// The institution.
    pub code: &'a str,
    /// Other operators, for numbers that were carried over.
    pub others: &'a [String],
    /// Office time.
    pub now: Moment,
}

/// The lines of the answer about one object, and whether it is restricted by it now. The dice of a number or an
/// address are its own: whoever asks again is told the same.
pub fn answer(
    restricted: &mut Restricted,
    asked: Asked<'_>,
    order: &Order,
    object: &Object,
) -> (Vec<Line>, bool) {
    let mut dice = Draw::keyed(about(about(asked.seed, &order.measure), &object.value));
    let now = Some(asked.now.rfc3339());
    let text = |words: &str| Some(words.to_owned());
    let one = |line: Line| (vec![line], false);
    match order.measure.as_str() {
        "number_block" | "sim_block" | "imei_block" | "sender_block" => {
            if let Some(other) = carried_over(asked, order, &mut dice) {
                return one(Line { institution: Some(other), ..Line::code("N34") });
            }
            if dice.chance(60) {
                return one(Line {
                    text: text("the check found an ordinary subscriber"),
                    ..Line::code("R43")
                });
            }
            if dice.chance(30) {
                return one(Line { text: text("roaming from abroad"), ..Line::code("N35") });
            }
            let numbers = u32::try_from(dice.below(10)).ok();
            let line = Line { other_numbers: numbers, told_at: now.clone(), at: now, ..Line::code("B10") };
            restrict(restricted, asked.code, order, object, line)
        }
        "resource_restriction" => {
            if dice.chance(60) {
                return one(Line::code("N30"));
            }
            if dice.chance(40) {
                return one(Line { text: text("a court must decide"), ..Line::code("R40") });
            }
            let line = match dice.below(10) {
                0 => Line { text: text("in this country only"), ..Line::code("B11") },
                1..=3 if act(object) != "block" => Line::code("B13"),
                _ => Line::code("B10"),
            };
            restrict(restricted, asked.code, order, object, Line { at: now, ..line })
        }
        "incoming_stop" | "listing" => {
            restrict(restricted, asked.code, order, object, Line { at: now, ..Line::code("B10") })
        }
        "delisting" => {
            restricted.lift(asked.code, object);
            one(Line { at: now, ..Line::code("B10") })
        }
        "disclosure" if dice.chance(100) => one(Line::code("N36")),
        "disclosure" => one(Line { reference: Some(number(asked, object)), ..Line::code("D10") }),
        "preservation" => one(Line {
            reference: Some(number(asked, object)),
            until: Some(asked.now.plus(KEPT_DAYS * DAY).rfc3339()),
            ..Line::code("K10")
        }),
        _ => one(Line { text: text("this institution does not serve the measure"), ..Line::code("R41") }),
    }
}

/// The number of a paper.
fn number(asked: Asked<'_>, object: &Object) -> String {
    let short: String = ids::short_hash(&[asked.code, &object.object_id]).chars().take(8).collect();
    format!("{}-{}", asked.code, short.to_uppercase())
}

fn act(object: &Object) -> &str {
    let act = object.details.as_ref().and_then(|d| d.get("act"));
    act.and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// Which other operator the number has gone to.
fn carried_over(asked: Asked<'_>, order: &Order, dice: &mut Draw) -> Option<String> {
    let gone = order.measure == "number_block" && dice.chance(80);
    // Whoever it went to must not send it on again, or nobody would serve it.
    let home = Draw::keyed(about(asked.seed, "carried over")).pick(asked.others).cloned();
    home.filter(|other| gone && other != asked.code)
}

fn restrict(
    restricted: &mut Restricted,
    code: &str,
    order: &Order,
    object: &Object,
    line: Line,
) -> (Vec<Line>, bool) {
    match restricted.set(code, &order.order_id, object) {
        Some(other) => (vec![Line { reference: Some(other), ..Line::code("B12") }], false),
        None => (vec![line], true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked<'a>(code: &'a str, others: &'a [String]) -> Asked<'a> {
        Asked { seed: 7, code, others, now: Moment::from_secs(1_795_000_000) }
    }

    fn order(measure: &str, id: &str, value: &str) -> (Order, Object) {
        let object = Object {
            object_id: format!("obj_{id}"),
            kind: "phone".to_owned(),
            value: value.to_owned(),
            cap: None,
            hop: 0,
            parent_object: None,
            trigger: None,
            details: None,
        };
        let order = Order {
            message_id: "m".to_owned(),
            order_id: id.to_owned(),
            measure: measure.to_owned(),
            route: Vec::new(),
            executor: "ZTEL".to_owned(),
            objects: vec![object.clone()],
            ack_due: None,
            action_due: None,
            expires_at: String::new(),
        };
        (order, object)
    }

    #[test]
    fn a_number_is_blocked_once_and_told_the_same_again() {
        let mut all = Restricted::default();
        let others = ["ZMOB".to_owned()];
        let mut codes = std::collections::BTreeMap::new();
        for n in 0..400 {
            let value = ids::phone(n);
            let (first, object) = order("number_block", "o1", &value);
            let (lines, in_force) = answer(&mut all, asked("ZTEL", &others), &first, &object);
            *codes.entry(lines[0].code.clone()).or_insert(0) += 1;
            let (again, _) = answer(&mut all, asked("ZTEL", &others), &first, &object);
            assert_eq!(lines, again, "{value}");
            let (second, object) = order("number_block", "o2", &value);
            let (lines, _) = answer(&mut all, asked("ZTEL", &others), &second, &object);
            assert_eq!(lines[0].code == "B12", in_force, "{value}");
        }
        for code in ["B10", "N34", "N35", "R43"] {
            assert!(codes.get(code).is_some_and(|n| *n > 3), "{code}: {codes:?}");
        }
        assert!(all.count() > 300);
        // The operator that serves what was carried over sends nothing on.
        let (first, object) = order("number_block", "o3", &ids::phone(1));
        let lines = (0..400).map(|n| {
            let (o, x) = order("number_block", "o3", &ids::phone(n));
            answer(&mut all, asked("ZMOB", &["ZMOB".to_owned()]), &o, &x).0[0].code.clone()
        });
        assert!(lines.into_iter().all(|code| code != "N34"));
        assert!(!all.end("o1", "obj_none"));
        let _ = (first, object);
    }

    #[test]
    fn what_was_ended_can_be_restricted_anew() {
        let mut all = Restricted::default();
        let (o, x) = order("listing", "o1", "p");
        assert!(answer(&mut all, asked("ZAFC", &[]), &o, &x).1);
        assert!(all.end("o1", "obj_o1") && !all.end("o1", "obj_o1"));
        let (o, x) = order("listing", "o2", "p");
        assert!(answer(&mut all, asked("ZAFC", &[]), &o, &x).1);
        assert!(!serves("hold") && serves("listing"));
    }
}
