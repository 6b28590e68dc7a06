//! What people have cleared is told to every institution that had been told of it, over both engines: once, by the road on which
//! its orders go, and also to whoever was told in the moment in which it was cleared. Decisions end by their term.

use identifier::Kind;
use kernel::Role;
use order::jobs::{Breakers, deliver};
use order::message::{ClearanceMessage, Message};
use order::store::delivery::{self, Delivery};
use qorgan::slices::subscribers;
use registry::live;
use registry::model::{Class, Decided};
use registry::service::{self, Question};
use testkit::World;

use crate::country::{Wire, file, iban, partner_actor, staff};
use crate::registry::{listed, mule, told};
use crate::talk::each;

async fn asks(world: &World, code: &str) -> Class {
    let bank = partner_actor(&world.app, code).await;
    let all = vec![Question { kind: Some(Kind::Iban), value: iban("ZBEK", 7) }];
    service::check(&world.app, &bank, all, "payment").await.unwrap().remove(0).unwrap().verdict.class
}

/// Messages of clearances that wait for an institution.
async fn waiting(world: &World, code: &str) -> Vec<Delivery> {
    let (code, wall) = (code.to_owned(), world.app.wall.now());
    let due = world.app.db.read(move |tx| delivery::due(tx, &code, wall, 99)).await.unwrap();
    due.into_iter().filter(|d| d.kind == "clearance").collect()
}

async fn said(world: &World, message: &Delivery) -> Option<ClearanceMessage> {
    let (me, message) = (world.app.clone(), message.clone());
    match world.app.db.read(move |tx| order::outgoing::build(tx, &me, &message)).await.unwrap() {
        Some(Message::Clearance(said)) => Some(said),
        other => {
            assert_eq!(other, None);
            None
        }
    }
}

/// What waits still once a clearance that waits anew was answered so.
async fn heard_by(world: &World, message: &Delivery, status: u16) -> Vec<Delivery> {
    let (app, again) = (&world.app, Delivery { id: world.app.uuid(), ..message.clone() });
    let put = again.clone();
    let wall = app.wall.now();
    let insert = app.db.write(move |tx| delivery::insert(tx, &put, delivery::Channel::PartnerApi, wall));
    insert.await.unwrap();
    let wire = Wire::default();
    *wire.status.lock().unwrap() = status;
    deliver(app, &wire, &Breakers::new(app.profile.breaker()), &again).await.unwrap();
    world.advance_secs(86_400);
    waiting(world, &message.partner).await
}

async fn clear(world: &World) {
    let approver = staff(&world.app, 15, Role::Approver).await;
    service::clear(&world.app, &approver, mule(&world.app), "it was the seller of a phone").await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_told_hears_that_it_was_cleared() {
    each("kz", async |world| {
        let (app, id) = (&world.app, mule(&world.app));
        file(&world, told(app, 1001, "portal")).await;
        assert_eq!(asks(&world, "ZALT").await, Class::Reported);
        listed(&world, id).await;
        assert_eq!(asks(&world, "ZALT").await, Class::Listed);
        clear(&world).await;
        assert_eq!(waiting(&world, "ZBEK").await, [], "it was told nothing");
        let mine = waiting(&world, "ZALT").await;
        let message = said(&world, &mine[0]).await.unwrap();
        assert_eq!((mine.len(), message.executor.as_str()), (1, "ZALT"));
        let open = filter::OpenHash::of("iban", &iban("ZBEK", 7));
        assert_eq!(message.thing.hash, Some(hex::encode(open.as_bytes())), "found among its own");
        assert!(!serde_json::to_string(&message).unwrap().contains(&iban("ZBEK", 7)));

        // Heard with any 2xx, without an answer; repeated while nobody hears it.
        let (wire, breakers) = (Wire::default(), Breakers::new(app.profile.breaker()));
        deliver(app, &wire, &breakers, &mine[0]).await.unwrap();
        world.advance_secs(3_600);
        assert_eq!(waiting(&world, "ZALT").await.len(), 1);
        *wire.status.lock().unwrap() = 202;
        deliver(app, &wire, &breakers, &mine[0]).await.unwrap();
        assert_eq!(waiting(&world, "ZALT").await, []);
        let posted = wire.posted.lock().unwrap().clone();
        assert_eq!(posted[0].body, posted[1].body, "the same message");

        // Refused as unknown, it is not sent on and on; where nobody can be reached it lies in the inbox alone.
        assert!(heard_by(&world, &mine[0], 422).await.is_empty());
        assert_eq!(
            heard_by(&world, &mine[0], 404).await.len(),
            1,
            "a gateway that is away is another matter"
        );

        // Reported and decided anew, it is none any more; cleared again, that is news.
        file(&world, told(app, 1002, "portal")).await;
        listed(&world, id).await;
        assert_eq!(asks(&world, "ZALT").await, Class::Listed);
        assert_eq!(said(&world, &mine[0]).await, None);
        world.advance_secs(60);
        clear(&world).await;
        let again: Vec<_> = waiting(&world, "ZALT").await.into_iter().filter(|d| d.at > mine[0].at).collect();
        assert!(again.len() == 1 && again[0].id != mine[0].id);
    })
    .await;
}

/// What was told is written down a moment after it was told; the clearance may lie in between.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_told_at_the_last_moment_hears_of_it_too() {
    each("kz", async |world| {
        let (app, id) = (&world.app, mule(&world.app));
        file(&world, told(app, 1011, "portal")).await;
        listed(&world, id).await;
        let roster = std::sync::Arc::new(partner::bearer::Roster::default());
        roster.refresh(app).await.unwrap();
        let live = live::Live::new(uuid::Uuid::from_u128(7), std::sync::Arc::clone(&roster));
        live::load(app, &live).await.unwrap();
        let stale = live::Live::new(uuid::Uuid::from_u128(8), roster);
        live::load(app, &stale).await.unwrap();
        let bank = partner_actor(app, "ZALT").await;
        clear(&world).await;
        assert_eq!(waiting(&world, "ZALT").await, []);
        // Its copy has not heard of the clearance yet.
        let all = vec![Question { kind: Some(Kind::Iban), value: iban("ZBEK", 7) }];
        let (answers, _) = service::check_live(app, &live, &bank, all, "payment").await.unwrap();
        assert_eq!(answers[0].as_ref().unwrap().verdict.class, Class::Listed);
        live::flush(app, &std::sync::Arc::new(live)).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(waiting(&world, "ZALT").await.len(), 1);
        // And once more, where it was told once more; where nothing new was told, no news comes of the same news.
        world.advance_secs(1);
        let live = std::sync::Arc::new(stale);
        let all = vec![Question { kind: Some(Kind::Iban), value: iban("ZBEK", 7) }];
        service::check_live(app, &live, &bank, all, "payment").await.unwrap();
        live::flush(app, &live).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(waiting(&world, "ZALT").await.len(), 2);
        let (page, _) = service::cleared::cleared(app, &bank, None).await.unwrap();
        assert_eq!(page.iter().map(|c| c.id).collect::<Vec<_>>(), [id]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_ends_by_its_term_and_the_record_says_so() {
    each("kz", async |world| {
        let (app, id) = (&world.app, mule(&world.app));
        file(&world, told(app, 1021, "portal")).await;
        listed(&world, id).await;
        assert_eq!(service::lapse(app).await.unwrap(), 0);
        let decided = async || {
            let entry = app.db.read(move |tx| registry::store::find(tx, id)).await.unwrap().unwrap();
            (entry.decided, entry.until_at)
        };
        let (_, until) = decided().await;
        let now = app.office.now();
        world.advance_secs(until.unwrap().as_secs() - now.as_secs());
        assert_eq!(asks(&world, "ZALT").await, Class::Reported, "it is told as before anybody decided");
        assert_eq!((service::lapse(app).await.unwrap(), service::lapse(app).await.unwrap()), (1, 0));
        assert_eq!(decided().await, (Decided::Nothing, None));
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let opened = service::entry(app, &officer, id).await.unwrap();
        let lapsed = opened.history.iter().filter(|r| r.record.act == "registry.lapsed").count();
        assert_eq!(lapsed, 1);
    })
    .await;
}

/// A bank that has agreed on another road.
async fn agrees(world: &World, delivery: &str) {
    let code = crate::country::BANKS.iter().find(|(bank, _)| *bank == "ZALT").unwrap().1;
    let entry = partner::Institution {
        delivery: delivery.to_owned(),
        gateway: String::new(),
        ..crate::country::institution("ZALT", "bank", partner::PartnerRole::Executor, Some(code))
    };
    let country = partner::Country { institutions: vec![entry] };
    partner::service::import(&world.app, &kernel::Actor::system("setup"), country).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_into_the_folder_once_and_to_nobodys_desk() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, told(app, 1031, "portal")).await;
        listed(&world, mule(app)).await;
        asks(&world, "ZALT").await;
        agrees(&world, "file_drop").await;
        clear(&world).await;
        let dropped = async || {
            let files = order::service::files_to_drop(app).await.unwrap();
            files.into_iter().filter(|(_, code, _)| code == "ZALT").map(|(id, ..)| id).collect::<Vec<_>>()
        };
        let files = dropped().await;
        assert_eq!(files.len(), 1);
        order::service::dropped(app, files[0]).await.unwrap();
        assert!(dropped().await.is_empty() && order::service::dropped(app, files[0]).await.is_err());

        // On letters: nobody carries what was answered to a program; it lies in the inbox.
        agrees(&world, "letter").await;
        world.advance_secs(60);
        file(&world, told(app, 1032, "portal")).await;
        listed(&world, mule(app)).await;
        asks(&world, "ZALT").await;
        world.advance_secs(60);
        clear(&world).await;
        assert!(waiting(&world, "ZALT").await.is_empty() && dropped().await.is_empty());
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let carried = order::service::to_carry(app, &officer).await.unwrap();
        assert!(carried.iter().all(|c| c.message.kind != "clearance"));
        db::feed::number_once(&app.db, order::jobs::INBOX).await.unwrap();
        let inbox = app.db.read(|tx| delivery::inbox(tx, "ZALT", 0, 99)).await.unwrap();
        assert_eq!(inbox.iter().filter(|(_, d)| d.kind == "clearance").count(), 1);
    })
    .await;
}
