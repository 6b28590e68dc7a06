//! A form for each act on a case, and what comes of it.

use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::forms::{self, Fields, Typed};
use super::{page_of, words};
use crate::error::CaseError;
use crate::model::{PersonWords, TaskState};
use crate::service::{self, Door, NewDecision, NewNote, NewPerson, NewTask};

#[derive(Template)]
#[template(path = "case_form.html")]
pub(super) struct FormPage {
    pub(super) ctx: Ctx,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) back: String,
    pub(super) back_words: String,
    pub(super) action: String,
    pub(super) button: String,
    pub(super) hidden: Vec<(String, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) errors: Vec<FieldError>,
    pub(super) summary: ErrorSummary,
}

/// A page of a form, with the status that its errors ask for.
pub(super) fn form_page(page: FormPage) -> Response {
    let status = match &page.errors[..] {
        [] => StatusCode::OK,
        all if all.iter().any(|e| e.field == words::FORM) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, Page(page)).into_response()
}

/// Acts that have a form.
const ASKED: &[&str] = &[
    "describe",
    "priority",
    "link",
    "person",
    "task",
    "assign",
    "due",
    "note",
    "event",
    "exhibit",
    "ref",
    "article",
    "field",
    "decide",
    "send-back",
    "stage",
    "hand-over",
    "member",
    "door",
    "merge",
    "split",
    "refer",
    "answered",
    "accept",
    "return",
];

/// Acts that are done by a button alone.
const PRESSED: &[&str] = &[
    "unlink",
    "exhibit-out",
    "person-end",
    "rights",
    "done",
    "drop",
    "reopen",
    "ref-wrong",
    "article-drop",
    "take-back",
    "member-drop",
    "undo-move",
    "referral-withdraw",
];

/// Every act on a case that the pages know, by its name in the address.
pub fn acts() -> impl Iterator<Item = &'static str> {
    ASKED.iter().chain(PRESSED).copied().chain(["confirm"])
}

/// Whether the reader may do it at all.
fn may(act: &str, may: service::May) -> bool {
    match act {
        "stage" | "hand-over" | "member" | "member-drop" | "door" | "merge" | "split" | "undo-move"
        | "refer" | "referral-withdraw" | "answered" => may.lead,
        "accept" | "return" => may.receive,
        "send-back" => may.confirm,
        _ => may.work,
    }
}

async fn asked(
    (ctx, app, actor): (&Ctx, &App, &Actor),
    (number, act): (&str, &str),
    (typed, errors): (&Typed, Vec<FieldError>),
) -> Result<Response, Problem> {
    let page = service::look(app, actor, number).await?;
    let late = errors.iter().any(|e| e.field == words::FORM);
    if !may(act, page.may) && !late {
        return Err(Problem::not_found());
    }
    let people = service::people(app).await?;
    let typed = if errors.is_empty() { forms::before(ctx, act, &page, typed.clone()) } else { typed.clone() };
    let f = Fields { ctx, typed: &typed, errors: &errors };
    let fields = match forms::of_act(app, &f, (act, &page), &people) {
        Some(fields) => fields,
        None if late => Vec::new(),
        None => return Err(Problem::not_found()),
    };
    let key = format!("case-do-{act}");
    let lead = format!("{key}.lead");
    let id = typed.of("id").to_owned();
    Ok(form_page(FormPage {
        title: ctx.t(&key),
        lead: if ctx.has_text(&lead) { ctx.t(&lead) } else { String::new() },
        back: page_of(&page.case.number),
        back_words: page.case.number.clone(),
        action: format!("{}/do/{act}", page_of(&page.case.number)),
        button: ctx.t(&key),
        hidden: hidden(ctx, typed.of(KEY), id),
        fields,
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    }))
}

/// The field that keeps a form known if it is sent twice.
const KEY: &str = "idempotency_key";

/// What a form carries unseen: which row it is about, and by what it is known again.
fn hidden(ctx: &Ctx, key: &str, id: String) -> Vec<(String, String)> {
    let key = if key.is_empty() { ctx.idempotency_key() } else { key.to_owned() };
    let row = (!id.is_empty()).then(|| ("id".to_owned(), id));
    row.into_iter().chain([(KEY.to_owned(), key)]).collect()
}

/// `GET /desk/cases/{number}/do/{act}`.
pub(crate) async fn form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, act)): Path<(String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let id = pairs.into_iter().filter(|(name, _)| name == "id").collect();
    asked((&ctx, &app, &actor), (&number, &act), (&Typed(id), Vec::new())).await
}

/// `POST /desk/cases/{number}/do/{act}`.
pub(crate) async fn act(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, act)): Path<(String, String)>,
    Query(named): Query<Vec<(String, String)>>,
    Form(mut pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    // The button that takes something back names it in its address and sends nothing else.
    pairs.extend(named.into_iter().filter(|(name, _)| name == "id"));
    let typed = Typed(pairs);
    let known = ASKED.iter().chain(PRESSED).any(|known| *known == act);
    if !known {
        return Err(Problem::not_found());
    }
    let sent = service::once::by_form(&app, &actor, (&number, &act), (typed.of(KEY), &typed.0));
    match done((&ctx, &sent, &actor), (&number, &act), &typed).await {
        // What comes twice leads where the first did.
        Ok(number) | Err(CaseError::Repeated(number)) => {
            let mut toast = Toast::new("case-toast-done").with("what", ctx.t(&format!("case-do-{act}")));
            // What a button did by itself another button takes back.
            let undo = match act.as_str() {
                "done" | "drop" => Some("reopen"),
                _ => None,
            };
            if let Some(undo) = undo {
                toast = toast.undo(&format!("{}/do/{undo}?id={}", page_of(&number), typed.of("id")));
            }
            Ok(SeeOther::to(page_of(&number)).with_toast(toast).into_response())
        }
        Err(error) => {
            let wrong = words::kept(&ctx, &app, &error)?;
            asked((&ctx, &app, &actor), (&number, &act), (&typed, vec![wrong])).await
        }
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct ConfirmForm {
    id: String,
}

/// `POST /desk/cases/{number}/confirm`: a decision of two persons stands, with a fresh one-time code.
pub(crate) async fn confirm(
    SteppedUp(actor): SteppedUp,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<ConfirmForm>,
) -> Result<SeeOther, Problem> {
    let id = uuid::Uuid::parse_str(&form.id).map_err(|_| Problem::not_found())?;
    let case = service::confirm(&app, &actor, &number, id).await?;
    Ok(SeeOther::to(page_of(&case.number)).with_toast(Toast::new("case-toast-confirmed")))
}

/// Does it, and gives the number of the case to show then.
async fn done(
    (ctx, app, actor): (&Ctx, &App, &Actor),
    (number, act): (&str, &str),
    t: &Typed,
) -> Result<String, CaseError> {
    if PRESSED.contains(&act) {
        return pressed((app, actor), (number, act), t).await;
    }
    let case = match act {
        "describe" => service::describe(app, actor, number, (t.of("title"), t.of("summary"))).await?,
        "priority" => {
            service::set_priority(app, actor, number, t.of("priority").parse().unwrap_or(-1)).await?
        }
        "exhibit" => service::put_exhibit(app, actor, number, t.of("exhibit")).await?,
        "link" => service::link(app, actor, number, (t.of("kind"), t.of("number"))).await?,
        "person" => {
            let words = PersonWords {
                name: t.of("name").to_owned(),
                contact: t.of("contact").to_owned(),
                note: t.of("note").to_owned(),
            };
            let new = NewPerson { words, duty: t.of("duty").to_owned(), number: t.of("person").to_owned() };
            service::add_person(app, actor, number, new).await?
        }
        "task" => {
            let new = NewTask {
                title: t.of("task").to_owned(),
                assignee: t.of("assignee").to_owned(),
                due_at: t.moment(ctx, "due")?,
                urgent: !t.of("urgent").is_empty(),
            };
            service::add_task(app, actor, number, new).await?
        }
        "assign" => service::assign(app, actor, number, (t.id()?, t.of("assignee"))).await?,
        "due" => service::change_due(app, actor, number, (t.id()?, t.moment(ctx, "due")?)).await?,
        "note" => {
            let readers = t.all("readers");
            let new = NewNote { text: t.of("note").to_owned(), restricted: !readers.is_empty(), readers };
            service::add_note(app, actor, number, new).await?
        }
        "event" => service::add_event(app, actor, number, (t.must(ctx, "at")?, t.of("event"))).await?,
        "ref" => {
            let of = (t.of("system"), t.of("number"), t.must(ctx, "at")?, t.of("registrar"));
            service::add_ref(app, actor, number, of).await?
        }
        "article" => service::add_article(app, actor, number, t.of("article")).await?,
        "field" => service::set_field(app, actor, number, (t.of("id"), t.of("value"))).await?,
        "decide" => {
            let day = web::day::read_day(t.of("day")).map(|d| d.to_string()).unwrap_or_default();
            let new = NewDecision {
                kind: t.of("decision").to_owned(),
                paper: t.of("paper").to_owned(),
                day,
                reasons: t.of("reasons").to_owned(),
            };
            service::propose(app, actor, number, new).await?
        }
        _ => return led((app, actor), (number, act), t).await,
    };
    Ok(case.number)
}

/// Acts of whoever leads, receives or confirms.
async fn led(
    (app, actor): (&App, &Actor),
    (number, act): (&str, &str),
    t: &Typed,
) -> Result<String, CaseError> {
    let reason = t.of("reason");
    let case = match act {
        "send-back" => service::send_back(app, actor, number, (t.id()?, reason)).await?,
        "stage" => service::pass(app, actor, number, (t.of("stage"), reason)).await?,
        "hand-over" => service::hand_over(app, actor, number, (t.of("member"), reason)).await?,
        "member" => service::add_member(app, actor, number, (t.of("member"), t.of("part"))).await?,
        "door" => {
            let door = Door::parse(t.of("door")).ok_or(CaseError::Field("door"))?;
            service::set_door(app, actor, number, (door, reason)).await?
        }
        "merge" => service::merge(app, actor, number, (t.of("into"), reason)).await?,
        "split" => {
            let rows = t.all("rows").iter().filter_map(|r| uuid::Uuid::parse_str(r).ok()).collect::<Vec<_>>();
            service::split(app, actor, number, (&rows, t.of("title"), reason)).await?
        }
        "refer" => service::refer(app, actor, number, (t.of("body"), t.of("ground"))).await?,
        "answered" => {
            let taken = match t.of("answer") {
                "accepted" => true,
                "returned" => false,
                _ => return Err(CaseError::Field("answer")),
            };
            service::answered(app, actor, number, (taken, reason)).await?
        }
        "accept" => service::accept(app, actor, number, t.of("member")).await?,
        "return" => service::returned(app, actor, number, reason).await?,
        _ => return Err(CaseError::NotFound),
    };
    Ok(case.number)
}

async fn pressed(
    (app, actor): (&App, &Actor),
    (number, act): (&str, &str),
    t: &Typed,
) -> Result<String, CaseError> {
    let case = match act {
        "unlink" => service::unlink(app, actor, number, t.id()?).await?,
        "person-end" => service::end_person(app, actor, number, t.id()?).await?,
        "rights" => service::rights_told(app, actor, number, t.id()?).await?,
        "done" => service::finish(app, actor, number, (t.id()?, TaskState::Done)).await?,
        "drop" => service::finish(app, actor, number, (t.id()?, TaskState::Dropped)).await?,
        "reopen" => service::finish(app, actor, number, (t.id()?, TaskState::Open)).await?,
        "ref-wrong" => service::wrong_ref(app, actor, number, t.id()?).await?,
        "article-drop" => service::remove_article(app, actor, number, t.id()?).await?,
        "take-back" => service::take_back(app, actor, number, t.id()?).await?,
        "member-drop" => service::remove_member(app, actor, number, t.of("id")).await?,
        "undo-move" => service::undo_move(app, actor, number, t.id()?).await?,
        "exhibit-out" => service::take_out_exhibit(app, actor, number, t.of("id")).await?,
        "referral-withdraw" => service::withdraw(app, actor, number).await?,
        // Whatever is pressed is one of those above.
        _ => return Err(CaseError::NotFound),
    };
    Ok(case.number)
}
