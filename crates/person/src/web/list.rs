//! The list of persons, and looking for somebody. What is typed stands in no address.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Query as InAddress, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use serde::Deserialize;
use web::{Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, Status as Shown};

use super::words;
use crate::model::Role;
use crate::service::{self, Found, Ground, Narrow, Place, Query};

struct Row {
    href: String,
    number: String,
    who: String,
    role: String,
    records: String,
    minor: Option<Shown>,
    at: Markup,
}

/// Somebody who was found.
struct Answer {
    href: String,
    number: String,
    who: String,
    role: String,
    records: String,
    minor: Option<Shown>,
    alike: String,
}

#[derive(Template)]
#[template(path = "person_list.html")]
struct List {
    ctx: Ctx,
    title: String,
    fields: Vec<Field>,
    /// What was found; `None` where nothing was looked for.
    answers: Option<Vec<Answer>>,
    waiting: String,
    waits: bool,
    /// Whether the reader judges and writes.
    may_judge: bool,
    chips: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    more: Option<String>,
    cut: bool,
    empty: Option<Empty>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    role: String,
    several: String,
    after: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FindForm {
    name: String,
    iin: String,
    phone: String,
    account: String,
    report: String,
}

fn chips(ctx: &Ctx, query: &ListQuery) -> Vec<(String, String, bool)> {
    let several = !query.several.is_empty();
    let mut all = vec![
        ("/desk/persons".to_owned(), ctx.t("person-all"), query.role.is_empty() && !several),
        ("/desk/persons?several=1".to_owned(), ctx.t("person-several"), several),
    ];
    all.extend(Role::ALL.iter().map(|role| {
        let word = role.as_str();
        (format!("/desk/persons?role={word}"), words::role(ctx, *role), query.role == word && !several)
    }));
    all
}

fn answer(ctx: &Ctx, found: &Found, report: &str) -> Answer {
    Answer {
        href: format!("/desk/persons/{}?report={}", found.person, web::encode(report)),
        number: found.number.clone(),
        who: found.mask.clone(),
        role: words::role(ctx, found.role),
        records: ctx.number(found.records),
        minor: found.minor.then(|| words::minor(ctx)),
        alike: if found.alike >= service::SAME {
            ctx.t("person-alike-same")
        } else {
            let percent = i64::try_from(found.alike).unwrap_or(0).saturating_mul(10);
            ctx.ta("person-alike", [("n", ctx.percent(percent))])
        },
    }
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    (query, form, found): (&ListQuery, &FindForm, Option<&service::Answer>),
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let role = Role::parse(&query.role);
    let several = !query.several.is_empty();
    let narrow = Narrow { role, several, after: Place::parse(&query.after) };
    let listing = service::list(app, actor, narrow).await.map_err(|e| Problem::of(&e))?;
    let rows: Vec<Row> = listing
        .rows
        .iter()
        .map(|r| Row {
            href: format!("/desk/persons/{}", r.person),
            number: r.number.clone(),
            who: r.mask.clone(),
            role: words::role(ctx, r.role),
            records: ctx.number(r.records),
            minor: r.minor.then(|| words::minor(ctx)),
            at: ctx.time(r.at),
        })
        .collect();
    let narrowed = role.is_some() || several;
    let empty = rows.is_empty().then(|| {
        if narrowed {
            Empty::new(ctx, "person-empty-filter").action("/desk/persons", &ctx.t("person-all"))
        } else {
            Empty::new(ctx, "person-empty")
        }
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let text = |name: &str, key: &str, value: &str| {
        Field::text(ctx, name, key).value(value).autocomplete("off").errors(&errors)
    };
    let page = List {
        title: ctx.t("person-nav"),
        fields: vec![
            text("name", "person-find-name", &form.name).optional(),
            text("iin", "person-find-iin", &form.iin).inputmode("numeric").width(20).optional(),
            text("phone", "person-find-phone", &form.phone).inputmode("tel").width(20).optional(),
            text("account", "person-find-account", &form.account).width(20).optional(),
            text("report", "person-for-report", &form.report).width(20),
        ],
        answers: found.map(|all| all.found.iter().map(|f| answer(ctx, f, form.report.trim())).collect()),
        waiting: ctx.number(listing.waiting),
        waits: listing.waiting > 0,
        may_judge: {
            let mut office = access::Resource::any(access::Kind::Person);
            office.organisation.clone_from(&app.node.code);
            access::allowed(actor, access::Action::JudgePerson, &office)
        },
        chips: chips(ctx, query),
        rows,
        more: listing.more.map(|place| {
            let role = role.map_or("", Role::as_str);
            let several = if several { "1" } else { "" };
            format!("/desk/persons?role={role}&several={several}&after={}#all", place.to_text())
        }),
        cut: found.is_some_and(|all| all.cut),
        empty,
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((status, Page(page)).into_response())
}

/// `GET /desk/persons`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    InAddress(query): InAddress<ListQuery>,
) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, (&query, &FindForm::default(), None), Vec::new()).await
}

/// `POST /desk/persons`: looks for somebody, for a report.
pub(crate) async fn find(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<FindForm>,
) -> Result<Response, Problem> {
    let query = Query {
        name: form.name.clone(),
        iin: form.iin.clone(),
        phone: form.phone.clone(),
        account: form.account.clone(),
    };
    let all = ListQuery::default();
    match service::find(&app, &actor, &query, &Ground(form.report.clone())).await {
        Ok(found) => page(&ctx, &app, &actor, (&all, &form, Some(&found)), Vec::new()).await,
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => page(&ctx, &app, &actor, (&all, &form, None), vec![wrong]).await,
            None => Err(Problem::of(&error)),
        },
    }
}
