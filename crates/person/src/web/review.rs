//! Pairs that wait for a person: a letter chooses the answer, Enter confirms it. What speaks for and against comes first, the
//! score last, and no answer is offered before another.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _, Purpose};
use serde::Deserialize;
use web::{Ctx, Empty, Field, FieldError, Page, Problem, SeeOther, Status as Shown, Toast};

use super::words;
use crate::error::PersonError;
use crate::model::{JudgementId, PairId, PairState, Told, Verdict};
use crate::resolve::{FIELDS, Field as Compared};
use crate::service::{self, Look, Side};

/// One field of both.
struct Line {
    name: String,
    values: [String; 2],
    level: String,
    weight: String,
    bits: String,
}

/// One of the two records.
struct Column {
    who: String,
    href: String,
    number: String,
    role: String,
    origin: String,
    minor: Option<Shown>,
    dropper: Option<Shown>,
    records: String,
}

/// An answer that may be chosen.
struct Answer {
    href: String,
    letter: &'static str,
    key: &'static str,
    words: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "person_review.html")]
struct Review {
    ctx: Ctx,
    title: String,
    waiting: String,
    empty: Option<Empty>,
    pair: String,
    sides: Vec<Column>,
    lines: Vec<Line>,
    prior: String,
    household: Option<String>,
    score: String,
    odds: String,
    model: String,
    minor: bool,
    answers: Vec<Answer>,
    /// What was chosen, with its effect.
    chosen: Option<(&'static str, String, String)>,
    /// What people have said of it.
    standing: Option<String>,
    undo: Option<String>,
    part: Option<Field>,
    reason: Field,
    errors: Vec<FieldError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    pair: String,
    answer: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct JudgeForm {
    pair: String,
    verdict: String,
    reason: String,
    part_reason: String,
}

/// Answers with the letter that chooses them: letters that the desk's keys know.
const ANSWERS: [(Verdict, &str, &str); 3] =
    [(Verdict::Same, "s", "S"), (Verdict::Different, "n", "N"), (Verdict::Unsure, "m", "M")];

fn value(ctx: &Ctx, told: Option<&Told>, field: Compared) -> String {
    let Some(told) = told else { return ctx.t("person-erased") };
    let [last, first, middle] = told.parts();
    match field {
        Compared::Iin => told.iin.clone(),
        Compared::Last => last,
        Compared::First => first,
        Compared::Middle => middle,
        Compared::Birth => told.birth.clone(),
        Compared::Phone => told.phone.clone(),
        Compared::Address => told.address.clone(),
    }
}

/// What speaks for it first, then what speaks against it, then what is not known of both.
fn lines(ctx: &Ctx, look: &Look) -> Vec<Line> {
    let [a, b] = &look.sides;
    let told = |side: &Side| side.record.told.as_ref().map(|t| t.open(Purpose::Investigate).clone());
    let (a, b) = (told(a), told(b));
    let mut all: Vec<(i64, u8, Line)> = FIELDS
        .into_iter()
        .zip(look.pair.levels)
        .zip(look.pair.fields)
        .map(|((field, level), bits)| {
            let line = Line {
                name: ctx.t(words::field(field)),
                values: [value(ctx, a.as_ref(), field), value(ctx, b.as_ref(), field)],
                level: ctx.t(&format!("person-level-{level}")),
                weight: if level == 0 { String::new() } else { words::weight(ctx, bits) },
                bits: if level == 0 { String::new() } else { words::bits(ctx, bits) },
            };
            (bits, level, line)
        })
        .filter(|(_, level, line)| *level != 0 || line.values.iter().any(|v| !v.is_empty()))
        .collect();
    all.sort_by_key(|(bits, level, _)| (*level == 0, std::cmp::Reverse(*bits)));
    all.into_iter().map(|(_, _, line)| line).collect()
}

fn column(ctx: &Ctx, side: &Side) -> Column {
    let report = side.record.report_number.as_deref();
    let query = report.map(|number| format!("?report={}", web::encode(number))).unwrap_or_default();
    let told = side.record.told.as_ref().map(|t| t.open(Purpose::Investigate).name());
    Column {
        who: told.unwrap_or_else(|| ctx.t("person-erased")),
        href: format!("/desk/persons/{}{query}", side.person.id),
        number: side.person.number.clone(),
        role: words::role(ctx, side.record.record.role),
        origin: words::origin(ctx, &side.record),
        minor: side.minor.then(|| words::minor(ctx)),
        dropper: side.dropper.map(|d| super::dropper_form::status(ctx, d)),
        records: ctx.number(side.person.records),
    }
}

/// What an answer does, in a sentence.
fn effect(ctx: &Ctx, look: &Look, verdict: Verdict) -> String {
    let [a, b] = &look.sides;
    let args = [
        ("first", a.person.number.clone()),
        ("second", b.person.number.clone()),
        ("records", ctx.number(a.person.records.saturating_add(b.person.records))),
    ];
    let effect = ctx.ta(&format!("person-effect-{}", verdict.as_str()), args);
    if look.grave && verdict == Verdict::Same {
        return format!("{effect} {}", ctx.t("person-effect-second"));
    }
    effect
}

fn shown(ctx: &Ctx, look: &Look, answer: &str, (reason, errors): (&str, Vec<FieldError>)) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let pair = look.pair.id.to_string();
    let asked =
        look.may_judge && look.standing.is_none() && (!look.joined || look.pair.state == PairState::Second);
    let chosen = Verdict::parse(answer).filter(|_| asked);
    let area = |name: &str, key: &str| Field::area(ctx, name, key, 2).value(reason).errors(&errors);
    let page = Review {
        title: ctx.t("person-review"),
        waiting: ctx.number(look.waiting),
        empty: None,
        sides: look.sides.iter().map(|side| column(ctx, side)).collect(),
        lines: lines(ctx, look),
        prior: words::bits(ctx, look.pair.prior),
        household: (look.pair.household().abs() >= 50).then(|| words::bits(ctx, look.pair.household())),
        score: words::bits(ctx, look.pair.bits),
        odds: words::odds(ctx, look.pair.bits),
        model: ctx.number(look.pair.model),
        minor: look.sides.iter().any(|side| side.minor),
        answers: if asked {
            ANSWERS
                .iter()
                .map(|(verdict, letter, key)| Answer {
                    href: format!("/desk/persons/review?pair={pair}&answer={}", verdict.as_str()),
                    letter,
                    key,
                    words: words::verdict(ctx, *verdict),
                    chosen: chosen == Some(*verdict),
                })
                .collect()
        } else {
            Vec::new()
        },
        chosen: chosen.map(|v| {
            let button = ctx.t(&format!("person-confirm-{}", v.as_str()));
            (v.as_str(), effect(ctx, look, v), button)
        }),
        standing: look.standing.as_ref().map(|j| words::verdict(ctx, j.verdict)),
        undo: look
            .standing
            .as_ref()
            .filter(|_| look.may_judge)
            .map(|j| format!("/desk/persons/judgements/{}/undo", j.id)),
        part: (look.joined && look.may_judge).then(|| area("part_reason", "person-part-reason")),
        reason: area("reason", "person-judge-reason").optional(),
        errors,
        pair,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

fn nothing(ctx: &Ctx) -> Response {
    let page = Review {
        title: ctx.t("person-review"),
        waiting: ctx.number(0),
        empty: Some(Empty::new(ctx, "person-review-empty").action("/desk/persons", &ctx.t("person-nav"))),
        pair: String::new(),
        sides: Vec::new(),
        lines: Vec::new(),
        prior: String::new(),
        household: None,
        score: String::new(),
        odds: String::new(),
        model: String::new(),
        minor: false,
        answers: Vec::new(),
        chosen: None,
        standing: None,
        undo: None,
        part: None,
        reason: Field::area(ctx, "reason", "person-judge-reason", 2),
        errors: Vec::new(),
        ctx: ctx.clone(),
    };
    Page(page).into_response()
}

fn parse(id: &str) -> Result<PairId, Problem> {
    id.parse().map_err(|_| Problem::of(&PersonError::NotFound))
}

/// `GET /desk/persons/review`: the next pair, or the one that is named, with the answer that was chosen.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let look = if chosen.pair.is_empty() {
        service::next(&app, &actor).await.map_err(|e| Problem::of(&e))?
    } else {
        Some(service::one(&app, &actor, parse(&chosen.pair)?).await.map_err(|e| Problem::of(&e))?)
    };
    Ok(match look {
        Some(look) => shown(&ctx, &look, &chosen.answer, ("", Vec::new())),
        None => nothing(&ctx),
    })
}

/// The pair again with what is wrong.
async fn again(
    (ctx, app, actor): (&Ctx, &App, &Actor),
    id: PairId,
    (answer, field, reason): (&str, &str, &str),
    error: &PersonError,
) -> Result<Response, Problem> {
    let wrong = match error {
        PersonError::Reasons | PersonError::Contradicts | PersonError::TakenBack => {
            FieldError::new(ctx, field, &Problem::key(error.code()))
        }
        _ => return Err(Problem::of(error)),
    };
    let look = service::one(app, actor, id).await.map_err(|e| Problem::of(&e))?;
    Ok(shown(ctx, &look, answer, (reason, vec![wrong])))
}

/// `POST /desk/persons/review`: the answer; then the next pair.
pub(crate) async fn judge(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<JudgeForm>,
) -> Result<Response, Problem> {
    let id = parse(&form.pair)?;
    let verdict = Verdict::parse(&form.verdict).ok_or_else(|| Problem::of(&PersonError::NotFound))?;
    match service::judge(&app, &actor, id, verdict, &form.reason).await {
        Ok(judged) => {
            let key = if judged.stands { verdict.as_str() } else { "second" };
            let toast = Toast::new(&format!("person-toast-{key}"))
                .undo(&format!("/desk/persons/judgements/{}/undo", judged.id));
            Ok(SeeOther::to("/desk/persons/review").with_toast(toast).into_response())
        }
        Err(error) => again((&ctx, &app, &actor), id, (&form.verdict, "reason", &form.reason), &error).await,
    }
}

/// `POST /desk/persons/review/{id}/part`: what was joined parts again.
pub(crate) async fn part(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<JudgeForm>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    match service::part_again(&app, &actor, id, &form.part_reason).await {
        Ok(judged) => {
            let toast = Toast::new("person-toast-parted")
                .undo(&format!("/desk/persons/judgements/{}/undo", judged.id));
            Ok(SeeOther::to(format!("/desk/persons/review?pair={id}")).with_toast(toast).into_response())
        }
        Err(error) => again((&ctx, &app, &actor), id, ("", "part_reason", &form.part_reason), &error).await,
    }
}

/// `POST /desk/persons/judgements/{id}/undo`.
pub(crate) async fn undo(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: JudgementId = id.parse().map_err(|_| Problem::of(&PersonError::NotFound))?;
    let pair = service::undo(&app, &actor, id).await.map_err(|e| Problem::of(&e))?;
    Ok(SeeOther::to(format!("/desk/persons/review?pair={pair}"))
        .with_toast(Toast::new("person-toast-undone"))
        .into_response())
}
