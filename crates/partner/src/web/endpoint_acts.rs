//! What is done with the addresses of an institution. What hands a secret out wants a fresh one-time code, and the
//! secret stands in the answer to the form itself, so that no address and no store ever holds it.

use ::web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};
use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kernel::{Actor, Coded as _};

use super::endpoints::{SPANS_HOURS, mode_words, topic_words};
use super::{home, require_keep};
use crate::manage;
use crate::notify::service::{self, Handed, NewEndpoint, Replay};
use crate::notify::{EndpointId, Mode, NotificationId, NotifyError, Topic};

/// Routes under the page of an institution.
pub(super) fn routes(at: &str) -> Router<App> {
    let of = |act: &str| format!("{at}/{{id}}/{act}");
    Router::new()
        .route(&format!("{at}/new"), get(new_form).post(add))
        .route(&of("rotate"), get(rotate_form).post(rotate))
        .route(&of("remove"), get(remove_form).post(remove))
        .route(&of("pause"), post(pause))
        .route(&of("resume"), post(resume))
        .route(&of("test"), post(test))
        .route(&of("replay"), post(replay))
}

type Pairs = Form<Vec<(String, String)>>;

fn values<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
}

fn done(actor: &Actor, code: &str, toast: Toast) -> Response {
    SeeOther::to(format!("{}#notifications", home(actor, code))).with_toast(toast).into_response()
}

/// The id in an address. One that is none is an endpoint that is not there.
fn endpoint(text: &str) -> Result<EndpointId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Template)]
#[template(path = "partner_endpoint_new.html")]
struct NewPage {
    ctx: Ctx,
    back: String,
    name: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

fn new_page(
    ctx: Ctx,
    back: String,
    name: String,
    pairs: &[(String, String)],
    errors: &[FieldError],
) -> NewPage {
    let one = |name: &str| values(pairs, name).first().copied().unwrap_or_default().to_owned();
    let topics = Topic::SUBSCRIBABLE.map(|t| Choice::new(t.as_str(), topic_words(&ctx, t)));
    let modes = [(Mode::Live, "partner-mode-live-hint"), (Mode::Test, "partner-mode-test-hint")]
        .map(|(m, hint)| Choice::new(m.as_str(), mode_words(&ctx, m)).hint(ctx.t(hint)));
    let fields = vec![
        Field::text(&ctx, "url", "partner-endpoint-url")
            .value(one("url"))
            .autocomplete("off")
            .inputmode("url")
            .errors(errors),
        Field::checks(&ctx, "topics", "partner-endpoint-topics", topics.to_vec())
            .values(values(pairs, "topics"))
            .errors(errors),
        Field::radios(&ctx, "mode", "partner-endpoint-mode", modes.to_vec())
            .value(one("mode"))
            .errors(errors),
    ];
    NewPage { back, name, summary: ErrorSummary::new(&ctx, errors), errors: errors.to_vec(), fields, ctx }
}

/// `GET …/endpoints/new`.
async fn new_form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let v = manage::one(&app, &actor, &code).await?;
    require_keep(&app, &actor, &v.partner)?;
    let name = v.partner.name(ctx.lang()).to_owned();
    let all = Topic::SUBSCRIBABLE.map(|t| ("topics".to_owned(), t.as_str().to_owned()));
    let mut pairs = all.to_vec();
    pairs.push(("mode".to_owned(), Mode::Live.as_str().to_owned()));
    Ok(Page(new_page(ctx, home(&actor, &code), name, &pairs, &[])).into_response())
}

/// `POST …/endpoints/new`.
async fn add(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, Problem> {
    let v = manage::one(&app, &actor, &code).await?;
    let mode = values(&pairs, "mode").first().and_then(|m| Mode::parse(m)).unwrap_or(Mode::Test);
    let new = NewEndpoint {
        url: values(&pairs, "url").first().copied().unwrap_or_default().to_owned(),
        // A word that is no topic makes the list shorter, never longer.
        topics: values(&pairs, "topics").into_iter().filter_map(Topic::parse).collect(),
        mode,
    };
    match service::add_endpoint(&app, &actor, &code, new).await {
        Ok(handed) => Ok(Page(SecretPage::new(ctx, home(&actor, &code), &handed)).into_response()),
        Err(error) => match field(&error) {
            Some(field) => {
                let wrong = FieldError::new(&ctx, field, &Problem::key(error.code()));
                let name = v.partner.name(ctx.lang()).to_owned();
                let page = new_page(ctx, home(&actor, &code), name, &pairs, &[wrong]);
                Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
            }
            None => Err(error.into()),
        },
    }
}

/// The field that a refusal is about; `None` for what no field is to blame for.
const fn field(error: &NotifyError) -> Option<&'static str> {
    match error {
        NotifyError::Address(_) | NotifyError::Known | NotifyError::Limit => Some("url"),
        NotifyError::Topics => Some("topics"),
        _ => None,
    }
}

/// The secret, once.
#[derive(Template)]
#[template(path = "partner_endpoint_secret.html")]
struct SecretPage {
    ctx: Ctx,
    back: String,
    secret: String,
    id: String,
}

impl SecretPage {
    fn new(ctx: Ctx, back: String, handed: &Handed) -> Self {
        Self { ctx, back, secret: handed.secret.expose().clone(), id: handed.endpoint.to_string() }
    }
}

/// What will happen, and the button that does it.
#[derive(Template)]
#[template(path = "partner_endpoint_act.html")]
struct ActPage {
    ctx: Ctx,
    title: String,
    text: String,
    button: String,
    action: String,
    back: String,
    name: String,
    host: String,
}

async fn ask(
    app: &App,
    actor: &Actor,
    ctx: Ctx,
    (code, id): (&str, &str),
    key: &str,
    path: &str,
) -> Result<Response, Problem> {
    let v = manage::one(app, actor, code).await?;
    require_keep(app, actor, &v.partner)?;
    let id = endpoint(id)?;
    let all = service::list(app, actor, code).await?;
    let found = all.iter().find(|v| v.endpoint.id == id).ok_or_else(Problem::not_found)?;
    let words = |part: &str| ctx.t(&format!("{key}.{part}"));
    let page = ActPage {
        title: words("title"),
        text: words("text"),
        button: words("button"),
        action: format!("{}/endpoints/{id}/{path}", home(actor, code)),
        back: home(actor, code),
        name: v.partner.name(ctx.lang()).to_owned(),
        host: found.endpoint.host().to_owned(),
        ctx,
    };
    Ok(Page(page).into_response())
}

/// `GET …/rotate`.
async fn rotate_form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    ask(&app, &actor, ctx, (&code, &id), "partner-endpoint-rotate", "rotate").await
}

/// `POST …/rotate`.
async fn rotate(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let handed = service::rotate_secret(&app, &actor, &code, endpoint(&id)?).await?;
    Ok(Page(SecretPage::new(ctx, home(&actor, &code), &handed)).into_response())
}

/// `GET …/remove`.
async fn remove_form(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    ask(&app, &actor, ctx, (&code, &id), "partner-endpoint-remove", "remove").await
}

/// `POST …/remove`.
async fn remove(
    State(app): State<App>,
    Staff(actor): Staff,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    service::remove(&app, &actor, &code, endpoint(&id)?).await?;
    Ok(done(&actor, &code, Toast::new("partner-endpoint-remove-done")))
}

/// `POST …/pause`.
async fn pause(
    State(app): State<App>,
    Staff(actor): Staff,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    service::pause(&app, &actor, &code, endpoint(&id)?).await?;
    Ok(done(&actor, &code, Toast::new("partner-endpoint-pause-done")))
}

/// `POST …/resume`.
async fn resume(
    State(app): State<App>,
    Staff(actor): Staff,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    service::resume(&app, &actor, &code, endpoint(&id)?).await?;
    Ok(done(&actor, &code, Toast::new("partner-endpoint-resume-done")))
}

/// `POST …/test`.
async fn test(
    State(app): State<App>,
    Staff(actor): Staff,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    service::send_test(&app, &actor, &code, endpoint(&id)?).await?;
    Ok(done(&actor, &code, Toast::new("partner-endpoint-test-done")))
}

/// `POST …/replay`: one notification (`id`), or all of the last `hours`.
async fn replay(
    State(app): State<App>,
    Staff(actor): Staff,
    Path((code, id)): Path<(String, String)>,
    Form(pairs): Pairs,
) -> Result<Response, Problem> {
    let what = match values(&pairs, "id").first() {
        Some(one) => Replay::One(one.parse::<NotificationId>().map_err(|_| Problem::not_found())?),
        None => {
            let hours = values(&pairs, "hours").first().and_then(|h| h.parse::<i64>().ok());
            let hours = hours.filter(|h| SPANS_HOURS.contains(h)).ok_or_else(Problem::not_found)?;
            Replay::Since(app.wall.now().plus_secs(hours.saturating_mul(-3_600)))
        }
    };
    let count = service::replay(&app, &actor, &code, endpoint(&id)?, what).await?;
    Ok(done(&actor, &code, Toast::new("partner-replay-done").with("n", count.to_string())))
}
