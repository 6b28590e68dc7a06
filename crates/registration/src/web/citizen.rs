//! The registers on the reporter's own page, in plain words: the number, by when something is decided, what was decided
//! and where to appeal against it.

use app::App;
use askama::Template;
use kernel::{Actor, Purpose};
use profile::Outcome;
use report::ReportId;
use web::{Ctx, Markup};

use crate::model::State;
use crate::service::{self, Own};

#[derive(Template)]
#[template(path = "_registration_citizen.html")]
struct Panel {
    ctx: Ctx,
    said: Vec<String>,
    /// Why it was decided so, for the reporter.
    why: Option<String>,
    /// Where to appeal.
    appeal: Option<String>,
}

/// The registers of the reporter's own report. Nothing where the country has none, or it may not be seen.
pub async fn citizen_panel(app: &App, ctx: &Ctx, actor: &Actor, report: ReportId) -> Markup {
    let Ok(all) = service::own(app, actor, report).await else { return Markup::default() };
    if all.is_empty() {
        return Markup::default();
    }
    let decided = all.iter().rev().find(|o| o.decision.is_some());
    let panel = Panel {
        said: all.iter().flat_map(|o| said(ctx, o)).collect(),
        why: decided.and_then(why),
        appeal: decided.and_then(|o| appeal(ctx, o)),
        ctx: ctx.clone(),
    };
    web::render(&panel)
}

/// What is so in one register, a sentence for each thing.
fn said(ctx: &Ctx, o: &Own) -> Vec<String> {
    let register = o.register.full_name.get(ctx.lang()).to_owned();
    let m = &o.registration;
    let mut said = Vec::new();
    if o.register.hand_over().is_some() {
        match m.state {
            State::Waiting => said.push(ctx.ta("registration-own-waiting", [("register", register.clone())])),
            State::HandedOver => {
                said.push(ctx.ta("registration-own-handed-over", [("register", register.clone())]));
            }
            _ => {}
        }
    } else if m.state.is_open() {
        let key = if m.is_late(ctx.now()) {
            "registration-own-decision-late"
        } else {
            "registration-own-decision-due"
        };
        said.push(ctx.ta(key, [("register", register.clone()), ("time", ctx.date_time(m.due_at))]));
    }
    said.extend(decision(ctx, o));
    if let Some(r) = &o.reference {
        let args =
            [("register", register), ("number", r.number.clone()), ("time", ctx.date_time(r.registered_at))];
        said.push(ctx.ta("registration-own-registered", args));
    }
    said
}

/// What was decided, and on which paper.
fn decision(ctx: &Ctx, o: &Own) -> Vec<String> {
    let Some(opened) = &o.decision else { return Vec::new() };
    let d = &opened.decision;
    let means = o.register.decision().and_then(|rule| rule.outcome(d.outcome));
    let mut said: Vec<String> = means.map(|m| m.means.get(ctx.lang()).to_owned()).into_iter().collect();
    match d.outcome {
        Outcome::Refused => {
            let day = d.paper.day.map(|day| ctx.formats().civil_date(day)).unwrap_or_default();
            let args = [("number", d.paper.number.clone()), ("day", day)];
            said.push(ctx.ta("registration-own-paper", args));
        }
        Outcome::Referred => {
            said.push(ctx.ta("registration-own-addressee", [("addressee", d.addressee.clone())]));
        }
        Outcome::Registered => {}
    }
    said
}

fn why(o: &Own) -> Option<String> {
    let reasons = o.decision.as_ref()?.reasons.as_ref()?;
    Some(reasons.open(Purpose::OwnData).words.clone()).filter(|w| !w.is_empty())
}

/// A decision in one's favour needs no way to appeal.
fn appeal(ctx: &Ctx, o: &Own) -> Option<String> {
    let rule = o.register.decision()?;
    let decided = o.decision.as_ref().filter(|d| d.decision.outcome != Outcome::Registered);
    decided.map(|_| ctx.ta("registration-own-appeal", [("body", rule.appeal.get(ctx.lang()))]))
}
