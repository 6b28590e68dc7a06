//! How holds end, what is asked when something does not fit, and what no answer can undo; on each engine.

use kernel::{Actor, Class, Coded, Money, Role};
use order::answer::Code;
use order::message::Line;
use order::service::{self, OrderView};
use order::store::delivery;
use order::{ObjectState, OrderError, Status};
use qorgan::slices::subscribers;
use testkit::World;
use trail::model::EndKind;

use crate::country::{file, iban, report, staff};
use crate::talk::{answer, each, line, moved, orders, said};

/// How many ends of holds are waited for, by the board.
async fn releasing(world: &World) -> usize {
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    service::board(&world.app, &officer).await.unwrap().releasing.len()
}

fn bare(code: &str) -> Line {
    Line { code: code.into(), ..Line::default() }
}

fn at(world: &World, line: Line) -> Line {
    Line { at: Some(world.app.office.now().rfc3339()), ..line }
}

async fn held(world: &World, key: u128) -> (report::ReportId, OrderView) {
    let filed = file(world, report(&world.app, key, &iban("ZBEK", 1), 10_000, world.app.office.now())).await;
    let view = orders(world, filed.id).await.remove(0);
    answer(world, &view, &format!("h-{key}"), vec![line("H10", 10_000)]).await.unwrap();
    (filed.id, orders(world, filed.id).await.remove(0))
}

async fn keep(world: &World, view: &OrderView, minor: i64) {
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    let keep = Money::from_minor(minor, world.app.profile.currency());
    service::correct(&world.app, &officer, view.objects[0].id, keep, "wrong sum").await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_let_go_does_not_come_back() {
    each("kz", async |world| {
        let (report, view) = held(&world, 20).await;
        keep(&world, &view, 4_000).await;
        // A line about the time before, and a receipt that names the object: neither widens the hold.
        world.advance_secs(1);
        let spent = Line { merchant: Some("Дүкен".into()), ..line("M23", 1_000) };
        answer(&world, &view, "late", vec![at(&world, spent)]).await.unwrap();
        let now = orders(&world, report).await.remove(0);
        assert_eq!((now.objects[0].held.minor(), now.objects[0].state), (4_000, ObjectState::PartlyHeld));
        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        let trail = trail::service::of_report(&world.app, &officer, report).await.unwrap();
        assert_eq!(trail.total(EndKind::Held).minor(), 4_000, "{trail:?}");
        let end = view.order.expires_at.micros_since(world.app.office.now()) / 1_000_000;
        world.advance_secs(end + 1);
        assert_eq!(service::tick(&world.app).await.unwrap().lapsed, 1);
        world.deliver(&subscribers(&world.app)).await;
        answer(&world, &view, "again", vec![bare("A00")]).await.unwrap();
        let now = orders(&world, report).await.remove(0);
        assert_eq!((now.objects[0].held.minor(), now.objects[0].state), (0, ObjectState::Lapsed));
        assert_eq!(now.order.status, Status::Lapsed);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_repeated_until_the_money_is_free() {
    each("kz", async |world| {
        let (_, view) = held(&world, 21).await;
        keep(&world, &view, 7_000).await;
        keep(&world, &view, 4_000).await;
        assert_eq!(releasing(&world).await, 1, "one order, two corrections on their way");
        let freed = |minor| vec![at(&world, line("L62", minor))];
        answer(&world, &view, "f-1", freed(3_000)).await.unwrap();
        assert_eq!(releasing(&world).await, 1, "7,000 are held still, 4,000 may be");
        world.advance_secs(1);
        answer(&world, &view, "f-2", freed(3_000)).await.unwrap();
        assert_eq!(releasing(&world).await, 0);

        let (_, view) = held(&world, 22).await;
        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        service::release(&world.app, &officer, view.order.id, Code::L61, "wrong person").await.unwrap();
        answer(&world, &view, "r-1", vec![bare("A00")]).await.unwrap();
        assert_eq!(releasing(&world).await, 1, "a receipt frees nothing");
        answer(&world, &view, "r-2", vec![at(&world, bare("L61"))]).await.unwrap();
        assert_eq!(releasing(&world).await, 0);
    })
    .await;
}

/// How many messages to partners wait for their next try.
async fn waiting(world: &World) -> i64 {
    let now = world.app.wall.now();
    let read = move |tx: &mut db::Tx<'_>| delivery::waiting(tx, now);
    let all = world.app.db.read::<_, db::DbError, _>(read).await.unwrap();
    all.iter().map(|(_, n)| n).sum()
}

/// Bug: the answer that told of a hold was lost on its way, and the next one, that a part of it was let go, ended the
/// order: it was repeated no more, and nothing was known to be held.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_comes_before_its_hold_does_not_end_the_order() {
    each("direct", async |world| {
        let filed =
            file(&world, report(&world.app, 26, &iban("ZBEK", 1), 10_000, world.app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        assert_eq!(waiting(&world).await, 1);
        let hold = at(&world, line("H10", 10_000));
        world.advance_secs(1);
        answer(&world, &view, "let-go", vec![at(&world, line("L62", 2_500))]).await.unwrap();
        let now = orders(&world, filed.id).await.remove(0);
        assert_eq!((now.order.status, now.objects[0].state), (Status::Acknowledged, ObjectState::Asked));
        assert_eq!(waiting(&world).await, 1, "the order is repeated until something is said of the money");
        answer(&world, &view, "hold", vec![hold]).await.unwrap();
        let now = orders(&world, filed.id).await.remove(0);
        assert_eq!((now.order.status, now.objects[0].held.minor()), (Status::Answered, 7_500));
        assert_eq!(now.objects[0].state, ObjectState::PartlyHeld);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_erased_hold_is_heard() {
    each("kz", async |world| {
        let (id, view) = held(&world, 23).await;
        report::service::expunge(&world.app, &Actor::system("retention"), id).await.unwrap();
        world.deliver(&subscribers(&world.app)).await;
        assert_eq!(releasing(&world).await, 1);
        let other = answer(&world, &view, "x-1", vec![line("H11", 5)]).await.unwrap_err();
        assert!(matches!(other, OrderError::Erased | OrderError::Life(_)), "{other}");
        answer(&world, &view, "x-2", vec![at(&world, bare("L61"))]).await.unwrap();
        assert_eq!(releasing(&world).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_that_ends_is_told() {
    each("kz", async |world| {
        let (_, view) = held(&world, 24).await;
        let end = view.order.expires_at.micros_since(world.app.office.now()) / 1_000_000;
        world.advance_secs(end + 1);
        assert_eq!(service::tick(&world.app).await.unwrap().lapsed, 1);
        db::feed::number_once(&world.app.db, order::jobs::INBOX).await.unwrap();
        let gateway = view.order.gateway.clone();
        let inbox = world.app.db.read(move |tx| delivery::inbox(tx, &gateway, 0, 10)).await.unwrap();
        let ends: Vec<&str> =
            inbox.iter().filter(|(_, d)| d.kind == "release").map(|(_, d)| d.code.as_str()).collect();
        assert_eq!(ends, ["L60"]);
        assert_eq!(releasing(&world).await, 0, "the partner's own clock ends it too");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technical_fault_is_no_receipt_and_an_answer_belongs_to_its_order() {
    each("kz", async |world| {
        let filed =
            file(&world, report(&world.app, 25, &iban("ZBEK", 1), 10_000, world.app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        let outcome = answer(&world, &view, "e-1", vec![bare("E90")]).await.unwrap();
        assert_eq!(outcome.status, Status::Sent);
        let wall = world.app.wall.now();
        let waiting = world.app.db.read(move |tx| delivery::waiting(tx, wall)).await.unwrap();
        assert_eq!(waiting.iter().map(|(_, n)| n).sum::<i64>(), 1, "the order is repeated");
        // An answer about another order, handed in as if it were about this one.
        let second =
            file(&world, report(&world.app, 26, &iban("ZCAR", 1), 10_000, world.app.office.now())).await;
        let other = orders(&world, second.id).await.remove(0);
        let actor = crate::country::partner_actor(&world.app, &view.order.gateway).await;
        let words = said(&world, &other, "o-1", vec![bare("A00")]);
        let body = serde_json::to_vec(&words).unwrap();
        let refused = service::answer(&world.app, &actor, view.order.id, words, &body).await.unwrap_err();
        assert_eq!((refused.class(), refused.code()), (Class::Invalid, "answer.wrong_order"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_goes_out_by_the_clocks_of_the_day_and_never_for_more_than_is_left() {
    each("kz", async |world| {
        let (app, officer) = (&world.app, staff(&world.app, 1, Role::DutyOfficer).await);
        let big = |key| report(app, key, &iban("ZBEK", 1), 1_000_000_001, app.office.now());
        let filed = file(&world, big(27)).await;
        let draft = orders(&world, filed.id).await.remove(0);
        assert_eq!(draft.order.status, Status::Drafted);
        world.advance_secs(3_600);
        let (sent, out) = service::approve_and_send(app, &officer, draft.order.id).await.unwrap();
        assert!(out && sent.ack_due > app.office.now(), "not late before it has left");
        assert_eq!(
            sent.ack_due.micros_since(app.office.now()),
            draft.order.ack_due.micros_since(draft.order.requested_at)
        );

        let filed = file(&world, big(28)).await;
        let id = orders(&world, filed.id).await.remove(0).order.id;
        let lower = async |minor: i64| {
            let (me, most) = (app.clone(), Money::from_minor(minor, app.profile.currency()));
            app.db.write(move |tx| service::lower_draft_in(tx, &me, id, most)).await.unwrap();
            world.deliver(&subscribers(app)).await;
            orders(&world, filed.id).await.remove(0)
        };
        let lowered = lower(2_000_000_000).await;
        assert_eq!(lowered.order.cap.minor(), 1_000_000_001, "never raised");
        let lowered = lower(5_000).await;
        assert_eq!((lowered.order.cap.minor(), lowered.objects[0].cap.minor()), (5_000, 5_000));
        assert_eq!(lowered.steps.len(), 3);
        assert_eq!(lower(0).await.order.status, Status::Cancelled);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_receivers_bank_knows_nothing_the_payers_bank_is_asked() {
    each("kz", async |world| {
        let filed =
            file(&world, report(&world.app, 29, &iban("ZBEK", 1), 50_000, world.app.office.now())).await;
        let first = orders(&world, filed.id).await.remove(0);
        assert_eq!(first.order.executor, "ZBEK");
        answer(&world, &first, "n-1", vec![bare("N31")]).await.unwrap();
        let all = orders(&world, filed.id).await;
        let payer = all.iter().find(|v| v.order.executor == "ZALT").unwrap();
        assert_eq!((payer.order.hop, payer.order.cap.minor(), payer.order.status), (0, 50_000, Status::Sent));
        // It went elsewhere, says the payer's bank: that account's bank is asked next.
        let away = moved(&world, 50_000, "ZCAR", &iban("ZCAR", 8));
        answer(&world, payer, "n-2", vec![away]).await.unwrap();
        let all = orders(&world, filed.id).await;
        let next = all.iter().find(|v| v.order.executor == "ZCAR").unwrap();
        answer(&world, next, "n-3", vec![line("H10", 50_000)]).await.unwrap();
        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        let trail = trail::service::of_report(&world.app, &officer, filed.id).await.unwrap();
        assert_eq!(trail.total(EndKind::Held).minor(), 50_000, "{trail:?}");
        assert_eq!(orders(&world, filed.id).await.len(), 3);
    })
    .await;
}

/// The payer's own bank finds nothing, and only then somebody says whose client the receiver is: that bank is asked,
/// once, and not the first one again.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_payers_bank_knows_nothing_the_receivers_bank_is_asked_once_it_is_known() {
    each("kz", async |world| {
        let to = iban("ZBEK", 7);
        let mut told = report(&world.app, 30, &to, 50_000, world.app.office.now());
        told.payments[0].to_institution.clear();
        let filed = file(&world, told).await;
        let first = orders(&world, filed.id).await.remove(0);
        assert_eq!(first.order.executor, "ZALT");
        answer(&world, &first, "n-1", vec![bare("N31")]).await.unwrap();
        assert_eq!(orders(&world, filed.id).await.len(), 1, "nobody else is known yet");
        let citizen = Actor::Citizen { report: filed.id.uuid() };
        let full =
            report::service::open(&world.app, &citizen, filed.id, kernel::Purpose::OwnData).await.unwrap();
        let target =
            report::Target { kind: "iban".into(), masked: report::rules::mask("iban", &to), value: to };
        let fact = report::model::Fact::To(target, "ZBEK".into());
        let payment = full.payments[0].id;
        report::service::complete_payment(&world.app, &citizen, filed.id, payment, vec![fact]).await.unwrap();
        world.deliver(&subscribers(&world.app)).await;
        let all = orders(&world, filed.id).await;
        let receiver = all.iter().find(|v| v.order.executor == "ZBEK").unwrap();
        assert_eq!(
            (receiver.order.hop, receiver.order.cap.minor(), receiver.order.status),
            (1, 50_000, Status::Sent)
        );
        answer(&world, receiver, "n-2", vec![bare("N31")]).await.unwrap();
        assert_eq!(orders(&world, filed.id).await.len(), 2, "neither is asked twice");
    })
    .await;
}

/// Every answer looks at the whole trail again; a lead that leads nowhere is said once.
#[tokio::test(flavor = "multi_thread")]
async fn a_lead_that_is_not_followed_is_recorded_once() {
    each("kz", async |world| {
        let filed =
            file(&world, report(&world.app, 29, &iban("ZBEK", 1), 10_000, world.app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        let gone = moved(&world, 6_000, "ZNIX", &iban("ZCAR", 2));
        answer(&world, &view, "a-1", vec![line("H11", 4_000), gone]).await.unwrap();
        for id in ["a-2", "a-3"] {
            world.advance_secs(60);
            answer(&world, &view, id, vec![at(&world, line("H11", 4_000))]).await.unwrap();
        }
        let order = view.order.id.uuid();
        let all = world.app.db.read(move |tx| audit::records_for(tx, order)).await.unwrap();
        let notes = all.iter().filter(|r| r.record.act == "trail.not_followed").count();
        assert_eq!(notes, 1);
    })
    .await;
}
