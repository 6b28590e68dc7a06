//! Closing a report. Where nothing goes on it is closed at once, and taken back by the notice that follows; where something
//! does, a page says what, and asks why.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther};

use super::BackForm;
use super::act::{page_of, toast};
use crate::model::QueueRow;
use crate::rules::{GoesOn, going_on};
use crate::service::{self, DeskError};

#[derive(Template)]
#[template(path = "desk_close.html")]
struct Close {
    ctx: Ctx,
    title: String,
    number: String,
    back: String,
    /// What goes on.
    lines: Vec<String>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CloseForm {
    back: String,
    reason: String,
    /// Whether the page with the reason was shown.
    asked: String,
}

/// What goes on about a report, in words.
fn words(ctx: &Ctx, row: &QueueRow, what: GoesOn) -> String {
    match what {
        GoesOn::InHand => ctx.ta("desk-close-owner", [("who", row.owner_name.as_str())]),
        GoesOn::Held => ctx.ta("desk-close-held", [("sum", ctx.money(row.held))]),
        GoesOn::Asked => ctx.ta("desk-close-asked", [("sum", ctx.money(row.reachable))]),
        GoesOn::Drafts => ctx.ta("desk-close-drafts", [("n", row.drafts)]),
        // A clock that runs has an end.
        GoesOn::Due => {
            ctx.ta("desk-close-due", [("time", row.due.map(|due| ctx.date_time(due)).unwrap_or_default())])
        }
    }
}

fn page(ctx: &Ctx, actor: &Actor, row: &QueueRow, form: &CloseForm) -> Response {
    let errors: Vec<FieldError> = (!form.asked.is_empty())
        .then(|| FieldError::new(ctx, "reason", "error-desk-no-reason"))
        .into_iter()
        .collect();
    let reason =
        Field::area(ctx, "reason", "desk-close-reason", 2).value(form.reason.clone()).errors(&errors);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Close {
        title: ctx.ta("desk-close-title", [("number", row.number.as_str())]),
        number: row.number.clone(),
        back: BackForm { back: form.back.clone() }.or(&page_of(&row.number)),
        lines: going_on(row, actor).into_iter().map(|what| words(ctx, row, what)).collect(),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        fields: vec![reason],
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// `POST /desk/reports/{number}/close`.
pub(crate) async fn close(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<CloseForm>,
) -> Result<Response, Problem> {
    match service::close(&app, &actor, &number, &form.reason).await {
        Ok(_) => {
            let back = BackForm { back: form.back }.or("/desk");
            Ok(SeeOther::to(back).with_toast(toast("closed", "close", &[number])).into_response())
        }
        Err(DeskError::NoReason) => {
            let row = service::row_of(&app, &actor, &number).await?.ok_or_else(Problem::not_found)?;
            Ok(page(&ctx, &actor, &row, &form))
        }
        Err(error) => Err(error.into()),
    }
}
