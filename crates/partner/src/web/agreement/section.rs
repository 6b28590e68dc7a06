//! The agreement on the page of an institution, and what waits on the list of all.

use ::web::{Ctx, Markup, Problem, Status, Tone};
use app::App;
use askama::Template;
use kernel::Actor;

use super::decide::state;
use super::words::{author, contact, regions, tlp, written_day};
use super::{home_of, page_of};
use crate::agreement::rules::end;
use crate::agreement::{self, Agreement, End};
use crate::model::Partner;
use crate::web::may_manage;

#[derive(Template)]
#[template(path = "_partner_agreement.html")]
struct Section {
    ctx: Ctx,
    number: String,
    signed: String,
    from: String,
    until: String,
    end: Option<Status>,
    marking: &'static str,
    regions: Vec<String>,
    contacts: Vec<String>,
    versions: Vec<Row>,
    change: Option<String>,
    staff: bool,
}

struct Row {
    href: Option<String>,
    no: Option<i64>,
    state: Status,
    author: String,
    written: Markup,
    second: String,
}

/// The section "Agreement" on the page of an institution.
pub(in crate::web) async fn section(
    app: &App,
    ctx: &Ctx,
    actor: &Actor,
    partner: &Partner,
) -> Result<Markup, Problem> {
    let history = agreement::views::history(app, actor, &partner.code).await?;
    let (entry, staff) = (&history.current, actor.clerk().is_none());
    let terms = &entry.agreement;
    let row = |v: &Agreement| Row {
        href: staff.then(|| page_of(v.id)),
        no: v.version,
        state: state(ctx, v),
        author: author(ctx, &v.author_name),
        written: ctx.time_exact(v.header.created_at),
        second: v.decision.as_ref().map_or_else(String::new, |d| d.name.clone()),
    };
    Ok(::web::render(&Section {
        number: terms.number.clone(),
        signed: written_day(ctx, &terms.signed),
        from: written_day(ctx, &terms.from),
        until: written_day(ctx, &terms.until),
        end: end_tag(app, ctx, &terms.until),
        marking: tlp(terms.marking),
        regions: regions(ctx, &app.profile, &terms.regions),
        contacts: terms.contacts.iter().map(contact).collect(),
        versions: history.versions.iter().map(row).collect(),
        change: may_manage(actor).then(|| format!("{}/agreement", home_of(&partner.code))),
        staff,
        ctx: ctx.clone(),
    }))
}

/// The end of an agreement, where it is near or past.
pub(in crate::web) fn end_tag(app: &App, ctx: &Ctx, until_day: &str) -> Option<Status> {
    let today = app.profile.civil_date(app.office.now());
    match end(until_day, today, app.profile.partner_terms().end_notice_days) {
        End::Far => None,
        End::Near(_) => Some(Status::new(ctx, "partner-agreement-near", Tone::Amber)),
        End::Past(_) => Some(Status::new(ctx, "partner-agreement-past", Tone::Red)),
    }
}

/// A version that waits, on the list of all institutions.
pub(in crate::web) struct Waiting {
    pub(in crate::web) href: String,
    pub(in crate::web) name: String,
    pub(in crate::web) code: String,
    pub(in crate::web) author: String,
    pub(in crate::web) written: Markup,
}

/// What waits for a second administrator; nothing for whoever may not manage institutions.
pub(in crate::web) async fn waiting(app: &App, ctx: &Ctx, actor: &Actor) -> Result<Vec<Waiting>, Problem> {
    if !may_manage(actor) {
        return Ok(Vec::new());
    }
    let all = agreement::views::waiting(app, actor).await?;
    let one = |v: &Agreement| Waiting {
        href: page_of(v.id),
        name: v.entry.as_ref().map_or("", |e| e.names.get(ctx.lang())).to_owned(),
        code: v.code.clone(),
        author: author(ctx, &v.author_name),
        written: ctx.time_exact(v.header.created_at),
    };
    Ok(all.iter().map(one).collect())
}
