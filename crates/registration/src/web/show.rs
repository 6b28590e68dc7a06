//! One report in all its registers: numbers, files, decisions, and what may be done now.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Personal, Purpose};
use profile::{Outcome, Register};
use web::{Ctx, Markup, Page, Problem, Status, Tone};

use super::{clock, due_words, key_part, note, page_of, say, status};
use crate::kinds::Kind;
use crate::model::{HandOver, Opened, Posting, Reference, Standing};
use crate::service::{self, Matter, May, Noted, Open};

/// A number as officers see it.
struct Number {
    number: String,
    at: Markup,
    came: String,
    registrar: Option<String>,
    /// When and why it was found wrong.
    wrong: Option<(Markup, String)>,
}

/// The file with which it was handed over.
struct File {
    at: Markup,
    channel: String,
    schema: String,
    sha256: String,
    /// How its posting stands.
    posting: Option<String>,
    /// Why the register did not take it, in the words of whoever said so.
    why: Option<String>,
}

/// A decision as officers see it.
pub(super) struct Decided {
    pub(super) name: String,
    pub(super) status: Status,
    pub(super) at: Markup,
    pub(super) paper: Option<String>,
    pub(super) articles: String,
    pub(super) addressee: String,
    pub(super) number: Option<String>,
    pub(super) text: String,
    pub(super) words: String,
    pub(super) erased: bool,
    pub(super) sent_back: Option<String>,
}

struct Section {
    code: String,
    name: String,
    full_name: String,
    status: Status,
    due: Option<(String, Markup)>,
    note: Option<String>,
    numbers: Vec<Number>,
    file: Option<File>,
    decisions: Vec<Decided>,
    /// Decisions that can be taken: path and words.
    outcomes: Vec<(&'static str, String)>,
    may: May,
    /// Whether handing over is a message; else a file is made, which somebody carries.
    by_message: bool,
}

#[derive(Template)]
#[template(path = "registration_show.html")]
struct Show {
    ctx: Ctx,
    title: String,
    number: String,
    back: String,
    href: String,
    sections: Vec<Section>,
    /// Names of registers that the report should be entered in and is not.
    missing: String,
    missing_words: String,
    may_enter: bool,
}

fn told(words: Option<&Personal<String>>) -> Option<String> {
    words.map(|w| w.open(Purpose::HandleReport).clone()).filter(|w| !w.is_empty())
}

fn number(ctx: &Ctx, r: &Reference, noted: &[Noted]) -> Number {
    let note = noted.iter().find(|n| n.id == r.id);
    let wrong = r.wrong_at.map(|at| {
        let why = told(note.and_then(|n| n.wrong.as_ref()));
        (ctx.time_exact(at), why.unwrap_or_else(|| ctx.t("registration-erased")))
    });
    Number {
        number: r.number.clone(),
        at: ctx.time_exact(r.registered_at),
        came: ctx.t(&format!("registration-came-{}", key_part(&r.came_by))),
        registrar: told(note.and_then(|n| n.registrar.as_ref())),
        wrong,
    }
}

/// A decision with everything it says, opened for an officer.
pub(super) fn decided(ctx: &Ctx, register: &Register, o: &Opened) -> Decided {
    let d = &o.decision;
    let rule = register.decision().and_then(|rule| rule.outcome(d.outcome));
    let tone = match d.standing {
        Standing::Proposed => Tone::Amber,
        Standing::Stands => Tone::Green,
        Standing::SentBack | Standing::TakenBack => Tone::Grey,
    };
    let said = o.reasons.as_ref().map(|r| r.open(Purpose::HandleReport));
    let text = |f: fn(&crate::model::Reasons) -> &String| said.map(|s| f(s).clone()).unwrap_or_default();
    let entered = said.filter(|s| !s.number.is_empty()).map(|s| {
        let at = kernel::Timestamp::from_micros(s.registered_at);
        ctx.ta("registration-entered", [("number", s.number.clone()), ("time", ctx.date_time(at))])
    });
    let day = d.paper.day.map(|day| ctx.formats().civil_date(day)).unwrap_or_default();
    let paper = (d.outcome == Outcome::Refused)
        .then(|| ctx.ta("registration-paper-of", [("number", d.paper.number.clone()), ("day", day)]));
    Decided {
        name: rule.map_or_else(|| d.outcome.as_str().to_owned(), |r| r.name.get(ctx.lang()).to_owned()),
        status: Status::new(ctx, &format!("registration-standing-{}", key_part(d.standing.as_str())), tone),
        at: ctx.time_exact(d.header.created_at),
        paper,
        articles: d.paper.articles.clone(),
        addressee: d.addressee.clone(),
        number: entered,
        text: text(|r| &r.text),
        words: text(|r| &r.words),
        erased: said.is_none(),
        sent_back: told(o.sent_back.as_ref()),
    }
}

/// How the posting of a file stands, in words.
fn posting(ctx: &Ctx, h: &HandOver) -> Option<String> {
    match h.posting {
        Posting::None => None,
        Posting::Waiting => {
            let so_far = ctx.ta("registration-posting-waiting", [("n", h.tries)]);
            Some(last_try(ctx, &h.last_error).map_or(so_far.clone(), |last| format!("{so_far}. {last}")))
        }
        Posting::Moved => Some(ctx.t("registration-posting-moved")),
        Posting::Done => Some(ctx.t("registration-posting-done")),
        Posting::Refused => {
            let why = ctx.t(&format!("registration-refusal-{}", key_part(&h.last_error)));
            Some(ctx.ta("registration-posting-refused", [("why", why)]))
        }
    }
}

/// What came of the last try, in words; nothing before the first one.
fn last_try(ctx: &Ctx, error: &str) -> Option<String> {
    let key = match error {
        "" => return None,
        crate::jobs::NOT_NUMBERED => "registration-last-taken",
        fault if fault.starts_with("fault: ") => "registration-last-fault",
        answer if answer.starts_with("registration.") => "registration-last-answer",
        status => {
            let Some(code) = status.strip_prefix("status ") else {
                return Some(ctx.t("registration-last-unreached"));
            };
            return Some(ctx.ta("registration-last-status", [("code", code)]));
        }
    };
    Some(ctx.t(key))
}

fn section(ctx: &Ctx, m: &Matter, open: &Open) -> Section {
    let all = open.decisions.iter().filter(|d| d.decision.registration == m.registration.id);
    let outcomes = m.register.decision().map(|rule| {
        rule.outcomes.iter().map(|o| (o.kind.as_str(), o.name.get(ctx.lang()).to_owned())).collect()
    });
    Section {
        code: m.register.code.clone(),
        name: m.register.name.get(ctx.lang()).to_owned(),
        full_name: m.register.full_name.get(ctx.lang()).to_owned(),
        status: status(ctx, m.registration.state),
        due: clock(ctx, &m.registration).map(|c| (due_words(ctx, &m.registration, &m.register), c)),
        note: note(ctx, &m.register),
        numbers: m.references.iter().rev().map(|r| number(ctx, r, &open.noted)).collect(),
        file: m.hand_over.as_ref().map(|h| File {
            at: ctx.time_exact(h.header.created_at),
            channel: ctx.t(&format!("registration-channel-{}", key_part(&h.channel))),
            schema: h.schema.clone(),
            sha256: h.sha256.clone(),
            posting: posting(ctx, h),
            why: told(open.refusals.iter().find(|(id, _)| *id == h.id).map(|(_, why)| why)),
        }),
        decisions: all.rev().map(|d| decided(ctx, &m.register, d)).collect(),
        outcomes: outcomes.unwrap_or_default(),
        may: m.may,
        by_message: m.by_message,
    }
}

/// `GET /desk/reports/{number}/registers`. The read is a record.
pub(super) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let open = service::open(&app, &actor, &number).await?;
    let missing: Vec<&str> = open.view.missing.iter().map(|r| r.full_name.get(ctx.lang())).collect();
    let page = Show {
        missing: missing.join(", "),
        missing_words: ctx.ta(&say(&ctx, &kind, "registration-missing"), [("registers", missing.join(", "))]),
        may_enter: open.view.may_enter,
        title: ctx.ta("registration-title", [("number", number.number.as_str())]),
        back: format!("{}/{}", kind.pages, web::encode(&number.number)),
        href: page_of(&number),
        sections: open.view.matters.iter().map(|m| section(&ctx, m, &open)).collect(),
        number: number.number,
        ctx,
    };
    Ok(Page(page).into_response())
}
