//! Records that are told anew and matters that are taken back: what was told before opens no way that a new record does not have.

use db::{Stmt, params};
use kernel::Role;
use person::model::{PairState, Role as Is, Told, Verdict};
use person::service;
use person::{PersonId, RecordId};
use report::Filed;
use testkit::World;

use crate::country::staff;
use crate::persons_rights::{filed, iin, listed, officer, told};
use crate::talk::each;

pub async fn whose(world: &World, id: RecordId) -> PersonId {
    world.app.db.read(move |tx| person::store::record(tx, id)).await.unwrap().unwrap().person
}

/// Writes somebody down a minute later; gives that record.
pub async fn written(world: &World, filed: &Filed, told: Told) -> RecordId {
    world.advance_secs(60);
    let (app, one) = (&world.app, officer(world).await);
    let person = service::by_hand(app, &one, &filed.number, Is::Suspect, told).await.unwrap();
    app.db.read(move |tx| person::store::of_person(tx, person, 100)).await.unwrap().pop().unwrap().id
}

/// Somebody of the name that these tests are about.
fn named(number: &str, phone: &str, address: &str) -> Told {
    Told {
        middle: "Серікұлы".into(),
        phone: phone.into(),
        address: address.into(),
        ..told("Ахметов", "Болат", number)
    }
}

const HERE: &str = "Қостанай, Сынақ көшесі 5, 17";
const THERE: &str = "Ақтау, Үлгі көшесі 9, 4";

/// Bug: nobody of its own person was compared with a record that was told anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_told_anew_is_no_bridge_within_its_own_person() {
    each("kz", async |world| {
        let (app, one) = (&world.app, officer(&world).await);
        let report = filed(&world, 1101, "Сынақ Адам", "+77000006301").await;
        let phone = "+77000006302";
        let first = written(&world, &report, named(&iin("85041230012"), "", HERE)).await;
        let second = written(&world, &report, named("", phone, HERE)).await;
        let third = written(&world, &report, named("", phone, "")).await;
        let all = [whose(&world, first).await, whose(&world, second).await, whose(&world, third).await];
        assert_eq!((all[0], all[1]), (all[1], all[2]), "one person until now");
        world.advance_secs(60);
        let right = (Is::Suspect, named(&iin("90051730012"), phone, ""));
        service::correct(app, &one, third, right, "the number was read").await.unwrap();
        assert_ne!(whose(&world, first).await, whose(&world, third).await, "two right numbers");
        let with = whose(&world, second).await;
        assert!(with == whose(&world, first).await || with == whose(&world, third).await);
    })
    .await;
}

/// Bug: those whom a record is with were not compared with those whom it joins when it is told anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_told_anew_is_no_bridge_between_two_persons() {
    each("kz", async |world| {
        let (app, one) = (&world.app, officer(&world).await);
        let report = filed(&world, 1111, "Сынақ Адам", "+77000006311").await;
        let phone = "+77000006312";
        let mine = written(&world, &report, named(&iin("85041230012"), phone, "")).await;
        let bridge = written(&world, &report, named("", phone, "")).await;
        assert_eq!(whose(&world, mine).await, whose(&world, bridge).await);
        let theirs = written(&world, &report, named(&iin("90051730012"), "", THERE)).await;
        let beside = written(&world, &report, named("", "", THERE)).await;
        assert_eq!(whose(&world, theirs).await, whose(&world, beside).await);
        assert_ne!(whose(&world, mine).await, whose(&world, theirs).await);
        world.advance_secs(60);
        let right = (Is::Suspect, named("", phone, THERE));
        service::correct(app, &one, bridge, right, "the address was on the other sheet").await.unwrap();
        assert_ne!(whose(&world, mine).await, whose(&world, theirs).await, "two right numbers");
        let with = whose(&world, bridge).await;
        assert!(with == whose(&world, mine).await || with == whose(&world, theirs).await);
    })
    .await;
}

/// Bug: of those who came along into a listing by people's word, whoever was written down before it was begun stayed in it.
#[tokio::test(flavor = "multi_thread")]
async fn who_came_along_leaves_a_listing_however_old_the_record() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, two) = (officer(&world).await, staff(app, 5, Role::DutyOfficer).await);
        let report = filed(&world, 1121, "Сынақ Адам", "+77000006321").await;
        // Of fewer and of more records than the listed person has: whoever's number stays.
        for (round, along) in [1_usize, 3].into_iter().enumerate() {
            let number = iin(["85041230077", "85041230088"][round]);
            let other = iin(["90051730012", "90051730023"][round]);
            let mut came = Vec::new();
            for _ in 0..=along {
                came.push(written(&world, &report, told("Басқа", "Есім", &other)).await);
            }
            world.advance_secs(60);
            let (person, id) = listed(&world, &report, told("Ересек", "Үлгі", &number)).await;
            let dropper = app.db.read(move |tx| person::store::dropper::find(tx, id)).await.unwrap().unwrap();
            for record in &came {
                world.advance_secs(60);
                let right = (Is::Suspect, told("Ересек", "Үлгі", &number));
                service::correct(app, &one, *record, right, "another's sheet").await.unwrap();
                assert_ne!(whose(&world, *record).await, person, "people are asked");
            }
            let look = service::next(app, &one).await.unwrap().unwrap();
            assert!(look.grave);
            let first = service::judge(app, &one, look.pair.id, Verdict::Same, "").await.unwrap();
            let second = service::judge(app, &two, look.pair.id, Verdict::Same, "").await.unwrap();
            assert!(!first.stands && second.stands);
            let matter = whose(&world, dropper.record).await;
            for record in &came {
                assert_eq!(whose(&world, *record).await, matter);
            }
            service::undo(app, &two, second.id).await.unwrap();
            service::undo(app, &one, first.id).await.unwrap();
            let matter = whose(&world, dropper.record).await;
            for record in &came {
                assert_ne!(whose(&world, *record).await, matter, "of {}", came.len());
                assert_eq!(whose(&world, *record).await, whose(&world, came[0]).await);
            }
            let pair = app.db.read(move |tx| person::store::pair(tx, look.pair.id)).await.unwrap().unwrap();
            assert_eq!(pair.state, PairState::Waiting);
            service::judge(app, &one, pair.id, Verdict::Different, "").await.unwrap();
        }
    })
    .await;
}

/// How SQLite goes about a statement of this slice.
pub async fn plan_of(world: &World, name: &str, values: Vec<db::Value>) -> String {
    let stmt = person::store::STATEMENTS.iter().find(|s| s.name == name).unwrap();
    let text: &'static str = format!("EXPLAIN QUERY PLAN {}", stmt.sqlite).leak();
    let ask: &'static Stmt = Box::leak(Box::new(Stmt::both("test.plan", text)));
    let rows = world.app.db.read(move |tx| tx.query(ask, &values, |r| r.get::<String>(3))).await.unwrap();
    rows.join("; ")
}

/// Bug: of the queue all that waits was read and sorted for each click.
#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_the_end_of_an_index() {
    let world = crate::country::settle(World::new(11)).await;
    for (name, values) in [
        ("person.queue_next_open", params!["DEMO", "waiting", "one"].to_vec()),
        ("person.queue_next_closed", params!["DEMO", "waiting", "A", "one"].to_vec()),
    ] {
        let plan = plan_of(&world, name, values).await;
        let walks = "USING INDEX person_pair_queue (state=? AND office=? AND closed=?)";
        assert!(plan.contains(walks) && !plan.contains("B-TREE"), "{plan}");
    }
    let plan = plan_of(&world, "person.queue_count", params!["DEMO", "A"].to_vec()).await;
    assert!(plan.contains("COVERING INDEX person_pair_queue (state=? AND office=? AND closed=?)"), "{plan}");
}
