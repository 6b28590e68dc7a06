//! A country with two registers, a report, and the people who work on it.

use app::App;
use db::outbox::Subscriber;
use kernel::{Actor, Lang, Role, Timestamp};
use registration::model::Receipt;
use registration::service::{self, Matter};
use report::{Harm, NewReport, ReportId, Reporter};
use std::sync::Arc;
use testkit::World;

const SLICES: [&db::Slice; 7] = [
    &vault::SLICE,
    &audit::SLICE,
    &access::SLICE,
    &identifier::SLICE,
    &partner::SLICE,
    &report::SLICE,
    &registration::SLICE,
];

/// The registers of the country.
pub const KUI: &str = "kui";
pub const ERDR: &str = "erdr";
/// What nobody outside the file may find.
pub const STORY: &str = "Шындықтан тыс бірегей оқиға 4711";

/// Runs `test` on each engine.
pub async fn each(test: impl AsyncFn(World)) {
    in_country("kz", test).await;
}

/// The same in another country.
pub async fn in_country(profile: &str, test: impl AsyncFn(World)) {
    for world in World::on_each_engine(23, profile) {
        test(world.with(&SLICES)).await;
    }
}

type Handle = fn(&mut db::Tx<'_>, &App, &db::outbox::Event) -> Result<(), registration::RegistrationError>;

/// Who listens, as the program has it.
pub fn subscribers(app: &App) -> Vec<Subscriber> {
    let on = |name, event, handle: Handle| {
        let app = app.clone();
        let handle = Arc::new(move |tx: &mut db::Tx<'_>, event: &db::outbox::Event| {
            handle(tx, &app, event).map_err(db::outbox::HandlerError::from)
        });
        Subscriber { name, events: event, handle }
    };
    vec![
        on("registration.report", &[report::RECEIVED], service::on_received),
        on("registration.expunged", &[report::EXPUNGED], service::on_expunged),
    ]
}

/// A report, not yet heard of by the registers.
pub async fn told(world: &World, key: u128) -> report::Filed {
    let app = &world.app;
    let new = NewReport {
        id: ReportId::from_uuid(uuid::Uuid::from_u128(key)),
        channel: "portal".into(),
        lang: Lang::KK,
        ongoing: false,
        harm: Harm::Codes,
        reporter: Reporter {
            name: "Үлгі Азамат".into(), phone: "+77000000007".into(), iin: String::new()
        },
        story: STORY.into(),
        payments: vec![],
    };
    let filing = report::service::Filing { draft: None, with_code: true };
    report::service::file(app, &Actor::Public, new, filing).await.unwrap()
}

/// A report of which the registers have heard.
pub async fn filed(world: &World, key: u128) -> report::Filed {
    let filed = told(world, key).await;
    hear(world).await;
    filed
}

pub async fn hear(world: &World) {
    world.deliver(&subscribers(&world.app)).await;
}

/// A member of staff with an account: number `n` is the same person each time.
pub async fn staff(app: &App, n: u32, role: Role) -> Actor {
    let (setup, login) = (Actor::system("setup"), format!("test-{n}"));
    let known = |all: Vec<access::Account>| all.into_iter().find(|a| a.login == login).map(|a| a.actor());
    if let Some(actor) = known(access::accounts(app, &setup).await.unwrap()) {
        return actor;
    }
    let new = access::NewAccount {
        login: login.clone(),
        name: "Сынақ (ойдан шығарылған)".to_owned(),
        password: kernel::Secret::new(format!("korgan-test-tau-{n}")),
        roles: vec![role],
        seat: None,
        unit: app.node.unit.clone(),
    };
    access::create_account(app, &setup, new).await.unwrap();
    known(access::accounts(app, &setup).await.unwrap()).unwrap()
}

pub async fn officer(app: &App) -> Actor {
    staff(app, 1, Role::DutyOfficer).await
}

pub async fn approver(app: &App) -> Actor {
    staff(app, 2, Role::Approver).await
}

/// What a register answers.
pub fn receipt(number: &str, at: Timestamp) -> Receipt {
    Receipt { number: number.into(), registered_at: at, registrar: "Үлгі Тіркеуші".into() }
}

/// A report in one register.
pub async fn matter(app: &App, actor: &Actor, number: &str, system: &str) -> Matter {
    let view = service::of_report(app, actor, number).await.unwrap();
    view.matters.into_iter().find(|m| m.register.code == system).unwrap()
}

/// Acts in the record about a report, by name: those of one moment have no order.
pub async fn acts(app: &App, id: ReportId) -> Vec<String> {
    let found = app
        .db
        .read(move |tx| audit::records_for(tx, id.uuid()))
        .await
        .unwrap_or_else(|e: db::DbError| panic!("{e}"));
    let own = found.into_iter().map(|r| r.record.act).filter(|a| a.starts_with("registration."));
    let mut acts: Vec<String> = own.collect();
    acts.sort();
    acts
}
