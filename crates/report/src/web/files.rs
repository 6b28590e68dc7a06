//! Files: a page of stage two. They are taken while they come; whatever of several is whole stays, also where the
//! line breaks.

use std::time::Duration;

use app::App;
use askama::Template;
use axum::Json;
use axum::extract::multipart::{Field as Part, Multipart, MultipartError};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use kernel::{Actor, Class, Coded as _, Purpose};
use serde_json::json;
use web::{Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Toast};

use super::own::visitor;
use crate::ReportError;
use crate::model::{AddedFile, ReportId};
use crate::rules::files::{self, FileError};
use crate::service::{self, FileContent};

/// Name of the field that carries the files.
const FIELD: &str = "files";
/// Bytes that a form with files may have: two of the largest files, and what stands around them. Where scripts run
/// each file is sent by itself.
pub const FILES_BODY_BYTES: usize = 41 * 1024 * 1024;
/// Most parts of one form: as many files as a report holds, and a few fields beside them.
const MOST_PARTS: usize = files::MAX_FILES + 10;
/// A sender who says nothing for so long has gone.
const IDLE: Duration = Duration::from_secs(60);

/// A file as a page lists it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its number within the report.
    pub no: i64,
    /// Name as given; a substitute where there was none.
    pub name: String,
    /// Size in words.
    pub size: String,
    /// When it came.
    pub at: Markup,
    /// Whether it is a picture that is shown in the page.
    pub shown: bool,
    /// SHA-256 of the content.
    pub sha256: String,
    /// By the reporter, or at the desk.
    pub from_citizen: bool,
}

/// The files that stand there, in words.
#[must_use]
pub fn listed(ctx: &Ctx, all: &[AddedFile], purpose: Purpose) -> Vec<Listed> {
    all.iter().filter(|f| !f.removed).map(|f| one(ctx, f, purpose)).collect()
}

fn one(ctx: &Ctx, file: &AddedFile, purpose: Purpose) -> Listed {
    let about = file.about.open(purpose);
    let named = !about.name.is_empty();
    let name = if named { about.name.clone() } else { ctx.ta("report-file-unnamed", [("n", file.no)]) };
    Listed {
        no: file.no,
        name,
        size: ctx.ta("report-file-size", [("n", ctx.number(kib(file.size_bytes)))]),
        at: ctx.time_exact(file.arrived_at),
        shown: !about.shown_as.is_empty(),
        sha256: about.sha256.clone(),
        from_citizen: file.from_citizen,
    }
}

/// Kibibytes, one at least.
fn kib(bytes: i64) -> i64 {
    bytes.saturating_add(1023).checked_div(1024).unwrap_or(1).max(1)
}

/// What became of the files of one form.
#[derive(Debug, Default)]
pub struct Taken {
    /// So many stand in the report now.
    pub added: usize,
    /// Sentences about those that do not.
    pub refused: Vec<FieldError>,
}

/// Takes the files of a form. What came whole stays, whatever happens to the next one.
///
/// # Errors
/// The line broke, or the form is none; not found; erased; the database's.
pub async fn take(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    id: ReportId,
    mut form: Multipart,
) -> Result<Taken, Problem> {
    let mut taken = Taken::default();
    let mut parts = 0_usize;
    while let Some(mut part) = in_time(app, form.next_field()).await? {
        parts = parts.saturating_add(1);
        if parts > MOST_PARTS {
            taken.refused.push(FieldError::new(ctx, FIELD, "report-files.many"));
            break;
        }
        if part.name() != Some(FIELD) {
            continue;
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        let first = in_time(app, part.chunk()).await?;
        // A browser sends one empty part without a name where no file was chosen.
        if name.is_empty() && first.as_ref().is_none_or(|bytes| bytes.is_empty()) {
            continue;
        }
        match whole(app, actor, id, (&name, first.unwrap_or_default()), &mut part).await? {
            Ok(()) => taken.added = taken.added.saturating_add(1),
            Err(error) => {
                taken.refused.push(refusal(ctx, &name, &error));
                if matches!(error, ReportError::File(FileError::TooMany)) {
                    break;
                }
            }
        }
    }
    if taken.added == 0 && taken.refused.is_empty() {
        taken.refused.push(FieldError::new(ctx, FIELD, "report-files.missing"));
    }
    Ok(taken)
}

/// The next piece of the form, if it comes in time.
async fn in_time<T>(app: &App, next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Problem> {
    let cut = || Problem::new(Class::Invalid, "report.files_broken");
    app.timer.limit(IDLE, next).await.ok_or_else(cut)?.map_err(|e| broken(&e))
}

/// One file to its end. The inner error is about this file alone.
async fn whole(
    app: &App,
    actor: &Actor,
    id: ReportId,
    (name, first): (&str, axum::body::Bytes),
    part: &mut Part<'_>,
) -> Result<Result<(), ReportError>, Problem> {
    let own = |error: ReportError| match error {
        ReportError::File(_) => Ok(Err(error)),
        other => Err(Problem::from(other)),
    };
    let mut arriving = match service::begin_file(app, actor, id, name).await {
        Ok(arriving) => arriving,
        Err(error) => return own(error),
    };
    let mut next = Some(first);
    while let Some(bytes) = next {
        if let Err(error) = arriving.push(&bytes).await {
            return own(error);
        }
        next = in_time(app, part.chunk()).await?;
    }
    match arriving.finish().await {
        Ok(()) => Ok(Ok(())),
        Err(error) => own(error),
    }
}

fn refusal(ctx: &Ctx, name: &str, error: &ReportError) -> FieldError {
    let name = files::name(name);
    let key = Problem::key(error.code());
    FieldError { field: FIELD.to_owned(), text: ctx.ta(&key, [("name", name)]), code: key }
}

/// The line broke, or what came is no form with files.
fn broken(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Class::Invalid, "web.too_large"),
        _ => Problem::new(Class::Invalid, "report.files_broken"),
    }
}

/// A file as the answer to a request. Only pictures that cannot carry a script are shown; everything else is
/// saved, under a name of ours and an ending that its content gives it.
#[must_use]
pub fn answer(number: &str, content: FileContent, purpose: Purpose) -> Response {
    let about = content.file.about.open(purpose);
    let shown = files::shown_as(&about.shown_as);
    let way = if shown.is_some() { "inline" } else { "attachment" };
    let name = format!("{way}; filename=\"{number}-{}.{}\"", content.file.no, about.extension);
    let headers =
        [(CONTENT_TYPE, shown.unwrap_or("application/octet-stream").to_owned()), (CONTENT_DISPOSITION, name)];
    (headers, content.bytes.into_inner(purpose)).into_response()
}

#[derive(Template)]
#[template(path = "report_files.html")]
struct Files {
    ctx: Ctx,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    field: Field,
    listed: Vec<Listed>,
    limit_bytes: u64,
}

fn page(ctx: &Ctx, all: &[AddedFile], errors: &[FieldError]) -> Response {
    let page = Files {
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        field: Field::file(ctx, FIELD, "report-files", "", true).errors(errors),
        listed: listed(ctx, all, Purpose::OwnData),
        limit_bytes: files::MAX_FILE_BYTES,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

/// `GET /my-report/files`.
pub(super) async fn show(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    let full = service::open(&app, &actor, id, Purpose::OwnData).await?;
    Ok(page(&ctx, &full.files, &[]))
}

/// `POST /my-report/files`.
pub(super) async fn add(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    form: Multipart,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        // A script would follow the way to the door and take that page for a yes.
        Err(_) if ctx.wants_json() => {
            let refused = [ctx.t("report-files.closed")];
            let closed = (StatusCode::UNAUTHORIZED, Json(json!({"added": 0, "refused": refused})));
            return Ok(closed.into_response());
        }
        Err(response) => return Ok(response),
    };
    let taken = take(&ctx, &app, &actor, id, form).await?;
    // The page's script sends file by file and shows each answer beside its file.
    if ctx.wants_json() {
        let refused: Vec<&str> = taken.refused.iter().map(|e| e.text.as_str()).collect();
        let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok((status, Json(json!({"added": taken.added, "refused": refused}))).into_response());
    }
    if taken.refused.is_empty() {
        let toast = Toast::new("report-files-added").with("n", ctx.number(count(taken.added)));
        return Ok(SeeOther::to("/my-report/files").with_toast(toast).into_response());
    }
    let full = service::open(&app, &actor, id, Purpose::OwnData).await?;
    Ok(page(&ctx, &full.files, &taken.refused))
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `GET /my-report/files/{no}`: the citizen's own file.
pub(super) async fn content(
    State(app): State<App>,
    jar: CookieJar,
    Path(no): Path<i64>,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    let content = service::file_content(&app, &actor, id, no, Purpose::OwnData).await?;
    let number = service::receipt_facts(&app, id).await?.number;
    Ok(answer(&number, content, Purpose::OwnData))
}

/// `POST /my-report/files/{no}/remove`: nobody sees it from now on; it can be put back for a day.
pub(super) async fn remove(
    State(app): State<App>,
    jar: CookieJar,
    Path(no): Path<i64>,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    service::remove_file(&app, &actor, id, no).await?;
    let toast = Toast::new("report-file-removed").undo(&format!("/my-report/files/{no}/put-back"));
    Ok(SeeOther::to("/my-report/files").with_toast(toast).into_response())
}

/// `POST /my-report/files/{no}/put-back`.
pub(super) async fn put_back(
    State(app): State<App>,
    jar: CookieJar,
    Path(no): Path<i64>,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    service::put_file_back(&app, &actor, id, no).await?;
    Ok(SeeOther::to("/my-report/files").with_toast(Toast::new("report-file-put-back")).into_response())
}
