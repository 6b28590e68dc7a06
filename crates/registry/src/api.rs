//! What institutions ask before a payment, over HTTP. A question is signed as everything else of theirs (RFC 9421).

use std::sync::Arc;

use ::web::Problem;
use app::App;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use axum::{Extension, Json};
use identifier::Kind;
use kernel::{Actor, Coded as _};
use partner::PartnerError;
use partner::bearer::Asked;
use partner::described::{NotSigned, ProblemBody, Refused, one_of, only};
use profile::ExemptReceipt;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, Object};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::RegistryError;
use crate::live::{Live, Number};
use crate::model::{Advice, Age, Class, Confidence, Reason};
use crate::rules::Verdict;
use crate::service::{self, Answer, MOST_ITEMS, Question, Told};

mod cleared;
mod feed;
mod filters;
mod outcomes;
mod private;
mod reading;

/// Routes of this slice under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(post_check))
        .routes(routes!(outcomes::post_outcomes))
        .routes(routes!(private::get_terms))
        .routes(routes!(private::post_prefix))
        .routes(routes!(private::post_oblivious))
        .routes(routes!(private::post_heaps))
        .routes(routes!(filters::get_filters))
        .routes(routes!(filters::get_whole))
        .routes(routes!(filters::get_changes))
        .routes(routes!(feed::get_addresses))
        .routes(routes!(cleared::get_cleared))
}

/// The question alone, for a router that stands before all others: it is asked before every payment.
pub fn check() -> MethodRouter<App> {
    axum::routing::post(post_check)
}

/// Why an institution asks: a closed list.
const WHY: [&str; 4] = ["payment", "account_opening", "number_sale", "other"];

fn check_schema() -> Object {
    only("check.v1")
}
fn answer_schema() -> Object {
    only("check_answer.v1")
}
fn why_schema() -> Object {
    one_of(WHY)
}
fn kind_schema() -> Object {
    one_of(Kind::ALL.map(Kind::as_str))
}
fn class_schema() -> Object {
    one_of(Class::ALL.iter().map(|w| w.as_str()))
}
fn advice_schema() -> Object {
    one_of(Advice::ALL.iter().map(|w| w.as_str()))
}
fn confidence_schema() -> Object {
    one_of(Confidence::ALL.iter().map(|w| w.as_str()))
}
fn age_schema() -> Object {
    one_of(Age::ALL.iter().map(|w| w.as_str()))
}
fn spared_schema() -> Array {
    ArrayBuilder::new().items(one_of(ExemptReceipt::ALL.iter().map(|w| w.as_str()))).build()
}
fn reasons_schema() -> Array {
    ArrayBuilder::new().items(one_of(Reason::ALL.iter().map(|w| w.as_str()))).build()
}

/// A question about things, `check.v1`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Check {
    /// `check.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = check_schema)]
    kind_of_message: String,
    /// Why it is asked.
    #[schema(schema_with = why_schema)]
    why: String,
    /// The things: 1 to 1,000.
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<Item>,
}

/// One thing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Item {
    /// What sort of thing; without it whatever the value looks like.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = kind_schema)]
    kind: Option<String>,
    /// As it was written: blanks, brackets, dashes and capitals do not matter.
    value: String,
}

/// A word that is there is a word: `null` is none.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    String::deserialize(from).map(Some)
}

/// What is known of the things, in the order of the question.
#[derive(Debug, Serialize, ToSchema)]
struct CheckAnswer {
    /// `check_answer.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = answer_schema)]
    kind_of_message: String,
    /// When (office time).
    #[schema(format = DateTime)]
    at: String,
    /// The number under which the question stands in the record. Not there where the database itself was asked, and the question
    /// was written down with the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9a-f]{32}-[0-9]+$")]
    question: Option<String>,
    /// One for each thing.
    items: Vec<ItemAnswer>,
}

/// What is known of one thing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum ItemAnswer {
    /// It could be read.
    Known(Known),
    /// It could not.
    Unread(Unread),
}

/// What is known of a thing, and what to do.
#[derive(Debug, Serialize, ToSchema)]
struct Known {
    /// `nothing`: nothing is known, which does not say that it is safe. `verified`: an organisation's own. `reported`: it
    /// was reported. `suspect`: an officer has confirmed it. `listed`: as many persons have signed as the law asks.
    #[schema(schema_with = class_schema)]
    class: &'static str,
    /// What to do. `ask_payer` is never a ground to decline.
    #[schema(schema_with = advice_schema)]
    advice: &'static str,
    /// Why.
    #[schema(schema_with = reasons_schema)]
    reasons: Vec<&'static str>,
    /// How much stands behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = confidence_schema)]
    confidence: Option<&'static str>,
    /// How long ago it was last named, roughly.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = age_schema)]
    age: Option<&'static str>,
    /// Receipts that are carried out all the same: the basis of the listing leaves them to the holder.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = spared_schema)]
    spared: Vec<&'static str>,
    /// For how many seconds the answer may be kept. After that ask again: what was cleared is cleared everywhere.
    #[schema(minimum = 1, maximum = 86400)]
    ttl: u32,
}

/// Why a value is none of its kind.
#[derive(Debug, Serialize, ToSchema)]
struct Unread {
    /// Stable, for programs: `identifier.check_digits`, `registry.unread`, …
    #[schema(pattern = "^[a-z0-9_]+\\.[a-z0-9_]+$")]
    error: String,
}

fn known(app: &App, Answer { verdict, spared }: Answer) -> Known {
    let Verdict { class, reasons, confidence, advice, age } = verdict;
    let kept = app.profile.identifiers().kept;
    Known {
        spared: spared.into_iter().map(ExemptReceipt::as_str).collect(),
        class: class.as_str(),
        advice: advice.as_str(),
        reasons: reasons.into_iter().map(Reason::as_str).collect(),
        confidence: confidence.map(Confidence::as_str),
        age: age.map(Age::as_str),
        ttl: if matches!(class, Class::Nothing | Class::Verified) { kept.nothing } else { kept.something },
    }
}

fn answer(app: &App, told: Told) -> ItemAnswer {
    match told {
        Ok(answer) => ItemAnswer::Known(known(app, answer)),
        Err(RegistryError::Value(reason)) => ItemAnswer::Unread(Unread { error: reason.code().to_owned() }),
        Err(other) => ItemAnswer::Unread(Unread { error: other.code().to_owned() }),
    }
}

/// An example of a question, and of its answer.
fn asked() -> Value {
    json!({"type": "check.v1", "why": "payment", "items": [
        {"kind": "iban", "value": "KZ93 8010 0000 0000 0017"}, {"value": "8 701 000 00 01"}, {"value": "KZ00 1"}]})
}
fn told() -> Value {
    json!({"type": "check_answer.v1", "at": "2026-11-23T09:05:00Z", "question": "018f3a5e7b1c7d2e8f90a1b2c3d4e5f6-6", "items": [
        {"class": "suspect", "advice": "ask_and_wait", "reasons": ["paid_to", "reporters", "confirmed"], "confidence": "high", "age": "day", "ttl": 30},
        {"class": "nothing", "advice": "none", "reasons": [], "ttl": 60},
        {"error": "identifier.too_short"}]})
}
fn on_trial() -> Value {
    json!({"type": "/problems/registry.on_trial", "title": "This is not allowed", "status": 403,
        "detail": "Your institution is on trial: nothing real is told to it yet.", "code": "registry.on_trial"})
}
fn too_many() -> Value {
    json!({"type": "/problems/registry.items", "title": "The data was not accepted", "status": 422,
        "detail": "One message takes 1 to 1,000 lines.", "code": "registry.items"})
}

/// Tells what is known of things before a payment is carried out, an account is opened, a number is sold. Never the story,
/// never a name. The question is in the record, with who asked and why.
#[utoipa::path(
    post, path = "/checks", tag = "registry", operation_id = "postCheck",
    request_body(content = Check, description = "`check.v1`", example = json!(asked())),
    responses(
        (status = 200, description = "what is known of each", body = CheckAnswer, example = json!(told())),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 422, description = "nothing is asked about, too much at once, or for no reason that is known", body = ProblemBody,
            content_type = "application/problem+json", example = json!(too_many()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
async fn post_check(
    State(app): State<App>,
    live: Option<Extension<Arc<Live>>>,
    Asked(signed): Asked,
) -> Response {
    let asked = match signed.objects() {
        Ok(reading::Quick(asked)) => asked,
        Err(problem) => return problem.into_response(),
    };
    match ask(&app, live.as_ref().map(|live| live.0.as_ref()), &signed.actor, asked).await {
        Ok((told, number)) => Json(CheckAnswer {
            kind_of_message: "check_answer.v1".to_owned(),
            at: app.office.now().rfc3339(),
            question: number.map(|number| number.to_string()),
            items: told.into_iter().map(|t| answer(&app, t)).collect(),
        })
        .into_response(),
        Err(error) => refused(&error).into_response(),
    }
}

/// The refusal; of a quota, with the time after which it is worth asking again.
fn refused(error: &RegistryError) -> Problem {
    let problem = Problem::json(error);
    match error {
        RegistryError::Partner(PartnerError::Quota(full)) => problem.retry_after(full.retry_after_secs),
        _ => problem,
    }
}

async fn ask(
    app: &App,
    live: Option<&Live>,
    actor: &Actor,
    asked: Check,
) -> Result<(Vec<Told>, Option<Number>), RegistryError> {
    if asked.kind_of_message != "check.v1" || !WHY.contains(&asked.why.as_str()) {
        return Err(RegistryError::Why);
    }
    if asked.items.len() > MOST_ITEMS {
        return Err(RegistryError::Items);
    }
    let all = asked.items.into_iter().map(question).collect::<Result<Vec<_>, _>>()?;
    if let Some(live) = live {
        live.roster().admit(app, actor, all.len())?;
    }
    match live.filter(|live| live.is_current(&app.wall)) {
        Some(live) => {
            let (told, number) = service::check_live(app, live, actor, all, &asked.why).await?;
            Ok((told, Some(number)))
        }
        None => Ok((service::check(app, actor, all, &asked.why).await?, None)),
    }
}

fn question(item: Item) -> Result<Question, RegistryError> {
    let kind = item.kind.as_deref().map(|word| Kind::parse(word).ok_or(RegistryError::Why)).transpose()?;
    Ok(Question { kind, value: item.value })
}
