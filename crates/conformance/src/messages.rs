//! The messages that the kit sends, as the page has them. Every one says `"test": true`, and every order names a report
//! `TEST-…`: a live node sends neither.

use std::time::Duration;

use serde_json::{Value, json};

use crate::clock;
use crate::kit::Kit;
use crate::wire::{Amount, Named};

/// The code under which the kit submits.
pub const SUBMITTER: &str = "TEST";

impl Kit {
    /// One object of an order: a thing, and the most that may be held of it.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn object(&self, thing: &Named, cap: i64) -> anyhow::Result<Value> {
        let id = format!("obj_{}", clock::token()?);
        let mut object = json!({
            "object_id": id, "kind": thing.kind, "value": thing.value, "hop": 1, "parent_object": null,
        });
        let plan = &self.plan;
        let more = if plan.measure == "hold" {
            json!({
                "cap": Amount::of(cap, &plan.currency),
                "trigger": {
                    "amount": Amount::of(plan.payment.amount, &plan.currency), "at": clock::rfc3339(plan.payment.at),
                    "reference": plan.payment.reference, "from_institution": null, "from_account": null,
                    "direction": "in",
                },
            })
        } else {
            details(&plan.measure).map_or_else(|| json!({}), |details| json!({ "details": details }))
        };
        if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
            object.extend(more);
        }
        Ok(object)
    }

    /// An order that names these objects and ends after `term`.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn order(&self, objects: &[Value], term: Duration) -> anyhow::Result<Value> {
        let (now, plan) = (clock::now(), &self.plan);
        let due = |after: Duration| clock::rfc3339(now.saturating_add(clock::micros(after)));
        let scope = match plan.measure.as_str() {
            "hold" => "amount_only",
            "incoming_stop" => "incoming",
            _ => "full",
        };
        Ok(json!({
            "type": "order.v1", "test": true, "message_id": format!("msg_{}", clock::token()?),
            "order_id": format!("ord_{}", clock::token()?), "measure": plan.measure,
            "route": [
                {"no": 0, "role": "submitter", "institution": SUBMITTER},
                {"no": 1, "role": "executor", "institution": plan.code},
            ],
            "executor": plan.code,
            "basis": {
                "id": "00000000-0000-0000-0000-000000000000", "version": 1, "act": "TEST", "article": "TEST",
                "text": {
                    "kk": "Байланысты тексеру, құқықтық негізі жоқ", "ru": "Проверка связи, правового основания нет",
                    "en": "A test of the connection, without legal basis",
                },
            },
            "approval": {"kind": "standing", "id": "00000000-0000-0000-0000-000000000000", "version": 1},
            "report": self.run, "priority": "normal", "scope": scope, "reason": "a test of the connection",
            "exempt_receipts": true, "objects": objects, "requested_at": due(Duration::ZERO),
            "ack_due": due(plan.patience), "action_due": due(plan.patience), "expires_at": due(term),
        }))
    }

    /// A message of another type about an object of an order, with more fields.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn about(
        &self,
        kind: &str,
        order: &str,
        object: Option<&str>,
        more: &Value,
    ) -> anyhow::Result<Value> {
        let mut message = json!({
            "type": kind, "test": true, "message_id": format!("msg_{}", clock::token()?), "order_id": order,
            "executor": self.plan.code,
        });
        if let (Some(message), Some(object)) = (message.as_object_mut(), object) {
            message.insert("object_id".to_owned(), json!(object));
        }
        if let (Some(message), Some(more)) = (message.as_object_mut(), more.as_object()) {
            message.extend(more.clone());
        }
        Ok(message)
    }

    /// `release.v1`: of a part, or of all.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn release(&self, order: &str, object: &str, part: Option<i64>, code: &str) -> anyhow::Result<Value> {
        let amount = part.map(|minor| Amount::of(minor, &self.plan.currency));
        let more = json!({
            "code": code, "amount": amount, "reason": "a test of the connection", "at": clock::rfc3339(clock::now()),
        });
        self.about("release.v1", order, Some(object), &more)
    }

    /// `reminder.v1`.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn reminder(&self, order: &str) -> anyhow::Result<Value> {
        self.about("reminder.v1", order, None, &json!({"due": clock::rfc3339(clock::now())}))
    }

    /// `notice.v1`.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn notice(&self, order: &str, object: &str) -> anyhow::Result<Value> {
        let due = clock::now().saturating_add(86_400 * clock::SECOND);
        let more = json!({
            "text": {
                "kk": "Бұл байланысты тексеру. Ештеңе шектелген жоқ, ештеңе істеудің қажеті жоқ.",
                "ru": "Это проверка связи. Ничего не ограничено, делать ничего не нужно.",
                "en": "This is a test of the connection. Nothing is restricted, there is nothing to do.",
            },
            "due": clock::rfc3339(due),
        });
        self.about("notice.v1", order, Some(object), &more)
    }

    /// `correction.v1`.
    ///
    /// # Errors
    /// If the operating system has no randomness.
    pub fn correction(&self, order: &str, object: &str) -> anyhow::Result<Value> {
        self.about("correction.v1", order, Some(object), &json!({"at": clock::rfc3339(clock::now())}))
    }

    /// Word that something was cleared of which the institution had been told: about no order.
    ///
    /// # Errors
    /// No randomness.
    pub fn clearance(&self) -> anyhow::Result<Value> {
        Ok(json!({
            "type": "clearance.v1", "test": true, "message_id": format!("msg_{}", clock::token()?), "executor": self.plan.code,
            "thing": {"kind": "domain", "masked": "shop-invented.example", "hash": "78f349e56211b94a482147941e164743"},
            "at": clock::rfc3339(clock::now()),
        }))
    }
}

/// What an order of this measure says of each object beside its name.
fn details(measure: &str) -> Option<Value> {
    let way = match measure {
        "number_block" | "sim_block" => "full",
        "imei_block" => "imei_list",
        "sender_block" => "sender_ban",
        "resource_restriction" => {
            return Some(json!({
                "type": "restriction", "act": "warn", "class": "other", "harm": "none, a test of the connection",
                "narrower": "",
            }));
        }
        _ => return None,
    };
    Some(json!({"type": "block", "ways": [way], "ground": "complaint"}))
}

/// A text field of a message.
#[must_use]
pub fn text<'a>(message: &'a Value, field: &str) -> &'a str {
    message.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The same message with a field added or put in another's place.
#[must_use]
pub fn with(mut message: Value, field: &str, value: Value) -> Value {
    if let Some(fields) = message.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
    message
}
