//! Examples of the description. Everything in them is invented; a test of the program signs and sends the
//! requests, with a hand-over of its own world in the place of this one, and holds the answers against them.

use partner::described::problem;
use serde_json::{Value, json};

/// A hand-over.
pub(crate) const HAND_OVER: &str = "hov_0199c2a07b3c7d10a1b2c3d4e5f60730";

/// The matter has a number.
pub(crate) fn receipt() -> Value {
    json!({
        "type": "registration_receipt.v1",
        "hand_over_id": HAND_OVER,
        "number": "26-71-0004711",
        "registered_at": "2026-09-01T09:00:00+05:00",
        "registrar": "Үлгі Тіркеуші"
    })
}

/// The file cannot be taken as it is.
pub(crate) fn refusal() -> Value {
    json!({
        "type": "registration_refusal.v1",
        "hand_over_id": HAND_OVER,
        "code": "incomplete",
        "text": "Арыз берушінің мекенжайы жоқ"
    })
}

/// Nothing that this institution may know of.
pub(crate) fn not_found() -> Value {
    problem(
        404,
        "web.not_found",
        "Page not found",
        "This page does not exist or is not open to you. Check the link.",
    )
}

/// The number stands for another matter.
pub(crate) fn taken() -> Value {
    let words = "This number already stands for another report. Check it.";
    problem(409, "registration.number_taken", "It has changed meanwhile", words)
}

/// A number that cannot be right.
pub(crate) fn number() -> Value {
    problem(
        422,
        "registration.number",
        "The data was not accepted",
        "Enter the number, at most 60 characters",
    )
}
