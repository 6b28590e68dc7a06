//! Who may work on cases, and the words behind the codes.

use access::Reads;
use app::App;
use axum::Json;
use axum::response::{IntoResponse as _, Response};
use partner::described::Refused;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Ctx;

use super::{NotRead, answered, refused};
use crate::service;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_people)).routes(routes!(get_words))
}

/// Who may work on cases.
#[derive(Debug, Serialize, ToSchema)]
struct CasePeople {
    /// By login.
    people: Vec<CaseColleague>,
}

/// Somebody who may work on cases.
#[derive(Debug, Serialize, ToSchema)]
struct CaseColleague {
    /// As acts name them: `staff:…`.
    label: String,
    /// Name.
    name: String,
    /// Code of the unit.
    unit: String,
}

/// Who may work on cases: for teams, tasks and hand-over.
#[utoipa::path(
    get, path = "/cases/people", tag = "cases", operation_id = "getCasesPeople",
    responses((status = 200, description = "people", body = CasePeople), NotRead, Refused),
    security(("staff_token" = []))
)]
async fn get_people(ctx: Ctx, Reads { app, actor }: Reads) -> Response {
    let of = |(label, name, unit)| CaseColleague { label, name, unit };
    let all = service::colleagues(&app, &actor).await;
    answered(&ctx, all.map(|all| CasePeople { people: all.into_iter().map(of).collect() }))
}

/// What a code is called.
#[derive(Debug, Serialize, ToSchema)]
struct CaseWord {
    /// The code.
    code: String,
    /// Its name in the language asked for.
    name: String,
}

/// A kind of decision.
#[derive(Debug, Serialize, ToSchema)]
struct CaseDecisionWord {
    /// The code.
    code: String,
    /// Its name in the language asked for.
    name: String,
    /// Whether two persons must agree.
    second_person: bool,
    /// Whether a document with number and day belongs to it.
    paper: bool,
    /// The stage to which it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
}

/// A shape of cases.
#[derive(Debug, Serialize, ToSchema)]
struct CaseTemplateWord {
    /// The code.
    code: String,
    /// Its name in the language asked for.
    name: String,
    /// Its fields.
    fields: Vec<CaseFieldWord>,
}

/// A field of a shape.
#[derive(Debug, Serialize, ToSchema)]
struct CaseFieldWord {
    /// The code.
    code: String,
    /// Its name in the language asked for.
    name: String,
    /// `text`, `number`, `day`, `choice`.
    kind: &'static str,
    /// What may be chosen.
    choices: Vec<CaseWord>,
}

/// All codes of cases and what they are called.
#[derive(Debug, Serialize, ToSchema)]
struct CaseWords {
    /// Stages.
    stages: Vec<CaseWord>,
    /// Capacities of persons.
    duties: Vec<CaseWord>,
    /// Kinds of decisions.
    decisions: Vec<CaseDecisionWord>,
    /// Bodies that a case is referred to.
    bodies: Vec<CaseWord>,
    /// Offences by their wording of today.
    articles: Vec<CaseWord>,
    /// Registers.
    registers: Vec<CaseWord>,
    /// Units.
    units: Vec<CaseWord>,
    /// Shapes.
    templates: Vec<CaseTemplateWord>,
}

/// All codes of cases and what they are called, in the language asked for by `Accept-Language`.
#[utoipa::path(
    get, path = "/cases/words", tag = "cases", operation_id = "getCasesWords",
    responses((status = 200, description = "codes and names", body = CaseWords), NotRead, Refused),
    security(("staff_token" = []))
)]
async fn get_words(ctx: Ctx, Reads { app, actor }: Reads) -> Response {
    if let Err(error) = service::colleagues(&app, &actor).await {
        return refused(&ctx, &error);
    }
    Json(all_words(&ctx, &app)).into_response()
}

fn all_words(ctx: &Ctx, app: &App) -> CaseWords {
    let cases = app.profile.cases();
    let now = app.office.now();
    let word = |code: &str, name: &kernel::Localised| CaseWord {
        code: code.to_owned(),
        name: name.get(ctx.lang()).to_owned(),
    };
    let field = |f: &profile::CaseField| CaseFieldWord {
        code: f.code.clone(),
        name: f.name.get(ctx.lang()).to_owned(),
        kind: f.kind.as_str(),
        choices: f.choices.iter().map(|(code, name)| word(code, name)).collect(),
    };
    CaseWords {
        stages: cases.stages.iter().map(|s| word(&s.code, &s.name)).collect(),
        duties: cases.roles.iter().map(|r| word(&r.code, &r.name)).collect(),
        decisions: cases
            .decisions
            .iter()
            .map(|d| CaseDecisionWord {
                code: d.code.clone(),
                name: d.name.get(ctx.lang()).to_owned(),
                second_person: d.second_person,
                paper: d.paper,
                stage: d.stage.clone(),
            })
            .collect(),
        bodies: cases.bodies.iter().map(|b| word(&b.code, &b.name)).collect(),
        articles: app.profile.articles(now).map(|a| word(&a.code, &a.name)).collect(),
        registers: app.profile.registers("report", now).map(|r| word(&r.code, &r.name)).collect(),
        units: app.profile.units().iter().map(|u| word(&u.code, &u.name)).collect(),
        templates: cases
            .templates
            .iter()
            .map(|t| CaseTemplateWord {
                code: t.code.clone(),
                name: t.name.get(ctx.lang()).to_owned(),
                fields: t.fields.iter().map(field).collect(),
            })
            .collect(),
    }
}
