//! Pages: the portal's, where a holder objects by the code of the notice, and the desk's, where it is decided.

mod desk;
mod portal;

use app::App;
use axum::Router;
use axum::routing::get;
use order::words::key_part;
use web::{Choice, Ctx, Field, FieldError, Problem, Status as Shown, Tone};

use crate::error::AppealError;
use crate::model::{Ground, Status};

/// Routes of the portal.
pub fn portal_routes() -> Router<App> {
    Router::new().route("/object", get(portal::show).post(portal::submit))
}

/// Routes of the desk.
pub fn desk_routes() -> Router<App> {
    Router::new()
        .route("/desk/appeals", get(desk::list))
        .route("/desk/appeals/new/{object}", get(desk::paper_form).post(desk::paper))
        .route("/desk/appeals/{number}", get(desk::show).post(desk::decide))
}

fn status(ctx: &Ctx, status: Status) -> Shown {
    let tone = match status {
        Status::Filed => Tone::Amber,
        Status::Upheld | Status::Partly => Tone::Green,
        Status::Rejected => Tone::Grey,
    };
    Shown::new(ctx, &format!("appeal-status-{}", key_part(status.as_str())), tone)
}

fn ground_words(ctx: &Ctx, ground: Ground) -> String {
    ctx.t(&format!("appeal-ground-{}", key_part(ground.as_str())))
}

/// What was typed into the form of an objection.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Form {
    code: String,
    ground: String,
    name: String,
    contact: String,
    text: String,
    /// Set where the whole form was sent, not only the code.
    file: String,
}

impl Form {
    fn fields(&self, ctx: &Ctx, errors: &[FieldError]) -> Vec<Field> {
        let grounds = Ground::ALL.iter().map(|g| Choice::new(g.as_str(), ground_words(ctx, *g)));
        vec![
            Field::radios(ctx, "ground", "appeal-ground", grounds.collect())
                .value(self.ground.clone())
                .errors(errors),
            Field::area(ctx, "text", "appeal-text", 6).value(self.text.clone()).errors(errors),
            Field::text(ctx, "name", "appeal-name")
                .value(self.name.clone())
                .autocomplete("name")
                .errors(errors),
            Field::text(ctx, "contact", "appeal-contact").value(self.contact.clone()).errors(errors),
        ]
    }
}

/// The error of a field of the form, if it is one.
fn field_error(ctx: &Ctx, error: &AppealError) -> Option<FieldError> {
    let field = match error {
        AppealError::Field(field) => field,
        AppealError::Keep => "keep",
        AppealError::Reasons => "reason",
        _ => return None,
    };
    Some(FieldError::new(ctx, field, &Problem::key(kernel::Coded::code(error))))
}
