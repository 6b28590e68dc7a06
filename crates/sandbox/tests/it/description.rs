//! A published description that has exactly what is needed, and the check against it.

use sandbox::wire::openapi::{NEEDS, ORDER, missing};
use serde_json::{Value, json};

/// A description that has exactly what is needed.
pub fn sufficient() -> Value {
    let mut document =
        json!({"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"Order": schema(ORDER)}}});
    for need in NEEDS {
        let path = need.path.replace("{}", "{order_id}");
        document["paths"][path][need.method] = json!({
            "requestBody": {"content": {"application/json": {"schema": schema(need.request)}}},
            "responses": {"200": {"content": {"application/json": {"schema": schema(need.response)}}}},
        });
    }
    document
}

fn schema(fields: &[&str]) -> Value {
    let mut root = json!({"type": "object"});
    for field in fields {
        let mut at = &mut root;
        for step in field.split('.') {
            let (name, list) = step.strip_suffix("[]").map_or((step, false), |n| (n, true));
            at = &mut at["properties"][name];
            if list {
                at = &mut at["items"];
            }
            if at.is_null() {
                *at = json!({"description": "x"});
            }
        }
    }
    root
}

#[test]
fn a_sufficient_description_is_taken() {
    assert_eq!(missing(&sufficient()), Vec::<String>::new());
}

#[test]
fn what_is_missing_is_named() {
    let mut document = sufficient();
    document["paths"].as_object_mut().unwrap().remove("/api/v1/inbox");
    let answers = &mut document["paths"]["/api/v1/orders/{order_id}/answers"]["post"];
    let lines = &mut answers["requestBody"]["content"]["application/json"]["schema"]["properties"]["lines"];
    lines["items"]["properties"].as_object_mut().unwrap().remove("terminal");
    assert_eq!(
        missing(&document),
        [
            "operation `GET /api/v1/inbox`",
            "field `lines[].terminal` in the request of `POST /api/v1/orders/{}/answers`"
        ]
    );
    assert!(missing(&json!({})).len() >= NEEDS.len());
}

#[test]
fn references_are_followed_and_loops_end() {
    let mut document = sufficient();
    let at = "/paths/~1api~1v1~1reports/post/requestBody/content/application~1json/schema";
    let body = document.pointer_mut(at).unwrap().take();
    let refers = json!({"$ref": "#/components/schemas/Report"});
    document["components"]["schemas"]["Report"] = json!({"allOf": [body, refers]});
    *document.pointer_mut(at).unwrap() = refers;
    assert_eq!(missing(&document), Vec::<String>::new());
}
