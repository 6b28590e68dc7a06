//! Asking without naming what is asked about, over HTTP.

use std::sync::Arc;

use app::App;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use kernel::Actor;
use partner::bearer::Asked;
use partner::described::{NotSigned, ProblemBody, Refused, only};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

use super::{Known, WHY, known, on_trial, refused, why_schema};
use crate::error::RegistryError;
use crate::live::{Live, Number};
use crate::service::private::{self, HEAP_COUNTS, POINT_COUNTS};

/// Bytes to which what is sealed is filled up, so that its length tells nothing.
const FILLED: usize = 256;

fn terms_schema() -> Object {
    only("private_terms.v1")
}
fn suite_schema() -> Object {
    only("ristretto255-SHA512")
}
fn prefix_schema() -> Object {
    only("prefix_check.v1")
}
fn prefix_answer_schema() -> Object {
    only("prefix_answer.v1")
}
fn oblivious_schema() -> Object {
    only("oblivious_check.v1")
}
fn oblivious_answer_schema() -> Object {
    only("oblivious_answer.v1")
}
fn heap_schema() -> Object {
    only("heap_check.v1")
}
fn heap_answer_schema() -> Object {
    only("heap_answer.v1")
}

/// How things are asked about without being named.
#[derive(Debug, Serialize, ToSchema)]
struct PrivateTerms {
    /// `private_terms.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = terms_schema)]
    kind_of_message: String,
    /// The suite of RFC 9497, in verifiable mode.
    #[schema(schema_with = suite_schema)]
    suite: String,
    /// The public key with which every answer is proved, 32 bytes. It is everybody's: compare it with what other institutions got.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    public_key: String,
}

/// Asks by the beginning of a hash, `prefix_check.v1`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PrefixCheck {
    /// `prefix_check.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = prefix_schema)]
    kind_of_message: String,
    /// Why it is asked.
    #[schema(schema_with = why_schema)]
    why: String,
    /// 1 to 100 beginnings of open hashes: two bytes each.
    #[schema(min_items = 1, max_items = 100, value_type = Vec<Prefix>)]
    prefixes: Vec<String>,
}

/// Two bytes, hexadecimal.
#[derive(ToSchema)]
#[schema(pattern = "^[0-9a-f]{4}$")]
#[expect(dead_code, reason = "it describes a text")]
struct Prefix(String);

/// A point of ristretto255, 32 bytes, hexadecimal.
#[derive(ToSchema)]
#[schema(pattern = "^[0-9a-f]{64}$")]
#[expect(dead_code, reason = "it describes a text")]
struct Point(String);

/// Whatever is known that begins so, in the order of the question.
#[derive(Debug, Serialize, ToSchema)]
struct PrefixAnswer {
    /// `prefix_answer.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = prefix_answer_schema)]
    kind_of_message: String,
    /// When (office time).
    #[schema(format = DateTime)]
    at: String,
    /// The number under which the question stands in the record.
    #[schema(pattern = "^[0-9a-f]{32}-[0-9]+$")]
    question: String,
    /// One list for each prefix.
    items: Vec<Vec<Hidden>>,
}

/// Something that is known, named by the rest of its hash.
#[derive(Debug, Serialize, ToSchema)]
struct Hidden {
    /// The fourteen bytes after the prefix.
    #[schema(pattern = "^[0-9a-f]{28}$")]
    rest: String,
    /// What is known of it.
    known: Known,
}

/// Asks with a blinding over what is asked about, `oblivious_check.v1`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ObliviousCheck {
    /// `oblivious_check.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = oblivious_schema)]
    kind_of_message: String,
    /// Why it is asked.
    #[schema(schema_with = why_schema)]
    why: String,
    /// 1 to 100 blinded points.
    #[schema(min_items = 1, max_items = 100, value_type = Vec<Point>)]
    points: Vec<String>,
}

/// The points with the office's key in them.
#[derive(Debug, Serialize, ToSchema)]
struct ObliviousAnswer {
    /// `oblivious_answer.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = oblivious_answer_schema)]
    kind_of_message: String,
    /// The number under which the question stands in the record.
    #[schema(pattern = "^[0-9a-f]{32}-[0-9]+$")]
    question: String,
    /// One for each, in the order of the question.
    #[schema(value_type = Vec<Point>)]
    points: Vec<String>,
    /// That the office's key is in all of them (RFC 9497, 2.2): challenge and response, 64 bytes.
    #[schema(pattern = "^[0-9a-f]{128}$")]
    proof: String,
}

/// Asks for everything whose mark begins so, `heap_check.v1`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HeapCheck {
    /// `heap_check.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = heap_schema)]
    kind_of_message: String,
    /// Why it is asked.
    #[schema(schema_with = why_schema)]
    why: String,
    /// 1 to 100 beginnings of marks: two bytes each.
    #[schema(min_items = 1, max_items = 100, value_type = Vec<Prefix>)]
    heaps: Vec<String>,
}

/// Everything that lies in the heaps, in the order of the question.
#[derive(Debug, Serialize, ToSchema)]
struct HeapAnswer {
    /// `heap_answer.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = heap_answer_schema)]
    kind_of_message: String,
    /// The number under which the question stands in the record.
    #[schema(pattern = "^[0-9a-f]{32}-[0-9]+$")]
    question: String,
    /// One list for each heap.
    items: Vec<Vec<Sealed>>,
}

/// Something that is known, sealed under its own mark.
#[derive(Debug, Serialize, ToSchema)]
struct Sealed {
    /// By what you find your own.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    tag: String,
    /// What is told: nonce (12 bytes), then ChaCha20-Poly1305 (RFC 8439) over an answer as of `POST /checks`, with blanks behind it.
    #[schema(pattern = "^[0-9a-f]{568,}$")]
    told: String,
}

fn terms_example() -> Value {
    json!({"type": "private_terms.v1", "suite": "ristretto255-SHA512",
        "public_key": "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"})
}
fn prefix_example() -> Value {
    json!({"type": "prefix_check.v1", "why": "payment", "prefixes": ["0a1b"]})
}
fn prefix_answer_example() -> Value {
    json!({"type": "prefix_answer.v1", "at": "2026-11-23T09:05:00Z", "question": "018f3a5e7b1c7d2e8f90a1b2c3d4e5f6-7", "items": [[
        {"rest": "5f2c9e1b4a7d8036c1e2f3a4b5c6", "known": {"class": "suspect", "advice": "ask_and_wait",
            "reasons": ["named", "confirmed"], "confidence": "high", "age": "day", "ttl": 30}}]]})
}
fn oblivious_example() -> Value {
    json!({"type": "oblivious_check.v1", "why": "payment",
        "points": ["e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"]})
}
fn oblivious_answer_example() -> Value {
    json!({"type": "oblivious_answer.v1", "question": "018f3a5e7b1c7d2e8f90a1b2c3d4e5f6-8",
        "points": ["6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919"], "proof": "1f".repeat(64)})
}
fn heap_example() -> Value {
    json!({"type": "heap_check.v1", "why": "payment", "heaps": ["0a1b"]})
}
fn heap_answer_example() -> Value {
    json!({"type": "heap_answer.v1", "question": "018f3a5e7b1c7d2e8f90a1b2c3d4e5f6-9",
        "items": [[{"tag": "5f2c9e1b4a7d8036c1e2f3a4b5c6d7e8", "told": "ab".repeat(284)}]]})
}

fn too_many() -> Value {
    json!({"type": "/problems/registry.private_items", "title": "The data was not accepted", "status": 422,
        "detail": "Without names 1 to 100 things are asked about at once.", "code": "registry.private_items"})
}

/// The copy in memory: without it nothing can be asked so.
fn copy(live: Option<Extension<Arc<Live>>>) -> Result<Arc<Live>, RegistryError> {
    live.map(|live| live.0).ok_or(RegistryError::Busy)
}

/// Judges what every such message has: its type, its reason, how many it asks about, and the quota.
fn admitted(
    app: &App,
    live: &Live,
    actor: &Actor,
    (found, expected): (&str, &str),
    why: &str,
    (asked, counts): (usize, usize),
) -> Result<(), RegistryError> {
    if found != expected || !WHY.contains(&why) {
        return Err(RegistryError::Why);
    }
    private::ready(app, live, actor, asked)?;
    Ok(live.roster().admit(app, actor, asked.saturating_mul(counts))?)
}

/// Hexadecimal in small letters, as the description says.
fn bytes<const N: usize>(all: &[String]) -> Result<Vec<[u8; N]>, RegistryError> {
    let one = |text: &String| {
        let mut bytes = [0; N];
        let small = !text.bytes().any(|b| b.is_ascii_uppercase());
        let read = hex::decode_to_slice(text, &mut bytes).is_ok();
        if small && read { Ok(bytes) } else { Err(RegistryError::Point) }
    };
    all.iter().map(one).collect()
}

/// How to ask without naming.
#[utoipa::path(
    get, path = "/checks/private", tag = "registry", operation_id = "getPrivateTerms",
    responses((status = 200, description = "suite and key", body = PrivateTerms, example = json!(terms_example())), Refused)
)]
pub(super) async fn get_terms(State(app): State<App>) -> Response {
    let office =
        if app.profile.identifiers().private { private::office(&app) } else { Err(RegistryError::NotFound) };
    match office {
        Ok(office) => Json(PrivateTerms {
            kind_of_message: "private_terms.v1".to_owned(),
            suite: "ristretto255-SHA512".to_owned(),
            public_key: hex::encode(office.public_key()),
        })
        .into_response(),
        Err(error) => refused(&error).into_response(),
    }
}

/// Tells everything whose open hash begins with two bytes: you find your own among it, and the office does not learn which was
/// meant. Of telephones, addresses and wallets; accounts are too few for a beginning to hide them: ask about those obliviously.
#[utoipa::path(
    post, path = "/checks/prefix", tag = "registry", operation_id = "postPrefixCheck",
    request_body(content = PrefixCheck, description = "`prefix_check.v1`", example = json!(prefix_example())),
    responses(
        (status = 200, description = "whatever begins so", body = PrefixAnswer, example = json!(prefix_answer_example())),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 422, description = "no prefix, or too many", body = ProblemBody,
            content_type = "application/problem+json", example = json!(too_many()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn post_prefix(
    State(app): State<App>,
    live: Option<Extension<Arc<Live>>>,
    Asked(signed): Asked,
) -> Response {
    let asked: PrefixCheck = match signed.json() {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    match by_prefix(&app, live, &signed.actor, asked).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refused(&error).into_response(),
    }
}

async fn by_prefix(
    app: &App,
    live: Option<Extension<Arc<Live>>>,
    actor: &Actor,
    asked: PrefixCheck,
) -> Result<PrefixAnswer, RegistryError> {
    let live = copy(live)?;
    let message = (asked.kind_of_message.as_str(), "prefix_check.v1");
    let prefixes = bytes(&asked.prefixes)?;
    admitted(app, &live, actor, message, &asked.why, (prefixes.len(), HEAP_COUNTS))?;
    let (heaps, number) = private::by_prefix(app, &live, actor, &prefixes, &asked.why).await?;
    let hidden = |(open, answer): (filter::OpenHash, _)| {
        let rest = open.as_bytes().get(crate::live::PREFIX..).map(hex::encode).unwrap_or_default();
        Hidden { rest, known: known(app, answer) }
    };
    Ok(PrefixAnswer {
        kind_of_message: "prefix_answer.v1".to_owned(),
        at: app.office.now().rfc3339(),
        question: number.to_string(),
        items: heaps.into_iter().map(|heap| heap.into_iter().map(hidden).collect()).collect(),
    })
}

/// Works the office's key into points that you have blinded (RFC 9497): with it you make the mark of a thing, and the office does not
/// learn which thing it was.
#[utoipa::path(
    post, path = "/checks/oblivious", tag = "registry", operation_id = "postObliviousCheck",
    request_body(content = ObliviousCheck, description = "`oblivious_check.v1`", example = json!(oblivious_example())),
    responses(
        (status = 200, description = "the points and their proof", body = ObliviousAnswer,
            example = json!(oblivious_answer_example())),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 422, description = "no point, too many, or one that is none", body = ProblemBody,
            content_type = "application/problem+json", example = json!(too_many()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn post_oblivious(
    State(app): State<App>,
    live: Option<Extension<Arc<Live>>>,
    Asked(signed): Asked,
) -> Response {
    let asked: ObliviousCheck = match signed.json() {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    match evaluated(&app, live, &signed.actor, asked).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refused(&error).into_response(),
    }
}

async fn evaluated(
    app: &App,
    live: Option<Extension<Arc<Live>>>,
    actor: &Actor,
    asked: ObliviousCheck,
) -> Result<ObliviousAnswer, RegistryError> {
    let live = copy(live)?;
    let message = (asked.kind_of_message.as_str(), "oblivious_check.v1");
    let points = bytes(&asked.points)?;
    admitted(app, &live, actor, message, &asked.why, (points.len(), POINT_COUNTS))?;
    let (answered, number) = private::evaluate(app, &live, actor, points, &asked.why).await?;
    Ok(ObliviousAnswer {
        kind_of_message: "oblivious_answer.v1".to_owned(),
        question: number.to_string(),
        points: answered.points.iter().map(hex::encode).collect(),
        proof: hex::encode(answered.proof),
    })
}

/// Gives everything whose mark begins with two bytes, each sealed under its own mark: you open the one that you asked about, and
/// nobody opens the others.
#[utoipa::path(
    post, path = "/checks/heaps", tag = "registry", operation_id = "postHeapCheck",
    request_body(content = HeapCheck, description = "`heap_check.v1`", example = json!(heap_example())),
    responses(
        (status = 200, description = "whatever lies in the heaps", body = HeapAnswer, example = json!(heap_answer_example())),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 422, description = "no heap, or too many", body = ProblemBody,
            content_type = "application/problem+json", example = json!(too_many()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn post_heaps(
    State(app): State<App>,
    live: Option<Extension<Arc<Live>>>,
    Asked(signed): Asked,
) -> Response {
    let asked: HeapCheck = match signed.json() {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    match by_mark(&app, live, &signed.actor, asked).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refused(&error).into_response(),
    }
}

async fn by_mark(
    app: &App,
    live: Option<Extension<Arc<Live>>>,
    actor: &Actor,
    asked: HeapCheck,
) -> Result<HeapAnswer, RegistryError> {
    let live = copy(live)?;
    let message = (asked.kind_of_message.as_str(), "heap_check.v1");
    let prefixes = bytes(&asked.heaps)?;
    admitted(app, &live, actor, message, &asked.why, (prefixes.len(), HEAP_COUNTS))?;
    let (heaps, number): (_, Number) = private::by_mark(app, &live, actor, &prefixes, &asked.why).await?;
    let me = app.clone();
    let sealed = move |(mark, answer): (oprf::Mark, _)| {
        let mut told = serde_json::to_vec(&known(&me, answer)).ok()?;
        let filled = told.len().next_multiple_of(FILLED);
        told.resize(filled, b' ');
        let told = mark.seal(&told, me.entropy.bytes())?;
        Some(Sealed { tag: hex::encode(mark.tag()), told: hex::encode(told) })
    };
    // Heaps of a large registry are milliseconds of work, which must not hold up whoever asks about a payment.
    let items = tokio::task::spawn_blocking(move || {
        heaps.into_iter().map(|heap| heap.into_iter().filter_map(&sealed).collect()).collect()
    });
    Ok(HeapAnswer {
        kind_of_message: "heap_answer.v1".to_owned(),
        question: number.to_string(),
        items: items.await.map_err(|_| RegistryError::Busy)?,
    })
}
