//! Cases brought as a table or as JSON: tried out first, then opened.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use web::{Brought as Form, Ctx, Field, Page, Problem, SeeOther, Toast};

use crate::service::{self, Brought};

/// Largest list, bytes.
const MAX_BYTES: usize = 2 * 1024 * 1024;

#[derive(Template)]
#[template(path = "case_bring.html")]
struct BringPage {
    ctx: Ctx,
    key: String,
    file: Field,
    rows: Option<usize>,
    faults: Vec<(String, String)>,
    ready: bool,
}

fn page(ctx: &Ctx, came: Option<&Brought>, key: String) -> Response {
    let fault = |f: &crate::rules::bring::Fault| {
        let row =
            if f.row == 0 { ctx.t("case-bring.whole") } else { ctx.ta("case-bring.row", [("n", f.row)]) };
        (row, ctx.t(&format!("case-bring-{}", f.field.replace('_', "-"))))
    };
    let faults: Vec<_> = came.map(|b| b.faults.iter().take(200).map(fault).collect()).unwrap_or_default();
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = BringPage {
        key: if key.is_empty() { ctx.idempotency_key() } else { key },
        file: Field::file(ctx, "table", "case-f-table", ".csv,.json", false),
        rows: came.map(|b| b.rows),
        ready: came.is_some() && faults.is_empty(),
        faults,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// `GET /desk/cases/bring`.
pub(crate) async fn form(Staff(actor): Staff, ctx: Ctx) -> Result<Response, Problem> {
    access::require(&actor, access::Action::OpenCase, &access::Resource::any(access::Kind::Case))?;
    Ok(page(&ctx, None, String::new()))
}

/// `POST /desk/cases/bring`.
pub(crate) async fn bring(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, Problem> {
    let form =
        Form::read(form, "table", MAX_BYTES).await.map_err(|_| Problem::of(&crate::CaseError::List))?;
    let key = form.typed("idempotency_key");
    if form.typed("act") != "open" {
        let came = service::try_out(&app, &actor, &form.file).await?;
        return Ok(page(&ctx, Some(&came), key));
    }
    let came = service::bring(&app, &actor, &form.file, &key).await?;
    if !came.faults.is_empty() {
        return Ok(page(&ctx, Some(&came), key));
    }
    let toast = Toast::new("case-toast-brought").with("n", came.opened.len().to_string());
    Ok(SeeOther::to("/desk/cases?sort=-opened").with_toast(toast).into_response())
}
