//! What the operations of the partner API have in common in their description: how a request is signed, and
//! what a refusal looks like (RFC 9457).

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoResponses, Modify, ToSchema};

/// A problem (RFC 9457): the body of every refusal, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `/problems/` and the code.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    pub kind: String,
    /// What sort of refusal it is, in the language asked for by `Accept-Language`.
    pub title: String,
    /// The status code of the answer.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong, in the language asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Stable, for programs: `signature.invalid`, `answer.conflicting`, …
    #[schema(pattern = "^[a-z0-9_]+\\.[a-z0-9_]+$")]
    pub code: String,
    /// Names this one request, to be quoted to whoever runs the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub instance: Option<String>,
    /// The fields at fault, where it is a matter of fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// A field at fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// Its JSON pointer (RFC 6901) behind `#`: `#/lines/0/amount`; `#/` and the name of a parameter of the query.
    pub pointer: String,
    /// Stable, for programs.
    pub code: String,
    /// What is wrong with it.
    pub detail: String,
}

/// Refusals that every operation has, signed or not.
#[derive(Debug, IntoResponses)]
pub enum Refused {
    /// A fault of the node, recorded there. Try again.
    #[response(
        status = 500,
        content_type = "application/problem+json",
        example = json!(problem(500, "web.fault", "Something failed on our side", "The failure is recorded and we will mend it. If it is urgent, call 102."))
    )]
    Fault(ProblemBody),
    /// The node cannot answer at present. Try again after `Retry-After`, or after a minute.
    #[response(
        status = 503,
        content_type = "application/problem+json",
        example = json!(problem(503, "web.unavailable", "The service is not working now", "Do not wait: call your bank and 102."))
    )]
    Unavailable(ProblemBody),
}

/// Refusals that every signed operation has.
#[derive(Debug, IntoResponses)]
pub enum NotSigned {
    /// The request cannot be read: a body that is no JSON or lacks a field, a parameter that is no number.
    #[response(
        status = 400,
        content_type = "application/problem+json",
        example = json!(with_field(problem(400, "web.unreadable", "The data was not accepted", "The request could not be read. Check the fields you filled in."), "#/", "web.unreadable", "missing field `lines` at line 1 column 118"))
    )]
    Unreadable(ProblemBody),
    /// Not signed, or wrongly: no signature, an unknown key, another body or address than was signed, out of date, a nonce used before.
    #[response(
        status = 401,
        content_type = "application/problem+json",
        example = json!(problem(401, "signature.missing", "Sign in first", "The message has no signature with the tag qorgan-v1."))
    )]
    Signature(ProblemBody),
    /// The body is longer than 1 MiB.
    #[response(
        status = 413,
        content_type = "application/problem+json",
        example = json!(problem(413, "web.too_large", "The data was not accepted", "Too much was sent at once. Send it in parts."))
    )]
    TooLarge(ProblemBody),
    /// More than the agreement allows in a minute. Nothing was done; send it again after `Retry-After`.
    #[response(
        status = 429,
        content_type = "application/problem+json",
        example = json!(problem(429, "partner.quota", "Too many tries", "More requests than the agreement allows in a minute. Send it again later: the header Retry-After says when."))
    )]
    Quota(ProblemBody),
    /// The body is of another kind than the operation takes.
    #[response(
        status = 415,
        content_type = "application/problem+json",
        example = json!(problem(415, "web.media_type", "The data was not accepted", "Data in this format is not accepted."))
    )]
    MediaType(ProblemBody),
}

/// Adds to the whole description how requests are signed. OpenAPI knows no scheme for message signatures, so they
/// stand there as the two fields that carry them.
#[derive(Debug)]
pub struct Signatures;

impl Modify for Signatures {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let field = |name: &str, words: &str| {
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, words)))
        };
        let components = api.components.get_or_insert_with(Default::default);
        components.add_security_scheme(
            "signature_input",
            field(
                "Signature-Input",
                "RFC 9421: what is signed and how. `(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\")`, of a GET \
                 `(\"@method\" \"@target-uri\")`, with `created`, `expires` (at most 300 s later), `nonce`, `keyid` and \
                 `tag=\"qorgan-v1\"`. What has a body carries `Content-Digest` with `sha-256` (RFC 9530), too.",
            ),
        );
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some("RFC 6750: the token that `POST /tokens` gives."))
                    .build(),
            ),
        );
        components.add_security_scheme(
            "signature",
            field(
                "Signature",
                "RFC 9421: the Ed25519 signature by the key that `keyid` names. A worked example is in docs/partner-api.",
            ),
        );
    }
}

/// The schema of a text that can only be `word`: the `type` of a message.
#[must_use]
pub fn only(word: &str) -> Object {
    one_of([word])
}

/// The schema of a text that is one of `words`.
#[must_use]
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Object {
    let words: Vec<&str> = words.into_iter().collect();
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
}

/// A problem as an example.
#[must_use]
pub fn problem(status: u16, code: &str, title: &str, detail: &str) -> Value {
    json!({
        "type": format!("/problems/{code}"),
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": "urn:request:0199c2a07b3c7d10a1b2c3d4e5f60723"
    })
}

/// The same with a field at fault.
#[must_use]
pub fn with_field(mut problem: Value, pointer: &str, code: &str, detail: &str) -> Value {
    if let Some(members) = problem.as_object_mut() {
        members.insert("errors".to_owned(), json!([{"pointer": pointer, "code": code, "detail": detail}]));
    }
    problem
}
