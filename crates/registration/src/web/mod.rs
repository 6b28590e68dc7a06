//! Pages: what a report has in each register with the acts of the office, and the parts that other pages show of it.

mod acts;
mod ask;
mod board;
mod citizen;
mod deciding;
mod forms;
mod officer;
mod receipts;
mod show;

use app::App;
use axum::Router;
use axum::routing::{get, post};
use kernel::Coded;
use profile::Register;
use web::{ClockState, Ctx, FieldError, Markup, Problem, Status as Shown, Tone};

pub use board::{BoardPanel, board_panel};
pub use citizen::citizen_panel;
pub use officer::officer_panel;

use crate::error::RegistrationError;
use crate::kinds::{Kind, Of};
use crate::model::{Registration, State};

/// Routes of the desk for reports.
pub fn routes() -> Router<App> {
    routes_of(Kind::REPORT)
}

/// The same for matters of another kind, below the pages of that kind.
pub fn routes_of(kind: Kind) -> Router<App> {
    let at = format!("{}/{{number}}/registers", kind.pages);
    Router::new()
        .route(&at, get(show::show))
        .route(&format!("{at}/enter"), post(acts::enter))
        .route(&format!("{at}/{{system}}/hand-over"), post(acts::hand_over))
        .route(&format!("{at}/{{system}}/carried"), post(acts::carried))
        .route(&format!("{at}/{{system}}/turned-away"), get(acts::turned_away_form).post(acts::turned_away))
        .route(&format!("{at}/{{system}}/file"), get(acts::file))
        .route(&format!("{at}/{{system}}/receipt"), get(receipts::receipt_form).post(receipts::receipt))
        .route(&format!("{at}/{{system}}/correct"), get(receipts::correct_form).post(receipts::correct))
        .route(&format!("{at}/{{system}}/mistaken"), get(acts::mistaken_form).post(acts::mistaken))
        .route(&format!("{at}/{{system}}/take-back"), post(acts::take_back))
        .route(
            &format!("{at}/{{system}}/decide/{{outcome}}"),
            get(deciding::decide_form).post(deciding::decide),
        )
        .route(&format!("{at}/{{system}}/confirm"), get(deciding::confirm_form).post(deciding::confirm))
        .layer(axum::Extension(kind))
}

/// A word of a column as part of a key of texts.
fn key_part(word: &str) -> String {
    word.replace('_', "-")
}

/// Where the registers of a matter are.
fn page_of(of: &Of) -> String {
    format!("{}/{}/registers", of.kind.pages, web::encode(&of.number))
}

/// The key of words about a matter: those of its own kind, where it has some.
fn say(ctx: &Ctx, kind: &Kind, key: &str) -> String {
    let own = key.replacen("registration-", &format!("registration-{}-", kind.word), 1);
    if ctx.has_text(&own) { own } else { key.to_owned() }
}

fn status(ctx: &Ctx, state: State) -> Shown {
    let tone = match state {
        State::Waiting | State::Proposed => Tone::Amber,
        State::HandedOver => Tone::Blue,
        State::Registered => Tone::Green,
        State::Refused => Tone::Red,
        State::Referred | State::Erased => Tone::Grey,
    };
    Shown::new(ctx, &format!("registration-state-{}", key_part(state.as_str())), tone)
}

/// The clock of a matter; none where nothing was ever due.
fn clock(ctx: &Ctx, m: &Registration) -> Option<Markup> {
    let since = m.since;
    let state = match (m.state, m.settled_at) {
        (State::Erased, _) => return None,
        (_, Some(at)) => ClockState::Done { since, at },
        (_, None) => ClockState::Running { since },
    };
    Some(ctx.clock(m.due_at, ctx.now(), &state))
}

/// What is due, in words: to hand over, to be answered, to decide.
fn due_words(ctx: &Ctx, m: &Registration, register: &Register) -> String {
    let key = match (register.hand_over().is_some(), m.state) {
        (true, State::Waiting) => "registration-due-hand-over",
        (true, State::Registered) => "registration-due-registered",
        (true, _) => "registration-due-answer",
        (false, State::Proposed) => "registration-due-second",
        (false, _) => "registration-due-decision",
    };
    ctx.t(key)
}

/// What of a register nobody has confirmed yet, for whoever relies on it.
fn note(ctx: &Ctx, register: &Register) -> Option<String> {
    let sure =
        register.source.mark == profile::SourceMark::Confirmed && register.source.unverified.is_empty();
    (!sure).then(|| register.source.note.get(ctx.lang()).to_owned())
}

/// The error of a field of a form, if it is one.
fn field_error(ctx: &Ctx, error: &RegistrationError) -> Option<FieldError> {
    match error {
        RegistrationError::Field(field) => Some(FieldError::new(ctx, field, &Problem::key(error.code()))),
        RegistrationError::NumberForm(form) => {
            Some(FieldError::with(ctx, "number", &Problem::key(error.code()), [("form", form.as_str())]))
        }
        RegistrationError::NumberTaken => Some(FieldError::new(ctx, "number", &Problem::key(error.code()))),
        _ => None,
    }
}
