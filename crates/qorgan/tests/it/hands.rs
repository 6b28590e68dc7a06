//! Who stands behind an order when it leaves, and that nothing else is known outside; on each engine.

use access::set_active;
use kernel::{Actor, Class, Coded as _, Role};
use order::message::Line;
use order::rules::LifeError;
use order::service::{self, Standing, Words};
use order::{OrderError, OrderId, Status};
use profile::Measure;
use testkit::World;

use crate::country::{file, iban, partner_actor, report, staff};
use crate::talk::{answer, each, line, orders, said};

const DAY: i64 = 86_400;

/// An order to disclose data: one signature and the prosecutor's sanction.
async fn disclosure(world: &World, key: u128) -> OrderId {
    let app = &world.app;
    let filed = file(world, report(app, key, &iban("ZBEK", 7), 10_000, app.office.now())).await;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let all = service::offers(app, &officer, filed.id).await.unwrap();
    let pick = all
        .offers
        .iter()
        .find(|o| o.measure == Measure::Disclosure && matches!(o.standing, Standing::Lawful(_)))
        .unwrap();
    let picks = [pick.key.clone()];
    service::suppress(app, &officer, filed.id, &picks, &Words::default()).await.unwrap().waiting[0]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_never_left_exists_for_nobody_outside() {
    each("kz", async |world| {
        let app = &world.app;
        let id = disclosure(&world, 71).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let view = service::open(app, &officer, id).await.unwrap();
        world.advance_secs(60 * DAY);
        service::tick(app).await.unwrap();
        let view = service::open(app, &officer, view.order.id).await.unwrap();
        assert_eq!((view.order.status, view.order.sent_at), (Status::Lapsed, None));
        for code in [&view.order.gateway, &view.order.executor] {
            let partner = partner_actor(app, code).await;
            assert_eq!(service::open(app, &partner, id).await.unwrap_err().class(), Class::NotFound);
            let all = service::addressed_past(app, &partner, app.office.now().plus_secs(1)).await.unwrap();
            assert!(all.iter().all(|a| a.view.order.id != id));
            let said = said(&world, &view, "a", vec![Line { code: "A00".into(), ..Line::default() }]);
            let body = serde_json::to_vec(&said).unwrap();
            let out = service::answer(app, &partner, id, said, &body).await.unwrap_err();
            assert_eq!(out.class(), Class::NotFound, "{code}: {out:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sanction_is_given_in_office_and_within_the_term() {
    each("kz", async |world| {
        let app = &world.app;
        let id = disclosure(&world, 72).await;
        let (approver, prosecutor) =
            (staff(app, 2, Role::Approver).await, staff(app, 9, Role::Prosecutor).await);
        assert!(!service::approve_and_send(app, &approver, id).await.unwrap().1);
        let setup = Actor::system("setup");
        set_active(app, &setup, "test-9", false, "left the office").await.unwrap();
        // The request came in before the account was closed.
        let out = service::decide_sanction(app, &prosecutor, id, true, "x").await.unwrap_err();
        assert_eq!(out.class(), Class::Forbidden, "{out:?}");
        set_active(app, &setup, "test-9", true, "is back").await.unwrap();
        world.advance_secs(60 * DAY);
        let late = service::decide_sanction(app, &prosecutor, id, true, "x").await.unwrap_err();
        assert!(matches!(late, OrderError::Life(LifeError::Lapsed)), "{late:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_out_signs_nothing_and_carries_no_standing_approval() {
    each("kz", async |world| {
        let app = &world.app;
        let setup = Actor::system("setup");
        let id = disclosure(&world, 73).await;
        let approver = staff(app, 2, Role::Approver).await;
        // Both who signed the standing approval stand: the platform sends by itself.
        let sent = file(&world, report(app, 74, &iban("ZBEK", 8), 10_000, app.office.now())).await;
        assert_eq!(orders(&world, sent.id).await[0].order.status, Status::Sent);
        set_active(app, &setup, "test-2", false, "left the office").await.unwrap();
        let out = service::approve_and_send(app, &approver, id).await.unwrap_err();
        assert_eq!(out.class(), Class::Forbidden, "{out:?}");
        let waits = file(&world, report(app, 75, &iban("ZBEK", 9), 10_000, app.office.now())).await;
        let waits = orders(&world, waits.id).await.remove(0).order;
        assert_eq!((waits.status, waits.why_waiting.as_str()), (Status::Drafted, "not_in_force"));
        set_active(app, &setup, "test-2", true, "is back").await.unwrap();
        let sent = file(&world, report(app, 76, &iban("ZBEK", 10), 10_000, app.office.now())).await;
        assert_eq!(orders(&world, sent.id).await[0].order.status, Status::Sent);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_came_to_nothing_uses_up_nothing_of_the_day() {
    each("kz", async |world| {
        let app = &world.app;
        // The standing approval of these tests: ten millions an order, twenty a day.
        let most = 1_000_000_000;
        let order = async |key, n| {
            let filed = file(&world, report(app, key, &iban("ZBEK", n), most, app.office.now())).await;
            orders(&world, filed.id).await.remove(0)
        };
        let (lie, other) = (order(81, 21).await, order(82, 22).await);
        assert_eq!((lie.order.status, other.order.status), (Status::Sent, Status::Sent));
        let waits = order(83, 23).await.order;
        assert_eq!((waits.status, waits.why_waiting.as_str()), (Status::Drafted, "day_cap"));
        let nothing = || vec![Line { code: "N31".into(), ..Line::default() }];
        answer(&world, &lie, "n", nothing()).await.unwrap();
        // The payer's bank is asked next, and knows nothing of it either.
        let all = orders(&world, lie.order.report).await;
        let payers = all.into_iter().find(|v| v.order.executor == "ZALT").unwrap();
        answer(&world, &payers, "n2", nothing()).await.unwrap();
        assert_eq!(order(84, 24).await.order.status, Status::Sent, "nothing is held for the lie");
        // What is held counts for what is held.
        answer(&world, &other, "h", vec![line("H11", most / 2)]).await.unwrap();
        assert_eq!(order(85, 25).await.order.why_waiting, "day_cap");
        // What the office ended counts in full: whoever ends and asks anew would otherwise have no limit.
        let officer = staff(app, 1, Role::DutyOfficer).await;
        service::release(app, &officer, other.order.id, order::answer::Code::L61, "x").await.unwrap();
        assert_eq!(order(86, 26).await.order.why_waiting, "day_cap");
    })
    .await;
}
