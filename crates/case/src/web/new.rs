//! The form by which a case is opened.

use access::Staff;
use app::App;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse as _, Response};
use web::{Choice, Ctx, ErrorSummary, FieldError, Problem, SeeOther, Toast};

use super::acts::{FormPage, form_page};
use super::forms::{Fields, Typed};
use super::{page_of, words};
use crate::service::{self, NewCase};

fn asked(ctx: &Ctx, app: &App, typed: &Typed, errors: Vec<FieldError>) -> Response {
    let mut typed = typed.clone();
    if typed.of("priority").is_empty() {
        typed.0.push(("priority".to_owned(), "1".to_owned()));
    }
    let f = Fields { ctx, typed: &typed, errors: &errors };
    let shapes = app.profile.cases().templates.iter();
    let shapes = shapes.map(|t| Choice::new(&t.code, t.name.get(ctx.lang()).to_owned())).collect();
    let from = typed.of("from").to_owned();
    let origin = match from.split_once(':') {
        Some((_, number)) => ctx.ta("case-new.from", [("number", number)]),
        None => ctx.t("case-new.lead"),
    };
    form_page(FormPage {
        title: ctx.t("case-new.title"),
        lead: origin,
        back: "/desk/cases".to_owned(),
        back_words: ctx.t("case-title"),
        action: "/desk/cases/new".to_owned(),
        button: ctx.t("case-new.button"),
        hidden: vec![("from".to_owned(), from), ("idempotency_key".to_owned(), key(ctx, &typed))],
        fields: vec![
            f.line("title"),
            f.area("summary", 5).optional(),
            f.select("template", shapes).optional(),
            f.radios("priority", words::priorities(ctx)),
            f.checks("closed", vec![Choice::new("1", ctx.t("case-door-closed"))]).optional(),
        ],
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    })
}

fn key(ctx: &Ctx, typed: &Typed) -> String {
    let known = typed.of("idempotency_key");
    if known.is_empty() { ctx.idempotency_key() } else { known.to_owned() }
}

/// `GET /desk/cases/new?from=report:R-2026-…`.
pub(crate) async fn form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    access::require(&actor, access::Action::OpenCase, &access::Resource::any(access::Kind::Case))?;
    let from = pairs.into_iter().filter(|(name, _)| name == "from").collect();
    Ok(asked(&ctx, &app, &Typed(from), Vec::new()))
}

/// `POST /desk/cases/new`.
pub(crate) async fn open(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed(pairs);
    let from = typed.of("from").split_once(':').map(|(kind, number)| (kind.to_owned(), number.to_owned()));
    let new = NewCase {
        title: typed.of("title").to_owned(),
        summary: typed.of("summary").to_owned(),
        template: typed.of("template").to_owned(),
        from,
        priority: typed.of("priority").parse().unwrap_or(1),
        closed: !typed.of("closed").is_empty(),
        key: typed.of("idempotency_key").to_owned(),
    };
    match service::open(&app, &actor, new).await {
        Ok(case) => Ok(SeeOther::to(page_of(&case.number))
            .with_toast(Toast::new("case-toast-opened").with("number", case.number.clone()))
            .into_response()),
        Err(error) => Ok(asked(&ctx, &app, &typed, vec![words::kept(&ctx, &app, &error)?])),
    }
}
