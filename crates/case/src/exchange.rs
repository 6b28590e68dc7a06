//! What a body outside is told of a case that is referred to it, and what it answers: `referral.v1`, `referral_withdrawn.v1` and
//! `referral_answer.v1`, as `docs/partner-api` has them. Nothing else of the case goes out.

use std::collections::BTreeMap;

use app::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use partner::api::Signed;
use partner::described::{NotSigned, ProblemBody, Refused, problem};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Problem;

use crate::model::ReferralId;
use crate::service;

/// Name and version of what is sent.
pub const REFERRAL: &str = "referral.v1";
/// The same of a referral that was taken back.
pub const WITHDRAWN: &str = "referral_withdrawn.v1";

/// `referral.v1`: a case that is the body's matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReferralFile {
    /// `referral.v1`.
    #[serde(rename = "type")]
    #[schema(pattern = "^referral\\.v1$")]
    pub kind_of_message: String,
    /// `rfr_…`, the same at every repetition.
    #[schema(pattern = "^rfr_[0-9a-f]{32}$")]
    pub referral_id: String,
    /// 32 random hexadecimal digits, so that a hash of the message tells nothing of what it says.
    pub salt: String,
    /// When it was referred, RFC 3339.
    #[schema(format = DateTime)]
    pub sent_at: String,
    /// Code of the organisation that refers.
    pub organisation: String,
    /// Code of the body, `afm`.
    pub body: String,
    /// Number of the case.
    pub case_number: String,
    /// On what ground it is the body's.
    pub ground: String,
    /// By when it is to be accepted or returned, RFC 3339.
    #[schema(format = DateTime)]
    pub due_at: String,
    /// Offences that are named in it.
    pub articles: Vec<ReferredArticle>,
    /// Numbers of its reports.
    pub reports: Vec<String>,
}

/// An offence of a case that is referred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReferredArticle {
    /// Code of the offence, `cc-190`.
    pub code: String,
    /// Number and heading by language.
    pub text: BTreeMap<String, String>,
}

/// `referral_withdrawn.v1`: the referral was taken back before it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReferralWithdrawn {
    /// `referral_withdrawn.v1`.
    #[serde(rename = "type")]
    #[schema(pattern = "^referral_withdrawn\\.v1$")]
    pub kind_of_message: String,
    /// `rfr_…`.
    #[schema(pattern = "^rfr_[0-9a-f]{32}$")]
    pub referral_id: String,
    /// Number of the case.
    pub case_number: String,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    pub at: String,
}

/// `referral_answer.v1`, in the signed body of the response or later by a request of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReferralAnswer {
    /// `referral_answer.v1`.
    #[serde(rename = "type")]
    #[schema(pattern = "^referral_answer\\.v1$")]
    pub kind_of_message: String,
    /// `rfr_…`.
    #[schema(pattern = "^rfr_[0-9a-f]{32}$")]
    pub referral_id: String,
    /// Whether the body takes it.
    pub outcome: ReferralOutcome,
    /// The body's own number, at most 60 characters; may be empty.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub number: String,
    /// Why, at most 500 characters; of a return there must be one.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: String,
}

/// What a body says to a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferralOutcome {
    /// It takes the case.
    Accepted,
    /// It returns it.
    Returned,
}

/// Routes for bodies under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(post_answer))
}

/// Where the referral stands after the answer.
#[derive(Debug, Serialize, ToSchema)]
struct ReferralRecorded {
    /// `accepted` or `returned`.
    state: String,
}

/// The referral of the examples.
const EXAMPLE: &str = "rfr_0199c2a07b3c7d10a1b2c3d4e5f60740";

fn accepted() -> Value {
    json!({"type": "referral_answer.v1", "referral_id": EXAMPLE, "outcome": "accepted", "number": "ФМ-2026/311", "reason": ""})
}

fn returned() -> Value {
    json!({"type": "referral_answer.v1", "referral_id": EXAMPLE, "outcome": "returned", "number": "",
        "reason": "Қаржы пирамидасының белгілері жоқ"})
}

fn not_found() -> Value {
    let words = "This page does not exist or is not open to you. Check the link.";
    problem(404, "web.not_found", "Page not found", words)
}

fn settled() -> Value {
    let words = "This waits no more: load the page again.";
    problem(409, "case.settled", "It has changed meanwhile", words)
}

fn field() -> Value {
    problem(422, "case.field", "The data was not accepted", "Check the fields you filled in.")
}

/// Takes a body's answer to a case that was referred to it. The same answer again is answered as before.
#[utoipa::path(
    post, path = "/referrals/{referral_id}/answers", tag = "referrals", operation_id = "postReferralAnswer",
    request_body(content = ReferralAnswer, description = "`referral_answer.v1`", examples(
        ("accepted" = (summary = "The body takes the case", value = json!(accepted()))),
        ("returned" = (summary = "It is not the body's matter", value = json!(returned())))
    )),
    params(("referral_id" = String, Path, description = "`rfr_…`", pattern = "^rfr_[0-9a-f]{32}$", example = json!(EXAMPLE))),
    responses(
        (status = 200, description = "taken, now or before", body = ReferralRecorded, example = json!({"state": "accepted"})),
        NotSigned, Refused,
        (status = 404, description = "no such referral to this institution", body = ProblemBody, content_type = "application/problem+json",
            example = json!(not_found())),
        (status = 409, description = "it was answered otherwise, or taken back", body = ProblemBody, content_type = "application/problem+json",
            example = json!(settled())),
        (status = 422, description = "a return without a reason; a number or reason that is too long", body = ProblemBody,
            content_type = "application/problem+json", example = json!(field()))
    ),
    security(("signature_input" = [], "signature" = []))
)]
async fn post_answer(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Response {
    let said: ReferralAnswer = match signed.json() {
        Ok(said) => said,
        Err(problem) => return problem.into_response(),
    };
    let Some(id) = id.parse::<ReferralId>().ok().filter(|id| id.to_string() == said.referral_id) else {
        return Problem::not_found().into_response();
    };
    match service::hear_body(&app, &signed.actor, id, said).await {
        Ok(state) => Json(ReferralRecorded { state: state.as_str().to_owned() }).into_response(),
        Err(error) => Problem::json(&error).into_response(),
    }
}
