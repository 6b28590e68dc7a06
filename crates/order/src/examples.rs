//! Examples of the description. Everything in them is invented; a test of the program signs and sends the
//! requests, with the ids of its own world in the place of these, and holds the answers against them.

use partner::described::{problem, with_field};
use serde_json::{Value, json};

/// An order.
pub(crate) const ORDER: &str = "ord_0199c2a07b3c8d10a1b2c3d4e5f60718";
/// What it names.
const OBJECT: &str = "obj_0199c2a07b3c7d10a1b2c3d4e5f60719";

/// The order has come.
pub(crate) fn receipt() -> Value {
    json!({
        "type": "answer.v1",
        "answer_id": "ZBEK-2026-000117-A",
        "order_id": ORDER,
        "executor": "ZBEK",
        "at": "2026-09-01T09:00:02+05:00",
        "lines": [{"code": "A00"}]
    })
}

/// A part is held, the rest had gone on.
pub(crate) fn held_in_part() -> Value {
    json!({
        "type": "answer.v1",
        "answer_id": "ZBEK-2026-000117-B",
        "order_id": ORDER,
        "executor": "ZBEK",
        "object_id": OBJECT,
        "at": "2026-09-01T09:01:30+05:00",
        "lines": [
            {
                "code": "H11",
                "amount": {"amount": "240000.00", "currency": "KZT"},
                "balance_before": {"amount": "251300.00", "currency": "KZT"}
            },
            {
                "code": "M21",
                "amount": {"amount": "380000.00", "currency": "KZT"},
                "at": "2026-08-31T18:52:10+05:00",
                "institution": "ZCAR",
                "account": {"kind": "iban", "value": "KZ18803A000000000005"},
                "reference": "P-88121907"
            }
        ],
        "text": null
    })
}

/// The same in ISO 20022.
pub(crate) const fn camt029() -> &'static str {
    include_str!("examples/camt029.xml")
}

/// A page of the inbox.
pub(crate) fn inbox() -> Value {
    json!({"messages": [{"seq": 41, "message": order()}], "next": 41})
}

fn order() -> Value {
    json!({
        "type": "order.v1",
        "message_id": "msg_0199c2a07b3c7d10a1b2c3d4e5f60720",
        "order_id": ORDER,
        "measure": "hold",
        "route": [
            {"no": 0, "role": "submitter", "institution": "DCC"},
            {"no": 1, "role": "authority", "institution": "ZAFC"},
            {"no": 2, "role": "executor", "institution": "ZBEK"}
        ],
        "executor": "ZBEK",
        "basis": {
            "id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60721",
            "version": 1,
            "act": "Z1600000011",
            "article": "25-1",
            "text": {"kk": "Төлемді тоқтата тұру", "ru": "Приостановление платежа", "en": "Suspension of a payment"}
        },
        "approval": {"kind": "standing", "id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60722", "version": 1},
        "report": "R-2026-01821493",
        "priority": "normal",
        "scope": "amount_only",
        "exempt_receipts": true,
        "objects": [{
            "object_id": OBJECT,
            "kind": "iban",
            "value": "KZ05802A000000000001",
            "cap": {"amount": "620000.00", "currency": "KZT"},
            "hop": 1,
            "parent_object": null,
            "trigger": {
                "amount": {"amount": "620000.00", "currency": "KZT"},
                "at": "2026-08-31T18:40:00+05:00",
                "reference": "P-88120001",
                "from_institution": "ZALT",
                "from_account": {"kind": "iban", "value": "KZ34801A000000000017"},
                "direction": "in"
            }
        }],
        "requested_at": "2026-09-01T09:00:00+05:00",
        "ack_due": "2026-09-01T09:05:00+05:00",
        "action_due": "2026-09-01T09:15:00+05:00",
        "expires_at": "2026-09-08T09:00:00+05:00"
    })
}

/// An order as its addressee may see it.
pub(crate) fn order_state() -> Value {
    json!({
        "order_id": ORDER,
        "status": "answered",
        "ack_due": "2026-09-01T09:05:00+05:00",
        "action_due": "2026-09-01T09:15:00+05:00",
        "expires_at": "2026-09-08T09:00:00+05:00",
        "objects": [{
            "object_id": OBJECT,
            "state": "partly_held",
            "cap": {"amount": "620000.00", "currency": "KZT"},
            "held": {"amount": "240000.00", "currency": "KZT"}
        }]
    })
}

/// Nothing that this partner may know of.
pub(crate) fn not_found() -> Value {
    problem(
        404,
        "web.not_found",
        "Page not found",
        "This page does not exist or is not open to you. Check the link.",
    )
}

/// The answer id was used for another answer.
pub(crate) fn conflicting() -> Value {
    problem(
        409,
        "answer.conflicting",
        "It has changed meanwhile",
        "This answer_id was used for another answer.",
    )
}

/// The order has ended.
pub(crate) fn ended() -> Value {
    problem(410, "order.ended", "This no longer opens", "The order has ended.")
}

/// More would be held than was asked.
pub(crate) fn too_much() -> Value {
    let words = "780000.00 KZT would be held where at most 620000.00 KZT was asked";
    with_field(
        problem(
            422,
            "answer.too_much_held",
            "The data was not accepted",
            "No more may be held than was asked.",
        ),
        "#/lines",
        "answer.too_much_held",
        words,
    )
}

/// A message of ISO 20022 that is none.
pub(crate) fn not_iso() -> Value {
    problem(
        422,
        "answer.iso20022",
        "The data was not accepted",
        "This message of ISO 20022 cannot be read. The detail names the first place that is wrong.",
    )
}
