//! Acts of the office on one register: what was handed over, and what became of it.

use access::Staff;
use app::App;
use axum::extract::{Extension, Form as Body, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Purpose};
use web::{Ctx, FieldError, Problem};

use super::ask::{Ask, FORM, done, form_page, kept, matter};
use super::forms::Form;
use crate::error::RegistrationError;
use crate::kinds::{Kind, Of};
use crate::service::{self, Matter, May};

/// `POST …/hand-over`: makes the file; the page then offers it.
pub(super) async fn hand_over(
    Staff(actor): Staff,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let made = service::hand_over(&app, &actor, &number, &system).await?;
    let sent = !made.institution.is_empty();
    Ok(done(&number, if sent { "registration-toast-sent" } else { "registration-toast-handed-over" }))
}

/// `POST …/enter`: into the registers that the report is missing in.
pub(super) async fn enter(
    Staff(actor): Staff,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    service::enter_now(&app, &actor, &number).await?;
    Ok(done(&number, "registration-toast-entered"))
}

/// `POST …/carried`: the file was carried to the register.
pub(super) async fn carried(
    Staff(actor): Staff,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    service::carried(&app, &actor, &number, &system).await?;
    Ok(done(&number, "registration-toast-carried"))
}

/// `GET …/file`: the file itself. Each taking is a record.
pub(super) async fn file(
    Staff(actor): Staff,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let taken = service::take_file(&app, &actor, &number, &system).await?;
    let headers = [
        (CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", taken.name)),
    ];
    Ok((headers, taken.content.into_inner(Purpose::HandleReport)).into_response())
}

/// An act that wants a reason and nothing else.
struct Reasoned {
    key: &'static str,
    path: &'static str,
    reason: &'static str,
    toast: &'static str,
    /// The same of a matter that nobody reported.
    toast_else: &'static str,
    may: fn(&May) -> bool,
}

/// The register did not take the file.
const TURNED_AWAY: Reasoned = Reasoned {
    key: "registration-turned-away",
    path: "turned-away",
    reason: "registration-turned-away-reason",
    toast: "registration-toast-turned-away",
    toast_else: "registration-toast-turned-away",
    may: |may| may.turn_away,
};

/// The register does not hold the report.
const MISTAKEN: Reasoned = Reasoned {
    key: "registration-mistaken",
    path: "mistaken",
    reason: "registration-mistaken-reason",
    toast: "registration-toast-mistaken",
    toast_else: "registration-case-toast-mistaken",
    may: |may| may.mistaken,
};

impl Reasoned {
    fn page(&self, ctx: &Ctx, number: &Of, m: &Matter, form: &Form, errors: Vec<FieldError>) -> Response {
        let fields = vec![form.reason_field(ctx, self.reason, &errors)];
        let ask = Ask { key: self.key, path: self.path, fields, ..Ask::default() };
        form_page(ctx, number, m, ask, errors)
    }

    async fn asked(
        &self,
        (app, actor, ctx): (&App, &Actor, &Ctx),
        (number, system): (&Of, &str),
    ) -> Result<Response, Problem> {
        let m = matter(app, actor, (number, system), self.may).await?;
        Ok(self.page(ctx, number, &m, &Form::default(), Vec::new()))
    }

    async fn told<T>(
        &self,
        (app, actor, ctx): (&App, &Actor, &Ctx),
        (number, system): (&Of, &str),
        (form, came_to): (&Form, Result<T, RegistrationError>),
    ) -> Result<Response, Problem> {
        let Err(e) = came_to else {
            return Ok(done(number, if number.kind.told { self.toast } else { self.toast_else }));
        };
        let wrong = kept(ctx, &e)?;
        let late = wrong.field == FORM;
        let m = matter(app, actor, (number, system), |may| (self.may)(may) || late).await?;
        Ok(self.page(ctx, number, &m, form, vec![wrong]))
    }
}

/// `GET …/turned-away`.
pub(super) async fn turned_away_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    TURNED_AWAY.asked((&app, &actor, &ctx), (&number, &system)).await
}

/// `POST …/turned-away`: the register did not take the file, and why.
pub(super) async fn turned_away(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let came_to = service::turned_away(&app, &actor, &number, &system, &form.reason).await;
    TURNED_AWAY.told((&app, &actor, &ctx), (&number, &system), (&form, came_to)).await
}

/// `GET …/mistaken`.
pub(super) async fn mistaken_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    MISTAKEN.asked((&app, &actor, &ctx), (&number, &system)).await
}

/// `POST …/mistaken`: the register does not hold the report, and why.
pub(super) async fn mistaken(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let came_to = service::mistaken(&app, &actor, &number, &system, &form.reason).await;
    MISTAKEN.told((&app, &actor, &ctx), (&number, &system), (&form, came_to)).await
}

/// `POST …/take-back`: the own proposal.
pub(super) async fn take_back(
    Staff(actor): Staff,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    service::take_back(&app, &actor, &number, &system).await?;
    Ok(done(&number, "registration-toast-taken-back"))
}
