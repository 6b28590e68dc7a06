//! Which slices this program is made of: their tables, texts and subscriptions, in one place.

use std::sync::Arc;

use app::App;
use db::Slice;
use db::outbox::{Event, Handler, HandlerError, Subscriber};
use web::Locale;

/// Tables and statements, lower tiers first.
pub const SLICES: &[&Slice] = &[
    &vault::SLICE,
    &audit::SLICE,
    &access::SLICE,
    &identifier::SLICE,
    &partner::SLICE,
    &legal_basis::SLICE,
    &report::SLICE,
    &evidence::SLICE,
    &import::SLICE,
    &registry::SLICE,
    &registration::SLICE,
    &order::SLICE,
    &scheme::SLICE,
    &person::SLICE,
    &appeal::SLICE,
    &case::SLICE,
    &chart::SLICE,
    &desk::SLICE,
];

/// Texts, by slice.
pub const LOCALES: &[&[Locale]] = &[
    &web::LOCALES,
    &access::LOCALES,
    &partner::LOCALES,
    &upkeep::LOCALES,
    &identifier::LOCALES,
    legal_basis::LOCALES,
    &report::LOCALES,
    &evidence::LOCALES,
    &import::LOCALES,
    &registry::LOCALES,
    &registration::LOCALES,
    &order::LOCALES,
    &trail::LOCALES,
    &scheme::LOCALES,
    &appeal::LOCALES,
    &person::LOCALES,
    &console::LOCALES,
    &case::LOCALES,
    &chart::LOCALES,
    &desk::LOCALES,
    &search::LOCALES,
];

fn on<E>(app: &App, f: fn(&mut db::Tx<'_>, &App, &Event) -> Result<(), E>) -> Handler
where
    E: std::error::Error + Send + Sync + 'static,
{
    let app = app.clone();
    Arc::new(move |tx, event| f(tx, &app, event).map_err(HandlerError::from))
}

/// The node's own ear: after an erasure the files are to be swept.
const ERASED: &str = "node.erased";
/// Holds a mark while what was erased may still lie in the files.
const TO_SWEEP: &str = "to_sweep";

/// Each part erases its share of a report when it hears of it, after the report's own sweep: until the next one the
/// old rows lie in SQLite's write-ahead log and unused places.
fn note_erasure(tx: &mut db::Tx<'_>, _: &App, event: &Event) -> Result<(), db::DbError> {
    db::meta::put(tx, TO_SWEEP, &event.id.to_string())
}

/// Sweeps the files if something was erased, and forgets the mark once every part has heard of it.
///
/// # Errors
/// The database's.
pub async fn sweep_erased(app: &App, subscribers: &[Subscriber]) -> Result<(), db::DbError> {
    let mark = app.db.read(|tx| db::meta::get(tx, TO_SWEEP)).await?.filter(|mark| !mark.is_empty());
    let Some(mark) = mark else { return Ok(()) };
    // Asked before sweeping: a part that hears of it in between is swept after by the next round.
    let listeners: Vec<Subscriber> =
        subscribers.iter().filter(|s| s.events.contains(&report::EXPUNGED)).cloned().collect();
    let waits = db::outbox::backlog(&app.db, &listeners).await?;
    let parked = app.db.read(|tx| db::outbox::parked::list(tx, 0, 500)).await?;
    let heard =
        !waits.unnumbered && waits.behind.is_empty() && !parked.iter().any(|p| p.name == report::EXPUNGED);
    if !app.db.sweep().await {
        tracing::debug!("a reader kept the log from being emptied; the next round tries again");
        return Ok(());
    }
    if heard {
        app.db
            .write(move |tx| match db::meta::get(tx, TO_SWEEP)? {
                // Another erasure came meanwhile: its mark stays.
                Some(now) if now != mark => Ok(()),
                _ => db::meta::put(tx, TO_SWEEP, ""),
            })
            .await?;
    }
    Ok(())
}

/// Who listens to which news.
#[must_use]
pub fn subscribers(app: &App) -> Vec<Subscriber> {
    let mut all = vec![
        Subscriber {
            name: "order.report",
            events: &[report::RECEIVED, report::PAYMENT_ADDED, report::PAYMENT_COMPLETED, report::STORY_TOLD],
            handle: on(app, order::service::on_report_event),
        },
        Subscriber {
            name: "order.withdrawn",
            events: &[report::WITHDRAWN],
            handle: on(app, order::service::on_withdrawn),
        },
        Subscriber {
            name: "order.expunged",
            events: &[report::EXPUNGED],
            handle: on(app, order::service::on_expunged),
        },
        Subscriber {
            name: "registration.report",
            events: &[report::RECEIVED],
            handle: on(app, registration::service::on_received),
        },
        Subscriber {
            name: "registration.expunged",
            events: &[report::EXPUNGED],
            handle: on(app, registration::service::on_expunged),
        },
        Subscriber {
            name: "appeal.expunged",
            events: &[report::EXPUNGED],
            handle: on(app, appeal::service::on_expunged),
        },
        Subscriber {
            name: "chart.expunged",
            events: &[report::EXPUNGED],
            handle: on(app, chart::service::on_expunged),
        },
        Subscriber { name: ERASED, events: &[report::EXPUNGED], handle: on(app, note_erasure) },
        Subscriber {
            name: "registry.batch",
            events: &[registry::service::batch::WORK],
            handle: on(app, registry::service::batch::on_work),
        },
        Subscriber {
            name: "registry.report",
            events: &[
                report::RECEIVED,
                report::PAYMENT_ADDED,
                report::PAYMENT_COMPLETED,
                report::STORY_TOLD,
                report::CLUES,
                report::WITHDRAWN,
                report::EXPUNGED,
            ],
            handle: on(app, registry::service::on_report_event),
        },
        Subscriber {
            name: "order.cleared",
            events: &[registry::service::cleared::CLEARED],
            handle: on(app, order::service::on_cleared),
        },
        Subscriber {
            name: "order.answered",
            events: &[order::ANSWERED],
            handle: on(app, order::service::on_answered),
        },
        Subscriber {
            name: "trail.answered",
            events: &[order::ANSWERED],
            handle: on(app, trail::service::on_answered),
        },
        Subscriber {
            name: "trail.import",
            events: &[import::CHANGED],
            handle: on(app, trail::service::on_import),
        },
        Subscriber {
            name: "person.report",
            events: &[report::RECEIVED, report::WITHDRAWN, report::EXPUNGED],
            handle: on(app, person::service::on_report_event),
        },
        Subscriber {
            name: "person.answered",
            events: &[order::ANSWERED],
            handle: on(app, person::service::on_answered),
        },
        Subscriber {
            name: "trail.completed",
            events: &[report::PAYMENT_COMPLETED],
            handle: on(app, trail::service::on_completed),
        },
    ];
    all.extend(scheme::subscribers(app));
    all.extend(import::subscribers());
    all.extend(case::subscribers());
    all.extend(desk::subscribers(app));
    all
}
