//! The node's published description is read before anything is sent: an operation or a field that this side
//! relies on must be there, or it refuses to start and says what is missing.

use std::collections::BTreeSet;

use serde_json::Value;

/// An operation and the fields it must have. A path parameter is written `{}`, a list `name[]`.
#[derive(Debug)]
pub struct Need {
    /// Method in small letters.
    pub method: &'static str,
    /// Path.
    pub path: &'static str,
    /// Fields of the body that is sent.
    pub request: &'static [&'static str],
    /// Fields of the body that comes back.
    pub response: &'static [&'static str],
}

/// Every operation that this side relies on.
pub const NEEDS: &[Need] = &[
    Need { method: "get", path: "/api/v1/clock", request: &[], response: &["office", "wall", "factor"] },
    Need {
        method: "get",
        path: "/api/v1/keys",
        request: &[],
        response: &["keys[].keyid", "keys[].public_key"],
    },
    Need {
        method: "get",
        path: "/api/v1/inbox",
        request: &[],
        response: &["messages[].seq", "messages[].message", "next"],
    },
    Need {
        method: "post",
        path: "/api/v1/reports",
        request: &[
            "type",
            "external_id",
            "ongoing",
            "kind",
            "lang",
            "reporter.name",
            "reporter.phone",
            "reporter.iin",
            "story",
            "payments[].amount.amount",
            "payments[].amount.currency",
            "payments[].at",
            "payments[].own_institution",
            "payments[].own_account",
            "payments[].to.kind",
            "payments[].to.value",
            "payments[].reference",
        ],
        response: &[],
    },
    Need {
        method: "post",
        path: "/api/v1/orders/{}/answers",
        request: &[
            "type",
            "answer_id",
            "order_id",
            "executor",
            "object_id",
            "at",
            "lines[].code",
            "lines[].amount.amount",
            "lines[].amount.currency",
            "lines[].balance_before",
            "lines[].at",
            "lines[].institution",
            "lines[].account.kind",
            "lines[].account.value",
            "lines[].reference",
            "lines[].terminal",
            "lines[].merchant",
            "lines[].holders[].kind",
            "lines[].holders[].name",
            "lines[].holders[].iin",
        ],
        response: &[],
    },
    Need {
        method: "post",
        path: "/api/v1/registrations/{}/answers",
        request: &["type", "hand_over_id", "number", "registered_at", "registrar", "code", "text"],
        response: &["state"],
    },
    Need {
        method: "post",
        path: "/api/v1/referrals/{}/answers",
        request: &["type", "referral_id", "outcome", "number", "reason"],
        response: &["state"],
    },
    Need { method: "post", path: "/api/v1/tokens", request: &["type"], response: &["token"] },
    Need {
        method: "post",
        path: "/api/v1/checks",
        request: &["type", "why", "items[].kind", "items[].value"],
        response: &["items"],
    },
    Need {
        method: "post",
        path: "/api/v1/checks/outcomes",
        request: &[
            "type",
            "items[].payment",
            "items[].payer",
            "items[].to.kind",
            "items[].to.value",
            "items[].amount.amount",
            "items[].amount.currency",
            "items[].outcome",
            "items[].at",
        ],
        response: &["items[].counted", "items[].error"],
    },
];

/// Fields of the order that the node sends, described somewhere among its schemas.
pub const ORDER: &[&str] = &[
    "message_id",
    "order_id",
    "measure",
    "route[].role",
    "route[].institution",
    "executor",
    "expires_at",
    "objects[].object_id",
    "objects[].kind",
    "objects[].value",
    "objects[].cap",
    "objects[].trigger.amount",
    "objects[].trigger.at",
    "objects[].trigger.from_institution",
    "objects[].trigger.from_account",
    "objects[].trigger.from_client",
    "objects[].trigger.reference",
    "objects[].trigger.direction",
];

/// What is missing in `document`; empty if this side can work with the node.
#[must_use]
pub fn missing(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for need in NEEDS {
        let Some(operation) = operation(document, need.method, need.path) else {
            found.push(format!("operation `{} {}`", need.method.to_uppercase(), need.path));
            continue;
        };
        let request = operation.pointer("/requestBody/content/application~1json/schema");
        let response = ["200", "201"].iter().find_map(|code| {
            operation.get("responses")?.get(code)?.pointer("/content/application~1json/schema")
        });
        for (schema, fields, side) in
            [(request, need.request, "request"), (response, need.response, "answer")]
        {
            for field in fields.iter().filter(|f| !schema.is_some_and(|s| has(document, s, f))) {
                found.push(format!(
                    "field `{field}` in the {side} of `{} {}`",
                    need.method.to_uppercase(),
                    need.path
                ));
            }
        }
    }
    found.extend(missing_in_order(document));
    found
}

/// The schema that comes nearest to an order, and what it lacks.
fn missing_in_order(document: &Value) -> Vec<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let lacks = |schema: &Value| -> Vec<&str> {
        ORDER.iter().copied().filter(|field| !has(document, schema, field)).collect()
    };
    let best = schemas.into_iter().flat_map(|all| all.values()).map(lacks).min_by_key(Vec::len);
    match best {
        None => vec!["schema of the message `order.v1`".to_owned()],
        Some(fields) => {
            fields.into_iter().map(|f| format!("field `{f}` in the schema of `order.v1`")).collect()
        }
    }
}

/// The operation at `path`, whatever its path parameters are called.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let paths = document.get("paths")?.as_object()?;
    let (_, item) = paths.iter().find(|(known, _)| same_path(known, path))?;
    item.get(method)
}

fn same_path(known: &str, wanted: &str) -> bool {
    let (known, wanted): (Vec<_>, Vec<_>) = (known.split('/').collect(), wanted.split('/').collect());
    let same = |k: &&str, w: &&str| k == w || (*w == "{}" && k.starts_with('{') && k.ends_with('}'));
    known.len() == wanted.len() && known.iter().zip(&wanted).all(|(k, w)| same(k, w))
}

/// Whether `schema` has a property at `path`.
fn has(document: &Value, schema: &Value, path: &str) -> bool {
    let mut level: Vec<&Value> = unfold(document, schema);
    for step in path.split('.') {
        let (name, list) = step.strip_suffix("[]").map_or((step, false), |n| (n, true));
        let properties = level.iter().filter_map(|s| s.get("properties")?.get(name));
        let mut next: Vec<&Value> = properties.flat_map(|p| unfold(document, p)).collect();
        if list {
            next = next.iter().filter_map(|s| s.get("items")).flat_map(|i| unfold(document, i)).collect();
        }
        if next.is_empty() {
            return false;
        }
        level = next;
    }
    true
}

/// A schema with everything it refers to or is put together from.
fn unfold<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut open = vec![schema];
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    while let Some(schema) = open.pop() {
        all.push(schema);
        for key in ["allOf", "oneOf", "anyOf"] {
            open.extend(schema.get(key).and_then(Value::as_array).into_iter().flatten());
        }
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'));
        if let Some(target) = target.filter(|t| seen.insert((*t).to_owned())) {
            open.extend(document.pointer(target));
        }
    }
    all
}
