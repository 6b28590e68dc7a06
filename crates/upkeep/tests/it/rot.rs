//! The state of the database: looked at, asked for, told; over services and pages, on both engines.

use app::App;
use kernel::{Actor, Class, Coded as _, Role};
use testkit::World;
use upkeep::rot::{ask, round, state};
use uuid::Uuid;

const SLICES: [&db::Slice; 3] = [&vault::SLICE, &audit::SLICE, &access::SLICE];

fn staff(app: &App, role: Role) -> Actor {
    access::member(app, Uuid::from_u128(9), "Сынақ (ойдан шығарылған)", &[role])
}

async fn each(test: impl AsyncFn(World)) {
    for world in World::on_each_engine(5, "kz") {
        test(world.with(&SLICES)).await;
    }
}

async fn acts(app: &App) -> Vec<String> {
    let found = app.db.read(|tx| audit::records_for(tx, Uuid::nil())).await;
    found.unwrap_or_else(|e: db::DbError| panic!("{e}")).into_iter().map(|r| r.record.act).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn looked_at_once_a_week_and_when_it_is_asked_for() {
    each(async |world| {
        let (app, boss) = (&world.app, staff(&world.app, Role::Administrator));
        let before = state(app, &boss).await.unwrap();
        assert!(before.look.is_none() && !before.asked);
        let look = round(app).await.unwrap().expect("never looked at");
        // A server without sums of its pages says so, and is not called sound.
        let lacking = look.found.iter().all(|p| p.said.contains("data-checksums"));
        assert!(lacking && look.found.len() == look.all, "{look:#?}");
        assert_eq!(state(app, &boss).await.unwrap().look, Some(look));
        assert_eq!(round(app).await.unwrap(), None, "not twice");
        world.advance_secs(6 * 86_400);
        assert_eq!(round(app).await.unwrap(), None, "not before a week is over");
        ask(app, &boss).await.unwrap();
        ask(app, &boss).await.unwrap();
        assert!(state(app, &boss).await.unwrap().asked);
        assert!(round(app).await.unwrap().is_some());
        assert!(!state(app, &boss).await.unwrap().asked, "it was made");
        world.advance_secs(7 * 86_400);
        assert!(round(app).await.unwrap().is_some(), "a week later");
        let said = acts(app).await;
        assert_eq!(said.iter().filter(|a| *a == "upkeep.database_asked").count(), 1, "{said:?}");
        assert_eq!(said.len(), 4, "each look is an act: {said:?}");
        for actor in [staff(app, Role::DutyOfficer), staff(app, Role::Approver), Actor::Public] {
            assert_eq!(state(app, &actor).await.unwrap_err().class(), Class::NotFound);
            assert_eq!(ask(app, &actor).await.unwrap_err().class(), Class::NotFound);
        }
    })
    .await;
}
