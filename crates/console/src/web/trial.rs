//! Trial orders: the institution's people read and answer them here; on the institution's page at the desk a panel shows what
//! was passed, and the administrator sends another.

use ::order::trial::{Passed, Trial, service};
use ::order::{OrderError, words};
use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use partner::web::Clerk;
use partner::{Mode, Partner};
use serde::Deserialize;
use web::{Ctx, Markup, Page, Problem, SeeOther, Status, Toast, Tone, render};

use super::id;

/// Answers that a person can give to a trial order: each needs nothing more to be said.
const ANSWERS: [&str; 3] = ["H10", "N30", "R41"];

/// Where a trial order stands, in words.
fn state(ctx: &Ctx, t: &Trial) -> Status {
    match (t.answered_at, t.acknowledged_at) {
        (Some(_), _) => Status::new(ctx, "console-trial-answered", Tone::Green),
        (None, Some(_)) => Status::new(ctx, "console-trial-acknowledged", Tone::Blue),
        (None, None) => Status::new(ctx, "console-trial-sent", Tone::Grey),
    }
}

struct Row {
    href: String,
    measure: String,
    value: String,
    sent: Markup,
    state: Status,
    codes: String,
    /// What the gateway said: to the broken signature, to the message.
    posted: Option<i64>,
}

fn row(ctx: &Ctx, t: &Trial) -> Row {
    Row {
        href: format!("/console/trials/{}", t.id),
        measure: words::measure(ctx, t.measure),
        value: t.value(),
        sent: ctx.time_exact(t.header.created_at),
        state: state(ctx, t),
        codes: t.codes.clone(),
        posted: t.posted_status,
    }
}

#[derive(Template)]
#[template(path = "_console_trials.html")]
struct List {
    ctx: Ctx,
    rows: Vec<Row>,
}

/// The trial orders on the first page of the console; nothing for an institution that never had one.
pub(super) async fn list(app: &App, ctx: &Ctx, clerk: &Clerk) -> Result<Markup, Problem> {
    let trials = service::own(app, &clerk.actor).await?;
    if trials.is_empty() {
        return Ok(Markup::text(""));
    }
    Ok(render(&List { rows: trials.iter().map(|t| row(ctx, t)).collect(), ctx: ctx.clone() }))
}

#[derive(Template)]
#[template(path = "console_trial.html")]
struct Show {
    ctx: Ctx,
    id: String,
    row: Row,
    due: Markup,
    sum: String,
    fresh: bool,
    answers: Vec<(&'static str, String)>,
}

/// `GET /console/trials/{id}`.
pub(super) async fn show(
    State(app): State<App>,
    clerk: Clerk,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let t = service::handed(&app, &clerk.actor, id(&text)?).await?;
    let fits = |code: &str| code != "H10" || ::order::measure::is_about_money(t.measure);
    let fitting = ANSWERS.into_iter().filter(|code| fits(code));
    let answers = fitting.map(|code| (code, words::code(&ctx, code))).collect();
    Ok(Page(Show {
        id: t.id.to_string(),
        row: row(&ctx, &t),
        due: ctx.time_exact(service::due(&t)),
        sum: ctx.money(Trial::cap(app.profile.currency())),
        fresh: t.acknowledged_at.is_none(),
        answers,
        ctx,
    })
    .into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    code: String,
}

/// `POST /console/trials/{id}`: receipt or an answer.
pub(super) async fn answer(
    State(app): State<App>,
    clerk: Clerk,
    Path(text): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    if said.code != "A00" && !ANSWERS.contains(&said.code.as_str()) {
        return Err(Problem::not_found());
    }
    service::answer_at_console(&app, &clerk.actor, id, &said.code).await?;
    Ok(SeeOther::to(format!("/console/trials/{id}"))
        .with_toast(Toast::new("console-trial-done"))
        .into_response())
}

#[derive(Template)]
#[template(path = "_console_trial_panel.html")]
struct PanelBody {
    ctx: Ctx,
    checks: Vec<(String, Status)>,
    rows: Vec<Row>,
    send: Option<String>,
    gateway: bool,
}

/// What an institution has passed on trial, on its page; nothing for one that is live and never was on trial.
///
/// # Errors
/// Hidden; the database's.
pub async fn panel(app: &App, ctx: &Ctx, actor: &Actor, partner: &Partner) -> Result<Markup, Problem> {
    let (trials, passed) = service::of_partner(app, actor, partner).await?;
    if trials.is_empty() && partner.mode == Mode::Live {
        return Ok(Markup::text(""));
    }
    let manages = access::allowed(actor, access::Action::ManagePartners, &access::Resource::any("partner"));
    let send = manages && partner.mode == Mode::Test && partner.active;
    let gateway = !partner.gateway_url.is_empty();
    Ok(render(&PanelBody {
        checks: checks(ctx, passed, gateway),
        rows: trials.iter().map(|t| row(ctx, t)).collect(),
        send: send.then(|| format!("/admin/institutions/{}/trial", partner.code)),
        gateway,
        ctx: ctx.clone(),
    }))
}

/// The three things that are looked at, each with what was seen.
fn checks(ctx: &Ctx, passed: Passed, gateway: bool) -> Vec<(String, Status)> {
    let seen = |yes: bool| {
        if yes {
            Status::new(ctx, "console-trial-seen", Tone::Green)
        } else {
            Status::new(ctx, "console-trial-not-seen", Tone::Grey)
        }
    };
    let mut all = vec![
        (ctx.t("console-trial-check-receipt"), seen(passed.receipt)),
        (ctx.t("console-trial-check-answer"), seen(passed.answer)),
    ];
    // Whoever only reads its inbox is posted nothing that it could refuse.
    if gateway {
        let forged = match passed.refused_forged {
            Some(false) => Status::new(ctx, "console-trial-believed", Tone::Red),
            other => seen(other.is_some()),
        };
        all.push((ctx.t("console-trial-check-forged"), forged));
    }
    all
}

/// `POST /admin/institutions/{code}/trial`: the administrator sends one.
pub(super) async fn send(
    State(app): State<App>,
    Staff(actor): Staff,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    match service::send(&app, &actor, &code).await {
        Ok(_) => {
            let back = SeeOther::to(format!("/admin/institutions/{code}"));
            Ok(back.with_toast(Toast::new("console-trial-send-done")).into_response())
        }
        Err(OrderError::NotFound) => Err(Problem::not_found()),
        Err(error) => Err(error.into()),
    }
}
