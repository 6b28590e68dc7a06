//! The time line of a case.

use access::Reads;
use app::App;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use kernel::Timestamp;
use partner::api::unreadable;
use partner::described::Refused;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use web::{Ctx, Problem};

use super::shapes::{CaseWho, at, who};
use super::{NotRead, answered};
use crate::error::CaseError;
use crate::model::{Moment, MomentKind};
use crate::service;
use crate::web::Banks;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_case_time))
}

/// A page of a time line.
#[derive(Debug, Serialize, ToSchema)]
struct CaseTimeLine {
    /// Number of the case.
    number: String,
    /// Moments, the newest first.
    moments: Vec<CaseMoment>,
    /// Where earlier ones begin, for `before`; left out at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<String>,
}

/// A moment.
#[derive(Debug, Serialize, ToSchema)]
struct CaseMoment {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    id: Uuid,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// `case`, `task`, `person`, `decision`, `report`, `order`, `register`, `hand`.
    kind: &'static str,
    /// Stable, for programs: `case.opened`, `order.sent`, …
    act: String,
    /// A number or a code that belongs to it, or which task or member of the team it is about.
    about: String,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<CaseWho>,
    /// The sentence of the page, in the language asked for; of what was added by hand its words.
    text: String,
}

/// Which part of a time line.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TimeQuery {
    /// One kind of moments alone.
    #[param(required = false, example = "order")]
    kind: String,
    /// `earlier` of the page before.
    #[param(required = false)]
    before: String,
}

/// A page of a case's time line: what happened in it, and to what it is about as far as its reader may see that.
#[utoipa::path(
    get, path = "/cases/{number}/time", tag = "cases", operation_id = "getCaseTime",
    params(("number" = String, Path, description = "number of the case", example = "C-2026-01234567"), TimeQuery),
    responses((status = 200, description = "a page", body = CaseTimeLine), NotRead, Refused),
    security(("staff_token" = []))
)]
async fn get_case_time(
    ctx: Ctx,
    reads: Reads,
    Path(number): Path<String>,
    query: Result<Query<TimeQuery>, QueryRejection>,
) -> Response {
    let query = match query {
        Ok(Query(query)) => query,
        Err(error) => return unreadable("", error.body_text()).into_response(),
    };
    match Banks::of(&reads.app).await {
        Ok(banks) => answered(&ctx, time(&ctx, &reads, &banks, (&number, &query)).await),
        Err(error) => Problem::json(&error).into_response(),
    }
}

async fn time(
    ctx: &Ctx,
    Reads { app, actor }: &Reads,
    banks: &Banks,
    (number, query): (&str, &TimeQuery),
) -> Result<CaseTimeLine, CaseError> {
    let kind = match query.kind.as_str() {
        "" => None,
        word => Some(MomentKind::parse(word).ok_or(CaseError::Field("kind"))?),
    };
    let before = match query.before.as_str() {
        "" => None,
        text => Some(place(text).ok_or(CaseError::Field("before"))?),
    };
    let told = service::time_line(app, actor, number, (kind, before)).await?;
    let moment = |(m, words): &(Moment, String)| CaseMoment {
        id: m.id,
        at: at(m.at),
        kind: m.kind.as_str(),
        act: m.act.clone(),
        about: m.about.clone(),
        by: who(&told.people, &m.actor),
        text: crate::web::sentence((ctx, app, banks), m, (&told.people, words)),
    };
    Ok(CaseTimeLine {
        moments: told.moments.iter().map(moment).collect(),
        earlier: told.earlier.map(|(at, id)| format!("{}_{}", at.as_micros(), id.simple())),
        number: told.case.number.clone(),
    })
}

fn place(text: &str) -> Option<(Timestamp, Uuid)> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp::from_micros(at.parse().ok()?), Uuid::try_parse(id).ok()?))
}
