//! Lists of cases, lists that people keep, and one's tasks.

use access::{Reads, Writes};
use app::App;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use partner::api::unreadable;
use partner::described::Refused;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use web::{Ctx, Problem};

use super::shapes::{CaseRow, due, row, row_of, task_title};
use super::{NotDone, NotRead, answered, read};
use crate::error::CaseError;
use crate::service::{self, People};

/// Rows of one page where nothing else is asked for.
const ROWS: i64 = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_cases))
        .routes(routes!(post_find))
        .routes(routes!(get_coming))
        .routes(routes!(get_tasks))
        .routes(routes!(get_views, post_view))
        .routes(routes!(post_view_drop))
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
struct CasePage {
    /// Cases that its reader may see.
    cases: Vec<CaseRow>,
    /// How many there are by this filter.
    #[schema(minimum = 0)]
    count: i64,
    /// How many open cases stand at each stage.
    stages: Vec<CaseStageCount>,
    /// Where the next page begins, for `after`; left out at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// How many open cases stand at a stage.
#[derive(Debug, Serialize, ToSchema)]
struct CaseStageCount {
    /// Code of the stage.
    stage: String,
    /// How many.
    #[schema(minimum = 0)]
    count: i64,
}

/// Which list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// The filter of the page: `is:mine`, `is:late`, `is:urgent`, `is:over`, `is:merged`, `stage:…`, `unit:…`. A word that is none finds nothing.
    #[param(required = false, example = "is:mine stage:check")]
    q: String,
    /// `changed` (what changed last comes first), `due`, `opened`, `priority`. What is to be read whole is read by `opened`: a case that changes
    /// between two pages changes its place in other orders.
    #[param(required = false, example = "opened")]
    sort: String,
    /// `next` of the page before.
    #[param(required = false)]
    after: String,
    /// Rows, 1 to 500.
    #[param(required = false, value_type = Option<i64>, minimum = 1, maximum = 500, example = 50)]
    limit: Option<i64>,
}

/// A page of the list of cases: open ones, unless the filter says otherwise. That titles were read is a record.
#[utoipa::path(
    get, path = "/cases", tag = "cases", operation_id = "getCases", params(ListQuery),
    responses((status = 200, description = "a page", body = CasePage), NotRead, Refused),
    security(("staff_token" = []))
)]
async fn get_cases(ctx: Ctx, reads: Reads, query: Result<Query<ListQuery>, QueryRejection>) -> Response {
    let query = match query {
        Ok(Query(query)) => query,
        Err(error) => return unreadable("", error.body_text()).into_response(),
    };
    let limit = query.limit.unwrap_or(ROWS);
    if !(1..=service::MOST).contains(&limit) {
        return unreadable("limit", "expected 1 to 500".to_owned()).into_response();
    }
    answered(&ctx, listed(&reads, &query, limit).await)
}

async fn listed(Reads { app, actor }: &Reads, query: &ListQuery, limit: i64) -> Result<CasePage, CaseError> {
    let order = match query.sort.as_str() {
        "" => Default::default(),
        word => service::order(word).ok_or(CaseError::Field("sort"))?,
    };
    let wanted = service::wanted(app, &query.q);
    if wanted.number.is_some() || wanted.odd {
        // A number leads to its case and narrows no list; a slip is told, or nothing would be taken for "none".
        return Err(CaseError::Field("q"));
    }
    let (listed, next) = service::page(app, actor, (wanted, order, &query.after), limit).await?;
    let count = |(stage, count)| CaseStageCount { stage, count };
    Ok(CasePage {
        cases: listed.rows.iter().map(row).collect(),
        count: listed.count,
        stages: listed.stages.into_iter().map(count).collect(),
        next,
    })
}

/// Words of titles.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseFind {
    /// Words, in any writing.
    #[schema(max_length = 200)]
    words: String,
}

/// Cases.
#[derive(Debug, Serialize, ToSchema)]
struct CaseRows {
    /// Cases that its reader may see.
    cases: Vec<CaseRow>,
}

/// Cases whose titles have these words, at most 50. They are sent in a body, so that they stand in no address; a token that reads is enough.
#[utoipa::path(
    post, path = "/cases/find", tag = "cases", operation_id = "postCasesFind",
    request_body(content = CaseFind, example = json!({"words": "қауіпсіз шот"})),
    responses((status = 200, description = "cases", body = CaseRows), NotDone, Refused),
    security(("staff_token" = []))
)]
async fn post_find(
    ctx: Ctx,
    reads: Reads,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    // Only a program sends a body here: a browser's session reads by addresses.
    if reads.app.came.token.is_none() {
        return Problem::json(&access::TokenError::Session).into_response();
    }
    let (find, _) = match read::<CaseFind>(&headers, body) {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    let found = service::find(&reads.app, &reads.actor, &find.words).await;
    answered(&ctx, found.map(|all| CaseRows { cases: all.iter().map(row).collect() }))
}

/// Cases that were referred to the reader's unit and wait there; without titles until they are accepted.
#[utoipa::path(
    get, path = "/cases/coming", tag = "cases", operation_id = "getCasesComing",
    responses((status = 200, description = "cases", body = CaseRows), NotRead, Refused),
    security(("staff_token" = []))
)]
async fn get_coming(ctx: Ctx, Reads { app, actor }: Reads) -> Response {
    let all = service::coming(&app, &actor).await;
    let row = |c: &crate::Case| row_of(c, String::new(), &People::new());
    answered(&ctx, all.map(|all| CaseRows { cases: all.iter().map(row).collect() }))
}

/// Open tasks of the reader.
#[derive(Debug, Serialize, ToSchema)]
struct CaseTasks {
    /// The nearest term first.
    tasks: Vec<CaseOwnTask>,
}

/// An open task of the reader.
#[derive(Debug, Serialize, ToSchema)]
struct CaseOwnTask {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    id: Uuid,
    /// Number of the case.
    number: String,
    /// What is to be done.
    task: String,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// Whether it goes before others.
    urgent: bool,
}

/// Open tasks of the reader, at most 50.
#[utoipa::path(
    get, path = "/cases/tasks", tag = "cases", operation_id = "getCasesTasks",
    responses((status = 200, description = "tasks", body = CaseTasks), NotRead, Refused),
    security(("staff_token" = []))
)]
async fn get_tasks(ctx: Ctx, reads: Reads) -> Response {
    let of = |(task, title, case): (crate::model::Task, String, crate::Case)| CaseOwnTask {
        id: task.place.id,
        number: case.number,
        task: task_title(&ctx, &reads, &title),
        due_at: due(task.due_at),
        urgent: task.urgent,
    };
    let all = service::to_do(&reads.app, &reads.actor).await;
    answered(&ctx, all.map(|all| CaseTasks { tasks: all.into_iter().map(of).collect() }))
}

/// Lists that the reader is offered.
#[derive(Debug, Serialize, ToSchema)]
struct CaseViews {
    /// One's own, and those of everybody.
    views: Vec<CaseView>,
}

/// A list that somebody keeps.
#[derive(Debug, Serialize, ToSchema)]
struct CaseView {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    id: Uuid,
    /// Its name.
    name: String,
    /// Its filter, for `q`.
    filter: String,
    /// Its order, for `sort`.
    sort: String,
    /// Whether everybody is offered it.
    shared: bool,
    /// Whether it is the reader's own.
    own: bool,
}

async fn views(app: &App, actor: &kernel::Actor) -> Result<CaseViews, CaseError> {
    let own = actor.label();
    let of = |(v, name): (crate::model::View, String)| CaseView {
        id: v.id,
        name,
        own: v.owner == own,
        filter: v.filter,
        sort: v.sort,
        shared: v.shared,
    };
    Ok(CaseViews { views: service::offered(app, actor).await?.into_iter().map(of).collect() })
}

/// Lists that the reader keeps, and those that are kept for everybody.
#[utoipa::path(
    get, path = "/cases/views", tag = "cases", operation_id = "getCasesViews",
    responses((status = 200, description = "lists", body = CaseViews), NotRead, Refused),
    security(("staff_token" = []))
)]
async fn get_views(ctx: Ctx, Reads { app, actor }: Reads) -> Response {
    answered(&ctx, views(&app, &actor).await)
}

/// A list that is to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseViewNew {
    /// Its name.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Its filter, as `q` of the list.
    #[serde(default)]
    #[schema(max_length = 300)]
    filter: String,
    /// Its order, as `sort` of the list.
    #[serde(default)]
    sort: String,
    /// Whether everybody is offered it.
    #[serde(default)]
    shared: bool,
}

/// Keeps a list under a name; the same list of the same name is kept once. The answer has all lists that are offered then.
#[utoipa::path(
    post, path = "/cases/views", tag = "cases", operation_id = "postCasesView",
    request_body(content = CaseViewNew, example = json!({"name": "Мерзімі өткен істерім", "filter": "is:mine is:late", "sort": "due"})),
    responses((status = 200, description = "lists", body = CaseViews), NotDone, Refused),
    security(("staff_token" = []))
)]
async fn post_view(
    ctx: Ctx,
    Writes { app, actor }: Writes,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (new, _) = match read::<CaseViewNew>(&headers, body) {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    let kept = async {
        let known = views(&app, &actor).await?;
        let same = |v: &&CaseView| v.own && v.name == new.name.trim() && v.filter == new.filter.trim();
        if known.views.iter().find(same).is_none() {
            service::keep_view(&app, &actor, (&new.name, &new.filter, &new.sort, new.shared)).await?;
        }
        views(&app, &actor).await
    };
    answered(&ctx, kept.await)
}

/// Throws one's own list away. The answer has all lists that are offered then.
#[utoipa::path(
    post, path = "/cases/views/{id}/drop", tag = "cases", operation_id = "postCasesViewDrop",
    params(("id" = String, Path, description = "which list", example = "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723")),
    responses((status = 200, description = "lists", body = CaseViews), NotDone, Refused),
    security(("staff_token" = []))
)]
async fn post_view_drop(ctx: Ctx, Writes { app, actor }: Writes, Path(id): Path<String>) -> Response {
    let gone = async {
        let id = Uuid::try_parse(&id).map_err(|_| CaseError::NotFound)?;
        service::throw_away(&app, &actor, id).await?;
        views(&app, &actor).await
    };
    answered(&ctx, gone.await)
}
