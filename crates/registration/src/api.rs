//! `POST /api/v1/registrations/{hand_over_id}/answers`: the institution that keeps a register says under which number it
//! took a matter, or why it does not take the file.

use app::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use partner::api::Signed;
use partner::described::{NotSigned, ProblemBody, Refused};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Problem;

use crate::error::RegistrationError;
use crate::examples;
use crate::export::RegistrationAnswer;
use crate::model::HandOverId;
use crate::service;

/// Routes of this slice under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(post_answer))
}

/// Where the matter stands after the answer.
#[derive(Debug, Serialize, ToSchema)]
struct RegistrationRecorded {
    /// `registered`, or `waiting` after a refusal.
    state: String,
}

/// Takes a register's answer to a file that it was handed. The same answer again is answered as before.
#[utoipa::path(
    post, path = "/registrations/{hand_over_id}/answers", tag = "registers", operation_id = "postRegistrationAnswer",
    request_body(content = RegistrationAnswer, description = "`registration_receipt.v1` or `registration_refusal.v1`", examples(
        ("receipt" = (summary = "The matter has a number", value = json!(examples::receipt()))),
        ("refusal" = (summary = "The file cannot be taken as it is", value = json!(examples::refusal())))
    )),
    params(("hand_over_id" = String, Path, description = "`hov_…`", pattern = "^hov_[0-9a-f]{32}$", example = json!(examples::HAND_OVER))),
    responses(
        (status = 200, description = "taken, now or before", body = RegistrationRecorded, example = json!({"state": "registered"})),
        NotSigned, Refused,
        (status = 404, description = "no such hand-over for this institution", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::not_found())),
        (status = 409, description = "it was registered under another number, or the number stands for another matter", body = ProblemBody,
            content_type = "application/problem+json", example = json!(examples::taken())),
        (status = 422, description = "a number or time that cannot be right", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::number()))
    ),
    security(("signature_input" = [], "signature" = []))
)]
async fn post_answer(State(app): State<App>, Path(id): Path<String>, signed: Signed) -> Response {
    let said: RegistrationAnswer = match signed.json() {
        Ok(said) => said,
        Err(problem) => return problem.into_response(),
    };
    let not_found = || Problem::json(&RegistrationError::NotFound).into_response();
    let Ok(hand_over) = id.parse::<HandOverId>() else { return not_found() };
    if said.hand_over_id() != id {
        return not_found();
    }
    match service::answer(&app, &signed.actor, hand_over, said).await {
        Ok(matter) => Json(RegistrationRecorded { state: matter.state.as_str().to_owned() }).into_response(),
        Err(error) => Problem::json(&error).into_response(),
    }
}
