//! Acts on one exhibit. Those that need words have a page of their own.

use access::Staff;
use app::App;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Class, Coded as _};
use serde::Deserialize;
use uuid::Uuid;
use web::{Ctx, Field, FieldError, Problem, SeeOther, Toast};

use super::{Office, ask, page_of, words};
use crate::error::EvidenceError;
use crate::model::{ExhibitId, Fate};
use crate::service::{self, May};

/// What is typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    place: String,
    to: String,
    title: String,
    seal: String,
    reason: String,
}

fn done(number: &str, toast: &str) -> Response {
    let toast = Toast::new(toast).with("number", number);
    SeeOther::to(page_of(number)).with_toast(toast).into_response()
}

/// The exhibit of that number, for somebody who sees it: nothing that was typed is judged before.
async fn id_of(app: &App, actor: &Actor, number: &str) -> Result<ExhibitId, Problem> {
    let (who, number) = (actor.clone(), number.to_owned());
    let found =
        app.db.read(move |tx| service::of_number(tx, &who, access::Action::ViewExhibit, &number)).await;
    found.map(|e| e.id).map_err(|e| Problem::of(&e))
}

fn wrong(error: EvidenceError) -> Problem {
    Problem::of(&error)
}

/// `POST …/move`.
pub(super) async fn move_to(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let id = id_of(&app, &actor, &number).await?;
    let place: Uuid = typed.place.parse().map_err(|_| wrong(EvidenceError::Field("place")))?;
    service::move_to(&app, &actor, id, place).await.map_err(wrong)?;
    Ok(done(&number, "evidence-toast-moved"))
}

/// `POST …/offer`.
pub(super) async fn offer(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let id = id_of(&app, &actor, &number).await?;
    let to: Uuid = typed.to.parse().map_err(|_| wrong(EvidenceError::Field("to")))?;
    service::offer(&app, &actor, id, to).await.map_err(wrong)?;
    Ok(done(&number, "evidence-toast-offered"))
}

/// `POST …/receive`.
pub(super) async fn receive(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let id = id_of(&app, &actor, &number).await?;
    service::receive(&app, &actor, id).await.map_err(wrong)?;
    Ok(done(&number, "evidence-toast-received"))
}

/// `POST …/call-back`.
pub(super) async fn call_back(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let id = id_of(&app, &actor, &number).await?;
    service::call_back(&app, &actor, id).await.map_err(wrong)?;
    Ok(done(&number, "evidence-toast-called-back"))
}

/// An act that needs words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Decline,
    Seal,
    Unseal,
    Describe,
    Return,
    Destroy,
    SendBack,
    Confirm,
}

impl Act {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Decline, "decline"),
        (Self::Seal, "seal"),
        (Self::Unseal, "unseal"),
        (Self::Describe, "describe"),
        (Self::Return, "return"),
        (Self::Destroy, "destroy"),
        (Self::SendBack, "send-back"),
        (Self::Confirm, "confirm"),
    ];
    fn parse(word: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|(_, w)| *w == word);
        found.map(|(act, _)| act).ok_or_else(Problem::not_found)
    }
    fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(act, _)| *act == self).map_or("", |(_, word)| word)
    }
    fn may(self, may: &May) -> bool {
        match self {
            Self::Decline => may.receive,
            Self::Seal => may.seal,
            Self::Unseal => may.unseal,
            Self::Describe => may.handle,
            Self::Return | Self::Destroy => may.propose,
            Self::SendBack => may.confirm || may.take_back,
            Self::Confirm => may.confirm,
        }
    }
    fn fields(self, ctx: &Ctx, typed: &Typed, errors: &[FieldError]) -> Vec<Field> {
        let reason =
            |key: &str| Field::area(ctx, "reason", key, 3).value(typed.reason.clone()).errors(errors);
        match self {
            Self::Seal => {
                vec![
                    Field::text(ctx, "seal", "evidence-seal-number").value(typed.seal.clone()).errors(errors),
                ]
            }
            Self::Describe => vec![
                Field::text(ctx, "title", "evidence-title").value(typed.title.clone()).errors(errors),
                reason("evidence-reason"),
            ],
            Self::Return | Self::Destroy => vec![reason("evidence-decision")],
            _ => vec![reason("evidence-reason")],
        }
    }
}

/// `GET …/{act}`.
pub(super) async fn form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, word)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let act = Act::parse(&word)?;
    page(&ctx, &app, &actor, (&number, act), &Typed::default(), Vec::new()).await
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    (number, act): (&str, Act),
    typed: &Typed,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let opened = service::open(app, actor, number).await.map_err(wrong)?;
    if !act.may(&opened.may) {
        return Err(Problem::new(Class::Conflict, EvidenceError::OtherHands.code()));
    }
    let key = format!("evidence-act-{}", act.word());
    let title = opened.about.map(|a| a.title.into_inner(kernel::Purpose::HandleReport));
    let ask = ask::Ask {
        key: &key,
        action: format!("{}/{}", page_of(number), act.word()),
        back: (page_of(number), format!("{number} {}", title.unwrap_or_default())),
        fields: act.fields(ctx, typed, &errors),
        ..ask::Ask::default()
    };
    Ok(ask::page(ctx, ask, errors))
}

/// `POST …/{act}`.
pub(super) async fn act(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    office: Office,
    Path((number, word)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let act = Act::parse(&word)?;
    let id = id_of(&app, &actor, &number).await?;
    let (app_, why) = (&app, typed.reason.as_str());
    let came_to = match act {
        Act::Decline => service::decline(app_, &actor, id, why).await,
        Act::Seal => service::seal(app_, &actor, id, &typed.seal).await,
        Act::Unseal => service::unseal(app_, &actor, id, why).await,
        Act::Describe => service::describe(app_, &actor, id, (&typed.title, why)).await,
        Act::Return => service::propose(app_, &actor, id, (Fate::Return, why)).await,
        Act::Destroy => service::propose(app_, &actor, id, (Fate::Destroy, why)).await,
        Act::SendBack => service::send_back(app_, &actor, id, why).await,
        Act::Confirm => service::carry_out(app_, &office.shelf, &actor, id, why).await.map(drop),
    };
    match came_to {
        Ok(()) => Ok(done(&number, &format!("evidence-toast-{}", act.word()))),
        Err(error) => match words::field_error(&ctx, &error) {
            Some(field) => page(&ctx, &app, &actor, (&number, act), &typed, vec![field]).await,
            None => Err(wrong(error)),
        },
    }
}
