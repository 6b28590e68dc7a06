//! What was found out about a report since it was filed: added, looked over, taken back if it was a slip.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use identifier::Kind;
use kernel::{Actor, Coded as _, Purpose};
use order::words;
use report::service::{ClueError, Full, add_clue, take_back_clue};
use report::{Report, ReportError};
use serde::Deserialize;
use uuid::Uuid;
use web::{Choice, Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Toast};

use super::act::page_of;

/// Kinds that an officer may add, those that no form and no story brings first.
const KINDS: [Kind; 18] = [
    Kind::Sim,
    Kind::Imei,
    Kind::Sender,
    Kind::Phone,
    Kind::Iban,
    Kind::Account,
    Kind::Card,
    Kind::WalletBtc,
    Kind::WalletEth,
    Kind::WalletTron,
    Kind::Url,
    Kind::Domain,
    Kind::Ip,
    Kind::Handle,
    Kind::App,
    Kind::Advertisement,
    Kind::Email,
    Kind::Bin,
];

struct Row {
    what: String,
    source: String,
    at: Markup,
    take_back: Option<String>,
}

#[derive(Template)]
#[template(path = "desk_clues.html")]
struct Show {
    ctx: Ctx,
    title: String,
    back: String,
    rows: Vec<Row>,
    empty: Option<Empty>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ClueForm {
    kind: String,
    value: String,
    source: String,
}

fn row(ctx: &Ctx, back: &str, clue: &report::model::Clue) -> Row {
    let kind = clue.kind.as_str();
    Row {
        what: words::thing(ctx, kind, &words::shown(kind, clue.value.open(Purpose::HandleReport))),
        source: clue.source.open(Purpose::HandleReport).clone(),
        at: ctx.time_exact(clue.at),
        take_back: clue.taken_back_at.is_none().then(|| format!("{back}/clues/{}/take-back", clue.id)),
    }
}

fn fields(ctx: &Ctx, form: &ClueForm, errors: &[FieldError]) -> Vec<Field> {
    let kind = |k: &Kind| {
        Choice::new(k.as_str(), ctx.t(&format!("identifier-kind-{}", words::key_part(k.as_str()))))
    };
    vec![
        Field::select(ctx, "kind", "desk-clue-kind", KINDS.iter().map(kind).collect())
            .value(form.kind.clone())
            .errors(errors),
        Field::text(ctx, "value", "desk-clue-value").value(form.value.clone()).errors(errors),
        Field::text(ctx, "source", "desk-clue-source").value(form.source.clone()).errors(errors),
    ]
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    report: &Report,
    (form, errors): (&ClueForm, &[FieldError]),
) -> Result<Response, Problem> {
    let full: Full = report::service::open(app, actor, report.id, Purpose::HandleReport).await?;
    let back = page_of(&report.number);
    let rows: Vec<Row> = full.clues.iter().rev().map(|c| row(ctx, &back, c)).collect();
    let show = Show {
        title: ctx.ta("desk-clues-title", [("number", report.number.as_str())]),
        empty: rows.is_empty().then(|| Empty::new(ctx, "desk-clues-empty")),
        rows,
        fields: fields(ctx, form, errors),
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        back,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(show)).into_response())
}

/// `GET /desk/reports/{number}/clues`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    page(&ctx, &app, &actor, &report, (&ClueForm::default(), &[])).await
}

/// `POST /desk/reports/{number}/clues`.
pub(crate) async fn add(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<ClueForm>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let Some(kind) = Kind::parse(&form.kind).filter(|k| KINDS.contains(k)) else {
        let error = FieldError::new(&ctx, "kind", "desk-clue-kind.missing");
        return page(&ctx, &app, &actor, &report, (&form, &[error])).await;
    };
    match add_clue(&app, &actor, report.id, (kind, &form.value), &form.source).await {
        Ok(()) => {
            let to = format!("{}/clues", page_of(&report.number));
            Ok(SeeOther::to(to).with_toast(Toast::new("desk-clue-added")).into_response())
        }
        Err(ReportError::Clue(error)) => {
            let field = if error == ClueError::Source { "source" } else { "value" };
            let key = Problem::key(ReportError::Clue(error).code());
            let error = FieldError::new(&ctx, field, &key);
            page(&ctx, &app, &actor, &report, (&form, &[error])).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /desk/reports/{number}/clues/{id}/take-back`.
pub(crate) async fn take_back(
    Staff(actor): Staff,
    State(app): State<App>,
    Path((number, clue)): Path<(String, Uuid)>,
) -> Result<SeeOther, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    take_back_clue(&app, &actor, report.id, clue).await?;
    let to = format!("{}/clues", page_of(&report.number));
    Ok(SeeOther::to(to).with_toast(Toast::new("desk-clue-taken-back")))
}
