//! The time line of a case.

use std::collections::BTreeMap;

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use kernel::Timestamp;
use serde::Deserialize;
use uuid::Uuid;
use web::{Arg, Ctx, Entry, Markup, Page, Problem, Timeline};

use super::{page_of, words};
use crate::model::{Moment, MomentKind};
use crate::service::{self, People, TimeLine};

/// Names of institutions.
pub(crate) struct Banks(BTreeMap<String, kernel::Localised>);

impl Banks {
    pub(super) async fn read(app: &App) -> Result<Self, Problem> {
        Ok(Self::of(app).await?)
    }
    /// The same for whoever is no page.
    pub(crate) async fn of(app: &App) -> Result<Self, partner::PartnerError> {
        let all = partner::service::all(app).await?;
        Ok(Self(all.into_iter().map(|p| (p.code.clone(), p.names)).collect()))
    }
    pub(super) fn name(&self, ctx: &Ctx, code: &str) -> String {
        self.0.get(code).map_or_else(|| code.to_owned(), |name| name.get(ctx.lang()).to_owned())
    }
}

#[derive(Template)]
#[template(path = "case_time.html")]
struct Show {
    ctx: Ctx,
    number: String,
    back: String,
    chips: Vec<(String, String, bool)>,
    line: Option<Timeline>,
    earlier: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TimeQuery {
    kind: String,
    before: String,
}

fn place(text: &str) -> Option<(Timestamp, Uuid)> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp::from_micros(at.parse().ok()?), Uuid::parse_str(id).ok()?))
}

/// `GET /desk/cases/{number}/time`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Query(query): Query<TimeQuery>,
) -> Result<Response, Problem> {
    let kind = MomentKind::parse(&query.kind);
    let told = service::time_line(&app, &actor, &number, (kind, place(&query.before))).await?;
    let banks = Banks::read(&app).await?;
    let here = format!("{}/time", page_of(&told.case.number));
    let chip = |k: Option<MomentKind>| {
        let word = k.map_or("", MomentKind::as_str);
        let href = if word.is_empty() { here.clone() } else { format!("{here}?kind={word}") };
        let key = if word.is_empty() { "all" } else { word };
        (href, ctx.t(&format!("case-moment-{key}")), k == kind)
    };
    let chips = std::iter::once(None).chain(MomentKind::ALL.iter().copied().map(Some)).map(chip).collect();
    let page = Show {
        back: page_of(&told.case.number),
        chips,
        line: (!told.moments.is_empty()).then(|| timeline(&ctx, &app, &told, &banks)),
        earlier: told.earlier.map(|(at, id)| {
            format!("{here}?kind={}&before={}_{id}", kind.map_or("", MomentKind::as_str), at.as_micros())
        }),
        number: told.case.number,
        ctx,
    };
    Ok(Page(page).into_response())
}

/// Moments as a time line, the newest first; what happened several times with nothing between is one line of it.
pub(super) fn timeline(ctx: &Ctx, app: &App, told: &TimeLine, banks: &Banks) -> Timeline {
    Timeline::newest_first(ctx, entries((ctx, app, banks), told))
}

/// What happened, moment by moment.
pub(super) fn entries((ctx, app, banks): (&Ctx, &App, &Banks), told: &TimeLine) -> Vec<Entry> {
    let entry = |(m, said): &(Moment, String)| Entry {
        at: m.at,
        actor: match m.actor.strip_prefix("partner:") {
            Some(code) => banks.name(ctx, code.split(':').next().unwrap_or(code)),
            None => words::who(ctx, &told.people, &m.actor),
        },
        machine: m.actor.starts_with("system:"),
        what: what((ctx, app, banks), m, (&told.people, said)),
        basis: String::new(),
        proof: String::new(),
    };
    told.moments.iter().map(entry).collect()
}

/// What happened, in words; what has none is shown by its code.
fn what(at: (&Ctx, &App, &Banks), m: &Moment, (people, said): (&People, &str)) -> Markup {
    if m.kind == MomentKind::Hand {
        return Markup::told(said);
    }
    if let Some(text) = whom(at, m, (people, said)) {
        return Markup::told(&text);
    }
    let (key, about) = told(at, m);
    at.0.tm(&key, [("act", Arg::from(m.act.as_str())), ("about", Arg::from(about))])
}

/// The same as plain text, for programs.
pub(crate) fn sentence(at: (&Ctx, &App, &Banks), m: &Moment, (people, said): (&People, &str)) -> String {
    if m.kind == MomentKind::Hand {
        return said.to_owned();
    }
    if let Some(text) = whom(at, m, (people, said)) {
        return text;
    }
    let (key, about) = told(at, m);
    at.0.ta(&key, [("act", Arg::from(m.act.as_str())), ("about", Arg::from(about))])
}

/// The sentence of a moment about a task or a member of the team, with which or whom.
fn whom((ctx, app, _): (&Ctx, &App, &Banks), m: &Moment, (people, said): (&People, &str)) -> Option<String> {
    let about = match m.act.as_str() {
        "case.member_added" | "case.member_removed" | "case.handed_over" if !m.about.is_empty() => {
            words::who(ctx, people, &m.about)
        }
        _ if m.kind == MomentKind::Task && !said.is_empty() => words::task(ctx, app, said),
        _ => return None,
    };
    let key = format!("case-log-{}", words::part(&m.act));
    ctx.has_text(&key).then(|| format!("{}: {about}", ctx.t(&key)))
}

/// The sentence of a moment, and the name of what belongs to it.
fn told((ctx, app, banks): (&Ctx, &App, &Banks), m: &Moment) -> (String, String) {
    let key = format!("case-log-{}", words::part(&m.act));
    if !ctx.has_text(&key) {
        return ("case-log-other".to_owned(), m.about.clone());
    }
    let about = match m.act.as_str() {
        "case.staged" => words::stage(ctx, app, &m.about),
        "case.door_set" => ctx.t(&format!("case-door-{}", m.about)),
        "case.priority_set" => ctx.t(&format!("case-priority-{}", m.about)),
        "case.person_added" | "case.person_ended" | "case.rights_told" => words::duty(ctx, app, &m.about),
        "case.article_added" | "case.article_removed" => words::article(ctx, app, (&m.about, "")),
        "case.ref_added" | "case.ref_wrong" => words::register(ctx, app, &m.about),
        "case.proposed" | "case.decided" | "case.confirmed" | "case.sent_back" | "case.taken_back" => {
            words::decision(ctx, app, &m.about)
        }
        "case.referred"
        | "case.accepted"
        | "case.returned"
        | "case.referral_withdrawn"
        | "case.referral_late" => words::body(ctx, app, &m.about),
        "case.field_set" => field_name(ctx, app, &m.about),
        _ if m.kind == MomentKind::Register => words::register(ctx, app, &m.about),
        _ if m.kind == MomentKind::Order => banks.name(ctx, &m.about),
        _ => m.about.clone(),
    };
    (key, about)
}

fn field_name(ctx: &Ctx, app: &App, code: &str) -> String {
    let all = app.profile.cases().templates.iter().flat_map(|t| &t.fields);
    let found = all.into_iter().find(|f| f.code == code);
    found.map_or_else(|| code.to_owned(), |f| f.name.get(ctx.lang()).to_owned())
}
