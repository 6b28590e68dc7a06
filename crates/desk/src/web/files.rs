//! Files of a report: opened by officers, and added for whoever brought them.

use access::Staff;
use app::App;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use kernel::Purpose;
use web::{Ctx, Problem, SeeOther, Toast};

use super::act::page_of;

/// `GET /desk/reports/{number}/files/{no}`. The read is a record.
pub(crate) async fn show(
    Staff(actor): Staff,
    State(app): State<App>,
    Path((number, no)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let purpose = Purpose::HandleReport;
    let content = report::service::file_content(&app, &actor, report.id, no, purpose).await?;
    Ok(report::web::answer(&report.number, content, purpose))
}

/// `POST /desk/reports/{number}/files`: what somebody brought to the counter or sent by letter.
pub(crate) async fn add(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    form: Multipart,
) -> Result<SeeOther, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let taken = report::web::take(&ctx, &app, &actor, report.id, form).await?;
    // A toast lies in a cookie for a moment: it names no file, for a file's name may name a person.
    let added = Toast::new("report-files-added").with("n", taken.added.to_string());
    let toast = match taken.refused.len() {
        0 => added,
        refused => Toast::new("desk-files-refused")
            .with("added", taken.added.to_string())
            .with("refused", refused.to_string()),
    };
    Ok(SeeOther::to(page_of(&report.number)).with_toast(toast))
}
