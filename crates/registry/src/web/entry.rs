//! One entry: what stands behind it, what is told of it, and the acts of people.

use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use serde::Deserialize;
use web::{
    Ctx, Entry as Line, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Status as Shown,
    Timeline, Toast,
};

use super::words;
use crate::error::RegistryError;
use crate::model::{EntryId, Status};
use crate::rules;
use crate::service::{self, Opened};

/// A report that names the entry.
struct Named {
    href: String,
    number: String,
    how: String,
    verified: bool,
    at: Markup,
}

/// An institution that was told something of it.
struct Told {
    who: String,
    what: String,
    at: Markup,
}

#[derive(Template)]
#[template(path = "registry_entry.html")]
struct Show {
    ctx: Ctx,
    title: String,
    kind: String,
    here: String,
    status: Shown,
    role: String,
    confidence: Option<String>,
    reasons: Vec<String>,
    partners: String,
    public: String,
    expires: Option<Markup>,
    review: Option<Markup>,
    why: Option<String>,
    objection: Option<String>,
    signed: Option<String>,
    mentions: Vec<Named>,
    hidden: usize,
    earlier: usize,
    earlier_told: usize,
    /// Lists that name it.
    lists: Vec<(String, String)>,
    /// Objections from the portal: where they are, their number, where they stand.
    objections: Vec<(String, String, Shown)>,
    told: Vec<Told>,
    became: Vec<String>,
    /// Whether a mistake waits for a person.
    doubted: bool,
    history: Timeline,
    /// Why the next act would be refused.
    protected: Option<String>,
    like: Option<String>,
    may_confirm: bool,
    may_list: bool,
    may_stand: bool,
    may_clear: bool,
    may_object: bool,
    confirm_reason: Field,
    object_reason: Field,
    clear_reason: Field,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReasonForm {
    reason: String,
    confirm_reason: String,
    object_reason: String,
    clear_reason: String,
}

impl ReasonForm {
    /// What was typed: several forms stand on the page, each with a field of its own name.
    fn reason(&self) -> &str {
        let all = [&self.reason, &self.confirm_reason, &self.object_reason, &self.clear_reason];
        all.into_iter().find(|typed| !typed.is_empty()).map_or("", String::as_str)
    }
}

fn parse(id: &str) -> Result<EntryId, Problem> {
    id.parse().map_err(|_| Problem::of(&RegistryError::NotFound))
}

/// What was typed, and in which of the forms.
struct Typed<'a> {
    act: &'a str,
    reason: &'a str,
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    id: EntryId,
    (typed, errors): (Typed<'_>, Vec<FieldError>),
) -> Result<Response, Problem> {
    let m = service::entry(app, actor, id).await.map_err(|e| Problem::of(&e))?;
    let partners = partner::service::all(app).await.map_err(|e| Problem::of(&e))?;
    let name = |code: &str| {
        let known = partners.iter().find(|p| p.code == code);
        known.map_or_else(|| code.to_owned(), |p| p.name(ctx.lang()).to_owned())
    };
    let of = |act: &str| {
        let mine = typed.act == act;
        Field::area(ctx, &format!("{act}_reason"), &format!("registry-{act}-reason"), 2)
            .value(if mine { typed.reason } else { "" })
            .errors(if mine { errors.as_slice() } else { &[] })
    };
    let waits = matches!(m.status, Status::Suspect);
    let disputed = m.status == Status::Disputed;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Show {
        title: m.entry.masked.clone(),
        kind: words::kind(ctx, m.entry.kind),
        here: format!("/desk/registry/{id}"),
        status: words::status(ctx, m.status),
        role: words::role(ctx, rules::role(m.entry.kind, &m.entry.tally)),
        confidence: m.verdict.confidence.map(|c| words::confidence(ctx, c)),
        reasons: m.verdict.reasons.iter().map(|r| words::reason(ctx, *r)).collect(),
        partners: words::verdict(ctx, &m.verdict),
        public: words::public(ctx, m.public),
        // A decision holds for its own term; of what was cleared nothing is told, so nothing ends.
        expires: (m.status != Status::Cleared)
            .then(|| ctx.time(m.entry.until_at.unwrap_or(m.entry.expires_at))),
        review: m.entry.review_at.map(|at| ctx.time(at)),
        signed: (!m.signers.is_empty() && waits).then(|| ctx.ta("registry-signed", [("n", m.signers.len())])),
        mentions: mentions(ctx, &m),
        hidden: m.hidden,
        earlier: m.earlier,
        earlier_told: m.told.len().saturating_sub(TOLD),
        lists: m.lists.iter().map(|b| (format!("/desk/registry/lists/{}", b.id), b.name.clone())).collect(),
        objections: m
            .objections
            .iter()
            .map(|o| {
                (
                    format!("/desk/registry/objections/{}", o.id),
                    o.number.clone(),
                    super::objection::status(ctx, o.status),
                )
            })
            .collect(),
        told: m
            .told
            .iter()
            .take(TOLD)
            .map(|t| Told { who: name(&t.partner), what: words::class(ctx, t.class), at: ctx.time(t.last) })
            .collect(),
        doubted: m.entry.doubted_at.is_some(),
        became: m
            .became
            .iter()
            .map(|(outcome, n)| format!("{}: {}", words::outcome(ctx, *outcome), ctx.number(*n)))
            .collect(),
        history: history(ctx, actor, &m),
        like: m.like.as_ref().map(|domain| ctx.ta("registry-like.text", [("domain", domain.as_str())])),
        // What has been decided already is told by its state.
        protected: m
            .in_the_way
            .filter(|why| (m.may_confirm || m.may_list) && matches!(why, rules::LifeError::Guarded(_)))
            .map(|why| words::refusal(ctx, why)),
        may_confirm: m.may_confirm && m.in_the_way.is_none() && !waits && !disputed,
        may_list: m.may_list && m.in_the_way.is_none() && waits,
        may_stand: m.may_list && (disputed || m.entry.doubted_at.is_some()),
        may_clear: m.may_clear && m.status != Status::Cleared,
        may_object: m.may_object,
        why: m.reason,
        objection: m.objection,
        confirm_reason: of("confirm"),
        object_reason: of("object"),
        clear_reason: of("clear"),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((status, Page(page)).into_response())
}

fn mentions(ctx: &Ctx, m: &Opened) -> Vec<Named> {
    m.mentions
        .iter()
        .map(|(mention, report)| Named {
            href: format!("/desk/reports/{}", report.number),
            number: report.number.clone(),
            how: words::how(ctx, mention.how),
            verified: mention.verified,
            at: ctx.time(mention.at),
        })
        .collect()
}

/// Institutions that the page names.
const TOLD: usize = 50;

/// What officers did with the entry, and who of them looked at it, the newest first.
fn history(ctx: &Ctx, reader: &Actor, m: &Opened) -> Timeline {
    // Whoever controls what officers look up is not seen by them; who opened the entry, the auditor sees.
    let lines = m.history.iter().filter_map(|r| {
        let what = words::act(ctx, &r.record.act)?;
        // Acts of the office, but for an institution's word that it stopped an honest payment; who asked stands beside.
        let own = r.record.actor == reader.label();
        let actor = ctx.t(match r.record.act.as_str() {
            "registry.doubted" => "registry-actor-partner",
            "registry.lapsed" | "registry.clearance_posted" => "registry-actor-system",
            _ if own => "registry-actor-you",
            _ => "registry-actor-staff",
        });
        Some(Line {
            at: r.record.office_at,
            actor,
            machine: matches!(r.record.act.as_str(), "registry.lapsed" | "registry.clearance_posted"),
            what: Markup::text(&what),
            basis: String::new(),
            proof: String::new(),
        })
    });
    Timeline::newest_first(ctx, lines.collect())
}

/// `GET /desk/registry/{id}`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, parse(&id)?, (Typed { act: "", reason: "" }, Vec::new())).await
}

/// Back to the entry with a word of what was done, or the form again with what is wrong.
async fn done<T>(
    (ctx, app, actor): (&Ctx, &App, &Actor),
    id: EntryId,
    (act, reason): (&str, &str),
    outcome: Result<T, RegistryError>,
    toast: impl FnOnce(&T) -> Toast,
) -> Result<Response, Problem> {
    match outcome {
        Ok(value) => {
            Ok(SeeOther::to(format!("/desk/registry/{id}")).with_toast(toast(&value)).into_response())
        }
        Err(error) => match words::field_error(ctx, &error) {
            Some(wrong) => {
                let wrong = FieldError { field: format!("{act}_reason"), ..wrong };
                page(ctx, app, actor, id, (Typed { act, reason }, vec![wrong])).await
            }
            None => Err(Problem::of(&error)),
        },
    }
}

/// `POST /desk/registry/{id}/confirm`.
pub(crate) async fn confirm(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let outcome = service::confirm(&app, &actor, id, form.reason()).await;
    let toast = |_: &_| Toast::new("registry-toast-confirmed");
    done((&ctx, &app, &actor), id, ("confirm", form.reason()), outcome, toast).await
}

/// `POST /desk/registry/{id}/list`: the signature, with a fresh one-time code.
pub(crate) async fn list(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let outcome = service::list(&app, &actor, id).await;
    let toast = |signed: &service::Signed| match signed.missing {
        0 => Toast::new("registry-toast-listed"),
        n => Toast::new("registry-toast-signed").with("n", n.to_string()),
    };
    done((&ctx, &app, &actor), id, ("list", ""), outcome, toast).await
}

/// `POST /desk/registry/{id}/clear`.
pub(crate) async fn clear(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let outcome = service::clear(&app, &actor, id, form.reason()).await;
    let toast = |_: &_| Toast::new("registry-toast-cleared");
    done((&ctx, &app, &actor), id, ("clear", form.reason()), outcome, toast).await
}

/// `POST /desk/registry/{id}/object`: somebody says it is theirs.
pub(crate) async fn object(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let outcome = service::object(&app, &actor, id, form.reason()).await;
    let toast = |_: &_| Toast::new("registry-toast-objected");
    done((&ctx, &app, &actor), id, ("object", form.reason()), outcome, toast).await
}

/// `POST /desk/registry/{id}/stand`.
pub(crate) async fn stand(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let outcome = service::stand(&app, &actor, id, form.reason()).await;
    let toast = |_: &_| Toast::new("registry-toast-stands");
    done((&ctx, &app, &actor), id, ("clear", form.reason()), outcome, toast).await
}
