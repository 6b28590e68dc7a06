//! Examples of the description. Everything in them is invented; a test of the program signs and sends the
//! requests and holds the answers against them.

use partner::described::{problem, with_field};
use serde_json::{Value, json};

/// All that the form asks for.
pub(crate) fn whole() -> Value {
    json!({
        "type": "report.v1",
        "external_id": "ZALT-2026-09-01-000042",
        "ongoing": true,
        "kind": "money",
        "lang": "ru",
        "reporter": {"name": "Үлгі Адам", "phone": "+7 700 000 12 34", "iin": null},
        "story": "Звонили будто бы из банка, уговорили перевести деньги на «безопасный счёт».",
        "payments": [{
            "amount": {"amount": "620000.00", "currency": "KZT"},
            "at": "2026-08-31T18:40:00+05:00",
            "own_institution": "ZALT",
            "own_account": "KZ34801A000000000017",
            "to": {"kind": "iban", "value": "KZ05802A000000000001"},
            "reference": "P-88120001"
        }]
    })
}

/// As much as was known in the first minute.
pub(crate) fn short() -> Value {
    json!({
        "type": "report.v1",
        "external_id": "ZALT-2026-09-01-000043",
        "kind": "codes"
    })
}

/// The report's number.
pub(crate) fn filed() -> Value {
    json!({"number": "R-2026-01821493", "id": "rep_0199c2a07b3c8d10a1b2c3d4e5f60724"})
}

/// Another body was filed with this external id.
pub(crate) fn other_body() -> Value {
    problem(
        409,
        "report.other_body",
        "It has changed meanwhile",
        "Another message was sent with this external_id before. Use a new external_id for a new report",
    )
}

/// A field that cannot be taken.
pub(crate) fn field() -> Value {
    let whole = problem(
        422,
        "report.field",
        "The data was not accepted",
        "One field was not accepted. Which one is said below.",
    );
    with_field(whole, "#/payments/0/to/value", "report.target", "There is no such number of this kind")
}
