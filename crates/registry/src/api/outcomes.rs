//! What institutions say became of payments about which they had asked.

use std::sync::Arc;

use app::App;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use kernel::{Actor, Coded as _, Money, Timestamp};
use partner::bearer::Asked;
use partner::described::{NotSigned, ProblemBody, Refused, one_of, only};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

use super::{Item, on_trial, question, refused, too_many};
use crate::error::RegistryError;
use crate::live::{self, Live};
use crate::model::Outcome;
use crate::service::{self, Became, MOST_ITEMS};

fn outcomes_schema() -> Object {
    only("outcomes.v1")
}
fn answer_schema() -> Object {
    only("outcomes_answer.v1")
}
fn outcome_schema() -> Object {
    one_of(Outcome::ALL.iter().map(|w| w.as_str()))
}

/// What became of payments, `outcomes.v1`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcomes {
    /// `outcomes.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = outcomes_schema)]
    kind_of_message: String,
    /// The payments: 1 to 1,000.
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<Ended>,
}

/// How much: decimal text and currency.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = OutcomeAmount)]
#[serde(deny_unknown_fields)]
struct Amount {
    /// Decimal text with a point, more than nothing.
    #[schema(pattern = "^[0-9]{1,20}(\\.[0-9]{1,9})?$")]
    amount: String,
    /// Currency code.
    #[schema(pattern = "^[A-Z0-9]{3,8}$")]
    currency: String,
}

/// What became of one payment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ended {
    /// Your own key of the payment. Told again, it takes the place of what was told before.
    #[schema(min_length = 1, max_length = 64)]
    payment: String,
    /// Whatever stands for the payer with you, the same each time: several attempts of one person count once. A random word
    /// is best; it is kept as a keyed hash.
    #[schema(min_length = 1, max_length = 64)]
    payer: String,
    /// What it was to go to, as you asked about it.
    to: Item,
    /// How much.
    amount: Amount,
    /// `declined`: you did not carry it out. `given_up`: the payer was asked and gave it up. `carried_out`: it was carried
    /// out all the same. `mistaken`: it was stopped, and turned out to be honest.
    #[schema(schema_with = outcome_schema)]
    outcome: String,
    /// When, at most 30 days back.
    #[schema(format = DateTime)]
    at: String,
}

/// Which of them count, in the order in which they were told.
#[derive(Debug, Serialize, ToSchema)]
struct OutcomesAnswer {
    /// `outcomes_answer.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = answer_schema)]
    kind_of_message: String,
    /// One for each payment.
    items: Vec<Counted>,
}

/// Whether one of them counts.
#[derive(Debug, Serialize, ToSchema)]
struct Counted {
    /// Whether it counts.
    counted: bool,
    /// Why it does not. Stable, for programs: `registry.not_told`, `registry.amount`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[a-z0-9_]+\\.[a-z0-9_]+$")]
    error: Option<String>,
}

/// An example of what is told, and of its answer.
fn told() -> Value {
    let payment = |payment: &str, payer: &str, value: &str, outcome: &str| {
        json!({"payment": payment, "payer": payer, "to": {"kind": "iban", "value": value},
            "amount": {"amount": "250000.00", "currency": "KZT"}, "outcome": outcome, "at": "2026-11-23T09:06:00Z"})
    };
    json!({"type": "outcomes.v1", "items": [
        payment("2026-11-23/000018", "9b02e4", "KZ66 8010 0000 0000 0018", "declined"),
        payment("2026-11-23/000017", "c7f3a1", "KZ93 8010 0000 0000 0017", "given_up")]})
}
fn counted() -> Value {
    json!({"type": "outcomes_answer.v1", "items": [{"counted": false, "error": "registry.not_told"}, {"counted": true}]})
}

/// Takes what became of payments about which you had asked: what your clients kept because of it, and which honest payments were
/// stopped by mistake. A mistake brings the entry before a person.
#[utoipa::path(
    post, path = "/checks/outcomes", tag = "registry", operation_id = "postOutcomes",
    request_body(content = Outcomes, description = "`outcomes.v1`", example = json!(told())),
    responses(
        (status = 200, description = "which of them count", body = OutcomesAnswer, example = json!(counted())),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 422, description = "nothing is told, too much at once, or in no words that are known", body = ProblemBody,
            content_type = "application/problem+json", example = json!(too_many()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn post_outcomes(
    State(app): State<App>,
    live: Option<Extension<Arc<Live>>>,
    Asked(signed): Asked,
) -> Response {
    let told: Outcomes = match signed.json() {
        Ok(told) => told,
        Err(problem) => return problem.into_response(),
    };
    match take(&app, live.as_ref().map(|live| &live.0), &signed.actor, told).await {
        Ok(items) => {
            Json(OutcomesAnswer { kind_of_message: "outcomes_answer.v1".to_owned(), items }).into_response()
        }
        Err(error) => refused(&error).into_response(),
    }
}

async fn take(
    app: &App,
    live: Option<&Arc<Live>>,
    actor: &Actor,
    told: Outcomes,
) -> Result<Vec<Counted>, RegistryError> {
    if told.kind_of_message != "outcomes.v1" {
        return Err(RegistryError::Why);
    }
    if told.items.is_empty() || told.items.len() > MOST_ITEMS {
        return Err(RegistryError::Items);
    }
    let read: Vec<Result<Became, RegistryError>> =
        told.items.into_iter().map(|e| became(app, e)).collect::<Result<_, _>>()?;
    if let Some(live) = live {
        live.roster().admit(app, actor, read.len())?;
        // What was told a moment ago is written down first, or it would not count.
        live::flush(app, live).await?;
    }
    let (mut right, mut answers) = (Vec::new(), Vec::with_capacity(read.len()));
    for outcome in read {
        match outcome {
            Ok(became) => {
                right.push(became);
                answers.push(None);
            }
            Err(error) => answers.push(Some(error)),
        }
    }
    let mut taken = match right.is_empty() {
        true => Vec::new(),
        false => service::became(app, actor, right).await?,
    }
    .into_iter();
    let counted = answers.into_iter().map(|wrong| {
        let error = wrong.or_else(|| taken.next().and_then(Result::err));
        Counted { counted: error.is_none(), error: error.map(|e| code(&e).to_owned()) }
    });
    Ok(counted.collect())
}

/// Of a value that is none of its kind, what is wrong with it.
fn code(error: &RegistryError) -> &'static str {
    match error {
        RegistryError::Value(reason) => reason.code(),
        other => other.code(),
    }
}

/// Whether an amount has the form that the description gives it.
fn is_amount(told: &Amount) -> bool {
    let digits =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = told.amount.split_once('.').unwrap_or((&told.amount, "0"));
    let code = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    digits(whole, 20)
        && digits(part, 9)
        && (3..=8).contains(&told.currency.len())
        && told.currency.bytes().all(code)
}

/// One payment as it is told. What breaks the form refuses the whole message; what cannot be so is an error of its own.
fn became(app: &App, told: Ended) -> Result<Result<Became, RegistryError>, RegistryError> {
    let key = |text: &str| (1..=64).contains(&text.chars().count());
    if !key(&told.payment) || !key(&told.payer) {
        return Err(RegistryError::Key);
    }
    if !is_amount(&told.amount) {
        return Err(RegistryError::Amount);
    }
    let outcome = Outcome::parse(&told.outcome).ok_or(RegistryError::Why)?;
    let at = Timestamp::parse_rfc3339(&told.at).ok_or(RegistryError::Time)?;
    let to = question(told.to)?;
    let asset = app.profile.asset(&told.amount.currency);
    let Some(amount) = asset.and_then(|asset| Money::from_decimal(&told.amount.amount, asset).ok()) else {
        return Ok(Err(RegistryError::Amount));
    };
    Ok(Ok(Became { payment: told.payment, payer: told.payer, to, amount, outcome, at }))
}
