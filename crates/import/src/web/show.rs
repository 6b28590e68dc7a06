//! One import: how far it is, its rows, whom they are with most often, and taking it back.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query as InAddress, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Coded as _;
use serde::Deserialize;
use web::{Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Status, Toast};

use super::{exhibit_page, page_of, words};
use crate::error::ImportError;
use crate::model::{ImportId, State as Stands};
use crate::service::{self, Query};

/// Troubles that the page lists.
const TROUBLES: usize = 100;

/// What rows are narrowed to.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    with: String,
    dated: String,
    after: String,
}

#[derive(Template)]
#[template(path = "import_show.html")]
struct Show {
    ctx: Ctx,
    title: String,
    here: String,
    exhibit: (String, String),
    status: Status,
    reading: bool,
    count: String,
    failure: Option<String>,
    taken_back: String,
    facts: Vec<(String, String)>,
    reports: Vec<(String, String)>,
    sums: Option<Markup>,
    troubles: Vec<String>,
    more_troubles: String,
    chips: Vec<(String, String, bool)>,
    with: Field,
    kind: String,
    rows: Option<Markup>,
    more: Option<String>,
    empty: Option<Empty>,
    often: Vec<(String, String, String)>,
    undated: Option<Undated>,
    may_take_back: bool,
}

/// Rows that have no date that can be read.
struct Undated {
    words: String,
    which: String,
    /// Where they are listed; empty where they are.
    list: String,
    /// Where the exhibit is read anew.
    anew: Option<String>,
}

fn undated(ctx: &Ctx, page: &service::Page, asked: &Asked, here: &str) -> Option<Undated> {
    (page.undated > 0).then(|| {
        let one = |(no, line): &(i64, i64)| {
            ctx.ta("import-undated-row", [("no", ctx.number(*no)), ("line", ctx.number(*line))])
        };
        let named = i64::try_from(page.undated_first.len()).unwrap_or(i64::MAX);
        let mut which: Vec<String> = page.undated_first.iter().map(one).collect();
        if page.undated > named {
            which.push(ctx.ta("import-more", [("n", ctx.number(page.undated.saturating_sub(named)))]));
        }
        let reports = web::encode(&page.reports.join(" "));
        let anew = format!("{}/rows?report={reports}", exhibit_page(&page.exhibit.number));
        Undated {
            words: ctx.ta("import-undated", [("n", page.undated)]),
            which: which.join("; "),
            list: if asked.dated == "no" { String::new() } else { format!("{here}?dated=no") },
            anew: service::reads(&page.exhibit).then_some(anew),
        }
    })
}

fn chips(ctx: &Ctx, page: &service::Page, asked: &Asked, here: &str) -> Vec<(String, String, bool)> {
    if page.kinds.len() < 2 {
        return Vec::new();
    }
    let with = web::encode(&asked.with);
    let all = std::iter::once((String::new(), ctx.t("import-chip-all")));
    let kinds = page.kinds.iter().map(|(kind, n)| {
        (kind.as_str().to_owned(), format!("{}: {}", words::kind(ctx, *kind), ctx.number(*n)))
    });
    all.chain(kinds)
        .map(|(word, words)| (format!("{here}?kind={word}&with={with}"), words, asked.kind == word))
        .collect()
}

/// `GET /desk/evidence/imports/{id}`.
pub(super) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    InAddress(asked): InAddress<Asked>,
) -> Result<Response, Problem> {
    let id: ImportId = id.parse().map_err(|_| Problem::not_found())?;
    let query = Query {
        kind: asked.kind.clone(),
        with: asked.with.clone(),
        undated: asked.dated == "no",
        after: asked.after.parse().unwrap_or(0),
    };
    let page = service::open(&app, &actor, id, query).await.map_err(|e| Problem::of(&e))?;
    let here = page_of(id);
    let summary = page.told.summary.as_deref();
    let mut facts = summary.map(|s| words::facts(&ctx, &app, s)).unwrap_or_default();
    facts.push((ctx.t("import-by"), format!("{}, {}", page.by, words::at(&ctx, page.import.begun_at))));
    let rows = words::rows(&ctx, &app, &page.rows);
    let narrowed = !asked.with.trim().is_empty() || !asked.kind.is_empty() || asked.dated == "no";
    let empty = (rows.is_none() && page.import.state != Stands::Reading).then(|| {
        let key = if page.unread {
            "import-empty-unread"
        } else if narrowed {
            "import-empty-filter"
        } else {
            "import-empty"
        };
        let empty = Empty::new(&ctx, key);
        if narrowed { empty.action(&here, &ctx.t("import-chip-all")) } else { empty }
    });
    let shown = page.told.troubles.len().min(TROUBLES);
    let all = usize::try_from(page.import.troubles).unwrap_or(usize::MAX);
    let often = page.often.iter().map(|c| {
        let href = format!("{here}?with={}", web::encode(&words::found_by(&c.row)));
        (href, words::with(&c.row), ctx.ta("import-times", [("n", c.times)]))
    });
    let show = Show {
        title: ctx.ta("import-title", [("number", page.exhibit.number.as_str())]),
        exhibit: (exhibit_page(&page.exhibit.number), page.exhibit.number.clone()),
        status: words::state(&ctx, page.import.state),
        reading: page.import.state == Stands::Reading,
        count: ctx.ta("import-so-far", [("n", page.import.rows)]),
        failure: words::failure(&ctx, &page.told),
        taken_back: page.told.taken_back.clone(),
        facts,
        reports: page.reports.iter().map(|n| (format!("/desk/reports/{n}"), n.clone())).collect(),
        sums: summary.and_then(|s| words::sums(&ctx, &app, s)),
        troubles: page.told.troubles.iter().take(shown).map(|t| words::trouble(&ctx, t)).collect(),
        more_troubles: if all > shown {
            ctx.number(i64::try_from(all.saturating_sub(shown)).unwrap_or(i64::MAX))
        } else {
            String::new()
        },
        chips: chips(&ctx, &page, &asked, &here),
        with: Field::text(&ctx, "with", "import-with").value(asked.with.clone()).optional(),
        kind: asked.kind.clone(),
        more: page.more.map(|after| {
            format!(
                "{here}?kind={}&with={}&dated={}&after={after}",
                web::encode(&asked.kind),
                web::encode(&asked.with),
                web::encode(&asked.dated)
            )
        }),
        rows,
        empty,
        often: often.collect(),
        undated: undated(&ctx, &page, &asked, &here),
        may_take_back: page.import.state == Stands::Read,
        here,
        ctx,
    };
    Ok(Page(show).into_response())
}

#[derive(Template)]
#[template(path = "_import_progress.html")]
struct Progress {
    ctx: Ctx,
    reading: bool,
    count: String,
    here: String,
}

/// `GET /desk/evidence/imports/{id}/progress`: how far it is, for the page that waits.
pub(super) async fn progress(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: ImportId = id.parse().map_err(|_| Problem::not_found())?;
    let import = service::stands(&app, &actor, id).await.map_err(|e| Problem::of(&e))?;
    let part = Progress {
        reading: import.state == Stands::Reading,
        count: ctx.ta("import-so-far", [("n", import.rows)]),
        here: page_of(id),
        ctx,
    };
    Ok(axum::response::Html(part.render().unwrap_or_default()).into_response())
}

#[derive(Template)]
#[template(path = "import_take_back.html")]
struct AskPage {
    ctx: Ctx,
    title: String,
    here: String,
    reason: Field,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

fn ask_page(ctx: &Ctx, here: String, typed: &str, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = AskPage {
        title: ctx.t("import-take-back.title"),
        here,
        reason: Field::area(ctx, "reason", "import-reason", 3).value(typed).errors(&errors),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// `GET /desk/evidence/imports/{id}/take-back`.
pub(super) async fn ask(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: ImportId = id.parse().map_err(|_| Problem::not_found())?;
    let import = service::stands(&app, &actor, id).await.map_err(|e| Problem::of(&e))?;
    if import.state != Stands::Read {
        return Err(Problem::of(&ImportError::State));
    }
    Ok(ask_page(&ctx, page_of(id), "", Vec::new()))
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Why {
    reason: String,
}

/// `POST /desk/evidence/imports/{id}/take-back`.
pub(super) async fn take_back(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(why): Form<Why>,
) -> Result<Response, Problem> {
    let id: ImportId = id.parse().map_err(|_| Problem::not_found())?;
    match service::take_back(&app, &actor, id, &why.reason).await {
        Ok(_) => {
            Ok(SeeOther::to(page_of(id)).with_toast(Toast::new("import-toast-taken-back")).into_response())
        }
        Err(error @ ImportError::Field(_)) => {
            let wrong = FieldError::new(&ctx, "reason", &Problem::key(error.code()));
            Ok(ask_page(&ctx, page_of(id), &why.reason, vec![wrong]))
        }
        Err(error) => Err(Problem::of(&error)),
    }
}
