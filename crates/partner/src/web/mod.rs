//! Pages of institutions under `/admin/institutions`: whoever may look institutions up sees them; acts are the
//! administrator's, who also takes new ones in there. The page of one institution is also its own, under `/console/institution`: there its managers keep
//! its keys and the addresses of notifications.

mod act;
mod agreement;
mod certificates;
mod clerk;
mod endpoint_acts;
mod endpoints;
mod key;
mod mode;
mod people;

pub use clerk::{Clerk, taking_part};

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use ::web::{Chip, Ctx, Empty, FilterBar, Markup, Page, Problem, SeeOther, Sort, Status, Tone};
use access::{Action, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use kernel::Actor;
use serde::Deserialize;

use crate::manage::{self, PartnerView};
use crate::model::{Mode, Partner};
use crate::{notify, rules};

/// Keys of texts that these pages put together, for the test that looks for them in each language.
pub const TEXTS: [&[&str]; 2] = [endpoints::TEXTS, agreement::TEXTS];

/// Codes of institutions that do not answer at present, as far as this process knows: an extension of the router
/// that whoever delivers messages fills. Without it nothing is said about it.
#[derive(Clone)]
pub struct Silent(pub Arc<dyn Fn() -> Vec<String> + Send + Sync>);

impl fmt::Debug for Silent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Silent")
    }
}

/// What a slice above shows on the page of an institution.
pub type Panel = Arc<
    dyn Fn(App, Ctx, Actor, Partner) -> Pin<Box<dyn Future<Output = Result<Markup, Problem>> + Send>>
        + Send
        + Sync,
>;

/// Panels of slices above, as an extension of the router.
#[derive(Clone)]
pub struct Panels(pub Vec<Panel>);

impl fmt::Debug for Panels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Panels({})", self.0.len())
    }
}

impl Panels {
    async fn shown(
        panels: Option<Self>,
        app: &App,
        ctx: &Ctx,
        actor: &Actor,
        partner: &Partner,
    ) -> Result<Vec<Markup>, Problem> {
        let mut shown = Vec::new();
        for panel in panels.map_or_else(Vec::new, |p| p.0) {
            shown.push(panel(app.clone(), ctx.clone(), actor.clone(), partner.clone()).await?);
        }
        Ok(shown)
    }
}

/// Routes of this slice.
pub fn routes() -> Router<App> {
    let shared = |base: &str| {
        let of = |act: &str| format!("{base}/{{code}}{act}");
        Router::new()
            .route(&of(""), get(show))
            .route(&of("/revoke"), get(act::revoke_form).post(act::revoke))
            .route(&of("/keys/new"), get(key::form).post(key::add))
            .route(&of("/certificates"), get(certificates::form).post(certificates::add))
            .route(&of("/certificates/revoke"), get(certificates::revoke_form).post(certificates::revoke))
            .merge(endpoint_acts::routes(&of("/endpoints")))
    };
    Router::new()
        .route(ALL, get(list))
        .route("/admin/institutions/{code}/deactivate", get(act::deactivate_form).post(act::deactivate))
        .route("/admin/institutions/{code}/activate", get(act::activate_form).post(act::activate))
        .route("/admin/institutions/{code}/people/new", get(people::form).post(people::add))
        .route("/admin/institutions/{code}/keys/confirm", get(key::confirm_form).post(key::confirm))
        .route(
            "/admin/institutions/{code}/certificates/confirm",
            get(certificates::confirm_form).post(certificates::confirm),
        )
        .route("/admin/institutions/{code}/test", get(act::test_form).post(act::test))
        .route("/admin/institutions/{code}/live", post(mode::ask))
        .route("/admin/institutions/{code}/live/confirm", get(mode::confirm_form).post(mode::confirm))
        .merge(agreement::routes())
        .route(OWN, get(own))
        .merge(shared(ALL))
        .merge(shared(OWN))
}

const ALL: &str = "/admin/institutions";
const OWN: &str = "/console/institution";

/// Where the page of an institution stands for somebody.
fn home(actor: &Actor, code: &str) -> String {
    format!("{}/{code}", if actor.clerk().is_some() { OWN } else { ALL })
}

/// `GET /console/institution`: one's own.
async fn own(clerk: Clerk) -> SeeOther {
    SeeOther::to(format!("{OWN}/{}", clerk.code))
}

const COLUMNS: [&str; 5] = ["code", "name", "kind", "keys", "state"];

#[derive(Template)]
#[template(path = "partner_list.html")]
struct List {
    ctx: Ctx,
    sort: Sort,
    filter: FilterBar,
    rows: Vec<Row>,
    empty: Option<Empty>,
    waiting: Vec<agreement::Waiting>,
    may: bool,
}

struct Row {
    href: String,
    code: String,
    name: String,
    kind: String,
    gateway: String,
    keys: String,
    state: Status,
    silent: Option<Status>,
    end: Option<Status>,
    mode: Option<Status>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    q: String,
    sort: Option<String>,
}

/// `GET /admin/institutions`.
async fn list(
    State(app): State<App>,
    Staff(actor): Staff,
    silent: Option<Extension<Silent>>,
    ctx: Ctx,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let mut all = manage::overview(&app, &actor).await?;
    let none = all.is_empty();
    let silent = silent.map_or_else(Vec::new, |Extension(Silent(codes))| codes());
    let words: Vec<String> = query.q.split_whitespace().take(20).map(str::to_lowercase).collect();
    all.retain(|v| words.iter().all(|word| takes(&app, &ctx, v, &silent, word)));
    let sort = Sort::read(query.sort.as_deref(), &COLUMNS, "code");
    order(&app, &ctx, &mut all, &sort);
    let chip = |key, filter: &str| Chip { key, filter: filter.to_owned() };
    let chips = [
        chip("partner-chip-active", "is:active"),
        chip("partner-chip-out", "is:out"),
        chip("partner-chip-silent", "is:silent"),
        chip("partner-chip-no-key", "is:keyless"),
        chip("partner-chip-ending", "is:ending"),
        chip("partner-chip-test", "is:test"),
    ];
    let empty = all.is_empty().then(|| {
        if none {
            let empty = Empty::new(&ctx, "partner-empty");
            if may_manage(&actor) {
                empty.action("/admin/institutions/new", &ctx.t("partner-form-new"))
            } else {
                empty
            }
        } else {
            Empty::new(&ctx, "empty-filter").action(&ctx.path_with(&[("q", "")]), &ctx.t("filter-clear"))
        }
    });
    let page = List {
        filter: FilterBar::new(&ctx, &query.q, &chips, i64::try_from(all.len()).unwrap_or(i64::MAX)),
        rows: all.iter().map(|v| row(&app, &ctx, v, &silent)).collect(),
        sort,
        empty,
        waiting: agreement::waiting(&app, &ctx, &actor).await?,
        may: may_manage(&actor),
        ctx,
    };
    Ok(Page(page).into_response())
}

fn row(app: &App, ctx: &Ctx, v: &PartnerView, silent: &[String]) -> Row {
    let p = &v.partner;
    let revoked = v.keys.iter().filter(|k| k.revoked_at.is_some()).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Row {
        href: format!("/admin/institutions/{}", p.code),
        code: p.code.clone(),
        name: p.name(ctx.lang()).to_owned(),
        kind: agreement::kind(ctx, &app.profile, &p.kind),
        gateway: gateway(ctx, &p.gateway_url),
        end: agreement::end_tag(app, ctx, &p.until_day),
        mode: test_tag(ctx, p),
        keys: if revoked == 0 {
            ctx.ta("partner-keys-valid", [("valid", count(v.valid_keys()))])
        } else {
            ctx.ta("partner-keys-count", [("valid", count(v.valid_keys())), ("revoked", count(revoked))])
        },
        state: state(ctx, p.active),
        silent: is_silent(v, silent).then(|| Status::new(ctx, "partner-silent", Tone::Red)),
    }
}

fn is_silent(v: &PartnerView, silent: &[String]) -> bool {
    silent.contains(&v.partner.code)
}

/// That an institution is on trial; nothing is said of one that is live.
fn test_tag(ctx: &Ctx, partner: &Partner) -> Option<Status> {
    (partner.mode == Mode::Test).then(|| Status::new(ctx, "partner-in-test", Tone::Blue))
}

fn state(ctx: &Ctx, active: bool) -> Status {
    if active {
        Status::new(ctx, "partner-active", Tone::Green)
    } else {
        Status::new(ctx, "partner-out", Tone::Grey)
    }
}

/// The host alone: paths of gateways may hold what is nobody's business.
fn gateway(ctx: &Ctx, url: &str) -> String {
    let host = rules::host_of_gateway(url);
    if host.is_empty() { ctx.t("partner-pull-only") } else { host.to_owned() }
}

fn takes(app: &App, ctx: &Ctx, v: &PartnerView, silent: &[String], word: &str) -> bool {
    match word.split_once(':') {
        Some(("is", "active")) => v.partner.active,
        Some(("is", "out")) => !v.partner.active,
        Some(("is", "silent")) => is_silent(v, silent),
        Some(("is", "test")) => v.partner.mode == Mode::Test,
        Some(("is", "keyless")) => v.valid_keys() == 0,
        Some(("is", "ending")) => agreement::end_tag(app, ctx, &v.partner.until_day).is_some(),
        Some(("kind", wanted)) => v.partner.kind == wanted,
        Some(_) => false,
        None => {
            let names = [v.partner.code.as_str(), v.partner.name(ctx.lang())];
            names.iter().any(|n| n.to_lowercase().contains(word))
                || agreement::kind(ctx, &app.profile, &v.partner.kind).to_lowercase().contains(word)
        }
    }
}

fn order(app: &App, ctx: &Ctx, all: &mut [PartnerView], sort: &Sort) {
    // They come by code, and sorting keeps the order of equals.
    match sort.column.as_str() {
        "name" => all.sort_by_cached_key(|v| v.partner.name(ctx.lang()).to_lowercase()),
        "kind" => all.sort_by_cached_key(|v| agreement::kind(ctx, &app.profile, &v.partner.kind)),
        "keys" => all.sort_by_key(PartnerView::valid_keys),
        "state" => all.sort_by_key(|v| !v.partner.active),
        _ => {}
    }
    if sort.descending {
        all.reverse();
    }
}

#[derive(Template)]
#[template(path = "partner_show.html")]
struct Show {
    ctx: Ctx,
    href: String,
    name: String,
    code: String,
    kind: String,
    gateway: String,
    duty_phone: String,
    contact: String,
    state: Status,
    active: bool,
    silent: Option<Status>,
    state_at: Option<Markup>,
    reason: String,
    keys: Vec<KeyRow>,
    requests: String,
    test: Option<Status>,
    live: bool,
    asked: bool,
    /// Whether the reader may confirm that it goes live.
    confirms: bool,
    panels: Vec<Markup>,
    agreement: Markup,
    certificates: Markup,
    notifications: Markup,
    people: Markup,
    may: bool,
    keeps: bool,
    own: bool,
}

struct KeyRow {
    keyid: String,
    from: Markup,
    state: Status,
    revoked: Option<Markup>,
    reason: String,
    href: Option<String>,
    confirm: Option<String>,
}

fn may_manage(actor: &Actor) -> bool {
    access::allowed(actor, Action::ManagePartners, &Resource::any("partner"))
}

/// Permits changing keys and addresses: to the administrator, and to the institution's own managers.
fn require_keep(app: &App, actor: &Actor, partner: &Partner) -> Result<(), access::AccessError> {
    if actor.clerk().is_none() {
        return access::require(actor, Action::ManagePartners, &Resource::any("partner"));
    }
    let record = Resource::bare("partner", partner.id.uuid(), &app.node.code);
    access::require(actor, Action::ManageOwnKeys, &record)
}

/// `GET /admin/institutions/{code}`.
async fn show(
    State(app): State<App>,
    Staff(actor): Staff,
    silent: Option<Extension<Silent>>,
    panels: Option<Extension<Panels>>,
    ctx: Ctx,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let v = manage::one(&app, &actor, &code).await?;
    let endpoints = notify::service::list(&app, &actor, &code).await?;
    let break_after = i64::from(app.profile.breaker().failures.max(1));
    let silent = silent.map_or_else(Vec::new, |Extension(Silent(codes))| codes());
    let (may, keeps) = (may_manage(&actor), require_keep(&app, &actor, &v.partner).is_ok());
    let href = home(&actor, &v.partner.code);
    let people = if may { people::section(&app, &ctx, &actor, &v.partner).await? } else { Markup::text("") };
    let (used, quota) = crate::quota::service::now(&app, &v.partner).await?;
    let agreement = agreement::section(&app, &ctx, &actor, &v.partner).await?;
    let me = actor.label();
    let key = |k: &manage::KeyView| KeyRow {
        keyid: k.keyid.clone(),
        from: ctx.time_exact(k.valid_from),
        state: match (k.revoked_at, &k.awaits) {
            (Some(_), _) => Status::new(&ctx, "partner-key-revoked", Tone::Grey),
            (None, Some(_)) => Status::new(&ctx, "partner-agreement-waits", Tone::Amber),
            (None, None) => Status::new(&ctx, "partner-key-valid", Tone::Green),
        },
        confirm: (may && k.awaits.as_ref().is_some_and(|author| *author != me))
            .then(|| format!("{href}/keys/confirm?key={}", ::web::encode(&k.keyid))),
        revoked: k.revoked_at.map(|at| ctx.time_exact(at)),
        reason: k.reason.clone(),
        href: (keeps && k.revoked_at.is_none())
            .then(|| format!("{href}/revoke?key={}", ::web::encode(&k.keyid))),
    };
    let page = Show {
        name: v.partner.name(ctx.lang()).to_owned(),
        code: v.partner.code.clone(),
        kind: agreement::kind(&ctx, &app.profile, &v.partner.kind),
        gateway: gateway(&ctx, &v.partner.gateway_url),
        duty_phone: agreement::phone(&v.partner.duty_phone),
        contact: v.partner.contact.clone(),
        state: state(&ctx, v.partner.active),
        active: v.partner.active,
        silent: is_silent(&v, &silent).then(|| Status::new(&ctx, "partner-silent", Tone::Red)),
        state_at: v.state_at.map(|at| ctx.time_exact(at)),
        reason: v.state_reason.clone(),
        keys: v.keys.iter().map(key).collect(),
        test: test_tag(&ctx, &v.partner),
        live: v.partner.mode == Mode::Live,
        asked: v.partner.live_asked_by.is_some(),
        confirms: may && v.partner.live_asked_by.as_ref().is_some_and(|by| *by != me),
        panels: Panels::shown(panels.map(|Extension(p)| p), &app, &ctx, &actor, &v.partner).await?,
        requests: ctx.ta(
            "partner-requests-used",
            [("used", i64::from(used.requests)), ("allowed", i64::from(quota.requests))],
        ),
        certificates: certificates::section(&app, &ctx, &actor, &v.partner, keeps).await?,
        agreement,
        notifications: endpoints::section(&ctx, &href, &endpoints, keeps, app.wall.now(), break_after),
        may,
        keeps,
        own: actor.clerk().is_some(),
        people,
        href,
        ctx: ctx.clone(),
    };
    Ok(Page(page).into_response())
}
