//! The worst that may come: one scheme with a hundred thousand victims, and ten thousand reports in an hour.

use std::collections::BTreeMap;

use db::Engine;
use kernel::{Actor, Role};
use report::ReportId;
use scheme::model::{Member, SchemeId};
use scheme::service::{self, Asked, Page};
use scheme::store::{member, thing};
use testkit::World;
use uuid::Uuid;

use crate::browser::browser;
use crate::country::{file, staff};
use crate::schemes::{id, phone, scheme_of, sorted, tells};
use crate::talk::each;

/// PostgreSQL is asked over a socket, row by row: it gets a tenth of it.
fn many(world: &World, whole: u128) -> u128 {
    if world.app.db.engine() == Engine::Sqlite { whole } else { whole / 10 }
}

/// So many reports more that name the same number as the first of a scheme. What joined them one by one is taken for granted:
/// they are put where they belong.
async fn victims(world: &World, like: ReportId, count: u128) -> SchemeId {
    let app = &world.app;
    let (first, number) = app
        .db
        .read(move |tx| {
            let first = member::find(tx, like)?.unwrap();
            let phone = thing::of_report(tx, like)?
                .into_iter()
                .find(|(t, _)| t.kind == identifier::Kind::Phone)
                .unwrap()
                .0;
            Ok::<_, db::DbError>((first, phone))
        })
        .await
        .unwrap();
    let home = first.scheme.unwrap();
    for chunk in 0..count.div_ceil(2_000) {
        let (first, number) = (first.clone(), number.clone());
        app.db
            .write(move |tx| {
                for n in (chunk * 2_000)..((chunk + 1) * 2_000).min(count) {
                    let report = ReportId::from_uuid(Uuid::from_u128(1 << 100 | n));
                    let at = kernel::Timestamp::from_micros(first.at.as_micros() + i64::try_from(n).unwrap());
                    let region = if n % 3 == 0 { "kz-ast" } else { "kz-ala" };
                    let m = Member {
                        report,
                        at,
                        number: format!("R-{n}"),
                        region: region.to_owned(),
                        ..first.clone()
                    };
                    member::put(tx, &m)?;
                    thing::name(tx, number.id, report, at, scheme::model::How::Told)?;
                }
                scheme::store::recount(tx, home)
            })
            .await
            .unwrap();
    }
    home
}

#[tokio::test(flavor = "multi_thread")]
async fn one_scheme_with_a_hundred_thousand_victims() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        for n in 1..=3 {
            file(&world, tells(app, n, &format!("Звонили с {}", phone(1)))).await;
        }
        let count = many(&world, 100_000);
        victims(&world, id(1), count).await;
        let number = scheme_of(&world, 1).await.unwrap();
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let seen = async |page: i64| {
            let asked = Asked { no: service::no(&number).unwrap(), page };
            let Page::Here(page) = service::open(app, &officer, asked).await.unwrap() else {
                unreachable!("it is a scheme by itself")
            };
            (
                page.scheme.reports,
                page.seen,
                page.reports.len(),
                page.regions.iter().map(|c| c.reports).sum::<i64>(),
            )
        };
        let all = i64::try_from(count).unwrap() + 3;
        assert_eq!(seen(0).await, (all, all, 50, all));
        assert_eq!(seen(all / 50).await.2, usize::try_from(all % 50).unwrap(), "the last page");

        // One more belongs to it.
        file(&world, tells(app, 4, &format!("Опять {}", phone(1)))).await;
        assert_eq!(scheme_of(&world, 4).await.as_deref(), Some(number.as_str()));

        // One is taken out, the whole is sorted, and all others stay.
        let taken = app.db.read(move |tx| report::store::find(tx, id(2))).await.unwrap().unwrap().number;
        service::take_out(app, &officer, service::no(&number).unwrap(), &[taken], "не отсюда").await.unwrap();
        sorted(&world).await;
        assert_eq!(scheme_of(&world, 2).await, None);
        assert_eq!(seen(0).await.0, all);

        // Everybody has that number after all: the scheme falls apart, and is itself again when that is undone.
        let thing = app
            .db
            .read(move |tx| thing::of_report(tx, id(1)))
            .await
            .unwrap()
            .into_iter()
            .find(|(t, _)| t.kind == identifier::Kind::Phone)
            .unwrap()
            .0;
        let said = service::rule(
            app,
            &officer,
            service::no(&number).unwrap(),
            thing.id,
            scheme::model::Ruling::Everybody,
            "номер службы",
        )
        .await
        .unwrap();
        sorted(&world).await;
        assert_eq!(scheme_of(&world, 1).await, None);
        service::undo(app, &officer, said.decision).await.unwrap();
        sorted(&world).await;
        let again = scheme_of(&world, 1).await.unwrap();
        assert_eq!(scheme_of(&world, 4).await, Some(again.clone()));
        let page = Asked { no: service::no(&again).unwrap(), page: 0 };
        let Page::Here(page) = service::open(app, &officer, page).await.unwrap() else {
            unreachable!("it is a scheme by itself")
        };
        assert_eq!(page.scheme.reports, all);

        // The pages open, and say the count.
        let b = browser(&world, "kk", Some("aliya")).await;
        for path in ["/desk/schemes".to_owned(), format!("/desk/schemes/{again}"), "/desk".to_owned()] {
            let (status, _, body) = b.send("GET", &path, "").await;
            assert_eq!(status, 200, "{path}: {body}");
        }
    })
    .await;
}

/// Ten gangs, each with a number of its own, all in one hour, told to the platform as they come.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_reports_in_an_hour() {
    each("kz", async |world| {
        let app = &world.app;
        let count = many(&world, 10_000);
        let filing = report::service::Filing { draft: None, with_code: false };
        let ear = scheme::Ear::new(app);
        for n in 1..=count {
            let story = format!("Звонили с {}, представились банком", phone(700 + n % 10));
            report::service::file(app, &Actor::Public, tells(app, n, &story), filing).await.unwrap();
            let (me, ear) = (app.clone(), ear.clone());
            app.db.write(move |tx| service::hear(tx, &me, &ear, id(n))).await.unwrap();
            if n % 10 == 0 {
                world.advance_secs(i64::try_from(36_000 / count).unwrap().min(3));
            }
        }
        sorted(&world).await;
        let mut gangs: BTreeMap<String, i64> = BTreeMap::new();
        for gang in 0..10 {
            let scheme = scheme_of(&world, count - gang).await.unwrap();
            let page = Asked { no: service::no(&scheme).unwrap(), page: 0 };
            let officer = staff(app, 1, Role::DutyOfficer).await;
            let Page::Here(page) = service::open(app, &officer, page).await.unwrap() else {
                unreachable!("it is a scheme by itself")
            };
            gangs.insert(scheme, page.scheme.reports);
        }
        let each = i64::try_from(count / 10).unwrap();
        assert_eq!(gangs.values().copied().collect::<Vec<_>>(), vec![each; 10], "{gangs:?}");
        // It is out of the ordinary, and said so once a scheme.
        service::look(app).await.unwrap();
        service::look(app).await.unwrap();
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let no = service::no(gangs.keys().next().unwrap()).unwrap();
        let Page::Here(page) = service::open(app, &officer, Asked { no, page: 0 }).await.unwrap() else {
            unreachable!("it is a scheme by itself")
        };
        let growing = page.alarms.iter().filter(|a| a.what == scheme::model::AlarmWhat::Growing).count();
        assert_eq!(growing, 1, "{:?}", page.alarms);
    })
    .await;
}
