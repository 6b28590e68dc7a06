//! An exhibit is tried as rows: what its columns mean is shown, corrected, tried again, and brought in.

use std::collections::BTreeMap;

use access::{Action, Staff};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use evidence::Exhibit;
use kernel::{Actor, Coded as _};
use serde::Deserialize;
use statement::Plan;
use statement::table::Column;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Toast};

use super::{exhibit_page, page_of, words};
use crate::Office;
use crate::error::ImportError;
use crate::model::Tried;
use crate::rules::columns::{self, Correction};
use crate::service::{self, Memory, Wish};

/// What a column of a statement may mean.
const MOVEMENTS: &[&str] = &[
    "booked_at",
    "time",
    "value_date",
    "amount",
    "debit",
    "credit",
    "direction",
    "currency",
    "account",
    "counter_account",
    "counter_name",
    "counter_bank",
    "counter_number",
    "payer_account",
    "payer_name",
    "payer_bank",
    "payer_number",
    "payee_account",
    "payee_name",
    "payee_bank",
    "payee_number",
    "purpose",
    "reference",
    "code",
    "status",
    "balance",
];
/// What a column of a record of calls may mean.
const CALLS: &[&str] = &[
    "started_at",
    "time",
    "ended_at",
    "duration",
    "from",
    "to",
    "call_sort",
    "call_direction",
    "imei",
    "imsi",
    "cell",
    "place",
];
/// Columns that are offered for correction.
const MOST_COLUMNS: usize = 120;

/// What was typed, name by name.
type Typed = BTreeMap<String, String>;

fn of<'t>(typed: &'t Typed, name: &str) -> &'t str {
    typed.get(name).map(String::as_str).unwrap_or_default().trim()
}

/// A column with the choice of what it means.
struct ColumnRow {
    number: usize,
    heading: String,
    name: String,
    choices: Vec<(String, String, bool)>,
    unsure: bool,
}

/// What somebody said of a file like this one: in words, and the button that takes it or leaves it.
struct Before {
    words: String,
    memory: String,
    button: String,
}

/// Numbers in the column of dates that may be dates.
struct Serial {
    first: Vec<(String, String)>,
    taken: bool,
}

/// What trying came to.
struct Outcome {
    failure: Option<String>,
    facts: Vec<(String, String)>,
    sums: Option<Markup>,
    rows: Option<Markup>,
    more: bool,
    troubles: Vec<String>,
    more_troubles: bool,
    columns: Vec<ColumnRow>,
    before: Option<Before>,
    serial: Option<Serial>,
    base: String,
    corrected: bool,
    shape: String,
    n: String,
    can: bool,
}

#[derive(Template)]
#[template(path = "import_try.html")]
struct TryPage {
    ctx: Ctx,
    title: String,
    number: String,
    here: String,
    back: String,
    key: String,
    before: Vec<Field>,
    after: Vec<Field>,
    result: Option<Outcome>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What the form begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    report: String,
}

fn fields(ctx: &Ctx, typed: &Typed, errors: &[FieldError], plan: Option<&Plan>) -> (Vec<Field>, Vec<Field>) {
    let reports = Field::area(ctx, "reports", "import-reports", 2)
        .value(of(typed, "reports"))
        .errors(errors)
        .optional();
    let Some(plan) = plan else { return (vec![reports], Vec::new()) };
    let line = |name: &str, key: &str, now: &str| {
        let value = if typed.contains_key(name) { of(typed, name) } else { now };
        Field::text(ctx, name, key).value(value).errors(errors).optional()
    };
    let choice = |value: &str, key: &str| Choice::new(value, ctx.t(key));
    let sorts = vec![choice("statement", "import-sort-statement"), choice("calls", "import-sort-calls")];
    let orders = vec![choice("day_first", "import-order-day"), choice("month_first", "import-order-month")];
    let sort = serde_json::to_value(plan.sort).ok().and_then(|v| v.as_str().map(str::to_owned));
    let order = plan.order.and_then(|o| serde_json::to_value(o).ok()?.as_str().map(str::to_owned));
    let all = vec![
        Field::select(ctx, "sort", "import-sort", sorts).value(sort.unwrap_or_default()).errors(errors),
        Field::select(ctx, "order", "import-order", orders)
            .value(order.unwrap_or_default())
            .errors(errors)
            .optional(),
        line("account", "import-account", &plan.account),
        line("currency", "import-currency", &plan.currency).width(10),
    ];
    (vec![reports], all)
}

/// The heading of a column; where headings say nothing, what stood in the first row that was looked at.
fn heading(typed: &Typed, at: usize, column: &Column) -> String {
    match of(typed, &format!("heading-{at}")) {
        "" => column.heading.clone(),
        kept => kept.chars().take(120).collect(),
    }
}

fn columns(ctx: &Ctx, plan: &Plan, typed: &Typed) -> Vec<ColumnRow> {
    let meanings = match plan.sort {
        statement::table::heading::Sort::Statement => MOVEMENTS,
        statement::table::heading::Sort::Calls => CALLS,
    };
    let row = |(at, column): (usize, &Column)| {
        let field = column.field.and_then(|f| serde_json::to_value(f).ok()?.as_str().map(str::to_owned));
        let choice = |word: &&str| {
            let words = ctx.t(&format!("import-column-{}", word.replace('_', "-")));
            ((*word).to_owned(), words, field.as_deref() == Some(word))
        };
        ColumnRow {
            number: if column.number == 0 { at.saturating_add(1) } else { column.number },
            heading: heading(typed, at, column),
            name: format!("column-{at}"),
            choices: meanings.iter().map(choice).collect(),
            unsure: column.field.is_some() && !column.sure,
        }
    };
    plan.columns.iter().take(MOST_COLUMNS).enumerate().map(row).collect()
}

/// The mapping that a form comes to, and whether somebody chose otherwise than was found: what was found, as far as nobody did. Empty where
/// nothing was tried before.
fn mapping(typed: &Typed) -> Result<(String, bool), ImportError> {
    let base = of(typed, "base");
    if base.is_empty() {
        return Ok((String::new(), false));
    }
    let wrong = |_| ImportError::Field("mapping");
    let found = Plan::from_toml(base).map_err(wrong)?;
    let mut plan = found.clone();
    if plan.serial.is_some() && typed.contains_key("sort") {
        plan.serial = Some(!of(typed, "serial").is_empty());
    }
    let read = |text: &str| serde_json::Value::String(text.to_owned());
    if typed.contains_key("sort") {
        plan.sort =
            serde_json::from_value(read(of(typed, "sort"))).map_err(|_| ImportError::Field("sort"))?;
        plan.order = match of(typed, "order") {
            "" => None,
            text => Some(serde_json::from_value(read(text)).map_err(|_| ImportError::Field("order"))?),
        };
        plan.order_open = plan.order_open && plan.order.is_none();
        of(typed, "account").clone_into(&mut plan.account);
        plan.currency = of(typed, "currency").to_uppercase();
    }
    for (at, column) in plan.columns.iter_mut().enumerate() {
        let name = format!("column-{at}");
        if !typed.contains_key(&name) {
            continue;
        }
        let before = column.field;
        column.field = match of(typed, &name) {
            "" => None,
            text => Some(serde_json::from_value(read(text)).map_err(|_| ImportError::Field("mapping"))?),
        };
        column.sure = column.sure || before != column.field;
    }
    let changed = Correction::of(&plan) != Correction::of(&found);
    let read = if changed { columns::without_headings(&plan) } else { plan };
    Ok((read.to_toml(), changed || !of(typed, "corrected").is_empty()))
}

/// What somebody said of a file like this one, in words.
fn before(ctx: &Ctx, tried: &Tried) -> Option<Before> {
    let known = tried.before.as_ref()?;
    let key = if known.applied { "import-as-before" } else { "import-as-offered" };
    let args = [("who", known.by.clone()), ("day", ctx.date(known.at))];
    Some(Before {
        words: ctx.ta(key, args),
        memory: if known.applied { LEAVE.to_owned() } else { known.id.to_string() },
        button: ctx.t(&format!("{key}.button")),
    })
}

/// The word by which a form says that nothing is to be read as it was said before.
const LEAVE: &str = "leave";

fn memory(typed: &Typed) -> Memory {
    match of(typed, "memory") {
        "" => Memory::Ask,
        LEAVE => Memory::Leave,
        id => id.parse().map_or(Memory::Ask, Memory::Take),
    }
}

fn result(ctx: &Ctx, app: &App, (typed, tried): (&Typed, &Tried), corrected: bool) -> Outcome {
    let summary = tried.told.summary.as_deref();
    let plan = tried.plan();
    let seen = |s: &statement::table::Serial| (s.number.clone(), words::when(ctx, app, &s.at));
    let serial = plan
        .filter(|p| p.serial.is_some() && !p.serials.is_empty())
        .map(|p| Serial { first: p.serials.iter().map(seen).collect(), taken: p.serial == Some(true) });
    let shape = match of(typed, "shape") {
        "" => plan.filter(|p| !columns::is_named(p)).map(columns::shape).unwrap_or_default(),
        shape => shape.to_owned(),
    };
    let failure = words::failure(ctx, &tried.told);
    let shown = tried.told.troubles.len().min(20);
    Outcome {
        can: failure.is_none() && tried.rows > 0,
        facts: summary.map(|s| words::facts(ctx, app, s)).unwrap_or_default(),
        sums: summary.and_then(|s| words::sums(ctx, app, s)),
        more: u64::try_from(tried.first.len()).is_ok_and(|n| n < tried.rows),
        rows: words::rows(ctx, app, &tried.first),
        troubles: tried.told.troubles.iter().take(shown).map(|t| words::trouble(ctx, t)).collect(),
        more_troubles: u64::try_from(shown).is_ok_and(|n| n < tried.troubles),
        columns: plan.map(|p| self::columns(ctx, p, typed)).unwrap_or_default(),
        before: before(ctx, tried),
        serial,
        corrected,
        shape,
        base: plan.map(Plan::to_toml).unwrap_or_else(|| tried.told.mapping.clone()),
        n: ctx.number(i64::try_from(tried.rows).unwrap_or(i64::MAX)),
        failure,
    }
}

fn page(
    (ctx, app): (&Ctx, &App),
    exhibit: &Exhibit,
    (typed, tried): (&Typed, Option<(&Tried, bool)>),
    errors: Vec<FieldError>,
) -> Response {
    let plan = tried.and_then(|(tried, _)| tried.plan());
    let (before, after) = fields(ctx, typed, &errors, plan);
    let key = match of(typed, "key") {
        "" => app.uuid().simple().to_string(),
        key => key.to_owned(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = TryPage {
        title: ctx.ta("import-try-title", [("number", exhibit.number.as_str())]),
        here: format!("{}/rows", exhibit_page(&exhibit.number)),
        back: exhibit_page(&exhibit.number),
        number: exhibit.number.clone(),
        result: tried.map(|(tried, corrected)| result(ctx, app, (typed, tried), corrected)),
        summary: ErrorSummary::new(ctx, &errors),
        key,
        before,
        after,
        errors,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

async fn exhibit(app: &App, actor: &Actor, number: &str) -> Result<Exhibit, Problem> {
    let (who, number) = (actor.clone(), number.to_owned());
    let found = app.db.read(move |tx| evidence::service::of_number(tx, &who, Action::OpenExhibit, &number));
    let found = found.await.map_err(|e| Problem::of(&e))?;
    if service::reads(&found) { Ok(found) } else { Err(Problem::of(&ImportError::NoRows)) }
}

/// `GET /desk/evidence/{number}/rows`.
pub(super) async fn form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, Problem> {
    let found = exhibit(&app, &actor, &number).await?;
    let own = found.matter.as_ref().filter(|m| m.kind == "report").map(|m| m.number.clone());
    let reports = if from.report.is_empty() { own.unwrap_or_default() } else { from.report };
    let typed = Typed::from([("reports".to_owned(), reports)]);
    Ok(page((&ctx, &app), &found, (&typed, None), Vec::new()))
}

/// The error beside its field.
fn field_error(ctx: &Ctx, error: &ImportError) -> Option<FieldError> {
    let key = Problem::key(error.code());
    Some(match error {
        ImportError::Report(number) => FieldError::with(ctx, "reports", &key, [("number", number.as_str())]),
        ImportError::Field(field @ ("reports" | "sort" | "order")) => FieldError::new(ctx, field, &key),
        _ => return None,
    })
}

/// `POST /desk/evidence/{number}/rows/try`: nothing is kept.
pub(super) async fn try_out(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    office: Office,
    Path(number): Path<String>,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Problem> {
    let found = exhibit(&app, &actor, &number).await?;
    let memory = memory(&typed);
    if memory == Memory::Leave {
        // The file is looked at as if for the first time.
        typed.retain(|name, _| matches!(name.as_str(), "key" | "reports"));
    }
    let (mapping, corrected) = match mapping(&typed) {
        Ok(mapping) => mapping,
        Err(error) => {
            let wrong = field_error(&ctx, &error).ok_or_else(|| Problem::of(&error))?;
            return Ok(page((&ctx, &app), &found, (&typed, None), vec![wrong]));
        }
    };
    let tried = service::try_out(&app, &office, &actor, (&found.number, &mapping, memory)).await;
    let tried = tried.map_err(|e| Problem::of(&e))?;
    if matches!(memory, Memory::Take(_)) {
        // What is read now is what was said then, whatever the form said.
        typed.retain(|name, _| {
            matches!(name.as_str(), "key" | "reports" | "shape") || name.starts_with("heading-")
        });
    }
    Ok(page((&ctx, &app), &found, (&typed, Some((&tried, corrected))), Vec::new()))
}

/// `POST /desk/evidence/{number}/rows`: brought in. Reading goes on while whoever asked looks on.
pub(super) async fn bring(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    office: Office,
    Path(number): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let found = exhibit(&app, &actor, &number).await?;
    let wish = |(mapping, corrected)| Wish {
        exhibit: found.number.clone(),
        mapping,
        corrected,
        shape: of(&typed, "shape").to_owned(),
        reports: of(&typed, "reports")
            .split([',', ';', ' ', '\n', '\r', '\t'])
            .filter(|t| !t.is_empty())
            .map(str::to_uppercase)
            .collect(),
        key: of(&typed, "key").chars().take(64).collect(),
    };
    let begun = match mapping(&typed) {
        Ok(mapping) => service::begin(&app, &actor, wish(mapping)).await,
        Err(error) => Err(error),
    };
    let import = match begun {
        Ok(import) => import,
        Err(error) => {
            let wrong = field_error(&ctx, &error).ok_or_else(|| Problem::of(&error))?;
            return Ok(page((&ctx, &app), &found, (&typed, None), vec![wrong]));
        }
    };
    let (me, who) = (app.clone(), actor.clone());
    tokio::spawn(async move {
        if let Err(error) = service::carry_out(&me, &office, &who, import.id).await {
            tracing::warn!(import = %import.id, %error, "an exhibit was not read as rows");
        }
    });
    let toast = Toast::new("import-toast-begun").with("number", found.number);
    Ok(SeeOther::to(page_of(import.id)).with_toast(toast).into_response())
}
