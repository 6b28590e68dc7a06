//! What people decide about a scheme: each act has a page that says what comes of it, and asks why.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use uuid::Uuid;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::{page_of, words};
use crate::error::SchemeError;
use crate::model::{AlarmId, DecisionId, Ruling};
use crate::service::{self, Decided};

/// What is being decided, as typed so far.
#[derive(Debug, Default)]
struct Typed {
    act: String,
    ticked: Vec<String>,
    number: String,
    thing: String,
    ruling: String,
    kind: String,
    reason: String,
}

impl Typed {
    fn read(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            let place = match name.as_str() {
                "act" => &mut typed.act,
                "number" => &mut typed.number,
                "thing" => &mut typed.thing,
                "ruling" => &mut typed.ruling,
                "kind" => &mut typed.kind,
                "reason" => &mut typed.reason,
                "id" => {
                    if typed.ticked.len() <= 500 && !value.is_empty() {
                        typed.ticked.push(value);
                    }
                    continue;
                }
                _ => continue,
            };
            *place = value;
        }
        typed
    }

    /// Key of the words of this act; nothing for no act of ours.
    fn key(&self) -> Option<&'static str> {
        Some(match self.act.as_str() {
            "out" => "scheme-decide-out",
            "part" => "scheme-decide-part",
            "in" => "scheme-decide-in",
            "kind" => "scheme-decide-kind",
            "rule" => match Ruling::parse(&self.ruling)? {
                Ruling::Everybody => "scheme-decide-everybody",
                Ruling::Own => "scheme-decide-own",
                Ruling::Nothing => return None,
            },
            _ => return None,
        })
    }
}

#[derive(Template)]
#[template(path = "scheme_decide.html")]
struct DecidePage {
    ctx: Ctx,
    title: String,
    effect: String,
    back: String,
    hidden: Vec<(&'static str, String)>,
    ticked: Vec<String>,
    fields: Vec<Field>,
    button: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

fn page(
    ctx: &Ctx,
    app: &App,
    number: &str,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<Response, Problem> {
    let key = typed.key().ok_or_else(Problem::not_found)?;
    let mut fields = Vec::new();
    if typed.act == "in" {
        fields.push(
            Field::text(ctx, "number", "scheme-field-number").value(&typed.number).errors(errors).width(20),
        );
    }
    if typed.act == "kind" {
        let none = Choice::new("", ctx.t("scheme-kind-by-stories"));
        let kind = |k: &profile::SchemeKind| Choice::new(&k.code, k.name.get(ctx.lang()).to_owned());
        let choices = std::iter::once(none).chain(app.profile.schemes().iter().map(kind)).collect();
        fields
            .push(Field::select(ctx, "kind", "scheme-field-kind", choices).value(&typed.kind).errors(errors));
    }
    fields.push(Field::area(ctx, "reason", "scheme-field-reason", 3).value(&typed.reason).errors(errors));
    let number = crate::model::number(service::no(number)?);
    let title =
        ctx.ta(&format!("{key}.title"), [("number", number.clone()), ("n", typed.ticked.len().to_string())]);
    let shown = DecidePage {
        effect: ctx.t(&format!("{key}.effect")),
        button: ctx.t(&format!("{key}.button")),
        back: page_of(&number),
        hidden: vec![
            ("act", typed.act.clone()),
            ("thing", typed.thing.clone()),
            ("ruling", typed.ruling.clone()),
        ],
        ticked: typed.ticked.clone(),
        fields,
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        title,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(shown)).into_response())
}

/// `GET /desk/schemes/{number}/decide`.
pub(crate) async fn form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed::read(pairs);
    service::may_sort(&app, &actor, service::no(&number)?).await?;
    let back = page_of(&crate::model::number(service::no(&number)?));
    // Nothing was ticked: the page itself says what to do.
    if matches!(typed.act.as_str(), "out" | "part") && typed.ticked.is_empty() {
        return Ok(SeeOther::to(back).with_toast(Toast::new("scheme-toast-tick")).into_response());
    }
    page(&ctx, &app, &number, &typed, &[])
}

async fn decided(app: &App, actor: &Actor, no: i64, t: &Typed) -> Result<Decided, SchemeError> {
    match t.act.as_str() {
        "out" => service::take_out(app, actor, no, &t.ticked, &t.reason).await,
        "part" => service::part_off(app, actor, no, &t.ticked, &t.reason).await,
        "in" => service::join_in(app, actor, no, &t.number, &t.reason).await,
        "kind" => service::say_kind(app, actor, no, &t.kind, &t.reason).await,
        _ => {
            let id = Uuid::parse_str(&t.thing).map_err(|_| SchemeError::NotFound)?;
            let ruling =
                Ruling::parse(&t.ruling).filter(|r| *r != Ruling::Nothing).ok_or(SchemeError::NotFound)?;
            service::rule(app, actor, no, id, ruling, &t.reason).await
        }
    }
}

/// `POST /desk/schemes/{number}/decide`.
pub(crate) async fn decide(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed::read(pairs);
    typed.key().ok_or_else(Problem::not_found)?;
    match decided(&app, &actor, service::no(&number)?, &typed).await {
        Ok(done) => {
            let toast = Toast::new(match typed.act.as_str() {
                "out" => "scheme-toast-out",
                "part" => "scheme-toast-parted",
                "in" => "scheme-toast-in",
                "kind" => "scheme-toast-kind",
                _ => "scheme-toast-ruled",
            })
            .with("number", done.number.clone())
            .undo(&format!("/desk/schemes/decisions/{}/undo", done.decision));
            Ok(SeeOther::to(page_of(&done.number)).with_toast(toast).into_response())
        }
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => page(&ctx, &app, &number, &typed, &[wrong]),
            None => Err(error.into()),
        },
    }
}

/// `POST /desk/schemes/decisions/{id}/undo`.
pub(crate) async fn undo(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<SeeOther, Problem> {
    let id: DecisionId = id.parse().map_err(|_| Problem::not_found())?;
    let number = service::undo(&app, &actor, id).await?;
    Ok(SeeOther::to(page_of(&number)).with_toast(Toast::new("scheme-toast-undone")))
}

/// `POST /desk/schemes/alarms/{id}/seen`.
pub(crate) async fn seen(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<SeeOther, Problem> {
    let id: AlarmId = id.parse().map_err(|_| Problem::not_found())?;
    let number = service::seen(&app, &actor, id).await?;
    let back = number.map_or_else(|| "/desk/schemes".to_owned(), |n| page_of(&n));
    Ok(SeeOther::to(back).with_toast(Toast::new("scheme-toast-seen")))
}
