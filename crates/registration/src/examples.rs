//! Examples of the description. Everything in them is invented.

use partner::described::problem;
use serde_json::{Value, json};

/// A hand-over.
pub(crate) const HAND_OVER: &str = "hov_0199c2a07b3c8d10a1b2c3d4e5f60730";

/// The register took the matter.
pub(crate) fn receipt() -> Value {
    json!({
        "type": "registration_receipt.v1",
        "hand_over_id": HAND_OVER,
        "number": "26-0001-17",
        "registered_at": "2026-09-01T09:04:00+05:00",
        "registrar": "Үлгі Тіркеуші"
    })
}

/// It does not take the file as it is.
pub(crate) fn refusal() -> Value {
    json!({
        "type": "registration_refusal.v1",
        "hand_over_id": HAND_OVER,
        "code": "incomplete",
        "text": "the address is missing"
    })
}

/// No such hand-over.
pub(crate) fn not_found() -> Value {
    problem(
        404,
        "registration.not_found",
        "Page not found",
        "There is no such matter, or it is not open to you.",
    )
}

/// Another number stands there.
pub(crate) fn other_number() -> Value {
    problem(
        409,
        "registration.number_taken",
        "It has changed meanwhile",
        "This number already stands for another report. Check it.",
    )
}

/// What cannot be right.
pub(crate) fn not_right() -> Value {
    problem(
        422,
        "registration.number_form",
        "The data was not accepted",
        "The number must look like this: 99-9999-99 (9 is a digit, A a capital letter)",
    )
}
