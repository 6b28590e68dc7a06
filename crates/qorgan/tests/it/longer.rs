//! What is restricted goes on for a further term, or on another ground; on each engine.

use kernel::{Actor, Coded as _, Role, Timestamp};
use order::answer::Code;
use order::extending::ExtendError;
use order::message::{Line, Message};
use order::service::{self, Drafted, Ground, OrderView};
use order::store::delivery::Delivery;
use order::{ObjectState, OrderError, OrderId, Status};
use profile::Measure;
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{file, iban, report, staff};
use crate::talk::{answer, each, line, orders};

const DAY: i64 = 86_400;
const ACT: &str = "Court No 2 (invented), No 7520-26-1, 28 November 2026";

async fn open(world: &World, id: OrderId) -> OrderView {
    service::open(&world.app, &staff(&world.app, 1, Role::DutyOfficer).await, id).await.unwrap()
}

fn done(world: &World, code: &str) -> Vec<Line> {
    vec![Line { code: code.into(), at: Some(world.app.office.now().rfc3339()), ..Line::default() }]
}

/// A number that its operator has blocked.
async fn blocked(world: &World, key: u128) -> OrderView {
    let app = &world.app;
    let mut new = report(app, key, &iban("ZBEK", 7), 10_000, app.office.now());
    new.story = "Қоңырау шалды +7 700 000 03 21.".to_owned();
    let filed = file(world, new).await;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let all = service::offers(app, &officer, filed.id).await.unwrap();
    let pick = all.offers.iter().find(|o| o.measure == Measure::NumberBlock).unwrap().key.clone();
    let sent = service::suppress(app, &officer, filed.id, &[pick], &service::Words::default()).await.unwrap();
    let view = open(world, sent.sent[0]).await;
    answer(world, &view, &format!("b-{key}"), done(world, "B10")).await.unwrap();
    open(world, view.order.id).await
}

async fn held(world: &World, key: u128) -> OrderView {
    let app = &world.app;
    let filed = file(world, report(app, key, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    let view = orders(world, filed.id).await.remove(0);
    answer(world, &view, &format!("h-{key}"), vec![line("H10", 10_000)]).await.unwrap();
    open(world, view.order.id).await
}

async fn ground(world: &World, who: &Actor, id: OrderId, other: bool) -> Ground {
    let found = service::grounds(&world.app, who, id).await.unwrap();
    let all: Vec<_> = found.all.iter().map(|g| (g.basis.key().to_owned(), g.by_act, g.further)).collect();
    found.all.into_iter().find(|g| g.by_act == other).unwrap_or_else(|| panic(&format!("{all:?}")))
}

/// Drafts an extension; the id of its order.
async fn extend(
    world: &World,
    who: &Actor,
    (id, other): (OrderId, bool),
    act: Option<&str>,
) -> Result<OrderId, OrderError> {
    let ground = ground(world, who, id, other).await.basis.id;
    let act = act.map(str::to_owned);
    match service::draft_extension(&world.app, who, id, (ground, act), "the scheme still runs").await? {
        Drafted::Waiting(id) => Ok(id),
        other => panic(&format!("{other:?}")),
    }
}

fn panic(what: &str) -> ! {
    unreachable!("{what}")
}

async fn sent(world: &World, who: &Actor, id: OrderId) {
    let (order, sent) = service::approve_and_send(&world.app, who, id).await.unwrap();
    assert!(sent, "{order:?}");
    world.deliver(&subscribers(&world.app)).await;
}

async fn till(world: &World, end: Timestamp) {
    world.advance_secs(end.micros_since(world.app.office.now()) / 1_000_000 + 1);
    service::tick(&world.app).await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_stays_blocked_as_long_as_the_law_allows() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let view = blocked(&world, 101).await;
        let id = view.order.id;
        let own = app.profile.term_end(view.order.requested_at, profile::Term::CalendarDays(30));
        let now = ground(&world, &officer, id, false).await.further.unwrap();
        assert_eq!(own, view.order.expires_at, "it was blocked for the law's own thirty days");
        assert_eq!((now.ends, now.uses), (own.plus_secs(30 * DAY), Some((1, 2))));
        let first = extend(&world, &officer, (id, false), None).await.unwrap();
        let again = extend(&world, &officer, (id, false), None).await.unwrap_err();
        assert!(matches!(again, OrderError::Extend(ExtendError::Underway)), "{again:?}");
        assert_eq!(open(&world, id).await.order.ends_at(), view.order.expires_at, "a draft changes nothing");
        sent(&world, &officer, first).await;
        let extension = open(&world, first).await;
        assert_eq!((&extension.order.gateway, extension.order.expires_at), (&view.order.gateway, now.ends));
        answer(&world, &extension, "e-1", done(&world, "B10")).await.unwrap();
        assert_eq!(open(&world, first).await.order.status, Status::Answered);
        till(&world, view.order.expires_at).await;
        let now = open(&world, id).await;
        assert_eq!((now.order.status, now.objects[0].state), (Status::Answered, ObjectState::Done));
        // Two extensions of thirty days each, and no third.
        let next = extend(&world, &officer, (id, false), None).await.unwrap();
        sent(&world, &officer, next).await;
        let extension = open(&world, next).await;
        answer(&world, &extension, "e-2", done(&world, "B10")).await.unwrap();
        assert_eq!(open(&world, id).await.order.ends_at(), own.plus_secs(60 * DAY));
        assert_eq!(ground(&world, &officer, id, false).await.further.err(), Some(ExtendError::UsedUp(2)));
        let last = open(&world, id).await.order.ends_at();
        till(&world, last).await;
        let now = open(&world, id).await;
        assert_eq!((now.order.status, now.objects[0].state), (Status::Lapsed, ObjectState::Lapsed));
        let none = service::grounds(app, &officer, id).await.unwrap_err();
        assert!(matches!(none, OrderError::Extend(ExtendError::NothingInForce)), "{none:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn held_money_goes_on_only_by_a_courts_act() {
    each("kz", async |world| {
        let app = &world.app;
        let (officer, approver) =
            (staff(app, 1, Role::DutyOfficer).await, staff(app, 2, Role::Approver).await);
        let view = held(&world, 102).await;
        let (id, object) = (view.order.id, view.objects[0].id);
        let own = ground(&world, &officer, id, false).await.further;
        assert_eq!(own.err(), Some(ExtendError::NoLonger), "five working days, and the law knows no more");
        let no_act = extend(&world, &officer, (id, true), Some("  ")).await.unwrap_err();
        assert_eq!(no_act.code(), "order.extension_no_act");
        let told = app.db.read(move |tx| service::notices_of(tx, &[object])).await.unwrap().remove(0);
        answer(&world, &view, "s-1", done(&world, "S10")).await.unwrap();

        world.advance_secs(3_600);
        let extension = extend(&world, &officer, (id, true), Some(ACT)).await.unwrap();
        let refused = service::approve_and_send(app, &officer, extension).await.unwrap_err();
        assert_eq!(refused.class(), kernel::Class::Forbidden, "the basis wants an approver");
        sent(&world, &approver, extension).await;
        let order = open(&world, extension).await;
        let message = {
            let (me, id) = (app.clone(), extension);
            let found = app.db.read(move |tx| message(tx, &me, id)).await.unwrap();
            serde_json::to_value(found).unwrap()
        };
        assert_eq!(message["measure"], "extension");
        assert_eq!(message["objects"][0]["parent_object"], object.to_string());
        assert_eq!(message["objects"][0]["details"]["act"], ACT);
        assert_eq!(message["objects"][0]["cap"], serde_json::Value::Null, "it asks for no other sum");
        answer(&world, &order, "e-1", done(&world, "B10")).await.unwrap();

        // What is held stays held, and nobody holds it twice; the holder is told anew under the same code.
        till(&world, view.order.expires_at).await;
        let now = open(&world, id).await;
        assert_eq!((now.order.status, now.objects[0].held.minor()), (Status::Answered, 10_000));
        assert_eq!(now.order.ends_at(), order.order.expires_at);
        let trail = trail::service::of_report(app, &officer, view.order.report).await.unwrap();
        assert_eq!(trail.total(trail::model::EndKind::Held).minor(), 10_000, "{trail:?}");
        let anew = app.db.read(move |tx| service::notices_of(tx, &[object])).await.unwrap().remove(0);
        assert!(anew.told_at.is_none() && anew.due_at > told.due_at && anew.code_sealed == told.code_sealed);

        // Every order can be explained, and by what.
        for view in orders(&world, view.order.report).await {
            let (order, at) = (view.order.clone(), app.office.now());
            let told = app.db.read(move |tx| service::explain(tx, &order, at)).await.unwrap().unwrap();
            assert!(told.was_allowed(), "{:?}: {told:?}", view.order.measure);
        }
        // It ends as ever when the office says so, and with it what made it go on.
        service::release(app, &officer, id, Code::L62, "proof").await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(open(&world, id).await.objects[0].held.minor(), 0);
    })
    .await;
}

/// The message by which an order is handed over.
fn message(tx: &mut db::Tx<'_>, app: &app::App, order: OrderId) -> Result<Option<Message>, OrderError> {
    let handed = Delivery {
        id: uuid::Uuid::nil(),
        partner: "ZAFC".into(),
        kind: "order".into(),
        order,
        object: None,
        code: String::new(),
        amount_minor: 0,
        at: app.office.now(),
        tries: 0,
    };
    order::outgoing::build(tx, app, &handed)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refuses_or_takes_back_frees_at_the_first_term() {
    each("kz", async |world| {
        let app = &world.app;
        let (officer, approver) =
            (staff(app, 1, Role::DutyOfficer).await, staff(app, 2, Role::Approver).await);
        // The bank refuses: the first term holds again, and what is over ends at the next tick.
        let view = held(&world, 103).await;
        let extension = extend(&world, &officer, (view.order.id, true), Some(ACT)).await.unwrap();
        sent(&world, &approver, extension).await;
        till(&world, view.order.expires_at).await;
        assert_eq!(
            open(&world, view.order.id).await.objects[0].held.minor(),
            10_000,
            "nobody has refused yet"
        );
        let order = open(&world, extension).await;
        let no = Line { text: Some("no such act".into()), ..done(&world, "R41").remove(0) };
        answer(&world, &order, "r-1", vec![no]).await.unwrap();
        assert_eq!(open(&world, view.order.id).await.order.extended_until, None);
        till(&world, app.office.now()).await;
        let now = open(&world, view.order.id).await;
        assert_eq!((now.order.status, now.objects[0].held.minor()), (Status::Lapsed, 0));

        // The office takes it back: the same.
        let view = held(&world, 104).await;
        let extension = extend(&world, &officer, (view.order.id, true), Some(ACT)).await.unwrap();
        sent(&world, &approver, extension).await;
        service::release(app, &officer, extension, Code::L61, "the court lifted it").await.unwrap();
        assert_eq!(open(&world, view.order.id).await.order.extended_until, None);

        // Another one; then the reporter withdraws: all of it ends, and the clock goes on ticking.
        let extension = extend(&world, &officer, (view.order.id, true), Some(ACT)).await.unwrap();
        sent(&world, &approver, extension).await;
        let draft = held(&world, 105).await;
        let waiting = extend(&world, &officer, (draft.order.id, true), Some(ACT)).await.unwrap();
        till(&world, draft.order.expires_at).await;
        assert_eq!(
            open(&world, waiting).await.order.status,
            Status::Cancelled,
            "a draft ends with what it was for"
        );
        till(&world, open(&world, extension).await.order.expires_at).await;
        let ended =
            (open(&world, view.order.id).await.order.status, open(&world, extension).await.order.status);
        assert_eq!(ended, (Status::Lapsed, Status::Released));
        assert_eq!(service::tick(app).await.unwrap(), service::Ticked::default());
    })
    .await;
}
