//! Persons are put on the list of droppers and taken off it; on each engine, in a country with a centre and in one without.

use kernel::{Coded as _, Role};
use order::details::{DetailsFault, Knowledge};
use order::message::Line;
use order::service::{self, Drafted, Dropper, OrderView};
use order::{ObjectState, OrderError, OrderId, Status};
use profile::Measure;
use qorgan::slices::subscribers;
use testkit::World;

use crate::country::{file, iban, report, staff};
use crate::talk::{answer, each, line, orders};

/// Invented numbers with the check digit that belongs to them: of age, and born in 2012.
const GROWN: &str = "850412399011";
const MINOR: &str = "120412599013";

/// The number with the last digit that fits.
fn number(body: &str) -> String {
    let body = &body[..11];
    (0..10)
        .map(|d| format!("{body}{d}"))
        .find(|n| identifier::normalise(identifier::Kind::Iin, n, identifier::Region::default()).is_ok())
        .unwrap()
}

async fn open(world: &World, id: OrderId) -> OrderView {
    service::open(&world.app, &staff(&world.app, 1, Role::DutyOfficer).await, id).await.unwrap()
}

fn done(world: &World, code: &str) -> Vec<Line> {
    vec![Line { code: code.into(), at: Some(world.app.office.now().rfc3339()), ..Line::default() }]
}

/// A report whose money a bank has found.
async fn found(world: &World, key: u128) -> report::ReportId {
    let app = &world.app;
    let filed = file(world, report(app, key, &iban("ZBEK", 7), 10_000, app.office.now())).await;
    for (n, view) in orders(world, filed.id).await.iter().enumerate() {
        if view.order.hop > 0 {
            answer(world, view, &format!("h-{key}-{n}"), vec![line("H10", 10_000)]).await.unwrap();
        }
    }
    filed.id
}

fn dropper(number: String, given: Vec<order::ObjectId>) -> Dropper {
    Dropper {
        number,
        knowledge: Knowledge::Witting,
        minor: false,
        guardian_told: false,
        voluntary: true,
        talked: true,
        given,
        ground: "the bank's answer; an interview".to_owned(),
    }
}

fn waiting(drafted: &[Drafted]) -> Vec<OrderId> {
    let id = |d: &Drafted| match d {
        Drafted::Waiting(id) => Some(*id),
        _ => None,
    };
    drafted.iter().filter_map(id).collect()
}

async fn signed_by_two(world: &World, id: OrderId) {
    let app = &world.app;
    let (one, two) = (staff(app, 2, Role::Approver).await, staff(app, 3, Role::Approver).await);
    assert!(!service::approve_and_send(app, &one, id).await.unwrap().1, "one is not enough");
    assert!(service::approve_and_send(app, &two, id).await.unwrap().1);
    world.deliver(&subscribers(app)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_listed_by_two_and_delisted_by_one() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let report = found(&world, 120).await;
        let given: Vec<_> = service::given(app, &officer, report).await.unwrap();
        assert_eq!(
            (given.len(), given[0].institution.as_str()),
            (1, "ZBEK"),
            "the victim's own bank is not offered"
        );
        let account = vec![given[0].object];
        let list = async |who: Dropper| service::list(app, &officer, report, who).await;

        // Who is no dropper is not listed, nor is a minor nobody knows of, nor what is no number.
        let fault = |out: Result<Vec<Drafted>, OrderError>| out.unwrap_err().code();
        let of = |knowledge| Dropper { knowledge, ..dropper(number(GROWN), account.clone()) };
        assert_eq!(fault(list(of(Knowledge::IdentityStolen)).await), DetailsFault::Innocent.code());
        let minor = dropper(number(MINOR), account.clone());
        assert_eq!(fault(list(minor.clone()).await), DetailsFault::Minor.code());
        assert_eq!(
            fault(list(Dropper { number: "123".into(), ..minor.clone() }).await),
            "order.person_number"
        );
        assert_eq!(fault(list(dropper(number(GROWN), Vec::new())).await), DetailsFault::Nothing.code());

        let drafted = waiting(&list(dropper(number(GROWN), account.clone())).await.unwrap());
        assert_eq!(drafted.len(), 1, "the Antifraud Centre keeps the list");
        let again = list(dropper(number(GROWN), account.clone())).await.unwrap();
        assert_eq!(again, [Drafted::Already(drafted[0])]);
        signed_by_two(&world, drafted[0]).await;
        let view = open(&world, drafted[0]).await;
        assert!(!view.objects[0].masked.contains(&number(GROWN)), "{}", view.objects[0].masked);
        answer(&world, &view, "l-1", done(&world, "B10")).await.unwrap();
        assert_eq!(open(&world, drafted[0]).await.objects[0].state, ObjectState::Done);
        let object = view.objects[0].id;
        let told = app.db.read(move |tx| service::notices_of(tx, &[object])).await.unwrap();
        assert_eq!(told.len(), 1, "the person is told");
        // Ninety days; then the entry goes on for the law's own term only if somebody looks anew.
        let ground = service::grounds(app, &officer, drafted[0]).await.unwrap().all.remove(0);
        assert_eq!(ground.further.unwrap().uses, None);

        // Taken off: an order of its own, and the entry ends with it.
        let off = service::delist(app, &officer, drafted[0], "the bank was wrong").await.unwrap();
        let off = waiting(&[off])[0];
        let twice = service::delist(app, &officer, drafted[0], "the bank was wrong").await.unwrap();
        assert_eq!(twice, Drafted::Already(off));
        assert!(service::approve_and_send(app, &officer, off).await.unwrap().1);
        world.deliver(&subscribers(app)).await;
        let view = open(&world, drafted[0]).await;
        assert_eq!((view.order.status, view.objects[0].state), (Status::Released, ObjectState::Released));
        let view = open(&world, off).await;
        assert_eq!(view.order.measure, Measure::Delisting);
        answer(&world, &view, "d-1", done(&world, "B10")).await.unwrap();
        let gone = service::delist(app, &officer, drafted[0], "again").await.unwrap_err();
        assert!(matches!(gone, OrderError::NotListed), "{gone:?}");
        assert!(service::tick(app).await.is_ok());

        // Listed anew it is another entry; a minor only once somebody who answers for them knows.
        let anew = waiting(&list(dropper(number(GROWN), account.clone())).await.unwrap());
        assert!(anew.len() == 1 && anew != drafted);
        let known = Dropper { guardian_told: true, ..minor };
        assert_eq!(waiting(&list(known).await.unwrap()).len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_victim_is_never_listed() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let report = found(&world, 121).await;
        let account = vec![service::given(app, &officer, report).await.unwrap()[0].object];
        let drafted = waiting(
            &service::list(app, &officer, report, dropper(number(GROWN), account.clone())).await.unwrap(),
        );
        // Only after the draft somebody reports under that number: it does not leave.
        let mut other = crate::country::report(app, 122, &iban("ZBEK", 9), 500, app.office.now());
        other.reporter.iin = number(GROWN);
        file(&world, other).await;
        let approver = staff(app, 2, Role::Approver).await;
        let out = service::approve_and_send(app, &approver, drafted[0]).await.unwrap_err();
        assert!(matches!(out, OrderError::OfVictim), "{out:?}");
        let out = service::list(app, &officer, report, dropper(number(GROWN), account)).await.unwrap_err();
        assert!(matches!(out, OrderError::OfVictim), "{out:?}");
    })
    .await;
}

/// Somebody who was listed, and the order to take them off, on its way.
async fn being_taken_off(world: &World, key: u128) -> (OrderView, OrderView) {
    let app = &world.app;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    let report = found(world, key).await;
    let account = vec![service::given(app, &officer, report).await.unwrap()[0].object];
    let listed =
        waiting(&service::list(app, &officer, report, dropper(number(GROWN), account)).await.unwrap())[0];
    signed_by_two(world, listed).await;
    answer(world, &open(world, listed).await, &format!("l-{key}"), done(world, "B10")).await.unwrap();
    let off = waiting(&[service::delist(app, &officer, listed, "the bank was wrong").await.unwrap()])[0];
    assert!(service::approve_and_send(app, &officer, off).await.unwrap().1);
    world.deliver(&subscribers(app)).await;
    (open(world, listed).await, open(world, off).await)
}

/// How often an institution was told that the listing has ended, and how often it confirmed.
async fn told_of_the_end(world: &World, listing: &OrderView) -> (i64, i64) {
    let object = listing.objects[0].id;
    let count = world.app.db.read(move |tx| order::store::delivery::count_about(tx, object, "release")).await;
    count.unwrap()
}

/// Bug: an order to take somebody off the list that was refused, lapsed, or whose report was withdrawn left the person
/// on the list for good, and the platform showed that they were off.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_to_be_taken_off_is_taken_off() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        // Nobody ends the order itself, and a withdrawn report does not.
        let (listing, off) = being_taken_off(&world, 130).await;
        let ended = service::release(app, &officer, off.order.id, order::answer::Code::L61, "slip").await;
        assert_eq!(ended.unwrap_err().code(), "order.nothing_held");
        let citizen = kernel::Actor::Citizen { report: off.order.report.uuid() };
        report::service::withdraw(app, &citizen, off.order.report).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(open(&world, off.order.id).await.order.status, Status::Sent);
        assert_eq!(told_of_the_end(&world, &listing).await, (0, 0), "the order itself says it");
        // Refused: the listing itself is released, and that is repeated until it is confirmed.
        let no = Line { text: Some("no such person".into()), ..done(&world, "R40").remove(0) };
        answer(&world, &off, "r-1", vec![no.clone()]).await.unwrap();
        answer(&world, &off, "r-2", vec![no]).await.unwrap();
        assert_eq!(told_of_the_end(&world, &listing).await, (1, 0), "once");
        answer(&world, &listing, "r-3", done(&world, "L61")).await.unwrap();
        assert_eq!(told_of_the_end(&world, &listing).await, (1, 1));

        // Not answered within its term.
        let (listing, off) = being_taken_off(&world, 131).await;
        world.advance_secs(off.order.expires_at.micros_since(app.office.now()) / 1_000_000 + 1);
        service::tick(app).await.unwrap();
        assert_eq!(open(&world, off.order.id).await.order.status, Status::Lapsed);
        assert_eq!(told_of_the_end(&world, &listing).await, (1, 0));

        // Erased while it is on its way.
        let (listing, off) = being_taken_off(&world, 132).await;
        report::service::expunge(app, &kernel::Actor::system("retention"), off.order.report).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(told_of_the_end(&world, &listing).await, (1, 0));
    })
    .await;
}
