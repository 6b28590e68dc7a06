//! Opening one case, and bringing many.

use access::Writes;
use app::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Query;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use partner::api::unreadable;
use partner::described::Refused;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Ctx;

use super::{NotDone, answered, body_of, key_of, media_type, read, refused};
use crate::service::{self, Brought, NewCase};
use crate::web::words;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(post_case)).routes(routes!(post_bring))
}

/// A case that is to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseNew {
    /// Title.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    summary: String,
    /// Code of a shape.
    #[serde(default)]
    template: String,
    /// What it is opened from; by hand where it is left out.
    from: Option<CaseFrom>,
    /// 0 can wait, 1 as usual, 2 soon, 3 at once; as usual where it is left out.
    #[schema(minimum = 0, maximum = 3)]
    priority: Option<i64>,
    /// Whether nobody but the team and the head of the unit is let in.
    #[serde(default)]
    closed: bool,
}

/// What a case is opened from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseFrom {
    /// `report`, `scheme`, `person`, `case`.
    kind: String,
    /// Its number.
    number: String,
}

/// A case that was opened.
#[derive(Debug, Serialize, ToSchema)]
struct CaseOpened {
    /// Its number.
    #[schema(pattern = "^C-[0-9]{4}-[0-9]{8}$")]
    number: String,
}

/// Opens a case. Whoever opens it leads it. The same `Idempotency-Key` again gives the same case.
#[utoipa::path(
    post, path = "/cases", tag = "cases", operation_id = "postCase",
    params(("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,128}$", description = "the program's own key, at most 128 characters")),
    request_body(content = CaseNew, example = json!({"title": "Қауіпсіз шот", "template": "payment-fraud", "priority": 2,
        "from": {"kind": "report", "number": "R-2026-01234567"}})),
    responses((status = 201, description = "opened, or opened before with this key", body = CaseOpened), NotDone, Refused),
    security(("staff_token" = []))
)]
async fn post_case(
    ctx: Ctx,
    Writes { app, actor }: Writes,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let read = read::<CaseNew>(&headers, body).and_then(|(new, _)| Ok((new, key_of(&app, &headers)?)));
    let (new, key) = match read {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    let new = NewCase {
        title: new.title,
        summary: new.summary,
        template: new.template,
        from: new.from.map(|f| (f.kind, f.number)),
        priority: new.priority.unwrap_or(1),
        closed: new.closed,
        key: format!("api|{key}"),
    };
    match service::open(&app, &actor, new).await {
        Ok(case) => (StatusCode::CREATED, Json(CaseOpened { number: case.number })).into_response(),
        Err(error) => refused(&ctx, &error),
    }
}

/// What a list would come to, or came to.
#[derive(Debug, Serialize, ToSchema)]
struct CasesBrought {
    /// How many rows it has.
    #[schema(minimum = 0)]
    rows: usize,
    /// What is wrong with it; nothing is opened while anything is.
    faults: Vec<CaseFault>,
    /// Numbers of the cases that were opened.
    opened: Vec<String>,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
struct CaseFault {
    /// Which row, from 1; 0 for the list as a whole.
    #[schema(minimum = 0)]
    row: usize,
    /// Which field.
    field: &'static str,
    /// What is wrong with it, in the language asked for.
    detail: String,
}

fn brought(ctx: &Ctx, b: Brought) -> CasesBrought {
    let fault = |f: &crate::rules::bring::Fault| CaseFault {
        row: f.row,
        field: f.field,
        detail: ctx.t(&format!("case-bring-{}", words::part(f.field))),
    };
    CasesBrought { rows: b.rows, faults: b.faults.iter().map(fault).collect(), opened: b.opened }
}

/// Whether a list is only tried.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BringQuery {
    /// Says what the list would come to and opens nothing.
    #[param(required = false, example = true)]
    trial: bool,
}

/// Opens the cases of a list, a table or JSON as the page takes it, if nothing is wrong with any row: at most 5,000 rows and 2 MiB. The same
/// `Idempotency-Key` again opens each case once.
#[utoipa::path(
    post, path = "/cases/bring", tag = "cases", operation_id = "postCasesBring",
    params(BringQuery, ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,128}$", description = "the program's own key, at most 128 characters")),
    request_body(description = "rows with title, summary, template, report, system, number, registered_at", content(
        (Vec<CaseLine> = "application/json", example = json!([{"title": "Қауіпсіз шот", "template": "payment-fraud"}])),
        (String = "text/csv", example = json!("title,template\nҚауіпсіз шот,payment-fraud\n"))
    )),
    responses((status = 200, description = "what it would come to, or came to", body = CasesBrought), NotDone, Refused),
    security(("staff_token" = []))
)]
async fn post_bring(
    ctx: Ctx,
    Writes { app, actor }: Writes,
    query: Result<Query<BringQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let read = body_of(&headers, body, &["application/json", "text/csv"])
        .and_then(|body| Ok((body, key_of(&app, &headers)?)))
        .and_then(|(body, key)| match query {
            Ok(Query(query)) => Ok((body, key, query.trial)),
            Err(error) => Err(unreadable("", error.body_text())),
        });
    let (list, key, trial) = match read {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    let json = list.trim_ascii_start().first() == Some(&b'[');
    if json != (media_type(&headers) == "application/json") {
        return unreadable("", "the body is not of the kind that it is said to be".to_owned())
            .into_response();
    }
    let came = if trial {
        service::try_out(&app, &actor, &list).await
    } else {
        service::bring(&app, &actor, &list, &format!("api|{key}")).await
    };
    answered(&ctx, came.map(|b| brought(&ctx, b)))
}

/// A row of a list that is brought; what is empty or left out is not said.
#[derive(Debug, Serialize, ToSchema)]
struct CaseLine {
    /// Title.
    title: String,
    /// What it is about.
    #[schema(required = false)]
    summary: String,
    /// Code of a shape.
    #[schema(required = false)]
    template: String,
    /// Number of a report.
    #[schema(required = false)]
    report: String,
    /// Code of a register.
    #[schema(required = false)]
    system: String,
    /// The number there.
    #[schema(required = false)]
    number: String,
    /// When the register took it, RFC 3339.
    #[schema(required = false, format = DateTime)]
    registered_at: String,
}
