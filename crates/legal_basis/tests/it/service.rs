//! The verbs of the office in a small world, and the standing store on both engines.

use access::AccessError;
use app::App;
use db::{DbError, Tx};
use kernel::{Actor, Role};
use legal_basis::explain;
use legal_basis::standing::{
    self, NewStanding, SignError, StandingApproval, Status, store as standing_store,
};
use legal_basis::{BasisRefusal, LegalBasisError, Proposal, basis_id, import, import_as, require};
use profile::{AddresseeKind, Measure, Scope};
use testkit::World;

use crate::support::{DAY, draft, enrol, in_force, kzt, person, signer, terms};

const BOTH: &[Role] = &[Role::DutyOfficer, Role::Approver];

async fn world(seed: u64) -> World {
    let world = World::new(seed).with(&[&legal_basis::SLICE]);
    enrol(&world.app.db, "duty_officer,approver").await;
    let added = bring_in(&world.app).await.unwrap();
    assert_eq!(added, world.app.profile.legal_bases().len());
    world
}

async fn bring_in(app: &App) -> Result<usize, LegalBasisError> {
    let me = app.clone();
    app.db.write(move |tx| import(tx, &me)).await
}

async fn bring_in_as(app: &App, actor: Actor) -> Result<usize, LegalBasisError> {
    let me = app.clone();
    app.db.write(move |tx| import_as(tx, &me, &actor)).await
}

/// Terms from the world's present day on.
fn from_now(world: &World) -> NewStanding {
    let now = world.app.office.now();
    NewStanding {
        basis: (basis_id("kz", "payments-25-1-hold"), 2),
        valid_from: now,
        valid_to: now.plus_secs(30 * DAY),
        ..terms()
    }
}

async fn acts(world: &World) -> Vec<String> {
    const ACTS: db::Stmt = db::Stmt::both("test.acts", "SELECT act FROM audit_record ORDER BY id");
    world.app.db.read(|tx| tx.query(&ACTS, &[], |row| row.get::<String>(0))).await.unwrap()
}

#[tokio::test]
async fn only_the_setup_and_the_administrator_bring_law_in() {
    let world = World::new(1).with(&[&legal_basis::SLICE]);
    for actor in [Actor::Public, person(1, BOTH), Actor::system("orders")] {
        let refused = bring_in_as(&world.app, actor.clone()).await;
        assert!(matches!(refused, Err(LegalBasisError::Access(_))), "{actor:?}");
    }
    assert_eq!(
        bring_in_as(&world.app, person(9, &[Role::Administrator])).await.unwrap(),
        world.app.profile.legal_bases().len()
    );
    assert_eq!(bring_in(&world.app).await.unwrap(), 0);
    let recorded = acts(&world).await;
    assert_eq!(recorded.len(), world.app.profile.legal_bases().len());
    assert!(recorded.iter().all(|a| a == "legal_basis.version_added"));
}

#[tokio::test]
async fn from_draft_to_force_to_revocation() {
    let world = world(2).await;
    let (app, officer, a, b) = (&world.app, person(1, BOTH), person(2, BOTH), person(3, BOTH));
    let drafted = standing::draft(app, &officer, from_now(&world)).await.unwrap();
    let (id, version) = (drafted.id, drafted.version);
    let in_force = |app: &App| {
        let (db, now) = (app.db.clone(), app.office.now());
        async move { db.read(move |tx| standing::in_force(tx, Measure::Hold, now)).await.unwrap() }
    };
    assert!(in_force(app).await.is_empty());
    // The author holds the office too, and still may not.
    world.advance_secs(1);
    let own = standing::sign(app, &officer, id, version).await;
    assert!(matches!(own, Err(LegalBasisError::Sign(SignError::Author))), "{own:?}");
    let first = standing::sign(app, &a, id, version).await.unwrap();
    assert_eq!((first.status, first.signers()), (Status::Draft, 1));
    let again = standing::sign(app, &a, id, version).await;
    assert!(matches!(again, Err(LegalBasisError::Sign(SignError::Again))), "{again:?}");
    let officer_only = standing::sign(app, &person(4, &[Role::DutyOfficer]), id, version).await;
    assert!(matches!(officer_only, Err(LegalBasisError::Sign(SignError::Office))), "{officer_only:?}");
    assert!(in_force(app).await.is_empty());
    world.advance_secs(1);
    let second = standing::sign(app, &b, id, version).await.unwrap();
    assert_eq!((second.status, second.signers()), (Status::InForce, 2));
    let only = std::slice::from_ref(&second);
    assert_eq!(in_force(app).await, only);
    assert_eq!(standing::view(app, &officer, id).await.unwrap(), only);
    assert_eq!(standing::list(app, &officer).await.unwrap(), only);
    world.advance_secs(1);
    standing::revoke(app, &officer, id, "cap too high").await.unwrap();
    assert!(in_force(app).await.is_empty());
    let twice = standing::revoke(app, &officer, id, "again").await;
    assert!(matches!(twice, Err(LegalBasisError::Revoke(_))), "{twice:?}");
    let recorded = acts(&world).await;
    let own: Vec<&str> = recorded.iter().map(String::as_str).filter(|a| a.starts_with("standing")).collect();
    assert_eq!(
        own,
        [
            "standing_approval.drafted",
            "standing_approval.signed",
            "standing_approval.signed",
            "standing_approval.revoked"
        ]
    );
}

#[tokio::test]
async fn a_change_is_a_new_version_that_must_be_signed_anew() {
    let world = world(3).await;
    let (app, officer, a, b) = (&world.app, person(1, BOTH), person(2, BOTH), person(3, BOTH));
    let first = standing::draft(app, &officer, from_now(&world)).await.unwrap();
    for approver in [&a, &b] {
        standing::sign(app, approver, first.id, 1).await.unwrap();
    }
    // Person 2 amends it, and may sign the version of person 1 but not the own one.
    let larger = NewStanding { amends: Some(first.id), cap_per_order: kzt(600_000_000), ..from_now(&world) };
    let second = standing::draft(app, &a, larger).await.unwrap();
    assert_eq!((second.id, second.version), (first.id, 2));
    let now = app.office.now();
    let in_force = move |tx: &mut Tx<'_>| standing::in_force(tx, Measure::Hold, now);
    let pairs = |found: Vec<StandingApproval>| found.iter().map(|s| s.version).collect::<Vec<_>>();
    assert_eq!(pairs(app.db.read(in_force).await.unwrap()), [1]);
    let own = standing::sign(app, &a, first.id, 2).await;
    assert!(matches!(own, Err(LegalBasisError::Sign(SignError::Author))), "{own:?}");
    for approver in [&b, &person(4, BOTH)] {
        standing::sign(app, approver, first.id, 2).await.unwrap();
    }
    assert_eq!(pairs(app.db.read(in_force).await.unwrap()), [2]);
    let statuses: Vec<Status> =
        standing::view(app, &officer, first.id).await.unwrap().iter().map(|v| v.status).collect();
    assert_eq!(statuses, [Status::Superseded, Status::InForce]);
    standing::revoke(app, &b, first.id, "end of the exercise").await.unwrap();
    assert_eq!(pairs(app.db.read(in_force).await.unwrap()), [0_i64; 0]);
}

#[tokio::test]
async fn strangers_learn_nothing() {
    let world = world(4).await;
    let drafted = standing::draft(&world.app, &person(1, BOTH), from_now(&world)).await.unwrap();
    for actor in [Actor::Public, person(9, &[Role::Administrator]), Actor::system("reports")] {
        let seen = standing::view(&world.app, &actor, drafted.id).await;
        assert!(matches!(seen, Err(LegalBasisError::Access(AccessError::Hidden))), "{actor:?} {seen:?}");
        let signed = standing::sign(&world.app, &actor, drafted.id, 1).await;
        assert!(matches!(signed, Err(LegalBasisError::Access(AccessError::Hidden))), "{actor:?} {signed:?}");
        let drafting = standing::draft(&world.app, &actor, from_now(&world)).await;
        assert!(matches!(drafting, Err(LegalBasisError::Access(_))), "{actor:?} {drafting:?}");
    }
    let absent = standing::StandingId::from_uuid(uuid::Uuid::nil());
    assert!(matches!(
        standing::view(&world.app, &person(1, BOTH), absent).await,
        Err(LegalBasisError::NotFound)
    ));
}

#[tokio::test]
async fn a_changed_law_takes_its_standing_approvals_with_it() {
    let world = world(5).await;
    let (app, now) = (&world.app, world.app.office.now());
    let drafted = standing::draft(app, &person(1, BOTH), from_now(&world)).await.unwrap();
    for no in [2, 3] {
        standing::sign(app, &person(no, BOTH), drafted.id, 1).await.unwrap();
    }
    // Another profile takes over: the law of the old one is withdrawn.
    let mut other = app.clone();
    other.profile = std::sync::Arc::new(profile::Profile::embedded("direct").unwrap());
    world.advance_secs(60);
    bring_in(&other).await.unwrap();
    let later = app.office.now();
    let (then, afterwards) = app
        .db
        .read(move |tx| {
            let then = standing::in_force(tx, Measure::Hold, now)?;
            Ok::<_, DbError>((then.len(), standing::in_force(tx, Measure::Hold, later)?.len()))
        })
        .await
        .unwrap();
    assert_eq!((then, afterwards), (1, 0));
}

#[tokio::test]
async fn covering_finds_the_approval_or_says_why_not() {
    let world = world(6).await;
    let (app, now) = (&world.app, world.app.office.now());
    let drafted = standing::draft(app, &person(1, BOTH), from_now(&world)).await.unwrap();
    let order = standing::Proposal {
        basis: drafted.terms.basis,
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        amount: kzt(1_000),
        hop: 2,
        sent_today_minor: 0,
    };
    let try_with = |order: standing::Proposal, sent: i64| {
        let db = app.db.clone();
        async move { db.read(move |tx| standing::covering(tx, &order, now, |_, _| Ok(sent))).await }
    };
    let nothing = try_with(order.clone(), 0).await.unwrap_err().to_string();
    assert_eq!(nothing, "no standing approval covers it: not_in_force");
    for no in [2, 3] {
        standing::sign(app, &person(no, BOTH), drafted.id, 1).await.unwrap();
    }
    assert_eq!(try_with(order.clone(), 0).await.unwrap().pair(), (drafted.id.uuid(), 1));
    assert_eq!(
        try_with(order.clone(), 5_000_000_000).await.unwrap_err().to_string(),
        "no standing approval covers it: day_cap"
    );
    let deep = standing::Proposal { hop: 7, ..order };
    assert_eq!(try_with(deep, 0).await.unwrap_err().to_string(), "no standing approval covers it: hop");
}

#[tokio::test]
async fn require_and_explain() {
    let world = world(7).await;
    let (app, now) = (&world.app, world.app.office.now());
    let hold = Proposal::of_amount(Measure::Hold, AddresseeKind::Bank, kzt(100));
    let ask = |p: Proposal| {
        let db = app.db.clone();
        async move { db.read(move |tx| require(tx, &p, now)).await }
    };
    assert_eq!(ask(hold.clone()).await.unwrap().key(), "payments-25-1-hold");
    // A reasoned hold of the whole account finds the basis that allows it.
    let full = Proposal { scope: Scope::Full, reasoned: true, amount: None, ..hold.clone() };
    assert_eq!(ask(full.clone()).await.unwrap().key(), "payments-25-1-full");
    let unreasoned = Proposal { reasoned: false, ..full };
    let refused = ask(unreasoned).await;
    assert!(matches!(refused, Err(LegalBasisError::Refused(BasisRefusal::TooWide { .. }))), "{refused:?}");
    let nowhere = ask(Proposal { addressee: AddresseeKind::Registrar, ..hold.clone() }).await;
    assert!(matches!(nowhere, Err(LegalBasisError::NotFound)), "{nowhere:?}");

    let hold_id = basis_id("kz", "payments-25-1-hold");
    // Later the law is withdrawn; the act of today stays explained by what was known today.
    let mut other = app.clone();
    other.profile = std::sync::Arc::new(profile::Profile::embedded("direct").unwrap());
    world.advance_secs(DAY);
    bring_in(&other).await.unwrap();
    let later = app.office.now();
    let tell = |version: i64, at, seen| {
        let (db, p) = (app.db.clone(), hold.clone());
        async move { db.read(move |tx| explain(tx, (hold_id, version), &p, at, seen)).await }
    };
    let then = tell(2, now, now).await.unwrap();
    assert!(then.was_allowed() && then.would_be_allowed_today() && !then.has_changed());
    let today = tell(2, now, later).await.unwrap();
    assert!(today.was_allowed() && today.has_changed());
    assert_eq!(today.today, None);
    // Another basis in force would allow it today.
    assert_eq!(today.allowed_today_by, Some((basis_id("direct", "model-1-hold"), 1)));
    let wrong_version = tell(1, now, later).await.unwrap();
    assert!(!wrong_version.was_allowed());
    assert!(matches!(wrong_version.then[..], [BasisRefusal::Ended(_)]));
    assert!(matches!(tell(99, now, later).await, Err(LegalBasisError::NotFound)));
}

/// The application of a world on another database, with the tables that services write.
async fn on(world: &World, db: &db::Db) -> App {
    db.migrate(&[&vault::SLICE, &audit::SLICE]).unwrap();
    enrol(db, "duty_officer,approver").await;
    let app = App { db: db.clone(), demo: true, ..world.app.clone() };
    bring_in(&app).await.unwrap();
    app
}

#[test]
fn signers_at_the_same_moment_on_both_engines() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(8);
        let app = on(&world, &db).await;
        for round in 0..8 {
            let drafted = standing::draft(&app, &person(1, BOTH), from_now(&world)).await.unwrap();
            // Two approvers, and one of them twice.
            let sign = |no: u128| {
                let app = app.clone();
                tokio::spawn(async move { standing::sign(&app, &person(no, BOTH), drafted.id, 1).await })
            };
            let hands = [sign(2), sign(3), sign(2)];
            let mut done = 0;
            for hand in hands {
                done += usize::from(hand.await.unwrap().is_ok());
            }
            let read = standing::view(&app, &person(1, BOTH), drafted.id).await.unwrap();
            assert_eq!((done, read[0].signers(), read[0].status), (2, 2, Status::InForce), "round {round}");
        }
    });
}

#[test]
fn two_nodes_that_import_at_the_same_moment_store_it_once() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        let world = World::new(9);
        db.migrate(&[&vault::SLICE, &audit::SLICE]).unwrap();
        let app = App { db: db.clone(), ..world.app.clone() };
        let import = || {
            let app = app.clone();
            tokio::spawn(async move { bring_in(&app).await.unwrap() })
        };
        let (a, b) = (import(), import());
        assert_eq!(a.await.unwrap() + b.await.unwrap(), app.profile.legal_bases().len());
    });
}

/// The store on both engines: what was put in comes out, and the guards hold.
#[test]
fn standing_store_on_both_engines() {
    testkit::on_each_engine_async(&[&legal_basis::SLICE], |db| async move {
        enrol(&db, "approver").await;
        tokio::task::spawn_blocking(move || store_on(&db)).await.unwrap();
    });
}

fn store_on(db: &db::Db) {
    let first = draft();
    let put = first.clone();
    db.write_blocking(move |tx| standing_store::insert(tx, &put)).unwrap();
    let basis = crate::support::basis("payments-25-1-hold");
    let signed =
        first.clone().sign(&signer(2, &[Role::Approver]), Some(&basis), first.header.created_at).unwrap();
    let save = signed.clone();
    db.write_blocking(move |tx| {
        standing_store::insert_signature(tx, &save, &save.signatures[0])?;
        standing_store::save(tx, &save, Status::Draft)
    })
    .unwrap();
    let id = first.id;
    let mut read = db.read_blocking(move |tx| standing_store::versions(tx, id)).unwrap();
    assert_eq!(read.pop(), Some(signed.clone()));
    // The same person again, and a status that is not there any more: both are conflicts.
    let again = signed.clone();
    let twice =
        db.write_blocking(move |tx| standing_store::insert_signature(tx, &again, &again.signatures[0]));
    assert_eq!(twice, Err(DbError::Conflict));
    let ended = signed.revoke("staff:9", "why", first.header.created_at).unwrap();
    let save = ended.clone();
    db.write_blocking(move |tx| standing_store::save(tx, &save, Status::Draft)).unwrap();
    let save = ended.clone();
    let stale = db.write_blocking(move |tx| standing_store::save(tx, &save, Status::Draft));
    assert_eq!(stale, Err(DbError::Conflict));
    let read = db.read_blocking(move |tx| standing_store::get(tx, id.uuid(), 1)).unwrap();
    assert_eq!(read, Some(ended));
    // A row that says "in force" without enough signatures covers nothing, whoever wrote it.
    let mut forged = in_force();
    forged.id = standing::StandingId::from_uuid(uuid::Uuid::from_u128(78));
    let now = forged.header.created_at;
    db.write_blocking(move |tx| standing_store::insert(tx, &forged)).unwrap();
    let found = db.read_blocking(move |tx| standing::in_force(tx, Measure::Hold, now)).unwrap();
    assert_eq!(found, []);
}
