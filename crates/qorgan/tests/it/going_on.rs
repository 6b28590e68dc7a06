//! What going on must not do: outlive an act, reach what was freed, be signed by who was lent less, tell a holder twice or by
//! the wrong law; on each engine.

use access::{DelegationId, NewDelegation, Terms, accept_delegation, confirm_delegation, give_delegation};
use app::App;
use kernel::{Actor, Class, Coded as _, Money, Role};
use order::answer::Code;
use order::message::{Line, Message};
use order::service::{self, Drafted, OrderView, Words};
use order::store::delivery::Delivery;
use order::{ObjectState, OrderError, OrderId, Status};
use profile::Measure;
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{file, iban, partner_actor, report, staff};
use crate::talk::{answer, each, line, orders, said};

const DAY: i64 = 86_400;
const ACT: &str = "Court No 2 (invented), No 7520-26-1, 28 November 2026";

async fn officer(app: &App) -> Actor {
    staff(app, 1, Role::DutyOfficer).await
}

async fn open(world: &World, id: OrderId) -> OrderView {
    service::open(&world.app, &officer(&world.app).await, id).await.unwrap()
}

fn done(world: &World, code: &str) -> Vec<Line> {
    vec![Line { code: code.into(), at: Some(world.app.office.now().rfc3339()), ..Line::default() }]
}

/// Answers about the thing at `at` of an order.
async fn about(world: &World, view: &OrderView, (id, at): (&str, usize), lines: Vec<Line>) {
    let actor = partner_actor(&world.app, &view.order.gateway).await;
    let mut said = said(world, view, id, lines);
    said.object_id = Some(view.objects[at].id.to_string());
    let body = serde_json::to_vec(&said).unwrap();
    service::answer(&world.app, &actor, view.order.id, said, &body).await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
}

/// Two numbers of one operator, blocked by one order.
async fn two_blocked(world: &World, key: u128) -> OrderView {
    let app = &world.app;
    let mut new = report(app, key, &iban("ZBEK", 7), 10_000, app.office.now());
    new.story = format!("Қоңырау шалды +7 700 000 {:04}, сосын +7 700 000 {:04}.", key * 2, key * 2 + 1);
    let filed = file(world, new).await;
    let officer = officer(app).await;
    let all = service::offers(app, &officer, filed.id).await.unwrap();
    let picks: Vec<String> =
        all.offers.iter().filter(|o| o.measure == Measure::NumberBlock).map(|o| o.key.clone()).collect();
    let sent = service::suppress(app, &officer, filed.id, &picks, &Words::default()).await.unwrap();
    let view = open(world, sent.sent[0]).await;
    assert_eq!(view.objects.len(), 2);
    for at in [0, 1] {
        about(world, &view, (&format!("b-{key}-{at}"), at), done(world, "B10")).await;
    }
    open(world, view.order.id).await
}

async fn held(world: &World, key: u128) -> OrderView {
    let app = &world.app;
    let filed = file(world, report(app, key, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    let view = orders(world, filed.id).await.remove(0);
    answer(world, &view, &format!("h-{key}"), vec![line("H10", 10_000)]).await.unwrap();
    open(world, view.order.id).await
}

/// Drafts an extension on the order's own basis, or by an act.
async fn drafted(world: &World, id: OrderId, act: Option<&str>) -> Result<OrderId, OrderError> {
    let officer = officer(&world.app).await;
    let found = service::grounds(&world.app, &officer, id).await?;
    let ground = found.all.iter().find(|g| g.by_act == act.is_some()).unwrap().basis.id;
    let act = act.map(str::to_owned);
    match service::draft_extension(&world.app, &officer, id, (ground, act), "the scheme still runs").await? {
        Drafted::Waiting(id) | Drafted::Sent(id) | Drafted::Already(id) => Ok(id),
    }
}

async fn signed(world: &World, id: OrderId, role: Role) -> Result<bool, OrderError> {
    let who = staff(&world.app, if role == Role::Approver { 2 } else { 1 }, role).await;
    let (_, sent) = service::approve_and_send(&world.app, &who, id).await?;
    world.deliver(&subscribers(&world.app)).await;
    Ok(sent)
}

async fn till(world: &World, end: kernel::Timestamp) {
    world.advance_secs(end.micros_since(world.app.office.now()) / 1_000_000 + 1);
    service::tick(&world.app).await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
}

/// Bug: an arrest could never be taken anew, so money was let go though another act stood.
#[tokio::test(flavor = "multi_thread")]
async fn an_arrest_goes_on_by_another_act() {
    each("kz", async |world| {
        let view = held(&world, 301).await;
        let id = view.order.id;
        let first = drafted(&world, id, Some(ACT)).await.unwrap();
        assert!(signed(&world, first, Role::Approver).await.unwrap());
        answer(&world, &open(&world, first).await, "e-1", done(&world, "B10")).await.unwrap();
        let end = open(&world, id).await.order.ends_at();
        world.advance_secs(end.micros_since(world.app.office.now()) / 1_000_000 - DAY);
        let bare = drafted(&world, id, Some("  ")).await.unwrap_err();
        assert_eq!(bare.code(), "order.extension_no_act");
        let again = drafted(&world, id, Some("Court No 2 (invented), No 7520-27-9")).await.unwrap();
        assert!(signed(&world, again, Role::Approver).await.unwrap());
        answer(&world, &open(&world, again).await, "e-2", done(&world, "B10")).await.unwrap();
        till(&world, end).await;
        let now = open(&world, id).await;
        assert_eq!((now.order.status, now.objects[0].held.minor()), (Status::Answered, 10_000));
        assert!(now.order.ends_at() > end);
    })
    .await;
}

/// Bug: an extension that was drafted before an objection was upheld made the innocent's number go on with the rest.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_freed_does_not_go_on() {
    each("kz", async |world| {
        let app = &world.app;
        let view = two_blocked(&world, 302).await;
        let (id, innocent) = (view.order.id, view.objects[0].id);
        let draft = drafted(&world, id, None).await.unwrap();
        let me = app.clone();
        let approver = staff(app, 2, Role::Approver).await;
        app.db.write(move |tx| service::restore_in(tx, &me, &approver, innocent, "proof")).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(open(&world, draft).await.order.status, Status::Cancelled);
        // The institution's own end of one of them bars the draft, too.
        let other = two_blocked(&world, 303).await;
        let draft = drafted(&world, other.order.id, None).await.unwrap();
        about(&world, &other, ("l-1", 0), done(&world, "L62")).await;
        let refused = signed(&world, draft, Role::DutyOfficer).await.unwrap_err();
        assert_eq!(refused.code(), "order.extension_part_freed");
        // Another draft names what is left.
        service::cancel(app, &officer(app).await, draft, "anew").await.unwrap();
        let anew = drafted(&world, other.order.id, None).await.unwrap();
        assert_eq!(open(&world, anew).await.objects.len(), 1);
        assert!(signed(&world, anew, Role::DutyOfficer).await.unwrap());
    })
    .await;
}

/// Bug: an extension refused for one thing stayed in force for it, months past its term.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_ends_at_its_own_term() {
    each("kz", async |world| {
        let app = &world.app;
        let view = two_blocked(&world, 304).await;
        let id = view.order.id;
        let extension = drafted(&world, id, None).await.unwrap();
        assert!(signed(&world, extension, Role::DutyOfficer).await.unwrap());
        let asked = open(&world, extension).await;
        let of = |n: usize| asked.objects.iter().position(|o| o.parent == Some(view.objects[n].id)).unwrap();
        about(&world, &asked, ("e-1", of(0)), done(&world, "B10")).await;
        let no = Line { text: Some("an ordinary subscriber".into()), ..done(&world, "R43").remove(0) };
        about(&world, &asked, ("e-2", of(1)), vec![no]).await;
        till(&world, view.order.expires_at).await;
        let now = open(&world, id).await;
        assert_eq!(now.order.status, Status::Answered);
        assert_eq!((now.objects[0].state, now.objects[1].state), (ObjectState::Done, ObjectState::Lapsed));
        let (me, freed) = (view.objects[1].id, app.clone());
        let told = freed.db.read(move |tx| order::store::delivery::count_about(tx, me, "release")).await;
        assert_eq!(told.unwrap(), (1, 0), "the operator is told that its term is over");
        assert_eq!(service::tick(app).await.unwrap(), service::Ticked::default(), "once");
        till(&world, now.order.ends_at()).await;
        assert_eq!(open(&world, id).await.order.status, Status::Lapsed);
    })
    .await;
}

/// Bug: each further word about an extension put the holder's notice on its way anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_holder_is_told_once_and_by_the_law_that_holds_now() {
    each("kz", async |world| {
        let app = &world.app;
        let view = held(&world, 305).await;
        let (id, object) = (view.order.id, view.objects[0].id);
        let extension = drafted(&world, id, Some(ACT)).await.unwrap();
        assert!(signed(&world, extension, Role::Approver).await.unwrap());
        let asked = open(&world, extension).await;
        let notices = async || {
            let count =
                app.db.read(move |tx| order::store::delivery::count_about(tx, object, "notice")).await;
            count.unwrap().0
        };
        assert_eq!(notices().await, 1);
        for n in 0..3 {
            answer(&world, &asked, &format!("e-{n}"), done(&world, "B10")).await.unwrap();
        }
        assert_eq!(notices().await, 2, "told anew once");
        let arrest = service::grounds(app, &officer(app).await, id).await.unwrap();
        let arrest = arrest.all.into_iter().find(|g| g.by_act).unwrap().basis.record;
        let text = notice(&world, &view).await;
        assert!(
            text.contains(&arrest.article) && text.contains(arrest.appeal.body.get(&kernel::Lang::RU)),
            "{text}"
        );
    })
    .await;
}

/// The notice about the first thing of an order, in all its languages.
async fn notice(world: &World, view: &OrderView) -> String {
    let message = Delivery {
        id: uuid::Uuid::nil(),
        partner: "ZAFC".into(),
        kind: "notice".into(),
        order: view.order.id,
        object: Some(view.objects[0].id),
        code: String::new(),
        amount_minor: 0,
        at: world.app.office.now(),
        tries: 0,
    };
    let me = world.app.clone();
    match world.app.db.read(move |tx| order::outgoing::build(tx, &me, &message)).await.unwrap() {
        Some(Message::Notice(notice)) => notice.text.into_values().collect::<Vec<_>>().join("\n"),
        other => unreachable!("{other:?}"),
    }
}

/// Bug: a deputy whose power ends at a sum made a hold of any sum go on, and one who was lent other measures, too.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_lent_less_makes_nothing_larger_go_on() {
    each("kz", async |world| {
        let app = &world.app;
        let view = held(&world, 306).await;
        let extension = drafted(&world, view.order.id, Some(ACT)).await.unwrap();
        let (giver, deputy) = (staff(app, 40, Role::Approver).await, staff(app, 41, Role::DutyOfficer).await);
        let lend = async |n: u8, measures: Vec<Measure>, most: i64| {
            let boss = staff(app, 90, Role::Administrator).await;
            let now = app.office.now();
            let terms = Terms {
                delegator: giver.user().unwrap(),
                deputy: deputy.user().unwrap(),
                role: Role::Approver,
                unit: String::new(),
                measures,
                most: Some(Money::from_minor(most, app.profile.currency())),
                from: now,
                till: now.plus_secs(DAY),
                number: format!("45-{n}"),
            };
            let id = DelegationId::from_uuid(app.uuid());
            let new = NewDelegation { id, terms, ground: "ойдан".to_owned() };
            let d = give_delegation(app, &giver, new).await.unwrap();
            accept_delegation(app, &deputy, d.id).await.unwrap();
            confirm_delegation(app, &boss, d.id).await.unwrap();
            d.id
        };
        let try_it = async || service::approve_and_send(app, &deputy, extension).await;
        for (n, measures, most) in [(1, vec![], 9_999), (2, vec![Measure::Extension], 10_000)] {
            let lent = lend(n, measures, most).await;
            assert_eq!(try_it().await.unwrap_err().class(), Class::Forbidden, "{n}");
            access::end_delegation(app, &giver, lent).await.unwrap();
        }
        lend(3, vec![Measure::Extension, Measure::Hold], 10_000).await;
        assert!(try_it().await.unwrap().1);
    })
    .await;
}

/// Bug: whoever had the code of a receipt, perhaps with the fraudster beside them, ended a court's arrest by one click.
#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_does_not_end_what_a_court_ordered() {
    each("kz", async |world| {
        let app = &world.app;
        let (arrested, bare) = (held(&world, 309).await, held(&world, 310).await);
        let extension = drafted(&world, arrested.order.id, Some(ACT)).await.unwrap();
        assert!(signed(&world, extension, Role::Approver).await.unwrap());
        answer(&world, &open(&world, extension).await, "e-9", done(&world, "B10")).await.unwrap();
        for view in [&arrested, &bare] {
            let citizen = Actor::Citizen { report: view.order.report.uuid() };
            report::service::withdraw(app, &citizen, view.order.report).await.unwrap();
            world.deliver(&subscribers(app)).await;
        }
        let still = open(&world, arrested.order.id).await;
        assert_eq!((still.order.status, still.objects[0].state), (Status::Answered, ObjectState::Held));
        assert_eq!(open(&world, bare.order.id).await.order.status, Status::Released);
        // The office ends it.
        let officer = officer(app).await;
        let ended =
            service::release(app, &officer, arrested.order.id, Code::L61, "the court lifted it").await;
        assert_eq!(ended.unwrap().status, Status::Released);
    })
    .await;
}

/// Bug: a return that waited for the prosecutor lapsed with the hold's first term, though the hold went on.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_to_give_back_ends_with_the_hold_as_it_stands() {
    each("kz", async |world| {
        let app = &world.app;
        let view = held(&world, 307).await;
        let officer = officer(app).await;
        let hold = view.objects[0].id;
        world.advance_secs(DAY);
        service::draft_returns(app, &officer, hold).await.unwrap();
        let back = async || {
            let all = orders(&world, view.order.report).await;
            all.into_iter().find(|v| v.order.measure == Measure::Return).unwrap().order
        };
        let id = back().await.id;
        for n in [2, 3] {
            let who = staff(app, n, Role::Approver).await;
            service::approve_and_send(app, &who, id).await.ok();
        }
        assert_eq!(
            back().await.expires_at,
            view.order.expires_at,
            "held money can be given back while it is held"
        );
        let extension = drafted(&world, view.order.id, Some(ACT)).await.unwrap();
        assert!(signed(&world, extension, Role::Approver).await.unwrap());
        assert!(back().await.expires_at > view.order.expires_at);
        service::release(app, &officer, extension, Code::L61, "the court lifted it").await.unwrap();
        assert_eq!(back().await.expires_at, view.order.expires_at);
    })
    .await;
}

/// Bug: a court's arrest of property was offered as a ground to keep data for longer.
#[tokio::test(flavor = "multi_thread")]
async fn kept_data_are_no_property_to_arrest() {
    each("kz", async |world| {
        let app = &world.app;
        let filed = file(&world, report(app, 308, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let officer = officer(app).await;
        let all = service::offers(app, &officer, filed.id).await.unwrap();
        let pick = all.offers.iter().find(|o| o.measure == Measure::Preservation).unwrap().key.clone();
        let sent = service::suppress(app, &officer, filed.id, &[pick], &Words::default()).await.unwrap();
        let view = open(&world, sent.sent[0]).await;
        let until = Some(app.office.now().plus_secs(60 * DAY).rfc3339());
        let kept = Line { reference: Some("K-1".into()), until, ..done(&world, "K10").remove(0) };
        answer(&world, &view, "k-1", vec![kept]).await.unwrap();
        let grounds = service::grounds(app, &officer, view.order.id).await.unwrap();
        assert!(!grounds.all.is_empty() && grounds.all.iter().all(|g| !g.by_act));
    })
    .await;
}

/// Bug: the page offered to keep a camera's pictures for longer, and the order was refused as one that names nothing.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_a_camera_are_kept_for_longer_too() {
    each("kz", async |world| {
        let app = &world.app;
        let filed = file(&world, report(app, 309, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        let cash = Line {
            at: Some(app.office.now().rfc3339()),
            terminal: Some("ATM-17".into()),
            place: Some("Алматы".into()),
            ..line("M22", 10_000)
        };
        answer(&world, &view, "cash", vec![cash]).await.unwrap();
        let all = orders(&world, filed.id).await;
        let camera = all.into_iter().find(|v| v.order.measure == Measure::Preservation).unwrap().order.id;
        let officer = officer(app).await;
        service::approve_and_send(app, &officer, camera).await.unwrap();
        let until = Some(app.office.now().plus_secs(30 * DAY).rfc3339());
        let kept = Line { reference: Some("K-9".into()), until, ..done(&world, "K10").remove(0) };
        answer(&world, &open(&world, camera).await, "kept", vec![kept]).await.unwrap();
        let before = open(&world, camera).await.order.ends_at();
        world.advance_secs(DAY);
        let longer = drafted(&world, camera, None).await.unwrap();
        for role in [Role::DutyOfficer, Role::Approver] {
            signed(&world, longer, role).await.ok();
        }
        let now = open(&world, camera).await.order;
        assert!(now.ends_at() > before, "{:?}", open(&world, longer).await.order);
    })
    .await;
}
