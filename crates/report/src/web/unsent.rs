//! What is being added to a report and is not sent yet. It lies beside the report as a draft of its own,
//! found by a cookie: officers see only what was sent.

use app::App;
use axum_extra::extract::CookieJar;
use serde_json::Value;

use super::{UNSENT, cookie, read};
use crate::ReportError;
use crate::draft::{self, Answers, Draft};
use crate::model::ReportId;

/// Which report it belongs to: another person may open theirs in the same browser.
const OF: &str = "report";

/// What this browser has not sent yet for this report.
pub(super) async fn find(app: &App, jar: &CookieJar, id: ReportId) -> Result<Option<Draft>, ReportError> {
    let found = draft::find(app, &read(jar, UNSENT)).await?;
    Ok(found.filter(|d| d.answers.more.get(OF).and_then(Value::as_str) == Some(id.to_string().as_str())))
}

/// Keeps it. The jar carries a new cookie where there was none.
pub(super) async fn keep(
    app: &App,
    jar: CookieJar,
    id: ReportId,
    change: impl FnOnce(&mut Answers),
) -> Result<CookieJar, ReportError> {
    if let Some(mut d) = find(app, &jar, id).await? {
        change(&mut d.answers);
        draft::save(app, &d).await?;
        return Ok(jar);
    }
    let mut answers = Answers::default();
    answers.more.insert(OF.to_owned(), Value::String(id.to_string()));
    change(&mut answers);
    let (token, _) = draft::begin(app, answers).await?;
    Ok(jar.add(cookie(app, UNSENT, token, "/my-report")))
}

/// Forgets a part of it once that was sent.
pub(super) async fn sent(
    app: &App,
    jar: &CookieJar,
    id: ReportId,
    change: impl FnOnce(&mut Answers),
) -> Result<(), ReportError> {
    if let Some(mut d) = find(app, jar, id).await? {
        change(&mut d.answers);
        draft::save(app, &d).await?;
    }
    Ok(())
}
