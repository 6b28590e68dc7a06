//! Each act on a case, under the name that its form has on the page. What was sent is handed to the service's function; nothing is decided here.

use std::future::Future;

use access::Writes;
use app::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Timestamp};
use partner::described::Refused;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use web::Ctx;

use super::bodies::{
    CaseAnswered, CaseArticleNew, CaseAssign, CaseDecisionNew, CaseDescribe, CaseDoor, CaseDue, CaseEventNew,
    CaseExhibitNamed, CaseFieldNew, CaseHandOver, CaseLinkNew, CaseMemberNamed, CaseMemberNew, CaseMerge,
    CaseNoteNew, CaseNothing, CasePersonNew, CasePriority, CaseReason, CaseRefNew, CaseRefer, CaseRowId,
    CaseRowReason, CaseSplit, CaseStageNew, CaseTaskNew,
};
use super::{NotDone, key_of, read, refused};
use crate::error::CaseError;
use crate::model::{Case, PersonWords, TaskState};
use crate::service::{self, Door, NewDecision, NewNote, NewPerson, NewTask, once};

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
struct CaseDone {
    /// The case to look at now: of a merge the one that took over, of a parting the new one, of what is undone the one that is back.
    #[schema(pattern = "^C-[0-9]{4}-[0-9]{8}$")]
    number: String,
    /// The row that was added, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    id: Option<Uuid>,
    /// Whether it was done before, under the same `Idempotency-Key`: nothing was done now.
    repeated: bool,
}

/// Acts that add a row of their own.
const ADDS: &[&str] = &["person", "task", "note", "event", "ref", "article", "decide"];

/// What an act is handed.
struct Given<T> {
    app: App,
    actor: Actor,
    number: String,
    body: T,
}

async fn done<T, F>(
    ctx: Ctx,
    Writes { app, actor }: Writes,
    (number, act): (String, &'static str),
    (headers, body): (HeaderMap, Result<Bytes, BytesRejection>),
    run: impl FnOnce(Given<T>) -> F,
) -> Response
where
    T: DeserializeOwned,
    F: Future<Output = Result<Case, CaseError>>,
{
    let read = read::<T>(&headers, body).and_then(|(body, raw)| Ok((body, raw, key_of(&app, &headers)?)));
    let (body, raw, key) = match read {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    // What the body says, whatever white space stands between: the same words are the same message.
    let said = serde_json::from_slice::<serde_json::Value>(&raw).map(|v| v.to_string()).unwrap_or_default();
    let app = once::by_message(&app, &actor, (&number, act), (&key, &said));
    let id = app.came.once.filter(|_| ADDS.contains(&act)).map(|once| once.key);
    match run(Given { app, actor, number, body }).await {
        Ok(case) => Json(CaseDone { number: case.number, id, repeated: false }).into_response(),
        Err(CaseError::Repeated(number)) => Json(CaseDone { number, id, repeated: true }).into_response(),
        Err(error) => refused(&ctx, &error),
    }
}

/// An operation of its own for each act: its name, what it takes, an example, and the service's function.
macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $name:ident $path:literal $act:literal $id:literal $body:ident $example:tt => $run:expr;)+) => {
        pub(super) fn routes() -> OpenApiRouter<App> {
            OpenApiRouter::new()$(.routes(routes!($name)))+
        }
        $(
            $(#[doc = $doc])+
            #[utoipa::path(
                post, path = $path, tag = "cases", operation_id = $id,
                params(
                    ("number" = String, Path, description = "number of the case", example = "C-2026-01234567"),
                    ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,128}$", description = "the program's own key, at most 128 characters: the same again does nothing")
                ),
                request_body(content = $body, example = json!($example)),
                responses((status = 200, description = "done", body = CaseDone), NotDone, Refused),
                security(("staff_token" = []))
            )]
            async fn $name(
                ctx: Ctx,
                writes: Writes,
                Path(number): Path<String>,
                headers: HeaderMap,
                body: Result<Bytes, BytesRejection>,
            ) -> Response {
                done::<$body, _>(ctx, writes, (number, $act), (headers, body), $run).await
            }
        )+
    };
}

fn moment(field: &'static str, text: &str) -> Result<Timestamp, CaseError> {
    Timestamp::parse_rfc3339(text).ok_or(CaseError::Field(field))
}

fn term(text: Option<&String>) -> Result<Option<Timestamp>, CaseError> {
    text.map(|t| moment("due", t)).transpose()
}

acts! {
    /// Writes title and summary anew.
    post_describe "/cases/{number}/do/describe" "describe" "postCaseDescribe" CaseDescribe
        {"title": "Қауіпсіз шот", "summary": "Екі өтініш бір шотқа апарады."} => async |g| {
            service::describe(&g.app, &g.actor, &g.number, (&g.body.title, &g.body.summary)).await
        };
    /// Says how urgent it is.
    post_priority "/cases/{number}/do/priority" "priority" "postCasePriority" CasePriority {"priority": 2} => async |g| {
        service::set_priority(&g.app, &g.actor, &g.number, g.body.priority).await
    };
    /// Puts a thing to the case; a scheme brings its reports.
    post_link "/cases/{number}/do/link" "link" "postCaseLink" CaseLinkNew
        {"kind": "report", "number": "R-2026-01234567"} => async |g| {
            service::link(&g.app, &g.actor, &g.number, (&g.body.kind, &g.body.number)).await
        };
    /// Takes a thing out of the case.
    post_unlink "/cases/{number}/do/unlink" "unlink" "postCaseUnlink" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::unlink(&g.app, &g.actor, &g.number, g.body.id).await
        };
    /// Adds a person, in a capacity.
    post_person "/cases/{number}/do/person" "person" "postCasePerson" CasePersonNew
        {"name": "Ойдан шығарылған Адам", "duty": "victim"} => async |g| {
            let Given { app, actor, number, body } = g;
            let words = PersonWords { name: body.name, contact: body.contact, note: body.note };
            service::add_person(&app, &actor, &number, NewPerson { words, duty: body.duty, number: body.person }).await
        };
    /// Somebody stands in a capacity no more.
    post_person_end "/cases/{number}/do/person-end" "person-end" "postCasePersonEnd" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::end_person(&g.app, &g.actor, &g.number, g.body.id).await
        };
    /// A person was told their rights.
    post_rights "/cases/{number}/do/rights" "rights" "postCaseRights" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::rights_told(&g.app, &g.actor, &g.number, g.body.id).await
        };
    /// Adds a task.
    post_task "/cases/{number}/do/task" "task" "postCaseTask" CaseTaskNew
        {"task": "Жәбірленушіден жауап алу", "due": "2026-12-02T18:00:00+05:00"} => async |g| {
            let Given { app, actor, number, body } = g;
            let due_at = term(body.due.as_ref())?;
            let new = NewTask { title: body.task, assignee: body.assignee, due_at, urgent: body.urgent };
            service::add_task(&app, &actor, &number, new).await
        };
    /// Gives a task to somebody of the team, or to nobody.
    post_assign "/cases/{number}/do/assign" "assign" "postCaseAssign" CaseAssign
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723", "assignee": "staff:0199c2a0-7b3c-7d10-a1b2-c3d4e5f60724"} => async |g| {
            service::assign(&g.app, &g.actor, &g.number, (g.body.id, &g.body.assignee)).await
        };
    /// Moves the term of a task.
    post_due "/cases/{number}/do/due" "due" "postCaseDue" CaseDue
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723", "due": "2026-12-03T18:00:00+05:00"} => async |g| {
            let due = term(g.body.due.as_ref())?;
            service::change_due(&g.app, &g.actor, &g.number, (g.body.id, due)).await
        };
    /// A task was done.
    post_done "/cases/{number}/do/done" "done" "postCaseTaskDone" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::finish(&g.app, &g.actor, &g.number, (g.body.id, TaskState::Done)).await
        };
    /// A task is not to be done any more.
    post_drop "/cases/{number}/do/drop" "drop" "postCaseTaskDrop" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::finish(&g.app, &g.actor, &g.number, (g.body.id, TaskState::Dropped)).await
        };
    /// A task is to be done again.
    post_reopen "/cases/{number}/do/reopen" "reopen" "postCaseTaskReopen" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::finish(&g.app, &g.actor, &g.number, (g.body.id, TaskState::Open)).await
        };
    /// Writes a note; a restricted one is there for its author and those whom it names alone.
    post_note "/cases/{number}/do/note" "note" "postCaseNote" CaseNoteNew
        {"note": "Банк көшірмені ертең жібереді."} => async |g| {
            let Given { app, actor, number, body } = g;
            let new = NewNote { text: body.note, readers: body.readers, restricted: body.restricted };
            service::add_note(&app, &actor, &number, new).await
        };
    /// Adds something that happened to the time line.
    post_event "/cases/{number}/do/event" "event" "postCaseEvent" CaseEventNew
        {"at": "2026-11-30T14:05:00+05:00", "event": "Жәбірленуші келді."} => async |g| {
            let at = moment("at", &g.body.at)?;
            service::add_event(&g.app, &g.actor, &g.number, (at, &g.body.event)).await
        };
    /// Puts an exhibit to the case, with all that was made from it.
    post_exhibit "/cases/{number}/do/exhibit" "exhibit" "postCaseExhibit" CaseExhibitNamed
        {"exhibit": "E-2026-01234567"} => async |g| {
            service::put_exhibit(&g.app, &g.actor, &g.number, &g.body.exhibit).await
        };
    /// Takes an exhibit out of the case.
    post_exhibit_out "/cases/{number}/do/exhibit-out" "exhibit-out" "postCaseExhibitOut" CaseExhibitNamed
        {"exhibit": "E-2026-01234567"} => async |g| {
            service::take_out_exhibit(&g.app, &g.actor, &g.number, &g.body.exhibit).await
        };
    /// Writes down under which number a register holds the case.
    post_ref "/cases/{number}/do/ref" "ref" "postCaseRef" CaseRefNew
        {"system": "kui", "number": "260000000000001", "at": "2026-11-30T14:05:00+05:00"} => async |g| {
            let at = moment("at", &g.body.at)?;
            let of = (g.body.system.as_str(), g.body.number.as_str(), at, g.body.registrar.as_str());
            service::add_ref(&g.app, &g.actor, &g.number, of).await
        };
    /// Marks a number as written down wrongly.
    post_ref_wrong "/cases/{number}/do/ref-wrong" "ref-wrong" "postCaseRefWrong" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::wrong_ref(&g.app, &g.actor, &g.number, g.body.id).await
        };
    /// Names an offence, by its wording of today.
    post_article "/cases/{number}/do/article" "article" "postCaseArticle" CaseArticleNew {"article": "cc-190"} => async |g| {
        service::add_article(&g.app, &g.actor, &g.number, &g.body.article).await
    };
    /// Takes an offence out.
    post_article_drop "/cases/{number}/do/article-drop" "article-drop" "postCaseArticleDrop" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::remove_article(&g.app, &g.actor, &g.number, g.body.id).await
        };
    /// Writes a field of the case's shape.
    post_field "/cases/{number}/do/field" "field" "postCaseField" CaseFieldNew
        {"field": "contact", "value": "call"} => async |g| {
            service::set_field(&g.app, &g.actor, &g.number, (&g.body.field, &g.body.value)).await
        };
    /// Decides, or proposes to where two must agree; who agrees does it at the page.
    post_decide "/cases/{number}/do/decide" "decide" "postCaseDecide" CaseDecisionNew
        {"decision": "refuse", "reasons": "Азаматтық-құқықтық дау.", "paper": "17", "day": "2026-11-30"} => async |g| {
            let Given { app, actor, number, body } = g;
            let new = NewDecision { kind: body.decision, paper: body.paper, day: body.day, reasons: body.reasons };
            service::propose(&app, &actor, &number, new).await
        };
    /// Always refused (`access.program`): the second of two persons agrees at the page, with a fresh one-time code.
    post_confirm "/cases/{number}/do/confirm" "confirm" "postCaseConfirm" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::confirm(&g.app, &g.actor, &g.number, g.body.id).await
        };
    /// Always refused (`access.program`): the second of two persons sends back at the page.
    post_send_back "/cases/{number}/do/send-back" "send-back" "postCaseSendBack" CaseRowReason
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723", "reason": "Негізі жоқ."} => async |g| {
            service::send_back(&g.app, &g.actor, &g.number, (g.body.id, &g.body.reason)).await
        };
    /// Takes the own proposal back.
    post_take_back "/cases/{number}/do/take-back" "take-back" "postCaseTakeBack" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::take_back(&g.app, &g.actor, &g.number, g.body.id).await
        };
    /// Passes to another stage, where no decision of two persons alone leads there.
    post_stage "/cases/{number}/do/stage" "stage" "postCaseStage" CaseStageNew
        {"stage": "investigation", "reason": "Белгілері бар."} => async |g| {
            service::pass(&g.app, &g.actor, &g.number, (&g.body.stage, &g.body.reason)).await
        };
    /// Somebody else leads it from now on.
    post_hand_over "/cases/{number}/do/hand-over" "hand-over" "postCaseHandOver" CaseHandOver
        {"member": "staff:0199c2a0-7b3c-7d10-a1b2-c3d4e5f60724", "reason": "Демалыс."} => async |g| {
            service::hand_over(&g.app, &g.actor, &g.number, (&g.body.member, &g.body.reason)).await
        };
    /// Takes somebody into the team.
    post_member "/cases/{number}/do/member" "member" "postCaseMember" CaseMemberNew
        {"member": "staff:0199c2a0-7b3c-7d10-a1b2-c3d4e5f60724", "part": "талдау"} => async |g| {
            service::add_member(&g.app, &g.actor, &g.number, (&g.body.member, &g.body.part)).await
        };
    /// Somebody works on it no more.
    post_member_drop "/cases/{number}/do/member-drop" "member-drop" "postCaseMemberDrop" CaseMemberNamed
        {"member": "staff:0199c2a0-7b3c-7d10-a1b2-c3d4e5f60724"} => async |g| {
            service::remove_member(&g.app, &g.actor, &g.number, &g.body.member).await
        };
    /// Says who is let in.
    post_door "/cases/{number}/do/door" "door" "postCaseDoor" CaseDoor
        {"door": "closed", "reason": "Тергеу құпиясы."} => async |g| {
            let door = Door::parse(&g.body.door).ok_or(CaseError::Field("door"))?;
            service::set_door(&g.app, &g.actor, &g.number, (door, &g.body.reason)).await
        };
    /// Merges it into another case.
    post_merge "/cases/{number}/do/merge" "merge" "postCaseMerge" CaseMerge
        {"into": "C-2026-07654321", "reason": "Бір схема."} => async |g| {
            service::merge(&g.app, &g.actor, &g.number, (&g.body.into, &g.body.reason)).await
        };
    /// Parts chosen rows off into a new case.
    post_split "/cases/{number}/do/split" "split" "postCaseSplit" CaseSplit
        {"title": "Басқа шот", "rows": ["0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"], "reason": "Басқа адамдар."} => async |g| {
            service::split(&g.app, &g.actor, &g.number, (&g.body.rows, &g.body.title, &g.body.reason)).await
        };
    /// Undoes a merge or a parting, as long as nothing later depends on it.
    post_undo_move "/cases/{number}/do/undo-move" "undo-move" "postCaseUndoMove" CaseRowId
        {"id": "0199c2a0-7b3c-7d10-a1b2-c3d4e5f60723"} => async |g| {
            service::undo_move(&g.app, &g.actor, &g.number, g.body.id).await
        };
    /// Refers it to another unit or body whose matter it is.
    post_refer "/cases/{number}/do/refer" "refer" "postCaseRefer" CaseRefer
        {"body": "investigation", "ground": "Тергеуге жатады."} => async |g| {
            service::refer(&g.app, &g.actor, &g.number, (&g.body.body, &g.body.ground)).await
        };
    /// Takes a referral back before it was answered.
    post_referral_withdraw "/cases/{number}/do/referral-withdraw" "referral-withdraw" "postCaseReferralWithdraw" CaseNothing
        {} => async |g: Given<CaseNothing>| service::withdraw(&g.app, &g.actor, &g.number).await;
    /// Writes down what a body has answered on paper, or by word.
    post_answered "/cases/{number}/do/answered" "answered" "postCaseAnswered" CaseAnswered
        {"answer": "accepted", "reason": "Қабылданды, шығ. 12."} => async |g| {
            let taken = match g.body.answer.as_str() {
                "accepted" => true,
                "returned" => false,
                _ => return Err(CaseError::Field("answer")),
            };
            service::answered(&g.app, &g.actor, &g.number, (taken, &g.body.reason)).await
        };
    /// The unit takes a referred case over; one of its officers leads it.
    post_accept "/cases/{number}/do/accept" "accept" "postCaseAccept" CaseMemberNamed
        {"member": "staff:0199c2a0-7b3c-7d10-a1b2-c3d4e5f60724"} => async |g| {
            service::accept(&g.app, &g.actor, &g.number, &g.body.member).await
        };
    /// The unit returns a referred case, with reasons.
    post_return "/cases/{number}/do/return" "return" "postCaseReturn" CaseReason
        {"reason": "Біздің құзыретімізге жатпайды."} => async |g| {
            service::returned(&g.app, &g.actor, &g.number, &g.body.reason).await
        };
}
