//! A person is entered in the list of droppers, or taken off it: form F9.

use access::{Action, Staff, Stage};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};
use order::details::{DetailsFault, Knowledge};
use order::service::{Drafted, Dropper, Given};
use order::words;
use order::{ObjectId, OrderError};
use report::Report;
use trail::web::Names;
use web::{Choice, Ctx, Empty, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast, encode};

use super::ReasonForm;
use super::act::page_of;
use super::ending::{self, Ask};
use super::order::id;

#[derive(Template)]
#[template(path = "desk_list_person.html")]
struct Show {
    ctx: Ctx,
    title: String,
    back: String,
    empty: Option<Empty>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What was filled in.
#[derive(Debug, Default)]
struct Filled {
    number: String,
    knowledge: String,
    ground: String,
    given: Vec<String>,
    flags: Vec<String>,
}

impl Filled {
    fn read(form: Vec<(String, String)>) -> Self {
        let mut all = Self::default();
        for (name, value) in form {
            match name.as_str() {
                "number" => all.number = value,
                "knowledge" => all.knowledge = value,
                "ground" => all.ground = value,
                "given" => all.given.push(value),
                "flags" => all.flags.push(value),
                _ => {}
            }
        }
        all
    }

    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }

    fn dropper(&self, knowledge: Knowledge) -> Dropper {
        Dropper {
            number: self.number.clone(),
            knowledge,
            minor: self.has("minor"),
            guardian_told: self.has("guardian_told"),
            voluntary: self.has("voluntary"),
            talked: self.has("talked"),
            given: self.given.iter().filter_map(|g| g.parse::<ObjectId>().ok()).collect(),
            ground: self.ground.clone(),
        }
    }
}

const FLAGS: [&str; 4] = ["voluntary", "talked", "minor", "guardian_told"];

fn fields(ctx: &Ctx, names: &Names, given: &[Given], filled: &Filled, errors: &[FieldError]) -> Vec<Field> {
    let accounts: Vec<Choice> = given
        .iter()
        .map(|g| {
            let what = words::thing(ctx, &g.kind, &g.masked);
            Choice::new(&g.object.to_string(), format!("{what}, {}", names.name(ctx, &g.institution)))
        })
        .collect();
    let knowledge = Knowledge::ALL.iter().map(|k| {
        let key = words::key_part(k.as_str());
        let choice = Choice::new(k.as_str(), ctx.t(&format!("order-knowledge-{key}")));
        if k.can_be_listed() { choice } else { choice.hint(ctx.t("desk-list-not-listed")) }
    });
    let flags = FLAGS.map(|f| Choice::new(f, ctx.t(&format!("desk-list-flag-{}", words::key_part(f)))));
    vec![
        Field::text(ctx, "number", "desk-list-number").value(filled.number.clone()).width(20).errors(errors),
        Field::checks(ctx, "given", "desk-list-given", accounts).values(&filled.given).errors(errors),
        Field::radios(ctx, "knowledge", "desk-list-knowledge", knowledge.collect())
            .value(filled.knowledge.clone())
            .errors(errors),
        Field::area(ctx, "ground", "desk-list-ground", 4).value(filled.ground.clone()).errors(errors),
        Field::checks(ctx, "flags", "desk-list-flags", flags.to_vec())
            .values(&filled.flags)
            .errors(errors)
            .optional(),
    ]
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    report: &Report,
    (filled, errors): (&Filled, &[FieldError]),
) -> Result<Response, Problem> {
    let given = order::service::given(app, actor, report.id).await?;
    let names = Names::load(app).await;
    let none = given.is_empty();
    let show = Show {
        title: ctx.ta("desk-list-title", [("number", report.number.as_str())]),
        back: page_of(&report.number),
        empty: none
            .then(|| Empty::new(ctx, "desk-list-empty").action(&page_of(&report.number), &report.number)),
        fields: if none { Vec::new() } else { fields(ctx, &names, &given, filled, errors) },
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(show)).into_response())
}

/// `GET /desk/reports/{number}/list`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    page(&ctx, &app, &actor, &report, (&Filled::default(), &[])).await
}

/// `POST /desk/reports/{number}/list`: the orders are drafted and wait for their signatures.
pub(crate) async fn act(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let filled = Filled::read(form);
    // All that is missing is asked for at once.
    let missing = [
        ("number", filled.number.trim().is_empty(), "desk-list-number.missing"),
        ("given", filled.given.is_empty(), "desk-list-given.missing"),
        ("knowledge", Knowledge::parse(&filled.knowledge).is_none(), "desk-list-knowledge.missing"),
        ("ground", !app::says(&filled.ground), "desk-list-ground.missing"),
    ];
    let missing: Vec<FieldError> = missing
        .into_iter()
        .filter(|(_, missing, _)| *missing)
        .map(|(field, _, key)| FieldError::new(&ctx, field, key))
        .collect();
    let Some(knowledge) = Knowledge::parse(&filled.knowledge).filter(|_| missing.is_empty()) else {
        return page(&ctx, &app, &actor, &report, (&filled, &missing)).await;
    };
    match order::service::list(&app, &actor, report.id, filled.dropper(knowledge)).await {
        Ok(drafted) => {
            let already = drafted.iter().find_map(|d| match d {
                Drafted::Already(id) => Some(*id),
                _ => None,
            });
            if let (Some(id), true) = (already, drafted.iter().all(|d| matches!(d, Drafted::Already(_)))) {
                let to = format!("/desk/orders/{id}");
                return Ok(SeeOther::to(to).with_toast(Toast::new("desk-list-already")).into_response());
            }
            let to = format!("/desk/orders?n={}&measure=listing", encode(&report.number));
            Ok(SeeOther::to(to).with_toast(Toast::new("desk-list-drafted")).into_response())
        }
        Err(error) => {
            let field = match &error {
                OrderError::PersonNumber(_) | OrderError::OfVictim => "number",
                OrderError::Details(DetailsFault::Innocent) => "knowledge",
                OrderError::Details(DetailsFault::Minor) => "flags",
                OrderError::Details(DetailsFault::Nothing) => "given",
                OrderError::Details(_) => "ground",
                _ => return Err(error.into()),
            };
            let key = match (&error, field) {
                (OrderError::Details(DetailsFault::Nothing), _) => "desk-list-given.missing".to_owned(),
                (OrderError::Details(DetailsFault::Harm), _) => "desk-list-ground.missing".to_owned(),
                _ => Problem::key(error.code()),
            };
            let error = FieldError::new(&ctx, field, &key);
            page(&ctx, &app, &actor, &report, (&filled, &[error])).await
        }
    }
}

fn delist_ask(ctx: &Ctx, reason: &str, errors: &[FieldError]) -> Ask {
    let reason = Field::area(ctx, "reason", "desk-delist-reason", 3).value(reason).errors(errors);
    Ask { key: "delist", path: "delist".to_owned(), fields: vec![reason], only: None }
}

/// `GET /desk/orders/{id}/delist`.
pub(crate) async fn delist_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let view = ending::open(&app, &actor, id(&text)?, Action::ReleaseOrder, Stage::Sent).await?;
    Ok(ending::page(&ctx, &app, &view, delist_ask(&ctx, "", &[]), &[]).await)
}

/// `POST /desk/orders/{id}/delist`.
pub(crate) async fn delist(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    let view = ending::open(&app, &actor, id, Action::ReleaseOrder, Stage::Sent).await?;
    if app::reason(&form.reason).is_none() {
        let errors = vec![FieldError::new(&ctx, "reason", "error-desk-no-reason")];
        return Ok(ending::page(&ctx, &app, &view, delist_ask(&ctx, &form.reason, &errors), &errors).await);
    }
    order::service::delist(&app, &actor, id, form.reason.trim()).await?;
    let to = format!("/desk/orders?n={}&measure=delisting", encode(&view.order.report_number));
    Ok(SeeOther::to(to).with_toast(Toast::new("desk-delist-drafted")).into_response())
}
