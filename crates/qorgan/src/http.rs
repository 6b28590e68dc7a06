//! All routes of the program, and what stands around them.

use std::sync::Arc;

use app::App;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use case::api::StaffTokens;
use partner::described::Signatures;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use web::{NavItem, Site, SiteConfig, Texts};

use crate::slices::LOCALES;

/// The partner API's description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Qorgan partner API",
        version = "1.0.0",
        description = "Orders, answers, reports. Bodies of requests, and the address, are signed (RFC 9421); refusals are problems (RFC 9457): 400 what cannot be read, 422 what is well formed and cannot be taken as it is. See docs/partner-api. Operations under `/cases` are for programs of the staff, by keys that the staff make: see docs/case-api."
    ),
    modifiers(&Signatures, &StaffTokens),
    components(schemas(
        partner::described::ProblemBody,
        partner::described::ProblemField,
        order::message::Message,
        order::message::OrderMessage,
        order::message::ReleaseMessage,
        order::message::NoticeMessage,
        order::message::CorrectionMessage,
        order::message::ClearanceMessage,
        order::message::ReminderMessage,
        registration::export::RegistrationFile,
        case::service::registers::RegistrationCaseFile,
        case::exchange::ReferralFile,
        case::exchange::ReferralWithdrawn,
        registration::export::RegistrationAnswer
    ))
)]
struct Api;

/// The portal's sections.
fn portal_nav() -> Vec<NavItem> {
    vec![
        NavItem { key: "report-nav-report", href: "/report", letter: "" },
        NavItem { key: "report-nav-my-report", href: "/my-report", letter: "" },
        NavItem { key: "registry-portal-nav", href: "/check", letter: "" },
        NavItem { key: "appeal-portal-nav", href: "/object", letter: "" },
        NavItem { key: "console-score-title", href: "/institutions", letter: "" },
    ]
}

/// What is carried by hand.
const DISPATCH: &str = "/desk/dispatch";

/// The desk's sections.
fn desk_nav() -> Vec<NavItem> {
    vec![
        NavItem { key: "desk-nav-queue", href: "/desk", letter: "q" },
        NavItem { key: "scheme-nav", href: "/desk/schemes", letter: "s" },
        NavItem { key: "case-nav", href: "/desk/cases", letter: "c" },
        NavItem { key: "desk-nav-board", href: "/desk/board", letter: "b" },
        NavItem { key: "desk-nav-orders", href: "/desk/orders", letter: "o" },
        NavItem { key: "desk-nav-approvals", href: "/desk/approvals", letter: "a" },
        NavItem { key: "desk-nav-dispatch", href: DISPATCH, letter: "p" },
        NavItem { key: "registry-nav", href: "/desk/registry", letter: "i" },
        NavItem { key: "person-nav", href: "/desk/persons", letter: "n" },
        NavItem { key: "evidence-nav", href: "/desk/evidence", letter: "e" },
        NavItem { key: "appeal-nav", href: "/desk/appeals", letter: "j" },
        law(),
    ]
}

/// The administrator's sections.
fn admin_nav() -> Vec<NavItem> {
    vec![
        NavItem { key: "access-nav-accounts", href: "/admin/accounts", letter: "u" },
        NavItem { key: "partner-nav", href: "/admin/institutions", letter: "i" },
        NavItem { key: "upkeep-nav", href: "/admin/parked", letter: "n" },
        NavItem { key: "upkeep-database-nav", href: "/admin/database", letter: "d" },
        law(),
    ]
}

/// The sections of an institution's people at the console.
fn console_nav(clerk: &kernel::Clerk) -> Vec<NavItem> {
    let mut nav = vec![
        NavItem { key: "console-nav", href: "/console", letter: "q" },
        NavItem { key: "console-nav-past", href: "/console/past", letter: "b" },
        NavItem { key: "console-nav-institution", href: "/console/institution", letter: "i" },
    ];
    if clerk.manages {
        nav.push(NavItem { key: "access-people-title", href: "/console/people", letter: "u" });
    }
    nav
}

/// The section that all of the staff has.
fn law() -> NavItem {
    NavItem { key: "legal-basis-title", href: "/law", letter: "l" }
}

/// The sections that somebody may open: an administrator holds no case right and sees no case section.
fn sections(actor: &kernel::Actor) -> Option<Vec<NavItem>> {
    let office = actor.has(kernel::Role::DutyOfficer) || actor.has(kernel::Role::Approver);
    if let Some(clerk) = actor.clerk() {
        return Some(console_nav(clerk));
    }
    let administers = actor.has(kernel::Role::Administrator);
    let prosecutor = actor.has(kernel::Role::Prosecutor);
    let audits = actor.has(kernel::Role::Auditor);
    if administers {
        Some(admin_nav())
    } else if prosecutor {
        Some(vec![NavItem { key: "desk-nav-sanctions", href: "/desk/sanctions", letter: "s" }, law()])
    } else if audits {
        Some(vec![NavItem { key: "registry-audit-nav", href: "/desk/registry/asked", letter: "i" }, law()])
    } else if office {
        // What is carried by hand is carried by those who draft.
        let drafts = access::allowed(actor, access::Action::DraftOrder, &access::Resource::any("order"));
        let own = || desk_nav().into_iter().filter(|item| item.href != DISPATCH).collect();
        (!drafts).then(own)
    } else {
        Some(Vec::new())
    }
}

/// What all pages share.
///
/// # Errors
/// Texts that clash or are missing.
pub fn site(app: &App) -> anyhow::Result<Site> {
    let texts: Vec<web::Locale> = LOCALES.iter().flat_map(|l| l.iter().cloned()).collect();
    let profile = &app.profile;
    let own = profile.languages().iter().filter_map(|lang| Some((lang, profile.fluent(lang)?)));
    let config = SiteConfig {
        texts: Texts::load(&web::in_country(&texts, own)?)?,
        langs: profile.languages().to_vec(),
        default_lang: profile.default_lang(),
        zone: profile.zone_name().to_owned(),
        office: app.office.clone(),
        factor: app.factor,
        wall: app.wall.clone(),
        entropy: app.entropy.clone(),
        institution: profile.organisation().name.clone(),
        help_phone: profile.emergency().first().map(|e| e.number.clone()).unwrap_or_default(),
        origins: vec![app.node.public_url.clone()],
        https: app.node.public_url.starts_with("https://"),
        demo: app.demo,
        portal_nav: portal_nav(),
        desk_nav: desk_nav(),
        body_limit_bytes: report::web::FILES_BODY_BYTES,
    };
    Ok(Site::new(config)?)
}

/// The whole router. `silent` says which institutions do not answer at present, as far as this process knows.
///
/// # Errors
/// Texts that clash or are missing.
pub fn router(app: &App, silent: partner::web::Silent) -> anyhow::Result<Router> {
    let (api, description) = OpenApiRouter::<App>::with_openapi(Api::openapi())
        .nest(
            "/api/v1",
            OpenApiRouter::new()
                .merge(partner::api::routes())
                .merge(report::api::routes())
                .merge(registration::api::routes())
                .merge(order::api::routes())
                .merge(registry::api::routes())
                .merge(case::exchange::routes())
                .merge(case::api::routes()),
        )
        .split_for_parts();
    let description = description.to_json()?;
    let path: report::web::Panel = Arc::new(|app, ctx, actor, id| {
        Box::pin(async move { trail::web::citizen_panel(&app, &ctx, &actor, id).await })
    });
    let registers: report::web::Panel = Arc::new(|app, ctx, actor, id| {
        Box::pin(async move { registration::web::citizen_panel(&app, &ctx, &actor, id).await })
    });
    let routes: Router<App> = Router::new()
        .merge(api)
        .route(
            "/api/v1/openapi.json",
            get(move || {
                let text = description.clone();
                async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], text) }
            }),
        )
        .route("/ready", get(ready))
        .merge(access::identify(staff_routes(app, silent), app, sections))
        .merge(appeal::web::portal_routes())
        .merge(registry::web::portal_routes())
        .merge(console::web::portal_routes())
        .merge(report::web::routes().layer(axum::Extension(report::web::Panels(vec![path, registers]))));
    let site = site(app)?;
    let whole = web::wrap(routes.with_state(app.clone()), &site);
    // What is asked before every payment goes past the shell of pages; other methods of the same address do not.
    let busy = Router::new().route("/api/v1/checks", registry::api::check().fallback_service(whole.clone()));
    Ok(web::wrap_busy(busy.with_state(app.clone()), &site).fallback_service(whole))
}

/// The pages behind the sign-in.
fn staff_routes(app: &App, silent: partner::web::Silent) -> Router<App> {
    let trials: partner::web::Panel = Arc::new(|app, ctx, actor, partner| {
        Box::pin(async move { console::web::trial_panel(&app, &ctx, &actor, &partner).await })
    });
    let panels = partner::web::Panels(vec![trials]);
    access::routes()
        .merge(partner::web::routes().layer(axum::Extension(silent)).layer(axum::Extension(panels)))
        .merge(upkeep::web::routes())
        .merge(legal_basis::web::routes())
        .merge(appeal::web::desk_routes())
        .merge(registry::web::desk_routes())
        .merge(person::web::routes())
        .merge(registration::web::routes())
        .merge(scheme::web::routes().layer(axum::Extension(case_panels(true))))
        .merge(case::web::routes())
        .merge(evidence::web::routes().layer(axum::Extension(above_evidence())))
        .merge(import::web::routes())
        .merge(chart::web::routes(chart::Sources::default()))
        .merge(search::web::routes())
        .merge(
            desk::web::routes()
                .layer(axum::Extension(case_panels(false)))
                .layer(axum::Extension(board_parts())),
        )
        .merge(console::web::routes())
        .layer(axum::middleware::from_fn(web::without_unseen))
        .layer(axum::middleware::from_fn_with_state(app.clone(), partner::web::taking_part))
}

/// What the page of a report, or of a scheme, says of its cases.
fn case_panels(of_scheme: bool) -> scheme::web::Panels {
    let panel: scheme::web::Panel = Arc::new(move |app, ctx, actor, id, number| {
        Box::pin(async move {
            if of_scheme {
                case::web::scheme_panel(&app, &ctx, &actor, (id, &number)).await
            } else {
                case::web::report_panel(&app, &ctx, &actor, (id, &number)).await
            }
        })
    });
    scheme::web::Panels(vec![panel])
}

/// What slices above the desk say falls due.
fn board_parts() -> desk::web::BoardParts {
    let cases: desk::web::BoardPart = Arc::new(|app, ctx, actor| {
        Box::pin(async move {
            let p = case::web::board_panel(&app, &ctx, &actor).await;
            desk::web::Part { markup: p.markup, open: p.open, late: p.late, soon: p.soon }
        })
    });
    desk::web::BoardParts(vec![cases])
}

/// What slices above give to the pages of exhibits: their rows, and the cases that they may belong to.
fn above_evidence() -> evidence::web::Above {
    let rows: evidence::web::Panel = Arc::new(|app, ctx, actor, id| {
        Box::pin(async move { import::web::exhibit_panel(&app, &ctx, &actor, id).await })
    });
    let cases: evidence::web::Finder = Arc::new(|app, actor, number| {
        Box::pin(async move { case::service::as_matter(&app, &actor, &number).await })
    });
    evidence::web::Above { panels: vec![rows], matters: vec![cases] }
}

/// Whether the database answers.
async fn ready(State(app): State<App>) -> Response {
    match app.db.read(|tx| db::meta::get(tx, "demo")).await {
        Ok(_) => "ready".into_response(),
        Err(error) => web::Problem::json(&error).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Actor, Role};

    use super::*;

    fn hrefs(role: Role) -> Option<Vec<&'static str>> {
        let actor = Actor::Staff {
            user: uuid::Uuid::from_u128(1),
            name: "N".to_owned(),
            roles: vec![role],
            unit: "QORGAN/duty".to_owned(),
        };
        sections(&actor).map(|all| all.into_iter().map(|item| item.href).collect())
    }

    /// Bug: an approver was offered the letters that officers carry, and told that there is no such page.
    #[test]
    fn everybody_is_offered_what_they_may_open() {
        assert_eq!(hrefs(Role::DutyOfficer), None, "all of the desk");
        let approver = hrefs(Role::Approver).unwrap();
        assert!(approver.contains(&"/desk/orders") && !approver.contains(&DISPATCH), "{approver:?}");
        assert_eq!(hrefs(Role::Prosecutor).unwrap(), ["/desk/sanctions", "/law"]);
        assert!(!hrefs(Role::Administrator).unwrap().iter().any(|href| href.starts_with("/desk")));
    }
}
