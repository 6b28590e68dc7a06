//! A report becomes a hold: filed, ordered, answered, followed, ended; on each engine, with the Antifraud
//! Centre between (profile `kz`) and without (`direct`).

use std::sync::Arc;

use kernel::{Actor, Money, Role};
use order::answer::Code;
use order::jobs::{self, Breakers};
use order::message::Line;
use order::service;
use order::{ObjectState, OrderError, Status};
use qorgan::slices::subscribers;
use testkit::World;
use trail::model::EndKind;

use crate::country::{self, CENTRE, Wire, file, iban, partner_actor, staff};
use crate::talk::{answer, each, line, moved, orders, said};

async fn the_whole_way(world: World) {
    let app = &world.app;
    let through_centre = app.profile.id() == "kz";
    let filed = file(&world, country::report(app, 1, &iban("ZBEK", 1), 90_000_000, app.office.now())).await;
    let first = orders(&world, filed.id).await.remove(0);
    assert_eq!(first.order.status, Status::Sent, "it went out under the standing approval");
    assert!(first.order.approval.is_some() && first.order.header.basis.is_some());
    assert_eq!(first.order.gateway, if through_centre { CENTRE } else { "ZBEK" });
    assert_eq!(first.steps.len(), if through_centre { 3 } else { 2 });
    assert_eq!(
        (first.order.executor.as_str(), first.order.cap.minor(), first.order.hop),
        ("ZBEK", 90_000_000, 1)
    );
    assert!(first.order.ack_due < first.order.action_due && first.order.action_due < first.order.expires_at);

    // The message is signed with the node's key, and names what is asked.
    let wire = Wire { status: Arc::new(std::sync::Mutex::new(200)), ..Wire::default() };
    let post: Arc<dyn order::gateway::Post> = Arc::new(wire.clone());
    jobs::deliver_due(app, &post, &Breakers::new(app.profile.breaker())).await.unwrap();
    while wire.posted.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let out = wire.posted.lock().unwrap()[0].clone();
    assert!(out.url.ends_with(&format!("/{}/messages", first.order.gateway)));
    let message: serde_json::Value = serde_json::from_slice(&out.body).unwrap();
    assert_eq!(message["objects"][0]["value"], iban("ZBEK", 1).as_str());
    assert_eq!(message["objects"][0]["cap"]["amount"], "900000.00");
    assert!(out.headers.iter().any(|(n, _)| n == "signature"));

    // 620,000 held, 280,000 moved to another bank: the next hop opens by itself, for 280,000 and no more.
    let next = iban("ZCAR", 2);
    let lines = vec![line("H11", 62_000_000), moved(&world, 28_000_000, "ZCAR", &next)];
    let outcome = answer(&world, &first, "a-1", lines.clone()).await.unwrap();
    assert_eq!(outcome.status, Status::Answered);
    let all = orders(&world, filed.id).await;
    assert_eq!(all.len(), 2);
    let second = &all[1];
    assert_eq!(
        (second.order.executor.as_str(), second.order.hop, second.order.status),
        ("ZCAR", 2, Status::Sent)
    );
    assert_eq!(second.order.cap.minor(), 28_000_000);
    assert_eq!(second.objects[0].parent, Some(first.objects[0].id));

    // The same answer again changes nothing; the same id with another body is refused.
    assert!(answer(&world, &first, "a-1", lines).await.unwrap().already);
    let other = answer(&world, &first, "a-1", vec![line("H11", 1)]).await;
    assert!(matches!(other, Err(OrderError::AnswerConflict)));
    assert_eq!(orders(&world, filed.id).await.len(), 2, "no order twice");

    answer(&world, second, "a-2", vec![line("H10", 28_000_000)]).await.unwrap();
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let trail = trail::service::of_report(app, &officer, filed.id).await.unwrap();
    assert_eq!(trail.total(EndKind::Held).minor(), 90_000_000, "{trail:?}");
    assert!(trail.check().iter().all(|b| b.difference.minor() == 0));

    // Nobody does anything: at its term the hold ends by itself.
    let end = all[1].order.expires_at.micros_since(app.office.now()) / 1_000_000;
    world.advance_secs(end - 1);
    assert_eq!(service::tick(app).await.unwrap().lapsed, 0);
    world.advance_secs(2);
    assert_eq!(service::tick(app).await.unwrap().lapsed, 2);
    world.deliver(&subscribers(app)).await;
    for view in orders(&world, filed.id).await {
        assert_eq!((view.order.status, view.objects[0].state), (Status::Lapsed, ObjectState::Lapsed));
        assert_eq!(view.objects[0].held.minor(), 0);
    }
    let signer = qorgan::serve::log_signer(app).unwrap();
    audit::Sequencer::new(app.db.clone(), signer.clone(), app.wall.clone()).drain().await.unwrap();
    let verdict = audit::verify_database(&app.db, &audit::LogKeys::of(&signer)).unwrap();
    assert!(verdict.is_sound() && verdict.size > 10, "{verdict}");
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_antifraud_centre() {
    each("kz", the_whole_way).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn straight_to_the_bank() {
    each("direct", the_whole_way).await;
}

/// The report names the receiver, but not whose client that is: the payer's own bank is asked, confirms that
/// very payment, and the receiver's bank is asked next, by itself.
#[tokio::test(flavor = "multi_thread")]
async fn the_payers_bank_confirms_and_the_hop_behind_opens() {
    each("kz", async |world| {
        let app = &world.app;
        let to = iban("ZBEK", 7);
        let mut told = country::report(app, 9, &to, 50_000, app.office.now());
        told.payments[0].to_institution.clear();
        let filed = file(&world, told).await;
        let first = orders(&world, filed.id).await.remove(0);
        assert_eq!((first.order.executor.as_str(), first.order.hop), ("ZALT", 0));
        answer(&world, &first, "a-1", vec![moved(&world, 50_000, "ZBEK", &to)]).await.unwrap();
        let all = orders(&world, filed.id).await;
        assert_eq!(all.len(), 2, "one order behind the confirmed payment");
        let second = &all[1];
        assert_eq!(
            (second.order.executor.as_str(), second.order.hop, second.order.status),
            ("ZBEK", 1, Status::Sent)
        );
        assert_eq!(second.order.cap.minor(), 50_000);
        answer(&world, second, "a-2", vec![line("H10", 50_000)]).await.unwrap();
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let trail = trail::service::of_report(app, &officer, filed.id).await.unwrap();
        assert_eq!(trail.total(EndKind::Held).minor(), 50_000, "{trail:?}");
        assert_eq!(orders(&world, filed.id).await.len(), 2, "and no other");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_answer_and_what() {
    each("kz", async |world| {
        let app = &world.app;
        let filed = file(&world, country::report(app, 2, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        // A bank that is not on the route does not learn that the order exists.
        let stranger = partner_actor(app, "ZCAR").await;
        let words = said(&world, &view, "x", vec![line("H10", 10_000)]);
        let body = serde_json::to_vec(&words).unwrap();
        let refused = service::answer(app, &stranger, view.order.id, words, &body).await.unwrap_err();
        assert_eq!(kernel::Coded::class(&refused), kernel::Class::NotFound, "{refused}");
        // More than asked is refused and changes nothing.
        let too_much = answer(&world, &view, "a-1", vec![line("H11", 10_001)]).await.unwrap_err();
        assert_eq!(kernel::Coded::code(&too_much), "answer.too_much_held");
        let after = orders(&world, filed.id).await.remove(0);
        assert_eq!((after.order.status, after.objects[0].held.minor()), (Status::Sent, 0));
        // Receipt alone holds nothing.
        answer(&world, &view, "a-2", vec![line("A00", 0)]).await.unwrap_err();
        let receipt = Line { code: "A00".into(), ..Line::default() };
        assert_eq!(answer(&world, &view, "a-3", vec![receipt]).await.unwrap().status, Status::Acknowledged);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_stop_what_would_go_by_itself() {
    each("kz", async |world| {
        let app = &world.app;
        // Above the cap per order: a person must look.
        let big =
            file(&world, country::report(app, 3, &iban("ZBEK", 1), 1_000_000_001, app.office.now())).await;
        let view = orders(&world, big.id).await.remove(0);
        assert_eq!((view.order.status, view.order.why_waiting.as_str()), (Status::Drafted, "order_cap"));
        // The hop limit of the approval is three: the fourth hop waits.
        let filed = file(&world, country::report(app, 4, &iban("ZBEK", 2), 50_000, app.office.now())).await;
        for hop in 1..=3_u32 {
            let view = orders(&world, filed.id).await.remove(usize::try_from(hop).unwrap() - 1);
            assert_eq!(view.order.status, Status::Sent, "hop {hop}");
            let bank = if hop % 2 == 0 { "ZBEK" } else { "ZCAR" };
            world.advance_secs(60);
            let away = moved(&world, 50_000, bank, &iban(bank, 100 + hop));
            answer(&world, &view, &format!("h-{hop}"), vec![away]).await.unwrap();
        }
        let fourth = orders(&world, filed.id).await.remove(3);
        assert_eq!((fourth.order.status, fourth.order.why_waiting.as_str()), (Status::Drafted, "hop"));
        // An officer sends it; the basis asks for one approver.
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let (sent, out) = service::approve_and_send(app, &officer, fourth.order.id).await.unwrap();
        assert!(out && sent.status == Status::Sent && sent.approval.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_hold_is_ended_and_silence_is_escalated() {
    each("kz", async |world| {
        let app = &world.app;
        let filed = file(&world, country::report(app, 5, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        let late = view.order.ack_due.micros_since(app.office.now()) / 1_000_000;
        world.advance_secs(late);
        assert_eq!(service::tick(app).await.unwrap().escalated, 1);
        assert_eq!(service::tick(app).await.unwrap().escalated, 0, "once");
        answer(&world, &view, "a-1", vec![line("H10", 10_000)]).await.unwrap();
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let object = view.objects[0].id;
        let keep = Money::from_minor(4_000, app.profile.currency());
        let corrected = service::correct(app, &officer, object, keep, "wrong sum").await.unwrap();
        assert_eq!((corrected.state, corrected.held.minor()), (ObjectState::PartlyHeld, 4_000));
        service::release(app, &officer, view.order.id, Code::L61, "wrong person").await.unwrap();
        world.deliver(&subscribers(app)).await;
        let view = orders(&world, filed.id).await.remove(0);
        assert_eq!((view.order.status, view.objects[0].held.minor()), (Status::Released, 0));
        let citizen = Actor::Citizen { report: filed.id.uuid() };
        let refused = service::release(app, &citizen, view.order.id, Code::L61, "mine").await.unwrap_err();
        assert_eq!(kernel::Coded::class(&refused), kernel::Class::NotFound);
    })
    .await;
}
